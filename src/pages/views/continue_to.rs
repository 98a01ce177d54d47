//! The step from the login host to an application on another host: a link, and a `Refresh` header by the handler.
//!
//! A redirect after a form is stopped by `form-action 'self'` in Chromium; this page is not a redirect.

use askama::Template;

use super::{Frame, Page};

/// The page between Poort and an application.
#[derive(Template)]
#[template(path = "continue_to.html")]
pub struct ContinueTo {
    pub frame: Frame,
    /// The name of the application or register.
    pub application: String,
    /// The checked address.
    pub href: String,
}

impl Page for ContinueTo {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say_with("continue-title").arg("application", self.application.as_str()).to_string()
    }
}
