//! `/login/{attempt}/recovery-code`: a recovery code after the password.

use askama::Template;

use super::{Frame, Page, Problems};

/// The page with the recovery code.
#[derive(Template)]
#[template(path = "recovery_code.html")]
pub struct RecoveryCode {
    pub frame: Frame,
    /// The login attempt.
    pub attempt: String,
    /// The code as it was typed, when it is worth mending.
    pub code: String,
    pub problem: Option<RecoveryCodeProblem>,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveryCodeProblem {
    Missing,
    /// It has too few or too many letters, or others than a code has.
    Malformed,
    /// It is wrong, or was used.
    Wrong,
}

impl Page for RecoveryCode {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("recovery-code-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem
            .iter()
            .map(|problem| match problem {
                RecoveryCodeProblem::Missing => ("code", text.say("recovery-code-missing").into_owned()),
                RecoveryCodeProblem::Malformed => ("code", text.say("recovery-code-malformed").into_owned()),
                RecoveryCodeProblem::Wrong => ("code", text.say("recovery-code-wrong").into_owned()),
            })
            .collect()
    }
}
