//! `kroniek history`.

use super::fault::Fault;
use super::progress::Progress;
use super::{MASK, open};
use kroniek_domain::EntityId;
use kroniek_domain::fields::FieldChange;
use kroniek_engine::{HistoryEntry, HistoryEvent};
use serde_json::json;
use std::io::{self, Write};
use std::path::Path;

const INSTEAD: &str = "A running server answers the same in the GraphQL field `history` of the entity.";

/// Print the audit trail of one entity
///
/// Who did what and when, why, and what changed by it, oldest first. Dates of birth and death, BSN and gender are masked
/// unless --sensitive is given.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kroniek history contact:123\n  kroniek history customer:7 --sensitive\n  kroniek history code-list:ROLE --json\n  kroniek history address-table"
)]
pub(super) struct History {
    /// contact:123, customer:7, interaction:5, task:9, template:BEL, team:VERHUUR, employee:JDV, code-list:ROLE or
    /// address-table
    entity: String,
    /// Show sensitive values instead of masking them
    #[arg(long)]
    sensitive: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

impl History {
    pub(super) fn run(&self, data: &Path, out: &mut dyn Write) -> Result<(), Fault> {
        let entity: EntityId = self.entity.parse()?;
        let engine = open::existing(data, INSTEAD, &mut Progress::of_rebuild("catching up"))?;
        let snapshot = engine.snapshot()?;
        let mut entries = snapshot.history(&entity, None, usize::MAX)?.entries;
        let is_known = !entries.is_empty() || is_there_from_the_start(&snapshot, &entity)?;
        drop(snapshot);
        engine.shutdown();
        if !is_known {
            return Err(Fault::Unknown(entity));
        }
        if !self.sensitive {
            entries.iter_mut().flat_map(|entry| &mut entry.changes).for_each(mask);
        }
        if self.json {
            let entries: Vec<_> = entries.iter().map(json_of).collect();
            return writeln!(out, "{}", json!({ "entity": entity.to_string(), "entries": entries }))
                .map_err(Fault::Output);
        }
        if entries.is_empty() {
            return writeln!(out, "{entity} has no history: nothing has changed it yet.")
                .map_err(Fault::Output);
        }
        entries.iter().try_for_each(|entry| print(entry, out)).map_err(Fault::Output)
    }
}

/// The address table and the built-in code lists exist before anything has happened.
fn is_there_from_the_start(snapshot: &kroniek_engine::Snapshot, entity: &EntityId) -> Result<bool, Fault> {
    Ok(match entity {
        EntityId::AddressTable => true,
        EntityId::CodeList(name) => snapshot.code_lists()?.contains(name),
        EntityId::Contact(_)
        | EntityId::Customer(_)
        | EntityId::Interaction(_)
        | EntityId::Task(_)
        | EntityId::Template(_)
        | EntityId::Team(_)
        | EntityId::Employee(_) => false,
    })
}

fn mask(change: &mut FieldChange) {
    if change.needs.is_some() {
        for value in [&mut change.before, &mut change.after].into_iter().flatten() {
            MASK.clone_into(value);
        }
    }
}

fn print(entry: &HistoryEntry, out: &mut dyn Write) -> io::Result<()> {
    let time = entry.time.format("%Y-%m-%d %H:%M:%S%.3f UTC");
    writeln!(out, "{}  {time}  {} by {}", entry.position, entry.command, entry.actor)?;
    for (label, text) in
        [("reason", &entry.reason), ("correlation", &entry.correlation), ("causation", &entry.causation)]
    {
        if let Some(text) = text {
            writeln!(out, "    {label}: {}", text.replace('\n', "\n      "))?;
        }
    }
    for event in &entry.events {
        writeln!(out, "    {}", line(event))?;
    }
    for FieldChange { field, before, after, .. } in &entry.changes {
        match (before, after) {
            (Some(before), Some(after)) => writeln!(out, "      {field}: {before} -> {after}")?,
            (Some(before), None) => writeln!(out, "      {field}: {before} -> (none)")?,
            (None, Some(after)) => writeln!(out, "      {field}: (none) -> {after}")?,
            (None, None) => {}
        }
    }
    writeln!(out)
}

/// Events are counted within their commit: #0 is the first, and a cause names one of them.
fn line(event: &HistoryEvent) -> String {
    let cause = event.cause.map_or_else(String::new, |cause| format!(", because of #{cause}"));
    format!("#{} {}{cause}", event.index, event.name)
}

fn json_of(entry: &HistoryEntry) -> serde_json::Value {
    let events = entry
        .events
        .iter()
        .map(|event| json!({ "index": event.index, "event": event.name, "cause": event.cause }));
    let changes = entry.changes.iter().map(|change| {
        json!({
            "field": change.field,
            "before": change.before,
            "after": change.after,
            "sensitive": change.needs.is_some(),
        })
    });
    json!({
        "position": entry.position.0,
        "time": entry.time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
        "actor": entry.actor,
        "command": entry.command,
        "commandId": entry.command_id.map(|id| id.to_string()),
        "reason": entry.reason,
        "correlation": entry.correlation,
        "causation": entry.causation,
        "events": events.collect::<Vec<_>>(),
        "changes": changes.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sensitive_value_is_masked_and_an_absent_one_stays_absent() {
        let change = |sensitive: bool| FieldChange {
            field: "bsn".to_owned(),
            before: None,
            after: Some("123456782".to_owned()),
            needs: sensitive.then_some(kroniek_domain::Permission::SensitiveRead),
            names: Vec::new(),
        };
        let (mut secret, mut open) = (change(true), change(false));
        mask(&mut secret);
        mask(&mut open);
        assert_eq!((secret.before, secret.after.as_deref()), (None, Some(MASK)));
        assert_eq!(open, change(false));
    }
}
