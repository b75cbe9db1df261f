//! Durable appends, and replay with decoding and folding, beside a plain file in the same run.
//!
//! `cargo bench --bench log`; see `support/mod.rs` for the sizes.

// Each bench uses a part of it.
#[allow(dead_code, reason = "each bench uses a part of what they share")]
mod support;

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use kroniek::EntityId;
use kroniek::domain::contact::Contact;
use kroniek::domain::{At, ContactId, Event};
use kroniek::engine::{Commit, Engine};
use kroniek_log::{Log, NewCommit, Options, StoredCommit};
use support::plain::{self, PlainFile};
use support::queue::{Sink, appends_per_second};
use support::table::Table;
use support::{Outcome, Place, commits, figure, median, open, round, rounds, runtime, workload};

const EVENTS: usize = 3;
const EVENT_BYTES: usize = 250;
/// Renames that are in flight while the log of the replay is made.
const CLIENTS: u32 = 512;

fn main() -> Outcome<()> {
    let place = Place::fresh("log")?;
    let mut table = Table::new("plain file");
    append(place.path(), &mut table)?;
    replay(place.path(), &mut table)?;
    table.end();
    Ok(())
}

struct LogSink {
    log: Log,
    time_us: i64,
}

impl Sink for LogSink {
    fn store(&mut self, bodies: &[Vec<u8>]) -> Outcome<()> {
        let first = self.time_us + 1;
        let group: Vec<_> =
            bodies.iter().zip(first..).map(|(body, time_us)| NewCommit { time_us, body }).collect();
        self.time_us += i64::try_from(group.len())?;
        self.log.append(self.log.head().position, &group)?;
        Ok(())
    }
}

fn append(dir: &Path, table: &mut Table) -> Outcome<()> {
    let runtime = runtime()?;
    for (clients, target) in [(1, 0.40), (64, 0.40), (512, 0.35)] {
        let (mut plain, mut log) = (Vec::new(), Vec::new());
        // In turn, so that both see the same disk.
        for turn in 0..rounds()? {
            let file = PlainFile::create(&dir.join(format!("plain-{clients}-{turn}")))?;
            let bytes = EVENTS * EVENT_BYTES;
            plain.push(appends_per_second(&runtime, clients, bytes, round()?, file)?);
            let sink = LogSink {
                log: Log::open(&dir.join(format!("log-{clients}-{turn}")), &Options::default())?,
                time_us: 0,
            };
            log.push(appends_per_second(&runtime, clients, bytes, round()?, sink)?);
        }
        let what = format!("append of {EVENTS} x {EVENT_BYTES} bytes, {clients} clients");
        table.ratio(&what, median(log), median(plain), target);
    }
    Ok(())
}

/// The states that a replay comes to.
#[derive(Default)]
struct Folded {
    contacts: HashMap<ContactId, Contact>,
    events: u64,
}

impl Folded {
    fn fold(&mut self, commit: &StoredCommit) -> Outcome<()> {
        let commit = Commit::read(commit)?;
        for recorded in &commit.events {
            self.fold_event(commit.at, &recorded.event);
        }
        Ok(())
    }

    fn fold_event(&mut self, at: At, event: &Event) {
        self.events += 1;
        for entity in event.entities() {
            if let EntityId::Contact(id) = entity {
                self.contacts.entry(id).or_insert_with(|| Contact::new(id)).evolve(at, event);
            }
        }
    }
}

fn replay(dir: &Path, table: &mut Table) -> Outcome<()> {
    let engine = open(&dir.join("replay"))?;
    let wanted = commits()?;
    make_renames(&engine, wanted)?;
    let log = engine.log();
    let path = dir.join("plain-replay");
    let mut file = PlainFile::create(&path)?;
    for commit in log.read(1) {
        file.put(&commit?.body)?;
        if file.waiting() > 1 << 20 {
            file.write()?;
        }
    }
    file.write()?;

    let (mut plain_rates, mut log_rates) = (Vec::new(), Vec::new());
    let mut events = 0;
    for _ in 0..rounds()? {
        let (plain_rate, by_plain) = timed(|folded| {
            let mut position = 0;
            plain::replay(&path, |body| {
                position += 1;
                let time_us = i64::try_from(position)?;
                folded.fold(&StoredCommit { position, time_us, prev_hash: [0; 32], hash: [0; 32], body })
            })
        })?;
        let (log_rate, by_log) = timed(|folded| {
            for commit in log.read(1) {
                folded.fold(&commit?)?;
            }
            Ok(())
        })?;
        if by_plain != by_log {
            return Err("the two replays folded different numbers of events".into());
        }
        events = by_log;
        plain_rates.push(plain_rate);
        log_rates.push(log_rate);
    }
    let [ours, theirs] = [log_rates, plain_rates].map(|rates| median(rates) * figure(log.head().position));
    let per_commit = figure(events) / figure(log.head().position);
    let what = format!("replay, {} commits of {per_commit:.1} events", log.head().position);
    table.ratio(&what, ours, theirs, 0.6);
    engine.shutdown();
    Ok(())
}

/// Replays per second, and the events that were folded.
fn timed(replay: impl FnOnce(&mut Folded) -> Outcome<()>) -> Outcome<(f64, u64)> {
    let mut folded = Folded::default();
    let started = Instant::now();
    replay(&mut folded)?;
    Ok((1.0 / started.elapsed().as_secs_f64(), folded.events))
}

/// Makes households, one for every twenty commits, and then renames their persons: two events each, that of the person
/// and that of the household.
fn make_renames(engine: &Engine, commits: u64) -> Outcome<()> {
    let households = (commits / 20).max(1);
    eprintln!("  making a log of {commits} commits ...");
    let runtime = runtime()?;
    runtime.block_on(async {
        let tasks: Vec<_> = (0..u64::from(CLIENTS))
            .map(|client| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    let mut mine = Vec::new();
                    for number in (0..households).filter(|number| number % u64::from(CLIENTS) == client) {
                        mine.push(
                            workload::make_household(&engine, workload::create_household(number)).await?,
                        );
                    }
                    let renames = (commits - households) / u64::from(CLIENTS);
                    for number in 0..renames {
                        let Some(household) = mine.get(usize::try_from(number)? % mine.len().max(1)) else {
                            break;
                        };
                        let surname = number * 7 + client;
                        workload::execute(&engine, workload::rename(household.person, surname)).await?;
                    }
                    Outcome::Ok(())
                })
            })
            .collect();
        for task in tasks {
            task.await??;
        }
        Ok(())
    })
}
