//! `kroniek rebuild`.

use super::fault::Fault;
use super::progress::{Progress, per_second};
use super::{open, serve};
use indicatif::HumanCount;
use kroniek_engine::{Engine, EngineFault, RebuildProgress};
use serde_json::json;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const INSTEAD: &str = "Stop the server, rebuild, and start it again.";

/// Rebuild the read models from the log
///
/// Folds the whole log anew beside the read models in use, and switches to the result. Ctrl-C stops it; what is done is
/// kept, and the next `rebuild` goes on from there.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kroniek rebuild --data /var/lib/kroniek")]
pub(super) struct Rebuild {
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

impl Rebuild {
    pub(super) fn run(&self, data: &Path, out: &mut dyn Write) -> Result<(), Fault> {
        let opening_since = Instant::now();
        let mut opening = Progress::of_rebuild("rebuilding");
        let engine = open::existing(data, INSTEAD, &mut opening)?;
        // Read models that were missing, or of another version, are as good as new when the directory is open.
        let rebuilt = match opening.rebuilt_to() {
            Some(done) => Ok((done, opening_since.elapsed())),
            None => rebuild(&engine),
        };
        drop(opening);
        engine.shutdown();
        let (done, took) = rebuilt?;
        let written =
            if self.json { writeln!(out, "{}", json_of(done, took)) } else { print(done, took, out) };
        written.map_err(Fault::Output)
    }
}

/// Rebuilds until it is done, or until somebody asks to stop.
fn rebuild(engine: &Engine) -> Result<(RebuildProgress, Duration), Fault> {
    let since = Instant::now();
    let cancel = Arc::new(AtomicBool::new(false));
    let rebuilding = {
        let (engine, cancel) = (engine.clone(), Arc::clone(&cancel));
        move || {
            let mut progress = Progress::of_rebuild("rebuilding");
            let mut last = RebuildProgress { position: 0, head: 0, events: 0 };
            let mut report = |done: RebuildProgress| {
                last = done;
                progress.rebuilt(done);
            };
            let rebuilt = engine.rebuild(&mut report, &cancel);
            (rebuilt, last)
        }
    };
    let (rebuilt, last) = serve::runtime()?.block_on(async {
        let mut task = tokio::task::spawn_blocking(rebuilding);
        let ended = tokio::select! {
            ended = &mut task => ended,
            () = serve::asked_to_stop() => {
                cancel.store(true, Ordering::Relaxed);
                task.await
            }
        };
        ended.map_err(|fault| Fault::System(io::Error::other(fault)))
    })?;
    rebuilt.map(|done| (done, since.elapsed())).map_err(|fault| stopped(fault, last))
}

fn stopped(fault: EngineFault, last: RebuildProgress) -> Fault {
    if kroniek_engine::is_cancelled(&fault) {
        Fault::RebuildStopped { position: last.position, head: last.head }
    } else {
        fault.into()
    }
}

fn print(done: RebuildProgress, took: Duration, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "The read models are rebuilt up to position {}: {} events in {:.1} s ({} a second).",
        done.position,
        HumanCount(done.events),
        took.as_secs_f64(),
        HumanCount(per_second(done.events, took))
    )
}

fn json_of(done: RebuildProgress, took: Duration) -> serde_json::Value {
    json!({
        "position": done.position,
        "events": done.events,
        "seconds": took.as_secs_f64(),
        "eventsPerSecond": per_second(done.events, took),
    })
}
