//! Words for what several pages name: capacities and access managers.

use crate::pages::text::Text;

/// What one may act as, to be said on a page. A tenant may have a word of its own; this is the word without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapacityName {
    Citizen,
    Professional,
    MandateHolder,
    OrganizationMember,
    AccessManager,
    ChiefAccessManager,
    Supporter,
    Appraiser,
    Trainer,
    Trainee,
    Helpdesk,
    Anyone,
}

impl CapacityName {
    /// Every capacity.
    pub const fn all() -> [Self; 12] {
        [
            Self::Citizen,
            Self::Professional,
            Self::MandateHolder,
            Self::OrganizationMember,
            Self::AccessManager,
            Self::ChiefAccessManager,
            Self::Supporter,
            Self::Appraiser,
            Self::Trainer,
            Self::Trainee,
            Self::Helpdesk,
            Self::Anyone,
        ]
    }

    /// The word in the page's language.
    pub fn say(self, text: Text) -> String {
        let key = match self {
            Self::Citizen => "capacity-citizen",
            Self::Professional => "capacity-professional",
            Self::MandateHolder => "capacity-mandate-holder",
            Self::OrganizationMember => "capacity-organization-member",
            Self::AccessManager => "capacity-access-manager",
            Self::ChiefAccessManager => "capacity-chief-access-manager",
            Self::Supporter => "capacity-supporter",
            Self::Appraiser => "capacity-appraiser",
            Self::Trainer => "capacity-trainer",
            Self::Trainee => "capacity-trainee",
            Self::Helpdesk => "capacity-helpdesk",
            Self::Anyone => "capacity-anyone",
        };
        text.say(key).into_owned()
    }
}

/// Someone who can give a right, as far as the reader may know it (PROFILE-5).
#[derive(Clone, Debug)]
pub struct AccessManagerContact {
    /// The person's name.
    pub name: String,
    /// The address for questions about access; `None` when the organization does not show it.
    pub email: Option<String>,
}
