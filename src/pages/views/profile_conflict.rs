//! 409: a form was made for one profile and sent while another is in use, usually from a second tab.

use askama::Template;

use super::{Frame, Page};

/// The page that names both profiles and offers a way back. Nothing was changed.
#[derive(Template)]
#[template(path = "profile_conflict.html")]
pub struct ProfileConflict {
    pub frame: Frame,
    /// The profile for which the form was made.
    pub made_for: ProfileName,
    /// The profile in use now.
    pub in_use: ProfileName,
    /// Where to go on with the profile in use.
    pub go_on: String,
    /// Where to switch back (POST, form field `profile`); `None` when that profile is no longer possible.
    pub switch: Option<SwitchBack>,
    /// The number by which the help desk finds this in the log.
    pub reference: String,
}

/// A profile in words.
pub struct ProfileName {
    /// `Mandaathouder van Jan Claes`, `Burger`.
    pub name: String,
}

/// How to go back to the profile for which the form was made.
pub struct SwitchBack {
    /// The form's action.
    pub action: String,
    /// The handle of that profile.
    pub handle: String,
}

impl Page for ProfileConflict {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("conflict-title").into_owned()
    }
}
