//! Parsed queries, kept by their text.
//!
//! Clients send the same few documents again and again, with other variables; parsing was the dearest single step of
//! answering a card. What a document may cost is checked anew for every request.

use async_graphql::parser::types::ExecutableDocument;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;

/// Longest query that is kept, in bytes; those of clients are shorter.
const LONGEST: usize = 8 * 1024;
/// Bytes of text that are kept. A parsed document takes some thirty times as much.
const TEXTS: u64 = 512 * 1024;
/// Documents that are expected.
const MANY: usize = 256;

/// See the module.
pub(crate) struct Documents(Cache<String, Arc<ExecutableDocument>, Bytes>);

#[derive(Clone)]
struct Bytes;

impl Weighter<String, Arc<ExecutableDocument>> for Bytes {
    fn weight(&self, query: &String, _: &Arc<ExecutableDocument>) -> u64 {
        query.len() as u64
    }
}

impl Default for Documents {
    fn default() -> Self {
        Self(Cache::with_weighter(MANY, TEXTS, Bytes))
    }
}

impl Documents {
    /// The document with this text, if it was parsed lately.
    pub(crate) fn get(&self, query: &str) -> Option<ExecutableDocument> {
        self.0.get(query).map(|known| (*known).clone())
    }

    /// Keeps a document that was parsed and found small enough.
    pub(crate) fn keep(&self, query: &str, document: &ExecutableDocument) {
        if query.len() <= LONGEST {
            self.0.insert(query.to_owned(), Arc::new(document.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    #[test]
    fn a_document_is_found_by_its_very_text_and_a_long_one_is_not_kept() {
        let documents = Documents::default();
        let keep = |query: &str| documents.keep(query, &parse_query(query).unwrap());
        keep("{ a }");
        assert_eq!(documents.get("{ a }").map(|found| found.operations.iter().count()), Some(1));
        assert!(documents.get("{ a  }").is_none() && documents.get("{ b }").is_none());
        let long = format!("{{ {} }}", "a ".repeat(LONGEST / 2));
        keep(&long);
        assert!(documents.get(&long).is_none());
    }

    #[test]
    fn what_is_kept_does_not_grow_with_the_queries_that_come() {
        let documents = Documents::default();
        for number in 0..10_000 {
            let query = format!("{{ a{number} {} }}", "b ".repeat(200));
            documents.keep(&query, &parse_query(&query).unwrap());
        }
        assert!(documents.0.weight() <= TEXTS && !documents.0.is_empty());
    }
}
