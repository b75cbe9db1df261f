//! `kroniek serve`.

use super::fault::Fault;
use super::{demo, note, open};
use crate::http::Listener;
use kroniek_engine::Engine;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use tokio::runtime::Runtime;

const INSTEAD: &str =
    "If that is a server, its data is served already: it printed its address when it started.";

/// Serve GraphQL over HTTP
///
/// POST /graphql answers queries and mutations, GET / shows GraphiQL (it works without internet), /livez and /readyz say
/// how the server is. Nobody is authenticated yet: the server listens on loopback addresses only, and the header
/// `Kroniek-Actor: NAME; permissions=READ,WRITE` names who acts and with which permissions. Without the header the
/// actor is `anonymous` and may READ. `Kroniek-Correlation: ID` and `Kroniek-Causation: ID` name what its commands belong
/// to and follow from, for the history. Ctrl-C lets requests in flight finish and closes the log.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kroniek serve --demo\n  kroniek serve --data /var/lib/kroniek --listen 127.0.0.1:9000\n\n  curl http://127.0.0.1:8080/graphql -H 'Content-Type: application/json' \\\n       -H 'Kroniek-Actor: desk; permissions=READ,WRITE' -d '{\"query\": \"{ __typename }\"}'"
)]
pub(super) struct Serve {
    /// The loopback address to listen on; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    listen: SocketAddr,
    /// Fill an empty data directory with a small made-up sample first
    #[arg(long)]
    demo: bool,
}

impl Serve {
    pub(super) fn run(&self, data: &Path, out: &mut dyn Write) -> Result<(), Fault> {
        let runtime = runtime()?;
        let listener = runtime.block_on(Listener::bind(self.listen))?;
        let engine = open::or_make(data, INSTEAD)?;
        let served = self.fill(&engine, data).and_then(|()| runtime.block_on(serve(listener, &engine, out)));
        // Shutting down twice does no harm; after a failure nobody else does it.
        engine.shutdown();
        served
    }

    fn fill(&self, engine: &Engine, data: &Path) -> Result<(), Fault> {
        let commits = engine.log().head().position;
        if self.demo && commits > 0 {
            let data = data.display();
            note(&format!("{data} holds {commits} commits already: served as it is, without the sample"));
        } else if self.demo {
            demo::fill(engine)?;
        }
        Ok(())
    }
}

async fn serve(listener: Listener, engine: &Engine, out: &mut dyn Write) -> Result<(), Fault> {
    let server = listener.serve(engine.clone()).map_err(Fault::System)?;
    // A signal is listened for from its first poll on; before that it would end the process. So that comes before
    // anybody is told that the server is there.
    tokio::try_join!(
        biased;
        async {
            asked_to_stop().await;
            Ok(())
        },
        async { announce(server.addr(), out).map_err(Fault::Output) },
    )?;
    note("Stopping: requests in flight finish first.");
    tokio::select! {
        () = server.shutdown() => Ok(()),
        () = asked_to_stop() => Err(Fault::StoppedAtOnce),
    }
}

fn announce(addr: SocketAddr, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Kroniek is ready on http://{addr}/")?;
    out.flush()?;
    note(
        "Loopback only: no authentication is configured, and the header Kroniek-Actor is believed. Ctrl-C stops.",
    );
    Ok(())
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let numeric =
        text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    numeric
        .parse()
        .map_err(|_| "write an address and a port, such as 127.0.0.1:8080 or [::1]:8080".to_owned())
}

/// The runtime for what waits on sockets and signals.
pub(super) fn runtime() -> Result<Runtime, Fault> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Fault::System)
}

/// Waits for Ctrl-C or, where there is one, SIGTERM.
pub(super) async fn asked_to_stop() {
    let interrupted = async { heard(tokio::signal::ctrl_c().await).await };
    tokio::select! {
        () = interrupted => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(fault) => heard(Err(fault)).await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

/// A signal that cannot be listened for is as good as one that never comes.
async fn heard(signal: io::Result<()>) {
    if let Err(fault) = signal {
        tracing::warn!(%fault, "a signal cannot be listened for");
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_numeric_or_localhost() {
        assert_eq!(address("127.0.0.1:0"), Ok("127.0.0.1:0".parse().unwrap()));
        assert_eq!(address("localhost:9"), Ok("127.0.0.1:9".parse().unwrap()));
        assert_eq!(address("[::1]:80"), Ok("[::1]:80".parse().unwrap()));
        for wrong in ["", "8080", ":8080", "127.0.0.1", "example.org:80", "localhost:", "127.0.0.1:99999"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
