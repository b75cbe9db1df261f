//! Interaction templates.

use super::execute::execute;
use super::input::{CommandInput, Envelope, Shape, text};
use crate::payload::Payload;
use async_graphql::{Context, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::template;

/// What a template says.
#[derive(InputObject)]
pub(crate) struct TemplateFields {
    /// Name on a screen. Mandatory.
    name: Option<String>,
    /// Code of the list `INTERACTION_CHANNEL`. Mandatory.
    channel: Option<String>,
    /// `INBOUND` or `OUTBOUND`. Mandatory.
    direction: Option<String>,
    /// `US` or `THEM`. Mandatory.
    initiated_by: Option<String>,
    /// Default subject: `QUESTION`, `COMPLAINT` or `FEEDBACK`.
    subject: Option<String>,
    /// Default for the portal.
    show_in_portal: Option<bool>,
    /// Default for whether a task is made.
    create_task: Option<bool>,
    /// Code of the default team.
    team_code: Option<String>,
    /// What the task is called; the template's name when left out.
    task_description: Option<String>,
    /// After how many days the task is due.
    task_due_days: Option<i64>,
    /// The defaults that cannot be overridden: `SUBJECT`, `SHOW_IN_PORTAL`, `CREATE_TASK`, `TEAM`.
    locked: Option<Vec<String>>,
}

impl TemplateFields {
    fn read(self) -> template::TemplateInput {
        template::TemplateInput {
            name: text(self.name),
            channel: text(self.channel),
            direction: text(self.direction),
            initiated_by: text(self.initiated_by),
            subject: self.subject,
            show_in_portal: self.show_in_portal,
            create_task: self.create_task,
            team: self.team_code,
            task_description: self.task_description,
            // A number that no task has is refused by the domain.
            task_due_days: self.task_due_days.map(|days| u32::try_from(days).unwrap_or(u32::MAX)),
            locked: self.locked.unwrap_or_default(),
        }
    }
}

/// Input of `defineTemplate`.
#[derive(InputObject)]
pub(crate) struct DefineTemplateInput {
    /// Code, unique among templates. Mandatory.
    code: Option<String>,
    #[graphql(flatten)]
    content: TemplateFields,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for DefineTemplateInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(template::DefineTemplate { code: text(self.code), content: self.content.read() }.into())
    }
}

/// Input of `changeTemplate`. The whole template is given: what is left out, it has no more.
#[derive(InputObject)]
pub(crate) struct ChangeTemplateInput {
    /// Code. Mandatory.
    code: Option<String>,
    #[graphql(flatten)]
    content: TemplateFields,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeTemplateInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(template::ChangeTemplate { code: text(self.code), content: self.content.read() }.into())
    }
}

/// Input of `blockTemplate`.
#[derive(InputObject)]
pub(crate) struct BlockTemplateInput {
    /// Code. Mandatory.
    code: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for BlockTemplateInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(template::BlockTemplate { code: text(self.code) }.into())
    }
}

#[derive(Default)]
pub(crate) struct TemplateMutations;

#[Object]
impl TemplateMutations {
    /// Makes an interaction template; needs `REFERENCE` (E2-05, E2-22, E2-42b).
    ///
    /// Codes: `CODE_EXISTS`, `LOCK_NEEDS_DEFAULT`, `DAYS_OUT_OF_RANGE`.
    async fn define_template(
        &self,
        ctx: &Context<'_>,
        input: DefineTemplateInput,
    ) -> Result<Payload<DefineTemplateInput>> {
        execute(ctx, input).await
    }

    /// Changes an interaction template; needs `REFERENCE`. Contact moments that were made with it stay as they are (E2-27).
    ///
    /// Codes: `LOCK_NEEDS_DEFAULT`, `DAYS_OUT_OF_RANGE`.
    async fn change_template(
        &self,
        ctx: &Context<'_>,
        input: ChangeTemplateInput,
    ) -> Result<Payload<ChangeTemplateInput>> {
        execute(ctx, input).await
    }

    /// Takes an interaction template out of use; needs `REFERENCE` (E2-22, E2-42b). Using it is then refused with
    /// `CODE_NOT_IN_FORCE`.
    async fn block_template(
        &self,
        ctx: &Context<'_>,
        input: BlockTemplateInput,
    ) -> Result<Payload<BlockTemplateInput>> {
        execute(ctx, input).await
    }
}
