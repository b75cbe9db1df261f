//! The administration of the client card: client number, debtor numbers, work stop, being up to date, couplings and the
//! mark for deletion (A2-17, A2-20, A2-24, A2-30, A2-39, A2-40, A2-42).
//!
//! Nothing here deletes anything: a mark says that somebody wants it gone, and can be taken away again (I13).

#[cfg(test)]
mod tests;

use crate::code_list::{self, CodeList};
use crate::customer::{ClientStatus, Customer};
use crate::draft::{CODE_LIMIT, Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{ContactId, CustomerId, CustomerRef, EntityId};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::placement;
use crate::problem::{General, Problem};
use crate::registration::{self, RegistrationType};
use crate::values::{self, Date};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

// ---- commands

/// Gives a customer another number (A2-20).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeClientNumber {
    /// The customer.
    pub customer: CustomerRef,
    /// Its new number.
    pub number: String,
}

/// Says whether a client is a debtor of a discipline of an organisation, and by which number (A2-24).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetDebtorNumber {
    /// The customer.
    pub customer: CustomerRef,
    /// The organisation (code list `ORGANISATION`).
    pub organisation: String,
    /// The discipline there (code list `DISCIPLINE`); of the organisation as a whole when left out.
    pub discipline: Option<String>,
    /// Whether the client is a debtor there; the other disciplines stay as they are.
    pub on: bool,
    /// Its number there, when it has one of its own.
    pub debtor_no: Option<String>,
}

/// Stops the work for a client, or lets it go on; stopping needs a reason (A2-30).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetWorkStop {
    /// The customer.
    pub customer: CustomerRef,
    /// Whether work stops.
    pub on: bool,
    /// From when on; today when left out.
    pub from: Option<String>,
}

/// Says that the data were checked today (A2-39).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConfirmUpToDate {
    /// The customer.
    pub customer: CustomerRef,
}

/// Says whether a client is coupled to another package (A2-17, A2-40).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetCoupling {
    /// The customer.
    pub customer: CustomerRef,
    /// The package (code list `COUPLING`).
    pub system: String,
    /// Whether it is coupled.
    pub on: bool,
}

/// Marks a customer for deletion; needs a reason (A2-42).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MarkForDeletion {
    /// The customer.
    pub customer: CustomerRef,
}

/// Takes the mark away (A2-42).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UnmarkForDeletion {
    /// The customer.
    pub customer: CustomerRef,
}

// ---- events

/// A customer got another number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClientNumberChanged {
    /// The customer.
    pub customer: CustomerId,
    /// Its number before.
    pub from: String,
    /// Its number now.
    pub to: String,
}

/// What a client is to an organisation as a debtor changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DebtorNumberSet {
    /// The customer.
    pub customer: CustomerId,
    /// The organisation.
    pub organisation: String,
    /// All that it is there from now on, one per discipline and by its code; nothing when it is no debtor there.
    pub debtors: Vec<Debtor>,
}

/// Work for a client stopped, or goes on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WorkStopSet {
    /// The customer.
    pub customer: CustomerId,
    /// The contact whose account it is.
    pub contact: ContactId,
    /// From when on work stops; nothing when it goes on.
    pub from: Option<Date>,
    /// Why.
    pub reason: Personal<Option<String>>,
}

/// Somebody checked the data.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DataConfirmed {
    /// The customer.
    pub customer: CustomerId,
    /// Who.
    pub by: String,
    /// When.
    pub on: Date,
}

/// A client was coupled to a package, or is no longer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CouplingSet {
    /// The customer.
    pub customer: CustomerId,
    /// The package.
    pub system: String,
    /// Whether it is coupled now.
    pub on: bool,
}

/// A customer was marked for deletion.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeletionMarked {
    /// The customer.
    pub customer: CustomerId,
    /// The contact whose account it is.
    pub contact: ContactId,
    /// Why.
    pub reason: Personal<String>,
}

/// The mark was taken away.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeletionUnmarked {
    /// The customer.
    pub customer: CustomerId,
}

stored_events! {
    /// A customer got another number.
    205 v 1 ClientNumberChanged,
    /// What a client is to an organisation as a debtor changed.
    206 v 2 DebtorNumberSet,
    /// Work for a client stopped, or goes on.
    207 v 1 WorkStopSet,
    /// Somebody checked the data.
    208 v 1 DataConfirmed,
    /// A client was coupled to a package, or is no longer.
    209 v 1 CouplingSet,
    /// A customer was marked for deletion.
    210 v 1 DeletionMarked,
    /// The mark was taken away.
    211 v 1 DeletionUnmarked,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let customer = match self {
            Self::ClientNumberChanged(e) => e.customer,
            Self::DebtorNumberSet(e) => e.customer,
            Self::WorkStopSet(e) => e.customer,
            Self::DataConfirmed(e) => e.customer,
            Self::CouplingSet(e) => e.customer,
            Self::DeletionMarked(e) => e.customer,
            Self::DeletionUnmarked(e) => e.customer,
        };
        vec![EntityId::Customer(customer)]
    }
}

// ---- refusals

/// Why the administration of a card is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The number is another customer's or contact's, or is of the series of contacts.
    NumberTaken,
    /// The number is given out at the organisation: to another client, or to this one in another discipline.
    DebtorNoExists(CustomerId),
    /// The package is not for clients of this status or type (A2-40).
    CouplingNotAllowed {
        /// The package.
        system: String,
        /// The client status or registration type.
        who: &'static str,
    },
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::NumberTaken => Problem::new(
                "NUMBER_TAKEN",
                "This number is another customer's or contact's, or will be a contact's; choose one that is nobody's.",
            )
            .field("number"),
            Self::DebtorNoExists(customer) => Problem::new(
                "DEBTOR_NO_EXISTS",
                "This debtor number is given out at the organisation, to another client or in another discipline; choose another.",
            )
            .field("debtorNo")
            .entity(EntityId::Customer(*customer)),
            Self::CouplingNotAllowed { system, who } => Problem::new(
                "COUPLING_NOT_ALLOWED",
                format!("Package {system} is not for a {who}; choose another package."),
            )
            .field("system")
            .hint("Whom a package is for is a property of its code in the list COUPLING."),
        }
    }
}

// ---- state

/// What a client is to a discipline of an organisation. Stands in events: the order of its fields is a storage format.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Debtor {
    /// The discipline; nothing for the organisation as a whole.
    pub discipline: Option<String>,
    /// Its own debtor number there.
    pub number: Option<String>,
}

/// A stop of the work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WorkStop {
    /// From when on.
    pub from: Date,
    /// Why; nothing when erased.
    pub reason: Option<String>,
}

/// When the data were last checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Confirmed {
    /// Who did.
    pub by: String,
    /// When.
    pub on: Date,
}

/// The administration of a card.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Administration {
    /// Numbers that it had before, oldest first; another customer may have them now.
    pub past_numbers: Vec<String>,
    /// What it is to each organisation as a debtor, one per discipline; an organisation at which it is none is not there.
    pub debtors: BTreeMap<String, Vec<Debtor>>,
    /// The stop of the work, if there is one.
    pub work_stop: Option<WorkStop>,
    /// When the data were last checked.
    pub confirmed: Option<Confirmed>,
    /// The packages that it is coupled to.
    pub couplings: BTreeSet<String>,
    /// Whether it is marked for deletion, and why (nothing when erased).
    pub deletion: Option<Option<String>>,
}

impl Administration {
    /// The organisation and number of each debtor number.
    pub fn debtor_numbers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all_debtors().filter_map(|(at, debtor)| Some((at, debtor.number.as_deref()?)))
    }

    /// Each organisation and discipline that it is a debtor of.
    pub fn all_debtors(&self) -> impl Iterator<Item = (&str, &Debtor)> {
        self.debtors.iter().flat_map(|(at, debtors)| debtors.iter().map(move |debtor| (at.as_str(), debtor)))
    }
}

// ---- decide

/// The addressed customer, for whoever has this right.
fn addressed(
    d: &mut Draft<'_>,
    right: Permission,
    customer: &CustomerRef,
) -> Result<std::sync::Arc<Customer>, Refused> {
    d.need(right)?;
    let customer = d.find_customer("customerNo", customer)?;
    d.address(EntityId::Customer(customer.id))?;
    Ok(customer)
}

/// Longest number, in characters.
const NUMBER_LIMIT: usize = 20;

impl Decide for ChangeClientNumber {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, Permission::Write, &self.customer)?;
        let number = d.text("number", values::code(&self.number, NUMBER_LIMIT)).ok_or(Refused)?;
        if number == customer.number {
            return Ok(());
        }
        if d.taken_for_a_customer(&number, &customer) {
            return Err(d.refuse(Refusal::NumberTaken));
        }
        let from = customer.number.clone();
        d.record(ClientNumberChanged { customer: customer.id, from, to: number });
        Ok(())
    }
}

/// A code of a list: in force on the day from which it is to count; where something ends, one that ended before will do.
fn read_code(
    d: &mut Draft<'_>,
    field: &'static str,
    list: &str,
    raw: &str,
    on: Option<Date>,
) -> Option<String> {
    if let Some(on) = on {
        return d.code(field, list, raw, on);
    }
    let code = d.text(field, values::code(raw, CODE_LIMIT))?;
    if d.code_list(list).row(&code).is_none() {
        d.refuse(General::UnknownCode { field, list: list.to_owned() });
        return None;
    }
    Some(code)
}

impl Decide for SetDebtorNumber {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, Permission::Write, &self.customer)?;
        let today = d.today();
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        // What ends may be at an organisation or discipline that ended before it.
        let on = self.on.then_some(today);
        let organisation = read_code(d, "organisation", code_list::ORGANISATION, &self.organisation, on);
        let discipline = filled(&self.discipline);
        let discipline = discipline.map(|raw| read_code(d, "discipline", code_list::DISCIPLINE, &raw, on));
        let number =
            d.optional_text("debtorNo", self.debtor_no.as_ref(), |raw| values::code(raw, CODE_LIMIT));
        d.stop_if_refused()?;
        let (organisation, number) = (organisation.ok_or(Refused)?, number.ok_or(Refused)?);
        let discipline = discipline.flatten();
        let had = customer.administration.debtors.get(&organisation).cloned().unwrap_or_default();
        let mut debtors = had.clone();
        debtors.retain(|debtor| debtor.discipline != discipline);
        if self.on {
            if let Some(number) = &number {
                let elsewhere = debtors.iter().any(|debtor| debtor.number.as_ref() == Some(number));
                let own = elsewhere.then_some(customer.id);
                let another = || debtor(d, &organisation, number).filter(|other| *other != customer.id);
                if let Some(holder) = own.or_else(another) {
                    return Err(d.refuse(Refusal::DebtorNoExists(holder)));
                }
            }
            debtors.push(Debtor { discipline, number });
            debtors.sort_by(|one, other| one.discipline.cmp(&other.discipline));
        }
        if debtors != had {
            d.record(DebtorNumberSet { customer: customer.id, organisation, debtors });
        }
        Ok(())
    }
}

/// Who has this debtor number at the organisation. The index may answer somebody who has lost it.
fn debtor(d: &Draft<'_>, organisation: &str, number: &str) -> Option<CustomerId> {
    d.world().debtor(organisation, number).filter(|id| {
        d.customer(*id).is_some_and(|customer| {
            customer.administration.debtor_numbers().any(|held| held == (organisation, number))
        })
    })
}

impl Decide for SetWorkStop {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, Permission::Write, &self.customer)?;
        let from = d.date_or_today("from", self.from.as_ref());
        let reason = if self.on { d.reason() } else { None };
        d.stop_if_refused()?;
        let had = &customer.administration.work_stop;
        let wanted = from.filter(|_| self.on).map(|from| WorkStop { from, reason });
        if *had != wanted {
            let (from, reason) = wanted.map_or((None, None), |stop| (Some(stop.from), stop.reason));
            let reason = Personal::new(customer.contact, reason);
            d.record(WorkStopSet { customer: customer.id, contact: customer.contact, from, reason });
        }
        Ok(())
    }
}

impl Decide for ConfirmUpToDate {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, Permission::Write, &self.customer)?;
        let confirmed = Confirmed { by: d.ctx().actor.name.clone(), on: d.today() };
        if customer.administration.confirmed.as_ref() != Some(&confirmed) {
            let Confirmed { by, on } = confirmed;
            d.record(DataConfirmed { customer: customer.id, by, on });
        }
        Ok(())
    }
}

impl Decide for SetCoupling {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, Permission::Write, &self.customer)?;
        let today = d.today();
        // A coupling outlives its package until somebody ends it.
        let on = self.on.then_some(today);
        let system = read_code(d, "system", code_list::COUPLING, &self.system, on).ok_or(Refused)?;
        if customer.administration.couplings.contains(&system) != self.on {
            if self.on {
                refuse_coupling(d, &customer, &system)?;
            }
            d.record(CouplingSet { customer: customer.id, system, on: self.on });
        }
        Ok(())
    }
}

/// The types that a customer can have: those of a contact with an account of its own.
const TYPES: [RegistrationType; 4] = [
    RegistrationType::ClientCompany,
    RegistrationType::ClientPerson,
    RegistrationType::RelationCompany,
    RegistrationType::RelationPerson,
];

/// Whether a package can be said not to be for this: a client status, or a registration type that a customer has.
pub(crate) fn excludable(code: &str) -> bool {
    ClientStatus::ALL.iter().any(|status| status.name() == code)
        || TYPES.iter().any(|kind| kind.name() == code)
}

/// Some packages are not for suspects, or not for private clients (A2-40): the code of the package says so.
fn refuse_coupling(d: &mut Draft<'_>, customer: &Customer, system: &str) -> Result<(), Refused> {
    let packages = d.code_list(code_list::COUPLING);
    let kind = d.contact(customer.contact).and_then(|contact| registration::type_in(d, &contact));
    let is = [Some(customer.status.name()), kind.map(RegistrationType::name)];
    match is.into_iter().flatten().find(|who| not_for(&packages, system, who)) {
        Some(who) => Err(d.refuse(Refusal::CouplingNotAllowed { system: system.to_owned(), who })),
        None => Ok(()),
    }
}

/// Whether a package is not for this client status or registration type.
fn not_for(packages: &CodeList, system: &str, who: &str) -> bool {
    packages.row(system).is_some_and(|row| row.properties.codes.iter().any(|code| code == who))
}

/// Ends the couplings to packages that are not for a status: whoever comes to it could not be coupled to them (A2-40).
pub(crate) fn end_couplings(d: &mut Draft<'_>, customer: CustomerId, status: ClientStatus) {
    let coupled = d.customer(customer).map(|customer| customer.administration.couplings.clone());
    for system in coupled.unwrap_or_default() {
        if not_for(&d.code_list(code_list::COUPLING), &system, status.name()) {
            d.record(CouplingSet { customer, system, on: false });
        }
    }
}

impl Decide for MarkForDeletion {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, Permission::Administrator, &self.customer)?;
        let reason = d.reason();
        let contact = d.find_contact("customerNo", &customer.contact.into())?;
        let children = placement::children(d, &contact);
        if !children.is_empty() {
            d.refuse(placement::Refusal::HasChildren(children));
        }
        d.stop_if_refused()?;
        let reason = reason.ok_or(Refused)?;
        if customer.administration.deletion.is_none() {
            let reason = Personal::new(contact.id, reason);
            d.record(DeletionMarked { customer: customer.id, contact: contact.id, reason });
        }
        Ok(())
    }
}

impl Decide for UnmarkForDeletion {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, Permission::Administrator, &self.customer)?;
        if customer.administration.deletion.is_some() {
            d.record(DeletionUnmarked { customer: customer.id });
        }
        Ok(())
    }
}

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, event: &Event) {
    let state = &mut customer.administration;
    match event {
        Event::ClientNumberChanged(e) => {
            e.to.clone_into(&mut customer.number);
            if !state.past_numbers.contains(&e.from) {
                state.past_numbers.push(e.from.clone());
            }
        }
        Event::DebtorNumberSet(e) => {
            if e.debtors.is_empty() {
                state.debtors.remove(&e.organisation);
            } else {
                state.debtors.insert(e.organisation.clone(), e.debtors.clone());
            }
        }
        Event::WorkStopSet(e) => {
            state.work_stop = e.from.map(|from| WorkStop { from, reason: e.reason.get().cloned().flatten() });
        }
        Event::DataConfirmed(e) => state.confirmed = Some(Confirmed { by: e.by.clone(), on: e.on }),
        Event::CouplingSet(e) => {
            if e.on {
                state.couplings.insert(e.system.clone());
            } else {
                state.couplings.remove(&e.system);
            }
        }
        Event::DeletionMarked(e) => state.deletion = Some(e.reason.get().cloned()),
        Event::DeletionUnmarked(_) => state.deletion = None,
    }
}
