//! The listener: connections in, requests to one [`Handler`], responses out.
//!
//! Not `axum::serve`, which has no bound on slow heads (500 of 500 slowhttptest connections stayed open) and puts a router
//! before the proxy (12 % more processor time): the handler dispatches by host itself.
//!
//! In clear it speaks HTTP/1.1. With TLS the handshake settles which it is (ALPN), HTTP/2 or HTTP/1.1, and nothing that comes
//! later changes that: there is no upgrade to HTTP/2, and no guess from the first bytes.
//!
//! Architecture invariant: whatever happens to one request or connection stays there. A panic is that request's 500; an accept
//! that fails (`EMFILE`) is tried again; the listener ends only when told.

use std::{
    convert::Infallible, future::Future, io, net::SocketAddr, panic::AssertUnwindSafe, pin::pin, sync::Arc,
    time::Duration,
};

use futures_util::FutureExt;
use http::{
    HeaderValue, Method, Request, Response, StatusCode, Version,
    header::{ALLOW, CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE},
};
use http_body::Body as _;
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;

use super::{
    Body,
    limits::Limits,
    places::{Addresses, Place},
    request_head::{BadHead, Target},
    streams::{Due, Streams},
    tls::{ClientCertificate, Protocol, Shaken, Shown, ShownCard, Tls},
    trace::RequestId,
    wire::Wire,
};
use crate::base::Random;

/// What answers requests.
pub trait Handler: Send + Sync + 'static {
    /// Answers one request. The future is dropped when the client goes away.
    fn handle(&self, request: Request<Incoming>, exchange: Exchange) -> impl Future<Output = Response<Body>> + Send;

    /// The page for a request whose head is refused; its status becomes [`BadHead::status`], and the connection ends with it.
    fn refused(&self, id: &RequestId, why: BadHead) -> Response<Body>;

    /// The page for a request that the handler panicked at; its status becomes 500.
    fn panicked(&self, id: &RequestId) -> Response<Body>;
}

impl<H: Handler> Handler for Arc<H> {
    fn handle(&self, request: Request<Incoming>, exchange: Exchange) -> impl Future<Output = Response<Body>> + Send {
        H::handle(self, request, exchange)
    }

    fn refused(&self, id: &RequestId, why: BadHead) -> Response<Body> {
        H::refused(self, id, why)
    }

    fn panicked(&self, id: &RequestId) -> Response<Body> {
        H::panicked(self, id)
    }
}

/// What a request may do at all; a route allows less.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// What is known of a request before anybody looks into it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What is asked of which host. There is no other reading of the request's `Uri` and `Host`.
    pub target: Target,
    /// The other end of the connection: a client, or a proxy.
    pub peer: SocketAddr,
    /// The request's number.
    pub id: RequestId,
    /// The certificate that the other end showed, on the listener that asks programs for one.
    pub certificate: Option<ClientCertificate>,
    /// What the other end showed, or that it showed nothing, on the listener that asks people for their card.
    pub card: Option<ShownCard>,
}

/// The other end of a connection.
#[derive(Clone)]
struct Other {
    address: SocketAddr,
    shown: Shown,
}

/// Where connections come from: a [`TcpListener`].
pub trait Accept {
    /// The next connection.
    fn accept(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> + Send;
}

impl Accept for TcpListener {
    fn accept(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> + Send {
        TcpListener::accept(self)
    }
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// How many connections were cut because they took longer than [`Limits::drain`].
    pub cut: usize,
}

/// Serves until `stopping` is cancelled, in clear or with `tls`, then answers what is under way, closing each connection behind
/// it, for at most [`Limits::drain`]. Tunnels end when they see the same token.
pub async fn serve<H: Handler>(
    listener: impl Accept,
    tls: Option<Arc<Tls>>,
    handler: H,
    limits: Limits,
    random: Random,
    stopping: CancellationToken,
) -> Drained {
    let places = Arc::new(Semaphore::new(limits.connections));
    let addresses = Addresses::default();
    let cut = CancellationToken::new();
    let (http1, http2) = (http1(&limits), http2(&limits));
    let server = Arc::new(Server { handler, random, http1, http2, tls, limits, stopping, cut });
    while let Some((stream, peer, place)) = server.next(&listener, &places, &addresses).await {
        let server = Arc::clone(&server);
        tokio::spawn(async move { server.connection(stream, peer, place).await });
    }
    drop(listener);
    let connections = server.limits.connections;
    let size = u32::try_from(connections).unwrap_or(u32::MAX);
    let all = tokio::time::timeout(server.limits.drain, places.acquire_many(size)).await;
    let cut = if all.is_ok() { 0 } else { connections - places.available_permits() };
    server.cut.cancel();
    Drained { cut }
}

fn http1(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        // hyper counts from the end of the previous exchange; the time of the head itself is in `Wire`.
        .header_read_timeout(limits.idle_time + limits.head_time)
        .max_header_size(limits.head_bytes)
        .max_headers(limits.head_fields)
        // hyper's least is 8 KiB; bodies are streamed, so that more would only cost memory.
        .max_buf_size(limits.head_bytes.max(64 * 1024));
    http
}

/// What one connection may cost: each number is for all the connections that there may be, so none is large.
fn http2(limits: &Limits) -> http2::Builder<TokioExecutor> {
    let mut http = http2::Builder::new(TokioExecutor::new());
    http.timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        // Bodies that came and were not read yet: of one request, and of all.
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(256 * 1024)
        // What was answered and not sent yet, of one request.
        .max_send_buf_size(32 * 1024)
        // Given up before they were looked at (CVE-2023-44487), and refused for what they are: a handful of each is an accident.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(100);
    http
}

struct Server<H> {
    handler: H,
    random: Random,
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
    tls: Option<Arc<Tls>>,
    limits: Limits,
    stopping: CancellationToken,
    cut: CancellationToken,
}

impl<H: Handler> Server<H> {
    /// The next connection that has a place; `None` when stopping.
    async fn next(
        &self,
        listener: &impl Accept,
        places: &Arc<Semaphore>,
        addresses: &Addresses,
    ) -> Option<(TcpStream, SocketAddr, Place)> {
        let next = async {
            // The place comes first: without one, connections stay in the kernel's queue.
            let mut place = Arc::clone(places).acquire_owned().await.ok()?;
            loop {
                match listener.accept().await {
                    Ok((stream, peer)) => {
                        let trusted = self.limits.trusted.trusts(peer.ip().to_canonical());
                        let most = (!trusted).then_some(self.limits.connections_per_address);
                        let Some(place) = addresses.place(place, peer.ip(), most) else {
                            metrics::counter!("poort_connections_refused_total").increment(1);
                            drop(stream);
                            place = Arc::clone(places).acquire_owned().await.ok()?;
                            continue;
                        };
                        // Small responses must not wait for the previous one's acknowledgement.
                        let _ = stream.set_nodelay(true);
                        let unacknowledged = u32::try_from(self.limits.unacknowledged.as_millis()).unwrap_or(u32::MAX);
                        let _ = set_tcp_user_timeout(&stream, unacknowledged);
                        return Some((stream, peer, place));
                    }
                    Err(error) if is_of_connection(&error) => {}
                    Err(error) => {
                        tracing::error!(%error, "cannot accept a connection");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                }
            }
        };
        tokio::select! {
            biased;
            () = self.stopping.cancelled() => None,
            connection = next => connection,
        }
    }

    /// One connection, from its handshake to its end. Its place is taken before the handshake.
    async fn connection(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, place: Place) {
        let limits = &self.limits;
        let ended = match &self.tls {
            None => {
                let other = Other { address: peer, shown: Shown::NotAsked };
                self.http1(Wire::http1(stream, limits, place), other).await
            }
            Some(tls) => {
                let shaken = tokio::select! {
                    biased;
                    () = self.stopping.cancelled() => return,
                    shaken = tokio::time::timeout(limits.handshake_time, tls.accept(stream)) => shaken,
                };
                match shaken {
                    Ok(Ok(Shaken { stream, protocol, shown })) => {
                        let other = Other { address: peer, shown };
                        match protocol {
                            Protocol::Http2 => self.http2(Wire::http2(stream, limits, place), other).await,
                            Protocol::Http1 => self.http1(Wire::http1(stream, limits, place), other).await,
                        }
                    }
                    failed => {
                        metrics::counter!("poort_tls_handshakes_failed_total").increment(1);
                        let why = failed
                            .map_or_else(|_| "too slow".into(), |e| e.err().map_or(String::new(), |e| e.to_string()));
                        tracing::debug!(why, "a TLS handshake came to nothing");
                        return;
                    }
                }
            }
        };
        if let Err(error) = ended {
            // A client's doing, or a response that broke off: who made the response has logged why.
            tracing::debug!(%error, "a connection ended early");
        }
    }

    async fn http1<S>(self: &Arc<Self>, wire: Wire<S>, other: Other) -> hyper::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(|request| {
            let (server, other) = (Arc::clone(self), other.clone());
            async move { Ok::<_, Infallible>(server.answer(request, other).await) }
        });
        let mut connection = pin!(self.http1.serve_connection(TokioIo::new(wire), service).with_upgrades());
        tokio::select! {
            biased;
            ended = connection.as_mut() => ended,
            () = self.stopping.cancelled() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = connection => ended,
                    () = self.cut.cancelled() => Ok(()),
                }
            }
        }
    }

    async fn http2<S>(self: &Arc<Self>, wire: Wire<S>, other: Other) -> hyper::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let streams = Streams::new();
        let service = service_fn(|request| {
            let (server, stream, other) = (Arc::clone(self), streams.begin(), other.clone());
            async move {
                let head = *request.method() == Method::HEAD;
                let response = server.answer(request, other).await;
                let response = if head { without_body(response) } else { response };
                Ok::<_, Infallible>(response.map(|body| stream.of(body)))
            }
        });
        let mut connection = pin!(self.http2.serve_connection(TokioIo::new(wire), service));
        let (idle, stall) = (self.limits.idle_time, self.limits.write_stall);
        let mut wait = idle.min(stall);
        let mut leaving = false;
        loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => return ended,
                () = self.cut.cancelled() => return Ok(()),
                () = self.stopping.cancelled(), if !leaving => {
                    leaving = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = tokio::time::sleep(wait) => match streams.due(idle, stall) {
                    Due::In(rest) => wait = rest,
                    Due::Idle if !leaving => {
                        leaving = true;
                        wait = stall;
                        connection.as_mut().graceful_shutdown();
                    }
                    // Told to leave, and still here; or it takes nothing.
                    Due::Idle | Due::Stalled => return Ok(()),
                },
            }
        }
    }

    async fn answer(&self, request: Request<Incoming>, other: Other) -> Response<Body> {
        let Other { address: peer, shown } = other;
        let (certificate, card) = match shown {
            Shown::NotAsked => (None, None),
            Shown::Program(certificate) => (Some(certificate), None),
            Shown::Person(card) => (None, Some(card)),
        };
        let id = RequestId::new(&self.random);
        let http1 = request.version() < Version::HTTP_2;
        let target = match self.read(&request) {
            Ok(target) => target,
            Err(why) => {
                tracing::info!(request = %id, %why, "refused a request");
                let mut response = self.handler.refused(&id, why);
                *response.status_mut() = why.status();
                if why == BadHead::Method {
                    response.headers_mut().insert(ALLOW, HeaderValue::from_static(METHODS));
                }
                return if http1 { closing(response) } else { response };
            }
        };
        let last = is_last(&request);
        let handled = async { self.handler.handle(request, Exchange { target, peer, id, certificate, card }).await };
        let response = match AssertUnwindSafe(handled).catch_unwind().await {
            Ok(response) => response,
            Err(_) => {
                tracing::error!(request = %id, "a request's handling panicked");
                let mut response = self.handler.panicked(&id);
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                response
            }
        };
        if last && response.status() != StatusCode::SWITCHING_PROTOCOLS { closing(response) } else { response }
    }

    /// What the request is addressed to. Over HTTP/2 a body is no matter of the head, and fields are counted by nobody else.
    fn read(&self, request: &Request<Incoming>) -> Result<Target, BadHead> {
        if request.headers().len() > self.limits.head_fields {
            return Err(BadHead::TooManyFields);
        }
        let target = Target::read(request)?;
        if matches!(*request.method(), Method::GET | Method::HEAD) && !request.body().is_end_stream() {
            return Err(BadHead::UnexpectedBody);
        }
        Ok(target)
    }
}

/// `response`, and the connection's end behind it.
fn closing(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The answer to a `HEAD`, which hyper sends with its body over HTTP/2 (RFC 9110 section 9.3.2).
fn without_body(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    if let Some(size) = body.size_hint().exact().filter(|size| *size > 0) {
        parts.headers.entry(CONTENT_LENGTH).or_insert_with(|| HeaderValue::from(size));
    }
    Response::from_parts(parts, Body::empty())
}

/// Whether no request may follow on this connection, in HTTP/1.1: behind a chunked body or a refused upgrade nothing is framed by our own
/// reading any more (`framing`), so nothing there is taken for a request.
fn is_last(request: &Request<Incoming>) -> bool {
    request.headers().contains_key(TRANSFER_ENCODING) || request.headers().contains_key(UPGRADE)
}

/// Whether accepting failed because of the one connection that was to be accepted.
fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionRefused | ConnectionAborted | ConnectionReset)
}

#[cfg(test)]
mod tests;
