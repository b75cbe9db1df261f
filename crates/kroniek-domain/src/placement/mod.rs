//! What hangs below what: general correspondence and locations below their company, contact persons and general
//! correspondence at a location, and moving them (A2-05, A2-06, A2-09, A2-12, A2-13, A2-15; D-24, D-28, D-29).
//!
//! A contact person hangs in a role line, which is [`crate::role`]'s; here is only at which location. Whoever is tied to a
//! location uses its address in the place of the client's.

#[cfg(test)]
mod tests;

use crate::client_status;
use crate::contact::{Contact, Kind};
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{ContactId, ContactRef, EntityId};
use crate::permission::Permission;
use crate::problem::Problem;
use crate::registration::{self, RegistrationType};
use crate::role::{self, Cause, RoleLine};
use crate::values::{Address, Date};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

// ---- commands

/// Moves a contact person, general correspondence or an empty location below another contact, in one commit (A2-15).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MoveContact {
    /// What moves.
    pub contact: ContactRef,
    /// Which contact a contact person leaves; may be left out when it hangs on one.
    pub from_parent: Option<ContactRef>,
    /// Where it goes; the same as before to change only the location.
    pub new_parent: ContactRef,
    /// The location that it is tied to there; none when left out.
    pub location: Option<ContactRef>,
}

// ---- events

/// A location or general correspondence hangs below this contact now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ContactPlaced {
    /// What hangs.
    pub contact: ContactId,
    /// Where it hung before; nothing when it is new.
    pub from: Option<ContactId>,
    /// Where it hangs.
    pub to: ContactId,
}

/// General correspondence, or a role line, is tied to another location of its company, or to none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LocationTied {
    /// The general correspondence, or the holder of the line.
    pub contact: ContactId,
    /// The line of a contact person.
    pub line: Option<u32>,
    /// The location before.
    pub from: Option<ContactId>,
    /// The location now.
    pub to: Option<ContactId>,
}

stored_events! {
    /// Something hangs below another contact.
    190 v 1 ContactPlaced,
    /// Something is tied to another location.
    191 v 1 LocationTied,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let (first, from, to) = match self {
            Self::ContactPlaced(e) => (e.contact, e.from, Some(e.to)),
            Self::LocationTied(e) => (e.contact, e.from, e.to),
        };
        let mut named = vec![EntityId::Contact(first)];
        named.extend(from.map(EntityId::Contact));
        named.extend(to.map(EntityId::Contact));
        named
    }
}

// ---- refusals

/// Why something does not hang there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The location belongs to another company, or is none (A2-09).
    LocationNotOfParent {
        /// The company that it would have to belong to.
        parent: ContactId,
    },
    /// Only contact persons, general correspondence and locations hang below something (A2-15).
    StandsAlone(Option<RegistrationType>),
    /// A contact person at several contacts: which one it leaves must be said.
    FromParentRequired,
    /// A contact person is not at the contact that it should leave.
    NotAtFromParent,
    /// What is to go still has something below it (A2-15).
    HasChildren(Vec<(EntityId, String)>),
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::LocationNotOfParent { parent } => Problem::new(
                "LOCATION_NOT_OF_PARENT",
                "The location belongs to another company: choose one of the parent's own, or none.",
            )
            .field("locationId")
            .contact(*parent),
            Self::StandsAlone(kind) => Problem::new(
                "PARENT_TYPE_NOT_ALLOWED",
                format!(
                    "A {} stands alone and cannot be moved; move its contact persons, general correspondence or locations.",
                    kind.map_or("contact without a registration type", RegistrationType::name)
                ),
            )
            .field("contactId"),
            Self::FromParentRequired => Problem::new(
                "REQUIRED",
                "The contact person hangs on several contacts: fill in fromParentId, the one that it leaves.",
            )
            .field("fromParentId"),
            Self::NotAtFromParent => Problem::new(
                "NOT_FOUND",
                "The contact person does not hang on what fromParentId names; choose the contact that it leaves.",
            )
            .field("fromParentId"),
            Self::HasChildren(children) => Problem::new(
                "HAS_CHILDREN",
                "Something still hangs below it: move or remove all that is listed first.",
            )
            .blocking("CONTACT", children.iter().map(|(id, name)| (id.to_string(), name.clone()))),
        }
    }
}

// ---- state

/// Where a contact hangs, and what hangs on it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Placement {
    /// The company that a location or general correspondence belongs to.
    pub parent: Option<ContactId>,
    /// The location that general correspondence is tied to.
    pub location: Option<ContactId>,
    /// The locations and general correspondence below it.
    pub children: BTreeSet<ContactId>,
    /// The location of each role line that is tied to one; of a line that a death ended, the one that it had, so that a
    /// correction can tie it again (E1-38).
    pub line_locations: BTreeMap<u32, ContactId>,
    /// At a location: what is tied to it, as (contact, line); line 0 is the contact itself.
    pub tied: BTreeSet<(ContactId, u32)>,
}

/// The address in use: that of the location, else of the parent, else its own (A2-12).
pub fn effective_address<'c>(
    on: Date,
    location: Option<&'c Contact>,
    parent: Option<&'c Contact>,
    own: &'c Contact,
) -> Option<&'c Address> {
    let at = |contact: &'c Contact| contact.correspondence.on(on);
    location.and_then(at).or_else(|| parent.and_then(at)).or_else(|| at(own))
}

/// Where a contact hangs, as (parent, location): general correspondence and locations below their company, a contact
/// person in the first of its role lines at a client or relation.
pub fn hangs_on(
    contact: &Contact,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
) -> Option<(ContactId, Option<ContactId>)> {
    if let Some(parent) = contact.placement.parent {
        return Some((parent, contact.placement.location));
    }
    if contact.kind != Kind::Person || contact.customer.is_some() {
        return None;
    }
    contact.roles.iter().find_map(|(holder, line)| {
        let holder = contact_of(*holder).filter(|c| c.customer.is_some() && c.kind != Kind::Household)?;
        Some((holder.id, holder.placement.line_locations.get(line).copied()))
    })
}

/// Everything below a contact: its locations and general correspondence, and its contact persons.
pub(crate) fn children(d: &Draft<'_>, contact: &Contact) -> Vec<(EntityId, String)> {
    let persons = contact.lines.iter().filter_map(|line| d.contact(line.person));
    let persons =
        persons.filter(|person| registration::type_in(d, person) == Some(RegistrationType::ContactPerson));
    let below = contact.placement.children.iter().filter_map(|id| d.contact(*id));
    let mut all: Vec<_> =
        below.chain(persons).map(|child| (EntityId::Contact(child.id), child.name.clone())).collect();
    all.sort();
    all.dedup();
    all
}

// ---- decide

/// The location that a reference names, when it is one of the parent's.
pub(crate) fn find_location(
    d: &mut Draft<'_>,
    parent: &Contact,
    location: &ContactRef,
) -> Result<ContactId, Refused> {
    let location = d.find_contact("locationId", location)?;
    if location.kind != Kind::Location || location.placement.parent != Some(parent.id) {
        return Err(d.refuse(Refusal::LocationNotOfParent { parent: parent.id }));
    }
    Ok(location.id)
}

/// Records that a new contact hangs below another.
pub(crate) fn place(d: &mut Draft<'_>, contact: ContactId, parent: ContactId) {
    let from = d.contact(contact).and_then(|contact| contact.placement.parent);
    if from != Some(parent) {
        d.record(ContactPlaced { contact, from, to: parent });
    }
}

/// Records the location of general correspondence, when it is another.
pub(crate) fn tie(d: &mut Draft<'_>, contact: ContactId, to: Option<ContactId>) {
    let from = d.contact(contact).and_then(|contact| contact.placement.location);
    if from != to {
        d.record(LocationTied { contact, line: None, from, to });
    }
}

/// Records the location of a role line, when it is another.
pub(crate) fn tie_line(d: &mut Draft<'_>, holder: ContactId, line: u32, to: Option<ContactId>) {
    let from = d.contact(holder).and_then(|holder| holder.placement.line_locations.get(&line).copied());
    if from != to {
        d.record(LocationTied { contact: holder, line: Some(line), from, to });
    }
}

/// Records that a line which a death had ended is at the location that it had then (E1-38).
pub(crate) fn tie_line_again(d: &mut Draft<'_>, holder: ContactId, line: u32) {
    let had = d.contact(holder).and_then(|holder| holder.placement.line_locations.get(&line).copied());
    if let Some(location) = had.and_then(|location| d.contact(location))
        && !location.placement.tied.contains(&(holder, line))
    {
        d.record(LocationTied { contact: holder, line: Some(line), from: None, to: Some(location.id) });
    }
}

/// Whether what is tied to a location is there still. Logs of before deaths untied the lines that they end have locations
/// that lines are tied to which have ended; nothing hangs there any more.
fn stands(d: &Draft<'_>, contact: ContactId, line: u32) -> bool {
    line == 0 || d.contact(contact).is_some_and(|holder| holder.line(line).is_some())
}

impl Decide for MoveContact {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let contact = d.find_contact("contactId", &self.contact)?;
        d.address(EntityId::Contact(contact.id))?;
        let kind = registration::type_in(d, &contact);
        let Some(kind) = kind.filter(|kind| kind.hangs()) else {
            return Err(d.refuse(Refusal::StandsAlone(kind)));
        };
        let parent = registration::find_end(d, "newParentId", &self.new_parent, kind.parents())?;
        d.need_change(&EntityId::Contact(parent.id))?;
        let location = match &self.location {
            Some(location) => Some(find_location(d, &parent, location)?),
            None => None,
        };
        match kind {
            RegistrationType::ContactPerson => self.person(d, &contact, &parent, location),
            RegistrationType::Location => {
                let moves = contact.placement.parent != Some(parent.id);
                let tied = contact.placement.tied.iter().filter(|(id, line)| stands(d, *id, *line));
                let tied = tied.filter_map(|(id, _)| d.contact(*id));
                let tied: Vec<_> = tied.map(|c| (EntityId::Contact(c.id), c.name.clone())).collect();
                if moves && !tied.is_empty() {
                    return Err(d.refuse(Refusal::HasChildren(tied)));
                }
                place(d, contact.id, parent.id);
                Ok(())
            }
            RegistrationType::GeneralCorrespondence
            | RegistrationType::ClientCompany
            | RegistrationType::ClientPerson
            | RegistrationType::RelationCompany
            | RegistrationType::RelationPerson
            | RegistrationType::RelationAtClient
            | RegistrationType::EmployeeAtClient => {
                // The old location goes before the old parent does, the new one comes after the new parent.
                if contact.placement.parent != Some(parent.id) {
                    tie(d, contact.id, None);
                }
                place(d, contact.id, parent.id);
                tie(d, contact.id, location);
                Ok(())
            }
        }
    }
}

impl MoveContact {
    fn person(
        &self,
        d: &mut Draft<'_>,
        person: &Contact,
        parent: &Contact,
        location: Option<ContactId>,
    ) -> Result<(), Refused> {
        let from = self.leaves(d, person)?;
        d.need_change(&EntityId::Contact(from.id))?;
        let moving: Vec<RoleLine> =
            from.lines.iter().filter(|line| line.person == person.id).cloned().collect();
        if from.id == parent.id {
            for line in &moving {
                tie_line(d, parent.id, line.line, location);
            }
            return Ok(());
        }
        if person.deceased() {
            return Err(d.refuse(role::Refusal::PersonDeceased { field: "contactId", person: person.id }));
        }
        for line in moving {
            role::remove_line(d, from.id, &line, Cause::Request);
            let has = |l: &RoleLine| l.person == person.id && l.role == line.role;
            if parent.lines.iter().any(has) {
                continue;
            }
            let new = role::NewLine {
                holder: parent.id,
                person: person.id,
                role: line.role,
                contractant: false,
                begin: d.today(),
                cause: None,
                business: line.business,
            };
            let number = role::add_line(d, new);
            tie_line(d, parent.id, number, location);
            // The way into the portal goes along, but not to a former client (A1-04).
            if line.portal && !client_status::has_left(parent) {
                role::set_portal(d, parent.id, number, true);
            }
        }
        Ok(())
    }

    /// The contact that a contact person leaves.
    fn leaves(&self, d: &mut Draft<'_>, person: &Contact) -> Result<Arc<Contact>, Refused> {
        let mut holders: Vec<ContactId> = person.roles.iter().map(|(holder, _)| *holder).collect();
        holders.sort_unstable();
        holders.dedup();
        // The lines of a household are not those of a registration; one that the actor may not see is none to leave (A2-52).
        holders.retain(|id| {
            d.contact(*id).is_some_and(|holder| {
                d.sees(&holder)
                    && registration::type_in(d, &holder)
                        .is_some_and(|kind| RegistrationType::ContactPerson.parents().contains(&kind))
            })
        });
        if let Some(from) = &self.from_parent {
            let from = d.find_contact("fromParentId", from)?;
            if holders.contains(&from.id) {
                return Ok(from);
            }
            return Err(d.refuse(Refusal::NotAtFromParent));
        }
        match holders[..] {
            [only] => d.find_contact("fromParentId", &only.into()),
            _ => Err(d.refuse(Refusal::FromParentRequired)),
        }
    }
}

// ---- evolve

pub(crate) fn evolve(contact: &mut Contact, event: &Event) {
    match event {
        Event::ContactPlaced(e) => {
            if Some(contact.id) == e.from {
                contact.placement.children.remove(&e.contact);
            }
            if contact.id == e.to {
                contact.placement.children.insert(e.contact);
            }
            if contact.id == e.contact {
                contact.placement.parent = Some(e.to);
            }
        }
        Event::LocationTied(e) => {
            let tied = (e.contact, e.line.unwrap_or(0));
            if Some(contact.id) == e.from {
                contact.placement.tied.remove(&tied);
            }
            if Some(contact.id) == e.to {
                contact.placement.tied.insert(tied);
            }
            if contact.id == e.contact {
                let by_death = |line: u32| {
                    let mut ended = contact.ended_lines.iter();
                    ended.any(|ended| ended.line.line == line && ended.cause == Cause::Death)
                };
                match (e.line, e.to) {
                    (None, to) => contact.placement.location = to,
                    (Some(line), Some(to)) => {
                        contact.placement.line_locations.insert(line, to);
                    }
                    (Some(line), None) if by_death(line) => {}
                    (Some(line), None) => {
                        contact.placement.line_locations.remove(&line);
                    }
                }
            }
        }
    }
}
