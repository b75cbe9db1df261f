//! Phone numbers, e-mail addresses and web sites of contacts (E1-18, E1-19, A2-22).

use crate::label::Lang;
use async_graphql::{ComplexObject, Enum, SimpleObject};
use kroniek_domain::{channel, contact};

/// What a channel is (VERA CONTACTGEGEVENSOORT).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "channel::Kind")]
pub enum ChannelKind {
    /// Fixed telephone.
    Phone,
    /// Mobile telephone.
    Mobile,
    /// Fax.
    Fax,
    /// E-mail address.
    Email,
    /// Web site.
    Website,
}

/// Private or business (VERA CONTACTGEGEVENDETAILSOORT PRI, ZAK).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "channel::Detail")]
pub enum ChannelDetail {
    /// Private. A person's private e-mail and mobile are taken over by its followers (A1-06).
    Private,
    /// Business.
    Business,
}

/// Which channel to try first (VERA CONTACTGEGEVENVOORKEUR).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "channel::Preference")]
pub enum ChannelPreference {
    /// First preference.
    First,
    /// Second preference.
    Second,
}

/// What is known about whether a channel works (VERA CONTACTGEGEVENSTATUS).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "channel::Status")]
pub enum ChannelStatus {
    /// Entered, not checked.
    Created,
    /// Checked.
    Validated,
    /// Known not to work.
    Invalid,
}

/// A phone number, e-mail address or web site of a contact.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Channel {
    /// Number within the contact.
    line: u32,
    /// What it is.
    kind: ChannelKind,
    /// Private or business.
    detail: ChannelDetail,
    /// Which to try first; null: no preference.
    preference: Option<ChannelPreference>,
    /// What is known about whether it works.
    status: ChannelStatus,
    /// The number, e-mail address or web address; empty when erased.
    value: String,
}

#[ComplexObject]
impl Channel {
    /// `kind` in words.
    async fn kind_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.kind.label(lang)
    }

    /// `detail` in words.
    async fn detail_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.detail.label(lang)
    }

    /// `preference` in words.
    async fn preference_label(&self, #[graphql(default)] lang: Lang) -> Option<&'static str> {
        self.preference.map(|preference| preference.label(lang))
    }

    /// `status` in words.
    async fn status_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.status.label(lang)
    }
}

/// The channels that are wanted, in their order.
pub(crate) fn of(contact: &contact::Contact, wanted: impl Fn(&channel::Channel) -> bool) -> Vec<Channel> {
    let channels = contact.channels.iter().filter(|channel| wanted(channel));
    channels
        .map(|channel| Channel {
            line: channel.id,
            kind: channel.kind.into(),
            detail: channel.detail.into(),
            preference: channel.preference.map(ChannelPreference::from),
            status: channel.status.into(),
            value: channel.value.clone(),
        })
        .collect()
}

/// Whether a channel is a telephone number of some kind.
pub(crate) fn is_phone(channel: &channel::Channel) -> bool {
    matches!(channel.kind, channel::Kind::Phone | channel::Kind::Mobile | channel::Kind::Fax)
}

/// Whether a channel is a web site.
pub(crate) fn is_website(channel: &channel::Channel) -> bool {
    channel.kind == channel::Kind::Website
}

/// Whether a channel is an e-mail address.
pub(crate) fn is_email(channel: &channel::Channel) -> bool {
    channel.kind == channel::Kind::Email
}
