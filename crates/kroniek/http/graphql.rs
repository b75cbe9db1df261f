//! `POST /graphql`.

use super::nesting::{self, DEEPEST};
use super::refusal::Refusal;
use super::{actor, body, provenance};
use async_graphql::{Request, Response, Value};
use async_graphql_axum::GraphQLResponse;
use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::IntoResponse as _;
use kroniek_engine::EngineFault;
use kroniek_graphql::{Api, Caller};

/// The media type of GraphQL over HTTP, for clients that ask for it.
const GRAPHQL_JSON: &str = "application/graphql-response+json";
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Most errors of an operation that was not executed. Each unknown field is one, and a query may hold tens of thousands.
const MOST_ERRORS: usize = 100;
/// Longest message of an error, in bytes. The parser quotes the whole line that it stumbles over.
const LONGEST_MESSAGE: usize = 1_000;

/// Executes one operation. What is wrong with the request, before there is an operation, has a status of its own.
pub(super) async fn post(
    State(api): State<Api>,
    request: axum::extract::Request,
) -> Result<axum::response::Response, Refusal> {
    let (head, body) = request.into_parts();
    body::json_only(&head.headers)?;
    let caller =
        Caller { actor: Some(actor::of(&head.headers)?), provenance: provenance::of(&head.headers)? };
    let operation = parse(&body::read(&head.headers, body).await?)?;
    let mut response = api.execute(operation, caller).await;
    log_faults(&response);
    bound(&mut response);
    Ok(answer(response, &head.headers))
}

/// Keeps an answer from growing with what is wrong in a hostile query.
fn bound(response: &mut Response) {
    // With data, each error explains a null in it.
    if response.data == Value::Null {
        response.errors.truncate(MOST_ERRORS);
    }
    for error in &mut response.errors {
        if error.message.len() > LONGEST_MESSAGE {
            let end = (0..=LONGEST_MESSAGE).rev().find(|at| error.message.is_char_boundary(*at));
            error.message.truncate(end.unwrap_or(0));
            error.message.push_str(" ...");
        }
    }
}

/// To a client that asks for the media type of GraphQL over HTTP, an operation that was not executed is a 400. Any other
/// gets `application/json`, and 200 whatever there is in `errors`.
fn answer(response: Response, headers: &HeaderMap) -> axum::response::Response {
    let knows_graphql = headers
        .get_all(ACCEPT)
        .iter()
        .any(|value| value.to_str().is_ok_and(|value| value.to_ascii_lowercase().contains(GRAPHQL_JSON)));
    let was_executed =
        response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
    let mut answer = GraphQLResponse::from(response).into_response();
    if !knows_graphql {
        answer.headers_mut().insert(CONTENT_TYPE, JSON);
    } else if !was_executed {
        *answer.status_mut() = StatusCode::BAD_REQUEST;
    }
    answer
}

fn parse(bytes: &[u8]) -> Result<Request, Refusal> {
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Refusal::malformed("Batches are not taken: send one operation a request."));
    }
    let operation: Request = serde_json::from_slice(bytes).map_err(|fault| {
        Refusal::malformed(format!(
            "The body is not a GraphQL request in JSON, {{\"query\": \"...\"}}: {fault}."
        ))
    })?;
    if operation.query.trim().is_empty() {
        return Err(Refusal::malformed("The body holds no `query`."));
    }
    match nesting::depth(&operation.query) {
        None => Err(Refusal::malformed("A string in the query is not closed.")),
        Some(depth) if depth > DEEPEST => Err(Refusal::malformed(format!(
            "The query nests deeper than {DEEPEST} brackets; ask for less at a time."
        ))),
        Some(_) => Ok(operation),
    }
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
    use async_graphql::ServerError;

    #[test]
    fn the_answer_has_the_form_that_the_client_asks_for() {
        let refused = || Response::from_errors(vec![async_graphql::ServerError::new("no", None)]);
        let executed = || Response::new(Value::Boolean(true));
        for (accept, response, status, content_type) in [
            ("*/*", refused(), 200, "application/json"),
            ("application/json", executed(), 200, "application/json"),
            ("application/graphql-response+json, application/json;q=0.9", refused(), 400, GRAPHQL_JSON),
            ("Application/GraphQL-Response+JSON", executed(), 200, GRAPHQL_JSON),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            let answer = answer(response, &headers);
            assert_eq!(answer.status().as_u16(), status, "{accept}");
            assert_eq!(answer.headers()[CONTENT_TYPE], content_type, "{accept}");
        }
    }

    #[test]
    fn an_answer_does_not_grow_with_what_is_wrong_in_the_query() {
        let error = || ServerError::new("é".repeat(LONGEST_MESSAGE), None);
        let mut response = Response::from_errors((0..MOST_ERRORS * 2).map(|_| error()).collect());
        bound(&mut response);
        assert_eq!(response.errors.len(), MOST_ERRORS);
        assert!(response.errors.iter().all(|error| error.message.len() <= LONGEST_MESSAGE + 4));
        let mut response = Response::from_errors((0..MOST_ERRORS * 2).map(|_| error()).collect());
        response.data = Value::Boolean(true);
        bound(&mut response);
        assert_eq!(response.errors.len(), MOST_ERRORS * 2, "each explains a null");
    }

    #[test]
    fn a_request_is_read_and_whatever_is_none_is_refused() {
        let read =
            parse(br#" {"query": "query A { a }", "operationName": "A", "variables": {"x": 1}} "#).unwrap();
        assert_eq!((read.query.as_str(), read.operation_name.as_deref()), ("query A { a }", Some("A")));
        let deep = "[".repeat(100_000);
        let nested = format!("{{\"query\": \"{{a}}\", \"variables\": {{\"x\": {deep}");
        for wrong in [
            "",
            " ",
            "null",
            "1",
            "\"\"",
            "{",
            "{}",
            "[]",
            "[{\"query\": \"{ a }\"}]",
            "{\"query\": null}",
            "{\"query\": \" \"}",
            "{\"query\": 1}",
            "{\"query\": \"{a}\", \"variables\": 1}",
            "{\"query\": \"{a}\"} x",
            "\u{feff}{\"query\": \"{ a }\"}",
            &deep,
            &nested,
        ] {
            assert!(parse(wrong.as_bytes()).is_err(), "{wrong:.60}");
        }
        assert!(parse(b"{\"query\": \"\xff\"}").is_err());
        let brackets =
            |n: usize| format!("{{\"query\": \"{{ a(x: {}1{}) }}\"}}", "[".repeat(n), "]".repeat(n));
        assert!(parse(brackets(DEEPEST - 2).as_bytes()).is_ok());
        assert!(parse(brackets(DEEPEST - 1).as_bytes()).is_err());
        assert!(parse(brackets(100_000).as_bytes()).is_err());
    }
}
