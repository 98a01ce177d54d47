//! What may vanish: how often one client address asked for something, and news for the other replicas.
//!
//! It is kept in the process (`memory`), and beside it in Redis (`redis`) when there is one, so that many replicas count
//! together. Without Redis everything goes on: each replica counts by itself, and allows half. Nothing that decides about
//! anybody's right stands here; what must happen once, and the tries of an account, are in SQL.

mod memory;
mod redis;

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;

use self::memory::Memory;
use self::redis::Redis;
pub use self::redis::{RedisSettings, RedisTls};
use super::StoreError;
use crate::base::Timestamp;

/// How often something may happen: `burst` times at once, and one time more after each `window / burst`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How often at once.
    pub burst: u32,
    /// After how long all of it may happen again.
    pub window: Duration,
}

impl Rate {
    /// What one time costs.
    fn interval(self) -> Duration {
        self.window / self.burst.max(1)
    }

    /// What a replica allows that cannot ask how much the others allowed.
    fn halved(self) -> Self {
        Self { burst: (self.burst / 2).max(1), ..self }
    }
}

/// It happened too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooOften {
    /// How long until it may happen once more.
    pub wait: Duration,
}

/// Where what may vanish is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// In this process, as configured.
    InProcess,
    /// In Redis.
    Shared,
    /// In this process, since Redis does not answer.
    Degraded,
}

/// What may vanish.
#[derive(Default)]
pub struct Ephemeral {
    memory: Memory,
    redis: Option<Redis>,
    news: Arc<Notify>,
}

impl Ephemeral {
    /// Kept in Redis too. That Redis answers is not waited for.
    ///
    /// # Errors
    /// When the URL is none.
    pub fn shared(settings: &RedisSettings) -> Result<Self, StoreError> {
        let news = Arc::new(Notify::new());
        Ok(Self { memory: Memory::default(), redis: Some(Redis::start(settings, news.clone())?), news })
    }

    /// Where it is kept now.
    #[must_use]
    pub fn health(&self) -> Health {
        match &self.redis {
            None => Health::InProcess,
            Some(redis) if redis.answers() => Health::Shared,
            Some(_) => Health::Degraded,
        }
    }

    /// Counts `key` once, unless that were too often.
    ///
    /// # Errors
    /// When it is; then it does not count.
    pub async fn take(&self, key: &str, rate: Rate, now: Timestamp) -> Result<(), TooOften> {
        // This replica counts by itself in any case: so losing Redis, or Redis forgetting, starts nothing anew here.
        let here = self.here(rate);
        self.memory.take(key, here, now)?;
        let Some(redis) = &self.redis else { return Ok(()) };
        match redis.take(key, rate, 1).await {
            Some(Ok(())) => Ok(()),
            Some(Err(too_often)) => {
                self.memory.give_back(key, here);
                self.memory.shut(key, now.plus(too_often.wait));
                Err(too_often)
            }
            None => {
                self.memory.give_back(key, here);
                self.memory.take(key, self.here(rate), now)
            }
        }
    }

    /// Whether `key` may happen, as far as this replica knows without asking; what others refuse it learns by [`Self::take`].
    ///
    /// # Errors
    /// When it may not.
    pub fn look(&self, key: &str, rate: Rate, now: Timestamp) -> Result<(), TooOften> {
        self.memory.look(key, self.here(rate), now)
    }

    /// Gives back what was counted and turned out not to be meant.
    pub async fn give_back(&self, key: &str, rate: Rate) {
        self.memory.give_back(key, self.here(rate));
        if let Some(redis) = &self.redis {
            redis.take(key, rate, -1).await;
        }
    }

    /// Whether it is the first time that this is said of `key` within `window`, on this replica.
    #[must_use]
    pub fn is_first(&self, key: &str, window: Duration, now: Timestamp) -> bool {
        self.memory.take(&format!("first {key}"), Rate { burst: 1, window }, now).is_ok()
    }

    /// Tells the other replicas that there is something new in the database. Nothing is lost when nobody hears it: they look
    /// by themselves, only later.
    pub async fn tell(&self) {
        if let Some(redis) = &self.redis {
            redis.tell().await;
        }
    }

    /// Waits until another replica tells that there is something new.
    pub async fn news(&self) {
        self.news.notified().await;
    }

    fn here(&self, rate: Rate) -> Rate {
        if self.health() == Health::Degraded { rate.halved() } else { rate }
    }
}
