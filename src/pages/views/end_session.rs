//! `/end_session`: an application asks to sign the person out (OpenID Connect RP-Initiated Logout 1.0, section 2).

use askama::Template;

use super::{Frame, Page};

/// The page that asks the person whether to sign out.
#[derive(Template)]
#[template(path = "end_session.html")]
pub struct EndSession {
    pub frame: Frame,
    /// The application that asks; `None` when it did not say which it is.
    pub application: Option<String>,
    /// The handle of the checked request, form field `request` of `POST /end_session`.
    pub request: String,
    /// Where to go on without signing out.
    pub stay: String,
}

impl Page for EndSession {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("end-session-title").into_owned()
    }
}
