//! What a commit carries besides position, time and hash, and how it stands in the log's body.
//!
//! Byte 0 is the version of the envelope, byte 1 the codec of envelope and payloads; the rest is the encoded
//! [`Stored`]. Events keep tag and version each, so that any of them can change without touching the others.

use crate::fault::EngineFault;
use chrono::{DateTime, Utc};
use kroniek_domain::codec::{self, CODEC, CodecFault};
use kroniek_domain::{At, ContactId, Event, Personal, Position, Recorded, Warning};
use kroniek_log::StoredCommit;
use kroniek_views::Committed;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use uuid::Uuid;

/// The version of the envelope that is written.
const ENVELOPE: u8 = 1;

/// Who did what and why: the part of a commit that is not its events.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Envelope {
    /// Name of the command.
    pub command: String,
    /// Id of the command, when the caller gave one.
    pub command_id: Option<Uuid>,
    /// Keyed digest of the command's content.
    pub digest: [u8; 32],
    /// Name of the actor.
    pub actor: String,
    /// Why, in the actor's words; personal, because people write names into it.
    pub reason: Option<Personal<String>>,
    /// What the caller says it belongs to.
    pub correlation: Option<String>,
    /// What the caller says it follows from.
    pub causation: Option<String>,
    /// The warnings that the first answer carried, for a repeated command.
    pub warnings: Vec<Warning>,
}

#[derive(Serialize, Deserialize)]
struct StoredWarning<'a> {
    code: &'a str,
    #[serde(borrow)]
    message: Personal<&'a str>,
    #[serde(borrow)]
    entity: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct StoredEvent<'a> {
    tag: u16,
    version: u8,
    cause: Option<u32>,
    #[serde(borrow)]
    payload: Payload<'a>,
}

/// Bytes as bytes: serde would take them for a sequence of numbers.
struct Payload<'a>(Cow<'a, [u8]>);

impl Serialize for Payload<'_> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(&self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Payload<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        <&'a [u8]>::deserialize(d).map(|bytes| Payload(bytes.into()))
    }
}

/// Borrowed throughout: a rebuild reads millions of these and wants no more than the events.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    command: &'a str,
    command_id: Option<[u8; 16]>,
    digest: [u8; 32],
    actor: &'a str,
    #[serde(borrow)]
    reason: Option<Personal<&'a str>>,
    correlation: Option<&'a str>,
    causation: Option<&'a str>,
    #[serde(borrow)]
    warnings: Vec<StoredWarning<'a>>,
    #[serde(borrow)]
    events: Vec<StoredEvent<'a>>,
}

/// A commit as read from the log, decoded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commit {
    /// Position and time.
    pub at: At,
    /// Hash of the commit.
    pub hash: [u8; 32],
    /// Hash of the commit before it.
    pub prev_hash: [u8; 32],
    /// Who did what and why.
    pub envelope: Envelope,
    /// What happened.
    pub events: Vec<Recorded>,
}

impl Commit {
    /// Decodes a stored commit.
    ///
    /// # Errors
    /// The body does not decode: written by a newer program, or damaged; the fault names the position.
    pub fn read(stored: &StoredCommit) -> Result<Self, EngineFault> {
        let read = || {
            let (codec_id, body) = open(&stored.body)?;
            let events = read_events(codec_id, &body.events)?;
            Ok(Self {
                at: at(stored),
                hash: stored.hash,
                prev_hash: stored.prev_hash,
                envelope: body.into_envelope(),
                events,
            })
        };
        read().map_err(|fault| undecodable(stored, &fault))
    }

    /// The time as a calendar time.
    pub fn time(&self) -> DateTime<Utc> {
        crate::clock::time_of(self.at.time_us)
    }
}

/// The part of a stored commit that the projector needs.
pub(crate) fn committed(stored: &StoredCommit) -> Result<Committed, EngineFault> {
    let read = || {
        let (codec_id, body) = open(&stored.body)?;
        let events = read_events(codec_id, &body.events)?;
        Ok(Committed { at: at(stored), hash: stored.hash, command_id: body.command_id, events })
    };
    read().map_err(|fault| undecodable(stored, &fault))
}

fn at(stored: &StoredCommit) -> At {
    At { position: Position(stored.position), time_us: stored.time_us }
}

fn undecodable(stored: &StoredCommit, fault: &CodecFault) -> EngineFault {
    EngineFault::Undecodable { position: stored.position, why: fault.to_string() }
}

fn borrowed(text: &Personal<String>) -> Personal<&str> {
    Personal { subject: text.subject, value: text.value.as_deref() }
}

fn owned(text: &Personal<&str>) -> Personal<String> {
    Personal { subject: text.subject, value: text.value.map(str::to_owned) }
}

/// The bytes of a commit's body. `subject` is whose data the texts of reason and warnings count as.
pub(crate) fn encode(
    envelope: &Envelope,
    events: &[Recorded],
    subject: ContactId,
) -> Result<Vec<u8>, CodecFault> {
    let mut stored = Vec::with_capacity(events.len());
    for recorded in events {
        let kind = recorded.event.stored();
        let payload = Payload(recorded.event.payload()?.into());
        stored.push(StoredEvent { tag: kind.tag, version: kind.version, cause: recorded.cause, payload });
    }
    let warnings = envelope.warnings.iter().map(|warning| StoredWarning {
        code: &warning.code,
        message: Personal::new(subject, warning.message.as_str()),
        entity: warning.entity.as_ref().map(|entity| entity.to_string().into()),
    });
    let encoded = codec::encode(&Stored {
        command: &envelope.command,
        command_id: envelope.command_id.map(Uuid::into_bytes),
        digest: envelope.digest,
        actor: &envelope.actor,
        reason: envelope.reason.as_ref().map(borrowed),
        correlation: envelope.correlation.as_deref(),
        causation: envelope.causation.as_deref(),
        warnings: warnings.collect(),
        events: stored,
    })?;
    let mut body = Vec::with_capacity(encoded.len() + 2);
    body.extend_from_slice(&[ENVELOPE, CODEC]);
    body.extend_from_slice(&encoded);
    Ok(body)
}

/// The codec of a body, and the body decoded but for the payloads of its events.
fn open(body: &[u8]) -> Result<(u8, Stored<'_>), CodecFault> {
    match body {
        [ENVELOPE, codec_id, bytes @ ..] if *codec_id == CODEC => Ok((*codec_id, codec::decode(bytes)?)),
        [version, codec_id, ..] => Err(CodecFault(format!(
            "envelope {version} with codec {codec_id} is not known to this program; use a newer one"
        ))),
        _ => Err(CodecFault("the body is too short".to_owned())),
    }
}

fn read_events(codec_id: u8, stored: &[StoredEvent<'_>]) -> Result<Vec<Recorded>, CodecFault> {
    stored
        .iter()
        .map(|event| {
            let read = Event::read(codec_id, event.tag, event.version, &event.payload.0)?;
            Ok(Recorded { event: read, cause: event.cause })
        })
        .collect()
}

impl Stored<'_> {
    fn into_envelope(self) -> Envelope {
        let warnings = self.warnings.into_iter().map(|warning| Warning {
            code: warning.code.to_owned(),
            message: warning.message.value.unwrap_or_default().to_owned(),
            entity: warning.entity.and_then(|text| text.parse().ok()),
        });
        Envelope {
            command: self.command.to_owned(),
            command_id: self.command_id.map(Uuid::from_bytes),
            digest: self.digest,
            actor: self.actor.to_owned(),
            reason: self.reason.as_ref().map(owned),
            correlation: self.correlation.map(str::to_owned),
            causation: self.causation.map(str::to_owned),
            warnings: warnings.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kroniek_domain::EntityId;
    use kroniek_domain::address_table::AddressTableImported;
    use std::fmt::Write as _;

    /// One line a body: `name hex`. What stands here was written by a program that was shipped: a line is never changed, a
    /// new version of the envelope gets lines of its own.
    const GOLDEN: &str = include_str!("golden/envelope-v1.txt");

    fn recorded(cause: Option<u32>) -> Recorded {
        Recorded { event: AddressTableImported { sha256: [7; 32], rows: 300 }.into(), cause }
    }

    /// With everything that an envelope may carry, and with nothing that it may leave out.
    fn samples() -> [(&'static str, Envelope, Vec<Recorded>); 2] {
        let full = Envelope {
            command: "ImportAddresses".to_owned(),
            command_id: Some(Uuid::from_bytes([0xc1; 16])),
            digest: [0xd1; 32],
            actor: "Zoë".to_owned(),
            reason: Some(Personal::new(ContactId(7), "gevraagd".to_owned())),
            correlation: Some("case/12".to_owned()),
            causation: Some("mail-7".to_owned()),
            warnings: vec![
                Warning {
                    code: "LEASE_STILL_RUNNING".to_owned(),
                    message: "Loopt nog.".to_owned(),
                    entity: Some(EntityId::Contact(ContactId(7))),
                },
                Warning {
                    code: "EFFECTIVE_IN_PAST".to_owned(),
                    message: "Al begonnen.".to_owned(),
                    entity: None,
                },
            ],
        };
        let bare = Envelope {
            command_id: None,
            reason: None,
            correlation: None,
            causation: None,
            warnings: Vec::new(),
            ..full.clone()
        };
        [("full", full, vec![recorded(None), recorded(Some(0))]), ("bare", bare, vec![recorded(None)])]
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("text can be written");
            text
        })
    }

    fn from_hex(text: &str) -> Vec<u8> {
        let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex digits");
        (0..text.len()).step_by(2).map(byte).collect()
    }

    #[test]
    fn the_bytes_of_a_commit_are_pinned_and_are_read_for_ever() {
        let golden: Vec<_> =
            GOLDEN.lines().map(|line| line.split_once(' ').expect("name and bytes")).collect();
        let samples = samples();
        assert_eq!(golden.len(), samples.len());
        for ((name, bytes), (sample, envelope, events)) in golden.into_iter().zip(samples) {
            assert_eq!(name, sample);
            let written = encode(&envelope, &events, ContactId(7)).expect("encodes");
            assert_eq!(hex(&written), bytes, "{name}: a change of the envelope is a new version of it");
            let body = from_hex(bytes);
            let stored = StoredCommit { position: 3, time_us: 4, prev_hash: [5; 32], hash: [6; 32], body };
            let read = Commit::read(&stored).expect("decodes");
            assert_eq!((read.envelope, &read.events), (envelope.clone(), &events), "{name}");
            let for_views = committed(&stored).expect("decodes");
            assert_eq!(for_views.events, events);
            assert_eq!(for_views.command_id, envelope.command_id.map(Uuid::into_bytes));
        }
    }

    #[test]
    fn a_commit_of_a_newer_program_is_told_from_a_damaged_one() {
        let (_, bytes) = GOLDEN.lines().next().and_then(|line| line.split_once(' ')).expect("a line");
        let whole = from_hex(bytes);
        let read = |body: Vec<u8>| {
            let stored = StoredCommit { position: 3, time_us: 4, prev_hash: [5; 32], hash: [6; 32], body };
            Commit::read(&stored).expect_err("does not decode").to_string()
        };
        for at in [0, 1] {
            let mut newer = whole.clone();
            newer[at] += 1;
            assert!(read(newer).contains("newer"), "byte {at}");
        }
        for length in [0, 1, 2, whole.len() / 2, whole.len() - 1] {
            assert!(read(whole[..length].to_vec()).contains('3'), "the position is named");
        }
    }
}
