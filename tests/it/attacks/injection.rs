//! S21: what somebody typed, or a register pushed, is a text: in statements, headers, pages, mails and the audit log.

use http::Method;
use poort::{api, demo::marker::SAMPLE_SECRET};
use serde_json::{Value, json};

use crate::harness::{
    application::encoded,
    browser::{Browser, Page},
    demo::{AN, ELS, JAN, PASSWORD, TOM},
    gateway::{Gateway, PRO, Reply},
};

/// Texts that are something else to some program.
const TEXTS: &[(&str, &[&str])] = &[
    (
        "a statement",
        &[
            "' OR '1'='1",
            "' OR 1=1--",
            "'; DROP TABLE person;--",
            "\" OR \"\"=\"",
            "x' UNION SELECT hash FROM password--",
            "'||(SELECT 1)||'",
            "\\'; SELECT pg_sleep(5)--",
            "%' OR name LIKE '%",
            "%",
            "_____",
            "$1",
            "?1 :name @name",
            "';ATTACH DATABASE '/tmp/x' AS x;--",
        ],
    ),
    (
        "a header",
        &[
            "x\r\nSet-Cookie: evil=1",
            "x\nX-Evil: 1",
            "x\rX-Evil: 1",
            "x%0d%0aX-Evil:%201",
            "x\u{2028}X-Evil: 1",
            "x\u{85}X-Evil: 1",
            "x\r\n\r\n<html>evil",
        ],
    ),
    (
        "a mail's head",
        &[
            "jan@example.org\r\nBcc: evil@example.org",
            "jan@example.org%0aBcc: evil@example.org",
            "jan@example.org,evil@example.org",
            "jan@example.org;evil@example.org",
            "<jan@example.org> evil@example.org",
            "\"jan\r\nBcc: evil\"@example.org",
            "jan@example.org\0evil@example.org",
        ],
    ),
    (
        "a line of a log",
        &["x\n{\"level\":\"ERROR\",\"kind\":\"login.succeeded\"}", "\u{1b}[2J\u{1b}[31mevil", "x\u{8}\u{8}\u{8}evil"],
    ),
    (
        "a template",
        &[
            "{{ 7 * 7 }}",
            "{% include \"base.html\" %}",
            "${7*7}",
            "#{7*7}",
            "<%= 7*7 %>",
            "{ $name }",
            "{ -term }",
            "%s%s%n",
            "{0}",
        ],
    ),
    ("a formula", &["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=HYPERLINK(\"http://evil.example\")", "\t=1+1"]),
    (
        "markup",
        &[
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "'><svg onload=alert(1)>",
            "</title><script>alert(1)</script>",
            "</textarea><script>alert(1)</script>",
            "\" onfocus=alert(1) autofocus x=\"",
            "javascript:alert(1)",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "&#60;script&#62;",
            "<!--",
            "]]><script>",
            "<a href=\"http://evil.example\">x</a>",
            "\u{202e}evil\u{202c}",
            "\u{feff}<b>",
        ],
    ),
    ("a file", &["../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd\0.png", "CON", "file:///etc/passwd"]),
];

/// Fails when an answer is a failure of ours, bears a header of the attacker's, or has markup of theirs in it.
fn is_sound(reply: &Reply, what: &str) {
    assert!(reply.status.as_u16() < 500, "{what}: {} {}", reply.status, reply.text());
    assert!(
        !reply.headers.contains_key("x-evil") && !reply.header("set-cookie").contains("evil"),
        "{what}: {:?}",
        reply.headers
    );
    if reply.header("content-type").starts_with("text/html") {
        is_plain(&reply.text(), what);
    }
}

/// Fails when a page has markup that is not ours: each `<` of the attacker's would be one.
fn is_plain(page: &str, what: &str) {
    for mark in [
        "<script>alert",
        "<img src=x",
        "<svg onload",
        "<a href=\"http://evil",
        "<!--",
        "<b>",
        "<html>evil",
        "\" onfocus=alert",
    ] {
        assert!(!page.contains(mark), "{what}: {mark} in {page}");
    }
    assert!(
        page.contains("{{ 7 * 7 }}") || !what.contains("7 * 7") || !page.contains(">49<"),
        "{what}: it was computed"
    );
}

async fn token(gateway: &Gateway) -> String {
    let body = encoded(&[
        ("grant_type", "client_credentials"),
        ("client_id", "demo-register"),
        ("client_secret", SAMPLE_SECRET),
    ]);
    let url = format!("{}/token", gateway.tenant().origin);
    let reply = gateway.send(Method::POST, &url, &[("content-type", "application/x-www-form-urlencoded")], body).await;
    reply.json()["access_token"].as_str().expect("a token").to_owned()
}

/// The token of the forms on a page.
fn csrf(page: &Page) -> String {
    Browser::form(page, "/language").into_iter().find(|(name, _)| name == "csrf").expect("a token").1
}

/// How many of everything there are, which no text may change.
async fn counts(gateway: &Gateway) -> (usize, usize, usize) {
    let number = gateway.number(PRO, JAN).await.len();
    (gateway.sessions(AN).await.len(), gateway.grants(TOM).await.len(), number)
}

#[tokio::test]
async fn s21_what_is_typed_is_a_text() {
    for gateway in Gateway::demos().await {
        let mut els = gateway.browser();
        let search = els.open_as("/me", ELS).await;
        let mut an = gateway.browser();
        an.open_as("/me", AN).await;
        let account = an.get("/").await;
        let (of_els, of_an) = (csrf(&search), csrf(&account));
        let attempt = search.parameter("attempt").unwrap_or_default();
        let before = counts(&gateway).await;
        let (origin, register) = (gateway.tenant().origin.clone(), gateway.register(PRO).to_owned());
        let mut cases = 0;
        for (class, texts) in TEXTS {
            for text in *texts {
                let mut stranger = gateway.browser();
                let page = stranger.get("/").await;
                let login = page.url.path().to_owned();
                let of_stranger = csrf(&page);
                let forms = [
                    (
                        &stranger,
                        format!("{login}/password"),
                        vec![("csrf", &*of_stranger), ("second", "totp"), ("user_name", text), ("password", PASSWORD)],
                    ),
                    (&stranger, format!("{login}/totp"), vec![("csrf", &*of_stranger), ("code", text)]),
                    (&stranger, "/password/forgotten".into(), vec![("csrf", &*of_stranger), ("user_name", text)]),
                    (
                        &stranger,
                        "/password/reset".into(),
                        vec![("csrf", &*of_stranger), ("token", text), ("new_password", text)],
                    ),
                    (
                        &els,
                        "/mandators".into(),
                        vec![("csrf", &*of_els), ("attempt", &*attempt), ("name", text), ("first_name", text)],
                    ),
                    (
                        &els,
                        "/mandators".into(),
                        vec![("csrf", &*of_els), ("attempt", &*attempt), ("nihdi", text), ("national", text)],
                    ),
                    (
                        &els,
                        "/mandators".into(),
                        vec![("csrf", &*of_els), ("attempt", &*attempt), ("name", "Claes"), ("page", text)],
                    ),
                    (&els, "/mandators/choose".into(), vec![("csrf", &*of_els), ("attempt", text), ("mandate", text)]),
                    (
                        &an,
                        "/profile".into(),
                        vec![("csrf", &*of_an), ("attempt", text), ("as", text), ("organization", text)],
                    ),
                    (
                        &an,
                        "/organization/grant".into(),
                        vec![("csrf", &*of_an), ("member", text), ("right", text), ("day", text), ("year", text)],
                    ),
                    (&an, "/sessions/end".into(), vec![("csrf", &*of_an), ("session", text)]),
                    (&an, "/language".into(), vec![("csrf", &*of_an), ("language", text), ("return", text)]),
                ];
                for (browser, path, fields) in &forms {
                    cases += 1;
                    let what = format!("{class}, {text:?} at {path} on {}", gateway.name());
                    let reply =
                        browser.once(Method::POST, &format!("{origin}{path}"), &[], Some(encoded(fields))).await;
                    is_sound(&reply, &what);
                    assert!(reply.header("location").is_empty() || reply.header("location").starts_with('/'), "{what}");
                }
                let query = |name: &str| encoded(&[(name, text)]);
                for url in [
                    format!("{origin}/?{}", query("return")),
                    format!("{origin}{login}?{}", query("x")),
                    format!("{origin}/authorize?{}", query("client_id")),
                    format!("{origin}/authorize?client_id=sample-app&{}", query("redirect_uri")),
                    format!("{origin}/end_session?{}", query("id_token_hint")),
                    format!("{origin}/federated/itsme/callback?{}&{}", query("state"), query("error")),
                    format!("{origin}/password/reset?{}", query("token")),
                    format!("{register}/.poort/enter?{}&{}", query("code"), query("language")),
                    format!("{register}/me?{}", query("x")),
                ] {
                    cases += 1;
                    is_sound(&an.once(Method::GET, &url, &[], None).await, &format!("{class}, {text:?} at {url}"));
                }
                for name in ["user-agent", "accept-language", "referer", "x-request-id", "accept", "sec-fetch-site"] {
                    if http::HeaderValue::from_str(text).is_ok() && !text.is_empty() {
                        cases += 1;
                        let reply = an.once(Method::GET, &format!("{origin}/sessions"), &[(name, text)], None).await;
                        is_sound(&reply, &format!("{class}, {text:?} in {name}"));
                    }
                }
                gateway.advance(gateway.tenant().terms.tries_window / 500);
            }
        }
        assert_eq!(counts(&gateway).await, before, "{}", gateway.name());
        // Each line of the log is one line, and JSON; a mail has one recipient and one subject.
        for line in gateway.lines(PRO).await {
            assert!(!line.to_string().contains('\n'), "{line}");
        }
        assert!(gateway.mails(PRO, "evil@example.org").await.is_empty());
        // The twin.
        let body = encoded(&[("csrf", &of_els), ("attempt", &attempt), ("name", "Claes")]);
        let found = els.once(Method::POST, &format!("{origin}/mandators"), &[], Some(body)).await;
        assert!(found.text().contains("Claes, Jan"), "{}", found.text());
        println!("S21: {cases} cases of what is typed on {}", gateway.name());
        assert!(cases >= 100);
    }
}

#[tokio::test]
async fn s21_a_name_that_a_register_pushed_is_a_text_wherever_it_is_shown() {
    for gateway in Gateway::demos().await {
        let bearer = format!("Bearer {}", token(&gateway).await);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let origin = gateway.tenant().origin.clone();
        let put = async |path: &str, body: Value| {
            let url = format!("{origin}{}{path}", api::PATH);
            gateway.send(Method::PUT, &url, &headers, body.to_string()).await
        };
        let mut els = gateway.browser();
        let search = els.open_as("/me", ELS).await;
        let csrf = csrf(&search);
        let attempt = search.parameter("attempt").unwrap_or_default();
        let person = |name: &str| json!({"given_name": name, "family_name": "Claes", "email": JAN, "language": "nl"});
        let (mut cases, mut taken) = (0, 0);
        for (class, texts) in TEXTS {
            for text in *texts {
                cases += 3;
                let what = format!("{class}, {text:?} on {}", gateway.name());
                // As an address it is refused, or one address of nobody else's.
                let reply = put(
                    "/people/p-evil",
                    json!({"given_name": "E", "family_name": "E", "email": text, "language": "nl"}),
                )
                .await;
                assert_eq!(reply.status, 422, "{what}: {}", reply.text());
                assert!(!reply.text().contains("evil@"), "no value is repeated: {}", reply.text());
                let path = format!(
                    "/people/{}",
                    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
                );
                let status = put(
                    &path,
                    json!({"given_name": "E", "family_name": "E", "email": "e@example.org", "language": "nl"}),
                )
                .await
                .status
                .as_u16();
                let harmless = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
                assert!(
                    matches!(status, 400 | 404 | 422) || harmless && status == 201,
                    "{what} as an identifier: {status}"
                );
                let reply = put("/people/jan.claes", person(text)).await;
                assert!(matches!(reply.status.as_u16(), 204 | 422), "{what}: {} {}", reply.status, reply.text());
                if reply.status == 422 {
                    continue;
                }
                taken += 1;
                let body = encoded(&[("csrf", &csrf), ("attempt", &attempt), ("name", "Claes")]);
                let page = els.once(Method::POST, &format!("{origin}/mandators"), &[], Some(body)).await;
                assert_eq!(page.status, 200, "{what}");
                is_sound(&page, &what);
                assert_eq!(gateway.person(PRO, JAN).await.given_name, text.trim(), "it is kept as it is: {what}");
            }
        }
        assert!(gateway.read_in(PRO).await.person_by_login_name("evil@example.org").await.expect("reads").is_none());
        assert_eq!(put("/people/jan.claes", person("Jan")).await.status, 204, "the twin");
        println!("S21: {cases} cases of what is pushed on {}, {taken} names taken as they are", gateway.name());
    }
}
