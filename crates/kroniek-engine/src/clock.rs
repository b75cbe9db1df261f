//! The one place that asks the machine for the time.

use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where "now" comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine.
    #[default]
    System,
    /// A value that a test or a demo sets, in microseconds since 1970 UTC.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at this moment.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    /// Now, in microseconds since 1970 UTC.
    pub fn now_us(&self) -> i64 {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "the shell supplies the time that the domain takes as input"
            )]
            Self::System => Utc::now().timestamp_micros(),
            Self::Fixed(at) => at.load(Ordering::Relaxed),
        }
    }
}

/// A time of the log as a calendar time; a value that no calendar has becomes the epoch.
pub fn time_of(time_us: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(time_us).unwrap_or_default()
}
