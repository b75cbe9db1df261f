//! The big log: what happens to the customers of a corporation over the years, as real commands through the engine.
//!
//! Of every household ten commits: it is made with a person in it, becomes a customer, changes five times (address,
//! channels, name of the person, channels of the person, address again), gets a bank account, a payment line, and a
//! contact person. With 1,000,000 commits that is 200,000 contacts and 100,000 customers. The years pass over all
//! households in turn and not household by household, so that the changes of one lie far apart.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use kroniek::engine::Engine;
use tokio::runtime::Runtime;

use super::workload::{self, Household};
use super::{Outcome, figure};

const CLIENTS: usize = 512;
const CHAPTERS: [&str; 10] = [
    "households",
    "customers",
    "addresses",
    "channels",
    "names",
    "more channels",
    "new addresses",
    "bank accounts",
    "payment lines",
    "roles",
];

/// Commits that a household makes.
pub(crate) const COMMITS_PER_HOUSEHOLD: u64 = CHAPTERS.len() as u64;

/// Makes the log; answers its households.
pub(crate) fn grow(runtime: &Runtime, engine: &Engine, commits: u64) -> Outcome<Vec<Household>> {
    let count = usize::try_from(commits / COMMITS_PER_HOUSEHOLD)?.max(2);
    let households = Arc::new(Mutex::new(vec![Household::default(); count]));
    for (chapter, name) in CHAPTERS.into_iter().enumerate() {
        let started = Instant::now();
        eprint!("  {count} {name} ... ");
        std::io::stderr().flush()?;
        runtime.block_on(tell(engine, &households, chapter, count))?;
        eprintln!("{:.0}/s", figure(count as u64) / started.elapsed().as_secs_f64());
    }
    let households = households.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(households)
}

async fn tell(
    engine: &Engine,
    households: &Arc<Mutex<Vec<Household>>>,
    chapter: usize,
    count: usize,
) -> Outcome<()> {
    let next = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (engine, households, next) = (engine.clone(), Arc::clone(households), Arc::clone(&next));
            tokio::spawn(async move {
                loop {
                    let turn = next.fetch_add(1, Ordering::Relaxed);
                    if turn >= count {
                        return Outcome::Ok(());
                    }
                    // Every chapter in another order; 7919 and 104729 are prime, so that each has its turn.
                    let stride = if count.is_multiple_of(7919) { 104_729 } else { 7919 };
                    let at = if chapter == 0 { turn } else { (turn * stride + chapter) % count };
                    one(&engine, &households, chapter, at).await?;
                }
            })
        })
        .collect();
    for client in clients {
        client.await??;
    }
    Ok(())
}

async fn one(engine: &Engine, households: &Mutex<Vec<Household>>, chapter: usize, at: usize) -> Outcome<()> {
    let number = (at * 31 + chapter * 17) as u64;
    let household = |at: usize| {
        let households = households.lock().unwrap_or_else(PoisonError::into_inner);
        households.get(at % households.len()).copied().unwrap_or_default()
    };
    let set = |changed: Household| {
        let mut households = households.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = households.get_mut(at) {
            *kept = changed;
        }
    };
    let it = household(at);
    match chapter {
        0 => set(workload::make_household(engine, workload::create_known_household(number)).await?),
        1 => set(Household { customer: workload::make_customer(engine, it, number).await?, ..it }),
        2 | 6 => drop(workload::execute(engine, workload::change_address(it.contact, number)).await?),
        3 => drop(workload::execute(engine, workload::change_channels(it.contact, number)).await?),
        4 => drop(workload::execute(engine, workload::rename(it.person, number)).await?),
        5 => drop(workload::execute(engine, workload::change_channels(it.person, number)).await?),
        7 => drop(workload::execute(engine, workload::add_bank_account(it.customer)).await?),
        8 => drop(workload::execute(engine, workload::add_payment_line(it.customer)).await?),
        _ => {
            let person = household(at + 1).person;
            drop(workload::execute(engine, workload::add_role(it.contact, person)).await?);
        }
    }
    Ok(())
}
