//! What differs between those who speak SAML. Another method is a profile, and a folder beside `digid`; the wire stays as it is.

use std::time::Duration;

/// How one kind of provider speaks SAML.
#[derive(Debug)]
pub struct Profile {
    /// What people call it.
    pub name: &'static str,
    /// Its classes of login (`AuthnContextClassRef`), the weakest first: an answer may have the one that was asked, or a later one.
    pub classes: &'static [&'static str],
    /// Whether an assertion has a signature of its own, beside that of the message around it.
    pub signed_assertions: bool,
    /// The second-level status by which the person went back.
    pub cancelled: &'static str,
    /// How far the provider's clock may be from ours.
    pub clock_allowance: Duration,
}

impl Profile {
    /// Where a class stands among them.
    #[must_use]
    pub fn rank(&self, class: &str) -> Option<usize> {
        self.classes.iter().position(|known| *known == class)
    }
}
