//! Tasks.

use super::execute::execute;
use super::input::{CommandInput, Envelope, PartyFields, Shape, optional_date, text};
use crate::id;
use crate::payload::Payload;
use crate::scalars::DateText;
use async_graphql::{Context, ID, InputObject, Object, Result};
use kroniek_domain::task;
use kroniek_domain::{Command, TaskId};

/// A task by id.
fn task_id(id: &ID) -> TaskId {
    // No task has id 0.
    id::task(id).unwrap_or_default()
}

/// Input of `createTask`.
#[derive(InputObject)]
pub(crate) struct CreateTaskInput {
    #[graphql(flatten)]
    party: PartyFields,
    /// Code of the team that gets it. Mandatory.
    team_code: Option<String>,
    /// What is to be done. Mandatory.
    description: Option<String>,
    /// When it is due.
    due_date: Option<DateText>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CreateTaskInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let (customer, contact) = shape.customer_and_contact(self.party);
        Some(
            task::CreateTask {
                customer,
                contact,
                team: text(self.team_code),
                description: text(self.description),
                due_date: optional_date(self.due_date),
            }
            .into(),
        )
    }
}

/// Input of `takeTask`.
#[derive(InputObject)]
pub(crate) struct TakeTaskInput {
    /// The task, by id.
    task_id: ID,
    /// Code of the employee; only oneself, and that is meant when left out.
    employee_code: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for TakeTaskInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(task::TakeTask { task: task_id(&self.task_id), employee: self.employee_code }.into())
    }
}

/// Input of `setTaskStatus`.
#[derive(InputObject)]
pub(crate) struct SetTaskStatusInput {
    /// The task, by id.
    task_id: ID,
    /// `IN_PROGRESS`, `WAITING` or `POSTPONED`. Mandatory.
    status: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetTaskStatusInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(task::SetTaskStatus { task: task_id(&self.task_id), status: text(self.status) }.into())
    }
}

/// Input of `writeTaskNote`.
#[derive(InputObject)]
pub(crate) struct WriteTaskNoteInput {
    /// The task, by id.
    task_id: ID,
    /// The text. Mandatory.
    text: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for WriteTaskNoteInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(task::WriteTaskNote { task: task_id(&self.task_id), text: text(self.text) }.into())
    }
}

/// The contact moment that tells the outcome of a task: feedback, and the answer to the question that the task came from.
#[derive(InputObject)]
pub(crate) struct OutcomeInput {
    /// Code of the template. Mandatory.
    template: Option<String>,
    /// The wording of the answer. Mandatory.
    note: Option<String>,
    /// Whether the customer portal shows it; the template's when left out.
    show_in_portal: Option<bool>,
}

/// Input of `finishTask`.
#[derive(InputObject)]
pub(crate) struct FinishTaskInput {
    /// The task, by id.
    task_id: ID,
    /// Whether a contact moment with the outcome is to be recorded. Left out, it is asked.
    create_interaction: Option<bool>,
    /// That contact moment, when it is.
    interaction: Option<OutcomeInput>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for FinishTaskInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        let interaction = self.interaction.map(|outcome| task::Outcome {
            template: text(outcome.template),
            note: text(outcome.note),
            show_in_portal: outcome.show_in_portal,
        });
        let (task, create_interaction) = (task_id(&self.task_id), self.create_interaction);
        Some(task::FinishTask { task, create_interaction, interaction }.into())
    }
}

/// Input of `releaseTask`. `reason` is mandatory.
#[derive(InputObject)]
pub(crate) struct ReleaseTaskInput {
    /// The task, by id.
    task_id: ID,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ReleaseTaskInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(task::ReleaseTask { task: task_id(&self.task_id) }.into())
    }
}

/// Input of `reopenTask`. `reason` is mandatory.
#[derive(InputObject)]
pub(crate) struct ReopenTaskInput {
    /// The task, by id.
    task_id: ID,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ReopenTaskInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(task::ReopenTask { task: task_id(&self.task_id) }.into())
    }
}

/// Input of `reassignTask`.
#[derive(InputObject)]
pub(crate) struct ReassignTaskInput {
    /// The task, by id.
    task_id: ID,
    /// Code of the employee that gets it. Mandatory.
    employee_code: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ReassignTaskInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        let (task, employee) = (task_id(&self.task_id), text(self.employee_code));
        Some(task::ReassignTask { task, employee }.into())
    }
}

#[derive(Default)]
pub(crate) struct TaskMutations;

#[Object]
impl TaskMutations {
    /// Makes a task without a contact moment; needs `WRITE` (E2-30). `registerInteraction` makes the others.
    ///
    /// Codes: `ONE_PARTY_REQUIRED`, `PARTY_KIND_NOT_ALLOWED`, `USE_CUSTOMER`, `TEAM_EMPTY`.
    async fn create_task(
        &self,
        ctx: &Context<'_>,
        input: CreateTaskInput,
    ) -> Result<Payload<CreateTaskInput>> {
        execute(ctx, input).await
    }

    /// Takes a task into progress, for oneself; needs `WRITE` (E2-34 … E2-36). Status and employee change together, and the
    /// task is gone from the list of the team. Of several who take it at once exactly one gets it.
    ///
    /// Codes: `NOT_AN_EMPLOYEE`, `NOT_TEAM_MEMBER`, `ONLY_SELF`, `TASK_ALREADY_TAKEN` (by whom), `TASK_CLOSED`. Asks
    /// `TASK_TAKE_OVER`.
    async fn take_task(&self, ctx: &Context<'_>, input: TakeTaskInput) -> Result<Payload<TakeTaskInput>> {
        execute(ctx, input).await
    }

    /// Says that a task waits, is postponed, or is in progress again; needs `WRITE`, and to have taken it (E2-34). It stays
    /// one's own.
    ///
    /// Codes: `TASK_NOT_TAKEN`, `NOT_TASK_OWNER`, `TASK_CLOSED`, `USE_TASK_ACTION` (`releaseTask`, `finishTask`).
    async fn set_task_status(
        &self,
        ctx: &Context<'_>,
        input: SetTaskStatusInput,
    ) -> Result<Payload<SetTaskStatusInput>> {
        execute(ctx, input).await
    }

    /// Adds what came of a task to its notes; needs `WRITE`, and to have taken it (E2-38). No note is ever changed.
    ///
    /// Codes: `NOT_TASK_OWNER`, `TASK_CLOSED`.
    async fn write_task_note(
        &self,
        ctx: &Context<'_>,
        input: WriteTaskNoteInput,
    ) -> Result<Payload<WriteTaskNoteInput>> {
        execute(ctx, input).await
    }

    /// Finishes a task; needs `WRITE`, to have taken it, and a note (E2-39). With `createInteraction: true` a contact
    /// moment that tells the outcome is recorded in the same commit: feedback, and the answer to the question (E2-40).
    ///
    /// Codes: `TASK_NOT_TAKEN`, `NOT_TASK_OWNER`, `OUTCOME_REQUIRED`, `TASK_CLOSED`, `TASK_NOT_IN_PROGRESS`,
    /// `INTERACTION_NOT_WANTED`,
    /// `DEFAULT_LOCKED` (the template fixes another subject, or a task). Asks `CREATE_INTERACTION_ON_FINISH`.
    async fn finish_task(
        &self,
        ctx: &Context<'_>,
        input: FinishTaskInput,
    ) -> Result<Payload<FinishTaskInput>> {
        execute(ctx, input).await
    }

    /// Gives a task back to its team; needs `WRITE` and a `reason`, and to have taken it or `SUPERVISE` (E2-41).
    ///
    /// Codes: `TASK_NOT_TAKEN`, `NOT_TASK_OWNER`, `TASK_CLOSED`.
    async fn release_task(
        &self,
        ctx: &Context<'_>,
        input: ReleaseTaskInput,
    ) -> Result<Payload<ReleaseTaskInput>> {
        execute(ctx, input).await
    }

    /// Takes a finished task into progress again; needs `WRITE` and a `reason`, and to have finished it or `SUPERVISE`
    /// (E2-42). When whoever finished it has left, the task goes back to the team.
    ///
    /// Codes: `TASK_NOT_CLOSED`, `NOT_TASK_OWNER`.
    async fn reopen_task(
        &self,
        ctx: &Context<'_>,
        input: ReopenTaskInput,
    ) -> Result<Payload<ReopenTaskInput>> {
        execute(ctx, input).await
    }

    /// Gives a task to a member of its team, taken or not; needs `SUPERVISE` (E2-42b).
    ///
    /// Codes: `NOT_TEAM_MEMBER`, `TASK_CLOSED`.
    async fn reassign_task(
        &self,
        ctx: &Context<'_>,
        input: ReassignTaskInput,
    ) -> Result<Payload<ReassignTaskInput>> {
        execute(ctx, input).await
    }
}
