//! Rows A2-07, A2-14, A2-45, A2-46.

use super::*;
use crate::ids::ContactId;
use crate::registration::tests::{company, contact_person, person, type_of};
use crate::testing::Scenario;

/// Client-company 1, client-person 2, relation-company 3, relation-person 4, and a contact person at 1.
fn office() -> Scenario {
    Scenario::new()
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."))
        .given(person("CLIENT_PERSON", "J.", "Jansen"))
        .given(company("RELATION_COMPANY", "Bank N.V."))
        .given(person("RELATION_PERSON", "K.", "Notaris"))
        .given(contact_person(ContactId(1), "A.", "Bos"))
}

fn tie(client: u64, relation: u64) -> LinkRelation {
    LinkRelation {
        client: CustomerId(client).into(),
        relation: CustomerId(relation).into(),
        kind: "bank".to_owned(),
    }
}

fn link(company: u64, person: u64) -> LinkCompanyPerson {
    LinkCompanyPerson {
        company: CustomerId(company).into(),
        person: CustomerId(person).into(),
        role_code: None,
        direct_contact: None,
    }
}

/// A2-07: a client and a relation, each of both types.
#[test]
fn a2_07_a_relation_is_tied_to_a_client() {
    let mut s = office();
    for (client, relation) in [(1, 3), (1, 4), (2, 3), (2, 4)] {
        s = s.when(tie(client, relation)).then(&["RelationLinked"]);
        assert!(
            s.customer(CustomerId(client)).relations.contains(&(CustomerId(relation), "BANK".to_owned()))
        );
    }
    assert!(s.customer(CustomerId(3)).relations.is_empty(), "a relation keeps no list of its clients");
    let other = LinkRelation { kind: "INSURER".to_owned(), ..tie(1, 3) };
    let s = s.when(other).then(&["RelationLinked"]);
    let untie = UnlinkRelation {
        client: CustomerId(1).into(),
        relation: CustomerId(3).into(),
        kind: "BANK".to_owned(),
    };
    let s = s.when(untie.clone()).then(&["RelationUnlinked"]);
    assert_eq!(s.customer(CustomerId(1)).relations.len(), 2);
    // Tied in another way: that is said, with the way; not tied at all is another matter.
    let another = s.when(untie.clone());
    let problem = another.problem();
    assert_eq!((problem.field.as_deref(), &problem.options[..]), (Some("kind"), &["INSURER".to_owned()][..]));
    another.then_refused(&["NOT_FOUND"]);
    let blind = s.clone().with_only(&[Permission::Write]).when(untie.clone());
    assert_eq!(blind.problem().field.as_deref(), Some("relationNo"), "of other ties nothing is told");
    blind.then_refused(&["NOT_FOUND"]);
    let notary = UnlinkRelation { relation: CustomerId(4).into(), ..untie.clone() };
    let nobody = s.given(notary.clone()).when(notary);
    let problem = nobody.problem();
    assert_eq!((problem.field.as_deref(), problem.options.len()), (Some("relationNo"), 0));
    assert!(problem.message.starts_with("There is no such tie"), "{}", problem.message);
    nobody.then_refused(&["NOT_FOUND"]);
    // Ends that no such tie has.
    let turned = UnlinkRelation { client: CustomerId(3).into(), relation: CustomerId(1).into(), ..untie };
    let when = s.when(turned.clone());
    assert_eq!(when.fields(), ["clientNo", "relationNo"]);
    when.then_refused(&["LINK_END_TYPE_NOT_ALLOWED", "LINK_END_TYPE_NOT_ALLOWED"]);
    let unknown = UnlinkRelation { relation: CustomerId(9).into(), client: CustomerId(1).into(), ..turned };
    s.when(unknown.clone()).then_refused(&["NOT_FOUND"]);
    s.clone().with_only(&[Permission::Read]).when(unknown).then_refused(&["FORBIDDEN"]);
}

/// A2-07: the wrong end, the same again, an unknown kind.
#[test]
fn a2_07_bad_ties() {
    let s = office();
    s.when(tie(3, 4)).then_refused(&["LINK_END_TYPE_NOT_ALLOWED"]);
    s.when(tie(1, 2)).then_refused(&["LINK_END_TYPE_NOT_ALLOWED"]);
    let both = s.when(tie(3, 1));
    assert_eq!(both.fields(), ["clientNo", "relationNo"]);
    s.given(tie(1, 3)).when(tie(1, 3)).then_refused(&["LINK_EXISTS"]);
    s.when(LinkRelation { kind: "FRIEND".to_owned(), ..tie(1, 3) }).then_refused(&["UNKNOWN_CODE"]);
    s.when(LinkRelation { kind: String::new(), ..tie(1, 3) }).then_refused(&["REQUIRED"]);
    s.when(tie(1, 9)).then_refused(&["NOT_FOUND"]);
    s.clone().with_only(&[Permission::Read]).when(tie(1, 3)).then_refused(&["FORBIDDEN"]);
}

/// A2-14, A2-45, A2-46: the client-person is in a role line of the company, with its direct contact data there; both stay
/// what they are.
#[test]
fn a2_14_a_client_person_at_a_client_company() {
    let direct = BusinessInput { email: Some("j@bakkerij.nl".to_owned()), ..BusinessInput::default() };
    let when = office().when(LinkCompanyPerson { direct_contact: Some(direct), ..link(1, 2) });
    let s = when.then(&["RoleAdded"]);
    let company = s.contact(ContactId(1));
    let line = company.lines.iter().find(|line| line.person == ContactId(2)).expect("is there");
    assert_eq!(line.business.email.as_deref(), Some("j@bakkerij.nl"));
    assert_eq!(type_of(&s, ContactId(1)), Some(RegistrationType::ClientCompany));
    assert_eq!(type_of(&s, ContactId(2)), Some(RegistrationType::ClientPerson));
    s.when(link(1, 2)).then_refused(&["LINK_EXISTS"]);
    let untie = UnlinkCompanyPerson { company: CustomerId(1).into(), person: CustomerId(2).into() };
    let s = s.when(untie.clone()).then(&["RoleRemoved"]);
    let gone = s.when(untie);
    let problem = gone.problem();
    assert_eq!(problem.field.as_deref(), Some("personNo"));
    assert!(problem.message.starts_with("There is no such tie"), "{}", problem.message);
    gone.then_refused(&["NOT_FOUND"]);
}

/// A2-14: a person at several companies, and a company with several persons; ending one tie leaves the others.
#[test]
fn a2_14_many_persons_at_many_companies() {
    // Client-companies 1 and 5 (contacts 1 and 6), client-persons 2 and 6 (contacts 2 and 7).
    let mut s = office().given(company("CLIENT_COMPANY", "Slagerij B.V.")).given(person(
        "CLIENT_PERSON",
        "P.",
        "Pieters",
    ));
    for (company, person) in [(1, 2), (1, 6), (5, 2), (5, 6)] {
        s = s.when(link(company, person)).then(&["RoleAdded"]);
    }
    let persons = |s: &Scenario, company: u64| -> Vec<u64> {
        let clients = [2, 7];
        let lines = s.contact(ContactId(company)).lines.clone();
        lines.iter().map(|line| line.person.0).filter(|id| clients.contains(id)).collect()
    };
    assert_eq!((persons(&s, 1), persons(&s, 6)), (vec![2, 7], vec![2, 7]));
    let untie = UnlinkCompanyPerson { company: CustomerId(1).into(), person: CustomerId(6).into() };
    let s = s.when(untie).then(&["RoleRemoved"]);
    assert_eq!((persons(&s, 1), persons(&s, 6)), (vec![2], vec![2, 7]));
    assert_eq!(s.contact(ContactId(7)).roles.len(), 1);
}

/// A2-14, D-3: the dead take no new place at a company.
#[test]
fn a2_14_d_3_a_dead_client_person_is_not_tied() {
    let s = office().given(crate::role::tests::died(ContactId(2), true));
    let when = s.when(link(1, 2));
    assert_eq!(when.fields(), ["personNo"]);
    when.then_refused(&["PERSON_DECEASED"]);
    // Where it is already, it is said to be.
    let s = office().given(link(1, 2)).given(crate::role::tests::died(ContactId(2), true));
    s.when(link(1, 2)).then_refused(&["LINK_EXISTS"]);
}

/// A2-14: only a client-company and a client-person.
#[test]
fn a2_14_wrong_ends() {
    let s = office();
    s.when(link(2, 1)).then_refused(&["LINK_END_TYPE_NOT_ALLOWED", "LINK_END_TYPE_NOT_ALLOWED"]);
    s.when(link(3, 2)).then_refused(&["LINK_END_TYPE_NOT_ALLOWED"]);
    s.when(link(1, 4)).then_refused(&["LINK_END_TYPE_NOT_ALLOWED"]);
    let contractant = LinkCompanyPerson { role_code: Some("CONTRACTANT".to_owned()), ..link(1, 2) };
    s.when(contractant).then_refused(&["CONTRACTANT_NEEDS_HOUSEHOLD"]);
    let direct = BusinessInput { email: Some("x".to_owned()), ..BusinessInput::default() };
    s.when(LinkCompanyPerson { direct_contact: Some(direct), ..link(1, 2) }).then_refused(&["INVALID_EMAIL"]);
    s.clone().with_only(&[Permission::Read]).when(link(1, 2)).then_refused(&["FORBIDDEN"]);
    let unlink = |company: u64, person: u64| UnlinkCompanyPerson {
        company: CustomerId(company).into(),
        person: CustomerId(person).into(),
    };
    let turned = s.when(unlink(2, 1));
    assert_eq!(turned.fields(), ["companyNo", "personNo"]);
    turned.then_refused(&["LINK_END_TYPE_NOT_ALLOWED", "LINK_END_TYPE_NOT_ALLOWED"]);
    s.when(unlink(3, 2)).then_refused(&["LINK_END_TYPE_NOT_ALLOWED"]);
    s.when(unlink(1, 4)).then_refused(&["LINK_END_TYPE_NOT_ALLOWED"]);
    s.when(unlink(1, 9)).then_refused(&["NOT_FOUND"]);
    s.clone().with_only(&[Permission::Read]).when(unlink(1, 2)).then_refused(&["FORBIDDEN"]);
}
