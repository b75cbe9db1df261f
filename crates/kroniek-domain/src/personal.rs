//! Personal data in its envelope.
//!
//! A personal field of an event is a [`Personal<T>`]: on disk (subject, key id, bytes). Key id 0 means that the bytes
//! are clear; any other id names a key of the subject. Whoever destroys the key erases the value everywhere at once, and
//! folding goes on: an erased value is `None`.
//!
//! [`SUBJECTS`] says of every personal field whose data it is; the tests hold it against a sample of every event
//! (`whose_data_each_personal_field_is`) and against what decisions record (`laws.rs`).

use crate::codec;
use crate::ids::{ContactId, EntityId};
use serde::de::{self, SeqAccess, Visitor};
use serde::ser::{self, SerializeStruct, SerializeTuple};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// The bytes are not encrypted.
const CLEAR: u32 = 0;

/// Fields of events that only `SENSITIVE_READ` may see in an export, as (event, field).
pub const SENSITIVE_FIELDS: &[(&str, &str)] = &[
    ("PersonalDataChanged", "data"),
    ("DeathRecorded", "date"),
    ("DeathCorrected", "before"),
    ("DeathCorrected", "after"),
    ("WwftDataChanged", "fields"),
];

/// The contact of the customer that the event names: see [`SUBJECTS`].
pub const CUSTOMERS_CONTACT: &str = "the contact of customer";

/// Whoever lends a household its name at that time, a contractant or the household itself: see [`SUBJECTS`].
pub const NAME_GIVER: &str = "who lends the name";

/// Whose data each personal field of an event is, as (event, field, whose): the path of the field that names the subject,
/// or one of [`CUSTOMERS_CONTACT`] and [`NAME_GIVER`] where no field of the event does.
pub const SUBJECTS: &[(&str, &str, &str)] = &[
    ("ContactCreated", "parts", "contact"),
    ("ContactCreated", "company_name", "contact"),
    ("PersonNameChanged", "parts", "person"),
    ("OwnNameChanged", "parts", "contact"),
    ("OwnNameChanged", "company_name", "contact"),
    ("HouseholdNameChanged", "old", NAME_GIVER),
    ("HouseholdNameChanged", "new", NAME_GIVER),
    ("ContactKindChanged", "parts", "contact"),
    ("ContactKindChanged", "company_name", "contact"),
    ("CompanyDataChanged", "kvk", "contact"),
    ("CompanyDataChanged", "rsin", "contact"),
    ("CompanyDataChanged", "vat_id", "contact"),
    ("RoleAdded", "business", "person"),
    ("BusinessDataChanged", "business", "person"),
    ("ChannelAdded", "value", "owner"),
    ("ChannelChanged", "now.value", "now.owner"),
    ("CorrespondenceAddressChanged", "address", "contact"),
    ("HomeAddressChanged", "address", "person"),
    ("PersonalDataChanged", "data", "person"),
    ("DeathRecorded", "date", "person"),
    ("DeathCorrected", "before", "person"),
    ("DeathCorrected", "after", "person"),
    ("FollowedDataCopied", "before", "follower"),
    ("FollowedDataCopied", "after", "leader"),
    ("BankAccountAdded", "iban", CUSTOMERS_CONTACT),
    ("BankAccountAdded", "holder_name", CUSTOMERS_CONTACT),
    ("AccountHolderAddressSynced", "address", CUSTOMERS_CONTACT),
    ("BankAccountBlocked", "reason", CUSTOMERS_CONTACT),
    ("MandateRevoked", "reason", CUSTOMERS_CONTACT),
    ("PaymentLineCorrected", "reason", CUSTOMERS_CONTACT),
    ("PaymentLineWithdrawn", "reason", CUSTOMERS_CONTACT),
    ("CustomerChanged", "remark", CUSTOMERS_CONTACT),
    ("ContactSet", "emails", CUSTOMERS_CONTACT),
    ("MailConsentChanged", "email", CUSTOMERS_CONTACT),
    ("AcceptanceStarted", "step.note", CUSTOMERS_CONTACT),
    ("SubmittedForApproval", "step.note", CUSTOMERS_CONTACT),
    ("ClientApproved", "step.note", CUSTOMERS_CONTACT),
    ("ClientRejected", "step.note", CUSTOMERS_CONTACT),
    ("AcceptanceCompleted", "step.note", CUSTOMERS_CONTACT),
    ("CardBlockChanged", "fields", "contact"),
    ("WwftDataChanged", "fields", "contact"),
    ("KeyFiguresRecorded", "figures", "contact"),
    ("WorkStopSet", "reason", "contact"),
    ("DeletionMarked", "reason", "contact"),
    ("InteractionLogged", "note", "contact"),
    ("InteractionCancelled", "reason", "contact"),
    ("TaskCreated", "description", "contact"),
    ("TaskNoteWritten", "text", "contact"),
];

/// A value about a human being, and whose it is. `value` is `None` once the subject's key is gone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Personal<T> {
    /// Whose data this is: the contact at whose erasure the value must vanish.
    pub subject: ContactId,
    /// The value, or `None` when erased.
    pub value: Option<T>,
}

impl<T> Personal<T> {
    /// A value of `subject`.
    pub fn new(subject: ContactId, value: T) -> Self {
        Self { subject, value: Some(value) }
    }

    /// The value, or `None` when erased.
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }
}

/// Raw bytes, so that the envelope's length is known without knowing what is in it.
struct Sealed<'a>(&'a [u8]);

impl Serialize for Sealed<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Sealed<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        <&'a [u8]>::deserialize(d).map(Sealed)
    }
}

/// Key id of a value whose key is gone; written only when a folded state with such a value is stored again.
const ERASED: u32 = u32::MAX;

impl<T: Serialize> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            let mut open = s.serialize_struct("Personal", 2)?;
            open.serialize_field("subject", &EntityId::Contact(self.subject).to_string())?;
            open.serialize_field("value", &self.value)?;
            return open.end();
        }
        let (key_id, bytes) = match &self.value {
            Some(value) => (CLEAR, codec::encode(value).map_err(ser::Error::custom)?),
            None => (ERASED, Vec::new()),
        };
        let mut envelope = s.serialize_tuple(3)?;
        envelope.serialize_element(&self.subject.0)?;
        envelope.serialize_element(&key_id)?;
        envelope.serialize_element(&Sealed(&bytes))?;
        envelope.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Envelope<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Envelope<T> {
            type Value = Personal<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an envelope of subject, key id and bytes")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let missing = || de::Error::custom("the envelope is cut short");
                let subject = ContactId(seq.next_element()?.ok_or_else(missing)?);
                let key_id: u32 = seq.next_element()?.ok_or_else(missing)?;
                let sealed: Sealed<'de> = seq.next_element()?.ok_or_else(missing)?;
                let value = match key_id {
                    CLEAR => Some(codec::decode(sealed.0).map_err(de::Error::custom)?),
                    _ => None,
                };
                Ok(Personal { subject, value })
            }
        }
        d.deserialize_tuple(3, Envelope(PhantomData))
    }
}
