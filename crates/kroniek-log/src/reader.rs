//! Reading commits back, one after the other or one alone.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::fault::{BadPosition, Damage, ReadFault};
use crate::format::{self, Header};
use crate::log::Shared;
use crate::sled_store::{Found, SledStore};
use crate::{Position, StoredCommit};

/// How many values are fetched at a time. Small values are many to a fetch, large ones at most about 1 MB; they are
/// shared with sled's cache.
const FETCHED: usize = 16;

/// Commits in order, up to the head at the time when reading began. It holds at most 16 values of 60 KiB, and one
/// large commit, in memory; what sled caches underneath comes on top.
pub struct Reader {
    shared: Arc<Shared>,
    /// Values that follow `current`.
    fetched: VecDeque<Found>,
    /// The key after the last value that was fetched; `None` before the first.
    fetch_from: Option<(Position, u32)>,
    current: Option<(Found, Header)>,
    next: Position,
    end: Position,
}

impl Reader {
    pub(crate) fn new(shared: Arc<Shared>, from: Position) -> Self {
        let end = shared.head().position;
        Self { shared, fetched: VecDeque::new(), fetch_from: None, current: None, next: from.max(1), end }
    }

    fn commit(&mut self, position: Position) -> Result<StoredCommit, Damage> {
        let (found, header) = match self.current.take() {
            Some((found, header)) if position <= header.last() => (found, header),
            _ => holding(self.next_value(position)?, position)?,
        };
        let commit = if header.parts() == 1 {
            format::decode_whole(&found.bytes, &header, position)
        } else {
            format::decode_parts(&found.bytes, &header, |part| {
                let value = self.next_value(position)?;
                Ok(value
                    .filter(|found| (found.first, found.part) == (position, part))
                    .map(|found| found.bytes))
            })
        };
        self.current = Some((found, header));
        commit
    }

    /// The next value in order; the first one is the one that holds `position`.
    fn next_value(&mut self, position: Position) -> Result<Option<Found>, Damage> {
        if self.fetched.is_empty() {
            let store = &self.shared.store;
            let (first, part) = match self.fetch_from {
                Some(key) => key,
                None => (store.at_or_before(position)?.ok_or(Damage::Missing)?.first, 0),
            };
            store.fetch(first, part, FETCHED, &mut self.fetched)?;
            self.fetch_from = self.fetched.back().map(|last| (last.first, last.part.saturating_add(1)));
        }
        Ok(self.fetched.pop_front())
    }
}

impl Iterator for Reader {
    type Item = Result<StoredCommit, ReadFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next > self.end {
            return None;
        }
        let position = self.next;
        match self.commit(position) {
            Ok(commit) => {
                self.next += 1;
                Some(Ok(commit))
            }
            Err(why) => {
                self.end = 0;
                Some(Err(BadPosition { position, why }.into()))
            }
        }
    }
}

/// One commit of the store, whatever the head is.
pub(crate) fn read_one(store: &SledStore, position: Position) -> Result<StoredCommit, Damage> {
    let (found, header) = holding(store.at_or_before(position)?, position)?;
    if header.parts() == 1 {
        return format::decode_whole(&found.bytes, &header, position);
    }
    format::decode_parts(&found.bytes, &header, |part| store.get(position, part))
}

/// Checks that the value is one that `position` begins in.
fn holding(found: Option<Found>, position: Position) -> Result<(Found, Header), Damage> {
    let found = found.ok_or(Damage::Missing)?;
    if found.first > position || found.part != 0 {
        return Err(Damage::Missing);
    }
    let header = Header::parse(&found.bytes, found.first, found.part)?;
    if header.last() < position { Err(Damage::Missing) } else { Ok((found, header)) }
}
