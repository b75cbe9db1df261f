//! Teams and their members.

use super::execute::execute;
use super::input::{CommandInput, Envelope, Shape, text};
use crate::payload::Payload;
use async_graphql::{Context, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::team;

/// Input of `defineTeam`.
#[derive(InputObject)]
pub(crate) struct DefineTeamInput {
    /// Code, unique among teams. Mandatory.
    code: Option<String>,
    /// Name on a screen. Mandatory.
    name: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for DefineTeamInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(team::DefineTeam { code: text(self.code), name: text(self.name) }.into())
    }
}

/// Input of `addTeamMember`.
#[derive(InputObject)]
pub(crate) struct AddTeamMemberInput {
    /// Code of the team. Mandatory.
    team_code: Option<String>,
    /// Code of the employee. Mandatory.
    employee_code: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for AddTeamMemberInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        let (team, employee) = (text(self.team_code), text(self.employee_code));
        Some(team::AddTeamMember { team, employee }.into())
    }
}

/// Input of `removeTeamMember`.
#[derive(InputObject)]
pub(crate) struct RemoveTeamMemberInput {
    /// Code of the team. Mandatory.
    team_code: Option<String>,
    /// Code of the employee. Mandatory.
    employee_code: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for RemoveTeamMemberInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        let (team, employee) = (text(self.team_code), text(self.employee_code));
        Some(team::RemoveTeamMember { team, employee }.into())
    }
}

#[derive(Default)]
pub(crate) struct TeamMutations;

#[Object]
impl TeamMutations {
    /// Makes a team; needs `REFERENCE` (E2-42b).
    ///
    /// Codes: `CODE_EXISTS`.
    async fn define_team(
        &self,
        ctx: &Context<'_>,
        input: DefineTeamInput,
    ) -> Result<Payload<DefineTeamInput>> {
        execute(ctx, input).await
    }

    /// Adds an employee to a team; needs `REFERENCE`. It sees the tasks that nobody has taken yet at once (E2-29, E2-42b).
    ///
    /// Codes: `EMPLOYEE_ENDED`.
    async fn add_team_member(
        &self,
        ctx: &Context<'_>,
        input: AddTeamMemberInput,
    ) -> Result<Payload<AddTeamMemberInput>> {
        execute(ctx, input).await
    }

    /// Takes an employee out of a team; needs `REFERENCE`. The tasks that it has taken stay its own, and it finishes or
    /// releases them; only who leaves altogether is held back by open tasks (E2-42b).
    async fn remove_team_member(
        &self,
        ctx: &Context<'_>,
        input: RemoveTeamMemberInput,
    ) -> Result<Payload<RemoveTeamMemberInput>> {
        execute(ctx, input).await
    }
}
