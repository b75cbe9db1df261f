//! Names of things: entities, and places in the log.
//!
//! An id is immutable and holds no personal data; a *number* (contact number, customer number) is an attribute that
//! people use and that may change. Ids are given out by the world, never invented here.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A place in the log: 1 is the first commit, 0 is before it. Gapless.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Position(pub u64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where and when an event stands: the position of its commit and the commit's time, in microseconds since 1970 (UTC).
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct At {
    /// Position of the commit.
    pub position: Position,
    /// Time of the commit, microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
}

/// A contact: person, household, company (spec §1.1).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ContactId(pub u64);

impl From<ContactId> for u64 {
    fn from(id: ContactId) -> Self {
        id.0
    }
}

/// A customer: the account of exactly one contact (spec §1.1).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct CustomerId(pub u64);

/// A contact moment: the entry in the log of interactions (E2-27).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct InteractionId(pub u64);

impl From<InteractionId> for u64 {
    fn from(id: InteractionId) -> Self {
        id.0
    }
}

/// A task of a team (E2-28).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct TaskId(pub u64);

impl From<TaskId> for u64 {
    fn from(id: TaskId) -> Self {
        id.0
    }
}

/// Any entity that an event can name; written `contact:123`, `customer:7`, `interaction:5`, `task:9`, `template:BEL`,
/// `team:VERHUUR`, `employee:JDV`, `code-list:ROLE`, `address-table`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum EntityId {
    /// A contact.
    Contact(ContactId),
    /// A customer.
    Customer(CustomerId),
    /// A code list, by its upper-case name.
    CodeList(String),
    /// The one address table.
    AddressTable,
    /// A contact moment.
    Interaction(InteractionId),
    /// A task.
    Task(TaskId),
    /// An interaction template, by its upper-case code.
    Template(String),
    /// A team, by its upper-case code.
    Team(String),
    /// An employee, by its upper-case code.
    Employee(String),
}

impl EntityId {
    /// The contact, if it is one.
    pub fn contact(&self) -> Option<ContactId> {
        if let Self::Contact(id) = self { Some(*id) } else { None }
    }

    /// The customer, if it is one.
    pub fn customer(&self) -> Option<CustomerId> {
        if let Self::Customer(id) = self { Some(*id) } else { None }
    }

    /// The contact moment, if it is one.
    pub fn interaction(&self) -> Option<InteractionId> {
        if let Self::Interaction(id) = self { Some(*id) } else { None }
    }

    /// The task, if it is one.
    pub fn task(&self) -> Option<TaskId> {
        if let Self::Task(id) = self { Some(*id) } else { None }
    }

    /// The code of the template, if it is one.
    pub fn template(&self) -> Option<&str> {
        if let Self::Template(code) = self { Some(code) } else { None }
    }

    /// The code of the team, if it is one.
    pub fn team(&self) -> Option<&str> {
        if let Self::Team(code) = self { Some(code) } else { None }
    }

    /// The code of the employee, if it is one.
    pub fn employee(&self) -> Option<&str> {
        if let Self::Employee(code) = self { Some(code) } else { None }
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contact(id) => write!(f, "contact:{}", id.0),
            Self::Customer(id) => write!(f, "customer:{}", id.0),
            Self::CodeList(list) => write!(f, "code-list:{list}"),
            Self::AddressTable => write!(f, "address-table"),
            Self::Interaction(id) => write!(f, "interaction:{}", id.0),
            Self::Task(id) => write!(f, "task:{}", id.0),
            Self::Template(code) => write!(f, "template:{code}"),
            Self::Team(code) => write!(f, "team:{code}"),
            Self::Employee(code) => write!(f, "employee:{code}"),
        }
    }
}

/// The text does not name an entity; see [`EntityId`] for the forms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotAnEntity(pub String);

impl fmt::Display for NotAnEntity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} names no entity; write contact:123, customer:7, interaction:5, task:9, template:BEL, team:VERHUUR, \
             employee:JDV, code-list:ROLE or address-table",
            self.0
        )
    }
}

impl std::error::Error for NotAnEntity {}

impl FromStr for EntityId {
    type Err = NotAnEntity;

    fn from_str(text: &str) -> Result<Self, NotAnEntity> {
        let wrong = || NotAnEntity(text.chars().take(80).collect());
        let Some((kind, name)) = text.split_once(':') else {
            return if text == "address-table" { Ok(Self::AddressTable) } else { Err(wrong()) };
        };
        let id = || name.parse::<u64>().map_err(|_| wrong());
        let code = || {
            if name.is_empty() || name.len() > 80 { Err(wrong()) } else { Ok(name.to_owned()) }
        };
        match kind {
            "contact" => id().map(|id| Self::Contact(ContactId(id))),
            "customer" => id().map(|id| Self::Customer(CustomerId(id))),
            "interaction" => id().map(|id| Self::Interaction(InteractionId(id))),
            "task" => id().map(|id| Self::Task(TaskId(id))),
            "code-list" => code().map(Self::CodeList),
            "template" => code().map(Self::Template),
            "team" => code().map(Self::Team),
            "employee" => code().map(Self::Employee),
            _ => Err(wrong()),
        }
    }
}

/// How a command points at a contact: by id, or by its number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ContactRef {
    /// By id.
    Id(ContactId),
    /// By contact number, as typed.
    Number(String),
}

impl From<ContactId> for ContactRef {
    fn from(id: ContactId) -> Self {
        Self::Id(id)
    }
}

/// How a command points at a customer: by id, or by its number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CustomerRef {
    /// By id.
    Id(CustomerId),
    /// By customer number, as typed.
    Number(String),
}

impl From<CustomerId> for CustomerRef {
    fn from(id: CustomerId) -> Self {
        Self::Id(id)
    }
}

/// The holder of role lines: a contact itself, or the contact of a customer (E1-08 names the customer; the line is
/// stored at its household).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum PartyRef {
    /// The contact itself.
    Contact(ContactRef),
    /// The contact that this customer is the account of.
    Customer(CustomerRef),
}

impl PartyRef {
    /// The input field that names it.
    pub(crate) fn field(&self) -> &'static str {
        match self {
            Self::Contact(_) => "contactId",
            Self::Customer(_) => "customerNo",
        }
    }
}
