//! What goes into the engine and what comes out.

use kroniek_domain::{Actor, Command, EntityId, Position, Problem, Prompt, Recorded, Warning};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A command with what it travels with (spec §1.2).
#[derive(Clone, Debug)]
pub struct Request {
    /// What is asked for.
    pub command: Command,
    /// Id of the command: the same id with the same content never makes two commits.
    pub command_id: Option<Uuid>,
    /// Who asks, with permissions.
    pub actor: Actor,
    /// Why, in free text.
    pub reason: Option<String>,
    /// Version of the addressed entity that the caller looked at.
    pub expected_version: Option<Position>,
    /// Questions that are answered with "go on".
    pub confirm: BTreeSet<Prompt>,
    /// What the caller says the command belongs to.
    pub correlation: Option<String>,
    /// What the caller says the command follows from.
    pub causation: Option<String>,
}

impl Request {
    /// A command by an actor, with nothing else.
    pub fn new(actor: Actor, command: impl Into<Command>) -> Self {
        Self {
            command: command.into(),
            command_id: None,
            actor,
            reason: None,
            expected_version: None,
            confirm: BTreeSet::new(),
            correlation: None,
            causation: None,
        }
    }

    /// Answers a question with "go on".
    #[must_use]
    pub fn confirming(mut self, prompt: Prompt) -> Self {
        self.confirm.insert(prompt);
        self
    }

    /// Says why.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Gives the command an id.
    #[must_use]
    pub fn with_id(mut self, id: Uuid) -> Self {
        self.command_id = Some(id);
        self
    }
}

/// The answer to a command that could be executed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Accepted.
    Done(Done),
    /// Refused; nothing is stored.
    Refused(Vec<Problem>),
}

/// An accepted command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Done {
    /// Position of its commit; `None` when there was nothing to change.
    pub position: Option<Position>,
    /// Whether anything changed.
    pub changed: bool,
    /// What the caller should see.
    pub warnings: Vec<Warning>,
    /// What happened.
    pub events: Vec<Recorded>,
    /// The entities that the events name, the addressed one first.
    pub entities: Vec<EntityId>,
}

impl Done {
    pub(crate) fn of(position: Position, warnings: Vec<Warning>, events: Vec<Recorded>) -> Self {
        let mut entities: Vec<EntityId> = Vec::new();
        for entity in events.iter().flat_map(|recorded| recorded.event.entities()) {
            if !entities.contains(&entity) {
                entities.push(entity);
            }
        }
        Self { position: Some(position), changed: true, warnings, events, entities }
    }

    pub(crate) fn nothing(warnings: Vec<Warning>) -> Self {
        Self { position: None, changed: false, warnings, events: Vec::new(), entities: Vec::new() }
    }
}
