//! Who acts, as long as nobody is authenticated: what the header says.

use super::refusal::Refusal;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use kroniek_domain::permission::PERMISSIONS;
use kroniek_domain::values::{self, TextProblem};
use kroniek_domain::{Actor, Permission};
use std::collections::BTreeSet;

/// The header that names who acts, and with which permissions: `NAME; permissions=READ,WRITE`.
///
/// NAME is 1 to 100 visible characters in UTF-8, without `;`. The permissions are listed one by one: there is no word for
/// all of them. Without the header the actor is `anonymous` and has `READ` only.
///
/// The header is believed as it stands, which is why a server without authentication listens on loopback only.
pub const ACTOR_HEADER: &str = "kroniek-actor";

/// Longest name of an actor, in characters.
const NAME_LIMIT: usize = 100;

/// Whoever sends no header.
const ANONYMOUS: &str = "anonymous";

/// The actor that the headers name.
pub(super) fn of(headers: &HeaderMap) -> Result<Actor, Refusal> {
    let mut given = headers.get_all(ACTOR_HEADER).iter();
    match (given.next(), given.next()) {
        (None, _) => Ok(Actor::new(ANONYMOUS, [Permission::Read])),
        (Some(value), None) => read(value).map_err(|why| malformed(&why)),
        (Some(_), Some(_)) => Err(malformed("it is given more than once")),
    }
}

fn malformed(why: &str) -> Refusal {
    let names: Vec<_> = PERMISSIONS.iter().map(|(_, name, _)| *name).collect();
    Refusal::new(
        StatusCode::BAD_REQUEST,
        "INVALID_ACTOR",
        format!(
            "The header Kroniek-Actor cannot be read: {why}. Write `Kroniek-Actor: NAME; permissions=READ,WRITE`; the \
             permissions are {}.",
            names.join(", ")
        ),
    )
}

fn read(value: &HeaderValue) -> Result<Actor, String> {
    let text = std::str::from_utf8(value.as_bytes()).map_err(|_| "it is not UTF-8 text".to_owned())?;
    let (name, rest) = text.split_once(';').ok_or("`; permissions=` is missing")?;
    let name = values::line(name, NAME_LIMIT).map_err(|problem| match problem {
        TextProblem::Empty => "the name is missing".to_owned(),
        TextProblem::TooLong { limit } => format!("the name is longer than {limit} characters"),
        TextProblem::Invalid => "the name holds invisible or control characters".to_owned(),
    })?;
    let (key, list) = rest.split_once('=').ok_or("`permissions=` is missing")?;
    if key.trim() != "permissions" || list.contains(';') {
        return Err("only `permissions=` may follow the name".to_owned());
    }
    let permissions = list.split(',').map(str::parse).collect::<Result<BTreeSet<Permission>, _>>()?;
    Ok(Actor { name, permissions })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(values: &[&[u8]]) -> Result<Actor, Refusal> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACTOR_HEADER, HeaderValue::from_bytes(value).unwrap());
        }
        of(&headers)
    }

    #[test]
    fn the_header_names_the_actor_and_each_permission() {
        let actor = Actor::new("desk", [Permission::Read, Permission::SensitiveRead]);
        for value in [
            "desk; permissions=READ,SENSITIVE_READ",
            "desk;permissions=READ,SENSITIVE_READ",
            "  desk ; permissions = sensitive_read , read,READ ",
        ] {
            assert_eq!(given(&[value.as_bytes()]), Ok(actor.clone()), "{value}");
        }
        let named = given(&["Zoë Çelik; permissions=WRITE".as_bytes()]);
        assert_eq!(named, Ok(Actor::new("Zoë Çelik", [Permission::Write])));
    }

    #[test]
    fn who_sends_no_header_may_read_and_no_more() {
        assert_eq!(given(&[]), Ok(Actor::new("anonymous", [Permission::Read])));
    }

    #[test]
    fn a_header_that_cannot_be_read_is_refused_and_never_half_believed() {
        let long = format!("{}; permissions=READ", "x".repeat(NAME_LIMIT + 1));
        let hidden = "de\u{202e}sk; permissions=READ";
        let cases: &[(&[u8], &str)] = &[
            (b"", "`; permissions=` is missing"),
            (b"desk", "`; permissions=` is missing"),
            (b"; permissions=READ", "the name is missing"),
            (b"desk;", "`permissions=` is missing"),
            (b"desk; READ", "`permissions=` is missing"),
            (b"desk; permissions=", "there is no permission"),
            (b"desk; permissions=READ,", "there is no permission"),
            (b"desk; permissions=ALL", "there is no permission \"ALL\""),
            (b"desk; permissions=READ; role=admin", "only `permissions=` may follow"),
            (b"desk; role=admin", "only `permissions=` may follow"),
            (b"de\tsk; permissions=READ", "invisible or control characters"),
            (b"d\xffsk; permissions=READ", "not UTF-8"),
            (long.as_bytes(), "longer than 100 characters"),
            (hidden.as_bytes(), "invisible or control characters"),
        ];
        for (value, why) in cases {
            let refusal = format!("{:?}", given(&[value]).unwrap_err());
            let why = format!("{why:?}");
            assert!(refusal.contains(why.trim_matches('"')), "{why} in {refusal}");
            assert!(refusal.contains("NAME; permissions=READ,WRITE"), "{refusal}");
        }
        assert!(given(&[b"a; permissions=READ", b"b; permissions=READ"]).is_err());
    }
}
