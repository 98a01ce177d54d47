//! What the certificate of a program must be to prove who comes (RFC 8705 section 2), in the operator's words.
//!
//! A name is compared as a whole, and character by character: nothing in it is a pattern, and `Lab` is not `lab`. Two programs
//! that read a name differently would let one client pass for another.

use std::{net::IpAddr, path::PathBuf};

use crate::base::token::TokenDigest;

/// How a client's certificate proves that it is the client's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateProof {
    /// It bears this name, and an authority vouches for it (`tls_client_auth`, section 2.1).
    Vouched {
        /// The name.
        name: CertificateName,
        /// The file, in PEM, with the authorities that may give this client a certificate. No other may.
        authorities: PathBuf,
    },
    /// It is one of these, whoever signed it (`self_signed_tls_client_auth`, section 2.2).
    Known(Vec<Thumbprint>),
}

/// What stands in a certificate of who has it; exactly one is named (section 2.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateName {
    /// The subject.
    Subject(DistinguishedName),
    /// A `dNSName` of the subject's alternative names.
    Dns(String),
    /// A `uniformResourceIdentifier` there.
    Uri(String),
    /// An `iPAddress` there.
    Ip(IpAddr),
    /// An `rfc822Name` there.
    Email(String),
}

/// The SHA-256 of a certificate in DER: `x5t#S256` (section 3.1, RFC 7517 section 4.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Thumbprint(TokenDigest);

impl Thumbprint {
    /// That of a certificate in DER.
    #[must_use]
    pub fn of(certificate: &[u8]) -> Self {
        Self(TokenDigest::of(certificate))
    }

    /// As tokens and JWKs have it: base64url.
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

/// A distinguished name (X.501): relative names from the root on, each one attribute or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistinguishedName(Vec<Vec<Attribute>>);

/// The kind of an attribute as a dotted number, and its value.
pub type Attribute = (String, String);

/// The short names that RFC 4514 section 3 has, and those beside them that OpenSSL writes.
const KINDS: [(&str, &str); 14] = [
    ("CN", "2.5.4.3"),
    ("SN", "2.5.4.4"),
    ("serialNumber", "2.5.4.5"),
    ("C", "2.5.4.6"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("street", "2.5.4.9"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("GN", "2.5.4.42"),
    ("organizationIdentifier", "2.5.4.97"),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("emailAddress", "1.2.840.113549.1.9.1"),
];

impl DistinguishedName {
    /// Of its relative names, the root's first.
    #[must_use]
    pub fn new(mut relative: Vec<Vec<Attribute>>) -> Self {
        // Within one relative name the order says nothing.
        relative.iter_mut().for_each(|attributes| attributes.sort());
        Self(relative)
    }

    /// From text (RFC 4514), the root's last: `CN=feed,O=Lab,C=NL`, as `openssl x509 -nameopt RFC2253 -subject` writes it. `None`
    /// when it is none, or has a value in hexadecimal or in quotes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (mut relative, mut rest) = (vec![Vec::new()], text);
        loop {
            let (kind, after) = rest.split_once('=')?;
            let (value, end) = value(after)?;
            relative.last_mut()?.push((number_of(kind.trim())?, value));
            if end.is_empty() {
                break;
            }
            if end.starts_with(',') {
                relative.push(Vec::new());
            }
            rest = &end[1..];
        }
        relative.reverse();
        Some(Self::new(relative))
    }
}

/// The dotted number of a kind of attribute.
fn number_of(kind: &str) -> Option<String> {
    let named = KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind)).map(|(_, number)| (*number).to_owned());
    let dotted = || {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        (kind.contains('.') && kind.split('.').all(digits)).then(|| kind.to_owned())
    };
    named.or_else(dotted)
}

/// The value at the head of `text`, and what follows it: nothing, or a `,` or `+` and the rest.
fn value(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start_matches(' ');
    let raw = text.as_bytes();
    if raw.first() == Some(&b'#') {
        return None;
    }
    // Spaces at the end are no part of it, unless they are escaped.
    let (mut value, mut solid, mut at) = (Vec::new(), 0, 0);
    while let Some(&byte) = raw.get(at).filter(|byte| !matches!(byte, b',' | b'+')) {
        match byte {
            b'\\' => {
                let (escaped, length) = escaped(&raw[at + 1..])?;
                value.push(escaped);
                at += 1 + length;
                solid = value.len();
            }
            b'"' | b';' | b'<' | b'>' | 0 => return None,
            byte => {
                value.push(byte);
                at += 1;
                solid = if byte == b' ' { solid } else { value.len() };
            }
        }
    }
    value.truncate(solid);
    let value = String::from_utf8(value).ok().filter(|value| !value.is_empty())?;
    Some((value, &text[at..]))
}

/// What stands behind a backslash: a character that has a meaning here, or a byte in two hexadecimal digits.
fn escaped(raw: &[u8]) -> Option<(u8, usize)> {
    let digit = |at: usize| raw.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    match (raw.first()?, digit(0).zip(digit(1))) {
        (_, Some((high, low))) => Some((u8::try_from(high * 16 + low).ok()?, 2)),
        (byte, None) => b" \"#+,;<=>\\".contains(byte).then_some((*byte, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(relative: &[&[(&str, &str)]]) -> Option<DistinguishedName> {
        let owned = |(kind, value): &(&str, &str)| ((*kind).to_owned(), (*value).to_owned());
        Some(DistinguishedName::new(relative.iter().map(|parts| parts.iter().map(owned).collect()).collect()))
    }

    #[test]
    fn rfc_4514_a_name_is_read_from_its_end() {
        let feed = name(&[&[("2.5.4.6", "NL")], &[("2.5.4.10", "Lab")], &[("2.5.4.3", "feed")]]);
        for text in
            ["CN=feed,O=Lab,C=NL", "cn=feed, o=Lab, c=NL", "2.5.4.3=feed,2.5.4.10=Lab,C=NL", " CN =feed ,O=Lab,C=NL"]
        {
            assert_eq!(DistinguishedName::parse(text), feed, "{text}");
        }
        for other in [
            "C=NL,O=Lab,CN=feed",
            "CN=feed,O=Lab",
            "CN=Feed,O=Lab,C=NL",
            "CN=feed,O=Lab+C=NL",
            "CN=feed,O=Lab,C=NL,C=NL",
        ] {
            assert_ne!(DistinguishedName::parse(other), feed, "{other}");
        }
    }

    #[test]
    fn rfc_4514_4_its_examples_are_read() {
        let (dc, cn) = ("0.9.2342.19200300.100.1.25", "2.5.4.3");
        let domain: [&[(&str, &str)]; 2] = [&[(dc, "net")], &[(dc, "example")]];
        let with = |last: &[(&str, &str)]| name(&[domain[0], domain[1], last]);
        for (text, last) in [
            ("UID=jsmith,DC=example,DC=net", &[("0.9.2342.19200300.100.1.1", "jsmith")][..]),
            ("OU=Sales+CN=J.  Smith,DC=example,DC=net", &[("2.5.4.11", "Sales"), (cn, "J.  Smith")]),
            ("CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net", &[(cn, "James \"Jim\" Smith, III")]),
            ("CN=Before\\0dAfter,DC=example,DC=net", &[(cn, "Before\rAfter")]),
        ] {
            assert_eq!(DistinguishedName::parse(text), with(last), "{text}");
        }
        assert_eq!(DistinguishedName::parse("CN=Lu\\C4\\8Di\\C4\\87"), name(&[&[(cn, "Lučić")]]));
        assert_eq!(DistinguishedName::parse("CN=\\ a\\ "), name(&[&[(cn, " a ")]]));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_no_name() {
        for text in [
            "",
            "CN",
            "CN=",
            "CN=a,",
            "=a",
            "CN=a,,O=b",
            "XX=a",
            "CN=#0401",
            "CN=\"a,b\"",
            "CN=a;O=b",
            "CN=a\\",
            "CN=a\\z",
            "CN=\\ff",
            "CN=a\0",
            "1.=a",
            "CN=a<b",
        ] {
            assert_eq!(DistinguishedName::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_thumbprint_has_one_form() {
        let of = Thumbprint::of(b"a certificate");
        assert_eq!(Thumbprint::parse(&of.text()), Some(of));
        assert_eq!(Thumbprint::parse(&format!("{}=", of.text())), None);
        assert_ne!(Thumbprint::of(b"another"), of);
    }
}
