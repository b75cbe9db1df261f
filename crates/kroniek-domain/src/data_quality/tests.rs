//! Row X-10, and the rows that name a list: E1-35, E1-40, E1-54 and D-6.

use super::*;
use crate::Prompt;
use crate::address::ChangeCorrespondenceAddress;
use crate::channel::{ChangeChannels, OwnerRef};
use crate::code_list::{ChangeCode, CodeList, Properties, SALUTATION};
use crate::contact::{ChangePersonName, CreateContact};
use crate::customer::RecordLeaseEnded;
use crate::customer::tests::{activate, customer, date, household, new_contact};
use crate::death::{CorrectDeath, RecordDeath};
use crate::leader::{CoupleToLeader, SetMailPreference};
use crate::payment::WithdrawPaymentLine;
use crate::payment::tests::transfer;
use crate::personal_data::{Change, ChangePersonalData, SetSalutation};
use crate::registration::tests::{CLIENT, COMPANY, PERSON, channel, company, office, typed};
use crate::role::tests::{A, HOUSEHOLD, add, couple, died, ended, known, new, remove};
use crate::role::{BusinessInput, ChangeBusinessData};
use crate::sign_off::DeactivateCustomer;
use crate::testing::Scenario;
use crate::world::World;
use std::collections::BTreeSet;

/// Customer 1, whose contact is the household of [`customer`] and [`couple`].
const CUSTOMER: CustomerId = CustomerId(1);

/// Everybody whom a check is about on a day, in order, with the priority; asked of the whole world. What the rule finds,
/// the list must keep, and what needs no other entity, the list must keep exactly.
#[track_caller]
fn listed(story: &Scenario, check: Check, on: &str) -> Vec<(ContactId, Priority)> {
    let list = story.world.code_list(SALUTATION).unwrap_or_else(|| CodeList::initial(SALUTATION).into());
    let salutation = |code: &str| list.row(code).and_then(|row| row.properties.salutation);
    let look = Look {
        contact: &|id| story.world.contact(id),
        customer: &|id| story.world.customer(id),
        salutation: &salutation,
        today: date(on),
    };
    let mut kept: BTreeSet<_> = story.world.contacts().flat_map(|c| of_contact(c, &salutation)).collect();
    kept.extend(story.world.customers().filter_map(|customer| of_customer(customer)));
    let mut found = Vec::new();
    for contact in story.world.contacts() {
        let finding = check.finding(contact, &look);
        let keeps = kept.contains(&(check, contact.id));
        assert!(keeps || finding.is_none(), "{check:?} of {:?} is not kept", contact.id);
        assert!(!check.looks_at_one_contact() || keeps == finding.is_some(), "{check:?} of {:?}", contact.id);
        if let Some(priority) = finding {
            assert!(check.priorities().contains(&priority), "{check:?} has no {priority:?}");
            found.push((contact.id, priority));
        }
    }
    found
}

/// As [`listed`], on the day of the story.
#[track_caller]
fn now(story: &Scenario, check: Check) -> Vec<(ContactId, Priority)> {
    listed(story, check, "2026-01-15")
}

fn salute(contact: ContactId, code: &str) -> SetSalutation {
    SetSalutation { contact: contact.into(), code: Some(code.into()) }
}

/// The household of A. Bakker alone, whose lease runs, and A. died; the roles are kept.
fn widowed() -> Scenario {
    customer().given(died(A, true))
}

// ---- E1-35

#[test]
fn e1_35_a_death_without_heirs_salutation_is_listed_and_first_where_a_lease_runs() {
    let check = Check::DeceasedSalutation;
    assert_eq!(now(&customer(), check), []);
    let story = widowed();
    assert_eq!(now(&story, check), [(A, Priority::High)]);
    let over = story.given(ended());
    assert_eq!(now(&over, check), [(A, Priority::Medium)], "the lease has ended");
    // Any other salutation is not that of heirs, and a person without a role is listed too.
    let smit = CreateContact { surname: Some("Smit".into()), ..new_contact(Kind::Person) };
    let other = ContactId(3);
    let story = story
        .given(salute(A, "DHR"))
        .given(smit)
        .given(RecordDeath { keep_roles: None, ..died(other, true) });
    assert_eq!(now(&story, check), [(A, Priority::High), (other, Priority::Medium)]);
    let story = story.given(salute(A, "HEIRS_OF"));
    assert_eq!(now(&story, check), [(other, Priority::Medium)], "done for one");
    assert_eq!(now(&story.given(salute(other, "HEIRS_OF")), check), []);
}

#[test]
fn e1_35_who_is_no_contractant_does_not_make_it_urgent() {
    let story = customer().given(add(HOUSEHOLD, new("E.", "", "Emmen"), "CONTACT_PERSON"));
    let story = story.given(died(ContactId(3), true));
    assert_eq!(now(&story, Check::DeceasedSalutation), [(ContactId(3), Priority::Medium)]);
    // In the same commit as the death, it is never missing.
    let at_once = RecordDeath { salutation: Some("HEIRS_OF".into()), ..died(A, true) };
    assert_eq!(now(&customer().given(at_once), Check::DeceasedSalutation), []);
}

#[test]
fn e1_35_heirs_of_the_living_are_listed_when_a_code_comes_to_mean_that() {
    let check = Check::HeirsWithoutDeath;
    couple().when(salute(A, "HEIRS_OF")).then_refused(&["SALUTATION_NEEDS_DEATH"]);
    let code = |kind| ChangeCode {
        list: SALUTATION.into(),
        code: "ERVENVAN".into(),
        name: "De erven van".into(),
        description: None,
        begin_date: None,
        end_date: None,
        parent: None,
        properties: Some(Properties { salutation: kind, ..Properties::default() }),
    };
    let story = couple().given(code(None)).given(salute(A, "ERVENVAN"));
    assert_eq!(now(&story, check), []);
    let story = story.given(code(Some(SalutationKind::HeirsOf)));
    assert_eq!(now(&story, check), [(A, Priority::Low)]);
    let story = story.given(died(A, false));
    assert_eq!((now(&story, check), now(&story, Check::DeceasedSalutation)), (vec![], vec![]));
}

// ---- E1-40

#[test]
fn e1_40_a_salutation_for_the_other_gender_is_listed_as_long_as_it_stands() {
    let check = Check::SalutationGender;
    let change = |gender: &str, salutation: &str| ChangePersonalData {
        person: A.into(),
        birth_date: Change::Keep,
        bsn: Change::Keep,
        gender: Change::Set(gender.into()),
        salutation: Change::Set(salutation.into()),
    };
    for (gender, salutation, contradicts) in [
        ("M", "MEVR", true),
        ("V", "DHR", true),
        ("M", "DHR", false),
        ("V", "MEVR", false),
        ("O", "DHR", false),
        ("O", "MEVR", false),
        ("M", "BLANCO", false),
    ] {
        let when = couple().when(change(gender, salutation));
        let warned = when.warnings().contains(&"SALUTATION_GENDER".to_owned());
        assert_eq!(warned, contradicts, "{gender} {salutation}");
        let story = couple().given(change(gender, salutation));
        let expected: &[_] = if contradicts { &[(A, Priority::Medium)] } else { &[] };
        assert_eq!(now(&story, check), expected, "{gender} {salutation}");
    }
    let story = couple().given(change("M", "MEVR"));
    assert_eq!(now(&story.given(salute(A, "DHR")), check), []);
    assert!(check.sensitive(), "I18: it tells the gender");
    assert_eq!(Check::ALL.iter().filter(|check| check.sensitive()).count(), 1);
}

// ---- D-6

#[test]
fn d_6_a_deceased_contractant_is_listed_until_the_lease_ends() {
    let check = Check::DeceasedContractantLeaseRunning;
    assert_eq!(now(&customer(), check), []);
    let when = customer().when(died(A, true));
    assert_eq!(when.warnings(), ["LEASE_STILL_RUNNING"]);
    let story = when.then(&["DeathRecorded"]);
    assert_eq!(now(&story, check), [(HOUSEHOLD, Priority::High)], "the household, not the person");
    let end = RecordLeaseEnded { end_date: "2026-03-31".into(), ..ended() };
    let story = story.given(end);
    assert_eq!(listed(&story, check, "2026-03-31"), [(HOUSEHOLD, Priority::High)], "the last day counts");
    assert_eq!(listed(&story, check, "2026-04-01"), [], "and the list empties without a command");
}

/// E1-34, D-6: the command warns of what the list then names, and of nothing else.
#[test]
fn e1_34_d_6_the_warning_of_a_death_and_the_list_are_one_rule() {
    let off = DeactivateCustomer { customer: CUSTOMER.into() };
    let alone = CreateContact { surname: Some("Smit".into()), ..new_contact(Kind::Person) };
    let renter = Scenario::new().given(alone).given(activate(1));
    let of_own = |story: &Scenario| story.when(RecordDeath { keep_roles: None, ..died(ContactId(1), true) });
    let both = couple().given(activate(2));
    for (when, warns) in [
        (customer().when(died(A, true)), true),
        (customer().given(ended()).when(died(A, true)), false),
        (customer().given(off.clone()).when(died(A, true)), false),
        (couple().when(died(A, false)), false),
        (of_own(&renter), true),
        (of_own(&renter.given(off)), false),
        // A contractant that rents for itself too, whichever the answer for its household is.
        (both.when(died(A, false)), true),
    ] {
        let warned = when.warnings();
        assert_eq!(warned, vec!["LEASE_STILL_RUNNING"; usize::from(warns)]);
        let story = when.then_made();
        assert_eq!(now(&story, Check::DeceasedContractantLeaseRunning).len(), warned.len());
    }
}

#[test]
fn d_6_it_ends_with_the_role_of_the_deceased_or_with_the_error() {
    let check = Check::DeceasedContractantLeaseRunning;
    let story = widowed().given(add(HOUSEHOLD, new("C.", "de", "Vries"), "CONTRACTANT"));
    assert_eq!(
        now(&story, check),
        [(HOUSEHOLD, Priority::High)],
        "a second contractant alone changes nothing"
    );
    let show = crate::role::tests::show(ContactId(3));
    let story = story.given(show).confirming(Prompt::RemoveRoleLine).given(remove(HOUSEHOLD, 1));
    assert_eq!(now(&story, check), []);
    let alive = CorrectDeath { person: A.into(), date_of_death: None };
    assert_eq!(now(&widowed().because("another A. Bakker").given(alive), check), []);
    // A mere contact person's death concerns no lease, nor does one in a household that rents nothing.
    let contact_person = customer().given(add(HOUSEHOLD, new("E.", "", "Emmen"), "CONTACT_PERSON"));
    assert_eq!(now(&contact_person.given(died(ContactId(3), true)), check), []);
    assert_eq!(now(&household().given(died(A, true)), check), []);
}

#[test]
fn d_6_a_person_that_rents_for_itself_is_listed_itself() {
    let smit = CreateContact { surname: Some("Smit".into()), ..new_contact(Kind::Person) };
    let smits = ContactId(1);
    let story = Scenario::new().given(smit).given(activate(1));
    let story = story.given(RecordDeath { keep_roles: None, ..died(smits, true) });
    assert_eq!(now(&story, Check::DeceasedContractantLeaseRunning), [(smits, Priority::High)]);
    assert_eq!(now(&story, Check::DeceasedSalutation), [(smits, Priority::High)]);
}

#[test]
fn d_6_a_household_with_two_deceased_stands_in_the_list_once() {
    let story = widowed().given(add(HOUSEHOLD, new("C.", "de", "Vries"), "CONTRACTANT"));
    let story = story.given(died(ContactId(3), true));
    assert_eq!(now(&story, Check::DeceasedContractantLeaseRunning), [(HOUSEHOLD, Priority::High)]);
}

// ---- E1-54

#[test]
fn e1_54_no_payment_data_after_the_last_line_is_withdrawn() {
    let check = Check::NoPaymentData;
    let story = customer();
    assert_eq!(now(&story, check), [(HOUSEHOLD, Priority::High)], "it rents and has no line yet");
    let story = story.given(transfer("2026-07-01"));
    assert_eq!(now(&story, check), [], "a line of the future is one");
    let withdraw = WithdrawPaymentLine { customer: CUSTOMER.into(), line: 1 };
    let story = story.because("wrong customer").given(withdraw);
    assert_eq!(now(&story, check), [(HOUSEHOLD, Priority::High)]);
    assert_eq!(now(&story.given(ended()), check), [(HOUSEHOLD, Priority::Medium)], "open items may remain");
    assert_eq!(now(&customer().given(ended()), check), [], "who never paid and rents nothing");
}

#[test]
fn e1_54_who_rents_nothing_and_never_paid_needs_no_payment_data() {
    assert_eq!(now(&office(), Check::NoPaymentData), []);
    let story = office().given(transfer("2026-07-01"));
    let withdraw = WithdrawPaymentLine { customer: CUSTOMER.into(), line: 1 };
    let story = story.because("wrong customer").given(withdraw);
    assert_eq!(now(&story, Check::NoPaymentData), [(COMPANY, Priority::Medium)]);
}

// ---- the other checks of a real site

#[test]
fn x_10_a_customer_without_correspondence_address() {
    let check = Check::NoAddress;
    assert_eq!(now(&household(), check), [], "no customer, no mail");
    let story = customer();
    assert_eq!(now(&story, check), [(HOUSEHOLD, Priority::Medium)]);
    let change = ChangeCorrespondenceAddress {
        owner: OwnerRef::Contact(HOUSEHOLD.into()),
        address: typed("Boterdiep", 31),
        effective_date: Some("2026-07-01".into()),
    };
    assert_eq!(now(&story.given(change), check), [], "one that begins later is one");
}

#[test]
fn x_10_n1_12_a_customer_that_was_signed_off_is_left_alone() {
    let deactivate = |no| DeactivateCustomer { customer: CustomerId(no).into() };
    let check = Check::NoAddress;
    let story = office();
    assert_eq!(now(&story, check), [(COMPANY, Priority::Medium), (CLIENT, Priority::Medium)]);
    let story = story.given(deactivate(1));
    assert_eq!(now(&story, check), [(CLIENT, Priority::Medium)]);
    let rented = customer().given(transfer("2026-07-01"));
    let withdraw = WithdrawPaymentLine { customer: CUSTOMER.into(), line: 1 };
    let rented = rented.because("wrong customer").given(withdraw).given(ended());
    assert_eq!(now(&rented, Check::NoPaymentData), [(HOUSEHOLD, Priority::Medium)]);
    assert_eq!(now(&rented.given(deactivate(1)), Check::NoPaymentData), []);
}

#[test]
fn x_10_initials_that_are_no_initials() {
    // A1-13: the "x" that was to be replaced. A follower's initials are its leader's.
    let check = Check::InitialsForm;
    let story = office();
    assert_eq!(now(&story, check), [(PERSON, Priority::Low)]);
    let coupled = story.given(CoupleToLeader { follower: PERSON.into(), leader: CLIENT.into() });
    assert_eq!(now(&coupled, check), []);
    for (typed, listed) in [("jp", false), ("Th.", false), ("x", true), ("", false)] {
        let story = story.given(ChangePersonName {
            person: PERSON.into(),
            name: None,
            initials: Some(typed.into()),
            infix: None,
            surname: Some("Jansen".into()),
        });
        assert_eq!(!now(&story, check).is_empty(), listed, "{typed:?}");
    }
}

#[test]
fn x_10_business_mail_without_an_address_for_it() {
    let check = Check::MailPreferenceWithoutEmail;
    let business = SetMailPreference { contact: PERSON.into(), preference: "BUSINESS".into() };
    assert_eq!(now(&office(), check), [], "private is what everybody begins with");
    let story = office().given(business);
    assert_eq!(now(&story, check), [(PERSON, Priority::Medium)]);
    let emails = |detail| ChangeChannels {
        owner: OwnerRef::Contact(PERSON.into()),
        phones: None,
        emails: Some(vec![channel(channel::Kind::Email, detail, "x@example.nl")]),
        websites: None,
    };
    assert_eq!(now(&story.given(emails(Detail::Private)), check), [(PERSON, Priority::Medium)]);
    assert_eq!(now(&story.given(emails(Detail::Business)), check), []);
    let at_the_company = ChangeBusinessData {
        party: crate::ids::PartyRef::Contact(COMPANY.into()),
        line: 1,
        business: BusinessInput { email: Some("x@bakkerij.nl".into()), ..BusinessInput::default() },
    };
    assert_eq!(now(&story.given(at_the_company), check), [], "a role line has one");
}

#[test]
fn x_10_what_the_model_cannot_hold_is_no_check() {
    // The names of the lists are the API's; what a site elsewhere looks for and cannot be here has none.
    let names: Vec<_> = Check::ALL.iter().map(|check| check.name()).collect();
    for impossible in ["SEVERAL_SHOWN_FIRST", "NAME_DIFFERS_FROM_PARTS", "HOUSEHOLD_EMAIL"] {
        assert!(!names.contains(&impossible));
    }
    let story = couple().given(add(HOUSEHOLD, known(A), "GUARDIAN")).given(company("CLIENT_COMPANY", "B.V."));
    for contact in story.world.contacts() {
        let first = contact.lines.iter().filter(|l| l.contractant && Some(l.person) == contact.shown_first);
        assert!(first.count() <= 1);
        assert_eq!(contact.name, story.contact(contact.named_after).own_name());
    }
}

#[test]
fn x_10_a_message_tells_what_to_do_and_nothing_about_anybody() {
    for check in Check::ALL {
        for message in [check.message(), check.message_nl()] {
            assert!(message.contains(": ") && message.ends_with('.') && !message.contains("  "), "{message}");
        }
        // Both name the same remedies.
        let mutations = |message: &'static str| -> BTreeSet<&str> {
            let words = message.split(|c: char| !c.is_alphabetic());
            words.filter(|word| word.chars().skip(1).any(char::is_uppercase)).collect()
        };
        assert_eq!(mutations(check.message()), mutations(check.message_nl()), "{check:?}");
        assert!(!check.priorities().is_empty() && check.priorities().is_sorted());
    }
}
