//! Runs a manual that is written as GraphQL operations against a server, over HTTP.
//!
//! A script is plain GraphQL, cut at blank lines. A block of comments alone is text for the reader. Any other block is a
//! step: comments that say what the member of staff does, with the lines of the manual, and one operation. Comments of
//! these forms direct the step:
//!
//! | Comment | Means |
//! |---|---|
//! | `# as: NAME; permissions=READ,WRITE` | who acts (the header `Kroniek-Actor`), until the next such line |
//! | `# keep NAME = PATH` | the value at PATH of the answer is kept; operations that declare `$NAME` get it |
//! | `# shows PATH = VALUE` | the value at PATH of the answer; JSON, or text without quotes |
//! | `# refused CODE, CODE` | the answer refuses, with exactly these codes |
//! | `# asks PROMPT` | the answer is a question of this prompt, and nothing is stored |
//!
//! A PATH is names and indexes joined by dots, from `data` down: `createContact.contact.id`, `teams.nodes.0.code`. What
//! is not announced as refused or asked must be accepted.

use kroniek::{Actor, Engine};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// Why a script does not run as written.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The manuals that have a script, by their key.
pub(crate) const MANUALS: &[(&str, &str)] = &[
    ("e1", include_str!("e1.graphql")),
    ("a1", include_str!("a1.graphql")),
    ("e2", include_str!("e2.graphql")),
    ("n1", include_str!("n1.graphql")),
    ("a2", include_str!("a2.graphql")),
];

/// A few addresses to look up, made up, in the form that `kroniek import addresses` reads.
const ADDRESSES: &str = include_str!("addresses.csv");

/// Imports what the manuals take for granted: the postcode table.
pub(crate) fn prepare(engine: &Engine, dir: &Path) -> Result<(), Failure> {
    let file = dir.join("addresses.csv");
    std::fs::write(&file, ADDRESSES)?;
    let report = engine.import_addresses(&file, Actor::with_all("setup"), |_| {})?;
    if report.problem_count > 0 {
        return Err(format!("{:?}", report.problems).into());
    }
    Ok(())
}

/// One request of a script, with what its answer must be.
#[derive(Default)]
pub(crate) struct Step {
    /// The comments for people; the first begins with the lines of the manual.
    pub(crate) heading: Vec<String>,
    actor: Option<String>,
    keeps: Vec<(String, String)>,
    shows: Vec<(String, Value)>,
    refused: Vec<String>,
    asks: Option<String>,
    operation: String,
}

/// Reads a script; a mistake in it is named with its line.
pub(crate) fn read(script: &str) -> Result<Vec<Step>, Failure> {
    let mut steps = Vec::new();
    let mut step = Step::default();
    for (at, line) in script.lines().enumerate() {
        let comment = line.strip_prefix('#').map(str::trim);
        match comment {
            Some(comment) if step.operation.is_empty() => {
                step.direct(comment).map_err(|why| format!("line {}: {why}", at + 1))?;
            }
            _ if line.trim().is_empty() => steps.push(std::mem::take(&mut step)),
            _ => {
                step.operation.push_str(line);
                step.operation.push('\n');
            }
        }
    }
    steps.push(step);
    for step in &steps {
        // Without them a refusal would look like an answer.
        if step.operation.starts_with("mutation") && !step.operation.contains("userErrors {") {
            return Err(format!("ask for userErrors in: {}", step.operation).into());
        }
    }
    Ok(steps)
}

impl Step {
    fn direct(&mut self, comment: &str) -> Result<(), Failure> {
        let (word, rest) = comment.split_once(' ').unwrap_or((comment, ""));
        match word {
            "as:" => self.actor = Some(rest.to_owned()),
            "keep" => {
                let (name, path) = rest.split_once(" = ").ok_or("write `keep NAME = PATH`")?;
                self.keeps.push((name.to_owned(), path.to_owned()));
            }
            "shows" => {
                let (path, value) = rest.split_once(" = ").ok_or("write `shows PATH = VALUE`")?;
                let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
                self.shows.push((path.to_owned(), value));
            }
            "refused" => self.refused = rest.split(", ").map(str::to_owned).collect(),
            "asks" => self.asks = Some(rest.to_owned()),
            _ if comment.contains(" = ") => return Err(format!("no such directive: {comment}").into()),
            _ => self.heading.push(comment.to_owned()),
        }
        Ok(())
    }

    /// Holds the answer against what the script says.
    fn judge(&self, answer: &Value) -> Result<(), Failure> {
        let refusals = refusals(answer);
        let codes: Vec<_> = refusals.iter().map(|refusal| text(&refusal["code"])).collect();
        if let Some(prompt) = &self.asks {
            if codes != ["CONFIRMATION_REQUIRED"] || text(&refusals[0]["prompt"]) != prompt {
                return Err(format!("it should have asked {prompt}, and answered {refusals:?}").into());
            }
        } else if codes != self.refused {
            let expected = if self.refused.is_empty() {
                "be accepted".to_owned()
            } else {
                format!("be refused with {:?}", self.refused)
            };
            return Err(format!("it should {expected}, and answered {refusals:?}").into());
        }
        for (path, expected) in &self.shows {
            let shown = at(&answer["data"], path).ok_or_else(|| format!("nothing at {path}"))?;
            if shown != expected {
                return Err(format!("{path} should be {expected}, and is {shown}").into());
            }
        }
        Ok(())
    }
}

/// What refuses in an answer: errors of the request, and user errors of what it asked for.
fn refusals(answer: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for error in answer["errors"].as_array().into_iter().flatten() {
        found.push(json!({ "code": error["extensions"]["code"], "message": error["message"] }));
    }
    for field in answer["data"].as_object().into_iter().flat_map(Map::values) {
        found.extend(field["userErrors"].as_array().into_iter().flatten().cloned());
    }
    found
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The value at a path; null behind the end of a list, and nothing where the answer has no such field.
fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, part| match (value, part.parse::<usize>()) {
        (Value::Array(entries), Ok(index)) => Some(entries.get(index).unwrap_or(&Value::Null)),
        _ => value.get(part),
    })
}

/// Runs a script from beginning to end, and tells every step; answers how many requests it made.
pub(crate) fn run(addr: SocketAddr, script: &str, tell: &mut dyn FnMut(&str)) -> Result<usize, Failure> {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .new_agent();
    let (mut actor, mut kept, mut requests) = (String::new(), Map::new(), 0);
    for step in read(script)? {
        for line in &step.heading {
            tell(line);
        }
        if let Some(name) = &step.actor {
            actor.clone_from(name);
        }
        if step.operation.is_empty() {
            tell("");
            continue;
        }
        let declared = |name: &str| step.operation.contains(&format!("${name}:"));
        let variables: Map<_, _> = kept.clone().into_iter().filter(|(name, _)| declared(name)).collect();
        tell(&told(&actor, &step.operation, &variables));
        let body = json!({ "query": step.operation, "variables": variables });
        let mut response = agent
            .post(format!("http://{addr}/graphql"))
            .header("content-type", "application/json")
            .header("Kroniek-Actor", &actor)
            .send(body.to_string().as_bytes())?;
        requests += 1;
        let answer: Value = serde_json::from_str(&response.body_mut().read_to_string()?)?;
        tell(&indented(&format!("-> {answer:#}\n")));
        step.judge(&answer).map_err(|why| format!("{}\n{}{why}", step.heading.join("\n"), step.operation))?;
        for (name, path) in &step.keeps {
            let found = at(&answer["data"], path).filter(|value| !value.is_null());
            let found = found.ok_or_else(|| format!("{}\nnothing at {path}", step.heading.join("\n")))?;
            kept.insert(name.clone(), found.clone());
        }
    }
    Ok(requests)
}

fn told(actor: &str, operation: &str, variables: &Map<String, Value>) -> String {
    let mut told = format!("Kroniek-Actor: {actor}\n{operation}");
    if !variables.is_empty() {
        // Writing to a string does not fail.
        let _never = writeln!(told, "variables: {}", Value::Object(variables.clone()));
    }
    indented(&told)
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect()
}
