//! A request's body on its way in: never held, never larger than its route allows, never slower than its pace.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Instant;

use super::{deadline::Deadline, limits::Pace};

/// Why a body was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// It is larger than allowed.
    #[error("the request's body is too large")]
    TooLarge,
    /// The client sends too slowly.
    #[error("the request's body comes too slowly")]
    TooSlow,
    /// The client went away, or its chunks are malformed.
    #[error("the request's body ended early")]
    Broken(#[source] hyper::Error),
}

/// A request's body within its bounds. Trailers are dropped: a backend that merges them with its header fields would take
/// them for ours.
pub struct Upload {
    source: Source,
    /// Bytes still allowed.
    allowance: u64,
    received: u64,
    pace: Pace,
    /// Waited for the client so far.
    waited: Duration,
    /// Until when its next piece must come.
    next: Deadline,
    progress: Option<Arc<Progress>>,
}

enum Source {
    /// There is none.
    None,
    /// What was read already, then the rest.
    Client(Option<Bytes>, Incoming),
    /// Read whole.
    Held(Option<Bytes>),
}

impl Upload {
    /// The body `incoming`, of at most `most` bytes.
    ///
    /// # Errors
    /// [`UploadError::TooLarge`] when it says itself that it is larger: nothing of it is read then.
    pub fn new(incoming: Incoming, most: u64, pace: Pace) -> Result<Self, UploadError> {
        if incoming.size_hint().lower() > most {
            return Err(UploadError::TooLarge);
        }
        let (source, progress) = if incoming.is_end_stream() {
            (Source::None, None)
        } else {
            (Source::Client(None, incoming), Some(Arc::default()))
        };
        Ok(Self {
            source,
            allowance: most,
            received: 0,
            pace,
            waited: Duration::ZERO,
            next: Deadline::default(),
            progress,
        })
    }

    /// A body that was read before, of at most `most` bytes.
    ///
    /// # Errors
    /// [`UploadError::TooLarge`] when it is larger.
    pub fn held(body: Bytes, most: u64) -> Result<Self, UploadError> {
        if body.len() as u64 > most {
            return Err(UploadError::TooLarge);
        }
        let source = if body.is_empty() { Source::None } else { Source::Held(Some(body)) };
        Ok(Self { source, allowance: most, ..Self::none() })
    }

    /// No body.
    #[must_use]
    pub fn none() -> Self {
        Self {
            source: Source::None,
            allowance: 0,
            received: 0,
            pace: Pace::default(),
            waited: Duration::ZERO,
            next: Deadline::default(),
            progress: None,
        }
    }

    /// Whether the request has no body at all.
    #[must_use]
    pub fn is_none(&self) -> bool {
        matches!(self.source, Source::None)
    }

    /// How far the body is, for who waits for an answer to it from now on.
    #[must_use]
    pub fn progress(&self) -> Option<Arc<Progress>> {
        let progress = self.progress.as_ref()?;
        progress.set(Turn::Backend(Instant::now()));
        Some(Arc::clone(progress))
    }

    /// Reads the whole body, which stays in place to be read again byte for byte. `None` when it is larger than `most`
    /// bytes: what was read then comes first again, and the rest behind it.
    ///
    /// # Errors
    /// As reading does.
    pub async fn hold(&mut self, most: usize) -> Result<Option<Bytes>, UploadError> {
        if self.size_hint().lower() > most as u64 {
            return Ok(None);
        }
        let mut held = Vec::new();
        while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut *self).poll_frame(cx)).await {
            held.extend_from_slice(&frame?.into_data().unwrap_or_default());
            if held.len() > most {
                self.count_back(held.len());
                if let Source::Client(first, _) = &mut self.source {
                    *first = Some(held.into());
                }
                return Ok(None);
            }
        }
        self.count_back(held.len());
        let held = Bytes::from(held);
        if !self.is_none() {
            self.source = Source::Held((!held.is_empty()).then(|| held.clone()));
        }
        Ok(Some(held))
    }

    fn count_back(&mut self, size: usize) {
        self.allowance += size as u64;
        self.received -= size as u64;
    }

    fn poll_source(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, UploadError>>> {
        match &mut self.source {
            Source::None => Poll::Ready(None),
            Source::Held(bytes) => Poll::Ready(bytes.take().map(Ok)),
            Source::Client(first, incoming) => {
                if let Some(bytes) = first.take() {
                    return Poll::Ready(Some(Ok(bytes)));
                }
                loop {
                    match ready!(Pin::new(&mut *incoming).poll_frame(cx)) {
                        None => return Poll::Ready(None),
                        Some(Err(error)) => return Poll::Ready(Some(Err(UploadError::Broken(error)))),
                        Some(Ok(frame)) => {
                            if let Ok(bytes) = frame.into_data() {
                                return Poll::Ready(Some(Ok(bytes)));
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = UploadError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, UploadError>>> {
        let this = &mut *self;
        let Poll::Ready(next) = this.poll_source(cx) else {
            let patience = this.pace.patience(this.received, this.waited);
            if this.next.poll(cx, patience).is_ready() {
                return Poll::Ready(Some(Err(UploadError::TooSlow)));
            }
            if let Some(progress) = &this.progress {
                progress.set(Turn::Client);
            }
            return Poll::Pending;
        };
        this.waited += this.next.clear();
        if let Some(progress) = &this.progress {
            progress.set(Turn::Backend(Instant::now()));
        }
        Poll::Ready(match next {
            None => None,
            Some(Err(error)) => Some(Err(error)),
            Some(Ok(bytes)) => {
                let size = bytes.len() as u64;
                this.received += size;
                match this.allowance.checked_sub(size) {
                    None => Some(Err(UploadError::TooLarge)),
                    Some(left) => {
                        this.allowance = left;
                        Some(Ok(Frame::data(bytes)))
                    }
                }
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        match &self.source {
            Source::None => true,
            Source::Held(bytes) => bytes.is_none(),
            Source::Client(first, incoming) => first.is_none() && incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::None => SizeHint::with_exact(0),
            Source::Held(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
            Source::Client(first, incoming) => {
                let first = first.as_ref().map_or(0, |b| b.len() as u64);
                let rest = incoming.size_hint();
                let mut all = SizeHint::new();
                all.set_lower(rest.lower() + first);
                if let Some(upper) = rest.upper() {
                    all.set_upper(upper + first);
                }
                all
            }
        }
    }
}

/// Whose turn it is while a body is sent on: a backend is not to blame for the time that the client takes.
#[derive(Debug)]
pub struct Progress(Mutex<Turn>);

#[derive(Clone, Copy, Debug)]
enum Turn {
    Client,
    Backend(Instant),
}

impl Default for Progress {
    fn default() -> Self {
        Self(Mutex::new(Turn::Backend(Instant::now())))
    }
}

impl Progress {
    fn set(&self, turn: Turn) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = turn;
    }

    /// How long it has been the backend's turn, to take more of the body or to answer; zero while the client's.
    #[must_use]
    pub fn backend_since(&self) -> Duration {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Turn::Client => Duration::ZERO,
            Turn::Backend(since) => since.elapsed(),
        }
    }
}
