use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tempfile::tempdir;

use super::{append_group, append_one, open};
use crate::verify;

#[test]
fn reading_starts_exactly_where_it_is_asked_to() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    append_group(&log, &[1000; 100]);
    append_group(&log, &[130_000]);
    append_group(&log, &[10; 3]);
    for from in [0, 1, 2, 55, 60, 100, 101, 102, 104, 105, u64::MAX] {
        let positions: Vec<_> = log.read(from).map(|commit| commit.unwrap().position).collect();
        assert_eq!(positions, (from.max(1)..=104).collect::<Vec<_>>(), "from {from}");
    }
    assert_eq!(log.read_one(0).unwrap(), None);
    assert_eq!(log.read_one(105).unwrap(), None);
    assert_eq!(log.read_one(u64::MAX).unwrap(), None);
}

#[test]
fn a_reader_ends_at_the_head_it_began_with() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    append_group(&log, &[10; 3]);
    let mut reader = log.read(2);
    append_one(&log);
    assert_eq!(reader.by_ref().count(), 2);
    assert!(reader.next().is_none());
}

#[test]
fn reading_beside_the_writer_never_sees_half_a_group() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let count = log.read(1).map(Result::unwrap).count();
                    assert_eq!(count % 7, 0, "groups of seven");
                }
            });
        }
        for _ in 0..60 {
            append_group(&log, &[900, 10, 70_000, 0, 5000, 20, 1]);
        }
        done.store(true, Ordering::Relaxed);
    });
    let mut reports = Vec::new();
    verify(&log, &mut |at, of| reports.push((at, of))).unwrap();
    assert_eq!(reports.last(), Some(&(420, 420)));
}
