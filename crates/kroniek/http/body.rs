//! Reading a request's body, with a limit that the client gets to hear of.

use super::refusal::Refusal;
use axum::body::{Body, HttpBody as _};
use axum::http::header::{CONTENT_TYPE, EXPECT};
use axum::http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;

/// Greatest body of a request, in bytes.
pub(super) const LIMIT: usize = 1024 * 1024;

/// What is read and thrown away beyond the limit, so that a client which sends first and listens afterwards hears why
/// it is refused instead of losing its connection.
const DRAIN: usize = 32 * 1024 * 1024;

/// Refuses what is not JSON. A form of a foreign web page cannot send JSON without asking first, so this is also what
/// keeps such pages out.
pub(super) fn json_only(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "UNSUPPORTED_MEDIA_TYPE",
        "Send the request as JSON, with `Content-Type: application/json`.",
    ))
}

/// The whole body, if it is not larger than [`LIMIT`].
pub(super) async fn read(headers: &HeaderMap, mut body: Body) -> Result<Vec<u8>, Refusal> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > LIMIT && (announced > DRAIN || headers.contains_key(EXPECT)) {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(announced.min(LIMIT));
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::malformed("The body of the request broke off."))?;
        let Some(data) = frame.data_ref() else { continue };
        length = length.saturating_add(data.len());
        if length > DRAIN {
            break;
        }
        if length <= LIMIT {
            bytes.extend_from_slice(data);
        }
    }
    if length > LIMIT { Err(too_large()) } else { Ok(bytes) }
}

fn too_large() -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "TOO_LARGE",
        format!(
            "The body is larger than {LIMIT} bytes; send less at a time. Files are imported with `kroniek import`."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_json_is_taken() {
        let sent = |value: &'static str| {
            json_only(&HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(value))])).is_ok()
        };
        assert!(sent("application/json"));
        assert!(sent("Application/JSON; charset=utf-8"));
        for other in [
            "",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/jsonp",
        ] {
            assert!(!sent(other), "{other}");
        }
        assert!(json_only(&HeaderMap::new()).is_err());
    }

    #[tokio::test]
    async fn a_body_up_to_the_limit_is_read_and_a_larger_one_refused() {
        let none = HeaderMap::new();
        assert_eq!(read(&none, Body::from(vec![b'x'; LIMIT])).await, Ok(vec![b'x'; LIMIT]));
        assert_eq!(read(&none, Body::from(vec![b'x'; LIMIT + 1])).await, Err(too_large()));
        assert_eq!(read(&none, Body::from(vec![b'x'; DRAIN + 1])).await, Err(too_large()));
        assert_eq!(read(&none, Body::empty()).await, Ok(Vec::new()));
    }
}
