//! Signing customers off.

use super::execute::execute;
use super::input::{CommandInput, CustomerFields, Envelope, Shape, text};
use crate::payload::Payload;
use crate::types::mail::ActivityKind;
use async_graphql::{Context, Enum, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::sign_off;

/// Input of `deactivateCustomer`.
#[derive(InputObject)]
pub(crate) struct DeactivateCustomerInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for DeactivateCustomerInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        Some(sign_off::DeactivateCustomer { customer: shape.customer(self.customer)? }.into())
    }
}

/// Input of `reactivateCustomer`.
#[derive(InputObject)]
pub(crate) struct ReactivateCustomerInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ReactivateCustomerInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        Some(sign_off::ReactivateCustomer { customer: shape.customer(self.customer)? }.into())
    }
}

/// Input of `deleteCustomer`.
#[derive(InputObject)]
pub(crate) struct DeleteCustomerInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for DeleteCustomerInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        Some(sign_off::DeleteCustomer { customer: shape.customer(self.customer)? }.into())
    }
}

/// Whether something is open.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum ActivityState {
    /// It was opened.
    Open,
    /// It is done.
    Closed,
}

/// Input of `recordActivity`.
#[derive(InputObject)]
pub(crate) struct RecordActivityInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// What it is.
    kind: ActivityKind,
    /// Its number in the system that knows it. Mandatory.
    id: Option<String>,
    /// Whether it is open from now on.
    state: ActivityState,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for RecordActivityInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        Some(
            sign_off::RecordActivity {
                customer: shape.customer(self.customer)?,
                kind: self.kind.into(),
                id: text(self.id),
                open: self.state == ActivityState::Open,
            }
            .into(),
        )
    }
}

/// Input of `recordStaffMembership`.
#[derive(InputObject)]
pub(crate) struct RecordStaffMembershipInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// Whether the customer is on the staff list from now on.
    on: bool,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for RecordStaffMembershipInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        Some(sign_off::RecordStaffMembership { customer: shape.customer(self.customer)?, on: self.on }.into())
    }
}

#[derive(Default)]
pub(crate) struct SignOffMutations;

#[Object]
impl SignOffMutations {
    /// Signs a customer off; needs `WRITE` (N1-09, N1-10, N1-12). It no longer shows in searches by default; its number
    /// still answers.
    ///
    /// Codes: `CUSTOMER_HAS_ACTIVITY` (everything that is open is in `blocking`), `STILL_ON_STAFF_LIST`. Warns
    /// `BILLING_CUSTOMER_OF_OTHERS`.
    async fn deactivate_customer(
        &self,
        ctx: &Context<'_>,
        input: DeactivateCustomerInput,
    ) -> Result<Payload<DeactivateCustomerInput>> {
        execute(ctx, input).await
    }

    /// Takes a customer back that was signed off; needs `WRITE` (N1-13).
    ///
    /// Codes: `NO_CONTRACTANT` (a household whose lease runs).
    async fn reactivate_customer(
        &self,
        ctx: &Context<'_>,
        input: ReactivateCustomerInput,
    ) -> Result<Payload<ReactivateCustomerInput>> {
        execute(ctx, input).await
    }

    /// Is always refused: a customer has a history, and is signed off instead; needs `WRITE` (N1-08).
    ///
    /// Codes: `CUSTOMER_CANNOT_BE_DELETED`.
    async fn delete_customer(
        &self,
        ctx: &Context<'_>,
        input: DeleteCustomerInput,
    ) -> Result<Payload<DeleteCustomerInput>> {
        execute(ctx, input).await
    }

    /// Records that something was opened with a customer, or is done; needs `INTEGRATION`, for the systems that know it
    /// (N1-14). What is not open need not be closed: that changes nothing.
    ///
    /// Codes: `CUSTOMER_INACTIVE`, `TOO_MANY_ACTIVITIES`.
    async fn record_activity(
        &self,
        ctx: &Context<'_>,
        input: RecordActivityInput,
    ) -> Result<Payload<RecordActivityInput>> {
        execute(ctx, input).await
    }

    /// Records that a customer came onto the staff list, or left it; needs `INTEGRATION`, for the staff administration
    /// (N1-11).
    ///
    /// Codes: `CUSTOMER_INACTIVE`.
    async fn record_staff_membership(
        &self,
        ctx: &Context<'_>,
        input: RecordStaffMembershipInput,
    ) -> Result<Payload<RecordStaffMembershipInput>> {
        execute(ctx, input).await
    }
}
