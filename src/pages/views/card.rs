//! `/login/{attempt}/with/{means}` where the means is an identity card: the page's script asks the Web eID extension to have it sign.

use askama::Template;

use super::{Frame, Page};

/// The page that asks for a card.
#[derive(Template)]
#[template(path = "card.html")]
pub struct Card {
    pub frame: Frame,
    /// The login attempt.
    pub attempt: String,
    /// Where the form goes.
    pub to: String,
    /// What belongs to this browser's question.
    pub state: String,
    /// What the card is to sign.
    pub challenge: String,
    /// The script that plays the extension, in the demo.
    pub stand_in: Option<String>,
}

/// What can go wrong before anything comes back, by the word of the page's script, with its text.
const FAILURES: [(&str, &str); 8] = [
    ("no-extension", "card-no-extension"),
    ("no-program", "card-no-program"),
    ("old", "card-old"),
    ("cancelled", "card-cancelled"),
    ("late", "card-late"),
    ("pending", "card-pending"),
    ("insecure", "card-insecure"),
    ("failed", "card-failed"),
];

impl Card {
    fn failures(&self) -> Vec<(&'static str, String)> {
        FAILURES.iter().map(|(why, key)| (*why, self.frame.text.say(key).into_owned())).collect()
    }
}

impl Page for Card {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("card-title").into_owned()
    }
}
