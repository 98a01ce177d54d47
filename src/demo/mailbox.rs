//! The demo's mails, in memory: what Poort really sent, and nothing else. The oldest go first.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use crate::base::Timestamp;

/// Mails that are kept.
const MOST: usize = 200;

/// A mail as somebody reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mail {
    /// Its number in this run, from 1 on.
    pub id: u64,
    /// The address that it was delivered to: that of the envelope, not of the head.
    pub to: String,
    pub from: String,
    pub subject: String,
    pub text: String,
    pub at: Timestamp,
}

/// A mailbox that everybody who has it shares.
#[derive(Clone, Debug, Default)]
pub(super) struct Mailbox(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    mails: VecDeque<Arc<Mail>>,
    last: u64,
}

impl Mailbox {
    /// Keeps a mail under the next number.
    pub(super) fn deliver(&self, mail: Mail) {
        let mut kept = self.kept();
        kept.last += 1;
        let mail = Mail { id: kept.last, ..mail };
        kept.mails.push_front(Arc::new(mail));
        kept.mails.truncate(MOST);
    }

    /// Every mail, newest first.
    pub(super) fn all(&self) -> Vec<Arc<Mail>> {
        self.kept().mails.iter().cloned().collect()
    }

    /// The newest mail to an address, in whatever case it is written.
    pub(super) fn latest(&self, to: &str) -> Option<Arc<Mail>> {
        self.kept().mails.iter().find(|mail| mail.to.eq_ignore_ascii_case(to)).cloned()
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stay_and_the_newest_is_found() {
        let mailbox = Mailbox::default();
        for number in 0..MOST + 5 {
            mailbox.deliver(Mail {
                id: 0,
                to: format!("{}@example.org", number % 2),
                from: String::new(),
                subject: String::new(),
                text: number.to_string(),
                at: Timestamp::from_millis(0),
            });
        }
        assert_eq!(mailbox.all().len(), MOST);
        assert_eq!(mailbox.latest("1@EXAMPLE.org").map(|mail| (mail.id, mail.text.clone())), Some((204, "203".into())));
        assert_eq!(mailbox.latest("2@example.org"), None);
    }
}
