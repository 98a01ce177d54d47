//! A form whose session had ended (LOGIN-9): what would be sent and where, before it is; and that it was.

use askama::Template;

use super::{Frame, Page};

/// The page that asks whether to send it now.
#[derive(Template)]
#[template(path = "kept_form.html")]
pub struct KeptForm {
    pub frame: Frame,
    /// Where it goes, in words: the register, or Poort's own pages.
    pub place: String,
    /// The address of the form of this page.
    pub action: String,
    /// By what it is found.
    pub token: String,
    /// What was filled in.
    pub fields: Vec<Field>,
    /// Where one goes on without sending it.
    pub leave: String,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What was filled in.
    pub filled: Filled,
}

/// What was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filled {
    /// A text.
    Text(String),
    /// A file, by its name.
    File(String),
    /// A secret, which is not shown.
    Hidden,
}

impl Page for KeptForm {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("kept-title").into_owned()
    }
}

/// The page that says that it was sent on already, and is not sent again.
#[derive(Template)]
#[template(path = "kept_form_sent.html")]
pub struct KeptFormSent {
    pub frame: Frame,
    /// Where it went, in words.
    pub place: String,
    /// Where one goes on.
    pub back: String,
}

impl Page for KeptFormSent {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("kept-sent-title").into_owned()
    }
}
