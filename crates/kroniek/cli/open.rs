//! Opening the data directory for a verb.

use super::fault::Fault;
use super::note;
use super::progress::Progress;
use kroniek_engine::{Engine, Log, LogOptions, OpenFault, Options, RebuildProgress};
use std::path::Path;

/// Opens a data directory, or makes one. `instead` is what to use while a server has it.
pub(super) fn or_make(data: &Path, instead: &'static str) -> Result<Engine, Fault> {
    let is_new = !is_data(data);
    let engine = engine(data, instead, &mut Progress::of_rebuild("catching up"))?;
    if is_new {
        note(&format!("{} is a new data directory", data.display()));
    }
    Ok(engine)
}

/// Opens a data directory that exists. Whether opening had to rebuild the read models shows in `progress`.
pub(super) fn existing(data: &Path, instead: &'static str, progress: &mut Progress) -> Result<Engine, Fault> {
    require(data)?;
    engine(data, instead, progress)
}

/// Opens only the log of a data directory that exists.
pub(super) fn log(data: &Path, instead: &'static str, accept_lost_head_mark: bool) -> Result<Log, Fault> {
    require(data)?;
    let options = LogOptions { accept_lost_head_mark, ..LogOptions::default() };
    kroniek_engine::open_log(data, &options).map_err(|fault| explained(fault, instead))
}

fn engine(data: &Path, instead: &'static str, progress: &mut Progress) -> Result<Engine, Fault> {
    let mut report = |done: RebuildProgress| progress.rebuilt(done);
    Engine::open(data, &Options::default(), &mut report).map_err(|fault| explained(fault, instead))
}

/// A verb that reads never makes a data directory out of a slip of the pen.
fn require(data: &Path) -> Result<(), Fault> {
    if is_data(data) { Ok(()) } else { Err(Fault::NoData(data.to_owned())) }
}

fn is_data(data: &Path) -> bool {
    data.join("log").is_dir()
}

fn explained(fault: OpenFault, instead: &'static str) -> Fault {
    if fault.is_locked() { Fault::InUse { fault, instead } } else { fault.into() }
}
