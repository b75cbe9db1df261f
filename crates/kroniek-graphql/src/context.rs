//! Who asks, and through which snapshot.
//!
//! The fields of one query are answered from **one** snapshot, begun by the first field that needs it. Every object holds
//! the [`Reader`] that it came from and passes it on, so that nothing below a root ever reads another position. A reader
//! exists only for an actor with the permission `READ`, or, below the field `portal` alone, `PORTAL`: whoever holds an
//! object has been asked already.

use crate::label::Lang;
use crate::scalars::DateText;
use crate::types::code_list::{CodeList, CodeRow};
use crate::types::contact::Contact;
use crate::types::customer::Customer;
use crate::types::employee::Employee;
use crate::types::interaction::Interaction;
use crate::types::task::Task;
use crate::types::team::Team;
use crate::types::template::InteractionTemplate;
use async_graphql::{Context, Error, ErrorExtensions, Result};
use kroniek_domain::problem::{General, Problem};
use kroniek_domain::values::Date;
use kroniek_domain::{
    Actor, ContactId, CustomerId, EntityId, Event, InteractionId, Permission, Position, TaskId, code_list,
    contact, customer, status_right,
};
use kroniek_engine::{Engine, EngineFault, FirstFault, Snapshot};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Most entities and role lines that one request may be given, each time that one is reached counted: a query that walks
/// in circles ends here, and not when the memory does.
const MOST_ENTITIES: usize = 20_000;

/// The actor of a request that names none.
static ANONYMOUS: LazyLock<Actor> = LazyLock::new(|| Actor::new("anonymous", []));

/// The actor of the request; one without a name or permission when the request carries none.
pub fn actor<'a>(ctx: &Context<'a>) -> &'a Actor {
    ctx.data_opt::<Actor>().unwrap_or(&ANONYMOUS)
}

/// What the caller says the commands of a request belong to and follow from. It stands in each commit, in clear.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Provenance {
    /// What they belong to, such as a case.
    pub correlation: Option<String>,
    /// What they follow from, such as a message.
    pub causation: Option<String>,
}

/// The provenance of the request; empty when it carries none.
pub(crate) fn provenance(ctx: &Context<'_>) -> Provenance {
    ctx.data_opt::<Provenance>().cloned().unwrap_or_default()
}

/// The engine behind the schema.
///
/// # Errors
/// The schema was built without one, which only printing it allows.
pub fn engine<'a>(ctx: &Context<'a>) -> Result<&'a Engine> {
    ctx.data_opt::<Engine>().ok_or_else(|| error("INTERNAL", "This schema has no engine behind it."))
}

/// The one snapshot of the request, for the fields of the query root.
///
/// # Errors
/// `FORBIDDEN` without the permission `READ`, or a fault.
pub fn reader(ctx: &Context<'_>) -> Result<Reader> {
    require(actor(ctx), Permission::Read)?;
    begun(ctx)
}

/// The one snapshot of the request, for what the customer portal shows; it sees to it itself that nothing else is reached.
///
/// # Errors
/// `FORBIDDEN` without the permission `PORTAL` or `READ`, or a fault.
pub(crate) fn portal_reader(ctx: &Context<'_>) -> Result<Reader> {
    if !actor(ctx).may(Permission::Read) {
        require(actor(ctx), Permission::Portal)?;
    }
    begun(ctx)
}

fn begun(ctx: &Context<'_>) -> Result<Reader> {
    match ctx.data_opt::<SharedReader>() {
        Some(shared) => shared.begun(engine(ctx)?, actor(ctx)),
        None => Reader::begin(engine(ctx)?, actor(ctx)),
    }
}

/// The snapshot for the payload of a mutation whose commit is visible: of its position or a later one. Begun by the first
/// field that needs it.
pub(crate) struct AfterCommit {
    engine: Engine,
    actor: Actor,
    reader: SharedReader,
}

impl AfterCommit {
    /// For the actor of the request.
    ///
    /// # Errors
    /// As [`engine`].
    pub(crate) fn of(ctx: &Context<'_>) -> Result<Self> {
        let (engine, actor) = (engine(ctx)?.clone(), actor(ctx).clone());
        Ok(Self { engine, actor, reader: SharedReader::default() })
    }

    /// `None` for an actor without the permission `READ`: it may have been allowed to change something, and still sees
    /// no entity. Position, warnings and user errors do not come from here and are answered all the same.
    ///
    /// # Errors
    /// A fault; the commit stands all the same.
    pub(crate) fn reader(&self) -> Result<Option<Reader>> {
        if !self.actor.may(Permission::Read) {
            return Ok(None);
        }
        self.reader.begun(&self.engine, &self.actor).map(Some)
    }

    /// Whether the rights of the actor hide nobody from it (A2-52).
    pub(crate) fn sees_everybody(&self) -> bool {
        status_right::Statuses::seen_by(&self.actor) == status_right::Statuses::ALL
    }

    /// Whether the statuses that the actor may see include that of the entity, if it is one (A2-52), whether or not it may
    /// read it; not when that cannot be found out.
    pub(crate) fn tells_of(&self, entity: Option<&EntityId>) -> bool {
        entity.is_none_or(|entity| {
            let reader = self.reader.begun(&self.engine, &self.actor);
            reader.is_ok_and(|reader| reader.sees(entity).unwrap_or(false))
        })
    }
}

/// Refuses an actor without the permission.
///
/// # Errors
/// `FORBIDDEN`, as an error of the field.
pub fn require(actor: &Actor, permission: Permission) -> Result<()> {
    if actor.may(permission) { Ok(()) } else { Err(refusal(&General::Forbidden(permission).problem())) }
}

/// An error of a field, with its stable code as `extensions.code`.
pub fn error(code: &'static str, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

/// A refusal as an error of a field, for queries, which have no payload to put it in.
pub fn refusal(problem: &Problem) -> Error {
    error(problem.code, problem.message.clone())
}

/// What a broken engine looks like from outside: the code and no internals. The fault itself rides along as the error's
/// source, for the server's own log.
pub fn fault(fault: EngineFault) -> Error {
    let mut error = error(
        fault.code(),
        "The server cannot read this now. Nothing was changed by asking; try again, or tell the operator the code.",
    );
    error.source = Some(Arc::new(fault));
    error
}

/// A snapshot that is begun by the first who needs it. One stands in the data of every request.
#[derive(Default)]
pub(crate) struct SharedReader(Mutex<Option<Reader>>);

impl SharedReader {
    fn begun(&self, engine: &Engine, actor: &Actor) -> Result<Reader> {
        let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reader) = &*begun {
            return Ok(reader.clone());
        }
        let reader = Reader::begin(engine, actor)?;
        *begun = Some(reader.clone());
        Ok(reader)
    }
}

/// A snapshot, and what its actor may see in it. Cheap to clone.
#[derive(Clone)]
pub struct Reader(Arc<Inner>);

struct Inner {
    snapshot: Snapshot,
    actor: Actor,
    entities_left: AtomicUsize,
    lists: Mutex<HashMap<String, Arc<code_list::CodeList>>>,
}

impl Reader {
    fn begin(engine: &Engine, actor: &Actor) -> Result<Self> {
        Ok(Self(Arc::new(Inner {
            snapshot: engine.snapshot_for(actor).map_err(fault)?,
            actor: actor.clone(),
            entities_left: AtomicUsize::new(MOST_ENTITIES),
            lists: Mutex::default(),
        })))
    }

    /// The snapshot itself.
    pub fn snapshot(&self) -> &Snapshot {
        &self.0.snapshot
    }

    /// The position that everything read through it is as of.
    pub fn position(&self) -> Position {
        self.0.snapshot.position()
    }

    /// Today in Europe/Amsterdam.
    pub fn today(&self) -> Date {
        self.0.snapshot.today()
    }

    /// Whether the actor may see sensitive values.
    pub fn sensitive(&self) -> bool {
        self.may(Permission::SensitiveRead)
    }

    /// Whether the actor has the right.
    pub fn may(&self, permission: Permission) -> bool {
        self.0.actor.may(permission)
    }

    /// Who reads.
    pub(crate) fn actor(&self) -> &Actor {
        &self.0.actor
    }

    /// What the actor may do with each status group.
    pub(crate) fn status_rights(&self) -> Vec<status_right::StatusRight> {
        status_right::rights_of(&self.0.actor)
    }

    /// Whether the actor may see the entity (A2-52).
    ///
    /// # Errors
    /// A fault.
    pub(crate) fn sees(&self, entity: &EntityId) -> Result<bool> {
        self.snapshot().sees(entity).map_err(fault)
    }

    /// Whether the actor is told that the event happened (A2-52).
    ///
    /// # Errors
    /// A fault.
    pub(crate) fn tells(&self, event: &Event) -> Result<bool> {
        self.snapshot().tells(event).map_err(fault)
    }

    /// Those of the contacts that the actor may see (A2-52).
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub(crate) fn seen_contacts(&self, ids: impl IntoIterator<Item = ContactId>) -> Result<Vec<Contact>> {
        ids.into_iter().filter_map(|id| self.contact(id).transpose()).collect()
    }

    /// Those of the customers that the actor may see (A2-52).
    ///
    /// # Errors
    /// As [`Reader::customer`].
    pub(crate) fn seen_customers(&self, ids: impl IntoIterator<Item = CustomerId>) -> Result<Vec<Customer>> {
        ids.into_iter().filter_map(|id| self.customer(id).transpose()).collect()
    }

    /// A contact by id.
    ///
    /// # Errors
    /// A fault, or `QUERY_TOO_LARGE`.
    pub fn contact(&self, id: ContactId) -> Result<Option<Contact>> {
        self.count(1)?;
        let found = self.snapshot().contact(id).map_err(fault)?;
        Ok(found.map(|found| Contact::new(self.clone(), found)))
    }

    /// A customer by id.
    ///
    /// # Errors
    /// A fault, or `QUERY_TOO_LARGE`.
    pub fn customer(&self, id: CustomerId) -> Result<Option<Customer>> {
        self.count(1)?;
        let found = self.snapshot().customer(id).map_err(fault)?;
        Ok(found.map(|found| Customer::new(self.clone(), found)))
    }

    /// A contact that is looked at and perhaps not handed out.
    pub(crate) fn uncounted_contact(&self, id: ContactId) -> Result<Contact> {
        let found = self.snapshot().contact(id).map_err(fault)?.ok_or_else(dangling)?;
        Ok(Contact::new(self.clone(), found))
    }

    /// A customer that is looked at and perhaps not handed out.
    pub(crate) fn uncounted_customer(&self, id: CustomerId) -> Result<Customer> {
        let found = self.snapshot().customer(id).map_err(fault)?.ok_or_else(dangling)?;
        Ok(Customer::new(self.clone(), found))
    }

    /// A contact that another entity names, and that is therefore there and seen by whoever sees the other one.
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub fn named_contact(&self, id: ContactId) -> Result<Contact> {
        self.contact(id)?.ok_or_else(dangling)
    }

    /// A customer that another entity names, and that is therefore there.
    ///
    /// # Errors
    /// As [`Reader::customer`].
    pub fn named_customer(&self, id: CustomerId) -> Result<Customer> {
        self.customer(id)?.ok_or_else(dangling)
    }

    /// A contact moment by id.
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub fn interaction(&self, id: InteractionId) -> Result<Option<Interaction>> {
        self.count(1)?;
        let found = self.snapshot().interaction(id).map_err(fault)?;
        Ok(found.map(|found| Interaction::new(self.clone(), found)))
    }

    /// A contact moment that another entity names, and that is therefore there.
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub fn named_interaction(&self, id: InteractionId) -> Result<Interaction> {
        self.interaction(id)?.ok_or_else(dangling)
    }

    /// A task by id.
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub fn task(&self, id: TaskId) -> Result<Option<Task>> {
        self.count(1)?;
        let found = self.snapshot().task(id).map_err(fault)?;
        Ok(found.map(|found| Task::new(self.clone(), found)))
    }

    /// A task that another entity names, and that is therefore there.
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub fn named_task(&self, id: TaskId) -> Result<Task> {
        self.task(id)?.ok_or_else(dangling)
    }

    /// An interaction template by code.
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub fn template(&self, code: &str) -> Result<Option<InteractionTemplate>> {
        self.count(1)?;
        let found = self.snapshot().template(code).map_err(fault)?;
        Ok(found.map(|found| InteractionTemplate::new(self.clone(), found)))
    }

    /// A team by code.
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub fn team(&self, code: &str) -> Result<Option<Team>> {
        self.count(1)?;
        let found = self.snapshot().team(code).map_err(fault)?;
        Ok(found.map(|found| Team::new(self.clone(), found)))
    }

    /// A team that another entity names, and that is therefore there.
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub fn named_team(&self, code: &str) -> Result<Team> {
        self.team(code)?.ok_or_else(dangling)
    }

    /// An employee by code.
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub fn employee(&self, code: &str) -> Result<Option<Employee>> {
        self.count(1)?;
        let found = self.snapshot().employee(code).map_err(fault)?;
        Ok(found.map(|found| Employee::new(self.clone(), found)))
    }

    /// An employee that another entity names, and that is therefore there.
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub fn named_employee(&self, code: &str) -> Result<Employee> {
        self.employee(code)?.ok_or_else(dangling)
    }

    /// A code list by name; `None` when there is no such list.
    ///
    /// # Errors
    /// A fault, or `QUERY_TOO_LARGE`.
    pub fn code_list(&self, name: &str) -> Result<Option<CodeList>> {
        self.count(1)?;
        let list = self.list(name)?;
        let known = list.rows().next().is_some();
        Ok(known.then(|| CodeList::new(self.clone(), list)))
    }

    /// The contact with this number, as typed; a customer's number names the contact whose account it is, as in commands.
    ///
    /// # Errors
    /// As [`Reader::contact`].
    pub fn contact_by_number(&self, number: &str) -> Result<Option<Contact>> {
        let number = number.trim().to_uppercase();
        if let Some(id) = self.snapshot().contact_by_number(&number).map_err(fault)? {
            return self.contact(id);
        }
        let customer = self.snapshot().customer_by_number(&number).map_err(fault)?;
        customer.map_or(Ok(None), |id| self.contact(self.uncounted_customer(id)?.state().contact))
    }

    /// The customer with this number, as typed; a contact's number names the customer that is its account, as in commands.
    ///
    /// # Errors
    /// As [`Reader::customer`].
    pub fn customer_by_number(&self, number: &str) -> Result<Option<Customer>> {
        let number = number.trim().to_uppercase();
        if let Some(id) = self.snapshot().customer_by_number(&number).map_err(fault)? {
            return self.customer(id);
        }
        let contact = self.snapshot().contact_by_number(&number).map_err(fault)?;
        let account = contact.map(|id| self.uncounted_contact(id)).transpose()?;
        account.and_then(|contact| contact.state().customer).map_or(Ok(None), |id| self.customer(id))
    }

    /// The row of a code; `None` when the list has no such code.
    ///
    /// # Errors
    /// A fault.
    pub(crate) fn code(&self, list: &str, code: &str) -> Result<Option<CodeRow>> {
        let list = self.list(list)?;
        Ok(CodeRow::of(&list, code))
    }

    /// A list, read once per snapshot: a page may ask for the labels of a hundred codes.
    pub(crate) fn list(&self, name: &str) -> Result<Arc<code_list::CodeList>> {
        let mut lists = self.0.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lists.get(name) {
            return Ok(Arc::clone(known));
        }
        let list = self.snapshot().code_list(name).map_err(fault)?;
        // Names come from the request: only those that exist are worth keeping.
        if list.rows().next().is_some() {
            lists.insert(name.to_owned(), Arc::clone(&list));
        }
        Ok(list)
    }

    /// What a person reads for a code; the code itself when its list has it no longer.
    ///
    /// # Errors
    /// A fault.
    pub(crate) fn label(&self, list: &str, code: &str, lang: Lang) -> Result<String> {
        let rows = self.list(list)?;
        let text = rows.row(code).map_or(code, |row| code_list::label(list, row, lang.into()));
        Ok(text.to_owned())
    }

    /// As [`Reader::label`], of several codes.
    ///
    /// # Errors
    /// A fault.
    pub(crate) fn labels(
        &self,
        list: &str,
        codes: impl IntoIterator<Item = impl AsRef<str>>,
        lang: Lang,
    ) -> Result<Vec<String>> {
        codes.into_iter().map(|code| self.label(list, code.as_ref(), lang)).collect()
    }

    /// The position of the last commit that names the entity.
    ///
    /// # Errors
    /// A fault.
    pub(crate) fn version(&self, entity: &EntityId) -> Result<Position> {
        self.snapshot().version(entity).map_err(fault)
    }

    /// The date of an optional argument; today when it is left out.
    ///
    /// # Errors
    /// `INVALID_DATE` or `DATE_OUT_OF_RANGE`.
    pub(crate) fn date(&self, given: Option<&DateText>, argument: &'static str) -> Result<Date> {
        given.map_or_else(|| Ok(self.today()), |date| date.read(argument))
    }

    /// Asks the domain a question that looks entities up on its way.
    ///
    /// # Errors
    /// A fault under one of the look-ups; the answer is thrown away then.
    pub(crate) fn ask<T>(&self, question: impl FnOnce(&LookUp<'_>) -> T) -> Result<T> {
        let look_up = LookUp { reader: self, faults: FirstFault::default() };
        let answer = question(&look_up);
        look_up.faults.checked(answer).map_err(fault)
    }

    /// Runs a search where it may take its time.
    ///
    /// # Errors
    /// A fault, or the search panicked.
    pub(crate) async fn search<T: Send + 'static>(
        &self,
        search: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let reader = self.clone();
        tokio::task::spawn_blocking(move || search(&reader))
            .await
            .map_err(|_| error("INTERNAL", "The search failed; tell the operator."))?
    }

    /// An entity at hand, handed out once more.
    ///
    /// # Errors
    /// `QUERY_TOO_LARGE`.
    pub(crate) fn again<T: Clone>(&self, known: &T) -> Result<T> {
        self.count(1)?;
        Ok(known.clone())
    }

    /// Takes `many` off what the request may still be given.
    ///
    /// # Errors
    /// `QUERY_TOO_LARGE`.
    pub(crate) fn count(&self, many: usize) -> Result<()> {
        let left = &self.0.entities_left;
        let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(many));
        if taken.is_ok() { Ok(()) } else { Err(too_large()) }
    }
}

fn too_large() -> Error {
    error(
        "QUERY_TOO_LARGE",
        format!(
            "The query reaches more than {MOST_ENTITIES} entities and role lines; ask for smaller pages, or less deep."
        ),
    )
}

fn dangling() -> Error {
    error("INTERNAL", "An entity is named that is not there; tell the operator.")
}

/// Entities for a question of the domain.
pub(crate) struct LookUp<'r> {
    reader: &'r Reader,
    faults: FirstFault<EngineFault>,
}

impl LookUp<'_> {
    pub(crate) fn contact(&self, id: ContactId) -> Option<Arc<contact::Contact>> {
        self.faults.kept(self.reader.snapshot().contact(id)).map(|found| found.state)
    }

    pub(crate) fn customer(&self, id: CustomerId) -> Option<Arc<customer::Customer>> {
        self.faults.kept(self.reader.snapshot().customer(id)).map(|found| found.state)
    }
}
