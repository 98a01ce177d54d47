//! Backends that fail, clients that fail: who is blamed, and that no failure looks complete.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::Method;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpSocket, TcpStream},
};

use super::rig::{
    HOST, Setting, backend, echo, eventually, get, ok, request, rig, rig_to, says, status, whole_request,
};
use crate::{
    domain::register::{Backend, BackendTls, TokenForm},
    http::{
        limits::{Limits, Pace},
        testing::{PATIENCE, Raw, field, quick, statuses},
    },
    proxy::upstream::Upstream,
};

#[tokio::test]
async fn a_body_that_breaks_off_never_looks_complete() {
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n8\r\nrest",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n",
        // The length beside an encoding is not believed, nor passed on.
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ] {
        let rig = rig(says(response).await, Setting::default()).await;
        let mut raw = rig.connect().await;
        raw.say(get("/")).await;
        let got = raw.rest_text().await;
        let (head, body) = got.split_once("\r\n\r\n").expect("a head");
        assert_eq!(status(head), 200, "{response:?}");
        match field(head, "content-length") {
            Some(length) => assert!(body.len() < length.parse().expect("a number"), "{response:?}: {got}"),
            None => assert!(!body.ends_with("0\r\n\r\n"), "{response:?}: {got}"),
        }
    }
}

#[tokio::test]
async fn bytes_behind_a_response_are_nobodys_response() {
    let poison = ok("first") + &ok("poison");
    let backend = backend(move |mut raw, _| {
        let poison = poison.clone();
        async move {
            whole_request(&mut raw).await;
            raw.say(poison).await;
            while let Some(request) = whole_request(&mut raw).await {
                raw.say(ok(&request)).await;
            }
        }
    })
    .await;
    let rig = rig(backend, Setting::default()).await;
    for _ in 0..5 {
        assert_eq!(rig.ask(get("/")).await.1, "first");
    }
}

#[tokio::test]
async fn what_is_not_a_response_is_502() {
    for response in [
        String::new(),
        "hello\r\n\r\n".into(),
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n".into(),
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n".into(),
        "HTTP/1.1 200 OK\r\nbroken\r\n\r\n".into(),
        "HTTP/1.1 200 OK\r\nX: y".into(),
        "HTTP/2.0 200 OK\r\n\r\n".into(),
        format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(10_000)),
        format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "y".repeat(200_000)),
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n".into(),
    ] {
        let rig = rig(says(response.clone()).await, Setting::default()).await;
        let (head, _) = rig.ask(get("/")).await;
        assert_eq!(status(&head), 502, "{}", &response[..response.len().min(80)]);
        assert!(rig.failures.lock().expect("no panic")[0].starts_with("Register"));
    }
}

#[tokio::test]
async fn a_backend_that_cannot_be_reached_is_503() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let nobody = listener.local_addr().expect("an address");
    drop(listener);
    assert_eq!(status(&rig(nobody, Setting::default()).await.ask(get("/")).await.0), 503);
    // A queue that is full: the kernel lets further connections wait.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let full = socket.listen(1).expect("a listener");
    let address = full.local_addr().expect("an address");
    let mut queue = Vec::new();
    while let Ok(stream) = tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(address)).await {
        queue.push(stream.expect("a connection"));
    }
    let rig = rig(address, Setting { connect: Duration::from_millis(100), ..Setting::default() }).await;
    let (head, _) = rig.ask(get("/")).await;
    assert_eq!(status(&head), 503);
    assert_eq!(*rig.failures.lock().expect("no panic"), ["Register the backend is too slow"]);
    let unknown = rig_to("http://no-such-name.invalid:1", Setting::default()).await;
    assert_eq!(status(&unknown.ask(get("/")).await.0), 503);
}

#[tokio::test]
async fn a_backend_that_does_not_answer_is_504_and_is_left_alone() {
    let closed = Arc::new(AtomicUsize::new(0));
    let c = Arc::clone(&closed);
    let backend = backend(move |mut raw, _| {
        let closed = Arc::clone(&c);
        async move {
            whole_request(&mut raw).await;
            raw.rest().await;
            closed.fetch_add(1, Ordering::SeqCst);
        }
    })
    .await;
    let rig = rig(backend, Setting { response: Duration::from_millis(100), ..Setting::default() }).await;
    assert_eq!(status(&rig.ask(get("/")).await.0), 504);
    // Also after a body, and none of the client's time counts as the backend's.
    let mut raw = rig.connect().await;
    raw.say(format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 2\r\n\r\n")).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    raw.say("a").await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(rig.failures.lock().expect("no panic").len(), 1, "the client took its time, and nobody is blamed yet");
    raw.say("b").await;
    assert_eq!(status(&raw.response().await.0), 504);
    eventually("both connections were closed", || closed.load(Ordering::SeqCst) == 2).await;
}

#[tokio::test]
async fn a_slow_client_is_408_and_the_backend_is_not_to_blame() {
    let pace = Pace { gap: Duration::from_millis(100), ..Pace::default() };
    let setting = Setting { limits: Limits { pace, ..quick() }, ..Setting::default() };
    let rig = rig(echo().await, setting).await;
    let (head, _) = rig.ask(format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9\r\n\r\nabc")).await;
    assert_eq!(status(&head), 408);
    assert!(rig.failures.lock().expect("no panic")[0].starts_with("Client"));
}

#[tokio::test]
async fn a_body_larger_than_its_route_allows_is_413_while_it_streams() {
    let rig = rig(echo().await, Setting { max_body: 1000, ..Setting::default() }).await;
    let fits = "x".repeat(1000);
    assert_eq!(status(&rig.ask(request(Method::POST, "/", "", &fits)).await.0), 200);
    assert_eq!(status(&rig.ask(request(Method::POST, "/", "", &(fits + "x"))).await.0), 413);
    let mut raw = rig.connect().await;
    raw.say(request(Method::POST, "/", "Transfer-Encoding: chunked\r\n", "")).await;
    for _ in 0..50 {
        raw.say(format!("400\r\n{}\r\n", "x".repeat(1024))).await;
    }
    assert_eq!(statuses(&raw.rest_text().await), [413]);
}

#[tokio::test]
async fn a_client_that_went_away_takes_its_request_along() {
    let closed = Arc::new(AtomicUsize::new(0));
    let c = Arc::clone(&closed);
    let backend = backend(move |mut raw, number| {
        let closed = Arc::clone(&c);
        async move {
            raw.perhaps_until("\r\n\r\n").await;
            if number == 1 {
                raw.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n").await;
            }
            raw.rest().await;
            closed.fetch_add(1, Ordering::SeqCst);
        }
    })
    .await;
    let rig = rig(backend, Setting::default()).await;
    for (n, (request, wait)) in [
        // Before the response, in the middle of it, in the middle of the body.
        (get("/"), false),
        (get("/"), true),
        (format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9\r\n\r\nabc"), false),
    ]
    .into_iter()
    .enumerate()
    {
        let mut raw = rig.connect().await;
        raw.say(request).await;
        if wait {
            raw.until("1\r\nx\r\n").await;
        } else {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        drop(raw);
        eventually("the backend saw its connection close", || closed.load(Ordering::SeqCst) == n + 1).await;
    }
}

/// A backend that answers the first request of a connection and closes it, as Node does after five seconds, when the second is
/// already there; `last_words` come before closing. Says how many requests it got.
async fn closing(last_words: &'static str) -> (std::net::SocketAddr, Arc<AtomicUsize>) {
    let seen = Arc::new(AtomicUsize::new(0));
    let s = Arc::clone(&seen);
    let address = backend(move |mut raw, _| {
        let seen = Arc::clone(&s);
        async move {
            whole_request(&mut raw).await;
            seen.fetch_add(1, Ordering::SeqCst);
            raw.say(ok("fine")).await;
            if whole_request(&mut raw).await.is_some() {
                seen.fetch_add(1, Ordering::SeqCst);
                raw.say(last_words).await;
            }
        }
    })
    .await;
    (address, seen)
}

#[tokio::test]
async fn a_request_is_sent_again_only_when_that_cannot_do_it_twice() {
    for (method, fields, body, last_words, answer, requests) in [
        ("GET", "", "", "", 200, 3),
        ("OPTIONS", "", "", "", 200, 3),
        // A single byte of an answer: the backend may have done it.
        ("GET", "", "", "H", 502, 2),
        ("POST", "", "", "", 502, 2),
        ("POST", "", "x", "", 502, 2),
        ("DELETE", "", "", "", 502, 2),
        ("OPTIONS", "", "x", "", 502, 2),
    ] {
        let (address, seen) = closing(last_words).await;
        let rig = rig(address, Setting::default()).await;
        let mut raw = rig.connect().await;
        raw.say(get("/")).await;
        assert_eq!(status(&raw.response().await.0), 200);
        let method = method.parse().expect("a method");
        raw.say(request(method, "/", fields, body)).await;
        assert_eq!(status(&raw.response().await.0), answer, "{requests}");
        assert_eq!(seen.load(Ordering::SeqCst), requests, "{last_words}");
    }
}

/// A refusal while the client is still sending arrives, and what is left of the request does not hold its connection.
#[tokio::test]
async fn a_backend_that_answers_early_and_reads_no_further_is_left_alone() {
    let backend = backend(|mut raw, _| async move {
        raw.perhaps_until("\r\n\r\n").await;
        raw.say("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno").await;
        std::future::pending::<()>().await;
    })
    .await;
    let rig = rig(backend, Setting { response: Duration::from_millis(300), ..Setting::default() }).await;
    let mut raw = rig.connect().await;
    raw.say(format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {}\r\n\r\nabc", 1_u64 << 30)).await;
    let (head, body) = raw.response().await;
    assert_eq!((status(&head), body.as_str(), field(&head, "www-authenticate")), (401, "no", None));
    let piece = vec![0; 1 << 20];
    let sending = async { while raw.stream.write_all(&piece).await.is_ok() {} };
    tokio::time::timeout(PATIENCE, sending).await.expect("the connection ends");
}

#[tokio::test]
async fn an_expectation_is_met_here() {
    let rig = rig(echo().await, Setting::default()).await;
    let mut raw = rig.connect().await;
    raw.say(format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")).await;
    assert_eq!(raw.until("\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    raw.say("abc").await;
    let (head, seen) = raw.response().await;
    assert_eq!(status(&head), 200);
    assert!(seen.ends_with("\r\n\r\nabc") && field(&seen, "expect").is_none(), "{seen}");
}

#[tokio::test]
async fn responses_without_a_body_leave_the_connection_in_order() {
    for (method, response, expected) in [
        (Method::HEAD, "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", "content-length: 1234"),
        (Method::GET, "HTTP/1.1 204 No Content\r\n\r\n", "204 no content"),
        (Method::GET, "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nContent-Length: 99\r\n\r\n", "etag: \"a\""),
        (Method::DELETE, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "content-length: 0"),
        (
            Method::GET,
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
            "204",
        ),
    ] {
        let rig = rig(says(response).await, Setting::default()).await;
        let mut raw = rig.connect().await;
        for _ in 0..3 {
            raw.say(request(method.clone(), "/", "", "")).await;
            let head = raw.until("\r\n\r\n").await.to_ascii_lowercase();
            assert!(head.contains(expected), "{response:?}: {head}");
        }
    }
}

#[tokio::test]
async fn a_response_of_http_1_0_becomes_one_of_1_1() {
    let rig = rig(
        says("HTTP/1.0 200 OK\r\nServer: Old/1.0\r\nSet-Cookie: __Host-poort-session=x\r\n\r\nall of it").await,
        Setting::default(),
    )
    .await;
    let mut raw = rig.connect().await;
    raw.say(get("/")).await;
    let got = raw.until("0\r\n\r\n").await.to_ascii_lowercase();
    assert!(got.starts_with("http/1.1 200 ok\r\n") && got.contains("transfer-encoding: chunked"), "{got}");
    assert!(
        got.ends_with("9\r\nall of it\r\n0\r\n\r\n") && !got.contains("old/1.0") && !got.contains("poort"),
        "{got}"
    );
}

#[tokio::test]
async fn a_client_of_http_1_0_gets_its_response_until_the_end() {
    let rig = rig(
        says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").await,
        Setting::default(),
    )
    .await;
    let mut raw = Raw::connect(rig.address()).await;
    raw.say(format!("GET / HTTP/1.0\r\nHost: {HOST}\r\n\r\n")).await;
    let got = raw.rest_text().await;
    assert!(got.ends_with("\r\n\r\nabc") && !got.to_ascii_lowercase().contains("chunked"), "{got}");
}

#[test]
fn a_backends_address_has_one_form() {
    let usable = |url: &str| {
        Upstream::new(&Backend {
            tls: BackendTls::default(),
            id: "b".into(),
            url: url.parse().expect("a URL"),
            audience: "a".into(),
            form: TokenForm::NlGov,
            national_number: false,
            connect_timeout: Duration::from_secs(1),
            response_timeout: Duration::from_secs(1),
        })
        .ok()
        .map(|upstream| upstream.origin)
    };
    for (url, origin) in [
        ("http://a.example:81/", "http://a.example:81"),
        ("http://A.example:80", "http://a.example"),
        ("http://[::1]:9000", "http://[::1]:9000"),
        ("https://a.example", "https://a.example"),
        ("https://[::1]:9443", "https://[::1]:9443"),
    ] {
        assert_eq!(usable(url).as_deref(), Some(origin), "{url}");
    }
    for url in
        ["ftp://a/", "https://a/b", "http://a/b", "http://u@a", "http://u:p@a", "http://a/?b", "http://a/#b", "unix:/a"]
    {
        assert_eq!(usable(url), None, "{url}");
    }
}
