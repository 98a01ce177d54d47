//! An X.509 certificate, as far as anybody here asks it something.

use std::{fmt, path::Path};

use aws_lc_rs::digest::{SHA256, digest};
use x509_parser::{parse_x509_certificate, public_key::PublicKey};

use super::files::{BadFile, certificates, days, read};
use crate::base::Timestamp;

/// P-256, P-384, P-521 (RFC 5480 section 2.1.1.1).
const CURVES: [&str; 3] = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

/// A certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    from: Timestamp,
    until: Timestamp,
    /// The bits of an RSA key's modulus; none for another key.
    rsa_bits: usize,
    /// Whether it has a key on a curve of NIST (P-256, P-384 or P-521).
    on_a_curve: bool,
    /// The key as the certificate has it.
    key: Vec<u8>,
    authority: bool,
}

impl Certificate {
    /// Reads one in DER (RFC 5280 section 4.1); nothing when it is none.
    #[must_use]
    pub fn parse(der: &[u8]) -> Option<Self> {
        let (rest, parsed) = parse_x509_certificate(der).ok()?;
        let rsa_bits = match parsed.public_key().parsed() {
            Ok(PublicKey::RSA(key)) => key.key_size(),
            _ => 0,
        };
        let curve = parsed.public_key().algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok());
        let on_a_curve = matches!(parsed.public_key().parsed(), Ok(PublicKey::EC(_)))
            && curve.is_some_and(|oid| CURVES.contains(&oid.to_id_string().as_str()));
        let validity = parsed.validity();
        let moment = |seconds: i64| Some(Timestamp::from_millis(seconds.checked_mul(1000)?));
        rest.is_empty().then_some(Self {
            der: der.to_vec(),
            from: moment(validity.not_before.timestamp())?,
            until: moment(validity.not_after.timestamp())?,
            rsa_bits,
            on_a_curve,
            key: parsed.public_key().subject_public_key.data.to_vec(),
            authority: parsed.is_ca(),
        })
    }

    /// The certificates of a file in PEM, of which there is at least one.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn in_file(file: &Path) -> Result<Vec<Self>, BadFile> {
        let all = certificates(&read(file)?, file)?;
        let parsed = all.iter().map(|der| Self::parse(der).ok_or_else(|| BadFile::Malformed(file.to_owned())));
        parsed.collect()
    }

    /// It, in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// When it ends.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// Whether it is good at a moment.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }

    /// Whole days until it ends; none once it has.
    #[must_use]
    pub fn days_left(&self, now: Timestamp) -> Option<u64> {
        (now < self.until).then(|| days(self.until.since(now)))
    }

    /// The size of its RSA key; 0 for another one.
    #[must_use]
    pub const fn rsa_bits(&self) -> usize {
        self.rsa_bits
    }

    /// Whether its key may sign here: RSA of 2048 bits or more, or a curve of NIST.
    #[must_use]
    pub const fn may_sign(&self) -> bool {
        self.rsa_bits >= 2048 || self.on_a_curve
    }

    /// Whether it may vouch for others (RFC 5280 section 4.2.1.9).
    #[must_use]
    pub const fn is_authority(&self) -> bool {
        self.authority
    }

    /// Its public key, as its `subjectPublicKey` has it.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// Whether its key is this one (RFC 8017 appendix A.1.1).
    #[must_use]
    pub fn has_key(&self, public: &[u8]) -> bool {
        self.key == public
    }

    /// Its SHA-256, by which people recognise it: the first eight bytes.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        digest(&SHA256, &self.der).as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, until {})", self.fingerprint(), self.until)
    }
}
