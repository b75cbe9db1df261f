//! Reading: a snapshot of one position, as long as the reader lives.

use crate::positions;
use crate::search::{self, Hit, Place, Shown};
use crate::views::Pool;
use crate::writer::signed;
use crate::{Checkpoint, ViewFault};
use kroniek_domain::code_list::CodeList;
use kroniek_domain::contact::{self, Contact};
use kroniek_domain::customer::{ClientStatus, Customer};
use kroniek_domain::duplicate;
use kroniek_domain::search::Wanted;
use kroniek_domain::status_right::Statuses;
use kroniek_domain::values::fold;
use kroniek_domain::{ContactId, CustomerId, EntityId, Position, codec};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A state, and the position of the last commit that names its entity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Versioned<T> {
    /// The entity's version (spec §1.2).
    pub version: Position,
    /// The state.
    pub state: T,
}

/// Which part of a list is wanted.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// Only entries with a greater id; 0 for the first page.
    pub after: u64,
    /// At most this many.
    pub first: usize,
}

/// A page of a search: ids in order, and whether there are more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found<T> {
    /// What was found.
    pub items: Vec<T>,
    /// Whether another page follows.
    pub more: bool,
}

/// A snapshot of the read models: everything read through it is as of one and the same position.
#[derive(Debug)]
pub struct Reader {
    // `None` only while dropping.
    connection: Mutex<Option<Connection>>,
    pool: Arc<Pool>,
    checkpoint: Checkpoint,
}

impl Reader {
    pub(crate) fn begin(connection: Connection, pool: Arc<Pool>) -> Result<Self, ViewFault> {
        connection.prepare_cached("BEGIN")?.execute([])?;
        // The first read fixes the snapshot.
        let checkpoint = checkpoint(&connection)?;
        Ok(Self { connection: Mutex::new(Some(connection)), pool, checkpoint })
    }

    /// The position that everything read here is as of.
    pub fn checkpoint(&self) -> Checkpoint {
        self.checkpoint
    }

    fn lock(&self) -> MutexGuard<'_, Option<Connection>> {
        // A panic in another thread leaves SQLite's own state whole: reading can go on.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, ViewFault>,
    ) -> Result<T, ViewFault> {
        match &*self.lock() {
            Some(connection) => read(connection),
            None => Err(ViewFault::Cancelled),
        }
    }

    /// A contact by id.
    pub fn contact(&self, id: ContactId) -> Result<Option<Versioned<Contact>>, ViewFault> {
        self.with(|c| contact(c, id))
    }

    /// A customer by id.
    pub fn customer(&self, id: CustomerId) -> Result<Option<Versioned<Customer>>, ViewFault> {
        self.with(|c| customer(c, id))
    }

    /// Shows every customer to `look` until that breaks off.
    pub fn each_customer(&self, look: &mut dyn FnMut(&Customer) -> ControlFlow<()>) -> Result<(), ViewFault> {
        self.with(|c| {
            let mut query = c.prepare_cached("SELECT id, state FROM customer ORDER BY id")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let id = EntityId::Customer(CustomerId(unsigned(row, 0)?));
                let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
                if look(&decoded(id, bytes)?).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    /// A code list by name, when it was ever changed.
    pub fn code_list(&self, name: &str) -> Result<Option<Versioned<CodeList>>, ViewFault> {
        self.with(|c| code_list(c, name))
    }

    /// Names of the lists that were ever changed.
    pub fn code_lists(&self) -> Result<Vec<String>, ViewFault> {
        self.with(|c| {
            let mut query = c.prepare_cached("SELECT name FROM code_list ORDER BY name")?;
            let names = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(names)
        })
    }

    /// The contact with this number.
    pub fn contact_by_number(&self, number: &str) -> Result<Option<ContactId>, ViewFault> {
        self.with(|c| {
            one_id(c, "SELECT id FROM contact WHERE number = ?1", number).map(|id| id.map(ContactId))
        })
    }

    /// The customer with this number.
    pub fn customer_by_number(&self, number: &str) -> Result<Option<CustomerId>, ViewFault> {
        self.with(|c| {
            one_id(c, "SELECT id FROM customer WHERE number = ?1", number).map(|id| id.map(CustomerId))
        })
    }

    /// The customer that had this number before it got another one.
    pub fn customer_by_past_number(&self, number: &str) -> Result<Option<CustomerId>, ViewFault> {
        self.with(|c| {
            one_id(c, "SELECT customer FROM past_number WHERE number = ?1", number)
                .map(|id| id.map(CustomerId))
        })
    }

    /// The customer that has, or had, this debtor number at the organisation.
    pub fn debtor(&self, organisation: &str, number: &str) -> Result<Option<CustomerId>, ViewFault> {
        self.with(|c| {
            let mut query =
                c.prepare_cached("SELECT customer FROM debtor WHERE organisation = ?1 AND number = ?2")?;
            let found = query.query_row([organisation, number], |row| unsigned(row, 0)).optional()?;
            Ok(found.map(CustomerId))
        })
    }

    /// The customers in a status, in order of age.
    pub fn customers_in(&self, status: ClientStatus, page: Page) -> Result<Found<CustomerId>, ViewFault> {
        let sql = "SELECT id FROM customer WHERE status = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
        self.listed(sql, i64::from(u8::from(status)), page).map(|found| found.map(CustomerId))
    }

    /// The relations that are suppliers of the organisation itself, in order of age.
    pub fn service_providers(&self, page: Page) -> Result<Found<CustomerId>, ViewFault> {
        let sql =
            "SELECT id FROM customer WHERE provider = ?1 AND provider = 1 AND id > ?2 ORDER BY id LIMIT ?3";
        self.listed(sql, 1, page).map(|found| found.map(CustomerId))
    }

    /// The locations of a company, in order of age.
    pub fn locations(&self, company: ContactId, page: Page) -> Result<Found<ContactId>, ViewFault> {
        let sql = "SELECT id FROM contact WHERE parent = ?1 AND kind = 5 AND id > ?2 ORDER BY id LIMIT ?3";
        self.listed(sql, signed(company.0), page).map(|found| found.map(ContactId))
    }

    /// Runs a list; in `sql` ?1 to ?3 are the key, the place to go on from, and one more than the length of the page.
    pub(crate) fn listed(&self, sql: &str, key: i64, page: Page) -> Result<Found<u64>, ViewFault> {
        self.with(|c| {
            let mut query = c.prepare_cached(sql)?;
            let values = params![key, signed(page.after), one_more(page.first)];
            let found = query.query_map(values, |row| unsigned(row, 0))?;
            Ok(Found::page(found.collect::<Result<_, _>>()?, page.first))
        })
    }

    /// The persons with this BSN.
    pub fn persons_by_bsn(&self, bsn: &str) -> Result<Vec<ContactId>, ViewFault> {
        self.with(|c| ids(c, "SELECT id FROM contact WHERE bsn = ?1 ORDER BY id LIMIT 100", bsn))
    }

    /// The persons that are customers themselves, whose folded name this is.
    pub fn customer_persons_by_name(&self, folded: &str) -> Result<Vec<ContactId>, ViewFault> {
        let sql = "SELECT id FROM contact WHERE folded_name = ?1 AND kind = 1 AND standing > 0
                   ORDER BY id LIMIT 100";
        self.with(|c| ids(c, sql, folded))
    }

    /// The contacts that are found by this key of a duplicate, or of an IBAN. What more contacts share than are looked at
    /// tells none of them from the others.
    pub fn contacts_by_key(&self, key: duplicate::Key) -> Result<Vec<ContactId>, ViewFault> {
        let sql = "SELECT found.contact FROM (SELECT contact FROM duplicate WHERE key = ?1 LIMIT 2000) found
                   WHERE ?2 IS NULL OR ?2 = (SELECT name_key FROM contact WHERE id = found.contact)
                   UNION SELECT contact FROM iban WHERE key = ?1 ORDER BY 1 LIMIT 100";
        self.with(|c| {
            let mut query = c.prepare_cached(sql)?;
            let values = params![key.of.cast_signed(), key.name.map(u64::cast_signed)];
            let found = query.query_map(values, |row| unsigned(row, 0).map(ContactId))?;
            Ok(found.collect::<Result<_, _>>()?)
        })
    }

    /// The customer that has this mandate.
    pub fn mandate_owner(&self, code: &str) -> Result<Option<CustomerId>, ViewFault> {
        self.with(|c| {
            one_id(c, "SELECT customer FROM mandate WHERE code = ?1", code).map(|id| id.map(CustomerId))
        })
    }

    /// The hash of the address table in use.
    pub fn address_table(&self) -> Result<Option<[u8; 32]>, ViewFault> {
        self.with(|c| Ok(meta(c, "address_table")?.and_then(|bytes| bytes.try_into().ok())))
    }

    /// The greatest contact id.
    pub fn last_contact_id(&self) -> Result<ContactId, ViewFault> {
        self.with(|c| Ok(ContactId(greatest(c, "SELECT MAX(id) FROM contact")?)))
    }

    /// The greatest customer id.
    pub fn last_customer_id(&self) -> Result<CustomerId, ViewFault> {
        self.with(|c| Ok(CustomerId(greatest(c, "SELECT MAX(id) FROM customer")?)))
    }

    /// The position of the commit that a command with this id made.
    pub fn command(&self, id: &[u8; 16]) -> Result<Option<Position>, ViewFault> {
        self.with(|c| {
            let mut query = c.prepare_cached("SELECT position FROM command WHERE id = ?1")?;
            let found = query.query_row([id.as_slice()], |row| position(row, 0)).optional()?;
            Ok(found)
        })
    }

    /// The position of the last commit that names the entity; 0 when none does.
    pub fn version(&self, entity: &EntityId) -> Result<Position, ViewFault> {
        self.with(|c| {
            let (sql, key): (_, &dyn rusqlite::ToSql) = match entity {
                EntityId::Contact(id) => ("SELECT version FROM contact WHERE id = ?1", &signed(id.0)),
                EntityId::Customer(id) => ("SELECT version FROM customer WHERE id = ?1", &signed(id.0)),
                EntityId::Interaction(id) => ("SELECT version FROM interaction WHERE id = ?1", &signed(id.0)),
                EntityId::Task(id) => ("SELECT version FROM task WHERE id = ?1", &signed(id.0)),
                EntityId::CodeList(name) => ("SELECT version FROM code_list WHERE name = ?1", name),
                EntityId::Template(code) => ("SELECT version FROM template WHERE code = ?1", code),
                EntityId::Team(code) => ("SELECT version FROM team WHERE code = ?1", code),
                EntityId::Employee(code) => ("SELECT version FROM employee WHERE code = ?1", code),
                EntityId::AddressTable => {
                    return Ok(positions(c, entity)?.last().copied().map(Position).unwrap_or_default());
                }
            };
            let found = c.prepare_cached(sql)?.query_row([key], |row| position(row, 0)).optional()?;
            Ok(found.unwrap_or_default())
        })
    }

    /// The positions of all commits that name the entity, oldest first.
    pub fn positions(&self, entity: &EntityId) -> Result<Vec<Position>, ViewFault> {
        self.with(|c| Ok(positions(c, entity)?.into_iter().map(Position).collect()))
    }

    /// Customers by a piece of the surname and of the postcode, the best first (N1-03): those after a place.
    pub fn search_customers(
        &self,
        wanted: &Wanted,
        shown: Shown,
        after: Option<&Place>,
        first: usize,
    ) -> Result<Found<Hit>, ViewFault> {
        let found = self.with(|c| search::find(c, wanted, shown, after, first))?;
        Ok(Found::page(found, first))
    }

    /// The same in a short moment, for a whole postcode at which few live; `None` where it would take longer.
    pub fn search_customers_near(
        &self,
        wanted: &Wanted,
        shown: Shown,
        after: Option<&Place>,
        first: usize,
    ) -> Result<Option<Found<Hit>>, ViewFault> {
        let found = self.with(|c| search::find_near(c, wanted, shown, after, first))?;
        Ok(found.map(|found| Found::page(found, first)))
    }

    /// Customers whose number, name or address holds every word of the text; an empty text finds all (E1-06).
    ///
    /// Only those in a status of `seen`: what one may not see takes no place on a page (A2-52).
    pub fn find_customers(
        &self,
        text: &str,
        include_inactive: bool,
        page: Page,
        seen: Statuses,
    ) -> Result<Found<CustomerId>, ViewFault> {
        let active = if include_inactive { "" } else { "AND customer.active" };
        let sql = "SELECT customer.id FROM customer JOIN contact ON contact.id = customer.contact
             WHERE customer.id > ?1 AND ?5 = 0 AND ((?6 >> customer.status) & 1) = 1 {active}
               AND (?2 = '' OR customer.number = ?3 OR {words})
             ORDER BY customer.id LIMIT ?4";
        let sql = sql.replace("{active}", active);
        self.find(&sql, text, page, None, seen).map(|found| found.map(CustomerId))
    }

    /// Contacts of a kind (or any) whose number, name or address holds every word of the text.
    pub fn find_contacts(
        &self,
        kind: Option<contact::Kind>,
        text: &str,
        page: Page,
        seen: Statuses,
    ) -> Result<Found<ContactId>, ViewFault> {
        // Of what hangs below something, the status of that decides.
        let sql = "SELECT contact.id FROM contact
             WHERE contact.id > ?1 AND ((?6 >> contact.standing) & 1) = 1
               AND (contact.parent IS NULL
                 OR ((?6 >> (SELECT above.standing FROM contact above WHERE above.id = contact.parent)) & 1) = 1)
               AND (?5 = 0 OR contact.kind = ?5)
               AND (?2 = '' OR contact.number = ?3 OR {words})
             ORDER BY contact.id LIMIT ?4";
        self.find(sql, text, page, kind, seen).map(|found| found.map(ContactId))
    }

    /// Runs a search; in `sql` ?1 to ?6 are the place to go on from, the folded text, the text as a number, one more
    /// than the length of the page, the kind (0 for any), and the statuses.
    fn find(
        &self,
        sql: &str,
        text: &str,
        page: Page,
        kind: Option<contact::Kind>,
        seen: Statuses,
    ) -> Result<Found<u64>, ViewFault> {
        let folded = fold(text);
        let words: Vec<_> = folded.split_whitespace().take(MOST_WORDS).collect();
        let conditions: Vec<_> = (0..words.len())
            .map(|at| {
                let n = at + 7;
                format!("(instr(contact.folded_name, ?{n}) > 0 OR instr(contact.folded_address, ?{n}) > 0)")
            })
            .collect();
        let conditions = if conditions.is_empty() { "0".to_owned() } else { conditions.join(" AND ") };
        let sql = sql.replace("{words}", &format!("({conditions})"));
        let number = text.trim().to_uppercase();
        self.with(|c| {
            let mut query = c.prepare_cached(&sql)?;
            let mut values: Vec<Box<dyn rusqlite::ToSql>> = vec![
                Box::new(signed(page.after)),
                Box::new(folded.clone()),
                Box::new(number),
                Box::new(one_more(page.first)),
                Box::new(kind.map_or(0, u8::from)),
                Box::new(seen.bits()),
            ];
            for word in &words {
                values.push(Box::new((*word).to_owned()));
            }
            let rows = query.query_map(rusqlite::params_from_iter(values), |row| unsigned(row, 0))?;
            Ok(Found::page(rows.collect::<Result<_, _>>()?, page.first))
        })
    }
}

/// Most words of a search text that are looked for.
const MOST_WORDS: usize = 8;

impl Drop for Reader {
    fn drop(&mut self) {
        let connection = self.connection.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(connection) = connection
            && connection.prepare_cached("ROLLBACK").and_then(|mut rollback| rollback.execute([])).is_ok()
        {
            self.pool.give_back(connection);
        }
    }
}

/// One entry more than the page has tells whether another page follows.
pub(crate) fn one_more(first: usize) -> i64 {
    i64::try_from(first).unwrap_or(i64::MAX).saturating_add(1)
}

impl<T> Found<T> {
    /// A page of what was found, which may be [`one_more`] than it holds.
    pub(crate) fn page(mut items: Vec<T>, first: usize) -> Self {
        let more = items.len() > first;
        items.truncate(first);
        Self { items, more }
    }
}

impl Found<u64> {
    pub(crate) fn map<T>(self, of: impl Fn(u64) -> T) -> Found<T> {
        Found { items: self.items.into_iter().map(of).collect(), more: self.more }
    }
}

pub(crate) fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|n| u64::try_from(n).unwrap_or(0))
}

fn position(row: &Row<'_>, column: usize) -> rusqlite::Result<Position> {
    unsigned(row, column).map(Position)
}

pub(crate) fn decoded<T: DeserializeOwned>(
    entity: impl std::fmt::Display,
    bytes: &[u8],
) -> Result<T, ViewFault> {
    codec::decode(bytes)
        .map_err(|fault| ViewFault::Decode { entity: entity.to_string(), why: fault.to_string() })
}

pub(crate) fn state<T: DeserializeOwned>(
    c: &Connection,
    sql: &str,
    key: impl rusqlite::ToSql,
    entity: &EntityId,
) -> Result<Option<Versioned<T>>, ViewFault> {
    let mut query = c.prepare_cached(sql)?;
    let mut rows = query.query(params![key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let version = position(row, 0)?;
    let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
    Ok(Some(Versioned { version, state: decoded(entity, bytes)? }))
}

pub(crate) fn contact(c: &Connection, id: ContactId) -> Result<Option<Versioned<Contact>>, ViewFault> {
    state(c, "SELECT version, state FROM contact WHERE id = ?1", signed(id.0), &EntityId::Contact(id))
}

pub(crate) fn customer(c: &Connection, id: CustomerId) -> Result<Option<Versioned<Customer>>, ViewFault> {
    state(c, "SELECT version, state FROM customer WHERE id = ?1", signed(id.0), &EntityId::Customer(id))
}

pub(crate) fn code_list(c: &Connection, name: &str) -> Result<Option<Versioned<CodeList>>, ViewFault> {
    state(
        c,
        "SELECT version, state FROM code_list WHERE name = ?1",
        name,
        &EntityId::CodeList(name.to_owned()),
    )
}

fn one_id(c: &Connection, sql: &str, key: &str) -> Result<Option<u64>, ViewFault> {
    let mut query = c.prepare_cached(sql)?;
    Ok(query.query_row([key], |row| unsigned(row, 0)).optional()?)
}

fn ids(c: &Connection, sql: &str, key: impl rusqlite::ToSql) -> Result<Vec<ContactId>, ViewFault> {
    let mut query = c.prepare_cached(sql)?;
    let found =
        query.query_map(params![key], |row| unsigned(row, 0).map(ContactId))?.collect::<Result<_, _>>()?;
    Ok(found)
}

pub(crate) fn greatest(c: &Connection, sql: &str) -> Result<u64, ViewFault> {
    let found: Option<i64> = c.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(found.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

fn meta(c: &Connection, key: &str) -> Result<Option<Vec<u8>>, ViewFault> {
    let mut query = c.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(query.query_row([key], |row| row.get(0)).optional()?)
}

pub(crate) fn checkpoint(c: &Connection) -> Result<Checkpoint, ViewFault> {
    let Some(bytes) = meta(c, "checkpoint")? else { return Ok(Checkpoint::default()) };
    let damaged =
        || ViewFault::Decode { entity: "the checkpoint".to_owned(), why: "it has a wrong length".to_owned() };
    let (position, hash) = bytes.split_at_checked(8).ok_or_else(damaged)?;
    Ok(Checkpoint {
        position: Position(u64::from_le_bytes(position.try_into().map_err(|_| damaged())?)),
        hash: hash.try_into().map_err(|_| damaged())?,
    })
}

fn positions(c: &Connection, entity: &EntityId) -> Result<Vec<u64>, ViewFault> {
    let mut found = Vec::new();
    let mut chunks = c.prepare_cached("SELECT positions FROM history WHERE entity = ?1 ORDER BY first")?;
    let mut rows = chunks.query([entity.to_string()])?;
    while let Some(row) = rows.next()? {
        found.extend(positions::decode(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?));
    }
    let (sql, id) = match entity {
        EntityId::Contact(id) => ("SELECT positions FROM contact WHERE id = ?1", id.0),
        EntityId::Customer(id) => ("SELECT positions FROM customer WHERE id = ?1", id.0),
        EntityId::Interaction(id) => ("SELECT positions FROM interaction WHERE id = ?1", id.0),
        EntityId::Task(id) => ("SELECT positions FROM task WHERE id = ?1", id.0),
        EntityId::CodeList(_)
        | EntityId::AddressTable
        | EntityId::Template(_)
        | EntityId::Team(_)
        | EntityId::Employee(_) => return Ok(found),
    };
    let newest: Option<Vec<u8>> =
        c.prepare_cached(sql)?.query_row([signed(id)], |row| row.get(0)).optional()?;
    found.extend(positions::decode(&newest.unwrap_or_default()));
    Ok(found)
}
