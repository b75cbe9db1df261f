//! What a request belongs to and follows from: what the headers say.

use super::refusal::Refusal;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use kroniek_graphql::context::Provenance;

/// The header that names what the commands of a request belong to, such as a case or the trace of a caller's system: 1 to
/// 100 letters, digits and `-_.:/+=`. It stands in the log of every commit, in clear, and in the history.
pub const CORRELATION_HEADER: &str = "kroniek-correlation";

/// The header that names what the commands of a request follow from, such as the id of a message or of another command; as
/// [`CORRELATION_HEADER`].
pub const CAUSATION_HEADER: &str = "kroniek-causation";

/// Longest id, in characters.
const LIMIT: usize = 100;

/// What an id may hold besides letters and digits. No spaces: an id is not a sentence, and no place for names.
const SIGNS: &[u8] = b"-_.:/+=";

/// What the headers say.
pub(super) fn of(headers: &HeaderMap) -> Result<Provenance, Refusal> {
    let given = |header, shown, code| {
        id(headers, header).map_err(|why| {
            let message = format!(
                "The header {shown} cannot be read: {why}. Write one id of 1 to {LIMIT} letters, digits and -_.:/+=, such \
                 as a UUID, or leave the header out."
            );
            Refusal::new(StatusCode::BAD_REQUEST, code, message)
        })
    };
    Ok(Provenance {
        correlation: given(CORRELATION_HEADER, "Kroniek-Correlation", "INVALID_CORRELATION")?,
        causation: given(CAUSATION_HEADER, "Kroniek-Causation", "INVALID_CAUSATION")?,
    })
}

fn id(headers: &HeaderMap, header: &str) -> Result<Option<String>, &'static str> {
    let mut given = headers.get_all(header).iter();
    match (given.next(), given.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => read(value).map(Some),
        (Some(_), Some(_)) => Err("it is given more than once"),
    }
}

fn read(value: &HeaderValue) -> Result<String, &'static str> {
    let text = value.to_str().map_err(|_| "it holds other characters than those")?.trim();
    if text.is_empty() {
        Err("it is empty")
    } else if text.len() > LIMIT {
        Err("it is too long")
    } else if text.bytes().all(|b| b.is_ascii_alphanumeric() || SIGNS.contains(&b)) {
        Ok(text.to_owned())
    } else {
        Err("it holds other characters than those")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(lines: &[(&'static str, &[u8])]) -> Result<Provenance, Refusal> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_bytes(value).unwrap());
        }
        of(&headers)
    }

    #[test]
    fn each_header_is_an_id_or_left_out() {
        let longest = "x".repeat(LIMIT);
        for id in
            ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "case/12.3_a", "urn:x:1", "aGk+/w==", "7", &longest]
        {
            let only = Provenance { correlation: Some(id.to_owned()), causation: None };
            assert_eq!(given(&[(CORRELATION_HEADER, id.as_bytes())]), Ok(only));
        }
        assert_eq!(given(&[]), Ok(Provenance::default()));
        let both = given(&[(CAUSATION_HEADER, b" b "), (CORRELATION_HEADER, b"a")]);
        assert_eq!(
            both,
            Ok(Provenance { correlation: Some("a".to_owned()), causation: Some("b".to_owned()) })
        );
    }

    #[test]
    fn what_is_no_id_is_refused_by_the_name_of_its_header() {
        let long = "x".repeat(LIMIT + 1);
        for (header, shown, code) in [
            (CORRELATION_HEADER, "Kroniek-Correlation", "INVALID_CORRELATION"),
            (CAUSATION_HEADER, "Kroniek-Causation", "INVALID_CAUSATION"),
        ] {
            let wrong: &[(&[u8], &str)] = &[
                (b"", "empty"),
                (b" ", "empty"),
                (b"case of Mr Jansen", "other characters"),
                (b"a;b", "other characters"),
                (b"a\tb", "other characters"),
                ("zaak-é".as_bytes(), "other characters"),
                (b"\xff", "other characters"),
                (long.as_bytes(), "too long"),
            ];
            for (value, why) in wrong {
                let refusal = format!("{:?}", given(&[(header, value)]).unwrap_err());
                assert!([shown, code, why].iter().all(|part| refusal.contains(part)), "{refusal}");
            }
            let twice = format!("{:?}", given(&[(header, b"a"), (header, b"a")]).unwrap_err());
            assert!(twice.contains("more than once"), "{twice}");
        }
    }
}
