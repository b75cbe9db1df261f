//! Administration of the client card.

use super::execute::execute;
use super::input::{CommandInput, CustomerFields, Envelope, Shape, optional_date, text};
use crate::payload::Payload;
use crate::scalars::DateText;
use async_graphql::{Context, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::administration;

/// Input of `changeClientNumber`.
#[derive(InputObject)]
pub(crate) struct ChangeClientNumberInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// The new number. Mandatory.
    number: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeClientNumberInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(administration::ChangeClientNumber { customer, number: text(self.number) }.into())
    }
}

/// Input of `setDebtorNumber`.
#[derive(InputObject)]
pub(crate) struct SetDebtorNumberInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// The organisation (code list `ORGANISATION`). Mandatory.
    organisation: Option<String>,
    /// The discipline there (code list `DISCIPLINE`); the organisation as a whole when left out.
    discipline: Option<String>,
    /// Whether the client is a debtor there; what it is to other disciplines stays.
    on: bool,
    /// Its own debtor number there, when it has one; unique at the organisation.
    debtor_no: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetDebtorNumberInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(
            administration::SetDebtorNumber {
                customer,
                organisation: text(self.organisation),
                discipline: self.discipline,
                on: self.on,
                debtor_no: self.debtor_no,
            }
            .into(),
        )
    }
}

/// Input of `setWorkStop`.
#[derive(InputObject)]
pub(crate) struct SetWorkStopInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// Whether work stops; then `reason` is mandatory.
    on: bool,
    /// From when on; today when left out.
    from: Option<DateText>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetWorkStopInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(administration::SetWorkStop { customer, on: self.on, from: optional_date(self.from) }.into())
    }
}

/// Input of `confirmUpToDate`.
#[derive(InputObject)]
pub(crate) struct ConfirmUpToDateInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ConfirmUpToDateInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(administration::ConfirmUpToDate { customer }.into())
    }
}

/// Input of `setCoupling`.
#[derive(InputObject)]
pub(crate) struct SetCouplingInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// The package (code list `COUPLING`). Mandatory.
    system: Option<String>,
    /// Whether the client is coupled to it.
    on: bool,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetCouplingInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(administration::SetCoupling { customer, system: text(self.system), on: self.on }.into())
    }
}

/// Input of `markForDeletion`.
#[derive(InputObject)]
pub(crate) struct MarkForDeletionInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for MarkForDeletionInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(administration::MarkForDeletion { customer }.into())
    }
}

/// Input of `unmarkForDeletion`.
#[derive(InputObject)]
pub(crate) struct UnmarkForDeletionInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for UnmarkForDeletionInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(administration::UnmarkForDeletion { customer }.into())
    }
}

#[derive(Default)]
pub(crate) struct AdministrationMutations;

#[Object]
impl AdministrationMutations {
    /// Gives a customer another number, one that is nobody's (A2-20). One that another customer gave up may be taken over,
    /// as by a new registration of another type (A2-11).
    ///
    /// Codes: `NUMBER_TAKEN`.
    async fn change_client_number(
        &self,
        ctx: &Context<'_>,
        input: ChangeClientNumberInput,
    ) -> Result<Payload<ChangeClientNumberInput>> {
        execute(ctx, input).await
    }

    /// Says whether a client is a debtor of a discipline of an organisation of the office, and by which number (A2-24).
    /// There may be one for each discipline.
    ///
    /// Codes: `DEBTOR_NO_EXISTS`.
    async fn set_debtor_number(
        &self,
        ctx: &Context<'_>,
        input: SetDebtorNumberInput,
    ) -> Result<Payload<SetDebtorNumberInput>> {
        execute(ctx, input).await
    }

    /// Stops the work for a client, with a reason, or lets it go on (A2-30).
    ///
    /// Codes: `REQUIRED` (reason).
    async fn set_work_stop(
        &self,
        ctx: &Context<'_>,
        input: SetWorkStopInput,
    ) -> Result<Payload<SetWorkStopInput>> {
        execute(ctx, input).await
    }

    /// Says that the data were checked today (A2-39).
    async fn confirm_up_to_date(
        &self,
        ctx: &Context<'_>,
        input: ConfirmUpToDateInput,
    ) -> Result<Payload<ConfirmUpToDateInput>> {
        execute(ctx, input).await
    }

    /// Says whether a client is coupled to another package (A2-17, A2-40). Whom a package is not for is the property
    /// `notFor` of its code.
    ///
    /// Codes: `UNKNOWN_CODE`, `COUPLING_NOT_ALLOWED` (the package is not for clients of this status or type).
    async fn set_coupling(
        &self,
        ctx: &Context<'_>,
        input: SetCouplingInput,
    ) -> Result<Payload<SetCouplingInput>> {
        execute(ctx, input).await
    }

    /// Marks a customer for deletion; needs `ADMINISTRATOR` and a reason (A2-42). Nothing is deleted.
    ///
    /// Codes: `HAS_CHILDREN` (all that hangs on it is in `blocking`), `REQUIRED` (reason).
    async fn mark_for_deletion(
        &self,
        ctx: &Context<'_>,
        input: MarkForDeletionInput,
    ) -> Result<Payload<MarkForDeletionInput>> {
        execute(ctx, input).await
    }

    /// Takes that mark away; needs `ADMINISTRATOR` (A2-42).
    async fn unmark_for_deletion(
        &self,
        ctx: &Context<'_>,
        input: UnmarkForDeletionInput,
    ) -> Result<Payload<UnmarkForDeletionInput>> {
        execute(ctx, input).await
    }
}
