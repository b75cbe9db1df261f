//! What customers and contacts are found by: a row for each surname of a customer at each of its addresses, and the keys
//! by which duplicates are found. The domain says what these are; here they are kept up to date.
//!
//! The rows of a customer depend on its contact and, for a household, on the contractants: when one of them changes in
//! what it is found by, the customer's rows that differ are written. Most commands change nothing of it, and cost one
//! comparison.

use crate::ViewFault;
use crate::batch::Batch;
use crate::reader;
use crate::rows::encoded;
use crate::writer::signed;
use foldhash::{HashMap, HashSet};
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::duplicate::{Description, iban_key};
use kroniek_domain::search::{self, Entry, MatchKind, Wanted};
use kroniek_domain::status_right::Statuses;
use kroniek_domain::values::Date;
use kroniek_domain::{ContactId, CustomerId, EntityId, codec};
use rusqlite::{CachedStatement, Connection, OptionalExtension, ToSql, Transaction, params};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

// ---- what a row is found by

/// The states of a batch, shared: their rows take the batch apart.
pub(crate) struct States {
    pub(crate) contacts: HashMap<ContactId, Arc<Contact>>,
    pub(crate) customers: HashMap<CustomerId, Arc<Customer>>,
}

impl States {
    pub(crate) fn of(batch: &Batch) -> Self {
        Self {
            contacts: batch.contacts.iter().map(|(id, folded)| (*id, Arc::clone(&folded.state))).collect(),
            customers: batch.customers.iter().map(|(id, folded)| (*id, Arc::clone(&folded.state))).collect(),
        }
    }

    /// What a contact of the batch is found by.
    pub(crate) fn found_by(&self, id: ContactId) -> Option<FoundBy> {
        self.contacts.get(&id).map(|contact| FoundBy::of(contact, self))
    }
}

/// What a contact brings with it to be found by.
pub(crate) struct FoundBy {
    /// Keys of [`kroniek_domain::duplicate`], in order.
    keys: Vec<i64>,
    /// The surname that must agree where the key says so; 0 without one.
    pub(crate) name_key: i64,
    /// The customer whose rows this contact makes.
    customer: Option<CustomerId>,
    /// Those rows, when everything for them is in the batch.
    rows: Option<CustomerRows>,
    /// Holders of role lines that name this contact, whose rows may hold its surname.
    holders: Vec<ContactId>,
}

/// The rows of one customer.
struct CustomerRows {
    customer: CustomerId,
    /// Whether it is active; `None` when that is what its row says already.
    active: Option<bool>,
    /// In order.
    entries: Vec<Entry>,
}

/// What the tables hold of a contact. It stands in the contact's own row, so that what is to go is known without an index
/// by contact: each index costs a page at a random place for every change.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Held {
    /// Keys of its duplicates, in order.
    keys: Vec<i64>,
    /// The rows of its customer, in order.
    entries: Vec<Entry>,
}

impl Held {
    fn read(id: ContactId, bytes: &[u8]) -> Result<Self, ViewFault> {
        let why = |fault: codec::CodecFault| fault.to_string();
        let entity = || EntityId::Contact(id).to_string();
        codec::decode(bytes).map_err(|fault| ViewFault::Decode { entity: entity(), why: why(fault) })
    }

    /// As a row holds it.
    pub(crate) fn bytes(&self, id: ContactId) -> Result<Vec<u8>, ViewFault> {
        encoded(&EntityId::Contact(id), self)
    }
}

impl FoundBy {
    fn of(contact: &Contact, batch: &States) -> Self {
        let described = Description::of(contact, None);
        let mut keys: Vec<_> = described.keys().iter().map(|key| key.of.cast_signed()).collect();
        keys.sort_unstable();
        keys.dedup();
        Self {
            keys,
            name_key: described.name_key().unwrap_or(0).cast_signed(),
            customer: contact.customer,
            rows: contact.customer.and_then(|customer| {
                let active = batch.customers.get(&customer).map(|customer| customer.active);
                let persons: Option<Vec<_>> =
                    contact.contractants().map(|line| batch.contacts.get(&line.person)).collect();
                let entries = search::entries(contact, persons?.into_iter().map(|person| &**person));
                Some(CustomerRows { customer, active, entries })
            }),
            holders: contact.roles.iter().map(|(holder, _)| *holder).collect(),
        }
    }
}

/// Everything of a contact that [`Description`] and [`search::entries`] look at: another number when anything of it is
/// another.
pub(crate) fn fingerprint(contact: &Contact) -> i64 {
    let mut hash = DefaultHasher::new();
    let parts = &contact.parts;
    (u8::from(contact.kind), &parts.initials, &parts.infix, &parts.surname).hash(&mut hash);
    (&contact.company_name, &contact.name, contact.customer, contact.birth.map(Date::days)).hash(&mut hash);
    for (_, address) in contact.correspondence.entries().iter().chain(contact.home.entries()) {
        (&address.postcode, address.house_no, &address.country).hash(&mut hash);
    }
    for channel in &contact.channels {
        (u8::from(channel.kind), &channel.value).hash(&mut hash);
    }
    for line in contact.contractants() {
        line.person.hash(&mut hash);
    }
    hash.finish().cast_signed()
}

/// The keys of a customer's IBANs.
pub(crate) fn iban_keys(customer: &Customer) -> Vec<i64> {
    let held = customer.accounts.iter().filter(|account| !account.iban.is_empty());
    held.map(|account| iban_key(&account.iban).of.cast_signed()).collect()
}

// ---- writing

/// Writes what contacts and customers are found by.
pub(crate) struct SearchRows<'tx> {
    tx: &'tx Transaction<'tx>,
    states: &'tx States,
    /// Whether the tables are kept up to date. While a file is filled in bulk only the contacts' own rows are, and the
    /// tables are made from these in the end.
    tables: bool,
    insert: CachedStatement<'tx>,
    delete: CachedStatement<'tx>,
    insert_key: CachedStatement<'tx>,
    delete_key: CachedStatement<'tx>,
    insert_iban: CachedStatement<'tx>,
    set_active: CachedStatement<'tx>,
    held_by_customer: CachedStatement<'tx>,
    active: CachedStatement<'tx>,
    /// Contacts whose customer's rows are to be written, and those whose are.
    due: HashSet<ContactId>,
    done: HashSet<ContactId>,
}

const INSERT: &str =
    "INSERT OR IGNORE INTO search (customer, digits, letters, house_no, surname, variant, active)
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const INSERT_KEY: &str = "INSERT OR IGNORE INTO duplicate (key, contact) VALUES (?1, ?2)";
const HELD_BY_CUSTOMER: &str = "SELECT contact.id, contact.held, customer.active FROM customer
                                JOIN contact ON contact.id = customer.contact WHERE customer.id = ?1";

impl<'tx> SearchRows<'tx> {
    pub(crate) fn new(tx: &'tx Transaction<'_>, states: &'tx States) -> Result<Self, ViewFault> {
        Ok(Self {
            tx,
            states,
            tables: are_filled(tx)?,
            insert: tx.prepare_cached(INSERT)?,
            delete: tx.prepare_cached(
                "DELETE FROM search
                 WHERE customer = ?1 AND digits = ?2 AND letters = ?3 AND house_no = ?4 AND surname = ?5",
            )?,
            insert_key: tx.prepare_cached(INSERT_KEY)?,
            delete_key: tx.prepare_cached("DELETE FROM duplicate WHERE key = ?1 AND contact = ?2")?,
            insert_iban: tx.prepare_cached("INSERT OR IGNORE INTO iban (key, contact) VALUES (?1, ?2)")?,
            set_active: tx.prepare_cached(
                "UPDATE search SET active = ?6
                 WHERE customer = ?1 AND digits = ?2 AND letters = ?3 AND house_no = ?4 AND surname = ?5",
            )?,
            held_by_customer: tx.prepare_cached(HELD_BY_CUSTOMER)?,
            active: tx.prepare_cached("SELECT active FROM customer WHERE id = ?1")?,
            due: HashSet::default(),
            done: HashSet::default(),
        })
    }

    /// A contact that is new, or changed in what it is found by; `held` is what its row held until now. Answers what it
    /// is to hold.
    pub(crate) fn contact(
        &mut self,
        id: ContactId,
        found_by: &FoundBy,
        held: Option<&[u8]>,
    ) -> Result<Vec<u8>, ViewFault> {
        let before = held.map_or_else(|| Ok(Held::default()), |held| Held::read(id, held))?;
        if self.tables {
            // Most of them stay when something changes, and what stays costs no write.
            for gone in before.keys.iter().filter(|key| found_by.keys.binary_search(key).is_err()) {
                self.delete_key.execute([*gone, signed(id.0)])?;
            }
            for new in found_by.keys.iter().filter(|key| before.keys.binary_search(key).is_err()) {
                self.insert_key.execute([*new, signed(id.0)])?;
            }
        }
        self.due.extend(&found_by.holders);
        let entries = if let Some(rows) = &found_by.rows {
            self.write(&before.entries, rows)?;
            self.done.insert(id);
            rows.entries.clone()
        } else {
            self.due.extend(found_by.customer.map(|_| id));
            before.entries
        };
        Held { keys: found_by.keys.clone(), entries }.bytes(id)
    }

    /// The IBANs of a customer, by which its contact is found.
    pub(crate) fn ibans(&mut self, contact: ContactId, keys: &[i64]) -> Result<(), ViewFault> {
        for key in keys {
            self.insert_iban.execute([*key, signed(contact.0)])?;
        }
        Ok(())
    }

    /// A customer that was signed off or taken back. Its contact's row is written by now.
    pub(crate) fn active(&mut self, customer: CustomerId, active: bool) -> Result<(), ViewFault> {
        if !self.tables {
            return Ok(());
        }
        let customer = signed(customer.0);
        let Some((held, _)) = held_by(&mut self.held_by_customer, customer)? else { return Ok(()) };
        for entry in held.entries {
            let no = house_no(&entry);
            self.set_active.execute(params![
                customer,
                entry.digits,
                entry.letters,
                no,
                entry.surname,
                active
            ])?;
        }
        Ok(())
    }

    fn write(&mut self, before: &[Entry], rows: &CustomerRows) -> Result<(), ViewFault> {
        if !self.tables {
            return Ok(());
        }
        let customer = signed(rows.customer.0);
        for gone in before.iter().filter(|entry| rows.entries.binary_search(entry).is_err()) {
            let key = params![customer, gone.digits, gone.letters, house_no(gone), gone.surname];
            self.delete.execute(key)?;
        }
        let mut active = rows.active;
        for new in rows.entries.iter().filter(|entry| before.binary_search(entry).is_err()) {
            let is_active = match active {
                Some(known) => known,
                None => self.active.query_row([customer], |row| row.get(0)).optional()?.unwrap_or(true),
            };
            active = Some(is_active);
            put(&mut self.insert, customer, new, is_active)?;
        }
        Ok(())
    }

    /// Writes the rows for which other entities had to be written first.
    pub(crate) fn finish(mut self) -> Result<(), ViewFault> {
        let mut due: Vec<_> = self.due.difference(&self.done).copied().collect();
        due.sort_unstable();
        let mut find = self.tx.prepare_cached("SELECT held FROM contact WHERE id = ?1")?;
        let mut keep = self.tx.prepare_cached("UPDATE contact SET held = ?2 WHERE id = ?1")?;
        for id in due {
            let Some(contact) = self.state(id)? else { continue };
            let Some(customer) = contact.customer else { continue };
            let mut persons = Vec::new();
            for line in contact.contractants() {
                persons.extend(self.state(line.person)?);
            }
            let entries = search::entries(&contact, persons.iter().map(|person| &**person));
            let bytes = find.query_row([signed(id.0)], |row| row.get::<_, Vec<u8>>(0)).optional()?;
            let Some(bytes) = bytes else { continue };
            let before = Held::read(id, &bytes)?;
            if before.entries == entries {
                continue;
            }
            let rows = CustomerRows { customer, active: None, entries };
            self.write(&before.entries, &rows)?;
            let held = Held { entries: rows.entries, ..before };
            keep.execute(params![signed(id.0), held.bytes(id)?])?;
        }
        Ok(())
    }

    /// A contact as it is after the batch.
    fn state(&self, id: ContactId) -> Result<Option<Arc<Contact>>, ViewFault> {
        if let Some(known) = self.states.contacts.get(&id) {
            return Ok(Some(Arc::clone(known)));
        }
        Ok(reader::contact(self.tx, id)?.map(|found| Arc::new(found.state)))
    }
}

fn put(
    insert: &mut CachedStatement<'_>,
    customer: i64,
    entry: &Entry,
    active: bool,
) -> Result<(), ViewFault> {
    insert.execute(params![
        customer,
        entry.digits,
        entry.letters,
        house_no(entry),
        entry.surname,
        entry.variant,
        active
    ])?;
    Ok(())
}

fn house_no(entry: &Entry) -> u32 {
    entry.house_no.unwrap_or(0)
}

/// What the tables hold of a customer, and whether its row says that it is active.
fn held_by(query: &mut CachedStatement<'_>, customer: i64) -> Result<Option<(Held, bool)>, ViewFault> {
    let mut rows = query.query([customer])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
    let held = Held::read(ContactId(reader::unsigned(row, 0)?), bytes)?;
    Ok(Some((held, row.get(2)?)))
}

// ---- filling in bulk

/// Says in `meta` that the tables are kept up to date.
const FILLED: &str = "search_filled";

fn are_filled(c: &Connection) -> Result<bool, ViewFault> {
    let mut query = c.prepare_cached("SELECT EXISTS (SELECT 1 FROM meta WHERE key = ?1)")?;
    Ok(query.query_row([FILLED], |row| row.get(0))?)
}

/// Rows that are sorted in memory before they are inserted.
const SORTED: usize = 1 << 20;

/// Makes the tables of a file that was filled in bulk from what its contacts hold: in order, which is several times as
/// quick as one by one as the contacts come.
pub(crate) fn fill(tx: &Transaction<'_>) -> Result<(), ViewFault> {
    if are_filled(tx)? {
        return Ok(());
    }
    let mut found = tx.prepare_cached(
        "SELECT contact.id, contact.held, customer.id, customer.active
         FROM contact LEFT JOIN customer ON customer.contact = contact.id",
    )?;
    let mut rows = found.query([])?;
    let (mut keys, mut entries) = (Vec::new(), Vec::new());
    loop {
        let row = rows.next()?;
        let last = row.is_none();
        if let Some(row) = row {
            let id = ContactId(reader::unsigned(row, 0)?);
            let held = Held::read(id, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
            keys.extend(held.keys.into_iter().map(|key| (key, signed(id.0))));
            if let Some(customer) = row.get::<_, Option<i64>>(2)? {
                let active: bool = row.get(3)?;
                entries.extend(held.entries.into_iter().map(|entry| (entry, customer, active)));
            }
        }
        if last || keys.len() >= SORTED {
            keys.sort_unstable();
            let mut insert = tx.prepare_cached(INSERT_KEY)?;
            for (key, contact) in keys.drain(..) {
                insert.execute([key, contact])?;
            }
        }
        if last || entries.len() >= SORTED {
            let place =
                |(entry, customer, _): &(Entry, i64, bool)| (entry.digits, entry.surname.clone(), *customer);
            entries.sort_by_cached_key(place);
            let mut insert = tx.prepare_cached(INSERT)?;
            for (entry, customer, active) in entries.drain(..) {
                put(&mut insert, customer, &entry, active)?;
            }
        }
        if last {
            break;
        }
    }
    tx.execute("INSERT INTO meta (key, value) VALUES (?1, x'')", [FILLED])?;
    Ok(())
}

// ---- finding

/// A customer that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// Who.
    pub customer: CustomerId,
    /// How well the surname fits.
    pub kind: MatchKind,
    /// As the domain scores it.
    pub score: u8,
    /// Where it stands in the list.
    pub place: Place,
}

/// A place in the list of hits: better kinds first, then by postcode and surname.
///
/// Written as text it leaves the surname out, which may be that of a contractant whom the reader may not see: it is looked
/// up again when the list goes on from there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    kind: MatchKind,
    digits: u16,
    surname: String,
    customer: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            MatchKind::Exact => 'e',
            MatchKind::Substring => 's',
            MatchKind::Fuzzy => 'f',
        };
        write!(f, "{kind}:{}:{}", self.digits, self.customer)
    }
}

/// The text is not a place in a list of hits.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct NotAPlace;

impl FromStr for Place {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let mut parts = text.splitn(3, ':');
        let mut next = || parts.next().ok_or(NotAPlace);
        let kind = match next()? {
            "e" => MatchKind::Exact,
            "s" => MatchKind::Substring,
            "f" => MatchKind::Fuzzy,
            _ => return Err(NotAPlace),
        };
        let digits = next()?.parse().map_err(|_| NotAPlace)?;
        let customer = next()?.parse().map_err(|_| NotAPlace)?;
        Ok(Self { kind, digits, customer, surname: String::new() })
    }
}

/// The place with its surname. Of a customer that fits otherwise by now nothing is known but where its group begins, and the
/// list goes on from there: it may show some twice, and leaves nobody out.
fn whole(c: &Connection, wanted: &Wanted, place: &Place) -> Result<Place, ViewFault> {
    let anybody = Shown { include_inactive: true, seen: Statuses::ALL };
    let found = best_row(c, wanted, CustomerId(place.customer), anybody, wanted.postcode.is_some())?;
    let same = |found: &Place| found.kind == place.kind && found.digits == place.digits;
    Ok(found.filter(same).unwrap_or_else(|| Place { surname: String::new(), customer: 0, ..place.clone() }))
}

/// Which customers a search may show.
#[derive(Copy, Clone, Debug)]
pub struct Shown {
    /// Also those that were signed off (N1-04).
    pub include_inactive: bool,
    /// Only those in one of these statuses (A2-52).
    pub seen: Statuses,
}

/// Most rows of one postcode that are judged one by one, and most hits of which is asked whether they may be shown.
const NEAR: usize = 2_000;
const ASKED: usize = 200;

/// What [`find`] answers, when all four digits of the postcode are known and few enough live there to judge each of them:
/// one short walk along an index. `None` when they are too many, or the digits are not all known.
pub(crate) fn find_near(
    c: &Connection,
    wanted: &Wanted,
    shown: Shown,
    after: Option<&Place>,
    most: usize,
) -> Result<Option<Vec<Hit>>, ViewFault> {
    let Some(part) = wanted.postcode.as_ref().filter(|part| part.digits.start() == part.digits.end()) else {
        return Ok(None);
    };
    let after = after.map(|place| whole(c, wanted, place)).transpose()?;
    let mut query = c.prepare_cached(
        "SELECT digits, surname, variant, letters, house_no, customer FROM search
         WHERE digits = ?1 AND active >= ?2 LIMIT ?3",
    )?;
    let limit = i64::try_from(NEAR + 1).unwrap_or(i64::MAX);
    let mut rows = query.query(params![part.digits.start(), !shown.include_inactive, limit])?;
    let mut best: HashMap<CustomerId, Hit> = HashMap::default();
    let mut judged = 0;
    while let Some(row) = rows.next()? {
        judged += 1;
        if judged > NEAR {
            return Ok(None);
        }
        let text = |at| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
        if wanted.rank_surname(text(1)?, text(2)?).is_none() {
            continue;
        }
        let (entry, customer) = (entry(row)?, customer_id(row)?);
        let Some(kind) = wanted.rank(&entry) else { continue };
        let score = wanted.score(&entry, kind);
        let place = Place { kind, digits: entry.digits, surname: entry.surname, customer: customer.0 };
        let better = best.get(&customer).is_none_or(|known| place < known.place);
        if better {
            best.insert(customer, Hit { customer, kind, score, place });
        }
    }
    let is_after = |hit: &Hit| after.as_ref().is_none_or(|after| hit.place > *after);
    let mut fitting: Vec<_> = best.into_values().filter(is_after).collect();
    fitting.sort_unstable_by(|a, b| a.place.cmp(&b.place));
    let mut hits = Vec::new();
    for (asked, hit) in fitting.into_iter().enumerate() {
        if hits.len() > most {
            break;
        }
        if asked == ASKED && shown.seen != Statuses::ALL {
            return Ok(None);
        }
        if is_seen(c, hit.customer, shown)? {
            hits.push(hit);
        }
    }
    Ok(Some(hits))
}

fn is_seen(c: &Connection, customer: CustomerId, shown: Shown) -> Result<bool, ViewFault> {
    if shown.seen == Statuses::ALL {
        return Ok(true);
    }
    let mut query = c.prepare_cached("SELECT (?2 >> status) & 1 FROM customer WHERE id = ?1")?;
    let seen =
        query.query_row(params![signed(customer.0), shown.seen.bits()], |row| row.get(0)).optional()?;
    Ok(seen.unwrap_or(false))
}

fn customer_id(row: &rusqlite::Row<'_>) -> rusqlite::Result<CustomerId> {
    Ok(CustomerId(u64::try_from(row.get::<_, i64>(5)?).unwrap_or(0)))
}

/// Customers that fit, the best first, after a place; one more than `most` when there are more.
pub(crate) fn find(
    c: &Connection,
    wanted: &Wanted,
    shown: Shown,
    after: Option<&Place>,
    most: usize,
) -> Result<Vec<Hit>, ViewFault> {
    let kinds = [MatchKind::Exact, MatchKind::Substring, MatchKind::Fuzzy];
    // Without a piece of the surname, whoever lives there fits.
    let kinds = if wanted.surname.is_empty() { &kinds[..1] } else { &kinds[..] };
    let after = after.map(|place| whole(c, wanted, place)).transpose()?;
    let begun = after.as_ref().map_or(MatchKind::Exact, |place| place.kind);
    let mut hits = Vec::new();
    for kind in kinds.iter().copied().filter(|kind| *kind >= begun) {
        let after = after.as_ref().filter(|place| place.kind == kind);
        find_kind(c, wanted, shown, kind, after, most, &mut hits)?;
        if hits.len() > most {
            break;
        }
    }
    Ok(hits)
}

/// A query in the making: its text, and the values of its parameters.
struct Select<'v> {
    sql: String,
    values: Vec<(&'static str, &'v dyn ToSql)>,
}

impl<'v> Select<'v> {
    fn and(&mut self, condition: &str, values: &[(&'static str, &'v dyn ToSql)]) {
        self.sql.extend([" AND ", condition]);
        self.values.extend_from_slice(values);
    }
}

/// The hits of one kind, read in the order of an index that holds everything, until there are enough.
fn find_kind(
    c: &Connection,
    wanted: &Wanted,
    shown: Shown,
    kind: MatchKind,
    after: Option<&Place>,
    most: usize,
    hits: &mut Vec<Hit>,
) -> Result<(), ViewFault> {
    let by_place = wanted.postcode.is_some();
    let (index, order) = if by_place {
        ("", "digits, surname, customer")
    } else {
        ("INDEXED BY search_surname", "surname, customer")
    };
    let active = !shown.include_inactive;
    let seen = shown.seen.bits();
    let mut select = Select {
        sql: format!(
            "SELECT digits, surname, variant, letters, house_no, customer FROM search {index}
             WHERE active >= :active"
        ),
        values: vec![(":active", &active)],
    };
    let digits = wanted.postcode.as_ref().map(|part| (*part.digits.start(), *part.digits.end()));
    match &digits {
        Some((from, to)) if from == to => select.and("digits = :from", &[(":from", from)]),
        Some((from, to)) => select.and("digits BETWEEN :from AND :to", &[(":from", from), (":to", to)]),
        None => {}
    }
    match kind {
        MatchKind::Exact if wanted.surname.is_empty() => {}
        // The plus keeps SQLite from the index of surnames, which would bring every namesake in the country.
        MatchKind::Exact if digits.is_some_and(|(from, to)| from < to) => {
            select.and("+surname = :piece", &[(":piece", &wanted.surname)]);
        }
        MatchKind::Exact => select.and("surname = :piece", &[(":piece", &wanted.surname)]),
        MatchKind::Substring => {
            select.and("instr(surname, :piece) > 0 AND surname <> :piece", &[(":piece", &wanted.surname)]);
        }
        MatchKind::Fuzzy => select.and(
            "instr(variant, :variant) > 0 AND instr(surname, :piece) = 0",
            &[(":variant", &wanted.variant), (":piece", &wanted.surname)],
        ),
    }
    if let Some(letters) = wanted.postcode.as_ref().and_then(|part| part.letters.as_ref()) {
        select.and("letters = :letters", &[(":letters", letters)]);
    }
    if let Some(house_no) = &wanted.house_no {
        select.and("house_no = :house_no", &[(":house_no", house_no)]);
    }
    let last = after.map_or(0, |after| signed(after.customer));
    match after {
        Some(after) if by_place => select.and(
            "(digits, surname, customer) > (:d, :s, :c)",
            &[(":d", &after.digits), (":s", &after.surname), (":c", &last)],
        ),
        Some(after) => {
            select.and("(surname, customer) > (:s, :c)", &[(":s", &after.surname), (":c", &last)]);
        }
        None => {}
    }
    select.and(
        "((:seen >> (SELECT status FROM customer WHERE customer.id = search.customer)) & 1) = 1",
        &[(":seen", &seen)],
    );
    let Select { sql, values } = select;
    let sql = format!("{sql} ORDER BY {order}");
    let mut query = c.prepare_cached(&sql)?;
    let mut rows = query.query(values.as_slice())?;
    while let Some(row) = rows.next()? {
        let (entry, customer) = (entry(row)?, customer_id(row)?);
        // Several rows of a customer may fit: it stands where the best of them does.
        let best = best_row(c, wanted, customer, shown, by_place)?;
        let digits = if by_place { entry.digits } else { 0 };
        let place = Place { kind, digits, surname: entry.surname.clone(), customer: customer.0 };
        if best.as_ref() != Some(&place) || hits.last().is_some_and(|hit| hit.place == place) {
            continue;
        }
        hits.push(Hit { customer, kind, score: wanted.score(&entry, kind), place });
        if hits.len() > most {
            break;
        }
    }
    Ok(())
}

/// The place at which a customer stands.
fn best_row(
    c: &Connection,
    wanted: &Wanted,
    customer: CustomerId,
    shown: Shown,
    by_place: bool,
) -> Result<Option<Place>, ViewFault> {
    let found = held_by(&mut c.prepare_cached(HELD_BY_CUSTOMER)?, signed(customer.0))?;
    let Some((held, _)) = found.filter(|(_, active)| shown.include_inactive || *active) else {
        return Ok(None);
    };
    let mut best: Option<Place> = None;
    for entry in held.entries {
        if let Some(kind) = wanted.rank(&entry) {
            let digits = if by_place { entry.digits } else { 0 };
            let place = Place { kind, digits, surname: entry.surname, customer: customer.0 };
            if best.as_ref().is_none_or(|best| place < *best) {
                best = Some(place);
            }
        }
    }
    Ok(best)
}

fn entry(row: &rusqlite::Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        digits: row.get(0)?,
        surname: row.get(1)?,
        variant: row.get(2)?,
        letters: row.get(3)?,
        house_no: Some(row.get(4)?).filter(|house_no| *house_no > 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;
    use kroniek_domain::values;

    /// Customers at three postcodes; some have two surnames, some two addresses, some are signed off.
    fn file() -> Connection {
        let mut c = Connection::open_in_memory().unwrap();
        c.execute_batch(schema::TABLES).unwrap();
        c.execute_batch(schema::INDEXES_FIRST).unwrap();
        let surnames = ["Janssen", "Jansen", "Janszen", "Dijk", "Dyk", "Wijk", "Jan"];
        for customer in 0..120_usize {
            let (active, status) = (customer % 7 != 0, 1 + customer % 8);
            let write = "INSERT INTO customer VALUES (?1, 1, ?2, ?1, ?3, ?4, 0, x'', x'')";
            c.execute(write, params![customer, format!("K{customer}"), active, status]).unwrap();
            let mut entries = Vec::new();
            for line in 0..=customer % 2 {
                for place in 0..=customer % 3 {
                    let surname = values::surname_key("", surnames[(customer + line) % surnames.len()]);
                    entries.push(Entry {
                        digits: u16::try_from(3511 + (customer + place) % 3).unwrap(),
                        letters: ["AB", "XZ"][customer % 2].to_owned(),
                        house_no: Some(u32::try_from(customer % 5).unwrap()).filter(|no| *no > 0),
                        variant: values::variant(&surname),
                        surname,
                    });
                }
            }
            entries.sort_unstable();
            entries.dedup();
            let held = Held { keys: vec![7, 8], entries }.bytes(ContactId(1)).unwrap();
            let write =
                "INSERT INTO contact (id, version, number, kind, standing, folded_name, found_by, name_key,
                         folded_address, positions, held, state)
                         VALUES (?1, 1, ?2, 1, 0, '', 0, 0, '', x'', ?3, x'')";
            c.execute(write, params![customer, format!("C{customer}"), held]).unwrap();
        }
        let tx = c.transaction().unwrap();
        fill(&tx).unwrap();
        fill(&tx).unwrap();
        tx.commit().unwrap();
        c.execute_batch(schema::INDEXES).unwrap();
        let keys: i64 = c.query_row("SELECT COUNT(*) FROM duplicate", [], |row| row.get(0)).unwrap();
        assert_eq!(keys, 240);
        c
    }

    #[test]
    fn the_short_walk_finds_what_the_indexes_find() {
        let c = file();
        let (mut found, mut pages) = ([0; 3], 0);
        for surname in ["", "Jan", "Janssen", "Dijk", "n", "Wyk", "Pietersen"] {
            for postcode in ["3511", "3512AB", "3513"] {
                for house_no in [None, Some(3)] {
                    for (include_inactive, seen) in
                        [(false, Statuses::ALL), (true, Statuses::ALL), (true, Statuses::RELATIONS)]
                    {
                        let wanted = Wanted::read(surname, postcode, house_no).unwrap();
                        let shown = Shown { include_inactive, seen };
                        let mut after = None;
                        loop {
                            let near = find_near(&c, &wanted, shown, after.as_ref(), 4).unwrap().unwrap();
                            assert_eq!(near, find(&c, &wanted, shown, after.as_ref(), 4).unwrap());
                            pages += 1;
                            for hit in &near {
                                found[hit.kind as usize] += 1;
                            }
                            match near.get(3).filter(|_| near.len() > 4) {
                                Some(last) => after = Some(last.place.to_string().parse().unwrap()),
                                None => break,
                            }
                        }
                    }
                }
            }
        }
        assert!(
            pages > 200 && found.iter().all(|found| *found > 50),
            "{pages} pages, {found:?} of each kind"
        );
    }

    #[test]
    fn a_crowded_postcode_and_one_that_is_not_whole_are_left_to_the_indexes() {
        let c = file();
        let shown = Shown { include_inactive: true, seen: Statuses::ALL };
        let near = |postcode| find_near(&c, &Wanted::read("Jan", postcode, None).unwrap(), shown, None, 4);
        assert!(near("351").unwrap().is_none());
        assert!(near("3511").unwrap().is_some());
        let mut insert = c.prepare("INSERT INTO search VALUES (?1, 3511, 'AB', 1, 'jan', 'jan', 1)").unwrap();
        for customer in 1_000..1_000 + NEAR {
            insert.execute([customer]).unwrap();
        }
        assert!(near("3511").unwrap().is_none());
    }
}
