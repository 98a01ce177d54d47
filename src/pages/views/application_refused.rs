//! An authorization request that is shown and not sent back, since its application or its redirect URI cannot be
//! trusted (OpenID Connect Core 3.1.2.6, RFC 6749 4.1.2.1).

use askama::Template;

use super::{Frame, Page};

/// The page that says the application is not set up well.
#[derive(Template)]
#[template(path = "application_refused.html")]
pub struct ApplicationRefused {
    pub frame: Frame,
    pub kind: ApplicationRefusedKind,
    /// The application's name, when it is known.
    pub application: Option<String>,
    /// The number by which the help desk finds this in the log.
    pub reference: String,
}

/// What is wrong with the application's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationRefusedKind {
    UnknownApplication,
    RedirectNotRegistered,
    InvalidRequest,
}

impl ApplicationRefused {
    fn detail(&self) -> String {
        let key = match self.kind {
            ApplicationRefusedKind::UnknownApplication => "application-refused-unknown",
            ApplicationRefusedKind::RedirectNotRegistered => "application-refused-redirect",
            ApplicationRefusedKind::InvalidRequest => "application-refused-invalid",
        };
        self.frame.text.say(key).into_owned()
    }
}

impl Page for ApplicationRefused {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("application-refused-title").into_owned()
    }
}
