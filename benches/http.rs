//! A customer card and a mutation over HTTP, beside `{ __typename }` on the same server over as many connections; and for
//! scale the same mutation on a bare server, see `support/bare.rs`.
//!
//! The load comes from a process of its own. `cargo bench --bench http`; see `support/mod.rs` for the sizes.

#[allow(dead_code, reason = "each bench uses a part of what they share")]
mod support;

use std::net::SocketAddr;
use std::process::Command;

use kroniek::http::Server;
use support::bare;
use support::client::{Client, requests_per_second};
use support::table::Table;
use support::workload::Numbers;
use support::{Outcome, Place, commits, median, open, round, rounds, runtime, story};

/// Set for the child that is the load generator, with the addresses of the server and of the bare one.
const CHILD: &str = "KRONIEK_BENCH_CLIENT";
const CONNECTIONS: u64 = 64;
/// Persons whose name is changed.
const PERSONS: u64 = 10_000;

const NOTHING: &str = "{ __typename }";
const CARD: &str = "query Card($no: String!) { customer(no: $no) { number name \
    addressAndContact { phones { value } emails { value } } correspondenceAddress { display } \
    relatedRoles { roleCode contractant beginDate person { name } } \
    paymentLine { effectiveDate transactionMode invoiceType } bankAccounts { code iban holderName } } }";
const PERSON: &str = "query Person($no: String!) { customer(no: $no) { relatedRoles { person { id } } } }";
const RENAME: &str = "mutation Rename($input: ChangePersonNameInput!) { changePersonName(input: $input) \
    { position changed userErrors { code message } } }";

fn main() -> Outcome<()> {
    if let Some(to) = std::env::var_os(CHILD) {
        let to = to.into_string().map_err(|_| "not an address")?;
        let (server, bare) = to.split_once(' ').ok_or("two addresses are needed")?;
        return generate_load(server.parse()?, bare.parse()?);
    }
    let place = Place::kept_or_fresh("http")?;
    let data = place.path().join("data");
    let was_there = data.exists();
    let runtime = runtime()?;
    let engine = open(&data)?;
    if !was_there {
        eprintln!("  making a log of {} commits in {}", commits()?, data.display());
        story::grow(&runtime, &engine, commits()?)?;
    }
    let server = runtime.block_on(Server::start(engine, "127.0.0.1:0".parse()?))?;
    let beside = Place::fresh("http-bare")?;
    let (bare, writer) = bare::start(&runtime, &beside.path().join("plain"))?;
    let to = format!("{} {bare}", server.addr());
    let status = Command::new(std::env::current_exe()?).env(CHILD, to).status()?;
    runtime.block_on(server.shutdown());
    drop(runtime);
    writer.join().map_err(|_| "the writer of the plain file panicked")??;
    if status.success() { Ok(()) } else { Err("the load generator failed".into()) }
}

fn generate_load(to: SocketAddr, bare: SocketAddr) -> Outcome<()> {
    let customers = (commits()? / story::COMMITS_PER_HOUSEHOLD).max(2);
    let number = |connection: u64, request: u64| Numbers(connection << 32 | request).below(customers) + 1;
    let card = |connection, request| format!("{{\"no\":\"CU{:06}\"}}", number(connection, request));
    let persons = persons(to, customers)?;
    let of = |connection: u64, request: u64| -> &str {
        let at = usize::try_from(Numbers(connection << 32 | request).below(persons.len() as u64));
        at.ok().and_then(|at| persons.get(at)).map_or("", String::as_str)
    };

    let (mut nothing, mut cards, mut mutations) = (Vec::new(), Vec::new(), Vec::new());
    let (mut bare_nothing, mut bare_mutations) = (Vec::new(), Vec::new());
    for turn in 0..rounds()? {
        let rename = |connection: u64, request: u64| {
            let letters: String = (turn * 1_000_003 + request * 64 + connection)
                .to_string()
                .bytes()
                .map(|digit| char::from(digit - b'0' + b'a'))
                .collect();
            format!(
                "{{\"input\":{{\"personId\":\"{}\",\"surname\":\"X{letters}\"}}}}",
                of(connection, request)
            )
        };
        nothing.push(requests_per_second(to, CONNECTIONS, round()?, NOTHING, |_, _| "{}".to_owned())?);
        cards.push(requests_per_second(to, CONNECTIONS, round()?, CARD, card)?);
        mutations.push(requests_per_second(to, CONNECTIONS, round()?, RENAME, rename)?);
        bare_nothing.push(requests_per_second(bare, CONNECTIONS, round()?, NOTHING, |_, _| "{}".to_owned())?);
        bare_mutations.push(requests_per_second(bare, CONNECTIONS, round()?, RENAME, rename)?);
    }
    let mut table = Table::new("{__typename}");
    let nothing = median(nothing);
    table.ratio(&format!("card of one of {customers} customers"), median(cards), nothing, 0.3);
    table.ratio(&format!("mutation, {CONNECTIONS} connections"), median(mutations), nothing, 0.4);
    Table::scale(
        "the same, synced by a bare server and no more",
        median(bare_mutations),
        median(bare_nothing),
    );
    table.end();
    Ok(())
}

/// The ids of some persons; each card and each mutation must be a real one, so this also checks that they are.
fn persons(to: SocketAddr, customers: u64) -> Outcome<Vec<String>> {
    let mut client = Client::connect(to)?;
    let mut ids = Vec::new();
    for customer in 1..=customers.min(PERSONS) {
        let no = format!("{{\"no\":\"CU{customer:06}\"}}");
        let answer = client.ask(PERSON, &no)?;
        let id = answer.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next());
        ids.push(id.ok_or_else(|| format!("customer {customer} has no person: {answer}"))?.to_owned());
    }
    let card = client.ask(CARD, "{\"no\":\"CU000001\"}")?;
    for part in ["iban", "transactionMode", "\"person\":{\"name\":", "\"display\":", "\"value\":"] {
        if !card.contains(part) {
            return Err(format!("the card lacks {part}: {card}").into());
        }
    }
    let first = ids.first().map_or("", String::as_str);
    let input = format!("{{\"input\":{{\"personId\":\"{first}\",\"surname\":\"Proef\"}}}}");
    let answer = client.ask(RENAME, &input)?;
    if !answer.contains("\"changed\":true") && !answer.contains("\"userErrors\":[]") {
        return Err(format!("the mutation was refused: {answer}").into());
    }
    Ok(ids)
}
