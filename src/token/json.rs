//! The JSON of tokens: headers and claims are objects (RFC 7515 section 4, RFC 7519 section 4).

use serde::Deserialize;

/// The object that `text` is. serde takes a list for a struct too, its members in the order of our source; whoever else reads the
/// token would find nothing in it.
#[must_use]
pub fn object<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Option<T> {
    if text.trim_ascii_start().first() == Some(&b'{') { serde_json::from_slice(text).ok() } else { None }
}
