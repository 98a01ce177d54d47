//! Encrypted on one side or on both: HTTP/2 in and HTTP/1.1 out, WebSockets, and backends that prove who they are.

use std::net::SocketAddr;

use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::rig::{ORIGIN, Rig, Setting, echo, get, ok, rig, rig_to, status, whole_request};
use crate::{
    base::tls::KeyFiles,
    domain::register::BackendTls,
    http::{
        testing::{Raw, field},
        tls::testing::{Authority, NAME},
    },
};

const URL: &str = "https://a.test/x?y=%2F";

async fn encrypted(authority: &Authority, backend: SocketAddr) -> Rig {
    rig(backend, Setting { tls: Some(authority.tls(&[NAME])), ..Setting::default() }).await
}

/// What a backend that echoes saw of a request that came by HTTP/2.
async fn seen(authority: &Authority, rig: &Rig, request: Request<Full<bytes::Bytes>>) -> String {
    let (mut http2, _) = authority.http2(&rig.gateway).await;
    let response = http2.send_request(request).await.expect("an answer");
    assert_eq!(response.status(), 200);
    assert!(!response.headers().contains_key("connection"), "{:?}", response.headers());
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8_lossy(&body).into_owned()
}

#[tokio::test]
async fn what_came_by_http2_reaches_a_backend_as_http1() {
    let authority = Authority::new();
    let rig = encrypted(&authority, echo().await).await;
    let request = Request::builder()
        .uri(URL)
        .header("te", "trailers")
        .header("cookie", "a=1")
        .header("cookie", "__Host-poort-session=S")
        .header("cookie", "b=2; c=3")
        .header("x-forwarded-for", "1.2.3.4")
        .header("authorization", "Bearer of the client")
        .header("accept", "text/html");
    let got = seen(&authority, &rig, request.body(Full::default()).expect("a request")).await;
    assert!(got.starts_with("GET /x?y=%2F HTTP/1.1\r\n"), "{got}");
    assert_eq!(field(&got, "cookie"), Some("a=1; b=2; c=3"), "one field, and ours is not in it: {got}");
    assert_eq!(field(&got, "te"), None);
    assert_eq!(field(&got, "accept"), Some("text/html"));
    assert_eq!(field(&got, "authorization"), Some("Bearer poort"));
    assert_eq!(field(&got, "x-forwarded-for"), Some("127.0.0.1"));
    assert_eq!(field(&got, "host"), Some(rig.backend.as_str()));
    assert_eq!(got.to_ascii_lowercase().matches("\r\nhost:").count(), 1, "{got}");
    assert_eq!((field(&got, "content-length"), field(&got, "transfer-encoding")), (None, None));
}

/// H2.CL: over HTTP/2 the frames say how long a body is, and what is written towards the backend is what came.
#[tokio::test]
async fn cve_2026_42581_the_length_of_a_body_is_that_of_its_frames() {
    let authority = Authority::new();
    let rig = encrypted(&authority, echo().await).await;
    let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n";
    let post = |length: Option<usize>| {
        let mut request = Request::builder().method(Method::POST).uri(URL);
        if let Some(length) = length {
            request = request.header("content-length", length);
        }
        request.body(Full::from(smuggled)).expect("a request")
    };
    let got = seen(&authority, &rig, post(Some(smuggled.len()))).await;
    assert_eq!(field(&got, "content-length"), Some(smuggled.len().to_string().as_str()), "the twin: {got}");
    assert!(got.ends_with(smuggled));
    let got = seen(&authority, &rig, post(None)).await;
    assert!(
        field(&got, "content-length").is_some() != field(&got, "transfer-encoding").is_some(),
        "one framing: {got}"
    );
    for wrong in [0, 3, smuggled.len() - 1, smuggled.len() + 1, 1 << 40] {
        let (mut http2, _) = authority.http2(&rig.gateway).await;
        let answered = http2.send_request(post(Some(wrong))).await;
        assert!(answered.is_err() || answered.is_ok_and(|response| response.status() != 200), "{wrong}");
    }
}

#[tokio::test]
async fn a_websocket_passes_encrypted_over_http1() {
    let authority = Authority::new();
    let rig = encrypted(&authority, super::websocket::socket().await.0).await;
    let mut raw = Raw::over(authority.connect(&rig.gateway, &["http/1.1"]).await.expect("a handshake"));
    raw.say(super::websocket::handshake(&format!("Origin: {ORIGIN}\r\n"))).await;
    let head = raw.until("\r\n\r\n").await.to_ascii_lowercase();
    assert_eq!(status(&head), 101, "{head}");
    for _ in 0..3 {
        super::websocket::hello(&mut raw).await;
    }
}

/// A backend that ends TLS and echoes.
async fn behind(acceptor: TlsAcceptor) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let mut raw = Raw::over(stream);
                while let Some(request) = whole_request(&mut raw).await {
                    raw.say(ok(&request)).await;
                }
            });
        }
    });
    port
}

async fn answer_of(url: &str, backend_tls: BackendTls) -> (u16, Vec<String>) {
    let rig = rig_to(url, Setting { backend_tls, ..Setting::default() }).await;
    let (head, _) = rig.ask(get("/x")).await;
    // A second request, on the connection that was kept.
    if status(&head) == 200 {
        let (again, body) = rig.ask(get("/y")).await;
        assert_eq!(status(&again), 200);
        assert!(body.starts_with("GET /y HTTP/1.1"), "{body}");
    }
    let failures = rig.failures.lock().expect("no panic").clone();
    (status(&head), failures)
}

#[tokio::test]
async fn a_backend_proves_who_it_is() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let port = behind(authority.acceptor(&["backend.localhost", "127.0.0.1"], false)).await;
    let trusting = |authority: &Authority| BackendTls { authorities: Some(authority.file()), own: None };
    for url in [format!("https://backend.localhost:{port}"), format!("https://127.0.0.1:{port}")] {
        assert_eq!(answer_of(&url, trusting(&authority)).await, (200, vec![]), "{url}");
        let (status, failures) = answer_of(&url, trusting(&stranger)).await;
        assert_eq!(status, 503, "an authority that was not named: {failures:?}");
    }
    let (status, failures) = answer_of(&format!("https://other.localhost:{port}"), trusting(&authority)).await;
    assert_eq!(status, 503, "another name: {failures:?}");
    let (status, failures) =
        answer_of(&format!("https://backend.localhost:{}", echo().await.port()), trusting(&authority)).await;
    assert_eq!(status, 503, "no TLS there: {failures:?}");
}

#[tokio::test]
async fn poort_proves_who_it_is_to_a_backend_that_asks() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let url = format!("https://backend.localhost:{}", behind(authority.acceptor(&["backend.localhost"], true)).await);
    let own = |issuer: &Authority| {
        let KeyFiles { certificate, key } = issuer.write("poort", &issuer.pair(&["poort.test"], 4000));
        BackendTls { authorities: Some(authority.file()), own: Some((certificate, key)) }
    };
    assert_eq!(answer_of(&url, own(&authority)).await, (200, vec![]));
    assert_eq!(answer_of(&url, own(&stranger)).await.0, 502);
    let nothing = BackendTls { authorities: Some(authority.file()), own: None };
    assert_eq!(answer_of(&url, nothing).await.0, 502);
}
