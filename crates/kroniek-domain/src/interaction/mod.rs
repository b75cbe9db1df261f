//! Contact moments: the log of interactions (E2-01 … E2-05, E2-17 … E2-30; D-13, D-15).
//!
//! A contact moment is recorded at a customer, or at a household or company that has no customer. Either way it belongs
//! to the contact; the customer shows it (E2-18). It is made from a template and keeps what the template was at that
//! time. It never changes: it can be cancelled, and shown in the portal or not. When follow-up is needed, a task for a
//! team is made in the same commit. A question stays open until a contact moment answers it (E2-03).

mod register;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use register::{Feedback, Party, check_team, log_feedback, read_feedback, read_party};

use crate::draft::{Decide, Draft, Refused};
use crate::event::{self, stored_events};
use crate::ids::{
    At, ContactId, ContactRef, CustomerId, CustomerRef, EntityId, InteractionId, Position, TaskId,
};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::{General, Problem};
use crate::task;
use crate::template::{Direction, InitiatedBy};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Longest note, in characters (E2-26).
pub const NOTE_LIMIT: usize = 32_000;

/// What a contact moment concerns (E2-01). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    /// A question or request, in the widest sense.
    Question,
    /// A complaint about the organisation's service.
    Complaint,
    /// The answer to a question, or feedback on a request.
    Feedback,
}

crate::stored_numbers! { Subject {
    Question = 1 "QUESTION",
    Complaint = 2 "COMPLAINT",
    Feedback = 3 "FEEDBACK",
} }

impl Subject {
    /// A subject by its name; `None` after a refusal.
    pub(crate) fn read(d: &mut Draft<'_>, raw: &str) -> Option<Self> {
        d.choice("subject", (Self::ALL, Self::name), raw)
    }
}

// ---- commands

/// Records a contact moment, and the task that follows from it if one does (E2-17).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RegisterInteraction {
    /// The customer that it was with; this or `contact`.
    pub customer: Option<CustomerRef>,
    /// The household or company without a customer that it was with; this or `customer`.
    pub contact: Option<ContactRef>,
    /// Code of the template.
    pub template: String,
    /// `QUESTION`, `COMPLAINT` or `FEEDBACK`; the template's when left out.
    pub subject: Option<String>,
    /// Whether the portal shows it; the template's when left out.
    pub show_in_portal: Option<bool>,
    /// Whether follow-up is needed; the template's when left out, else no. A complaint always makes a task.
    pub create_task: Option<bool>,
    /// Code of the team that gets the task; the template's when left out.
    pub team: Option<String>,
    /// The wording of the question or of the answer.
    pub note: String,
    /// The question that this is the answer to.
    pub answers: Option<InteractionId>,
}

/// Cancels a contact moment: it stays visible and no longer counts (E2-27). The reason comes with the command and is
/// mandatory.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CancelInteraction {
    /// Which.
    pub interaction: InteractionId,
}

/// Shows a contact moment in the customer portal, or no longer (E2-23).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetPortalVisibility {
    /// Which.
    pub interaction: InteractionId,
    /// Whether the portal shows it.
    pub show_in_portal: bool,
}

// ---- events

/// A contact moment was recorded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InteractionLogged {
    /// Its id.
    pub interaction: InteractionId,
    /// The contact at which it stands.
    pub contact: ContactId,
    /// The customer at which it was recorded.
    pub via_customer: Option<CustomerId>,
    /// What it concerns.
    pub subject: Subject,
    /// What the template was at that time.
    pub template: UsedTemplate,
    /// Whether the portal shows it.
    pub show_in_portal: bool,
    /// The wording.
    pub note: Personal<String>,
    /// The question that it answers.
    pub answers: Option<InteractionId>,
    /// The task that was made with it.
    pub task: Option<TaskId>,
    /// The team that got the task.
    pub team: Option<String>,
}

/// A contact moment no longer counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InteractionCancelled {
    /// Which.
    pub interaction: InteractionId,
    /// The contact at which it stands.
    pub contact: ContactId,
    /// The question that it answered.
    pub answers: Option<InteractionId>,
    /// Why.
    pub reason: Personal<String>,
}

/// The portal shows a contact moment, or no longer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PortalVisibilityChanged {
    /// Which.
    pub interaction: InteractionId,
    /// Whether the portal shows it.
    pub show_in_portal: bool,
}

/// A complaint went to the team that handles it: from here on it is another process's (E2-04, E2-43).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ComplaintHandedOver {
    /// The complaint.
    pub interaction: InteractionId,
    /// The task.
    pub task: TaskId,
    /// The team.
    pub team: String,
}

stored_events! {
    /// A contact moment was recorded.
    135 v 1 InteractionLogged,
    /// A contact moment no longer counts.
    136 v 1 InteractionCancelled,
    /// The portal shows a contact moment, or no longer.
    137 v 1 PortalVisibilityChanged,
    /// A complaint went to the team that handles it.
    138 v 1 ComplaintHandedOver,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        // The question is named too: whether it is answered is its own state.
        let (interaction, answers) = match self {
            Self::InteractionLogged(e) => (e.interaction, e.answers),
            Self::InteractionCancelled(e) => (e.interaction, e.answers),
            Self::PortalVisibilityChanged(e) => (e.interaction, None),
            Self::ComplaintHandedOver(e) => (e.interaction, None),
        };
        [Some(interaction), answers].into_iter().flatten().map(EntityId::Interaction).collect()
    }
}

// ---- refusals

/// Why a contact moment is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// A customer or a contact, and not both.
    OnePartyRequired,
    /// The contact is neither a household nor a company: what happens with it is recorded where it belongs to.
    PartyKindNotAllowed {
        /// The input field.
        field: &'static str,
        /// The customer that it is, or hangs below, with its number.
        customer: Option<(CustomerId, String)>,
    },
    /// The contact has a customer: it is recorded there.
    UseCustomer {
        /// The input field.
        field: &'static str,
        /// That customer.
        customer: CustomerId,
        /// Its number.
        number: String,
    },
    /// The question was asked by another contact.
    NotSameParty {
        /// The question.
        question: InteractionId,
    },
    /// Only feedback answers something.
    AnswersNeedsFeedback,
    /// What is to be answered is an answer itself.
    NotAQuestion,
    /// A complaint always makes a task.
    ComplaintNeedsTask,
    /// A task is wanted, and no team for it is known.
    TeamRequired,
    /// Nobody would see the task.
    TeamEmpty {
        /// The input field.
        field: &'static str,
        /// Code of the team.
        team: String,
    },
    /// A team, and nothing for it to do.
    TeamWithoutTask,
    /// The contact moment is cancelled.
    InteractionCancelled {
        /// The input field.
        field: &'static str,
    },
    /// Its task would stay in somebody's list without a cause.
    TaskNotFinished {
        /// The task.
        task: TaskId,
        /// Its team.
        team: String,
    },
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::OnePartyRequired => Problem::new(
                "ONE_PARTY_REQUIRED",
                "Say whom it concerns: fill in either the customer or the contact.",
            )
            .field("customerNo"),
            Self::PartyKindNotAllowed { field, customer: None } => Problem::new(
                "PARTY_KIND_NOT_ALLOWED",
                "Contact moments and tasks stand at a household or company: choose the one that this contact belongs to.",
            )
            .field(*field),
            Self::PartyKindNotAllowed { field, customer: Some((customer, number)) } => {
                let message = format!(
                    "Contact moments and tasks stand at a household or company, or at a customer: record this at customer {number}."
                );
                at_customer(Problem::new("PARTY_KIND_NOT_ALLOWED", message), field, *customer, number)
            }
            Self::UseCustomer { field, customer, number } => {
                let message = format!("The contact has customer {number}: record the contact moment there.");
                at_customer(Problem::new("USE_CUSTOMER", message), field, *customer, number)
            }
            Self::NotSameParty { question } => Problem::new(
                "NOT_SAME_PARTY",
                "The question was asked by another contact: choose a question of this one.",
            )
            .field("answers")
            .entity(EntityId::Interaction(*question)),
            Self::AnswersNeedsFeedback => Problem::new(
                "ANSWERS_NEEDS_FEEDBACK",
                "Only a contact moment with subject FEEDBACK answers another: change the subject, or leave answers out.",
            )
            .field("answers"),
            Self::NotAQuestion => Problem::new(
                "NOT_A_QUESTION",
                "What is to be answered is feedback itself: choose the question or the complaint.",
            )
            .field("answers"),
            Self::ComplaintNeedsTask => Problem::new(
                "COMPLAINT_NEEDS_TASK",
                "A complaint always makes a task for the team that handles it: set createTask to true.",
            )
            .field("createTask"),
            Self::TeamRequired => {
                Problem::new("TEAM_REQUIRED", "Say which team gets the task: fill in teamCode.").field("teamCode")
            }
            Self::TeamEmpty { field, team } => Problem::new(
                "TEAM_EMPTY",
                format!("Team {team} has no members, nobody would see the task: choose another team, or add a member."),
            )
            .field(*field),
            Self::TeamWithoutTask => Problem::new(
                "TEAM_WITHOUT_TASK",
                "A team is given and no task is made: set createTask to true, or leave teamCode out.",
            )
            .field("teamCode"),
            Self::InteractionCancelled { field } => Problem::new(
                "INTERACTION_CANCELLED",
                "The contact moment is cancelled and no longer counts: record a new one.",
            )
            .field(*field),
            Self::TaskNotFinished { task, team } => Problem::new(
                "HAS_OPEN_TASKS",
                "A contact moment cannot be cancelled while its task is open: finish its task first.",
            )
            .field("interactionId")
            .blocking("TASK", [task::blocks(*task, team)]),
        }
    }
}

fn at_customer(problem: Problem, field: &str, customer: CustomerId, number: &str) -> Problem {
    problem
        .field(field)
        .entity(EntityId::Customer(customer))
        .hint(format!("Send the command with customerNo {number} and without a contact."))
}

// ---- state

/// What a template was when a contact moment was made with it. Stands in events: the order of its fields is a storage
/// format.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UsedTemplate {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Code of the list `INTERACTION_CHANNEL`.
    pub channel: String,
    /// Which way the contact moment went.
    pub direction: Direction,
    /// Who began.
    pub initiated_by: InitiatedBy,
}

/// A contact moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Interaction {
    /// Immutable id.
    pub id: InteractionId,
    /// The contact at which it stands; 0 before the first event.
    pub contact: ContactId,
    /// The customer at which it was recorded.
    pub via_customer: Option<CustomerId>,
    /// When it was recorded.
    pub logged: At,
    /// What it concerns.
    pub subject: Subject,
    /// What the template was at that time.
    pub template: UsedTemplate,
    /// Whether the portal shows it.
    pub show_in_portal: bool,
    /// The wording; `None` when erased.
    pub note: Option<String>,
    /// The question that it answers.
    pub answers: Option<InteractionId>,
    /// How many contact moments answer it, cancelled ones not counted.
    pub answered: u32,
    /// The task that was made with it.
    pub task: Option<TaskId>,
    /// The team that got the task.
    pub team: Option<String>,
    /// Whether it is a complaint that went to the team that handles it.
    pub handed_over: bool,
    /// Since when it no longer counts.
    pub cancelled: Option<At>,
    /// Why it was cancelled; `None` also when erased.
    pub cancelled_because: Option<String>,
}

impl Interaction {
    /// A contact moment before its first event.
    pub fn new(id: InteractionId) -> Self {
        let template = UsedTemplate {
            code: String::new(),
            name: String::new(),
            channel: String::new(),
            direction: Direction::Inbound,
            initiated_by: InitiatedBy::Them,
        };
        Self {
            id,
            contact: ContactId(0),
            via_customer: None,
            logged: At { position: Position(0), time_us: 0 },
            subject: Subject::Question,
            template,
            show_in_portal: false,
            note: None,
            answers: None,
            answered: 0,
            task: None,
            team: None,
            handed_over: false,
            cancelled: None,
            cancelled_because: None,
        }
    }

    /// Folds one event that names this contact moment. The only code path to any state of it, live, past or rebuilt.
    pub fn evolve(&mut self, at: At, event: &event::Event) {
        match event {
            event::Event::Interaction(event) => evolve(self, at, event),
            event::Event::Contact(_)
            | event::Event::Channel(_)
            | event::Event::Address(_)
            | event::Event::Role(_)
            | event::Event::PersonalData(_)
            | event::Event::Death(_)
            | event::Event::Customer(_)
            | event::Event::Leader(_)
            | event::Event::BankAccount(_)
            | event::Event::Mandate(_)
            | event::Event::Payment(_)
            | event::Event::Shop(_)
            | event::Event::SignOff(_)
            | event::Event::Mail(_)
            | event::Event::Placement(_)
            | event::Event::Link(_)
            | event::Event::Structure(_)
            | event::Event::ClientStatus(_)
            | event::Event::Acceptance(_)
            | event::Event::Card(_)
            | event::Event::Administration(_)
            | event::Event::CodeList(_)
            | event::Event::AddressTable(_)
            | event::Event::Employee(_)
            | event::Event::Team(_)
            | event::Event::Template(_)
            | event::Event::Task(_) => {}
        }
    }

    /// Whether it is a question that waits for the contact moment with its answer: follow-up was needed, and nothing has
    /// answered it yet (E2-03). What was answered at once is one contact moment and never open (E2-02).
    pub fn open_question(&self) -> bool {
        self.subject == Subject::Question
            && self.task.is_some()
            && self.answered == 0
            && self.cancelled.is_none()
    }

    /// Whether the portal may show it.
    pub fn in_portal(&self) -> bool {
        self.show_in_portal && self.cancelled.is_none()
    }
}

// ---- decide

impl Decide for RegisterInteraction {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        register::decide(self, d)
    }
}

impl Decide for CancelInteraction {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let interaction = addressed(d, self.interaction)?;
        if interaction.cancelled.is_some() {
            return Ok(());
        }
        let reason = d.reason();
        if let Some(task) = interaction.task.and_then(|id| d.task(id)).filter(|task| !task.completed()) {
            d.refuse(Refusal::TaskNotFinished { task: task.id, team: task.team.clone() });
        }
        d.stop_if_refused()?;
        let (contact, answers) = (interaction.contact, interaction.answers);
        let reason = Personal::new(contact, reason.ok_or(Refused)?);
        d.record(InteractionCancelled { interaction: interaction.id, contact, answers, reason });
        Ok(())
    }
}

impl Decide for SetPortalVisibility {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let interaction = addressed(d, self.interaction)?;
        if interaction.cancelled.is_some() {
            return Err(d.refuse(Refusal::InteractionCancelled { field: "interactionId" }));
        }
        if interaction.show_in_portal != self.show_in_portal {
            let show_in_portal = self.show_in_portal;
            d.record(PortalVisibilityChanged { interaction: interaction.id, show_in_portal });
        }
        Ok(())
    }
}

fn addressed(d: &mut Draft<'_>, id: InteractionId) -> Result<Arc<Interaction>, Refused> {
    d.need(Permission::Write)?;
    let found = d.interaction(id).filter(|interaction| d.sees_id(interaction.contact));
    let found = found.ok_or_else(|| d.refuse(General::NotFound { field: "interactionId" }))?;
    d.address(EntityId::Interaction(id))?;
    Ok(found)
}

// ---- evolve

fn evolve(interaction: &mut Interaction, at: At, event: &Event) {
    match event {
        Event::InteractionLogged(e) if e.interaction == interaction.id => {
            interaction.contact = e.contact;
            interaction.via_customer = e.via_customer;
            interaction.logged = at;
            interaction.subject = e.subject;
            e.template.clone_into(&mut interaction.template);
            interaction.show_in_portal = e.show_in_portal;
            interaction.note = e.note.get().cloned();
            interaction.answers = e.answers;
            interaction.task = e.task;
            e.team.clone_into(&mut interaction.team);
        }
        Event::InteractionLogged(_) => interaction.answered = interaction.answered.saturating_add(1),
        Event::InteractionCancelled(e) if e.interaction == interaction.id => {
            interaction.cancelled = Some(at);
            interaction.cancelled_because = e.reason.get().cloned();
        }
        Event::InteractionCancelled(_) => interaction.answered = interaction.answered.saturating_sub(1),
        Event::PortalVisibilityChanged(e) => interaction.show_in_portal = e.show_in_portal,
        Event::ComplaintHandedOver(_) => interaction.handed_over = true,
    }
}
