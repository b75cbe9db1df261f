//! Sensitive personal data and the salutation (E1-35, E1-39, E1-40, E2-14, E2-15; D-32).
//!
//! Dates of birth and death, BSN and gender are seen with `SENSITIVE_READ` and changed with `SENSITIVE_WRITE`. The
//! salutation is read by all and changed with `SENSITIVE_WRITE`.

use crate::code_list::{self, SalutationKind};
use crate::contact::{Contact, Kind, NewPerson};
use crate::death;
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{ContactId, ContactRef, EntityId};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::{General, Problem};
use crate::values::{self, Date};
use serde::{Deserialize, Serialize};

/// Gender as registered (VERA GESLACHT). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Gender {
    /// M.
    Male,
    /// V.
    Female,
    /// O, unknown or other.
    Other,
}

crate::stored_numbers! { Gender {
    Male = 1 "MALE",
    Female = 2 "FEMALE",
    Other = 3 "OTHER",
} }

impl Gender {
    /// The code of VERA GESLACHT.
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "V",
            Self::Other => "O",
        }
    }

    fn parse(raw: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|g| g.code().eq_ignore_ascii_case(raw.trim()))
    }
}

// ---- commands

/// What to do with a field.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Change<T> {
    /// Leave it.
    #[default]
    Keep,
    /// Clear it.
    Clear,
    /// Set it.
    Set(T),
}

/// Changes the sensitive data of a person (E1-40).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangePersonalData {
    /// The person.
    pub person: ContactRef,
    /// Date of birth.
    pub birth_date: Change<String>,
    /// BSN.
    pub bsn: Change<String>,
    /// Gender M, V or O.
    pub gender: Change<String>,
    /// Salutation code.
    pub salutation: Change<String>,
}

/// Sets or clears the salutation code of a contact (E1-35, E2-15).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetSalutation {
    /// The contact.
    pub contact: ContactRef,
    /// The code; `None` clears it.
    pub code: Option<String>,
}

// ---- events

/// The sensitive fields, as they are now.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SensitiveData {
    /// Date of birth.
    pub birth: Option<Date>,
    /// BSN.
    pub bsn: Option<String>,
    /// Gender.
    pub gender: Option<Gender>,
}

/// Sensitive data of a person changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonalDataChanged {
    /// The person.
    pub person: ContactId,
    /// All of it, as it is now.
    pub data: Personal<SensitiveData>,
}

/// The salutation code of a contact changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SalutationChanged {
    /// The contact.
    pub contact: ContactId,
    /// The code now.
    pub code: Option<String>,
}

stored_events! {
    /// Sensitive data changed.
    30 v 1 PersonalDataChanged,
    /// The salutation code changed.
    31 v 1 SalutationChanged,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let contact = match self {
            Self::PersonalDataChanged(e) => e.person,
            Self::SalutationChanged(e) => e.contact,
        };
        vec![EntityId::Contact(contact)]
    }
}

// ---- refusals

/// Why personal data are refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Not 9 digits, all zero, or the eleven-test fails.
    InvalidBsn,
    /// Another person outside the leader group has it.
    BsnInUse(ContactId),
    /// `HEIRS_OF` is for the deceased.
    SalutationNeedsDeath,
    /// A personal salutation for a company, or none at all.
    SalutationNotAllowed,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::InvalidBsn => Problem::new(
                "INVALID_BSN",
                "A BSN has 9 digits and passes the eleven-test: check what was typed.",
            )
            .field("bsn"),
            Self::BsnInUse(person) => Problem::new(
                "BSN_IN_USE",
                "Another person has this BSN; use that person, or couple the two as leader and follower.",
            )
            .field("bsn")
            .contact(*person),
            Self::SalutationNeedsDeath => Problem::new(
                "SALUTATION_NEEDS_DEATH",
                "This salutation is for the deceased only; record the death first.",
            )
            .field("salutation"),
            Self::SalutationNotAllowed => {
                let message = "A company has the salutation BLANCO; choose that, or leave it out.";
                Problem::new("SALUTATION_NOT_ALLOWED", message).field("salutation")
            }
        }
    }
}

// ---- decide

impl Decide for ChangePersonalData {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::SensitiveWrite)?;
        let person = d.find_person("personId", &self.person)?;
        d.address(EntityId::Contact(person.id))?;
        let birth = match &self.birth_date {
            Change::Keep => person.birth,
            Change::Clear => None,
            Change::Set(raw) => read_birth(d, raw),
        };
        if let (Some(birth), Some(died)) = (birth, person.death.as_ref().and_then(|death| death.date))
            && died < birth
        {
            d.refuse(death::Refusal::DeathBeforeBirth { field: "birthDate" });
        }
        let bsn = match &self.bsn {
            Change::Keep => person.bsn.clone(),
            Change::Clear => None,
            Change::Set(raw) => read_bsn(d, raw, Some(&person)),
        };
        let gender = match &self.gender {
            Change::Keep => person.gender,
            Change::Clear => None,
            Change::Set(raw) => read_gender(d, raw),
        };
        let salutation = match &self.salutation {
            Change::Keep => person.salutation.clone(),
            Change::Clear => None,
            Change::Set(raw) => read_salutation(d, person.kind, person.deceased(), raw),
        };
        d.stop_if_refused()?;
        let before = SensitiveData { birth: person.birth, bsn: person.bsn.clone(), gender: person.gender };
        let after = SensitiveData { birth, bsn, gender };
        if after != before {
            d.record(PersonalDataChanged {
                person: person.id,
                data: Personal::new(person.id, after.clone()),
            });
        }
        if salutation != person.salutation {
            d.record(SalutationChanged { contact: person.id, code: salutation.clone() });
        }
        if after.gender != person.gender || salutation != person.salutation {
            warn_of_mismatch(d, person.id);
        }
        Ok(())
    }
}

impl Decide for SetSalutation {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::SensitiveWrite)?;
        let contact = d.find_contact("contactId", &self.contact)?;
        d.address(EntityId::Contact(contact.id))?;
        let code = match &self.code {
            None if contact.kind.has_company_name() => return Err(d.refuse(Refusal::SalutationNotAllowed)),
            None => None,
            Some(raw) => read_salutation(d, contact.kind, contact.deceased(), raw),
        };
        d.stop_if_refused()?;
        if code != contact.salutation {
            d.record(SalutationChanged { contact: contact.id, code });
            warn_of_mismatch(d, contact.id);
        }
        Ok(())
    }
}

/// Sensitive data of a new person, checked.
pub(crate) struct ReadData {
    sensitive: SensitiveData,
    salutation: Option<String>,
}

impl ReadData {
    /// The date of birth.
    pub(crate) fn birth(&self) -> Option<Date> {
        self.sensitive.birth
    }
}

/// Checks the sensitive data of a new person; giving any of it needs the right.
pub(crate) fn read_new(d: &mut Draft<'_>, person: &NewPerson) -> Option<ReadData> {
    let given = [&person.birth_date, &person.bsn, &person.gender, &person.salutation];
    if given.iter().any(|field| field.is_some()) && d.need(Permission::SensitiveWrite).is_err() {
        return None;
    }
    let sensitive = SensitiveData {
        birth: person.birth_date.as_ref().and_then(|raw| read_birth(d, raw)),
        bsn: person.bsn.as_ref().and_then(|raw| read_bsn(d, raw, None)),
        gender: person.gender.as_ref().and_then(|raw| read_gender(d, raw)),
    };
    let salutation = person.salutation.as_ref().and_then(|raw| read_salutation(d, Kind::Person, false, raw));
    Some(ReadData { sensitive, salutation })
}

/// Records the sensitive data of a new person.
pub(crate) fn record_new(d: &mut Draft<'_>, person: ContactId, data: ReadData) {
    if data.sensitive != SensitiveData::default() {
        d.record(PersonalDataChanged { person, data: Personal::new(person, data.sensitive) });
    }
    if let Some(code) = data.salutation {
        set_salutation(d, person, &code);
        warn_of_mismatch(d, person);
    }
}

/// Records a salutation that is already checked.
pub(crate) fn set_salutation(d: &mut Draft<'_>, contact: ContactId, code: &str) {
    d.record(SalutationChanged { contact, code: Some(code.to_owned()) });
}

fn read_birth(d: &mut Draft<'_>, raw: &str) -> Option<Date> {
    d.past_date("birthDate", raw)
}

fn read_bsn(d: &mut Draft<'_>, raw: &str, person: Option<&Contact>) -> Option<String> {
    let Some(bsn) = values::bsn(raw) else {
        d.refuse(Refusal::InvalidBsn);
        return None;
    };
    let group = |c: &Contact| c.leader.unwrap_or(c.id);
    let other = d.world().persons_by_bsn(&bsn).into_iter().filter_map(|id| d.contact(id)).find(|other| {
        other.bsn.as_deref() == Some(bsn.as_str())
            && person.is_none_or(|person| group(person) != group(other))
    });
    if let Some(other) = other {
        d.refuse(Refusal::BsnInUse(other.id));
        return None;
    }
    Some(bsn)
}

fn read_gender(d: &mut Draft<'_>, raw: &str) -> Option<Gender> {
    let gender = Gender::parse(raw);
    if gender.is_none() {
        d.refuse(General::UnknownCode { field: "gender", list: "GENDER".to_owned() });
    }
    gender
}

/// Checks a salutation code for a contact of this kind; needs `SENSITIVE_WRITE` (D-32).
pub(crate) fn read_salutation(d: &mut Draft<'_>, kind: Kind, deceased: bool, raw: &str) -> Option<String> {
    d.need(Permission::SensitiveWrite).ok()?;
    let today = d.today();
    let code = d.code("salutation", code_list::SALUTATION, raw, today)?;
    let means = salutation_kind(d, &code);
    // No death would make a company's heirs of it.
    if kind.has_company_name() && means != Some(SalutationKind::Blank) {
        d.refuse(Refusal::SalutationNotAllowed);
        return None;
    }
    if means == Some(SalutationKind::HeirsOf) && !deceased {
        d.refuse(Refusal::SalutationNeedsDeath);
        return None;
    }
    Some(code)
}

/// What a salutation code means.
pub(crate) fn salutation_kind(d: &Draft<'_>, code: &str) -> Option<SalutationKind> {
    d.code_list(code_list::SALUTATION).row(code).and_then(|row| row.properties.salutation)
}

/// A salutation that contradicts the gender is accepted and pointed out (E1-40).
fn warn_of_mismatch(d: &mut Draft<'_>, person: ContactId) {
    let Some(contact) = d.contact(person) else { return };
    let means = contact.salutation.as_deref().and_then(|code| salutation_kind(d, code));
    if contradicts(means, contact.gender) {
        let message = "The salutation does not fit the gender; check which of the two is right.";
        d.warn("SALUTATION_GENDER", message, Some(EntityId::Contact(person)));
    }
}

/// Whether a salutation is for the other gender.
pub(crate) fn contradicts(salutation: Option<SalutationKind>, gender: Option<Gender>) -> bool {
    matches!(
        (salutation, gender),
        (Some(SalutationKind::Sir), Some(Gender::Female)) | (Some(SalutationKind::Madam), Some(Gender::Male))
    )
}

// ---- evolve

pub(crate) fn evolve(contact: &mut Contact, event: &Event) {
    match event {
        Event::PersonalDataChanged(e) => {
            let data = e.data.get().cloned().unwrap_or_default();
            contact.birth = data.birth;
            contact.bsn = data.bsn;
            contact.gender = data.gender;
        }
        Event::SalutationChanged(e) => {
            death::remember_salutation(contact);
            contact.salutation.clone_from(&e.code);
        }
    }
}

#[cfg(test)]
mod tests;
