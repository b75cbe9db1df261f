//! A value that depends on a date: kept as (from, value), read with `on`.

use crate::values::Date;
use serde::{Deserialize, Serialize};

/// Values by the date from which they hold, in order of that date; one value per date.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Timeline<T>(Vec<(Date, T)>);

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Timeline<T> {
    /// Lets `value` hold from `from` on, until a later entry. An entry of the same date is replaced; later ones stay.
    pub fn set(&mut self, from: Date, value: T) {
        match self.0.binary_search_by_key(&from, |(date, _)| *date) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (from, value)),
        }
    }

    /// The value in force on `date`: the one with the greatest `from` not after it.
    pub fn on(&self, date: Date) -> Option<&T> {
        self.0.iter().rev().find(|(from, _)| *from <= date).map(|(_, value)| value)
    }

    /// All entries, oldest first.
    pub fn entries(&self) -> &[(Date, T)] {
        &self.0
    }

    /// Whether nothing was ever set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
