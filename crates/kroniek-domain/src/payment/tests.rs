//! Payment lines, row by row; then the laws over random stories.

use super::*;
use crate::bank_account::tests::{add, block, unblock};
use crate::code_list::Properties;
use crate::codec::CODEC;
use crate::command::{Command, decide};
use crate::customer::tests::{activate, customer, date};
use crate::draft::Context;
use crate::ids::{At, ContactId, Position};
use crate::mandate::{CreateMandate, MandateType, RevokeMandate};
use crate::permission::{Actor, Permission};
use crate::problem::Prompt;
use crate::testing::Scenario;
use crate::values::Date;
use crate::world::World;
use chrono::{TimeDelta, TimeZone, Utc};
use proptest::prelude::*;
use std::collections::BTreeSet;

const RABO: &str = "NL44RABO0123456789";
const ING: &str = "NL20INGB0001234567";

pub(crate) fn transfer(effective_date: &str) -> AddPaymentLine {
    AddPaymentLine {
        customer: CustomerId(1).into(),
        effective_date: effective_date.into(),
        transaction_mode: "TRANSFER".into(),
        invoice_type: "INVOICE".into(),
        bank_account: None,
        mandate: None,
        new_mandate: None,
        unit_no: None,
        open_items: None,
    }
}

/// Direct debit with whatever mandate the account has.
pub(crate) fn debit(effective_date: &str, account: &str) -> AddPaymentLine {
    AddPaymentLine {
        transaction_mode: "direct_debit".into(),
        invoice_type: "DIRECT_DEBIT_INVOICE".into(),
        bank_account: Some(account.into()),
        open_items: Some(OpenItems::None),
        ..transfer(effective_date)
    }
}

/// A recurring mandate of customer 1, signed on 10 January 2026.
pub(crate) fn mandate(code: &str, account: &str) -> CreateMandate {
    CreateMandate {
        customer: CustomerId(1).into(),
        code: code.into(),
        bank_account: account.into(),
        signed_on: "2026-01-10".into(),
        kind: MandateType::Recurring,
    }
}

fn new(code: &str, signed_on: &str) -> NewMandate {
    NewMandate { code: code.into(), signed_on: signed_on.into(), kind: MandateType::Recurring }
}

fn on_unit(unit: &str, line: AddPaymentLine) -> AddPaymentLine {
    AddPaymentLine { unit_no: Some(unit.into()), ..line }
}

fn named(mandate: &str, line: AddPaymentLine) -> AddPaymentLine {
    AddPaymentLine { mandate: Some(mandate.into()), ..line }
}

/// What a new line would say, said of an existing one.
fn correct(line: u32, content: AddPaymentLine) -> CorrectPaymentLine {
    CorrectPaymentLine { line, content }
}

fn withdraw(line: u32) -> WithdrawPaymentLine {
    WithdrawPaymentLine { customer: CustomerId(1).into(), line }
}

fn revoke(code: &str) -> RevokeMandate {
    RevokeMandate { customer: CustomerId(1).into(), code: code.into() }
}

/// Customer 1 with accounts RABO and ING, and mandate M1 on RABO.
fn with_mandate() -> Scenario {
    customer().given(add("RABO", RABO)).given(add("ING", ING)).given(mandate("M1", "RABO"))
}

fn in_force(story: &Scenario, on: &str, unit: Option<&str>) -> Option<u32> {
    line_on(&story.customer(CustomerId(1)), date(on), unit).map(|line| line.id)
}

fn content(story: &Scenario, line: u32) -> LineContent {
    let customer = story.customer(CustomerId(1));
    customer.payment_lines.iter().find(|l| l.id == line).unwrap().content.clone()
}

// ---- lines by date

#[test]
fn e1_41_e1_42_a_line_holds_until_the_next_one() {
    let story = customer().given(transfer("2026-02-01")).given(transfer("2026-06-01"));
    // In between: ends the earlier one at its date, in whatever order they came.
    let story = story.when(transfer("2026-04-01")).then(&["PaymentLineAdded"]);
    for (on, line) in [
        ("2026-01-31", None),
        ("2026-02-01", Some(1)),
        ("2026-03-31", Some(1)),
        ("2026-04-01", Some(3)),
        ("2026-05-31", Some(3)),
        ("2026-06-01", Some(2)),
        ("9999-12-31", Some(2)),
    ] {
        assert_eq!(in_force(&story, on, None), line, "{on}");
    }
    let customer = story.customer(CustomerId(1));
    let periods: Vec<_> = lines(&customer).iter().map(|line| (line.id, until(&customer, line))).collect();
    assert_eq!(periods, [(1, Some(date("2026-04-01"))), (3, Some(date("2026-06-01"))), (2, None)]);
}

#[test]
fn e1_41_one_line_per_date() {
    let story = customer().given(transfer("2026-02-01"));
    let when = story.when(transfer("2026-02-01"));
    assert!(when.refusals()[0].problem().message.contains("2026-02-01"));
    when.then_refused(&["PAYMENT_LINE_EXISTS"]);
    // A withdrawn line is not in the way.
    let withdrawn = story.because("Typing error").given(withdraw(1));
    withdrawn.when(transfer("2026-02-01")).then(&["PaymentLineAdded"]);
}

#[test]
fn e1_42_dates() {
    customer().when(transfer(" ")).then_refused(&["REQUIRED"]);
    customer().when(transfer("2026-02-29")).then_refused(&["INVALID_DATE"]);
    customer().when(transfer("10000-01-01")).then_refused(&["INVALID_DATE"]);
    // D-10: the lease began on 1 June 2025.
    customer().when(transfer("2025-05-31")).then_refused(&["DATE_OUT_OF_RANGE"]);
    let when = customer().when(transfer("2025-06-01"));
    assert_eq!(when.warnings(), ["EFFECTIVE_IN_PAST"]);
    when.then(&["PaymentLineAdded"]);
    for today_or_later in ["2026-01-15", "2030-01-01"] {
        assert!(customer().when(transfer(today_or_later)).warnings().is_empty());
    }
}

#[test]
fn e1_42_all_that_is_wrong_is_told_at_once_and_nothing_is_asked() {
    let wrong = AddPaymentLine {
        effective_date: "soon".into(),
        transaction_mode: "BARTER".into(),
        invoice_type: String::new(),
        bank_account: Some("ABN".into()),
        mandate: Some("M_1".into()),
        unit_no: Some("x".repeat(21)),
        ..transfer("")
    };
    let codes = [
        "INVALID_DATE",
        "TOO_LONG",
        "UNKNOWN_CODE",
        "REQUIRED",
        "BANK_ACCOUNT_NOT_OF_CUSTOMER",
        "INVALID_MANDATE_CODE",
    ];
    let after = customer().when(wrong).then_refused(&codes);
    assert!(after.customer(CustomerId(1)).payment_lines.is_empty());
    customer().without(&[Permission::Write]).when(transfer("2026-02-01")).then_refused(&["FORBIDDEN"]);
    customer().expecting(1).when(transfer("2026-02-01")).then_refused(&["VERSION_CONFLICT"]);
    let nobody = AddPaymentLine { customer: CustomerRef::Number("CU9".into()), ..transfer("2026-02-01") };
    customer().when(nobody).then_refused(&["NOT_FOUND"]);
}

// ---- accounts

#[test]
fn e1_43_a_mode_that_needs_an_account_gets_one_of_the_customer() {
    let none = AddPaymentLine { bank_account: None, ..debit("2026-02-01", "") };
    with_mandate().when(none).then_refused(&["BANK_ACCOUNT_REQUIRED"]);
    with_mandate().when(debit("2026-02-01", " ")).then_refused(&["BANK_ACCOUNT_REQUIRED"]);
    with_mandate().when(debit("2026-02-01", "ABN")).then_refused(&["BANK_ACCOUNT_NOT_OF_CUSTOMER"]);
    // The account of another customer is none of this one's.
    let other = crate::bank_account::AddBankAccount { customer: CustomerId(2).into(), ..add("ABN", RABO) };
    let story = with_mandate().given(activate(2)).given(other);
    story.when(debit("2026-02-01", "ABN")).then_refused(&["BANK_ACCOUNT_NOT_OF_CUSTOMER"]);
}

#[test]
fn e1_43_a_blocked_account_gets_no_line() {
    let story = with_mandate().because("Fraud").given(block("RABO"));
    story.when(debit("2026-02-01", "RABO")).then_refused(&["BANK_ACCOUNT_BLOCKED"]);
    story.given(unblock("RABO")).when(debit("2026-02-01", "RABO")).then(&["PaymentLineAdded"]);
}

#[test]
fn e1_43_d_11_a_mode_without_account_gets_none() {
    let with = AddPaymentLine { bank_account: Some("RABO".into()), ..transfer("2026-02-01") };
    with_mandate().when(with).then_refused(&["BANK_ACCOUNT_NOT_ALLOWED"]);
}

#[test]
fn e1_43_a_code_must_be_in_force_when_the_line_begins() {
    let ended = crate::code_list::ChangeCode {
        list: "TRANSACTION_MODE".into(),
        code: "CARD".into(),
        name: "Pinbetaling".into(),
        description: None,
        begin_date: None,
        end_date: Some("2026-03-31".into()),
        parent: None,
        properties: None,
    };
    let story = customer().given(ended);
    let card = |on: &str| AddPaymentLine { transaction_mode: "CARD".into(), ..transfer(on) };
    story.when(card("2026-03-31")).then(&["PaymentLineAdded"]);
    story.when(card("2026-04-01")).then_refused(&["CODE_NOT_IN_FORCE"]);
}

#[test]
fn e1_51_the_invoice_type_matches_the_mode() {
    let wrong = AddPaymentLine { invoice_type: "DIRECT_DEBIT_INVOICE".into(), ..transfer("2026-02-01") };
    let when = customer().when(wrong);
    assert_eq!(when.refusals()[0].problem().options, ["INVOICE", "PERIODIC_INVOICE"]);
    when.then_refused(&["INVOICE_TYPE_MISMATCH"]);
    let unknown = AddPaymentLine { invoice_type: "BILL".into(), ..transfer("2026-02-01") };
    customer().when(unknown).then_refused(&["UNKNOWN_CODE"]);
    let fits = AddPaymentLine { invoice_type: "periodic_invoice".into(), ..transfer("2026-02-01") };
    customer().when(fits).then(&["PaymentLineAdded"]);
    // A mode that an import brought matches nothing until somebody says what.
    let row = crate::code_list::ChangeCode {
        list: "TRANSACTION_MODE".into(),
        code: "ONL".into(),
        name: "Online".into(),
        description: None,
        begin_date: None,
        end_date: None,
        parent: None,
        properties: Some(Properties::default()),
    };
    let online = AddPaymentLine { transaction_mode: "ONL".into(), ..transfer("2026-02-01") };
    customer().given(row).when(online).then_refused(&["INVOICE_TYPE_MISMATCH"]);
}

// ---- open items

#[test]
fn e1_50_open_items_are_asked_when_an_account_is_chosen() {
    let silent = AddPaymentLine { open_items: None, ..debit("2026-02-01", "RABO") };
    let when = with_mandate().when(silent.clone());
    assert_eq!(when.refusals()[0].problem().prompt, Some(Prompt::AdjustOpenItems));
    let after = when.then_refused(&["CONFIRMATION_REQUIRED"]);
    assert!(after.customer(CustomerId(1)).payment_lines.is_empty());
    // Not before everything else is right.
    let wrong = AddPaymentLine { invoice_type: "INVOICE".into(), ..silent };
    with_mandate().when(wrong).then_refused(&["INVOICE_TYPE_MISMATCH"]);
}

#[test]
fn e1_50_none_adjusts_nothing_and_d_9_the_others_ask_the_ledger() {
    let after = with_mandate().when(debit("2026-02-01", "RABO")).then(&["PaymentLineAdded"]);
    assert_eq!(content(&after, 1).open_items, Some(OpenItems::None));
    for answer in [OpenItems::All, OpenItems::FromDate] {
        let when =
            with_mandate().when(AddPaymentLine { open_items: Some(answer), ..debit("2026-02-01", "RABO") });
        assert_eq!(when.events()[1].cause, Some(0));
        let after = when.then(&["PaymentLineAdded", "OpenItemsAdjustmentRequested"]);
        assert_eq!(content(&after, 1).open_items, Some(answer));
    }
}

#[test]
fn stored_numbers_of_open_items() {
    let numbers: Vec<_> = OpenItems::ALL.iter().map(|answer| (u8::from(*answer), answer.name())).collect();
    assert_eq!(numbers, [(1, "NONE"), (2, "ALL"), (3, "FROM_DATE")]);
}

// ---- mandates

#[test]
fn e1_52_golden_6_direct_debit_needs_a_mandate_on_its_account() {
    let story = customer().given(add("RABO", RABO)).given(add("ING", ING)).given(transfer("2026-01-15"));
    story.when(debit("2026-07-01", "RABO")).then_refused(&["MANDATE_REQUIRED"]);
    let first = AddPaymentLine { new_mandate: Some(new("m1", "2026-01-10")), ..debit("2026-07-01", "RABO") };
    let story = story.when(first).then(&["MandateCreated", "PaymentLineAdded"]);
    assert_eq!(content(&story, 2).mandate.as_deref(), Some("M1"));
    assert_eq!(
        (in_force(&story, "2026-06-30", None), in_force(&story, "2026-07-01", None)),
        (Some(1), Some(2))
    );
    // Another account: the old code is not for it, and without a new mandate nothing goes.
    story.when(named("M1", debit("2026-10-01", "ING"))).then_refused(&["MANDATE_FOR_OTHER_ACCOUNT"]);
    story.when(debit("2026-10-01", "ING")).then_refused(&["MANDATE_REQUIRED"]);
    let second = AddPaymentLine { new_mandate: Some(new("M2", "2026-01-12")), ..debit("2026-10-01", "ING") };
    let story = story.when(second).then(&["MandateCreated", "PaymentLineAdded"]);
    // D-30: back to the first account, whose mandate is still valid.
    let story = story.when(debit("2027-01-01", "RABO")).then(&["PaymentLineAdded"]);
    assert_eq!(content(&story, 4).mandate.as_deref(), Some("M1"));
}

#[test]
fn e1_52_the_newest_valid_mandate_is_taken() {
    let signed = |code: &str, on: &str| CreateMandate { signed_on: on.into(), ..mandate(code, "RABO") };
    let story = with_mandate().given(signed("M2", "2026-01-14")).given(signed("M3", "2026-01-12"));
    assert_eq!(content(&story.given(debit("2026-02-01", "RABO")), 1).mandate.as_deref(), Some("M2"));
    // Signed in time for this line.
    assert_eq!(content(&story.given(debit("2026-01-13", "RABO")), 1).mandate.as_deref(), Some("M3"));
    story.when(debit("2026-01-09", "RABO")).then_refused(&["MANDATE_REQUIRED"]);
    let revoked = story.because("x").given(revoke("M2"));
    assert_eq!(content(&revoked.given(debit("2026-02-01", "RABO")), 1).mandate.as_deref(), Some("M3"));
    // A named one goes before it.
    let named = revoked.given(named("m1", debit("2026-02-01", "RABO")));
    assert_eq!(content(&named, 1).mandate.as_deref(), Some("M1"));
}

#[test]
fn e1_52_a_one_off_mandate_is_taken_once() {
    let once = CreateMandate { kind: MandateType::OneOff, ..mandate("M9", "ING") };
    let story = with_mandate().given(once).given(debit("2026-02-01", "ING"));
    assert_eq!(content(&story, 1).mandate.as_deref(), Some("M9"));
    story.when(debit("2026-03-01", "ING")).then_refused(&["MANDATE_REQUIRED"]);
    // Nor by its name, for a new line or for another that is corrected.
    let again = story.when(named("M9", debit("2026-03-01", "ING")));
    assert_eq!(
        (again.fields(), again.problem().blocking[0].id.clone()),
        (vec!["mandate".into()], "1".into())
    );
    again.then_refused(&["MANDATE_REQUIRED"]);
    let corrected = |line| CorrectPaymentLine { line, content: named("M9", debit("2026-04-01", "ING")) };
    let other = story.given(transfer("2026-03-01"));
    other.clone().because("x").when(corrected(2)).then_refused(&["MANDATE_REQUIRED"]);
    other.because("x").when(corrected(1)).then(&["PaymentLineCorrected"]);
    // What was withdrawn has used nothing up.
    let withdrawn = story.because("x").given(WithdrawPaymentLine { customer: CustomerId(1).into(), line: 1 });
    withdrawn.when(named("M9", debit("2026-03-01", "ING"))).then(&["PaymentLineAdded"]);
}

#[test]
fn e1_52_a_new_mandate_is_checked_with_the_line() {
    let line = |new_mandate| AddPaymentLine { new_mandate: Some(new_mandate), ..debit("2026-01-15", "RABO") };
    with_mandate().when(line(new("M1", "2026-01-10"))).then_refused(&["MANDATE_CODE_EXISTS"]);
    with_mandate().when(line(new("M_2", ""))).then_refused(&["INVALID_MANDATE_CODE", "REQUIRED"]);
    let when = with_mandate().when(line(new(" ", "2026-01-16")));
    let fields: Vec<_> = when.refusals().iter().filter_map(|r| r.problem().field).collect();
    assert_eq!(fields, ["newMandate.code", "newMandate.signedOn"]);
    let after = when.then_refused(&["REQUIRED", "DATE_IN_FUTURE"]);
    assert_eq!(after.customer(CustomerId(1)).mandates.len(), 1);
    let both = named("M1", line(new("M2", "2026-01-10")));
    with_mandate().when(both).then_refused(&["MANDATE_GIVEN_TWICE"]);
    // Nothing of a refused line stays, not even its good mandate.
    let bad_line = AddPaymentLine { invoice_type: "INVOICE".into(), ..line(new("M2", "2026-01-10")) };
    let after = with_mandate().when(bad_line).then_refused(&["INVOICE_TYPE_MISMATCH"]);
    assert_eq!(after.customer(CustomerId(1)).mandates.len(), 1);
    // The same command again: the code is given out, and the date is taken.
    let good = line(new("M2", "2026-01-10"));
    let after = with_mandate().given(good.clone());
    after.when(good).then_refused(&["PAYMENT_LINE_EXISTS", "MANDATE_CODE_EXISTS"]);
}

#[test]
fn e1_52_a_mandate_must_be_signed_and_not_revoked() {
    let early = AddPaymentLine { new_mandate: Some(new("M2", "2026-01-10")), ..debit("2026-01-09", "RABO") };
    with_mandate().when(early).then_refused(&["MANDATE_NOT_IN_FORCE"]);
    with_mandate().when(named("M1", debit("2026-01-09", "RABO"))).then_refused(&["MANDATE_NOT_IN_FORCE"]);
    with_mandate().when(named("M1", debit("2026-01-10", "RABO"))).then(&["PaymentLineAdded"]);
    with_mandate().when(named("M7", debit("2026-02-01", "RABO"))).then_refused(&["NOT_FOUND"]);
    let revoked = with_mandate().because("x").given(revoke("M1"));
    revoked.when(named("M1", debit("2026-02-01", "RABO"))).then_refused(&["MANDATE_REVOKED"]);
    revoked.when(debit("2026-02-01", "RABO")).then_refused(&["MANDATE_REQUIRED"]);
}

#[test]
fn e1_53_back_to_a_mode_without_direct_debit_the_mandate_stays() {
    let story = with_mandate().given(debit("2026-01-15", "RABO"));
    let story = story.when(transfer("2026-02-01")).then(&["PaymentLineAdded"]);
    assert_eq!(story.customer(CustomerId(1)).mandates[0].revoked, None);
    story.when(named("M1", transfer("2026-03-01"))).then_refused(&["MANDATE_NOT_ALLOWED"]);
    let with_new = AddPaymentLine { new_mandate: Some(new("M2", "2026-01-10")), ..transfer("2026-03-01") };
    story.when(with_new).then_refused(&["MANDATE_NOT_ALLOWED"]);
    story.when(named(" ", transfer("2026-03-01"))).then(&["PaymentLineAdded"]);
}

// ---- corrections

#[test]
fn e1_54_a_line_is_corrected_for_a_reason() {
    let story = with_mandate().given(transfer("2026-02-01"));
    let wanted = correct(1, debit("2026-03-01", "RABO"));
    story.when(wanted.clone()).then_refused(&["REQUIRED"]);
    let when = story.because("Wrong form").when(wanted.clone());
    let crate::event::Event::Payment(Event::PaymentLineCorrected(event)) = &when.events()[0].event else {
        panic!("{:?}", when.events())
    };
    assert_eq!((event.before.effective, event.after.effective), (date("2026-02-01"), date("2026-03-01")));
    assert_eq!(event.reason, Personal::new(ContactId(1), "Wrong form".into()));
    let story = when.then(&["PaymentLineCorrected"]);
    let customer = story.customer(CustomerId(1));
    assert!(customer.payment_lines[0].corrected);
    assert_eq!(content(&story, 1).account.as_deref(), Some("RABO"));
    assert_eq!(in_force(&story, "2026-02-15", None), None);
    // The same again changes nothing.
    story.because("Wrong form").when(wanted).then_nothing();
}

#[test]
fn e1_54_a_correction_obeys_every_rule_of_a_line() {
    let story = with_mandate().given(transfer("2026-02-01")).given(transfer("2026-03-01"));
    let wrong = |content| story.clone().because("x").when(correct(1, content));
    wrong(transfer("2026-03-01")).then_refused(&["PAYMENT_LINE_EXISTS"]);
    wrong(transfer("2025-05-31")).then_refused(&["DATE_OUT_OF_RANGE"]);
    wrong(debit("2026-02-01", "ING")).then_refused(&["MANDATE_REQUIRED"]);
    wrong(AddPaymentLine { open_items: None, ..debit("2026-02-01", "RABO") })
        .then_refused(&["CONFIRMATION_REQUIRED"]);
    wrong(named("M1", debit("2026-02-01", "ING"))).then_refused(&["MANDATE_FOR_OTHER_ACCOUNT"]);
    assert_eq!(wrong(transfer("2025-12-01")).warnings(), ["EFFECTIVE_IN_PAST"]);
    let with_new =
        AddPaymentLine { new_mandate: Some(new("M2", "2026-01-10")), ..debit("2026-02-01", "ING") };
    wrong(with_new).then(&["MandateCreated", "PaymentLineCorrected"]);
    let all = AddPaymentLine { open_items: Some(OpenItems::All), ..debit("2026-02-01", "RABO") };
    wrong(all).then(&["PaymentLineCorrected", "OpenItemsAdjustmentRequested"]);
    story.clone().because("x").when(correct(9, transfer("2026-02-01"))).then_refused(&["NOT_FOUND"]);
    let may_not = story.clone().without(&[Permission::Write]).because("x");
    may_not.when(correct(1, transfer("2026-04-01"))).then_refused(&["FORBIDDEN"]);
}

#[test]
fn e1_54_a_corrected_line_keeps_its_mandate_and_a_blocked_account() {
    let newer = CreateMandate { signed_on: "2026-01-14".into(), ..mandate("M2", "RABO") };
    let story =
        with_mandate().given(debit("2026-02-01", "RABO")).given(newer).because("Fraud").given(block("RABO"));
    let story =
        story.because("x").when(correct(1, debit("2026-03-01", "RABO"))).then(&["PaymentLineCorrected"]);
    assert_eq!(content(&story, 1).mandate.as_deref(), Some("M1"));
    // A new line is a new use, and so is another account.
    story.when(debit("2026-04-01", "RABO")).then_refused(&["BANK_ACCOUNT_BLOCKED"]);
}

#[test]
fn e1_54_a_line_is_withdrawn_for_a_reason() {
    let story = customer().given(transfer("2026-01-15")).given(transfer("2026-02-01"));
    story.when(withdraw(2)).then_refused(&["REQUIRED"]);
    story.when(withdraw(9)).then_refused(&["NOT_FOUND", "REQUIRED"]);
    story.clone().without(&[Permission::Write]).because("x").when(withdraw(2)).then_refused(&["FORBIDDEN"]);
    let when = story.because("Never agreed").when(withdraw(2));
    assert!(when.warnings().is_empty());
    let story = when.then(&["PaymentLineWithdrawn"]);
    assert_eq!(in_force(&story, "2026-02-01", None), Some(1));
    assert_eq!(lines(&story.customer(CustomerId(1))).len(), 1);
    let story = story.because("Never agreed").when(withdraw(2)).then_nothing();
    story.because("x").when(correct(2, transfer("2026-03-01"))).then_refused(&["PAYMENT_LINE_WITHDRAWN"]);
}

#[test]
fn e1_54_the_last_line_may_go() {
    let when = customer().given(transfer("2026-01-15")).because("Never agreed").when(withdraw(1));
    assert_eq!(when.warnings(), ["NO_PAYMENT_DATA"]);
    let story = when.then(&["PaymentLineWithdrawn"]);
    assert_eq!(in_force(&story, "2026-02-01", None), None);
    // Numbers are never used again.
    let story = story.given(transfer("2026-01-15"));
    assert_eq!(story.customer(CustomerId(1)).payment_lines[1].id, 2);
}

#[test]
fn i5_no_line_with_a_revoked_mandate_counts_again() {
    // Debit since January, transfer since February; in March the mandate is revoked.
    let story =
        with_mandate().given(debit("2026-01-15", "RABO")).given(transfer("2026-02-01")).on(2026, 3, 1);
    let story = story.because("x").given(revoke("M1"));
    let when = story.clone().because("x").when(withdraw(2));
    assert_eq!(when.refusals()[0].problem().blocking[0].id, "1");
    when.then_refused(&["MANDATE_REVOKED"]);
    story.clone().because("x").when(correct(2, transfer("2026-04-01"))).then_refused(&["MANDATE_REVOKED"]);
    story
        .clone()
        .because("x")
        .when(correct(1, debit("2026-02-15", "RABO")))
        .then_refused(&["MANDATE_REVOKED"]);
    // What was debited in the past may still be put right.
    story.clone().because("x").when(correct(1, debit("2026-01-20", "RABO"))).then(&["PaymentLineCorrected"]);
    story.because("x").given(withdraw(1)).because("x").when(withdraw(2)).then(&["PaymentLineWithdrawn"]);
}

// ---- units

#[test]
fn e1_55_a_unit_line_wins_for_its_unit() {
    let story = with_mandate().given(transfer("2026-01-15"));
    let when = story.when(on_unit(" vhe-12 ", debit("2026-02-01", "RABO")));
    assert!(when.warnings().is_empty());
    // The same date for all units is another line, and a later one does not take the unit's place.
    let story = when.then(&["PaymentLineAdded"]).given(transfer("2026-02-01")).given(transfer("2026-06-01"));
    assert_eq!(in_force(&story, "2026-01-31", Some("VHE-12")), Some(1));
    assert_eq!(in_force(&story, "2026-07-01", Some("vhe-12")), Some(2));
    assert_eq!(in_force(&story, "2026-07-01", Some("VHE-13")), Some(4));
    assert_eq!(in_force(&story, "2026-07-01", None), Some(4));
    story.when(on_unit("VHE-12", transfer("2026-02-01"))).then_refused(&["PAYMENT_LINE_EXISTS"]);
    let customer = story.customer(CustomerId(1));
    assert_eq!(until(&customer, &customer.payment_lines[1]), None);
    let order: Vec<_> = lines(&customer).iter().map(|line| line.id).collect();
    assert_eq!(order, [1, 3, 2, 4]);
}

#[test]
fn e1_55_a_unit_that_is_not_let_to_the_customer_is_told() {
    let when = customer().when(on_unit("VHE-99", transfer("2026-02-01")));
    assert_eq!(when.warnings(), ["UNIT_NOT_LEASED"]);
    when.then(&["PaymentLineAdded"]);
    customer().when(on_unit("VHE 12", transfer("2026-02-01"))).then_refused(&["INVALID_TEXT"]);
}

// ---- laws

/// A story about customer 1, a few codes and a few days, so that commands meet each other.
#[derive(Clone, Debug)]
enum Step {
    /// Days only pass.
    Days(i64),
    Do(Box<Command>),
}

impl Step {
    fn does(command: impl Into<Command>) -> Self {
        Self::Do(Box::new(command.into()))
    }
}

fn any_line() -> impl Strategy<Value = AddPaymentLine> {
    let days =
        prop::sample::select(vec!["2026-01-09", "2026-01-20", "2026-02-01", "2026-02-10", "2026-03-01"]);
    let account = prop::sample::select(vec!["A", "A", "A", "B"]);
    let code = prop::option::weighted(0.3, prop::sample::select(vec!["M1", "M2", "M3"]));
    let new_mandate = prop::option::weighted(0.2, prop::sample::select(vec!["M1", "M2", "M3", "M4"]));
    // Now and then an account or an answer is missing, or too much.
    let odd = prop::bool::weighted(0.1);
    let answers = prop::option::weighted(0.9, prop::sample::select(vec![OpenItems::None, OpenItems::All]));
    (days, any::<bool>(), account, odd, code, new_mandate, prop::bool::weighted(0.3), answers).prop_map(
        |(day, debits, account, odd, code, new_mandate, unit, open_items)| AddPaymentLine {
            bank_account: (debits != odd).then(|| account.into()),
            mandate: code.filter(|_| debits).map(Into::into),
            new_mandate: new_mandate.filter(|_| debits).map(|code| new(code, "2026-01-12")),
            unit_no: unit.then(|| "VHE-12".into()),
            open_items,
            ..if debits { debit(day, "") } else { transfer(day) }
        },
    )
}

fn any_step() -> impl Strategy<Value = Step> {
    let account = || prop::sample::select(vec!["A", "B"]);
    let code = || prop::sample::select(vec!["M1", "M2", "M3"]);
    prop_oneof![
        1 => (1_i64..20).prop_map(Step::Days),
        1 => any::<bool>().prop_map(|a| Step::does(if a { add("A", RABO) } else { add("B", ING) })),
        1 => account().prop_map(|a| Step::does(block(a))),
        1 => account().prop_map(|a| Step::does(unblock(a))),
        2 => (code(), account()).prop_map(|(c, a)| Step::does(mandate(c, a))),
        2 => code().prop_map(|c| Step::does(revoke(c))),
        6 => any_line().prop_map(Step::does),
        4 => (1_u32..5, any_line()).prop_map(|(id, line)| Step::does(correct(id, line))),
        3 => (1_u32..5).prop_map(|id| Step::does(withdraw(id))),
    ]
}

/// I4 and I5, as of a day.
fn check_laws(customer: &Customer, today: Date) {
    let standing = lines(customer);
    for (at, line) in standing.iter().enumerate() {
        let key = |l: &PaymentLine| (l.content.unit.clone(), l.content.effective);
        assert!(!standing[..at].iter().any(|other| key(other) == key(line)), "I4: {line:?}");
        if line.content.mode == "DIRECT_DEBIT" {
            let mandate = line.content.mandate.as_ref().and_then(|code| customer.mandate(code)).expect("I5");
            assert_eq!(Some(&mandate.account), line.content.account.as_ref(), "I5: {line:?}");
            assert!(mandate.signed_on <= line.content.effective, "I5: {line:?}");
        } else {
            assert_eq!((&line.content.account, &line.content.mandate), (&None, &None));
        }
    }
    for line in live(&customer.payment_lines, today) {
        let mandate = line.content.mandate.as_ref().and_then(|code| customer.mandate(code));
        assert!(mandate.is_none_or(|mandate| mandate.revoked.is_none()), "revoked, but counts: {line:?}");
    }
    for (at, line) in customer.payment_lines.iter().enumerate() {
        assert_eq!(usize::try_from(line.id).unwrap(), at + 1, "numbers are given out once");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn i4_i5_hold_after_every_story(steps in prop::collection::vec(any_step(), 1..40)) {
        let mut world = customer().given(add("A", RABO)).given(mandate("M1", "A")).world;
        let mut folded = (*world.customer(CustomerId(1)).unwrap()).clone();
        let mut ctx = Context {
            now: Utc.with_ymd_and_hms(2026, 1, 15, 12, 0, 0).unwrap(),
            position: Position(100),
            actor: Actor::with_all("tester"),
            reason: Some("law".into()),
            expected_version: None,
            confirm: BTreeSet::new(),
        };
        for step in steps {
            match step {
                Step::Days(days) => ctx.now += TimeDelta::days(days),
                Step::Do(command) => {
                    let Ok(decision) = decide(&world, &ctx, &command) else { continue };
                    for recorded in &decision.events {
                        let stored = recorded.event.stored();
                        let bytes = recorded.event.payload().unwrap();
                        let read = crate::event::Event::read(CODEC, stored.tag, stored.version, &bytes);
                        prop_assert_eq!(read.as_ref(), Ok(&recorded.event), "comes back from disk");
                        folded.evolve(At { position: ctx.position, time_us: 0 }, &recorded.event);
                    }
                    world.apply(ctx.position, &decision);
                    ctx.position.0 += 1;
                    prop_assert_eq!(&folded, &*world.customer(CustomerId(1)).unwrap(), "replay gives the same state");
                    let again = decide(&world, &ctx, &command).map(|decision| decision.events).unwrap_or_default();
                    prop_assert!(again.is_empty(), "deciding twice: {again:?}");
                }
            }
            check_laws(&folded, ctx.today());
        }
    }
}
