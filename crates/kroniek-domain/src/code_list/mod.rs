//! Code lists: the codes whose rows the rules ask for, and plain lists kept for reference (§8).
//!
//! Lists whose codes have behaviour ship built in; their rows are the initial state of the list, changed by events like
//! any state. An import of a VERA file adds and updates rows through a mapping table and never touches properties that
//! a row already has.
//!
//! A list whose values are a Rust enum is *closed*: it is there for reading, with its labels, and cannot be changed (§8,
//! A2-51). Teams, interaction templates and employees are no lists: they are entities of their own.

mod built_in;
#[cfg(test)]
mod tests;
mod vera;

pub use vera::MAPPED_LISTS;

use crate::administration;
use crate::draft::{CODE_LIMIT, Decide, Draft, Refused};
use crate::event::{self, stored_events};
use crate::ids::EntityId;
use crate::label::Lang;
use crate::payment::{self, Demands, Unmet};
use crate::permission::Permission;
use crate::problem::{General, Problem};
use crate::values::{self, Date, SalutationForm};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Roles towards a contact.
pub const ROLE: &str = "ROLE";
/// Salutations.
pub const SALUTATION: &str = "SALUTATION";
/// Transaction modes.
pub const TRANSACTION_MODE: &str = "TRANSACTION_MODE";
/// Invoice types.
pub const INVOICE_TYPE: &str = "INVOICE_TYPE";
/// Legal forms.
pub const LEGAL_FORM: &str = "LEGAL_FORM";
/// Countries, by their ISO code.
pub const COUNTRY: &str = "COUNTRY";
/// What a relation is to a client.
pub const RELATION_KIND: &str = "RELATION_KIND";
/// What a client has been checked for before it becomes one.
pub const ACCEPTANCE_CHECK: &str = "ACCEPTANCE_CHECK";
/// Groups of addressees of the office's mail.
pub const CORRESPONDENCE_GROUP: &str = "CORRESPONDENCE_GROUP";
/// Branches of the office.
pub const BRANCH: &str = "BRANCH";
/// Organisations of the office.
pub const ORGANISATION: &str = "ORGANISATION";
/// Disciplines of the office.
pub const DISCIPLINE: &str = "DISCIPLINE";
/// Kinds of identity document.
pub const IDENTITY_DOCUMENT: &str = "IDENTITY_DOCUMENT";
/// Kinds of work that are done for clients.
pub const ENGAGEMENT: &str = "ENGAGEMENT";
/// Packages that a client can be coupled to.
pub const COUPLING: &str = "COUPLING";
/// Channels of contact moments.
pub const INTERACTION_CHANNEL: &str = "INTERACTION_CHANNEL";
/// Client statuses, with the mark of a relation (§6.3). Closed.
pub const CLIENT_STATUS: &str = "CLIENT_STATUS";
/// Kinds of contact. Closed.
pub const CONTACT_KIND: &str = "CONTACT_KIND";
/// The nine registration types, each with its number (§6.1). Closed.
pub const REGISTRATION_TYPE: &str = "REGISTRATION_TYPE";
/// Kinds of channel. Closed.
pub const CHANNEL: &str = "CHANNEL";
/// Private or business. Closed.
pub const CHANNEL_DETAIL: &str = "CHANNEL_DETAIL";
/// Which channel to try first. Closed.
pub const CHANNEL_PREFERENCE: &str = "CHANNEL_PREFERENCE";
/// Whether a channel works. Closed.
pub const CHANNEL_STATUS: &str = "CHANNEL_STATUS";
/// Genders. Closed.
pub const GENDER: &str = "GENDER";
/// Why a role line ended. Closed.
pub const END_REASON: &str = "END_REASON";
/// How often a mandate may be used. Closed.
pub const MANDATE_TYPE: &str = "MANDATE_TYPE";
/// What can be open with a customer (N1-10). Closed.
pub const OPEN_ACTIVITY: &str = "OPEN_ACTIVITY";
/// The six kinds of contact of a customer of the shop (N1-15). Closed.
pub const CONTACT_KIND_ANB5: &str = "CONTACT_KIND_ANB5";
/// To what an e-mail address has consented, each with its number 0, 1 or 2 (N1-22). Closed.
pub const CONSENT: &str = "CONSENT";
/// By which e-mail address a person is reached. Closed.
pub const MAIL_PREFERENCE: &str = "MAIL_PREFERENCE";
/// What a contact moment concerns. Closed.
pub const INTERACTION_SUBJECT: &str = "INTERACTION_SUBJECT";
/// Which way a contact moment went. Closed.
pub const INTERACTION_DIRECTION: &str = "INTERACTION_DIRECTION";
/// How far a task is. Closed.
pub const TASK_STATUS: &str = "TASK_STATUS";
/// Infixes that names are split by. Closed.
pub const INFIX: &str = "INFIX";
/// The mark of a relation that is a supplier of the organisation itself, in the list of client statuses.
pub const OWN_SERVICE_PROVIDER: &str = "OWN_SERVICE_PROVIDER";
/// Settings of the site: one is on while its code is in force (D-27). For administrators.
pub const SITE_SETTING: &str = "SITE_SETTING";
/// The setting that nobody approves what it submitted itself (A2-57).
pub const FOUR_EYES: &str = "FOUR_EYES";
/// The neutral salutation of a company.
pub const BLANCO: &str = "BLANCO";

// ---- commands

/// Adds or changes one row of a list that there is, built in or imported; the whole row is given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeCode {
    /// Name of the list.
    pub list: String,
    /// Code.
    pub code: String,
    /// Name on a screen.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// First day in force.
    pub begin_date: Option<String>,
    /// Last day in force.
    pub end_date: Option<String>,
    /// Code of the row above it.
    pub parent: Option<String>,
    /// Behaviour; `None` leaves what the row has.
    pub properties: Option<Properties>,
}

/// Takes over the lists of a file, already read (`import code-list`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ImportCodeLists {
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Rows by the file's own list name.
    pub lists: BTreeMap<String, Vec<ImportedRow>>,
}

/// A row of an imported file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ImportedRow {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Description, possibly empty.
    pub description: String,
    /// First day in force.
    pub begin: Option<Date>,
    /// Last day in force.
    pub end: Option<Date>,
    /// `LIST.CODE` of the row above it.
    pub parent: Option<String>,
}

// ---- events

/// A row came or changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeChanged {
    /// Name of the list.
    pub list: String,
    /// The row as it is now.
    pub row: CodeRow,
}

/// Rows of one list came or changed by an import.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodesImported {
    /// Name of the list.
    pub list: String,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// The rows that are new or different, as they are now.
    pub rows: Vec<CodeRow>,
}

stored_events! {
    /// A row came or changed.
    100 v 1 CodeChanged,
    /// Rows came or changed by an import.
    101 v 1 CodesImported,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let list = match self {
            Self::CodeChanged(e) => &e.list,
            Self::CodesImported(e) => &e.list,
        };
        vec![EntityId::CodeList(list.clone())]
    }
}

// ---- refusals

/// Why a change of a list is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// A closed list, by its name.
    ListIsClosed(String),
    /// There is no list of this name.
    NoSuchList(String),
    /// An invoice type that a mode allows does not exist, by its place among them.
    UnknownInvoiceType(usize),
    /// Whom a package is not for is neither a client status nor a registration type, by its place among them.
    UnknownExclusion(usize),
    /// Direct debit without a bank account makes no sense.
    DirectDebitNeedsAccount,
    /// Payment lines use the mode and lack what it would ask of them (I5).
    ModeInUse(Vec<Unmet>),
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::ListIsClosed(list) => Problem::new(
                "LIST_IS_CLOSED",
                format!(
                    "The codes of {list} are what the rules know and cannot be changed; name another list, or leave it out of the file."
                ),
            )
            .field("list"),
            // A row does not make a list: whoever mistypes a name would never find it again.
            Self::NoSuchList(list) => {
                let near = near(list);
                let meant = if near.is_empty() { String::new() } else { format!("Meant {}? ", near.join(" or ")) };
                Problem::new("NOT_FOUND", "list names no code list: choose one of codeLists.")
                    .field("list")
                    .hint(format!("{meant}A list of your own is made by importing a file of it: kroniek import code-list FILE."))
                    .options(near)
            }
            // What was typed is not repeated: it may be anything.
            Self::UnknownInvoiceType(at) => Problem::new(
                "UNKNOWN_CODE",
                format!(
                    "properties.allowedInvoiceTypes[{at}] is not a code of the list {INVOICE_TYPE}; add it there first."
                ),
            )
            .field("properties.allowedInvoiceTypes"),
            Self::UnknownExclusion(at) => Problem::new(
                "UNKNOWN_CODE",
                format!(
                    "properties.notFor[{at}] is neither a client status nor a type of client or relation: choose \
                     one, such as SUSPECT or CLIENT_PERSON."
                ),
            )
            .field("properties.notFor"),
            Self::DirectDebitNeedsAccount => Problem::new(
                "DIRECT_DEBIT_NEEDS_ACCOUNT",
                "A mode with direct debit must require a bank account.",
            )
            .field("properties.requiresBankAccount"),
            Self::ModeInUse(lines) => {
                let problem = Problem::new(
                    "TRANSACTION_MODE_IN_USE",
                    "Payment lines with this mode lack the bank account or mandate that it would ask of them.",
                )
                .field("properties")
                .hint("Correct or withdraw these lines first, or add a mode of another code.")
                .blocking(
                    "PAYMENT_LINE",
                    lines.iter().map(|line| {
                        let label = format!("line {} from {} of {}", line.line, line.effective, line.number);
                        (EntityId::Customer(line.customer).to_string(), label)
                    }),
                );
                match lines.first() {
                    Some(line) => problem.entity(EntityId::Customer(line.customer)),
                    None => problem,
                }
            }
        }
    }
}

/// The open lists whose name is a slip or two away from this one.
fn near(name: &str) -> Vec<&'static str> {
    CodeList::built_in().filter(|list| !CodeList::closed(list) && slips(name, list) <= 2).collect()
}

/// How many letters to add, drop or replace to make the one name the other.
fn slips(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut left = i + 1;
        let mut above_left = std::mem::replace(&mut row[0], left);
        for (cell, b) in row[1..].iter_mut().zip(other.bytes()) {
            left = (above_left + usize::from(a != b)).min(left + 1).min(*cell + 1);
            above_left = std::mem::replace(cell, left);
        }
    }
    row[other.len()]
}

// ---- state

/// What a salutation code makes of a letter (§7). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SalutationKind {
    /// "Geachte heer".
    Sir,
    /// "Geachte mevrouw".
    Madam,
    /// "Geachte", with the whole name.
    Neutral,
    /// "De erven van".
    HeirsOf,
    /// "Geachte heer/mevrouw", the one of companies.
    Blank,
}

crate::stored_numbers! { SalutationKind {
    Sir = 1 "SIR",
    Madam = 2 "MADAM",
    Neutral = 3 "NEUTRAL",
    HeirsOf = 4 "HEIRS_OF",
    Blank = 5 "BLANK",
} }

impl SalutationKind {
    /// The form of the letter's first line.
    pub fn form(self) -> SalutationForm {
        match self {
            Self::Sir => SalutationForm::Sir,
            Self::Madam => SalutationForm::Madam,
            Self::Neutral => SalutationForm::Neutral,
            Self::HeirsOf => SalutationForm::HeirsOf,
            Self::Blank => SalutationForm::Company,
        }
    }
}

/// The behaviour of a code; what a list does not use stays at its default.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Properties {
    /// ROLE: the person is a contractant (E1-05).
    pub is_contractant: bool,
    /// `TRANSACTION_MODE`: a line needs a bank account (E1-43).
    pub requires_bank_account: bool,
    /// `TRANSACTION_MODE`: a line needs a mandate (E1-52).
    pub is_direct_debit: bool,
    /// Codes that this one goes with, or does not. `TRANSACTION_MODE`: the invoice types that match (E1-51). COUPLING: the
    /// client statuses and registration types that the package is not for (A2-40).
    pub codes: Vec<String>,
    /// SALUTATION: what it makes of a letter.
    pub salutation: Option<SalutationKind>,
}

/// A row of a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeRow {
    /// Code.
    pub code: String,
    /// Name on a screen.
    pub name: String,
    /// Description, possibly empty.
    pub description: String,
    /// First day in force; none: always was.
    pub begin: Option<Date>,
    /// Last day in force; none: still is.
    pub end: Option<Date>,
    /// Code of the row above it.
    pub parent: Option<String>,
    /// Behaviour.
    pub properties: Properties,
}

impl CodeRow {
    /// Whether the code may be used for something that counts on `date`; begin and end belong to it.
    pub fn in_force(&self, date: Date) -> bool {
        self.begin.is_none_or(|begin| begin <= date) && self.end.is_none_or(|end| date <= end)
    }
}

/// What a person reads for a row of a list. Its name is Dutch: VERA's, the site's, or the built-in one. English is
/// known for a built-in row that still has its name; every other row answers its name.
pub fn label<'r>(list: &str, row: &'r CodeRow, lang: Lang) -> &'r str {
    match lang {
        Lang::Nl => &row.name,
        Lang::En => built_in::english(list, &row.code, &row.name).unwrap_or(&row.name),
    }
}

/// A code list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeList {
    /// Its name, upper case.
    pub name: String,
    rows: BTreeMap<String, CodeRow>,
}

impl CodeList {
    /// The list before its first event: the built-in rows, or none.
    pub fn initial(name: &str) -> Self {
        let rows = built_in::rows(name).into_iter().map(|row| (row.code.clone(), row)).collect();
        Self { name: name.to_owned(), rows }
    }

    /// The names of the lists that ship built in.
    pub fn built_in() -> impl Iterator<Item = &'static str> {
        built_in::lists()
    }

    /// Whether a list is closed: it cannot be changed.
    pub fn closed(name: &str) -> bool {
        built_in::closed(name)
    }

    /// The row of a code.
    pub fn row(&self, code: &str) -> Option<&CodeRow> {
        self.rows.get(code)
    }

    /// All rows, in order of code.
    pub fn rows(&self) -> impl Iterator<Item = &CodeRow> {
        self.rows.values()
    }

    /// Folds one event that names this list. What a log from before a list was closed says of it stays in the history:
    /// the list itself is what the rules know.
    pub fn evolve(&mut self, event: &event::Event) {
        if Self::closed(&self.name) {
            return;
        }
        match event {
            event::Event::CodeList(Event::CodeChanged(e)) => {
                self.rows.insert(e.row.code.clone(), e.row.clone());
            }
            event::Event::CodeList(Event::CodesImported(e)) => {
                self.rows.extend(e.rows.iter().map(|row| (row.code.clone(), row.clone())));
            }
            event::Event::Contact(_)
            | event::Event::Channel(_)
            | event::Event::Address(_)
            | event::Event::Role(_)
            | event::Event::PersonalData(_)
            | event::Event::Death(_)
            | event::Event::Customer(_)
            | event::Event::Leader(_)
            | event::Event::BankAccount(_)
            | event::Event::Mandate(_)
            | event::Event::Payment(_)
            | event::Event::Shop(_)
            | event::Event::SignOff(_)
            | event::Event::Mail(_)
            | event::Event::Placement(_)
            | event::Event::Link(_)
            | event::Event::Structure(_)
            | event::Event::ClientStatus(_)
            | event::Event::Acceptance(_)
            | event::Event::Card(_)
            | event::Event::Administration(_)
            | event::Event::AddressTable(_)
            | event::Event::Employee(_)
            | event::Event::Team(_)
            | event::Event::Template(_)
            | event::Event::Interaction(_)
            | event::Event::Task(_) => {}
        }
    }
}

// ---- decide

impl Decide for ChangeCode {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let list = values::code(&self.list, 60);
        d.need(right_to_change(list.as_deref().unwrap_or_default()))?;
        let list = d.text("list", list);
        if let Some(list) = &list {
            if CodeList::closed(list) {
                // Nothing in the row can be put right here.
                return Err(d.refuse(Refusal::ListIsClosed(list.clone())));
            }
            if d.code_list(list).rows().next().is_none() {
                d.refuse(Refusal::NoSuchList(list.clone()));
            }
        }
        let code = d.text("code", values::code(&self.code, CODE_LIMIT));
        let name = d.text("name", values::line(&self.name, 250));
        let description =
            d.optional_text("description", self.description.as_ref(), |raw| values::note(raw, 4000));
        let parent = d.optional_text("parent", self.parent.as_ref(), |raw| values::code(raw, 80));
        let begin = self.begin_date.as_ref().map(|raw| d.date("beginDate", raw));
        let end = self.end_date.as_ref().map(|raw| d.date("endDate", raw));
        if let (Some(Some(begin)), Some(Some(end))) = (begin, end)
            && end < begin
        {
            d.refuse(General::DateOutOfRange { field: "endDate", must: "not precede beginDate" });
        }
        if let (Some(properties), Some(list)) = (&self.properties, &list) {
            check_properties(d, list, properties);
        }
        d.stop_if_refused()?;
        let (Some(list), Some(code), Some(name)) = (list, code, name) else { return Err(Refused) };
        d.address(EntityId::CodeList(list.clone()))?;
        let rows = d.code_list(&list);
        let before = rows.row(&code);
        let row = CodeRow {
            code,
            name,
            description: description.flatten().unwrap_or_default(),
            begin: begin.flatten(),
            end: end.flatten(),
            parent: parent.flatten(),
            properties: self
                .properties
                .clone()
                .or_else(|| before.map(|row| row.properties.clone()))
                .unwrap_or_default(),
        };
        if before == Some(&row) {
            return Ok(());
        }
        if list == TRANSACTION_MODE {
            refuse_in_use(d, before, &row)?;
        }
        // Settings are those that something asks for.
        if list == SITE_SETTING && CodeList::initial(&list).row(&row.code).is_none() {
            return Err(d.refuse(General::UnknownCode { field: "code", list }));
        }
        d.record(CodeChanged { list, row });
        Ok(())
    }
}

/// The right that changing a list needs.
fn right_to_change(list: &str) -> Permission {
    if list == SITE_SETTING { Permission::Administrator } else { Permission::Reference }
}

/// Whether a setting of the site is on today; it is until its code says otherwise.
pub(crate) fn setting(d: &Draft<'_>, code: &str) -> bool {
    d.code_list(SITE_SETTING).row(code).is_none_or(|row| row.in_force(d.today()))
}

/// A mode does not come to ask what the payment lines that use it cannot answer (I5).
fn refuse_in_use(d: &mut Draft<'_>, before: Option<&CodeRow>, after: &CodeRow) -> Result<(), Refused> {
    let asked = before.map_or_else(Demands::default, |row| Demands::of(&row.properties));
    let asks = Demands::of(&after.properties);
    // A code that is new is used by nobody.
    if before.is_some() && asks.exceed(asked) {
        let unmet = payment::unmet(d, &after.code, asks);
        if !unmet.is_empty() {
            return Err(d.refuse(Refusal::ModeInUse(unmet)));
        }
    }
    Ok(())
}

fn check_properties(d: &mut Draft<'_>, list: &str, properties: &Properties) {
    if properties.is_direct_debit && !properties.requires_bank_account {
        d.refuse(Refusal::DirectDebitNeedsAccount);
    }
    if list == COUPLING {
        for (at, code) in properties.codes.iter().enumerate() {
            if !administration::excludable(code) {
                d.refuse(Refusal::UnknownExclusion(at));
            }
        }
        return;
    }
    let types = d.code_list(INVOICE_TYPE);
    for (at, code) in properties.codes.iter().enumerate() {
        if types.row(code).is_none() {
            d.refuse(Refusal::UnknownInvoiceType(at));
        }
    }
}

impl Decide for ImportCodeLists {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Reference)?;
        for (source, imported) in &self.lists {
            let (list, defaults) = vera::target(source);
            d.need(right_to_change(list))?;
            // Settings are switched one by one, by who means to.
            if CodeList::closed(list) || list == SITE_SETTING {
                return Err(d.refuse(Refusal::ListIsClosed(list.to_owned())));
            }
            let have = d.code_list(list);
            let rows: Vec<_> = imported
                .iter()
                .filter_map(|new| {
                    let before = have.row(&new.code);
                    let row = CodeRow {
                        code: new.code.clone(),
                        name: new.name.clone(),
                        description: new.description.clone(),
                        begin: new.begin,
                        end: new.end,
                        parent: new.parent.clone(),
                        properties: before.map_or_else(|| defaults(&new.code), |row| row.properties.clone()),
                    };
                    (before != Some(&row)).then_some(row)
                })
                .collect();
            if !rows.is_empty() {
                d.record(CodesImported { list: list.to_owned(), sha256: self.sha256, rows });
            }
        }
        Ok(())
    }
}
