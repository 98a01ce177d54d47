//! A method by which another provider proves who somebody is: the person goes there, and comes back.
//!
//! Flows know this trait and no method by name; [`super::registry`] alone names them. A method waits on its provider, for a bounded
//! time, and on nothing else: what must last between going and coming back is [`Redirect::kept`], which the caller keeps, sealed.

use std::fmt;

use futures_util::future::BoxFuture;
use url::Url;
use zeroize::Zeroizing;

use crate::{
    base::{
        Language, Timestamp,
        token::{Token, TokenDigest},
    },
    domain::{
        assurance::Assurance,
        identifier::{CompanyNumber, NationalNumber},
        tenant::Factor,
    },
};

/// A way to log in at another provider.
pub trait LoginMethod: Send + Sync {
    /// The factor that it proves.
    fn factor(&self) -> Factor;

    /// What people call it, in every language.
    fn name(&self) -> &str;

    /// Whether its provider failed so often that nobody is sent there for the moment.
    fn is_out_of_order(&self) -> bool;

    /// Where the person goes.
    fn start<'a>(&'a self, asked: &'a Asked<'a>) -> BoxFuture<'a, Result<Redirect, Refused>>;

    /// What the provider says of who came back. `kept` is that of the [`Redirect`] with which they left.
    fn resume<'a>(&'a self, kept: &'a [u8], returned: &'a Returned<'a>) -> BoxFuture<'a, Result<Proved, Refused>>;

    /// Reads what the provider publishes about itself anew when it is no longer fresh, so that no person waits for it.
    fn refresh(&self) -> BoxFuture<'_, ()>;

    /// What we publish about ourselves for a provider that speaks SAML (saml-metadata-2.0); nothing for another one.
    fn metadata(&self) -> Option<Result<String, Refused>> {
        None
    }
}

/// What is asked of a method.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The least assurance that does.
    pub least: Assurance,
    /// Since when the person must have proved who they are, when an older proof does not do (`max_age`, `prompt=login`).
    pub since: Option<Timestamp>,
    /// The language of the person.
    pub language: Language,
    /// What must come back with them.
    pub state: &'a Token,
    /// Where they come back to.
    pub redirect_uri: &'a str,
}

/// The person goes to the provider.
pub struct Redirect {
    /// There.
    pub to: Url,
    /// What is sent along in a form; without it they are led there.
    pub form: Option<Form>,
    /// What [`LoginMethod::resume`] needs: secrets of this one login.
    pub kept: Zeroizing<Vec<u8>>,
}

/// The fields of a form.
pub type Form = Vec<(&'static str, String)>;

/// What came back with the person (RFC 6749 section 4.1.2, RFC 9207, saml-bindings-2.0 section 3.6.4). None of it is believed.
#[derive(Default)]
pub struct Returned<'a> {
    /// The code.
    pub code: Option<&'a str>,
    /// The error.
    pub error: Option<&'a str>,
    /// Who says so.
    pub issuer: Option<&'a str>,
    /// What stands for a SAML answer, once.
    pub artifact: Option<&'a str>,
    /// What the browser brings itself: a SAML answer that it posted before (saml-bindings-2.0 section 3.5), or what a card made.
    pub response: Option<&'a str>,
}

/// For which organization somebody acts, as a provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// The organization, or the one branch of it to which what they may is restricted.
    pub number: CompanyNumber,
    /// Who acts for it and employs them, in a chain of mandates.
    pub intermediary: Option<CompanyNumber>,
}

/// Who somebody is, as a provider vouches for. Made in this room only.
pub struct Proved {
    pub(super) factor: Factor,
    pub(super) national_number: NationalNumber,
    pub(super) within: Option<Within>,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) assurance: Assurance,
    pub(super) at: Timestamp,
    pub(super) statement: Option<TokenDigest>,
    pub(super) note: Option<&'static str>,
}

impl Proved {
    /// The factor.
    #[must_use]
    pub const fn factor(&self) -> Factor {
        self.factor
    }

    /// The number or name that says who it is. A provider's own name for somebody (`sub`) may change, and an e-mail address may become
    /// another's: neither identifies anybody here (CVE-2026-15611).
    #[must_use]
    pub const fn national_number(&self) -> &NationalNumber {
        &self.national_number
    }

    /// For which organization they act, where they log in for one.
    #[must_use]
    pub const fn within(&self) -> Option<&Within> {
        self.within.as_ref()
    }

    /// Given name, as the provider writes it.
    #[must_use]
    pub fn given_name(&self) -> &str {
        &self.given_name
    }

    /// Family name, as the provider writes it.
    #[must_use]
    pub fn family_name(&self) -> &str {
        &self.family_name
    }

    /// What the login is worth.
    #[must_use]
    pub const fn assurance(&self) -> Assurance {
        self.assurance
    }

    /// When the person proved who they are.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// What stands for the provider's statement, where it has a name by which it is believed once.
    #[must_use]
    pub const fn statement(&self) -> Option<TokenDigest> {
        self.statement
    }

    /// What the audit log must know beside it.
    #[must_use]
    pub const fn note(&self) -> Option<&'static str> {
        self.note
    }
}

impl fmt::Debug for Proved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proved({}, {}, at {}, [hidden])", self.factor.word(), self.assurance, self.at)
    }
}

/// Why a method proves nothing. What is said in it is for the log; no person's data is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The person went back.
    #[error("cancelled at the provider")]
    Cancelled,
    /// The provider is down, slow, or says what cannot be read.
    #[error("the provider is out of order: {0}")]
    OutOfOrder(String),
    /// What came back cannot be believed, or says that the provider failed.
    #[error("not believed: {0}")]
    NotBelieved(String),
    /// What they show is over, or was revoked.
    #[error("not in force: {0}")]
    NotInForce(String),
    /// The login is worth less than what was asked.
    #[error("the login is worth less than was asked")]
    TooLow,
    /// The login is older than what was asked.
    #[error("the login is older than was asked")]
    TooOld,
    /// The provider knows no national number of the kind that this tenant's people have.
    #[error("without a national number of this tenant's kind")]
    NoNumber,
    /// The person acts for another one, and only mandates that are known here count here.
    #[error("for another person")]
    ForAnother,
    /// The person acts for nobody who is an organization.
    #[error("without an organization")]
    NoOrganization,
}
