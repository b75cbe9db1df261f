use std::sync::Arc;
use std::thread;

use tempfile::tempdir;

use super::{append_group, append_one, open, options, read_all};
use crate::{AppendFault, GENESIS_HASH, Log, NewCommit, Options, WriteState, verify};

#[test]
fn a_second_writer_loses_and_stores_nothing() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    append_one(&log);
    let late = NewCommit { time_us: 50, body: b"decided on an old head" };
    let fault = log.append(0, &[late]).unwrap_err();
    assert!(matches!(fault, AppendFault::Conflict { expected: 0, actual: 1 }), "{fault}");
    let early = log.append(7, &[late]).unwrap_err();
    assert!(matches!(early, AppendFault::Conflict { expected: 7, actual: 1 }), "{early}");
    assert_eq!(read_all(&log).len(), 1);
    assert_eq!(log.state(), WriteState::Writable);
    log.append(1, &[late]).unwrap();
}

#[test]
fn writers_at_the_same_time_never_share_a_position() {
    let dir = tempdir().unwrap();
    let log = Arc::new(open(dir.path()));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut won = 0;
                while won < 10 {
                    let head = log.head();
                    let time_us = head.time_us.max(0) + 1;
                    match log.append(head.position, &[NewCommit { time_us, body: b"mine" }]) {
                        Ok(_) => won += 1,
                        Err(AppendFault::Conflict { .. }) => {}
                        Err(fault) => panic!("{fault}"),
                    }
                }
            });
        }
    });
    assert_eq!(verify(&log, &mut |_, _| {}).unwrap().commits, 40);
}

#[test]
fn a_time_that_does_not_increase_is_refused() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    log.append(0, &[NewCommit { time_us: 10, body: b"" }]).unwrap();
    let same = log.append(1, &[NewCommit { time_us: 10, body: b"" }]).unwrap_err();
    assert!(
        matches!(same, AppendFault::TimeNotIncreasing { position: 2, time_us: 10, previous_us: 10 }),
        "{same}"
    );
    let within = [NewCommit { time_us: 12, body: b"" }, NewCommit { time_us: 11, body: b"" }];
    let fault = log.append(1, &within).unwrap_err();
    assert!(matches!(fault, AppendFault::TimeNotIncreasing { position: 3, .. }), "{fault}");
    assert_eq!(log.head().position, 1);
}

#[test]
fn what_is_too_large_is_refused_before_anything_is_stored() {
    let dir = tempdir().unwrap();
    let log = Log::open(dir.path(), &Options { max_commit_bytes: 1000, max_group_bytes: 1500, ..options() })
        .unwrap();
    let large = vec![0; 1001];
    let commits = [NewCommit { time_us: 1, body: b"small" }, NewCommit { time_us: 2, body: &large }];
    let fault = log.append(0, &commits).unwrap_err();
    assert!(matches!(fault, AppendFault::TooLarge { bytes: 1001, limit: 1000 }), "{fault}");
    let commits = [1, 2].map(|time_us| NewCommit { time_us, body: &large[..1000] });
    let fault = log.append(0, &commits).unwrap_err();
    assert!(matches!(fault, AppendFault::TooLarge { limit: 1500, .. }), "{fault}");
    assert_eq!(log.head().position, 0);
    log.append(0, &commits[..1]).unwrap();
}

#[test]
fn an_empty_group_is_no_commit() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    assert_eq!(log.append(99, &[]).unwrap(), log.head());
    let head = append_one(&log);
    assert_eq!(log.append(0, &[]).unwrap(), head);
    assert_eq!(read_all(&log).len(), 1);
}

#[test]
fn the_chain_starts_at_genesis_and_breaks_nowhere() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    append_group(&log, &[10, 0, 200]);
    append_group(&log, &[70_000, 5]);
    log.close().unwrap();
    let log = open(dir.path());
    append_one(&log);
    let commits = read_all(&log);
    assert_eq!(commits[0].prev_hash, GENESIS_HASH);
    for pair in commits.windows(2) {
        assert_eq!(pair[1].prev_hash, pair[0].hash);
        assert_eq!(pair[1].position, pair[0].position + 1);
    }
    assert_eq!(commits.last().unwrap().as_head(), log.head());
}

/// The bytes on disk and their hash are a promise: another engine and another version must compute the same.
#[test]
fn the_hash_of_a_commit_never_changes() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    let head = log.append(0, &[NewCommit { time_us: 1_700_000_000_000_000, body: b"kroniek" }]).unwrap();
    // What sha256sum says of the bytes 0000000000000001 00060a24181e4000, 32 zeros, and "kroniek".
    let golden = "a26d876f633b49306a15070af784f44446439d97a90b953a1642f38a1aa8af4c";
    assert_eq!(head.hash.map(|byte| format!("{byte:02x}")).concat(), golden);
}
