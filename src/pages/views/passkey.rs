//! `/login/{attempt}/passkey`: a passkey, alone or after the password. The page's script asks the browser for it.

use askama::Template;

use super::{Frame, Page, Problems};

/// The page that asks for a passkey.
#[derive(Template)]
#[template(path = "passkey.html")]
pub struct Passkey {
    pub frame: Frame,
    /// The login attempt.
    pub attempt: String,
    /// Whether it comes after the password.
    pub second: bool,
    pub problem: Option<PasskeyProblem>,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyProblem {
    /// No passkey came: the page's script did not run.
    Missing,
    /// One answer for an unknown, a removed and a copied passkey, and for one of somebody else.
    NotRecognised,
}

impl Page for Passkey {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("passkey-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem
            .iter()
            .map(|problem| match problem {
                PasskeyProblem::Missing => ("other-key", text.say("passkey-missing").into_owned()),
                PasskeyProblem::NotRecognised => ("other-key", text.say("passkey-not-recognised").into_owned()),
            })
            .collect()
    }
}
