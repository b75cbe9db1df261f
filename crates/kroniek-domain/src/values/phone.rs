//! Telephone numbers (E1-18, `INVALID_PHONE`).
//!
//! A number is kept readable, as people group it, and compared by its digits. Which numbers are in use is not
//! judged: numbering plans change, and a wrong refusal costs more than a wrong number.

/// A telephone number in its tidy form: digits, single spaces and hyphens, a leading `+` for an international
/// one.
///
/// Dots, slashes and brackets become spaces, every dash a hyphen, `00` in front becomes `+`, and the `(0)` in
/// `+31 (0)10` goes. Between 7 and 15 digits must remain (E.164 allows 15). Refused are letters, digits other
/// than ASCII, a `+` elsewhere than in front, and a country code that starts with 0, which none does.
pub fn phone(raw: &str) -> Option<String> {
    let typed = raw.trim();
    // Fifteen digits with separators to spare; anything longer is not read.
    if typed.len() > 64 {
        return None;
    }
    let front = typed.trim_start_matches(|c| space_or_hyphen(c).is_some());
    let (mut tidy, rest) = match front.strip_prefix('+').or_else(|| front.strip_prefix("00")) {
        Some(behind) => (String::from("+"), behind.replacen("(0)", " ", 1)),
        None => (String::new(), typed.to_owned()),
    };
    let mut separator = None;
    for c in rest.chars() {
        match c {
            '0'..='9' => {
                if let Some(separator) = separator.take()
                    && tidy.ends_with(|last: char| last.is_ascii_digit())
                {
                    tidy.push(separator);
                }
                tidy.push(c);
            }
            // A hyphen goes before a space: `06 - 1234` is `06-1234`.
            _ => match space_or_hyphen(c)? {
                '-' => separator = Some('-'),
                space => separator = separator.or(Some(space)),
            },
        }
    }
    let digits = tidy.bytes().filter(u8::is_ascii_digit).count();
    ((7..=15).contains(&digits) && !tidy.starts_with("+0")).then_some(tidy)
}

/// What a character between digits becomes in the tidy form, or nothing when it does not belong in a number.
fn space_or_hyphen(c: char) -> Option<char> {
    match c {
        '.' | '/' | '(' | ')' => Some(' '),
        '-' | '\u{2010}'..='\u{2013}' => Some('-'),
        _ => (c.is_whitespace() && !c.is_control()).then_some(' '),
    }
}

/// The key by which two numbers are the same (E1-18 `DUPLICATE_CHANNEL`, X-05): international digits without
/// `+`.
///
/// `010 123 45 67`, `+31 10 1234567`, `0031101234567` and `+31 (0)10-1234567` give `31101234567`. A number
/// that starts with a single 0 is taken as Dutch. A number with neither 0 nor `+` in front stays as it is.
pub fn phone_digits(normal: &str) -> String {
    let international = normal.trim_start().starts_with('+');
    let digits: String = normal.chars().filter(char::is_ascii_digit).collect();
    if international {
        return dutch_without_trunk_zero(&digits);
    }
    match (digits.strip_prefix("00"), digits.strip_prefix('0')) {
        (Some(number), _) => dutch_without_trunk_zero(number),
        (None, Some(national)) => format!("31{national}"),
        (None, None) => digits,
    }
}

/// People also write `+31 010`; no Dutch number has a 0 there.
fn dutch_without_trunk_zero(international: &str) -> String {
    match international.strip_prefix("310") {
        Some(national) => format!("31{national}"),
        None => international.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn e1_18_a_phone_number_is_tidied() {
        for (typed, tidy) in [
            ("0612345678", "0612345678"),
            (" 06-12345678 ", "06-12345678"),
            ("06 - 1234 5678", "06-1234 5678"),
            ("(010) 123.45.67", "010 123 45 67"),
            ("+31 (0)10 123 45 67", "+31 10 123 45 67"),
            ("+31(0)612345678", "+31 612345678"),
            ("- 00 31 612345678", "+31 612345678"),
            ("0031-(0)-612345678", "+31-612345678"),
            ("(0)10 1234567", "0 10 1234567"),
            ("0031 6 12345678", "+31 6 12345678"),
            ("00-31-6-12345678", "+31-6-12345678"),
            ("+ 31 6 12345678", "+31 6 12345678"),
            ("06\u{2011}12345678", "06-12345678"),
            ("06\u{A0}12345678", "06 12345678"),
            ("(+31) 612345678", "+31 612345678"),
            ("1234567", "1234567"),
            ("+123456789012345", "+123456789012345"),
        ] {
            assert_eq!(phone(typed).as_deref(), Some(tidy), "{typed:?}");
        }
    }

    #[test]
    fn e1_18_letters_and_wrong_lengths_are_refused() {
        for typed in [
            "",
            " ",
            "123456",
            "1234567890123456",
            "06-1234567x",
            "0800-BEL",
            "０６１２３４５６７８",
            "06+12345678",
            "++31612345678",
            "\u{202E}0612345678",
            "06\0-12345678",
            "06\n12345678",
            "😀0612345678",
            "+0612345678",
            "000612345678",
            "+",
            "00",
            "٠٦١٢٣٤٥٦٧٨",
        ] {
            assert_eq!(phone(typed), None, "{typed:?}");
        }
        assert_eq!(phone(&"1".repeat(10_000_000)), None);
    }

    #[test]
    fn e1_18_the_same_dutch_number_has_one_key() {
        for typed in [
            "0612345678",
            "06-12345678",
            "+31612345678",
            "0031612345678",
            "+31 (0)6 1234 5678",
            "+31 06 12345678",
            "+310612345678",
            "00310612345678",
        ] {
            assert_eq!(phone_digits(&phone(typed).unwrap()), "31612345678", "{typed:?}");
        }
        assert_eq!(phone_digits("+49 30 123456"), "4930123456");
        assert_eq!(phone_digits("0049 30 123456"), "4930123456");
        assert_eq!(phone_digits("1234567"), "1234567");
        assert_eq!(phone_digits(""), "");
        assert_eq!(phone_digits("+"), "");
    }

    proptest! {
        #[test]
        fn any_text_gives_a_valid_number_or_none(raw in any::<String>()) {
            let _ = phone_digits(&raw);
            if let Some(once) = phone(&raw) {
                prop_assert_eq!(phone(&once), Some(once));
            }
        }

        #[test]
        fn tidying_twice_is_tidying_once(raw in "[+(0]{0,3}[0-9 ()./-]{5,22}") {
            if let Some(once) = phone(&raw) {
                prop_assert_eq!(phone(&once), Some(once.clone()), "{:?}", raw);
                prop_assert!((7..=15).contains(&once.bytes().filter(u8::is_ascii_digit).count()));
                prop_assert_eq!(phone_digits(&once), phone_digits(&once.replace([' ', '-'], "")));
            }
        }
    }
}
