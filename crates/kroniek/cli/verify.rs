//! `kroniek verify`.

use super::fault::Fault;
use super::open;
use super::progress::Progress;
use indicatif::HumanCount;
use kroniek_engine::{EngineFault, Proof, ProofFault, hex};
use serde_json::json;
use std::io::{self, Write};
use std::path::Path;

const INSTEAD: &str = "Stop the server, verify, and start it again.";

/// Prove that the log is what was written
///
/// Reads the whole log: every checksum, hash, link of the chain, position and time, and that every event can be
/// understood. Note the hash of the head elsewhere: it covers everything before it. Damage ends with 1 and the first
/// position that is not right.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kroniek verify\n  kroniek verify --data /var/lib/kroniek --json")]
pub(super) struct Verify {
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    /// Accept the log's present end as the truth when its head mark is missing or damaged, and note it anew. Only after
    /// comparing that end with what is known elsewhere
    #[arg(long)]
    accept_lost_head_mark: bool,
}

impl Verify {
    pub(super) fn run(&self, data: &Path, out: &mut dyn Write) -> Result<(), Fault> {
        let log = open::log(data, INSTEAD, self.accept_lost_head_mark)?;
        let mut progress = Progress::in_commits("verifying");
        let proven = kroniek_engine::verify(&log, &mut |done, total| progress.at(done, total));
        drop(progress);
        let written = match (&proven, self.json) {
            (Ok(proof), true) => writeln!(out, "{}", json_of(proof)),
            (Ok(proof), false) => print(proof, out),
            (Err(fault), true) => {
                let position = bad_position(fault);
                writeln!(
                    out,
                    "{}",
                    json!({ "intact": false, "position": position, "why": fault.to_string() })
                )
            }
            (Err(_), false) => Ok(()),
        };
        written.and_then(|()| out.flush()).map_err(Fault::Output)?;
        proven?;
        Ok(())
    }
}

fn print(proof: &Proof, out: &mut dyn Write) -> io::Result<()> {
    let head = &proof.chain.head;
    let events = proof.events.values().sum();
    writeln!(
        out,
        "The log is intact: {} commits, {} events.",
        HumanCount(proof.chain.commits),
        HumanCount(events)
    )?;
    writeln!(out, "Head: position {}, hash {}", head.position, hex(&head.hash))?;
    let widest = proof.events.keys().map(|name| name.len()).max().unwrap_or(0);
    for (name, count) in &proof.events {
        writeln!(out, "  {name:widest$}  {:>12}", HumanCount(*count).to_string())?;
    }
    Ok(())
}

fn json_of(proof: &Proof) -> serde_json::Value {
    let head = &proof.chain.head;
    json!({
        "intact": true,
        "commits": proof.chain.commits,
        "head": { "position": head.position, "hash": hex(&head.hash) },
        "events": proof.events,
    })
}

/// The first position that is not right, where the fault is about one.
fn bad_position(fault: &ProofFault) -> Option<u64> {
    match fault {
        ProofFault::Chain(bad) => Some(bad.position),
        ProofFault::Content(EngineFault::Undecodable { position, .. }) => Some(*position),
        ProofFault::Content(EngineFault::Log(fault)) => Some(fault.0.position),
        ProofFault::Content(_) => None,
    }
}
