//! Where a request's head ends, its body ends and the next head begins, read strictly and before hyper reads it.
//!
//! hyper is lenient in ways that nobody can see afterwards (measured on 1.12: `Content-Length` beside `Transfer-Encoding` is
//! dropped, equal `Content-Length`s are merged, a bare LF ends a line, a `#fragment` of the target vanishes). Each is how one
//! program's second request becomes another's body. [`Framing`] looks at the bytes as they pass and says where to stop.
//!
//! It decides nothing else: names, values and targets are judged once, by `request_head`. After a chunked body or an upgrade
//! it looks no further; the server closes those connections after the response (`server`), so nothing follows.
//! Sources: RFC 9112 sections 2.2, 3.2, 6.1 and 6.3; CVE-2026-33870, CVE-2025-67735, CVE-2024-12397.

use memchr::memchr;

/// Why a head is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Misframed {
    #[error("a line ends in LF without CR, or has a CR inside")]
    BareLineEnd,
    #[error("the target has a fragment")]
    Fragment,
    #[error("Content-Length and Transfer-Encoding, or more than one of them")]
    TwoFramings,
    #[error("Content-Length is not a number")]
    Length,
    /// Of codings that are not undone here the body would be passed on as something else than it is (RFC 9112 section 6.1).
    #[error("Transfer-Encoding is something else than chunked, once")]
    Coding,
}

/// The state between two reads.
#[derive(Debug)]
pub(super) struct Framing {
    at: At,
    /// The beginning of a line whose end has not come yet; hyper's bound on a head bounds it.
    partial: Vec<u8>,
}

#[derive(Debug)]
enum At {
    /// Before or inside a head.
    Head(Head),
    /// Inside a body of which so many bytes are to come.
    Body(u64),
    /// Behind a chunked body or an upgrade: the connection's last request.
    Rest,
}

#[derive(Debug, Default)]
struct Head {
    request_line_seen: bool,
    length: Option<u64>,
    chunked: bool,
    upgrade: bool,
}

impl Framing {
    pub(super) fn new() -> Self {
        Self { at: At::Head(Head::default()), partial: Vec::new() }
    }

    /// Whether a head has begun and not ended.
    pub(super) fn inside_head(&self) -> bool {
        matches!(&self.at, At::Head(head) if head.request_line_seen || !self.partial.is_empty())
    }

    /// Looks at the next `bytes`.
    ///
    /// # Errors
    /// How many of `bytes` may pass, and why the next may not.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Result<(), (usize, Misframed)> {
        let mut done = 0;
        while done < bytes.len() {
            let rest = &bytes[done..];
            match &mut self.at {
                At::Rest => return Ok(()),
                At::Body(left) => {
                    let here = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    *left -= here as u64;
                    if *left == 0 {
                        self.at = At::Head(Head::default());
                    }
                    done += here;
                }
                At::Head(head) => {
                    let Some(end) = memchr(b'\n', rest) else {
                        self.partial.extend_from_slice(rest);
                        return Ok(());
                    };
                    let here = &rest[..end];
                    let next = if self.partial.is_empty() {
                        head.line(here)
                    } else {
                        self.partial.extend_from_slice(here);
                        let next = head.line(&self.partial);
                        self.partial.clear();
                        next
                    };
                    match next {
                        // Up to and without the line's end: what hyper has then is an unfinished line.
                        Err(misframed) => return Err((done, misframed)),
                        Ok(None) => {}
                        Ok(Some(at)) => self.at = at,
                    }
                    done += end + 1;
                }
            }
        }
        Ok(())
    }
}

impl Head {
    /// One line, without its LF: what comes behind it, when it is the head's last.
    fn line(&mut self, line: &[u8]) -> Result<Option<At>, Misframed> {
        let Some((b'\r', line)) = line.split_last() else {
            return Err(Misframed::BareLineEnd);
        };
        if memchr(b'\r', line).is_some() {
            return Err(Misframed::BareLineEnd);
        }
        if !self.request_line_seen {
            // An empty line before the request line is ignored (RFC 9112 section 2.2).
            self.request_line_seen = !line.is_empty();
            return if memchr(b'#', line).is_some() { Err(Misframed::Fragment) } else { Ok(None) };
        }
        if line.is_empty() {
            return Ok(Some(if self.chunked || self.upgrade {
                At::Rest
            } else {
                match self.length {
                    None | Some(0) => At::Head(Head::default()),
                    Some(length) => At::Body(length),
                }
            }));
        }
        // Only names of these lengths are of interest; hyper refuses a space before the colon.
        let colon = memchr(b':', line).unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        match name.len() {
            7 if name.eq_ignore_ascii_case(b"upgrade") => self.upgrade = true,
            14 if name.eq_ignore_ascii_case(b"content-length") => {
                if self.length.is_some() || self.chunked {
                    return Err(Misframed::TwoFramings);
                }
                self.length = Some(value.get(1..).and_then(length).ok_or(Misframed::Length)?);
            }
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") => {
                if self.length.is_some() || self.chunked {
                    return Err(Misframed::TwoFramings);
                }
                if !value[1..].trim_ascii().eq_ignore_ascii_case(b"chunked") {
                    return Err(Misframed::Coding);
                }
                self.chunked = true;
            }
            _ => {}
        }
        Ok(None)
    }
}

/// A `Content-Length`: digits only, no sign, no list, no overflow.
fn length(value: &[u8]) -> Option<u64> {
    let digits = value.trim_ascii();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all_at_once(bytes: &str) -> Result<(), (usize, Misframed)> {
        Framing::new().pass(bytes.as_bytes())
    }

    const GOOD: &str =
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n\nx#\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n";

    #[test]
    fn well_framed_requests_pass() {
        for good in [
            GOOD,
            "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n#\n\r\r\n\r\n0\r\n\r\n",
            "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n\n\n\r#",
            "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\nGET / HTTP/1.1\r\nX-Content-Length: z\r\n\r\n",
        ] {
            assert_eq!(all_at_once(good), Ok(()), "{good:?}");
        }
    }

    #[test]
    fn what_can_be_framed_twice_is_refused() {
        use Misframed::{BareLineEnd, Coding, Fragment, Length, TwoFramings};
        for (bad, why) in [
            ("GET / HTTP/1.1\nHost: a\r\n\r\n", BareLineEnd),
            ("GET / HTTP/1.1\r\nHost: a\n\r\n", BareLineEnd),
            ("GET / HTTP/1.1\r\nHost: a\r\n\n", BareLineEnd),
            ("GET / HTTP/1.1\r\nA: a\rB: b\r\n", BareLineEnd),
            ("GET /a#b HTTP/1.1\r\n", Fragment),
            ("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n", TwoFramings),
            ("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\nCONTENT-LENGTH: 1\r\n", TwoFramings),
            ("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n", TwoFramings),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", TwoFramings),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n", Coding),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n", Coding),
            ("POST / HTTP/1.1\r\nTransfer-Encoding:\r\n", Coding),
            ("POST / HTTP/1.1\r\nContent-Length: +1\r\n", Length),
            ("POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n", Length),
            ("POST / HTTP/1.1\r\nContent-Length:\r\n", Length),
            ("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n", Length),
            ("POST / HTTP/1.1\r\nContent-Length: 0x1\r\n", Length),
        ] {
            assert_eq!(all_at_once(bad).map_err(|(_, why)| why), Err(why), "{bad:?}");
        }
    }

    #[test]
    fn a_content_length_without_a_colon_is_refused_and_nothing_more() {
        for line in ["Content-Length", "content-length"] {
            let refused = all_at_once(&format!("POST / HTTP/1.1\r\n{line}\r\n\r\n")).map_err(|(_, why)| why);
            assert_eq!(refused, Err(Misframed::Length), "{line}");
        }
    }

    #[test]
    fn the_second_request_of_one_read_is_looked_at_too() {
        let first = GOOD.len();
        let both = format!("{GOOD}GET /a#b HTTP/1.1\r\n");
        assert_eq!(all_at_once(&both), Err((first, Misframed::Fragment)));
    }

    proptest! {
        #[test]
        fn cutting_the_stream_changes_nothing(cut in 0..GOOD.len(), next in 0..GOOD.len()) {
            let bytes = GOOD.as_bytes();
            let (cut, next) = (cut.min(next), cut.max(next));
            let mut framing = Framing::new();
            for piece in [&bytes[..cut], &bytes[cut..next], &bytes[next..]] {
                prop_assert_eq!(framing.pass(piece), Ok(()));
            }
            prop_assert!(!framing.inside_head());
        }
    }
}
