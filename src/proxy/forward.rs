//! Sends a permitted request to its backend and the response back, both as they come.
//!
//! A request is sent a second time only when the backend closed a kept connection without a byte of an answer, and only when
//! it is safe and has no body. One that was never written, because the connection was closed before, hyper sends again itself.

use std::{pin::pin, time::Duration};

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header::CONTENT_TYPE, request::Parts};
use hyper::{body::Incoming, upgrade::OnUpgrade};
use hyper_util::client::legacy::{Error, ResponseFuture};
use tokio_util::sync::CancellationToken;

use super::{
    download::Download,
    error::Failure,
    guard::is_safe,
    headers::{self, Added},
    response_headers,
    site::Site,
    standing::Standing,
    upgrade::{self, Tunnel},
    upstream::{Upstream, closed_unanswered},
};
use crate::http::{
    Body,
    body::{Progress, Upload},
    client_ip::{Client, Scheme},
    request_head::Target,
    security_headers,
    trace::{RequestId, Trace},
};

/// How long an open stream may be silent.
#[derive(Clone, Copy, Debug)]
pub struct Quiet {
    /// A response's body. Default 5 minutes; event streams are expected to send comments more often.
    pub response: Duration,
    /// A tunnel, in both directions. Default 1 hour.
    pub tunnel: Duration,
}

impl Default for Quiet {
    fn default() -> Self {
        Self { response: Duration::from_secs(300), tunnel: Duration::from_secs(3600) }
    }
}

/// A request that may pass.
pub struct Forward<'a> {
    /// What was decided on.
    pub target: &'a Target,
    /// The client's head: its method, its header fields before anything was removed, and its upgrade.
    pub head: Parts,
    /// The body, within its route's bounds.
    pub body: Upload,
    /// The host that was asked.
    pub site: &'a Site,
    /// Who asks.
    pub client: &'a Client,
    /// The request's number.
    pub id: RequestId,
    /// Its trace.
    pub trace: &'a Trace,
    /// `Bearer …`: who the backend is told it is.
    pub token: &'a HeaderValue,
    /// Whether what is still under way may go on.
    pub standing: Standing,
    /// Ends tunnels and event streams when the gateway stops.
    pub stopping: &'a CancellationToken,
    /// How long they may be silent.
    pub quiet: Quiet,
}

/// Sends `forward` to `upstream`; resolves when the response's head is there. Dropping the future gives the request up, and the
/// backend sees its connection close.
///
/// # Errors
/// Why there is no response.
pub async fn forward(upstream: &Upstream, forward: Forward<'_>) -> Result<Response<Body>, Failure> {
    let Forward { target, mut head, body, site, client, id, trace, token, mut standing, stopping, quiet } = forward;
    let websocket = upgrade::is_websocket(&head) && body.is_none();
    let client_end = if websocket { head.extensions.remove::<OnUpgrade>() } else { None };
    headers::inbound(
        &mut head.headers,
        &Added { token, id: &id, trace, client, site, host: &upstream.host, websocket },
    );

    let uri = upstream.uri(target).map_err(Failure::Unwritable)?;
    let again = (body.is_none() && is_safe(&head.method) && !websocket).then(|| head.headers.clone());
    let progress = body.progress();
    let first = upstream.send(request(&head.method, &uri, head.headers, body));
    let mut answered = answer(first, progress.as_deref(), &mut standing, upstream.response_timeout).await?;
    if let (Err(error), Some(headers)) = (&answered, again)
        && closed_unanswered(error)
    {
        let second = upstream.send(request(&head.method, &uri, headers, Upload::none()));
        answered = answer(second, None, &mut standing, upstream.response_timeout).await?;
    }
    let mut response = answered.map_err(Failure::of)?;

    let status = response.status();
    if status == StatusCode::SWITCHING_PROTOCOLS {
        let (Some(client_end), true) = (client_end, upgrade::names_websocket(response.headers())) else {
            return Err(Failure::UnaskedUpgrade);
        };
        let backend = hyper::upgrade::on(&mut response);
        let stopping = stopping.clone();
        let tunnel = Tunnel { client: client_end, backend, standing, stopping, quiet: quiet.tunnel, id };
        tokio::spawn(tunnel.run());
        return Ok(outbound(response.into_parts().0, Body::empty(), site, client, upstream));
    }
    let (parts, body) = response.into_parts();
    let download = Download::new(body, standing, quiet.response, id);
    let download = if is_event_stream(&parts.headers) { download.until(stopping) } else { download };
    Ok(outbound(parts, Body::new(download), site, client, upstream))
}

fn request(method: &Method, uri: &Uri, headers: HeaderMap, body: Upload) -> Request<Upload> {
    let mut request = Request::new(body);
    *request.method_mut() = method.clone();
    *request.uri_mut() = uri.clone();
    *request.headers_mut() = headers;
    request
}

/// The response's head, within `limit` of the backend's own time: while the client sends its body, it is not the backend's.
/// A body goes to the backend by itself and cannot be made to rest; so a request with one ends when it is not certain any more.
async fn answer(
    sending: ResponseFuture,
    progress: Option<&Progress>,
    standing: &mut Standing,
    limit: Duration,
) -> Result<Result<Response<Incoming>, Error>, Failure> {
    let in_time = async {
        let mut sending = pin!(sending);
        let mut wait = limit;
        loop {
            tokio::select! {
                biased;
                answered = sending.as_mut() => return Ok(answered),
                () = tokio::time::sleep(wait) => match progress.map(Progress::backend_since) {
                    Some(since) if since < limit => wait = limit - since,
                    _ => return Err(Failure::Slow { connected: true }),
                },
            }
        }
    };
    let answered = match progress {
        Some(_) => standing.certain(in_time).await,
        None => standing.during(in_time).await,
    };
    answered.unwrap_or(Err(Failure::Revoked))
}

fn outbound(
    parts: http::response::Parts,
    body: Body,
    site: &Site,
    client: &Client,
    upstream: &Upstream,
) -> Response<Body> {
    let mut headers = parts.headers;
    response_headers::outbound(&mut headers, parts.status, site, &upstream.origin);
    if client.scheme == Scheme::Https {
        security_headers::strict_transport(&mut headers);
    }
    let mut response = Response::new(body);
    *response.status_mut() = parts.status;
    *response.headers_mut() = headers;
    response
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let kind = b"text/event-stream";
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.as_bytes().get(..kind.len()))
        .is_some_and(|start| start.eq_ignore_ascii_case(kind))
}
