//! The name under which a request asked for the server.
//!
//! A page on the internet may point its own name at 127.0.0.1 (DNS rebinding): to the browser that page and this server
//! then have the same origin. Its requests still carry its name, and are refused for it.

use super::refusal::Refusal;
use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Lets only requests through that name a loopback host.
pub(super) async fn loopback_only(request: Request, next: Next) -> Result<Response, Refusal> {
    if names_loopback(request.uri(), request.headers()) {
        return Ok(next.run(request).await);
    }
    Err(Refusal::new(
        StatusCode::MISDIRECTED_REQUEST,
        "WRONG_HOST",
        "The request names another host. Nobody is authenticated here, so only requests to localhost, 127.0.0.1 or \
         [::1] are answered: a web page must not reach this server under its own name.",
    ))
}

fn names_loopback(uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let asked = uri.authority().is_none_or(|authority| is_loopback(authority.as_str()));
    asked && host.to_str().is_ok_and(is_loopback)
}

/// Whether `HOST[:PORT]` is `localhost` or a loopback address.
fn is_loopback(host: &str) -> bool {
    let (is_loopback, port) =
        if let Some((ip, port)) = host.strip_prefix('[').and_then(|host| host.split_once(']')) {
            (ip.parse().is_ok_and(|ip: Ipv6Addr| ip.is_loopback()), port)
        } else {
            let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
            let is_ip = name.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback());
            (is_ip || name.eq_ignore_ascii_case("localhost"), port)
        };
    is_loopback && (port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_loopback_hosts_are_answered_whatever_the_port() {
        for host in
            ["localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:80", "127.3.2.1", "[::1]", "[::1]:65535"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "evil.localhost",
            "127.0.0.1.evil.example",
            "localhost:",
            "localhost:80x",
            "localhost:99999",
            "localhost@evil.example",
            "evil.example@localhost",
            "[::1",
            "[::1]evil.example",
            "::1",
            "[::2]",
            "[::1%25eth0]",
            "10.0.0.1",
            "0.0.0.0",
            "2130706433",
            " localhost",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn no_host_two_hosts_and_a_foreign_target_are_refused() {
        let asked = |target: &str, hosts: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(HOST, HeaderValue::from_static(host));
            }
            names_loopback(&target.parse().unwrap(), &headers)
        };
        assert!(asked("/graphql", &["localhost:8080"]));
        assert!(asked("http://localhost:8080/graphql", &["localhost:8080"]));
        assert!(!asked("/graphql", &[]));
        assert!(!asked("/graphql", &["localhost", "localhost"]));
        assert!(!asked("http://evil.example/graphql", &["localhost"]));
        assert!(!asked("http://localhost/graphql", &["evil.example"]));
    }
}
