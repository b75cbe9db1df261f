//! What a desk should look at (X-10; E1-35, E1-40, E1-54, D-6).

use super::connection::{Connection, Wanted, wrong_cursor};
use super::contact::Contact;
use super::customer::Customer;
use crate::context::{Reader, fault};
use crate::label::Lang;
use crate::scalars::digits;
use async_graphql::{ComplexObject, Description, Enum, Object, Result, SimpleObject};
use kroniek_domain::data_quality::{Check, Priority};
use kroniek_engine::{QualityFinding, QualityPlace};

/// What is looked for. Other sites also look for several contractants shown first, names that differ from their parts, and
/// a household with another e-mail address than its customer: none of these can be stored here, so there is no check.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "Check")]
pub enum DataQualityCheck {
    /// A death is recorded and the salutation is not one of heirs (E1-35). `HIGH` where the deceased is a contractant of a
    /// lease that runs.
    DeceasedSalutation,
    /// A salutation of heirs, and no death is recorded (E1-35). No command leads to it; a code that came to mean heirs
    /// later does.
    HeirsWithoutDeath,
    /// The salutation contradicts the gender (E1-40). Needs the permission `SENSITIVE_READ`: it tells the gender.
    SalutationGender,
    /// A contractant is deceased and the lease runs (D-6): the household stands here until the lease ends.
    DeceasedContractantLeaseRunning,
    /// An active customer has no payment line, and rents something (`HIGH`) or had one that was withdrawn (E1-54).
    NoPaymentData,
    /// An active customer has no correspondence address.
    NoAddress,
    /// Initials that are not capitals with dots, such as the "x" that a registration began with (A1-13). Those of a
    /// follower are its leader's.
    InitialsForm,
    /// The mail preference is `BUSINESS`, and neither the person nor one of its role lines has a business e-mail address.
    MailPreferenceWithoutEmail,
}

/// How soon a finding should be looked at.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "Priority")]
pub enum DataQualityPriority {
    /// A lease runs on it.
    High,
    /// As soon as there is time.
    Medium,
    /// It does no harm meanwhile.
    Low,
}

/// Something that should be looked at, although no command was wrong. It goes away by itself when it is put right.
#[derive(Description)]
pub struct DataQualityFinding {
    reader: Reader,
    check: Check,
    found: QualityFinding,
}

#[Object(use_type_description)]
impl DataQualityFinding {
    /// The check that found it.
    async fn check(&self) -> DataQualityCheck {
        self.check.into()
    }

    /// `check` in words.
    async fn check_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        DataQualityCheck::from(self.check).label(lang)
    }

    /// How soon it should be looked at.
    async fn priority(&self) -> DataQualityPriority {
        self.found.priority.into()
    }

    /// `priority` in words.
    async fn priority_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        DataQualityPriority::from(self.found.priority).label(lang)
    }

    /// What is wrong, and what to do about it.
    async fn message(
        &self,
        #[graphql(desc = "The language of the text.", default_with = "Lang::En")] lang: Lang,
    ) -> &str {
        match lang {
            Lang::Nl => self.check.message_nl(),
            Lang::En => self.check.message(),
        }
    }

    /// Whom it is about. Where it shows is `contact { customers }`.
    async fn contact(&self) -> Result<Contact> {
        self.reader.named_contact(self.found.contact)
    }

    /// The customer whose contact that is.
    async fn customer(&self) -> Result<Option<Customer>> {
        let contact = self.reader.named_contact(self.found.contact)?;
        contact.state().customer.map(|id| self.reader.named_customer(id)).transpose()
    }
}

/// How much a check finds.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct DataQualityCount {
    /// The check.
    check: DataQualityCheck,
    /// How many findings its list has today.
    count: u64,
}

#[ComplexObject]
impl DataQualityCount {
    /// `check` in words.
    async fn check_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.check.label(lang)
    }
}

/// A page of what a check finds.
pub(crate) fn listed(
    reader: &Reader,
    check: Check,
    wanted: &Wanted,
) -> Result<Connection<DataQualityFinding>> {
    let from = wanted.after.as_deref().map_or(Some(QualityPlace::default()), read_place);
    let from = from.ok_or_else(wrong_cursor)?;
    let page = reader.snapshot().quality(check, from, wanted.first).map_err(fault)?;
    let entries = page.findings.into_iter().map(|found| {
        let finding = DataQualityFinding { reader: reader.clone(), check, found };
        (place(found.place), finding)
    });
    let connection = Connection::new(wanted, entries.collect(), page.next.is_some());
    Ok(match page.next {
        Some(next) => connection.ending_at(&place(next)),
        None => connection,
    })
}

/// The counts of these checks.
pub(crate) fn counted(reader: &Reader, checks: &[Check]) -> Result<Vec<DataQualityCount>> {
    let count = |check: &Check| {
        let count = reader.snapshot().quality_count(*check).map_err(fault)?;
        Ok(DataQualityCount { check: (*check).into(), count })
    };
    checks.iter().map(count).collect()
}

fn place(place: QualityPlace) -> String {
    format!("{}:{}", place.rank, place.after)
}

fn read_place(text: &str) -> Option<QualityPlace> {
    let (rank, after) = text.split_once(':')?;
    Some(QualityPlace { rank: u8::try_from(digits(rank)?).ok()?, after: digits(after)? })
}
