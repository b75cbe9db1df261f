//! A contact as folded from every event that names it.

use super::Kind;
use crate::address;
use crate::channel::{self, Channel, Detail};
use crate::client_status;
use crate::code_list;
use crate::customer::{self, ClientStatus};
use crate::death::{self, Death};
use crate::event::Event;
use crate::ids::{At, ContactId, CustomerId};
use crate::leader::{self, MailPreference, PrivateBlock};
use crate::personal_data::{self, Gender};
use crate::placement::{self, Placement};
use crate::role::{self, EndedLine, RoleLine};
use crate::timeline::Timeline;
use crate::values::{Address, Date, NameParts};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A name, and the commit since which it holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PastName {
    /// Since when.
    pub since: At,
    /// The name.
    pub name: String,
}

/// A contact (spec §1.1). Sensitive fields say so; whoever shows a contact must ask for the right to see them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Contact {
    /// Immutable id.
    pub id: ContactId,
    /// Contact number, unique, never reused (E2-08).
    pub number: String,
    /// Person, household or company.
    pub kind: Kind,
    /// Commit that created it.
    pub created: At,
    /// A person's name parts; a household's own, used while it has no contractant (§7).
    pub parts: NameParts,
    /// A company's own name.
    pub company_name: String,
    /// The derived name (§7); recorded by events, never computed by a reader.
    pub name: String,
    /// Every name that it ever had, oldest first.
    pub names: Vec<PastName>,
    /// Whose name a household carries: the contractant shown first, or itself.
    pub named_after: ContactId,
    /// Phone numbers and e-mail addresses.
    pub channels: Vec<Channel>,
    /// Number that the next channel gets.
    pub next_channel: u32,
    /// Correspondence address by date; a person's is private.
    pub correspondence: Timeline<Address>,
    /// A person's private home address by date.
    pub home: Timeline<Address>,
    /// Reached by business or by private e-mail (A1-18).
    pub mail_preference: MailPreference,
    /// Salutation code (D-32: read by all).
    pub salutation: Option<String>,
    /// Sensitive: date of birth.
    pub birth: Option<Date>,
    /// Sensitive: citizen service number.
    pub bsn: Option<String>,
    /// Sensitive: gender.
    pub gender: Option<Gender>,
    /// The death, when recorded. That it is recorded is public, its date is sensitive.
    pub death: Option<Death>,
    /// Chamber-of-commerce number of a company.
    pub kvk: Option<String>,
    /// RSIN of a company.
    pub rsin: Option<String>,
    /// VAT id of a company.
    pub vat_id: Option<String>,
    /// Legal form of a company (code list `LEGAL_FORM`).
    pub legal_form: Option<String>,
    /// Role lines at this contact, in line order.
    pub lines: Vec<RoleLine>,
    /// Role lines that ended, oldest first.
    pub ended_lines: Vec<EndedLine>,
    /// Number that the next line gets.
    pub next_line: u32,
    /// The contractant shown first (E1-25).
    pub shown_first: Option<ContactId>,
    /// Lines elsewhere that name this person, as (holder, line).
    pub roles: Vec<(ContactId, u32)>,
    /// Lines elsewhere that named this person.
    pub past_roles: Vec<(ContactId, u32)>,
    /// The leader that this person follows.
    pub leader: Option<ContactId>,
    /// The followers of this person.
    pub followers: BTreeSet<ContactId>,
    /// The customer that is the account of this contact.
    pub customer: Option<CustomerId>,
    /// Where that customer stands; decides who sees this contact (A2-52).
    pub standing: Option<ClientStatus>,
    /// What it hangs below, and what hangs below it (§6.1).
    pub placement: Placement,
}

impl Contact {
    /// A contact before its first event.
    pub fn new(id: ContactId) -> Self {
        Self {
            id,
            number: String::new(),
            kind: Kind::Person,
            created: At { position: crate::ids::Position(0), time_us: 0 },
            parts: NameParts::default(),
            company_name: String::new(),
            name: String::new(),
            names: Vec::new(),
            named_after: id,
            channels: Vec::new(),
            next_channel: 1,
            correspondence: Timeline::default(),
            home: Timeline::default(),
            mail_preference: MailPreference::Private,
            salutation: None,
            birth: None,
            bsn: None,
            gender: None,
            death: None,
            kvk: None,
            rsin: None,
            vat_id: None,
            legal_form: None,
            lines: Vec::new(),
            ended_lines: Vec::new(),
            next_line: 1,
            shown_first: None,
            roles: Vec::new(),
            past_roles: Vec::new(),
            leader: None,
            followers: BTreeSet::new(),
            customer: None,
            standing: None,
            placement: Placement::default(),
        }
    }

    /// Folds one event that names this contact. The only code path to any state of it, live, past or rebuilt.
    pub fn evolve(&mut self, at: At, event: &Event) {
        match event {
            Event::Contact(event) => super::evolve(self, at, event),
            Event::Channel(event) => channel::evolve(self, event),
            Event::Address(event) => address::evolve(self, event),
            Event::Role(event) => role::evolve(self, event),
            Event::PersonalData(event) => personal_data::evolve(self, event),
            Event::Death(event) => death::evolve(self, at, event),
            Event::Customer(event) => customer::evolve_contact(self, event),
            Event::Leader(event) => leader::evolve(self, at, event),
            Event::Placement(event) => placement::evolve(self, event),
            Event::ClientStatus(event) => client_status::evolve_contact(self, event),
            Event::CodeList(code_list::Event::CodeChanged(_) | code_list::Event::CodesImported(_))
            | Event::BankAccount(_)
            | Event::Link(_)
            | Event::Structure(_)
            | Event::Acceptance(_)
            | Event::Card(_)
            | Event::Administration(_)
            | Event::Mandate(_)
            | Event::Payment(_)
            | Event::Shop(_)
            | Event::SignOff(_)
            | Event::Mail(_)
            | Event::AddressTable(_)
            | Event::Employee(_)
            | Event::Team(_)
            | Event::Template(_)
            | Event::Interaction(_)
            | Event::Task(_) => {}
        }
    }

    /// Sets the derived name and remembers since when.
    pub(crate) fn rename(&mut self, at: At, name: &str) {
        if self.name != name {
            name.clone_into(&mut self.name);
            self.names.push(PastName { since: at, name: name.to_owned() });
        }
    }

    /// The name that this contact has of its own, before a contractant lends a household its name (§7).
    pub fn own_name(&self) -> String {
        match self.kind {
            Kind::Company | Kind::GeneralCorrespondence | Kind::Location => self.company_name.clone(),
            Kind::Person | Kind::Household => self.parts.full(),
        }
    }

    /// Whether a death is recorded; public, unlike its date.
    pub fn deceased(&self) -> bool {
        self.death.is_some()
    }

    /// The role line with this number.
    pub fn line(&self, line: u32) -> Option<&RoleLine> {
        self.lines.iter().find(|l| l.line == line)
    }

    /// The contractant lines, in line order.
    pub fn contractants(&self) -> impl Iterator<Item = &RoleLine> {
        self.lines.iter().filter(|l| l.contractant)
    }

    /// What followers take over from a leader (A1-06): names, private addresses, private e-mail, private mobile.
    pub fn private_block(&self) -> PrivateBlock {
        PrivateBlock {
            parts: self.parts.clone(),
            home: self.home.clone(),
            correspondence: self.correspondence.clone(),
            channels: self.channels.iter().filter(|c| c.followed()).cloned().collect(),
        }
    }

    /// The first-preference e-mail address, else the first one (the contact's main address).
    pub fn main_email(&self) -> Option<&Channel> {
        self.main(channel::Kind::Email)
    }

    /// The first-preference web site, else the first one: the one that the client card shows (A2-22).
    pub fn main_website(&self) -> Option<&Channel> {
        self.main(channel::Kind::Website)
    }

    fn main(&self, kind: channel::Kind) -> Option<&Channel> {
        self.channels.iter().filter(|c| c.kind == kind).min_by_key(|c| {
            (c.preference != Some(channel::Preference::First), c.detail == Detail::Private, c.id)
        })
    }
}
