//! A snapshot: everything that a request reads, as of one position.

use crate::envelope::Commit;
use crate::fault::EngineFault;
use crate::first_fault::FirstFault;
use crate::shared::Shared;
use crate::states::Shards;
use crate::tables::hex;
use chrono::{DateTime, Utc};
use kroniek_domain::acceptance;
use kroniek_domain::address::{self, Found as FoundAddress};
use kroniek_domain::code_list::CodeList;
use kroniek_domain::contact::{self, Contact};
use kroniek_domain::customer::{ClientStatus, Customer};
use kroniek_domain::duplicate;
use kroniek_domain::employee::Employee;
use kroniek_domain::fields::{self, FieldChange, FieldValue, Fields};
use kroniek_domain::interaction::Interaction;
use kroniek_domain::search::{self, Wanted};
use kroniek_domain::status_right::{self, Statuses};
use kroniek_domain::task::{self, Status, Task, TaskNoteWritten};
use kroniek_domain::team::Team;
use kroniek_domain::template::Template;
use kroniek_domain::values::{Date, fold, today_in_amsterdam};
use kroniek_domain::{ContactId, CustomerId, EntityId, Event, InteractionId, Position, Refusal, TaskId};
use kroniek_views::{Coded, Found, Hit, InteractionFilter, Page, Place, Reader, Shown, Versioned, ViewFault};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// A state that was looked up before in the same snapshot, or that there is none.
type Memo<K, T> = Mutex<HashMap<K, Option<Versioned<Arc<T>>>>>;

/// See the module. Begun per request and shared by everything that the request resolves.
pub struct Snapshot {
    reader: Reader,
    shared: Arc<Shared>,
    contacts: Memo<ContactId, Contact>,
    customers: Memo<CustomerId, Customer>,
    /// What its reader may see (A2-52). Everything that is read here passes by it, so that no resolver can forget it.
    seen: Statuses,
}

/// A step in the acceptance of a client (A2-59).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AcceptanceStep {
    /// Position of its commit.
    pub position: Position,
    /// When.
    pub time: DateTime<Utc>,
    /// What was done, by whom, with which note.
    pub event: acceptance::Event,
}

/// A page of an entity's history, oldest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HistoryPage {
    /// The entries.
    pub entries: Vec<HistoryEntry>,
    /// Whether more follow.
    pub more: bool,
}

/// One commit in the history of an entity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HistoryEntry {
    /// Its position.
    pub position: Position,
    /// Its time.
    pub time: DateTime<Utc>,
    /// Who acted.
    pub actor: String,
    /// What was asked for.
    pub command: String,
    /// Id of the command.
    pub command_id: Option<Uuid>,
    /// Why; `None` also when erased, and when the command was about somebody whom the reader may not see.
    pub reason: Option<String>,
    /// What the caller said it belongs to; `None` as the reason.
    pub correlation: Option<String>,
    /// What the caller said it follows from; `None` as the reason.
    pub causation: Option<String>,
    /// The events that name the entity.
    pub events: Vec<HistoryEvent>,
    /// What differs in the entity's state. Sensitive values are in it: whoever shows them checks the right.
    pub changes: Vec<FieldChange>,
}

/// An event in a history entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HistoryEvent {
    /// Name of its type.
    pub name: &'static str,
    /// Place in its commit.
    pub index: u32,
    /// Place, in the same commit, of the event that caused it.
    pub cause: Option<u32>,
}

/// A note of a task, and when it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TaskNote {
    /// When.
    pub time: DateTime<Utc>,
    /// Who, and what; the text is gone when erased.
    pub note: TaskNoteWritten,
}

impl Snapshot {
    pub(crate) fn new(reader: Reader, shared: Arc<Shared>, seen: Statuses) -> Self {
        Self { reader, shared, contacts: Mutex::default(), customers: Mutex::default(), seen }
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The statuses that whoever reads here may see (A2-52).
    pub(crate) fn seen(&self) -> Statuses {
        self.seen
    }

    /// The position that everything read here is as of.
    pub fn position(&self) -> Position {
        self.reader.checkpoint().position
    }

    /// Today in Europe/Amsterdam.
    pub fn today(&self) -> Date {
        today_in_amsterdam(crate::clock::time_of(self.shared.clock.now_us()))
    }

    /// A contact by id; none when its reader may not see it.
    pub fn contact(&self, id: ContactId) -> Result<Option<Versioned<Arc<Contact>>>, EngineFault> {
        let Some(found) = self.any_contact(id)? else { return Ok(None) };
        let faults = FirstFault::default();
        let other = |id| faults.kept(self.any_contact(id)).map(|found| found.state);
        let sees = status_right::sees(self.seen, &found.state, &other);
        faults.checked(sees.then_some(found))
    }

    /// A customer by id; none when its reader may not see it.
    pub fn customer(&self, id: CustomerId) -> Result<Option<Versioned<Arc<Customer>>>, EngineFault> {
        Ok(self.any_customer(id)?.filter(|found| self.seen.has(found.state.status)))
    }

    /// Whether its reader may see an entity; also true for one that does not exist.
    pub fn sees(&self, entity: &EntityId) -> Result<bool, EngineFault> {
        let seen = self.seen == Statuses::ALL
            || match entity {
                EntityId::Contact(id) => self.contact(*id)?.is_some(),
                EntityId::Customer(id) => self.customer(*id)?.is_some(),
                EntityId::Interaction(id) => self.interaction(*id)?.is_some(),
                EntityId::Task(id) => self.task(*id)?.is_some(),
                EntityId::CodeList(_)
                | EntityId::AddressTable
                | EntityId::Template(_)
                | EntityId::Team(_)
                | EntityId::Employee(_) => true,
            };
        Ok(seen || self.reader.version(entity)?.0 == 0)
    }

    /// A contact by id, whoever reads.
    fn any_contact(&self, id: ContactId) -> Result<Option<Versioned<Arc<Contact>>>, EngineFault> {
        self.remembered(&self.contacts, &self.shared.states.contacts, id, || self.reader.contact(id))
    }

    /// A customer by id, whoever reads.
    fn any_customer(&self, id: CustomerId) -> Result<Option<Versioned<Arc<Customer>>>, EngineFault> {
        self.remembered(&self.customers, &self.shared.states.customers, id, || self.reader.customer(id))
    }

    /// What was looked up before in this snapshot, or lately in another and still holds; else what is read now.
    fn remembered<K: Hash + Eq + Copy, T>(
        &self,
        memo: &Memo<K, T>,
        shared: &Shards<K, T>,
        id: K,
        read: impl FnOnce() -> Result<Option<Versioned<T>>, ViewFault>,
    ) -> Result<Option<Versioned<Arc<T>>>, EngineFault> {
        let memo = || memo.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = memo().get(&id) {
            return Ok(found.clone());
        }
        let position = self.position();
        let mut found = shared.get(id, position);
        if found.is_none() {
            let read = read()?;
            found = read.map(|Versioned { version, state }| Versioned { version, state: Arc::new(state) });
            if let Some(read) = &found {
                shared.keep(id, read, position, &self.shared.states);
            }
        }
        memo().insert(id, found.clone());
        Ok(found)
    }

    /// The contact with this number.
    pub fn contact_by_number(&self, number: &str) -> Result<Option<ContactId>, EngineFault> {
        let found = self.reader.contact_by_number(number.trim())?;
        self.seen_contact(found)
    }

    /// The customer with this number.
    pub fn customer_by_number(&self, number: &str) -> Result<Option<CustomerId>, EngineFault> {
        let found = self.reader.customer_by_number(number.trim())?;
        Ok(match found {
            Some(id) => self.customer(id)?.map(|_| id),
            None => None,
        })
    }

    fn seen_contact(&self, id: Option<ContactId>) -> Result<Option<ContactId>, EngineFault> {
        let Some(id) = id else { return Ok(None) };
        Ok(self.contact(id)?.map(|_| id))
    }

    /// The customers in a status, in order of age; none when its reader may not see that status.
    pub fn customers_in(&self, status: ClientStatus, page: Page) -> Result<Found<CustomerId>, EngineFault> {
        if !self.seen.has(status) {
            return Ok(Found { items: Vec::new(), more: false });
        }
        Ok(self.reader.customers_in(status, page)?)
    }

    /// The relations that are suppliers of the organisation itself; everybody may see relations.
    pub fn service_providers(&self, page: Page) -> Result<Found<CustomerId>, EngineFault> {
        Ok(self.reader.service_providers(page)?)
    }

    /// The locations of a company, in order of age; none when its reader may not see the company.
    pub fn locations(&self, company: ContactId, page: Page) -> Result<Found<ContactId>, EngineFault> {
        if self.contact(company)?.is_none() {
            return Ok(Found { items: Vec::new(), more: false });
        }
        Ok(self.reader.locations(company, page)?)
    }

    /// The steps of a customer's acceptance after a position, oldest first, read from the log: nothing else keeps them
    /// (A2-59).
    pub fn acceptance_log(
        &self,
        customer: CustomerId,
        page: Page,
    ) -> Result<Found<AcceptanceStep>, EngineFault> {
        let mut found = Found { items: Vec::new(), more: false };
        if self.customer(customer)?.is_none() {
            return Ok(found);
        }
        for position in self.reader.positions(&EntityId::Customer(customer))? {
            if position.0 <= page.after {
                continue;
            }
            let commit = self.shared.commit(position)?;
            let steps = commit.events.iter().filter_map(|recorded| {
                let Event::Acceptance(event) = &recorded.event else { return None };
                Some(event.clone()).filter(|event| event.step().customer == customer)
            });
            for event in steps {
                if found.items.len() == page.first {
                    found.more = true;
                    return Ok(found);
                }
                found.items.push(AcceptanceStep { position, time: commit.time(), event });
            }
        }
        Ok(found)
    }

    /// A code list; one that was never changed has its built-in rows, or none.
    pub fn code_list(&self, name: &str) -> Result<Arc<CodeList>, EngineFault> {
        let stored = self.reader.code_list(name)?;
        Ok(Arc::new(stored.map_or_else(|| CodeList::initial(name), |found| found.state)))
    }

    /// The names of all lists.
    pub fn code_lists(&self) -> Result<Vec<String>, EngineFault> {
        let mut names = self.reader.code_lists()?;
        names.extend(CodeList::built_in().map(str::to_owned));
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// A contact moment by id.
    pub fn interaction(&self, id: InteractionId) -> Result<Option<Versioned<Interaction>>, EngineFault> {
        let Some(found) = self.reader.interaction(id)? else { return Ok(None) };
        Ok(self.seen_contact(Some(found.state.contact))?.map(|_| found))
    }

    /// A task by id.
    pub fn task(&self, id: TaskId) -> Result<Option<Versioned<Task>>, EngineFault> {
        let Some(found) = self.reader.task(id)? else { return Ok(None) };
        Ok(self.seen_contact(Some(found.state.contact))?.map(|_| found))
    }

    /// A template by code.
    pub fn template(&self, code: &str) -> Result<Option<Versioned<Template>>, EngineFault> {
        Ok(self.reader.template(code)?)
    }

    /// A team by code.
    pub fn team(&self, code: &str) -> Result<Option<Versioned<Team>>, EngineFault> {
        Ok(self.reader.team(code)?)
    }

    /// An employee by code.
    pub fn employee(&self, code: &str) -> Result<Option<Versioned<Employee>>, EngineFault> {
        Ok(self.reader.employee(code)?)
    }

    /// The employee in service who acts under this user name.
    pub fn employee_of_user(&self, user_name: &str) -> Result<Option<Versioned<Employee>>, EngineFault> {
        for code in self.reader.employees_by_user(&fold(user_name))? {
            let found = self.reader.employee(&code)?.filter(|found| found.state.in_service());
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// A page of what its reader may see. What is hidden takes no place on it: the list is read on until the page is full,
    /// and it is known whether anything follows that may be seen.
    fn seen_of<T: Copy + Into<u64>>(
        &self,
        mut page: Page,
        read: impl Fn(Page) -> Result<Found<T>, ViewFault>,
        sees: impl Fn(T) -> Result<bool, EngineFault>,
    ) -> Result<Found<T>, EngineFault> {
        if self.seen == Statuses::ALL {
            return Ok(read(page)?);
        }
        let first = page.first;
        // One more than the page has tells whether another page follows.
        page.first += 1;
        let mut items = Vec::new();
        loop {
            let found = read(page)?;
            let last = found.items.last().copied();
            for item in found.items {
                if sees(item)? {
                    if items.len() == first {
                        return Ok(Found { items, more: true });
                    }
                    items.push(item);
                }
            }
            match last {
                Some(last) if found.more => page.after = last.into(),
                _ => return Ok(Found { items, more: false }),
            }
        }
    }

    /// The codes of templates, teams or employees after one, in order.
    pub fn codes(&self, of: Coded, after: &str, first: usize) -> Result<Found<String>, EngineFault> {
        Ok(self.reader.codes(of, after, first)?)
    }

    /// Contact moments, the newest first; the page goes on below `after`.
    pub fn interactions(
        &self,
        filter: InteractionFilter,
        page: Page,
    ) -> Result<Found<InteractionId>, EngineFault> {
        self.seen_of(
            page,
            |page| self.reader.interactions(filter, page),
            |id| Ok(self.interaction(id)?.is_some()),
        )
    }

    /// The contact moments that answer one, the oldest first.
    pub fn answers_of(
        &self,
        question: InteractionId,
        page: Page,
    ) -> Result<Found<InteractionId>, EngineFault> {
        self.seen_of(
            page,
            |page| self.reader.answers_of(question, page),
            |id| Ok(self.interaction(id)?.is_some()),
        )
    }

    /// The questions whose task the team got and that nothing has answered, the oldest first.
    pub fn open_questions(&self, team: &str, page: Page) -> Result<Found<InteractionId>, EngineFault> {
        self.seen_of(
            page,
            |page| self.reader.open_questions(team, page),
            |id| Ok(self.interaction(id)?.is_some()),
        )
    }

    /// The complaints whose task is that far, the oldest first.
    pub fn complaints(&self, status: Status, page: Page) -> Result<Found<InteractionId>, EngineFault> {
        self.seen_of(
            page,
            |page| self.reader.complaints(status, page),
            |id| Ok(self.interaction(id)?.is_some()),
        )
    }

    /// The tasks of a team that nobody has taken, the oldest first.
    pub fn team_tasks(&self, team: &str, page: Page) -> Result<Found<TaskId>, EngineFault> {
        self.seen_of(page, |page| self.reader.team_tasks(team, page), |id| Ok(self.task(id)?.is_some()))
    }

    /// The tasks that an employee has or had, of one status, or all that are not finished; the oldest first.
    pub fn tasks_of(
        &self,
        employee: &str,
        status: Option<Status>,
        page: Page,
    ) -> Result<Found<TaskId>, EngineFault> {
        self.seen_of(
            page,
            |page| self.reader.tasks_of(employee, status, page),
            |id| Ok(self.task(id)?.is_some()),
        )
    }

    /// The notes of a task, the oldest first, with the times of their commits; the page goes on behind the number `after`.
    /// They are only ever added, so the log itself is their list.
    pub fn task_notes(&self, task: TaskId, page: Page) -> Result<Found<TaskNote>, EngineFault> {
        let mut items = Vec::new();
        for position in self.reader.positions(&EntityId::Task(task))? {
            let commit = self.shared.commit(position)?;
            let time = commit.time();
            for recorded in commit.events {
                let Event::Task(task::Event::TaskNoteWritten(note)) = recorded.event else { continue };
                if note.task != task || u64::from(note.number) <= page.after {
                    continue;
                }
                if items.len() == page.first {
                    return Ok(Found { items, more: true });
                }
                items.push(TaskNote { time, note });
            }
        }
        Ok(Found { items, more: false })
    }

    /// Customers by number, name or address.
    pub fn find_customers(
        &self,
        text: &str,
        include_inactive: bool,
        page: Page,
    ) -> Result<Found<CustomerId>, EngineFault> {
        Ok(self.reader.find_customers(text, include_inactive, page, self.seen)?)
    }

    /// Customers by a piece of the surname and of the postcode, the best kind of match first (N1-03): those after a place.
    pub fn search_customers(
        &self,
        wanted: &Wanted,
        include_inactive: bool,
        after: Option<&Place>,
        first: usize,
    ) -> Result<Found<Hit>, EngineFault> {
        let shown = Shown { include_inactive, seen: self.seen };
        let read = |after: Option<&Place>, first| {
            Ok(Some(self.reader.search_customers(wanted, shown, after, first)?))
        };
        let found = self.judged_anew(wanted, after, first, read)?;
        Ok(found.unwrap_or(Found { items: Vec::new(), more: false }))
    }

    /// The same in a short moment, for a whole postcode at which few live; `None` where it would take longer.
    pub fn search_customers_near(
        &self,
        wanted: &Wanted,
        include_inactive: bool,
        after: Option<&Place>,
        first: usize,
    ) -> Result<Option<Found<Hit>>, EngineFault> {
        let shown = Shown { include_inactive, seen: self.seen };
        let read =
            |after: Option<&Place>, first| self.reader.search_customers_near(wanted, shown, after, first);
        self.judged_anew(wanted, after, first, read)
    }

    /// A page of hits for whoever does not see everybody: the read model finds a household by all of its contractants, and
    /// a hidden one must not lead to it (A2-52). Reads on until the page is full.
    fn judged_anew(
        &self,
        wanted: &Wanted,
        after: Option<&Place>,
        first: usize,
        read: impl Fn(Option<&Place>, usize) -> Result<Option<Found<Hit>>, ViewFault>,
    ) -> Result<Option<Found<Hit>>, EngineFault> {
        if self.seen == Statuses::ALL {
            return Ok(read(after, first)?);
        }
        let mut after = after.cloned();
        let mut items = Vec::new();
        loop {
            // One more than the page has tells whether another page follows.
            let Some(found) = read(after.as_ref(), first + 1)? else { return Ok(None) };
            let last = found.items.last().map(|hit| hit.place.clone());
            for hit in found.items {
                let Some(hit) = self.judged(wanted, hit)? else { continue };
                if items.len() == first {
                    return Ok(Some(Found { items, more: true }));
                }
                items.push(hit);
            }
            if !found.more || last.is_none() {
                return Ok(Some(Found { items, more: false }));
            }
            after = last;
        }
    }

    /// The hit as it is by what the reader sees; none when nothing of that fits. Only what a household is found by is not
    /// all its own.
    fn judged(&self, wanted: &Wanted, hit: Hit) -> Result<Option<Hit>, EngineFault> {
        let Some(customer) = self.customer(hit.customer)? else { return Ok(None) };
        let Some(found) = self.contact(customer.state.contact)? else { return Ok(None) };
        if found.state.kind != contact::Kind::Household {
            return Ok(Some(hit));
        }
        let (mut contractants, mut hidden) = (Vec::new(), false);
        for line in found.state.contractants() {
            match self.contact(line.person)? {
                Some(person) => contractants.push(person.state),
                None => hidden = true,
            }
        }
        if !hidden {
            return Ok(Some(hit));
        }
        let entries = search::entries(&found.state, contractants.iter().map(Arc::as_ref));
        let best = entries.iter().filter_map(|entry| {
            let kind = wanted.rank(entry)?;
            Some((kind, wanted.score(entry, kind)))
        });
        let best = best.min_by_key(|(kind, score)| (*kind, Reverse(*score)));
        Ok(best.map(|(kind, score)| Hit { kind, score, ..hit }))
    }

    /// The contacts that are found by this key of a duplicate, or of an IBAN.
    pub fn contacts_by_key(&self, key: duplicate::Key) -> Result<Vec<ContactId>, EngineFault> {
        Ok(self.reader.contacts_by_key(key)?)
    }

    /// Contacts by number, name or address.
    pub fn find_contacts(
        &self,
        kind: Option<contact::Kind>,
        text: &str,
        page: Page,
    ) -> Result<Found<ContactId>, EngineFault> {
        // Their own status is a column; whether a contact person is seen, its holders tell.
        self.seen_of(
            page,
            |page| self.reader.find_contacts(kind, text, page, self.seen),
            |id| {
                let seen = self.contact(id)?.is_some();
                if !seen {
                    // There may be very many between two that are seen, and nobody asks for them again.
                    self.contacts.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
                }
                Ok(seen)
            },
        )
    }

    /// Looks up postcode and house number in the address table (E1-21).
    ///
    /// # Errors
    /// The refusal that a command with this lookup would get.
    pub fn address_lookup(&self, text: &str) -> Result<FoundAddress, Refusal> {
        address::lookup(&|postcode, house_no| self.shared.tables.find(postcode, house_no), "text", text)
            .map_err(Refusal::from)
    }

    /// The position of the last commit that names the entity; 0 when none does.
    pub fn version(&self, entity: &EntityId) -> Result<Position, EngineFault> {
        Ok(self.reader.version(entity)?)
    }

    /// The commits after `after` that name the entity, oldest first, with what each changed in its state.
    ///
    /// Folds the entity from its first commit on, through the same `evolve` as everything else.
    pub fn history(
        &self,
        entity: &EntityId,
        after: Option<Position>,
        first: usize,
    ) -> Result<HistoryPage, EngineFault> {
        if !self.sees(entity)? {
            return Ok(HistoryPage { entries: Vec::new(), more: false });
        }
        let positions = self.reader.positions(entity)?;
        let after = after.unwrap_or_default();
        let mut state = Folding::of(entity);
        let mut entries = Vec::new();
        for position in positions {
            if entries.len() == first {
                return Ok(HistoryPage { entries, more: true });
            }
            let commit = self.shared.commit(position)?;
            let wanted = position > after;
            let before = if wanted { state.fields() } else { Fields::new() };
            let mut events = Vec::new();
            let mut by_name = false;
            for (index, recorded) in (0_u32..).zip(&commit.events) {
                let entities = recorded.event.entities();
                if entities.contains(entity) {
                    state.fold(commit.at, &recorded.event);
                    if wanted && self.tells(&recorded.event)? {
                        by_name |= !self.sees_all(&entities)?;
                        events.push(HistoryEvent {
                            name: recorded.event.stored().name,
                            index,
                            cause: recorded.cause,
                        });
                    }
                }
            }
            if wanted {
                let time = commit.time();
                let mut all = fields::diff(&before, &state.fields());
                if self.seen != Statuses::ALL {
                    all.retain(|change| change.field != fields::BILLING_CUSTOMER_OF);
                }
                let something = !all.is_empty();
                let changes = self.seen_changes(all)?;
                // What happened only between this entity and one that may not be seen did not happen (A2-52), but for what
                // is told by its name.
                if events.is_empty() || (something && changes.is_empty() && !by_name) {
                    continue;
                }
                let asked = self.sees_what_was_asked(&commit)?;
                let envelope = commit.envelope;
                entries.push(HistoryEntry {
                    position,
                    time,
                    actor: envelope.actor,
                    command: envelope.command,
                    command_id: envelope.command_id,
                    reason: envelope.reason.and_then(|reason| reason.value).filter(|_| asked),
                    correlation: envelope.correlation.filter(|_| asked),
                    causation: envelope.causation.filter(|_| asked),
                    events,
                    changes,
                });
            }
        }
        Ok(HistoryPage { entries, more: false })
    }

    /// Whether the reader is told that an event happened (A2-52): by its name, and by what of it may be seen.
    pub fn tells(&self, event: &Event) -> Result<bool, EngineFault> {
        match status_right::follower(event) {
            Some(follower) => self.sees(&EntityId::Contact(follower)),
            None => self.sees_all(&event.entities()),
        }
    }

    /// Whether the reader may see all that the command itself was about: so are the texts that were written beside it.
    fn sees_what_was_asked(&self, commit: &Commit) -> Result<bool, EngineFault> {
        for recorded in commit.events.iter().filter(|recorded| recorded.cause.is_none()) {
            if !self.sees_all(&recorded.event.entities())? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn sees_all(&self, entities: &[EntityId]) -> Result<bool, EngineFault> {
        for entity in entities {
            if !self.sees(entity)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The changes, without those that name something which the reader may not see, and without the others of the same
    /// line of a list.
    fn seen_changes(&self, changes: Vec<FieldChange>) -> Result<Vec<FieldChange>, EngineFault> {
        let mut hidden_lines = HashSet::new();
        let mut seen = Vec::with_capacity(changes.len());
        for change in changes {
            if self.sees_all(&change.names)? {
                seen.push(change);
            } else {
                hidden_lines.extend(line_of(&change.field).map(str::to_owned));
            }
        }
        seen.retain(|change| line_of(&change.field).is_none_or(|line| !hidden_lines.contains(line)));
        Ok(seen)
    }
}

/// The line of a list that a field belongs to: `relatedRoles[1]` of `relatedRoles[1].beginDate`.
fn line_of(field: &str) -> Option<&str> {
    field.find(']').and_then(|end| field.get(..=end))
}

/// The state of one entity on its way through history.
enum Folding {
    Contact(Box<Contact>),
    Customer(Box<Customer>),
    CodeList(CodeList),
    AddressTable(Fields),
    Interaction(Box<Interaction>),
    Task(Box<Task>),
    Template(Box<Template>),
    Team(Team),
    Employee(Employee),
}

impl Folding {
    fn of(entity: &EntityId) -> Self {
        match entity {
            EntityId::Contact(id) => Self::Contact(Box::new(Contact::new(*id))),
            EntityId::Customer(id) => Self::Customer(Box::new(Customer::new(*id))),
            EntityId::CodeList(name) => Self::CodeList(CodeList::initial(name)),
            EntityId::AddressTable => Self::AddressTable(Fields::new()),
            EntityId::Interaction(id) => Self::Interaction(Box::new(Interaction::new(*id))),
            EntityId::Task(id) => Self::Task(Box::new(Task::new(*id))),
            EntityId::Template(code) => Self::Template(Box::new(Template::new(code))),
            EntityId::Team(code) => Self::Team(Team::new(code)),
            EntityId::Employee(code) => Self::Employee(Employee::new(code)),
        }
    }

    fn fold(&mut self, at: kroniek_domain::At, event: &Event) {
        match self {
            Self::Contact(state) => state.evolve(at, event),
            Self::Customer(state) => state.evolve(at, event),
            Self::CodeList(state) => state.evolve(event),
            Self::Interaction(state) => state.evolve(at, event),
            Self::Task(state) => state.evolve(at, event),
            Self::Template(state) => state.evolve(event),
            Self::Team(state) => state.evolve(event),
            Self::Employee(state) => state.evolve(event),
            Self::AddressTable(fields) => {
                if let Event::AddressTable(kroniek_domain::address_table::Event::AddressTableImported(e)) =
                    event
                {
                    let value = |value: String| FieldValue { value, needs: None, names: None };
                    fields.insert("sha256".to_owned(), value(hex(&e.sha256)));
                    fields.insert("rows".to_owned(), value(e.rows.to_string()));
                }
            }
        }
    }

    /// The fields as history shows them; before its first commit an entity has none.
    fn fields(&self) -> Fields {
        match self {
            Self::Contact(state) if state.number.is_empty() => Fields::new(),
            Self::Contact(state) => fields::contact(state),
            Self::Customer(state) if state.number.is_empty() => Fields::new(),
            Self::Customer(state) => fields::customer(state),
            Self::CodeList(state) => fields::code_list(state),
            Self::Interaction(state) if state.contact.0 == 0 => Fields::new(),
            Self::Interaction(state) => fields::interaction(state),
            Self::Task(state) if state.contact.0 == 0 => Fields::new(),
            Self::Task(state) => fields::task(state),
            Self::Template(state) if state.content.name.is_empty() => Fields::new(),
            Self::Template(state) => fields::template(state),
            Self::Team(state) if state.name.is_empty() => Fields::new(),
            Self::Team(state) => fields::team(state),
            Self::Employee(state) if state.name.is_empty() => Fields::new(),
            Self::Employee(state) => fields::employee(state),
            Self::AddressTable(fields) => fields.clone(),
        }
    }
}
