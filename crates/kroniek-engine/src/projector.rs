//! The projector: writes durable groups into the read models, in order, and answers their commands when they show there.
//!
//! Small groups that wait while one is written go together into the next transaction.

use crate::fault::{EngineFault, ExecuteFault};
use crate::rebuild;
use crate::request::{Done, Outcome};
use crate::shared::Shared;
use crate::writer::{Answer, Staged, TOGETHER};
use kroniek_domain::{Position, Problem};
use kroniek_views::{Batch, Building, Writer};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Groups that may wait. The appender then waits too, and its next append grows.
const WAITING: usize = 4;

/// A group with as many bytes goes alone.
const TOGETHER_BYTES: usize = 1 << 20;

/// What travels from the writer by way of the appender to the projector; in order.
pub(crate) enum Work {
    /// Append a group, project it, and answer it.
    Group(Group),
    /// Project what the log has and the read models lack.
    CatchUp(oneshot::Sender<Result<(), EngineFault>>),
    /// Catch up a rebuilt file and make it the live one.
    Switch(Box<Building>, oneshot::Sender<Result<(), EngineFault>>),
}

/// Commands that were decided together.
pub(crate) struct Group {
    /// Those that make a commit.
    pub(crate) staged: Vec<Staged>,
    /// Those that make none.
    pub(crate) answers: Vec<(oneshot::Sender<Answer>, Pending)>,
    /// The hash that the log gave the last commit, once it is there.
    pub(crate) hash: [u8; 32],
}

/// The answer to a command that makes no commit. It may rest on commits that are not on disk yet, and waits for them.
pub(crate) enum Pending {
    /// It is known.
    Answer(Answer),
    /// It is the answer that the first command with this id got.
    Repeat {
        /// Where its commit stands.
        position: Position,
        /// The digest of the content that was sent this time.
        digest: [u8; 32],
    },
}

impl Group {
    /// Adds the groups that wait behind it, while it is small; answers the other work that it met on the way. Two groups
    /// are never more than the log takes at once.
    pub(crate) fn gather(&mut self, waiting: &Receiver<Work>) -> Option<Work> {
        while self.is_small()
            && let Ok(more) = waiting.try_recv()
        {
            match more {
                Work::Group(later) => {
                    self.staged.extend(later.staged);
                    self.answers.extend(later.answers);
                    self.hash = later.hash;
                }
                other @ (Work::CatchUp(_) | Work::Switch(..)) => return Some(other),
            }
        }
        None
    }

    fn is_small(&self) -> bool {
        self.staged.len() + self.answers.len() < TOGETHER
            && self.staged.iter().map(|staged| staged.body.len()).sum::<usize>() < TOGETHER_BYTES
    }

    /// Answers every command in it with a fault.
    pub(crate) fn fail(self, fault: &ExecuteFault) {
        let answers = self.answers.into_iter().map(|(answer, _)| answer);
        for answer in answers.chain(self.staged.into_iter().map(|staged| staged.answer)) {
            // A client that has gone away needs no answer.
            let _gone = answer.send(Err(fault.clone()));
        }
    }
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
                Work::Group(mut group) => {
                    next = group.gather(work);
                    self.project(group);
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

    fn project(&mut self, group: Group) {
        // After a failure nothing may be written over the gap: the next thing to do is to catch up.
        let projected = match self.shared.stopped() {
            Some(why) => Err(why),
            None => self.write(&group).map_err(|fault| {
                tracing::error!(%fault, "projecting stopped; commands are refused until it works again");
                self.shared.set_stopped(Some(fault.to_string()));
                fault.to_string()
            }),
        };
        let Group { staged, answers, .. } = group;
        for (answer, pending) in answers {
            // A client that has gone away does not undo its command.
            let _gone = answer.send(match pending {
                Pending::Answer(outcome) => outcome,
                // Its commit may have failed to show in this group or in an earlier one.
                Pending::Repeat { position, .. } if position > self.shared.projected() => {
                    Err(ExecuteFault::ProjectionBehind { position })
                }
                Pending::Repeat { position, digest } => self.repeat(position, digest),
            });
        }
        for Staged { answer, committed, decision, .. } in staged {
            let position = committed.at.position;
            let _gone = answer.send(match &projected {
                Ok(()) => Ok(Outcome::Done(Done::of(position, decision.warnings, committed.events))),
                Err(_) => Err(ExecuteFault::ProjectionBehind { position }),
            });
        }
    }

    fn write(&mut self, group: &Group) -> Result<(), EngineFault> {
        let Some(last) = group.staged.last() else { return Ok(()) };
        let mut batch = Batch::default();
        for staged in &group.staged {
            batch.absorb(&staged.committed, &staged.decision.changes);
        }
        batch.set_checkpoint_hash(group.hash);
        let states =
            group.staged.iter().map(|staged| (staged.committed.at.position, &staged.decision.changes));
        self.shared.states.announce(last.committed.at.position, states);
        self.views.write(batch)?;
        self.shared.set_projected(last.committed.at.position);
        Ok(())
    }

    /// The answer that the first command with this id got.
    fn repeat(&self, position: Position, digest: [u8; 32]) -> Answer {
        let commit = self.shared.commit(position);
        let commit = commit.map_err(|fault| ExecuteFault::Broken { why: fault.to_string() })?;
        if commit.envelope.digest != digest {
            let problem = Problem::new(
                "SAME_COMMAND_DIFFERENT_CONTENT",
                "Another command was stored under this commandId; give every command an id of its own.",
            )
            .field("commandId");
            return Ok(Outcome::Refused(vec![problem]));
        }
        Ok(Outcome::Done(Done::of(position, commit.envelope.warnings, commit.events)))
    }

    fn catch_up(&mut self) -> Result<(), EngineFault> {
        self.shared.states.forget(self.head());
        rebuild::catch_up(&self.shared.log, &mut self.views)?;
        self.caught_up();
        Ok(())
    }

    fn switch(&mut self, mut building: Building) -> Result<(), EngineFault> {
        rebuild::catch_up_bulk(&self.shared.log, &mut building)?;
        self.shared.states.forget(self.head());
        self.views = self.shared.views.switch_to(building)?;
        self.caught_up();
        Ok(())
    }

    /// The writer waits meanwhile, so the log's head is what the read models show now.
    fn caught_up(&self) {
        self.shared.set_projected(self.head());
        self.shared.set_stopped(None);
    }

    fn head(&self) -> Position {
        Position(self.shared.log.head().position)
    }
}
