//! The mark that a live file is written without waiting for the disk.
//!
//! Read models come back from the log, so waiting for the disk would only buy a quicker start after a power cut, and it
//! costs every command. A killed process loses nothing of what it wrote: the system has it. When the machine stops, any
//! part of the file may be old. So a mark beside the file names the boot of the machine, from before the first such write
//! until the file is on disk as a whole. A file whose mark names another boot is not trusted: it is built anew. Where the
//! boot has no name, every write waits.
//!
//! A disk that goes away and comes back under a running machine is not noticed here.

use std::fs;
use std::io::{ErrorKind, Result, Write as _};
use std::path::Path;

const MARK: &str = "unsynced";

/// The name of this boot of the machine; `None` where there is none to be had.
fn boot() -> Option<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}

/// Whether everything that was written to the live file of this folder is there: it was synced, or the machine has run
/// ever since.
pub(crate) fn is_whole(dir: &Path) -> Result<bool> {
    match fs::read_to_string(dir.join(MARK)) {
        Ok(marked) => Ok(boot().is_some_and(|boot| boot == marked)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        // Not what was written here.
        Err(error) if error.kind() == ErrorKind::InvalidData => Ok(false),
        Err(error) => Err(error),
    }
}

/// Marks the folder, whose live file is whole, with this boot, if that has a name: then it may be written without syncing.
pub(crate) fn begin(dir: &Path) -> Result<bool> {
    match boot() {
        Some(boot) => mark(dir, &boot).map(|()| true),
        // A mark of another machine says nothing of this file.
        None => unmark(dir).map(|()| false),
    }
}

/// On disk when this returns.
fn mark(dir: &Path, boot: &str) -> Result<()> {
    let temporary = dir.join("unsynced.new");
    let mut file = fs::File::create(&temporary)?;
    file.write_all(boot.as_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, dir.join(MARK))?;
    fs::File::open(dir)?.sync_all()
}

/// Takes the mark away, when everything is on disk.
pub(crate) fn unmark(dir: &Path) -> Result<()> {
    match fs::remove_file(dir.join(MARK)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => fs::File::open(dir)?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_mark_of_this_boot_is_trusted() {
        let dir = tempfile::tempdir().expect("dir");
        assert!(is_whole(dir.path()).expect("reads"), "nothing was written without syncing");
        for other in ["", "the boot before", "\u{fffd}"] {
            mark(dir.path(), other).expect("marks");
            assert!(!is_whole(dir.path()).expect("reads"), "{other}");
        }
        fs::write(dir.path().join(MARK), [0xff, 0xfe]).expect("writes");
        assert!(!is_whole(dir.path()).expect("reads"));
        if let Some(boot) = boot() {
            mark(dir.path(), &boot).expect("marks");
            assert!(is_whole(dir.path()).expect("reads"), "the system has what a killed process wrote");
        }
        unmark(dir.path()).expect("takes it away");
        unmark(dir.path()).expect("it is away");
        assert!(is_whole(dir.path()).expect("reads"));
    }
}
