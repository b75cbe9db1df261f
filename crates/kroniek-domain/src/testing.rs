//! Given/when/then for decisions, on a world in memory that folds what was decided with the same `evolve` as every
//! other reader.

use crate::code_list::CodeList;
use crate::command::{Command, decide};
use crate::contact::Contact;
use crate::customer::Customer;
use crate::draft::{Changes, Context, Decision};
use crate::duplicate::{self, Description};
use crate::employee::Employee;
use crate::event::Recorded;
use crate::ids::{ContactId, CustomerId, EntityId, InteractionId, Position, TaskId};
use crate::interaction::Interaction;
use crate::permission::{Actor, Permission};
use crate::problem::{Problem, Prompt};
use crate::refusal::Refusal;
use crate::task::Task;
use crate::team::Team;
use crate::template::Template;
use crate::values;
use crate::world::{AddressRow, Addresses, World};
use chrono::{DateTime, TimeZone, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

/// A world in memory, filled by decisions.
#[derive(Clone, Default)]
pub struct MemoryWorld {
    contacts: BTreeMap<ContactId, Arc<Contact>>,
    customers: BTreeMap<CustomerId, Arc<Customer>>,
    code_lists: BTreeMap<String, Arc<CodeList>>,
    versions: BTreeMap<EntityId, Position>,
    table: Option<[u8; 32]>,
    interactions: BTreeMap<InteractionId, Arc<Interaction>>,
    tasks: BTreeMap<TaskId, Arc<Task>>,
    templates: BTreeMap<String, Arc<Template>>,
    teams: BTreeMap<String, Arc<Team>>,
    employees: BTreeMap<String, Arc<Employee>>,
    /// Rows of the address table; a test fills them.
    pub addresses: Option<Vec<AddressRow>>,
    /// Why the address table cannot be used, when it cannot; a test fills it.
    pub addresses_unavailable: Option<String>,
}

impl MemoryWorld {
    /// Takes over what a decision changed.
    pub fn apply(&mut self, position: Position, decision: &Decision) {
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
        } = decision.changes.clone();
        for recorded in &decision.events {
            for entity in recorded.event.entities() {
                self.versions.insert(entity, position);
            }
        }
        self.contacts.extend(contacts);
        self.customers.extend(customers);
        self.code_lists.extend(code_lists);
        self.table = address_table.or(self.table);
        self.interactions.extend(interactions);
        self.tasks.extend(tasks);
        self.templates.extend(templates);
        self.teams.extend(teams);
        self.employees.extend(employees);
    }

    /// All contact moments, for laws over the whole world.
    pub fn interactions(&self) -> impl Iterator<Item = &Arc<Interaction>> {
        self.interactions.values()
    }

    /// All tasks, for laws over the whole world.
    pub fn tasks(&self) -> impl Iterator<Item = &Arc<Task>> {
        self.tasks.values()
    }

    /// All teams, for laws over the whole world.
    pub fn teams(&self) -> impl Iterator<Item = &Arc<Team>> {
        self.teams.values()
    }

    /// All employees, for laws over the whole world.
    pub fn employees(&self) -> impl Iterator<Item = &Arc<Employee>> {
        self.employees.values()
    }

    /// All contacts, for laws over the whole world.
    pub fn contacts(&self) -> impl Iterator<Item = &Arc<Contact>> {
        self.contacts.values()
    }

    /// All customers, for laws over the whole world.
    pub fn customers(&self) -> impl Iterator<Item = &Arc<Customer>> {
        self.customers.values()
    }
}

impl World for MemoryWorld {
    fn contact(&self, id: ContactId) -> Option<Arc<Contact>> {
        self.contacts.get(&id).cloned()
    }

    fn customer(&self, id: CustomerId) -> Option<Arc<Customer>> {
        self.customers.get(&id).cloned()
    }

    fn code_list(&self, list: &str) -> Option<Arc<CodeList>> {
        self.code_lists.get(list).cloned()
    }

    fn contact_by_number(&self, number: &str) -> Option<ContactId> {
        self.contacts.values().find(|c| c.number == number).map(|c| c.id)
    }

    fn customer_by_number(&self, number: &str) -> Option<CustomerId> {
        let has = |c: &&Arc<Customer>| c.number == number;
        let had = |c: &&Arc<Customer>| c.administration.past_numbers.iter().any(|past| past == number);
        let customers = || self.customers.values();
        customers().find(has).or_else(|| customers().find(had)).map(|c| c.id)
    }

    fn persons_by_bsn(&self, bsn: &str) -> Vec<ContactId> {
        self.contacts.values().filter(|c| c.bsn.as_deref() == Some(bsn)).map(|c| c.id).collect()
    }

    fn customer_persons_by_name(&self, folded: &str) -> Vec<ContactId> {
        self.contacts.values().filter(|c| values::fold(&c.name) == folded).map(|c| c.id).collect()
    }

    fn contacts_by_key(&self, key: duplicate::Key) -> Vec<ContactId> {
        let has = |c: &&Arc<Contact>| Description::of(c, None).keys().contains(&key);
        self.contacts.values().filter(has).map(|c| c.id).collect()
    }

    fn mandate_owner(&self, code: &str) -> Option<CustomerId> {
        self.customers.values().find(|c| c.mandates.iter().any(|m| m.code == code)).map(|c| c.id)
    }

    fn each_customer(&self, look: &mut dyn FnMut(&Customer) -> ControlFlow<()>) {
        // Whether `look` broke off is its own affair.
        let _ = self.customers.values().try_for_each(|customer| look(customer));
    }

    fn debtor(&self, organisation: &str, number: &str) -> Option<CustomerId> {
        let has =
            |c: &&Arc<Customer>| c.administration.debtor_numbers().any(|held| held == (organisation, number));
        self.customers.values().find(has).map(|c| c.id)
    }

    fn addresses(&self, postcode: &str, house_no: u32) -> Addresses {
        if let Some(why) = &self.addresses_unavailable {
            return Addresses::Unavailable(why.clone());
        }
        match &self.addresses {
            None => Addresses::NoTable,
            Some(rows) => Addresses::Rows(
                rows.iter().filter(|r| r.postcode == postcode && r.house_no == house_no).cloned().collect(),
            ),
        }
    }

    fn address_table(&self) -> Option<[u8; 32]> {
        self.table
    }

    fn last_contact_id(&self) -> ContactId {
        self.contacts.keys().next_back().copied().unwrap_or_default()
    }

    fn last_customer_id(&self) -> CustomerId {
        self.customers.keys().next_back().copied().unwrap_or_default()
    }

    fn interaction(&self, id: InteractionId) -> Option<Arc<Interaction>> {
        self.interactions.get(&id).cloned()
    }

    fn task(&self, id: TaskId) -> Option<Arc<Task>> {
        self.tasks.get(&id).cloned()
    }

    fn template(&self, code: &str) -> Option<Arc<Template>> {
        self.templates.get(code).cloned()
    }

    fn team(&self, code: &str) -> Option<Arc<Team>> {
        self.teams.get(code).cloned()
    }

    fn employee(&self, code: &str) -> Option<Arc<Employee>> {
        self.employees.get(code).cloned()
    }

    fn employees_by_user(&self, folded: &str) -> Vec<String> {
        self.employees.values().filter(|e| e.user_key() == folded).map(|e| e.code.clone()).collect()
    }

    fn open_tasks_of(&self, employee: &str) -> Vec<TaskId> {
        self.tasks.values().filter(|t| t.open_at(employee)).map(|t| t.id).collect()
    }

    fn has_interactions(&self, contact: ContactId) -> bool {
        self.interactions.values().any(|interaction| interaction.contact == contact)
    }

    fn last_interaction_id(&self) -> InteractionId {
        self.interactions.keys().next_back().copied().unwrap_or_default()
    }

    fn last_task_id(&self) -> TaskId {
        self.tasks.keys().next_back().copied().unwrap_or_default()
    }

    fn version(&self, entity: &EntityId) -> Position {
        self.versions.get(entity).copied().unwrap_or_default()
    }
}

/// A story: what was given, and what a command then decides.
#[derive(Clone)]
pub struct Scenario {
    /// The world so far.
    pub world: MemoryWorld,
    position: Position,
    now: DateTime<Utc>,
    actor: Actor,
    confirm: BTreeSet<Prompt>,
    reason: Option<String>,
    expected_version: Option<Position>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self::new()
    }
}

/// What a message tells somebody to do: each begins a clause.
const WAYS_OUT: &[&str] = &[
    "add",
    "answer",
    "ask",
    "change",
    "check",
    "choose",
    "close",
    "confirm",
    "copy",
    "correct",
    "deactivate",
    "do",
    "end",
    "fill",
    "finish",
    "give",
    "have",
    "import",
    "leave",
    "let",
    "look",
    "make",
    "move",
    "name",
    "reactivate",
    "read",
    "record",
    "register",
    "remove",
    "reopen",
    "say",
    "send",
    "separate",
    "set",
    "shorten",
    "show",
    "sign",
    "submit",
    "take",
    "type",
    "undo",
    "use",
    "withdraw",
    "write",
];

/// As good as an imperative: what must be, what may be at most, and what could be done instead.
const BOUNDS: &[&str] = &[" must ", " at most", "possible now:"];

/// Whether a refusal says, besides what is wrong, what to do about it (spec §1.3): in its message or its hint a clause
/// begins with an imperative, or says what must be. [`Scenario::when`] holds every refusal of every test to it.
pub fn says_what_to_do(problem: &Problem) -> bool {
    let texts = [Some(problem.message.as_str()), problem.hint.as_deref()];
    texts.into_iter().flatten().any(|text| {
        let clauses = text.split([':', ';', ',', '.', '?', '!']).flat_map(|part| part.split(" or "));
        let mut words = clauses
            .flat_map(|part| part.split(" and "))
            .filter_map(|clause| clause.split_whitespace().find(|word| !["so", "then"].contains(word)));
        words.any(|word| WAYS_OUT.contains(&word.to_lowercase().as_str()))
            || BOUNDS.iter().any(|bound| text.contains(bound))
    })
}

/// What a command decided, to be compared with what should happen.
pub struct When {
    outcome: Result<Decision, Vec<Refusal>>,
    after: Scenario,
}

impl Scenario {
    /// An empty world on 15 January 2026, noon UTC, and an actor that may do everything.
    pub fn new() -> Self {
        Self {
            world: MemoryWorld::default(),
            position: Position(0),
            now: Utc.with_ymd_and_hms(2026, 1, 15, 12, 0, 0).single().unwrap_or_default(),
            actor: Actor::with_all("tester"),
            confirm: BTreeSet::new(),
            reason: None,
            expected_version: None,
        }
    }

    /// Moves the clock to noon UTC of a day.
    #[must_use]
    pub fn on(mut self, year: i32, month: u32, day: u32) -> Self {
        self.now = Utc.with_ymd_and_hms(year, month, day, 12, 0, 0).single().unwrap_or(self.now);
        self
    }

    /// The next command is by an actor with exactly these rights.
    #[must_use]
    pub fn with_only(mut self, permissions: &[Permission]) -> Self {
        self.actor = Actor::new("limited", permissions.iter().copied());
        self
    }

    /// The next command is by this actor, who may do everything.
    #[must_use]
    pub fn by(mut self, name: &str) -> Self {
        self.actor = Actor::with_all(name);
        self
    }

    /// The next command is by an actor that lacks these rights and has all others.
    #[must_use]
    pub fn without(mut self, permissions: &[Permission]) -> Self {
        for permission in permissions {
            self.actor.permissions.remove(permission);
        }
        self
    }

    /// The next command is by somebody else, with all rights.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.actor = Actor::with_all(name);
        self
    }

    /// The next command answers a question with "go on".
    #[must_use]
    pub fn confirming(mut self, prompt: Prompt) -> Self {
        self.confirm.insert(prompt);
        self
    }

    /// The next command carries a reason.
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.to_owned());
        self
    }

    /// The next command expects the addressed entity at this version.
    #[must_use]
    pub fn expecting(mut self, version: u64) -> Self {
        self.expected_version = Some(Position(version));
        self
    }

    /// Decides a command on the world so far; rights, answers, reason and version hold for this command only.
    ///
    /// # Panics
    /// When a refusal does not say what to do.
    #[track_caller]
    pub fn when(&self, command: impl Into<Command>) -> When {
        let mut after = self.clone();
        let ctx = Context {
            now: self.now,
            position: Position(self.position.0 + 1),
            actor: self.actor.clone(),
            reason: self.reason.clone(),
            expected_version: self.expected_version,
            confirm: self.confirm.clone(),
        };
        let outcome = decide(&self.world, &ctx, &command.into());
        for refusal in outcome.as_ref().err().into_iter().flatten() {
            let problem = refusal.problem();
            assert!(says_what_to_do(&problem), "it says what is wrong, and not what to do: {problem:?}");
        }
        if let Ok(decision) = &outcome
            && !decision.events.is_empty()
        {
            after.position.0 += 1;
            after.world.apply(after.position, decision);
        }
        after.actor = Actor::with_all("tester");
        after.confirm = BTreeSet::new();
        after.reason = None;
        after.expected_version = None;
        When { outcome, after }
    }

    /// As [`Scenario::when`], for a command that must be accepted; what was decided becomes part of the story.
    ///
    /// # Panics
    /// When the command is refused: the story is wrong.
    #[must_use]
    pub fn given(&self, command: impl Into<Command>) -> Self {
        let when = self.when(command);
        assert!(when.outcome.is_ok(), "given: refused with {:?}", when.outcome.err());
        when.after
    }

    /// The contact as the world has it.
    ///
    /// # Panics
    /// When there is none.
    pub fn contact(&self, id: ContactId) -> Arc<Contact> {
        self.world.contact(id).unwrap_or_else(|| panic!("no contact {id:?}"))
    }

    /// The customer as the world has it.
    ///
    /// # Panics
    /// When there is none.
    pub fn customer(&self, id: CustomerId) -> Arc<Customer> {
        self.world.customer(id).unwrap_or_else(|| panic!("no customer {id:?}"))
    }

    /// The contact moment as the world has it.
    ///
    /// # Panics
    /// When there is none.
    pub fn interaction(&self, id: u64) -> Arc<Interaction> {
        self.world.interaction(InteractionId(id)).unwrap_or_else(|| panic!("no interaction {id}"))
    }

    /// The task as the world has it.
    ///
    /// # Panics
    /// When there is none.
    pub fn task(&self, id: u64) -> Arc<Task> {
        self.world.task(TaskId(id)).unwrap_or_else(|| panic!("no task {id}"))
    }
}

impl When {
    /// The command is accepted with events of exactly these names, in this order. Yields the story after it.
    ///
    /// # Panics
    /// When it is not so.
    #[track_caller]
    pub fn then(self, names: &[&str]) -> Scenario {
        let decision = self.outcome.as_ref().unwrap_or_else(|r| panic!("refused: {r:?}"));
        let got: Vec<_> = decision.events.iter().map(|r| r.event.stored().name).collect();
        assert_eq!(got, names, "events");
        self.after
    }

    /// The command is accepted and changes something. Yields the story after it.
    ///
    /// # Panics
    /// When it is not so.
    #[track_caller]
    pub fn then_made(self) -> Scenario {
        assert!(!self.events().is_empty(), "nothing changed");
        self.after
    }

    /// The command is accepted and changes nothing.
    ///
    /// # Panics
    /// When it is not so.
    #[track_caller]
    pub fn then_nothing(self) -> Scenario {
        self.then(&[])
    }

    /// The command is refused with exactly these codes; nothing is decided.
    ///
    /// # Panics
    /// When it is not so.
    #[track_caller]
    pub fn then_refused(self, codes: &[&str]) -> Scenario {
        match &self.outcome {
            Ok(decision) => panic!("accepted with {:?}", decision.events),
            Err(refusals) => {
                let got: Vec<_> = refusals.iter().map(Refusal::code).collect();
                assert_eq!(got, codes, "refusals: {refusals:?}");
            }
        }
        self.after
    }

    /// The events, for a closer look.
    ///
    /// # Panics
    /// When the command was refused.
    #[track_caller]
    pub fn events(&self) -> &[Recorded] {
        match &self.outcome {
            Ok(decision) => &decision.events,
            Err(refusals) => panic!("refused: {refusals:?}"),
        }
    }

    /// The cause of each event: the index of the event that it follows from.
    ///
    /// # Panics
    /// When the command was refused.
    #[track_caller]
    pub fn causes(&self) -> Vec<Option<u32>> {
        self.events().iter().map(|recorded| recorded.cause).collect()
    }

    /// The only refusal, as it is published.
    ///
    /// # Panics
    /// When the command was accepted, or refused for several reasons.
    #[track_caller]
    pub fn problem(&self) -> Problem {
        match self.refusals() {
            [refusal] => refusal.problem(),
            several => panic!("not one refusal: {several:?}"),
        }
    }

    /// The field that each refusal names, or nothing.
    ///
    /// # Panics
    /// When the command was accepted.
    #[track_caller]
    pub fn fields(&self) -> Vec<String> {
        self.refusals().iter().map(|refusal| refusal.problem().field.unwrap_or_default()).collect()
    }

    /// The codes of the warnings.
    ///
    /// # Panics
    /// When the command was refused.
    #[track_caller]
    pub fn warnings(&self) -> Vec<String> {
        match &self.outcome {
            Ok(decision) => decision.warnings.iter().map(|w| w.code.clone()).collect(),
            Err(refusals) => panic!("refused: {refusals:?}"),
        }
    }

    /// The words of the warnings.
    ///
    /// # Panics
    /// When the command was refused.
    #[track_caller]
    pub fn warning_words(&self) -> Vec<String> {
        match &self.outcome {
            Ok(decision) => decision.warnings.iter().map(|w| w.message.clone()).collect(),
            Err(refusals) => panic!("refused: {refusals:?}"),
        }
    }

    /// The refusals, for a closer look.
    ///
    /// # Panics
    /// When the command was accepted.
    #[track_caller]
    pub fn refusals(&self) -> &[Refusal] {
        match &self.outcome {
            Ok(decision) => panic!("accepted with {:?}", decision.events),
            Err(refusals) => refusals,
        }
    }
}
