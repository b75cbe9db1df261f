//! A death in a household of two contractants while the lease runs (golden scenario 1 of the specification).
//!
//! Drives the library in process: commands go into an engine on a temporary log, and the cards and the history come out
//! of its snapshots.
//!
//! ```text
//! cargo run --example death_in_the_household
//! ```

use kroniek::domain::contact::{CreateContact, CreatePersonInHousehold, Kind, NewPerson, NewPersonRole};
use kroniek::domain::customer::ActivateCustomer;
use kroniek::domain::death::RecordDeath;
use kroniek::domain::{ContactId, EntityId};
use kroniek::engine::{Done, Snapshot};
use kroniek::{Actor, Command, Engine, Options, Outcome, Request};
use std::error::Error;

type Failure = Box<dyn Error>;

const HOUSEHOLD: ContactId = ContactId(1);
const BAKKER: ContactId = ContactId(2);

fn main() -> Result<(), Failure> {
    let dir = tempfile::tempdir()?;
    let engine = Engine::open(dir.path(), &Options::default(), &mut |_| {})?;

    accept(&engine, "a household with contractant A. Bakker", household(contractant("A.", "", "Bakker")))?;
    let second =
        CreatePersonInHousehold { household: HOUSEHOLD.into(), person: contractant("C.", "de", "Vries") };
    accept(&engine, "second contractant C. de Vries", second)?;
    let lease = ActivateCustomer {
        household: HOUSEHOLD.into(),
        lease_ref: "L-2024-17".into(),
        unit: Some("U-31".into()),
        start_date: "2024-03-01".into(),
    };
    accept(&engine, "the lease is put into effect", lease)?;

    card("The card before", &engine.snapshot()?)?;

    println!("\nA. Bakker dies. Without an answer to the manual's question nothing is stored:");
    refuse(&engine, death(None))?;
    accept(&engine, "\n\"Keep the roles?\" - No", death(Some(false)))?;

    history(&engine.snapshot()?)?;
    card("The card after", &engine.snapshot()?)?;
    engine.shutdown();
    Ok(())
}

fn contractant(initials: &str, infix: &str, surname: &str) -> NewPersonRole {
    NewPersonRole {
        person: NewPerson {
            initials: Some(initials.into()),
            infix: Some(infix.into()),
            surname: surname.into(),
            ..NewPerson::default()
        },
        role_code: "CONTRACTANT".into(),
        begin_date: None,
    }
}

fn household(person: NewPersonRole) -> CreateContact {
    CreateContact { person: Some(person), ..CreateContact::new(Kind::Household) }
}

fn death(keep_roles: Option<bool>) -> RecordDeath {
    RecordDeath {
        person: BAKKER.into(),
        date_of_death: "2025-11-03".into(),
        keep_roles,
        successor: None,
        decisions: Vec::new(),
        salutation: None,
    }
}

fn ask(engine: &Engine, command: impl Into<Command>) -> Result<Outcome, Failure> {
    Ok(engine.execute_blocking(Request::new(Actor::with_all("example"), command))?)
}

fn accept(engine: &Engine, what: &str, command: impl Into<Command>) -> Result<Done, Failure> {
    match ask(engine, command)? {
        Outcome::Done(done) => {
            let events: Vec<_> = done.events.iter().map(|recorded| recorded.event.stored().name).collect();
            println!("{what}: {}", events.join(", "));
            Ok(done)
        }
        Outcome::Refused(problems) => Err(format!("{what}: refused with {problems:?}").into()),
    }
}

fn refuse(engine: &Engine, command: impl Into<Command>) -> Result<(), Failure> {
    match ask(engine, command)? {
        Outcome::Done(done) => Err(format!("accepted: {done:?}").into()),
        Outcome::Refused(problems) => {
            for problem in problems {
                println!("  {problem}");
            }
            Ok(())
        }
    }
}

fn card(title: &str, snapshot: &Snapshot) -> Result<(), Failure> {
    let household = snapshot.contact(HOUSEHOLD)?.ok_or("the household is gone")?;
    println!("\n{title}: {}  {}", household.state.number, household.state.name);
    for line in &household.state.lines {
        let person = snapshot.contact(line.person)?.ok_or("the person is gone")?;
        let first = if household.state.shown_first == Some(line.person) { ", shown first" } else { "" };
        println!("  line {}: {} ({}{first})", line.line, person.state.name, line.role);
    }
    Ok(())
}

fn history(snapshot: &Snapshot) -> Result<(), Failure> {
    println!("\nThe history of the household:");
    for entry in snapshot.history(&EntityId::Contact(HOUSEHOLD), None, 100)?.entries {
        println!("  {} {} by {}", entry.position, entry.command, entry.actor);
        for change in entry.changes {
            let text = |value: Option<String>| value.unwrap_or_else(|| "-".into());
            println!("      {}: {} -> {}", change.field, text(change.before), text(change.after));
        }
    }
    Ok(())
}
