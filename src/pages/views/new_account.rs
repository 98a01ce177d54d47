//! `/account/new`: who has no account asks for one (LOGIN-3, LOGIN-12).

use askama::Template;

use super::{Frame, Page, Problems};

/// The form: an address and a password.
#[derive(Template)]
#[template(path = "new_account.html")]
pub struct NewAccount {
    pub frame: Frame,
    /// Form field `email`, kept in the form.
    pub email: String,
    /// How many characters a password has at least.
    pub min_length: u32,
    pub problem: Option<NewAccountProblem>,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewAccountProblem {
    EmailMissing,
    NotAnAddress,
    PasswordMissing,
    TooShort,
    TooLong,
    /// It stands in a list of passwords that many people use.
    TooCommon,
    /// It holds the address or the name of the tenant.
    TooLikeEmail,
}

impl Page for NewAccount {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("new-account-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        let problem = self.problem.map(|problem| match problem {
            NewAccountProblem::EmailMissing => ("email", text.say("new-account-email-missing").into_owned()),
            NewAccountProblem::NotAnAddress => ("email", text.say("new-account-not-an-address").into_owned()),
            NewAccountProblem::PasswordMissing => ("new-password", text.say("reset-missing").into_owned()),
            NewAccountProblem::TooShort => {
                ("new-password", text.say_with("reset-too-short").arg("min", self.min_length).to_string())
            }
            NewAccountProblem::TooLong => ("new-password", text.say("reset-too-long").into_owned()),
            NewAccountProblem::TooCommon => ("new-password", text.say("reset-too-common").into_owned()),
            NewAccountProblem::TooLikeEmail => ("new-password", text.say("reset-too-like-user-name").into_owned()),
        });
        problem.into_iter().collect()
    }
}

/// The answer: the same whether the address is known or not.
#[derive(Template)]
#[template(path = "new_account_sent.html")]
pub struct NewAccountSent {
    pub frame: Frame,
    /// How many minutes the link is valid.
    pub valid_minutes: u32,
}

impl Page for NewAccountSent {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("forgotten-sent-title").into_owned()
    }
}
