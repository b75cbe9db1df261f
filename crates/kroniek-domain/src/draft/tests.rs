//! What every command carries and how it is refused (§1.2, §1.3).

use super::*;
use crate::contact::{ChangePersonName, CreateContact};
use crate::customer::tests::{customer, new_contact};
use crate::death::CorrectDeath;
use crate::role::tests::{A, C, HOUSEHOLD, couple, died, remove};
use crate::testing::{MemoryWorld, Scenario};
use chrono::TimeZone;

fn rename(person: ContactRef, surname: &str) -> ChangePersonName {
    ChangePersonName { person, name: None, initials: None, infix: None, surname: Some(surname.into()) }
}

fn context() -> Context {
    Context {
        now: Utc.with_ymd_and_hms(2026, 1, 15, 22, 59, 59).unwrap(),
        position: Position(7),
        actor: Actor::with_all("tester"),
        reason: None,
        expected_version: None,
        confirm: BTreeSet::new(),
    }
}

/// What a check refuses, and what it reads.
fn checked<T>(reason: Option<&str>, check: impl FnOnce(&mut Draft<'_>) -> T) -> (T, Vec<&'static str>) {
    let (world, ctx) = (MemoryWorld::default(), Context { reason: reason.map(Into::into), ..context() });
    let mut draft = Draft::new(&world, &ctx);
    let read = check(&mut draft);
    let codes = match draft.finish(Ok(())) {
        Ok(_) => vec![],
        Err(refusals) => refusals.iter().map(Refusal::code).collect(),
    };
    (read, codes)
}

#[test]
fn section_1_2_the_version_is_that_of_the_addressed_entity() {
    // Person 2 was made by commit 1; commits 2 and 3 named its household only.
    let story = couple();
    story
        .clone()
        .expecting(1)
        .when(rename(A.into(), "Bos"))
        .then(&["PersonNameChanged", "HouseholdNameChanged"]);
    let when = story.clone().expecting(3).when(rename(A.into(), "Bos"));
    let problem = when.problem();
    assert_eq!(
        (problem.field.as_deref(), problem.entity),
        (Some("expectedVersion"), Some(EntityId::Contact(A)))
    );
    assert!(problem.message.contains("version 1, not 3"), "{}", problem.message);
    when.then_refused(&["VERSION_CONFLICT"]);
    // A change of the household by its contractant is a change of the household.
    let story = story.given(rename(A.into(), "Bos"));
    let renamed = crate::role::ShowFirst { household: HOUSEHOLD.into(), person: C.into() };
    story.clone().expecting(3).when(renamed.clone()).then_refused(&["VERSION_CONFLICT"]);
    story.expecting(4).when(renamed).then(&["ShownFirstChanged", "HouseholdNameChanged"]);
}

#[test]
fn section_1_2_all_field_errors_come_together() {
    let wrong = CreateContact {
        number: Some("A B".into()),
        name: Some("x".into()),
        initials: Some("1".into()),
        surname: Some(" ".into()),
        salutation: Some("??".into()),
        ..new_contact(Kind::Person)
    };
    let when = Scenario::new().when(wrong);
    assert_eq!(when.fields(), ["name", "number", "initials", "surname", "salutation"]);
    let codes = ["NAME_IS_DERIVED", "INVALID_TEXT", "INVALID_TEXT", "REQUIRED", "INVALID_TEXT"];
    let story = when.then_refused(&codes);
    assert_eq!(story.world.contacts().count(), 0);
}

#[test]
fn section_1_2_a_question_is_asked_only_when_nothing_else_refuses() {
    let story = customer();
    story.when(remove(HOUSEHOLD, 1)).then_refused(&["LAST_CONTRACTANT"]);
    couple().when(remove(HOUSEHOLD, 2)).then_refused(&["CONFIRMATION_REQUIRED"]);
    let both = |d: &mut Draft<'_>| {
        d.ask(Prompt::RemoveRoleLine, None);
        d.refuse(General::Required("field"));
        d.confirmed(Prompt::AddressMismatch, None)
    };
    assert_eq!(checked(None, both), (false, vec!["REQUIRED"]));
    let questions = |d: &mut Draft<'_>| {
        d.ask(Prompt::RemoveRoleLine, None);
        d.confirmed(Prompt::AddressMismatch, None);
        d.stop_if_refused()
    };
    assert_eq!(checked(None, questions), (Err(Refused), vec!["CONFIRMATION_REQUIRED"; 2]));
}

#[test]
fn section_1_2_only_the_question_that_is_meant_is_answered() {
    let story = couple().confirming(Prompt::AddressMismatch);
    story.when(remove(HOUSEHOLD, 2)).then_refused(&["CONFIRMATION_REQUIRED"]);
    couple().confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 2)).then(&["RoleRemoved"]);
}

#[test]
#[allow(
    clippy::redundant_closure_for_method_calls,
    reason = "the method is not general enough in its lifetimes"
)]
fn section_1_2_a_reason_has_limits() {
    let read = |reason: Option<&str>| checked(reason, |d| d.reason());
    assert_eq!(read(Some("  Typed\r\nwrongly ")), (Some("Typed\nwrongly".into()), vec![]));
    assert_eq!(read(None), (None, vec!["REQUIRED"]));
    assert_eq!(read(Some(" \n ")), (None, vec!["REQUIRED"]));
    assert_eq!(read(Some("\u{7}")), (None, vec!["INVALID_TEXT"]));
    assert_eq!(read(Some(&"é".repeat(REASON_LIMIT))).1, [""; 0]);
    assert_eq!(read(Some(&"é".repeat(REASON_LIMIT + 1))), (None, vec!["TOO_LONG"]));
    let alive = CorrectDeath { person: A.into(), date_of_death: None };
    couple().given(died(A, false)).because(" ").when(alive).then_refused(&["REQUIRED"]);
}

#[test]
fn section_1_3_a_date_says_what_is_wrong_with_it() {
    let past = |raw: &'static str| checked(None, |d| d.past_date("field", raw)).1;
    assert_eq!(past(" 2026-01-15 "), [""; 0]);
    assert_eq!(past("2026-01-16"), ["DATE_IN_FUTURE"]);
    assert_eq!(past("2026-02-29"), ["INVALID_DATE"]);
    assert_eq!(past("0000-01-01"), ["DATE_OUT_OF_RANGE"]);
    assert_eq!(past(""), ["REQUIRED"]);
    let (today, none) = checked(None, |d| d.date_or_today("field", None));
    assert_eq!((today, none), (Some(context().today()), vec![]));
}

#[test]
fn section_1_2_today_is_in_amsterdam() {
    let (world, ctx) = (MemoryWorld::default(), context());
    assert_eq!(Draft::new(&world, &ctx).today().to_string(), "2026-01-15");
    let ctx = Context { now: ctx.now + chrono::TimeDelta::seconds(1), ..ctx };
    assert_eq!(Draft::new(&world, &ctx).today().to_string(), "2026-01-16");
}

#[test]
fn section_1_3_a_code_is_of_the_list_and_in_force() {
    let code = |raw: &'static str| checked(None, |d| d.code("field", "ROLE", raw, d.today()));
    assert_eq!(code(" child "), (Some("CHILD".into()), vec![]));
    assert_eq!(code("NEPHEW").1, ["UNKNOWN_CODE"]);
    assert_eq!(code("").1, ["REQUIRED"]);
    assert_eq!(code("A B").1, ["INVALID_TEXT"]);
    assert_eq!(code("ABCDEFGHIJKLMNOPQRSTU").1, ["TOO_LONG"]);
    assert_eq!(checked(None, |d| d.code("field", "NO_LIST", "X", d.today())).1, ["UNKNOWN_CODE"]);
}

#[test]
fn section_1_3_an_optional_text_may_be_blank() {
    let read = |raw: Option<&'static str>| {
        let raw = raw.map(str::to_owned);
        checked(None, |d| d.optional_text("field", raw.as_ref(), |raw| values::line(raw, 3)))
    };
    assert_eq!(read(None), (Some(None), vec![]));
    assert_eq!(read(Some(" ")), (Some(None), vec![]));
    assert_eq!(read(Some(" ab ")), (Some(Some("ab".into())), vec![]));
    assert_eq!(read(Some("abcd")), (None, vec!["TOO_LONG"]));
    assert_eq!(read(Some("a\0")), (None, vec!["INVALID_TEXT"]));
}

#[test]
fn section_1_3_an_id_or_a_number_names_a_contact() {
    let story = couple();
    for number in ["CT000003", " ct000003 "] {
        story.when(rename(ContactRef::Number(number.into()), "Bos")).then(&["PersonNameChanged"]);
    }
    for nobody in [
        ContactRef::Id(ContactId(9)),
        ContactRef::Number("CT000009".into()),
        ContactRef::Number(String::new()),
    ] {
        let when = story.when(rename(nobody, "Bos"));
        assert_eq!(when.fields(), ["personId"]);
        when.then_refused(&["NOT_FOUND"]);
    }
    story.when(rename(HOUSEHOLD.into(), "Bos")).then_refused(&["NOT_A_PERSON"]);
    for number in ["CU000001", "cu000001"] {
        let party = PartyRef::Customer(CustomerRef::Number(number.into()));
        let command = crate::role::SetPortalCoupling { party, line: 1, on: true };
        story.when(command).then(&["PortalCouplingSet"]);
    }
}

#[test]
fn what_a_draft_records_it_sees() {
    let (world, ctx) = (customer().world, context());
    let mut draft = Draft::new(&world, &ctx);
    assert_eq!(draft.next_contact(), (ContactId(3), "CT000003".into()));
    assert_eq!(draft.next_contact(), (ContactId(4), "CT000004".into()));
    assert_eq!(draft.next_customer(), (CustomerId(2), "CU000002".into()));
    draft.record_with(
        crate::death::DeathRecorded {
            person: A,
            date: crate::Personal { subject: A, value: None },
            answers: vec![],
        },
        |d| {
            assert!(d.contact(A).is_some_and(|person| person.deceased()));
            d.record_with(crate::personal_data::SalutationChanged { contact: A, code: None }, |d| {
                d.record(crate::personal_data::SalutationChanged { contact: A, code: Some("DHR".into()) });
            });
            d.record(crate::personal_data::SalutationChanged { contact: A, code: None });
        },
    );
    draft.record(crate::personal_data::SalutationChanged { contact: A, code: None });
    let decision = draft.finish(Ok(())).unwrap();
    let causes: Vec<_> = decision.events.iter().map(|recorded| recorded.cause).collect();
    assert_eq!(causes, [None, Some(0), Some(1), Some(0), None]);
    assert_eq!(decision.changes.contacts.len(), 1);
}

#[test]
fn a_decision_without_events_warns_of_nothing() {
    let (world, ctx) = (customer().world, context());
    let mut draft = Draft::new(&world, &ctx);
    draft.warn("CODE", "message", None);
    assert!(draft.finish(Ok(())).unwrap().warnings.is_empty());
}

/// §1.1: a number that does not say whose it is may be either one; both name the same.
#[test]
fn section_1_1_a_contact_number_and_a_customer_number_name_the_same() {
    let story = customer();
    let (world, ctx) = (&story.world, context());
    let mut d = Draft::new(world, &ctx);
    for number in ["CT000001", "cu000001 "] {
        let number = || number.to_owned();
        let contact = d.find_contact("parentNo", &ContactRef::Number(number())).unwrap();
        let customer = d.find_customer("clientNo", &CustomerRef::Number(number())).unwrap();
        assert_eq!((contact.id, customer.id), (HOUSEHOLD, CustomerId(1)), "{}", number());
    }
    // A contact without a customer is none.
    d.find_contact("personNo", &ContactRef::Number("CT000002".into())).unwrap();
    assert_eq!(d.find_customer("personNo", &CustomerRef::Number("CT000002".into())), Err(Refused));
    assert_eq!(d.find_contact("personNo", &ContactRef::Number("CU000002".into())), Err(Refused));
    let refused = d.finish(Ok(())).unwrap_err();
    assert_eq!(refused.iter().map(Refusal::code).collect::<Vec<_>>(), ["NOT_FOUND", "NOT_FOUND"]);
}
