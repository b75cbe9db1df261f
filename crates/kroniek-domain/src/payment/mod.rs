//! Payment lines: how a customer pays, as of a date (E1-41 … E1-43, E1-48 … E1-55; D-9 … D-11, D-30).
//!
//! A line holds from its effective date until the next line of the same unit; a line without a unit holds for all
//! units that have none of their own. Lines are never overwritten: what changes gets a new line, what was wrong is
//! corrected or withdrawn, and the log keeps what was believed before.
//!
//! Two laws hold after every command. I4: of the lines that are not withdrawn, no two have the same unit and effective
//! date. I5: a line with direct debit has a mandate on its own account, and while it counts, today or later, that
//! mandate is not revoked.

mod decide;
mod refusal;
mod state;
#[cfg(test)]
pub(crate) mod tests;

pub use crate::mandate::NewMandate;
pub use refusal::Refusal;
pub use state::{Demands, LineContent, PaymentLine, Unmet, line_on, lines, until};
pub(crate) use state::{live, unmet};

use crate::customer::Customer;
use crate::event::stored_events;
use crate::ids::{CustomerId, CustomerRef, EntityId};
use crate::personal::Personal;
use serde::{Deserialize, Serialize};

/// What to do with open items when another bank account is chosen (E1-50). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum OpenItems {
    /// Do not adjust open items.
    None,
    /// Ask the ledger to adjust all of them (D-9).
    All,
    /// Ask the ledger to adjust those from the effective date on (D-9).
    FromDate,
}

crate::stored_numbers! { OpenItems {
    None = 1 "NONE",
    All = 2 "ALL",
    FromDate = 3 "FROM_DATE",
} }

// ---- commands

/// Says how a customer pays as of a date (E1-42).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AddPaymentLine {
    /// Who pays.
    pub customer: CustomerRef,
    /// From when.
    pub effective_date: String,
    /// Code of the transaction mode.
    pub transaction_mode: String,
    /// Code of the invoice type; it must match the mode (E1-51).
    pub invoice_type: String,
    /// Code of the bank account, where the mode needs one (E1-43).
    pub bank_account: Option<String>,
    /// Code of the mandate, for direct debit; the newest valid one of the account when left out (D-30).
    pub mandate: Option<String>,
    /// A mandate that is made with the line, in the place of `mandate` (E1-52).
    pub new_mandate: Option<NewMandate>,
    /// The one unit that the line is for (E1-55).
    pub unit_no: Option<String>,
    /// What to do with open items; asked when a bank account is chosen (E1-50).
    pub open_items: Option<OpenItems>,
}

/// Corrects a wrong line: the whole new content is given (E1-54). The reason comes with the command and is mandatory.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CorrectPaymentLine {
    /// Number of the line within the customer.
    pub line: u32,
    /// What it should have said, as a new line says it; it keeps the mandate that it has when that is on the account.
    pub content: AddPaymentLine,
}

/// Withdraws a line that should never have been (E1-54). The reason comes with the command and is mandatory.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WithdrawPaymentLine {
    /// Who pays.
    pub customer: CustomerRef,
    /// Number of the line within the customer.
    pub line: u32,
}

// ---- events

/// A customer pays like this as of a date.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PaymentLineAdded {
    /// Who pays.
    pub customer: CustomerId,
    /// Number of the line within the customer.
    pub line: u32,
    /// What it says.
    pub content: LineContent,
}

/// A line was wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PaymentLineCorrected {
    /// Who pays.
    pub customer: CustomerId,
    /// Number of the line within the customer.
    pub line: u32,
    /// What it said.
    pub before: LineContent,
    /// What it should have said.
    pub after: LineContent,
    /// Why.
    pub reason: Personal<String>,
}

/// A line should never have been.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PaymentLineWithdrawn {
    /// Who pays.
    pub customer: CustomerId,
    /// Number of the line within the customer.
    pub line: u32,
    /// Why.
    pub reason: Personal<String>,
}

/// The ledger is asked to adjust open items to a line (D-9). This core books nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OpenItemsAdjustmentRequested {
    /// Who pays.
    pub customer: CustomerId,
    /// Number of the line within the customer.
    pub line: u32,
    /// Which open items.
    pub open_items: OpenItems,
}

stored_events! {
    /// A line came.
    90 v 1 PaymentLineAdded,
    /// A line was corrected.
    91 v 1 PaymentLineCorrected,
    /// A line was withdrawn.
    92 v 1 PaymentLineWithdrawn,
    /// The ledger is asked to adjust open items.
    93 v 1 OpenItemsAdjustmentRequested,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let customer = match self {
            Self::PaymentLineAdded(e) => e.customer,
            Self::PaymentLineCorrected(e) => e.customer,
            Self::PaymentLineWithdrawn(e) => e.customer,
            Self::OpenItemsAdjustmentRequested(e) => e.customer,
        };
        vec![EntityId::Customer(customer)]
    }
}

// ---- refusals: see `refusal`; state: see `state`; decide: see `decide`

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, event: &Event) {
    match event {
        Event::PaymentLineAdded(e) => {
            customer.next_payment_line = customer.next_payment_line.max(e.line.saturating_add(1));
            let content = e.content.clone();
            customer.payment_lines.push(PaymentLine {
                id: e.line,
                content,
                withdrawn: false,
                corrected: false,
            });
        }
        Event::PaymentLineCorrected(e) => change(customer, e.line, |line| {
            line.content = e.after.clone();
            line.corrected = true;
        }),
        Event::PaymentLineWithdrawn(e) => change(customer, e.line, |line| line.withdrawn = true),
        // The answer stands in the line; the request is the ledger's.
        Event::OpenItemsAdjustmentRequested(_) => {}
    }
}

fn change(customer: &mut Customer, line: u32, change: impl FnOnce(&mut PaymentLine)) {
    if let Some(line) = customer.payment_lines.iter_mut().find(|l| l.id == line) {
        change(line);
    }
}
