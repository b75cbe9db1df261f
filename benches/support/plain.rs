//! The comparator: the plainest file that keeps the same bytes as durably, with a length and a CRC before each record.

use std::fs::File;
use std::io::{BufReader, Read as _, Write as _};
use std::path::Path;

use super::Outcome;
use super::queue::Sink;

/// What the log stores of a commit beside its body: position, time, two hashes.
const EXTRA: usize = 80;

/// A file that groups of records are appended to.
pub(crate) struct PlainFile {
    file: File,
    buffer: Vec<u8>,
}

impl PlainFile {
    pub(crate) fn create(path: &Path) -> Outcome<Self> {
        Ok(Self { file: File::create(path)?, buffer: Vec::new() })
    }

    /// Adds a record to what the next [`PlainFile::write`] writes.
    pub(crate) fn put(&mut self, body: &[u8]) -> Outcome<()> {
        let start = self.buffer.len();
        self.buffer.extend_from_slice(&[0; 8]);
        self.buffer.extend_from_slice(&[7; EXTRA]);
        self.buffer.extend_from_slice(body);
        let crc = crc32fast::hash(&self.buffer[start + 8..]);
        let length = u32::try_from(EXTRA + body.len())?;
        self.buffer[start..start + 4].copy_from_slice(&length.to_be_bytes());
        self.buffer[start + 4..start + 8].copy_from_slice(&crc.to_be_bytes());
        Ok(())
    }

    /// Bytes that wait for [`PlainFile::write`].
    pub(crate) fn waiting(&self) -> usize {
        self.buffer.len()
    }

    pub(crate) fn write(&mut self) -> Outcome<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

impl Sink for PlainFile {
    fn store(&mut self, bodies: &[Vec<u8>]) -> Outcome<()> {
        for body in bodies {
            self.put(body)?;
        }
        self.write()?;
        self.file.sync_data()?;
        Ok(())
    }
}

/// Gives every record, checked, to `each`.
pub(crate) fn replay(path: &Path, mut each: impl FnMut(Vec<u8>) -> Outcome<()>) -> Outcome<()> {
    let file = File::open(path)?;
    let mut left = file.metadata()?.len();
    let mut file = BufReader::with_capacity(64 * 1024, file);
    let mut stored = Vec::new();
    let mut prefix = [0; 8];
    while left > 0 {
        file.read_exact(&mut prefix)?;
        let (length, crc) = prefix.split_at(4);
        stored.resize(u32::from_be_bytes(length.try_into()?) as usize, 0);
        file.read_exact(&mut stored)?;
        if crc32fast::hash(&stored) != u32::from_be_bytes(crc.try_into()?) {
            return Err("a checksum differs".into());
        }
        left = left.saturating_sub((prefix.len() + stored.len()) as u64);
        each(stored.get(EXTRA..).ok_or("a record is too short")?.to_vec())?;
    }
    Ok(())
}
