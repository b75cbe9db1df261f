//! The laws of the specification (§9) over random stories: commands of every capability meet on a small world.
//!
//! A story goes on whether a command is accepted or not. After every command the laws are checked on the whole world; at
//! the end the world is rebuilt from the stored bytes of its events. `the_stories_reach_what_the_laws_are_about` counts,
//! for fixed seeds, what the stories reach, so that no law holds by luck.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "laws/check.rs"]
mod check;
#[path = "laws/contact_moments.rs"]
mod contact_moments;
#[path = "laws/office.rs"]
mod office;
#[path = "laws/story.rs"]
mod story;

use kroniek_domain::codec;
use office::any_office_step;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, RngAlgorithm, TestRng, TestRunner};
use story::{Outcome, Step, Story, any_step};

/// Plays a story and checks the laws after every step.
fn play(steps: &[Step]) -> Story {
    let mut story = Story::begin();
    check::all(&story);
    for step in steps {
        let before = check::Before::of(&story.world);
        match story.take(step) {
            Outcome::Refused(refusals) => {
                assert!(!refusals.is_empty());
                for problem in refusals.iter().map(kroniek_domain::Refusal::problem) {
                    assert!(
                        !problem.message.is_empty()
                            && problem.code.chars().all(|c| c.is_ascii_uppercase() || c == '_')
                    );
                }
                before.must_stand(&story.world);
            }
            Outcome::Decided { command, events } => {
                check::subjects(&story, &events);
                check::causes(&events);
                check::owners(&events);
                if !events.is_empty() && !story::creates(&command) {
                    let again = story.ask(&command).map(|decision| decision.events).unwrap_or_default();
                    assert!(again.is_empty(), "{command:?} decided twice gives {again:?}");
                }
            }
            Outcome::Passed => {}
        }
        before.must_be_kept(&story.world);
        check::all(&story);
    }
    story
}

/// What proptest finds is kept beside this file.
fn config() -> ProptestConfig {
    let beside = FileFailurePersistence::WithSource("regressions");
    ProptestConfig { failure_persistence: Some(Box::new(beside)), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..config() })]

    /// I1 … I10 and I12 … I15 after every command; what is refused changes nothing; deciding an accepted command again adds
    /// nothing; and folding what was stored, in one go or from a stored state on, gives the live world.
    #[test]
    fn the_laws_hold_after_every_story(
        steps in prop::collection::vec(any_step(), 1..60),
        cut in any::<prop::sample::Index>(),
    ) {
        must_replay(&play(&steps), cut);
    }

    /// The same, and I11, over the stories of an office.
    #[test]
    fn the_laws_hold_in_an_office(
        steps in prop::collection::vec(any_office_step(), 1..60),
        cut in any::<prop::sample::Index>(),
    ) {
        let steps = [office::prepared(), steps].concat();
        must_replay(&play(&steps), cut);
    }
}

/// Folding what was stored gives the live world.
fn must_replay(story: &Story, cut: prop::sample::Index) {
    let log = story.log();
    let rebuilt = story::Folded::default().fold(log);
    rebuilt.must_equal(&story.world);
    // Half way the states are stored and read again, as a read model does.
    let cut = cut.index(log.len() + 1);
    let stored = codec::encode(&story::Folded::default().fold(&log[..cut])).unwrap();
    let resumed: story::Folded = codec::decode(&stored).unwrap();
    resumed.fold(&log[cut..]).must_equal(&story.world);
}

/// Fixed seeds; prints what the stories reach, and fails where a law would hold only because nothing happened.
#[test]
fn the_stories_reach_what_the_laws_are_about() {
    let mut tally = story::Tally::default();
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config(), rng);
    for _ in 0..300 {
        let steps = prop::collection::vec(any_step(), 80).new_tree(&mut runner).unwrap().current();
        tally.count(&play(&steps));
    }
    for _ in 0..150 {
        let steps = prop::collection::vec(any_office_step(), 80).new_tree(&mut runner).unwrap().current();
        let steps = [office::prepared(), steps].concat();
        tally.count(&play(&steps));
    }
    println!("{tally}");
    tally.must_be_rich();
}
