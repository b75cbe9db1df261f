//! Sensitive personal data and the salutation.

use super::execute::execute;
use super::input::{CommandInput, Envelope, Shape};
use crate::payload::Payload;
use crate::scalars::DateText;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::personal_data::{self, Change};

fn change<T: Into<String>>(field: MaybeUndefined<T>) -> Change<String> {
    match field {
        MaybeUndefined::Undefined => Change::Keep,
        MaybeUndefined::Null => Change::Clear,
        MaybeUndefined::Value(value) => Change::Set(value.into()),
    }
}

/// Input of `changePersonalData`. What is absent is left; null clears.
#[derive(InputObject)]
pub(crate) struct ChangePersonalDataInput {
    /// The person.
    person_id: ID,
    /// Date of birth.
    birth_date: MaybeUndefined<DateText>,
    /// BSN, 9 digits.
    bsn: MaybeUndefined<String>,
    /// Gender `M`, `V` or `O`.
    gender: MaybeUndefined<String>,
    /// Salutation code (code list `SALUTATION`).
    salutation: MaybeUndefined<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangePersonalDataInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(
            personal_data::ChangePersonalData {
                person: Shape::contact_id(&self.person_id),
                birth_date: change(self.birth_date),
                bsn: change(self.bsn),
                gender: change(self.gender),
                salutation: change(self.salutation),
            }
            .into(),
        )
    }
}

/// Input of `setSalutation`.
#[derive(InputObject)]
pub(crate) struct SetSalutationInput {
    /// The person, household or company.
    contact_id: ID,
    /// Salutation code (code list `SALUTATION`); null clears it. It must be given.
    code: MaybeUndefined<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetSalutationInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        shape.spelled("salutation", "code");
        let contact = Shape::contact_id(&self.contact_id);
        Some(personal_data::SetSalutation { contact, code: shape.null_or("code", self.code) }.into())
    }
}

#[derive(Default)]
pub(crate) struct PersonalDataMutations;

#[Object]
impl PersonalDataMutations {
    /// Changes the sensitive data of a person; needs `SENSITIVE_WRITE` (E1-39, E1-40). Reading them back needs
    /// `SENSITIVE_READ`, which it includes.
    ///
    /// Codes: `NOT_A_PERSON`, `INVALID_BSN`, `BSN_IN_USE` (by a person outside the group of one leader),
    /// `DEATH_BEFORE_BIRTH`, `SALUTATION_NEEDS_DEATH`, `SALUTATION_NOT_ALLOWED`. Warning: `SALUTATION_GENDER`.
    async fn change_personal_data(
        &self,
        ctx: &Context<'_>,
        input: ChangePersonalDataInput,
    ) -> Result<Payload<ChangePersonalDataInput>> {
        execute(ctx, input).await
    }

    /// Sets or clears the salutation code of a contact; needs `SENSITIVE_WRITE`. "The heirs of" is for the deceased only
    /// (E1-35); a company has `BLANCO` (E2-15).
    ///
    /// Codes: `SALUTATION_NEEDS_DEATH`, `SALUTATION_NOT_ALLOWED`. Warning: `SALUTATION_GENDER`.
    async fn set_salutation(
        &self,
        ctx: &Context<'_>,
        input: SetSalutationInput,
    ) -> Result<Payload<SetSalutationInput>> {
        execute(ctx, input).await
    }
}
