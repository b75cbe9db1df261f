//! Whom the checks of data quality could be about: what a list of findings reads instead of every contact.
//!
//! A row says that the state of one entity, its source, gives rise to a check about a contact. It depends on that state
//! and on what the salutation codes mean, so it is written with the state, and anew when a code comes to mean something
//! else. What depends on other entities or on the date is asked when a page is read.

use crate::ViewFault;
use crate::batch::Batch;
use crate::reader::{self, Found, Page, Reader};
use crate::search::States;
use crate::writer::signed;
use kroniek_domain::code_list::{CodeList, SALUTATION, SalutationKind};
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::data_quality::{Check, of_contact, of_customer};
use kroniek_domain::{ContactId, EntityId};
use rusqlite::{CachedStatement, Transaction, params};
use std::sync::Arc;

/// The table, and the index by source that writing needs. The source is the id of a contact, or that of a customer below
/// zero: both give rise to checks about contacts.
pub(crate) const TABLES: &str = "
CREATE TABLE quality (
    check_no INTEGER NOT NULL, about INTEGER NOT NULL, source INTEGER NOT NULL,
    PRIMARY KEY (check_no, about, source)) WITHOUT ROWID;
CREATE INDEX quality_source ON quality (source);
";

// ---- writing

/// A check and whom it could be about, in order.
type Kept = Vec<(u8, i64)>;

/// What the states of a batch give rise to. To be called before the code lists of the batch are written.
pub(crate) fn write(tx: &Transaction<'_>, batch: &Batch, states: &States) -> Result<(), ViewFault> {
    let salutations = Salutations::of(tx, batch)?;
    let of_contacts = states.contacts.values().map(|contact| salutations.contact(contact));
    let of_customers = states.customers.values().map(|of| customer(of));
    let mut sources = Sources::new(tx)?;
    let mut rows = Vec::new();
    let mut keep = |(source, kept): (i64, Kept)| {
        if sources.none_yet {
            rows.extend(kept.into_iter().map(|(check, about)| (check, about, source)));
            return Ok(());
        }
        sources.keep(source, &kept)
    };
    if salutations.mean_something_else {
        every_contact(tx, |contact| {
            // Those of the batch are written by their new state.
            if states.contacts.contains_key(&contact.id) {
                Ok(())
            } else {
                keep(salutations.contact(contact))
            }
        })?;
    }
    for of_source in of_contacts.chain(of_customers) {
        keep(of_source)?;
    }
    // In order of the key: a table that is filled in order is filled at its end.
    rows.sort_unstable();
    for (check, about, source) in rows {
        sources.put.execute(params![check, about, source])?;
    }
    Ok(())
}

fn customer(customer: &Customer) -> (i64, Kept) {
    let kept = of_customer(customer).map(|(check, about)| (u8::from(check), signed(about.0)));
    (-signed(customer.id.0), kept.into_iter().collect())
}

/// What the salutation codes mean after a batch.
struct Salutations {
    list: Arc<CodeList>,
    /// A code that contacts may have means something else than before.
    mean_something_else: bool,
}

impl Salutations {
    fn of(tx: &Transaction<'_>, batch: &Batch) -> Result<Self, ViewFault> {
        let stored = reader::code_list(tx, SALUTATION)?;
        let before = stored.map_or_else(|| CodeList::initial(SALUTATION), |found| found.state);
        let Some(after) = batch.code_lists.get(SALUTATION) else {
            return Ok(Self { list: Arc::new(before), mean_something_else: false });
        };
        let list = Arc::clone(&after.state);
        let other = before.rows().any(|row| meaning(&list, &row.code) != row.properties.salutation);
        Ok(Self { list, mean_something_else: other })
    }

    fn contact(&self, contact: &Contact) -> (i64, Kept) {
        let found = of_contact(contact, &|code| meaning(&self.list, code));
        let mut kept: Kept =
            found.into_iter().map(|(check, about)| (u8::from(check), signed(about.0))).collect();
        kept.sort_unstable();
        (signed(contact.id.0), kept)
    }
}

fn meaning(list: &CodeList, code: &str) -> Option<SalutationKind> {
    list.row(code).and_then(|row| row.properties.salutation)
}

/// Every contact that is written. For the rare change of a code: it reads them all.
fn every_contact(
    tx: &Transaction<'_>,
    mut each: impl FnMut(&Contact) -> Result<(), ViewFault>,
) -> Result<(), ViewFault> {
    let mut query = tx.prepare_cached("SELECT id, state FROM contact ORDER BY id")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let id = ContactId(reader::unsigned(row, 0)?);
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        each(&reader::decoded(EntityId::Contact(id), bytes)?)?;
    }
    Ok(())
}

/// Prepared statements for the rows of one source.
struct Sources<'tx> {
    of: CachedStatement<'tx>,
    put: CachedStatement<'tx>,
    drop: CachedStatement<'tx>,
    none_yet: bool,
}

impl<'tx> Sources<'tx> {
    fn new(tx: &'tx Transaction<'_>) -> Result<Self, ViewFault> {
        let any = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM quality)")?.query_row([], |row| row.get(0));
        let any: bool = any?;
        Ok(Self {
            of: tx.prepare_cached("SELECT check_no, about FROM quality WHERE source = ?1")?,
            put: tx.prepare_cached("INSERT INTO quality (check_no, about, source) VALUES (?1, ?2, ?3)")?,
            drop: tx
                .prepare_cached("DELETE FROM quality WHERE check_no = ?1 AND about = ?2 AND source = ?3")?,
            none_yet: !any,
        })
    }

    /// Makes the rows of a source these; where they are already, nothing is written.
    fn keep(&mut self, source: i64, kept: &Kept) -> Result<(), ViewFault> {
        let had = self.of.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let had = had.collect::<Result<Kept, _>>()?;
        for (check, about) in had.iter().filter(|row| !kept.contains(row)) {
            self.drop.execute(params![check, about, source])?;
        }
        for (check, about) in kept.iter().filter(|row| !had.contains(row)) {
            self.put.execute(params![check, about, source])?;
        }
        Ok(())
    }
}

// ---- reading

impl Reader {
    /// Whom a check could be about, in order of id.
    pub fn quality(&self, check: Check, page: Page) -> Result<Found<ContactId>, ViewFault> {
        let sql =
            "SELECT DISTINCT about FROM quality WHERE check_no = ?1 AND about > ?2 ORDER BY about LIMIT ?3";
        self.listed(sql, i64::from(u8::from(check)), page).map(|found| found.map(ContactId))
    }

    /// How many contacts a check could be about.
    pub fn quality_count(&self, check: Check) -> Result<u64, ViewFault> {
        self.with(|c| {
            let mut query =
                c.prepare_cached("SELECT COUNT(DISTINCT about) FROM quality WHERE check_no = ?1")?;
            Ok(query.query_row([u8::from(check)], |row| reader::unsigned(row, 0))?)
        })
    }
}
