//! Role lines.

use super::contact::NewPersonInput;
use super::execute::execute;
use super::input::{
    CommandInput, Envelope, PartyFields, Shape, leave_or_set, line_number, optional_date, text,
};
use crate::payload::Payload;
use crate::scalars::DateText;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::role::{self, BusinessInput, PersonChoice};

/// Input of `addRole`: the household, company or client-person, or its customer; and the person.
#[derive(InputObject)]
pub(crate) struct AddRoleInput {
    #[graphql(flatten)]
    party: PartyFields,
    /// An existing person. This or `newPerson`.
    person_id: Option<ID>,
    /// A person that is made in the same commit. This or `personId`.
    new_person: Option<NewPersonInput>,
    /// Role code (code list `ROLE`). Mandatory.
    role_code: Option<String>,
    /// Begin of the role; today when left out.
    begin_date: Option<DateText>,
    /// Why, as a code of the caller's own.
    cause: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for AddRoleInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let party = shape.party(self.party);
        shape.exactly_one(&[
            ("personId", self.person_id.is_some()),
            ("newPerson", self.new_person.is_some()),
        ])?;
        let person = if let Some(id) = self.person_id {
            PersonChoice::Existing(Shape::contact_id(&id))
        } else {
            shape.nested(&[
                ("initials", "newPerson.initials"),
                ("infix", "newPerson.infix"),
                ("surname", "newPerson.surname"),
                ("birthDate", "newPerson.birthDate"),
                ("salutation", "newPerson.salutation"),
                ("bsn", "newPerson.bsn"),
                ("gender", "newPerson.gender"),
                ("phones", "newPerson.phones"),
                ("emails", "newPerson.emails"),
            ]);
            PersonChoice::New(Box::new(self.new_person?.read()))
        };
        Some(
            role::AddRole {
                party: party?,
                person,
                role_code: text(self.role_code),
                begin_date: optional_date(self.begin_date),
                cause: self.cause,
            }
            .into(),
        )
    }
}

/// Input of `removeRole`.
#[derive(InputObject)]
pub(crate) struct RemoveRoleInput {
    #[graphql(flatten)]
    party: PartyFields,
    /// Number of the line.
    line: i64,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for RemoveRoleInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        Some(role::RemoveRole { party: shape.party(self.party)?, line: line_number(self.line) }.into())
    }
}

/// Input of `showFirst`.
#[derive(InputObject)]
pub(crate) struct ShowFirstInput {
    /// The household.
    household_id: ID,
    /// The contractant to show first.
    person_id: ID,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ShowFirstInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        let household = Shape::contact_id(&self.household_id);
        let person = Shape::contact_id(&self.person_id);
        Some(role::ShowFirst { household, person }.into())
    }
}

/// What a person is at work, per line. What is absent is left; null clears.
#[derive(InputObject)]
pub(crate) struct BusinessDataInput {
    /// Function.
    function: MaybeUndefined<String>,
    /// Department.
    department: MaybeUndefined<String>,
    /// Business telephone number.
    phone: MaybeUndefined<String>,
    /// Business e-mail address.
    email: MaybeUndefined<String>,
}

impl BusinessDataInput {
    pub(crate) fn read(self) -> BusinessInput {
        BusinessInput {
            function: leave_or_set(self.function),
            department: leave_or_set(self.department),
            phone: leave_or_set(self.phone),
            email: leave_or_set(self.email),
        }
    }
}

/// Input of `changeBusinessData`: the household, company or client-person that holds the line, and the line.
#[derive(InputObject)]
pub(crate) struct ChangeBusinessDataInput {
    #[graphql(flatten)]
    party: PartyFields,
    /// Number of the line.
    line: i64,
    /// What changes.
    business: BusinessDataInput,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeBusinessDataInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let party = shape.party(self.party)?;
        let business = self.business.read();
        Some(role::ChangeBusinessData { party, line: line_number(self.line), business }.into())
    }
}

/// Input of `setPortalCoupling`: the household, company or client-person that holds the line, and the line.
#[derive(InputObject)]
pub(crate) struct SetPortalCouplingInput {
    #[graphql(flatten)]
    party: PartyFields,
    /// Number of the line.
    line: i64,
    /// Access or none.
    on: bool,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetPortalCouplingInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let party = shape.party(self.party)?;
        Some(role::SetPortalCoupling { party, line: line_number(self.line), on: self.on }.into())
    }
}

#[derive(Default)]
pub(crate) struct RoleMutations;

#[Object]
impl RoleMutations {
    /// Adds a role line for an existing or a new person; needs `WRITE`. The line is stored at the contact and shown at
    /// its customer too (E1-08 … E1-10, E1-30). The first contractant of a household is shown first and lends it its
    /// name (E1-26, E1-27).
    ///
    /// The line is kept at the contact: `expectedVersion` is the contact's, also when it is named by its customer; or the
    /// customer's when that is the later of the two.
    ///
    /// Codes: `ROLE_NEEDS_PERSON`, `ROLE_EXISTS`, `ROLE_WITH_ITSELF`, `PERSON_DECEASED`, `CONTRACTANT_NEEDS_HOUSEHOLD`,
    /// `PARENT_TYPE_NOT_ALLOWED`; for a new person also the codes of `changeChannels` and `changePersonalData`.
    async fn add_role(&self, ctx: &Context<'_>, input: AddRoleInput) -> Result<Payload<AddRoleInput>> {
        execute(ctx, input).await
    }

    /// Removes a role line from the contact and thereby from its customer; needs `WRITE`. The person stays (E1-11, E1-12,
    /// E1-31, E1-32).
    ///
    /// The line is kept at the contact: `expectedVersion` is the contact's, also when it is named by its customer; or the
    /// customer's when that is the later of the two.
    ///
    /// Codes: `SHOWN_FIRST_CANNOT_BE_REMOVED` (show another contractant first), `LAST_CONTRACTANT`, `PARENT_REQUIRED`.
    /// Asks `REMOVE_ROLE_LINE`.
    async fn remove_role(
        &self,
        ctx: &Context<'_>,
        input: RemoveRoleInput,
    ) -> Result<Payload<RemoveRoleInput>> {
        execute(ctx, input).await
    }

    /// Shows another contractant of a household first; needs `WRITE`. The household is called by that name from then on:
    /// see `householdNameBefore` and `householdNameAfter` (E1-25, E1-27, E1-28).
    ///
    /// Codes: `NOT_A_CONTRACTANT`, `NOT_A_PERSON`, `PERSON_DECEASED`.
    async fn show_first(&self, ctx: &Context<'_>, input: ShowFirstInput) -> Result<Payload<ShowFirstInput>> {
        execute(ctx, input).await
    }

    /// Changes the business data of a role line; needs `WRITE`. They differ per company and are never copied between
    /// leader and followers (A1-17).
    ///
    /// The line is kept at the contact: `expectedVersion` is the contact's, also when it is named by its customer; or the
    /// customer's when that is the later of the two.
    ///
    /// Codes: `INVALID_PHONE`, `INVALID_EMAIL`.
    async fn change_business_data(
        &self,
        ctx: &Context<'_>,
        input: ChangeBusinessDataInput,
    ) -> Result<Payload<ChangeBusinessDataInput>> {
        execute(ctx, input).await
    }

    /// Gives or takes access to the client portal through a role line; needs `WRITE`. A leader's access covers the
    /// companies of its followers (A1-04). Nobody is given access to a former client.
    ///
    /// The line is kept at the contact: `expectedVersion` is the contact's, also when it is named by its customer; or the
    /// customer's when that is the later of the two.
    ///
    /// Codes: `STATUS_NOT_APPLICABLE` (a former client).
    async fn set_portal_coupling(
        &self,
        ctx: &Context<'_>,
        input: SetPortalCouplingInput,
    ) -> Result<Payload<SetPortalCouplingInput>> {
        execute(ctx, input).await
    }
}
