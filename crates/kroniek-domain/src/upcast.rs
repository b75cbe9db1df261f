//! Reading what older versions wrote.
//!
//! A payload that changes shape keeps its tag and gets the next version. Its old struct moves here under a name with its
//! version, with one step to the next version (`From`); the chain of steps ends in today's type. A line in [`OLD`] then
//! says which version is read how. Nothing on disk is ever rewritten. The tests show how it goes.

use crate::administration::{Debtor, DebtorNumberSet};
use crate::codec::{self, CodecFault};
use crate::event::Event;
use crate::ids::CustomerId;
use serde::{Deserialize, Serialize};

/// How an older version of an event type is read.
struct Old {
    /// Tag of the type.
    tag: u16,
    /// The older version.
    version: u8,
    /// Decodes the old payload and takes it to today's type.
    read: fn(&[u8]) -> Result<Event, CodecFault>,
}

/// Every older version ever shipped.
const OLD: &[Old] = &[Old {
    tag: 206,
    version: 1,
    read: |bytes| Ok(DebtorNumberSet::from(codec::decode::<DebtorNumberSetV1>(bytes)?).into()),
}];

/// Version 1 knew one discipline per organisation, and set or took away what the client was there.
#[derive(Serialize, Deserialize)]
struct DebtorNumberSetV1 {
    customer: CustomerId,
    organisation: String,
    debtor: Option<Debtor>,
}

impl From<DebtorNumberSetV1> for DebtorNumberSet {
    fn from(old: DebtorNumberSetV1) -> Self {
        let debtors = old.debtor.into_iter().collect();
        Self { customer: old.customer, organisation: old.organisation, debtors }
    }
}

/// Reads an event of an older version; `None` when (tag, version) is not an old one.
pub(crate) fn read(tag: u16, version: u8, bytes: &[u8]) -> Option<Result<Event, CodecFault>> {
    read_from(OLD, tag, version, bytes)
}

fn read_from(table: &[Old], tag: u16, version: u8, bytes: &[u8]) -> Option<Result<Event, CodecFault>> {
    table.iter().find(|old| (old.tag, old.version) == (tag, version)).map(|old| (old.read)(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Stored, stored_types};
    use crate::ids::ContactId;
    use crate::leader::{MailPreference, MailPreferenceSet};

    // An example. Suppose that the preference for mail had two older shapes, and that today's were the third.

    /// Version 1 knew only whether the private address may be used.
    #[derive(Serialize, Deserialize)]
    struct MailPreferenceSetV1 {
        contact: ContactId,
        private: bool,
    }

    /// Version 2 had a text.
    #[derive(Serialize, Deserialize)]
    struct MailPreferenceSetV2 {
        contact: ContactId,
        preference: String,
    }

    impl From<MailPreferenceSetV1> for MailPreferenceSetV2 {
        fn from(old: MailPreferenceSetV1) -> Self {
            let preference = if old.private { "PRIVATE" } else { "BUSINESS" };
            Self { contact: old.contact, preference: preference.to_owned() }
        }
    }

    impl From<MailPreferenceSetV2> for MailPreferenceSet {
        fn from(old: MailPreferenceSetV2) -> Self {
            // What the old version let through and today's type cannot say becomes the default of that time.
            let preference =
                if old.preference == "BUSINESS" { MailPreference::Business } else { MailPreference::Private };
            Self { contact: old.contact, preference }
        }
    }

    const TAG: u16 = 53;

    const EXAMPLE: &[Old] = &[
        Old {
            tag: TAG,
            version: 1,
            read: |bytes| {
                let v2 = MailPreferenceSetV2::from(codec::decode::<MailPreferenceSetV1>(bytes)?);
                Ok(MailPreferenceSet::from(v2).into())
            },
        },
        Old {
            tag: TAG,
            version: 2,
            read: |bytes| Ok(MailPreferenceSet::from(codec::decode::<MailPreferenceSetV2>(bytes)?).into()),
        },
    ];

    fn today(preference: MailPreference) -> Event {
        MailPreferenceSet { contact: ContactId(7), preference }.into()
    }

    #[test]
    fn every_older_version_ends_in_todays_type() {
        let v1 = codec::encode(&MailPreferenceSetV1 { contact: ContactId(7), private: true }).unwrap();
        let v2 = codec::encode(&MailPreferenceSetV2 { contact: ContactId(7), preference: "BUSINESS".into() })
            .unwrap();
        assert_eq!(read_from(EXAMPLE, TAG, 1, &v1), Some(Ok(today(MailPreference::Private))));
        assert_eq!(read_from(EXAMPLE, TAG, 2, &v2), Some(Ok(today(MailPreference::Business))));
        assert_eq!(read_from(EXAMPLE, TAG, 3, &v2), None, "today's version is not an old one");
        assert_eq!(read_from(EXAMPLE, TAG + 1, 1, &v1), None, "another type");
    }

    /// A2-24: what a client was to an organisation when there was one discipline for each.
    #[test]
    fn a2_24_the_only_discipline_of_an_organisation_becomes_the_first() {
        let debtor = |number: &str| Debtor { discipline: Some("TAX".into()), number: Some(number.into()) };
        let bytes = |debtor| {
            let organisation = "OFFICE".to_owned();
            codec::encode(&DebtorNumberSetV1 { customer: CustomerId(7), organisation, debtor }).unwrap()
        };
        let today = |debtors| {
            let organisation = "OFFICE".to_owned();
            Event::from(DebtorNumberSet { customer: CustomerId(7), organisation, debtors })
        };
        assert_eq!(read(206, 1, &bytes(Some(debtor("D1")))), Some(Ok(today(vec![debtor("D1")]))));
        assert_eq!(read(206, 1, &bytes(None)), Some(Ok(today(Vec::new()))));
    }

    #[test]
    fn old_bytes_that_do_not_decode_are_a_fault() {
        for bytes in [&[][..], &[7], &[7, 2], &[7, 1, 0]] {
            assert!(matches!(read_from(EXAMPLE, TAG, 1, bytes), Some(Err(_))), "{bytes:?}");
        }
    }

    /// What the real table must keep to: all versions before today's, each once, and of types that there are.
    fn complete(table: &[Old], types: &[Stored]) -> bool {
        let mut expected: Vec<_> = types
            .iter()
            .flat_map(|stored| (1..stored.version).map(|version| (stored.tag, version)))
            .collect();
        let mut got: Vec<_> = table.iter().map(|old| (old.tag, old.version)).collect();
        expected.sort_unstable();
        got.sort_unstable();
        expected == got
    }

    #[test]
    fn every_version_before_todays_can_be_read() {
        assert!(
            complete(OLD, &stored_types()),
            "an event type got a new version without a way to read the old one"
        );
        let third = [Stored { tag: TAG, version: 3, name: "MailPreferenceSet" }];
        assert!(complete(EXAMPLE, &third));
        assert!(!complete(&EXAMPLE[1..], &third));
        assert!(!complete(&[], &third));
    }

    #[test]
    fn production_reads_todays_version_and_no_other() {
        let event = today(MailPreference::Private);
        let (stored, bytes) = (event.stored(), event.payload().unwrap());
        assert_eq!(Event::read(codec::CODEC, stored.tag, stored.version, &bytes), Ok(event));
        for (codec, tag, version) in [
            (codec::CODEC + 1, stored.tag, stored.version),
            (codec::CODEC, stored.tag, stored.version + 1),
            (codec::CODEC, stored.tag, 0),
            (codec::CODEC, 0, 1),
            (codec::CODEC, u16::MAX, 1),
        ] {
            assert!(Event::read(codec, tag, version, &bytes).is_err());
        }
    }

    #[test]
    fn tags_and_names_are_given_out_once() {
        let types = stored_types();
        for (at, stored) in types.iter().enumerate() {
            assert!(stored.tag > 0 && stored.version > 0);
            assert!(
                !types[..at].iter().any(|other| other.tag == stored.tag || other.name == stored.name),
                "{stored:?}"
            );
        }
    }
}
