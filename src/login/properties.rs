//! What must hold of what people type, and of what comes from a provider, whatever it is.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    code::Code,
    eid::{
        testdata::{question, subject},
        token::{LENGTHS, Token},
    },
    wire::saml::{
        bindings::Artifact,
        metadata::Peer,
        xml::{BYTES, Comments, Tree},
    },
};
use crate::{base::Timestamp, domain::identifier::NationalNumber};

/// Whose messages are read.
const PROVIDER: &str = "https://idp.example";
const NOW: Timestamp = Timestamp::from_millis(1_795_352_700_000);

/// A code is the six digits that were typed.
pub fn typed_code(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if let Ok(code) = Code::parse(text) {
        assert_eq!((code.digits(), digits.len()), (digits.as_str(), 6));
        assert!(!format!("{code:?}").contains(&digits) && !text.contains(char::is_alphabetic));
    }
}

/// An artifact is its own text, of 44 bytes, and is of one provider.
pub fn saml_artifact(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(artifact) = Artifact::parse(text, PROVIDER) else { return };
    assert_eq!((artifact.as_str(), STANDARD.decode(text).map(|bytes| bytes.len())), (text, Ok(44)));
    assert!(Artifact::parse(text, "https://other.example").is_none());
}

/// A token of a card that is read has the length of one, and a certificate and a signature of at least a byte.
pub fn card_token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(token) = Token::parse(text) else { return };
    assert!(LENGTHS.contains(&text.len()) && !token.certificate.is_empty());
}

/// Somebody whom the subject of a certificate names has a number whose digits stand in it, and names that can stand on a page.
pub fn card_subject(data: &[u8]) {
    let Some(subject) = subject(data) else { return };
    let number = NationalNumber::NationalRegister(subject.number);
    let digits = number.reveal().as_bytes();
    assert!(data.windows(11).any(|part| part == digits));
    let plain = |name: &str| name.trim() == name && !name.chars().any(char::is_control);
    assert!(!subject.family_name.is_empty() && plain(&subject.family_name) && plain(&subject.given_names));
}

/// No bytes are believed of a responder that its issuer did not sign.
pub fn ocsp_answer(data: &[u8]) {
    if let Some((question, issuer)) = question(NOW) {
        assert!(question.answered(data, &issuer, NOW).is_err());
    }
}

/// A document that is read has no DTD, comment, CDATA section or processing instruction, seen by the characters that begin
/// one; metadata is of the provider that was asked for.
pub fn saml_document(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if Tree::parse(text, Comments::Refused).is_ok() {
        assert!(text.len() <= BYTES && !text.contains("<!"));
        let declared = text.trim_start_matches('\u{feff}').starts_with("<?xml");
        assert!(text.matches("<?").count() <= usize::from(declared));
    }
    if let Ok(peer) = Peer::read(text, PROVIDER, &[], NOW) {
        assert_eq!(peer.entity, PROVIDER);
    }
}
