//! Groups of companies.

use super::execute::execute;
use super::input::{CommandInput, CustomerFields, Envelope, Shape};
use crate::payload::Payload;
use async_graphql::{Context, ID, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::structure;

/// Input of `setParentCompany`.
#[derive(InputObject)]
pub(crate) struct SetParentCompanyInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// The parent company, by number; without it and `parentId` the company has none.
    parent_no: Option<String>,
    /// The parent company, by id.
    parent_id: Option<ID>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetParentCompanyInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer);
        let given = self.parent_no.is_some() || self.parent_id.is_some();
        let parent = if given {
            shape.customer_at(("parentNo", self.parent_no), ("parentId", self.parent_id))
        } else {
            None
        };
        Some(structure::SetParentCompany { customer: customer?, parent }.into())
    }
}

#[derive(Default)]
pub(crate) struct StructureMutations;

#[Object]
impl StructureMutations {
    /// Says whose subsidiary a company is, or that it is nobody's (A2-32).
    ///
    /// Codes: `STRUCTURE_CYCLE`, `LINK_END_TYPE_NOT_ALLOWED` (no company).
    async fn set_parent_company(
        &self,
        ctx: &Context<'_>,
        input: SetParentCompanyInput,
    ) -> Result<Payload<SetParentCompanyInput>> {
        execute(ctx, input).await
    }
}
