//! A client that keeps its connection: as little HTTP as a load generator needs, so that it costs the server little of
//! the machine that both run on.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{Outcome, figure};

/// A connection to `/graphql`.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    answer: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(to: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(to)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream: BufReader::new(stream), answer: Vec::new() })
    }

    /// Sends one operation, and answers the body; anything but data without errors is a failure.
    pub(crate) fn ask(&mut self, query: &str, variables: &str) -> Outcome<&str> {
        let query = query.replace('\n', " ").replace('"', "\\\"");
        let body = format!("{{\"query\":\"{query}\",\"variables\":{variables}}}");
        let request = format!(
            "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Kroniek-Actor: bench; permissions=READ,WRITE\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let length = self.read_head()?;
        self.answer.resize(length, 0);
        self.stream.read_exact(&mut self.answer)?;
        let answer = std::str::from_utf8(&self.answer)?;
        if answer.contains("\"errors\":[") || !answer.contains("\"data\":{") {
            return Err(format!("not an answer: {answer:.500}").into());
        }
        Ok(answer)
    }

    /// The length of the body.
    fn read_head(&mut self) -> Outcome<usize> {
        let (mut line, mut length) = (String::new(), None);
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err("the server closed the connection".into());
            }
            if line == "\r\n" {
                return length.ok_or_else(|| "an answer without a length".into());
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = Some(value.trim().parse()?);
            }
        }
    }
}

/// Requests per second over so many connections, each of which waits for its answer before it asks again; `variables`
/// gets the numbers of connection and request.
pub(crate) fn requests_per_second(
    to: SocketAddr,
    connections: u64,
    during: Duration,
    query: &str,
    variables: impl Fn(u64, u64) -> String + Sync,
) -> Outcome<f64> {
    let (stop, done) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        let clients: Vec<_> = (0..connections)
            .map(|connection| {
                let (stop, done, variables) = (&stop, &done, &variables);
                let run = move || {
                    let mut client = Client::connect(to)?;
                    for request in 0.. {
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                        client.ask(query, &variables(connection, request))?;
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    Outcome::Ok(())
                };
                thread::Builder::new().stack_size(128 * 1024).spawn_scoped(scope, run)
            })
            .collect();
        // Connections are made, and everything is warm, before the count begins.
        thread::sleep(during / 4);
        let (started, before) = (Instant::now(), done.load(Ordering::Relaxed));
        thread::sleep(during);
        let count = done.load(Ordering::Relaxed) - before;
        let rate = figure(count) / started.elapsed().as_secs_f64();
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            client?.join().map_err(|_| "a client panicked")??;
        }
        Ok(rate)
    })
}
