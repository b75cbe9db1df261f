//! Bank accounts, row by row.

use super::*;
use crate::address::{AddressInput, ChangeCorrespondenceAddress, TypedAddress};
use crate::channel::OwnerRef;
use crate::customer::tests::{customer, date};
use crate::ids::Position;
use crate::payment::tests::{debit, mandate};
use crate::testing::Scenario;
use chrono::Datelike;
use proptest::prelude::*;

const ABN: &str = "NL91 abna 0417 1643 00";
const ING: &str = "NL20INGB0001234567";

/// An account of customer 1 whose holder does not follow the customer's address.
pub(crate) fn add(code: &str, iban: &str) -> AddBankAccount {
    AddBankAccount {
        customer: CustomerId(1).into(),
        code: code.into(),
        iban: iban.into(),
        holder_name: None,
        bic: None,
        sync_holder_address: Some(false),
    }
}

fn following(code: &str, iban: &str) -> AddBankAccount {
    AddBankAccount { sync_holder_address: Some(true), ..add(code, iban) }
}

fn sync(code: &str, on: bool) -> SetHolderAddressSync {
    SetHolderAddressSync { customer: CustomerId(1).into(), code: code.into(), on }
}

pub(crate) fn block(code: &str) -> BlockBankAccount {
    BlockBankAccount { customer: CustomerId(1).into(), code: code.into() }
}

pub(crate) fn unblock(code: &str) -> UnblockBankAccount {
    UnblockBankAccount { customer: CustomerId(1).into(), code: code.into() }
}

/// Household 1 moves to a house of this street.
fn moves(street: &str, from: Option<&str>) -> ChangeCorrespondenceAddress {
    ChangeCorrespondenceAddress {
        owner: OwnerRef::Contact(ContactId(1).into()),
        address: AddressInput::Typed(TypedAddress {
            street: street.into(),
            house_no: Some(31),
            postcode: Some("3077AW".into()),
            city: "Rotterdam".into(),
            ..TypedAddress::default()
        }),
        effective_date: from.map(Into::into),
    }
}

fn account(story: &Scenario, code: &str) -> BankAccount {
    story.customer(CustomerId(1)).account(code).unwrap().clone()
}

/// The street of the holder's address on a date.
fn holder_street(story: &Scenario, code: &str, on: &str) -> Option<String> {
    account(story, code).holder_address.on(date(on)).map(|address| address.street.clone())
}

/// The street of the customer's correspondence address on a date.
fn street(story: &Scenario, on: &str) -> Option<String> {
    story.contact(ContactId(1)).correspondence.on(date(on)).map(|address| address.street.clone())
}

#[test]
fn e1_45_an_account_gets_a_code_and_the_rest_by_itself() {
    let after = customer().when(add(" abn ", ABN)).then(&["BankAccountAdded", "HolderAddressSyncSet"]);
    let added = BankAccount {
        code: "ABN".into(),
        iban: "NL91ABNA0417164300".into(),
        bic: Some("ABNANL2A".into()),
        holder_name: "A. Bakker".into(),
        sync_holder_address: false,
        sync_answered: Some(date("2026-01-15")),
        holder_address: Timeline::default(),
        blocked: None,
    };
    assert_eq!(after.customer(CustomerId(1)).accounts, [added]);
}

#[test]
fn e1_45_holder_and_bic_may_be_given() {
    let given = AddBankAccount {
        holder_name: Some(" C.  de Vries ".into()),
        bic: Some("ingb nl 2a".into()),
        ..add("ING", ING)
    };
    let when = customer().when(given.clone());
    assert!(when.warnings().is_empty());
    let after = when.then(&["BankAccountAdded", "HolderAddressSyncSet"]);
    let ing = account(&after, "ING");
    assert_eq!((ing.holder_name.as_str(), ing.bic.as_deref()), ("C. de Vries", Some("INGBNL2A")));
    // A typed BIC goes before the derived one, and says so.
    let when = customer().when(AddBankAccount { bic: Some("RABONL2U".into()), ..given });
    assert_eq!(when.warnings(), ["BIC_DIFFERS_FROM_IBAN"]);
    let after = when.then(&["BankAccountAdded", "HolderAddressSyncSet"]);
    assert_eq!(account(&after, "ING").bic.as_deref(), Some("RABONL2U"));
    // Abroad no BIC is known; blank is left out.
    let abroad = AddBankAccount {
        bic: Some(" ".into()),
        holder_name: Some(String::new()),
        ..add("BE", "BE68539007547034")
    };
    let be = account(&customer().given(abroad), "BE");
    assert_eq!((be.holder_name.as_str(), be.bic), ("A. Bakker", None));
}

#[test]
fn e1_45_personal_data_is_the_contacts() {
    let when = customer().when(following("ABN", ABN));
    let crate::event::Event::BankAccount(Event::BankAccountAdded(added)) = &when.events()[0].event else {
        panic!("{:?}", when.events())
    };
    assert_eq!((added.iban.subject, added.holder_name.subject), (ContactId(1), ContactId(1)));
}

#[test]
fn e1_45_the_code_is_unique_at_the_customer_in_any_case() {
    let story = customer().given(add("ABN", ABN));
    story.when(add("abn", ING)).then_refused(&["BANK_CODE_EXISTS"]);
}

#[test]
fn e1_45_an_iban_stands_once_at_a_customer() {
    let story = customer().given(add("ABN", ABN));
    let when = story.when(add("ABN2", "NL91ABNA0417164300"));
    assert!(!when.refusals()[0].problem().to_string().contains("0417164300"));
    when.then_refused(&["IBAN_EXISTS"]);
    // Adding twice what was accepted is refused for both reasons.
    story.when(add("ABN", ABN)).then_refused(&["BANK_CODE_EXISTS", "IBAN_EXISTS"]);
}

#[test]
fn e1_45_a_bad_iban_tells_why() {
    for (iban, why) in [
        ("NL91ABNA041716430", "LENGTH"),
        ("XX91ABNA0417164300", "COUNTRY"),
        ("NL92ABNA0417164300", "CHECKSUM"),
    ] {
        let when = customer().when(add("ABN", iban));
        assert_eq!(when.refusals()[0].problem().hint.as_deref(), Some(why), "{iban}");
        when.then_refused(&["INVALID_IBAN"]);
    }
}

#[test]
fn e1_45_all_that_is_wrong_is_told_at_once_and_nothing_is_asked() {
    let wrong = AddBankAccount {
        holder_name: Some("x".repeat(101)),
        bic: Some("ING".into()),
        sync_holder_address: None,
        ..add(" ", " ")
    };
    let after = customer().when(wrong).then_refused(&["REQUIRED", "REQUIRED", "INVALID_BIC", "TOO_LONG"]);
    assert!(after.customer(CustomerId(1)).accounts.is_empty());
    let long = add(&"A".repeat(21), ABN);
    customer().when(long).then_refused(&["TOO_LONG"]);
    customer().when(add("ABN\u{202E}", ABN)).then_refused(&["INVALID_TEXT"]);
    let nobody = AddBankAccount { customer: CustomerRef::Number("CU9".into()), ..add("ABN", ABN) };
    customer().when(nobody).then_refused(&["NOT_FOUND"]);
    customer().without(&[Permission::Write]).when(add("ABN", ABN)).then_refused(&["FORBIDDEN"]);
    customer().expecting(1).when(add("ABN", ABN)).then_refused(&["VERSION_CONFLICT"]);
}

#[test]
fn e1_46_without_an_answer_the_question_is_asked() {
    let when = customer().when(AddBankAccount { sync_holder_address: None, ..add("ABN", ABN) });
    assert_eq!(when.refusals()[0].problem().prompt, Some(Prompt::SyncHolderAddress));
    let after = when.then_refused(&["CONFIRMATION_REQUIRED"]);
    assert!(after.customer(CustomerId(1)).accounts.is_empty());
}

#[test]
fn e1_46_d_12_at_yes_the_current_address_is_taken() {
    let story = customer().given(moves("Boterdiep", Some("2025-07-01")));
    let when = story.when(following("ABN", ABN));
    let causes: Vec<_> = when.events().iter().map(|r| r.cause).collect();
    assert_eq!(causes, [None, None, Some(1)]);
    let after = when.then(&["BankAccountAdded", "HolderAddressSyncSet", "AccountHolderAddressSynced"]);
    assert!(account(&after, "ABN").sync_holder_address);
    assert_eq!(holder_street(&after, "ABN", "2026-01-15").as_deref(), Some("Boterdiep"));
    assert_eq!(holder_street(&after, "ABN", "2026-01-14"), None, "not retroactive");
}

#[test]
fn e1_46_at_yes_a_customer_without_address_copies_none() {
    let after = customer().when(following("ABN", ABN)).then(&["BankAccountAdded", "HolderAddressSyncSet"]);
    let after = after.when(moves("Boterdiep", None));
    let after = after.then(&["CorrespondenceAddressChanged", "AccountHolderAddressSynced"]);
    assert_eq!(holder_street(&after, "ABN", "2026-01-15").as_deref(), Some("Boterdiep"));
}

#[test]
fn e1_46_a_move_that_is_planned_at_yes_is_still_to_come() {
    let story = customer().given(moves("Boterdiep", None)).given(moves("Maashaven", Some("2026-03-01")));
    let copied = [
        "BankAccountAdded",
        "HolderAddressSyncSet",
        "AccountHolderAddressSynced",
        "AccountHolderAddressSynced",
    ];
    let after = story.when(following("ABN", ABN)).then(&copied);
    assert_eq!(holder_street(&after, "ABN", "2026-02-28").as_deref(), Some("Boterdiep"));
    assert_eq!(holder_street(&after, "ABN", "2026-03-01").as_deref(), Some("Maashaven"));
}

#[test]
fn e1_23_a_move_is_copied_to_the_accounts_that_follow_with_the_same_date() {
    let story = customer().given(following("X", ABN)).given(add("Y", ING));
    let when = story.when(moves("Boterdiep", Some("2026-02-01")));
    assert_eq!(when.events()[1].cause, Some(0));
    let after = when.then(&["CorrespondenceAddressChanged", "AccountHolderAddressSynced"]);
    assert_eq!(holder_street(&after, "X", "2026-01-31"), None);
    assert_eq!(holder_street(&after, "X", "2026-02-01").as_deref(), Some("Boterdiep"));
    assert_eq!(holder_street(&after, "Y", "2026-02-01"), None);
    // A contact without customer has no holders.
    let own = ChangeCorrespondenceAddress {
        owner: OwnerRef::Contact(ContactId(2).into()),
        ..moves("Maashaven", None)
    };
    after.when(own).then(&["CorrespondenceAddressChanged"]);
}

#[test]
fn e1_23_every_account_that_follows_gets_its_own_event() {
    let story = customer().given(following("X", ABN)).given(following("Y", ING));
    let after = story.when(moves("Boterdiep", None));
    after.then(&["CorrespondenceAddressChanged", "AccountHolderAddressSynced", "AccountHolderAddressSynced"]);
}

#[test]
fn e1_46_a_change_as_of_an_earlier_date_reaches_back_to_yes_and_no_further() {
    let story = customer().given(moves("Boterdiep", Some("2025-07-01"))).given(following("ABN", ABN));
    // It still holds on the day of "yes": from then on the holder has it.
    let after = story.when(moves("Maashaven", Some("2025-12-01")));
    let after = after.then(&["CorrespondenceAddressChanged", "AccountHolderAddressSynced"]);
    assert_eq!(holder_street(&after, "ABN", "2026-01-14"), None);
    assert_eq!(holder_street(&after, "ABN", "2026-01-15").as_deref(), Some("Maashaven"));
    // It held for a while before: nothing to copy.
    let after = after.when(moves("Kade", Some("2025-09-01"))).then(&["CorrespondenceAddressChanged"]);
    assert_eq!(holder_street(&after, "ABN", "2026-01-15"), street(&after, "2026-01-15"));
}

#[test]
fn e1_47_switching_off_keeps_the_address_and_on_again_takes_the_current_one() {
    let story = customer().given(moves("Boterdiep", None)).given(following("ABN", ABN));
    let off = story.when(sync("abn", false)).then(&["HolderAddressSyncSet"]);
    let moved = off.on(2026, 2, 1).when(moves("Maashaven", None)).then(&["CorrespondenceAddressChanged"]);
    assert_eq!(holder_street(&moved, "ABN", "2026-02-01").as_deref(), Some("Boterdiep"));
    let on = moved.on(2026, 3, 1).when(sync("ABN", true));
    let on = on.then(&["HolderAddressSyncSet", "AccountHolderAddressSynced"]);
    assert_eq!(holder_street(&on, "ABN", "2026-02-28").as_deref(), Some("Boterdiep"));
    assert_eq!(holder_street(&on, "ABN", "2026-03-01").as_deref(), Some("Maashaven"));
    // Off and on within a day: the address stands there already.
    let again = on.given(sync("ABN", false)).when(sync("ABN", true)).then(&["HolderAddressSyncSet"]);
    again.when(sync("ABN", true)).then_nothing();
}

#[test]
fn e1_47_bad_input() {
    let story = customer().given(add("ABN", ABN));
    story.when(sync("ABN", false)).then_nothing();
    story.when(sync("ING", true)).then_refused(&["NOT_FOUND"]);
    story.when(sync("", true)).then_refused(&["REQUIRED"]);
    story.clone().without(&[Permission::Write]).when(sync("ABN", true)).then_refused(&["FORBIDDEN"]);
}

#[test]
fn e1_43_an_account_is_blocked_for_a_reason() {
    let story = customer().given(add("ABN", ABN));
    story.when(block("ABN")).then_refused(&["REQUIRED"]);
    let when = story.clone().because(" Fraud ").when(block("abn"));
    assert!(when.warnings().is_empty());
    let blocked = when.then(&["BankAccountBlocked"]);
    assert_eq!(account(&blocked, "ABN").blocked.as_deref(), Some("Fraud"));
    let blocked = blocked.because("Fraud").when(block("ABN")).then_nothing();
    let blocked = blocked.because("Court order").when(block("ABN")).then(&["BankAccountBlocked"]);
    let free = blocked.when(unblock("ABN")).then(&["BankAccountUnblocked"]);
    assert_eq!(account(&free, "ABN").blocked, None);
    free.when(unblock("ABN")).then_nothing();
}

#[test]
fn e1_43_blocking_bad_input() {
    let story = customer().given(add("ABN", ABN));
    story.when(block("ING")).then_refused(&["NOT_FOUND", "REQUIRED"]);
    story.clone().because(&"x".repeat(1001)).when(block("ABN")).then_refused(&["TOO_LONG"]);
    story.when(unblock("ING")).then_refused(&["NOT_FOUND"]);
    story.clone().without(&[Permission::Write]).because("x").when(block("ABN")).then_refused(&["FORBIDDEN"]);
    story.clone().without(&[Permission::Write]).when(unblock("ABN")).then_refused(&["FORBIDDEN"]);
}

#[test]
fn e1_43_whoever_blocks_an_account_in_use_is_told() {
    let story =
        customer().given(add("ABN", ABN)).given(mandate("M1", "ABN")).given(debit("2026-02-01", "ABN"));
    let when = story.because("Fraud").when(block("ABN"));
    assert_eq!(when.warnings(), ["BANK_ACCOUNT_IN_USE"]);
    when.then(&["BankAccountBlocked"]);
}

#[test]
fn erased_values_fold_to_nothing() {
    let customer_id = CustomerId(1);
    let erased = || Personal::<String> { subject: ContactId(1), value: None };
    let mut customer = Customer::new(customer_id);
    let code = || "ABN".to_owned();
    let at = crate::ids::At { position: Position(1), time_us: 0 };
    let synced = AccountHolderAddressSynced {
        customer: customer_id,
        code: code(),
        from: date("2026-01-15"),
        address: Personal { subject: ContactId(1), value: None },
    };
    let events: [crate::event::Event; 3] = [
        BankAccountAdded {
            customer: customer_id,
            code: code(),
            iban: erased(),
            bic: None,
            holder_name: erased(),
        }
        .into(),
        synced.into(),
        BankAccountBlocked { customer: customer_id, code: code(), reason: erased() }.into(),
    ];
    for event in &events {
        customer.evolve(at, event);
    }
    let account = &customer.accounts[0];
    assert_eq!((account.iban.as_str(), account.holder_name.as_str()), ("", ""));
    assert!(account.holder_address.is_empty());
    assert!(account.blocked.is_some(), "still blocked, nobody knows why");
}

proptest! {
    /// Whatever moves, planned or told late, and however often it is switched: while the holder follows, its address
    /// is the customer's on every day from "yes" on; and what was valid before "yes" stays.
    #[test]
    fn e1_46_a_holder_that_follows_has_the_customers_address(
        steps in prop::collection::vec((0_u8..3, 0_i32..60, prop::sample::select(vec!["A", "B", "C"])), 1..25),
    ) {
        let start = date("2026-01-15");
        let day = |days: i32| Date::from_days(start.days() - 20 + days).unwrap();
        let mut story = customer().given(add("ABN", ABN));
        let mut today = start;
        for (what, days, name) in steps {
            let before = account(&story, "ABN");
            let since = before.sync_answered.unwrap();
            story = match what {
                0 => {
                    today = today.max(day(days));
                    let (y, m, d) = (today.naive().year(), today.naive().month(), today.naive().day());
                    story.on(y, m, d)
                }
                1 => story.given(moves(name, Some(&day(days).to_string()))),
                _ => story.given(sync("ABN", days % 2 == 0)),
            };
            let after = account(&story, "ABN");
            let correspondence = &story.contact(ContactId(1)).correspondence;
            let answered = after.sync_answered.unwrap();
            for on in (0..60).map(day) {
                if after.sync_holder_address && on >= answered {
                    prop_assert_eq!(after.holder_address.on(on), correspondence.on(on), "on {}", on);
                }
                if on < since || (on < answered && answered != since) {
                    prop_assert_eq!(after.holder_address.on(on), before.holder_address.on(on), "on {}", on);
                }
            }
        }
    }
}
