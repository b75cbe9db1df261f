//! Every manual, step by step, as its member of staff would do it: the scripts of `cargo run --example manuals`.

// What the example is made of, but for its command line.
#[path = "../../examples/manuals/runner.rs"]
pub(crate) mod runner;

use crate::support::House;
use std::collections::BTreeSet;

/// The lines of each manual that tell a step. The others are blank, captions, or say why.
const STEPS: &[(&str, &[(u32, u32)])] = &[
    ("e1", &[(13, 17), (23, 27), (33, 37), (44, 51), (57, 61), (68, 81)]),
    ("a1", &[(25, 29), (35, 39), (49, 52), (54, 54), (62, 66), (70, 70), (74, 74), (83, 85), (95, 100)]),
    ("e2", &[(17, 17), (19, 26), (30, 30), (32, 41), (45, 45), (51, 63)]),
    ("n1", &[(4, 7), (11, 15), (19, 19), (21, 26)]),
    (
        "a2",
        &[
            (13, 13),
            (15, 26),
            (28, 28),
            (41, 41),
            (55, 59),
            (62, 71),
            (75, 79),
            (83, 88),
            (92, 92),
            (96, 102),
            (112, 120),
            (126, 138),
            (142, 142),
            (146, 146),
        ],
    ),
];

/// Runs the script of a manual; answers how many requests it made.
fn follow(manual: &str) -> usize {
    let (_, script) = runner::MANUALS.iter().find(|(key, _)| *key == manual).expect("has a script");
    let house = House::new();
    let dir = tempfile::tempdir().expect("a temporary directory");
    runner::prepare(&house.engine, dir.path()).expect("the addresses are imported");
    match runner::run(house.addr, script, &mut |line| println!("{line}")) {
        Ok(requests) => requests,
        Err(why) => panic!("{manual}: {why}"),
    }
}

#[test]
fn e1_managing_customer_information() {
    assert!(follow("e1") > 0);
}

#[test]
fn a1_keeping_private_data_equal() {
    assert!(follow("a1") > 0);
}

#[test]
fn e2_handling_a_contact_moment() {
    assert!(follow("e2") > 0);
}

#[test]
fn n1_managing_customers() {
    assert!(follow("n1") > 0);
}

#[test]
fn a2_registering_clients() {
    assert!(follow("a2") > 0);
}

/// The lines that a heading names: `E1:13-14, 16  Find the customer` names 13, 14 and 16.
fn cited(heading: &str) -> BTreeSet<u32> {
    let Some((_, lines)) = heading.split_once("  ").and_then(|(reference, _)| reference.split_once(':'))
    else {
        return BTreeSet::new();
    };
    let number = |text: &str| text.trim().parse::<u32>().unwrap_or_else(|_| panic!("no line: {heading}"));
    lines
        .split(',')
        .flat_map(|range| {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            number(first)..=number(last)
        })
        .collect()
}

#[test]
fn every_step_of_a_manual_is_in_its_script() {
    for (manual, script) in runner::MANUALS {
        let steps = runner::read(script).unwrap_or_else(|why| panic!("{manual}: {why}"));
        let named: BTreeSet<u32> =
            steps.iter().filter_map(|step| step.heading.first()).flat_map(|line| cited(line)).collect();
        let (_, ranges) = STEPS.iter().find(|(key, _)| key == manual).expect("its steps are listed");
        let missing: Vec<u32> = ranges
            .iter()
            .flat_map(|(first, last)| *first..=*last)
            .filter(|line| !named.contains(line))
            .collect();
        assert_eq!(missing, [0; 0], "{manual}: lines that no step names");
    }
}

#[test]
fn a_script_that_is_not_answered_as_it_says_fails() {
    let house = House::new();
    let failure =
        |script: &str| runner::run(house.addr, script, &mut |_| ()).expect_err("is told apart").to_string();
    let made = "# as: desk; permissions=READ,WRITE\nmutation { createContact(input: { kind: PERSON, surname: \"Bos\" })
        { contact { name } userErrors { code prompt } } }\n";
    let refused = made.replace("Bos", "");
    let with = |directive: &str, script: &str| failure(&format!("# {directive}\n{script}"));
    assert!(failure(&refused).contains("it should be accepted"), "a refusal that was not announced");
    assert!(with("refused TOO_LONG", &refused).contains("be refused with [\"TOO_LONG\"]"), "another refusal");
    assert!(with("refused REQUIRED", made).contains("be refused with"), "accepted after all");
    assert!(with("asks REMOVE_ROLE_LINE", made).contains("should have asked"), "not asked");
    assert!(
        with("shows createContact.contact.name = Vos", made).contains("and is \"Bos\""),
        "another answer"
    );
    assert!(with("shows createContact.name = null", made).contains("nothing at"), "not in the answer");
    assert!(with("keep id = createContact.contact.id", made).contains("nothing at"), "nothing to keep");
    assert!(with("show x = y", made).contains("no such directive"), "a slip of the pen");
    assert!(
        failure("mutation { createContact }").contains("ask for userErrors"),
        "refusals would not be seen"
    );
    let unknown = "# as: desk; permissions=READ\nquery { nonsense }";
    assert!(failure(unknown).contains("it should be accepted"), "not in the schema");
}
