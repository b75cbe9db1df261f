//! Customers of a shop (N1-01, N1-05 … N1-07): a contact and its customer in one go, and the few things that a customer
//! has of its own.
//!
//! Whoever adds a customer searches first ([`crate::search`]); the search yields a token that pre-fills the form. The
//! command fills in from it what it was not given: the surname, and street and city when a whole address was searched for;
//! digits of a postcode alone are no address. What decides is the command's own look for duplicates, with the token or
//! without it. The name, the address and the channels are the contact's and change there (E1-02).

#[cfg(test)]
pub(crate) mod tests;

use crate::address::{self, AddressInput};
use crate::channel::{self, WantedChannel};
use crate::contact::{self, Kind, NewPerson};
use crate::customer::{self, ClientStatus, Customer};
use crate::draft::{CODE_LIMIT, Decide, Draft, Refused};
use crate::duplicate::{self, Description};
use crate::event::stored_events;
use crate::ids::{CustomerId, CustomerRef, EntityId};
use crate::mail::Mail;
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::{General, Problem};
use crate::search::Wanted;
use crate::sign_off::Activity;
use crate::values;
use crate::values::address::NETHERLANDS;
use crate::world::Addresses;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

// ---- commands

/// Makes a person or a company and the customer that is its account (N1-05, N1-07).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CreateCustomer {
    /// Initials of a person.
    pub initials: Option<String>,
    /// Infix of a person.
    pub infix: Option<String>,
    /// Surname of a person; this or the company's name.
    pub surname: Option<String>,
    /// Name of a company; this or a surname.
    pub company_name: Option<String>,
    /// Salutation code; of a company only the neutral one, which it gets anyway. Needs `SENSITIVE_WRITE`.
    pub salutation: Option<String>,
    /// Correspondence address.
    pub address: Option<AddressInput>,
    /// Phones.
    pub phones: Vec<WantedChannel>,
    /// E-mail addresses; the one of first preference is the customer's main one (N1-23).
    pub emails: Vec<WantedChannel>,
    /// A remark of the shop.
    pub remark: Option<String>,
    /// The number under which another system knows the customer.
    pub reference: Option<String>,
    /// The search that was made before, when the caller has its token: what was typed into it. Fills in what is left out.
    pub searched: Option<Searched>,
}

/// What was typed into a search.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Searched {
    /// A piece of the surname.
    pub surname: String,
    /// The postcode or its first digits.
    pub postcode: String,
    /// The house number.
    pub house_no: Option<i64>,
}

/// Changes what the customer has of its own (N1-07); an empty text clears, `None` leaves.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ChangeCustomer {
    /// The customer.
    pub customer: Option<CustomerRef>,
    /// A remark of the shop.
    pub remark: Option<String>,
    /// The number under which another system knows the customer.
    pub reference: Option<String>,
    /// Fields of the contact that were given: refused, because they change at the contact (E1-02).
    pub owned_by_contact: Vec<ContactField>,
}

/// What a customer only shows.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ContactField {
    /// A person's initials.
    Initials,
    /// A person's infix.
    Infix,
    /// A person's surname.
    Surname,
    /// A company's name.
    CompanyName,
    /// The correspondence address.
    Address,
    /// The phones.
    Phones,
    /// The e-mail addresses.
    Emails,
}

impl ContactField {
    /// The name of the input field.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initials => "initials",
            Self::Infix => "infix",
            Self::Surname => "surname",
            Self::CompanyName => "companyName",
            Self::Address => "address",
            Self::Phones => "phones",
            Self::Emails => "emails",
        }
    }
}

// ---- events

/// What the customer has of its own changed; all as it is now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CustomerChanged {
    /// The customer.
    pub customer: CustomerId,
    /// The remark; the subject is the customer's contact.
    pub remark: Personal<Option<String>>,
    /// The number in another system.
    pub reference: Option<String>,
}

stored_events! {
    /// What the customer has of its own changed.
    160 v 1 CustomerChanged,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        match self {
            Self::CustomerChanged(e) => vec![EntityId::Customer(e.customer)],
        }
    }
}

// ---- refusals

/// Why a customer of a shop is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The token is not one of a search.
    InvalidSearchToken,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::InvalidSearchToken => Problem::new(
                "INVALID_SEARCH_TOKEN",
                "This is not the token of a search: send the one that findCustomers gave, or leave it out.",
            )
            .field("fromSearch"),
        }
    }
}

// ---- state

/// What a customer has by being a shop's; nothing of it for most customers of other organisations.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Shop {
    /// A remark; empty when there is none, or it is erased.
    pub remark: String,
    /// The number in another system.
    pub reference: Option<String>,
    /// What stands in the way of signing off.
    pub activity: Activity,
    /// Contacts by kind, billing customer, consent to mail.
    pub mail: Mail,
}

impl Customer {
    /// What it has by being a shop's customer, to be changed.
    pub(crate) fn shop_mut(&mut self) -> &mut Shop {
        self.shop.get_or_insert_default()
    }
}

// ---- decide

const REMARK_LIMIT: usize = 1000;

impl Decide for CreateCustomer {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Shop)?;
        let remark = d.optional_text("remark", self.remark.as_ref(), |raw| values::note(raw, REMARK_LIMIT));
        let reference =
            d.optional_text("reference", self.reference.as_ref(), |raw| values::code(raw, CODE_LIMIT));
        let form = match &self.searched {
            None => Cow::Borrowed(self),
            Some(searched) => {
                let form = self.filled_in(d, searched);
                match Wanted::read(&searched.surname, &searched.postcode, searched.house_no) {
                    Err(_) => {
                        d.refuse(Refusal::InvalidSearchToken);
                    }
                    Ok(wanted) if form.address.is_none() => warn_of_no_address(d, &wanted),
                    Ok(_) => {}
                }
                Cow::Owned(form)
            }
        };
        let place = if self.address.is_some() { "address" } else { "fromSearch" };
        let address = form.address.as_ref().and_then(|input| address::read(d, place, input));
        let contact = if given(self.company_name.as_ref()) {
            form.company(d, address.as_ref())?
        } else {
            form.person(d, address.as_ref())?
        };
        if let Some(address) = address {
            let today = d.today();
            address::set_correspondence(d, contact, today, &address);
        }
        let id = customer::create(d, contact, ClientStatus::Client);
        let (remark, reference) = (remark.flatten(), reference.flatten());
        if remark.is_some() || reference.is_some() {
            d.record(CustomerChanged { customer: id, remark: Personal::new(contact, remark), reference });
        }
        Ok(())
    }
}

impl CreateCustomer {
    /// The form as the search fills it in (N1-05, N1-06): what was given stays, a field that was emptied too. An
    /// address that the table does not know is not filled in: nobody gave it, so nobody is refused for it.
    fn filled_in(&self, d: &Draft<'_>, searched: &Searched) -> Self {
        let mut form = self.clone();
        if form.surname.is_none() && !given(form.company_name.as_ref()) && !searched.surname.trim().is_empty()
        {
            form.surname = Some(searched.surname.clone());
        }
        let Some(postcode) = values::postcode(&searched.postcode) else { return form };
        match &mut form.address {
            Some(AddressInput::Typed(typed)) => {
                let country = typed.country.as_deref().map(str::trim).unwrap_or_default();
                let dutch = country.is_empty() || country.eq_ignore_ascii_case(NETHERLANDS);
                let typed_postcode = typed.postcode.as_deref().map(values::postcode);
                // The house number that was searched for is one at that postcode.
                if dutch && typed_postcode.is_none_or(|typed| typed.as_ref() == Some(&postcode)) {
                    typed.house_no = typed.house_no.or(searched.house_no);
                    typed.postcode.get_or_insert(postcode);
                }
            }
            Some(AddressInput::Lookup(_)) => {}
            None => {
                let house_no = searched.house_no.and_then(values::house_no);
                let known = |house_no: &u32| matches!(d.world().addresses(&postcode, *house_no), Addresses::Rows(rows) if !rows.is_empty());
                let lookup = |house_no| AddressInput::Lookup(format!("{postcode} {house_no}"));
                form.address = house_no.filter(known).map(lookup);
            }
        }
        form
    }

    fn company(
        &self,
        d: &mut Draft<'_>,
        address: Option<&values::Address>,
    ) -> Result<crate::ContactId, Refused> {
        contact::has_no_parts(d, self.initials.as_ref(), self.infix.as_ref(), self.surname.as_ref());
        let salutation = contact::read_neutral_salutation(d, Kind::Company, self.salutation.as_ref());
        let name =
            d.text("companyName", values::company_name(self.company_name.as_deref().unwrap_or_default()));
        let phones = channel::read_list(d, "phones", &self.phones);
        let emails = channel::read_list(d, "emails", &self.emails);
        if let Some(name) = &name {
            let described = Description::company(name).with(address, &phones, &emails);
            duplicate::ask(d, &[described], |_, _| true);
        }
        d.stop_if_refused()?;
        let id = contact::create_named(d, Kind::Company, name.ok_or(Refused)?, &salutation.ok_or(Refused)?);
        channel::add_all(d, id, &phones);
        channel::add_all(d, id, &emails);
        Ok(id)
    }

    fn person(
        &self,
        d: &mut Draft<'_>,
        address: Option<&values::Address>,
    ) -> Result<crate::ContactId, Refused> {
        let person = NewPerson {
            initials: self.initials.clone(),
            infix: self.infix.clone(),
            surname: self.surname.clone().unwrap_or_default(),
            salutation: self.salutation.clone().filter(|code| !code.trim().is_empty()),
            phones: self.phones.clone(),
            emails: self.emails.clone(),
            ..NewPerson::default()
        };
        let person = contact::read_person(d, &person);
        if let Some(person) = &person {
            duplicate::ask(d, &[person.description(address)], |_, _| true);
        }
        d.stop_if_refused()?;
        Ok(contact::create_person(d, person.ok_or(Refused)?))
    }
}

/// Says that a house number was searched for and did not lead to an address (N1-06).
fn warn_of_no_address(d: &mut Draft<'_>, wanted: &Wanted) {
    let (Some(postcode), Some(_)) = (&wanted.postcode, wanted.house_no) else { return };
    let (code, why) = if postcode.letters.is_some() {
        ("ADDRESS_NOT_FOUND", "The address that was searched for is not in the address table")
    } else {
        ("ADDRESS_AMBIGUOUS", "The digits of a postcode, which were searched for, are many streets")
    };
    let message = format!(
        "{why}, so the customer has no address yet: give it in address, or with changeCorrespondenceAddress."
    );
    d.warn(code, message, None);
}

/// Whether anything was typed; a form sends an empty text for a field that was left alone.
fn given(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

impl Decide for ChangeCustomer {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let Some(customer) = &self.customer else {
            return Err(d.refuse(General::Required("customerNo")));
        };
        let customer = d.find_customer("customerNo", customer)?;
        d.address(EntityId::Customer(customer.id))?;
        for field in &self.owned_by_contact {
            d.refuse(General::OwnedByHousehold { contact: customer.contact, field: field.name() });
        }
        let had = customer.shop.as_deref().cloned().unwrap_or_default();
        let remark = match &self.remark {
            None => Some(Some(had.remark.clone()).filter(|text| !text.is_empty())),
            raw => d.optional_text("remark", raw.as_ref(), |raw| values::note(raw, REMARK_LIMIT)),
        };
        let reference = match &self.reference {
            None => Some(had.reference.clone()),
            raw => d.optional_text("reference", raw.as_ref(), |raw| values::code(raw, CODE_LIMIT)),
        };
        d.stop_if_refused()?;
        let (remark, reference) = (remark.flatten(), reference.flatten());
        if (remark.as_deref().unwrap_or_default(), &reference) != (had.remark.as_str(), &had.reference) {
            let remark = Personal::new(customer.contact, remark);
            d.record(CustomerChanged { customer: customer.id, remark, reference });
        }
        Ok(())
    }
}

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, event: &Event) {
    match event {
        Event::CustomerChanged(e) => {
            let shop = customer.shop_mut();
            shop.remark = e.remark.get().cloned().flatten().unwrap_or_default();
            shop.reference.clone_from(&e.reference);
        }
    }
}
