//! Tables and indexes of one file of read models.

use rusqlite::Connection;

/// Version of the views. A file of another version is not read: it is rebuilt from the log.
pub const VIEW_VERSION: u32 = 1;

/// Tables; everything that bulk loading needs.
pub(crate) const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE contact (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, number TEXT NOT NULL, kind INTEGER NOT NULL,
    folded_name TEXT NOT NULL, folded_address TEXT NOT NULL, bsn TEXT, state BLOB NOT NULL);
CREATE TABLE customer (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, number TEXT NOT NULL, contact INTEGER NOT NULL,
    state BLOB NOT NULL);
CREATE TABLE code_list (name TEXT PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE mandate (code TEXT PRIMARY KEY, customer INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE command (id BLOB PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE history (entity TEXT PRIMARY KEY, positions BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE recent (entity TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (entity, position)) WITHOUT ROWID;
";

/// Indexes; made after bulk loading, because one sort is cheaper than a million insertions.
pub(crate) const INDEXES: &str = "
CREATE UNIQUE INDEX IF NOT EXISTS contact_number ON contact (number);
CREATE INDEX IF NOT EXISTS contact_name ON contact (folded_name);
CREATE INDEX IF NOT EXISTS contact_bsn ON contact (bsn) WHERE bsn IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS customer_number ON customer (number);
CREATE INDEX IF NOT EXISTS customer_contact ON customer (contact);
";

/// Settings of every connection. NORMAL in WAL mode loses at most the newest transactions in a power cut, never the
/// file's wholeness; what is lost is projected again from the log.
pub(crate) fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "mmap_size", 1_i64 << 30)?;
    connection.pragma_update(None, "cache_size", -65_536_i64)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}
