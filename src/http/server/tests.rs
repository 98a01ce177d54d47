//! The listener as a client on a socket sees it. All bytes of these requests are ours, all of the responses hyper's or ours.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt;
use http_body_util::BodyExt;
use tokio::io::AsyncReadExt;

use super::*;
use crate::http::{
    body::Upload,
    limits::Pace,
    testing::{Answers, Count, Listening, PATIENCE, Raw, converse, field, listen, quick, statuses, text},
};

/// Answers with the target as it was read and the body's size, or with the refusal.
async fn mirror(limits: Limits) -> Listening {
    let pace = limits.pace;
    let answer = move |request: Request<Incoming>, exchange: Exchange| async move {
        let target = exchange.target;
        let body = match Upload::new(request.into_body(), 1000, pace) {
            Ok(body) => body.collect().await,
            Err(error) => Err(error),
        };
        match body {
            Ok(body) => {
                let size = body.to_bytes().len();
                text(StatusCode::OK, format!("{} {} {:?} {size}", target.host, target.path, target.query))
            }
            Err(error) => text(error.status(), error.to_string()),
        }
    };
    listen(limits, Answers(answer)).await
}

/// `request` and then, on the same connection, a good one that says goodbye.
fn then_close(request: &str) -> String {
    format!("{request}GET /last HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn a_request_is_read_as_it_was_meant() {
    let server = mirror(quick()).await;
    for (request, answer) in [
        ("GET /x?y=%2F HTTP/1.1\r\nHost: A.test:8080\r\n\r\n", r#"a.test /x Some("y=%2F") 0"#),
        ("GET http://a.test/x HTTP/1.1\r\nHost: a.test\r\n\r\n", "a.test /x None 0"),
        ("POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc", "a.test /x None 3"),
        ("HEAD /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n", ""),
        ("\r\nGET /x HTTP/1.1\r\nHost: a.test\r\n\r\n", "a.test /x None 0"),
    ] {
        let answers = converse(server.address, then_close(request)).await;
        assert_eq!(statuses(&answers), [200, 200], "{request:?}: {answers}");
        assert!(answers.contains(answer), "{request:?}: {answers}");
        assert!(answers.contains("a.test /last None 0"), "{request:?}: {answers}");
    }
}

/// Every request here could be read as another one by some program. Each is answered once with a refusal, and what is behind it
/// on the connection is not taken for a request. The list is paired: each row has a twin that differs as little as possible and passes.
#[tokio::test]
async fn cve_2026_42581_cve_2026_33870_cve_2025_67735_cve_2024_12397_smuggling_corpus_with_twins() {
    let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n";
    let h = "Host: a.test\r\n";
    let cl = smuggled.len();
    let good_cl = format!("POST / HTTP/1.1\r\n{h}Content-Length: {cl}\r\n\r\n{smuggled}");
    let good_te = format!("POST / HTTP/1.1\r\n{h}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    let get = format!("GET / HTTP/1.1\r\n{h}\r\n");
    let chunked = |body: &str| format!("POST / HTTP/1.1\r\n{h}Transfer-Encoding: chunked\r\n\r\n{body}");
    let pairs: Vec<(&str, String, &String)> = vec![
        (
            "CL.TE",
            format!(
                "POST / HTTP/1.1\r\n{h}Content-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}",
                cl + 5
            ),
            &good_cl,
        ),
        (
            "TE.CL",
            format!(
                "POST / HTTP/1.1\r\n{h}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n{cl:x}\r\n{smuggled}\r\n0\r\n\r\n"
            ),
            &good_te,
        ),
        (
            "TE.TE",
            format!(
                "POST / HTTP/1.1\r\n{h}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{smuggled}"
            ),
            &good_te,
        ),
        (
            "TE twice",
            format!(
                "POST / HTTP/1.1\r\n{h}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"
            ),
            &good_te,
        ),
        (
            "TE list",
            format!("POST / HTTP/1.1\r\n{h}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{smuggled}"),
            &good_te,
        ),
        (
            "TE unknown",
            format!("POST / HTTP/1.1\r\n{h}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{smuggled}"),
            &good_te,
        ),
        (
            "TE space before colon",
            format!("POST / HTTP/1.1\r\n{h}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{smuggled}"),
            &good_te,
        ),
        ("TE on 1.0", format!("POST / HTTP/1.0\r\n{h}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"), &good_te),
        (
            "TE folded",
            format!("POST / HTTP/1.1\r\n{h}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n{smuggled}"),
            &good_te,
        ),
        (
            "TE with VT",
            format!("POST / HTTP/1.1\r\n{h}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n{smuggled}"),
            &good_te,
        ),
        (
            "CL differs",
            format!("POST / HTTP/1.1\r\n{h}Content-Length: 0\r\nContent-Length: {cl}\r\n\r\n{smuggled}"),
            &good_cl,
        ),
        (
            "CL twice",
            format!("POST / HTTP/1.1\r\n{h}Content-Length: {cl}\r\nContent-Length: {cl}\r\n\r\n{smuggled}"),
            &good_cl,
        ),
        ("CL list", format!("POST / HTTP/1.1\r\n{h}Content-Length: {cl}, {cl}\r\n\r\n{smuggled}"), &good_cl),
        ("CL sign", format!("POST / HTTP/1.1\r\n{h}Content-Length: +{cl}\r\n\r\n{smuggled}"), &good_cl),
        ("CL negative", format!("POST / HTTP/1.1\r\n{h}Content-Length: -1\r\n\r\n{smuggled}"), &good_cl),
        ("CL hexadecimal", format!("POST / HTTP/1.1\r\n{h}Content-Length: 0x10\r\n\r\n{smuggled}"), &good_cl),
        (
            "CL overflow",
            format!("POST / HTTP/1.1\r\n{h}Content-Length: 18446744073709551616\r\n\r\n{smuggled}"),
            &good_cl,
        ),
        ("CL empty", format!("POST / HTTP/1.1\r\n{h}Content-Length: \r\n\r\n{smuggled}"), &good_cl),
        ("CL with NUL", format!("POST / HTTP/1.1\r\n{h}Content-Length: {cl}\0\r\n\r\n{smuggled}"), &good_cl),
        ("CL space before colon", format!("POST / HTTP/1.1\r\n{h}Content-Length : {cl}\r\n\r\n{smuggled}"), &good_cl),
        (
            "0.CL on GET",
            format!("GET / HTTP/1.1\r\n{h}Content-Length: {cl}\r\nConnection: close\r\n\r\n{smuggled}"),
            &get,
        ),
        ("TE on GET", format!("GET / HTTP/1.1\r\n{h}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"), &get),
        ("bare LF after request line", format!("GET / HTTP/1.1\n{h}\r\n{smuggled}"), &get),
        ("bare LF after field", format!("GET / HTTP/1.1\r\nHost: a.test\nX: y\r\n\r\n{smuggled}"), &get),
        ("bare LF ends head", format!("POST / HTTP/1.1\r\n{h}Content-Length: {cl}\r\n\n{smuggled}"), &good_cl),
        ("bare CR in field", format!("GET / HTTP/1.1\r\n{h}X: a\rY: b\r\n\r\n{smuggled}"), &get),
        ("CR LF injection by CR", format!("GET / HTTP/1.1\r\n{h}X: a\r\rContent-Length: 3\r\n\r\n{smuggled}"), &get),
        ("NUL in field", format!("GET / HTTP/1.1\r\n{h}X: a\0b\r\n\r\n{smuggled}"), &get),
        ("field without colon", format!("GET / HTTP/1.1\r\n{h}X\r\n\r\n{smuggled}"), &get),
        ("field without name", format!("GET / HTTP/1.1\r\n{h}: x\r\n\r\n{smuggled}"), &get),
        ("folded line", format!("GET / HTTP/1.1\r\n{h}X: a\r\n b\r\n\r\n{smuggled}"), &get),
        ("folded first line", format!("GET / HTTP/1.1\r\n X: a\r\n{h}\r\n{smuggled}"), &get),
        ("two Hosts", format!("GET / HTTP/1.1\r\n{h}Host: b.test\r\n\r\n{smuggled}"), &get),
        ("one Host twice", format!("GET / HTTP/1.1\r\n{h}{h}\r\n{smuggled}"), &get),
        ("no Host", format!("GET / HTTP/1.1\r\n\r\n{smuggled}"), &get),
        ("empty Host", format!("GET / HTTP/1.1\r\nHost:\r\n\r\n{smuggled}"), &get),
        ("Host list", format!("GET / HTTP/1.1\r\nHost: a.test, b.test\r\n\r\n{smuggled}"), &get),
        ("Host with user", format!("GET / HTTP/1.1\r\nHost: a.test@evil\r\n\r\n{smuggled}"), &get),
        ("Host with path", format!("GET / HTTP/1.1\r\nHost: a.test/x\r\n\r\n{smuggled}"), &get),
        ("Host with dot", format!("GET / HTTP/1.1\r\nHost: a.test.\r\n\r\n{smuggled}"), &get),
        ("absolute form disagrees", format!("GET http://evil/ HTTP/1.1\r\n{h}\r\n{smuggled}"), &get),
        ("absolute form with user", format!("GET http://a.test@evil/ HTTP/1.1\r\n{h}\r\n{smuggled}"), &get),
        ("absolute form without Host", format!("GET http://a.test/ HTTP/1.1\r\n\r\n{smuggled}"), &get),
        ("fragment", format!("GET /public#/../admin HTTP/1.1\r\n{h}\r\n{smuggled}"), &get),
        ("asterisk", format!("GET * HTTP/1.1\r\n{h}\r\n{smuggled}"), &get),
        ("HTTP/0.9", format!("GET /\r\n{h}\r\n{smuggled}"), &get),
        ("HTTP/1.2", format!("GET / HTTP/1.2\r\n{h}\r\n{smuggled}"), &get),
        ("space in target", format!("GET /a b HTTP/1.1\r\n{h}\r\n{smuggled}"), &get),
        ("tab before target", format!("GET\t/ HTTP/1.1\r\n{h}\r\n{smuggled}"), &get),
        ("chunk size sign", chunked(&format!("+3\r\nabc\r\n0\r\n\r\n{smuggled}")), &good_te),
        ("chunk size 0x", chunked(&format!("0x3\r\nabc\r\n0\r\n\r\n{smuggled}")), &good_te),
        ("chunk size overflow", chunked(&format!("10000000000000003\r\nabc\r\n0\r\n\r\n{smuggled}")), &good_te),
        ("chunk size empty", chunked(&format!("\r\nabc\r\n0\r\n\r\n{smuggled}")), &good_te),
        ("chunk size bare LF", chunked(&format!("3\nabc\r\n0\r\n\r\n{smuggled}")), &good_te),
        ("chunk longer than said", chunked(&format!("2\r\nabc\r\n0\r\n\r\n{smuggled}")), &good_te),
        ("chunk end bare LF", chunked(&format!("3\r\nabc\n0\r\n\r\n{smuggled}")), &good_te),
        ("chunk extension with bare LF", chunked(&format!("3;a\nabc\r\n0\r\n\r\n{smuggled}")), &good_te),
        (
            "chunk extension too long",
            chunked(&format!("3;{}\r\nabc\r\n0\r\n\r\n{smuggled}", "a".repeat(20_000))),
            &good_te,
        ),
        ("name with underscore", format!("GET / HTTP/1.1\r\n{h}X_Forwarded_For: 1.2.3.4\r\n\r\n{smuggled}"), &get),
        ("name with dot", format!("GET / HTTP/1.1\r\n{h}X.Remote.User: admin\r\n\r\n{smuggled}"), &get),
        ("TRACE", format!("TRACE / HTTP/1.1\r\n{h}\r\n{smuggled}"), &get),
        ("CONNECT", format!("CONNECT a.test:80 HTTP/1.1\r\n{h}\r\n{smuggled}"), &get),
        (
            "expectation",
            format!("POST / HTTP/1.1\r\n{h}Expect: 200-ok\r\nContent-Length: {cl}\r\n\r\n{smuggled}"),
            &good_cl,
        ),
    ];
    let server = mirror(quick()).await;
    for (what, request, twin) in &pairs {
        let answers = converse(server.address, request).await;
        assert!(matches!(statuses(&answers)[..], [400..=499]), "{what}: {answers}");
        assert!(!answers.contains("/smuggled"), "{what}: {answers}");

        let answers = converse(server.address, twin.replace("\r\nHost", "\r\nConnection: close\r\nHost")).await;
        assert_eq!(statuses(&answers)[0], 200, "twin of {what}: {answers}");
        assert!(!answers.contains("/smuggled"), "twin of {what}: {answers}");
    }
    assert!(pairs.len() >= 60, "{}", pairs.len());
}

#[tokio::test]
async fn nothing_follows_a_chunked_body() {
    let server = mirror(quick()).await;
    let chunked = "POST /x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=\"1\"\r\nabc\r\n0\r\nTrailer: x\r\n\r\n";
    let answers = converse(server.address, then_close(chunked)).await;
    assert_eq!(statuses(&answers), [200], "{answers}");
    assert!(answers.contains("a.test /x None 3"), "{answers}");
    assert_eq!(field(&answers.to_ascii_lowercase(), "connection"), Some("close"));
}

#[tokio::test]
async fn pipelined_requests_are_each_answered() {
    let server = mirror(quick()).await;
    let two = "POST /1 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\n\n#POST /2 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1\r\n\r\n\r";
    let answers = converse(server.address, then_close(two)).await;
    assert_eq!(statuses(&answers), [200, 200, 200], "{answers}");
}

#[tokio::test]
async fn cve_2024_9666_a_head_is_bounded() {
    let server = mirror(Limits { head_bytes: 8192, head_fields: 20, ..quick() }).await;
    let with = |fields: String| format!("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n{fields}\r\n");
    for (fields, status) in [
        ("X: y\r\n".repeat(18), 200),
        ("X: y\r\n".repeat(19), 431),
        (format!("X: {}\r\n", "y".repeat(7000)), 200),
        (format!("X: {}\r\n", "y".repeat(9000)), 431),
        ("X: y\r\n".repeat(10_000), 431),
    ] {
        let answers = converse(server.address, with(fields)).await;
        assert_eq!(statuses(&answers), [status], "{answers}");
    }
    let long = format!("GET /{} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n", "a".repeat(9000));
    assert!(matches!(statuses(&converse(server.address, long).await)[..], [414 | 431]));
}

#[tokio::test]
async fn a_slow_head_ends_its_connection_and_an_idle_one_may_wait() {
    let head_time = Duration::from_millis(300);
    let server = mirror(Limits { head_time, ..quick() }).await;
    let mut nothing = Raw::connect(server.address).await;
    let mut half = Raw::connect(server.address).await;
    half.say("GET / HTTP/1.1\r\nHos").await;
    let mut idle = Raw::connect(server.address).await;
    idle.say("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").await;
    assert!(idle.response().await.0.starts_with("http/1.1 200"));
    assert_eq!(nothing.rest().await, b"");
    assert_eq!(half.rest().await, b"");
    tokio::time::sleep(head_time * 2).await;
    idle.say("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").await;
    assert!(idle.response().await.0.starts_with("http/1.1 200"));
}

#[tokio::test]
async fn an_idle_connection_ends() {
    let server =
        mirror(Limits { head_time: Duration::from_millis(100), idle_time: Duration::from_millis(100), ..quick() })
            .await;
    let mut idle = Raw::connect(server.address).await;
    idle.say("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").await;
    assert!(idle.response().await.0.starts_with("http/1.1 200"));
    assert_eq!(idle.rest().await, b"");
}

#[tokio::test]
async fn a_slow_body_is_408() {
    let pace = Pace { gap: Duration::from_millis(100), ..Pace::default() };
    let server = mirror(Limits { pace, ..quick() }).await;
    let answers = converse(server.address, "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 9\r\n\r\nabc").await;
    assert_eq!(statuses(&answers), [408], "{answers}");
}

#[tokio::test]
async fn a_body_that_trickles_is_408() {
    let pace = Pace { gap: Duration::from_secs(5), grace: Duration::from_millis(200), bytes_per_second: 1_000_000 };
    let server = mirror(Limits { pace, ..quick() }).await;
    let mut raw = Raw::connect(server.address).await;
    raw.say("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 999\r\n\r\n").await;
    let (mut reads, mut writes) = raw.stream.split();
    let trickle = async {
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if tokio::io::AsyncWriteExt::write_all(&mut writes, b"x").await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut answer = [0; 12];
    tokio::select! {
        () = trickle => {}
        read = reads.read_exact(&mut answer) => { read.expect("an answer"); }
    }
    assert_eq!(&answer, b"HTTP/1.1 408");
}

#[tokio::test]
async fn a_body_too_large_is_413_and_the_client_gets_to_read_it() {
    let server = mirror(quick()).await;
    let declared = "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n";
    let answers = converse(server.address, declared).await;
    assert_eq!(statuses(&answers), [413], "not asked to go on: {answers}");

    let chunk = format!("1000\r\n{}\r\n", "x".repeat(4096));
    let mut raw = Raw::connect(server.address).await;
    raw.say("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    for _ in 0..200 {
        raw.say(&chunk).await;
    }
    assert_eq!(statuses(&raw.rest_text().await), [413]);
    let answers = converse(
        server.address,
        then_close(&format!("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000\r\n\r\n{}", "x".repeat(1000))),
    )
    .await;
    assert_eq!(statuses(&answers), [200, 200]);
}

#[tokio::test]
async fn a_client_that_is_expected_to_go_on_is_told_so() {
    let server = mirror(quick()).await;
    let mut raw = Raw::connect(server.address).await;
    raw.say("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n").await;
    assert_eq!(raw.until("\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    raw.say("abc").await;
    assert_eq!(raw.response().await.1, "a.test / None 3");
}

#[tokio::test]
async fn a_panic_is_that_requests_500_with_its_reference() {
    let answer = |request: Request<Incoming>, _| async move {
        assert_ne!(request.uri().path(), "/panic", "as the test asks for");
        text(StatusCode::OK, "fine")
    };
    let server = listen(quick(), Answers(answer)).await;
    let mut raw = Raw::connect(server.address).await;
    raw.say("GET /panic HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let (head, body) = raw.response().await;
    assert!(head.starts_with("http/1.1 500"), "{head}");
    assert_eq!(body.len(), "reference 7F3A-91C0-22BE".len(), "{body}");
    raw.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(raw.response().await.1, "fine");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_their_turn() {
    let server = mirror(Limits { connections: 2, ..quick() }).await;
    let get = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
    let mut first = Raw::connect(server.address).await;
    let mut second = Raw::connect(server.address).await;
    for held in [&mut first, &mut second] {
        held.say(get).await;
        held.response().await;
    }
    let mut third = Raw::connect(server.address).await;
    third.say(get).await;
    let early = tokio::time::timeout(Duration::from_millis(200), third.response()).await;
    assert!(early.is_err(), "answered beyond the limit");
    drop(first);
    assert!(third.response().await.0.starts_with("http/1.1 200"));
}

/// A listener whose first accepts fail as they do when the process has no file descriptors left.
struct Exhausted(TcpListener, AtomicUsize);

impl Accept for Exhausted {
    async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        match self.1.fetch_add(1, Ordering::SeqCst) {
            0 => Err(io::Error::from_raw_os_error(24)),
            1 => Err(io::ErrorKind::ConnectionAborted.into()),
            _ => TcpListener::accept(&self.0).await,
        }
    }
}

#[tokio::test]
async fn an_accept_that_fails_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let stopping = CancellationToken::new();
    let handler = Answers(|_, _| async { text(StatusCode::OK, "fine") });
    let exhausted = Exhausted(listener, AtomicUsize::new(0));
    tokio::spawn(serve(exhausted, None, handler, quick(), Random::system(), stopping.clone()));
    let answers = converse(address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!(statuses(&answers), [200]);
    stopping.cancel();
}

/// A handler that says when it began and answers when it is let go.
fn held() -> (impl Handler, Arc<tokio::sync::Notify>, Arc<Semaphore>, Count) {
    let (begun, go, dropped) = (Arc::new(tokio::sync::Notify::new()), Arc::new(Semaphore::new(0)), Count::default());
    let (b, g, d) = (Arc::clone(&begun), Arc::clone(&go), Arc::clone(&dropped));
    let answer = move |_: Request<Incoming>, _| {
        let (begun, go, dropped) = (Arc::clone(&b), Arc::clone(&g), Arc::clone(&d));
        async move {
            let mut guard = Dropped(Some(dropped));
            begun.notify_one();
            let _ = go.acquire().await;
            guard.0 = None;
            text(StatusCode::OK, "late")
        }
    };
    (Answers(answer), begun, go, dropped)
}

struct Dropped(Option<Count>);

impl Drop for Dropped {
    fn drop(&mut self) {
        if let Some(count) = &self.0 {
            count.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[tokio::test]
async fn stopping_answers_what_is_under_way_and_closes_what_is_idle() {
    let (handler, begun, go, _) = held();
    let mut server = listen(quick(), handler).await;
    let mut busy = Raw::connect(server.address).await;
    let mut idle = Raw::connect(server.address).await;
    busy.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    begun.notified().await;
    // The idle connection is accepted before stopping: its place was taken in order.
    idle.say("GE").await;
    server.stopping.cancel();
    go.add_permits(1);
    let answers = busy.rest_text().await;
    assert_eq!(statuses(&answers), [200]);
    assert!(answers.ends_with("late"));
    drop(idle);
    let drained = tokio::time::timeout(PATIENCE, &mut server.served).await.expect("it ends").expect("no panic");
    assert_eq!(drained, Drained { cut: 0 });
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn stopping_cuts_what_takes_too_long() {
    let (handler, begun, _go, dropped) = held();
    let mut server = listen(Limits { drain: Duration::from_millis(50), ..quick() }, handler).await;
    let mut busy = Raw::connect(server.address).await;
    busy.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    begun.notified().await;
    server.stopping.cancel();
    let drained = tokio::time::timeout(PATIENCE, &mut server.served).await.expect("it ends").expect("no panic");
    assert_eq!(drained, Drained { cut: 1 });
    assert_eq!(busy.rest().await, b"");
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_client_that_goes_away_ends_its_requests_handling() {
    let (handler, begun, _go, dropped) = held();
    let server = listen(quick(), handler).await;
    let mut raw = Raw::connect(server.address).await;
    raw.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    begun.notified().await;
    drop(raw);
    tokio::time::timeout(PATIENCE, async {
        while dropped.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the handling is given up");
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_cut() {
    let produced = Arc::new(Mutex::new(0_u64));
    let p = Arc::clone(&produced);
    let answer = move |_: Request<Incoming>, _| {
        let produced = Arc::clone(&p);
        async move {
            let piece = bytes::Bytes::from(vec![0; 64 * 1024]);
            let endless = futures_util::stream::repeat_with(move || {
                *produced.lock().expect("no panic") += piece.len() as u64;
                Ok::<_, io::Error>(piece.clone())
            });
            Response::new(Body::from_stream(endless))
        }
    };
    let mut server =
        listen(Limits { write_stall: Duration::from_millis(200), connections: 1, ..quick() }, Answers(answer)).await;
    let mut deaf = Raw::connect(server.address).await;
    deaf.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    // Its place becomes free though it never closes.
    let mut next = Raw::connect(server.address).await;
    next.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    next.until("HTTP/1.1 200 OK").await;
    assert!(*produced.lock().expect("no panic") < 64 * 1024 * 1024, "more was made than the sockets hold");
    drop(next);
    server.stopping.cancel();
    let _ = tokio::time::timeout(PATIENCE, &mut server.served).await.expect("it ends");
}

/// An answer that the kernel took whole is nobody's concern any more, but the kernel's.
#[tokio::test]
async fn a_client_that_reads_nothing_of_a_small_answer_is_cut() {
    let answer = |_: Request<Incoming>, _| async { text(StatusCode::OK, "x".repeat(64 * 1024)) };
    let limits = Limits { unacknowledged: Duration::from_millis(300), connections: 1, ..quick() };
    let server = listen(limits, Answers(answer)).await;
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(2048).expect("a small window");
    let mut deaf = Raw::over(socket.connect(server.address).await.expect("it listens"));
    deaf.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    // Its place becomes free though it never closes, long before a connection is idle for too long.
    let mut next = Raw::connect(server.address).await;
    next.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(next.rest_text().await.len() > 64 * 1024, "who reads has it all");
    assert!(deaf.rest().await.len() < 64 * 1024, "who does not has not");
}

#[tokio::test]
async fn a_panic_in_the_middle_of_a_body_ends_that_connection_alone() {
    let answer = |request: Request<Incoming>, _| async move {
        let broken = request.uri().path() == "/broken";
        let pieces = futures_util::stream::iter([false, broken]).map(|fails| {
            assert!(!fails, "as the test asks for");
            Ok::<_, io::Error>("piece")
        });
        Response::new(Body::from_stream(pieces))
    };
    let server = listen(quick(), Answers(answer)).await;
    let broken = converse(server.address, "GET /broken HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(!broken.ends_with("0\r\n\r\n"), "{broken}");
    let whole = converse(server.address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(whole.ends_with("0\r\n\r\n"), "{whole}");
}
