//! Numbers by which the Dutch state knows people and organisations: BSN (E1-40), RSIN and VAT id (A2-35), KvK
//! (A2-34).
//!
//! Each comes out as digits only (the VAT id with its letters); spaces and dots are tolerated on the way in,
//! ASCII only. The checks find typing errors; they do not prove that a number was ever issued.

/// A citizen service number: 9 digits, not all zero, passing the eleven-test (E1-40, `INVALID_BSN`).
///
/// Exactly nine: an old number of eight is written with its leading zero.
pub fn bsn(raw: &str) -> Option<String> {
    digits(raw, 9).filter(|number| passes_eleven_test(number))
}

/// The tax number of a legal entity (*RSIN*): 9 digits under the same test as the BSN (A2-35,
/// `INVALID_RSIN`).
pub fn rsin(raw: &str) -> Option<String> {
    bsn(raw)
}

/// A number of the chamber of commerce: 8 digits, not all zero (A2-34, `INVALID_KVK`). It has no check digit.
pub fn kvk(raw: &str) -> Option<String> {
    digits(raw, 8)
}

/// A Dutch VAT identification number, `NL123456789B01` (A2-35, `INVALID_VAT_ID`).
///
/// Two kinds are in use, and either check will do: a legal entity's number holds its RSIN (eleven-test over
/// the nine digits, the two behind `B` count from 01), a sole trader's since 2020 is checked as a whole (ISO
/// 7064 mod 97-10 over all characters, letters as 10 to 35).
pub fn vat_id(raw: &str) -> Option<String> {
    let id = compact(raw, 14)?.to_ascii_uppercase();
    let (number, suffix) = id.strip_prefix("NL")?.split_once('B')?;
    if number.len() != 9
        || suffix.len() != 2
        || !number.bytes().chain(suffix.bytes()).all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let of_legal_entity = passes_eleven_test(number) && number != "000000000" && suffix != "00";
    (of_legal_entity || passes_mod_97(&id)).then_some(id)
}

/// A wage-tax number, `123456789L01`: nine digits under the eleven-test, and the count behind `L` from 01 (A2-35,
/// `INVALID_WAGE_TAX_NO`).
pub fn wage_tax_no(raw: &str) -> Option<String> {
    let id = compact(raw, 12)?.to_ascii_uppercase();
    let (number, count) = id.split_once('L')?;
    let numeric = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let whole = number.len() == 9 && count.len() == 2 && numeric(number) && numeric(count);
    (whole && count != "00" && number != "000000000" && passes_eleven_test(number)).then_some(id)
}

/// The eleven-test of BSN and RSIN: the digits times 9, 8, … 2 and the last times -1 add up to a multiple of
/// eleven.
fn passes_eleven_test(number: &str) -> bool {
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i32 =
        number.bytes().zip(weights).map(|(digit, weight)| i32::from(digit.wrapping_sub(b'0')) * weight).sum();
    sum % 11 == 0
}

/// ISO 7064 mod 97-10 over ASCII digits and capitals, letters as 10 to 35.
fn passes_mod_97(text: &str) -> bool {
    let rest = text.bytes().fold(0_u32, |rest, b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        b'A'..=b'Z' => (rest * 100 + u32::from(b - b'A') + 10) % 97,
        _ => rest,
    });
    rest == 1
}

/// Exactly `count` digits that are not all zero.
fn digits(raw: &str, count: usize) -> Option<String> {
    compact(raw, count).filter(|number| {
        number.len() == count
            && number.bytes().all(|b| b.is_ascii_digit())
            && number.bytes().any(|b| b != b'0')
    })
}

/// The ASCII letters and digits without spaces and dots, or nothing when others stand between them or they
/// are more than `most`.
fn compact(raw: &str, most: usize) -> Option<String> {
    let mut result = String::with_capacity(most);
    for c in raw.trim().chars() {
        match c {
            ' ' | '.' | '\u{A0}' | '\u{202F}' => {}
            _ if c.is_ascii_alphanumeric() && result.len() < most => result.push(c),
            _ => return None,
        }
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn e1_40_a_bsn_passes_the_eleven_test() {
        for typed in ["111222333", "1112.22.333", " 111 222 333 ", "111\u{A0}222\u{A0}333"] {
            assert_eq!(bsn(typed).as_deref(), Some("111222333"), "{typed:?}");
        }
        assert_eq!(bsn("123456782").as_deref(), Some("123456782"));
        assert_eq!(bsn("010464554").as_deref(), Some("010464554"));
        for typed in [
            "",
            "000000000",
            "111222334",
            "11122233",
            "1112223330",
            "0111222333",
            "11122233a",
            "１１１２２２３３３",
            "111222333\0",
            "-111222333",
            "111-222-333",
            "١١١٢٢٢٣٣٣",
            "\u{202E}111222333",
            "😀",
            "111\n222333",
        ] {
            assert_eq!(bsn(typed), None, "{typed:?}");
        }
        assert_eq!(bsn(&"1".repeat(10_000_000)), None);
    }

    #[test]
    fn a2_35_an_rsin_passes_the_same_test() {
        assert_eq!(rsin("0044.95.445").as_deref(), Some("004495445"));
        assert_eq!(rsin("004495446"), None);
    }

    #[test]
    fn a2_34_a_kvk_number_has_eight_digits() {
        assert_eq!(kvk("1234 5678").as_deref(), Some("12345678"));
        for typed in ["1234567", "123456789", "00000000", "1234567a", "１２３４５６７８"] {
            assert_eq!(kvk(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn a2_35_a_vat_id_passes_one_of_its_two_checks() {
        // A legal entity's, and the example of a sole trader's that the tax administration publishes.
        for (typed, stored) in [
            ("NL004495445B01", "NL004495445B01"),
            ("nl 0044.95.445.b.01", "NL004495445B01"),
            ("NL000099998B57", "NL000099998B57"),
        ] {
            assert_eq!(vat_id(typed).as_deref(), Some(stored), "{typed:?}");
        }
        for typed in [
            "",
            "NL",
            "NL004495446B01",
            "NL004495445B00",
            "NL000099998B58",
            "NL000000000B01",
            "NL04495445B01",
            "004495445B01",
            "DE004495445B01",
            "NL004495445B1",
            "NL004495445C01",
            "NL00449544５B01",
            "NLB01",
            "NL0044954451B",
            "NL00449B445B01",
            "NL004495445B01x",
        ] {
            assert_eq!(vat_id(typed), None, "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_number_or_none(raw in any::<String>()) {
            for number in [bsn, rsin, kvk, vat_id] {
                if let Some(once) = number(&raw) {
                    prop_assert_eq!(number(&once), Some(once));
                }
            }
        }

        #[test]
        fn normalising_twice_is_normalising_once(raw in "(NL)?[0-9. ]{8,14}(B[0-9]{2})?") {
            for number in [bsn, rsin, kvk, vat_id] {
                if let Some(once) = number(&raw) {
                    prop_assert_eq!(number(&once), Some(once));
                }
            }
        }

        #[test]
        fn e1_40_one_wrong_digit_is_always_found(
            front in 0_u32..100_000_000,
            place in 0_usize..9,
            by in 1_u8..10,
        ) {
            let number = (0..10).map(|last| format!("{front:08}{last}")).find(|number| bsn(number).is_some());
            if let Some(number) = number {
                let mut wrong = number.into_bytes();
                wrong[place] = b'0' + (wrong[place] - b'0' + by) % 10;
                prop_assert_eq!(bsn(&String::from_utf8(wrong).unwrap()), None);
            }
        }
    }
}
