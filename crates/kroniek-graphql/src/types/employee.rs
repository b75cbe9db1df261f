//! Employees (E2-37).

use super::connection::{Connection, cost, short};
use super::history::{self, HistoryEntry};
use super::task::{self, Task, TaskStatus};
use super::team::Team;
use crate::context::Reader;
use crate::id;
use crate::scalars::{DateText, Position};
use async_graphql::{Description, ID, Object, Result};
use kroniek_domain::{EntityId, employee};
use kroniek_views::Versioned;
use std::sync::Arc;

/// An employee of the organisation. Who asks is the employee in service whose user name is the actor's, in any case.
#[derive(Clone, Description)]
pub struct Employee {
    reader: Reader,
    found: Arc<Versioned<employee::Employee>>,
}

impl Employee {
    pub(crate) fn new(reader: Reader, found: Versioned<employee::Employee>) -> Self {
        Self { reader, found: Arc::new(found) }
    }

    fn state(&self) -> &employee::Employee {
        &self.found.state
    }

    fn entity(&self) -> EntityId {
        EntityId::Employee(self.state().code.clone())
    }
}

#[Object(use_type_description)]
impl Employee {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        id::of(&self.entity())
    }

    /// Code, such as initials.
    async fn code(&self) -> &str {
        &self.state().code
    }

    /// Position of the last commit that names it, for `expectedVersion`.
    async fn version(&self) -> Position {
        self.found.version.into()
    }

    /// Name on a screen.
    async fn name(&self) -> &str {
        &self.state().name
    }

    /// The name under which the employee acts.
    async fn user_name(&self) -> &str {
        &self.state().user_name
    }

    /// The day on which the service ended; null while it lasts.
    async fn ended_on(&self) -> Option<DateText> {
        self.state().ended.map(DateText::from)
    }

    /// The teams that the employee is a member of, in order of code.
    #[graphql(complexity = "short(child_complexity)")]
    async fn teams(&self) -> Result<Vec<Team>> {
        self.state().teams.iter().map(|code| self.reader.named_team(code)).collect()
    }

    /// The tasks that the employee has taken, oldest first (E2-37).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn tasks(
        &self,
        #[graphql(desc = "Tasks that far; when left out, all that are not finished.")] status: Option<
            TaskStatus,
        >,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Task>> {
        let code = self.state().code.clone();
        task::listed(&self.reader, first, after, move |reader, page| {
            reader.snapshot().tasks_of(&code, status.map(Into::into), page)
        })
        .await
    }

    /// What happened to the employee, oldest first.
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
