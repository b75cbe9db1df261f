//! Mandates, row by row.

use super::*;
use crate::bank_account::tests::{add, block};
use crate::customer::tests::{activate, customer, date};
use crate::ids::ContactId;
use crate::payment::tests::{debit, mandate, transfer};
use crate::permission::Permission;
use crate::testing::Scenario;

const ABN: &str = "NL91ABNA0417164300";

fn revoke(code: &str) -> RevokeMandate {
    RevokeMandate { customer: CustomerId(1).into(), code: code.into() }
}

/// Customer 1 with account ABN.
fn with_account() -> Scenario {
    customer().given(add("ABN", ABN))
}

#[test]
fn e1_52_a_mandate_is_signed_for_an_account() {
    let after = with_account().when(mandate(" m-1 a ", "abn")).then(&["MandateCreated"]);
    let created = Mandate {
        code: "M-1 A".into(),
        account: "ABN".into(),
        signed_on: date("2026-01-10"),
        kind: MandateType::Recurring,
        revoked: None,
        revoked_because: None,
    };
    assert_eq!(after.customer(CustomerId(1)).mandates, [created]);
}

#[test]
fn e1_52_a_code_is_given_out_once_at_the_creditor() {
    // Person 2 becomes customer 2.
    let story = with_account().given(mandate("M1", "ABN")).given(activate(2));
    let story = story
        .given(crate::bank_account::AddBankAccount { customer: CustomerId(2).into(), ..add("ABN", ABN) });
    story.when(mandate("m1", "ABN")).then_refused(&["MANDATE_CODE_EXISTS"]);
    let other = CreateMandate { customer: CustomerId(2).into(), ..mandate("M1", "ABN") };
    let when = story.when(other.clone());
    let problem = when.refusals()[0].problem();
    assert_eq!((problem.entity, problem.field.as_deref()), (None, Some("code")), "whose it is, is not told");
    when.then_refused(&["MANDATE_CODE_EXISTS"]);
    story.when(CreateMandate { code: "M2".into(), ..other }).then(&["MandateCreated"]);
}

#[test]
fn e1_52_a_code_is_of_the_sepa_set() {
    for code in ["M_1", "M\u{e9}1", "/M1", "M//1", "12345678901234567890123456789012345+"] {
        with_account().when(mandate(code, "ABN")).then_refused(&["INVALID_MANDATE_CODE"]);
    }
    with_account().when(mandate("12345678901234567890123456789012345", "ABN")).then(&["MandateCreated"]);
}

#[test]
fn e1_52_all_that_is_wrong_is_told_at_once() {
    let wrong = CreateMandate { signed_on: String::new(), ..mandate(" ", "ING") };
    let codes = ["REQUIRED", "REQUIRED", "BANK_ACCOUNT_NOT_OF_CUSTOMER"];
    let after = with_account().when(wrong).then_refused(&codes);
    assert!(after.customer(CustomerId(1)).mandates.is_empty());
    let unread = CreateMandate { signed_on: "10-1-2026".into(), ..mandate("M1", "") };
    with_account().when(unread).then_refused(&["INVALID_DATE", "REQUIRED"]);
}

#[test]
fn e1_52_nobody_has_signed_tomorrow() {
    let signed = |on: &str| CreateMandate { signed_on: on.into(), ..mandate("M1", "ABN") };
    with_account().when(signed("2026-01-16")).then_refused(&["DATE_IN_FUTURE"]);
    with_account().when(signed("2026-01-15")).then(&["MandateCreated"]);
}

#[test]
fn e1_43_a_blocked_account_gets_no_mandate() {
    let blocked = with_account().because("Fraud").given(block("ABN"));
    blocked.when(mandate("M1", "ABN")).then_refused(&["BANK_ACCOUNT_BLOCKED"]);
}

#[test]
fn e1_52_who_may_not_write_makes_none() {
    with_account().without(&[Permission::Write]).when(mandate("M1", "ABN")).then_refused(&["FORBIDDEN"]);
    let nobody = CreateMandate { customer: CustomerId(9).into(), ..mandate("M1", "ABN") };
    with_account().when(nobody).then_refused(&["NOT_FOUND"]);
}

#[test]
fn e1_53_an_unused_mandate_is_revoked_for_a_reason() {
    let story = with_account().given(mandate("M1", "ABN"));
    story.when(revoke("M1")).then_refused(&["REQUIRED"]);
    story.when(revoke("M2")).then_refused(&["NOT_FOUND", "REQUIRED"]);
    story.clone().because("x").when(revoke("M_1")).then_refused(&["INVALID_MANDATE_CODE"]);
    story.clone().without(&[Permission::Write]).because("x").when(revoke("M1")).then_refused(&["FORBIDDEN"]);
    let when = story.because("Asked for by letter").when(revoke("m1"));
    let crate::event::Event::Mandate(Event::MandateRevoked(event)) = &when.events()[0].event else {
        panic!("{:?}", when.events())
    };
    assert_eq!(event.reason.subject, ContactId(1));
    let after = when.then(&["MandateRevoked"]);
    let revoked = after.customer(CustomerId(1)).mandates[0].clone();
    assert_eq!(revoked.revoked, Some(date("2026-01-15")));
    assert_eq!(revoked.revoked_because.as_deref(), Some("Asked for by letter"));
    after.because("Again").when(revoke("M1")).then_nothing();
}

#[test]
fn e1_53_a_mandate_in_use_today_or_later_is_not_revoked() {
    let today = with_account().given(mandate("M1", "ABN")).given(debit("2026-01-15", "ABN"));
    let when = today.clone().because("x").when(revoke("M1"));
    assert_eq!(when.refusals()[0].problem().blocking[0].id, "1");
    when.then_refused(&["MANDATE_IN_USE"]);
    let later = with_account().given(mandate("M1", "ABN")).given(debit("2030-01-01", "ABN"));
    later.because("x").when(revoke("M1")).then_refused(&["MANDATE_IN_USE"]);
    // Back to a transfer: free from the day on which that counts.
    let back = today.given(transfer("2026-02-01"));
    back.clone().on(2026, 1, 31).because("x").when(revoke("M1")).then_refused(&["MANDATE_IN_USE"]);
    back.on(2026, 2, 1).because("x").when(revoke("M1")).then(&["MandateRevoked"]);
}

#[test]
fn e1_55_a_mandate_that_only_a_unit_uses_is_in_use() {
    let unit =
        crate::payment::AddPaymentLine { unit_no: Some("VHE-12".into()), ..debit("2026-01-15", "ABN") };
    let story = with_account().given(mandate("M1", "ABN")).given(unit).given(transfer("2026-01-15"));
    story.because("x").when(revoke("M1")).then_refused(&["MANDATE_IN_USE"]);
}

#[test]
fn stored_numbers_of_mandate_types() {
    let numbers: Vec<_> = MandateType::ALL.iter().map(|kind| (u8::from(*kind), kind.name())).collect();
    assert_eq!(numbers, [(1, "RECURRING"), (2, "ONE_OFF")]);
}
