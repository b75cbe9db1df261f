//! What can break below the read models.

use std::path::PathBuf;

/// The read models cannot be read or written. Nothing is lost: they are rebuilt from the log.
#[derive(Debug, thiserror::Error)]
pub enum ViewFault {
    /// SQLite refused.
    #[error(
        "the read models cannot be used: {0}; if this goes on, stop the server and run `kroniek rebuild`"
    )]
    Sqlite(#[from] rusqlite::Error),
    /// A file or folder of the read models cannot be used.
    #[error("{}: {source}; check rights and free space, or remove it and run `kroniek rebuild`", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A stored state does not decode.
    #[error("a stored state of {entity} does not decode ({why}): run `kroniek rebuild`")]
    Decode {
        /// Which entity.
        entity: String,
        /// What the codec said.
        why: String,
    },
    /// Somebody asked to stop.
    #[error("stopped on request; run it again to go on from where it was")]
    Cancelled,
}
