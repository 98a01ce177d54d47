//! `/login/{attempt}/password`: user name and password.

use askama::Template;

use super::login::KeyKind;
use super::{Frame, Page, Problems};

/// The page with the user name and the password.
#[derive(Template)]
#[template(path = "password.html")]
pub struct Password {
    pub frame: Frame,
    /// The login attempt.
    pub attempt: String,
    /// The key that was chosen: it says which code follows.
    pub key: KeyKind,
    pub user_names: UserNames,
    /// The same as the address names it (form field `second`).
    pub second: &'static str,
    /// The means with a passkey alone, which the browser may offer in the first field.
    pub passkey: Option<String>,
    /// The user name as it was typed. The password is never sent back.
    pub user_name: String,
    /// Minutes that one waits after too many wrong tries.
    pub wait: u32,
    pub problems: Vec<PasswordProblem>,
}

/// What people log in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserNames {
    /// Their e-mail address.
    Address,
    /// Their registration number, or their e-mail address.
    Number,
}

impl UserNames {
    pub(super) const fn hint(self) -> &'static str {
        match self {
            Self::Address => "password-user-name-hint",
            Self::Number => "password-user-name-number",
        }
    }

    /// The type of the input: a browser checks an address.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Address => "email",
            Self::Number => "text",
        }
    }
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    UserNameMissing,
    PasswordMissing,
    /// One answer for an unknown user, a wrong password, a locked and a closed account.
    NotRecognised,
    /// The password was reset by a link in a mail: a code in another mail proves nothing more.
    NotAfterMailReset,
}

impl Password {
    /// What the browser may fill in for the user name (WebAuthn Level 3 section 5.1.4: `webauthn` comes last).
    fn user_name_kind(&self) -> &'static str {
        if self.passkey.is_some() { "username webauthn" } else { "username" }
    }

    /// Whether to say what happens after too many tries: to everybody alike, so that it tells nothing of an account.
    fn says_wait(&self) -> bool {
        self.problems.contains(&PasswordProblem::NotRecognised)
    }
}

impl Page for Password {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("password-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problems
            .iter()
            .map(|problem| match problem {
                PasswordProblem::UserNameMissing => ("user-name", text.say("password-user-name-missing").into_owned()),
                PasswordProblem::PasswordMissing => ("password", text.say("password-missing").into_owned()),
                PasswordProblem::NotAfterMailReset => {
                    ("user-name", text.say("password-not-after-mail-reset").into_owned())
                }
                PasswordProblem::NotRecognised => ("user-name", text.say("password-not-recognised").into_owned()),
            })
            .collect()
    }
}
