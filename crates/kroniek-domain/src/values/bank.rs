//! Bank accounts and direct-debit mandates: IBAN, BIC (E1-45) and mandate code (E1-52).

use std::fmt;

use iban::{Iban, IbanLike, ParseIbanError};

/// Why a text is not an IBAN (`INVALID_IBAN{why}`, E1-45).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum IbanProblem {
    /// Not as long as an IBAN of its country.
    Length,
    /// It starts with no country that has IBANs, or what follows is not built as that country's are.
    Country,
    /// The check digits do not match, or there is a character that no IBAN has.
    Checksum,
}

impl IbanProblem {
    /// The stable name in a user error: `LENGTH`, `COUNTRY` or `CHECKSUM`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Length => "LENGTH",
            Self::Country => "COUNTRY",
            Self::Checksum => "CHECKSUM",
        }
    }
}

impl fmt::Display for IbanProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "not as long as an IBAN of its country",
            Self::Country => "not an IBAN of a country that has them",
            Self::Checksum => "its check digits do not match",
        })
    }
}

impl std::error::Error for IbanProblem {}

/// An IBAN in its electronic form, upper case without spaces (ISO 13616, E1-45).
///
/// White space and dots may stand anywhere. Country, length, check digits and the country's own pattern of
/// letters and digits are looked at in this order, so that a digit too few is reported as what it is and not
/// as a wrong check.
pub fn iban(raw: &str) -> Result<String, IbanProblem> {
    let mut text = String::with_capacity(LONGEST_IBAN);
    let mut foreign_character = false;
    for c in raw.trim().chars() {
        if (c.is_whitespace() && !c.is_control()) || c == '.' {
            continue;
        }
        if text.len() == LONGEST_IBAN {
            return Err(if length_in(&text).is_some() { IbanProblem::Length } else { IbanProblem::Country });
        }
        foreign_character |= !c.is_ascii_alphanumeric();
        // A placeholder of one byte: the length is still right, and no check sees it.
        text.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '?' });
    }
    if text.is_empty() {
        return Err(IbanProblem::Length);
    }
    let length = length_in(&text).ok_or(IbanProblem::Country)?;
    if text.len() != length {
        return Err(IbanProblem::Length);
    }
    if foreign_character {
        return Err(IbanProblem::Checksum);
    }
    match text.parse::<Iban>() {
        Ok(valid) => Ok(valid.electronic_str().to_owned()),
        Err(ParseIbanError::InvalidBaseIban { .. }) => Err(IbanProblem::Checksum),
        Err(ParseIbanError::InvalidBban(_) | ParseIbanError::UnknownCountry(_)) => Err(IbanProblem::Country),
    }
}

/// The greatest length of an IBAN (ISO 13616).
const LONGEST_IBAN: usize = 34;

/// How long an IBAN of the country in its first two letters is.
fn length_in(text: &str) -> Option<usize> {
    let country = text.get(..2)?;
    IBAN_LENGTHS.iter().find(|(known, _)| *known == country).map(|(_, length)| *length)
}

/// The countries of the IBAN registry and the lengths of their IBANs, as in the crate `iban_validate`, which
/// checks them but does not tell them.
#[rustfmt::skip]
const IBAN_LENGTHS: [(&str, usize); 87] = [
    ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22),
    ("BH", 22), ("BI", 27), ("BR", 29), ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24),
    ("DE", 22), ("DJ", 27), ("DK", 18), ("DO", 28), ("EE", 20), ("EG", 29), ("ES", 24), ("FI", 18),
    ("FK", 18), ("FO", 18), ("FR", 27), ("GB", 22), ("GE", 22), ("GI", 23), ("GL", 18), ("GR", 27),
    ("GT", 28), ("HR", 21), ("HU", 28), ("IE", 22), ("IL", 23), ("IQ", 23), ("IS", 26), ("IT", 27),
    ("JO", 30), ("KW", 30), ("KZ", 20), ("LB", 28), ("LC", 32), ("LI", 21), ("LT", 20), ("LU", 20),
    ("LV", 21), ("LY", 25), ("MC", 27), ("MD", 24), ("ME", 22), ("MK", 19), ("MN", 20), ("MR", 27),
    ("MT", 31), ("MU", 30), ("NI", 28), ("NL", 18), ("NO", 15), ("OM", 23), ("PL", 28), ("PS", 29),
    ("PT", 25), ("QA", 29), ("RO", 24), ("RS", 22), ("RU", 33), ("SA", 24), ("SC", 31), ("SD", 18),
    ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27), ("SO", 23), ("ST", 25), ("SV", 28), ("TL", 23),
    ("TN", 24), ("TR", 26), ("UA", 29), ("VA", 22), ("VG", 24), ("XK", 20), ("YE", 30),
];

/// A BIC in upper case (ISO 9362): four letters, the country, two characters of place, and three of a branch
/// or none.
pub fn bic(raw: &str) -> Option<String> {
    let mut text = String::with_capacity(11);
    for c in raw.trim().chars() {
        match c {
            ' ' | '\u{A0}' => {}
            _ if c.is_ascii_alphanumeric() && text.len() < 11 => text.push(c.to_ascii_uppercase()),
            _ => return None,
        }
    }
    let (bank, country) = (text.get(..4)?, text.get(4..6)?);
    // Kosovo has a code in use with the banks that ISO 3166 does not assign.
    let known_country = country == "XK" || super::address::country(country).is_some();
    (matches!(text.len(), 8 | 11) && bank.bytes().all(|b| b.is_ascii_uppercase()) && known_country)
        .then_some(text)
}

/// The BIC that belongs to the bank code in a Dutch IBAN (E1-45), or nothing for other countries and unknown
/// banks.
///
/// A proposal and no more: banks merge and the list of the Dutch Payments Association changes, so a BIC that
/// was typed goes before this one.
pub fn bic_of(iban: &str) -> Option<&'static str> {
    let code = iban.strip_prefix("NL")?.get(2..6)?;
    DUTCH_BICS.iter().find(|bic| bic.starts_with(code)).copied()
}

/// The BICs for SEPA payments of banks whose bank code is the start of their BIC, which holds for nearly all.
#[rustfmt::skip]
const DUTCH_BICS: [&str; 34] = [
    "ABNANL2A", "ADYBNL2A", "ANDLNL2A", "ARBNNL22", "ARSNNL21", "ASNBNL21", "BITSNL2A", "BNDANL2A",
    "BNGHNL2G", "BNPANL2A", "BUNQNL2A", "CITINL2X", "COBANL2X", "DELENL22", "DEUTNL2A", "DHBNNL2R",
    "DNIBNL2G", "FBHLNL2A", "FLORNL2A", "FNOMNL22", "FVLBNL22", "GILLNL2A", "HANDNL2A", "INGBNL2A",
    "ISBKNL2A", "KNABNL2H", "NNBANL2G", "NWABNL2G", "RABONL2U", "RBRBNL21", "REVONL22", "SNSBNL2A",
    "SWNBNL22", "TRIONL2U",
];

/// The greatest length of a mandate code (E1-52; ISO 20022 `Max35Text`).
pub const MANDATE_CODE_LIMIT: usize = 35;

/// A mandate code as typed but trimmed: 1 to 35 characters of the SEPA set (E1-52, `INVALID_MANDATE_CODE`).
///
/// The set is `a-z A-Z 0-9 / - ? : ( ) . , ' +` and space. As banks demand of identifiers (EPC217-08), it
/// does not start or end with a slash and holds no two in a row.
pub fn mandate_code(raw: &str) -> Option<String> {
    let code = raw.trim();
    let in_set = |b: u8| b.is_ascii_alphanumeric() || b"/-?:().,'+ ".contains(&b);
    let valid = (1..=MANDATE_CODE_LIMIT).contains(&code.len())
        && code.bytes().all(in_set)
        && !code.starts_with('/')
        && !code.ends_with('/')
        && !code.contains("//");
    valid.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use iban::BaseIban;
    use proptest::prelude::*;

    use super::*;

    /// An IBAN with check digits that match.
    fn with_check(country: &str, bban: &str) -> String {
        let rest = format!("{bban}{country}00").bytes().fold(0_u32, |rest, b| {
            let value = char::from(b).to_digit(36).unwrap();
            (rest * if value > 9 { 100 } else { 10 } + value) % 97
        });
        format!("{country}{:02}{bban}", 98 - rest)
    }

    #[test]
    fn e1_45_an_iban_is_stored_in_electronic_form() {
        for raw in [
            "NL91ABNA0417164300",
            "nl91 abna 0417 1643 00",
            " NL91ABNA 041 71 64 300 ",
            "NL91.ABNA.0417.1643.00",
            "NL91\u{A0}ABNA0417164300",
        ] {
            assert_eq!(iban(raw).as_deref(), Ok("NL91ABNA0417164300"), "{raw:?}");
        }
    }

    #[test]
    fn e1_45_ibans_of_the_registry_are_accepted() {
        for valid in [
            "BE68539007547034",
            "DE89370400440532013000",
            "FR1420041010050500013M02606",
            "GB29NWBK60161331926819",
            "NO9386011117947",
            "MT84MALT011000012345MTLCAST001S",
            "PL61109010140000071219812874",
            "TR330006100519786457841326",
            "CH9300762011623852957",
            "ES9121000418450200051332",
            "IT60X0542811101000000123456",
            "LU280019400644750000",
            "XK051212012345678906",
            "LC55HEMM000100010012001200023015",
        ] {
            assert_eq!(iban(valid).as_deref(), Ok(valid));
        }
    }

    #[test]
    fn e1_45_a_bad_iban_tells_why() {
        for (raw, why) in [
            ("", "LENGTH"),
            (" ", "LENGTH"),
            ("NL91ABNA041716430", "LENGTH"),
            ("NL91ABNA04171643000", "LENGTH"),
            ("NL", "LENGTH"),
            ("N", "COUNTRY"),
            ("XX91ABNA0417164300", "COUNTRY"),
            ("0417164300", "COUNTRY"),
            ("ÑL91ABNA0417164300", "COUNTRY"),
            ("\u{202E}NL91ABNA0417164300", "COUNTRY"),
            ("NL92ABNA0417164300", "CHECKSUM"),
            ("NLXXABNA0417164300", "CHECKSUM"),
            ("NL91ABNA041716430０", "CHECKSUM"),
            ("NL91ABNA04171643\u{202E}0", "CHECKSUM"),
            ("NL91ABNA04171643-0", "CHECKSUM"),
            ("NL91ABNA04171643\n0", "CHECKSUM"),
            ("NL91ABNA0417164300😀", "LENGTH"),
        ] {
            assert_eq!(iban(raw).map_err(IbanProblem::as_str), Err(why), "{raw:?}");
        }
        // Right check digits over something that no Dutch bank gives out.
        assert_eq!(iban(&with_check("NL", "12345678901234")), Err(IbanProblem::Country));
        assert_eq!(iban(&"NL91".repeat(2_500_000)), Err(IbanProblem::Length));
        assert_eq!(iban(&"😀".repeat(2_500_000)), Err(IbanProblem::Country));
    }

    #[test]
    fn the_countries_are_those_of_the_crate() {
        let letters = 'A'..='Z';
        for country in letters.clone().flat_map(|a| letters.clone().map(move |b| format!("{a}{b}"))) {
            // Digits of any length: the crate tells an unknown country from a wrong pattern.
            let base: BaseIban = with_check(&country, "0000000000").parse().unwrap();
            let known = !matches!(Iban::try_from(base), Err(ParseIbanError::UnknownCountry(_)));
            assert_eq!(length_in(&country).is_some(), known, "{country}");
        }
    }

    /// Every country's pattern is found among the mixes of letters and digits at its length and at no other,
    /// for the countries whose account numbers may be digits only.
    #[test]
    fn the_lengths_are_those_of_the_crate() {
        let mut compared = 0;
        for (country, length) in IBAN_LENGTHS {
            for other in 15..=LONGEST_IBAN {
                let base: BaseIban = with_check(country, &"0".repeat(other - 4)).parse().unwrap();
                if Iban::try_from(base).is_ok() {
                    assert_eq!(other, length, "{country}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 50, "{compared}");
    }

    #[test]
    fn e1_45_a_bic_has_eight_or_eleven_characters() {
        for (raw, stored) in [
            ("rabonl2u", "RABONL2U"),
            (" INGB NL 2A XXX ", "INGBNL2AXXX"),
            ("REVOLT21", "REVOLT21"),
            ("NCBVXKPR", "NCBVXKPR"),
        ] {
            assert_eq!(bic(raw).as_deref(), Some(stored), "{raw:?}");
        }
        for raw in [
            "",
            "RABONL2",
            "RABONL2UX",
            "RABONL2UXXXX",
            "RAB0NL2U",
            "RABOXX2U",
            "RABO12UU",
            "ＲABONL2U",
            "RABONL2U\0",
            "RABO\u{202E}NL2U",
            "😀",
        ] {
            assert_eq!(bic(raw), None, "{raw:?}");
        }
        assert_eq!(bic(&"A".repeat(10_000_000)), None);
    }

    #[test]
    fn e1_45_a_dutch_bank_code_gives_a_bic() {
        assert_eq!(bic_of("NL91ABNA0417164300"), Some("ABNANL2A"));
        assert_eq!(bic_of("NL44RABO0123456789"), Some("RABONL2U"));
        for other in
            ["", "NL", "NL91", "NL91ABN", "BE68539007547034", "NL00ZZZZ0417164300", "NL😀ABNA", "NL9😀"]
        {
            assert_eq!(bic_of(other), None, "{other:?}");
        }
        for known in DUTCH_BICS {
            assert_eq!(bic(known).as_deref(), Some(known));
        }
    }

    #[test]
    fn e1_52_a_mandate_code_is_of_the_sepa_set() {
        for raw in ["M-2026/001", "a?b:c(d)e.f,g'h+i j", "x", "12345678901234567890123456789012345"] {
            assert_eq!(mandate_code(raw).as_deref(), Some(raw));
        }
        assert_eq!(mandate_code(" M1 ").as_deref(), Some("M1"));
        for raw in [
            "",
            " ",
            "123456789012345678901234567890123456",
            "M_1",
            "M&1",
            "É",
            "M\n1",
            "M\0A",
            "/M",
            "M/",
            "M//1",
            "😀",
            "Ｍ1",
            "M\u{202E}1",
        ] {
            assert_eq!(mandate_code(raw), None, "{raw:?}");
        }
        assert_eq!(mandate_code(&"M".repeat(10_000_000)), None);
    }

    proptest! {
        #[test]
        fn any_text_gives_a_value_or_none(raw in any::<String>()) {
            let _ = bic_of(&raw);
            if let Ok(once) = iban(&raw) {
                prop_assert_eq!(iban(&once), Ok(once));
            }
            for normal in [bic, mandate_code] {
                if let Some(once) = normal(&raw) {
                    prop_assert_eq!(normal(&once), Some(once));
                }
            }
        }

        #[test]
        fn normalising_twice_is_normalising_once(raw in "[A-Za-z0-9/?:().,'+ -]{1,36}") {
            for normal in [bic, mandate_code] {
                if let Some(once) = normal(&raw) {
                    prop_assert_eq!(normal(&once), Some(once));
                }
            }
        }

        #[test]
        fn e1_45_dutch_ibans_survive_paper_form(bank in "[A-Z]{4}", account in "[0-9]{10}") {
            let electronic = with_check("NL", &format!("{bank}{account}"));
            let paper = electronic.parse::<Iban>().unwrap().to_string();
            prop_assert_eq!(iban(&paper), Ok(electronic.clone()));
            prop_assert_eq!(iban(&paper.to_lowercase()), Ok(electronic));
        }

        #[test]
        fn e1_45_one_wrong_digit_is_always_found(
            account in "[0-9]{10}",
            place in 8_usize..18,
            by in 1_u8..10,
        ) {
            let mut wrong = with_check("NL", &format!("ABNA{account}")).into_bytes();
            wrong[place] = b'0' + (wrong[place] - b'0' + by) % 10;
            prop_assert_eq!(iban(&String::from_utf8(wrong).unwrap()), Err(IbanProblem::Checksum));
        }
    }
}
