//! What a leader passes on, and how a follower takes it over (A1-06, A1-07, A1-13, A1-19).

use super::{CoupledToLeader, FollowedDataCopied, MailPreference};
use crate::bank_account;
use crate::channel::{self, Channel};
use crate::contact::Contact;
use crate::draft::Draft;
use crate::ids::{At, ContactId};
use crate::personal::Personal;
use crate::role;
use crate::timeline::Timeline;
use crate::values::{self, Address, Date, NameParts};
use serde::{Deserialize, Serialize};

/// What followers take over from a leader (A1-06).
///
/// BSN, dates of birth and death, gender, salutation and the mail preference are not in it (D-21, I15, A1-18). The
/// order of the fields is a storage format.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PrivateBlock {
    /// Initials, infix and surname.
    pub parts: NameParts,
    /// Private home address by date.
    pub home: Timeline<Address>,
    /// Private correspondence address by date.
    pub correspondence: Timeline<Address>,
    /// Private e-mail and private mobile, in order of their numbers.
    pub channels: Vec<Channel>,
}

/// What a leader passes on at the moment: its private block, less its e-mail when it is reached by business mail
/// (A1-19, D-33).
pub fn passed_on(leader: &Contact) -> PrivateBlock {
    let mut block = leader.private_block();
    if leader.mail_preference == MailPreference::Business {
        block.channels.retain(|channel| channel.kind != channel::Kind::Email);
    }
    block
}

/// What a follower's private block becomes when it takes over `block`: the same values in the numbering of its own
/// channels.
///
/// A channel that the follower already has keeps its number, the others get the next ones. A preference (first, second)
/// ranks the channels of one registration and is therefore not taken over: an inherited private address must not push
/// the company's own from its place.
fn fitted(mut block: PrivateBlock, follower: &Contact) -> PrivateBlock {
    let mut had: Vec<&Channel> = follower.channels.iter().filter(|channel| channel.followed()).collect();
    let mut next = follower.next_channel;
    for channel in &mut block.channels {
        if let Some(at) = had.iter().position(|own| same_value(own, channel)) {
            let own = had.swap_remove(at);
            (channel.id, channel.preference) = (own.id, own.preference);
        } else {
            (channel.id, channel.preference) = (next, None);
            next += 1;
        }
    }
    block.channels.sort_by_key(|channel| channel.id);
    block
}

/// Whether a person would call them the same number or address.
fn same_value(a: &Channel, b: &Channel) -> bool {
    a.kind == b.kind
        && if a.kind == channel::Kind::Email {
            values::email_key(&a.value) == values::email_key(&b.value)
        } else {
            values::phone_digits(&a.value) == values::phone_digits(&b.value)
        }
}

/// Records a link that nothing refuses, and what the follower takes over by it. That is recorded even where it
/// equals what the follower had: it says what the link began with.
pub(crate) fn link(d: &mut Draft<'_>, follower: ContactId, leader: ContactId) {
    d.record_with(CoupledToLeader { follower, leader }, |d| {
        if let (Some(leader), Some(follower)) = (d.contact(leader), d.contact(follower)) {
            let after = fitted(passed_on(&leader), &follower);
            copy(d, &leader, &follower, after);
        }
    });
}

/// Passes on what a leader's followers do not have yet. Does nothing for a contact without followers.
///
/// Whatever changes a person calls this at its end, so that the copies are facts of the same commit (A1-07).
pub(crate) fn copy_to_followers(d: &mut Draft<'_>, leader: ContactId) {
    let Some(leader) = d.contact(leader) else { return };
    for follower in &leader.followers {
        let Some(follower) = d.contact(*follower) else { continue };
        let after = fitted(passed_on(&leader), &follower);
        if after != follower.private_block() {
            copy(d, &leader, &follower, after);
        }
    }
}

fn copy(d: &mut Draft<'_>, leader: &Contact, follower: &Contact, after: PrivateBlock) {
    let before = follower.private_block();
    let moves: Vec<(Date, Address)> = after
        .correspondence
        .entries()
        .iter()
        .filter(|entry| !before.correspondence.entries().contains(entry))
        .cloned()
        .collect();
    let event = FollowedDataCopied {
        follower: follower.id,
        leader: leader.id,
        before: Personal::new(follower.id, before),
        after: Personal::new(leader.id, after),
    };
    d.record_with(event, |d| {
        role::rename_households(d, follower.id);
        // A follower has no customer, but one of an older log may: its holder addresses follow (E1-23).
        for (from, address) in moves {
            bank_account::sync_holder_addresses(d, follower.id, from, &address);
        }
    });
}

/// Folds a block into the follower that takes it over; its other channels stay.
pub(super) fn take_over(contact: &mut Contact, at: At, block: PrivateBlock) {
    let PrivateBlock { parts, home, correspondence, channels } = block;
    contact.rename(at, &parts.full());
    (contact.parts, contact.home, contact.correspondence) = (parts, home, correspondence);
    contact.channels.retain(|channel| !channel.followed());
    contact.channels.extend(channels);
    contact.channels.sort_by_key(|channel| channel.id);
    let last = contact.channels.last().map_or(0, |channel| channel.id);
    contact.next_channel = contact.next_channel.max(last + 1);
}
