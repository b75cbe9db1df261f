//! Deaths and their correction.

use super::execute::execute;
use super::input::{CommandInput, Envelope, Shape, date};
use crate::payload::Payload;
use crate::scalars::DateText;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::death;

/// The answer to "keep the roles of the deceased?" for one household.
#[derive(InputObject)]
pub(crate) struct HouseholdDecisionInput {
    /// The household, or other contact in which the person has a role.
    household_id: ID,
    /// Whether the roles there are kept.
    keep_roles: bool,
    /// Who is shown first there afterwards. When left out, who is named for all, if that one remains there; else the first
    /// remaining contractant.
    successor_id: Option<ID>,
}

impl HouseholdDecisionInput {
    fn read(self) -> death::HouseholdDecision {
        death::HouseholdDecision {
            household: Shape::contact_id(&self.household_id),
            keep_roles: self.keep_roles,
            successor: self.successor_id.as_ref().map(Shape::contact_id),
        }
    }
}

/// Input of `recordDeath`.
#[derive(InputObject)]
pub(crate) struct RecordDeathInput {
    /// The person.
    person_id: ID,
    /// Date of death, not in the future. Mandatory.
    date_of_death: Option<DateText>,
    /// The answer to "keep the roles of the deceased?" for every household that has no decision of its own. Left out while
    /// the person has roles, the question is asked.
    keep_roles: Option<bool>,
    /// Who is shown first afterwards, where the deceased was; the first remaining contractant when left out.
    successor_id: Option<ID>,
    /// Answers per household.
    decisions: Option<Vec<HouseholdDecisionInput>>,
    /// A salutation code set in the same commit, such as `HEIRS_OF`.
    salutation: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for RecordDeathInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        let decisions = self.decisions.unwrap_or_default();
        Some(
            death::RecordDeath {
                person: Shape::contact_id(&self.person_id),
                date_of_death: date(self.date_of_death),
                keep_roles: self.keep_roles,
                successor: self.successor_id.as_ref().map(Shape::contact_id),
                decisions: decisions.into_iter().map(HouseholdDecisionInput::read).collect(),
                salutation: self.salutation,
            }
            .into(),
        )
    }
}

/// Input of `correctDeath`. `reason` is mandatory.
#[derive(InputObject)]
pub(crate) struct CorrectDeathInput {
    /// The person.
    person_id: ID,
    /// The right date; null: the person is alive. It must be given.
    date_of_death: MaybeUndefined<DateText>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CorrectDeathInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let person = Shape::contact_id(&self.person_id);
        let date = shape.null_or("dateOfDeath", self.date_of_death);
        Some(death::CorrectDeath { person, date_of_death: date.map(|date| date.0) }.into())
    }
}

#[derive(Default)]
pub(crate) struct DeathMutations;

#[Object]
impl DeathMutations {
    /// Records the death of a person; needs `SENSITIVE_WRITE`. Where the roles are not kept they end, the successor is
    /// shown first and the household is renamed, all in one commit (E1-33 … E1-37).
    ///
    /// Codes: `NOT_A_PERSON`, `ALREADY_DECEASED` (use `correctDeath`), `DEATH_BEFORE_BIRTH`, `NOT_SOLE_CONTRACTANT`
    /// (roles can be kept only where no other contractant lives), `NO_REMAINING_CONTRACTANT`, `INVALID_SUCCESSOR`; an
    /// error about a household names it in `entityId`. Asks `KEEP_ROLES_OF_DECEASED`, once per household without an
    /// answer. Warning: `LEASE_STILL_RUNNING`.
    async fn record_death(
        &self,
        ctx: &Context<'_>,
        input: RecordDeathInput,
    ) -> Result<Payload<RecordDeathInput>> {
        execute(ctx, input).await
    }

    /// Corrects a recorded death: another date, or none at all; needs `SENSITIVE_WRITE` and a `reason`. When the person is
    /// alive, exactly what the death removed is restored (E1-38).
    ///
    /// Codes: `NOT_A_PERSON`, `NOT_DECEASED`, `DEATH_BEFORE_BIRTH`, `CANNOT_UNDO` (later changes stand in the way: see
    /// `blocking`).
    async fn correct_death(
        &self,
        ctx: &Context<'_>,
        input: CorrectDeathInput,
    ) -> Result<Payload<CorrectDeathInput>> {
        execute(ctx, input).await
    }
}
