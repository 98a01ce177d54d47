//! `/consents/{purpose}`: who may see something of me, one more, and taking it back (INSIGHT-1, INSIGHT-2).

use askama::Template;
use jiff::civil::Date;

use super::{Frame, Page, Problems};

/// The page of one purpose.
#[derive(Template)]
#[template(path = "consents.html")]
pub struct Consents {
    pub frame: Frame,
    /// Where the form leads; taking back is below it.
    pub action: String,
    /// What the purpose is called, in the tenant's words.
    pub name: String,
    /// What a recipient sees and what not, in the tenant's words.
    pub shows: String,
    pub whom: Whom,
    pub given: Vec<Given>,
    /// Who can be chosen. Empty: the form is not shown, and the page says why.
    pub candidates: Vec<Candidate>,
    pub form: ConsentForm,
    /// What was just done.
    pub done: Option<Done>,
    pub problems: Vec<ConsentProblem>,
}

/// What kind of recipient it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    Employer,
    Person,
}

/// A consent that stands.
pub struct Given {
    /// The opaque handle, form field `consent`.
    pub handle: String,
    /// The recipient's name.
    pub to: String,
    pub from: Date,
    /// The last day; `None` when it lasts until it is taken back.
    pub until: Option<Date>,
}

/// Somebody who can be chosen.
pub struct Candidate {
    /// The value of form field `recipient`.
    pub handle: String,
    pub name: String,
}

/// What was filled in, kept when something is wrong.
#[derive(Clone, Debug, Default)]
pub struct ConsentForm {
    pub recipient: String,
    /// Form fields `day`, `month` and `year`: the last day, or nothing.
    pub day: String,
    pub month: String,
    pub year: String,
}

/// What was just done.
pub enum Done {
    Given { to: String },
    Withdrawn { to: String },
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentProblem {
    RecipientMissing,
    /// This recipient has it already.
    HasIt,
    /// No such day.
    EndNotADate,
    EndInThePast,
}

impl Consents {
    fn choose(&self) -> &'static str {
        match self.whom {
            Whom::Employer => "consent-employer",
            Whom::Person => "consent-person",
        }
    }
}

impl Page for Consents {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.name.clone()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problems
            .iter()
            .map(|problem| match problem {
                ConsentProblem::RecipientMissing => ("recipient", text.say("consent-recipient-missing").into_owned()),
                ConsentProblem::HasIt => ("recipient", text.say("consent-has-it").into_owned()),
                ConsentProblem::EndNotADate => ("day", text.say("grant-end-not-a-date").into_owned()),
                ConsentProblem::EndInThePast => ("day", text.say("grant-end-in-the-past").into_owned()),
            })
            .collect()
    }
}
