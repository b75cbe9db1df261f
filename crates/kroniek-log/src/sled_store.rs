//! Where the values are kept: the only module that knows sled.
//!
//! What sled 0.34.7 does shapes it:
//!
//! - `flush()` on Linux waits for `sync_file_range`, which is no fsync. So every flush is followed by a sync of the same
//!   file through a handle of our own, and only then is anything acknowledged.
//! - Values of more than a quarter segment go to files under `blobs/` that are never synced. Segments of 8 MiB, and values
//!   of at most 60 KiB, of which a tree node holds at most 17, stay well below that; that none came about is checked.
//! - It panics over damaged files. Every call is made where a panic becomes an error.
//! - After a failed write even some reads fail, those that pass a node it still wants to split. After a full disk it
//!   is therefore opened anew, for reading.
//! - A failed write can leave `flush()` waiting for ever (see `stalled_flush`).

use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::Duration;

use crate::Position;
use crate::fault::{Damage, OpenFault};
use crate::files;
use crate::format::{self, Value};
use crate::stalled_flush::StalledFlush;

const SEGMENT_BYTES: usize = 8 * 1024 * 1024;

const CACHE_PARTS: u64 = 256;
const ACCESSES_BEFORE_EVICTION: usize = 64;

/// How the data file is synced; tests put failures here.
pub(crate) type SyncFile = Arc<dyn Fn(&File) -> io::Result<()> + Send + Sync>;

/// The values of one log.
pub(crate) struct SledStore {
    dir: PathBuf,
    cache_bytes: u64,
    sync_file: SyncFile,
    touched: AtomicU64,
    // Declared, and so dropped, before the engine that it looks at.
    stalled: StalledFlush,
    engine: Arc<RwLock<Option<Engine>>>,
}

/// An open sled; `None` in its place when opening anew failed.
struct Engine {
    tree: sled::Tree,
    data: File,
    // Fields are dropped in this order: this one after `tree`.
    _last: LastHandle,
}

/// A value with the key that it was found under.
pub(crate) struct Found {
    pub(crate) first: Position,
    pub(crate) part: u32,
    pub(crate) bytes: sled::IVec,
}

pub(crate) fn data_path(dir: &Path) -> PathBuf {
    dir.join("db")
}

impl SledStore {
    /// Opens or creates the file. The caller holds the lock on the directory.
    pub(crate) fn open(dir: &Path, cache_bytes: u64, sync_file: SyncFile) -> Result<Self, OpenFault> {
        let engine = Arc::new(RwLock::new(Some(Engine::open(dir, cache_bytes)?)));
        let stalled = StalledFlush::watch({
            let engine = Arc::clone(&engine);
            move || drop(with(&engine, |engine| guarded(|| engine.tree.flush())))
        });
        let store = Self {
            dir: dir.to_path_buf(),
            cache_bytes,
            sync_file,
            touched: AtomicU64::new(0),
            stalled,
            engine,
        };
        // What a killed process wrote but did not sync is in the page cache now and has just been read back as if
        // it were on disk. Make it so before anything is built upon it.
        with(&store.engine, |engine| (store.sync_file)(&engine.data)).map_err(files::at(&data_path(dir)))?;
        files::sync_dir(dir)?;
        store.check_blobs().map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => OpenFault::BlobsNotEmpty { path: dir.join("blobs") },
            _ => files::at(dir)(error),
        })?;
        Ok(store)
    }

    /// Closes sled and opens it again, so that it can be read after a failed write. Calls meanwhile wait; calls
    /// after a failure of this fail.
    pub(crate) fn open_anew(&self) {
        let mut engine = self.engine.write().unwrap_or_else(PoisonError::into_inner);
        *engine = None;
        match Engine::open(&self.dir, self.cache_bytes) {
            Ok(opened) => *engine = Some(opened),
            Err(fault) => tracing::error!(%fault, "after the failed write the log cannot be read either"),
        }
    }

    /// Stores a group: one batch, one flush, one sync. When it returns, the group is on disk.
    pub(crate) fn append(&self, mut values: Vec<Value>) -> io::Result<()> {
        let bytes = values.iter().map(|value| value.bytes.len()).sum();
        let last = values.last().map(|value| format::key(value.first, value.part));
        with(&self.engine, |engine| {
            if values.len() == 1
                && let Some(value) = values.pop()
            {
                // One value is as atomic without a batch, whose manifest would cost a write of its own.
                guarded(|| engine.tree.insert(format::key(value.first, value.part), value.bytes))?;
            } else {
                let mut batch = sled::Batch::default();
                for value in values {
                    batch.insert(&format::key(value.first, value.part), value.bytes);
                }
                guarded(|| engine.tree.apply_batch(batch))?;
            }
            self.make_durable(engine)?;
            if let Some(key) = last {
                self.bound_cache(engine, &key, bytes);
            }
            Ok(())
        })
    }

    /// Removes values, durably. Used only at opening, for a group that was never acknowledged.
    pub(crate) fn remove(&self, keys: &[(Position, u32)]) -> io::Result<()> {
        with(&self.engine, |engine| {
            let mut batch = sled::Batch::default();
            for (first, part) in keys {
                batch.remove(&format::key(*first, *part));
            }
            guarded(|| engine.tree.apply_batch(batch))?;
            self.make_durable(engine)
        })
    }

    /// Keeps sled's cache near its limit, after some bytes of the node of `key` have been read or written.
    ///
    /// sled parts its cache in 256 and looks whether a part is over its share only after 64 accesses to nodes in it.
    /// Our nodes are few and large, so a scan would hold gigabytes before that. So after each share's worth of bytes the
    /// accesses are made, to the node that is at hand.
    fn bound_cache(&self, engine: &Engine, key: &[u8], bytes: usize) {
        let share = (self.cache_bytes / CACHE_PARTS).max(1);
        if self.touched.fetch_add(bytes as u64, Ordering::Relaxed) < share {
            return;
        }
        self.touched.store(0, Ordering::Relaxed);
        for _ in 0..ACCESSES_BEFORE_EVICTION {
            // Only the access matters here; an error will be met by whoever needs the value.
            if guarded(|| engine.tree.contains_key(key)).is_err() {
                return;
            }
        }
    }

    /// Puts everything that was written on disk.
    pub(crate) fn flush_and_sync(&self) -> io::Result<()> {
        with(&self.engine, |engine| self.make_durable(engine))
    }

    fn make_durable(&self, engine: &Engine) -> io::Result<()> {
        self.stalled.during(|| guarded(|| engine.tree.flush()))?;
        self.check_blobs()?;
        (self.sync_file)(&engine.data)
    }

    fn check_blobs(&self) -> io::Result<()> {
        let blobs = self.dir.join("blobs");
        match fs::read_dir(&blobs)?.next() {
            None => Ok(()),
            Some(Ok(_)) => {
                let why = format!("{} is not empty: its files are never synced", blobs.display());
                Err(io::Error::new(io::ErrorKind::InvalidData, why))
            }
            Some(Err(error)) => Err(error),
        }
    }

    /// The value under exactly this key.
    pub(crate) fn get(&self, first: Position, part: u32) -> Result<Option<sled::IVec>, Damage> {
        with(&self.engine, |engine| guarded(|| engine.tree.get(format::key(first, part))))
            .map_err(|error| unreadable(&error))
    }

    /// The last value that begins at or before `position`, leaving out the further parts of a commit at `position`.
    pub(crate) fn at_or_before(&self, position: Position) -> Result<Option<Found>, Damage> {
        self.one(|tree| tree.range(..=format::key(position, 0)).next_back())
    }

    /// The last value of all.
    pub(crate) fn last(&self) -> Result<Option<Found>, Damage> {
        self.one(|tree| tree.iter().next_back())
    }

    fn one(
        &self,
        find: impl FnOnce(&sled::Tree) -> Option<sled::Result<(sled::IVec, sled::IVec)>>,
    ) -> Result<Option<Found>, Damage> {
        let found = with(&self.engine, |engine| {
            let found = guarded(|| find(&engine.tree).transpose())?;
            if let Some((key, bytes)) = &found {
                // A node holds up to 17 values, and was read for one of them.
                self.bound_cache(engine, key, bytes.len() * 16);
            }
            Ok(found)
        })
        .map_err(|error| unreadable(&error))?;
        found.map(Found::parse).transpose()
    }

    /// Adds to `values`, in order from this key on, until there are `count` of them or no more.
    pub(crate) fn fetch(
        &self,
        first: Position,
        part: u32,
        count: usize,
        values: &mut impl Extend<Found>,
    ) -> Result<(), Damage> {
        let mut pairs = Vec::new();
        let outcome = with(&self.engine, |engine| {
            guarded(|| {
                for pair in engine.tree.range(format::key(first, part)..).take(count) {
                    pairs.push(pair?);
                }
                Ok(())
            })?;
            if let Some((key, _)) = pairs.last() {
                self.bound_cache(engine, key, pairs.iter().map(|(_, bytes)| bytes.len()).sum());
            }
            Ok(())
        });
        // What came before a failure is given out first, so that the failure is met at its own place.
        if let Err(error) = outcome
            && pairs.is_empty()
        {
            return Err(unreadable(&error));
        }
        for pair in pairs {
            values.extend([Found::parse(pair)?]);
        }
        Ok(())
    }
}

impl Found {
    fn parse((key, bytes): (sled::IVec, sled::IVec)) -> Result<Self, Damage> {
        let (first, part) =
            format::parse_key(&key).ok_or_else(|| Damage::Engine("a key is not one of the log's".into()))?;
        Ok(Self { first, part, bytes })
    }
}

fn unreadable(error: &io::Error) -> Damage {
    Damage::Engine(error.to_string())
}

/// Works with the open engine.
fn with<T>(engine: &RwLock<Option<Engine>>, work: impl FnOnce(&Engine) -> io::Result<T>) -> io::Result<T> {
    match &*engine.read().unwrap_or_else(PoisonError::into_inner) {
        Some(engine) => work(engine),
        None => Err(io::Error::other("sled did not open again after a failed write")),
    }
}

impl Engine {
    fn open(dir: &Path, cache_bytes: u64) -> Result<Self, OpenFault> {
        let path = data_path(dir);
        let config = sled::Config::new()
            .path(dir)
            .mode(sled::Mode::HighThroughput)
            .cache_capacity(cache_bytes.max(CACHE_PARTS))
            .segment_size(SEGMENT_BYTES)
            .use_compression(false)
            // Every group is flushed by hand; a background flush would only compete with it.
            .flush_every_ms(None);
        let db = open_when_released(&config).map_err(|error| {
            if files::is_full(&error) {
                OpenFault::StorageFull { path: dir.to_path_buf() }
            } else {
                OpenFault::Engine { path: path.clone(), why: error.to_string() }
            }
        })?;
        // The default tree keeps the engine open, so the `Db` need not be kept as well.
        let tree = sled::Tree::clone(&db);
        let last = LastHandle(Some(tree.clone()));
        let data = File::options().read(true).write(true).open(&path).map_err(files::at(&path))?;
        Ok(Self { tree, data, _last: last })
    }
}

/// Makes a panic of sled, and its errors, an `io::Error`.
fn guarded<T>(call: impl FnOnce() -> sled::Result<T>) -> io::Result<T> {
    // Unwind safety: after an error of a write nothing is written through this handle again, and reads only
    // ever trust what its checksum confirms.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Io(error))) => Err(error),
        Ok(Err(error)) => Err(io::Error::other(error.to_string())),
        Err(panic) => {
            let message = panic.downcast_ref::<String>().map(String::as_str);
            let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            Err(io::Error::other(format!("sled panicked: {message}")))
        }
    }
}

/// Opens sled, waiting a moment for its own lock.
///
/// The directory's lock is ours, so a lock on sled's file is a remnant: its threads may keep the file open for a
/// few milliseconds after the handle is dropped.
fn open_when_released(config: &sled::Config) -> io::Result<sled::Db> {
    let mut attempts = 0;
    loop {
        match guarded(|| config.open()) {
            Err(error) if attempts < 100 && error.to_string().contains("could not acquire lock") => {
                attempts += 1;
                thread::sleep(Duration::from_millis(20));
            }
            result => return result,
        }
    }
}

/// A handle that outlives the others of its engine.
///
/// When the last handle goes, sled flushes and syncs once more, and panics when that fails. Nobody waits for that sync:
/// what was acknowledged is on disk already.
struct LastHandle(Option<sled::Tree>);

impl Drop for LastHandle {
    fn drop(&mut self) {
        let tree = self.0.take();
        if catch_unwind(AssertUnwindSafe(|| drop(tree))).is_err() {
            tracing::error!("sled panicked while it was closed");
        }
    }
}
