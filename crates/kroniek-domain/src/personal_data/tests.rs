//! Rows E1-35, E1-39, E1-40, E2-14 and E2-15; D-32.

use super::*;
use crate::contact::CreateContact;
use crate::customer::tests::{date, new_contact};
use crate::leader::CoupleToLeader;
use crate::registration::tests::{CLIENT, PERSON, office};
use crate::role::tests::{A, C, HOUSEHOLD, couple, died};
use crate::testing::Scenario;

const BSN: &str = "111222333";

fn keep(person: ContactId) -> ChangePersonalData {
    ChangePersonalData {
        person: person.into(),
        birth_date: Change::Keep,
        bsn: Change::Keep,
        gender: Change::Keep,
        salutation: Change::Keep,
    }
}

fn set(text: &str) -> Change<String> {
    Change::Set(text.into())
}

fn salute(contact: ContactId, code: Option<&str>) -> SetSalutation {
    SetSalutation { contact: contact.into(), code: code.map(Into::into) }
}

fn with_company() -> Scenario {
    couple().given(CreateContact { company_name: Some("Smit B.V.".into()), ..new_contact(Kind::Company) })
}

#[test]
fn e1_39_personal_data_needs_its_right_and_the_refusal_tells_nothing() {
    let story = couple().given(ChangePersonalData { bsn: set(BSN), ..keep(A) });
    let command = ChangePersonalData { bsn: set(BSN), birth_date: set("2999-01-01"), ..keep(C) };
    for rights in [&[Permission::Write][..], &[Permission::SensitiveRead], &[Permission::Read]] {
        story.clone().with_only(rights).when(command.clone()).then_refused(&["FORBIDDEN"]);
        story.clone().with_only(rights).when(salute(C, Some("DHR"))).then_refused(&["FORBIDDEN"]);
    }
    let allowed = story.with_only(&[Permission::SensitiveWrite]);
    allowed.when(command).then_refused(&["DATE_IN_FUTURE", "BSN_IN_USE"]);
}

#[test]
fn e1_40_the_fields_are_changed_together() {
    let all = ChangePersonalData {
        birth_date: set("1950-05-05"),
        bsn: set("111.222.333"),
        gender: set(" m "),
        salutation: set("dhr"),
        ..keep(A)
    };
    let when = couple().when(all.clone());
    assert_eq!(when.warnings(), [""; 0]);
    let story = when.then(&["PersonalDataChanged", "SalutationChanged"]);
    let person = story.contact(A);
    assert_eq!((person.birth, person.bsn.as_deref()), (Some(date("1950-05-05")), Some(BSN)));
    assert_eq!((person.gender, person.salutation.as_deref()), (Some(Gender::Male), Some("DHR")));
    let story = story.when(all).then_nothing().when(keep(A)).then_nothing();
    let cleared = ChangePersonalData { bsn: Change::Clear, salutation: Change::Clear, ..keep(A) };
    let story = story.when(cleared).then(&["PersonalDataChanged", "SalutationChanged"]);
    let person = story.contact(A);
    assert_eq!((person.birth, &person.bsn), (Some(date("1950-05-05")), &None), "what is kept is kept");
    assert_eq!((person.gender, &person.salutation), (Some(Gender::Male), &None));
    let cleared = ChangePersonalData { birth_date: Change::Clear, gender: Change::Clear, ..keep(A) };
    let story = story.given(cleared);
    assert_eq!((story.contact(A).birth, story.contact(A).gender), (None, None));
}

#[test]
fn e1_40_a_bsn_has_nine_digits_and_passes_the_test() {
    for wrong in ["111222334", "000000000", "12345678", "1234567890", "", "11122233X"] {
        let when = couple().when(ChangePersonalData { bsn: set(wrong), ..keep(A) });
        assert_eq!(when.fields(), ["bsn"]);
        when.then_refused(&["INVALID_BSN"]);
    }
}

#[test]
fn e1_40_a_bsn_is_one_persons_within_a_leader_group() {
    let story = couple().given(ChangePersonalData { bsn: set(BSN), ..keep(A) });
    let when = story.when(ChangePersonalData { bsn: set(BSN), ..keep(C) });
    assert_eq!(when.problem().entity, Some(EntityId::Contact(A)));
    assert!(!when.problem().message.contains(BSN));
    when.then_refused(&["BSN_IN_USE"]);
    story.when(ChangePersonalData { bsn: set(BSN), ..keep(A) }).then_nothing();
    // A follower and its leader are the same human.
    let story = office().given(ChangePersonalData { bsn: set(BSN), ..keep(CLIENT) });
    story.when(ChangePersonalData { bsn: set(BSN), ..keep(PERSON) }).then_refused(&["BSN_IN_USE"]);
    let linked = story.given(CoupleToLeader { follower: PERSON.into(), leader: CLIENT.into() });
    linked.when(ChangePersonalData { bsn: set(BSN), ..keep(PERSON) }).then(&["PersonalDataChanged"]);
    // And it is free again when it is cleared.
    let story = story.given(ChangePersonalData { bsn: Change::Clear, ..keep(CLIENT) });
    story.when(ChangePersonalData { bsn: set(BSN), ..keep(PERSON) }).then(&["PersonalDataChanged"]);
}

#[test]
fn e1_40_all_that_is_wrong_is_told_at_once() {
    let wrong = ChangePersonalData {
        birth_date: set("2026-01-16"),
        bsn: set("1"),
        gender: set("X"),
        salutation: set("SIRE"),
        ..keep(A)
    };
    let when = couple().when(wrong);
    assert_eq!(when.fields(), ["birthDate", "bsn", "gender", "salutation"]);
    when.then_refused(&["DATE_IN_FUTURE", "INVALID_BSN", "UNKNOWN_CODE", "UNKNOWN_CODE"]);
    for (birth, code) in [("", "REQUIRED"), ("5-5-1950", "INVALID_DATE"), ("1799-12-31", "DATE_OUT_OF_RANGE")]
    {
        couple().when(ChangePersonalData { birth_date: set(birth), ..keep(A) }).then_refused(&[code]);
    }
    couple()
        .when(ChangePersonalData { birth_date: set("2026-01-15"), ..keep(A) })
        .then(&["PersonalDataChanged"]);
    couple().when(keep(HOUSEHOLD)).then_refused(&["NOT_A_PERSON"]);
    couple().when(keep(ContactId(9))).then_refused(&["NOT_FOUND"]);
    couple().expecting(2).when(keep(A)).then_refused(&["VERSION_CONFLICT"]);
}

#[test]
fn e1_40_nobody_is_born_after_dying() {
    let story = couple().given(died(C, false));
    let when = story.when(ChangePersonalData { birth_date: set("2026-01-13"), ..keep(C) });
    assert_eq!(when.fields(), ["birthDate"]);
    when.then_refused(&["DEATH_BEFORE_BIRTH"]);
    story
        .when(ChangePersonalData { birth_date: set("2026-01-12"), ..keep(C) })
        .then(&["PersonalDataChanged"]);
}

#[test]
fn e1_40_a_salutation_that_does_not_fit_the_gender_is_pointed_out() {
    let story = couple().given(ChangePersonalData { gender: set("V"), ..keep(A) });
    let when = story.when(salute(A, Some("DHR")));
    assert_eq!(when.warnings(), ["SALUTATION_GENDER"]);
    let story = when.then(&["SalutationChanged"]);
    assert_eq!(story.when(ChangePersonalData { gender: set("O"), ..keep(A) }).warnings(), [""; 0]);
    let madam = ChangePersonalData { gender: set("M"), salutation: set("MEVR"), ..keep(A) };
    assert_eq!(story.when(madam).warnings(), ["SALUTATION_GENDER"]);
    assert_eq!(story.when(salute(A, Some("NEUTRAL"))).warnings(), [""; 0]);
}

#[test]
fn e2_15_a_company_is_addressed_neutrally() {
    let story = with_company();
    let company = ContactId(4);
    story.when(salute(company, Some("BLANCO"))).then_nothing();
    for code in [Some("DHR"), Some("NEUTRAL"), Some("HEIRS_OF"), None] {
        let when = story.when(salute(company, code));
        assert_eq!(when.fields().len(), 1);
        when.then_refused(&["SALUTATION_NOT_ALLOWED"]);
    }
}

#[test]
fn d_32_the_salutation_is_written_with_the_right_only() {
    let story = couple();
    story
        .clone()
        .without(&[Permission::SensitiveWrite])
        .when(salute(A, Some("DHR")))
        .then_refused(&["FORBIDDEN"]);
    let story = story
        .with_only(&[Permission::SensitiveWrite])
        .when(salute(A, Some("DHR")))
        .then(&["SalutationChanged"]);
    let story = story.when(salute(A, Some("dhr"))).then_nothing();
    let story = story.when(salute(A, None)).then(&["SalutationChanged"]);
    story.when(salute(A, None)).then_nothing();
    story.when(salute(A, Some(" "))).then_refused(&["REQUIRED"]);
    story.when(salute(ContactId(9), None)).then_refused(&["NOT_FOUND"]);
    // A household has one too.
    story.when(salute(HOUSEHOLD, Some("BLANCO"))).then(&["SalutationChanged"]);
}

#[test]
fn the_codes_of_genders_are_those_of_vera() {
    let codes: Vec<_> = Gender::ALL.iter().map(|gender| gender.code()).collect();
    assert_eq!(codes, ["M", "V", "O"]);
}
