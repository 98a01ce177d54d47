//! What may be asked: an operation is an action on a set of fields of a kind of resource, all words of the policies.
//!
//! Each door's act is a type of its own, so that a permit for one opens no other: `forward` wants a `Permit<Forward>`, the
//! function that grants a right a `Permit<GrantRight>`.

use std::fmt;

use crate::{
    base::id::PersonId,
    domain::{path::CanonicalPath, register::Route},
};

/// An action on a set of fields of a kind of resource: `read dossier/administrative`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Operation<'a> {
    /// What is done.
    pub action: &'a str,
    /// With which kind of resource.
    pub resource: &'a str,
    /// With which of its fields.
    pub fields: &'a str,
}

impl<'a> Operation<'a> {
    /// From its three words.
    #[must_use]
    pub const fn new(action: &'a str, resource: &'a str, fields: &'a str) -> Self {
        Self { action, resource, fields }
    }

    /// From an action and `resource/fields`.
    #[must_use]
    pub fn parse(action: &'a str, object: &'a str) -> Option<Self> {
        object.split_once('/').map(|(resource, fields)| Self { action, resource, fields })
    }

    /// What a route asks.
    #[must_use]
    pub fn of_route(route: &'a Route) -> Self {
        Self { action: &route.action, resource: &route.resource, fields: &route.fields }
    }
}

impl fmt::Display for Operation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.action, self.resource, self.fields)
    }
}

/// Something that needs a permit.
pub trait Act {
    /// The operation that policy is asked about.
    fn operation(&self) -> Operation<'_>;
}

/// Forwarding a request to a register's backend. Its permit holds the one path that may be forwarded to.
#[derive(Clone, Debug)]
pub struct Forward<'r> {
    operation: Operation<'r>,
    target: CanonicalPath,
}

impl<'r> Forward<'r> {
    /// Along `route`, to `target`.
    #[must_use]
    pub fn along(route: &'r Route, target: CanonicalPath) -> Self {
        Self { operation: Operation::of_route(route), target }
    }

    /// The path that was decided on.
    #[must_use]
    pub const fn target(&self) -> &CanonicalPath {
        &self.target
    }
}

impl Act for Forward<'_> {
    fn operation(&self) -> Operation<'_> {
        self.operation
    }
}

/// Granting a right to a member of the organization one manages (ORG-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRight {
    /// Who gets it.
    pub to: PersonId,
    /// The right's code.
    pub right: String,
}

/// Taking a right back from a member (ORG-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokeRight {
    /// Who loses it.
    pub from: PersonId,
    /// The right's code.
    pub right: String,
}

/// Reading who belongs to an organization, and their rights there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadMembers;

/// Looking up who is registered, of what a tenant opens to anyone (LOOKUP-1). Its permit holds the professions that are open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// The professions whose registrations may be looked up, by their codes.
    pub professions: Vec<String>,
}

/// Searching among the mandators of a holder (PROFILE-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchMandators;

/// Letting a recipient see something of oneself (INSIGHT-1, INSIGHT-2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiveConsent {
    /// The purpose's code.
    pub purpose: String,
}

/// Taking a consent back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawConsent;

/// Reading what one has consented to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadConsents;

/// Reading who consented to oneself, or to one's organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListInsight;

/// Pairing one's phone with an app of the register (PAIR-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairApp {
    /// The app's `client_id`.
    pub client: String,
}

macro_rules! own_acts {
    ($($act:ty: $action:literal $resource:literal $fields:literal,)+) => {
        $(impl Act for $act {
            fn operation(&self) -> Operation<'_> {
                Operation::new($action, $resource, $fields)
            }
        })+

        /// The operations of Poort's own pages; the policies must know each.
        pub const OWN: &[Operation<'static>] = &[$(Operation::new($action, $resource, $fields)),+];
    };
}

own_acts! {
    GrantRight: "grant" "organization_right" "all",
    RevokeRight: "revoke" "organization_right" "all",
    ReadMembers: "read" "members" "all",
    SearchMandators: "search" "mandators" "all",
    GiveConsent: "give" "consent" "all",
    WithdrawConsent: "withdraw" "consent" "all",
    ReadConsents: "read" "consent" "all",
    ListInsight: "read" "insight" "names",
    PairApp: "pair" "app" "all",
    LookUp: "look_up" "registrant" "public",
}
