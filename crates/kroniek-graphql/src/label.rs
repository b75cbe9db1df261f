//! What people read for the codes of an answer (§8). Beside a code `kind` stands `kindLabel(lang: NL | EN)`; the words
//! are the domain's, see [`kroniek_domain::label`], or those of a code list.

use crate::types;
use crate::user_error;
use async_graphql::Enum;
use kroniek_domain::label::{self, Label};
use kroniek_domain::{
    channel, code_list, contact, customer, data_quality, duplicate, interaction, leader, mail, mandate,
    payment, permission, registration, role, search, sign_off, status_right, task, template, values,
};

/// A language that labels are in. The API's own names are what they are in every language.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug, Default)]
#[graphql(remote = "label::Lang")]
pub enum Lang {
    /// Dutch.
    #[default]
    Nl,
    /// English; of a code that has no English name, its Dutch one.
    En,
}

/// Gives the enums of the API the labels of those of the domain.
macro_rules! labelled {
    ($( $api:path: $domain:ty ),+ $(,)?) => { $(
        impl $api {
            pub(crate) fn label(self, lang: Lang) -> &'static str {
                <$domain>::from(self).label().text(lang.into())
            }
        }
    )+ };
}

labelled! {
    types::ContactKind: contact::Kind,
    types::ChannelKind: channel::Kind,
    types::ChannelDetail: channel::Detail,
    types::ChannelPreference: channel::Preference,
    types::ChannelStatus: channel::Status,
    types::AddressSource: values::AddressSource,
    types::RegistrationType: registration::RegistrationType,
    types::ClientStatus: customer::ClientStatus,
    types::StatusGroup: status_right::StatusGroup,
    types::RoleEndCause: role::Cause,
    types::MailPreference: leader::MailPreference,
    types::PersonField: leader::Field,
    types::FieldState: leader::FieldState,
    types::LeaderAction: leader::Action,
    types::WhyHidden: leader::WhyHidden,
    types::MandateType: mandate::MandateType,
    types::OpenItems: payment::OpenItems,
    types::InteractionSubject: interaction::Subject,
    types::InteractionDirection: template::Direction,
    types::InitiatedBy: template::InitiatedBy,
    types::TemplateDefault: template::Lockable,
    types::TaskStatus: task::Status,
    types::DataQualityCheck: data_quality::Check,
    types::DataQualityPriority: data_quality::Priority,
    types::Permission: permission::Permission,
    types::mail::ActivityKind: sign_off::Kind,
    types::mail::MailContactKind: mail::Kind,
    types::mail::ConsentLevel: mail::Consent,
    types::mail::RecipientSource: mail::Source,
    types::mail::WhyNot: mail::WhyNot,
    types::search::MatchKind: search::MatchKind,
    types::search::Agreement: duplicate::Agreement,
    types::SalutationKind: code_list::SalutationKind,
    user_error::Prompt: kroniek_domain::Prompt,
}

impl user_error::EntityKind {
    pub(crate) fn label(self, lang: Lang) -> &'static str {
        let label = match self {
            Self::Contact => Label::new("Contact", "Contact"),
            Self::Customer => Label::new("Klant", "Customer"),
            Self::CodeList => Label::new("Codelijst", "Code list"),
            Self::AddressTable => Label::new("Postcodetabel", "Postcode table"),
            Self::Interaction => Label::new("Interactie", "Interaction"),
            Self::Task => Label::new("Taak", "Task"),
            Self::Template => Label::new("Interactiesjabloon", "Interaction template"),
            Self::Team => Label::new("Team", "Team"),
            Self::Employee => Label::new("Medewerker", "Employee"),
        };
        label.text(lang.into())
    }
}

impl types::LeaseState {
    pub(crate) fn label(self, lang: Lang) -> &'static str {
        let label = match self {
            Self::Running => Label::new("Huurt", "Rents"),
            Self::Ended => Label::new("Huur beëindigd", "Lease ended"),
            Self::None => Label::new("Geen huur", "No lease"),
        };
        label.text(lang.into())
    }
}
