//! A bound on one wait after another: the timer is made once and set anew, so that a stream of many pieces costs no memory.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// Begins when it is first waited for, and again after [`Deadline::clear`].
#[derive(Default)]
pub struct Deadline {
    timer: Option<Pin<Box<Sleep>>>,
    since: Option<Instant>,
}

impl Deadline {
    /// Ready when the wait has lasted for `after`, which counts from the wait's beginning and is read only then.
    pub fn poll(&mut self, cx: &mut Context<'_>, after: Duration) -> Poll<()> {
        if self.since.is_none() {
            let now = Instant::now();
            self.since = Some(now);
            match &mut self.timer {
                Some(timer) => timer.as_mut().reset(now + after),
                timer => *timer = Some(Box::pin(sleep_until(now + after))),
            }
        }
        self.timer.as_mut().map_or(Poll::Pending, |timer| timer.as_mut().poll(cx))
    }

    /// What was waited for has come: how long that took.
    pub fn clear(&mut self) -> Duration {
        self.since.take().map_or(Duration::ZERO, |since| since.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, task::Waker};

    use super::*;

    #[tokio::test]
    async fn each_wait_counts_from_its_own_beginning() {
        let mut cx = Context::from_waker(Waker::noop());
        let (mut deadline, long) = (Deadline::default(), Duration::from_secs(3600));
        poll_fn(|cx| deadline.poll(cx, Duration::ZERO)).await;
        deadline.clear();
        assert!(deadline.poll(&mut cx, long).is_pending());
        std::thread::sleep(Duration::from_millis(2));
        assert!(deadline.poll(&mut cx, Duration::ZERO).is_pending(), "a wait keeps its end");
        assert!((Duration::from_millis(2)..long).contains(&deadline.clear()));
        assert_eq!(deadline.clear(), Duration::ZERO);
        poll_fn(|cx| deadline.poll(cx, Duration::ZERO)).await;
    }
}
