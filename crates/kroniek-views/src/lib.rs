//! Read models of Kroniek in SQLite: written by a projector, read through snapshots.
//!
//! The log is the only truth; everything here may be deleted and comes back. Rows hold the folded state of an entity
//! plus the columns that lists and searches need. The checkpoint (position and hash of the last commit) is written in
//! the same transaction as the rows, so a file is always the exact image of one position of the log; one of which a power
//! cut may have undone a part is not opened (`unsynced`).
//!
//! The only crate that names SQLite.

pub mod addresses;
mod batch;
mod contact_moments;
mod fault;
mod positions;
mod quality;
mod reader;
mod rows;
mod schema;
mod search;
mod unsynced;
mod views;
mod writer;

pub use batch::{Batch, Committed, Load, Nothing};
pub use contact_moments::{Coded, InteractionFilter};
pub use fault::ViewFault;
pub use reader::{Found, Page, Reader, Versioned};
pub use rows::Prepared;
pub use schema::VIEW_VERSION;
pub use search::{Hit, NotAPlace, Place, Shown};
pub use views::{Building, Opened, Views};
pub use writer::{Writer, Writing};

use kroniek_domain::Position;

/// The last commit that a file of read models holds.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Checkpoint {
    /// Its position; 0 before the first.
    pub position: Position,
    /// Its hash; zeros before the first.
    pub hash: [u8; 32],
}
