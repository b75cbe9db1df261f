//! What an actor is told of something that it may not see: nothing (A2-52, spec §1.2).

use super::{Statuses, sees};
use crate::event::Event;
use crate::ids::{ContactId, EntityId};
use crate::leader;
use crate::permission::Actor;
use crate::problem::Problem;
use crate::world::World;

/// Whether an actor that sees these statuses may not know of the entity; not of one that does not exist.
pub fn hides(seen: Statuses, entity: &EntityId, world: &dyn World) -> bool {
    if seen == Statuses::ALL {
        return false;
    }
    let hidden_contact =
        |id| world.contact(id).is_some_and(|contact| !sees(seen, &contact, &|id| world.contact(id)));
    match entity {
        EntityId::Contact(id) => hidden_contact(*id),
        EntityId::Customer(id) => world.customer(*id).is_some_and(|customer| !seen.has(customer.status)),
        EntityId::Interaction(id) => world.interaction(*id).is_some_and(|it| hidden_contact(it.contact)),
        EntityId::Task(id) => world.task(*id).is_some_and(|it| hidden_contact(it.contact)),
        EntityId::CodeList(_)
        | EntityId::AddressTable
        | EntityId::Template(_)
        | EntityId::Team(_)
        | EntityId::Employee(_) => false,
    }
}

/// The follower whose own an event is: that it follows, or no longer does, is told to whoever sees it, and not by whom it
/// is or was led (A2-52).
pub fn follower(event: &Event) -> Option<ContactId> {
    let Event::Leader(event) = event else { return None };
    match event {
        leader::Event::CoupledToLeader(e) => Some(e.follower),
        leader::Event::LeaderLinkEnded(e) => Some(e.follower),
        leader::Event::FollowedDataCopied(_) | leader::Event::MailPreferenceSet(_) => None,
    }
}

/// What a commit is to an actor that sees these statuses, going by the entities that it names.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Known {
    /// It names nothing that is hidden from the actor.
    Whole,
    /// It names what the actor sees, and what it does not.
    InPart,
    /// Of the contacts that it is about the actor sees none.
    NotAtAll,
}

/// How much an actor that sees these statuses may know of a commit that names these entities.
pub fn known<'e>(
    seen: Statuses,
    entities: impl IntoIterator<Item = &'e EntityId>,
    world: &dyn World,
) -> Known {
    let about_somebody = |entity: &EntityId| match entity {
        EntityId::Contact(_) | EntityId::Customer(_) | EntityId::Interaction(_) | EntityId::Task(_) => true,
        EntityId::CodeList(_)
        | EntityId::AddressTable
        | EntityId::Template(_)
        | EntityId::Team(_)
        | EntityId::Employee(_) => false,
    };
    let (mut some_hidden, mut some_seen) = (false, false);
    for entity in entities {
        if hides(seen, entity, world) {
            some_hidden = true;
        } else if about_somebody(entity) {
            some_seen = true;
        }
    }
    match (some_hidden, some_seen) {
        (false, _) => Known::Whole,
        (true, true) => Known::InPart,
        (true, false) => Known::NotAtAll,
    }
}

/// What a refusal says by its code where its own words could tell of something hidden: what to do, and neither what is in
/// the way nor that it is hidden.
pub(super) const NEUTRAL: &[(&str, &str)] = &[
    (
        "ALREADY_FOLLOWING",
        "This contact person already follows a leader, and has one at most: end the link with endLeaderLink first.",
    ),
    (
        "BILLING_CHAIN",
        "Invoices go on one step only; choose another billing customer, or ask an administrator.",
    ),
    ("BSN_IN_USE", "This BSN is in use; check it, or ask an administrator."),
    ("CANNOT_UNDO", "What the death removed has been changed since; ask an administrator to undo it."),
    (
        "CHECKS_OPEN",
        "Not all checks are done: do those that are listed and name them in checks, and ask an administrator for the rest.",
    ),
    ("CUSTOMER_EXISTS", "The contact is a customer already; ask an administrator for it."),
    ("DEBTOR_NO_EXISTS", "This debtor number is in use at the organisation; choose another."),
    (
        "FIELD_FOLLOWS_LEADER",
        "This is kept at the leader and cannot be changed here: end the link with endLeaderLink first, or ask an administrator.",
    ),
    (
        "FOLLOWER_NOT_A_CONTACT_PERSON",
        "Only a contact person follows a leader: end the link first, or ask an administrator.",
    ),
    ("HAS_CHILDREN", "Something still hangs below it; ask an administrator to move it."),
    ("HAS_FOLLOWERS", "A leader follows nobody; choose another contact person, or ask an administrator."),
    ("HAS_OPEN_TASKS", "Tasks are still open; ask an administrator to have them finished or reassigned."),
    ("INVALID_SUCCESSOR", "The successor must be a living contractant who remains in the household."),
    (
        "LAST_CONTRACTANT",
        "The only contractant stays while the lease runs; add another contractant first, or ask an administrator.",
    ),
    ("LEADER_IS_FOLLOWER", "A leader follows nobody; choose another leader."),
    ("NO_REMAINING_CONTRACTANT", "A household needs a contractant: answer true, or ask an administrator."),
    ("NOT_A_FOLLOWER", "This contact follows nobody, so no link can be ended: choose a follower."),
    ("NOT_A_LEADER", "This contact has no followers, so nobody can be moved: choose a leader."),
    (
        "NOT_SOLE_CONTRACTANT",
        "The roles cannot be kept in every household: answer false, or ask an administrator.",
    ),
    (
        "NUMBER_TAKEN",
        "This number cannot be given out; choose one that is nobody's, or ask an administrator.",
    ),
    (
        "PARENT_REQUIRED",
        "This never stands alone: fill in the contact that it belongs to, take it elsewhere with moveContact, or ask an administrator.",
    ),
    ("ROLE_EXISTS", "The person has this role here already; choose another role, or ask an administrator."),
    (
        "TRANSACTION_MODE_IN_USE",
        "The mode is in use and cannot ask for more: add a mode of another code, or ask an administrator.",
    ),
    ("VERSION_CONFLICT", "It has changed since you looked: read it again and decide anew."),
];

/// As [`NEUTRAL`], of every other code.
const NEUTRAL_OTHERWISE: &str =
    "What is sent does not fit what is recorded; check it, or ask an administrator.";

/// What a refusal with this code says when its own words could tell of something that the actor may not see.
pub fn neutral(code: &str) -> &'static str {
    NEUTRAL.iter().find(|(of, _)| *of == code).map_or(NEUTRAL_OTHERWISE, |(_, says)| says)
}

/// What an actor is told of refusals: each as [`discreet`] has it, and once. Of several hidden things the same is said, and
/// how often it were said would tell how many there are (A2-52).
pub fn published(
    problems: impl IntoIterator<Item = Problem>,
    actor: &Actor,
    world: &dyn World,
) -> Vec<Problem> {
    let mut told = Vec::new();
    for problem in problems {
        let problem = discreet(problem, actor, world);
        if !told.contains(&problem) {
            told.push(problem);
        }
    }
    told
}

/// A conflict with something that the actor may not see answers its code, and nothing of the thing itself, not even that
/// it is hidden (spec §1.2).
pub fn discreet(mut problem: Problem, actor: &Actor, world: &dyn World) -> Problem {
    let seen = Statuses::seen_by(actor);
    // What blocks is named by an id or by a contact number.
    let hidden_name = |name: &str| match name.parse::<EntityId>() {
        Ok(entity) => hides(seen, &entity, world),
        Err(_) => world
            .contact_by_number(name)
            .is_some_and(|contact| hides(seen, &EntityId::Contact(contact), world)),
    };
    let all = problem.blocking.len();
    problem.blocking.retain(|blocking| !hidden_name(&blocking.id));
    let in_the_way = problem.entity.as_ref().is_some_and(|entity| hides(seen, entity, world));
    if in_the_way {
        problem.entity = None;
    }
    // A question is the same whomever it is about, and its options are its answers.
    if (in_the_way || problem.blocking.len() < all) && problem.prompt.is_none() {
        problem.hint = None;
        neutral(problem.code).clone_into(&mut problem.message);
        if in_the_way {
            problem.options.clear();
        }
    } else if in_the_way {
        problem.hint = None;
    }
    problem
}
