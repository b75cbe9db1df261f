//! The one place that knows how a payload becomes bytes.
//!
//! Codec 1 is bincode 2 (standard configuration: variable-length integers, little endian). It is not self-describing:
//! every event carries tag and version beside its bytes, and golden files pin the bytes of every version ever shipped.
//! The codec id stands in every stored event, so that a successor can be added without touching history.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The codec that new payloads are written with.
pub const CODEC: u8 = 1;

/// No payload decodes to more than this many bytes, so that a damaged length cannot ask for the machine's memory.
const DECODE_LIMIT: usize = 8 << 20;

const CONFIG: bincode::config::Configuration<
    bincode::config::LittleEndian,
    bincode::config::Varint,
    bincode::config::Limit<DECODE_LIMIT>,
> = bincode::config::standard().with_limit::<DECODE_LIMIT>();

/// Bytes that do not decode (or, which the types rule out, a value that does not encode).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodecFault(pub String);

impl fmt::Display for CodecFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CodecFault {}

/// Encodes a payload with the current codec.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CodecFault> {
    bincode::serde::encode_to_vec(value, CONFIG).map_err(|e| CodecFault(format!("does not encode: {e}")))
}

/// Decodes a payload of codec 1; every byte must belong to it.
pub fn decode<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, CodecFault> {
    let (value, used) = bincode::serde::borrow_decode_from_slice(bytes, CONFIG)
        .map_err(|e| CodecFault(format!("does not decode: {e}")))?;
    if used == bytes.len() {
        Ok(value)
    } else {
        Err(CodecFault(format!("{} bytes are left after decoding", bytes.len() - used)))
    }
}
