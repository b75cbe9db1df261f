//! Contacts: persons, households and companies, and their names (E1-09, E1-13, E1-15, E1-27, E2-06 … E2-16; §7).
//!
//! A name is derived and recorded: a person's from its parts, a company's is its company name, a household's is that of
//! the contractant shown first (see [`crate::role`]), else its own parts. Nobody types a derived name.

mod create;
mod state;
#[cfg(test)]
mod tests;

pub use create::NUMBER_LIMIT;
use create::read_parts;
pub(crate) use create::{
    create_bare_person, create_named, create_person, has_no_parts, read_neutral_salutation, read_person,
};
pub use state::{Contact, PastName};

use crate::channel::WantedChannel;
use crate::code_list;
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{At, ContactId, ContactRef, EntityId};
use crate::leader::{MailPreference, MailPreferenceSet};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::personal_data;
use crate::problem::Problem;
use crate::values::{self, NameParts};
use crate::{address, leader, registration, role};
use serde::{Deserialize, Serialize};

/// The kind of a contact (E2-10). The manual's one value "Household / Company" is two kinds here: a natural person's
/// contact is a household, a legal entity's a company. Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A natural person.
    Person,
    /// What natural persons form together.
    Household,
    /// A legal entity.
    Company,
    /// "The board", "the secretariat" of a company (A2-06).
    GeneralCorrespondence,
    /// A branch of a company (A2-09).
    Location,
}

impl Kind {
    /// Whether it has one name and no name parts.
    pub fn has_company_name(self) -> bool {
        match self {
            Self::Company | Self::GeneralCorrespondence | Self::Location => true,
            Self::Person | Self::Household => false,
        }
    }

    /// Whether it stands alone, and so can be made and become a customer by itself (I11).
    pub fn stands_alone(self) -> bool {
        match self {
            Self::Person | Self::Household | Self::Company => true,
            Self::GeneralCorrespondence | Self::Location => false,
        }
    }
}

crate::stored_numbers! { Kind {
    Person = 1 "PERSON",
    Household = 2 "HOUSEHOLD",
    Company = 3 "COMPANY",
    GeneralCorrespondence = 4 "GENERAL_CORRESPONDENCE",
    Location = 5 "LOCATION",
} }

// ---- commands

/// Makes a contact, and for a natural person's household the first person in it (E2-07).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CreateContact {
    /// Kind of the contact.
    pub kind: Kind,
    /// A number of the caller's choice; normally left to the series (E2-08).
    pub number: Option<String>,
    /// Always refused: names are derived (E2-09).
    pub name: Option<String>,
    /// Initials of a person or household.
    pub initials: Option<String>,
    /// Infix of a person or household.
    pub infix: Option<String>,
    /// Surname of a person or household; a household whose person is a contractant may do without.
    pub surname: Option<String>,
    /// Name of a company (E2-15).
    pub company_name: Option<String>,
    /// Salutation code; a company's is BLANCO.
    pub salutation: Option<String>,
    /// Correspondence address: a postcode lookup, or typed (E2-11).
    pub address: Option<address::AddressInput>,
    /// Phones (E2-12).
    pub phones: Vec<WantedChannel>,
    /// E-mail addresses (E2-12).
    pub emails: Vec<WantedChannel>,
    /// The person in it; required for a household (E2-07).
    pub person: Option<NewPersonRole>,
}

/// A new person and the role it gets.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NewPersonRole {
    /// The person.
    pub person: NewPerson,
    /// Role code towards the household or company.
    pub role_code: String,
    /// Begin of the role; today when left out.
    pub begin_date: Option<String>,
}

/// A person that does not exist yet.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct NewPerson {
    /// Initials, as typed.
    pub initials: Option<String>,
    /// Infix, as typed.
    pub infix: Option<String>,
    /// Surname, as typed.
    pub surname: String,
    /// Date of birth; needs `SENSITIVE_WRITE`.
    pub birth_date: Option<String>,
    /// Salutation code; needs `SENSITIVE_WRITE` (D-32).
    pub salutation: Option<String>,
    /// BSN; needs `SENSITIVE_WRITE`.
    pub bsn: Option<String>,
    /// Gender M, V or O; needs `SENSITIVE_WRITE`.
    pub gender: Option<String>,
    /// Phones.
    pub phones: Vec<WantedChannel>,
    /// E-mail addresses.
    pub emails: Vec<WantedChannel>,
}

/// Makes a person in an existing household or company (E2-13).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CreatePersonInHousehold {
    /// The household or company.
    pub household: ContactRef,
    /// The person and its role.
    pub person: NewPersonRole,
}

/// Changes the name parts of a person (E1-13, E2-09).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangePersonName {
    /// The person.
    pub person: ContactRef,
    /// Always refused: names are derived (E2-09).
    pub name: Option<String>,
    /// New initials; `None` leaves them, empty clears them.
    pub initials: Option<String>,
    /// New infix; `None` leaves it, empty clears it.
    pub infix: Option<String>,
    /// New surname; `None` leaves it.
    pub surname: Option<String>,
}

/// Changes the own name of a household without contractants, or of a company (E1-27, E2-15).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeContactName {
    /// The household or company.
    pub contact: ContactRef,
    /// Always refused: names are derived (E2-09).
    pub name: Option<String>,
    /// Initials of a household.
    pub initials: Option<String>,
    /// Infix of a household.
    pub infix: Option<String>,
    /// Surname of a household.
    pub surname: Option<String>,
    /// Name of a company.
    pub company_name: Option<String>,
}

/// Changes the kind of a contact that is not in use yet (E2-10, D-14).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeContactKind {
    /// The contact.
    pub contact: ContactRef,
    /// The wanted kind.
    pub kind: Kind,
}

/// Changes the registration numbers of a company (§1.1); an empty text clears, `None` leaves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeCompanyData {
    /// The company.
    pub contact: ContactRef,
    /// Chamber-of-commerce number, 8 digits.
    pub kvk: Option<String>,
    /// RSIN, 9 digits.
    pub rsin: Option<String>,
    /// VAT id.
    pub vat_id: Option<String>,
    /// Legal form (code list `LEGAL_FORM`).
    pub legal_form: Option<String>,
}

// ---- events

/// A contact came to be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ContactCreated {
    /// Its id.
    pub contact: ContactId,
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: Kind,
    /// Name parts of a person or household.
    pub parts: Personal<NameParts>,
    /// Name of a company; personal, because a sole trader's may be its owner's.
    pub company_name: Personal<Option<String>>,
}

/// The name parts of a person changed, and with them its derived name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonNameChanged {
    /// The person.
    pub person: ContactId,
    /// The parts now.
    pub parts: Personal<NameParts>,
}

/// The own name of a household or company changed; shown while no contractant lends it another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnNameChanged {
    /// The contact.
    pub contact: ContactId,
    /// A household's parts now.
    pub parts: Personal<NameParts>,
    /// A company's name now.
    pub company_name: Personal<Option<String>>,
}

/// The derived name of a household changed (E1-27).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HouseholdNameChanged {
    /// The household.
    pub household: ContactId,
    /// The name before; its subject is the person whose name it was.
    pub old: Personal<String>,
    /// The name now; its subject is the contractant shown first, or the household itself.
    pub new: Personal<String>,
}

/// The kind of an unused contact changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ContactKindChanged {
    /// The contact.
    pub contact: ContactId,
    /// The kind now.
    pub kind: Kind,
    /// A household's parts now (what was the company's name becomes its surname).
    pub parts: Personal<NameParts>,
    /// A company's name now (what was the household's name).
    pub company_name: Personal<Option<String>>,
}

/// The registration numbers of a company changed; all as they are now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CompanyDataChanged {
    /// The company.
    pub contact: ContactId,
    /// Chamber-of-commerce number; personal, because a sole trader's is.
    pub kvk: Personal<Option<String>>,
    /// RSIN; a sole trader's was derived from the BSN, hence personal.
    pub rsin: Personal<Option<String>>,
    /// VAT id; personal for the same reason.
    pub vat_id: Personal<Option<String>>,
    /// Legal form.
    pub legal_form: Option<String>,
}

stored_events! {
    /// A contact came to be.
    1 v 1 ContactCreated,
    /// A person's name changed.
    2 v 1 PersonNameChanged,
    /// A household's or company's own name changed.
    3 v 1 OwnNameChanged,
    /// A household's derived name changed.
    4 v 1 HouseholdNameChanged,
    /// The kind of an unused contact changed.
    5 v 1 ContactKindChanged,
    /// A company's registration numbers changed.
    6 v 1 CompanyDataChanged,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let contact = match self {
            Self::ContactCreated(e) => e.contact,
            Self::PersonNameChanged(e) => e.person,
            Self::OwnNameChanged(e) => e.contact,
            Self::HouseholdNameChanged(e) => e.household,
            Self::ContactKindChanged(e) => e.contact,
            Self::CompanyDataChanged(e) => e.contact,
        };
        vec![EntityId::Contact(contact)]
    }
}

// ---- refusals

/// Why a contact or a name is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// A natural person's household without a person (E2-07).
    PersonRequired,
    /// The number is, or was, another contact's or a customer's, or is of the series of customers.
    NumberTaken,
    /// A derived name cannot be typed (E1-27, E2-09).
    NameIsDerived {
        /// The input field.
        field: &'static str,
        /// What lends the name.
        from: &'static str,
    },
    /// A company has a name, and no initials, infix or surname (E2-15).
    CompanyHasNoInitials {
        /// The part that was typed.
        field: &'static str,
    },
    /// The kind is fixed once the contact is in use (D-14).
    KindIsFixed,
    /// The command applies to another kind of contact.
    KindNotAllowed {
        /// The kind that it has.
        kind: Kind,
        /// What to use instead.
        instead: &'static str,
    },
    /// Not 8 digits.
    InvalidKvk,
    /// Not 9 digits, or the eleven-test fails.
    InvalidRsin,
    /// Not a Dutch VAT id.
    InvalidVatId,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::PersonRequired => Problem::new(
                "PERSON_REQUIRED",
                "A household is made together with its first person: fill in person, with a role code.",
            )
            .field("person"),
            Self::NumberTaken => Problem::new(
                "NUMBER_TAKEN",
                "This number is or was somebody else's, or will be a customer's; leave it out to get the next of the series.",
            )
            .field("number"),
            Self::NameIsDerived { field, from } => {
                Problem::new("NAME_IS_DERIVED", format!("The name is derived from {from}; change that instead."))
                    .field(*field)
            }
            Self::CompanyHasNoInitials { field } => Problem::new(
                "COMPANY_HAS_NO_INITIALS",
                format!("A company has a companyName and no {field}: leave {field} out."),
            )
            .field(*field),
            Self::KindIsFixed => Problem::new(
                "KIND_IS_FIXED",
                "The kind changes only between HOUSEHOLD and COMPANY, and only before the contact has roles, a customer or contact moments: make a new contact instead.",
            )
            .field("kind"),
            Self::KindNotAllowed { kind, instead } => {
                Problem::new("KIND_NOT_ALLOWED", format!("This contact is a {}; use {instead}.", kind.name()))
            }
            Self::InvalidKvk => {
                Problem::new("INVALID_KVK", "A chamber-of-commerce number has 8 digits: check it.").field("kvk")
            }
            Self::InvalidRsin => {
                Problem::new("INVALID_RSIN", "An RSIN has 9 digits and passes the eleven-test: check it.").field("rsin")
            }
            Self::InvalidVatId => {
                Problem::new("INVALID_VAT_ID", "A Dutch VAT id reads NL123456789B01: check it.").field("vatId")
            }
        }
    }
}

// ---- decide

impl Decide for ChangePersonName {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let person = d.find_person("personId", &self.person)?;
        d.address(EntityId::Contact(person.id))?;
        if self.name.is_some() {
            d.refuse(Refusal::NameIsDerived { field: "name", from: "initials, infix and surname" });
        }
        let parts = read_parts(
            d,
            self.initials.as_ref().or(Some(&person.parts.initials)),
            self.infix.as_ref().or(Some(&person.parts.infix)),
            self.surname.as_ref().unwrap_or(&person.parts.surname),
        );
        let parts = parts.filter(|parts| *parts != person.parts);
        if parts.is_some() {
            // Reported together with what else is wrong.
            let _reported = leader::refuse_followed(d, &person, "name");
        }
        d.stop_if_refused()?;
        let Some(parts) = parts else { return Ok(()) };
        d.record_with(PersonNameChanged { person: person.id, parts: Personal::new(person.id, parts) }, |d| {
            role::rename_households(d, person.id);
            leader::copy_to_followers(d, person.id);
        });
        Ok(())
    }
}

impl Decide for ChangeContactName {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let contact = d.find_contact("contactId", &self.contact)?;
        d.address(EntityId::Contact(contact.id))?;
        if contact.kind == Kind::Person {
            return Err(d.refuse(Refusal::KindNotAllowed { kind: contact.kind, instead: "changePersonName" }));
        }
        if contact.contractants().next().is_some() {
            return Err(
                d.refuse(Refusal::NameIsDerived { field: "name", from: "the contractant shown first" })
            );
        }
        if self.name.is_some() {
            d.refuse(Refusal::NameIsDerived { field: "name", from: "its parts" });
        }
        let (parts, company_name) = if contact.kind.has_company_name() {
            has_no_parts(d, self.initials.as_ref(), self.infix.as_ref(), self.surname.as_ref());
            let raw = self.company_name.as_ref().unwrap_or(&contact.company_name);
            (Some(NameParts::default()), d.text("companyName", values::company_name(raw)))
        } else {
            if self.company_name.is_some() {
                d.refuse(Refusal::KindNotAllowed { kind: contact.kind, instead: "surname" });
            }
            let parts = read_parts(
                d,
                self.initials.as_ref().or(Some(&contact.parts.initials)),
                self.infix.as_ref().or(Some(&contact.parts.infix)),
                self.surname.as_ref().unwrap_or(&contact.parts.surname),
            );
            (parts, None)
        };
        d.stop_if_refused()?;
        let parts = parts.unwrap_or_default();
        if parts == contact.parts && company_name.as_ref().is_none_or(|name| *name == contact.company_name) {
            return Ok(());
        }
        let parts = Personal::new(contact.id, parts);
        let company_name = Personal::new(contact.id, company_name);
        d.record_with(OwnNameChanged { contact: contact.id, parts, company_name }, |d| {
            role::rename_household(d, contact.id, None);
        });
        Ok(())
    }
}

impl Decide for ChangeContactKind {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let contact = d.find_contact("contactId", &self.contact)?;
        d.address(EntityId::Contact(contact.id))?;
        if contact.kind == self.kind {
            return Ok(());
        }
        // A company that rents is a tenant before it is a registration: its kind is fixed because it is in use.
        let rents = contact.customer.and_then(|id| d.customer(id)).is_some_and(|c| !c.leases.is_empty());
        if !rents && registration::type_in(d, &contact).is_some() {
            return Err(d.refuse(registration::Refusal::TypeIsFixed));
        }
        let used = !contact.lines.is_empty()
            || !contact.ended_lines.is_empty()
            || contact.customer.is_some()
            || d.world().has_interactions(contact.id);
        if used || contact.kind == Kind::Person || self.kind == Kind::Person || !self.kind.stands_alone() {
            return Err(d.refuse(Refusal::KindIsFixed));
        }
        let name = contact.own_name();
        let (parts, company_name) = match self.kind {
            Kind::Company | Kind::GeneralCorrespondence | Kind::Location => {
                (NameParts::default(), Some(name))
            }
            Kind::Person | Kind::Household => (NameParts { surname: name, ..NameParts::default() }, None),
        };
        let parts = Personal::new(contact.id, parts);
        d.record_with(
            ContactKindChanged {
                contact: contact.id,
                kind: self.kind,
                parts,
                company_name: Personal::new(contact.id, company_name),
            },
            |d| {
                // A company is addressed neutrally; a household starts without a salutation of its own (E2-15).
                if self.kind == Kind::Company {
                    personal_data::set_salutation(d, contact.id, code_list::BLANCO);
                } else if contact.mail_preference != MailPreference::Private {
                    // A household does not choose (A1-18): what the company chose is not its own.
                    d.record(MailPreferenceSet { contact: contact.id, preference: MailPreference::Private });
                }
            },
        );
        Ok(())
    }
}

impl Decide for ChangeCompanyData {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let contact = d.find_contact("contactId", &self.contact)?;
        d.address(EntityId::Contact(contact.id))?;
        if contact.kind != Kind::Company {
            return Err(d.refuse(Refusal::KindNotAllowed { kind: contact.kind, instead: "a company" }));
        }
        let changed = |raw: &Option<String>, had: &Option<String>, read: fn(&str) -> Option<String>| match raw
        {
            None => Some(had.clone()),
            Some(raw) if raw.trim().is_empty() => Some(None),
            Some(raw) => read(raw).map(Some),
        };
        let kvk = changed(&self.kvk, &contact.kvk, values::kvk);
        let rsin = changed(&self.rsin, &contact.rsin, values::rsin);
        let vat_id = changed(&self.vat_id, &contact.vat_id, values::vat_id);
        for (read, refusal) in
            [(&kvk, Refusal::InvalidKvk), (&rsin, Refusal::InvalidRsin), (&vat_id, Refusal::InvalidVatId)]
        {
            if read.is_none() {
                d.refuse(refusal);
            }
        }
        let today = d.today();
        let legal_form = match &self.legal_form {
            None => contact.legal_form.clone(),
            Some(raw) if raw.trim().is_empty() => None,
            Some(raw) => d.code("legalForm", code_list::LEGAL_FORM, raw, today),
        };
        d.stop_if_refused()?;
        let (kvk, rsin, vat_id) = (kvk.flatten(), rsin.flatten(), vat_id.flatten());
        if (&kvk, &rsin, &vat_id, &legal_form)
            != (&contact.kvk, &contact.rsin, &contact.vat_id, &contact.legal_form)
        {
            d.record(CompanyDataChanged {
                contact: contact.id,
                kvk: Personal::new(contact.id, kvk),
                rsin: Personal::new(contact.id, rsin),
                vat_id: Personal::new(contact.id, vat_id),
                legal_form,
            });
        }
        Ok(())
    }
}

// ---- evolve

pub(crate) fn evolve(contact: &mut Contact, at: At, event: &Event) {
    let own = |parts: &Personal<NameParts>| parts.get().cloned().unwrap_or_default();
    match event {
        Event::ContactCreated(e) => {
            contact.number.clone_from(&e.number);
            contact.kind = e.kind;
            contact.created = at;
            contact.parts = own(&e.parts);
            contact.company_name = e.company_name.get().cloned().flatten().unwrap_or_default();
            let name = contact.own_name();
            contact.rename(at, &name);
        }
        Event::PersonNameChanged(e) => {
            contact.parts = own(&e.parts);
            let name = contact.own_name();
            contact.rename(at, &name);
        }
        Event::OwnNameChanged(e) => {
            contact.parts = own(&e.parts);
            contact.company_name = e.company_name.get().cloned().flatten().unwrap_or_default();
            if contact.kind.has_company_name() {
                let name = contact.own_name();
                contact.rename(at, &name);
            }
        }
        Event::HouseholdNameChanged(e) => {
            contact.named_after = e.new.subject;
            let name = e.new.get().cloned().unwrap_or_default();
            contact.rename(at, &name);
        }
        Event::ContactKindChanged(e) => {
            contact.kind = e.kind;
            contact.parts = own(&e.parts);
            contact.company_name = e.company_name.get().cloned().flatten().unwrap_or_default();
            contact.salutation = None;
            let name = contact.own_name();
            contact.rename(at, &name);
        }
        Event::CompanyDataChanged(e) => {
            contact.kvk = e.kvk.get().cloned().flatten();
            contact.rsin = e.rsin.get().cloned().flatten();
            contact.vat_id = e.vat_id.get().cloned().flatten();
            contact.legal_form.clone_from(&e.legal_form);
        }
    }
}
