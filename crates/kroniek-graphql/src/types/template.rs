//! Interaction templates (E2-05, E2-22).

use super::connection::{Connection, cost};
use super::history::{self, HistoryEntry};
use super::interaction::{InitiatedBy, InteractionDirection, InteractionSubject};
use super::team::Team;
use crate::context::Reader;
use crate::id;
use crate::label::Lang;
use crate::scalars::{DateText, Position};
use async_graphql::{Description, Enum, ID, Object, Result};
use kroniek_domain::code_list::INTERACTION_CHANNEL;
use kroniek_domain::{EntityId, template};
use kroniek_views::Versioned;
use std::sync::Arc;

/// A default that a template can lock (E2-22).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "template::Lockable")]
pub enum TemplateDefault {
    /// What the contact moment concerns.
    Subject,
    /// Whether the portal shows it.
    ShowInPortal,
    /// Whether it makes a task.
    CreateTask,
    /// The team that gets the task.
    Team,
}

/// What a contact moment starts from. Channel, direction and who began it cannot be chosen otherwise; the defaults can,
/// unless they are locked (D-15).
#[derive(Clone, Description)]
pub struct InteractionTemplate {
    reader: Reader,
    found: Arc<Versioned<template::Template>>,
}

impl InteractionTemplate {
    pub(crate) fn new(reader: Reader, found: Versioned<template::Template>) -> Self {
        Self { reader, found: Arc::new(found) }
    }

    fn content(&self) -> &template::Content {
        &self.found.state.content
    }

    fn entity(&self) -> EntityId {
        EntityId::Template(self.found.state.code.clone())
    }
}

#[Object(use_type_description)]
impl InteractionTemplate {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        id::of(&self.entity())
    }

    /// Code.
    async fn code(&self) -> &str {
        &self.found.state.code
    }

    /// Position of the last commit that names it, for `expectedVersion`.
    async fn version(&self) -> Position {
        self.found.version.into()
    }

    /// Name on a screen.
    async fn name(&self) -> &str {
        &self.content().name
    }

    /// Code of the list `INTERACTION_CHANNEL`.
    async fn channel(&self) -> &str {
        &self.content().channel
    }

    /// `channel` in words.
    async fn channel_label(&self, #[graphql(default)] lang: Lang) -> Result<String> {
        self.reader.label(INTERACTION_CHANNEL, &self.content().channel, lang)
    }

    /// Which way the contact moment goes.
    async fn direction(&self) -> InteractionDirection {
        self.content().direction.into()
    }

    /// `direction` in words.
    async fn direction_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        InteractionDirection::from(self.content().direction).label(lang)
    }

    /// Who begins.
    async fn initiated_by(&self) -> InitiatedBy {
        self.content().initiated_by.into()
    }

    /// `initiatedBy` in words.
    async fn initiated_by_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        InitiatedBy::from(self.content().initiated_by).label(lang)
    }

    /// Default subject.
    async fn subject(&self) -> Option<InteractionSubject> {
        self.content().subject.map(InteractionSubject::from)
    }

    /// `subject` in words.
    async fn subject_label(&self, #[graphql(default)] lang: Lang) -> Option<&'static str> {
        self.content().subject.map(|subject| InteractionSubject::from(subject).label(lang))
    }

    /// Default for the portal.
    async fn show_in_portal(&self) -> Option<bool> {
        self.content().show_in_portal
    }

    /// Default for whether a task is made.
    async fn create_task(&self) -> Option<bool> {
        self.content().create_task
    }

    /// Default team.
    async fn team(&self) -> Result<Option<Team>> {
        self.content().team.as_deref().map(|code| self.reader.named_team(code)).transpose()
    }

    /// What the task is called; the template's name when null.
    async fn task_description(&self) -> Option<&str> {
        self.content().task_description.as_deref()
    }

    /// After how many days the task is due.
    async fn task_due_days(&self) -> Option<u32> {
        self.content().task_due_days
    }

    /// The defaults that cannot be overridden (`DEFAULT_LOCKED`).
    async fn locked(&self) -> Vec<TemplateDefault> {
        self.content().locked.iter().copied().map(TemplateDefault::from).collect()
    }

    /// `locked` in words, in the same order.
    async fn locked_labels(&self, #[graphql(default)] lang: Lang) -> Vec<&'static str> {
        self.content().locked.iter().map(|what| TemplateDefault::from(*what).label(lang)).collect()
    }

    /// Since when it is out of use; null while it can be used.
    async fn blocked_on(&self) -> Option<DateText> {
        self.found.state.blocked.map(DateText::from)
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
