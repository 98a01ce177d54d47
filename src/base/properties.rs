//! What must hold of this room's text forms, whatever is given.

use super::{
    Language,
    id::{PersonId, TenantId, is_slug},
    token::{Token, TokenDigest},
};

/// Whatever is read as an identifier, a token or a digest is written as it was read; a language is named by its code.
pub fn words(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(id) = text.parse::<PersonId>() {
        assert_eq!(id.to_string(), text);
    }
    assert_eq!(text.parse::<TenantId>().is_ok(), is_slug(text));
    if let Some(token) = Token::parse(text) {
        assert_eq!(token.reveal(), text);
        assert!(!format!("{token:?}").contains(text));
    }
    if let Some(digest) = TokenDigest::parse(text) {
        assert_eq!(digest.text(), text);
    }
    if let Some(language) = Language::from_tag(text) {
        assert!(text.to_ascii_lowercase().starts_with(language.code()));
        assert!(text.len() == 2 || !text.as_bytes()[2].is_ascii_alphanumeric());
    }
}
