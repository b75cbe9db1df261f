//! Tasks: the work that follows from a contact moment (E2-28 … E2-43; D-16, D-17, I14).
//!
//! A task stands in its team's list until somebody takes it. Taking sets status and employee together, so a task has an
//! employee exactly when it is in no team's list (I14). Whoever has it writes what came of it in notes, which are only
//! ever added, and finishes it. A task that was taken can be released to its team, and a finished one reopened.

mod state;
#[cfg(test)]
mod tests;

pub use state::Task;

use crate::draft::{Decide, Draft, Refused};
use crate::employee::{self, Employee};
use crate::event::stored_events;
use crate::ids::{ContactId, ContactRef, CustomerRef, EntityId, InteractionId, TaskId};
use crate::interaction::{self, Feedback, NOTE_LIMIT, Party, Subject};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::{General, Problem, Prompt};
use crate::team;
use crate::values::{self, Date};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Longest description of a task that somebody types, in characters.
const DESCRIPTION_LIMIT: usize = 250;

/// How far a task is (E2-34). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Status {
    /// Nobody has taken it.
    NotStarted,
    /// Somebody has.
    InProgress,
    /// It is finished.
    Completed,
    /// Whoever has it waits for somebody else.
    Waiting,
    /// Whoever has it goes on later.
    Postponed,
}

crate::stored_numbers! { Status {
    NotStarted = 1 "NOT_STARTED",
    InProgress = 2 "IN_PROGRESS",
    Completed = 3 "COMPLETED",
    Waiting = 4 "WAITING",
    Postponed = 5 "POSTPONED",
} }

// ---- commands

/// Makes a task without a contact moment (E2-30).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CreateTask {
    /// The customer that it concerns; this or `contact`.
    pub customer: Option<CustomerRef>,
    /// The household or company without a customer that it concerns; this or `customer`.
    pub contact: Option<ContactRef>,
    /// Code of the team that gets it.
    pub team: String,
    /// What is to be done.
    pub description: String,
    /// When it is due.
    pub due_date: Option<String>,
}

/// Takes a task into progress, for oneself (E2-34, E2-35).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TakeTask {
    /// Which.
    pub task: TaskId,
    /// Code of the employee; only oneself.
    pub employee: Option<String>,
}

/// Says that a task waits, is postponed, or is in progress again (E2-34).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetTaskStatus {
    /// Which.
    pub task: TaskId,
    /// `IN_PROGRESS`, `WAITING` or `POSTPONED`.
    pub status: String,
}

/// Adds what came of a task to its notes (E2-38).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WriteTaskNote {
    /// Which.
    pub task: TaskId,
    /// The text.
    pub text: String,
}

/// Finishes a task (E2-39, E2-40).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FinishTask {
    /// Which.
    pub task: TaskId,
    /// Whether a contact moment with the outcome is to be recorded; a question until answered.
    pub create_interaction: Option<bool>,
    /// That contact moment.
    pub interaction: Option<Outcome>,
}

/// The contact moment that tells the outcome (E2-40).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Code of the template.
    pub template: String,
    /// The wording of the answer.
    pub note: String,
    /// Whether the portal shows it; the template's when left out.
    pub show_in_portal: Option<bool>,
}

/// Gives a task back to its team (E2-41). The reason comes with the command and is mandatory.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReleaseTask {
    /// Which.
    pub task: TaskId,
}

/// Takes a finished task into progress again (E2-42). The reason comes with the command and is mandatory.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReopenTask {
    /// Which.
    pub task: TaskId,
}

/// Gives a task to a member of its team (E2-42b).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReassignTask {
    /// Which.
    pub task: TaskId,
    /// Code of the employee that gets it.
    pub employee: String,
}

// ---- events

/// A team got a task.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskCreated {
    /// Its id.
    pub task: TaskId,
    /// The contact that it concerns.
    pub contact: ContactId,
    /// The contact moment that it follows from.
    pub interaction: Option<InteractionId>,
    /// What that concerns.
    pub subject: Option<Subject>,
    /// Code of the team.
    pub team: String,
    /// What is to be done.
    pub description: Personal<String>,
    /// When it is due.
    pub due: Option<Date>,
}

/// An employee took a task into progress.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskTaken {
    /// Which.
    pub task: TaskId,
    /// Code of the employee.
    pub by: String,
}

/// A note was added to a task.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskNoteWritten {
    /// Which.
    pub task: TaskId,
    /// The contact that the task concerns.
    pub contact: ContactId,
    /// Number of the note within the task, from 1.
    pub number: u32,
    /// Code of the employee who wrote it.
    pub by: String,
    /// The text.
    pub text: Personal<String>,
}

/// A task was finished.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskFinished {
    /// Which.
    pub task: TaskId,
    /// Code of the employee.
    pub by: String,
}

/// A task went back to its team.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskReleased {
    /// Which.
    pub task: TaskId,
    /// Code of the employee who had it.
    pub from: String,
}

/// A finished task is in progress again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskReopened {
    /// Which.
    pub task: TaskId,
}

/// A task was given to a member of its team.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskReassigned {
    /// Which.
    pub task: TaskId,
    /// Code of the employee who had it.
    pub from: Option<String>,
    /// Code of the employee who has it now.
    pub to: String,
}

/// Whoever has a task waits, has postponed it, or goes on with it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskStatusChanged {
    /// Which.
    pub task: TaskId,
    /// How far it is now.
    pub status: Status,
}

stored_events! {
    /// A team got a task.
    142 v 1 TaskCreated,
    /// An employee took a task into progress.
    143 v 1 TaskTaken,
    /// A note was added to a task.
    144 v 1 TaskNoteWritten,
    /// A task was finished.
    145 v 1 TaskFinished,
    /// A task went back to its team.
    146 v 1 TaskReleased,
    /// A finished task is in progress again.
    147 v 1 TaskReopened,
    /// A task was given to a member of its team.
    148 v 1 TaskReassigned,
    /// Whoever has a task waits, has postponed it, or goes on with it.
    149 v 1 TaskStatusChanged,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let task = match self {
            Self::TaskCreated(e) => e.task,
            Self::TaskTaken(e) => e.task,
            Self::TaskNoteWritten(e) => e.task,
            Self::TaskFinished(e) => e.task,
            Self::TaskReleased(e) => e.task,
            Self::TaskReopened(e) => e.task,
            Self::TaskReassigned(e) => e.task,
            Self::TaskStatusChanged(e) => e.task,
        };
        vec![EntityId::Task(task)]
    }
}

// ---- refusals

/// Why a step of a task is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Taking is for oneself.
    OnlySelf,
    /// Somebody was first.
    TaskAlreadyTaken {
        /// Code of that employee.
        employee: String,
        /// Its name.
        name: String,
    },
    /// The task is finished.
    TaskClosed,
    /// Nobody has taken the task.
    TaskNotTaken,
    /// The actor does not have the task.
    NotTaskOwner,
    /// The task waits or is postponed.
    TaskNotInProgress,
    /// This status comes with a command of its own.
    UseTaskAction {
        /// That command.
        instead: &'static str,
    },
    /// Nothing says what came of it.
    OutcomeRequired,
    /// The task is not finished.
    TaskNotClosed,
    /// A contact moment was typed and not wanted.
    InteractionNotWanted,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::OnlySelf => Problem::new(
                "ONLY_SELF",
                "A task is taken for oneself: leave employeeCode out, or let a supervisor reassign the task.",
            )
            .field("employeeCode"),
            Self::TaskAlreadyTaken { employee, name } => Problem::new(
                "TASK_ALREADY_TAKEN",
                format!("{name} has taken the task: choose another one, or ask for it to be released."),
            )
            .field("taskId")
            .entity(EntityId::Employee(employee.clone()))
            .blocking("EMPLOYEE", [(EntityId::Employee(employee.clone()).to_string(), name.clone())]),
            Self::TaskClosed => {
                Problem::new("TASK_CLOSED", "The task is finished: reopen it first.").field("taskId")
            }
            Self::TaskNotTaken => {
                Problem::new("TASK_NOT_TAKEN", "Nobody has taken the task: take it first.").field("taskId")
            }
            Self::NotTaskOwner => Problem::new(
                "NOT_TASK_OWNER",
                "Only the employee who has taken the task may do this: take it first, or ask whoever has it.",
            )
            .field("taskId"),
            Self::TaskNotInProgress => Problem::new(
                "TASK_NOT_IN_PROGRESS",
                "The task waits or is postponed: set its status to IN_PROGRESS first.",
            )
            .field("taskId"),
            Self::UseTaskAction { instead } => Problem::new(
                "USE_TASK_ACTION",
                format!("A task gets this status by {instead}: use that instead."),
            )
            .field("status")
            .options([*instead]),
            Self::OutcomeRequired => {
                Problem::new("OUTCOME_REQUIRED", "Write what came of the task in its notes first.")
                    .field("taskId")
            }
            Self::TaskNotClosed => Problem::new(
                "TASK_NOT_CLOSED",
                "The task is not finished, so there is nothing to reopen: finish it, or go on with it.",
            )
            .field("taskId"),
            Self::InteractionNotWanted => Problem::new(
                "INTERACTION_NOT_WANTED",
                "createInteraction is false and an interaction is given: leave it out, or answer true.",
            )
            .field("interaction"),
        }
    }
}

// ---- decide

impl Decide for CreateTask {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let party = interaction::read_party(d, self.customer.as_ref(), self.contact.as_ref());
        let team = team::choose(d, "teamCode", &self.team);
        if let Some(team) = &team {
            interaction::check_team(d, "teamCode", team);
        }
        let description = d.text("description", values::line(&self.description, DESCRIPTION_LIMIT));
        let due = self.due_date.as_ref().map(|raw| d.date("dueDate", raw));
        let contact = party?.contact;
        d.stop_if_refused()?;
        let (Some(team), Some(description)) = (team, description) else { return Err(Refused) };
        let created = TaskCreated {
            task: d.next_task(),
            contact,
            interaction: None,
            subject: None,
            team: team.code.clone(),
            description: Personal::new(contact, description),
            due: due.flatten(),
        };
        d.record(created);
        Ok(())
    }
}

impl Decide for TakeTask {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let task = open(d, self.task)?;
        let me = employee::acting(d).ok_or_else(|| d.refuse(employee::Refusal::NotAnEmployee))?;
        if let Some(raw) = &self.employee
            && employee::find(d, "employeeCode", raw)?.code != me.code
        {
            return Err(d.refuse(Refusal::OnlySelf));
        }
        if let Some(owner) = &task.assignee {
            return if task.is_of(&me) { Ok(()) } else { Err(refuse_taken(d, owner)) };
        }
        check_member(d, None, &task, &me)?;
        if d.confirmed(Prompt::TaskTakeOver, Some(EntityId::Task(task.id))) {
            d.record(TaskTaken { task: task.id, by: me.code.clone() });
        }
        Ok(())
    }
}

fn refuse_taken(d: &mut Draft<'_>, owner: &str) -> Refused {
    let name = d.employee(owner).map_or_else(|| owner.to_owned(), |employee| employee.name.clone());
    d.refuse(Refusal::TaskAlreadyTaken { employee: owner.to_owned(), name })
}

fn check_member(
    d: &mut Draft<'_>,
    field: Option<&'static str>,
    task: &Task,
    employee: &Employee,
) -> Result<(), Refused> {
    if d.team(&task.team).is_some_and(|team| team.members.contains(&employee.code)) {
        return Ok(());
    }
    let (team, employee) = (task.team.clone(), employee.code.clone());
    Err(d.refuse(team::Refusal::NotTeamMember { field, team, employee }))
}

impl Decide for SetTaskStatus {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let task = open(d, self.task)?;
        if task.assignee.is_none() {
            return Err(d.refuse(Refusal::TaskNotTaken));
        }
        own(d, &task)?;
        let statuses = (Status::ALL, Status::name as fn(_) -> _);
        let status = d.choice("status", statuses, &self.status).ok_or(Refused)?;
        match status {
            Status::NotStarted => return Err(d.refuse(Refusal::UseTaskAction { instead: "releaseTask" })),
            Status::Completed => return Err(d.refuse(Refusal::UseTaskAction { instead: "finishTask" })),
            Status::InProgress | Status::Waiting | Status::Postponed => {}
        }
        if task.status != status {
            d.record(TaskStatusChanged { task: task.id, status });
        }
        Ok(())
    }
}

impl Decide for WriteTaskNote {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let task = open(d, self.task)?;
        let me = own(d, &task)?;
        let text = d.text("text", values::note(&self.text, NOTE_LIMIT)).ok_or(Refused)?;
        d.record(TaskNoteWritten {
            task: task.id,
            contact: task.contact,
            number: task.notes.saturating_add(1),
            by: me.code.clone(),
            text: Personal::new(task.contact, text),
        });
        Ok(())
    }
}

impl Decide for FinishTask {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let task = open(d, self.task)?;
        if task.assignee.is_none() {
            return Err(d.refuse(Refusal::TaskNotTaken));
        }
        let me = own(d, &task)?;
        if task.status != Status::InProgress {
            d.refuse(Refusal::TaskNotInProgress);
        }
        if task.notes == 0 {
            d.refuse(Refusal::OutcomeRequired);
        }
        let feedback = self.read_outcome(d);
        d.stop_if_refused()?;
        d.record_with(TaskFinished { task: task.id, by: me.code.clone() }, |d| {
            if let Some(feedback) = feedback {
                tell(d, &task, feedback);
            }
        });
        Ok(())
    }
}

impl FinishTask {
    fn read_outcome(&self, d: &mut Draft<'_>) -> Option<Feedback> {
        match (self.create_interaction, &self.interaction) {
            (None, _) => d.ask(Prompt::CreateInteractionOnFinish, Some(EntityId::Task(self.task))),
            (Some(false), None) => {}
            (Some(false), Some(_)) => {
                d.refuse(Refusal::InteractionNotWanted);
            }
            (Some(true), None) => {
                d.refuse(General::Required("interaction"));
            }
            (Some(true), Some(outcome)) => {
                let Outcome { template, note, show_in_portal } = outcome;
                return interaction::read_feedback(d, template, note, *show_in_portal);
            }
        }
        None
    }
}

/// Records the contact moment with the outcome: the answer to the question, if the task came from one that still counts.
fn tell(d: &mut Draft<'_>, task: &Task, feedback: Feedback) {
    let question =
        task.interaction.and_then(|id| d.interaction(id)).filter(|asked| asked.cancelled.is_none());
    let answers = question.filter(|asked| asked.subject != Subject::Feedback).map(|asked| asked.id);
    let via_customer = d.contact(task.contact).and_then(|contact| contact.customer);
    interaction::log_feedback(d, Party { contact: task.contact, via_customer }, feedback, answers);
}

impl Decide for ReleaseTask {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let task = open(d, self.task)?;
        let Some(from) = task.assignee.clone() else { return Err(d.refuse(Refusal::TaskNotTaken)) };
        own_or_supervise(d, &task)?;
        d.reason().ok_or(Refused)?;
        d.record(TaskReleased { task: task.id, from });
        Ok(())
    }
}

impl Decide for ReopenTask {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let task = find(d, self.task)?;
        if !task.completed() {
            return Err(d.refuse(Refusal::TaskNotClosed));
        }
        own_or_supervise(d, &task)?;
        d.reason().ok_or(Refused)?;
        d.record_with(TaskReopened { task: task.id }, |d| {
            // Nobody would do the work of an employee that has left: the team does.
            let owner = task.assignee.as_deref().and_then(|code| d.employee(code));
            if let Some(left) = owner.filter(|owner| !owner.in_service()) {
                d.record(TaskReleased { task: task.id, from: left.code.clone() });
            }
        });
        Ok(())
    }
}

impl Decide for ReassignTask {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Supervise)?;
        let task = open(d, self.task)?;
        let field = "employeeCode";
        let employee = employee::find(d, field, &self.employee)?;
        if task.is_of(&employee) {
            return Ok(());
        }
        check_member(d, Some(field), &task, &employee)?;
        let (from, to) = (task.assignee.clone(), employee.code.clone());
        d.record(TaskReassigned { task: task.id, from, to });
        Ok(())
    }
}

/// A task among what blocks, as (id, label).
pub(crate) fn blocks(id: TaskId, team: &str) -> (String, String) {
    (EntityId::Task(id).to_string(), format!("task {} of team {team}", id.0))
}

/// The addressed task.
fn find(d: &mut Draft<'_>, id: TaskId) -> Result<Arc<Task>, Refused> {
    let found = d.task(id).filter(|task| d.sees_id(task.contact));
    let task = found.ok_or_else(|| d.refuse(General::NotFound { field: "taskId" }))?;
    d.address(EntityId::Task(id))?;
    Ok(task)
}

/// As [`find`], and the task is not finished.
fn open(d: &mut Draft<'_>, id: TaskId) -> Result<Arc<Task>, Refused> {
    let task = find(d, id)?;
    if task.completed() { Err(d.refuse(Refusal::TaskClosed)) } else { Ok(task) }
}

/// The employee that acts, who must have the task.
fn own(d: &mut Draft<'_>, task: &Task) -> Result<Arc<Employee>, Refused> {
    match employee::acting(d) {
        Some(me) if task.is_of(&me) => Ok(me),
        Some(_) | None => Err(d.refuse(Refusal::NotTaskOwner)),
    }
}

fn own_or_supervise(d: &mut Draft<'_>, task: &Task) -> Result<(), Refused> {
    if d.ctx().actor.may(Permission::Supervise) {
        return Ok(());
    }
    own(d, task).map(|_| ())
}

/// When a task is due that may take so many days; `None` after the end of the calendar.
pub(crate) fn due_after(today: Date, days: u32) -> Option<Date> {
    i32::try_from(days).ok().and_then(|days| today.days().checked_add(days)).and_then(Date::from_days)
}
