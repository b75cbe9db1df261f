//! A server on a temporary log, and a client that speaks GraphQL over HTTP to it.

use kroniek::http::Server;
use kroniek::{Engine, Options};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

/// Every permission, as the header writes them.
pub(crate) const ALL: &str = "READ,WRITE,SENSITIVE_READ,SENSITIVE_WRITE,INTEGRATION,REGISTER,SHOP,REFERENCE,SUPERVISE,PORTAL,\
    CHANGE_SUSPECT,CHANGE_PROSPECT,CHANGE_ACCEPTANCE,CHANGE_CLIENT,CHANGE_EX_CLIENT,CLIENT_APPROVER,CENTRAL_ADMIN,WWFT,\
    ADMINISTRATOR";

/// A running server; stops when dropped.
pub(crate) struct House {
    pub(crate) addr: SocketAddr,
    pub(crate) engine: Engine,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    dir: Option<tempfile::TempDir>,
}

impl House {
    /// A server on an empty data directory.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let mut house = Self::on(dir.path());
        house.dir = Some(dir);
        house
    }

    /// A server on this data directory.
    pub(crate) fn on(dir: &Path) -> Self {
        Self::with(dir, Options::default())
    }

    /// A server with other settings; without a reserve file in any case.
    pub(crate) fn with(dir: &Path, mut options: Options) -> Self {
        options.log.reserve_bytes = 0;
        let engine = Engine::open(dir, &options, &mut |_| {}).expect("the data directory opens");
        let (started, start) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let served = engine.clone();
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let any_port = "127.0.0.1:0".parse().expect("an address");
                let running = Server::start(served, any_port).await.expect("the server starts");
                started.send(running.addr()).expect("the test waits");
                // Dropping the sender stops the server as well.
                let _stop = stopped.await;
                running.shutdown().await;
            });
        });
        let addr = start.recv_timeout(Duration::from_secs(60)).expect("the server starts");
        Self { addr, engine, stop: Some(stop), thread: Some(thread), dir: None }
    }

    /// Stops the server and waits until the log is closed.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the server ends without a panic");
        }
    }

    /// Somebody who may do everything.
    pub(crate) fn desk(&self) -> Desk {
        self.actor("desk", ALL)
    }

    /// Somebody with exactly these permissions.
    pub(crate) fn actor(&self, name: &str, permissions: &str) -> Desk {
        Desk { addr: self.addr, header: Some(format!("{name}; permissions={permissions}")), also: Vec::new() }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A client.
#[derive(Clone)]
pub(crate) struct Desk {
    addr: SocketAddr,
    pub(crate) header: Option<String>,
    also: Vec<(&'static str, String)>,
}

impl Desk {
    /// Somebody who may do everything, at any server.
    pub(crate) fn at(addr: SocketAddr) -> Self {
        Self { addr, header: Some(format!("desk; permissions={ALL}")), also: Vec::new() }
    }

    /// The same with one more header.
    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.also.push((name, value.to_owned()));
        self
    }

    /// Posts a body as it is; answers the status and the body.
    pub(crate) fn post(&self, content_type: &str, body: &[u8]) -> (u16, String) {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        let mut request =
            agent.post(format!("http://{}/graphql", self.addr)).header("content-type", content_type);
        if let Some(header) = &self.header {
            request = request.header("Kroniek-Actor", header);
        }
        for (name, value) in &self.also {
            request = request.header(*name, value);
        }
        let mut response = request.send(body).expect("an answer");
        let status = response.status().as_u16();
        (status, response.body_mut().read_to_string().expect("text"))
    }

    /// Asks; answers the whole response.
    pub(crate) fn ask(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let (status, text) = self.post("application/json", body.as_bytes());
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Asks for something that must work; answers `data`.
    #[track_caller]
    pub(crate) fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.ask(query, variables);
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// Sends a mutation by its name and input; answers its payload, accepted or refused.
    #[track_caller]
    pub(crate) fn mutate(&self, name: &str, input: Value) -> Value {
        let kind = name[..1].to_uppercase() + &name[1..];
        let query = format!(
            "mutation($input: {kind}Input!) {{ {name}(input: $input) {{
                position changed events
                warnings {{ code message }}
                userErrors {{ code message field hint prompt options blocking {{ kind id label }} }}
                contact {{ id number name }} customer {{ id number }}
                interaction {{ id number }} task {{ id number status employee {{ code }} }}
                contacts {{ id number name }} customers {{ id number }}
                alsoVisibleAt {{ number }} householdNameBefore householdNameAfter
            }} }}"
        );
        self.data(&query, json!({ "input": input }))[name].take()
    }

    /// A mutation that must be accepted.
    #[track_caller]
    pub(crate) fn accept(&self, name: &str, input: Value) -> Value {
        let payload = self.mutate(name, input);
        assert_eq!(payload["userErrors"], json!([]), "{name}: {payload:#}");
        payload
    }

    /// A mutation that must be refused with exactly these codes, and store nothing.
    #[track_caller]
    pub(crate) fn refuse(&self, name: &str, input: Value, codes: &[&str]) -> Value {
        let payload = self.mutate(name, input);
        let got: Vec<_> =
            payload["userErrors"].as_array().expect("a list").iter().map(|e| e["code"].clone()).collect();
        assert_eq!(json!(got), json!(codes), "{name}: {payload:#}");
        assert_eq!(payload["position"], Value::Null, "{payload:#}");
        assert_eq!(payload["changed"], json!(false), "{payload:#}");
        assert_eq!(payload["events"], json!([]), "{payload:#}");
        payload
    }
}

/// The text of a value that must be text.
#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not text: {value}"))
}

/// The folder of the real reference files, or `None` after saying that the test passes over.
///
/// Under `CI=true` the files must be there.
pub(crate) fn reference_data(test: &str) -> Option<PathBuf> {
    let dir = std::env::var_os("KRONIEK_REFERENCE_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    if dir.is_dir() {
        return Some(dir);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{test}: no reference data at {}", dir.display());
    println!("{test}: passed over, no reference data at {}", dir.display());
    None
}

/// A household with contractants A. Bakker (shown first) and C. de Vries; answers the ids of the three.
pub(crate) fn two_contractants(desk: &Desk) -> (String, String, String) {
    let payload = desk.accept(
        "createContact",
        json!({ "kind": "HOUSEHOLD", "person": {
            "initials": "A.", "surname": "Bakker", "roleCode": "CONTRACTANT" } }),
    );
    let household = text(&payload["contacts"][0]["id"]).to_owned();
    let bakker = text(&payload["contacts"][1]["id"]).to_owned();
    let payload = desk.accept(
        "createPersonInHousehold",
        json!({ "householdId": household, "initials": "C.", "infix": "de", "surname": "Vries",
                "roleCode": "CONTRACTANT" }),
    );
    let contacts = payload["contacts"].as_array().expect("a list");
    let vries = contacts.iter().find(|c| c["name"] == "C. de Vries").expect("the new person");
    (household, bakker, text(&vries["id"]).to_owned())
}

/// Activates a customer for the household; answers the customer number.
pub(crate) fn activate(desk: &Desk, household: &str, start: &str) -> String {
    let payload = desk.accept(
        "activateCustomer",
        json!({ "householdId": household, "leaseRef": "L-1", "startDate": start }),
    );
    text(&payload["customers"][0]["number"]).to_owned()
}
