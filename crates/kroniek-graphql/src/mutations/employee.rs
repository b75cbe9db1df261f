//! Employees.

use super::execute::execute;
use super::input::{CommandInput, Envelope, Shape, text};
use crate::payload::Payload;
use async_graphql::{Context, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::employee;

/// Input of `addEmployee`.
#[derive(InputObject)]
pub(crate) struct AddEmployeeInput {
    /// Code, such as initials; never used again. Mandatory.
    code: Option<String>,
    /// Name on a screen. Mandatory.
    name: Option<String>,
    /// The name under which the employee acts; the code when left out.
    user_name: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for AddEmployeeInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        let (code, name) = (text(self.code), text(self.name));
        Some(employee::AddEmployee { code, name, user_name: self.user_name }.into())
    }
}

/// Input of `endEmployee`.
#[derive(InputObject)]
pub(crate) struct EndEmployeeInput {
    /// Code. Mandatory.
    code: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for EndEmployeeInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(employee::EndEmployee { code: text(self.code) }.into())
    }
}

#[derive(Default)]
pub(crate) struct EmployeeMutations;

#[Object]
impl EmployeeMutations {
    /// Adds an employee; needs `REFERENCE` (E2-42b). Who acts is the employee in service whose user name is the actor's, in
    /// any case: that is "yourself" when a task is taken.
    ///
    /// Codes: `CODE_EXISTS`, `USER_NAME_TAKEN`.
    async fn add_employee(
        &self,
        ctx: &Context<'_>,
        input: AddEmployeeInput,
    ) -> Result<Payload<AddEmployeeInput>> {
        execute(ctx, input).await
    }

    /// Ends the service of an employee, and its membership of every team; needs `REFERENCE` (E2-42b).
    ///
    /// Codes: `HAS_OPEN_TASKS` (all of them in `blocking`).
    async fn end_employee(
        &self,
        ctx: &Context<'_>,
        input: EndEmployeeInput,
    ) -> Result<Payload<EndEmployeeInput>> {
        execute(ctx, input).await
    }
}
