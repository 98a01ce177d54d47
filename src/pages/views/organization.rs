//! `/organization`: an access manager sees members and their rights, grants rights and takes them back (ORG-1).

use askama::Template;
use jiff::civil::Date;

use super::words::AccessManagerContact;
use super::{Frame, Page, Problems};

/// The page of an organization.
#[derive(Template)]
#[template(path = "organization.html")]
pub struct Organization {
    pub frame: Frame,
    pub name: String,
    /// The number with its label: `KBO 0403.019.261`.
    pub number: Option<String>,
    /// Who manages access, the chief first.
    pub managers: Vec<AccessManagerContact>,
    pub members: Vec<Member>,
    /// The rights that this access manager may give. Empty: the form is not shown, and the page says why.
    pub grantable: Vec<RightOption>,
    pub form: GrantForm,
    /// What was just done.
    pub done: Option<Done>,
    pub problems: Vec<GrantProblem>,
}

/// A member of the organization.
pub struct Member {
    /// The opaque handle, form field `member`.
    pub handle: String,
    pub name: String,
    /// What the person is here, in the page's language: `Hoofdtoegangsbeheerder`.
    pub role: String,
    /// Whether this is the person who looks: nobody grants rights to themselves.
    pub yourself: bool,
    pub rights: Vec<GrantedRight>,
}

/// A right that a member has.
pub struct GrantedRight {
    /// The opaque handle, form field `right_grant` of `/organization/revoke`.
    pub handle: String,
    pub name: String,
    /// The last day on which it counts.
    pub until: Date,
    /// Who gave it.
    pub granted_by: String,
    /// Whether this access manager may take it back.
    pub revocable: bool,
}

/// A right that may be given.
pub struct RightOption {
    /// The value of form field `right`.
    pub value: String,
    pub name: String,
}

/// What was filled in, kept when something is wrong.
#[derive(Clone, Debug, Default)]
pub struct GrantForm {
    /// The handle of the member.
    pub member: String,
    /// The value of the right.
    pub right: String,
    /// Form fields `day`, `month` and `year`: the last day.
    pub day: String,
    pub month: String,
    pub year: String,
}

/// What was just done.
pub enum Done {
    Granted { right: String, member: String, until: Date },
    Revoked { right: String, member: String },
}

/// What can be wrong, and what is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantProblem {
    MemberMissing,
    RightMissing,
    EndMissing,
    /// No such day.
    EndNotADate,
    EndInThePast,
    /// Later than the right may last.
    EndTooLate {
        latest: Date,
    },
    /// The organization does not have this right itself.
    OrganizationLacksRight,
    /// It is in a domain that this access manager does not manage.
    NotYoursToGive,
    /// Nobody grants rights to themselves.
    Yourself,
    /// The member has it already.
    AlreadyGranted {
        until: Date,
    },
    /// One person per institution may hold it (ORG-3).
    HeldByAnother {
        name: String,
    },
}

impl Organization {
    /// Members to whom this person may give a right.
    fn others(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| !member.yourself)
    }
}

impl Page for Organization {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say_with("organization-title").arg("name", self.name.as_str()).to_string()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problems
            .iter()
            .map(|problem| match problem {
                GrantProblem::MemberMissing => ("member", text.say("grant-member-missing").into_owned()),
                GrantProblem::RightMissing => ("right", text.say("grant-right-missing").into_owned()),
                GrantProblem::EndMissing => ("day", text.say("grant-end-missing").into_owned()),
                GrantProblem::EndNotADate => ("day", text.say("grant-end-not-a-date").into_owned()),
                GrantProblem::EndInThePast => ("day", text.say("grant-end-in-the-past").into_owned()),
                GrantProblem::EndTooLate { latest } => {
                    ("day", text.say_with("grant-end-too-late").arg("latest", text.date(*latest)).to_string())
                }
                GrantProblem::OrganizationLacksRight => {
                    ("right", text.say("grant-organization-lacks-right").into_owned())
                }
                GrantProblem::NotYoursToGive => ("right", text.say("grant-not-yours-to-give").into_owned()),
                GrantProblem::Yourself => ("member", text.say("grant-yourself").into_owned()),
                GrantProblem::AlreadyGranted { until } => {
                    ("right", text.say_with("grant-already-granted").arg("until", text.date(*until)).to_string())
                }
                GrantProblem::HeldByAnother { name } => {
                    ("right", text.say_with("grant-held-by-another").arg("name", name.as_str()).to_string())
                }
            })
            .collect()
    }
}
