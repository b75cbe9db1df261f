//! A server that is killed under load: the short form of `cargo run --release --example crash -- --rounds 100`.

// What the example is made of, but for its command line.
#[path = "../../examples/crash/rounds/mod.rs"]
pub(crate) mod rounds;

use rounds::{Plan, Violation};
use std::path::Path;

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_half_when_the_server_is_killed() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let plan = Plan { rounds: 3, clients: 4, load_ms: 20..=120, seed: 1 };
    let program = Path::new(env!("CARGO_BIN_EXE_kroniek"));
    let report = rounds::run(program, &dir.path().join("data"), &plan, &mut |line| println!("{line}"))
        .expect("the rounds are run");
    println!("{report}");
    let violations: Vec<_> = report.violations.iter().map(Violation::to_string).collect();
    assert_eq!(violations, [""; 0]);
    assert_eq!(report.rounds, 3);
    assert!(report.acknowledged > 0, "a run without load proves nothing");
    assert!(report.commits >= report.acknowledged);
}
