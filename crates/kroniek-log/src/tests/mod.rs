//! Each test is named after what must not happen.

mod appending;
mod damage;
mod durability;
mod full_disk;
mod head_mark;
mod large_commits;
mod opening;
mod processes;
mod reading;

use std::path::Path;

use crate::{Head, Log, NewCommit, Options, Position, StoredCommit};

/// Small and quick to set up: no reserve, and no regard for how full the disk of the machine is.
fn options() -> Options {
    Options { reserve_bytes: 0, min_free_bytes: 0, cache_bytes: 8 * 1024 * 1024, ..Options::default() }
}

fn open(dir: &Path) -> Log {
    Log::open(dir, &options()).unwrap()
}

/// A body that can be told from others of its size.
fn body(position: Position, size: usize) -> Vec<u8> {
    (0..size).map(|at| position.wrapping_mul(31).wrapping_add(at as u64 * 7).to_le_bytes()[0]).collect()
}

/// Appends one group of commits of these sizes; the time of a commit is its position.
fn append_group(log: &Log, sizes: &[usize]) -> Head {
    let head = log.head().position;
    let bodies: Vec<_> = sizes.iter().zip(head + 1..).map(|(size, position)| body(position, *size)).collect();
    let commits: Vec<_> = bodies
        .iter()
        .zip(head + 1..)
        .map(|(body, position)| NewCommit { time_us: position.cast_signed(), body })
        .collect();
    log.append(head, &commits).unwrap()
}

fn append_one(log: &Log) -> Head {
    append_group(log, &[100])
}

fn read_all(log: &Log) -> Vec<StoredCommit> {
    log.read(1).collect::<Result<_, _>>().unwrap()
}
