//! What a card shows of leaders and followers: title, actions, the state of each field, the preview of a coupling
//! (A1-03, A1-04, A1-13, A1-14, A1-16, A1-22). Pure reads of folded contacts; nothing here decides.

use super::{MailPreference, PrivateBlock, passed_on};
use crate::channel::Kind;
use crate::contact::Contact;
use crate::ids::ContactId;
use crate::label::Lang;
use crate::timeline::Timeline;
use crate::values::Address;
use std::sync::Arc;

/// A field of a person's registration.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Field {
    /// Initials.
    Initials,
    /// Infix.
    Infix,
    /// Surname.
    Surname,
    /// Private home address.
    HomeAddress,
    /// Private correspondence address.
    CorrespondenceAddress,
    /// Private e-mail.
    PrivateEmail,
    /// Private mobile.
    PrivateMobile,
    /// Function, department, business phone and e-mail.
    BusinessData,
    /// Business or private mail.
    MailPreference,
    /// Salutation.
    Salutation,
    /// Date of birth.
    BirthDate,
    /// Date of death.
    DeathDate,
    /// Citizen service number.
    Bsn,
    /// Gender.
    Gender,
}

/// Every field with its name in the API, and whether a follower takes it over: the followed set (A1-06, D-21).
pub const FIELDS: &[(Field, &str, bool)] = &[
    (Field::Initials, "initials", true),
    (Field::Infix, "infix", true),
    (Field::Surname, "surname", true),
    (Field::HomeAddress, "homeAddress", true),
    (Field::CorrespondenceAddress, "correspondenceAddress", true),
    (Field::PrivateEmail, "privateEmail", true),
    (Field::PrivateMobile, "privateMobile", true),
    (Field::BusinessData, "businessData", false),
    (Field::MailPreference, "mailPreference", false),
    (Field::Salutation, "salutation", false),
    (Field::BirthDate, "birthDate", false),
    (Field::DeathDate, "deathDate", false),
    (Field::Bsn, "bsn", false),
    (Field::Gender, "gender", false),
];

impl Field {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        FIELDS.iter().find(|(field, ..)| *field == self).map_or("unknown", |(_, name, _)| name)
    }

    /// Whether a follower takes it over from its leader.
    pub fn followed(self) -> bool {
        FIELDS.iter().any(|(field, _, followed)| *field == self && *followed)
    }
}

/// Whose a field is (A1-16).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum FieldState {
    /// The contact's own, to be changed here.
    Own,
    /// The leader's, to be changed there.
    Followed,
    /// The leader's, and withheld: neither shown nor to be changed here (A1-19, D-33).
    Hidden,
}

impl FieldState {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "OWN",
            Self::Followed => "FOLLOWED",
            Self::Hidden => "HIDDEN",
        }
    }
}

/// Whose a field of `contact` is; `leader` is the contact that it follows, if any.
pub fn field_state(contact: &Contact, leader: Option<&Contact>, field: Field) -> FieldState {
    if contact.leader.is_none() || !field.followed() {
        return FieldState::Own;
    }
    match leader {
        Some(leader)
            if field == Field::PrivateEmail && leader.mail_preference == MailPreference::Business =>
        {
            FieldState::Hidden
        }
        _ => FieldState::Followed,
    }
}

/// Whether anybody whom `contact_of` shows follows it (A1-14).
pub fn leads(contact: &Contact, contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>) -> bool {
    contact.followers.iter().any(|follower| contact_of(*follower).is_some())
}

/// The title of a registration (A1-14, spec §7): the name, and whether it leads or whom it follows. That it follows is its
/// own; whom, is told when `contact_of` shows the leader.
pub fn title(
    contact: &Contact,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
    lang: Lang,
) -> String {
    let (follows, some_leader, leads_some) = match lang {
        Lang::Nl => ("volgt", "volger", "hoofd"),
        Lang::En => ("follows", "follower", "leader"),
    };
    let name = &contact.name;
    match contact.leader.map(contact_of) {
        Some(Some(leader)) if !leader.name.is_empty() => format!("{name} ({follows} {})", leader.name),
        Some(_) => format!("{name} ({some_leader})"),
        None if leads(contact, contact_of) => format!("{name} ({leads_some})"),
        None => name.clone(),
    }
}

/// An action that only leaders and followers have (A1-22).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// At a leader: go to its followers.
    GoToFollowers,
    /// At a leader: move its followers to another leader.
    ReplaceLeader,
    /// At a follower: jump to its leader.
    GoToLeader,
    /// At a follower: end the link.
    EndLeaderLink,
}

impl Action {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::GoToFollowers => "GO_TO_FOLLOWERS",
            Self::ReplaceLeader => "REPLACE_LEADER",
            Self::GoToLeader => "GO_TO_LEADER",
            Self::EndLeaderLink => "END_LEADER_LINK",
        }
    }
}

/// The extra actions of a leader or follower; none at an ordinary registration (A1-22). None leads to whom `contact_of` does
/// not show (A2-52); to end its link a follower needs nobody else.
pub fn available_actions(
    contact: &Contact,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
) -> Vec<Action> {
    if let Some(leader) = contact.leader {
        let jump = contact_of(leader).map(|_| Action::GoToLeader);
        jump.into_iter().chain([Action::EndLeaderLink]).collect()
    } else if leads(contact, contact_of) {
        vec![Action::GoToFollowers, Action::ReplaceLeader]
    } else {
        Vec::new()
    }
}

/// A followed field that a coupling would overwrite.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The field.
    pub field: Field,
    /// What the follower has; an address stands with the date from which it holds.
    pub before: Vec<String>,
    /// What it would take over.
    pub after: Vec<String>,
}

/// What a coupling would overwrite at the follower (A1-13): the followed fields that differ from what the leader passes
/// on now. Empty for a pair that is coupled (I10).
pub fn diff(follower: &Contact, leader: &Contact) -> Vec<Difference> {
    let (mine, theirs) = (follower.private_block(), passed_on(leader));
    FIELDS
        .iter()
        .filter(|(.., followed)| *followed)
        .map(|(field, ..)| Difference {
            field: *field,
            before: shown(&mine, *field),
            after: shown(&theirs, *field),
        })
        .filter(|difference| difference.before != difference.after)
        .collect()
}

/// The values of one field of a private block, as people read them.
fn shown(block: &PrivateBlock, field: Field) -> Vec<String> {
    let text = |text: &String| if text.is_empty() { Vec::new() } else { vec![text.clone()] };
    let addresses = |timeline: &Timeline<Address>| {
        timeline.entries().iter().map(|(from, address)| format!("{from}: {}", address.display())).collect()
    };
    // In the order of the values: the numbering of a follower's channels is its own.
    let channels = |kind: Kind| {
        let mut values: Vec<_> =
            block.channels.iter().filter(|c| c.kind == kind).map(|c| c.value.clone()).collect();
        values.sort();
        values
    };
    match field {
        Field::Initials => text(&block.parts.initials),
        Field::Infix => text(&block.parts.infix),
        Field::Surname => text(&block.parts.surname),
        Field::HomeAddress => addresses(&block.home),
        Field::CorrespondenceAddress => addresses(&block.correspondence),
        Field::PrivateEmail => channels(Kind::Email),
        Field::PrivateMobile => channels(Kind::Mobile),
        Field::BusinessData
        | Field::MailPreference
        | Field::Salutation
        | Field::BirthDate
        | Field::DeathDate
        | Field::Bsn
        | Field::Gender => Vec::new(),
    }
}

/// The other registrations of the same human (A1-03): its followers, or its leader and the leader's other followers. A
/// warning for duplicates stays silent about these.
pub fn same_human(contact: &Contact, leader: Option<&Contact>) -> Vec<ContactId> {
    let leader = leader.filter(|leader| contact.leader == Some(leader.id));
    let others = leader.map_or(&contact.followers, |leader| &leader.followers);
    let ids = leader.map(|leader| leader.id).into_iter().chain(others.iter().copied());
    ids.filter(|id| *id != contact.id).collect()
}

/// The role lines, as (holder, line), by which a person gets into a client portal (A1-04): its own with access, and a
/// leader's also those of its followers.
pub fn portal_access(
    contact: &Contact,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
) -> Vec<(ContactId, u32)> {
    let open = |(holder, line): &(ContactId, u32)| {
        contact_of(*holder).is_some_and(|holder| holder.line(*line).is_some_and(|line| line.portal))
    };
    let followers = contact.followers.iter().filter_map(|follower| contact_of(*follower));
    let inherited: Vec<_> = followers.flat_map(|follower| follower.roles.clone()).collect();
    contact.roles.iter().copied().chain(inherited).filter(open).collect()
}
