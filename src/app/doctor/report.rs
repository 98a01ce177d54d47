//! What a doctor saw.

use std::fmt;

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Well.
    Ok,
    /// It serves, and something should be done.
    Warning,
    /// A gateway would not serve, or not safely.
    Failure,
}

impl Verdict {
    /// The exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Verdict::Ok => 0,
            Verdict::Warning => 1,
            Verdict::Failure => 2,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Warning => "warning",
            Verdict::Failure => "FAILURE",
        }
    }
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How it is.
    pub verdict: Verdict,
    /// The setting, or what was asked.
    pub check: String,
    /// What was seen.
    pub what: String,
    /// What to do; empty when it is well.
    pub todo: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<7}  {}: {}", self.verdict.word(), self.check, self.what)?;
        if self.todo.is_empty() { Ok(()) } else { write!(f, "\n         -> {}", self.todo) }
    }
}

/// Every check.
#[derive(Clone, Debug, Default)]
pub struct Report(Vec<Line>);

impl Report {
    /// Something is well.
    pub fn ok(&mut self, check: impl Into<String>, what: impl Into<String>) {
        self.add(Verdict::Ok, check.into(), what.into(), String::new());
    }

    /// Something should be done.
    pub fn warning(&mut self, check: impl Into<String>, what: impl Into<String>, todo: impl Into<String>) {
        self.add(Verdict::Warning, check.into(), what.into(), todo.into());
    }

    /// Something is broken.
    pub fn failure(&mut self, check: impl Into<String>, what: impl Into<String>, todo: impl Into<String>) {
        self.add(Verdict::Failure, check.into(), what.into(), todo.into());
    }

    fn add(&mut self, verdict: Verdict, check: String, what: String, todo: String) {
        self.0.push(Line { verdict, check, what, todo });
    }

    /// The lines, in the order of the checks.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.0
    }

    /// The worst that was seen.
    #[must_use]
    pub fn worst(&self) -> Verdict {
        self.0.iter().map(|line| line.verdict).max().unwrap_or(Verdict::Ok)
    }

    pub(super) fn verdict_line(&self) -> String {
        let count = |verdict| self.0.iter().filter(|line| line.verdict == verdict).count();
        let (ok, warnings, failures) = (count(Verdict::Ok), count(Verdict::Warning), count(Verdict::Failure));
        format!("{ok} ok, {warnings} warnings, {failures} failures")
    }
}
