//! `/factors/phone`: one's telephone number, typed and then verified (LOGIN-8).

use askama::Template;

use super::email_code::CodeProblem;
use super::{Frame, Page, Problems};

/// The page on which one types one's number.
#[derive(Template)]
#[template(path = "phone.html")]
pub struct Phone {
    pub frame: Frame,
    /// The choice that one goes on to afterwards; set when one cannot go on without a number.
    pub attempt: Option<String>,
    /// The last two digits of a number that waits for its code.
    pub waits: Option<String>,
    /// The last two digits of the number that was verified.
    pub verified: Option<String>,
    /// Whether only the helpdesk changes that one; else its owner removes it where they see what they log in with.
    pub helpdesk: bool,
    /// Set when a code did not verify the number, and cannot any more.
    pub begin_again: bool,
    /// The number as it was typed.
    pub number: String,
    pub problem: Option<PhoneProblem>,
}

/// What can be wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneProblem {
    Missing,
    NotANumber,
    /// Of a country that is not taken.
    Elsewhere,
    /// A premium or service number.
    OtherLine,
}

/// The page on which one types the code that came.
#[derive(Template)]
#[template(path = "phone_verify.html")]
pub struct PhoneVerify {
    pub frame: Frame,
    /// As of [`Phone`].
    pub attempt: Option<String>,
    /// Names the number when the code comes (form field `phone`).
    pub token: String,
    /// Whether the code was said in a call.
    pub called: bool,
    /// The last two digits of the number.
    pub end: String,
    /// How many digits a code has, and how many minutes it is valid.
    pub digits: u8,
    pub valid_minutes: u32,
    pub problem: Option<CodeProblem>,
}

impl Page for Phone {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("phone-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem
            .iter()
            .map(|problem| {
                let key = match problem {
                    PhoneProblem::Missing => "phone-missing",
                    PhoneProblem::NotANumber => "phone-no-number",
                    PhoneProblem::Elsewhere => "phone-elsewhere",
                    PhoneProblem::OtherLine => "phone-other-line",
                };
                ("number", text.say(key).into_owned())
            })
            .collect()
    }
}

impl Page for PhoneVerify {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("phone-verify-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem.iter().map(|problem| ("code", problem.say(text, self.digits, "code-wrong-phone"))).collect()
    }
}
