//! The address index: postcode and house number to street and city, for the lookup of E1-21.
//!
//! It is made from an imported address file and is never the truth: it carries the SHA-256 of the file that
//! it was made from, and may be deleted at any time. It is a file of its own beside the read models, because
//! it is replaced as a whole when another address file is imported and not when an event arrives.
//!
//! On disk it is an SQLite database of three tables. Street and city are stored once per street (5,779 for
//! the 222,210 addresses of a province) and the addresses are a clustered table, in the order in which they
//! are asked for: about 22 bytes per address, where a plain table with an index takes 42.
//!
//! SQLite notices damage to its structure and to lengths, and that becomes [`AddressIndexFault::Damaged`]. A
//! letter changed within a street's name it does not notice; nothing that is stored here is a fact of its
//! own.

use std::{
    collections::HashMap,
    convert::Infallible,
    error::Error,
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use kroniek_domain::AddressRow;
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi, params};

/// The layout of the file. Raise it with every change to what [`SCHEMA`] means: an index of another layout is
/// not read but made again.
const LAYOUT: i64 = 1;

const SCHEMA: &str = "
    CREATE TABLE meta (layout INTEGER NOT NULL, source_sha256 BLOB NOT NULL, rows INTEGER NOT NULL) STRICT;
    CREATE TABLE place (id INTEGER PRIMARY KEY, street TEXT NOT NULL, city TEXT NOT NULL) STRICT;
    CREATE TABLE address (
        postcode TEXT NOT NULL,
        house_no INTEGER NOT NULL,
        letter TEXT NOT NULL,
        addition TEXT NOT NULL,
        place INTEGER NOT NULL,
        PRIMARY KEY (postcode, house_no, letter, addition, place)
    ) STRICT, WITHOUT ROWID;
";

/// An outer join, so that an address whose place is gone from a damaged file is a fault and not a missing
/// row. Ordered by content and not by place number, so that the order does not depend on the order of the
/// file.
const FIND: &str = "
    SELECT place.street, address.letter, address.addition, place.city
    FROM address LEFT JOIN place ON place.id = address.place
    WHERE address.postcode = ?1 AND address.house_no = ?2
    ORDER BY address.letter, address.addition, place.street, place.city
";

/// Rows are written in sorted runs of this many, so that a file in any order touches the pages of the table
/// in long strokes. A file that is in order already costs one comparison per row.
const RUN_ROWS: usize = 200_000;

/// The addresses of one imported file, by postcode and house number.
///
/// It may be shared between threads: lookups take microseconds and go one after the other.
#[derive(Debug)]
pub struct AddressIndex {
    connection: Mutex<Connection>,
    path: PathBuf,
    rows: u64,
}

/// Why an address index cannot be built or read.
#[derive(Debug, thiserror::Error)]
pub enum AddressIndexFault {
    /// There is no index.
    #[error("there is no address index at {}; it is built from the imported address file", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The index was made from another file than the one that is in force.
    #[error("the address index {} was made from another address file; delete it, and it is built again",
        path.display())]
    OtherSource {
        /// The index.
        path: PathBuf,
    },
    /// The index was made by another version of this program.
    #[error("the address index {} has layout {found} and this program reads {LAYOUT}; delete it, and it is built \
        again", path.display())]
    OtherLayout {
        /// The index.
        path: PathBuf,
        /// The layout that it says it has.
        found: i64,
    },
    /// The index is damaged, or is no index.
    #[error("the address index {} is damaged ({detail}); delete it, and it is built again from the imported \
        address file", path.display())]
    Damaged {
        /// The index.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// The machine refuses: rights, a full disk, a failing one. Deleting the index would not help.
    #[error("the address index {} cannot be read or written: {source}", path.display())]
    Io {
        /// The index, or the file that it is built in.
        path: PathBuf,
        /// What the machine said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The rows to build it from broke off; nothing was put in place.
    #[error("the address index was not built, the rows broke off: {0}")]
    Rows(#[source] Box<dyn Error + Send + Sync>),
}

impl AddressIndexFault {
    /// Whether deleting the index and building it from the imported file is the remedy.
    pub fn is_cured_by_rebuild(&self) -> bool {
        match self {
            Self::Missing { .. }
            | Self::OtherSource { .. }
            | Self::OtherLayout { .. }
            | Self::Damaged { .. } => true,
            Self::Io { .. } | Self::Rows(_) => false,
        }
    }

    /// Sorts what SQLite says into damage, which a rebuild cures, and the machine's refusals, which it does
    /// not.
    fn of(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let of_the_machine = matches!(
            error.sqlite_error(),
            Some(ffi::Error {
                code: ErrorCode::CannotOpen
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::OutOfMemory
                    | ErrorCode::PermissionDenied
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::DiskFull
                    | ErrorCode::ReadOnly
                    | ErrorCode::FileLockingProtocolFailed
                    | ErrorCode::NoLargeFileSupport
                    | ErrorCode::OperationInterrupted,
                ..
            })
        );
        if of_the_machine {
            Self::Io { path, source: Box::new(error) }
        } else {
            Self::Damaged { path, detail: error.to_string() }
        }
    }

    /// When writing there is nothing of ours that could be damaged: whatever goes wrong is the machine's.
    fn writing<E: Error + Send + Sync + 'static>(path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, source: Box::new(error) }
    }
}

impl AddressIndex {
    /// Builds an index at `dest`, replacing what is there, and gives the number of addresses in it. Rows that
    /// are the same in every field become one.
    ///
    /// `sha256` is the hash of the file that the rows are from. It is built under another name and renamed
    /// once it is on disk, so that at `dest` there is never half an index.
    pub fn build(
        rows: impl Iterator<Item = AddressRow>,
        dest: &Path,
        sha256: &[u8; 32],
    ) -> Result<u64, AddressIndexFault> {
        Self::try_build(rows.map(Ok::<_, Infallible>), dest, sha256)
    }

    /// As [`build`](Self::build), from rows that may break off. Then nothing is put in place: half a file
    /// must not become an index that says it is of the whole file.
    pub fn try_build<E: Error + Send + Sync + 'static>(
        rows: impl Iterator<Item = Result<AddressRow, E>>,
        dest: &Path,
        sha256: &[u8; 32],
    ) -> Result<u64, AddressIndexFault> {
        // A fixed name: what a killed build leaves behind is replaced by the next one and does not pile up.
        let mut name = dest.file_name().map_or_else(OsString::new, ToOwned::to_owned);
        name.push(".building");
        let building = dest.with_file_name(name);
        let built = write(rows, &building, sha256).and_then(|count| {
            put_in_place(&building, dest).map_err(AddressIndexFault::writing(dest)).map(|()| count)
        });
        if built.is_err() {
            // The fault that is being reported matters, not that its remains cannot be removed.
            let _ = fs::remove_file(&building);
        }
        built
    }

    /// Opens the index that was built from the file with this hash.
    pub fn open(path: &Path, sha256: &[u8; 32]) -> Result<Self, AddressIndexFault> {
        let exists = path.try_exists().map_err(AddressIndexFault::writing(path))?;
        if !exists {
            return Err(AddressIndexFault::Missing { path: path.to_owned() });
        }
        let fault = |error| AddressIndexFault::of(path, error);
        // The mutex around it is all the locking that the connection needs.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
        // The file never changes once it is in place. Keeping the lock saves asking at every lookup whether
        // it did, and keeps the pages that were read.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(fault)?;
        connection.pragma_update(None, "cell_size_check", true).map_err(fault)?;
        // 16 MiB of pages, counted in KiB.
        connection.pragma_update(None, "cache_size", -16_384).map_err(fault)?;
        let meta = "SELECT layout, source_sha256, rows FROM meta";
        let (layout, source, rows) = connection
            .query_row(meta, [], |row| {
                // The layout first: the rest may mean something else in another one.
                let layout = row.get::<_, i64>(0)?;
                Ok((layout, row.get::<_, Vec<u8>>(1)?, row.get::<_, i64>(2)?))
            })
            .map_err(fault)?;
        if layout != LAYOUT {
            return Err(AddressIndexFault::OtherLayout { path: path.to_owned(), found: layout });
        }
        if source != sha256 {
            return Err(AddressIndexFault::OtherSource { path: path.to_owned() });
        }
        let rows = u64::try_from(rows).map_err(|_| AddressIndexFault::Damaged {
            path: path.to_owned(),
            detail: "the number of rows is negative".to_owned(),
        })?;
        // Prepared once here, so that a file without these tables is refused now and not at the first lookup.
        connection.prepare_cached(FIND).map_err(fault)?;
        Ok(Self { connection: Mutex::new(connection), path: path.to_owned(), rows })
    }

    /// Every address with this postcode (written `1234AB`) and house number, ordered by letter, addition,
    /// street and city, in byte order.
    pub fn find(&self, postcode: &str, house_no: u32) -> Result<Vec<AddressRow>, AddressIndexFault> {
        let connection = self.connection();
        let read = || -> Result<Vec<AddressRow>, rusqlite::Error> {
            let mut statement = connection.prepare_cached(FIND)?;
            let rows = statement.query_map(params![postcode, house_no], |row| {
                Ok(AddressRow {
                    street: row.get(0)?,
                    house_no,
                    letter: row.get(1)?,
                    addition: row.get(2)?,
                    postcode: postcode.to_owned(),
                    city: row.get(3)?,
                })
            })?;
            rows.collect()
        };
        read().map_err(|error| AddressIndexFault::of(&self.path, error))
    }

    /// The number of addresses.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// A panic of another thread between lock and unlock leaves nothing half done: the connection only reads.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes the whole index to a file of its own and closes it.
fn write<E: Error + Send + Sync + 'static>(
    rows: impl Iterator<Item = Result<AddressRow, E>>,
    building: &Path,
    sha256: &[u8; 32],
) -> Result<u64, AddressIndexFault> {
    match fs::remove_file(building) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(AddressIndexFault::writing(building)(error));
        }
        _ => {}
    }
    let fault = || AddressIndexFault::writing::<rusqlite::Error>(building);
    let mut connection = Connection::open(building).map_err(fault())?;
    // Nobody reads this file before it is renamed, and it is synced as a whole before that: a journal, and
    // syncs in between, would protect nothing.
    for (pragma, value) in [("journal_mode", "OFF"), ("synchronous", "OFF"), ("locking_mode", "EXCLUSIVE")] {
        connection.pragma_update(None, pragma, value).map_err(fault())?;
    }
    // 64 MiB of pages, counted in KiB.
    connection.pragma_update(None, "cache_size", -65_536).map_err(fault())?;
    let transaction = connection.transaction().map_err(fault())?;
    transaction.execute_batch(SCHEMA).map_err(fault())?;
    let mut count = 0;
    {
        let mut places = Places::default();
        let mut insert_place = transaction
            .prepare("INSERT INTO place (id, street, city) VALUES (?1, ?2, ?3)")
            .map_err(fault())?;
        let mut insert_address = transaction
            .prepare(
                "INSERT OR IGNORE INTO address (postcode, house_no, letter, addition, place) \
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )
            .map_err(fault())?;
        let mut write_run = |run: &mut Vec<AddressRow>| -> Result<u64, rusqlite::Error> {
            run.sort_by(|a, b| {
                (&a.postcode, a.house_no, &a.letter, &a.addition).cmp(&(
                    &b.postcode,
                    b.house_no,
                    &b.letter,
                    &b.addition,
                ))
            });
            let mut written = 0;
            for row in run.drain(..) {
                let AddressRow { street, house_no, letter, addition, postcode, city } = row;
                let (place, new) = places.number(&street, &city);
                if new {
                    insert_place.execute(params![place, street, city])?;
                }
                written +=
                    insert_address.execute(params![postcode, house_no, letter, addition, place])? as u64;
            }
            Ok(written)
        };
        let mut run = Vec::new();
        for row in rows {
            run.push(row.map_err(|error| AddressIndexFault::Rows(Box::new(error)))?);
            if run.len() == RUN_ROWS {
                count += write_run(&mut run).map_err(fault())?;
            }
        }
        count += write_run(&mut run).map_err(fault())?;
    }
    // Rows are counted by ones and zeros: a count beyond i64 cannot be reached.
    let stored = i64::try_from(count).unwrap_or(i64::MAX);
    transaction
        .execute(
            "INSERT INTO meta (layout, source_sha256, rows) VALUES (?1, ?2, ?3)",
            params![LAYOUT, sha256.as_slice(), stored],
        )
        .map_err(fault())?;
    transaction.commit().map_err(fault())?;
    connection.close().map_err(|(_, error)| fault()(error))?;
    Ok(count)
}

/// Syncs what was built, renames it, and syncs the folder, so that the name is on disk too.
fn put_in_place(building: &Path, dest: &Path) -> io::Result<()> {
    File::open(building)?.sync_all()?;
    fs::rename(building, dest)?;
    let folder = dest.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Streets with their city, numbered from 1 as they come up. They are held in memory while the index is built: one
/// for every 38 addresses in the real province.
#[derive(Default)]
struct Places {
    /// By city and then street, which finds a place that is known without making a key.
    numbers: HashMap<String, HashMap<String, i64>>,
    last: i64,
}

impl Places {
    /// The number of a place, and whether it is new.
    fn number(&mut self, street: &str, city: &str) -> (i64, bool) {
        if let Some(number) = self.numbers.get(city).and_then(|streets| streets.get(street)) {
            return (*number, false);
        }
        self.last += 1;
        self.numbers.entry(city.to_owned()).or_default().insert(street.to_owned(), self.last);
        (self.last, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: [u8; 32] = [7; 32];

    fn address(postcode: &str, house_no: u32, letter: &str, addition: &str, street: &str) -> AddressRow {
        let [street, letter, addition, postcode] = [street, letter, addition, postcode].map(str::to_owned);
        AddressRow { street, house_no, letter, addition, postcode, city: "Nergens".to_owned() }
    }

    /// Made-up addresses, `n` of them, twenty to a postcode.
    fn town(n: u32) -> impl Iterator<Item = AddressRow> {
        (0..n).map(|i| {
            let letter = |i: u32| char::from(b'E' + u8::try_from(i % 10).unwrap());
            let block = i / 20;
            let postcode = format!("{}{}{}", 1000 + block / 100 % 9000, letter(block / 10), letter(block));
            address(&postcode, i % 20 + 1, "", "", &format!("Street {}", i / 40))
        })
    }

    fn built(rows: impl Iterator<Item = AddressRow>) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("addresses.index");
        AddressIndex::build(rows, &path, &SOURCE).unwrap();
        (dir, path)
    }

    #[test]
    fn e1_21_every_row_of_a_postcode_and_number_is_found_in_one_order_whatever_the_order_of_the_file() {
        let rows = [
            address("9999XA", 2, "", "", "Dorpsweg"),
            address("9999XA", 2, "", "bis", "Dorpsweg"),
            address("9999XA", 2, "A", "", "Achterweg"),
            address("9999XA", 2, "A", "", "Dorpsweg"),
        ];
        let other = [address("9999XA", 20, "", "", "Dorpsweg"), address("9999XB", 2, "", "", "Dorpsweg")];
        let all: Vec<_> = rows.iter().chain(&other).cloned().collect();
        for reversed in [false, true] {
            let mut all = all.clone();
            if reversed {
                all.reverse();
            }
            let (_dir, path) = built(all.into_iter());
            let index = AddressIndex::open(&path, &SOURCE).unwrap();
            assert_eq!(index.find("9999XA", 2).unwrap(), rows);
            assert_eq!(index.find("9999XA", 3).unwrap(), []);
            assert_eq!(index.find("", 0).unwrap(), []);
            assert_eq!(index.rows(), 6);
        }
    }

    #[test]
    fn e1_21_rows_that_are_the_same_in_every_field_are_one_also_when_they_stand_far_apart() {
        let n = u32::try_from(RUN_ROWS).unwrap() / 2 + 10;
        let (_dir, path) = built(town(n).chain(town(n)));
        let index = AddressIndex::open(&path, &SOURCE).unwrap();
        assert_eq!(index.rows(), u64::from(n));
        let first = town(1).next().unwrap();
        assert_eq!(index.find(&first.postcode, first.house_no).unwrap(), [first]);
    }

    #[test]
    fn e1_21_an_index_of_another_file_or_layout_is_refused_and_a_rebuild_is_the_remedy() {
        let (dir, path) = built(town(50));
        let fault = AddressIndex::open(&path, &[8; 32]).unwrap_err();
        assert!(matches!(fault, AddressIndexFault::OtherSource { .. }) && fault.is_cured_by_rebuild());
        Connection::open(&path).unwrap().execute("UPDATE meta SET layout = 99", []).unwrap();
        let fault = AddressIndex::open(&path, &SOURCE).unwrap_err();
        assert!(
            matches!(fault, AddressIndexFault::OtherLayout { found: 99, .. }) && fault.is_cured_by_rebuild()
        );
        let fault = AddressIndex::open(&dir.path().join("nowhere"), &SOURCE).unwrap_err();
        assert!(matches!(fault, AddressIndexFault::Missing { .. }) && fault.is_cured_by_rebuild());
        assert!(!dir.path().join("nowhere").exists());
        AddressIndex::build(town(60), &path, &[8; 32]).unwrap();
        assert_eq!(AddressIndex::open(&path, &[8; 32]).unwrap().rows(), 60);
    }

    #[test]
    fn e1_21_rows_that_break_off_leave_the_old_index_in_place_and_nothing_beside_it() {
        let (dir, path) = built(town(50));
        let rows = town(30).map(Ok).chain([Err(io::Error::other("cut off"))]);
        let fault = AddressIndex::try_build(rows, &path, &[8; 32]).unwrap_err();
        assert!(matches!(fault, AddressIndexFault::Rows(_)) && fault.to_string().contains("cut off"));
        assert_eq!(AddressIndex::open(&path, &SOURCE).unwrap().rows(), 50);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn e1_21_what_a_killed_build_left_behind_does_not_stand_in_the_way() {
        let (dir, path) = built(town(50));
        fs::write(dir.path().join("addresses.index.building"), b"half").unwrap();
        AddressIndex::build(town(60), &path, &SOURCE).unwrap();
        assert_eq!(AddressIndex::open(&path, &SOURCE).unwrap().rows(), 60);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn e1_21_a_reader_keeps_its_index_while_another_is_put_in_place() {
        let (_dir, path) = built(town(50));
        let old = AddressIndex::open(&path, &SOURCE).unwrap();
        AddressIndex::build([address("9999XA", 2, "", "", "Dorpsweg")].into_iter(), &path, &[8; 32]).unwrap();
        let first = town(1).next().unwrap();
        assert_eq!(old.find(&first.postcode, first.house_no).unwrap().len(), 1);
        assert_eq!(AddressIndex::open(&path, &[8; 32]).unwrap().find("9999XA", 2).unwrap().len(), 1);
    }

    #[test]
    fn e1_21_an_index_is_shared_between_threads() {
        fn shared<T: Send + Sync>(value: T) -> T {
            value
        }
        let (_dir, path) = built(town(2_000));
        let index = shared(AddressIndex::open(&path, &SOURCE).unwrap());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for row in town(2_000).step_by(7) {
                        assert_eq!(index.find(&row.postcode, row.house_no).unwrap(), [row]);
                    }
                });
            }
        });
    }

    #[test]
    fn e1_21_what_is_no_index_is_a_fault_that_names_the_file_and_the_remedy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("addresses.index");
        for bytes in [&b""[..], b"no database", &[0; 5_000]] {
            fs::write(&path, bytes).unwrap();
            let fault = AddressIndex::open(&path, &SOURCE).unwrap_err();
            assert!(matches!(fault, AddressIndexFault::Damaged { .. }), "{fault:?}");
            assert!(fault.is_cured_by_rebuild());
            let said = fault.to_string();
            assert!(said.contains("addresses.index") && said.contains("delete it"), "{said}");
        }
    }

    #[test]
    fn e1_21_damage_is_a_fault_and_never_a_panic() {
        let (_dir, path) = built(town(1_000));
        let whole = fs::read(&path).unwrap();
        let asked: Vec<_> = town(1_000).step_by(37).collect();
        // A fixed walk over the file, so that a failure comes back: a step is its own random number.
        let mut state = 1_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        let (mut refused, mut faults) = (0, 0);
        for round in 0..600 {
            let mut bytes = whole.clone();
            if round % 3 == 0 {
                bytes.truncate(random(whole.len()));
            } else {
                for _ in 0..=random(40) {
                    // Every other round at the head of a page, where the structure is.
                    let at = if round % 3 == 1 {
                        random(whole.len())
                    } else {
                        random(whole.len() / 4096) * 4096 + random(64)
                    };
                    bytes[at] = u8::try_from(random(256)).unwrap();
                }
            }
            fs::write(&path, &bytes).unwrap();
            match AddressIndex::open(&path, &SOURCE) {
                Err(_) => refused += 1,
                Ok(index) => {
                    for row in &asked {
                        faults += usize::from(index.find(&row.postcode, row.house_no).is_err());
                    }
                }
            }
        }
        println!("{refused} of 600 refused at opening, {faults} lookups ended in a fault");
        assert!(refused > 0 && faults > 0);
    }

    /// How it holds up at the size of the country: `cargo test --release -- --ignored --nocapture`.
    #[test]
    #[ignore = "a measurement: ten million rows, a minute"]
    fn e1_21_the_whole_country() {
        use std::time::Instant;
        let n = 10_000_000;
        // A stride that is prime to n visits every row once, in no order.
        let in_disorder = (0..n).map(|i| u32::try_from(u64::from(i) * 7_368_787 % u64::from(n)).unwrap());
        let row = |i: u32| {
            let block = i / 20;
            let letter = |i: u32| char::from(b'A' + u8::try_from(i % 26).unwrap());
            let postcode = format!("{}{}{}", 1000 + block / 676, letter(block / 26), letter(block));
            address(&postcode, i % 20 + 1, "", "", &format!("Street {}", i / 40))
        };
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("addresses.index");
        for disorder in [false, true] {
            let started = Instant::now();
            let stored = if disorder {
                AddressIndex::build(in_disorder.clone().map(row), &path, &SOURCE).unwrap()
            } else {
                AddressIndex::build((0..n).map(row), &path, &SOURCE).unwrap()
            };
            let took = started.elapsed();
            assert_eq!(stored, u64::from(n));
            println!("disorder {disorder}: {took:?}, {} bytes", path.metadata().unwrap().len());
            let index = AddressIndex::open(&path, &SOURCE).unwrap();
            let started = Instant::now();
            for i in in_disorder.clone().take(200_000) {
                let row = row(i);
                assert_eq!(index.find(&row.postcode, row.house_no).unwrap().len(), 1);
            }
            println!("200000 lookups in {:?}", started.elapsed());
        }
    }
}
