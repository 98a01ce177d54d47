//! `/insight`: who lets me, or the organization within which I act, see something of them.

use askama::Template;
use jiff::civil::Date;

use super::{Frame, Page};

/// The list.
#[derive(Template)]
#[template(path = "insight.html")]
pub struct Insight {
    pub frame: Frame,
    /// The name of the organization, or of the person.
    pub whose: String,
    pub people: Vec<Consenting>,
}

/// Somebody who lets them see something.
pub struct Consenting {
    pub name: String,
    /// What it is called, in the tenant's words.
    pub purpose: String,
    pub seen: Gets,
    /// The last day; `None` when it lasts until it is taken back.
    pub until: Option<Date>,
}

/// What they let be seen.
pub enum Gets {
    /// Something at this place.
    Page { href: String },
    /// Their address, beside their name; empty when they have none.
    Contact { email: String },
    /// The register does not know them by a number yet.
    NothingYet,
}

impl Page for Insight {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say_with("insight-title").arg("whose", self.whose.as_str()).to_string()
    }
}
