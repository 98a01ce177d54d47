//! What the bearer of a token proves to have besides: a certificate (RFC 8705 section 3) or a key (RFC 9449 section 6).
//!
//! A token that is bound to one of both counts beside that one alone. What is shown beside a token that is bound to nothing says
//! nothing of it.

use super::certificate::Thumbprint;
use crate::base::token::TokenDigest;

/// The SHA-256 thumbprint of a public key: `jkt` (RFC 7638, RFC 9449 section 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyThumbprint(TokenDigest);

impl KeyThumbprint {
    /// From its one text form, base64url.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        TokenDigest::parse(text).map(Self)
    }

    /// As tokens have it.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.text()
    }
}

/// What a token is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A certificate: `x5t#S256`.
    Certificate(Thumbprint),
    /// A key: `jkt`.
    Key(KeyThumbprint),
}

/// What was proved with a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Shown {
    /// The certificate of its connection.
    pub certificate: Option<Thumbprint>,
    /// The key of its proof.
    pub key: Option<KeyThumbprint>,
}

impl Shown {
    /// A certificate, or nothing.
    #[must_use]
    pub const fn certificate(certificate: Option<Thumbprint>) -> Self {
        Self { certificate, key: None }
    }

    /// Whether it has what a token is bound to.
    #[must_use]
    pub fn has(&self, bound: Bound) -> bool {
        match bound {
            Bound::Certificate(one) => self.certificate == Some(one),
            Bound::Key(one) => self.key == Some(one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_bound_counts_beside_that_one_alone() {
        let key = |text: &[u8]| KeyThumbprint(TokenDigest::of(text));
        let certificate = Thumbprint::of(b"a");
        let shown = Shown { certificate: Some(certificate), key: Some(key(b"a")) };
        assert!(shown.has(Bound::Key(key(b"a"))) && shown.has(Bound::Certificate(certificate)));
        assert!(!shown.has(Bound::Key(key(b"b"))) && !shown.has(Bound::Certificate(Thumbprint::of(b"b"))));
        let only = Shown::certificate(Some(certificate));
        assert!(!only.has(Bound::Key(key(b"a"))), "the same digest as a certificate is no key");
        assert!(!Shown::default().has(Bound::Certificate(certificate)));
    }
}
