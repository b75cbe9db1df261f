//! Importing reference files: code lists become events, an address table becomes a file that an event names.

use crate::engine::Engine;
use crate::fault::{EngineFault, ExecuteFault};
use crate::reference::{Progress, ReferenceFault, RowProblem, Source, read_code_lists};
use crate::request::{Outcome, Request};
use kroniek_domain::address_table::ImportAddressTable;
use kroniek_domain::code_list::{ImportCodeLists, ImportedRow};
use kroniek_domain::values::Date;
use kroniek_domain::{Actor, Position, Problem};
use std::path::Path;

/// What an import did.
#[derive(Clone, Debug)]
pub struct ImportReport {
    /// Rows that were taken.
    pub rows: u64,
    /// Rows that say exactly what an earlier one says; only addresses can.
    pub repeated: u64,
    /// Lists that they belong to; 0 for addresses.
    pub lists: usize,
    /// Position of the commit; `None` when everything was there already.
    pub position: Option<Position>,
    /// Lines that were left out, each with its place. At most [`ImportReport::KEPT`] of them.
    pub problems: Vec<RowProblem>,
    /// How many there were in all.
    pub problem_count: u64,
}

impl ImportReport {
    /// How many problems are kept with their lines.
    pub const KEPT: usize = 1000;
}

/// An import could not be done; nothing is stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportFault {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] ReferenceFault),
    /// Storing it failed.
    #[error(transparent)]
    Engine(#[from] EngineFault),
    /// The command failed.
    #[error(transparent)]
    Execute(#[from] ExecuteFault),
    /// The command was refused.
    #[error("{}", .0.first().map_or_else(|| "refused".to_owned(), ToString::to_string))]
    Refused(Vec<Problem>),
}

#[derive(Default)]
struct Problems {
    kept: Vec<RowProblem>,
    count: u64,
}

impl Problems {
    fn add(&mut self, problem: RowProblem) {
        self.count += 1;
        if self.kept.len() < ImportReport::KEPT {
            self.kept.push(problem);
        }
    }
}

impl Engine {
    /// Imports code lists from a CSV file, possibly `.zst`. Lines that cannot be read are reported and left out.
    ///
    /// # Errors
    /// The file cannot be read, or the command is refused; nothing is stored.
    pub fn import_code_lists(
        &self,
        path: &Path,
        actor: Actor,
        progress: impl FnMut(Progress),
    ) -> Result<ImportReport, ImportFault> {
        let mut source = Source::open(path, progress)?;
        let file = read_code_lists(&mut source)?;
        let sha256 = source.finish()?;
        let rows = file.lists.values().map(|rows| rows.len() as u64).sum();
        let date = |date: Option<chrono::NaiveDate>| {
            date.and_then(|date| {
                use chrono::Datelike;
                Date::from_ymd(date.year(), date.month(), date.day())
            })
        };
        let lists: std::collections::BTreeMap<_, _> = file
            .lists
            .into_iter()
            .map(|(list, rows)| {
                let rows: Vec<_> = rows
                    .into_iter()
                    .map(|row| ImportedRow {
                        code: row.code,
                        name: row.name,
                        description: row.description,
                        begin: date(row.begin),
                        end: date(row.end),
                        parent: row.parent,
                    })
                    .collect();
                (list, rows)
            })
            .collect();
        let count = lists.len();
        let mut problems = Problems::default();
        for problem in file.problems {
            problems.add(problem);
        }
        let position = self.import(actor, ImportCodeLists { sha256, lists })?;
        Ok(ImportReport {
            rows,
            repeated: 0,
            lists: count,
            position,
            problems: problems.kept,
            problem_count: problems.count,
        })
    }

    /// Imports an address table from a CSV file, possibly `.zst`: keeps the file under its hash, makes its index, and
    /// lets the log name it.
    ///
    /// # Errors
    /// The file cannot be read or kept, or the command is refused; the table in use stays.
    pub fn import_addresses(
        &self,
        path: &Path,
        actor: Actor,
        progress: impl FnMut(Progress),
    ) -> Result<ImportReport, ImportFault> {
        let mut problems = Problems::default();
        let stored = self.tables().store(path, progress, |problem| problems.add(problem))?;
        let position = self.import(actor, ImportAddressTable { sha256: stored.sha256, rows: stored.rows })?;
        Ok(ImportReport {
            rows: stored.rows,
            repeated: stored.read - stored.rows,
            lists: 0,
            position,
            problems: problems.kept,
            problem_count: problems.count,
        })
    }

    fn import(
        &self,
        actor: Actor,
        command: impl Into<kroniek_domain::Command>,
    ) -> Result<Option<Position>, ImportFault> {
        match self.execute_blocking(Request::new(actor, command))? {
            Outcome::Done(done) => Ok(done.position),
            Outcome::Refused(problems) => Err(ImportFault::Refused(problems)),
        }
    }
}
