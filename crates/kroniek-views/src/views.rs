//! The files of read models: which one is live, and how the next one takes its place.
//!
//! A file is named after the version of the views and a generation: `v1-3.sqlite`. The file `current` names the live
//! one; it is replaced by an atomic rename, so there is always exactly one. A rebuild writes `v1-4.building` beside it.

use crate::batch::{Batch, Load};
use crate::quality;
use crate::reader::{self, Reader};
use crate::writer::Writer;
use crate::{Checkpoint, VIEW_VERSION, ViewFault, schema, unsynced};
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Connections kept for reuse; more may exist while many read at once.
const KEPT_CONNECTIONS: usize = 32;

/// Reading connections of one file. The file is removed when it is superseded and its last reader is gone.
#[derive(Debug)]
pub(crate) struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    superseded: std::sync::atomic::AtomicBool,
}

impl Pool {
    fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::default(), superseded: false.into() }
    }

    fn take(&self) -> Result<Connection, ViewFault> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        schema::configure(&connection)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    pub(crate) fn give_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT_CONNECTIONS {
            idle.push(connection);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        if *self.superseded.get_mut() {
            self.idle.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
            remove_database(&self.path);
        }
    }
}

/// The live file of read models, and the way to the next.
#[derive(Debug)]
pub struct Views {
    dir: PathBuf,
    live: RwLock<Arc<Pool>>,
}

/// What stands in a folder of read models.
#[derive(Debug)]
pub enum Opened {
    /// The live file, as the last commit left it.
    Whole(Views, Writer),
    /// The live file, of which a power cut may have undone any part; it says that it had come so far. A rebuild makes
    /// another.
    Doubtful(Checkpoint),
}

impl Views {
    /// Opens the live file of this version of the views; `None` when there is none, or it cannot be read: then a
    /// rebuild makes one.
    pub fn open(dir: &Path) -> Result<Option<Opened>, ViewFault> {
        let io = |source| ViewFault::Io { path: dir.to_owned(), source };
        fs::create_dir_all(dir).map_err(io)?;
        let Some(path) = current(dir) else { return Ok(None) };
        let Ok(connection) = open_existing(&path) else { return Ok(None) };
        if !unsynced::is_whole(dir).map_err(io)? {
            return reader::checkpoint(&connection).map(|checkpoint| Some(Opened::Doubtful(checkpoint)));
        }
        sweep(dir, &path);
        let views = Self { dir: dir.to_owned(), live: RwLock::new(Arc::new(Pool::new(path))) };
        Ok(Some(Opened::Whole(views, Writer::live(connection, dir)?)))
    }

    /// A snapshot as of now.
    pub fn reader(&self) -> Result<Reader, ViewFault> {
        let pool = Arc::clone(&self.live.read().unwrap_or_else(PoisonError::into_inner));
        Reader::begin(pool.take()?, pool)
    }

    /// Makes a finished file the live one. Readers of the old one go on until they are dropped.
    pub fn switch_to(&self, building: Building) -> Result<Writer, ViewFault> {
        let path = building.finish()?;
        // Whatever can fail, before anybody reads the new file: reading and writing change files together.
        let writer = Writer::live(open_existing(&path)?, &self.dir)?;
        let new = Arc::new(Pool::new(path));
        let old = std::mem::replace(&mut *self.live.write().unwrap_or_else(PoisonError::into_inner), new);
        old.superseded.store(true, std::sync::atomic::Ordering::Relaxed);
        Ok(writer)
    }

    /// The folder of the files.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

/// A file of read models in the making.
///
/// It is written without a journal, so an interrupted write leaves it in any state. A mark beside it says that it is
/// whole: the mark is taken away before a write begins, and put back when what was written is on disk. Without its mark
/// a file is never gone on with.
#[derive(Debug)]
pub struct Building {
    dir: PathBuf,
    path: PathBuf,
    writer: Writer,
}

impl Building {
    /// Goes on with the file that an earlier rebuild left, or starts an empty one.
    pub fn start_or_resume(dir: &Path) -> Result<Self, ViewFault> {
        fs::create_dir_all(dir).map_err(|source| ViewFault::Io { path: dir.to_owned(), source })?;
        let path = dir.join(format!("v{VIEW_VERSION}.building"));
        if path.exists() && mark_of(&path).exists() {
            let opened = Connection::open(&path).map_err(ViewFault::from);
            let usable = opened.and_then(|connection| {
                schema::configure_bulk(&connection)?;
                reader::checkpoint(&connection)?;
                Ok(connection)
            });
            if let Ok(connection) = usable {
                return Ok(Self { dir: dir.to_owned(), path, writer: Writer::new(connection) });
            }
        }
        remove_database(&path);
        let connection = Connection::open(&path)?;
        schema::configure_bulk(&connection)?;
        connection.execute_batch(schema::TABLES)?;
        connection.execute_batch(quality::TABLES)?;
        Ok(Self { dir: dir.to_owned(), path, writer: Writer::new(connection) })
    }

    /// Throws away what is there and starts empty.
    pub fn restart(self) -> Result<Self, ViewFault> {
        let Self { dir, path, writer } = self;
        drop(writer);
        remove_database(&path);
        Self::start_or_resume(&dir)
    }

    /// What it holds already, for folding on.
    pub fn load(&self) -> &dyn Load {
        &self.writer
    }

    /// Adds a batch, with its checkpoint.
    pub fn write(&mut self, batch: Batch) -> Result<(), ViewFault> {
        self.unmark()?;
        self.writer.write_bulk(batch)
    }

    /// Makes what was written so far something that a later rebuild can go on with.
    pub fn keep(&self) -> Result<(), ViewFault> {
        let mark = mark_of(&self.path);
        sync_file(&self.path)
            .and_then(|()| fs::File::create(&mark)?.sync_all())
            .and_then(|()| sync_file(&self.dir))
            .map_err(|source| ViewFault::Io { path: mark, source })
    }

    fn unmark(&self) -> Result<(), ViewFault> {
        let mark = mark_of(&self.path);
        let removed = match fs::remove_file(&mark) {
            Ok(()) => sync_file(&self.dir),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        };
        removed.map_err(|source| ViewFault::Io { path: mark, source })
    }

    /// The last commit that it holds.
    pub fn checkpoint(&self) -> Result<Checkpoint, ViewFault> {
        self.writer.checkpoint()
    }

    /// Makes the indexes. It may be given batches after that too, which are then slower.
    pub fn index(&mut self) -> Result<(), ViewFault> {
        self.unmark()?;
        self.writer.finish_bulk()
    }

    /// Moves the file to its final name, and lets `current` name it.
    fn finish(mut self) -> Result<PathBuf, ViewFault> {
        self.index()?;
        let Self { dir, path, writer } = self;
        writer.close()?;
        let generation = generations(&dir).last().map_or(1, |(generation, _)| generation + 1);
        let target = dir.join(format!("v{VIEW_VERSION}-{generation}.sqlite"));
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| ViewFault::Io { path, source }
        };
        sync_file(&path).map_err(io(&path))?;
        // Nothing has this name, but a journal of one that was removed halfway may: it is none of this file's.
        remove_database(&target);
        fs::rename(&path, &target).map_err(io(&target))?;
        write_current(&dir, &target).map_err(io(&dir.join(CURRENT)))?;
        Ok(target)
    }

    /// Makes it the live file of a folder that has none yet.
    pub fn into_views(self) -> Result<(Views, Writer), ViewFault> {
        let dir = self.dir.clone();
        let path = self.finish()?;
        sweep(&dir, &path);
        let writer = Writer::live(open_existing(&path)?, &dir)?;
        Ok((Views { dir, live: RwLock::new(Arc::new(Pool::new(path))) }, writer))
    }
}

const CURRENT: &str = "current";

/// The mark that a file in the making is whole.
fn mark_of(building: &Path) -> PathBuf {
    building.with_extension("whole")
}

fn sync_file(path: &Path) -> std::io::Result<()> {
    fs::File::open(path)?.sync_all()
}

fn current(dir: &Path) -> Option<PathBuf> {
    let name = fs::read_to_string(dir.join(CURRENT)).ok()?;
    let name = name.trim();
    let ours = name.starts_with(&format!("v{VIEW_VERSION}-")) && !name.contains(['/', '\\']);
    ours.then(|| dir.join(name)).filter(|path| path.is_file())
}

fn write_current(dir: &Path, target: &Path) -> std::io::Result<()> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let temporary = dir.join("current.new");
    let mut file = fs::File::create(&temporary)?;
    file.write_all(name.as_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, dir.join(CURRENT))?;
    fs::File::open(dir)?.sync_all()
}

/// All finished files of this version, by generation.
fn generations(dir: &Path) -> Vec<(u64, PathBuf)> {
    let prefix = format!("v{VIEW_VERSION}-");
    let mut found: Vec<_> = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let generation = name.strip_prefix(&prefix)?.strip_suffix(".sqlite")?.parse().ok()?;
            Some((generation, entry.path()))
        })
        .collect();
    found.sort_unstable();
    found
}

/// Removes the files that nothing reads any more, now that `live` is there: finished ones of this and of other versions
/// of the views, as a program that was killed over its switch leaves them, and what other versions were building.
fn sweep(dir: &Path, live: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let database = ["-wal", "-shm", "-journal"].iter().find_map(|suffix| name.strip_suffix(suffix));
        let database = database.unwrap_or(&name);
        let path = dir.join(database);
        if path != live && is_left_over(database) {
            remove_database(&path);
        }
    }
}

/// Whether this is the name of a finished file, such as `v1-3.sqlite`, or of one that another version was building, such
/// as `v1.building`, or its mark. What this version was building is gone on with.
fn is_left_over(name: &str) -> bool {
    let Some((name, extension)) = name.strip_prefix('v').and_then(|name| name.rsplit_once('.')) else {
        return false;
    };
    match (name.split_once('-'), extension) {
        (Some((version, generation)), "sqlite") => {
            version.parse::<u32>().is_ok() && generation.parse::<u64>().is_ok()
        }
        (None, "building" | "whole") => name.parse::<u32>().is_ok_and(|version| version != VIEW_VERSION),
        _ => false,
    }
}

/// Opens a file that must be a whole database with our tables.
fn open_existing(path: &Path) -> Result<Connection, ViewFault> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    schema::configure(&connection)?;
    reader::checkpoint(&connection)?;
    Ok(connection)
}

fn remove_database(path: &Path) {
    let _left_over = fs::remove_file(mark_of(path));
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        // What cannot be removed now is only left-over space; it is never read again.
        let _left_over = fs::remove_file(PathBuf::from(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Committed, Nothing};
    use kroniek_domain::address_table::AddressTableImported;
    use kroniek_domain::{At, Position, Recorded};
    use std::sync::atomic::{AtomicBool, Ordering};

    fn batch(position: u64) -> Batch {
        let event = AddressTableImported { sha256: [7; 32], rows: 1 };
        let at = At { position: Position(position), time_us: 0 };
        let events = vec![Recorded { event: event.into(), cause: None }];
        let mut batch = Batch::default();
        batch.fold(&Committed { at, hash: [9; 32], command_id: None, events }, &Nothing).expect("folds");
        batch
    }

    fn reached(building: &Building) -> u64 {
        building.checkpoint().expect("reads").position.0
    }

    #[test]
    fn a_building_goes_on_only_from_what_was_kept_whole() {
        let dir = tempfile::tempdir().expect("dir");
        let start = || Building::start_or_resume(dir.path()).expect("starts");
        let mut building = start();
        building.write(batch(1)).expect("writes");
        drop(building);
        assert_eq!(reached(&start()), 0, "an interrupted write may have left anything");

        let mut building = start();
        building.write(batch(1)).expect("writes");
        building.keep().expect("keeps");
        drop(building);
        let mut building = start();
        assert_eq!(reached(&building), 1);
        building.write(batch(2)).expect("writes");
        drop(building);
        assert_eq!(reached(&start()), 0, "the mark of the first write says nothing of the second");
    }

    /// What an older program left, and what one left that was killed between a switch and its end.
    #[test]
    fn files_that_nothing_reads_any_more_go_when_the_live_one_is_there() {
        let dir = tempfile::tempdir().expect("dir");
        let left = |names: &[&str]| {
            for name in names {
                fs::write(dir.path().join(name), "left over").expect("writes");
            }
        };
        let there = || {
            let files = fs::read_dir(dir.path()).expect("reads").flatten();
            let mut names: Vec<_> =
                files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
            names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm") && name != "unsynced");
            names.sort();
            names
        };
        let (old, next) = (VIEW_VERSION - 1, VIEW_VERSION + 1);
        let (live, building) = (format!("v{VIEW_VERSION}-1.sqlite"), format!("v{VIEW_VERSION}.building"));
        let of_others = [
            format!("v{old}-3.sqlite"),
            format!("v{old}-3.sqlite-wal"),
            format!("v{old}-3.sqlite-shm"),
            format!("v{old}.building"),
            format!("v{old}.building-journal"),
            format!("v{old}.whole"),
            format!("v{next}-1.sqlite"),
        ];
        let of_others: Vec<_> = of_others.iter().map(String::as_str).collect();
        let not_ours = ["v1-x.sqlite", "report.sqlite", "v.building", "notes-wal"];
        left(&of_others);
        left(&not_ours);
        drop(
            Building::start_or_resume(dir.path())
                .expect("starts")
                .into_views()
                .expect("becomes the live file"),
        );
        let mut kept: Vec<_> =
            ["current", &live].iter().chain(&not_ours).map(|name| (*name).to_owned()).collect();
        kept.retain(|name| !name.ends_with("-wal"));
        kept.sort();
        assert_eq!(there(), kept);
        assert!(dir.path().join("notes-wal").exists());

        left(&of_others);
        left(&[&format!("v{VIEW_VERSION}-7.sqlite"), &building]);
        let Some(Opened::Whole(views, _writer)) = Views::open(dir.path()).expect("opens") else {
            panic!("is there, and whole")
        };
        kept.push(building);
        kept.sort();
        assert_eq!(there(), kept);
        views.reader().expect("and is read");
    }

    #[test]
    fn the_write_ahead_log_is_emptied_although_somebody_always_reads() {
        let dir = tempfile::tempdir().expect("dir");
        let building = Building::start_or_resume(dir.path()).expect("starts");
        let (views, mut writer) = building.into_views().expect("becomes the live file");
        writer.limit_wal_to(256 * 1024);
        let wal = || {
            let files = fs::read_dir(dir.path()).expect("reads").flatten();
            let wals = files.filter(|file| file.path().to_string_lossy().ends_with("-wal"));
            wals.map(|file| file.metadata().expect("reads").len()).max().unwrap_or(0)
        };
        let stop = AtomicBool::new(false);
        let mut longest = 0;
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    // The next begins before the one before it ends.
                    let mut reader = views.reader().expect("reads");
                    while !stop.load(Ordering::Relaxed) {
                        std::thread::sleep(std::time::Duration::from_millis(1));
                        reader = views.reader().expect("reads");
                    }
                    reader.checkpoint()
                });
            }
            for position in 1..=1000 {
                writer.write(batch(position)).expect("writes");
                longest = longest.max(wal());
            }
            stop.store(true, Ordering::Relaxed);
        });
        assert!(longest < 2 << 20, "{longest}");
    }
}
