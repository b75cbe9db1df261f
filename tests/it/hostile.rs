//! What comes from outside may be anything. It is refused with a stable code or stored in its normal form; it is never
//! an HTTP 500 and never a panic, a refusal stores nothing, and the server goes on answering.

use crate::support::{Desk, House, activate, text, two_contractants};
use kroniek::Options;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Texts that have broken something somewhere.
fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        // Control characters and line ends.
        "\0",
        "Jan\0sen",
        "\u{1}\u{7}\u{1b}[31mred",
        "Jan\tsen\r\nPiet",
        "\u{85}\u{9f}",
        "\u{2028}",
        // What is not seen and yet there.
        "\u{202e}gpj.exe",
        "Jan\u{2066}sen",
        "Jan\u{200b}sen",
        "\u{feff}Jan",
        "\u{ad}",
        "\u{200d}",
        "\u{3164}",
        "\u{e0041}",
        // Marks with nothing to stand on, and the same letter in two ways.
        "\u{301}",
        "\u{301}\u{302}\u{303}x",
        "Cafe\u{301}",
        "\u{fdfa}",
        "\u{130}\u{df}\u{fb03}",
        "\u{1f1f3}\u{1f1f1}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "\u{1f642}",
        // Digits that are none here, and numbers that are none anywhere.
        "\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}\u{ff16}\u{ff17}\u{ff18}",
        "\u{0661}\u{0662}\u{0663}",
        "-1",
        "1e309",
        "99999999999999999999",
        "NaN",
        "9999-99-99",
        "2024-02-30",
        "0000-01-01",
        "+262144-01-01",
        // What another language takes for its own.
        "O'Brien",
        "'; DROP TABLE contacts; --",
        "\" OR \"\"=\"",
        "100%",
        "_",
        "\\",
        "%s%n",
        "<script>alert(1)</script>",
        "{\"$ne\": null}",
        "${jndi:ldap://x}",
        "../../etc/passwd",
        "contact:1",
        "Y29udGFjdDox",
        "null",
        // Nothing, noncharacters, private use.
        "",
        "   ",
        "\u{a0}",
        "\u{fffd}",
        "\u{ffff}",
        "\u{e000}",
    ]
    .map(str::to_owned)
    .into();
    texts.push("x".repeat(10_000));
    texts.push(format!("e{}", "\u{301}".repeat(5_000)));
    texts.push("9".repeat(10_000));
    texts
}

/// Characters that may stand in nothing that is stored or answered.
fn is_poison(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(
            c,
            '\u{feff}' | '\u{fffd}' | '\u{ffff}' | '\u{e000}' | '\u{3164}' | '\u{e0041}' | '\u{2028}'
        )
}

fn is_code(code: &str) -> bool {
    !code.is_empty() && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

pub(crate) fn head(house: &House) -> u64 {
    house.engine.log().head().position
}

#[track_caller]
fn still_answers(house: &House, head_before: u64) {
    let answer = house.desk().data("{ __typename position }", json!({}));
    assert_eq!(answer["__typename"], "Query");
    assert_eq!(head(house), head_before, "a refused request stores nothing");
}

/// An answer of HTTP with one refusal: the status and the stable code.
#[track_caller]
fn refused(answer: &(u16, String), status: u16, code: &str) {
    assert_eq!(answer.0, status, "{}", answer.1);
    let body: Value = serde_json::from_str(&answer.1).expect("a refusal is JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], code, "{body}");
    assert!(!text(&body["errors"][0]["message"]).is_empty());
    assert!(body.get("data").is_none(), "{body}");
}

/// One request over a connection that stays open.
struct Raw(BufReader<TcpStream>);

impl Raw {
    fn connect(house: &House) -> Self {
        let stream = TcpStream::connect(house.addr).expect("connects");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("sets");
        Self(BufReader::new(stream))
    }

    fn send(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).expect("sends");
    }

    /// The next answer: status and body.
    fn answer(&mut self) -> (u16, String) {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a status line");
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.unwrap_or_else(|| panic!("no status: {line:?}"));
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).expect("a header");
            let Some((name, value)) = line.split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("the body");
        (status, String::from_utf8(body).expect("text"))
    }

    fn exchange(&mut self, head: &str, body: &[u8]) -> (u16, String) {
        self.send(&request(head, body));
        self.answer()
    }
}

/// A request with these headers.
fn request(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("POST /graphql HTTP/1.1\r\n{headers}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend(body);
    bytes
}

const HEADERS: &str =
    "Host: localhost\r\nContent-Type: application/json\r\nKroniek-Actor: desk; permissions=READ,WRITE\r\n";

#[test]
fn a_body_that_is_no_request_is_refused_and_not_guessed_at() {
    let house = House::new();
    let desk = house.desk();
    let before = head(&house);
    let deep_list = "[".repeat(500_000);
    let deep_object = format!("{{\"query\": \"{{a}}\", \"variables\": {}", "{\"a\":".repeat(100_000));
    let bodies: &[&[u8]] = &[
        b"",
        b"{",
        b"null",
        b"[]",
        b"\"{ position }\"",
        b"{\"query\": 1}",
        b"{\"query\": null}",
        b"{\"query\": \"\"}",
        b"{\"query\": \"{ position }\", \"variables\": []}",
        b"[{\"query\": \"{ position }\"}]",
        b"{\"query\": \"{ position }\"} trailing",
        b"{\"query\": \"\xff\xfe\"}",
        b"{\"query\": \"\\ud800\"}",
        b"\xef\xbb\xbf{\"query\": \"{ position }\"}",
        deep_list.as_bytes(),
        deep_object.as_bytes(),
    ];
    for body in bodies {
        refused(&desk.post("application/json", body), 400, "MALFORMED_REQUEST");
    }
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
    {
        refused(&desk.post(content_type, b"{\"query\": \"{ position }\"}"), 415, "UNSUPPORTED_MEDIA_TYPE");
    }
    still_answers(&house, before);
}

#[test]
fn graphql_that_does_not_parse_or_fit_the_schema_is_an_error_and_nothing_else() {
    let house = House::new();
    let desk = house.desk();
    let before = head(&house);
    for query in [
        "{",
        "}",
        "{ }",
        "nonsense",
        "{ position(",
        "{ position @ }",
        "query { nothing }",
        "mutation { createContact }",
        "mutation { createContact(input: {kind: ALIEN}) { changed } }",
        "mutation { createContact(input: \"x\") { changed } }",
        "subscription { a }",
        "query A { position } query B { position }",
        "query($a: Missing!) { position }",
        "query { ...F }",
        "fragment F on Query { ...F } query { ...F }",
        "fragment A on Query { ...B } fragment B on Query { ...A } { ...A }",
        "{ contact(id: 1.5) { name } }",
        "{ findContacts(first: 99999999999999999999) { edges { cursor } } }",
        "{ findContacts(first: \"1\") { edges { cursor } } }",
        "{ contact(id: \"\\u{110000}\") { name } }",
        "{ position \u{0} }",
        "\u{feff}\u{202e}{ nothing }",
    ] {
        let answer = desk.ask(query, json!({}));
        assert!(answer["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{query}: {answer}");
    }
    for variables in [
        json!({ "input": null }),
        json!({ "input": {} }),
        json!({ "input": [] }),
        json!({ "input": { "kind": "PERSON", "unknown": 1 } }),
        json!({ "input": { "kind": "PERSON", "surname": 5 } }),
        json!({ "input": { "kind": "PERSON", "surname": "X", "commandId": "not-a-uuid" } }),
        json!({ "input": { "kind": "PERSON", "surname": "X", "expectedVersion": -1 } }),
        json!({ "input": { "kind": "PERSON", "surname": "X", "expectedVersion": "18446744073709551616" } }),
        json!({ "input": { "kind": "PERSON", "surname": "X", "confirm": ["SURE"] } }),
        json!({ "input": { "kind": "PERSON", "surname": "X", "phones": { "value": {} } } }),
    ] {
        let answer = desk.ask(
            "mutation($input: CreateContactInput!) { createContact(input: $input) { changed } }",
            variables,
        );
        assert!(answer["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{answer}");
    }
    still_answers(&house, before);
}

#[test]
fn a_query_that_would_exhaust_the_server_is_refused_before_it_runs() {
    let house = House::new();
    let desk = house.desk();
    two_contractants(&desk);
    let before = head(&house);
    let nested = |depth: usize, open: &str| {
        format!(
            "{{ findContacts {{ edges {{ node {{ {}name{} }} }} }} }}",
            open.repeat(depth),
            " }".repeat(depth)
        )
    };
    let aliases = |count: usize| {
        let fields: Vec<_> = (0..count).map(|at| format!("a{at}:position")).collect();
        format!("{{ {} }}", fields.join(" "))
    };
    // Each fragment spreads the one before it twice: a page of text that means a million fields.
    let mut bomb = String::from("{ ...F30 } fragment F0 on Query { position }");
    for at in 1..=30 {
        let before = at - 1;
        bomb.extend([format!(" fragment F{at} on Query {{ ...F{before} ...F{before} }}")]);
    }
    let pages = "{ findContacts(first: 100) { edges { node { followers { followers { followers { followers { id } } } } } } } }";
    let queries = [
        nested(40, "leader { "),
        nested(60_000, "leader { "),
        format!("{{ position {} }}", "@include(if: true) ".repeat(20_000)),
        format!("{{ contact(id: {}1{}) {{ id }} }}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{{ contact(id: {}1{}) {{ id }} }}", "{a:".repeat(100_000), "}".repeat(100_000)),
        format!("query($a: {}Int{}) {{ position }}", "[".repeat(100_000), "]".repeat(100_000)),
        aliases(60_000),
        pages.to_owned(),
        bomb,
    ];
    for query in queries {
        let (status, answer) =
            desk.post("application/json", json!({ "query": query }).to_string().as_bytes());
        // What is too deep even to be parsed safely has a status of its own.
        assert!(matches!(status, 200 | 400), "{status}: {answer:.300}");
        let body: Value = serde_json::from_str(&answer).expect("JSON");
        assert!(
            body["data"].is_null() && !body["errors"].is_null(),
            "{query:.200} was answered: {answer:.200}"
        );
        assert!(answer.len() < 200_000, "{query:.200}: an answer that grows with its query: {answer:.300}");
    }
    still_answers(&house, before);
}

#[test]
fn ten_megabytes_are_too_large_and_the_connection_survives() {
    let house = House::new();
    let before = head(&house);
    let large = vec![b'x'; 10 * 1024 * 1024];
    let mut raw = Raw::connect(&house);
    for _ in 0..2 {
        refused(&raw.exchange(HEADERS, &large), 413, "TOO_LARGE");
        let (status, body) = raw.exchange(HEADERS, b"{\"query\": \"{ __typename }\"}");
        assert_eq!(status, 200, "{body}");
    }
    // Announced, and never sent: the answer does not wait for it.
    let headers = format!("{HEADERS}Expect: 100-continue\r\nContent-Length: 10485760\r\n\r\n");
    let mut raw = Raw::connect(&house);
    raw.send(format!("POST /graphql HTTP/1.1\r\n{headers}").as_bytes());
    refused(&raw.answer(), 413, "TOO_LARGE");
    still_answers(&house, before);
}

#[test]
fn huge_variables_are_refused_by_their_field() {
    let house = House::new();
    let desk = house.desk();
    let (home, bakker, _) = two_contractants(&desk);
    let before = head(&house);
    desk.refuse(
        "changePersonName",
        json!({ "personId": bakker, "surname": "x".repeat(900_000) }),
        &["TOO_LONG"],
    );
    desk.refuse(
        "changePersonName",
        json!({ "personId": "A".repeat(900_000), "surname": "X" }),
        &["NOT_FOUND"],
    );
    let many: Vec<_> = (0..20_000).map(|at| json!({ "value": format!("t{at}@example.org") })).collect();
    desk.refuse("changeChannels", json!({ "contactId": home, "emails": many }), &["TOO_MANY_CHANNELS"]);
    let ids = vec![home; 10_000];
    let answer = desk.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids }));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "PAGE_TOO_LARGE", "{answer}");
    still_answers(&house, before);
}

#[test]
fn an_actor_that_cannot_be_read_is_nobody_and_gets_nothing() {
    let house = House::new();
    let before = head(&house);
    let body = b"{\"query\": \"{ position }\"}";
    let base = "Host: localhost\r\nContent-Type: application/json\r\n";
    let headers: &[&[u8]] = &[
        b"Kroniek-Actor: \r\n",
        b"Kroniek-Actor: desk\r\n",
        b"Kroniek-Actor: desk; permissions=\r\n",
        b"Kroniek-Actor: desk; permissions=ALL\r\n",
        b"Kroniek-Actor: desk; permissions=READ; admin=true\r\n",
        b"Kroniek-Actor: ; permissions=READ\r\n",
        b"Kroniek-Actor: de\tsk; permissions=READ\r\n",
        b"Kroniek-Actor: de\xe2\x80\xaesk; permissions=READ\r\n",
        b"Kroniek-Actor: \xff\xfe; permissions=READ\r\n",
        b"Kroniek-Actor: a; permissions=READ\r\nKroniek-Actor: b; permissions=READ,WRITE\r\n",
    ];
    let mut raw = Raw::connect(&house);
    for header in headers {
        let mut bytes = format!("POST /graphql HTTP/1.1\r\n{base}").into_bytes();
        bytes.extend(*header);
        bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
        bytes.extend(body);
        raw.send(&bytes);
        refused(&raw.answer(), 400, "INVALID_ACTOR");
    }
    let long = format!("{base}Kroniek-Actor: {}; permissions=READ\r\n", "x".repeat(10_000));
    refused(&raw.exchange(&long, body), 400, "INVALID_ACTOR");
    still_answers(&house, before);
}

#[test]
fn a_web_page_under_its_own_name_gets_nothing() {
    let house = House::new();
    let body = b"{\"query\": \"{ position }\"}";
    let mut raw = Raw::connect(&house);
    for host in ["evil.example", "evil.example:8080", "localhost.evil.example", "0.0.0.0", "10.0.0.1"] {
        let headers = format!("Host: {host}\r\nContent-Type: application/json\r\n");
        refused(&raw.exchange(&headers, body), 421, "WRONG_HOST");
    }
    let twice = "Host: localhost\r\nHost: evil.example\r\nContent-Type: application/json\r\n";
    refused(&Raw::connect(&house).exchange(twice, body), 421, "WRONG_HOST");
    let (status, _) = raw.exchange("Host: localhost\r\nContent-Type: application/json\r\n", body);
    assert_eq!(status, 200, "and the same connection goes on under the right name");
}

#[test]
fn bytes_that_are_no_http_end_their_own_connection_only() {
    let house = House::new();
    let before = head(&house);
    let huge_head =
        format!("POST /graphql HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    let garbage: &[&[u8]] = &[
        b"\0\0\0\0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        huge_head.as_bytes(),
    ];
    for bytes in garbage {
        let mut stream = TcpStream::connect(house.addr).expect("connects");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("sets");
        // The server may hang up before all of it is sent.
        let _hung_up = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _reset = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{:?} got {answer}",
            &bytes[..bytes.len().min(60)]
        );
    }
    // Half a body, and then nobody.
    let mut raw = Raw::connect(&house);
    raw.send(
        format!("POST /graphql HTTP/1.1\r\n{HEADERS}Content-Length: 1000\r\n\r\n{{\"query\"").as_bytes(),
    );
    drop(raw);
    still_answers(&house, before);
}

#[test]
fn pages_and_cursors_that_nobody_gave_out_are_refused() {
    let house = House::new();
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    let before = head(&house);
    let ask = |first: Value, after: Value| {
        let query = "query($id: ID!, $first: Int, $after: String) {
            findContacts(first: $first, after: $after) { edges { cursor } }
            findCustomers(first: $first, after: $after) { edges { cursor } }
            contact(id: $id) { history(first: $first, after: $after) { edges { cursor } } } }";
        desk.ask(query, json!({ "id": home, "first": first, "after": after }))
    };
    let codes = |answer: &Value| -> BTreeSet<String> {
        let errors = answer["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap_or("none").to_owned()).collect()
    };
    let only = |code: &str| BTreeSet::from([code.to_owned()]);
    for first in [json!(0), json!(-1), json!(i32::MIN)] {
        assert_eq!(codes(&ask(first, Value::Null)), only("INVALID_PAGE"));
    }
    for first in [json!(101), json!(i32::MAX)] {
        assert_eq!(codes(&ask(first, Value::Null)), only("PAGE_TOO_LARGE"));
    }
    assert_eq!(codes(&ask(json!(9_007_199_254_740_993_i64), Value::Null)), only("none"), "no Int of GraphQL");
    // The last ones are the base64url of -1, of 2^64, and of a number with a sign.
    for after in [
        "rubbish",
        "%",
        "=",
        "\0",
        "'; DROP TABLE",
        &"A".repeat(5_000),
        "LTE",
        "MTg0NDY3NDQwNzM3MDk1NTE2MTY",
        "KzE",
    ] {
        assert_eq!(codes(&ask(Value::Null, json!(after))), only("INVALID_CURSOR"), "{after:?}");
    }
    // 2^64 - 1 is a place, and nothing is behind it.
    let answer = ask(Value::Null, json!("MTg0NDY3NDQwNzM3MDk1NTE2MTU"));
    assert_eq!(answer["data"]["findContacts"]["edges"], json!([]), "{answer}");
    assert_eq!(answer["data"]["contact"]["history"]["edges"], json!([]), "{answer}");
    // A version that no entity has had, and one beyond the head.
    for version in ["0", "999999", "18446744073709551615"] {
        desk.refuse(
            "changeChannels",
            json!({ "contactId": home, "emails": [], "expectedVersion": version }),
            &["VERSION_CONFLICT"],
        );
    }
    still_answers(&house, before);
}

#[test]
fn a_search_takes_every_text_literally() {
    let house = House::new();
    let desk = house.desk();
    two_contractants(&desk);
    let before = head(&house);
    let query = "query($text: String!) { findContacts(text: $text) { edges { node { name } } }
        findCustomers(text: $text) { edges { cursor } } contact(no: $text) { id } customer(no: $text) { id }
        byId: contact(id: \"x\") { id } node(id: \"x\") { id } codeList(list: $text) { name }
        addressLookup(text: $text) { address { street } userErrors { code } } }";
    for text in hostile_texts() {
        let answer = desk.ask(query, json!({ "text": text }));
        for error in answer["errors"].as_array().into_iter().flatten() {
            assert_eq!(error["extensions"]["code"], "TOO_LONG", "{text:.60?}: {error}");
        }
        let answer = answer.to_string();
        assert!(!answer.contains("INTERNAL") && !answer.contains("UNAVAILABLE"), "{text:.60?}: {answer}");
        assert!(!answer.chars().any(is_poison), "{text:.60?} is echoed: {answer}");
    }
    // A wildcard of SQL is a character like any other; nobody is called so.
    for text in ["%", "_", "B_kker", "B%r", "Bakker' OR '1'='1", "\\"] {
        let found = desk.data(
            "query($text: String!) { findContacts(text: $text) { edges { cursor } } }",
            json!({ "text": text }),
        );
        assert_eq!(found["findContacts"]["edges"], json!([]), "{text}");
    }
    let found = desk.data("{ findContacts(text: \"akk\") { edges { cursor } } }", json!({}));
    assert_eq!(
        found["findContacts"]["edges"].as_array().map(Vec::len),
        Some(2),
        "the household and the person"
    );
    still_answers(&house, before);
}

#[test]
fn an_id_that_was_never_given_out_names_nothing() {
    let house = House::new();
    let desk = house.desk();
    two_contractants(&desk);
    let before = head(&house);
    for id in hostile_texts() {
        let answer = desk.ask(
            "query($id: ID!, $code: String!) { contact(id: $id) { id } customer(id: $id) { id } node(id: $id) { id }
                interaction(id: $id) { id } task(id: $id) { id } employee(id: $id) { id } team(code: $code) { id }
                interactionTemplate(code: $code) { id } teamTasks(team: $code) { nodes { id } }
                openQuestions(team: $code) { nodes { id } } portal { interactions(customerNo: $code) { nodes { id } } } }",
            json!({ "id": id, "code": id }),
        );
        for nothing in ["interaction", "task", "employee", "team", "interactionTemplate", "teamTasks"] {
            assert_eq!(answer["data"][nothing], Value::Null, "{id:.60?}: {answer}");
        }
        assert_eq!(answer["data"]["portal"]["interactions"], Value::Null, "{id:.60?}: {answer}");
        assert_eq!(answer["data"]["openQuestions"]["nodes"], json!([]), "{id:.60?}: {answer}");
        // The one text among them that is an id names a contact.
        let is_contact = id == "Y29udGFjdDox";
        assert_eq!(answer["data"]["customer"], Value::Null, "{id:.60?}: {answer}");
        assert_eq!(answer["data"]["node"].is_null(), !is_contact, "{id:.60?}: {answer}");
        assert_eq!(answer["data"]["contact"].is_null(), !is_contact, "{id:.60?}: {answer}");
        assert!(answer.get("errors").is_none(), "{answer}");
    }
    still_answers(&house, before);
}

/// A place in an input: the names of the fields down to it, each with its type, and whether it is a list.
#[derive(Clone, Debug)]
struct Step {
    name: String,
    kind: String,
    list: bool,
}

/// The inputs of the schema, as introspection tells them.
pub(crate) struct Inputs {
    types: Map<String, Value>,
    pub(crate) mutations: Vec<String>,
}

impl Inputs {
    pub(crate) fn read(desk: &Desk) -> Self {
        let kind = "type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
        let query = format!(
            "{{ __schema {{ types {{ kind name inputFields {{ name {kind} }} }} mutationType {{ fields {{ name }} }} }} }}"
        );
        let mut data = desk.data(&query, json!({}));
        let schema = data["__schema"].take();
        let types = schema["types"].as_array().expect("types").iter();
        let inputs = types.filter(|found| found["kind"] == "INPUT_OBJECT");
        let fields = schema["mutationType"]["fields"].as_array().expect("mutations").iter();
        Self {
            types: inputs
                .map(|found| (text(&found["name"]).to_owned(), found["inputFields"].clone()))
                .collect(),
            mutations: fields.map(|field| text(&field["name"]).to_owned()).collect(),
        }
    }

    /// Whether an error's field, such as `newPerson.phones[0].value`, is a place in an input type.
    fn knows(&self, input: &str, field: &str) -> bool {
        let (first, rest) = field.split_once('.').map_or((field, None), |(first, rest)| (first, Some(rest)));
        let first = first.split('[').next().unwrap_or_default();
        let fields = self.types[input].as_array().expect("fields");
        let Some(found) = fields.iter().find(|field| field["name"] == first) else { return false };
        let mut kind = &found["type"];
        while kind["name"].is_null() {
            kind = &kind["ofType"];
        }
        rest.is_none_or(|rest| kind["kind"] == "INPUT_OBJECT" && self.knows(text(&kind["name"]), rest))
    }

    /// The names of the fields of an input type.
    fn names(&self, input: &str) -> Vec<&str> {
        self.types[input].as_array().expect("fields").iter().map(|field| text(&field["name"])).collect()
    }

    /// Every place below an input type that takes a text.
    fn texts(&self, input: &str) -> Vec<Vec<Step>> {
        let mut found = Vec::new();
        for field in self.types[input].as_array().expect("fields") {
            let mut kind = &field["type"];
            let mut list = false;
            while kind["name"].is_null() {
                list |= kind["kind"] == "LIST";
                kind = &kind["ofType"];
            }
            let name = text(&kind["name"]).to_owned();
            let step = Step { name: text(&field["name"]).to_owned(), kind: name.clone(), list };
            if matches!(name.as_str(), "String" | "ID" | "Date") {
                found.push(vec![step]);
            } else if kind["kind"] == "INPUT_OBJECT" {
                found.extend(self.texts(&name).into_iter().map(|mut rest| {
                    rest.insert(0, step.clone());
                    rest
                }));
            }
        }
        found
    }
}

/// Something valid to put around a hostile text, by the type of the input object.
fn around(kind: &str, household: &str) -> Value {
    match kind {
        "NewPersonInRoleInput" => json!({ "roleCode": "CONTRACTANT", "initials": "B.", "surname": "Boer" }),
        "NewPersonInput" => json!({ "initials": "B.", "surname": "Boer" }),
        "TypedAddressInput" => {
            json!({ "street": "Boterdiep", "houseNo": 31, "postcode": "3077AW", "city": "Rotterdam" })
        }
        "ChannelInput" => json!({ "value": "b.boer@example.org" }),
        "NewMandateInput" => json!({ "code": "M-1", "signedOn": "2024-03-01", "type": "RECURRING" }),
        "OutcomeInput" => json!({ "template": "BEL", "note": "Ja." }),
        "HouseholdDecisionInput" => json!({ "householdId": household, "keepRoles": false }),
        _ => json!({}),
    }
}

fn put(input: &mut Value, path: &[Step], hostile: &str, household: &str) {
    let Some((step, rest)) = path.split_first() else { return };
    let mut inner = json!(hostile);
    if !rest.is_empty() {
        let present = if step.list { &input[&step.name][0] } else { &input[&step.name] };
        inner = if present.is_object() { present.clone() } else { around(&step.kind, household) };
        put(&mut inner, rest, hostile, household);
    }
    input[&step.name] = if step.list { json!([inner]) } else { inner };
}

/// People and a customer to try things on.
pub(crate) struct Cast {
    pub(crate) household: String,
    pub(crate) person: String,
    pub(crate) other: String,
    pub(crate) customer: String,
    company: String,
    pub(crate) client: String,
    pub(crate) second: String,
    pub(crate) follower: String,
    /// A contact moment and its task, as far as the mutation needs it.
    interaction: String,
    task: String,
}

/// A team of whoever tries, and a template.
pub(crate) fn staff(desk: &Desk) {
    desk.accept("defineTeam", json!({ "code": "VERHUUR", "name": "Verhuur" }));
    for (code, user) in [("DESK", "desk"), ("JDV", "jdv")] {
        desk.accept("addEmployee", json!({ "code": code, "name": "Medewerker", "userName": user }));
    }
    desk.accept("addTeamMember", json!({ "teamCode": "VERHUUR", "employeeCode": "DESK" }));
    let template = json!({ "code": "BEL", "name": "Bellen", "channel": "TEL", "direction": "INBOUND",
                           "initiatedBy": "THEM", "subject": "QUESTION", "showInPortal": true });
    desk.accept("defineTemplate", template);
}

/// A question with its task, which is taken, noted and finished as far as the mutation needs it.
fn asked(desk: &Desk, mutation: &str, customer: &str) -> (String, String) {
    let question = json!({ "customerNo": customer, "template": "BEL", "createTask": true, "teamCode": "VERHUUR",
                           "note": "Mag dat?" });
    let payload = desk.accept("registerInteraction", question);
    let task = text(&payload["task"]["id"]).to_owned();
    if matches!(
        mutation,
        "setTaskStatus" | "writeTaskNote" | "finishTask" | "releaseTask" | "reopenTask" | "cancelInteraction"
    ) {
        desk.accept("takeTask", json!({ "taskId": task, "confirm": ["TASK_TAKE_OVER"] }));
        desk.accept("writeTaskNote", json!({ "taskId": task, "text": "Gebeld." }));
    }
    if matches!(mutation, "reopenTask" | "cancelInteraction") {
        desk.accept("finishTask", json!({ "taskId": task, "createInteraction": false }));
    }
    (text(&payload["interaction"]["id"]).to_owned(), task)
}

impl Cast {
    pub(crate) fn new(desk: &Desk, mutation: &str, nth: usize) -> Self {
        let (household, person, other) = two_contractants(desk);
        let customer = activate(desk, &household, "2024-03-01");
        desk.accept(
            "addBankAccount",
            json!({ "customerNo": customer, "code": "RENT", "iban": "NL91ABNA0417164300", "syncHolderAddress": false }),
        );
        desk.accept(
            "createMandate",
            json!({ "customerNo": customer, "code": format!("M{nth}"), "bankAccount": "RENT", "signedOn": "2024-03-01", "type": "RECURRING" }),
        );
        let registered = |kind: &str, more: Value| {
            let mut input = json!({ "type": kind });
            input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            let payload = desk.accept("createRegistration", input);
            text(&payload["contact"]["id"]).to_owned()
        };
        let company = registered("CLIENT_COMPANY", json!({ "companyName": "Zonneveld B.V." }));
        let client = registered("CLIENT_PERSON", json!({ "initials": "P.", "surname": "Zonneveld" }));
        let second = registered("CLIENT_PERSON", json!({ "initials": "R.", "surname": "Kok" }));
        let follower = registered(
            "CONTACT_PERSON",
            json!({ "initials": "x", "surname": "Smit", "parentId": company.clone() }),
        );
        if matches!(mutation, "endLeaderLink" | "replaceLeader") {
            desk.accept("coupleToLeader", json!({ "followerId": follower, "leaderId": client }));
        }
        let (interaction, task) = asked(desk, mutation, &customer);
        Self { household, person, other, customer, company, client, second, follower, interaction, task }
    }

    /// An input that is accepted, or at least refused for nothing but the state of things.
    pub(crate) fn input(&self, mutation: &str, nth: usize) -> Value {
        let Self { household, person, other, customer, company, client, second, follower, interaction, task } =
            self;
        match mutation {
            "createContact" => {
                json!({ "kind": "HOUSEHOLD", "person": around("NewPersonInRoleInput", household),
                    "confirm": ["POSSIBLE_DUPLICATE"] })
            }
            "createPersonInHousehold" => {
                json!({ "householdId": household, "roleCode": "CONTRACTANT", "initials": "B.", "surname": "Boer",
                    "confirm": ["POSSIBLE_DUPLICATE"] })
            }
            "changePersonName" | "changePersonalData" | "changeHomeAddress" => {
                let mut input = json!({ "personId": person });
                if mutation == "changeHomeAddress" {
                    let address = around("TypedAddressInput", household);
                    input
                        .as_object_mut()
                        .expect("an object")
                        .extend(address.as_object().expect("an object").clone());
                }
                input
            }
            "changeContactKind" => json!({ "contactId": household, "kind": "COMPANY" }),
            "changeContactName" | "changeCompanyData" => json!({ "contactId": company }),
            "changeChannels" => json!({ "contactId": person }),
            "changeCorrespondenceAddress" => {
                let mut input = around("TypedAddressInput", household);
                input["contactId"] = json!(household);
                input
            }
            "addRole" => json!({ "contactId": household, "personId": other, "roleCode": "CONTACT_PERSON" }),
            "removeRole" => json!({ "contactId": household, "line": 2, "confirm": ["REMOVE_ROLE_LINE"] }),
            "showFirst" => json!({ "householdId": household, "personId": other }),
            "changeBusinessData" => json!({ "contactId": company, "line": 1, "business": {} }),
            "setPortalCoupling" => json!({ "contactId": company, "line": 1, "on": true }),
            "setSalutation" => json!({ "contactId": person, "code": "DHR" }),
            "recordDeath" => json!({ "personId": other, "dateOfDeath": "2025-11-03", "keepRoles": false }),
            "correctDeath" => {
                json!({ "personId": other, "dateOfDeath": null, "reason": "it was somebody else" })
            }
            "activateCustomer" => {
                json!({ "householdId": household, "leaseRef": "L-2", "startDate": "2025-01-01" })
            }
            "recordLeaseEnded" => {
                json!({ "customerNo": customer, "leaseRef": "L-1", "endDate": "2025-01-01" })
            }
            "createRegistration" => {
                json!({ "type": "CLIENT_PERSON", "initials": "K.", "surname": "Kok",
                    "confirm": ["POSSIBLE_DUPLICATE"] })
            }
            "createCustomer" => {
                json!({ "initials": "K.", "surname": "Kok", "confirm": ["POSSIBLE_DUPLICATE"] })
            }
            "changeCustomer" | "deactivateCustomer" | "reactivateCustomer" | "deleteCustomer"
            | "setParentCompany" | "confirmUpToDate" | "unmarkForDeletion" => {
                json!({ "customerNo": customer })
            }
            "changeCard" => json!({ "customerNo": customer, "office": {} }),
            "recordActivity" => {
                json!({ "customerNo": customer, "kind": "OPEN_ORDER", "id": "O-1", "state": "OPEN" })
            }
            "recordStaffMembership" | "markOwnServiceProvider" => {
                json!({ "customerNo": customer, "on": true })
            }
            "setContact" => {
                json!({ "customerNo": customer, "kind": "ADMINISTRATION", "email": "a@example.org" })
            }
            "setBillingCustomer" => json!({ "customerNo": customer }),
            "setMailConsent" => json!({ "customerNo": customer, "email": "a@example.org", "level": 1 }),
            "createCoupledContact" => json!({ "leaderId": client, "parentId": company }),
            "replaceLeader" => json!({ "oldLeaderId": client, "newLeaderId": second }),
            "coupleToLeader" => json!({ "followerId": follower, "leaderId": client }),
            "endLeaderLink" => json!({ "followerId": follower }),
            "setMailPreference" => json!({ "contactId": follower, "preference": "PRIVATE" }),
            "addBankAccount" => json!({ "customerNo": customer, "code": format!("A{nth}"),
                "iban": "NL20INGB0001234567", "syncHolderAddress": false }),
            "setHolderAddressSync" => json!({ "customerNo": customer, "code": "RENT", "on": false }),
            "blockBankAccount" | "unblockBankAccount" => json!({ "customerNo": customer, "code": "RENT" }),
            "createMandate" => {
                json!({ "customerNo": customer, "code": format!("N{nth}"), "bankAccount": "RENT",
                "signedOn": "2024-03-01", "type": "RECURRING" })
            }
            "revokeMandate" => json!({ "customerNo": customer, "code": "M-none" }),
            "addPaymentLine" => json!({ "customerNo": customer, "effectiveDate": "2024-04-01",
                "transactionMode": "DIRECT_DEBIT", "invoiceType": "DIRECT_DEBIT_INVOICE", "bankAccount": "RENT",
                "openItems": "NONE" }),
            "correctPaymentLine" => {
                json!({ "customerNo": customer, "lineId": 1, "effectiveDate": "2024-05-01",
                "transactionMode": "DIRECT_DEBIT", "invoiceType": "DIRECT_DEBIT_INVOICE", "bankAccount": "RENT",
                "openItems": "NONE" })
            }
            "withdrawPaymentLine" => json!({ "customerNo": customer, "lineId": 1 }),
            "changeCode" => json!({ "list": "ROLE", "code": format!("R{nth}"), "name": "A role" }),
            "moveContact" => json!({ "contactId": follower, "newParentId": company }),
            "linkRelation" | "unlinkRelation" => {
                json!({ "clientNo": customer, "relationNo": customer, "kind": "BANK" })
            }
            "linkCompanyPerson" | "unlinkCompanyPerson" => {
                json!({ "companyNo": customer, "personNo": customer })
            }
            "setClientStatus" => json!({ "contactId": client, "to": "EX_CLIENT" }),
            "startAcceptance" | "submitForApproval" | "approveClient" | "completeAcceptance" => {
                json!({ "contactId": client })
            }
            "rejectClient" => json!({ "contactId": client, "reason": "incomplete" }),
            "recordKeyFigures" => json!({ "customerNo": customer, "year": 2025, "turnover": 1 }),
            "changeClientNumber" => json!({ "customerNo": customer, "number": format!("K{nth}") }),
            "setDebtorNumber" => json!({ "customerNo": customer, "organisation": "OFFICE", "on": true }),
            "setWorkStop" => json!({ "customerNo": customer, "on": true, "reason": "does not pay" }),
            "setCoupling" => json!({ "customerNo": customer, "system": "PORTAL", "on": true }),
            "markForDeletion" => json!({ "customerNo": customer, "reason": "made twice" }),
            "addEmployee" => json!({ "code": format!("E{nth}"), "name": "Nieuw" }),
            "endEmployee" => json!({ "code": "JDV" }),
            "defineTeam" => json!({ "code": format!("T{nth}"), "name": "Nieuw" }),
            "addTeamMember" | "removeTeamMember" => json!({ "teamCode": "VERHUUR", "employeeCode": "JDV" }),
            "defineTemplate" | "changeTemplate" => {
                json!({ "code": if mutation == "defineTemplate" { "NEW" } else { "BEL" }, "name": "Bellen",
                "channel": "TEL", "direction": "INBOUND", "initiatedBy": "THEM", "subject": "QUESTION",
                "showInPortal": true })
            }
            "blockTemplate" => json!({ "code": "NEW" }),
            "registerInteraction" => json!({ "customerNo": customer, "template": "BEL", "note": "Mag dat?" }),
            "cancelInteraction" => json!({ "interactionId": interaction, "reason": "dubbel" }),
            "setPortalVisibility" => json!({ "interactionId": interaction, "showInPortal": false }),
            "createTask" => json!({ "customerNo": customer, "teamCode": "VERHUUR", "description": "Bellen" }),
            "takeTask" => json!({ "taskId": task, "confirm": ["TASK_TAKE_OVER"] }),
            "setTaskStatus" => json!({ "taskId": task, "status": "WAITING" }),
            "writeTaskNote" => json!({ "taskId": task, "text": "Gebeld." }),
            "finishTask" => json!({ "taskId": task, "createInteraction": true,
                "interaction": around("OutcomeInput", household) }),
            "releaseTask" | "reopenTask" => json!({ "taskId": task, "reason": "nodig" }),
            "reassignTask" => json!({ "taskId": task, "employeeCode": "DESK" }),
            other => panic!("{other} is a new mutation: say here with what input its texts are tried"),
        }
    }
}

/// What came of the hostile texts in one field.
#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
}

#[test]
fn a_hostile_text_in_any_text_field_of_any_mutation_is_refused_cleanly_or_stored_in_normal_form() {
    let house = House::new();
    let desk = house.desk();
    let inputs = Inputs::read(&desk);
    let texts = hostile_texts();
    staff(&desk);
    let (mut all, mut fields) = (Tally::default(), 0);
    for (nth, mutation) in inputs.mutations.iter().enumerate() {
        let kind = mutation[..1].to_uppercase() + &mutation[1..];
        let cast = Cast::new(&desk, mutation, nth);
        let places = inputs.texts(&format!("{kind}Input"));
        assert!(places.iter().any(|path| path[0].name == "reason"), "{mutation} has a reason");
        fields += places.len();
        for path in places {
            let base = cast.input(mutation, nth);
            let tried = Tried { house: &house, desk: &desk, inputs: &inputs, mutation, kind: &kind };
            let tally = tried.with(&texts, &base, &path, &cast.household);
            all.accepted += tally.accepted;
            all.refused += tally.refused;
        }
    }
    println!("{fields} fields, {} texts stored, {} refused", all.accepted, all.refused);
    assert!(fields > 200 && all.accepted > 200 && all.refused > 2_000, "the texts reached the rules");

    // What is stored is clean, wherever it stands: the log itself is read.
    let mut lines = Vec::new();
    kroniek::engine::export(house.engine.log(), &mut lines, true).expect("exports");
    let stored = String::from_utf8(lines).expect("text");
    for line in stored.lines() {
        let commit: Value = serde_json::from_str(line).expect("JSON");
        clean(&commit, line);
    }
    assert!(stored.contains("Caf\u{e9}") && !stored.contains("e\u{301}"), "stored composed (NFC)");
    assert!(stored.contains("O'Brien"), "an apostrophe is no danger");
    kroniek::engine::verify(house.engine.log(), &mut |_, _| {}).expect("verifies");
}

/// §1.3: whoever names a thing in one of the several ways is told about the field that was sent, in the message too.
#[test]
fn section_1_3_a_refusal_names_the_field_that_was_sent() {
    let house = House::new();
    let desk = house.desk();
    let inputs = Inputs::read(&desk);
    staff(&desk);
    let (mut tried, mut wrong) = (0, Vec::new());
    for (nth, mutation) in inputs.mutations.iter().enumerate() {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let cast = Cast::new(&desk, mutation, nth);
        let names = inputs.names(&kind);
        for name in names.iter().filter(|name| name.ends_with("No") || name.ends_with("Id")) {
            let stem = &name[..name.len() - 2];
            let others = ["Id", "No"].map(|end| format!("{stem}{end}"));
            if !others.iter().all(|other| names.contains(&other.as_str())) {
                continue;
            }
            let mut input = cast.input(mutation, nth);
            let fields = input.as_object_mut().expect("an object");
            fields.retain(|field, _| !others.contains(field));
            if ["customer", "contact"].contains(&stem) {
                fields.retain(|field, _| {
                    !["customerNo", "customerId", "contactNo", "contactId"].contains(&&**field)
                });
            }
            fields.insert((*name).to_owned(), json!("NOBODY"));
            let payload = desk.mutate(mutation, input);
            let errors = payload["userErrors"].as_array().expect("a list");
            let is_told = |field: &str| errors.iter().any(|error| error["field"] == field);
            let other = others.iter().find(|other| other != name).expect("two");
            let mentioned = errors.iter().any(|error| text(&error["message"]).contains(&**other));
            if !is_told(name) || is_told(other) || mentioned {
                wrong.push(format!("{mutation}.{name}: {}", payload["userErrors"]));
            }
            tried += 1;
        }
    }
    assert!(wrong.is_empty() && tried > 100, "{tried} fields: {wrong:#?}");
}

/// One mutation that texts are tried on.
struct Tried<'t> {
    house: &'t House,
    desk: &'t Desk,
    inputs: &'t Inputs,
    mutation: &'t str,
    kind: &'t str,
}

impl Tried<'_> {
    /// Tries every text at one place, in one request with an alias for each.
    fn with(&self, texts: &[String], base: &Value, path: &[Step], household: &str) -> Tally {
        let Self { house, desk, inputs, mutation, kind } = *self;
        let at: Vec<_> = path.iter().map(|step| step.name.as_str()).collect();
        let place = format!("{mutation}.{}", at.join("."));
        let (mut declared, mut fields, mut variables) = (String::new(), String::new(), Map::new());
        for (index, hostile) in texts.iter().enumerate() {
            let mut input = base.clone();
            put(&mut input, path, hostile, household);
            declared.extend([format!("$i{index}: {kind}Input! ")]);
            fields.extend([format!(
                "a{index}: {mutation}(input: $i{index}) {{ position changed events userErrors {{ code message field hint }} }} "
            )]);
            variables.insert(format!("i{index}"), input);
        }
        let before = head(house);
        let answer = desk.ask(&format!("mutation({declared}) {{ {fields} }}"), Value::Object(variables));
        assert!(answer.get("errors").is_none(), "{place}: {:.2000}", answer.to_string());
        let mut tally = Tally::default();
        let mut positions = BTreeSet::new();
        for (index, hostile) in texts.iter().enumerate() {
            let payload = &answer["data"][format!("a{index}")];
            let errors = payload["userErrors"].as_array().expect("a list");
            for error in errors {
                if let Some(field) = error["field"].as_str() {
                    assert!(
                        inputs.knows(&format!("{kind}Input"), field),
                        "{place}: no field of the input: {error}"
                    );
                }
                assert!(is_code(text(&error["code"])) && error["code"] != "INTERNAL", "{place}: {error}");
                let said = error.to_string();
                assert!(
                    said.chars().count() < 1_000,
                    "{place} {hostile:.40?}: an error that echoes: {said:.300}"
                );
                assert!(!text(&error["message"]).chars().any(is_poison), "{place} {hostile:.40?}: {said}");
            }
            if let Some(position) = payload["position"].as_str() {
                assert!(errors.is_empty() && payload["changed"] == true, "{place}: {payload}");
                positions.insert(position.to_owned());
                tally.accepted += 1;
            } else {
                assert!(payload["changed"] == false && payload["events"] == json!([]), "{place}: {payload}");
                tally.refused += usize::from(!errors.is_empty());
            }
        }
        assert_eq!(
            head(house) - before,
            positions.len() as u64,
            "{place}: a commit for each acceptance and no other"
        );
        assert_eq!(positions.len(), tally.accepted, "{place}");
        tally
    }
}

/// The limit of a note (E2-26), the longest text that anything takes.
const LONGEST_STORED: usize = 32_000;

/// No text of a commit holds what must not be stored.
fn clean(value: &Value, line: &str) {
    match value {
        Value::String(stored) => {
            assert!(!stored.chars().any(is_poison), "stored: {stored:?} in {line}");
            assert!(
                stored.chars().count() <= LONGEST_STORED && stored.trim() == stored,
                "stored: {stored:?} in {line}"
            );
        }
        Value::Array(values) => values.iter().for_each(|value| clean(value, line)),
        Value::Object(fields) => fields.values().for_each(|value| clean(value, line)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn a_flood_of_commands_is_answered_one_by_one_with_success_or_overloaded() {
    const CONNECTIONS: usize = 400;
    const EACH: usize = 5;
    let dir = tempfile::tempdir().expect("a temporary directory");
    // A short queue, so that the flood does not fit.
    let house = House::with(dir.path(), Options { queue: 4, ..Options::default() });
    let before = head(&house);
    let body = |at: usize| {
        let id = format!("00000000-0000-4000-8000-{at:012}");
        json!({ "query": format!("mutation {{ createContact(input: {{ kind: PERSON, initials: \"A.\", surname: \"Flood\",
            commandId: \"{id}\" }}) {{ position userErrors {{ code }} }} }}") })
        .to_string()
    };
    // All are sent before the first answer is read.
    let mut connections: Vec<_> = (0..CONNECTIONS).map(|_| Raw::connect(&house)).collect();
    for (at, connection) in connections.iter_mut().enumerate() {
        let requests: Vec<u8> =
            (0..EACH).flat_map(|nth| request(HEADERS, body(at * EACH + nth).as_bytes())).collect();
        connection.send(&requests);
    }
    let (mut accepted, mut overloaded) = (BTreeSet::new(), Vec::new());
    for (at, connection) in connections.iter_mut().enumerate() {
        for nth in 0..EACH {
            let (status, answer) = connection.answer();
            assert_eq!(status, 200, "{answer}");
            let answer: Value = serde_json::from_str(&answer).expect("JSON");
            if let Some(position) = answer["data"]["createContact"]["position"].as_str() {
                accepted.insert(position.parse::<u64>().expect("a number"));
            } else {
                assert_eq!(answer["errors"][0]["extensions"]["code"], "OVERLOADED", "{answer}");
                overloaded.push(at * EACH + nth);
            }
        }
    }
    println!("{} accepted, {} overloaded", accepted.len(), overloaded.len());
    assert_eq!(
        accepted.len() + overloaded.len(),
        CONNECTIONS * EACH,
        "every command has a commit of its own"
    );
    assert!(!overloaded.is_empty(), "the flood fitted into the queue, and proves nothing");
    assert_eq!(head(&house) - before, accepted.len() as u64, "what was overloaded is not stored");

    // And what was turned away is welcome afterwards, once.
    for at in overloaded.into_iter().take(20) {
        for _ in 0..2 {
            let (status, answer) = connections[0].exchange(HEADERS, body(at).as_bytes());
            let answer: Value = serde_json::from_str(&answer).expect("JSON");
            assert_eq!(
                (status, &answer["data"]["createContact"]["userErrors"]),
                (200, &json!([])),
                "{answer}"
            );
            accepted.insert(text(&answer["data"]["createContact"]["position"]).parse().expect("a number"));
        }
    }
    assert_eq!(head(&house) - before, accepted.len() as u64);
}
