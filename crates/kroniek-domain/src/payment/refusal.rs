//! Why payment lines are refused.

use crate::problem::Problem;
use crate::values::Date;

/// Why a payment line is refused. What is wrong with an account or a new mandate as such, their own files say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// There is a line of this date and unit (I4).
    LineExists {
        /// The effective date.
        date: Date,
        /// Number of that line.
        line: u32,
    },
    /// The line is withdrawn.
    LineWithdrawn(u32),
    /// The mode needs a bank account (E1-43).
    BankAccountRequired {
        /// Code of the mode.
        mode: String,
    },
    /// The mode needs no bank account (D-11).
    BankAccountNotAllowed {
        /// Code of the mode.
        mode: String,
    },
    /// The invoice type does not match the mode (E1-51).
    InvoiceTypeMismatch {
        /// Code of the mode.
        mode: String,
        /// The invoice types that match.
        allowed: Vec<String>,
    },
    /// Direct debit from an account without a valid mandate (E1-52).
    MandateRequired {
        /// Code of the account.
        account: String,
    },
    /// The mandate is for another account (E1-52).
    MandateForOtherAccount {
        /// Code of the mandate.
        mandate: String,
        /// Code of the account that it is for.
        account: String,
    },
    /// The mandate is revoked.
    MandateRevoked {
        /// Code of the mandate.
        mandate: String,
    },
    /// The mandate is for one time, and another line uses it (E1-52).
    MandateUsedUp {
        /// Code of the mandate.
        mandate: String,
        /// That line: number, and from when.
        line: (u32, Date),
    },
    /// Without the change, a line with a revoked mandate would count again (I5).
    RevokedMandateReturns {
        /// Code of the mandate.
        mandate: String,
        /// That line: number, and from when.
        line: (u32, Date),
    },
    /// The mandate is signed after the effective date.
    MandateNotInForce {
        /// The input field.
        field: &'static str,
        /// The date of signature.
        signed_on: Date,
    },
    /// A mandate with a mode that is no direct debit.
    MandateNotAllowed {
        /// The input field.
        field: &'static str,
        /// Code of the mode.
        mode: String,
    },
    /// Both an existing and a new mandate.
    MandateGivenTwice,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::LineExists { date, line } => Problem::new(
                "PAYMENT_LINE_EXISTS",
                format!("Payment line {line} holds from {date} already: correct that line, or choose another date."),
            )
            .field("effectiveDate")
            .hint("correctPaymentLine")
            .blocking("PAYMENT_LINE", [line_blocks(*line, *date)]),
            Self::LineWithdrawn(line) => Problem::new(
                "PAYMENT_LINE_WITHDRAWN",
                format!("Payment line {line} is withdrawn: add a new line instead."),
            )
            .field("lineId"),
            Self::BankAccountRequired { mode } => Problem::new(
                "BANK_ACCOUNT_REQUIRED",
                format!("Transaction mode {mode} needs a bank account of the customer: choose one."),
            )
            .field("bankAccount"),
            Self::BankAccountNotAllowed { mode } => Problem::new(
                "BANK_ACCOUNT_NOT_ALLOWED",
                format!("Transaction mode {mode} uses no bank account: leave it out."),
            )
            .field("bankAccount"),
            Self::InvoiceTypeMismatch { mode, allowed } => {
                let message = if allowed.is_empty() {
                    format!("No invoice type matches transaction mode {mode} yet: give it some in its code list.")
                } else {
                    format!("This invoice type does not match transaction mode {mode}; use {}.", allowed.join(" or "))
                };
                Problem::new("INVOICE_TYPE_MISMATCH", message).field("invoiceType").options(allowed)
            }
            Self::MandateRequired { account } => Problem::new(
                "MANDATE_REQUIRED",
                format!("There is no valid mandate for bank account {account}: have one signed and give it as newMandate."),
            )
            .field("mandate"),
            Self::MandateForOtherAccount { mandate, account } => Problem::new(
                "MANDATE_FOR_OTHER_ACCOUNT",
                format!("Mandate {mandate} is for bank account {account}: choose one for this account, or give a newMandate."),
            )
            .field("mandate"),
            Self::MandateRevoked { mandate } => Problem::new(
                "MANDATE_REVOKED",
                format!("Mandate {mandate} is revoked: have a new one signed and give it as newMandate."),
            )
            .field("mandate"),
            Self::MandateUsedUp { mandate, line: (line, date) } => Problem::new(
                "MANDATE_REQUIRED",
                format!("Mandate {mandate} is for one time, and line {line} uses it: have a new one signed and give it as newMandate."),
            )
            .field("mandate")
            .blocking("PAYMENT_LINE", [line_blocks(*line, *date)]),
            Self::RevokedMandateReturns { mandate, line: (line, date) } => Problem::new(
                "MANDATE_REVOKED",
                format!(
                    "Payment line {line} from {date} would count, but its mandate {mandate} is revoked: \
                     correct or withdraw that line first."
                ),
            )
            .field("lineId")
            .blocking("PAYMENT_LINE", [line_blocks(*line, *date)]),
            Self::MandateNotInForce { field, signed_on } => Problem::new(
                "MANDATE_NOT_IN_FORCE",
                format!("The mandate is signed on {signed_on}: choose an effectiveDate from that day on, or another mandate."),
            )
            .field(*field),
            Self::MandateNotAllowed { field, mode } => Problem::new(
                "MANDATE_NOT_ALLOWED",
                format!("Transaction mode {mode} is no direct debit: leave the mandate out."),
            )
            .field(*field),
            Self::MandateGivenTwice => Problem::new(
                "MANDATE_GIVEN_TWICE",
                "Give the code of an existing mandate, or a new mandate, not both.",
            )
            .field("newMandate"),
        }
    }
}

fn line_blocks(line: u32, from: Date) -> (String, String) {
    (line.to_string(), format!("line {line} from {from}"))
}
