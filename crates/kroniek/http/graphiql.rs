//! GraphiQL, from files inside the binary: the page works without internet. See `graphiql/README.md`.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::IntoResponse;
use axum::routing::get;

/// Nothing from elsewhere: scripts are files of this server, fonts and pictures stand in the style sheet. GraphiQL and
/// its editor set styles from script, which needs `unsafe-inline` for styles alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; \
                      img-src 'self' data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page changes with the program, so a browser asks for it each time.
const FRESH: &str = "no-cache";
/// The vendored files have their version in the path.
const FOREVER: &str = "public, max-age=31536000, immutable";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

/// The page and what it consists of. Every answer is a header set and bytes of the binary.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    macro_rules! file {
        ($name:literal) => {
            include_bytes!(concat!("graphiql/", $name)).as_slice()
        };
    }
    Router::new()
        .route("/", get(|| async { page() }))
        .route("/graphiql/start.js", get(|| async { served(JS, FRESH, file!("start.js")) }))
        .route("/graphiql/start.css", get(|| async { served(CSS, FRESH, file!("start.css")) }))
        .route("/graphiql/icon.svg", get(|| async { served("image/svg+xml", FRESH, file!("icon.svg")) }))
        .route(
            "/graphiql/18.3.1/react.js",
            get(|| async { served(JS, FOREVER, file!("react.production.min.js")) }),
        )
        .route(
            "/graphiql/18.3.1/react-dom.js",
            get(|| async { served(JS, FOREVER, file!("react-dom.production.min.js")) }),
        )
        .route("/graphiql/3.9.0/graphiql.js", get(|| async { served(JS, FOREVER, file!("graphiql.min.js")) }))
        .route(
            "/graphiql/3.9.0/graphiql.css",
            get(|| async { served(CSS, FOREVER, file!("graphiql.min.css")) }),
        )
}

fn page() -> impl IntoResponse {
    let policy: [(HeaderName, HeaderValue); 1] =
        [(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))];
    (policy, served(HTML, FRESH, include_bytes!("graphiql/index.html")))
}

fn served(
    content_type: &'static str,
    cached: &'static str,
    bytes: &'static [u8],
) -> impl IntoResponse + use<> {
    ([(CONTENT_TYPE, content_type), (CACHE_CONTROL, cached)], bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_asks_for_nothing_that_the_binary_does_not_serve() {
        let page = include_str!("graphiql/index.html");
        let here = include_str!("graphiql.rs");
        assert!(!page.contains("://"), "the page names another server");
        let asked = page.split(['"', '\'']).filter(|text| text.starts_with('/'));
        let missing: Vec<_> = asked.filter(|path| !here.contains(&format!("\"{path}\""))).collect();
        assert_eq!(missing, [""; 0]);
        // What a strict policy would block.
        assert!(!page.contains("<script>") && !page.contains("onclick"));
        assert!(POLICY.contains("script-src 'self';") && !POLICY.contains("http"));
    }
}
