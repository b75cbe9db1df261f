//! Tasks and their notes (E2).

use super::connection::{Connection, Wanted, cost};
use super::contact::Contact;
use super::employee::Employee;
use super::history::{self, HistoryEntry};
use super::interaction::{Interaction, InteractionSubject};
use super::team::Team;
use crate::context::{Reader, fault};
use crate::id;
use crate::label::Lang;
use crate::scalars::{DateText, DateTime, Position};
use async_graphql::{Description, Enum, ID, Object, Result};
use kroniek_domain::{EntityId, TaskId, task};
use kroniek_engine::{EngineFault, TaskNote as Written};
use kroniek_views::{Found, Page, Versioned};
use std::sync::Arc;

/// How far a task is (E2-34).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "task::Status")]
pub enum TaskStatus {
    /// Nobody has taken it: every member of the team sees it.
    NotStarted,
    /// An employee has taken it.
    InProgress,
    /// It is finished.
    Completed,
    /// Whoever has it waits for somebody else.
    Waiting,
    /// Whoever has it goes on later.
    Postponed,
}

/// A task of a team. Until somebody takes it, it stands in the list of the team; then it is that employee's alone (I14).
#[derive(Clone, Description)]
pub struct Task {
    reader: Reader,
    found: Arc<Versioned<task::Task>>,
}

impl Task {
    pub(crate) fn new(reader: Reader, found: Versioned<task::Task>) -> Self {
        Self { reader, found: Arc::new(found) }
    }

    fn state(&self) -> &task::Task {
        &self.found.state
    }

    fn entity(&self) -> EntityId {
        EntityId::Task(self.state().id)
    }
}

#[Object(use_type_description)]
impl Task {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        id::of(&self.entity())
    }

    /// Its number, as people call it.
    async fn number(&self) -> u64 {
        self.state().id.0
    }

    /// Position of the last commit that names it, for `expectedVersion`.
    async fn version(&self) -> Position {
        self.found.version.into()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime::of_micros(self.state().created.time_us)
    }

    /// The contact that it concerns.
    async fn contact(&self) -> Result<Contact> {
        self.reader.named_contact(self.state().contact)
    }

    /// The contact moment that it follows from; null for a task of its own (E2-30).
    async fn interaction(&self) -> Result<Option<Interaction>> {
        self.state().interaction.map(|id| self.reader.named_interaction(id)).transpose()
    }

    /// What that contact moment concerns.
    async fn subject(&self) -> Option<InteractionSubject> {
        self.state().subject.map(InteractionSubject::from)
    }

    /// `subject` in words.
    async fn subject_label(&self, #[graphql(default)] lang: Lang) -> Option<&'static str> {
        self.state().subject.map(|subject| InteractionSubject::from(subject).label(lang))
    }

    /// The team that got it.
    async fn team(&self) -> Result<Team> {
        self.reader.named_team(&self.state().team)
    }

    /// What is to be done; null when erased.
    async fn description(&self) -> Option<&str> {
        self.state().description.as_deref()
    }

    /// When it is due.
    async fn due_date(&self) -> Option<DateText> {
        self.state().due.map(DateText::from)
    }

    /// How far it is.
    async fn status(&self) -> TaskStatus {
        self.state().status.into()
    }

    /// `status` in words.
    async fn status_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        TaskStatus::from(self.state().status).label(lang)
    }

    /// The employee who has it, or finished it; null while it is the team's.
    async fn employee(&self) -> Result<Option<Employee>> {
        self.state().assignee.as_deref().map(|code| self.reader.named_employee(code)).transpose()
    }

    /// What came of it, oldest first. Notes are only ever added (E2-38).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn notes(
        &self,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<TaskNote>> {
        let wanted = Wanted::read(first, after)?;
        let (page, task) = (wanted.page()?, self.state().id);
        self.reader
            .search(move |reader| {
                let found = reader.snapshot().task_notes(task, page).map_err(fault)?;
                let entries = found.items.into_iter().map(|written| {
                    (written.note.number.to_string(), TaskNote { reader: reader.clone(), written })
                });
                Ok(Connection::new(&wanted, entries.collect(), found.more))
            })
            .await
    }

    /// What happened to it, oldest first.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn history(
        &self,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<HistoryEntry>> {
        history::of(&self.reader, vec![self.entity()], first, after).await
    }
}

/// A note of a task.
#[derive(Description)]
pub struct TaskNote {
    reader: Reader,
    written: Written,
}

#[Object(use_type_description)]
impl TaskNote {
    /// Number within the task, from 1.
    async fn number(&self) -> u32 {
        self.written.note.number
    }

    /// When it was written.
    async fn written_at(&self) -> DateTime {
        DateTime(self.written.time)
    }

    /// Who wrote it.
    async fn employee(&self) -> Result<Employee> {
        self.reader.named_employee(&self.written.note.by)
    }

    /// The text; null when erased.
    async fn text(&self) -> Option<&str> {
        self.written.note.text.get().map(String::as_str)
    }
}

/// A page of tasks.
pub(crate) async fn listed(
    reader: &Reader,
    first: Option<i32>,
    after: Option<String>,
    find: impl FnOnce(&Reader, Page) -> Result<Found<TaskId>, EngineFault> + Send + 'static,
) -> Result<Connection<Task>> {
    let wanted = Wanted::read(first, after)?;
    let page = wanted.page()?;
    reader
        .search(move |reader| {
            let found = find(reader, page).map_err(fault)?;
            let mut entries = Vec::with_capacity(found.items.len());
            for id in found.items {
                entries.push((id.0.to_string(), reader.named_task(id)?));
            }
            Ok(Connection::new(&wanted, entries, found.more))
        })
        .await
}
