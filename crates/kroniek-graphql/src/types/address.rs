//! Addresses, by the date from which they hold, and the lookup in the postcode table (E1-20 … E1-22, E2-11).

use crate::context::Reader;
use crate::label::Lang;
use crate::scalars::DateText;
use crate::user_error::UserError;
use async_graphql::{Description, Enum, Object, Result, SimpleObject};
use kroniek_domain::Refusal;
use kroniek_domain::address::Found;
use kroniek_domain::code_list::COUNTRY;
use kroniek_domain::timeline::Timeline;
use kroniek_domain::values::{self, Date};

/// Where the street and city of an address came from.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "values::AddressSource")]
pub enum AddressSource {
    /// Fetched from the postcode table (E1-21).
    PostcodeTable,
    /// Typed (E1-22).
    Manual,
}

/// An address.
#[derive(Description)]
pub struct Address {
    reader: Reader,
    address: values::Address,
}

impl Address {
    pub(crate) fn new(reader: &Reader, address: values::Address) -> Self {
        Self { reader: reader.clone(), address }
    }
}

#[Object(use_type_description)]
impl Address {
    /// Street; for a foreign address in one line, all of it.
    async fn street(&self) -> &str {
        &self.address.street
    }

    /// House number, 1 to 99999; null in a foreign address that is written in one line.
    async fn house_no(&self) -> Option<u32> {
        self.address.house_no
    }

    /// The letter that belongs to the house number (*huisletter*).
    async fn letter(&self) -> Option<&str> {
        self.address.letter.as_deref()
    }

    /// What else belongs to the house number (*huisnummertoevoeging*): `bis`, `2`.
    async fn addition(&self) -> Option<&str> {
        self.address.addition.as_deref()
    }

    /// In the Netherlands four digits and two letters without a space, `3077AW`; elsewhere as that country writes it.
    async fn postcode(&self) -> Option<&str> {
        self.address.postcode.as_deref()
    }

    /// City.
    async fn city(&self) -> &str {
        &self.address.city
    }

    /// Country, two letters of ISO 3166-1.
    async fn country(&self) -> &str {
        &self.address.country
    }

    /// `country` in words (code list `COUNTRY`); the code itself when the list does not have it.
    async fn country_label(&self, #[graphql(default)] lang: Lang) -> Result<String> {
        self.reader.label(COUNTRY, &self.address.country, lang)
    }

    /// Where the street and city came from.
    async fn source(&self) -> AddressSource {
        self.address.source.into()
    }

    /// `source` in words.
    async fn source_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        AddressSource::from(self.address.source).label(lang)
    }

    /// The address on one line: street, number with letter and addition, postcode and city (§7).
    async fn display(&self) -> String {
        self.address.display()
    }
}

/// An address, and from when it holds.
#[derive(SimpleObject)]
pub struct DatedAddress {
    /// From this date on, until the next entry.
    from: DateText,
    /// The address.
    address: Address,
}

/// The address that holds on a date.
pub(crate) fn on(reader: &Reader, timeline: &Timeline<values::Address>, date: Date) -> Option<Address> {
    timeline.on(date).map(|address| Address::new(reader, address.clone()))
}

/// All addresses by date, oldest first.
pub(crate) fn all(reader: &Reader, timeline: &Timeline<values::Address>) -> Vec<DatedAddress> {
    let entries = timeline.entries().iter();
    entries
        .map(|(from, address)| DatedAddress {
            from: (*from).into(),
            address: Address::new(reader, address.clone()),
        })
        .collect()
}

/// What a lookup in the postcode table answers.
#[derive(SimpleObject)]
pub struct AddressLookupResult {
    /// The address; null when there are user errors.
    address: Option<Address>,
    /// The table has this postcode and house number, but not this letter or addition: they are kept as typed, and a
    /// command with this lookup is accepted with the warning `ADDITION_NOT_IN_TABLE`.
    addition_not_in_table: bool,
    /// Why there is no address: `INVALID_POSTCODE`, `INVALID_HOUSE_NUMBER`, `ADDRESS_NOT_FOUND`, `ADDRESS_AMBIGUOUS` (with
    /// the choices as options, or without when the letters of the postcode are missing), or `ADDRESS_TABLE_UNAVAILABLE`.
    user_errors: Vec<UserError>,
}

impl AddressLookupResult {
    /// No address, and why.
    pub(crate) fn refused(why: UserError) -> Self {
        Self { address: None, addition_not_in_table: false, user_errors: vec![why] }
    }

    pub(crate) fn new(reader: &Reader, found: std::result::Result<Found, Refusal>) -> Self {
        match found {
            Ok(found) => Self {
                address: Some(Address::new(reader, found.address)),
                addition_not_in_table: found.addition_not_in_table,
                user_errors: Vec::new(),
            },
            Err(refusal) => Self::refused(UserError::new(&refusal.problem(), true)),
        }
    }
}
