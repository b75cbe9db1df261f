//! The world that the writer decides on: the read models, and over them what is decided and does not show there yet.

use crate::tables::AddressTables;
use crate::writer::Staged;
use kroniek_domain::code_list::CodeList;
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::draft::Changes;
use kroniek_domain::duplicate::{self, Description};
use kroniek_domain::employee::Employee;
use kroniek_domain::interaction::Interaction;
use kroniek_domain::task::Task;
use kroniek_domain::team::Team;
use kroniek_domain::template::Template;
use kroniek_domain::values::fold;
use kroniek_domain::{Addresses, ContactId, CustomerId, EntityId, InteractionId, Position, TaskId, World};
use kroniek_views::{Committed, Reader, Versioned, ViewFault};
use quick_cache::unsync::Cache;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

/// Entities kept decoded between groups; a contact takes one to two kilobytes.
const CACHED_ENTITIES: usize = 100_000;

/// What the writer knows beside the read models: states that were used lately, as after the last decided commit, and
/// what of them the read models may not show yet.
pub(crate) struct Recent {
    contacts: Cache<ContactId, Arc<Versioned<Arc<Contact>>>>,
    customers: Cache<CustomerId, Arc<Versioned<Arc<Customer>>>>,
    /// Few and asked for by most commands; also those that were never changed.
    code_lists: HashMap<String, Arc<CodeList>>,
    /// The greatest ids, once they were asked for.
    last_contact: Option<ContactId>,
    last_customer: Option<CustomerId>,
    /// Decided, and perhaps neither durable nor projected yet.
    pending: Overlay,
}

impl Recent {
    pub(crate) fn new() -> Self {
        Self::with_room_for(CACHED_ENTITIES)
    }

    /// One that holds nothing, to stand in while the real one is lent out.
    pub(crate) fn empty() -> Self {
        Self::with_room_for(0)
    }

    fn with_room_for(entities: usize) -> Self {
        Self {
            contacts: Cache::new(entities),
            customers: Cache::new(entities),
            code_lists: HashMap::new(),
            last_contact: None,
            last_customer: None,
            pending: Overlay::default(),
        }
    }

    /// Takes over what a group decided, which is on its way to the disk and to the read models.
    pub(crate) fn keep(&mut self, overlay: Overlay, decided: &[Staged]) {
        self.pending = overlay;
        for Staged { committed, decision, .. } in decided {
            let version = committed.at.position;
            for (id, state) in &decision.changes.contacts {
                self.contacts.insert(*id, Arc::new(Versioned { version, state: Arc::clone(state) }));
                self.last_contact = self.last_contact.map(|last| last.max(*id));
            }
            for (id, state) in &decision.changes.customers {
                self.customers.insert(*id, Arc::new(Versioned { version, state: Arc::clone(state) }));
                self.last_customer = self.last_customer.map(|last| last.max(*id));
            }
            for (name, list) in &decision.changes.code_lists {
                self.code_lists.insert(name.clone(), Arc::clone(list));
            }
        }
    }

    /// Forgets what the read models show, now that they show everything up to this position.
    pub(crate) fn forget_up_to(&mut self, projected: Position) {
        self.pending.retain_after(projected);
    }
}

/// What commands decided, while the read models do not show it.
#[derive(Default)]
pub(crate) struct Overlay {
    changes: Changes,
    versions: HashMap<EntityId, Position>,
    commands: HashMap<[u8; 16], Position>,
    /// The contacts of `changes` by what they are found by, once somebody asked.
    by_key: RefCell<Option<ByKey>>,
}

type ByKey = HashMap<duplicate::Key, Vec<ContactId>>;

fn index(by_key: &mut ByKey, contact: &Contact) {
    for key in Description::of(contact, None).keys() {
        by_key.entry(key).or_default().push(contact.id);
    }
}

impl Overlay {
    fn add(&mut self, committed: &Committed, changes: &Changes) {
        let position = committed.at.position;
        for recorded in &committed.events {
            for entity in recorded.event.entities() {
                self.versions.insert(entity, position);
            }
        }
        self.commands.extend(committed.command_id.map(|id| (id, position)));
        if let Some(by_key) = self.by_key.get_mut() {
            for contact in changes.contacts.values() {
                index(by_key, contact);
            }
        }
        let ours = &mut self.changes;
        lay_over(&mut ours.contacts, &changes.contacts);
        lay_over(&mut ours.customers, &changes.customers);
        lay_over(&mut ours.code_lists, &changes.code_lists);
        lay_over(&mut ours.interactions, &changes.interactions);
        lay_over(&mut ours.tasks, &changes.tasks);
        lay_over(&mut ours.templates, &changes.templates);
        lay_over(&mut ours.teams, &changes.teams);
        lay_over(&mut ours.employees, &changes.employees);
        ours.address_table = changes.address_table.or(ours.address_table);
    }

    fn retain_after(&mut self, projected: Position) {
        if self.versions.values().all(|version| *version <= projected) {
            *self = Self::default();
            return;
        }
        *self.by_key.get_mut() = None;
        self.versions.retain(|_, version| *version > projected);
        self.commands.retain(|_, position| *position > projected);
        let versions = &self.versions;
        let Changes {
            contacts,
            customers,
            code_lists,
            address_table,
            interactions,
            tasks,
            templates,
            teams,
            employees,
        } = &mut self.changes;
        contacts.retain(|id, _| versions.contains_key(&EntityId::Contact(*id)));
        customers.retain(|id, _| versions.contains_key(&EntityId::Customer(*id)));
        code_lists.retain(|name, _| versions.contains_key(&EntityId::CodeList(name.clone())));
        interactions.retain(|id, _| versions.contains_key(&EntityId::Interaction(*id)));
        tasks.retain(|id, _| versions.contains_key(&EntityId::Task(*id)));
        templates.retain(|code, _| versions.contains_key(&EntityId::Template(code.clone())));
        teams.retain(|code, _| versions.contains_key(&EntityId::Team(code.clone())));
        employees.retain(|code, _| versions.contains_key(&EntityId::Employee(code.clone())));
        if !versions.contains_key(&EntityId::AddressTable) {
            *address_table = None;
        }
    }
}

/// See the module. Lives while one group is decided.
pub(crate) struct LiveWorld<'a> {
    reader: &'a Reader,
    tables: &'a AddressTables,
    recent: RefCell<&'a mut Recent>,
    /// What is pending, and what this group decided.
    overlay: Overlay,
    fault: RefCell<Option<ViewFault>>,
}

impl<'a> LiveWorld<'a> {
    pub(crate) fn new(reader: &'a Reader, tables: &'a AddressTables, recent: &'a mut Recent) -> Self {
        let overlay = std::mem::take(&mut recent.pending);
        Self { reader, tables, recent: RefCell::new(recent), overlay, fault: RefCell::new(None) }
    }

    /// Puts a decision over the world, for whoever decides next.
    pub(crate) fn overlay(&mut self, committed: &Committed, changes: &Changes) {
        self.overlay.add(committed, changes);
    }

    /// What is pending, with what was put over the world; the reader below is free then.
    pub(crate) fn into_overlay(self) -> Overlay {
        self.overlay
    }

    /// The commit that carries this command id, if the read models do not show it yet.
    pub(crate) fn command(&self, id: &[u8; 16]) -> Option<Position> {
        self.overlay.commands.get(id).copied()
    }

    /// The fault under the last reads, if any; a decision made over one is thrown away.
    pub(crate) fn take_fault(&self) -> Option<ViewFault> {
        self.fault.borrow_mut().take()
    }

    fn read<T: Default>(&self, read: Result<T, ViewFault>) -> T {
        read.unwrap_or_else(|fault| {
            *self.fault.borrow_mut() = Some(fault);
            T::default()
        })
    }

    /// Contact moments, tasks and what they need are not kept decoded: each is looked at a few times and then no more.
    fn stored<T>(&self, read: Result<Option<Versioned<T>>, ViewFault>) -> Option<Arc<T>> {
        self.read(read).map(|found| Arc::new(found.state))
    }

    fn cached_contact(&self, id: ContactId) -> Option<Arc<Versioned<Arc<Contact>>>> {
        if let Some(found) = self.recent.borrow_mut().contacts.get(&id) {
            return Some(Arc::clone(found));
        }
        let Versioned { version, state } = self.read(self.reader.contact(id))?;
        let found = Arc::new(Versioned { version, state: Arc::new(state) });
        self.recent.borrow_mut().contacts.insert(id, Arc::clone(&found));
        Some(found)
    }

    fn cached_customer(&self, id: CustomerId) -> Option<Arc<Versioned<Arc<Customer>>>> {
        if let Some(found) = self.recent.borrow_mut().customers.get(&id) {
            return Some(Arc::clone(found));
        }
        let Versioned { version, state } = self.read(self.reader.customer(id))?;
        let found = Arc::new(Versioned { version, state: Arc::new(state) });
        self.recent.borrow_mut().customers.insert(id, Arc::clone(&found));
        Some(found)
    }

    /// A list that was never changed is its built-in rows, which are then built only once.
    fn cached_code_list(&self, list: &str) -> Arc<CodeList> {
        let stored = self.reader.code_list(list);
        let failed = stored.is_err();
        let found = self.read(stored).map_or_else(|| CodeList::initial(list), |found| found.state);
        let found = Arc::new(found);
        // Names come from commands: only those that exist are worth keeping.
        if !failed && found.rows().next().is_some() {
            self.recent.borrow_mut().code_lists.insert(list.to_owned(), Arc::clone(&found));
        }
        found
    }

    fn with_overlaid(&self, mut stored: Vec<ContactId>, holds: impl Fn(&Contact) -> bool) -> Vec<ContactId> {
        stored.extend(self.overlay.changes.contacts.values().filter(|c| holds(c)).map(|c| c.id));
        stored.sort_unstable();
        stored.dedup();
        stored
    }
}

fn lay_over<K: Clone + Ord, T>(overlay: &mut BTreeMap<K, Arc<T>>, changes: &BTreeMap<K, Arc<T>>) {
    overlay.extend(changes.iter().map(|(key, state)| (key.clone(), Arc::clone(state))));
}

impl World for LiveWorld<'_> {
    fn contact(&self, id: ContactId) -> Option<Arc<Contact>> {
        self.overlay
            .changes
            .contacts
            .get(&id)
            .cloned()
            .or_else(|| self.cached_contact(id).map(|found| Arc::clone(&found.state)))
    }

    fn customer(&self, id: CustomerId) -> Option<Arc<Customer>> {
        self.overlay
            .changes
            .customers
            .get(&id)
            .cloned()
            .or_else(|| self.cached_customer(id).map(|found| Arc::clone(&found.state)))
    }

    fn code_list(&self, list: &str) -> Option<Arc<CodeList>> {
        if let Some(overlaid) = self.overlay.changes.code_lists.get(list) {
            return Some(Arc::clone(overlaid));
        }
        let cached = self.recent.borrow().code_lists.get(list).cloned();
        Some(cached.unwrap_or_else(|| self.cached_code_list(list)))
    }

    fn contact_by_number(&self, number: &str) -> Option<ContactId> {
        let overlaid = self.overlay.changes.contacts.values().find(|c| c.number == number).map(|c| c.id);
        overlaid.or_else(|| self.read(self.reader.contact_by_number(number)))
    }

    fn customer_by_number(&self, number: &str) -> Option<CustomerId> {
        let has = |c: &&Arc<Customer>| c.number == number;
        let had = |c: &&Arc<Customer>| c.administration.past_numbers.iter().any(|past| past == number);
        let overlaid = || self.overlay.changes.customers.values();
        // Whoever has it comes before whoever had it: a number that was given up may be another's now.
        let holder = overlaid().find(has).map(|c| c.id);
        holder
            .or_else(|| self.read(self.reader.customer_by_number(number)))
            .or_else(|| overlaid().find(had).map(|c| c.id))
            .or_else(|| self.read(self.reader.customer_by_past_number(number)))
    }

    fn persons_by_bsn(&self, bsn: &str) -> Vec<ContactId> {
        self.with_overlaid(self.read(self.reader.persons_by_bsn(bsn)), |c| c.bsn.as_deref() == Some(bsn))
    }

    fn customer_persons_by_name(&self, folded: &str) -> Vec<ContactId> {
        self.with_overlaid(self.read(self.reader.customer_persons_by_name(folded)), |c| {
            fold(&c.name) == folded
        })
    }

    fn contacts_by_key(&self, key: duplicate::Key) -> Vec<ContactId> {
        let mut found = self.read(self.reader.contacts_by_key(key));
        let mut indexed = self.overlay.by_key.borrow_mut();
        let by_key = indexed.get_or_insert_with(|| {
            let mut by_key = ByKey::new();
            for contact in self.overlay.changes.contacts.values() {
                index(&mut by_key, contact);
            }
            by_key
        });
        found.extend(by_key.get(&key).into_iter().flatten());
        found.sort_unstable();
        found.dedup();
        found
    }

    fn mandate_owner(&self, code: &str) -> Option<CustomerId> {
        let has = |c: &&Arc<Customer>| c.mandates.iter().any(|m| m.code == code);
        let overlaid = self.overlay.changes.customers.values().find(has).map(|c| c.id);
        overlaid.or_else(|| self.read(self.reader.mandate_owner(code)))
    }

    fn each_customer(&self, look: &mut dyn FnMut(&Customer) -> ControlFlow<()>) {
        let overlaid = &self.overlay.changes.customers;
        if overlaid.values().try_for_each(|customer| look(customer)).is_continue() {
            self.read(self.reader.each_customer(&mut |customer| {
                if overlaid.contains_key(&customer.id) { ControlFlow::Continue(()) } else { look(customer) }
            }));
        }
    }

    fn debtor(&self, organisation: &str, number: &str) -> Option<CustomerId> {
        let held =
            |c: &&Arc<Customer>| c.administration.debtor_numbers().any(|held| held == (organisation, number));
        let overlaid = self.overlay.changes.customers.values().find(held).map(|c| c.id);
        overlaid.or_else(|| self.read(self.reader.debtor(organisation, number)))
    }

    fn addresses(&self, postcode: &str, house_no: u32) -> Addresses {
        self.tables.find(postcode, house_no)
    }

    fn address_table(&self) -> Option<[u8; 32]> {
        self.overlay.changes.address_table.or_else(|| self.read(self.reader.address_table()))
    }

    fn last_contact_id(&self) -> ContactId {
        let known = self.recent.borrow().last_contact;
        let stored = known.unwrap_or_else(|| {
            let read = self.reader.last_contact_id();
            self.recent.borrow_mut().last_contact = read.as_ref().ok().copied();
            self.read(read)
        });
        self.overlay.changes.contacts.keys().next_back().copied().unwrap_or_default().max(stored)
    }

    fn last_customer_id(&self) -> CustomerId {
        let known = self.recent.borrow().last_customer;
        let stored = known.unwrap_or_else(|| {
            let read = self.reader.last_customer_id();
            self.recent.borrow_mut().last_customer = read.as_ref().ok().copied();
            self.read(read)
        });
        self.overlay.changes.customers.keys().next_back().copied().unwrap_or_default().max(stored)
    }

    fn interaction(&self, id: InteractionId) -> Option<Arc<Interaction>> {
        let overlaid = self.overlay.changes.interactions.get(&id).cloned();
        overlaid.or_else(|| self.stored(self.reader.interaction(id)))
    }

    fn task(&self, id: TaskId) -> Option<Arc<Task>> {
        let overlaid = self.overlay.changes.tasks.get(&id).cloned();
        overlaid.or_else(|| self.stored(self.reader.task(id)))
    }

    fn template(&self, code: &str) -> Option<Arc<Template>> {
        let overlaid = self.overlay.changes.templates.get(code).cloned();
        overlaid.or_else(|| self.stored(self.reader.template(code)))
    }

    fn team(&self, code: &str) -> Option<Arc<Team>> {
        let overlaid = self.overlay.changes.teams.get(code).cloned();
        overlaid.or_else(|| self.stored(self.reader.team(code)))
    }

    fn employee(&self, code: &str) -> Option<Arc<Employee>> {
        let overlaid = self.overlay.changes.employees.get(code).cloned();
        overlaid.or_else(|| self.stored(self.reader.employee(code)))
    }

    fn employees_by_user(&self, folded: &str) -> Vec<String> {
        let mut codes = self.read(self.reader.employees_by_user(folded));
        let overlaid =
            self.overlay.changes.employees.values().filter(|employee| employee.user_key() == folded);
        codes.extend(overlaid.map(|employee| employee.code.clone()));
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    fn open_tasks_of(&self, employee: &str) -> Vec<TaskId> {
        let mut tasks = self.read(self.reader.open_tasks_of(employee));
        tasks.extend(
            self.overlay.changes.tasks.values().filter(|task| task.open_at(employee)).map(|task| task.id),
        );
        tasks.sort_unstable();
        tasks.dedup();
        tasks
    }

    fn has_interactions(&self, contact: ContactId) -> bool {
        self.overlay.changes.interactions.values().any(|interaction| interaction.contact == contact)
            || self.read(self.reader.has_interactions(contact))
    }

    fn last_interaction_id(&self) -> InteractionId {
        let overlaid = self.overlay.changes.interactions.keys().next_back().copied();
        overlaid.unwrap_or_default().max(self.read(self.reader.last_interaction_id()))
    }

    fn last_task_id(&self) -> TaskId {
        let overlaid = self.overlay.changes.tasks.keys().next_back().copied();
        overlaid.unwrap_or_default().max(self.read(self.reader.last_task_id()))
    }

    fn version(&self, entity: &EntityId) -> Position {
        if let Some(version) = self.overlay.versions.get(entity) {
            return *version;
        }
        match entity {
            EntityId::Contact(id) => self.cached_contact(*id).map_or(Position(0), |found| found.version),
            EntityId::Customer(id) => self.cached_customer(*id).map_or(Position(0), |found| found.version),
            EntityId::CodeList(_)
            | EntityId::AddressTable
            | EntityId::Interaction(_)
            | EntityId::Task(_)
            | EntityId::Template(_)
            | EntityId::Team(_)
            | EntityId::Employee(_) => self.read(self.reader.version(entity)),
        }
    }
}
