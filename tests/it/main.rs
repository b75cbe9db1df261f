//! End to end: real HTTP to a real server on a real temporary log, and the binary's verbs as a user runs them.

mod accountancy;
mod cli;
mod crash;
mod golden;
mod history;
mod hostile;
mod housing;
mod permissions;
mod reference;
mod support;
mod tidy;
