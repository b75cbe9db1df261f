//! Customers of a shop, row by row; and the stories that the tests of signing off and of mail begin with.

use super::*;
use crate::address::TypedAddress;
use crate::channel::{Detail, Preference, Status};
use crate::ids::ContactId;
use crate::problem::Prompt;
use crate::testing::Scenario;

pub(crate) fn email(value: &str) -> WantedChannel {
    WantedChannel {
        kind: channel::Kind::Email,
        value: value.to_owned(),
        detail: Detail::Private,
        preference: Some(Preference::First),
        status: Status::Created,
    }
}

fn address(postcode: &str, house_no: i64) -> AddressInput {
    AddressInput::Typed(TypedAddress {
        street: "Boterdiep".into(),
        house_no: Some(house_no),
        letter: None,
        addition: None,
        postcode: Some(postcode.into()),
        city: "Rotterdam".into(),
        country: None,
    })
}

pub(crate) fn person(initials: &str, surname: &str) -> CreateCustomer {
    CreateCustomer {
        initials: Some(initials.into()),
        surname: Some(surname.into()),
        address: Some(address("3511AB", 12)),
        ..CreateCustomer::default()
    }
}

pub(crate) fn company(name: &str) -> CreateCustomer {
    CreateCustomer { company_name: Some(name.into()), ..CreateCustomer::default() }
}

/// Customer 1 of person 1, M. Janssen.
pub(crate) fn janssen() -> Scenario {
    Scenario::new().given(CreateCustomer { emails: vec![email("main@x.nl")], ..person("M.", "Janssen") })
}

fn change(customer: u64) -> ChangeCustomer {
    ChangeCustomer { customer: Some(CustomerId(customer).into()), ..ChangeCustomer::default() }
}

#[test]
fn n1_07_a_customer_and_its_contact_come_in_one_commit() {
    let story = Scenario::new()
        .when(CreateCustomer {
            emails: vec![email("m@x.nl")],
            remark: Some(" calls on Fridays ".into()),
            reference: Some("old-7".into()),
            ..person("M.", "Janssen")
        })
        .then(&[
            "ContactCreated",
            "ChannelAdded",
            "CorrespondenceAddressChanged",
            "CustomerCreated",
            "CustomerChanged",
        ]);
    let (contact, customer) = (story.contact(ContactId(1)), story.customer(CustomerId(1)));
    assert_eq!((contact.name.as_str(), contact.customer), ("M. Janssen", Some(customer.id)));
    assert_eq!(
        (customer.contact, customer.active, customer.status),
        (contact.id, true, ClientStatus::Client)
    );
    let shop = customer.shop.as_ref().unwrap();
    assert_eq!((shop.remark.as_str(), shop.reference.as_deref()), ("calls on Fridays", Some("OLD-7")));

    let story =
        story.when(company("Fietsen B.V.")).then(&["ContactCreated", "SalutationChanged", "CustomerCreated"]);
    assert_eq!(story.contact(ContactId(2)).name, "Fietsen B.V.");
    assert_eq!(story.customer(CustomerId(2)).shop, None);
}

#[test]
fn n1_07_everything_that_is_wrong_is_said_together() {
    let story = Scenario::new();
    let when = story.when(CreateCustomer {
        address: Some(address("35X1", 12)),
        emails: vec![email("no address")],
        remark: Some("x".repeat(1001)),
        reference: Some("two words".into()),
        searched: Some(Searched::default()),
        ..CreateCustomer::default()
    });
    assert_eq!(
        when.fields(),
        ["remark", "reference", "fromSearch", "address.postcode", "surname", "emails[0].value"]
    );
    when.then_refused(&[
        "TOO_LONG",
        "INVALID_TEXT",
        "INVALID_SEARCH_TOKEN",
        "INVALID_POSTCODE",
        "REQUIRED",
        "INVALID_EMAIL",
    ]);
    story
        .when(CreateCustomer { surname: Some("  ".into()), ..CreateCustomer::default() })
        .then_refused(&["REQUIRED"]);
    story
        .when(CreateCustomer {
            initials: Some("A.".into()),
            salutation: Some("DHR".into()),
            ..company("X B.V.")
        })
        .then_refused(&["COMPANY_HAS_NO_INITIALS", "SALUTATION_NOT_ALLOWED"]);
}

#[test]
fn e2_15_a_company_of_a_shop_is_addressed_neutrally() {
    let addressed = |code: &str| CreateCustomer { salutation: Some(code.into()), ..company("X B.V.") };
    for code in ["blanco", " "] {
        let story = Scenario::new().when(addressed(code)).then_made();
        assert_eq!(story.contact(ContactId(1)).salutation.as_deref(), Some("BLANCO"));
    }
    let when = Scenario::new().when(addressed("DHR"));
    assert_eq!(when.fields(), ["salutation"]);
    when.then_refused(&["SALUTATION_NOT_ALLOWED"]);
    let limited = Scenario::new().without(&[Permission::SensitiveWrite]);
    limited.when(addressed("BLANCO")).then_refused(&["FORBIDDEN"]);
    limited.when(company("X B.V.")).then_made();
}

#[test]
fn n1_05_only_a_shop_makes_customers_in_this_way() {
    // E1-03: each of the three commands that make customers has its own permission.
    let story = Scenario::new();
    story.clone().without(&[Permission::Shop]).when(person("M.", "Janssen")).then_refused(&["FORBIDDEN"]);
    let searched = Searched { surname: "ansse".into(), postcode: "3511".into(), house_no: Some(12) };
    story
        .clone()
        .with_only(&[Permission::Shop])
        .when(CreateCustomer { searched: Some(searched), ..person("M.", "Janssen") })
        .then(&["ContactCreated", "CorrespondenceAddressChanged", "CustomerCreated"]);
}

#[test]
fn n1_01_somebody_who_is_there_already_is_asked_about() {
    let story = janssen();
    let twice = person("M.", "Janzen");
    let problem = story.when(twice.clone()).problem();
    assert_eq!((problem.code, problem.prompt), ("CONFIRMATION_REQUIRED", Some(Prompt::PossibleDuplicate)));
    assert_eq!(problem.blocking.len(), 1);
    assert_eq!(problem.blocking[0].id, "contact:1");
    assert!(problem.blocking[0].label.ends_with("M. Janssen"));
    story.clone().confirming(Prompt::PossibleDuplicate).when(twice).then(&[
        "ContactCreated",
        "CorrespondenceAddressChanged",
        "CustomerCreated",
    ]);
    // A refusal goes before the question.
    story
        .when(CreateCustomer { reference: Some("?".into()), ..person("M.", "Janssen") })
        .then_refused(&["INVALID_TEXT"]);
}

#[test]
fn n1_07_the_customers_own_fields_change_and_are_cleared() {
    let story = janssen()
        .when(ChangeCustomer { remark: Some("slow payer".into()), ..change(1) })
        .then(&["CustomerChanged"])
        .when(ChangeCustomer { reference: Some("B-1".into()), ..change(1) })
        .then(&["CustomerChanged"]);
    let shop = story.customer(CustomerId(1)).shop.clone().unwrap();
    assert_eq!((shop.remark.as_str(), shop.reference.as_deref()), ("slow payer", Some("B-1")));
    story.when(ChangeCustomer { remark: Some(" slow payer".into()), ..change(1) }).then_nothing();
    story.when(change(1)).then_nothing();
    let story = story
        .when(ChangeCustomer { remark: Some(String::new()), reference: Some(" ".into()), ..change(1) })
        .then(&["CustomerChanged"]);
    let shop = story.customer(CustomerId(1)).shop.clone().unwrap();
    assert_eq!((shop.remark.as_str(), shop.reference), ("", None));
}

#[test]
fn n1_07_what_the_contact_owns_changes_at_the_contact() {
    // E1-02.
    let all = [
        ContactField::Initials,
        ContactField::Infix,
        ContactField::Surname,
        ContactField::CompanyName,
        ContactField::Address,
        ContactField::Phones,
        ContactField::Emails,
    ];
    let when = janssen().when(ChangeCustomer { owned_by_contact: all.to_vec(), ..change(1) });
    assert_eq!(when.fields(), all.map(ContactField::name));
    when.then_refused(&["OWNED_BY_HOUSEHOLD"; 7]);
    janssen()
        .when(ChangeCustomer { reference: Some("?".into()), ..change(1) })
        .then_refused(&["INVALID_TEXT"]);
    janssen().when(change(9)).then_refused(&["NOT_FOUND"]);
    janssen().when(ChangeCustomer::default()).then_refused(&["REQUIRED"]);
    janssen().without(&[Permission::Write]).when(change(1)).then_refused(&["FORBIDDEN"]);
    janssen().expecting(7).when(change(1)).then_refused(&["VERSION_CONFLICT"]);
}

fn searched(surname: &str, postcode: &str, house_no: Option<i64>) -> Searched {
    Searched { surname: surname.into(), postcode: postcode.into(), house_no }
}

/// A world with one row in its address table: Oudegracht 12 in Utrecht, 3511AB.
fn with_addresses() -> Scenario {
    let mut story = Scenario::new();
    story.world.addresses = Some(vec![crate::world::AddressRow {
        street: "Oudegracht".into(),
        house_no: 12,
        letter: String::new(),
        addition: String::new(),
        postcode: "3511AB".into(),
        city: "Utrecht".into(),
    }]);
    story
}

#[test]
fn n1_05_the_search_fills_in_surname_and_address() {
    let from = |searched| CreateCustomer { searched: Some(searched), ..CreateCustomer::default() };
    let story = with_addresses().when(from(searched("Janssen", "3511 ab", Some(12)))).then(&[
        "ContactCreated",
        "CorrespondenceAddressChanged",
        "CustomerCreated",
    ]);
    let contact = story.contact(ContactId(1));
    let address = contact.correspondence.on(crate::values::Date::parse("2026-01-15").unwrap()).unwrap();
    assert_eq!(
        (contact.name.as_str(), address.display()),
        ("Janssen", "Oudegracht 12, 3511 AB Utrecht".into())
    );
    // What was given stays, and so does a postcode that a typed address lacks.
    let typed = CreateCustomer {
        surname: Some("Bos".into()),
        address: Some(AddressInput::Typed(TypedAddress {
            street: "Dorpsweg".into(),
            city: "Delft".into(),
            house_no: Some(3),
            ..TypedAddress::default()
        })),
        ..from(searched("Jans", "2611CD", Some(12)))
    };
    let story = with_addresses().when(typed).then_made();
    let contact = story.contact(ContactId(1));
    let address = contact.correspondence.on(crate::values::Date::parse("2026-01-15").unwrap()).unwrap();
    assert_eq!((contact.name.as_str(), address.display()), ("Bos", "Dorpsweg 3, 2611 CD Delft".into()));
}

#[test]
fn n1_05_what_the_search_lacks_is_not_filled_in() {
    let from = |searched| CreateCustomer { searched: Some(searched), ..CreateCustomer::default() };
    let story = with_addresses();
    // Digits of a postcode are no address, nor is a postcode without a house number (N1-06).
    for (postcode, house_no, warned) in [
        ("3511", Some(12), &["ADDRESS_AMBIGUOUS"][..]),
        ("35", Some(12), &["ADDRESS_AMBIGUOUS"]),
        ("3511", None, &[]),
        ("3511AB", None, &[]),
    ] {
        let when = story.when(from(searched("Janssen", postcode, house_no)));
        assert_eq!(when.warnings(), warned, "{postcode} {house_no:?}");
        when.then(&["ContactCreated", "CustomerCreated"]);
    }
    let given = CreateCustomer {
        address: Some(AddressInput::Lookup("3511AB12".into())),
        ..from(searched("Janssen", "3511", Some(12)))
    };
    assert_eq!(story.when(given).warnings(), [] as [&str; 0], "an address was given");
    let digits = CreateCustomer {
        address: Some(AddressInput::Lookup("3511 12".into())),
        ..from(searched("Jan", "", None))
    };
    story.when(digits).then_refused(&["ADDRESS_AMBIGUOUS"]);
    // The house number that was searched for is one at that postcode, and not at another.
    let address = |postcode: &str, country: &str| {
        Some(AddressInput::Typed(TypedAddress {
            street: "Oudegracht".into(),
            city: "Utrecht".into(),
            postcode: Some(postcode.into()),
            country: Some(country.into()),
            ..TypedAddress::default()
        }))
    };
    let search = || from(searched("Janssen", "3511AB", Some(12)));
    story.when(CreateCustomer { address: address("3511 ab", "nl"), ..search() }).then_made();
    let elsewhere = CreateCustomer { address: address("3512AB", ""), ..search() };
    story.when(elsewhere).then_refused(&["INVALID_HOUSE_NUMBER"]);
    let abroad = story.when(CreateCustomer { address: address("3511AB", "BE"), ..search() }).then_made();
    assert_eq!(abroad.contact(ContactId(1)).correspondence.entries()[0].1.house_no, None);
    // A company has no surname to fill in.
    let company =
        CreateCustomer { company_name: Some("Fietsen B.V.".into()), ..from(searched("Fiets", "", None)) };
    let story_of_company = story.when(company).then_made();
    assert_eq!(story_of_company.contact(ContactId(1)).name, "Fietsen B.V.");
    // Bad input: nothing to fill in, a surname that was emptied, an address that is not there, no search at all.
    story.when(from(searched("", "3511AB", None))).then_refused(&["REQUIRED"]);
    let emptied = CreateCustomer { surname: Some(" ".into()), ..from(searched("Janssen", "", None)) };
    story.when(emptied).then_refused(&["REQUIRED"]);
    // An address that the table does not know is nobody's mistake: it is left out.
    let unknown = story.when(from(searched("Janssen", "3511AB", Some(99)))).then_made();
    assert!(unknown.contact(ContactId(1)).correspondence.entries().is_empty());
    let when = story.when(from(searched("Janssen", "3511AB", Some(99))));
    assert_eq!(when.warnings(), ["ADDRESS_NOT_FOUND"]);
    story.when(from(Searched::default())).then_refused(&["INVALID_SEARCH_TOKEN", "REQUIRED"]);
}
