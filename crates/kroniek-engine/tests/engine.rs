//! The engine on a real temporary log: durable, idempotent, rebuilt equal, never ahead of the log.

#![allow(clippy::expect_used, reason = "a test that cannot go on says so by panicking")]

use kroniek_domain::administration::ChangeClientNumber;
use kroniek_domain::channel::{ChangeChannels, Detail, Kind as ChannelKind, OwnerRef, Status, WantedChannel};
use kroniek_domain::client_status::SetClientStatus;
use kroniek_domain::code_list::{ChangeCode, Properties};
use kroniek_domain::contact::{ChangePersonName, CreateContact, Kind, NewPerson, NewPersonRole};
use kroniek_domain::customer::{ActivateCustomer, RecordLeaseEnded};
use kroniek_domain::death::{CorrectDeath, RecordDeath};
use kroniek_domain::leader::CoupleToLeader;
use kroniek_domain::payment::{AddPaymentLine, WithdrawPaymentLine};
use kroniek_domain::registration::CreateRegistration;
use kroniek_domain::role::{AddRole, PersonChoice, SetPortalCoupling};
use kroniek_domain::{Actor, ContactId, CustomerId, CustomerRef, EntityId, PartyRef, Position, Prompt};
use kroniek_engine::{Clock, Done, Engine, ExecuteFault, Options, Outcome, Request};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use uuid::Uuid;

fn options() -> Options {
    let log = kroniek_engine::LogOptions { reserve_bytes: 0, ..kroniek_engine::LogOptions::default() };
    Options { log, ..Options::default() }
}

fn open(dir: &Path) -> Engine {
    Engine::open(dir, &options(), &mut |_| {}).expect("opens")
}

fn household(initials: &str, surname: &str) -> CreateContact {
    CreateContact {
        person: Some(NewPersonRole {
            person: NewPerson {
                initials: Some(initials.into()),
                surname: surname.into(),
                ..NewPerson::default()
            },
            role_code: "CONTRACTANT".into(),
            begin_date: None,
        }),
        ..CreateContact::new(Kind::Household)
    }
}

fn actor() -> Actor {
    Actor::with_all("tester")
}

fn done(outcome: Outcome) -> Done {
    match outcome {
        Outcome::Done(done) => done,
        Outcome::Refused(problems) => panic!("refused: {problems:?}"),
    }
}

fn codes(outcome: Outcome) -> Vec<&'static str> {
    match outcome {
        Outcome::Done(done) => panic!("accepted: {done:?}"),
        Outcome::Refused(problems) => problems.iter().map(|p| p.code).collect(),
    }
}

fn rename(person: u64, surname: &str) -> ChangePersonName {
    ChangePersonName {
        person: ContactId(person).into(),
        name: None,
        initials: None,
        infix: None,
        surname: Some(surname.into()),
    }
}

#[test]
fn an_answered_command_is_visible_and_survives_a_restart() {
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    let answer =
        done(engine.execute_blocking(Request::new(actor(), household("A.", "Bakker"))).expect("works"));
    assert_eq!(answer.position, Some(Position(1)));
    let name = |engine: &Engine| {
        let snapshot = engine.snapshot().expect("reads");
        snapshot.contact(ContactId(1)).expect("reads").expect("is there").state.name.clone()
    };
    assert_eq!(name(&engine), "A. Bakker");
    engine.shutdown();
    drop(engine);
    assert_eq!(name(&open(dir.path())), "A. Bakker");
}

#[test]
fn the_same_command_id_never_makes_two_commits() {
    // I17, spec 1.2.
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    let id = Uuid::from_u128(7);
    let request = || Request::new(actor(), household("A.", "Bakker")).with_id(id);
    let first = done(engine.execute_blocking(request()).expect("works"));
    let again = done(engine.execute_blocking(request()).expect("works"));
    assert_eq!(first, again);
    let other = Request::new(actor(), household("B.", "Bakker")).with_id(id);
    assert_eq!(codes(engine.execute_blocking(other).expect("works")), ["SAME_COMMAND_DIFFERENT_CONTENT"]);
    assert_eq!(engine.log().head().position, 1);
}

#[test]
fn a_repeated_command_tells_nothing_to_whoever_may_not_do_it() {
    // I18: a right guess and a wrong one get the same answer.
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    let id = Uuid::from_u128(7);
    done(
        engine.execute_blocking(Request::new(actor(), household("A.", "Bakker")).with_id(id)).expect("works"),
    );
    for surname in ["Bakker", "Boer"] {
        let reader = Actor::new("reader", [kroniek_domain::Permission::Read]);
        let request = Request::new(reader, household("A.", surname)).with_id(id);
        assert_eq!(codes(engine.execute_blocking(request).expect("works")), ["FORBIDDEN"], "{surname}");
    }
}

#[test]
fn a_repeated_command_in_the_same_group_waits_for_the_first() {
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    let answers = runtime.block_on(async {
        let mut tasks = Vec::new();
        for _ in 0..32 {
            let engine = engine.clone();
            tasks.push(tokio::spawn(async move {
                let request = Request::new(actor(), household("A.", "Bakker")).with_id(Uuid::from_u128(9));
                engine.execute(request).await.expect("works")
            }));
        }
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(done(task.await.expect("joins")));
        }
        answers
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(engine.log().head().position, 1);
}

#[test]
fn a_refused_command_leaves_no_memory_of_its_id() {
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    let id = Uuid::from_u128(3);
    let mut wrong = household("A.", "Bakker");
    wrong.person = None;
    wrong.surname = Some("Bakker".into());
    let refused = engine.execute_blocking(Request::new(actor(), wrong).with_id(id)).expect("works");
    assert_eq!(codes(refused), ["PERSON_REQUIRED"]);
    assert_eq!(engine.log().head().position, 0);
    done(
        engine.execute_blocking(Request::new(actor(), household("A.", "Bakker")).with_id(id)).expect("works"),
    );
}

#[test]
fn commands_of_one_group_see_each_other() {
    // The overlay: numbers, versions and states of what is decided and not yet synced.
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        let tasks: Vec<_> = (0..200)
            .map(|n| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    let request =
                        Request::new(actor(), household("A.", &format!("Bakker{}", "a".repeat(n % 7))));
                    done(engine.execute(request).await.expect("works")).position
                })
            })
            .collect();
        let mut positions = Vec::new();
        for task in tasks {
            positions.push(task.await.expect("joins").expect("changed").0);
        }
        positions.sort_unstable();
        assert_eq!(positions, (1..=200).collect::<Vec<_>>());
    });
    let snapshot = engine.snapshot().expect("reads");
    for id in 1..=400 {
        assert!(snapshot.contact(ContactId(id)).expect("reads").is_some(), "contact {id}");
    }
}

/// A command that looks at every customer sees what was decided just before it and does not show in the read models yet.
#[test]
fn a_look_at_every_customer_sees_what_is_decided_and_not_yet_shown() {
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    let request = |command: kroniek_domain::Command| Request {
        reason: Some("fout".into()),
        ..Request::new(actor(), command)
    };
    let tenant = ActivateCustomer {
        household: ContactId(1).into(),
        lease_ref: "L1".into(),
        unit: None,
        start_date: "2026-01-01".into(),
    };
    let line = transfer(1, "2026-01-01");
    let debit = ChangeCode {
        list: "TRANSACTION_MODE".into(),
        code: "TRANSFER".into(),
        name: "Overboeking".into(),
        description: None,
        begin_date: None,
        end_date: None,
        parent: None,
        properties: Some(Properties { requires_bank_account: true, ..Properties::default() }),
    };
    let withdraw = WithdrawPaymentLine { customer: CustomerId(1).into(), line: 1 };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        done(engine.execute(request(household("A.", "Bakker").into())).await.expect("works"));
        done(engine.execute(request(tenant.into())).await.expect("works"));
        // Asked for at once, so that one group has both more often than not; they are decided in this order.
        let both =
            tokio::join!(engine.execute(request(line.into())), engine.execute(request(debit.clone().into())));
        done(both.0.expect("works"));
        assert_eq!(codes(both.1.expect("works")), ["TRANSACTION_MODE_IN_USE"]);
        let both =
            tokio::join!(engine.execute(request(withdraw.into())), engine.execute(request(debit.into())));
        done(both.0.expect("works"));
        done(both.1.expect("works"));
    });
}

/// A2-11: a number that one customer gives up and another takes over at once is the other's, in the group and after it.
#[test]
fn a2_11_a_number_changes_hands_within_a_group() {
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    let tenant = |household: u64| ActivateCustomer {
        household: ContactId(household).into(),
        lease_ref: "L1".into(),
        unit: None,
        start_date: "2026-01-01".into(),
    };
    let number = |customer: CustomerRef, number: &str| ChangeClientNumber { customer, number: number.into() };
    let by_id = |id: u64| CustomerRef::Id(CustomerId(id));
    let run = |command: ChangeClientNumber| engine.execute(Request::new(actor(), command));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        for household_id in [1, 3, 5] {
            done(engine.execute(Request::new(actor(), household("A.", "Bakker"))).await.expect("works"));
            done(engine.execute(Request::new(actor(), tenant(household_id))).await.expect("works"));
        }
        for round in 0..20 {
            // Asked for at once behind others, so that one group has them more often than not; they are decided in this
            // order. In some rounds the row of customer 1 is written while that of customer 2 still has the number.
            let (theirs, spare) = (format!("N{round}"), format!("S{round}"));
            done(run(number(by_id(2), &theirs)).await.expect("works"));
            let before = || run(number(by_id(3), &format!("B{round}")));
            let all = tokio::join!(
                before(),
                before(),
                run(number(by_id(2), &spare)),
                run(number(by_id(1), &theirs)),
                // By its number, which names the one that has it now.
                run(number(CustomerRef::Number(theirs.clone()), "OVER")),
                run(number(by_id(2), &theirs)),
                run(number(by_id(2), &spare)),
                run(number(by_id(1), &theirs)),
            );
            for outcome in [all.0, all.1, all.2, all.3, all.4, all.5, all.6, all.7] {
                done(outcome.expect("works"));
            }
            let held = |id: u64| {
                let snapshot = engine.snapshot().expect("reads");
                snapshot.customer(CustomerId(id)).expect("reads").expect("is there").state.number.clone()
            };
            assert_eq!((held(1), held(2)), (theirs.clone(), spare), "round {round}");
            let found = engine.snapshot().expect("reads").customer_by_number(&theirs).expect("reads");
            assert_eq!(found, Some(CustomerId(1)));
            done(run(number(by_id(1), "OVER")).await.expect("works"));
        }
    });
    let live = image(&engine);
    engine.rebuild(&mut |_| {}, &AtomicBool::new(false)).expect("rebuilds");
    assert_eq!(image(&engine), live);
}

/// All rows of all contacts and customers with their histories, as of the live read models.
fn image(engine: &Engine) -> Vec<String> {
    let snapshot = engine.snapshot().expect("reads");
    let history = |entity| format!("{:?}", snapshot.history(&entity, None, 1000).expect("reads"));
    let mut rows = Vec::new();
    for id in (1..).map(ContactId) {
        let Some(contact) = snapshot.contact(id).expect("reads") else { break };
        rows.extend([format!("{contact:?}"), history(EntityId::Contact(id))]);
    }
    for id in (1..).map(CustomerId) {
        let Some(customer) = snapshot.customer(id).expect("reads") else { break };
        rows.extend([format!("{customer:?}"), history(EntityId::Customer(id))]);
    }
    rows
}

/// A household that rents, pays, loses a contractant and its lease, and an office with a client, a contact person at a
/// location that follows, dies and lives after all: contacts 1 to 7, customers 1 to 3.
fn a_life(engine: &Engine) {
    let does = |command: kroniek_domain::Command| {
        let mut request = Request::new(actor(), command);
        request.reason = Some("story".into());
        request.confirm = [Prompt::PossibleDuplicate, Prompt::ClientPersonPreferred].into();
        done(engine.execute_blocking(request).expect("works"));
    };
    let registers = |kind: &str, surname: Option<&str>, parent: Option<u64>| CreateRegistration {
        kind: kind.into(),
        initials: surname.map(|_| "J.".into()),
        surname: surname.map(Into::into),
        company_name: surname.is_none().then(|| "Bakkerij B.V.".into()),
        parent: parent.map(|id| ContactId(id).into()),
        ..CreateRegistration::default()
    };
    does(household("A.", "Bakker").into());
    does(kroniek_domain::Command::from(AddRole {
        party: PartyRef::Contact(ContactId(1).into()),
        person: PersonChoice::New(Box::new(NewPerson { surname: "Vries".into(), ..NewPerson::default() })),
        role_code: "CONTRACTANT".into(),
        begin_date: None,
        cause: Some("CO_OCCUPANT".into()),
    }));
    let lease = ActivateCustomer {
        household: ContactId(1).into(),
        lease_ref: "L1".into(),
        unit: Some("U1".into()),
        start_date: "2020-01-01".into(),
    };
    does(lease.into());
    does(transfer(1, "2020-01-01").into());
    does(death(2, Some("2024-01-01")));
    let ended =
        RecordLeaseEnded { customer: CustomerId(1).into(), lease_ref: None, end_date: "2024-06-30".into() };
    does(ended.into());
    does(registers("CLIENT_COMPANY", None, None).into());
    does(registers("CLIENT_PERSON", Some("Jansen"), None).into());
    does(registers("LOCATION", None, Some(4)).into());
    let clerk = CreateRegistration {
        location: Some(ContactId(6).into()),
        ..registers("CONTACT_PERSON", Some("x"), Some(4))
    };
    does(clerk.into());
    does(SetPortalCoupling { party: PartyRef::Contact(ContactId(4).into()), line: 1, on: true }.into());
    does(CoupleToLeader { follower: ContactId(7).into(), leader: ContactId(5).into() }.into());
    does(rename(5, "Pieters").into());
    does(death(7, Some("2024-01-01")));
    let left = SetClientStatus { party: PartyRef::Customer(CustomerId(2).into()), to: "EX_CLIENT".into() };
    does(left.into());
    does(death(7, None));
}

/// A death on a day, with which the roles end; or its correction.
fn death(person: u64, on: Option<&str>) -> kroniek_domain::Command {
    let person = ContactId(person).into();
    let Some(on) = on else { return CorrectDeath { person, date_of_death: None }.into() };
    RecordDeath {
        person,
        date_of_death: on.into(),
        keep_roles: Some(false),
        successor: None,
        decisions: vec![],
        salutation: None,
    }
    .into()
}

fn transfer(customer: u64, from: &str) -> AddPaymentLine {
    AddPaymentLine {
        customer: CustomerId(customer).into(),
        effective_date: from.into(),
        transaction_mode: "TRANSFER".into(),
        invoice_type: "INVOICE".into(),
        bank_account: None,
        mandate: None,
        new_mandate: None,
        unit_no: None,
        open_items: None,
    }
}

#[test]
fn live_and_rebuilt_read_models_are_equal() {
    // I16.
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    a_life(&engine);
    for n in 0..20 {
        let made = household("A.", "Bakker");
        done(engine.execute_blocking(Request::new(actor(), made)).expect("works"));
        let phone = WantedChannel {
            kind: ChannelKind::Mobile,
            value: format!("06 1234 56{n:02}"),
            detail: Detail::Private,
            preference: None,
            status: Status::Created,
        };
        let change = ChangeChannels {
            owner: OwnerRef::Contact(ContactId(2 * n + 9).into()),
            phones: Some(vec![phone]),
            emails: None,
            websites: None,
        };
        done(engine.execute_blocking(Request::new(actor(), change)).expect("works"));
        done(engine.execute_blocking(Request::new(actor(), rename(2 * n + 9, "de Boer"))).expect("works"));
    }
    let live = image(&engine);
    let rows = |what: &str| live.iter().filter(|row| row.contains(what)).count();
    assert!(rows("Contact {") >= 47 && rows("Customer {") >= 3, "whatever it compares is there");
    engine.rebuild(&mut |_| {}, &AtomicBool::new(false)).expect("rebuilds");
    assert_eq!(image(&engine), live, "rebuilt online");
    done(engine.execute_blocking(Request::new(actor(), rename(2, "Jansen"))).expect("works"));
    let live = image(&engine);
    engine.shutdown();
    drop(engine);
    std::fs::remove_dir_all(dir.path().join("views")).expect("removes");
    assert_eq!(image(&open(dir.path())), live, "rebuilt from nothing");
}

#[test]
fn a_cancelled_rebuild_resumes_and_ends_equal() {
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    for _ in 0..3 {
        done(engine.execute_blocking(Request::new(actor(), household("A.", "Bakker"))).expect("works"));
    }
    let live = image(&engine);
    let fault = engine.rebuild(&mut |_| {}, &AtomicBool::new(true)).expect_err("is cancelled");
    assert!(kroniek_engine::is_cancelled(&fault), "{fault}");
    assert_eq!(image(&engine), live, "the live read models stay");
    let done = engine.rebuild(&mut |_| {}, &AtomicBool::new(false)).expect("rebuilds");
    assert_eq!((done.position, done.events), (3, 0), "nothing was left to fold");
    assert_eq!(image(&engine), live);
}

#[test]
fn read_models_ahead_of_the_log_are_refused() {
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    done(engine.execute_blocking(Request::new(actor(), household("A.", "Bakker"))).expect("works"));
    engine.shutdown();
    drop(engine);
    std::fs::remove_dir_all(dir.path().join("log")).expect("removes");
    let Err(fault) = Engine::open(dir.path(), &options(), &mut |_| {}) else { panic!("opened") };
    assert!(fault.to_string().contains("commits are missing"), "{fault}");
}

#[test]
fn read_models_of_another_log_are_refused() {
    let (one, two) = (tempfile::tempdir().expect("dir"), tempfile::tempdir().expect("dir"));
    for (dir, surname) in [(&one, "Bakker"), (&two, "Jansen")] {
        let engine = open(dir.path());
        done(engine.execute_blocking(Request::new(actor(), household("A.", surname))).expect("works"));
        engine.shutdown();
    }
    std::fs::remove_dir_all(one.path().join("log")).expect("removes");
    std::fs::rename(two.path().join("log"), one.path().join("log")).expect("moves");
    let Err(fault) = Engine::open(one.path(), &options(), &mut |_| {}) else { panic!("opened") };
    assert!(fault.to_string().contains("another log"), "{fault}");
}

#[test]
fn after_shutdown_commands_are_refused_and_nothing_is_lost() {
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    done(engine.execute_blocking(Request::new(actor(), household("A.", "Bakker"))).expect("works"));
    engine.shutdown();
    let fault =
        engine.execute_blocking(Request::new(actor(), household("B.", "Bakker"))).expect_err("is refused");
    assert_eq!(fault.code(), "SHUTTING_DOWN");
    assert_eq!(engine.log().head().position, 1);
}

#[test]
fn history_tells_who_why_and_what_changed() {
    let dir = tempfile::tempdir().expect("dir");
    let start = chrono::DateTime::from_timestamp(1_768_478_400, 0).expect("a time");
    let engine = Engine::open(dir.path(), &Options { clock: Clock::fixed(start), ..options() }, &mut |_| {})
        .expect("opens");
    done(engine.execute_blocking(Request::new(actor(), household("A.", "Bakker"))).expect("works"));
    let request = Request::new(Actor::with_all("desk"), rename(2, "de Boer")).because("asked by telephone");
    done(engine.execute_blocking(request).expect("works"));
    let snapshot = engine.snapshot().expect("reads");
    let household = EntityId::Contact(ContactId(1));
    let page = snapshot.history(&household, Some(Position(1)), 10).expect("reads");
    let [entry] = &page.entries[..] else { panic!("{page:?}") };
    assert_eq!((entry.actor.as_str(), entry.command.as_str()), ("desk", "ChangePersonName"));
    assert_eq!(entry.reason.as_deref(), Some("asked by telephone"));
    // The household is named by the consequence only, and the entry says what caused it.
    assert_eq!(entry.events[0].name, "HouseholdNameChanged");
    assert_eq!(entry.events[0].cause, Some(0));
    let change = &entry.changes[0];
    assert_eq!(change.field, "name");
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("A. Bakker"), Some("A. de Boer")));
    assert_eq!(entry.time, start + chrono::TimeDelta::microseconds(1), "times increase strictly");
}

#[test]
fn a_log_that_is_ahead_of_the_clock_is_told_with_the_remedy() {
    use std::sync::atomic::Ordering;
    let dir = tempfile::tempdir().expect("dir");
    let start = chrono::DateTime::from_timestamp(1_768_478_400, 0).expect("a time");
    let clock = Clock::fixed(start);
    let Clock::Fixed(now) = &clock else { panic!("a fixed clock") };
    let engine =
        Engine::open(dir.path(), &Options { clock: clock.clone(), ..options() }, &mut |_| {}).expect("opens");
    assert_eq!(engine.health().warnings, [""; 0], "an empty log");
    done(engine.execute_blocking(Request::new(actor(), household("A.", "Bakker"))).expect("works"));
    let minute = 60 * 1_000_000;
    now.fetch_sub(5 * minute, Ordering::Relaxed);
    assert_eq!(engine.health().warnings, [""; 0], "clocks are set right by little");
    now.fetch_sub(1, Ordering::Relaxed);
    let health = engine.health();
    let [warning] = &health.warnings[..] else { panic!("{health:?}") };
    let parts = ["CLOCK_BEHIND_LOG", "2026-01-15T12:00:00Z", "2026-01-15T11:54:59Z", "Set the clock right"];
    assert!(parts.iter().all(|part| warning.contains(part)), "{warning}");
    assert_eq!(health.troubles, [""; 0], "it works all the same");
    done(engine.execute_blocking(Request::new(actor(), rename(2, "de Boer"))).expect("works"));
    now.fetch_add(6 * minute, Ordering::Relaxed);
    assert_eq!(engine.health().warnings, [""; 0], "the clock has caught up");
}

#[test]
fn the_whole_log_is_proven_and_exported() {
    let dir = tempfile::tempdir().expect("dir");
    let engine = open(dir.path());
    done(engine.execute_blocking(Request::new(actor(), household("A.", "Bakker"))).expect("works"));
    let proof = kroniek_engine::verify(engine.log(), &mut |_, _| {}).expect("is whole");
    assert_eq!(proof.chain.commits, 1);
    assert_eq!(proof.events["ContactCreated"], 2);
    let mut out = Vec::new();
    kroniek_engine::export(engine.log(), &mut out, false).expect("exports");
    let line: serde_json::Value = serde_json::from_slice(&out).expect("one JSON line");
    assert_eq!(line["command"], "CreateContact");
    assert_eq!(line["events"][0]["data"]["kind"], "HOUSEHOLD");
}

#[test]
fn a_group_that_does_not_fit_on_the_disk_takes_everything_decided_over_it_along() {
    let dir = tempfile::tempdir().expect("a folder");
    let engine = open(dir.path());
    done(engine.execute_blocking(Request::new(actor(), household("A.", "Eerste"))).expect("room"));
    engine.shutdown();
    drop(engine);

    // As if every other process had filled the disk.
    let log = kroniek_engine::LogOptions { min_free_bytes: u64::MAX, ..options().log };
    let full = Engine::open(dir.path(), &Options { log, ..options() }, &mut |_| {}).expect("opens");
    std::thread::scope(|scope| {
        for client in 0..8 {
            let full = &full;
            scope.spawn(move || {
                for number in 0..20 {
                    let name = format!("Vol{}", "x".repeat(client + number % 15));
                    let answer = full.execute_blocking(Request::new(actor(), household("B.", &name)));
                    assert!(matches!(answer, Err(ExecuteFault::StorageFull { .. })), "{answer:?}");
                }
            });
        }
    });
    assert_eq!(full.log().head().position, 1);
    let snapshot = full.snapshot().expect("reads");
    assert_eq!(snapshot.position(), Position(1), "its rows were written and must not show");
    assert!(snapshot.contact(ContactId(3)).expect("reads").is_none());
    drop(snapshot);
    assert!(full.health().troubles.iter().any(|trouble| trouble.starts_with("STORAGE_FULL")));
    full.shutdown();
    drop(full);

    let engine = open(dir.path());
    let next = done(engine.execute_blocking(Request::new(actor(), household("C.", "Tweede"))).expect("room"));
    assert_eq!(next.position, Some(Position(2)));
    let made: Vec<_> = next.entities.iter().map(ToString::to_string).collect();
    assert_eq!(made, ["contact:3", "contact:4"], "no id was given out for what was not stored");
}

#[test]
fn whichever_groups_fail_what_shows_is_what_is_on_disk() {
    let dir = tempfile::tempdir().expect("a folder");
    // Groups of a few commands are too large for this log; smaller ones are stored.
    let log = kroniek_engine::LogOptions { max_group_bytes: 900, ..options().log };
    let engine = Engine::open(dir.path(), &Options { log, ..options() }, &mut |_| {}).expect("opens");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("starts");
    let (mut stored, mut failed) = (0, 0);
    for round in 0..200_usize {
        let answers: Vec<_> = runtime.block_on(async {
            let tasks: Vec<_> = (0..=round % 12)
                .map(|client| {
                    let (engine, name) = (engine.clone(), format!("Naam{}", "x".repeat(client)));
                    tokio::spawn(async move {
                        engine.execute(Request::new(actor(), household("A.", &name))).await
                    })
                })
                .collect();
            let mut answers = Vec::new();
            for task in tasks {
                answers.push(task.await.expect("does not panic"));
            }
            answers
        });
        for answer in answers {
            match answer {
                Ok(outcome) => {
                    stored += 1;
                    let position = done(outcome).position.expect("a commit");
                    assert!(
                        engine.snapshot().expect("reads").position() >= position,
                        "answered and not visible"
                    );
                }
                Err(ExecuteFault::Broken { .. }) => failed += 1,
                Err(other) => panic!("{other}"),
            }
        }
    }
    assert!(stored > 100 && failed > 100, "{stored} stored, {failed} failed");
    assert_eq!(engine.log().head().position, stored);
    let live = image(&engine);
    assert_eq!(live.len() as u64, 4 * stored, "a household and a person each, with their histories");
    engine.rebuild(&mut |_| {}, &AtomicBool::new(false)).expect("rebuilds");
    assert_eq!(image(&engine), live);
}

#[test]
fn after_a_power_cut_the_read_models_are_built_anew_and_after_a_kill_they_go_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let engine = open(dir.path());
    done(engine.execute_blocking(Request::new(actor(), household("A.", "Bakker"))).expect("works"));
    let live = image(&engine);
    let mark = dir.path().join("views").join("unsynced");
    let marked = std::fs::read_to_string(&mark).ok();
    engine.shutdown();
    drop(engine);
    assert!(!mark.exists(), "after a clean end everything is on disk");
    let rebuilds = |mark_is: Option<&str>| {
        if let Some(text) = mark_is {
            std::fs::write(&mark, text).expect("writes");
        }
        let mut rebuilt = false;
        let engine = Engine::open(dir.path(), &options(), &mut |_| rebuilt = true).expect("opens");
        assert_eq!(image(&engine), live);
        engine.shutdown();
        rebuilt
    };
    assert!(!rebuilds(None));
    assert!(rebuilds(Some("another boot of this machine")));
    // Where the boot has no name, every write waits for the disk, and there is no mark.
    if let Some(boot) = &marked {
        assert!(!rebuilds(Some(boot)), "the machine has run ever since");
    }
}

#[test]
fn many_writers_at_once_leave_the_same_states_as_folding_the_log_anew() {
    let dir = tempfile::tempdir().expect("a folder");
    let engine = open(dir.path());
    for _ in 0..4 {
        done(engine.execute_blocking(Request::new(actor(), household("A.", "Begin"))).expect("stored"));
    }
    std::thread::scope(|scope| {
        for client in 0..8_usize {
            let engine = &engine;
            scope.spawn(move || {
                for number in 0..50 {
                    let person = 2 * ((client + number) as u64 % 4 + 1);
                    let name = format!("Naam{}", "x".repeat(client + number % 7));
                    let id = Uuid::from_u128((client * 1000 + number) as u128);
                    let request = || Request::new(actor(), rename(person, &name)).with_id(id);
                    let first = done(engine.execute_blocking(request()).expect("stored"));
                    let seen = engine.snapshot().expect("reads").position();
                    assert!(
                        first.position.is_none_or(|position| position <= seen),
                        "answered and not visible"
                    );
                    let again = done(engine.execute_blocking(request()).expect("repeats"));
                    if first.changed {
                        assert_eq!(first, again);
                    }
                }
            });
        }
    });
    let states = |engine: &Engine| {
        let snapshot = engine.snapshot().expect("reads");
        (1..=8).map(|id| snapshot.contact(ContactId(id)).expect("reads")).collect::<Vec<_>>()
    };
    let live = states(&engine);
    engine.rebuild(&mut |_| {}, &AtomicBool::new(false)).expect("rebuilds");
    assert_eq!(live, states(&engine));
    let Some(person) = &live[1] else { panic!("contact:2 is there") };
    let last = engine.snapshot().expect("reads").history(&EntityId::Contact(ContactId(2)), None, 1000);
    assert_eq!(last.expect("reads").entries.last().map(|entry| entry.position), Some(person.version));
}
