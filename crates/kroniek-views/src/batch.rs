//! Folding commits into states, before they are written as rows.

use crate::{Checkpoint, ViewFault};
use kroniek_domain::code_list::CodeList;
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::draft::Changes;
use kroniek_domain::{At, ContactId, CustomerId, EntityId, Event, Position, Recorded};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// A commit as the projector needs it.
#[derive(Clone, Debug)]
pub struct Committed {
    /// Position and time.
    pub at: At,
    /// Hash in the log's chain.
    pub hash: [u8; 32],
    /// Id of the command, when the caller gave one.
    pub command_id: Option<[u8; 16]>,
    /// Its events.
    pub events: Vec<Recorded>,
}

/// Where a state comes from that the batch does not hold yet.
pub trait Load {
    /// The contact, or `None` before its first event.
    fn contact(&self, id: ContactId) -> Result<Option<Contact>, ViewFault>;
    /// The customer, or `None` before its first event.
    fn customer(&self, id: CustomerId) -> Result<Option<Customer>, ViewFault>;
    /// The list, or `None` before its first event.
    fn code_list(&self, name: &str) -> Result<Option<CodeList>, ViewFault>;
}

/// A state, and the position of the last commit that names the entity.
#[derive(Clone, Debug)]
pub(crate) struct Folded<T> {
    pub(crate) version: Position,
    pub(crate) state: Arc<T>,
}

/// Commits folded into states, to be written in one transaction.
#[derive(Debug, Default)]
pub struct Batch {
    pub(crate) contacts: HashMap<ContactId, Folded<Contact>>,
    pub(crate) customers: HashMap<CustomerId, Folded<Customer>>,
    pub(crate) code_lists: HashMap<String, Folded<CodeList>>,
    pub(crate) address_table: Option<[u8; 32]>,
    pub(crate) positions: HashMap<EntityId, Vec<u64>>,
    pub(crate) commands: Vec<([u8; 16], u64)>,
    pub(crate) checkpoint: Checkpoint,
    events: u64,
}

impl Batch {
    /// Events in the batch.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.events == 0
    }

    /// Folds a commit. A rebuild, a catch-up and a past state all go through here and through `evolve`.
    pub fn fold(&mut self, commit: &Committed, load: &dyn Load) -> Result<(), ViewFault> {
        let version = commit.at.position;
        for recorded in &commit.events {
            for entity in recorded.event.entities() {
                match &entity {
                    EntityId::Contact(id) => {
                        let folded = match self.contacts.entry(*id) {
                            Entry::Occupied(entry) => entry.into_mut(),
                            Entry::Vacant(entry) => {
                                let state = Arc::new(load.contact(*id)?.unwrap_or_else(|| Contact::new(*id)));
                                entry.insert(Folded { version, state })
                            }
                        };
                        folded.version = version;
                        Arc::make_mut(&mut folded.state).evolve(commit.at, &recorded.event);
                    }
                    EntityId::Customer(id) => {
                        let folded = match self.customers.entry(*id) {
                            Entry::Occupied(entry) => entry.into_mut(),
                            Entry::Vacant(entry) => {
                                let state = Arc::new(load.customer(*id)?.unwrap_or_else(|| Customer::new(*id)));
                                entry.insert(Folded { version, state })
                            }
                        };
                        folded.version = version;
                        Arc::make_mut(&mut folded.state).evolve(commit.at, &recorded.event);
                    }
                    EntityId::CodeList(name) => {
                        let folded = match self.code_lists.entry(name.clone()) {
                            Entry::Occupied(entry) => entry.into_mut(),
                            Entry::Vacant(entry) => {
                                let state =
                                    Arc::new(load.code_list(name)?.unwrap_or_else(|| CodeList::initial(name)));
                                entry.insert(Folded { version, state })
                            }
                        };
                        folded.version = version;
                        Arc::make_mut(&mut folded.state).evolve(&recorded.event);
                    }
                    EntityId::AddressTable => self.note_address_table(&recorded.event),
                }
                self.note_position(entity, version);
            }
        }
        self.note_commit(commit);
        Ok(())
    }

    /// Takes over a commit whose states are known already, because the decision folded them.
    pub fn absorb(&mut self, commit: &Committed, changes: &Changes) {
        let version = commit.at.position;
        for (id, state) in &changes.contacts {
            self.contacts.insert(*id, Folded { version, state: Arc::clone(state) });
        }
        for (id, state) in &changes.customers {
            self.customers.insert(*id, Folded { version, state: Arc::clone(state) });
        }
        for (name, state) in &changes.code_lists {
            self.code_lists.insert(name.clone(), Folded { version, state: Arc::clone(state) });
        }
        for recorded in &commit.events {
            self.note_address_table(&recorded.event);
            for entity in recorded.event.entities() {
                self.note_position(entity, version);
            }
        }
        self.note_commit(commit);
    }

    /// Completes the checkpoint of absorbed commits with the hash that the log gave the last of them.
    pub fn set_checkpoint_hash(&mut self, hash: [u8; 32]) {
        self.checkpoint.hash = hash;
    }

    fn note_address_table(&mut self, event: &Event) {
        if let Event::AddressTable(kroniek_domain::address_table::Event::AddressTableImported(e)) = event {
            self.address_table = Some(e.sha256);
        }
    }

    fn note_position(&mut self, entity: EntityId, position: Position) {
        let positions = self.positions.entry(entity).or_default();
        if positions.last() != Some(&position.0) {
            positions.push(position.0);
        }
    }

    fn note_commit(&mut self, commit: &Committed) {
        if let Some(id) = commit.command_id {
            self.commands.push((id, commit.at.position.0));
        }
        self.checkpoint = Checkpoint { position: commit.at.position, hash: commit.hash };
        self.events += commit.events.len() as u64;
    }
}
