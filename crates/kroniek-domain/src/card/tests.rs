//! Rows A2-21 … A2-38, A2-43 … A2-47.

use super::*;
use crate::channel::tests::websites;
use crate::contact::Kind as ContactKind;
use crate::customer::tests::new_contact;
use crate::employee;
use crate::registration::tests::{company, person};
use crate::testing::{Scenario, When};
use crate::world::World;
use std::collections::BTreeSet;

/// Client-company 1 and client-person 2.
fn office() -> Scenario {
    Scenario::new()
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."))
        .given(person("CLIENT_PERSON", "J.", "Jansen"))
        .given(employee::tests::add("JDV"))
        .given(employee::tests::add("LEFT"))
        .given(employee::tests::end("LEFT"))
}

fn change(customer: u64, field: Field, values: &[&str]) -> ChangeCard {
    ChangeCard {
        customer: CustomerId(customer).into(),
        blocks: [(field.row().0, vec![(field, values.iter().map(|value| (*value).to_owned()).collect())])]
            .into(),
    }
}

/// On the card that has the block.
fn set(s: &Scenario, field: Field, values: &[&str]) -> When {
    let on_company = on_card(&s.contact(ContactId(1)), field.row().0);
    s.when(change(if on_company { 1 } else { 2 }, field, values))
}

/// A2-21 … A2-38, A2-44, A2-47: every field of the table holds what it should and refuses what it should not.
#[test]
fn a2_21_a2_23_a2_25_a2_26_a2_27_a2_28_a2_29_a2_33_a2_34_a2_36_a2_37_a2_38_every_field_is_checked() {
    let s = office();
    for (block, field, holds) in FIELDS {
        let long = "x".repeat(1001);
        let long_url = format!("a.nl/{long}");
        let (good, bad): (&str, &[(&str, &str)]) = match holds {
            Holds::Line(_) => {
                ("Iets", &[(&long, "TOO_LONG"), ("a\\u{7}b", "INVALID_TEXT"), ("a\nb", "INVALID_TEXT")])
            }
            Holds::Note(_) => ("Iets\nmeer", &[(&long, "TOO_LONG")]),
            Holds::Lines(_) => ("Iets", &[(&long, "TOO_LONG")]),
            Holds::Code(list) | Holds::Codes(list) => {
                let rows = crate::code_list::CodeList::initial(list);
                let code = rows.rows().next().expect("has rows").code.clone();
                set(&s, *field, &[&code]).then_made();
                ("", &[("NOT_A_CODE", "UNKNOWN_CODE")])
            }
            Holds::YesNo => ("true", &[("yes", "INVALID_TEXT")]),
            Holds::Date => ("2031-01-01", &[("2031-02-30", "INVALID_DATE")]),
            Holds::PastDate => ("2026-01-15", &[("2026-01-16", "DATE_IN_FUTURE"), ("x", "INVALID_DATE")]),
            Holds::Url => ("www.bakkerij.nl", &[("bakkerij", "INVALID_URL"), (&long_url, "TOO_LONG")]),
            Holds::WageTaxNo => ("111222333L01", &[("111222334L01", "INVALID_WAGE_TAX_NO")]),
            Holds::Employee => {
                ("JDV", &[("LEFT", "EMPLOYEE_LEFT"), ("NOBODY", "NOT_FOUND"), ("a b", "INVALID_TEXT")])
            }
            Holds::MonthDay => ("02-29", &[("02-30", "INVALID_DATE"), ("x", "INVALID_DATE")]),
        };
        if !good.is_empty() {
            let (event, cleared) = match (block, field) {
                (Block::Wwft, _) => ("WwftDataChanged", "WwftDataChanged"),
                (_, Field::Website) => ("ChannelAdded", "ChannelRemoved"),
                _ => ("CardBlockChanged", "CardBlockChanged"),
            };
            let s = set(&s, *field, &[good]).then(&[event]);
            set(&s, *field, &[good]).then_nothing();
            let s = set(&s, *field, &[]).then(&[cleared]);
            assert!(s.customer(CustomerId(1)).card.fields.is_empty());
            assert!(s.customer(CustomerId(2)).card.fields.is_empty());
        }
        for (bad, code) in bad {
            let bad = bad.replace("\\u{7}", "\u{7}");
            let when = set(&s, *field, &[&bad]);
            assert_eq!(when.fields(), [field.name()], "{bad:?}");
            when.then_refused(&[code]);
        }
    }
}

/// Each field stands once in the table, in a block that stands once on a tab.
#[test]
fn a2_20_the_table_is_complete() {
    let fields: BTreeSet<_> = FIELDS.iter().map(|(_, field, _)| *field).collect();
    assert_eq!((fields.len(), FIELDS.len()), (Field::ALL.len(), Field::ALL.len()));
    let blocks: BTreeSet<_> = BLOCKS.iter().map(|(_, block)| *block).collect();
    assert_eq!((blocks.len(), BLOCKS.len()), (Block::ALL.len(), Block::ALL.len()));
    assert!(Block::ALL.iter().all(|block| FIELDS.iter().any(|(of, ..)| of == block)));
    assert_eq!(tab_of(Block::Wwft), Tab::Internal);
}

/// A2-35: the wage-tax number stands beside RSIN and VAT id, which are the contact's.
#[test]
fn a2_35_the_wage_tax_number() {
    let s = set(&office(), Field::WageTaxNo, &["111222333l01"]).then(&["CardBlockChanged"]);
    assert_eq!(s.customer(CustomerId(1)).card.values(Field::WageTaxNo), ["111222333L01"]);
    set(&s, Field::WageTaxNo, &["111222333L00"]).then_refused(&["INVALID_WAGE_TAX_NO"]);
}

/// A2-21: several groups at once, each once; other fields of the block stay.
#[test]
fn a2_21_a_block_is_changed_field_by_field() {
    let s = office().given(change(1, Field::Mailings, &["true"]));
    let s = s.given(change(1, Field::CorrespondenceGroups, &["tax", "NEWSLETTER", "TAX", ""]));
    let card = &s.customer(CustomerId(1)).card;
    assert_eq!(card.values(Field::CorrespondenceGroups), ["TAX", "NEWSLETTER"]);
    assert_eq!(card.values(Field::Mailings), ["true"]);
    set(&s, Field::Mailings, &["true", "false"]).then_refused(&["TOO_LONG"]);
}

/// The changes of several blocks in one command.
fn together(changes: impl IntoIterator<Item = ChangeCard>) -> ChangeCard {
    let mut changes = changes.into_iter();
    let first = changes.next().expect("at least one");
    changes.fold(first, |mut all, next| {
        all.blocks.extend(next.blocks);
        all
    })
}

/// A2-23, A2-25, A2-35: a tab is filled in at once, or not at all.
#[test]
fn a2_23_a2_25_a2_35_several_blocks_change_in_one_commit() {
    let s = office();
    let office = change(1, Field::Branch, &["HEAD"]);
    let tax = change(1, Field::WageTaxNo, &["111222333L01"]);
    let both = together([office.clone(), tax.clone()]);
    let s = s.when(both.clone()).then(&["CardBlockChanged", "CardBlockChanged"]);
    let card = &s.customer(CustomerId(1)).card;
    assert_eq!(
        (card.values(Field::Branch), card.values(Field::WageTaxNo)),
        (&["HEAD".into()][..], &["111222333L01".into()][..])
    );
    // Only what changes is recorded.
    s.when(both).then_nothing();
    s.when(together([office.clone(), change(1, Field::WageTaxNo, &[])])).then(&["CardBlockChanged"]);
    // All that is wrong is said together, and nothing is stored: the refusal of a block names it.
    let when = s.when(together([
        change(1, Field::Branch, &["NOWHERE"]),
        change(1, Field::ResponsiblePartner, &["LEFT"]),
        change(1, Field::LifePartner, &["A. Bos"]),
        change(1, Field::WageTaxNo, &[]),
    ]));
    assert_eq!(when.fields(), ["branch", "responsiblePartner", "partner"]);
    let after = when.then_refused(&["UNKNOWN_CODE", "EMPLOYEE_LEFT", "BLOCK_NOT_ON_CARD"]);
    assert!(after.customer(CustomerId(1)).card.has(Field::WageTaxNo));
    // One block that needs a right needs it for all.
    let with_wwft =
        together([change(2, Field::DocumentNumber, &["NP1"]), change(2, Field::Branch, &["HEAD"])]);
    s.clone().without(&[Permission::Wwft]).when(with_wwft.clone()).then_refused(&["FORBIDDEN"]);
    s.when(with_wwft).then(&["CardBlockChanged", "WwftDataChanged"]);
}

fn on_the_card(s: &Scenario) -> Option<String> {
    website(&s.contact(ContactId(1)), &s.customer(CustomerId(1)).card).map(str::to_owned)
}

/// A2-22, E1-18: the web site of the card is the contact's channel, in one form.
#[test]
fn a2_22_e1_18_the_web_site_is_a_channel_of_the_contact() {
    use crate::channel::{Detail, Kind as ChannelKind};
    let s = set(&office(), Field::Website, &["WWW.Bakkerij.nl"]).then(&["ChannelAdded"]);
    assert_eq!(on_the_card(&s).as_deref(), Some("https://www.bakkerij.nl"));
    let main = s.contact(ContactId(1)).main_website().cloned().expect("a channel");
    assert_eq!((main.kind, main.detail), (ChannelKind::Website, Detail::Business));
    // Beside another field of the block: both in one commit.
    let both = ChangeCard {
        blocks: BTreeMap::from([(
            Block::ContactData,
            vec![
                (Field::Website, vec!["bakkerij.example/over".to_owned()]),
                (Field::EstablishmentAddress, vec!["Domplein 1".to_owned()]),
            ],
        )]),
        ..change(1, Field::Website, &[])
    };
    let s = s.when(both).then(&["ChannelChanged", "CardBlockChanged"]);
    assert_eq!(on_the_card(&s).as_deref(), Some("https://bakkerij.example/over"));
    assert!(!s.customer(CustomerId(1)).card.has(Field::Website));
    // What changes it as a channel changes it on the card.
    let s = s.given(websites(ContactId(1), &["www.a.nl", "www.b.nl"]));
    assert_eq!(on_the_card(&s).as_deref(), Some("https://www.a.nl"));
    // The card changes the one that it shows; one that stands there already moves up, once.
    let s = set(&s, Field::Website, &["www.b.nl"]).then(&["ChannelRemoved", "ChannelChanged"]);
    assert_eq!(s.contact(ContactId(1)).channels.len(), 1);
    let s = set(&s, Field::Website, &[]).then(&["ChannelRemoved"]);
    assert_eq!(on_the_card(&s), None);
    set(&s, Field::Website, &[""]).then_nothing();
}

/// A2-22, §1.2: a web site that somebody else changed meanwhile is not written over: it is the contact's, whose version
/// counts, and the customer's while that is the later.
#[test]
fn a2_22_section_1_2_the_web_site_is_guarded_by_the_version_of_what_keeps_it() {
    let version = |s: &Scenario, entity| s.world.version(&entity).0;
    let (contact, account) = (EntityId::Contact(ContactId(1)), EntityId::Customer(CustomerId(1)));
    let s = office().given(change(1, Field::Branch, &["HEAD"]));
    let seen = version(&s, account.clone());
    assert!(seen > version(&s, contact.clone()));
    let site = |url: &str| change(1, Field::Website, &[url]);
    s.clone().expecting(seen).when(site("a.nl")).then(&["ChannelAdded"]);
    let s = s.given(websites(ContactId(1), &["b.nl"]));
    let when = s.clone().expecting(seen).when(site("a.nl"));
    assert_eq!(when.problem().entity, Some(contact.clone()));
    when.then_refused(&["VERSION_CONFLICT"]);
    let now = version(&s, contact);
    assert!(now > seen);
    s.clone().expecting(now).when(site("a.nl")).then(&["ChannelChanged"]);
    // The other fields are the customer's, which has not changed since; together, both must not have.
    let mailings = change(1, Field::Mailings, &["true"]);
    let both = || {
        let blocks = [site("a.nl"), mailings.clone()].into_iter().flat_map(|change| change.blocks).collect();
        ChangeCard { customer: CustomerId(1).into(), blocks }
    };
    for version in [seen, now] {
        s.clone().expecting(version).when(mailings.clone()).then(&["CardBlockChanged"]);
    }
    s.clone().expecting(seen).when(both()).then_refused(&["VERSION_CONFLICT"]);
    s.expecting(now).when(both()).then(&["ChannelChanged", "CardBlockChanged"]);
}

/// A2-34, §1.3: what is wrong with the day says how such a day is written.
#[test]
fn a2_34_the_message_of_a_day_of_the_year() {
    let problem = set(&office(), Field::FinancialYearEnd, &["2026-12-31"]).problem();
    assert_eq!((problem.code, problem.field.as_deref()), ("INVALID_DATE", Some("financialYearEnd")));
    assert!(problem.message.contains("MM-DD") && !problem.message.contains("YYYY"), "{}", problem.message);
}

/// A log from before web sites were channels: the card reads what stands there until either side changes it.
#[test]
fn a2_22_a_web_site_of_an_older_log_is_read_and_given_up() {
    let mut s = office().given(change(1, Field::EstablishmentAddress, &["Domplein 1"]));
    let mut customer = Customer::clone(&s.customer(CustomerId(1)));
    let fields = vec![
        (Field::Website, vec!["https://oud.nl".to_owned()]),
        (Field::EstablishmentAddress, vec!["Domplein 1".to_owned()]),
    ];
    let event = CardBlockChanged {
        customer: CustomerId(1),
        contact: ContactId(1),
        block: Block::ContactData,
        fields: Personal::new(ContactId(1), fields),
    };
    evolve(&mut customer, &Event::CardBlockChanged(event));
    let customers = [(customer.id, std::sync::Arc::new(customer))].into();
    let changes = crate::draft::Changes { customers, ..crate::draft::Changes::default() };
    let old = crate::draft::Decision { events: Vec::new(), warnings: Vec::new(), changes };
    s.world.apply(crate::ids::Position(9), &old);
    assert_eq!(on_the_card(&s).as_deref(), Some("https://oud.nl"));
    let on_card = set(&s, Field::Website, &["nieuw.nl"]).then(&["ChannelAdded", "CardBlockChanged"]);
    assert_eq!(on_the_card(&on_card).as_deref(), Some("https://nieuw.nl"));
    let cleared = set(&s, Field::Website, &[]).then(&["CardBlockChanged"]);
    assert_eq!(on_the_card(&cleared), None);
    // As a channel: the old one does not come back when that goes again.
    let s = s.when(websites(ContactId(1), &["nieuw.nl"])).then(&["CardBlockChanged", "ChannelAdded"]);
    let s = s.given(websites(ContactId(1), &[]));
    assert_eq!(on_the_card(&s), None);
    let kept = s.customer(CustomerId(1)).card.values(Field::EstablishmentAddress).to_vec();
    assert_eq!(kept, ["Domplein 1"]);
}

/// A2-44, A2-47: partner and identification are a person's, audit and payroll a company's.
#[test]
fn a2_43_a2_44_a2_47_each_card_has_its_blocks() {
    let s = office();
    s.when(change(1, Field::LifePartner, &["A. Bos"])).then_refused(&["BLOCK_NOT_ON_CARD"]);
    s.when(change(2, Field::LifePartner, &["A. Bos"])).then(&["CardBlockChanged"]);
    s.when(change(1, Field::DocumentNumber, &["NP1"])).then_refused(&["BLOCK_NOT_ON_CARD"]);
    s.when(change(2, Field::PayrollNo, &["1"])).then_refused(&["BLOCK_NOT_ON_CARD"]);
    let tenant = Scenario::new().given(crate::contact::CreateContact {
        person: Some(crate::contact::NewPersonRole {
            person: crate::contact::NewPerson { surname: "Bos".to_owned(), ..Default::default() },
            role_code: "CONTRACTANT".to_owned(),
            begin_date: None,
        }),
        ..new_contact(ContactKind::Household)
    });
    let tenant = tenant.given(crate::customer::ActivateCustomer {
        household: ContactId(1).into(),
        lease_ref: "L1".to_owned(),
        unit: None,
        start_date: "2026-01-01".to_owned(),
    });
    let no_card = tenant.when(change(1, Field::Branch, &["HEAD"]));
    let message = no_card.problem().message;
    assert!(message.ends_with("change the data of its contact instead."), "{message}");
    no_card.then_refused(&["BLOCK_NOT_ON_CARD"]);
}

/// A2-26, A2-47: only with its own right, and masked in the history for everybody else.
#[test]
fn a2_26_a2_47_identification_needs_its_right() {
    let s = office();
    let identified = change(2, Field::DocumentNumber, &["NP123"]);
    s.clone().without(&[Permission::Wwft]).when(identified.clone()).then_refused(&["FORBIDDEN"]);
    let s = s.when(identified).then(&["WwftDataChanged"]);
    let fields = crate::fields::customer(&s.customer(CustomerId(2)));
    let number = &fields["card.wwft.documentNumber"];
    assert_eq!((number.value.as_str(), number.needs), ("NP123", Some(Permission::Wwft)));
    assert_eq!(fields["number"].needs, None);
}

/// A2-26: what is registered of a client is kept for five years after the relation ended.
#[test]
fn a2_26_what_was_registered_is_kept_for_five_years_after_the_end() {
    let to = |to: &str| crate::client_status::SetClientStatus {
        party: crate::PartyRef::Customer(CustomerId(2).into()),
        to: to.to_owned(),
    };
    let kept = |s: &Scenario| retain_until(&s.customer(CustomerId(2))).map(|date| date.to_string());
    let s = office();
    assert_eq!(kept(&s), None, "while it is a client");
    let ended = s.on(2028, 2, 29).given(to("EX_CLIENT"));
    assert_eq!(kept(&ended).as_deref(), Some("2033-03-01"), "a leap day");
    // Approached again, also on the same day, it is no client yet.
    assert_eq!(kept(&ended.given(to("PROSPECT"))).as_deref(), Some("2033-03-01"));
    let again = ended.on(2030, 6, 1).given(to("PROSPECT"));
    assert_eq!(kept(&again).as_deref(), Some("2033-03-01"));
    // Accepted again, it is; and then it ends once more.
    let mut customer = (*again.customer(CustomerId(2))).clone();
    customer.statuses.set(crate::customer::tests::date("2030-07-01"), ClientStatus::Client);
    assert_eq!(retain_until(&customer), None);
    customer.statuses.set(crate::customer::tests::date("2031-05-31"), ClientStatus::ExClient);
    assert_eq!(retain_until(&customer).map(|date| date.to_string()).as_deref(), Some("2036-05-31"));
    // Who never was a client has no end; who is registered as a former one has.
    let registered = |status: &str| {
        let status = Some(status.to_owned());
        Scenario::new().given(crate::registration::CreateRegistration {
            status,
            ..person("CLIENT_PERSON", "J.", "Jansen")
        })
    };
    let first = |s: &Scenario| retain_until(&s.customer(CustomerId(1))).map(|date| date.to_string());
    assert_eq!(first(&registered("SUSPECT")), None);
    assert_eq!(first(&registered("EX_CLIENT")).as_deref(), Some("2031-01-15"));
}

/// A2-31: by year, corrected by recording them again.
#[test]
fn a2_31_key_figures() {
    let figures = |year, turnover, result| RecordKeyFigures {
        customer: CustomerId(1).into(),
        year,
        figures: KeyFigures { turnover, result, ..KeyFigures::default() },
    };
    let s = office().when(figures(2025, Some(100), Some(-5))).then(&["KeyFiguresRecorded"]);
    s.when(figures(2025, Some(100), Some(-5))).then_nothing();
    let s = s.when(figures(2025, Some(110), None)).then(&["KeyFiguresRecorded"]);
    let s = s.given(figures(2024, Some(90), None));
    let card = &s.customer(CustomerId(1)).card;
    let turnovers: Vec<_> = card.key_figures.iter().map(|(year, f)| (*year, f.turnover)).collect();
    assert_eq!(turnovers, [(2024, Some(90)), (2025, Some(110))]);
    s.when(figures(25, Some(1), None)).then_refused(&["INVALID_YEAR"]);
    s.when(figures(-1, Some(1), None)).then_refused(&["INVALID_YEAR"]);
    s.when(figures(2025, None, None)).then_refused(&["REQUIRED"]);
    s.when(figures(2025, Some(-1), None)).then_refused(&["INVALID_AMOUNT"]);
    s.when(figures(2025, None, Some(i64::MIN))).then_refused(&["INVALID_AMOUNT"]);
    s.with_only(&[Permission::Read]).when(figures(2025, Some(1), None)).then_refused(&["FORBIDDEN"]);
}
