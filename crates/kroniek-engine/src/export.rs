//! The log as JSON Lines, for auditors: one commit a line.

use crate::envelope::Commit;
use crate::fault::EngineFault;
use crate::tables::hex;
use kroniek_domain::personal::SENSITIVE_FIELDS;
use kroniek_domain::{EntityId, Recorded};
use kroniek_log::Log;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::PathBuf;

/// What stands where a sensitive value is masked.
const MASK: &str = "•••";

/// Writes every commit up to the present head; answers how many. Sensitive values are masked unless `sensitive`.
///
/// # Errors
/// The log cannot be read, or the output cannot be written.
pub fn export(log: &Log, out: &mut dyn Write, sensitive: bool) -> Result<u64, EngineFault> {
    let mut commits = 0;
    for stored in log.read(1) {
        let commit = Commit::read(&stored?)?;
        let line = line(&commit, sensitive).map_err(|why| EngineFault::Undecodable {
            position: commit.at.position.0,
            why: why.to_string(),
        })?;
        writeln!(out, "{line}").map_err(written)?;
        commits += 1;
    }
    out.flush().map_err(written)?;
    Ok(commits)
}

fn written(source: io::Error) -> EngineFault {
    EngineFault::Io { path: PathBuf::from("the output"), source }
}

fn line(commit: &Commit, sensitive: bool) -> Result<Value, serde_json::Error> {
    let envelope = &commit.envelope;
    // A warning can tell a sensitive value by what it stands beside: SALUTATION_GENDER tells the gender.
    let shown = envelope.warnings.iter().filter(|_| sensitive);
    let warnings: Vec<_> = shown.map(|warning| &warning.code).collect();
    let events: Vec<_> = commit.events.iter().map(|e| event(e, sensitive)).collect::<Result<_, _>>()?;
    Ok(json!({
        "position": commit.at.position.0,
        "time": commit.time().to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        "command": envelope.command,
        "commandId": envelope.command_id,
        "actor": envelope.actor,
        "reason": envelope.reason.as_ref().and_then(|reason| reason.get()),
        "correlation": envelope.correlation,
        "causation": envelope.causation,
        "warnings": warnings,
        "events": events,
        "hash": hex(&commit.hash),
        "prevHash": hex(&commit.prev_hash),
    }))
}

fn event(recorded: &Recorded, sensitive: bool) -> Result<Value, serde_json::Error> {
    let kind = recorded.event.stored();
    let mut data = recorded.event.serialize_payload(serde_json::value::Serializer)?;
    if !sensitive {
        for (_, field) in SENSITIVE_FIELDS.iter().filter(|(event, _)| *event == kind.name) {
            if let Some(value) = data.get_mut(*field).and_then(|field| field.get_mut("value")) {
                *value = Value::String(MASK.to_owned());
            }
        }
    }
    Ok(json!({
        "event": kind.name,
        "version": kind.version,
        "cause": recorded.cause,
        "entities": recorded.event.entities().iter().map(EntityId::to_string).collect::<Vec<_>>(),
        "data": data,
    }))
}
