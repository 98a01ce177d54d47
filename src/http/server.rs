//! The listener: connections in, requests to one [`Handler`], responses out.
//!
//! Not `axum::serve`, which has no bound on slow heads (500 of 500 slowhttptest connections stayed open) and puts a router
//! before the proxy (12 % more processor time): the handler dispatches by host itself.
//!
//! Architecture invariant: whatever happens to one request or connection stays there. A panic is that request's 500; an accept
//! that fails (`EMFILE`) is tried again; the listener ends only when told.

use std::{future::Future, io, net::SocketAddr, panic::AssertUnwindSafe, pin::pin, sync::Arc, time::Duration};

use futures_util::FutureExt;
use http::{
    HeaderValue, Request, Response, StatusCode,
    header::{CONNECTION, TRANSFER_ENCODING, UPGRADE},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;

use super::{
    Body,
    limits::Limits,
    places::Addresses,
    request_head::{BadHead, Target},
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

/// What is known of a request before anybody looks into it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What is asked of which host. There is no other reading of the request's `Uri` and `Host`.
    pub target: Target,
    /// The other end of the connection: a client, or a proxy.
    pub peer: SocketAddr,
    /// The request's number.
    pub id: RequestId,
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

/// Serves until `stopping` is cancelled, then answers what is under way, closing each connection behind it, for at most
/// [`Limits::drain`]. Tunnels end when they see the same token.
pub async fn serve<H: Handler>(
    listener: impl Accept,
    handler: H,
    limits: Limits,
    random: Random,
    stopping: CancellationToken,
) -> Drained {
    let server = Arc::new(Server { handler, random, http: http(&limits), stopping, cut: CancellationToken::new() });
    let size = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let places = Arc::new(Semaphore::new(limits.connections));
    let addresses = Addresses::default();
    while let Some((stream, peer)) = server.next(&listener, &places, &addresses, &limits).await {
        let server = Arc::clone(&server);
        tokio::spawn(async move { server.connection(stream, peer).await });
    }
    drop(listener);
    let all = tokio::time::timeout(limits.drain, places.acquire_many(size)).await;
    let cut = if all.is_ok() { 0 } else { limits.connections - places.available_permits() };
    server.cut.cancel();
    Drained { cut }
}

fn http(limits: &Limits) -> http1::Builder {
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

struct Server<H> {
    handler: H,
    random: Random,
    http: http1::Builder,
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
        limits: &Limits,
    ) -> Option<(Wire, SocketAddr)> {
        let next = async {
            // The place comes first: without one, connections stay in the kernel's queue.
            let mut place = Arc::clone(places).acquire_owned().await.ok()?;
            loop {
                match listener.accept().await {
                    Ok((stream, peer)) => {
                        let trusted = limits.trusted.trusts(peer.ip().to_canonical());
                        let most = (!trusted).then_some(limits.connections_per_address);
                        let Some(place) = addresses.place(place, peer.ip(), most) else {
                            metrics::counter!("poort_connections_refused_total").increment(1);
                            drop(stream);
                            place = Arc::clone(places).acquire_owned().await.ok()?;
                            continue;
                        };
                        // Small responses must not wait for the previous one's acknowledgement.
                        let _ = stream.set_nodelay(true);
                        return Some((Wire::new(stream, limits, place), peer));
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

    async fn connection(self: Arc<Self>, wire: Wire, peer: SocketAddr) {
        let service = service_fn(|request| {
            let server = Arc::clone(&self);
            async move { Ok::<_, std::convert::Infallible>(server.answer(request, peer).await) }
        });
        let mut connection = pin!(self.http.serve_connection(TokioIo::new(wire), service).with_upgrades());
        let ended = tokio::select! {
            biased;
            ended = connection.as_mut() => ended,
            () = self.stopping.cancelled() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = connection => ended,
                    () = self.cut.cancelled() => Ok(()),
                }
            }
        };
        if let Err(error) = ended {
            // A client's doing, or a response that broke off: who made the response has logged why.
            tracing::debug!(%error, "a connection ended early");
        }
    }

    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
        let id = RequestId::new(&self.random);
        let target = match Target::read(&request) {
            Ok(target) => target,
            Err(why) => {
                tracing::info!(request = %id, %why, "refused a request");
                let mut response = self.handler.refused(&id, why);
                *response.status_mut() = why.status();
                return closing(response);
            }
        };
        let last = is_last(&request);
        let handled = async { self.handler.handle(request, Exchange { target, peer, id }).await };
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
}

/// `response`, and the connection's end behind it.
fn closing(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Whether no request may follow on this connection: behind a chunked body or a refused upgrade nothing is framed by our own
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
