//! What the administration of an office keeps of a client (A2-24, A2-30, A2-31, A2-39).

use crate::context::Reader;
use crate::label::Lang;
use crate::scalars::DateText;
use async_graphql::{ComplexObject, Result, SimpleObject};
use kroniek_domain::code_list;

/// A stop of the work for a client (A2-30).
#[derive(SimpleObject)]
pub struct WorkStop {
    /// From when on.
    pub(super) from: DateText,
    /// Why; null when erased.
    pub(super) reason: Option<String>,
}

/// When the data of a customer were last checked (A2-39).
#[derive(SimpleObject)]
pub struct UpToDate {
    /// Who checked them.
    pub(super) by: String,
    /// When.
    pub(super) on: DateText,
}

/// What a client is to a discipline of an organisation of the office as a debtor (A2-24).
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Debtor {
    /// The organisation (code list `ORGANISATION`).
    pub(super) organisation: String,
    /// The discipline there (code list `DISCIPLINE`); null for the organisation as a whole.
    pub(super) discipline: Option<String>,
    /// Its own debtor number there.
    pub(super) number: Option<String>,
    #[graphql(skip)]
    pub(super) reader: Reader,
}

#[ComplexObject]
impl Debtor {
    /// `organisation` in words.
    async fn organisation_label(&self, #[graphql(default)] lang: Lang) -> Result<String> {
        self.reader.label(code_list::ORGANISATION, &self.organisation, lang)
    }

    /// `discipline` in words.
    async fn discipline_label(&self, #[graphql(default)] lang: Lang) -> Result<Option<String>> {
        let code = self.discipline.as_deref();
        code.map(|code| self.reader.label(code_list::DISCIPLINE, code, lang)).transpose()
    }
}

/// Key figures of a year, in whole euros (A2-31).
#[derive(SimpleObject)]
pub struct KeyFigures {
    /// The calendar year.
    pub(super) year: u16,
    /// Turnover.
    pub(super) turnover: Option<i64>,
    /// Result after tax; negative for a loss.
    pub(super) result: Option<i64>,
    /// Equity.
    pub(super) equity: Option<i64>,
    /// Balance-sheet total.
    pub(super) balance_total: Option<i64>,
    /// Employees, on average.
    pub(super) employees: Option<i64>,
}
