//! Kroniek (Dutch for *chronicle*) is an event-sourced CRM core: commands append events to a durable log, projectors
//! build read models, GraphQL serves them, and the audit history is the log itself.
//!
//! This is the facade. [`engine`] runs a data directory in process, [`http`] serves one, and [`cli`] is the command
//! line. The binary is nothing but [`cli`]; examples and tests start a real server through [`http::Server`].

// The future of the mutations is as deep as there are groups of them.
#![recursion_limit = "256"]

pub mod cli;
pub mod http;

/// The rules, pure: commands, decisions, events and folded states.
pub use kroniek_domain as domain;
/// A data directory that is open: commands go in, snapshots come out.
pub use kroniek_engine as engine;

pub use kroniek_domain::{Actor, Command, EntityId, Permission, Position, Problem};
pub use kroniek_engine::{Engine, Options, Outcome, Request};
