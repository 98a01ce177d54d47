//! Asks again whether open streams may go on: one task for all of them, which looks at each interval of the versions, and a few that
//! take turns at the database ([`super::open_streams`]).

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use http::Method;
use tokio::time::{MissedTickBehavior, Sleep, interval, sleep};

use super::{
    open_streams::{Answer, Asked, Counts, Open, OpenStreams, Turn},
    standing::{Standing, Word},
};
use crate::{
    base::{id::TenantId, token::TokenDigest},
    domain::{
        path::CanonicalPath,
        possession::Shown,
        register::{Parameters, Register},
        tenant::Tenant,
    },
    service::{
        Shared,
        access::{self, Acting, Credential, Found, Refused},
    },
    storage::versions,
};

/// What a stream was permitted.
pub(super) struct Permitted {
    pub(super) shared: Shared,
    pub(super) tenant: Arc<Tenant>,
    /// The register's place in the tenant.
    pub(super) register: usize,
    pub(super) credential: Credential,
    pub(super) method: Method,
    pub(super) parameters: Parameters,
    pub(super) path: CanonicalPath,
    /// Who acts, as last read.
    pub(super) acting: Mutex<Arc<Acting>>,
}

impl Permitted {
    fn register(&self) -> &Register {
        &self.tenant.registers[self.register]
    }

    fn acting(&self) -> Arc<Acting> {
        self.acting.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the permit would be given to who acts `now`.
    async fn again(&self, now: &Arc<Acting>) -> Answer {
        let Some((route, _)) = self.register().route(self.method.as_str(), &self.path) else { return Answer::Refused };
        if now.profile != self.acting().profile {
            return Answer::Refused;
        }
        let asked = access::Asked { route, parameters: self.parameters.clone(), path: self.path.clone() };
        match access::permit(&self.shared.core, &self.tenant, self.register(), now, asked).await {
            Ok(_permit) => {
                *self.acting.lock().unwrap_or_else(PoisonError::into_inner) = now.clone();
                Answer::Permitted
            }
            Err(Refused::Denied(_) | Refused::OtherLogin) => Answer::Refused,
            Err(Refused::Store(_)) => Answer::Silence,
        }
    }
}

impl Asked for Permitted {
    /// One session or token, as one register knows it.
    type Session = (TenantId, usize, TokenDigest, Option<String>, Shown);

    fn session(&self) -> Self::Session {
        let (audience, shown) = match &self.credential {
            Credential::Session(_) => (None, Shown::default()),
            Credential::Bearer { audience, shown, .. } => (Some(audience.clone()), *shown),
        };
        (self.tenant.id.clone(), self.register, self.credential.digest(), audience, shown)
    }

    fn counts(&self) -> Counts {
        let core = &*self.shared.core;
        if access::still_counts(core, &self.tenant, &self.acting(), core.now()) {
            return Counts::Yes;
        }
        match core.store.versions().current(&self.tenant.id) {
            Some(_) => Counts::No,
            None => Counts::Unread,
        }
    }
}

/// What looks after the open streams of a process.
#[derive(Clone, Default)]
pub(super) struct Recheck(Arc<OpenStreams<Permitted>>);

impl Recheck {
    /// Says whether what was `permitted` may go on. What is over within an interval of the versions was never open.
    pub(super) fn watch(&self, permitted: Permitted) -> Standing {
        let mut stage = Stage::Young(Box::pin(sleep(versions::INTERVAL)), Some(Box::new(permitted)));
        let recheck = self.clone();
        Standing::new(move |cx| {
            if let Stage::Young(age, permitted) = &mut stage {
                if age.as_mut().poll(cx).is_pending() {
                    return Word::GoOn;
                }
                let Some(permitted) = permitted.take() else { return Word::End };
                stage = Stage::Open(recheck.open(*permitted));
            }
            match &stage {
                Stage::Open(place) => place.open.poll(cx),
                Stage::Young(..) => Word::GoOn,
            }
        })
    }

    fn open(&self, permitted: Permitted) -> Place {
        let (open, alone) = self.0.open(permitted);
        if alone {
            tokio::spawn(self.clone().look_after());
        }
        Place { streams: self.0.clone(), open }
    }

    /// Looks while a stream is open.
    async fn look_after(self) {
        let mut ticks = interval(versions::INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if !self.0.look(Instant::now()) {
                return;
            }
            while let Some(turn) = self.0.next(Instant::now()) {
                tokio::spawn(self.clone().take_turns(turn));
            }
        }
    }

    async fn take_turns(self, first: Turn<Permitted>) {
        let mut next = Some(first);
        while let Some(mut turn) = next {
            // The database's own bounds hold. It keeps its place until then: what is given up in the middle still holds a connection.
            ask(&mut turn).await;
            turn.end(Instant::now());
            next = self.0.next(Instant::now());
        }
    }
}

/// Asks who acts, once for all the streams of the turn, and then about each of them.
async fn ask(turn: &mut Turn<Permitted>) {
    let Some(first) = turn.streams.first().map(|open| &open.asked) else { return };
    metrics::counter!("poort_stream_checks_total").increment(1);
    let found = access::again(&first.shared.core, &first.tenant, first.register(), &first.credential).await;
    for (open, answer) in turn.streams.iter().zip(&mut turn.answers) {
        *answer = match &found {
            Ok(Found::Acting(now)) => open.asked.again(now).await,
            Ok(_) => Answer::Refused,
            Err(_) => Answer::Silence,
        };
    }
}

/// How long something is under way.
enum Stage {
    Young(std::pin::Pin<Box<Sleep>>, Option<Box<Permitted>>),
    Open(Place),
}

/// A stream's place among the open ones; dropped, it is closed.
struct Place {
    streams: Arc<OpenStreams<Permitted>>,
    open: Arc<Open<Permitted>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.streams.close(&self.open);
    }
}
