//! Ties between registrations: a relation at a client, which makes post to third parties possible, and a client-person at
//! a client-company (A2-07, A2-14, A2-45, A2-46; type 7 of §6.1).
//!
//! A client-person at a client-company is a person in a role line of a company, with its business data there: the model
//! has that already (§1.1), so linking makes such a line and nothing else. A relation at a client is an entry at the
//! client; what ties a relation has is not kept at the relation, of which a tax office would have too many.

#[cfg(test)]
mod tests;

use crate::code_list;
use crate::customer::Customer;
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{CustomerId, CustomerRef, EntityId};
use crate::permission::Permission;
use crate::problem::Problem;
use crate::registration::{self, RegistrationType};
use crate::role::{self, BusinessInput, Cause};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

// ---- commands

/// Ties a relation to a client (A2-07).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LinkRelation {
    /// The client; the addressed entity.
    pub client: CustomerRef,
    /// The relation.
    pub relation: CustomerRef,
    /// What it is to the client (code list `RELATION_KIND`).
    pub kind: String,
}

/// Ends such a tie.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UnlinkRelation {
    /// The client; the addressed entity.
    pub client: CustomerRef,
    /// The relation.
    pub relation: CustomerRef,
    /// What it was to the client.
    pub kind: String,
}

/// Ties a client-person to a client-company (A2-14).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LinkCompanyPerson {
    /// The client-company; the addressed entity.
    pub company: CustomerRef,
    /// The client-person.
    pub person: CustomerRef,
    /// Its role there (code list `ROLE`); `CONTACT_PERSON` when left out.
    pub role_code: Option<String>,
    /// The direct contact data of the person at the company (A2-46).
    pub direct_contact: Option<BusinessInput>,
}

/// Ends that tie.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UnlinkCompanyPerson {
    /// The client-company; the addressed entity.
    pub company: CustomerRef,
    /// The client-person.
    pub person: CustomerRef,
}

// ---- events

/// A relation was tied to a client.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RelationLinked {
    /// The client.
    pub client: CustomerId,
    /// The relation.
    pub relation: CustomerId,
    /// What it is to the client.
    pub kind: String,
}

/// A relation is tied to a client no longer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RelationUnlinked {
    /// The client.
    pub client: CustomerId,
    /// The relation.
    pub relation: CustomerId,
    /// What it was to the client.
    pub kind: String,
}

stored_events! {
    /// A relation was tied to a client.
    192 v 1 RelationLinked,
    /// A relation is tied to a client no longer.
    193 v 1 RelationUnlinked,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let (client, relation) = match self {
            Self::RelationLinked(e) => (e.client, e.relation),
            Self::RelationUnlinked(e) => (e.client, e.relation),
        };
        vec![EntityId::Customer(client), EntityId::Customer(relation)]
    }
}

// ---- refusals

/// Why a tie is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// An end of a type that such a tie does not have.
    EndTypeNotAllowed {
        /// The input field that names the end.
        field: &'static str,
        /// That customer.
        customer: CustomerId,
        /// The types that would do.
        allowed: &'static [RegistrationType],
    },
    /// The very same tie is there already.
    LinkExists {
        /// The input field that names the other end.
        field: &'static str,
    },
    /// There is no such tie to end.
    NotLinked {
        /// The input field that is wrong: the other end, or the kind of a tie that is of another.
        field: &'static str,
        /// The kinds by which they are tied.
        kinds: Vec<String>,
    },
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::EndTypeNotAllowed { field, customer, allowed } => Problem::new(
                "LINK_END_TYPE_NOT_ALLOWED",
                format!("{field} must name a registration of one of the types listed; choose another."),
            )
            .field(*field)
            .entity(EntityId::Customer(*customer))
            .options(allowed.iter().map(|kind| kind.name())),
            Self::LinkExists { field } => Problem::new(
                "LINK_EXISTS",
                "They are tied in this way already; choose another, or leave it at that.",
            )
            .field(*field),
            Self::NotLinked { field, kinds } if kinds.is_empty() => Problem::new(
                "NOT_FOUND",
                format!(
                    "There is no such tie with what {field} names; choose another, or do nothing: it is gone."
                ),
            )
            .field(*field),
            Self::NotLinked { field, kinds } => Problem::new(
                "NOT_FOUND",
                "They are tied in another way than this; choose one of the options.",
            )
            .field(*field)
            .options(kinds.iter().cloned()),
        }
    }
}

// ---- state

// The ties of a client to relations stand in `relations` of the customer; those of a company to client-persons are role
// lines of its contact.

/// The types that can be the client of a relation, and those that can be the relation.
pub const CLIENTS: &[RegistrationType] = &[RegistrationType::ClientCompany, RegistrationType::ClientPerson];
/// See [`CLIENTS`].
pub const RELATIONS: &[RegistrationType] =
    &[RegistrationType::RelationCompany, RegistrationType::RelationPerson];

// ---- decide

/// The customer that a reference names, when its contact is of an allowed type.
pub(crate) fn find_end(
    d: &mut Draft<'_>,
    field: &'static str,
    end: &CustomerRef,
    allowed: &'static [RegistrationType],
) -> Result<Arc<Customer>, Refused> {
    let customer = d.find_customer(field, end)?;
    let kind = d.contact(customer.contact).and_then(|contact| registration::type_in(d, &contact));
    if !kind.is_some_and(|kind| allowed.contains(&kind)) {
        let customer = customer.id;
        return Err(d.refuse(Refusal::EndTypeNotAllowed { field, customer, allowed }));
    }
    Ok(customer)
}

/// Both ends; what is wrong with one does not keep silent what is wrong with the other.
fn find_ends(
    d: &mut Draft<'_>,
    (first, first_ref, first_types): (&'static str, &CustomerRef, &'static [RegistrationType]),
    (second, second_ref, second_types): (&'static str, &CustomerRef, &'static [RegistrationType]),
) -> Result<(Arc<Customer>, Arc<Customer>), Refused> {
    let one = find_end(d, first, first_ref, first_types);
    let other = find_end(d, second, second_ref, second_types);
    let (one, other) = (one?, other?);
    d.address(EntityId::Customer(one.id))?;
    Ok((one, other))
}

impl Decide for LinkRelation {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let ends =
            find_ends(d, ("clientNo", &self.client, CLIENTS), ("relationNo", &self.relation, RELATIONS));
        let today = d.today();
        let kind = d.code("kind", code_list::RELATION_KIND, &self.kind, today);
        let ((client, relation), kind) = (ends?, kind.ok_or(Refused)?);
        if client.relations.contains(&(relation.id, kind.clone())) {
            return Err(d.refuse(Refusal::LinkExists { field: "relationNo" }));
        }
        d.record(RelationLinked { client: client.id, relation: relation.id, kind });
        Ok(())
    }
}

impl Decide for UnlinkRelation {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let (client, relation) =
            find_ends(d, ("clientNo", &self.client, CLIENTS), ("relationNo", &self.relation, RELATIONS))?;
        let kind = self.kind.trim().to_uppercase();
        if !client.relations.contains(&(relation.id, kind.clone())) {
            // Who may not read is not told of other ties.
            let may_read = d.ctx().actor.may(Permission::Read);
            let tied = client.relations.iter().filter(|(id, _)| may_read && *id == relation.id);
            let kinds: Vec<_> = tied.map(|(_, kind)| kind.clone()).collect();
            let field = if kinds.is_empty() { "relationNo" } else { "kind" };
            return Err(d.refuse(Refusal::NotLinked { field, kinds }));
        }
        d.record(RelationUnlinked { client: client.id, relation: relation.id, kind });
        Ok(())
    }
}

const COMPANY: &[RegistrationType] = &[RegistrationType::ClientCompany];
const PERSON: &[RegistrationType] = &[RegistrationType::ClientPerson];

impl Decide for LinkCompanyPerson {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let ends = find_ends(d, ("companyNo", &self.company, COMPANY), ("personNo", &self.person, PERSON));
        let code = self.role_code.as_deref().filter(|code| !code.trim().is_empty());
        let code = code.unwrap_or(registration::DEFAULT_ROLE);
        let line = role::read_line(d, code, None, None);
        let business = registration::read_business(d, self.direct_contact.as_ref());
        let (company, person) = ends?;
        let holder = d.find_contact("companyNo", &company.contact.into())?;
        if let Some(line) = &line {
            let _reported = role::check_holder(d, &holder, line.contractant);
        }
        let already = holder.lines.iter().any(|l| l.person == person.contact);
        if !already && d.contact(person.contact).is_some_and(|person| person.deceased()) {
            d.refuse(role::Refusal::PersonDeceased { field: "personNo", person: person.contact });
        }
        let (Some(line), Some(business)) = (line, business) else { return Err(Refused) };
        d.stop_if_refused()?;
        if already {
            return Err(d.refuse(Refusal::LinkExists { field: "personNo" }));
        }
        role::add_line(d, role::NewLine { business, ..line.of(holder.id, person.contact) });
        Ok(())
    }
}

impl Decide for UnlinkCompanyPerson {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let (company, person) =
            find_ends(d, ("companyNo", &self.company, COMPANY), ("personNo", &self.person, PERSON))?;
        let holder = d.find_contact("companyNo", &company.contact.into())?;
        let lines: Vec<_> = holder.lines.iter().filter(|l| l.person == person.contact).cloned().collect();
        if lines.is_empty() {
            return Err(d.refuse(Refusal::NotLinked { field: "personNo", kinds: Vec::new() }));
        }
        for line in &lines {
            role::remove_line(d, holder.id, line, Cause::Request);
        }
        Ok(())
    }
}

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, event: &Event) {
    match event {
        Event::RelationLinked(e) => {
            if customer.id == e.client {
                customer.relations.insert((e.relation, e.kind.clone()));
            }
        }
        Event::RelationUnlinked(e) => {
            if customer.id == e.client {
                customer.relations.remove(&(e.relation, e.kind.clone()));
            }
        }
    }
}
