//! From `/login/{attempt}/with/{means}` to a provider that takes a form: fields that no person reads, and a button.

use askama::Template;

use super::{Frame, Page};

/// The page between Poort and a provider.
#[derive(Template)]
#[template(path = "send_on.html")]
pub struct SendOn {
    pub frame: Frame,
    /// What people call the provider.
    pub provider: String,
    /// Where the form goes.
    pub to: String,
    /// The form's fields.
    pub fields: Vec<(&'static str, String)>,
}

impl Page for SendOn {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say_with("send-on-title").arg("provider", self.provider.as_str()).to_string()
    }
}
