//! Reading what older versions wrote.
//!
//! A payload that changes shape keeps its tag and gets the next version. Its old struct moves here, with the step to the
//! next version; the chain ends in today's type. Nothing on disk is ever rewritten.

use crate::codec::CodecFault;
use crate::event::Event;

/// Reads an event of an older version; `None` when (tag, version) is not an old one.
pub(crate) fn read(tag: u16, version: u8, bytes: &[u8]) -> Option<Result<Event, CodecFault>> {
    match (tag, version) {
        _ if bytes.is_empty() => None,
        _ => None,
    }
}
