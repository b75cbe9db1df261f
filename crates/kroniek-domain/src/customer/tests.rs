//! Customers and leases, row by row; and the stories that the tests of payment data begin with.

use super::*;
use crate::contact;
use crate::draft::{Changes, Decision};
use crate::ids::PartyRef;
use crate::problem::Prompt;
use crate::role::RemoveRole;
use crate::testing::Scenario;

/// A contact without address and channels.
pub(crate) fn new_contact(kind: Kind) -> contact::CreateContact {
    contact::CreateContact::new(kind)
}

/// Household 1 of A. Bakker (person 2), in a role.
fn household_in_role(role_code: &str) -> Scenario {
    Scenario::new().given(contact::CreateContact {
        initials: Some("A.".into()),
        surname: Some("Bakker".into()),
        person: Some(contact::NewPersonRole {
            person: contact::NewPerson {
                initials: Some("A.".into()),
                surname: "Bakker".into(),
                ..contact::NewPerson::default()
            },
            role_code: role_code.into(),
            begin_date: None,
        }),
        ..new_contact(Kind::Household)
    })
}

/// Household 1 of A. Bakker (person 2), its contractant.
pub(crate) fn household() -> Scenario {
    household_in_role("CONTRACTANT")
}

/// Puts a lease of `contact` into effect as of 1 June 2025.
pub(crate) fn activate(contact: u64) -> ActivateCustomer {
    ActivateCustomer {
        household: ContactId(contact).into(),
        lease_ref: "hc-0001".into(),
        unit: Some("vhe-12".into()),
        start_date: "2025-06-01".into(),
    }
}

/// Customer 1 of household 1, with a lease since 1 June 2025; today is 15 January 2026.
pub(crate) fn customer() -> Scenario {
    household().given(activate(1))
}

pub(crate) fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn ended(lease_ref: Option<&str>, end_date: &str) -> RecordLeaseEnded {
    RecordLeaseEnded {
        customer: CustomerId(1).into(),
        lease_ref: lease_ref.map(Into::into),
        end_date: end_date.into(),
    }
}

#[test]
fn e1_03_a_lease_makes_a_household_a_customer() {
    let after = household().when(activate(1)).then(&["CustomerActivated"]);
    let customer = after.customer(CustomerId(1));
    assert_eq!(after.contact(ContactId(1)).customer, Some(CustomerId(1)));
    assert_eq!((customer.contact, customer.status), (ContactId(1), ClientStatus::Client));
    assert_eq!(customer.number, "CU000001");
    assert!(customer.active);
    assert_eq!(customer.created.position, Position(2));
    let start = date("2025-06-01");
    let lease = Lease { reference: "HC-0001".into(), unit: Some("VHE-12".into()), start, end: None };
    assert_eq!(customer.leases, [lease]);
    assert_eq!(customer.start(), Some(start));
}

#[test]
fn e1_03_a_company_or_a_person_may_rent_for_itself() {
    let company =
        contact::CreateContact { company_name: Some("Bakkerij Smit".into()), ..new_contact(Kind::Company) };
    Scenario::new().given(company).when(activate(1)).then(&["CustomerActivated"]);
    let after = household().when(activate(2)).then(&["CustomerActivated"]);
    assert_eq!(after.contact(ContactId(2)).customer, Some(CustomerId(1)));
}

#[test]
fn e1_03_only_the_integration_activates() {
    household().without(&[Permission::Integration]).when(activate(1)).then_refused(&["FORBIDDEN"]);
    household().with_only(&[Permission::Integration]).when(activate(1)).then(&["CustomerActivated"]);
}

#[test]
fn e1_03_a_household_without_contractant_is_refused() {
    let when = household_in_role("CONTACT_PERSON").when(activate(1));
    assert_eq!(when.fields(), ["householdId"]);
    when.then_refused(&["NO_CONTRACTANT"]);
    // The person itself may rent.
    household_in_role("CONTACT_PERSON").when(activate(2)).then(&["CustomerActivated"]);
}

#[test]
fn e1_03_d_2_a_household_has_one_customer_and_the_refusal_names_it() {
    let when = customer().when(activate(1));
    let problem = when.refusals()[0].problem();
    assert!(problem.message.contains("CU000001"), "{}", problem.message);
    assert_eq!(problem.entity, Some(EntityId::Customer(CustomerId(1))));
    when.then_refused(&["CUSTOMER_EXISTS"]);
}

#[test]
fn e1_03_all_that_is_wrong_is_told_at_once() {
    let wrong = ActivateCustomer {
        lease_ref: " ".into(),
        unit: Some("\u{7}".into()),
        start_date: "2025-02-30".into(),
        ..activate(1)
    };
    let codes = ["REQUIRED", "INVALID_TEXT", "INVALID_DATE", "CUSTOMER_EXISTS"];
    let after = customer().when(wrong).then_refused(&codes);
    assert_eq!(after.world.customers().count(), 1);
    let nobody = ActivateCustomer { household: ContactRef::Number("CT9".into()), ..activate(1) };
    household().when(nobody).then_refused(&["NOT_FOUND"]);
    let early = ActivateCustomer { start_date: "1799-12-31".into(), ..activate(1) };
    household().when(early).then_refused(&["DATE_OUT_OF_RANGE"]);
    let long = ActivateCustomer { lease_ref: "L".repeat(21), ..activate(1) };
    household().when(long).then_refused(&["TOO_LONG"]);
}

#[test]
fn e1_04_a_lease_ends_after_its_last_day() {
    let after = customer().when(ended(None, "2026-03-31")).then(&["LeaseEnded"]);
    let customer = after.customer(CustomerId(1));
    assert_eq!(customer.leases[0].end, Some(date("2026-03-31")));
    assert!(customer.lease_running(date("2026-03-31")));
    assert!(!customer.lease_running(date("2026-04-01")));
}

#[test]
fn e1_04_the_same_end_again_changes_nothing_and_another_moves_it() {
    let after = customer().given(ended(Some("HC-0001"), "2026-03-31"));
    let after = after.when(ended(Some("hc-0001 "), "2026-03-31")).then_nothing();
    let after = after.when(ended(Some(""), "2026-04-30")).then(&["LeaseEnded"]);
    assert_eq!(after.customer(CustomerId(1)).leases[0].end, Some(date("2026-04-30")));
}

#[test]
fn e1_04_bad_input() {
    let customer = customer();
    customer.when(ended(Some("HC-9"), "2026-03-31")).then_refused(&["NOT_FOUND"]);
    customer.when(ended(None, "2025-05-31")).then_refused(&["DATE_OUT_OF_RANGE"]);
    customer.when(ended(Some("HC 9"), "")).then_refused(&["INVALID_TEXT", "REQUIRED"]);
    let nobody =
        RecordLeaseEnded { customer: CustomerRef::Number("CU9".into()), ..ended(None, "2026-03-31") };
    customer.when(nobody).then_refused(&["NOT_FOUND"]);
    let may_not = customer.clone().without(&[Permission::Integration]);
    may_not.when(ended(None, "2026-03-31")).then_refused(&["FORBIDDEN"]);
    customer.clone().expecting(1).when(ended(None, "2026-03-31")).then_refused(&["VERSION_CONFLICT"]);
    customer.clone().expecting(2).when(ended(None, "2026-03-31")).then(&["LeaseEnded"]);
}

/// The same story, with a customer as no command makes it yet.
pub(crate) fn with(mut story: Scenario, customer: Customer) -> Scenario {
    let customers = [(customer.id, std::sync::Arc::new(customer))].into();
    let changes = Changes { customers, ..Changes::default() };
    story.world.apply(Position(1), &Decision { events: vec![], warnings: vec![], changes });
    story
}

#[test]
fn i1_a_lease_runs_again_only_with_a_contractant() {
    let left = customer()
        .given(ended(None, "2026-01-10"))
        .confirming(Prompt::RemoveRoleLine)
        .given(RemoveRole { party: PartyRef::Contact(ContactId(1).into()), line: 1 });
    let again = left.when(ended(None, "2026-01-15"));
    assert_eq!(again.fields(), ["endDate"]);
    again.then_refused(&["NO_CONTRACTANT"]);
    left.when(ended(None, "2026-01-14")).then(&["LeaseEnded"]);
}

#[test]
fn e1_04_a_registered_customer_has_no_lease_to_end() {
    let registered = |contact, status| {
        let mut customer = Customer::new(CustomerId(1));
        let at = At { position: Position(2), time_us: 7 };
        let number = "CU000001".into();
        customer.evolve(at, &CustomerCreated { customer: CustomerId(1), contact, number, status }.into());
        assert_eq!((customer.contact, customer.status), (contact, status));
        assert_eq!((customer.active, customer.created), (true, at));
        customer
    };
    let customer = registered(ContactId(2), ClientStatus::Relation);
    assert_eq!((customer.start(), customer.lease_running(date("2026-01-15"))), (None, false));
    with(household(), customer).when(ended(None, "2026-03-31")).then_refused(&["NOT_FOUND"]);
}

#[test]
fn e1_04_with_several_leases_the_reference_is_needed() {
    let story = customer();
    let mut customer = (*story.customer(CustomerId(1))).clone();
    let second =
        Lease { reference: "HC-0002".into(), start: date("2024-01-01"), ..customer.leases[0].clone() };
    customer.leases.push(second);
    assert_eq!(customer.start(), Some(date("2024-01-01")));
    let story = with(story, customer);
    story.when(ended(None, "2026-01-31")).then_refused(&["REQUIRED"]);
    let after = story.when(ended(Some("HC-0002"), "2026-01-31")).then(&["LeaseEnded"]);
    let leases = &after.customer(CustomerId(1)).leases;
    assert_eq!((leases[0].end, leases[1].end), (None, Some(date("2026-01-31"))));
    assert!(after.customer(CustomerId(1)).lease_running(date("2027-01-01")));
}

#[test]
fn section_6_3_every_status_has_its_code_and_its_number() {
    let names: Vec<_> = ClientStatus::ALL.iter().map(|s| s.name()).collect();
    assert_eq!(
        names,
        [
            "SUSPECT",
            "PROSPECT",
            "ACC_DRAFT",
            "ACC_APPROVAL",
            "ACC_CENTRAL",
            "CLIENT",
            "EX_CLIENT",
            "RELATION"
        ]
    );
    for (number, status) in (1..).zip(ClientStatus::ALL) {
        assert_eq!((u8::from(*status), ClientStatus::try_from(number)), (number, Ok(*status)));
    }
}
