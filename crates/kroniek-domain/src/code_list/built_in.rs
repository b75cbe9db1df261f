//! The rows that ship with the program, so that the whole walk works without any import.

use super::{
    ACCEPTANCE_CHECK, BLANCO, BRANCH, CLIENT_STATUS, CORRESPONDENCE_GROUP, COUNTRY, COUPLING, CodeRow,
    DISCIPLINE, ENGAGEMENT, FOUR_EYES, IDENTITY_DOCUMENT, INTERACTION_CHANNEL, INVOICE_TYPE, LEGAL_FORM,
    ORGANISATION, Properties, RELATION_KIND, ROLE, SALUTATION, SITE_SETTING, SalutationKind,
    TRANSACTION_MODE,
};

/// The lists that have built-in rows.
pub(super) const LISTS: &[&str] = &[
    ROLE,
    SALUTATION,
    TRANSACTION_MODE,
    INVOICE_TYPE,
    LEGAL_FORM,
    COUNTRY,
    RELATION_KIND,
    ACCEPTANCE_CHECK,
    CORRESPONDENCE_GROUP,
    BRANCH,
    ORGANISATION,
    DISCIPLINE,
    IDENTITY_DOCUMENT,
    ENGAGEMENT,
    COUPLING,
    CLIENT_STATUS,
    INTERACTION_CHANNEL,
    SITE_SETTING,
];

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

fn plain(code: &str, name: &str) -> CodeRow {
    row(code, name, Properties::default())
}

fn salutation(code: &str, name: &str, kind: SalutationKind) -> CodeRow {
    row(code, name, Properties { salutation: Some(kind), ..Properties::default() })
}

fn mode(code: &str, name: &str, account: bool, debit: bool, invoice_types: &[&str]) -> CodeRow {
    row(
        code,
        name,
        Properties {
            requires_bank_account: account,
            is_direct_debit: debit,
            codes: invoice_types.iter().map(|t| (*t).to_owned()).collect(),
            ..Properties::default()
        },
    )
}

fn package(code: &str, name: &str, not_for: &[&str]) -> CodeRow {
    let codes = not_for.iter().map(|who| (*who).to_owned()).collect();
    row(code, name, Properties { codes, ..Properties::default() })
}

/// The built-in rows of a list.
pub(super) fn rows(list: &str) -> Vec<CodeRow> {
    match list {
        ROLE => vec![
            row("CONTRACTANT", "Contractant", Properties { is_contractant: true, ..Properties::default() }),
            plain("CONTACT_PERSON", "Contactpersoon"),
            plain("CO_OCCUPANT", "Medebewoner"),
            plain("CHILD", "Kind"),
            plain("GUARDIAN", "Bewindvoerder"),
            plain("DIRECTOR", "Directeur"),
        ],
        SALUTATION => vec![
            salutation("DHR", "De heer", SalutationKind::Sir),
            salutation("MEVR", "Mevrouw", SalutationKind::Madam),
            salutation("NEUTRAL", "Neutraal", SalutationKind::Neutral),
            salutation("HEIRS_OF", "De erven van", SalutationKind::HeirsOf),
            salutation(BLANCO, "Blanco", SalutationKind::Blank),
        ],
        TRANSACTION_MODE => vec![
            mode("TRANSFER", "Overboeking", false, false, &["INVOICE", "PERIODIC_INVOICE"]),
            mode("CARD", "Pinbetaling", false, false, &["INVOICE"]),
            mode("DIRECT_DEBIT", "Automatische incasso", true, true, &["DIRECT_DEBIT_INVOICE"]),
        ],
        INVOICE_TYPE => vec![
            plain("INVOICE", "Factuur"),
            plain("PERIODIC_INVOICE", "Periodieke factuur"),
            plain("DIRECT_DEBIT_INVOICE", "Incassofactuur"),
        ],
        LEGAL_FORM => vec![
            plain("BV", "Besloten vennootschap"),
            plain("NV", "Naamloze vennootschap"),
            plain("EENMANSZAAK", "Eenmanszaak"),
            plain("VOF", "Vennootschap onder firma"),
            plain("STICHTING", "Stichting"),
            plain("VERENIGING", "Vereniging"),
        ],
        COUNTRY => vec![
            plain("NL", "Nederland"),
            plain("BE", "België"),
            plain("DE", "Duitsland"),
            plain("FR", "Frankrijk"),
            plain("GB", "Verenigd Koninkrijk"),
            plain("LU", "Luxemburg"),
        ],
        RELATION_KIND => vec![
            plain("BANK", "Bank"),
            plain("NOTARY", "Notaris"),
            plain("LAWYER", "Advocaat"),
            plain("CHAMBER_OF_COMMERCE", "Kamer van Koophandel"),
            plain("INSPECTORATE", "Inspectie"),
            plain("TAX_OFFICE", "Belastingdienst"),
            plain("INSURER", "Verzekeraar"),
            plain("OTHER", "Overig"),
        ],
        ACCEPTANCE_CHECK => vec![
            plain("BILLING", "Facturering ingericht"),
            plain("EMPLOYEES", "Medewerkers toegewezen"),
            plain("COUPLINGS", "Koppelingen gecontroleerd"),
            plain("DOSSIER", "Dossier aangemaakt"),
        ],
        CORRESPONDENCE_GROUP => vec![
            plain("NEWSLETTER", "Nieuwsbrief"),
            plain("TAX", "Fiscale post"),
            plain("ANNUAL_ACCOUNTS", "Jaarrekening"),
            plain("PAYROLL", "Salarisadministratie"),
        ],
        BRANCH => vec![plain("HEAD", "Hoofdvestiging")],
        ORGANISATION => vec![plain("OFFICE", "Kantoor")],
        DISCIPLINE => vec![
            plain("ACCOUNTANCY", "Accountancy"),
            plain("TAX", "Fiscaal"),
            plain("PAYROLL", "Salaris"),
            plain("LEGAL", "Juridisch"),
            plain("AUDIT", "Controle"),
        ],
        IDENTITY_DOCUMENT => vec![
            plain("PASSPORT", "Paspoort"),
            plain("IDENTITY_CARD", "Identiteitskaart"),
            plain("DRIVING_LICENCE", "Rijbewijs"),
            plain("RESIDENCE_PERMIT", "Verblijfsdocument"),
        ],
        ENGAGEMENT => vec![
            plain("ANNUAL_ACCOUNTS", "Jaarrekening"),
            plain("BOOKKEEPING", "Administratie"),
            plain("INCOME_TAX", "Aangifte inkomstenbelasting"),
            plain("CORPORATE_TAX", "Aangifte vennootschapsbelasting"),
            plain("VAT", "Aangifte omzetbelasting"),
            plain("PAYROLL", "Loonadministratie"),
            plain("AUDIT", "Wettelijke controle"),
        ],
        COUPLING => vec![
            plain("DOCUMENTS", "Documentbeheer"),
            plain("PORTAL", "Klantportaal"),
            package("BILLING", "Facturering", &["SUSPECT"]),
            plain("TAX", "Fiscale software"),
            package("PAYROLL", "Salarissoftware", &["SUSPECT", "CLIENT_PERSON"]),
        ],
        CLIENT_STATUS => vec![
            plain("SUSPECT", "Suspect"),
            plain("PROSPECT", "Prospect"),
            plain("ACC_DRAFT", "Acceptatie - concept"),
            plain("ACC_APPROVAL", "Acceptatie - ter goedkeuring"),
            plain("ACC_CENTRAL", "Acceptatie - centrale administratie"),
            plain("CLIENT", "Klant"),
            plain("EX_CLIENT", "Geen klant meer"),
            plain("RELATION", "Relatie"),
        ],
        SITE_SETTING => vec![plain(FOUR_EYES, "Wie een klant voordraagt, keurt hem niet goed")],
        // The codes are those of VERA's COMMUNICATIEKANAAL, so that an import adds to them.
        INTERACTION_CHANNEL => vec![
            plain("TEL", "Telefoon"),
            plain("EMA", "E-mail"),
            plain("BAL", "Balie"),
            plain("BRI", "Brief"),
            plain("INT", "Internet / klantportaal"),
        ],
        _ => Vec::new(),
    }
}
