//! Client statuses.

use super::execute::execute;
use super::input::{CommandInput, CustomerFields, Envelope, PartyFields, Shape, text};
use crate::payload::Payload;
use async_graphql::{Context, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::client_status;

/// Input of `setClientStatus`.
#[derive(InputObject)]
pub(crate) struct SetClientStatusInput {
    #[graphql(flatten)]
    party: PartyFields,
    /// The status, such as `PROSPECT`. Mandatory.
    to: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetClientStatusInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let party = shape.party(self.party)?;
        Some(client_status::SetClientStatus { party, to: text(self.to) }.into())
    }
}

/// Input of `markOwnServiceProvider`.
#[derive(InputObject)]
pub(crate) struct MarkOwnServiceProviderInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// Whether it is one.
    on: bool,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for MarkOwnServiceProviderInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(client_status::MarkOwnServiceProvider { customer, on: self.on }.into())
    }
}

#[derive(Default)]
pub(crate) struct ClientStatusMutations;

#[Object]
impl ClientStatusMutations {
    /// Changes the status by the field itself (A2-50, A2-53); `customer.allowedStatusChanges` says which. Needs the
    /// right to change the status group as it is and as it will be. Who is no longer a client is withdrawn from the
    /// portal (A1-04), and whoever comes to a status that a package is not for is coupled to it no longer (A2-40).
    ///
    /// Codes: `TRANSITION_NOT_ALLOWED`, `USE_ACCEPTANCE_ACTION`, `STATUS_NOT_FOR_TYPE`, `STATUS_NOT_APPLICABLE`.
    async fn set_client_status(
        &self,
        ctx: &Context<'_>,
        input: SetClientStatusInput,
    ) -> Result<Payload<SetClientStatusInput>> {
        execute(ctx, input).await
    }

    /// Marks a relation as a supplier of the organisation itself, or takes the mark away (A2-60).
    ///
    /// Codes: `STATUS_NOT_APPLICABLE` (no relation).
    async fn mark_own_service_provider(
        &self,
        ctx: &Context<'_>,
        input: MarkOwnServiceProviderInput,
    ) -> Result<Payload<MarkOwnServiceProviderInput>> {
        execute(ctx, input).await
    }
}
