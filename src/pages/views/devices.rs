//! `/devices`: the phones that are paired with my account, pairing one more with a QR code, and unpairing (PAIR-1, PAIR-2).

use askama::Template;
use jiff::civil::DateTime;

use super::{Frame, Page, Problems, email_code::CodeProblem};
use crate::pages::qr::Qr;

/// The page.
#[derive(Template)]
#[template(path = "devices.html")]
pub struct Devices {
    pub frame: Frame,
    pub phones: Vec<Phone>,
    /// The apps that can be paired with the profile in use. Empty: the page says why.
    pub apps: Vec<App>,
    /// A code that is shown now.
    pub offer: Option<Offer>,
    /// What was just done.
    pub done: Option<Done>,
}

/// A phone that is paired.
pub struct Phone {
    /// The opaque handle, form field `phone`.
    pub handle: String,
    /// What its owner calls it.
    pub name: String,
    /// The app's name.
    pub app: String,
    /// Local times of the tenant.
    pub paired: DateTime,
    pub used: DateTime,
}

/// An app that can be paired.
pub struct App {
    /// Form field `app`.
    pub id: String,
    pub name: String,
}

/// A code that is shown, and the number that the phone shows.
pub struct Offer {
    /// Form field `app`.
    pub app: App,
    /// The code, form field `code`: also for who cannot scan.
    pub code: String,
    pub qr: Option<Qr>,
    /// How many minutes it works.
    pub minutes: u64,
    /// The number as it was typed, when it is worth mending.
    pub number: String,
    pub problem: Option<DeviceProblem>,
}

/// What was just done.
pub enum Done {
    Paired {
        device: String,
    },
    Unpaired {
        device: String,
    },
    /// The code ended: used, expired, or guessed at too often.
    Over,
    /// The person stopped.
    Stopped,
}

/// What can be wrong with the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceProblem {
    /// It is no number of six digits.
    Number(CodeProblem),
    /// No phone has read the code yet.
    NotScanned,
}

impl Page for Devices {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        let text = self.frame.text;
        text.say(if self.offer.is_some() { "devices-pair" } else { "devices-title" }).into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        let problem = self.offer.as_ref().and_then(|offer| offer.problem);
        problem
            .iter()
            .map(|problem| match problem {
                DeviceProblem::Number(problem) => ("number", problem.say(text, 6, "devices-wrong-number")),
                DeviceProblem::NotScanned => ("number", text.say("devices-not-scanned").into_owned()),
            })
            .collect()
    }
}
