//! Teams (E2-32).

use super::connection::{Connection, cost, short};
use super::employee::Employee;
use super::history::{self, HistoryEntry};
use crate::context::Reader;
use crate::id;
use crate::scalars::Position;
use async_graphql::{Description, ID, Object, Result};
use kroniek_domain::{EntityId, team};
use kroniek_views::Versioned;
use std::sync::Arc;

/// A team that tasks are given to. Who belongs to it is looked up when a list is read (D-16). Its tasks: `teamTasks`.
#[derive(Clone, Description)]
pub struct Team {
    reader: Reader,
    found: Arc<Versioned<team::Team>>,
}

impl Team {
    pub(crate) fn new(reader: Reader, found: Versioned<team::Team>) -> Self {
        Self { reader, found: Arc::new(found) }
    }

    pub(crate) fn state(&self) -> &team::Team {
        &self.found.state
    }

    fn entity(&self) -> EntityId {
        EntityId::Team(self.state().code.clone())
    }
}

#[Object(use_type_description)]
impl Team {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        id::of(&self.entity())
    }

    /// Code.
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

    /// Its members, in order of code.
    #[graphql(complexity = "short(child_complexity)")]
    async fn members(&self) -> Result<Vec<Employee>> {
        self.state().members.iter().map(|code| self.reader.named_employee(code)).collect()
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
