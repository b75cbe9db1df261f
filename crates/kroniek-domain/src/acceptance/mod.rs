//! Accepting a client: preparing, approving by somebody else, the last checks (A2-54 … A2-59; D-25, D-26, D-27).
//!
//! Every step is an event with who took it, from where to where, and its note; the status that follows is its consequence.
//! These events are the log of the acceptance: nothing else keeps one.

#[cfg(test)]
pub(crate) mod tests;

use crate::card::Field;
use crate::channel;
use crate::client_status::{self, record_status};
use crate::code_list;
use crate::contact::Kind;
use crate::customer::{ClientStatus, Customer};
use crate::draft::{CODE_LIMIT, Decide, Draft, REASON_LIMIT, Refused};
use crate::event::stored_events;
use crate::ids::{CustomerId, EntityId, PartyRef};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::Problem;
use crate::values;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

// ---- commands

/// Begins to prepare somebody to become a client (A2-55).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StartAcceptance {
    /// Whom.
    pub party: PartyRef,
    /// For the log.
    pub note: Option<String>,
}

/// Puts what was prepared before an approver (A2-56).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SubmitForApproval {
    /// Whom.
    pub party: PartyRef,
    /// For the log.
    pub note: Option<String>,
}

/// Approves what somebody else has submitted (A2-57).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ApproveClient {
    /// Whom.
    pub party: PartyRef,
    /// For the log.
    pub note: Option<String>,
}

/// Sends what somebody else has submitted back to be prepared again; needs a reason (A2-57, D-26).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RejectClient {
    /// Whom.
    pub party: PartyRef,
}

/// Makes a client of whom was approved, after the last checks (A2-58).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CompleteAcceptance {
    /// Whom.
    pub party: PartyRef,
    /// The checks that were done (code list `ACCEPTANCE_CHECK`).
    pub checks: Vec<String>,
    /// The systems, not coupled, in which the client was made.
    pub external_systems: Vec<String>,
    /// For the log.
    pub note: Option<String>,
}

// ---- events

/// Acceptance began.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AcceptanceStarted {
    /// What all steps say.
    pub step: Step,
}

/// What was prepared was submitted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SubmittedForApproval {
    /// What all steps say.
    pub step: Step,
}

/// What was submitted was approved.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClientApproved {
    /// What all steps say.
    pub step: Step,
}

/// What was submitted was sent back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClientRejected {
    /// What all steps say; the note is the reason.
    pub step: Step,
}

/// The last checks were done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AcceptanceCompleted {
    /// What all steps say.
    pub step: Step,
    /// The checks that were done.
    pub checks: Vec<String>,
    /// The systems, not coupled, in which the client was made.
    pub external_systems: Vec<String>,
}

/// A step of an acceptance. Stands in events: the order of its fields is a storage format.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// Whose acceptance.
    pub customer: CustomerId,
    /// The status before.
    pub from: ClientStatus,
    /// The status that follows.
    pub to: ClientStatus,
    /// Who took the step.
    pub by: String,
    /// In the words of whoever took it; may be about the client.
    pub note: Personal<Option<String>>,
}

stored_events! {
    /// Acceptance began.
    197 v 1 AcceptanceStarted,
    /// What was prepared was submitted.
    198 v 1 SubmittedForApproval,
    /// What was submitted was approved.
    199 v 1 ClientApproved,
    /// What was submitted was sent back.
    200 v 1 ClientRejected,
    /// The last checks were done.
    201 v 1 AcceptanceCompleted,
}

impl Event {
    /// What all steps say.
    pub fn step(&self) -> &Step {
        match self {
            Self::AcceptanceStarted(e) => &e.step,
            Self::SubmittedForApproval(e) => &e.step,
            Self::ClientApproved(e) => &e.step,
            Self::ClientRejected(e) => &e.step,
            Self::AcceptanceCompleted(e) => &e.step,
        }
    }

    pub(crate) fn entities(&self) -> Vec<EntityId> {
        vec![EntityId::Customer(self.step().customer)]
    }
}

// ---- refusals

/// Why a step is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The step does not begin at this status.
    StepNotAllowed {
        /// The input field that names whom it is about.
        field: &'static str,
        /// The status as it is.
        from: ClientStatus,
        /// The actions that are possible now.
        actions: Vec<&'static str>,
    },
    /// Data that an approver needs are missing (A2-56).
    Incomplete(Vec<(&'static str, &'static str)>),
    /// Whoever submitted cannot decide about it (D-27).
    FourEyes,
    /// Checks that are not done yet (A2-58).
    ChecksOpen(Vec<(String, String)>),
}

/// How a CLIENT comes to be accepted once more.
pub(crate) const ANEW: &str =
    "to accept it anew, change the status to EX_CLIENT first, then use startAcceptance";

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::StepNotAllowed { field, from, actions } => {
                let instead = match from {
                    ClientStatus::Relation => {
                        "a relation is never accepted; register a client instead".to_owned()
                    }
                    ClientStatus::Client => ANEW.to_owned(),
                    ClientStatus::Suspect
                    | ClientStatus::Prospect
                    | ClientStatus::AcceptanceDraft
                    | ClientStatus::AcceptanceApproval
                    | ClientStatus::AcceptanceCentral
                    | ClientStatus::ExClient => format!("what is possible now: {}", actions.join(", ")),
                };
                let message = format!("This step is not possible from {}; {instead}.", from.name());
                Problem::new("TRANSITION_NOT_ALLOWED", message).field(*field).options(actions.iter().copied())
            }
            Self::Incomplete(missing) => Problem::new(
                "ACCEPTANCE_INCOMPLETE",
                "The registration is not complete: fill in all that is listed, then submit it again.",
            )
            .blocking("MISSING", missing.iter().map(|(what, how)| ((*what).to_owned(), (*how).to_owned()))),
            Self::FourEyes => Problem::new(
                "FOUR_EYES",
                "You submitted this yourself: somebody else must approve or reject it.",
            ),
            Self::ChecksOpen(open) => Problem::new(
                "CHECKS_OPEN",
                "Not all checks are done: do those that are listed, and name them in checks.",
            )
            .field("checks")
            .blocking("CHECK", open.iter().cloned()),
        }
    }
}

// ---- state

/// How far an acceptance is, and the mark of a relation.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Acceptance {
    /// Who submitted it, while it waits for approval.
    pub submitted_by: Option<String>,
    /// Whether a relation is a supplier of the office itself (A2-60).
    pub own_service_provider: bool,
}

/// Every action of the acceptance, as (name, from, to).
pub const ACTIONS: &[(&str, &[ClientStatus], ClientStatus)] = &[
    (
        "startAcceptance",
        &[ClientStatus::Suspect, ClientStatus::Prospect, ClientStatus::ExClient],
        ClientStatus::AcceptanceDraft,
    ),
    ("submitForApproval", &[ClientStatus::AcceptanceDraft], ClientStatus::AcceptanceApproval),
    ("approveClient", &[ClientStatus::AcceptanceApproval], ClientStatus::AcceptanceCentral),
    ("rejectClient", &[ClientStatus::AcceptanceApproval], ClientStatus::AcceptanceDraft),
    ("completeAcceptance", &[ClientStatus::AcceptanceCentral], ClientStatus::Client),
];

/// The actions that are possible at a status.
pub fn actions(at: ClientStatus) -> Vec<&'static str> {
    ACTIONS.iter().filter(|(_, from, _)| from.contains(&at)).map(|(name, ..)| *name).collect()
}

/// What is missing before an approver can decide, as (code, what to do) (A2-56).
fn missing(d: &Draft<'_>, customer: &Customer) -> Vec<(&'static str, &'static str)> {
    let Some(contact) = d.contact(customer.contact) else { return Vec::new() };
    let company = contact.kind == Kind::Company;
    let wanted = [
        (
            contact.correspondence.on(d.today()).is_none(),
            ("ADDRESS", "the correspondence address: changeCorrespondenceAddress"),
        ),
        (
            // Nobody is reached by a web site.
            contact.channels.iter().all(|channel| channel.kind == channel::Kind::Website),
            ("CONTACT_DATA", "a phone number or e-mail address: changeChannels"),
        ),
        (company && contact.kvk.is_none(), ("KVK", "the chamber-of-commerce number: changeCompanyData")),
        (company && contact.legal_form.is_none(), ("LEGAL_FORM", "the legal form: changeCompanyData")),
        (
            !company && !customer.card.has(Field::DocumentNumber),
            ("IDENTIFICATION", "the identity document: changeCard, block wwft"),
        ),
    ];
    wanted.into_iter().filter(|(lacks, _)| *lacks).map(|(_, what)| what).collect()
}

// ---- decide

/// What the steps have in common: who may take it, whom it is about, and whether it begins here.
fn begin(
    d: &mut Draft<'_>,
    party: &PartyRef,
    right: Permission,
    action: &'static str,
) -> Result<(Arc<Customer>, ClientStatus), Refused> {
    d.need(right)?;
    let (customer, _) = client_status::find_registered(d, party)?;
    // An approver and the central administration decide by a right of their own.
    if right == Permission::Write {
        d.address_account(&customer)?;
    } else {
        d.expect_version_of_account(&customer)?;
    }
    let from = customer.status;
    let step = ACTIONS.iter().find(|(name, at, _)| *name == action && at.contains(&from));
    let Some((.., to)) = step else {
        let (field, actions) = (party.field(), actions(from));
        return Err(d.refuse(Refusal::StepNotAllowed { field, from, actions }));
    };
    Ok((customer, *to))
}

fn read_note(d: &mut Draft<'_>, note: Option<&String>) -> Result<Option<String>, Refused> {
    d.optional_text("note", note, |raw| values::note(raw, REASON_LIMIT)).ok_or(Refused)
}

fn step(d: &Draft<'_>, customer: &Customer, to: ClientStatus, note: Option<String>) -> Step {
    Step {
        customer: customer.id,
        from: customer.status,
        to,
        by: d.ctx().actor.name.clone(),
        note: Personal::new(customer.contact, note),
    }
}

fn four_eyes(d: &mut Draft<'_>, customer: &Customer) -> Result<(), Refused> {
    // A user is the same one in any case, as employees are found by it.
    let actor = values::fold(&d.ctx().actor.name);
    let own = customer.acceptance.submitted_by.as_ref().is_some_and(|by| values::fold(by) == actor);
    if own && code_list::setting(d, code_list::FOUR_EYES) {
        return Err(d.refuse(Refusal::FourEyes));
    }
    Ok(())
}

impl Decide for StartAcceptance {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let (customer, to) = begin(d, &self.party, Permission::Write, "startAcceptance")?;
        d.need_change_of(to)?;
        let note = read_note(d, self.note.as_ref())?;
        let step = step(d, &customer, to, note);
        d.record_with(AcceptanceStarted { step }, |d| record_status(d, &customer, to));
        Ok(())
    }
}

impl Decide for SubmitForApproval {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let (customer, to) = begin(d, &self.party, Permission::Write, "submitForApproval")?;
        let missing = missing(d, &customer);
        if !missing.is_empty() {
            d.refuse(Refusal::Incomplete(missing));
        }
        let note = read_note(d, self.note.as_ref())?;
        d.stop_if_refused()?;
        let step = step(d, &customer, to, note);
        d.record_with(SubmittedForApproval { step }, |d| record_status(d, &customer, to));
        Ok(())
    }
}

impl Decide for ApproveClient {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let (customer, to) = begin(d, &self.party, Permission::ClientApprover, "approveClient")?;
        four_eyes(d, &customer)?;
        let note = read_note(d, self.note.as_ref())?;
        let step = step(d, &customer, to, note);
        d.record_with(ClientApproved { step }, |d| record_status(d, &customer, to));
        Ok(())
    }
}

impl Decide for RejectClient {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let (customer, to) = begin(d, &self.party, Permission::ClientApprover, "rejectClient")?;
        four_eyes(d, &customer)?;
        let reason = d.reason().ok_or(Refused)?;
        let step = step(d, &customer, to, Some(reason));
        d.record_with(ClientRejected { step }, |d| record_status(d, &customer, to));
        Ok(())
    }
}

/// Most external systems, and most characters of the name of one.
const SYSTEMS: usize = 20;
const SYSTEM_LIMIT: usize = 40;

impl Decide for CompleteAcceptance {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let (customer, to) = begin(d, &self.party, Permission::CentralAdmin, "completeAcceptance")?;
        let today = d.today();
        let mut done = BTreeSet::new();
        for raw in &self.checks {
            // A check that is not in the list is a mistake; one that ended since may still have been done.
            let Some(code) = d.text("checks", values::code(raw, CODE_LIMIT)) else { continue };
            if d.code_list(code_list::ACCEPTANCE_CHECK).row(&code).is_none() {
                let list = code_list::ACCEPTANCE_CHECK.to_owned();
                d.refuse(crate::problem::General::UnknownCode { field: "checks", list });
            }
            done.insert(code);
        }
        let open: Vec<_> = d
            .code_list(code_list::ACCEPTANCE_CHECK)
            .rows()
            .filter(|row| row.in_force(today) && !done.contains(&row.code))
            .map(|row| (row.code.clone(), row.name.clone()))
            .collect();
        if !open.is_empty() {
            d.refuse(Refusal::ChecksOpen(open));
        }
        let mut systems = Vec::new();
        for raw in self.external_systems.iter().take(SYSTEMS + 1) {
            systems.extend(d.text("externalSystems", values::line(raw, SYSTEM_LIMIT)));
        }
        if systems.len() > SYSTEMS {
            d.refuse(crate::problem::General::TooLong { field: "externalSystems", limit: SYSTEMS });
        }
        let note = read_note(d, self.note.as_ref())?;
        d.stop_if_refused()?;
        let step = step(d, &customer, to, note);
        let checks = done.into_iter().collect();
        d.record_with(AcceptanceCompleted { step, checks, external_systems: systems }, |d| {
            record_status(d, &customer, to);
        });
        Ok(())
    }
}

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, event: &Event) {
    match event {
        Event::SubmittedForApproval(e) => customer.acceptance.submitted_by = Some(e.step.by.clone()),
        Event::AcceptanceStarted(_)
        | Event::ClientApproved(_)
        | Event::ClientRejected(_)
        | Event::AcceptanceCompleted(_) => customer.acceptance.submitted_by = None,
    }
}
