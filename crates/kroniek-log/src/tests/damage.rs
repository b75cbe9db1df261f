use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tempfile::{TempDir, tempdir};

use super::{append_group, body, open, options, read_all};
use crate::format::{self, Header, Value};
use crate::{Damage, Head, Log, NewCommit, OpenFault, StoredCommit, verify};

fn group(sizes: &[usize]) -> (Vec<Value>, Head) {
    let bodies: Vec<_> = sizes.iter().zip(1..).map(|(size, position)| body(position, *size)).collect();
    let commits: Vec<_> = bodies.iter().zip(1..).map(|(body, time_us)| NewCommit { time_us, body }).collect();
    format::encode_group(Head::EMPTY, &commits, usize::MAX, usize::MAX).unwrap()
}

fn decode(bytes: &[u8], position: u64) -> Result<StoredCommit, Damage> {
    Header::parse(bytes, 1, 0).and_then(|header| format::decode_whole(bytes, &header, position))
}

#[test]
fn a_flipped_byte_is_named_by_its_position() {
    let (values, _) = group(&[100, 50, 200]);
    let bytes = &values[0].bytes;
    let clean: Vec<_> = (1..=3).map(|position| decode(bytes, position).unwrap()).collect();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x40;
        let bad: Vec<_> = (1..=3).filter(|position| decode(&flipped, *position).is_err()).collect();
        // The header concerns all; an entry or the bytes of a commit only that commit: neighbours are still read.
        let expected = match at {
            0..40 => vec![1, 2, 3],
            40..172 => vec![(at as u64 - 40) / 44 + 1],
            172..320 => vec![1],
            320..418 => vec![2],
            _ => vec![3],
        };
        assert_eq!(bad, expected, "byte {at}");
        for (position, clean) in (1..).zip(&clean).filter(|(position, _)| !bad.contains(position)) {
            assert_eq!(decode(&flipped, position).as_ref(), Ok(clean));
        }
    }
}

#[test]
fn verify_names_the_first_bad_position_and_why() {
    let sizes = [100, 50, 200, 80_000, 7];
    let forge = |change: &dyn Fn(&mut Vec<Value>)| {
        let dir = tempdir().unwrap();
        open(dir.path()).close().unwrap();
        let (mut values, head) = group(&sizes);
        change(&mut values);
        // The last group is looked at when the log is opened; what is to be found by reading lies before it.
        let last = [NewCommit { time_us: 6, body: b"intact" }];
        values.extend(format::encode_group(head, &last, usize::MAX, usize::MAX).unwrap().0);
        put_beside(dir.path(), values);
        let log = open(dir.path());
        let bad = verify(&log, &mut |_, _| {}).unwrap_err();
        let fault = log.read(1).find_map(Result::err).map(|fault| fault.0);
        (bad, fault)
    };
    let (bad, fault) = forge(&|values| values[0].bytes[330] ^= 1);
    assert_eq!((bad.position, &bad.why), (2, &Damage::Checksum));
    assert_eq!(fault, Some(bad));
    let (bad, _) = forge(&|values| values[2].bytes[5000] ^= 1);
    assert_eq!((bad.position, bad.why), (4, Damage::Checksum));
    let (bad, _) = forge(&|values| drop(values.remove(2)));
    assert_eq!((bad.position, bad.why), (4, Damage::MissingPart { part: 1, parts: 2 }));
    let (bad, _) = forge(&|values| drop(values.remove(0)));
    assert_eq!((bad.position, bad.why), (1, Damage::Missing));
    let (bad, _) = forge(&|values| values[0].bytes[3] ^= 1);
    assert_eq!((bad.position, bad.why), (1, Damage::Header));
}

#[test]
fn a_rewritten_commit_with_a_correct_checksum_breaks_the_chain() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    append_group(&log, &[10]);
    append_group(&log, &[20]);
    append_group(&log, &[30]);
    let second = read_all(&log)[1].clone();
    log.close().unwrap();
    // Someone writes another second commit, correct in itself.
    let before = Head { position: 1, hash: second.prev_hash, time_us: 1 };
    let commits = [NewCommit { time_us: 2, body: b"never happened" }];
    put_beside(dir.path(), format::encode_group(before, &commits, usize::MAX, usize::MAX).unwrap().0);
    let log = open(dir.path());
    let bad = verify(&log, &mut |_, _| {}).unwrap_err();
    assert_eq!((bad.position, bad.why), (3, Damage::Chain));
}

fn put_beside(dir: &Path, values: Vec<Value>) {
    let sync_file: crate::sled_store::SyncFile = std::sync::Arc::new(fs::File::sync_data);
    let store = crate::sled_store::SledStore::open(dir, 1024 * 1024, sync_file).unwrap();
    store.append(values).unwrap();
}

fn copy(from: &Path) -> TempDir {
    let to = tempdir().unwrap();
    fs::create_dir(to.path().join("blobs")).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    to
}

/// Opens and reads everything. Whatever was done to the files: no panic comes out, and what is read without a fault is
/// what was written, all of it.
fn never_silently_less(dir: &Path, written: &[StoredCommit], what: &str) -> bool {
    let log = match Log::open(dir, &options()) {
        Ok(log) => log,
        Err(OpenFault::Locked { .. }) => panic!("{what}: locked"),
        Err(_) => return false,
    };
    assert!(log.head().position >= written.len() as u64, "{what}: commits vanished without an error");
    let read: Result<Vec<_>, _> = log.read(1).collect();
    let alone: Result<Vec<_>, _> = (1..=written.len() as u64).map(|at| log.read_one(at)).collect();
    let verified = verify(&log, &mut |_, _| {});
    if let Ok(read) = read {
        assert!(read == written, "{what}: other commits are read");
        alone.is_ok() && verified.is_ok()
    } else {
        assert!(verified.is_err(), "{what}: verify missed what reading found");
        false
    }
}

#[test]
fn a_flipped_byte_anywhere_in_the_files_is_never_silent() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    for index in 0..12 {
        append_group(&log, &[300, 40 + index, 2000]);
    }
    log.close().unwrap();
    // Part of it lies before the last snapshot of sled and part after.
    let log = open(dir.path());
    for index in 0..12 {
        append_group(&log, &[900, 70_000 * (index % 2), 10]);
    }
    let written = read_all(&log);
    log.close().unwrap();

    let (mut noticed, mut harmless) = (0, 0);
    for entry in fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !path.is_file() || name == "lock" {
            continue;
        }
        let clean = fs::read(&path).unwrap();
        let used = clean.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let rounds = if name == "db" { 120 } else { 16 };
        for round in 0..rounds.min(used) {
            let at = if round < 8 { round * 3 % used } else { used / rounds * round + round % 7 };
            let mut flipped = clean.clone();
            let Some(byte) = flipped.get_mut(at) else { continue };
            *byte ^= 1 << (round % 8);
            let damaged = copy(dir.path());
            fs::write(damaged.path().join(&name), flipped).unwrap();
            if never_silently_less(damaged.path(), &written, &format!("{name} byte {at}")) {
                harmless += 1;
            } else {
                noticed += 1;
            }
        }
    }
    println!("{noticed} flips were reported, {harmless} hit bytes that nothing depends on");
    assert!(noticed > 20);
}

#[test]
fn a_truncated_file_is_never_silent() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    for index in 0..10 {
        append_group(&log, &[300, 40 + index, 30_000]);
    }
    let written = read_all(&log);
    log.close().unwrap();
    let clean = fs::read(dir.path().join("db")).unwrap();
    for cut in 0..20 {
        let damaged = copy(dir.path());
        let kept = clean.len() * cut / 20 + cut;
        fs::write(damaged.path().join("db"), &clean[..kept]).unwrap();
        never_silently_less(damaged.path(), &written, &format!("cut to {kept}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Hostile bytes ask for no memory and no panic.
    #[test]
    fn arbitrary_bytes_are_damage_and_nothing_worse(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Header::parse(&bytes, 1, 0).is_err());
    }

    /// Even with a header whose checksum is right.
    #[test]
    fn arbitrary_lengths_under_a_good_header_are_damage(
        kind in 1_u8..3, count in any::<u32>(), first in any::<u64>(), last in any::<u64>(),
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut bytes = vec![kind, 0, 0, 0];
        bytes.extend(count.to_be_bytes());
        bytes.extend(0_u32.to_be_bytes());
        bytes.extend(first.to_be_bytes());
        bytes.extend(first.to_be_bytes());
        bytes.extend(last.to_be_bytes());
        bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
        bytes.extend(rest);
        if let Ok(header) = Header::parse(&bytes, first, 0) {
            for position in [first, header.last()] {
                prop_assert!(format::decode_whole(&bytes, &header, position).is_err());
                prop_assert!(format::decode_parts(&bytes, &header, |_| Ok(Some(&bytes))).is_err());
            }
        }
    }
}
