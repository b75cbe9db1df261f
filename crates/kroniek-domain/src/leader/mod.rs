//! Leader and followers: one registration of a person passes its private data on to the others (A1-06 … A1-24).
//!
//! The same human is recorded once per company on purpose (A1-03). One of those registrations is the *leader*; the
//! *followers* take over its names, private addresses, private e-mail and private mobile, and cannot change them
//! themselves. The links are a forest of depth 1 (I7, I8, I9): nobody leads itself, a follower has one leader, and a
//! leader follows nobody.
//!
//! A change at the leader reaches the followers in the same commit: whatever changes a person ends with
//! `copy_to_followers`, and whatever changes a followed field asks `refuse_followed` first. What is passed on depends
//! on one thing only: a leader that is reached by business mail keeps its private e-mail to itself (A1-19). What may
//! be chosen when mail is written is in [`mail`], what a card shows in [`card`].

pub mod card;
mod followed;
pub mod mail;

pub use card::{
    Action, Difference, Field, FieldState, available_actions, diff, field_state, leads, portal_access,
    same_human, title,
};
pub use followed::{PrivateBlock, passed_on};
pub(crate) use followed::{copy_to_followers, link};
pub use mail::{MailChoice, WhyHidden, mail_choices};

use crate::contact::{Contact, Kind};
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{At, ContactId, ContactRef, EntityId};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::{General, Problem, Prompt};
use crate::registration::{RegistrationType, type_in};
use crate::values;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// By which e-mail address a person or company is reached (A1-18): every registration chooses for itself, followers too. Numbers
/// are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MailPreference {
    /// By the business address only.
    Business,
    /// By the private address as well.
    Private,
}

crate::stored_numbers! { MailPreference {
    Business = 1 "BUSINESS",
    Private = 2 "PRIVATE",
} }

// ---- commands

/// Lets a contact person follow a leader, whose private data it takes over at once (A1-08 … A1-11, A1-13).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CoupleToLeader {
    /// The contact person that will follow; the addressed entity.
    pub follower: ContactRef,
    /// The client-person or contact person to follow.
    pub leader: ContactRef,
}

/// Ends a link, at the follower. It keeps the values that it has, now its own (A1-22, D-23). Whoever may change the follower
/// may do so, also without seeing the leader (A2-52): else nobody at the follower's desk could ever change its name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EndLeaderLink {
    /// The contact person that will follow nobody.
    pub follower: ContactRef,
}

/// Moves every follower of one leader to another, in one commit (A1-23); those that the actor may not see stay (A2-52).
///
/// The new leader may be one of the followers; it then follows nobody. The old leader is not coupled: it stands alone
/// afterwards, with a warning when it could follow; not when followers stay with it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReplaceLeader {
    /// The leader until now; the addressed entity.
    pub old_leader: ContactRef,
    /// The leader from now on.
    pub new_leader: ContactRef,
}

/// Chooses by which e-mail address a person is reached (A1-18). At a leader it also decides whether the private
/// address is passed on (A1-19).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetMailPreference {
    /// The person.
    pub contact: ContactRef,
    /// `BUSINESS` or `PRIVATE`, as sent.
    pub preference: String,
}

// ---- events

/// A contact person follows a leader from now on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CoupledToLeader {
    /// Who follows.
    pub follower: ContactId,
    /// Who leads.
    pub leader: ContactId,
}

/// A follower took over what its leader passes on. It names the follower only: the leader did not change by it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FollowedDataCopied {
    /// Who took over.
    pub follower: ContactId,
    /// From whom.
    pub leader: ContactId,
    /// The follower's private block before; its own data, kept for an undo (A1-13).
    pub before: Personal<PrivateBlock>,
    /// The follower's private block now; the leader's data, in the numbering of the follower's channels.
    pub after: Personal<PrivateBlock>,
}

/// A contact person follows nobody any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LeaderLinkEnded {
    /// Who followed.
    pub follower: ContactId,
    /// Who led.
    pub leader: ContactId,
}

/// A person is reached by another kind of e-mail address from now on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MailPreferenceSet {
    /// The person.
    pub contact: ContactId,
    /// The choice.
    pub preference: MailPreference,
}

stored_events! {
    /// A contact person follows a leader.
    50 v 1 CoupledToLeader,
    /// A follower took over its leader's private data.
    51 v 1 FollowedDataCopied,
    /// A contact person follows nobody any more.
    52 v 1 LeaderLinkEnded,
    /// A person is reached by another kind of e-mail address.
    53 v 1 MailPreferenceSet,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        match self {
            Self::CoupledToLeader(e) => vec![EntityId::Contact(e.follower), EntityId::Contact(e.leader)],
            Self::FollowedDataCopied(e) => vec![EntityId::Contact(e.follower)],
            Self::LeaderLinkEnded(e) => vec![EntityId::Contact(e.follower), EntityId::Contact(e.leader)],
            Self::MailPreferenceSet(e) => vec![EntityId::Contact(e.contact)],
        }
    }
}

// ---- refusals

/// A contact as a refusal names it: to programs by id, to people by number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// Its id.
    pub id: ContactId,
    /// Its number.
    pub number: String,
}

impl Named {
    pub(crate) fn of(contact: &Contact) -> Self {
        Self { id: contact.id, number: contact.number.clone() }
    }

    fn by_id(d: &Draft<'_>, id: ContactId) -> Self {
        Self { id, number: d.contact(id).map_or_else(String::new, |c| c.number.clone()) }
    }
}

/// Why a link is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Neither a person nor a company (A1-18).
    ChoosesNoMail,
    /// A person cannot lead itself (I7).
    SelfCoupling {
        /// The input field of the leader.
        field: &'static str,
    },
    /// A follower has one leader (I8).
    AlreadyFollowing {
        /// The leader that it has.
        leader: Named,
    },
    /// A leader follows nobody (I9): the chosen leader is itself a follower.
    LeaderIsFollower {
        /// The input field.
        field: &'static str,
        /// Whom the chosen leader follows.
        leader: Named,
    },
    /// A follower leads nobody (I9): the chosen follower has followers.
    HasFollowers {
        /// All of them.
        followers: Vec<Named>,
    },
    /// Only a contact person may follow (A1-09, D-22).
    FollowerNotAContactPerson {
        /// The input field.
        field: &'static str,
        /// The contact that is none.
        contact: Named,
        /// Whether it follows a leader all the same: its last role line has ended since.
        follows: bool,
    },
    /// Whoever becomes a customer is no contact person any more, so a follower does not (A1-09, D-22).
    FollowerBecomesCustomer {
        /// The input field.
        field: &'static str,
        /// Whom it follows.
        leader: Named,
    },
    /// Only a client-person or contact person may lead (A1-08).
    LeaderNotAPerson {
        /// The input field.
        field: &'static str,
        /// The contact that is neither.
        contact: Named,
    },
    /// There is no link to end (A1-22).
    NotAFollower {
        /// The contact's own followers: asked on the leader, the link is ended at one of these.
        followers: Vec<Named>,
    },
    /// There is nobody to move (A1-23).
    NotALeader {
        /// Whom the contact follows, if anybody.
        leader: Option<Named>,
    },
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        let listed = |problem: Problem, contacts: &[Named]| {
            let label = |c: &Named| (EntityId::Contact(c.id).to_string(), c.number.clone());
            problem.blocking("CONTACT", contacts.iter().map(label))
        };
        match self {
            Self::SelfCoupling { field } => {
                Problem::new("SELF_COUPLING", "A contact cannot lead itself; choose another leader.")
                    .field(*field)
            }
            Self::AlreadyFollowing { leader } => Problem::new(
                "ALREADY_FOLLOWING",
                format!(
                    "This contact person already follows {}, and a follower has one leader.",
                    leader.number
                ),
            )
            .field("followerId")
            .contact(leader.id)
            .hint("End the link with endLeaderLink first, or move all followers with replaceLeader."),
            Self::LeaderIsFollower { field, leader } => Problem::new(
                "LEADER_IS_FOLLOWER",
                format!("The chosen leader itself follows {}, and a leader follows nobody.", leader.number),
            )
            .field(*field)
            .contact(leader.id)
            .hint(format!("Choose {} as the leader.", leader.number)),
            Self::HasFollowers { followers } => listed(
                Problem::new("HAS_FOLLOWERS", "This contact has followers, and a leader follows nobody."),
                followers,
            )
            .field("followerId")
            .hint("End the links of its followers first, or move them with replaceLeader."),
            Self::FollowerNotAContactPerson { field, contact, follows } => Problem::new(
                "FOLLOWER_NOT_A_CONTACT_PERSON",
                format!(
                    "{} is not a contact person, and only a contact person follows a leader: {}.",
                    contact.number,
                    if *follows {
                        "end its link with endLeaderLink first"
                    } else {
                        "choose a contact person"
                    }
                ),
            )
            .field(*field)
            .contact(contact.id),
            Self::FollowerBecomesCustomer { field, leader } => Problem::new(
                "FOLLOWER_NOT_A_CONTACT_PERSON",
                format!(
                    "This contact follows {}, and only a contact person follows: a customer of its own makes it a client.",
                    leader.number
                ),
            )
            .field(*field)
            .contact(leader.id)
            .hint("End the link with endLeaderLink first."),
            Self::LeaderNotAPerson { field, contact } => Problem::new(
                "LEADER_NOT_A_PERSON",
                format!(
                    "{} is neither a client-person nor a contact person; choose one of these as the leader.",
                    contact.number
                ),
            )
            .field(*field)
            .contact(contact.id),
            Self::NotAFollower { followers } => {
                let problem =
                    Problem::new("NOT_A_FOLLOWER", "This contact follows nobody, so no link can be ended: choose a follower.")
                        .field("followerId");
                if followers.is_empty() {
                    problem
                } else {
                    listed(problem, followers).hint("It is a leader; a link is ended at the follower.")
                }
            }
            Self::ChoosesNoMail => Problem::new(
                "NOT_A_PERSON",
                "Only persons and companies choose by which mail they are reached; choose one of these.",
            )
            .field("contactId"),
            Self::NotALeader { leader } => {
                let problem =
                    Problem::new("NOT_A_LEADER", "This contact has no followers, so nobody can be moved: choose a leader.")
                        .field("oldLeaderId");
                match leader {
                    Some(leader) => problem
                        .contact(leader.id)
                        .hint(format!("It follows {}; send that as the old leader.", leader.number)),
                    None => problem,
                }
            }
        }
    }
}

// ---- state

// The state is folded into both contacts of a link: `leader`, `followers` and `mail_preference` of a contact. What is
// passed on between them is in `followed`.

// ---- decide

impl Decide for CoupleToLeader {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let follower = d.find_contact("followerId", &self.follower);
        let leader = d.find_contact("leaderId", &self.leader);
        let (follower, leader) = (follower?, leader?);
        d.address(EntityId::Contact(follower.id))?;
        if follower.id == leader.id {
            return Err(d.refuse(Refusal::SelfCoupling { field: "leaderId" }));
        }
        if let Some(followed) = follower.leader {
            let leader = Named::by_id(d, followed);
            d.refuse(Refusal::AlreadyFollowing { leader });
        }
        if follower.followers.iter().any(|id| d.sees_id(*id)) {
            refuse_leader(d, &follower);
        }
        check_follower(d, "followerId", &follower);
        check_leader(d, "leaderId", &leader);
        prefer_client_person(d, &leader);
        d.stop_if_refused()?;
        // Followers that the actor may not see are only told of when nothing else stands in the way (A2-52).
        if !follower.followers.is_empty() {
            return Err(refuse_leader(d, &follower));
        }
        link(d, follower.id, leader.id);
        Ok(())
    }
}

impl Decide for EndLeaderLink {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let follower = d.find_contact("followerId", &self.follower)?;
        d.address(EntityId::Contact(follower.id))?;
        let Some(leader) = follower.leader else {
            let followers = all_followers(d, &follower);
            return Err(d.refuse(Refusal::NotAFollower { followers }));
        };
        d.record(LeaderLinkEnded { follower: follower.id, leader });
        Ok(())
    }
}

impl Decide for ReplaceLeader {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let old = d.find_contact("oldLeaderId", &self.old_leader);
        let new = d.find_contact("newLeaderId", &self.new_leader);
        let (old, new) = (old?, new?);
        d.address(EntityId::Contact(old.id))?;
        if old.id == new.id {
            return Err(d.refuse(Refusal::SelfCoupling { field: "newLeaderId" }));
        }
        let followers: Vec<_> = old.followers.iter().copied().filter(|id| d.sees_id(*id)).collect();
        if followers.is_empty() {
            let leader = old.leader.map(|leader| Named::by_id(d, leader));
            d.refuse(Refusal::NotALeader { leader });
        }
        // The link of a new leader that is one of the followers ends before it leads anybody.
        if new.leader == Some(old.id) {
            check_leader_type(d, "newLeaderId", &new);
        } else {
            check_leader(d, "newLeaderId", &new);
        }
        let moved: Vec<_> =
            followers.iter().filter(|id| **id != new.id).filter_map(|id| d.contact(*id)).collect();
        for follower in &moved {
            check_follower(d, "oldLeaderId", follower);
        }
        prefer_client_person(d, &new);
        d.stop_if_refused()?;
        // From the bottom up: all links end before the first new one begins.
        for follower in &followers {
            d.record(LeaderLinkEnded { follower: *follower, leader: old.id });
        }
        for follower in &moved {
            link(d, follower.id, new.id);
        }
        // Of whom a follower stays, it still leads.
        let alone = followers.len() == old.followers.len();
        if alone && type_in(d, &old) == Some(RegistrationType::ContactPerson) {
            d.warn(
                "OLD_LEADER_STANDS_ALONE",
                format!(
                    "{} neither leads nor follows now; couple it to the new leader if it should.",
                    old.number
                ),
                Some(EntityId::Contact(old.id)),
            );
        }
        Ok(())
    }
}

impl Decide for SetMailPreference {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let contact = find_reachable(d, &self.contact);
        let preference = read_preference(d, &self.preference);
        let contact = contact?;
        d.address(EntityId::Contact(contact.id))?;
        let preference = preference.ok_or(Refused)?;
        if contact.mail_preference != preference {
            let event = MailPreferenceSet { contact: contact.id, preference };
            d.record_with(event, |d| copy_to_followers(d, contact.id));
        }
        Ok(())
    }
}

/// A contact that chooses by which mail it is reached: a person, or a company, whose card has the choice too (A1-18, A2-21).
fn find_reachable(d: &mut Draft<'_>, contact: &ContactRef) -> Result<Arc<Contact>, Refused> {
    let contact = d.find_contact("contactId", contact)?;
    match contact.kind {
        Kind::Person | Kind::Company => Ok(contact),
        Kind::Household | Kind::GeneralCorrespondence | Kind::Location => {
            Err(d.refuse(Refusal::ChoosesNoMail))
        }
    }
}

fn read_preference(d: &mut Draft<'_>, raw: &str) -> Option<MailPreference> {
    let raw = raw.trim();
    let read = MailPreference::ALL.iter().copied().find(|preference| preference.name() == raw);
    if read.is_none() {
        let field = "preference";
        d.refuse(if raw.is_empty() {
            General::Required(field)
        } else {
            General::UnknownCode { field, list: "MAIL_PREFERENCE".to_owned() }
        });
    }
    read
}

fn all_followers(d: &Draft<'_>, leader: &Contact) -> Vec<Named> {
    leader.followers.iter().map(|id| Named::by_id(d, *id)).collect()
}

fn refuse_leader(d: &mut Draft<'_>, leader: &Contact) -> Refused {
    let followers = all_followers(d, leader);
    d.refuse(Refusal::HasFollowers { followers })
}

fn check_follower(d: &mut Draft<'_>, field: &'static str, follower: &Contact) {
    if type_in(d, follower) != Some(RegistrationType::ContactPerson) {
        let follows = follower.leader.is_some();
        d.refuse(Refusal::FollowerNotAContactPerson { field, contact: Named::of(follower), follows });
    }
}

/// Refuses a leader that may not lead: one that follows, or that is neither a client-person nor a contact person.
pub(crate) fn check_leader(d: &mut Draft<'_>, field: &'static str, leader: &Contact) {
    if let Some(followed) = leader.leader {
        let leader = Named::by_id(d, followed);
        d.refuse(Refusal::LeaderIsFollower { field, leader });
    }
    check_leader_type(d, field, leader);
}

fn check_leader_type(d: &mut Draft<'_>, field: &'static str, leader: &Contact) {
    match type_in(d, leader) {
        Some(RegistrationType::ClientPerson | RegistrationType::ContactPerson) => {}
        _ => {
            d.refuse(Refusal::LeaderNotAPerson { field, contact: Named::of(leader) });
        }
    }
}

/// Refuses a customer for a follower, which would then be a contact person no more (A1-09, D-22).
pub(crate) fn refuse_customer(d: &mut Draft<'_>, field: &'static str, contact: &Contact) {
    if let Some(leader) = contact.leader {
        let leader = Named::by_id(d, leader);
        d.refuse(Refusal::FollowerBecomesCustomer { field, leader });
    }
}

/// Asks whether a contact person should really lead where a client-person of the same identity could (A1-08).
pub(crate) fn prefer_client_person(d: &mut Draft<'_>, leader: &Contact) {
    if type_in(d, leader) == Some(RegistrationType::ContactPerson)
        && let Some(better) = client_person_of(d, leader)
    {
        d.confirmed(Prompt::ClientPersonPreferred, Some(EntityId::Contact(better)));
    }
}

/// The client-person that is the same human as this contact person: by BSN, else by name.
///
/// For an actor that may not see BSN and dates of birth they do not count: whether the question comes would tell what
/// they are.
fn client_person_of(d: &Draft<'_>, contact: &Contact) -> Option<ContactId> {
    let sensitive = d.ctx().actor.may(Permission::SensitiveRead);
    let name = values::fold(&contact.name);
    let mut candidates = match &contact.bsn {
        Some(bsn) if sensitive => d.world().persons_by_bsn(bsn),
        _ => Vec::new(),
    };
    if !name.is_empty() {
        candidates.extend(d.world().customer_persons_by_name(&name));
    }
    // Indexes may answer too much: every candidate is looked at itself.
    candidates.into_iter().find(|id| {
        d.contact(*id).is_some_and(|other| {
            d.sees(&other)
                && other.leader.is_none()
                && type_in(d, &other) == Some(RegistrationType::ClientPerson)
                && same_identity(contact, &other, sensitive)
        })
    })
}

fn same_identity(a: &Contact, b: &Contact, sensitive: bool) -> bool {
    let same_name = values::fold(&a.name) == values::fold(&b.name);
    if !sensitive {
        return same_name;
    }
    match (&a.bsn, &b.bsn) {
        (Some(a), Some(b)) => a == b,
        _ => same_name && !matches!((a.birth, b.birth), (Some(a), Some(b)) if a != b),
    }
}

/// Refuses a change of a followed field at a follower (A1-16, I10).
pub(crate) fn refuse_followed(
    d: &mut Draft<'_>,
    contact: &Contact,
    field: &'static str,
) -> Result<(), Refused> {
    match contact.leader {
        None => Ok(()),
        Some(leader) => {
            let Named { id, number } = Named::by_id(d, leader);
            Err(d.refuse(General::FieldFollowsLeader { field, leader: id, leader_number: number }))
        }
    }
}

// ---- evolve

/// Folds an event into the contact that it names, as follower or as leader.
pub(crate) fn evolve(contact: &mut Contact, at: At, event: &Event) {
    match event {
        Event::CoupledToLeader(e) => {
            if contact.id == e.follower {
                contact.leader = Some(e.leader);
            } else {
                contact.followers.insert(e.follower);
            }
        }
        // What is erased at its leader's wish is erased here too: an empty block takes its place.
        Event::FollowedDataCopied(e) => {
            followed::take_over(contact, at, e.after.get().cloned().unwrap_or_default());
        }
        Event::LeaderLinkEnded(e) => {
            if contact.id == e.follower {
                contact.leader = None;
            } else {
                contact.followers.remove(&e.follower);
            }
        }
        Event::MailPreferenceSet(e) => contact.mail_preference = e.preference,
    }
}

#[cfg(test)]
mod tests;
