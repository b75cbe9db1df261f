//! Customers and their leases (E1-03, E1-04; statuses of §6.3).
//!
//! A customer is the account of exactly one contact, and a contact has at most one customer (D-2). It owns leases, bank
//! accounts, mandates and payment lines; names, channels, addresses and roles it only shows: those are its contact's
//! (E1-02). Customers come from the tenancy system (`ActivateCustomer`), from an office (`CreateRegistration`) or from a
//! shop (`CreateCustomer`).

#[cfg(test)]
pub(crate) mod tests;

use crate::acceptance::{self, Acceptance};
use crate::administration::{self, Administration};
use crate::bank_account::{self, BankAccount};
use crate::card::{self, Card};
use crate::client_status;
use crate::contact::{Contact, Kind};
use crate::draft::{CODE_LIMIT, Decide, Draft, Refused};
use crate::event::{self, stored_events};
use crate::ids::{At, ContactId, ContactRef, CustomerId, CustomerRef, EntityId, Position};
use crate::leader;
use crate::link;
use crate::mandate::{self, Mandate};
use crate::payment::{self, PaymentLine};
use crate::permission::Permission;
use crate::problem::{General, Problem};
use crate::shop::{self, Shop};
use crate::structure::{self, Structure};
use crate::timeline::Timeline;
use crate::values::{self, Date};
use crate::{mail, sign_off};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where a customer stands with the organisation (§6.3). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ClientStatus {
    /// Name known, no contact made.
    Suspect,
    /// Contact made, talks going on.
    Prospect,
    /// Being prepared to become a client.
    AcceptanceDraft,
    /// Prepared; a client approver must agree.
    AcceptanceApproval,
    /// Approved; the last registrations are checked.
    AcceptanceCentral,
    /// A client.
    Client,
    /// A former client.
    ExClient,
    /// Not a client, but with a relation to clients: a bank, an inspectorate.
    Relation,
}

crate::stored_numbers! { ClientStatus {
    Suspect = 1 "SUSPECT",
    Prospect = 2 "PROSPECT",
    AcceptanceDraft = 3 "ACC_DRAFT",
    AcceptanceApproval = 4 "ACC_APPROVAL",
    AcceptanceCentral = 5 "ACC_CENTRAL",
    Client = 6 "CLIENT",
    ExClient = 7 "EX_CLIENT",
    Relation = 8 "RELATION",
} }

// ---- commands

/// Puts a tenancy agreement into effect: the contact becomes a customer (E1-03). For the tenancy system only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ActivateCustomer {
    /// The household; a company or a person that rents for itself may stand here too.
    pub household: ContactRef,
    /// The tenancy system's reference of the lease.
    pub lease_ref: String,
    /// The unit that is let.
    pub unit: Option<String>,
    /// First day of the lease.
    pub start_date: String,
}

/// Records the last day of a lease (E1-04). For the tenancy system only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordLeaseEnded {
    /// Whose lease.
    pub customer: CustomerRef,
    /// Which lease; may be left out when the customer has one.
    pub lease_ref: Option<String>,
    /// Last day of the lease.
    pub end_date: String,
}

// ---- events

/// A contact became a customer because its lease was put into effect.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CustomerActivated {
    /// The new customer.
    pub customer: CustomerId,
    /// The contact whose account it is.
    pub contact: ContactId,
    /// Its customer number.
    pub number: String,
    /// The lease that was put into effect.
    pub lease: Lease,
}

/// A contact became a customer by registration at an office (A2-10).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CustomerCreated {
    /// The new customer.
    pub customer: CustomerId,
    /// The contact whose account it is.
    pub contact: ContactId,
    /// Its customer number.
    pub number: String,
    /// The status that it starts in.
    pub status: ClientStatus,
}

/// The last day of a lease became known, or became another one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LeaseEnded {
    /// Whose lease.
    pub customer: CustomerId,
    /// Which lease.
    pub reference: String,
    /// Its last day.
    pub end: Date,
}

stored_events! {
    /// A contact became a customer by its lease.
    60 v 1 CustomerActivated,
    /// A contact became a customer by registration.
    61 v 1 CustomerCreated,
    /// A lease got its last day.
    62 v 1 LeaseEnded,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        match self {
            Self::CustomerActivated(e) => vec![EntityId::Customer(e.customer), EntityId::Contact(e.contact)],
            Self::CustomerCreated(e) => vec![EntityId::Customer(e.customer), EntityId::Contact(e.contact)],
            Self::LeaseEnded(e) => vec![EntityId::Customer(e.customer)],
        }
    }
}

// ---- refusals

/// Why a customer or lease is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// A household without contractant rents nothing (I1).
    NoContractant {
        /// The input field that would make it rent.
        field: &'static str,
        /// The household.
        household: ContactId,
    },
    /// The contact already has its one customer (D-2).
    CustomerExists {
        /// That customer.
        customer: CustomerId,
        /// Its number.
        number: String,
    },
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::NoContractant { field, household } => Problem::new(
                "NO_CONTRACTANT",
                "The household has no contractant: add a person in a contractant role first.",
            )
            .field(*field)
            .contact(*household),
            Self::CustomerExists { customer, number } => Problem::new(
                "CUSTOMER_EXISTS",
                format!("The contact already has customer {number}; use that one."),
            )
            .field("householdId")
            .entity(EntityId::Customer(*customer)),
        }
    }
}

// ---- state

/// A lease of a customer. Stands in events too: the order of its fields is a storage format.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Lease {
    /// The tenancy system's reference.
    pub reference: String,
    /// The unit that is let.
    pub unit: Option<String>,
    /// First day.
    pub start: Date,
    /// Last day, once known; it may lie in the future.
    pub end: Option<Date>,
}

impl Lease {
    /// Whether the lease has not ended on that date: its last day still counts. One that is yet to begin has not ended.
    pub fn running(&self, on: Date) -> bool {
        self.end.is_none_or(|end| end >= on)
    }
}

/// A customer (spec §1.1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Customer {
    /// Immutable id.
    pub id: CustomerId,
    /// Customer number, unique; of the series none is given out twice.
    pub number: String,
    /// The contact whose account this is.
    pub contact: ContactId,
    /// Where it stands with the organisation.
    pub status: ClientStatus,
    /// Whether it is not deactivated.
    pub active: bool,
    /// Commit that created it.
    pub created: At,
    /// Its leases, oldest first.
    pub leases: Vec<Lease>,
    /// Its bank accounts, in the order in which they came.
    pub accounts: Vec<BankAccount>,
    /// Its mandates, revoked ones too, in the order in which they came.
    pub mandates: Vec<Mandate>,
    /// Its payment lines, withdrawn ones too, in the order in which they came; read them with [`payment::lines`].
    pub payment_lines: Vec<PaymentLine>,
    /// Number that the next payment line gets.
    pub next_payment_line: u32,
    /// What it has by being a shop's customer; nothing for most others.
    pub shop: Option<Box<Shop>>,
    /// Where it stood, by date; one entry a day.
    pub statuses: Timeline<ClientStatus>,
    /// The relations that it is tied to, with the kind of each tie (A2-07).
    pub relations: BTreeSet<(CustomerId, String)>,
    /// Its place in a group of companies (A2-32).
    pub structure: Structure,
    /// How far its acceptance is (A2-55 … A2-58).
    pub acceptance: Acceptance,
    /// The blocks of its card (§6.2).
    pub card: Card,
    /// Work stop, couplings, marks and numbers (§6.2).
    pub administration: Administration,
}

impl Customer {
    /// A customer before its first event.
    pub fn new(id: CustomerId) -> Self {
        Self {
            id,
            number: String::new(),
            contact: ContactId(0),
            status: ClientStatus::Client,
            active: false,
            created: At { position: Position(0), time_us: 0 },
            leases: Vec::new(),
            accounts: Vec::new(),
            mandates: Vec::new(),
            payment_lines: Vec::new(),
            next_payment_line: 1,
            shop: None,
            statuses: Timeline::default(),
            relations: BTreeSet::new(),
            structure: Structure::default(),
            acceptance: Acceptance::default(),
            card: Card::default(),
            administration: Administration::default(),
        }
    }

    /// Folds one event that names this customer. The only code path to any state of it, live, past or rebuilt.
    pub fn evolve(&mut self, at: At, event: &event::Event) {
        match event {
            event::Event::Customer(event) => evolve(self, at, event),
            event::Event::BankAccount(event) => bank_account::evolve(self, event),
            event::Event::Mandate(event) => mandate::evolve(self, event),
            event::Event::Payment(event) => payment::evolve(self, event),
            event::Event::Shop(event) => shop::evolve(self, event),
            event::Event::SignOff(event) => sign_off::evolve(self, event),
            event::Event::Mail(event) => mail::evolve(self, at, event),
            event::Event::Link(event) => link::evolve(self, event),
            event::Event::Structure(event) => structure::evolve(self, event),
            event::Event::ClientStatus(event) => client_status::evolve(self, event),
            event::Event::Acceptance(event) => acceptance::evolve(self, event),
            event::Event::Card(event) => card::evolve(self, event),
            event::Event::Administration(event) => administration::evolve(self, event),
            event::Event::Contact(_)
            | event::Event::Channel(_)
            | event::Event::Address(_)
            | event::Event::Role(_)
            | event::Event::PersonalData(_)
            | event::Event::Death(_)
            | event::Event::Leader(_)
            | event::Event::Placement(_)
            | event::Event::CodeList(_)
            | event::Event::AddressTable(_)
            | event::Event::Employee(_)
            | event::Event::Team(_)
            | event::Event::Template(_)
            | event::Event::Interaction(_)
            | event::Event::Task(_) => {}
        }
    }

    /// Whether a lease has not ended on that date (E1-04).
    pub fn lease_running(&self, on: Date) -> bool {
        self.leases.iter().any(|lease| lease.running(on))
    }

    /// Whether it is active and a lease has not ended on that date: then it needs somebody who signed (I1).
    pub fn rents(&self, on: Date) -> bool {
        self.active && self.lease_running(on)
    }

    /// The first day of its first lease; `None` for a customer without leases.
    pub fn start(&self) -> Option<Date> {
        self.leases.iter().map(|lease| lease.start).min()
    }

    /// The bank account with this code.
    pub fn account(&self, code: &str) -> Option<&BankAccount> {
        self.accounts.iter().find(|account| account.code == code)
    }

    /// The mandate with this code.
    pub fn mandate(&self, code: &str) -> Option<&Mandate> {
        self.mandates.iter().find(|mandate| mandate.code == code)
    }
}

// ---- decide

impl Decide for ActivateCustomer {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Integration)?;
        let household = d.find_contact("householdId", &self.household)?;
        d.address(EntityId::Contact(household.id))?;
        let reference = d.text("leaseRef", values::code(&self.lease_ref, CODE_LIMIT));
        let unit = d.optional_text("unit", self.unit.as_ref(), |raw| values::code(raw, CODE_LIMIT));
        let start = d.date("startDate", &self.start_date);
        if let Some(customer) = household.customer.and_then(|id| d.customer(id)) {
            d.refuse(Refusal::CustomerExists { customer: customer.id, number: customer.number.clone() });
        }
        if !household.kind.stands_alone() {
            let kind = household.kind;
            let instead = "a household, company or person";
            d.refuse(crate::contact::Refusal::KindNotAllowed { kind, instead });
        }
        leader::refuse_customer(d, "householdId", &household);
        // A person or a company rents for itself; only a household needs somebody who signs (I1).
        if household.kind == Kind::Household && household.contractants().next().is_none() {
            d.refuse(Refusal::NoContractant { field: "householdId", household: household.id });
        }
        let (Some(reference), Some(unit), Some(start)) = (reference, unit, start) else {
            return Err(Refused);
        };
        d.stop_if_refused()?;
        let (customer, number) = d.next_customer();
        let lease = Lease { reference, unit, start, end: None };
        d.record(CustomerActivated { customer, contact: household.id, number, lease });
        Ok(())
    }
}

impl Decide for RecordLeaseEnded {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Integration)?;
        let customer = d.find_customer("customerNo", &self.customer)?;
        d.address(EntityId::Customer(customer.id))?;
        let lease = d
            .optional_text("leaseRef", self.lease_ref.as_ref(), |raw| values::code(raw, CODE_LIMIT))
            .and_then(|reference| find_lease(d, &customer, reference.as_deref()));
        let end = d.date("endDate", &self.end_date);
        let (Some(lease), Some(end)) = (lease, end) else { return Err(Refused) };
        if end < lease.start {
            let must = "not lie before the start of the lease";
            return Err(d.refuse(General::DateOutOfRange { field: "endDate", must }));
        }
        // Moved to a later day, a lease may run again: then somebody must have signed it (I1).
        let household = d.contact(customer.contact).filter(|contact| contact.kind == Kind::Household);
        if let Some(household) = household
            && household.contractants().next().is_none()
            && customer.active
            && end >= d.today()
        {
            return Err(d.refuse(Refusal::NoContractant { field: "endDate", household: household.id }));
        }
        // The tenancy system may move the last day: the log keeps both.
        if lease.end != Some(end) {
            d.record(LeaseEnded { customer: customer.id, reference: lease.reference.clone(), end });
        }
        Ok(())
    }
}

/// The lease that a reference names; without one, the customer's only lease.
fn find_lease<'c>(d: &mut Draft<'_>, customer: &'c Customer, reference: Option<&str>) -> Option<&'c Lease> {
    let found = match (reference, customer.leases.as_slice()) {
        (Some(reference), leases) => leases.iter().find(|lease| lease.reference == reference),
        (None, [lease]) => Some(lease),
        (None, []) => None,
        (None, _) => {
            d.refuse(General::Required("leaseRef"));
            return None;
        }
    };
    if found.is_none() {
        d.refuse(General::NotFound { field: "leaseRef" });
    }
    found
}

/// Makes a contact a customer by registration; whether it may be one, the caller has checked.
pub(crate) fn create(d: &mut Draft<'_>, contact: ContactId, status: ClientStatus) -> CustomerId {
    let (customer, number) = d.next_customer();
    d.record(CustomerCreated { customer, contact, number, status });
    customer
}

// ---- evolve

fn evolve(customer: &mut Customer, at: At, event: &Event) {
    match event {
        Event::CustomerActivated(e) => {
            begin(customer, at, e.contact, &e.number, ClientStatus::Client);
            customer.leases.push(e.lease.clone());
        }
        Event::CustomerCreated(e) => begin(customer, at, e.contact, &e.number, e.status),
        Event::LeaseEnded(e) => {
            if let Some(lease) = customer.leases.iter_mut().find(|lease| lease.reference == e.reference) {
                lease.end = Some(e.end);
            }
        }
    }
}

fn begin(customer: &mut Customer, at: At, contact: ContactId, number: &str, status: ClientStatus) {
    number.clone_into(&mut customer.number);
    customer.contact = contact;
    customer.status = status;
    customer.statuses.set(values::day_in_amsterdam(at.time_us), status);
    customer.active = true;
    customer.created = at;
}

/// Folds into the contact which customer is its account.
pub(crate) fn evolve_contact(contact: &mut Contact, event: &Event) {
    match event {
        Event::CustomerActivated(e) => {
            contact.customer = Some(e.customer);
            contact.standing = Some(ClientStatus::Client);
        }
        Event::CustomerCreated(e) => {
            contact.customer = Some(e.customer);
            contact.standing = Some(e.status);
        }
        Event::LeaseEnded(_) => {}
    }
}
