use std::fs;
use std::thread;

use tempfile::tempdir;

use super::{append_one, open, options};
use crate::{Log, OpenFault};

#[test]
fn a_newer_format_is_refused() {
    let dir = tempdir().unwrap();
    open(dir.path()).close().unwrap();
    fs::write(dir.path().join("FORMAT"), "7\n").unwrap();
    let fault = Log::open(dir.path(), &options()).err().unwrap();
    assert!(matches!(fault, OpenFault::NewerFormat { found: 7, known: 1, .. }), "{fault}");
    let message = fault.to_string();
    assert!(message.contains("format 7") && message.contains("up to 1"), "{message}");
}

#[test]
fn an_unreadable_or_missing_format_is_refused() {
    let dir = tempdir().unwrap();
    open(dir.path()).close().unwrap();
    let path = dir.path().join("FORMAT");
    for content in [&b""[..], b"one", b"0", b"-1", b"99999999999999999999", &[0xff, 0xfe]] {
        fs::write(&path, content).unwrap();
        let fault = Log::open(dir.path(), &options()).err().unwrap();
        assert!(matches!(fault, OpenFault::NotALog { .. }), "{fault}");
    }
    fs::remove_file(&path).unwrap();
    let fault = Log::open(dir.path(), &options()).err().unwrap();
    assert!(matches!(fault, OpenFault::NotALog { .. }), "{fault}");
}

#[test]
fn a_blob_is_an_error_and_not_a_hope() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    append_one(&log);
    log.close().unwrap();
    // sled removes blobs that are newer than its log; an old one stays.
    fs::write(dir.path().join("blobs").join("1"), b"never synced").unwrap();
    let fault = Log::open(dir.path(), &options()).err().unwrap();
    assert!(matches!(fault, OpenFault::BlobsNotEmpty { .. }), "{fault}");
}

#[test]
fn a_second_handle_is_refused_until_the_first_is_gone() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    let fault = Log::open(dir.path(), &options()).err().unwrap();
    let message = fault.to_string();
    assert!(message.contains("lock") && message.contains(&std::process::id().to_string()), "{message}");
    let reader = log.read(1);
    log.close().unwrap();
    assert!(matches!(Log::open(dir.path(), &options()), Err(OpenFault::Locked { .. })), "a reader holds it");
    drop(reader);
    open(dir.path());
}

#[test]
fn closing_and_opening_at_once_never_meets_a_left_over_lock() {
    let dir = tempdir().unwrap();
    for expected in 0..20 {
        let log = open(dir.path());
        assert_eq!(log.head().position, expected);
        append_one(&log);
        if expected % 2 == 0 {
            log.close().unwrap();
        }
    }
}

#[test]
fn a_log_is_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    fn sent<T: Send + 'static>(_: &T) {}
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    shared(&log);
    shared(&log.tail());
    sent(&log.read(1));
    append_one(&log);
    let reader = log.read(1);
    assert_eq!(thread::spawn(move || reader.count()).join().unwrap(), 1);
}
