//! `/livez` and `/readyz`, for whoever watches the process.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kroniek_engine::Engine;
use serde_json::{Value, json};

/// The process answers.
pub(super) async fn live() -> Json<Value> {
    Json(json!({ "live": true }))
}

/// Whether the engine can do all of its work. A warning is no reason to send its requests elsewhere.
pub(super) async fn ready(State(engine): State<Engine>) -> (StatusCode, Json<Value>) {
    let health = engine.health();
    let ready = health.troubles.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({
        "ready": ready,
        "logPosition": health.log.0,
        "viewsPosition": health.views.0,
        "troubles": health.troubles,
        "warnings": health.warnings,
    });
    (status, Json(body))
}
