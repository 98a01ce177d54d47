//! `/factors/app` and `/login/{attempt}/app`: setting up an authenticator app.

use askama::Template;

use super::email_code::CodeProblem;
use super::{Frame, Page, Problems};
use crate::pages::qr::Qr;

/// The page on which one scans the secret and types the first code.
#[derive(Template)]
#[template(path = "new_app.html")]
pub struct NewApp {
    pub frame: Frame,
    /// Whether it is the first one, in the middle of a login.
    pub first: bool,
    /// Whether there is another app, whose place it takes.
    pub replaces: bool,
    /// Where the form goes.
    pub action: String,
    /// Where one goes on without.
    pub back: String,
    /// Names the secret when the code comes (form field `app`).
    pub token: String,
    /// The secret, for the camera and for the hand.
    pub qr: Option<Qr>,
    pub secret: String,
    /// How many digits a code has.
    pub digits: u8,
    pub problem: Option<CodeProblem>,
}

impl Page for NewApp {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("app-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem.iter().map(|problem| ("code", problem.say(text, self.digits, "code-wrong-app"))).collect()
    }
}
