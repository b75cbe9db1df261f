//! The appender: makes decided groups durable, in order, and tells the projector what became of them.
//!
//! Small groups that wait while one is synced go together into the next append. After one that failed, nothing that was
//! decided over it may be stored: all of it gets the same fault, until the writer has begun anew.

use crate::fault::ExecuteFault;
use crate::shared::Shared;
use crate::writer::TOGETHER;
use kroniek_log::{AppendFault, NewCommit};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Groups that may wait. The writer then waits too, and its next group grows.
const WAITING: usize = 2;

/// A group with as many bytes goes alone.
const TOGETHER_BYTES: usize = 1 << 20;

/// What the writer asks of the appender.
pub(crate) enum Append {
    /// Make a group durable.
    Group(Bodies),
    /// Nothing of what failed is known to the writer any more: it begins anew.
    Anew,
}

/// The commits of a group, as the log takes them. There may be none: a group of answers still waits for its turn.
pub(crate) struct Bodies {
    /// The number of the group.
    pub(crate) group: u64,
    /// The position that they follow.
    pub(crate) before: u64,
    /// Time and body of each.
    pub(crate) commits: Vec<(i64, Vec<u8>)>,
    /// The address table that is in use from here on, if that is another one.
    pub(crate) table: Option<[u8; 32]>,
}

/// What became of every group after the last verdict.
pub(crate) struct Verdict {
    /// The number of the last group that it is about.
    pub(crate) through: u64,
    /// The hash of the last commit, once it is durable.
    pub(crate) outcome: Result<[u8; 32], ExecuteFault>,
}

impl Bodies {
    /// Adds the groups that wait behind it, while it is small. Two groups are never more than the log takes at once.
    fn gather(&mut self, waiting: &Receiver<Append>) -> Option<Append> {
        while self.is_small()
            && let Ok(more) = waiting.try_recv()
        {
            match more {
                Append::Group(later) => {
                    self.group = later.group;
                    self.commits.extend(later.commits);
                    self.table = later.table.or(self.table);
                }
                Append::Anew => return Some(Append::Anew),
            }
        }
        None
    }

    fn is_small(&self) -> bool {
        self.commits.len() < TOGETHER
            && self.commits.iter().map(|(_, body)| body.len()).sum::<usize>() < TOGETHER_BYTES
    }
}

/// See the module.
pub(crate) struct Appender {
    shared: Arc<Shared>,
    verdicts: Sender<Verdict>,
    /// Why everything is refused until the writer begins anew.
    failed: Option<ExecuteFault>,
}

impl Appender {
    /// Starts its thread; it ends when the sender is gone and everything is done.
    pub(crate) fn start(
        shared: Arc<Shared>,
        verdicts: Sender<Verdict>,
    ) -> std::io::Result<(SyncSender<Append>, JoinHandle<()>)> {
        let (sender, decided) = sync_channel(WAITING);
        let appender = Self { shared, verdicts, failed: None };
        let thread = std::thread::Builder::new()
            .name("kroniek-appender".to_owned())
            .spawn(move || appender.run(&decided))?;
        Ok((sender, thread))
    }

    fn run(mut self, decided: &Receiver<Append>) {
        let mut next = None;
        while let Some(work) = next.take().or_else(|| decided.recv().ok()) {
            match work {
                Append::Group(mut group) => {
                    next = group.gather(decided);
                    let outcome = self.append(&group);
                    if self.verdicts.send(Verdict { through: group.group, outcome }).is_err() {
                        // The projector has ended; the answers are dropped, and whoever waits for them learns it.
                        return;
                    }
                }
                Append::Anew => self.failed = None,
            }
        }
    }

    fn append(&mut self, group: &Bodies) -> Result<[u8; 32], ExecuteFault> {
        let appended = match &self.failed {
            Some(fault) => Err(fault.clone()),
            None => self.write(group),
        };
        if let Err(fault) = appended {
            self.shared.set_append_failed(true);
            self.failed = Some(fault.clone());
            return Err(fault);
        }
        if let Some(sha256) = &group.table {
            self.shared.tables.switch_to(sha256);
        }
        Ok(self.shared.log.head().hash)
    }

    fn write(&self, group: &Bodies) -> Result<(), ExecuteFault> {
        let commits: Vec<_> =
            group.commits.iter().map(|(time_us, body)| NewCommit { time_us: *time_us, body }).collect();
        match self.shared.log.append(group.before, &commits) {
            Ok(_) => Ok(()),
            Err(AppendFault::StorageFull { reopen }) => Err(ExecuteFault::StorageFull { reopen }),
            Err(fault @ (AppendFault::Poisoned { .. } | AppendFault::Io { .. })) => {
                Err(ExecuteFault::LogPoisoned { why: fault.to_string() })
            }
            Err(fault) => Err(ExecuteFault::Broken { why: fault.to_string() }),
        }
    }
}
