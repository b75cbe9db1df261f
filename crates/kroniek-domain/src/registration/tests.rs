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
    let obsolete = Scenario::new().when(person("EMPLOYEE_AT_CLIENT", "J.", "Jansen"));
    let message = obsolete.problem().message;
    assert!(message.contains("register a CONTACT_PERSON"), "{message}");
    obsolete.then_refused(&["TYPE_OBSOLETE"]);
}

/// Scenario 16: all 81 cells of §6.1, type by parent type, each by a command that is made or refused.
#[test]
fn scenario_16_the_whole_matrix_of_types_and_parents() {
    const MATRIX: [(Type, &str); 9] = [
        // On a 1, 2, 3, … 9.
        (Type::ClientCompany, "........."),
        (Type::ClientPerson, "........."),
        (Type::RelationCompany, "........."),
        (Type::RelationPerson, "........."),
        (Type::ContactPerson, "xxxx....."),
        (Type::GeneralCorrespondence, "x.x......"),
        (Type::RelationAtClient, "xx......."),
        (Type::EmployeeAtClient, "xx......."),
        (Type::Location, "x.x......"),
    ];
    let s = one_of_each();
    for (kind, row) in MATRIX {
        for (parent, cell) in Type::ALL.iter().zip(row.chars()) {
            let allowed = cell == 'x';
            assert_eq!(kind.parents().contains(parent), allowed, "{kind:?} on {parent:?}");
            // Ties are no contacts: nothing can be said to hang on one.
            let Some(holder) = (1..=7).map(ContactId).find(|id| type_of(&s, *id) == Some(*parent)) else {
                assert!(matches!(parent, Type::RelationAtClient | Type::EmployeeAtClient) && !allowed);
                continue;
            };
            let when = s.when(on(kind, Some(holder)));
            match (kind, allowed) {
                (Type::EmployeeAtClient, _) => drop(when.then_refused(&["TYPE_OBSOLETE"])),
                (Type::RelationAtClient, true) => drop(when.then(&["RelationLinked"])),
                (Type::RelationAtClient, false) => drop(when.then_refused(&["LINK_END_TYPE_NOT_ALLOWED"])),
                (_, true) => {
                    let s = when.then_made();
                    assert_eq!(type_of(&s, ContactId(8)), Some(kind));
                }
                (_, false) => {
                    assert_eq!(
                        when.refusals().iter().map(crate::Refusal::code).collect::<Vec<_>>(),
                        ["PARENT_TYPE_NOT_ALLOWED"],
                        "{kind:?} on {parent:?}"
                    );
                }
            }
        }
    }
}

/// One contact of each type that is a contact: 1 to 6 are types 1 to 6, 7 is a location.
fn one_of_each() -> Scenario {
    Scenario::new()
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."))
        .given(person("CLIENT_PERSON", "J.", "Jansen"))
        .given(company("RELATION_COMPANY", "Bank N.V."))
        .given(person("RELATION_PERSON", "K.", "Notaris"))
        .given(contact_person(COMPANY, "P.", "Pieters"))
        .given(on(Type::GeneralCorrespondence, Some(COMPANY)))
        .given(on(Type::Location, Some(COMPANY)))
}

/// A registration of a type on something.
fn on(kind: Type, parent: Option<ContactId>) -> CreateRegistration {
    let made = match kind {
        Type::ClientPerson | Type::RelationPerson | Type::ContactPerson => person(kind.name(), "A.", "Bos"),
        Type::RelationAtClient => CreateRegistration {
            relation: Some(CustomerId(3).into()),
            relation_kind: some("BANK"),
            kind: kind.name().to_owned(),
            ..CreateRegistration::default()
        },
        Type::ClientCompany
        | Type::RelationCompany
        | Type::GeneralCorrespondence
        | Type::EmployeeAtClient
        | Type::Location => company(kind.name(), "Directie"),
    };
    CreateRegistration { parent: parent.map(Into::into), ..made }
}

/// A2-05, A2-06, A2-09, A2-15 (I11): none of these stands alone.
#[test]
fn a2_15_contact_persons_correspondence_and_locations_never_stand_alone() {
    let s = one_of_each();
    for kind in [Type::ContactPerson, Type::GeneralCorrespondence, Type::Location, Type::RelationAtClient] {
        s.when(on(kind, None)).then_refused(&["PARENT_REQUIRED"]);
    }
    for kind in [Kind::GeneralCorrespondence, Kind::Location] {
        s.when(new_contact(kind)).then_refused(&["KIND_NOT_ALLOWED"]);
    }
    s.when(ActivateCustomer {
        household: ContactId(7).into(),
        lease_ref: "L".to_owned(),
        unit: None,
        start_date: "2026-01-01".to_owned(),
    })
    .then_refused(&["KIND_NOT_ALLOWED"]);
}

/// A2-06, A2-09: they have a name, an address and channels of their own, and no parts of a person.
#[test]
fn a2_06_a2_09_correspondence_and_locations_have_one_name() {
    let s = one_of_each();
    let branch = s.contact(ContactId(7));
    assert_eq!((branch.kind, branch.name.as_str()), (Kind::Location, "Directie"));
    assert_eq!(branch.placement.parent, Some(COMPANY));
    assert_eq!(s.contact(COMPANY).placement.children.len(), 2);
    let board = CreateRegistration {
        location: Some(ContactId(7).into()),
        address: Some(typed("Domplein", 1)),
        ..on(Type::GeneralCorrespondence, Some(COMPANY))
    };
    s.when(board).then(&[
        "ContactCreated",
        "SalutationChanged",
        "ContactPlaced",
        "LocationTied",
        "CorrespondenceAddressChanged",
    ]);
    let of_person = CreateRegistration {
        initials: some("A."),
        role_code: some("DIRECTOR"),
        ..on(Type::Location, Some(COMPANY))
    };
    s.when(of_person).then_refused(&["FIELD_NOT_ALLOWED", "FIELD_NOT_ALLOWED"]);
    s.when(CreateRegistration { company_name: None, ..on(Type::Location, Some(COMPANY)) })
        .then_refused(&["REQUIRED"]);
    s.when(CreateRegistration { status: some("CLIENT"), ..on(Type::Location, Some(COMPANY)) })
        .then_refused(&["STATUS_NOT_APPLICABLE"]);
    s.when(CreateRegistration { location: Some(ContactId(7).into()), ..on(Type::Location, Some(COMPANY)) })
        .then_refused(&["FIELD_NOT_ALLOWED"]);
}

/// A2-09: a location is one of the parent's own.
#[test]
fn a2_09_a_location_of_another_company_is_refused() {
    let s = one_of_each().given(company("CLIENT_COMPANY", "Anders B.V."));
    let at = |location: u64, parent: u64| CreateRegistration {
        location: Some(ContactId(location).into()),
        ..contact_person(ContactId(parent), "A.", "Bos")
    };
    let made = s.when(at(7, 1)).then_made();
    assert_eq!(made.contact(COMPANY).placement.line_locations.values().collect::<Vec<_>>(), [&ContactId(7)]);
    s.when(at(7, 8)).then_refused(&["LOCATION_NOT_OF_PARENT"]);
    s.when(at(6, 1)).then_refused(&["LOCATION_NOT_OF_PARENT"]);
    s.when(at(99, 1)).then_refused(&["NOT_FOUND"]);
    s.when(CreateRegistration { location: Some(ContactId(7).into()), ..company("CLIENT_COMPANY", "X") })
        .then_refused(&["FIELD_NOT_ALLOWED"]);
}

/// A2-07: both ends are required, and are a client and a relation.
#[test]
fn a2_07_a_relation_at_a_client_has_two_ends() {
    let s = one_of_each();
    let tie = on(Type::RelationAtClient, Some(COMPANY));
    s.when(CreateRegistration { relation: None, ..tie.clone() }).then_refused(&["REQUIRED"]);
    s.when(CreateRegistration { relation: Some(CustomerId(2).into()), ..tie.clone() })
        .then_refused(&["LINK_END_TYPE_NOT_ALLOWED"]);
    s.when(CreateRegistration { relation_kind: some("FRIEND"), ..tie.clone() })
        .then_refused(&["UNKNOWN_CODE"]);
    s.given(tie.clone()).when(tie).then_refused(&["LINK_EXISTS"]);
    s.when(CreateRegistration { relation_kind: some("BANK"), ..person("CLIENT_PERSON", "A.", "B") })
        .then_refused(&["FIELD_NOT_ALLOWED"]);
}

/// A2-11: a registration keeps its type.
#[test]
fn a2_11_the_type_is_fixed() {
    let s = one_of_each();
    let change = |id: u64, kind| crate::contact::ChangeContactKind { contact: ContactId(id).into(), kind };
    for id in 1..=7 {
        let kind = if s.contact(ContactId(id)).kind == Kind::Person { Kind::Company } else { Kind::Person };
        s.when(change(id, kind)).then_refused(&["TYPE_IS_FIXED"]);
    }
    let household = household();
    household.when(change(1, Kind::Location)).then_refused(&["KIND_IS_FIXED"]);
}

/// A2-11, A2-20: a person that becomes a company is registered anew, and takes over the client number.
#[test]
fn a2_11_a2_20_a_new_registration_takes_over_the_number() {
    use crate::administration::{ChangeClientNumber, ConfirmUpToDate};
    use crate::ids::CustomerId;
    let renumber = |customer: u64, number: &str| ChangeClientNumber {
        customer: CustomerId(customer).into(),
        number: number.to_owned(),
    };
    let s = Scenario::new()
        .given(person("CLIENT_PERSON", "J.", "Jansen"))
        .given(company("CLIENT_COMPANY", "Jansen B.V."));
    let refused = s.when(crate::contact::ChangeContactKind { contact: COMPANY.into(), kind: Kind::Company });
    let message = refused.problem().message;
    assert!(message.contains("changeClientNumber"), "{message}");
    refused.then_refused(&["TYPE_IS_FIXED"]);
    // As the message says: the old one gets another number, and then the new one its number.
    s.when(renumber(2, "CU000001")).then_refused(&["NUMBER_TAKEN"]);
    let s = s.given(renumber(1, "OUD-1")).when(renumber(2, "CU000001")).then(&["ClientNumberChanged"]);
    // The number names whoever has it now, and nobody else can have it.
    let by_number = |number: &str| ConfirmUpToDate { customer: CustomerRef::Number(number.to_owned()) };
    let s = s.when(by_number("CU000001")).then(&["DataConfirmed"]);
    assert!(s.customer(CustomerId(2)).administration.confirmed.is_some());
    assert!(s.customer(CustomerId(1)).administration.confirmed.is_none());
    s.when(renumber(1, "CU000001")).then_refused(&["NUMBER_TAKEN"]);
    // What the new one gave up is free as well, and the series gives neither out again (E2-08).
    let s = s.when(renumber(1, "CU000002")).then(&["ClientNumberChanged"]);
    let s = s.given(renumber(1, "OUD-1")).given(company("CLIENT_COMPANY", "Derde B.V."));
    assert_eq!(s.customer(CustomerId(3)).number, "CU000003");
}

/// A2-10, A2-52: in which status a client starts, each by the right of its group.
#[test]
fn a2_10_a_client_starts_where_one_may_change() {
    let starts = |status: &str| CreateRegistration { status: some(status), ..company("CLIENT_COMPANY", "B") };
    let s = Scenario::new();
    for status in ["SUSPECT", "PROSPECT", "CLIENT", "EX_CLIENT"] {
        let made = s.when(starts(status)).then_made();
        assert_eq!(made.customer(CustomerId(1)).status.name(), status);
    }
    // Refused by the name that the status has here, and not by the one that it has in setClientStatus.
    let in_acceptance = s.when(starts("ACC_DRAFT"));
    let problem = in_acceptance.problem();
    assert_eq!(
        (problem.field.as_deref(), &problem.options[..]),
        (Some("status"), &["startAcceptance".to_owned()][..])
    );
    assert!(problem.message.contains("register as PROSPECT"), "{}", problem.message);
    in_acceptance.then_refused(&["USE_ACCEPTANCE_ACTION"]);
    let relation = s.when(starts("RELATION"));
    assert_eq!(relation.fields(), ["status"]);
    relation.then_refused(&["STATUS_NOT_FOR_TYPE"]);
    s.when(starts("GUEST")).then_refused(&["UNKNOWN_CODE"]);
    s.when(CreateRegistration { status: some("CLIENT"), ..company("RELATION_COMPANY", "B") })
        .then_refused(&["STATUS_NOT_FOR_TYPE"]);
    let clerk = [Permission::Register];
    s.clone().with_only(&clerk).when(starts("SUSPECT")).then_refused(&["FORBIDDEN"]);
    s.clone().with_only(&clerk).when(starts("CLIENT")).then_made();
    let hunter = [Permission::Register, Permission::ChangeSuspect];
    s.clone().with_only(&hunter).when(starts("SUSPECT")).then_made();
    s.with_only(&hunter).when(starts("CLIENT")).then_refused(&["FORBIDDEN"]);
}

#[test]
fn e2_15_what_has_a_companys_name_is_addressed_neutrally() {
    let s = office();
    let below = |kind: &str| CreateRegistration { parent: Some(COMPANY.into()), ..company(kind, "Noord") };
    for new in [company("RELATION_COMPANY", "Bank"), below("LOCATION"), below("GENERAL_CORRESPONDENCE")] {
        let addressed = |code: &str| CreateRegistration { salutation: some(code), ..new.clone() };
        let story = s.when(addressed("blanco")).then_made();
        assert_eq!(story.contact(ContactId(4)).salutation.as_deref(), Some("BLANCO"));
        for personal in ["DHR", "HEIRS_OF"] {
            let when = s.when(addressed(personal));
            assert_eq!(when.fields(), ["salutation"]);
            when.then_refused(&["SALUTATION_NOT_ALLOWED"]);
        }
        s.when(addressed("SIRE")).then_refused(&["UNKNOWN_CODE"]);
    }
}

#[test]
fn a2_10_what_a_type_does_not_have_is_refused_and_not_overlooked() {
    let s = office();
    s.when(CreateRegistration { initials: some("J."), ..company("CLIENT_COMPANY", "Bakkerij") })
        .then_refused(&["COMPANY_HAS_NO_INITIALS"]);
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
