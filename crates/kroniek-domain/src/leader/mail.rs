//! Which e-mail addresses may be chosen for correspondence with a person (A1-18 … A1-21).
//!
//! The list also holds the addresses that are known but not offered, each with the reason: "noted somewhere, but not
//! found when making mail" (A1-21) is a trap only while it is silent.

use super::MailPreference;
use crate::channel::{Channel, Detail, Kind};
use crate::contact::Contact;
use crate::values;

/// An address for correspondence with a person, offered or hidden.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MailChoice {
    /// The e-mail address.
    pub address: String,
    /// Whether it may be chosen.
    pub offered: bool,
    /// Why not, when it may not.
    pub why: Option<WhyHidden>,
}

/// Why a known address is not offered.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum WhyHidden {
    /// The leader is reached by business mail: its private address is not offered for itself, nor passed on (A1-19).
    LeaderPrefersBusiness,
    /// The follower is reached by business mail; the address that it inherited is not offered (A1-20).
    FollowerPrefersBusiness,
    /// A registration that neither leads nor follows is reached by business mail (A1-18).
    PrefersBusiness,
}

impl WhyHidden {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::LeaderPrefersBusiness => "LEADER_PREFERS_BUSINESS",
            Self::FollowerPrefersBusiness => "FOLLOWER_PREFERS_BUSINESS",
            Self::PrefersBusiness => "PREFERS_BUSINESS",
        }
    }
}

/// The addresses for correspondence with `contact`: the business ones, then the private ones, then what its leader
/// withholds.
///
/// `leader` is the contact that it follows, if any; `business` holds the addresses of the role lines that name it,
/// which live at their holders.
pub fn mail_choices(contact: &Contact, leader: Option<&Contact>, business: &[String]) -> Vec<MailChoice> {
    let emails = |of: &Contact, detail: Detail| -> Vec<String> {
        let wanted = |c: &&Channel| c.kind == Kind::Email && c.detail == detail && !c.value.is_empty();
        of.channels.iter().filter(wanted).map(|c| c.value.clone()).collect()
    };
    let hidden =
        (contact.mail_preference == MailPreference::Business).then_some(if contact.leader.is_some() {
            WhyHidden::FollowerPrefersBusiness
        } else if contact.followers.is_empty() {
            WhyHidden::PrefersBusiness
        } else {
            WhyHidden::LeaderPrefersBusiness
        });
    let withheld = leader
        .filter(|leader| {
            contact.leader == Some(leader.id) && leader.mail_preference == MailPreference::Business
        })
        .map_or_else(Vec::new, |leader| emails(leader, Detail::Private));

    let mut choices = Vec::new();
    for address in business {
        add(&mut choices, address, None);
    }
    for address in emails(contact, Detail::Business) {
        add(&mut choices, &address, None);
    }
    for address in emails(contact, Detail::Private) {
        add(&mut choices, &address, hidden);
    }
    for address in withheld {
        add(&mut choices, &address, Some(WhyHidden::LeaderPrefersBusiness));
    }
    choices
}

/// Adds an address that is not in the list yet: one that is offered for one reason is not hidden for another.
fn add(choices: &mut Vec<MailChoice>, address: &str, why: Option<WhyHidden>) {
    let key = values::email_key(address);
    if !key.is_empty() && !choices.iter().any(|choice| values::email_key(&choice.address) == key) {
        choices.push(MailChoice { address: address.to_owned(), offered: why.is_none(), why });
    }
}
