//! Kills a server under load, starts it again, and compares every acknowledged mutation with what is there.
//!
//! The program starts itself again as the server, the real one with its real data directory. Several clients send
//! mutations over HTTP; after a random time the server is killed with SIGKILL, and in some rounds once more while it
//! opens. Then every acknowledged mutation must be there with its values and its position, every unanswered one
//! wholly or not at all, and repeating it with the same `commandId` must leave exactly one commit. It ends with 1 when
//! anything is missing, half, or wrong in another way.
//!
//! ```text
//! cargo run --release --example crash -- --rounds 100
//! ```

mod rounds;

use clap::Parser;
use rounds::{Failure, Plan};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

/// Kill a server under load, start it again, and compare what it acknowledged with what is there
#[derive(Debug, Parser)]
struct Arguments {
    /// How often the server is killed
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Clients that send mutations at the same time
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=99))]
    clients: u32,
    /// Shortest time under load before the kill
    #[arg(long, default_value_t = 50)]
    min_ms: u64,
    /// Longest time under load before the kill
    #[arg(long, default_value_t = 400)]
    max_ms: u64,
    /// What the times and the mix of mutations are drawn from; a random one when left out
    #[arg(long)]
    seed: Option<u64>,
    /// A new data directory, which is kept; a temporary one when left out
    #[arg(long)]
    data: Option<PathBuf>,
}

fn main() -> ExitCode {
    // As the server, and to verify, it is the command line of Kroniek itself.
    if env::args().nth(1).is_some_and(|verb| verb == "serve" || verb == "verify") {
        return kroniek::cli::main();
    }
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("crash: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let temporary = tempfile::tempdir()?;
    let dir = arguments.data.clone().unwrap_or_else(|| temporary.path().join("data"));
    if fs::read_dir(&dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(format!("{} holds something; name a new directory", dir.display()).into());
    }
    let plan = Plan {
        rounds: arguments.rounds,
        clients: arguments.clients,
        load_ms: arguments.min_ms..=arguments.max_ms.max(arguments.min_ms),
        seed: arguments.seed.unwrap_or_else(|| RandomState::new().build_hasher().finish()),
    };
    println!("{} rounds with {} clients, seed {}", plan.rounds, plan.clients, plan.seed);
    let report = rounds::run(&env::current_exe()?, &dir, &plan, &mut |line| println!("{line}"))?;
    for violation in &report.violations {
        println!("{violation}");
    }
    println!("{report}");
    Ok(report.violations.is_empty())
}
