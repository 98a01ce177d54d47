//! Why nobody can be sent to a provider as things are: a file of the tenant's, or what is in it.

use std::path::Path;

use crate::base::tls::BadFile;

/// Why. Names the file, and nothing that is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);

impl Unusable {
    /// Because of this.
    #[must_use]
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// The same, about a file.
    #[must_use]
    pub fn of(self, file: &Path) -> Self {
        Self(format!("{}: {}", file.display(), self.0))
    }
}

impl From<BadFile> for Unusable {
    fn from(error: BadFile) -> Self {
        Self(error.to_string())
    }
}
