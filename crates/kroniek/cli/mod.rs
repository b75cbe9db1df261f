//! The command line: one verb a file.
//!
//! A verb writes its results to standard output; progress, notes and faults go to standard error. It ends with 0 when it
//! did what was asked, with 1 when not, and with 2 when it was not understood. Output into a pipe that nobody reads any
//! more (`| head`) ends quietly.

mod demo;
mod export;
mod fault;
mod history;
mod import;
mod open;
mod progress;
mod rebuild;
mod schema;
mod serve;
mod verify;

pub use fault::Fault;

use clap::{Parser, Subcommand};
use std::env;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// What stands where a sensitive value is masked.
const MASK: &str = "•••";

/// What was asked for on the command line.
#[derive(Debug, Parser)]
#[command(
    name = "kroniek",
    version,
    about = "An event-sourced CRM core: commands append events to a durable log, and the audit history is the log itself.",
    after_help = "Try it:\n  kroniek serve --demo\n\nThe environment variable RUST_LOG sets what is logged to standard error, for instance RUST_LOG=debug."
)]
pub struct Arguments {
    /// The data directory
    #[arg(long, global = true, value_name = "DIR", default_value = "./kroniek-data")]
    data: PathBuf,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Serve(serve::Serve),
    Schema(schema::Schema),
    Import(import::Import),
    History(history::History),
    Verify(verify::Verify),
    Rebuild(rebuild::Rebuild),
    Export(export::Export),
}

/// The program: reads the command line, runs the verb, and says on standard error what went wrong.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr(&arguments.verb);
    match run(&arguments, &mut BufWriter::new(io::stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) if fault.is_broken_pipe() => ExitCode::SUCCESS,
        Err(fault) => {
            note(&format!("kroniek: {fault}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs a verb, with its results to `out`.
///
/// # Errors
/// What was asked for was not done.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Fault> {
    let data = &arguments.data;
    match &arguments.verb {
        Verb::Serve(verb) => verb.run(data, out),
        Verb::Schema(verb) => verb.run(out),
        Verb::Import(verb) => verb.run(data, out),
        Verb::History(verb) => verb.run(data, out),
        Verb::Verify(verb) => verb.run(data, out),
        Verb::Rebuild(verb) => verb.run(data, out),
        Verb::Export(verb) => verb.run(data, out),
    }?;
    out.flush().map_err(Fault::Output)
}

/// Says something to the person at the terminal. Nobody listening is no failure.
fn note(text: &str) {
    let _unheard = writeln!(io::stderr(), "{text}");
}

/// Logs what `RUST_LOG` asks for; without it what an operator should see. The storage engine is silent then: what it
/// says about a damaged file comes as a fault, with what to do.
fn log_to_stderr(verb: &Verb) {
    let asked = env::var(EnvFilter::DEFAULT_ENV).ok().filter(|text| !text.is_empty());
    let default = if matches!(verb, Verb::Serve(_)) { "info,sled=off" } else { "warn,sled=off" };
    let filter = EnvFilter::builder().parse_lossy(asked.as_deref().unwrap_or(default));
    let set = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .try_init();
    // Whoever calls `main` from a program of its own may log as it likes.
    let _set_already = set;
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn every_verb_is_well_formed_and_its_help_shows_an_example() {
        let mut command = Arguments::command();
        command.clone().debug_assert();
        command.build();
        let mut verbs: Vec<_> = command.get_subcommands().filter(|verb| verb.get_name() != "help").collect();
        let nested: Vec<_> = verbs.iter().flat_map(|verb| verb.get_subcommands()).collect();
        verbs.extend(nested);
        for verb in verbs.iter().filter(|verb| verb.get_name() != "help") {
            let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("kroniek "), "{} has no example", verb.get_name());
        }
    }
}
