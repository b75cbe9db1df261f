//! Contact moments, tasks, and what they need: templates, teams, employees. Their rows, and the lists over them.

use crate::ViewFault;
use crate::batch::{Batch, Folded};
use crate::positions;
use crate::reader::{self, Found, Page, Reader, Versioned, one_more};
use crate::rows::encoded;
use crate::writer::{signed, spill};
use foldhash::HashMap;
use kroniek_domain::employee::Employee;
use kroniek_domain::interaction::{Interaction, Subject};
use kroniek_domain::task::{Status, Task};
use kroniek_domain::team::Team;
use kroniek_domain::template::Template;
use kroniek_domain::{ContactId, EntityId, InteractionId, TaskId};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Transaction, params};
use std::collections::BTreeMap;

// ---- writing

/// The contact moments and tasks of a batch, and what they need.
pub(crate) fn write(tx: &Transaction<'_>, batch: &Batch) -> Result<(), ViewFault> {
    write_interactions(tx, &batch.interactions)?;
    write_tasks(tx, &batch.tasks)?;
    write_coded(tx, "template", &batch.templates, EntityId::Template)?;
    write_coded(tx, "team", &batch.teams, EntityId::Team)?;
    write_coded(tx, "employee", &batch.employees, EntityId::Employee)?;
    let mut user =
        tx.prepare_cached("INSERT OR IGNORE INTO employee_user (user_key, code) VALUES (?1, ?2)")?;
    for (code, folded) in &batch.employees {
        user.execute(params![folded.state.user_key(), code])?;
    }
    Ok(())
}

/// In order of id: a table that is filled in order is filled at its end.
fn sorted<K: Copy + Ord, T>(states: &HashMap<K, Folded<T>>) -> BTreeMap<K, &Folded<T>> {
    states.iter().map(|(id, folded)| (*id, folded)).collect()
}

/// The positions that a row is to hold, with those that it holds already; older ones go to the history.
fn positions_of(
    find: &mut CachedStatement<'_>,
    history: &mut CachedStatement<'_>,
    (entity, id): (&EntityId, u64),
    new: &[u64],
) -> Result<Vec<u8>, ViewFault> {
    let before: Option<Vec<u8>> = find.query_row([signed(id)], |row| row.get(0)).optional()?;
    let split = positions::split(before.as_deref().unwrap_or_default(), new);
    spill(history, entity, &split)?;
    Ok(split.kept)
}

fn write_interactions(
    tx: &Transaction<'_>,
    interactions: &HashMap<InteractionId, Folded<Interaction>>,
) -> Result<(), ViewFault> {
    if interactions.is_empty() {
        return Ok(());
    }
    let mut find = tx.prepare_cached("SELECT positions FROM interaction WHERE id = ?1")?;
    let mut history = tx.prepare_cached(positions::INSERT)?;
    let mut put = tx.prepare_cached(
        "INSERT OR REPLACE INTO interaction
         (id, version, positions, state, contact, subject, template, team, answers, in_portal, open_question, cancelled)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    for (id, folded) in sorted(interactions) {
        let (entity, state) = (EntityId::Interaction(id), &*folded.state);
        put.execute(params![
            signed(id.0),
            signed(folded.version()),
            positions_of(&mut find, &mut history, (&entity, id.0), &folded.positions)?,
            encoded(&entity, state)?,
            signed(state.contact.0),
            u8::from(state.subject),
            state.template.code,
            state.team,
            state.answers.map(|question| signed(question.0)),
            state.in_portal(),
            state.open_question(),
            state.cancelled.is_some(),
        ])?;
    }
    Ok(())
}

fn write_tasks(tx: &Transaction<'_>, tasks: &HashMap<TaskId, Folded<Task>>) -> Result<(), ViewFault> {
    if tasks.is_empty() {
        return Ok(());
    }
    let mut find = tx.prepare_cached("SELECT positions FROM task WHERE id = ?1")?;
    let mut history = tx.prepare_cached(positions::INSERT)?;
    let mut put = tx.prepare_cached(
        "INSERT OR REPLACE INTO task (id, version, positions, state, team, assignee, status, complaint)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (id, folded) in sorted(tasks) {
        let (entity, state) = (EntityId::Task(id), &*folded.state);
        let complaint = state.interaction.filter(|_| state.subject == Some(Subject::Complaint));
        put.execute(params![
            signed(id.0),
            signed(folded.version()),
            positions_of(&mut find, &mut history, (&entity, id.0), &folded.positions)?,
            encoded(&entity, state)?,
            state.team,
            state.assignee,
            u8::from(state.status),
            complaint.map(|interaction| signed(interaction.0)),
        ])?;
    }
    Ok(())
}

/// Reference data, which is found by its code alone.
fn write_coded<T: serde::Serialize>(
    tx: &Transaction<'_>,
    table: &str,
    states: &HashMap<String, Folded<T>>,
    entity: fn(String) -> EntityId,
) -> Result<(), ViewFault> {
    if states.is_empty() {
        return Ok(());
    }
    let sql = format!("INSERT OR REPLACE INTO {table} (code, version, state) VALUES (?1, ?2, ?3)");
    let (mut put, mut history) = (tx.prepare_cached(&sql)?, tx.prepare_cached(positions::INSERT)?);
    for (code, folded) in states {
        let entity = entity(code.clone());
        put.execute(params![code, signed(folded.version()), encoded(&entity, &*folded.state)?])?;
        spill(&mut history, &entity, &positions::all(&folded.positions))?;
    }
    Ok(())
}

// ---- reading one

pub(crate) fn interaction(
    c: &Connection,
    id: InteractionId,
) -> Result<Option<Versioned<Interaction>>, ViewFault> {
    let sql = "SELECT version, state FROM interaction WHERE id = ?1";
    reader::state(c, sql, signed(id.0), &EntityId::Interaction(id))
}

pub(crate) fn task(c: &Connection, id: TaskId) -> Result<Option<Versioned<Task>>, ViewFault> {
    reader::state(c, "SELECT version, state FROM task WHERE id = ?1", signed(id.0), &EntityId::Task(id))
}

pub(crate) fn template(c: &Connection, code: &str) -> Result<Option<Versioned<Template>>, ViewFault> {
    let sql = "SELECT version, state FROM template WHERE code = ?1";
    reader::state(c, sql, code, &EntityId::Template(code.to_owned()))
}

pub(crate) fn team(c: &Connection, code: &str) -> Result<Option<Versioned<Team>>, ViewFault> {
    let sql = "SELECT version, state FROM team WHERE code = ?1";
    reader::state(c, sql, code, &EntityId::Team(code.to_owned()))
}

pub(crate) fn employee(c: &Connection, code: &str) -> Result<Option<Versioned<Employee>>, ViewFault> {
    let sql = "SELECT version, state FROM employee WHERE code = ?1";
    reader::state(c, sql, code, &EntityId::Employee(code.to_owned()))
}

// ---- reading many

/// Reference data that is listed by its code.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Coded {
    /// Interaction templates.
    Templates,
    /// Teams.
    Teams,
    /// Employees.
    Employees,
}

/// Which contact moments are wanted.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct InteractionFilter {
    /// At this contact.
    pub contact: Option<ContactId>,
    /// About this.
    pub subject: Option<Subject>,
    /// Only what the portal may show.
    pub portal: bool,
    /// Cancelled ones too.
    pub cancelled: bool,
}

impl InteractionFilter {
    /// One text per combination: SQLite chooses its index by the text, not by the values.
    fn sql(self) -> String {
        let mut sql = "SELECT id FROM interaction WHERE id < ?1".to_owned();
        // The plus keeps SQLite from choosing the index of subjects, which says less than that of contacts.
        let subject = if self.contact.is_some() { " AND +subject = ?4" } else { " AND subject = ?4" };
        for (wanted, condition) in [
            (self.contact.is_some(), " AND contact = ?3"),
            (self.subject.is_some(), subject),
            (self.portal, " AND in_portal = 1"),
            (!self.cancelled, " AND cancelled = 0"),
        ] {
            sql.push_str(if wanted { condition } else { "" });
        }
        sql + " ORDER BY id DESC LIMIT ?2"
    }
}

impl Reader {
    /// A contact moment by id.
    pub fn interaction(&self, id: InteractionId) -> Result<Option<Versioned<Interaction>>, ViewFault> {
        self.with(|c| interaction(c, id))
    }

    /// A task by id.
    pub fn task(&self, id: TaskId) -> Result<Option<Versioned<Task>>, ViewFault> {
        self.with(|c| task(c, id))
    }

    /// A template by code.
    pub fn template(&self, code: &str) -> Result<Option<Versioned<Template>>, ViewFault> {
        self.with(|c| template(c, code))
    }

    /// A team by code.
    pub fn team(&self, code: &str) -> Result<Option<Versioned<Team>>, ViewFault> {
        self.with(|c| team(c, code))
    }

    /// An employee by code.
    pub fn employee(&self, code: &str) -> Result<Option<Versioned<Employee>>, ViewFault> {
        self.with(|c| employee(c, code))
    }

    /// The greatest id of a contact moment.
    pub fn last_interaction_id(&self) -> Result<InteractionId, ViewFault> {
        self.with(|c| Ok(InteractionId(reader::greatest(c, "SELECT MAX(id) FROM interaction")?)))
    }

    /// The greatest id of a task.
    pub fn last_task_id(&self) -> Result<TaskId, ViewFault> {
        self.with(|c| Ok(TaskId(reader::greatest(c, "SELECT MAX(id) FROM task")?)))
    }

    /// Whether a contact moment stands at the contact, cancelled or not.
    pub fn has_interactions(&self, contact: ContactId) -> Result<bool, ViewFault> {
        self.with(|c| {
            let mut query = c.prepare_cached("SELECT 1 FROM interaction WHERE contact = ?1 LIMIT 1")?;
            Ok(query.exists([signed(contact.0)])?)
        })
    }

    /// Codes of the employees with this folded user name.
    pub fn employees_by_user(&self, key: &str) -> Result<Vec<String>, ViewFault> {
        self.with(|c| {
            let mut query =
                c.prepare_cached("SELECT code FROM employee_user WHERE user_key = ?1 ORDER BY code")?;
            let codes = query.query_map([key], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(codes)
        })
    }

    /// All tasks that the employee took and has not finished.
    pub fn open_tasks_of(&self, employee: &str) -> Result<Vec<TaskId>, ViewFault> {
        let page = Page { after: 0, first: usize::MAX };
        Ok(self.tasks_of(employee, None, page)?.items)
    }

    /// The codes after `after`, in order.
    pub fn codes(&self, of: Coded, after: &str, first: usize) -> Result<Found<String>, ViewFault> {
        let table = match of {
            Coded::Templates => "template",
            Coded::Teams => "team",
            Coded::Employees => "employee",
        };
        let sql = format!("SELECT code FROM {table} WHERE code > ?1 ORDER BY code LIMIT ?2");
        self.with(|c| {
            let mut query = c.prepare_cached(&sql)?;
            let found = query.query_map(params![after, one_more(first)], |row| row.get(0))?;
            Ok(Found::page(found.collect::<Result<_, _>>()?, first))
        })
    }

    /// Contact moments, the newest first; the page goes on below `after`.
    pub fn interactions(
        &self,
        filter: InteractionFilter,
        page: Page,
    ) -> Result<Found<InteractionId>, ViewFault> {
        let InteractionFilter { contact, subject, .. } = filter;
        let sql = filter.sql();
        // The first page begins above every id.
        let below = if page.after == 0 { i64::MAX } else { signed(page.after) };
        let contact = signed(contact.unwrap_or_default().0);
        let subject = subject.map_or(0, u8::from);
        let all: [(&str, &dyn rusqlite::ToSql); 4] =
            [("?1", &below), ("?2", &one_more(page.first)), ("?3", &contact), ("?4", &subject)];
        let named: Vec<_> = all.into_iter().filter(|(name, _)| sql.contains(name)).collect();
        self.ids(&sql, &*named, page).map(|found| found.map(InteractionId))
    }

    /// The contact moments that answer one, the oldest first.
    pub fn answers_of(&self, question: InteractionId, page: Page) -> Result<Found<InteractionId>, ViewFault> {
        let sql = "SELECT id FROM interaction
             WHERE answers = ?3 AND cancelled = 0 AND id > ?1 ORDER BY id LIMIT ?2";
        self.ids(sql, params![signed(page.after), one_more(page.first), signed(question.0)], page)
            .map(|found| found.map(InteractionId))
    }

    /// The questions whose task the team got and that nothing has answered, the oldest first.
    pub fn open_questions(&self, team: &str, page: Page) -> Result<Found<InteractionId>, ViewFault> {
        let sql = "SELECT id FROM interaction
             WHERE open_question = 1 AND team = ?3 AND id > ?1 ORDER BY id LIMIT ?2";
        self.ids(sql, params![signed(page.after), one_more(page.first), team], page)
            .map(|found| found.map(InteractionId))
    }

    /// The complaints whose task is that far, the oldest first; cancelled ones do not count.
    pub fn complaints(&self, status: Status, page: Page) -> Result<Found<InteractionId>, ViewFault> {
        let sql = "SELECT task.complaint FROM task JOIN interaction ON interaction.id = task.complaint
             WHERE task.status = ?3 AND task.complaint > ?1 AND interaction.cancelled = 0
             ORDER BY task.complaint LIMIT ?2";
        self.ids(sql, params![signed(page.after), one_more(page.first), u8::from(status)], page)
            .map(|found| found.map(InteractionId))
    }

    /// The tasks of a team that nobody has taken, the oldest first.
    pub fn team_tasks(&self, team: &str, page: Page) -> Result<Found<TaskId>, ViewFault> {
        let sql = "SELECT id FROM task WHERE assignee IS NULL AND team = ?3 AND id > ?1 ORDER BY id LIMIT ?2";
        self.ids(sql, params![signed(page.after), one_more(page.first), team], page)
            .map(|found| found.map(TaskId))
    }

    /// The tasks that an employee has or had, of one status, or all that are not finished; the oldest first.
    pub fn tasks_of(
        &self,
        employee: &str,
        status: Option<Status>,
        page: Page,
    ) -> Result<Found<TaskId>, ViewFault> {
        let of = |condition: &str| {
            format!(
                "SELECT id FROM task WHERE assignee = ?3 AND {condition} AND id > ?1 ORDER BY id LIMIT ?2"
            )
        };
        let (after, limit) = (signed(page.after), one_more(page.first));
        let found = if let Some(status) = status {
            self.ids(&of("status = ?4"), params![after, limit, employee, u8::from(status)], page)
        } else {
            // Named, so that the index leads past what is finished, of which there is ever more.
            let [a, b, c] = [Status::InProgress, Status::Waiting, Status::Postponed].map(u8::from);
            self.ids(&of("status IN (?4, ?5, ?6)"), params![after, limit, employee, a, b, c], page)
        };
        found.map(|found| found.map(TaskId))
    }

    fn ids(&self, sql: &str, values: impl Params, page: Page) -> Result<Found<u64>, ViewFault> {
        self.with(|c| {
            let mut query = c.prepare_cached(sql)?;
            let found = query.query_map(values, |row| reader::unsigned(row, 0))?;
            Ok(Found::page(found.collect::<Result<_, _>>()?, page.first))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn a_page_of_contact_moments_seeks_its_place_and_sorts_nothing() {
        let c = Connection::open_in_memory().expect("opens");
        c.execute_batch(schema::TABLES).expect("tables");
        c.execute_batch(schema::INDEXES).expect("indexes");
        for (contact, subject, index) in [
            (Some(ContactId(1)), None, "interaction_contact"),
            (Some(ContactId(1)), Some(Subject::Question), "interaction_contact"),
            (None, Some(Subject::Question), "interaction_subject"),
            (None, None, "PRIMARY KEY"),
        ] {
            for portal in [false, true] {
                for cancelled in [false, true] {
                    let sql = InteractionFilter { contact, subject, portal, cancelled }.sql();
                    let mut explain = c.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("prepares");
                    let plan: Vec<String> = explain
                        .raw_query()
                        .mapped(|row| row.get(3))
                        .collect::<Result<_, _>>()
                        .expect("a plan");
                    assert!(plan.len() == 1 && plan[0].contains(index), "{sql}: {plan:?}");
                }
            }
        }
    }
}
