//! Correspondence and home addresses (E1-20 … E1-23, E2-11).
//!
//! An address comes by postcode and house number from the address table, or typed. It holds from a date on: a later
//! date is a future move. The customer never owns an address.

use crate::bank_account;
use crate::channel::{OwnerRef, owner};
use crate::code_list::COUNTRY;
use crate::contact::{Contact, Kind};
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{ContactId, ContactRef, EntityId};
use crate::leader;
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::{General, Problem, Prompt};
use crate::values::address::NETHERLANDS;
use crate::values::{self, Address, AddressSource, Date, LookupProblem};
use crate::world::{AddressRow, Addresses, World};
use serde::{Deserialize, Serialize};

// ---- commands

/// An address as asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum AddressInput {
    /// Postcode, house number and what follows, as typed into the field Street: `3077AW31` (E1-21).
    Lookup(String),
    /// All parts typed (E1-22).
    Typed(TypedAddress),
}

/// An address typed part by part.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TypedAddress {
    /// Street; required.
    pub street: String,
    /// House number; required in the Netherlands.
    pub house_no: Option<i64>,
    /// House letter.
    pub letter: Option<String>,
    /// Addition.
    pub addition: Option<String>,
    /// Postcode; required in the Netherlands.
    pub postcode: Option<String>,
    /// City; required.
    pub city: String,
    /// ISO 3166-1 alpha-2; NL when left out.
    pub country: Option<String>,
}

/// Sets the correspondence address of a contact from a date on (E1-21, E1-22).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeCorrespondenceAddress {
    /// Whose.
    pub owner: OwnerRef,
    /// The address.
    pub address: AddressInput,
    /// From when; today when left out.
    pub effective_date: Option<String>,
}

/// Sets the private home address of a person from a date on (A1-06).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeHomeAddress {
    /// The person.
    pub person: ContactRef,
    /// The address.
    pub address: AddressInput,
    /// From when; today when left out.
    pub effective_date: Option<String>,
}

// ---- events

/// A correspondence address holds from a date on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CorrespondenceAddressChanged {
    /// Whose.
    pub contact: ContactId,
    /// From when.
    pub from: Date,
    /// The address.
    pub address: Personal<Address>,
}

/// A home address holds from a date on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HomeAddressChanged {
    /// Whose.
    pub person: ContactId,
    /// From when.
    pub from: Date,
    /// The address.
    pub address: Personal<Address>,
}

stored_events! {
    /// A correspondence address holds from a date on.
    25 v 1 CorrespondenceAddressChanged,
    /// A home address holds from a date on.
    26 v 1 HomeAddressChanged,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let contact = match self {
            Self::CorrespondenceAddressChanged(e) => e.contact,
            Self::HomeAddressChanged(e) => e.person,
        };
        vec![EntityId::Contact(contact)]
    }
}

// ---- refusals

/// Why an address is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Not a postcode.
    InvalidPostcode(String),
    /// Not a house number.
    InvalidHouseNumber(String),
    /// What stands behind the house number is no letter or addition.
    InvalidAddition(String),
    /// Not a country code.
    InvalidCountry(String),
    /// The table has no row for it.
    AddressNotFound {
        /// The input field.
        field: String,
        /// Postcode and house number looked for.
        lookup: String,
        /// Whether there is a table at all.
        table: bool,
    },
    /// The table has rows with different streets or cities.
    AddressAmbiguous {
        /// The input field.
        field: String,
        /// The addresses to choose from.
        choices: Vec<String>,
    },
    /// The digits of a postcode alone are many streets (N1-06).
    LettersMissing(String),
    /// The table has other streets or cities for what was typed: a question (E1-22).
    Mismatch(Vec<String>),
    /// The table's file is missing or altered.
    TableUnavailable(String),
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::InvalidPostcode(field) => Problem::new(
                "INVALID_POSTCODE",
                "A Dutch postcode has four digits, not starting with 0, and two letters, not SA, SD or SS: check what \
                 was typed.",
            )
            .field(field),
            Self::InvalidHouseNumber(field) => {
                Problem::new("INVALID_HOUSE_NUMBER", "Write a house number from 1 to 99999.").field(field)
            }
            Self::InvalidAddition(field) => Problem::new(
                "INVALID_HOUSE_NUMBER",
                format!(
                    "What stands behind the house number cannot be read: write at most {} letters and digits, or type the \
                     address part by part.",
                    values::REST_LIMIT
                ),
            )
            .field(field),
            Self::InvalidCountry(field) => {
                Problem::new("INVALID_COUNTRY", "A country is two letters of ISO 3166-1: write for example NL.")
                    .field(field)
            }
            Self::AddressNotFound { field, lookup, table } => {
                let hint = if *table {
                    "Check it, or type the address part by part."
                } else {
                    "No address table was imported yet: import one, or type the address part by part."
                };
                Problem::new("ADDRESS_NOT_FOUND", format!("The postcode table has no row for {lookup}."))
                    .field(field)
                    .hint(hint)
            }
            Self::AddressAmbiguous { field, choices } => Problem::new(
                "ADDRESS_AMBIGUOUS",
                "The postcode table has several streets or cities for this; type the address part by part.",
            )
            .field(field)
            .options(choices.iter().cloned()),
            Self::LettersMissing(field) => Problem::new(
                "ADDRESS_AMBIGUOUS",
                "The digits of a postcode are many streets: type its two letters too, as in 3077AW31.",
            )
            .field(field),
            Self::Mismatch(choices) => {
                let asked = General::ConfirmationRequired { prompt: Prompt::AddressMismatch, entity: None };
                let mut problem = asked.problem();
                problem.message = format!(
                    "The postcode table has {} for this postcode and house number. Correct the address, or confirm with confirm: [ADDRESS_MISMATCH].",
                    choices.join(" or ")
                );
                problem
            }
            Self::TableUnavailable(why) => Problem::new(
                "ADDRESS_TABLE_UNAVAILABLE",
                format!("The address table that the log names cannot be used: {why}"),
            )
            .hint("Import the same file again, or type the address part by part."),
        }
    }
}

// ---- decide

impl Decide for ChangeCorrespondenceAddress {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let owner = owner(d, &self.owner)?;
        d.address(EntityId::Contact(owner.id))?;
        let from = d.date_or_today("effectiveDate", self.effective_date.as_ref());
        let address = parse(d, "address", &self.address);
        let changes = |from: Date, address: &Address| owner.correspondence.on(from) != Some(address);
        if let (Some(from), Some(address)) = (from, &address)
            && changes(from, address)
        {
            refuse_ended(d, address, from);
            let _reported = leader::refuse_followed(d, &owner, "correspondenceAddress");
        }
        d.stop_if_refused()?;
        let (Some(from), Some(address)) = (from, address) else { return Err(Refused) };
        if !changes(from, &address) {
            return Ok(());
        }
        warn_if_past(d, from);
        set_correspondence(d, owner.id, from, &address);
        Ok(())
    }
}

impl Decide for ChangeHomeAddress {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let person = d.find_person("personId", &self.person)?;
        d.address(EntityId::Contact(person.id))?;
        let from = d.date_or_today("effectiveDate", self.effective_date.as_ref());
        let address = parse(d, "address", &self.address);
        let changes = |from: Date, address: &Address| person.home.on(from) != Some(address);
        if let (Some(from), Some(address)) = (from, &address)
            && changes(from, address)
        {
            refuse_ended(d, address, from);
            let _reported = leader::refuse_followed(d, &person, "homeAddress");
        }
        d.stop_if_refused()?;
        let (Some(from), Some(address)) = (from, address) else { return Err(Refused) };
        if !changes(from, &address) {
            return Ok(());
        }
        warn_if_past(d, from);
        let event =
            HomeAddressChanged { person: person.id, from, address: Personal::new(person.id, address) };
        d.record_with(event, |d| leader::copy_to_followers(d, person.id));
        Ok(())
    }
}

fn warn_if_past(d: &mut Draft<'_>, from: Date) {
    if from < d.today() {
        d.warn("EFFECTIVE_IN_PAST", format!("The effective date {from} lies in the past."), None);
    }
}

/// Records a correspondence address and what follows from it: holder addresses (E1-23) and followers (A1-07).
pub(crate) fn set_correspondence(d: &mut Draft<'_>, contact: ContactId, from: Date, address: &Address) {
    let event =
        CorrespondenceAddressChanged { contact, from, address: Personal::new(contact, address.clone()) };
    d.record_with(event, |d| {
        bank_account::sync_holder_addresses(d, contact, from, address);
        if d.contact(contact).is_some_and(|c| c.kind == Kind::Person) {
            leader::copy_to_followers(d, contact);
        }
    });
}

/// Turns an input into an address that begins today; `None` after a refusal. A question may stand in the draft then.
pub(crate) fn read(d: &mut Draft<'_>, field: &'static str, input: &AddressInput) -> Option<Address> {
    let address = parse(d, field, input)?;
    refuse_ended(d, &address, d.today());
    Some(address)
}

/// Turns an input into an address, through the table where it is a lookup.
fn parse(d: &mut Draft<'_>, field: &'static str, input: &AddressInput) -> Option<Address> {
    match input {
        AddressInput::Lookup(raw) => {
            match lookup(&|postcode, house_no| d.world().addresses(postcode, house_no), field, raw) {
                Ok(found) => {
                    if found.addition_not_in_table {
                        d.warn(
                            "ADDITION_NOT_IN_TABLE",
                            format!(
                                "The postcode table lacks this letter or addition: {}.",
                                found.address.display()
                            ),
                            None,
                        );
                    }
                    Some(found.address)
                }
                Err(refusal) => {
                    d.refuse(refusal);
                    None
                }
            }
        }
        AddressInput::Typed(typed) => read_typed(d, field, typed),
    }
}

fn read_typed(d: &mut Draft<'_>, field: &'static str, typed: &TypedAddress) -> Option<Address> {
    let at = |part: &str| format!("{field}.{part}");
    let street = d.text("street", values::line(&typed.street, 80));
    let city = d.text("city", values::line(&typed.city, 80));
    let letter = d.optional_text("letter", typed.letter.as_ref(), |raw| values::line(raw, 5));
    let addition = d.optional_text("addition", typed.addition.as_ref(), |raw| values::line(raw, 10));
    let country = typed.country.as_deref().filter(|raw| !raw.trim().is_empty()).unwrap_or(NETHERLANDS);
    let Some(country) = values::country(country) else {
        d.refuse(Refusal::InvalidCountry(at("country")));
        return None;
    };
    let dutch = country == NETHERLANDS;
    let house_no = match typed.house_no {
        Some(n) => values::house_no(n).map(Some),
        None if dutch => None,
        None => Some(None),
    };
    if house_no.is_none() {
        d.refuse(Refusal::InvalidHouseNumber(at("houseNo")));
    }
    let postcode = match &typed.postcode {
        Some(raw) if dutch => {
            let read = values::postcode(raw);
            if read.is_none() {
                d.refuse(Refusal::InvalidPostcode(at("postcode")));
            }
            read.map(Some)
        }
        None if dutch => {
            d.refuse(Refusal::InvalidPostcode(at("postcode")));
            None
        }
        raw => d.optional_text("postcode", raw.as_ref(), |raw| values::line(raw, 20)),
    };
    let address = Address {
        street: street?,
        house_no: house_no?,
        letter: letter?,
        addition: addition?,
        postcode: postcode?,
        city: city?,
        country,
        source: AddressSource::Manual,
    };
    let others = if dutch { contradictions(d.world(), &address) } else { Vec::new() };
    if !others.is_empty() && !d.ctx().confirm.contains(&Prompt::AddressMismatch) {
        // The question stands in the draft; the address is read all the same, so that what else is wrong is found first.
        d.ask_because(Refusal::Mismatch(others));
    }
    Some(address)
}

/// Refuses a country that the organisation's list has ended by the day on which the address begins; one that the list never
/// had is a country all the same.
fn refuse_ended(d: &mut Draft<'_>, address: &Address, on: Date) {
    if d.code_list(COUNTRY).row(&address.country).is_some_and(|row| !row.in_force(on)) {
        d.refuse(General::CodeNotInForce { field: "country", list: COUNTRY.to_owned(), on });
    }
}

/// What the table has for the postcode and number, when that is another street or city (E1-22).
fn contradictions(world: &dyn World, address: &Address) -> Vec<String> {
    let (Some(postcode), Some(house_no)) = (&address.postcode, address.house_no) else { return Vec::new() };
    match world.addresses(postcode, house_no) {
        Addresses::NoTable | Addresses::Unavailable(_) => Vec::new(),
        Addresses::Rows(rows) => {
            let same = |row: &AddressRow| {
                values::fold(&row.street) == values::fold(&address.street)
                    && values::fold(&row.city) == values::fold(&address.city)
            };
            if rows.iter().any(same) { Vec::new() } else { choices(&rows) }
        }
    }
}

/// The streets and cities of rows with one postcode and house number, each once.
fn choices(rows: &[AddressRow]) -> Vec<String> {
    let line = |row: &AddressRow| format!("{} {}, {} {}", row.street, row.house_no, row.postcode, row.city);
    let mut choices: Vec<_> = rows.iter().map(line).collect();
    choices.sort_unstable();
    choices.dedup();
    choices
}

/// What a lookup found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The address.
    pub address: Address,
    /// The table has the number, but not this letter or addition; they are kept as typed.
    pub addition_not_in_table: bool,
}

/// Looks up `3077AW31` in the address table (E1-21). Letter and addition are taken as typed; where the table has the
/// same characters, its own split into letter and addition is taken.
///
/// # Errors
/// The text is malformed, or the table has no row, several streets, or cannot be used.
pub fn lookup(table: &dyn Fn(&str, u32) -> Addresses, field: &str, raw: &str) -> Result<Found, Refusal> {
    let parsed = values::parse_lookup(raw).map_err(|problem| match problem {
        LookupProblem::Postcode => Refusal::InvalidPostcode(field.to_owned()),
        LookupProblem::Letters => Refusal::LettersMissing(field.to_owned()),
        LookupProblem::HouseNumber => Refusal::InvalidHouseNumber(field.to_owned()),
        LookupProblem::Addition => Refusal::InvalidAddition(field.to_owned()),
    })?;
    let missing = |table| Refusal::AddressNotFound {
        field: field.to_owned(),
        lookup: format!("{} {}", parsed.postcode, parsed.house_no),
        table,
    };
    let rows = match table(&parsed.postcode, parsed.house_no) {
        Addresses::NoTable => return Err(missing(false)),
        Addresses::Unavailable(why) => return Err(Refusal::TableUnavailable(why)),
        Addresses::Rows(rows) => rows,
    };
    let first = rows.first().ok_or_else(|| missing(true))?;
    if rows.iter().any(|row| row.street != first.street || row.city != first.city) {
        return Err(Refusal::AddressAmbiguous { field: field.to_owned(), choices: choices(&rows) });
    }
    let typed = values::split_rest(&parsed.rest);
    let row = rows
        .iter()
        .filter_map(|row| Some((misfit(row, &parsed.rest, &typed)?, row)))
        .min_by_key(|(misfit, _)| *misfit);
    let (letter, addition) = row.map_or(typed, |(_, row)| letter_and_addition(row));
    Ok(Found {
        address: Address {
            street: first.street.clone(),
            house_no: Some(parsed.house_no),
            letter,
            addition,
            postcode: Some(parsed.postcode),
            city: first.city.clone(),
            country: NETHERLANDS.to_owned(),
            source: AddressSource::PostcodeTable,
        },
        addition_not_in_table: row.is_none(),
    })
}

fn letter_and_addition(row: &AddressRow) -> (Option<String>, Option<String>) {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    (given(&row.letter), given(&row.addition))
}

/// How far a row is from what was typed behind the house number, least first; `None` when it is another address.
///
/// The characters decide: `b` may stand in the table as letter or as addition. The register has addresses that differ in
/// nothing but the case of a letter, so a row in the case that was typed goes before one in another, and one that is
/// split as typed before one that is not.
fn misfit(row: &AddressRow, rest: &str, typed: &(Option<String>, Option<String>)) -> Option<(bool, bool)> {
    let squeeze = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (theirs, ours) = (squeeze(&format!("{}{}", row.letter, row.addition)), squeeze(rest));
    let split = letter_and_addition(row);
    let lower = |(letter, addition): &(Option<String>, Option<String>)| {
        [letter, addition].map(|text| text.as_ref().map(|text| text.to_lowercase()))
    };
    (theirs.to_lowercase() == ours.to_lowercase()).then(|| (theirs != ours, lower(&split) != lower(typed)))
}

// ---- evolve

pub(crate) fn evolve(contact: &mut Contact, event: &Event) {
    // An erased address leaves no entry: the dates of someone's moves are theirs too.
    match event {
        Event::CorrespondenceAddressChanged(e) => {
            if let Some(address) = e.address.get() {
                contact.correspondence.set(e.from, address.clone());
            }
        }
        Event::HomeAddressChanged(e) => {
            if let Some(address) = e.address.get() {
                contact.home.set(e.from, address.clone());
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
