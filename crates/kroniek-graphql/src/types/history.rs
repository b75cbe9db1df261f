//! The audit history of an entity: what was commanded, by whom and why, and what it changed.

use super::connection::{Connection, Wanted};
use crate::context::{Reader, fault};
use crate::id;
use crate::scalars::{DateTime, Position, Uuid};
use async_graphql::{ID, Result, SimpleObject};
use kroniek_domain::EntityId;
use std::collections::BTreeMap;

/// What stands in the place of a value that the actor may not see.
const MASK: &str = "•••";

/// A commit that names the entity. Deleting or changing history is not possible; it is the log itself.
#[derive(SimpleObject)]
pub struct HistoryEntry {
    /// Position of the commit in the log.
    position: Position,
    /// When.
    time: DateTime,
    /// Who, as the request named the actor.
    actor: String,
    /// The command, such as `RecordDeath`.
    command: String,
    /// The command's id, when the caller gave one.
    command_id: Option<Uuid>,
    /// Why, in the actor's words; null when none was given, when it was erased, and when the command was also about somebody
    /// whom you do not see.
    reason: Option<String>,
    /// What the caller said it belongs to (header `Kroniek-Correlation`); null also when the command was also about somebody
    /// whom you do not see.
    correlation: Option<String>,
    /// What the caller said it follows from (header `Kroniek-Causation`); null also when the command was also about somebody
    /// whom you do not see.
    causation: Option<String>,
    /// What happened to the entity, in the order of the commit.
    events: Vec<HistoryEvent>,
    /// Which values it changed.
    changes: Vec<FieldChange>,
}

/// An event of a commit. All events of a command are in one commit, consequences too.
#[derive(SimpleObject)]
pub struct HistoryEvent {
    /// Its place in the commit, from 0.
    index: u32,
    /// Its name, such as `HouseholdNameChanged`.
    name: &'static str,
    /// The index of the event of the same commit that it follows from; null for what the command itself asked. The cause
    /// may have happened to another entity, and is then not listed here.
    cause: Option<u32>,
}

/// A value that a commit changed.
#[derive(SimpleObject)]
pub struct FieldChange {
    /// The entity whose value it is.
    entity_id: ID,
    /// Name of the field, such as `relatedRoles[2].roleCode`.
    field: String,
    /// The value before; null when there was none. `•••` when masked.
    before: Option<String>,
    /// The value after; null when there is none. `•••` when masked.
    after: Option<String>,
    /// Whether the values are hidden because the actor lacks the right to see them (`SENSITIVE_READ`, or `WWFT`).
    /// Nothing then tells whether there was or is a value; only that it changed.
    masked: bool,
}

impl FieldChange {
    fn new(entity: &EntityId, change: kroniek_domain::fields::FieldChange, reader: &Reader) -> Self {
        let masked = change.needs.is_some_and(|right| !reader.may(right));
        let shown = |value: Option<String>| if masked { Some(MASK.to_owned()) } else { value };
        Self {
            entity_id: id::of(entity),
            field: change.field,
            before: shown(change.before),
            after: shown(change.after),
            masked,
        }
    }
}

/// A page of the history of one entity, or of several as one; oldest first. A commit that names several of them is one
/// entry.
pub(crate) async fn of(
    reader: &Reader,
    entities: Vec<EntityId>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<HistoryEntry>> {
    let wanted = Wanted::read(first, after)?;
    let page = wanted.page()?;
    let after = (page.after > 0).then_some(kroniek_domain::Position(page.after));
    reader
        .search(move |reader| {
            let mut merged: BTreeMap<u64, HistoryEntry> = BTreeMap::new();
            let mut more = false;
            for entity in &entities {
                let found = reader.snapshot().history(entity, after, page.first).map_err(fault)?;
                more |= found.more;
                for entry in found.entries {
                    merge(&mut merged, entity, entry, reader);
                }
            }
            more |= merged.len() > page.first;
            let entries = merged.into_iter().take(page.first);
            Ok(Connection::new(
                &wanted,
                entries.map(|(place, entry)| (place.to_string(), entry)).collect(),
                more,
            ))
        })
        .await
}

fn merge(
    merged: &mut BTreeMap<u64, HistoryEntry>,
    entity: &EntityId,
    entry: kroniek_engine::HistoryEntry,
    reader: &Reader,
) {
    let new = merged.entry(entry.position.0).or_insert_with(|| HistoryEntry {
        position: entry.position.into(),
        time: DateTime(entry.time),
        actor: entry.actor,
        command: entry.command,
        command_id: entry.command_id.map(Uuid::from),
        reason: entry.reason,
        correlation: entry.correlation,
        causation: entry.causation,
        events: Vec::new(),
        changes: Vec::new(),
    });
    for event in entry.events {
        if let Err(at) = new.events.binary_search_by_key(&event.index, |known| known.index) {
            new.events.insert(at, HistoryEvent { index: event.index, name: event.name, cause: event.cause });
        }
    }
    new.changes.extend(entry.changes.into_iter().map(|change| FieldChange::new(entity, change, reader)));
}
