//! Sensitive personal data: a type of its own, seen with `SENSITIVE_READ` only (E1-39, I18).

use crate::label::Lang;
use crate::scalars::DateText;
use async_graphql::{ComplexObject, SimpleObject};
use kroniek_domain::contact::Contact;
use kroniek_domain::personal_data;

/// The sensitive data of a person. Only an actor with `SENSITIVE_READ` ever gets this object.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct PersonalData {
    /// Date of birth.
    birth_date: Option<DateText>,
    /// Date of death; that a death is recorded is public, see `Contact.deceased`.
    date_of_death: Option<DateText>,
    /// Citizen service number (*burgerservicenummer*).
    bsn: Option<String>,
    /// Gender, as the input takes it: `M`, `V` or `O` (VERA GESLACHT).
    gender: Option<&'static str>,
    #[graphql(skip)]
    known_gender: Option<personal_data::Gender>,
}

#[ComplexObject]
impl PersonalData {
    /// `gender` in words.
    async fn gender_label(&self, #[graphql(default)] lang: Lang) -> Option<&'static str> {
        self.known_gender.map(|gender| gender.label().text(lang.into()))
    }
}

impl From<&Contact> for PersonalData {
    fn from(contact: &Contact) -> Self {
        Self {
            birth_date: contact.birth.map(DateText::from),
            date_of_death: contact.death.as_ref().and_then(|death| death.date).map(DateText::from),
            bsn: contact.bsn.clone(),
            gender: contact.gender.map(personal_data::Gender::code),
            known_gender: contact.gender,
        }
    }
}
