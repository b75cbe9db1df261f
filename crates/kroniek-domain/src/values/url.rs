//! Addresses of web pages (A2-22).

/// Longest address of a web page, in bytes.
const LIMIT: usize = 200;

/// The address of a web page, `https://www.example.nl/pad`: scheme and host in lower case, `https` when no scheme was typed
/// (`INVALID_URL`).
pub fn url(raw: &str) -> Option<String> {
    let text = raw.trim();
    if text.len() > LIMIT || !text.bytes().all(|b| b.is_ascii_graphic()) {
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
    let whole = top && name.split('.').all(label) && port.parse::<u16>().is_ok();
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
            assert_eq!(url(raw).as_deref(), Some(normal));
            assert_eq!(url(normal).as_deref(), Some(normal), "a normal form is its own");
        }
    }

    #[test]
    fn a2_22_what_is_no_web_address() {
        let long = format!("https://bakkerij.nl/{}", "x".repeat(200));
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
            "https://127.0.0.1",
            "https://é.nl",
            "https://a.nl/<x>",
            &long,
        ] {
            assert_eq!(url(raw), None, "{raw:?}");
        }
    }
}
