//! TLS: ended for the listeners ([`Tls`]), one of which asks programs for a certificate ([`ClientCertificate`]), and begun towards
//! backends ([`Outward`]). What calls out from lower floors (`notify`, `login::wire`) sets up TLS of its
//! own.
//!
//! Only 1.3 and 1.2, with the suites, groups and settings that the Dutch NCSC calls good (ICT-beveiligingsrichtlijnen voor TLS
//! 2.1, tables 1 to 6): ephemeral keys, authenticated encryption, no renegotiation, no compression, no early data, which a
//! thief of bytes could send twice (RFC 8446 section 8). They are listed here, so that a library's new default is not ours.

mod certificate;
mod client;
mod listener;
mod outward;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rustls::{
    SupportedCipherSuite, SupportedProtocolVersion,
    crypto::{
        CryptoProvider, SupportedKxGroup,
        aws_lc_rs::{self, cipher_suite as suite, kx_group as group},
    },
    version::{TLS12, TLS13},
};

pub use self::{
    certificate::{BadCertificate, CertificateFiles},
    client::{ClientCertificate, NotProved},
    listener::{Protocol, Reloaded, Tls},
    outward::{Encrypted, Outward, UnusableTls},
};

pub(super) use self::listener::Shaken;

/// Newest first.
const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];

/// In the order in which the listener chooses.
const SUITES: [SupportedCipherSuite; 9] = [
    suite::TLS13_AES_256_GCM_SHA384,
    suite::TLS13_CHACHA20_POLY1305_SHA256,
    suite::TLS13_AES_128_GCM_SHA256,
    suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    suite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
];

/// The first is with ML-KEM, which what is recorded today stays closed to whoever has a quantum computer tomorrow.
const GROUPS: [&dyn SupportedKxGroup; 4] = [group::X25519MLKEM768, group::X25519, group::SECP256R1, group::SECP384R1];

fn provider() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider {
        cipher_suites: SUITES.to_vec(),
        kx_groups: GROUPS.to_vec(),
        ..aws_lc_rs::default_provider()
    })
}
