//! Payment lines: how a customer pays, as of a date (E1-41 … E1-43, E1-48 … E1-55).

use super::bank_account::BankAccount;
use super::code_list::CodeRow;
use super::customer::Customer;
use super::mandate::Mandate;
use crate::label::Lang;
use crate::scalars::DateText;
use async_graphql::{Description, Enum, Object, Result};
use kroniek_domain::{code_list, payment};

/// What to do with open items when another bank account is chosen (E1-50).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "payment::OpenItems")]
pub enum OpenItems {
    /// Do not adjust open items.
    None,
    /// Ask the ledger to adjust all of them (D-9).
    All,
    /// Ask the ledger to adjust those from the effective date on (D-9).
    FromDate,
}

/// A payment line: how a customer pays from its effective date on, until the next line of the same unit. A line without
/// a unit holds for all units that have none of their own. Lines are never overwritten (E1-42).
#[derive(Description)]
pub struct PaymentLine {
    customer: Customer,
    line: payment::PaymentLine,
}

impl PaymentLine {
    pub(crate) fn new(customer: &Customer, line: &payment::PaymentLine) -> Self {
        Self { customer: customer.clone(), line: line.clone() }
    }
}

#[Object(use_type_description)]
impl PaymentLine {
    /// Number of the line within the customer, for `correctPaymentLine` and `withdrawPaymentLine`. Never reused.
    async fn line(&self) -> u32 {
        self.line.id
    }

    /// From when it holds.
    async fn effective_date(&self) -> DateText {
        self.line.content.effective.into()
    }

    /// The first day on which a later line of the same unit takes its place; null while there is none.
    async fn until(&self) -> Option<DateText> {
        payment::until(self.customer.state(), &self.line).map(DateText::from)
    }

    /// The one unit that it is for (E1-55); null: for all units without a line of their own.
    async fn unit_no(&self) -> Option<&str> {
        self.line.content.unit.as_deref()
    }

    /// Code of the transaction mode (code list `TRANSACTION_MODE`).
    async fn transaction_mode(&self) -> &str {
        &self.line.content.mode
    }

    /// The row of the transaction mode; null when the list has it no longer.
    async fn transaction_mode_row(&self) -> Result<Option<CodeRow>> {
        self.customer.reader().code(code_list::TRANSACTION_MODE, &self.line.content.mode)
    }

    /// `transactionMode` in words.
    async fn transaction_mode_label(&self, #[graphql(default)] lang: Lang) -> Result<String> {
        self.customer.reader().label(code_list::TRANSACTION_MODE, &self.line.content.mode, lang)
    }

    /// Code of the invoice type (code list `INVOICE_TYPE`), one that the mode allows (E1-51).
    async fn invoice_type(&self) -> &str {
        &self.line.content.invoice_type
    }

    /// The row of the invoice type; null when the list has it no longer.
    async fn invoice_type_row(&self) -> Result<Option<CodeRow>> {
        self.customer.reader().code(code_list::INVOICE_TYPE, &self.line.content.invoice_type)
    }

    /// `invoiceType` in words.
    async fn invoice_type_label(&self, #[graphql(default)] lang: Lang) -> Result<String> {
        self.customer.reader().label(code_list::INVOICE_TYPE, &self.line.content.invoice_type, lang)
    }

    /// The bank account, where the mode requires one (E1-43).
    async fn bank_account(&self) -> Option<BankAccount> {
        BankAccount::of(&self.customer, self.line.content.account.as_deref()?)
    }

    /// The mandate, for direct debit: always one of the line's own account (I5).
    async fn mandate(&self) -> Option<Mandate> {
        let mandate = self.customer.state().mandate(self.line.content.mandate.as_deref()?);
        mandate.map(|mandate| Mandate::new(&self.customer, mandate))
    }

    /// What was answered about open items (E1-50); null when it was not asked.
    async fn open_items(&self) -> Option<OpenItems> {
        self.line.content.open_items.map(OpenItems::from)
    }

    /// `openItems` in words.
    async fn open_items_label(&self, #[graphql(default)] lang: Lang) -> Option<&'static str> {
        self.line.content.open_items.map(|items| OpenItems::from(items).label(lang))
    }

    /// Whether it once said something else; the history tells what (E1-54).
    async fn corrected(&self) -> bool {
        self.line.corrected
    }

    /// Whether it was withdrawn: it counts for nothing, and is kept for those who look back (E1-54).
    async fn withdrawn(&self) -> bool {
        self.line.withdrawn
    }
}
