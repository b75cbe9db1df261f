//! Which lists of a VERA file become lists of ours, and what their codes do by default (§8).

use super::{INTERACTION_CHANNEL, INVOICE_TYPE, LEGAL_FORM, Properties, ROLE, TRANSACTION_MODE};

/// The lists of a VERA file that are taken into a list of ours; every other list is kept under its own name.
pub const MAPPED_LISTS: &[(&str, &str)] = &[
    ("RELATIEROLSOORT", ROLE),
    ("BETAALWIJZESOORT", TRANSACTION_MODE),
    ("FACTUURSOORT", INVOICE_TYPE),
    ("ORGANISATIEVORM", LEGAL_FORM),
    ("COMMUNICATIEKANAAL", INTERACTION_CHANNEL),
];

/// The list that a file's list goes into, and the behaviour of a code that is new there.
pub(super) fn target(source: &str) -> (&str, fn(&str) -> Properties) {
    let list = MAPPED_LISTS.iter().find(|(from, _)| *from == source).map_or(source, |(_, to)| *to);
    let defaults: fn(&str) -> Properties = match list {
        ROLE => role,
        TRANSACTION_MODE => transaction_mode,
        _ => |_| Properties::default(),
    };
    (list, defaults)
}

/// Tenant, co-tenant and the former contractant are who a lease is made with.
fn role(code: &str) -> Properties {
    Properties { is_contractant: matches!(code, "CON" | "HUU" | "MDH"), ..Properties::default() }
}

/// INC is direct debit; every other way of paying needs no account of the customer's.
fn transaction_mode(code: &str) -> Properties {
    let debit = code == "INC";
    let types: &[&str] = if debit { &["DIRECT_DEBIT_INVOICE"] } else { &["INVOICE", "PERIODIC_INVOICE"] };
    Properties {
        requires_bank_account: debit,
        is_direct_debit: debit,
        codes: types.iter().map(|t| (*t).to_owned()).collect(),
        ..Properties::default()
    }
}
