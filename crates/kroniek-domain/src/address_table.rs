//! The address table: bulk reference data that the log names by its hash (§1.1, E1-21).
//!
//! The import is an event with the hash and the number of rows; the file itself is kept under its hash beside the log.

use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::EntityId;
use crate::permission::Permission;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};

// ---- commands

/// Makes an address file, already stored and indexed, the table that lookups use (`import addresses`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ImportAddressTable {
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Rows that it holds.
    pub rows: u64,
}

// ---- events

/// Another address table is in use.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AddressTableImported {
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Rows that it holds.
    pub rows: u64,
}

stored_events! {
    /// Another address table is in use.
    110 v 1 AddressTableImported,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        match self {
            Self::AddressTableImported(_) => vec![EntityId::AddressTable],
        }
    }
}

// ---- refusals

/// Why an address table is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Not one row of the file could be read.
    Empty,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::Empty => Problem::new(
                "ADDRESS_TABLE_EMPTY",
                "The file holds no address that could be read; check that it is the right file.",
            ),
        }
    }
}

// ---- decide

impl Decide for ImportAddressTable {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Reference)?;
        if self.rows == 0 {
            return Err(d.refuse(Refusal::Empty));
        }
        if d.world().address_table() != Some(self.sha256) {
            d.record(AddressTableImported { sha256: self.sha256, rows: self.rows });
        }
        Ok(())
    }
}
