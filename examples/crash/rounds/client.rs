//! A client that speaks GraphQL over one kept connection.

use super::Failure;
use super::book::{Command, What};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(60);

/// See the module.
pub(crate) struct Client {
    agent: ureq::Agent,
    url: String,
}

/// Why there is no answer to use.
pub(crate) enum NoAnswer {
    /// The connection broke, or there was none: whether the command is stored is not known.
    Unanswered,
    /// There was an answer, and it was not the expected one.
    Wrong(String),
}

/// An accepted command, as its payload tells it.
pub(crate) struct Accepted {
    /// Position of its commit.
    pub(crate) position: u64,
    /// Every contact that it names.
    pub(crate) contacts: Vec<Value>,
}

impl Client {
    /// Connects when first asked.
    pub(crate) fn new(addr: SocketAddr) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .build()
            .new_agent();
        Self { agent, url: format!("http://{addr}/graphql") }
    }

    /// Asks; answers `data`.
    pub(crate) fn ask(&self, query: &str, variables: &Value) -> Result<Value, NoAnswer> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut response = self
            .agent
            .post(&self.url)
            .header("content-type", "application/json")
            .header("kroniek-actor", "crash; permissions=READ,WRITE")
            .send(body)
            .map_err(|_| NoAnswer::Unanswered)?;
        let text = response.body_mut().read_to_string().map_err(|_| NoAnswer::Unanswered)?;
        let mut answer: Value = serde_json::from_str(&text).map_err(|_| NoAnswer::Wrong(text.clone()))?;
        if response.status() != 200 || answer.get("errors").is_some() {
            return Err(NoAnswer::Wrong(text));
        }
        Ok(answer["data"].take())
    }

    /// Asks a server that is known to be there.
    pub(crate) fn read(&self, query: &str, variables: &Value) -> Result<Value, Failure> {
        self.ask(query, variables).map_err(|fault| match fault {
            NoAnswer::Unanswered => "the server went away while it was asked".into(),
            NoAnswer::Wrong(text) => format!("an unexpected answer: {text}").into(),
        })
    }

    /// The head of the log, as reading sees it.
    pub(crate) fn position(&self) -> Result<u64, Failure> {
        let answer = self.read("{ position }", &json!({}))?;
        number(&answer["position"]).ok_or_else(|| format!("not a position: {answer}").into())
    }

    /// Sends a command; every command is one that must be accepted.
    pub(crate) fn send(&self, command: &Command) -> Result<Accepted, NoAnswer> {
        let name = match command.what {
            What::Create => "createContact",
            What::Rename { .. } => "changePersonName",
            What::Channels { .. } => "changeChannels",
        };
        let kind = name[..1].to_uppercase() + &name[1..];
        let query = format!(
            "mutation($input: {kind}Input!) {{ {name}(input: $input) {{ position userErrors {{ code message }}
                contacts {{ id kind name emails {{ value }} phones {{ value }} }} }} }}"
        );
        let mut answer = self.ask(&query, &json!({ "input": command.input() }))?;
        let mut payload = answer[name].take();
        let position = number(&payload["position"]);
        match (position, payload["contacts"].take()) {
            (Some(position), Value::Array(contacts)) if payload["userErrors"] == json!([]) => {
                Ok(Accepted { position, contacts })
            }
            _ => Err(NoAnswer::Wrong(format!("{name} was not accepted: {payload}"))),
        }
    }
}

/// A position: 64 bits, and so written as a string.
pub(crate) fn number(value: &Value) -> Option<u64> {
    value.as_str()?.parse().ok()
}
