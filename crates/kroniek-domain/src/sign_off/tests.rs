//! Signing customers off, row by row.

use super::*;
use crate::customer::RecordLeaseEnded;
use crate::customer::tests::{activate, household};
use crate::ids::{ContactId, PartyRef};
use crate::problem::Prompt;
use crate::role::RemoveRole;
use crate::shop::tests::janssen;
use crate::testing::Scenario;

fn deactivate() -> DeactivateCustomer {
    DeactivateCustomer { customer: CustomerId(1).into() }
}

fn reactivate() -> ReactivateCustomer {
    ReactivateCustomer { customer: CustomerId(1).into() }
}

fn record(kind: Kind, id: &str, open: bool) -> RecordActivity {
    RecordActivity { customer: CustomerId(1).into(), kind, id: id.into(), open }
}

fn staff(on: bool) -> RecordStaffMembership {
    RecordStaffMembership { customer: CustomerId(1).into(), on }
}

fn signed_off() -> Scenario {
    janssen().given(deactivate())
}

#[test]
fn n1_08_a_customer_is_never_deleted() {
    let delete = DeleteCustomer { customer: CustomerId(1).into() };
    let problem = janssen().when(delete.clone()).problem();
    assert_eq!(
        (problem.code, problem.hint.as_deref()),
        ("CUSTOMER_CANNOT_BE_DELETED", Some("deactivateCustomer"))
    );
    signed_off().when(delete.clone()).then_refused(&["CUSTOMER_CANNOT_BE_DELETED"]);
    janssen().without(&[Permission::Write]).when(delete).then_refused(&["FORBIDDEN"]);
    janssen().when(DeleteCustomer { customer: CustomerId(9).into() }).then_refused(&["NOT_FOUND"]);
}

#[test]
// N1-09, N1-12.
fn n1_09_a_customer_without_activity_is_signed_off_once() {
    let story = janssen().when(deactivate()).then(&["CustomerDeactivated"]);
    assert!(!story.customer(CustomerId(1)).active);
    story.when(deactivate()).then_nothing();
    janssen().without(&[Permission::Write]).when(deactivate()).then_refused(&["FORBIDDEN"]);
    janssen().expecting(9).when(deactivate()).then_refused(&["VERSION_CONFLICT"]);
    Scenario::new().when(deactivate()).then_refused(&["NOT_FOUND"]);
}

#[test]
fn n1_10_everything_that_is_open_is_listed() {
    let story = janssen()
        .given(record(Kind::Subscription, "s-1", true))
        .given(record(Kind::OpenRepair, "r-1", true))
        .given(record(Kind::UnpaidInvoice, "i-1", true))
        .given(record(Kind::OpenOrder, "o-2", true))
        .given(record(Kind::OpenOrder, "o-1", true));
    let problem = story.when(deactivate()).problem();
    assert_eq!(problem.code, "CUSTOMER_HAS_ACTIVITY");
    let blocking: Vec<_> =
        problem.blocking.iter().map(|b| (b.kind, b.id.as_str(), b.label.as_str())).collect();
    assert_eq!(
        blocking,
        [
            ("OPEN_ORDER", "O-1", "order O-1"),
            ("OPEN_ORDER", "O-2", "order O-2"),
            ("UNPAID_INVOICE", "I-1", "invoice I-1"),
            ("OPEN_REPAIR", "R-1", "repair R-1"),
            ("SUBSCRIPTION", "S-1", "subscription S-1"),
        ]
    );
}

#[test]
// N1-11.
fn scenario_12_activity_and_the_staff_list_block_together() {
    let story = janssen()
        .given(record(Kind::OpenRepair, "r-1", true))
        .given(record(Kind::Subscription, "s-1", true))
        .given(staff(true));
    let when = story.when(deactivate());
    assert_eq!(when.refusals()[0].problem().blocking.len(), 2);
    when.then_refused(&["CUSTOMER_HAS_ACTIVITY", "STILL_ON_STAFF_LIST"]);
    let story = story
        .when(record(Kind::OpenRepair, "R-1 ", false))
        .then(&["ActivityClosed"])
        .when(record(Kind::Subscription, "s-1", false))
        .then(&["ActivityClosed"]);
    story.when(deactivate()).then_refused(&["STILL_ON_STAFF_LIST"]);
    story
        .when(staff(false))
        .then(&["StaffMembershipEnded"])
        .when(deactivate())
        .then(&["CustomerDeactivated"]);
}

#[test]
fn n1_11_the_staff_list_comes_from_its_own_administration() {
    let story = janssen().when(staff(true)).then(&["StaffMembershipStarted"]);
    story.when(staff(true)).then_nothing();
    janssen().when(staff(false)).then_nothing();
    janssen().without(&[Permission::Integration]).when(staff(true)).then_refused(&["FORBIDDEN"]);
    signed_off().when(staff(true)).then_refused(&["CUSTOMER_INACTIVE"]);
}

#[test]
fn n1_13_a_customer_is_taken_back() {
    let story = signed_off().when(reactivate()).then(&["CustomerReactivated"]);
    assert!(story.customer(CustomerId(1)).active);
    story.when(reactivate()).then_nothing();
    signed_off().when(record(Kind::OpenOrder, "o-1", true)).then_refused(&["CUSTOMER_INACTIVE"]);
    story.when(record(Kind::OpenOrder, "o-1", true)).then(&["ActivityOpened"]);
    signed_off().without(&[Permission::Write]).when(reactivate()).then_refused(&["FORBIDDEN"]);
}

#[test]
fn n1_13_a_household_needs_a_contractant_to_come_back_while_its_lease_runs() {
    // I1, D-31.
    let story = household()
        .given(activate(1))
        .given(deactivate())
        .confirming(Prompt::RemoveRoleLine)
        .given(RemoveRole { party: PartyRef::Contact(ContactId(1).into()), line: 1 });
    let when = story.when(reactivate());
    assert_eq!(when.fields(), ["customerNo"]);
    when.then_refused(&["NO_CONTRACTANT"]);
    story
        .given(RecordLeaseEnded {
            customer: CustomerId(1).into(),
            lease_ref: None,
            end_date: "2026-01-10".into(),
        })
        .when(reactivate())
        .then(&["CustomerReactivated"]);
}

#[test]
fn n1_14_only_what_is_open_is_kept() {
    let story = janssen()
        .when(record(Kind::OpenOrder, "o-1", true))
        .then(&["ActivityOpened"])
        .when(record(Kind::OpenOrder, "O-1", true))
        .then_nothing();
    let open = |story: &Scenario| activity(&story.customer(CustomerId(1))).open;
    assert_eq!(open(&story), BTreeSet::from([(Kind::OpenOrder, "O-1".to_owned())]));
    // The same number of another kind is another thing.
    story.when(record(Kind::UnpaidInvoice, "o-1", false)).then_nothing();
    let story = story.when(record(Kind::OpenOrder, "o-1", false)).then(&["ActivityClosed"]);
    assert_eq!(open(&story), BTreeSet::new());
    story.when(record(Kind::OpenOrder, "o-1", false)).then_nothing();
}

#[test]
fn n1_14_bad_input() {
    janssen().when(record(Kind::OpenOrder, " ", true)).then_refused(&["REQUIRED"]);
    janssen().when(record(Kind::OpenOrder, "a b", true)).then_refused(&["INVALID_TEXT"]);
    janssen().when(record(Kind::OpenOrder, &"a".repeat(21), true)).then_refused(&["TOO_LONG"]);
    janssen()
        .without(&[Permission::Integration])
        .when(record(Kind::OpenOrder, "a", true))
        .then_refused(&["FORBIDDEN"]);
    Scenario::new().when(record(Kind::OpenOrder, "a", true)).then_refused(&["NOT_FOUND"]);
}
