//! Making contacts: what is read and checked of a new one, and what is recorded of it (E2-06 … E2-16).

use super::{ContactCreated, CreateContact, CreatePersonInHousehold, Kind, NewPerson, Refusal};
use crate::channel::{self, WantedChannel};
use crate::code_list;
use crate::draft::{Decide, Draft, Refused};
use crate::duplicate::{self, Description};
use crate::ids::{ContactId, EntityId};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::values::{self, NameParts};
use crate::{address, personal_data, role};

impl Decide for CreateContact {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        if !self.kind.stands_alone() {
            let kind = self.kind;
            return Err(
                d.refuse(Refusal::KindNotAllowed { kind, instead: "createRegistration, with its parent" })
            );
        }
        if self.name.is_some() {
            d.refuse(Refusal::NameIsDerived { field: "name", from: "its parts" });
        }
        let number = read_number(d, self.number.as_ref());
        let address = self.address.as_ref().map(|input| address::read(d, "address", input));
        let phones = channel::read_list(d, "phones", &self.phones);
        let emails = channel::read_list(d, "emails", &self.emails);
        let person = self.person.as_ref().map(|p| (read_person(d, &p.person), role::read_new_line(d, p)));
        let today = d.today();
        // A person or role that is missing or wrong is reported as such, not as a missing surname.
        let line = person.as_ref().and_then(|(_, line)| line.as_ref());
        let contractant = line.is_none_or(|line| line.contractant);
        let (parts, company_name) = match self.kind {
            Kind::Company | Kind::GeneralCorrespondence | Kind::Location => {
                (NameParts::default(), self.read_company(d))
            }
            Kind::Person | Kind::Household => (self.read_parts(d, contractant).unwrap_or_default(), None),
        };
        if let Some((_, Some(line))) = &person
            && line.contractant
            && self.kind == Kind::Company
        {
            d.refuse(role::Refusal::ContractantNeedsHousehold);
        }
        if self.kind == Kind::Household && self.person.is_none() {
            d.refuse(Refusal::PersonRequired);
        }
        if self.kind == Kind::Person && self.person.is_some() {
            d.refuse(Refusal::KindNotAllowed {
                kind: Kind::Person,
                instead: "a person without person in it",
            });
        }
        let salutation = match (&self.salutation, self.kind) {
            (Some(raw), kind) => personal_data::read_salutation(d, kind, false, raw),
            (None, Kind::Company | Kind::GeneralCorrespondence | Kind::Location) => {
                Some(code_list::BLANCO.to_owned())
            }
            (None, Kind::Person | Kind::Household) => None,
        };
        let new_person = person.as_ref().and_then(|(person, _)| person.as_ref());
        let described = self
            .description(&parts, company_name.as_deref(), new_person)
            .map(|known| known.with(address.as_ref().and_then(Option::as_ref), &phones, &emails));
        let in_it = new_person.map(|person| person.description(None));
        duplicate::ask(d, &described.into_iter().chain(in_it).collect::<Vec<_>>(), |_, _| true);
        d.stop_if_refused()?;

        let (id, series) = d.next_contact();
        d.record(ContactCreated {
            contact: id,
            number: number.unwrap_or(series),
            kind: self.kind,
            parts: Personal::new(id, parts),
            company_name: Personal::new(id, company_name),
        });
        if let Some(code) = salutation {
            personal_data::set_salutation(d, id, &code);
        }
        channel::add_all(d, id, &phones);
        channel::add_all(d, id, &emails);
        if let Some(Some(address)) = address {
            address::set_correspondence(d, id, today, &address);
        }
        if let Some((Some(person), Some(line))) = person {
            let person = create_person(d, person);
            role::add_line(d, line.of(id, person));
        }
        Ok(())
    }
}

impl CreateContact {
    /// A command for a contact of this kind with nothing filled in yet.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            number: None,
            name: None,
            initials: None,
            infix: None,
            surname: None,
            company_name: None,
            salutation: None,
            address: None,
            phones: Vec::new(),
            emails: Vec::new(),
            person: None,
        }
    }

    /// What the contact itself is called, as far as it tells it from others; a household without a name of its own is
    /// called as its person.
    fn description(
        &self,
        parts: &NameParts,
        company_name: Option<&str>,
        person: Option<&ReadPerson>,
    ) -> Option<Description> {
        match self.kind {
            Kind::Company => company_name.map(Description::company),
            Kind::Household if parts.surname.is_empty() => {
                person.map(|person| Description::new(self.kind, &person.parts))
            }
            Kind::Person | Kind::Household => Some(Description::new(self.kind, parts)),
            // "The secretariat" and "Head office" are there once per company on purpose.
            Kind::GeneralCorrespondence | Kind::Location => None,
        }
    }

    fn read_company(&self, d: &mut Draft<'_>) -> Option<String> {
        has_no_parts(d, self.initials.as_ref(), self.infix.as_ref(), self.surname.as_ref());
        let raw = self.company_name.as_deref().unwrap_or_default();
        d.text("companyName", values::company_name(raw))
    }

    fn read_parts(&self, d: &mut Draft<'_>, contractant: bool) -> Option<NameParts> {
        if self.company_name.is_some() {
            d.refuse(Refusal::KindNotAllowed { kind: self.kind, instead: "surname, or the kind COMPANY" });
        }
        // A household that names no part of its own is called as its contractant. The person's name is not copied: it
        // is the person's data, not the household's.
        let unnamed = self.initials.is_none() && self.infix.is_none() && self.surname.is_none();
        if self.kind == Kind::Household && unnamed && contractant {
            return Some(NameParts::default());
        }
        read_parts(
            d,
            self.initials.as_ref(),
            self.infix.as_ref(),
            self.surname.as_deref().unwrap_or_default(),
        )
    }
}

/// Refuses the parts of a person's name at a company, each that was typed (E2-15).
pub(crate) fn has_no_parts(
    d: &mut Draft<'_>,
    initials: Option<&String>,
    infix: Option<&String>,
    surname: Option<&String>,
) {
    for (field, typed) in [("initials", initials), ("infix", infix), ("surname", surname)] {
        if typed.is_some_and(|text| !text.trim().is_empty()) {
            d.refuse(Refusal::CompanyHasNoInitials { field });
        }
    }
}

/// A caller-supplied number: free, and short enough.
fn read_number(d: &mut Draft<'_>, raw: Option<&String>) -> Option<String> {
    let number = d.optional_text("number", raw, |raw| values::code(raw, NUMBER_LIMIT))??;
    if d.taken_for_a_contact(&number) {
        d.refuse(Refusal::NumberTaken);
        return None;
    }
    Some(number)
}

/// Longest contact number, in characters.
pub const NUMBER_LIMIT: usize = 20;

pub(super) fn read_parts(
    d: &mut Draft<'_>,
    initials: Option<&String>,
    infix: Option<&String>,
    surname: &str,
) -> Option<NameParts> {
    let initials = d.optional_text("initials", initials, values::initials);
    let infix = d.optional_text("infix", infix, values::infix);
    let surname = d.text("surname", values::surname(surname));
    Some(NameParts {
        initials: initials?.unwrap_or_default(),
        infix: infix?.unwrap_or_default(),
        surname: surname?,
    })
}

/// A new person whose fields have been checked.
pub(crate) struct ReadPerson {
    pub(crate) parts: NameParts,
    phones: Vec<WantedChannel>,
    emails: Vec<WantedChannel>,
    data: personal_data::ReadData,
}

impl ReadPerson {
    /// What tells this person from others; the address is the caller's.
    pub(crate) fn description(&self, address: Option<&values::Address>) -> Description {
        let mut known = Description::new(Kind::Person, &self.parts).with(address, &self.phones, &self.emails);
        known.set_birth(self.data.birth());
        known
    }
}

/// Checks a new person; everything that is wrong is refused.
pub(crate) fn read_person(d: &mut Draft<'_>, person: &NewPerson) -> Option<ReadPerson> {
    let parts = read_parts(d, person.initials.as_ref(), person.infix.as_ref(), &person.surname);
    let phones = channel::read_list(d, "phones", &person.phones);
    let emails = channel::read_list(d, "emails", &person.emails);
    let data = personal_data::read_new(d, person);
    Some(ReadPerson { parts: parts?, phones, emails, data: data? })
}

/// Records a person that has been checked.
pub(crate) fn create_person(d: &mut Draft<'_>, person: ReadPerson) -> ContactId {
    let id = create_bare_person(d, person.parts);
    channel::add_all(d, id, &person.phones);
    channel::add_all(d, id, &person.emails);
    personal_data::record_new(d, id, person.data);
    id
}

/// Records a person that has nothing but its name yet.
pub(crate) fn create_bare_person(d: &mut Draft<'_>, parts: NameParts) -> ContactId {
    let (contact, number) = d.next_contact();
    d.record(ContactCreated {
        contact,
        number,
        kind: Kind::Person,
        parts: Personal::new(contact, parts),
        company_name: Personal::new(contact, None),
    });
    contact
}

/// Checks the salutation of what has a company's name: none but the neutral one, which it has anyway (E2-15). Blank is as
/// left out; `None` after a refusal.
pub(crate) fn read_neutral_salutation(
    d: &mut Draft<'_>,
    kind: Kind,
    typed: Option<&String>,
) -> Option<String> {
    match typed.filter(|raw| !raw.trim().is_empty()) {
        Some(raw) => personal_data::read_salutation(d, kind, false, raw),
        None => Some(code_list::BLANCO.to_owned()),
    }
}

/// Records what has a company's name and no name parts, with its salutation.
pub(crate) fn create_named(d: &mut Draft<'_>, kind: Kind, name: String, salutation: &str) -> ContactId {
    let (contact, number) = d.next_contact();
    d.record(ContactCreated {
        contact,
        number,
        kind,
        parts: Personal::new(contact, NameParts::default()),
        company_name: Personal::new(contact, Some(name)),
    });
    personal_data::set_salutation(d, contact, salutation);
    contact
}

impl Decide for CreatePersonInHousehold {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let household = d.find_contact("householdId", &self.household)?;
        d.address(EntityId::Contact(household.id))?;
        let line = role::read_new_line(d, &self.person);
        if let Some(line) = &line {
            // The holder's fault and the person's are reported together.
            let _reported = role::check_holder(d, &household, line.contractant);
        }
        let person = read_person(d, &self.person.person);
        if let Some(person) = &person {
            duplicate::ask(d, &[person.description(None)], |_, _| true);
        }
        d.stop_if_refused()?;
        if let (Some(person), Some(line)) = (person, line) {
            let person = create_person(d, person);
            role::add_line(d, line.of(household.id, person));
        }
        Ok(())
    }
}
