//! Role lines: which person plays which role at a household, company or client-person (E1-05 … E1-12, E1-24 … E1-32).
//!
//! A line is stored at its holder and folded into the person too. A line is *contractant* when its role code has that
//! property. A household with contractants shows exactly one of them first (I2) and is called by that name (I3).

mod lines;
#[cfg(test)]
pub(crate) mod tests;

pub use lines::removal_refusal;
pub(crate) use lines::{
    NewLine, add_line, check_holder, read_business, read_line, read_new_line, remove_line, rename_household,
    rename_households, restore_line, show_first,
};

use crate::client_status;
use crate::contact::{self, Contact, Kind, NewPerson};
use crate::death;
use crate::draft::{Decide, Draft, Refused};
use crate::duplicate;
use crate::event::stored_events;
use crate::ids::{ContactId, ContactRef, EntityId, PartyRef};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::{Problem, Prompt};
use crate::values::Date;
use serde::{Deserialize, Serialize};

// ---- commands

/// The person of a new role line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum PersonChoice {
    /// An existing person (E1-08).
    Existing(ContactRef),
    /// A person made in the same commit (E1-09).
    New(Box<NewPerson>),
}

/// Adds a role line (E1-08 … E1-10, E1-30).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AddRole {
    /// Where the line is stored; a customer's lines are its contact's.
    pub party: PartyRef,
    /// Who plays the role.
    pub person: PersonChoice,
    /// Role code.
    pub role_code: String,
    /// Begin of the role; today when left out.
    pub begin_date: Option<String>,
    /// Why, as a code of the caller's (E1-29).
    pub cause: Option<String>,
}

/// Removes a role line; the person stays (E1-11, E1-12, E1-31, E1-32).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RemoveRole {
    /// Where the line is stored.
    pub party: PartyRef,
    /// Number of the line.
    pub line: u32,
}

/// Shows a contractant first (E1-25).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ShowFirst {
    /// The household.
    pub household: ContactRef,
    /// The contractant.
    pub person: ContactRef,
}

/// Business data as typed: `None` leaves a field, an empty text clears it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct BusinessInput {
    /// Function.
    pub function: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Business telephone.
    pub phone: Option<String>,
    /// Business e-mail address.
    pub email: Option<String>,
}

/// Changes the business data of a role line; never copied to or from a leader (A1-17).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeBusinessData {
    /// Where the line is stored.
    pub party: PartyRef,
    /// Number of the line.
    pub line: u32,
    /// What changes.
    pub business: BusinessInput,
}

/// Gives or takes portal access through a role line (A1-04).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetPortalCoupling {
    /// Where the line is stored.
    pub party: PartyRef,
    /// Number of the line.
    pub line: u32,
    /// Access or none.
    pub on: bool,
}

// ---- events

/// Why a line or the one shown first changed. Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cause {
    /// Somebody asked for it.
    Request,
    /// The person died (E1-36).
    Death,
    /// A recorded death was corrected (E1-38).
    DeathCorrected,
}

crate::stored_numbers! { Cause {
    Request = 1 "REQUEST",
    Death = 2 "DEATH",
    DeathCorrected = 3 "DEATH_CORRECTED",
} }

/// A role line came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoleAdded {
    /// The contact that holds the line.
    pub holder: ContactId,
    /// Who plays the role.
    pub person: ContactId,
    /// Number within the holder; never reused.
    pub line: u32,
    /// Role code.
    pub role: String,
    /// Whether the code counted as contractant when the line was made.
    pub contractant: bool,
    /// Begin of the role.
    pub begin: Date,
    /// Why, as a code of the caller's.
    pub cause: Option<String>,
    /// Business data.
    pub business: Personal<BusinessBlock>,
}

/// A role line ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoleRemoved {
    /// The contact that held the line.
    pub holder: ContactId,
    /// Who played the role.
    pub person: ContactId,
    /// Number of the line.
    pub line: u32,
    /// Role code.
    pub role: String,
    /// Last day.
    pub end: Date,
    /// Why.
    pub cause: Cause,
}

/// A line that a death had ended is back (E1-38).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoleRestored {
    /// The contact that holds the line.
    pub holder: ContactId,
    /// Who plays the role.
    pub person: ContactId,
    /// Number of the line.
    pub line: u32,
}

/// Another contractant is shown first (E1-25).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ShownFirstChanged {
    /// The household.
    pub household: ContactId,
    /// Who was shown first.
    pub from: Option<ContactId>,
    /// Who is shown first now; none when the last contractant left.
    pub to: Option<ContactId>,
    /// Why.
    pub cause: Cause,
}

/// The business data of a line changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BusinessDataChanged {
    /// The contact that holds the line.
    pub holder: ContactId,
    /// Whose line it is.
    pub person: ContactId,
    /// Number of the line.
    pub line: u32,
    /// All of it, as it is now.
    pub business: Personal<BusinessBlock>,
}

/// Portal access through a line was given or taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PortalCouplingSet {
    /// The contact that holds the line.
    pub holder: ContactId,
    /// Whose line it is.
    pub person: ContactId,
    /// Number of the line.
    pub line: u32,
    /// Access or none.
    pub on: bool,
}

stored_events! {
    /// A role line came.
    10 v 1 RoleAdded,
    /// A role line ended.
    11 v 1 RoleRemoved,
    /// A line that a death had ended is back.
    12 v 1 RoleRestored,
    /// Another contractant is shown first.
    13 v 1 ShownFirstChanged,
    /// The business data of a line changed.
    14 v 1 BusinessDataChanged,
    /// Portal access was given or taken.
    15 v 1 PortalCouplingSet,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let mut ids = match self {
            Self::RoleAdded(e) => vec![e.holder, e.person],
            Self::RoleRemoved(e) => vec![e.holder, e.person],
            Self::RoleRestored(e) => vec![e.holder, e.person],
            Self::ShownFirstChanged(e) => [Some(e.household), e.from, e.to].into_iter().flatten().collect(),
            Self::BusinessDataChanged(e) => vec![e.holder, e.person],
            Self::PortalCouplingSet(e) => vec![e.holder, e.person],
        };
        ids.dedup();
        ids.into_iter().map(EntityId::Contact).collect()
    }
}

// ---- refusals

/// Why a role is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Only persons play roles (E1-08).
    RoleNeedsPerson,
    /// The person has this role here already.
    RoleExists {
        /// The line.
        line: u32,
    },
    /// The person is deceased (D-3).
    PersonDeceased {
        /// The input field that names it.
        field: &'static str,
        /// The person.
        person: ContactId,
    },
    /// A contact cannot play a role towards itself.
    RoleWithItself,
    /// Contractants belong to households (E1-24).
    ContractantNeedsHousehold,
    /// A person without a customer of its own has no contact persons.
    HolderNotAllowed,
    /// No such line.
    LineNotFound,
    /// Show another contractant first (E1-32).
    ShownFirstCannotBeRemoved {
        /// The household.
        household: ContactId,
        /// Who could be shown first instead, as (number, name).
        others: Vec<(String, String)>,
        /// All the others are deceased, as far as anybody may know.
        all_deceased: bool,
    },
    /// A running lease needs a contractant (I1, D-31).
    LastContractant(ContactId),
    /// A contact person never stands alone (D-28).
    ParentRequired,
    /// Only a contractant can be shown first (E1-25).
    NotAContractant,
    /// Not a telephone number.
    InvalidPhone,
    /// Not an e-mail address.
    InvalidEmail,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::RoleNeedsPerson => Problem::new(
                "ROLE_NEEDS_PERSON",
                "Only a person plays a role, and this is none: choose a person, or add a new one with newPerson.",
            )
            .field("personId"),
            Self::RoleExists { line } => {
                let message =
                    format!("The person has this role here already, on line {line}; choose another role.");
                Problem::new("ROLE_EXISTS", message).field("roleCode")
            }
            Self::PersonDeceased { field, person } => Problem::new(
                "PERSON_DECEASED",
                "The person is deceased and takes no new place; choose another.",
            )
            .field(*field)
            .contact(*person),
            Self::RoleWithItself => {
                Problem::new("ROLE_WITH_ITSELF", "A person plays no role towards itself; choose another.")
                    .field("personId")
            }
            Self::ContractantNeedsHousehold => Problem::new(
                "CONTRACTANT_NEEDS_HOUSEHOLD",
                "A contractant belongs to a household; use a contact-person role here.",
            )
            .field("roleCode"),
            Self::HolderNotAllowed => Problem::new(
                "PARENT_TYPE_NOT_ALLOWED",
                "Roles are held by households, companies, and persons who are client or relation; choose one of these.",
            )
            .field("contactId"),
            Self::LineNotFound => {
                Problem::new("NOT_FOUND", "There is no such line; read the roles again.").field("line")
            }
            Self::ShownFirstCannotBeRemoved { household, others, all_deceased } => Problem::new(
                "SHOWN_FIRST_CANNOT_BE_REMOVED",
                "The contractant shown first cannot be removed while there are others: show another one first.",
            )
            .field("line")
            .contact(*household)
            .hint(if *all_deceased {
                "The others are deceased: add a living contractant with addRole and show it first (showFirst), then remove this one."
            } else {
                "Show another contractant first (showFirst), then remove this one."
            })
            .options(others.iter().map(|(number, name)| format!("{number} {name}"))),
            Self::LastContractant(household) => Problem::new(
                "LAST_CONTRACTANT",
                "The only contractant stays while the lease runs; add another contractant first.",
            )
            .field("line")
            .contact(*household),
            Self::ParentRequired => Problem::new(
                "PARENT_REQUIRED",
                "A contact person belongs to a client or relation and cannot lose its last line; take it elsewhere with moveContact.",
            )
            .field("line"),
            Self::NotAContractant => Problem::new(
                "NOT_A_CONTRACTANT",
                "Only a contractant of this household can be shown first: choose one, or add the person as one with addRole.",
            )
            .field("personId"),
            Self::InvalidPhone => Problem::new(
                "INVALID_PHONE",
                "This is not a telephone number; write 7 to 15 digits, with + and spaces if you like.",
            )
            .field("business.phone"),
            Self::InvalidEmail => {
                Problem::new("INVALID_EMAIL", "This is not an e-mail address; write name@domain.tld.")
                    .field("business.email")
            }
        }
    }
}

// ---- state

/// What a person is at work, per line (§1.1).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct BusinessBlock {
    /// Function.
    pub function: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Business telephone.
    pub phone: Option<String>,
    /// Business e-mail address.
    pub email: Option<String>,
}

/// A role line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoleLine {
    /// Number within the holder.
    pub line: u32,
    /// Who plays the role.
    pub person: ContactId,
    /// Role code.
    pub role: String,
    /// Whether it makes its person a contractant.
    pub contractant: bool,
    /// Begin of the role.
    pub begin: Date,
    /// Why, as a code of the caller's.
    pub cause: Option<String>,
    /// Business data.
    pub business: BusinessBlock,
    /// Portal access.
    pub portal: bool,
}

/// A role line that ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EndedLine {
    /// The line as it was.
    pub line: RoleLine,
    /// Last day.
    pub end: Date,
    /// Why.
    pub cause: Cause,
}

// ---- decide

impl Decide for AddRole {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let holder = d.find_party(&self.party)?;
        d.address_holder(&holder)?;
        let line = lines::read_line(d, &self.role_code, self.begin_date.as_ref(), self.cause.as_ref());
        if let Some(line) = &line {
            // The holder's fault and the person's are reported together.
            let _reported = check_holder(d, &holder, line.contractant);
        }
        match &self.person {
            PersonChoice::Existing(person) => {
                let person = d.find_contact("personId", person)?;
                if person.kind != Kind::Person {
                    return Err(d.refuse(Refusal::RoleNeedsPerson));
                }
                if person.id == holder.id {
                    d.refuse(Refusal::RoleWithItself);
                }
                if person.deceased() {
                    d.refuse(Refusal::PersonDeceased { field: "personId", person: person.id });
                }
                if let Some(line) = &line {
                    let same = |l: &&RoleLine| {
                        l.person == person.id && (l.role == line.role || (l.contractant && line.contractant))
                    };
                    if let Some(existing) = holder.lines.iter().find(same) {
                        d.refuse(Refusal::RoleExists { line: existing.line });
                    }
                }
                d.stop_if_refused()?;
                if let Some(line) = line {
                    add_line(d, line.of(holder.id, person.id));
                }
            }
            PersonChoice::New(person) => {
                let person = contact::read_person(d, person);
                if let Some(person) = &person {
                    duplicate::ask(d, &[person.description(None)], |_, _| true);
                }
                d.stop_if_refused()?;
                if let (Some(person), Some(line)) = (person, line) {
                    let person = contact::create_person(d, person);
                    add_line(d, line.of(holder.id, person));
                }
            }
        }
        Ok(())
    }
}

impl Decide for RemoveRole {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let holder = d.find_party(&self.party)?;
        d.address_holder(&holder)?;
        let line = lines::find(d, &holder, self.line)?.clone();
        // As the card says beforehand: whom the actor may not see neither helps nor hinders (A2-52).
        let seen = |id| d.contact(id).filter(|contact| d.sees(contact));
        let refusal = removal_refusal(&holder, &line, d.today(), &seen, &|id| d.customer(id));
        if let Some(refusal) = refusal {
            return Err(d.refuse(refusal));
        }
        if d.confirmed(Prompt::RemoveRoleLine, Some(EntityId::Contact(holder.id))) {
            lines::remove_line(d, holder.id, &line, Cause::Request);
        }
        Ok(())
    }
}

impl Decide for ShowFirst {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let household = d.find_contact("householdId", &self.household)?;
        d.address(EntityId::Contact(household.id))?;
        let person = d.find_person("personId", &self.person)?;
        if household.kind != Kind::Household || !household.contractants().any(|l| l.person == person.id) {
            return Err(d.refuse(Refusal::NotAContractant));
        }
        if household.shown_first == Some(person.id) {
            return Ok(());
        }
        if person.deceased() {
            return Err(d.refuse(Refusal::PersonDeceased { field: "personId", person: person.id }));
        }
        lines::show_first(d, household.id, Some(person.id), Cause::Request);
        Ok(())
    }
}

impl Decide for ChangeBusinessData {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let holder = d.find_party(&self.party)?;
        d.address_holder(&holder)?;
        let line = lines::find(d, &holder, self.line)?;
        let business = lines::change_business(d, &line.business, &self.business);
        d.stop_if_refused()?;
        if let Some(business) = business.filter(|business| *business != line.business) {
            d.record(BusinessDataChanged {
                holder: holder.id,
                person: line.person,
                line: line.line,
                business: Personal::new(line.person, business),
            });
        }
        Ok(())
    }
}

/// Records whether a line gives access to the portal.
pub(crate) fn set_portal(d: &mut Draft<'_>, holder: ContactId, line: u32, on: bool) {
    let person = d.contact(holder).and_then(|holder| holder.line(line).map(|line| line.person));
    if let Some(person) = person {
        d.record(PortalCouplingSet { holder, person, line, on });
    }
}

impl Decide for SetPortalCoupling {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let holder = d.find_party(&self.party)?;
        d.address_holder(&holder)?;
        let line = lines::find(d, &holder, self.line)?;
        if self.on && client_status::has_left(&holder) {
            let needs =
                "a line of somebody who is a client or relation, or make this one a client again first";
            let field = self.party.field();
            return Err(d.refuse(client_status::Refusal::NotApplicable { field, needs }));
        }
        if line.portal != self.on {
            set_portal(d, holder.id, line.line, self.on);
        }
        Ok(())
    }
}

// ---- evolve

pub(crate) fn evolve(contact: &mut Contact, event: &Event) {
    match event {
        Event::RoleAdded(e) => {
            if contact.id == e.holder {
                contact.next_line = contact.next_line.max(e.line.saturating_add(1));
                contact.lines.push(RoleLine {
                    line: e.line,
                    person: e.person,
                    role: e.role.clone(),
                    contractant: e.contractant,
                    begin: e.begin,
                    cause: e.cause.clone(),
                    business: e.business.get().cloned().unwrap_or_default(),
                    portal: false,
                });
            }
            if contact.id == e.person {
                contact.roles.push((e.holder, e.line));
            }
        }
        Event::RoleRemoved(e) => {
            if contact.id == e.holder
                && let Some(at) = contact.lines.iter().position(|l| l.line == e.line)
            {
                let line = contact.lines.remove(at);
                contact.ended_lines.push(EndedLine { line, end: e.end, cause: e.cause });
            }
            if contact.id == e.person {
                contact.roles.retain(|role| *role != (e.holder, e.line));
                contact.past_roles.push((e.holder, e.line));
                if e.cause == Cause::Death {
                    death::remember_removed(contact, e.holder, e.line);
                }
            }
        }
        Event::RoleRestored(e) => {
            if contact.id == e.holder
                && let Some(at) = contact.ended_lines.iter().position(|l| l.line.line == e.line)
            {
                let line = contact.ended_lines.remove(at).line;
                let place = contact.lines.partition_point(|l| l.line < line.line);
                contact.lines.insert(place, line);
            }
            if contact.id == e.person {
                contact.past_roles.retain(|role| *role != (e.holder, e.line));
                contact.roles.push((e.holder, e.line));
            }
        }
        Event::ShownFirstChanged(e) => {
            if contact.id == e.household {
                contact.shown_first = e.to;
            }
            if Some(contact.id) == e.from && e.cause == Cause::Death {
                death::remember_successor(contact, e.household, e.to);
            }
        }
        Event::BusinessDataChanged(e) => {
            if let Some(line) = contact.lines.iter_mut().find(|l| contact.id == e.holder && l.line == e.line)
            {
                line.business = e.business.get().cloned().unwrap_or_default();
            }
        }
        Event::PortalCouplingSet(e) => {
            if let Some(line) = contact.lines.iter_mut().find(|l| contact.id == e.holder && l.line == e.line)
            {
                line.portal = e.on;
            }
        }
    }
}
