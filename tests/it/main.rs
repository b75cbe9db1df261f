//! End to end: real HTTP to a real server on a real temporary log, and the binary's verbs as a user runs them.

#![allow(clippy::expect_used, reason = "a test that cannot go on says so by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "inputs are written where they are sent: json!({ ... })")]

mod accountancy;
mod cli;
mod contact_moments;
mod corners;
mod crash;
mod golden;
mod history;
mod hostile;
mod housing;
mod labels;
mod manuals;
mod office;
mod office_card;
mod office_hidden;
mod office_rights;
mod permissions;
mod quality;
mod reference;
mod shop;
mod support;
mod tidy;
