//! How surnames are compared: what a search looks through, and what two spellings of one name have in common
//! (N1-03, X-05, scenario 13).
//!
//! A surname's *key* is its folded form without infix. Its *variant* is what remains of the key once everything
//! is undone that Dutch ears do not tell apart; two spellings of a name have one variant. Neither is ever shown.

use super::name::split_infix;
use super::text::{self, fold};

/// The key of a surname, with the infix that was stored beside it; also of a piece of a surname as typed into a
/// search.
///
/// An infix goes, wherever it was typed: `van der Janss` and `Janss` give `janss`. One that touches the name belongs
/// to it, because people leave the apostrophe out: `d'Hondt`, `d’Hondt` and `dhondt` give `dhondt`. Something always
/// remains of a name: `Van` gives `van`.
pub fn surname_key(infix: &str, surname: &str) -> String {
    let key = if surname.contains(char::is_whitespace) || surname.contains(text::is_apostrophe) {
        let (front, rest) = split_infix(surname);
        format!("{}{}", attached(&front), fold(&rest))
    } else {
        fold(surname)
    };
    format!("{}{key}", attached(infix))
}

/// The part of an infix that touches the name: of `van de l'` the `l'`, of `van der` nothing.
fn attached(infix: &str) -> String {
    match infix.split_whitespace().next_back() {
        Some(last) if last.ends_with(text::is_apostrophe) => fold(last),
        Some(_) | None => String::new(),
    }
}

/// What sounds alike, in the order in which it is undone: `Meijer`, `Meyer` and `Meier`; `Kuiper` and `Kuyper`; `Blauw`
/// and `Blouw`; `Dijck` and `Dijk`; `Janzen` and `Jansen`.
const ALIKE: [(&str, &str); 10] = [
    ("eij", "y"),
    ("ij", "y"),
    ("ey", "y"),
    ("ei", "y"),
    ("ui", "uy"),
    ("auw", "ou"),
    ("ouw", "ou"),
    ("au", "ou"),
    ("ck", "k"),
    ("z", "s"),
];

/// What all spellings of a name have in common, of a key: the rules of `ALIKE`, double letters made single, and no
/// spaces and signs.
pub fn variant(key: &str) -> String {
    let mut letters: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    for (spelled, sounds) in ALIKE {
        if letters.contains(spelled) {
            letters = letters.replace(spelled, sounds);
        }
    }
    let mut single = String::with_capacity(letters.len());
    for c in letters.chars() {
        if !single.ends_with(c) {
            single.push(c);
        }
    }
    single
}

/// Initials and surname key of a name that is known only as a whole, such as a household's derived one:
/// `J.P. van der Janssen` gives (`J.P.`, `janssen`).
pub fn split_name(name: &str) -> (String, String) {
    let initials: Vec<_> =
        name.split_whitespace().take_while(|word| word.ends_with('.') || *word == "x").collect();
    let rest: Vec<_> = name.split_whitespace().skip(initials.len()).collect();
    if rest.is_empty() {
        return (String::new(), surname_key("", name));
    }
    (initials.join(" "), surname_key("", &rest.join(" ")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn n1_03_the_infix_is_no_part_of_the_key_wherever_it_was_typed() {
        for (infix, surname, key) in [
            ("van der", "Janssen", "janssen"),
            ("", "van der Janssen", "janssen"),
            ("", "Van Der Janss", "janss"),
            ("", "Van", "van"),
            ("", "van der", "der"),
            ("in 't", "Veld", "veld"),
            ("", "in ’t Veld", "veld"),
            ("", "De Boer B.V.", "boer b.v."),
        ] {
            assert_eq!(surname_key(infix, surname), key, "{infix:?} {surname:?}");
        }
    }

    #[test]
    fn scenario_13_an_infix_that_touches_the_name_belongs_to_it() {
        for (infix, surname) in
            [("", "d’Hondt"), ("", "d'Hondt"), ("", "Dhondt"), ("d'", "Hondt"), ("", "D´hondt")]
        {
            assert_eq!(surname_key(infix, surname), "dhondt", "{infix:?} {surname:?}");
        }
        assert_eq!(surname_key("van de l'", "Isle"), "lisle");
        assert_eq!(surname_key("", "Çelik"), surname_key("", "celik"));
        assert_eq!(surname_key("", "Müller"), "muller");
        assert_eq!(surname_key("", "Ĳsbrand"), "ijsbrand");
    }

    #[test]
    fn n1_03_spellings_of_one_name_have_one_variant() {
        for spellings in [
            &["Meijer", "Meyer", "Meier"][..],
            &["Dijk", "Dyk", "Dijck", "Deik"],
            &["Jansen", "Janssen", "Janzen"],
            &["Kuiper", "Kuyper", "Kuijper"],
            &["Blauw", "Blouw"],
            &["Bakker", "Backer", "Baker"],
            &["Klaassen", "Klasen", "Klaazen"],
            &["Bouman", "Bauman", "Bouwman"],
            &["Ouwe-Kerk", "Ouwe Kerk", "Auwekerk"],
        ] {
            let variants: Vec<_> = spellings.iter().map(|name| variant(&surname_key("", name))).collect();
            assert!(variants.iter().all(|v| *v == variants[0]), "{spellings:?}: {variants:?}");
        }
        for (one, other) in
            [("Jansen", "Hansen"), ("Bakker", "Bekker"), ("Vos", "Vis"), ("Jansen", "Janssens")]
        {
            assert_ne!(variant(&surname_key("", one)), variant(&surname_key("", other)), "{one} {other}");
        }
    }

    #[test]
    fn a_whole_name_is_split() {
        for (name, initials, key) in [
            ("J.P. van der Janssen", "J.P.", "janssen"),
            ("C. de Vries", "C.", "vries"),
            ("x Smit", "x", "smit"),
            ("Bakker", "", "bakker"),
            ("A.", "", "a."),
            ("", "", ""),
        ] {
            assert_eq!(split_name(name), (initials.to_owned(), key.to_owned()), "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn no_name_panics_and_a_key_is_folded(infix in ".{0,12}", surname in ".{0,40}") {
            let key = surname_key(&infix, &surname);
            prop_assert_eq!(fold(&key).replace(' ', ""), key.replace(' ', ""));
            prop_assert!(variant(&key).len() <= key.len() + 8);
            let _ = split_name(&surname);
        }

        #[test]
        fn a_name_without_spaces_and_signs_keeps_its_letters(name in "[a-z]{1,20}") {
            prop_assert_eq!(surname_key("", &name), name);
        }
    }
}
