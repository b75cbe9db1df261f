//! Folding the log into read models: from zero into a new file, or from where a file is to the head.

use crate::envelope;
use crate::fault::EngineFault;
use kroniek_log::Log;
use kroniek_views::{Batch, Building, Checkpoint, Committed, Nothing, ViewFault, Writer};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

/// Commits that travel together from the thread that decodes to the one that folds.
const CHUNK: usize = 1024;
/// Chunks that may wait between the two.
const CHUNKS: usize = 8;
/// Events folded before the states are written; bounds the memory of a rebuild of any size.
const FLUSH_EVENTS: u64 = 8_000_000;
/// Commits projected in one transaction while catching up a live file.
const CATCH_UP: usize = 10_000;

/// How far a rebuild is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct RebuildProgress {
    /// Position that is folded.
    pub position: u64,
    /// Position that it goes to.
    pub head: u64,
    /// Events folded since it started or was resumed.
    pub events: u64,
}

/// Projects what a live file lacks. Each transaction carries its checkpoint, so it may stop anywhere.
pub(crate) fn catch_up(log: &Log, writer: &mut Writer) -> Result<(), EngineFault> {
    let from = writer.checkpoint()?.position.0 + 1;
    let mut batch = Batch::default();
    let mut commits = 0;
    for stored in log.read(from) {
        batch.fold(&envelope::committed(&stored?)?, writer)?;
        commits += 1;
        if commits % CATCH_UP == 0 {
            writer.write(std::mem::take(&mut batch))?;
        }
    }
    if !batch.is_empty() {
        writer.write(batch)?;
    }
    Ok(())
}

/// As [`catch_up`], for the last stretch of a file that is about to become the live one.
pub(crate) fn catch_up_bulk(log: &Log, building: &mut Building) -> Result<(), EngineFault> {
    let mut batch = Batch::default();
    for stored in log.read(building.checkpoint()?.position.0 + 1) {
        batch.fold(&envelope::committed(&stored?)?, building.load())?;
    }
    if !batch.is_empty() {
        building.write(batch)?;
    }
    Ok(())
}

/// Folds the log up to its present head into a file beside the live one. Stops between chunks when `cancel` is set;
/// what is folded by then is kept, and the next call goes on from there.
pub(crate) fn build(
    log: &Log,
    dir: &Path,
    progress: &mut dyn FnMut(RebuildProgress),
    cancel: &AtomicBool,
) -> Result<Building, EngineFault> {
    let mut building = Building::start_or_resume(dir)?;
    if !stands_in(log, building.checkpoint()?)? {
        building = building.restart()?;
    }
    let start = building.checkpoint()?.position.0;
    let head = log.head().position;
    let mut empty = start == 0;
    let mut batch = Batch::default();
    let mut done = RebuildProgress { position: start, head, events: 0 };
    progress(done);
    let (sender, receiver) = mpsc::sync_channel::<Result<Vec<Committed>, EngineFault>>(CHUNKS);
    std::thread::scope(|scope| {
        scope.spawn(move || decode(log, start + 1, head, &sender));
        for chunk in receiver {
            for commit in chunk? {
                batch.fold(&commit, if empty { &Nothing } else { building.load() })?;
                done.position = commit.at.position.0;
                done.events += commit.events.len() as u64;
            }
            progress(done);
            let cancelled = cancel.load(Ordering::Relaxed);
            if cancelled || batch.events() >= FLUSH_EVENTS {
                building.write(std::mem::take(&mut batch))?;
                building.keep()?;
                empty = false;
            }
            if cancelled {
                return Err(ViewFault::Cancelled.into());
            }
        }
        if !batch.is_empty() {
            building.write(batch)?;
        }
        // Here and not when it becomes the live file: commands wait for that.
        building.index()?;
        Ok(building)
    })
}

/// Reads and decodes ahead of the folding; ends when the receiver is gone.
fn decode(log: &Log, from: u64, head: u64, to: &mpsc::SyncSender<Result<Vec<Committed>, EngineFault>>) {
    let mut chunk = Vec::with_capacity(CHUNK);
    let commits = usize::try_from((head + 1).saturating_sub(from)).unwrap_or(usize::MAX);
    for stored in log.read(from).take(commits) {
        let commit = match stored.map_err(EngineFault::from).and_then(|stored| envelope::committed(&stored)) {
            Ok(commit) => commit,
            Err(fault) => {
                // Whoever folds has stopped for a reason of its own when this does not arrive.
                let _gone = to.send(Err(fault));
                return;
            }
        };
        chunk.push(commit);
        if chunk.len() == CHUNK
            && to.send(Ok(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK)))).is_err()
        {
            return;
        }
    }
    if !chunk.is_empty() {
        let _gone = to.send(Ok(chunk));
    }
}

/// Whether the log has exactly this commit at this position.
pub(crate) fn stands_in(log: &Log, checkpoint: Checkpoint) -> Result<bool, EngineFault> {
    if checkpoint.position.0 == 0 {
        return Ok(true);
    }
    Ok(log.read_one(checkpoint.position.0)?.is_some_and(|stored| stored.hash == checkpoint.hash))
}
