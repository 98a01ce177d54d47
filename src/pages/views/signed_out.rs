//! `/signed-out`: after signing out of everything.

use askama::Template;

use super::{Frame, Page};

/// The page that says the person is signed out.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub struct SignedOut {
    pub frame: Frame,
    /// Applications that could not be told. The person is advised to close the browser.
    pub not_reached: Vec<String>,
}

impl Page for SignedOut {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("signed-out-title").into_owned()
    }
}
