//! One writer per log: an exclusive lock on a file in its directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use crate::fault::OpenFault;
use crate::files;

/// Holds the lock until it is dropped; the operating system releases it when the process dies.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock, or says who has it.
    pub(crate) fn take(dir: &Path) -> Result<Self, OpenFault> {
        let path = dir.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(files::at(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let known = (&file).take(20).read_to_string(&mut pid).is_ok() && !pid.trim().is_empty();
                let holder = if known { format!("process {}", pid.trim()) } else { "another process".into() };
                return Err(OpenFault::Locked { path, holder });
            }
            Err(TryLockError::Error(source)) => return Err(OpenFault::Io { path, source }),
        }
        // The process id only serves the message above; a full disk must not keep the log from opening.
        let note = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        if let Err(error) = note {
            tracing::warn!(path = %path.display(), %error, "could not note the process id in the lock file");
        }
        Ok(Self { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file alone would leave the lock with a child that was forked and has not yet begun its own program.
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the lock of the log is released only by closing its file");
        }
    }
}
