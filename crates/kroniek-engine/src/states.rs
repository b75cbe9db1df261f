//! Decoded states that all snapshots share.
//!
//! A snapshot of position P may use a state of version V when V is not after P and nothing between V and P changed the
//! entity. The projector makes that easy to tell: before it writes the rows of a group it announces the group's last
//! position and puts the new states here. So whoever sees a commit also sees its states, or newer ones, which are of no use
//! to it; and a state that was read from the read models is only put here while nothing newer was announced. The states of
//! a group that turns out not to be durable are after every snapshot; before their positions are given out again, the read
//! models are caught up, and everything here is forgotten.

use foldhash::fast::FixedState;
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::draft::Changes;
use kroniek_domain::{ContactId, CustomerId, Position};
use kroniek_views::Versioned;
use quick_cache::unsync::Cache;
use std::hash::{BuildHasher, Hash};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Contacts kept, and as many customers; one takes one to two kilobytes.
const KEPT: usize = 128_000;
/// Locks, so that readers seldom meet.
const SHARDS: usize = 64;

/// See the module.
pub(crate) struct States {
    announced: AtomicU64,
    pub(crate) contacts: Shards<ContactId, Contact>,
    pub(crate) customers: Shards<CustomerId, Customer>,
}

impl States {
    /// Holds nothing, over read models that show everything up to this position.
    pub(crate) fn new(projected: Position) -> Self {
        Self { announced: AtomicU64::new(projected.0), contacts: Shards::new(), customers: Shards::new() }
    }

    /// The states that a commit leaves behind; before the read models show it.
    pub(crate) fn announce<'c>(
        &self,
        last: Position,
        commits: impl Iterator<Item = (Position, &'c Changes)>,
    ) {
        self.announced.store(last.0, Ordering::Release);
        for (version, changes) in commits {
            for (id, state) in &changes.contacts {
                self.contacts.put(*id, Versioned { version, state: Arc::clone(state) });
            }
            for (id, state) in &changes.customers {
                self.customers.put(*id, Versioned { version, state: Arc::clone(state) });
            }
        }
    }

    /// Forgets everything, before the read models are caught up by another way than [`States::announce`].
    pub(crate) fn forget(&self, last: Position) {
        self.announced.store(last.0, Ordering::Release);
        self.contacts.clear();
        self.customers.clear();
    }

    /// Whether what a snapshot of this position reads is the newest that there is.
    fn newest(&self, position: Position) -> bool {
        self.announced.load(Ordering::Acquire) <= position.0
    }
}

/// The states of one kind of entity.
pub(crate) struct Shards<K, T> {
    hash: FixedState,
    shards: Vec<Mutex<Cache<K, Versioned<Arc<T>>>>>,
}

impl<K: Copy + Eq + Hash, T> Shards<K, T> {
    fn new() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::new(Cache::new(KEPT / SHARDS))).collect();
        Self { hash: FixedState::default(), shards }
    }

    fn shard(&self, id: K) -> MutexGuard<'_, Cache<K, Versioned<Arc<T>>>> {
        // The remainder is less than the number of shards, so it is a place among them.
        let place = usize::try_from(self.hash.hash_one(id) % SHARDS as u64).unwrap_or(0);
        self.shards[place].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state that a snapshot of this position sees, if it is known.
    pub(crate) fn get(&self, id: K, position: Position) -> Option<Versioned<Arc<T>>> {
        self.shard(id).get(&id).filter(|known| known.version <= position).cloned()
    }

    /// Keeps a state that a snapshot of this position has read.
    pub(crate) fn keep(&self, id: K, read: &Versioned<Arc<T>>, position: Position, states: &States) {
        let mut shard = self.shard(id);
        // Asked under the lock: whoever announces afterwards also puts its state here afterwards.
        if states.newest(position) {
            shard.insert(id, read.clone());
        }
    }

    fn put(&self, id: K, state: Versioned<Arc<T>>) {
        self.shard(id).insert(id, state);
    }

    fn clear(&self) {
        for shard in &self.shards {
            shard.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: ContactId = ContactId(7);

    fn state(version: u64, name: &str) -> Versioned<Arc<Contact>> {
        let mut contact = Contact::new(ID);
        name.clone_into(&mut contact.name);
        Versioned { version: Position(version), state: Arc::new(contact) }
    }

    fn announce(states: &States, version: u64, name: &str) {
        let mut changes = Changes::default();
        changes.contacts.insert(ID, state(version, name).state);
        states.announce(Position(version), std::iter::once((Position(version), &changes)));
    }

    fn name(states: &States, position: u64) -> Option<String> {
        states.contacts.get(ID, Position(position)).map(|known| known.state.name.clone())
    }

    #[test]
    fn a_snapshot_gets_no_state_from_after_it() {
        let states = States::new(Position(3));
        announce(&states, 5, "new");
        assert_eq!(name(&states, 4), None);
        assert_eq!(name(&states, 5).as_deref(), Some("new"));
    }

    #[test]
    fn a_slow_reader_does_not_put_an_old_state_over_a_new_one() {
        let states = States::new(Position(3));
        let read = state(2, "old");
        announce(&states, 5, "new");
        states.contacts.keep(ID, &read, Position(3), &states);
        assert_eq!(name(&states, 9).as_deref(), Some("new"));
    }

    #[test]
    fn an_old_state_is_not_kept_while_a_commit_of_others_is_announced() {
        let states = States::new(Position(3));
        states.announce(Position(4), std::iter::empty());
        states.contacts.keep(ID, &state(2, "old"), Position(3), &states);
        assert_eq!(name(&states, 9), None);
        states.contacts.keep(ID, &state(2, "old"), Position(4), &states);
        assert_eq!(name(&states, 9).as_deref(), Some("old"));
    }

    #[test]
    fn what_catching_up_changes_is_forgotten_first() {
        let states = States::new(Position(3));
        announce(&states, 5, "new");
        states.forget(Position(8));
        assert_eq!(name(&states, 8), None);
        states.contacts.keep(ID, &state(5, "new"), Position(5), &states);
        assert_eq!(name(&states, 8), None, "read before the catching up was seen");
    }
}
