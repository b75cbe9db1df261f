//! The whole command path in process: decide, encode, append, project, answer; beside a plain file that takes as many
//! bytes per commit from as many clients, in the same run.
//!
//! `cargo bench --bench commands`; see `support/mod.rs` for the sizes.

#[allow(dead_code, reason = "each bench uses a part of what they share")]
mod support;

use std::sync::{Arc, Mutex, PoisonError};

use kroniek::engine::Engine;
use support::plain::PlainFile;
use support::queue::{appends_per_second, load};
use support::table::Table;
use support::workload::{self, Household, Numbers};
use support::{Outcome, Place, figure, median, number, open, round, rounds, runtime};
use tokio::runtime::Runtime;

const CLIENTS: usize = 64;

fn main() -> Outcome<()> {
    let place = Place::fresh("commands")?;
    let contacts = number("KRONIEK_BENCH_CONTACTS", 10_000)?;
    let engine = open(place.path())?;
    let runtime = runtime()?;
    let households = Arc::new(prefill(&runtime, &engine, (contacts / 2).max(1))?);
    let before = engine.log().head().position;

    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    for turn in 0..rounds()? {
        ours.push(commands_per_second(&runtime, &engine, &households, turn)?);
        let (_, body_bytes) = of_the_commits(&engine, before)?;
        let file = PlainFile::create(&place.path().join(format!("plain-{turn}")))?;
        plain.push(appends_per_second(&runtime, CLIENTS, body_bytes, round()?, file)?);
    }
    let (events, body_bytes) = of_the_commits(&engine, before)?;
    println!("commits of {events:.2} events and {body_bytes} bytes on average, over {contacts} contacts");
    let mut table = Table::new("plain file");
    table.ratio(&format!("whole command path, {CLIENTS} clients"), median(ours), median(plain), 0.20);
    table.end();
    engine.shutdown();
    Ok(())
}

fn prefill(runtime: &Runtime, engine: &Engine, households: u64) -> Outcome<Vec<Household>> {
    runtime.block_on(async {
        let tasks: Vec<_> = (0..households)
            .map(|number| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    workload::make_household(&engine, workload::create_household(number)).await
                })
            })
            .collect();
        let mut made = Vec::new();
        for task in tasks {
            made.push(task.await??);
        }
        Ok(made)
    })
}

/// Of a hundred commands 40 change a name, 30 channels, 25 an address, and 5 make a household with a person.
fn commands_per_second(
    runtime: &Runtime,
    engine: &Engine,
    households: &Arc<Vec<Household>>,
    turn: u64,
) -> Outcome<f64> {
    let numbers: Arc<Vec<_>> =
        Arc::new((0..CLIENTS as u64).map(|client| Mutex::new(Numbers(client + turn * 1000))).collect());
    let (engine, households) = (engine.clone(), Arc::clone(households));
    load(runtime, CLIENTS, round()?, move |client| {
        let (engine, households) = (engine.clone(), Arc::clone(&households));
        let [which, at, number] = match numbers.get(client) {
            Some(mine) => {
                let mut mine = mine.lock().unwrap_or_else(PoisonError::into_inner);
                [mine.below(100), mine.below(households.len() as u64), mine.next() >> 16]
            }
            None => [0; 3],
        };
        async move {
            let household = households.get(usize::try_from(at)?).copied().unwrap_or_default();
            let command = match which {
                0..40 => workload::rename(household.person, number).into(),
                40..70 => workload::change_phone(household.person, number).into(),
                70..95 => workload::change_address(household.contact, number).into(),
                _ => kroniek::Command::from(workload::create_household(number)),
            };
            workload::execute(&engine, command).await?;
            Ok(())
        }
    })
}

/// Events and bytes of a commit, on average over the last ones that came after this position.
fn of_the_commits(engine: &Engine, after: u64) -> Outcome<(f64, usize)> {
    let head = engine.log().head().position;
    let from = after.max(head.saturating_sub(20_000)) + 1;
    let (mut commits, mut events, mut bytes) = (0, 0, 0);
    for stored in engine.log().read(from) {
        let stored = stored?;
        commits += 1;
        bytes += stored.body.len();
        events += kroniek::engine::Commit::read(&stored)?.events.len() as u64;
    }
    if commits == 0 {
        return Err("no commands were executed".into());
    }
    Ok((figure(events) / figure(commits), bytes / usize::try_from(commits)?))
}
