//! What a commit carries besides position, time and hash, and how it stands in the log's body.
//!
//! Byte 0 is the version of the envelope, byte 1 the codec of envelope and payloads; the rest is the encoded
//! [`Stored`]. Events keep tag and version each, so that any of them can change without touching the others.

use crate::fault::EngineFault;
use chrono::{DateTime, Utc};
use kroniek_domain::codec::{self, CODEC, CodecFault};
use kroniek_domain::{At, ContactId, EntityId, Event, Personal, Position, Recorded, Warning};
use kroniek_log::StoredCommit;
use kroniek_views::Committed;
use serde::{Deserialize, Serialize};
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
struct StoredWarning {
    code: String,
    message: Personal<String>,
    entity: Option<String>,
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
struct Payload<'a>(std::borrow::Cow<'a, [u8]>);

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

#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    command: String,
    command_id: Option<[u8; 16]>,
    digest: [u8; 32],
    actor: String,
    reason: Option<Personal<String>>,
    correlation: Option<String>,
    causation: Option<String>,
    warnings: Vec<StoredWarning>,
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
        decode(&stored.body)
            .map(|(envelope, events)| Self {
                at: At { position: Position(stored.position), time_us: stored.time_us },
                hash: stored.hash,
                prev_hash: stored.prev_hash,
                envelope,
                events,
            })
            .map_err(|fault| EngineFault::Undecodable { position: stored.position, why: fault.to_string() })
    }

    /// The time as a calendar time.
    pub fn time(&self) -> DateTime<Utc> {
        crate::clock::time_of(self.at.time_us)
    }

    /// The part that the projector needs.
    pub(crate) fn into_committed(self) -> Committed {
        Committed {
            at: self.at,
            hash: self.hash,
            command_id: self.envelope.command_id.map(Uuid::into_bytes),
            events: self.events,
        }
    }
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
        code: warning.code.clone(),
        message: Personal::new(subject, warning.message.clone()),
        entity: warning.entity.as_ref().map(EntityId::to_string),
    });
    let encoded = codec::encode(&Stored {
        command: envelope.command.clone(),
        command_id: envelope.command_id.map(Uuid::into_bytes),
        digest: envelope.digest,
        actor: envelope.actor.clone(),
        reason: envelope.reason.clone(),
        correlation: envelope.correlation.clone(),
        causation: envelope.causation.clone(),
        warnings: warnings.collect(),
        events: stored,
    })?;
    let mut body = Vec::with_capacity(encoded.len() + 2);
    body.extend_from_slice(&[ENVELOPE, CODEC]);
    body.extend_from_slice(&encoded);
    Ok(body)
}

fn decode(body: &[u8]) -> Result<(Envelope, Vec<Recorded>), CodecFault> {
    let (codec_id, bytes) = match body {
        [ENVELOPE, codec_id, bytes @ ..] if *codec_id == CODEC => (*codec_id, bytes),
        [version, codec_id, ..] => {
            return Err(CodecFault(format!(
                "envelope {version} with codec {codec_id} is not known to this program; use a newer one"
            )));
        }
        _ => return Err(CodecFault("the body is too short".to_owned())),
    };
    let stored: Stored<'_> = codec::decode(bytes)?;
    let mut events = Vec::with_capacity(stored.events.len());
    for event in stored.events {
        let cause = event.cause;
        events.push(Recorded { event: Event::read(codec_id, event.tag, event.version, &event.payload.0)?, cause });
    }
    let warnings = stored.warnings.into_iter().map(|warning| Warning {
        code: warning.code,
        message: warning.message.value.unwrap_or_default(),
        entity: warning.entity.and_then(|text| text.parse().ok()),
    });
    let envelope = Envelope {
        command: stored.command,
        command_id: stored.command_id.map(Uuid::from_bytes),
        digest: stored.digest,
        actor: stored.actor,
        reason: stored.reason,
        correlation: stored.correlation,
        causation: stored.causation,
        warnings: warnings.collect(),
    };
    Ok((envelope, events))
}
