//! Registrations of an accountant's office.

use super::address::{TypedAddressFields, address_input};
use super::contact::NewContactFields;
use super::execute::execute;
use super::input::{CommandInput, Envelope, Shape, optional_date, text};
use super::role::BusinessDataInput;
use crate::payload::Payload;
use crate::scalars::DateText;
use async_graphql::{Context, ID, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::registration;

/// Input of `createRegistration`. The initials of a contact person are mandatory too; "x" will do until it follows a
/// leader.
#[derive(InputObject)]
pub(crate) struct CreateRegistrationInput {
    /// One of the nine types, such as `CLIENT_COMPANY` or `LOCATION`; `EMPLOYEE_AT_CLIENT` is no longer made. Mandatory.
    #[graphql(name = "type")]
    kind: Option<String>,
    /// What it hangs on, by id: a contact person, general correspondence, a location, or a relation at this client. This or
    /// `parentNo`; the other types have none.
    parent_id: Option<ID>,
    /// What it hangs on, by number. This or `parentId`.
    parent_no: Option<String>,
    #[graphql(flatten)]
    who: NewContactFields,
    /// A contact person's role at its parent (code list `ROLE`); `CONTACT_PERSON` when left out.
    role_code: Option<String>,
    /// Begin of that role; today when left out.
    begin_date: Option<DateText>,
    /// A contact person's business data at its parent.
    business: Option<BusinessDataInput>,
    /// The location of the parent that a contact person or general correspondence is tied to, by id (A2-09).
    location_id: Option<ID>,
    /// As `locationId`, by number.
    location_no: Option<String>,
    /// The relation of a `RELATION_AT_CLIENT`, by number (A2-07).
    relation_no: Option<String>,
    /// As `relationNo`, by id.
    relation_id: Option<ID>,
    /// What that relation is to the client (code list `RELATION_KIND`).
    relation_kind: Option<String>,
    /// The status that a client starts in: `SUSPECT`, `PROSPECT`, `EX_CLIENT`, or `CLIENT` when left out, for one that is
    /// taken over. Needs the right to change that status group.
    status: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CreateRegistrationInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let who = self.who.read(shape);
        let parent = shape.optional_contact(("parentId", self.parent_id), ("parentNo", self.parent_no));
        let location =
            shape.optional_contact(("locationId", self.location_id), ("locationNo", self.location_no));
        let tied = self.relation_no.is_some() || self.relation_id.is_some();
        let relation = if tied {
            shape.customer_at(("relationNo", self.relation_no), ("relationId", self.relation_id))
        } else {
            None
        };
        // A tie to a relation is made as `linkRelation` makes it; here its client is the parent.
        let at_client = self.kind.as_deref().is_some_and(|kind| kind.trim() == "RELATION_AT_CLIENT");
        if at_client {
            shape.nested(&[("clientNo", "parentId"), ("kind", "relationKind")]);
        }
        Some(
            registration::CreateRegistration {
                kind: text(self.kind),
                parent,
                location,
                relation,
                relation_kind: self.relation_kind,
                status: self.status,
                initials: who.initials,
                infix: who.infix,
                surname: who.surname,
                company_name: who.company_name,
                salutation: who.salutation,
                role_code: self.role_code,
                begin_date: optional_date(self.begin_date),
                address: who.address,
                phones: who.phones,
                emails: who.emails,
                business: self.business.map(BusinessDataInput::read),
            }
            .into(),
        )
    }
}

/// Input of `createCoupledContact`. Its private fields come from the leader: they are here to be refused with
/// `FIELD_FOLLOWS_LEADER`, so that nobody believes that they were stored.
#[derive(InputObject)]
pub(crate) struct CreateCoupledContactInput {
    /// The client-person or contact person to follow, by id. This or `leaderNo`.
    leader_id: Option<ID>,
    /// The client-person or contact person to follow, by number. This or `leaderId`.
    leader_no: Option<String>,
    /// The client-company, by id. This or `parentNo`.
    parent_id: Option<ID>,
    /// The client-company, by number. This or `parentId`.
    parent_no: Option<String>,
    /// Role at the company (code list `ROLE`); `CONTACT_PERSON` when left out.
    role_code: Option<String>,
    /// Begin of that role; today when left out.
    begin_date: Option<DateText>,
    /// Business data at the company.
    business: Option<BusinessDataInput>,
    /// Refused: follows the leader.
    initials: Option<String>,
    /// Refused: follows the leader.
    infix: Option<String>,
    /// Refused: follows the leader.
    surname: Option<String>,
    /// Refused: follows the leader.
    address_lookup: Option<String>,
    /// Refused: follows the leader.
    address: Option<TypedAddressFields>,
    /// Refused: follows the leader.
    private_email: Option<String>,
    /// Refused: follows the leader.
    private_mobile: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CreateCoupledContactInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let leader = shape.contact(("leaderId", self.leader_id), ("leaderNo", self.leader_no));
        let parent = shape.contact(("parentId", self.parent_id), ("parentNo", self.parent_no));
        let address = address_input(shape, self.address_lookup, self.address);
        Some(
            registration::CreateCoupledContact {
                leader: leader?,
                parent: parent?,
                role_code: self.role_code,
                begin_date: optional_date(self.begin_date),
                business: self.business.map(BusinessDataInput::read),
                initials: self.initials,
                infix: self.infix,
                surname: self.surname,
                address,
                private_email: self.private_email,
                private_mobile: self.private_mobile,
            }
            .into(),
        )
    }
}

#[derive(Default)]
pub(crate) struct RegistrationMutations;

#[Object]
impl RegistrationMutations {
    /// Registers a client, a relation, or what hangs on one of these; needs `REGISTER` (A1-01, A1-02, A1-13,
    /// A2-01 … A2-11). Clients and relations get a customer: it is in `customer`.
    ///
    /// Codes: `PARENT_REQUIRED`, `PARENT_TYPE_NOT_ALLOWED`, `LOCATION_NOT_OF_PARENT`, `LINK_END_TYPE_NOT_ALLOWED`,
    /// `LINK_EXISTS`, `TYPE_OBSOLETE`, `STATUS_NOT_FOR_TYPE`, `STATUS_NOT_APPLICABLE`, `USE_ACCEPTANCE_ACTION`,
    /// `FIELD_NOT_ALLOWED`, `COMPANY_HAS_NO_INITIALS`, `CONTRACTANT_NEEDS_HOUSEHOLD`, `SALUTATION_NEEDS_DEATH`,
    /// `SALUTATION_NOT_ALLOWED`, and the codes of `changeCorrespondenceAddress`, `changeChannels` and `changeBusinessData`
    /// for what is given along.
    async fn create_registration(
        &self,
        ctx: &Context<'_>,
        input: CreateRegistrationInput,
    ) -> Result<Payload<CreateRegistrationInput>> {
        execute(ctx, input).await
    }

    /// Registers a contact person at a client-company that follows a leader from the start; needs `REGISTER`. Its private
    /// data come from the leader, in the same commit (A1-12).
    ///
    /// Codes: `FIELD_FOLLOWS_LEADER`, `PARENT_TYPE_NOT_ALLOWED`, `LEADER_NOT_A_PERSON`, `LEADER_IS_FOLLOWER`,
    /// `CONTRACTANT_NEEDS_HOUSEHOLD`, `INVALID_PHONE`, `INVALID_EMAIL`. Asks `CLIENT_PERSON_PREFERRED`.
    async fn create_coupled_contact(
        &self,
        ctx: &Context<'_>,
        input: CreateCoupledContactInput,
    ) -> Result<Payload<CreateCoupledContactInput>> {
        execute(ctx, input).await
    }
}
