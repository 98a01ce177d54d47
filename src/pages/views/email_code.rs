//! `/login/{attempt}/email-code`: the code that was sent by e-mail. The page does not show the address.

use askama::Template;

use super::{Frame, Page, Problems};
use crate::pages::text::Text;

/// The page with the mailed code.
#[derive(Template)]
#[template(path = "email_code.html")]
pub struct EmailCode {
    pub frame: Frame,
    /// The login attempt.
    pub attempt: String,
    /// How many digits a code has.
    pub digits: u8,
    /// How many minutes a code is valid.
    pub valid_minutes: u32,
    /// Seconds until another code may be asked for; `None` when it may now.
    pub resend_after: Option<u32>,
    /// Set after another code was sent.
    pub sent_again: bool,
    /// Set when another code was asked for before the time.
    pub asked_too_soon: bool,
    /// The code as it was typed, when it is worth mending (too few, too many, no digits).
    pub code: String,
    pub problem: Option<CodeProblem>,
}

/// What can be wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeProblem {
    Missing,
    TooShort,
    TooLong,
    NotDigits,
    Wrong,
    /// The code was right once, or was replaced.
    Expired,
}

impl CodeProblem {
    /// What to do about it; `wrong` is the key of the sentence for a wrong code, which differs per kind of code.
    pub(super) fn say(self, text: Text, digits: u8, wrong: &'static str) -> String {
        match self {
            Self::Missing => text.say_with("code-missing").arg("digits", digits).to_string(),
            Self::TooShort => text.say_with("code-too-short").arg("digits", digits).to_string(),
            Self::TooLong => text.say_with("code-too-long").arg("digits", digits).to_string(),
            Self::NotDigits => text.say_with("code-not-digits").arg("digits", digits).to_string(),
            Self::Wrong => text.say(wrong).into_owned(),
            Self::Expired => text.say("code-expired").into_owned(),
        }
    }
}

impl Page for EmailCode {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("email-code-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem.iter().map(|problem| ("code", problem.say(text, self.digits, "code-wrong-email"))).collect()
    }
}
