//! The bytes of a commit, its hash and its checksum, and how commits are packed into values of bounded size.
//!
//! None of this depends on the engine that stores the values. All numbers are big endian.
//!
//! A **commit** is `position u64 | time_us i64 | prev_hash [32] | body`. Its hash is SHA-256 over exactly these bytes.
//!
//! A **value** is kept under the key `(first position u64, part u32)` and begins with a header of 40 bytes:
//! `kind u8 | 0 [3] | count u32 | part u32 | first u64 | group_first u64 | group_last u64 | crc32 u32`, where the CRC is
//! over the 36 bytes before it. The group is what was appended, and synced, in one go.
//!
//! - Kind 1 holds `count` whole commits: `count` entries, then the commits.
//! - Kind 2 is one of the `count` parts of a single commit that is larger than a value; part 0 has the entry.
//!
//! An **entry** is `offset u32 | length u32 | hash [32] | crc32 u32`: where the commit's bytes begin in the value (0 for
//! a commit in parts), how many there are, their hash, and a CRC over these 40 bytes and the commit's.

use sha2::{Digest as _, Sha256};

use crate::fault::{AppendFault, Damage};
use crate::{Head, NewCommit, Position, StoredCommit};

/// The format that this version writes, and the newest that it reads.
pub(crate) const FORMAT: u32 = 1;

/// The largest value, in bytes. The engine keeps values of this size in its one file, where they are synced.
pub(crate) const VALUE_LIMIT: usize = 60 * 1024;

/// The largest body of a commit that any version may write; what claims to be larger is damage.
pub(crate) const BODY_LIMIT: usize = 64 * 1024 * 1024;

const HEADER: usize = 40;
const ENTRY: usize = 44;
const FIXED: usize = 48;
const FIRST_CHUNK: usize = VALUE_LIMIT - HEADER - ENTRY;
const NEXT_CHUNK: usize = VALUE_LIMIT - HEADER;

const WHOLE: u8 = 1;
const PART: u8 = 2;

/// A value to be stored under `(first, part)`.
#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) first: Position,
    pub(crate) part: u32,
    pub(crate) bytes: Vec<u8>,
}

/// The checked header of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    spans: bool,
    count: u32,
    part: u32,
    pub(crate) first: Position,
    pub(crate) group_first: Position,
    pub(crate) group_last: Position,
}

/// The key of a value: sorts by position, then by part.
pub(crate) fn key(first: Position, part: u32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&first.to_be_bytes());
    key[8..].copy_from_slice(&part.to_be_bytes());
    key
}

/// Takes a key apart again; `None` when it is not one of ours.
pub(crate) fn parse_key(key: &[u8]) -> Option<(Position, u32)> {
    let (first, part) = key.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*first), u32::from_be_bytes(part.try_into().ok()?)))
}

/// SHA-256 over the stored form of a commit.
pub(crate) fn hash(commit: &StoredCommit) -> [u8; 32] {
    Sha256::new()
        .chain_update(commit.position.to_be_bytes())
        .chain_update(commit.time_us.to_be_bytes())
        .chain_update(commit.prev_hash)
        .chain_update(&commit.body)
        .finalize()
        .into()
}

/// Packs a group that follows `head` into values; returns them with the head that they make.
pub(crate) fn encode_group(
    head: Head,
    commits: &[NewCommit<'_>],
    max_commit_bytes: usize,
    max_group_bytes: usize,
) -> Result<(Vec<Value>, Head), AppendFault> {
    let mut previous_us = head.time_us;
    let mut total = 0;
    for (commit, position) in commits.iter().zip(head.position + 1..) {
        if commit.body.len() > max_commit_bytes {
            return Err(AppendFault::TooLarge { bytes: commit.body.len(), limit: max_commit_bytes });
        }
        if commit.time_us <= previous_us {
            return Err(AppendFault::TimeNotIncreasing { position, time_us: commit.time_us, previous_us });
        }
        previous_us = commit.time_us;
        total += ENTRY + FIXED + commit.body.len();
    }
    // A single commit is always allowed up to its own limit, whatever the group's.
    if total > max_group_bytes && commits.len() > 1 {
        return Err(AppendFault::TooLarge { bytes: total, limit: max_group_bytes });
    }

    let group = (head.position + 1, head.position + commits.len() as u64);
    let mut values = Vec::with_capacity(total / VALUE_LIMIT + 2);
    let mut head = head;
    let mut rest = commits;
    while !rest.is_empty() {
        let mut size = HEADER;
        let fit = rest
            .iter()
            .take_while(|commit| {
                size += ENTRY + FIXED + commit.body.len();
                size <= VALUE_LIMIT
            })
            .count();
        if fit == 0 {
            encode_parts(&mut head, rest[0], group, &mut values);
            rest = &rest[1..];
        } else {
            let (now, later) = rest.split_at(fit);
            values.push(encode_whole(&mut head, now, group));
            rest = later;
        }
    }
    Ok((values, head))
}

fn encode_whole(head: &mut Head, commits: &[NewCommit<'_>], group: (Position, Position)) -> Value {
    let first = head.position + 1;
    let start = HEADER + commits.len() * ENTRY;
    let size = start + commits.iter().map(|commit| FIXED + commit.body.len()).sum::<usize>();
    let mut bytes = Vec::with_capacity(size);
    put_header(&mut bytes, WHOLE, fits_u32(commits.len()), 0, first, group);
    bytes.resize(start, 0);
    for (index, commit) in commits.iter().enumerate() {
        let offset = bytes.len();
        put_commit(&mut bytes, head, *commit);
        let entry = entry(offset, &bytes[offset..], head.hash);
        bytes[HEADER + index * ENTRY..][..ENTRY].copy_from_slice(&entry);
    }
    Value { first, part: 0, bytes }
}

fn encode_parts(
    head: &mut Head,
    commit: NewCommit<'_>,
    group: (Position, Position),
    values: &mut Vec<Value>,
) {
    let first = head.position + 1;
    let mut stored = Vec::with_capacity(FIXED + commit.body.len());
    put_commit(&mut stored, head, commit);
    let entry = entry(0, &stored, head.hash);
    let parts = parts_of(stored.len());
    let (start, rest) = stored.split_at(FIRST_CHUNK.min(stored.len()));
    let chunks = std::iter::once(start).chain(rest.chunks(NEXT_CHUNK));
    for (chunk, part) in chunks.zip(0..) {
        let mut bytes = Vec::with_capacity(HEADER + ENTRY + chunk.len());
        put_header(&mut bytes, PART, parts, part, first, group);
        if part == 0 {
            bytes.extend_from_slice(&entry);
        }
        bytes.extend_from_slice(chunk);
        values.push(Value { first, part, bytes });
    }
}

/// How many parts a commit of so many stored bytes has.
fn parts_of(length: usize) -> u32 {
    fits_u32(1 + length.saturating_sub(FIRST_CHUNK).div_ceil(NEXT_CHUNK))
}

fn fits_u32(number: usize) -> u32 {
    #[expect(
        clippy::expect_used,
        reason = "callers pass lengths and counts that the format's limits keep far below 4 GiB"
    )]
    u32::try_from(number).expect("bounded by the limits of the format")
}

/// Writes the commit that follows `head`, and moves `head` on to it.
fn put_commit(bytes: &mut Vec<u8>, head: &mut Head, commit: NewCommit<'_>) {
    let offset = bytes.len();
    let position = head.position + 1;
    bytes.extend_from_slice(&position.to_be_bytes());
    bytes.extend_from_slice(&commit.time_us.to_be_bytes());
    bytes.extend_from_slice(&head.hash);
    bytes.extend_from_slice(commit.body);
    *head = Head { position, hash: Sha256::digest(&bytes[offset..]).into(), time_us: commit.time_us };
}

fn put_header(
    bytes: &mut Vec<u8>,
    kind: u8,
    count: u32,
    part: u32,
    first: Position,
    group: (Position, Position),
) {
    bytes.extend_from_slice(&[kind, 0, 0, 0]);
    bytes.extend_from_slice(&count.to_be_bytes());
    bytes.extend_from_slice(&part.to_be_bytes());
    bytes.extend_from_slice(&first.to_be_bytes());
    bytes.extend_from_slice(&group.0.to_be_bytes());
    bytes.extend_from_slice(&group.1.to_be_bytes());
    let crc = crc32fast::hash(bytes);
    bytes.extend_from_slice(&crc.to_be_bytes());
}

fn entry(offset: usize, stored: &[u8], hash: [u8; 32]) -> [u8; ENTRY] {
    let mut entry = [0; ENTRY];
    entry[..4].copy_from_slice(&fits_u32(offset).to_be_bytes());
    entry[4..8].copy_from_slice(&fits_u32(stored.len()).to_be_bytes());
    entry[8..40].copy_from_slice(&hash);
    let crc = checksum(&entry, stored);
    entry[40..].copy_from_slice(&crc.to_be_bytes());
    entry
}

fn checksum(entry: &[u8; ENTRY], stored: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&entry[..40]);
    crc.update(stored);
    crc.finalize()
}

fn number_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn number_u64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

impl Header {
    /// Reads and checks the header of the value that was found under `(first, part)`.
    pub(crate) fn parse(bytes: &[u8], first: Position, part: u32) -> Result<Self, Damage> {
        let crc = number_u32(bytes, 36).ok_or(Damage::Header)?;
        if bytes.len() > VALUE_LIMIT || crc32fast::hash(&bytes[..36]) != crc {
            return Err(Damage::Header);
        }
        let read = || {
            Some(Self {
                spans: match bytes[0] {
                    WHOLE => false,
                    PART => true,
                    _ => return None,
                },
                count: number_u32(bytes, 4)?,
                part: number_u32(bytes, 8)?,
                first: number_u64(bytes, 12)?,
                group_first: number_u64(bytes, 20)?,
                group_last: number_u64(bytes, 28)?,
            })
        };
        let header = read().ok_or(Damage::Header)?;
        let consistent = header.first == first
            && header.part == part
            && header.count > 0
            && header.first >= 1
            && header.group_first >= 1
            && header.group_first <= header.first
            && header
                .first
                .checked_add(u64::from(header.commits()) - 1)
                .is_some_and(|last| last <= header.group_last);
        if consistent { Ok(header) } else { Err(Damage::Header) }
    }

    /// How many commits begin in this value.
    fn commits(&self) -> u32 {
        if self.spans { 1 } else { self.count }
    }

    /// The last position that this value, with its parts, holds.
    pub(crate) fn last(&self) -> Position {
        self.first + u64::from(self.commits()) - 1
    }

    /// How many parts make up the commit; 1 when the value holds whole commits.
    pub(crate) fn parts(&self) -> u32 {
        if self.spans { self.count } else { 1 }
    }
}

/// Reads one of the whole commits in a value, without looking at its neighbours.
pub(crate) fn decode_whole(
    bytes: &[u8],
    header: &Header,
    position: Position,
) -> Result<StoredCommit, Damage> {
    if header.spans || position < header.first || position > header.last() {
        return Err(Damage::Missing);
    }
    let index = usize::try_from(position - header.first).map_err(|_| Damage::Length)?;
    let entry = entry_at(bytes, HEADER + index * ENTRY)?;
    let stored = entry.offset.checked_add(entry.length).and_then(|end| bytes.get(entry.offset..end));
    decode_stored(stored.ok_or(Damage::Length)?, &entry, position)
}

/// Puts a commit together from its first value and the further ones, which `next` looks up by part.
pub(crate) fn decode_parts<B: AsRef<[u8]>>(
    bytes: &[u8],
    header: &Header,
    mut next: impl FnMut(u32) -> Result<Option<B>, Damage>,
) -> Result<StoredCommit, Damage> {
    let entry = entry_at(bytes, HEADER)?;
    // Checked before anything is allocated: a damaged length must not ask for gigabytes.
    if entry.length > BODY_LIMIT + FIXED || parts_of(entry.length) != header.count {
        return Err(Damage::Length);
    }
    let mut stored = Vec::with_capacity(entry.length);
    stored.extend_from_slice(&bytes[HEADER + ENTRY..]);
    for part in 1..header.count {
        let value = next(part)?.ok_or(Damage::MissingPart { part, parts: header.count })?;
        let value = value.as_ref();
        let further = Header::parse(value, header.first, part)?;
        if !further.spans || further.count != header.count {
            return Err(Damage::Header);
        }
        stored.extend_from_slice(&value[HEADER..]);
    }
    if stored.len() != entry.length {
        return Err(Damage::Length);
    }
    decode_stored(&stored, &entry, header.first)
}

struct Entry<'a> {
    bytes: &'a [u8; ENTRY],
    offset: usize,
    length: usize,
}

fn entry_at(bytes: &[u8], at: usize) -> Result<Entry<'_>, Damage> {
    let entry: &[u8; ENTRY] = bytes.get(at..).and_then(<[u8]>::first_chunk).ok_or(Damage::Length)?;
    let number =
        |at| number_u32(entry, at).and_then(|number| usize::try_from(number).ok()).ok_or(Damage::Length);
    Ok(Entry { bytes: entry, offset: number(0)?, length: number(4)? })
}

fn decode_stored(stored: &[u8], entry: &Entry<'_>, position: Position) -> Result<StoredCommit, Damage> {
    if number_u32(entry.bytes, 40) != Some(checksum(entry.bytes, stored)) {
        return Err(Damage::Checksum);
    }
    let (fixed, body) = stored.split_first_chunk::<FIXED>().ok_or(Damage::Length)?;
    let found = number_u64(fixed, 0).ok_or(Damage::Length)?;
    if found != position {
        return Err(Damage::WrongPosition { found });
    }
    let time_us = number_u64(fixed, 8).ok_or(Damage::Length)?.cast_signed();
    let mut prev_hash = [0; 32];
    prev_hash.copy_from_slice(&fixed[16..]);
    let mut hash = [0; 32];
    hash.copy_from_slice(&entry.bytes[8..40]);
    Ok(StoredCommit { position, time_us, prev_hash, hash, body: body.to_vec() })
}
