//! What goes into the log and what comes out of it.

/// The place of a commit in the log: 1 for the first, without gaps; 0 stands for "before the first commit".
pub type Position = u64;

/// The `prev_hash` of the first commit, and the hash of the head of an empty log.
pub const GENESIS_HASH: [u8; 32] = [0; 32];

/// The last commit that is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its position; 0 when the log is empty.
    pub position: Position,
    /// Its hash; [`GENESIS_HASH`] when the log is empty.
    pub hash: [u8; 32],
    /// Its time in microseconds since 1970 UTC; [`i64::MIN`] when the log is empty, so that every time is later.
    pub time_us: i64,
}

impl Head {
    /// The head of a log without commits.
    pub const EMPTY: Self = Self { position: 0, hash: GENESIS_HASH, time_us: i64::MIN };
}

/// A commit to be appended. The log gives it its position and its place in the hash chain.
#[derive(Clone, Copy, Debug)]
pub struct NewCommit<'a> {
    /// Microseconds since 1970 UTC; later than that of the commit before it.
    pub time_us: i64,
    /// The content, which the log does not interpret.
    pub body: &'a [u8],
}

/// A commit as read back. Its CRC has been checked; its hash is recomputed only by [`crate::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCommit {
    /// The place in the log.
    pub position: Position,
    /// Microseconds since 1970 UTC.
    pub time_us: i64,
    /// The hash of the commit at `position - 1`, or [`GENESIS_HASH`].
    pub prev_hash: [u8; 32],
    /// SHA-256 over position, time, `prev_hash` and body, in their stored form.
    pub hash: [u8; 32],
    /// The content as it was appended.
    pub body: Vec<u8>,
}

impl StoredCommit {
    /// The head of the log if this were its last commit.
    pub fn as_head(&self) -> Head {
        Head { position: self.position, hash: self.hash, time_us: self.time_us }
    }
}
