//! An authenticator app: set up with the code that it shows first, and removed.

use super::{ASKED, Change, FactorError, Held, look};
use crate::{
    base::{
        id::AttemptId,
        token::{Token, TokenDigest},
    },
    domain::{
        person::Person,
        tenant::{Factor, Means, Tenant},
    },
    login::{code::Code, totp::TotpSecret},
    notify::mail::FactorChange,
    service::{
        Core,
        ceremonies::{self, Place},
        sessions::SignedIn,
        sign_in::{self, SignInError},
    },
    storage::{StoreError, Transaction, seal::Kind},
};

/// An authenticator app that is being set up.
pub struct NewApp {
    /// What the app and Poort will share.
    pub secret: TotpSecret,
    /// Names it when the first code comes.
    pub token: Token,
}

/// The first code that an app shows.
pub struct FirstCode<'a> {
    /// The token of the [`NewApp`].
    pub token: &'a str,
    /// The code.
    pub code: &'a str,
}

/// What came of it.
pub enum SetUp {
    /// The app is set up.
    Done,
    /// The code was not right, or none: the same secret waits for another.
    Again(Box<NewApp>, FactorError),
}

const WHAT: &str = "app";

/// A new secret for the app of who is signed in. It takes the place of the one they have when its first code comes.
///
/// # Errors
/// `NotFresh`, or `NotHere` where the tenant has no app in any means.
pub async fn new_app(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    browser: TokenDigest,
) -> Result<NewApp, FactorError> {
    let mut change = Change::begin(core, tenant, signed_in).await?;
    if !tenant.offers(Factor::Totp) {
        return Err(FactorError::NotHere);
    }
    let place = Place::session(signed_in.session.id, WHAT, browser);
    let secret = TotpSecret::new(&core.random);
    let app = keep(core, tenant, &mut change.transaction, &place, secret).await?;
    change.transaction.commit().await?;
    Ok(app)
}

/// Sets up the app of who is signed in, when its first code is right.
///
/// # Errors
/// `NotFresh`, or `NotAsked`.
pub async fn set_up_app(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    browser: TokenDigest,
    first: &FirstCode<'_>,
) -> Result<SetUp, FactorError> {
    let change = Change::begin(core, tenant, signed_in).await?;
    set_up(&Place::session(signed_in.session.id, WHAT, browser), first, change).await
}

/// Removes the app.
///
/// # Errors
/// `NotFresh`, `NotHere`, or `LastOne`.
pub async fn remove_app(core: &Core, tenant: &Tenant, signed_in: &SignedIn) -> Result<(), FactorError> {
    let mut change = Change::begin(core, tenant, signed_in).await?;
    if !change.transaction.remove_authenticator(signed_in.person.id).await? {
        return Err(FactorError::NotHere);
    }
    change.end_removal(Factor::Totp, FactorChange::AppRemoved).await
}

/// Somebody in the middle of a login who sets up their first app.
pub struct FirstApp {
    /// Who.
    pub person: Person,
    /// The app.
    pub app: NewApp,
}

/// Whether the app that comes next in an attempt is one that has to be set up first.
///
/// # Errors
/// When the attempt is not open, or the database does not answer.
pub async fn sets_up_first_app(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
) -> Result<bool, FactorError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    let found = half_way(core, tenant, &mut transaction, id, browser).await?;
    Ok(found.is_some_and(|(_, held, _)| is_new(tenant, &held)))
}

/// The first app of somebody who got their first password by mail and has nothing else to come after it: their mailbox is all that there
/// is to know them by, and a code by mail would add nothing. `None` for everybody else.
///
/// # Errors
/// When the attempt is not open, or the database does not answer.
pub async fn first_app(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
) -> Result<Option<FirstApp>, FactorError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    let Some((person, held, _)) = half_way(core, tenant, &mut transaction, id, browser).await? else { return Ok(None) };
    if !is_new(tenant, &held) {
        return Ok(None);
    }
    let place = Place::attempt(id, browser);
    let app = keep(core, tenant, &mut transaction, &place, TotpSecret::new(&core.random)).await?;
    transaction.commit().await?;
    Ok(Some(FirstApp { person, app }))
}

/// Sets it up. The login begins anew then: with the password, and a code of the app.
///
/// # Errors
/// `NotHere` for who has something else, `NotAsked`, or when the attempt is not open.
pub async fn set_up_first_app(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
    first: &FirstCode<'_>,
) -> Result<(Person, SetUp), FactorError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    let found = half_way(core, tenant, &mut transaction, id, browser).await?;
    drop(transaction);
    let Some((person, _, means)) = found else { return Err(SignInError::OutOfTurn.into()) };
    let change = Change::hold(core, tenant, &person, None).await?;
    if !is_new(tenant, &change.held) {
        return Err(FactorError::NotHere);
    }
    let set_up = set_up(&Place::attempt(id, browser), first, change).await?;
    if let SetUp::Done = set_up {
        sign_in::choose_means(core, tenant, id, browser, &means.id).await?;
    }
    Ok((person, set_up))
}

/// Who proved their password in an attempt in which the app comes next.
async fn half_way(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    id: AttemptId,
    browser: TokenDigest,
) -> Result<Option<(Person, Held, Means)>, FactorError> {
    let attempt = transaction.attempt(id, browser, core.now()).await?.ok_or(SignInError::Gone)?;
    let turn = sign_in::stand(tenant, &attempt, tenant.today(core.now()))?.turn;
    let (Some((means, Factor::Totp)), Some(person)) = (turn, attempt.person) else { return Ok(None) };
    let person = transaction.person(person).await?.ok_or(SignInError::Gone)?;
    let held = look(transaction, tenant, &person).await?;
    Ok(Some((person, held, means)))
}

/// A password that was forgotten and set anew by a mail makes nobody new: whoever reads the mailbox would become them.
fn is_new(tenant: &Tenant, held: &Held) -> bool {
    held.by_mail && held.first && held.recovery_codes == 0 && !held.is_enough(tenant)
}

/// Judges the first code, and keeps the app when it is right.
async fn set_up(place: &Place, first: &FirstCode<'_>, mut change: Change<'_>) -> Result<SetUp, FactorError> {
    let (core, tenant, person, replaces) = (change.core, change.tenant, change.person, change.held.app);
    let token = Token::parse(first.token).ok_or(FactorError::NotAsked)?;
    let taken = ceremonies::take(core, tenant, &mut change.transaction, place, token.digest()).await?;
    let secret = taken.and_then(|secret| TotpSecret::from_bytes(&secret)).ok_or(FactorError::NotAsked)?;
    let step = match Code::parse(first.code) {
        Ok(code) => secret.step_of(&code, core.now()).ok_or(FactorError::Wrong),
        Err(malformed) => Err(malformed.into()),
    };
    let step = match step {
        Ok(step) => step,
        Err(why) => {
            let again = keep(core, tenant, &mut change.transaction, place, secret).await?;
            change.transaction.commit().await?;
            return Ok(SetUp::Again(Box::new(again), why));
        }
    };
    let sealed = core.keys_of(tenant)?.sealer.seal(Kind::TotpSecret, &person.id, secret.bytes());
    let sealed = sealed.map_err(|error| StoreError::Unusable(error.to_string()))?;
    change.transaction.put_authenticator(person.id, &sealed).await?;
    // The code that set it up logs nobody in.
    change.transaction.take_totp_step(person.id, i64::try_from(step).unwrap_or(i64::MAX)).await?;
    if replaces {
        change.end_what_came_of_it().await?;
    }
    change.end("factor.added", Factor::Totp, FactorChange::AppAdded).await?;
    Ok(SetUp::Done)
}

async fn keep(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    place: &Place,
    secret: TotpSecret,
) -> Result<NewApp, StoreError> {
    let token = Token::new(&core.random);
    let expires = core.now().plus(ASKED);
    ceremonies::keep(core, tenant, transaction, place, token.digest(), secret.bytes(), expires).await?;
    Ok(NewApp { secret, token })
}
