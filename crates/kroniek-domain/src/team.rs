//! Teams: to whom tasks are given (E2-25, E2-29, E2-32, E2-42b; D-16).
//!
//! Who belongs to a team is looked up when a list is read, never when a task is made: a new member sees the tasks that
//! are open, and one that left no longer does.

use crate::draft::{Decide, Draft, Refused, SHORT_CODE_LIMIT};
use crate::employee::{self, Employee, NAME_LIMIT};
use crate::event::{self, stored_events};
use crate::ids::EntityId;
use crate::permission::Permission;
use crate::problem::{General, Problem};
use crate::values;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

// ---- commands

/// Makes a team (E2-42b).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DefineTeam {
    /// Code, unique among teams.
    pub code: String,
    /// Name on a screen.
    pub name: String,
}

/// Adds an employee to a team (E2-42b).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AddTeamMember {
    /// Code of the team.
    pub team: String,
    /// Code of the employee.
    pub employee: String,
}

/// Takes an employee out of a team; the tasks that it took stay its own, and it finishes or releases them (E2-42b). Open
/// tasks hold back only who leaves the service ([`employee::EndEmployee`]).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RemoveTeamMember {
    /// Code of the team.
    pub team: String,
    /// Code of the employee.
    pub employee: String,
}

// ---- events

/// A team was made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TeamDefined {
    /// Code.
    pub code: String,
    /// Name on a screen.
    pub name: String,
}

/// An employee became a member.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TeamMemberAdded {
    /// Code of the team.
    pub team: String,
    /// Code of the employee.
    pub employee: String,
}

/// An employee is no longer a member.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TeamMemberRemoved {
    /// Code of the team.
    pub team: String,
    /// Code of the employee.
    pub employee: String,
}

stored_events! {
    /// A team was made.
    125 v 1 TeamDefined,
    /// An employee became a member.
    126 v 1 TeamMemberAdded,
    /// An employee is no longer a member.
    127 v 1 TeamMemberRemoved,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let both = |team: &String, employee: &String| {
            vec![EntityId::Team(team.clone()), EntityId::Employee(employee.clone())]
        };
        match self {
            Self::TeamDefined(e) => vec![EntityId::Team(e.code.clone())],
            Self::TeamMemberAdded(e) => both(&e.team, &e.employee),
            Self::TeamMemberRemoved(e) => both(&e.team, &e.employee),
        }
    }
}

// ---- refusals

/// Why a change of a team is refused, or a team.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The employee is no member of the team.
    NotTeamMember {
        /// The input field, if one names the employee.
        field: Option<&'static str>,
        /// Code of the team.
        team: String,
        /// Code of the employee.
        employee: String,
    },
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::NotTeamMember { field, team, employee } => {
                let problem = Problem::new(
                    "NOT_TEAM_MEMBER",
                    format!(
                        "Employee {employee} is no member of team {team}: let a member take it, or add the employee to the team first."
                    ),
                );
                match field {
                    Some(field) => problem.field(*field),
                    None => problem,
                }
            }
        }
    }
}

// ---- state

/// A team.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Team {
    /// Code.
    pub code: String,
    /// Name on a screen; empty before the first event.
    pub name: String,
    /// Codes of its members, all of them in service.
    pub members: BTreeSet<String>,
}

impl Team {
    /// A team before its first event.
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), name: String::new(), members: BTreeSet::new() }
    }

    /// Folds one event that names this team. The only code path to any state of it, live, past or rebuilt.
    pub fn evolve(&mut self, event: &event::Event) {
        match event {
            event::Event::Team(event) => evolve(self, event),
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
            | event::Event::Employee(_)
            | event::Event::Template(_)
            | event::Event::Interaction(_)
            | event::Event::Task(_) => {}
        }
    }
}

// ---- decide

impl Decide for DefineTeam {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Reference)?;
        let code = d.text("code", values::code(&self.code, SHORT_CODE_LIMIT));
        let name = d.text("name", values::line(&self.name, NAME_LIMIT));
        if let Some(code) = &code
            && d.team(code).is_some()
        {
            d.refuse(employee::Refusal::CodeExists { code: code.clone() });
        }
        let (Some(code), Some(name)) = (code, name) else { return Err(Refused) };
        d.stop_if_refused()?;
        d.address(EntityId::Team(code.clone()))?;
        d.record(TeamDefined { code, name });
        Ok(())
    }
}

impl Decide for AddTeamMember {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let (team, member) = named(d, &self.team, &self.employee)?;
        if !member.in_service() {
            let employee = member.code.clone();
            return Err(d.refuse(employee::Refusal::EmployeeEnded { field: "employeeCode", employee }));
        }
        if !team.members.contains(&member.code) {
            d.record(TeamMemberAdded { team: team.code.clone(), employee: member.code.clone() });
        }
        Ok(())
    }
}

impl Decide for RemoveTeamMember {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let (team, member) = named(d, &self.team, &self.employee)?;
        if team.members.contains(&member.code) {
            d.record(TeamMemberRemoved { team: team.code.clone(), employee: member.code.clone() });
        }
        Ok(())
    }
}

fn named(d: &mut Draft<'_>, team: &str, member: &str) -> Result<(Arc<Team>, Arc<Employee>), Refused> {
    d.need(Permission::Reference)?;
    let team = find(d, "teamCode", team);
    let member = employee::find(d, "employeeCode", member);
    let (team, member) = (team?, member?);
    d.address(EntityId::Team(team.code.clone()))?;
    Ok((team, member))
}

/// The team with this code, or `NOT_FOUND`.
fn find(d: &mut Draft<'_>, field: &'static str, raw: &str) -> Result<Arc<Team>, Refused> {
    let code = d.text(field, values::code(raw, SHORT_CODE_LIMIT)).ok_or(Refused)?;
    d.team(&code).ok_or_else(|| d.refuse(General::NotFound { field }))
}

/// A team as a code of the list of teams (§8); `None` after a refusal.
pub(crate) fn choose(d: &mut Draft<'_>, field: &'static str, raw: &str) -> Option<Arc<Team>> {
    let code = d.text(field, values::code(raw, SHORT_CODE_LIMIT))?;
    let found = d.team(&code);
    if found.is_none() {
        d.refuse(General::UnknownCode { field, list: "TEAM".to_owned() });
    }
    found
}

// ---- evolve

fn evolve(team: &mut Team, event: &Event) {
    match event {
        Event::TeamDefined(e) => e.name.clone_into(&mut team.name),
        Event::TeamMemberAdded(e) => {
            team.members.insert(e.employee.clone());
        }
        Event::TeamMemberRemoved(e) => {
            team.members.remove(&e.employee);
        }
    }
}

/// Folds into an employee which teams it belongs to.
pub(crate) fn evolve_employee(employee: &mut Employee, event: &Event) {
    match event {
        Event::TeamDefined(_) => {}
        Event::TeamMemberAdded(e) => {
            employee.teams.insert(e.team.clone());
        }
        Event::TeamMemberRemoved(e) => {
            employee.teams.remove(&e.team);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::employee::tests::{add, end};
    use crate::testing::Scenario;
    use crate::world::World;

    pub(crate) fn define(code: &str) -> DefineTeam {
        DefineTeam { code: code.into(), name: format!("Team {code}") }
    }

    pub(crate) fn join(team: &str, employee: &str) -> AddTeamMember {
        AddTeamMember { team: team.into(), employee: employee.into() }
    }

    fn leave(team: &str, employee: &str) -> RemoveTeamMember {
        RemoveTeamMember { team: team.into(), employee: employee.into() }
    }

    #[test]
    fn e2_42b_a_team_is_made_once() {
        let story = Scenario::new().when(define("verhuur")).then(&["TeamDefined"]);
        story.when(define("VERHUUR")).then_refused(&["CODE_EXISTS"]);
        story.when(define("ELEVENCHARS")).then_refused(&["TOO_LONG"]);
        story.when(DefineTeam { code: "X".into(), name: " ".into() }).then_refused(&["REQUIRED"]);
        story.without(&[Permission::Reference]).when(define("B")).then_refused(&["FORBIDDEN"]);
    }

    #[test]
    fn e2_42b_members_come_and_go_and_know_their_teams() {
        let story = Scenario::new().given(define("A")).given(define("B")).given(add("JDV"));
        let story = story.when(join("a", "jdv")).then(&["TeamMemberAdded"]).given(join("B", "JDV"));
        story.when(join("A", "JDV")).then_nothing();
        assert_eq!(story.world.employee("JDV").unwrap().teams, ["A".to_owned(), "B".to_owned()].into());
        let left = story.when(leave("A", "JDV")).then(&["TeamMemberRemoved"]);
        left.when(leave("A", "JDV")).then_nothing();
        assert!(left.world.team("A").unwrap().members.is_empty());
        story.when(join("C", "XYZ")).then_refused(&["NOT_FOUND", "NOT_FOUND"]);
        story.without(&[Permission::Reference]).when(leave("A", "JDV")).then_refused(&["FORBIDDEN"]);
    }

    #[test]
    fn e2_42b_who_leaves_leaves_every_team() {
        let story = Scenario::new().given(define("A")).given(define("B")).given(add("JDV"));
        let story = story.given(join("A", "JDV")).given(join("B", "JDV"));
        let when = story.when(end("JDV"));
        assert_eq!(when.causes(), [None, Some(0), Some(0)]);
        let gone = when.then(&["EmployeeEnded", "TeamMemberRemoved", "TeamMemberRemoved"]);
        assert!(gone.world.team("A").unwrap().members.is_empty());
        gone.when(join("A", "JDV")).then_refused(&["EMPLOYEE_ENDED"]);
    }
}
