//! Floor 4: how somebody proves who they are, one factor after another, here or at another provider.
//!
//! A [`Means`] of the tenant's file names its factors in order. For each, storage loads what is [`Known`], the person's
//! answer is judged by [`Methods::prove`], and a [`Proof`] is noted with the attempt, in one transaction with its
//! [`Effect`]. [`progress`] says what is left to prove. Password and authenticator app are two factors like any others:
//! there is no second-factor machinery beside this, and no step that a request could leave out (CVE-2026-18963). A passkey is two
//! factors in one, and may stand alone.
//!
//! A factor that another provider proves is a [`method::LoginMethod`]: the person goes there and comes back. What is theirs stands in
//! a file or folder of its own (`openid`, `digid`, `eherkenning`, `eidas`, `fas`), what such methods share in `saml` and
//! [`wire`]; [`registry`] alone names them.
//!
//! Architecture invariant: nothing here waits on a database; what waits on another provider waits for seconds, and outside
//! any transaction. Only this room makes a [`Proof`] and a [`method::Proved`].
//! Counting wrong answers, and waiting after too many, is the caller's: the counts are the account's, over every
//! factor (CVE-2025-24806).

use zeroize::Zeroizing;

use crate::{
    base::{
        Timestamp,
        id::{PersonId, TenantId},
        token::TokenDigest,
    },
    domain::tenant::{Factor, Means},
    storage::seal::Sealer,
};

pub mod code;
pub mod digid;
pub mod eherkenning;
pub mod eid;
pub mod eidas;
pub mod fas;
pub mod method;
pub mod new_password;
mod openid;
pub mod password;
#[doc(hidden)]
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;
pub mod recovery;
pub mod registry;
mod saml;
pub mod sent_code;
pub mod totp;
pub mod webauthn;
pub mod wire;

use code::{Code, Malformed};
use password::{Busy, PasswordHash, Passwords, Verdict};
use recovery::RecoveryCode;
use registry::Registry;
use sent_code::KeptCode;
use totp::TotpSecret;
use webauthn::{Shown, Used};

/// What is left to prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// Every factor of these means was proved: the best that they make up.
    Complete(&'a Means),
    /// Something is missing; [`next_factors`] says what may come.
    Incomplete,
    /// No means that may be used begins like this.
    DeadEnd,
}

/// How far `proved` gets with the means that may be used here. What was proved counts in its order only.
#[must_use]
pub fn progress<'a>(means: &'a [Means], proved: &[Factor]) -> Progress<'a> {
    let complete = means.iter().filter(|means| means.factors == proved).max_by_key(|means| means.assurance);
    match complete {
        Some(means) if !means.factors.is_empty() => Progress::Complete(means),
        _ if !next_factors(means, proved).is_empty() => Progress::Incomplete,
        _ => Progress::DeadEnd,
    }
}

/// The factors that may come after `proved`, each once, in the tenant's order.
#[must_use]
pub fn next_factors(means: &[Means], proved: &[Factor]) -> Vec<Factor> {
    let mut factors = Vec::new();
    for means in means {
        match means.factors.strip_prefix(proved).and_then(<[Factor]>::first) {
            Some(next) if !factors.contains(next) => factors.push(*next),
            _ => {}
        }
    }
    factors
}

/// What storage knows of a person that a factor is judged by. `None` within: there is no such person, or they have no
/// such factor; the outcome is then the same as for a wrong answer, after the same work.
pub enum Known<'a> {
    /// The hash of the password.
    Password(Option<PasswordHash>),
    /// The secret of the authenticator app.
    Totp(Option<TotpSecret>),
    /// A code that was sent, to prove this factor, and the tenant's keys.
    SentCode(Factor, Option<KeptCode>, &'a Sealer),
    /// The passkey that is shown, when it and the question that it answers are known.
    Passkey(Option<Box<Shown>>),
    /// Whose recovery code it would be.
    RecoveryCode(Option<(&'a TenantId, PersonId)>),
}

impl Known<'_> {
    /// Which factor it is about.
    #[must_use]
    pub const fn factor(&self) -> Factor {
        match self {
            Known::Password(_) => Factor::Password,
            Known::Totp(_) => Factor::Totp,
            Known::SentCode(factor, ..) => *factor,
            Known::Passkey(_) => Factor::Passkey,
            Known::RecoveryCode(_) => Factor::RecoveryCode,
        }
    }
}

/// A factor that was proved. Made only by [`Methods::prove`].
#[derive(Debug)]
#[must_use = "a proof that is not kept proves nothing"]
pub struct Proof {
    factor: Factor,
    effect: Effect,
}

impl Proof {
    /// Which factor.
    #[must_use]
    pub const fn factor(&self) -> Factor {
        self.factor
    }

    /// What the transaction that notes the proof must also do.
    #[must_use]
    pub const fn effect(&self) -> &Effect {
        &self.effect
    }
}

/// What the transaction that notes a proof must also do. When something that is to be taken was taken already, the proof
/// counts as a wrong answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// Keep this hash instead of the old one, which was made with other parameters.
    Rehash(PasswordHash),
    /// Take this time step once: the last one taken must be before it (RFC 6238 section 5.2).
    TakeStep(u64),
    /// Take the code once.
    TakeCode,
    /// Keep the passkey as it is now: its count must go on.
    UseKey(Used),
    /// Take the recovery code with this digest once; one that is not there is a wrong one.
    TakeRecoveryCode(TokenDigest),
}

/// Why a factor was not proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The answer is wrong. To be counted.
    #[error("wrong answer")]
    Wrong,
    /// The code was right once, but is too old. To be counted.
    #[error("the code has expired")]
    Expired,
    /// The answer cannot be a code. Not counted: nothing was tried.
    #[error("not a code: {0}")]
    Malformed(#[from] Malformed),
    /// The passkey's count does not go on: somebody may have a copy of it. To be counted.
    #[error("the passkey's count does not go on")]
    Copied,
    /// Too many passwords wait to be judged.
    #[error("too many passwords wait to be judged")]
    Busy,
}

impl From<Busy> for Refused {
    fn from(_: Busy) -> Self {
        Refused::Busy
    }
}

/// The methods by which factors are judged.
pub struct Methods {
    passwords: Passwords,
    elsewhere: Registry,
}

impl Methods {
    /// The methods, with this judge of passwords, and those of other providers.
    #[must_use]
    pub const fn new(passwords: Passwords, elsewhere: Registry) -> Self {
        Self { passwords, elsewhere }
    }

    /// The methods of other providers.
    #[must_use]
    pub const fn elsewhere(&self) -> &Registry {
        &self.elsewhere
    }

    /// The judge of passwords.
    #[must_use]
    pub const fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// Judges `answer` by what is known.
    ///
    /// # Errors
    /// When it proves nothing.
    pub async fn prove(&self, known: Known<'_>, answer: Zeroizing<String>, now: Timestamp) -> Result<Proof, Refused> {
        let factor = known.factor();
        let effect = match known {
            Known::Password(hash) => match self.passwords.verify(hash, answer).await? {
                Verdict::Wrong => return Err(Refused::Wrong),
                Verdict::Right { rehash } => rehash.map_or(Effect::None, Effect::Rehash),
            },
            Known::Totp(secret) => {
                let code = Code::parse(&answer)?;
                let step = secret.and_then(|secret| secret.step_of(&code, now));
                Effect::TakeStep(step.ok_or(Refused::Wrong)?)
            }
            Known::SentCode(_, kept, sealer) => {
                let code = Code::parse(&answer)?;
                kept.ok_or(Refused::Wrong)?.check(&code, sealer, now)?;
                Effect::TakeCode
            }
            Known::Passkey(shown) => Effect::UseKey(shown.ok_or(Refused::Wrong)?.judge(&answer)?),
            Known::RecoveryCode(owner) => {
                let code = RecoveryCode::parse(&answer)?;
                let (tenant, person) = owner.ok_or(Refused::Wrong)?;
                Effect::TakeRecoveryCode(code.digest(tenant, person))
            }
        };
        Ok(Proof { factor, effect })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{base::Random, domain::assurance::Assurance, storage::seal::tests::sealer};

    const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);

    fn means(id: &str, factors: &[Factor], assurance: Assurance) -> Means {
        Means { id: id.into(), factors: factors.to_vec(), assurance }
    }

    fn usual() -> Vec<Means> {
        vec![
            means("app", &[Factor::Password, Factor::Totp], Assurance::Substantial),
            means("mail", &[Factor::Password, Factor::EmailCode], Assurance::Low),
        ]
    }

    fn answer(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.into())
    }

    #[test]
    fn factors_are_proved_one_after_another() {
        let usual = usual();
        assert_eq!(next_factors(&usual, &[]), [Factor::Password], "each factor is offered once");
        assert_eq!(
            next_factors(&usual, &[Factor::Password]),
            [Factor::Totp, Factor::EmailCode],
            "in the tenant's order"
        );
        assert_eq!(progress(&usual, &[Factor::Password]), Progress::Incomplete);
        assert_eq!(progress(&usual, &[Factor::Password, Factor::Totp]), Progress::Complete(&usual[0]));
        assert_eq!(progress(&usual, &[Factor::Password, Factor::EmailCode]), Progress::Complete(&usual[1]));
    }

    #[test]
    fn cve_2026_18963_no_factor_is_skipped_repeated_or_reordered() {
        let usual = usual();
        for proved in [
            &[Factor::Totp][..],
            &[Factor::Totp, Factor::Password],
            &[Factor::Password, Factor::Password],
            &[Factor::EmailCode],
            &[Factor::Password, Factor::Totp, Factor::EmailCode],
        ] {
            assert_eq!(progress(&usual, proved), Progress::DeadEnd, "{proved:?}");
            assert_eq!(next_factors(&usual, proved), [], "{proved:?}");
        }
        assert_eq!(progress(&usual, &[]), Progress::Incomplete, "nothing proved is nothing");
    }

    #[test]
    fn cve_2024_45042_a_lesser_means_does_not_complete_where_a_better_one_is_asked() {
        let asked: Vec<_> = usual().into_iter().filter(|means| means.assurance >= Assurance::Substantial).collect();
        assert_eq!(progress(&asked, &[Factor::Password, Factor::EmailCode]), Progress::DeadEnd);
        assert!(matches!(progress(&asked, &[Factor::Password, Factor::Totp]), Progress::Complete(_)), "the valid twin");
    }

    #[test]
    fn a_means_without_factors_is_never_complete() {
        assert_eq!(progress(&[means("open", &[], Assurance::High)], &[]), Progress::DeadEnd);
    }

    #[test]
    fn of_two_means_with_the_same_factors_the_better_counts() {
        let two = [means("a", &[Factor::Password], Assurance::Low), means("b", &[Factor::Password], Assurance::High)];
        assert_eq!(progress(&two, &[Factor::Password]), Progress::Complete(&two[1]));
    }

    #[tokio::test]
    async fn each_factor_is_proved_by_its_own_answer_and_by_no_other_factors() {
        let random = Random::system();
        let methods = Methods::new(Passwords::new(&random), Registry::default());
        let sealer = sealer("mijnrgs");
        let password = new_password::NewPassword::check(answer("klaproos 17 fiets"), &[]).expect("good");
        let hash = methods.passwords().hash(password).await.expect("a hash");
        let secret = TotpSecret::new(&random);
        let (code, kept) =
            KeptCode::new(&random, &sealer, &"attempt 1", NOW.plus(Duration::from_secs(600))).expect("a code");

        let proof = methods.prove(Known::Password(Some(hash.clone())), answer("klaproos 17 fiets"), NOW).await;
        let proof = proof.expect("proved");
        assert_eq!((proof.factor(), proof.effect()), (Factor::Password, &Effect::None));
        let app = secret.code_at(NOW);
        let proof = methods.prove(Known::Totp(Some(secret.clone())), answer(app.digits()), NOW).await.expect("proved");
        let step = u64::try_from(NOW.seconds()).expect("positive") / 30;
        assert_eq!((proof.factor(), proof.effect()), (Factor::Totp, &Effect::TakeStep(step)));
        let proof = methods
            .prove(Known::SentCode(Factor::EmailCode, Some(kept.clone()), &sealer), answer(code.digits()), NOW)
            .await;
        let proof = proof.expect("proved");
        assert_eq!((proof.factor(), proof.effect()), (Factor::EmailCode, &Effect::TakeCode));

        for (known, given, refused) in [
            (Known::Password(Some(hash)), "", Refused::Wrong),
            (Known::Password(None), "klaproos 17 fiets", Refused::Wrong),
            (Known::Totp(Some(secret.clone())), "", Refused::Malformed(Malformed::TooFew)),
            (Known::Totp(Some(secret)), code.digits(), Refused::Wrong),
            (Known::Totp(None), app.digits(), Refused::Wrong),
            (Known::SentCode(Factor::EmailCode, Some(kept), &sealer), app.digits(), Refused::Wrong),
            (Known::SentCode(Factor::PhoneCode, None, &sealer), code.digits(), Refused::Wrong),
            (
                Known::SentCode(Factor::EmailCode, None, &sealer),
                "klaproos 17 fiets",
                Refused::Malformed(Malformed::NotDigits),
            ),
        ] {
            let factor = known.factor();
            assert_eq!(methods.prove(known, answer(given), NOW).await.err(), Some(refused), "{factor:?} {given}");
        }
    }
}
