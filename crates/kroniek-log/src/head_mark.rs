//! A note beside the engine of how far the log has come, against an end that vanishes without an error.
//!
//! The file has two slots, each in a block of its own, that are written in turn, so that a torn write leaves the other
//! one. A slot is `magic [8] | position u64 | hash [32] | crc32 u32`. It is written after the group has been synced,
//! so it never claims what is not on disk; it is itself synced at intervals, so after a power cut it may lag.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::fault::OpenFault;
use crate::{Head, Position, files};

const MAGIC: [u8; 8] = *b"kronhead";
const SLOT: usize = 52;
const SPACING: usize = 4096;

/// What a slot says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) position: Position,
    pub(crate) hash: [u8; 32],
}

impl From<Head> for Mark {
    fn from(head: Head) -> Self {
        Self { position: head.position, hash: head.hash }
    }
}

/// The open mark file.
#[derive(Debug)]
pub(crate) struct HeadMark {
    file: File,
    next_slot: usize,
}

pub(crate) fn path(dir: &Path) -> PathBuf {
    dir.join("head-mark")
}

impl HeadMark {
    /// Writes and syncs a fresh mark, replacing whatever is there.
    pub(crate) fn create(dir: &Path, mark: Mark) -> Result<Self, OpenFault> {
        let path = path(dir);
        let create = || {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path)?;
            let mut head_mark = Self { file, next_slot: 0 };
            head_mark.write(mark)?;
            head_mark.write(mark)?;
            head_mark.sync()?;
            Ok(head_mark)
        };
        let head_mark = create().map_err(files::at(&path))?;
        files::sync_dir(dir)?;
        Ok(head_mark)
    }

    /// Opens the mark and reads the furthest readable slot. `Ok(Err(why))` when there is no readable mark.
    pub(crate) fn open(dir: &Path) -> Result<Result<(Self, Mark), String>, OpenFault> {
        let path = path(dir);
        let file = match OpenOptions::new().read(true).write(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Err("the head mark is missing".into()));
            }
            Err(error) => return Err(files::at(&path)(error)),
        };
        let mut bytes = Vec::with_capacity(SPACING + SLOT);
        (&file).take((SPACING + SLOT) as u64).read_to_end(&mut bytes).map_err(files::at(&path))?;
        let slots = [parse(&bytes), bytes.get(SPACING..).and_then(parse)];
        let furthest =
            (0..2).filter_map(|slot| Some((slots[slot]?, slot))).max_by_key(|(mark, _)| mark.position);
        Ok(match furthest {
            Some((mark, slot)) => Ok((Self { file, next_slot: 1 - slot }, mark)),
            None => Err("the head mark is damaged".into()),
        })
    }

    /// Writes the mark without syncing it.
    pub(crate) fn write(&mut self, mark: Mark) -> io::Result<()> {
        let mut slot = [0; SLOT];
        slot[..8].copy_from_slice(&MAGIC);
        slot[8..16].copy_from_slice(&mark.position.to_be_bytes());
        slot[16..48].copy_from_slice(&mark.hash);
        let crc = crc32fast::hash(&slot[..48]);
        slot[48..].copy_from_slice(&crc.to_be_bytes());
        self.file.seek(SeekFrom::Start((self.next_slot * SPACING) as u64))?;
        self.file.write_all(&slot)?;
        self.next_slot = 1 - self.next_slot;
        Ok(())
    }

    /// Puts what was written on disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

fn parse(bytes: &[u8]) -> Option<Mark> {
    let slot: &[u8; SLOT] = bytes.first_chunk()?;
    let crc = u32::from_be_bytes(*slot.last_chunk()?);
    if slot[..8] != MAGIC || crc32fast::hash(&slot[..48]) != crc {
        return None;
    }
    let position = u64::from_be_bytes(*slot[8..].first_chunk()?);
    Some(Mark { position, hash: *slot[16..].first_chunk()? })
}
