//! `/profile/continue`: go on as a mandate holder or as a citizen (PROFILE-2).

use askama::Template;

use super::{Frame, Page};

/// The page that asks a person with several profiles with which one to go on.
#[derive(Template)]
#[template(path = "profile_continue.html")]
pub struct ProfileContinue {
    pub frame: Frame,
    /// The login attempt that waits for this choice; `None` when the profile is changed later.
    pub attempt: Option<String>,
    /// The administrative roles that the register knows, for example `directeur van Ziekenhuis Sint-Anna` (PROFILE-6).
    pub roles: Vec<String>,
    /// The enterprise that holds mandates and that the person also manages; `None` for a natural person's own mandates.
    pub organization: Option<String>,
}

impl Page for ProfileContinue {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("profile-continue-title").into_owned()
    }
}
