//! `/lookup`: anyone looks up whether somebody is registered (LOOKUP-1).
//!
//! It is a POST, so that a name that was looked up stands in no address; there are no further pages of results.

use askama::Template;

use super::{Frame, Page, Problems};
use crate::pages::text::Text;

/// The page with the form, and what was found.
#[derive(Template)]
#[template(path = "lookup.html")]
pub struct Lookup {
    pub frame: Frame,
    /// The registers that are open, by name.
    pub registers: Vec<String>,
    /// What was asked, kept in the form.
    pub asked: Asked,
    /// Letters that a family name must have.
    pub least_name: u32,
    /// What was found; `None` before anything was asked.
    pub answer: Option<Answer>,
    pub problem: Option<LookupProblem>,
}

/// What was asked: a name or a number.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Form field `name`: the family name.
    pub name: String,
    /// Form field `given_name`.
    pub given_name: String,
    /// Form field `number`: the registration number.
    pub number: String,
}

/// What was found.
pub enum Answer {
    /// These; often nobody.
    Found(Vec<Registrant>),
    /// More than are told at once.
    TooMany,
}

/// Somebody who is registered.
pub struct Registrant {
    /// Given and family name.
    pub name: String,
    pub number: String,
    /// The register's name.
    pub register: String,
    /// What they are registered as.
    pub profession: String,
    pub status: StatusName,
}

/// What somebody is in a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusName {
    Registered,
    Certified,
}

impl StatusName {
    /// The word in the page's language.
    pub fn say(self, text: Text) -> String {
        let key = match self {
            Self::Registered => "lookup-registered",
            Self::Certified => "lookup-certified",
        };
        text.say(key).into_owned()
    }
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupProblem {
    /// Neither a name nor a number.
    Nothing,
    /// Both.
    Both,
    /// The family name has too few letters.
    TooShort,
    /// Longer than any name or number.
    TooLong,
}

impl Lookup {
    fn registers(&self) -> String {
        self.registers.join(", ")
    }
}

impl Page for Lookup {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("lookup-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        let problem = self.problem.map(|problem| match problem {
            LookupProblem::Nothing => ("name", text.say("lookup-nothing").into_owned()),
            LookupProblem::Both => ("number", text.say("lookup-both").into_owned()),
            LookupProblem::TooShort => {
                ("name", text.say_with("lookup-too-short").arg("least", self.least_name).to_string())
            }
            LookupProblem::TooLong => ("name", text.say("lookup-too-long").into_owned()),
        });
        problem.into_iter().collect()
    }
}
