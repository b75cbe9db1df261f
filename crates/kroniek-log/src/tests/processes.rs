//! Fears that need a second process: this test binary starts itself again.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::tempdir;

use super::{append_group, open, options};
use crate::{Log, OpenFault, verify};

const CHILD_DIR: &str = "KRONIEK_LOG_TEST_CHILD_DIR";
const CHILD_GROUPS: &str = "KRONIEK_LOG_TEST_CHILD_GROUPS";

/// Not a test by itself: what the child process runs. It appends until it is killed, or so many groups.
#[test]
fn child() {
    let Ok(dir) = std::env::var(CHILD_DIR) else { return };
    let log = open(Path::new(&dir));
    println!("acked {}", log.head().position);
    let groups = std::env::var(CHILD_GROUPS).map_or(usize::MAX, |groups| groups.parse().unwrap());
    for _ in 0..groups {
        let large = if log.head().position.is_multiple_of(5) { 150_000 } else { 300 };
        let head = append_group(&log, &[250, large, 40]);
        println!("acked {}", head.position);
    }
}

fn start_child(dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::processes::child", "--nocapture"])
        .env(CHILD_DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn acked(line: &str) -> Option<u64> {
    line.split_once("acked ").and_then(|(_, position)| position.trim().parse().ok())
}

#[test]
fn what_was_answered_survives_kill_9() {
    let dir = tempdir().unwrap();
    let mut before = 0;
    for round in 0..5 {
        let mut child = start_child(dir.path());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for _ in 0..10 + round * 7 {
            lines.next().unwrap().unwrap();
        }
        std::thread::sleep(Duration::from_millis(3 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        // The last line may have been cut by the kill, so only whole ones count.
        let answered = lines.map_while(Result::ok).filter_map(|line| acked(&line)).last().unwrap_or(before);
        let log = open(dir.path());
        let head = log.head().position;
        assert!(head >= answered, "round {round}: {answered} was answered, {head} is there");
        assert!(head > before);
        assert_eq!(head % 3, 0, "groups of three are whole");
        assert_eq!(verify(&log, &mut |_, _| {}).unwrap().commits, head);
        before = head;
        log.close().unwrap();
    }
}

#[test]
fn a_second_process_is_refused() {
    let dir = tempdir().unwrap();
    let mut child = start_child(dir.path());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while acked(&lines.next().unwrap().unwrap()).is_none() {}
    let fault = Log::open(dir.path(), &options()).err().unwrap();
    child.kill().unwrap();
    let pid = child.id().to_string();
    child.wait().unwrap();
    assert!(matches!(fault, OpenFault::Locked { .. }), "{fault}");
    let message = fault.to_string();
    assert!(message.contains(&pid) && message.contains(dir.path().to_str().unwrap()), "{message}");
    open(dir.path());
}

/// The order of the system calls, as the kernel saw them: every write to the data file is followed by an `fdatasync`
/// of it before the answer is printed.
#[test]
fn strace_sees_no_answer_before_the_fdatasync() {
    let (dir, output) = (tempdir().unwrap(), tempdir().unwrap());
    let trace = output.path().join("trace");
    let traced = Command::new("strace")
        .args(["-f", "-y", "-o"])
        .arg(&trace)
        .args(["-e", "trace=fdatasync,fsync,pwrite64,write,sync_file_range"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "tests::processes::child", "--nocapture"])
        .env(CHILD_DIR, dir.path())
        .env(CHILD_GROUPS, "40")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !traced.is_ok_and(|status| status.success()) {
        println!("passed over: strace is not there, or may not trace");
        return;
    }
    let data = format!("<{}/db>", dir.path().display());
    let (mut written, mut synced, mut answers) = (0, 0, 0);
    // The process whose sync has begun and not yet ended.
    let mut syncing = None;
    for (number, line) in std::fs::read_to_string(&trace).unwrap().lines().enumerate() {
        if line.contains("pwrite64(") && line.contains(&data) {
            written = number;
        } else if line.contains("fdatasync(") && line.contains(&data) && line.ends_with("<unfinished ...>") {
            syncing = line.split_whitespace().next();
        } else if line.contains("fdatasync(") && line.contains(&data)
            || line.contains("fdatasync resumed") && line.split_whitespace().next() == syncing
        {
            assert!(line.ends_with("= 0"), "{line}");
            (synced, syncing) = (number, None);
        } else if line.contains("write(1") && line.contains("acked ") && !line.contains("acked 0") {
            assert!(written < synced, "answered without a sync of what was written: {line}");
            (written, answers) = (number, answers + 1);
        }
    }
    assert_eq!(answers, 40);
}
