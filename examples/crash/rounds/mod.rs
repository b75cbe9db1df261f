//! The rounds: load, kill, start, compare. Also run, in a short form, by the tests.

mod book;
mod check;
mod client;
mod random;
mod server;

use book::Book;
use check::Ledger;
use client::Client;
use random::Random;
use std::error::Error;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

pub(crate) use check::Violation;
pub(crate) use server::Server;

/// Whatever keeps a round from being judged.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// In one of so many rounds the server is also killed while it opens.
const KILLED_OPENING: u64 = 4;

/// A server without a single answer for so long is broken, not slow.
const FIRST_ANSWER: Duration = Duration::from_secs(60);

/// What is to be done.
pub(crate) struct Plan {
    /// How often the server is killed under load.
    pub(crate) rounds: u32,
    /// Clients that send mutations at the same time; 99 at most, or their telephone numbers would not be distinct.
    pub(crate) clients: u32,
    /// Milliseconds under load before the kill.
    pub(crate) load_ms: RangeInclusive<u64>,
    /// What everything random is drawn from.
    pub(crate) seed: u64,
}

/// What came of it. Printed as the summary.
#[derive(Default)]
pub(crate) struct Report {
    /// Rounds that were run.
    pub(crate) rounds: u32,
    /// Mutations that were acknowledged before a kill.
    pub(crate) acknowledged: usize,
    /// Mutations without an answer that were there after the kill, wholly.
    pub(crate) stored: usize,
    /// Mutations without an answer that were not there at all.
    pub(crate) absent: usize,
    /// Kills while the server opened.
    pub(crate) killed_opening: usize,
    /// Commits that `verify` proved in the end.
    pub(crate) commits: usize,
    /// What must not be.
    pub(crate) violations: Vec<Violation>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |wanted: fn(&Violation) -> bool| self.violations.iter().filter(|v| wanted(v)).count();
        let missing = count(|violation| matches!(violation, Violation::Missing(_)));
        let half = count(|violation| matches!(violation, Violation::Half(_)));
        let wrong = count(|violation| matches!(violation, Violation::Wrong(_)));
        write!(
            f,
            "{} rounds, {} acknowledged, {missing} missing, {half} half",
            self.rounds, self.acknowledged
        )?;
        if wrong > 0 {
            write!(f, ", {wrong} wrong otherwise")?;
        }
        write!(
            f,
            " (in doubt: {} stored, {} absent; {} more kills while opening; {} commits verified)",
            self.stored, self.absent, self.killed_opening, self.commits
        )
    }
}

/// Runs the plan against `program`, which knows the verbs `serve` and `verify`, on a new data directory.
pub(crate) fn run(
    program: &Path,
    data: &Path,
    plan: &Plan,
    say: &mut dyn FnMut(&str),
) -> Result<Report, Failure> {
    let mut random = Random::new(plan.seed);
    let mut books: Vec<_> = (0..plan.clients).map(|client| Book::new(client, random.fork())).collect();
    let mut ledger = Ledger::default();
    let mut report = Report::default();
    let mut server = Server::start(program, data)?;
    for round in 1..=plan.rounds {
        let load = Duration::from_millis(random.within(&plan.load_ms));
        let acknowledged = under_load(server, &mut books, load)?;
        if random.below(KILLED_OPENING) == 0 {
            // Opening takes longer than this as a rule; where it does not, a server that has opened is killed.
            Server::start_and_kill(program, data, Duration::from_millis(random.within(&(0..=30))))?;
            report.killed_opening += 1;
        }
        let start = Instant::now();
        server = Server::start(program, data)?;
        let opened = start.elapsed();

        let found = ledger.settle(&Client::new(server.addr()), &mut books, &mut report.violations)?;
        report.rounds += 1;
        report.acknowledged += acknowledged;
        report.stored += found.stored;
        report.absent += found.absent;
        say(&format!(
            "round {round:>3}: {acknowledged:>5} acknowledged in {:>3} ms, {:>2} in doubt ({} stored, {} absent), \
             opened in {} ms",
            load.as_millis(),
            found.stored + found.absent,
            found.stored,
            found.absent,
            opened.as_millis(),
        ));
    }
    say("comparing everything once more");
    check::compare_all(&Client::new(server.addr()), &mut books, &mut report.violations)?;
    server.stop()?;
    report.commits = server::verified_commits(program, data)?;
    ledger.compare_count(report.commits, &mut report.violations);
    Ok(report)
}

/// Lets every client send mutations for this long, and then kills the server. Answers how many were acknowledged.
fn under_load(server: Server, books: &mut [Book], load: Duration) -> Result<usize, Failure> {
    let (acknowledge, acknowledged) = mpsc::channel();
    let addr = server.addr();
    std::thread::scope(|scope| {
        let clients: Vec<_> = books
            .iter_mut()
            .map(|book| {
                let acknowledge = acknowledge.clone();
                scope.spawn(move || book.work(&Client::new(addr), &acknowledge))
            })
            .collect();
        drop(acknowledge);
        // Ends early, with everybody hung up, when every client has met something wrong.
        let first = acknowledged.recv_timeout(FIRST_ANSWER).is_ok();
        let deadline = Instant::now() + load;
        let mut count = usize::from(first);
        while acknowledged.recv_timeout(deadline.saturating_duration_since(Instant::now())).is_ok() {
            count += 1;
        }
        server.kill()?;
        for client in clients {
            client.join().map_err(|_| "a client panicked")??;
        }
        // What was answered between the deadline and the kill.
        count += acknowledged.try_iter().count();
        if first { Ok(count) } else { Err("nothing was acknowledged".into()) }
    })
}
