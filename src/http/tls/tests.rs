//! The encrypted listener. The clients are rustls and hyper; `tests/peers/tls` has OpenSSL, curl and Python's `h2`.

use std::{io, sync::Arc, time::Duration};

use futures_util::StreamExt;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use rustls::{
    HandshakeKind, ProtocolVersion,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use super::{
    Reloaded, Tls,
    listener::unnamed,
    testing::{Authority, Http2, NAME, get},
};
use crate::{
    base::{
        Clock, Timestamp,
        tls::{BadFile, KeyFiles},
    },
    http::{
        Body,
        limits::Limits,
        server::{Drained, Exchange},
        testing::{Answers, Listening, PATIENCE, Raw, listen_with, quick, text},
    },
};

/// Answers with the host and path that were read.
async fn mirror(authority: &Authority, limits: Limits) -> Listening {
    let answer = |request: Request<Incoming>, exchange: Exchange| async move {
        let (host, path) = (exchange.target.host, exchange.target.path);
        let size = request.into_body().collect().await.map_or(0, |body| body.to_bytes().len());
        text(StatusCode::OK, format!("{host} {path} {size}"))
    };
    listen_with(Some(authority.tls(&[NAME])), limits, Answers(answer)).await
}

async fn ask(http2: &mut Http2, request: Request<Full<bytes::Bytes>>) -> (u16, String) {
    http2.ready().await.expect("the connection is open");
    let response = http2.send_request(request).await.expect("an answer");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

const GET: &str = "GET /x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn a_client_speaks_what_the_handshake_settled() {
    let authority = Authority::new();
    let server = mirror(&authority, quick()).await;
    let (mut http2, _) = authority.http2(&server).await;
    assert_eq!(ask(&mut http2, get("https://a.test/x", &[])).await, (200, "a.test /x 0".into()));
    for offered in [&["http/1.1"][..], &[], &["http/1.1", "spdy/3"]] {
        let mut raw = Raw::over(authority.connect(&server, offered).await.expect("a handshake"));
        raw.say(GET).await;
        let answer = raw.rest_text().await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("a.test /x 0"), "{answer}");
    }
    // Who offers nothing that we speak is told so; who promised HTTP/1.1 does not come with HTTP/2.
    assert!(authority.connect(&server, &["http/1.0", "h3"]).await.is_err());
    let mut raw = Raw::over(authority.connect(&server, &["http/1.1"]).await.expect("a handshake"));
    raw.say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(!raw.rest_text().await.contains(" 200 "));
    // And nobody comes unencrypted.
    let mut raw = Raw::connect(server.address).await;
    raw.say(GET).await;
    assert!(!raw.rest_text().await.contains("HTTP/1.1"));
}

#[tokio::test]
async fn both_versions_are_spoken_and_a_ticket_brings_no_early_data() {
    let authority = Authority::new();
    let server = mirror(&authority, quick()).await;
    for (version, spoken) in [(&version::TLS13, ProtocolVersion::TLSv1_3), (&version::TLS12, ProtocolVersion::TLSv1_2)]
    {
        let client = authority.client(&["http/1.1"], &[version]);
        for _ in 0..2 {
            let stream = TcpStream::connect(server.address).await.expect("a listener");
            let stream = client.connect(ServerName::try_from(NAME).expect("a name"), stream).await.expect("shaken");
            assert_eq!(stream.get_ref().1.protocol_version(), Some(spoken));
            assert!(!stream.get_ref().1.is_early_data_accepted());
            let mut raw = Raw::over(stream);
            raw.say(GET).await;
            assert!(raw.rest_text().await.ends_with("a.test /x 0"));
        }
    }
}

#[tokio::test]
async fn nothing_is_resumed_where_a_certificate_is_asked_for() {
    let authority = Authority::new();
    let answer = |_: Request<Incoming>, exchange: Exchange| async move {
        let shown = exchange.certificate.map_or("nothing".into(), |shown| shown.thumbprint().text());
        text(StatusCode::OK, shown)
    };
    let plain = listen_with(Some(authority.tls(&[NAME])), quick(), Answers(answer)).await;
    let asking = listen_with(Some(authority.mutual(&[NAME])), quick(), Answers(answer)).await;
    let own = authority.pair(&["feed"], 4000);
    let shown = CertificateDer::from_pem_slice(own.0.as_bytes()).expect("PEM");
    let thumbprint = crate::domain::certificate::Thumbprint::of(&shown).text();
    // Each client keeps the tickets that it gets, for both listeners: they have one name.
    let shake = async |client: &TlsConnector, server: &Listening| {
        let stream = TcpStream::connect(server.address).await.expect("a listener");
        let stream = client.connect(ServerName::try_from(NAME).expect("a name"), stream).await.ok()?;
        let mut raw = Raw::over(stream);
        // Who is refused after its own last word may notice here, or only when it reads.
        let _ = raw.stream.write_all(GET.as_bytes()).await;
        let answer = raw.rest_text().await;
        let said = answer.rsplit("\r\n").next().unwrap_or_default().to_owned();
        Some((raw.stream.get_ref().1.handshake_kind()?, said)).filter(|_| answer.starts_with("HTTP/1.1 200"))
    };
    for version in [&version::TLS13, &version::TLS12] {
        let silent = authority.client(&["http/1.1"], &[version]);
        let showing = authority.client_showing(&["http/1.1"], &[version], Some(&own));
        for client in [&silent, &showing] {
            assert_eq!(shake(client, &plain).await, Some((HandshakeKind::Full, "nothing".into())));
            assert_eq!(shake(client, &plain).await, Some((HandshakeKind::Resumed, "nothing".into())), "the twin");
        }
        assert_eq!(shake(&silent, &asking).await, None, "with a ticket of the other listener");
        for _ in 0..3 {
            let (kind, said) = shake(&showing, &asking).await.expect("an answer");
            assert_ne!(kind, HandshakeKind::Resumed);
            assert_eq!(said, thumbprint);
        }
        assert_eq!(shake(&showing, &plain).await.map(|(_, said)| said), Some("nothing".into()));
        assert_eq!(shake(&silent, &asking).await, None);
    }
}

#[tokio::test]
async fn a_slow_handshake_holds_its_place_for_its_time_and_no_longer() {
    let authority = Authority::new();
    let limits = Limits { connections: 1, handshake_time: Duration::from_millis(200), ..quick() };
    let server = mirror(&authority, limits).await;
    let mut silent = Raw::connect(server.address).await;
    let mut half = Raw::connect(server.address).await;
    half.say([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]).await;
    let mut third = Raw::over(authority.connect(&server, &[]).await.expect("its turn comes"));
    third.say(GET).await;
    assert!(third.rest_text().await.ends_with("a.test /x 0"));
    assert_eq!((silent.rest().await, half.rest().await), (vec![], vec![]));
}

#[tokio::test]
async fn authority_and_host_agree_or_the_request_is_refused() {
    let authority = Authority::new();
    let server = mirror(&authority, quick()).await;
    let (mut http2, _) = authority.http2(&server).await;
    for (url, fields, status) in [
        ("https://a.test:8443/x", &[][..], 200),
        ("https://a.test/x", &[("host", "A.TEST")], 200),
        ("https://a.test/x", &[("host", "b.test")], 400),
        ("https://a.test/x", &[("host", "a.test:443")], 400),
        ("https://a.test/x", &[("host", "a.test"), ("host", "a.test")], 400),
        ("https://a.test@b.test/x", &[], 400),
        ("https://a.test./x", &[], 400),
        ("https://a.test//x", &[], 400),
        ("https://a.test/x/%2e%2e/y", &[], 400),
        ("https://a.test/x", &[("x_forwarded_for", "1.2.3.4")], 400),
        ("https://a.test/x", &[("content-type", "a"), ("content-type", "b")], 400),
    ] {
        let (got, body) = ask(&mut http2, get(url, fields)).await;
        assert_eq!(got, status, "{url} {fields:?}: {body}");
    }
    // The same connection serves on, and each request is for the host that it names itself.
    for host in ["a.test", "b.test", "a.test"] {
        let (status, body) = ask(&mut http2, get(&format!("https://{host}/y"), &[])).await;
        assert_eq!((status, body), (200, format!("{host} /y 0")));
    }
}

#[tokio::test]
async fn a_body_belongs_to_a_method_that_has_one() {
    let authority = Authority::new();
    let server = mirror(&authority, quick()).await;
    let (mut http2, _) = authority.http2(&server).await;
    for (method, body, status) in
        [("POST", "abc", 200), ("DELETE", "abc", 200), ("GET", "abc", 400), ("HEAD", "a", 400)]
    {
        // Without its length, as any HTTP/2 client may send it.
        let request = Request::builder().method(method).uri("https://a.test/x");
        let request = request.body(Full::from(body)).expect("a request");
        assert_eq!(ask(&mut http2, request).await.0, status, "{method}");
    }
    let head = Request::builder().method("HEAD").uri("https://a.test/x").body(Full::default()).expect("a request");
    let response = http2.send_request(head).await.expect("an answer");
    assert_eq!(response.headers()["content-length"], "11", "of what GET answers");
    assert!(response.into_body().collect().await.expect("whole").to_bytes().is_empty());
    for method in ["TRACE", "TRACK"] {
        let request = Request::builder().method(method).uri("https://a.test/x");
        assert_eq!(ask(&mut http2, request.body(Full::default()).expect("a request")).await.0, 405, "{method}");
    }
}

#[tokio::test]
async fn cve_2024_9666_a_head_is_bounded_over_http2_too() {
    let authority = Authority::new();
    let server = mirror(&authority, Limits { head_bytes: 8192, head_fields: 20, ..quick() }).await;
    let (mut http2, _) = authority.http2(&server).await;
    let many = vec![("x", "y"); 20];
    assert_eq!(ask(&mut http2, get("https://a.test/", &many)).await.0, 200);
    let more = vec![("x", "y"); 21];
    assert_eq!(ask(&mut http2, get("https://a.test/", &more)).await.0, 431);
    let long = "y".repeat(7000);
    assert_eq!(ask(&mut http2, get("https://a.test/", &[("x", &long)])).await.0, 200);
    let longer = "y".repeat(9000);
    http2.ready().await.expect("open");
    // Refused by the client itself, who was told the bound; by 431, or by a reset: nothing of it is answered as a request.
    let refused = http2.send_request(get("https://a.test/", &[("x", &longer)])).await;
    assert!(refused.map_or(true, |response| response.status() == 431));
}

#[tokio::test]
async fn an_idle_connection_is_told_to_leave() {
    let authority = Authority::new();
    let server = mirror(&authority, Limits { idle_time: Duration::from_millis(200), ..quick() }).await;
    let (mut http2, connection) = authority.http2(&server).await;
    assert_eq!(ask(&mut http2, get("https://a.test/", &[])).await.0, 200);
    let ended = tokio::time::timeout(PATIENCE, connection).await.expect("it ends").expect("no panic");
    assert!(ended.is_ok(), "politely: {ended:?}");
}

#[tokio::test]
async fn cve_2019_9517_a_client_that_keeps_its_window_shut_is_cut() {
    let authority = Authority::new();
    let answer = |_: Request<Incoming>, _| async {
        let piece = bytes::Bytes::from(vec![0; 16 * 1024]);
        Response::new(Body::from_stream(futures_util::stream::repeat_with(move || Ok::<_, io::Error>(piece.clone()))))
    };
    let limits = Limits { write_stall: Duration::from_millis(300), connections: 1, ..quick() };
    let server = listen_with(Some(authority.tls(&[NAME])), limits, Answers(answer)).await;
    let (mut deaf, connection) = authority.http2(&server).await;
    deaf.ready().await.expect("open");
    // Held and never read; its connection is driven on, and answers every ping.
    let response = deaf.send_request(get("https://a.test/", &[])).await.expect("a head");
    let ended = tokio::time::timeout(PATIENCE, connection).await.expect("it is cut").expect("no panic");
    drop((ended, response));
    // Its place is free.
    let (mut next, _) = authority.http2(&server).await;
    next.ready().await.expect("open");
    let response = next.send_request(get("https://a.test/", &[])).await.expect("a head");
    let taken = response.into_body().into_data_stream().take(100).count();
    assert_eq!(tokio::time::timeout(PATIENCE, taken).await.expect("who reads is served"), 100);
}

#[tokio::test]
async fn stopping_answers_what_is_under_way() {
    let authority = Authority::new();
    let (begun, go) = (Arc::new(tokio::sync::Notify::new()), Arc::new(tokio::sync::Semaphore::new(0)));
    let (b, g) = (Arc::clone(&begun), Arc::clone(&go));
    let answer = move |_: Request<Incoming>, _| {
        let (begun, go) = (Arc::clone(&b), Arc::clone(&g));
        async move {
            begun.notify_one();
            let _ = go.acquire().await;
            text(StatusCode::OK, "late")
        }
    };
    let mut server = listen_with(Some(authority.tls(&[NAME])), quick(), Answers(answer)).await;
    let (mut http2, connection) = authority.http2(&server).await;
    // A handshake that has not ended yet is not waited for.
    let _shaking = Raw::connect(server.address).await;
    let answer = tokio::spawn(async move { ask(&mut http2, get("https://a.test/", &[])).await });
    begun.notified().await;
    server.stopping.cancel();
    go.add_permits(1);
    assert_eq!(answer.await.expect("no panic"), (200, "late".into()));
    let drained = tokio::time::timeout(PATIENCE, &mut server.served).await.expect("it ends").expect("no panic");
    assert_eq!(drained, Drained { cut: 0 });
    assert!(connection.await.expect("no panic").is_ok());
}

#[tokio::test]
async fn a_new_pair_is_taken_on_and_a_broken_one_leaves_the_old_in_force() {
    let authority = Authority::new();
    let now = Clock::system().now();
    let tls = authority.tls(&[NAME]);
    let answer = |_: Request<Incoming>, _| async { text(StatusCode::OK, "fine") };
    let server = listen_with(Some(Arc::clone(&tls)), quick(), Answers(answer)).await;
    let shown = async || {
        let stream = authority.connect(&server, &[]).await.expect("a handshake");
        stream.get_ref().1.peer_certificates().expect("a certificate")[0].to_vec()
    };
    let first = shown().await;
    assert_eq!(tls.reload(now), Reloaded::Same);

    let (certificate, key) = authority.pair(&[NAME], 4000);
    let (_, other_key) = authority.pair(&[NAME], 4000);
    let broken = [
        ("a key of another certificate", (certificate.clone(), other_key)),
        ("no certificate", (key.clone(), key.clone())),
        ("no key", (certificate.clone(), certificate.clone())),
        ("half of it", (certificate[..200].to_owned(), key.clone())),
        ("nothing", (String::new(), String::new())),
        ("over", authority.pair(&[NAME], 2001)),
    ];
    for (what, pair) in &broken {
        authority.write("listener", pair);
        assert_eq!(tls.reload(now), Reloaded::Refused, "{what}");
        assert_eq!(shown().await, first, "{what}");
        assert_eq!(tls.reload(now), Reloaded::Same, "told once: {what}");
    }
    authority.write("listener", &(certificate, key));
    let mut open = Raw::over(authority.connect(&server, &[]).await.expect("a handshake"));
    assert_eq!(tls.reload(now), Reloaded::Taken);
    assert_ne!(shown().await, first);
    open.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(open.rest_text().await.ends_with("fine"), "what was open stays open");
    std::fs::remove_file(authority.folder.path().join("listener.key")).expect("removed");
    assert_eq!(tls.reload(now), Reloaded::Refused);
}

#[test]
fn a_listener_does_not_begin_without_its_pair_and_says_what_is_wrong() {
    let authority = Authority::new();
    let now = Clock::system().now();
    let load = |files: KeyFiles, now: Timestamp| Tls::load(files, vec![], now).err().map(|error| error.to_string());
    let good = authority.pair(&[NAME], 2200);
    let files = authority.write("good", &good);
    assert_eq!(load(files.clone(), now), None);
    let ended = load(files, Timestamp::from_millis(7_258_118_400_000 + 3 * 24 * 3_600_000)).expect("refused");
    assert!(ended.ends_with("good.pem: the certificate ended 3 days ago"), "{ended}");
    let (_, key) = authority.pair(&[NAME], 4000);
    let unfit = load(authority.write("unfit", &(good.0.clone(), key)), now).expect("refused");
    assert!(unfit.contains("unfit.pem and ") && unfit.contains("unfit.key: "), "{unfit}");
    let nowhere = KeyFiles { certificate: "/nowhere/a.pem".into(), key: "/nowhere/a.key".into() };
    assert!(matches!(Tls::load(nowhere, vec![], now), Err(BadFile::Unreadable { .. })));
    let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned();
    assert!(load(authority.write("garbage", &(garbage, good.1)), now).expect("refused").contains("garbage.pem"));
}

#[test]
fn the_hosts_that_a_certificate_lacks_are_known() {
    let authority = Authority::new();
    let files = authority.write("names", &authority.pair(&["a.test", "*.b.test"], 4000));
    let certificate = files.in_force(&files.read().expect("files"), Clock::system().now()).expect("good");
    let hosts = ["a.test", "x.b.test", "b.test", "x.y.b.test", "c.test"].map(str::to_owned);
    assert_eq!(unnamed(&certificate, &hosts), ["b.test", "x.y.b.test", "c.test"]);
}

#[tokio::test]
async fn a_flood_of_pings_ends_its_connection_and_no_other() {
    let authority = Authority::new();
    let server = mirror(&authority, quick()).await;
    let mut flood = Raw::over(authority.connect(&server, &["h2"]).await.expect("a handshake"));
    flood.say(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    let ping = b"\0\0\x08\x06\0\0\0\0\0\0\0\0\0\0\0\0\0".repeat(2000);
    let (mut reads, mut writes) = tokio::io::split(flood.stream);
    let writing = tokio::spawn(async move { AsyncWriteExt::write_all(&mut writes, &ping).await });
    let mut answers = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, reads.read_to_end(&mut answers)).await.expect("it is closed");
    assert!(answers.len() < 1000 * 17, "not all were answered: {}", answers.len());
    let _ = writing.await.expect("no panic");
    let (mut http2, _) = authority.http2(&server).await;
    assert_eq!(ask(&mut http2, get("https://a.test/", &[])).await.0, 200);
}
