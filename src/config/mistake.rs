//! What is wrong in a configuration, where, and what would be right.
//!
//! Architecture invariant: a mistake holds words of ours, names, and values of keys that are never secret. What stands at a
//! key that may hold a secret (passwords, client secrets, keys, URLs with a user) is not repeated in any message.

use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Where a value, a key or a section stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as it was named to us.
    pub file: PathBuf,
    /// The line, from 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// The character in the line, from 1; 0 when the file as a whole is meant.
    pub column: usize,
    /// The path of keys: `registers.dossier.routes[2].subject`, entries of lists counted from 1. Empty for a whole file.
    pub key: String,
}

impl Place {
    /// A file as a whole.
    #[must_use]
    pub fn file(file: &Path) -> Self {
        Self { file: file.to_owned(), line: 0, column: 0, key: String::new() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        if !self.key.is_empty() {
            write!(f, " {}", self.key)?;
        }
        Ok(())
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What is wrong, one sentence without a full stop.
    pub what: String,
    /// What would be right: a line to write, or what to do.
    pub right: String,
}

/// Two lines; further lines of [`Mistake::right`] are indented below the first.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.place, self.what)?;
        write!(f, "  would be right: {}", self.right.replace('\n', "\n                  "))
    }
}

/// Every mistake of a configuration, in the order of files and lines. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// `Ok` when there is none.
    pub(super) fn none_in(mut mistakes: Vec<Mistake>) -> Result<(), Self> {
        mistakes.sort();
        mistakes.dedup();
        if mistakes.is_empty() { Ok(()) } else { Err(Self(mistakes)) }
    }

    /// The mistakes.
    #[must_use]
    pub fn as_slice(&self) -> &[Mistake] {
        &self.0
    }

    /// The mistakes.
    #[must_use]
    pub fn into_vec(self) -> Vec<Mistake> {
        self.0
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render(&self.0))
    }
}

impl std::error::Error for Mistakes {}

/// The mistakes for a person, with their number at the end; an empty text when there is none.
#[must_use]
pub fn render(mistakes: &[Mistake]) -> String {
    let mut out: String = mistakes.iter().map(|mistake| format!("{mistake}\n")).collect();
    match mistakes.len() {
        0 => {}
        1 => out.push_str("1 mistake\n"),
        n => out.push_str(&format!("{n} mistakes\n")),
    }
    out
}
