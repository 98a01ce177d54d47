//! `/password/reset`: choose a new password, by a link that works once.

use askama::Template;

use super::{Frame, Page, Problems};

/// The page on which a person chooses a new password.
#[derive(Template)]
#[template(path = "reset_password.html")]
pub struct ResetPassword {
    pub frame: Frame,
    /// The token of the link, sent again with the form.
    pub token: String,
    /// The user name of the account, so that a password manager keeps the new password in the right place.
    pub user_name: String,
    /// How many characters a password has at least.
    pub min_length: u32,
    pub problem: Option<ResetPasswordProblem>,
}

/// What can be wrong with a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetPasswordProblem {
    Missing,
    TooShort,
    TooLong,
    /// It stands in a list of passwords that many people use.
    TooCommon,
    /// It holds the user name or the name of the tenant.
    TooLikeUserName,
}

impl Page for ResetPassword {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("reset-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem
            .iter()
            .map(|problem| {
                let message = match problem {
                    ResetPasswordProblem::Missing => text.say("reset-missing").into_owned(),
                    ResetPasswordProblem::TooShort => {
                        text.say_with("reset-too-short").arg("min", self.min_length).to_string()
                    }
                    ResetPasswordProblem::TooLong => text.say("reset-too-long").into_owned(),
                    ResetPasswordProblem::TooCommon => text.say("reset-too-common").into_owned(),
                    ResetPasswordProblem::TooLikeUserName => text.say("reset-too-like-user-name").into_owned(),
                };
                ("new-password", message)
            })
            .collect()
    }
}
