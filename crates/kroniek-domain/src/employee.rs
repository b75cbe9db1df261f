//! Employees: who may take tasks (E2-37, E2-42b).
//!
//! Who acts is an employee when an employee in service has the actor's name as its user name, whatever its case and
//! accents. That is how the core knows "yourself" in E2-35. A user name is the employee's code unless another is given,
//! and of those in service no two have the same.
//!
//! Names of employees are not enveloped: like the actor of a commit they say who did what, for as long as the log stands.

use crate::draft::{CODE_LIMIT, Decide, Draft, Refused};
use crate::event::{self, stored_events};
use crate::ids::{EntityId, TaskId};
use crate::permission::Permission;
use crate::problem::{General, Problem};
use crate::task;
use crate::team;
use crate::values::{self, Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Longest name of an employee, of a user, a team or a template, in characters.
pub const NAME_LIMIT: usize = 100;

// ---- commands

/// Adds an employee (E2-42b).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AddEmployee {
    /// Code, such as initials; never used again.
    pub code: String,
    /// Name on a screen.
    pub name: String,
    /// The name under which the employee acts; the code when left out.
    pub user_name: Option<String>,
}

/// Ends the service of an employee, and its membership of every team (E2-42b).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EndEmployee {
    /// Code.
    pub code: String,
}

// ---- events

/// An employee came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EmployeeAdded {
    /// Code.
    pub code: String,
    /// Name on a screen.
    pub name: String,
    /// The name under which the employee acts.
    pub user_name: String,
}

/// An employee left.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EmployeeEnded {
    /// Code.
    pub code: String,
    /// The day on which it was recorded.
    pub on: Date,
}

stored_events! {
    /// An employee came.
    120 v 1 EmployeeAdded,
    /// An employee left.
    121 v 1 EmployeeEnded,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let code = match self {
            Self::EmployeeAdded(e) => &e.code,
            Self::EmployeeEnded(e) => &e.code,
        };
        vec![EntityId::Employee(code.clone())]
    }
}

// ---- refusals

/// Why a change of an employee is refused, or an employee.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// An employee, team or template with this code exists.
    CodeExists {
        /// The code.
        code: String,
    },
    /// Another employee in service acts under this name.
    UserNameTaken {
        /// Code of that employee.
        employee: String,
    },
    /// Somebody must finish, release or be given these first.
    HasOpenTasks {
        /// The tasks, with their teams.
        tasks: Vec<(TaskId, String)>,
    },
    /// The actor is no employee in service.
    NotAnEmployee,
    /// The employee has left.
    EmployeeEnded {
        /// The input field.
        field: &'static str,
        /// Code of the employee.
        employee: String,
    },
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::CodeExists { code } => {
                Problem::new("CODE_EXISTS", format!("Code {code} was given out before: choose another one."))
                    .field("code")
            }
            Self::UserNameTaken { employee } => Problem::new(
                "USER_NAME_TAKEN",
                format!("Employee {employee} acts under this user name: choose another one."),
            )
            .field("userName")
            .entity(EntityId::Employee(employee.clone())),
            Self::HasOpenTasks { tasks } => Problem::new(
                "HAS_OPEN_TASKS",
                "Tasks are still open: let them be finished, released or reassigned first.",
            )
            .blocking("TASK", tasks.iter().map(|(id, team)| task::blocks(*id, team))),
            Self::NotAnEmployee => Problem::new(
                "NOT_AN_EMPLOYEE",
                "Nobody in service has your user name: let an administrator add you as an employee.",
            ),
            Self::EmployeeEnded { field, employee } => Problem::new(
                "EMPLOYEE_ENDED",
                format!("Employee {employee} is no longer in service: choose somebody who is."),
            )
            .field(*field),
        }
    }
}

// ---- state

/// An employee.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Employee {
    /// Code.
    pub code: String,
    /// Name on a screen; empty before the first event.
    pub name: String,
    /// The name under which the employee acts.
    pub user_name: String,
    /// The day on which the service ended.
    pub ended: Option<Date>,
    /// Codes of the teams that it is a member of.
    pub teams: BTreeSet<String>,
}

impl Employee {
    /// An employee before its first event.
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            name: String::new(),
            user_name: String::new(),
            ended: None,
            teams: BTreeSet::new(),
        }
    }

    /// Folds one event that names this employee. The only code path to any state of it, live, past or rebuilt.
    pub fn evolve(&mut self, event: &event::Event) {
        match event {
            event::Event::Employee(event) => evolve(self, event),
            event::Event::Team(event) => team::evolve_employee(self, event),
            event::Event::Contact(_)
            | event::Event::Channel(_)
            | event::Event::Address(_)
            | event::Event::Role(_)
            | event::Event::PersonalData(_)
            | event::Event::Death(_)
            | event::Event::Customer(_)
            | event::Event::Leader(_)
            | event::Event::BankAccount(_)
            | event::Event::Mandate(_)
            | event::Event::Payment(_)
            | event::Event::Shop(_)
            | event::Event::SignOff(_)
            | event::Event::Mail(_)
            | event::Event::Placement(_)
            | event::Event::Link(_)
            | event::Event::Structure(_)
            | event::Event::ClientStatus(_)
            | event::Event::Acceptance(_)
            | event::Event::Card(_)
            | event::Event::Administration(_)
            | event::Event::CodeList(_)
            | event::Event::AddressTable(_)
            | event::Event::Template(_)
            | event::Event::Interaction(_)
            | event::Event::Task(_) => {}
        }
    }

    /// Whether the service has not ended.
    pub fn in_service(&self) -> bool {
        self.ended.is_none()
    }

    /// The user name as it is compared.
    pub fn user_key(&self) -> String {
        values::fold(&self.user_name)
    }
}

// ---- decide

impl Decide for AddEmployee {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Reference)?;
        let code = d.text("code", values::code(&self.code, CODE_LIMIT));
        let name = d.text("name", values::line(&self.name, NAME_LIMIT));
        let user_name =
            d.optional_text("userName", self.user_name.as_ref(), |raw| values::line(raw, NAME_LIMIT));
        if let Some(code) = &code
            && d.employee(code).is_some()
        {
            d.refuse(Refusal::CodeExists { code: code.clone() });
        }
        let user_name = user_name.and_then(|given| given.or_else(|| code.clone()));
        if let Some(user_name) = &user_name {
            must_be_free(d, user_name);
        }
        let (Some(code), Some(name), Some(user_name)) = (code, name, user_name) else { return Err(Refused) };
        d.stop_if_refused()?;
        d.address(EntityId::Employee(code.clone()))?;
        d.record(EmployeeAdded { code, name, user_name });
        Ok(())
    }
}

/// Two employees in service under one user name would make "yourself" mean two people.
fn must_be_free(d: &mut Draft<'_>, user_name: &str) {
    let key = values::fold(user_name);
    if key.is_empty() {
        d.refuse(General::InvalidText("userName"));
    } else if let Some(other) = in_service(d, &key) {
        d.refuse(Refusal::UserNameTaken { employee: other.code.clone() });
    }
}

impl Decide for EndEmployee {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Reference)?;
        let employee = find(d, "code", &self.code)?;
        d.address(EntityId::Employee(employee.code.clone()))?;
        if !employee.in_service() {
            return Ok(());
        }
        let open = d.world().open_tasks_of(&employee.code).into_iter().filter_map(|id| d.task(id));
        let tasks: Vec<_> = open
            .filter(|task| task.open_at(&employee.code))
            .map(|task| (task.id, task.team.clone()))
            .collect();
        if !tasks.is_empty() {
            return Err(d.refuse(Refusal::HasOpenTasks { tasks }));
        }
        let on = d.today();
        d.record_with(EmployeeEnded { code: employee.code.clone(), on }, |d| {
            for team in &employee.teams {
                d.record(team::TeamMemberRemoved { team: team.clone(), employee: employee.code.clone() });
            }
        });
        Ok(())
    }
}

/// The employee with this code, in service or not.
pub(crate) fn find(d: &mut Draft<'_>, field: &'static str, raw: &str) -> Result<Arc<Employee>, Refused> {
    let code = d.text(field, values::code(raw, CODE_LIMIT)).ok_or(Refused)?;
    d.employee(&code).ok_or_else(|| d.refuse(General::NotFound { field }))
}

/// The employee that acts; `None` when the actor is no employee in service.
pub(crate) fn acting(d: &Draft<'_>) -> Option<Arc<Employee>> {
    in_service(d, &values::fold(&d.ctx().actor.name))
}

fn in_service(d: &Draft<'_>, key: &str) -> Option<Arc<Employee>> {
    let codes = d.world().employees_by_user(key);
    let mut found = codes.iter().filter_map(|code| d.employee(code));
    found.find(|employee| employee.in_service() && employee.user_key() == key)
}

// ---- evolve

fn evolve(employee: &mut Employee, event: &Event) {
    match event {
        Event::EmployeeAdded(e) => {
            e.name.clone_into(&mut employee.name);
            e.user_name.clone_into(&mut employee.user_name);
        }
        Event::EmployeeEnded(e) => employee.ended = Some(e.on),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::testing::Scenario;
    use crate::world::World;

    pub(crate) fn add(code: &str) -> AddEmployee {
        AddEmployee { code: code.into(), name: format!("Medewerker {code}"), user_name: None }
    }

    pub(crate) fn end(code: &str) -> EndEmployee {
        EndEmployee { code: code.into() }
    }

    #[test]
    fn e2_42b_an_employee_comes_and_goes() {
        let story = Scenario::new().when(add(" jdv ")).then(&["EmployeeAdded"]);
        let employee = story.world.employee("JDV").unwrap();
        assert_eq!((&*employee.name, &*employee.user_name), ("Medewerker jdv", "JDV"));
        story.when(add("JDV")).then_refused(&["CODE_EXISTS", "USER_NAME_TAKEN"]);
        let gone = story.when(end("jdv")).then(&["EmployeeEnded"]);
        assert!(!gone.world.employee("JDV").unwrap().in_service());
        gone.when(end("JDV")).then_nothing();
        gone.when(end("XYZ")).then_refused(&["NOT_FOUND"]);
        gone.when(end(" ")).then_refused(&["REQUIRED"]);
        gone.when(add("JDV")).then_refused(&["CODE_EXISTS"]);
    }

    #[test]
    fn e2_42b_an_employee_has_a_code_and_a_name() {
        let wrong = AddEmployee { code: "A B".into(), name: String::new(), user_name: Some("x\u{7}".into()) };
        let story = Scenario::new();
        story.when(wrong).then_refused(&["INVALID_TEXT", "REQUIRED", "INVALID_TEXT"]);
        story.when(AddEmployee { code: "A".repeat(21), ..add("A") }).then_refused(&["TOO_LONG"]);
        let blind = AddEmployee { user_name: Some("''".into()), ..add("A") };
        assert_eq!(story.when(blind).fields(), ["userName"]);
    }

    #[test]
    fn e2_35_of_those_in_service_no_two_act_under_one_name() {
        let acting_as = |code: &str, user: &str| AddEmployee { user_name: Some(user.into()), ..add(code) };
        let story = Scenario::new().given(acting_as("A", "j.de.vries"));
        story.when(acting_as("B", "J.de.Vríes")).then_refused(&["USER_NAME_TAKEN"]);
        story.given(end("A")).when(acting_as("B", "J.de.Vries")).then(&["EmployeeAdded"]);
    }

    #[test]
    fn e2_42b_administration_needs_its_right() {
        let story = Scenario::new().given(add("A"));
        story.clone().without(&[Permission::Reference]).when(add("B")).then_refused(&["FORBIDDEN"]);
        story.without(&[Permission::Reference]).when(end("A")).then_refused(&["FORBIDDEN"]);
    }
}
