//! Leaders and followers.

use super::execute::execute;
use super::input::{CommandInput, Envelope, Shape, text};
use crate::payload::Payload;
use async_graphql::{Context, ID, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::leader;

/// Input of `coupleToLeader`.
#[derive(InputObject)]
pub(crate) struct CoupleToLeaderInput {
    /// The contact person that will follow, by id. This or `followerNo`.
    follower_id: Option<ID>,
    /// The contact person that will follow, by number. This or `followerId`.
    follower_no: Option<String>,
    /// The client-person or contact person to follow, by id. This or `leaderNo`.
    leader_id: Option<ID>,
    /// The client-person or contact person to follow, by number. This or `leaderId`.
    leader_no: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CoupleToLeaderInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let follower = shape.contact(("followerId", self.follower_id), ("followerNo", self.follower_no));
        let leader = shape.contact(("leaderId", self.leader_id), ("leaderNo", self.leader_no));
        Some(leader::CoupleToLeader { follower: follower?, leader: leader? }.into())
    }
}

/// Input of `endLeaderLink`.
#[derive(InputObject)]
pub(crate) struct EndLeaderLinkInput {
    /// The follower, by id. This or `followerNo`.
    follower_id: Option<ID>,
    /// The follower, by number. This or `followerId`.
    follower_no: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for EndLeaderLinkInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let follower = shape.contact(("followerId", self.follower_id), ("followerNo", self.follower_no))?;
        Some(leader::EndLeaderLink { follower }.into())
    }
}

/// Input of `replaceLeader`.
#[derive(InputObject)]
pub(crate) struct ReplaceLeaderInput {
    /// The leader until now, by id. This or `oldLeaderNo`.
    old_leader_id: Option<ID>,
    /// The leader until now, by number. This or `oldLeaderId`.
    old_leader_no: Option<String>,
    /// The leader from now on, by id. This or `newLeaderNo`.
    new_leader_id: Option<ID>,
    /// The leader from now on, by number. This or `newLeaderId`.
    new_leader_no: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ReplaceLeaderInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let old = shape.contact(("oldLeaderId", self.old_leader_id), ("oldLeaderNo", self.old_leader_no));
        let new = shape.contact(("newLeaderId", self.new_leader_id), ("newLeaderNo", self.new_leader_no));
        Some(leader::ReplaceLeader { old_leader: old?, new_leader: new? }.into())
    }
}

/// Input of `setMailPreference`.
#[derive(InputObject)]
pub(crate) struct SetMailPreferenceInput {
    /// The person or company, by id. This or `contactNo`.
    contact_id: Option<ID>,
    /// The person or company, by number. This or `contactId`.
    contact_no: Option<String>,
    /// `BUSINESS` or `PRIVATE`. Mandatory.
    preference: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetMailPreferenceInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let contact = shape.contact(("contactId", self.contact_id), ("contactNo", self.contact_no))?;
        Some(leader::SetMailPreference { contact, preference: text(self.preference) }.into())
    }
}

#[derive(Default)]
pub(crate) struct LeaderMutations;

#[Object]
impl LeaderMutations {
    /// Lets a contact person follow a leader; needs `WRITE`. The follower takes over the leader's names, private addresses,
    /// private e-mail and private mobile at once and cannot change them itself; the old values stay in its history
    /// (A1-06 … A1-13). `diff` shows beforehand what will be overwritten.
    ///
    /// Codes: `SELF_COUPLING`, `ALREADY_FOLLOWING`, `LEADER_IS_FOLLOWER`, `HAS_FOLLOWERS` (all of them in `blocking`),
    /// `FOLLOWER_NOT_A_CONTACT_PERSON`, `LEADER_NOT_A_PERSON`. Asks `CLIENT_PERSON_PREFERRED`.
    async fn couple_to_leader(
        &self,
        ctx: &Context<'_>,
        input: CoupleToLeaderInput,
    ) -> Result<Payload<CoupleToLeaderInput>> {
        execute(ctx, input).await
    }

    /// Ends a link, at the follower; needs `WRITE`. It keeps the values that it has, now its own (A1-22).
    ///
    /// Codes: `NOT_A_FOLLOWER` (asked on the leader: its followers are in `blocking`).
    async fn end_leader_link(
        &self,
        ctx: &Context<'_>,
        input: EndLeaderLinkInput,
    ) -> Result<Payload<EndLeaderLinkInput>> {
        execute(ctx, input).await
    }

    /// Moves every follower of one leader to another, in one commit; needs `WRITE`. The new leader may be one of the
    /// followers; the old one stands alone afterwards (A1-23).
    ///
    /// Codes: `SELF_COUPLING`, `NOT_A_LEADER`, `LEADER_IS_FOLLOWER`, `LEADER_NOT_A_PERSON`,
    /// `FOLLOWER_NOT_A_CONTACT_PERSON`. Asks `CLIENT_PERSON_PREFERRED`. Warning: `OLD_LEADER_STANDS_ALONE`.
    async fn replace_leader(
        &self,
        ctx: &Context<'_>,
        input: ReplaceLeaderInput,
    ) -> Result<Payload<ReplaceLeaderInput>> {
        execute(ctx, input).await
    }

    /// Chooses by which e-mail address a person or a company is reached; needs `WRITE`. Every registration chooses for
    /// itself. A leader that is reached by business mail does not pass its private e-mail on (A1-18 … A1-20, A2-21).
    ///
    /// Codes: `NOT_A_PERSON` (neither a person nor a company), `UNKNOWN_CODE`.
    async fn set_mail_preference(
        &self,
        ctx: &Context<'_>,
        input: SetMailPreferenceInput,
    ) -> Result<Payload<SetMailPreferenceInput>> {
        execute(ctx, input).await
    }
}
