//! Rebuilding all read models of a big log, and opening it after a kill and after a clean stop.
//!
//! `cargo bench --bench rebuild`; see `support/mod.rs` for the sizes, and `support/story.rs` for what is in the log.

#[allow(dead_code, reason = "each bench uses a part of what they share")]
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use support::table::Table;
use support::workload;
use support::{Outcome, Place, commits, figure, median, open, rounds, runtime, story};

/// Set for the child that makes the log, and is killed over it.
const CHILD: &str = "KRONIEK_BENCH_CHILD";
/// Commands before the clean stop, so that there is something to stop.
const BEFORE_STOP: u64 = 20_000;

fn main() -> Outcome<()> {
    if let Some(dir) = std::env::var_os(CHILD) {
        return grow_and_die(&PathBuf::from(dir));
    }
    let place = Place::kept_or_fresh("rebuild")?;
    let data = place.path().join("data");
    let was_there = data.exists();
    if !was_there {
        eprintln!("  making a log of {} commits in {}", commits()?, data.display());
        let status = Command::new(std::env::current_exe()?).env(CHILD, &data).status()?;
        if status.success() {
            return Err("the child that makes the log should have been killed".into());
        }
    }

    let mut table = Table::new("");
    let started = Instant::now();
    let engine = open(&data)?;
    let took = started.elapsed();
    let head = engine.log().head().position;
    if was_there {
        println!("the log was there already: no opening after a kill to measure; opened in {took:.2?}");
    } else {
        table.time(&format!("open after a kill, {head} commits"), took, Duration::from_secs(5));
    }

    let mut rates = Vec::new();
    let mut events = 0;
    for _ in 0..rounds()? {
        let started = Instant::now();
        let done = engine.rebuild(&mut |_| {}, &AtomicBool::new(false))?;
        rates.push(figure(done.events) / started.elapsed().as_secs_f64());
        events = done.events;
    }
    table.rate(&format!("rebuild, {head} commits, {events} events"), median(rates), 300_000.0);

    if !was_there {
        write_a_little(&engine)?;
    }
    engine.shutdown();
    drop(engine);
    let started = Instant::now();
    let engine = open(&data)?;
    let head = engine.log().head().position;
    table.time(
        &format!("open after a clean stop, {head} commits"),
        started.elapsed(),
        Duration::from_secs(1),
    );
    engine.shutdown();
    table.end();
    Ok(())
}

fn grow_and_die(dir: &Path) -> Outcome<()> {
    let runtime = runtime()?;
    let engine = open(dir)?;
    let started = Instant::now();
    story::grow(&runtime, &engine, commits()?)?;
    eprintln!("  {} commits in {:.1?}; killed now", engine.log().head().position, started.elapsed());
    std::process::abort()
}

fn write_a_little(engine: &kroniek::Engine) -> Outcome<()> {
    runtime()?.block_on(async {
        let tasks: Vec<_> = (0..BEFORE_STOP.min(commits()? / 10))
            .map(|number| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    // More than the queue holds: some wait their turn.
                    loop {
                        match workload::make_household(&engine, workload::create_household(number)).await {
                            Err(fault) if fault.to_string().contains("too many") => {
                                tokio::task::yield_now().await;
                            }
                            made => return made,
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await??;
        }
        Ok(())
    })
}
