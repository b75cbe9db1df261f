//! Opening, appending and closing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::fault::{AppendFault, BadPosition, CloseFault, Damage, OpenFault, ReadFault};
use crate::format::{self, Header};
use crate::head_mark::{self, HeadMark, Mark};
use crate::lock::Lock;
use crate::reader::{self, Reader};
use crate::reserve::Reserve;
use crate::sled_store::{Found, SledStore, SyncFile, data_path};
use crate::tail::Tail;
use crate::{Head, NewCommit, Position, StoredCommit, files};

/// The settings of a log. None of them changes what is on disk: a log may be opened with others each time.
#[derive(Clone, Debug)]
pub struct Options {
    /// Size of the file that is held back for a full disk, in bytes; 0 for none. Less than 24 MiB may not be enough to
    /// open after the disk was full.
    pub reserve_bytes: u64,
    /// Groups are refused, before anything is written, while the disk would have less than this left, in bytes; 0 to
    /// let a full disk be noticed only by the write that fails.
    pub min_free_bytes: u64,
    /// How often, while there is writing, the head mark is synced. Every group writes it; the sync decides how far it
    /// may lag after a power cut.
    pub head_mark_interval: Duration,
    /// The largest body of one commit, in bytes; at most 64 MiB.
    pub max_commit_bytes: usize,
    /// The largest group, in bytes with about 100 of overhead for each commit. A single commit is always accepted
    /// up to its own limit.
    pub max_group_bytes: usize,
    /// What sled may cache, in bytes. It keeps at least 256 nodes, which with large groups are up to 1 MiB each.
    pub cache_bytes: u64,
    /// Open a log whose head mark is missing or damaged, and take its present end as the truth. For one opening, after
    /// the end has been compared with what is known elsewhere.
    pub accept_lost_head_mark: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            reserve_bytes: 32 * 1024 * 1024,
            min_free_bytes: 32 * 1024 * 1024,
            head_mark_interval: Duration::from_secs(1),
            max_commit_bytes: 1024 * 1024,
            max_group_bytes: 8 * 1024 * 1024,
            cache_bytes: 128 * 1024 * 1024,
            accept_lost_head_mark: false,
        }
    }
}

/// Whether the log accepts commits. Reads go on in every state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteState {
    /// It does.
    Writable,
    /// A write or a sync failed. This handle accepts nothing more.
    Poisoned {
        /// The failure.
        why: String,
    },
    /// The disk is full; see [`AppendFault::StorageFull`] for `reopen`.
    StorageFull {
        /// Whether the log must be opened again before it accepts commits.
        reopen: bool,
    },
}

/// A durable log of commits in a directory of its own.
///
/// It may be shared between threads: reads run beside the one append that is under way.
pub struct Log {
    shared: Arc<Shared>,
}

/// What readers and tails keep alive. The fields are dropped in this order: the lock goes last.
pub(crate) struct Shared {
    pub(crate) store: SledStore,
    writer: Mutex<Writer>,
    published: Mutex<Published>,
    moved: Condvar,
    reserve: Reserve,
    options: Options,
    dir: PathBuf,
    _lock: Lock,
}

struct Writer {
    mark: HeadMark,
    mark_synced: Instant,
}

struct Published {
    head: Head,
    state: WriteState,
    closed: bool,
}

/// Takes a mutex also after a panic of another holder: every value behind ours is replaced whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Log {
    /// Opens the log in `dir`, or creates it there, and checks that it reaches as far as its head mark.
    pub fn open(dir: &Path, options: &Options) -> Result<Self, OpenFault> {
        Self::open_with_sync(dir, options, &(Arc::new(fs::File::sync_data) as SyncFile))
    }

    /// Opens with another way to sync the data file.
    pub(crate) fn open_with_sync(
        dir: &Path,
        options: &Options,
        sync_file: &SyncFile,
    ) -> Result<Self, OpenFault> {
        fs::create_dir_all(dir).map_err(files::at(dir))?;
        let lock = Lock::take(dir)?;
        let reserve = Reserve::new(dir, options.reserve_bytes);
        let opened = match open_files(dir, options, sync_file) {
            Err(OpenFault::StorageFull { .. }) if reserve.give_up() => open_files(dir, options, sync_file),
            opened => opened,
        };
        let (store, mark, head) = opened?;
        reserve.fill();
        let shared = Shared {
            store,
            writer: Mutex::new(Writer { mark, mark_synced: Instant::now() }),
            published: Mutex::new(Published { head, state: WriteState::Writable, closed: false }),
            moved: Condvar::new(),
            reserve,
            options: options.clone(),
            dir: dir.to_path_buf(),
            _lock: lock,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Appends a group after position `expected`, the head that the caller decided on. When this returns, the group is
    /// on disk; it is there whole or not at all.
    ///
    /// Appends wait for each other. No commits at all is a success that changes nothing.
    pub fn append(&self, expected: Position, commits: &[NewCommit<'_>]) -> Result<Head, AppendFault> {
        let shared = &*self.shared;
        let mut writer = lock(&shared.writer);
        let head = self.head();
        if commits.is_empty() {
            return Ok(head);
        }
        match self.state() {
            WriteState::Writable | WriteState::StorageFull { reopen: false } => {}
            WriteState::StorageFull { reopen: true } => {
                return Err(AppendFault::StorageFull { reopen: true });
            }
            WriteState::Poisoned { why } => return Err(AppendFault::Poisoned { why }),
        }
        if expected != head.position {
            return Err(AppendFault::Conflict { expected, actual: head.position });
        }
        let max_commit_bytes = shared.options.max_commit_bytes.min(format::BODY_LIMIT);
        let (values, new_head) =
            format::encode_group(head, commits, max_commit_bytes, shared.options.max_group_bytes)?;
        let group_bytes = values.iter().map(|value| value.bytes.len() as u64).sum::<u64>();
        if let Err(full) = self.check_space(group_bytes) {
            lock(&shared.published).state = WriteState::StorageFull { reopen: false };
            return Err(full);
        }

        if let Err(source) = shared.store.append(values) {
            return Err(self.give_up_writing(source));
        }

        // The group is on disk from here on, so the answer is a success whatever becomes of the mark.
        let mut state = WriteState::Writable;
        if let Err(error) = shared.note(&mut writer, new_head) {
            tracing::error!(dir = %shared.dir.display(), %error, "the head mark cannot be written");
            state = WriteState::Poisoned { why: format!("the head mark cannot be written: {error}") };
        }
        let mut published = lock(&shared.published);
        published.head = new_head;
        published.state = state;
        drop(published);
        shared.moved.notify_all();
        Ok(new_head)
    }

    /// Refuses a group that the disk has no room for, before sled hears of it: once sled has met a full disk, its
    /// handle accepts nothing more.
    fn check_space(&self, group_bytes: u64) -> Result<(), AppendFault> {
        if self.shared.options.min_free_bytes == 0 {
            return Ok(());
        }
        // A group makes sled write again up to 17 values around each new one; measured, three times the group.
        let needed = self.shared.options.min_free_bytes.saturating_add(group_bytes.saturating_mul(4));
        match fs4::available_space(&self.shared.dir) {
            Ok(free) if free < needed => Err(AppendFault::StorageFull { reopen: false }),
            // Not knowing is no reason to refuse: the write itself will tell.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Ends writing through this handle after a failed write or sync, whose outcome is unknown.
    fn give_up_writing(&self, source: io::Error) -> AppendFault {
        let shared = &*self.shared;
        let (state, fault) = if files::is_full(&source) {
            shared.reserve.give_up();
            shared.store.open_anew();
            (WriteState::StorageFull { reopen: true }, AppendFault::StorageFull { reopen: true })
        } else {
            (WriteState::Poisoned { why: source.to_string() }, AppendFault::Io { source })
        };
        tracing::error!(dir = %shared.dir.display(), ?state, "the log accepts no more commits");
        lock(&shared.published).state = state;
        fault
    }

    /// The last commit that is on disk.
    pub fn head(&self) -> Head {
        self.shared.head()
    }

    /// Whether the log accepts commits. A disk that was full is looked at again: there is room when the largest commit
    /// would fit.
    pub fn state(&self) -> WriteState {
        let state = lock(&self.shared.published).state.clone();
        let largest = self.shared.options.max_commit_bytes as u64;
        if state == (WriteState::StorageFull { reopen: false }) && self.check_space(largest).is_ok() {
            let mut published = lock(&self.shared.published);
            // Whatever it became in between stands.
            if published.state == state {
                published.state = WriteState::Writable;
            }
            return published.state.clone();
        }
        state
    }

    /// The commits from position `from` (0 and 1 both mean the first) up to the head of this moment, in order. After
    /// the first fault the reader ends.
    pub fn read(&self, from: Position) -> Reader {
        Reader::new(Arc::clone(&self.shared), from)
    }

    /// One commit, without decoding those around it; `None` beyond the head, and for position 0.
    pub fn read_one(&self, position: Position) -> Result<Option<StoredCommit>, ReadFault> {
        if position == 0 || position > self.head().position {
            return Ok(None);
        }
        match reader::read_one(&self.shared.store, position) {
            Ok(commit) => Ok(Some(commit)),
            Err(why) => Err(BadPosition { position, why }.into()),
        }
    }

    /// A way to wait for the head to move on.
    pub fn tail(&self) -> Tail {
        Tail::new(Arc::clone(&self.shared))
    }

    /// Checks that the head mark on disk is that of the head.
    pub(crate) fn check_head_mark(&self) -> Result<(), BadPosition> {
        let writer = lock(&self.shared.writer);
        let head = self.head();
        let mark = HeadMark::open(&self.shared.dir);
        drop(writer);
        match mark {
            Ok(Ok((_, mark))) if mark == Mark::from(head) => Ok(()),
            _ => Err(BadPosition { position: head.position, why: Damage::HeadMark }),
        }
    }

    /// Puts everything on disk, the head mark included. What was acknowledged is on disk without it; it takes the
    /// head mark along, so that even a lost end of the last second would be noticed.
    pub fn settle(&self) -> Result<(), CloseFault> {
        let shared = &*self.shared;
        let mut writer = lock(&shared.writer);
        if let WriteState::Poisoned { why } = self.state() {
            return Err(CloseFault::Poisoned { why });
        }
        // After a full disk nothing was written; what was acknowledged is on disk, and the rest is unknown.
        if self.state() != (WriteState::StorageFull { reopen: true }) {
            shared.store.flush_and_sync().map_err(|source| CloseFault::Io { source })?;
        }
        let head = self.head();
        writer
            .mark
            .write(head.into())
            .and_then(|()| writer.mark.sync())
            .map_err(|source| CloseFault::Io { source })
    }

    /// [Settles](Self::settle) the log and releases the directory. While readers or tails of this log are alive, the
    /// directory stays locked until the last of them is dropped.
    pub fn close(self) -> Result<(), CloseFault> {
        self.settle()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        lock(&self.shared.published).closed = true;
        self.shared.moved.notify_all();
    }
}

impl Shared {
    pub(crate) fn head(&self) -> Head {
        lock(&self.published).head
    }

    /// Waits until the head has passed `past`, the log is closed, or the time is over.
    pub(crate) fn wait_past(&self, past: Position, timeout: Duration) -> Head {
        let published = lock(&self.published);
        let (published, _) = self
            .moved
            .wait_timeout_while(published, timeout, |now| now.head.position <= past && !now.closed)
            .unwrap_or_else(PoisonError::into_inner);
        published.head
    }

    fn note(&self, writer: &mut Writer, head: Head) -> io::Result<()> {
        writer.mark.write(head.into())?;
        if writer.mark_synced.elapsed() >= self.options.head_mark_interval {
            writer.mark.sync()?;
            writer.mark_synced = Instant::now();
        }
        Ok(())
    }
}

/// Opens everything in the directory and establishes the head.
fn open_files(
    dir: &Path,
    options: &Options,
    sync_file: &SyncFile,
) -> Result<(SledStore, HeadMark, Head), OpenFault> {
    prepare(dir)?;
    let marked = HeadMark::open(dir)?;
    let path = data_path(dir);
    let store = SledStore::open(dir, options.cache_bytes, Arc::clone(sync_file))?;
    let damaged = |bad| OpenFault::Damaged { path: path.clone(), bad };
    let cut_at = incomplete_group(&store).map_err(damaged)?;
    let end = last_whole(&store, cut_at).map_err(damaged)?;
    let mark = match marked {
        Ok((mark, at)) => {
            check_against(&store, &path, end, at)?;
            mark
        }
        Err(_) if options.accept_lost_head_mark => HeadMark::create(dir, end.into())?,
        Err(why) => {
            return Err(OpenFault::HeadMarkLost { path: head_mark::path(dir), why, found: end.position });
        }
    };
    if let Some(first) = cut_at {
        tracing::warn!(path = %path.display(), first, "removing an incomplete group that was never acknowledged");
        let keys: Vec<_> =
            all_from(&store, first).map_err(damaged)?.iter().map(|found| (found.first, found.part)).collect();
        store.remove(&keys).map_err(files::at(&path))?;
    }
    let mut mark = mark;
    mark.write(end.into()).and_then(|()| mark.sync()).map_err(files::at(&head_mark::path(dir)))?;
    Ok((store, mark, end))
}

/// Reads the format of the log, or lays out a new one. The statement of the format comes last, so that a directory
/// where this was interrupted is laid out again.
fn prepare(dir: &Path) -> Result<(), OpenFault> {
    let path = dir.join("FORMAT");
    match fs::read_to_string(&path) {
        Ok(text) => match text.trim().parse::<u32>() {
            Ok(format::FORMAT) => Ok(()),
            Ok(found) if found > format::FORMAT => {
                Err(OpenFault::NewerFormat { path, found, known: format::FORMAT })
            }
            Ok(_) | Err(_) => {
                Err(OpenFault::NotALog { path, why: format!("{:?} is not a format number", text.trim()) })
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if data_path(dir).exists() {
                return Err(OpenFault::NotALog {
                    path,
                    why: "is missing, while there is data beside it".into(),
                });
            }
            HeadMark::create(dir, Head::EMPTY.into())?;
            let draft = dir.join("FORMAT.new");
            fs::write(&draft, format!("{}\n", format::FORMAT))
                .and_then(|()| fs::File::open(&draft)?.sync_all())
                .and_then(|()| fs::rename(&draft, &path))
                .map_err(files::at(&path))?;
            files::sync_dir(dir)
        }
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(OpenFault::NotALog { path, why: "is not text".into() })
        }
        Err(error) => Err(files::at(&path)(error)),
    }
}

/// The first position of the last group when its end is not there. Such a group was never acknowledged: its sync had
/// not returned. A hole inside it is damage.
fn incomplete_group(store: &SledStore) -> Result<Option<Position>, BadPosition> {
    let Some(last) = store.last().map_err(|why| BadPosition { position: 1, why })? else { return Ok(None) };
    let group = Header::parse(&last.bytes, last.first, last.part)
        .map_err(|why| BadPosition { position: last.first, why })?;
    let (mut position, mut part) = (group.group_first, 0);
    for found in all_from(store, position)? {
        if (found.first, found.part) != (position, part) {
            return Err(BadPosition { position, why: Damage::Missing });
        }
        let header = Header::parse(&found.bytes, found.first, found.part);
        let header = header.map_err(|why| BadPosition { position, why })?;
        part += 1;
        if part == header.parts() {
            (position, part) = (header.last() + 1, 0);
        }
    }
    let whole = position > group.group_last && part == 0;
    Ok(if whole { None } else { Some(group.group_first) })
}

/// All values from `position` on; asked for only where that is one group.
fn all_from(store: &SledStore, position: Position) -> Result<Vec<Found>, BadPosition> {
    let mut values = Vec::<Found>::new();
    let mut key = (position, 0);
    loop {
        let before = values.len();
        store.fetch(key.0, key.1, 256, &mut values).map_err(|why| BadPosition { position: key.0, why })?;
        match values.last() {
            Some(last) if values.len() > before => key = (last.first, last.part.saturating_add(1)),
            _ => return Ok(values),
        }
    }
}

/// The last commit before `cut_at`, or of all.
fn last_whole(store: &SledStore, cut_at: Option<Position>) -> Result<Head, BadPosition> {
    let before = cut_at.map_or(Position::MAX, |first| first - 1);
    let found = store.at_or_before(before).map_err(|why| BadPosition { position: 1, why })?;
    let Some(found) = found else { return Ok(Head::EMPTY) };
    let header = Header::parse(&found.bytes, found.first, found.part)
        .map_err(|why| BadPosition { position: found.first, why })?;
    let position = header.last();
    let commit = reader::read_one(store, position).map_err(|why| BadPosition { position, why })?;
    Ok(commit.as_head())
}

fn check_against(store: &SledStore, path: &Path, end: Head, marked: Mark) -> Result<(), OpenFault> {
    let path = path.to_path_buf();
    if end.position < marked.position {
        return Err(OpenFault::BehindHeadMark { path, found: end.position, marked: marked.position });
    }
    if marked.position == 0 {
        return Ok(());
    }
    match reader::read_one(store, marked.position) {
        Ok(commit) if commit.hash == marked.hash => Ok(()),
        Ok(_) => Err(OpenFault::HeadMarkDisagrees { path, position: marked.position }),
        Err(why) => Err(OpenFault::Damaged { path, bad: BadPosition { position: marked.position, why } }),
    }
}
