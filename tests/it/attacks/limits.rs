//! S23: what is too much is refused by its size, before it costs more than its bytes.
//!
//! Durations are said, not asserted: the machine may be busy. What is asserted is the refusal, and that somebody else is answered after.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Method;
use poort::{api, demo::marker::SAMPLE_SECRET};

use crate::harness::{
    application::encoded,
    demo::AN,
    doors,
    gateway::{Gateway, PRO},
    socket,
};

/// What is sent.
struct Heap {
    what: &'static str,
    method: Method,
    path: String,
    fields: Vec<(&'static str, String)>,
    body: Bytes,
    /// What may be answered; none named: anything but a failure of ours.
    statuses: &'static [u16],
}

fn names(count: usize) -> String {
    (0..count).map(|number| format!("f{number:x}=&")).collect()
}

/// Zeros, packed: a thousand for a byte. A stored block would do no harm; this is a run of the same length code (RFC 1951).
fn bomb() -> Bytes {
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xec, 0xc1, 0x01, 0x01];
    packed.extend(std::iter::repeat_n(0, 10_000));
    packed.into()
}

async fn program(gateway: &Gateway) -> String {
    let body = encoded(&[
        ("grant_type", "client_credentials"),
        ("client_id", "demo-register"),
        ("client_secret", SAMPLE_SECRET),
    ]);
    let url = format!("{}/token", gateway.tenant().origin);
    let reply = gateway.send(Method::POST, &url, &[("content-type", "application/x-www-form-urlencoded")], body).await;
    format!("Bearer {}", reply.json()["access_token"].as_str().expect("a token"))
}

/// What is too much for the facts that a register pushes.
fn of_facts(bearer: &str) -> Vec<Heap> {
    let json = |what, body: String, statuses| Heap {
        what,
        method: Method::PUT,
        path: format!("{}/people/p-heap", api::PATH),
        fields: vec![("authorization", bearer.to_owned()), ("content-type", "application/json".into())],
        body: body.into(),
        statuses,
    };
    let lines = |what, body: String, statuses| Heap {
        method: Method::POST,
        path: format!("{}/batch", api::PATH),
        fields: vec![("authorization", bearer.to_owned()), ("content-type", "application/x-ndjson".into())],
        ..json(what, body, statuses)
    };
    let members = |count: usize| (0..count).map(|number| format!("\"m{number}\":1,")).collect::<String>();
    let mut all = vec![
        json("arrays, 8,000 deep", "[".repeat(8_000), &[422]),
        json("objects, 3,000 deep", "{\"a\":".repeat(3_000), &[422]),
        json("arrays, 100,000 deep", "[".repeat(100_000), &[413, 422]),
        json("1,000 members", format!("{{{}\"x\":1}}", members(1_000)), &[422]),
        json("1,000,000 members", format!("{{{}\"x\":1}}", members(1_000_000)), &[413]),
        json("a number of 10,000 digits", format!("{{\"email\":{}}}", "9".repeat(10_000)), &[422]),
        json("a number without end", "{\"email\":1e999999999}".into(), &[422]),
        json("one member 1,000 times", format!("{{{}\"a\":1}}", "\"a\":1,".repeat(1_000)), &[422]),
        json("a name of 15,000 letters", format!("{{\"given_name\":\"{}\"}}", "\u{e9}".repeat(7_500)), &[422]),
        json("10,000 escapes", format!("{{\"given_name\":\"{}\"}}", "\\u0041".repeat(2_500)), &[422]),
        lines("a row of a million bytes", format!("{{\"kind\":\"{}\"}}\n", "x".repeat(1_000_000)), &[200, 422]),
        lines("20,000 empty objects", "{}\n".repeat(20_000), &[200, 422]),
        lines("rows 1,000 deep", format!("{}\n", "[".repeat(1_000)).repeat(100), &[200, 422]),
        lines("more rows than a batch has", "\n".repeat(300_000), &[200, 413, 422]),
        Heap {
            fields: vec![
                ("authorization", bearer.to_owned()),
                ("content-type", "application/json".into()),
                ("content-encoding", "gzip".into()),
            ],
            body: bomb(),
            ..json("a bomb", String::new(), &[415])
        },
        Heap {
            fields: vec![
                ("authorization", bearer.to_owned()),
                ("content-type", "application/x-ndjson".into()),
                ("content-encoding", "gzip".into()),
            ],
            body: bomb(),
            ..lines("a bomb of rows", String::new(), &[415])
        },
        Heap {
            fields: vec![
                ("authorization", format!("Bearer {}", "A".repeat(30_000))),
                ("content-type", "application/json".into()),
            ],
            ..json("a token of 30,000 letters", "{}".into(), &[400, 401])
        },
        Heap {
            fields: vec![
                ("authorization", format!("Bearer {}", ".".repeat(30_000))),
                ("content-type", "application/json".into()),
            ],
            ..json("a token of dots", "{}".into(), &[400, 401])
        },
    ];
    all.push(Heap {
        path: format!("{}/people/{}", api::PATH, "p".repeat(20_000)),
        ..json("an identifier of 20,000 letters", "{}".into(), &[400, 404, 422])
    });
    all
}

/// What is too much at a login host: at every form, and every page with a query.
fn of_pages(cookie: &str, origin: &str) -> Vec<Heap> {
    let mut all = Vec::new();
    let form = vec![
        ("cookie", cookie.to_owned()),
        ("origin", origin.to_owned()),
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
    ];
    for (method, pattern) in doors::pages().into_iter().chain(doors::provider()) {
        let path = doors::filled(&pattern, |_| "x".into());
        let heap = |what, path: String, body: String, statuses| Heap {
            what,
            method: method.clone(),
            path,
            fields: form.clone(),
            body: body.into(),
            statuses,
        };
        if method == Method::POST {
            let for_programs = ["/introspect", "/revoke", "/token", "/userinfo", "/authorize", "/end_session"]
                .contains(&path.as_str());
            let refused: &[u16] = if for_programs { &[303, 400, 401, 413] } else { &[400, 404, 413] };
            all.push(heap(
                "100,000 fields",
                path.clone(),
                names(100_000),
                if for_programs { &[400, 401, 413] } else { &[413] },
            ));
            all.push(heap("8,000 fields", path.clone(), format!("{}csrf=x", names(8_000)), refused));
            all.push(heap("a field of 60,000 letters", path.clone(), format!("csrf={}", "x".repeat(60_000)), refused));
            all.push(heap("20,000 times one field", path.clone(), "a=&".repeat(20_000), refused));
            all.push(heap("60,000 percent signs", path.clone(), "%".repeat(60_000), refused));
            all.push(Heap {
                fields: [form.clone(), vec![("content-encoding", "gzip".to_owned())]].concat(),
                body: bomb(),
                ..heap("a bomb", path.clone(), String::new(), refused)
            });
        } else if method == Method::GET {
            // A query is bounded by the head: what is in one is answered as if it were shorter.
            let answered: &[u16] = &[];
            all.push(heap("3,500 parameters", format!("{path}?{}", names(3_500)), String::new(), answered));
            all.push(heap("10,000 scopes", format!("{path}?scope={}", "a+".repeat(10_000)), String::new(), answered));
            all.push(heap(
                "a query of 40,000 letters",
                format!("{path}?x={}", "x".repeat(40_000)),
                String::new(),
                &[414, 431],
            ));
        }
    }
    let get = |what, path: String, fields: Vec<(&'static str, String)>, statuses| Heap {
        what,
        method: Method::GET,
        path,
        fields,
        body: Bytes::new(),
        statuses,
    };
    all.extend([
        get("a path of 10,000 segments", "/a".repeat(10_000), vec![], &[404]),
        get("a path of 10,000 encodings", format!("/{}", "%61".repeat(10_000)), vec![], &[404]),
        get("5,000 languages", "/".into(), vec![("accept-language", "nl;q=0.1,".repeat(3_000))], &[303]),
        get("30,000 letters of cookies", "/".into(), vec![("cookie", format!("a={}", "x".repeat(30_000)))], &[303]),
        get("5,000 cookies", "/".into(), vec![("cookie", "a=1; ".repeat(5_000))], &[303]),
        get("5,000 sessions", "/".into(), vec![("cookie", "__Host-poort-session=x; ".repeat(1_000))], &[303]),
        get("5,000 addresses", "/".into(), vec![("x-forwarded-for", "1.1.1.1,".repeat(3_000))], &[303]),
        get("101 fields", "/".into(), (0..101).map(|_| ("x-many", "x".to_owned())).collect(), &[431]),
        get("a field of 40,000 letters", "/".into(), vec![("x-long", "x".repeat(40_000))], &[431]),
        get(
            "Basic without end",
            "/userinfo".into(),
            vec![("authorization", format!("Basic {}", "=".repeat(30_000)))],
            &[400, 401],
        ),
    ]);
    all
}

#[tokio::test]
async fn s23_cve_2026_4634_cve_2024_10270_cve_2024_11734_what_is_too_much_is_refused_by_its_size() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_as("/me", AN).await;
    let cookie = |name: &str| format!("{name}={}", browser.cookie(name).expect("a cookie"));
    let cookies = format!("{}; {}", cookie("__Host-poort-session"), cookie("__Host-poort-browser"));
    let origin = gateway.tenant().origin.clone();
    let authority = origin.split_once("://").expect("an origin").1;
    let before = gateway.read_in(PRO).await.version().await.expect("reads");
    let heaps: Vec<Heap> = of_facts(&program(&gateway).await).into_iter().chain(of_pages(&cookies, &origin)).collect();
    let (mut slowest, mut slow) = (Duration::ZERO, "");
    for heap in &heaps {
        let Heap { what, method, path, fields, body, statuses } = heap;
        let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n{fields}{length}\r\n");
        let began = Instant::now();
        let answers = socket::exchange(gateway.address, &[head.as_bytes(), body].concat()).await;
        let took = began.elapsed();
        let place = format!("{what}: {method} {:.60}", path);
        assert_eq!(answers.len(), 1, "{place}: {answers:?}");
        let status = answers[0].status;
        assert!(statuses.contains(&status) || statuses.is_empty() && status < 500, "{place}: {}", answers[0].head);
        if took > slowest {
            (slowest, slow) = (took, what);
        }
    }
    assert_eq!(gateway.read_in(PRO).await.version().await.expect("reads"), before, "nothing of it was believed");
    assert_eq!(browser.ask("/me").await.status, 200, "somebody else is answered");
    println!("S23: {} cases; the slowest took {slowest:?}: {slow}", heaps.len());
}

/// A form of thousands of fields costs its bytes, not their square: each name is looked up, not compared with all before it.
#[test]
fn s23_many_fields_are_read_in_one_pass() {
    let parse = |count: usize| {
        let text = names(count);
        let began = Instant::now();
        let fields = poort::http::fields::Fields::parse(text.as_bytes()).expect("each once");
        (fields.names().count(), began.elapsed())
    };
    let ((few, short), (many, long)) = (parse(1_000), parse(10_000));
    assert_eq!((few, many), (1_000, 10_000));
    println!("S23: 1,000 fields in {short:?}, 10,000 in {long:?}");
    assert!(
        poort::http::fields::Fields::parse(format!("{}f0=", names(10_000)).as_bytes()).is_err(),
        "the last is the first again"
    );
}
