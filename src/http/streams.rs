//! The requests of one HTTP/2 connection, as far as time goes: one that asks nothing ends, and so does one whose client takes
//! nothing of what it asked for.
//!
//! Over HTTP/1.1 a client that does not read stops the socket, and `wire` sees it. Over HTTP/2 it keeps its window shut: the
//! socket stays writable, the response waits, and a backend's connection with it (CVE-2019-9517, CVE-2019-9511). So each
//! response says when it handed out a piece, and when it was asked for the next. On a slow line all of them wait long, and now
//! one and then another is asked: that is no stall, unless one of them is never asked at all.

use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::Instant;

use super::Body;

/// What is open on a connection.
#[derive(Debug)]
pub(super) struct Streams(Mutex<State>);

#[derive(Debug)]
struct State {
    open: usize,
    next: u64,
    /// Since when nothing is open, while nothing is.
    quiet_since: Instant,
    /// The responses that handed out a piece and were not asked for more: since when.
    given: BTreeMap<u64, Instant>,
    /// When any of them was last asked.
    asked: Instant,
}

/// Bytes of a piece: small enough that a slow line asks often.
const PIECE: usize = 16 * 1024;

/// How many times as long as all of them one response may wait, while others are taken.
const ONE_OF_MANY: u32 = 10;

/// What is due on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// Nothing before this time has passed.
    In(Duration),
    /// Nothing was asked for too long.
    Idle,
    /// The client has taken nothing of a response for too long.
    Stalled,
}

impl Streams {
    pub(super) fn new() -> Arc<Self> {
        let now = Instant::now();
        Arc::new(Self(Mutex::new(State { open: 0, next: 0, quiet_since: now, given: BTreeMap::new(), asked: now })))
    }

    /// A request begins.
    pub(super) fn begin(self: &Arc<Self>) -> Stream {
        let mut state = self.lock();
        state.open += 1;
        state.next += 1;
        Stream { id: state.next, streams: Arc::clone(self) }
    }

    /// What is due, when nothing may be asked for at most `idle`, and the client may take nothing of its responses for at most
    /// `stall`.
    pub(super) fn due(&self, idle: Duration, stall: Duration) -> Due {
        let (now, state) = (Instant::now(), self.lock());
        let longest = state.given.values().map(|since| now.duration_since(*since)).max().unwrap_or_default();
        let all_wait = longest.min(now.duration_since(state.asked));
        if all_wait >= stall || longest >= stall * ONE_OF_MANY {
            return Due::Stalled;
        }
        let rest = match state.open {
            0 => idle.saturating_sub(now.duration_since(state.quiet_since)),
            _ => idle,
        };
        if rest.is_zero() {
            return Due::Idle;
        }
        // A wait that begins later is noticed when it has lasted for twice as long at most.
        Due::In(rest.min(stall.saturating_sub(all_wait)).max(Duration::from_millis(1)))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request, from its head to the end of its response.
pub(super) struct Stream {
    streams: Arc<Streams>,
    id: u64,
}

impl Stream {
    /// `body`, as this request's response.
    pub(super) fn of(self, body: Body) -> Body {
        Body::new(Watched { body, rest: Bytes::new(), stream: self })
    }
}

impl Stream {
    /// Its client wants more.
    fn asked(&self) {
        let mut state = self.streams.lock();
        state.given.remove(&self.id);
        state.asked = Instant::now();
    }

    /// Its client has something to take.
    fn gave(&self) {
        self.streams.lock().given.insert(self.id, Instant::now());
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut state = self.streams.lock();
        state.given.remove(&self.id);
        state.open -= 1;
        if state.open == 0 {
            state.quiet_since = Instant::now();
        }
    }
}

/// A response's body that says when it is asked and when it has given.
struct Watched {
    body: Body,
    /// What is left of a large piece.
    rest: Bytes,
    stream: Stream,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        this.stream.asked();
        if this.rest.is_empty() {
            match ready!(Pin::new(&mut this.body).poll_frame(cx)).map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(piece))) => this.rest = piece,
                Some(Ok(Err(trailers))) => return Poll::Ready(Some(Ok(trailers))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        this.stream.gave();
        let piece = this.rest.split_to(this.rest.len().min(PIECE));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, body) = (self.rest.len() as u64, self.body.size_hint());
        let mut all = SizeHint::new();
        all.set_lower(body.lower() + rest);
        if let Some(upper) = body.upper() {
            all.set_upper(upper + rest);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use http_body::Body as _;
    use http_body_util::BodyExt;

    use super::*;

    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn a_connection_is_idle_when_nothing_is_open() {
        let streams = Streams::new();
        assert!(matches!(streams.due(LONG, LONG), Due::In(_)));
        assert_eq!(streams.due(Duration::ZERO, LONG), Due::Idle);
        let stream = streams.begin();
        std::thread::sleep(SHORT * 2);
        assert!(matches!(streams.due(SHORT, LONG), Due::In(_)), "a request may take its time");
        drop(stream);
        assert!(matches!(streams.due(LONG, LONG), Due::In(_)));
        std::thread::sleep(SHORT * 2);
        assert_eq!(streams.due(SHORT, LONG), Due::Idle);
    }

    #[tokio::test]
    async fn cve_2019_9517_a_response_that_nobody_takes_stalls_and_one_that_waits_for_its_backend_does_not() {
        let streams = Streams::new();
        let (mut backend, body) = tokio::io::duplex(64);
        let reader = futures_util::stream::unfold(body, |mut body| async {
            let mut piece = [0; 8];
            let size = tokio::io::AsyncReadExt::read(&mut body, &mut piece).await.expect("open");
            (size > 0).then(|| (Ok::<_, std::io::Error>(Bytes::copy_from_slice(&piece[..size])), body))
        });
        let mut response = streams.begin().of(Body::from_stream(reader));
        {
            let asked = response.frame();
            tokio::pin!(asked);
            assert!(futures_util::poll!(asked.as_mut()).is_pending());
            std::thread::sleep(SHORT * 2);
            assert!(matches!(streams.due(LONG, SHORT), Due::In(_)), "the backend is slow");
            tokio::io::AsyncWriteExt::write_all(&mut backend, b"piece").await.expect("open");
            assert!(asked.await.is_some());
        }
        assert!(matches!(streams.due(LONG, LONG), Due::In(_)));
        std::thread::sleep(SHORT * 2);
        assert_eq!(streams.due(LONG, SHORT), Due::Stalled);
        // Of another response something is taken: the line is slow. But not for ever.
        let other = streams.begin();
        other.asked();
        other.gave();
        assert!(matches!(streams.due(LONG, SHORT), Due::In(_)));
        assert_eq!(streams.due(LONG, SHORT / 10), Due::Stalled);
        drop((other, response));
        assert!(matches!(streams.due(LONG, SHORT), Due::In(_)), "a request that is over waits for nobody");
    }

    #[tokio::test]
    async fn a_large_piece_is_handed_out_in_small_ones() {
        let whole: Vec<u8> = (0..100_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut body = Streams::new().begin().of(Body::from(whole.clone()));
        let (mut got, mut left) = (Vec::new(), whole.len() as u64);
        while !body.is_end_stream() {
            assert_eq!(body.size_hint().exact(), Some(left));
            let piece = body.frame().await.expect("more").expect("good").into_data().expect("data");
            assert!(piece.len() <= PIECE && !piece.is_empty());
            left -= piece.len() as u64;
            got.extend_from_slice(&piece);
        }
        assert!(got == whole);
    }
}
