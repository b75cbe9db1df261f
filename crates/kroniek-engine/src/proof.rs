//! Proving a log: the chain of the log crate, and that every event decodes.

use crate::envelope::Commit;
use kroniek_log::{Log, Verified};
use std::collections::BTreeMap;

/// What was proven.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The chain: number of commits and the head that they lead to.
    pub chain: Verified,
    /// Events by type.
    pub events: BTreeMap<&'static str, u64>,
}

/// The first thing that is not right.
#[derive(Debug, thiserror::Error)]
pub enum ProofFault {
    /// Bytes, hash, chain, position or time.
    #[error("{0}")]
    Chain(#[from] kroniek_log::BadPosition),
    /// The bytes are as they were written, but do not decode.
    #[error(transparent)]
    Content(#[from] crate::fault::EngineFault),
}

/// Reads the whole log and proves that it is what was appended and that all of it can be understood.
///
/// # Errors
/// The first position that is not right, and why.
pub fn verify(log: &Log, progress: &mut dyn FnMut(u64, u64)) -> Result<Proof, ProofFault> {
    let chain = kroniek_log::verify(log, progress)?;
    let mut events = BTreeMap::new();
    let commits = usize::try_from(chain.commits).unwrap_or(usize::MAX);
    for stored in log.read(1).take(commits) {
        let commit = Commit::read(&stored.map_err(crate::fault::EngineFault::from)?)?;
        for recorded in commit.events {
            *events.entry(recorded.event.stored().name).or_insert(0) += 1;
        }
    }
    Ok(Proof { chain, events })
}
