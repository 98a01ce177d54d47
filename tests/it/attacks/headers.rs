//! Section 4.6 of the advisories: headers, hosts and paths that a client invents.

use http::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{
    demo::{AN, PASSWORD},
    gateway::{Gateway, PRO},
};

/// Headers that some program somewhere believes.
const HOSTS: [(&str, &str); 9] = [
    ("forwarded", "host=evil.example;proto=https"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-server", "evil.example"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-port", "4443"),
    ("x-forwarded-prefix", "/evil"),
    ("x-original-host", "evil.example"),
    ("x-host", "evil.example"),
    ("x-http-host-override", "evil.example"),
];

#[tokio::test]
async fn cve_2025_64101_ghsa_93m4_mfpg_c3xf_links_come_from_the_configured_origin() {
    for gateway in Gateway::demos().await {
        let origin = &gateway.tenant().origin;
        for header in HOSTS {
            gateway.later();
            gateway.advance(gateway.tenant().terms.tries_window);
            let mut browser = gateway.browser();
            let page = browser.get("/password/forgotten").await;
            let form = crate::harness::browser::Browser::form(&page, "/password/forgotten");
            let csrf = &form.iter().find(|(name, _)| name == "csrf").expect("a token").1;
            let body = crate::harness::application::encoded(&[("csrf", csrf), ("user_name", AN)]);
            let url = format!("{origin}/password/forgotten");
            let reply = browser.once(Method::POST, &url, &[header], Some(body)).await;
            assert_eq!(reply.status, 200, "{header:?}");
            let link = gateway.mailed_link(PRO, AN).await;
            assert!(link.starts_with(&format!("{origin}/password/reset?token=")), "{header:?}: {link}");
            assert!(!reply.text().contains("evil"), "{header:?}");
            // Redirects and the provider's documents too.
            for url in [format!("{}/me", gateway.register(PRO)), format!("{}/.poort/begin", gateway.register(PRO))] {
                let reply = browser.once(Method::GET, &url, &[header], None).await;
                let location = reply.header("location");
                assert!(location.starts_with("/.poort/begin") || location.starts_with(origin.as_str()), "{location}");
            }
            let metadata = format!("{origin}/.well-known/openid-configuration");
            let document = gateway.send(Method::GET, &metadata, &[header], "").await;
            assert!(!document.text().contains("evil") && !document.text().contains("https://"), "{}", document.text());
        }
    }
}

#[tokio::test]
async fn cve_2024_47070_cve_2023_36456_junk_in_forwarded_headers_passes_nothing() {
    for gateway in Gateway::demos().await {
        let junk =
            ["", ",", "unknown", "127.0.0.1, ", "::::", "a b", "1.2.3.4:99999999", "\"", "for=\"", "999.999.999.999"];
        let long = "1.1.1.1, ".repeat(500);
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=totp").await;
        let form = crate::harness::browser::Browser::form(&page, "/password");
        let csrf = &form.iter().find(|(name, _)| name == "csrf").expect("a token").1;
        let post = async |header: (&str, &str), password: &str| {
            let fields = [("csrf", csrf.as_str()), ("second", "totp"), ("user_name", AN), ("password", password)];
            let body = crate::harness::application::encoded(&fields);
            let url = format!("{}{}", gateway.tenant().origin, page.url.path());
            browser.once(Method::POST, &url, &[header], Some(body)).await
        };
        for value in junk.into_iter().chain([long.as_str()]).filter(|value| !value.is_empty()) {
            for name in ["x-forwarded-for", "forwarded", "x-forwarded-proto", "x-real-ip", "x-forwarded-host"] {
                let refused = post((name, value), "geen idee wat het is").await;
                assert_eq!((refused.status.as_u16(), refused.header("location")), (422, ""), "{name}: {value}");
                let url = format!("{}/me", gateway.register(PRO));
                let reply = gateway.browser().once(Method::GET, &url, &[(name, value)], None).await;
                assert_eq!(reply.status, 303, "{name}: {value}");
                gateway.advance(gateway.tenant().terms.tries_window / 100);
            }
            gateway.advance(gateway.tenant().terms.tries_window);
            if gateway.core().now().since(crate::harness::gateway::NOW) > gateway.tenant().terms.login_attempt / 2 {
                break;
            }
        }
        let mut twin = gateway.browser();
        assert_eq!(twin.open_as("/me", AN).await.status, 200, "the twin: {PASSWORD}");
        assert_eq!(
            twin.once(Method::GET, &format!("{}/me", gateway.register(PRO)), &[("x-forwarded-for", ",")], None)
                .await
                .status,
            200
        );
        assert_eq!(gateway.registers.last().header("x-forwarded-for"), "127.0.0.1", "{}", gateway.name());
    }
}

#[tokio::test]
async fn cve_2026_40575_cve_2026_76835_the_path_that_is_asked_is_the_path_that_is_judged() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let names = [
            "x-forwarded-uri",
            "x-original-url",
            "x-original-uri",
            "x-rewrite-url",
            "x-forwarded-path",
            "x-envoy-original-path",
        ];
        for name in names {
            let before = gateway.registers.count();
            let url = format!("{}/administration", gateway.register(PRO));
            let reply = browser.once(Method::GET, &url, &[(name, "/me")], None).await;
            assert_eq!((reply.status.as_u16(), gateway.registers.count()), (403, before), "{name}");
            let url = format!("{}/me", gateway.register(PRO));
            let reply = browser.once(Method::GET, &url, &[(name, "/administration")], None).await;
            assert_eq!(
                (reply.status.as_u16(), gateway.registers.last().target.as_str()),
                (200, "/me"),
                "the twin: {name}"
            );
            assert!(!gateway.registers.last().headers.contains_key(name), "{name}");
        }
        for name in ["x-forwarded-method", "x-http-method", "x-http-method-override", "x-method-override"] {
            let url = format!("{}/me", gateway.register(PRO));
            let reply = browser.once(Method::GET, &url, &[(name, "DELETE")], None).await;
            assert_eq!(reply.status, 200);
            assert_eq!(gateway.registers.last().method, Method::GET);
            assert!(!gateway.registers.last().headers.contains_key(name), "{name}: {}", gateway.name());
        }
        // A form's own field changes no method either.
        let reply = browser.post("/me", "_method=GET").await;
        assert_eq!(reply.status, 404, "no such route for POST: {}", reply.text());
    }
}

#[tokio::test]
async fn cve_2025_54576_cve_2026_41059_cve_2026_34457_nothing_but_a_session_opens_a_route() {
    for gateway in Gateway::demos().await {
        let register = gateway.register(PRO).to_owned();
        let browser = gateway.browser();
        for target in [
            "/me?/.poort/session",
            "/me?x=/livez",
            "/me?/jwks",
            "/me%23/style.css",
            "/me%3f/style.css",
            "/me/../style.css",
            "/style.css/../me",
            "/style.css/%2e%2e/me",
            "/style.css%2f..%2fme",
            "/style.css;/../me",
            "/.poort/../me",
            "/.poort/assets/../../me",
            "/.poort/assets/%2e%2e/me",
            "/me\\..\\style.css",
        ] {
            let Ok(_) = target.parse::<http::Uri>() else { continue };
            let reply = browser.once(Method::GET, &format!("{register}{target}"), &[], None).await;
            assert!(matches!(reply.status.as_u16(), 303 | 400 | 404), "{target}: {}", reply.status);
        }
        for agent in ["GoogleHC/1.0", "kube-probe/1.30", "ELB-HealthChecker/2.0", "Pingdom.com_bot", "curl/8", ""] {
            let url = format!("{register}/me");
            let reply = browser.once(Method::GET, &url, &[("user-agent", agent)], None).await;
            assert_eq!(reply.status, 303, "{agent}");
        }
        assert_eq!(gateway.registers.count(), 0, "{}", gateway.name());
        let mut twin = gateway.browser();
        assert_eq!(twin.open_as("/me", AN).await.status, 200, "the twin");
    }
}

#[tokio::test]
async fn cve_2026_34457_health_and_metrics_are_on_no_public_host() {
    let gateway = Gateway::demo().await;
    for host in [gateway.tenant().origin.clone(), gateway.register(PRO).to_owned()] {
        for path in
            ["/livez", "/readyz", "/metrics", "/health", "/healthz", "/ping", "/ready", "/.well-known/health", "/debug"]
        {
            let reply = gateway.send(Method::GET, &format!("{host}{path}"), &[], "").await;
            assert_eq!(reply.status, 404, "{host}{path}: {}", reply.text());
        }
    }
    let twin = gateway.send(Method::GET, &format!("{}/jwks", gateway.tenant().origin), &[], "").await;
    assert_eq!(twin.status, 200, "the twin");
}

#[tokio::test]
async fn cve_2026_33494_cve_2026_48794_cve_2026_9800_no_spelling_of_a_path_is_judged_as_another() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let ask = async |path: &str| {
            let before = gateway.registers.count();
            let reply = browser.once(Method::GET, &format!("{}{path}", gateway.register(PRO)), &[], None).await;
            (reply.status.as_u16(), gateway.registers.all().get(before).map(|got| got.target.clone()))
        };
        // She may open `/me` and not `/administration`; whatever looks like both is neither.
        let (may, may_not) = ("me", "administration");
        assert_eq!(ask("/me").await, (200, Some("/me".into())), "the twin");
        assert_eq!(ask("/administration").await, (403, None), "the twin");
        // Only the case of hexadecimal digits, and what a client need not have encoded, is one way to write a path.
        for join in [
            "/",
            "//",
            "/./",
            "/../",
            "/%2e/",
            "/%2e%2e/",
            "/.%2e/",
            "/%252e%252e/",
            "/..;/",
            "/;/",
            ";",
            ";v=1/",
            "%2f",
            "%2F",
            "%5c",
            "\\",
            "%00",
            "%09",
            "%0d%0a",
            "%20",
            ".",
            "./",
            "..%2f",
            "%c0%af",
            "%c0%ae%c0%ae%c0%af",
            "%ef%bc%8f",
            "%23",
            "%3f",
            "%25",
            "@",
            ":",
            "%3a",
            ",",
            "*",
            "~",
            "|",
        ] {
            for path in [
                format!("/{may}{join}{may_not}"),
                format!("/{may_not}{join}{may}"),
                format!("/{may_not}{join}"),
                format!("{join}{may_not}"),
                format!("/{join}{may_not}"),
            ] {
                if path.parse::<http::Uri>().is_err() || !path.starts_with('/') {
                    continue;
                }
                let (status, forwarded) = ask(&path).await;
                assert!(matches!(status, 400 | 403 | 404), "{path}: {status} {}", gateway.name());
                assert_eq!(forwarded, None, "{path}");
            }
        }
        for path in ["/ME", "/Me", "/me/", "/me.", "/%6de", "/m%65", "/me%20", "/me;x", "/me%2f", "/administratio%6e"] {
            let (status, forwarded) = ask(path).await;
            assert!(forwarded.is_none() && matches!(status, 400 | 403 | 404), "{path}: {status} {forwarded:?}");
        }
    }
}

#[tokio::test]
async fn ghsa_w9mr_28mw_j8hg_cve_2026_33495_a_client_can_neither_add_nor_take_away_who_it_is() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let url = format!("{}/me", gateway.register(PRO));
        for connection in
            ["authorization", "Authorization, X-Forwarded-For", "x-request-id", "x-user, close", "cookie, host"]
        {
            let headers = [("connection", connection), ("x-user", "admin"), ("x-poort-subject", "admin")];
            let reply = browser.once(Method::GET, &url, &headers, None).await;
            assert_eq!(reply.status, 200, "{connection}");
            let got = gateway.registers.last();
            let issuer = &gateway.tenant().origin;
            let claims = got.claims(&gateway, issuer, "https://dossier.riziv.example").await;
            assert_eq!(claims["name"], "An Verbeke", "{connection}: {}", gateway.name());
            assert_eq!(got.header("x-forwarded-for"), "127.0.0.1");
            assert!(
                !got.headers.contains_key("x-user") && !got.headers.contains_key("x-poort-subject"),
                "{connection}"
            );
        }
    }
}

/// Sends bytes and reads the answer.
async fn raw(gateway: &Gateway, request: &str) -> String {
    let mut stream = TcpStream::connect(gateway.address).await.expect("it listens");
    stream.write_all(request.as_bytes()).await.expect("sends");
    let mut text = Vec::new();
    let reading = async {
        let mut buffer = [0; 1024];
        while !text.windows(2).any(|two| two == b"\r\n") {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(count) => text.extend_from_slice(&buffer[..count]),
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), reading).await.expect("an answer");
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn cve_2025_64484_names_and_hosts_that_read_two_ways_are_refused() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_as("/me", AN).await;
    let register = &gateway.tenant().registers[0];
    let session = browser.cookie_of(&register.host, "__Host-poort-session").expect("a session");
    let authority = register.origin.trim_start_matches("http://");
    let ask = async |line: &str, host: &str, further: &str| {
        let request = format!(
            "{line} HTTP/1.1\r\n{host}Cookie: __Host-poort-session={session}\r\nAccept: text/html\r\n{further}\r\n"
        );
        raw(&gateway, &request).await
    };
    let host = format!("Host: {authority}\r\n");
    assert!(ask("GET /me", &host, "").await.starts_with("HTTP/1.1 200"), "the twin");
    assert!(ask(&format!("GET http://{authority}/me"), &host, "").await.starts_with("HTTP/1.1 200"), "the twin");
    let before = gateway.registers.count();
    for further in ["X_Forwarded_User: admin\r\n", "X.Forwarded.User: admin\r\n", "Remote_User: admin\r\n"] {
        assert!(ask("GET /me", &host, further).await.starts_with("HTTP/1.1 400"), "{further}");
    }
    let double = format!("{host}{host}");
    for (line, host) in [
        ("GET /me", ""),
        ("GET /me", double.as_str()),
        ("GET http://evil.example/me", &host),
        ("GET /me", "Host: evil@dossier.progezondheid.localhost\r\n"),
        ("GET /me", "Host: dossier.progezondheid.localhost/\r\n"),
        ("GET //me", &host),
        ("GET /./me", &host),
        ("GET /x/../me", &host),
        ("GET /me%00", &host),
        ("GET /%6de%2f", &host),
    ] {
        let answer = ask(line, host, "").await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{line} {host:?}: {answer}");
    }
    let answer = ask("TRACE /me", &host, "").await;
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
    // RFC 9110 section 15.5.6: what would do is said.
    assert!(answer.contains("allow: GET, HEAD,") && answer.contains("405 Method Not Allowed\nReference"), "{answer}");
    for host in ["Host: evil.example\r\n", "Host: progezondheid.localhost.evil.example\r\n", "Host: localhost\r\n"] {
        let answer = ask("GET /me", host, "").await;
        assert!(answer.starts_with("HTTP/1.1 421"), "{host}: {answer}");
    }
    assert_eq!(gateway.registers.count(), before, "nothing of it was forwarded");
}

#[tokio::test]
async fn cve_2026_9803_authorization_that_is_none_makes_nothing_fail() {
    let gateway = Gateway::demo().await;
    let long = format!("Bearer {}", "A".repeat(20_000));
    for value in
        ["Bearer", "Bearer ", "Bearer  x", "bearer x.y.z", "Basic !!!", "Digest x", "Bearer \u{7f}x", "x", &long]
    {
        if http::HeaderValue::from_str(value).is_err() {
            continue;
        }
        let url = format!("{}/me", gateway.register(PRO));
        let reply = gateway.send(Method::GET, &url, &[("authorization", value)], "").await;
        assert_eq!(reply.status, 401, "{value}");
    }
    assert_eq!(gateway.registers.count(), 0);
}
