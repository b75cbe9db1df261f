//! A durable log of commits, kept by sled.
//!
//! A commit is a time and opaque bytes. The log gives each a position (1, 2, 3, without gaps) and chains them by hash.
//! Commits are appended in groups; a group is on disk, whole, before [`Log::append`] returns.
//!
//! What the log promises, and what it does not:
//!
//! - **Acknowledged is synced.** Every group is one batch, one flush, and one `sync_data` on the data file.
//! - **An unclear write ends writing.** After a failed sync the handle is [poisoned](WriteState::Poisoned): nothing is
//!   retried, reads go on. Whether the failed group is there shows at the next opening.
//! - **A lost end is noticed.** The position and hash of the last commit are noted in a file of their own, the head
//!   mark, with every group. A log that ends before its mark is refused. The mark is synced at intervals and when the log
//!   is closed; *a power cut that comes together with a loss at the end of the log, within the time that the mark was not
//!   yet synced, cannot be told from a clean end*. [`Log::head`] lets a caller compare with what it has seen elsewhere.
//! - **Damage is named.** Each commit has a checksum; reading names the position that is bad, and [`verify`] also
//!   recomputes every hash. Stored lengths are checked before memory is asked for.
//! - **A full disk refuses, and loses nothing.** Groups are refused while there is too little space, and a reserve is
//!   given up when the disk fills up in the middle of a write.
//!
//! # Files
//!
//! | File | What it is |
//! |---|---|
//! | `db`, `conf`, `snap.*`, `blobs/` | sled's; `blobs/` stays empty |
//! | `FORMAT` | the number of the commit format |
//! | `head-mark` | position and hash of the last commit |
//! | `lock` | locked while the log is open; holds the process id |
//! | `reserve` | space that is held back |

mod commit;
mod fault;
mod files;
mod format;
mod head_mark;
mod lock;
mod log;
mod reader;
mod reserve;
mod sled_store;
mod stalled_flush;
mod tail;
mod verify;

pub use crate::commit::{GENESIS_HASH, Head, NewCommit, Position, StoredCommit};
pub use crate::fault::{AppendFault, BadPosition, CloseFault, Damage, OpenFault, ReadFault};
pub use crate::log::{Log, Options, WriteState};
pub use crate::reader::Reader;
pub use crate::tail::Tail;
pub use crate::verify::{Verified, verify};

#[cfg(test)]
mod tests;
