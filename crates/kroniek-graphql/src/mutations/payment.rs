//! Payment lines.

use super::execute::execute;
use super::input::{CommandInput, CustomerFields, Envelope, Shape, date, line_number, text};
use super::mandate::NewMandateInput;
use crate::payload::Payload;
use crate::scalars::DateText;
use crate::types::payment::OpenItems;
use async_graphql::{Context, InputObject, Object, Result};
use kroniek_domain::payment;
use kroniek_domain::{Command, CustomerRef};

/// What a payment line says.
#[derive(InputObject)]
pub(crate) struct PaymentLineFields {
    /// From when it holds, until the next line of the same unit. Mandatory.
    effective_date: Option<DateText>,
    /// Transaction mode (code list `TRANSACTION_MODE`). Mandatory.
    transaction_mode: Option<String>,
    /// Invoice type (code list `INVOICE_TYPE`) that matches the mode. Mandatory.
    invoice_type: Option<String>,
    /// Code of a bank account of the customer, where the mode needs one.
    bank_account: Option<String>,
    /// Code of a mandate on that account, for direct debit; when left out, the newest valid one. This or `newMandate`.
    mandate: Option<String>,
    /// A mandate that is made with the line, for direct debit. This or `mandate`.
    new_mandate: Option<NewMandateInput>,
    /// The one unit that the line is for; all units when left out.
    unit_no: Option<String>,
    /// What to do with open items; asked when left out and a bank account is chosen.
    open_items: Option<OpenItems>,
}

impl PaymentLineFields {
    fn read(self, customer: CustomerRef) -> payment::AddPaymentLine {
        payment::AddPaymentLine {
            customer,
            effective_date: date(self.effective_date),
            transaction_mode: text(self.transaction_mode),
            invoice_type: text(self.invoice_type),
            bank_account: self.bank_account,
            mandate: self.mandate,
            new_mandate: self.new_mandate.map(NewMandateInput::read),
            unit_no: self.unit_no,
            open_items: self.open_items.map(Into::into),
        }
    }
}

/// Input of `addPaymentLine`.
#[derive(InputObject)]
pub(crate) struct AddPaymentLineInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    #[graphql(flatten)]
    line: PaymentLineFields,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for AddPaymentLineInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(self.line.read(customer).into())
    }
}

/// Input of `correctPaymentLine`: the whole line as it should have been. `reason` is mandatory.
#[derive(InputObject)]
pub(crate) struct CorrectPaymentLineInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// Number of the line within the customer.
    line_id: i64,
    #[graphql(flatten)]
    line: PaymentLineFields,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CorrectPaymentLineInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        let (line, content) = (line_number(self.line_id), self.line.read(customer));
        Some(payment::CorrectPaymentLine { line, content }.into())
    }
}

/// Input of `withdrawPaymentLine`. `reason` is mandatory.
#[derive(InputObject)]
pub(crate) struct WithdrawPaymentLineInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// Number of the line within the customer.
    line_id: i64,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for WithdrawPaymentLineInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(payment::WithdrawPaymentLine { customer, line: line_number(self.line_id) }.into())
    }
}

#[derive(Default)]
pub(crate) struct PaymentMutations;

#[Object]
impl PaymentMutations {
    /// Says how a customer pays as of a date, in the past or the future; needs `WRITE`. Existing lines are never
    /// overwritten: a line holds until the next one of its unit (E1-41 … E1-43, E1-49 … E1-55).
    ///
    /// Codes: `PAYMENT_LINE_EXISTS` (of this date and unit: use `correctPaymentLine`), `DATE_OUT_OF_RANGE` (before the
    /// first lease), `BANK_ACCOUNT_REQUIRED`, `BANK_ACCOUNT_NOT_ALLOWED`, `BANK_ACCOUNT_NOT_OF_CUSTOMER`,
    /// `BANK_ACCOUNT_BLOCKED`, `INVOICE_TYPE_MISMATCH` (the matching types are in `options`), `MANDATE_REQUIRED`
    /// (also of a one-off mandate that another line uses),
    /// `MANDATE_NOT_ALLOWED`, `MANDATE_FOR_OTHER_ACCOUNT`, `MANDATE_REVOKED`, `MANDATE_NOT_IN_FORCE`,
    /// `MANDATE_GIVEN_TWICE`, `MANDATE_CODE_EXISTS`, `INVALID_MANDATE_CODE`. Asks `ADJUST_OPEN_ITEMS` when a bank account
    /// is chosen. Warnings: `EFFECTIVE_IN_PAST`, `UNIT_NOT_LEASED`.
    async fn add_payment_line(
        &self,
        ctx: &Context<'_>,
        input: AddPaymentLineInput,
    ) -> Result<Payload<AddPaymentLineInput>> {
        execute(ctx, input).await
    }

    /// Corrects a wrong payment line; needs `WRITE` and a `reason`. The whole line is given anew; what was believed before
    /// stays in the history (E1-54).
    ///
    /// Codes, questions and warnings as in `addPaymentLine`; `NOT_FOUND` (no such line), `PAYMENT_LINE_WITHDRAWN`,
    /// `MANDATE_REVOKED` (a line with a revoked mandate would count again).
    async fn correct_payment_line(
        &self,
        ctx: &Context<'_>,
        input: CorrectPaymentLineInput,
    ) -> Result<Payload<CorrectPaymentLineInput>> {
        execute(ctx, input).await
    }

    /// Withdraws a payment line that should never have been; needs `WRITE` and a `reason` (E1-54).
    ///
    /// Codes: `NOT_FOUND` (no such line), `MANDATE_REVOKED` (a line with a revoked mandate would count again). Warning:
    /// `NO_PAYMENT_DATA`.
    async fn withdraw_payment_line(
        &self,
        ctx: &Context<'_>,
        input: WithdrawPaymentLineInput,
    ) -> Result<Payload<WithdrawPaymentLineInput>> {
        execute(ctx, input).await
    }
}
