//! How far a long verb is: a bar on a terminal, a line for every tenth elsewhere. Always on standard error.

use super::note;
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use kroniek_engine::RebuildProgress;
use std::time::{Duration, Instant};

const BYTES: &str = "{msg} {wide_bar} {bytes}/{total_bytes} ({eta})";
const COUNT: &str = "{msg} {wide_bar} {human_pos}/{human_len} ({eta})";

/// See the module. Shown from the first report on; gone when dropped.
pub(super) struct Progress {
    what: &'static str,
    template: &'static str,
    shown: Option<Shown>,
    rebuilt: Option<RebuildProgress>,
}

struct Shown {
    bar: ProgressBar,
    tenths: u64,
    since: Instant,
}

impl Progress {
    /// Progress in bytes.
    pub(super) fn in_bytes(what: &'static str) -> Self {
        Self { what, template: BYTES, shown: None, rebuilt: None }
    }

    /// Progress in things that are counted.
    pub(super) fn in_commits(what: &'static str) -> Self {
        Self { what, template: COUNT, shown: None, rebuilt: None }
    }

    /// Progress of a rebuild, with its speed.
    pub(super) fn of_rebuild(what: &'static str) -> Self {
        Self::in_commits(what)
    }

    /// How far a rebuild came, if there was one.
    pub(super) fn rebuilt_to(&self) -> Option<RebuildProgress> {
        self.rebuilt
    }

    /// Reports how much is done.
    pub(super) fn at(&mut self, done: u64, total: u64) {
        self.report(done, total, None);
    }

    /// Reports how far a rebuild is.
    pub(super) fn rebuilt(&mut self, done: RebuildProgress) {
        self.rebuilt = Some(done);
        self.report(done.position, done.head, Some(done.events));
    }

    fn report(&mut self, done: u64, total: u64, events: Option<u64>) {
        if total == 0 {
            return;
        }
        let (what, template) = (self.what, self.template);
        let shown = self.shown.get_or_insert_with(|| Shown::new(what, template, done, total));
        let speed = events.map(|events| per_second(events, shown.since.elapsed())).filter(|speed| *speed > 0);
        let text =
            speed.map_or_else(|| what.to_owned(), |speed| format!("{what}, {} events/s", HumanCount(speed)));
        if shown.bar.is_hidden() {
            let tenths = done.saturating_mul(10) / total;
            if tenths > shown.tenths {
                shown.tenths = tenths;
                note(&format!("{text}: {}%", tenths * 10));
            }
        } else {
            shown.bar.set_length(total);
            shown.bar.set_position(done);
            shown.bar.set_message(text);
        }
    }
}

impl Shown {
    fn new(what: &'static str, template: &str, done: u64, total: u64) -> Self {
        // A template that does not parse would be a slip in this file; the default style is no reason to fail.
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        bar.set_style(style);
        bar.set_message(what);
        bar.set_position(done);
        Self { bar, tenths: done.saturating_mul(10) / total, since: Instant::now() }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(shown) = &self.shown {
            shown.bar.finish_and_clear();
        }
    }
}

/// How many a second; 0 while nothing can be said yet.
pub(super) fn per_second(count: u64, took: Duration) -> u64 {
    let per_second = (u128::from(count) * 1000).checked_div(took.as_millis()).unwrap_or(0);
    u64::try_from(per_second).unwrap_or(u64::MAX)
}
