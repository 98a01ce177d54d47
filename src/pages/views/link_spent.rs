//! A mailed link that no longer works: used before, expired, or replaced by a newer one.

use askama::Template;

use super::{Frame, Page};

/// The page that says so and offers a new link.
#[derive(Template)]
#[template(path = "link_spent.html")]
pub struct LinkSpent {
    pub frame: Frame,
    /// Where another link is asked for.
    pub again: &'static str,
    /// The number by which the help desk finds this in the log.
    pub reference: String,
}

impl Page for LinkSpent {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("link-spent-title").into_owned()
    }
}
