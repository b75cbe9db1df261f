//! Waiting for the head to move on.

use std::sync::Arc;
use std::time::Duration;

use crate::log::Shared;
use crate::{Head, Position};

/// A handle that can wait for commits. It does not keep the log writable: it returns at once when the log is closed.
#[derive(Clone)]
pub struct Tail {
    shared: Arc<Shared>,
}

impl Tail {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Blocks until the head is beyond `past`, the log is closed, or `timeout` is over; returns the head then.
    pub fn wait_past(&self, past: Position, timeout: Duration) -> Head {
        self.shared.wait_past(past, timeout)
    }
}
