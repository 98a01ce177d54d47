//! WebSockets: the two connections are tied together byte by byte after the backend has agreed.
//!
//! Not terminated: a WebSocket library would hold 5 to 130 KB for each, and its reading of the frames would be one more to
//! disagree with. What it costs instead is two buffers of 4 KiB. Other protocols than `websocket` are not offered to a backend.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use http::{
    HeaderMap, Method, Version,
    header::{CONNECTION, SEC_WEBSOCKET_KEY, UPGRADE},
    request::Parts,
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::standing::Standing;
use crate::http::trace::RequestId;

/// Bytes on their way, in each direction.
const BUFFER: usize = 4096;

/// Whether a request asks for a WebSocket (RFC 6455 section 4.2.1).
#[must_use]
pub fn is_websocket(request: &Parts) -> bool {
    request.method == Method::GET
        && request.version == Version::HTTP_11
        && request.headers.contains_key(SEC_WEBSOCKET_KEY)
        && names_websocket(&request.headers)
}

/// Whether `Connection` and `Upgrade` speak of a WebSocket and of nothing else.
pub(super) fn names_websocket(headers: &HeaderMap) -> bool {
    let mut protocols = headers.get_all(UPGRADE).iter();
    let (Some(protocol), None) = (protocols.next(), protocols.next()) else {
        return false;
    };
    let listed = |value: &http::HeaderValue| {
        value.as_bytes().split(|b| *b == b',').any(|option| option.trim_ascii().eq_ignore_ascii_case(b"upgrade"))
    };
    protocol.as_bytes().eq_ignore_ascii_case(b"websocket") && headers.get_all(CONNECTION).iter().any(listed)
}

/// Both ends of a tunnel, and what ends it.
pub(super) struct Tunnel {
    pub(super) client: OnUpgrade,
    pub(super) backend: OnUpgrade,
    pub(super) standing: Standing,
    pub(super) stopping: CancellationToken,
    pub(super) quiet: Duration,
    pub(super) id: RequestId,
}

impl Tunnel {
    /// Carries bytes until one end closes, nothing came from either for [`Tunnel::quiet`], the permit ends or the gateway stops. While
    /// nobody knows whether the permit holds, nothing is carried.
    pub(super) async fn run(self) {
        let Self { client, backend, mut standing, stopping, quiet, id } = self;
        let (client, backend) = match tokio::try_join!(client, backend) {
            Ok(ends) => ends,
            Err(error) => {
                tracing::debug!(request = %id, %error, "a tunnel did not come about");
                return;
            }
        };
        let (mut from_client, mut to_client) = split(TokioIo::new(client));
        let (mut from_backend, mut to_backend) = split(TokioIo::new(backend));
        let activity = Activity::new();
        let carrying = async {
            tokio::select! {
                biased;
                _ = carry(&mut from_client, &mut to_backend, &activity) => "the client closed",
                _ = carry(&mut from_backend, &mut to_client, &activity) => "the backend closed",
            }
        };
        let why = tokio::select! {
            biased;
            () = stopping.cancelled() => "the gateway stops",
            () = activity.quiet_for(quiet) => "nothing was said",
            carried = standing.during(carrying) => carried.unwrap_or("the permit ended"),
        };
        tracing::debug!(request = %id, why, "a tunnel ended");
        // Both ends learn of it; a failure means that they know already.
        let _ = tokio::join!(to_backend.shutdown(), to_client.shutdown());
    }
}

async fn carry(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    activity: &Activity,
) -> std::io::Result<()> {
    let mut buffer = [0; BUFFER];
    loop {
        let size = from.read(&mut buffer).await?;
        if size == 0 {
            return Ok(());
        }
        activity.now();
        to.write_all(&buffer[..size]).await?;
        to.flush().await?;
    }
}

/// When something was last carried, in milliseconds since the tunnel began.
struct Activity {
    began: Instant,
    last: AtomicU64,
}

impl Activity {
    fn new() -> Self {
        Self { began: Instant::now(), last: AtomicU64::new(0) }
    }

    fn now(&self) {
        let millis = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(millis, Ordering::Relaxed);
    }

    async fn quiet_for(&self, quiet: Duration) {
        loop {
            let end = self.began + Duration::from_millis(self.last.load(Ordering::Relaxed)) + quiet;
            if end <= Instant::now() {
                return;
            }
            tokio::time::sleep_until(end).await;
        }
    }
}
