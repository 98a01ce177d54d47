//! Logging in at another provider: the person goes there from an open attempt, and comes back into it, once.
//!
//! Whoever comes back with what another browser left with, or without having left, gets no session (login CSRF). Who somebody is
//! says their national number, found by its index: an account of this tenant is theirs whatever they log in with, and no name
//! or e-mail address that a provider tells makes it so (CVE-2026-15611).

use std::time::Duration;

use url::Url;

use super::{
    Core,
    pending::Destination,
    sign_in::{self, Proven, SignInError, Step},
};
use crate::{
    base::{
        Language, Timestamp,
        id::{AttemptId, OrganizationId, PersonId},
        token::{Token, TokenDigest},
    },
    domain::{
        person::Person,
        tenant::{Factor, Means, Tenant},
        upstream::UnknownPeople,
    },
    login::method::{Asked, Form, LoginMethod, Proved, Refused, Returned, Within},
    storage::{
        StoreError, Transaction,
        seal::{Kind, SealError},
        sql::FederatedLogin,
    },
};

/// How long somebody may stay at the provider.
const AWAY: Duration = Duration::from_secs(15 * 60);

/// How long what may be said once is remembered: longer than anybody may stay away, and than an artifact lives.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// Why nobody is logged in.
#[derive(Debug, thiserror::Error)]
pub enum FederatedError {
    /// What came back does not belong to this browser, or came a second time.
    #[error("nobody left from this browser with what came back")]
    NotFromHere,
    /// The person went back, at the provider.
    #[error("cancelled at the provider")]
    Cancelled(Box<Destination>),
    /// The provider proved nothing, or somebody who cannot go on here.
    #[error("{provider}: {why}")]
    Refused {
        /// What people call the provider.
        provider: String,
        /// Why.
        why: Why,
        /// The attempt, which is still open for another key.
        attempt: AttemptId,
    },
    /// As in any login.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl From<StoreError> for FederatedError {
    fn from(error: StoreError) -> Self {
        FederatedError::SignIn(error.into())
    }
}

/// Why a login at another provider does not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The provider is down, slow, or cannot be understood.
    #[error("out of order")]
    OutOfOrder,
    /// What it says cannot be believed.
    #[error("not believed")]
    NotBelieved,
    /// The login is worth less than was asked, or older.
    #[error("not sure enough")]
    TooLow,
    /// What the person shows is over, or was revoked.
    #[error("not in force")]
    NotInForce,
    /// It knows no national number of the kind that this tenant's people have.
    #[error("no national number")]
    NoNumber,
    /// The register does not know the organization for which the person acts, or they act for none.
    #[error("no organization")]
    NoOrganization,
    /// It is for another person.
    #[error("for another person")]
    ForAnother,
    /// Nobody here has that number.
    #[error("unknown")]
    Unknown,
    /// The account is closed.
    #[error("closed")]
    Closed,
}

impl Why {
    const fn word(self) -> &'static str {
        match self {
            Why::OutOfOrder => "provider out of order",
            Why::NotBelieved => "provider not believed",
            Why::TooLow => "too low",
            Why::NotInForce => "not in force",
            Why::NoNumber => "no national number",
            Why::NoOrganization => "no organization",
            Why::ForAnother => "for another person",
            Why::Unknown => "unknown",
            Why::Closed => "closed",
        }
    }
}

fn method<'a>(core: &'a Core, tenant: &Tenant, factor: Factor) -> Result<&'a dyn LoginMethod, SignInError> {
    core.methods.elsewhere().find(&tenant.id, factor).map(AsRef::as_ref).ok_or(SignInError::OutOfTurn)
}

/// Whether nobody is sent to the provider of `factor` for the moment.
#[must_use]
pub fn is_out_of_order(core: &Core, tenant: &Tenant, factor: Factor) -> bool {
    method(core, tenant, factor).is_ok_and(LoginMethod::is_out_of_order)
}

/// Where somebody goes.
pub struct Departure {
    /// What people call the provider.
    pub provider: String,
    /// What it proves.
    pub factor: Factor,
    /// There.
    pub to: Url,
    /// What is sent along in a form; without it they are led there.
    pub form: Option<Form>,
}

/// Chooses the means in an open attempt, and says where its provider is.
///
/// # Errors
/// `OutOfTurn` when the destination does not accept these means, or no provider proves them.
pub async fn start(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
    means: &str,
    language: Language,
) -> Result<Departure, FederatedError> {
    let standing = sign_in::standing(core, tenant, id, browser).await?;
    let today = tenant.today(core.now());
    let chosen = standing.pending.means(tenant, today).into_iter().find(|known| known.id == means);
    let chosen = chosen.ok_or(SignInError::OutOfTurn)?;
    let factor = *chosen.factors.first().filter(|factor| factor.is_federated()).ok_or(SignInError::OutOfTurn)?;
    let method = method(core, tenant, factor)?;
    let state = Token::new(&core.random);
    let asked = Asked {
        least: standing.pending.least_with(tenant, means, today),
        since: standing.pending.login_since(),
        language,
        state: &state,
        redirect_uri: &tenant.provider_callback(factor),
    };
    let redirect = match method.start(&asked).await {
        Ok(redirect) => redirect,
        Err(refused) => return Err(refuse(core, tenant, id, chosen, method, &refused).await?),
    };
    let digest = state.digest();
    let sealed = core
        .keys_of(tenant)?
        .sealer
        .seal(Kind::FederatedLogin, &digest.text(), &redirect.kept)
        .map_err(|error| StoreError::Unusable(error.to_string()))?;
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    if !transaction.choose_means(id, &chosen.id).await? {
        return Err(SignInError::Gone.into());
    }
    let login = FederatedLogin { attempt: id, sealed, sealed_answer: None };
    transaction.put_federated_login(digest, factor.word(), &login, now, now.plus(AWAY)).await?;
    transaction.commit().await?;
    Ok(Departure { provider: method.name().to_owned(), factor, to: redirect.to, form: redirect.form })
}

/// Keeps an answer that did not come to a page of ours: by another site's form, which brings no cookie of ours along (`SameSite=Lax`), or in
/// the handshake of another listener. Nobody knows yet whose browser it was. The ticket goes back to that browser, which comes with it, and
/// with its cookie, in the next moment; [`resume`] gives the answer to it alone. With the `state` alone whoever left could have somebody
/// else log in at the provider, and come for their answer.
///
/// # Errors
/// `NotFromHere` when nobody is away with this `state`, or an answer came before.
pub async fn deposit(
    core: &Core,
    tenant: &Tenant,
    factor: Factor,
    state: &str,
    answer: &str,
) -> Result<Token, FederatedError> {
    let state = Token::parse(state).ok_or(FederatedError::NotFromHere)?.digest();
    let ticket = Token::new(&core.random);
    let kept = format!("{} {answer}", ticket.digest().text());
    let sealed = core
        .keys_of(tenant)?
        .sealer
        .seal(Kind::FederatedAnswer, &state.text(), kept.as_bytes())
        .map_err(|error| StoreError::Unusable(error.to_string()))?;
    let mut transaction = core.store.begin(&tenant.id).await?;
    if !transaction.put_federated_answer(state, factor.word(), &sealed, core.now()).await? {
        return Err(FederatedError::NotFromHere);
    }
    transaction.commit().await?;
    Ok(ticket)
}

/// The answer that was kept for who has this ticket.
fn answer_for<'k>(kept: &'k [u8], ticket: &str) -> Option<&'k str> {
    let (digest, answer) = std::str::from_utf8(kept).ok()?.split_once(' ')?;
    (Token::parse(ticket)?.digest().text() == digest).then_some(answer)
}

/// Somebody who comes back.
pub struct Arrival<'a> {
    /// The factor whose callback it is.
    pub factor: Factor,
    /// `state`, as it came.
    pub state: &'a str,
    /// The ticket of [`deposit`]; empty where the answer itself came.
    pub ticket: &'a str,
    /// What else came.
    pub returned: Returned<'a>,
    /// The browser.
    pub browser: TokenDigest,
    /// The language of its pages.
    pub language: Language,
    /// What the browser says it is.
    pub agent: &'a str,
    /// The session that the browser has here; a finished login replaces it.
    pub before: Option<TokenDigest>,
}

/// Logs in whoever comes back from a provider.
///
/// # Errors
/// When nobody is logged in.
pub async fn resume(core: &Core, tenant: &Tenant, arrival: &Arrival<'_>) -> Result<(AttemptId, Step), FederatedError> {
    let now = core.now();
    let state = Token::parse(arrival.state).ok_or(FederatedError::NotFromHere)?.digest();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let taken = transaction.take_federated_login(state, arrival.factor.word(), arrival.browser, now).await?;
    let taken = taken.ok_or(FederatedError::NotFromHere)?;
    // An artifact is taken before anybody asks what it stands for: a second try would end what the first one gave.
    let unheard = match arrival.returned.artifact {
        None => true,
        Some(artifact) => once(&mut transaction, arrival.factor, TokenDigest::of(artifact.as_bytes()), now).await?,
    };
    transaction.commit().await?;
    let id = taken.attempt;
    let standing = sign_in::standing(core, tenant, id, arrival.browser).await?;
    let (means, _) = standing.turn.filter(|(_, turn)| *turn == arrival.factor).ok_or(FederatedError::NotFromHere)?;
    let method = method(core, tenant, arrival.factor)?;
    let sealer = core.keys_of(tenant)?.sealer;
    let unusable = |error: SealError| StoreError::Unusable(error.to_string());
    let kept = sealer.open(Kind::FederatedLogin, &state.text(), &taken.sealed).map_err(unusable)?;
    let answer = taken.sealed_answer.map(|sealed| sealer.open(Kind::FederatedAnswer, &state.text(), &sealed));
    let answer = answer.transpose().map_err(unusable)?;
    let response = match &answer {
        None => arrival.returned.response,
        Some(answer) => match answer_for(answer, arrival.ticket) {
            None => {
                let event = core.event("login.failed").with("means", means.id.clone());
                let event = event.with("factor", arrival.factor.word()).with("reason", "brought by another browser");
                core.record(tenant, event).await?;
                return Err(FederatedError::NotFromHere);
            }
            answer => answer,
        },
    };
    let resumed = match unheard {
        true => method.resume(&kept, &Returned { response, ..arrival.returned }).await,
        false => Err(Refused::NotBelieved("an artifact that came before".into())),
    };
    let least = standing.pending.least_with(tenant, &means.id, tenant.today(now));
    let proved = match resumed {
        Ok(proved) if proved.assurance() < least => Err(Refused::TooLow),
        proved => proved,
    };
    let proved = match proved {
        Ok(proved) => proved,
        Err(Refused::Cancelled) => {
            let destination = sign_in::cancel(core, tenant, id, arrival.browser).await?;
            return Err(FederatedError::Cancelled(Box::new(destination)));
        }
        Err(refused) => return Err(refuse(core, tenant, id, &means, method, &refused).await?),
    };
    if let Some(statement) = proved.statement() {
        let mut transaction = core.store.begin(&tenant.id).await?;
        let unheard = once(&mut transaction, arrival.factor, statement, now).await?;
        transaction.commit().await?;
        if !unheard {
            let refused = Refused::NotBelieved("an assertion that came before".into());
            return Err(refuse(core, tenant, id, &means, method, &refused).await?);
        }
    }
    let mut transaction = core.store.begin(&tenant.id).await?;
    let mut found = find(core, tenant, &mut transaction, &proved, arrival.language).await;
    if let Err(StoreError::Conflict) = found {
        // Their first login, twice at once: the other one made the account.
        drop(transaction);
        transaction = core.store.begin(&tenant.id).await?;
        found = find(core, tenant, &mut transaction, &proved, arrival.language).await;
    }
    let person = match found? {
        Found::Somebody(person) => person,
        Found::Nobody(why, about) => {
            drop(transaction);
            return Err(told(core, tenant, id, &means, method, why, about).await?);
        }
    };
    if !transaction.prove(id, &means.id, person.id, 1).await? {
        return Err(SignInError::OutOfTurn.into());
    }
    if let Some(note) = proved.note() {
        let event = core.event("login.noted").by(person.id).about(person.id).with("means", means.id.clone());
        transaction.record(&event.with("note", note)).await?;
    }
    let proven = Proven {
        person: &person,
        means: &means,
        assurance: proved.assurance(),
        at: proved.at(),
        agent: arrival.agent,
        before: arrival.before,
    };
    let step = sign_in::finish(core, tenant, &mut transaction, id, arrival.browser, &proven).await?;
    transaction.commit().await?;
    Ok((id, step))
}

/// Takes what may be said once; false when it was said before.
async fn once(
    transaction: &mut Transaction,
    factor: Factor,
    digest: TokenDigest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    transaction.take_federated_message(factor.word(), digest, now, now.plus(REMEMBERED)).await
}

enum Found {
    Somebody(Person),
    Nobody(Why, Option<PersonId>),
}

/// Whose number it is. Somebody new gets an account where the tenant's file says so, and whoever acts for an organization that the
/// register knows.
async fn find(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    proved: &Proved,
    language: Language,
) -> Result<Found, StoreError> {
    let organization = match proved.within() {
        None => None,
        Some(within) => match transaction.organization_by_number(within.number.as_str()).await? {
            Some(organization) => Some((organization.id, within)),
            None => return Ok(Found::Nobody(Why::NoOrganization, None)),
        },
    };
    let number = proved.national_number();
    let sealer = core.keys_of(tenant)?.sealer;
    let index = sealer.lookup(number.kind(), number.reveal());
    if let Some(id) = transaction.person_by_national_number(&index).await? {
        let Some(person) = transaction.person(id).await? else { return Ok(Found::Nobody(Why::Closed, Some(id))) };
        enter(core, tenant, transaction, id, organization).await?;
        return Ok(Found::Somebody(person));
    }
    if organization.is_none() && tenant.unknown_people(proved.factor()) != Some(UnknownPeople::Admitted) {
        return Ok(Found::Nobody(Why::Unknown, None));
    }
    let id = PersonId::new(&core.random);
    let person = Person {
        id,
        given_name: proved.given_name().to_owned(),
        family_name: proved.family_name().to_owned(),
        // No provider's word makes an address somebody's.
        email: String::new(),
        language,
        citizen_file: false,
    };
    let sealed = sealer
        .seal(Kind::NationalNumber, &id, number.reveal().as_bytes())
        .map_err(|error| StoreError::Unusable(error.to_string()))?;
    transaction.put_person(&person).await?;
    transaction.put_national_number(id, &sealed, &index).await?;
    let event = core.event("account.opened").by(id).about(id).with("factor", proved.factor().word());
    transaction.record(&event).await?;
    enter(core, tenant, transaction, id, organization).await?;
    Ok(Found::Somebody(person))
}

/// Writes that a provider vouches for somebody's belonging to an organization: today, and tomorrow, since a session may last beyond
/// midnight. The next login says it anew, or it is over.
async fn enter(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    person: PersonId,
    organization: Option<(OrganizationId, &Within)>,
) -> Result<(), StoreError> {
    let Some((organization, within)) = organization else { return Ok(()) };
    let today = tenant.today(core.now());
    transaction.vouch_for_membership(organization, person, today, today.tomorrow().unwrap_or(today)).await?;
    let mut event = core.event("organization.entered").by(person).with("organization", organization.to_string());
    event = event.with("number", within.number.as_str().to_owned());
    if let Some(intermediary) = &within.intermediary {
        event = event.with("intermediary", intermediary.as_str().to_owned());
    }
    transaction.record(&event).await
}

async fn refuse(
    core: &Core,
    tenant: &Tenant,
    attempt: AttemptId,
    means: &Means,
    method: &dyn LoginMethod,
    refused: &Refused,
) -> Result<FederatedError, StoreError> {
    // Quoted: there may be words of others in it.
    let why = refused.to_string();
    tracing::warn!(tenant = %tenant.id, provider = method.name(), ?why, "a login at another provider is refused");
    let why = match refused {
        Refused::OutOfOrder(_) => Why::OutOfOrder,
        Refused::NotBelieved(_) | Refused::Cancelled => Why::NotBelieved,
        Refused::TooLow | Refused::TooOld => Why::TooLow,
        Refused::NotInForce(_) => Why::NotInForce,
        Refused::NoNumber => Why::NoNumber,
        Refused::NoOrganization => Why::NoOrganization,
        Refused::ForAnother => Why::ForAnother,
    };
    told(core, tenant, attempt, means, method, why, None).await
}

/// Notes a refusal.
async fn told(
    core: &Core,
    tenant: &Tenant,
    attempt: AttemptId,
    means: &Means,
    method: &dyn LoginMethod,
    why: Why,
    about: Option<PersonId>,
) -> Result<FederatedError, StoreError> {
    let mut event = core
        .event("login.failed")
        .with("means", means.id.clone())
        .with("factor", method.factor().word())
        .with("reason", why.word());
    if let Some(person) = about {
        event = event.about(person);
    }
    core.record(tenant, event).await?;
    Ok(FederatedError::Refused { provider: method.name().to_owned(), why, attempt })
}
