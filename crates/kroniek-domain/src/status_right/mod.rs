//! Who may see and who may change a customer, by where it stands (A2-52).
//!
//! The eight statuses form six groups. An actor has, per group, the right to see and the right to change; a relation needs
//! no right of its own, and whoever has no status right at all has those of the group CLIENT: the staff of a landlord or
//! a shop, which has nothing but clients, need none. A registration that one may not see is to that actor as if it were
//! not there. Hidden are a customer, the contact whose account it is, what hangs below that contact (locations, general
//! correspondence), and a person that is known by nothing else: one without a customer of its own whose role lines all
//! stand at hidden contacts. The lines that stand decide; of whom none stands any more, those that ended do, so that
//! removing the last line shows nobody. Whoever never had any is nobody's secret. Such a person is also changed by the
//! right to change one of those contacts.
//!
//! Reading filters in one place, the snapshot; deciding in one place, the draft's looking up; both ask [`sees`]. What a
//! refusal says of something hidden is in `discreet.rs`.

mod discreet;
#[cfg(test)]
mod tests;

pub use discreet::{Known, discreet, follower, hides, known, neutral, published};

use crate::contact::Contact;
use crate::customer::ClientStatus;
use crate::ids::ContactId;
use crate::permission::{Actor, Permission};
use std::sync::Arc;

/// Statuses that share their rights.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum StatusGroup {
    /// Suspects.
    Suspect,
    /// Prospects.
    Prospect,
    /// The three stages of acceptance.
    Acceptance,
    /// Clients.
    Client,
    /// Former clients.
    ExClient,
    /// Relations, which need no status right.
    Relation,
}

/// The rights to see and to change.
type Rights = Option<(Permission, Permission)>;
/// A group, its name, its statuses, its rights.
type Row = (StatusGroup, &'static str, &'static [ClientStatus], Rights);

/// Every group with its name, its statuses, and the rights to see and to change it.
const GROUPS: &[Row] = &[
    (
        StatusGroup::Suspect,
        "SUSPECT",
        &[ClientStatus::Suspect],
        Some((Permission::SeeSuspect, Permission::ChangeSuspect)),
    ),
    (
        StatusGroup::Prospect,
        "PROSPECT",
        &[ClientStatus::Prospect],
        Some((Permission::SeeProspect, Permission::ChangeProspect)),
    ),
    (
        StatusGroup::Acceptance,
        "ACCEPTANCE",
        &[ClientStatus::AcceptanceDraft, ClientStatus::AcceptanceApproval, ClientStatus::AcceptanceCentral],
        Some((Permission::SeeAcceptance, Permission::ChangeAcceptance)),
    ),
    (
        StatusGroup::Client,
        "CLIENT",
        &[ClientStatus::Client],
        Some((Permission::SeeClient, Permission::ChangeClient)),
    ),
    (
        StatusGroup::ExClient,
        "EX_CLIENT",
        &[ClientStatus::ExClient],
        Some((Permission::SeeExClient, Permission::ChangeExClient)),
    ),
    (StatusGroup::Relation, "RELATION", &[ClientStatus::Relation], None),
];

impl StatusGroup {
    /// All groups.
    pub fn all() -> impl Iterator<Item = Self> {
        GROUPS.iter().map(|(group, ..)| *group)
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        GROUPS.iter().find(|(group, ..)| *group == self).map_or("UNKNOWN", |(_, name, ..)| name)
    }

    /// The rights to see and to change it; none for relations.
    fn rights(self) -> Rights {
        GROUPS.iter().find(|(group, ..)| *group == self).and_then(|(.., rights)| *rights)
    }
}

impl ClientStatus {
    /// The group whose rights it shares.
    pub fn group(self) -> StatusGroup {
        match self {
            Self::Suspect => StatusGroup::Suspect,
            Self::Prospect => StatusGroup::Prospect,
            Self::AcceptanceDraft | Self::AcceptanceApproval | Self::AcceptanceCentral => {
                StatusGroup::Acceptance
            }
            Self::Client => StatusGroup::Client,
            Self::ExClient => StatusGroup::ExClient,
            Self::Relation => StatusGroup::Relation,
        }
    }
}

/// A set of statuses: those that an actor may see, or may change.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Statuses(u16);

impl Statuses {
    /// Every status: of whoever has the right to see each, and of whoever stands above the rights, the operator at the data
    /// directory.
    pub const ALL: Self = Self(0b1_1111_1111);

    /// No status: contacts that are no registration of their own.
    pub const NONE: Self = Self(1);

    /// The relation status alone.
    pub const RELATIONS: Self = Self(1 << 8);

    /// The statuses of clients, from suspect to former client.
    pub const CLIENTS: Self = Self(0b1111_1110);

    /// What both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What an actor may see.
    pub fn seen_by(actor: &Actor) -> Self {
        Self::of(actor, |(see, _)| actor.may(see))
    }

    /// What an actor may change, as far as the status decides.
    pub fn changed_by(actor: &Actor) -> Self {
        Self::of(actor, |(_, change)| actor.may(change))
    }

    fn of(actor: &Actor, has: impl Fn((Permission, Permission)) -> bool) -> Self {
        let rights = GROUPS.iter().filter_map(|(.., rights)| *rights);
        let none = !rights.into_iter().any(|(see, _)| actor.may(see));
        // Bit 0 stands for no status: a contact that is no registration is nobody's secret.
        GROUPS.iter().fold(Self(1), |set, (group, _, statuses, rights)| {
            let included = match rights {
                None => true,
                Some(_) if none => *group == StatusGroup::Client,
                Some(rights) => has(*rights),
            };
            statuses.iter().filter(|_| included).fold(set, |set, status| set.with(*status))
        })
    }

    fn with(self, status: ClientStatus) -> Self {
        Self(self.0 | (1 << u8::from(status)))
    }

    /// Whether it holds the status.
    pub fn has(self, status: ClientStatus) -> bool {
        self.0 & (1 << u8::from(status)) != 0
    }

    /// One bit per number of a status, and bit 0 for none; for a read model that filters.
    pub fn bits(self) -> u16 {
        self.0
    }
}

/// The status whose rights decide about a registration: that of its own customer, else of what it hangs below; `None` when
/// it is none.
fn own_status(
    contact: &Contact,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
) -> Option<ClientStatus> {
    contact.standing.or_else(|| contact_of(contact.placement.parent?)?.standing)
}

/// The statuses whose rights decide about a contact, of which one is enough: its own, else those of whom it is known at.
/// `None` among them is no status: a contact that is nobody's secret.
fn deciding_statuses<'c>(
    contact: &'c Contact,
    contact_of: &'c dyn Fn(ContactId) -> Option<Arc<Contact>>,
) -> impl Iterator<Item = Option<ClientStatus>> + 'c {
    let own = own_status(contact, contact_of);
    let lines = match own {
        Some(_) => &[][..],
        None if contact.roles.is_empty() => &contact.past_roles,
        None => &contact.roles,
    };
    let alone = (own.is_some() || lines.is_empty()).then_some(own);
    let of_holder = |(holder, _): &(ContactId, u32)| own_status(&*contact_of(*holder)?, contact_of);
    alone.into_iter().chain(lines.iter().map(of_holder))
}

/// Whether an actor that sees these statuses sees the contact. Whoever sees all of them is not made to look.
pub fn sees(
    seen: Statuses,
    contact: &Contact,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
) -> bool {
    seen == Statuses::ALL
        || deciding_statuses(contact, contact_of).any(|status| status.is_none_or(|status| seen.has(status)))
}

/// The status for want of whose right the actor may not change a contact; `None` when it may. Of several it is one that the
/// actor sees: the name of the right would tell of a hidden one.
pub fn lacking(
    actor: &Actor,
    contact: &Contact,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
) -> Option<ClientStatus> {
    let (seen, changed) = (Statuses::seen_by(actor), Statuses::changed_by(actor));
    let mut lacks = None;
    for status in deciding_statuses(contact, contact_of) {
        let status = status.filter(|status| !changed.has(*status))?;
        lacks = lacks.filter(|known| seen.has(*known)).or(Some(status));
    }
    lacks
}

/// The right that somebody lacks who may not change a registration of this status.
pub fn right_to_change(status: ClientStatus) -> Permission {
    status.group().rights().map_or(Permission::Write, |(_, change)| change)
}

/// What an actor may do with a group, for its own screen (`myStatusRights`).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct StatusRight {
    /// The group.
    pub group: StatusGroup,
    /// Whether the actor sees it.
    pub see: bool,
    /// Whether the actor may change it.
    pub change: bool,
}

/// The rights of an actor, group by group.
pub fn rights_of(actor: &Actor) -> Vec<StatusRight> {
    let (seen, changed) = (Statuses::seen_by(actor), Statuses::changed_by(actor));
    GROUPS
        .iter()
        .map(|(group, _, statuses, _)| StatusRight {
            group: *group,
            see: actor.may(Permission::Read) && statuses.iter().all(|status| seen.has(*status)),
            change: actor.may(Permission::Write) && statuses.iter().all(|status| changed.has(*status)),
        })
        .collect()
}
