//! `/profile`: "I want to log in as" (PROFILE-1), and why something one expects is not there (PROFILE-4 to -6).

use askama::Template;

use super::words::AccessManagerContact;
use super::{Frame, Page, Problems};

/// The page on which a person chooses a profile.
#[derive(Template)]
#[template(path = "profile.html")]
pub struct Profile {
    pub frame: Frame,
    /// The login attempt that waits for this choice; `None` when the profile is changed later.
    pub attempt: Option<String>,
    /// The register or application for which the choice is made.
    pub register: Option<String>,
    /// What one may log in as. The first group is usually the citizen alone.
    pub groups: Vec<CapacityGroup>,
    /// The organizations within which one may log in. Without one the question is not asked.
    pub organizations: Vec<OrganizationOption>,
    /// What is not there, and why.
    pub missing: Vec<Missing>,
    pub problem: Option<ProfileProblem>,
}

/// The choices of one capacity, for example the professions of a care provider.
pub struct CapacityGroup {
    /// The capacity's name above its choices; `None` when the one choice bears it itself, as `Burger` does.
    pub heading: Option<String>,
    pub options: Vec<CapacityOption>,
}

/// One choice of "I want to log in as".
pub struct CapacityOption {
    /// The value of form field `as`.
    pub value: String,
    /// What is chosen: `Burger`, `Arts`.
    pub label: String,
    /// What one can do with it.
    pub hint: Option<String>,
    pub chosen: bool,
}

/// One choice of "Within the organization".
pub struct OrganizationOption {
    /// The value of form field `organization`; empty means none.
    pub value: String,
    pub name: String,
    /// The number with its label: `KBO 0403.019.261`.
    pub number: Option<String>,
    pub chosen: bool,
}

/// Something one may expect here and that is not there.
pub enum Missing {
    /// The care provider's registration is not complete yet (PROFILE-4).
    RegistrationIncomplete {
        /// `Kinesitherapeut`.
        profession: String,
    },
    /// A right within an organization is missing (PROFILE-5).
    Right {
        organization: String,
        /// The right's name.
        right: String,
        /// Who can give it, as far as the person may know. May be empty.
        managers: Vec<AccessManagerContact>,
    },
    /// Not known to the register in an administrative role (PROFILE-6).
    RoleUnknown,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileProblem {
    NothingChosen,
    /// The choice was possible when the page was shown and is not any more.
    NoLongerPossible,
    /// This capacity cannot be combined with an organization.
    NotWithin,
}

impl Profile {
    /// More organizations than fit a list of buttons are offered in a drop-down.
    fn many_organizations(&self) -> bool {
        self.organizations.len() > 6
    }

    fn no_organization_chosen(&self) -> bool {
        !self.organizations.iter().any(|option| option.chosen)
    }
}

impl Page for Profile {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("profile-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem
            .iter()
            .map(|problem| match problem {
                ProfileProblem::NothingChosen => ("as", text.say("profile-nothing-chosen").into_owned()),
                ProfileProblem::NoLongerPossible => ("as", text.say("profile-no-longer-possible").into_owned()),
                ProfileProblem::NotWithin => ("organization", text.say("profile-not-within").into_owned()),
            })
            .collect()
    }
}
