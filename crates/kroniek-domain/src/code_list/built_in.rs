//! The rows that ship with the program, each with its label in Dutch and in English, so that the whole walk works
//! without any import (§8).
//!
//! A *closed* list is the values of a Rust enum: what the rules know, no more and no less. It is read off the enum and can
//! be read but not changed. The rows of an *open* list are where a site begins.

use super::{
    ACCEPTANCE_CHECK, BLANCO, BRANCH, CHANNEL, CHANNEL_DETAIL, CHANNEL_PREFERENCE, CHANNEL_STATUS,
    CLIENT_STATUS, CONSENT, CONTACT_KIND, CONTACT_KIND_ANB5, CORRESPONDENCE_GROUP, COUNTRY, COUPLING,
    CodeRow, DISCIPLINE, END_REASON, ENGAGEMENT, FOUR_EYES, GENDER, IDENTITY_DOCUMENT, INFIX,
    INTERACTION_CHANNEL, INTERACTION_DIRECTION, INTERACTION_SUBJECT, INVOICE_TYPE, LEGAL_FORM,
    MAIL_PREFERENCE, MANDATE_TYPE, OPEN_ACTIVITY, ORGANISATION, OWN_SERVICE_PROVIDER, Properties,
    REGISTRATION_TYPE, RELATION_KIND, ROLE, SALUTATION, SITE_SETTING, SalutationKind, TASK_STATUS,
    TRANSACTION_MODE,
};
use crate::customer::ClientStatus;
use crate::label::Label;
use crate::leader::MailPreference;
use crate::mandate::MandateType;
use crate::personal_data::Gender;
use crate::registration::RegistrationType;
use crate::role::Cause;
use crate::values::name::INFIXES;
use crate::{channel, contact, interaction, mail, sign_off, task, template};

/// A row before anybody changed it: its code, and its labels in Dutch and in English.
type Open = (&'static str, &'static str, &'static str);

/// The open lists.
const OPEN: &[(&str, &[Open])] = &[
    (
        ROLE,
        &[
            ("CONTRACTANT", "Contractant", "Contractant"),
            ("CONTACT_PERSON", "Contactpersoon", "Contact person"),
            ("CO_OCCUPANT", "Medebewoner", "Co-occupant"),
            ("CHILD", "Kind", "Child"),
            ("GUARDIAN", "Bewindvoerder", "Guardian"),
            ("DIRECTOR", "Directeur", "Director"),
        ],
    ),
    (
        SALUTATION,
        &[
            ("DHR", "De heer", "Mr"),
            ("MEVR", "Mevrouw", "Mrs"),
            ("NEUTRAL", "Neutraal", "Neutral"),
            ("HEIRS_OF", "De erven van", "The heirs of"),
            (BLANCO, "Blanco", "Blank"),
        ],
    ),
    (
        TRANSACTION_MODE,
        &[
            ("TRANSFER", "Overboeking", "Transfer"),
            ("CARD", "Pinbetaling", "Card payment"),
            ("DIRECT_DEBIT", "Automatische incasso", "Direct debit"),
        ],
    ),
    (
        INVOICE_TYPE,
        &[
            ("INVOICE", "Factuur", "Invoice"),
            ("PERIODIC_INVOICE", "Periodieke factuur", "Periodic invoice"),
            ("DIRECT_DEBIT_INVOICE", "Incassofactuur", "Direct-debit invoice"),
        ],
    ),
    (
        LEGAL_FORM,
        &[
            ("BV", "Besloten vennootschap", "Private limited company"),
            ("NV", "Naamloze vennootschap", "Public limited company"),
            ("EENMANSZAAK", "Eenmanszaak", "Sole trader"),
            ("VOF", "Vennootschap onder firma", "General partnership"),
            ("STICHTING", "Stichting", "Foundation"),
            ("VERENIGING", "Vereniging", "Association"),
        ],
    ),
    (
        COUNTRY,
        &[
            ("NL", "Nederland", "Netherlands"),
            ("BE", "België", "Belgium"),
            ("DE", "Duitsland", "Germany"),
            ("FR", "Frankrijk", "France"),
            ("GB", "Verenigd Koninkrijk", "United Kingdom"),
            ("LU", "Luxemburg", "Luxembourg"),
        ],
    ),
    (
        RELATION_KIND,
        &[
            ("BANK", "Bank", "Bank"),
            ("NOTARY", "Notaris", "Notary"),
            ("LAWYER", "Advocaat", "Lawyer"),
            ("CHAMBER_OF_COMMERCE", "Kamer van Koophandel", "Chamber of commerce"),
            ("INSPECTORATE", "Inspectie", "Inspectorate"),
            ("TAX_OFFICE", "Belastingdienst", "Tax office"),
            ("INSURER", "Verzekeraar", "Insurer"),
            ("OTHER", "Overig", "Other"),
        ],
    ),
    (
        ACCEPTANCE_CHECK,
        &[
            ("BILLING", "Facturering ingericht", "Billing set up"),
            ("EMPLOYEES", "Medewerkers toegewezen", "Employees assigned"),
            ("COUPLINGS", "Koppelingen gecontroleerd", "Couplings checked"),
            ("DOSSIER", "Dossier aangemaakt", "Dossier made"),
        ],
    ),
    (
        CORRESPONDENCE_GROUP,
        &[
            ("NEWSLETTER", "Nieuwsbrief", "Newsletter"),
            ("TAX", "Fiscale post", "Tax mail"),
            ("ANNUAL_ACCOUNTS", "Jaarrekening", "Annual accounts"),
            ("PAYROLL", "Salarisadministratie", "Payroll"),
        ],
    ),
    (BRANCH, &[("HEAD", "Hoofdvestiging", "Head office")]),
    (ORGANISATION, &[("OFFICE", "Kantoor", "Office")]),
    (
        DISCIPLINE,
        &[
            ("ACCOUNTANCY", "Accountancy", "Accountancy"),
            ("TAX", "Fiscaal", "Tax"),
            ("PAYROLL", "Salaris", "Payroll"),
            ("LEGAL", "Juridisch", "Legal"),
            ("AUDIT", "Controle", "Audit"),
        ],
    ),
    (
        IDENTITY_DOCUMENT,
        &[
            ("PASSPORT", "Paspoort", "Passport"),
            ("IDENTITY_CARD", "Identiteitskaart", "Identity card"),
            ("DRIVING_LICENCE", "Rijbewijs", "Driving licence"),
            ("RESIDENCE_PERMIT", "Verblijfsdocument", "Residence permit"),
        ],
    ),
    (
        ENGAGEMENT,
        &[
            ("ANNUAL_ACCOUNTS", "Jaarrekening", "Annual accounts"),
            ("BOOKKEEPING", "Administratie", "Bookkeeping"),
            ("INCOME_TAX", "Aangifte inkomstenbelasting", "Income-tax return"),
            ("CORPORATE_TAX", "Aangifte vennootschapsbelasting", "Corporate-tax return"),
            ("VAT", "Aangifte omzetbelasting", "VAT return"),
            ("PAYROLL", "Loonadministratie", "Payroll"),
            ("AUDIT", "Wettelijke controle", "Statutory audit"),
        ],
    ),
    (
        COUPLING,
        &[
            ("DOCUMENTS", "Documentbeheer", "Document management"),
            ("PORTAL", "Klantportaal", "Client portal"),
            ("BILLING", "Facturering", "Billing"),
            ("TAX", "Fiscale software", "Tax software"),
            ("PAYROLL", "Salarissoftware", "Payroll software"),
        ],
    ),
    // The codes are those of VERA's COMMUNICATIEKANAAL, so that an import adds to them.
    (
        INTERACTION_CHANNEL,
        &[
            ("TEL", "Telefoon", "Telephone"),
            ("EMA", "E-mail", "E-mail"),
            ("BAL", "Balie", "Desk"),
            ("BRI", "Brief", "Letter"),
            ("INT", "Internet / klantportaal", "Internet / customer portal"),
        ],
    ),
    (
        SITE_SETTING,
        &[(
            FOUR_EYES,
            "Wie een klant voordraagt, keurt hem niet goed",
            "Whoever submits a client does not approve it",
        )],
    ),
];

/// A row of a closed list: its code, its label, and what else the manual says of it.
type Closed = (String, Label, String);

/// The values of an enum as rows; with `numbered`, the number that the manual gives each.
macro_rules! values {
    ($kind:ty) => {
        <$kind>::ALL.iter().map(|value| (value.name().to_owned(), value.label(), String::new())).collect()
    };
    ($kind:ty, numbered) => {
        <$kind>::ALL
            .iter()
            .map(|value| (value.name().to_owned(), value.label(), u8::from(*value).to_string()))
            .collect()
    };
}

/// The rows of a closed list.
type Values = fn() -> Vec<Closed>;

/// The closed lists.
const CLOSED: &[(&str, Values)] = &[
    (CONTACT_KIND, || values!(contact::Kind)),
    (REGISTRATION_TYPE, || values!(RegistrationType, numbered)),
    (CLIENT_STATUS, client_statuses),
    (CHANNEL, || values!(channel::Kind)),
    (CHANNEL_DETAIL, || values!(channel::Detail)),
    (CHANNEL_PREFERENCE, || values!(channel::Preference)),
    (CHANNEL_STATUS, || values!(channel::Status)),
    (GENDER, genders),
    (END_REASON, || values!(Cause)),
    (MANDATE_TYPE, || values!(MandateType)),
    (OPEN_ACTIVITY, || values!(sign_off::Kind)),
    (CONTACT_KIND_ANB5, || values!(mail::Kind)),
    (CONSENT, || values!(mail::Consent, numbered)),
    (MAIL_PREFERENCE, || values!(MailPreference)),
    (INTERACTION_SUBJECT, || values!(interaction::Subject)),
    (INTERACTION_DIRECTION, || values!(template::Direction)),
    (TASK_STATUS, || values!(task::Status)),
    (INFIX, infixes),
];

/// Genders by the codes that commands take, which are VERA's.
fn genders() -> Vec<Closed> {
    let row = |gender: &Gender| (gender.code().to_owned(), gender.label(), String::new());
    Gender::ALL.iter().map(row).collect()
}

/// The eight statuses, and the mark that a relation may have besides (§6.3).
fn client_statuses() -> Vec<Closed> {
    let mut rows: Vec<Closed> = values!(ClientStatus);
    let mark = Label::new("Dienstverlener eigen organisatie", "Own-organisation service provider");
    let of = format!("mark of {}", ClientStatus::Relation.name());
    rows.push((OWN_SERVICE_PROVIDER.to_owned(), mark, of));
    rows
}

/// Infixes of names are words: they are themselves in every language.
fn infixes() -> Vec<Closed> {
    let row = |infix: &&'static str| (infix.to_uppercase(), Label::new(infix, infix), String::new());
    INFIXES.iter().map(row).collect()
}

/// The names of all lists that have built-in rows.
pub(super) fn lists() -> impl Iterator<Item = &'static str> {
    OPEN.iter().map(|(list, _)| *list).chain(CLOSED.iter().map(|(list, _)| *list))
}

/// Whether a list is closed.
pub(super) fn closed(list: &str) -> bool {
    CLOSED.iter().any(|(name, _)| *name == list)
}

/// The built-in rows of a list.
pub(super) fn rows(list: &str) -> Vec<CodeRow> {
    if let Some((_, values)) = CLOSED.iter().find(|(name, _)| *name == list) {
        let row = |(code, label, description): Closed| CodeRow {
            description,
            parent: (code == OWN_SERVICE_PROVIDER).then(|| ClientStatus::Relation.name().to_owned()),
            ..row(&code, label.nl, Properties::default())
        };
        return values().into_iter().map(row).collect();
    }
    let open = OPEN.iter().find(|(name, _)| *name == list).map_or(&[][..], |(_, rows)| rows);
    open.iter().map(|(code, name, _)| row(code, name, properties(list, code))).collect()
}

/// The English label of a built-in code that still has its Dutch one; a code that a site renamed is the site's.
pub(super) fn english(list: &str, code: &str, name: &str) -> Option<&'static str> {
    if let Some((_, values)) = CLOSED.iter().find(|(known, _)| *known == list) {
        let found = values().into_iter().find(|(known, label, _)| known == code && label.nl == name);
        return found.map(|(_, label, _)| label.en);
    }
    let (_, rows) = OPEN.iter().find(|(known, _)| *known == list)?;
    rows.iter().find(|(known, nl, _)| *known == code && *nl == name).map(|(_, _, en)| *en)
}

fn row(code: &str, name: &str, properties: Properties) -> CodeRow {
    CodeRow {
        code: code.to_owned(),
        name: name.to_owned(),
        description: String::new(),
        begin: None,
        end: None,
        parent: None,
        properties,
    }
}

/// What a built-in code does.
fn properties(list: &str, code: &str) -> Properties {
    match (list, code) {
        (ROLE, "CONTRACTANT") => Properties { is_contractant: true, ..Properties::default() },
        (SALUTATION, _) => Properties { salutation: salutation(code), ..Properties::default() },
        (TRANSACTION_MODE, "TRANSFER") => mode(false, &["INVOICE", "PERIODIC_INVOICE"]),
        (TRANSACTION_MODE, "CARD") => mode(false, &["INVOICE"]),
        (TRANSACTION_MODE, "DIRECT_DEBIT") => mode(true, &["DIRECT_DEBIT_INVOICE"]),
        (COUPLING, "BILLING") => not_for(&["SUSPECT"]),
        (COUPLING, "PAYROLL") => not_for(&["SUSPECT", "CLIENT_PERSON"]),
        _ => Properties::default(),
    }
}

fn salutation(code: &str) -> Option<SalutationKind> {
    match code {
        "DHR" => Some(SalutationKind::Sir),
        "MEVR" => Some(SalutationKind::Madam),
        "NEUTRAL" => Some(SalutationKind::Neutral),
        "HEIRS_OF" => Some(SalutationKind::HeirsOf),
        BLANCO => Some(SalutationKind::Blank),
        _ => None,
    }
}

fn mode(direct_debit: bool, invoice_types: &[&str]) -> Properties {
    Properties {
        requires_bank_account: direct_debit,
        is_direct_debit: direct_debit,
        codes: invoice_types.iter().map(|t| (*t).to_owned()).collect(),
        ..Properties::default()
    }
}

/// A package that is not for some (A2-40).
fn not_for(whom: &[&str]) -> Properties {
    Properties { codes: whom.iter().map(|who| (*who).to_owned()).collect(), ..Properties::default() }
}
