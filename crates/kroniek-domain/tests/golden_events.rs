//! The bytes of every event type, pinned: what was written once must be readable for ever.
//!
//! `tests/golden/events-v1.txt` has one line per version ever shipped of an event type: `tag version name hex`.
//! `KRONIEK_BLESS=1 cargo test -p kroniek-domain --test golden_events` adds the lines that are missing; a line that is
//! there is never changed by anything.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod samples;

use kroniek_domain::Event;
use kroniek_domain::codec::CODEC;
use kroniek_domain::event::stored_types;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;

/// A line of the golden file.
struct Golden {
    tag: u16,
    version: u8,
    name: String,
    bytes: Vec<u8>,
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events-v1.txt")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn from_hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "half a byte: {text}");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn line(event: &Event) -> String {
    let stored = event.stored();
    format!("{} {} {} {}", stored.tag, stored.version, stored.name, hex(&event.payload().unwrap()))
}

fn parse(text: &str) -> Vec<Golden> {
    text.lines()
        .map(|line| {
            let [tag, version, name, bytes] = line.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            let (tag, version) = (tag.parse().unwrap(), version.parse().unwrap());
            Golden { tag, version, name: name.to_owned(), bytes: from_hex(bytes) }
        })
        .collect()
}

/// The golden file; when blessing, with the lines that were missing.
fn golden() -> Vec<Golden> {
    static TEXT: OnceLock<String> = OnceLock::new();
    parse(TEXT.get_or_init(|| {
        let text = std::fs::read_to_string(file()).unwrap_or_default();
        if std::env::var_os("KRONIEK_BLESS").is_none() {
            return text;
        }
        let known = parse(&text);
        let missing = samples::all().into_iter().filter(|event| {
            let stored = event.stored();
            !known.iter().any(|line| (line.tag, line.version) == (stored.tag, stored.version))
        });
        let text = missing.fold(text, |text, event| text + &line(&event) + "\n");
        std::fs::write(file(), &text).unwrap();
        text
    }))
}

#[test]
fn every_event_type_has_one_sample() {
    let samples: Vec<_> = samples::all().iter().map(Event::stored).collect();
    let types = stored_types();
    for stored in &types {
        let count = samples.iter().filter(|sample| *sample == stored).count();
        assert_eq!(count, 1, "{} needs exactly one sample in tests/samples", stored.name);
    }
    assert_eq!(samples.len(), types.len());
}

#[test]
fn todays_bytes_are_the_golden_ones() {
    let golden = golden();
    for event in samples::all() {
        let stored = event.stored();
        let expected = golden
            .iter()
            .find(|line| (line.tag, line.version) == (stored.tag, stored.version))
            .unwrap_or_else(|| panic!("{} has no golden bytes: run with KRONIEK_BLESS=1", stored.name));
        assert_eq!(expected.name, stored.name, "a name is the storage format");
        assert_eq!(
            hex(&expected.bytes),
            hex(&event.payload().unwrap()),
            "{} is written differently than before: give it a new version and an upcaster",
            stored.name
        );
    }
}

#[test]
fn golden_bytes_of_every_version_still_decode() {
    let samples: BTreeMap<_, _> =
        samples::all().into_iter().map(|event| (event.stored().tag, event)).collect();
    let golden = golden();
    assert!(!golden.is_empty());
    for (at, line) in golden.iter().enumerate() {
        let again = |other: &Golden| (other.tag, other.version) == (line.tag, line.version);
        assert!(!golden[..at].iter().any(again), "{} {} stands there twice", line.tag, line.version);
        let read = Event::read(CODEC, line.tag, line.version, &line.bytes)
            .unwrap_or_else(|fault| panic!("{} version {}: {fault}", line.name, line.version));
        let sample = &samples[&line.tag];
        assert_eq!(read.stored(), sample.stored());
        if line.version == sample.stored().version {
            assert_eq!(&read, sample);
        }
    }
}

// ---- hostile bytes

#[test]
fn cut_short_or_lengthened_bytes_are_a_fault() {
    for event in samples::all() {
        let (stored, bytes) = (event.stored(), event.payload().unwrap());
        let read = |bytes: &[u8]| Event::read(CODEC, stored.tag, stored.version, bytes);
        for cut in 0..bytes.len() {
            assert!(read(&bytes[..cut]).is_err(), "{} cut at {cut}", stored.name);
        }
        for extra in [0, 1, 255] {
            assert!(read(&[&bytes[..], &[extra]].concat()).is_err(), "{} and one more", stored.name);
        }
    }
}

/// Every byte of every sample with each of its bits flipped, and replaced by what the codec takes for the mark of a
/// longer number: an error or another event, never a panic; and what was read can be written, and reads back the same.
#[test]
fn no_single_wrong_byte_panics() {
    for event in samples::all() {
        let (stored, bytes) = (event.stored(), event.payload().unwrap());
        for at in 0..bytes.len() {
            let mut wrong = bytes.clone();
            let flipped = (0..8).map(|bit| bytes[at] ^ (1 << bit));
            for value in flipped.chain([!bytes[at], 0, 250, 251, 252, 253, 254, 255]) {
                wrong[at] = value;
                if let Ok(read) = Event::read(CODEC, stored.tag, stored.version, &wrong) {
                    let again = read.payload().unwrap();
                    assert_eq!(Event::read(CODEC, stored.tag, stored.version, &again), Ok(read));
                }
            }
        }
    }
}

/// What proptest finds is kept beside this file.
fn config() -> ProptestConfig {
    let beside = FileFailurePersistence::WithSource("regressions");
    ProptestConfig { failure_persistence: Some(Box::new(beside)), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..config() })]

    #[test]
    fn random_bytes_never_panic(
        codec in 0_u8..3,
        tag in prop_oneof![0_u16..120, any::<u16>()],
        version in prop_oneof![4 => Just(1_u8), 1 => any::<u8>()],
        bytes in prop::collection::vec(prop_oneof![Just(0xfd_u8), Just(0xff), any::<u8>()], 0..200),
    ) {
        let _ = Event::read(codec, tag, version, &bytes);
    }

    /// Lengths that ask for more memory than there is are refused before it is asked for.
    #[test]
    fn wrong_lengths_never_panic(
        sample in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        length in prop_oneof![Just(u64::MAX), Just(u64::from(u32::MAX)), Just(1 << 40), Just(9 << 20), any::<u64>()],
    ) {
        let samples = samples::all();
        let event = sample.get(&samples);
        let mut bytes = event.payload().unwrap();
        let at = at.index(bytes.len());
        bytes.splice(at..=at, [0xfd].into_iter().chain(length.to_le_bytes()));
        let _ = Event::read(CODEC, event.stored().tag, event.stored().version, &bytes);
    }
}
