//! Whose data each personal field of an event is, and that nothing personal stands outside an envelope.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod samples;

use kroniek_domain::code_list::CodeList;
use kroniek_domain::contact::Contact;
use kroniek_domain::customer::Customer;
use kroniek_domain::employee::Employee;
use kroniek_domain::ids::{At, EntityId, Position};
use kroniek_domain::interaction::Interaction;
use kroniek_domain::personal::{SENSITIVE_FIELDS, SUBJECTS};
use kroniek_domain::task::Task;
use kroniek_domain::team::Team;
use kroniek_domain::template::Template;
use kroniek_domain::{Event, codec};
use samples::MARKER;
use serde_json::Value;

fn json(event: &Event) -> Value {
    event.serialize_payload(serde_json::value::Serializer).unwrap()
}

/// The envelope, if this value is one: whose, and what is in it.
fn envelope(value: &Value) -> Option<(&str, &Value)> {
    let fields = value.as_object().filter(|fields| fields.len() == 2)?;
    Some((fields.get("subject")?.as_str()?, fields.get("value")?))
}

/// Every envelope of a payload with its path, such as `now.value`.
fn envelopes<'v>(path: &str, value: &'v Value, found: &mut Vec<(String, &'v str, &'v Value)>) {
    if let Some((subject, inner)) = envelope(value) {
        found.push((path.to_owned(), subject, inner));
        return;
    }
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| envelopes(&below(name), value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| envelopes(&below("[]"), value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn at_path<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').fold(value, |value, name| &value[name])
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        Value::Array(items) => items.iter().for_each(|value| texts(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The reviewed table is complete, has nothing too much, and says the truth about the samples. That decisions keep to
/// it is a law (`laws.rs`).
#[test]
fn whose_data_each_personal_field_is() {
    let mut found = Vec::new();
    for event in samples::all() {
        let (name, payload) = (event.stored().name, json(&event));
        let mut fields = Vec::new();
        envelopes("", &payload, &mut fields);
        for (path, subject, _) in fields {
            let row = SUBJECTS.iter().find(|(event, field, _)| *event == name && *field == path);
            let (.., whose) = row.unwrap_or_else(|| panic!("say in SUBJECTS whose data {name}.{path} is"));
            // What is no sentence is the path of the field that names the subject.
            if !whose.contains(' ') {
                let id = at_path(&payload, whose).as_u64().unwrap_or_else(|| panic!("{name} has no {whose}"));
                assert_eq!(subject, format!("contact:{id}"), "{name}.{path}");
            }
            found.push((name, path));
        }
    }
    for (event, field, _) in SUBJECTS {
        let count = found.iter().filter(|(name, path)| name == event && path == field).count();
        assert_eq!(count, 1, "SUBJECTS names {event}.{field}");
    }
}

#[test]
fn sensitive_fields_are_personal_fields() {
    for (event, field) in SENSITIVE_FIELDS {
        assert!(SUBJECTS.iter().any(|(name, path, _)| name == event && path == field), "{event}.{field}");
    }
}

#[test]
fn the_samples_are_filled() {
    for event in samples::all() {
        let (name, payload) = (event.stored().name, json(&event));
        let mut fields = Vec::new();
        envelopes("", &payload, &mut fields);
        for (path, _, value) in fields {
            let mut inside = Vec::new();
            texts(value, &mut inside);
            // Figures are data of their subject as much as words are.
            assert!(!inside.is_empty() || value["turnover"].is_i64(), "{name}.{path}");
        }
        assert!(
            !payload.to_string().contains("null") && !payload.to_string().contains("[]"),
            "{name}: {payload}"
        );
    }
}

#[test]
fn no_personal_data_stands_outside_an_envelope() {
    fn open(path: &str, value: &Value) {
        if envelope(value).is_some() {
            return;
        }
        match value {
            Value::String(text) => assert!(!text.contains(MARKER), "{path}: {text}"),
            Value::Object(fields) => {
                fields.iter().for_each(|(name, value)| open(&format!("{path}.{name}"), value));
            }
            Value::Array(items) => items.iter().for_each(|value| open(&format!("{path}[]"), value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    for event in samples::all() {
        open(event.stored().name, &json(&event));
        for entity in event.entities() {
            assert!(!entity.to_string().contains(MARKER));
        }
    }
}

/// Folding goes on when keys are gone: from nothing, and on top of the clear sample.
#[test]
fn evolve_accepts_every_event_with_its_personal_values_erased() {
    let at = At { position: Position(7), time_us: 7 };
    for (event, erased) in samples::all().into_iter().zip(samples::erased()) {
        let stored = event.stored();
        assert_eq!(erased.stored(), stored);
        assert!(!json(&erased).to_string().contains(MARKER), "{}", stored.name);
        let bytes = erased.payload().unwrap();
        assert_eq!(Event::read(codec::CODEC, stored.tag, stored.version, &bytes).as_ref(), Ok(&erased));
        for entity in event.entities() {
            match entity {
                EntityId::Contact(id) => {
                    let mut fresh = Contact::new(id);
                    fresh.evolve(at, &erased);
                    assert!(!format!("{fresh:?}").contains(MARKER));
                    let mut known = Contact::new(id);
                    known.evolve(at, &event);
                    known.evolve(at, &erased);
                }
                EntityId::Customer(id) => {
                    let mut fresh = Customer::new(id);
                    fresh.evolve(at, &erased);
                    assert!(!format!("{fresh:?}").contains(MARKER));
                    let mut known = Customer::new(id);
                    known.evolve(at, &event);
                    known.evolve(at, &erased);
                }
                EntityId::CodeList(list) => CodeList::initial(&list).evolve(&erased),
                EntityId::AddressTable => {}
                EntityId::Interaction(id) => {
                    let mut fresh = Interaction::new(id);
                    fresh.evolve(at, &erased);
                    assert!(!format!("{fresh:?}").contains(MARKER));
                    let mut known = Interaction::new(id);
                    known.evolve(at, &event);
                    known.evolve(at, &erased);
                }
                EntityId::Task(id) => {
                    let mut fresh = Task::new(id);
                    fresh.evolve(at, &erased);
                    assert!(!format!("{fresh:?}").contains(MARKER));
                    let mut known = Task::new(id);
                    known.evolve(at, &event);
                    known.evolve(at, &erased);
                }
                EntityId::Template(code) => Template::new(&code).evolve(&erased),
                EntityId::Team(code) => Team::new(&code).evolve(&erased),
                EntityId::Employee(code) => Employee::new(&code).evolve(&erased),
            }
        }
    }
}
