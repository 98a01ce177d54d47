//! `/mandators`: a mandate holder finds the person for whom to act (PROFILE-3).
//!
//! A search is a POST, since a national number never stands in a URL; so is another page of results.

use askama::Template;
use jiff::civil::Date;

use super::{Frame, Page, Problems};

/// The page with the search form and what was found.
#[derive(Template)]
#[template(path = "mandators.html")]
pub struct Mandators {
    pub frame: Frame,
    /// The login attempt that waits for this choice; `None` when the profile is changed later.
    pub attempt: Option<String>,
    /// Whether the person has another profile to choose.
    pub choose: bool,
    /// The enterprise for which the person searches; `None` for a natural person's own mandates.
    pub enterprise: Option<String>,
    /// What was asked, kept in the form.
    pub search: Search,
    /// What was found; `None` before a search.
    pub results: Option<Results>,
    pub problems: Vec<SearchProblem>,
}

/// What one searches by. All of it is optional; what is filled in must all match.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Form field `nihdi`: the RIZIV number.
    pub nihdi: String,
    /// Form field `national`: the national register number.
    pub national: String,
    /// Form field `name`: the family name.
    pub name: String,
    /// Form field `first_name`.
    pub first_name: String,
}

/// One page of what was found.
pub struct Results {
    /// How many there are on all pages together.
    pub count: u32,
    /// This page, from 1.
    pub page: u32,
    /// How many pages there are, at least 1.
    pub pages: u32,
    /// How many stand on a page.
    pub per_page: u32,
    pub mandators: Vec<Mandator>,
}

/// Someone for whom the person may act.
pub struct Mandator {
    /// The opaque handle, form field `mandate` of `/mandators/choose`.
    pub handle: String,
    /// Family name and first name: `Claes, Jan`.
    pub name: String,
    /// `Arts`; empty when the register does not say.
    pub profession: String,
    /// The RIZIV number; empty when there is none.
    pub nihdi: String,
    /// What the mandate is for.
    pub scope: String,
    /// The last day of the mandate.
    pub until: Option<Date>,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchProblem {
    /// Not eleven digits, or wrong check digits.
    Nihdi,
    /// Not eleven digits, or wrong check digits.
    National,
    /// A name of one letter finds too many people.
    NameTooShort,
    /// The mandate ended between the search and the choice.
    MandateEnded,
}

impl Page for Mandators {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("mandators-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problems
            .iter()
            .map(|problem| match problem {
                SearchProblem::Nihdi => ("nihdi", text.say("mandators-nihdi-wrong").into_owned()),
                SearchProblem::National => ("national", text.say("mandators-national-wrong").into_owned()),
                SearchProblem::NameTooShort => ("name", text.say("mandators-name-too-short").into_owned()),
                SearchProblem::MandateEnded => ("nihdi", text.say("mandators-mandate-ended").into_owned()),
            })
            .collect()
    }
}
