//! The answer to `/factors/recovery`: a new set of recovery codes, shown once.

use askama::Template;

use super::{Frame, Page};

/// The page with the codes.
#[derive(Template)]
#[template(path = "recovery_codes.html")]
pub struct RecoveryCodes {
    pub frame: Frame,
    pub codes: Vec<String>,
}

impl Page for RecoveryCodes {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("recovery-codes-title").into_owned()
    }
}
