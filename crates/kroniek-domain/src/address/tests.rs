//! Rows E1-20 … E1-23 and E2-11; golden scenario 7.

use super::*;
use crate::bank_account::{AddBankAccount, SetHolderAddressSync};
use crate::code_list::ChangeCode;
use crate::customer::tests::{customer, date};
use crate::ids::CustomerId;
use crate::leader::CoupleToLeader;
use crate::registration::tests::{CLIENT, PERSON, office};
use crate::role::tests::{A, HOUSEHOLD};
use crate::testing::Scenario;

fn row(postcode: &str, street: &str, house_no: u32, letter: &str, addition: &str) -> AddressRow {
    AddressRow {
        street: street.into(),
        house_no,
        letter: letter.into(),
        addition: addition.into(),
        postcode: postcode.into(),
        city: "Almere".into(),
    }
}

/// The table that these tests look addresses up in.
pub(crate) fn table() -> Vec<AddressRow> {
    vec![
        AddressRow { city: "Rotterdam".into(), ..row("3077AW", "Boterdiep", 31, "", "") },
        row("1309AA", "Parkweg", 2, "", ""),
        row("1309AA", "Parkweg", 2, "", "b"),
        row("1309AA", "Parkweg", 4, "a", ""),
        row("1309AA", "Parkweg", 4, "A", ""),
        row("1309AA", "Parkweg", 6, "", "A2"),
        row("1309AA", "Parkweg", 6, "A", "2"),
        row("1309AA", "Parkweg", 8, "", "BIS"),
        row("1309AB", "Hof", 1, "", ""),
        row("1309AB", "Plein", 1, "", "1"),
        row("1309AB", "Hof", 1, "", "2"),
    ]
}

pub(crate) fn with_table(mut story: Scenario) -> Scenario {
    story.world.addresses = Some(table());
    story
}

pub(crate) fn looked_up(text: &str) -> AddressInput {
    AddressInput::Lookup(text.into())
}

fn change(address: AddressInput) -> ChangeCorrespondenceAddress {
    ChangeCorrespondenceAddress { owner: OwnerRef::Contact(HOUSEHOLD.into()), address, effective_date: None }
}

fn typed() -> TypedAddress {
    TypedAddress {
        street: "Boterdiep".into(),
        house_no: Some(31),
        letter: None,
        addition: None,
        postcode: Some("3077 aw".into()),
        city: "Rotterdam".into(),
        country: None,
    }
}

fn part_by_part(typed: TypedAddress) -> ChangeCorrespondenceAddress {
    change(AddressInput::Typed(typed))
}

/// Letter, addition, and whether the table lacks them.
fn found(text: &str) -> Result<(String, String, bool), Refusal> {
    let rows = |postcode: &str, house_no| {
        Addresses::Rows(
            table().into_iter().filter(|r| r.postcode == postcode && r.house_no == house_no).collect(),
        )
    };
    lookup(&rows, "address", text).map(|found| {
        let part = |part: Option<String>| part.unwrap_or_default();
        (part(found.address.letter), part(found.address.addition), found.addition_not_in_table)
    })
}

fn current(story: &Scenario) -> Option<Address> {
    story.contact(HOUSEHOLD).correspondence.on(date("2026-01-15")).cloned()
}

#[test]
fn e1_20_the_address_is_the_households() {
    let at_customer = ChangeCorrespondenceAddress {
        owner: OwnerRef::Customer(CustomerId(1).into()),
        ..change(looked_up("3077AW31"))
    };
    let when = with_table(customer()).when(at_customer);
    assert_eq!(when.problem().entity, Some(EntityId::Contact(HOUSEHOLD)));
    when.then_refused(&["OWNED_BY_HOUSEHOLD"]);
}

#[test]
fn e1_21_e2_11_postcode_and_number_give_street_and_city() {
    for text in ["3077AW31", " 3077 aw 31 "] {
        let story =
            with_table(customer()).when(change(looked_up(text))).then(&["CorrespondenceAddressChanged"]);
        let expected = Address {
            street: "Boterdiep".into(),
            house_no: Some(31),
            letter: None,
            addition: None,
            postcode: Some("3077AW".into()),
            city: "Rotterdam".into(),
            country: "NL".into(),
            source: AddressSource::PostcodeTable,
        };
        assert_eq!(current(&story), Some(expected));
        story.when(change(looked_up(text))).then_nothing();
    }
}

#[test]
fn e1_21_letter_and_addition_are_found_as_letter_or_addition() {
    let hit = |letter: &str, addition: &str| Ok((letter.to_owned(), addition.to_owned(), false));
    assert_eq!(found("1309AA2"), hit("", ""));
    assert_eq!(found("1309 aa 2-b"), hit("", "b"));
    assert_eq!(found("1309AA2b"), hit("", "b"), "a bare letter stands in the table as addition");
    assert_eq!(found("1309AA2B"), hit("", "b"));
    assert_eq!(found("1309AA8bis"), hit("", "BIS"), "as the table writes it");
}

#[test]
fn e1_21_the_case_of_a_letter_counts_where_the_register_has_both() {
    let hit = |letter: &str, addition: &str| Ok((letter.to_owned(), addition.to_owned(), false));
    assert_eq!(found("1309AA4a"), hit("a", ""));
    assert_eq!(found("1309AA4A"), hit("A", ""));
    assert_eq!(found("1309AA6A2"), hit("A", "2"), "a letter and an addition");
    assert_eq!(found("1309AA6-A2"), hit("", "A2"), "split as typed");
}

#[test]
fn e1_21_an_addition_that_the_table_lacks_is_kept_and_pointed_out() {
    assert_eq!(found("1309AA2c"), Ok(("c".into(), String::new(), true)));
    assert_eq!(found("3077AW31-2 hoog"), Ok((String::new(), "2 hoog".into(), true)));
    assert_eq!(found("1309AA4"), Ok((String::new(), String::new(), true)), "the table has only 4a and 4A");
    let when = with_table(customer()).when(change(looked_up("3077AW31bis")));
    assert_eq!(when.warnings(), ["ADDITION_NOT_IN_TABLE"]);
    let story = when.then(&["CorrespondenceAddressChanged"]);
    assert_eq!(current(&story).and_then(|address| address.addition).as_deref(), Some("bis"));
}

#[test]
fn e1_21_what_cannot_be_looked_up() {
    let story = with_table(customer());
    let texts = [
        ("Boterdiep 31", "INVALID_POSTCODE"),
        ("0123AB1", "INVALID_POSTCODE"),
        ("3077SS1", "INVALID_POSTCODE"),
        ("", "INVALID_POSTCODE"),
        ("3077AW", "INVALID_HOUSE_NUMBER"),
        ("3077AW0", "INVALID_HOUSE_NUMBER"),
        ("3077AW-31", "INVALID_HOUSE_NUMBER"),
        ("3077AW100000", "INVALID_HOUSE_NUMBER"),
        ("3077AW32", "ADDRESS_NOT_FOUND"),
        ("1309AB1", "ADDRESS_AMBIGUOUS"),
        ("3077 31", "ADDRESS_AMBIGUOUS"),
    ];
    for (text, code) in texts {
        let when = story.when(change(looked_up(text)));
        assert_eq!(when.fields(), ["address"], "{text}");
        when.then_refused(&[code]);
    }
    // Of an addition that cannot be read, that is said.
    for text in ["3077AW31#", "3077AW31 twee hoog achter links"] {
        let problem = story.when(change(looked_up(text))).problem();
        assert_eq!(problem.code, "INVALID_HOUSE_NUMBER");
        assert!(problem.message.contains("behind the house number"), "{text}: {}", problem.message);
    }
    let choices = story.when(change(looked_up("1309AB1"))).problem().options;
    assert_eq!(choices, ["Hof 1, 1309AB Almere", "Plein 1, 1309AB Almere"], "each once");
    // N1-06: with the digits of the postcode alone nothing is looked for, so there is nothing to choose from.
    let digits = story.when(change(looked_up("307731"))).problem();
    assert!(digits.message.contains("letters") && digits.options.is_empty(), "{digits:?}");
}

#[test]
fn e1_21_without_a_table_nothing_is_found_and_the_hint_says_why() {
    let when = customer().when(change(looked_up("3077AW31")));
    assert!(when.problem().hint.is_some_and(|hint| hint.contains("import")));
    when.then_refused(&["ADDRESS_NOT_FOUND"]);
    let mut story = with_table(customer());
    story.world.addresses_unavailable = Some("the file is altered".into());
    let when = story.when(change(looked_up("3077AW31")));
    assert!(when.problem().message.contains("the file is altered"));
    when.then_refused(&["ADDRESS_TABLE_UNAVAILABLE"]);
    // Typing goes on.
    story.when(part_by_part(typed())).then(&["CorrespondenceAddressChanged"]);
}

#[test]
fn e1_22_an_address_is_typed_part_by_part() {
    let all = TypedAddress { letter: Some(" A ".into()), addition: Some("bis".into()), ..typed() };
    let story = with_table(customer()).when(part_by_part(all)).then(&["CorrespondenceAddressChanged"]);
    let address = current(&story).unwrap();
    assert_eq!(address.display(), "Boterdiep 31A-bis, 3077 AW Rotterdam");
    assert_eq!(address.source, AddressSource::Manual);
}

#[test]
fn e1_22_what_contradicts_the_table_must_be_confirmed() {
    let other = TypedAddress { street: "Singel".into(), ..typed() };
    let when = with_table(customer()).when(part_by_part(other.clone()));
    let problem = when.problem();
    assert_eq!(problem.prompt, Some(Prompt::AddressMismatch));
    assert!(problem.message.contains("Boterdiep 31, 3077AW Rotterdam"), "{}", problem.message);
    assert_eq!(problem.options, ["confirm: [ADDRESS_MISMATCH]"]);
    let story = when.then_refused(&["CONFIRMATION_REQUIRED"]);
    let story = story
        .confirming(Prompt::AddressMismatch)
        .when(part_by_part(other))
        .then(&["CorrespondenceAddressChanged"]);
    assert_eq!(current(&story).map(|a| a.street).as_deref(), Some("Singel"));
    let city = TypedAddress { city: "Schiedam".into(), ..typed() };
    story.when(part_by_part(city)).then_refused(&["CONFIRMATION_REQUIRED"]);
    // Accents and case do not contradict, nor does what the table does not know.
    let spelled = TypedAddress { street: "BOTERDIEP".into(), ..typed() };
    story.when(part_by_part(spelled)).then(&["CorrespondenceAddressChanged"]);
    let unknown = TypedAddress { house_no: Some(99), street: "Singel".into(), ..typed() };
    story.when(part_by_part(unknown)).then(&["CorrespondenceAddressChanged"]);
}

#[test]
fn e1_22_an_address_abroad() {
    let abroad = TypedAddress {
        street: "Rue de la Loi 16".into(),
        house_no: None,
        postcode: Some("1000".into()),
        city: "Brussel".into(),
        country: Some("be".into()),
        ..typed()
    };
    let story =
        with_table(customer()).when(part_by_part(abroad.clone())).then(&["CorrespondenceAddressChanged"]);
    assert_eq!(current(&story).unwrap().display(), "Rue de la Loi 16, 1000 Brussel, BE");
    story
        .when(part_by_part(TypedAddress { postcode: None, ..abroad.clone() }))
        .then(&["CorrespondenceAddressChanged"]);
    for country in ["XX", "B", "Belgium", "31"] {
        let when = story.when(part_by_part(TypedAddress { country: Some(country.into()), ..abroad.clone() }));
        assert_eq!(when.fields(), ["address.country"]);
        when.then_refused(&["INVALID_COUNTRY"]);
    }
    // §8: one that the list has ended is refused from then on, one that it never had is not.
    let until = |day: &str| ChangeCode {
        list: "COUNTRY".into(),
        code: "BE".into(),
        name: "België".into(),
        description: None,
        begin_date: None,
        end_date: Some(day.into()),
        parent: None,
        properties: None,
    };
    let other = || part_by_part(TypedAddress { city: "Luik".into(), ..abroad.clone() });
    story.given(until("2026-01-15")).when(other()).then(&["CorrespondenceAddressChanged"]);
    let ended = story.given(until("2026-01-14"));
    let when = ended.when(other());
    assert_eq!(when.fields(), ["country"]);
    when.then_refused(&["CODE_NOT_IN_FORCE"]);
    // The day on which the address begins counts, and one that stands is not looked at again.
    let before = ChangeCorrespondenceAddress { effective_date: Some("2026-01-14".into()), ..other() };
    ended.when(before).then(&["CorrespondenceAddressChanged"]);
    ended.when(part_by_part(abroad.clone())).then_nothing();
    for country in ["CH", "es"] {
        let abroad = TypedAddress { country: Some(country.into()), ..abroad.clone() };
        story.when(part_by_part(abroad)).then(&["CorrespondenceAddressChanged"]);
    }
    let negative = TypedAddress { house_no: Some(-1), ..abroad };
    story.when(part_by_part(negative)).then_refused(&["INVALID_HOUSE_NUMBER"]);
    // Left empty on a form, it is the Netherlands.
    let empty = TypedAddress { country: Some(" ".into()), ..typed() };
    story.when(part_by_part(empty)).then(&["CorrespondenceAddressChanged"]);
}

#[test]
fn e1_22_all_that_is_wrong_is_told_at_once() {
    let wrong = TypedAddress {
        street: " ".into(),
        city: "\u{7}".into(),
        letter: Some("abcdef".into()),
        addition: Some("12345678901".into()),
        house_no: None,
        postcode: Some("3077".into()),
        country: None,
    };
    let command = ChangeCorrespondenceAddress { effective_date: Some("soon".into()), ..part_by_part(wrong) };
    let when = customer().when(command);
    let fields =
        ["effectiveDate", "street", "city", "letter", "addition", "address.houseNo", "address.postcode"];
    assert_eq!(when.fields(), fields);
    let codes = [
        "INVALID_DATE",
        "REQUIRED",
        "INVALID_TEXT",
        "TOO_LONG",
        "TOO_LONG",
        "INVALID_HOUSE_NUMBER",
        "INVALID_POSTCODE",
    ];
    when.then_refused(&codes);
    for house_no in [0, -31, 100_000, i64::MAX] {
        customer()
            .when(part_by_part(TypedAddress { house_no: Some(house_no), ..typed() }))
            .then_refused(&["INVALID_HOUSE_NUMBER"]);
    }
    customer()
        .when(part_by_part(TypedAddress { postcode: None, ..typed() }))
        .then_refused(&["INVALID_POSTCODE"]);
}

#[test]
fn e1_21_an_address_may_hold_from_a_later_day() {
    let from = |text: &str, day: &str| ChangeCorrespondenceAddress {
        effective_date: Some(day.into()),
        ..change(looked_up(text))
    };
    let story =
        with_table(customer()).given(change(looked_up("3077AW31"))).given(from("1309AA2", "2026-03-01"));
    let street = |day: &str| story.contact(HOUSEHOLD).correspondence.on(date(day)).map(|a| a.street.clone());
    assert_eq!(street("2026-01-14"), None);
    assert_eq!(street("2026-02-28").as_deref(), Some("Boterdiep"));
    assert_eq!(street("2026-03-01").as_deref(), Some("Parkweg"));
    story.when(from("1309AA2", "2026-04-01")).then_nothing();
    story.when(from("3077AW31", "2026-04-01")).then(&["CorrespondenceAddressChanged"]);
    let when = story.when(from("1309AA2", "2025-12-01"));
    assert_eq!(when.warnings(), ["EFFECTIVE_IN_PAST"]);
    when.then(&["CorrespondenceAddressChanged"]);
    story.when(from("1309AA2", "1799-12-31")).then_refused(&["DATE_OUT_OF_RANGE"]);
    story.when(from("1309AA2", "")).then_refused(&["REQUIRED"]);
}

#[test]
fn e1_21_who_may_and_which_version() {
    let command = change(looked_up("3077AW31"));
    with_table(customer()).without(&[Permission::Write]).when(command.clone()).then_refused(&["FORBIDDEN"]);
    with_table(customer()).expecting(1).when(command).then_refused(&["VERSION_CONFLICT"]);
    let nobody = ChangeCorrespondenceAddress {
        owner: OwnerRef::Contact(ContactId(9).into()),
        ..change(looked_up("3077AW31"))
    };
    customer().when(nobody).then_refused(&["NOT_FOUND"]);
}

#[test]
fn a1_06_a_home_address_is_a_persons() {
    let home = |person: ContactId, text: &str| ChangeHomeAddress {
        person: person.into(),
        address: looked_up(text),
        effective_date: None,
    };
    let story = with_table(customer()).when(home(A, "3077AW31")).then(&["HomeAddressChanged"]);
    assert!(story.contact(A).home.on(date("2026-01-15")).is_some());
    assert!(story.contact(A).correspondence.is_empty(), "the two are apart");
    story.when(home(A, "3077AW31")).then_nothing();
    story.when(home(HOUSEHOLD, "3077AW31")).then_refused(&["NOT_A_PERSON"]);
    story.when(home(A, "x")).then_refused(&["INVALID_POSTCODE"]);
    story.clone().without(&[Permission::Write]).when(home(A, "1309AA2")).then_refused(&["FORBIDDEN"]);
    let past = ChangeHomeAddress { effective_date: Some("2020-01-01".into()), ..home(A, "1309AA2") };
    assert_eq!(story.when(past).warnings(), ["EFFECTIVE_IN_PAST"]);
}

/// A question is asked only when nothing else refuses (§1.2).
#[test]
fn a1_16_a_follower_is_refused_before_it_is_asked() {
    let story = with_table(office()).given(CoupleToLeader { follower: PERSON.into(), leader: CLIENT.into() });
    let mismatch = AddressInput::Typed(TypedAddress { street: "Singel".into(), ..typed() });
    let command =
        ChangeCorrespondenceAddress { owner: OwnerRef::Contact(PERSON.into()), ..change(mismatch.clone()) };
    story.when(command).then_refused(&["FIELD_FOLLOWS_LEADER"]);
    let home = ChangeHomeAddress { person: PERSON.into(), address: mismatch, effective_date: None };
    story.when(home).then_refused(&["FIELD_FOLLOWS_LEADER"]);
}

fn account(code: &str, iban: &str, sync: bool) -> AddBankAccount {
    AddBankAccount {
        customer: CustomerId(1).into(),
        code: code.into(),
        iban: iban.into(),
        holder_name: None,
        bic: None,
        sync_holder_address: Some(sync),
    }
}

#[test]
fn e1_23_scenario_7_address_sync() {
    let story = with_table(customer()).given(account("X", "NL44RABO0123456789", true)).given(account(
        "Y",
        "NL20INGB0001234567",
        false,
    ));
    let later = ChangeCorrespondenceAddress {
        effective_date: Some("2026-03-01".into()),
        ..change(looked_up("3077AW31"))
    };
    let when = story.when(later);
    assert_eq!(when.causes(), [None, Some(0)]);
    let story = when.then(&["CorrespondenceAddressChanged", "AccountHolderAddressSynced"]);
    let customer = story.customer(CustomerId(1));
    let holder = |code: &str| {
        let account = customer.account(code).unwrap();
        account.holder_address.on(date("2026-03-01")).map(Address::display)
    };
    assert_eq!(holder("X").as_deref(), Some("Boterdiep 31, 3077 AW Rotterdam"));
    assert_eq!(holder("Y"), None);
    assert_eq!(
        customer.account("X").unwrap().holder_address.on(date("2026-02-28")),
        None,
        "the same effective date"
    );
    // Switched on later, Y takes what is current then, and follows from then on.
    let on = SetHolderAddressSync { customer: CustomerId(1).into(), code: "Y".into(), on: true };
    let story = story.on(2026, 3, 2).when(on).then(&["HolderAddressSyncSet", "AccountHolderAddressSynced"]);
    let synced = "AccountHolderAddressSynced";
    story.when(change(looked_up("1309AA2"))).then(&["CorrespondenceAddressChanged", synced, synced]);
}
