//! Files that only change on purpose: the printed schema, and a log directory that every later version must open.

use kroniek::domain::{ContactId, CustomerId};
use kroniek::{Engine, Options};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

#[test]
fn the_printed_schema_is_the_reviewed_one() {
    let golden =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql")).expect("reads");
    let printed = kroniek_graphql::sdl();
    assert!(
        golden.trim_end() == printed.trim_end(),
        "schema.graphql is not what the program prints: run `cargo run -- schema > schema.graphql` and review the diff"
    );
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("creates");
    for entry in fs::read_dir(from).expect("reads") {
        let entry = entry.expect("entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.path().extension().is_some_and(|e| e == "zst") {
            // The data file is mostly empty; in the repository it is kept small.
            let packed = fs::File::open(entry.path()).expect("opens");
            zstd::stream::copy_decode(packed, fs::File::create(target.with_extension("")).expect("creates"))
                .expect("unpacks");
        } else {
            fs::copy(entry.path(), target).expect("copies");
        }
    }
}

#[test]
fn the_old_log_directory_still_opens_and_says_the_same() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/log-v1"), &dir.path().join("log"));
    let log = kroniek::engine::LogOptions { reserve_bytes: 0, ..kroniek::engine::LogOptions::default() };
    let engine =
        Engine::open(dir.path(), &Options { log, ..Options::default() }, &mut |_| {}).expect("opens");
    let expected = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/log-v1.txt"))
        .expect("reads");
    let snapshot = engine.snapshot().expect("reads");
    let mut found = String::new();
    for id in 1.. {
        let Some(contact) = snapshot.contact(ContactId(id)).expect("reads") else { break };
        let state = &contact.state;
        writeln!(found, "{} {} v{}", state.number, state.name, contact.version).expect("writes");
    }
    for id in 1.. {
        let Some(customer) = snapshot.customer(CustomerId(id)).expect("reads") else { break };
        let state = &customer.state;
        writeln!(found, "{} lines {} v{}", state.number, state.payment_lines.len(), customer.version)
            .expect("writes");
    }
    assert_eq!(found, expected);
    kroniek::engine::verify(engine.log(), &mut |_, _| {}).expect("is whole");
}
