//! S11: where one request ends and the next begins is the same to the gateway and to every kind of register.
//!
//! Each payload is written to a socket as it is, with a request hidden in it that would open a protected page. The audit log says what the
//! gateway decided on, the register's own log what it was asked: they must be the same requests, payload by payload.

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::Value;

use crate::harness::{
    backends::{ALL, Backend},
    cast::{Opening, openings},
    gateway::{Gateway, PRO},
    socket,
};

/// What must come of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It could be read in two ways: it is answered with a refusal, and nothing of it is decided on.
    Refused,
    /// It can be read in one way: so many requests are passed on.
    Passes(usize),
}
use Outcome::{Passes, Refused};

struct Payload {
    what: String,
    bytes: Vec<u8>,
    outcome: Outcome,
}

/// The request that carries, and the one that is hidden in it.
struct Pair<'a> {
    carrier: &'a Opening,
    hidden: &'a Opening,
    all: RefCell<Vec<Payload>>,
}

impl Pair<'_> {
    fn put(&self, what: &str, outcome: Outcome, bytes: impl Into<Vec<u8>>) {
        self.all.borrow_mut().push(Payload { what: what.to_owned(), bytes: bytes.into(), outcome });
    }

    /// Which payload this will be: it stands in every target, so that a register's line can be told.
    fn number(&self) -> usize {
        self.all.borrow().len()
    }

    /// The hidden request.
    fn hidden(&self) -> String {
        let Opening { path, .. } = self.hidden;
        let (number, host, fields) = (self.number(), self.hidden.authority(), self.hidden.fields());
        format!("GET {path}?p={number} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{fields}\r\n")
    }

    /// A POST with these lines about its body, and what follows the head.
    fn post(&self, framing: &str, rest: &str) -> String {
        self.head("POST", "HTTP/1.1", framing, rest)
    }

    fn head(&self, method: &str, version: &str, framing: &str, rest: &str) -> String {
        let Opening { path, .. } = self.carrier;
        let target = format!("{path}?p={}", self.number());
        format!(
            "{method} {target} {version}\r\nHost: {}\r\n{}{framing}\r\n{rest}",
            self.carrier.authority(),
            self.carrier.fields()
        )
    }

    fn get(&self, line_and_fields: &str, rest: &str) -> String {
        let line = line_and_fields.replace("TARGET", &format!("{}?p={}", self.hidden.path, self.number()));
        format!("{line}{}\r\n{rest}", self.hidden.fields())
    }
}

/// Ways to write `Transfer-Encoding: chunked`, and whether they mean it and nothing else.
const ENCODINGS: [(&str, bool); 26] = [
    ("Transfer-Encoding: chunked", true),
    ("transfer-encoding: chunked", true),
    ("Transfer-Encoding:chunked", true),
    ("Transfer-Encoding:\tchunked ", true),
    ("Transfer-Encoding: Chunked", true),
    ("Transfer-Encoding : chunked", false),
    ("Transfer-Encoding: xchunked", false),
    ("Transfer-Encoding: chunked, identity", false),
    ("Transfer-Encoding: chunked, chunked", false),
    ("Transfer-Encoding: identity, chunked", false),
    ("Transfer-Encoding: gzip, chunked", false),
    ("Transfer-Encoding: chunked;q=1", false),
    ("Transfer-Encoding: \"chunked\"", false),
    ("Transfer-Encoding: 'chunked'", false),
    ("Transfer-Encoding: \x0bchunked", false),
    ("Transfer-Encoding: chunked\x0b", false),
    ("Transfer-Encoding: chunk\0ed", false),
    ("Transfer-Encoding\0: chunked", false),
    ("Transfer-Encoding:\r\n chunked", false),
    ("X: y\nTransfer-Encoding: chunked", false),
    ("X: y\rTransfer-Encoding: chunked", false),
    ("Transfer-Encoding: identity", false),
    ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", false),
    ("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", false),
    ("Transfer_Encoding: chunked", false),
    ("Transfer-Encoding:", false),
];

/// Ways to write a length of `N`, and whether they mean it.
const LENGTHS: [(&str, bool); 20] = [
    ("Content-Length: N", true),
    ("content-length:N", true),
    ("Content-Length:\tN ", true),
    ("Content-Length: +N", false),
    ("Content-Length: -N", false),
    ("Content-Length: 0xN", false),
    ("Content-Length: N, N", false),
    ("Content-Length: N,0", false),
    ("Content-Length: N\r\nContent-Length: N", false),
    ("Content-Length: 0\r\nContent-Length: N", false),
    ("Content-Length: N\r\ncontent-length: 0", false),
    ("Content-Length : N", false),
    ("Content-Length: N\0", false),
    ("Content-Length: \"N\"", false),
    ("Content-Length: N.0", false),
    ("Content-Length: N e", false),
    ("Content-Length:\r\n N", false),
    ("Content-Length:", false),
    ("Content-Length: 18446744073709551616", false),
    ("X: y\nContent-Length: N", false),
];

/// Ways to write three bytes and an end in chunks, and whether they mean it.
const CHUNKS: [(&str, bool); 23] = [
    ("3\r\nabc\r\n0\r\n\r\n", true),
    ("003\r\nabc\r\n000\r\n\r\n", true),
    ("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", true),
    ("3;name=value\r\nabc\r\n0\r\n\r\n", true),
    ("3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n", true),
    ("3;\"\r\n\"\r\nabc\r\n0\r\n\r\n", false),
    ("3;a\nabc\r\n0\r\n\r\n", false),
    ("+3\r\nabc\r\n0\r\n\r\n", false),
    ("-3\r\nabc\r\n0\r\n\r\n", false),
    ("0x3\r\nabc\r\n0\r\n\r\n", false),
    ("3_0\r\nabc\r\n0\r\n\r\n", false),
    ("3,\r\nabc\r\n0\r\n\r\n", false),
    ("\r\n3\r\nabc\r\n0\r\n\r\n", false),
    ("3\nabc\r\n0\r\n\r\n", false),
    ("3\rabc\r\n0\r\n\r\n", false),
    ("3\r\nabc\n0\r\n\r\n", false),
    ("3\r\nabc0\r\n\r\n", false),
    ("2\r\nabc\r\n0\r\n\r\n", false),
    ("4\r\nabc\r\n0\r\n\r\n", false),
    ("10000000000000003\r\nabc\r\n0\r\n\r\n", false),
    ("3\0\r\nabc\r\n0\r\n\r\n", false),
    ("g\r\nabc\r\n0\r\n\r\n", false),
    ("\u{663}\r\nabc\r\n0\r\n\r\n", false),
];

/// Heads of the hidden page's GET that are read in two ways, with `HOST` and `TARGET`, and those that are not.
const HEADS: [(&str, bool); 30] = [
    ("GET TARGET HTTP/1.1\r\nHost: HOST\r\n", true),
    ("\r\nGET TARGET HTTP/1.1\r\nHost: HOST\r\n", true),
    ("GET http://HOSTTARGET HTTP/1.1\r\nHost: HOST\r\n", true),
    ("GET TARGET HTTP/1.1\nHost: HOST\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost: HOST\n", false),
    ("GET TARGET HTTP/1.1\rHost: HOST\r\n", false),
    ("GET TARGET HTTP/1.1\r\r\nHost: HOST\r\n", false),
    ("GET TARGET HTTP/1.1\r\n Host: HOST\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost: HOST\r\nhost: evil.example\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost: HOST, evil.example\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost: evil.example@HOST\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost : HOST\r\n", false),
    ("GET TARGET HTTP/1.1\r\n", false),
    ("GET http://evil.exampleTARGET HTTP/1.1\r\nHost: HOST\r\n", false),
    ("GET http://HOSTTARGET HTTP/1.1\r\nHost: evil.example\r\n", false),
    ("GET TARGET#x HTTP/1.1\r\nHost: HOST\r\n", false),
    ("GET TARGET x HTTP/1.1\r\nHost: HOST\r\n", false),
    ("GET\tTARGET\tHTTP/1.1\r\nHost: HOST\r\n", false),
    ("GET TARGET HTTP/1.2\r\nHost: HOST\r\n", false),
    ("GET TARGET HTTP/2.0\r\nHost: HOST\r\n", false),
    ("GET TARGET\r\nHost: HOST\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost: HOST\r\nX\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost: HOST\r\n: x\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost: HOST\r\nX: a\0b\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost: HOST\r\nX_Y: 1\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost: HOST\r\nX: a\r\n b\r\n", false),
    ("CONNECT TARGET HTTP/1.1\r\nHost: HOST\r\n", false),
    ("TRACE TARGET HTTP/1.1\r\nHost: HOST\r\n", false),
    ("GET TARGET HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5\r\n", false),
];

/// Whether a way to write something is one way, and how many requests it is then.
const fn outcome(one_way: bool, requests: usize) -> Outcome {
    if one_way { Passes(requests) } else { Refused }
}

fn payloads(carrier: &Opening, hidden: &Opening) -> Vec<Payload> {
    let pair = Pair { carrier, hidden, all: RefCell::default() };
    let form = &carrier.body;
    let chunked_form = format!("{:x}\r\n{form}\r\n0\r\n\r\n", form.len());
    for (encoding, one_way) in ENCODINGS {
        // TE.TE: behind a chunked body the connection ends, and what follows is no request.
        let body = format!("{chunked_form}{}", pair.hidden());
        pair.put(&format!("TE.TE {encoding:?}"), outcome(one_way, 1), pair.post(&format!("{encoding}\r\n"), &body));
        let smuggled = format!("0\r\n\r\n{}", pair.hidden());
        let lines = format!("Content-Length: {}\r\n{encoding}\r\n", smuggled.len());
        pair.put(&format!("CL.TE {encoding:?}"), Refused, pair.post(&lines, &smuggled));
        let smuggled = format!("{:x}\r\n{}\r\n0\r\n\r\n", pair.hidden().len(), pair.hidden());
        let lines = format!("{encoding}\r\nContent-Length: 4\r\n");
        pair.put(&format!("TE.CL {encoding:?}"), Refused, pair.post(&lines, &smuggled));
    }
    for (length, one_way) in LENGTHS {
        // CL.CL: of two requests on a connection, both are passed on when the first has one length.
        let lines = format!("{}\r\n", length.replace('N', &form.len().to_string()));
        pair.put(
            &format!("CL.CL {length:?}"),
            outcome(one_way, 2),
            pair.post(&lines, &format!("{form}{}", pair.hidden())),
        );
    }
    for (chunks, one_way) in CHUNKS {
        // The form comes first, in a chunk of its own: the last chunks are what is read in two ways.
        let rest = format!("{:x}\r\n{form}\r\n{chunks}{}", form.len(), pair.hidden());
        let what = format!("chunks {chunks:?}");
        pair.put(&what, outcome(one_way, 1), pair.post("Transfer-Encoding: chunked\r\n", &rest));
    }
    for (head, one_way) in HEADS {
        let written = head.replace("HOST", hidden.authority());
        pair.put(&format!("head {head:?}"), outcome(one_way, 2), pair.get(&written, &pair.hidden()));
    }
    let length = format!("Content-Length: {}\r\n", form.len());
    // CL.0 and 0.CL: a body where none belongs, and none where one is told.
    pair.put(
        "CL.0",
        Refused,
        pair.post(&format!("Content-Length: {}\r\n", form.len() + 1), form).replace("POST", "GET"),
    );
    pair.put("0.CL", outcome(true, 2), pair.post(&length, &format!("{form}{}", pair.hidden())));
    pair.put("TE on HTTP/1.0", Refused, pair.head("POST", "HTTP/1.0", "Transfer-Encoding: chunked\r\n", &chunked_form));
    for (expect, one_way) in
        [("100-continue", true), ("100-Continue", true), ("200-ok", false), ("100-continue, x", false)]
    {
        let lines = format!("Expect: {expect}\r\n{length}");
        let rest = format!("{form}{}", pair.hidden());
        pair.put(&format!("Expect: {expect}"), outcome(one_way, 2), pair.post(&lines, &rest));
    }
    for lines in [
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
        "Connection: upgrade\r\nUpgrade: TLS/1.0\r\n",
        "Upgrade: websocket\r\n",
    ] {
        // Nothing is upgraded, and behind the offer the connection ends.
        let line = format!("GET TARGET HTTP/1.1\r\nHost: {}\r\n{lines}", hidden.authority());
        pair.put(&format!("upgrade {lines:?}"), outcome(true, 1), pair.get(&line, &pair.hidden()));
    }
    for lines in [
        "Connection: content-length\r\n",
        "Connection: transfer-encoding\r\n",
        "Keep-Alive: timeout=5\r\nTE: trailers\r\n",
    ] {
        // What a client lists as a hop's own takes the length of no body away.
        let rest = format!("{form}{}", pair.hidden());
        pair.put(&format!("hop by hop {lines:?}"), outcome(true, 2), pair.post(&format!("{length}{lines}"), &rest));
    }
    pair.all.into_inner()
}

/// What the audit log says was decided on since `moment`, the oldest first: method and route.
async fn decided(gateway: &Gateway, moment: &str) -> Vec<String> {
    let newest = gateway.read_in(PRO).await.newest_events(8).await.expect("reads");
    let lines = newest.iter().map(|(_, body)| serde_json::from_str::<Value>(body).expect("JSON"));
    let uses = lines.filter(|line| line["kind"] == "register.used" && line["at"] == moment);
    let word = |line: &Value, name: &str| line["details"][name].as_str().expect("a word").to_owned();
    let mut all: Vec<String> = uses.map(|line| format!("{} {}", word(&line, "method"), word(&line, "route"))).collect();
    all.sort();
    all
}

#[tokio::test]
async fn s11_cve_2026_42581_cve_2026_33870_cve_2025_67735_cve_2024_12397_gateway_and_registers_see_the_same_requests() {
    let (mut cases, mut softwares) = (0, Vec::new());
    for software in ALL {
        let Some(backend) = Backend::start(software).await else { continue };
        softwares.push(software);
        let gateway = backend.gateway().await;
        let openings = openings(&gateway).await;
        let find = |pattern: &str| openings.iter().find(|opening| opening.pattern == pattern).expect("a route");
        let (carrier, hidden) = (find("/dossiers/{riziv}/remarks"), find("/administration"));
        backend.log(&gateway.registers).await;
        let payloads = payloads(carrier, hidden);
        let mut expected: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (number, payload) in payloads.iter().enumerate() {
            cases += 1;
            gateway.later();
            let answers = socket::exchange(gateway.address, &payload.bytes).await;
            let uses = decided(&gateway, &gateway.core().now().to_string()).await;
            let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            let place = format!("{} on {software:?}: {statuses:?}, decided on {uses:?}", payload.what);
            assert!(statuses.iter().all(|status| *status < 500), "{place}");
            match payload.outcome {
                // A body that breaks off may have been decided on; the register never sees it as a whole request.
                Refused => assert!(statuses.iter().all(|status| (400..500).contains(status)), "{place}"),
                Passes(count) => {
                    assert_eq!(statuses, vec![200; count], "{place}");
                    assert_eq!(uses.len(), count, "{place}");
                }
            }
            if payload.outcome != Refused {
                expected.insert(number, uses);
            }
        }
        let mut seen: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for line in backend.log(&gateway.registers).await {
            let (request, number) = line.rsplit_once("?p=").unwrap_or_else(|| panic!("{software:?} was asked {line}"));
            let path = request.replace(&carrier.path, &carrier.pattern);
            seen.entry(number.parse().expect("a number")).or_default().push(path);
        }
        seen.values_mut().for_each(|lines| lines.sort());
        for (number, payload) in payloads.iter().enumerate() {
            assert_eq!(seen.get(&number), expected.get(&number), "{} on {software:?}", payload.what);
        }
    }
    println!("S11: {cases} cases on {softwares:?}, 0 disagreements; there is no Java here");
    assert!(cases >= 60 * softwares.len());
}
