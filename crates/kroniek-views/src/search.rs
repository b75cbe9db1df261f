//! What customers and contacts are found by: a row for each surname of a customer at each of its addresses, and the keys
//! by which duplicates are found. The domain says what these are; here they are kept up to date.
//!
//! The rows of a customer depend on its contact and, for a household, on the contractants: when one of them changes in
//! what it is found by, the customer's rows are written anew. Most commands change nothing of it, and cost one comparison.

use crate::ViewFault;
use crate::reader;
use crate::writer::signed;
use foldhash::{HashMap, HashSet};
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::duplicate::{Description, iban_key};
use kroniek_domain::search::{self, Entry, MatchKind, Wanted};
use kroniek_domain::status_right::Statuses;
use kroniek_domain::values::Date;
use kroniek_domain::{ContactId, CustomerId};
use rusqlite::{CachedStatement, Connection, OptionalExtension, ToSql, Transaction, params};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

/// States of a batch, by id.
pub(crate) type States<K, T> = HashMap<K, Arc<T>>;

// ---- what a row is found by

/// What a contact brings with it to be found by.
pub(crate) struct FoundBy {
    /// Another number when anything of it is another.
    pub(crate) fingerprint: i64,
    /// Keys of [`kroniek_domain::duplicate`].
    pub(crate) keys: Vec<i64>,
    /// The customer whose rows this contact makes.
    pub(crate) customer: Option<CustomerId>,
    /// Those rows, when everything for them is in the batch.
    pub(crate) rows: Option<CustomerRows>,
    /// Holders of role lines that name this contact, whose rows may hold its surname.
    pub(crate) holders: Vec<ContactId>,
}

/// The rows of one customer.
pub(crate) struct CustomerRows {
    customer: CustomerId,
    active: bool,
    entries: Vec<Entry>,
}

impl FoundBy {
    pub(crate) fn of(
        contact: &Contact,
        contacts: &States<ContactId, Contact>,
        customers: &States<CustomerId, Customer>,
    ) -> Self {
        Self {
            fingerprint: fingerprint(contact),
            keys: Description::of(contact, None).keys().iter().map(|key| key.0.cast_signed()).collect(),
            customer: contact.customer,
            rows: contact.customer.and_then(|customer| {
                let active = customers.get(&customer)?.active;
                let persons: Option<Vec<_>> =
                    contact.contractants().map(|line| contacts.get(&line.person)).collect();
                let entries = search::entries(contact, persons?.into_iter().map(|person| &**person));
                Some(CustomerRows { customer, active, entries })
            }),
            holders: contact.roles.iter().map(|(holder, _)| *holder).collect(),
        }
    }
}

/// Everything of a contact that [`Description`] and [`search::entries`] look at.
fn fingerprint(contact: &Contact) -> i64 {
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
    held.map(|account| iban_key(&account.iban).0.cast_signed()).collect()
}

// ---- writing

/// Writes what contacts and customers are found by.
pub(crate) struct SearchRows<'tx> {
    tx: &'tx Transaction<'tx>,
    /// Nothing needs to be taken away from a file that holds nothing.
    first: bool,
    insert: CachedStatement<'tx>,
    delete: CachedStatement<'tx>,
    insert_key: CachedStatement<'tx>,
    delete_keys: CachedStatement<'tx>,
    insert_iban: CachedStatement<'tx>,
    set_active: CachedStatement<'tx>,
    /// Contacts whose customer's rows are to be written, and those whose are.
    due: HashSet<ContactId>,
    done: HashSet<ContactId>,
}

impl<'tx> SearchRows<'tx> {
    pub(crate) fn new(tx: &'tx Transaction<'_>, first: bool) -> Result<Self, ViewFault> {
        Ok(Self {
            tx,
            first,
            insert: tx.prepare_cached(
                "INSERT OR IGNORE INTO search (customer, digits, letters, house_no, surname, variant, active)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?,
            delete: tx.prepare_cached("DELETE FROM search WHERE customer = ?1")?,
            insert_key: tx
                .prepare_cached("INSERT OR IGNORE INTO duplicate (contact, key) VALUES (?1, ?2)")?,
            delete_keys: tx.prepare_cached("DELETE FROM duplicate WHERE contact = ?1")?,
            insert_iban: tx.prepare_cached("INSERT OR IGNORE INTO iban (key, contact) VALUES (?1, ?2)")?,
            set_active: tx.prepare_cached("UPDATE search SET active = ?2 WHERE customer = ?1")?,
            due: HashSet::default(),
            done: HashSet::default(),
        })
    }

    /// A contact that is new, or changed in what it is found by.
    pub(crate) fn contact(&mut self, id: ContactId, found_by: &FoundBy) -> Result<(), ViewFault> {
        if !self.first {
            self.delete_keys.execute([signed(id.0)])?;
        }
        for key in &found_by.keys {
            self.insert_key.execute([signed(id.0), *key])?;
        }
        self.due.extend(&found_by.holders);
        if let Some(rows) = &found_by.rows {
            self.write(rows)?;
            self.done.insert(id);
        } else if found_by.customer.is_some() {
            self.due.insert(id);
        }
        Ok(())
    }

    /// The IBANs of a customer, by which its contact is found.
    pub(crate) fn ibans(&mut self, contact: ContactId, keys: &[i64]) -> Result<(), ViewFault> {
        for key in keys {
            self.insert_iban.execute([*key, signed(contact.0)])?;
        }
        Ok(())
    }

    /// A customer that was signed off or taken back.
    pub(crate) fn active(&mut self, customer: CustomerId, active: bool) -> Result<(), ViewFault> {
        self.set_active.execute(params![signed(customer.0), active])?;
        Ok(())
    }

    fn write(&mut self, rows: &CustomerRows) -> Result<(), ViewFault> {
        let customer = signed(rows.customer.0);
        if !self.first {
            self.delete.execute([customer])?;
        }
        for entry in &rows.entries {
            self.insert.execute(params![
                customer,
                entry.digits,
                entry.letters,
                entry.house_no.unwrap_or(0),
                entry.surname,
                entry.variant,
                rows.active
            ])?;
        }
        Ok(())
    }

    /// Writes the rows for which other entities had to be written first.
    pub(crate) fn finish(mut self, contacts: &States<ContactId, Contact>) -> Result<(), ViewFault> {
        let mut due: Vec<_> = self.due.difference(&self.done).copied().collect();
        due.sort_unstable();
        for id in due {
            let Some(contact) = state(self.tx, contacts, id)? else { continue };
            let Some(customer) = contact.customer else { continue };
            let mut persons = Vec::new();
            for line in contact.contractants() {
                persons.extend(state(self.tx, contacts, line.person)?);
            }
            let entries = search::entries(&contact, persons.iter().map(|person| &**person));
            let active = self
                .tx
                .prepare_cached("SELECT active FROM customer WHERE id = ?1")?
                .query_row([signed(customer.0)], |row| row.get(0))
                .optional()?;
            self.write(&CustomerRows { customer, active: active.unwrap_or(true), entries })?;
        }
        Ok(())
    }
}

/// A contact as it is after the batch.
fn state(
    tx: &Transaction<'_>,
    contacts: &States<ContactId, Contact>,
    id: ContactId,
) -> Result<Option<Arc<Contact>>, ViewFault> {
    if let Some(known) = contacts.get(&id) {
        return Ok(Some(Arc::clone(known)));
    }
    Ok(reader::contact(tx, id)?.map(|found| Arc::new(found.state)))
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
        write!(f, "{kind}:{}:{}:{}", self.digits, self.customer, self.surname)
    }
}

/// The text is not a place in a list of hits.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct NotAPlace;

impl FromStr for Place {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let mut parts = text.splitn(4, ':');
        let mut next = || parts.next().ok_or(NotAPlace);
        let kind = match next()? {
            "e" => MatchKind::Exact,
            "s" => MatchKind::Substring,
            "f" => MatchKind::Fuzzy,
            _ => return Err(NotAPlace),
        };
        let digits = next()?.parse().map_err(|_| NotAPlace)?;
        let customer = next()?.parse().map_err(|_| NotAPlace)?;
        Ok(Self { kind, digits, customer, surname: next()?.to_owned() })
    }
}

/// Which customers a search may show.
#[derive(Copy, Clone, Debug)]
pub struct Shown {
    /// Also those that were signed off (N1-04).
    pub include_inactive: bool,
    /// Only those in one of these statuses (A2-52).
    pub seen: Statuses,
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
    let begun = after.map_or(MatchKind::Exact, |place| place.kind);
    let mut hits = Vec::new();
    for kind in kinds.iter().copied().filter(|kind| *kind >= begun) {
        let after = after.filter(|place| place.kind == kind);
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
        ("search_place", "digits, surname, customer")
    } else {
        ("search_surname", "surname, customer")
    };
    let active = !shown.include_inactive;
    let seen = shown.seen.bits();
    let mut select = Select {
        sql: format!(
            "SELECT digits, surname, variant, letters, house_no, customer FROM search INDEXED BY {index}
             WHERE active >= :active"
        ),
        values: vec![(":active", &active)],
    };
    let digits = wanted.postcode.as_ref().map(|part| (*part.digits.start(), *part.digits.end()));
    if let Some((from, to)) = &digits {
        select.and("digits BETWEEN :from AND :to", &[(":from", from), (":to", to)]);
    }
    match kind {
        MatchKind::Exact if wanted.surname.is_empty() => {}
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
        let customer = CustomerId(u64::try_from(row.get::<_, i64>(5)?).unwrap_or(0));
        let entry = entry(row)?;
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
    let mut query = c.prepare_cached(
        "SELECT digits, surname, variant, letters, house_no FROM search WHERE customer = ?1 AND active >= ?2",
    )?;
    let mut rows = query.query(params![signed(customer.0), !shown.include_inactive])?;
    let mut best: Option<Place> = None;
    while let Some(row) = rows.next()? {
        let entry = entry(row)?;
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
