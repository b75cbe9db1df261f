//! Phone numbers, e-mail addresses and web sites.

use super::execute::execute;
use super::input::{CommandInput, Envelope, PartyFields, Shape};
use crate::payload::Payload;
use crate::types::{ChannelDetail, ChannelKind, ChannelPreference, ChannelStatus};
use async_graphql::{Context, InputObject, Object, Result};
use kroniek_domain::channel::{self, Kind, OwnerRef, WantedChannel};
use kroniek_domain::{Command, PartyRef};

/// A phone number, e-mail address or web site as it should be.
#[derive(InputObject)]
pub(crate) struct ChannelInput {
    /// What it is; `PHONE` among the phones, `EMAIL` among the e-mail addresses, `WEBSITE` among the web sites when
    /// left out.
    kind: Option<ChannelKind>,
    /// The number (7 to 15 digits, with + and spaces if you like), the e-mail address, or the web address.
    value: String,
    /// Private or business.
    #[graphql(default_with = "ChannelDetail::Private")]
    detail: ChannelDetail,
    /// Which to try first; at most one of a kind has each preference.
    preference: Option<ChannelPreference>,
    /// What is known of it.
    #[graphql(default_with = "ChannelStatus::Created")]
    status: ChannelStatus,
}

impl ChannelInput {
    fn read(self, kind: Kind) -> WantedChannel {
        WantedChannel {
            kind: self.kind.map_or(kind, Into::into),
            value: self.value,
            detail: self.detail.into(),
            preference: self.preference.map(Into::into),
            status: self.status.into(),
        }
    }
}

/// The phones of an input.
pub(crate) fn phones(list: Option<Vec<ChannelInput>>) -> Vec<WantedChannel> {
    list.unwrap_or_default().into_iter().map(|channel| channel.read(Kind::Phone)).collect()
}

/// The e-mail addresses of an input.
pub(crate) fn emails(list: Option<Vec<ChannelInput>>) -> Vec<WantedChannel> {
    list.unwrap_or_default().into_iter().map(|channel| channel.read(Kind::Email)).collect()
}

/// Whose channels or address: the contact's own, or a customer's, which the domain refuses.
pub(crate) fn owner(shape: &mut Shape, fields: PartyFields) -> Option<OwnerRef> {
    shape.party(fields).map(|party| match party {
        PartyRef::Contact(contact) => OwnerRef::Contact(contact),
        PartyRef::Customer(customer) => OwnerRef::Customer(customer),
    })
}

/// Input of `changeChannels`. A list that is absent or null is left alone (clients send null for what they did not set); an
/// empty one removes all.
#[derive(InputObject)]
pub(crate) struct ChangeChannelsInput {
    #[graphql(flatten)]
    owner: PartyFields,
    /// All phones, mobiles and faxes that there should be.
    phones: Option<Vec<ChannelInput>>,
    /// All e-mail addresses that there should be.
    emails: Option<Vec<ChannelInput>>,
    /// All web sites that there should be; the client card shows the one of first preference, else the first.
    websites: Option<Vec<ChannelInput>>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeChannelsInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        Some(
            channel::ChangeChannels {
                owner: owner(shape, self.owner)?,
                phones: self.phones.map(|wanted| phones(Some(wanted))),
                emails: self.emails.map(|wanted| emails(Some(wanted))),
                websites: self
                    .websites
                    .map(|wanted| wanted.into_iter().map(|channel| channel.read(Kind::Website)).collect()),
            }
            .into(),
        )
    }
}

#[derive(Default)]
pub(crate) struct ChannelMutations;

#[Object]
impl ChannelMutations {
    /// Replaces the phones, the e-mail addresses and/or the web sites of a person, household or company by the whole
    /// wanted list; needs `WRITE`. They belong to the contact; a customer only shows them (E1-16 … E1-19). What is
    /// changed at a person is seen at all customers of `alsoVisibleAt`; its household's own channels stay as they are.
    /// Followers take over private e-mail and mobile (A1-07).
    ///
    /// Codes: `OWNED_BY_HOUSEHOLD` (a customer was named: change its contact, see `entityId`), `INVALID_EMAIL`,
    /// `INVALID_PHONE`, `INVALID_URL`, `DUPLICATE_CHANNEL`, `PREFERENCE_TAKEN`, `CHANNEL_IN_WRONG_LIST`,
    /// `TOO_MANY_CHANNELS`,
    /// `FIELD_FOLLOWS_LEADER`.
    async fn change_channels(
        &self,
        ctx: &Context<'_>,
        input: ChangeChannelsInput,
    ) -> Result<Payload<ChangeChannelsInput>> {
        execute(ctx, input).await
    }
}
