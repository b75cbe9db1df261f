//! The log of an acceptance (A2-59).

use super::registration::ClientStatus;
use crate::context::Reader;
use crate::label::Lang;
use crate::scalars::{DateTime, Position};
use async_graphql::{ComplexObject, Result, SimpleObject};
use kroniek_domain::acceptance::Event;
use kroniek_domain::code_list::ACCEPTANCE_CHECK;
use kroniek_domain::label::Label;

/// A step of an acceptance. The log of the acceptance is the log itself: nothing can be changed in it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct AcceptanceStep {
    /// Position of its commit.
    position: Position,
    /// When.
    time: DateTime,
    /// Name of the event, such as `ClientApproved`.
    event: &'static str,
    /// Who took the step.
    actor: String,
    /// The status before.
    from: ClientStatus,
    /// The status that followed.
    to: ClientStatus,
    /// The note, or why a client was rejected; null when none was given, or when it was erased.
    note: Option<String>,
    /// The checks that were done, when it was completed.
    checks: Vec<String>,
    /// The systems, not coupled, in which the client was made, when it was completed.
    external_systems: Vec<String>,
    #[graphql(skip)]
    label: Label,
    #[graphql(skip)]
    reader: Reader,
}

#[ComplexObject]
impl AcceptanceStep {
    /// `event` in words.
    async fn event_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.label.text(lang.into())
    }

    /// `from` in words.
    async fn from_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.from.label(lang)
    }

    /// `to` in words.
    async fn to_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.to.label(lang)
    }

    /// `checks` in words, in the same order.
    async fn check_labels(&self, #[graphql(default)] lang: Lang) -> Result<Vec<String>> {
        self.reader.labels(ACCEPTANCE_CHECK, &self.checks, lang)
    }
}

impl AcceptanceStep {
    pub(crate) fn new(reader: &Reader, found: &kroniek_engine::AcceptanceStep) -> Self {
        let step = found.event.step();
        let (checks, external_systems) = match &found.event {
            Event::AcceptanceCompleted(e) => (e.checks.clone(), e.external_systems.clone()),
            Event::AcceptanceStarted(_)
            | Event::SubmittedForApproval(_)
            | Event::ClientApproved(_)
            | Event::ClientRejected(_) => (Vec::new(), Vec::new()),
        };
        Self {
            position: found.position.into(),
            time: DateTime(found.time),
            event: kroniek_domain::Event::from(found.event.clone()).stored().name,
            actor: step.by.clone(),
            from: step.from.into(),
            to: step.to.into(),
            note: step.note.get().cloned().flatten(),
            checks,
            external_systems,
            label: found.event.label(),
            reader: reader.clone(),
        }
    }
}
