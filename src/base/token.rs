//! Opaque tokens: 256 random bits whose bearer is trusted. The text goes to the bearer once; only the digest is kept.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::Random;

/// An opaque token as its bearer holds it. Does not print.
pub struct Token(Zeroizing<[u8; 32]>);

impl Token {
    /// A new random token.
    #[must_use]
    pub fn new(random: &Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    /// The token of its one text form (43 characters of base64url). Anything else, also a shortened, padded or
    /// otherwise encoded form of a token that exists, is `None` (CVE-2026-27840).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 43 {
            return None;
        }
        let mut bytes = Zeroizing::new([0; 32]);
        // The engine refuses padding, foreign characters and trailing bits that are not zero.
        match URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice()) {
            Ok(32) => Some(Self(bytes)),
            _ => None,
        }
    }

    /// The text for the bearer, and for nobody else.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_slice())
    }

    /// What may be stored and compared.
    #[must_use]
    pub fn digest(&self) -> TokenDigest {
        TokenDigest::of(self.0.as_slice())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([hidden])")
    }
}

/// The SHA-256 of a token, or of another high-entropy value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest(pub(crate) [u8; 32]);

impl TokenDigest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut out = [0; 32];
        out.copy_from_slice(digest(&SHA256, bytes).as_ref());
        Self(out)
    }

    /// The digest as base64url text, for a URL that binds a redirect to a cookie.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The digest of its base64url text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut out = [0; 32];
        match (text.len(), URL_SAFE_NO_PAD.decode_slice(text, &mut out)) {
            (43, Ok(32)) => Some(Self(out)),
            _ => None,
        }
    }

    /// The bytes, as the databases keep them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenDigest({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cve_2026_27840_only_the_whole_token_is_a_token() {
        let token = Token::new(&Random::system());
        let text = token.reveal();
        assert_eq!(Token::parse(&text).map(|t| t.digest()), Some(token.digest()));
        let mut last = text.clone().into_bytes();
        // The last character carries two bits that must be zero.
        last[42] = if last[42] == b'A' { b'B' } else { last[42] + 1 };
        for other in [
            &text[..42],
            &text[..40],
            &format!("{text}="),
            &format!("{text}A"),
            &format!(" {text}"),
            &String::from_utf8(last).expect("ascii"),
            &text.replace(['-', '_'], "+").replacen(|c: char| c.is_alphanumeric(), "/", 1),
        ] {
            assert_ne!(Token::parse(other).map(|t| t.digest()), Some(token.digest()), "{other}");
        }
    }

    #[test]
    fn a_token_does_not_print() {
        let token = Token::new(&Random::system());
        assert!(!format!("{token:?}").contains(&token.reveal()[..8]));
    }
}
