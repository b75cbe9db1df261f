//! Code lists (§8).

use super::connection::{Connection, Wanted, cost};
use super::history::{self, HistoryEntry};
use crate::context::Reader;
use crate::id;
use crate::label::Lang;
use crate::scalars::{DateText, Position};
use async_graphql::{ComplexObject, Description, Enum, ID, Object, Result, SimpleObject};
use kroniek_domain::values::SalutationForm;
use kroniek_domain::{EntityId, code_list};
use std::sync::Arc;

/// A code list: the codes that the rules ask for, or a plain list kept for reference. A code outside a list is refused
/// with `UNKNOWN_CODE`, one outside its dates with `CODE_NOT_IN_FORCE`.
#[derive(Clone, Description)]
pub struct CodeList {
    reader: Reader,
    list: Arc<code_list::CodeList>,
}

impl CodeList {
    pub(crate) fn new(reader: Reader, list: Arc<code_list::CodeList>) -> Self {
        Self { reader, list }
    }

    fn entity(&self) -> EntityId {
        EntityId::CodeList(self.list.name.clone())
    }
}

#[Object(use_type_description)]
impl CodeList {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        id::of(&self.entity())
    }

    /// Name of the list, such as `ROLE`.
    async fn name(&self) -> &str {
        &self.list.name
    }

    /// Position of the last commit that changed the list; 0 for a built-in list that was never changed.
    async fn version(&self) -> Result<Position> {
        self.reader.version(&self.entity()).map(Position::from)
    }

    /// The row of one code.
    async fn row(&self, code: String) -> Option<CodeRow> {
        CodeRow::of(&self.list, code.trim())
    }

    /// Whether its codes are what the rules know, so that `changeCode` cannot change them (`LIST_IS_CLOSED`).
    async fn closed(&self) -> bool {
        code_list::CodeList::closed(&self.list.name)
    }

    /// The rows in order of code.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn rows(
        &self,
        #[graphql(desc = "Only rows in force on this date; all rows when left out.")] in_force_on: Option<
            DateText,
        >,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<CodeRow>> {
        let wanted = Wanted::read(first, after)?;
        let on = in_force_on.map(|date| date.read("inForceOn")).transpose()?;
        let after = wanted.after.as_deref();
        let list = &self.list;
        let mut rows = list
            .rows()
            .filter(|row| after.is_none_or(|after| row.code.as_str() > after))
            .filter(|row| on.is_none_or(|on| row.in_force(on)));
        let page: Vec<_> = rows
            .by_ref()
            .take(wanted.first)
            .map(|row| (row.code.clone(), CodeRow::read(list, row)))
            .collect();
        let more = rows.next().is_some();
        Ok(Connection::new(&wanted, page, more))
    }

    /// What changed in this list, oldest first.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn history(
        &self,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<HistoryEntry>> {
        history::of(&self.reader, vec![self.entity()], first, after).await
    }
}

/// What a salutation code makes of a letter (§7).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "code_list::SalutationKind")]
pub enum SalutationKind {
    /// "Geachte heer …".
    Sir,
    /// "Geachte mevrouw …".
    Madam,
    /// "Geachte …", with the whole name.
    Neutral,
    /// "De erven van …": for the deceased only (E1-35).
    HeirsOf,
    /// "Geachte heer/mevrouw": the one of companies (E2-15).
    Blank,
}

/// The behaviour of a code. What the list does not use is false, empty or null.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CodeProperties {
    /// List `ROLE`: the person is a contractant (E1-05).
    is_contractant: bool,
    /// List `TRANSACTION_MODE`: a payment line needs a bank account (E1-43).
    requires_bank_account: bool,
    /// List `TRANSACTION_MODE`: a payment line needs a mandate (E1-52).
    is_direct_debit: bool,
    /// List `TRANSACTION_MODE`: the invoice types that match (E1-51).
    allowed_invoice_types: Vec<String>,
    /// List `COUPLING`: the client statuses and registration types that cannot be coupled to the package (A2-40).
    not_for: Vec<String>,
    /// List `SALUTATION`: what the code makes of a letter.
    salutation: Option<SalutationKind>,
}

#[ComplexObject]
impl CodeProperties {
    /// `salutation` in words.
    async fn salutation_label(&self, #[graphql(default)] lang: Lang) -> Option<&'static str> {
        self.salutation.map(|kind| kind.label(lang))
    }
}

/// A row of a code list.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CodeRow {
    /// The code.
    code: String,
    /// Name on a screen, in Dutch.
    name: String,
    /// Description, possibly empty.
    description: String,
    /// First day in force; null: it always was.
    begin_date: Option<DateText>,
    /// Last day in force; null: it still is.
    end_date: Option<DateText>,
    /// Code of the row above it.
    parent: Option<String>,
    /// Behaviour.
    properties: CodeProperties,
    #[graphql(skip)]
    english: String,
}

#[ComplexObject]
impl CodeRow {
    /// What a person reads for the code. English is known for the rows that ship with the program, as long as they keep
    /// their Dutch name; a row of a site or of an imported file answers that name.
    async fn label(&self, #[graphql(default)] lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.name,
            Lang::En => &self.english,
        }
    }
}

impl CodeRow {
    /// The first line of a letter that a salutation code stands for.
    pub(crate) fn letter_form(&self) -> Option<SalutationForm> {
        self.properties.salutation.map(|kind| code_list::SalutationKind::from(kind).form())
    }

    /// The row of a code; `None` when the list has no such code.
    pub(crate) fn of(list: &code_list::CodeList, code: &str) -> Option<Self> {
        list.row(code).map(|row| Self::read(list, row))
    }

    fn read(list: &code_list::CodeList, row: &code_list::CodeRow) -> Self {
        let properties = &row.properties;
        let codes_of = |wanted: bool| if wanted { properties.codes.clone() } else { Vec::new() };
        let coupling = list.name == code_list::COUPLING;
        Self {
            code: row.code.clone(),
            name: row.name.clone(),
            description: row.description.clone(),
            begin_date: row.begin.map(DateText::from),
            end_date: row.end.map(DateText::from),
            parent: row.parent.clone(),
            properties: CodeProperties {
                is_contractant: properties.is_contractant,
                requires_bank_account: properties.requires_bank_account,
                is_direct_debit: properties.is_direct_debit,
                allowed_invoice_types: codes_of(!coupling),
                not_for: codes_of(coupling),
                salutation: properties.salutation.map(SalutationKind::from),
            },
            english: code_list::label(&list.name, row, Lang::En.into()).to_owned(),
        }
    }
}
