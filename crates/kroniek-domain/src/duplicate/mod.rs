//! Whether somebody who is being entered may be there already (X-05; N1-01, E2-06, E1-09, A1-03).
//!
//! A contact is *likely* the same as another of its kind
//! - when their surnames agree in any spelling ([`values::variant`]), their initials do not say otherwise, and the
//!   postcode's digits with the house number, an e-mail address, a telephone number or an IBAN agrees too; or
//! - when the first three letters of the surname and the date of birth agree.
//!
//! A name alone never is: half of a village is called Jansen. Commands that enter somebody ask `POSSIBLE_DUPLICATE`
//! then, with the candidates, and `confirm` goes on. A leader and its follower are one human on purpose: the follower is
//! no candidate beside its leader, and none of the pair is one of the other (A1-03).
//!
//! Dates of birth count only for an actor that may see them: whether the question comes would tell what they are. The
//! index that finds candidates is of [`Key`]s, which are hashes: it holds no personal data, and what it finds is
//! compared here. An e-mail address or a telephone number that thousands share, such as one that stands for "none", tells
//! nobody from another: an index may stop looking.

#[cfg(test)]
mod tests;

use crate::channel::{Kind as ChannelKind, WantedChannel};
use crate::contact::{Contact, Kind};
use crate::customer::Customer;
use crate::draft::Draft;
use crate::ids::{ContactId, EntityId};
use crate::permission::Permission;
use crate::problem::{General, Problem, Prompt};
use crate::search;
use crate::values::{self, Address, Date, NameParts};
use std::collections::BTreeSet;
use std::sync::Arc;

// ---- refusals

/// The question whether somebody who is there already is meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Asked with the candidates, best first.
    PossibleDuplicate(Vec<Candidate>),
}

/// Somebody who may be meant, as a question shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// Who.
    pub contact: ContactId,
    /// Contact number and name.
    pub label: String,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::PossibleDuplicate(candidates) => {
                let entity = candidates.first().map(|first| EntityId::Contact(first.contact));
                let all =
                    candidates.iter().map(|c| (EntityId::Contact(c.contact).to_string(), c.label.clone()));
                General::ConfirmationRequired { prompt: Prompt::PossibleDuplicate, entity }
                    .problem()
                    .blocking("CONTACT", all)
            }
        }
    }
}

// ---- what is compared

/// What is known of somebody, as far as it tells one from another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Description {
    kind: Kind,
    initial: Option<char>,
    surname: String,
    variant: String,
    places: BTreeSet<(u16, u32)>,
    emails: BTreeSet<String>,
    phones: BTreeSet<String>,
    ibans: BTreeSet<String>,
    birth: Option<Date>,
}

/// What two descriptions have in common.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Agreement {
    /// The surname, in any spelling.
    Surname,
    /// Digits of the postcode and house number.
    Address,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An IBAN.
    Iban,
    /// Date of birth and the first three letters of the surname.
    BirthDate,
}

/// By what an index finds a contact; hashes, so that it tells nothing. Several things may have one key.
///
/// What a change of name leaves alone does not depend on the name, or only in its lower half: an index then has nothing to
/// change, or changes it close by.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// What is shared.
    pub of: u64,
    /// [`Description::name_key`] of whoever counts; `None` when all do.
    pub name: Option<u64>,
}

impl Description {
    /// Nothing is known yet but the kind and the name: of a company `surname` is its name.
    pub fn new(kind: Kind, parts: &NameParts) -> Self {
        let surname = values::surname_key(&parts.infix, &parts.surname);
        Self {
            kind,
            initial: initial(&parts.initials),
            variant: values::variant(&surname),
            surname,
            places: BTreeSet::new(),
            emails: BTreeSet::new(),
            phones: BTreeSet::new(),
            ibans: BTreeSet::new(),
            birth: None,
        }
    }

    pub(crate) fn company(name: &str) -> Self {
        Self::new(Kind::Company, &NameParts { surname: name.to_owned(), ..NameParts::default() })
    }

    /// Of a contact that is there, with its customer when IBANs count.
    pub fn of(contact: &Contact, customer: Option<&Customer>) -> Self {
        let (initials, surname) = search::initials_and_surname(contact);
        let mut known = Self {
            initial: initial(&initials),
            variant: values::variant(&surname),
            surname,
            birth: contact.birth,
            ..Self::new(contact.kind, &NameParts::default())
        };
        for address in search::addresses(contact) {
            known.add_address(address);
        }
        for channel in &contact.channels {
            known.add_channel(channel.kind, &channel.value);
        }
        known
            .ibans
            .extend(customer.into_iter().flat_map(|c| &c.accounts).map(|account| account.iban.clone()));
        known
    }

    /// Adds a postal address.
    pub fn add_address(&mut self, address: &Address) {
        let (digits, _, house_no) = search::place(address);
        self.add_place(digits, house_no);
    }

    /// Adds the digits of a postcode with a house number; both are needed.
    pub fn add_place(&mut self, digits: u16, house_no: Option<u32>) {
        self.places.extend(house_no.filter(|_| digits > 0).map(|house_no| (digits, house_no)));
    }

    /// Adds a telephone number or an e-mail address, in its normal form.
    pub fn add_channel(&mut self, kind: ChannelKind, value: &str) {
        match kind {
            _ if value.is_empty() => {}
            ChannelKind::Email => drop(self.emails.insert(values::email_key(value))),
            ChannelKind::Phone | ChannelKind::Mobile | ChannelKind::Fax => {
                self.phones.insert(values::phone_digits(value));
            }
            // The companies of a group share one.
            ChannelKind::Website => {}
        }
    }

    /// Adds an IBAN in its normal form.
    pub fn add_iban(&mut self, iban: &str) {
        self.ibans.insert(iban.to_owned());
    }

    /// Sets the date of birth.
    pub fn set_birth(&mut self, birth: Option<Date>) {
        self.birth = birth;
    }

    pub(crate) fn with(
        mut self,
        address: Option<&Address>,
        phones: &[WantedChannel],
        emails: &[WantedChannel],
    ) -> Self {
        if let Some(address) = address {
            self.add_address(address);
        }
        for channel in phones.iter().chain(emails) {
            self.add_channel(channel.kind, &channel.value);
        }
        self
    }

    /// What an index finds it by; IBANs, which belong to the customer, are not among it.
    pub fn keys(&self) -> Vec<Key> {
        let Some(name) = self.name_key() else { return Vec::new() };
        let kind = Hash::new().byte(u8::from(self.kind));
        let named = |of: Hash| Key { of: of.key(), name: Some(name) };
        let begun = |of: Hash, name: u64| Key { of: of.key() >> 32 << 32 | name >> 32, name: None };
        let mut keys = Vec::with_capacity(self.places.len() + self.emails.len() + self.phones.len() + 1);
        keys.extend(self.places.iter().map(|(digits, house_no)| {
            begun(kind.byte(1).text(&digits.to_string()).text(&house_no.to_string()), name)
        }));
        keys.extend(self.emails.iter().map(|email| named(kind.byte(2).text(email))));
        keys.extend(self.phones.iter().map(|phone| named(kind.byte(3).text(phone))));
        keys.extend(self.birth.map(|birth| {
            begun(kind.byte(4).text(&birth.days().to_string()), Hash::new().text(&self.begin()).key())
        }));
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// What every spelling of the surname has in common, as a hash; `None` without a name. The placeholder of a contact
    /// person that is to follow a leader is no name (A1-13).
    pub fn name_key(&self) -> Option<u64> {
        let named = !self.variant.is_empty() && self.surname != "x";
        named.then(|| Hash::new().text(&self.variant).key())
    }

    /// The first three letters of the surname.
    fn begin(&self) -> String {
        self.surname.chars().filter(|c| c.is_alphanumeric()).take(3).collect()
    }

    /// What this has in common with another of its kind.
    pub fn agreements(&self, other: &Self) -> Vec<Agreement> {
        if self.kind != other.kind || self.variant.is_empty() || other.variant.is_empty() {
            return Vec::new();
        }
        let pairs = [
            (Agreement::Surname, self.variant == other.variant),
            (Agreement::Address, !self.places.is_disjoint(&other.places)),
            (Agreement::Email, !self.emails.is_disjoint(&other.emails)),
            (Agreement::Phone, !self.phones.is_disjoint(&other.phones)),
            (Agreement::Iban, !self.ibans.is_disjoint(&other.ibans)),
            (
                Agreement::BirthDate,
                self.birth.is_some() && self.birth == other.birth && self.begin() == other.begin(),
            ),
        ];
        pairs.into_iter().filter(|(_, agrees)| *agrees).map(|(agreement, _)| agreement).collect()
    }

    /// Whether this is likely the same as another: see the module.
    fn likely(&self, other: &Self, agreements: &[Agreement]) -> bool {
        let initials_differ =
            self.initial.is_some() && other.initial.is_some() && self.initial != other.initial;
        agreements.contains(&Agreement::BirthDate)
            || (agreements.contains(&Agreement::Surname) && agreements.len() > 1 && !initials_differ)
    }
}

/// The first initial; the placeholder `x` says nothing.
fn initial(initials: &str) -> Option<char> {
    values::fold(initials).chars().next().filter(|_| initials != "x")
}

/// What an index finds an IBAN by.
pub fn iban_key(iban: &str) -> Key {
    Key { of: Hash::new().byte(5).text(iban).key(), name: None }
}

/// FNV-1a: stable for ever, quick for short texts, and spread well enough for an index that is checked anyway.
#[derive(Copy, Clone)]
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    /// A text and its end.
    fn text(self, text: &str) -> Self {
        text.bytes().fold(self, Self::byte).byte(0xff)
    }

    fn key(self) -> u64 {
        self.0
    }
}

// ---- finding

/// Somebody who is likely the one described.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Similar {
    /// Who.
    pub contact: Arc<Contact>,
    /// What agrees.
    pub agreements: Vec<Agreement>,
}

/// Most candidates that are shown.
const MOST: usize = 10;

/// Everybody who is likely the one described and `counts`, those with the most in common first; 10 at most. Without
/// `sensitive` dates of birth do not count.
pub fn similar(
    described: &Description,
    sensitive: bool,
    by_key: &dyn Fn(Key) -> Vec<ContactId>,
    contact: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
    customer: &dyn Fn(&Contact) -> Option<Arc<Customer>>,
    counts: &dyn Fn(&Contact) -> bool,
) -> Vec<Similar> {
    let mut described = described.clone();
    if !sensitive {
        described.birth = None;
    }
    let keys = described.keys().into_iter().chain(described.ibans.iter().map(|iban| iban_key(iban)));
    let found: BTreeSet<_> = keys.flat_map(by_key).collect();
    let mut similar: Vec<_> = found
        .into_iter()
        .filter_map(|id| {
            let contact = contact(id).filter(|contact| counts(contact))?;
            // Only an IBAN needs the customer, and reading it costs something.
            let customer = if described.ibans.is_empty() { None } else { customer(&contact) };
            let other = Description::of(&contact, customer.as_deref());
            let agreements = described.agreements(&other);
            described.likely(&other, &agreements).then_some(Similar { contact, agreements })
        })
        .collect();
    let all: BTreeSet<_> = similar.iter().map(|s| s.contact.id).collect();
    similar.retain(|s| s.contact.leader.is_none_or(|leader| !all.contains(&leader)));
    similar.sort_by_key(|s| (std::cmp::Reverse(s.agreements.len()), s.contact.id));
    similar.truncate(MOST);
    similar
}

/// Asks `POSSIBLE_DUPLICATE` when somebody is likely one of the described and `counts`, unless that is confirmed.
pub(crate) fn ask(
    d: &mut Draft<'_>,
    described: &[Description],
    counts: impl Fn(&Draft<'_>, &Contact) -> bool,
) {
    if d.ctx().confirm.contains(&Prompt::PossibleDuplicate) {
        return;
    }
    let sensitive = d.ctx().actor.may(Permission::SensitiveRead);
    let mut candidates: Vec<Candidate> = Vec::new();
    for one in described {
        let found = similar(
            one,
            sensitive,
            &|key| d.world().contacts_by_key(key),
            &|id| d.contact(id).filter(|contact| d.sees(contact)),
            &|_| None,
            &|contact| counts(d, contact),
        );
        for Similar { contact, .. } in found {
            if candidates.iter().all(|known| known.contact != contact.id) {
                let label = format!("{} {}", contact.number, contact.name);
                candidates.push(Candidate { contact: contact.id, label });
            }
        }
    }
    if !candidates.is_empty() {
        d.ask_because(Refusal::PossibleDuplicate(candidates));
    }
}
