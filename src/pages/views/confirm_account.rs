//! `/account/confirm`: the account is made, by a link that works once and the password that was chosen (LOGIN-12).

use askama::Template;

use super::{Frame, Page, Problems};

/// The form: the password again, and a name.
#[derive(Template)]
#[template(path = "confirm_account.html")]
pub struct ConfirmAccount {
    pub frame: Frame,
    /// The token of the link, sent again with the form.
    pub token: String,
    /// The address that the link confirms.
    pub email: String,
    /// Form fields `given_name` and `family_name`, kept in the form.
    pub given_name: String,
    pub family_name: String,
    pub problems: Vec<ConfirmProblem>,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmProblem {
    GivenNameMissing,
    FamilyNameMissing,
    PasswordMissing,
    WrongPassword,
}

impl Page for ConfirmAccount {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("confirm-account-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problems
            .iter()
            .map(|problem| match problem {
                ConfirmProblem::GivenNameMissing => ("given-name", text.say("confirm-account-given-missing")),
                ConfirmProblem::FamilyNameMissing => ("family-name", text.say("confirm-account-family-missing")),
                ConfirmProblem::PasswordMissing => ("password", text.say("password-missing")),
                ConfirmProblem::WrongPassword => ("password", text.say("confirm-account-wrong-password")),
            })
            .map(|(field, message)| (field, message.into_owned()))
            .collect()
    }
}

/// The account is there.
#[derive(Template)]
#[template(path = "account_made.html")]
pub struct AccountMade {
    pub frame: Frame,
    /// The register where one goes on, and the address there.
    pub register: String,
    pub href: String,
}

impl Page for AccountMade {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("account-made-title").into_owned()
    }
}
