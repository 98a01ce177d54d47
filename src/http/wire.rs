//! One accepted connection: bytes in and out within their time, and looked at as they come in: the framing of HTTP/1.1
//! ([`Framing`]), the frames of HTTP/2 ([`Frames`]).
//!
//! The connection's place among [`super::limits::Limits::connections`] lives in here, so that a connection which became a
//! tunnel keeps its place until the tunnel ends.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Duration, Instant},
};

use super::{deadline::Deadline, frames::Frames, framing::Framing, limits::Limits, places::Place};

/// What hyper is given in place of a misframed head: a byte that may stand nowhere in one, so that hyper answers 400 and
/// closes. Nothing behind it is read.
const REFUSED: u8 = 0;

/// A connection, in clear or decrypted.
pub(super) struct Wire<S> {
    stream: S,
    looking: Looking,
    refused: bool,
    received: bool,
    /// While a head is under way: when it must be there.
    head: Deadline,
    /// While the client takes nothing: until when that may last.
    write: Deadline,
    /// After the last byte was written: until when what still comes is thrown away.
    linger: Deadline,
    head_time: Duration,
    write_stall: Duration,
    linger_time: Duration,
    _place: Place,
}

/// What is looked at in the bytes that come in.
enum Looking {
    Http1(Framing),
    Http2(Frames),
}

impl<S> Wire<S> {
    /// A connection that speaks HTTP/1.1.
    pub(super) fn http1(stream: S, limits: &Limits, place: Place) -> Self {
        Self::new(stream, Looking::Http1(Framing::new()), limits, place)
    }

    /// A connection that speaks HTTP/2.
    pub(super) fn http2(stream: S, limits: &Limits, place: Place) -> Self {
        Self::new(stream, Looking::Http2(Frames::new(Instant::now())), limits, place)
    }

    fn new(stream: S, looking: Looking, limits: &Limits, place: Place) -> Self {
        Self {
            stream,
            looking,
            refused: false,
            received: false,
            head: Deadline::default(),
            write: Deadline::default(),
            linger: Deadline::default(),
            head_time: limits.head_time,
            write_stall: limits.write_stall,
            linger_time: limits.linger,
            _place: place,
        }
    }

    /// Whether something has begun that must come to its end within its time.
    fn inside_head(&self) -> bool {
        match &self.looking {
            Looking::Http1(framing) => framing.inside_head(),
            Looking::Http2(frames) => frames.inside_head(),
        }
    }

    /// The result of a write, where waiting too long is an error.
    fn written<T>(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.write.clear();
            return result;
        }
        ready!(self.write.poll(cx, self.write_stall));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client reads nothing")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.refused {
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buf) {
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
            Poll::Pending => {
                if this.received && !this.inside_head() {
                    return Poll::Pending;
                }
                ready!(this.head.poll(cx, this.head_time));
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the request's head is too slow")));
            }
        }
        this.received = true;
        let bytes = &buf.filled()[before..];
        match &mut this.looking {
            Looking::Http1(framing) => {
                if let Err((good, misframed)) = framing.pass(bytes) {
                    tracing::debug!(%misframed, "refused a request");
                    this.refused = true;
                    // There is room: at least one byte was read behind the good ones.
                    buf.set_filled(before + good);
                    buf.put_slice(&[REFUSED]);
                }
            }
            Looking::Http2(frames) => {
                if let Err(flood) = frames.pass(bytes, Instant::now()) {
                    metrics::counter!("poort_http2_floods_total").increment(1);
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, flood)));
                }
            }
        }
        if !this.inside_head() {
            this.head.clear();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.written(cx, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.written(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // TLS keeps what the socket did not take.
        let result = Pin::new(&mut self.stream).poll_flush(cx);
        self.written(cx, result)
    }

    /// Says that nothing more comes, and reads on for a moment: closing a socket with unread bytes resets it, and a reset
    /// can destroy the response on its way (RFC 9112 section 9.6).
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let shut = Pin::new(&mut this.stream).poll_shutdown(cx);
        ready!(this.written(cx, shut))?;
        let mut scratch = [0; 4096];
        loop {
            if this.linger.poll(cx, this.linger_time).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut unread = ReadBuf::new(&mut scratch);
            match ready!(Pin::new(&mut this.stream).poll_read(cx, &mut unread)) {
                Ok(()) if !unread.filled().is_empty() => {}
                _ => return Poll::Ready(Ok(())),
            }
        }
    }
}
