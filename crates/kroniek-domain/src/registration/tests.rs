//! Rows A1-01, A1-02, A1-12, A1-13 and A2-01 … A2-10, and the helpers by which other tests set up an office.

use super::*;
use crate::address::TypedAddress;
use crate::contact::{CreateContact, NewPersonRole};
use crate::customer::{ActivateCustomer, tests::new_contact};
use crate::event::Event;
use crate::ids::PartyRef;
use crate::role::{AddRole, PersonChoice};
use crate::testing::Scenario;
use RegistrationType as Type;

/// The client-company of [`office`].
pub(crate) const COMPANY: ContactId = ContactId(1);
/// The client-person of [`office`].
pub(crate) const CLIENT: ContactId = ContactId(2);
/// The contact person "x x" of [`office`] at its company.
pub(crate) const PERSON: ContactId = ContactId(3);

#[allow(clippy::unnecessary_wraps, reason = "the fields that it fills are options")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(crate) fn company(kind: &str, name: &str) -> CreateRegistration {
    CreateRegistration { kind: kind.to_owned(), company_name: some(name), ..CreateRegistration::default() }
}

pub(crate) fn person(kind: &str, initials: &str, surname: &str) -> CreateRegistration {
    CreateRegistration {
        kind: kind.to_owned(),
        initials: some(initials),
        surname: some(surname),
        ..CreateRegistration::default()
    }
}

pub(crate) fn contact_person(parent: ContactId, initials: &str, surname: &str) -> CreateRegistration {
    CreateRegistration { parent: Some(parent.into()), ..person("CONTACT_PERSON", initials, surname) }
}

pub(crate) fn coupled(leader: ContactId, parent: ContactId) -> CreateCoupledContact {
    CreateCoupledContact {
        leader: leader.into(),
        parent: parent.into(),
        role_code: None,
        begin_date: None,
        business: None,
        initials: None,
        infix: None,
        surname: None,
        address: None,
        private_email: None,
        private_mobile: None,
    }
}

pub(crate) fn typed(street: &str, house_no: i64) -> AddressInput {
    AddressInput::Typed(TypedAddress {
        street: street.to_owned(),
        house_no: Some(house_no),
        postcode: some("3511AB"),
        city: "Utrecht".to_owned(),
        ..TypedAddress::default()
    })
}

pub(crate) fn channel(kind: channel::Kind, detail: channel::Detail, value: &str) -> WantedChannel {
    WantedChannel {
        kind,
        value: value.to_owned(),
        detail,
        preference: None,
        status: channel::Status::Created,
    }
}

/// Client-company 1, client-person 2 (J. Jansen), and at the company contact person 3, made with an "x" (A1-13).
pub(crate) fn office() -> Scenario {
    Scenario::new()
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."))
        .given(person("CLIENT_PERSON", "J.", "Jansen"))
        .given(contact_person(COMPANY, "x", "x"))
}

pub(crate) fn type_of(s: &Scenario, id: ContactId) -> Option<Type> {
    use crate::world::World as _;
    registration_type(&s.contact(id), &|id| s.world.contact(id), &|id| s.world.customer(id))
}

/// A household 1 with the person 2 in it, who has no registration type.
fn household() -> Scenario {
    Scenario::new().given(CreateContact {
        person: Some(NewPersonRole {
            person: NewPerson { surname: "Bakker".to_owned(), ..NewPerson::default() },
            role_code: "CONTRACTANT".to_owned(),
            begin_date: None,
        }),
        ..new_contact(Kind::Household)
    })
}

// ---- clients and relations

/// A1-01: a man or woman who becomes a client is a client-person, with private data.
#[test]
fn a1_01_a_person_becomes_a_client() {
    let command = CreateRegistration {
        infix: some("van der"),
        salutation: some("DHR"),
        address: Some(typed("Domplein", 1)),
        phones: vec![channel(channel::Kind::Mobile, channel::Detail::Private, "06-12345678")],
        emails: vec![channel(channel::Kind::Email, channel::Detail::Private, "jan@voorbeeld.nl")],
        ..person("CLIENT_PERSON", "j", "Berg")
    };
    let s = Scenario::new().when(command).then(&[
        "ContactCreated",
        "ChannelAdded",
        "ChannelAdded",
        "SalutationChanged",
        "CorrespondenceAddressChanged",
        "CustomerCreated",
    ]);
    let contact = s.contact(ContactId(1));
    assert_eq!(contact.name, "J. van der Berg");
    assert_eq!(contact.correspondence.entries().len(), 1);
    assert_eq!(type_of(&s, contact.id), Some(Type::ClientPerson));
    let customer = s.customer(CustomerId(1));
    assert_eq!((customer.contact, customer.status), (contact.id, ClientStatus::Client));
}

/// A2-01, A2-03, A2-04: companies and relations.
#[test]
fn a2_10_each_type_gets_the_contact_and_the_customer_that_it_asks() {
    for (command, status, kind) in [
        (company("CLIENT_COMPANY", "Bakkerij B.V."), ClientStatus::Client, Type::ClientCompany),
        (company("RELATION_COMPANY", "De Bank"), ClientStatus::Relation, Type::RelationCompany),
    ] {
        let s =
            Scenario::new().when(command).then(&["ContactCreated", "SalutationChanged", "CustomerCreated"]);
        assert_eq!(type_of(&s, ContactId(1)), Some(kind));
        assert_eq!(s.customer(CustomerId(1)).status, status);
        assert_eq!(s.contact(ContactId(1)).salutation.as_deref(), Some("BLANCO"));
    }
    for (command, kind) in [
        (person("CLIENT_PERSON", "J.", "Jansen"), Type::ClientPerson),
        (person("RELATION_PERSON", "N.", "Otaris"), Type::RelationPerson),
    ] {
        let s = Scenario::new().when(command).then(&["ContactCreated", "CustomerCreated"]);
        assert_eq!(type_of(&s, ContactId(1)), Some(kind));
    }
}

/// A company may have an address and channels from the start.
#[test]
fn a2_01_a_company_is_registered_with_address_and_channels() {
    let command = CreateRegistration {
        address: Some(typed("Domplein", 1)),
        emails: vec![channel(channel::Kind::Email, channel::Detail::Business, "info@bakkerij.nl")],
        ..company("CLIENT_COMPANY", "Bakkerij B.V.")
    };
    Scenario::new().when(command).then(&[
        "ContactCreated",
        "SalutationChanged",
        "ChannelAdded",
        "CorrespondenceAddressChanged",
        "CustomerCreated",
    ]);
}

#[test]
fn a2_10_a_type_must_be_known() {
    let s = Scenario::new();
    for raw in ["", "  "] {
        s.when(person(raw, "J.", "Jansen")).then_refused(&["REQUIRED"]);
    }
    for raw in ["client_person", "CLIENT", "10", "😀", "CLIENT\u{202E}PERSON"] {
        s.when(person(raw, "J.", "Jansen")).then_refused(&["UNKNOWN_CODE"]);
    }
    s.when(person(" CLIENT_PERSON ", "J.", "Jansen")).then(&["ContactCreated", "CustomerCreated"]);
}

#[test]
fn a2_08_employees_at_clients_are_no_longer_made() {
    Scenario::new().when(person("EMPLOYEE_AT_CLIENT", "J.", "Jansen")).then_refused(&["TYPE_OBSOLETE"]);
}

#[test]
fn a2_06_a2_07_a2_09_the_other_types_come_later() {
    for kind in ["GENERAL_CORRESPONDENCE", "RELATION_AT_CLIENT", "LOCATION"] {
        office().when(company(kind, "Directie")).then_refused(&["NOT_SUPPORTED"]);
    }
}

#[test]
fn a2_10_what_a_type_does_not_have_is_refused_and_not_overlooked() {
    let s = office();
    s.when(CreateRegistration { initials: some("J."), ..company("CLIENT_COMPANY", "Bakkerij") })
        .then_refused(&["COMPANY_HAS_NO_INITIALS"]);
    s.when(CreateRegistration { salutation: some("DHR"), ..company("RELATION_COMPANY", "Bank") })
        .then_refused(&["FIELD_NOT_ALLOWED"]);
    for kind in ["CLIENT_PERSON", "RELATION_PERSON"] {
        let command = CreateRegistration {
            company_name: some("Bakkerij"),
            role_code: some("DIRECTOR"),
            begin_date: some("2026-01-01"),
            business: Some(BusinessInput::default()),
            ..person(kind, "J.", "Jansen")
        };
        s.when(command).then_refused(&[
            "FIELD_NOT_ALLOWED",
            "FIELD_NOT_ALLOWED",
            "FIELD_NOT_ALLOWED",
            "FIELD_NOT_ALLOWED",
        ]);
    }
    s.when(CreateRegistration { company_name: some("Bakkerij"), ..contact_person(COMPANY, "J.", "Jansen") })
        .then_refused(&["FIELD_NOT_ALLOWED"]);
    // A form sends empty texts for fields that were left alone.
    let blank = CreateRegistration {
        company_name: some(" "),
        role_code: some(""),
        ..person("CLIENT_PERSON", "J.", "J")
    };
    s.when(blank).then(&["ContactCreated", "CustomerCreated"]);
}

#[test]
fn section_1_2_all_field_errors_of_a_registration_are_reported_together() {
    let s = office();
    let command = CreateRegistration {
        company_name: some(""),
        emails: vec![channel(channel::Kind::Email, channel::Detail::Business, "no mail")],
        address: Some(AddressInput::Lookup("x".to_owned())),
        ..company("CLIENT_COMPANY", "")
    };
    s.when(command).then_refused(&["REQUIRED", "INVALID_EMAIL", "INVALID_POSTCODE"]);
    let command = CreateRegistration {
        parent: None,
        initials: None,
        surname: some("Jan1"),
        role_code: some("NO_SUCH_ROLE"),
        begin_date: some("yesterday"),
        business: Some(BusinessInput { email: some("no mail"), ..BusinessInput::default() }),
        ..person("CONTACT_PERSON", "", "")
    };
    let codes: Vec<_> = s.when(command).refusals().iter().map(crate::Refusal::code).collect();
    for code in
        ["PARENT_REQUIRED", "REQUIRED", "INVALID_TEXT", "INVALID_DATE", "UNKNOWN_CODE", "INVALID_EMAIL"]
    {
        assert!(codes.contains(&code), "{code} is missing in {codes:?}");
    }
}

#[test]
fn a2_10_registering_needs_its_own_right() {
    let s = office();
    s.clone()
        .without(&[Permission::Register])
        .when(person("CLIENT_PERSON", "J.", "Jansen"))
        .then_refused(&["FORBIDDEN"]);
    s.clone().without(&[Permission::Register]).when(coupled(CLIENT, COMPANY)).then_refused(&["FORBIDDEN"]);
    s.with_only(&[Permission::Register])
        .when(person("CLIENT_PERSON", "J.", "Jansen"))
        .then(&["ContactCreated", "CustomerCreated"]);
}

// ---- contact persons

/// A1-02: the person tied to a client-company is recorded as a contact person there.
#[test]
fn a1_02_a_contact_person_hangs_on_its_company() {
    let command = CreateRegistration {
        role_code: some("DIRECTOR"),
        begin_date: some("2025-07-01"),
        business: Some(BusinessInput {
            function: some("Directeur"),
            email: some("j.jansen@bakkerij.nl"),
            ..BusinessInput::default()
        }),
        address: Some(typed("Domplein", 1)),
        ..contact_person(COMPANY, "J.", "Jansen")
    };
    let s = office().when(command).then(&["ContactCreated", "CorrespondenceAddressChanged", "RoleAdded"]);
    let line = s.contact(COMPANY).lines.last().unwrap().clone();
    assert_eq!((line.person, line.role.as_str(), line.contractant), (ContactId(4), "DIRECTOR", false));
    assert_eq!(line.begin.to_string(), "2025-07-01");
    assert_eq!(line.business.function.as_deref(), Some("Directeur"));
    assert_eq!(line.business.email.as_deref(), Some("j.jansen@bakkerij.nl"));
    assert_eq!(s.contact(ContactId(4)).roles, [(COMPANY, line.line)]);
    assert_eq!(type_of(&s, ContactId(4)), Some(Type::ContactPerson));
}

/// A1-03: the same human may be recorded at several companies; nobody asks about duplicates.
#[test]
fn a1_03_the_same_person_is_registered_once_per_company() {
    let s = office()
        .given(company("CLIENT_COMPANY", "Holding B.V."))
        .given(contact_person(COMPANY, "J.", "Jansen"));
    s.when(contact_person(ContactId(4), "J.", "Jansen")).then(&["ContactCreated", "RoleAdded"]);
}

/// A1-13: the tip of the manual; initials and surname are mandatory, "x" will do.
#[test]
fn a1_13_a_contact_person_is_made_with_an_x() {
    let s = office();
    assert_eq!(s.contact(PERSON).name, "x x");
    assert_eq!(s.contact(COMPANY).lines[0].role, "CONTACT_PERSON");
    s.when(contact_person(COMPANY, " ", " ")).then_refused(&["REQUIRED", "REQUIRED"]);
    s.when(contact_person(COMPANY, "x", "")).then_refused(&["REQUIRED"]);
    s.when(contact_person(COMPANY, "", "x")).then_refused(&["REQUIRED"]);
}

#[test]
fn a2_05_a_contact_person_needs_a_parent() {
    let s = office();
    s.when(person("CONTACT_PERSON", "J.", "Jansen")).then_refused(&["PARENT_REQUIRED"]);
    s.when(contact_person(ContactId(99), "J.", "Jansen")).then_refused(&["NOT_FOUND"]);
}

/// A2-05, scenario 16: the column of contact persons in the matrix, and the types that stand alone.
#[test]
fn a2_05_the_parents_that_each_type_may_have() {
    let s = Scenario::new()
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."))
        .given(person("CLIENT_PERSON", "J.", "Jansen"))
        .given(company("RELATION_COMPANY", "De Bank"))
        .given(person("RELATION_PERSON", "N.", "Otaris"))
        .given(contact_person(ContactId(1), "x", "x"))
        .given(new_contact_named("Los B.V."));
    let types = [
        Some(Type::ClientCompany),
        Some(Type::ClientPerson),
        Some(Type::RelationCompany),
        Some(Type::RelationPerson),
        Some(Type::ContactPerson),
        None,
    ];
    for (id, kind) in (1..).map(ContactId).zip(types) {
        assert_eq!(type_of(&s, id), kind);
        let when = s.when(contact_person(id, "x", "x"));
        if kind.is_some_and(|kind| kind <= Type::RelationPerson) {
            when.then(&["ContactCreated", "RoleAdded"]);
        } else {
            when.then_refused(&["PARENT_TYPE_NOT_ALLOWED"]);
        }
        for alone in ["CLIENT_COMPANY", "RELATION_COMPANY"] {
            let command = CreateRegistration { parent: Some(id.into()), ..company(alone, "Nieuw") };
            s.when(command).then_refused(&["PARENT_TYPE_NOT_ALLOWED"]);
        }
        for alone in ["CLIENT_PERSON", "RELATION_PERSON"] {
            let command = CreateRegistration { parent: Some(id.into()), ..person(alone, "x", "x") };
            s.when(command).then_refused(&["PARENT_TYPE_NOT_ALLOWED"]);
        }
    }
    household().when(contact_person(ContactId(1), "x", "x")).then_refused(&["PARENT_TYPE_NOT_ALLOWED"]);
}

fn new_contact_named(name: &str) -> CreateContact {
    CreateContact { company_name: some(name), ..new_contact(Kind::Company) }
}

#[test]
fn a2_05_a_contact_person_is_no_contractant() {
    let s = office();
    let role = |code: &str| CreateRegistration { role_code: some(code), ..contact_person(COMPANY, "x", "x") };
    s.when(role("CONTRACTANT")).then_refused(&["CONTRACTANT_NEEDS_HOUSEHOLD"]);
    s.when(role("NO_SUCH_ROLE")).then_refused(&["UNKNOWN_CODE"]);
    let begin =
        |date: &str| CreateRegistration { begin_date: some(date), ..contact_person(COMPANY, "x", "x") };
    s.when(begin("2026-02-30")).then_refused(&["INVALID_DATE"]);
    s.when(begin("1700-01-01")).then_refused(&["DATE_OUT_OF_RANGE"]);
}

#[test]
fn section_1_2_the_parent_is_the_addressed_entity() {
    let s = office();
    s.clone().expecting(1).when(contact_person(COMPANY, "x", "x")).then_refused(&["VERSION_CONFLICT"]);
    s.expecting(3).when(contact_person(COMPANY, "x", "x")).then(&["ContactCreated", "RoleAdded"]);
}

// ---- coupled contact persons

/// A1-12: a new contact person follows its leader from the start, in one commit.
#[test]
fn a1_12_a_coupled_contact_person_follows_at_once() {
    let command = CreateCoupledContact {
        role_code: some("DIRECTOR"),
        business: Some(BusinessInput { phone: some("030-1234567"), ..BusinessInput::default() }),
        ..coupled(CLIENT, COMPANY)
    };
    let when = office().when(command);
    let causes: Vec<_> = when.events().iter().map(|recorded| recorded.cause).collect();
    assert_eq!(causes, [None, None, None, Some(2)]);
    let s = when.then(&["ContactCreated", "RoleAdded", "CoupledToLeader", "FollowedDataCopied"]);
    let follower = s.contact(ContactId(4));
    assert_eq!((follower.name.as_str(), follower.leader), ("J. Jansen", Some(CLIENT)));
    assert_eq!(follower.names.len(), 1, "it never had another name");
    assert!(s.contact(CLIENT).followers.contains(&follower.id));
    assert_eq!(type_of(&s, follower.id), Some(Type::ContactPerson));
    let line = s.contact(COMPANY).lines.last().unwrap().clone();
    assert_eq!((line.role.as_str(), line.business.phone.is_some()), ("DIRECTOR", true));
}

/// A1-12: the private fields come from the leader; every one that is given is refused.
#[test]
fn a1_12_private_fields_of_a_coupled_contact_person_are_refused() {
    let command = CreateCoupledContact {
        initials: some("P."),
        infix: some("de"),
        surname: some("Vries"),
        address: Some(typed("Domplein", 1)),
        private_email: some("p@voorbeeld.nl"),
        private_mobile: some("0612345678"),
        ..coupled(CLIENT, COMPANY)
    };
    let when = office().when(command);
    let fields: Vec<_> = when.refusals().iter().filter_map(|refusal| refusal.problem().field).collect();
    assert_eq!(fields, ["initials", "infix", "surname", "address", "privateEmail", "privateMobile"]);
    assert!(
        when.refusals().iter().all(|refusal| refusal.problem().entity == Some(EntityId::Contact(CLIENT)))
    );
    when.then_refused(&["FIELD_FOLLOWS_LEADER"; 6]);
    let blank = CreateCoupledContact { initials: some(""), surname: some(" "), ..coupled(CLIENT, COMPANY) };
    office().when(blank).then(&["ContactCreated", "RoleAdded", "CoupledToLeader", "FollowedDataCopied"]);
}

/// A1-12: only at a client-company.
#[test]
fn a1_12_a_coupled_contact_person_hangs_on_a_client_company() {
    let s = office()
        .given(company("RELATION_COMPANY", "De Bank"))
        .given(person("RELATION_PERSON", "N.", "Otaris"))
        .given(new_contact_named("Los B.V."));
    for parent in [2, 3, 4, 5, 6] {
        s.when(coupled(CLIENT, ContactId(parent))).then_refused(&["PARENT_TYPE_NOT_ALLOWED"]);
    }
    s.when(coupled(CLIENT, ContactId(99))).then_refused(&["NOT_FOUND"]);
    s.when(coupled(ContactId(98), ContactId(99))).then_refused(&["NOT_FOUND", "NOT_FOUND"]);
}

/// A1-12 with the guards of A1-08 and A1-11.
#[test]
fn a1_12_the_leader_of_a_coupled_contact_person_must_be_able_to_lead() {
    let s = office().given(person("RELATION_PERSON", "N.", "Otaris")).given(coupled(CLIENT, COMPANY));
    s.when(coupled(COMPANY, COMPANY)).then_refused(&["LEADER_NOT_A_PERSON"]);
    s.when(coupled(ContactId(4), COMPANY)).then_refused(&["LEADER_NOT_A_PERSON"]);
    s.when(coupled(ContactId(5), COMPANY)).then_refused(&["LEADER_IS_FOLLOWER"]);
    s.when(coupled(PERSON, COMPANY)).then(&[
        "ContactCreated",
        "RoleAdded",
        "CoupledToLeader",
        "FollowedDataCopied",
    ]);
}

#[test]
fn a1_12_the_role_and_the_version_are_checked_as_for_any_contact_person() {
    let s = office();
    let role = |code: &str| CreateCoupledContact { role_code: some(code), ..coupled(CLIENT, COMPANY) };
    s.when(role("CONTRACTANT")).then_refused(&["CONTRACTANT_NEEDS_HOUSEHOLD"]);
    s.when(role("NO_SUCH_ROLE")).then_refused(&["UNKNOWN_CODE"]);
    let business = BusinessInput { phone: some("x"), email: some("x"), ..BusinessInput::default() };
    let command =
        CreateCoupledContact { business: Some(business), begin_date: some("x"), ..coupled(CLIENT, COMPANY) };
    s.when(command).then_refused(&["INVALID_DATE", "INVALID_PHONE", "INVALID_EMAIL"]);
    s.expecting(1).when(coupled(CLIENT, COMPANY)).then_refused(&["VERSION_CONFLICT"]);
}

// ---- the classification

/// §1.1: a household has no type, nor has a person that is only in one; with a customer of its own a person is a
/// client, whatever lines it has.
#[test]
fn section_1_1_households_and_their_people_have_no_type() {
    let s = household();
    assert_eq!(type_of(&s, ContactId(1)), None);
    assert_eq!(type_of(&s, ContactId(2)), None);
    let lease = |contact: u64| ActivateCustomer {
        household: ContactId(contact).into(),
        lease_ref: format!("L{contact}"),
        unit: None,
        start_date: "2026-01-01".to_owned(),
    };
    let s = s.given(lease(1));
    assert_eq!(type_of(&s, ContactId(1)), None, "a household with a customer");
    assert_eq!(type_of(&s, ContactId(2)), None, "a person in a household with a customer");
    let s = s.given(company("CLIENT_COMPANY", "Bakkerij B.V.")).given(AddRole {
        party: PartyRef::Contact(ContactId(3).into()),
        person: PersonChoice::Existing(ContactId(2).into()),
        role_code: "DIRECTOR".to_owned(),
        begin_date: None,
        cause: None,
    });
    assert_eq!(type_of(&s, ContactId(2)), Some(Type::ContactPerson));
    let s = s.given(lease(2));
    assert_eq!(type_of(&s, ContactId(2)), Some(Type::ClientPerson));
}

#[test]
fn section_6_1_types_have_the_numbers_and_names_of_the_manual() {
    let names: Vec<_> = Type::ALL.iter().map(|kind| (u8::from(*kind), kind.name())).collect();
    assert_eq!(
        names,
        [
            (1, "CLIENT_COMPANY"),
            (2, "CLIENT_PERSON"),
            (3, "RELATION_COMPANY"),
            (4, "RELATION_PERSON"),
            (5, "CONTACT_PERSON"),
            (6, "GENERAL_CORRESPONDENCE"),
            (7, "RELATION_AT_CLIENT"),
            (8, "EMPLOYEE_AT_CLIENT"),
            (9, "LOCATION"),
        ]
    );
    assert!(Type::try_from(10).is_err());
}

/// What a registration records belongs to other capabilities: a registration has no events of its own.
#[test]
fn a2_10_a_registration_is_made_of_the_events_of_the_model() {
    let when = office().when(coupled(CLIENT, COMPANY));
    let kinds = when.events().iter().map(|recorded| &recorded.event);
    let known = |event: &Event| matches!(event, Event::Contact(_) | Event::Role(_) | Event::Leader(_));
    assert!(kinds.into_iter().all(known));
}
