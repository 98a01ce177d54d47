//! 409: a form was made for one profile and sent while another is in use, usually from a second tab.

use askama::Template;

use super::{Frame, Page};

/// The page that names both profiles and offers a way back. Nothing was changed.
#[derive(Template)]
#[template(path = "profile_conflict.html")]
pub struct ProfileConflict {
    pub frame: Frame,
    /// The profile for which the form was made; `None` when the form names none of this person's.
    pub made_for: Option<ProfileName>,
    /// The profile in use now.
    pub in_use: ProfileName,
    /// Where to go on with the profile in use.
    pub go_on: String,
    /// Where to choose another profile.
    pub choose: String,
    /// The number by which the help desk finds this in the log.
    pub reference: String,
}

/// A profile in words.
pub struct ProfileName {
    /// `Mandaathouder van Jan Claes`, `Burger`.
    pub name: String,
}

impl Page for ProfileConflict {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("conflict-title").into_owned()
    }
}
