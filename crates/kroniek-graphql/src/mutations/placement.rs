//! What hangs below what.

use super::execute::execute;
use super::input::{CommandInput, Envelope, Shape};
use crate::payload::Payload;
use async_graphql::{Context, ID, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::placement;

/// Input of `moveContact`.
#[derive(InputObject)]
pub(crate) struct MoveContactInput {
    /// What moves, by id. This or `contactNo`.
    contact_id: Option<ID>,
    /// What moves, by number. This or `contactId`.
    contact_no: Option<String>,
    /// Which contact a contact person leaves, by id; may be left out when it hangs on one.
    from_parent_id: Option<ID>,
    /// As `fromParentId`, by number.
    from_parent_no: Option<String>,
    /// Where it goes, by id. This or `newParentNo`.
    new_parent_id: Option<ID>,
    /// Where it goes, by number. This or `newParentId`.
    new_parent_no: Option<String>,
    /// The location that it is tied to there, by id; none when left out.
    location_id: Option<ID>,
    /// As `locationId`, by number.
    location_no: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for MoveContactInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let contact = shape.contact(("contactId", self.contact_id), ("contactNo", self.contact_no));
        let parent = shape.contact(("newParentId", self.new_parent_id), ("newParentNo", self.new_parent_no));
        let from_parent = shape
            .optional_contact(("fromParentId", self.from_parent_id), ("fromParentNo", self.from_parent_no));
        let location =
            shape.optional_contact(("locationId", self.location_id), ("locationNo", self.location_no));
        Some(placement::MoveContact { contact: contact?, from_parent, new_parent: parent?, location }.into())
    }
}

#[derive(Default)]
pub(crate) struct PlacementMutations;

#[Object]
impl PlacementMutations {
    /// Moves a contact person, general correspondence or an empty location below another contact, in one commit
    /// (A2-15). With the same parent only the location changes (A2-09).
    ///
    /// The way into the client portal goes along, but not to a former client (A1-04).
    ///
    /// Codes: `PARENT_TYPE_NOT_ALLOWED`, `LOCATION_NOT_OF_PARENT`, `HAS_CHILDREN` (a location that something is tied to),
    /// `PERSON_DECEASED` (the dead take no new place).
    async fn move_contact(
        &self,
        ctx: &Context<'_>,
        input: MoveContactInput,
    ) -> Result<Payload<MoveContactInput>> {
        execute(ctx, input).await
    }
}
