//! The appender: makes decided groups durable, in order, and passes them on to the projector.
//!
//! Small groups that wait while one is synced go together into the next append. After one that failed, nothing that was
//! decided over it may be stored: all of it is answered with the same fault, until the writer has begun anew.

use crate::fault::ExecuteFault;
use crate::projector::{Group, Work};
use crate::shared::Shared;
use kroniek_log::{AppendFault, NewCommit};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Groups that may wait. The writer then waits too, and its next group grows.
const WAITING: usize = 2;

/// See the module.
pub(crate) struct Appender {
    shared: Arc<Shared>,
    durable: SyncSender<Work>,
    /// Why everything is refused until the writer begins anew.
    failed: Option<ExecuteFault>,
}

impl Appender {
    /// Starts its thread; it ends when the sender is gone and everything is done.
    pub(crate) fn start(
        shared: Arc<Shared>,
        durable: SyncSender<Work>,
    ) -> std::io::Result<(SyncSender<Work>, JoinHandle<()>)> {
        let (sender, decided) = sync_channel(WAITING);
        let appender = Self { shared, durable, failed: None };
        let thread = std::thread::Builder::new()
            .name("kroniek-appender".to_owned())
            .spawn(move || appender.run(&decided))?;
        Ok((sender, thread))
    }

    fn run(mut self, decided: &Receiver<Work>) {
        let mut next = None;
        while let Some(work) = next.take().or_else(|| decided.recv().ok()) {
            let passed_on = match work {
                Work::Group(mut group) => {
                    next = group.gather(decided);
                    self.append(group)
                }
                // With these the writer begins anew: it waits for them, so nothing older can follow.
                beginning @ (Work::CatchUp(_) | Work::Switch(..)) => {
                    self.failed = None;
                    self.shared.set_append_failed(false);
                    Some(beginning)
                }
            };
            if let Some(work) = passed_on
                && self.durable.send(work).is_err()
            {
                // The projector has ended; the answers are dropped, and whoever waits for them learns it.
                return;
            }
        }
    }

    /// Appends a group; `None` when it failed and is answered.
    fn append(&mut self, mut group: Group) -> Option<Work> {
        let appended = match &self.failed {
            Some(fault) => Err(fault.clone()),
            None => self.write(&group),
        };
        if let Err(fault) = appended {
            self.shared.set_append_failed(true);
            group.fail(&fault);
            self.failed = Some(fault);
            return None;
        }
        group.hash = self.shared.log.head().hash;
        let tables = group.staged.iter().rev().find_map(|staged| staged.decision.changes.address_table);
        if let Some(sha256) = tables {
            self.shared.tables.switch_to(&sha256);
        }
        Some(Work::Group(group))
    }

    fn write(&self, group: &Group) -> Result<(), ExecuteFault> {
        let Some(first) = group.staged.first() else { return Ok(()) };
        let commits: Vec<_> = group
            .staged
            .iter()
            .map(|staged| NewCommit { time_us: staged.committed.at.time_us, body: &staged.body })
            .collect();
        let before = first.committed.at.position.0.saturating_sub(1);
        match self.shared.log.append(before, &commits) {
            Ok(_) => Ok(()),
            Err(AppendFault::StorageFull { reopen }) => Err(ExecuteFault::StorageFull { reopen }),
            Err(fault @ (AppendFault::Poisoned { .. } | AppendFault::Io { .. })) => {
                Err(ExecuteFault::LogPoisoned { why: fault.to_string() })
            }
            Err(fault) => Err(ExecuteFault::Broken { why: fault.to_string() }),
        }
    }
}
