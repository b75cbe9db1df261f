//! The one writer: drains the queue into a group and decides it serially, over the read models and an overlay of what is
//! decided and does not show there yet.
//!
//! Its groups go to the appender, which syncs them, and at the same time to the projector, which lets them show and answers
//! when the appender has done so. So while one group is on its way to the disk and to the read models, the next is decided.
//! If a group cannot be appended, everything that was decided after it fails with it, and the writer begins anew from what
//! the log holds.

use crate::appender::{Append, Appender, Bodies};
use crate::clock::{Clock, time_of};
use crate::digest::DigestKey;
use crate::envelope::{self, Envelope};
use crate::fault::{EngineFault, ExecuteFault};
use crate::projector::{Group, Pending, Projector, Work};
use crate::request::{Done, Outcome, Request};
use crate::shared::Shared;
use crate::world::{LiveWorld, Recent};
use kroniek_domain::draft::Changes;
use kroniek_domain::problem::General;
use kroniek_domain::status_right::{self, Known, Statuses};
use kroniek_domain::values;
use kroniek_domain::{
    Actor, At, ContactId, Context, Decision, EntityId, Permission, Personal, Position, Problem, Recorded,
    Refusal, World, decide,
};
use kroniek_views::{Building, Committed};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc as handover;
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// Most commands that wait to be decided. More would only make the first of them wait longer.
const GROUP: usize = 512;
/// Groups of fewer commands go together on their way. A larger one is decided in halves: clients that wait for their
/// answers before they ask again would otherwise all be in the same group for ever, with only one thread at work.
pub(crate) const TOGETHER: usize = 32;
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

/// A decided command that waits for its sync and its projection.
pub(crate) struct Staged {
    pub(crate) answer: oneshot::Sender<Answer>,
    pub(crate) committed: Committed,
    pub(crate) decision: Decision,
}

/// What came of one command.
#[allow(clippy::large_enum_variant, reason = "there is one at a time, and a box per command is no gain")]
enum Step {
    /// No commit: an answer that waits for its turn.
    Answer(Pending),
    Stage {
        body: Vec<u8>,
        committed: Committed,
        decision: Decision,
    },
}

pub(crate) struct Writer {
    shared: Arc<Shared>,
    /// Where groups go to be appended, and where they go to be projected and answered.
    appender: handover::SyncSender<Append>,
    projector: handover::SyncSender<Work>,
    /// Their threads; they end when nobody sends to them any more.
    beside: [JoinHandle<()>; 2],
    /// The number of the last group.
    groups: u64,
    recent: Recent,
    /// Position and time of the last decided commit, whether or not it is on disk yet.
    last: At,
    clock: Clock,
    digest: DigestKey,
}

impl Writer {
    /// Starts the appender and the projector beside it.
    pub(crate) fn new(
        shared: Arc<Shared>,
        views: kroniek_views::Writer,
        clock: Clock,
        digest: DigestKey,
    ) -> std::io::Result<Self> {
        let (verdicts, of_appender) = handover::channel();
        let (projector, projecting) = Projector::start(Arc::clone(&shared), views, of_appender)?;
        let (appender, appending) = Appender::start(Arc::clone(&shared), verdicts)?;
        let last = head_of(&shared);
        Ok(Self {
            shared,
            appender,
            projector,
            beside: [appending, projecting],
            groups: 0,
            recent: Recent::new(),
            last,
            clock,
            digest,
        })
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
            let most = (waiting.len() / 2).max(TOGETHER);
            while group.len() < most
                && let Some(message) = waiting.pop_front()
            {
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
        let Self { appender, projector, beside, .. } = self;
        drop((appender, projector));
        for thread in beside {
            if thread.join().is_err() {
                tracing::error!(
                    "a thread beside the writer ended over a panic; what was acknowledged is on disk"
                );
            }
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
        if (self.shared.is_stopped() || self.shared.append_failed())
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
        let mut last = self.last;
        let before = last.position.0;
        let mut staged: Vec<Staged> = Vec::new();
        let mut commits = Vec::new();
        let mut table = None;
        let mut answers: Vec<(oneshot::Sender<Answer>, Pending)> = Vec::new();
        let mut bytes = 0;
        for (request, answer) in group {
            if bytes >= GROUP_BYTES {
                waiting.push_back(Message::Execute(request, answer));
                continue;
            }
            let at = At {
                position: Position(last.position.0 + 1),
                time_us: self.clock.now_us().max(last.time_us.saturating_add(1)),
            };
            match self.decide(&world, &reader, at, &request) {
                Step::Answer(pending) => answers.push((answer, pending)),
                Step::Stage { body, committed, decision } => {
                    last = at;
                    bytes += body.len();
                    world.overlay(&committed, &decision.changes);
                    table = decision.changes.address_table.or(table);
                    commits.push((at.time_us, body));
                    staged.push(Staged { answer, committed, decision });
                }
            }
        }

        let overlay = world.into_overlay();
        self.recent = recent;
        // SQLite starts its write-ahead log anew only when nobody reads an older state: it must not be us.
        drop(reader);

        self.recent.keep(overlay, &staged);
        self.last = last;
        // Also what needs no commit: it may have been decided over one that is not on disk yet.
        self.groups += 1;
        let number = self.groups;
        let bodies = Append::Group(Bodies { group: number, before, commits, table });
        let work = Work::Group(Group { number, staged, answers });
        if self.appender.send(bodies).is_err() || self.projector.send(work).is_err() {
            // The answers are dropped with the group: whoever waits for them learns that the engine is gone.
            shared.set_stopped(Some(ENDED.to_owned()));
        }
    }

    fn decide(
        &self,
        world: &LiveWorld<'_>,
        reader: &kroniek_views::Reader,
        at: At,
        request: &Request,
    ) -> Step {
        let broken = |why: String| Step::Answer(Pending::Answer(Err(ExecuteFault::Broken { why })));
        let refused = |problems| Step::Answer(Pending::Answer(Ok(Outcome::Refused(problems))));
        let Some(digest) = self.digest.of(&request.command, request.reason.as_ref()) else {
            return broken("the command's content does not encode".to_owned());
        };
        let mut repeated = None;
        if let Some(id) = request.command_id {
            repeated = match (world.command(id.as_bytes()), reader.command(id.as_bytes())) {
                (Some(position), _) => Some(position),
                (None, Err(fault)) => return broken(fault.to_string()),
                (None, Ok(position)) => position,
            };
        }
        let reason = match read_reason(request.reason.as_deref()) {
            Ok(reason) => reason,
            Err(problem) => return refused(vec![*problem]),
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
        let refused_with =
            |is: &dyn Fn(&Refusal) -> bool| decided.as_ref().is_err_and(|all| all.iter().any(is));
        if let Some(position) = repeated
            && !refused_with(&forbidden)
        {
            let known = match self.known(world, position, &request.actor) {
                Ok(known) => known,
                Err(fault) => return broken(fault.to_string()),
            };
            let tells = match known {
                Known::Whole => true,
                Known::InPart => !refused_with(&|refusal| refusal.code() == NOT_FOUND),
                Known::NotAtAll => false,
            };
            if tells {
                return Step::Answer(Pending::Repeat { position, digest });
            }
            if decided.is_ok() {
                return refused(vec![unknown_repeat()]);
            }
        }
        let decision = match decided {
            Ok(decision) => decision,
            Err(refusals) => {
                let may_read = request.actor.may(Permission::Read);
                let problems = refusals.iter().map(|refusal| discreet(refusal.problem(), may_read));
                let problems = status_right::published(problems, &request.actor, world);
                // Hiding reads too, and what it could not read it did not hide.
                return world
                    .take_fault()
                    .map_or_else(|| refused(problems), |fault| broken(fault.to_string()));
            }
        };
        if decision.events.is_empty() {
            return Step::Answer(Pending::Answer(Ok(Outcome::Done(Done::nothing(decision.warnings)))));
        }
        let subject = subject(world, &decision);
        if let Some(fault) = world.take_fault() {
            return broken(fault.to_string());
        }
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
            return refused(vec![problem]);
        }
        let committed = Committed {
            at,
            hash: [0; 32],
            command_id: request.command_id.map(Uuid::into_bytes),
            events: decision.events.clone(),
        };
        Step::Stage { body, committed, decision }
    }

    /// How much the actor may know of an earlier commit, of which it sends the command again (A2-52): all of it, when it
    /// sent it itself, whatever has been hidden from it since. What it is then told of the events is filtered like
    /// everything that it reads.
    ///
    /// One that does not show yet was sent a moment ago, and nobody but its sender can have its id.
    fn known(&self, world: &LiveWorld<'_>, position: Position, actor: &Actor) -> Result<Known, EngineFault> {
        let seen = Statuses::seen_by(actor);
        if seen == Statuses::ALL || position > self.shared.projected() {
            return Ok(Known::Whole);
        }
        let commit = self.shared.commit(position)?;
        if commit.envelope.actor == actor.name {
            return Ok(Known::Whole);
        }
        let named: Vec<_> = commit.events.iter().flat_map(|recorded| recorded.event.entities()).collect();
        let known = status_right::known(seen, &named, world);
        world.take_fault().map_or(Ok(known), |fault| Err(fault.into()))
    }

    /// Projects what the log has and the read models lack.
    fn catch_up(&mut self) -> Result<(), EngineFault> {
        let (done, outcome) = oneshot::channel();
        self.ask(Work::CatchUp(done), outcome)
    }

    /// Everything that was handed over before it is projected into the old file.
    fn switch(&mut self, building: Box<Building>) -> Result<(), EngineFault> {
        let (done, outcome) = oneshot::channel();
        self.ask(Work::Switch(building, done), outcome)
    }

    /// Has the projector do something that ends with read models which show all of the log.
    fn ask(
        &mut self,
        work: Work,
        outcome: oneshot::Receiver<Result<(), EngineFault>>,
    ) -> Result<(), EngineFault> {
        self.projector.send(work).map_err(|_| EngineFault::ShuttingDown)?;
        let outcome = outcome.blocking_recv().map_err(|_| EngineFault::ShuttingDown)?;
        // Nothing is under way now, and what failed is not in the log.
        if self.appender.send(Append::Anew).is_err() {
            self.shared.set_stopped(Some(ENDED.to_owned()));
            return Err(EngineFault::ShuttingDown);
        }
        self.shared.set_append_failed(false);
        self.recent = Recent::new();
        self.last = head_of(&self.shared);
        outcome
    }
}

/// Why nothing works any more when a thread is gone.
const ENDED: &str = "the threads beside the writer have ended; start again";

const NOT_FOUND: &str = "NOT_FOUND";

/// The answer to a repeated command whose first commit is only about what the actor may not see.
fn unknown_repeat() -> Problem {
    Problem::new(NOT_FOUND, "Nothing is found under this commandId; give every command an id of its own.")
        .field("commandId")
}

fn head_of(shared: &Shared) -> At {
    let head = shared.log.head();
    At { position: Position(head.position), time_us: head.time_us }
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
