//! Contact moments (E2), and what of them the customer portal shows.

use super::connection::{Connection, Wanted, cost};
use super::contact::Contact;
use super::customer::Customer;
use super::history::{self, HistoryEntry};
use super::task::Task;
use super::team::Team;
use crate::context::{Reader, fault};
use crate::id;
use crate::label::Lang;
use crate::scalars::{DateTime, Position};
use async_graphql::{Description, Enum, ID, Object, Result};
use kroniek_domain::code_list::INTERACTION_CHANNEL;
use kroniek_domain::{ContactId, EntityId, InteractionId, interaction, template};
use kroniek_engine::EngineFault;
use kroniek_views::{Found, InteractionFilter, Page, Versioned};
use std::sync::Arc;

/// What a contact moment concerns (E2-01).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "interaction::Subject")]
pub enum InteractionSubject {
    /// A question or a request, in the widest sense.
    Question,
    /// A complaint about the organisation's service.
    Complaint,
    /// The answer to a question, or feedback on a request.
    Feedback,
}

/// Which way a contact moment went (VERA COMMUNICATIERICHTING).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "template::Direction")]
pub enum InteractionDirection {
    /// They reached us.
    Inbound,
    /// We reached them.
    Outbound,
}

/// Who began a contact moment.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "template::InitiatedBy")]
pub enum InitiatedBy {
    /// The organisation.
    Us,
    /// The customer or contact.
    Them,
}

/// A contact moment: an entry in the log of interactions. It stands at a contact, and at the customer that is its account;
/// it never changes. Cancelled, it stays visible and no longer counts (E2-27).
#[derive(Clone, Description)]
pub struct Interaction {
    reader: Reader,
    found: Arc<Versioned<interaction::Interaction>>,
}

impl Interaction {
    pub(crate) fn new(reader: Reader, found: Versioned<interaction::Interaction>) -> Self {
        Self { reader, found: Arc::new(found) }
    }

    fn state(&self) -> &interaction::Interaction {
        &self.found.state
    }

    fn entity(&self) -> EntityId {
        EntityId::Interaction(self.state().id)
    }
}

#[Object(use_type_description)]
impl Interaction {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        id::of(&self.entity())
    }

    /// Its number in the log of interactions, as people call it.
    async fn number(&self) -> u64 {
        self.state().id.0
    }

    /// Position of the last commit that names it, for `expectedVersion`.
    async fn version(&self) -> Position {
        self.found.version.into()
    }

    /// When it was recorded.
    async fn logged_at(&self) -> DateTime {
        DateTime::of_micros(self.state().logged.time_us)
    }

    /// The contact at which it stands: a household or company, or a person that is itself a customer.
    async fn contact(&self) -> Result<Contact> {
        self.reader.named_contact(self.state().contact)
    }

    /// The customer at which it was recorded; null when it was recorded at the contact (E2-18, E2-19).
    async fn customer(&self) -> Result<Option<Customer>> {
        self.state().via_customer.map(|id| self.reader.named_customer(id)).transpose()
    }

    /// What it concerns.
    async fn subject(&self) -> InteractionSubject {
        self.state().subject.into()
    }

    /// `subject` in words.
    async fn subject_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        InteractionSubject::from(self.state().subject).label(lang)
    }

    /// Code of the template that it was made with (E2-05).
    async fn template_code(&self) -> &str {
        &self.state().template.code
    }

    /// Name of that template at that time; later changes of the template do not show here (E2-27).
    async fn template_name(&self) -> &str {
        &self.state().template.name
    }

    /// The channel, from the template at that time (code list `INTERACTION_CHANNEL`).
    async fn channel(&self) -> &str {
        &self.state().template.channel
    }

    /// `channel` in words.
    async fn channel_label(&self, #[graphql(default)] lang: Lang) -> Result<String> {
        self.reader.label(INTERACTION_CHANNEL, &self.state().template.channel, lang)
    }

    /// Which way it went, from the template at that time.
    async fn direction(&self) -> InteractionDirection {
        self.state().template.direction.into()
    }

    /// `direction` in words.
    async fn direction_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        InteractionDirection::from(self.state().template.direction).label(lang)
    }

    /// Who began, from the template at that time.
    async fn initiated_by(&self) -> InitiatedBy {
        self.state().template.initiated_by.into()
    }

    /// `initiatedBy` in words.
    async fn initiated_by_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        InitiatedBy::from(self.state().template.initiated_by).label(lang)
    }

    /// Whether the customer portal shows it, unless it is cancelled (E2-23).
    async fn show_in_portal(&self) -> bool {
        self.state().show_in_portal
    }

    /// The wording of the question or of the answer (E2-26); null when erased.
    async fn note(&self) -> Option<&str> {
        self.state().note.as_deref()
    }

    /// The question that it answers (E2-03).
    async fn answers(&self) -> Result<Option<Interaction>> {
        self.state().answers.map(|id| self.reader.named_interaction(id)).transpose()
    }

    /// The contact moments that answer it, oldest first, without cancelled ones (E2-03).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn answered_by(
        &self,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Interaction>> {
        let question = self.state().id;
        listed(&self.reader, first, after, move |reader, page| reader.snapshot().answers_of(question, page))
            .await
    }

    /// Whether it is a question with follow-up that nothing has answered yet (E2-03). A question that was answered at once
    /// is never open (E2-02).
    async fn open_question(&self) -> bool {
        self.state().open_question()
    }

    /// The task that was made with it (E2-28).
    async fn task(&self) -> Result<Option<Task>> {
        self.state().task.map(|id| self.reader.named_task(id)).transpose()
    }

    /// The team that got the task.
    async fn team(&self) -> Result<Option<Team>> {
        self.state().team.as_deref().map(|code| self.reader.named_team(code)).transpose()
    }

    /// Whether it is a complaint that went to the team that handles complaints (E2-04).
    async fn handed_over(&self) -> bool {
        self.state().handed_over
    }

    /// When it was cancelled; null when it was not.
    async fn cancelled_at(&self) -> Option<DateTime> {
        self.state().cancelled.map(|at| DateTime::of_micros(at.time_us))
    }

    /// Why it was cancelled; null also when erased.
    async fn cancelled_because(&self) -> Option<&str> {
        self.state().cancelled_because.as_deref()
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

/// A page of contact moments.
pub(crate) async fn listed(
    reader: &Reader,
    first: Option<i32>,
    after: Option<String>,
    find: impl FnOnce(&Reader, Page) -> Result<Found<InteractionId>, EngineFault> + Send + 'static,
) -> Result<Connection<Interaction>> {
    let wanted = Wanted::read(first, after)?;
    let page = wanted.page()?;
    reader
        .search(move |reader| {
            let found = find(reader, page).map_err(fault)?;
            let mut entries = Vec::with_capacity(found.items.len());
            for id in found.items {
                entries.push((id.0.to_string(), reader.named_interaction(id)?));
            }
            Ok(Connection::new(&wanted, entries, found.more))
        })
        .await
}

/// The contact moments at a contact, newest first, cancelled ones too.
pub(crate) async fn at(
    reader: &Reader,
    contact: ContactId,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<Interaction>> {
    let filter =
        InteractionFilter { contact: Some(contact), cancelled: true, ..InteractionFilter::default() };
    listed(reader, first, after, move |reader, page| reader.snapshot().interactions(filter, page)).await
}

/// What the customer portal shows (E2-23). Needs `PORTAL` or `READ`; `PORTAL` alone sees nothing else. Which customer
/// asks is the portal's to know: it asks for that customer only.
#[derive(Description)]
pub struct Portal(Reader);

impl Portal {
    pub(crate) fn new(reader: Reader) -> Self {
        Self(reader)
    }
}

#[Object(use_type_description)]
impl Portal {
    /// The contact moments of a customer that are shown in the portal and not cancelled, newest first; null when there
    /// is no such customer.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn interactions(
        &self,
        #[graphql(desc = "Customer number.")] customer_no: String,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Option<Connection<PortalInteraction>>> {
        let wanted = Wanted::read(first, after)?;
        let page = wanted.page()?;
        let Some(customer) = self.0.customer_by_number(&customer_no)? else { return Ok(None) };
        let contact = Some(customer.state().contact);
        let filter = InteractionFilter { contact, portal: true, ..InteractionFilter::default() };
        self.0
            .search(move |reader| {
                let found = reader.snapshot().interactions(filter, page).map_err(fault)?;
                let mut entries = Vec::with_capacity(found.items.len());
                for id in found.items {
                    entries.push((id.0.to_string(), PortalInteraction(reader.named_interaction(id)?)));
                }
                Ok(Some(Connection::new(&wanted, entries, found.more)))
            })
            .await
    }
}

/// A contact moment as the portal shows it to the customer.
#[derive(Description)]
pub struct PortalInteraction(Interaction);

#[Object(use_type_description)]
impl PortalInteraction {
    /// Global id.
    async fn id(&self) -> ID {
        id::of(&self.0.entity())
    }

    /// When it was recorded.
    async fn logged_at(&self) -> DateTime {
        DateTime::of_micros(self.0.state().logged.time_us)
    }

    /// What it concerns.
    async fn subject(&self) -> InteractionSubject {
        self.0.state().subject.into()
    }

    /// `subject` in words.
    async fn subject_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        InteractionSubject::from(self.0.state().subject).label(lang)
    }

    /// Which way it went.
    async fn direction(&self) -> InteractionDirection {
        self.0.state().template.direction.into()
    }

    /// `direction` in words.
    async fn direction_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        InteractionDirection::from(self.0.state().template.direction).label(lang)
    }

    /// The wording of the question or of the answer; null when erased.
    async fn note(&self) -> Option<&str> {
        self.0.state().note.as_deref()
    }

    /// The question that it answers, if the portal shows that too.
    async fn answers(&self) -> Result<Option<PortalInteraction>> {
        let question = self.0.state().answers.map(|id| self.0.reader.named_interaction(id)).transpose()?;
        Ok(question.filter(|question| question.state().in_portal()).map(PortalInteraction))
    }
}
