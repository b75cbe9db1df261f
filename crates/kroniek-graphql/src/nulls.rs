//! Null where GraphQL wants it.
//!
//! A field that fails is null in the answer, and where it may not be null, the nearest thing around it that may (§6.4.4 of
//! the GraphQL specification). async-graphql 7 leaves the failed field out of its object instead, so that a client
//! finds neither a value nor null where the schema promises one. This extension puts it right.

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, ResolveInfo,
};
use async_graphql::{QueryPathNode, QueryPathSegment, Response, ServerError, ServerResult, Value};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Makes the extension anew for every request.
pub(crate) struct Nulls;

impl ExtensionFactory for Nulls {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(OneRequest::default())
    }
}

#[derive(Default)]
struct OneRequest {
    failed: AtomicBool,
    lists_with_nulls: AtomicBool,
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

impl OneRequest {
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
    fn nullable(&self, info: &ResolveInfo<'_>) -> bool {
        match info.path_node.segment {
            QueryPathSegment::Index(_) => {
                self.lists_with_nulls.load(Ordering::Relaxed)
                    && self.found().with_nulls.contains(&around(info.path_node))
            }
            QueryPathSegment::Name(_) => {
                let nullable = !info.return_type.ends_with('!');
                let entries = info.return_type.trim_end_matches('!').strip_suffix(']');
                if entries.is_some_and(|entry| !entry.ends_with('!')) {
                    self.lists_with_nulls.store(true, Ordering::Relaxed);
                    self.found().with_nulls.insert(info.path_node.to_string());
                }
                nullable
            }
        }
    }
}

/// What is around a place; nothing around a root.
fn around(place: &QueryPathNode<'_>) -> String {
    place.parent.map(ToString::to_string).unwrap_or_default()
}

#[async_trait]
impl Extension for OneRequest {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        let mut found = self.found();
        response.errors.append(&mut found.errors);
        if found.broken.contains("") {
            response.data = Value::Null;
        }
        response
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let (place, nullable) = (info.path_node, self.nullable(&info));
        match next.run(ctx, info).await {
            Err(error) => {
                self.found().errors.push(error);
                self.null(nullable, place);
                Ok(Some(Value::Null))
            }
            // Nothing has failed in all of the request: the way that nearly every field goes.
            Ok(value) if !self.failed.load(Ordering::Relaxed) => Ok(value),
            Ok(value) => {
                if !self.found().broken.contains(&place.to_string()) {
                    return Ok(value);
                }
                self.null(nullable, place);
                Ok(Some(Value::Null))
            }
        }
    }
}
