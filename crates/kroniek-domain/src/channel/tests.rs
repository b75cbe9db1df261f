//! Rows E1-16 … E1-19 and E2-12.

use super::*;
use crate::customer::tests::customer;
use crate::ids::CustomerId;
use crate::leader::CoupleToLeader;
use crate::registration::tests::{CLIENT, PERSON, office};
use crate::role::tests::{A, C, HOUSEHOLD, add, couple, known};
use crate::testing::Scenario;
use Detail::{Business, Private};

pub(crate) fn wanted(kind: Kind, detail: Detail, value: &str) -> WantedChannel {
    WantedChannel { kind, value: value.into(), detail, preference: None, status: Status::Created }
}

pub(crate) fn mail(detail: Detail, value: &str) -> WantedChannel {
    wanted(Kind::Email, detail, value)
}

pub(crate) fn mobile(value: &str) -> WantedChannel {
    wanted(Kind::Mobile, Private, value)
}

pub(crate) fn phones(owner: ContactId, phones: &[WantedChannel]) -> ChangeChannels {
    ChangeChannels {
        owner: OwnerRef::Contact(owner.into()),
        phones: Some(phones.to_vec()),
        emails: None,
        websites: None,
    }
}

pub(crate) fn mails(owner: ContactId, emails: &[WantedChannel]) -> ChangeChannels {
    ChangeChannels {
        owner: OwnerRef::Contact(owner.into()),
        phones: None,
        emails: Some(emails.to_vec()),
        websites: None,
    }
}

/// The web sites of a business, in their order of preference as it stands.
pub(crate) fn websites(owner: ContactId, websites: &[&str]) -> ChangeChannels {
    let wanted = websites.iter().map(|value| wanted(Kind::Website, Business, value));
    ChangeChannels { emails: None, websites: Some(wanted.collect()), ..mails(owner, &[]) }
}

fn shown(story: &Scenario, id: ContactId) -> Vec<(u32, Kind, Detail, String)> {
    story.contact(id).channels.iter().map(|c| (c.id, c.kind, c.detail, c.value.clone())).collect()
}

#[test]
fn e1_16_channels_are_the_households_and_the_refusal_says_where() {
    let at_customer =
        ChangeChannels { owner: OwnerRef::Customer(CustomerId(1).into()), ..mails(HOUSEHOLD, &[]) };
    let when = customer().when(at_customer.clone());
    let problem = when.problem();
    assert_eq!(
        (problem.entity, problem.field.as_deref()),
        (Some(EntityId::Contact(HOUSEHOLD)), Some("customerNo"))
    );
    assert!(problem.hint.is_some_and(|hint| hint.contains("contact:1")));
    when.then_refused(&["OWNED_BY_HOUSEHOLD"]);
    let nobody = ChangeChannels { owner: OwnerRef::Customer(CustomerId(9).into()), ..at_customer };
    customer().when(nobody).then_refused(&["NOT_FOUND"]);
}

#[test]
fn e1_16_a_customer_number_names_the_customer_in_the_field_of_the_contact_too() {
    let by = |number: &str| ChangeChannels {
        owner: OwnerRef::Contact(ContactRef::Number(number.to_owned())),
        ..mails(HOUSEHOLD, &[mail(Detail::Private, "a@x.nl")])
    };
    let when = customer().when(by("cu000001"));
    assert_eq!(when.problem().entity, Some(EntityId::Contact(HOUSEHOLD)));
    when.then_refused(&["OWNED_BY_HOUSEHOLD"]);
    customer().when(by(" ct000001 ")).then(&["ChannelAdded"]);
    customer().when(by("CU000009")).then_refused(&["NOT_FOUND"]);
}

#[test]
fn e1_18_the_whole_list_is_given_and_the_other_list_left_alone() {
    let fax = wanted(Kind::Fax, Business, "010-1234567");
    let both = ChangeChannels {
        emails: Some(vec![mail(Private, "A@Bakker.NL")]),
        ..phones(HOUSEHOLD, &[mobile("06 12345678"), fax.clone()])
    };
    let story = customer().when(both.clone()).then(&["ChannelAdded"; 3]);
    let got: Vec<_> = shown(&story, HOUSEHOLD).into_iter().map(|(id, kind, ..)| (id, kind)).collect();
    assert_eq!(got, [(1, Kind::Mobile), (2, Kind::Fax), (3, Kind::Email)]);
    assert_eq!(story.contact(HOUSEHOLD).channels[2].value, "A@bakker.nl");
    let story = story.when(both).then_nothing();
    let story = story.when(phones(HOUSEHOLD, &[fax])).then(&["ChannelRemoved"]);
    let story = story.when(mails(HOUSEHOLD, &[])).then(&["ChannelRemoved"]);
    assert_eq!(shown(&story, HOUSEHOLD).len(), 1);
    // Numbers are never used again.
    let story = story.given(mails(HOUSEHOLD, &[mail(Private, "b@bakker.nl")]));
    assert_eq!(story.contact(HOUSEHOLD).channels[1].id, 4);
}

#[test]
fn e1_18_a_channel_keeps_its_number_when_it_changes() {
    let story = customer().given(phones(HOUSEHOLD, &[mobile("0612345678")]));
    let changed = WantedChannel {
        kind: Kind::Phone,
        detail: Business,
        preference: Some(Preference::First),
        status: Status::Validated,
        ..mobile("+31 6 12345678")
    };
    let story = story.when(phones(HOUSEHOLD, &[changed])).then(&["ChannelChanged"]);
    let channel = story.contact(HOUSEHOLD).channels[0].clone();
    assert_eq!((channel.id, channel.kind, channel.detail), (1, Kind::Phone, Business));
    assert_eq!((channel.preference, channel.status), (Some(Preference::First), Status::Validated));
}

#[test]
fn e1_18_what_is_wrong_is_told_with_its_place_in_the_list() {
    let wrong = ChangeChannels {
        emails: Some(vec![mail(Private, "a@bakker.nl"), mail(Private, "no address"), mobile("0612345678")]),
        ..phones(
            HOUSEHOLD,
            &[
                mobile("06-CALL-ME"),
                mobile("123456"),
                mobile("1234567890123456"),
                mail(Private, "a@bakker.nl"),
            ],
        )
    };
    let when = customer().when(wrong);
    let places = [
        "phones[0].value",
        "phones[1].value",
        "phones[2].value",
        "phones[3].value",
        "emails[1].value",
        "emails[2].value",
    ];
    assert_eq!(when.fields(), places);
    let wrong_list = "CHANNEL_IN_WRONG_LIST";
    when.then_refused(&[
        "INVALID_PHONE",
        "INVALID_PHONE",
        "INVALID_PHONE",
        wrong_list,
        "INVALID_EMAIL",
        wrong_list,
    ]);
}

#[test]
fn e1_18_an_email_address_has_a_limit() {
    let long = format!("{}@bakker.nl", "a".repeat(250));
    let when = customer().when(mails(HOUSEHOLD, &[mail(Private, &long)]));
    assert_eq!(when.fields(), ["emails[0].value"]);
    assert!(when.problem().message.contains("254"));
    when.then_refused(&["TOO_LONG"]);
}

#[test]
fn e1_18_the_same_value_and_detail_stands_there_once() {
    for (one, other) in [("0612345678", "+31 6 1234 5678"), ("0612345678", "06-12345678")] {
        let when = customer().when(phones(HOUSEHOLD, &[mobile(one), wanted(Kind::Phone, Private, other)]));
        assert_eq!(when.fields(), ["phones[1].value"]);
        when.then_refused(&["DUPLICATE_CHANNEL"]);
    }
    let twice = [mail(Private, "a@bakker.nl"), mail(Private, "A@Bakker.nl")];
    customer().when(mails(HOUSEHOLD, &twice)).then_refused(&["DUPLICATE_CHANNEL"]);
    let story =
        customer().given(mails(HOUSEHOLD, &[mail(Private, "a@bakker.nl"), mail(Business, "a@bakker.nl")]));
    assert_eq!(shown(&story, HOUSEHOLD).len(), 2, "once as private and once as business");
}

#[test]
fn e1_18_private_and_business_are_told_apart() {
    let (private, business) = (mail(Private, "a@bakker.nl"), mail(Business, "a@bakker.nl"));
    let story = customer().given(mails(HOUSEHOLD, std::slice::from_ref(&private)));
    // The second comes, whatever the order, and the first keeps its number.
    let story = story.when(mails(HOUSEHOLD, &[business.clone(), private.clone()])).then(&["ChannelAdded"]);
    let details: Vec<_> =
        shown(&story, HOUSEHOLD).into_iter().map(|(id, _, detail, _)| (id, detail)).collect();
    assert_eq!(details, [(1, Private), (2, Business)]);
    // The one that is left out goes.
    let one = story.when(mails(HOUSEHOLD, std::slice::from_ref(&business))).then(&["ChannelRemoved"]);
    assert_eq!(shown(&one, HOUSEHOLD)[0].0, 2);
    // One that only changed its detail is changed, not replaced.
    let moved = one.when(mails(HOUSEHOLD, &[private])).then(&["ChannelChanged"]);
    assert_eq!(shown(&moved, HOUSEHOLD)[0].0, 2);
    story.when(mails(HOUSEHOLD, &[])).then(&["ChannelRemoved"; 2]);
}

#[test]
fn e1_18_a_preference_is_given_once_per_kind() {
    let first = |value: &str| WantedChannel { preference: Some(Preference::First), ..mobile(value) };
    let phone = WantedChannel { kind: Kind::Phone, ..first("0301234567") };
    let when = customer().when(phones(HOUSEHOLD, &[first("0612345678"), phone.clone(), first("0687654321")]));
    assert_eq!(when.fields(), ["phones[2].preference"]);
    when.then_refused(&["PREFERENCE_TAKEN"]);
    customer().when(phones(HOUSEHOLD, &[first("0612345678"), phone])).then(&["ChannelAdded"; 2]);
}

#[test]
fn e1_18_a_list_has_an_end() {
    let many: Vec<_> = (0..51).map(|at| mobile(&format!("06123456{at:02}"))).collect();
    let when = customer().when(phones(HOUSEHOLD, &many));
    assert_eq!(when.fields(), ["phones"]);
    when.then_refused(&["TOO_MANY_CHANNELS"]);
    customer().when(phones(HOUSEHOLD, &many[1..])).then(&["ChannelAdded"; 50]);
}

#[test]
fn e1_18_who_may_and_which_version() {
    let command = mails(HOUSEHOLD, &[mail(Private, "a@bakker.nl")]);
    customer().without(&[Permission::Write]).when(command.clone()).then_refused(&["FORBIDDEN"]);
    customer().expecting(1).when(command.clone()).then_refused(&["VERSION_CONFLICT"]);
    customer().expecting(2).when(command).then(&["ChannelAdded"]);
    customer().when(mails(ContactId(9), &[])).then_refused(&["NOT_FOUND"]);
}

#[test]
fn e1_19_a_contact_persons_channels_are_its_own() {
    let story = couple().given(mails(HOUSEHOLD, &[mail(Private, "huis@bakker.nl")]));
    let story = story.given(mails(C, &[mail(Private, "c@vries.nl")]));
    assert_eq!(shown(&story, HOUSEHOLD)[0].3, "huis@bakker.nl");
    assert_eq!(shown(&story, C)[0].3, "c@vries.nl");
}

/// One person, one record: what is changed once is seen wherever the person has a role (E1-14).
#[test]
fn scenario_5_a_person_at_two_customers() {
    let other = crate::contact::CreateContact {
        person: Some(crate::contact::NewPersonRole {
            person: crate::role::tests::someone("P.", "", "Pieters"),
            role_code: "CONTRACTANT".into(),
            begin_date: None,
        }),
        ..crate::customer::tests::new_contact(crate::contact::Kind::Household)
    };
    let story = couple().given(other).given(crate::customer::tests::activate(4));
    let story = story.given(add(ContactId(4), known(A), "GUARDIAN"));
    let story = story.given(phones(A, &[mobile("0612345678")]));
    let holders: Vec<_> = story.contact(A).roles.iter().map(|(holder, _)| *holder).collect();
    assert_eq!(holders, [HOUSEHOLD, ContactId(4)]);
    let customers: Vec<_> = holders.iter().filter_map(|holder| story.contact(*holder).customer).collect();
    assert_eq!(customers, [CustomerId(1), CustomerId(2)]);
    for holder in holders {
        assert!(story.contact(holder).lines.iter().any(|line| line.person == A));
    }
    assert_eq!(shown(&story, A)[0].3, story.contact(A).channels[0].value);
}

/// A1-16 and A1-17 beside E1-18: a follower's own business address may equal the private one that it inherits.
#[test]
fn a1_17_a_follower_edits_its_business_mail_beside_an_equal_inherited_one() {
    let story = office()
        .given(mails(CLIENT, &[mail(Private, "jan@jansen.nl")]))
        .given(CoupleToLeader { follower: PERSON.into(), leader: CLIENT.into() });
    let (inherited, own) = (mail(Private, "jan@jansen.nl"), mail(Business, "jan@jansen.nl"));
    let story = story.when(mails(PERSON, &[inherited.clone(), own.clone()])).then(&["ChannelAdded"]);
    let validated = WantedChannel { status: Status::Validated, ..own };
    let story = story.when(mails(PERSON, &[inherited.clone(), validated])).then(&["ChannelChanged"]);
    let story = story.when(mails(PERSON, &[inherited])).then(&["ChannelRemoved"]);
    story.when(mails(PERSON, &[])).then_refused(&["FIELD_FOLLOWS_LEADER"]);
    // Both lists are told.
    let both = ChangeChannels { phones: Some(vec![mobile("0612345678")]), ..mails(PERSON, &[]) };
    let when = story.when(both);
    assert_eq!(when.fields(), ["phones", "emails"]);
    when.then_refused(&["FIELD_FOLLOWS_LEADER"; 2]);
}

/// E1-18, A2-22: a web site is a channel like any other, checked as the card's is.
#[test]
fn e1_18_a2_22_web_sites_are_a_list_of_their_own() {
    let story = customer().given(phones(HOUSEHOLD, &[mobile("0612345678")]));
    let story =
        story.when(websites(HOUSEHOLD, &["WWW.Bakker.nl", "bakker.nl/Over"])).then(&["ChannelAdded"; 2]);
    let values: Vec<_> = shown(&story, HOUSEHOLD).into_iter().map(|(.., value)| value).collect();
    assert_eq!(values, ["0612345678", "https://www.bakker.nl", "https://bakker.nl/Over"]);
    let story = story.when(websites(HOUSEHOLD, &["https://WWW.bakker.nl", "bakker.nl/Over"])).then_nothing();
    let story = story.when(websites(HOUSEHOLD, &["bakker.nl/Over"])).then(&["ChannelRemoved"]);
    assert_eq!(shown(&story, HOUSEHOLD).len(), 2, "the phones are left alone");
    let mut wrong = websites(HOUSEHOLD, &["bakker", "www.bakker.nl", "https://www.bakker.nl"]);
    wrong.websites.as_mut().expect("a list").push(mail(Private, "a@bakker.nl"));
    wrong.phones = Some(vec![wanted(Kind::Website, Business, "www.bakker.nl")]);
    let when = story.when(wrong);
    assert_eq!(
        when.fields(),
        ["phones[0].value", "websites[0].value", "websites[2].value", "websites[3].value"]
    );
    when.then_refused(&[
        "CHANNEL_IN_WRONG_LIST",
        "INVALID_URL",
        "DUPLICATE_CHANNEL",
        "CHANNEL_IN_WRONG_LIST",
    ]);
}

/// E1-18: what is one to a person is one here, however it is written.
#[test]
fn e1_18_two_spellings_of_one_channel() {
    let story = customer();
    for same in ["https://a.nl/", "HTTPS://A.nl", "a.nl:443", " a.nl "] {
        let when = story.when(websites(HOUSEHOLD, &["https://a.nl", same]));
        assert_eq!(when.fields(), ["websites[1].value"], "{same}");
        when.then_refused(&["DUPLICATE_CHANNEL"]);
    }
    story.when(websites(HOUSEHOLD, &["https://a.nl", "https://a.nl/winkel"])).then(&["ChannelAdded"; 2]);
    let mails = |second: &str| mails(HOUSEHOLD, &[mail(Private, "Jan@Bakker.nl"), mail(Private, second)]);
    story.when(mails("jan@BAKKER.NL")).then_refused(&["DUPLICATE_CHANNEL"]);
    story.when(mails("jane@bakker.nl")).then(&["ChannelAdded"; 2]);
    for same in ["+31 6 12345678", "0031612345678", "06-1234 5678", "+31 (0)6 12345678"] {
        let when = story.when(phones(HOUSEHOLD, &[mobile("0612345678"), mobile(same)]));
        assert_eq!(when.fields(), ["phones[1].value"], "{same}");
        when.then_refused(&["DUPLICATE_CHANNEL"]);
    }
    // Written otherwise, it is the same channel still.
    let story = story.given(websites(HOUSEHOLD, &["https://a.nl"]));
    let story = story.when(websites(HOUSEHOLD, &["https://a.nl/"])).then(&["ChannelChanged"]);
    assert_eq!(story.contact(HOUSEHOLD).main_website().map(|c| c.value.as_str()), Some("https://a.nl/"));
}

/// §1.3: too long is told apart from wrong.
#[test]
fn e1_18_a_web_address_that_is_too_long() {
    let long = format!("www.bakker.nl/{}", "x".repeat(200));
    let when = customer().when(websites(HOUSEHOLD, &[&long]));
    assert_eq!(when.fields(), ["websites[0].value"]);
    assert!(when.problem().message.contains("200"));
    when.then_refused(&["TOO_LONG"]);
}

/// A web site is nobody's private block: a follower keeps and changes its own (A1-06).
#[test]
fn a1_06_a_web_site_is_not_followed() {
    let story = office().given(CoupleToLeader { follower: PERSON.into(), leader: CLIENT.into() });
    let story = story.when(websites(CLIENT, &["www.leider.nl"])).then(&["ChannelAdded"]);
    assert_eq!(story.contact(PERSON).main_website(), None);
    let story = story.when(websites(PERSON, &["www.volger.nl"])).then(&["ChannelAdded"]);
    assert_eq!(
        story.contact(CLIENT).main_website().map(|site| site.value.as_str()),
        Some("https://www.leider.nl")
    );
}
