//! TLS, for every end of every connection that Poort has: what is spoken, how it is begun towards others ([`towards`]), and the files in PEM
//! that it needs ([`files`], [`certificate`]).
//!
//! Only 1.3 and 1.2, with the suites, groups and settings that the Dutch NCSC calls good (ICT-beveiligingsrichtlijnen voor TLS
//! 2.1, tables 1 to 6): ephemeral keys, authenticated encryption, no renegotiation, no compression, no early data, which a
//! thief of bytes could send twice (RFC 8446 section 8). They are listed here, so that a library's new default is not ours.

pub mod certificate;
pub mod files;

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, Error, RootCertStore, SupportedCipherSuite, SupportedProtocolVersion,
    crypto::{
        CryptoProvider, SupportedKxGroup,
        aws_lc_rs::{self, cipher_suite as suite, kx_group as group},
    },
    version::{TLS12, TLS13},
};

pub use self::{
    certificate::Certificate,
    files::{BadFile, KeyFiles, Pair},
};

/// Newest first.
pub const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];

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

/// What is spoken with, by listeners and towards others.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider {
        cipher_suites: SUITES.to_vec(),
        kx_groups: GROUPS.to_vec(),
        ..aws_lc_rs::default_provider()
    })
}

/// TLS towards somebody who must prove by a certificate of these authorities who they are, and to whom `own` is shown when they ask.
///
/// # Errors
/// When `own` is not of each other.
pub fn towards(roots: RootCertStore, own: Option<Pair>) -> Result<ClientConfig, Error> {
    let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(&VERSIONS)?;
    let builder = builder.with_root_certificates(roots);
    match own {
        None => Ok(builder.with_no_client_auth()),
        Some((chain, key)) => builder.with_client_auth_cert(chain, key),
    }
}

/// The authorities of the web, as browsers trust them.
#[must_use]
pub fn authorities_of_the_web() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// The authorities in a file in PEM, and no other.
///
/// # Errors
/// When one is none.
pub fn authorities_in(file: &Path) -> Result<RootCertStore, BadFile> {
    let mut roots = RootCertStore::empty();
    for authority in files::certificates(&files::read(file)?, file)? {
        roots.add(authority).map_err(|_| BadFile::Authority(file.to_owned()))?;
    }
    Ok(roots)
}
