//! The names of people and companies: initials, infix, surname (E2-09), company name (E2-15).
//!
//! A person's name is derived from its parts and never typed (I6); the parts are normalised here, once,
//! before they go into an event.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::text::{self, TextProblem};

/// The greatest length of initials in characters (section 1.3, `TOO_LONG`).
pub const INITIALS_LIMIT: usize = 30;
/// The greatest length of an infix in characters (section 1.3, `TOO_LONG`).
pub const INFIX_LIMIT: usize = 30;
/// The greatest length of a surname in characters (section 1.3, `TOO_LONG`).
pub const SURNAME_LIMIT: usize = 30;
/// The greatest length of a company name or any other whole name in characters (section 1.3, `TOO_LONG`).
pub const NAME_LIMIT: usize = 100;

/// The parts of a person's name, each in the form that [`initials`], [`infix`] and [`surname`] give. An empty
/// part is a part that the person does not have.
///
/// The order of the fields is a storage format.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct NameParts {
    /// `J.P.`, or the placeholder `x` (A1-13).
    pub initials: String,
    /// *Tussenvoegsel*: `van der`.
    pub infix: String,
    /// The surname without its infix: `Janssen`.
    pub surname: String,
}

impl NameParts {
    /// The derived name, `[initials ][infix ]surname` (E2-09, I6): `J.P. van der Janssen`.
    pub fn full(&self) -> String {
        join(&[&self.initials, &self.infix, &self.surname])
    }

    /// The name behind a form of address, `[Infix ]Surname` (section 7): `Van der Janssen`, `In 't Veld`.
    ///
    /// No initials precede the infix there, so it takes a capital. `'t` and `'s` keep their small letter, as
    /// Dutch writes them: the capital is the surname's.
    pub fn formal(&self) -> String {
        join(&[&capitalised(&self.infix), &self.surname])
    }
}

/// Joins the parts that are there with single spaces.
fn join(parts: &[&str]) -> String {
    let mut name = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(part);
    }
    name
}

/// The text with its first character in upper case; unchanged when that is not a letter.
fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// Initials in the form `J.P.` (E2-09). Nothing typed is no initials: `Ok("")`; whether they are mandatory is
/// the caller's rule.
///
/// - `jp`, `J P`, `j.p.`, `J.P` give `J.P.`; `J.-P.` keeps its hyphen.
/// - `Th.`, `Ch.`, `Ph.`, `IJ.`, `Chr.` and `St.` stay one initial when a dot closes them or they are written
///   with one capital (`Th`); any other pair or triple with one capital does so with its dot (`Tj.`, `Joh.`).
///   `TH` and `th` without a dot are two initials: which of the two was meant cannot be known.
/// - A single small `x` stays as it is, the placeholder for a mandatory field (A1-13).
/// - A word of three letters or more with one capital and no dot (`Jan`), and any word of more than ten
///   letters, is a first name and refused, as are digits and every sign but dot, hyphen and space.
pub fn initials(raw: &str) -> Result<String, TextProblem> {
    let Some(typed) = optional(raw, INITIALS_LIMIT)? else {
        return Ok(String::new());
    };
    if typed == "x" {
        return Ok(typed);
    }
    let mut result = String::with_capacity(typed.len() * 2);
    // A hyphen waits for the initial that it leads to: `J.-P.`.
    let mut hyphen = false;
    let mut word = Vec::new();
    for c in typed.chars() {
        match c {
            '.' | ' ' | '-' | '\u{2010}' | '\u{2011}' => {
                add_initials(&mut result, &word, c == '.', &mut hyphen)?;
                word.clear();
                hyphen |= !matches!(c, '.' | ' ') && !result.is_empty();
            }
            _ if is_combining_mark(c) => word.last_mut().ok_or(TextProblem::Invalid)?.push(c),
            _ if is_letter(c) => word.push(String::from(c)),
            _ => return Err(TextProblem::Invalid),
        }
    }
    add_initials(&mut result, &word, false, &mut hyphen)?;
    if result.is_empty() {
        return Err(TextProblem::Invalid);
    }
    // Changing case can leave a letter and its mark apart that have one character together.
    let result: String = result.nfc().collect();
    if result.chars().count() > INITIALS_LIMIT {
        return Err(TextProblem::TooLong { limit: INITIALS_LIMIT });
    }
    Ok(result)
}

/// Initials of more than one letter that are common enough to be recognised in any case.
const LONG_INITIALS: [&str; 6] = ["Th", "Ch", "Ph", "IJ", "Chr", "St"];

/// Adds one typed word, as letters with their marks, to the initials so far.
fn add_initials(
    result: &mut String,
    word: &[String],
    dotted: bool,
    hyphen: &mut bool,
) -> Result<(), TextProblem> {
    if word.is_empty() {
        return Ok(());
    }
    if std::mem::take(hyphen) {
        result.push('-');
    }
    let typed = word.concat();
    let one_capital =
        word.len() > 1 && is_upper(&word[0]) && !word[1..].iter().any(|letter| is_upper(letter));
    let known =
        LONG_INITIALS.iter().find(|long| (dotted || one_capital) && long.eq_ignore_ascii_case(&typed));
    if let Some(long) = known {
        result.push_str(long);
        result.push('.');
    } else if one_capital && dotted && word.len() <= 3 {
        result.push_str(&typed);
        result.push('.');
    } else if (one_capital && word.len() > 2) || word.len() > 10 {
        return Err(TextProblem::Invalid);
    } else {
        for letter in word {
            result.extend(letter.chars().map(|c| if is_combining_mark(c) { c } else { simple_upper(c) }));
            result.push('.');
        }
    }
    Ok(())
}

fn is_upper(letter: &str) -> bool {
    letter.chars().next().is_some_and(char::is_uppercase)
}

/// The upper case of a character that has one of a single character; `ß` and its like stay.
fn simple_upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// An infix (*tussenvoegsel*) in small letters with straight apostrophes, as BRP table 36 writes them
/// (E2-09): `Van Der` gives `van der`, `’t` gives `'t`. Nothing typed is no infix: `Ok("")`.
///
/// Any text of letters, apostrophes, dots, hyphens and slashes will do (`v.d.`), because people carry infixes
/// from everywhere; the list behind [`split_infix`] serves only to find one in a whole name.
pub fn infix(raw: &str) -> Result<String, TextProblem> {
    let Some(typed) = optional(raw, INFIX_LIMIT)? else {
        return Ok(String::new());
    };
    let mut result = String::with_capacity(typed.len());
    for c in typed.chars() {
        match c {
            _ if text::is_apostrophe(c) => result.push('\''),
            ' ' | '-' | '.' | '/' => result.push(c),
            _ if is_combining_mark(c) || is_letter(c) => result.extend(c.to_lowercase()),
            _ => return Err(TextProblem::Invalid),
        }
    }
    with_letter(result.nfc().collect(), INFIX_LIMIT)
}

/// What a surname takes besides letters: apostrophes, hyphens, the dot of `St. John`, the signs of households
/// under two names, the dot of Catalan, and the joiners that Persian and Indian scripts need.
const SURNAME_SIGNS: &str = " '’‘ʼʻ-‐‑–.,/&()·\u{200C}\u{200D}";

/// A person's surname, as typed but for its white space and normal form (E2-09): diacritics, hyphens,
/// apostrophes, dots and capitals stay.
///
/// Commas, slashes, brackets, `&` and `·` pass too (`Jansen e/v De Vries`, `Bakker & Smit`). A grave or acute
/// accent typed as an apostrophe becomes one. Digits and other signs are refused, and so is a name without
/// any letter.
pub fn surname(raw: &str) -> Result<String, TextProblem> {
    let typed = text::line(raw, SURNAME_LIMIT)?;
    let mut result = String::with_capacity(typed.len());
    for c in typed.chars() {
        match c {
            '`' | '´' => result.push('\''),
            _ if is_combining_mark(c) || is_letter(c) || SURNAME_SIGNS.contains(c) => result.push(c),
            _ => return Err(TextProblem::Invalid),
        }
    }
    with_letter(result, SURNAME_LIMIT)
}

/// The name of a company (E2-15): one line with at least one letter or digit, at most [`NAME_LIMIT`]
/// characters.
pub fn company_name(raw: &str) -> Result<String, TextProblem> {
    let name = text::line(raw, NAME_LIMIT)?;
    if name.chars().any(char::is_alphanumeric) { Ok(name) } else { Err(TextProblem::Invalid) }
}

/// Cuts the longest known infix off the front of a name: `van der Janssen` gives (`van der`, `Janssen`).
///
/// Known are the usual infixes of BRP table 36, in any case and with any apostrophe. The infix comes back as
/// [`infix`] writes it, the rest as typed with single spaces. One that touches the surname counts: `d'Hondt`
/// gives (`d'`, `Hondt`). Something always remains as the surname: `Van` gives no infix and `Van`.
///
/// This is for searching and for importing whole names, where a Flemish `Van Damme` cannot be told from a
/// Dutch `van Damme`; a typed surname is never split.
pub fn split_infix(raw: &str) -> (String, String) {
    let words: Vec<&str> = raw.split_whitespace().collect();
    // An attached infix goes first: in `van de l'Isle` it is longer than the `van de` before it.
    if let Some(split) = attached_infix(&words) {
        return split;
    }
    // Only the first words can matter, and only short ones; long input is not folded.
    let front: Vec<String> =
        words.iter().take(LONGEST_INFIX_WORDS).map_while(|word| small_word(word)).collect();
    let most = front.len().min(words.len().saturating_sub(1));
    for taken in (1..=most).rev() {
        let candidate = front[..taken].join(" ");
        if INFIXES.contains(&candidate.as_str()) {
            return (candidate, words[taken..].join(" "));
        }
    }
    (String::new(), words.join(" "))
}

/// An infix that ends in an apostrophe and touches the surname: `d'Hondt`, `van de l'Isle`.
fn attached_infix(words: &[&str]) -> Option<(String, String)> {
    for (taken, word) in words.iter().enumerate().take(LONGEST_INFIX_WORDS) {
        // No infix has more than three letters before its closing apostrophe.
        let mut start = word.char_indices().skip(1).take(4);
        let Some((at, apostrophe)) = start.find(|(_, c)| text::is_apostrophe(*c)) else { continue };
        let (head, tail) = word.split_at(at + apostrophe.len_utf8());
        let front: Option<Vec<String>> =
            words[..taken].iter().copied().chain([head]).map(small_word).collect();
        let candidate = front?.join(" ");
        if tail.chars().next().is_some_and(is_letter) && INFIXES.contains(&candidate.as_str()) {
            let rest: Vec<&str> = std::iter::once(tail).chain(words[taken + 1..].iter().copied()).collect();
            return Some((candidate, rest.join(" ")));
        }
    }
    None
}

/// A word as it would stand in [`INFIXES`], or nothing for a word too long to stand there.
fn small_word(word: &str) -> Option<String> {
    (word.len() <= 16).then(|| {
        let plain = word.chars().map(|c| if text::is_apostrophe(c) { '\'' } else { c });
        plain.flat_map(char::to_lowercase).nfc().collect()
    })
}

/// The greatest number of words in one of [`INFIXES`].
const LONGEST_INFIX_WORDS: usize = 4;

/// The usual rows of BRP table 36 (*voorvoegsels*) without those of a single letter, which would take the
/// initial of `D Jansen` for an infix. The code list `INFIX` (section 8) is these, so that a form offers what is
/// understood.
#[rustfmt::skip]
pub const INFIXES: &[&str] = &[
    "aan", "aan de", "aan den", "aan der", "aan het", "aan 't", "af", "al", "am", "am de", "auf", "auf dem",
    "auf den", "auf der", "auf ter", "aus", "aus dem", "aus den", "aus der", "aus 'm", "ben", "bij",
    "bij de", "bij den", "bij het", "bij 't", "bin", "boven d'", "d'", "da", "dal", "dal'", "dalla", "das",
    "de", "de die", "de die le", "de l'", "de la", "de las", "de le", "de van der", "deca", "degli", "dei",
    "del", "della", "den", "der", "des", "di", "die le", "do", "don", "dos", "du", "el", "het", "im", "in",
    "in de", "in den", "in der", "in het", "in 't", "l'", "la", "las", "le", "les", "lo", "los", "of",
    "onder", "onder de", "onder den", "onder het", "onder 't", "op", "op de", "op den", "op der", "op gen",
    "op het", "op 't", "op ten", "over", "over de", "over den", "over het", "over 't", "'s", "s'", "'t",
    "te", "ten", "ter", "tho", "thoe", "thor", "to", "toe", "tot", "uijt", "uijt de", "uijt den",
    "uijt te de", "uijt ten", "uit", "uit de", "uit den", "uit het", "uit 't", "uit te de", "uit ten",
    "unter", "van", "van de", "van de l'", "van den", "van der", "van gen", "van het", "van la", "van 't",
    "van ter", "van van de", "ver", "vom", "von", "von dem", "von den", "von der", "von 't", "von und zu",
    "voor", "voor de", "voor den", "voor in 't", "vor", "vor der", "zu", "zum", "zur",
];

/// A line that may be left empty.
fn optional(raw: &str, limit: usize) -> Result<Option<String>, TextProblem> {
    match text::line(raw, limit) {
        Ok(line) => Ok(Some(line)),
        Err(TextProblem::Empty) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// A name that holds a letter and is not too long after all.
fn with_letter(name: String, limit: usize) -> Result<String, TextProblem> {
    if !name.chars().any(is_letter) {
        return Err(TextProblem::Invalid);
    }
    // Small letters can be more characters than the capitals they came from.
    if name.chars().count() > limit { Err(TextProblem::TooLong { limit }) } else { Ok(name) }
}

/// Whether a character is a letter of a name; circled and squared letters are symbols to a reader.
fn is_letter(c: char) -> bool {
    c.is_alphabetic()
        && !c.is_numeric()
        && !is_combining_mark(c)
        && !matches!(c, '\u{24B6}'..='\u{24E9}' | '\u{1F130}'..='\u{1F189}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(initials: &str, infix: &str, surname: &str) -> NameParts {
        NameParts { initials: initials.into(), infix: infix.into(), surname: surname.into() }
    }

    #[test]
    fn e2_09_a_name_is_derived_from_its_parts() {
        assert_eq!(parts("J.P.", "van der", "Janssen").full(), "J.P. van der Janssen");
        assert_eq!(parts("", "van der", "Janssen").full(), "van der Janssen");
        assert_eq!(parts("A.", "", "Bakker").full(), "A. Bakker");
        assert_eq!(parts("", "", "Bakker").full(), "Bakker");
        assert_eq!(NameParts::default().full(), "");
    }

    #[test]
    fn section_7_the_infix_takes_a_capital_without_initials() {
        assert_eq!(parts("J.P.", "van der", "Janssen").formal(), "Van der Janssen");
        assert_eq!(parts("J.P.", "in 't", "Veld").formal(), "In 't Veld");
        assert_eq!(parts("J.P.", "'t", "Hart").formal(), "'t Hart");
        assert_eq!(parts("J.P.", "", "de Vries").formal(), "de Vries");
        assert_eq!(NameParts::default().formal(), "");
    }

    #[test]
    fn e2_09_initials_are_capitals_with_dots() {
        for typed in ["jp", "JP", "Jp", "J P", "j.p.", "J.P", " j. p. ", "J..P.", "j p."] {
            assert_eq!(initials(typed).as_deref(), Ok("J.P."), "{typed:?}");
        }
        for (typed, stored) in [
            ("X", "X."),
            ("j", "J."),
            ("J.-P.", "J.-P."),
            ("j-p", "J.-P."),
            ("é", "É."),
            ("e\u{301}a", "É.A."),
            ("J\u{30C}a.", "J\u{30C}a."),
            ("ı\u{308}", "Ï."),
            ("a\u{345}", "A\u{345}."),
            ("ß", "ß."),
            ("Æ", "Æ."),
            ("яб", "Я.Б."),
            ("JAN", "J.A.N."),
            ("x.", "X."),
            ("xx", "X.X."),
        ] {
            assert_eq!(initials(typed).as_deref(), Ok(stored), "{typed:?}");
        }
    }

    #[test]
    fn e2_09_some_initials_have_more_than_one_letter() {
        for (typed, stored) in [
            ("Th.", "Th."),
            ("th.", "Th."),
            ("TH.", "Th."),
            ("Th", "Th."),
            ("TH", "T.H."),
            ("IJ.", "IJ."),
            ("ij.", "IJ."),
            ("IJ", "I.J."),
            ("Chr.A.", "Chr.A."),
            ("Chr", "Chr."),
            ("a.ph.m.", "A.Ph.M."),
            ("St. J", "St.J."),
            ("Kl.", "Kl."),
            ("Joh.", "Joh."),
            ("Ch. Th.", "Ch.Th."),
            ("Ij.", "IJ."),
        ] {
            assert_eq!(initials(typed).as_deref(), Ok(stored), "{typed:?}");
        }
    }

    #[test]
    fn a1_13_the_placeholder_x_stays() {
        assert_eq!(initials("x").as_deref(), Ok("x"));
        assert_eq!(initials(" x ").as_deref(), Ok("x"));
        assert_eq!(surname("x").as_deref(), Ok("x"));
        assert_eq!(parts("x", "", "x").full(), "x x");
    }

    #[test]
    fn e2_09_what_is_no_initials_is_refused() {
        assert_eq!(initials("  ").as_deref(), Ok(""));
        for typed in [
            "Jan",
            "Jan Piet",
            "j1",
            "J.P.2",
            "J\nP",
            ".",
            "- .",
            "J,P",
            "１",
            "😀",
            "\u{202E}jp",
            "j\0",
            "Ⓐ",
            "abcdefghijk",
        ] {
            assert_eq!(initials(typed), Err(TextProblem::Invalid), "{typed:?}");
        }
        assert_eq!(initials(&"J.".repeat(16)), Err(TextProblem::TooLong { limit: 30 }));
        assert_eq!(initials("abcdefghij abcdefghij"), Err(TextProblem::TooLong { limit: 30 }));
        assert_eq!(initials(&"j".repeat(10_000_000)), Err(TextProblem::TooLong { limit: 30 }));
    }

    #[test]
    fn e2_09_an_infix_is_written_small() {
        for (typed, stored) in [
            ("", ""),
            (" Van  Der ", "van der"),
            ("’T", "'t"),
            ("in ’t", "in 't"),
            ("D`", "d'"),
            ("v.d.", "v.d."),
            ("À", "à"),
        ] {
            assert_eq!(infix(typed).as_deref(), Ok(stored), "{typed:?}");
        }
        for typed in ["van 2", "'", "van\nder", "van😀", "-", "van\u{200B}"] {
            assert_eq!(infix(typed), Err(TextProblem::Invalid), "{typed:?}");
        }
        assert_eq!(infix(&"v".repeat(31)), Err(TextProblem::TooLong { limit: 30 }));
    }

    #[test]
    fn e2_09_a_surname_keeps_its_diacritics_and_takes_no_digits() {
        for typed in [
            "Çelik",
            "Müller",
            "d’Hondt",
            "d'Hondt",
            "O'Neill",
            "Jansen-de Vries",
            "St. John",
            "Ağaoğlu",
            "Jansen e/v Smit",
            "de Vries",
            "Nguyễn",
            "Gal·la",
            "Иванов",
            "محمد",
            "李",
        ] {
            assert_eq!(surname(typed).as_deref(), Ok(typed), "{typed:?}");
        }
        assert_eq!(surname("Mu\u{308}ller").as_deref(), Ok("Müller"));
        assert_eq!(surname("d`Hondt").as_deref(), Ok("d'Hondt"));
        assert_eq!(surname(" de   Vries "), Ok("de Vries".into()));
        for typed in [
            "Jansen2",
            "Jansen２",
            "Jansen²",
            "Jansen Ⅷ",
            "Jan\tsen",
            "Jan\0sen",
            "\u{202E}nesnaJ",
            "😀",
            "-",
            "'",
            "<b>",
            "\u{301}a",
            "a;b",
        ] {
            assert_eq!(surname(typed), Err(TextProblem::Invalid), "{typed:?}");
        }
        assert_eq!(surname(""), Err(TextProblem::Empty));
        assert_eq!(surname(&"é".repeat(30)), Ok("é".repeat(30)));
        assert_eq!(surname(&"é".repeat(31)), Err(TextProblem::TooLong { limit: 30 }));
        assert_eq!(surname(&"e\u{301}".repeat(30)), Ok("é".repeat(30)));
    }

    #[test]
    fn e2_15_a_company_name_may_hold_digits() {
        for typed in ["3M Nederland B.V.", "AT&T", "Bakker \"De Molen\" 1893", "7"] {
            assert_eq!(company_name(typed).as_deref(), Ok(typed));
        }
        assert_eq!(company_name("---"), Err(TextProblem::Invalid));
        assert_eq!(company_name(" "), Err(TextProblem::Empty));
        assert_eq!(company_name(&"a".repeat(101)), Err(TextProblem::TooLong { limit: 100 }));
    }

    #[test]
    fn scenario_13_an_infix_is_found_at_the_front_of_a_name() {
        for (typed, infix, rest) in [
            ("van der Janssen", "van der", "Janssen"),
            ("van der Janss", "van der", "Janss"),
            ("VAN  DER  Janssen", "van der", "Janssen"),
            ("Janssen", "", "Janssen"),
            ("Van", "", "Van"),
            ("van der", "van", "der"),
            ("in ’t Veld", "in 't", "Veld"),
            ("'t Hart", "'t", "Hart"),
            ("voor in 't Holt", "voor in 't", "Holt"),
            ("d’Hondt", "d'", "Hondt"),
            ("van de l'Isle", "van de l'", "Isle"),
            ("'s-Gravesande", "", "'s-Gravesande"),
            ("O'Neill", "", "O'Neill"),
            ("Vandenberg", "", "Vandenberg"),
            ("D Jansen", "", "D Jansen"),
            ("de Vries van der Berg", "de", "Vries van der Berg"),
            ("", "", ""),
            ("  ", "", ""),
            ("d'", "", "d'"),
        ] {
            assert_eq!(split_infix(typed), (infix.to_owned(), rest.to_owned()), "{typed:?}");
        }
    }

    #[test]
    fn the_list_of_infixes_holds_only_what_infix_gives() {
        for known in INFIXES {
            assert_eq!(infix(known).as_deref(), Ok(*known));
            assert!(known.split(' ').count() <= LONGEST_INFIX_WORDS, "{known}");
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(raw in any::<String>()) {
            for normal in [initials, infix, surname, company_name] {
                if let Ok(once) = normal(&raw) {
                    prop_assert_eq!(normal(&once), Ok(once.clone()));
                }
            }
            let _ = split_infix(&raw);
        }

        #[test]
        fn names_of_awkward_characters_are_normalised_once(
            raw in "[a-zA-Zßıŉǰ\u{345}\u{307}\u{308}İΐ'’.  -]{0,12}",
        ) {
            for normal in [initials, infix, surname, company_name] {
                if let Ok(once) = normal(&raw) {
                    prop_assert_eq!(normal(&once), Ok(once.clone()), "{:?}", raw);
                    prop_assert_eq!(super::text::line(&once, 100).unwrap_or_default(), once);
                }
            }
        }

        #[test]
        fn initials_are_capitals_with_dots(raw in "[A-Z]( ?[A-Z]){0,5}") {
            let letters: Vec<String> = raw.chars().filter(|c| *c != ' ').map(String::from).collect();
            prop_assert_eq!(initials(&raw), Ok(letters.join(".") + "."));
        }

        #[test]
        fn a_split_name_loses_nothing(
            infix in prop::sample::select(INFIXES),
            surname in "[A-Z][bcfghjkmpqrwxyz]{3,9}",
        ) {
            prop_assert_eq!(split_infix(&format!("{infix} {surname}")), (infix.to_owned(), surname));
        }

        #[test]
        fn section_7_the_derived_name_has_single_spaces(
            a in "[A-Z]?",
            b in "(van)?",
            c in "[A-Z][a-z]{1,8}",
        ) {
            let full = parts(&a, &b, &c).full();
            prop_assert_eq!(full.trim(), &full);
            prop_assert!(!full.contains("  "));
        }
    }
}
