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
use kroniek_graphql::Api;
use std::any::Any;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;

/// How long a request may take, from its head to its answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Everything that the server answers.
pub(super) fn router(engine: &Engine) -> Router {
    let answered = Router::new()
        .route("/graphql", post(graphql::post))
        .with_state(Api::new(engine.clone()))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(engine.clone())
        .merge(graphiql::routes())
        .fallback(not_found)
        .method_not_allowed_fallback(other_method);
    guarded(answered)
}

/// Puts around all routes what holds for every request and answer.
fn guarded(router: Router) -> Router {
    router
        .layer(from_fn(in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(host::loopback_only))
        .layer(map_response(with_headers))
}

async fn not_found() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        "There is nothing here; POST /graphql answers queries, GET / shows GraphiQL.",
    )
}

async fn other_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        "This is not answered here. Send GraphQL with POST to /graphql, as JSON: {\"query\": \"{ __typename }\"}.",
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
async fn with_headers(mut response: Response) -> Response {
    const SAME_ORIGIN: (HeaderName, HeaderValue) =
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(SAME_ORIGIN.0, SAME_ORIGIN.1);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::header::HOST;
    use hyper::service::Service as _;
    use hyper_util::service::TowerToHyperService;

    async fn ask(router: Router, host: &str) -> (StatusCode, String) {
        let request = Request::builder().uri("/").header(HOST, host).body(Body::empty()).unwrap();
        let response = TowerToHyperService::new(guarded(router)).call(request).await.unwrap();
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
        assert_eq!(response.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_tells_nothing() {
        async fn panics() {
            panic!("a secret");
        }
        let (status, body) = ask(Router::new().route("/", get(panics)), "localhost").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body.contains("\"code\":\"INTERNAL\"") && !body.contains("secret"), "{body}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_takes_too_long_is_given_up() {
        let endless = get(std::future::pending::<()>);
        let (status, body) = ask(Router::new().route("/", endless), "localhost").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains("TIMEOUT") && body.contains("commandId"), "{body}");
    }

    #[tokio::test]
    async fn another_host_reaches_nothing() {
        let (status, body) = ask(Router::new().route("/", get(|| async { "data" })), "evil.example").await;
        assert_eq!(status, StatusCode::MISDIRECTED_REQUEST);
        assert!(!body.contains("data"), "{body}");
    }
}
