//! The one writer: drains the queue into a group, decides it serially, appends it with one sync, and hands it to the
//! projector, which answers. While a group is projected the next one is decided, on an overlay of what the read models do
//! not show yet.

use crate::clock::{Clock, time_of};
use crate::digest::DigestKey;
use crate::envelope::{self, Commit, Envelope};
use crate::fault::{EngineFault, ExecuteFault};
use crate::projector::{self, Group, Projector};
use crate::request::{Done, Outcome, Request};
use crate::shared::Shared;
use crate::world::{LiveWorld, Recent};
use kroniek_domain::draft::Changes;
use kroniek_domain::problem::General;
use kroniek_domain::status_right;
use kroniek_domain::values;
use kroniek_domain::{
    At, ContactId, Context, Decision, EntityId, Permission, Personal, Position, Problem, Recorded, Refusal,
    World, decide,
};
use kroniek_log::{AppendFault, NewCommit};
use kroniek_views::{Building, Committed};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc as handover;
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// Most commands in one group. More would only make the first of them wait longer.
const GROUP: usize = 512;
/// A group is cut when its bodies reach this many bytes.
const GROUP_BYTES: usize = 4 << 20;

pub(crate) type Answer = Result<Outcome, ExecuteFault>;

/// What the writer is asked to do.
pub(crate) enum Message {
    /// Execute a command.
    Execute(Box<Request>, oneshot::Sender<Answer>),
    /// Catch up a rebuilt file and make it the live one.
    Switch(Box<Building>, oneshot::Sender<Result<(), EngineFault>>),
    /// Finish what is queued, and stop.
    Stop,
}

/// A decided command that waits for its group's sync, or for its projection.
pub(crate) struct Staged {
    pub(crate) answer: oneshot::Sender<Answer>,
    pub(crate) committed: Committed,
    pub(crate) decision: Decision,
    body: Vec<u8>,
}

/// What came of one command before the sync.
enum Step {
    Answer(Answer),
    Stage {
        body: Vec<u8>,
        committed: Committed,
        decision: Decision,
    },
    /// A command with the same id stands in this group: it must be durable before it can be repeated.
    Defer,
}

pub(crate) struct Writer {
    shared: Arc<Shared>,
    /// Where groups go to be projected and answered.
    projector: handover::SyncSender<projector::Work>,
    projecting: JoinHandle<()>,
    recent: Recent,
    clock: Clock,
    digest: DigestKey,
}

impl Writer {
    /// Starts the projector beside it.
    pub(crate) fn new(
        shared: Arc<Shared>,
        views: kroniek_views::Writer,
        clock: Clock,
        digest: DigestKey,
    ) -> std::io::Result<Self> {
        let (projector, projecting) = Projector::start(Arc::clone(&shared), views)?;
        Ok(Self { shared, projector, projecting, recent: Recent::new(), clock, digest })
    }

    /// Runs until it is told to stop; what was queued before that is still done.
    pub(crate) fn run(mut self, mut queue: mpsc::Receiver<Message>) {
        let mut waiting = VecDeque::new();
        let mut stopping = false;
        loop {
            if waiting.is_empty() {
                if stopping {
                    break;
                }
                match queue.blocking_recv() {
                    Some(message) => waiting.push_back(message),
                    None => break,
                }
            }
            while waiting.len() < GROUP
                && let Ok(message) = queue.try_recv()
            {
                waiting.push_back(message);
            }
            let mut group = Vec::new();
            while let Some(message) = waiting.pop_front() {
                match message {
                    Message::Execute(request, answer) => group.push((request, answer)),
                    Message::Switch(building, done) => {
                        // Everything before it in the queue belongs to the old file.
                        self.execute(std::mem::take(&mut group), &mut waiting);
                        // The caller may have stopped waiting; the switch is done all the same.
                        let _gone = done.send(self.switch(building));
                    }
                    Message::Stop => {
                        stopping = true;
                        queue.close();
                    }
                }
            }
            self.execute(group, &mut waiting);
        }
        let Self { projector, projecting, .. } = self;
        drop(projector);
        if projecting.join().is_err() {
            tracing::error!("the projector ended over a panic; what was acknowledged is on disk");
        }
    }

    fn execute(
        &mut self,
        group: Vec<(Box<Request>, oneshot::Sender<Answer>)>,
        waiting: &mut VecDeque<Message>,
    ) {
        if group.is_empty() {
            return;
        }
        if self.shared.is_stopped()
            && let Err(fault) = self.catch_up()
        {
            return answer_all(group, &ExecuteFault::ViewsStopped { why: fault.to_string() });
        }
        // Before the reader is begun: it shows at least as much.
        self.recent.forget_up_to(self.shared.projected());
        let shared = Arc::clone(&self.shared);
        let reader = match shared.views.reader() {
            Ok(reader) => reader,
            Err(fault) => return answer_all(group, &ExecuteFault::ViewsStopped { why: fault.to_string() }),
        };

        let mut recent = std::mem::replace(&mut self.recent, Recent::empty());
        let mut world = LiveWorld::new(&reader, &shared.tables, &mut recent);
        let head = shared.log.head();
        let mut last_us = head.time_us;
        let mut staged: Vec<Staged> = Vec::new();
        let mut answers: Vec<(oneshot::Sender<Answer>, Answer)> = Vec::new();
        let mut bytes = 0;
        for (request, answer) in group {
            if bytes >= GROUP_BYTES {
                waiting.push_back(Message::Execute(request, answer));
                continue;
            }
            let at = At {
                position: Position(head.position + staged.len() as u64 + 1),
                time_us: self.clock.now_us().max(last_us.saturating_add(1)),
            };
            match self.decide(&world, &reader, &staged, at, &request) {
                Step::Answer(outcome) => answers.push((answer, outcome)),
                Step::Defer => waiting.push_back(Message::Execute(request, answer)),
                Step::Stage { body, committed, decision } => {
                    last_us = at.time_us;
                    bytes += body.len();
                    world.overlay(&committed, &decision.changes);
                    staged.push(Staged { answer, committed, decision, body });
                }
            }
        }

        let overlay = world.into_overlay();
        self.recent = recent;
        // SQLite starts its write-ahead log anew only when nobody reads an older state: it must not be us.
        drop(reader);

        if let Err(fault) = self.append(head.position, &staged) {
            // The overlay goes, and with it what earlier groups left there: the read models must show that first.
            if let Err(fault) = self.catch_up() {
                shared.set_stopped(Some(fault.to_string()));
            }
            // What was decided over the dropped overlay is no answer either.
            let unanswered = answers.into_iter().map(|(answer, _)| answer);
            for answer in unanswered.chain(staged.into_iter().map(|staged| staged.answer)) {
                let _gone = answer.send(Err(fault.clone()));
            }
            return;
        }
        self.recent.keep(overlay, &staged);
        if let Some(sha256) = staged.iter().rev().find_map(|s| s.decision.changes.address_table) {
            shared.tables.switch_to(&sha256);
        }
        // Also what was answered without a commit: a repeat is answered when the first of them is visible.
        let group = Group { staged, answers, hash: shared.log.head().hash };
        if self.projector.send(projector::Work::Project(group)).is_err() {
            // The answers are dropped with the group: whoever waits for them learns that the engine is gone.
            shared.set_stopped(Some("the projector has ended; start again".to_owned()));
        }
    }

    fn decide(
        &self,
        world: &LiveWorld<'_>,
        reader: &kroniek_views::Reader,
        staged: &[Staged],
        at: At,
        request: &Request,
    ) -> Step {
        let broken = |why: String| Step::Answer(Err(ExecuteFault::Broken { why }));
        let Some(digest) = self.digest.of(&request.command, request.reason.as_ref()) else {
            return broken("the command's content does not encode".to_owned());
        };
        let mut repeated = None;
        if let Some(id) = request.command_id {
            if staged.iter().any(|s| s.committed.command_id == Some(id.into_bytes())) {
                return Step::Defer;
            }
            repeated = match (world.command(id.as_bytes()), reader.command(id.as_bytes())) {
                (Some(position), _) => Some(position),
                (None, Err(fault)) => return broken(fault.to_string()),
                (None, Ok(position)) => position,
            };
        }
        let reason = match read_reason(request.reason.as_deref()) {
            Ok(reason) => reason,
            Err(problem) => return Step::Answer(Ok(Outcome::Refused(vec![*problem]))),
        };
        let ctx = Context {
            now: time_of(at.time_us),
            position: at.position,
            actor: request.actor.clone(),
            reason: reason.clone(),
            expected_version: request.expected_version,
            confirm: request.confirm.clone(),
        };
        let decided = decide(world, &ctx, &request.command);
        if let Some(fault) = world.take_fault() {
            return broken(fault.to_string());
        }
        // Who may not do it may not ask either whether it was done, with these values: that would tell them.
        let forbidden = |r: &Refusal| matches!(r, Refusal::General(General::Forbidden(_)));
        if let Some(position) = repeated
            && !decided.as_ref().is_err_and(|refusals| refusals.iter().any(forbidden))
        {
            return Step::Answer(self.repeat(position, digest));
        }
        let decision = match decided {
            Ok(decision) => decision,
            Err(refusals) => {
                let may_read = request.actor.may(Permission::Read);
                let published = |refusal: &Refusal| {
                    status_right::discreet(discreet(refusal.problem(), may_read), &request.actor, world)
                };
                let problems = refusals.iter().map(published).collect();
                return Step::Answer(Ok(Outcome::Refused(problems)));
            }
        };
        if decision.events.is_empty() {
            return Step::Answer(Ok(Outcome::Done(Done::nothing(decision.warnings))));
        }
        let subject = subject(world, &decision);
        let envelope = Envelope {
            command: request.command.name().to_owned(),
            command_id: request.command_id,
            digest,
            actor: request.actor.name.clone(),
            reason: reason.map(|reason| Personal::new(subject, reason)),
            correlation: request.correlation.clone(),
            causation: request.causation.clone(),
            warnings: decision.warnings.clone(),
        };
        let body = match envelope::encode(&envelope, &decision.events, subject) {
            Ok(body) => body,
            Err(fault) => return broken(fault.to_string()),
        };
        let limit = self.shared.max_commit_bytes;
        if body.len() > limit {
            let problem = Problem::new(
                "TOO_LARGE",
                format!("The command makes {} bytes of events; {limit} are allowed. Split it.", body.len()),
            );
            return Step::Answer(Ok(Outcome::Refused(vec![problem])));
        }
        let committed = Committed {
            at,
            hash: [0; 32],
            command_id: request.command_id.map(Uuid::into_bytes),
            events: decision.events.clone(),
        };
        Step::Stage { body, committed, decision }
    }

    /// The answer that the first command with this id got.
    fn repeat(&self, position: Position, digest: [u8; 32]) -> Answer {
        let broken = |why: String| ExecuteFault::Broken { why };
        let stored = self
            .shared
            .log
            .read_one(position.0)
            .map_err(|fault| broken(fault.to_string()))?
            .ok_or_else(|| broken(format!("position {position} is not in the log")))?;
        let commit = Commit::read(&stored).map_err(|fault| broken(fault.to_string()))?;
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

    fn append(&self, expected: u64, staged: &[Staged]) -> Result<(), ExecuteFault> {
        if staged.is_empty() {
            return Ok(());
        }
        let commits: Vec<_> = staged
            .iter()
            .map(|staged| NewCommit { time_us: staged.committed.at.time_us, body: &staged.body })
            .collect();
        match self.shared.log.append(expected, &commits) {
            Ok(_) => Ok(()),
            Err(AppendFault::StorageFull { reopen }) => Err(ExecuteFault::StorageFull { reopen }),
            Err(fault @ (AppendFault::Poisoned { .. } | AppendFault::Io { .. })) => {
                Err(ExecuteFault::LogPoisoned { why: fault.to_string() })
            }
            Err(fault) => Err(ExecuteFault::Broken { why: fault.to_string() }),
        }
    }

    /// Projects what the log has and the read models lack.
    fn catch_up(&mut self) -> Result<(), EngineFault> {
        let (done, outcome) = oneshot::channel();
        self.ask(projector::Work::CatchUp(done), outcome)
    }

    /// Everything that was handed over before it is projected into the old file.
    fn switch(&mut self, building: Box<Building>) -> Result<(), EngineFault> {
        let (done, outcome) = oneshot::channel();
        self.ask(projector::Work::Switch(building, done), outcome)
    }

    /// Has the projector do something that ends with read models which show all of the log.
    fn ask(
        &mut self,
        work: projector::Work,
        outcome: oneshot::Receiver<Result<(), EngineFault>>,
    ) -> Result<(), EngineFault> {
        self.recent = Recent::new();
        self.projector.send(work).map_err(|_| EngineFault::ShuttingDown)?;
        outcome.blocking_recv().map_err(|_| EngineFault::ShuttingDown)?
    }
}

fn answer_all(group: Vec<(Box<Request>, oneshot::Sender<Answer>)>, fault: &ExecuteFault) {
    for (_, answer) in group {
        let _gone = answer.send(Err(fault.clone()));
    }
}

/// A reason is stored with every commit, so its text is checked for every command.
fn read_reason(raw: Option<&str>) -> Result<Option<String>, Box<Problem>> {
    let limit = kroniek_domain::draft::REASON_LIMIT;
    match raw.map(|raw| values::note(raw, limit)) {
        None | Some(Err(values::TextProblem::Empty)) => Ok(None),
        Some(Ok(reason)) => Ok(Some(reason)),
        Some(Err(values::TextProblem::TooLong { limit })) => {
            Err(General::TooLong { field: "reason", limit }.problem().into())
        }
        Some(Err(values::TextProblem::Invalid)) => Err(General::InvalidText("reason").problem().into()),
    }
}

/// A conflict with an entity that the actor may not see answers its code without the id (spec §1.2).
fn discreet(mut problem: Problem, may_read: bool) -> Problem {
    if !may_read {
        problem.entity = None;
        problem.blocking.clear();
        // The options of a question are its answers; those of any other refusal may name entities.
        if problem.prompt.is_none() {
            problem.options.clear();
        }
    }
    problem
}

/// Whose data the free texts of a commit count as: the first contact that its events name, or that of the customer.
fn subject(world: &LiveWorld<'_>, decision: &Decision) -> ContactId {
    let Changes { customers, .. } = &decision.changes;
    let named = |recorded: &Recorded| {
        recorded.event.entities().into_iter().find_map(|entity| match entity {
            EntityId::Contact(id) => Some(id),
            EntityId::Customer(id) => {
                customers.get(&id).cloned().or_else(|| world.customer(id)).map(|customer| customer.contact)
            }
            EntityId::Interaction(id) => {
                let found = decision.changes.interactions.get(&id).cloned().or_else(|| world.interaction(id));
                found.map(|interaction| interaction.contact)
            }
            EntityId::Task(id) => {
                let found = decision.changes.tasks.get(&id).cloned().or_else(|| world.task(id));
                found.map(|task| task.contact)
            }
            EntityId::CodeList(_)
            | EntityId::AddressTable
            | EntityId::Template(_)
            | EntityId::Team(_)
            | EntityId::Employee(_) => None,
        })
    };
    decision.events.iter().find_map(named).unwrap_or_default()
}
