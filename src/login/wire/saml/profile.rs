//! What differs between those who speak SAML. Another method is a profile, and a folder beside `digid`; the wire stays as it is.

use std::time::Duration;

/// How one kind of provider speaks SAML.
#[derive(Clone, Debug)]
pub struct Profile {
    /// What people call it.
    pub name: &'static str,
    /// Its classes of login (`AuthnContextClassRef`), the weakest first: an answer may have the one that was asked, or a later one.
    pub classes: &'static [&'static str],
    /// Who says which class is asked.
    pub asks: Asks,
    /// Whether who was here before proves who they are anew, each time.
    pub anew: bool,
    /// The attributes that a request asks for by name (eIDAS), with whether one that is told of nobody is a failure.
    pub requests: &'static [(&'static str, bool)],
    /// Whether an assertion has a signature of its own, beside that of the message around it.
    pub signed_assertions: bool,
    /// Whether an assertion may have those of others in its `Advice`. They are not read.
    pub advice: bool,
    /// What it encrypts of an assertion.
    pub encrypts: Encrypts,
    /// The second-level statuses by which the person went back.
    pub cancelled: &'static [&'static str],
    /// How far the provider's clock may be from ours.
    pub clock_allowance: Duration,
}

/// Who says which class of login is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The request (`RequestedAuthnContext`).
    Request,
    /// The catalogue in which our service stands; the request names it (`AttributeConsumingServiceIndex`).
    Catalogue,
}

/// What a provider encrypts of an assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encrypts {
    /// Nothing: what is encrypted is not taken.
    Nothing,
    /// Identifiers, in CBC mode too, since its specification demands that: they are below a signature.
    Identifiers,
    /// Every assertion, as a whole: one in the clear is not taken.
    Assertions,
    /// An assertion, or nothing: what it does is not written anywhere that we know.
    Perhaps,
}

impl Profile {
    /// Where a class stands among them.
    #[must_use]
    pub fn rank(&self, class: &str) -> Option<usize> {
        self.classes.iter().position(|known| *known == class)
    }
}
