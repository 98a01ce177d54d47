//! A response's body on its way out: streamed piece by piece, ended when its permit ends.
//!
//! Architecture invariant: a body that does not end as the backend ended it ends in an error, and an error closes the client's
//! connection without the last chunk or the missing bytes: it never looks complete.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::standing::{Standing, Word};
use crate::http::{deadline::Deadline, trace::RequestId};

/// Why a body ended early.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// Its permit would no longer be given.
    #[error("the permit ended")]
    Revoked,
    /// Nothing came from the backend for too long.
    #[error("the backend sends nothing")]
    Quiet,
    /// The gateway stops, and an event stream has no end to wait for.
    #[error("the gateway stops")]
    Stopping,
    /// The backend broke it off.
    #[error("the backend broke its response off")]
    Broken(#[source] hyper::Error),
}

/// A backend's body. Trailers are dropped: who merges them with the header fields would take them for checked ones.
pub(super) struct Download {
    body: Incoming,
    standing: Standing,
    until_stopping: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    quiet: Duration,
    id: RequestId,
    begun: bool,
    silence: Deadline,
    over: bool,
}

impl Download {
    /// `body` until its permit ends, or nothing of it came for `quiet`.
    pub(super) fn new(body: Incoming, standing: Standing, quiet: Duration, id: RequestId) -> Self {
        Self {
            body,
            standing,
            until_stopping: None,
            quiet,
            id,
            begun: false,
            silence: Deadline::default(),
            over: false,
        }
    }

    /// Ends it also when the gateway stops.
    pub(super) fn until(self, stopping: &CancellationToken) -> Self {
        Self { until_stopping: Some(Box::pin(stopping.clone().cancelled_owned())), ..self }
    }

    /// Pending while nobody knows whether it may go on.
    fn poll_standing(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Ended>> {
        let word = self.standing.poll(cx);
        if word == Word::End {
            return Poll::Ready(Err(Ended::Revoked));
        }
        if self.until_stopping.as_mut().is_some_and(|stopping| stopping.as_mut().poll(cx).is_ready()) {
            return Poll::Ready(Err(Ended::Stopping));
        }
        if word == Word::Rest { Poll::Pending } else { Poll::Ready(Ok(())) }
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Ended>>> {
        // A first piece that is there already follows the decision at once; before every other one it is asked again.
        if self.begun {
            ready!(self.poll_standing(cx))?;
        }
        loop {
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) if frame.is_data() => {
                    self.begun = true;
                    self.silence.clear();
                    return Poll::Ready(Some(Ok(frame)));
                }
                Poll::Ready(Some(Ok(_))) => {}
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(Ended::Broken(error)))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => break,
            }
        }
        if !std::mem::replace(&mut self.begun, true) {
            ready!(self.poll_standing(cx))?;
        }
        if self.silence.poll(cx, self.quiet).is_ready() {
            return Poll::Ready(Some(Err(Ended::Quiet)));
        }
        Poll::Pending
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = Ended;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Ended>>> {
        if self.over {
            return Poll::Ready(None);
        }
        let next = self.poll_next(cx);
        match &next {
            Poll::Ready(Some(Err(ended))) => {
                self.over = true;
                match ended {
                    Ended::Revoked | Ended::Stopping => tracing::info!(request = %self.id, %ended, "ended a response"),
                    Ended::Quiet | Ended::Broken(_) => {
                        tracing::warn!(request = %self.id, %ended, "a response broke off")
                    }
                }
            }
            Poll::Ready(None) => self.over = true,
            _ => {}
        }
        next
    }

    fn is_end_stream(&self) -> bool {
        self.over || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
