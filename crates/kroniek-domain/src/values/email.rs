//! E-mail addresses (E1-18, N1-24, `INVALID_EMAIL`).

use email_address::{EmailAddress, Options};

/// The greatest length of an address that SMTP can carry (RFC 5321, 4.5.3.1.3, less its angle brackets).
pub const EMAIL_LIMIT: usize = 254;

/// An e-mail address: trimmed, its domain in lower case, at most [`EMAIL_LIMIT`] characters.
///
/// The grammar is that of RFC 5321 as the crate `email_address` reads it, less what no mailbox of a customer
/// uses and what programs disagree about: display names, comments, quoted local parts and IP literals. The
/// domain must be a host name with a dot and a top level that is not a number. ASCII only: an international
/// domain is given in its `xn--` form, so that one address has one spelling and look-alike letters cannot
/// pass for another domain.
pub fn email(raw: &str) -> Option<String> {
    let typed = raw.trim();
    if email_too_long(typed) || !typed.bytes().all(|b| b.is_ascii_graphic() && !b"\"()[]<>,;:\\".contains(&b))
    {
        return None;
    }
    let options = Options::default().without_display_text().without_domain_literal().with_required_tld();
    EmailAddress::parse_with_options(typed, options).ok()?;
    let (local, domain) = typed.rsplit_once('@')?;
    let domain = domain.to_ascii_lowercase();
    is_host_name(&domain).then(|| format!("{local}@{domain}"))
}

/// Whether a text is too long for an e-mail address (`TOO_LONG`).
pub fn email_too_long(raw: &str) -> bool {
    raw.trim().len() > EMAIL_LIMIT
}

/// The key by which two addresses are the same (E1-18 `DUPLICATE_CHANNEL`, X-05): all in lower case.
///
/// The standard lets a server tell `Jan@` from `jan@`; none that people use does.
pub fn email_key(normal: &str) -> String {
    normal.trim().to_lowercase()
}

/// Host names by RFC 1123, with at least one dot and a top level that cannot be taken for part of an IP
/// address.
fn is_host_name(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    domain.split('.').all(label)
        && domain
            .rsplit_once('.')
            .is_some_and(|(_, top)| top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn e1_18_an_address_is_trimmed_and_its_domain_lower_case() {
        for (typed, stored) in [
            (" Jan.Jansen@Voorbeeld.NL ", "Jan.Jansen@voorbeeld.nl"),
            ("j+crm@sub.example.co.uk", "j+crm@sub.example.co.uk"),
            ("o'neill@example.nl", "o'neill@example.nl"),
            ("a@xn--mnchen-3ya.de", "a@xn--mnchen-3ya.de"),
            ("a@b-c.nl", "a@b-c.nl"),
        ] {
            assert_eq!(email(typed).as_deref(), Some(stored), "{typed:?}");
        }
    }

    #[test]
    fn e1_18_what_no_mailbox_uses_is_refused() {
        for typed in [
            "",
            "@",
            "a",
            "a@",
            "@b.nl",
            "a@b",
            "a@localhost",
            "a b@c.nl",
            "a@b c.nl",
            "\"a b\"@c.nl",
            "a(x)@b.nl",
            "a@b.nl (x)",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "Jan <a@b.nl>",
            "<a@b.nl>",
            "a@b.nl;c@d.nl",
            "a@b.nl,c@d.nl",
            "a@@b.nl",
            "a@b@c.nl",
            ".a@b.nl",
            "a.@b.nl",
            "a..b@c.nl",
            "a@.nl",
            "a@b..nl",
            "a@b.nl.",
            "a@-b.nl",
            "a@b-.nl",
            "a@b_c.nl",
            "a@b.c",
            "mailto:a@b.nl",
            "a@münchen.de",
            "é@b.nl",
            "a@ｂ.nl",
            "a\0@b.nl",
            "a\n@b.nl",
            "\u{202E}a@b.nl",
            "😀@b.nl",
            "a\u{200B}@b.nl",
        ] {
            assert_eq!(email(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn e1_18_an_address_has_at_most_254_characters() {
        let labels = format!("{}.{}.{}", "b".repeat(63), "c".repeat(63), "d".repeat(57));
        let longest = format!("{}@{labels}.nl", "a".repeat(64));
        assert_eq!(longest.len(), 253);
        assert_eq!(email(&longest).as_deref(), Some(longest.as_str()));
        assert_eq!(email(&format!("{}@b.nl", "a".repeat(65))), None);
        assert_eq!(email(&format!("a@{}.nl", "b".repeat(64))), None);
        assert_eq!(email(&format!("a@{}nl", "b.".repeat(200))), None);
        assert_eq!(email(&"a@".repeat(5_000_000)), None);
    }

    #[test]
    fn e1_18_addresses_are_the_same_whatever_their_case() {
        assert_eq!(email_key("Jan@voorbeeld.nl"), email_key("jan@VOORBEELD.nl"));
    }

    proptest! {
        #[test]
        fn any_text_gives_an_address_or_none(raw in any::<String>()) {
            let _ = email_key(&raw);
            if let Some(once) = email(&raw) {
                prop_assert_eq!(email(&once), Some(once));
            }
        }

        #[test]
        fn normalising_twice_is_normalising_once(
            raw in "[a-zA-Z0-9.+_\"() -]{1,9}@[a-zA-Z0-9.-]{1,9}[.][a-zA-Z]{1,4}",
        ) {
            if let Some(once) = email(&raw) {
                prop_assert_eq!(email(&once), Some(once.clone()));
                prop_assert_eq!(email_key(&once), email_key(raw.trim()));
                prop_assert!(EmailAddress::is_valid(&once));
            }
        }
    }
}
