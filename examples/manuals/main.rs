//! Follows the manuals of three organisations step by step, each step a GraphQL request of its member of staff.
//!
//! Starts a real server on a temporary data directory for each manual and runs its script over HTTP: the lines of the
//! manual, what the member of staff does, the request, the answer. It ends with 1 when a step does not answer as the
//! script says. The scripts are the `.graphql` files beside this one; how they are written stands in `runner.rs`.
//!
//! ```text
//! cargo run --example manuals
//! cargo run --example manuals -- e2
//! ```

mod runner;

use kroniek::http::Server;
use kroniek::{Engine, Options};
use runner::{Failure, MANUALS};
use std::process::ExitCode;

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let known: Vec<_> = MANUALS.iter().map(|(key, _)| *key).collect();
    if let Some(unknown) = wanted.iter().find(|key| !known.contains(&key.as_str())) {
        eprintln!("manuals: there is no {unknown}; the manuals are {}", known.join(", "));
        return ExitCode::FAILURE;
    }
    for (key, script) in
        MANUALS.iter().filter(|(key, _)| wanted.is_empty() || wanted.iter().any(|w| w == key))
    {
        match follow(script) {
            Ok(requests) => println!("{key}: {requests} requests, all answered as the manual says\n"),
            Err(why) => {
                eprintln!("manuals: {key}: {why}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// Runs a script on a server of its own.
fn follow(script: &'static str) -> Result<usize, Failure> {
    let dir = tempfile::tempdir()?;
    let engine = Engine::open(&dir.path().join("data"), &Options::default(), &mut |_| {})?;
    runner::prepare(&engine, dir.path())?;
    let runtime = tokio::runtime::Runtime::new()?;
    let server = runtime.block_on(Server::start(engine, "127.0.0.1:0".parse()?))?;
    let addr = server.addr();
    let requests = runner::run(addr, script, &mut |line| println!("{line}"));
    runtime.block_on(server.shutdown());
    requests
}
