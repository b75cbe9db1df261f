//! `POST /graphql`.

use super::refusal::Refusal;
use super::{actor, body};
use async_graphql::{Request, Response};
use async_graphql_axum::GraphQLResponse;
use axum::extract::State;
use axum::http::StatusCode;
use kroniek_engine::EngineFault;
use kroniek_graphql::Schema;

/// Executes one operation. What is wrong with the operation is answered with 200 and `errors`, as GraphQL has it; what
/// is wrong with the request, before there is an operation, with a status of its own.
pub(super) async fn post(
    State(schema): State<Schema>,
    request: axum::extract::Request,
) -> Result<GraphQLResponse, Refusal> {
    let (head, body) = request.into_parts();
    body::json_only(&head.headers)?;
    let actor = actor::of(&head.headers)?;
    let operation = parse(&body::read(&head.headers, body).await?)?;
    let response = schema.execute(operation.data(actor)).await;
    log_faults(&response);
    Ok(response.into())
}

/// Any other method.
pub(super) async fn other_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        "Send GraphQL with POST, as JSON: {\"query\": \"{ __typename }\"}.",
    )
}

fn parse(bytes: &[u8]) -> Result<Request, Refusal> {
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Refusal::malformed("Batches are not taken: send one operation a request."));
    }
    let operation: Request = serde_json::from_slice(bytes).map_err(|fault| {
        Refusal::malformed(format!("The body is not a GraphQL request in JSON, {{\"query\": \"...\"}}: {fault}."))
    })?;
    if operation.query.trim().is_empty() {
        return Err(Refusal::malformed("The body holds no `query`."));
    }
    Ok(operation)
}

/// What is broken is told to the operator; the client got a code and no internals.
fn log_faults(response: &Response) {
    for error in &response.errors {
        if let Some(fault) = error.source::<EngineFault>() {
            tracing::error!(%fault, path = ?error.path, "a query met a fault");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_and_whatever_is_none_is_refused() {
        let read = parse(br#" {"query": "query A { a }", "operationName": "A", "variables": {"x": 1}} "#).unwrap();
        assert_eq!((read.query.as_str(), read.operation_name.as_deref()), ("query A { a }", Some("A")));
        let deep = "[".repeat(100_000);
        let nested = format!("{{\"query\": \"{{a}}\", \"variables\": {{\"x\": {deep}");
        for wrong in [
            "", " ", "null", "1", "\"\"", "{", "{}", "[]", "[{\"query\": \"{ a }\"}]", "{\"query\": null}",
            "{\"query\": \" \"}", "{\"query\": 1}", "{\"query\": \"{a}\", \"variables\": 1}", "{\"query\": \"{a}\"} x",
            "\u{feff}{\"query\": \"{ a }\"}", &deep, &nested,
        ] {
            assert!(parse(wrong.as_bytes()).is_err(), "{:.60}", wrong);
        }
        assert!(parse(b"{\"query\": \"\xff\"}").is_err());
    }
}
