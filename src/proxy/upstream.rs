//! One backend: where it is, and the connections to it that are kept.
//!
//! Architecture invariant: the connector dials the configured host and no other, whatever a request says.

use std::{
    fmt, io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use http::{HeaderValue, Uri, uri::Scheme};
use hyper_util::{
    client::legacy::{
        Client, Error,
        connect::{Connected, Connection},
    },
    rt::{TokioExecutor, TokioIo, TokioTimer},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_util::either::Either;
use tower::Service;

use crate::{
    base::{reach::dial, tls::KeyFiles},
    domain::register::Backend,
    http::{
        body::Upload,
        deadline::Deadline,
        request_head::Target,
        tls::{Encrypted, Outward, UnusableTls},
    },
};

/// How long an unused connection is kept: less than the 5 seconds after which Node's and Python's usual servers close theirs,
/// since a request on a connection that is just being closed is lost.
const KEPT: Duration = Duration::from_secs(4);
/// How many unused connections are kept.
const MOST_KEPT: usize = 256;
/// The largest head of a response, in bytes; also the largest piece of a body.
const HEAD: usize = 64 * 1024;

/// A backend and its kept connections. One for each backend for as long as the configuration stands.
pub struct Upstream {
    client: Client<Dial, Upload>,
    scheme: Scheme,
    authority: http::uri::Authority,
    /// `scheme://host[:port]`.
    pub(super) origin: String,
    /// The `Host` that it is asked with.
    pub(super) host: HeaderValue,
    pub(super) response_timeout: Duration,
}

/// A backend that cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum UnusableBackend {
    /// Its address has another form.
    #[error("a backend's address is http(s)://host[:port], without a path")]
    Address,
    /// Its certificates, or ours.
    #[error(transparent)]
    Tls(#[from] UnusableTls),
}

impl Upstream {
    /// For `backend`. Nothing is connected yet.
    ///
    /// # Errors
    /// When its URL is not `http(s)://host[:port]`, or a file of its certificates cannot be used.
    pub fn new(backend: &Backend) -> Result<Self, UnusableBackend> {
        let url = &backend.url;
        let scheme = match url.scheme() {
            "http" => Scheme::HTTP,
            "https" => Scheme::HTTPS,
            _ => return Err(UnusableBackend::Address),
        };
        let plain = url.username().is_empty()
            && url.password().is_none()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none();
        let (true, Some(host), Some(port)) = (plain, url.host_str(), url.port_or_known_default()) else {
            return Err(UnusableBackend::Address);
        };
        let name = host.trim_matches(['[', ']']);
        let tls = if scheme == Scheme::HTTPS {
            let own = backend.tls.own.clone().map(|(certificate, key)| KeyFiles { certificate, key });
            Some(Outward::new(name, backend.tls.authorities.as_ref(), own.as_ref())?)
        } else {
            None
        };
        let text = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let dial =
            Dial { host: name.into(), port, tls, timeout: backend.connect_timeout, stall: backend.response_timeout };
        Ok(Self {
            client: Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(KEPT)
                .pool_max_idle_per_host(MOST_KEPT)
                .http1_max_buf_size(HEAD)
                .build(dial),
            origin: format!("{scheme}://{text}"),
            host: HeaderValue::try_from(text.as_str()).map_err(|_| UnusableBackend::Address)?,
            authority: text.parse().map_err(|_| UnusableBackend::Address)?,
            scheme,
            response_timeout: backend.response_timeout,
        })
    }

    /// Sends a request; resolves with the response's head.
    pub(super) fn send(&self, request: http::Request<Upload>) -> hyper_util::client::legacy::ResponseFuture {
        self.client.request(request)
    }

    /// `target` at this backend: its canonical path and its query, byte for byte.
    pub(super) fn uri(&self, target: &Target) -> Result<Uri, http::Error> {
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(target.path_and_query())
            .build()
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upstream({})", self.origin)
    }
}

/// Whether the request was lost because the backend closed a kept connection before it said anything: it may be sent again
/// when doing it twice does no harm (RFC 9112 section 9.3.1).
pub(super) fn closed_unanswered(error: &Error) -> bool {
    let mut extras = http::Extensions::new();
    if let Some(connected) = error.connect_info() {
        connected.get_extras(&mut extras);
    }
    extras.get::<Arc<Heard>>().is_some_and(|heard| heard.nothing_new())
}

/// A connection, in clear or encrypted.
type Line = Dialled<Either<TcpStream, Encrypted>>;

/// Connects to the one backend.
#[derive(Clone)]
struct Dial {
    host: Arc<str>,
    port: u16,
    tls: Option<Outward>,
    timeout: Duration,
    stall: Duration,
}

impl Dial {
    async fn connect(self) -> io::Result<TokioIo<Line>> {
        let connecting = async {
            let stream = dial(&self.host, self.port).await?;
            match &self.tls {
                None => Ok(Either::Left(stream)),
                Some(tls) => Ok(Either::Right(tls.connect(stream).await?)),
            }
        };
        let stream = tokio::time::timeout(self.timeout, connecting)
            .await
            .unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, "connecting took too long")))?;
        Ok(TokioIo::new(Dialled { stream, heard: Arc::default(), stall: self.stall, write: Deadline::default() }))
    }
}

impl Service<Uri> for Dial {
    type Response = TokioIo<Line>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TokioIo<Line>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        Box::pin(self.clone().connect())
    }
}

/// A connection to a backend that remembers whether it was answered.
struct Dialled<S> {
    /// In clear, or encrypted.
    stream: S,
    heard: Arc<Heard>,
    /// How long the backend may take nothing of what is written to it. Without a bound, one that answers early and does not
    /// read the rest of the request would hold the client's connection.
    stall: Duration,
    write: Deadline,
}

impl<S> Dialled<S> {
    fn written<T>(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.write.clear();
            return result;
        }
        ready!(self.write.poll(cx, self.stall));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the backend reads nothing")))
    }
}

/// Bytes received in all, and when the last request was written.
#[derive(Debug, Default)]
struct Heard {
    now: AtomicU64,
    when_asked: AtomicU64,
}

impl Heard {
    /// Whether earlier requests were answered, and the last one not by a single byte.
    fn nothing_new(&self) -> bool {
        let now = self.now.load(Ordering::Relaxed);
        now > 0 && now == self.when_asked.load(Ordering::Relaxed)
    }

    fn asked(&self) {
        self.when_asked.store(self.now.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

impl<S> Connection for Dialled<S> {
    fn connected(&self) -> Connected {
        Connected::new().extra(Arc::clone(&self.heard))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Dialled<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.heard.now.fetch_add((buf.filled().len() - before) as u64, Ordering::Relaxed);
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Dialled<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.heard.asked();
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.written(cx, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.heard.asked();
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.written(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(cx);
        self.written(cx, result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
