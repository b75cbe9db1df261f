//! Opening a data directory, executing commands, taking snapshots, shutting down.

use crate::clock::{Clock, time_of};
use crate::digest::DigestKey;
use crate::fault::{EngineFault, ExecuteFault, OpenFault};
use crate::rebuild::{self, RebuildProgress};
use crate::request::{Outcome, Request};
use crate::shared::{DataDir, Shared};
use crate::snapshot::Snapshot;
use crate::states::States;
use crate::tables::AddressTables;
use crate::writer::{Message, Writer};
use chrono::SecondsFormat;
use kroniek_domain::status_right::Statuses;
use kroniek_domain::values::{Date, today_in_amsterdam};
use kroniek_domain::{Actor, Position};
use kroniek_log::{Head, Log, WriteState};
use kroniek_views::{Checkpoint, Opened, ViewFault, Views};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};

/// Settings of an engine. None of them changes what is on disk.
#[derive(Clone, Debug)]
pub struct Options {
    /// Settings of the log.
    pub log: kroniek_log::Options,
    /// Commands that may wait; more are refused with `OVERLOADED`.
    pub queue: usize,
    /// Where "now" comes from.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Self { log: kroniek_log::Options::default(), queue: 8192, clock: Clock::System }
    }
}

/// A data directory that is open: commands go in, snapshots come out. Cheap to clone; all clones are one engine.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
    queue: mpsc::Sender<Message>,
    writer: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// Whether the engine can do its work, for `/readyz`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Health {
    /// Head of the log.
    pub log: Position,
    /// Position of the read models.
    pub views: Position,
    /// What does not work, each with what to do.
    pub troubles: Vec<String>,
    /// What works but is not as it should be, each with what to do.
    pub warnings: Vec<String>,
}

/// How far the log may be ahead of the clock before somebody is told, in microseconds: clocks are set right by seconds.
const CLOCK_SLACK_US: i64 = 5 * 60 * 1_000_000;

/// What is wrong when the last commit lies in the future. Times of commits increase strictly, so until the clock has
/// caught up every commit, and what the domain takes for today, stays there.
fn clock_behind(head: Head, now_us: i64) -> Option<String> {
    (head.time_us.saturating_sub(now_us) > CLOCK_SLACK_US).then(|| {
        format!(
            "CLOCK_BEHIND_LOG: the last commit is of {} and this machine's clock says {}; commands are dated as of the \
             former until the clock is past it. Set the clock right; if it is, the commit was made while a clock ran \
             ahead, and commands that depend on today's date had better wait",
            time_of(head.time_us).to_rfc3339_opts(SecondsFormat::Secs, true),
            time_of(now_us).to_rfc3339_opts(SecondsFormat::Secs, true)
        )
    })
}

impl Engine {
    /// Opens a data directory, or makes one; catches up or rebuilds the read models first.
    ///
    /// # Errors
    /// Another process has it, the log is damaged or was cut, or the read models know more than the log.
    pub fn open(
        dir: &Path,
        options: &Options,
        progress: &mut dyn FnMut(RebuildProgress),
    ) -> Result<Self, OpenFault> {
        let dir = DataDir::new(dir);
        fs::create_dir_all(dir.root())
            .map_err(|source| EngineFault::Io { path: dir.root().to_owned(), source })?;
        let log = Log::open(&dir.log(), &options.log)?;
        if let Some(warning) = clock_behind(log.head(), options.clock.now_us()) {
            tracing::warn!("{warning}");
        }
        let digest = DigestKey::open_or_create(&dir.digest_key())?;
        let (views, writer) = open_views(&dir, &log, progress)?;
        let sha256 = views.reader().and_then(|reader| reader.address_table()).map_err(EngineFault::from)?;
        let shared = Arc::new(Shared {
            tables: AddressTables::open(&dir.reference(), sha256),
            max_commit_bytes: options.log.max_commit_bytes,
            clock: options.clock.clone(),
            stopped: Mutex::default(),
            states: States::new(Position(log.head().position)),
            append_failed: AtomicBool::new(false),
            projected: AtomicU64::new(log.head().position),
            rebuilding: Mutex::default(),
            log,
            views,
        });
        let (queue, receiver) = mpsc::channel(options.queue);
        let thread = Writer::new(Arc::clone(&shared), writer, options.clock.clone(), digest)
            .and_then(|writer| {
                let thread = std::thread::Builder::new().name("kroniek-writer".to_owned());
                thread.spawn(move || writer.run(receiver))
            })
            .map_err(|source| EngineFault::Io { path: dir.root().to_owned(), source })?;
        Ok(Self { shared, queue, writer: Arc::new(Mutex::new(Some(thread))) })
    }

    /// Executes a command; answers when it is durable and visible, or refused.
    ///
    /// # Errors
    /// Something is broken or full; the command may be repeated with the same id.
    pub async fn execute(&self, request: Request) -> Result<Outcome, ExecuteFault> {
        let receiver = self.submit(request)?;
        receiver.await.map_err(|_| ExecuteFault::ShuttingDown)?
    }

    /// As [`Engine::execute`], for callers without an async runtime. Must not be called on one.
    ///
    /// # Errors
    /// As [`Engine::execute`].
    pub fn execute_blocking(&self, request: Request) -> Result<Outcome, ExecuteFault> {
        let receiver = self.submit(request)?;
        receiver.blocking_recv().map_err(|_| ExecuteFault::ShuttingDown)?
    }

    fn submit(
        &self,
        request: Request,
    ) -> Result<oneshot::Receiver<Result<Outcome, ExecuteFault>>, ExecuteFault> {
        let (answer, receiver) = oneshot::channel();
        self.queue.try_send(Message::Execute(Box::new(request), answer)).map_err(|fault| match fault {
            mpsc::error::TrySendError::Full(_) => ExecuteFault::Overloaded,
            mpsc::error::TrySendError::Closed(_) => ExecuteFault::ShuttingDown,
        })?;
        Ok(receiver)
    }

    /// Everything read through a snapshot is as of one position.
    ///
    /// # Errors
    /// The read models cannot be read.
    ///
    /// It shows everything: for the operator at the data directory. A request reads through
    /// [`Engine::snapshot_for`].
    pub fn snapshot(&self) -> Result<Snapshot, EngineFault> {
        self.snapshot_of(Statuses::ALL)
    }

    /// As [`Engine::snapshot`], without the registrations that the actor may not see (A2-52).
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn snapshot_for(&self, actor: &Actor) -> Result<Snapshot, EngineFault> {
        self.snapshot_of(Statuses::seen_by(actor))
    }

    fn snapshot_of(&self, seen: Statuses) -> Result<Snapshot, EngineFault> {
        Ok(Snapshot::new(self.shared.views.reader()?, Arc::clone(&self.shared), seen))
    }

    /// Today in Europe/Amsterdam.
    pub fn today(&self) -> Date {
        today_in_amsterdam(time_of(self.shared.clock.now_us()))
    }

    /// The log, for proving and exporting it.
    pub fn log(&self) -> &Log {
        &self.shared.log
    }

    pub(crate) fn tables(&self) -> &AddressTables {
        &self.shared.tables
    }

    /// Builds the read models anew beside the live ones, and switches to them; reading and writing go on meanwhile.
    /// When `cancel` is set it stops, and the next call goes on from there.
    ///
    /// # Errors
    /// Cancelled, or something cannot be read or written; the live read models stay.
    pub fn rebuild(
        &self,
        progress: &mut dyn FnMut(RebuildProgress),
        cancel: &AtomicBool,
    ) -> Result<RebuildProgress, EngineFault> {
        // A second one waits: both would fill the same file.
        let _only = self.shared.rebuilding.lock().unwrap_or_else(PoisonError::into_inner);
        let mut last = RebuildProgress { position: 0, head: 0, events: 0 };
        let building = rebuild::build(
            &self.shared.log,
            self.shared.views.dir(),
            &mut |done| {
                last = done;
                progress(done);
            },
            cancel,
        )?;
        let (done, receiver) = oneshot::channel();
        self.queue
            .blocking_send(Message::Switch(Box::new(building), done))
            .map_err(|_| EngineFault::ShuttingDown)?;
        receiver.blocking_recv().map_err(|_| EngineFault::ShuttingDown)??;
        Ok(last)
    }

    /// Whether everything works.
    pub fn health(&self) -> Health {
        let mut troubles = Vec::new();
        match self.shared.log.state() {
            WriteState::Writable => {}
            WriteState::Poisoned { why } => {
                troubles.push(format!("LOG_POISONED: {why}; examine the disk and start again"));
            }
            WriteState::StorageFull { .. } => {
                troubles.push("STORAGE_FULL: the disk is full; free space".to_owned());
            }
        }
        if let Some(why) = self.shared.stopped() {
            troubles.push(format!("VIEWS_STOPPED: {why}; commands are refused until they are back"));
        }
        if let Some(why) = self.shared.tables.trouble() {
            troubles.push(format!("ADDRESS_TABLE_UNAVAILABLE: {why}"));
        }
        if self.queue.is_closed() {
            troubles.push("SHUTTING_DOWN: no commands are taken".to_owned());
        }
        let head = self.shared.log.head();
        let warnings = clock_behind(head, self.shared.clock.now_us()).into_iter().collect();
        let log = Position(head.position);
        let views = match self.shared.views.reader() {
            Ok(reader) => reader.checkpoint().position,
            Err(fault) => {
                troubles.push(format!("VIEWS_UNAVAILABLE: {fault}"));
                Position(0)
            }
        };
        Health { log, views, troubles, warnings }
    }

    /// Takes no more commands, finishes those that are queued, and closes the log. Waits until that is done; must not
    /// be called on an async runtime's own threads.
    pub fn shutdown(&self) {
        // The writer may be gone already; then there is nothing left to finish.
        let _gone = self.queue.blocking_send(Message::Stop);
        let thread = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer ended over a panic; what was acknowledged is on disk");
        }
        if let Err(fault) = self.shared.log.settle() {
            tracing::error!(%fault, "the log was not closed cleanly; what was acknowledged is on disk");
        }
    }
}

/// Opens only the log of a data directory that exists, for proving and exporting it without touching anything else.
///
/// # Errors
/// There is no log, another process has it, or it is damaged or cut.
pub fn open_log(dir: &Path, options: &kroniek_log::Options) -> Result<Log, OpenFault> {
    let dir = DataDir::new(dir);
    let path = dir.log();
    if !path.is_dir() {
        let source = std::io::Error::new(std::io::ErrorKind::NotFound, "there is no log here");
        return Err(EngineFault::Io { path, source }.into());
    }
    Ok(Log::open(&path, options)?)
}

fn open_views(
    dir: &DataDir,
    log: &Log,
    progress: &mut dyn FnMut(RebuildProgress),
) -> Result<(Views, kroniek_views::Writer), OpenFault> {
    let path = dir.views();
    let fault = EngineFault::from;
    let head = Position(log.head().position);
    let fits = |checkpoint: Checkpoint| {
        let (path, position) = (path.clone(), checkpoint.position);
        if position > head {
            return Err(OpenFault::ViewsAhead { path, views: position, log: head });
        }
        if rebuild::stands_in(log, checkpoint)? {
            Ok(())
        } else {
            Err(OpenFault::ViewsOfAnotherLog { path, position })
        }
    };
    match Views::open(&path).map_err(fault)? {
        Some(Opened::Whole(views, mut writer)) => {
            if let Err(refused) = writer.checkpoint().map_err(|unread| fault(unread).into()).and_then(fits) {
                // Nothing was written: the file stays whole, and is refused again after the machine was started anew.
                writer.settle().map_err(fault)?;
                return Err(refused);
            }
            rebuild::catch_up(log, &mut writer)?;
            return Ok((views, writer));
        }
        Some(Opened::Doubtful(checkpoint)) => {
            fits(checkpoint)?;
            tracing::warn!(
                "the machine was started anew since the read models were written; they are built anew"
            );
        }
        None => {}
    }
    let building = rebuild::build(log, &path, progress, &AtomicBool::new(false))?;
    Ok(building.into_views().map_err(fault)?)
}

/// A rebuild that was asked to stop is no failure of the read models.
pub fn is_cancelled(fault: &EngineFault) -> bool {
    matches!(fault, EngineFault::Views(ViewFault::Cancelled))
}
