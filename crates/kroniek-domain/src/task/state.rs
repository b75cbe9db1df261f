//! What a task is, folded from its events.

use super::{Event, Status};
use crate::employee::Employee;
use crate::event;
use crate::ids::{At, ContactId, InteractionId, Position, TaskId};
use crate::interaction::Subject;
use crate::values::Date;
use serde::{Deserialize, Serialize};

/// A task. Its notes grow without bound and are read from the log; here they are counted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Task {
    /// Immutable id.
    pub id: TaskId,
    /// The contact that it concerns; 0 before the first event.
    pub contact: ContactId,
    /// The contact moment that it follows from.
    pub interaction: Option<InteractionId>,
    /// What that concerns.
    pub subject: Option<Subject>,
    /// Code of the team.
    pub team: String,
    /// What is to be done; `None` when erased.
    pub description: Option<String>,
    /// When it is due.
    pub due: Option<Date>,
    /// How far it is.
    pub status: Status,
    /// Code of the employee who has it, or finished it.
    pub assignee: Option<String>,
    /// How many notes it has.
    pub notes: u32,
    /// When it was made.
    pub created: At,
}

impl Task {
    /// A task before its first event.
    pub fn new(id: TaskId) -> Self {
        Self {
            id,
            contact: ContactId(0),
            interaction: None,
            subject: None,
            team: String::new(),
            description: None,
            due: None,
            status: Status::NotStarted,
            assignee: None,
            notes: 0,
            created: At { position: Position(0), time_us: 0 },
        }
    }

    /// Folds one event that names this task. The only code path to any state of it, live, past or rebuilt.
    pub fn evolve(&mut self, at: At, event: &event::Event) {
        match event {
            event::Event::Task(event) => evolve(self, at, event),
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
            | event::Event::Interaction(_) => {}
        }
    }

    /// Whether it is finished.
    pub fn completed(&self) -> bool {
        self.status == Status::Completed
    }

    /// Whether this employee has it and has not finished it.
    pub fn open_at(&self, employee: &str) -> bool {
        self.assignee.as_deref() == Some(employee) && !self.completed()
    }

    pub(super) fn is_of(&self, employee: &Employee) -> bool {
        self.assignee.as_deref() == Some(&*employee.code)
    }
}

fn evolve(task: &mut Task, at: At, event: &Event) {
    match event {
        Event::TaskCreated(e) => {
            task.contact = e.contact;
            task.interaction = e.interaction;
            task.subject = e.subject;
            e.team.clone_into(&mut task.team);
            task.description = e.description.get().cloned();
            task.due = e.due;
            task.created = at;
        }
        Event::TaskTaken(e) => assign(task, &e.by),
        Event::TaskNoteWritten(e) => task.notes = e.number,
        Event::TaskFinished(_) => task.status = Status::Completed,
        Event::TaskReleased(_) => {
            task.status = Status::NotStarted;
            task.assignee = None;
        }
        Event::TaskReopened(_) => task.status = Status::InProgress,
        Event::TaskReassigned(e) => assign(task, &e.to),
        Event::TaskStatusChanged(e) => task.status = e.status,
    }
}

/// Status and employee change together (E2-35).
fn assign(task: &mut Task, employee: &str) {
    task.status = Status::InProgress;
    task.assignee = Some(employee.to_owned());
}
