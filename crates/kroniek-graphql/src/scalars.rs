//! The scalars of the API that GraphQL itself lacks.

use crate::context;
use async_graphql::{Description, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, Utc};
use kroniek_domain::problem::General;
use kroniek_domain::values::{Date, DateProblem};

/// A calendar date, written `YYYY-MM-DD`: a day where the people concerned live, not a moment.
///
/// A text that is no date is answered with the code `INVALID_DATE`, a date before 1800-01-01 or after 9999-12-31 with
/// `DATE_OUT_OF_RANGE`: in a mutation as a user error, in a query as an error of the field.
#[derive(Clone, PartialEq, Eq, Debug, Description)]
pub struct DateText(pub String);

#[Scalar(name = "Date", use_type_description)]
impl ScalarType for DateText {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl From<Date> for DateText {
    fn from(date: Date) -> Self {
        Self(date.to_string())
    }
}

impl From<DateText> for String {
    fn from(date: DateText) -> Self {
        date.0
    }
}

impl DateText {
    /// The date of an argument of a query.
    ///
    /// # Errors
    /// `INVALID_DATE` or `DATE_OUT_OF_RANGE`, as an error of the field.
    pub(crate) fn read(&self, argument: &'static str) -> async_graphql::Result<Date> {
        Date::parse(&self.0).map_err(|problem| {
            let general = match problem {
                DateProblem::NotADate => General::InvalidDate(argument),
                DateProblem::OutOfRange => {
                    General::DateOutOfRange { field: argument, must: "lie between 1800-01-01 and 9999-12-31" }
                }
            };
            let problem = general.problem();
            context::error(problem.code, problem.message)
        })
    }
}

/// A moment in UTC, written as RFC 3339 with microseconds: `2026-07-01T09:30:00.000000Z`.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Description)]
pub struct DateTime(pub chrono::DateTime<Utc>);

#[Scalar(name = "DateTime", use_type_description)]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = value else { return Err(InputValueError::expected_type(value)) };
        chrono::DateTime::parse_from_rfc3339(&text)
            .map(|moment| Self(moment.with_timezone(&Utc)))
            .map_err(|_| InputValueError::custom("write a moment as RFC 3339, such as 2026-07-01T09:30:00Z"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl DateTime {
    /// A time of the log, in microseconds since 1970; one that no calendar has becomes the epoch.
    pub(crate) fn of_micros(time_us: i64) -> Self {
        Self(chrono::DateTime::from_timestamp_micros(time_us).unwrap_or_default())
    }
}

/// A place in the log: 1 is the first commit, 0 is before it, and there are no gaps. It has 64 bits and is therefore
/// written as a string of decimal digits; an integer is accepted too. An entity's version is the position of the last
/// commit that names it.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Description)]
pub struct Position(pub u64);

#[Scalar(name = "Position", use_type_description)]
impl ScalarType for Position {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = match &value {
            Value::String(text) => digits(text),
            Value::Number(number) => number.as_u64(),
            _ => return Err(InputValueError::expected_type(value)),
        };
        read.map(Self).ok_or_else(|| {
            InputValueError::custom("write a position as decimal digits, from 0 to 18446744073709551615")
        })
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl From<kroniek_domain::Position> for Position {
    fn from(position: kroniek_domain::Position) -> Self {
        Self(position.0)
    }
}

impl From<Position> for kroniek_domain::Position {
    fn from(position: Position) -> Self {
        Self(position.0)
    }
}

/// Nothing but digits: Rust's own parser would take a plus sign.
pub(crate) fn digits(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// A UUID in its usual form: `67e55044-10b1-426f-9247-bb680e5fe0c8`.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Description)]
pub struct Uuid(pub uuid::Uuid);

#[Scalar(name = "UUID", use_type_description)]
impl ScalarType for Uuid {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = value else { return Err(InputValueError::expected_type(value)) };
        uuid::Uuid::try_parse(&text)
            .map(Self)
            .map_err(|_| InputValueError::custom("write a UUID such as 67e55044-10b1-426f-9247-bb680e5fe0c8"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.hyphenated().to_string())
    }
}

impl From<uuid::Uuid> for Uuid {
    fn from(id: uuid::Uuid) -> Self {
        Self(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_a_string_and_may_come_as_an_integer() {
        let top = Position(u64::MAX);
        assert_eq!(top.to_value(), Value::String("18446744073709551615".to_owned()));
        assert_eq!(Position::parse(top.to_value()).ok(), Some(top));
        assert_eq!(Position::parse(Value::from(7)).ok(), Some(Position(7)));
        for wrong in ["", "-1", "+1", " 1", "1.0", "18446744073709551616", "x"] {
            assert!(Position::parse(Value::String(wrong.to_owned())).is_err(), "{wrong:?}");
        }
        assert!(Position::parse(Value::from(-1)).is_err());
        assert!(Position::parse(Value::from(true)).is_err());
    }

    #[test]
    fn a_date_keeps_what_was_typed_until_somebody_reads_it() {
        let typed = DateText::parse(Value::String("31-12-2025".to_owned())).ok();
        assert_eq!(typed.as_ref().map(|date| date.0.as_str()), Some("31-12-2025"));
        assert!(typed.is_some_and(|date| date.read("on").is_err()));
        assert!(DateText("2024-02-29".to_owned()).read("on").is_ok());
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        let moment = DateTime::parse(Value::String("2026-07-01T11:30:00+02:00".to_owned())).ok();
        assert_eq!(
            moment.map(|moment| moment.to_value()),
            Some(Value::String("2026-07-01T09:30:00.000000Z".to_owned()))
        );
    }
}
