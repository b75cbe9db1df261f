//! What the parts alone reach: the same mutation on a server that appends it to a plain file, syncs that, and does nothing
//! else. No decision, no read model, no history; what Kroniek adds costs on top of this.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use async_graphql::{EmptySubscription, ID, InputObject, Object, Request, Schema, SimpleObject};
use async_graphql_axum::GraphQLResponse;
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::Outcome;
use super::plain::PlainFile;
use super::queue::{self, Queue};

/// What the log stores of this mutation.
const BODY_BYTES: usize = 138;

#[derive(InputObject)]
struct ChangePersonNameInput {
    person_id: ID,
    surname: String,
}

#[derive(SimpleObject)]
struct UserError {
    code: String,
    message: String,
}

#[derive(SimpleObject)]
struct Payload {
    position: u64,
    changed: bool,
    user_errors: Vec<UserError>,
}

struct Query;

#[Object]
impl Query {
    async fn ok(&self) -> bool {
        true
    }
}

struct Mutation {
    queue: Queue,
    position: AtomicU64,
}

#[Object]
impl Mutation {
    async fn change_person_name(&self, input: ChangePersonNameInput) -> async_graphql::Result<Payload> {
        let mut body = input.person_id.0.into_bytes();
        body.extend_from_slice(input.surname.as_bytes());
        body.resize(BODY_BYTES, 0x5a);
        self.queue.append(body).await.map_err(|fault| fault.to_string())?;
        let position = self.position.fetch_add(1, Ordering::Relaxed);
        Ok(Payload { position, changed: true, user_errors: Vec::new() })
    }
}

type Bare = Schema<Query, Mutation, EmptySubscription>;

async fn answer(State(schema): State<Bare>, body: axum::body::Bytes) -> GraphQLResponse {
    match serde_json::from_slice::<Request>(&body) {
        Ok(request) => schema.execute(request).await.into(),
        Err(fault) => async_graphql::Response::from_errors(vec![async_graphql::ServerError::new(
            fault.to_string(),
            None,
        )])
        .into(),
    }
}

/// Serves until the runtime ends; the thread beside it writes the file.
pub(crate) fn start(runtime: &Runtime, file: &Path) -> Outcome<(SocketAddr, JoinHandle<Outcome<()>>)> {
    let (queue, requests) = queue::queue(512);
    let mut file = PlainFile::create(file)?;
    let writer = thread::spawn(move || queue::write_groups(requests, &mut file));
    let mutation = Mutation { queue, position: AtomicU64::new(1) };
    let schema = Schema::build(Query, mutation, EmptySubscription).finish();
    let router = Router::new().route("/graphql", post(answer)).with_state(schema);
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let addr = listener.local_addr()?;
    runtime.spawn(async move { axum::serve(listener, router).await });
    Ok((addr, writer))
}
