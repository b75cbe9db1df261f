//! Enums inside payloads have explicit numbers: serde would take the order of declaration, and a reordered enum would
//! then silently change the meaning of history. People who read an export get the names.

/// Gives an enum its numbers on disk (`Into<u8>`, `TryFrom<u8>`), its names, and the list of all its values. It is
/// serialised as its number into bytes and as its name into what people read.
///
/// The numbers are the storage format: never reuse one. The names are the API's.
macro_rules! stored_numbers {
    ($name:ident { $( $variant:ident = $number:literal $text:literal ),+ $(,)? }) => {
        impl $name {
            /// All values, in the order of their numbers.
            pub const ALL: &[Self] = &[ $( Self::$variant ),+ ];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $text ),+ }
            }
        }

        impl From<$name> for u8 {
            fn from(value: $name) -> u8 {
                match value { $( $name::$variant => $number ),+ }
            }
        }

        impl TryFrom<u8> for $name {
            type Error = String;

            fn try_from(number: u8) -> Result<Self, String> {
                match number {
                    $( $number => Ok(Self::$variant), )+
                    other => Err(format!("{other} is no {}", stringify!($name))),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() { s.serialize_str(self.name()) } else { s.serialize_u8(u8::from(*self)) }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                if d.is_human_readable() {
                    let text = <String as serde::Deserialize>::deserialize(d)?;
                    Self::ALL.iter().copied().find(|value| value.name() == text).ok_or_else(|| {
                        serde::de::Error::custom(format_args!("{text:?} is no {}", stringify!($name)))
                    })
                } else {
                    let number = <u8 as serde::Deserialize>::deserialize(d)?;
                    Self::try_from(number).map_err(serde::de::Error::custom)
                }
            }
        }
    };
}
pub(crate) use stored_numbers;

#[cfg(test)]
mod tests {
    use crate::card::{Block, Field};
    use crate::channel::{Detail, Kind, Preference, Status};
    use crate::code_list::SalutationKind;
    use crate::contact;
    use crate::customer::ClientStatus;
    use crate::interaction::Subject;
    use crate::leader::MailPreference;
    use crate::mail;
    use crate::mandate::MandateType;
    use crate::payment::OpenItems;
    use crate::personal_data::Gender;
    use crate::registration::RegistrationType;
    use crate::role::Cause;
    use crate::sign_off;
    use crate::task;
    use crate::template::{Direction, InitiatedBy, Lockable};
    use crate::values::AddressSource;
    use crate::{codec, values::Date};

    /// Every enum that stands in a payload: a number in bytes, a name in what people read, and back from both.
    #[test]
    fn a_stored_enum_is_a_number_on_disk_and_a_name_to_people() {
        macro_rules! check {
            ($($name:ty: $expected:expr),+ $(,)?) => { $(
                let all: Vec<_> = <$name>::ALL.iter().map(|v| (u8::from(*v), v.name())).collect();
                assert_eq!(all, $expected, "the numbers are the storage format");
                for value in <$name>::ALL {
                    assert_eq!(codec::encode(value).unwrap(), [u8::from(*value)]);
                    assert_eq!(codec::decode::<$name>(&[u8::from(*value)]).as_ref(), Ok(value));
                    let json = serde_json::to_string(value).unwrap();
                    assert_eq!(json, format!("{:?}", value.name()));
                    assert_eq!(serde_json::from_str::<$name>(&json).unwrap(), *value);
                }
                for number in [0, 99, 255].into_iter().filter(|n| all.iter().all(|(known, _)| known != n)) {
                    assert!(codec::decode::<$name>(&[number]).is_err());
                }
                assert!(serde_json::from_str::<$name>("\"NOTHING_LIKE_IT\"").is_err());
                assert!(serde_json::from_str::<$name>("1").is_err());
            )+ };
        }
        check! {
            contact::Kind: [
                (1, "PERSON"), (2, "HOUSEHOLD"), (3, "COMPANY"), (4, "GENERAL_CORRESPONDENCE"), (5, "LOCATION"),
            ],
            Block: [
                (1, "CORRESPONDENCE"), (2, "CONTACT_DATA"), (3, "OFFICE"), (4, "EMPLOYEES"), (5, "WWFT"),
                (6, "ACQUISITION"), (7, "ENGAGEMENTS"), (8, "BILLING"), (9, "STRUCTURE"), (10, "WTA"),
                (11, "ACCOUNTANCY"), (12, "TAX"), (13, "AUTOMATION"), (14, "PERSONNEL"), (15, "FILES"),
                (16, "DOSSIER"), (17, "PARTNER"),
            ],
            Field: [
                (1, "correspondenceGroups"), (2, "mailings"), (3, "website"), (4, "establishmentAddress"),
                (5, "branch"), (6, "organisation"), (7, "responsiblePartner"), (8, "billingEmployee"),
                (9, "relationOwner"), (10, "documentKind"), (11, "documentNumber"), (12, "documentValidUntil"),
                (13, "identifiedOn"), (14, "source"), (15, "since"), (16, "note"),
                (17, "engagements"), (18, "billingAddress"), (19, "groupName"), (20, "publicInterest"),
                (21, "statutoryAudit"), (22, "wtaNote"), (23, "financialYearEnd"), (24, "publication"),
                (25, "wageTaxNo"), (26, "software"), (27, "payrollNo"), (28, "pensionNo"), (29, "attachments"),
                (30, "dossierReference"), (31, "lifePartner"),
            ],
            Kind: [(1, "PHONE"), (2, "MOBILE"), (3, "FAX"), (4, "EMAIL"), (5, "WEBSITE")],
            Detail: [(1, "PRIVATE"), (2, "BUSINESS")],
            Preference: [(1, "FIRST"), (2, "SECOND")],
            Status: [(1, "CREATED"), (2, "VALIDATED"), (3, "INVALID")],
            SalutationKind: [(1, "SIR"), (2, "MADAM"), (3, "NEUTRAL"), (4, "HEIRS_OF"), (5, "BLANK")],
            ClientStatus: [
                (1, "SUSPECT"), (2, "PROSPECT"), (3, "ACC_DRAFT"), (4, "ACC_APPROVAL"), (5, "ACC_CENTRAL"),
                (6, "CLIENT"), (7, "EX_CLIENT"), (8, "RELATION"),
            ],
            MailPreference: [(1, "BUSINESS"), (2, "PRIVATE")],
            MandateType: [(1, "RECURRING"), (2, "ONE_OFF")],
            OpenItems: [(1, "NONE"), (2, "ALL"), (3, "FROM_DATE")],
            Gender: [(1, "MALE"), (2, "FEMALE"), (3, "OTHER")],
            RegistrationType: [
                (1, "CLIENT_COMPANY"), (2, "CLIENT_PERSON"), (3, "RELATION_COMPANY"), (4, "RELATION_PERSON"),
                (5, "CONTACT_PERSON"), (6, "GENERAL_CORRESPONDENCE"), (7, "RELATION_AT_CLIENT"),
                (8, "EMPLOYEE_AT_CLIENT"), (9, "LOCATION"),
            ],
            Cause: [(1, "REQUEST"), (2, "DEATH"), (3, "DEATH_CORRECTED")],
            AddressSource: [(1, "POSTCODE_TABLE"), (2, "MANUAL")],
            sign_off::Kind: [
                (1, "OPEN_ORDER"), (2, "UNPAID_INVOICE"), (3, "OPEN_REPAIR"), (4, "SUBSCRIPTION"),
            ],
            mail::Kind: [
                (1, "SALES"), (2, "PURCHASING"), (3, "ADMINISTRATION"), (4, "TECHNICAL_SERVICE"), (5, "SMS_ALERT"),
                (6, "BILLING_ADDRESS"),
            ],
            mail::Consent: [(0, "NONE"), (1, "NOTIFICATIONS"), (2, "EVERYTHING")],
            Subject: [(1, "QUESTION"), (2, "COMPLAINT"), (3, "FEEDBACK")],
            Direction: [(1, "INBOUND"), (2, "OUTBOUND")],
            InitiatedBy: [(1, "US"), (2, "THEM")],
            Lockable: [(1, "SUBJECT"), (2, "SHOW_IN_PORTAL"), (3, "CREATE_TASK"), (4, "TEAM")],
            task::Status: [
                (1, "NOT_STARTED"), (2, "IN_PROGRESS"), (3, "COMPLETED"), (4, "WAITING"), (5, "POSTPONED"),
            ],
        }
    }

    #[test]
    fn a_date_is_days_on_disk_and_year_month_day_to_people() {
        let date = Date::parse("1969-12-31").unwrap();
        assert_eq!(codec::encode(&date), codec::encode(&-1_i32));
        assert_eq!(codec::decode::<Date>(&codec::encode(&-1_i32).unwrap()), Ok(date));
        assert_eq!(serde_json::to_string(&date).unwrap(), "\"1969-12-31\"");
        assert_eq!(serde_json::from_str::<Date>("\"1969-12-31\"").unwrap(), date);
        for not in ["-1", "\"1969-12-32\"", "\"1799-12-31\"", "\"31-12-1969\""] {
            assert!(serde_json::from_str::<Date>(not).is_err(), "{not}");
        }
    }
}
