//! What the benches share: sizes from the environment, a place on disk, the comparator, and the table.
//!
//! | Variable | Meaning | Default |
//! |---|---|---|
//! | `KRONIEK_BENCH_DIR` | where the data goes; it must be a real disk | the system's temporary folder |
//! | `KRONIEK_BENCH_DATA` | a data directory that is made once and kept, for `rebuild` and `http` | made anew, removed |
//! | `KRONIEK_BENCH_COMMITS` | commits of the big log | 1,000,000 |
//! | `KRONIEK_BENCH_SECONDS` | length of one round | 3 |
//! | `KRONIEK_BENCH_ROUNDS` | rounds per figure, of which the median counts | 3 |

pub(crate) mod bare;
pub(crate) mod client;
pub(crate) mod plain;
pub(crate) mod queue;
pub(crate) mod story;
pub(crate) mod table;
pub(crate) mod workload;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kroniek::engine::Engine;
use mimalloc::MiMalloc;

/// The binary's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A number from the environment.
pub(crate) fn number(variable: &str, default: u64) -> Outcome<u64> {
    match std::env::var(variable) {
        Ok(text) => text.parse().map_err(|_| format!("{variable}={text} is not a number").into()),
        Err(_) => Ok(default),
    }
}

/// Commits of the big log.
pub(crate) fn commits() -> Outcome<u64> {
    number("KRONIEK_BENCH_COMMITS", 1_000_000)
}

/// Length of one round.
pub(crate) fn round() -> Outcome<Duration> {
    Ok(Duration::from_secs(number("KRONIEK_BENCH_SECONDS", 3)?))
}

/// How often a figure is taken.
pub(crate) fn rounds() -> Outcome<u64> {
    Ok(number("KRONIEK_BENCH_ROUNDS", 3)?.max(1))
}

/// A folder for the data of one bench, removed in the end unless it is to be kept.
pub(crate) struct Place {
    path: PathBuf,
    keep: bool,
}

impl Place {
    /// A new folder that is removed in the end.
    pub(crate) fn fresh(name: &str) -> Outcome<Self> {
        let parent = std::env::var_os("KRONIEK_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
        let path = parent.join(format!("kroniek-bench-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self { path, keep: false })
    }

    /// The folder that `KRONIEK_BENCH_DATA` names, or a new one.
    pub(crate) fn kept_or_fresh(name: &str) -> Outcome<Self> {
        match std::env::var_os("KRONIEK_BENCH_DATA") {
            Some(path) => Ok(Self { path: path.into(), keep: true }),
            None => Self::fresh(name),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.keep
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            eprintln!("{} stays behind: {error}", self.path.display());
        }
    }
}

/// Opens a data directory with the settings that `serve` has.
pub(crate) fn open(dir: &Path) -> Outcome<Engine> {
    Ok(Engine::open(dir, &kroniek::Options::default(), &mut |_| {})?)
}

pub(crate) fn runtime() -> Outcome<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// A count as a figure; the counts of the benches are far below where that loses anything.
#[expect(clippy::cast_precision_loss, reason = "a count of some millions is exact")]
pub(crate) fn figure(count: u64) -> f64 {
    count as f64
}

/// The median of some figures, which are never none.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
