use std::fs;

use proptest::prelude::*;
use tempfile::tempdir;

use super::{append_group, append_one, body, open, options, read_all};
use crate::format::{self, VALUE_LIMIT};
use crate::{Damage, Head, Log, NewCommit, OpenFault, verify};

/// A commit that exactly fills a value, and its neighbours.
const EXACT: usize = VALUE_LIMIT - 40 - 44 - 48;

#[test]
fn no_size_around_the_limits_is_misread() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    let sizes = [
        0,
        1,
        EXACT - 1,
        EXACT,
        EXACT + 1,
        EXACT * 2,
        EXACT + VALUE_LIMIT - 40,
        EXACT + VALUE_LIMIT - 39,
        3,
        900_000,
    ];
    for size in sizes {
        append_group(&log, &[size]);
    }
    append_group(&log, &sizes);
    log.close().unwrap();
    let log = open(dir.path());
    let commits = read_all(&log);
    for (commit, size) in commits.iter().zip(sizes.iter().chain(&sizes)) {
        assert!(commit.body == body(commit.position, *size), "size {size}");
        assert_eq!(log.read_one(commit.position).unwrap().as_ref(), Some(commit));
    }
    assert_eq!(commits.len(), sizes.len() * 2);
    verify(&log, &mut |_, _| {}).unwrap();
    assert_eq!(fs::read_dir(dir.path().join("blobs")).unwrap().count(), 0);
}

#[test]
fn no_value_is_ever_larger_than_the_engine_keeps_in_its_file() {
    let large = vec![7; 300_000];
    let sizes = [100, EXACT, EXACT + 1, 200_000, 0];
    let commits: Vec<_> =
        sizes.iter().zip(1..).map(|(size, time_us)| NewCommit { time_us, body: &large[..*size] }).collect();
    let (values, head) = format::encode_group(Head::EMPTY, &commits, usize::MAX, usize::MAX).unwrap();
    assert_eq!(head.position, 5);
    assert!(values.iter().all(|value| value.bytes.len() <= VALUE_LIMIT));
    assert!(values.is_sorted_by_key(|value| format::key(value.first, value.part)));
}

#[test]
fn a_commit_larger_than_a_value_is_whole_or_absent() {
    let large = body(2, 250_000);
    for lost in 1..5 {
        let dir = tempdir().unwrap();
        let log = open(dir.path());
        let head = append_one(&log);
        log.close().unwrap();
        // The group as it would be if its last values had not reached the disk and the engine had not noticed.
        let commits = [NewCommit { time_us: 2, body: &large }];
        let (mut values, _) = format::encode_group(head, &commits, usize::MAX, usize::MAX).unwrap();
        assert_eq!(values.len(), 5);
        values.truncate(5 - lost);
        put_beside(dir.path(), values);

        let log = open(dir.path());
        assert_eq!(log.head(), head, "the incomplete commit does not count");
        assert_eq!(read_all(&log).len(), 1);
        append_group(&log, &[250_000, 10]);
        log.close().unwrap();
        let log = open(dir.path());
        assert_eq!(verify(&log, &mut |_, _| {}).unwrap().commits, 3);
    }
}

#[test]
fn a_group_is_whole_or_absent() {
    let dir = tempdir().unwrap();
    let log = open(dir.path());
    let head = append_one(&log);
    log.close().unwrap();
    let content = body(2, 1000);
    let commits: Vec<_> = (2..=200).map(|time_us| NewCommit { time_us, body: &content }).collect();
    let (mut values, _) = format::encode_group(head, &commits, usize::MAX, usize::MAX).unwrap();
    assert!(values.len() > 2);
    values.pop();
    put_beside(dir.path(), values);
    let log = open(dir.path());
    assert_eq!(log.head(), head);
    log.close().unwrap();
    assert_eq!(open(dir.path()).head(), head);
}

#[test]
fn a_hole_in_the_last_group_is_damage_and_not_an_unfinished_group() {
    let dir = tempdir().unwrap();
    open(dir.path()).close().unwrap();
    let content = body(1, 20_000);
    let commits: Vec<_> = (1..=10).map(|time_us| NewCommit { time_us, body: &content }).collect();
    let (mut values, _) = format::encode_group(Head::EMPTY, &commits, usize::MAX, usize::MAX).unwrap();
    assert_eq!(values.remove(1).first, 4);
    put_beside(dir.path(), values);
    match Log::open(dir.path(), &options()) {
        Err(OpenFault::Damaged { bad, .. }) => assert_eq!((bad.position, bad.why), (4, Damage::Missing)),
        other => panic!("{:?}", other.err()),
    }
}

#[test]
fn a_missing_part_of_an_acknowledged_commit_is_named() {
    let large = body(1, 250_000);
    let commits = [NewCommit { time_us: 1, body: &large }];
    let (values, _) = format::encode_group(Head::EMPTY, &commits, usize::MAX, usize::MAX).unwrap();
    let header = format::Header::parse(&values[0].bytes, 1, 0).unwrap();
    let read = |without: u32| {
        format::decode_parts(&values[0].bytes, &header, |part| {
            Ok((part != without).then(|| &values[part as usize].bytes))
        })
    };
    assert_eq!(read(9).unwrap().body, large);
    assert_eq!(read(3).unwrap_err(), Damage::MissingPart { part: 3, parts: 5 });
}

/// Writes values past the log, as an engine that loses some of a batch would.
fn put_beside(dir: &std::path::Path, values: Vec<format::Value>) {
    let sync_file: crate::sled_store::SyncFile = std::sync::Arc::new(std::fs::File::sync_data);
    let store = crate::sled_store::SledStore::open(dir, 1024 * 1024, sync_file).unwrap();
    store.append(values).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_is_appended_is_what_is_read(
        groups in prop::collection::vec(
            prop::collection::vec(prop_oneof![4 => 0_usize..2000, 1 => 50_000_usize..200_000], 1..12), 1..6),
        reopen_after in 0_usize..6,
    ) {
        let dir = tempdir().unwrap();
        let mut log = open(dir.path());
        for (index, sizes) in groups.iter().enumerate() {
            append_group(&log, sizes);
            if index == reopen_after {
                log.close().unwrap();
                log = open(dir.path());
            }
        }
        let head = log.head();
        log.close().unwrap();
        let log = open(dir.path());
        prop_assert_eq!(log.head(), head);
        let sizes: Vec<_> = groups.concat();
        let commits = read_all(&log);
        prop_assert_eq!(commits.len(), sizes.len());
        for (commit, (size, position)) in commits.iter().zip(sizes.iter().zip(1..)) {
            prop_assert_eq!(commit.position, position);
            prop_assert_eq!(commit.time_us, position.cast_signed());
            prop_assert!(commit.body == body(position, *size));
        }
        prop_assert_eq!(verify(&log, &mut |_, _| {}).unwrap().head, head);
    }
}
