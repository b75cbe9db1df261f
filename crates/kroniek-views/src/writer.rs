//! Writing folded states as rows.

use crate::batch::{Batch, Load};
use crate::contact_moments;
use crate::positions::{self, Split};
use crate::quality;
use crate::reader;
use crate::rows::{ContactRow, CustomerRow, Prepared, contact_rows, customer_rows, encoded};
use crate::search::{self, Held, SearchRows, States};
use crate::{Checkpoint, ViewFault, schema, unsynced};
use kroniek_domain::code_list::CodeList;
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::employee::Employee;
use kroniek_domain::interaction::Interaction;
use kroniek_domain::task::Task;
use kroniek_domain::team::Team;
use kroniek_domain::template::Template;
use kroniek_domain::{ContactId, CustomerId, EntityId, InteractionId, TaskId};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

/// The one connection that writes a file of read models.
#[derive(Debug)]
pub struct Writer {
    connection: Connection,
    /// The folder of a live file, where a mark may stand.
    marked: Option<PathBuf>,
    /// SQLite's write-ahead log, and the size at which it is to be emptied.
    wal: PathBuf,
    wal_limit: u64,
    /// By how much the limit goes on when readers are in the way.
    wal_step: u64,
}

/// Where the write-ahead log of a live file is emptied, if readers let it be. Left to itself it starts anew only when a
/// checkpoint happens to meet nobody reading: under a steady load of reads it would grow without end, slow down every
/// read, and make opening after a kill take minutes.
const WAL_LIMIT: u64 = 64 << 20;
/// How long commands wait for readers of old states when it is emptied.
const WAL_PATIENCE: Duration = Duration::from_millis(100);

impl Writer {
    pub(crate) fn new(connection: Connection) -> Self {
        let wal = PathBuf::from(format!("{}-wal", connection.path().unwrap_or_default()));
        Self { connection, marked: None, wal, wal_limit: WAL_LIMIT, wal_step: WAL_LIMIT }
    }

    /// For a live file that is whole. It does not wait for the disk, if this machine can tell later what a power cut undid.
    pub(crate) fn live(connection: Connection, dir: &Path) -> Result<Self, ViewFault> {
        let mut writer = Self::new(connection);
        writer.marked = Some(dir.to_owned());
        match unsynced::begin(dir) {
            Ok(true) => writer.connection.pragma_update(None, "synchronous", "OFF")?,
            Ok(false) => {}
            Err(fault) => {
                tracing::warn!(%fault, "the read models cannot be marked: every write waits for the disk");
            }
        }
        Ok(writer)
    }

    /// Ends writing with everything on disk.
    pub fn settle(mut self) -> Result<(), ViewFault> {
        if let Some(dir) = self.marked.take() {
            let path = PathBuf::from(self.connection.path().unwrap_or_default());
            let wal = self.wal.is_file().then_some(self.wal.as_path());
            // What the last connection does when it closes is synced again.
            self.connection.pragma_update(None, "synchronous", "NORMAL")?;
            for path in [Some(path.as_path()), wal].into_iter().flatten() {
                let synced = fs::File::open(path).and_then(|file| file.sync_all());
                synced.map_err(|source| ViewFault::Io { path: path.to_owned(), source })?;
            }
            unsynced::unmark(&dir).map_err(|source| ViewFault::Io { path: dir, source })?;
        }
        self.close()
    }

    /// Another limit, so that a test need not write so much.
    #[cfg(test)]
    pub(crate) fn limit_wal_to(&mut self, bytes: u64) {
        (self.wal_limit, self.wal_step) = (bytes, bytes);
    }

    /// The last commit that the file holds.
    pub fn checkpoint(&self) -> Result<Checkpoint, ViewFault> {
        reader::checkpoint(&self.connection)
    }

    /// Writes a batch in one transaction, with its checkpoint.
    pub fn write(&mut self, batch: Batch) -> Result<(), ViewFault> {
        let prepared = batch.prepare()?;
        let writing = self.begin()?;
        writing.rows(&prepared)?;
        writing.commit(prepared.checkpoint())
    }

    /// Begins a transaction. What is written shows when it is committed; without that it is as if it had never been.
    pub fn begin(&mut self) -> Result<Writing<'_>, ViewFault> {
        self.bound_wal();
        Ok(Writing { tx: begin(&mut self.connection)? })
    }

    /// Empties the write-ahead log when it is too long. Where readers are in the way, the next attempt comes when it has
    /// grown by as much again. The batch is written whatever becomes of this.
    fn bound_wal(&mut self) {
        let length = fs::metadata(&self.wal).map_or(0, |wal| wal.len());
        if length < self.wal_limit {
            return;
        }
        let emptied = self.connection.busy_timeout(WAL_PATIENCE).and_then(|()| {
            self.connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0))
        });
        self.wal_limit = match emptied {
            Ok(true) => self.wal_step,
            Ok(false) => length.saturating_add(self.wal_step),
            Err(fault) => {
                tracing::warn!(%fault, "the write-ahead log of the read models could not be emptied");
                length.saturating_add(self.wal_step)
            }
        };
        if let Err(fault) = self.connection.busy_timeout(schema::BUSY_TIMEOUT) {
            tracing::warn!(%fault, "the patience of the read models could not be set");
        }
    }

    /// Writes a big batch of a rebuild: encodes on another thread, and does not look for rows in a file that is empty.
    pub(crate) fn write_bulk(&mut self, batch: Batch) -> Result<(), ViewFault> {
        let first = self.checkpoint()?.position.0 == 0;
        let tx = begin(&mut self.connection)?;
        let states = States::of(&batch);
        write_others(&tx, &batch, &states)?;
        set_checkpoint(&tx, batch.checkpoint)?;
        let mut rows = if first { Rows::inserting(&tx, &states)? } else { Rows::updating(&tx, &states)? };
        let found_by = |row: ContactRow| ContactRow { found_by: states.found_by(row.id), ..row };
        encoded_beside(
            |each| contact_rows(batch.contacts, &mut |row| each(row.map(found_by))),
            |row| rows.contact(&row),
        )?;
        encoded_beside(|each| customer_rows(batch.customers, each), |row| rows.customer(&row))?;
        rows.finish()?;
        tx.commit()?;
        Ok(())
    }

    /// Makes the indexes that bulk loading leaves out.
    pub(crate) fn finish_bulk(&mut self) -> Result<(), ViewFault> {
        let tx = begin(&mut self.connection)?;
        tx.execute_batch(schema::INDEXES_FIRST)?;
        search::fill(&tx)?;
        tx.execute_batch(schema::INDEXES)?;
        tx.commit()?;
        Ok(())
    }

    /// Closes it, and says so if that is not possible.
    pub(crate) fn close(self) -> Result<(), ViewFault> {
        self.connection.close().map_err(|(_, fault)| fault)?;
        Ok(())
    }
}

/// Begins to write at once. A transaction that reads first and only then asks for the lock is refused, without waiting,
/// when another connection has it for a moment, and a reader that begins while a commit is under way takes it to look again.
fn begin(connection: &mut Connection) -> Result<Transaction<'_>, ViewFault> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// A transaction of the [`Writer`].
#[derive(Debug)]
pub struct Writing<'w> {
    tx: Transaction<'w>,
}

impl Writing<'_> {
    /// Writes the rows of a batch that follows what was written before.
    pub fn rows(&self, prepared: &Prepared) -> Result<(), ViewFault> {
        let Prepared { batch, states, contacts, customers } = prepared;
        write_others(&self.tx, batch, states)?;
        let mut rows = Rows::updating(&self.tx, states)?;
        contacts.iter().try_for_each(|row| rows.contact(row))?;
        customers.iter().try_for_each(|row| rows.customer(row))?;
        rows.finish()
    }

    /// Lets it show, as of this commit.
    pub fn commit(self, checkpoint: Checkpoint) -> Result<(), ViewFault> {
        set_checkpoint(&self.tx, checkpoint)?;
        Ok(self.tx.commit()?)
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

    fn interaction(&self, id: InteractionId) -> Result<Option<Interaction>, ViewFault> {
        contact_moments::interaction(&self.connection, id).map(|found| found.map(|v| v.state))
    }

    fn task(&self, id: TaskId) -> Result<Option<Task>, ViewFault> {
        contact_moments::task(&self.connection, id).map(|found| found.map(|v| v.state))
    }

    fn template(&self, code: &str) -> Result<Option<Template>, ViewFault> {
        contact_moments::template(&self.connection, code).map(|found| found.map(|v| v.state))
    }

    fn team(&self, code: &str) -> Result<Option<Team>, ViewFault> {
        contact_moments::team(&self.connection, code).map(|found| found.map(|v| v.state))
    }

    fn employee(&self, code: &str) -> Result<Option<Employee>, ViewFault> {
        contact_moments::employee(&self.connection, code).map(|found| found.map(|v| v.state))
    }
}

/// SQLite's integers are signed; positions and ids stay far below the limit.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Rows that travel together from the thread that encodes to the one that writes, and how many such loads may wait.
const LOAD: usize = 256;
const LOADS: usize = 8;

type Each<'a, R> = &'a mut dyn FnMut(Result<R, ViewFault>) -> Result<(), ViewFault>;

/// Lets `encode` run on a thread of its own, and writes what it yields, in order. Both stop at the first fault.
fn encoded_beside<R: Send>(
    encode: impl FnOnce(Each<'_, R>) -> Result<(), ViewFault> + Send,
    mut write: impl FnMut(R) -> Result<(), ViewFault>,
) -> Result<(), ViewFault> {
    let (sender, receiver) = mpsc::sync_channel::<Vec<R>>(LOADS);
    std::thread::scope(|scope| {
        let encoder = scope.spawn(move || {
            let mut load = Vec::with_capacity(LOAD);
            let gone = |_| ViewFault::Cancelled;
            encode(&mut |row| {
                load.push(row?);
                if load.len() == LOAD {
                    sender.send(std::mem::replace(&mut load, Vec::with_capacity(LOAD))).map_err(gone)?;
                }
                Ok(())
            })?;
            sender.send(load).map_err(gone)
        });
        let mut written = Ok(());
        for row in receiver.into_iter().flatten() {
            written = write(row);
            if written.is_err() {
                // The receiver goes with the loop, and the encoder notices.
                break;
            }
        }
        let ended = encoder.join().unwrap_or(Err(ViewFault::Cancelled));
        written.and(ended)
    })
}

/// Prepared statements for contacts and customers.
struct Rows<'tx> {
    insert_contact: CachedStatement<'tx>,
    insert_customer: CachedStatement<'tx>,
    mandate: CachedStatement<'tx>,
    past_number: CachedStatement<'tx>,
    debtor: CachedStatement<'tx>,
    history: CachedStatement<'tx>,
    search: SearchRows<'tx>,
    update: Option<Update<'tx>>,
}

/// What is needed where a row may be there already.
struct Update<'tx> {
    find_contact: CachedStatement<'tx>,
    find_customer: CachedStatement<'tx>,
    contact: CachedStatement<'tx>,
    contact_found: CachedStatement<'tx>,
    contact_named: CachedStatement<'tx>,
    contact_keys: CachedStatement<'tx>,
    customer: CachedStatement<'tx>,
    customer_keys: CachedStatement<'tx>,
}

impl<'tx> Rows<'tx> {
    /// For a file that holds nothing yet.
    fn inserting(tx: &'tx Transaction<'_>, states: &'tx States) -> Result<Self, ViewFault> {
        Self::with(tx, states, None)
    }

    fn with(
        tx: &'tx Transaction<'_>,
        states: &'tx States,
        update: Option<Update<'tx>>,
    ) -> Result<Self, ViewFault> {
        Ok(Self {
            insert_contact: tx.prepare_cached(
                "INSERT INTO contact
                 (id, version, positions, state, folded_address, found_by, name_key, held, folded_name, number, kind,
                 bsn, standing, parent)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?,
            insert_customer: tx.prepare_cached(
                "INSERT INTO customer (id, version, positions, state, active, number, contact, status, provider)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?,
            mandate: tx.prepare_cached("INSERT OR REPLACE INTO mandate (code, customer) VALUES (?1, ?2)")?,
            past_number: tx
                .prepare_cached("INSERT OR REPLACE INTO past_number (number, customer) VALUES (?1, ?2)")?,
            debtor: tx.prepare_cached(
                "INSERT OR REPLACE INTO debtor (organisation, number, customer) VALUES (?1, ?2, ?3)",
            )?,
            history: tx.prepare_cached(positions::INSERT)?,
            search: SearchRows::new(tx, states)?,
            update,
        })
    }

    fn updating(tx: &'tx Transaction<'_>, states: &'tx States) -> Result<Self, ViewFault> {
        let update = Update {
            find_contact: tx.prepare_cached(
                "SELECT positions, number, kind, folded_name, bsn, found_by, standing, parent, name_key,
                 held
                 FROM contact WHERE id = ?1",
            )?,
            find_customer: tx.prepare_cached(
                "SELECT positions, active, number, contact, status, provider FROM customer WHERE id = ?1",
            )?,
            contact: tx.prepare_cached(
                "UPDATE contact SET version = ?2, positions = ?3, state = ?4, folded_address = ?5 WHERE id = ?1",
            )?,
            contact_found: tx.prepare_cached(
                "UPDATE contact SET version = ?2, positions = ?3, state = ?4, folded_address = ?5, found_by = ?6,
                 name_key = ?7, held = ?8 WHERE id = ?1",
            )?,
            contact_named: tx.prepare_cached(
                "UPDATE contact SET version = ?2, positions = ?3, state = ?4, folded_address = ?5, found_by = ?6,
                 name_key = ?7, held = ?8, folded_name = ?9 WHERE id = ?1",
            )?,
            contact_keys: tx.prepare_cached(
                "UPDATE contact SET version = ?2, positions = ?3, state = ?4, folded_address = ?5, found_by = ?6,
                 name_key = ?7, held = ?8, folded_name = ?9, number = ?10, kind = ?11, bsn = ?12, standing = ?13,
                 parent = ?14 WHERE id = ?1",
            )?,
            customer: tx.prepare_cached(
                "UPDATE customer SET version = ?2, positions = ?3, state = ?4, active = ?5 WHERE id = ?1",
            )?,
            customer_keys: tx.prepare_cached(
                "UPDATE customer SET version = ?2, positions = ?3, state = ?4, active = ?5,
                 number = ?6, contact = ?7, status = ?8, provider = ?9 WHERE id = ?1",
            )?,
        };
        Self::with(tx, states, Some(update))
    }

    fn contact(&mut self, row: &ContactRow) -> Result<(), ViewFault> {
        let found = match &mut self.update {
            Some(update) => update.find_contact(row)?,
            None => None,
        };
        let before = found.as_ref().map(|found| &found.found);
        let same = before.is_some_and(|before| before.fingerprint == row.fingerprint);
        let found_by = row.found_by.as_ref().filter(|_| !same);
        let other_found = found_by.is_some();
        let (name_key, held) = match (found_by, before) {
            (Some(found_by), _) => {
                let held = self.search.contact(row.id, found_by, before.map(|before| &*before.held))?;
                (found_by.name_key, held)
            }
            (None, Some(before)) => (before.name_key, before.held.clone()),
            (None, None) => (0, Held::default().bytes(row.id)?),
        };
        let split = positions::split(found.as_ref().map_or(&[], |found| &found.positions), &row.positions);
        spill(&mut self.history, &EntityId::Contact(row.id), &split)?;
        let values = params![
            signed(row.id.0),
            signed(row.version),
            split.kept,
            row.state,
            row.folded_address,
            row.fingerprint,
            name_key,
            held,
            row.folded_name,
            row.number,
            row.kind,
            row.bsn,
            row.standing,
            row.parent.map(|parent| signed(parent.0))
        ];
        // SQLite writes an index again for every column that is named, whether or not the value is another.
        let (statement, named) = match (&mut self.update, found) {
            (Some(update), Some(ContactThere { other_keys: true, .. })) => (&mut update.contact_keys, 14),
            (Some(update), Some(ContactThere { other_name: true, .. })) => (&mut update.contact_named, 9),
            (Some(update), Some(_)) if other_found => (&mut update.contact_found, 8),
            (Some(update), Some(_)) => (&mut update.contact, 5),
            (_, _) => (&mut self.insert_contact, 14),
        };
        statement.execute(&values[..named])?;
        Ok(())
    }

    /// Writes what could not be written before every row was.
    fn finish(self) -> Result<(), ViewFault> {
        self.search.finish()
    }

    fn customer(&mut self, row: &CustomerRow) -> Result<(), ViewFault> {
        let found = match &mut self.update {
            Some(update) => update.find_customer(row)?,
            None => None,
        };
        if found.as_ref().is_some_and(|found| found.active != row.active) {
            self.search.active(row.id, row.active)?;
        }
        self.search.ibans(row.contact, &row.ibans)?;
        let split = positions::split(found.as_ref().map_or(&[], |found| &found.positions), &row.positions);
        spill(&mut self.history, &EntityId::Customer(row.id), &split)?;
        let contact = signed(row.contact.0);
        let values = params![
            signed(row.id.0),
            signed(row.version),
            split.kept,
            row.state,
            row.active,
            row.number,
            contact,
            row.status,
            row.provider
        ];
        let (statement, named) = match (&mut self.update, found) {
            (Some(update), Some(CustomerThere { other_keys: false, .. })) => (&mut update.customer, 5),
            (Some(update), Some(_)) => (&mut update.customer_keys, 9),
            (_, _) => (&mut self.insert_customer, 9),
        };
        statement.execute(&values[..named])?;
        for code in &row.mandates {
            self.mandate.execute(params![code, signed(row.id.0)])?;
        }
        for number in &row.past_numbers {
            self.past_number.execute(params![number, signed(row.id.0)])?;
        }
        for (organisation, number) in &row.debtors {
            self.debtor.execute(params![organisation, number, signed(row.id.0)])?;
        }
        Ok(())
    }
}

/// The row of a contact that is there already.
struct ContactThere {
    positions: Vec<u8>,
    found: FoundBefore,
    /// Whether the name becomes another one, and whether another indexed column does.
    other_name: bool,
    other_keys: bool,
}

/// What a contact was found by until now.
struct FoundBefore {
    fingerprint: i64,
    name_key: i64,
    held: Vec<u8>,
}

/// The row of a customer that is there already.
struct CustomerThere {
    positions: Vec<u8>,
    active: bool,
    other_keys: bool,
}

impl Update<'_> {
    fn find_customer(&mut self, row: &CustomerRow) -> Result<Option<CustomerThere>, ViewFault> {
        let found = self.find_customer.query_row([signed(row.id.0)], |found| {
            Ok(CustomerThere {
                positions: found.get(0)?,
                active: found.get(1)?,
                other_keys: found.get_ref(2)?.as_str()? != row.number
                    || found.get::<_, i64>(3)? != signed(row.contact.0)
                    || found.get::<_, u8>(4)? != row.status
                    || found.get::<_, bool>(5)? != row.provider,
            })
        });
        Ok(found.optional()?)
    }

    fn find_contact(&mut self, row: &ContactRow) -> Result<Option<ContactThere>, ViewFault> {
        let found = self.find_contact.query_row([signed(row.id.0)], |found| {
            Ok(ContactThere {
                positions: found.get(0)?,
                found: FoundBefore {
                    fingerprint: found.get(5)?,
                    name_key: found.get(8)?,
                    held: found.get(9)?,
                },
                other_name: found.get_ref(3)?.as_str()? != row.folded_name,
                other_keys: found.get_ref(1)?.as_str()? != row.number
                    || found.get::<_, u8>(2)? != row.kind
                    || found.get_ref(4)?.as_str_or_null()? != row.bsn.as_deref()
                    || found.get::<_, u8>(6)? != row.standing
                    || found.get::<_, Option<i64>>(7)? != row.parent.map(|parent| signed(parent.0)),
            })
        });
        Ok(found.optional()?)
    }
}

pub(crate) fn spill(
    history: &mut CachedStatement<'_>,
    entity: &EntityId,
    split: &Split,
) -> Result<(), ViewFault> {
    if let Some((first, chunk)) = &split.spilled {
        history.execute(params![entity.to_string(), signed(*first), chunk])?;
    }
    Ok(())
}

/// Everything of a batch but contacts and customers.
fn write_others(tx: &Transaction<'_>, batch: &Batch, states: &States) -> Result<(), ViewFault> {
    quality::write(tx, batch, states)?;
    let mut history = tx.prepare_cached(positions::INSERT)?;
    let mut list =
        tx.prepare_cached("INSERT OR REPLACE INTO code_list (name, version, state) VALUES (?1, ?2, ?3)")?;
    for (name, folded) in &batch.code_lists {
        let entity = EntityId::CodeList(name.clone());
        let state = encoded(&entity, &*folded.state)?;
        list.execute(params![name, signed(folded.version()), state])?;
        spill(&mut history, &entity, &positions::all(&folded.positions))?;
    }
    contact_moments::write(tx, batch)?;
    spill(&mut history, &EntityId::AddressTable, &positions::all(&batch.address_table_positions))?;
    let mut command = tx.prepare_cached("INSERT OR IGNORE INTO command (id, position) VALUES (?1, ?2)")?;
    // In order, so that a big batch fills the table from one end to the other.
    let mut commands: Vec<_> = batch.commands.iter().collect();
    commands.sort_unstable();
    for (id, position) in commands {
        command.execute(params![id.as_slice(), signed(*position)])?;
    }
    if let Some(sha256) = &batch.address_table {
        let mut meta =
            tx.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES ('address_table', ?1)")?;
        meta.execute([sha256.as_slice()])?;
    }
    Ok(())
}

fn set_checkpoint(tx: &Transaction<'_>, checkpoint: Checkpoint) -> Result<(), ViewFault> {
    let mut meta = tx.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES ('checkpoint', ?1)")?;
    let mut value = checkpoint.position.0.to_le_bytes().to_vec();
    value.extend_from_slice(&checkpoint.hash);
    meta.execute([value])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Building;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn a_write_waits_for_whoever_has_the_lock_for_a_moment() {
        static WAITED: AtomicBool = AtomicBool::new(false);
        fn wait(_: i32) -> bool {
            WAITED.store(true, Ordering::Relaxed);
            std::thread::yield_now();
            true
        }
        let dir = tempfile::tempdir().expect("dir");
        let building = Building::start_or_resume(dir.path()).expect("starts");
        let (_views, mut writer) = building.into_views().expect("becomes the live file");
        let other = Connection::open(writer.connection.path().expect("a file")).expect("opens");
        writer.connection.busy_handler(Some(wait)).expect("is set");
        // As a reader does that met the header of the write-ahead log half written.
        other.execute_batch("BEGIN IMMEDIATE").expect("has the lock");
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| writer.write(Batch::default()));
            while !WAITED.load(Ordering::Relaxed) && !writing.is_finished() {
                std::thread::yield_now();
            }
            other.execute_batch("ROLLBACK").expect("lets go");
            writing.join().expect("does not panic").expect("writes");
        });
        assert!(WAITED.load(Ordering::Relaxed));
    }
}
