//! Direct-debit mandates (E1-52, E1-53; D-30).
//!
//! A mandate is the debtor's signature for one bank account. It belongs to that account and stays valid until it is
//! revoked, used or not. Its code is unique at the creditor, that is among all customers; SEPA does not tell upper from
//! lower case in it, so it is kept in upper case.

#[cfg(test)]
mod tests;

use crate::bank_account::{self, addressed};
use crate::customer::Customer;
use crate::draft::{CODE_LIMIT, Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{CustomerId, CustomerRef, EntityId};
use crate::payment;
use crate::personal::Personal;
use crate::problem::{General, Problem};
use crate::values::{self, Date};
use serde::{Deserialize, Serialize};

/// How often a mandate may be used (VERA MACHTIGINGSOORT DOO, EEN). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MandateType {
    /// Until it is revoked.
    Recurring,
    /// Once.
    OneOff,
}

crate::stored_numbers! { MandateType {
    Recurring = 1 "RECURRING",
    OneOff = 2 "ONE_OFF",
} }

// ---- commands

/// Records a mandate that a customer signed for one of its bank accounts (E1-52).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CreateMandate {
    /// Whose.
    pub customer: CustomerRef,
    /// The code on the mandate, unique among all customers.
    pub code: String,
    /// Code of the bank account that it is for.
    pub bank_account: String,
    /// The date of signature.
    pub signed_on: String,
    /// How often it may be used.
    pub kind: MandateType,
}

/// Revokes a mandate (E1-53). The reason comes with the command and is mandatory.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RevokeMandate {
    /// Whose.
    pub customer: CustomerRef,
    /// Its code.
    pub code: String,
}

/// A mandate that is made together with the payment line that first uses it (E1-52); its account is the line's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NewMandate {
    /// The code on the mandate, unique among all customers.
    pub code: String,
    /// The date of signature.
    pub signed_on: String,
    /// How often it may be used.
    pub kind: MandateType,
}

// ---- events

/// A customer signed a mandate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MandateCreated {
    /// Whose.
    pub customer: CustomerId,
    /// Its code.
    pub code: String,
    /// Code of the bank account that it is for.
    pub account: String,
    /// The date of signature.
    pub signed_on: Date,
    /// How often it may be used.
    pub kind: MandateType,
}

/// A mandate was revoked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MandateRevoked {
    /// Whose.
    pub customer: CustomerId,
    /// Its code.
    pub code: String,
    /// As of when.
    pub on: Date,
    /// Why.
    pub reason: Personal<String>,
}

stored_events! {
    /// A customer signed a mandate.
    80 v 1 MandateCreated,
    /// A mandate was revoked.
    81 v 1 MandateRevoked,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let customer = match self {
            Self::MandateCreated(e) => e.customer,
            Self::MandateRevoked(e) => e.customer,
        };
        vec![EntityId::Customer(customer)]
    }
}

// ---- refusals

/// Why a mandate is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Too long, or not of the SEPA set.
    InvalidMandateCode {
        /// The input field.
        field: &'static str,
    },
    /// A mandate with this code exists; whose it is, is not told.
    MandateCodeExists {
        /// The input field.
        field: &'static str,
        /// The code.
        code: String,
    },
    /// A payment line in force or to come uses it.
    MandateInUse {
        /// The code.
        code: String,
        /// Those lines: number, and from when.
        lines: Vec<(u32, Date)>,
    },
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::InvalidMandateCode { field } => Problem::new(
                "INVALID_MANDATE_CODE",
                format!(
                    "A mandate code has at most {} letters, digits, spaces and / - ? : ( ) . , ' +, without a slash at \
                     either end or two in a row: choose another one.",
                    values::bank::MANDATE_CODE_LIMIT
                ),
            )
            .field(*field),
            Self::MandateCodeExists { field, code } => Problem::new(
                "MANDATE_CODE_EXISTS",
                format!("Mandate code {code} was given out before: choose a code that no customer has."),
            )
            .field(*field),
            Self::MandateInUse { code, lines } => Problem::new(
                "MANDATE_IN_USE",
                format!("Payment lines use mandate {code}: end or withdraw them first."),
            )
            .field("code")
            .blocking("PAYMENT_LINE", lines.iter().map(|(id, from)| (id.to_string(), format!("line {id} from {from}")))),
        }
    }
}

// ---- state

/// A mandate of a customer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mandate {
    /// Its code.
    pub code: String,
    /// Code of the bank account that it is for.
    pub account: String,
    /// The date of signature; it is valid from then on.
    pub signed_on: Date,
    /// How often it may be used.
    pub kind: MandateType,
    /// Since when it is revoked, if it is.
    pub revoked: Option<Date>,
    /// Why it was revoked; empty when erased.
    pub revoked_because: Option<String>,
}

// ---- decide

impl Decide for CreateMandate {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.customer)?;
        let fields = Fields { code: "code", signed_on: "signedOn" };
        let new = read_new(d, &customer, fields, &self.code, &self.signed_on, self.kind);
        let account = d
            .text("bankAccount", values::code(&self.bank_account, CODE_LIMIT))
            .and_then(|code| bank_account::choose(d, &customer, "bankAccount", code, None));
        let (Some(new), Some(account)) = (new, account) else { return Err(Refused) };
        create(d, customer.id, account, new);
        Ok(())
    }
}

impl Decide for RevokeMandate {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.customer)?;
        let mandate = read_code(d, "code", &self.code).and_then(|code| {
            let found = customer.mandate(&code);
            if found.is_none() {
                d.refuse(General::NotFound { field: "code" });
            }
            found
        });
        let reason = d.reason();
        let (Some(mandate), Some(reason)) = (mandate, reason) else { return Err(Refused) };
        if mandate.revoked.is_some() {
            return Ok(());
        }
        let lines: Vec<_> = payment::live(&customer.payment_lines, d.today())
            .filter(|line| line.content.mandate.as_ref() == Some(&mandate.code))
            .map(|line| (line.id, line.content.effective))
            .collect();
        if !lines.is_empty() {
            return Err(d.refuse(Refusal::MandateInUse { code: mandate.code.clone(), lines }));
        }
        let reason = Personal::new(customer.contact, reason);
        d.record(MandateRevoked { customer: customer.id, code: mandate.code.clone(), on: d.today(), reason });
        Ok(())
    }
}

/// What the input fields of a new mandate are called.
#[derive(Copy, Clone)]
pub(crate) struct Fields {
    /// Of its code.
    pub(crate) code: &'static str,
    /// Of its date of signature.
    pub(crate) signed_on: &'static str,
}

/// A new mandate as read, whose account is yet to be said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Read {
    /// Its code.
    pub(crate) code: String,
    /// Its date of signature.
    pub(crate) signed_on: Date,
    kind: MandateType,
}

/// Reads a new mandate of a customer; `None` after a refusal.
pub(crate) fn read_new(
    d: &mut Draft<'_>,
    customer: &Customer,
    fields: Fields,
    code: &str,
    signed_on: &str,
    kind: MandateType,
) -> Option<Read> {
    let code = read_code(d, fields.code, code).filter(|code| {
        let free = customer.mandate(code).is_none() && d.world().mandate_owner(code).is_none();
        if !free {
            d.refuse(Refusal::MandateCodeExists { field: fields.code, code: code.clone() });
        }
        free
    });
    // Nobody has signed tomorrow.
    let signed_on = d.past_date(fields.signed_on, signed_on);
    Some(Read { code: code?, signed_on: signed_on?, kind })
}

/// A mandate code in its normal form; `None` after a refusal.
pub(crate) fn read_code(d: &mut Draft<'_>, field: &'static str, raw: &str) -> Option<String> {
    if raw.trim().is_empty() {
        d.refuse(General::Required(field));
        return None;
    }
    let code = values::mandate_code(raw).map(|code| code.to_ascii_uppercase());
    if code.is_none() {
        d.refuse(Refusal::InvalidMandateCode { field });
    }
    code
}

/// Records a mandate that was read, for an account that was chosen.
pub(crate) fn create(d: &mut Draft<'_>, customer: CustomerId, account: String, new: Read) {
    let Read { code, signed_on, kind } = new;
    d.record(MandateCreated { customer, code, account, signed_on, kind });
}

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, event: &Event) {
    match event {
        Event::MandateCreated(e) => customer.mandates.push(Mandate {
            code: e.code.clone(),
            account: e.account.clone(),
            signed_on: e.signed_on,
            kind: e.kind,
            revoked: None,
            revoked_because: None,
        }),
        Event::MandateRevoked(e) => {
            if let Some(mandate) = customer.mandates.iter_mut().find(|mandate| mandate.code == e.code) {
                mandate.revoked = Some(e.on);
                mandate.revoked_because = Some(e.reason.get().cloned().unwrap_or_default());
            }
        }
    }
}
