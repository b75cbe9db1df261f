//! A way out for a flush that would wait for ever.
//!
//! sled writes a batch's manifest and its data from two threads. When the manifest's write fails after the data's
//! succeeded, the error is kept but the thread that waits in `flush()` is not woken (0.34.7, `exit_reservation` in
//! `iobuf.rs`). A second call of `flush()` finds the error and wakes everyone that waits. So a thread looks, once in a
//! while, whether a flush takes suspiciously long, and makes that second call. A disk that is merely slow is not
//! harmed by it: the second flush waits for the same writes.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The watching thread; it ends when this is dropped.
pub(crate) struct StalledFlush {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Default)]
struct State {
    since: Option<Instant>,
    ended: bool,
}

impl StalledFlush {
    /// Calls `nudge` whenever a flush has been under way for at least [`LOOK_EVERY`].
    pub(crate) fn watch(nudge: impl Fn() + Send + 'static) -> Self {
        let shared = Arc::new(Shared::default());
        let thread = thread::Builder::new().name("log-stalled-flush".into()).spawn({
            let shared = Arc::clone(&shared);
            move || {
                while !shared.wait_for_end() {
                    if shared.is_stalled() {
                        tracing::warn!("a flush of the log takes long");
                        nudge();
                    }
                }
            }
        });
        if let Err(error) = &thread {
            tracing::warn!(%error, "nobody watches for a stalled flush of the log");
        }
        Self { shared, thread: thread.ok() }
    }

    /// Runs a flush under watch.
    pub(crate) fn during<T>(&self, flush: impl FnOnce() -> T) -> T {
        self.shared.note(Some(Instant::now()));
        let result = flush();
        self.shared.note(None);
        result
    }
}

impl Shared {
    fn note(&self, since: Option<Instant>) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).since = since;
    }

    fn is_stalled(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.since.is_some_and(|since| since.elapsed() >= LOOK_EVERY)
    }

    fn wait_for_end(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.ended.wait_timeout_while(state, LOOK_EVERY, |state| !state.ended);
        waited.unwrap_or_else(PoisonError::into_inner).0.ended
    }
}

impl Drop for StalledFlush {
    fn drop(&mut self) {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
        self.shared.ended.notify_all();
        if let Some(thread) = self.thread.take() {
            // It panics nowhere of its own accord; there is nothing to report from it.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::StalledFlush;

    #[test]
    fn a_flush_that_waits_for_ever_is_nudged() {
        let (nudge, nudged) = channel();
        let watch = StalledFlush::watch(move || nudge.send(()).unwrap());
        watch.during(|| nudged.recv_timeout(Duration::from_secs(10)).unwrap());
        drop(watch);
        assert!(nudged.recv().is_err(), "the thread has ended");
    }
}
