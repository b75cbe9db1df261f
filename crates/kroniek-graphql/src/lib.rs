//! The GraphQL API of Kroniek: commands as mutations, read models as queries. Knows no socket, no log and no SQLite.
//!
//! [`Api`] executes operations over an engine, [`sdl`] prints the schema. Who asks comes with the request, never with the
//! query: the HTTP layer makes a [`Caller`] of the headers. A request without an actor is anonymous and may do nothing.
//!
//! One file per capability: [`types`] is what is read, [`mutations`] what is commanded.

// Resolvers must be async for async-graphql, and most of them only read a snapshot.
#![allow(clippy::unused_async)]

mod api;
pub mod context;
mod documents;
mod expansion;
mod extension;
pub mod id;
pub mod label;
pub mod mutations;
mod nulls;
pub mod payload;
pub mod query;
pub mod scalars;
pub mod types;
pub mod user_error;

pub use api::{Api, Caller};

use api::Schema;
use async_graphql::{EmptySubscription, SDLExportOptions, SchemaBuilder};
use mutations::MutationRoot;
use query::QueryRoot;

/// Deepest nesting of fields. The introspection of the usual tools needs 15 or so.
const DEEPEST: usize = 20;

/// Most that a query may cost: a field counts 1, what is inside a connection counts as often as its page is long, inside a
/// short list five times. A page of 100 customers with their roles and persons costs about 3 000.
const COSTLIEST: usize = 50_000;

/// Most directives on one field.
const MOST_DIRECTIVES: usize = 8;

fn limited() -> SchemaBuilder<QueryRoot, MutationRoot, EmptySubscription> {
    Schema::build(QueryRoot::default(), MutationRoot::default(), EmptySubscription)
        .limit_depth(DEEPEST)
        .limit_complexity(COSTLIEST)
        .limit_directives(MOST_DIRECTIVES)
}

/// The schema as text in the schema definition language; the same for the same program.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().prefer_single_line_descriptions().use_space_ident().indent_width(2);
    limited().finish().sdl_with_options(options)
}
