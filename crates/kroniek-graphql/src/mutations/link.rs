//! Ties between registrations.

use super::execute::execute;
use super::input::{CommandInput, Envelope, Shape, text};
use super::role::BusinessDataInput;
use crate::payload::Payload;
use async_graphql::{Context, ID, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::link;

/// Input of `linkRelation`.
#[derive(InputObject)]
pub(crate) struct LinkRelationInput {
    /// The client, by number. This or `clientId`.
    client_no: Option<String>,
    /// The client, by id. This or `clientNo`.
    client_id: Option<ID>,
    /// The relation, by number. This or `relationId`.
    relation_no: Option<String>,
    /// The relation, by id. This or `relationNo`.
    relation_id: Option<ID>,
    /// What the relation is to the client (code list `RELATION_KIND`). Mandatory.
    kind: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for LinkRelationInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let client = shape.customer_at(("clientNo", self.client_no), ("clientId", self.client_id));
        let relation = shape.customer_at(("relationNo", self.relation_no), ("relationId", self.relation_id));
        Some(link::LinkRelation { client: client?, relation: relation?, kind: text(self.kind) }.into())
    }
}

/// Input of `unlinkRelation`.
#[derive(InputObject)]
pub(crate) struct UnlinkRelationInput {
    /// The client, by number. This or `clientId`.
    client_no: Option<String>,
    /// The client, by id. This or `clientNo`.
    client_id: Option<ID>,
    /// The relation, by number. This or `relationId`.
    relation_no: Option<String>,
    /// The relation, by id. This or `relationNo`.
    relation_id: Option<ID>,
    /// What the relation is to the client (code list `RELATION_KIND`). Mandatory.
    kind: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for UnlinkRelationInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let client = shape.customer_at(("clientNo", self.client_no), ("clientId", self.client_id));
        let relation = shape.customer_at(("relationNo", self.relation_no), ("relationId", self.relation_id));
        Some(link::UnlinkRelation { client: client?, relation: relation?, kind: text(self.kind) }.into())
    }
}

/// Input of `linkCompanyPerson`.
#[derive(InputObject)]
pub(crate) struct LinkCompanyPersonInput {
    /// The client-company, by number. This or `companyId`.
    company_no: Option<String>,
    /// The client-company, by id. This or `companyNo`.
    company_id: Option<ID>,
    /// The client-person, by number. This or `personId`.
    person_no: Option<String>,
    /// The client-person, by id. This or `personNo`.
    person_id: Option<ID>,
    /// The role of the person there (code list `ROLE`); `CONTACT_PERSON` when left out.
    role_code: Option<String>,
    /// The direct contact data of the person at the company (A2-46).
    direct_contact: Option<BusinessDataInput>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for LinkCompanyPersonInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let company = shape.customer_at(("companyNo", self.company_no), ("companyId", self.company_id));
        let person = shape.customer_at(("personNo", self.person_no), ("personId", self.person_id));
        shape.nested(&[
            ("business.function", "directContact.function"),
            ("business.department", "directContact.department"),
            ("business.phone", "directContact.phone"),
            ("business.email", "directContact.email"),
        ]);
        Some(
            link::LinkCompanyPerson {
                company: company?,
                person: person?,
                role_code: self.role_code,
                direct_contact: self.direct_contact.map(BusinessDataInput::read),
            }
            .into(),
        )
    }
}

/// Input of `unlinkCompanyPerson`.
#[derive(InputObject)]
pub(crate) struct UnlinkCompanyPersonInput {
    /// The client-company, by number. This or `companyId`.
    company_no: Option<String>,
    /// The client-company, by id. This or `companyNo`.
    company_id: Option<ID>,
    /// The client-person, by number. This or `personId`.
    person_no: Option<String>,
    /// The client-person, by id. This or `personNo`.
    person_id: Option<ID>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for UnlinkCompanyPersonInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let company = shape.customer_at(("companyNo", self.company_no), ("companyId", self.company_id));
        let person = shape.customer_at(("personNo", self.person_no), ("personId", self.person_id));
        Some(link::UnlinkCompanyPerson { company: company?, person: person? }.into())
    }
}

#[derive(Default)]
pub(crate) struct LinkMutations;

#[Object]
impl LinkMutations {
    /// Ties a relation to a client, for post to third parties (A2-07).
    ///
    /// Codes: `LINK_END_TYPE_NOT_ALLOWED`, `LINK_EXISTS`.
    async fn link_relation(
        &self,
        ctx: &Context<'_>,
        input: LinkRelationInput,
    ) -> Result<Payload<LinkRelationInput>> {
        execute(ctx, input).await
    }

    /// Ends that tie (A2-07).
    ///
    /// Codes: `LINK_END_TYPE_NOT_ALLOWED`, `NOT_FOUND` (not tied in this way).
    async fn unlink_relation(
        &self,
        ctx: &Context<'_>,
        input: UnlinkRelationInput,
    ) -> Result<Payload<UnlinkRelationInput>> {
        execute(ctx, input).await
    }

    /// Ties a client-person to a client-company: a role line of the company, with the person's direct contact data
    /// there (A2-14, A2-46).
    ///
    /// Codes: `LINK_END_TYPE_NOT_ALLOWED`, `LINK_EXISTS`, `PERSON_DECEASED`, `INVALID_PHONE`, `INVALID_EMAIL`,
    /// `CONTRACTANT_NEEDS_HOUSEHOLD`.
    async fn link_company_person(
        &self,
        ctx: &Context<'_>,
        input: LinkCompanyPersonInput,
    ) -> Result<Payload<LinkCompanyPersonInput>> {
        execute(ctx, input).await
    }

    /// Ends that tie (A2-14).
    ///
    /// Codes: `LINK_END_TYPE_NOT_ALLOWED`, `NOT_FOUND` (not tied).
    async fn unlink_company_person(
        &self,
        ctx: &Context<'_>,
        input: UnlinkCompanyPersonInput,
    ) -> Result<Payload<UnlinkCompanyPersonInput>> {
        execute(ctx, input).await
    }
}
