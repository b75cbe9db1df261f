//! The rows that ship with the program, so that the whole walk works without any import.

use super::{
    BLANCO, CodeRow, INTERACTION_CHANNEL, INVOICE_TYPE, LEGAL_FORM, Properties, ROLE, SALUTATION,
    SalutationKind, TRANSACTION_MODE,
};

/// The lists that have built-in rows.
pub(super) const LISTS: &[&str] =
    &[ROLE, SALUTATION, TRANSACTION_MODE, INVOICE_TYPE, LEGAL_FORM, INTERACTION_CHANNEL];

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
            allowed_invoice_types: invoice_types.iter().map(|t| (*t).to_owned()).collect(),
            ..Properties::default()
        },
    )
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
