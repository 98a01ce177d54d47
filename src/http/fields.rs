//! The fields of a URL-encoded form or query. A field that comes twice is refused: two programs would read it differently. So is a NUL,
//! which ends a text for some programs, and which PostgreSQL keeps in none.

use std::collections::HashSet;

/// Fields by name, each once.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

/// Why fields are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFields {
    /// A field comes twice.
    #[error("the field {0} comes twice")]
    Repeated(String),
    /// There is a NUL in a field.
    #[error("there is a NUL in the field {0}")]
    Nul(String),
}

impl Fields {
    /// The largest form of Poort's own pages, in bytes.
    pub const LARGEST: usize = 64 * 1024;

    /// Reads `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// When a field comes twice, or has a NUL in it.
    pub fn parse(text: &[u8]) -> Result<Self, BadFields> {
        // Not by comparing each with all before it: thousands of them in one form would cost millions of comparisons.
        let mut known = HashSet::new();
        let mut fields = Vec::new();
        for (name, value) in url::form_urlencoded::parse(text) {
            if name.contains('\0') || value.contains('\0') {
                return Err(BadFields::Nul(name.into_owned()));
            }
            fields.push((name.clone().into_owned(), value.into_owned()));
            if let Some(name) = known.replace(name) {
                return Err(BadFields::Repeated(name.into_owned()));
            }
        }
        Ok(Self(fields))
    }

    /// A field as it was sent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A field without blanks around it; empty when it was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// The fields' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_comes_once() {
        let fields = Fields::parse(b"a=1&b=%20x+&c").expect("fields");
        assert_eq!(
            (fields.get("a"), fields.text("b"), fields.get("c"), fields.get("d")),
            (Some("1"), "x", Some(""), None)
        );
        assert_eq!(Fields::parse(b"a=1&b=2&%61=3").err(), Some(BadFields::Repeated("a".into())));
    }

    /// Each became an error of PostgreSQL's, and so a failure of ours.
    #[test]
    fn s21_a_nul_is_in_no_field() {
        for text in [&b"a=x%00y"[..], b"a=%00", b"a%00=x", b"b=1&a=\0"] {
            assert!(matches!(Fields::parse(text), Err(BadFields::Nul(_))), "{text:?}");
        }
        assert_eq!(Fields::parse(b"a=%2500").expect("no NUL").get("a"), Some("%00"), "the twin");
    }
}
