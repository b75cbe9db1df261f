//! Postal addresses, and the text by which one is looked up (E1-21, E1-22, E2-11, N1-06).
//!
//! The lookup text is the shorthand that operators type into the street field: `3077AW31`, `1309 aa 2-b`.
//! Reading it is done here; finding the street and city in the postcode table is not.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The greatest length of a house number's letter and addition as typed. The BAG register has 1 and 4;
/// operators also type `2 hoog achter`.
pub const REST_LIMIT: usize = 20;

/// The country of addresses from the postcode table.
pub const NETHERLANDS: &str = "NL";

/// A postal address.
///
/// The texts are the normal forms that the functions of this folder give; the order of the fields is a
/// storage format.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Address {
    /// Street, or for a foreign address all of its first line.
    pub street: String,
    /// House number, 1 to 99999; none in a foreign address that is written in one line.
    pub house_no: Option<u32>,
    /// The letter that belongs to the house number (*huisletter*), in the case in which it was typed: the BAG
    /// register has addresses that differ in nothing but the case of this letter.
    pub letter: Option<String>,
    /// What else belongs to the house number (*huisnummertoevoeging*): `bis`, `2`.
    pub addition: Option<String>,
    /// In the Netherlands `3077AW`, elsewhere as that country writes it.
    pub postcode: Option<String>,
    /// City.
    pub city: String,
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Where the street and city came from.
    pub source: AddressSource,
}

/// Where the street and city of an address came from. The numbers are a storage format.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum AddressSource {
    /// From the postcode table (E1-21).
    PostcodeTable,
    /// Typed (E1-22).
    Manual,
}

crate::stored_numbers! { AddressSource {
    PostcodeTable = 1 "POSTCODE_TABLE",
    Manual = 2 "MANUAL",
} }

impl Address {
    /// The address in one line (section 7): `street houseNo[letter][-addition], postcode city`, with the code
    /// of the country behind it when that is not the Netherlands.
    ///
    /// A Dutch postcode is written with its space: `Boterdiep 31A-2, 3077 AW Rotterdam`. Parts that are
    /// missing, for instance after an erasure, leave no commas or spaces behind.
    pub fn display(&self) -> String {
        let mut number = self.house_no.map_or_else(String::new, |number| number.to_string());
        number.extend(self.letter.as_deref());
        if let Some(addition) = self.addition.as_deref().filter(|addition| !addition.is_empty()) {
            if !number.is_empty() {
                number.push('-');
            }
            number.push_str(addition);
        }
        let dutch = self.country == NETHERLANDS;
        let postcode = match self.postcode.as_deref() {
            Some(typed) if dutch => postcode(typed).map_or_else(
                || typed.to_owned(),
                |normal| {
                    let (digits, letters) = normal.split_at(4);
                    format!("{digits} {letters}")
                },
            ),
            Some(typed) => typed.to_owned(),
            None => String::new(),
        };
        let country = if dutch { "" } else { &self.country };
        let first = joined(&[&self.street, &number], " ");
        let second = joined(&[&postcode, &self.city], " ");
        joined(&[&first, &second, country], ", ")
    }
}

/// Joins the parts that are there.
fn joined(parts: &[&str], separator: &str) -> String {
    let present: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    present.join(separator)
}

/// A lookup text, read (E1-21).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lookup {
    /// The postcode in its normal form, `3077AW`.
    pub postcode: String,
    /// The house number, 1 to 99999.
    pub house_no: u32,
    /// What was typed behind the number, trimmed, with a hyphen or slash in front if one was there: `b`,
    /// `-b`, `bis` or nothing. [`split_rest`] tells letter and addition apart.
    pub rest: String,
}

/// Why a lookup text cannot be read.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum LookupProblem {
    /// It does not start with a Dutch postcode (`INVALID_POSTCODE`).
    Postcode,
    /// The house number stands right behind the four digits of a postcode: that is many streets (`ADDRESS_AMBIGUOUS`).
    Letters,
    /// No house number from 1 to 99999 follows the postcode (`INVALID_HOUSE_NUMBER`).
    HouseNumber,
    /// No letter or addition can be read behind the house number (`INVALID_HOUSE_NUMBER`).
    Addition,
}

impl fmt::Display for LookupProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Postcode => "does not start with a Dutch postcode",
            Self::Letters => "lacks the letters of the postcode",
            Self::HouseNumber => "has no house number from 1 to 99999 behind the postcode",
            Self::Addition => "has no letter or addition behind the house number that can be read",
        })
    }
}

impl std::error::Error for LookupProblem {}

/// Reads a postcode with a house number, letter and addition: `3077AW31`, `1309 aa 2-b`, `3511AB12bis`
/// (E1-21, E2-11).
///
/// Case and spaces are tolerated. A sign in front of the number is not (`3077AW-31` would be a negative
/// number), nor is anything but ASCII. What stands behind the number is at most [`REST_LIMIT`] letters,
/// digits, spaces and `- / . +`.
pub fn parse_lookup(raw: &str) -> Result<Lookup, LookupProblem> {
    let text = raw.trim();
    let (postcode, behind) = leading_postcode(text).ok_or_else(|| {
        let number = leading_digits(text).and_then(|(_, behind)| leading_house_no(behind));
        if number.is_some() { LookupProblem::Letters } else { LookupProblem::Postcode }
    })?;
    let (house_no, rest) = leading_house_no(behind).ok_or(LookupProblem::HouseNumber)?;
    let rest = rest.trim().trim_end_matches(is_rest_separator);
    let readable = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-' | b'/' | b'.' | b'+');
    if rest.len() > REST_LIMIT || !rest.bytes().all(readable) {
        return Err(LookupProblem::Addition);
    }
    Ok(Lookup { postcode, house_no, rest: rest.to_owned() })
}

/// The house number at the front of what follows a postcode, and what follows it in turn.
fn leading_house_no(behind: &str) -> Option<(u32, &str)> {
    let behind = behind.trim_start();
    // Five digits at most: a sixth means another number, not a number with zeros in front.
    let digits = behind.bytes().take(6).take_while(u8::is_ascii_digit).count();
    let (number, rest) = behind.split_at_checked(digits).filter(|_| digits <= 5)?;
    Some((number.parse().ok().and_then(house_no)?, rest))
}

/// A Dutch postcode in its normal form `1234AB`, or nothing (E1-21, `INVALID_POSTCODE`).
///
/// Four digits of which the first is not 0, then two letters that are not SA, SD or SS; case and white space
/// between are tolerated.
pub fn postcode(raw: &str) -> Option<String> {
    let (postcode, behind) = leading_postcode(raw.trim())?;
    behind.is_empty().then_some(postcode)
}

/// The four digits of a postcode at the front of a text, and what follows them.
fn leading_digits(text: &str) -> Option<(&str, &str)> {
    let right = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    text.split_at_checked(4).filter(|(digits, _)| right(digits))
}

/// The postcode at the front of a text, and what follows it.
fn leading_postcode(text: &str) -> Option<(String, &str)> {
    let (digits, behind) = leading_digits(text)?;
    let (letters, behind) = behind.trim_start().split_at_checked(2)?;
    let letters = letters.to_ascii_uppercase();
    let valid =
        letters.bytes().all(|b| b.is_ascii_uppercase()) && !matches!(letters.as_str(), "SA" | "SD" | "SS");
    valid.then(|| (format!("{digits}{letters}"), behind))
}

/// Tells the letter and the addition behind a house number apart: (letter, addition), as typed (E1-21).
///
/// A single letter right behind the number is the letter, anything else is the addition:
///
/// | Behind the number | Letter | Addition |
/// |---|---|---|
/// | `A` | A | |
/// | `bis`, `2`, `-b` | | bis, 2, b |
/// | `A-2`, `A2`, `A 2` | A | 2 |
///
/// The case stays: the BAG register has addresses that differ in nothing but the case of the letter.
pub fn split_rest(rest: &str) -> (Option<String>, Option<String>) {
    let rest = rest.trim();
    let mut characters = rest.chars();
    let letter = characters
        .next()
        .filter(char::is_ascii_alphabetic)
        .filter(|_| !characters.clone().next().is_some_and(char::is_alphabetic));
    let behind = if letter.is_some() { characters.as_str() } else { rest };
    let addition = behind.trim_matches(is_rest_separator);
    (letter.map(String::from), (!addition.is_empty()).then(|| addition.to_owned()))
}

/// What people write between house number, letter and addition.
fn is_rest_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '/' | '.' | '+')
}

/// A house number from 1 to 99999, the range of the BAG register (E1-21, `INVALID_HOUSE_NUMBER`).
pub fn house_no(n: i64) -> Option<u32> {
    u32::try_from(n).ok().filter(|n| (1..=99_999).contains(n))
}

/// A country code of ISO 3166-1 alpha-2 in upper case, or nothing. Officially assigned codes only; the code
/// list `COUNTRY` has names for some, and can end one.
pub fn country(raw: &str) -> Option<String> {
    let code = raw.trim();
    if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let code = code.to_ascii_uppercase();
    COUNTRIES.split_ascii_whitespace().any(|known| known == code).then_some(code)
}

/// The officially assigned codes of ISO 3166-1 alpha-2.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV \
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES \
    ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE \
    IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY \
    MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU \
    NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM \
    SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE \
    VG VI VN VU WF WS YE YT ZA ZM ZW";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn boterdiep() -> Address {
        Address {
            street: "Boterdiep".into(),
            house_no: Some(31),
            letter: None,
            addition: None,
            postcode: Some("3077AW".into()),
            city: "Rotterdam".into(),
            country: "NL".into(),
            source: AddressSource::PostcodeTable,
        }
    }

    fn read(raw: &str) -> Result<(String, u32, String), LookupProblem> {
        parse_lookup(raw).map(|lookup| (lookup.postcode, lookup.house_no, lookup.rest))
    }

    #[test]
    fn section_7_an_address_in_one_line() {
        assert_eq!(boterdiep().display(), "Boterdiep 31, 3077 AW Rotterdam");
        let whole = Address { letter: Some("A".into()), addition: Some("2".into()), ..boterdiep() };
        assert_eq!(whole.display(), "Boterdiep 31A-2, 3077 AW Rotterdam");
        let bis = Address { addition: Some("bis".into()), ..boterdiep() };
        assert_eq!(bis.display(), "Boterdiep 31-bis, 3077 AW Rotterdam");
    }

    #[test]
    fn e1_22_a_foreign_address_names_its_country() {
        let abroad = Address {
            street: "Rue de la Loi 16".into(),
            house_no: None,
            postcode: Some("1000".into()),
            city: "Brussel".into(),
            country: "BE".into(),
            source: AddressSource::Manual,
            ..boterdiep()
        };
        assert_eq!(abroad.display(), "Rue de la Loi 16, 1000 Brussel, BE");
    }

    #[test]
    fn section_7_missing_parts_leave_nothing_behind() {
        let empty = Address {
            street: String::new(),
            house_no: None,
            postcode: None,
            city: String::new(),
            ..boterdiep()
        };
        assert_eq!(empty.display(), "");
        assert_eq!(Address { city: "Rotterdam".into(), ..empty }.display(), "Rotterdam");
        assert_eq!(
            Address { postcode: Some("?".into()), ..boterdiep() }.display(),
            "Boterdiep 31, ? Rotterdam"
        );
    }

    #[test]
    fn e1_21_a_lookup_text_is_read() {
        for (raw, postcode, number, rest) in [
            ("3077AW31", "3077AW", 31, ""),
            ("1309AA2", "1309AA", 2, ""),
            ("1309 aa 2-b", "1309AA", 2, "-b"),
            ("1309 aa 2b", "1309AA", 2, "b"),
            ("3511AB12bis", "3511AB", 12, "bis"),
            ("3511AB12 Bis", "3511AB", 12, "Bis"),
            (" 3077 AW  31 A-2 ", "3077AW", 31, "A-2"),
            ("3077aw99999", "3077AW", 99_999, ""),
            ("3077AW00031", "3077AW", 31, ""),
            ("3077AW31-", "3077AW", 31, ""),
            ("3077\u{A0}AW\u{A0}31", "3077AW", 31, ""),
        ] {
            assert_eq!(read(raw), Ok((postcode.to_owned(), number, rest.to_owned())), "{raw:?}");
        }
    }

    #[test]
    fn e1_21_a_malformed_postcode_is_refused() {
        for raw in [
            "",
            "3077",
            "3077A31",
            "3077 0",
            "3077-31",
            "3077 100000",
            "0123 1",
            "0123AB1",
            "3077SA1",
            "3077sd1",
            "3077SS1",
            "Boterdiep 31",
            "３077AW31",
            "3077ÄW31",
            "3O77AW31",
            "3077😀31",
            "30 77AW31",
            "\u{202E}3077AW31",
            "3077A",
            "\0",
        ] {
            assert_eq!(read(raw), Err(LookupProblem::Postcode), "{raw:?}");
        }
    }

    #[test]
    fn n1_06_a_house_number_behind_the_digits_of_a_postcode_lacks_its_letters() {
        for raw in ["3077 31", "307731", " 3077  31 b", "3077\u{A0}31", "3077 99999"] {
            assert_eq!(read(raw), Err(LookupProblem::Letters), "{raw:?}");
        }
        assert_eq!(read(&format!("3077{}", "1".repeat(10_000_000))), Err(LookupProblem::Postcode));
    }

    #[test]
    fn e1_21_a_house_number_is_1_to_99999() {
        for raw in [
            "3077AW",
            "3077AW ",
            "3077AW0",
            "3077AW00000",
            "3077AW-31",
            "3077AW100000",
            "3077AW000031",
            "3077AWb",
            "3077AW３１",
            "3077AW+1",
        ] {
            assert_eq!(read(raw), Err(LookupProblem::HouseNumber), "{raw:?}");
        }
        for raw in ["3077AW31😀", "3077AW31\u{202E}b", "3077AW31\0", "3077AW31 aaaaaaaaaaaaaaaaaaaaa"] {
            assert_eq!(read(raw), Err(LookupProblem::Addition), "{raw:?}");
        }
        assert_eq!(read(&format!("3077AW{}", "1".repeat(10_000_000))), Err(LookupProblem::HouseNumber));
        assert_eq!(
            (house_no(0), house_no(-1), house_no(100_000), house_no(i64::MAX)),
            (None, None, None, None)
        );
        assert_eq!((house_no(1), house_no(99_999)), (Some(1), Some(99_999)));
    }

    #[test]
    fn e1_21_letter_and_addition_are_taken_as_typed() {
        for (rest, letter, addition) in [
            ("", None, None),
            ("A", Some("A"), None),
            ("a", Some("a"), None),
            ("bis", None, Some("bis")),
            ("-b", None, Some("b")),
            ("A-2", Some("A"), Some("2")),
            ("A2", Some("A"), Some("2")),
            ("A 2", Some("A"), Some("2")),
            ("A/bis", Some("A"), Some("bis")),
            ("a bis", Some("a"), Some("bis")),
            ("-2", None, Some("2")),
            ("2", None, Some("2")),
            ("-1 hoog", None, Some("1 hoog")),
            ("hs", None, Some("hs")),
            ("-", None, None),
            ("é", None, Some("é")),
        ] {
            assert_eq!(split_rest(rest), (letter.map(String::from), addition.map(String::from)), "{rest:?}");
        }
    }

    #[test]
    fn e1_21_a_postcode_has_one_form() {
        assert_eq!(postcode(" 3077 aw ").as_deref(), Some("3077AW"));
        for raw in ["3077", "3077AWX", "3077AW 1", "0077AW", "3077SA", ""] {
            assert_eq!(postcode(raw), None, "{raw:?}");
        }
    }

    #[test]
    fn e1_22_a_country_is_one_of_iso_3166() {
        assert_eq!(COUNTRIES.split_ascii_whitespace().count(), 249);
        assert!(COUNTRIES.split_ascii_whitespace().is_sorted());
        assert_eq!(country(" nl ").as_deref(), Some("NL"));
        for raw in ["", "N", "NLD", "XX", "UK", "N ", "ＮＬ", "é"] {
            assert_eq!(country(raw), None, "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(raw in any::<String>()) {
            let _ = (parse_lookup(&raw), postcode(&raw), split_rest(&raw), country(&raw));
        }

        #[test]
        fn text_behind_a_postcode_never_panics(behind in any::<String>()) {
            let _ = (parse_lookup(&format!("3077AW{behind}")), parse_lookup(&format!("3077AW31{behind}")));
        }

        #[test]
        fn e2_11_a_lookup_text_written_out_reads_back(
            code in "[1-9][0-9]{3}[A-R][A-Z]",
            number in 1_u32..=99_999,
            rest in "([a-zA-Z]|-[a-z0-9]{1,4}|[A-Z]-[0-9]{1,2})?",
            space in " ?",
        ) {
            let lookup = parse_lookup(&format!("{code}{space}{number}{rest}")).unwrap();
            let expected = Lookup { postcode: code.clone(), house_no: number, rest: rest.clone() };
            prop_assert_eq!(lookup, expected);
            prop_assert_eq!(postcode(&code.to_lowercase()), Some(code.clone()));
            let (letter, addition) = split_rest(&rest);
            let again = match (&letter, &addition) {
                (Some(letter), Some(addition)) => format!("{letter}-{addition}"),
                (Some(letter), None) => letter.clone(),
                (None, Some(addition)) => format!("-{addition}"),
                (None, None) => String::new(),
            };
            prop_assert_eq!(split_rest(&again), (letter, addition));
        }

        #[test]
        fn showing_an_address_never_panics(
            street in any::<String>(),
            postcode in any::<Option<String>>(),
            country in any::<String>(),
        ) {
            for country in [country, "NL".to_owned()] {
                let (street, postcode) = (street.clone(), postcode.clone());
                let _ = Address { street, postcode, country, ..boterdiep() }.display();
            }
        }
    }
}
