//! A body as it comes: line after line, each bounded; none is waited for inside a transaction.

use axum::body::{Body, BodyDataStream};
use bytes::{Buf, BytesMut};
use futures_util::StreamExt;
use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};

use super::problem::Problem;

/// The largest row, in bytes.
pub(super) const LARGEST_ROW: usize = 16 * 1024;

/// Refuses a body that is not of this media type, or is compressed: what it would become has no bound.
pub(super) fn is_plain(headers: &HeaderMap, media_type: &'static str) -> Result<(), Problem> {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim();
    let plain = headers.get(CONTENT_ENCODING).is_none_or(|value| value == "identity");
    if plain && essence.eq_ignore_ascii_case(media_type) { Ok(()) } else { Err(Problem::MediaType(media_type)) }
}

/// A body that is one row.
pub(super) async fn document(body: Body) -> Result<BytesMut, Problem> {
    let mut stream = body.into_data_stream();
    let mut document = BytesMut::new();
    while let Some(piece) = stream.next().await {
        document.extend_from_slice(&piece?);
        if document.len() > LARGEST_ROW {
            return Err(Problem::TooLarge(format!("at most {LARGEST_ROW} bytes"), None));
        }
    }
    Ok(document)
}

/// The lines of a body (NDJSON). Blank ones are skipped and counted.
pub(super) struct Lines {
    stream: BodyDataStream,
    held: BytesMut,
    /// What of `held` has no end of a line.
    searched: usize,
    number: u64,
    ended: bool,
}

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Its number, from 1.
    pub number: u64,
    /// Its bytes; `None` when there are too many of them.
    pub text: Option<BytesMut>,
}

impl Lines {
    pub fn of(body: Body) -> Self {
        Self { stream: body.into_data_stream(), held: BytesMut::new(), searched: 0, number: 0, ended: false }
    }

    /// The next line that is not blank; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Line>, Problem> {
        let mut too_long = false;
        loop {
            let end = memchr::memchr(b'\n', &self.held[self.searched..]).map(|at| self.searched + at);
            if let Some(end) = end.or((self.ended && (too_long || !self.held.is_empty())).then_some(self.held.len())) {
                let mut text = self.held.split_to(end);
                if !self.held.is_empty() {
                    self.held.advance(1);
                }
                self.searched = 0;
                self.number += 1;
                if text.last() == Some(&b'\r') {
                    text.truncate(text.len() - 1);
                }
                too_long |= text.len() > LARGEST_ROW;
                if !too_long && text.trim_ascii().is_empty() {
                    continue;
                }
                let text = (!too_long).then_some(text);
                return Ok(Some(Line { number: self.number, text }));
            }
            if self.ended {
                return Ok(None);
            }
            // A row of the largest size may have a CR behind it.
            if too_long || self.held.len() > LARGEST_ROW + 1 {
                too_long = true;
                self.held.clear();
            }
            self.searched = self.held.len();
            match self.stream.next().await {
                Some(piece) => self.held.extend_from_slice(&piece?),
                None => self.ended = true,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(pieces: &[&str]) -> Vec<(u64, Option<String>)> {
        let pieces: Vec<_> = pieces.iter().map(|piece| Ok::<_, std::io::Error>((*piece).to_owned())).collect();
        let mut lines = Lines::of(Body::from_stream(futures_util::stream::iter(pieces)));
        let mut all = Vec::new();
        while let Some(line) = lines.next().await.expect("lines") {
            all.push((line.number, line.text.map(|text| String::from_utf8(text.to_vec()).expect("text"))));
        }
        all
    }

    fn read(number: u64, text: &str) -> (u64, Option<String>) {
        (number, Some(text.to_owned()))
    }

    #[tokio::test]
    async fn lines_are_the_same_however_they_come() {
        let want = [read(1, "{\"a\":1}"), read(3, "b"), read(5, "c")];
        assert_eq!(lines(&["{\"a\":1}\n\nb\r\n \nc"]).await, want);
        assert_eq!(lines(&["{\"a\"", ":1}", "\n", "\n", "b\r", "\n \n", "c", "\n"]).await, want);
        assert_eq!(lines(&[]).await, []);
        assert_eq!(lines(&["\n", "\n"]).await, []);
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_skipped_and_not_held() {
        let long = "x".repeat(LARGEST_ROW);
        let want = [(1, Some(long.clone())), (2, None), read(3, "b"), (4, None)];
        assert_eq!(lines(&[&long, "\n", &long, &long, "x", "x\nb\n", &long, &long]).await, want);
    }

    #[tokio::test]
    async fn the_largest_row_is_read_however_it_comes_and_ends() {
        let (long, blank) = ("x".repeat(LARGEST_ROW), " ".repeat(LARGEST_ROW + 1));
        let want = [(1, Some(long.clone())), (2, None)];
        assert_eq!(lines(&[&format!("{long}\r\n{blank}\n")]).await, want);
        assert_eq!(lines(&[&long, "\r", "\n", &blank, " ", "\n"]).await, want);
    }
}
