//! Kroniek over HTTP.
//!
//! | Path | Answers |
//! |---|---|
//! | `POST /graphql` | GraphQL; JSON only, at most 1 MiB, one operation a request |
//! | `GET /` | GraphiQL, which works without internet |
//! | `GET /livez` | that the process answers |
//! | `GET /readyz` | whether the engine can do its work; 503 with the troubles when not |
//!
//! Nobody is authenticated yet, so the server listens on loopback only, and answers only requests that name a loopback
//! host: a page in a browser that points its own name at 127.0.0.1 gets nothing. Who acts is what the header
//! `Kroniek-Actor` says; see [`ACTOR_HEADER`]. What its commands belong to and follow from, `Kroniek-Correlation` and
//! `Kroniek-Causation`; see [`CORRELATION_HEADER`].

mod actor;
mod body;
mod graphiql;
mod graphql;
mod health;
mod host;
mod nesting;
mod provenance;
mod refusal;
mod routes;

pub use actor::ACTOR_HEADER;
pub use provenance::{CAUSATION_HEADER, CORRELATION_HEADER};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use kroniek_engine::Engine;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a connection may take to send the head of a request, or stay idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// Greatest head of a request; more is answered with 431.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// How long a stopping server waits for requests in flight.
const DRAIN: Duration = Duration::from_secs(10);
/// Pause after a connection could not be accepted: the process is out of files or memory, and asking at once again helps
/// nobody.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// The address can be reached from outside, and nobody is authenticated.
    #[error(
        "{0} is not a loopback address: no authentication is configured, so Kroniek listens on this machine only; \
         use 127.0.0.1:PORT or [::1]:PORT, and put a proxy that authenticates in front of it for others"
    )]
    NotLoopback(SocketAddr),
    /// The system does not give the address.
    #[error("cannot listen on {addr}: {source}; choose another with --listen, port 0 for any that is free")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// An address that is taken and not yet served; clients that connect wait.
#[derive(Debug)]
pub struct Listener(TcpListener);

impl Listener {
    /// Takes a loopback address; port 0 takes any that is free.
    ///
    /// # Errors
    /// The address is no loopback address, or is in use.
    pub async fn bind(addr: SocketAddr) -> Result<Self, StartFault> {
        if !addr.ip().to_canonical().is_loopback() {
            return Err(StartFault::NotLoopback(addr));
        }
        TcpListener::bind(addr).await.map(Self).map_err(|source| StartFault::Listen { addr, source })
    }

    /// Serves an engine here.
    ///
    /// # Errors
    /// The system does not tell the address.
    pub fn serve(self, engine: Engine) -> io::Result<Server> {
        let addr = self.0.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let accepting = tokio::spawn(accept(self.0, routes::router(&engine), stopped));
        Ok(Server { addr, engine, stop, accepting })
    }
}

/// A server that runs until [`Server::shutdown`].
///
/// ```no_run
/// # async fn example(engine: kroniek::Engine) -> Result<(), Box<dyn std::error::Error>> {
/// let server = kroniek::http::Server::start(engine, "127.0.0.1:0".parse()?).await?;
/// println!("http://{}/", server.addr());
/// server.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub struct Server {
    addr: SocketAddr,
    engine: Engine,
    stop: oneshot::Sender<()>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Serves an engine on a loopback address; port 0 takes any that is free.
    ///
    /// # Errors
    /// The address is no loopback address, or is in use.
    pub async fn start(engine: Engine, addr: SocketAddr) -> Result<Self, StartFault> {
        Listener::bind(addr).await?.serve(engine).map_err(|source| StartFault::Listen { addr, source })
    }

    /// The address that it listens on, with the real port.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Accepts no more, waits up to 10 seconds for requests in flight, and shuts the engine down, so that everything
    /// acknowledged is on disk and the log is closed. The log's lock is free once every clone of the engine is dropped.
    pub async fn shutdown(self) {
        let Self { engine, stop, accepting, .. } = self;
        // When nobody receives, the loop has ended already.
        let _ended = stop.send(());
        if let Err(fault) = accepting.await {
            tracing::error!(%fault, "the accepting of connections failed");
        }
        if let Err(fault) = tokio::task::spawn_blocking(move || engine.shutdown()).await {
            tracing::error!(%fault, "the engine did not shut down cleanly; what was acknowledged is on disk");
        }
    }
}

/// Accepts connections until `stop` is sent or dropped, then lets requests in flight finish.
async fn accept(listener: TcpListener, router: Router, mut stop: oneshot::Receiver<()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_header_size(MAX_HEAD_BYTES);
    let graceful = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            _ = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(fault) => {
                    tracing::warn!(%fault, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        // Answers are written in one go: there is nothing to wait for. Without it they are only slower.
        let _slower = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(fault) = connection.await {
                tracing::debug!(%fault, "a connection broke off");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests in flight did not finish within {} s and are cut off", DRAIN.as_secs());
    }
}
