//! A gateway with one register, and backends that do what a test says.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use http::{HeaderValue, Method, Response};
use hyper::body::Incoming;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::watch,
};
use tokio_util::sync::CancellationToken;

use crate::{
    base::Random,
    domain::register::{Backend, BackendTls, ProfileIn, TokenForm},
    http::{
        Body,
        body::Upload,
        client_ip::{ForwardedBy, Scheme, TrustedProxies},
        limits::Limits,
        server::Exchange,
        testing::{Answers, Listening, Raw, listen_with, quick, text},
        tls::Tls,
        trace::Trace,
    },
    proxy::{
        error::Failure,
        forward::{Forward, Quiet, forward},
        guard,
        site::Site,
        standing::{Standing, Word},
        upstream::Upstream,
    },
};

pub(super) const HOST: &str = "dossier.test:8080";
pub(super) const ORIGIN: &str = "http://dossier.test:8080";

/// What a test sets; the rest is as in a gateway that does its work.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) limits: Limits,
    pub(super) max_body: u64,
    pub(super) connect: Duration,
    pub(super) response: Duration,
    pub(super) quiet: Quiet,
    pub(super) trusted: TrustedProxies,
    /// `Some`: requests pass the guard, and the profile's name is answered in `x-profile`.
    pub(super) guarded: Option<ProfileIn>,
    /// With what the gateway ends TLS.
    pub(super) tls: Option<Arc<Tls>>,
    /// The certificates between it and its backend.
    pub(super) backend_tls: BackendTls,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            limits: quick(),
            max_body: 1 << 40,
            connect: Duration::from_secs(5),
            response: Duration::from_secs(10),
            quiet: Quiet::default(),
            trusted: TrustedProxies::default(),
            guarded: None,
            tls: None,
            backend_tls: BackendTls::default(),
        }
    }
}

/// A gateway before a backend.
pub(super) struct Rig {
    pub(super) gateway: Listening,
    /// The `host[:port]` of its backend.
    pub(super) backend: String,
    /// Says what holds of everything that is under way.
    pub(super) word: watch::Sender<Word>,
    /// The failures so far.
    pub(super) failures: Arc<Mutex<Vec<String>>>,
}

impl Rig {
    pub(super) fn address(&self) -> SocketAddr {
        self.gateway.address
    }

    pub(super) async fn connect(&self) -> Raw {
        Raw::connect(self.address()).await
    }

    /// One request on a connection of its own, and its response.
    pub(super) async fn ask(&self, request: impl AsRef<[u8]>) -> (String, String) {
        let mut raw = self.connect().await;
        raw.say(request).await;
        raw.response().await
    }
}

pub(super) async fn rig(backend: SocketAddr, setting: Setting) -> Rig {
    rig_to(&format!("http://{backend}"), setting).await
}

pub(super) async fn rig_to(url: &str, setting: Setting) -> Rig {
    let backend = Backend {
        tls: setting.backend_tls.clone(),
        id: "dossier".into(),
        url: url.parse().expect("a URL"),
        audience: "https://dossier.example".into(),
        form: TokenForm::NlGov,
        national_number: false,
        connect_timeout: setting.connect,
        response_timeout: setting.response,
    };
    let upstream = Arc::new(Upstream::new(&backend).expect("a usable backend"));
    let site = Arc::new(Site::new("dossier.test", ORIGIN).expect("a site"));
    let (word, stopping) = (watch::Sender::new(Word::GoOn), Arc::new(Mutex::new(CancellationToken::new())));
    let failures = Arc::new(Mutex::new(Vec::new()));
    let tls = setting.tls.clone();
    let (limits, w, s, f) = (setting.limits.clone(), word.clone(), Arc::clone(&stopping), Arc::clone(&failures));
    let answer = move |request: http::Request<Incoming>, exchange: Exchange| {
        let (upstream, site, setting) = (Arc::clone(&upstream), Arc::clone(&site), setting.clone());
        let (word, failures) = (w.subscribe(), Arc::clone(&f));
        let stopping = s.lock().expect("no panic").clone();
        async move {
            match pass(&upstream, &site, &setting, request, exchange, word, stopping).await {
                Ok(response) => response,
                Err(failure) => {
                    failures.lock().expect("no panic").push(format!("{:?} {failure}", failure.blame()));
                    text(failure.status(), failure.to_string())
                }
            }
        }
    };
    let gateway = listen_with(tls, limits, Answers(answer)).await;
    *stopping.lock().expect("no panic") = gateway.stopping.clone();
    Rig { gateway, backend: url.trim_start_matches("http://").to_owned(), word, failures }
}

/// The phases, without routes and sessions.
async fn pass(
    upstream: &Upstream,
    site: &Site,
    setting: &Setting,
    request: http::Request<Incoming>,
    exchange: Exchange,
    word: watch::Receiver<Word>,
    stopping: CancellationToken,
) -> Result<Response<Body>, Failure> {
    let (head, incoming) = request.into_parts();
    let client = setting.trusted.client(exchange.peer, Scheme::Http, &head.headers);
    let random = Random::system();
    let continued = if client.through_trusted { Trace::continued(&head.headers, &random) } else { None };
    let trace = continued.unwrap_or_else(|| Trace::begin(&exchange.id, &random));
    let mut body = Upload::new(incoming, setting.max_body, setting.limits.pace)?;
    let mut profile = None;
    if let Some(place) = setting.guarded {
        guard::from_own_pages(&head, site)?;
        if !guard::is_safe(&head.method) {
            profile = guard::named_profile(place, &head.headers, &mut body).await?;
        }
    }
    let token = HeaderValue::from_static("Bearer poort");
    let standing = standing(word);
    let forwarding = Forward {
        target: &exchange.target,
        head,
        body,
        site,
        client: &client,
        id: exchange.id,
        trace: &trace,
        token: &token,
        standing,
        stopping: &stopping,
        quiet: setting.quiet,
    };
    let mut response = forward(upstream, forwarding).await?;
    if let Some(profile) = profile {
        response.headers_mut().insert("x-profile", HeaderValue::try_from(profile).expect("a value"));
    }
    Ok(response)
}

/// Says what `word` says.
fn standing(word: watch::Receiver<Word>) -> Standing {
    async fn after(mut word: watch::Receiver<Word>) -> watch::Receiver<Word> {
        if word.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        word
    }
    let mut changed = Box::pin(after(word.clone()));
    Standing::new(move |cx| {
        while let Poll::Ready(word) = changed.as_mut().poll(cx) {
            changed = Box::pin(after(word));
        }
        *word.borrow()
    })
}

/// Proxies that are trusted on the loopback address.
pub(super) fn trusting_loopback() -> TrustedProxies {
    TrustedProxies::new(vec!["127.0.0.0/8".parse().expect("a network")], ForwardedBy::XForwarded)
}

/// A backend: each connection is given to `script`, with its number.
pub(super) async fn backend<F, Fut>(script: F) -> SocketAddr
where
    F: Fn(Raw, usize) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(script(Raw::over(stream), number));
            number += 1;
        }
    });
    address
}

/// A backend that answers every request with the head and the body that it got.
pub(super) async fn echo() -> SocketAddr {
    backend(|mut raw, _| async move {
        while let Some(request) = whole_request(&mut raw).await {
            raw.say(ok(&request)).await;
        }
    })
    .await
}

/// A backend that answers the first request of each connection with these bytes, and closes.
pub(super) async fn says(response: impl Into<String>) -> SocketAddr {
    let response = response.into();
    backend(move |mut raw, _| {
        let response = response.clone();
        async move {
            whole_request(&mut raw).await;
            raw.say(response).await;
        }
    })
    .await
}

/// A request's head and its body as bytes on the wire; `None` when the connection ends first.
pub(super) async fn whole_request<S: AsyncRead + AsyncWrite + Unpin>(raw: &mut Raw<S>) -> Option<String> {
    let head = raw.perhaps_until("\r\n\r\n").await?;
    let lower = head.to_ascii_lowercase();
    let body = if lower.contains("transfer-encoding: chunked") {
        raw.perhaps_until("0\r\n\r\n").await?
    } else {
        let length = crate::http::testing::field(&lower, "content-length").map_or(0, |v| v.parse().expect("a number"));
        String::from_utf8_lossy(&raw.exactly(length).await).into_owned()
    };
    Some(head + &body)
}

pub(super) fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// A request for the register with these further lines.
pub(super) fn request(method: Method, path: &str, fields: &str, body: &str) -> String {
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nHost: {HOST}\r\n{length}{fields}\r\n{body}")
}

pub(super) fn get(path: &str) -> String {
    request(Method::GET, path, "", "")
}

pub(super) fn status(head: &str) -> u16 {
    head[9..12].parse().expect("a status")
}

/// Waits until `done` says so.
pub(super) async fn eventually(what: &str, done: impl Fn() -> bool) {
    let waiting = async {
        while !done() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(crate::http::testing::PATIENCE, waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
}
