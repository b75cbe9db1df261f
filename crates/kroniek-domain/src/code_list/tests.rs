//! §8: built-in lists, changes of codes, and what an import takes over.

use super::*;
use crate::customer::tests::date;
use crate::testing::Scenario;
use crate::world::World;
use SalutationForm::{Company, HeirsOf, Madam, Neutral, Sir};

fn change(list: &str, code: &str) -> ChangeCode {
    ChangeCode {
        list: list.into(),
        code: code.into(),
        name: "Naam".into(),
        description: None,
        begin_date: None,
        end_date: None,
        parent: None,
        properties: None,
    }
}

fn imported(code: &str, name: &str) -> ImportedRow {
    ImportedRow {
        code: code.into(),
        name: name.into(),
        description: String::new(),
        begin: None,
        end: None,
        parent: None,
    }
}

fn import(list: &str, rows: &[ImportedRow]) -> ImportCodeLists {
    ImportCodeLists { sha256: [7; 32], lists: [(list.to_owned(), rows.to_vec())].into() }
}

fn row(story: &Scenario, list: &str, code: &str) -> Option<CodeRow> {
    let rows =
        story.world.code_list(list).map_or_else(|| CodeList::initial(list), |list| CodeList::clone(&list));
    rows.row(code).cloned()
}

#[test]
fn section_8_the_codes_that_rules_need_ship_built_in() {
    let story = Scenario::new();
    assert!(row(&story, ROLE, "CONTRACTANT").is_some_and(|row| row.properties.is_contractant));
    assert!(row(&story, ROLE, "CONTACT_PERSON").is_some_and(|row| !row.properties.is_contractant));
    let kinds = [
        ("DHR", SalutationKind::Sir),
        ("MEVR", SalutationKind::Madam),
        ("HEIRS_OF", SalutationKind::HeirsOf),
        (BLANCO, SalutationKind::Blank),
    ];
    for (code, kind) in kinds {
        assert_eq!(row(&story, SALUTATION, code).and_then(|row| row.properties.salutation), Some(kind));
    }
    let mode = |code| row(&story, TRANSACTION_MODE, code).map(|row| row.properties);
    let debit = mode("DIRECT_DEBIT").unwrap();
    assert!(debit.is_direct_debit && debit.requires_bank_account);
    assert!(!mode("TRANSFER").unwrap().requires_bank_account);
    for list in CodeList::built_in() {
        let rows = CodeList::initial(list);
        assert!(rows.rows().count() > 0, "{list}");
        for row in rows.rows() {
            assert!(row.in_force(date("1800-01-01")) && row.in_force(date("9999-12-31")));
            // Infixes are words; every other code is one that a command could be given.
            if list != INFIX {
                assert_eq!(values::code(&row.code, 25).as_deref(), Ok(row.code.as_str()));
            }
            for code in &row.properties.allowed_invoice_types {
                assert!(CodeList::initial(INVOICE_TYPE).row(code).is_some(), "{code}");
            }
        }
    }
    assert_eq!(CodeList::initial("NOBODYS").rows().count(), 0);
}

#[test]
fn section_8_a_code_is_added_and_changed() {
    let full = ChangeCode {
        name: " Oom ".into(),
        description: Some("broer van een ouder".into()),
        begin_date: Some("2026-01-01".into()),
        end_date: Some("2026-12-31".into()),
        parent: Some("role.family".into()),
        properties: Some(Properties { is_contractant: true, ..Properties::default() }),
        ..change("role", " uncle ")
    };
    let when = Scenario::new().when(full.clone());
    assert_eq!(when.events()[0].event.entities(), [EntityId::CodeList("ROLE".into())]);
    let story = when.then(&["CodeChanged"]);
    let uncle = row(&story, ROLE, "UNCLE").unwrap();
    assert_eq!((uncle.name.as_str(), uncle.parent.as_deref()), ("Oom", Some("ROLE.FAMILY")));
    assert_eq!((uncle.begin, uncle.end), (Some(date("2026-01-01")), Some(date("2026-12-31"))));
    let story = story.when(full).then_nothing();
    // The whole row is given; only properties that are left out stay.
    let story = story.when(change("ROLE", "UNCLE")).then(&["CodeChanged"]);
    let uncle = row(&story, ROLE, "UNCLE").unwrap();
    assert!(uncle.properties.is_contractant && uncle.end.is_none() && uncle.description.is_empty());
    // A list that nobody knew is a plain list; the built-in rows of others stay.
    let story = story.given(change("PETS", "CAT"));
    assert!(row(&story, "PETS", "CAT").is_some() && row(&story, ROLE, "CHILD").is_some());
}

#[test]
fn section_8_begin_and_end_belong_to_the_time_in_force() {
    let story = Scenario::new().given(ChangeCode {
        begin_date: Some("2026-01-10".into()),
        end_date: Some("2026-01-20".into()),
        ..change(ROLE, "X")
    });
    let in_force = |day: &str| row(&story, ROLE, "X").unwrap().in_force(date(day));
    let days = ["2026-01-09", "2026-01-10", "2026-01-20", "2026-01-21"].map(in_force);
    assert_eq!(days, [false, true, true, false]);
}

#[test]
fn section_8_bad_codes_are_told_at_once() {
    let wrong = ChangeCode {
        list: " ".into(),
        code: "a b".into(),
        name: "\u{7}".into(),
        description: Some("x".repeat(4001)),
        begin_date: Some("soon".into()),
        end_date: Some(String::new()),
        parent: Some("?".into()),
        ..change("", "")
    };
    let when = Scenario::new().when(wrong);
    assert_eq!(when.fields(), ["list", "code", "name", "description", "parent", "beginDate", "endDate"]);
    let codes =
        ["REQUIRED", "INVALID_TEXT", "INVALID_TEXT", "TOO_LONG", "INVALID_TEXT", "INVALID_DATE", "REQUIRED"];
    when.then_refused(&codes);
    let backwards = ChangeCode {
        begin_date: Some("2026-01-02".into()),
        end_date: Some("2026-01-01".into()),
        ..change(ROLE, "X")
    };
    Scenario::new().when(backwards).then_refused(&["DATE_OUT_OF_RANGE"]);
    Scenario::new().when(change(ROLE, &"X".repeat(21))).then_refused(&["TOO_LONG"]);
    Scenario::new().without(&[Permission::Reference]).when(change(ROLE, "X")).then_refused(&["FORBIDDEN"]);
    let story = Scenario::new().given(change(ROLE, "X"));
    story.clone().expecting(0).when(change(ROLE, "Y")).then_refused(&["VERSION_CONFLICT"]);
    story.expecting(1).when(change(ROLE, "Y")).then(&["CodeChanged"]);
}

#[test]
fn section_8_properties_must_make_sense() {
    let mode = |requires_bank_account, is_direct_debit, types: &[&str]| ChangeCode {
        properties: Some(Properties {
            requires_bank_account,
            is_direct_debit,
            allowed_invoice_types: types.iter().map(|t| (*t).to_owned()).collect(),
            ..Properties::default()
        }),
        ..change(TRANSACTION_MODE, "INCHUUR")
    };
    Scenario::new().when(mode(true, true, &["INVOICE"])).then(&["CodeChanged"]);
    let when = Scenario::new().when(mode(false, true, &["INVOICE", "BILL", "NOTE"]));
    let field = "properties.allowedInvoiceTypes";
    assert_eq!(when.fields(), ["properties.requiresBankAccount", field, field]);
    when.then_refused(&["DIRECT_DEBIT_NEEDS_ACCOUNT", "UNKNOWN_CODE", "UNKNOWN_CODE"]);
}

#[test]
fn section_8_an_import_adds_and_updates_through_the_mapping() {
    let contractant = ImportedRow { end: Some(date("2022-01-01")), ..imported("CON", "Contractant") };
    let rows = [contractant, imported("HUU", "Huurder"), imported("KIN", "Kind")];
    let story = Scenario::new().when(import("RELATIEROLSOORT", &rows)).then(&["CodesImported"]);
    let contractants: Vec<_> =
        ["CON", "HUU", "KIN"].map(|code| row(&story, ROLE, code).unwrap().properties.is_contractant).into();
    assert_eq!(contractants, [true, true, false]);
    assert!(!row(&story, ROLE, "CON").unwrap().in_force(date("2026-01-15")));
    let story = story.when(import("RELATIEROLSOORT", &rows)).then_nothing();
    // Only what differs is recorded, and properties that were set here stay.
    let ours = ChangeCode {
        properties: Some(Properties { is_contractant: true, ..Properties::default() }),
        ..change(ROLE, "KIN")
    };
    let when = story.given(ours).when(import("RELATIEROLSOORT", &rows));
    let event::Event::CodeList(Event::CodesImported(event)) = &when.events()[0].event else { panic!() };
    assert_eq!((event.list.as_str(), event.rows.len(), event.sha256), (ROLE, 1, [7; 32]));
    assert!(event.rows[0].properties.is_contractant);
    assert_eq!(event.rows[0].name, "Kind");
}

#[test]
fn section_8_modes_of_an_import_get_their_behaviour() {
    let story = Scenario::new()
        .given(import("BETAALWIJZESOORT", &[imported("INC", "Incasso"), imported("OVB", "Overboeking")]));
    let properties = |code| row(&story, TRANSACTION_MODE, code).unwrap().properties;
    assert!(properties("INC").is_direct_debit && properties("INC").requires_bank_account);
    assert!(!properties("OVB").requires_bank_account);
    assert_eq!(properties("OVB").allowed_invoice_types, ["INVOICE", "PERIODIC_INVOICE"]);
}

#[test]
fn section_8_other_lists_of_an_import_are_kept_as_they_are() {
    let story = Scenario::new().given(import("EENHEIDSOORT", &[imported("WON", "Woning")]));
    assert_eq!(row(&story, "EENHEIDSOORT", "WON").map(|row| row.properties), Some(Properties::default()));
    Scenario::new().when(import("EENHEIDSOORT", &[])).then_nothing();
    Scenario::new().without(&[Permission::Reference]).when(import("X", &[])).then_refused(&["FORBIDDEN"]);
    for (_, list) in MAPPED_LISTS {
        assert!(CodeList::built_in().any(|built_in| built_in == *list) && !CodeList::closed(list));
    }
}

#[test]
fn what_a_salutation_makes_of_a_letter() {
    let forms = SalutationKind::ALL.iter().map(|kind| kind.form()).collect::<Vec<_>>();
    assert_eq!(forms, [Sir, Madam, Neutral, HeirsOf, Company]);
}

fn codes(list: &str) -> Vec<String> {
    CodeList::initial(list).rows().map(|row| row.code.clone()).collect()
}

/// §8: the lists of the table whose values the manuals fix, read off what the rules use; each row has both labels.
#[test]
fn section_8_closed_lists_are_what_the_rules_know() {
    let numbered = |list: &str| -> Vec<(String, String)> {
        let mut rows: Vec<_> =
            CodeList::initial(list).rows().map(|row| (row.description.clone(), row.code.clone())).collect();
        rows.sort();
        rows
    };
    let row = |no: u8, code: &str| (no.to_string(), code.to_owned());
    assert_eq!(numbered(CONSENT), [row(0, "NONE"), row(1, "NOTIFICATIONS"), row(2, "EVERYTHING")]);
    let types = numbered(REGISTRATION_TYPE);
    assert_eq!(types.len(), 9);
    assert_eq!((&types[0], &types[8]), (&row(1, "CLIENT_COMPANY"), &row(9, "LOCATION")));
    let six = ["ADMINISTRATION", "BILLING_ADDRESS", "PURCHASING", "SALES", "SMS_ALERT", "TECHNICAL_SERVICE"];
    assert_eq!(codes(CONTACT_KIND_ANB5), six);
    let kinds = ["COMPANY", "GENERAL_CORRESPONDENCE", "HOUSEHOLD", "LOCATION", "PERSON"];
    assert_eq!(codes(CONTACT_KIND), kinds);
    assert_eq!(codes(TASK_STATUS), ["COMPLETED", "IN_PROGRESS", "NOT_STARTED", "POSTPONED", "WAITING"]);
    assert_eq!(codes(INTERACTION_SUBJECT), ["COMPLAINT", "FEEDBACK", "QUESTION"]);
    assert_eq!(codes(INTERACTION_DIRECTION), ["INBOUND", "OUTBOUND"]);
    assert_eq!(codes(GENDER), ["M", "O", "V"], "as changePersonalData takes them");
    assert_eq!(codes(MANDATE_TYPE), ["ONE_OFF", "RECURRING"]);
    assert_eq!(codes(END_REASON), ["DEATH", "DEATH_CORRECTED", "REQUEST"]);
    assert!(codes(INFIX).contains(&"VAN DER".to_owned()));
    for list in CodeList::built_in() {
        let rows = CodeList::initial(list);
        for row in rows.rows() {
            assert_eq!(label(list, row, Lang::Nl), row.name);
            assert!(built_in::english(list, &row.code, &row.name).is_some(), "{list}.{}", row.code);
        }
    }
}

/// §8, A2-51: a closed list cannot be changed, neither row by row nor by a file.
#[test]
fn section_8_a_closed_list_is_not_changed() {
    let when = Scenario::new().when(change("client_status", "FRIEND"));
    assert_eq!(when.fields(), ["list"]);
    when.then_refused(&["LIST_IS_CLOSED"]);
    // With what else is wrong.
    Scenario::new().when(change(CONSENT, "?")).then_refused(&["LIST_IS_CLOSED", "INVALID_TEXT"]);
    let file = import(TASK_STATUS, &[imported("COMPLETED", "Klaar")]);
    let when = Scenario::new().when(file);
    assert!(when.problem().message.contains(TASK_STATUS), "which one of the file's");
    when.then_refused(&["LIST_IS_CLOSED"]);
    let open = CodeList::built_in().filter(|list| !CodeList::closed(list));
    for list in open {
        Scenario::new().when(change(list, "NEW")).then(&["CodeChanged"]);
    }
}

/// §8: a row that came from a file or was renamed is named in Dutch, and its English is not known.
#[test]
fn section_8_the_label_of_a_changed_row_is_its_name() {
    let both = |row: &CodeRow| [Lang::Nl, Lang::En].map(|lang| label(ROLE, row, lang).to_owned());
    let story = Scenario::new();
    let built_in = row(&story, ROLE, "CONTACT_PERSON").unwrap();
    assert_eq!(both(&built_in), ["Contactpersoon", "Contact person"]);
    let story = story.given(change(ROLE, "CONTACT_PERSON"));
    assert_eq!(both(&row(&story, ROLE, "CONTACT_PERSON").unwrap()), ["Naam", "Naam"]);
    // Another property, the same name: still the built-in row to a reader.
    let same = ChangeCode {
        name: "Contactpersoon".into(),
        end_date: Some("2030-01-01".into()),
        ..change(ROLE, "CONTACT_PERSON")
    };
    let story = story.given(same);
    assert_eq!(both(&row(&story, ROLE, "CONTACT_PERSON").unwrap()), ["Contactpersoon", "Contact person"]);
    let story = story.given(import("RELATIEROLSOORT", &[imported("HUU", "Huurder")]));
    assert_eq!(both(&row(&story, ROLE, "HUU").unwrap()), ["Huurder", "Huurder"]);
}
