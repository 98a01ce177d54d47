//! Whatever a client says about who it is stays outside; what the gateway says arrives, once.

use super::rig::{HOST, Setting, echo, get, request, rig, rig_to, status, trusting_loopback};
use crate::http::testing::field;
use http::Method;

/// Names that backends, frameworks and other gateways take for an identity, an address, a target or a method.
const CLAIMS: [&str; 44] = [
    "Authorization",
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Uri",
    "X-Forwarded-Method",
    "X-Forwarded-Prefix",
    "X-Forwarded-Port",
    "X-Forwarded-Server",
    "X-Forwarded-User",
    "X-Forwarded-Email",
    "X-Forwarded-Groups",
    "X-Forwarded-Client-Cert",
    "X-Original-URL",
    "X-Original-URI",
    "X-Original-Method",
    "X-Rewrite-URL",
    "X-HTTP-Method-Override",
    "X-HTTP-Method",
    "X-Method-Override",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "X-User",
    "X-User-Id",
    "X-Remote-User",
    "Remote-User",
    "Remote-Groups",
    "X-Authenticated-User",
    "X-Auth-Request-User",
    "X-Authentik-Username",
    "X-Harmless-Like-User",
    "X-Roles",
    "X-Tenant-Id",
    "Impersonate-User",
    "Client-Cert",
    "X-SSL-Client-Cert",
    "SSL-Client-Verify",
    "X-Goog-Iap-Jwt-Assertion",
    "Poort-Profile",
    "X-Request-Id",
    "Traceparent",
];

/// `X-Harmless-Like-User` stands for a name that no list knows: it passes, and shows that the others did not go by accident.
const UNKNOWN: &str = "X-Harmless-Like-User";

fn is_ours(name: &str, value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    match name {
        "authorization" => value == "bearer poort",
        "forwarded" => value == format!("for=127.0.0.1;host=\"{HOST}\";proto=http"),
        "x-forwarded-for" => value == "127.0.0.1",
        "x-forwarded-host" => value == HOST,
        "x-forwarded-proto" => value == "http",
        "x-request-id" => value.len() == 32,
        "traceparent" => value.len() == 55,
        _ => false,
    }
}

/// Each header, spelled exactly, in capitals, in small letters, twice, around ours, and listed in `Connection`: the backend sees our
/// value once or none. With `_` or `.` in place of a hyphen the request is refused whole.
#[tokio::test]
async fn cve_2025_64484_header_with_underscore_cve_2026_33495_ghsa_w9mr_28mw_j8hg_identity_matrix() {
    let rig = rig(echo().await, Setting::default()).await;
    let mut raw = rig.connect().await;
    let mut cases = 0;
    for name in CLAIMS {
        let (upper, lower) = (name.to_ascii_uppercase(), name.to_ascii_lowercase());
        for fields in [
            format!("{name}: evil\r\n"),
            format!("{upper}: evil\r\n"),
            format!("{lower}: evil\r\n"),
            format!("{name}: evil\r\nX-Between: 1\r\n{upper}: evil2\r\n"),
            format!("Connection: {name}\r\n{name}: evil\r\n"),
            format!("{lower}: evil\r\nConnection: keep-alive, {upper}, x-nothing\r\n"),
            format!("Connection: {name}\r\n"),
            format!("Connection: Keep-Alive\r\nConnection: {name},,{name}\r\n{name}:\tevil\r\n"),
        ] {
            cases += 1;
            let refused_duplicate = name == "Authorization" && fields.matches(": evil").count() > 1;
            if refused_duplicate {
                assert_eq!(status(&rig.ask(request(Method::GET, "/", &fields, "")).await.0), 400);
                continue;
            }
            raw.say(request(Method::GET, "/x", &fields, "")).await;
            let (head, seen) = raw.response().await;
            assert_eq!(status(&head), 200, "{fields:?}: {head}");
            let values: Vec<&str> = seen
                .lines()
                .filter_map(|line| line.split_once(": "))
                .filter(|(n, _)| n.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
                .collect();
            if name == UNKNOWN {
                assert_eq!(!values.is_empty(), !fields.contains("Connection") && fields.contains("evil"), "{fields:?}");
                continue;
            }
            assert!(!seen.contains("evil"), "{fields:?}: {seen}");
            assert!(values.len() <= 1 && values.iter().all(|value| is_ours(&lower, value)), "{fields:?}: {seen}");
            for ours in [
                "authorization",
                "forwarded",
                "x-forwarded-for",
                "x-forwarded-host",
                "x-forwarded-proto",
                "x-request-id",
                "traceparent",
            ] {
                assert!(
                    field(&seen, ours).is_some_and(|value| is_ours(ours, value)),
                    "{ours} after {fields:?}: {seen}"
                );
            }
        }
        for alias in [
            name.replace('-', "_"),
            name.replacen('-', "_", 1),
            name.replace('-', "."),
            format!("{name}_"),
            format!("{name}."),
        ] {
            if alias == name {
                continue;
            }
            cases += 1;
            assert_eq!(
                status(&rig.ask(request(Method::GET, "/", &format!("{alias}: evil\r\n"), "")).await.0),
                400,
                "{alias}"
            );
        }
    }
    assert!(cases >= 500, "{cases}");
}

#[tokio::test]
async fn ordinary_headers_arrive_as_they_were_sent() {
    let rig = rig(echo().await, Setting::default()).await;
    let fields = "Accept: text/html\r\nAccept-Language: nl, fr;q=0.5\r\nReferer: http://x/y?z\r\nIf-None-Match: \"a\"\r\n\
                  Range: bytes=0-1\r\nX-Requested-With: fetch\r\nX-CSRF-Token: abc\r\nSec-Fetch-Mode: navigate\r\nOrigin: null\r\n\
                  X-Twice: 1\r\nX-Twice: 2\r\nUser-Agent: caf\u{e9}\r\n";
    let (_, seen) = rig.ask(request(Method::GET, "/", fields, "")).await;
    for line in fields.lines() {
        assert!(seen.lines().any(|seen| seen.eq_ignore_ascii_case(line)), "{line}: {seen}");
    }
    assert_eq!(seen.to_ascii_lowercase().matches("host: 127.0.0.1").count(), 1, "the backend's own host: {seen}");
}

/// The cookie of a sandwich too: a program that reads quotes would take ours for a part of the outer one's value.
#[tokio::test]
async fn our_cookies_stay_here_and_the_others_arrive_byte_for_byte() {
    let rig = rig(echo().await, Setting::default()).await;
    for (sent, arrives) in [
        ("__Host-poort-session=S", None),
        ("__Host-poort-session=S; __host-POORT-browser=S;", None),
        ("a=1; __Host-poort-session=S; b=2", Some("a=1; b=2")),
        ("__Host-poort-session=S; a=\"x y\";b==; c", Some("a=\"x y\";b==; c")),
        ("q=\"open; __Host-poort-session=S; close\"", Some("q=\"open; close\"")),
        ("a=1;__Host-poort-language=S ;\t__Host-poort-x=S", Some("a=1")),
        ("a=1;  b=2 ;c=%20", Some("a=1;  b=2 ;c=%20")),
        ("__Host-other=1; x__Host-poort-session=2", Some("__Host-other=1; x__Host-poort-session=2")),
    ] {
        let (_, seen) = rig.ask(request(Method::GET, "/", &format!("Cookie: {sent}\r\n"), "")).await;
        assert_eq!(field(&seen, "cookie"), arrives, "{sent}");
    }
    let lines = "Cookie: a=1\r\nCookie: __Host-poort-session=S\r\nCookie: b=2\r\n";
    let (_, seen) = rig.ask(request(Method::GET, "/", lines, "")).await;
    assert_eq!(field(&seen, "cookie"), Some("a=1; b=2"));
}

#[tokio::test]
async fn cve_2026_40575_a_trusted_proxy_is_believed_about_address_and_scheme_alone() {
    let setting = Setting { trusted: trusting_loopback(), ..Setting::default() };
    let rig = rig(echo().await, setting).await;
    let fields = "X-Forwarded-For: 203.0.113.66, 2001:db8::7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Uri: /admin\r\n\
                  Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00\r\nTracestate: v=1\r\n";
    let (_, seen) = rig.ask(request(Method::GET, "/x", fields, "")).await;
    assert_eq!(field(&seen, "x-forwarded-for"), Some("2001:db8::7"));
    assert_eq!(field(&seen, "x-forwarded-proto"), Some("https"));
    assert_eq!(field(&seen, "x-forwarded-host"), Some(HOST));
    assert_eq!(field(&seen, "forwarded"), Some("for=\"[2001:db8::7]\";host=\"dossier.test:8080\";proto=https"));
    assert!(field(&seen, "traceparent").is_some_and(|t| t.starts_with("00-0af7651916cd43dd8448eb211c80319c-")));
    assert_eq!(field(&seen, "tracestate"), Some("v=1"));
    assert!(!seen.contains("evil") && !seen.contains("/admin"), "{seen}");
    let (head, _) = rig.ask(request(Method::GET, "/x", fields, "")).await;
    assert_eq!(field(&head, "strict-transport-security"), Some("max-age=63072000; includesubdomains"));
    let (head, _) = rig.ask(get("/x")).await;
    assert_eq!(field(&head, "strict-transport-security"), None, "the twin came unencrypted");
}

/// RFC 6761: no look-up, also where the system's resolver knows no such names.
#[tokio::test]
async fn a_backend_under_localhost_is_on_this_machine() {
    let port = echo().await.port();
    let rig = rig_to(&format!("http://dossier.backend.localhost:{port}"), Setting::default()).await;
    let (head, seen) = rig.ask(get("/")).await;
    assert_eq!(status(&head), 200);
    assert_eq!(field(&seen, "host"), Some(format!("dossier.backend.localhost:{port}").as_str()));
}

#[tokio::test]
async fn trailers_do_not_pass() {
    let rig = rig(echo().await, Setting::default()).await;
    let body = "3\r\nabc\r\n0\r\nX-User: evil\r\nAuthorization: evil\r\n\r\n";
    let chunked =
        format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\nTrailer: X-User\r\n\r\n{body}");
    let (_, seen) = rig.ask(chunked).await;
    assert!(seen.ends_with("3\r\nabc\r\n0\r\n\r\n") && !seen.contains("evil"), "{seen}");
}
