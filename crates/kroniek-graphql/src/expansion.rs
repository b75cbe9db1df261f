//! How large a query is once its fragments are written out.
//!
//! Fragments that name each other twice double with every step: a query of a kilobyte can stand for a billion fields, and
//! async-graphql's own checks walk through all of them. Here every fragment is measured once, before anything walks.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{ErrorExtensionValues, ServerError, ServerResult};
use std::collections::HashMap;

/// Most fields and fragments of a query, written out.
const LIMIT: usize = 10_000;

/// Deepest nesting that is followed; the schema's own limits are lower.
const DEEPEST: usize = 100;

/// Refuses a query that is too large once written out.
///
/// The library walks through the fragments as soon as it has parsed them, so this parses for itself; a query without
/// fragments is no larger than its text.
///
/// # Errors
/// `QUERY_TOO_LARGE`.
pub(crate) fn check(query: &str) -> ServerResult<()> {
    let too_many =
        query.contains("fragment") && parse_query(query).is_ok_and(|document| written_out(&document) > LIMIT);
    if too_many { Err(too_large()) } else { Ok(()) }
}

fn too_large() -> ServerError {
    let message =
        format!("The query has more than {LIMIT} fields once its fragments are written out; ask for less.");
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", "QUERY_TOO_LARGE");
    ServerError { extensions: Some(extensions), ..ServerError::new(message, None) }
}

/// The number of selections of all operations, with every fragment counted wherever it is named.
fn written_out(document: &ExecutableDocument) -> usize {
    let mut measure = Measure { document, known: HashMap::new() };
    let operations = document.operations.iter();
    operations
        .fold(0, |sum, (_, operation)| sum.saturating_add(measure.set(&operation.node.selection_set.node, 0)))
}

struct Measure<'d> {
    document: &'d ExecutableDocument,
    /// Sizes of the fragments met so far; 0 while one is being measured, so that a circle ends.
    known: HashMap<&'d str, usize>,
}

impl<'d> Measure<'d> {
    fn set(&mut self, set: &'d SelectionSet, depth: usize) -> usize {
        if depth > DEEPEST {
            return LIMIT + 1;
        }
        let mut sum: usize = 0;
        for selection in &set.items {
            let inside = match &selection.node {
                Selection::Field(field) => self.set(&field.node.selection_set.node, depth + 1),
                Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set.node, depth + 1),
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, depth + 1)
                }
            };
            sum = sum.saturating_add(inside).saturating_add(1);
        }
        sum
    }

    fn fragment(&mut self, name: &'d str, depth: usize) -> usize {
        if let Some(size) = self.known.get(name) {
            return *size;
        }
        let Some(fragment) = self.document.fragments.get(name) else { return 0 };
        self.known.insert(name, 0);
        let size = self.set(&fragment.node.selection_set.node, depth);
        self.known.insert(name, size);
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_counts_wherever_it_is_named() {
        let size = |query: &str| written_out(&parse_query(query).unwrap());
        assert_eq!(size("{ a b { c } }"), 3);
        assert_eq!(size("{ ...f ...f } fragment f on Query { a b ... { c } }"), 10);
        assert_eq!(size("{ ...f } fragment f on Query { a ...f }"), 3);
        assert_eq!(size("{ ...unknown }"), 1);
    }

    #[test]
    fn what_doubles_is_measured_at_once_and_never_overflows() {
        let mut parts = vec!["{ ...f0 } fragment f90 on Query { position }".to_owned()];
        parts.extend((0..90).map(|n| format!("fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1)));
        assert_eq!(written_out(&parse_query(parts.join(" ")).unwrap()), usize::MAX);
    }
}
