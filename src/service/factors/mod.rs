//! What somebody logs in with: seen, added to and taken away from by themselves.
//!
//! Who changes it proved a moment ago who they are, as surely as they can with what they have: a session that somebody left open,
//! or one of a lesser key, adds and removes nothing (CVE-2026-3429, CVE-2026-37982). Something usable is always left. Each change
//! has a line in the audit log and a mail to the person.

mod app;
mod passkeys;
mod phone;
mod recovery;

use std::time::Duration;

use super::{Core, outbox, sessions::SignedIn, sign_in::SignInError};
use crate::{
    domain::{
        assurance::Assurance,
        person::Person,
        phone::NoPhone,
        tenant::{Factor, Tenant},
    },
    login::code::Malformed,
    notify::mail::{FactorChange, Mail},
    storage::{StoreError, Transaction, sql::KeptPasskey},
};

pub use app::{
    FirstApp, FirstCode, NewApp, SetUp, first_app, new_app, remove_app, set_up_app, set_up_first_app, sets_up_first_app,
};
pub use passkeys::{LONGEST_NAME, add_passkey, ask_for_passkey, remove_passkey, rename_passkey};
pub use phone::{AskedPhone, NewPhone, Verified, ask_for_phone_code, remove_phone, verify_phone};
pub use recovery::new_recovery_codes;
pub(super) use recovery::tell_of_used_code;

/// How long ago somebody may have proved who they are before they change what they log in with.
pub(super) const FRESH: Duration = Duration::from_secs(15 * 60);

/// The most that what somebody adds here can be worth (`config::means`).
const GIVEN: Assurance = Assurance::Substantial;

/// How long a question about a new factor waits for its answer.
const ASKED: Duration = Duration::from_secs(15 * 60);

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// The login is too old, or worth less than what the person has: they log in again first.
    #[error("the login is too old or too low for this")]
    NotFresh,
    /// The tenant does not offer it, it is not theirs, or there are too many.
    #[error("there is no such factor here")]
    NotHere,
    /// Nobody could log in any more.
    #[error("something to log in with must be left")]
    LastOne,
    /// The answer is wrong.
    #[error("wrong answer")]
    Wrong,
    /// The code was right once.
    #[error("the code has expired")]
    Expired,
    /// Nothing can be sent to what was typed as a telephone number.
    #[error("{0}")]
    NoPhone(NoPhone),
    /// The answer cannot be a code.
    #[error("not a code: {0}")]
    Malformed(#[from] Malformed),
    /// The question is no longer open: it was answered, is too old, or was asked elsewhere.
    #[error("nobody asked for this")]
    NotAsked,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The attempt to log in is over, or something else comes first.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

/// What somebody logs in with.
#[derive(Debug)]
pub struct Held {
    /// Whether they have a password.
    pub password: bool,
    /// Whether a link in a mail is all that vouches for it.
    pub by_mail: bool,
    /// Whether it is the first that they ever had, set by such a link.
    pub first: bool,
    /// Whether codes can be sent to them by e-mail.
    pub email: bool,
    /// Whether they have an authenticator app.
    pub app: bool,
    /// Whether they have a telephone number that was verified.
    pub phone: bool,
    /// Their passkeys, oldest first.
    pub passkeys: Vec<KeptPasskey>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// Whether another provider can say who they are, by their national number.
    pub numbered: bool,
}

impl Held {
    /// Whether they can prove this factor. A recovery code counts for nothing here: it is for the day when nothing else is left.
    fn has(&self, factor: Factor) -> bool {
        match factor {
            Factor::Password => self.password,
            Factor::Totp => self.app,
            Factor::EmailCode => self.email && !self.by_mail,
            Factor::PhoneCode => self.phone,
            Factor::Passkey => !self.passkeys.is_empty(),
            Factor::RecoveryCode => false,
            // It says for which enterprise somebody comes, and not everybody comes for one.
            Factor::Eherkenning => false,
            federated => federated.is_federated() && self.numbered,
        }
    }

    /// What a login must be worth that changes what they have: as much as the best of it, and of what another provider can say of
    /// them as much as the change could give. Otherwise the lesser of their keys would make itself a better one.
    fn level(&self, tenant: &Tenant) -> Assurance {
        let theirs = tenant.means.iter().filter(|means| means.factors.iter().all(|factor| self.has(*factor)));
        let worth = theirs.map(|means| match means.factors.iter().any(|factor| factor.is_federated()) {
            true => means.assurance.min(GIVEN),
            false => means.assurance,
        });
        worth.max().unwrap_or(Assurance::Low)
    }

    /// Whether they can log in at all.
    pub(super) fn is_enough(&self, tenant: &Tenant) -> bool {
        tenant.means.iter().any(|means| means.factors.iter().all(|factor| self.has(*factor)))
    }
}

/// What somebody logs in with.
///
/// # Errors
/// When the database does not answer.
pub async fn held(core: &Core, tenant: &Tenant, person: &Person) -> Result<Held, StoreError> {
    look(&mut core.store.read(&tenant.id).await?, tenant, person).await
}

pub(super) async fn look(transaction: &mut Transaction, tenant: &Tenant, person: &Person) -> Result<Held, StoreError> {
    let password = transaction.password(person.id).await?;
    Ok(Held {
        password: password.is_some(),
        by_mail: password.as_ref().is_some_and(|password| password.by_mail),
        first: password.is_some_and(|password| password.is_first),
        email: person.address().is_some(),
        app: transaction.authenticator(person.id).await?.is_some(),
        phone: transaction.phone(person.id).await?.is_some_and(|(_, verified_at)| verified_at.is_some()),
        passkeys: transaction.passkeys_of(person.id, &tenant.host).await?,
        recovery_codes: transaction.recovery_codes_left(person.id).await?,
        numbered: transaction.national_number(person.id).await?.is_some(),
    })
}

/// Whether somebody may change what they log in with; otherwise the assurance of the login that they need first.
///
/// # Errors
/// The assurance that is needed.
pub fn may_change(core: &Core, tenant: &Tenant, signed_in: &SignedIn, held: &Held) -> Result<(), Assurance> {
    let needed = held.level(tenant);
    let session = &signed_in.session;
    let fresh = core.now() < session.authenticated_at.plus(FRESH);
    if fresh && session.assurance >= needed { Ok(()) } else { Err(needed) }
}

/// Whether somebody is known by the word of their employer alone. They have nothing of their own here: what they added would outlive that
/// word.
pub(super) async fn is_vouched(
    transaction: &mut Transaction,
    tenant: &Tenant,
    signed_in: &SignedIn,
) -> Result<bool, StoreError> {
    let means = tenant.means(&signed_in.session.means);
    if means.is_none_or(|means| means.factors.contains(&Factor::Eherkenning)) {
        return Ok(true);
    }
    Ok(transaction.memberships(signed_in.person.id).await?.iter().any(|membership| membership.vouched))
}

/// A change that is being made: nothing else changes this person's factors until it ends.
struct Change<'a> {
    core: &'a Core,
    tenant: &'a Tenant,
    person: &'a Person,
    signed_in: Option<&'a SignedIn>,
    transaction: Transaction,
    handle: String,
    held: Held,
}

impl<'a> Change<'a> {
    /// Begins a change by who is signed in.
    async fn begin(core: &'a Core, tenant: &'a Tenant, signed_in: &'a SignedIn) -> Result<Self, FactorError> {
        let mut change = Self::hold(core, tenant, &signed_in.person, Some(signed_in)).await?;
        if is_vouched(&mut change.transaction, tenant, signed_in).await? {
            return Err(FactorError::NotHere);
        }
        may_change(core, tenant, signed_in, &change.held).map_err(|_| FactorError::NotFresh)?;
        Ok(change)
    }

    async fn hold(
        core: &'a Core,
        tenant: &'a Tenant,
        person: &'a Person,
        signed_in: Option<&'a SignedIn>,
    ) -> Result<Self, FactorError> {
        let mut transaction = core.store.begin(&tenant.id).await?;
        let handle = transaction.hold_factors(person.id, &core.random.uuid().to_string()).await?;
        let held = look(&mut transaction, tenant, person).await?;
        Ok(Self { core, tenant, person, signed_in, transaction, handle, held })
    }

    /// Ends it: with a line in the audit log, and a mail.
    async fn end(mut self, kind: &'static str, factor: Factor, change: FactorChange<'_>) -> Result<(), FactorError> {
        let Self { core, tenant, person, .. } = self;
        let mut event = core.event(kind).by(person.id).about(person.id).with("factor", factor.word());
        if let Some(signed_in) = self.signed_in {
            event = event.in_session(signed_in.session.id);
        }
        self.transaction.record(&event).await?;
        let mail = Mail::FactorChanged { change, at: core.now() };
        outbox::write(core, tenant, &mut self.transaction, person, &mail).await?;
        self.transaction.commit().await?;
        core.wake_outbox.notify_one();
        Ok(())
    }

    /// Ends a removal, when something to log in with is left.
    async fn end_removal(mut self, factor: Factor, change: FactorChange<'_>) -> Result<(), FactorError> {
        self.held = look(&mut self.transaction, self.tenant, self.person).await?;
        if !self.held.is_enough(self.tenant) {
            return Err(FactorError::LastOne);
        }
        self.end_what_came_of_it().await?;
        self.end("factor.removed", factor, change).await
    }

    /// Ends every login but this one, begun or finished, with the phones that were paired in it: it may have been a thief's.
    async fn end_what_came_of_it(&mut self) -> Result<(), StoreError> {
        let (person, now) = (self.person.id, self.core.now());
        self.transaction.end_attempts_of(person, now).await?;
        if let Some(signed_in) = self.signed_in {
            self.transaction.end_other_logins(person, signed_in.session.id, now).await?;
        }
        Ok(())
    }
}
