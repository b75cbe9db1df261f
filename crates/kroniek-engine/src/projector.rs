//! The projector: writes durable groups into the read models, in order, and answers their commands when they show there.
//!
//! Groups that wait while one is written go together into the next transaction.

use crate::fault::{EngineFault, ExecuteFault};
use crate::rebuild;
use crate::request::{Done, Outcome};
use crate::shared::Shared;
use crate::writer::{Answer, Staged};
use kroniek_domain::Position;
use kroniek_views::{Batch, Building, Writer};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Groups that may wait. The writer then waits too, and its next group grows.
const WAITING: usize = 4;

/// What the projector is asked to do; in order.
pub(crate) enum Work {
    /// Project a group that is on disk, and answer it.
    Project(Group),
    /// Project what the log has and the read models lack.
    CatchUp(oneshot::Sender<Result<(), EngineFault>>),
    /// Catch up a rebuilt file and make it the live one.
    Switch(Box<Building>, oneshot::Sender<Result<(), EngineFault>>),
}

/// A group that is on disk.
pub(crate) struct Group {
    /// Its commits.
    pub(crate) staged: Vec<Staged>,
    /// What its other commands are answered.
    pub(crate) answers: Vec<(oneshot::Sender<Answer>, Answer)>,
    /// The hash that the log gave the last commit.
    pub(crate) hash: [u8; 32],
}

/// See the module.
pub(crate) struct Projector {
    shared: Arc<Shared>,
    views: Writer,
}

impl Projector {
    /// Starts its thread; it ends when the sender is gone and everything is done.
    pub(crate) fn start(
        shared: Arc<Shared>,
        views: Writer,
    ) -> std::io::Result<(SyncSender<Work>, JoinHandle<()>)> {
        let (sender, work) = sync_channel(WAITING);
        let projector = Self { shared, views };
        let thread = std::thread::Builder::new()
            .name("kroniek-projector".to_owned())
            .spawn(move || projector.run(&work))?;
        Ok((sender, thread))
    }

    fn run(mut self, work: &Receiver<Work>) {
        let mut next = None;
        while let Some(work_item) = next.take().or_else(|| work.recv().ok()) {
            match work_item {
                Work::Project(first) => {
                    let mut groups = vec![first];
                    while let Ok(more) = work.try_recv() {
                        match more {
                            Work::Project(group) => groups.push(group),
                            other @ (Work::CatchUp(_) | Work::Switch(..)) => {
                                next = Some(other);
                                break;
                            }
                        }
                    }
                    self.project(groups);
                }
                // Whoever asked may have stopped waiting; it is done all the same.
                Work::CatchUp(done) => {
                    let _gone = done.send(self.catch_up());
                }
                Work::Switch(building, done) => {
                    let _gone = done.send(self.switch(*building));
                }
            }
        }
    }

    fn project(&mut self, groups: Vec<Group>) {
        // After a failure nothing may be written over the gap: the next thing to do is to catch up.
        let projected = match self.shared.stopped() {
            Some(why) => Err(why),
            None => self.write(&groups).map_err(|fault| {
                tracing::error!(%fault, "projecting stopped; commands are refused until it works again");
                self.shared.set_stopped(Some(fault.to_string()));
                fault.to_string()
            }),
        };
        for Group { staged, answers, .. } in groups {
            for (answer, outcome) in answers {
                // A client that has gone away does not undo its command.
                let _gone = answer.send(outcome);
            }
            for Staged { answer, committed, decision, .. } in staged {
                let position = committed.at.position;
                let _gone = answer.send(match &projected {
                    Ok(()) => Ok(Outcome::Done(Done::of(position, decision.warnings, committed.events))),
                    Err(_) => Err(ExecuteFault::ProjectionBehind { position }),
                });
            }
        }
    }

    fn write(&mut self, groups: &[Group]) -> Result<(), EngineFault> {
        let mut batch = Batch::default();
        for group in groups {
            for staged in &group.staged {
                batch.absorb(&staged.committed, &staged.decision.changes);
            }
            if !group.staged.is_empty() {
                batch.set_checkpoint_hash(group.hash);
            }
        }
        let Some(last) = groups.iter().rev().find_map(|group| group.staged.last()) else { return Ok(()) };
        self.views.write(batch)?;
        self.shared.set_projected(last.committed.at.position);
        Ok(())
    }

    fn catch_up(&mut self) -> Result<(), EngineFault> {
        rebuild::catch_up(&self.shared.log, &mut self.views)?;
        self.caught_up();
        Ok(())
    }

    fn switch(&mut self, mut building: Building) -> Result<(), EngineFault> {
        rebuild::catch_up_bulk(&self.shared.log, &mut building)?;
        self.views = self.shared.views.switch_to(building)?;
        self.caught_up();
        Ok(())
    }

    /// The writer waits meanwhile, so the log's head is what the read models show now.
    fn caught_up(&self) {
        self.shared.set_projected(Position(self.shared.log.head().position));
        self.shared.set_stopped(None);
    }
}
