//! S13: what changes something comes from a page of the same host, at every route that there is.
//!
//! The routes are the routers' own ([`crate::harness::doors`]) and those of the tenants' files. The forms of the login host have their
//! matrix in `attacks::csrf`; here are the registers' forms and sockets, and every endpoint that is for programs.

use http::Method;

use crate::harness::{
    browser::{Browser, Page},
    cast::{Opening, openings},
    demo::{AN, JAN, PASSWORD},
    doors,
    gateway::{Gateway, PRO},
    people::NEXT_CODE,
    socket,
};

/// What another site's page, or no page at all, would send about where it comes from; `OWN` is the host's origin, `LOGIN` that of the
/// login host.
const ELSEWHERE: [&str; 24] = [
    "",
    "Origin: http://evil.example\r\n",
    "Origin: null\r\n",
    "Origin: \r\n",
    "Origin: LOGIN\r\n",
    "Origin: OWN/\r\n",
    "Origin: OWN.evil.example\r\n",
    "Origin: OWN@evil.example\r\n",
    "Origin: OWN http://evil.example\r\n",
    "Origin: http://evil.example, OWN\r\n",
    "Origin: HTTPS-OWN\r\n",
    "Origin: UPPER-OWN\r\n",
    "Origin: PORTLESS-OWN\r\n",
    "Origin: OWN\r\nOrigin: OWN\r\n",
    "Origin: OWN\r\nOrigin: http://evil.example\r\n",
    "Origin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\n",
    "Origin: null\r\nSec-Fetch-Site: same-origin\r\n",
    "Sec-Fetch-Site: cross-site\r\n",
    "Sec-Fetch-Site: same-site\r\n",
    "Sec-Fetch-Site: none\r\n",
    "Sec-Fetch-Site: \r\n",
    "Sec-Fetch-Site: same-origin, cross-site\r\n",
    "Referer: OWN/me\r\n",
    "X-Forwarded-Host: evil.example\r\nX-Requested-With: XMLHttpRequest\r\n",
];

fn about(text: &str, opening: &Opening, login: &str) -> String {
    let own = &opening.origin;
    let portless = own.rsplit_once(':').expect("a port").0;
    text.replace("HTTPS-OWN", &own.replace("http://", "https://"))
        .replace("UPPER-OWN", &own.to_uppercase())
        .replace("PORTLESS-OWN", portless)
        .replace("OWN", own)
        .replace("LOGIN", login)
}

/// The opening's request with other lines about where it comes from.
fn from(opening: &Opening, method: &str, lines: &str, body: &str) -> Vec<u8> {
    let Opening { path, cookie, .. } = opening;
    let host = opening.authority();
    let form = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", body.len());
    let form = if body.is_empty() { String::new() } else { form };
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {cookie}\r\n{lines}{form}\r\n{body}"
    )
    .into_bytes()
}

#[tokio::test]
async fn s13_cve_2026_123545_no_register_gets_a_request_with_effect_from_elsewhere() {
    let gateway = Gateway::demo().await;
    let openings = openings(&gateway).await;
    let login = gateway.tenant().origin.clone();
    let (mut cases, mut routes) = (0, 0);
    for opening in openings.iter().filter(|opening| opening.may && opening.is_unsafe()) {
        routes += 1;
        let before = gateway.registers.count();
        for lines in ELSEWHERE {
            cases += 1;
            let lines = about(lines, opening, &login);
            let answer = socket::one(gateway.address, &from(opening, "POST", &lines, &opening.body)).await;
            assert!(matches!(answer.status, 400 | 403), "{} with {lines:?}: {}", opening.pattern, answer.head);
        }
        // By a link, and by a method that hides in a header or a field.
        for lines in ["", "X-HTTP-Method-Override: POST\r\n", "X-Method-Override: POST\r\nX-HTTP-Method: POST\r\n"] {
            for method in ["GET", "PUT", "DELETE", "PATCH", "post", "LINK"] {
                cases += 1;
                let lines = format!("{lines}Origin: {}\r\n", opening.origin);
                let answer = socket::one(gateway.address, &from(opening, method, &lines, "")).await;
                assert!((400..500).contains(&answer.status), "{method} {}: {}", opening.pattern, answer.head);
            }
        }
        assert_eq!(gateway.registers.count(), before, "{}", opening.pattern);
        for lines in ["Origin: OWN\r\n", "Sec-Fetch-Site: same-origin\r\n"] {
            let bytes = from(opening, "POST", &about(lines, opening, &login), &opening.body);
            let answer = socket::one(gateway.address, &bytes).await;
            assert_eq!(answer.status, 200, "the twin: {} with {lines:?}", opening.pattern);
        }
    }
    println!("S13: {cases} cases at {routes} forms of registers");
}

#[tokio::test]
async fn s13_no_socket_is_opened_from_elsewhere() {
    let gateway = Gateway::demo().await;
    let openings = openings(&gateway).await;
    let login = gateway.tenant().origin.clone();
    let handshake =
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let mut cases = 0;
    for opening in openings.iter().filter(|opening| opening.may && !opening.is_unsafe()) {
        let ask = |lines: &str| {
            let text = String::from_utf8(from(opening, "GET", &format!("{handshake}{lines}"), "")).expect("text");
            text.replacen("Connection: close", "Connection: Upgrade", 1).into_bytes()
        };
        let before = gateway.registers.count();
        // `Sec-Fetch-Site` alone is not enough here: browsers send `Origin` with every handshake.
        for lines in ELSEWHERE.into_iter().chain(["Sec-Fetch-Site: same-origin\r\n"]) {
            cases += 1;
            let lines = about(lines, opening, &login);
            let status = socket::status(gateway.address, &ask(&lines)).await;
            assert!(matches!(status, 400 | 403), "{} with {lines:?}: {status}", opening.pattern);
        }
        assert_eq!(gateway.registers.count(), before, "{}", opening.pattern);
        let status = socket::status(gateway.address, &ask(&format!("Origin: {}\r\n", opening.origin))).await;
        assert_eq!(status, 101, "the twin: {}", opening.pattern);
    }
    println!("S13: {cases} handshakes");
}

#[tokio::test]
async fn s13_nobody_is_signed_out_from_elsewhere() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_as("/me", AN).await;
    let (login, register) = (gateway.tenant().origin.clone(), gateway.register(PRO).to_owned());
    let host = &gateway.tenant().registers[0].host;
    let opening = Opening {
        tenant: PRO.into(),
        origin: register.clone(),
        method: Method::POST,
        pattern: "/.poort/leave".into(),
        path: "/.poort/leave".into(),
        cookie: format!("__Host-poort-session={}", browser.cookie_of(host, "__Host-poort-session").expect("a session")),
        body: "x=1".into(),
        may: true,
    };
    for lines in ELSEWHERE {
        let lines = about(lines, &opening, &login);
        let answer = socket::one(gateway.address, &from(&opening, "POST", &lines, &opening.body)).await;
        assert!(matches!(answer.status, 400 | 403), "{lines:?}: {}", answer.head);
    }
    // By links and pictures, on both hosts, and by an application that nobody knows.
    for url in [
        format!("{register}/.poort/leave"),
        format!("{login}/logout"),
        format!("{login}/end_session"),
        format!("{login}/end_session?client_id=sample-app&post_logout_redirect_uri=https://evil.example"),
        format!("{login}/end_session?id_token_hint=a.b.c"),
        format!("{login}/sessions/end?session=others"),
    ] {
        for headers in [[("sec-fetch-site", "cross-site")], [("sec-fetch-site", "none")]] {
            let reply = browser.once(Method::GET, &url, &headers, None).await;
            assert!(
                !reply.status.is_server_error() && !reply.headers.contains_key("set-cookie"),
                "{url}: {}",
                reply.status
            );
        }
    }
    assert_eq!(browser.ask("/me").await.status, 200, "everybody is still there");
    assert_eq!(gateway.sessions(AN).await.len(), 2, "the login, and the register's");
    let twin = socket::one(gateway.address, &from(&opening, "POST", &format!("Origin: {register}\r\n"), "x=1")).await;
    assert_eq!((twin.status, browser.ask("/me").await.status.as_u16()), (303, 303), "the twin");
}

#[tokio::test]
async fn s13_nobody_is_signed_in_as_somebody_else() {
    let gateway = Gateway::demo().await;
    // The attacker is one code away from being signed in, and hands the rest to somebody's browser.
    let mut attacker = gateway.browser();
    let page = attacker.get("/").await;
    let page = attacker.follow(&page, "second=totp").await;
    let page = attacker.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
    gateway.advance(NEXT_CODE);
    let code = gateway.app_code(PRO, AN).await;
    let mut victim = gateway.browser();
    let own = victim.get("/password/forgotten").await;
    let csrf =
        |page: &Page| Browser::form(page, "/language").into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let (victims, attackers) = (csrf(&own), csrf(&page));
    for token in [&victims, &attackers] {
        for headers in [vec![], vec![("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")]] {
            let body = Some(format!("csrf={token}&code={code}"));
            let reply = victim.once(Method::POST, page.url.as_str(), &headers, body).await;
            assert!(!reply.header("set-cookie").contains("session"), "{token} {headers:?}: {}", reply.status);
        }
    }
    assert!(attacker.submit(&page, &[("code", &code)]).await.is_at("/"), "the twin: it was good, and nobody spent it");
    assert_eq!(gateway.sessions(AN).await.len(), 1);
}

#[tokio::test]
async fn s13_a_cookie_opens_no_endpoint_for_programs() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_as_a("/me", JAN, "citizen").await;
    let origin = gateway.tenant().origin.clone();
    let before = (gateway.lines(PRO).await.len(), gateway.read_in(PRO).await.version().await.expect("reads"));
    let pages = ["/authorize", "/end_session"];
    let programs = doors::provider().into_iter().filter(|(_, path)| !pages.contains(&path.as_str()));
    let mut cases = 0;
    for (method, path) in programs.chain(doors::api()).filter(|(method, _)| *method != Method::OPTIONS) {
        let public =
            ["/jwks", "/openapi.json"].iter().any(|end| path.ends_with(end)) || path.starts_with("/.well-known/");
        let url = format!("{origin}{}", doors::filled(&path, |_| "jan.claes".into()));
        for media in ["application/x-www-form-urlencoded", "application/json", "application/x-ndjson", "text/plain"] {
            cases += 1;
            let body = (method != Method::GET).then(|| "token=x&grant_type=client_credentials".to_owned());
            let reply = browser.once(method.clone(), &url, &[("content-type", media)], body).await;
            let status = reply.status.as_u16();
            // What anyone may ask, where the tenant's file opens it: here it does not, and a form is no question either.
            let closed = path.ends_with("/lookup/v1") && matches!(status, 404 | 422);
            let refused = closed || matches!(status, 400 | 401 | 415);
            assert!(public && status == 200 || refused, "{method} {path} {media}: {status}");
            assert!(!reply.headers.contains_key("set-cookie"), "{path}");
            assert!(!reply.text().contains("access_token\""), "{path}");
        }
    }
    assert_eq!((gateway.lines(PRO).await.len(), gateway.read_in(PRO).await.version().await.expect("reads")), before);
    println!("S13: {cases} cases at endpoints for programs");
}
