//! Phone numbers, e-mail addresses and web sites of a contact (E1-16 … E1-19, E2-12, A2-22).
//!
//! `ChangeChannels` takes the whole wanted list per kind of list (phones, e-mails, web sites); a list left out is left
//! alone. The customer never owns channels: naming one is `OWNED_BY_HOUSEHOLD`.

use crate::card;
use crate::contact::Contact;
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{ContactId, ContactRef, CustomerRef, EntityId};
use crate::leader;
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::{General, Problem};
use crate::values::{self, TextProblem};
use serde::{Deserialize, Serialize};

/// What a channel is (VERA CONTACTGEGEVENSOORT). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Fixed telephone.
    Phone,
    /// Mobile telephone.
    Mobile,
    /// Fax.
    Fax,
    /// E-mail address.
    Email,
    /// Web site.
    Website,
}

/// Private or business (VERA CONTACTGEGEVENDETAILSOORT PRI, ZAK). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Detail {
    /// Private.
    Private,
    /// Business.
    Business,
}

/// Which to try first (VERA CONTACTGEGEVENVOORKEUR). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Preference {
    /// First preference.
    First,
    /// Second preference.
    Second,
}

/// What is known about whether it works (VERA CONTACTGEGEVENSTATUS). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Status {
    /// Entered, not checked.
    Created,
    /// Checked.
    Validated,
    /// Known not to work.
    Invalid,
}

crate::stored_numbers! { Kind {
    Phone = 1 "PHONE",
    Mobile = 2 "MOBILE",
    Fax = 3 "FAX",
    Email = 4 "EMAIL",
    Website = 5 "WEBSITE",
} }

impl Kind {
    /// The list of [`ChangeChannels`] that it belongs into.
    fn list(self) -> &'static str {
        match self {
            Self::Phone | Self::Mobile | Self::Fax => "phones",
            Self::Email => "emails",
            Self::Website => "websites",
        }
    }
}
crate::stored_numbers! { Detail {
    Private = 1 "PRIVATE",
    Business = 2 "BUSINESS",
} }
crate::stored_numbers! { Preference {
    First = 1 "FIRST",
    Second = 2 "SECOND",
} }
crate::stored_numbers! { Status {
    Created = 1 "CREATED",
    Validated = 2 "VALIDATED",
    Invalid = 3 "INVALID",
} }

// ---- commands

/// A channel as wanted by [`ChangeChannels`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WantedChannel {
    /// Phone, mobile or fax in a list of phones; e-mail in a list of e-mails; web site in a list of web sites.
    pub kind: Kind,
    /// The number or address as typed.
    pub value: String,
    /// Private or business.
    pub detail: Detail,
    /// First or second preference, if any.
    pub preference: Option<Preference>,
    /// What is known of it.
    pub status: Status,
}

/// Whose channels or address a command means: a contact's, or (to be refused) a customer's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum OwnerRef {
    /// The contact that owns them.
    Contact(ContactRef),
    /// A customer, which only shows its contact's: refused with the contact to use (E1-02).
    Customer(CustomerRef),
}

/// Replaces the phones, the e-mail addresses and/or the web sites of a contact (E1-18, E1-19).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeChannels {
    /// Whose.
    pub owner: OwnerRef,
    /// All phones, mobiles and faxes that there should be; `None` leaves them alone.
    pub phones: Option<Vec<WantedChannel>>,
    /// All e-mail addresses that there should be; `None` leaves them alone.
    pub emails: Option<Vec<WantedChannel>>,
    /// All web sites that there should be; `None` leaves them alone.
    pub websites: Option<Vec<WantedChannel>>,
}

// ---- events

/// A channel came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChannelAdded {
    /// Whose.
    pub owner: ContactId,
    /// Number within the contact.
    pub channel: u32,
    /// What it is.
    pub kind: Kind,
    /// Private or business.
    pub detail: Detail,
    /// Preference, if any.
    pub preference: Option<Preference>,
    /// What is known of it.
    pub status: Status,
    /// The number or address.
    pub value: Personal<String>,
}

/// Kind, detail, preference, status or spelling of a channel changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChannelChanged {
    /// The channel as it is now.
    pub now: ChannelAdded,
}

/// A channel went.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChannelRemoved {
    /// Whose.
    pub owner: ContactId,
    /// Number within the contact.
    pub channel: u32,
}

stored_events! {
    /// A channel came.
    20 v 1 ChannelAdded,
    /// A channel changed.
    21 v 1 ChannelChanged,
    /// A channel went.
    22 v 1 ChannelRemoved,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let owner = match self {
            Self::ChannelAdded(e) => e.owner,
            Self::ChannelChanged(e) => e.now.owner,
            Self::ChannelRemoved(e) => e.owner,
        };
        vec![EntityId::Contact(owner)]
    }
}

// ---- refusals

/// Why channels are refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Not an e-mail address.
    InvalidEmail(String),
    /// Not a telephone number.
    InvalidPhone(String),
    /// Not the address of a web page.
    InvalidUrl(String),
    /// Too long: the field, what it holds, and the limit in characters.
    TooLong(String, &'static str, usize),
    /// The same value and detail twice.
    DuplicateChannel(String),
    /// Two of one kind with the same preference.
    PreferenceTaken(String),
    /// A phone in the list of e-mails, and the like.
    WrongList(String),
    /// More than a contact may have.
    TooMany(String),
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::InvalidEmail(field) => {
                Problem::new("INVALID_EMAIL", "This is not an e-mail address; write name@domain.tld.")
                    .field(field)
            }
            Self::InvalidPhone(field) => Problem::new(
                "INVALID_PHONE",
                "This is not a telephone number; write 7 to 15 digits, with + and spaces if you like.",
            )
            .field(field),
            Self::InvalidUrl(field) => {
                Problem::new("INVALID_URL", "This is not a web address; write it as https://www.example.nl.").field(field)
            }
            Self::TooLong(field, what, limit) => {
                Problem::new("TOO_LONG", format!("{what} may have {limit} characters at most.")).field(field)
            }
            Self::DuplicateChannel(field) => Problem::new(
                "DUPLICATE_CHANNEL",
                "The same value stands in the list twice as private, or twice as business; leave one out.",
            )
            .field(field),
            Self::PreferenceTaken(field) => Problem::new(
                "PREFERENCE_TAKEN",
                "Another of the same kind already has this preference; give it to one of them.",
            )
            .field(field),
            Self::WrongList(field) => Problem::new(
                "CHANNEL_IN_WRONG_LIST",
                "Give e-mail addresses in emails, phones, mobiles and faxes in phones, and web sites in websites.",
            )
            .field(field),
            Self::TooMany(field) => Problem::new(
                "TOO_MANY_CHANNELS",
                format!("A contact may have {MOST} channels of a list at most."),
            )
            .field(field),
        }
    }
}

/// Most channels in one list of a contact.
const MOST: usize = 50;

// ---- state

/// A channel of a contact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Channel {
    /// Number within the contact.
    pub id: u32,
    /// What it is.
    pub kind: Kind,
    /// Private or business.
    pub detail: Detail,
    /// Preference, if any.
    pub preference: Option<Preference>,
    /// What is known of it.
    pub status: Status,
    /// The number or address; empty when erased.
    pub value: String,
}

impl Channel {
    /// Whether followers take it over from their leader: private e-mail and private mobile (A1-06).
    pub fn followed(&self) -> bool {
        self.detail == Detail::Private && matches!(self.kind, Kind::Email | Kind::Mobile)
    }
}

// ---- decide

impl Decide for ChangeChannels {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let owner = owner(d, &self.owner)?;
        d.address(EntityId::Contact(owner.id))?;
        let phones = self.phones.as_ref().map(|wanted| read_list(d, "phones", wanted));
        let emails = self.emails.as_ref().map(|wanted| read_list(d, "emails", wanted));
        let websites = self.websites.as_ref().map(|wanted| read_list(d, "websites", wanted));
        d.stop_if_refused()?;
        if websites.is_some() {
            card::give_up_website(d, &owner);
        }
        for (field, wanted) in [("phones", phones), ("emails", emails), ("websites", websites)] {
            if let Some(wanted) = wanted {
                let of_list = owner.channels.iter().filter(|channel| channel.kind.list() == field);
                let had: Vec<_> = of_list.cloned().collect();
                // What is wrong with one list does not keep silent what is wrong with the other.
                let _reported = change_list(d, &owner, field, &had, wanted);
            }
        }
        d.stop_if_refused()?;
        leader::copy_to_followers(d, owner.id);
        Ok(())
    }
}

/// The contact that owns channels and addresses; a customer is refused with the contact to use instead (E1-02).
pub(crate) fn owner(d: &mut Draft<'_>, r: &OwnerRef) -> Result<std::sync::Arc<Contact>, Refused> {
    match r {
        OwnerRef::Contact(r) => {
            let contact = d.find_contact("contactId", r)?;
            match r {
                // The customer's number names the customer, whatever field it stands in.
                ContactRef::Number(typed) if !contact.number.eq_ignore_ascii_case(typed.trim()) => {
                    let field = "contactId";
                    Err(d.refuse(General::OwnedByHousehold { contact: contact.id, field }))
                }
                ContactRef::Number(_) | ContactRef::Id(_) => Ok(contact),
            }
        }
        OwnerRef::Customer(r) => {
            let customer = d.find_customer("customerNo", r)?;
            Err(d.refuse(General::OwnedByHousehold { contact: customer.contact, field: "customerNo" }))
        }
    }
}

/// Checks a wanted list; what is wrong is refused with the place in the list.
pub(crate) fn read_list(
    d: &mut Draft<'_>,
    field: &'static str,
    wanted: &[WantedChannel],
) -> Vec<WantedChannel> {
    if wanted.len() > MOST {
        d.refuse(Refusal::TooMany(field.to_owned()));
        return Vec::new();
    }
    let mut read: Vec<WantedChannel> = Vec::new();
    for (at, channel) in wanted.iter().enumerate() {
        let place = format!("{field}[{at}].value");
        if channel.kind.list() != field {
            d.refuse(Refusal::WrongList(place));
            continue;
        }
        let value = match channel.kind {
            Kind::Email => read_email(&place, &channel.value),
            Kind::Phone | Kind::Mobile | Kind::Fax => {
                values::phone(&channel.value).ok_or(Refusal::InvalidPhone(place.clone()))
            }
            Kind::Website => read_url(&place, &channel.value),
        };
        match value {
            Err(refusal) => {
                d.refuse(refusal);
            }
            Ok(value) => {
                let same = |other: &WantedChannel| {
                    other.detail == channel.detail
                        && key(other.kind, &other.value) == key(channel.kind, &value)
                };
                if read.iter().any(same) {
                    d.refuse(Refusal::DuplicateChannel(place));
                    continue;
                }
                if channel.preference.is_some()
                    && read.iter().any(|o| o.kind == channel.kind && o.preference == channel.preference)
                {
                    d.refuse(Refusal::PreferenceTaken(format!("{field}[{at}].preference")));
                    continue;
                }
                read.push(WantedChannel { value, ..channel.clone() });
            }
        }
    }
    read
}

/// An e-mail address, or what is wrong with it.
fn read_email(field: &str, raw: &str) -> Result<String, Refusal> {
    values::email(raw).ok_or_else(|| {
        if values::email_too_long(raw) {
            Refusal::TooLong(field.to_owned(), "An e-mail address", values::EMAIL_LIMIT)
        } else {
            Refusal::InvalidEmail(field.to_owned())
        }
    })
}

/// The address of a web page, or what is wrong with it.
pub(crate) fn read_url(field: &str, raw: &str) -> Result<String, Refusal> {
    values::url(raw).map_err(|problem| match problem {
        TextProblem::TooLong { limit } => Refusal::TooLong(field.to_owned(), "A web address", limit),
        TextProblem::Empty | TextProblem::Invalid => Refusal::InvalidUrl(field.to_owned()),
    })
}

/// What makes two values the same to a person.
fn key(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Email => values::email_key(value),
        Kind::Phone | Kind::Mobile | Kind::Fax => values::phone_digits(value),
        Kind::Website => values::url_key(value),
    }
}

fn change_list(
    d: &mut Draft<'_>,
    owner: &Contact,
    field: &'static str,
    have: &[Channel],
    wanted: Vec<WantedChannel>,
) -> Result<(), Refused> {
    let matched = matched(have, &wanted);
    let mut events: Vec<(bool, Event)> = Vec::new();
    for channel in have.iter().filter(|c| !matched.iter().flatten().any(|m| m.id == c.id)) {
        let removed = ChannelRemoved { owner: owner.id, channel: channel.id };
        events.push((channel.followed(), removed.into()));
    }
    let mut next = d.contact(owner.id).map_or(1, |c| c.next_channel);
    for (wanted, before) in wanted.into_iter().zip(matched) {
        let after = |id: u32| Channel {
            id,
            kind: wanted.kind,
            detail: wanted.detail,
            preference: wanted.preference,
            status: wanted.status,
            value: wanted.value.clone(),
        };
        if let Some(before) = before {
            let after = after(before.id);
            if after != *before {
                let touches = before.followed() || after.followed();
                events.push((touches, ChannelChanged { now: added(owner.id, &after) }.into()));
            }
        } else {
            let after = after(next);
            next += 1;
            events.push((after.followed(), added(owner.id, &after).into()));
        }
    }
    if events.iter().any(|(followed, _)| *followed) {
        leader::refuse_followed(d, owner, field)?;
    }
    for (_, event) in events {
        d.record(event);
    }
    Ok(())
}

/// For every wanted channel the one that it was. The same value may stand there once as private and once as business:
/// a channel is first sought with its detail; what is left over then has changed from one to the other.
fn matched<'c>(have: &'c [Channel], wanted: &[WantedChannel]) -> Vec<Option<&'c Channel>> {
    let same = |c: &Channel, w: &WantedChannel| key(c.kind, &c.value) == key(w.kind, &w.value);
    let mut left: Vec<&Channel> = have.iter().collect();
    let mut matched = vec![None; wanted.len()];
    for with_detail in [true, false] {
        for (place, wanted) in matched.iter_mut().zip(wanted).filter(|(place, _)| place.is_none()) {
            let fits = |c: &&Channel| same(c, wanted) && (!with_detail || c.detail == wanted.detail);
            *place = left.iter().position(fits).map(|at| left.swap_remove(at));
        }
    }
    matched
}

/// Makes this the web site of a contact, in the place of its main one, or takes that away: what the client card does
/// (A2-22). Further web sites stay.
pub(crate) fn set_website(d: &mut Draft<'_>, owner: &Contact, wanted: Option<&String>) {
    let main = owner.main_website();
    let Some(wanted) = wanted else {
        if let Some(main) = main {
            d.record(ChannelRemoved { owner: owner.id, channel: main.id });
        }
        return;
    };
    let Some(main) = main else {
        let (kind, detail, status) = (Kind::Website, Detail::Business, Status::Created);
        let wanted = WantedChannel { kind, value: wanted.clone(), detail, preference: None, status };
        return add_all(d, owner.id, &[wanted]);
    };
    if main.value == *wanted {
        return;
    }
    // It may stand there already behind the main one: then that one moves up.
    let same = |c: &&Channel| {
        c.id != main.id
            && c.kind == Kind::Website
            && c.detail == main.detail
            && key(c.kind, &c.value) == key(c.kind, wanted)
    };
    if let Some(other) = owner.channels.iter().find(same) {
        d.record(ChannelRemoved { owner: owner.id, channel: other.id });
    }
    let now = Channel { value: wanted.clone(), status: Status::Created, ..main.clone() };
    d.record(ChannelChanged { now: added(owner.id, &now) });
}

fn added(owner: ContactId, channel: &Channel) -> ChannelAdded {
    ChannelAdded {
        owner,
        channel: channel.id,
        kind: channel.kind,
        detail: channel.detail,
        preference: channel.preference,
        status: channel.status,
        value: Personal::new(owner, channel.value.clone()),
    }
}

/// Records the channels of a contact that is being created; the lists are already read.
pub(crate) fn add_all(d: &mut Draft<'_>, owner: ContactId, wanted: &[WantedChannel]) {
    for wanted in wanted {
        let id = d.contact(owner).map_or(1, |c| c.next_channel);
        d.record(ChannelAdded {
            owner,
            channel: id,
            kind: wanted.kind,
            detail: wanted.detail,
            preference: wanted.preference,
            status: wanted.status,
            value: Personal::new(owner, wanted.value.clone()),
        });
    }
}

// ---- evolve

pub(crate) fn evolve(contact: &mut Contact, event: &Event) {
    match event {
        Event::ChannelAdded(e) => {
            contact.next_channel = contact.next_channel.max(e.channel.saturating_add(1));
            contact.channels.push(channel(e));
        }
        Event::ChannelChanged(e) => {
            if let Some(at) = contact.channels.iter().position(|c| c.id == e.now.channel) {
                contact.channels[at] = channel(&e.now);
            }
        }
        Event::ChannelRemoved(e) => contact.channels.retain(|c| c.id != e.channel),
    }
}

fn channel(e: &ChannelAdded) -> Channel {
    Channel {
        id: e.channel,
        kind: e.kind,
        detail: e.detail,
        preference: e.preference,
        status: e.status,
        value: e.value.get().cloned().unwrap_or_default(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
