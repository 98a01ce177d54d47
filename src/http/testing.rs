//! Tests of the doors: a real listener, and a client that writes bytes as they are.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{
    Body,
    limits::Limits,
    request_head::BadHead,
    server::{Drained, Exchange, Handler, serve},
    tls::Tls,
    trace::RequestId,
};
use crate::base::Random;

/// No test waits longer than this; a test that needs the time has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A listener that runs until it is dropped.
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    pub(crate) stopping: CancellationToken,
    pub(crate) served: JoinHandle<Drained>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}

/// Serves `handler` on a free port, in clear.
pub(crate) async fn listen(limits: Limits, handler: impl Handler) -> Listening {
    listen_with(None, limits, handler).await
}

/// Serves `handler` on a free port.
pub(crate) async fn listen_with(tls: Option<Arc<Tls>>, limits: Limits, handler: impl Handler) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let stopping = CancellationToken::new();
    let served = tokio::spawn(serve(listener, tls, handler, limits, Random::system(), stopping.clone()));
    Listening { address, stopping, served }
}

/// A handler made of a function.
pub(crate) struct Answers<F>(pub(crate) F);

impl<F, Fut> Handler for Answers<F>
where
    F: Fn(Request<Incoming>, Exchange) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Response<Body>> + Send,
{
    async fn handle(&self, request: Request<Incoming>, exchange: Exchange) -> Response<Body> {
        (self.0)(request, exchange).await
    }

    fn refused(&self, _: &RequestId, why: BadHead) -> Response<Body> {
        Response::new(Body::from(why.to_string()))
    }

    fn panicked(&self, id: &RequestId) -> Response<Body> {
        Response::new(Body::from(format!("reference {}", id.reference())))
    }
}

/// A response of `status` with a text.
pub(crate) fn text(status: StatusCode, text: impl Into<String>) -> Response<Body> {
    let mut response = Response::new(Body::from(text.into()));
    *response.status_mut() = status;
    response
}

/// A client that says exactly what it is told to.
pub(crate) struct Raw<S = TcpStream> {
    pub(crate) stream: S,
    unread: Vec<u8>,
}

impl Raw {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect(address).await.expect("a listener"))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Raw<S> {
    pub(crate) fn over(stream: S) -> Self {
        Self { stream, unread: Vec::new() }
    }

    pub(crate) async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.expect("the connection is open");
    }

    /// What comes until the other end closes, or resets.
    pub(crate) async fn rest(&mut self) -> Vec<u8> {
        let mut all = std::mem::take(&mut self.unread);
        // A reset is an end as well; what came before it counts.
        let _ = tokio::time::timeout(PATIENCE, self.stream.read_to_end(&mut all)).await.expect("the connection closes");
        all
    }

    pub(crate) async fn rest_text(&mut self) -> String {
        String::from_utf8_lossy(&self.rest().await).into_owned()
    }

    /// What comes up to and with `end`.
    pub(crate) async fn until(&mut self, end: &str) -> String {
        match self.perhaps_until(end).await {
            Some(text) => text,
            None => panic!("closed after {:?}", String::from_utf8_lossy(&self.unread)),
        }
    }

    /// The same; `None` when the other end closes first.
    pub(crate) async fn perhaps_until(&mut self, end: &str) -> Option<String> {
        let end = end.as_bytes();
        loop {
            if let Some(at) = self.unread.windows(end.len()).position(|window| window == end) {
                let rest = self.unread.split_off(at + end.len());
                return Some(String::from_utf8_lossy(&std::mem::replace(&mut self.unread, rest)).into_owned());
            }
            let reading = tokio::time::timeout(PATIENCE, self.stream.read_buf(&mut self.unread)).await;
            if reading.expect("bytes come in time").unwrap_or(0) == 0 {
                return None;
            }
        }
    }

    /// Exactly so many bytes.
    pub(crate) async fn exactly(&mut self, size: usize) -> Vec<u8> {
        while self.unread.len() < size {
            let reading = tokio::time::timeout(PATIENCE, self.stream.read_buf(&mut self.unread)).await;
            let read = reading.expect("bytes come in time").expect("the connection is open");
            assert_ne!(read, 0, "closed after {:?}", String::from_utf8_lossy(&self.unread));
        }
        let rest = self.unread.split_off(size);
        std::mem::replace(&mut self.unread, rest)
    }

    /// One response with a `Content-Length`: its head and its body.
    pub(crate) async fn response(&mut self) -> (String, String) {
        let head = self.until("\r\n\r\n").await.to_ascii_lowercase();
        let length: usize = field(&head, "content-length").map_or(0, |value| value.parse().expect("a number"));
        let body = self.exactly(length).await;
        (head, String::from_utf8_lossy(&body).into_owned())
    }
}

/// A field of a head.
pub(crate) fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (n, value) = line.split_once(':')?;
        n.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// All that is answered to `bytes` on a connection of their own; our end stays open until the other closes.
pub(crate) async fn converse(address: SocketAddr, bytes: impl AsRef<[u8]>) -> String {
    let mut raw = Raw::connect(address).await;
    raw.say(bytes).await;
    raw.rest_text().await
}

/// The statuses in a stream of responses.
pub(crate) fn statuses(text: &str) -> Vec<u16> {
    text.match_indices("HTTP/1.1 ").filter_map(|(at, _)| text.get(at + 9..at + 12)?.parse().ok()).collect()
}

/// Limits with everything short that a test waits for.
pub(crate) fn quick() -> Limits {
    Limits { linger: Duration::from_millis(200), ..Limits::default() }
}

/// Counts what happens elsewhere.
pub(crate) type Count = Arc<std::sync::atomic::AtomicUsize>;
