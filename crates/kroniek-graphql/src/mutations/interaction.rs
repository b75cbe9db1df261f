//! Contact moments.

use super::execute::execute;
use super::input::{CommandInput, Envelope, PartyFields, Shape, text};
use crate::id;
use crate::payload::Payload;
use async_graphql::{Context, ID, InputObject, Object, Result};
use kroniek_domain::interaction;
use kroniek_domain::{Command, InteractionId};

/// A contact moment by id.
fn interaction_id(id: &ID) -> InteractionId {
    // No contact moment has id 0.
    id::interaction(id).unwrap_or_default()
}

/// Input of `registerInteraction`.
#[derive(InputObject)]
pub(crate) struct RegisterInteractionInput {
    #[graphql(flatten)]
    party: PartyFields,
    /// Code of the template. Mandatory.
    template: Option<String>,
    /// `QUESTION`, `COMPLAINT` or `FEEDBACK`; the template's when left out.
    subject: Option<String>,
    /// Whether the customer portal shows it; the template's when left out.
    show_in_portal: Option<bool>,
    /// Whether follow-up is needed; the template's when left out, else no. A complaint always makes a task.
    create_task: Option<bool>,
    /// Code of the team that gets the task; the template's when left out.
    team_code: Option<String>,
    /// The wording of the question or of the answer. Mandatory.
    note: Option<String>,
    /// The question that this is the answer to, by id.
    answers: Option<ID>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for RegisterInteractionInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let (customer, contact) = shape.customer_and_contact(self.party);
        Some(
            interaction::RegisterInteraction {
                customer,
                contact,
                template: text(self.template),
                subject: self.subject,
                show_in_portal: self.show_in_portal,
                create_task: self.create_task,
                team: self.team_code,
                note: text(self.note),
                answers: self.answers.as_ref().map(interaction_id),
            }
            .into(),
        )
    }
}

/// Input of `cancelInteraction`. `reason` is mandatory.
#[derive(InputObject)]
pub(crate) struct CancelInteractionInput {
    /// The contact moment, by id.
    interaction_id: ID,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CancelInteractionInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(interaction::CancelInteraction { interaction: interaction_id(&self.interaction_id) }.into())
    }
}

/// Input of `setPortalVisibility`.
#[derive(InputObject)]
pub(crate) struct SetPortalVisibilityInput {
    /// The contact moment, by id.
    interaction_id: ID,
    /// Whether the customer portal shows it.
    show_in_portal: bool,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetPortalVisibilityInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        let interaction = interaction_id(&self.interaction_id);
        Some(interaction::SetPortalVisibility { interaction, show_in_portal: self.show_in_portal }.into())
    }
}

#[derive(Default)]
pub(crate) struct InteractionMutations;

#[Object]
impl InteractionMutations {
    /// Records a contact moment, and in the same commit the task that follows from it; needs `WRITE` (E2-17 … E2-28).
    /// With a customer it is recorded at the customer and stands at its contact; with a household or company that is no
    /// customer, at that contact (E2-18, E2-19). What belongs to one of these, a person, a location or general correspondence,
    /// has none of its own: `PARTY_KIND_NOT_ALLOWED` names the customer instead. A complaint always makes a task (E2-04).
    ///
    /// Codes: `ONE_PARTY_REQUIRED`, `PARTY_KIND_NOT_ALLOWED`, `USE_CUSTOMER`, `UNKNOWN_CODE` (template, subject, team),
    /// `CODE_NOT_IN_FORCE` (the template is blocked), `DEFAULT_LOCKED`, `COMPLAINT_NEEDS_TASK`, `TEAM_REQUIRED`,
    /// `TEAM_EMPTY`, `TEAM_WITHOUT_TASK`, `NOT_SAME_PARTY`, `ANSWERS_NEEDS_FEEDBACK`, `NOT_A_QUESTION`,
    /// `INTERACTION_CANCELLED`.
    async fn register_interaction(
        &self,
        ctx: &Context<'_>,
        input: RegisterInteractionInput,
    ) -> Result<Payload<RegisterInteractionInput>> {
        execute(ctx, input).await
    }

    /// Cancels a contact moment; needs `WRITE` and a `reason`. It stays visible and no longer counts: it answers nothing,
    /// waits for no answer, and the portal does not show it (E2-27).
    ///
    /// Codes: `HAS_OPEN_TASKS` (its task is not finished).
    async fn cancel_interaction(
        &self,
        ctx: &Context<'_>,
        input: CancelInteractionInput,
    ) -> Result<Payload<CancelInteractionInput>> {
        execute(ctx, input).await
    }

    /// Shows a contact moment in the customer portal, or no longer; needs `WRITE` (E2-23).
    ///
    /// Codes: `INTERACTION_CANCELLED`.
    async fn set_portal_visibility(
        &self,
        ctx: &Context<'_>,
        input: SetPortalVisibilityInput,
    ) -> Result<Payload<SetPortalVisibilityInput>> {
        execute(ctx, input).await
    }
}
