//! Tables and indexes of one file of read models.

use rusqlite::Connection;

/// Version of the views. A file of another version is not read: it is rebuilt from the log.
pub const VIEW_VERSION: u32 = 6;

/// Tables; everything that bulk loading needs.
///
/// The positions of the commits that name a contact, a customer, a contact moment or a task stand in its own row, which
/// every such commit writes anyway: a table of (entity, position) would cost a second page at a random place for each.
/// What a row has no room for goes to `history` in chunks, and so do the positions of everything else.
pub(crate) const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE contact (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, number TEXT NOT NULL, kind INTEGER NOT NULL,
    standing INTEGER NOT NULL, parent INTEGER, folded_name TEXT NOT NULL, bsn TEXT, found_by INTEGER NOT NULL,
    name_key INTEGER NOT NULL, folded_address TEXT NOT NULL,
    positions BLOB NOT NULL, held BLOB NOT NULL, state BLOB NOT NULL);
CREATE TABLE customer (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, number TEXT NOT NULL, contact INTEGER NOT NULL,
    active INTEGER NOT NULL, status INTEGER NOT NULL, provider INTEGER NOT NULL,
    positions BLOB NOT NULL, state BLOB NOT NULL);
CREATE TABLE search (
    customer INTEGER NOT NULL, digits INTEGER NOT NULL, letters TEXT NOT NULL, house_no INTEGER NOT NULL,
    surname TEXT NOT NULL, variant TEXT NOT NULL, active INTEGER NOT NULL,
    PRIMARY KEY (digits, surname, customer, letters, house_no)) WITHOUT ROWID;
CREATE TABLE duplicate (key INTEGER NOT NULL, contact INTEGER NOT NULL, PRIMARY KEY (key, contact)) WITHOUT ROWID;
CREATE TABLE iban (key INTEGER NOT NULL, contact INTEGER NOT NULL, PRIMARY KEY (key, contact)) WITHOUT ROWID;
CREATE TABLE code_list (name TEXT PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE past_number (number TEXT PRIMARY KEY, customer INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE debtor (
    organisation TEXT NOT NULL, number TEXT NOT NULL, customer INTEGER NOT NULL,
    PRIMARY KEY (organisation, number)) WITHOUT ROWID;
CREATE TABLE mandate (code TEXT PRIMARY KEY, customer INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE interaction (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, contact INTEGER NOT NULL, subject INTEGER NOT NULL,
    template TEXT NOT NULL, team TEXT, answers INTEGER, in_portal INTEGER NOT NULL, open_question INTEGER NOT NULL,
    cancelled INTEGER NOT NULL, positions BLOB NOT NULL, state BLOB NOT NULL);
CREATE TABLE task (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, team TEXT NOT NULL, assignee TEXT, status INTEGER NOT NULL,
    complaint INTEGER, positions BLOB NOT NULL, state BLOB NOT NULL);
CREATE TABLE template (code TEXT PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE team (code TEXT PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE employee (code TEXT PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE employee_user (
    user_key TEXT NOT NULL, code TEXT NOT NULL, PRIMARY KEY (user_key, code)) WITHOUT ROWID;
CREATE TABLE command (id BLOB PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE history (
    entity TEXT NOT NULL, first INTEGER NOT NULL, positions BLOB NOT NULL, PRIMARY KEY (entity, first)) WITHOUT ROWID;
";

/// An index that making the tables of the search needs.
pub(crate) const INDEXES_FIRST: &str = "CREATE INDEX IF NOT EXISTS customer_contact ON customer (contact);";

/// Indexes; that of `search` holds all of its columns, so that a search reads nothing else. Made after bulk loading,
/// because one sort is cheaper than a million insertions.
pub(crate) const INDEXES: &str = "
CREATE UNIQUE INDEX IF NOT EXISTS contact_number ON contact (number);
CREATE INDEX IF NOT EXISTS contact_name ON contact (folded_name) WHERE kind = 1 AND standing > 0;
CREATE INDEX IF NOT EXISTS contact_bsn ON contact (bsn) WHERE bsn IS NOT NULL;
CREATE INDEX IF NOT EXISTS customer_number ON customer (number);
CREATE INDEX IF NOT EXISTS contact_parent ON contact (parent) WHERE parent IS NOT NULL;
CREATE INDEX IF NOT EXISTS customer_status ON customer (status);
CREATE INDEX IF NOT EXISTS customer_provider ON customer (provider) WHERE provider = 1;
CREATE INDEX IF NOT EXISTS search_surname ON search (surname, customer, active, variant);
CREATE INDEX IF NOT EXISTS interaction_contact ON interaction (contact);
CREATE INDEX IF NOT EXISTS interaction_subject ON interaction (subject);
CREATE INDEX IF NOT EXISTS interaction_answers ON interaction (answers) WHERE answers IS NOT NULL;
CREATE INDEX IF NOT EXISTS interaction_open ON interaction (team) WHERE open_question = 1;
CREATE INDEX IF NOT EXISTS task_team ON task (team) WHERE assignee IS NULL;
CREATE INDEX IF NOT EXISTS task_assignee ON task (assignee, status) WHERE assignee IS NOT NULL;
CREATE INDEX IF NOT EXISTS task_complaint ON task (status, complaint) WHERE complaint IS NOT NULL;
";

/// How long SQLite waits for another connection. In WAL mode readers and the one writer do not wait for each other.
pub(crate) const BUSY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);

/// Settings of every connection. NORMAL in WAL mode loses at most the newest transactions in a power cut, never the
/// file's wholeness; what is lost is projected again from the log. The live writer has another way: see `unsynced`.
pub(crate) fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "mmap_size", 1_i64 << 30)?;
    connection.pragma_update(None, "cache_size", -65_536_i64)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // 16 MB: a page that is written again and again meanwhile is copied back once.
    connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Settings of a connection that fills a file which nobody else reads. Without a journal every page is written once and
/// not three times; what that costs in safety, the mark of a whole file makes up for (see `views::Building`).
pub(crate) fn configure_bulk(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "OFF")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -65_536_i64)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}
