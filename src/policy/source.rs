//! The texts of the policies, and what is wrong with them.
//!
//! Three kinds of files: `*.polar` (rules), `*.test` (examples beside the rules, see [`super::policies`]) and
//! `operations.txt` (what may be asked at all). `matrix.txt`, which is generated, may stand beside them.

use std::fmt;

/// A file of the policies, already read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its file name; the ending says what it is.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// A file with this name and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

macro_rules! shipped {
    ($($name:literal)+) => {
        /// The policies that Poort is shipped with: the folder `policies/`, compiled in.
        #[must_use]
        pub fn shipped() -> Vec<Source> {
            vec![$(Source::new($name, include_str!(concat!("../../policies/", $name)))),+]
        }
    };
}

shipped! {
    "operations.txt"
    "gateway.polar"
    "access_manager.polar" "access_manager.test"
    "anyone.polar" "anyone.test"
    "appraiser.polar" "appraiser.test"
    "citizen.polar" "citizen.test"
    "consent.polar" "consent.test"
    "helpdesk.polar" "helpdesk.test"
    "mandate_holder.polar" "mandate_holder.test"
    "organization.polar" "organization.test"
    "professional.polar" "professional.test"
    "supporter.polar" "supporter.test"
    "trainee.polar" "trainee.test"
    "trainer.polar" "trainer.test"
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// In which file.
    pub file: String,
    /// In which line, from 1; 0 when it is the whole file.
    pub line: usize,
    /// What.
    pub message: String,
}

impl Problem {
    pub(super) fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.into(), line, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}:{line}: {}", self.file, self.message),
        }
    }
}

/// The policies are refused; everything that is wrong with them, by file and line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the policies are refused")?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for PolicyError {}

/// The lines of a table that say something: their number, from 1, and their words; `#` begins a comment.
pub(super) fn table(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    text.lines().enumerate().filter_map(|(i, line)| {
        let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
        (!words.is_empty()).then_some((i + 1, words))
    })
}
