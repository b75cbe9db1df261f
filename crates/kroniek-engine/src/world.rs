//! The world that the writer decides on: the read models, and over them what is decided and not yet projected.

use crate::tables::AddressTables;
use kroniek_domain::code_list::CodeList;
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::draft::Changes;
use kroniek_domain::values::fold;
use kroniek_domain::{Addresses, ContactId, CustomerId, EntityId, Position, Recorded, World};
use kroniek_views::{Reader, Versioned, ViewFault};
use quick_cache::unsync::Cache;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Entities kept decoded between groups; a contact takes one to two kilobytes.
const CACHED_ENTITIES: usize = 100_000;

/// States that were used lately, as of the last projected commit.
pub(crate) struct StateCache {
    contacts: Cache<ContactId, Arc<Versioned<Arc<Contact>>>>,
    customers: Cache<CustomerId, Arc<Versioned<Arc<Customer>>>>,
    /// Few and asked for by most commands; also those that were never changed.
    code_lists: HashMap<String, Arc<CodeList>>,
    /// The greatest ids, once they were asked for.
    last_contact: Option<ContactId>,
    last_customer: Option<CustomerId>,
}

impl StateCache {
    pub(crate) fn new() -> Self {
        Self::with_room_for(CACHED_ENTITIES)
    }

    /// A cache that holds nothing, to stand in while the real one is lent out.
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
        }
    }

    /// Takes over what was put over the world: it is durable and projected now.
    pub(crate) fn keep(&mut self, overlay: Overlay) {
        let Overlay { changes, versions } = overlay;
        let version = |entity: EntityId| versions.get(&entity).copied().unwrap_or_default();
        for (id, state) in changes.contacts {
            let version = version(EntityId::Contact(id));
            self.contacts.insert(id, Arc::new(Versioned { version, state }));
            self.last_contact = self.last_contact.map(|last| last.max(id));
        }
        for (id, state) in changes.customers {
            let version = version(EntityId::Customer(id));
            self.customers.insert(id, Arc::new(Versioned { version, state }));
            self.last_customer = self.last_customer.map(|last| last.max(id));
        }
        self.code_lists.extend(changes.code_lists);
    }

    /// Forgets everything, for when it is no longer known to be true.
    pub(crate) fn clear(&mut self) {
        *self = Self::new();
    }
}

/// What the commands of a group decided, while it is not yet projected.
pub(crate) struct Overlay {
    changes: Changes,
    versions: HashMap<EntityId, Position>,
}

/// See the module. Lives while one group is decided.
pub(crate) struct LiveWorld<'a> {
    reader: &'a Reader,
    tables: &'a AddressTables,
    cache: RefCell<&'a mut StateCache>,
    overlay: Changes,
    versions: HashMap<EntityId, Position>,
    fault: RefCell<Option<ViewFault>>,
}

impl<'a> LiveWorld<'a> {
    pub(crate) fn new(reader: &'a Reader, tables: &'a AddressTables, cache: &'a mut StateCache) -> Self {
        Self {
            reader,
            tables,
            cache: RefCell::new(cache),
            overlay: Changes::default(),
            versions: HashMap::new(),
            fault: RefCell::new(None),
        }
    }

    /// Puts a decision over the world, for whoever decides next.
    pub(crate) fn overlay(&mut self, position: Position, events: &[Recorded], changes: &Changes) {
        for recorded in events {
            for entity in recorded.event.entities() {
                self.versions.insert(entity, position);
            }
        }
        self.overlay.contacts.extend(changes.contacts.iter().map(|(id, state)| (*id, Arc::clone(state))));
        self.overlay.customers.extend(changes.customers.iter().map(|(id, state)| (*id, Arc::clone(state))));
        self.overlay
            .code_lists
            .extend(changes.code_lists.iter().map(|(name, s)| (name.clone(), Arc::clone(s))));
        self.overlay.address_table = changes.address_table.or(self.overlay.address_table);
    }

    /// What was put over the world; the reader below it is free then.
    pub(crate) fn into_overlay(self) -> Overlay {
        Overlay { changes: self.overlay, versions: self.versions }
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

    fn cached_contact(&self, id: ContactId) -> Option<Arc<Versioned<Arc<Contact>>>> {
        if let Some(found) = self.cache.borrow_mut().contacts.get(&id) {
            return Some(Arc::clone(found));
        }
        let Versioned { version, state } = self.read(self.reader.contact(id))?;
        let found = Arc::new(Versioned { version, state: Arc::new(state) });
        self.cache.borrow_mut().contacts.insert(id, Arc::clone(&found));
        Some(found)
    }

    fn cached_customer(&self, id: CustomerId) -> Option<Arc<Versioned<Arc<Customer>>>> {
        if let Some(found) = self.cache.borrow_mut().customers.get(&id) {
            return Some(Arc::clone(found));
        }
        let Versioned { version, state } = self.read(self.reader.customer(id))?;
        let found = Arc::new(Versioned { version, state: Arc::new(state) });
        self.cache.borrow_mut().customers.insert(id, Arc::clone(&found));
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
            self.cache.borrow_mut().code_lists.insert(list.to_owned(), Arc::clone(&found));
        }
        found
    }

    fn with_overlaid(&self, mut stored: Vec<ContactId>, holds: impl Fn(&Contact) -> bool) -> Vec<ContactId> {
        stored.extend(self.overlay.contacts.values().filter(|c| holds(c)).map(|c| c.id));
        stored.sort_unstable();
        stored.dedup();
        stored
    }
}

impl World for LiveWorld<'_> {
    fn contact(&self, id: ContactId) -> Option<Arc<Contact>> {
        self.overlay
            .contacts
            .get(&id)
            .cloned()
            .or_else(|| self.cached_contact(id).map(|found| Arc::clone(&found.state)))
    }

    fn customer(&self, id: CustomerId) -> Option<Arc<Customer>> {
        self.overlay
            .customers
            .get(&id)
            .cloned()
            .or_else(|| self.cached_customer(id).map(|found| Arc::clone(&found.state)))
    }

    fn code_list(&self, list: &str) -> Option<Arc<CodeList>> {
        if let Some(overlaid) = self.overlay.code_lists.get(list) {
            return Some(Arc::clone(overlaid));
        }
        let cached = self.cache.borrow().code_lists.get(list).cloned();
        Some(cached.unwrap_or_else(|| self.cached_code_list(list)))
    }

    fn contact_by_number(&self, number: &str) -> Option<ContactId> {
        let overlaid = self.overlay.contacts.values().find(|c| c.number == number).map(|c| c.id);
        overlaid.or_else(|| self.read(self.reader.contact_by_number(number)))
    }

    fn customer_by_number(&self, number: &str) -> Option<CustomerId> {
        let overlaid = self.overlay.customers.values().find(|c| c.number == number).map(|c| c.id);
        overlaid.or_else(|| self.read(self.reader.customer_by_number(number)))
    }

    fn persons_by_bsn(&self, bsn: &str) -> Vec<ContactId> {
        self.with_overlaid(self.read(self.reader.persons_by_bsn(bsn)), |c| c.bsn.as_deref() == Some(bsn))
    }

    fn persons_by_name(&self, folded: &str) -> Vec<ContactId> {
        self.with_overlaid(self.read(self.reader.persons_by_name(folded)), |c| fold(&c.name) == folded)
    }

    fn mandate_owner(&self, code: &str) -> Option<CustomerId> {
        let has = |c: &&Arc<Customer>| c.mandates.iter().any(|m| m.code == code);
        let overlaid = self.overlay.customers.values().find(has).map(|c| c.id);
        overlaid.or_else(|| self.read(self.reader.mandate_owner(code)))
    }

    fn addresses(&self, postcode: &str, house_no: u32) -> Addresses {
        self.tables.find(postcode, house_no)
    }

    fn address_table(&self) -> Option<[u8; 32]> {
        self.overlay.address_table.or_else(|| self.read(self.reader.address_table()))
    }

    fn last_contact_id(&self) -> ContactId {
        let known = self.cache.borrow().last_contact;
        let stored = known.unwrap_or_else(|| {
            let read = self.reader.last_contact_id();
            self.cache.borrow_mut().last_contact = read.as_ref().ok().copied();
            self.read(read)
        });
        self.overlay.contacts.keys().next_back().copied().unwrap_or_default().max(stored)
    }

    fn last_customer_id(&self) -> CustomerId {
        let known = self.cache.borrow().last_customer;
        let stored = known.unwrap_or_else(|| {
            let read = self.reader.last_customer_id();
            self.cache.borrow_mut().last_customer = read.as_ref().ok().copied();
            self.read(read)
        });
        self.overlay.customers.keys().next_back().copied().unwrap_or_default().max(stored)
    }

    fn version(&self, entity: &EntityId) -> Position {
        if let Some(version) = self.versions.get(entity) {
            return *version;
        }
        match entity {
            EntityId::Contact(id) => self.cached_contact(*id).map_or(Position(0), |found| found.version),
            EntityId::Customer(id) => self.cached_customer(*id).map_or(Position(0), |found| found.version),
            EntityId::CodeList(_) | EntityId::AddressTable => self.read(self.reader.version(entity)),
        }
    }
}
