//! Null where GraphQL wants it.
//!
//! A field that fails is null in the answer, and where it may not be null, the nearest thing around it that may (§6.4.4 of
//! the GraphQL specification). async-graphql 7 leaves the failed field out of its object instead, so that a client
//! finds neither a value nor null where the schema promises one. This puts it right.

use async_graphql::extensions::ResolveInfo;
use async_graphql::{QueryPathNode, QueryPathSegment, Response, ServerError, ServerResult, Value};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The nulls of one request.
#[derive(Default)]
pub(crate) struct Nulls {
    failed: AtomicBool,
    some_lists_hold_them: AtomicBool,
    found: Mutex<Found>,
}

#[derive(Default)]
struct Found {
    errors: Vec<ServerError>,
    /// Places that hold a null where none may be, and are therefore null themselves.
    broken: HashSet<String>,
    /// Lists that may hold nulls.
    with_nulls: HashSet<String>,
}

impl Nulls {
    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the place null, or what is around it when it may not be.
    fn null(&self, nullable: bool, place: &QueryPathNode<'_>) {
        if !nullable {
            self.failed.store(true, Ordering::Relaxed);
            self.found().broken.insert(around(place));
        }
    }

    /// Whether a place may be null.
    ///
    /// Of an entry of a list async-graphql tells the wrong type, never one that may be null; its list knows.
    pub(crate) fn nullable(&self, info: &ResolveInfo<'_>) -> bool {
        match info.path_node.segment {
            QueryPathSegment::Index(_) => {
                self.some_lists_hold_them.load(Ordering::Relaxed)
                    && self.found().with_nulls.contains(&around(info.path_node))
            }
            QueryPathSegment::Name(_) => {
                let nullable = !info.return_type.ends_with('!');
                let entries = info.return_type.trim_end_matches('!').strip_suffix(']');
                if entries.is_some_and(|entry| !entry.ends_with('!')) {
                    self.some_lists_hold_them.store(true, Ordering::Relaxed);
                    self.found().with_nulls.insert(info.path_node.to_string());
                }
                nullable
            }
        }
    }

    /// What stands in a place in the end.
    pub(crate) fn settle(
        &self,
        resolved: ServerResult<Option<Value>>,
        nullable: bool,
        place: &QueryPathNode<'_>,
    ) -> Option<Value> {
        match resolved {
            Err(error) => {
                self.found().errors.push(error);
                self.null(nullable, place);
                Some(Value::Null)
            }
            // Nothing has failed in all of the request: the way that nearly every field goes.
            Ok(value) if !self.failed.load(Ordering::Relaxed) => value,
            Ok(value) => {
                if !self.found().broken.contains(&place.to_string()) {
                    return value;
                }
                self.null(nullable, place);
                Some(Value::Null)
            }
        }
    }

    /// Puts the errors into the answer, and makes it null if nothing around a failed place may be.
    pub(crate) fn finish(&self, response: &mut Response) {
        let mut found = self.found();
        response.errors.append(&mut found.errors);
        if found.broken.contains("") {
            response.data = Value::Null;
        }
    }
}

/// What is around a place; nothing around a root.
fn around(place: &QueryPathNode<'_>) -> String {
    place.parent.map(ToString::to_string).unwrap_or_default()
}
