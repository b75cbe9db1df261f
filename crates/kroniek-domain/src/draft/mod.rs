//! A decision in the making.
//!
//! A [`Draft`] reads the world *through what it has already decided*: every event that it records is folded at once into
//! the entities that the event names, so a consequence is decided on the state that its cause left behind. When the
//! decision ends, the draft yields the events, or the refusals, never both.

use crate::code_list::CodeList;
use crate::contact::{Contact, Kind};
use crate::customer::{ClientStatus, Customer};
use crate::employee::Employee;
use crate::event::{Event, Recorded};
use crate::ids::{
    At, ContactId, ContactRef, CustomerId, CustomerRef, EntityId, InteractionId, PartyRef, Position, TaskId,
};
use crate::interaction::Interaction;
use crate::permission::{Actor, Permission};
use crate::problem::{General, Prompt, Warning};
use crate::refusal::Refusal;
use crate::status_right::{self, Statuses};
use crate::task::Task;
use crate::team::Team;
use crate::template::Template;
use crate::values::{self, Date, DateProblem, TextProblem};
use crate::world::World;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What comes with a command and is no part of its content (spec §1.2).
#[derive(Clone, Debug)]
pub struct Context {
    /// The time of the commit.
    pub now: DateTime<Utc>,
    /// The position that the commit will have.
    pub position: Position,
    /// Who acts.
    pub actor: Actor,
    /// Why, in free text; required only where a row says so.
    pub reason: Option<String>,
    /// The version of the addressed entity that the caller looked at.
    pub expected_version: Option<Position>,
    /// The questions that the caller answers with "go on".
    pub confirm: BTreeSet<Prompt>,
}

impl Context {
    /// Today in Europe/Amsterdam.
    pub fn today(&self) -> Date {
        values::today_in_amsterdam(self.now)
    }

    fn at(&self) -> At {
        At { position: self.position, time_us: self.now.timestamp_micros() }
    }
}

/// The decision stopped; the refusals stand in the draft.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Refused;

/// A command that can be decided.
pub trait Decide {
    /// Decides on the draft: records events, or refuses.
    ///
    /// # Errors
    /// [`Refused`] when the decision cannot go on; the reasons stand in the draft. A decision may also refuse and go on,
    /// to report all field errors together.
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused>;
}

/// Folded states that differ from the world's.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Contacts after the decision.
    pub contacts: BTreeMap<ContactId, Arc<Contact>>,
    /// Customers after the decision.
    pub customers: BTreeMap<CustomerId, Arc<Customer>>,
    /// Code lists after the decision.
    pub code_lists: BTreeMap<String, Arc<CodeList>>,
    /// The address table after the decision, when it changed.
    pub address_table: Option<[u8; 32]>,
    /// Contact moments after the decision.
    pub interactions: BTreeMap<InteractionId, Arc<Interaction>>,
    /// Tasks after the decision.
    pub tasks: BTreeMap<TaskId, Arc<Task>>,
    /// Interaction templates after the decision.
    pub templates: BTreeMap<String, Arc<Template>>,
    /// Teams after the decision.
    pub teams: BTreeMap<String, Arc<Team>>,
    /// Employees after the decision.
    pub employees: BTreeMap<String, Arc<Employee>>,
}

/// What a command decided: at least one event, or none when there is nothing to change.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The events in order, each with its cause.
    pub events: Vec<Recorded>,
    /// What the caller should see although it was accepted.
    pub warnings: Vec<Warning>,
    /// The states after these events, for whoever decides next.
    pub changes: Changes,
}

/// See the module.
pub struct Draft<'w> {
    world: &'w dyn World,
    ctx: &'w Context,
    changes: Changes,
    events: Vec<Recorded>,
    cause: Option<u32>,
    refusals: Vec<Refusal>,
    questions: Vec<Refusal>,
    warnings: Vec<Warning>,
    last_contact: ContactId,
    last_customer: CustomerId,
    made_interactions: u64,
    made_tasks: u64,
}

impl<'w> Draft<'w> {
    /// An empty draft over a world.
    pub fn new(world: &'w dyn World, ctx: &'w Context) -> Self {
        Self {
            world,
            ctx,
            changes: Changes::default(),
            events: Vec::new(),
            cause: None,
            refusals: Vec::new(),
            questions: Vec::new(),
            warnings: Vec::new(),
            last_contact: world.last_contact_id(),
            last_customer: world.last_customer_id(),
            made_interactions: 0,
            made_tasks: 0,
        }
    }

    /// Ends the draft. Questions count only when nothing else refuses (spec §1.2).
    ///
    /// # Errors
    /// All refusals, or all questions; nothing is decided then.
    pub fn finish(mut self, outcome: Result<(), Refused>) -> Result<Decision, Vec<Refusal>> {
        if !self.refusals.is_empty() {
            return Err(self.refusals);
        }
        if !self.questions.is_empty() {
            return Err(self.questions);
        }
        debug_assert!(outcome.is_ok(), "a decision that stops says why");
        if self.events.is_empty() {
            self.warnings.clear();
        }
        Ok(Decision { events: self.events, warnings: self.warnings, changes: self.changes })
    }

    // ---- what came with the command

    /// What came with the command.
    pub fn ctx(&self) -> &'w Context {
        self.ctx
    }

    /// Today in Europe/Amsterdam.
    pub fn today(&self) -> Date {
        self.ctx.today()
    }

    // ---- looking

    /// Indexes that do not change under a draft.
    pub fn world(&self) -> &'w dyn World {
        self.world
    }

    /// A contact as it is after what the draft has recorded so far.
    pub fn contact(&self, id: ContactId) -> Option<Arc<Contact>> {
        self.changes.contacts.get(&id).cloned().or_else(|| self.world.contact(id))
    }

    /// A customer as it is after what the draft has recorded so far.
    pub fn customer(&self, id: CustomerId) -> Option<Arc<Customer>> {
        self.changes.customers.get(&id).cloned().or_else(|| self.world.customer(id))
    }

    /// A code list; one that nobody ever changed has its built-in rows, or none.
    pub fn code_list(&self, list: &str) -> Arc<CodeList> {
        self.changes
            .code_lists
            .get(list)
            .cloned()
            .or_else(|| self.world.code_list(list))
            .unwrap_or_else(|| Arc::new(CodeList::initial(list)))
    }

    /// A contact moment as it is after what the draft has recorded so far.
    pub fn interaction(&self, id: InteractionId) -> Option<Arc<Interaction>> {
        self.changes.interactions.get(&id).cloned().or_else(|| self.world.interaction(id))
    }

    /// A task as it is after what the draft has recorded so far.
    pub fn task(&self, id: TaskId) -> Option<Arc<Task>> {
        self.changes.tasks.get(&id).cloned().or_else(|| self.world.task(id))
    }

    /// An interaction template as it is after what the draft has recorded so far.
    pub fn template(&self, code: &str) -> Option<Arc<Template>> {
        self.changes.templates.get(code).cloned().or_else(|| self.world.template(code))
    }

    /// A team as it is after what the draft has recorded so far.
    pub fn team(&self, code: &str) -> Option<Arc<Team>> {
        self.changes.teams.get(code).cloned().or_else(|| self.world.team(code))
    }

    /// An employee as it is after what the draft has recorded so far.
    pub fn employee(&self, code: &str) -> Option<Arc<Employee>> {
        self.changes.employees.get(code).cloned().or_else(|| self.world.employee(code))
    }

    /// The contact with this number; a customer's number names the contact whose account it is. Numbers are given out in
    /// capitals, and none names two (see [`Draft::taken_for_a_contact`]).
    fn contact_numbered(&self, number: &str) -> Option<Arc<Contact>> {
        let number = number.trim().to_uppercase();
        self.contact_with(&number)
            .or_else(|| self.customer_with(&number).and_then(|customer| self.contact(customer.contact)))
    }

    /// The customer with this number; a contact's number names the customer that is its account.
    fn customer_numbered(&self, number: &str) -> Option<Arc<Customer>> {
        let number = number.trim().to_uppercase();
        let of_contact = || self.contact_with(&number)?.customer.and_then(|id| self.customer(id));
        self.customer_with(&number).or_else(of_contact)
    }

    /// The contact whose own number this is.
    fn contact_with(&self, number: &str) -> Option<Arc<Contact>> {
        let found = self.world.contact_by_number(number).and_then(|id| self.contact(id));
        found.filter(|contact| contact.number == number)
    }

    /// The customer whose own number this is now; the index knows its former ones too.
    fn customer_with(&self, number: &str) -> Option<Arc<Customer>> {
        let found = self.world.customer_by_number(number).and_then(|id| self.customer(id));
        found.filter(|customer| customer.number == number)
    }

    /// The contact that a reference names, or a `NOT_FOUND`.
    pub fn find_contact(&mut self, field: &'static str, r: &ContactRef) -> Result<Arc<Contact>, Refused> {
        let found = match r {
            ContactRef::Id(id) => self.contact(*id),
            ContactRef::Number(number) => self.contact_numbered(number),
        };
        // What the actor may not see is not there (A2-52).
        found.filter(|contact| self.sees(contact)).ok_or_else(|| self.refuse(General::NotFound { field }))
    }

    /// Whether nothing is hidden from the actor (A2-52).
    pub fn sees_everybody(&self) -> bool {
        Statuses::seen_by(&self.ctx.actor) == Statuses::ALL
    }

    /// Whether the actor may see this contact (A2-52).
    pub fn sees(&self, contact: &Contact) -> bool {
        status_right::sees(Statuses::seen_by(&self.ctx.actor), contact, &|id| self.contact(id))
    }

    /// As [`Draft::sees`], by id.
    pub fn sees_id(&self, id: ContactId) -> bool {
        self.contact(id).is_none_or(|contact| self.sees(&contact))
    }

    /// As [`Draft::sees`], of the contact behind a customer.
    pub fn sees_customer(&self, id: CustomerId) -> bool {
        self.customer(id).is_none_or(|customer| self.sees_id(customer.contact))
    }

    /// As [`Draft::find_contact`], and the contact is a person.
    pub fn find_person(&mut self, field: &'static str, r: &ContactRef) -> Result<Arc<Contact>, Refused> {
        let contact = self.find_contact(field, r)?;
        if contact.kind == Kind::Person { Ok(contact) } else { Err(self.refuse(General::NotAPerson(field))) }
    }

    /// The customer that a reference names, or a `NOT_FOUND`.
    pub fn find_customer(&mut self, field: &'static str, r: &CustomerRef) -> Result<Arc<Customer>, Refused> {
        let found = match r {
            CustomerRef::Id(id) => self.customer(*id),
            CustomerRef::Number(number) => self.customer_numbered(number),
        };
        let seen = Statuses::seen_by(&self.ctx.actor);
        if let Some(customer) = found.filter(|customer| seen.has(customer.status)) {
            return Ok(customer);
        }
        Err(self.refuse(match r {
            CustomerRef::Number(number) if self.is_mere_contact(number) => General::NotACustomer { field },
            CustomerRef::Number(_) | CustomerRef::Id(_) => General::NotFound { field },
        }))
    }

    /// Whether this is the number of a contact without a customer, which the actor may see.
    fn is_mere_contact(&self, number: &str) -> bool {
        let contact = self.contact_with(&number.trim().to_uppercase());
        contact.is_some_and(|contact| contact.customer.is_none() && self.sees(&contact))
    }

    /// The contact that holds the role lines which a reference means: a customer's lines are its contact's (E1-08).
    pub fn find_party(&mut self, r: &PartyRef) -> Result<Arc<Contact>, Refused> {
        let field = r.field();
        match r {
            PartyRef::Contact(contact) => self.find_contact(field, contact),
            PartyRef::Customer(customer) => {
                let customer = self.find_customer(field, customer)?;
                self.find_contact(field, &customer.contact.into())
            }
        }
    }

    // ---- checking

    /// Refuses unless the actor has the right.
    pub fn need(&mut self, permission: Permission) -> Result<(), Refused> {
        if self.ctx.actor.may(permission) { Ok(()) } else { Err(self.refuse(General::Forbidden(permission))) }
    }

    /// Names the addressed entity: the actor may change it, and it is at `expectedVersion` (A2-52, spec §1.2).
    pub fn address(&mut self, entity: EntityId) -> Result<(), Refused> {
        self.need_change(&entity)?;
        self.expect_version(entity)
    }

    /// As [`Draft::address`], of the contact that holds role lines, which may be named by its customer.
    pub fn address_holder(&mut self, holder: &Contact) -> Result<(), Refused> {
        let (id, other) = (EntityId::Contact(holder.id), holder.customer.map(EntityId::Customer));
        self.need_change(&id)?;
        self.expect_version_at(id, other.as_ref())
    }

    /// As [`Draft::address`], of a customer that may be named by the contact whose account it is.
    pub fn address_account(&mut self, customer: &Customer) -> Result<(), Refused> {
        self.need_change(&EntityId::Customer(customer.id))?;
        self.expect_version_of_account(customer)
    }

    /// The part of [`Draft::address_account`] that is about `expectedVersion`.
    pub fn expect_version_of_account(&mut self, customer: &Customer) -> Result<(), Refused> {
        self.expect_version_at(EntityId::Customer(customer.id), Some(&EntityId::Contact(customer.contact)))
    }

    /// Checks `expectedVersion` where a contact and the customer that is its account stand for each other, and `keeper` is
    /// the one that changes.
    ///
    /// Only the keeper's version tells whether it has changed. That of the other counts too while it is the later: since
    /// then the keeper has not changed either.
    fn expect_version_at(&mut self, keeper: EntityId, other: Option<&EntityId>) -> Result<(), Refused> {
        let own = self.world.version(&keeper);
        let later = other.map(|other| self.world.version(other)).filter(|other| *other > own);
        if later.is_some() && self.ctx.expected_version == later {
            return Ok(());
        }
        self.expect_version(keeper)
    }

    /// Refuses unless the actor may change a registration of its status (A2-52).
    pub fn need_change(&mut self, entity: &EntityId) -> Result<(), Refused> {
        let status = match entity {
            EntityId::Contact(id) => {
                let actor = &self.ctx.actor;
                self.contact(*id).and_then(|c| status_right::lacking(actor, &c, &|id| self.contact(id)))
            }
            EntityId::Customer(id) => self.customer(*id).map(|customer| customer.status),
            // Contact moments and tasks are about a contact: whoever may not change it, may not change them.
            EntityId::Interaction(id) => {
                let contact = self.interaction(*id).map(|interaction| EntityId::Contact(interaction.contact));
                return contact.map_or(Ok(()), |contact| self.need_change(&contact));
            }
            EntityId::Task(id) => {
                let contact = self.task(*id).map(|task| EntityId::Contact(task.contact));
                return contact.map_or(Ok(()), |contact| self.need_change(&contact));
            }
            EntityId::CodeList(_)
            | EntityId::AddressTable
            | EntityId::Template(_)
            | EntityId::Team(_)
            | EntityId::Employee(_) => None,
        };
        status.map_or(Ok(()), |status| self.need_change_of(status))
    }

    /// Refuses unless the actor may change registrations of this status.
    pub fn need_change_of(&mut self, status: ClientStatus) -> Result<(), Refused> {
        if Statuses::changed_by(&self.ctx.actor).has(status) {
            return Ok(());
        }
        Err(self.refuse(General::Forbidden(status_right::right_to_change(status))))
    }

    /// Checks `expectedVersion` against the addressed entity (spec §1.2).
    pub fn expect_version(&mut self, entity: EntityId) -> Result<(), Refused> {
        match self.ctx.expected_version {
            Some(expected) => {
                let actual = self.world.version(&entity);
                if expected == actual {
                    Ok(())
                } else {
                    Err(self.refuse(General::VersionConflict { entity, expected, actual }))
                }
            }
            None => Ok(()),
        }
    }

    /// A mandatory text through one of the checks of [`values`]; `None` after a refusal.
    pub fn text(&mut self, field: &'static str, read: Result<String, TextProblem>) -> Option<String> {
        match read {
            Ok(text) if text.is_empty() => self.refused(General::Required(field)),
            Ok(text) => Some(text),
            Err(TextProblem::Empty) => self.refused(General::Required(field)),
            Err(TextProblem::TooLong { limit }) => self.refused(General::TooLong { field, limit }),
            Err(TextProblem::Invalid) => self.refused(General::InvalidText(field)),
        }
    }

    /// An optional text: absent or blank is `Some(None)`; `None` after a refusal.
    #[allow(clippy::option_option, reason = "outer: was it refused; inner: was anything given")]
    pub fn optional_text(
        &mut self,
        field: &'static str,
        raw: Option<&String>,
        read: impl Fn(&str) -> Result<String, TextProblem>,
    ) -> Option<Option<String>> {
        match raw.map(|raw| read(raw)) {
            None | Some(Err(TextProblem::Empty)) => Some(None),
            Some(Ok(text)) if text.is_empty() => Some(None),
            Some(other) => self.text(field, other).map(Some),
        }
    }

    /// A mandatory reason of at most 1000 characters.
    pub fn reason(&mut self) -> Option<String> {
        let raw = self.ctx.reason.clone().unwrap_or_default();
        self.text("reason", values::note(&raw, REASON_LIMIT))
    }

    /// A date that must be given; `None` after a refusal.
    pub fn date(&mut self, field: &'static str, raw: &str) -> Option<Date> {
        if raw.trim().is_empty() {
            return self.refused(General::Required(field));
        }
        match Date::parse(raw.trim()) {
            Ok(date) => Some(date),
            Err(DateProblem::NotADate) => self.refused(General::InvalidDate(field)),
            Err(DateProblem::OutOfRange) => {
                self.refused(General::DateOutOfRange { field, must: "lie between 1800-01-01 and 9999-12-31" })
            }
        }
    }

    /// As [`Draft::date`], and not after today.
    pub fn past_date(&mut self, field: &'static str, raw: &str) -> Option<Date> {
        let date = self.date(field, raw)?;
        if date > self.today() { self.refused(General::DateInFuture(field)) } else { Some(date) }
    }

    /// A date that defaults to today.
    pub fn date_or_today(&mut self, field: &'static str, raw: Option<&String>) -> Option<Date> {
        match raw {
            Some(raw) => self.date(field, raw),
            None => Some(self.today()),
        }
    }

    /// A code that must stand in `list` and be in force on `on`; `None` after a refusal.
    pub fn code(&mut self, field: &'static str, list: &str, raw: &str, on: Date) -> Option<String> {
        let code = self.text(field, values::code(raw, CODE_LIMIT))?;
        let rows = self.code_list(list);
        match rows.row(&code) {
            None => self.refused(General::UnknownCode { field, list: list.to_owned() }),
            Some(row) if !row.in_force(on) => {
                self.refused(General::CodeNotInForce { field, list: list.to_owned(), on })
            }
            Some(_) => Some(code),
        }
    }

    /// A value of a closed set by its name, such as `QUESTION`; `None` after a refusal.
    pub fn choice<T: Copy>(
        &mut self,
        field: &'static str,
        (all, name): (&[T], fn(T) -> &'static str),
        raw: &str,
    ) -> Option<T> {
        let raw = raw.trim();
        let found = all.iter().copied().find(|value| name(*value) == raw);
        if found.is_none() {
            self.refuse(if raw.is_empty() {
                General::Required(field)
            } else {
                General::NoSuchValue { field, values: all.iter().map(|value| name(*value)).collect() }
            });
        }
        found
    }

    /// Whether the caller has answered the question with "go on"; asks it otherwise.
    pub fn confirmed(&mut self, prompt: Prompt, entity: Option<EntityId>) -> bool {
        let answered = self.ctx.confirm.contains(&prompt);
        if !answered {
            self.ask(prompt, entity);
        }
        answered
    }

    /// Asks a question that the row's own field answers.
    pub fn ask(&mut self, prompt: Prompt, entity: Option<EntityId>) {
        self.questions.push(General::ConfirmationRequired { prompt, entity }.into());
    }

    /// Asks a question that says more than its prompt.
    pub(crate) fn ask_because(&mut self, question: impl Into<Refusal>) {
        self.questions.push(question.into());
    }

    // ---- ending

    /// Refuses. Returned so that a decision can end with `return Err(d.refuse(...))`.
    pub fn refuse(&mut self, refusal: impl Into<Refusal>) -> Refused {
        self.refusals.push(refusal.into());
        Refused
    }

    fn refused<T>(&mut self, refusal: impl Into<Refusal>) -> Option<T> {
        self.refuse(refusal);
        None
    }

    /// Stops here if anything was refused or asked so far.
    ///
    /// # Errors
    /// [`Refused`] when something was.
    pub fn stop_if_refused(&self) -> Result<(), Refused> {
        if self.refusals.is_empty() && self.questions.is_empty() { Ok(()) } else { Err(Refused) }
    }

    /// Accepts, and says what the caller should see.
    pub fn warn(&mut self, code: &str, message: impl Into<String>, entity: Option<EntityId>) {
        self.warnings.push(Warning { code: code.to_owned(), message: message.into(), entity });
    }

    // ---- recording

    /// Records an event and folds it into every entity that it names. Its index is the cause of what follows from it.
    pub fn record(&mut self, event: impl Into<Event>) -> u32 {
        let event = event.into();
        let at = self.ctx.at();
        for entity in event.entities() {
            match entity {
                EntityId::Contact(id) => {
                    let mut contact = self.contact(id).unwrap_or_else(|| Arc::new(Contact::new(id)));
                    Arc::make_mut(&mut contact).evolve(at, &event);
                    self.changes.contacts.insert(id, contact);
                }
                EntityId::Customer(id) => {
                    let mut customer = self.customer(id).unwrap_or_else(|| Arc::new(Customer::new(id)));
                    Arc::make_mut(&mut customer).evolve(at, &event);
                    self.changes.customers.insert(id, customer);
                }
                EntityId::CodeList(list) => {
                    let mut rows = self.code_list(&list);
                    Arc::make_mut(&mut rows).evolve(&event);
                    self.changes.code_lists.insert(list, rows);
                }
                EntityId::AddressTable => {
                    if let Event::AddressTable(crate::address_table::Event::AddressTableImported(e)) = &event
                    {
                        self.changes.address_table = Some(e.sha256);
                    }
                }
                EntityId::Interaction(id) => {
                    let mut state = self.interaction(id).unwrap_or_else(|| Arc::new(Interaction::new(id)));
                    Arc::make_mut(&mut state).evolve(at, &event);
                    self.changes.interactions.insert(id, state);
                }
                EntityId::Task(id) => {
                    let mut state = self.task(id).unwrap_or_else(|| Arc::new(Task::new(id)));
                    Arc::make_mut(&mut state).evolve(at, &event);
                    self.changes.tasks.insert(id, state);
                }
                EntityId::Template(code) => {
                    let mut state = self.template(&code).unwrap_or_else(|| Arc::new(Template::new(&code)));
                    Arc::make_mut(&mut state).evolve(&event);
                    self.changes.templates.insert(code, state);
                }
                EntityId::Team(code) => {
                    let mut state = self.team(&code).unwrap_or_else(|| Arc::new(Team::new(&code)));
                    Arc::make_mut(&mut state).evolve(&event);
                    self.changes.teams.insert(code, state);
                }
                EntityId::Employee(code) => {
                    let mut state = self.employee(&code).unwrap_or_else(|| Arc::new(Employee::new(&code)));
                    Arc::make_mut(&mut state).evolve(&event);
                    self.changes.employees.insert(code, state);
                }
            }
        }
        self.events.push(Recorded { event, cause: self.cause });
        // A commit holds far fewer events than 2^32: its size is limited.
        u32::try_from(self.events.len() - 1).unwrap_or(u32::MAX)
    }

    /// Records an event, and what `consequences` records counts as caused by it.
    pub fn record_with(&mut self, event: impl Into<Event>, consequences: impl FnOnce(&mut Self)) {
        let before = self.cause;
        let index = self.record(event);
        self.cause = Some(index);
        consequences(self);
        self.cause = before;
    }

    /// The next free contact id, and its number in the series (never reused; gaps are allowed, E2-08).
    pub fn next_contact(&mut self) -> (ContactId, String) {
        self.last_contact.0 += 1;
        let id = self.last_contact;
        let mut serial = id.0;
        loop {
            let number = format!("{CONTACT_SERIES}{serial:06}");
            if !self.a_contact_has(&number) {
                return (id, number);
            }
            // A caller has taken this number by hand: step out of the way of ids to come.
            serial += 1_000_000_000;
        }
    }

    /// The next free customer id, and its number in the series.
    pub fn next_customer(&mut self) -> (CustomerId, String) {
        self.last_customer.0 += 1;
        let id = self.last_customer;
        let mut serial = id.0;
        loop {
            let number = format!("{CUSTOMER_SERIES}{serial:06}");
            if !self.a_customer_has(&number) {
                return (id, number);
            }
            // Chosen by hand for another customer: step out of the way of ids to come.
            serial += 1_000_000_000;
        }
    }

    /// Whether a contact has, or ever had, this number; one that the draft has just made too.
    fn a_contact_has(&self, number: &str) -> bool {
        self.world.contact_by_number(number).is_some()
            || self.changes.contacts.values().any(|contact| contact.number == number)
    }

    /// Whether a customer has, or ever had, this number; one that the draft has just made too.
    fn a_customer_has(&self, number: &str) -> bool {
        self.world.customer_by_number(number).is_some()
            || self.changes.customers.values().any(|customer| customer.number == number)
    }

    /// Whether a number that was chosen by hand cannot become a new contact's. Both kinds of number are one name space,
    /// because either may be typed wherever a number is asked for: it is nobody's, and not of the other series, which
    /// therefore need not look here for each number that it gives out.
    pub fn taken_for_a_contact(&self, number: &str) -> bool {
        self.a_contact_has(number) || self.a_customer_has(number) || in_series(CUSTOMER_SERIES, number)
    }

    /// Whether a number cannot become this customer's: another one has it, or a contact but the one whose account it is. One
    /// that its customer gave up may be taken over, as a new registration takes over the number of the old (A2-11); only the
    /// series never gives out anything twice (E2-08).
    pub fn taken_for_a_customer(&self, number: &str, customer: &Customer) -> bool {
        let of_contact = match self.world.contact_by_number(number) {
            Some(id) => id != customer.contact,
            None => in_series(CONTACT_SERIES, number),
        };
        of_contact || self.customer_with(number).is_some_and(|other| other.id != customer.id)
    }

    /// The next free id of a contact moment.
    pub fn next_interaction(&mut self) -> InteractionId {
        self.made_interactions += 1;
        InteractionId(self.world.last_interaction_id().0 + self.made_interactions)
    }

    /// The next free id of a task.
    pub fn next_task(&mut self) -> TaskId {
        self.made_tasks += 1;
        TaskId(self.world.last_task_id().0 + self.made_tasks)
    }
}

/// What contact numbers of the series begin with; six digits or more follow.
const CONTACT_SERIES: &str = "CT";
/// What customer numbers of the series begin with; six digits or more follow.
const CUSTOMER_SERIES: &str = "CU";

fn in_series(series: &str, number: &str) -> bool {
    let serial = number.strip_prefix(series);
    serial.is_some_and(|serial| serial.len() >= 6 && serial.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Longest reason, in characters.
pub const REASON_LIMIT: usize = 1000;
/// Longest code of a code list, in characters (spec §1.3).
pub const CODE_LIMIT: usize = 20;
/// Longest code of a template or team, in characters (spec §1.3).
pub const SHORT_CODE_LIMIT: usize = 10;

#[cfg(test)]
mod tests;
