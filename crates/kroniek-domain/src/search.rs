//! Searching customers by a piece of the surname and the digits of the postcode (N1-02 … N1-05, scenario 13).
//!
//! Says what a customer is found by ([`entries`]), reads what was typed ([`Wanted::read`]), and judges how well the two
//! fit ([`Wanted::rank`]). Storage only keeps the entries so that few of them need be judged.

use crate::contact::{Contact, Kind};
use crate::problem::Problem;
use crate::values::address::NETHERLANDS;
use crate::values::{self, Address};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

// ---- refusals

/// Why a search is refused.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Neither a piece of the surname nor of the postcode.
    TooWide,
    /// Not 1 to 4 digits, nor a whole postcode.
    InvalidPostcodePart,
    /// Not between 1 and 99999.
    InvalidHouseNumber,
    /// Longer than any surname.
    TooLong,
}

impl Refusal {
    /// The published form.
    pub fn problem(self) -> Problem {
        match self {
            Self::TooWide => Problem::new(
                "SEARCH_TOO_WIDE",
                "This would find everybody: fill in a piece of the surname, digits of the postcode, or both.",
            )
            .field("surnamePart"),
            Self::InvalidPostcodePart => Problem::new(
                "INVALID_POSTCODE_PART",
                "Fill in the first 1 to 4 digits of the postcode, or the whole postcode such as 3511AB.",
            )
            .field("postcodePart"),
            Self::InvalidHouseNumber => {
                Problem::new("INVALID_HOUSE_NUMBER", "Write a house number from 1 to 99999.").field("houseNo")
            }
            Self::TooLong => Problem::new(
                "TOO_LONG",
                format!("surnamePart may have {SURNAME_PART_LIMIT} characters at most."),
            )
            .field("surnamePart"),
        }
    }
}

/// Longest piece of a surname, in characters; a company's name is found as well.
const SURNAME_PART_LIMIT: usize = values::name::NAME_LIMIT;

// ---- what was typed

/// What the caller remembers of the customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// A piece of the surname as a key; empty for any surname.
    pub surname: String,
    /// What the spellings of that piece have in common.
    pub variant: String,
    /// The postcode or its first digits.
    pub postcode: Option<PostcodePart>,
    /// The house number.
    pub house_no: Option<u32>,
}

/// A postcode or its first digits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PostcodePart {
    /// The numbers that the four digits may be.
    pub digits: RangeInclusive<u16>,
    /// The two letters behind four digits.
    pub letters: Option<String>,
}

impl Wanted {
    /// Reads a search. Blank is as left out; the house number alone is not enough.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(surname: &str, postcode: &str, house_no: Option<i64>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Vec::new();
        let house = house_no.map(values::house_no);
        if surname.trim().chars().count() > SURNAME_PART_LIMIT {
            refusals.push(Refusal::TooLong);
        }
        let part = PostcodePart::read(postcode);
        if part.is_none() && !postcode.trim().is_empty() {
            refusals.push(Refusal::InvalidPostcodePart);
        }
        if house == Some(None) {
            refusals.push(Refusal::InvalidHouseNumber);
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let surname = values::surname_key("", surname.trim());
        if surname.is_empty() && part.is_none() {
            return Err(vec![Refusal::TooWide]);
        }
        let variant = values::variant(&surname);
        Ok(Self { surname, variant, postcode: part, house_no: house.flatten() })
    }

    /// How well an entry fits; `None` when it does not.
    pub fn rank(&self, entry: &Entry) -> Option<MatchKind> {
        let place = self.postcode.as_ref().is_none_or(|part| part.holds(entry));
        let house = self.house_no.is_none_or(|house_no| entry.house_no == Some(house_no));
        if !place || !house {
            return None;
        }
        self.rank_surname(&entry.surname, &entry.variant)
    }

    /// How well the surname of an entry fits, wherever it lives.
    pub fn rank_surname(&self, surname: &str, variant: &str) -> Option<MatchKind> {
        if surname == self.surname || self.surname.is_empty() {
            Some(MatchKind::Exact)
        } else if surname.contains(&self.surname) {
            Some(MatchKind::Substring)
        } else if !self.variant.is_empty() && variant.contains(&self.variant) {
            Some(MatchKind::Fuzzy)
        } else {
            None
        }
    }

    /// How much of the surname was found, from 1 to 100: an exact hit has 100, any piece 51 to 99, another spelling 1 to
    /// 49. Without a piece of the surname every hit has 100.
    pub fn score(&self, entry: &Entry, kind: MatchKind) -> u8 {
        let part = |found: &str, of: &str, most: usize| {
            u8::try_from((most * found.len()).div_ceil(of.len().max(1)).clamp(1, most)).unwrap_or(1)
        };
        match kind {
            MatchKind::Exact => 100,
            MatchKind::Substring => 50 + part(&self.surname, &entry.surname, 49),
            MatchKind::Fuzzy => part(&self.variant, &entry.variant, 49),
        }
    }
}

impl PostcodePart {
    /// `35`, `3511`, `3511AB` or `3511 ab`; nothing for a blank text and for anything else.
    fn read(raw: &str) -> Option<Self> {
        let raw = raw.trim();
        let all_digits = !raw.is_empty() && raw.bytes().all(|b| b.is_ascii_digit());
        if all_digits && raw.len() <= 4 {
            let shift = 10_u16.pow(4 - u32::try_from(raw.len()).ok()?);
            let first = raw.parse::<u16>().ok()? * shift;
            // A number below 1000 is that of no postcode.
            return Some(Self { digits: first.max(1)..=first + (shift - 1), letters: None });
        }
        let postcode = values::postcode(raw)?;
        let (digits, letters) = postcode.split_at_checked(4)?;
        let digits = digits.parse().ok()?;
        Some(Self { digits: digits..=digits, letters: Some(letters.to_owned()) })
    }

    fn holds(&self, entry: &Entry) -> bool {
        self.digits.contains(&entry.digits) && self.letters.as_ref().is_none_or(|l| *l == entry.letters)
    }
}

/// How a customer was found; better ones come first. Numbers are the order.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MatchKind {
    /// The surname itself, but for case, accents, apostrophes and infix.
    Exact,
    /// A piece of the surname.
    Substring,
    /// A piece of another spelling of the surname.
    Fuzzy,
}

// ---- what a customer is found by

/// One surname at one address.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The digits of the postcode; 0 without a Dutch postcode.
    pub digits: u16,
    /// The letters of the postcode.
    pub letters: String,
    /// The house number.
    pub house_no: Option<u32>,
    /// Key of the surname.
    pub surname: String,
    /// What the spellings of the surname have in common.
    pub variant: String,
}

/// What a contact is found by: every surname that it goes by, at every address that it has, had or will have; once
/// without address when it has none; in order. `contractants` are the persons in its contractant lines.
pub fn entries<'c>(contact: &'c Contact, contractants: impl Iterator<Item = &'c Contact>) -> Vec<Entry> {
    let mut surnames: Vec<_> =
        std::iter::once(contact).chain(contractants).map(|of| initials_and_surname(of).1).collect();
    surnames.sort_unstable();
    surnames.dedup();
    if surnames.len() > 1 {
        surnames.retain(|surname| !surname.is_empty());
    }
    let mut places: Vec<_> = addresses(contact).map(place).collect();
    places.sort_unstable();
    places.dedup();
    if places.is_empty() {
        places.push((0, String::new(), None));
    }
    let mut found = Vec::with_capacity(surnames.len() * places.len());
    for surname in surnames {
        let variant = values::variant(&surname);
        for (digits, letters, house_no) in &places {
            found.push(Entry {
                digits: *digits,
                letters: letters.clone(),
                house_no: *house_no,
                surname: surname.clone(),
                variant: variant.clone(),
            });
        }
    }
    found.sort_unstable();
    found
}

/// The initials and the surname key that a contact has itself.
pub(crate) fn initials_and_surname(contact: &Contact) -> (String, String) {
    let parts = &contact.parts;
    match contact.kind {
        Kind::Person => (parts.initials.clone(), values::surname_key(&parts.infix, &parts.surname)),
        Kind::Company | Kind::GeneralCorrespondence | Kind::Location => {
            (parts.initials.clone(), values::surname_key("", &contact.company_name))
        }
        // What a household is called comes from a contractant, who may be gone by now.
        Kind::Household => values::split_name(&contact.name),
    }
}

pub(crate) fn addresses(contact: &Contact) -> impl Iterator<Item = &Address> {
    contact.correspondence.entries().iter().chain(contact.home.entries()).map(|(_, address)| address)
}

/// Digits and letters of the postcode, and the house number.
pub(crate) fn place(address: &Address) -> (u16, String, Option<u32>) {
    let dutch = address.postcode.as_deref().filter(|_| address.country == NETHERLANDS);
    let (digits, letters) = dutch.and_then(|postcode| postcode.split_at_checked(4)).unwrap_or_default();
    match digits.parse() {
        Ok(digits) => (digits, letters.trim().to_owned(), address.house_no),
        Err(_) => (0, String::new(), address.house_no),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(surname: &str, postcode: &str) -> Entry {
        let key = values::surname_key("", surname);
        Entry {
            digits: postcode[..4].parse().unwrap(),
            letters: postcode[4..].to_owned(),
            house_no: Some(12),
            variant: values::variant(&key),
            surname: key,
        }
    }

    fn rank(surname: &str, postcode: &str, entry: &Entry) -> Option<MatchKind> {
        Wanted::read(surname, postcode, None).unwrap().rank(entry)
    }

    #[test]
    fn scenario_13_a_piece_of_the_surname_and_digits_of_the_postcode() {
        let janssen = entry("Janssen", "3511AB");
        for (surname, postcode, kind) in [
            ("ansse", "3511", Some(MatchKind::Substring)),
            ("van der Janss", "3511", Some(MatchKind::Substring)),
            ("Janssen", "3511", Some(MatchKind::Exact)),
            ("van der JANSSEN", "3511 ab", Some(MatchKind::Exact)),
            ("Janzen", "3511", Some(MatchKind::Fuzzy)),
            ("ansse", "3512", None),
            ("ansse", "351", Some(MatchKind::Substring)),
            ("ansse", "3", Some(MatchKind::Substring)),
            ("ansse", "3511AC", None),
            ("ansse", "", Some(MatchKind::Substring)),
            ("", "35", Some(MatchKind::Exact)),
            ("n", "", Some(MatchKind::Substring)),
            ("ns", "3511", Some(MatchKind::Substring)),
            ("Pietersen", "3511", None),
        ] {
            assert_eq!(rank(surname, postcode, &janssen), kind, "{surname:?} {postcode:?}");
        }
    }

    #[test]
    fn scenario_13_accents_and_apostrophes_do_not_matter() {
        for (stored, typed) in
            [("Çelik", "celik"), ("Müller", "muller"), ("d’Hondt", "d'hondt"), ("d’Hondt", "dhondt")]
        {
            assert_eq!(
                rank(typed, "3511", &entry(stored, "3511AB")),
                Some(MatchKind::Exact),
                "{stored} {typed}"
            );
        }
        assert_eq!(rank("hondt", "3511", &entry("d’Hondt", "3511AB")), Some(MatchKind::Substring));
    }

    #[test]
    fn n1_03_a_postcode_part_is_one_to_four_digits_or_a_whole_postcode() {
        for wrong in ["35X1", "35111", "3511A", "3511ABC", "-1", "35 11", "٣٥١١", "3511SS", "x"] {
            let refused = Wanted::read("ansse", wrong, None).unwrap_err();
            assert_eq!(refused, [Refusal::InvalidPostcodePart], "{wrong:?}");
        }
        let digits = |raw: &str| PostcodePart::read(raw).unwrap().digits;
        assert_eq!(
            (digits("3"), digits("35"), digits("351"), digits("3511")),
            (3000..=3999, 3500..=3599, 3510..=3519, 3511..=3511)
        );
        assert_eq!(
            (digits("9999"), digits("0")),
            (9999..=9999, 1..=999),
            "what has no postcode is not found by a 0"
        );
        assert_eq!(Refusal::InvalidPostcodePart.problem().code, "INVALID_POSTCODE_PART");
    }

    #[test]
    fn n1_02_nothing_to_search_for_is_too_wide() {
        for (surname, postcode, house_no) in
            [("", "", None), (" ", " ", None), ("'", "", None), ("", "", Some(12))]
        {
            let refused = Wanted::read(surname, postcode, house_no).unwrap_err();
            assert_eq!(refused, [Refusal::TooWide], "{surname:?} {postcode:?} {house_no:?}");
        }
        assert_eq!(Refusal::TooWide.problem().code, "SEARCH_TOO_WIDE");
        let refused = Wanted::read(&"a".repeat(101), "x", Some(0)).unwrap_err();
        assert_eq!(refused, [Refusal::TooLong, Refusal::InvalidPostcodePart, Refusal::InvalidHouseNumber]);
        let codes: Vec<_> = refused.iter().map(|r| r.problem().code).collect();
        assert_eq!(codes, ["TOO_LONG", "INVALID_POSTCODE_PART", "INVALID_HOUSE_NUMBER"]);
    }

    #[test]
    fn n1_02_the_house_number_narrows_the_search() {
        let janssen = entry("Janssen", "3511AB");
        let found = |house_no| Wanted::read("ansse", "3511", Some(house_no)).unwrap().rank(&janssen);
        assert_eq!((found(12), found(13)), (Some(MatchKind::Substring), None));
    }

    #[test]
    fn n1_03_better_hits_score_higher() {
        let janssen = entry("Janssen", "3511AB");
        let score = |surname: &str| {
            let wanted = Wanted::read(surname, "", None).unwrap();
            wanted.score(&janssen, wanted.rank(&janssen).unwrap())
        };
        assert!(score("janssen") > score("jansse") && score("jansse") > score("ans"));
        assert!(score("ans") > score("Janzen") && score("Janzen") > score("anz") && score("anz") > 0);
    }
}
