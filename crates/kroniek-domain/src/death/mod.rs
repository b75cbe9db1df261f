//! Death of a person, and its correction (E1-33 … E1-38; D-6, D-7, D-8).
//!
//! The manual's question "keep the roles of the deceased?" is answered for all households at once or per household. All
//! guards are checked before any event; it is all or nothing. A correction undoes by compensation: it restores exactly
//! what the death removed, or says what has changed since.

#[cfg(test)]
mod tests;

use crate::code_list::SalutationKind;
use crate::contact::{Contact, Kind};
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{At, ContactId, ContactRef, EntityId};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::personal_data::{self, SalutationChanged};
use crate::problem::{Problem, Prompt};
use crate::role::{self, Cause, RoleLine, ShownFirstChanged};
use crate::values::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

// ---- commands

/// Records a death, with the answer to "keep the roles?" (E1-33 … E1-37).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordDeath {
    /// The person.
    pub person: ContactRef,
    /// Date of death.
    pub date_of_death: String,
    /// One answer for every household that no decision names; `None` asks.
    pub keep_roles: Option<bool>,
    /// Who is shown first after the deceased; the first remaining contractant when left out (D-7).
    pub successor: Option<ContactRef>,
    /// Answers per household (E1-37).
    pub decisions: Vec<HouseholdDecision>,
    /// A salutation set in the same commit (E1-35).
    pub salutation: Option<String>,
}

/// The answer for one household.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HouseholdDecision {
    /// The household, or other contact in which the person has a role.
    pub household: ContactRef,
    /// Keep the roles there.
    pub keep_roles: bool,
    /// Who is shown first there.
    pub successor: Option<ContactRef>,
}

/// Corrects a recorded death: another date, or none at all (E1-38). The envelope's reason is required.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CorrectDeath {
    /// The person.
    pub person: ContactRef,
    /// The right date; `None`: the person is alive.
    pub date_of_death: Option<String>,
}

// ---- events

/// A death was recorded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeathRecorded {
    /// The person.
    pub person: ContactId,
    /// Date of death.
    pub date: Personal<Date>,
    /// The answer per contact in which the person had a role.
    pub answers: Vec<(ContactId, bool)>,
}

/// A recorded death was corrected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeathCorrected {
    /// The person.
    pub person: ContactId,
    /// The date that was believed.
    pub before: Personal<Option<Date>>,
    /// The right date; an inner `None` when the person is alive.
    pub after: Personal<Option<Date>>,
    /// Whether the person turned out to be alive.
    pub alive: bool,
}

stored_events! {
    /// A death was recorded.
    35 v 1 DeathRecorded,
    /// A recorded death was corrected.
    36 v 1 DeathCorrected,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let person = match self {
            Self::DeathRecorded(e) => e.person,
            Self::DeathCorrected(e) => e.person,
        };
        vec![EntityId::Contact(person)]
    }
}

// ---- refusals

/// Why a death or its correction is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The death precedes the birth.
    DeathBeforeBirth {
        /// The input field.
        field: &'static str,
    },
    /// A death is recorded already.
    AlreadyDeceased(ContactId),
    /// No death is recorded.
    NotDeceased,
    /// "Yes" is for the only contractant (E1-34).
    NotSoleContractant {
        /// The input field of the answer.
        field: &'static str,
        /// The household.
        household: ContactId,
    },
    /// "No" needs another contractant (E1-36).
    NoRemainingContractant {
        /// The input field of the answer.
        field: &'static str,
        /// The household.
        household: ContactId,
    },
    /// The successor is not a living, remaining contractant (E1-36).
    InvalidSuccessor {
        /// The input field that names the successor.
        field: &'static str,
        /// The household.
        household: ContactId,
    },
    /// A decision for a contact in which the person has no role.
    NoRoleThere,
    /// Two decisions for one household (E1-37).
    DecidedTwice(ContactId),
    /// Later changes stand in the way, as (contact number, what).
    CannotUndo(Vec<(String, String)>),
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::DeathBeforeBirth { field } => {
                Problem::new("DEATH_BEFORE_BIRTH", "The death would precede the birth; check both dates.").field(*field)
            }
            Self::AlreadyDeceased(person) => {
                Problem::new("ALREADY_DECEASED", "A death is recorded already; use correctDeath to change it.")
                    .field("personId")
                    .contact(*person)
            }
            Self::NotDeceased => {
                Problem::new("NOT_DECEASED", "No death is recorded for this person; use recordDeath.").field("personId")
            }
            Self::NotSoleContractant { field, household } => Problem::new(
                "NOT_SOLE_CONTRACTANT",
                "Another living contractant remains in this household, so the roles cannot be kept: answer false.",
            )
            .field(*field)
            .contact(*household),
            Self::NoRemainingContractant { field, household } => Problem::new(
                "NO_REMAINING_CONTRACTANT",
                "No other living contractant remains in this household: answer true, or add a contractant first.",
            )
            .field(*field)
            .contact(*household),
            Self::InvalidSuccessor { field, household } => Problem::new(
                "INVALID_SUCCESSOR",
                "The successor must be a living contractant who remains in this household.",
            )
            .field(*field)
            .contact(*household),
            Self::NoRoleThere => {
                Problem::new("NOT_FOUND", "The person has no role in the household of this decision; leave it out.")
                    .field("decisions")
            }
            Self::DecidedTwice(household) => {
                Problem::new("GIVEN_TWICE", "Two decisions name the same household; give one.")
                    .field("decisions")
                    .contact(*household)
            }
            Self::CannotUndo(conflicts) => Problem::new(
                "CANNOT_UNDO",
                "What the death removed has been changed since; undo these changes first.",
            )
            .blocking("CONFLICT", conflicts.iter().cloned()),
        }
    }
}

// ---- state

/// A recorded death, and what it removed, so that a correction can restore exactly that.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Death {
    /// Sensitive: the date; `None` when erased.
    pub date: Option<Date>,
    /// The commit that recorded it.
    pub recorded: At,
    /// Lines that it removed, as (holder, line).
    pub removed: Vec<(ContactId, u32)>,
    /// Households where it moved "shown first" away from this person, and to whom.
    pub succeeded: Vec<(ContactId, Option<ContactId>)>,
    /// The salutation before the first change after the death.
    pub salutation_before: Option<Option<String>>,
}

// ---- decide

/// What is to happen in one household.
struct Answer {
    holder: Arc<Contact>,
    keep: bool,
    successor: Option<ContactId>,
    /// The input fields that say so.
    fields: Fields,
}

/// Where an answer and its successor stand in the input.
#[derive(Copy, Clone)]
struct Fields {
    keep: &'static str,
    successor: &'static str,
}

const FOR_ALL: Fields = Fields { keep: "keepRoles", successor: "successorId" };
const FOR_ONE: Fields = Fields { keep: "decisions", successor: "decisions" };

impl Decide for RecordDeath {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::SensitiveWrite)?;
        let person = d.find_person("personId", &self.person)?;
        d.address(EntityId::Contact(person.id))?;
        if person.deceased() {
            return Err(d.refuse(Refusal::AlreadyDeceased(person.id)));
        }
        let date = d.past_date("dateOfDeath", &self.date_of_death);
        if let (Some(date), Some(birth)) = (date, person.birth)
            && date < birth
        {
            d.refuse(Refusal::DeathBeforeBirth { field: "dateOfDeath" });
        }
        let salutation =
            self.salutation.as_ref().map(|raw| personal_data::read_salutation(d, Kind::Person, true, raw));
        let answers = self.answers(d, &person)?;
        for answer in &answers {
            check(d, &person, answer);
        }
        warn_of_lease(d, &person, "The deceased rents for itself and the lease has not ended yet.");
        d.stop_if_refused()?;
        let Some(date) = date else { return Err(Refused) };

        let event = DeathRecorded {
            person: person.id,
            date: Personal::new(person.id, date),
            answers: answers.iter().map(|a| (a.holder.id, a.keep)).collect(),
        };
        d.record_with(event, |d| {
            for answer in &answers {
                carry_out(d, &person, answer);
            }
            if let Some(Some(code)) = salutation
                && person.salutation.as_ref() != Some(&code)
            {
                personal_data::set_salutation(d, person.id, &code);
            }
        });
        Ok(())
    }
}

/// What was decided for one household, its successor not looked up yet.
type Decided = (ContactId, bool, Option<ContactRef>);

impl RecordDeath {
    /// The answer for each contact in which the person has a role, in order of id; asks where there is none.
    fn answers(&self, d: &mut Draft<'_>, person: &Contact) -> Result<Vec<Answer>, Refused> {
        let decided = self.decided(d, person)?;
        let successor =
            self.successor.as_ref().map(|named| d.find_contact("successorId", named)).transpose()?;
        let successor = successor.map(|found| found.id);
        let mut holders: Vec<_> = person.roles.iter().map(|(holder, _)| *holder).collect();
        holders.sort_unstable();
        holders.dedup();
        let mut answers = Vec::new();
        for holder in holders {
            // A role at somebody whom the actor may not see is neither asked about nor ended: whoever sees it does (A2-52).
            let Some(holder) = d.contact(holder).filter(|holder| d.sees(holder)) else { continue };
            answers.push(match (decided.iter().find(|(id, ..)| *id == holder.id), self.keep_roles) {
                (Some((_, keep, own)), _) => {
                    let own = own.as_ref().map(|named| d.find_contact("decisions", named)).transpose()?;
                    // Without a successor of its own it has the one for all, where that one can be.
                    let can = |id: &ContactId| remaining(d, &holder, person).iter().any(|l| l.person == *id);
                    let successor = own.map(|found| found.id).or_else(|| successor.filter(can));
                    Answer { holder, keep: *keep, successor, fields: FOR_ONE }
                }
                (None, Some(keep)) => Answer { holder, keep, successor, fields: FOR_ALL },
                (None, None) => {
                    d.ask(Prompt::KeepRolesOfDeceased, Some(EntityId::Contact(holder.id)));
                    continue;
                }
            });
        }
        // One that was named and is nobody's successor was meant for somewhere else.
        let ends = answers.iter().find(|answer| !answer.keep).map(|answer| answer.holder.id);
        if let (Some(household), Some(_)) = (ends, successor)
            && answers.iter().all(|answer| answer.keep || answer.successor != successor)
        {
            d.refuse(Refusal::InvalidSuccessor { field: FOR_ALL.successor, household });
        }
        Ok(answers)
    }

    /// The decisions for single households, each one in which the person has a role.
    fn decided(&self, d: &mut Draft<'_>, person: &Contact) -> Result<Vec<Decided>, Refused> {
        let mut decided: Vec<Decided> = Vec::new();
        for decision in &self.decisions {
            let household = d.find_contact("decisions", &decision.household)?;
            if !person.roles.iter().any(|(holder, _)| *holder == household.id) {
                return Err(d.refuse(Refusal::NoRoleThere));
            }
            if decided.iter().any(|(id, ..)| *id == household.id) {
                return Err(d.refuse(Refusal::DecidedTwice(household.id)));
            }
            decided.push((household.id, decision.keep_roles, decision.successor.clone()));
        }
        Ok(decided)
    }
}

/// The living contractants of a household other than this person, in line order.
fn remaining<'h>(d: &Draft<'_>, holder: &'h Contact, person: &Contact) -> Vec<&'h RoleLine> {
    let alive = |line: &&RoleLine| d.contact(line.person).is_some_and(|p| !p.deceased());
    holder.contractants().filter(|l| l.person != person.id).filter(alive).collect()
}

/// The guards of E1-34 and E1-36 for one household. A mere contact person's death takes either answer.
fn check(d: &mut Draft<'_>, person: &Contact, answer: &Answer) {
    let Answer { holder, keep, successor, fields } = answer;
    if !holder.contractants().any(|l| l.person == person.id) {
        return;
    }
    let remaining: Vec<_> = remaining(d, holder, person).iter().map(|l| l.person).collect();
    if *keep {
        if remaining.is_empty() {
            warn_of_lease(d, holder, "The deceased is the only contractant and the lease has not ended yet.");
        } else {
            d.refuse(Refusal::NotSoleContractant { field: fields.keep, household: holder.id });
        }
    } else if remaining.is_empty() {
        d.refuse(Refusal::NoRemainingContractant { field: fields.keep, household: holder.id });
    } else if successor.is_some_and(|successor| !remaining.contains(&successor)) {
        d.refuse(Refusal::InvalidSuccessor { field: fields.successor, household: holder.id });
    }
}

/// Points out a lease that runs on without anybody alive (D-6); the quality list names the same ones until it ends.
fn warn_of_lease(d: &mut Draft<'_>, renter: &Contact, message: &str) {
    if renter.customer.and_then(|id| d.customer(id)).is_some_and(|customer| customer.rents(d.today())) {
        d.warn("LEASE_STILL_RUNNING", message, Some(EntityId::Contact(renter.id)));
    }
}

/// Removes the roles of the deceased in one household, and moves "shown first" to the successor (E1-36, D-7).
fn carry_out(d: &mut Draft<'_>, person: &Contact, answer: &Answer) {
    let Answer { holder, keep, successor, .. } = answer;
    if *keep {
        return;
    }
    for line in holder.lines.iter().filter(|l| l.person == person.id) {
        role::remove_line(d, holder.id, line, Cause::Death);
    }
    if holder.shown_first == Some(person.id) {
        let first = remaining(d, holder, person).first().map(|l| l.person);
        let to = successor.or(first);
        d.record(ShownFirstChanged { household: holder.id, from: Some(person.id), to, cause: Cause::Death });
        role::rename_household(d, holder.id, Some(person.id));
    }
}

impl Decide for CorrectDeath {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::SensitiveWrite)?;
        let person = d.find_person("personId", &self.person)?;
        d.address(EntityId::Contact(person.id))?;
        d.reason();
        let Some(death) = person.death.clone() else { return Err(d.refuse(Refusal::NotDeceased)) };
        let date = match &self.date_of_death {
            None => None,
            Some(raw) => d.past_date("dateOfDeath", raw),
        };
        if let (Some(date), Some(birth)) = (date, person.birth)
            && date < birth
        {
            d.refuse(Refusal::DeathBeforeBirth { field: "dateOfDeath" });
        }
        d.stop_if_refused()?;
        if self.date_of_death.is_some() && date == death.date {
            return Ok(());
        }
        let event = DeathCorrected {
            person: person.id,
            before: Personal::new(person.id, death.date),
            after: Personal::new(person.id, date),
            alive: date.is_none(),
        };
        if date.is_some() {
            d.record(event);
            return Ok(());
        }
        let conflicts = conflicts(d, &person, &death);
        if !conflicts.is_empty() {
            return Err(d.refuse(Refusal::CannotUndo(conflicts)));
        }
        d.record_with(event, |d| restore(d, &person, &death));
        Ok(())
    }
}

/// What has changed since the death in what it removed.
fn conflicts(d: &Draft<'_>, person: &Contact, death: &Death) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (holder, line) in &death.removed {
        let Some(holder) = d.contact(*holder) else { continue };
        let Some(ended) = holder.ended_lines.iter().find(|l| l.line.line == *line) else { continue };
        let again = |l: &RoleLine| {
            l.person == person.id && (l.role == ended.line.role || l.contractant && ended.line.contractant)
        };
        if holder.lines.iter().any(again) {
            found.push((
                holder.number.clone(),
                format!("{} has the role {} again", person.number, ended.line.role),
            ));
        }
        let location = holder.placement.line_locations.get(line).and_then(|location| d.contact(*location));
        if let Some(location) = location.filter(|location| location.placement.parent != Some(holder.id)) {
            found
                .push((location.number.clone(), format!("{} belongs to another company now", location.name)));
        }
    }
    for (household, to) in &death.succeeded {
        let Some(household) = d.contact(*household) else { continue };
        if household.shown_first != *to {
            found.push((household.number.clone(), "another contractant was shown first since".to_owned()));
        }
    }
    found
}

fn restore(d: &mut Draft<'_>, person: &Contact, death: &Death) {
    for (holder, line) in &death.removed {
        role::restore_line(d, *holder, person.id, *line);
        // Everybody else may have left since: then this is the first contractant again (I2, D-4).
        let alone = d
            .contact(*holder)
            .is_some_and(|h| h.shown_first.is_none() && h.line(*line).is_some_and(|line| line.contractant));
        if alone {
            role::show_first(d, *holder, Some(person.id), Cause::DeathCorrected);
        }
    }
    for (household, to) in &death.succeeded {
        d.record(ShownFirstChanged {
            household: *household,
            from: *to,
            to: Some(person.id),
            cause: Cause::DeathCorrected,
        });
        role::rename_household(d, *household, *to);
    }
    let heirs = person
        .salutation
        .as_deref()
        .is_some_and(|code| personal_data::salutation_kind(d, code) == Some(SalutationKind::HeirsOf));
    if heirs && let Some(before) = &death.salutation_before {
        d.record(SalutationChanged { contact: person.id, code: before.clone() });
    }
    // Its lines may have been removed while it was dead: nobody would miss a contact person that stands nowhere (D-28).
    if d.contact(person.id).is_some_and(|person| person.roles.is_empty() && person.customer.is_none()) {
        d.warn(
            "STANDS_ALONE",
            format!("{} has no role at anybody now; give it one with addRole if it should.", person.number),
            Some(EntityId::Contact(person.id)),
        );
    }
}

// ---- evolve

pub(crate) fn evolve(contact: &mut Contact, at: At, event: &Event) {
    match event {
        Event::DeathRecorded(e) => {
            contact.death = Some(Death {
                date: e.date.get().copied(),
                recorded: at,
                removed: Vec::new(),
                succeeded: Vec::new(),
                salutation_before: None,
            });
        }
        Event::DeathCorrected(e) if e.alive => contact.death = None,
        Event::DeathCorrected(e) => {
            if let Some(death) = &mut contact.death {
                death.date = e.after.get().copied().flatten();
            }
        }
    }
}

/// A line ended because of the death of this contact.
pub(crate) fn remember_removed(contact: &mut Contact, holder: ContactId, line: u32) {
    if let Some(death) = &mut contact.death {
        death.removed.push((holder, line));
    }
}

/// "Shown first" moved away from this contact because of its death.
pub(crate) fn remember_successor(contact: &mut Contact, household: ContactId, to: Option<ContactId>) {
    if let Some(death) = &mut contact.death {
        death.succeeded.push((household, to));
    }
}

/// The salutation of this contact is about to change.
pub(crate) fn remember_salutation(contact: &mut Contact) {
    if let Some(death) = &mut contact.death {
        let before = contact.salutation.clone();
        death.salutation_before.get_or_insert(before);
    }
}
