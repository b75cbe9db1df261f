//! Bank accounts of a customer, and the address of their holder (E1-23, E1-44 … E1-47, E1-43 for blocking; D-12).
//!
//! An account has a code that is unique at its customer. Whether its holder's address follows the customer's
//! correspondence address is asked when the account is made, and can be switched later. It follows from the day of "yes"
//! on: what was valid before that day stays as it was.

#[cfg(test)]
pub(crate) mod tests;

use crate::customer::Customer;
use crate::draft::{CODE_LIMIT, Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{ContactId, CustomerId, CustomerRef, EntityId};
use crate::payment;
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::{General, Problem, Prompt};
use crate::timeline::Timeline;
use crate::values::name::NAME_LIMIT;
use crate::values::{self, Address, Date, IbanProblem};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

// ---- commands

/// Adds a bank account to a customer (E1-45, E1-46).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AddBankAccount {
    /// Whose.
    pub customer: CustomerRef,
    /// A code that no other account of the customer has, in any case.
    pub code: String,
    /// The IBAN as typed.
    pub iban: String,
    /// Name of the holder; the name of the customer's contact when left out.
    pub holder_name: Option<String>,
    /// The BIC; that of the IBAN's bank when left out and known.
    pub bic: Option<String>,
    /// The answer to whether the holder's address follows the customer's; asked when left out.
    pub sync_holder_address: Option<bool>,
}

/// Switches whether the holder's address follows the customer's (E1-47).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetHolderAddressSync {
    /// Whose account.
    pub customer: CustomerRef,
    /// Code of the account.
    pub code: String,
    /// Whether it follows from now on.
    pub on: bool,
}

/// Blocks a bank account for new mandates and payment lines (E1-43). The reason comes with the command and is mandatory.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BlockBankAccount {
    /// Whose account.
    pub customer: CustomerRef,
    /// Code of the account.
    pub code: String,
}

/// Lifts the block of a bank account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UnblockBankAccount {
    /// Whose account.
    pub customer: CustomerRef,
    /// Code of the account.
    pub code: String,
}

// ---- events

/// A customer got a bank account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BankAccountAdded {
    /// Whose.
    pub customer: CustomerId,
    /// Its code.
    pub code: String,
    /// The IBAN, in electronic form.
    pub iban: Personal<String>,
    /// The BIC, typed or derived.
    pub bic: Option<String>,
    /// Name of the holder.
    pub holder_name: Personal<String>,
}

/// It was said whether the holder's address follows the customer's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HolderAddressSyncSet {
    /// Whose account.
    pub customer: CustomerId,
    /// Its code.
    pub code: String,
    /// Whether it follows.
    pub on: bool,
    /// The day on which this was said; nothing before it is ever copied (E1-46).
    pub from: Date,
}

/// The holder's address became the customer's (E1-23, D-12).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AccountHolderAddressSynced {
    /// Whose account.
    pub customer: CustomerId,
    /// Its code.
    pub code: String,
    /// From when the address holds.
    pub from: Date,
    /// The address.
    pub address: Personal<Address>,
}

/// A bank account was blocked, or blocked for another reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BankAccountBlocked {
    /// Whose account.
    pub customer: CustomerId,
    /// Its code.
    pub code: String,
    /// Why.
    pub reason: Personal<String>,
}

/// The block was lifted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BankAccountUnblocked {
    /// Whose account.
    pub customer: CustomerId,
    /// Its code.
    pub code: String,
}

stored_events! {
    /// A customer got a bank account.
    70 v 1 BankAccountAdded,
    /// Whether the holder's address follows.
    71 v 1 HolderAddressSyncSet,
    /// The holder's address became the customer's.
    72 v 1 AccountHolderAddressSynced,
    /// A bank account was blocked.
    73 v 1 BankAccountBlocked,
    /// The block was lifted.
    74 v 1 BankAccountUnblocked,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let customer = match self {
            Self::BankAccountAdded(e) => e.customer,
            Self::HolderAddressSyncSet(e) => e.customer,
            Self::AccountHolderAddressSynced(e) => e.customer,
            Self::BankAccountBlocked(e) => e.customer,
            Self::BankAccountUnblocked(e) => e.customer,
        };
        vec![EntityId::Customer(customer)]
    }
}

// ---- refusals

/// Why a bank account is refused. None of these tells an IBAN.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The customer has an account with this code.
    BankCodeExists(String),
    /// The customer has an account with this IBAN.
    IbanExists {
        /// Code of that account.
        code: String,
    },
    /// Not an IBAN.
    InvalidIban(IbanProblem),
    /// Not a BIC.
    InvalidBic,
    /// The code names no account of this customer.
    NotOfCustomer {
        /// The input field.
        field: &'static str,
    },
    /// The account is blocked.
    Blocked {
        /// The input field.
        field: &'static str,
        /// Code of the account.
        code: String,
    },
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::BankCodeExists(code) => {
                let message = format!("The customer already has a bank account {code}; choose another code.");
                Problem::new("BANK_CODE_EXISTS", message).field("code")
            }
            Self::IbanExists { code } => Problem::new(
                "IBAN_EXISTS",
                format!("Bank account {code} already has this IBAN; use that one."),
            )
            .field("iban"),
            Self::InvalidIban(why) => Problem::new(
                "INVALID_IBAN",
                format!("This is no IBAN: {why}. Copy it from a bank statement."),
            )
            .field("iban")
            .hint(why.as_str()),
            Self::InvalidBic => Problem::new(
                "INVALID_BIC",
                "A BIC has 8 or 11 characters, such as INGBNL2A; leave it out to have it derived.",
            )
            .field("bic"),
            Self::NotOfCustomer { field } => Problem::new(
                "BANK_ACCOUNT_NOT_OF_CUSTOMER",
                "The customer has no bank account with this code: choose one of its own, or add it first.",
            )
            .field(*field),
            Self::Blocked { field, code } => Problem::new(
                "BANK_ACCOUNT_BLOCKED",
                format!("Bank account {code} is blocked: choose another one, or unblock it first."),
            )
            .field(*field),
        }
    }
}

// ---- state

/// A bank account of a customer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BankAccount {
    /// Its code, unique at the customer.
    pub code: String,
    /// The IBAN in electronic form; empty when erased.
    pub iban: String,
    /// The BIC, where known.
    pub bic: Option<String>,
    /// Name of the holder; empty when erased.
    pub holder_name: String,
    /// Whether the holder's address follows the customer's.
    pub sync_holder_address: bool,
    /// The day on which the last answer to that was given.
    pub sync_answered: Option<Date>,
    /// The holder's address by date.
    pub holder_address: Timeline<Address>,
    /// Why it is blocked, when it is; empty when erased.
    pub blocked: Option<String>,
}

// ---- decide

impl Decide for AddBankAccount {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.customer)?;
        let code = d.text("code", values::code(&self.code, CODE_LIMIT));
        if let Some(code) = code.as_ref().filter(|code| customer.account(code).is_some()) {
            d.refuse(Refusal::BankCodeExists(code.clone()));
        }
        let iban = read_iban(d, &customer, &self.iban);
        let bic = read_bic(d, self.bic.as_ref());
        let holder_name = read_holder_name(d, &customer, self.holder_name.as_ref());
        if self.sync_holder_address.is_none() {
            d.ask(Prompt::SyncHolderAddress, Some(EntityId::Customer(customer.id)));
        }
        d.stop_if_refused()?;
        let (Some(code), Some(iban), Some(bic), Some(holder_name), Some(sync)) =
            (code, iban, bic, holder_name, self.sync_holder_address)
        else {
            return Err(Refused);
        };
        let derived = values::bic_of(&iban);
        if let (Some(given), Some(derived)) = (&bic, derived)
            && !given.starts_with(derived)
        {
            let message =
                format!("The BIC {given} is kept, but the bank of this IBAN is known as {derived}.");
            d.warn("BIC_DIFFERS_FROM_IBAN", message, Some(EntityId::Customer(customer.id)));
        }
        let subject = customer.contact;
        d.record(BankAccountAdded {
            customer: customer.id,
            code: code.clone(),
            iban: Personal::new(subject, iban),
            bic: bic.or_else(|| derived.map(str::to_owned)),
            holder_name: Personal::new(subject, holder_name),
        });
        set_sync(d, &customer, &code, sync);
        Ok(())
    }
}

impl Decide for SetHolderAddressSync {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.customer)?;
        let account = find(d, &customer, &self.code).ok_or(Refused)?;
        if account.sync_holder_address != self.on {
            set_sync(d, &customer, &account.code, self.on);
        }
        Ok(())
    }
}

impl Decide for BlockBankAccount {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.customer)?;
        let account = find(d, &customer, &self.code);
        let reason = d.reason();
        let (Some(account), Some(reason)) = (account, reason) else { return Err(Refused) };
        if account.blocked.as_ref() == Some(&reason) {
            return Ok(());
        }
        // The block keeps new lines away; whoever blocks must know of the lines that go on.
        let today = d.today();
        if payment::live(&customer.payment_lines, today)
            .any(|l| l.content.account.as_ref() == Some(&account.code))
        {
            let message = format!(
                "Payment lines go on using bank account {}: add a new line to end them.",
                account.code
            );
            d.warn("BANK_ACCOUNT_IN_USE", message, Some(EntityId::Customer(customer.id)));
        }
        let (code, reason) = (account.code.clone(), Personal::new(customer.contact, reason));
        d.record(BankAccountBlocked { customer: customer.id, code, reason });
        Ok(())
    }
}

impl Decide for UnblockBankAccount {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.customer)?;
        let account = find(d, &customer, &self.code).ok_or(Refused)?;
        if account.blocked.is_some() {
            d.record(BankAccountUnblocked { customer: customer.id, code: account.code.clone() });
        }
        Ok(())
    }
}

/// The customer whose payment data is changed, after the checks that all such commands begin with.
pub(crate) fn addressed(d: &mut Draft<'_>, customer: &CustomerRef) -> Result<Arc<Customer>, Refused> {
    d.need(Permission::Write)?;
    let customer = d.find_customer("customerNo", customer)?;
    d.address(EntityId::Customer(customer.id))?;
    Ok(customer)
}

/// The account that a command is about.
fn find<'c>(d: &mut Draft<'_>, customer: &'c Customer, raw: &str) -> Option<&'c BankAccount> {
    let code = d.text("code", values::code(raw, CODE_LIMIT))?;
    let found = customer.account(&code);
    if found.is_none() {
        d.refuse(General::NotFound { field: "code" });
    }
    found
}

/// The account chosen for a mandate or a payment line: the customer's own, and not blocked. `keep` is the account that
/// the corrected line has already: the block keeps it from new uses only.
pub(crate) fn choose(
    d: &mut Draft<'_>,
    customer: &Customer,
    field: &'static str,
    code: String,
    keep: Option<&str>,
) -> Option<String> {
    let refusal = match customer.account(&code) {
        None => Refusal::NotOfCustomer { field },
        Some(account) if account.blocked.is_some() && keep != Some(code.as_str()) => {
            Refusal::Blocked { field, code }
        }
        Some(_) => return Some(code),
    };
    d.refuse(refusal);
    None
}

fn read_iban(d: &mut Draft<'_>, customer: &Customer, raw: &str) -> Option<String> {
    if raw.trim().is_empty() {
        d.refuse(General::Required("iban"));
        return None;
    }
    match values::iban(raw) {
        Err(why) => {
            d.refuse(Refusal::InvalidIban(why));
            None
        }
        Ok(iban) => match customer.accounts.iter().find(|account| account.iban == iban) {
            Some(account) => {
                d.refuse(Refusal::IbanExists { code: account.code.clone() });
                None
            }
            None => Some(iban),
        },
    }
}

#[allow(clippy::option_option, reason = "outer: was it refused; inner: was one given")]
fn read_bic(d: &mut Draft<'_>, raw: Option<&String>) -> Option<Option<String>> {
    let Some(raw) = raw.filter(|raw| !raw.trim().is_empty()) else { return Some(None) };
    let bic = values::bic(raw);
    if bic.is_none() {
        d.refuse(Refusal::InvalidBic);
    }
    bic.map(Some)
}

fn read_holder_name(d: &mut Draft<'_>, customer: &Customer, raw: Option<&String>) -> Option<String> {
    let given = d.optional_text("holderName", raw, |raw| values::line(raw, NAME_LIMIT))?;
    given.or_else(|| {
        let name = d.contact(customer.contact).map(|contact| contact.name.clone()).unwrap_or_default();
        d.text("holderName", Ok(name))
    })
}

/// Records the answer; at "yes" the holder gets the customer's address as of today, and the moves that are already
/// planned: they are changes to come (E1-46, D-12).
fn set_sync(d: &mut Draft<'_>, customer: &Customer, code: &str, on: bool) {
    let from = d.today();
    d.record_with(HolderAddressSyncSet { customer: customer.id, code: code.to_owned(), on, from }, |d| {
        let Some(contact) = d.contact(customer.contact).filter(|_| on) else { return };
        if let Some(address) = contact.correspondence.on(from) {
            copy(d, customer, code, from, address);
        }
        for (date, address) in contact.correspondence.entries().iter().filter(|(date, _)| *date > from) {
            copy(d, customer, code, *date, address);
        }
    });
}

/// Copies a change of a contact's correspondence address to the holders that follow it (E1-23): with the same effective
/// date, but never into the time before "yes". The change itself is recorded already.
pub(crate) fn sync_holder_addresses(d: &mut Draft<'_>, contact: ContactId, from: Date, address: &Address) {
    let Some(contact) = d.contact(contact) else { return };
    let Some(customer) = contact.customer.and_then(|id| d.customer(id)) else { return };
    for account in customer.accounts.iter().filter(|account| account.sync_holder_address) {
        match account.sync_answered {
            Some(since) if from < since => {
                // A change as of an earlier date may or may not still hold on the day of "yes".
                if let Some(address) = contact.correspondence.on(since) {
                    copy(d, &customer, &account.code, since, address);
                }
            }
            _ => copy(d, &customer, &account.code, from, address),
        }
    }
}

/// Records the holder's address as of a date, unless exactly that stands there.
fn copy(d: &mut Draft<'_>, customer: &Customer, code: &str, from: Date, address: &Address) {
    let stands = d.customer(customer.id).is_some_and(|customer| {
        let entries =
            customer.account(code).map(|account| account.holder_address.entries()).unwrap_or_default();
        entries.iter().any(|(date, there)| *date == from && there == address)
    });
    if !stands {
        let address = Personal::new(customer.contact, address.clone());
        d.record(AccountHolderAddressSynced { customer: customer.id, code: code.to_owned(), from, address });
    }
}

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, event: &Event) {
    match event {
        Event::BankAccountAdded(e) => customer.accounts.push(BankAccount {
            code: e.code.clone(),
            iban: e.iban.get().cloned().unwrap_or_default(),
            bic: e.bic.clone(),
            holder_name: e.holder_name.get().cloned().unwrap_or_default(),
            sync_holder_address: false,
            sync_answered: None,
            holder_address: Timeline::default(),
            blocked: None,
        }),
        Event::HolderAddressSyncSet(e) => change(customer, &e.code, |account| {
            account.sync_holder_address = e.on;
            account.sync_answered = Some(e.from);
        }),
        Event::AccountHolderAddressSynced(e) => change(customer, &e.code, |account| {
            // An erased address leaves nothing: all addresses of the subject go with its key.
            if let Some(address) = e.address.get() {
                account.holder_address.set(e.from, address.clone());
            }
        }),
        Event::BankAccountBlocked(e) => change(customer, &e.code, |account| {
            account.blocked = Some(e.reason.get().cloned().unwrap_or_default());
        }),
        Event::BankAccountUnblocked(e) => change(customer, &e.code, |account| account.blocked = None),
    }
}

fn change(customer: &mut Customer, code: &str, change: impl FnOnce(&mut BankAccount)) {
    if let Some(account) = customer.accounts.iter_mut().find(|account| account.code == code) {
        change(account);
    }
}
