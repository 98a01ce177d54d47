//! `/account/address` and below: another address to log in with (LOGIN-7).

use askama::Template;

use super::{Frame, Page, Problems};

/// The form with the new address.
#[derive(Template)]
#[template(path = "address.html")]
pub struct Address {
    pub frame: Frame,
    /// As it was typed.
    pub email: String,
    pub problem: Option<AddressProblem>,
}

/// What can be wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    Missing,
    NotAnAddress,
}

/// What comes after the form.
#[derive(Template)]
#[template(path = "address_step.html")]
pub struct AddressStep {
    pub frame: Frame,
    pub step: Step,
}

/// Where a change stands.
pub enum Step {
    /// A link is on its way, or not: the page is the same. For so many minutes.
    Sent(u32),
    /// The link was opened: it is confirmed by a button.
    Confirm {
        /// Form field `token`.
        token: String,
        /// The new address.
        email: String,
    },
    Confirmed,
    /// The old address objects, by a button.
    Object {
        /// Form field `token`.
        token: String,
    },
    Objected,
}

impl Page for Address {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("address-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        let say = |problem: &AddressProblem| match problem {
            AddressProblem::Missing => ("email", text.say("address-missing").into_owned()),
            AddressProblem::NotAnAddress => ("email", text.say("address-no-address").into_owned()),
        };
        self.problem.iter().map(say).collect()
    }
}

impl Page for AddressStep {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        let key = match self.step {
            Step::Sent(_) => "address-sent-title",
            Step::Confirm { .. } => "address-confirm-title",
            Step::Confirmed => "address-confirmed-title",
            Step::Object { .. } => "address-object-title",
            Step::Objected => "address-objected-title",
        };
        self.frame.text.say(key).into_owned()
    }
}
