//! The verbs as a user runs them: the binary itself, its exit codes, and what it says when something is wrong.

use crate::crash::rounds::Server;
use crate::support::{Desk, House, text, two_contractants};
use kroniek::Options;
use serde_json::{Value, json};
use std::cell::Cell;
use std::fs::{self, File};
use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_kroniek"))
}

/// How a verb ended, and what it wrote.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|fault| panic!("{fault}: {}", self.out))
    }

    #[track_caller]
    fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self
    }

    /// Ended with 1, nothing on standard output, and all of this on standard error.
    #[track_caller]
    fn refused(self, says: &[&str]) -> Self {
        assert_eq!((self.code, self.out.as_str()), (1, ""), "{}", self.err);
        assert!(self.err.contains("kroniek: "), "{}", self.err);
        for part in says {
            assert!(self.err.contains(part), "{part:?} is not in: {}", self.err);
        }
        self
    }
}

/// Runs a verb. Whatever happens, it neither panics nor dies of a signal.
#[track_caller]
fn kroniek(arguments: &[&str]) -> Ran {
    let Output { status, stdout, stderr } =
        Command::new(program()).args(arguments).env_remove("RUST_LOG").output().expect("runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let (out, err) = (text(stdout), text(stderr));
    assert!(!err.contains("panicked at"), "{arguments:?}: {err}");
    let code = status.code().unwrap_or_else(|| panic!("{arguments:?}: {status}: {err}"));
    Ran { code, out, err }
}

/// A verb on a data directory.
#[track_caller]
fn on(data: &Path, arguments: &[&str]) -> Ran {
    kroniek(&[&["--data", path(data)], arguments].concat())
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn serve(data: &Path) -> Server {
    Server::start(program(), data).expect("the server starts")
}

/// A data directory with the sample, and nobody who holds it.
fn sample() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let data = dir.path().join("data");
    let server = Server::start_with(program(), &data, &["--demo"]).expect("the server starts");
    server.stop().expect("stops");
    (dir, data)
}

/// Number of commits in a log that verifies.
#[track_caller]
fn verified(data: &Path) -> u64 {
    let proof = on(data, &["verify", "--json"]).done().json();
    assert_eq!(proof["intact"], true, "{proof}");
    proof["commits"].as_u64().expect("a number")
}

/// Everything that a desk sees of the sample.
fn card(data: &Path) -> Value {
    let server = serve(data);
    let query = "{ position findContacts(first: 100) { edges { node { id number version kind name channels { value }
        correspondenceAddresses { address { display } } roleHistory { roleCode } nameHistory { name }
        relatedRoles { roleCode beginDate person { name } } leader { name } personalData { birthDate gender } } } }
        findCustomers { edges { node { number version name leases { reference } bankAccounts { iban }
        mandates { code } } } } }";
    let card = Desk::at(server.addr()).data(query, json!({}));
    server.stop().expect("stops");
    card
}

#[test]
fn a_server_says_where_it_is_stops_on_ctrl_c_and_comes_back_with_the_same_card() {
    let (_dir, data) = sample();
    let before = card(&data);
    assert_eq!(before["findContacts"]["edges"][0]["node"]["name"], "A. Bakker");
    assert_eq!(text(&before["position"]), verified(&data).to_string());

    let server = serve(&data);
    let desk = Desk::at(server.addr());
    let id = before["findContacts"]["edges"][1]["node"]["id"].clone();
    desk.accept("changePersonName", json!({ "personId": id, "surname": "Bakker-Smit" }));
    server.stop().expect("Ctrl-C ends with 0");
    let after = card(&data);
    assert_eq!(after["findContacts"]["edges"][0]["node"]["name"], "A. Bakker-Smit");

    // A sample is for an empty directory only.
    let server = Server::start_with(program(), &data, &["--demo"]).expect("the server starts");
    server.stop().expect("stops");
    assert_eq!(card(&data), after);
}

#[test]
fn a_server_that_anybody_could_reach_does_not_start() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let data = dir.path().join("data");
    for listen in ["0.0.0.0:0", "[::]:0", "10.1.2.3:8080"] {
        on(&data, &["serve", "--listen", listen]).refused(&["loopback", "127.0.0.1"]);
    }
    assert_eq!(on(&data, &["serve", "--listen", "everywhere"]).code, 2);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("binds");
    let taken = taken.local_addr().map(|addr| (addr.to_string(), taken)).expect("has an address");
    on(&data, &["serve", "--listen", &taken.0]).refused(&[&taken.0, "--listen"]);
    assert!(!data.exists(), "nothing is made for a server that does not start");
}

#[test]
fn every_verb_explains_itself_with_an_example() {
    for verb in [
        &["serve"][..],
        &["schema"],
        &["import"],
        &["import", "code-list"],
        &["import", "addresses"],
        &["history"],
        &["verify"],
        &["rebuild"],
        &["export"],
    ] {
        let help = kroniek(&[verb, &["--help"]].concat()).done().out;
        let example =
            help.split_once("Example").unwrap_or_else(|| panic!("{verb:?} has no example: {help}")).1;
        assert!(example.contains(&format!("kroniek {}", verb[0])), "{verb:?}: {example}");
        assert!(help.contains("--data"), "{verb:?}: {help}");
    }
    let help = kroniek(&["--help"]).done().out;
    for verb in ["serve", "schema", "import", "history", "verify", "rebuild", "export"] {
        assert!(help.contains(&format!("  {verb} ")), "{verb} is not listed: {help}");
    }
    for wrong in
        [&[][..], &["frobnicate"], &["verify", "--frobnicate"], &["history"], &["import", "prices", "x.csv"]]
    {
        let ran = kroniek(wrong);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{wrong:?}");
        assert!(ran.err.contains("Usage"), "{wrong:?}: {}", ran.err);
    }
}

#[test]
fn the_printed_schema_is_the_checked_in_one() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let golden = fs::read_to_string(golden).expect("reads");
    assert!(
        kroniek(&["schema"]).done().out == golden,
        "run `cargo run -- schema > schema.graphql`, review the diff"
    );
}

#[test]
fn a_slip_in_the_name_of_the_directory_makes_no_directory() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let data = dir.path().join("no-such-data");
    for verb in [&["verify"][..], &["export"], &["rebuild"], &["history", "contact:1"]] {
        on(&data, verb).refused(&[path(&data), "--data"]);
    }
    on(&data, &["import", "code-list", "no-such-file.csv"]).refused(&["no-such-file.csv"]);
    on(&data, &["import", "addresses", "no-such-file.csv"]).refused(&["no-such-file.csv"]);
    assert!(!data.exists());
    // A directory of something else stays what it was.
    fs::write(dir.path().join("letter.txt"), "Dear").expect("writes");
    on(dir.path(), &["verify"]).refused(&["--data"]);
    assert_eq!(fs::read_dir(dir.path()).expect("reads").count(), 1);
}

#[test]
fn a_second_process_is_turned_away_and_told_what_to_do() {
    let (_dir, data) = sample();
    let server = serve(&data);
    let holder = format!("process {}", server.id());
    let codes = data.with_extension("csv");
    fs::write(&codes, "list;code;name\nROLE;NEIGHBOUR;Neighbour\n").expect("writes");
    for verb in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["verify"],
        &["export"],
        &["rebuild"],
        &["history", "contact:1"],
        &["import", "code-list", path(&codes)],
    ] {
        on(&data, verb).refused(&["in use", &holder, "server"]);
    }
    // The one that was there first did not notice.
    Desk::at(server.addr()).accept("changeCode", json!({ "list": "ROLE", "code": "NEW", "name": "New" }));
    server.stop().expect("stops");
    verified(&data);
}

#[test]
fn history_masks_what_is_sensitive_until_it_is_asked_for() {
    const BORN: &str = "1984-03-12";
    let (_dir, data) = sample();
    let shown = on(&data, &["history", "contact:2"]).done().out;
    assert!(shown.contains("CreateContact by demo") && shown.contains("•••"), "{shown}");
    assert!(!shown.contains(BORN), "{shown}");
    let shown = on(&data, &["history", "contact:2", "--sensitive"]).done().out;
    assert!(shown.contains(BORN) && !shown.contains("•••"), "{shown}");
    let masked = on(&data, &["history", "contact:2", "--json"]).done();
    assert!(!masked.out.contains(BORN));
    assert_eq!(masked.json()["entity"], "contact:2");
    assert_eq!(masked.json()["entries"][0]["position"], 1);
    assert!(on(&data, &["history", "contact:2", "--json", "--sensitive"]).done().out.contains(BORN));
    for entity in ["customer:1", "contact:1"] {
        assert!(!on(&data, &["history", entity]).done().out.is_empty());
    }
    for (entity, says) in [
        ("contact:999999", "contact:999999 does not exist"),
        ("customer:999999", "does not exist"),
        ("code-list:NONE", "does not exist"),
        ("contact:", "contact:"),
        ("contact:-1", "contact:-1"),
        ("contact:1; DROP TABLE", "DROP TABLE"),
        ("person:1", "person:1"),
        ("", "contact:"),
    ] {
        on(&data, &["history", "--json", "--", entity]).refused(&[says]);
    }
}

#[test]
fn an_export_is_one_commit_a_line_without_gaps_and_chained() {
    let (dir, data) = sample();
    let ran = on(&data, &["export"]).done();
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let mut previous = json!("0".repeat(64));
    for (line, position) in lines.iter().zip(1_u64..) {
        assert!(line.is_object());
        assert_eq!(line["position"], position);
        assert_eq!(line["prevHash"], previous, "position {position}");
        assert!(!line["events"].as_array().expect("events").is_empty());
        previous = line["hash"].clone();
    }
    assert_eq!(lines.len() as u64, verified(&data));
    let proof = on(&data, &["verify", "--json"]).done().json();
    assert_eq!(proof["head"]["hash"], previous, "the chain leads to the head");
    let times: Vec<_> = lines.iter().map(|line| text(&line["time"])).collect();
    assert!(times.is_sorted_by(|a, b| a < b), "times increase: {times:?}");

    assert!(!ran.out.contains("1984-03-12") && ran.out.contains("•••"), "sensitive values are masked");
    assert!(on(&data, &["export", "--sensitive"]).done().out.contains("1984-03-12"));
    let file = dir.path().join("log.jsonl");
    on(&data, &["export", "--out", path(&file)]).done();
    assert_eq!(fs::read_to_string(&file).expect("reads"), ran.out);
    fs::write(&file, "evidence").expect("writes");
    on(&data, &["export", "--out", path(&file)]).refused(&[path(&file)]);
    assert_eq!(fs::read_to_string(&file).expect("reads"), "evidence", "an export replaces nothing");
}

#[test]
fn read_models_that_are_rebuilt_or_deleted_come_back_the_same() {
    let (_dir, data) = sample();
    let before = card(&data);
    assert!(before["findContacts"]["edges"].as_array().is_some_and(|edges| edges.len() > 5));
    for _ in 0..2 {
        let rebuilt = on(&data, &["rebuild", "--json"]).done().json();
        assert_eq!(rebuilt["position"].to_string(), text(&before["position"]));
        assert_eq!(card(&data), before);
    }
    assert!(on(&data, &["rebuild"]).done().out.contains("rebuilt up to position"));
    fs::remove_dir_all(data.join("views")).expect("removes");
    assert_eq!(card(&data), before);
    // Damaged ones are refused or made anew, and removing them is always a way out.
    for entry in fs::read_dir(data.join("views")).expect("reads") {
        fs::write(entry.expect("entry").path(), b"this is no database").expect("writes");
    }
    let ran = on(&data, &["history", "contact:1"]);
    assert!(ran.code == 0 || ran.err.contains("views"), "{}", ran.err);
    fs::remove_dir_all(data.join("views")).expect("removes");
    assert_eq!(card(&data), before);
}

#[test]
fn an_import_reports_bad_lines_by_their_number_and_uses_the_others() {
    let (_dir, data) = sample();
    let file = data.with_extension("csv");
    let rows = "Soort;Code;Naam;Omschrijving;Begindatum;Einddatum;Parent\n\
                PET;CAT;Cat;;;;\n\
                PET;DOG;Dog;;soon;;\n\
                PET;CAT;Cat again;;;;\n\
                PET;;Nameless;;;;\n\
                PET;OWL;Owl;;;;\n";
    fs::write(&file, rows).expect("writes");
    let before = verified(&data);
    let report = on(&data, &["import", "code-list", path(&file)]).done().out;
    assert!(report.contains("line 3: IMPORT_ROW_INVALID begin"), "{report}");
    assert!(report.contains("line 4: IMPORT_DUPLICATE_KEY") && report.contains("line 2"), "{report}");
    assert!(report.contains("line 5: IMPORT_ROW_INVALID code"), "{report}");
    assert_eq!(verified(&data), before + 1, "an import is one commit");
    let again = on(&data, &["import", "code-list", path(&file), "--json"]).done().json();
    assert_eq!(
        (&again["rows"], &again["position"], &again["problemCount"]),
        (&json!(2), &Value::Null, &json!(3))
    );
    assert_eq!(again["problems"][0]["line"], 3);
    assert!(on(&data, &["history", "code-list:PET"]).done().out.contains("by cli"));

    for (rows, says) in [
        ("", "empty"),
        ("a;b;c\n1;2;3\n", "no column `list`"),
        ("list;code;name\nPET;;x\n", "none of its rows"),
    ] {
        fs::write(&file, rows).expect("writes");
        let ran = on(&data, &["import", "code-list", path(&file)]);
        assert_eq!(ran.code, 1, "{rows:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(says), "{rows:?}: {}", ran.err);
    }
    fs::write(&file, [0xff, 0xfe, 0, 1, 2, 3]).expect("writes");
    assert_eq!(on(&data, &["import", "addresses", path(&file)]).code, 1);
    assert_eq!(verified(&data), before + 1, "nothing else was stored");
}

/// A log that can be damaged and put back. The reserve stays where it is: it holds nothing.
struct Specimen {
    _dir: tempfile::TempDir,
    data: PathBuf,
    files: Vec<(PathBuf, Vec<u8>)>,
    commits: u64,
}

impl Specimen {
    fn new() -> Self {
        let (dir, data) = sample();
        let server = serve(&data);
        let desk = Desk::at(server.addr());
        for at in 0..40 {
            desk.accept(
                "createContact",
                json!({ "kind": "COMPANY", "companyName": format!("Company {at}") }),
            );
        }
        server.stop().expect("stops");
        let commits = verified(&data);
        let files =
            Self::log_files(&data).into_iter().map(|path| (path.clone(), fs::read(path).expect("reads")));
        Self { files: files.collect(), _dir: dir, data, commits }
    }

    fn log_files(data: &Path) -> Vec<PathBuf> {
        let entries =
            fs::read_dir(data.join("log")).expect("reads").map(|entry| entry.expect("entry").path());
        entries
            .filter(|path| path.is_file() && !path.ends_with("reserve") && !path.ends_with("lock"))
            .collect()
    }

    /// The log's files as they were, but for one.
    fn with(&self, name: &str, bytes: &[u8]) {
        for path in Self::log_files(&self.data) {
            fs::remove_file(path).expect("removes");
        }
        for (path, clean) in &self.files {
            fs::write(path, if path.ends_with(name) { bytes } else { clean }).expect("writes");
        }
    }

    fn bytes(&self, name: &str) -> &[u8] {
        &self.files.iter().find(|(path, _)| path.ends_with(name)).expect("is there").1
    }

    /// Whether verify refuses; when it does not, everything is there.
    #[track_caller]
    fn is_refused(&self, what: &str) -> bool {
        let ran = on(&self.data, &["verify"]);
        if ran.code == 0 {
            let commits = format!("The log is intact: {} commits", self.commits);
            assert!(ran.out.starts_with(&commits), "{what}: {}", ran.out);
            return false;
        }
        let says_what_to_do = ran.err.contains("position ") || ran.err.to_lowercase().contains("restore");
        assert!(ran.code == 1 && says_what_to_do, "{what}: {}", ran.err);
        assert!(!ran.out.contains("intact"), "{what}: {}", ran.out);
        true
    }
}

#[test]
fn a_flipped_byte_in_the_log_is_named_or_refused_and_never_read_as_less() {
    const FLIPS: usize = 32;
    let specimen = Specimen::new();
    let clean = specimen.bytes("db").to_vec();
    let used: Vec<_> = (0..clean.len()).filter(|at| clean[*at] != 0).collect();
    let mut refused = 0;
    for flip in 0..FLIPS {
        let at = used[used.len() * flip / FLIPS];
        let mut damaged = clean.clone();
        damaged[at] ^= 1 << (flip % 8);
        specimen.with("db", &damaged);
        refused += usize::from(specimen.is_refused(&format!("bit {} of byte {at}", flip % 8)));
    }
    println!("{refused} of {FLIPS} flipped bits were noticed; the others lay where nothing is read any more");
    assert!(refused >= FLIPS / 4, "{refused}");
    specimen.with("db", &clean);
    assert!(!specimen.is_refused("put back"));
}

#[test]
fn a_log_that_lost_its_end_is_refused() {
    let specimen = Specimen::new();
    let clean = specimen.bytes("db").to_vec();
    let end = clean.iter().rposition(|byte| *byte != 0).expect("is not empty") + 1;
    let mut refused = 0;
    for cut in [0, 1, 100, end / 4, end / 2, end * 3 / 4, end - 2_000, end - 200] {
        specimen.with("db", &clean[..cut]);
        refused += usize::from(specimen.is_refused(&format!("cut to {cut} of {end}")));
    }
    // The very end of the file is the engine's own bookkeeping: without it everything is still there, which was checked.
    assert!(refused >= 6, "{refused} of 8 cuts were noticed");
    // A server does not start on it either, and says why.
    specimen.with("db", &clean[..end / 2]);
    on(&specimen.data, &["serve", "--listen", "127.0.0.1:0"]).refused(&["restore"]);

    // The mark that proves the end: lost or damaged, nobody pretends to know.
    specimen.with("head-mark", b"");
    assert!(specimen.is_refused("an empty head mark"));
    specimen.with("FORMAT", b"999\n");
    on(&specimen.data, &["verify"]).refused(&["format 999", "newer"]);
    specimen.with("FORMAT", b"\xff\xfe");
    on(&specimen.data, &["verify"]).refused(&["FORMAT"]);
}

/// A small disk, unmounted at the end; `None`, said in a line, where mounting is not allowed.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(megabytes: u64) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let size = format!("size={megabytes}m");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(dir.path()).output();
        if mount.is_ok_and(|output| output.status.success()) {
            return Some(Self(dir));
        }
        println!("a full disk: passed over, a tmpfs cannot be mounted here");
        None
    }

    /// Takes all the space but some.
    fn fill_but(&self, megabytes: u64) {
        let free = Command::new("df").args(["--output=avail", "--block-size=1"]).arg(self.0.path()).output();
        let free = String::from_utf8(free.expect("runs").stdout).expect("text");
        let free: u64 = free.lines().nth(1).and_then(|line| line.trim().parse().ok()).expect("a number");
        let mut ballast = File::options().create(true).append(true).open(self.ballast()).expect("opens");
        let chunk = vec![1; 4096];
        for _ in 0..free.saturating_sub(megabytes << 20) / 4096 {
            ballast.write_all(&chunk).expect("writes");
        }
    }

    fn fill_up(&self) {
        let mut ballast = File::options().create(true).append(true).open(self.ballast()).expect("opens");
        while ballast.write_all(&[1; 4096]).is_ok() {}
        while ballast.write_all(&[1]).is_ok() {}
    }

    fn free(&self) {
        fs::remove_file(self.ballast()).expect("removes");
    }

    fn ballast(&self) -> PathBuf {
        self.0.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Nothing is left to do about a disk that does not go.
        let _stays = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_refuses_commands_keeps_reading_and_loses_nothing_acknowledged() {
    let Some(tmpfs) = SmallDisk::mount(192) else { return };
    let data = tmpfs.0.path().join("data");
    let server = Server::start_with(program(), &data, &["--demo"]).expect("the server starts");
    let desk = Desk::at(server.addr());
    let create = "mutation($name: String!) { createContact(input: { kind: COMPANY, companyName: $name }) {
        position userErrors { code } } }";
    // Position of the last command that was acknowledged.
    let acknowledged = Cell::new(0_u64);
    let send = |desk: &Desk| {
        let answer = desk.ask(create, json!({ "name": format!("Company {}", acknowledged.get()) }));
        if answer.get("errors").is_none() {
            assert_eq!(answer["data"]["createContact"]["userErrors"], json!([]), "{answer}");
            acknowledged.set(text(&answer["data"]["createContact"]["position"]).parse().expect("a number"));
            return None;
        }
        Some(text(&answer["errors"][0]["extensions"]["code"]).to_owned())
    };
    assert_eq!(send(&desk), None);
    tmpfs.fill_but(16);
    for _ in 0..3 {
        assert_eq!(send(&desk).as_deref(), Some("STORAGE_FULL"));
    }
    tmpfs.fill_up();
    assert_eq!(send(&desk).as_deref(), Some("STORAGE_FULL"));
    let read = || desk.data("{ position findContacts(first: 100) { edges { node { name } } } }", json!({}));
    assert!(read()["findContacts"]["edges"].as_array().is_some_and(|edges| edges.len() > 5), "reads go on");
    assert_eq!(get(server.addr(), "/livez").0, 200);
    let (status, ready) = get(server.addr(), "/readyz");
    assert!(status == 503 && ready.contains("STORAGE_FULL"), "{status} {ready}");

    // With space again it goes on by itself.
    tmpfs.free();
    assert_eq!(send(&desk), None);
    assert_eq!(get(server.addr(), "/readyz").0, 200);

    // Killed on a disk that is full to the last byte: it opens on its reserve, reads, and refuses.
    tmpfs.fill_up();
    server.kill().expect("is killed");
    let server = serve(&data);
    let desk = Desk::at(server.addr());
    assert_eq!(desk.data("{ position }", json!({}))["position"], acknowledged.get().to_string());
    assert_eq!(send(&desk).as_deref(), Some("STORAGE_FULL"));
    server.stop().expect("stops cleanly even so");

    tmpfs.free();
    let server = serve(&data);
    let desk = Desk::at(server.addr());
    assert_eq!(desk.data("{ position }", json!({}))["position"], acknowledged.get().to_string());
    assert_eq!(send(&desk), None);
    server.stop().expect("stops");
    assert_eq!(verified(&data), acknowledged.get(), "everything that was acknowledged, and nothing else");
}

/// A GET; the status and the body.
#[test]
fn a_log_ahead_of_the_clock_is_a_warning_and_the_server_is_ready() {
    let dir = tempfile::tempdir().expect("dir");
    let at = |time_us: i64| kroniek_engine::Clock::Fixed(std::sync::Arc::new(time_us.into()));
    let open = |clock| House::with(dir.path(), Options { clock, ..Options::default() });
    let now = 1_768_478_400_000_000;
    let mut ahead = open(at(now + 86_400_000_000));
    two_contractants(&ahead.desk());
    assert!(get(ahead.addr, "/readyz").1.contains("\"warnings\":[]"));
    ahead.stop();
    drop(ahead);
    let house = open(at(now));
    let (status, ready) = get(house.addr, "/readyz");
    assert_eq!(status, 200, "{ready}");
    assert!(ready.contains("CLOCK_BEHIND_LOG") && ready.contains("Set the clock right"), "{ready}");
}

fn get(addr: std::net::SocketAddr, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(addr).expect("connects");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sends");
    let answer = std::io::read_to_string(stream).expect("an answer");
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    (status.unwrap_or_else(|| panic!("no status: {answer}")), answer)
}
