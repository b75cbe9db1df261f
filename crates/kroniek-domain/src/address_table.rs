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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Scenario;
    use crate::world::World;

    fn import(file: u8, rows: u64) -> ImportAddressTable {
        ImportAddressTable { sha256: [file; 32], rows }
    }

    #[test]
    fn e1_21_the_log_names_the_table_by_its_hash() {
        let when = Scenario::new().when(import(7, 3));
        assert_eq!(when.events()[0].event.entities(), [EntityId::AddressTable]);
        let story = when.then(&["AddressTableImported"]);
        assert_eq!(story.world.address_table(), Some([7; 32]));
        let story = story.when(import(7, 3)).then_nothing();
        let story = story.when(import(8, 3)).then(&["AddressTableImported"]);
        assert_eq!(story.world.address_table(), Some([8; 32]));
        // Back to an earlier file is a change too.
        story.when(import(7, 3)).then(&["AddressTableImported"]);
    }

    #[test]
    fn e1_21_bad_input() {
        Scenario::new().when(import(7, 0)).then_refused(&["ADDRESS_TABLE_EMPTY"]);
        Scenario::new().without(&[Permission::Reference]).when(import(7, 3)).then_refused(&["FORBIDDEN"]);
        Scenario::new()
            .with_only(&[Permission::Reference])
            .when(import(7, 3))
            .then(&["AddressTableImported"]);
    }
}
