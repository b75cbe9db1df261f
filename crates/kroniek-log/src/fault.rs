//! What can be broken, with the place and what to do about it.

use std::io;
use std::path::PathBuf;

use crate::Position;

/// What is wrong with stored bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// The log ends or has a hole where a commit should be.
    #[error("the commit is missing")]
    Missing,
    /// A commit that spans several values lacks one of them.
    #[error("part {part} of {parts} of the commit is missing")]
    MissingPart {
        /// The part that is absent; the first is 0.
        part: u32,
        /// How many there should be.
        parts: u32,
    },
    /// The header of a value does not match its checksum, or contradicts itself.
    #[error("the header of the value that holds the commit is damaged")]
    Header,
    /// A length or an offset points outside the bytes that are there, or exceeds the limit of the format.
    #[error("a stored length is impossible")]
    Length,
    /// The bytes of the commit do not match their checksum.
    #[error("the bytes of the commit do not match their checksum")]
    Checksum,
    /// Another position is stored where this one should be.
    #[error("position {found} is stored in its place")]
    WrongPosition {
        /// The position that the stored bytes state.
        found: Position,
    },
    /// The commit's hash is not that of its bytes.
    #[error("the hash is not that of the commit's bytes")]
    Hash,
    /// The commit does not continue the hash chain.
    #[error("the commit does not follow from the one before it: its previous hash is another")]
    Chain,
    /// The commit is not later than the one before it.
    #[error("the time {time_us} us is not later than {previous_us} us of the commit before it")]
    Time {
        /// Time of the commit, in microseconds since 1970 UTC.
        time_us: i64,
        /// Time of the commit before it.
        previous_us: i64,
    },
    /// The head mark and the log hold different commits at this position.
    #[error("the head mark has another hash for this position")]
    HeadMark,
    /// The storage engine cannot read its file.
    #[error("the storage engine cannot read it: {0}")]
    Engine(String),
}

/// The first position of the log that is not what was appended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("position {position}: {why}")]
pub struct BadPosition {
    /// The first bad position; everything before it is intact.
    pub position: Position,
    /// What is wrong there.
    pub why: Damage,
}

/// Why a log cannot be opened. Nothing has been changed by this crate when one of these comes back, except that
/// sled, when its own file has a torn end, may have cleared what came after the tear (its recovery does so).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenFault {
    /// Another process, or another handle in this one, has the log open.
    #[error("the log is in use by {holder}: {} is locked; stop that process, or go through it", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// Who holds it, as far as the lock file tells.
        holder: String,
    },
    /// The log was written by a newer version of this program.
    #[error("{}: the log has format {found}, this program knows formats up to {known}; use a newer program", path.display())]
    NewerFormat {
        /// The file that states the format.
        path: PathBuf,
        /// The format on disk.
        found: u32,
        /// The newest format that this program can read.
        known: u32,
    },
    /// The directory holds data, but not a readable statement of its format.
    #[error("{}: {why}; restore it from a backup, or choose an empty directory", path.display())]
    NotALog {
        /// The file concerned.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The log ends before a commit that was acknowledged.
    #[error(
        "{}: the log ends at position {found}, but the head mark proves that position {marked} was acknowledged; \
         commits have been lost: restore the log from a backup and keep this directory for examination", path.display()
    )]
    BehindHeadMark {
        /// The data file.
        path: PathBuf,
        /// The last position in the log.
        found: Position,
        /// The position that the head mark names.
        marked: Position,
    },
    /// The log has another commit than the one that the head mark names.
    #[error(
        "{}: position {position} is not the commit that was acknowledged there (its hash differs from the head \
         mark's); the log or the mark comes from elsewhere: restore both from the same backup", path.display()
    )]
    HeadMarkDisagrees {
        /// The data file.
        path: PathBuf,
        /// The position of the mark.
        position: Position,
    },
    /// There is no readable head mark, so a lost end would go unnoticed. Every log has one from its creation on.
    #[error(
        "{}: {why}; the log holds commits up to {found}, and whether its end was lost cannot be told. Restore the \
         file, or compare {found} with what readers have seen and then run `kroniek verify --accept-lost-head-mark` once", path.display()
    )]
    HeadMarkLost {
        /// The head mark.
        path: PathBuf,
        /// Missing or damaged.
        why: String,
        /// The last position in the log.
        found: Position,
    },
    /// Oversized values were moved out of the synced file; this crate never writes such values.
    #[error("{}: contains files, which are never synced; this log was written by something else: restore a backup", path.display())]
    BlobsNotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// The end of the log cannot be read.
    #[error("{}: {bad}; restore the log from a backup and keep this directory for examination", path.display())]
    Damaged {
        /// The data file.
        path: PathBuf,
        /// Where, and what.
        bad: BadPosition,
    },
    /// The storage engine failed or panicked over its file.
    #[error("{}: the storage engine cannot open it ({why}); restore the log from a backup", path.display())]
    Engine {
        /// The data file.
        path: PathBuf,
        /// The engine's message.
        why: String,
    },
    /// The disk is full and giving up the reserve did not help.
    #[error("{}: the disk is full; free space and open again (nothing acknowledged is lost)", path.display())]
    StorageFull {
        /// The directory of the log.
        path: PathBuf,
    },
    /// The file system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file concerned.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

/// Why a group was not appended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendFault {
    /// The log has moved on since the caller decided. Nothing was stored: catch up and decide again.
    #[error("the log is at position {actual}, not at {expected}: catch up and decide again")]
    Conflict {
        /// The head that the caller decided on.
        expected: Position,
        /// The head of the log.
        actual: Position,
    },
    /// A commit or the group as a whole exceeds its limit. Nothing was stored.
    #[error("{bytes} bytes exceed the limit of {limit}")]
    TooLarge {
        /// The size of the commit's body, or of the group.
        bytes: usize,
        /// What is allowed.
        limit: usize,
    },
    /// A time is not later than the one before it. Nothing was stored.
    #[error("the time {time_us} us of position {position} is not later than {previous_us} us before it")]
    TimeNotIncreasing {
        /// The position that the commit would have had.
        position: Position,
        /// The refused time, in microseconds since 1970 UTC.
        time_us: i64,
        /// The time before it.
        previous_us: i64,
    },
    /// The disk is full. Reads go on; nothing acknowledged is lost.
    ///
    /// With `reopen` false nothing was written, and appending works again as soon as there is space. With `reopen`
    /// true the disk filled up during a write: whether the group is there is known only after opening again, and
    /// this handle accepts nothing more.
    #[error("the disk is full: free space{}", if *reopen { " and open the log again" } else { "" })]
    StorageFull {
        /// Whether the log must be opened again before it accepts commits.
        reopen: bool,
    },
    /// An earlier write or sync failed, and this handle accepts nothing more. Nothing of this group was stored.
    #[error("the log is poisoned ({why}): reads go on; examine the disk and open the log again")]
    Poisoned {
        /// The failure that caused it.
        why: String,
    },
    /// The write or sync of this group failed. Whether the group is there is known only after opening again; the
    /// log is poisoned from here on.
    #[error("the group could not be made durable, and the log is poisoned: {source}")]
    Io {
        /// The system's or the engine's error.
        source: io::Error,
    },
}

/// Why a commit cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct ReadFault(#[from] pub BadPosition);

/// Why a log could not be closed cleanly. What was acknowledged is on disk regardless.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CloseFault {
    /// An earlier failure poisoned the log; nothing was written at close.
    #[error("the log was poisoned ({why}); nothing was written at close")]
    Poisoned {
        /// The failure that caused it.
        why: String,
    },
    /// The final sync failed.
    #[error("the final sync failed: {source}")]
    Io {
        /// The system's or the engine's error.
        source: io::Error,
    },
}
