//! `/login/{attempt}/totp`: the code of an authenticator app (RFC 6238).

use askama::Template;

use super::email_code::CodeProblem;
use super::{Frame, Page, Problems};

/// The page with the authenticator app's code.
#[derive(Template)]
#[template(path = "totp.html")]
pub struct Totp {
    pub frame: Frame,
    /// The login attempt.
    pub attempt: String,
    /// How many digits a code has.
    pub digits: u8,
    /// The code as it was typed, when it is worth mending (too few, too many, no digits).
    pub code: String,
    pub problem: Option<CodeProblem>,
}

impl Page for Totp {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("totp-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem.iter().map(|problem| ("code", problem.say(text, self.digits, "code-wrong-app"))).collect()
    }
}
