//! Searching customers over HTTP by a piece of the surname and the digits of the postcode, beside `{ __typename }` on the
//! same server: a piece of three letters, and a surname in another spelling than the stored one.
//!
//! Names are spread as surnames are (a few are everybody's, most are rare), with infixes and accents, and postcodes over
//! 4,000 four-digit codes, as in the country. Streets are those of the real address file, or a few of our own where it is
//! absent. `KRONIEK_BENCH_CUSTOMERS` says how many customers there are (100,000 when left out); `cargo bench --bench
//! search`, and see `support/mod.rs` for the other sizes.

#[allow(dead_code, reason = "each bench uses a part of what they share")]
mod support;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kroniek::domain::Prompt;
use kroniek::domain::address::{AddressInput, TypedAddress};
use kroniek::domain::shop::CreateCustomer;
use kroniek::http::Server;
use kroniek::{Actor, Engine, Outcome as Answer, Request};
use support::client::{Client, requests_per_second};
use support::table::Table;
use support::workload::Numbers;
use support::{Outcome, Place, median, number, open, round, rounds, runtime};

/// Set for the child that is the load generator, with the address of the server.
const CHILD: &str = "KRONIEK_BENCH_CLIENT";
const CONNECTIONS: u64 = 64;
const WRITERS: u64 = 256;
/// Four-digit postcodes.
const CODES: u64 = 4000;

const NOTHING: &str = "{ __typename }";
const SEARCH: &str = "query Search($s: String!, $p: String!) { findCustomers(surnamePart: $s, postcodePart: $p) \
    { edges { matchKind score node { number name } } pageInfo { hasNextPage } } }";

const COMMON: &[&str] = &[
    "Jansen", "Vries", "Berg", "Dijk", "Bakker", "Janssen", "Visser", "Smit", "Meijer", "Boer", "Mulder",
    "Groot", "Bos", "Vos", "Peters", "Hendriks", "Leeuwen", "Dekker", "Brouwer", "Wit", "Dijkstra", "Smits",
    "Graaf", "Meer",
];
const STEMS: &[&str] = &[
    "Acker", "Beëk", "Blauw", "Bouw", "Brink", "Broek", "Bui", "Dijk", "Eijk", "Gouds", "Haan", "Heij",
    "Hoek", "Hout", "Kamp", "Klaas", "Knöl", "Kluij", "Kort", "Kuij", "Land", "Meer", "Noord", "Oude",
    "Paauw", "Rijn", "René", "Ruij", "Schip", "Steen", "Vel", "Vlieg", "Water", "Wijn", "Zand", "Zuid",
    "Zwart",
];
const ENDS: &[&str] = &[
    "berg", "bos", "burg", "dam", "ens", "horst", "huis", "ink", "laar", "man", "mans", "meijer", "pers",
    "sen", "sma", "stra", "veld", "voort", "weg", "winkel", "wijk", "zen",
];
const INFIXES: &[&str] = &["", "", "", "van", "de", "van der", "van den", "ter"];

fn pick(from: &[&'static str], numbers: &mut Numbers) -> &'static str {
    let at = usize::try_from(numbers.below(from.len() as u64)).unwrap_or_default();
    from.get(at).copied().unwrap_or_default()
}

/// A customer: infix, surname, postcode and house number.
fn customer(at: u64) -> (&'static str, String, String, i64) {
    let mut numbers = Numbers(at);
    let surname = match numbers.below(10) {
        // A third of all people have one of few names.
        0..=2 => {
            // The smaller of two draws: the first names of the list are the most frequent.
            let place = numbers.below(COMMON.len() as u64).min(numbers.below(COMMON.len() as u64));
            COMMON.get(usize::try_from(place).unwrap_or_default()).copied().unwrap_or_default().to_owned()
        }
        3..=7 => format!("{}{}", pick(STEMS, &mut numbers), pick(ENDS, &mut numbers)),
        _ => {
            let end = pick(ENDS, &mut numbers);
            format!("{}{}{end}", pick(STEMS, &mut numbers), pick(STEMS, &mut numbers).to_lowercase())
        }
    };
    let infix = pick(INFIXES, &mut numbers);
    // SA, SD and SS are not given out: the first letter stays below S.
    let letters = [b'A' + low(numbers.below(18)), b'B' + low(numbers.below(16))];
    let postcode = format!("{}{}", 1011 + 2 * numbers.below(CODES), String::from_utf8_lossy(&letters));
    (infix, surname, postcode, 1 + i64::from(low(numbers.below(200))))
}

fn low(number: u64) -> u8 {
    u8::try_from(number).unwrap_or_default()
}

fn main() -> Outcome<()> {
    let customers = number("KRONIEK_BENCH_CUSTOMERS", 100_000)?.max(2);
    if let Some(to) = std::env::var_os(CHILD) {
        return generate_load(to.into_string().map_err(|_| "not an address")?.parse()?, customers);
    }
    let place = Place::kept_or_fresh("search")?;
    let data = place.path().join("data");
    let was_there = data.exists();
    let runtime = runtime()?;
    let engine = open(&data)?;
    if !was_there {
        eprintln!("  making {customers} customers in {}", data.display());
        runtime.block_on(grow(&engine, customers, &Arc::new(streets()?)))?;
    }
    let server = runtime.block_on(Server::start(engine, "127.0.0.1:0".parse()?))?;
    let status = Command::new(std::env::current_exe()?).env(CHILD, server.addr().to_string()).status()?;
    runtime.block_on(server.shutdown());
    if status.success() { Ok(()) } else { Err("the load generator failed".into()) }
}

/// Some thousands of real streets, each with its city.
fn streets() -> Outcome<Vec<(String, String)>> {
    let folder =
        std::env::var_os("KRONIEK_REFERENCE_DATA").map_or_else(|| "../shared/data".into(), PathBuf::from);
    let file = folder.join("bag-addresses-flevoland.csv.zst");
    if !file.exists() {
        eprintln!("  {} is absent: four streets of our own", file.display());
        let own = ["Dorpsstraat", "Kerkstraat", "Stationsweg", "Molenlaan"];
        return Ok(own.map(|street| (street.to_owned(), "Almere".to_owned())).to_vec());
    }
    let mut found = BTreeSet::new();
    for line in BufReader::new(zstd::Decoder::new(File::open(file)?)?).lines().skip(1) {
        let line = line?;
        let mut fields = line.split(';');
        if let (Some(street), Some(city)) = (fields.next(), fields.nth(4)) {
            found.insert((street.to_owned(), city.to_owned()));
        }
    }
    Ok(found.into_iter().collect())
}

async fn grow(engine: &Engine, customers: u64, streets: &Arc<Vec<(String, String)>>) -> Outcome<()> {
    let next = Arc::new(AtomicU64::new(0));
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let (engine, next, streets) = (engine.clone(), Arc::clone(&next), Arc::clone(streets));
            tokio::spawn(async move {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= customers {
                        return Outcome::Ok(());
                    }
                    let street = usize::try_from(at)? % streets.len().max(1);
                    let (street, city) = streets.get(street).cloned().unwrap_or_default();
                    make(&engine, at, street, city).await?;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await??;
    }
    Ok(())
}

async fn make(engine: &Engine, at: u64, street: String, city: String) -> Outcome<()> {
    let (infix, surname, postcode, house_no) = customer(at);
    let command = CreateCustomer {
        initials: Some("J.".into()),
        infix: Some(infix.into()),
        surname: Some(surname),
        address: Some(AddressInput::Typed(TypedAddress {
            street,
            house_no: Some(house_no),
            postcode: Some(postcode),
            city,
            ..TypedAddress::default()
        })),
        ..CreateCustomer::default()
    };
    let mut request = Request::new(Actor::with_all("bench"), command);
    request.confirm.insert(Prompt::PossibleDuplicate);
    match engine.execute(request).await? {
        Answer::Done(_) => Ok(()),
        Answer::Refused(problems) => Err(format!("refused: {problems:?}").into()),
    }
}

/// Three letters out of the middle of the surname of a customer, and the digits of its postcode.
fn piece(at: u64) -> String {
    let (_, surname, postcode, _) = customer(at);
    let letters: Vec<_> = surname.to_lowercase().chars().collect();
    let piece: String = letters.iter().skip(letters.len().saturating_sub(3) / 2).take(3).collect();
    variables(&piece, &postcode)
}

/// The surname of a customer as somebody else spells it.
fn other_spelling(at: u64) -> String {
    let (_, surname, postcode, _) = customer(at);
    let mut other = surname.to_lowercase();
    for (spelled, instead) in
        [("ij", "y"), ("ss", "s"), ("kk", "ck"), ("s", "z"), ("auw", "ouw"), ("n", "nn")]
    {
        if other.contains(spelled) {
            other = other.replacen(spelled, instead, 1);
            break;
        }
    }
    variables(&other, &postcode)
}

fn variables(surname: &str, postcode: &str) -> String {
    format!("{{\"s\":\"{surname}\",\"p\":\"{}\"}}", postcode.get(..4).unwrap_or_default())
}

fn generate_load(to: SocketAddr, customers: u64) -> Outcome<()> {
    let somebody = |connection: u64, request: u64| Numbers(connection << 32 | request).below(customers);
    let mut client = Client::connect(to)?;
    for at in (0..customers).step_by(usize::try_from(customers / 100 + 1)?) {
        for (variables, kinds) in
            [(piece(at), &["EXACT", "SUBSTRING"][..]), (other_spelling(at), &["FUZZY", "EXACT", "SUBSTRING"])]
        {
            let answer = client.ask(SEARCH, &variables)?;
            if !kinds.iter().any(|kind| answer.contains(kind)) {
                return Err(format!("{variables} found nothing: {answer:.300}").into());
            }
        }
    }
    let (mut nothing, mut pieces, mut spellings) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds()? {
        nothing.push(requests_per_second(to, CONNECTIONS, round()?, NOTHING, |_, _| "{}".to_owned())?);
        pieces.push(requests_per_second(to, CONNECTIONS, round()?, SEARCH, |c, r| piece(somebody(c, r)))?);
        spellings.push(requests_per_second(to, CONNECTIONS, round()?, SEARCH, |c, r| {
            other_spelling(somebody(c, r))
        })?);
    }
    // A million customers may cost twice as much as a hundred thousand.
    let share = if customers > 500_000 { 0.5 } else { 1.0 };
    let mut table = Table::new("{__typename}");
    let nothing = median(nothing);
    table.ratio(&format!("3 letters, 4 digits, {customers} customers"), median(pieces), nothing, 0.2 * share);
    table.ratio(
        &format!("another spelling, {customers} customers"),
        median(spellings),
        nothing,
        0.05 * share,
    );
    table.end();
    Ok(())
}
