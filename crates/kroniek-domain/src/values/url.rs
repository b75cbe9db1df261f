//! Addresses of web pages (A2-22).

use super::TextProblem;

/// Longest address of a web page, in characters; all of them are ASCII.
const LIMIT: usize = 200;

/// The address of a web page, `https://www.example.nl/pad`: scheme and host in lower case, `https` when no scheme was typed
/// (`INVALID_URL`). One that grows beyond the limit by its scheme is too long as well: a normal form is its own.
pub fn url(raw: &str) -> Result<String, TextProblem> {
    let normal = normal(raw.trim()).ok_or(TextProblem::Invalid)?;
    if normal.len() > LIMIT { Err(TextProblem::TooLong { limit: LIMIT }) } else { Ok(normal) }
}

/// The key by which two web addresses are the same (E1-18 `DUPLICATE_CHANNEL`): `https://a.nl`, `https://a.nl/` and
/// `https://a.nl:443` are one.
pub fn url_key(normal: &str) -> String {
    let Some((scheme, rest)) = normal.split_once("://") else { return normal.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let port = if scheme == "http" { ":80" } else { ":443" };
    let host = host.strip_suffix(port).unwrap_or(host);
    let path = path.strip_prefix('/').unwrap_or(path);
    format!("{scheme}://{host}/{path}")
}

fn normal(text: &str) -> Option<String> {
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("https".to_owned(), text),
    };
    if scheme != "http" && scheme != "https" {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end)?;
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let top = name.rsplit_once('.').is_some_and(|(_, top)| top.bytes().any(|b| b.is_ascii_alphabetic()));
    // One port has one spelling, or two addresses of one site would not be the same: `parse` alone takes `+443` and `0443`.
    let digits = !port.starts_with('0') && port.bytes().all(|b| b.is_ascii_digit());
    let whole = top && name.split('.').all(label) && digits && port.parse::<u16>().is_ok();
    (whole && !path.contains(['<', '>', '"', '\\']))
        .then(|| format!("{scheme}://{}{path}", host.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a2_22_web_addresses_come_out_in_one_form() {
        for (raw, normal) in [
            ("www.Bakkerij.nl", "https://www.bakkerij.nl"),
            (" HTTP://bakkerij.nl:8080/Over-Ons?x=1#y ", "http://bakkerij.nl:8080/Over-Ons?x=1#y"),
            ("https://bakkerij.nl/", "https://bakkerij.nl/"),
        ] {
            assert_eq!(url(raw).as_deref(), Ok(normal));
            assert_eq!(url(normal).as_deref(), Ok(normal), "a normal form is its own");
        }
    }

    #[test]
    fn e1_18_two_spellings_of_one_web_address() {
        let root = url_key("https://a.nl");
        for same in ["https://a.nl/", "https://a.nl:443", "https://a.nl:443/"] {
            assert_eq!(url_key(same), root, "{same}");
        }
        for (same, as_this) in [
            ("http://a.nl:80/x", "http://a.nl/x"),
            ("https://a.nl/?q", "https://a.nl?q"),
            ("https://a.nl/#top", "https://a.nl#top"),
        ] {
            assert_eq!(url_key(same), url_key(as_this), "{same}");
        }
        let others =
            ["http://a.nl", "https://a.nl:80", "https://www.a.nl", "https://a.nl/x", "https://a.nl?q"];
        for other in others {
            assert_ne!(url_key(other), root, "{other}");
        }
        assert_ne!(
            url_key("https://a.nl/x"),
            url_key("https://a.nl/X"),
            "servers tell the case of a path apart"
        );
        assert_eq!(url_key(""), "", "an erased value");
    }

    #[test]
    fn a2_22_a_web_address_of_200_characters() {
        let of = |length: usize| format!("https://a.nl/{}", "x".repeat(length - "https://a.nl/".len()));
        assert_eq!(url(&of(200)), Ok(of(200)));
        assert_eq!(url(&of(201)), Err(TextProblem::TooLong { limit: 200 }));
        // The scheme that is added counts.
        assert_eq!(url(&of(201)["https://".len()..]), Err(TextProblem::TooLong { limit: 200 }));
    }

    #[test]
    fn a2_22_what_is_no_web_address() {
        for raw in [
            "",
            "bakkerij",
            "ftp://bakkerij.nl",
            "javascript://bakkerij.nl",
            "https://bak kerij.nl",
            "https://",
            "https://-a.nl",
            "https://a..nl",
            "https://bakkerij.nl:99999",
            "https://bakkerij.nl:+443",
            "https://bakkerij.nl:0443",
            "https://bakkerij.nl:0",
            "https://bakkerij.nl:",
            "https://bakkerij.nl:443:443",
            "https://127.0.0.1",
            "https://é.nl",
            "https://a.nl/<x>",
        ] {
            assert_eq!(url(raw), Err(TextProblem::Invalid), "{raw:?}");
        }
    }
}
