use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tempfile::tempdir;

use super::{append_one, open, options, read_all};
use crate::sled_store::SyncFile;
use crate::{AppendFault, CloseFault, Log, NewCommit, WriteState, verify};

#[test]
fn an_answer_never_leaves_before_the_sync() {
    let dir = tempdir().unwrap();
    let held = Arc::new(AtomicBool::new(false));
    let (reached, at_sync) = channel();
    let (release, released) = channel();
    let (reached, released) = (Mutex::new(reached), Mutex::new(released));
    let holding = Arc::clone(&held);
    let sync_file: SyncFile = Arc::new(move |file| {
        if holding.load(Ordering::SeqCst) {
            reached.lock().unwrap().send(()).unwrap();
            released.lock().unwrap().recv().unwrap();
        }
        file.sync_data()
    });
    let log = Log::open_with_sync(dir.path(), &options(), &sync_file).unwrap();
    append_one(&log);
    held.store(true, Ordering::SeqCst);
    thread::scope(|scope| {
        let writer = scope.spawn(|| append_one(&log));
        at_sync.recv().unwrap();
        // Written and flushed, but not synced: nobody may see it.
        thread::sleep(Duration::from_millis(50));
        assert!(!writer.is_finished());
        assert_eq!(log.head().position, 1);
        assert_eq!(read_all(&log).len(), 1);
        assert_eq!(log.read_one(2).unwrap(), None);
        assert_eq!(log.tail().wait_past(1, Duration::ZERO).position, 1);
        release.send(()).unwrap();
        assert_eq!(writer.join().unwrap().position, 2);
    });
    held.store(false, Ordering::SeqCst);
    assert_eq!(read_all(&log).len(), 2);
}

#[test]
fn one_group_is_one_sync() {
    let dir = tempdir().unwrap();
    let syncs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&syncs);
    let sync_file: SyncFile = Arc::new(move |file| {
        counter.fetch_add(1, Ordering::SeqCst);
        file.sync_data()
    });
    let log = Log::open_with_sync(dir.path(), &options(), &sync_file).unwrap();
    let before = syncs.load(Ordering::SeqCst);
    super::append_group(&log, &[1000; 300]);
    assert_eq!(syncs.load(Ordering::SeqCst), before + 1);
}

#[test]
fn after_a_failed_sync_nothing_is_written_again() {
    let dir = tempdir().unwrap();
    let (fails, calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (failing, counter) = (Arc::clone(&fails), Arc::clone(&calls));
    let sync_file: SyncFile = Arc::new(move |file| {
        counter.fetch_add(1, Ordering::SeqCst);
        if failing.load(Ordering::SeqCst) {
            Err(io::Error::other("the disk is gone"))
        } else {
            file.sync_data()
        }
    });
    let log = Log::open_with_sync(dir.path(), &options(), &sync_file).unwrap();
    let head = append_one(&log);
    let commit = [NewCommit { time_us: 2, body: b"lost?" }];

    fails.store(true, Ordering::SeqCst);
    let fault = log.append(1, &commit).unwrap_err();
    assert!(matches!(fault, AppendFault::Io { .. }), "{fault}");
    assert!(matches!(log.state(), WriteState::Poisoned { .. }));

    // The disk is back, but what the kernel has dropped does not come back with it.
    fails.store(false, Ordering::SeqCst);
    let syncs = calls.load(Ordering::SeqCst);
    let fault = log.append(1, &commit).unwrap_err();
    assert!(matches!(&fault, AppendFault::Poisoned { why } if why.contains("the disk is gone")), "{fault}");
    assert_eq!(calls.load(Ordering::SeqCst), syncs, "no second sync");

    // Reads go on, up to what was acknowledged.
    assert_eq!(log.head(), head);
    assert_eq!(read_all(&log).len(), 1);
    assert!(log.read_one(1).unwrap().is_some());
    assert!(matches!(log.close(), Err(CloseFault::Poisoned { .. })));

    // The outcome of the failed group is open, but the log is whole.
    let log = open(dir.path());
    assert!((1..=2).contains(&log.head().position));
    verify(&log, &mut |_, _| {}).unwrap();
    append_one(&log);
}

#[test]
fn a_disk_that_fills_up_during_the_sync_ends_writing_but_not_reading() {
    let dir = tempdir().unwrap();
    let fails = Arc::new(AtomicBool::new(false));
    let failing = Arc::clone(&fails);
    let sync_file: SyncFile = Arc::new(move |file| {
        if failing.load(Ordering::SeqCst) { Err(io::ErrorKind::StorageFull.into()) } else { file.sync_data() }
    });
    let options = crate::Options { reserve_bytes: 1024 * 1024, ..options() };
    let log = Log::open_with_sync(dir.path(), &options, &sync_file).unwrap();
    append_one(&log);
    assert_eq!(std::fs::metadata(dir.path().join("reserve")).unwrap().len(), options.reserve_bytes);
    fails.store(true, Ordering::SeqCst);
    let fault = log.append(1, &[NewCommit { time_us: 2, body: b"?" }]).unwrap_err();
    assert!(matches!(fault, AppendFault::StorageFull { reopen: true }), "{fault}");
    assert!(!dir.path().join("reserve").exists(), "the reserve is given up");
    fails.store(false, Ordering::SeqCst);
    let fault = log.append(1, &[NewCommit { time_us: 2, body: b"?" }]).unwrap_err();
    assert!(matches!(fault, AppendFault::StorageFull { reopen: true }), "{fault}");
    assert_eq!(read_all(&log).len(), 1);
    log.close().unwrap();

    let log = Log::open(dir.path(), &options).unwrap();
    assert!(dir.path().join("reserve").exists(), "the reserve is back");
    append_one(&log);
}

#[test]
fn a_writer_that_waits_is_told_and_a_closed_log_lets_it_go() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    let tail = log.tail();
    let waiter = thread::spawn({
        let tail = tail.clone();
        move || tail.wait_past(0, Duration::from_secs(20)).position
    });
    append_one(&log);
    assert_eq!(waiter.join().unwrap(), 1);
    let waiter = thread::spawn(move || tail.wait_past(1, Duration::from_secs(20)).position);
    thread::sleep(Duration::from_millis(20));
    let started = std::time::Instant::now();
    log.close().unwrap();
    assert_eq!(waiter.join().unwrap(), 1);
    assert!(started.elapsed() < Duration::from_secs(10));
}
