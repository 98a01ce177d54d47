//! The path that is decided on is the path that the backend gets, or there is no request.

use super::rig::{HOST, Setting, echo, get, rig, status};
use crate::domain::path::CanonicalPath;

/// The corpus of those advisories: each spelling is refused, or arrives as the canonical path that decisions are made on.
#[tokio::test]
async fn cve_2026_33494_cve_2026_41059_cve_2026_48794_cve_2026_9800_one_path_for_policy_and_backend() {
    let rig = rig(echo().await, Setting::default()).await;
    let refused = [
        "//",
        "//evil/",
        "/a//b",
        "/./a",
        "/a/.",
        "/a/..",
        "/a/../b",
        "/..;/a",
        "/a;v=1",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a%5Cb",
        "/%2e%2e/a",
        "/%2E%2E/a",
        "/.%2e/a",
        "/a%00",
        "/a%0a",
        "/a%0d%0ax:%20y",
        "/a%23b",
        "/a%3fb",
        "/%252e%252e/a",
        "/a%",
        "/a%2",
        "/a%zz",
        "/%c0%ae%c0%ae/a",
        "/%c0%af",
        "/%ff",
        "/a\\b",
        "/a|b",
        "/a\"b",
        "/a^b",
        "/{a}",
        "/a`b",
        "/a#b",
        "/#",
        "/a%7f",
        "/a%25",
        "/a/%2e",
        "/%2e",
        "*",
        "a",
        "/a<b>",
    ];
    for path in refused {
        let (head, _) = rig.ask(get(path)).await;
        assert_eq!(status(&head), 400, "{path}");
    }
    let passing = [
        ("/", "/"),
        ("/a/b", "/a/b"),
        ("/A/b", "/A/b"),
        ("/a/", "/a/"),
        ("/a.", "/a."),
        ("/...", "/..."),
        ("/na%c3%afve", "/na%C3%AFve"),
        ("/a%20b", "/a%20b"),
        ("/a?b=/../c", "/a?b=/../c"),
        ("/a?b=%2f%2E;c//d&e=?", "/a?b=%2f%2E;c//d&e=?"),
        ("/a?", "/a?"),
        ("/a:b@c!$&'()*+,=~-_", "/a:b@c!$&'()*+,=~-_"),
    ];
    for (path, arrives) in passing {
        let (_, seen) = rig.ask(get(path)).await;
        assert!(seen.starts_with(&format!("GET {arrives} HTTP/1.1\r\n")), "{path}: {seen}");
        let canonical = arrives.split_once('?').map_or(arrives, |(path, _)| path);
        assert_eq!(CanonicalPath::parse(canonical).as_ref().map(CanonicalPath::as_str), Ok(canonical));
    }
}

/// What else could name a target takes no part.
#[tokio::test]
async fn cve_2026_76835_cve_2025_54576_cve_2026_34457_nothing_else_names_the_target() {
    let rig = rig(echo().await, Setting::default()).await;
    for line in
        ["X-Original-URL: /admin", "X-Rewrite-URL: /admin", "X-Forwarded-Uri: /admin", "User-Agent: kube-probe/1.0"]
    {
        let (_, seen) = rig.ask(format!("GET /a?/admin HTTP/1.1\r\nHost: {HOST}\r\n{line}\r\n\r\n")).await;
        assert!(seen.starts_with("GET /a?/admin HTTP/1.1\r\n"), "{line}: {seen}");
        assert_eq!(seen.matches("/admin").count(), 1, "{line}: {seen}");
    }
    let (_, seen) = rig.ask(format!("GET http://{HOST}/a HTTP/1.1\r\nHost: {HOST}\r\n\r\n")).await;
    assert!(seen.starts_with("GET /a HTTP/1.1\r\n"), "{seen}");
}
