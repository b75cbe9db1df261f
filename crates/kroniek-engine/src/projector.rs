//! The projector: writes groups into the read models, in order, and answers their commands when they show there.
//!
//! It writes the rows of a group while the appender syncs it, in a transaction that is committed only when the group is
//! durable, and rolled back when that failed: nothing shows that is not on disk. Small groups that wait while one is
//! written go together into the next transaction.

use crate::appender::Verdict;
use crate::fault::{EngineFault, ExecuteFault};
use crate::rebuild;
use crate::request::{Done, Outcome};
use crate::shared::Shared;
use crate::writer::{Answer, Staged, TOGETHER};
use kroniek_domain::{Position, Problem};
use kroniek_views::{Batch, Building, Checkpoint, Prepared, ViewFault, Writer, Writing};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Groups that may wait. The writer then waits too, and its next group grows.
const WAITING: usize = 4;

/// What the writer asks of the projector; in order.
pub(crate) enum Work {
    /// Project a group when it is durable, and answer it.
    Group(Group),
    /// Project what the log has and the read models lack.
    CatchUp(oneshot::Sender<Result<(), EngineFault>>),
    /// Catch up a rebuilt file and make it the live one.
    Switch(Box<Building>, oneshot::Sender<Result<(), EngineFault>>),
}

/// Commands that were decided together.
pub(crate) struct Group {
    /// Its number; one more than that of the group before it.
    pub(crate) number: u64,
    /// Those that make a commit.
    pub(crate) staged: Vec<Staged>,
    /// Those that make none.
    pub(crate) answers: Vec<(oneshot::Sender<Answer>, Pending)>,
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
    /// Answers every command in it with a fault.
    fn fail(self, fault: &ExecuteFault) {
        let answers = self.answers.into_iter().map(|(answer, _)| answer);
        for answer in answers.chain(self.staged.into_iter().map(|staged| staged.answer)) {
            // A client that has gone away needs no answer.
            let _gone = answer.send(Err(fault.clone()));
        }
    }
}

/// The work that waits, and one piece of it that was taken too early.
struct Waiting {
    work: Receiver<Work>,
    next: Option<Work>,
}

impl Waiting {
    fn take(&mut self) -> Option<Work> {
        self.next.take().or_else(|| self.work.recv().ok())
    }

    /// The next piece of work if it is a group: one that waits, or with `must` the one that comes.
    fn group(&mut self, must: bool) -> Option<Group> {
        let waits = self.next.take().or_else(|| self.work.try_recv().ok());
        match waits.or_else(|| if must { self.work.recv().ok() } else { None })? {
            Work::Group(group) => Some(group),
            other @ (Work::CatchUp(_) | Work::Switch(..)) => {
                self.next = Some(other);
                None
            }
        }
    }
}

/// What the appender said of groups that are not answered yet.
struct Verdicts {
    from: Receiver<Verdict>,
    heard: VecDeque<Verdict>,
}

impl Verdicts {
    /// What became of a group; waits for it.
    fn of(&mut self, number: u64) -> Result<&Verdict, ExecuteFault> {
        while self.heard.back().is_none_or(|last| last.through < number) {
            self.heard.push_back(self.from.recv().map_err(|_| ExecuteFault::ShuttingDown)?);
        }
        self.heard.iter().find(|verdict| verdict.through >= number).ok_or(ExecuteFault::ShuttingDown)
    }

    fn forget_before(&mut self, number: u64) {
        while self.heard.front().is_some_and(|first| first.through < number) {
            self.heard.pop_front();
        }
    }
}

/// See the module.
pub(crate) struct Projector {
    shared: Arc<Shared>,
    views: Writer,
    verdicts: Verdicts,
}

impl Projector {
    /// Starts its thread; it ends when the sender is gone and everything is done.
    pub(crate) fn start(
        shared: Arc<Shared>,
        views: Writer,
        verdicts: Receiver<Verdict>,
    ) -> std::io::Result<(SyncSender<Work>, JoinHandle<()>)> {
        let (sender, work) = sync_channel(WAITING);
        let verdicts = Verdicts { from: verdicts, heard: VecDeque::new() };
        let projector = Self { shared, views, verdicts };
        let thread = std::thread::Builder::new()
            .name("kroniek-projector".to_owned())
            .spawn(move || projector.run(Waiting { work, next: None }))?;
        Ok((sender, thread))
    }

    fn run(mut self, mut queue: Waiting) {
        while let Some(work) = queue.take() {
            match work {
                Work::Group(group) => self.project(group, &mut queue),
                // Whoever asked may have stopped waiting; it is done all the same.
                Work::CatchUp(done) => {
                    let _gone = done.send(self.catch_up());
                }
                Work::Switch(building, done) => {
                    let _gone = done.send(self.switch(*building));
                }
            }
        }
        if let Err(fault) = self.views.settle() {
            tracing::error!(%fault, "the read models were not closed cleanly; they may have to be built anew");
        }
    }

    /// Projects and answers a group, and those that go with it.
    fn project(&mut self, first: Group, queue: &mut Waiting) {
        self.verdicts.forget_before(first.number);
        let mut groups = vec![first];
        // After a failure nothing may be written over the gap: the next thing to do is to catch up.
        let projected = match self.shared.stopped() {
            Some(why) => Err(why),
            None => self.write(&mut groups, queue).map_err(|fault| {
                tracing::error!(%fault, "projecting stopped; commands are refused until it works again");
                self.shared.set_stopped(Some(fault.to_string()));
                fault.to_string()
            }),
        };
        for group in groups {
            match self.verdicts.of(group.number).map(|verdict| verdict.outcome.clone()) {
                Ok(Ok(_)) => self.answer(group, projected.is_ok()),
                Ok(Err(fault)) | Err(fault) => group.fail(&fault),
            }
        }
    }

    fn answer(&self, group: Group, projected: bool) {
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
        for Staged { answer, committed, decision } in staged {
            let position = committed.at.position;
            let _gone = answer.send(if projected {
                Ok(Outcome::Done(Done::of(position, decision.warnings, committed.events)))
            } else {
                Err(ExecuteFault::ProjectionBehind { position })
            });
        }
    }

    /// Writes the rows of groups, and lets them show when they are durable. Adds the small groups that wait, and those of
    /// which the appender says that they went with these.
    fn write(&mut self, groups: &mut Vec<Group>, queue: &mut Waiting) -> Result<(), EngineFault> {
        let mut rows = Vec::new();
        let writing = self.views.begin()?;
        loop {
            for group in groups.iter().skip(rows.len()) {
                let prepared = prepare(&self.shared, group)?;
                if let Some(prepared) = &prepared {
                    writing.rows(prepared)?;
                }
                rows.push(prepared);
            }
            let last = groups.last().map_or(0, |group| group.number);
            let commands: usize = groups.iter().map(|group| group.staged.len() + group.answers.len()).sum();
            if commands < TOGETHER
                && let Some(group) = queue.group(false)
            {
                groups.push(group);
                continue;
            }
            match self.verdicts.of(last) {
                Ok(Verdict { through, outcome: Ok(_) }) if *through > last => {
                    groups.push(queue.group(true).ok_or(EngineFault::ShuttingDown)?);
                }
                Ok(Verdict { outcome: Ok(hash), .. }) => return show(&self.shared, writing, &rows, *hash),
                Ok(Verdict { outcome: Err(_), .. }) | Err(_) => break,
            }
        }
        drop(writing);
        self.write_durable(groups, &rows)
    }

    /// Writes only the groups that are durable, of some of which the last are not.
    fn write_durable(&mut self, groups: &[Group], rows: &[Option<Prepared>]) -> Result<(), EngineFault> {
        let mut durable = 0;
        let mut hash = [0; 32];
        for group in groups {
            match self.verdicts.of(group.number) {
                Ok(Verdict { outcome: Ok(last), .. }) => hash = *last,
                Ok(_) | Err(_) => break,
            }
            durable += 1;
        }
        let rows = &rows[..durable.min(rows.len())];
        let writing = self.views.begin()?;
        for prepared in rows.iter().flatten() {
            writing.rows(prepared)?;
        }
        show(&self.shared, writing, rows, hash)
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
        // First, for what was announced and never became durable: its positions are given out again whatever comes of this.
        self.shared.states.forget(self.head());
        rebuild::catch_up_bulk(&self.shared.log, &mut building)?;
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

/// Makes the rows of a group, whose states go to the snapshots; `None` for a group of answers alone.
fn prepare(shared: &Shared, group: &Group) -> Result<Option<Prepared>, ViewFault> {
    let Some(last) = group.staged.last() else { return Ok(None) };
    let mut batch = Batch::default();
    for staged in &group.staged {
        batch.absorb(&staged.committed, &staged.decision.changes);
    }
    let states = group.staged.iter().map(|staged| (staged.committed.at.position, &staged.decision.changes));
    shared.states.announce(last.committed.at.position, states);
    batch.prepare().map(Some)
}

/// Lets written rows show, the last of which are those of the commit with this hash.
fn show(
    shared: &Shared,
    writing: Writing<'_>,
    rows: &[Option<Prepared>],
    hash: [u8; 32],
) -> Result<(), EngineFault> {
    let Some(last) = rows.iter().flatten().last() else { return Ok(()) };
    let position = last.checkpoint().position;
    writing.commit(Checkpoint { position, hash })?;
    shared.set_projected(position);
    Ok(())
}
