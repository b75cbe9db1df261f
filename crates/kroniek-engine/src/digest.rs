//! The keyed digest of a command's content: it tells a repeated command from another one with the same id, and tells
//! nobody who lacks the key anything about the content.

use crate::fault::EngineFault;
use hmac::{Hmac, Mac};
use kroniek_domain::{Command, codec};
use sha2::Sha256;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// The secret of one data directory.
#[derive(Clone)]
pub(crate) struct DigestKey([u8; 32]);

impl DigestKey {
    /// Reads the key of a data directory, or makes one.
    pub(crate) fn open_or_create(path: &Path) -> Result<Self, EngineFault> {
        let io = |source| EngineFault::Io { path: path.to_owned(), source };
        match fs::read(path) {
            Ok(bytes) => bytes.try_into().map(Self).map_err(|_| {
                io(std::io::Error::other("the digest key has a wrong length; restore it from a backup"))
            }),
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0; 32];
                getrandom::fill(&mut key).map_err(|e| io(std::io::Error::other(e.to_string())))?;
                // Under another name first: a key that is half there would never be read again.
                let temporary = path.with_extension("new");
                let mut options = fs::OpenOptions::new();
                options.write(true).create(true).truncate(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(&temporary).map_err(io)?;
                file.write_all(&key).and_then(|()| file.sync_all()).map_err(io)?;
                fs::rename(&temporary, path).map_err(io)?;
                let dir = path.parent().unwrap_or(path);
                fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(io)?;
                Ok(Self(key))
            }
            Err(fault) => Err(io(fault)),
        }
    }

    /// The digest of what a command asks for and why.
    pub(crate) fn of(&self, command: &Command, reason: Option<&String>) -> Option<[u8; 32]> {
        let content = codec::encode(&(command, reason)).ok()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(&content);
        Some(mac.finalize().into_bytes().into())
    }
}
