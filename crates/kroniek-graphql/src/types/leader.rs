//! Leaders and followers on a card (A1-03 … A1-22).

use async_graphql::{Enum, SimpleObject};
use kroniek_domain::leader;

/// By which e-mail address a person is reached (A1-18). Every registration chooses for itself, followers too.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "leader::MailPreference")]
pub enum MailPreference {
    /// By the business address only.
    Business,
    /// By the private address as well.
    Private,
}

/// A field of a person's registration, for `fieldState` and `diff`.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "leader::Field")]
pub enum PersonField {
    /// Initials; followed.
    Initials,
    /// Infix; followed.
    Infix,
    /// Surname; followed.
    Surname,
    /// Private home address; followed.
    HomeAddress,
    /// Private correspondence address; followed.
    CorrespondenceAddress,
    /// Private e-mail; followed, unless the leader is reached by business mail.
    PrivateEmail,
    /// Private mobile; followed.
    PrivateMobile,
    /// Function, department, business phone and e-mail; never followed (A1-17).
    BusinessData,
    /// Business or private mail; never followed (A1-18).
    MailPreference,
    /// Salutation; never followed.
    Salutation,
    /// Date of birth; never followed (D-21).
    BirthDate,
    /// Date of death; never followed (I15).
    DeathDate,
    /// Citizen service number; never followed (D-21).
    Bsn,
    /// Gender; never followed.
    Gender,
}

/// Whose a field is (A1-16).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "leader::FieldState")]
pub enum FieldState {
    /// The contact's own: changed here.
    Own,
    /// The leader's: changed there; here refused with `FIELD_FOLLOWS_LEADER`.
    Followed,
    /// The leader's and withheld (A1-19): neither shown nor changed here.
    Hidden,
}

/// An action that only leaders and followers have (A1-22).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "leader::Action")]
pub enum LeaderAction {
    /// At a leader: go to its `followers`.
    GoToFollowers,
    /// At a leader: move its followers with `replaceLeader`.
    ReplaceLeader,
    /// At a follower: jump to its `leader`.
    GoToLeader,
    /// At a follower: end the link with `endLeaderLink`.
    EndLeaderLink,
}

/// Why a known address is not offered (A1-21).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "leader::WhyHidden")]
pub enum WhyHidden {
    /// The leader is reached by business mail: its private address is neither offered for itself nor passed on (A1-19).
    LeaderPrefersBusiness,
    /// The follower is reached by business mail: the address that it inherited is not offered (A1-20).
    FollowerPrefersBusiness,
    /// A registration that neither leads nor follows is reached by business mail (A1-18).
    PrefersBusiness,
}

/// An e-mail address for correspondence with a person.
#[derive(SimpleObject)]
pub struct MailChoice {
    /// The e-mail address.
    address: String,
    /// Whether it may be chosen.
    offered: bool,
    /// Why not, when it may not.
    why: Option<WhyHidden>,
}

impl From<leader::MailChoice> for MailChoice {
    fn from(choice: leader::MailChoice) -> Self {
        Self { address: choice.address, offered: choice.offered, why: choice.why.map(WhyHidden::from) }
    }
}

/// A followed field that a coupling would overwrite (A1-13).
#[derive(SimpleObject)]
pub struct FieldDifference {
    /// The field.
    field: PersonField,
    /// What the follower has; several values for channels, and for addresses one per date, each with its date.
    before: Vec<String>,
    /// What it would take over from the leader.
    after: Vec<String>,
}

impl From<leader::Difference> for FieldDifference {
    fn from(difference: leader::Difference) -> Self {
        Self { field: difference.field.into(), before: difference.before, after: difference.after }
    }
}
