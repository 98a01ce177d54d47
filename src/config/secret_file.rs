//! Secrets stand in files of their own, never in the configuration.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use zeroize::Zeroizing;

/// The name of a file that holds one secret. Printing it shows the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretFile(PathBuf);

impl SecretFile {
    /// The secret in the file at `path`.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Reads the secret: the file's text without the line break at its end.
    ///
    /// # Errors
    /// When the file cannot be read, is no UTF-8, or is empty. The error names the file and nothing that is in it.
    pub fn read(&self) -> io::Result<SecretString> {
        let named = |kind, what: &dyn std::fmt::Display| io::Error::new(kind, format!("{}: {what}", self.0.display()));
        let text = Zeroizing::new(fs::read_to_string(&self.0).map_err(|error| named(error.kind(), &error))?);
        let secret = text.strip_suffix('\n').unwrap_or(&text);
        let secret = secret.strip_suffix('\r').unwrap_or(secret);
        if secret.is_empty() {
            return Err(named(io::ErrorKind::InvalidData, &"the file is empty"));
        }
        Ok(SecretString::from(secret))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn the_secret_is_the_text_without_its_line_break() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret");
        fs::write(&path, "geheim\n").expect("written");
        let secret = SecretFile::new(path.clone()).read().expect("a secret");
        assert_eq!(secret.expose_secret(), "geheim");
        assert!(!format!("{secret:?}").contains("geheim"));
        fs::write(&path, "\n").expect("written");
        let error = SecretFile::new(path).read().expect_err("empty");
        assert!(error.to_string().ends_with("secret: the file is empty"), "{error}");
    }
}
