//! All events of the core, and how each stands on disk.
//!
//! Every event type has a permanent tag and a version; both are the storage format. A tag is never reused and never
//! renumbered. A payload that changes shape gets the next version, and `upcast` learns to read the old
//! one.

use crate::codec::{self, CodecFault};
use crate::ids::EntityId;
use crate::{
    acceptance, address, address_table, administration, bank_account, card, channel, client_status,
    code_list, contact, customer, death, employee, interaction, leader, link, mail, mandate, payment,
    personal_data, placement, role, shop, sign_off, structure, task, team, template, upcast,
};

/// How one event type stands on disk.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Stored {
    /// Permanent number of the type.
    pub tag: u16,
    /// Version of the payload that is written today.
    pub version: u8,
    /// Name of the type, as in the audit history.
    pub name: &'static str,
}

/// Declares the events of one capability: the enum, and the table that ties each payload type to its tag and version.
/// The rows are the storage format.
macro_rules! stored_events {
    ($( $(#[$doc:meta])+ $tag:literal v $version:literal $name:ident ),+ $(,)?) => {
        /// The events of this capability; tags and versions are the storage format.
        #[derive(Clone, PartialEq, Eq, Debug)]
        #[allow(clippy::large_enum_variant, reason = "events are few at a time, and a box per event is no gain")]
        pub enum Event { $( $(#[$doc])+ $name($name) ),+ }

        impl Event {
            /// How each event of this capability stands on disk.
            pub const STORED: &[crate::event::Stored] = &[
                $( crate::event::Stored { tag: $tag, version: $version, name: stringify!($name) } ),+
            ];

            pub(crate) fn stored(&self) -> crate::event::Stored {
                match self { $( Self::$name(_) =>
                    crate::event::Stored { tag: $tag, version: $version, name: stringify!($name) } ),+ }
            }

            pub(crate) fn payload(&self) -> Result<Vec<u8>, crate::codec::CodecFault> {
                match self { $( Self::$name(payload) => crate::codec::encode(payload) ),+ }
            }

            pub(crate) fn serialize_payload<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                match self { $( Self::$name(payload) => serde::Serialize::serialize(payload, s) ),+ }
            }

            /// Reads a payload of today's version; `None` when the tag is not of this capability.
            pub(crate) fn read(tag: u16, bytes: &[u8]) -> Option<Result<Self, crate::codec::CodecFault>> {
                match tag {
                    $( $tag => Some(crate::codec::decode(bytes).map(Self::$name)), )+
                    _ => None,
                }
            }
        }

        $( impl From<$name> for Event {
            fn from(payload: $name) -> Self { Self::$name(payload) }
        }
        impl From<$name> for crate::event::Event {
            fn from(payload: $name) -> Self { Event::$name(payload).into() }
        } )+
    };
}
pub(crate) use stored_events;

/// Declares the union of all capabilities' events.
macro_rules! all_events {
    ($( $variant:ident $module:ident $doc:literal ),+ $(,)?) => {
        /// Any event of the core.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum Event { $( #[doc = $doc] $variant($module::Event) ),+ }

        $( impl From<$module::Event> for Event {
            fn from(event: $module::Event) -> Self { Self::$variant(event) }
        } )+

        impl Event {
            /// How this event stands on disk.
            pub fn stored(&self) -> Stored {
                match self { $( Self::$variant(event) => event.stored() ),+ }
            }

            /// The payload's bytes in today's codec and version.
            pub fn payload(&self) -> Result<Vec<u8>, CodecFault> {
                match self { $( Self::$variant(event) => event.payload() ),+ }
            }

            /// Serialises the payload alone, for an export that people read.
            pub fn serialize_payload<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                match self { $( Self::$variant(event) => event.serialize_payload(s) ),+ }
            }

            /// Every entity that the event names, the addressed one first; it is folded into each of them.
            pub fn entities(&self) -> Vec<EntityId> {
                match self { $( Self::$variant(event) => event.entities() ),+ }
            }

            fn read_today(tag: u16, bytes: &[u8]) -> Option<Result<Self, CodecFault>> {
                $( if let Some(read) = $module::Event::read(tag, bytes) { return Some(read.map(Self::$variant)); } )+
                None
            }
        }

        /// Every event type ever shipped, with its newest version.
        pub fn stored_types() -> Vec<Stored> {
            let mut all = Vec::new();
            $( all.extend_from_slice($module::Event::STORED); )+
            all
        }
    };
}

all_events! {
    Contact contact "Contacts and their names.",
    Channel channel "Phone numbers and e-mail addresses.",
    Address address "Correspondence and home addresses.",
    Role role "Role lines at a contact.",
    PersonalData personal_data "Sensitive data and salutations.",
    Death death "Deaths and their corrections.",
    Customer customer "Customers and their leases.",
    Leader leader "Leaders and followers.",
    BankAccount bank_account "Bank accounts of a customer.",
    Mandate mandate "Direct-debit mandates.",
    Payment payment "Payment lines.",
    Shop shop "What a customer of a shop has of its own.",
    SignOff sign_off "Signing customers off, and what stands in its way.",
    Mail mail "Contacts by kind, billing customers, consent to mail.",
    Placement placement "What hangs below what.",
    Link link "Relations of clients.",
    Structure structure "Groups of companies.",
    ClientStatus client_status "Client statuses.",
    Acceptance acceptance "Acceptance as a client.",
    Card card "The blocks of the client card.",
    Administration administration "Administration of the client card.",
    CodeList code_list "Code lists.",
    AddressTable address_table "The address table.",
    Employee employee "Employees.",
    Team team "Teams.",
    Template template "Interaction templates.",
    Interaction interaction "Contact moments.",
    Task task "Tasks.",
}

impl Event {
    /// Reads a stored event of any version ever shipped.
    ///
    /// # Errors
    /// An unknown codec, tag or version, or bytes that do not decode: the log was written by a newer program, or is
    /// damaged.
    pub fn read(codec: u8, tag: u16, version: u8, bytes: &[u8]) -> Result<Self, CodecFault> {
        if codec != codec::CODEC {
            return Err(CodecFault(format!("codec {codec} is not known to this program; use a newer one")));
        }
        if let Some(old) = upcast::read(tag, version, bytes) {
            return old;
        }
        let newer =
            || CodecFault(format!("event type {tag} version {version} is not known; use a newer program"));
        match stored_version(tag) {
            Some(known) if known == version => Self::read_today(tag, bytes).unwrap_or_else(|| Err(newer())),
            _ => Err(newer()),
        }
    }
}

fn stored_version(tag: u16) -> Option<u8> {
    use std::sync::OnceLock;
    // Replay asks this for every event: the table is built once.
    static VERSIONS: OnceLock<Vec<u8>> = OnceLock::new();
    let versions = VERSIONS.get_or_init(|| {
        let types = stored_types();
        let greatest = types.iter().map(|t| t.tag).max().unwrap_or(0);
        let mut versions = vec![0; usize::from(greatest) + 1];
        for stored in types {
            versions[usize::from(stored.tag)] = stored.version;
        }
        versions
    });
    versions.get(usize::from(tag)).copied().filter(|version| *version > 0)
}

/// An event as recorded in a commit, with the event of the same commit that caused it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// What happened.
    pub event: Event,
    /// Index, in the same commit, of the event that this one follows from; `None` for what the command itself asked.
    pub cause: Option<u32>,
}
