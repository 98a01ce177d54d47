//! Floor 3: what Poort signs, and what it believes of what others signed.
//!
//! | | |
//! |---|---|
//! | [`keys`] | the signing keys of a tenant, their rotation, the JWK set |
//! | [`jwt`] | signing and verifying Poort's own tokens, each of one type |
//! | [`assertion`] | verifying how a client proves who it is (`private_key_jwt`) |
//! | [`dpop`] | verifying that who asks holds a key (RFC 9449) |
//! | [`jwe`] | opening what others encrypted for us |
//! | [`relying`] | the keys that Poort shows to other providers, and how it proves to them who it is |
//! | [`claims`] | one model of who acts for whom, and its forms on the wire |
//! | [`backend`] | the short-lived token for a register's backend |
//!
//! Architecture invariant: no symmetric algorithm and no `none` is reachable from here, and nothing reads a clock: every
//! check of a time takes `now`. RSA private keys are used by AWS-LC alone (RUSTSEC-2023-0071).

pub mod assertion;
pub mod backend;
pub mod claims;
pub mod dpop;
pub mod json;
pub mod jwe;
pub mod jwt;
pub mod keys;
#[doc(hidden)]
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;
pub mod relying;
