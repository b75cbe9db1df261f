//! The same clients and the same queue in front of one writer, whatever it writes to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

use super::{Outcome, figure};

/// Most commits in one group, as in the engine.
const GROUP: usize = 512;

/// A durable place for groups of bodies.
pub(crate) trait Sink: Send + 'static {
    /// Stores a group; it is on disk when this returns.
    fn store(&mut self, bodies: &[Vec<u8>]) -> Outcome<()>;
}

/// A body that waits to be stored.
pub(crate) struct Append {
    body: Vec<u8>,
    answer: oneshot::Sender<()>,
}

/// Where clients put what is to be stored.
#[derive(Clone)]
pub(crate) struct Queue(mpsc::Sender<Append>);

impl Queue {
    /// Stores a body; it is on disk when this returns.
    pub(crate) async fn append(&self, body: Vec<u8>) -> Outcome<()> {
        let (answer, answered) = oneshot::channel();
        self.0.send(Append { body, answer }).await?;
        Ok(answered.await?)
    }
}

/// A queue for so many clients.
pub(crate) fn queue(clients: usize) -> (Queue, mpsc::Receiver<Append>) {
    let (queue, requests) = mpsc::channel(clients);
    (Queue(queue), requests)
}

/// Appends per second of so many clients, each of which waits for its answer before it asks again.
pub(crate) fn appends_per_second(
    runtime: &Runtime,
    clients: usize,
    body_bytes: usize,
    during: Duration,
    mut sink: impl Sink,
) -> Outcome<f64> {
    let (queue, requests) = queue(clients);
    let writer = thread::spawn(move || write_groups(requests, &mut sink));
    let rate = load(runtime, clients, during, move |_| {
        let queue = queue.clone();
        async move { queue.append(vec![0x5a; body_bytes]).await }
    })?;
    writer.join().map_err(|_| "the writer panicked")??;
    Ok(rate)
}

/// Stores what comes until nobody can send any more.
pub(crate) fn write_groups(mut requests: mpsc::Receiver<Append>, sink: &mut impl Sink) -> Outcome<()> {
    while let Some(first) = requests.blocking_recv() {
        let (mut bodies, mut answers) = (vec![first.body], vec![first.answer]);
        while bodies.len() < GROUP
            && let Ok(next) = requests.try_recv()
        {
            bodies.push(next.body);
            answers.push(next.answer);
        }
        sink.store(&bodies)?;
        for answer in answers {
            // A client that has gone needs no answer.
            let _gone = answer.send(());
        }
    }
    Ok(())
}

/// How often per second so many clients, each on a task of its own, get something done; `ask` gets the client's number.
pub(crate) fn load<F, A>(runtime: &Runtime, clients: usize, during: Duration, ask: F) -> Outcome<f64>
where
    F: Fn(usize) -> A + Send + Sync + 'static,
    A: Future<Output = Outcome<()>> + Send + 'static,
{
    let (stop, done, ask) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)), Arc::new(ask));
    runtime.block_on(async {
        let tasks: Vec<_> = (0..clients)
            .map(|client| {
                let (stop, done, ask) = (Arc::clone(&stop), Arc::clone(&done), Arc::clone(&ask));
                tokio::spawn(async move {
                    while !stop.load(Ordering::Relaxed) {
                        ask(client).await?;
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    Outcome::Ok(())
                })
            })
            .collect();
        let started = Instant::now();
        tokio::time::sleep(during).await;
        let rate = figure(done.load(Ordering::Relaxed)) / started.elapsed().as_secs_f64();
        stop.store(true, Ordering::Relaxed);
        for task in tasks {
            task.await??;
        }
        Ok(rate)
    })
}
