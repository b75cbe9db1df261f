//! Folded states as rows: the encoded state, and the columns that lists and searches need.

use crate::batch::{Batch, Folded};
use crate::search::{FoundBy, States, fingerprint, iban_keys};
use crate::{Checkpoint, ViewFault};
use foldhash::HashMap;
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::values::{Address, fold};
use kroniek_domain::{ContactId, CustomerId, EntityId, codec};

pub(crate) struct ContactRow {
    pub(crate) id: ContactId,
    pub(crate) version: u64,
    /// Those of the batch alone.
    pub(crate) positions: Vec<u64>,
    pub(crate) number: String,
    pub(crate) kind: u8,
    /// Number of the status that decides who sees it; 0 for none.
    pub(crate) standing: u8,
    pub(crate) parent: Option<ContactId>,
    pub(crate) folded_name: String,
    pub(crate) folded_address: String,
    pub(crate) bsn: Option<String>,
    /// Another number when anything that it is found by is another.
    pub(crate) fingerprint: i64,
    /// What it is found by; `None` until the states of the batch are at hand.
    pub(crate) found_by: Option<FoundBy>,
    pub(crate) state: Vec<u8>,
}

pub(crate) struct CustomerRow {
    pub(crate) id: CustomerId,
    pub(crate) version: u64,
    /// Those of the batch alone.
    pub(crate) positions: Vec<u64>,
    pub(crate) number: String,
    pub(crate) contact: ContactId,
    pub(crate) active: bool,
    pub(crate) ibans: Vec<i64>,
    pub(crate) status: u8,
    pub(crate) provider: bool,
    pub(crate) mandates: Vec<String>,
    pub(crate) past_numbers: Vec<String>,
    /// Organisation and number of each.
    pub(crate) debtors: Vec<(String, String)>,
    pub(crate) state: Vec<u8>,
}

/// A batch whose rows are made: what is left to be done needs the file.
pub struct Prepared {
    /// What else it holds.
    pub(crate) batch: Batch,
    pub(crate) states: States,
    pub(crate) contacts: Vec<ContactRow>,
    pub(crate) customers: Vec<CustomerRow>,
}

impl Prepared {
    /// The checkpoint of its last commit; without the hash when it was absorbed.
    pub fn checkpoint(&self) -> Checkpoint {
        self.batch.checkpoint
    }
}

impl Batch {
    /// Makes the rows, which takes about as long as writing them.
    pub fn prepare(mut self) -> Result<Prepared, ViewFault> {
        let states = States::of(&self);
        let mut contacts = Vec::with_capacity(self.contacts.len());
        contact_rows(std::mem::take(&mut self.contacts), &mut |row| {
            let row = row?;
            contacts.push(ContactRow { found_by: states.found_by(row.id), ..row });
            Ok(())
        })?;
        let mut customers = Vec::with_capacity(self.customers.len());
        customer_rows(std::mem::take(&mut self.customers), &mut |row| {
            customers.push(row?);
            Ok(())
        })?;
        Ok(Prepared { batch: self, states, contacts, customers })
    }
}

/// The rows of contacts, in order of id: a table that is filled in order is filled at its end.
pub(crate) fn contact_rows(
    contacts: HashMap<ContactId, Folded<Contact>>,
    each: &mut dyn FnMut(Result<ContactRow, ViewFault>) -> Result<(), ViewFault>,
) -> Result<(), ViewFault> {
    let mut sorted: Vec<_> = contacts.into_iter().collect();
    sorted.sort_unstable_by_key(|(id, _)| *id);
    for (id, folded) in sorted {
        each(contact_row(id, folded))?;
    }
    Ok(())
}

fn contact_row(id: ContactId, folded: Folded<Contact>) -> Result<ContactRow, ViewFault> {
    let state = &*folded.state;
    Ok(ContactRow {
        id,
        version: folded.version(),
        number: state.number.clone(),
        kind: state.kind.into(),
        standing: state.standing.map_or(0, u8::from),
        parent: state.placement.parent,
        folded_name: search_key(&state.name),
        folded_address: folded_address(state),
        bsn: state.bsn.clone(),
        fingerprint: fingerprint(state),
        found_by: None,
        state: encoded(&EntityId::Contact(id), state)?,
        positions: folded.positions,
    })
}

/// The rows of customers, in order of id.
pub(crate) fn customer_rows(
    customers: HashMap<CustomerId, Folded<Customer>>,
    each: &mut dyn FnMut(Result<CustomerRow, ViewFault>) -> Result<(), ViewFault>,
) -> Result<(), ViewFault> {
    let mut sorted: Vec<_> = customers.into_iter().collect();
    sorted.sort_unstable_by_key(|(id, _)| *id);
    for (id, folded) in sorted {
        each(customer_row(id, folded))?;
    }
    Ok(())
}

fn customer_row(id: CustomerId, folded: Folded<Customer>) -> Result<CustomerRow, ViewFault> {
    let state = &*folded.state;
    Ok(CustomerRow {
        id,
        version: folded.version(),
        number: state.number.clone(),
        contact: state.contact,
        active: state.active,
        ibans: iban_keys(state),
        status: state.status.into(),
        provider: state.acceptance.own_service_provider,
        past_numbers: state.administration.past_numbers.clone(),
        debtors: state
            .administration
            .debtor_numbers()
            .map(|(at, number)| (at.to_owned(), number.to_owned()))
            .collect(),
        mandates: state.mandates.iter().map(|held| held.code.clone()).collect(),
        state: encoded(&EntityId::Customer(id), state)?,
        positions: folded.positions,
    })
}

pub(crate) fn encoded<T: serde::Serialize>(entity: &EntityId, state: &T) -> Result<Vec<u8>, ViewFault> {
    codec::encode(state)
        .map_err(|fault| ViewFault::Decode { entity: entity.to_string(), why: fault.to_string() })
}

/// What a search by address looks through: every address that a contact has or will have.
fn folded_address(contact: &Contact) -> String {
    let mut text = String::new();
    for (_, address) in contact.correspondence.entries().iter().chain(contact.home.entries()) {
        push_address(&mut text, address);
    }
    text
}

fn push_address(text: &mut String, address: &Address) {
    let postcode = address.postcode.as_deref().unwrap_or_default();
    text.push_str(&search_key(&address.display()));
    text.push(' ');
    text.push_str(&search_key(&postcode.replace(' ', "")));
    text.push('\n');
}

/// The search key of the domain, with a short way for the texts that most are: letters, digits, and single spaces,
/// which only change their case. Every command and every row of a rebuild makes several.
fn search_key(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'.' | b'-' | b',');
    let single_spaces = !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
    if single_spaces && text.as_bytes().iter().all(plain) { text.to_ascii_lowercase() } else { fold(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_comes_to_the_same_key() {
        for a in ' '..='~' {
            for b in ' '..='~' {
                let text = format!("X{a}{b}y 1");
                assert_eq!(search_key(&text), fold(&text), "{text:?}");
            }
        }
        for text in ["", " ", " a", "a ", "a  b", "A. van den Berg-Smit", "Çelik", "d’Hondt"] {
            assert_eq!(search_key(text), fold(text), "{text:?}");
        }
    }
}
