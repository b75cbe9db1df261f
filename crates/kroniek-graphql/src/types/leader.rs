//! Leaders and followers on a card (A1-03 … A1-22).

use super::connection::{Connection, Wanted, wrong_cursor};
use super::contact::Contact;
use super::registration::RegistrationType;
use crate::context::{Reader, fault};
use crate::label::Lang;
use crate::scalars::digits;
use async_graphql::{ComplexObject, Enum, Result, SimpleObject};
use kroniek_domain::contact::Kind;
use kroniek_domain::{ContactId, leader};
use kroniek_views::Page;

/// By which e-mail address a person is reached (A1-18). Every registration chooses for itself, followers too.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "leader::MailPreference")]
pub enum MailPreference {
    /// By the business address only.
    Business,
    /// By the private address as well.
    Private,
}

/// A field of a person's registration, for `fieldState` and `diff`.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "leader::Field")]
pub enum PersonField {
    /// Initials; followed.
    Initials,
    /// Infix; followed.
    Infix,
    /// Surname; followed.
    Surname,
    /// Private home address; followed.
    HomeAddress,
    /// Private correspondence address; followed.
    CorrespondenceAddress,
    /// Private e-mail; followed, unless the leader is reached by business mail.
    PrivateEmail,
    /// Private mobile; followed.
    PrivateMobile,
    /// Function, department, business phone and e-mail; never followed (A1-17).
    BusinessData,
    /// Business or private mail; never followed (A1-18).
    MailPreference,
    /// Salutation; never followed.
    Salutation,
    /// Date of birth; never followed (D-21).
    BirthDate,
    /// Date of death; never followed (I15).
    DeathDate,
    /// Citizen service number; never followed (D-21).
    Bsn,
    /// Gender; never followed.
    Gender,
}

/// Whose a field is (A1-16).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "leader::FieldState")]
pub enum FieldState {
    /// The contact's own: changed here.
    Own,
    /// The leader's: changed there; here refused with `FIELD_FOLLOWS_LEADER`.
    Followed,
    /// The leader's and withheld (A1-19): neither shown nor changed here.
    Hidden,
}

/// An action that only leaders and followers have (A1-22).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "leader::Action")]
pub enum LeaderAction {
    /// At a leader: go to its `followers`.
    GoToFollowers,
    /// At a leader: move its followers with `replaceLeader`.
    ReplaceLeader,
    /// At a follower: jump to its `leader`.
    GoToLeader,
    /// At a follower: end the link with `endLeaderLink`.
    EndLeaderLink,
}

/// Why a known address is not offered (A1-21).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "leader::WhyHidden")]
pub enum WhyHidden {
    /// The leader is reached by business mail: its private address is neither offered for itself nor passed on (A1-19).
    LeaderPrefersBusiness,
    /// The follower is reached by business mail: the address that it inherited is not offered (A1-20).
    FollowerPrefersBusiness,
    /// A registration that neither leads nor follows is reached by business mail (A1-18).
    PrefersBusiness,
}

/// An e-mail address for correspondence with a person.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct MailChoice {
    /// The e-mail address.
    address: String,
    /// Whether it may be chosen.
    offered: bool,
    /// Why not, when it may not.
    why: Option<WhyHidden>,
}

#[ComplexObject]
impl MailChoice {
    /// `why` in words.
    async fn why_label(&self, #[graphql(default)] lang: Lang) -> Option<&'static str> {
        self.why.map(|why| why.label(lang))
    }
}

impl From<leader::MailChoice> for MailChoice {
    fn from(choice: leader::MailChoice) -> Self {
        Self { address: choice.address, offered: choice.offered, why: choice.why.map(WhyHidden::from) }
    }
}

/// A followed field that a coupling would overwrite (A1-13).
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct FieldDifference {
    /// The field.
    field: PersonField,
    /// What the follower has; several values for channels, and for addresses one per date, each with its date.
    before: Vec<String>,
    /// What it would take over from the leader.
    after: Vec<String>,
}

#[ComplexObject]
impl FieldDifference {
    /// `field` in words.
    async fn field_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.field.label(lang)
    }
}

impl From<leader::Difference> for FieldDifference {
    fn from(difference: leader::Difference) -> Self {
        Self { field: difference.field.into(), before: difference.before, after: difference.after }
    }
}

/// Registrations that one page of candidates looks at; a page then ends, full or not, and the next one goes on.
const MOST_LOOKED_AT: usize = 2_000;

/// Which list of registrations a page of candidates has come to, and how far.
#[derive(Copy, Clone)]
enum Place {
    /// Among the customers, for client-persons.
    Clients(u64),
    /// Among the persons, for contact persons.
    Persons(u64),
}

impl Place {
    fn read(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("c", after) => digits(after).map(Self::Clients),
            ("p", after) => digits(after).map(Self::Persons),
            _ => None,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Clients(after) => write!(f, "c:{after}"),
            Self::Persons(after) => write!(f, "p:{after}"),
        }
    }
}

/// Who could lead this follower: client-persons first, then contact persons (A1-08, A1-10).
pub(crate) fn candidates(
    reader: &Reader,
    follower: ContactId,
    text: &str,
    wanted: &Wanted,
) -> Result<Connection<Contact>> {
    let mut found: Vec<(String, Contact)> = Vec::new();
    // The contact number is not a customer's: who types it wants that one, first of all.
    let named = if text.trim().is_empty() { None } else { reader.contact_by_number(text)? };
    let named = match named {
        Some(contact) if may_lead(&contact, follower, RegistrationType::ClientPerson)? => Some(contact),
        _ => None,
    };
    let begun =
        wanted.after.as_deref().map(|after| Place::read(after).ok_or_else(wrong_cursor)).transpose()?;
    let mut place = begun.unwrap_or(Place::Clients(0));
    if begun.is_none() {
        found.extend(named.clone().map(|contact| (place.to_string(), contact)));
    }
    let named = named.map(|contact| contact.state().id);
    let mut looked_at = 0;
    while found.len() <= wanted.first {
        let (next, more) = next_of(reader, text, place)?;
        for (at, contact) in next {
            place = at;
            looked_at += 1;
            let kind = match at {
                Place::Clients(_) => RegistrationType::ClientPerson,
                Place::Persons(_) => RegistrationType::ContactPerson,
            };
            if Some(contact.state().id) != named && may_lead(&contact, follower, kind)? {
                found.push((place.to_string(), contact));
                if found.len() > wanted.first {
                    break;
                }
            }
        }
        if found.len() > wanted.first {
            break;
        }
        match (place, more) {
            (_, true) => {}
            (Place::Clients(_), false) => place = Place::Persons(0),
            (Place::Persons(_), false) => return Ok(Connection::new(wanted, found, false)),
        }
        if looked_at >= MOST_LOOKED_AT {
            return Ok(Connection::new(wanted, found, true).ending_at(&place.to_string()));
        }
    }
    found.truncate(wanted.first);
    Ok(Connection::new(wanted, found, true))
}

/// The registrations after a place that the text finds, and whether its list has more.
fn next_of(reader: &Reader, text: &str, place: Place) -> Result<(Vec<(Place, Contact)>, bool)> {
    const AT_ONCE: usize = 100;
    let mut next = Vec::new();
    match place {
        Place::Clients(after) => {
            let found = reader
                .snapshot()
                .find_customers(text, true, Page { after, first: AT_ONCE })
                .map_err(fault)?;
            for id in found.items {
                let customer = reader.uncounted_customer(id)?;
                let contact = reader.uncounted_contact(customer.state().contact)?;
                next.push((Place::Clients(id.0), contact));
            }
            Ok((next, found.more))
        }
        Place::Persons(after) => {
            let page = Page { after, first: AT_ONCE };
            let found = reader.snapshot().find_contacts(Some(Kind::Person), text, page).map_err(fault)?;
            for id in found.items {
                next.push((Place::Persons(id.0), reader.uncounted_contact(id)?));
            }
            Ok((next, found.more))
        }
    }
}

/// Whether the contact could lead the follower, and is of this type: it is another person, and follows nobody (I7, I9).
fn may_lead(contact: &Contact, follower: ContactId, kind: RegistrationType) -> Result<bool> {
    let state = contact.state();
    let possible = state.kind == Kind::Person && state.id != follower && state.leader.is_none();
    Ok(possible && contact.kind_of_registration()? == Some(kind))
}
