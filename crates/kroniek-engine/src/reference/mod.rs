//! Reference files: the code lists and the address table that an administrator brings in from outside.
//!
//! Reading a file is separate from importing it. Here a file becomes rows and a list of the lines that could
//! not be used; what is done with them is a command's business. Three rules hold for both kinds of file:
//!
//! - **A bad line never stops a file, and never goes unseen.** It is reported with its physical line number
//!   and the field, under a stable code ([`RowProblem`]).
//! - **A file that cannot be read as a whole is a fault, not a short file.** A truncated download ends in a
//!   [`ReferenceFault`], so nobody takes the half that came through for the whole.
//! - **No bytes can make it panic or grow without bound.** The whole country is ten million addresses, and
//!   what comes in was made elsewhere.

mod address_file;
mod code_list_file;
mod records;
mod source;

pub use address_file::AddressRows;
pub use code_list_file::{CodeListFile, CodeRow, read_code_lists};
pub use source::{Progress, Source, sha256_of};

use std::{fmt, io, path::PathBuf};

/// Why a reference file cannot be used at all.
///
/// What is wrong with one line is a [`RowProblem`]; this is for what leaves no lines to speak of.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceFault {
    /// The file cannot be opened.
    #[error("cannot open the reference file {}: {source}", path.display())]
    Open {
        /// The file that was asked for.
        path: PathBuf,
        /// What the machine said.
        source: io::Error,
    },
    /// Reading broke off. With a compressed file this is also what a truncated or damaged one gives.
    #[error("the reference file cannot be read to its end (fetch it again): {source}")]
    Read {
        /// What the machine or the decompressor said.
        #[from]
        source: io::Error,
    },
    /// The file holds nothing.
    #[error("the reference file is empty: its first line must name the columns")]
    Empty,
    /// The first line is not text, or has no end.
    #[error(
        "the first line of the reference file is not a line of UTF-8 text; save the file as CSV in UTF-8"
    )]
    HeaderNotText,
    /// The first line does not name a column that is needed.
    #[error(
        "the first line of the reference file names no column `{column}`; it may be called {}, and columns are \
         separated by `;`, `,` or a tab", accepted.join(" or ")
    )]
    MissingColumn {
        /// The column as this program calls it.
        column: &'static str,
        /// The names that it may have in the file.
        accepted: &'static [&'static str],
    },
    /// The first line names a column twice, and which of the two is meant cannot be known.
    #[error("the first line of the reference file names the column `{column}` more than once")]
    RepeatedColumn {
        /// The column as this program calls it.
        column: &'static str,
    },
    /// More rows than a file of this kind can have; code lists are held in memory as a whole.
    #[error("the reference file has more than {limit} rows; is it really a file of code lists?")]
    TooManyRows {
        /// The limit.
        limit: usize,
    },
}

/// What is wrong with one line of a reference file.
///
/// It names the line and the field and never the value: a report is shown, logged and mailed, and a line of
/// an address file says where somebody lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The physical line on which the row begins; the header is line 1.
    pub line: u64,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// The kinds of problem that one line can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// A field is missing or cannot be used; the row is left out.
    Invalid {
        /// The field, by this program's name for it; [`RECORD`] when the line as a whole is meant.
        field: &'static str,
        /// What is the matter with it.
        why: Why,
    },
    /// The list has this code already, from an earlier line; one of the two rows is left out.
    DuplicateKey {
        /// The earlier line.
        first_line: u64,
    },
    /// The parent that the row names is not among the rows; the row stays.
    UnknownParent,
}

/// The field name of a problem that is about the whole line.
pub const RECORD: &str = "record";

/// What is the matter with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Empty where something is needed.
    Missing,
    /// Longer than the field's limit.
    TooLong {
        /// The limit in characters.
        limit: usize,
    },
    /// Not UTF-8.
    NotText,
    /// Control characters in it.
    ControlCharacters,
    /// Not a date written `d-m-yyyy` or `yyyy-mm-dd`, or not in the calendar, or before 1800.
    NotADate,
    /// An end before the begin.
    EndBeforeBegin,
    /// Not a postcode: four digits and two letters.
    NotAPostcode,
    /// Not a house number from 1 to 99999.
    NotAHouseNumber,
    /// Another number of columns than the first line has.
    ColumnCount,
    /// A quote that is opened and not closed, or a line beyond any length that makes sense.
    Unclosed,
}

impl RowProblem {
    /// The stable code under which interfaces report the problem.
    pub fn code(&self) -> &'static str {
        match self.kind {
            ProblemKind::Invalid { .. } => "IMPORT_ROW_INVALID",
            ProblemKind::DuplicateKey { .. } => "IMPORT_DUPLICATE_KEY",
            ProblemKind::UnknownParent => "IMPORT_UNKNOWN_PARENT",
        }
    }

    /// The field that is meant, where the problem is about one.
    pub fn field(&self) -> Option<&'static str> {
        match self.kind {
            ProblemKind::Invalid { field, .. } => Some(field),
            ProblemKind::DuplicateKey { .. } => Some("code"),
            ProblemKind::UnknownParent => Some("parent"),
        }
    }

    /// A row that is left out for one of its fields.
    fn invalid(line: u64, (field, why): (&'static str, Why)) -> Self {
        Self { line, kind: ProblemKind::Invalid { field, why } }
    }
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line;
        match self.kind {
            ProblemKind::Invalid { field, why } => {
                write!(f, "line {line}: {field} {why}; the row is left out")
            }
            ProblemKind::DuplicateKey { first_line } => {
                write!(
                    f,
                    "line {line}: the list has this code from line {first_line}; the one in force longer stays"
                )
            }
            ProblemKind::UnknownParent => {
                write!(f, "line {line}: parent is not among the rows of this file; the row stays")
            }
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Missing => f.write_str("is missing"),
            Why::TooLong { limit } => write!(f, "is longer than {limit} characters"),
            Why::NotText => f.write_str("is not UTF-8 text"),
            Why::ControlCharacters => f.write_str("holds control characters"),
            Why::NotADate => f.write_str("is not a date (d-m-yyyy or yyyy-mm-dd)"),
            Why::EndBeforeBegin => f.write_str("is before begin"),
            Why::NotAPostcode => f.write_str("is not a postcode (1234AB)"),
            Why::NotAHouseNumber => f.write_str("is not a house number (1 to 99999)"),
            Why::ColumnCount => f.write_str("has another number of columns than the first line"),
            Why::Unclosed => f.write_str("has a quote that is not closed, or is too long"),
        }
    }
}

/// What the tests on the real files share.
#[cfg(test)]
mod real {
    use std::{
        env,
        path::{Path, PathBuf},
    };

    /// A real reference file, or nothing (and a line that says so) where they are not at hand.
    ///
    /// In CI a missing file fails: a suite that passes because it looked at nothing is worse than a red one.
    pub(super) fn file(name: &str) -> Option<PathBuf> {
        let folder = env::var("KRONIEK_REFERENCE_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let path = workspace.join(folder).join(name);
        if path.is_file() {
            return Some(path);
        }
        let said = format!("passed over: no reference data at {}", path.display());
        assert!(env::var("CI").as_deref() != Ok("true"), "{said}");
        println!("{said}");
        None
    }
}
