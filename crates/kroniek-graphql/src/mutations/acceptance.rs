//! Acceptance as a client.

use super::execute::execute;
use super::input::{CommandInput, Envelope, PartyFields, Shape};
use crate::payload::Payload;
use async_graphql::{Context, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::acceptance;

/// Input of `startAcceptance`.
#[derive(InputObject)]
pub(crate) struct StartAcceptanceInput {
    #[graphql(flatten)]
    party: PartyFields,
    /// A note for the log.
    note: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for StartAcceptanceInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let party = shape.party(self.party)?;
        Some(acceptance::StartAcceptance { party, note: self.note }.into())
    }
}

/// Input of `submitForApproval`.
#[derive(InputObject)]
pub(crate) struct SubmitForApprovalInput {
    #[graphql(flatten)]
    party: PartyFields,
    /// A note for the log.
    note: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SubmitForApprovalInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let party = shape.party(self.party)?;
        Some(acceptance::SubmitForApproval { party, note: self.note }.into())
    }
}

/// Input of `approveClient`.
#[derive(InputObject)]
pub(crate) struct ApproveClientInput {
    #[graphql(flatten)]
    party: PartyFields,
    /// A note for the log.
    note: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ApproveClientInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let party = shape.party(self.party)?;
        Some(acceptance::ApproveClient { party, note: self.note }.into())
    }
}

/// Input of `rejectClient`. `reason` is mandatory.
#[derive(InputObject)]
pub(crate) struct RejectClientInput {
    #[graphql(flatten)]
    party: PartyFields,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for RejectClientInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let party = shape.party(self.party)?;
        Some(acceptance::RejectClient { party }.into())
    }
}

/// Input of `completeAcceptance`.
#[derive(InputObject)]
pub(crate) struct CompleteAcceptanceInput {
    #[graphql(flatten)]
    party: PartyFields,
    /// The checks that were done (code list `ACCEPTANCE_CHECK`): all that are in force.
    checks: Option<Vec<String>>,
    /// The systems, not coupled, in which the client was made; 20 at most.
    external_systems: Option<Vec<String>>,
    /// A note for the log.
    note: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CompleteAcceptanceInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let party = shape.party(self.party)?;
        Some(
            acceptance::CompleteAcceptance {
                party,
                checks: self.checks.unwrap_or_default(),
                external_systems: self.external_systems.unwrap_or_default(),
                note: self.note,
            }
            .into(),
        )
    }
}

#[derive(Default)]
pub(crate) struct AcceptanceMutations;

#[Object]
impl AcceptanceMutations {
    /// Begins to prepare somebody to become a client (A2-55).
    ///
    /// Codes: `TRANSITION_NOT_ALLOWED` (not from this status), `STATUS_NOT_APPLICABLE`.
    async fn start_acceptance(
        &self,
        ctx: &Context<'_>,
        input: StartAcceptanceInput,
    ) -> Result<Payload<StartAcceptanceInput>> {
        execute(ctx, input).await
    }

    /// Puts what was prepared before an approver (A2-56).
    ///
    /// Codes: `ACCEPTANCE_INCOMPLETE` (all that is missing is in `blocking`), `TRANSITION_NOT_ALLOWED`.
    async fn submit_for_approval(
        &self,
        ctx: &Context<'_>,
        input: SubmitForApprovalInput,
    ) -> Result<Payload<SubmitForApprovalInput>> {
        execute(ctx, input).await
    }

    /// Approves what somebody else has submitted; needs `CLIENT_APPROVER` (A2-57).
    ///
    /// Codes: `FOUR_EYES`, `TRANSITION_NOT_ALLOWED`.
    async fn approve_client(
        &self,
        ctx: &Context<'_>,
        input: ApproveClientInput,
    ) -> Result<Payload<ApproveClientInput>> {
        execute(ctx, input).await
    }

    /// Sends what somebody else has submitted back to be prepared again; needs `CLIENT_APPROVER`, and a reason (A2-57,
    /// D-26).
    ///
    /// Codes: `FOUR_EYES`, `REQUIRED` (reason), `TRANSITION_NOT_ALLOWED`.
    async fn reject_client(
        &self,
        ctx: &Context<'_>,
        input: RejectClientInput,
    ) -> Result<Payload<RejectClientInput>> {
        execute(ctx, input).await
    }

    /// Makes a client of whom was approved, after the last checks; needs `CENTRAL_ADMIN` (A2-58).
    ///
    /// Codes: `CHECKS_OPEN` (all that are open are in `blocking`), `UNKNOWN_CODE`, `TRANSITION_NOT_ALLOWED`.
    async fn complete_acceptance(
        &self,
        ctx: &Context<'_>,
        input: CompleteAcceptanceInput,
    ) -> Result<Payload<CompleteAcceptanceInput>> {
        execute(ctx, input).await
    }
}
