//! A request's own number, and its place in a distributed trace (W3C Trace Context, level 1).

use std::{
    fmt::{self, Write},
    num::NonZeroU32,
};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::base::Random;

/// W3C Trace Context's header.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// W3C Trace Context's second header, of vendors' own.
pub const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// The number that one request has in every log, trace and page: 128 random bits, made by the gateway. A client's own
/// `X-Request-Id` is never taken over.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId([u8; 16]);

impl RequestId {
    /// A new number.
    #[must_use]
    pub fn new(random: &Random) -> Self {
        Self(random.bytes())
    }

    /// Its first twelve digits, as a person reads them out on the telephone: `7F3A-91C0-22BE`.
    #[must_use]
    pub fn reference(&self) -> String {
        let mut text = String::with_capacity(14);
        for (i, byte) in self.0.iter().take(6).enumerate() {
            if i > 0 && i % 2 == 0 {
                text.push('-');
            }
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02X}");
        }
        text
    }

    /// Its header's value: 32 hexadecimal digits.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        let mut text = [0; 32];
        hex(&self.0, &mut text);
        ascii(&text)
    }
}

/// 32 lower-case hexadecimal digits.
impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestId({self})")
    }
}

/// The trace that a request belongs to, and the gateway's span in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    id: [u8; 16],
    span: [u8; 8],
    parent: Option<[u8; 8]>,
    flags: u8,
    continued: bool,
}

impl Trace {
    /// A new, sampled trace whose id is the request's number.
    #[must_use]
    pub fn begin(request: &RequestId, random: &Random) -> Self {
        Self { id: request.0, span: random.bytes(), parent: None, flags: 1, continued: false }
    }

    /// The trace of `headers` with a span of our own. `headers` must come from a trusted proxy. `None` when they have no
    /// `traceparent`, several, or one that is not of the form `00-<32>-<16>-<2>` in lower-case hexadecimal.
    #[must_use]
    pub fn continued(headers: &HeaderMap, random: &Random) -> Option<Self> {
        let mut values = headers.get_all(TRACEPARENT).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return None;
        };
        let bytes: &[u8; 55] = value.as_bytes().try_into().ok()?;
        let ([b'0', b'0', b'-'], b'-', b'-') = ([bytes[0], bytes[1], bytes[2]], bytes[35], bytes[52]) else {
            return None;
        };
        let id: [u8; 16] = unhex(&bytes[3..35])?;
        let parent: [u8; 8] = unhex(&bytes[36..52])?;
        let [flags] = unhex(&bytes[53..])?;
        if id == [0; 16] || parent == [0; 8] {
            return None;
        }
        Some(Self { id, span: random.bytes(), parent: Some(parent), flags: flags & 1, continued: true })
    }

    /// A step within this span.
    #[must_use]
    pub fn child(&self, random: &Random) -> Self {
        Self { span: random.bytes(), parent: Some(self.span), ..*self }
    }

    /// The same trace; when it begins here, it is sampled once in `n` times, by its id, so that everybody decides alike.
    #[must_use]
    pub const fn kept_one_in(self, n: NonZeroU32) -> Self {
        let [.., a, b, c, d] = self.id;
        let kept = self.continued || u32::from_be_bytes([a, b, c, d]).is_multiple_of(n.get());
        Self { flags: if kept { self.flags } else { 0 }, ..self }
    }

    /// The id of the trace.
    #[must_use]
    pub const fn id(&self) -> [u8; 16] {
        self.id
    }

    /// The id of the span.
    #[must_use]
    pub const fn span(&self) -> [u8; 8] {
        self.span
    }

    /// The id of the span that it is a part of.
    #[must_use]
    pub const fn parent(&self) -> Option<[u8; 8]> {
        self.parent
    }

    /// Whether its spans are kept.
    #[must_use]
    pub const fn is_sampled(&self) -> bool {
        self.flags & 1 == 1
    }

    /// Whether another program began the trace; its `tracestate` then goes along.
    #[must_use]
    pub fn is_continued(&self) -> bool {
        self.continued
    }

    /// The `traceparent` for the next program.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        let mut text = *b"00-________________________________-________________-00";
        hex(&self.id, &mut text[3..35]);
        hex(&self.span, &mut text[36..52]);
        text[54] += self.flags;
        ascii(&text)
    }
}

fn hex(bytes: &[u8], text: &mut [u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (byte, pair) in bytes.iter().zip(text.chunks_exact_mut(2)) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
}

fn unhex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn ascii(text: &[u8]) -> HeaderValue {
    HeaderValue::from_bytes(text).expect("hexadecimal digits and hyphens are a header value")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn continued(text: &'static str) -> Option<Trace> {
        let headers = HeaderMap::from_iter([(TRACEPARENT, HeaderValue::from_static(text))]);
        Trace::continued(&headers, &Random::system())
    }

    #[test]
    fn a_number_has_two_faces() {
        let id = RequestId([0x7f, 0x3a, 0x91, 0xc0, 0x22, 0xbe, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(id.reference(), "7F3A-91C0-22BE");
        assert_eq!(id.header(), "7f3a91c022be00010203040506070809");
        assert_eq!(id.to_string(), "7f3a91c022be00010203040506070809");
    }

    #[test]
    fn a_trace_goes_on_with_a_span_of_ours() {
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let trace = continued(text).expect("a valid traceparent");
        let header = trace.header();
        let header = header.to_str().expect("ASCII");
        assert_eq!(header[..36], text[..36]);
        assert_ne!(header[36..52], text[36..52]);
        assert_eq!(header[52..], text[52..]);
    }

    #[test]
    fn a_malformed_traceparent_begins_a_new_trace() {
        for text in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        ] {
            assert_eq!(continued(text), None, "{text}");
        }
    }
}
