//! Direct-debit mandates.

use super::execute::execute;
use super::input::{CommandInput, CustomerFields, Envelope, Shape, date, text};
use crate::payload::Payload;
use crate::scalars::DateText;
use crate::types::mandate::MandateType;
use async_graphql::{Context, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::mandate;

/// A mandate that is made together with the payment line that first uses it; its account is the line's.
#[derive(InputObject)]
pub(crate) struct NewMandateInput {
    /// The code on the mandate, unique among all customers. Mandatory.
    code: Option<String>,
    /// Date of signature. Mandatory.
    signed_on: Option<DateText>,
    /// How often it may be used.
    #[graphql(name = "type")]
    kind: MandateType,
}

impl NewMandateInput {
    pub(crate) fn read(self) -> mandate::NewMandate {
        mandate::NewMandate { code: text(self.code), signed_on: date(self.signed_on), kind: self.kind.into() }
    }
}

/// Input of `createMandate`.
#[derive(InputObject)]
pub(crate) struct CreateMandateInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// The code on the mandate, unique among all customers. Mandatory.
    code: Option<String>,
    /// Code of the bank account that it is for. Mandatory.
    bank_account: Option<String>,
    /// Date of signature. Mandatory.
    signed_on: Option<DateText>,
    /// How often it may be used.
    #[graphql(name = "type")]
    kind: MandateType,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CreateMandateInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        Some(
            mandate::CreateMandate {
                customer: shape.customer(self.customer)?,
                code: text(self.code),
                bank_account: text(self.bank_account),
                signed_on: date(self.signed_on),
                kind: self.kind.into(),
            }
            .into(),
        )
    }
}

/// Input of `revokeMandate`. `reason` is mandatory.
#[derive(InputObject)]
pub(crate) struct RevokeMandateInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// Code of the mandate. Mandatory.
    code: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for RevokeMandateInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(mandate::RevokeMandate { customer, code: text(self.code) }.into())
    }
}

#[derive(Default)]
pub(crate) struct MandateMutations;

#[Object]
impl MandateMutations {
    /// Records a mandate that a customer signed for one of its bank accounts; needs `WRITE` (E1-52). A payment line can
    /// also bring its own: `newMandate` of `addPaymentLine`.
    ///
    /// Codes: `INVALID_MANDATE_CODE`, `MANDATE_CODE_EXISTS`, `BANK_ACCOUNT_NOT_OF_CUSTOMER`, `BANK_ACCOUNT_BLOCKED`,
    /// `DATE_IN_FUTURE`.
    async fn create_mandate(
        &self,
        ctx: &Context<'_>,
        input: CreateMandateInput,
    ) -> Result<Payload<CreateMandateInput>> {
        execute(ctx, input).await
    }

    /// Revokes a mandate; needs `WRITE` and a `reason` (E1-53).
    ///
    /// Codes: `NOT_FOUND` (no such mandate), `INVALID_MANDATE_CODE`, `MANDATE_IN_USE` (the payment lines are in
    /// `blocking`).
    async fn revoke_mandate(
        &self,
        ctx: &Context<'_>,
        input: RevokeMandateInput,
    ) -> Result<Payload<RevokeMandateInput>> {
        execute(ctx, input).await
    }
}
