//! Folding commits into states, before they are written as rows.

use crate::{Checkpoint, ViewFault};
use foldhash::HashMap;
use kroniek_domain::code_list::CodeList;
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::draft::Changes;
use kroniek_domain::employee::Employee;
use kroniek_domain::interaction::Interaction;
use kroniek_domain::task::Task;
use kroniek_domain::team::Team;
use kroniek_domain::template::Template;
use kroniek_domain::{At, ContactId, CustomerId, EntityId, Event, InteractionId, Position, Recorded, TaskId};
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
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
    /// The contact moment, or `None` before its first event.
    fn interaction(&self, id: InteractionId) -> Result<Option<Interaction>, ViewFault>;
    /// The task, or `None` before its first event.
    fn task(&self, id: TaskId) -> Result<Option<Task>, ViewFault>;
    /// The template, or `None` before its first event.
    fn template(&self, code: &str) -> Result<Option<Template>, ViewFault>;
    /// The team, or `None` before its first event.
    fn team(&self, code: &str) -> Result<Option<Team>, ViewFault>;
    /// The employee, or `None` before its first event.
    fn employee(&self, code: &str) -> Result<Option<Employee>, ViewFault>;
}

/// For a file that holds nothing yet: asking it for every new entity would cost more than folding it.
#[derive(Copy, Clone, Debug)]
pub struct Nothing;

impl Load for Nothing {
    fn contact(&self, _: ContactId) -> Result<Option<Contact>, ViewFault> {
        Ok(None)
    }

    fn customer(&self, _: CustomerId) -> Result<Option<Customer>, ViewFault> {
        Ok(None)
    }

    fn code_list(&self, _: &str) -> Result<Option<CodeList>, ViewFault> {
        Ok(None)
    }

    fn interaction(&self, _: InteractionId) -> Result<Option<Interaction>, ViewFault> {
        Ok(None)
    }

    fn task(&self, _: TaskId) -> Result<Option<Task>, ViewFault> {
        Ok(None)
    }

    fn template(&self, _: &str) -> Result<Option<Template>, ViewFault> {
        Ok(None)
    }

    fn team(&self, _: &str) -> Result<Option<Team>, ViewFault> {
        Ok(None)
    }

    fn employee(&self, _: &str) -> Result<Option<Employee>, ViewFault> {
        Ok(None)
    }
}

/// A state, and the positions of the batch's commits that name the entity.
#[derive(Clone, Debug)]
pub(crate) struct Folded<T> {
    pub(crate) state: Arc<T>,
    /// In order, each once, and never none once the entity is folded.
    pub(crate) positions: Vec<u64>,
}

impl<T> Folded<T> {
    fn new(state: Arc<T>) -> Self {
        Self { state, positions: Vec::new() }
    }

    /// The position of the last commit that names the entity.
    pub(crate) fn version(&self) -> u64 {
        self.positions.last().copied().unwrap_or_default()
    }

    fn note(&mut self, position: Position) {
        note(&mut self.positions, position);
    }
}

fn note(positions: &mut Vec<u64>, position: Position) {
    if positions.last() != Some(&position.0) {
        positions.push(position.0);
    }
}

/// Commits folded into states, to be written in one transaction.
#[derive(Debug, Default)]
pub struct Batch {
    pub(crate) contacts: HashMap<ContactId, Folded<Contact>>,
    pub(crate) customers: HashMap<CustomerId, Folded<Customer>>,
    pub(crate) code_lists: HashMap<String, Folded<CodeList>>,
    pub(crate) interactions: HashMap<InteractionId, Folded<Interaction>>,
    pub(crate) tasks: HashMap<TaskId, Folded<Task>>,
    pub(crate) templates: HashMap<String, Folded<Template>>,
    pub(crate) teams: HashMap<String, Folded<Team>>,
    pub(crate) employees: HashMap<String, Folded<Employee>>,
    pub(crate) address_table: Option<[u8; 32]>,
    pub(crate) address_table_positions: Vec<u64>,
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
        let at = commit.at;
        for Recorded { event, .. } in &commit.events {
            for entity in event.entities() {
                match entity {
                    EntityId::Contact(id) => {
                        let load = || Ok(load.contact(id)?.unwrap_or_else(|| Contact::new(id)));
                        entry(&mut self.contacts, id, at, load)?.evolve(at, event);
                    }
                    EntityId::Customer(id) => {
                        let load = || Ok(load.customer(id)?.unwrap_or_else(|| Customer::new(id)));
                        entry(&mut self.customers, id, at, load)?.evolve(at, event);
                    }
                    EntityId::CodeList(name) => {
                        let load = || Ok(load.code_list(&name)?.unwrap_or_else(|| CodeList::initial(&name)));
                        entry(&mut self.code_lists, name.clone(), at, load)?.evolve(event);
                    }
                    EntityId::AddressTable => self.note_address_table(at, event),
                    EntityId::Interaction(id) => {
                        let load = || Ok(load.interaction(id)?.unwrap_or_else(|| Interaction::new(id)));
                        entry(&mut self.interactions, id, at, load)?.evolve(at, event);
                    }
                    EntityId::Task(id) => {
                        let load = || Ok(load.task(id)?.unwrap_or_else(|| Task::new(id)));
                        entry(&mut self.tasks, id, at, load)?.evolve(at, event);
                    }
                    EntityId::Template(code) => {
                        let load = || Ok(load.template(&code)?.unwrap_or_else(|| Template::new(&code)));
                        entry(&mut self.templates, code.clone(), at, load)?.evolve(event);
                    }
                    EntityId::Team(code) => {
                        let load = || Ok(load.team(&code)?.unwrap_or_else(|| Team::new(&code)));
                        entry(&mut self.teams, code.clone(), at, load)?.evolve(event);
                    }
                    EntityId::Employee(code) => {
                        let load = || Ok(load.employee(&code)?.unwrap_or_else(|| Employee::new(&code)));
                        entry(&mut self.employees, code.clone(), at, load)?.evolve(event);
                    }
                }
            }
        }
        self.note_commit(commit);
        Ok(())
    }

    /// Takes over a commit whose states are known already, because the decision folded them. A decision changes exactly
    /// the entities that its events name. The checkpoint lacks the hash, which the log gives.
    pub fn absorb(&mut self, commit: &Committed, changes: &Changes) {
        let position = commit.at.position;
        take_over(&mut self.contacts, &changes.contacts, position);
        take_over(&mut self.customers, &changes.customers, position);
        take_over(&mut self.code_lists, &changes.code_lists, position);
        take_over(&mut self.interactions, &changes.interactions, position);
        take_over(&mut self.tasks, &changes.tasks, position);
        take_over(&mut self.templates, &changes.templates, position);
        take_over(&mut self.teams, &changes.teams, position);
        take_over(&mut self.employees, &changes.employees, position);
        for recorded in &commit.events {
            self.note_address_table(commit.at, &recorded.event);
        }
        self.note_commit(commit);
    }

    fn note_address_table(&mut self, at: At, event: &Event) {
        if let Event::AddressTable(kroniek_domain::address_table::Event::AddressTableImported(e)) = event {
            self.address_table = Some(e.sha256);
            note(&mut self.address_table_positions, at.position);
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

/// The state of an entity that a commit at `at` names, to be folded further.
fn entry<K: Eq + Hash, T: Clone>(
    among: &mut HashMap<K, Folded<T>>,
    key: K,
    at: At,
    load: impl FnOnce() -> Result<T, ViewFault>,
) -> Result<&mut T, ViewFault> {
    let folded = match among.entry(key) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => entry.insert(Folded::new(Arc::new(load()?))),
    };
    folded.note(at.position);
    Ok(Arc::make_mut(&mut folded.state))
}

fn take_over<K: Eq + Hash + Clone, T>(
    among: &mut HashMap<K, Folded<T>>,
    changed: &BTreeMap<K, Arc<T>>,
    position: Position,
) {
    for (key, state) in changed {
        let folded = match among.entry(key.clone()) {
            Entry::Occupied(entry) => {
                let folded = entry.into_mut();
                folded.state = Arc::clone(state);
                folded
            }
            Entry::Vacant(entry) => entry.insert(Folded::new(Arc::clone(state))),
        };
        folded.note(position);
    }
}
