//! Small steps with files that the parts of the log share.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::fault::OpenFault;

/// Turns an error about `path` into a fault that names it.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> OpenFault {
    let path = path.to_path_buf();
    move |source| {
        if is_full(&source) { OpenFault::StorageFull { path } } else { OpenFault::Io { path, source } }
    }
}

/// Whether the error says that there is no space left.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Makes creations, renames and removals in a directory durable.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), OpenFault> {
    // Only Unix can open a directory as a file; elsewhere the file system orders these itself.
    if cfg!(unix) { File::open(dir).and_then(|dir| dir.sync_all()).map_err(at(dir)) } else { Ok(()) }
}
