//! Reading contact moments, tasks, and what they need (E2).

use super::{one_of, the_contact};
use crate::context::{self, Reader, error, fault, refusal};
use crate::id;
use crate::types::connection::{Connection, Wanted, cost};
use crate::types::employee::Employee;
use crate::types::interaction::{self, Interaction, InteractionSubject, Portal};
use crate::types::task::{self, Task, TaskStatus};
use crate::types::team::Team;
use crate::types::template::InteractionTemplate;
use async_graphql::{Context, ID, InputObject, Object, OutputType, Result};
use kroniek_domain::task::Status;
use kroniek_domain::{Permission, TaskId, employee};
use kroniek_views::{Coded, Found, InteractionFilter, Page};

/// Which contact moments are wanted; everything that is left out is not asked for.
#[derive(InputObject, Default)]
pub(crate) struct InteractionFilterInput {
    /// Only at this contact, by id.
    contact_id: Option<ID>,
    /// Only at this contact, by number.
    contact_no: Option<String>,
    /// Only at this customer, by number.
    customer_no: Option<String>,
    /// Only about this.
    subject: Option<InteractionSubject>,
    /// Only what the portal shows.
    #[graphql(default)]
    in_portal: bool,
    /// Without cancelled ones.
    #[graphql(default)]
    without_cancelled: bool,
}

impl InteractionFilterInput {
    /// `None` when nothing can match.
    fn read(self, reader: &Reader) -> Result<Option<InteractionFilter>> {
        let contact = match (self.contact_id, self.contact_no, self.customer_no) {
            (None, None, None) => None,
            (id, no, None) => {
                Some(match the_contact(reader, id.as_ref(), no.as_deref(), ["contactId", "contactNo"]) {
                    Ok(contact) => contact.state().id,
                    Err(error) if id.is_some() && no.is_some() => return Err(error),
                    Err(_) => return Ok(None),
                })
            }
            (None, None, Some(no)) => match reader.customer_by_number(&no)? {
                Some(customer) => Some(customer.state().contact),
                None => return Ok(None),
            },
            (_, _, Some(_)) => return Err(one_of(["contactId", "customerNo"], true)),
        };
        let subject = self.subject.map(Into::into);
        let (portal, cancelled) = (self.in_portal, !self.without_cancelled);
        Ok(Some(InteractionFilter { contact, subject, portal, cancelled }))
    }
}

/// A page of reference data.
async fn coded<T: OutputType + 'static>(
    ctx: &Context<'_>,
    of: Coded,
    first: Option<i32>,
    after: Option<String>,
    read: fn(&Reader, &str) -> Result<Option<T>>,
) -> Result<Connection<T>>
where
    crate::types::connection::Edge<T>: OutputType,
{
    let wanted = Wanted::read(first, after)?;
    let search = move |reader: &Reader| {
        let after = wanted.after.as_deref().unwrap_or_default();
        let found = reader.snapshot().codes(of, after, wanted.first).map_err(fault)?;
        let mut entries = Vec::with_capacity(found.items.len());
        for code in found.items {
            entries.extend(read(reader, &code)?.map(|entry| (code, entry)));
        }
        Ok(Connection::new(&wanted, entries, found.more))
    };
    context::reader(ctx)?.search(search).await
}

/// The employee that asks.
fn asking(ctx: &Context<'_>, reader: &Reader) -> Result<employee::Employee> {
    let found = reader.snapshot().employee_of_user(&context::actor(ctx).name).map_err(fault)?;
    let found = found.map(|found| found.state);
    found.ok_or_else(|| refusal(&kroniek_domain::Refusal::from(employee::Refusal::NotAnEmployee).problem()))
}

/// The first tasks of several teams, in order of age.
fn tasks_of_teams(
    reader: &Reader,
    teams: &[String],
    page: Page,
) -> Result<Found<TaskId>, kroniek_engine::EngineFault> {
    let mut all = Found { items: Vec::new(), more: false };
    for team in teams {
        let found = reader.snapshot().team_tasks(team, page)?;
        all.items.extend(found.items);
        all.more |= found.more;
    }
    all.items.sort_unstable();
    all.more |= all.items.len() > page.first;
    all.items.truncate(page.first);
    Ok(all)
}

/// Reading what E2 is about.
#[derive(Default)]
pub struct ContactMomentQueries;

#[Object]
impl ContactMomentQueries {
    /// A contact moment; null when there is none (E2-27).
    async fn interaction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id.")] id: ID,
    ) -> Result<Option<Interaction>> {
        let reader = context::reader(ctx)?;
        id::interaction(&id).map_or(Ok(None), |id| reader.interaction(id))
    }

    /// Contact moments, newest first (E2-01).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn interactions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones; all when left out.")] filter: Option<InteractionFilterInput>,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Interaction>> {
        let reader = context::reader(ctx)?;
        let filter = filter.unwrap_or_default().read(&reader)?;
        interaction::listed(&reader, first, after, move |reader, page| match filter {
            Some(filter) => reader.snapshot().interactions(filter, page),
            None => Ok(Found { items: Vec::new(), more: false }),
        })
        .await
    }

    /// Questions whose task this team got and that no contact moment has answered yet, oldest first (E2-03).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn open_questions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of the team.")] team: String,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Interaction>> {
        let team = code(&team);
        let reader = context::reader(ctx)?;
        interaction::listed(&reader, first, after, move |reader, page| {
            reader.snapshot().open_questions(&team, page)
        })
        .await
    }

    /// Complaints whose task is that far, oldest first; without cancelled ones (E2-04). What the team does with them is
    /// another process (E2-43).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn complaints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How far the task is.")] state: TaskStatus,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Interaction>> {
        let reader = context::reader(ctx)?;
        interaction::listed(&reader, first, after, move |reader, page| {
            reader.snapshot().complaints(state.into(), page)
        })
        .await
    }

    /// What the customer portal shows; needs `PORTAL` or `READ` (E2-23).
    async fn portal(&self, ctx: &Context<'_>) -> Result<Portal> {
        context::portal_reader(ctx).map(Portal::new)
    }

    /// A task; null when there is none (E2-28, E2-33).
    async fn task(&self, ctx: &Context<'_>, #[graphql(desc = "Global id.")] id: ID) -> Result<Option<Task>> {
        let reader = context::reader(ctx)?;
        id::task(&id).map_or(Ok(None), |id| reader.task(id))
    }

    /// The tasks of a team that nobody has taken, oldest first; null when there is no such team. For its members and for
    /// `SUPERVISE`, else `FORBIDDEN` (E2-29, E2-32, D-17).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn team_tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of the team.")] team: String,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Option<Connection<Task>>> {
        let reader = context::reader(ctx)?;
        let Some(team) = reader.team(&code(&team))? else { return Ok(None) };
        if !context::actor(ctx).may(Permission::Supervise) {
            let me = reader.snapshot().employee_of_user(&context::actor(ctx).name).map_err(fault)?;
            if !me.is_some_and(|me| team.state().members.contains(&me.state.code)) {
                return Err(error(
                    "FORBIDDEN",
                    "Only members of the team may read its tasks, or whoever has the permission SUPERVISE.",
                ));
            }
        }
        let team = team.state().code.clone();
        task::listed(&reader, first, after, move |reader, page| reader.snapshot().team_tasks(&team, page))
            .await
            .map(Some)
    }

    /// The tasks that nobody has taken of all the teams of whoever asks, oldest first; `NOT_AN_EMPLOYEE` for somebody else
    /// (E2-29).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn my_team_tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Option<Connection<Task>>> {
        let reader = context::reader(ctx)?;
        let teams: Vec<_> = asking(ctx, &reader)?.teams.into_iter().collect();
        task::listed(&reader, first, after, move |reader, page| tasks_of_teams(reader, &teams, page))
            .await
            .map(Some)
    }

    /// The tasks that whoever asks has taken, oldest first; `NOT_AN_EMPLOYEE` for somebody else (E2-36, E2-37).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn my_tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Tasks that far; when left out, all that are not finished.")] status: Option<
            TaskStatus,
        >,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Option<Connection<Task>>> {
        let reader = context::reader(ctx)?;
        let me = asking(ctx, &reader)?.code;
        let status = status.map(Status::from);
        task::listed(&reader, first, after, move |reader, page| reader.snapshot().tasks_of(&me, status, page))
            .await
            .map(Some)
    }

    /// A team; null when there is none.
    async fn team(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "code", desc = "Code, in any case.")] team: String,
    ) -> Result<Option<Team>> {
        context::reader(ctx)?.team(&code(&team))
    }

    /// All teams, in order of code (E2-25, E2-32).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Team>> {
        coded(ctx, Coded::Teams, first, after, Reader::team).await
    }

    /// An employee by code or id; null when there is none (E2-37).
    async fn employee(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "code", desc = "Code, in any case.")] employee: Option<String>,
        #[graphql(desc = "Global id, in the place of the code.")] id: Option<ID>,
    ) -> Result<Option<Employee>> {
        let reader = context::reader(ctx)?;
        match (employee, id) {
            (Some(employee), None) => reader.employee(&code(&employee)),
            (None, Some(id)) => id::employee(&id).map_or(Ok(None), |code| reader.employee(&code)),
            (employee, _) => Err(one_of(["code", "id"], employee.is_some())),
        }
    }

    /// All employees, also those that have left, in order of code (E2-37).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn employees(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Employee>> {
        coded(ctx, Coded::Employees, first, after, Reader::employee).await
    }

    /// A template with its defaults; null when there is none (E2-22).
    async fn interaction_template(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "code", desc = "Code, in any case.")] template: String,
    ) -> Result<Option<InteractionTemplate>> {
        context::reader(ctx)?.template(&code(&template))
    }

    /// All templates, blocked ones too, in order of code (E2-05).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn interaction_templates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<InteractionTemplate>> {
        coded(ctx, Coded::Templates, first, after, Reader::template).await
    }
}

/// A code as it is stored.
fn code(typed: &str) -> String {
    typed.trim().to_uppercase()
}
