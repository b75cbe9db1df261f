//! Free text: one line, several lines, a code, and the key that a search compares.
//!
//! Text is stored in Unicode normalisation form C (section 1.3 of the specification, `INVALID_TEXT`: "store
//! NFC"). Refused, besides control characters, is what cannot be seen and yet changes what is read, sorted or
//! compared: the bidirectional controls (they let `"exe.gpj"` show as `"jpg.exe"`), zero-width characters,
//! the invisible tag characters, blank "letters", private-use characters, noncharacters, and U+FFFD, which is
//! the trace of a decoding that went wrong. Joiners and variation selectors pass where scripts and emoji need
//! them: behind a character that is not ASCII.

use std::fmt;

use unicode_normalization::char::{canonical_combining_class, decompose_compatible, is_combining_mark};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Why a text is refused.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum TextProblem {
    /// Nothing is left after trimming (`REQUIRED`).
    Empty,
    /// More than the field holds (`TOO_LONG`).
    TooLong {
        /// The greatest number of characters (Unicode scalar values) of the field.
        limit: usize,
    },
    /// Holds a character that the field does not take (`INVALID_TEXT`).
    Invalid,
}

impl fmt::Display for TextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty"),
            Self::TooLong { limit } => write!(f, "longer than {limit} characters"),
            Self::Invalid => f.write_str("holds a character that is not allowed here"),
        }
    }
}

impl std::error::Error for TextProblem {}

/// Bytes of typed text per character of the limit. One stored character comes from at most four code points
/// of at most four bytes, so only text that is mostly padding exceeds this; it is refused unread as too long.
const BYTES_PER_CHARACTER: usize = 16;

/// One line of text: NFC, trimmed, every run of white space one space, at most `limit` characters.
///
/// A line break or tab inside is refused, not turned into a space: in a one-line field it shows that
/// something else was pasted than meant.
pub fn line(raw: &str, limit: usize) -> Result<String, TextProblem> {
    let composed = composed(raw, limit)?;
    let mut text = String::with_capacity(composed.len());
    for c in composed.chars() {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            return Err(TextProblem::Invalid);
        }
        if !c.is_whitespace() {
            text.push(c);
        } else if !text.ends_with(' ') {
            text.push(' ');
        }
    }
    checked(text, limit)
}

/// Several lines of text: NFC, trimmed, at most `limit` characters; line feeds and tabs are kept.
///
/// Every way to end a line (CR LF, CR, NEL, and Unicode's line and paragraph separators) becomes a line feed,
/// so that the same note typed on two machines is the same text. Spaces inside are kept as typed.
pub fn note(raw: &str, limit: usize) -> Result<String, TextProblem> {
    let composed = composed(raw, limit)?;
    let mut text = String::with_capacity(composed.len());
    let mut rest = composed.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' => {
                rest.next_if_eq(&'\n');
                text.push('\n');
            }
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => text.push('\n'),
            '\t' => text.push('\t'),
            _ if c.is_control() => return Err(TextProblem::Invalid),
            _ => text.push(c),
        }
    }
    checked(text, limit)
}

/// A code: trimmed, upper case, of the ASCII letters and digits and `_ - . /` only.
///
/// Nothing but ASCII, because a code is typed, compared and printed by machines and people alike, and a
/// Cyrillic "А" in it would be a different code that looks the same.
pub fn code(raw: &str, limit: usize) -> Result<String, TextProblem> {
    let text = raw.trim();
    if text.is_empty() {
        return Err(TextProblem::Empty);
    }
    if text.len() > limit.saturating_mul(BYTES_PER_CHARACTER) {
        return Err(TextProblem::TooLong { limit });
    }
    if !text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/')) {
        return Err(TextProblem::Invalid);
    }
    if text.len() > limit {
        return Err(TextProblem::TooLong { limit });
    }
    Ok(text.to_ascii_uppercase())
}

/// The key that searching and duplicate detection compare (X-05, scenario 13): lower case, without accents
/// and apostrophes, with single spaces.
///
/// `Çelik` and `celik`, `Müller` and `muller`, `d’Hondt`, `d'Hondt` and `dhondt`, `Ｊａｎｓｅｎ` and `jansen` give
/// the same key. Apostrophes go altogether because people leave them out as often as they type another one.
/// Every dash becomes a hyphen. Vowel signs of Indian scripts stay: they are letters, not accents. The result
/// is a key and never shown. May be empty.
pub fn fold(raw: &str) -> String {
    let mut key = String::with_capacity(raw.len());
    let mut space_due = false;
    for c in raw.chars() {
        if c.is_whitespace() {
            space_due = true;
            continue;
        }
        if is_apostrophe(c) || is_dangerous(c) || is_joining(c) || c.is_control() {
            continue;
        }
        // Character by character, without reordering marks across characters: the marks go anyway, and a
        // text of a million marks costs no more than one of a million letters.
        decompose_compatible(c, |part| {
            for lower in part.to_lowercase() {
                decompose_compatible(lower, |part| {
                    if part.is_whitespace() {
                        space_due = true;
                    } else {
                        fold_part(part, &mut key, &mut space_due);
                    }
                });
            }
        });
    }
    key
}

/// Adds one decomposed, lower-case character to a search key.
fn fold_part(part: char, key: &mut String, space_due: &mut bool) {
    if (is_combining_mark(part) && canonical_combining_class(part) != 0)
        || is_apostrophe(part)
        || is_dangerous(part)
        || is_joining(part)
        || part.is_control()
    {
        return;
    }
    if *space_due && !key.is_empty() {
        key.push(' ');
    }
    *space_due = false;
    // Letters that Unicode does not decompose although readers take them for a letter with something added.
    match part {
        'ß' => key.push_str("ss"),
        'æ' => key.push_str("ae"),
        'œ' => key.push_str("oe"),
        'þ' => key.push_str("th"),
        'ø' => key.push('o'),
        'ł' => key.push('l'),
        'đ' | 'ð' => key.push('d'),
        'ħ' => key.push('h'),
        'ŧ' => key.push('t'),
        'ı' => key.push('i'),
        'ŋ' => key.push('n'),
        'ĸ' => key.push('k'),
        'ς' => key.push('σ'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{58A}' | '\u{2E3A}' | '\u{2E3B}' => key.push('-'),
        _ => key.push(part),
    }
}

/// Trims and composes, after refusing what is far too long to be looked at.
fn composed(raw: &str, limit: usize) -> Result<String, TextProblem> {
    let trimmed = raw.trim();
    if trimmed.is_empty() {
        return Err(TextProblem::Empty);
    }
    if trimmed.len() > limit.saturating_mul(BYTES_PER_CHARACTER) {
        return Err(TextProblem::TooLong { limit });
    }
    Ok(if is_nfc(trimmed) { trimmed.to_owned() } else { trimmed.nfc().collect() })
}

/// The rules that lines and notes share, on composed text.
fn checked(text: String, limit: usize) -> Result<String, TextProblem> {
    // A mark at the very start has nothing to stand on and would land on whatever is shown before the text.
    let mut before = None;
    for c in text.chars() {
        let stands = before.is_some_and(|b: char| !b.is_whitespace());
        let behind_non_ascii =
            before.is_some_and(|b: char| !b.is_ascii() && !b.is_whitespace() && !is_joiner(b));
        let refused = match c {
            _ if is_dangerous(c) => true,
            _ if is_joiner(c) => !behind_non_ascii,
            // The emoji keycaps are an ASCII digit, # or * with a selector.
            _ if is_variation_selector(c) => {
                !behind_non_ascii && !before.is_some_and(|b| b.is_ascii_digit() || matches!(b, '#' | '*'))
            }
            _ => (is_combining_mark(c) && !stands) || (before.is_some_and(is_joiner) && c.is_ascii()),
        };
        if refused {
            return Err(TextProblem::Invalid);
        }
        before = Some(c);
    }
    if before.is_some_and(is_joiner) {
        return Err(TextProblem::Invalid);
    }
    if text.chars().count() > limit {
        return Err(TextProblem::TooLong { limit });
    }
    Ok(text)
}

/// Whether people type this character where an apostrophe belongs.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '´'
            | 'ʹ'
            | 'ʻ'
            | 'ʼ'
            | 'ʽ'
            | 'ʾ'
            | 'ʿ'
            | 'ˈ'
            | 'ˊ'
            | 'ˋ'
            | '\u{374}'
            | '\u{55A}'
            | '\u{5F3}'
            | '\u{1FBD}'
            | '\u{1FBF}'
            | '\u{1FEF}'
            | '\u{1FFD}'
            | '\u{1FFE}'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '′'
            | '‵'
            | '\u{A78B}'
            | '\u{A78C}'
            | '\u{FF07}'
            | '\u{FF40}'
    )
}

/// Whether a script or an emoji needs this invisible character between two others.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}' | '\u{180F}')
}

fn is_joining(c: char) -> bool {
    is_joiner(c) || is_variation_selector(c)
}

/// Whether a character hides itself or changes how its neighbours are shown, or means nothing outside one
/// program.
fn is_dangerous(c: char) -> bool {
    matches!(c,
        // Soft hyphen, combining grapheme joiner, Arabic letter mark.
        '\u{AD}' | '\u{34F}' | '\u{61C}'
        // Letters that are blank: Hangul fillers, Khmer inherent vowels, Braille blank.
        | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{3164}' | '\u{FFA0}' | '\u{2800}'
        // Mongolian vowel separator, zero-width space, direction marks and overrides, invisible operators.
        | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        // Byte order mark, interlinear annotation, object replacement, replacement character.
        | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFD}'
        // Shorthand and musical format controls.
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        // Private use.
        | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}'
        // Noncharacters of the first plane; those that end a plane are below.
        | '\u{FDD0}'..='\u{FDEF}'
        // Tags and what Unicode reserves for more of their kind.
        | '\u{E0000}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}'
    ) || u32::from(c) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn section_1_3_blank_is_empty() {
        for raw in ["", " ", "\t\r\n", "\u{A0}\u{3000}\u{2003}"] {
            assert_eq!(line(raw, 10), Err(TextProblem::Empty), "{raw:?}");
            assert_eq!(note(raw, 10), Err(TextProblem::Empty), "{raw:?}");
            assert_eq!(code(raw, 10), Err(TextProblem::Empty), "{raw:?}");
            assert_eq!(fold(raw), "", "{raw:?}");
        }
    }

    #[test]
    fn section_1_3_length_is_counted_in_characters_of_the_stored_form() {
        assert_eq!(line("ééé", 3).as_deref(), Ok("ééé"));
        assert_eq!(line("e\u{301}e\u{301}e\u{301}", 3).as_deref(), Ok("ééé"));
        assert_eq!(line("  a     b  ", 3).as_deref(), Ok("a b"));
        assert_eq!(line("abcd", 3), Err(TextProblem::TooLong { limit: 3 }));
        assert_eq!(note("a\r\nb", 3).as_deref(), Ok("a\nb"));
        assert_eq!(code("abcd", 3), Err(TextProblem::TooLong { limit: 3 }));
        assert_eq!(line("a", 0), Err(TextProblem::TooLong { limit: 0 }));
        assert_eq!(line("a", usize::MAX).as_deref(), Ok("a"));
    }

    #[test]
    fn section_1_3_text_is_stored_composed() {
        assert_eq!(line("A\u{30A}ngstro\u{308}m", 30).as_deref(), Ok("Ångström"));
        assert_eq!(note("\u{212B}", 30).as_deref(), Ok("Å"));
    }

    #[test]
    fn section_1_3_control_and_hidden_characters_are_refused() {
        for hidden in [
            '\0',
            '\u{1B}',
            '\u{7F}',
            '\u{9B}',
            '\u{AD}',
            '\u{200B}',
            '\u{200E}',
            '\u{202E}',
            '\u{2066}',
            '\u{2069}',
            '\u{FEFF}',
            '\u{FFFD}',
            '\u{FFFE}',
            '\u{1FFFF}',
            '\u{E0041}',
            '\u{E000}',
            '\u{10FFFF}',
            '\u{3164}',
            '\u{FFF9}',
        ] {
            let raw = format!("Jan{hidden}sen");
            assert_eq!(line(&raw, 30), Err(TextProblem::Invalid), "{raw:?}");
            assert_eq!(note(&raw, 30), Err(TextProblem::Invalid), "{raw:?}");
            assert_eq!(code(&raw, 30), Err(TextProblem::Invalid), "{raw:?}");
        }
        for broken in ["a\nb", "a\tb", "a\rb", "a\u{85}b", "a\u{2028}b"] {
            assert_eq!(line(broken, 30), Err(TextProblem::Invalid), "{broken:?}");
        }
    }

    #[test]
    fn joiners_pass_only_where_a_script_needs_them() {
        for raw in ["👨‍👩‍👧", "می‌خواهم", "❤️", "1️⃣", "葛\u{E0100}"] {
            assert_eq!(line(raw, 30).as_deref(), Ok(raw));
        }
        for raw in [
            "Jan\u{200D}sen",
            "\u{200D}é",
            "é\u{200D}",
            "é\u{200D}\u{200D}é",
            "é\u{200D}a",
            "Jan\u{FE0F}sen",
            "é \u{200D}é",
        ] {
            assert_eq!(line(raw, 30), Err(TextProblem::Invalid), "{raw:?}");
            assert_eq!(note(raw, 30), Err(TextProblem::Invalid), "{raw:?}");
        }
    }

    #[test]
    fn a_mark_needs_something_to_stand_on() {
        for raw in ["\u{301}abc", "a \u{301}b", "\u{20DD}"] {
            assert_eq!(line(raw, 30), Err(TextProblem::Invalid), "{raw:?}");
        }
        assert_eq!(line("J\u{30C}ab", 30).as_deref(), Ok("J\u{30C}ab"));
    }

    #[test]
    fn a_note_keeps_its_lines() {
        assert_eq!(
            note("  een\r\ntwee\rdrie\u{2028}\tvier  vijf\n\n", 99).as_deref(),
            Ok("een\ntwee\ndrie\n\tvier  vijf")
        );
        assert_eq!(note("a\u{B}b", 9), Err(TextProblem::Invalid));
    }

    #[test]
    fn a_code_is_upper_case_ascii() {
        assert_eq!(code(" dhr/mevr ", 20).as_deref(), Ok("DHR/MEVR"));
        assert_eq!(code("a1_b-2.c", 20).as_deref(), Ok("A1_B-2.C"));
        for raw in ["A B", "É", "Ａ", "А", "ſ", "A;B", "😀", "A\nB"] {
            assert_eq!(code(raw, 20), Err(TextProblem::Invalid), "{raw:?}");
        }
    }

    #[test]
    fn scenario_13_a_search_key_forgets_accents_case_and_apostrophes() {
        assert_eq!(fold("Çelik"), "celik");
        assert_eq!(fold("Müller"), "muller");
        for hondt in ["d'Hondt", "d’Hondt", "D‘HONDT", "d`hondt", "d´Hondt", "dʼHondt", "dhondt", "d＇Hondt"]
        {
            assert_eq!(fold(hondt), "dhondt", "{hondt:?}");
        }
        assert_eq!(fold("  Van   DER\u{A0}Janssen "), "van der janssen");
        assert_eq!(fold("Groß Œuvre Ærø Łódź Đặng Iıİ Þór"), "gross oeuvre aero lodz dang iii thor");
        assert_eq!(fold("Ｊａｎｓｅｎ ﬁn ĳs"), "jansen fin ijs");
        assert_eq!(fold("Jansen‑de Vries"), "jansen-de vries");
        assert_eq!(fold("e\u{301}\u{302}"), "e");
        assert_eq!(fold("ΣΊΣΥΦΟΣ"), fold("σίσυφος"));
        assert_eq!(fold("Ян\u{200D}"), "ян");
        assert_eq!(fold("हिन्दी"), "हिनदी");
    }

    #[test]
    fn folding_twice_is_folding_once_for_every_character() {
        for c in '\0'..=char::MAX {
            let once = fold(&format!("a{c}b"));
            assert_eq!(fold(&once), once, "{c:?}");
        }
    }

    #[test]
    fn ten_megabytes_are_answered_without_delay() {
        const SIZE: usize = 10_000_000;
        for c in ["a", " ", "\u{301}", "\0", "\u{202E}", "😀", "é"] {
            let raw = c.repeat(SIZE / c.len());
            for result in [line(&raw, 100), note(&raw, 100), code(&raw, 100)] {
                assert!(
                    matches!(result, Err(TextProblem::Empty | TextProblem::TooLong { limit: 100 })),
                    "{c:?}"
                );
            }
        }
        for c in ["\u{301}", " é"] {
            assert!(fold(&c.repeat(SIZE / c.len())).len() < SIZE);
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(raw in any::<String>(), limit in 0_usize..80) {
            for normal in [line, note, code] {
                if let Ok(once) = normal(&raw, limit) {
                    prop_assert!(!once.is_empty() && once.chars().count() <= limit);
                    prop_assert_eq!(normal(&once, limit), Ok(once.clone()));
                    prop_assert!(is_nfc(&once));
                }
            }
            let once = fold(&raw);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn texts_of_awkward_characters_never_panic(
            raw in "[a\u{301}\u{345}\u{200D}\u{FE0F}\u{A0}\r\n é😀葛]{0,12}",
        ) {
            for normal in [line, note] {
                if let Ok(once) = normal(&raw, 99) {
                    prop_assert_eq!(normal(&once, 99), Ok(once.clone()));
                }
            }
            let _ = fold(&raw);
        }

        #[test]
        fn a_line_and_its_key_agree(raw in any::<String>()) {
            if let Ok(stored) = line(&raw, 99) {
                prop_assert_eq!(fold(&stored), fold(&raw));
            }
        }
    }
}
