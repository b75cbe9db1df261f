//! The domain of Kroniek, pure: `decide(world, context, command) -> events | refusals` and `evolve(state, event)`.
//!
//! No storage, no clock, no random numbers, nothing async. One file per capability, each in the same order: what it is
//! (with the rows of the specification), commands, events, refusals, state, decide, evolve, tests.

pub mod acceptance;
pub mod address;
pub mod address_table;
pub mod administration;
pub mod bank_account;
pub mod card;
pub mod channel;
pub mod client_status;
pub mod code_list;
pub mod codec;
pub mod command;
pub mod contact;
pub mod customer;
pub mod data_quality;
pub mod death;
pub mod draft;
pub mod duplicate;
pub mod employee;
pub mod event;
pub mod fields;
pub mod ids;
pub mod interaction;
pub mod label;
pub mod leader;
pub mod link;
pub mod mail;
pub mod mandate;
mod numbers_on_disk;
pub mod payment;
pub mod permission;
pub mod personal;
pub mod personal_data;
pub mod placement;
pub mod problem;
pub mod refusal;
pub mod registration;
pub mod role;
pub mod search;
pub mod shop;
pub mod sign_off;
pub mod status_right;
pub mod structure;
pub mod task;
pub mod team;
pub mod template;
pub mod timeline;
mod upcast;
pub mod values;
pub mod world;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub(crate) use numbers_on_disk::stored_numbers;

pub use command::{Command, decide};
pub use draft::{Context, Decision};
pub use event::{Event, Recorded};
pub use ids::{
    At, ContactId, ContactRef, CustomerId, CustomerRef, EntityId, InteractionId, PartyRef, Position, TaskId,
};
pub use permission::{Actor, Permission};
pub use personal::Personal;
pub use problem::{Problem, Prompt, Warning};
pub use refusal::Refusal;
pub use world::{AddressRow, Addresses, World};
