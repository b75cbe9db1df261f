//! `kroniek import`.

use super::fault::Fault;
use super::open;
use super::progress::Progress;
use clap::Subcommand;
use indicatif::HumanCount;
use kroniek_domain::Actor;
use kroniek_domain::values;
use kroniek_engine::ImportReport;
use kroniek_engine::reference::{ProblemKind, RowProblem};
use serde_json::json;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const INSTEAD: &str =
    "An import needs the data directory for itself: stop the server, import, and start it again.";

/// Import reference data from CSV, also compressed (.zst)
///
/// Columns are found by the names in the first line, and the separator by itself. A line that cannot be used is reported
/// with its number and left out; it does not stop the import.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kroniek import code-list vera-referentiedata.csv\n  kroniek import addresses bag-addresses.csv.zst"
)]
pub(super) struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Code lists, as VERA publishes them
    #[command(after_help = "Example:\n  kroniek import code-list vera-referentiedata.csv")]
    CodeList(Options),
    /// Addresses by postcode and house number, from the BAG
    #[command(after_help = "Example:\n  kroniek import addresses bag-addresses-flevoland.csv.zst")]
    Addresses(Options),
}

#[derive(Debug, clap::Args)]
struct Options {
    /// The file
    file: PathBuf,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

impl Import {
    pub(super) fn run(&self, data: &Path, out: &mut dyn Write) -> Result<(), Fault> {
        let (What::CodeList(options) | What::Addresses(options)) = &self.what;
        let file = &options.file;
        // Before a data directory is made for it.
        std::fs::File::open(file).map_err(|source| Fault::File { path: file.clone(), source })?;
        let engine = open::or_make(data, INSTEAD)?;
        let mut progress = Progress::in_bytes("importing");
        let report = |done: kroniek_engine::reference::Progress| progress.at(done.read, done.total);
        let imported = match self.what {
            What::CodeList(_) => engine.import_code_lists(file, importer(), report),
            What::Addresses(_) => engine.import_addresses(file, importer(), report),
        };
        drop(progress);
        engine.shutdown();
        let imported = imported?;
        let written =
            if options.json { writeln!(out, "{}", json_of(&imported)) } else { print(&imported, out) };
        written.map_err(Fault::Output)?;
        if imported.rows == 0 { Err(Fault::NothingImported(file.clone())) } else { Ok(()) }
    }
}

/// Whoever may write to the data directory may do everything; the audit history gets the name of the system's user.
fn importer() -> Actor {
    let user = whoami::username().unwrap_or_default();
    let name = values::line(&format!("cli:{user}"), 100).unwrap_or_else(|_| "cli".to_owned());
    Actor::with_all(name.trim_end_matches(':'))
}

fn print(report: &ImportReport, out: &mut dyn Write) -> io::Result<()> {
    for problem in &report.problems {
        writeln!(out, "{}", line(problem))?;
    }
    let hidden = report.problem_count.saturating_sub(report.problems.len() as u64);
    if hidden > 0 {
        writeln!(out, "and {} more lines with problems", HumanCount(hidden))?;
    }
    let rows = HumanCount(report.rows);
    let lists = if report.lists > 0 { format!(" in {} lists", report.lists) } else { String::new() };
    let problems = match report.problem_count {
        0 => "no line has a problem".to_owned(),
        1 => "1 line has a problem".to_owned(),
        count => format!("{} lines have problems", HumanCount(count)),
    };
    if report.repeated > 0 {
        writeln!(
            out,
            "{} rows say exactly what an earlier one says and count once",
            HumanCount(report.repeated)
        )?;
    }
    match report.position {
        Some(position) => writeln!(out, "{rows} rows{lists} imported at position {position}; {problems}."),
        None => writeln!(out, "{rows} rows{lists} read, all there already: nothing changed; {problems}."),
    }
}

/// One line of the report: `line 406: IMPORT_ROW_INVALID begin: is not a date ...`.
fn line(problem: &RowProblem) -> String {
    let (line, code) = (problem.line, problem.code());
    match problem.kind {
        ProblemKind::Invalid { field, why } => {
            format!("line {line}: {code} {field}: {why}; the row is left out")
        }
        ProblemKind::DuplicateKey { first_line } => {
            format!("line {line}: {code} code: the list has it from line {first_line}; the row is left out")
        }
        ProblemKind::UnknownParent => {
            format!("line {line}: {code} parent: is not among the rows of this file; the row stays")
        }
    }
}

fn json_of(report: &ImportReport) -> serde_json::Value {
    let problems = report.problems.iter().map(|problem| {
        json!({
            "line": problem.line,
            "code": problem.code(),
            "field": problem.field(),
            "message": problem.to_string(),
        })
    });
    json!({
        "rows": report.rows,
        "repeated": report.repeated,
        "lists": report.lists,
        "position": report.position.map(|position| position.0),
        "problemCount": report.problem_count,
        "problems": problems.collect::<Vec<_>>(),
    })
}
