//! To which e-mail addresses automatic messages go.

use super::execute::execute;
use super::input::{CommandInput, CustomerFields, Envelope, Shape, text};
use crate::payload::Payload;
use async_graphql::{Context, ID, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::mail;

/// Input of `setContact`.
#[derive(InputObject)]
pub(crate) struct SetContactInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// `SALES`, `PURCHASING`, `ADMINISTRATION`, `TECHNICAL_SERVICE` or `SMS_ALERT`. Mandatory.
    kind: Option<String>,
    /// E-mail addresses, separated by semicolons, 20 at most; blank or null takes them away.
    email: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetContactInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(mail::SetContact { customer, kind: text(self.kind), email: text(self.email) }.into())
    }
}

/// Input of `setBillingCustomer`.
#[derive(InputObject)]
pub(crate) struct SetBillingCustomerInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// Who gets the invoices, by number. Without this and `billingCustomerId` the customer itself.
    billing_customer_no: Option<String>,
    /// Who gets the invoices, by id.
    billing_customer_id: Option<ID>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetBillingCustomerInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer);
        let billing = shape.optional_customer(
            ("billingCustomerNo", self.billing_customer_no),
            ("billingCustomerId", self.billing_customer_id),
        );
        Some(mail::SetBillingCustomer { customer: customer?, billing }.into())
    }
}

/// Input of `setMailConsent`.
#[derive(InputObject)]
pub(crate) struct SetMailConsentInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// The e-mail address. Mandatory.
    email: Option<String>,
    /// 0 for nothing, 1 for notifications, 2 for everything.
    level: i64,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetMailConsentInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(mail::SetMailConsent { customer, email: text(self.email), level: self.level }.into())
    }
}

#[derive(Default)]
pub(crate) struct MailMutations;

#[Object]
impl MailMutations {
    /// Says which e-mail addresses a kind of contact has at a customer; needs `WRITE` (N1-15 … N1-20, N1-24, N1-25).
    ///
    /// Codes: `UNKNOWN_CODE`, `INVALID_EMAIL` (one wrong part, and nothing is stored), `TOO_MANY_EMAILS`,
    /// `FIELD_NOT_ALLOWED` (the billing address is a customer).
    async fn set_contact(
        &self,
        ctx: &Context<'_>,
        input: SetContactInput,
    ) -> Result<Payload<SetContactInput>> {
        execute(ctx, input).await
    }

    /// Says which customer gets a customer's invoices; needs `WRITE` (N1-21). Invoices go on one step, no further.
    ///
    /// Codes: `BILLING_SELF`, `BILLING_CHAIN`, `CUSTOMER_INACTIVE`.
    async fn set_billing_customer(
        &self,
        ctx: &Context<'_>,
        input: SetBillingCustomerInput,
    ) -> Result<Payload<SetBillingCustomerInput>> {
        execute(ctx, input).await
    }

    /// Says to what an e-mail address has consented at a customer; needs `WRITE` (N1-22). Without a word it is nothing.
    ///
    /// Codes: `INVALID_CONSENT`, `INVALID_EMAIL`, `TOO_MANY_CONSENTS`.
    async fn set_mail_consent(
        &self,
        ctx: &Context<'_>,
        input: SetMailConsentInput,
    ) -> Result<Payload<SetMailConsentInput>> {
        execute(ctx, input).await
    }
}
