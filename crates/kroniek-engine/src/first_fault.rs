//! Reading for a question of the domain, which knows no faults.

use std::cell::RefCell;

/// The first fault that was met on the way to an answer. What could not be read is not there for the question, and the
/// answer is thrown away.
#[derive(Debug)]
pub struct FirstFault<E>(RefCell<Option<E>>);

impl<E> Default for FirstFault<E> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<E> FirstFault<E> {
    /// What was read; nothing where a fault was met, which is kept when it is the first.
    pub fn kept<T>(&self, read: Result<Option<T>, E>) -> Option<T> {
        read.unwrap_or_else(|fault| {
            self.0.borrow_mut().get_or_insert(fault);
            None
        })
    }

    /// The answer, unless a fault was met.
    ///
    /// # Errors
    /// The first fault.
    pub fn checked<T>(self, answer: T) -> Result<T, E> {
        self.0.into_inner().map_or(Ok(answer), Err)
    }
}
