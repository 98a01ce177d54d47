//! Passwords: argon2id with the parameters of OWASP, judged off the async workers, few at a time, and with the same work
//! for somebody who does not exist.
//!
//! A hash takes some 12 ms and 19 MiB. As many run at once as there are cores less one, so that the other requests go
//! on; up to [`QUEUE`] wait, and more are refused at once ([`Busy`]): a flood of logins costs a bounded amount.

use std::{
    fmt, panic,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash as Phc,
};
use tokio::{sync::Semaphore, task::spawn_blocking};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::new_password::NewPassword;
use crate::base::Random;

/// How many judgements may wait for their turn.
pub const QUEUE: usize = 200;

/// Memory in KiB, passes and lanes (OWASP Password Storage Cheat Sheet).
const MEMORY: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// No password is longer; what is gets the work of a wrong one and is not read.
const MAX_BYTES: usize = 1024;

/// The hash of a password: a PHC string, which names its algorithm, parameters and salt. Does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The hash that the database keeps.
    #[must_use]
    pub const fn from_text(text: String) -> Self {
        Self(text)
    }

    /// Its text, to be kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash([hidden])")
    }
}

/// What became of a password.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is another one, or there is none.
    Wrong,
    /// It is the one.
    Right {
        /// The hash to keep from now on, when the old one was made with other parameters.
        rehash: Option<PasswordHash>,
    },
}

/// Too many passwords wait to be judged: the answer is 503 with `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords wait to be judged")]
pub struct Busy;

/// The judge of passwords; one in the process.
pub struct Passwords {
    random: Random,
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    hashes: Arc<AtomicU64>,
    nobody: PasswordHash,
}

impl Passwords {
    /// A judge that uses all cores but one, and one at least.
    ///
    /// # Panics
    /// When this machine cannot hash at all.
    #[must_use]
    pub fn new(random: &Random) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with_limits(random, cores.saturating_sub(1).max(1), QUEUE)
    }

    /// A judge that works on `turns` passwords at once while `queue` may wait.
    ///
    /// # Panics
    /// When this machine cannot hash at all.
    #[must_use]
    pub fn with_limits(random: &Random, turns: usize, queue: usize) -> Self {
        // Nobody knows this password. It is what somebody's who does not exist is compared with.
        let password = Zeroizing::new(random.bytes::<32>());
        Self {
            random: random.clone(),
            turns: Arc::new(Semaphore::new(turns)),
            waiting: AtomicUsize::new(0),
            queue,
            hashes: Arc::default(),
            nobody: hash(password.as_slice(), &random.bytes()),
        }
    }

    /// How many hashes were computed, for the metrics; a login with an unknown name adds as many as one with a known.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.hashes.load(Ordering::Relaxed)
    }

    /// Whether `password` is the one of `known`; with `None` the same work is done for nothing.
    ///
    /// # Errors
    /// When too many wait.
    pub async fn verify(&self, known: Option<PasswordHash>, password: Zeroizing<String>) -> Result<Verdict, Busy> {
        let readable = known.filter(|hash| password.len() <= MAX_BYTES && Phc::new(&hash.0).is_ok());
        let exists = readable.is_some();
        let against = readable.unwrap_or_else(|| self.nobody.clone());
        let password = if password.len() <= MAX_BYTES { normalized(&password) } else { Zeroizing::default() };
        let (salt, hashes) = (self.random.bytes(), Arc::clone(&self.hashes));
        self.in_turn(move || {
            hashes.fetch_add(1, Ordering::Relaxed);
            let Ok(phc) = Phc::new(&against.0) else {
                return Verdict::Wrong;
            };
            // The parameters are those of the hash.
            let same = argon2id().verify_password(password.as_bytes(), &phc).is_ok();
            if !(same && exists) {
                return Verdict::Wrong;
            }
            let rehash = is_outdated(&phc).then(|| {
                hashes.fetch_add(1, Ordering::Relaxed);
                hash(password.as_bytes(), &salt)
            });
            Verdict::Right { rehash }
        })
        .await
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// When too many wait.
    pub async fn hash(&self, password: NewPassword) -> Result<PasswordHash, Busy> {
        let (salt, hashes) = (self.random.bytes(), Arc::clone(&self.hashes));
        self.in_turn(move || {
            hashes.fetch_add(1, Ordering::Relaxed);
            hash(password.as_str().as_bytes(), &salt)
        })
        .await
    }

    /// Does `work` on a thread that may block, when it is its turn. The turn ends with the work, also when the request
    /// that waits for it is gone.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let turn = match Arc::clone(&self.turns).try_acquire_owned() {
            Ok(turn) => turn,
            Err(_) => {
                let _place = Place::take(&self.waiting, self.queue)?;
                Arc::clone(&self.turns).acquire_owned().await.map_err(|_| Busy)?
            }
        };
        let done = spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        match done.await {
            Ok(result) => Ok(result),
            Err(error) => match error.try_into_panic() {
                Ok(panicked) => panic::resume_unwind(panicked),
                // The runtime is shutting down.
                Err(_) => Err(Busy),
            },
        }
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passwords({} turns free)", self.turns.available_permits())
    }
}

/// A place in the queue, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, queue: usize) -> Result<Self, Busy> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::SeqCst) < queue { Ok(place) } else { Err(Busy) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// One form of what looks alike on every keyboard (NIST SP 800-63B-4 section 3.1.1.2: normalization form C).
pub(super) fn normalized(password: &str) -> Zeroizing<String> {
    // Room for the longest outcome, so that no half of it is left behind on the way.
    let mut form_c = Zeroizing::new(String::with_capacity(password.len() * 3));
    form_c.extend(password.nfc());
    form_c
}

fn argon2id() -> Argon2<'static> {
    let params = Params::new(MEMORY, PASSES, LANES, None).expect("the parameters are in argon2's range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &[u8], salt: &[u8; 16]) -> PasswordHash {
    let phc = argon2id().hash_password_with_salt(password, salt).expect("password and salt are in argon2's range");
    PasswordHash(phc.to_string())
}

fn is_outdated(phc: &Phc) -> bool {
    let current = Params::try_from(phc)
        .is_ok_and(|used| (used.m_cost(), used.t_cost(), used.p_cost()) == (MEMORY, PASSES, LANES));
    !current || phc.algorithm != Algorithm::Argon2id.ident() || phc.version != Some(Version::V0x13.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "klaproos 17 fiets";

    fn typed(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.into())
    }

    fn new(text: &str) -> NewPassword {
        NewPassword::check(typed(text), &[]).expect("a good password")
    }

    fn judge() -> Passwords {
        Passwords::with_limits(&Random::system(), 2, 10)
    }

    const RIGHT: Verdict = Verdict::Right { rehash: None };

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let judge = judge();
        let hash = judge.hash(new(PASSWORD)).await.expect("a hash");
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_str());
        let known = || Some(PasswordHash::from_text(hash.as_str().into()));
        assert_eq!(judge.verify(known(), typed(PASSWORD)).await, Ok(RIGHT));
        for wrong in ["", "klaproos 17 fiet", "klaproos 17 fiets ", "Klaproos 17 fiets", "klaproos\x0017 fiets"] {
            assert_eq!(judge.verify(known(), typed(wrong)).await, Ok(Verdict::Wrong), "{wrong}");
        }
        let again = judge.hash(new(PASSWORD)).await.expect("a hash");
        assert_ne!(again, hash, "each hash has a salt of its own");
    }

    #[tokio::test]
    async fn enumeration_an_unknown_user_costs_as_many_hashes_as_a_known_one() {
        let judge = judge();
        let known = judge.hash(new(PASSWORD)).await.expect("a hash");
        let cost = async |known: Option<PasswordHash>, password: &str| {
            let before = judge.hashes();
            let verdict = judge.verify(known, typed(password)).await.expect("not busy");
            (verdict, judge.hashes() - before)
        };
        assert_eq!(cost(Some(known.clone()), PASSWORD).await, (RIGHT, 1));
        assert_eq!(cost(Some(known.clone()), "wrong").await, (Verdict::Wrong, 1));
        assert_eq!(cost(None, PASSWORD).await, (Verdict::Wrong, 1));
        assert_eq!(cost(None, "").await, (Verdict::Wrong, 1));
        assert_eq!(cost(Some(known), &"x".repeat(MAX_BYTES + 1)).await, (Verdict::Wrong, 1));
        assert_eq!(cost(Some(PasswordHash::from_text("damaged".into())), PASSWORD).await, (Verdict::Wrong, 1));
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_is_made_anew_when_the_password_is_known() {
        let judge = judge();
        let old = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8192, 1, 1, None).expect("in range"))
            .hash_password_with_salt(PASSWORD.as_bytes(), b"sixteen bytes ..")
            .expect("a hash");
        let old = || Some(PasswordHash::from_text(old.to_string()));
        assert_eq!(judge.verify(old(), typed("wrong")).await, Ok(Verdict::Wrong));
        let Ok(Verdict::Right { rehash: Some(new) }) = judge.verify(old(), typed(PASSWORD)).await else {
            panic!("a new hash");
        };
        assert!(new.as_str().contains("m=19456,t=2,p=1"));
        assert_eq!(judge.verify(Some(new), typed(PASSWORD)).await, Ok(RIGHT));
    }

    #[tokio::test]
    async fn the_same_letters_are_the_same_password_however_a_keyboard_composes_them() {
        let judge = judge();
        let composed = judge.hash(new("caf\u{e9} noir le matin")).await.expect("a hash");
        assert_eq!(judge.verify(Some(composed), typed("cafe\u{301} noir le matin")).await, Ok(RIGHT));
    }

    #[tokio::test]
    async fn beyond_the_queue_is_refused_at_once_and_places_come_back() {
        let judge = Passwords::with_limits(&Random::system(), 1, 2);
        let verify = || judge.verify(None, typed("x"));
        // One works, two wait, the fourth finds no place.
        let (first, second, third, fourth) = tokio::join!(verify(), verify(), verify(), verify());
        assert_eq!((first, second, third), (Ok(Verdict::Wrong), Ok(Verdict::Wrong), Ok(Verdict::Wrong)));
        assert_eq!(fourth, Err(Busy));
        assert_eq!(verify().await, Ok(Verdict::Wrong));
        assert_eq!(judge.waiting.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_their_place() {
        let judge = Passwords::with_limits(&Random::system(), 1, 1);
        let turn = Arc::clone(&judge.turns).acquire_owned().await.expect("a turn");
        {
            let waiting = judge.verify(None, typed("x"));
            tokio::pin!(waiting);
            assert!(futures_util::poll!(&mut waiting).is_pending());
            assert_eq!(judge.verify(None, typed("x")).await, Err(Busy));
        }
        drop(turn);
        assert_eq!(judge.verify(None, typed("x")).await, Ok(Verdict::Wrong));
        assert_eq!(judge.hashes(), 1, "nothing is hashed for who is gone");
    }

    #[test]
    fn a_hash_does_not_print() {
        assert_eq!(format!("{:?}", PasswordHash::from_text("$argon2id$secret".into())), "PasswordHash([hidden])");
    }
}
