use std::fs;
use std::path::Path;

use tempfile::tempdir;

use super::{append_group, append_one, open, options};
use crate::{Damage, Log, NewCommit, OpenFault, Options, verify};

/// A log with an older state of sled's files under a newer head mark: what a cut tail amounts to.
fn roll_back_engine(dir: &Path, before: &Path) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name == "db" || name == "conf" || name.starts_with("snap.") {
            fs::remove_file(path).unwrap();
        }
    }
    copy_engine(before, dir);
}

fn copy_engine(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name == "db" || name == "conf" || name.starts_with("snap.") {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

#[test]
fn a_cut_tail_below_the_head_mark_is_refused() {
    let (dir, before) = (tempdir().unwrap(), tempdir().unwrap());
    let log = open(dir.path());
    append_group(&log, &[100; 5]);
    log.close().unwrap();
    copy_engine(dir.path(), before.path());
    let log = open(dir.path());
    append_group(&log, &[100; 3]);
    log.close().unwrap();
    roll_back_engine(dir.path(), before.path());
    match Log::open(dir.path(), &options()) {
        Err(fault @ OpenFault::BehindHeadMark { found: 5, marked: 8, .. }) => {
            let message = fault.to_string();
            assert!(message.contains("db") && message.contains("backup"), "{message}");
        }
        other => panic!("{:?}", other.err()),
    }
}

#[test]
fn a_log_that_vanished_is_not_taken_for_a_new_one() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    append_one(&log);
    log.close().unwrap();
    for entry in fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == "db" || name.starts_with("snap.") {
            fs::remove_file(path).unwrap();
        }
    }
    let fault = Log::open(dir.path(), &options()).err().unwrap();
    assert!(matches!(fault, OpenFault::BehindHeadMark { found: 0, marked: 1, .. }), "{fault}");
}

#[test]
fn another_history_of_the_same_length_is_refused() {
    let (dir, other) = (tempdir().unwrap(), tempdir().unwrap());
    for (dir, content) in [(&dir, b"one"), (&other, b"two")] {
        let log = open(dir.path());
        log.append(0, &[NewCommit { time_us: 1, body: content }]).unwrap();
        log.close().unwrap();
    }
    roll_back_engine(dir.path(), other.path());
    let fault = Log::open(dir.path(), &options()).err().unwrap();
    assert!(matches!(fault, OpenFault::HeadMarkDisagrees { position: 1, .. }), "{fault}");
}

#[test]
fn a_lost_head_mark_is_accepted_only_in_so_many_words() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    append_one(&log);
    log.close().unwrap();
    let path = dir.path().join("head-mark");
    for damage in [None, Some(vec![]), Some(vec![0xff; 4148])] {
        match damage {
            None => fs::remove_file(&path).unwrap(),
            Some(bytes) => fs::write(&path, bytes).unwrap(),
        }
        let fault = Log::open(dir.path(), &options()).err().unwrap();
        assert!(matches!(fault, OpenFault::HeadMarkLost { .. }), "{fault}");
        let log = Log::open(dir.path(), &Options { accept_lost_head_mark: true, ..options() }).unwrap();
        assert_eq!(verify(&log, &mut |_, _| {}).unwrap().commits, 1);
        log.close().unwrap();
        open(dir.path()).close().unwrap();
    }
}

#[test]
fn a_torn_write_of_the_mark_leaves_the_other_slot() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    for _ in 0..4 {
        append_one(&log);
    }
    log.close().unwrap();
    let path = dir.path().join("head-mark");
    let whole = fs::read(&path).unwrap();
    for slot in [0, 4096] {
        let mut torn = whole.clone();
        torn[slot + 20] ^= 1;
        fs::write(&path, torn).unwrap();
        let log = open(dir.path());
        assert_eq!(log.head().position, 4);
    }
}

#[test]
fn a_mark_that_lags_after_a_power_cut_is_caught_up() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("head-mark");
    let log = open(dir.path());
    append_one(&log);
    let lagging = fs::read(&path).unwrap();
    append_group(&log, &[10; 4]);
    log.close().unwrap();
    fs::write(&path, lagging).unwrap();
    let log = open(dir.path());
    assert_eq!(log.head().position, 5);
    verify(&log, &mut |_, _| {}).unwrap();
}

#[test]
fn verify_notices_a_mark_that_was_changed_under_an_open_log() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    append_one(&log);
    append_one(&log);
    verify(&log, &mut |_, _| {}).unwrap();
    fs::write(dir.path().join("head-mark"), [0; 4148]).unwrap();
    let bad = verify(&log, &mut |_, _| {}).unwrap_err();
    assert_eq!((bad.position, bad.why), (2, Damage::HeadMark));
}
