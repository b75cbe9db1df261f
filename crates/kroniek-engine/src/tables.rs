//! The address table in use: the file under its hash beside the log, and the index made from it.

use crate::fault::EngineFault;
use crate::import::ImportFault;
use crate::reference::{AddressRows, Progress, RowProblem, Source, sha256_of};
use kroniek_domain::Addresses;
use kroniek_views::addresses::AddressIndex;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// The table that lookups use.
pub(crate) struct AddressTables {
    dir: PathBuf,
    current: RwLock<Arc<Table>>,
}

enum Table {
    None,
    Ready(AddressIndex),
    Unavailable(String),
}

impl AddressTables {
    /// Opens the table that the log names, checks its file against the hash, and makes its index again if need be.
    pub(crate) fn open(dir: &Path, sha256: Option<[u8; 32]>) -> Self {
        let tables = Self { dir: dir.to_owned(), current: RwLock::new(Arc::new(Table::None)) };
        if let Some(sha256) = sha256 {
            tables.switch_to(&sha256);
        }
        tables
    }

    /// Makes the table with this hash the one in use; a table that cannot be used says why at every lookup.
    pub(crate) fn switch_to(&self, sha256: &[u8; 32]) {
        let table = self.load(sha256).map_or_else(Table::Unavailable, Table::Ready);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(table);
    }

    fn current(&self) -> Arc<Table> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The rows of a postcode and house number.
    pub(crate) fn find(&self, postcode: &str, house_no: u32) -> Addresses {
        match &*self.current() {
            Table::None => Addresses::NoTable,
            Table::Unavailable(why) => Addresses::Unavailable(why.clone()),
            Table::Ready(index) => match index.find(postcode, house_no) {
                Ok(rows) => Addresses::Rows(rows),
                Err(fault) => Addresses::Unavailable(fault.to_string()),
            },
        }
    }

    /// Why lookups do not work, if they should.
    pub(crate) fn trouble(&self) -> Option<String> {
        match &*self.current() {
            Table::None | Table::Ready(_) => None,
            Table::Unavailable(why) => Some(why.clone()),
        }
    }

    fn source_path(&self, sha256: &[u8; 32]) -> PathBuf {
        self.dir.join(format!("{}.source", hex(sha256)))
    }

    fn index_path(&self, sha256: &[u8; 32]) -> PathBuf {
        self.dir.join(format!("{}.sqlite", hex(sha256)))
    }

    fn load(&self, sha256: &[u8; 32]) -> Result<AddressIndex, String> {
        let source = self.source_path(sha256);
        match sha256_of(&source) {
            Ok(found) if found == *sha256 => {}
            Ok(_) => return Err(format!("{} was altered; import the original file again", source.display())),
            Err(fault) => return Err(format!("{fault}; import the same file again")),
        }
        let index = self.index_path(sha256);
        if let Ok(opened) = AddressIndex::open(&index, sha256) {
            return Ok(opened);
        }
        build(&source, &index, sha256, |_| {}, |_| {}).map_err(|fault| fault.to_string())?;
        AddressIndex::open(&index, sha256).map_err(|fault| fault.to_string())
    }

    /// Copies a file under its hash and makes its index.
    pub(crate) fn store(
        &self,
        path: &Path,
        progress: impl FnMut(Progress),
        report: impl FnMut(RowProblem),
    ) -> Result<StoredTable, ImportFault> {
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| EngineFault::Io { path, source }
        };
        fs::create_dir_all(&self.dir).map_err(io(&self.dir))?;
        // A file that is no address file is refused under its own name, before anything is copied.
        AddressRows::new(Source::open(path, |_| {})?)?;
        let sha256 = sha256_of(path)?;
        let kept = self.source_path(&sha256);
        let is_new = sha256_of(&kept).ok() != Some(sha256);
        if is_new {
            let temporary = kept.with_extension("copying");
            fs::copy(path, &temporary).map_err(io(&temporary))?;
            fs::File::open(&temporary).and_then(|file| file.sync_all()).map_err(io(&temporary))?;
            // What was copied is what was hashed, or it is not kept.
            if sha256_of(&temporary)? != sha256 {
                let changed = "the file changed while it was being read; import it again";
                return Err(io(path)(std::io::Error::other(changed)).into());
            }
            fs::rename(&temporary, &kept).map_err(io(&kept))?;
            fs::File::open(&self.dir).and_then(|dir| dir.sync_all()).map_err(io(&self.dir))?;
        }
        let built = build(&kept, &self.index_path(&sha256), &sha256, progress, report);
        if built.is_err() && is_new {
            // Nothing names it; what cannot be removed is only left-over space.
            let _left_over = fs::remove_file(&kept);
        }
        let (read, rows) = built?;
        Ok(StoredTable { sha256, read, rows })
    }
}

/// A file that was kept and indexed.
pub(crate) struct StoredTable {
    /// Its hash.
    pub(crate) sha256: [u8; 32],
    /// Rows that could be read.
    pub(crate) read: u64,
    /// Rows that differ from one another.
    pub(crate) rows: u64,
}

/// Makes the index of a kept file; answers the rows that could be read, and those that differ from one another.
fn build(
    source: &Path,
    index: &Path,
    sha256: &[u8; 32],
    progress: impl FnMut(Progress),
    report: impl FnMut(RowProblem),
) -> Result<(u64, u64), ImportFault> {
    let mut reader = Source::open(source, progress)?;
    let mut rows = AddressRows::new(&mut reader)?;
    let mut read = 0;
    let counted = rows.addresses(report).inspect(|row| read += u64::from(row.is_ok()));
    let built = AddressIndex::try_build(counted, index, sha256).map_err(|fault| EngineFault::Io {
        path: index.to_owned(),
        source: std::io::Error::other(fault.to_string()),
    })?;
    Ok((read, built))
}

/// Bytes in hexadecimal, as hashes are shown and files are named.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}
