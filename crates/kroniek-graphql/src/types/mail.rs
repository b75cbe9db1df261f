//! Contacts by kind, billing customer, consent, recipients; and what is open with a customer (N1-10 … N1-25).

use crate::label::Lang;
use crate::scalars::DateTime;
use async_graphql::{ComplexObject, Enum, SimpleObject};
use kroniek_domain::{mail, sign_off};

/// What can be open with a customer.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "sign_off::Kind")]
pub enum ActivityKind {
    /// An order that is not delivered.
    OpenOrder,
    /// An invoice that is not paid.
    UnpaidInvoice,
    /// A repair that is not handed back.
    OpenRepair,
    /// A subscription that runs.
    Subscription,
}

/// Something that is open with a customer.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct OpenActivity {
    /// What it is.
    pub(crate) kind: ActivityKind,
    /// Its number in the system that knows it.
    pub(crate) id: String,
}

#[ComplexObject]
impl OpenActivity {
    /// `kind` in words.
    async fn kind_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.kind.label(lang)
    }
}

/// A predefined kind of contact (N1-15).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "mail::Kind")]
pub enum MailContactKind {
    /// Kept, and not in use for sending yet.
    Sales,
    /// Quotes, orders, packing slips.
    Purchasing,
    /// Invoices.
    Administration,
    /// Numbers and handling of returns, with a copy of their invoices.
    TechnicalService,
    /// Kept, and not in use for sending yet.
    SmsAlert,
    /// The customer that gets the invoices: see `billingCustomer`.
    BillingAddress,
}

/// A contact of a customer by its kind.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct MailContact {
    /// The kind.
    pub(crate) kind: MailContactKind,
    /// Its e-mail addresses, in order.
    pub(crate) emails: Vec<String>,
}

#[ComplexObject]
impl MailContact {
    /// `kind` in words.
    async fn kind_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.kind.label(lang)
    }
}

/// To what an e-mail address has consented (N1-22).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "mail::Consent")]
pub enum ConsentLevel {
    /// 0: to nothing.
    None,
    /// 1: to notifications, the automatic messages.
    Notifications,
    /// 2: to everything, mailings too.
    Everything,
}

/// A consent that was given. When it changed before, the customer's history says.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct MailConsent {
    /// The e-mail address.
    email: String,
    /// To what.
    level: ConsentLevel,
    /// Since when.
    since: DateTime,
}

#[ComplexObject]
impl MailConsent {
    /// `level` in words.
    async fn level_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.level.label(lang)
    }
}

impl From<&mail::GivenConsent> for MailConsent {
    fn from(given: &mail::GivenConsent) -> Self {
        Self {
            email: given.email.clone(),
            level: given.level.into(),
            since: DateTime::of_micros(given.since.time_us),
        }
    }
}

/// A message that is sent without anybody typing an address.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "mail::Message")]
pub enum MessageType {
    /// A quote, to Purchasing.
    Quote,
    /// An order confirmation, to Purchasing.
    Order,
    /// A packing slip, to Purchasing.
    PackingSlip,
    /// An invoice, to Administration; at the billing customer when there is one.
    Invoice,
    /// The number of a return, to the technical service.
    RmaNumber,
    /// The handling of a return, to the technical service.
    RmaHandling,
    /// A copy of the invoice of a return, to the technical service; the invoice itself is an `INVOICE`.
    RmaInvoiceCopy,
    /// A mailing, to the main address; needs consent to everything.
    Mailing,
}

/// Where the address of a recipient comes from.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "mail::Source")]
pub enum RecipientSource {
    /// The contact of the message's kind.
    Kind,
    /// The main e-mail address of the customer's contact: the kind has none.
    Main,
    /// The billing customer.
    Billing,
}

/// Why nothing is sent to an address.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "mail::WhyNot")]
pub enum WhyNot {
    /// It has not consented to such a message. Nothing falls back then.
    NoConsent,
    /// It is known not to work.
    AddressInvalid,
}

/// An address that a message could go to (N1-21, N1-23).
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Recipient {
    /// The address.
    address: String,
    /// Where it comes from.
    source: RecipientSource,
    /// To what it has consented, at the customer that it belongs to.
    consent: ConsentLevel,
    /// Whether the message is sent to it.
    will_send: bool,
    /// Why not.
    why_not: Option<WhyNot>,
}

#[ComplexObject]
impl Recipient {
    /// `source` in words.
    async fn source_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.source.label(lang)
    }

    /// `consent` in words.
    async fn consent_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.consent.label(lang)
    }

    /// `whyNot` in words.
    async fn why_not_label(&self, #[graphql(default)] lang: Lang) -> Option<&'static str> {
        self.why_not.map(|why| why.label(lang))
    }
}

impl From<mail::Recipient> for Recipient {
    fn from(recipient: mail::Recipient) -> Self {
        Self {
            address: recipient.address,
            source: recipient.source.into(),
            consent: recipient.consent.into(),
            will_send: recipient.why_not.is_none(),
            why_not: recipient.why_not.map(WhyNot::from),
        }
    }
}
