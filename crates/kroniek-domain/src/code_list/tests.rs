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
            // Those of a closed list are the API's values; every other code is one that a command could be given.
            if !CodeList::closed(list) {
                assert_eq!(values::code(&row.code, CODE_LIMIT).as_deref(), Ok(row.code.as_str()));
            }
            for code in row.properties.codes.iter().filter(|_| list != COUPLING) {
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
    assert!(row(&story, ROLE, "CHILD").is_some(), "the built-in rows stay");
}

/// §8: lists are built in or come from a file; a row makes none.
#[test]
fn section_8_a_row_of_a_list_that_is_not_there() {
    let story = Scenario::new();
    for (list, near) in [
        ("roles", &["ROLE"][..]),
        ("CONTRY", &["COUNTRY"]),
        ("TRANSACTIONMODE", &["TRANSACTION_MODE"]),
        ("PETS", &[]),
        // What cannot be changed is no help.
        ("GENDERS", &[]),
    ] {
        let when = story.when(change(list, "CAT"));
        let problem = when.problem();
        assert_eq!(problem.field.as_deref(), Some("list"));
        assert_eq!(problem.options, near, "{list}");
        assert!(problem.hint.is_some_and(|hint| near.iter().all(|name| hint.contains(name))));
        when.then_refused(&["NOT_FOUND"]);
    }
    // With what else is wrong.
    story.when(change("PETS", "?")).then_refused(&["NOT_FOUND", "INVALID_TEXT"]);
    // A file makes a list, and its rows are then changed like any others.
    let story = story.given(import("PETS", &[imported("DOG", "Hond")]));
    let story = story.when(change("pets", "CAT")).then(&["CodeChanged"]);
    assert!(row(&story, "PETS", "CAT").is_some() && row(&story, "PETS", "DOG").is_some());
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
            codes: types.iter().map(|t| (*t).to_owned()).collect(),
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
    assert_eq!(properties("OVB").codes, ["INVOICE", "PERIODIC_INVOICE"]);
}

/// §8: invoice types, legal forms and channels of a VERA file stand in our lists, where commands look.
#[test]
fn section_8_each_mapped_list_goes_where_the_rules_look() {
    for (source, list) in [
        ("RELATIEROLSOORT", ROLE),
        ("BETAALWIJZESOORT", TRANSACTION_MODE),
        ("FACTUURSOORT", INVOICE_TYPE),
        ("ORGANISATIEVORM", LEGAL_FORM),
        ("COMMUNICATIEKANAAL", INTERACTION_CHANNEL),
    ] {
        let story = Scenario::new().given(import(source, &[imported("ZZZ", "Nieuw")]));
        assert_eq!(row(&story, list, "ZZZ").map(|row| row.name), Some("Nieuw".to_owned()), "{source}");
        assert!(story.world.code_list(source).is_none(), "{source} is no list of its own beside it");
    }
    // What a legal form of the file is good for: a company may have it.
    let story = Scenario::new()
        .given(crate::registration::tests::company("CLIENT_COMPANY", "Bakkerij B.V."))
        .given(import("ORGANISATIEVORM", &[imported("COP", "Coöperatie")]));
    let form = |code: &str| crate::contact::ChangeCompanyData {
        contact: crate::ids::ContactId(1).into(),
        kvk: None,
        rsin: None,
        vat_id: None,
        legal_form: Some(code.to_owned()),
    };
    story.when(form("COP")).then(&["CompanyDataChanged"]);
    story.when(form("ZZZ")).then_refused(&["UNKNOWN_CODE"]);
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
    // What else is wrong with a row that cannot be changed does not matter: an infix has spaces and no code has.
    Scenario::new().when(change(INFIX, "van der")).then_refused(&["LIST_IS_CLOSED"]);
    let file = import(TASK_STATUS, &[imported("COMPLETED", "Klaar")]);
    let when = Scenario::new().when(file);
    assert!(when.problem().message.contains(TASK_STATUS), "which one of the file's");
    when.then_refused(&["LIST_IS_CLOSED"]);
    // Of the settings only those that something asks for can be changed.
    let open = CodeList::built_in().filter(|list| !CodeList::closed(list) && *list != SITE_SETTING);
    for list in open {
        Scenario::new().when(change(list, "NEW")).then(&["CodeChanged"]);
    }
}

/// §8: what a log from before a list was closed says of it changes nothing.
#[test]
fn section_8_an_older_log_does_not_open_a_closed_list() {
    for (list, stays) in [(CLIENT_STATUS, true), (ROLE, false)] {
        let mut rows = CodeList::initial(list);
        let row = CodeRow { name: "Cliënt".into(), ..rows.rows().next().expect("has rows").clone() };
        rows.evolve(&event::Event::from(CodeChanged { list: list.to_owned(), row }));
        assert_eq!(rows == CodeList::initial(list), stays, "{list}");
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

/// A2-40: whom a package is not for is a client status or the type of a customer.
#[test]
fn a2_40_a_package_says_whom_it_is_not_for() {
    let not_for = |list: &str, codes: &[&str]| ChangeCode {
        properties: Some(Properties {
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            ..Properties::default()
        }),
        ..change(list, "TAX")
    };
    let all = ["SUSPECT", "PROSPECT", "CLIENT_PERSON", "RELATION"];
    let story = Scenario::new().when(not_for(COUPLING, &all)).then(&["CodeChanged"]);
    assert_eq!(row(&story, COUPLING, "TAX").unwrap().properties.codes, all);
    assert_eq!(
        crate::fields::code_list(&story.world.code_list(COUPLING).unwrap())["rows[TAX].notFor"].value,
        all.join(" ")
    );
    // Nothing else is: a contact person has no couplings of its own, and an invoice type is nobody.
    let when = story.when(not_for(COUPLING, &["SUSPECT", "CONTACT_PERSON", "INVOICE", "suspect"]));
    assert_eq!(when.fields(), ["properties.notFor"; 3]);
    when.then_refused(&["UNKNOWN_CODE"; 3]);
    story.when(not_for(ROLE, &["SUSPECT"])).then_refused(&["UNKNOWN_CODE"]);
    for package in CodeList::initial(COUPLING).rows() {
        assert!(package.properties.codes.iter().all(|code| administration::excludable(code)), "{package:?}");
    }
}

/// D-27: settings of the site are for administrators, by hand and by import, and are those that something asks for.
#[test]
fn d_27_settings_are_for_administrators() {
    let off = ChangeCode { end_date: Some("2026-01-14".into()), ..change("site_setting", FOUR_EYES) };
    let story = Scenario::new();
    story.clone().without(&[Permission::Administrator]).when(off.clone()).then_refused(&["FORBIDDEN"]);
    let sneaked =
        import(SITE_SETTING, &[ImportedRow { end: Some(date("2022-01-01")), ..imported(FOUR_EYES, "x") }]);
    story.clone().without(&[Permission::Administrator]).when(sneaked.clone()).then_refused(&["FORBIDDEN"]);
    // Not even an administrator's file does it in passing.
    story.when(sneaked).then_refused(&["LIST_IS_CLOSED"]);
    story.clone().with_only(&[Permission::Administrator]).when(off).then(&["CodeChanged"]);
    story.when(change(SITE_SETTING, "SIX_EYES")).then_refused(&["UNKNOWN_CODE"]);
    story.with_only(&[Permission::Administrator]).when(change(ROLE, "X")).then_refused(&["FORBIDDEN"]);
}

/// I5, E1-43, E1-52: a mode does not come to ask of the lines that use it what they do not have.
#[test]
fn i5_e1_43_e1_52_a_mode_in_use_does_not_come_to_ask_more() {
    use crate::bank_account::tests::add;
    use crate::payment::{AddPaymentLine, CorrectPaymentLine, WithdrawPaymentLine, tests as payment};
    let mode = |code: &str, requires_bank_account, is_direct_debit| ChangeCode {
        properties: Some(Properties {
            requires_bank_account,
            is_direct_debit,
            codes: vec!["INVOICE".into(), "DIRECT_DEBIT_INVOICE".into()],
            ..Properties::default()
        }),
        ..change(TRANSACTION_MODE, code)
    };
    let story = crate::customer::tests::customer()
        .given(add("RABO", "NL44RABO0123456789"))
        .given(payment::mandate("M1", "RABO"));
    // Nobody uses it yet.
    story.when(mode("TRANSFER", true, true)).then(&["CodeChanged"]);
    let story = story.given(payment::transfer("2026-01-01")).given(payment::transfer("2026-06-01"));
    for (account, debit) in [(true, true), (true, false)] {
        let when = story.when(mode("TRANSFER", account, debit));
        let problem = when.problem();
        let blocking: Vec<_> =
            problem.blocking.iter().map(|b| (b.kind, b.id.as_str(), b.label.as_str())).collect();
        assert_eq!(
            blocking,
            [
                ("PAYMENT_LINE", "customer:1", "line 1 from 2026-01-01 of CU000001"),
                ("PAYMENT_LINE", "customer:1", "line 2 from 2026-06-01 of CU000001"),
            ]
        );
        when.then_refused(&["TRANSACTION_MODE_IN_USE"]);
    }
    // Another mode, another name, or asking less, contradicts nothing.
    story.when(mode("CARD", true, true)).then(&["CodeChanged"]);
    story.when(mode("TRANSFER", false, false)).then(&["CodeChanged"]);
    story.when(change(TRANSACTION_MODE, "TRANSFER")).then(&["CodeChanged"]);
    // A line that has what is asked does not stand in the way; nor does one that is withdrawn.
    let story = story.given(mode("GIRO", true, false));
    let giro = AddPaymentLine { transaction_mode: "GIRO".into(), ..payment::debit("2026-02-01", "RABO") };
    let story = story.given(giro);
    story.when(mode("GIRO", true, true)).then_refused(&["TRANSACTION_MODE_IN_USE"]);
    let corrected = CorrectPaymentLine { line: 3, content: payment::debit("2026-02-01", "RABO") };
    story.clone().because("wrong").given(corrected).when(mode("GIRO", true, true)).then(&["CodeChanged"]);
    let withdrawn = WithdrawPaymentLine { customer: crate::CustomerId(1).into(), line: 3 };
    story.because("wrong").given(withdrawn).when(mode("GIRO", true, true)).then(&["CodeChanged"]);
}

/// I5: of very many lines, some are listed.
#[test]
fn i5_of_very_many_lines_some_are_listed() {
    use crate::payment::tests::transfer;
    let days = (1..=12).flat_map(|month| (1..=10).map(move |day| format!("2026-{month:02}-{day:02}")));
    let story = days.fold(crate::customer::tests::customer(), |s, day| s.given(transfer(&day)));
    let debit = Properties {
        requires_bank_account: true,
        is_direct_debit: true,
        codes: vec!["INVOICE".into()],
        ..Properties::default()
    };
    let change = ChangeCode { properties: Some(debit), ..change(TRANSACTION_MODE, "TRANSFER") };
    assert_eq!(story.when(change).problem().blocking.len(), 100);
}

/// A2-52, I5: lines of a customer that the actor may not see are neither listed nor named.
#[test]
fn a2_52_i5_hidden_lines_are_not_listed() {
    let direct_debit = Properties {
        requires_bank_account: true,
        is_direct_debit: true,
        codes: vec!["INVOICE".into()],
        ..Properties::default()
    };
    let change = ChangeCode { properties: Some(direct_debit), ..change(TRANSACTION_MODE, "TRANSFER") };
    let story = crate::customer::tests::customer().given(crate::payment::tests::transfer("2026-01-01"));
    assert_eq!(story.when(change.clone()).problem().blocking.len(), 1);
    let rights = [Permission::Read, Permission::Reference, Permission::SeeSuspect];
    let limited = story.with_only(&rights);
    let when = limited.when(change);
    let actor = crate::Actor::new("desk", rights);
    let published = crate::status_right::discreet(when.problem(), &actor, &limited.world);
    assert_eq!((published.code, published.entity, published.hint), ("TRANSACTION_MODE_IN_USE", None, None));
    assert!(published.blocking.is_empty() && !published.message.contains("CU000001"));
}
