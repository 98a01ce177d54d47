//! After a new password was chosen.

use askama::Template;

use super::{Frame, Page};

/// The page that says the new password counts.
#[derive(Template)]
#[template(path = "reset_done.html")]
pub struct ResetDone {
    pub frame: Frame,
    /// Where to log in.
    pub login: String,
}

impl Page for ResetDone {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("reset-done-title").into_owned()
    }
}
