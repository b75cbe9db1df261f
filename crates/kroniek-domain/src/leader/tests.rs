//! Rows A1-03 … A1-24, and the laws I7 to I10 and I15.

use super::*;
use crate::address::{ChangeCorrespondenceAddress, ChangeHomeAddress};
use crate::channel::{ChangeChannels, Channel, Detail, Kind, OwnerRef, Preference, Status, WantedChannel};
use crate::command::{Command, decide};
use crate::contact::{ChangePersonName, CreateContact, NewPerson, NewPersonRole};
use crate::customer::{ActivateCustomer, tests::new_contact};
use crate::death::RecordDeath;
use crate::draft::Context;
use crate::event;
use crate::ids::{PartyRef, Position};
use crate::label::Lang;
use crate::permission::Actor;
use crate::personal_data::{Change, ChangePersonalData};
use crate::registration::CreateRegistration;
use crate::registration::tests::{
    CLIENT, COMPANY, PERSON, channel, company, contact_person, coupled, office, person, type_of, typed,
};
use crate::role::{AddRole, BusinessInput, ChangeBusinessData, PersonChoice, RemoveRole, SetPortalCoupling};
use crate::status_right;
use crate::testing::{MemoryWorld, Scenario};
use crate::world::World;
use chrono::{TimeZone, Utc};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const COPIED: &[&str] = &["CoupledToLeader", "FollowedDataCopied"];

fn couple(follower: ContactId, leader: ContactId) -> CoupleToLeader {
    CoupleToLeader { follower: follower.into(), leader: leader.into() }
}

fn end(follower: ContactId) -> EndLeaderLink {
    EndLeaderLink { follower: follower.into() }
}

fn replace(old: ContactId, new: ContactId) -> ReplaceLeader {
    ReplaceLeader { old_leader: old.into(), new_leader: new.into() }
}

fn prefer(contact: ContactId, preference: &str) -> SetMailPreference {
    SetMailPreference { contact: contact.into(), preference: preference.to_owned() }
}

fn rename(person: ContactId, initials: &str, surname: &str) -> ChangePersonName {
    ChangePersonName {
        person: person.into(),
        name: None,
        initials: Some(initials.to_owned()),
        infix: None,
        surname: Some(surname.to_owned()),
    }
}

fn channels(contact: ContactId, phones: &[WantedChannel], emails: &[WantedChannel]) -> ChangeChannels {
    ChangeChannels {
        owner: OwnerRef::Contact(contact.into()),
        phones: Some(phones.to_vec()),
        emails: Some(emails.to_vec()),
        websites: None,
    }
}

fn emails(contact: ContactId, emails: &[WantedChannel]) -> ChangeChannels {
    ChangeChannels { phones: None, ..channels(contact, &[], emails) }
}

fn private_mail(value: &str) -> WantedChannel {
    channel(Kind::Email, Detail::Private, value)
}

fn business_mail(value: &str) -> WantedChannel {
    channel(Kind::Email, Detail::Business, value)
}

fn mobile(value: &str) -> WantedChannel {
    channel(Kind::Mobile, Detail::Private, value)
}

fn moved(contact: ContactId, street: &str, from: &str) -> ChangeCorrespondenceAddress {
    ChangeCorrespondenceAddress {
        owner: OwnerRef::Contact(contact.into()),
        address: typed(street, 1),
        effective_date: Some(from.to_owned()),
    }
}

fn at_home(person: ContactId, street: &str) -> ChangeHomeAddress {
    ChangeHomeAddress { person: person.into(), address: typed(street, 1), effective_date: None }
}

fn lease(contact: ContactId) -> ActivateCustomer {
    ActivateCustomer {
        household: contact.into(),
        lease_ref: "L1".to_owned(),
        unit: None,
        start_date: "2026-01-01".to_owned(),
    }
}

fn death(person: ContactId, keep_roles: bool) -> RecordDeath {
    RecordDeath {
        person: person.into(),
        date_of_death: "2026-01-10".to_owned(),
        keep_roles: Some(keep_roles),
        successor: None,
        decisions: vec![],
        salutation: None,
    }
}

fn born(person: ContactId, date: &str, bsn: Option<&str>) -> ChangePersonalData {
    ChangePersonalData {
        person: person.into(),
        birth_date: Change::Set(date.to_owned()),
        bsn: bsn.map_or(Change::Keep, |bsn| Change::Set(bsn.to_owned())),
        gender: Change::Keep,
        salutation: Change::Keep,
    }
}

/// [`office`], where client-person 2 has addresses, an e-mail address and a mobile, and contact person 3 follows it.
fn linked() -> Scenario {
    with_private_data(&office()).given(couple(PERSON, CLIENT))
}

fn with_private_data(s: &Scenario) -> Scenario {
    s.given(channels(
        CLIENT,
        &[mobile("0612345678")],
        &[private_mail("jan@prive.nl"), business_mail("jan@zaak.nl")],
    ))
    .given(moved(CLIENT, "Domplein", "2025-01-01"))
    .given(at_home(CLIENT, "Oudegracht"))
}

fn values_of(contact: &Contact, kind: Kind, detail: Detail) -> Vec<String> {
    let wanted = contact.channels.iter().filter(|c| c.kind == kind && c.detail == detail);
    wanted.map(|c| c.value.clone()).collect()
}

// ---- why and what

#[test]
fn a1_03_leader_and_followers_are_the_same_human() {
    let s = linked().given(contact_person(COMPANY, "x", "x")).given(couple(ContactId(4), CLIENT));
    let (leader, follower) = (s.contact(CLIENT), s.contact(PERSON));
    assert_eq!(same_human(&leader, None), [PERSON, ContactId(4)]);
    assert_eq!(same_human(&follower, Some(&leader)), [CLIENT, ContactId(4)]);
    assert_eq!(same_human(&s.contact(COMPANY), None), []);
    let s = s.given(end(PERSON));
    assert_eq!(same_human(&s.contact(PERSON), Some(&leader)), [], "nobody's follower any more");
}

#[test]
fn a1_04_the_portal_access_of_a_leader_covers_its_followers() {
    let portal = SetPortalCoupling { party: PartyRef::Contact(COMPANY.into()), line: 1, on: true };
    let s = linked();
    let access = |s: &Scenario, id| portal_access(&s.contact(id), &|id| s.world.contact(id));
    assert_eq!(access(&s, CLIENT), []);
    let s = s.given(portal);
    assert_eq!(access(&s, CLIENT), [(COMPANY, 1)]);
    assert_eq!(access(&s, PERSON), [(COMPANY, 1)]);
    let s = s.given(end(PERSON));
    assert_eq!(access(&s, CLIENT), [], "the link carried it");
}

/// A1-05: phone and e-mail for the company belong to the contact person there.
#[test]
fn a1_05_business_channels_are_per_contact_person() {
    let s = linked()
        .given(coupled(CLIENT, COMPANY))
        .given(business(1, "inkoop@bakkerij.nl"))
        .given(business(2, "verkoop@bakkerij.nl"));
    let lines = &s.contact(COMPANY).lines;
    let mails: Vec<_> = lines.iter().filter_map(|line| line.business.email.as_deref()).collect();
    assert_eq!(mails, ["inkoop@bakkerij.nl", "verkoop@bakkerij.nl"]);
}

fn business(line: u32, email: &str) -> ChangeBusinessData {
    ChangeBusinessData {
        party: PartyRef::Contact(COMPANY.into()),
        line,
        business: BusinessInput { email: Some(email.to_owned()), ..BusinessInput::default() },
    }
}

#[test]
fn a1_06_names_private_addresses_private_mail_and_private_mobile_are_followed() {
    let s = with_private_data(&office());
    let s = s.when(couple(PERSON, CLIENT)).then(COPIED);
    let (leader, follower) = (s.contact(CLIENT), s.contact(PERSON));
    assert_eq!((follower.leader, follower.name.as_str()), (Some(CLIENT), "J. Jansen"));
    assert_eq!(leader.followers, BTreeSet::from([PERSON]));
    assert_eq!(follower.parts, leader.parts);
    assert_eq!(follower.home, leader.home);
    assert_eq!(follower.correspondence, leader.correspondence);
    assert_eq!(values_of(&follower, Kind::Email, Detail::Private), ["jan@prive.nl"]);
    assert_eq!(values_of(&follower, Kind::Mobile, Detail::Private), ["0612345678"]);
    assert_eq!(
        values_of(&follower, Kind::Email, Detail::Business),
        [""; 0],
        "business data are not followed"
    );
}

/// D-21, I15: neither BSN nor dates, and no flag.
#[test]
fn a1_06_birth_bsn_and_death_are_not_followed() {
    let death = RecordDeath {
        person: CLIENT.into(),
        date_of_death: "2026-01-10".to_owned(),
        keep_roles: Some(true),
        successor: None,
        decisions: vec![],
        salutation: None,
    };
    let s = linked();
    let before = s.contact(PERSON);
    let s = s.given(born(CLIENT, "1980-02-03", Some("111222333"))).given(death);
    let after = s.contact(PERSON);
    assert_eq!(before, after);
    assert_eq!((after.birth, after.bsn.clone(), after.deceased()), (None, None, false));
}

#[test]
fn a1_07_a_change_at_the_leader_reaches_every_follower_in_the_same_commit() {
    let s = linked().given(coupled(CLIENT, COMPANY));
    let when = s.when(moved(CLIENT, "Catharijnesingel", "2026-02-01"));
    let causes: Vec<_> = when.events().iter().map(|recorded| recorded.cause).collect();
    assert_eq!(causes, [None, Some(0), Some(0)], "the copies follow from the move");
    let s = when.then(&["CorrespondenceAddressChanged", "FollowedDataCopied", "FollowedDataCopied"]);
    for follower in [PERSON, ContactId(4)] {
        assert_eq!(s.contact(follower).correspondence, s.contact(CLIENT).correspondence);
    }
    let s = s.when(rename(CLIENT, "J.P.", "Jansen")).then(&[
        "PersonNameChanged",
        "FollowedDataCopied",
        "FollowedDataCopied",
    ]);
    assert_eq!(s.contact(PERSON).name, "J.P. Jansen");
    s.when(at_home(CLIENT, "Nieuwegracht")).then(&[
        "HomeAddressChanged",
        "FollowedDataCopied",
        "FollowedDataCopied",
    ]);
    s.when(emails(CLIENT, &[private_mail("jan@prive.nl"), business_mail("nieuw@zaak.nl")]))
        .then(&["ChannelRemoved", "ChannelAdded"]);
}

/// A1-07: a copy names the follower only, so that the leader's version stays what it was.
#[test]
fn a1_07_a_copy_does_not_move_the_version_of_the_leader() {
    let when = linked().when(prefer(CLIENT, "BUSINESS"));
    let named: Vec<_> = when.events().iter().map(|recorded| recorded.event.entities()).collect();
    assert_eq!(named, [[EntityId::Contact(CLIENT)], [EntityId::Contact(PERSON)]]);
}

/// E1-15 beside A1-07: the household that shows the follower first gets its new name too.
#[test]
fn a1_07_a_followed_name_reaches_the_household_that_shows_it_first() {
    let household = CreateContact {
        person: Some(NewPersonRole {
            person: NewPerson { surname: "Bakker".to_owned(), ..NewPerson::default() },
            role_code: "CONTRACTANT".to_owned(),
            begin_date: None,
        }),
        ..new_contact(crate::contact::Kind::Household)
    };
    // Household 4 of person 5, who is also a contact person at the company.
    let s = office().given(household).given(AddRole {
        party: PartyRef::Contact(COMPANY.into()),
        person: PersonChoice::Existing(ContactId(5).into()),
        role_code: "DIRECTOR".to_owned(),
        begin_date: None,
        cause: None,
    });
    let when = s.when(couple(ContactId(5), CLIENT));
    let causes: Vec<_> = when.events().iter().map(|recorded| recorded.cause).collect();
    assert_eq!(causes, [None, Some(0), Some(1)]);
    let s = when.then(&["CoupledToLeader", "FollowedDataCopied", "HouseholdNameChanged"]);
    assert_eq!(s.contact(ContactId(4)).name, "J. Jansen");
}

// ---- coupling

#[test]
fn a1_08_client_persons_and_contact_persons_lead() {
    let s = office().given(contact_person(COMPANY, "P.", "Pieters"));
    s.when(couple(PERSON, CLIENT)).then(COPIED);
    s.when(couple(PERSON, ContactId(4))).then(COPIED);
}

#[test]
fn a1_08_nobody_else_leads() {
    let s = office()
        .given(person("RELATION_PERSON", "N.", "Otaris"))
        .given(company("RELATION_COMPANY", "De Bank"))
        .given(CreateContact {
            surname: Some("Los".to_owned()),
            ..new_contact(crate::contact::Kind::Person)
        });
    for id in [COMPANY, ContactId(4), ContactId(5), ContactId(6)] {
        s.when(couple(PERSON, id)).then_refused(&["LEADER_NOT_A_PERSON"]);
    }
    s.when(couple(PERSON, ContactId(99))).then_refused(&["NOT_FOUND"]);
    s.when(couple(ContactId(98), ContactId(99))).then_refused(&["NOT_FOUND", "NOT_FOUND"]);
}

/// A1-08: contact person 4 is called as client-person 2.
fn namesakes() -> Scenario {
    office().given(contact_person(COMPANY, "J.", "Jansen"))
}

#[test]
fn a1_08_a_client_person_of_the_same_name_is_preferred() {
    let s = namesakes();
    let when = s.when(couple(PERSON, ContactId(4)));
    let problem = when.refusals()[0].problem();
    assert_eq!(problem.prompt, Some(Prompt::ClientPersonPreferred));
    assert_eq!(problem.entity, Some(EntityId::Contact(CLIENT)));
    when.then_refused(&["CONFIRMATION_REQUIRED"]);
    s.confirming(Prompt::ClientPersonPreferred).when(couple(PERSON, ContactId(4))).then(COPIED);
}

#[test]
fn a1_08_another_birth_date_is_another_person() {
    let s = namesakes().given(born(CLIENT, "1980-02-03", None));
    s.when(couple(PERSON, ContactId(4))).then_refused(&["CONFIRMATION_REQUIRED"]);
    let s = s.given(born(ContactId(4), "1981-02-03", None));
    s.when(couple(PERSON, ContactId(4))).then(COPIED);
    // Who may not see the dates learns nothing of them: the name alone asks the question.
    s.without(&[Permission::SensitiveRead, Permission::SensitiveWrite])
        .when(couple(PERSON, ContactId(4)))
        .then_refused(&["CONFIRMATION_REQUIRED"]);
}

#[test]
fn a1_08_the_same_bsn_is_the_same_person_whatever_the_name() {
    // Two persons may share a BSN while one follows the other; it stays when the link ends.
    let s = linked()
        .given(born(CLIENT, "1980-02-03", Some("111222333")))
        .given(born(PERSON, "1980-02-03", Some("111222333")))
        .given(end(PERSON))
        .given(rename(PERSON, "P.", "Anders"))
        .given(contact_person(COMPANY, "x", "x"));
    let when = s.when(couple(ContactId(4), PERSON));
    assert_eq!(when.refusals()[0].problem().entity, Some(EntityId::Contact(CLIENT)));
    when.then_refused(&["CONFIRMATION_REQUIRED"]);
    s.without(&[Permission::SensitiveRead, Permission::SensitiveWrite])
        .when(couple(ContactId(4), PERSON))
        .then(COPIED);
}

#[test]
fn a1_08_the_question_comes_only_when_nothing_else_refuses() {
    let s = namesakes();
    s.when(couple(ContactId(4), ContactId(4))).then_refused(&["SELF_COUPLING"]);
    s.when(couple(COMPANY, ContactId(4))).then_refused(&["FOLLOWER_NOT_A_CONTACT_PERSON"]);
    s.when(coupled(ContactId(4), COMPANY)).then_refused(&["CONFIRMATION_REQUIRED"]);
    s.when(coupled(ContactId(4), CLIENT)).then_refused(&["PARENT_TYPE_NOT_ALLOWED"]);
    s.confirming(Prompt::ClientPersonPreferred).when(coupled(ContactId(4), COMPANY)).then(&[
        "ContactCreated",
        "RoleAdded",
        "CoupledToLeader",
        "FollowedDataCopied",
    ]);
}

#[test]
fn a1_08_a_client_person_as_leader_asks_nothing() {
    namesakes().given(person("CLIENT_PERSON", "J.", "Jansen")).when(couple(PERSON, CLIENT)).then(COPIED);
}

/// A1-09, D-22.
#[test]
fn a1_09_only_a_contact_person_follows() {
    let s = office()
        .given(person("RELATION_PERSON", "N.", "Otaris"))
        .given(person("CLIENT_PERSON", "P.", "Pieters"))
        .given(CreateContact {
            surname: Some("Los".to_owned()),
            ..new_contact(crate::contact::Kind::Person)
        });
    for id in [COMPANY, ContactId(4), ContactId(5), ContactId(6)] {
        let when = s.when(couple(id, CLIENT));
        assert!(when.problem().message.ends_with("choose a contact person."));
        when.then_refused(&["FOLLOWER_NOT_A_CONTACT_PERSON"]);
    }
}

/// A1-09, D-22, E1-03: a follower that got a customer of its own would be a client-person that follows.
#[test]
fn a1_09_e1_03_a_follower_does_not_become_a_customer() {
    let when = linked().when(lease(PERSON));
    let problem = when.problem();
    assert_eq!(
        (problem.field.as_deref(), problem.entity),
        (Some("householdId"), Some(EntityId::Contact(CLIENT)))
    );
    let s = when.then_refused(&["FOLLOWER_NOT_A_CONTACT_PERSON"]);
    // Together with everything else that is wrong; and once it follows nobody, it may.
    let nothing = ActivateCustomer { lease_ref: String::new(), ..lease(PERSON) };
    s.when(nothing).then_refused(&["REQUIRED", "FOLLOWER_NOT_A_CONTACT_PERSON"]);
    let s = s.given(end(PERSON)).when(lease(PERSON)).then(&["CustomerActivated"]);
    s.when(couple(PERSON, CLIENT)).then_refused(&["FOLLOWER_NOT_A_CONTACT_PERSON"]);
}

/// A1-09: read mode means that nobody changed the follower meanwhile.
#[test]
fn a1_09_a_pending_change_is_a_version_conflict() {
    let s = office();
    s.clone().expecting(2).when(couple(PERSON, CLIENT)).then_refused(&["VERSION_CONFLICT"]);
    let s = s.expecting(3).when(couple(PERSON, CLIENT)).then(COPIED);
    s.clone().expecting(3).when(end(PERSON)).then_refused(&["VERSION_CONFLICT"]);
    s.clone().expecting(3).when(prefer(PERSON, "BUSINESS")).then_refused(&["VERSION_CONFLICT"]);
    s.expecting(3).when(replace(CLIENT, PERSON)).then_refused(&["VERSION_CONFLICT"]);
}

#[test]
fn a1_10_leader_and_follower_are_named_by_number() {
    let number = |text: &str| ContactRef::Number(text.to_owned());
    let command = CoupleToLeader { follower: number("CT000003"), leader: number(" CT000002 ") };
    office().when(command).then(COPIED);
    let command = CoupleToLeader { follower: number("CT999999"), leader: number("") };
    office().when(command).then_refused(&["NOT_FOUND", "NOT_FOUND"]);
}

#[test]
fn a1_11_nobody_leads_itself() {
    office().when(couple(PERSON, PERSON)).then_refused(&["SELF_COUPLING"]);
}

#[test]
fn a1_11_a_follower_has_one_leader() {
    let s = linked().given(person("CLIENT_PERSON", "P.", "Pieters"));
    let when = s.when(couple(PERSON, ContactId(4)));
    assert_eq!(when.refusals()[0].problem().entity, Some(EntityId::Contact(CLIENT)));
    when.then_refused(&["ALREADY_FOLLOWING"]);
    // The same coupling again is a refusal as well.
    s.when(couple(PERSON, CLIENT)).then_refused(&["ALREADY_FOLLOWING"]);
}

/// A1-11, scenario 11: no chains, in either direction, and no cycles.
#[test]
fn a1_11_a_leader_follows_nobody() {
    let s = office()
        .given(contact_person(COMPANY, "L.", "Leider"))
        .given(contact_person(COMPANY, "G.", "Groen"))
        .given(couple(PERSON, ContactId(4)));
    let (leader, other) = (ContactId(4), ContactId(5));
    let when = s.when(couple(other, PERSON));
    assert_eq!(when.refusals()[0].problem().entity, Some(EntityId::Contact(leader)));
    when.then_refused(&["LEADER_IS_FOLLOWER"]);
    let when = s.when(couple(leader, CLIENT));
    let blocking = when.refusals()[0].problem().blocking;
    assert_eq!(blocking.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(), ["contact:3"]);
    when.then_refused(&["HAS_FOLLOWERS"]);
    s.when(couple(leader, PERSON)).then_refused(&["HAS_FOLLOWERS", "LEADER_IS_FOLLOWER"]);
    // A client-person could not follow even without followers: both are said.
    linked().when(couple(CLIENT, PERSON)).then_refused(&[
        "HAS_FOLLOWERS",
        "FOLLOWER_NOT_A_CONTACT_PERSON",
        "LEADER_IS_FOLLOWER",
    ]);
}

#[test]
fn a1_11_coupling_needs_the_right_to_write() {
    let rights = [Permission::Read, Permission::Register, Permission::SensitiveWrite];
    let s = linked();
    s.clone().with_only(&rights).when(couple(PERSON, CLIENT)).then_refused(&["FORBIDDEN"]);
    s.clone().with_only(&rights).when(end(PERSON)).then_refused(&["FORBIDDEN"]);
    s.clone().with_only(&rights).when(replace(CLIENT, PERSON)).then_refused(&["FORBIDDEN"]);
    s.with_only(&rights).when(prefer(CLIENT, "BUSINESS")).then_refused(&["FORBIDDEN"]);
}

/// A1-13: the "x" is overwritten; what it was stays in the event.
#[test]
fn a1_13_coupling_overwrites_and_remembers() {
    let s = with_private_data(&office()).given(channels(
        PERSON,
        &[mobile("0699999999")],
        &[private_mail("x@x.nl")],
    ));
    let when = s.when(couple(PERSON, CLIENT));
    let event::Event::Leader(Event::FollowedDataCopied(copied)) = &when.events()[1].event else {
        panic!("not a copy");
    };
    assert_eq!((copied.before.subject, copied.after.subject), (PERSON, CLIENT), "whose data it is");
    let (before, after) = (copied.before.get().unwrap(), copied.after.get().unwrap());
    assert_eq!(before.parts.full(), "x x");
    assert_eq!(before.channels.len(), 2);
    assert_eq!(after.parts.full(), "J. Jansen");
    let s = when.then(COPIED);
    let follower = s.contact(PERSON);
    assert_eq!(
        follower.names.iter().map(|past| past.name.as_str()).collect::<Vec<_>>(),
        ["x x", "J. Jansen"]
    );
    assert_eq!(values_of(&follower, Kind::Mobile, Detail::Private), ["0612345678"]);
    // The registration is finished with what is the contact person's own.
    s.when(business(1, "jan@bakkerij.nl")).then(&["BusinessDataChanged"]);
}

#[test]
fn a1_13_the_preview_says_what_a_coupling_will_overwrite() {
    let s = with_private_data(&office()).given(emails(PERSON, &[private_mail("x@x.nl")]));
    let (follower, leader) = (s.contact(PERSON), s.contact(CLIENT));
    let preview: Vec<_> = diff(&follower, &leader)
        .into_iter()
        .map(|d| (d.field.name(), d.before.join("; "), d.after.join("; ")))
        .collect();
    let row = |field, before: &str, after: &str| (field, before.to_owned(), after.to_owned());
    assert_eq!(
        preview,
        [
            row("initials", "x", "J."),
            row("surname", "x", "Jansen"),
            row("homeAddress", "", "2026-01-15: Oudegracht 1, 3511 AB Utrecht"),
            row("correspondenceAddress", "", "2025-01-01: Domplein 1, 3511 AB Utrecht"),
            row("privateEmail", "x@x.nl", "jan@prive.nl"),
            row("privateMobile", "", "0612345678"),
        ]
    );
    // D-33: the preview says so when the follower will lose its address for nothing.
    let s = s.given(prefer(CLIENT, "BUSINESS"));
    let preview = diff(&s.contact(PERSON), &s.contact(CLIENT));
    let mail = preview.iter().find(|d| d.field == Field::PrivateEmail).unwrap();
    assert_eq!((mail.before.clone(), mail.after.clone()), (vec!["x@x.nl".to_owned()], vec![]));
    let s = s.given(couple(PERSON, CLIENT));
    assert_eq!(diff(&s.contact(PERSON), &s.contact(CLIENT)), [], "nothing is left to overwrite");
}

/// A1-13: a channel that the follower has already keeps its number and its preference; another gets a new number, and
/// the leader's preference stays with the leader.
#[test]
fn a1_13_copied_channels_are_numbered_by_the_follower() {
    let first = |wanted: WantedChannel| WantedChannel { preference: Some(Preference::First), ..wanted };
    let s = office()
        .given(channels(CLIENT, &[mobile("0612345678")], &[first(private_mail("jan@prive.nl"))]))
        .given(channels(PERSON, &[first(mobile("06 1234 5678"))], &[first(business_mail("jan@bakkerij.nl"))]))
        .given(couple(PERSON, CLIENT));
    let follower = s.contact(PERSON);
    let shown: Vec<_> = follower.channels.iter().map(|c| (c.id, c.value.as_str(), c.preference)).collect();
    assert_eq!(
        shown,
        [
            (1, "0612345678", Some(Preference::First)),
            (2, "jan@bakkerij.nl", Some(Preference::First)),
            (3, "jan@prive.nl", None),
        ]
    );
    assert_eq!(follower.next_channel, 4);
    assert_eq!(follower.main_email().map(|c| c.value.as_str()), Some("jan@bakkerij.nl"));
    // Copied back after a withdrawal, a channel gets a fresh number: a number is never reused.
    let s = s.given(prefer(CLIENT, "BUSINESS")).given(prefer(CLIENT, "PRIVATE"));
    assert_eq!(s.contact(PERSON).channels.iter().map(|c| c.id).collect::<Vec<_>>(), [1, 2, 4]);
}

#[test]
fn a1_13_what_is_known_of_a_channel_is_followed() {
    let s = linked();
    let checked = WantedChannel { status: Status::Validated, ..private_mail("jan@prive.nl") };
    let s = s
        .when(emails(CLIENT, &[checked, business_mail("jan@zaak.nl")]))
        .then(&["ChannelChanged", "FollowedDataCopied"]);
    let follower = s.contact(PERSON);
    assert!(follower.channels.iter().any(|c| c.kind == Kind::Email && c.status == Status::Validated));
}

// ---- after coupling

#[test]
fn a1_14_titles_say_who_follows_and_who_leads() {
    let s = linked();
    let (leader, follower) = (s.contact(CLIENT), s.contact(PERSON));
    let both = |contact: &Contact| [Lang::En, Lang::Nl].map(|lang| title(contact, &everybody(&s), lang));
    assert_eq!(both(&leader), ["J. Jansen (leader)", "J. Jansen (hoofd)"]);
    assert_eq!(both(&follower), ["J. Jansen (follows J. Jansen)", "J. Jansen (volgt J. Jansen)"]);
    assert_eq!(both(&s.contact(COMPANY)), ["Bakkerij B.V."; 2]);
}

fn everybody(s: &Scenario) -> impl Fn(ContactId) -> Option<Arc<Contact>> {
    |id| s.world.contact(id)
}

/// A2-52: that it follows is the follower's own; whom, and any way there, is not shown with a hidden leader. A leader of
/// hidden followers alone is an ordinary registration.
#[test]
fn a2_52_a_hidden_end_of_a_link_is_on_no_card() {
    let s = linked();
    let nobody = |_| None;
    let card = |id| {
        let contact = s.contact(id);
        let actions: Vec<_> = available_actions(&contact, &nobody).into_iter().map(Action::name).collect();
        ([Lang::En, Lang::Nl].map(|lang| title(&contact, &nobody, lang)), actions)
    };
    let titles = |en: &str, nl: &str| [en.to_owned(), nl.to_owned()];
    assert_eq!(card(PERSON), (titles("J. Jansen (follower)", "J. Jansen (volger)"), vec!["END_LEADER_LINK"]));
    assert_eq!(card(CLIENT), (titles("J. Jansen", "J. Jansen"), vec![]));
    assert_eq!(field_state(&s.contact(PERSON), None, Field::Surname), FieldState::Followed);
}

const DESK: &[Permission] = &[Permission::Read, Permission::Write];

/// A2-52, A1-22: whoever does not see the leader changes nothing that follows it, and may end the link.
#[test]
fn a2_52_a_follower_is_let_go_without_its_hidden_leader_being_told_of() {
    let suspect =
        CreateRegistration { status: Some("SUSPECT".into()), ..person("CLIENT_PERSON", "G.", "Verborgen") };
    let s = office().given(suspect).given(couple(PERSON, ContactId(4)));
    let desk = s.clone().with_only(DESK);
    let actor = Actor::new("desk", DESK.iter().copied());
    let refusals: [(Command, &str); 3] = [
        (rename(PERSON, "P.", "Pieters").into(), "FIELD_FOLLOWS_LEADER"),
        (couple(PERSON, CLIENT).into(), "ALREADY_FOLLOWING"),
        (replace(PERSON, CLIENT).into(), "NOT_A_LEADER"),
    ];
    for (command, code) in refusals {
        let problem = desk.when(command).problem();
        let told = status_right::discreet(problem.clone(), &actor, &s.world);
        assert_eq!((told.code, &told.entity, &told.hint), (code, &None, &None));
        assert!(format!("{problem:?}").contains("CT000004"), "{problem}");
        assert!(!format!("{told:?}").contains("CT000004"), "{told}");
    }
    let s = desk.when(end(PERSON)).then(&["LeaderLinkEnded"]);
    assert_eq!((s.contact(PERSON).leader, s.contact(PERSON).name.as_str()), (None, "G. Verborgen"));
}

/// A2-52, A1-23: hidden followers neither move nor count.
#[test]
fn a2_52_hidden_followers_stay_with_their_leader() {
    let suspect =
        CreateRegistration { status: Some("SUSPECT".into()), ..company("CLIENT_COMPANY", "Misschien B.V.") };
    // Followers 3 and, at the hidden company 4, 5; the other client-person is 6.
    let s = linked().given(suspect).given(coupled(CLIENT, ContactId(4))).given(person(
        "CLIENT_PERSON",
        "P.",
        "Pieters",
    ));
    let desk = s.clone().with_only(DESK);
    desk.when(end(ContactId(5))).then_refused(&["NOT_FOUND"]);
    let s = desk.when(replace(CLIENT, ContactId(6))).then(&[
        "LeaderLinkEnded",
        "CoupledToLeader",
        "FollowedDataCopied",
    ]);
    assert_eq!(
        (s.contact(PERSON).leader, s.contact(ContactId(5)).leader),
        (Some(ContactId(6)), Some(CLIENT))
    );
    s.with_only(DESK).when(replace(CLIENT, ContactId(6))).then_refused(&["NOT_A_LEADER"]);
}

/// A2-52, A1-23: who keeps a follower leads still, and is not said to stand alone.
#[test]
fn a2_52_an_old_leader_of_hidden_followers_does_not_stand_alone() {
    let suspect =
        CreateRegistration { status: Some("SUSPECT".into()), ..company("CLIENT_COMPANY", "Misschien B.V.") };
    // The contact person 4 leads 3, and 6 at the hidden company 5.
    let s = office()
        .given(contact_person(COMPANY, "P.", "Pieters"))
        .given(couple(PERSON, ContactId(4)))
        .given(suspect)
        .given(coupled(ContactId(4), ContactId(5)));
    let when = s.clone().with_only(DESK).when(replace(ContactId(4), CLIENT));
    assert_eq!(when.warnings(), [""; 0]);
    let s = when.then(&["LeaderLinkEnded", "CoupledToLeader", "FollowedDataCopied"]);
    assert_eq!(s.contact(ContactId(6)).leader, Some(ContactId(4)));
    // Whoever sees the other one moves it, and the leader is alone then.
    let all = s.confirming(Prompt::ClientPersonPreferred);
    assert_eq!(all.when(replace(ContactId(4), CLIENT)).warnings(), ["OLD_LEADER_STANDS_ALONE"]);
}

/// A1-15: the core decides and folds in one go; the leader is a leader at once.
#[test]
fn a1_15_the_leader_is_a_leader_at_once() {
    let s = office().when(couple(PERSON, CLIENT)).then(COPIED);
    assert_eq!(s.contact(CLIENT).followers.len(), 1);
}

#[test]
fn a1_16_followed_fields_cannot_be_changed_at_the_follower() {
    let s = linked();
    let refused = |command: Command| {
        let when = s.when(command);
        assert_eq!(when.refusals()[0].problem().entity, Some(EntityId::Contact(CLIENT)));
        when.then_refused(&["FIELD_FOLLOWS_LEADER"]);
    };
    refused(rename(PERSON, "P.", "Pieters").into());
    refused(moved(PERSON, "Elders", "2026-02-01").into());
    refused(at_home(PERSON, "Elders").into());
    refused(emails(PERSON, &[]).into());
    refused(emails(PERSON, &[private_mail("jan@prive.nl"), private_mail("ander@prive.nl")]).into());
    refused(channels(PERSON, &[], &[private_mail("jan@prive.nl")]).into());
}

/// A1-16, D-33: withheld is not free; a private address of its own would come back to life at the next copy.
#[test]
fn a1_16_a_withheld_address_cannot_be_filled_in_at_the_follower() {
    let s = linked().given(prefer(CLIENT, "BUSINESS"));
    s.when(emails(PERSON, &[private_mail("eigen@prive.nl")])).then_refused(&["FIELD_FOLLOWS_LEADER"]);
}

#[test]
fn a1_16_each_field_says_whose_it_is() {
    let s = linked();
    for (field, name, followed) in card::FIELDS {
        let state = |id, leader: Option<&Contact>| field_state(&s.contact(id), leader, *field);
        let expected = if *followed { FieldState::Followed } else { FieldState::Own };
        assert_eq!(state(PERSON, Some(&s.contact(CLIENT))), expected, "{name}");
        assert_eq!(state(CLIENT, None), FieldState::Own, "{name}");
        assert_eq!((field.name(), field.followed()), (*name, *followed));
    }
    let s = s.given(prefer(CLIENT, "BUSINESS"));
    let leader = s.contact(CLIENT);
    let state = |field| field_state(&s.contact(PERSON), Some(&leader), field);
    assert_eq!(state(Field::PrivateEmail), FieldState::Hidden);
    assert_eq!(state(Field::PrivateMobile), FieldState::Followed);
    assert_eq!(state(Field::BusinessData), FieldState::Own);
    assert_eq!(
        [FieldState::Own, FieldState::Followed, FieldState::Hidden].map(FieldState::name),
        ["OWN", "FOLLOWED", "HIDDEN"]
    );
}

#[test]
fn a1_17_business_data_stay_the_followers_own() {
    let s = linked();
    let before = s.contact(CLIENT);
    let s = s.when(business(1, "jan@bakkerij.nl")).then(&["BusinessDataChanged"]);
    let own = [private_mail("jan@prive.nl"), business_mail("balie@bakkerij.nl")];
    let s = s.when(emails(PERSON, &own)).then(&["ChannelAdded"]);
    assert_eq!(s.contact(CLIENT), before, "nothing flows back to the leader");
    let s = s.given(rename(CLIENT, "J.P.", "Jansen"));
    assert_eq!(values_of(&s.contact(PERSON), Kind::Email, Detail::Business), ["balie@bakkerij.nl"]);
    assert_eq!(s.contact(COMPANY).lines[0].business.email.as_deref(), Some("jan@bakkerij.nl"));
}

#[test]
fn a1_18_each_registration_chooses_its_own_mail() {
    let s = linked();
    let s = s.when(prefer(PERSON, "BUSINESS")).then(&["MailPreferenceSet"]);
    assert_eq!(s.contact(PERSON).mail_preference, MailPreference::Business);
    assert_eq!(s.contact(CLIENT).mail_preference, MailPreference::Private);
    let s = s.given(rename(CLIENT, "J.P.", "Jansen"));
    assert_eq!(s.contact(PERSON).mail_preference, MailPreference::Business, "never followed");
    s.when(prefer(PERSON, " BUSINESS ")).then_nothing();
}

#[test]
fn a1_18_a_preference_must_be_known_and_a_persons() {
    let s = office();
    for raw in ["business", "ZAKELIJK", "BUSINESS;PRIVATE", "😀"] {
        s.when(prefer(CLIENT, raw)).then_refused(&["UNKNOWN_CODE"]);
    }
    s.when(prefer(CLIENT, " ")).then_refused(&["REQUIRED"]);
    let board =
        CreateRegistration { parent: Some(COMPANY.into()), ..company("GENERAL_CORRESPONDENCE", "Bestuur") };
    s.given(board).when(prefer(ContactId(4), "BUSINESS")).then_refused(&["NOT_A_PERSON"]);
    s.when(prefer(ContactId(99), "x")).then_refused(&["NOT_FOUND", "UNKNOWN_CODE"]);
}

/// A1-18, A2-21: the card of a client-company has the choice too, and its private address is then not offered.
#[test]
fn a1_18_a2_21_a_company_chooses_its_mail() {
    let s = office().given(emails(COMPANY, &[private_mail("a@prive.nl"), business_mail("b@zaak.nl")]));
    let offered = |s: &Scenario| -> Vec<String> {
        let choices = mail_choices(&s.contact(COMPANY), None, &[]);
        choices.into_iter().filter(|choice| choice.offered).map(|choice| choice.address).collect()
    };
    assert_eq!(offered(&s), ["b@zaak.nl", "a@prive.nl"]);
    let s = s.when(prefer(COMPANY, "BUSINESS")).then(&["MailPreferenceSet"]);
    assert_eq!(offered(&s), ["b@zaak.nl"]);
}

/// A1-19: withdrawn, and passed on again.
#[test]
fn a1_19_a_leader_on_business_mail_withdraws_its_private_address() {
    let s = linked();
    let when = s.when(prefer(CLIENT, "BUSINESS"));
    assert_eq!(when.events()[1].cause, Some(0));
    let s = when.then(&["MailPreferenceSet", "FollowedDataCopied"]);
    assert_eq!(values_of(&s.contact(PERSON), Kind::Email, Detail::Private), [""; 0]);
    assert_eq!(values_of(&s.contact(PERSON), Kind::Mobile, Detail::Private), ["0612345678"]);
    assert_eq!(
        values_of(&s.contact(CLIENT), Kind::Email, Detail::Private),
        ["jan@prive.nl"],
        "noted, not offered"
    );
    // An address that changes meanwhile is not passed on either.
    let s = s.when(emails(CLIENT, &[private_mail("nieuw@prive.nl")])).then(&[
        "ChannelRemoved",
        "ChannelRemoved",
        "ChannelAdded",
    ]);
    let s = s.when(prefer(CLIENT, "PRIVATE")).then(&["MailPreferenceSet", "FollowedDataCopied"]);
    assert_eq!(values_of(&s.contact(PERSON), Kind::Email, Detail::Private), ["nieuw@prive.nl"]);
    s.when(prefer(CLIENT, "PRIVATE")).then_nothing();
}

#[test]
fn a1_19_without_private_mail_a_switch_copies_nothing() {
    let s = office().given(couple(PERSON, CLIENT));
    s.when(prefer(CLIENT, "BUSINESS")).then(&["MailPreferenceSet"]);
}

/// D-33: the follower's own private address is cleared, and kept in the event.
#[test]
fn a1_19_a_leader_on_business_mail_clears_the_followers_own_address() {
    let s = with_private_data(&office())
        .given(prefer(CLIENT, "BUSINESS"))
        .given(emails(PERSON, &[private_mail("eigen@prive.nl")]));
    let when = s.when(couple(PERSON, CLIENT));
    let event::Event::Leader(Event::FollowedDataCopied(copied)) = &when.events()[1].event else {
        panic!("not a copy");
    };
    assert_eq!(copied.before.get().unwrap().channels[0].value, "eigen@prive.nl");
    let s = when.then(COPIED);
    assert_eq!(values_of(&s.contact(PERSON), Kind::Email, Detail::Private), [""; 0]);
    // A1-22: what was withheld stays empty after the link.
    let s = s.given(end(PERSON));
    assert_eq!(values_of(&s.contact(PERSON), Kind::Email, Detail::Private), [""; 0]);
}

/// The truth table of §5.3, all four rows, all three columns; each also by switching there from every other row.
#[test]
fn a1_19_a1_20_the_truth_table() {
    const P: &str = "jan@prive.nl";
    let rows = [
        // leader, follower, follower stores P, offered for the leader, offered for the follower
        ("PRIVATE", "PRIVATE", true, true, true),
        ("PRIVATE", "BUSINESS", true, true, false),
        ("BUSINESS", "PRIVATE", false, false, false),
        ("BUSINESS", "BUSINESS", false, false, false),
    ];
    let business = ["jan@bakkerij.nl".to_owned()];
    for (before_leader, before_follower, ..) in rows {
        let start = linked().given(prefer(CLIENT, before_leader)).given(prefer(PERSON, before_follower));
        for (leader_prefers, follower_prefers, stored, for_leader, for_follower) in rows {
            let s = start.given(prefer(CLIENT, leader_prefers)).given(prefer(PERSON, follower_prefers));
            let (leader, follower) = (s.contact(CLIENT), s.contact(PERSON));
            let row = format!("{leader_prefers}, {follower_prefers}");
            let offered = |choices: Vec<MailChoice>| -> Vec<String> {
                choices.into_iter().filter(|choice| choice.offered).map(|choice| choice.address).collect()
            };
            let own = values_of(&follower, Kind::Email, Detail::Private);
            assert_eq!(own.iter().any(|address| address == P), stored, "stored: {row}");
            let leaders = offered(mail_choices(&leader, None, &[]));
            assert_eq!(leaders.iter().any(|address| address == P), for_leader, "for the leader: {row}");
            let followers = offered(mail_choices(&follower, Some(&leader), &business));
            assert_eq!(followers.iter().any(|address| address == P), for_follower, "for the follower: {row}");
            assert!(followers.contains(&business[0]), "business mail is always there: {row}");
        }
    }
}

/// A1-20: the inherited address stays stored; only the list hides it.
#[test]
fn a1_20_a_follower_on_business_mail_hides_what_it_inherited() {
    let s = linked().given(prefer(PERSON, "BUSINESS"));
    let follower = s.contact(PERSON);
    assert_eq!(values_of(&follower, Kind::Email, Detail::Private), ["jan@prive.nl"]);
    let choices = mail_choices(&follower, Some(&s.contact(CLIENT)), &[]);
    assert_eq!(choices, [hidden("jan@prive.nl", WhyHidden::FollowerPrefersBusiness)]);
}

fn hidden(address: &str, why: WhyHidden) -> MailChoice {
    MailChoice { address: address.to_owned(), offered: false, why: Some(why) }
}

fn offered(address: &str) -> MailChoice {
    MailChoice { address: address.to_owned(), offered: true, why: None }
}

/// A1-21: an address that is noted somewhere is in the list, with the reason why it is not offered.
#[test]
fn a1_21_hidden_addresses_are_listed_with_their_reason() {
    let s = linked().given(prefer(CLIENT, "BUSINESS"));
    let (leader, follower) = (s.contact(CLIENT), s.contact(PERSON));
    let why = WhyHidden::LeaderPrefersBusiness;
    assert_eq!(mail_choices(&leader, None, &[]), [offered("jan@zaak.nl"), hidden("jan@prive.nl", why)]);
    let business = ["jan@bakkerij.nl".to_owned()];
    assert_eq!(
        mail_choices(&follower, Some(&leader), &business),
        [offered("jan@bakkerij.nl"), hidden("jan@prive.nl", why)]
    );
    let alone = s
        .given(end(PERSON))
        .given(prefer(PERSON, "BUSINESS"))
        .given(emails(PERSON, &[private_mail("x@x.nl")]));
    assert_eq!(
        mail_choices(&alone.contact(PERSON), None, &[]),
        [hidden("x@x.nl", WhyHidden::PrefersBusiness)]
    );
    assert_eq!(mail_choices(&alone.contact(PERSON), Some(&leader), &[]).len(), 1, "not its leader any more");
    assert_eq!(why.name(), "LEADER_PREFERS_BUSINESS");
    assert_eq!(WhyHidden::FollowerPrefersBusiness.name(), "FOLLOWER_PREFERS_BUSINESS");
    assert_eq!(WhyHidden::PrefersBusiness.name(), "PREFERS_BUSINESS");
}

/// A1-21: an address that is offered as a business address is not hidden as a private one, and stands there once.
#[test]
fn a1_21_an_address_is_listed_once() {
    let s = linked().given(prefer(PERSON, "BUSINESS"));
    let business = ["Jan@prive.nl".to_owned(), String::new(), "jan@prive.nl".to_owned()];
    let choices = mail_choices(&s.contact(PERSON), Some(&s.contact(CLIENT)), &business);
    assert_eq!(choices, [offered("Jan@prive.nl")]);
}

#[test]
fn a1_22_leaders_and_followers_have_their_own_actions() {
    let s = linked();
    let names = |id| {
        available_actions(&s.contact(id), &everybody(&s)).into_iter().map(Action::name).collect::<Vec<_>>()
    };
    assert_eq!(names(CLIENT), ["GO_TO_FOLLOWERS", "REPLACE_LEADER"]);
    assert_eq!(names(PERSON), ["GO_TO_LEADER", "END_LEADER_LINK"]);
    assert_eq!(names(COMPANY), [""; 0]);
}

/// A1-22, D-23: the values stay, and can be changed.
#[test]
fn a1_22_ending_a_link_keeps_the_values() {
    let s = linked();
    let before = s.contact(PERSON);
    let s = s.when(end(PERSON)).then(&["LeaderLinkEnded"]);
    let after = s.contact(PERSON);
    assert_eq!(after.private_block(), before.private_block());
    assert_eq!((after.leader, s.contact(CLIENT).followers.len()), (None, 0));
    let s = s.when(rename(PERSON, "P.", "Pieters")).then(&["PersonNameChanged"]);
    let s = s.when(rename(CLIENT, "K.", "Klaassen")).then(&["PersonNameChanged"]);
    assert_eq!(s.contact(PERSON).name, "P. Pieters");
    s.when(end(PERSON)).then_refused(&["NOT_A_FOLLOWER"]);
}

#[test]
fn a1_22_a_link_is_ended_at_the_follower() {
    let s = linked();
    let when = s.when(end(CLIENT));
    let problem = when.refusals()[0].problem();
    assert!(problem.hint.is_some_and(|hint| hint.contains("at the follower")));
    assert_eq!(problem.blocking.iter().map(|b| b.label.as_str()).collect::<Vec<_>>(), ["CT000003"]);
    when.then_refused(&["NOT_A_FOLLOWER"]);
    let when = s.when(end(COMPANY));
    assert_eq!(when.refusals()[0].problem().hint, None);
    when.then_refused(&["NOT_A_FOLLOWER"]);
    s.when(end(ContactId(99))).then_refused(&["NOT_FOUND"]);
}

// ---- another leader

/// Followers 3 and 4 of client-person 2, and client-person 5.
fn group() -> Scenario {
    linked().given(coupled(CLIENT, COMPANY)).given(person("CLIENT_PERSON", "P.", "Pieters"))
}

const MOVED: &[&str] = &[
    "LeaderLinkEnded",
    "LeaderLinkEnded",
    "CoupledToLeader",
    "FollowedDataCopied",
    "CoupledToLeader",
    "FollowedDataCopied",
];

#[test]
fn a1_23_every_follower_moves_to_the_new_leader() {
    let when = group().when(replace(CLIENT, ContactId(5)));
    assert_eq!(when.warnings(), [""; 0]);
    let s = when.then(MOVED);
    for follower in [PERSON, ContactId(4)] {
        assert_eq!(s.contact(follower).leader, Some(ContactId(5)));
        assert_eq!(s.contact(follower).name, "P. Pieters");
    }
    assert_eq!(s.contact(CLIENT).followers.len(), 0);
    assert_eq!(s.contact(ContactId(5)).followers.len(), 2);
    // The same again: nobody is left to move.
    s.when(replace(CLIENT, ContactId(5))).then_refused(&["NOT_A_LEADER"]);
}

#[test]
fn a1_23_a_follower_may_become_the_leader() {
    let when = group().confirming(Prompt::ClientPersonPreferred).when(replace(CLIENT, PERSON));
    assert_eq!(when.warnings(), [""; 0], "a client-person could not follow anyway");
    let s = when.then(&["LeaderLinkEnded", "LeaderLinkEnded", "CoupledToLeader", "FollowedDataCopied"]);
    assert_eq!(s.contact(PERSON).leader, None);
    assert_eq!(s.contact(PERSON).followers, BTreeSet::from([ContactId(4)]));
    assert_eq!(s.contact(ContactId(4)).leader, Some(PERSON));
}

#[test]
fn a1_23_an_old_leader_that_could_follow_is_pointed_out() {
    let s = office().given(contact_person(COMPANY, "P.", "Pieters")).given(couple(PERSON, ContactId(4)));
    let when = s.when(replace(ContactId(4), CLIENT));
    assert_eq!(when.warnings(), ["OLD_LEADER_STANDS_ALONE"]);
    let s = when.then(&["LeaderLinkEnded", "CoupledToLeader", "FollowedDataCopied"]);
    s.when(couple(ContactId(4), CLIENT)).then(COPIED);
}

#[test]
fn a1_23_the_new_leader_must_be_able_to_lead() {
    let s = group();
    s.when(replace(CLIENT, CLIENT)).then_refused(&["SELF_COUPLING"]);
    s.when(replace(CLIENT, COMPANY)).then_refused(&["LEADER_NOT_A_PERSON"]);
    s.when(replace(ContactId(5), CLIENT)).then_refused(&["NOT_A_LEADER"]);
    s.when(replace(ContactId(98), ContactId(99))).then_refused(&["NOT_FOUND", "NOT_FOUND"]);
    let when = s.when(replace(PERSON, ContactId(5)));
    assert!(when.refusals()[0].problem().hint.is_some_and(|hint| hint.contains("CT000002")));
    when.then_refused(&["NOT_A_LEADER"]);
    let s = s.given(coupled(ContactId(5), COMPANY));
    s.when(replace(CLIENT, ContactId(6))).then_refused(&["LEADER_IS_FOLLOWER"]);
}

#[test]
fn a1_23_a_better_leader_is_asked_about() {
    // Follower 3 is called as its leader by now, a client-person.
    group().when(replace(CLIENT, PERSON)).then_refused(&["CONFIRMATION_REQUIRED"]);
}

/// A1-23: the guards of A1-11 hold for each follower that moves, and all of them are named. Who dies leaves its company and
/// is a contact person no more.
#[test]
fn a1_23_a_follower_that_may_not_follow_any_more_is_named() {
    let s = group().given(death(PERSON, false)).given(death(ContactId(4), false));
    assert_eq!((type_of(&s, PERSON), s.contact(PERSON).leader), (None, Some(CLIENT)));
    let when = s.when(replace(CLIENT, ContactId(5)));
    let named: Vec<_> = when.refusals().iter().filter_map(|refusal| refusal.problem().entity).collect();
    assert_eq!(named, [EntityId::Contact(PERSON), EntityId::Contact(ContactId(4))]);
    assert!(when.refusals().iter().all(|refusal| refusal.problem().message.contains("endLeaderLink")));
    let s = when.then_refused(&["FOLLOWER_NOT_A_CONTACT_PERSON"; 2]);
    // That is the way out, for each of them.
    let s = s.given(end(PERSON));
    s.when(replace(CLIENT, ContactId(5))).then_refused(&["FOLLOWER_NOT_A_CONTACT_PERSON"]);
    let s = s.given(end(ContactId(4))).given(coupled(CLIENT, COMPANY));
    s.when(replace(CLIENT, ContactId(5))).then(&["LeaderLinkEnded", "CoupledToLeader", "FollowedDataCopied"]);
}

/// A1-24: the leader dies; its followers stay linked, and the flag is not copied (I15).
#[test]
fn a1_24_followers_stay_linked_to_a_deceased_leader() {
    let s = linked().given(death(CLIENT, true));
    assert!(s.contact(CLIENT).deceased());
    assert_eq!(s.contact(PERSON).leader, Some(CLIENT));
    assert!(!s.contact(PERSON).deceased());
    s.when(rename(PERSON, "P.", "Pieters")).then_refused(&["FIELD_FOLLOWS_LEADER"]);
}

/// A1-24: the leader is signed off; its followers stay linked, and it goes on leading them.
#[test]
fn a1_24_followers_stay_linked_to_a_leader_that_is_signed_off() {
    let customer = linked().contact(CLIENT).customer.unwrap();
    let off = crate::sign_off::DeactivateCustomer { customer: customer.into() };
    let s = linked().when(off).then(&["CustomerDeactivated"]);
    assert!(!s.customer(customer).active);
    assert_eq!((s.contact(PERSON).leader, s.contact(CLIENT).followers.len()), (Some(CLIENT), 1));
    s.when(rename(PERSON, "P.", "Pieters")).then_refused(&["FIELD_FOLLOWS_LEADER"]);
    s.when(rename(CLIENT, "J.", "Pieters")).then(&["PersonNameChanged", "FollowedDataCopied"]);
}

/// D-28 beside A1-22: a follower keeps its line, so that it stays what may follow.
#[test]
fn a1_24_a_follower_cannot_lose_its_company() {
    let command = RemoveRole { party: PartyRef::Contact(COMPANY.into()), line: 1 };
    linked().confirming(Prompt::RemoveRoleLine).when(command).then_refused(&["PARENT_REQUIRED"]);
}

/// Scenario 10 from beginning to end.
#[test]
fn scenario_10_leader_link() {
    let s = linked();
    assert_eq!(s.contact(PERSON).name, "J. Jansen");
    s.when(rename(PERSON, "J.", "Anders")).then_refused(&["FIELD_FOLLOWS_LEADER"]);
    let s = s.given(ChangeBusinessData {
        party: PartyRef::Contact(COMPANY.into()),
        line: 1,
        business: BusinessInput { phone: Some("030-1234567".to_owned()), ..BusinessInput::default() },
    });
    let mails = |s: &Scenario, id: ContactId| -> Vec<String> {
        let choices =
            mail_choices(&s.contact(id), s.contact(id).leader.map(|l| s.contact(l)).as_deref(), &[]);
        choices.into_iter().filter(|choice| choice.offered).map(|choice| choice.address).collect()
    };
    let s = s.given(prefer(CLIENT, "BUSINESS"));
    assert_eq!((mails(&s, CLIENT), mails(&s, PERSON)), (vec!["jan@zaak.nl".to_owned()], vec![]));
    let s = s.given(prefer(CLIENT, "PRIVATE"));
    assert_eq!(mails(&s, PERSON), ["jan@prive.nl"]);
    let s = s.given(end(PERSON));
    assert_eq!(mails(&s, PERSON), ["jan@prive.nl"]);
    s.when(rename(PERSON, "J.", "Anders")).then(&["PersonNameChanged"]);
}

// ---- on disk

#[test]
fn preferences_have_their_numbers_and_names() {
    let all: Vec<_> = MailPreference::ALL.iter().map(|p| (u8::from(*p), p.name())).collect();
    assert_eq!(all, [(1, "BUSINESS"), (2, "PRIVATE")]);
    assert!(MailPreference::try_from(0).is_err());
}

#[test]
fn every_event_reads_back_as_it_was_written() {
    let s = linked();
    let mut seen = BTreeSet::new();
    for when in [
        with_private_data(&office()).when(couple(PERSON, CLIENT)),
        s.when(prefer(CLIENT, "BUSINESS")),
        s.when(end(PERSON)),
    ] {
        for recorded in when.events() {
            let stored = recorded.event.stored();
            let bytes = recorded.event.payload().unwrap();
            let read = event::Event::read(crate::codec::CODEC, stored.tag, stored.version, &bytes).unwrap();
            assert_eq!(read, recorded.event);
            seen.insert(stored.tag);
        }
    }
    assert_eq!(seen, BTreeSet::from([50, 51, 52, 53]));
}

/// Principle 6: folding goes on when the leader's key is gone; what was copied from it is gone too.
#[test]
fn an_erased_copy_leaves_nothing_of_the_leader_behind() {
    let s = linked().given(emails(PERSON, &[private_mail("jan@prive.nl"), business_mail("jan@bakkerij.nl")]));
    let mut follower = Contact::clone(&s.contact(PERSON));
    let erased = FollowedDataCopied {
        follower: PERSON,
        leader: CLIENT,
        before: Personal { subject: PERSON, value: None },
        after: Personal { subject: CLIENT, value: None },
    };
    let at = At { position: Position(99), time_us: 0 };
    follower.evolve(at, &erased.into());
    assert_eq!(follower.private_block(), PrivateBlock::default());
    assert_eq!(follower.name, "");
    assert_eq!(values_of(&follower, Kind::Email, Detail::Business), ["jan@bakkerij.nl"]);
}

// ---- laws

/// A world that goes on whether a command is accepted or not.
struct Story {
    world: MemoryWorld,
    position: u64,
}

impl Story {
    fn new(s: &Scenario) -> Self {
        Self { world: s.world.clone(), position: 1000 }
    }

    fn contact(&self, id: ContactId) -> Arc<Contact> {
        self.world.contact(id).unwrap()
    }

    /// Decides a command that answers every question with "go on"; returns whether it was accepted.
    fn ask(&mut self, command: &Command) -> bool {
        let ctx = Context {
            now: Utc.with_ymd_and_hms(2026, 1, 15, 12, 0, 0).unwrap(),
            position: Position(self.position),
            actor: Actor::with_all("law"),
            reason: None,
            expected_version: None,
            confirm: BTreeSet::from([Prompt::ClientPersonPreferred]),
        };
        let decision = decide(&self.world, &ctx, command);
        if let Ok(decision) = &decision {
            self.position += 1;
            self.world.apply(ctx.position, decision);
        }
        decision.is_ok()
    }
}

/// Company 1, client-persons 2 and 3, contact persons 4 to 7.
fn crowd() -> Scenario {
    let s = Scenario::new()
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."))
        .given(person("CLIENT_PERSON", "J.", "Jansen"))
        .given(person("CLIENT_PERSON", "P.", "Pieters"));
    ["A", "B", "C", "D"].iter().fold(s, |s, name| s.given(contact_person(COMPANY, "x", name)))
}

fn someone() -> impl Strategy<Value = ContactId> {
    (1_u64..=7).prop_map(ContactId)
}

fn a_person() -> impl Strategy<Value = ContactId> {
    (2_u64..=7).prop_map(ContactId)
}

fn a_link() -> impl Strategy<Value = Command> {
    prop_oneof![
        4 => (someone(), someone()).prop_map(|(a, b)| couple(a, b).into()),
        1 => someone().prop_map(|a| end(a).into()),
        1 => (someone(), someone()).prop_map(|(a, b)| replace(a, b).into()),
    ]
}

fn some_phones() -> impl Strategy<Value = Vec<WantedChannel>> {
    let all = vec![
        mobile("0611111111"),
        mobile("0622222222"),
        channel(Kind::Mobile, Detail::Business, "0633333333"),
        channel(Kind::Phone, Detail::Private, "0301234567"),
    ];
    prop::sample::subsequence(all, 0..=4)
}

fn some_emails() -> impl Strategy<Value = Vec<WantedChannel>> {
    let first = WantedChannel { preference: Some(Preference::First), ..private_mail("b@prive.nl") };
    let all = vec![private_mail("a@prive.nl"), first, business_mail("c@zaak.nl")];
    prop::sample::subsequence(all, 0..=3)
}

fn a_change() -> impl Strategy<Value = Command> {
    let name = prop::sample::select(vec!["Jansen", "Pieters", "Klaassen"]);
    let street = prop::sample::select(vec!["Domplein", "Oudegracht", "Singel"]);
    let from = prop::sample::select(vec!["2025-01-01", "2026-01-15", "2026-03-01"]);
    let preference = prop::sample::select(vec!["BUSINESS", "PRIVATE"]);
    prop_oneof![
        (a_person(), name).prop_map(|(id, name)| rename(id, "J.", name).into()),
        (a_person(), some_phones(), some_emails()).prop_map(|(id, p, e)| channels(id, &p, &e).into()),
        (a_person(), street.clone(), from).prop_map(|(id, street, from)| moved(id, street, from).into()),
        (a_person(), street).prop_map(|(id, street)| at_home(id, street).into()),
        (a_person(), preference).prop_map(|(id, preference)| prefer(id, preference).into()),
    ]
}

/// I7, I8, I9: nobody leads itself, links are the same from both sides, and no leader follows.
fn check_forest(world: &MemoryWorld) {
    for contact in world.contacts() {
        if let Some(leader) = contact.leader {
            assert_ne!(leader, contact.id, "I7");
            let leader = world.contact(leader).unwrap();
            assert!(leader.followers.contains(&contact.id), "I8: known at both ends");
            assert_eq!(leader.leader, None, "I9: a leader follows nobody");
            assert!(contact.followers.is_empty(), "I9: a follower leads nobody");
        }
        for follower in &contact.followers {
            assert_eq!(world.contact(*follower).unwrap().leader, Some(contact.id), "I8");
        }
    }
}

/// I10: followed fields equal what the leader passes on.
fn check_followed(world: &MemoryWorld) {
    let shown = |channels: &[Channel]| -> BTreeMap<String, (Kind, Detail, Status)> {
        channels.iter().map(|c| (c.value.clone(), (c.kind, c.detail, c.status))).collect()
    };
    for follower in world.contacts().filter(|c| c.leader.is_some()) {
        let leader = world.contact(follower.leader.unwrap()).unwrap();
        let (has, passed) = (follower.private_block(), passed_on(&leader));
        assert_eq!(has.parts, leader.parts);
        assert_eq!(follower.name, leader.name);
        assert_eq!(has.home, leader.home);
        assert_eq!(has.correspondence, leader.correspondence);
        assert_eq!(shown(&has.channels), shown(&passed.channels));
        assert_eq!(has.channels.len(), passed.channels.len());
        let withheld = leader.mail_preference == MailPreference::Business;
        assert!(!(withheld && has.channels.iter().any(|c| c.kind == Kind::Email)), "A1-19");
        assert_eq!(diff(follower, &leader), []);
        let ids: BTreeSet<_> = follower.channels.iter().map(|c| c.id).collect();
        assert_eq!(ids.len(), follower.channels.len(), "numbers of channels do not clash");
        assert!(ids.iter().all(|id| *id < follower.next_channel));
    }
}

proptest! {
    /// I7 to I9 after any sequence of coupling, ending and replacing; what is refused changes nothing, and what is
    /// accepted is not accepted a second time.
    #[test]
    fn i7_i8_i9_the_links_are_a_forest_of_depth_one(links in prop::collection::vec(a_link(), 1..40)) {
        let mut story = Story::new(&crowd());
        for link in links {
            let before: Vec<_> = story.world.contacts().cloned().collect();
            if story.ask(&link) {
                let after: Vec<_> = story.world.contacts().cloned().collect();
                prop_assert!(before != after, "{:?} was accepted and did nothing", link);
                prop_assert!(!story.ask(&link), "{:?} was accepted twice", link);
            } else {
                prop_assert_eq!(before, story.world.contacts().cloned().collect::<Vec<_>>());
            }
            check_forest(&story.world);
        }
    }

    /// I10 after any sequence of changes and links; what is a follower's own is never touched by a copy.
    #[test]
    fn i10_followed_fields_equal_the_leaders(
        commands in prop::collection::vec(prop_oneof![3 => a_change(), 1 => a_link()], 1..40),
    ) {
        let mut story = Story::new(&crowd());
        for command in commands {
            let own = |contact: &Contact| -> Vec<Channel> {
                contact.channels.iter().filter(|c| !c.followed()).cloned().collect()
            };
            let addressed = match &command {
                Command::ChangeChannels(change) => match &change.owner {
                    OwnerRef::Contact(ContactRef::Id(id)) => Some(*id),
                    _ => None,
                },
                _ => None,
            };
            let before: Vec<_> = (2..=7).map(ContactId).map(|id| (id, own(&story.contact(id)))).collect();
            story.ask(&command);
            for (id, channels) in before.into_iter().filter(|(id, _)| Some(*id) != addressed) {
                prop_assert_eq!(own(&story.contact(id)), channels);
            }
            check_forest(&story.world);
            check_followed(&story.world);
        }
    }
}

#[test]
fn the_crowd_of_the_laws_has_the_types_that_it_should() {
    use crate::registration::RegistrationType as Type;
    let s = crowd();
    let types: Vec<_> = (1..=7).map(|id| type_of(&s, ContactId(id))).collect();
    let contact = Some(Type::ContactPerson);
    let client = Some(Type::ClientPerson);
    assert_eq!(types, [Some(Type::ClientCompany), client, client, contact, contact, contact, contact]);
}
