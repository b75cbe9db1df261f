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
        .then_refused(&["COMPANY_HAS_NO_INITIALS", "FIELD_NOT_ALLOWED"]);
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
