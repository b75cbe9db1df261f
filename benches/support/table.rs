//! One small table per bench: what, our figure, the comparator's in the same run, the ratio, the target.

use std::time::Duration;

/// Rows that are printed as they come, so that a long bench shows how far it is.
pub(crate) struct Table {
    missed: u32,
}

impl Table {
    pub(crate) fn new(comparator: &str) -> Self {
        println!("{:<46} {:>12} {:>12} {:>6}  target", "what", "kroniek", comparator, "ratio");
        Self { missed: 0 }
    }

    /// Our rate beside the comparator's; the ratio is to be at least `target`.
    pub(crate) fn ratio(&mut self, what: &str, ours: f64, theirs: f64, target: f64) {
        let ratio = ours / theirs;
        let verdict = self.verdict(ratio >= target);
        println!("{what:<46} {ours:>10.0}/s {theirs:>10.0}/s {ratio:>6.2}  >= {target:.2} {verdict}");
    }

    /// Another's rate beside the comparator's, for scale.
    pub(crate) fn scale(what: &str, rate: f64, theirs: f64) {
        println!("{what:<46} {rate:>10.0}/s {theirs:>10.0}/s {:>6.2}  for scale", rate / theirs);
    }

    /// A rate that is to be at least `target`.
    pub(crate) fn rate(&mut self, what: &str, ours: f64, target: f64) {
        let verdict = self.verdict(ours >= target);
        println!("{what:<46} {ours:>10.0}/s {:>12} {:>6}  >= {target:.0}/s {verdict}", "", "");
    }

    /// A time that is to be at most `target`.
    pub(crate) fn time(&mut self, what: &str, ours: Duration, target: Duration) {
        let verdict = self.verdict(ours <= target);
        let ours = format!("{ours:.2?}");
        println!("{what:<46} {ours:>12} {:>12} {:>6}  <= {target:?} {verdict}", "", "");
    }

    fn verdict(&mut self, reached: bool) -> &'static str {
        if reached {
            "ok"
        } else {
            self.missed += 1;
            "MISSED"
        }
    }

    /// Says what the table came to.
    pub(crate) fn end(self) {
        match self.missed {
            0 => println!("all targets are reached"),
            missed => println!("{missed} missed: was the machine quiet, and the disk a real one?"),
        }
    }
}
