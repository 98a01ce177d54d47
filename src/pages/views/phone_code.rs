//! `/login/{attempt}/phone-code`: the code that was sent by telephone. The page shows no digit of the number, and it cannot be changed here.

use askama::Template;

use super::email_code::CodeProblem;
use super::{Frame, Page, Problems};

/// The page with the code that came by telephone.
#[derive(Template)]
#[template(path = "phone_code.html")]
pub struct PhoneCode {
    pub frame: Frame,
    /// The login attempt.
    pub attempt: String,
    /// How many digits a code has.
    pub digits: u8,
    /// How many minutes a code is valid.
    pub valid_minutes: u32,
    /// How the last code went.
    pub way: Way,
    /// Seconds until another code may be asked for; `None` when it may now.
    pub resend_after: Option<u32>,
    /// Whether one can go on with a code by mail.
    pub mail_instead: bool,
    /// Set after another code was sent.
    pub sent_again: bool,
    /// Set when another code was asked for before the time.
    pub asked_too_soon: bool,
    /// Set when a code by mail was asked for and proves nothing, since the password came by mail.
    pub not_by_mail: bool,
    /// The code as it was typed, when it is worth mending (too few, too many, no digits).
    pub code: String,
    pub problem: Option<CodeProblem>,
}

/// How a code goes by telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Sms,
    Call,
    /// Nothing went: there is no number.
    Either,
}

impl PhoneCode {
    fn lead(&self) -> &'static str {
        match self.way {
            Way::Sms => "phone-code-lead-sms",
            Way::Call => "phone-code-lead-call",
            Way::Either => "phone-code-lead",
        }
    }
}

impl Page for PhoneCode {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("phone-code-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem.iter().map(|problem| ("code", problem.say(text, self.digits, "code-wrong-phone"))).collect()
    }
}
