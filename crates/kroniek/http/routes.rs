//! Which path is answered by what, and what holds for every answer.

use super::refusal::Refusal;
use super::{graphiql, graphql, health, host};
use axum::Router;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kroniek_engine::Engine;
use std::any::Any;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;

/// How long a request may take, from its head to its answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Everything that the server answers.
pub(super) fn router(engine: &Engine) -> Router {
    let schema = kroniek_graphql::schema(engine.clone());
    Router::new()
        .route("/graphql", post(graphql::post).fallback(graphql::other_method))
        .with_state(schema)
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(engine.clone())
        .merge(graphiql::routes())
        .fallback(not_found)
        .layer(from_fn(in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(host::loopback_only))
        .layer(map_response(guarded))
}

async fn not_found() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        "There is nothing here; POST /graphql answers queries, GET / shows GraphiQL.",
    )
}

async fn in_time(request: Request, next: Next) -> Result<Response, Refusal> {
    tokio::time::timeout(TIMEOUT, next.run(request)).await.map_err(|_| {
        Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "TIMEOUT",
            format!(
                "The request was not answered within {} seconds. A command may be stored all the same: repeat it with \
                 the same commandId.",
                TIMEOUT.as_secs()
            ),
        )
    })
}

/// The panic itself is on the server's standard error already; the client gets no internals.
fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response {
    Refusal::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "INTERNAL",
        "The server failed over this request; tell the operator. A command may be stored all the same: repeat it with \
         the same commandId.",
    )
    .into_response()
}

/// Headers of every answer: it is what it says it is, nobody else embeds it, and what holds personal data is not kept.
async fn guarded(mut response: Response) -> Response {
    const SAME_ORIGIN: (HeaderName, HeaderValue) =
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(SAME_ORIGIN.0, SAME_ORIGIN.1);
    response
}
