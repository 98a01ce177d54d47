//! `/password/forgotten`: ask for a link to choose a new password (LOGIN-6).

use askama::Template;

use super::{Frame, Page, Problems, password::UserNames};

/// The page that asks for the user name.
#[derive(Template)]
#[template(path = "forgotten_password.html")]
pub struct ForgottenPassword {
    pub frame: Frame,
    pub user_names: UserNames,
    /// The user name as it was typed.
    pub user_name: String,
    pub problem: Option<ForgottenPasswordProblem>,
}

/// What can be wrong. Whether the address is known is never among it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForgottenPasswordProblem {
    Missing,
    NotAnAddress,
}

impl Page for ForgottenPassword {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("forgotten-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem
            .iter()
            .map(|problem| match problem {
                ForgottenPasswordProblem::Missing => ("user-name", text.say("forgotten-missing").into_owned()),
                ForgottenPasswordProblem::NotAnAddress => {
                    ("user-name", text.say("forgotten-not-an-address").into_owned())
                }
            })
            .collect()
    }
}
