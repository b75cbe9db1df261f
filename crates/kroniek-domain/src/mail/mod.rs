//! To which e-mail addresses automatic messages of a shop go (N1-15 … N1-25, D-18 … D-20; scenario 14).
//!
//! A customer has at most one contact of each of six kinds, and several addresses inside it. A message has a kind; where
//! that kind has no address, the main e-mail address of the customer's own contact stands in, never that of a contact
//! person. An invoice goes to the billing customer, one step and no further. Whether an address is written to depends on
//! its consent, which is kept per customer and address: without it nothing is sent, and nothing falls back.

#[cfg(test)]
mod tests;

use crate::channel::Status;
use crate::contact::Contact;
use crate::customer::Customer;
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{At, ContactId, CustomerId, CustomerRef, EntityId};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::{General, Problem};
use crate::sign_off;
use crate::status_right;
use crate::values;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The predefined kinds of contact (N1-16 … N1-21). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Kept, and not in use for sending yet.
    Sales,
    /// Quotes, orders, packing slips.
    Purchasing,
    /// Invoices.
    Administration,
    /// Returns and repairs.
    TechnicalService,
    /// Kept, and not in use for sending yet.
    SmsAlert,
    /// Not an address but a customer number: who gets the invoices.
    BillingAddress,
}

crate::stored_numbers! { Kind {
    Sales = 1 "SALES",
    Purchasing = 2 "PURCHASING",
    Administration = 3 "ADMINISTRATION",
    TechnicalService = 4 "TECHNICAL_SERVICE",
    SmsAlert = 5 "SMS_ALERT",
    BillingAddress = 6 "BILLING_ADDRESS",
} }

/// To what an address has consented (N1-22). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Consent {
    /// To nothing.
    #[default]
    None,
    /// To notifications: the automatic messages.
    Notifications,
    /// To everything, mailings too.
    Everything,
}

crate::stored_numbers! { Consent {
    None = 0 "NONE",
    Notifications = 1 "NOTIFICATIONS",
    Everything = 2 "EVERYTHING",
} }

/// A message that is sent without anybody typing an address.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// A quote.
    Quote,
    /// An order confirmation.
    Order,
    /// A packing slip.
    PackingSlip,
    /// An invoice, also that of a repair.
    Invoice,
    /// The number under which something is returned.
    RmaNumber,
    /// What became of a return.
    RmaHandling,
    /// A copy of the invoice of a return, beside the invoice itself.
    RmaInvoiceCopy,
    /// A mailing to everybody.
    Mailing,
}

impl Message {
    /// All messages.
    pub const ALL: &[Self] = &[
        Self::Quote,
        Self::Order,
        Self::PackingSlip,
        Self::Invoice,
        Self::RmaNumber,
        Self::RmaHandling,
        Self::RmaInvoiceCopy,
        Self::Mailing,
    ];

    /// The kind of contact that it goes to; none for a mailing, which goes to the main address.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Quote | Self::Order | Self::PackingSlip => Some(Kind::Purchasing),
            Self::Invoice => Some(Kind::Administration),
            Self::RmaNumber | Self::RmaHandling | Self::RmaInvoiceCopy => Some(Kind::TechnicalService),
            Self::Mailing => None,
        }
    }

    /// The least consent that it needs.
    pub fn needs(self) -> Consent {
        match self {
            Self::Mailing => Consent::Everything,
            Self::Quote
            | Self::Order
            | Self::PackingSlip
            | Self::Invoice
            | Self::RmaNumber
            | Self::RmaHandling
            | Self::RmaInvoiceCopy => Consent::Notifications,
        }
    }
}

// ---- commands

/// Says which addresses a kind of contact has; a blank text takes them away (N1-15, N1-24).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetContact {
    /// The customer.
    pub customer: CustomerRef,
    /// The kind, by its name.
    pub kind: String,
    /// E-mail addresses, separated by semicolons.
    pub email: String,
}

/// Says who gets the invoices; nobody else when left out (N1-21).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetBillingCustomer {
    /// The customer.
    pub customer: CustomerRef,
    /// Who gets its invoices.
    pub billing: Option<CustomerRef>,
}

/// Says to what an e-mail address of a customer has consented (N1-22).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetMailConsent {
    /// The customer.
    pub customer: CustomerRef,
    /// The address.
    pub email: String,
    /// 0, 1 or 2.
    pub level: i64,
}

// ---- events

/// The addresses of a kind of contact are these now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ContactSet {
    /// The customer.
    pub customer: CustomerId,
    /// The kind.
    pub kind: Kind,
    /// The addresses in order; the subject is the customer's contact.
    pub emails: Personal<Vec<String>>,
}

/// Who gets the invoices is another one now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BillingCustomerSet {
    /// The customer.
    pub customer: CustomerId,
    /// Who got them before, when not the customer itself.
    pub before: Option<CustomerId>,
    /// Who gets them now, when not the customer itself.
    pub now: Option<CustomerId>,
}

/// An e-mail address has consented to something else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MailConsentChanged {
    /// The customer.
    pub customer: CustomerId,
    /// The address; the subject is the customer's contact.
    pub email: Personal<String>,
    /// To what it had consented.
    pub before: Consent,
    /// To what it has consented now.
    pub now: Consent,
}

stored_events! {
    /// The addresses of a kind of contact.
    170 v 1 ContactSet,
    /// Who gets the invoices.
    171 v 1 BillingCustomerSet,
    /// To what an address has consented.
    172 v 1 MailConsentChanged,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        match self {
            Self::ContactSet(e) => vec![EntityId::Customer(e.customer)],
            Self::BillingCustomerSet(e) => {
                let all = [Some(e.customer), e.before, e.now];
                all.into_iter().flatten().map(EntityId::Customer).collect()
            }
            Self::MailConsentChanged(e) => vec![EntityId::Customer(e.customer)],
        }
    }
}

// ---- refusals

/// Why contacts, billing or consent are refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// One part of a list is no e-mail address.
    InvalidEmail {
        /// That part, shortened.
        part: String,
        /// Whether a comma stands in it.
        comma: bool,
    },
    /// What should be one e-mail address is none.
    NotOneEmail {
        /// What was typed, shortened.
        typed: String,
    },
    /// More addresses than a kind may have.
    TooManyEmails,
    /// The billing address is a customer, not an e-mail address.
    BillingIsACustomer,
    /// A customer is its own billing address without being told.
    BillingSelf,
    /// The billing customer has one itself.
    BillingPassesOn {
        /// Number of the billing customer.
        number: String,
        /// Who gets its invoices.
        to: CustomerId,
        /// The number of that one.
        to_number: String,
    },
    /// The customer is the billing customer of others; who it is, for whoever may see them all.
    BillingOfOthers(Option<(CustomerId, String)>),
    /// Not 0, 1 or 2.
    InvalidConsent,
    /// More addresses with consent than a customer may have.
    TooManyConsents,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::InvalidEmail { part, comma } => {
                let problem = Problem::new(
                    "INVALID_EMAIL",
                    format!("\"{part}\" is not an e-mail address; write name@domain.tld, several separated by ; signs."),
                )
                .field("email");
                if *comma {
                    problem.hint("Separate addresses by a semicolon, not by a comma.")
                } else {
                    problem
                }
            }
            Self::NotOneEmail { typed } => Problem::new(
                "INVALID_EMAIL",
                format!("\"{typed}\" is not an e-mail address; write one, as name@domain.tld."),
            )
            .field("email"),
            Self::TooManyEmails => Problem::new(
                "TOO_MANY_EMAILS",
                format!("One kind of contact may have {MOST_EMAILS} addresses at most: leave some out."),
            )
            .field("email"),
            Self::BillingIsACustomer => Problem::new(
                "FIELD_NOT_ALLOWED",
                "The billing address is a customer, not an e-mail address: name it with setBillingCustomer.",
            )
            .field("email")
            .hint("setBillingCustomer"),
            Self::BillingSelf => Problem::new(
                "BILLING_SELF",
                "A customer gets its own invoices anyway; leave billingCustomerNo out to go back to that.",
            )
            .field("billingCustomerNo"),
            Self::BillingPassesOn { number, to, to_number } => Problem::new(
                "BILLING_CHAIN",
                format!(
                    "Invoices go on one step only, and those of {number} go to {to_number}: choose {to_number}, or let \
                     {number} get its own invoices first."
                ),
            )
            .field("billingCustomerNo")
            .entity(EntityId::Customer(*to)),
            Self::BillingOfOthers(None) => {
                Problem::new("BILLING_CHAIN", status_right::neutral("BILLING_CHAIN")).field("billingCustomerNo")
            }
            Self::BillingOfOthers(Some((customer, number))) => Problem::new(
                "BILLING_CHAIN",
                format!(
                    "Invoices go on one step only, and {number} gets those of others: give the others another billing \
                     customer first, or ask an administrator to."
                ),
            )
            .field("billingCustomerNo")
            .entity(EntityId::Customer(*customer)),
            Self::InvalidConsent => Problem::new(
                "INVALID_CONSENT",
                "Choose a level of consent: 0 (nothing), 1 (notifications) or 2 (everything).",
            )
            .field("level"),
            Self::TooManyConsents => Problem::new(
                "TOO_MANY_CONSENTS",
                format!(
                    "A customer may have {MOST_CONSENTS} addresses with consent at most; take one back first."
                ),
            )
            .field("email"),
        }
    }
}

/// Most addresses of one kind of contact (N1-24).
const MOST_EMAILS: usize = 20;
/// Most addresses with consent at one customer: they are one state.
const MOST_CONSENTS: usize = 500;

// ---- state

/// Contacts by kind, billing customer, and consent.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Mail {
    /// The addresses of each kind that has any, in order.
    pub contacts: BTreeMap<Kind, Vec<String>>,
    /// Who gets the invoices, when not the customer itself.
    pub billing: Option<CustomerId>,
    /// How many customers have this one as their billing customer.
    pub billed_for: u32,
    /// Consent by the key of the address; none without an entry.
    pub consents: BTreeMap<String, GivenConsent>,
}

/// A consent that was given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GivenConsent {
    /// The address.
    pub email: String,
    /// To what.
    pub level: Consent,
    /// When it was recorded.
    pub since: At,
}

impl Mail {
    /// The addresses of a kind.
    pub fn addresses(&self, kind: Kind) -> &[String] {
        self.contacts.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// To what an address has consented.
    pub fn consent(&self, email: &str) -> Consent {
        self.consents.get(&values::email_key(email)).map_or(Consent::None, |given| given.level)
    }
}

// ---- recipients

/// Why an address is in the list of recipients.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Source {
    /// It is one of the contact of the message's kind.
    Kind,
    /// It is the main address of the customer's contact, because the kind has none.
    Main,
    /// It is one of the billing customer.
    Billing,
}

/// Why an address is not written to.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WhyNot {
    /// It has not consented to such a message.
    NoConsent,
    /// It is known not to work.
    AddressInvalid,
}

/// One address that a message could go to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recipient {
    /// The address.
    pub address: String,
    /// Where it comes from.
    pub source: Source,
    /// To what it has consented, at the customer that it belongs to.
    pub consent: Consent,
    /// Why nothing is sent to it; `None` when it is written to.
    pub why_not: Option<WhyNot>,
}

/// Who gets a message of this type to this customer, and who does not and why (N1-21, N1-23). The caller looks up the
/// billing customer and contacts. Of a billing customer that it does not find, because the actor may not see it (A2-52),
/// nothing is told, and the customer's own addresses are no answer either: the invoice does not go there.
pub fn recipients(
    customer: &Customer,
    message: Message,
    customer_of: &dyn Fn(CustomerId) -> Option<Arc<Customer>>,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
) -> Vec<Recipient> {
    let billing = customer.shop.as_ref().and_then(|shop| shop.mail.billing);
    let billing = billing.filter(|_| message == Message::Invoice).map(customer_of);
    let (payer, at_payer) = match &billing {
        Some(Some(billing)) => (&**billing, true),
        Some(None) => return Vec::new(),
        None => (customer, false),
    };
    let none = Mail::default();
    let mail = payer.shop.as_ref().map_or(&none, |shop| &shop.mail);
    let found = |address: &str, source, works: bool| {
        let consent = mail.consent(address);
        let why_not = if !works {
            Some(WhyNot::AddressInvalid)
        } else if consent < message.needs() {
            Some(WhyNot::NoConsent)
        } else {
            None
        };
        let source = if at_payer { Source::Billing } else { source };
        Recipient { address: address.to_owned(), source, consent, why_not }
    };
    let of_kind = message.kind().map_or(&[][..], |kind| mail.addresses(kind));
    if !of_kind.is_empty() {
        return of_kind.iter().map(|address| found(address, Source::Kind, true)).collect();
    }
    let contact = contact_of(payer.contact);
    let stands_in = contact.as_ref().and_then(|contact| contact.main_email());
    stands_in
        .into_iter()
        .filter(|email| !email.value.is_empty())
        .map(|email| found(&email.value, Source::Main, email.status != Status::Invalid))
        .collect()
}

// ---- decide

fn addressed(d: &mut Draft<'_>, customer: &CustomerRef) -> Result<Arc<Customer>, Refused> {
    d.need(Permission::Write)?;
    let customer = d.find_customer("customerNo", customer)?;
    d.address(EntityId::Customer(customer.id))?;
    Ok(customer)
}

fn mail(customer: &Customer) -> Mail {
    customer.shop.as_ref().map(|shop| shop.mail.clone()).unwrap_or_default()
}

/// A part of a list as an error may repeat it: short, and a question mark for whatever no address holds and a reader
/// might not see.
fn shown(part: &str) -> String {
    part.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).take(80).collect()
}

/// Refuses what is no e-mail address: as too long where it is that, else for this reason.
fn refuse_email(d: &mut Draft<'_>, raw: &str, otherwise: Refusal) {
    if values::email_too_long(raw) {
        d.refuse(General::TooLong { field: "email", limit: values::EMAIL_LIMIT });
    } else {
        d.refuse(otherwise);
    }
}

/// Splits a list at its semicolons; each address once, in order (N1-24). Everything that is wrong is refused.
fn read_emails(d: &mut Draft<'_>, raw: &str) -> Option<Vec<String>> {
    // Hostile input: what cannot be a list of so many addresses is not read.
    if raw.len() > MOST_EMAILS * (values::EMAIL_LIMIT + 2) * 2 {
        d.refuse(Refusal::TooManyEmails);
        return None;
    }
    let mut emails: Vec<String> = Vec::new();
    let mut right = true;
    for part in raw.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        match values::email(part) {
            Some(email) if emails.contains(&email) => {}
            Some(email) => emails.push(email),
            None if right => {
                let comma = part.contains(',');
                let refusal = Refusal::InvalidEmail { part: shown(part), comma };
                if comma {
                    // Several were meant, of which each may be short enough.
                    d.refuse(refusal);
                } else {
                    refuse_email(d, part, refusal);
                }
                right = false;
            }
            None => {}
        }
    }
    if right && emails.len() > MOST_EMAILS {
        d.refuse(Refusal::TooManyEmails);
        return None;
    }
    right.then_some(emails)
}

impl Decide for SetContact {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.customer)?;
        let kind = d.choice("kind", (Kind::ALL, Kind::name), &self.kind);
        if kind == Some(Kind::BillingAddress) {
            d.refuse(Refusal::BillingIsACustomer);
        }
        let emails = read_emails(d, &self.email);
        d.stop_if_refused()?;
        let (Some(kind), Some(emails)) = (kind, emails) else { return Err(Refused) };
        if mail(&customer).addresses(kind) != emails {
            let emails = Personal::new(customer.contact, emails);
            d.record(ContactSet { customer: customer.id, kind, emails });
        }
        Ok(())
    }
}

impl Decide for SetBillingCustomer {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.customer)?;
        let Mail { billing: before, billed_for, .. } = mail(&customer);
        // As with a parent company: one that the actor may not see is none to take away, nor to replace (A2-52).
        let hidden = before.is_some_and(|billing| !d.sees_customer(billing));
        let now = match &self.billing {
            None => None,
            Some(billing) => {
                let billing = d.find_customer("billingCustomerNo", billing)?;
                if billing.id == customer.id {
                    return Err(d.refuse(Refusal::BillingSelf));
                }
                if hidden {
                    return Err(d.refuse(General::NotYoursToReplace { field: "billingCustomerNo" }));
                }
                if before == Some(billing.id) {
                    return Ok(());
                }
                let _reported = sign_off::must_be_active(d, "billingCustomerNo", &billing);
                if let Some(to) = mail(&billing).billing.filter(|to| *to != customer.id) {
                    let to_number = d.customer(to).map_or_else(String::new, |to| to.number.clone());
                    d.refuse(Refusal::BillingPassesOn { number: billing.number.clone(), to, to_number });
                } else if billed_for > 0 {
                    // Whoever is billed through this customer would be two steps away.
                    let known = d.sees_everybody().then(|| (customer.id, customer.number.clone()));
                    d.refuse(Refusal::BillingOfOthers(known));
                }
                Some(billing.id)
            }
        };
        d.stop_if_refused()?;
        if before != now && !hidden {
            d.record(BillingCustomerSet { customer: customer.id, before, now });
        }
        Ok(())
    }
}

impl Decide for SetMailConsent {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.customer)?;
        let level = u8::try_from(self.level).ok().and_then(|level| Consent::try_from(level).ok());
        if level.is_none() {
            d.refuse(Refusal::InvalidConsent);
        }
        let raw = self.email.trim();
        let email = values::email(raw);
        if raw.is_empty() {
            d.refuse(General::Required("email"));
        } else if email.is_none() {
            refuse_email(d, raw, Refusal::NotOneEmail { typed: shown(raw) });
        }
        let (Some(email), Some(now)) = (email, level) else { return Err(Refused) };
        let mail = mail(&customer);
        let before = mail.consent(&email);
        if before == now {
            return Ok(());
        }
        if before == Consent::None && mail.consents.len() >= MOST_CONSENTS {
            return Err(d.refuse(Refusal::TooManyConsents));
        }
        let email = Personal::new(customer.contact, email);
        d.record(MailConsentChanged { customer: customer.id, email, before, now });
        Ok(())
    }
}

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, at: At, event: &Event) {
    let id = customer.id;
    let mail = &mut customer.shop_mut().mail;
    match event {
        Event::ContactSet(e) => {
            // Erased addresses are as none.
            let emails = e.emails.get().cloned().unwrap_or_default();
            if emails.is_empty() {
                mail.contacts.remove(&e.kind);
            } else {
                mail.contacts.insert(e.kind, emails);
            }
        }
        Event::BillingCustomerSet(e) => {
            if e.customer == id {
                mail.billing = e.now;
            }
            if e.before == Some(id) {
                mail.billed_for = mail.billed_for.saturating_sub(1);
            }
            if e.now == Some(id) {
                mail.billed_for += 1;
            }
        }
        Event::MailConsentChanged(e) => {
            let Some(email) = e.email.get() else { return };
            let key = values::email_key(email);
            if e.now == Consent::None {
                mail.consents.remove(&key);
            } else {
                let given = GivenConsent { email: email.clone(), level: e.now, since: at };
                mail.consents.insert(key, given);
            }
        }
    }
}
