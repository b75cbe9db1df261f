use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::tempdir;

use super::{append_one, open, options, read_all};
use crate::{AppendFault, Log, NewCommit, Options, WriteState, verify};

const MEGABYTE: u64 = 1024 * 1024;

/// A small file system of its own, unmounted at the end. `None`, said in a line, where that is not allowed.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(megabytes: u64) -> Option<Self> {
        let dir = tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(dir.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if mounted {
            return Some(Self(dir));
        }
        println!("passed over: a small tmpfs cannot be mounted here");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

/// Appends until it is refused; returns the last acknowledged position and the fault.
fn fill(log: &Log) -> (u64, AppendFault) {
    let body = vec![0x5a; 200_000];
    loop {
        let head = log.head();
        let commit = NewCommit { time_us: head.time_us.max(0) + 1, body: &body };
        if let Err(fault) = log.append(head.position, &[commit]) {
            return (head.position, fault);
        }
    }
}

#[test]
fn a_disk_with_too_little_space_refuses_and_recovers_on_the_same_handle() {
    let Some(disk) = SmallDisk::mount(96) else { return };
    let log = Log::open(
        &disk.path().join("log"),
        &Options { reserve_bytes: 8 * MEGABYTE, min_free_bytes: 20 * MEGABYTE, ..options() },
    )
    .unwrap();
    append_one(&log);
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![1; usize::try_from(50 * MEGABYTE).unwrap()]).unwrap();
    let (acknowledged, fault) = fill(&log);
    assert!(matches!(fault, AppendFault::StorageFull { reopen: false }), "{fault}");
    assert_eq!(log.state(), WriteState::StorageFull { reopen: false });
    assert_eq!(read_all(&log).len() as u64, acknowledged);
    fs::remove_file(ballast).unwrap();
    assert_eq!(log.state(), WriteState::Writable, "told before anybody writes again");
    let time_us = log.head().time_us + 1;
    log.append(acknowledged, &[NewCommit { time_us, body: b"space again" }]).unwrap();
    assert_eq!(log.state(), WriteState::Writable);
    verify(&log, &mut |_, _| {}).unwrap();
}

#[test]
fn a_disk_that_fills_up_in_the_middle_of_a_write_loses_nothing_acknowledged() {
    let Some(disk) = SmallDisk::mount(96) else { return };
    let dir = disk.path().join("log");
    let options = Options { reserve_bytes: 24 * MEGABYTE, ..options() };
    let log = Log::open(&dir, &options).unwrap();
    let (acknowledged, fault) = fill(&log);
    assert!(acknowledged > 10);
    assert!(matches!(fault, AppendFault::StorageFull { reopen: true }), "{fault}");
    assert!(!dir.join("reserve").exists(), "the reserve is given up");
    assert_eq!(read_all(&log).len() as u64, acknowledged);
    assert!(log.read_one(acknowledged).unwrap().is_some());
    drop(log);

    // Still full, but for the reserve that was given up: it opens and reads.
    let log = Log::open(&dir, &options).unwrap();
    assert!(log.head().position >= acknowledged);
    let verified = verify(&log, &mut |_, _| {}).unwrap();
    assert!(verified.commits >= acknowledged);
}

#[test]
fn a_full_disk_gives_up_the_reserve_to_open() {
    let Some(disk) = SmallDisk::mount(96) else { return };
    let dir = disk.path().join("log");
    let options = Options { reserve_bytes: 24 * MEGABYTE, ..options() };
    let log = Log::open(&dir, &options).unwrap();
    append_one(&log);
    drop(log);
    // Something else takes the last byte.
    let mut ballast = fs::File::create(disk.path().join("ballast")).unwrap();
    while std::io::Write::write_all(&mut ballast, &[1; 4096]).is_ok() {}
    let log = Log::open(&dir, &options).unwrap();
    assert_eq!(read_all(&log).len(), 1);
}

#[test]
fn the_reserve_is_real_blocks() {
    use std::os::unix::fs::MetadataExt as _;
    let dir = tempdir().unwrap();
    let log = Log::open(dir.path(), &Options { reserve_bytes: 2 * MEGABYTE, ..options() }).unwrap();
    let reserve = fs::metadata(dir.path().join("reserve")).unwrap();
    assert_eq!(reserve.len(), 2 * MEGABYTE);
    assert!(reserve.blocks() * 512 >= 2 * MEGABYTE);
    log.close().unwrap();
    open(dir.path()).close().unwrap();
    assert!(!dir.path().join("reserve").exists(), "none is wanted any more");
}
