//! What can break in the shell: typed, with the place and what to do.

use kroniek_domain::Position;
use kroniek_views::ViewFault;
use std::path::PathBuf;

/// Reading or rebuilding failed.
#[derive(Debug, thiserror::Error)]
pub enum EngineFault {
    /// The log cannot be read.
    #[error("the log cannot be read: {0}; run `kroniek verify`")]
    Log(#[from] kroniek_log::ReadFault),
    /// A commit does not decode.
    #[error("position {position} does not decode ({why}); run `kroniek verify`")]
    Undecodable {
        /// Its position.
        position: u64,
        /// What the codec said.
        why: String,
    },
    /// The read models cannot be used.
    #[error(transparent)]
    Views(#[from] ViewFault),
    /// A file or folder of the data directory cannot be used.
    #[error("{}: {source}; check rights and free space", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The writer is gone: it was shut down, or it stopped over a fault.
    #[error("the engine is shutting down")]
    ShuttingDown,
}

impl EngineFault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Log(_) | Self::Undecodable { .. } => "LOG_UNREADABLE",
            Self::Views(_) => "VIEWS_UNAVAILABLE",
            Self::Io { .. } => "IO",
            Self::ShuttingDown => "SHUTTING_DOWN",
        }
    }
}

/// A data directory cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// The log says why.
    #[error(transparent)]
    Log(#[from] kroniek_log::OpenFault),
    /// The read models know commits that the log does not have: commits were lost, or the two do not belong together.
    #[error(
        "{}: the read models are at position {views}, the log ends at {log}: commits are missing; \
         restore the log from a backup, or, if this log is the right one, remove the folder of the read models",
        path.display()
    )]
    ViewsAhead {
        /// Folder of the read models.
        path: PathBuf,
        /// Their position.
        views: Position,
        /// The log's.
        log: Position,
    },
    /// The read models hold another commit than the log at their checkpoint.
    #[error(
        "{}: the read models were made from another log (position {position} has another hash); \
         restore the right log, or remove the folder of the read models", path.display()
    )]
    ViewsOfAnotherLog {
        /// Folder of the read models.
        path: PathBuf,
        /// Their position.
        position: Position,
    },
    /// Anything else.
    #[error(transparent)]
    Engine(#[from] EngineFault),
}

impl OpenFault {
    /// Whether another process, or another handle in this one, has the data directory.
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Log(kroniek_log::OpenFault::Locked { .. }))
    }
}

/// A command could not be executed; not a refusal, but something broken or full.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExecuteFault {
    /// Too many commands wait already.
    #[error("too many commands are waiting; try again in a moment")]
    Overloaded,
    /// No new commands are taken.
    #[error("the server is shutting down; try again when it is back")]
    ShuttingDown,
    /// The disk is full. Reads go on; nothing acknowledged is lost.
    #[error("the disk is full; free space{}", if *reopen { " and start the server again" } else { "" })]
    StorageFull {
        /// Whether the server must be started again.
        reopen: bool,
    },
    /// A write or sync failed; writes are refused until the server is started again.
    #[error(
        "the log could not be made durable ({why}); whether the command is there shows after a restart: examine the disk, start again, and repeat it with the same commandId"
    )]
    LogPoisoned {
        /// The failure.
        why: String,
    },
    /// The command is durable, but the read models do not show it yet.
    #[error("the command is stored at position {}, but the read models are behind; repeating it with the same commandId is safe", position.0)]
    ProjectionBehind {
        /// The position of the commit.
        position: Position,
    },
    /// The read models that decisions need are stopped.
    #[error("the read models have stopped ({why}); commands are refused until they are back")]
    ViewsStopped {
        /// The failure.
        why: String,
    },
    /// Something else is broken.
    #[error("{why}")]
    Broken {
        /// The failure.
        why: String,
    },
}

impl ExecuteFault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Overloaded => "OVERLOADED",
            Self::ShuttingDown => "SHUTTING_DOWN",
            Self::StorageFull { .. } => "STORAGE_FULL",
            Self::LogPoisoned { .. } => "LOG_POISONED",
            Self::ProjectionBehind { .. } => "PROJECTION_BEHIND",
            Self::ViewsStopped { .. } => "VIEWS_STOPPED",
            Self::Broken { .. } => "INTERNAL",
        }
    }
}
