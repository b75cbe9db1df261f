//! Why a verb did not do what was asked.

use crate::http::StartFault;
use kroniek_domain::ids::NotAnEntity;
use kroniek_domain::{EntityId, Problem};
use kroniek_engine::{EngineFault, ExecuteFault, ImportFault, OpenFault, ProofFault};
use std::io;
use std::path::PathBuf;

/// Why a verb did not do what was asked; its text says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// There is nothing to read.
    #[error("{} is no data directory of Kroniek; name yours with --data, or make one with `kroniek serve`", .0.display())]
    NoData(PathBuf),
    /// Another process works on the data directory.
    #[error("{fault}. {instead}")]
    InUse {
        /// What the log says.
        fault: OpenFault,
        /// What to use in the place of the verb.
        instead: &'static str,
    },
    /// The data directory cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenFault),
    /// Reading or writing the data directory failed.
    #[error(transparent)]
    Engine(#[from] EngineFault),
    /// The log is not what was written.
    #[error("the log is damaged: {0}")]
    Damaged(#[from] ProofFault),
    /// The import was not done.
    #[error(transparent)]
    Import(#[from] ImportFault),
    /// No row of the file could be used.
    #[error("{}: none of its rows could be imported", .0.display())]
    NothingImported(PathBuf),
    /// The argument names no entity.
    #[error(transparent)]
    NotAnEntity(#[from] NotAnEntity),
    /// There is no such entity.
    #[error("{0} does not exist")]
    Unknown(EntityId),
    /// The server did not start.
    #[error(transparent)]
    Start(#[from] StartFault),
    /// A second signal came before the first was answered.
    #[error("stopped at once; what was acknowledged is on disk")]
    StoppedAtOnce,
    /// The rebuild was stopped.
    #[error(
        "stopped at position {position} of {head}; what is done is kept, and the same command goes on from there"
    )]
    RebuildStopped {
        /// Position that is done.
        position: u64,
        /// Position that it goes to.
        head: u64,
    },
    /// A command of the sample failed.
    #[error("the sample could not be made: {0}")]
    Sample(#[from] ExecuteFault),
    /// A command of the sample was refused.
    #[error("the sample could not be made: {}", .0.first().map_or_else(String::new, ToString::to_string))]
    SampleRefused(Vec<Problem>),
    /// The file to be written is there.
    #[error("{} exists already, and an export replaces nothing; choose another name", .0.display())]
    Exists(PathBuf),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The results cannot be written.
    #[error("the results cannot be written: {0}")]
    Output(#[source] io::Error),
    /// The system does not give what a server needs.
    #[error("cannot start: {0}")]
    System(#[source] io::Error),
}

impl Fault {
    /// Whether nobody reads the output any more, which is no failure.
    pub fn is_broken_pipe(&self) -> bool {
        match self {
            Self::Output(source) | Self::Engine(EngineFault::Io { source, .. }) => {
                source.kind() == io::ErrorKind::BrokenPipe
            }
            _ => false,
        }
    }
}
