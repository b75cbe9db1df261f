//! Space that is held back, so that a full disk can still be opened and emptied.
//!
//! After a write that failed for lack of space sled must rewrite the end of its file before it opens, which takes up
//! to a few of its segments of 8 MiB. The reserve is a file of that order with real blocks (zeros written and synced:
//! a sparse file reserves nothing) and is deleted when the space is needed.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

const CHUNK: usize = 1024 * 1024;

/// The reserve of one log.
#[derive(Debug)]
pub(crate) struct Reserve {
    path: PathBuf,
    bytes: u64,
}

impl Reserve {
    pub(crate) fn new(dir: &Path, bytes: u64) -> Self {
        Self { path: dir.join("reserve"), bytes }
    }

    /// Makes the reserve as large as it should be, if the disk has the space and as much again.
    ///
    /// That this fails is no reason not to open: it is tried again at the next opening.
    pub(crate) fn fill(&self) {
        if let Err(error) = self.try_fill() {
            self.give_up();
            tracing::warn!(path = %self.path.display(), %error, "no space is held in reserve");
        }
    }

    fn try_fill(&self) -> io::Result<()> {
        let present = fs::metadata(&self.path).map_or(0, |found| found.len());
        if present == self.bytes {
            return Ok(());
        }
        self.give_up();
        if self.bytes == 0 {
            return Ok(());
        }
        let dir = self.path.parent().unwrap_or(Path::new("."));
        if fs4::available_space(dir)? < self.bytes.saturating_mul(2) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&self.path)?;
        let zeros = vec![0; CHUNK];
        let mut missing = self.bytes;
        while missing > 0 {
            let now = usize::try_from(missing).map_or(CHUNK, |missing| missing.min(CHUNK));
            file.write_all(&zeros[..now])?;
            missing -= now as u64;
        }
        file.sync_all()
    }

    /// Gives the space back to the disk. Returns whether there was any to give.
    pub(crate) fn give_up(&self) -> bool {
        fs::remove_file(&self.path).is_ok()
    }
}
