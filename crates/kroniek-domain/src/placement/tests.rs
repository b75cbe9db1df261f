//! Rows A2-09, A2-12, A2-13, A2-15.

use super::*;
use crate::address::ChangeCorrespondenceAddress;
use crate::channel::OwnerRef;
use crate::ids::PartyRef;
use crate::registration::tests::{COMPANY, company, contact_person, person, type_of, typed};
use crate::role::SetPortalCoupling;
use crate::testing::Scenario;
use crate::world::World as _;

const OTHER: ContactId = ContactId(2);
const CLERK: ContactId = ContactId(3);
const BRANCH: ContactId = ContactId(4);
const BOARD: ContactId = ContactId(5);

fn hanging(kind: &str, parent: ContactId) -> registration::CreateRegistration {
    registration::CreateRegistration { parent: Some(parent.into()), ..company(kind, "Naam") }
}

/// Companies 1 and 2; at 1 the contact person 3, the location 4 and the general correspondence 5.
fn companies() -> Scenario {
    Scenario::new()
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."))
        .given(company("CLIENT_COMPANY", "Slagerij B.V."))
        .given(contact_person(COMPANY, "A.", "Bos"))
        .given(hanging("LOCATION", COMPANY))
        .given(hanging("GENERAL_CORRESPONDENCE", COMPANY))
}

fn moves(contact: ContactId, to: ContactId, location: Option<ContactId>) -> MoveContact {
    MoveContact {
        contact: contact.into(),
        from_parent: None,
        new_parent: to.into(),
        location: location.map(Into::into),
    }
}

fn lives(contact: ContactId, street: &str) -> ChangeCorrespondenceAddress {
    ChangeCorrespondenceAddress {
        owner: OwnerRef::Contact(contact.into()),
        address: typed(street, 1),
        effective_date: None,
    }
}

/// The street of the address in use, as §7 derives it.
fn street(s: &Scenario, contact: ContactId) -> Option<String> {
    let own = s.contact(contact);
    let (parent, location) = hangs_on(&own, &|id| s.world.contact(id)).unzip();
    let parent = parent.map(|id| s.contact(id));
    let location = location.flatten().map(|id| s.contact(id));
    let today = Date::parse("2026-01-15").expect("a date");
    effective_address(today, location.as_deref(), parent.as_deref(), &own).map(|a| a.street.clone())
}

/// A2-12: the location's address, else the parent's, else one's own.
#[test]
fn a2_12_the_address_in_use() {
    for contact in [CLERK, BOARD] {
        let s = companies().given(lives(contact, "Eigen"));
        assert_eq!(street(&s, contact).as_deref(), Some("Eigen"));
        let s = s.given(lives(COMPANY, "Bedrijf"));
        assert_eq!(street(&s, contact).as_deref(), Some("Bedrijf"));
        let s = s.given(moves(contact, COMPANY, Some(BRANCH)));
        assert_eq!(street(&s, contact).as_deref(), Some("Bedrijf"), "a location without an address");
        let s = s.given(lives(BRANCH, "Filiaal"));
        assert_eq!(street(&s, contact).as_deref(), Some("Filiaal"));
        let s = s.given(moves(contact, COMPANY, None));
        assert_eq!(street(&s, contact).as_deref(), Some("Bedrijf"));
    }
    assert_eq!(street(&companies(), COMPANY), None);
}

/// A2-15: one commit; what a contact person is at work, and its way into the portal, go along.
#[test]
fn a2_15_a_contact_person_moves() {
    let party = PartyRef::Contact(COMPANY.into());
    let s = companies().given(SetPortalCoupling { party, line: 1, on: true }).given(moves(
        CLERK,
        COMPANY,
        Some(BRANCH),
    ));
    let when = s.when(moves(CLERK, OTHER, None));
    let s = when.then(&["RoleRemoved", "LocationTied", "RoleAdded", "PortalCouplingSet"]);
    assert!(s.contact(COMPANY).lines.is_empty() && s.contact(BRANCH).placement.tied.is_empty());
    let line = s.contact(OTHER).lines[0].clone();
    assert_eq!((line.person, line.portal), (CLERK, true));
    assert_eq!(type_of(&s, CLERK), Some(RegistrationType::ContactPerson));
    s.when(moves(CLERK, OTHER, None)).then_nothing();
}

/// A2-15, D-3: the dead take no new place; where they keep one, it may be at another location.
#[test]
fn a2_15_d_3_the_dead_do_not_move() {
    let s = companies().given(crate::role::tests::died(CLERK, true));
    let when = s.when(moves(CLERK, OTHER, None));
    assert_eq!(
        (when.fields(), when.problem().entity),
        (vec!["contactId".to_owned()], Some(EntityId::Contact(CLERK)))
    );
    when.then_refused(&["PERSON_DECEASED"]);
    s.when(moves(CLERK, COMPANY, Some(BRANCH))).then(&["LocationTied"]);
}

/// A2-15: general correspondence goes with its tie, a location only when nothing is tied to it.
#[test]
fn a2_15_correspondence_and_locations_move() {
    let s = companies();
    s.when(moves(BRANCH, OTHER, None)).then(&["ContactPlaced"]);
    let s = s.when(moves(BOARD, COMPANY, Some(BRANCH))).then(&["LocationTied"]);
    s.when(moves(BRANCH, COMPANY, None)).then_nothing();
    let refused = s.when(moves(BRANCH, OTHER, None));
    assert_eq!(refused.problem().blocking[0].id, "contact:5");
    refused.then_refused(&["HAS_CHILDREN"]);
    let s = s.when(moves(BOARD, OTHER, None)).then(&["LocationTied", "ContactPlaced"]);
    assert_eq!(s.contact(OTHER).placement.children, BTreeSet::from([BOARD]));
    assert_eq!(s.contact(COMPANY).placement.children, BTreeSet::from([BRANCH]));
}

/// A2-15: what stands alone is not moved, and nothing moves to where it cannot hang.
#[test]
fn a2_15_bad_moves() {
    let s = companies().given(person("CLIENT_PERSON", "J.", "Jansen"));
    s.when(moves(COMPANY, OTHER, None)).then_refused(&["PARENT_TYPE_NOT_ALLOWED"]);
    s.when(moves(BOARD, ContactId(6), None)).then_refused(&["PARENT_TYPE_NOT_ALLOWED"]);
    s.when(moves(BOARD, OTHER, Some(BRANCH))).then_refused(&["LOCATION_NOT_OF_PARENT"]);
    s.when(moves(CLERK, ContactId(99), None)).then_refused(&["NOT_FOUND"]);
    s.clone().with_only(&[Permission::Read]).when(moves(CLERK, OTHER, None)).then_refused(&["FORBIDDEN"]);
    let from = |from| MoveContact { from_parent: Some(from), ..moves(CLERK, ContactId(6), None) };
    let at_both = s.given(crate::role::AddRole {
        party: PartyRef::Contact(OTHER.into()),
        person: crate::role::PersonChoice::Existing(CLERK.into()),
        role_code: "DIRECTOR".to_owned(),
        begin_date: None,
        cause: None,
    });
    at_both.when(moves(CLERK, ContactId(6), None)).then_refused(&["REQUIRED"]);
    let elsewhere = at_both.when(from(ContactId(6).into()));
    assert_eq!(elsewhere.fields(), ["fromParentId"]);
    assert!(elsewhere.problem().message.contains("does not hang on"), "{:?}", elsewhere.problem());
    elsewhere.then_refused(&["NOT_FOUND"]);
    at_both.when(from(OTHER.into())).then(&["RoleRemoved", "RoleAdded"]);
}

/// A2-13: a location hangs below the company; the structure, which is of customers, cannot have it.
#[test]
fn a2_13_a_location_is_no_part_of_the_structure() {
    let s = companies();
    assert_eq!(s.contact(COMPANY).placement.children.len(), 2);
    assert!(s.contact(BRANCH).customer.is_none());
    assert_eq!(s.customer(crate::CustomerId(1)).structure, crate::structure::Structure::default());
}
