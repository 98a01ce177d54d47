//! The fields of a URL-encoded form or query. A field that comes twice is refused: two programs would read it differently.

use std::collections::HashSet;

/// Fields by name, each once.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

/// A field comes twice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the field {0} comes twice")]
pub struct Repeated(pub String);

impl Fields {
    /// The largest form of Poort's own pages, in bytes.
    pub const LARGEST: usize = 64 * 1024;

    /// Reads `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// When a field comes twice.
    pub fn parse(text: &[u8]) -> Result<Self, Repeated> {
        // Not by comparing each with all before it: thousands of them in one form would cost millions of comparisons.
        let mut known = HashSet::new();
        let mut fields = Vec::new();
        for (name, value) in url::form_urlencoded::parse(text) {
            fields.push((name.clone().into_owned(), value.into_owned()));
            if let Some(name) = known.replace(name) {
                return Err(Repeated(name.into_owned()));
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
        assert_eq!(Fields::parse(b"a=1&b=2&%61=3").err(), Some(Repeated("a".into())));
    }
}
