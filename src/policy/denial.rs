//! A denial, and what would have done instead (PROXY-2, PROFILE-5).

use std::{fmt, sync::Arc};

use crate::domain::{assurance::Assurance, capacity::Capacity, person::Role};

/// Policy does not allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// The actor has no relation with whom it is about: nothing may show that it exists (404).
    Hidden,
    /// No rule allows it in this capacity and with these relations (403).
    Forbidden(WouldDo),
    /// A rule allows it to who logged in more surely.
    StepUp {
        /// The least that does.
        needed: Assurance,
    },
    /// Policy could not be asked. To be logged and counted: it is a fault of the policies or of Poort.
    Unavailable(Arc<str>),
}

/// Without the details, as examples and the matrix write it.
impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Denial::Hidden => f.write_str("hidden"),
            Denial::Forbidden(_) => f.write_str("forbidden"),
            Denial::StepUp { needed } => write!(f, "step-up:{needed}"),
            Denial::Unavailable(_) => f.write_str("unavailable"),
        }
    }
}

impl std::error::Error for Denial {}

/// What would do, each by itself, for who logged in surely enough. Before it is shown it is narrowed to what the person may
/// know: [`WouldDo::among`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WouldDo {
    /// Acting in one of these capacities, with the same relations.
    pub capacities: Vec<Capacity>,
    /// Being granted one of these rights in the organization.
    pub rights: Vec<String>,
    /// Being known to the register in one of these roles.
    pub roles: Vec<Role>,
    /// A mandate of one of these scopes.
    pub mandates: Vec<String>,
}

impl WouldDo {
    /// Only the capacities that are offered to the person, and the rights that their organization can have.
    #[must_use]
    pub fn among(mut self, offered: &[Capacity], has: impl Fn(&str) -> bool) -> Self {
        self.capacities.retain(|capacity| offered.contains(capacity));
        self.rights.retain(|right| has(right));
        self
    }

    /// Whether nothing would do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.capacities.is_empty() && self.rights.is_empty() && self.roles.is_empty() && self.mandates.is_empty()
    }
}
