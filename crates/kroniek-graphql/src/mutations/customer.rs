//! Customers and their leases.

use super::execute::execute;
use super::input::{CommandInput, CustomerFields, Envelope, Shape, date, text};
use crate::payload::Payload;
use crate::scalars::DateText;
use async_graphql::{Context, ID, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::customer;

/// Input of `activateCustomer`.
#[derive(InputObject)]
pub(crate) struct ActivateCustomerInput {
    /// The household; also a company or person that rents for itself.
    household_id: ID,
    /// The tenancy system's reference of the lease. Mandatory.
    lease_ref: Option<String>,
    /// The unit that is let.
    unit: Option<String>,
    /// First day of the lease. Mandatory.
    start_date: Option<DateText>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ActivateCustomerInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(
            customer::ActivateCustomer {
                household: Shape::contact_id(&self.household_id),
                lease_ref: text(self.lease_ref),
                unit: self.unit,
                start_date: date(self.start_date),
            }
            .into(),
        )
    }
}

/// Input of `recordLeaseEnded`.
#[derive(InputObject)]
pub(crate) struct RecordLeaseEndedInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// The tenancy system's reference of the lease; may be left out when the customer has one lease.
    lease_ref: Option<String>,
    /// Last day of the lease. Mandatory.
    end_date: Option<DateText>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for RecordLeaseEndedInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(
            customer::RecordLeaseEnded { customer, lease_ref: self.lease_ref, end_date: date(self.end_date) }
                .into(),
        )
    }
}

#[derive(Default)]
pub(crate) struct CustomerMutations;

#[Object]
impl CustomerMutations {
    /// Puts a tenancy agreement into effect: the contact becomes a customer; needs `INTEGRATION`, for the tenancy system
    /// only (E1-03). The new customer is in `customer`.
    ///
    /// Codes: `NO_CONTRACTANT`, `CUSTOMER_EXISTS`, `FOLLOWER_NOT_A_CONTACT_PERSON` (the person follows a leader).
    async fn activate_customer(
        &self,
        ctx: &Context<'_>,
        input: ActivateCustomerInput,
    ) -> Result<Payload<ActivateCustomerInput>> {
        execute(ctx, input).await
    }

    /// Records the last day of a lease; needs `INTEGRATION`, for the tenancy system only (E1-04). It may be moved later.
    ///
    /// Codes: `NOT_FOUND` (no such lease), `DATE_OUT_OF_RANGE` (before its start), `NO_CONTRACTANT` (moved to a later day it
    /// would run again, in a household that nobody signs for any more).
    async fn record_lease_ended(
        &self,
        ctx: &Context<'_>,
        input: RecordLeaseEndedInput,
    ) -> Result<Payload<RecordLeaseEndedInput>> {
        execute(ctx, input).await
    }
}
