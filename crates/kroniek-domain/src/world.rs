//! What a decision may look at: entities by id, and a closed list of indexes.

use crate::code_list::CodeList;
use crate::contact::Contact;
use crate::customer::Customer;
use crate::duplicate;
use crate::employee::Employee;
use crate::ids::{ContactId, CustomerId, EntityId, InteractionId, Position, TaskId};
use crate::interaction::Interaction;
use crate::task::Task;
use crate::team::Team;
use crate::template::Template;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::sync::Arc;

/// The world as after the last decided command. Synchronous and read-only.
///
/// The methods do not fail: a shell whose storage breaks under a read answers "nothing", remembers the fault, and throws
/// the decision away. Indexes may answer too much (an entity that has just lost the key), never too little: whoever
/// asks checks the entity itself.
pub trait World {
    /// A contact by id.
    fn contact(&self, id: ContactId) -> Option<Arc<Contact>>;
    /// A customer by id.
    fn customer(&self, id: CustomerId) -> Option<Arc<Customer>>;
    /// What is stored of a code list; the built-in rows are the list's initial state.
    fn code_list(&self, list: &str) -> Option<Arc<CodeList>>;
    /// The contact that has, or ever had, this number (numbers are never reused).
    fn contact_by_number(&self, number: &str) -> Option<ContactId>;
    /// The customer that has this number; where none has, one that ever had it.
    fn customer_by_number(&self, number: &str) -> Option<CustomerId>;
    /// Persons with this BSN.
    fn persons_by_bsn(&self, bsn: &str) -> Vec<ContactId>;
    /// Persons that are customers themselves, whose folded full name is this key; others may be among them.
    fn customer_persons_by_name(&self, folded: &str) -> Vec<ContactId>;
    /// Contacts that are found by this key of [`crate::duplicate`]; those of an IBAN may be left out.
    fn contacts_by_key(&self, key: duplicate::Key) -> Vec<ContactId>;
    /// The customer that has a mandate with this code (codes are unique at the creditor).
    fn mandate_owner(&self, code: &str) -> Option<CustomerId>;
    /// Shows every customer to `look` until that breaks off, in no order. Reads them all: for changes of reference data
    /// that may contradict what was decided with it, and for nothing that happens every day. `look` must not ask the
    /// world.
    fn each_customer(&self, look: &mut dyn FnMut(&Customer) -> ControlFlow<()>);
    /// The customer that has, or had, this debtor number at the organisation (A2-24).
    fn debtor(&self, organisation: &str, number: &str) -> Option<CustomerId>;
    /// Rows of the address table for a postcode and house number.
    fn addresses(&self, postcode: &str, house_no: u32) -> Addresses;
    /// The hash of the address table in use.
    fn address_table(&self) -> Option<[u8; 32]>;
    /// The greatest contact id given out, 0 when none.
    fn last_contact_id(&self) -> ContactId;
    /// The greatest customer id given out, 0 when none.
    fn last_customer_id(&self) -> CustomerId;
    /// A contact moment by id.
    fn interaction(&self, id: InteractionId) -> Option<Arc<Interaction>>;
    /// A task by id.
    fn task(&self, id: TaskId) -> Option<Arc<Task>>;
    /// An interaction template by code.
    fn template(&self, code: &str) -> Option<Arc<Template>>;
    /// A team by code.
    fn team(&self, code: &str) -> Option<Arc<Team>>;
    /// An employee by code.
    fn employee(&self, code: &str) -> Option<Arc<Employee>>;
    /// Codes of the employees whose folded user name is this key, of former ones too.
    fn employees_by_user(&self, folded: &str) -> Vec<String>;
    /// Tasks that the employee took and has not finished.
    fn open_tasks_of(&self, employee: &str) -> Vec<TaskId>;
    /// Whether a contact moment is recorded at the contact, cancelled or not (D-14).
    fn has_interactions(&self, contact: ContactId) -> bool;
    /// The greatest interaction id given out, 0 when none.
    fn last_interaction_id(&self) -> InteractionId;
    /// The greatest task id given out, 0 when none.
    fn last_task_id(&self) -> TaskId;
    /// The position of the last commit that names the entity; 0 when none does.
    fn version(&self, entity: &EntityId) -> Position;
}

/// One row of the address table.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct AddressRow {
    /// Street.
    pub street: String,
    /// House number, 1 to 99999.
    pub house_no: u32,
    /// House letter, or empty.
    pub letter: String,
    /// Addition, or empty.
    pub addition: String,
    /// Postcode as `1234AB`.
    pub postcode: String,
    /// City.
    pub city: String,
}

/// What the address table answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Addresses {
    /// No table was imported yet.
    NoTable,
    /// The log names a table whose file is missing or altered.
    Unavailable(String),
    /// The rows; possibly none.
    Rows(Vec<AddressRow>),
}
