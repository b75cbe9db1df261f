//! The first line of a letter, from the salutation code and the name (section 7; E1-35, E2-15).

use super::name::NameParts;

/// How a letter addresses its reader: what the codes of the list `SALUTATION` amount to.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum SalutationForm {
    /// `DHR`: a man.
    Sir,
    /// `MEVR`: a woman.
    Madam,
    /// No code, or one that tells nothing: by name.
    Neutral,
    /// `HEIRS_OF`, *De erven van*: the heirs of a deceased person (E1-35).
    HeirsOf,
    /// `BLANCO`: a company, of which nobody is known by name (E2-15).
    Company,
}

/// The letter salutation of section 7. `name` is the derived name of the contact (I6), used where there is no
/// surname to build on and for the heirs.
///
/// | Form | Line |
/// |---|---|
/// | [`Sir`](SalutationForm::Sir) | `Geachte heer Van der Janssen` |
/// | [`Madam`](SalutationForm::Madam) | `Geachte mevrouw Van der Janssen` |
/// | [`Neutral`](SalutationForm::Neutral) | `Geachte J. van der Janssen`, without initials `Geachte Van der Janssen` |
/// | [`HeirsOf`](SalutationForm::HeirsOf) | `De erven van J. van der Janssen` |
/// | [`Company`](SalutationForm::Company) | `Geachte heer/mevrouw` |
///
/// When neither the parts nor `name` hold a name, for instance after an erasure, the line does without.
pub fn letter_salutation(form: SalutationForm, parts: &NameParts, name: &str) -> String {
    let name = name.trim();
    let (opening, addressee) = match form {
        SalutationForm::Sir => ("Geachte heer", first_of(&parts.surname, parts.formal(), name)),
        SalutationForm::Madam => ("Geachte mevrouw", first_of(&parts.surname, parts.formal(), name)),
        SalutationForm::Neutral => {
            let own = if parts.initials.is_empty() { parts.formal() } else { parts.full() };
            let addressee = first_of(&parts.surname, own, name);
            let opening = if addressee.is_empty() { "Geachte heer/mevrouw" } else { "Geachte" };
            (opening, addressee)
        }
        SalutationForm::HeirsOf => {
            let addressee = first_of(name, name.to_owned(), &parts.full());
            // "De erven van" without a name would be half a sentence.
            (if addressee.is_empty() { "De erven" } else { "De erven van" }, addressee)
        }
        SalutationForm::Company => ("Geachte heer/mevrouw", String::new()),
    };
    if addressee.is_empty() { opening.to_owned() } else { format!("{opening} {addressee}") }
}

/// `own` when what it is built on is there, else `other`.
fn first_of(needed: &str, own: String, other: &str) -> String {
    if needed.is_empty() { other.to_owned() } else { own }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::SalutationForm::{Company, HeirsOf, Madam, Neutral, Sir};
    use super::*;

    fn line(form: SalutationForm, initials: &str, infix: &str, surname: &str) -> String {
        let parts = NameParts { initials: initials.into(), infix: infix.into(), surname: surname.into() };
        letter_salutation(form, &parts, &parts.full())
    }

    #[test]
    fn section_7_a_letter_opens_with_the_form_of_address() {
        assert_eq!(line(Sir, "J.P.", "van der", "Janssen"), "Geachte heer Van der Janssen");
        assert_eq!(line(Madam, "C.", "de", "Vries"), "Geachte mevrouw De Vries");
        assert_eq!(line(Madam, "C.", "", "Bakker"), "Geachte mevrouw Bakker");
        assert_eq!(line(Neutral, "J.P.", "van der", "Janssen"), "Geachte J.P. van der Janssen");
        assert_eq!(line(Neutral, "", "van der", "Janssen"), "Geachte Van der Janssen");
        assert_eq!(line(Sir, "", "'t", "Hart"), "Geachte heer 't Hart");
    }

    #[test]
    fn e1_35_the_heirs_are_addressed_by_the_name_of_the_deceased() {
        assert_eq!(line(HeirsOf, "J.", "de", "Vries"), "De erven van J. de Vries");
        let parts = NameParts { surname: "Bakker".into(), ..NameParts::default() };
        assert_eq!(letter_salutation(HeirsOf, &parts, ""), "De erven van Bakker");
    }

    #[test]
    fn e2_15_a_company_is_addressed_without_a_name() {
        assert_eq!(letter_salutation(Company, &NameParts::default(), "3M B.V."), "Geachte heer/mevrouw");
    }

    #[test]
    fn a_missing_name_leaves_a_whole_sentence() {
        let nobody = NameParts::default();
        assert_eq!(letter_salutation(Sir, &nobody, "J. Smit"), "Geachte heer J. Smit");
        assert_eq!(letter_salutation(Sir, &nobody, ""), "Geachte heer");
        assert_eq!(letter_salutation(Madam, &nobody, " "), "Geachte mevrouw");
        assert_eq!(letter_salutation(Neutral, &nobody, ""), "Geachte heer/mevrouw");
        assert_eq!(letter_salutation(HeirsOf, &nobody, ""), "De erven");
    }

    proptest! {
        #[test]
        fn a_salutation_never_panics(
            initials in any::<String>(),
            infix in any::<String>(),
            surname in any::<String>(),
            name in any::<String>(),
        ) {
            let parts = NameParts { initials, infix, surname };
            for form in [Sir, Madam, Neutral, HeirsOf, Company] {
                prop_assert!(!letter_salutation(form, &parts, &name).is_empty());
            }
        }
    }
}
