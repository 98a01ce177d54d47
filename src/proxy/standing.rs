//! Whether what is under way may go on. Whoever streams asks it before every piece, and drives it: it needs no task of its own.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::{Context, Poll},
};

/// What holds of the permit that something under way was begun with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// It would still be given.
    GoOn,
    /// Nobody knows at the moment: nothing more is carried until somebody does.
    Rest,
    /// It would not be given any more.
    End,
}

/// Says what holds; one for each stream.
pub struct Standing(Box<dyn FnMut(&mut Context<'_>) -> Word + Send>);

impl Standing {
    /// What `word` says; it wakes who asked when it would say something else.
    pub fn new(word: impl FnMut(&mut Context<'_>) -> Word + Send + 'static) -> Self {
        Self(Box::new(word))
    }

    /// What holds now.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Word {
        (self.0)(cx)
    }

    /// Does `work` while it may go on, and leaves it alone while it may not. `None` when it had to end.
    pub async fn during<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|cx| match self.poll(cx) {
            Word::GoOn => work.as_mut().poll(cx).map(Some),
            Word::Rest => Poll::Pending,
            Word::End => Poll::Ready(None),
        })
        .await
    }

    /// Does `work` for as long as it is certain that it may go on: for what cannot be made to rest. `None` when it had to end.
    pub async fn certain<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|cx| match self.poll(cx) {
            Word::GoOn => work.as_mut().poll(cx).map(Some),
            Word::Rest | Word::End => Poll::Ready(None),
        })
        .await
    }
}
