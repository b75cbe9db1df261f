//! What the writer, the snapshots and the engine's handle share.

use crate::clock::Clock;
use crate::envelope::Commit;
use crate::fault::EngineFault;
use crate::states::States;
use crate::tables::AddressTables;
use kroniek_domain::Position;
use kroniek_log::Log;
use kroniek_views::Views;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// The places in a data directory.
#[derive(Clone, Debug)]
pub(crate) struct DataDir {
    root: PathBuf,
}

impl DataDir {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    pub(crate) fn views(&self) -> PathBuf {
        self.root.join("views")
    }

    pub(crate) fn reference(&self) -> PathBuf {
        self.root.join("reference")
    }

    pub(crate) fn digest_key(&self) -> PathBuf {
        self.root.join("digest.key")
    }
}

/// What the writer and everybody else share.
pub(crate) struct Shared {
    pub(crate) log: Log,
    pub(crate) views: Views,
    pub(crate) states: States,
    pub(crate) tables: AddressTables,
    pub(crate) max_commit_bytes: usize,
    pub(crate) clock: Clock,
    /// Why projecting stopped, while it is stopped.
    pub(crate) stopped: Mutex<Option<String>>,
    /// Whether a group could not be appended, and the writer has not begun anew since.
    pub(crate) append_failed: AtomicBool,
    /// The position that the read models show at least.
    pub(crate) projected: AtomicU64,
    /// Held by the one rebuild that may run.
    pub(crate) rebuilding: Mutex<()>,
}

impl Shared {
    /// A commit that some read model or caller says is in the log.
    pub(crate) fn commit(&self, position: Position) -> Result<Commit, EngineFault> {
        let missing = || EngineFault::Undecodable { position: position.0, why: "it is missing".to_owned() };
        Commit::read(&self.log.read_one(position.0)?.ok_or_else(missing)?)
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped().is_some()
    }

    pub(crate) fn stopped(&self) -> Option<String> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_stopped(&self, why: Option<String>) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }

    pub(crate) fn append_failed(&self) -> bool {
        self.append_failed.load(Ordering::Acquire)
    }

    pub(crate) fn set_append_failed(&self, failed: bool) {
        self.append_failed.store(failed, Ordering::Release);
    }

    pub(crate) fn projected(&self) -> Position {
        Position(self.projected.load(Ordering::Acquire))
    }

    pub(crate) fn set_projected(&self, position: Position) {
        self.projected.store(position.0, Ordering::Release);
    }
}
