//! The GraphQL API of Kroniek: commands as mutations, read models as queries. Knows no socket, no log and no SQLite.
//!
//! [`schema`] builds it over an engine, [`sdl`] prints it. Who asks comes with the request, never with the query: the HTTP
//! layer puts a [`kroniek_domain::Actor`] into the request's data (`request.data(actor)`). A request without one is
//! anonymous and may do nothing. A [`context::Provenance`] beside it says what its commands belong to and follow from.
//!
//! One file per capability: [`types`] is what is read, [`mutations`] what is commanded.

// Resolvers must be async for async-graphql, and most of them only read a snapshot.
#![allow(clippy::unused_async)]

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

use async_graphql::{EmptySubscription, SDLExportOptions, SchemaBuilder};
use kroniek_engine::Engine;
use mutations::MutationRoot;
use query::QueryRoot;

/// The schema of Kroniek.
pub type Schema = async_graphql::Schema<QueryRoot, MutationRoot, EmptySubscription>;

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
        .extension(extension::EveryRequest::default())
}

/// The schema over an engine, with limits that refuse hostile queries before anything is read.
pub fn schema(engine: Engine) -> Schema {
    limited().data(engine).finish()
}

/// The schema as text in the schema definition language; the same for the same program.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().prefer_single_line_descriptions().use_space_ident().indent_width(2);
    limited().finish().sdl_with_options(options)
}
