//! `kroniek export`.

use super::fault::Fault;
use super::{note, open};
use indicatif::HumanCount;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

const INSTEAD: &str = "Stop the server, export, and start it again.";

/// Export the log as JSON Lines, one commit a line
///
/// Everything that was ever recorded, oldest first, with the hash chain. Dates of birth and death, BSN and gender are
/// masked unless --sensitive is given.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kroniek export | head -n 3\n  kroniek export --out log.jsonl")]
pub(super) struct Export {
    /// Write to a new file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Show sensitive values instead of masking them
    #[arg(long)]
    sensitive: bool,
}

impl Export {
    pub(super) fn run(&self, data: &Path, out: &mut dyn Write) -> Result<(), Fault> {
        let log = open::log(data, INSTEAD, false)?;
        let Some(path) = &self.out else {
            kroniek_engine::export(&log, out, self.sensitive)?;
            return Ok(());
        };
        // An export is evidence: it replaces nothing.
        let at = |source| Fault::File { path: path.clone(), source };
        let file = match File::create_new(path) {
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => {
                return Err(Fault::Exists(path.clone()));
            }
            created => created.map_err(at)?,
        };
        let mut writer = BufWriter::new(file);
        let commits = kroniek_engine::export(&log, &mut writer, self.sensitive)?;
        writer.into_inner().map_err(|fault| at(fault.into_error()))?.sync_all().map_err(at)?;
        note(&format!("{} commits exported to {}", HumanCount(commits), path.display()));
        Ok(())
    }
}
