//! A reference file on disk, plain or compressed with zstd, read once from front to back.
//!
//! The hash is over the bytes as they lie on disk, compressed or not: it is what the log names the file by,
//! and what anyone can check with `sha256sum`.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use sha2::{Digest, Sha256};

use super::ReferenceFault;

/// Large enough that hashing and reading go in long strokes.
const BUFFER_BYTES: usize = 128 * 1024;

/// How far reading has come, in bytes as they lie on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub read: u64,
    /// The length of the file when it was opened.
    pub total: u64,
}

/// A reference file that is being read: a [`Read`] of its text.
///
/// Hand it out as `&mut source` and call [`finish`](Source::finish) afterwards for the hash.
pub struct Source<P> {
    stream: Stream<P>,
}

enum Stream<P> {
    Plain(BufReader<Hashed<P>>),
    Zstd(zstd::Decoder<'static, BufReader<Hashed<P>>>),
}

impl<P: FnMut(Progress)> Source<P> {
    /// Opens a file. What it is, its first bytes say; its name is not asked. `progress` is called after every
    /// stroke of reading (128 KiB) and once more at the end.
    pub fn open(path: &Path, progress: P) -> Result<Self, ReferenceFault> {
        let open = |source| ReferenceFault::Open { path: path.to_owned(), source };
        let file = File::open(path).map_err(open)?;
        let metadata = file.metadata().map_err(open)?;
        if !metadata.is_file() {
            return Err(open(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file")));
        }
        let hashed = Hashed { file, hash: Sha256::new(), read: 0, total: metadata.len(), progress };
        let mut raw = BufReader::with_capacity(BUFFER_BYTES, hashed);
        let stream = if is_zstd(raw.fill_buf()?) {
            // A frame that asks for more than 128 MiB of window is refused by the decoder's own limit.
            Stream::Zstd(zstd::Decoder::with_buffer(raw)?)
        } else {
            Stream::Plain(raw)
        };
        Ok(Self { stream })
    }

    /// Reads what is left of the file and gives the SHA-256 of all of it.
    pub fn finish(self) -> Result<[u8; 32], ReferenceFault> {
        let raw = match self.stream {
            Stream::Plain(raw) => raw,
            Stream::Zstd(decoder) => decoder.finish(),
        };
        // What lies in the buffer was hashed when it was read, whether anyone used it or not.
        let mut hashed = raw.into_inner();
        io::copy(&mut hashed, &mut io::sink())?;
        Ok(hashed.hash.finalize().into())
    }
}

impl<P: FnMut(Progress)> Read for Source<P> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Plain(raw) => raw.read(buf),
            Stream::Zstd(decoder) => decoder.read(buf),
        }
    }
}

/// The SHA-256 of a file's bytes, in bounded memory.
pub fn sha256_of(path: &Path) -> Result<[u8; 32], ReferenceFault> {
    let mut file =
        File::open(path).map_err(|source| ReferenceFault::Open { path: path.to_owned(), source })?;
    let mut hash = Sha256::new();
    io::copy(&mut file, &mut hash)?;
    Ok(hash.finalize().into())
}

/// A zstd frame, or one of the skippable frames that parallel compressors put first.
fn is_zstd(start: &[u8]) -> bool {
    matches!(start, [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..])
}

/// Hashes what is read from the disk, before anything is made of it.
struct Hashed<P> {
    file: File,
    hash: Sha256,
    read: u64,
    total: u64,
    progress: P,
}

impl<P: FnMut(Progress)> Read for Hashed<P> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buf)?;
        self.hash.update(buf.get(..n).unwrap_or_default());
        self.read += n as u64;
        (self.progress)(Progress { read: self.read, total: self.total });
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(path: &Path) -> (Result<Vec<u8>, io::Error>, Vec<Progress>, [u8; 32]) {
        let mut seen = Vec::new();
        let mut source = Source::open(path, |progress| seen.push(progress)).unwrap();
        let mut text = Vec::new();
        let read = source.read_to_end(&mut text).map(|_| text);
        let hash = source.finish().unwrap();
        (read, seen, hash)
    }

    #[test]
    fn a_file_is_known_by_its_bytes_and_hashed_as_it_lies_on_disk() {
        let dir = tempfile::tempdir().unwrap();
        let text = b"list;code;name\n".repeat(40_000);
        let packed = zstd::encode_all(&text[..], 3).unwrap();
        let skippable = [&[0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 9, 9][..], &packed].concat();
        let two_frames = [&packed[..], &zstd::encode_all(&b"more\n"[..], 3).unwrap()].concat();
        let longer = [&text[..], b"more\n"].concat();
        // The names lie on purpose.
        for (name, bytes, expected) in [
            ("plain.zst", &text, &text),
            ("packed.csv", &packed, &text),
            ("skippable", &skippable, &text),
            ("two", &two_frames, &longer),
        ] {
            let path = dir.path().join(name);
            fs::write(&path, bytes).unwrap();
            let (read, seen, hash) = read(&path);
            assert_eq!(&read.unwrap(), expected, "{name}");
            assert_eq!(hash, <[u8; 32]>::from(Sha256::digest(bytes)), "{name}");
            assert_eq!(hash, sha256_of(&path).unwrap(), "{name}");
            let total = bytes.len() as u64;
            assert_eq!(seen.last(), Some(&Progress { read: total, total }), "{name}");
            assert!(seen.is_sorted_by_key(|progress| progress.read), "{name}");
        }
    }

    #[test]
    fn a_truncated_download_is_a_fault_and_never_a_short_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("half.zst");
        let text: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        let packed = zstd::encode_all(&text[..], 3).unwrap();
        fs::write(&path, &packed[..packed.len() / 2]).unwrap();
        assert!(read(&path).0.is_err());
        // Even when only the last byte is missing.
        fs::write(&path, &packed[..packed.len() - 1]).unwrap();
        assert!(read(&path).0.is_err());
    }

    #[test]
    fn the_hash_covers_what_nobody_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, vec![7; 3 * BUFFER_BYTES + 5]).unwrap();
        let source = Source::open(&path, |_| ()).unwrap();
        assert_eq!(source.finish().unwrap(), sha256_of(&path).unwrap());
    }

    #[test]
    fn what_is_no_file_is_a_fault_that_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let missing = dir.path().join("nowhere.csv");
        for path in [dir.path(), &missing] {
            let fault = Source::open(path, |_| ()).map(|_| ()).unwrap_err();
            assert!(fault.to_string().contains(&path.display().to_string()), "{fault}");
        }
    }
}
