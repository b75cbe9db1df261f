//! Writing folded states as rows.

use crate::batch::{Batch, Load};
use crate::reader;
use crate::{Checkpoint, ViewFault, schema};
use kroniek_domain::code_list::CodeList;
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::values::fold;
use kroniek_domain::{ContactId, CustomerId, codec};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// The one connection that writes a file of read models.
#[derive(Debug)]
pub struct Writer {
    connection: Connection,
}

impl Writer {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// The last commit that the file holds.
    pub fn checkpoint(&self) -> Result<Checkpoint, ViewFault> {
        reader::checkpoint(&self.connection)
    }

    /// Writes a batch in one transaction, with its checkpoint.
    pub fn write(&mut self, batch: &Batch) -> Result<(), ViewFault> {
        let tx = self.connection.transaction()?;
        write_states(&tx, batch)?;
        {
            let mut recent = tx.prepare_cached("INSERT OR IGNORE INTO recent (entity, position) VALUES (?1, ?2)")?;
            for (entity, positions) in &batch.positions {
                let entity = entity.to_string();
                for position in positions {
                    recent.execute(params![entity, signed(*position)])?;
                }
            }
        }
        tx.commit()?;
        Ok(())
    }

    /// Writes a big batch of a rebuild: the positions of an entity go into one row.
    pub fn write_bulk(&mut self, batch: &Batch) -> Result<(), ViewFault> {
        let tx = self.connection.transaction()?;
        write_states(&tx, batch)?;
        {
            let mut read = tx.prepare_cached("SELECT positions FROM history WHERE entity = ?1")?;
            let mut write =
                tx.prepare_cached("INSERT OR REPLACE INTO history (entity, positions) VALUES (?1, ?2)")?;
            let first = !tx.query_row("SELECT EXISTS (SELECT 1 FROM history)", [], |row| row.get::<_, bool>(0))?;
            let mut entities: Vec<_> =
                batch.positions.iter().map(|(entity, positions)| (entity.to_string(), positions)).collect();
            entities.sort_unstable();
            for (entity, positions) in entities {
                let mut bytes: Vec<u8> = if first {
                    Vec::new()
                } else {
                    read.query_row([&entity], |row| row.get(0)).optional()?.unwrap_or_default()
                };
                bytes.extend(positions.iter().flat_map(|position| position.to_le_bytes()));
                write.execute(params![entity, bytes])?;
            }
        }
        tx.commit()?;
        Ok(())
    }

    /// Makes the indexes that bulk loading leaves out.
    pub(crate) fn finish_bulk(&mut self) -> Result<(), ViewFault> {
        self.connection.execute_batch(schema::INDEXES)?;
        Ok(())
    }

    /// Moves everything into the main file and closes it, so that the file can be renamed alone.
    pub(crate) fn close(self) -> Result<(), ViewFault> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.connection.close().map_err(|(_, fault)| fault)?;
        Ok(())
    }
}

impl Load for Writer {
    fn contact(&self, id: ContactId) -> Result<Option<Contact>, ViewFault> {
        reader::contact(&self.connection, id).map(|found| found.map(|v| v.state))
    }

    fn customer(&self, id: CustomerId) -> Result<Option<Customer>, ViewFault> {
        reader::customer(&self.connection, id).map(|found| found.map(|v| v.state))
    }

    fn code_list(&self, name: &str) -> Result<Option<CodeList>, ViewFault> {
        reader::code_list(&self.connection, name).map(|found| found.map(|v| v.state))
    }
}

/// SQLite's integers are signed; positions and ids stay far below the limit.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn encoded<T: serde::Serialize>(entity: impl std::fmt::Display, state: &T) -> Result<Vec<u8>, ViewFault> {
    codec::encode(state).map_err(|fault| ViewFault::Decode { entity: entity.to_string(), why: fault.to_string() })
}

fn write_states(tx: &Transaction<'_>, batch: &Batch) -> Result<(), ViewFault> {
    let mut contact = tx.prepare_cached(
        "INSERT OR REPLACE INTO contact (id, version, number, kind, folded_name, folded_address, bsn, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    // In order of id: a table that is filled in order is filled at its end.
    let mut contacts: Vec<_> = batch.contacts.iter().collect();
    contacts.sort_unstable_by_key(|(id, _)| **id);
    for (id, folded) in contacts {
        let state = &*folded.state;
        contact.execute(params![
            signed(id.0),
            signed(folded.version.0),
            state.number,
            u8::from(state.kind),
            fold(&state.name),
            folded_address(state),
            state.bsn,
            encoded("a contact", state)?,
        ])?;
    }
    let mut customer = tx.prepare_cached(
        "INSERT OR REPLACE INTO customer (id, version, number, contact, state) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut mandate = tx.prepare_cached("INSERT OR REPLACE INTO mandate (code, customer) VALUES (?1, ?2)")?;
    let mut customers: Vec<_> = batch.customers.iter().collect();
    customers.sort_unstable_by_key(|(id, _)| **id);
    for (id, folded) in customers {
        let state = &*folded.state;
        customer.execute(params![
            signed(id.0),
            signed(folded.version.0),
            state.number,
            signed(state.contact.0),
            encoded("a customer", state)?,
        ])?;
        for held in &state.mandates {
            mandate.execute(params![held.code, signed(id.0)])?;
        }
    }
    let mut list =
        tx.prepare_cached("INSERT OR REPLACE INTO code_list (name, version, state) VALUES (?1, ?2, ?3)")?;
    for (name, folded) in &batch.code_lists {
        list.execute(params![name, signed(folded.version.0), encoded(name, &*folded.state)?])?;
    }
    let mut command = tx.prepare_cached("INSERT OR IGNORE INTO command (id, position) VALUES (?1, ?2)")?;
    for (id, position) in &batch.commands {
        command.execute(params![id.as_slice(), signed(*position)])?;
    }
    let mut meta = tx.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)")?;
    if let Some(sha256) = &batch.address_table {
        meta.execute(params!["address_table", sha256.as_slice()])?;
    }
    let mut checkpoint = batch.checkpoint.position.0.to_le_bytes().to_vec();
    checkpoint.extend_from_slice(&batch.checkpoint.hash);
    meta.execute(params!["checkpoint", checkpoint])?;
    Ok(())
}

/// What a search by address looks through: every address that a contact has or will have.
fn folded_address(contact: &Contact) -> String {
    let mut text = String::new();
    for (_, address) in contact.correspondence.entries().iter().chain(contact.home.entries()) {
        let postcode = address.postcode.as_deref().unwrap_or_default();
        text.push_str(&fold(&address.display()));
        text.push(' ');
        text.push_str(&fold(&postcode.replace(' ', "")));
        text.push('\n');
    }
    text
}
