//! The answer of `/password/forgotten`: the same whether the address is known or not (LOGIN-6).

use askama::Template;

use super::{Frame, Page};

/// The page that says a mail was sent if the address is known.
#[derive(Template)]
#[template(path = "forgotten_sent.html")]
pub struct ForgottenSent {
    pub frame: Frame,
    /// How many minutes the link is valid.
    pub valid_minutes: u32,
}

impl Page for ForgottenSent {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("forgotten-sent-title").into_owned()
    }
}
