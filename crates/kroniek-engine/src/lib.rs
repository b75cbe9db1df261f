//! The imperative shell of Kroniek: it executes commands durably, keeps the read models, and proves and exports the log.
//!
//! One writer decides serially, appends groups with one sync, projects them, and answers when the command's own position
//! is visible. Reading goes through snapshots and never waits for the writer.

mod appender;
mod clock;
mod digest;
mod engine;
mod envelope;
mod export;
mod fault;
mod first_fault;
mod import;
mod projector;
mod proof;
mod quality;
mod rebuild;
pub mod reference;
mod registrations;
mod request;
mod shared;
mod snapshot;
mod states;
mod tables;
mod world;
mod writer;

pub use clock::{Clock, time_of};
pub use engine::{Engine, Health, Options, is_cancelled, open_log};
pub use envelope::{Commit, Envelope};
pub use export::export;
pub use fault::{EngineFault, ExecuteFault, OpenFault};
pub use first_fault::FirstFault;
pub use import::{ImportFault, ImportReport};
pub use kroniek_log::{Log, Options as LogOptions};
pub use proof::{Proof, ProofFault, verify};
pub use quality::{QualityFinding, QualityPage, QualityPlace};
pub use rebuild::RebuildProgress;
pub use registrations::Registrations;
pub use request::{Done, Outcome, Request};
pub use snapshot::{AcceptanceStep, HistoryEntry, HistoryEvent, HistoryPage, Snapshot, TaskNote};
pub use tables::hex;
