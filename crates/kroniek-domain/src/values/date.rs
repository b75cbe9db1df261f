//! Calendar dates without a time, and the date that counts as today.
//!
//! A birth date, an effective date or the date on a mandate is a day on the calendar of the people concerned,
//! not a moment. Moments are `chrono::DateTime<Utc>` and belong to the commit.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Europe::Amsterdam;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A calendar date, on disk as days since 1970-01-01 (`i32`), in what people read as `YYYY-MM-DD`.
///
/// Always within 1800-01-01 ..= 9999-12-31 (section 1.3 of the specification, `DATE_OUT_OF_RANGE`), also when
/// it was read back from disk: a number outside the range does not decode.
///
/// The number of days is a storage format and never changes its meaning.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date(NaiveDate);

/// Why a text is not a [`Date`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum DateProblem {
    /// Not written as `YYYY-MM-DD`, or no such day on the calendar (`INVALID_DATE`).
    NotADate,
    /// A real date, but before 1800-01-01 or after 9999-12-31 (`DATE_OUT_OF_RANGE`).
    OutOfRange,
}

impl fmt::Display for DateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotADate => "not a calendar date written as YYYY-MM-DD",
            Self::OutOfRange => "not between 1800-01-01 and 9999-12-31",
        })
    }
}

impl std::error::Error for DateProblem {}

impl Date {
    /// The first date that exists here: 1800-01-01.
    pub const MIN: Self = Self::constant(1800, 1, 1);
    /// The last date that exists here: 9999-12-31.
    pub const MAX: Self = Self::constant(9999, 12, 31);

    /// For the constants above: an impossible date stops the compiler, never the program.
    const fn constant(year: i32, month: u32, day: u32) -> Self {
        match NaiveDate::from_ymd_opt(year, month, day) {
            Some(date) => Self(date),
            None => panic!("a constant that is not a date"),
        }
    }

    /// Reads exactly `YYYY-MM-DD` in ASCII digits: no spaces, no signs, no shorter or longer years.
    ///
    /// One form only, because `1-2-2024` means two days to two readers.
    pub fn parse(text: &str) -> Result<Self, DateProblem> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
            return Err(DateProblem::NotADate);
        };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_u32, |sum, digit| {
                digit
                    .is_ascii_digit()
                    .then(|| sum * 10 + u32::from(digit - b'0'))
                    .ok_or(DateProblem::NotADate)
            })
        };
        let year = i32::try_from(number(&[y1, y2, y3, y4])?).map_err(|_| DateProblem::NotADate)?;
        let date = NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?);
        Self::within(date.ok_or(DateProblem::NotADate)?).ok_or(DateProblem::OutOfRange)
    }

    /// The date of a year, month and day, if the calendar has it and it is in range.
    pub fn from_ymd(y: i32, m: u32, d: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(y, m, d).and_then(Self::within)
    }

    /// The date that many days after 1970-01-01, if it is in range.
    pub fn from_days(days: i32) -> Option<Self> {
        NaiveDate::from_epoch_days(days).and_then(Self::within)
    }

    /// Days since 1970-01-01, negative before it.
    pub fn days(self) -> i32 {
        self.0.to_epoch_days()
    }

    /// The same date as chrono's type, for calendar arithmetic.
    pub fn naive(self) -> NaiveDate {
        self.0
    }

    fn within(date: NaiveDate) -> Option<Self> {
        let date = Self(date);
        (Self::MIN..=Self::MAX).contains(&date).then_some(date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl From<Date> for i32 {
    fn from(date: Date) -> Self {
        date.days()
    }
}

impl TryFrom<i32> for Date {
    type Error = DateProblem;

    fn try_from(days: i32) -> Result<Self, DateProblem> {
        Self::from_days(days).ok_or(DateProblem::OutOfRange)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.collect_str(self) } else { s.serialize_i32(self.days()) }
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if d.is_human_readable() {
            Self::parse(&String::deserialize(d)?).map_err(de::Error::custom)
        } else {
            Self::try_from(i32::deserialize(d)?).map_err(de::Error::custom)
        }
    }
}

/// The date in the Netherlands at that moment: what "today" means in every rule.
///
/// A moment outside the range of [`Date`] gives the nearest date there is. That happens only on a machine
/// with a broken clock, and chrono itself would panic near the ends of its own range.
pub fn today_in_amsterdam(now: DateTime<Utc>) -> Date {
    let in_utc = now.naive_utc().date();
    if in_utc < Date::MIN.0 {
        Date::MIN
    } else if in_utc > Date::MAX.0 {
        Date::MAX
    } else {
        // Within the range, so the offset of an hour or two cannot leave chrono's.
        Date(now.with_timezone(&Amsterdam).date_naive()).clamp(Date::MIN, Date::MAX)
    }
}

/// As [`today_in_amsterdam`], of a moment in microseconds since 1970 (UTC).
pub fn day_in_amsterdam(time_us: i64) -> Date {
    let in_range = DateTime::from_timestamp_micros(time_us);
    let edge = if time_us < 0 { Date::MIN } else { Date::MAX };
    in_range.map_or(edge, today_in_amsterdam)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codec;

    fn decoded(days: i32) -> Result<Date, codec::CodecFault> {
        codec::decode(&codec::encode(&days)?)
    }

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn section_1_3_a_date_is_written_year_month_day() {
        let date = Date::parse("2024-02-29").unwrap();
        assert_eq!(date, Date::from_ymd(2024, 2, 29).unwrap());
        assert_eq!(date.to_string(), "2024-02-29");
        for text in [
            "",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-1-1",
            "24-01-25",
            "14-02-205",
            "31-01-2025.",
            "2024/01/01",
            " 2024-01-01",
            "2024-01-01 ",
            "+024-01-01",
            "-024-01-01",
            "10000-01-01",
            "２０24-01-01",
            "2024-01-0\0",
            "😀-01-01",
        ] {
            assert_eq!(Date::parse(text), Err(DateProblem::NotADate), "{text:?}");
        }
    }

    #[test]
    fn section_1_3_dates_run_from_1800_to_9999() {
        assert_eq!(Date::parse("1799-12-31"), Err(DateProblem::OutOfRange));
        assert_eq!(Date::parse("0000-01-01"), Err(DateProblem::OutOfRange));
        assert_eq!(Date::parse("1800-01-01"), Ok(Date::MIN));
        assert_eq!(Date::parse("9999-12-31"), Ok(Date::MAX));
        assert_eq!(Date::from_days(Date::MIN.days() - 1), None);
        assert_eq!(Date::from_days(Date::MAX.days() + 1), None);
        assert_eq!(Date::from_days(i32::MIN), None);
        assert_eq!(Date::from_days(i32::MAX), None);
        assert_eq!(Date::from_ymd(i32::MAX, u32::MAX, u32::MAX), None);
    }

    #[test]
    fn a_date_is_days_on_disk_and_an_impossible_number_does_not_decode() {
        assert_eq!(codec::encode(&Date::from_ymd(1970, 1, 2).unwrap()), codec::encode(&1_i32));
        assert_eq!(decoded(-1).unwrap().to_string(), "1969-12-31");
        assert!(decoded(i32::MAX).is_err());
        assert!(decoded(i32::MIN).is_err());
        assert!(decoded(Date::MAX.days() + 1).is_err());
    }

    #[test]
    fn today_is_the_date_in_amsterdam() {
        assert_eq!(today_in_amsterdam(moment("2026-01-31T22:59:59Z")).to_string(), "2026-01-31");
        assert_eq!(today_in_amsterdam(moment("2026-01-31T23:00:00Z")).to_string(), "2026-02-01");
        assert_eq!(today_in_amsterdam(moment("2026-06-30T22:00:00Z")).to_string(), "2026-07-01");
    }

    #[test]
    fn today_survives_a_broken_clock() {
        assert_eq!(today_in_amsterdam(DateTime::<Utc>::MAX_UTC), Date::MAX);
        assert_eq!(today_in_amsterdam(DateTime::<Utc>::MIN_UTC), Date::MIN);
        assert_eq!(today_in_amsterdam(moment("9999-12-31T23:59:59Z")), Date::MAX);
        assert_eq!(today_in_amsterdam(moment("1800-01-01T00:00:00Z")), Date::MIN);
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in any::<String>()) {
            let _ = Date::parse(&text);
        }

        #[test]
        fn text_like_a_date_never_panics(text in "[0-9+-]{4}-[0-9]{2}-[0-9]{2}") {
            let _ = Date::parse(&text);
        }

        #[test]
        fn writing_and_reading_give_the_same_date(days in Date::MIN.days()..=Date::MAX.days()) {
            let date = Date::from_days(days).unwrap();
            prop_assert_eq!(date.days(), days);
            prop_assert_eq!(Date::parse(&date.to_string()), Ok(date));
            let naive = date.naive();
            prop_assert_eq!(Date::from_ymd(naive.year(), naive.month(), naive.day()), Some(date));
        }

        #[test]
        fn order_on_disk_is_order_on_the_calendar(a in any::<i32>(), b in any::<i32>()) {
            if let (Some(first), Some(second)) = (Date::from_days(a), Date::from_days(b)) {
                prop_assert_eq!(first.cmp(&second), a.cmp(&b));
            }
        }
    }
}
