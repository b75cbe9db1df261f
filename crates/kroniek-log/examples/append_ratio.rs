//! What durability through the log costs beside a plain file: the same commits, the same queue in front of one writer,
//! the same decoding, in the same run.
//!
//! `cargo run --release -p kroniek-log --example append_ratio -- [append | replay | grow] [DIR]`

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use kroniek_log::{Log, NewCommit, Options, verify};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const EVENTS: usize = 3;
const EVENT_BYTES: usize = 250;
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;
const GROUP_LIMIT: usize = 2048;

const REPLAYED: u64 = 1_000_000;
const REPLAYED_BYTES: usize = 500;
const REPLAYED_GROUP: u64 = 500;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_else(|| "all".into());
    let dir = arguments.next().map_or_else(|| PathBuf::from("/tmp/kroniek-append-ratio"), PathBuf::from);
    match what.as_str() {
        "append" => append(&dir)?,
        "replay" => replay(&dir)?,
        // The child of `replay` that is killed.
        "grow" => return grow(&dir, REPLAYED, true),
        _ => {
            append(&dir)?;
            replay(&dir)?;
        }
    }
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    Ok(())
}

/// A durable place for groups of bodies.
trait Sink {
    fn store(&mut self, bodies: &[Vec<u8>]) -> Outcome<()>;
}

struct LogSink {
    log: Log,
    time_us: i64,
}

impl Sink for LogSink {
    fn store(&mut self, bodies: &[Vec<u8>]) -> Outcome<()> {
        let first = self.time_us + 1;
        let group: Vec<_> =
            bodies.iter().zip(first..).map(|(body, time_us)| NewCommit { time_us, body }).collect();
        self.time_us += i64::try_from(group.len())?;
        self.log.append(self.log.head().position, &group)?;
        Ok(())
    }
}

/// The same bytes per commit as the log stores of it, with length and CRC in front.
struct PlainSink {
    file: File,
    buffer: Vec<u8>,
}

const PLAIN_EXTRA: usize = 80;

fn put_plain(buffer: &mut Vec<u8>, body: &[u8]) -> Outcome<()> {
    let start = buffer.len();
    buffer.extend_from_slice(&[0; 8]);
    buffer.extend_from_slice(&[7; PLAIN_EXTRA]);
    buffer.extend_from_slice(body);
    let crc = crc32fast::hash(&buffer[start + 8..]);
    let length = u32::try_from(PLAIN_EXTRA + body.len())?;
    buffer[start..start + 4].copy_from_slice(&length.to_be_bytes());
    buffer[start + 4..start + 8].copy_from_slice(&crc.to_be_bytes());
    Ok(())
}

impl Sink for PlainSink {
    fn store(&mut self, bodies: &[Vec<u8>]) -> Outcome<()> {
        self.buffer.clear();
        for body in bodies {
            put_plain(&mut self.buffer, body)?;
        }
        self.file.write_all(&self.buffer)?;
        self.file.sync_data()?;
        Ok(())
    }
}

struct Request {
    body: Vec<u8>,
    answer: SyncSender<()>,
}

fn append(dir: &Path) -> Outcome<()> {
    println!("append: {ROUNDS} rounds of {ROUND:?} each, commits of {EVENTS} x {EVENT_BYTES} bytes");
    for clients in [1, 64, 512] {
        let mut rates = [Vec::new(), Vec::new()];
        // In turn, so that both see the same disk.
        for round in 0..ROUNDS {
            let plain_path = dir.join(format!("plain-{clients}-{round}"));
            fs::create_dir_all(dir)?;
            let file = File::create(&plain_path)?;
            rates[0].push(rate(clients, PlainSink { file, buffer: Vec::new() })?);
            let log_dir = dir.join(format!("log-{clients}-{round}"));
            let log = Log::open(&log_dir, &Options::default())?;
            rates[1].push(rate(clients, LogSink { log, time_us: 0 })?);
        }
        let [plain, log] = rates.map(median);
        println!("{clients:>4} clients: plain {plain:>8.0}/s  log {log:>8.0}/s  ratio {:.2}", log / plain);
        fs::remove_dir_all(dir)?;
    }
    Ok(())
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn rate(clients: usize, mut sink: impl Sink + Send) -> Outcome<f64> {
    let stop = AtomicBool::new(false);
    let done = AtomicU64::new(0);
    let (requests, queue) = sync_channel::<Request>(clients);
    thread::scope(|scope| {
        for _ in 0..clients {
            let requests = requests.clone();
            let (stop, done) = (&stop, &done);
            thread::Builder::new().stack_size(64 * 1024).spawn_scoped(scope, move || {
                while !stop.load(Ordering::Relaxed) {
                    let (answer, answered) = sync_channel(1);
                    let body = vec![0x5a; EVENTS * EVENT_BYTES];
                    if requests.send(Request { body, answer }).is_err() || answered.recv().is_err() {
                        return;
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })?;
        }
        drop(requests);
        let writer = scope.spawn(move || write_groups(&queue, &mut sink));
        let started = Instant::now();
        thread::sleep(ROUND);
        #[expect(clippy::cast_precision_loss, reason = "a count of a few million is exact")]
        let rate = done.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64();
        stop.store(true, Ordering::Relaxed);
        writer.join().map_err(|_| "the writer panicked")??;
        Ok(rate)
    })
}

fn write_groups(queue: &Receiver<Request>, sink: &mut impl Sink) -> Outcome<()> {
    while let Ok(first) = queue.recv() {
        let (mut bodies, mut answers) = (vec![first.body], vec![first.answer]);
        while bodies.len() < GROUP_LIMIT
            && let Ok(next) = queue.try_recv()
        {
            bodies.push(next.body);
            answers.push(next.answer);
        }
        sink.store(&bodies)?;
        for answer in answers {
            // A client that has gone needs no answer.
            let _ = answer.send(());
        }
    }
    Ok(())
}

fn grow(dir: &Path, commits: u64, wait_to_be_killed: bool) -> Outcome<()> {
    let log = Log::open(dir, &Options::default())?;
    let body = [0x5a; REPLAYED_BYTES];
    while log.head().position < commits {
        let head = log.head().position;
        let group: Vec<_> = (head + 1..=(head + REPLAYED_GROUP).min(commits))
            .map(|position| Ok(NewCommit { time_us: i64::try_from(position)?, body: &body }))
            .collect::<Outcome<_>>()?;
        log.append(head, &group)?;
    }
    if wait_to_be_killed {
        println!("ready");
        thread::sleep(Duration::from_secs(600));
    }
    log.close()?;
    Ok(())
}

fn replay(dir: &Path) -> Outcome<()> {
    fs::create_dir_all(dir)?;
    let log_dir = dir.join("log");
    let started = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .args(["grow".as_ref(), log_dir.as_os_str()])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut ready = [0; 5];
    child.stdout.take().ok_or("no output")?.read_exact(&mut ready)?;
    println!("replay: wrote {REPLAYED} commits of {REPLAYED_BYTES} bytes in {:.1?}", started.elapsed());
    child.kill()?;
    child.wait()?;
    println!("data file: {} MB", fs::metadata(log_dir.join("db"))?.len() / 1_000_000);

    let started = Instant::now();
    let log = Log::open(&log_dir, &Options::default())?;
    println!("open after a kill: {:.2?}", started.elapsed());
    say_memory("opening");
    let started = Instant::now();
    log.close()?;
    println!("close: {:.2?}", started.elapsed());

    // A clean stop after the same amount of writing since the start.
    fs::remove_dir_all(&log_dir)?;
    grow(&log_dir, REPLAYED, false)?;
    let started = Instant::now();
    let log = Log::open(&log_dir, &Options::default())?;
    println!("open after a clean stop: {:.2?}", started.elapsed());
    say_memory("writing and opening");

    let plain_path = dir.join("plain");
    let mut plain = File::create(&plain_path)?;
    let mut buffer = Vec::new();
    for _ in 0..REPLAYED / REPLAYED_GROUP {
        buffer.clear();
        for _ in 0..REPLAYED_GROUP {
            put_plain(&mut buffer, &[0x5a; REPLAYED_BYTES])?;
        }
        plain.write_all(&buffer)?;
    }

    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        rates[0].push(per_second(|| replay_plain(&plain_path))?);
        rates[1].push(per_second(|| {
            let mut bytes = 0;
            for commit in log.read(1) {
                bytes += commit?.body.len() as u64;
            }
            Ok(bytes)
        })?);
    }
    say_memory("replaying");
    let [plain, read] = rates.map(median);
    println!("replay: plain {plain:.0}/s  log {read:.0}/s  ratio {:.2}", read / plain);
    let started = Instant::now();
    verify(&log, &mut |_, _| {})?;
    println!("verify: {:.2?}", started.elapsed());
    let started = Instant::now();
    for position in (1..=REPLAYED).step_by(1009) {
        log.read_one(position)?.ok_or("missing")?;
    }
    println!("read_one: {:.1?} each", started.elapsed() / u32::try_from(REPLAYED / 1009)?);
    Ok(())
}

/// Says how much memory the process has now, where Linux tells.
fn say_memory(after: &str) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(line) = status.lines().find_map(|line| line.strip_prefix("VmRSS:")) {
        println!("memory after {after}: {}", line.trim());
    }
}

fn per_second(read: impl FnOnce() -> Outcome<u64>) -> Outcome<f64> {
    let started = Instant::now();
    let bytes = read()?;
    assert_eq!(bytes, REPLAYED * REPLAYED_BYTES as u64, "every commit is read");
    #[expect(clippy::cast_precision_loss, reason = "a million is exact")]
    Ok(REPLAYED as f64 / started.elapsed().as_secs_f64())
}

fn replay_plain(path: &Path) -> Outcome<u64> {
    let mut file = BufReader::with_capacity(64 * 1024, File::open(path)?);
    let mut bytes = 0;
    let mut stored = Vec::new();
    let mut prefix = [0; 8];
    for _ in 0..REPLAYED {
        file.read_exact(&mut prefix)?;
        let (length, crc) = prefix.split_at(4);
        stored.resize(u32::from_be_bytes(length.try_into()?) as usize, 0);
        file.read_exact(&mut stored)?;
        if crc32fast::hash(&stored) != u32::from_be_bytes(crc.try_into()?) {
            return Err("a checksum differs".into());
        }
        let body = stored[PLAIN_EXTRA..].to_vec();
        bytes += std::hint::black_box(body).len() as u64;
    }
    Ok(bytes)
}
