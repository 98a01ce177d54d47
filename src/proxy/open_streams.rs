//! The streams that are open, and whose turn it is to be asked about again. Nothing here waits or asks: the moments are given.
//!
//! A stream counts while what is known of its session does. When that stops, it is *in question* and waits for its turn; the streams of
//! one session have one turn. A few turns are taken at a time, so that thousands of streams neither fall upon the database at once nor
//! keep it from others. What keeps the promise of [`LEASE`] meanwhile is that a stream which is in question for too long *rests*: it carries nothing
//! until its turn has come. It ends when it is refused, when its own turn brought no answer and the lease is over, and when none of the
//! turns that are taken brings one for a lease: then the database is silent, and nothing is known of anybody.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Context,
    time::{Duration, Instant},
};

use futures_util::task::AtomicWaker;

use super::standing::Word;
use crate::storage::versions::{INTERVAL, LEASE};

/// Turns that are taken at a time: each holds one connection to the database.
pub(super) const AT_ONCE: usize = 4;

/// How long a stream in question goes on. A change is read within one interval and seen here within another.
const GOES_ON: Duration = LEASE.saturating_sub(INTERVAL.saturating_mul(2));

/// Whether what is known of a stream's session counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// It does.
    Yes,
    /// Something has changed, or one of its facts is over.
    No,
    /// Whether something has changed was not read in time, so that the lease is over.
    Unread,
}

/// What a turn brought for one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Its permit would be given.
    Permitted,
    /// It would not.
    Refused,
    /// The database did not say.
    Silence,
}

/// What is to be asked for a stream.
pub(super) trait Asked: Send + Sync + 'static {
    /// What has one turn together.
    type Session: Eq + Hash;
    /// Whose stream it is.
    fn session(&self) -> Self::Session;
    /// Whether what is known counts.
    fn counts(&self) -> Counts;
}

/// An open stream.
pub(super) struct Open<A> {
    pub(super) asked: A,
    number: u64,
    waker: AtomicWaker,
    state: Mutex<State>,
}

struct State {
    word: Word,
    /// Since when it is in question.
    since: Option<Instant>,
    /// Whether it waits for its turn, or has it.
    queued: bool,
}

impl<A> Open<A> {
    /// What holds; wakes who asked when something else does.
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Word {
        self.waker.register(cx.waker());
        self.state().word
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing follows an end.
    fn say(&self, state: &mut State, word: Word) {
        if state.word != Word::End && std::mem::replace(&mut state.word, word) != word {
            self.waker.wake();
        }
    }

    fn has_ended(&self) -> bool {
        self.state().word == Word::End
    }
}

/// All of a process.
pub(super) struct OpenStreams<A>(Mutex<Inner<A>>);

struct Inner<A> {
    streams: BTreeMap<u64, Arc<Open<A>>>,
    opened: u64,
    /// Whether somebody looks.
    watched: bool,
    waiting: VecDeque<Vec<Arc<Open<A>>>>,
    taken: usize,
    /// While turns are taken: since when none has brought an answer.
    unanswered: Option<Instant>,
}

impl<A> Default for OpenStreams<A> {
    fn default() -> Self {
        Self(Mutex::new(Inner {
            streams: BTreeMap::new(),
            opened: 0,
            watched: false,
            waiting: VecDeque::new(),
            taken: 0,
            unanswered: None,
        }))
    }
}

impl<A: Asked> OpenStreams<A> {
    /// Opens a stream. True when nobody looks after them yet: the caller sees to it that somebody does, by [`OpenStreams::look`].
    pub(super) fn open(&self, asked: A) -> (Arc<Open<A>>, bool) {
        let mut inner = self.inner();
        inner.opened += 1;
        let number = inner.opened;
        let state = Mutex::new(State { word: Word::GoOn, since: None, queued: false });
        let open = Arc::new(Open { asked, number, waker: AtomicWaker::new(), state });
        inner.streams.insert(number, open.clone());
        (open, !std::mem::replace(&mut inner.watched, true))
    }

    /// Closes it.
    pub(super) fn close(&self, open: &Open<A>) {
        open.say(&mut open.state(), Word::End);
        self.inner().streams.remove(&open.number);
    }

    /// Looks which streams are in question now, and lets those rest or end whose time is over. False when none is open, and then
    /// nobody needs to look any more.
    pub(super) fn look(&self, now: Instant) -> bool {
        let mut guard = self.inner();
        let inner = &mut *guard;
        inner.watched = !inner.streams.is_empty();
        let silent = inner.unanswered.is_some_and(|since| now.saturating_duration_since(since) >= LEASE);
        let mut turns: HashMap<A::Session, Vec<Arc<Open<A>>>> = HashMap::new();
        let mut order = Vec::new();
        for open in inner.streams.values() {
            let mut state = open.state();
            if state.word == Word::End {
                continue;
            }
            let counts = open.asked.counts();
            if counts == Counts::Yes {
                state.since = None;
                open.say(&mut state, Word::GoOn);
                continue;
            }
            let unread = now.checked_sub(GOES_ON).unwrap_or(now);
            let since = *state.since.get_or_insert(if counts == Counts::Unread { unread } else { now });
            let lasts = now.saturating_duration_since(since);
            if lasts >= LEASE && silent {
                open.say(&mut state, Word::End);
                continue;
            }
            if lasts >= GOES_ON {
                open.say(&mut state, Word::Rest);
            }
            if !std::mem::replace(&mut state.queued, true) {
                let turn = turns.entry(open.asked.session()).or_default();
                if turn.is_empty() {
                    order.push(open.asked.session());
                }
                turn.push(open.clone());
            }
        }
        inner.waiting.extend(order.iter().filter_map(|session| turns.remove(session)));
        inner.watched
    }

    /// The next turn, which begins now, unless enough are taken.
    pub(super) fn next(self: &Arc<Self>, now: Instant) -> Option<Turn<A>> {
        let mut inner = self.inner();
        while inner.taken < AT_ONCE {
            let mut streams = inner.waiting.pop_front()?;
            streams.retain(|open| !open.has_ended());
            if !streams.is_empty() {
                inner.taken += 1;
                inner.unanswered.get_or_insert(now);
                let answers = vec![Answer::Silence; streams.len()];
                return Some(Turn { of: self.clone(), streams, answers, began: now, ended: None });
            }
        }
        None
    }

    fn settle(&self, turn: &Turn<A>, now: Instant) {
        let mut inner = self.inner();
        inner.taken -= 1;
        let answered = turn.answers.iter().any(|answer| *answer != Answer::Silence);
        match inner.taken {
            0 if answered || inner.waiting.is_empty() => inner.unanswered = None,
            _ if answered => inner.unanswered = Some(now),
            _ => {}
        }
        drop(inner);
        for (open, answer) in turn.streams.iter().zip(&turn.answers) {
            let mut state = open.state();
            state.queued = false;
            let counts = open.asked.counts() == Counts::Yes;
            let over = !counts && state.since.is_some_and(|since| now.saturating_duration_since(since) >= LEASE);
            match answer {
                Answer::Permitted => {
                    // What changed since it was asked is a question of its own.
                    state.since = (!counts).then_some(turn.began);
                    open.say(&mut state, Word::GoOn);
                }
                Answer::Refused => open.say(&mut state, Word::End),
                Answer::Silence if over => open.say(&mut state, Word::End),
                Answer::Silence => {}
            }
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner<A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turn of one session's streams. However it ends, it leaves its place to the next; what was not answered by then is silence.
pub(super) struct Turn<A: Asked> {
    of: Arc<OpenStreams<A>>,
    /// Of which stream each answer is.
    pub(super) streams: Vec<Arc<Open<A>>>,
    /// What the turn brings.
    pub(super) answers: Vec<Answer>,
    began: Instant,
    ended: Option<Instant>,
}

impl<A: Asked> Turn<A> {
    /// Says when everything was asked.
    pub(super) fn end(mut self, now: Instant) {
        self.ended = Some(now);
    }
}

impl<A: Asked> Drop for Turn<A> {
    fn drop(&mut self) {
        self.of.settle(self, self.ended.unwrap_or_else(Instant::now));
    }
}

#[cfg(test)]
mod tests;
