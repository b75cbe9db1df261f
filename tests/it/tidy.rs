//! What the house forbids, checked. Invariants are phrased as absences: who may not name what.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust source below a folder, as (path relative to the root, text).
fn sources(below: &str) -> Vec<(String, String)> {
    fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
        let mut entries: Vec<_> =
            fs::read_dir(dir).expect("reads").map(|e| e.expect("entry").path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    walk(&root().join(below), &mut paths);
    assert!(!paths.is_empty(), "no sources below {below}");
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("reads");
            (path.strip_prefix(root()).expect("below the root").display().to_string(), text)
        })
        .collect()
}

/// Lines of code that hold one of the words; comments and documentation may name anything.
fn naming<'a>(sources: &'a [(String, String)], words: &[&str]) -> Vec<(&'a str, usize, &'a str)> {
    let mut found = Vec::new();
    for (path, text) in sources {
        for (at, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(word)) {
                found.push((path.as_str(), at + 1, line));
            }
        }
    }
    found
}

fn manifest(of: &str) -> String {
    fs::read_to_string(root().join(of).join("Cargo.toml")).expect("reads")
}

/// The part of a manifest that is shipped: what tests need is their own business.
fn dependencies(of: &str) -> String {
    let text = manifest(of);
    let start = text.find("[dependencies]").expect("has dependencies");
    let rest = &text[start..];
    rest[..rest[1..].find("\n[").map_or(rest.len(), |end| end + 1)].to_owned()
}

#[test]
fn dependencies_point_one_way() {
    let allowed: &[(&str, &[&str])] = &[
        ("crates/kroniek-domain", &[]),
        ("crates/kroniek-log", &[]),
        ("crates/kroniek-views", &["kroniek-domain"]),
        ("crates/kroniek-engine", &["kroniek-domain", "kroniek-log", "kroniek-views"]),
        ("crates/kroniek-graphql", &["kroniek-domain", "kroniek-views", "kroniek-engine"]),
    ];
    for (of, may) in allowed {
        for line in dependencies(of).lines().filter(|line| line.starts_with("kroniek-")) {
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            assert!(may.contains(&name), "{of} may not depend on {name}");
        }
    }
}

#[test]
fn no_crate_but_the_log_names_sled() {
    for of in ["domain", "views", "engine", "graphql"] {
        assert!(!manifest(&format!("crates/kroniek-{of}")).contains("sled"), "{of} depends on sled");
    }
    for below in [
        "crates/kroniek",
        "crates/kroniek-domain",
        "crates/kroniek-views",
        "crates/kroniek-engine",
        "crates/kroniek-graphql",
    ] {
        assert_eq!(naming(&sources(below), &["sled::", "use sled"]), [], "{below}");
    }
    let log = sources("crates/kroniek-log/src");
    let shipped: Vec<_> = log.into_iter().filter(|(path, _)| !path.contains("/tests")).collect();
    let elsewhere: Vec<_> = naming(&shipped, &["sled::", "use sled"])
        .into_iter()
        .filter(|(path, ..)| !path.ends_with("sled_store.rs"))
        .collect();
    assert_eq!(elsewhere, [], "one module names the engine");
}

#[test]
fn no_crate_but_the_views_names_sqlite() {
    for of in ["domain", "log", "engine", "graphql"] {
        assert!(!manifest(&format!("crates/kroniek-{of}")).contains("rusqlite"), "{of} depends on SQLite");
    }
    for below in [
        "crates/kroniek",
        "crates/kroniek-domain",
        "crates/kroniek-log",
        "crates/kroniek-engine",
        "crates/kroniek-graphql",
    ] {
        assert_eq!(naming(&sources(below), &["rusqlite"]), [], "{below}");
    }
}

#[test]
fn the_domain_knows_no_storage_no_async_no_graphql() {
    let words =
        ["tokio", "async fn", ".await", "async_graphql", "std::fs", "std::net", "std::thread", "std::env"];
    assert_eq!(naming(&sources("crates/kroniek-domain/src"), &words), []);
}

#[test]
fn the_domain_asks_nobody_for_the_time_or_for_randomness() {
    let words = ["Utc::now", "Local::now", "SystemTime", "Instant::now", "rand::", "getrandom", "new_v4"];
    assert_eq!(naming(&sources("crates/kroniek-domain/src"), &words), []);
}

#[test]
fn bincode_is_named_in_one_module() {
    let all: Vec<_> = [
        "crates/kroniek",
        "crates/kroniek-domain",
        "crates/kroniek-log",
        "crates/kroniek-views",
        "crates/kroniek-engine",
        "crates/kroniek-graphql",
    ]
    .iter()
    .flat_map(|below| sources(below))
    .collect();
    let elsewhere: Vec<_> = naming(&all, &["bincode::"])
        .into_iter()
        .filter(|(path, ..)| !path.ends_with("domain/src/codec.rs"))
        .collect();
    assert_eq!(elsewhere, []);
}

#[test]
fn graphql_knows_no_socket_and_no_storage() {
    let words = ["axum", "hyper", "sled", "rusqlite", "kroniek_log", "std::fs", "std::net"];
    assert_eq!(naming(&sources("crates/kroniek-graphql/src"), &words), []);
}

#[test]
fn folding_has_no_arm_for_everything_else() {
    // A new event must make the compiler list every place that has to choose.
    for (path, text) in sources("crates/kroniek-domain/src") {
        for (at, _) in text.match_indices("fn evolve") {
            let body = &text[at..];
            let body = &body[..body.find("\n}\n").unwrap_or(body.len())];
            for line in body.lines() {
                assert!(!line.trim_start().starts_with("_ =>"), "{path}: a wildcard arm in evolve: {line}");
            }
        }
    }
}

#[test]
fn no_library_hides_its_faults_in_anyhow() {
    for of in ["domain", "log", "views", "engine", "graphql"] {
        assert!(!manifest(&format!("crates/kroniek-{of}")).contains("anyhow"), "{of} depends on anyhow");
    }
}

#[test]
fn nothing_carries_a_path_of_the_machine_it_was_written_on() {
    let marks = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    for below in ["crates", "tests", "examples", "benches"] {
        assert_eq!(naming(&sources(below), &marks), [], "{below}");
    }
}

#[test]
fn no_page_is_left_unfinished() {
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root().join(page)).expect("reads");
        assert!(!text.contains(concat!("@", "@")), "{page} holds a placeholder");
    }
}
