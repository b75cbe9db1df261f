//! Proving that a log is what was appended, whatever engine keeps it.

use crate::fault::{BadPosition, Damage, ReadFault};
use crate::{Head, Log, Position, StoredCommit, format};

/// How often progress is reported, in commits.
const PROGRESS_EVERY: u64 = 4096;

/// What was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many commits were read; the position of the last one.
    pub commits: u64,
    /// The head that they lead to. Whoever noted its hash elsewhere can compare: it covers all commits before it.
    pub head: Head,
}

/// Reads the whole log up to its head and checks every checksum, hash, link of the chain, position and time, and the
/// head mark. Names the first position that is not right, and why.
///
/// `progress` is called now and then with the position that is done and the last one. What is appended meanwhile is not
/// looked at.
pub fn verify(log: &Log, progress: &mut dyn FnMut(Position, Position)) -> Result<Verified, BadPosition> {
    let head = log.head();
    let verified = verify_commits(log.read(1), head, progress)?;
    log.check_head_mark()?;
    Ok(verified)
}

/// Checks that these commits are an unbroken chain from the first to `head`.
fn verify_commits(
    commits: impl Iterator<Item = Result<StoredCommit, ReadFault>>,
    head: Head,
    progress: &mut dyn FnMut(Position, Position),
) -> Result<Verified, BadPosition> {
    let mut reached = Head::EMPTY;
    // More may have been appended since `head` was taken.
    for commit in commits.take(usize::try_from(head.position).unwrap_or(usize::MAX)) {
        let commit = commit.map_err(|fault| fault.0)?;
        check_next(reached, &commit).map_err(|why| BadPosition { position: reached.position + 1, why })?;
        reached = commit.as_head();
        if reached.position.is_multiple_of(PROGRESS_EVERY) {
            progress(reached.position, head.position);
        }
    }
    if reached.position < head.position {
        return Err(BadPosition { position: reached.position + 1, why: Damage::Missing });
    }
    if reached != head {
        return Err(BadPosition { position: head.position, why: Damage::Hash });
    }
    progress(head.position, head.position);
    Ok(Verified { commits: head.position, head })
}

fn check_next(before: Head, commit: &StoredCommit) -> Result<(), Damage> {
    if commit.position != before.position + 1 {
        return Err(Damage::WrongPosition { found: commit.position });
    }
    if commit.prev_hash != before.hash {
        return Err(Damage::Chain);
    }
    if commit.time_us <= before.time_us {
        return Err(Damage::Time { time_us: commit.time_us, previous_us: before.time_us });
    }
    if commit.hash != format::hash(commit) {
        return Err(Damage::Hash);
    }
    Ok(())
}
