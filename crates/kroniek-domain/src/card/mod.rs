//! The client card: its tabs, blocks and fields (A2-20 … A2-38, A2-43 … A2-47).
//!
//! Which field stands in which block, and what it may hold, is one table: [`FIELDS`]. Blocks are changed as a whole form
//! is sent, field by field and several at once; the event of each holds it as it is then. What the model has elsewhere
//! the card only shows: name, channels and addresses, KvK, RSIN and VAT id, legal form are the contact's, bank accounts
//! and status the customer's.
//!
//! The web site stands on the card's own form (A2-22) and is a channel of the contact like its phones (§1.1): changing it
//! here changes that channel. Older logs hold web sites of the card itself; [`website`] reads them until the next change.

mod fields;
#[cfg(test)]
mod tests;

pub use fields::{BLOCKS, Block, FIELDS, Field, Holds, Tab, tab_of};

use crate::channel;
use crate::contact::{Contact, Kind};
use crate::customer::{ClientStatus, Customer};
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{ContactId, CustomerId, CustomerRef, EntityId};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::{General, Problem};
use crate::registration;
use crate::values::Date;
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

// ---- commands

/// Changes one or more blocks of the card, all of them or none; a field that is not named stays, one with no values is
/// cleared.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeCard {
    /// Whose card.
    pub customer: CustomerRef,
    /// The blocks that are sent, with their fields as typed; all but lists have one value.
    pub blocks: BTreeMap<Block, Vec<(Field, Vec<String>)>>,
}

/// Records the key figures of a year (A2-31).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordKeyFigures {
    /// Whose.
    pub customer: CustomerRef,
    /// The calendar year that they are about.
    pub year: i64,
    /// The figures.
    pub figures: KeyFigures,
}

/// Figures of a year, in whole euros. Stands in events: the order of its fields is a storage format.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct KeyFigures {
    /// Turnover.
    pub turnover: Option<i64>,
    /// Result after tax; negative for a loss.
    pub result: Option<i64>,
    /// Equity.
    pub equity: Option<i64>,
    /// Balance-sheet total.
    pub balance_total: Option<i64>,
    /// Employees, on average.
    pub employees: Option<i64>,
}

// ---- events

/// A block of the card changed; all its fields as they are now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CardBlockChanged {
    /// Whose card.
    pub customer: CustomerId,
    /// The contact whose account it is.
    pub contact: ContactId,
    /// Which block.
    pub block: Block,
    /// Its fields.
    pub fields: Personal<Vec<(Field, Vec<String>)>>,
}

/// What the anti-money-laundering act asks to register changed (A2-26, A2-47); all of it as it is now. An event of its
/// own, because only the right `WWFT` sees what is in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WwftDataChanged {
    /// Whose card.
    pub customer: CustomerId,
    /// The contact whose account it is.
    pub contact: ContactId,
    /// The fields of the block.
    pub fields: Personal<Vec<(Field, Vec<String>)>>,
}

/// The key figures of a year were recorded, or corrected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeyFiguresRecorded {
    /// Whose.
    pub customer: CustomerId,
    /// The contact whose account it is.
    pub contact: ContactId,
    /// The year.
    pub year: u16,
    /// The figures.
    pub figures: Personal<KeyFigures>,
}

stored_events! {
    /// A block of the card changed.
    202 v 1 CardBlockChanged,
    /// What the anti-money-laundering act asks to register changed.
    203 v 1 WwftDataChanged,
    /// The key figures of a year were recorded.
    204 v 1 KeyFiguresRecorded,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let customer = match self {
            Self::CardBlockChanged(e) => e.customer,
            Self::WwftDataChanged(e) => e.customer,
            Self::KeyFiguresRecorded(e) => e.customer,
        };
        vec![EntityId::Customer(customer)]
    }
}

// ---- refusals

/// Why a block is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// A block that this card does not have.
    BlockNotOnCard(Block),
    /// A customer without a client card: a household is no registration.
    NoCard(Block),
    /// The employee is no longer in service.
    EmployeeLeft(&'static str),
    /// Not a wage-tax number.
    InvalidWageTaxNo(&'static str),
    /// Not a day of the year.
    InvalidMonthDay(&'static str),
    /// A year that no figures are of.
    InvalidYear,
    /// An amount that no company has.
    InvalidAmount(&'static str),
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::BlockNotOnCard(block) => Problem::new(
                "BLOCK_NOT_ON_CARD",
                format!("This card has no block {}, which is on another type's card: leave it out.", block.name()),
            )
            .field(block.input()),
            Self::NoCard(block) => Problem::new(
                "BLOCK_NOT_ON_CARD",
                "Only registrations have a client card, and this customer is none: change the data of its contact instead.",
            )
            .field(block.input()),
            Self::EmployeeLeft(field) => {
                Problem::new("EMPLOYEE_LEFT", "This employee has left; choose one who is in service.")
                    .field(*field)
            }
            Self::InvalidWageTaxNo(field) => {
                Problem::new("INVALID_WAGE_TAX_NO", "A wage-tax number reads 123456789L01: check it.")
                    .field(*field)
            }
            Self::InvalidMonthDay(field) => Problem::new(
                "INVALID_DATE",
                format!("{field} is not a day of the year; write MM-DD, such as 12-31."),
            )
            .field(*field),
            Self::InvalidYear => {
                Problem::new("INVALID_YEAR", "Write a year from 1900 to 9998, with four digits.")
                    .field("year")
            }
            Self::InvalidAmount(field) => Problem::new(
                "INVALID_AMOUNT",
                format!("{field} is too large, or negative where that means nothing; check the digits."),
            )
            .field(*field),
        }
    }
}

// ---- state

/// The card of a customer, without what it only shows.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Card {
    /// The fields that are filled in.
    pub fields: BTreeMap<Field, Vec<String>>,
    /// The key figures by year.
    pub key_figures: BTreeMap<u16, KeyFigures>,
}

impl Card {
    /// Whether a field is filled in.
    pub fn has(&self, field: Field) -> bool {
        self.fields.contains_key(&field)
    }

    /// The values of a field; none when it is not filled in.
    pub fn values(&self, field: Field) -> &[String] {
        self.fields.get(&field).map_or(&[], Vec::as_slice)
    }

    fn block(&self, block: Block) -> Vec<(Field, Vec<String>)> {
        let of_block = self.fields.iter().filter(|(field, _)| field.row().0 == block);
        of_block.map(|(field, values)| (*field, values.clone())).collect()
    }
}

/// The web site on the card: the contact's main one, else what an older log left on the card.
pub fn website<'c>(contact: &'c Contact, card: &'c Card) -> Option<&'c str> {
    let main = contact.main_website().map(|channel| channel.value.as_str());
    main.or_else(|| card.values(Field::Website).first().map(String::as_str))
}

/// Whether the card of this contact has the block: some stand on the card of a company or of a person only.
pub fn on_card(contact: &Contact, block: Block) -> bool {
    match block {
        Block::Wwft | Block::Partner => contact.kind == Kind::Person,
        Block::Wta | Block::Accountancy | Block::Personnel => contact.kind.has_company_name(),
        Block::Correspondence
        | Block::ContactData
        | Block::Office
        | Block::Employees
        | Block::Acquisition
        | Block::Engagements
        | Block::Billing
        | Block::Structure
        | Block::Tax
        | Block::Automation
        | Block::Files
        | Block::Dossier => true,
    }
}

/// How long the anti-money-laundering act wants its data kept after the end of the relation, in years (A2-26).
const RETENTION_YEARS: i32 = 5;

/// The day until which what the anti-money-laundering act asks to register is kept: five years after the customer was a
/// client for the last time. Nothing while it is a client, and for who never was one.
pub fn retain_until(customer: &Customer) -> Option<Date> {
    let (mut ended, mut before) = (None, None);
    for (from, status) in customer.statuses.entries() {
        if *status == ClientStatus::Client {
            ended = None;
        } else if *status == ClientStatus::ExClient || before == Some(ClientStatus::Client) {
            // Who is approached again stays a former client until it is a client again.
            ended = ended.or(Some(*from));
        }
        before = Some(*status);
    }
    years_after(ended?, RETENTION_YEARS)
}

/// The same day so many years later; of a leap day the day after it.
fn years_after(date: Date, years: i32) -> Option<Date> {
    let date = date.naive();
    let year = date.year() + years;
    Date::from_ymd(year, date.month(), date.day()).or_else(|| Date::from_ymd(year, 3, 1))
}

// ---- decide

impl Decide for ChangeCard {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        if self.blocks.contains_key(&Block::Wwft) {
            d.need(Permission::Wwft)?;
        }
        let customer = d.find_customer("customerNo", &self.customer)?;
        let contact = d.find_contact("customerNo", &customer.contact.into())?;
        self.address(d, &customer, &contact)?;
        let office = registration::type_in(d, &contact).is_some();
        let mut changed = Vec::new();
        let mut website = None;
        for (block, sent) in &self.blocks {
            if !office {
                d.refuse(Refusal::NoCard(*block));
            } else if !on_card(&contact, *block) {
                d.refuse(Refusal::BlockNotOnCard(*block));
            }
            let now = filled_in(d, customer.card.block(*block), sent, &mut website);
            if now != customer.card.block(*block) {
                changed.push((*block, now));
            }
        }
        d.stop_if_refused()?;
        if let Some(website) = website {
            channel::set_website(d, &contact, website.first());
        }
        for (block, now) in changed {
            let fields = Personal::new(contact.id, now);
            let (customer, contact) = (customer.id, contact.id);
            match block {
                Block::Wwft => d.record(WwftDataChanged { customer, contact, fields }),
                _ => d.record(CardBlockChanged { customer, contact, block, fields }),
            };
        }
        Ok(())
    }
}

impl ChangeCard {
    /// Checks `expectedVersion` where what is changed is kept: the web site at the contact, all else at the customer.
    fn address(&self, d: &mut Draft<'_>, customer: &Customer, contact: &Contact) -> Result<(), Refused> {
        let sent = || self.blocks.values().flatten().map(|(field, _)| *field);
        if sent().any(|field| field == Field::Website) {
            d.address_holder(contact)?;
        }
        if sent().any(|field| field != Field::Website) || sent().next().is_none() {
            d.address_account(customer)?;
        }
        Ok(())
    }
}

/// Takes the web site of an older log off the card: the contact's channels say from now on what there is.
pub(crate) fn give_up_website(d: &mut Draft<'_>, contact: &Contact) {
    let Some(customer) = contact.customer.and_then(|id| d.customer(id)) else { return };
    if customer.card.has(Field::Website) {
        let mut fields = customer.card.block(Block::ContactData);
        fields.retain(|(field, _)| *field != Field::Website);
        d.record(CardBlockChanged {
            customer: customer.id,
            contact: contact.id,
            block: Block::ContactData,
            fields: Personal::new(contact.id, fields),
        });
    }
}

/// The fields of a block after what was sent; what is wrong with it is refused. A web site that was sent is a channel of
/// the contact and no field of the block.
fn filled_in(
    d: &mut Draft<'_>,
    had: Vec<(Field, Vec<String>)>,
    sent: &[(Field, Vec<String>)],
    website: &mut Option<Vec<String>>,
) -> Vec<(Field, Vec<String>)> {
    let mut now: BTreeMap<_, _> = had.into_iter().collect();
    for (field, raw) in sent {
        match field.read(d, raw) {
            Some(values) if *field == Field::Website => {
                now.remove(field);
                *website = Some(values);
            }
            Some(values) if values.is_empty() => {
                now.remove(field);
            }
            Some(values) => {
                now.insert(*field, values);
            }
            None => {}
        }
    }
    now.into_iter().collect()
}

/// Figures stay far below the range of their type, and a client reads them without loss.
const MOST: i64 = 1_000_000_000_000_000;

impl Decide for RecordKeyFigures {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let customer = d.find_customer("customerNo", &self.customer)?;
        d.address(EntityId::Customer(customer.id))?;
        let year = u16::try_from(self.year).ok().filter(|year| (1900..9999).contains(year));
        if year.is_none() {
            d.refuse(Refusal::InvalidYear);
        }
        let KeyFigures { turnover, result, equity, balance_total, employees } = self.figures;
        let amounts = [
            ("turnover", turnover, false),
            ("result", result, true),
            ("equity", equity, true),
            ("balanceTotal", balance_total, false),
            ("employees", employees, false),
        ];
        for (field, amount, signed) in amounts {
            if amount.is_some_and(|n| n.unsigned_abs() > MOST.unsigned_abs() || (n < 0 && !signed)) {
                d.refuse(Refusal::InvalidAmount(field));
            }
        }
        if amounts.iter().all(|(_, amount, _)| amount.is_none()) {
            d.refuse(General::Required("turnover"));
        }
        d.stop_if_refused()?;
        let year = year.ok_or(Refused)?;
        if customer.card.key_figures.get(&year) != Some(&self.figures) {
            d.record(KeyFiguresRecorded {
                customer: customer.id,
                contact: customer.contact,
                year,
                figures: Personal::new(customer.contact, self.figures.clone()),
            });
        }
        Ok(())
    }
}

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, event: &Event) {
    let (block, fields) = match event {
        Event::CardBlockChanged(e) => (e.block, &e.fields),
        Event::WwftDataChanged(e) => (Block::Wwft, &e.fields),
        Event::KeyFiguresRecorded(e) => {
            let figures = e.figures.get().cloned().unwrap_or_default();
            customer.card.key_figures.insert(e.year, figures);
            return;
        }
    };
    customer.card.fields.retain(|field, _| field.row().0 != block);
    customer.card.fields.extend(fields.get().cloned().unwrap_or_default());
}
