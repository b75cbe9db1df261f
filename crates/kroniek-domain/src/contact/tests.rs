//! Rows E1-09, E1-13, E1-15, E1-27 and E2-06 … E2-16; D-14.

use super::*;
use crate::address::tests::{looked_up, with_table};
use crate::channel;
use crate::channel::tests::{mail, mobile};
use crate::code_list::ChangeCode;
use crate::customer::tests::{activate, customer, household, new_contact};
use crate::ids::{CustomerId, PartyRef, Position};
use crate::leader::{CoupleToLeader, SetMailPreference};
use crate::problem::Prompt;
use crate::registration::tests::{CLIENT, PERSON, office};
use crate::role::tests::{A, C, HOUSEHOLD, add, couple, known, new, remove, show, someone};
use crate::role::{RemoveRole, ShowFirst};
use crate::testing::Scenario;

#[allow(clippy::unnecessary_wraps, reason = "the fields that it fills are options")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn lives(person: NewPerson, role_code: &str) -> NewPersonRole {
    NewPersonRole { person, role_code: role_code.into(), begin_date: None }
}

fn company(name: &str) -> CreateContact {
    CreateContact { company_name: some(name), ..new_contact(Kind::Company) }
}

fn with_person(role_code: &str) -> CreateContact {
    CreateContact {
        person: Some(lives(someone("A.", "", "Bakker"), role_code)),
        ..new_contact(Kind::Household)
    }
}

fn rename(person: ContactId) -> ChangePersonName {
    ChangePersonName { person: person.into(), name: None, initials: None, infix: None, surname: None }
}

fn own_name(contact: ContactId) -> ChangeContactName {
    ChangeContactName {
        contact: contact.into(),
        name: None,
        initials: None,
        infix: None,
        surname: None,
        company_name: None,
    }
}

fn make(kind: Kind) -> ChangeContactKind {
    ChangeContactKind { contact: ContactId(1).into(), kind }
}

// ---- creating (E2-06 … E2-16)

#[test]
fn e2_07_a_natural_persons_household_comes_with_its_person() {
    let when = Scenario::new().when(with_person("CONTRACTANT"));
    assert_eq!(when.causes(), [None, None, None, Some(2), Some(3)]);
    let events =
        ["ContactCreated", "ContactCreated", "RoleAdded", "ShownFirstChanged", "HouseholdNameChanged"];
    let story = when.then(&events);
    let household = story.contact(HOUSEHOLD);
    assert_eq!(
        (household.kind, household.name.as_str(), household.shown_first),
        (Kind::Household, "A. Bakker", Some(A))
    );
    assert_eq!(household.created.position, Position(1));
    assert_eq!((story.contact(A).kind, story.contact(A).number.as_str()), (Kind::Person, "CT000002"));
    let alone = CreateContact { surname: some("Bakker"), ..new_contact(Kind::Household) };
    Scenario::new().when(alone).then_refused(&["PERSON_REQUIRED"]);
}

#[test]
fn e2_07_a_legal_entity_may_come_with_a_contact_person() {
    let with = |role: &str| CreateContact {
        person: Some(lives(someone("A.", "", "Bakker"), role)),
        ..company("Smit B.V.")
    };
    let events = ["ContactCreated", "SalutationChanged", "ContactCreated", "RoleAdded"];
    let story = Scenario::new().when(with("DIRECTOR")).then(&events);
    assert_eq!(story.contact(HOUSEHOLD).lines[0].person, A);
    Scenario::new().when(with("CONTRACTANT")).then_refused(&["CONTRACTANT_NEEDS_HOUSEHOLD"]);
    // A person comes with nobody.
    let person =
        CreateContact { person: with("CHILD").person, surname: some("Smit"), ..new_contact(Kind::Person) };
    Scenario::new().when(person).then_refused(&["KIND_NOT_ALLOWED"]);
}

#[test]
fn e2_08_a_number_comes_from_the_series() {
    let story = Scenario::new().given(company("Een")).given(company("Twee"));
    assert_eq!(story.contact(ContactId(2)).number, "CT000002");
    let numbered = |number: &str| CreateContact { number: some(number), ..company("Drie") };
    let story = story.given(numbered(" x-7 "));
    assert_eq!(story.contact(ContactId(3)).number, "X-7");
    for taken in ["X-7", "x-7", "ct000001"] {
        let when = story.when(numbered(taken));
        assert_eq!(when.fields(), ["number"]);
        when.then_refused(&["NUMBER_TAKEN"]);
    }
    story.when(numbered("x 7")).then_refused(&["INVALID_TEXT"]);
    story.when(numbered(&"7".repeat(21))).then_refused(&["TOO_LONG"]);
    let story = story.given(numbered(" "));
    assert_eq!(story.contact(ContactId(4)).number, "CT000004");
}

#[test]
fn e2_08_the_series_steps_around_numbers_that_are_taken() {
    let story = Scenario::new().given(CreateContact { number: some("CT000002"), ..company("Een") });
    let story = story.given(company("Twee"));
    assert_eq!(story.contact(ContactId(2)).number, "CT1000000002");
    // Also within one commit: the person that comes along does not get the household's number.
    let story =
        Scenario::new().given(CreateContact { number: some("CT000002"), ..with_person("CONTRACTANT") });
    assert_eq!(story.contact(HOUSEHOLD).number, "CT000002");
    assert_eq!(story.contact(A).number, "CT1000000002");
}

#[test]
fn e2_09_a_persons_name_is_derived_from_its_parts() {
    let person = CreateContact {
        initials: some("jp"),
        infix: some(" Van  Der "),
        surname: some(" Janssen-Çelik "),
        ..new_contact(Kind::Person)
    };
    let story = Scenario::new().when(person).then(&["ContactCreated"]);
    let it = story.contact(HOUSEHOLD);
    assert_eq!(it.name, "J.P. van der Janssen-Çelik");
    let parts =
        NameParts { initials: "J.P.".into(), infix: "van der".into(), surname: "Janssen-Çelik".into() };
    assert_eq!((&it.parts, it.names.len()), (&parts, 1));
}

#[test]
fn e2_09_bad_names() {
    let person = |surname: &str| CreateContact { surname: some(surname), ..new_contact(Kind::Person) };
    let cases = [
        ("", "REQUIRED"),
        (" \t", "REQUIRED"),
        ("Jan7", "INVALID_TEXT"),
        ("Jan\u{7}", "INVALID_TEXT"),
        ("'", "INVALID_TEXT"),
    ];
    for (surname, code) in cases {
        let when = Scenario::new().when(person(surname));
        assert_eq!(when.fields(), ["surname"]);
        when.then_refused(&[code]);
    }
    Scenario::new().when(person(&"x".repeat(31))).then_refused(&["TOO_LONG"]);
    Scenario::new().when(new_contact(Kind::Person)).then_refused(&["REQUIRED"]);
    let typed = CreateContact { name: some("J. Jansen"), ..person("Jansen") };
    let when = Scenario::new().when(typed);
    assert_eq!(when.fields(), ["name"]);
    when.then_refused(&["NAME_IS_DERIVED"]);
    let wrong = CreateContact { initials: some("1"), infix: some("2"), ..person("3") };
    Scenario::new().when(wrong).then_refused(&["INVALID_TEXT"; 3]);
    let named = CreateContact { company_name: some("Smit B.V."), ..person("Smit") };
    Scenario::new().when(named).then_refused(&["KIND_NOT_ALLOWED"]);
}

#[test]
fn e2_10_a_household_has_a_name_of_its_own_until_a_contractant_lends_it_one() {
    let own = CreateContact { initials: some("F"), surname: some("Familie"), ..with_person("CHILD") };
    let story = Scenario::new().given(own);
    assert_eq!(story.contact(HOUSEHOLD).name, "F. Familie");
    let lent = CreateContact { surname: some("Familie"), ..with_person("CONTRACTANT") };
    let events =
        ["ContactCreated", "ContactCreated", "RoleAdded", "ShownFirstChanged", "HouseholdNameChanged"];
    let story = Scenario::new().when(lent).then(&events);
    assert_eq!(story.contact(HOUSEHOLD).name, "A. Bakker");
    // Nobody lends it a name, and it has none of its own.
    Scenario::new().when(with_person("CHILD")).then_refused(&["REQUIRED"]);
    let half = CreateContact { initials: some("F"), ..with_person("CONTRACTANT") };
    Scenario::new().when(half).then_refused(&["REQUIRED"]);
}

#[test]
fn e1_27_a_household_without_a_name_of_its_own_keeps_the_last_one_it_was_lent() {
    // The person's name is the person's data: it is lent by an event that says whose it is, never copied.
    let story = Scenario::new().given(with_person("CONTRACTANT"));
    assert_eq!(story.contact(HOUSEHOLD).parts, NameParts::default());
    assert_eq!(story.contact(HOUSEHOLD).named_after, A);
    let removal = RemoveRole { party: PartyRef::Contact(HOUSEHOLD.into()), line: 1 };
    let story =
        story.confirming(Prompt::RemoveRoleLine).when(removal).then(&["RoleRemoved", "ShownFirstChanged"]);
    assert_eq!(story.contact(HOUSEHOLD).name, "A. Bakker");
}

#[test]
fn e2_11_e2_12_address_and_channels_come_along() {
    let command = CreateContact {
        address: Some(looked_up("3077AW31")),
        phones: vec![mobile("0612345678")],
        emails: vec![mail(channel::Detail::Business, "info@smit.nl")],
        ..company("Smit B.V.")
    };
    let events = [
        "ContactCreated",
        "SalutationChanged",
        "ChannelAdded",
        "ChannelAdded",
        "CorrespondenceAddressChanged",
    ];
    let story = with_table(Scenario::new()).when(command.clone()).then(&events);
    assert_eq!(story.contact(HOUSEHOLD).channels.len(), 2);
    assert_eq!(story.contact(HOUSEHOLD).correspondence.entries()[0].1.street, "Boterdiep");
    let wrong = CreateContact {
        address: Some(looked_up("3077")),
        phones: vec![mobile("1")],
        emails: vec![mail(channel::Detail::Business, "x")],
        ..command
    };
    let when = Scenario::new().when(wrong);
    assert_eq!(when.fields(), ["address", "phones[0].value", "emails[0].value"]);
    when.then_refused(&["INVALID_POSTCODE", "INVALID_PHONE", "INVALID_EMAIL"]);
}

#[test]
fn e2_13_a_person_is_made_in_a_household() {
    let command = |role: &str| CreatePersonInHousehold {
        household: HOUSEHOLD.into(),
        person: lives(someone("C.", "de", "Vries"), role),
    };
    let story = customer().when(command("CO_OCCUPANT")).then(&["ContactCreated", "RoleAdded"]);
    assert_eq!(story.contact(HOUSEHOLD).lines[1].person, C);
    let when = customer().when(command(" "));
    assert_eq!(when.fields(), ["roleCode"]);
    when.then_refused(&["REQUIRED"]);
    customer().when(command("NEPHEW")).then_refused(&["UNKNOWN_CODE"]);
    customer().without(&[Permission::Write]).when(command("CHILD")).then_refused(&["FORBIDDEN"]);
    customer().expecting(1).when(command("CHILD")).then_refused(&["VERSION_CONFLICT"]);
    let nowhere = CreatePersonInHousehold { household: ContactId(9).into(), ..command("CHILD") };
    customer().when(nowhere).then_refused(&["NOT_FOUND"]);
    // A fault of the holder does not hide a fault of the person.
    let wrong =
        CreatePersonInHousehold { household: A.into(), person: lives(someone("A.", "", "7"), "CHILD") };
    customer().when(wrong).then_refused(&["PARENT_TYPE_NOT_ALLOWED", "INVALID_TEXT"]);
}

#[test]
fn e2_14_personal_data_comes_along_with_its_own_right() {
    let full = NewPerson {
        birth_date: some("1980-01-01"),
        salutation: some("MEVR"),
        bsn: some("111222333"),
        gender: some("V"),
        phones: vec![mobile("0612345678")],
        emails: vec![mail(channel::Detail::Private, "c@vries.nl")],
        ..someone("C.", "de", "Vries")
    };
    let command =
        CreatePersonInHousehold { household: HOUSEHOLD.into(), person: lives(full.clone(), "CHILD") };
    let events = [
        "ContactCreated",
        "ChannelAdded",
        "ChannelAdded",
        "PersonalDataChanged",
        "SalutationChanged",
        "RoleAdded",
    ];
    let story = customer().when(command.clone()).then(&events);
    assert_eq!(story.contact(C).bsn.as_deref(), Some("111222333"));
    assert_eq!(story.contact(C).salutation.as_deref(), Some("MEVR"));
    customer().without(&[Permission::SensitiveWrite]).when(command.clone()).then_refused(&["FORBIDDEN"]);
    // The checks are those of E1-40.
    story.when(command).then_refused(&["BSN_IN_USE"]);
    let wrong = NewPerson {
        birth_date: some("2999-01-01"),
        salutation: some("HEIRS_OF"),
        bsn: some("1"),
        gender: some("?"),
        ..full.clone()
    };
    let command = CreatePersonInHousehold { household: HOUSEHOLD.into(), person: lives(wrong, "CHILD") };
    customer().when(command).then_refused(&[
        "DATE_IN_FUTURE",
        "INVALID_BSN",
        "UNKNOWN_CODE",
        "SALUTATION_NEEDS_DEATH",
    ]);
    let odd = NewPerson { salutation: some("DHR"), ..full };
    let when =
        customer().when(CreatePersonInHousehold { household: HOUSEHOLD.into(), person: lives(odd, "CHILD") });
    assert_eq!(when.warnings(), ["SALUTATION_GENDER"]);
}

#[test]
fn e2_15_a_company_has_a_name_and_the_neutral_salutation() {
    let story = Scenario::new().without(&[Permission::SensitiveWrite]).when(company(" 3M  Nederland "));
    let story = story.then(&["ContactCreated", "SalutationChanged"]);
    let it = story.contact(HOUSEHOLD);
    assert_eq!((it.name.as_str(), it.salutation.as_deref()), ("3M Nederland", Some("BLANCO")));
    let when = Scenario::new().when(CreateContact { initials: some("J"), ..company("Smit") });
    assert_eq!(when.fields(), ["initials"]);
    when.then_refused(&["COMPANY_HAS_NO_INITIALS"]);
    let when =
        Scenario::new().when(CreateContact { infix: some("de"), surname: some("Smit"), ..company("Smit") });
    assert_eq!(when.fields(), ["infix", "surname"], "what was typed");
    when.then_refused(&["COMPANY_HAS_NO_INITIALS"; 2]);
    Scenario::new()
        .when(CreateContact { salutation: some("DHR"), ..company("Smit") })
        .then_refused(&["SALUTATION_NOT_ALLOWED"]);
    Scenario::new()
        .when(CreateContact { salutation: some("blanco"), ..company("Smit") })
        .then(&["ContactCreated", "SalutationChanged"]);
    Scenario::new().when(company(" ")).then_refused(&["REQUIRED"]);
    Scenario::new().when(company(&"x".repeat(101))).then_refused(&["TOO_LONG"]);
    // A form sends empty texts for what was left alone.
    Scenario::new()
        .when(CreateContact { initials: some(" "), ..company("Smit") })
        .then(&["ContactCreated", "SalutationChanged"]);
}

#[test]
fn e2_16_nothing_is_half_saved() {
    let wrong = CreateContact { person: Some(lives(someone("A.", "", "Bakker"), "??")), ..company("Smit") };
    let story = Scenario::new().when(wrong).then_refused(&["INVALID_TEXT"]);
    assert_eq!(story.world.contacts().count(), 0);
    Scenario::new().without(&[Permission::Write]).when(company("Smit")).then_refused(&["FORBIDDEN"]);
}

// ---- names that change (E1-13, E1-15, E1-27)

#[test]
fn e1_13_the_parts_of_a_name_are_changed_one_by_one() {
    let story =
        couple().when(ChangePersonName { initials: some("c.m."), ..rename(C) }).then(&["PersonNameChanged"]);
    assert_eq!(story.contact(C).name, "C.M. de Vries");
    let story = story.given(ChangePersonName { infix: some(""), surname: some("Bos"), ..rename(C) });
    assert_eq!(story.contact(C).name, "C.M. Bos");
    let names: Vec<_> = story.contact(C).names.iter().map(|past| past.name.clone()).collect();
    assert_eq!(names, ["C. de Vries", "C.M. de Vries", "C.M. Bos"]);
    let story = story.when(rename(C)).then_nothing();
    story.when(ChangePersonName { surname: some(" Bos "), ..rename(C) }).then_nothing();
}

#[test]
fn e1_13_bad_input() {
    let story = couple();
    story.when(ChangePersonName { surname: some(""), ..rename(C) }).then_refused(&["REQUIRED"]);
    story.when(ChangePersonName { surname: some("B0s"), ..rename(C) }).then_refused(&["INVALID_TEXT"]);
    let typed = ChangePersonName { name: some("C. Bos"), initials: some("?"), ..rename(C) };
    story.when(typed).then_refused(&["NAME_IS_DERIVED", "INVALID_TEXT"]);
    story.when(rename(HOUSEHOLD)).then_refused(&["NOT_A_PERSON"]);
    story.when(rename(ContactId(9))).then_refused(&["NOT_FOUND"]);
    story.clone().without(&[Permission::Write]).when(rename(C)).then_refused(&["FORBIDDEN"]);
    story.expecting(1).when(rename(C)).then_refused(&["VERSION_CONFLICT"]);
    let story = office().given(CoupleToLeader { follower: PERSON.into(), leader: CLIENT.into() });
    let follower = ChangePersonName { name: some("x"), surname: some("Bos"), ..rename(PERSON) };
    story.when(follower).then_refused(&["NAME_IS_DERIVED", "FIELD_FOLLOWS_LEADER"]);
}

#[test]
fn e1_15_a_household_is_called_as_its_first_contractant() {
    let when = couple().when(ChangePersonName { surname: some("Bos"), ..rename(A) });
    assert_eq!(when.causes(), [None, Some(0)]);
    let story = when.then(&["PersonNameChanged", "HouseholdNameChanged"]);
    assert_eq!(story.contact(HOUSEHOLD).name, "A. Bos");
    // Every household that shows the person first.
    let story = story
        .given(CreateContact {
            person: Some(lives(someone("P.", "", "Pieters"), "CHILD")),
            surname: some("Pieters"),
            ..new_contact(Kind::Household)
        })
        .given(add(ContactId(4), known(A), "CONTRACTANT"));
    let events = ["PersonNameChanged", "HouseholdNameChanged", "HouseholdNameChanged"];
    let story = story.when(ChangePersonName { surname: some("Bakker"), ..rename(A) }).then(&events);
    assert_eq!(story.contact(ContactId(4)).name, "A. Bakker");
}

#[test]
fn e1_27_a_lent_name_cannot_be_typed() {
    let story = couple();
    let when = story.when(ChangeContactName { surname: some("Bos"), ..own_name(HOUSEHOLD) });
    assert!(when.problem().message.contains("the contractant shown first"));
    when.then_refused(&["NAME_IS_DERIVED"]);
    let when = story.when(own_name(A));
    assert!(when.problem().message.contains("changePersonName"));
    when.then_refused(&["KIND_NOT_ALLOWED"]);
    story.when(own_name(ContactId(9))).then_refused(&["NOT_FOUND"]);
    story.clone().without(&[Permission::Write]).when(own_name(HOUSEHOLD)).then_refused(&["FORBIDDEN"]);
}

#[test]
fn e1_27_a_household_without_contractants_has_its_own_name() {
    let story = Scenario::new().given(CreateContact { surname: some("Familie"), ..with_person("CHILD") });
    let when = story.when(ChangeContactName { surname: some("Bos"), ..own_name(HOUSEHOLD) });
    assert_eq!(when.causes(), [None, Some(0)]);
    let story = when.then(&["OwnNameChanged", "HouseholdNameChanged"]);
    assert_eq!(story.contact(HOUSEHOLD).name, "Bos");
    let story = story.when(own_name(HOUSEHOLD)).then_nothing();
    story
        .when(ChangeContactName { name: some("Bos"), ..own_name(HOUSEHOLD) })
        .then_refused(&["NAME_IS_DERIVED"]);
    story
        .when(ChangeContactName { company_name: some("Bos"), ..own_name(HOUSEHOLD) })
        .then_refused(&["KIND_NOT_ALLOWED"]);
    story.when(ChangeContactName { surname: some(""), ..own_name(HOUSEHOLD) }).then_refused(&["REQUIRED"]);
}

#[test]
fn e1_27_the_name_comes_back_when_the_last_contractant_leaves() {
    let own = CreateContact { surname: some("Familie"), ..with_person("CONTRACTANT") };
    let story = Scenario::new().given(own).confirming(Prompt::RemoveRoleLine);
    let when = story.when(remove(HOUSEHOLD, 1));
    assert_eq!(when.causes(), [None, Some(0), Some(1)]);
    let story = when.then(&["RoleRemoved", "ShownFirstChanged", "HouseholdNameChanged"]);
    let it = story.contact(HOUSEHOLD);
    assert_eq!((it.name.as_str(), it.named_after), ("Familie", HOUSEHOLD));
}

#[test]
fn e2_15_a_company_changes_its_own_name() {
    let story = Scenario::new().given(company("Smit"));
    let story = story.when(ChangeContactName { company_name: some("Smit B.V."), ..own_name(HOUSEHOLD) });
    let story = story.then(&["OwnNameChanged"]);
    assert_eq!(story.contact(HOUSEHOLD).name, "Smit B.V.");
    let story = story.when(own_name(HOUSEHOLD)).then_nothing();
    story
        .when(ChangeContactName { company_name: some(""), ..own_name(HOUSEHOLD) })
        .then_refused(&["REQUIRED"]);
    let personal = ChangeContactName { infix: some("de"), ..own_name(HOUSEHOLD) };
    let when = story.when(personal);
    assert_eq!(when.fields(), ["infix"]);
    when.then_refused(&["COMPANY_HAS_NO_INITIALS"]);
}

// ---- the kind (E2-10, D-14)

#[test]
fn e2_10_d_14_the_kind_changes_only_before_use() {
    let story = Scenario::new().given(company("Familie Bos"));
    let story = story.when(make(Kind::Household)).then(&["ContactKindChanged"]);
    let it = story.contact(HOUSEHOLD);
    assert_eq!((it.kind, it.name.as_str(), &it.salutation), (Kind::Household, "Familie Bos", &None));
    let story = story.when(make(Kind::Household)).then_nothing();
    story.when(make(Kind::Person)).then_refused(&["KIND_IS_FIXED"]);
    let when = story.when(make(Kind::Company));
    assert_eq!(when.causes(), [None, Some(0)]);
    let back = when.then(&["ContactKindChanged", "SalutationChanged"]);
    let it = back.contact(HOUSEHOLD);
    assert_eq!((it.company_name.as_str(), it.salutation.as_deref()), ("Familie Bos", Some("BLANCO")));
    // A household does not choose by which mail it is reached; what the company chose ends with it (A1-18).
    let chosen = back.given(SetMailPreference { contact: HOUSEHOLD.into(), preference: "BUSINESS".into() });
    let when = chosen.when(make(Kind::Household));
    assert_eq!(when.causes(), [None, Some(0)]);
    let then = when.then(&["ContactKindChanged", "MailPreferenceSet"]);
    assert_eq!(then.contact(HOUSEHOLD).mail_preference, MailPreference::Private);
    // Used: a role, one that ended, or a customer.
    let role = story.given(add(HOUSEHOLD, new("A.", "", "Bos"), "CHILD"));
    let when = role.when(make(Kind::Company));
    assert!(when.problem().message.ends_with("contact moments: make a new contact instead."));
    when.then_refused(&["KIND_IS_FIXED"]);
    let ended = role.confirming(Prompt::RemoveRoleLine).given(remove(HOUSEHOLD, 1));
    ended.when(make(Kind::Company)).then_refused(&["KIND_IS_FIXED"]);
    let rents = back.given(activate(1));
    assert_eq!(rents.contact(HOUSEHOLD).customer, Some(CustomerId(1)));
    rents.when(make(Kind::Household)).then_refused(&["KIND_IS_FIXED"]);
    let person = ChangeContactKind { contact: A.into(), kind: Kind::Household };
    household().when(person).then_refused(&["KIND_IS_FIXED"]);
    back.clone().without(&[Permission::Write]).when(make(Kind::Household)).then_refused(&["FORBIDDEN"]);
    back.when(ChangeContactKind { contact: ContactId(9).into(), kind: Kind::Company })
        .then_refused(&["NOT_FOUND"]);
}

// ---- numbers of a company (§1.1)

fn numbers() -> ChangeCompanyData {
    ChangeCompanyData { contact: HOUSEHOLD.into(), kvk: None, rsin: None, vat_id: None, legal_form: None }
}

#[test]
fn section_1_1_a_company_has_its_numbers() {
    let all = ChangeCompanyData {
        kvk: some("12 34 56 78"),
        rsin: some("123456782"),
        vat_id: some("nl123456782b01"),
        legal_form: some("bv"),
        ..numbers()
    };
    let story = Scenario::new().given(company("Smit")).when(all.clone()).then(&["CompanyDataChanged"]);
    let it = story.contact(HOUSEHOLD);
    assert_eq!((it.rsin.as_deref(), it.legal_form.as_deref()), (Some("123456782"), Some("BV")));
    assert!(it.kvk.is_some() && it.vat_id.is_some());
    let story = story.when(all).then_nothing().when(numbers()).then_nothing();
    let cleared = ChangeCompanyData { kvk: some(" "), legal_form: some(""), ..numbers() };
    let story = story.when(cleared).then(&["CompanyDataChanged"]);
    assert_eq!((&story.contact(HOUSEHOLD).kvk, &story.contact(HOUSEHOLD).legal_form), (&None, &None));
    assert!(story.contact(HOUSEHOLD).rsin.is_some());
}

#[test]
fn section_1_1_bad_numbers_are_told_at_once() {
    let wrong = ChangeCompanyData {
        kvk: some("1"),
        rsin: some("123456789"),
        vat_id: some("NL1"),
        legal_form: some("CULT"),
        ..numbers()
    };
    let story = Scenario::new().given(company("Smit"));
    let when = story.when(wrong);
    assert_eq!(when.fields(), ["kvk", "rsin", "vatId", "legalForm"]);
    when.then_refused(&["INVALID_KVK", "INVALID_RSIN", "INVALID_VAT_ID", "UNKNOWN_CODE"]);
    let old = ChangeCode {
        list: "LEGAL_FORM".into(),
        code: "VOF".into(),
        name: "VOF".into(),
        description: None,
        begin_date: None,
        end_date: some("2025-12-31"),
        parent: None,
        properties: None,
    };
    story
        .given(old)
        .when(ChangeCompanyData { legal_form: some("VOF"), ..numbers() })
        .then_refused(&["CODE_NOT_IN_FORCE"]);
    couple().when(numbers()).then_refused(&["KIND_NOT_ALLOWED"]);
    story.clone().without(&[Permission::Write]).when(numbers()).then_refused(&["FORBIDDEN"]);
    story.when(ChangeCompanyData { contact: ContactId(9).into(), ..numbers() }).then_refused(&["NOT_FOUND"]);
}

// ---- reading

#[test]
fn the_main_email_is_the_first_preference() {
    let first = WantedChannel {
        preference: Some(channel::Preference::First),
        ..mail(channel::Detail::Private, "first@bakker.nl")
    };
    let story = customer().given(channel::tests::mails(
        A,
        &[
            mail(channel::Detail::Private, "a@bakker.nl"),
            mail(channel::Detail::Business, "b@bakker.nl"),
            first,
        ],
    ));
    assert_eq!(story.contact(A).main_email().map(|c| c.value.as_str()), Some("first@bakker.nl"));
    assert_eq!(story.contact(HOUSEHOLD).main_email(), None);
}

fn gone<T>(subject: ContactId) -> Personal<T> {
    Personal { subject, value: None }
}

/// Principle 6: folding goes on when a name is erased, and the household does not keep it.
#[test]
fn an_erased_name_is_empty_everywhere() {
    let story = couple();
    let mut household = Contact::clone(&story.contact(HOUSEHOLD));
    let erased = HouseholdNameChanged { household: HOUSEHOLD, old: gone(A), new: gone(C) };
    let at = At { position: Position(9), time_us: 9 };
    household.evolve(at, &erased.into());
    assert_eq!((household.name.as_str(), household.named_after), ("", C));
    let mut person = Contact::clone(&story.contact(A));
    person.evolve(at, &PersonNameChanged { person: A, parts: gone(A) }.into());
    assert_eq!((person.name.as_str(), &person.parts), ("", &NameParts::default()));
}

/// E1-27 over a whole story: the name of the household is always that of the one shown first.
#[test]
fn e1_27_the_household_follows_whoever_is_shown_first() {
    let story = couple().given(show(C));
    let story =
        story.when(ChangePersonName { surname: some("Bos"), ..rename(A) }).then(&["PersonNameChanged"]);
    assert_eq!(story.contact(HOUSEHOLD).name, "C. de Vries");
    let first = ShowFirst { household: HOUSEHOLD.into(), person: A.into() };
    let story = story.when(first).then(&["ShownFirstChanged", "HouseholdNameChanged"]);
    assert_eq!(story.contact(HOUSEHOLD).name, "A. Bos");
    let party = PartyRef::Contact(HOUSEHOLD.into());
    let gone = crate::role::RemoveRole { party, line: 2 };
    let story = story.confirming(Prompt::RemoveRoleLine).when(gone).then(&["RoleRemoved"]);
    assert_eq!(story.contact(HOUSEHOLD).names.len(), 3);
}
