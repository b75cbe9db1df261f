//! Comparing the books with what is there.

use super::Failure;
use super::book::{Book, Command, Family, What};
use super::client::{Accepted, Client, NoAnswer, number};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;

const FAMILY: &str = "query($household: ID!, $person: ID!) {
    household: contact(id: $household) { kind name contractants { person { id } }
        history(first: 100) { edges { node { position commandId } } } }
    person: contact(id: $person) { kind name emails { value } phones { value }
        history(first: 100) { edges { node { position commandId changes { after } } } } }
}";

const SEARCH: &str = "query($text: String!) { findContacts(text: $text) { edges { node { id kind } } } }";

/// What must not be.
pub(crate) enum Violation {
    /// It was acknowledged, and is not there as it was acknowledged.
    Missing(String),
    /// Only a part of a command is there.
    Half(String),
    /// Something else: a second commit of one command, a commit that nobody asked for, a gap.
    Wrong(String),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(what) => write!(f, "MISSING: {what}"),
            Self::Half(what) => write!(f, "HALF: {what}"),
            Self::Wrong(what) => write!(f, "WRONG: {what}"),
        }
    }
}

/// How the unanswered commands of a round turned out.
#[derive(Default)]
pub(crate) struct Found {
    /// They were there.
    pub(crate) stored: usize,
    /// They were not.
    pub(crate) absent: usize,
}

/// All positions that are accounted for, each with the id of its one command.
#[derive(Default)]
pub(crate) struct Ledger {
    positions: BTreeMap<u64, String>,
}

impl Ledger {
    /// After a start: decides what became of the unanswered commands, repeats them, and compares every family that
    /// was touched since the last time.
    pub(crate) fn settle(
        &mut self,
        client: &Client,
        books: &mut [Book],
        violations: &mut Vec<Violation>,
    ) -> Result<Found, Failure> {
        let touched = books.iter().flat_map(|book| &book.families).filter(|family| family.touched);
        for (command, position) in touched.flat_map(|family| &family.stored) {
            self.enter(*position, command, violations);
        }
        let mut found = Found::default();
        let mut doubts = Vec::new();
        for (index, book) in books.iter_mut().enumerate() {
            if let Some(command) = book.doubt.take() {
                let stored = Self::look_for(client, book, &command, violations)?;
                match stored {
                    Some(position) => {
                        found.stored += 1;
                        self.enter(position, &command, violations);
                    }
                    None => found.absent += 1,
                }
                doubts.push((index, command, stored));
            }
        }
        // Every commit is accounted for, and none is missing from the middle or the end.
        let head = client.position()?;
        self.compare_count(usize::try_from(head)?, violations);

        for (index, command, stored) in doubts {
            let accepted = repeat(client, &command)?;
            match stored {
                Some(position) if accepted.position != position => {
                    let (id, answers) = (&command.id, accepted.position);
                    let what = format!(
                        "command {id} stands at position {position}, its repetition answers {answers}"
                    );
                    violations.push(Violation::Wrong(what));
                }
                Some(_) => {}
                None => self.enter(accepted.position, &command, violations),
            }
            if let Some(book) = books.get_mut(index) {
                book.enter(command.clone(), &accepted)?;
            }
            if matches!(command.what, What::Create) {
                let (households, persons) = search(client, &command)?;
                if (households.len(), persons.len()) != (1, 1) {
                    violations.push(Violation::Wrong(format!(
                        "command {} is there {} times after its repetition",
                        command.id,
                        households.len().max(persons.len())
                    )));
                }
            }
        }
        self.compare_count(usize::try_from(client.position()?)?, violations);
        for book in books {
            for family in book.families.iter_mut().filter(|family| family.touched) {
                compare(client, family, violations)?;
                family.touched = false;
            }
        }
        Ok(found)
    }

    /// The log must hold exactly the commands that are accounted for: positions have no gaps.
    pub(crate) fn compare_count(&self, commits: usize, violations: &mut Vec<Violation>) {
        let accounted = self.positions.len();
        let last = self
            .positions
            .keys()
            .next_back()
            .map_or(Ok(0), |last| usize::try_from(*last))
            .unwrap_or(usize::MAX);
        if commits < last {
            let what = format!("the log ends at {commits}, and position {last} was acknowledged");
            violations.push(Violation::Missing(what));
        } else if commits != accounted {
            let what = format!("the log holds {commits} commits, and {accounted} are accounted for");
            violations.push(Violation::Wrong(what));
        }
    }

    fn enter(&mut self, position: u64, command: &Command, violations: &mut Vec<Violation>) {
        let known = self.positions.entry(position).or_insert_with(|| command.id.clone());
        if *known != command.id {
            let what = format!("commands {known} and {} were both given position {position}", command.id);
            violations.push(Violation::Wrong(what));
        }
    }

    /// Whether an unanswered command is stored, and where. Anything between wholly and not at all is a violation.
    fn look_for(
        client: &Client,
        book: &Book,
        command: &Command,
        violations: &mut Vec<Violation>,
    ) -> Result<Option<u64>, Failure> {
        let mut half =
            |what: &str| violations.push(Violation::Half(format!("command {}: {what}", command.id)));
        let (household, person) = match command.what {
            What::Create => {
                let (mut households, mut persons) = search(client, command)?;
                match (households.pop(), persons.pop()) {
                    (None, None) => return Ok(None),
                    (Some(household), Some(person)) => (household, person),
                    (Some(_), None) => {
                        half("a household without its person");
                        return Ok(None);
                    }
                    (None, Some(_)) => {
                        half("a person without its household");
                        return Ok(None);
                    }
                }
            }
            What::Rename { family, .. } | What::Channels { family, .. } => {
                let family = book.families.get(family).ok_or("a family that is not in the book")?;
                (family.household.clone(), family.person.clone())
            }
        };
        let found = client.read(FAMILY, &json!({ "household": household, "person": person }))?;
        let at = |contact: &str| {
            let entries = entries(&found[contact]);
            entries.iter().find(|entry| entry["commandId"] == command.id).and_then(|e| number(&e["position"]))
        };
        let (at_person, at_household) = (at("person"), at("household"));
        // A change of channels is the person's alone.
        if command.sets_name() && at_person != at_household {
            half(&format!("person at {at_person:?}, household at {at_household:?}"));
        }
        Ok(at_person)
    }
}

/// Compares every family there is.
pub(crate) fn compare_all(
    client: &Client,
    books: &mut [Book],
    violations: &mut Vec<Violation>,
) -> Result<(), Failure> {
    for family in books.iter_mut().flat_map(|book| &mut book.families) {
        compare(client, family, violations)?;
    }
    Ok(())
}

/// Sends an unanswered command once more.
fn repeat(client: &Client, command: &Command) -> Result<Accepted, Failure> {
    client.send(command).map_err(|fault| match fault {
        NoAnswer::Unanswered => "the server went away while a command was repeated".into(),
        NoAnswer::Wrong(why) => why.into(),
    })
}

/// The households and the persons with the name that only this command gives.
fn search(client: &Client, command: &Command) -> Result<(Vec<String>, Vec<String>), Failure> {
    let found = client.read(SEARCH, &json!({ "text": command.surname() }))?;
    let edges = found["findContacts"]["edges"].as_array().cloned().unwrap_or_default();
    let of_kind = |kind: &str| {
        let nodes = edges.iter().map(|edge| &edge["node"]).filter(|node| node["kind"] == kind);
        nodes.filter_map(|node| node["id"].as_str().map(str::to_owned)).collect()
    };
    Ok((of_kind("HOUSEHOLD"), of_kind("PERSON")))
}

fn entries(contact: &Value) -> Vec<&Value> {
    let edges = contact["history"]["edges"].as_array();
    edges.map(|edges| edges.iter().map(|edge| &edge["node"]).collect()).unwrap_or_default()
}

/// Compares a family with what is there: every command in the history, once, at its position, with its values, and
/// no other; and the present values are those of the last command that set them.
fn compare(client: &Client, family: &mut Family, violations: &mut Vec<Violation>) -> Result<(), Failure> {
    family.stored.sort_by_key(|(_, position)| *position);
    let found = client.read(FAMILY, &json!({ "household": family.household, "person": family.person }))?;
    judge(family, &found, violations);
    Ok(())
}

fn judge(family: &Family, found: &Value, violations: &mut Vec<Violation>) {
    let (household, person) = (&found["household"], &found["person"]);
    let mut told = |command: &Command, position: u64, make: fn(String) -> Violation, what: &str| {
        violations.push(make(format!("command {} at position {position}: {what}", command.id)));
    };
    let (of_household, of_person) = (entries(household), entries(person));
    for (command, position) in &family.stored {
        let here: Vec<_> = of_person.iter().filter(|entry| entry["commandId"] == command.id).collect();
        match here.as_slice() {
            [] => told(command, *position, Violation::Missing, "is not in the person's history"),
            [entry] => {
                if number(&entry["position"]) != Some(*position) {
                    told(command, *position, Violation::Missing, &format!("stands at {}", entry["position"]));
                }
                let changes = entry["changes"].to_string();
                if command.sets_name() && !changes.contains(&command.surname()) {
                    told(command, *position, Violation::Half, &format!("without the name: {changes}"));
                }
                if command.sets_channels() && !changes.contains(&command.email()) {
                    told(
                        command,
                        *position,
                        Violation::Half,
                        &format!("without the e-mail address: {changes}"),
                    );
                }
            }
            _ => told(command, *position, Violation::Wrong, &format!("is there {} times", here.len())),
        }
        let at_household = of_household.iter().filter(|entry| entry["commandId"] == command.id).count();
        if at_household != usize::from(command.sets_name()) {
            let what = format!("is {at_household} times in the household's history");
            told(command, *position, Violation::Half, &what);
        }
    }
    if of_person.len() != family.stored.len() {
        let (there, known) = (of_person.len(), family.stored.len());
        violations.push(Violation::Wrong(format!(
            "the history of person {} has {there} entries, and {known} commands are known",
            family.person
        )));
    }

    let last = |sets: fn(&Command) -> bool| family.stored.iter().rev().find(|(command, _)| sets(command));
    let mut told = |(command, position): &(Command, u64), what: String| {
        let id = &command.id;
        violations.push(Violation::Missing(format!("command {id} at position {position}: now {what}")));
    };
    if let Some(named) = last(Command::sets_name) {
        let name = format!("A. {}", named.0.surname());
        if person["name"] != name {
            told(named, format!("the person is called {}", person["name"]));
        }
        if household["name"] != name || household["contractants"][0]["person"]["id"] != family.person {
            told(named, format!("the household is {household}"));
        }
    }
    if let Some(reachable) = last(Command::sets_channels) {
        let phones = person["phones"].as_array().map(Vec::as_slice).unwrap_or_default();
        let phone = match phones {
            [phone] => phone["value"].as_str().unwrap_or_default(),
            _ => "",
        };
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        if !digits.ends_with(&reachable.0.digits())
            || person["emails"] != json!([{ "value": reachable.0.email() }])
        {
            told(reachable, format!("the channels are {} {}", person["phones"], person["emails"]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(what: What, token: u32) -> Command {
        Command::new(format!("id-{token}"), what, token)
    }

    /// A family that was made at 1, renamed at 2, and given other channels at 3; and the answer that shows all of it.
    fn family() -> (Family, Value) {
        let person = "p".to_owned();
        let (create, rename, channels) = (
            command(What::Create, 1),
            command(What::Rename { family: 0, person: person.clone() }, 2),
            command(What::Channels { family: 0, person: person.clone() }, 3),
        );
        let entry = |command: &Command, position: u64, after: &[String]| {
            let changes: Vec<_> = after.iter().map(|after| json!({ "after": after })).collect();
            json!({ "node": { "position": position.to_string(), "commandId": command.id, "changes": changes } })
        };
        let name = format!("A. {}", rename.surname());
        let found = json!({
            "household": {
                "kind": "HOUSEHOLD", "name": name, "contractants": [{ "person": { "id": person } }],
                "history": { "edges": [entry(&create, 1, &[]), entry(&rename, 2, &[])] },
            },
            "person": {
                "kind": "PERSON", "name": name,
                "emails": [{ "value": channels.email() }],
                "phones": [{ "value": format!("+316{}", channels.digits()) }],
                "history": { "edges": [
                    entry(&create, 1, &[create.surname(), create.email()]),
                    entry(&rename, 2, &[rename.surname()]),
                    entry(&channels, 3, &[channels.email()]),
                ] },
            },
        });
        let stored = vec![(create, 1), (rename, 2), (channels, 3)];
        (Family { household: "h".to_owned(), person, stored, touched: true }, found)
    }

    fn judged(change: impl FnOnce(&mut Family, &mut Value)) -> Vec<Violation> {
        let (mut family, mut found) = family();
        change(&mut family, &mut found);
        let mut violations = Vec::new();
        judge(&family, &found, &mut violations);
        violations
    }

    #[test]
    fn what_is_all_there_is_no_violation() {
        assert!(judged(|_, _| {}).is_empty());
    }

    #[test]
    fn whatever_is_not_as_it_was_acknowledged_is_noticed() {
        type Change = fn(&mut Family, &mut Value);
        let missing: [Change; 6] = [
            |_, found| drop(found["person"]["history"]["edges"].as_array_mut().unwrap().pop()),
            |_, found| found["person"]["history"]["edges"][1]["node"]["position"] = json!("9"),
            |_, found| found["person"]["name"] = json!("A. Other"),
            |_, found| found["person"]["emails"] = json!([]),
            |_, found| found["person"]["phones"] = json!([{ "value": "+31612345678" }]),
            |_, found| found["person"] = Value::Null,
        ];
        for (at, change) in missing.into_iter().enumerate() {
            let violations = judged(change);
            assert!(violations.iter().any(|found| matches!(found, Violation::Missing(_))), "{at}");
        }
        let half: [Change; 3] = [
            |_, found| drop(found["household"]["history"]["edges"].as_array_mut().unwrap().pop()),
            |_, found| found["person"]["history"]["edges"][0]["node"]["changes"] = json!([]),
            |_, found| found["household"] = Value::Null,
        ];
        for (at, change) in half.into_iter().enumerate() {
            let violations = judged(change);
            assert!(violations.iter().any(|found| matches!(found, Violation::Half(_))), "{at}");
        }
        let wrong: [Change; 2] = [
            |family, _| drop(family.stored.remove(1)),
            |_, found| {
                let edges = found["person"]["history"]["edges"].as_array_mut().unwrap();
                edges.push(edges[1].clone());
            },
        ];
        for (at, change) in wrong.into_iter().enumerate() {
            let violations = judged(change);
            assert!(violations.iter().any(|found| matches!(found, Violation::Wrong(_))), "{at}");
        }
    }

    #[test]
    fn positions_have_no_gap_and_one_command_each() {
        let mut ledger = Ledger::default();
        let mut violations = Vec::new();
        ledger.enter(1, &command(What::Create, 1), &mut violations);
        ledger.enter(1, &command(What::Create, 1), &mut violations);
        ledger.compare_count(1, &mut violations);
        assert!(violations.is_empty());
        ledger.enter(1, &command(What::Create, 2), &mut violations);
        assert!(matches!(violations.pop(), Some(Violation::Wrong(_))));
        ledger.compare_count(0, &mut violations);
        assert!(matches!(violations.pop(), Some(Violation::Missing(_))));
        ledger.compare_count(2, &mut violations);
        assert!(matches!(violations.pop(), Some(Violation::Wrong(_))));
    }
}
