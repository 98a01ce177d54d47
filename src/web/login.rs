//! `/start` and `/login/{attempt}/…`: proving who one is (LOGIN-1, LOGIN-2, LOGIN-5).

use std::time::Duration;

use axum::{extract::Path, response::Response};
use http::HeaderMap;
use jiff::civil::Date;
use zeroize::Zeroizing;

use super::profile;
pub(super) use super::profile::leading;
use crate::{
    base::{id::AttemptId, token::TokenDigest},
    domain::{
        login_rule::Audience,
        path::ReturnPath,
        register::Regime,
        tenant::{Factor, Means, Tenant, UserName},
    },
    http::{fields::Fields, frame, labels, page, posted::Posted, trouble::Trouble, visit::Visit},
    login::code::Malformed,
    notify::telephone::Channel,
    pages::views::{
        Frame,
        email_code::{CodeProblem, EmailCode},
        login::{Key, KeyGroup, KeyGroupKind, KeyKind, Login, OtherKey},
        password::{Password, PasswordProblem, UserNames},
        phone_code::{PhoneCode, Way},
        totp::Totp,
    },
    service::{
        entry, factors, federated,
        pending::{Destination, Pending},
        profiles,
        sessions::SignedIn,
        sign_in::{self, Answer, SignInError, Step},
    },
};

/// How many digits a code has.
pub(super) const DIGITS: u8 = 6;

impl From<SignInError> for Trouble {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Gone | SignInError::OutOfTurn => Trouble::AttemptGone,
            SignInError::TooManyTries { until } => Trouble::TooManyTries(until),
            SignInError::Busy => Trouble::Unavailable,
            SignInError::Store(error) => error.into(),
            SignInError::Wrong
            | SignInError::Expired
            | SignInError::Malformed(_)
            | SignInError::TooSoon { .. }
            | SignInError::NotAfterMailReset => Trouble::BadRequest,
        }
    }
}

pub(super) fn attempt_id(text: &str) -> Result<AttemptId, Trouble> {
    text.parse().map_err(|_| Trouble::AttemptGone)
}

/// Begins a login for a register, or finishes it at once for who is signed in well enough.
///
/// `register`, `return` and `state` come from the register's host; `choose=1` asks for another profile, `as=self` goes back
/// to oneself, `as=current` goes on as whom one acts for, `least` asks more assurance.
pub async fn start(visit: Visit, headers: HeaderMap) -> Result<Response, Trouble> {
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let (core, tenant) = (visit.core(), visit.tenant());
    let register = tenant.register(fields.text("register")).ok_or(Trouble::BadRequest)?;
    let return_path = ReturnPath::parse(fields.get("return").unwrap_or("/")).map_err(|_| Trouble::BadRequest)?;
    let state = TokenDigest::parse(fields.text("state")).ok_or(Trouble::BadRequest)?;
    let least = fields.get("least").and_then(|word| word.parse().ok());
    let pending = Pending::to(Destination::Register {
        register: register.id.clone(),
        return_path: return_path.as_str().to_owned(),
        state: state.text(),
    })
    .at_least(least);
    let Some(signed_in) = visit.signed_in().await? else { return begin(&visit, &pending).await };
    if !signed_in.does_for(tenant, &pending, tenant.today(core.now())) {
        return begin(&visit, &pending).await;
    }
    // Another site's link changes nobody's profile: it comes to the choice.
    let foreign = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    if fields.text("as") == "self" && !foreign {
        let attempt = profiles::open(core, tenant, &signed_in, visit.browser(), &pending).await?;
        return profile::as_oneself(&visit, &signed_in, attempt, profile::Arrival::Link).await;
    }
    let ready = match fields.text("as") {
        "current" => signed_in.profile.as_ref(),
        _ => entry::ready_profile(&signed_in).filter(|_| fields.text("choose").is_empty()),
    };
    if let Some(ready) = ready {
        let code =
            entry::code(core, tenant, signed_in.session.id, ready, &register.id, return_path.as_str(), state).await?;
        return Ok(page::see_other(&profile::entry_url(&visit, register, &code)));
    }
    let attempt = profiles::open(core, tenant, &signed_in, visit.browser(), &pending).await?;
    Ok(page::see_other(&format!("/profile?attempt={attempt}")))
}

/// Begins an attempt and goes to its first page, which says so when a session has ended.
pub(super) async fn begin(visit: &Visit, pending: &Pending) -> Result<Response, Trouble> {
    let attempt = sign_in::begin(visit.core(), visit.tenant(), visit.browser(), pending).await?;
    let ended = visit.session().is_some() && visit.signed_in().await?.is_none();
    // Whoever comes to that page without the cookie that goes with this answer keeps none.
    let said = match (visit.browser_is_new(), ended) {
        (true, _) => "?new",
        (false, true) => "?ended",
        (false, false) => "",
    };
    Ok(page::see_other(&format!("/login/{attempt}{said}")))
}

/// The keys to choose from, grouped as people know them.
pub async fn show(visit: Visit, Path(attempt): Path<String>) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let standing = match sign_in::standing(visit.core(), visit.tenant(), id, visit.browser()).await {
        Err(SignInError::Gone) if visit.browser_is_new() && visit.query() == "new" => {
            return Err(Trouble::CookiesRefused);
        }
        standing => standing?,
    };
    let tenant = visit.tenant();
    let today = tenant.today(visit.core().now());
    let signed_in = visit.signed_in().await?;
    let other_key = signed_in.as_ref().and_then(|signed_in| other_key(&visit, &standing.pending, signed_in, today));
    let means = match (&signed_in, &other_key) {
        (Some(signed_in), Some(_)) => standing.pending.means_for(tenant, &signed_in.known, today),
        _ => standing.pending.means(tenant, today),
    };
    let more_assurance = signed_in.as_ref().is_some_and(|signed_in| {
        signed_in.session.assurance < standing.pending.least_for(tenant, &signed_in.known, today)
    });
    let mut groups: Vec<KeyGroup> =
        KeyGroupKind::ALL.into_iter().map(|kind| KeyGroup { kind, keys: Vec::new() }).collect();
    for means in means {
        let Some(kind) = key_kind(&means.factors) else { continue };
        let href = match means.factors.first().filter(|factor| factor.is_federated()) {
            Some(factor) if federated::is_out_of_order(visit.core(), tenant, *factor) => None,
            Some(_) => Some(format!("/login/{id}/with/{}", means.id)),
            None if kind == KeyKind::Passkey => Some(format!("/login/{id}/with/{}", means.id)),
            None => Some(format!("/login/{id}/password?second={}", second(kind))),
        };
        if let Some(group) = groups.iter_mut().find(|group| group.kind == kind.group()) {
            let named = means.factors.first().and_then(|factor| tenant.provider(*factor));
            group.keys.push(Key { kind, name: named.map(|provider| provider.name.clone()), href });
        }
    }
    let view = Login {
        frame: frame::plain(&visit),
        attempt: id.to_string(),
        register: destination_name(&visit, &standing.pending.destination),
        session_ended: visit.query() == "ended",
        app_set_up: visit.query() == "app",
        more_assurance: more_assurance && other_key.is_none(),
        other_key,
        groups,
        lookup: !tenant.open_professions().is_empty(),
        new_account: tenant.self_registration.is_some(),
    };
    Ok(leading(&visit, &standing.pending, page::ok(&view)))
}

/// What the page says to who is logged in with a key that the register does not take of them (LOGIN-4).
fn other_key(visit: &Visit, pending: &Pending, signed_in: &SignedIn, today: Date) -> Option<OtherKey> {
    let (tenant, language, text) = (visit.tenant(), visit.language(), visit.text());
    let register = pending.register(tenant)?;
    let demand = register.demand_of(&signed_in.known, today);
    if demand.accepts(&signed_in.session.means) {
        return None;
    }
    let label = |means: &Means| {
        let named = means.factors.first().and_then(|factor| tenant.provider(*factor));
        let kind = key_kind(&means.factors)?;
        Some(named.map_or_else(|| kind.label(text), |provider| provider.name.clone()))
    };
    Some(OtherKey {
        register: register.name.get(language).to_owned(),
        public_law: register.regime == Regime::Public,
        used: tenant.means(&signed_in.session.means).and_then(label),
        keys: pending.means_for(tenant, &signed_in.known, today).into_iter().filter_map(label).collect(),
        since: demand.rule.and_then(|rule| rule.from),
        registered_as: demand.rule.and_then(|rule| match &rule.audience {
            Audience::Registered(profession) => Some(labels::of(&tenant.professions, profession, language).to_owned()),
            Audience::Everyone | Audience::Role(_) | Audience::WithoutNationalNumber => None,
        }),
    })
}

/// What somebody logs in for, in words.
pub(super) fn destination_name(visit: &Visit, destination: &Destination) -> Option<String> {
    let (tenant, language) = (visit.tenant(), visit.language());
    match destination {
        Destination::Account | Destination::Page { .. } => None,
        Destination::Register { register, .. } => {
            tenant.register(register).map(|register| register.name.get(language).to_owned())
        }
        Destination::Client(request) => {
            tenant.client(&request.client).map(|client| client.name.get(language).to_owned())
        }
    }
}

/// The key by which people know these factors.
pub(super) fn key_kind(factors: &[Factor]) -> Option<KeyKind> {
    match factors {
        [Factor::Password, Factor::EmailCode] => Some(KeyKind::EmailCode),
        [Factor::Password, Factor::PhoneCode] => Some(KeyKind::PhoneCode),
        [Factor::Password, Factor::Totp] => Some(KeyKind::Totp),
        [Factor::Password, Factor::Passkey] => Some(KeyKind::PasswordPasskey),
        [Factor::Password, Factor::RecoveryCode] => Some(KeyKind::RecoveryCode),
        [Factor::Passkey] => Some(KeyKind::Passkey),
        [Factor::Itsme] => Some(KeyKind::Itsme),
        [Factor::Digid] => Some(KeyKind::Digid),
        [Factor::Eherkenning] => Some(KeyKind::Eherkenning),
        [Factor::Eidas] => Some(KeyKind::Eidas),
        [Factor::Fas] => Some(KeyKind::Fas),
        [Factor::OpenId] => Some(KeyKind::OpenId),
        [Factor::Eid] => Some(KeyKind::Card),
        [Factor::EidCertificate] => Some(KeyKind::CardCertificate),
        _ => None,
    }
}

const fn second(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::EmailCode => "email-code",
        KeyKind::PhoneCode => "phone-code",
        KeyKind::PasswordPasskey => "passkey",
        KeyKind::RecoveryCode => "recovery-code",
        KeyKind::Totp
        | KeyKind::Passkey
        | KeyKind::Itsme
        | KeyKind::Digid
        | KeyKind::Eherkenning
        | KeyKind::Eidas
        | KeyKind::Fas
        | KeyKind::OpenId
        | KeyKind::Card
        | KeyKind::CardCertificate => "totp",
    }
}

/// The key that a page's `second` names.
fn key_of(second: &str) -> Result<KeyKind, Trouble> {
    match second {
        "email-code" => Ok(KeyKind::EmailCode),
        "phone-code" => Ok(KeyKind::PhoneCode),
        "totp" => Ok(KeyKind::Totp),
        "passkey" => Ok(KeyKind::PasswordPasskey),
        "recovery-code" => Ok(KeyKind::RecoveryCode),
        _ => Err(Trouble::BadRequest),
    }
}

/// The page for the password.
pub async fn password(visit: Visit, Path(attempt): Path<String>) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let key = key_of(fields.get("second").unwrap_or("totp"))?;
    let standing = sign_in::standing(visit.core(), visit.tenant(), id, visit.browser()).await?;
    let view = password_page(&visit, id, &standing.pending, key, "", vec![]);
    Ok(leading(&visit, &standing.pending, page::ok(&view)))
}

fn password_page(
    visit: &Visit,
    id: AttemptId,
    pending: &Pending,
    key: KeyKind,
    user_name: &str,
    problems: Vec<PasswordProblem>,
) -> Password {
    let here = format!("/login/{id}/password?second={}", second(key));
    let frame = Frame { here, ..frame::plain(visit) };
    let wait = minutes(visit.tenant().terms.tries_window);
    let today = visit.tenant().today(visit.core().now());
    let passkey = pending.means(visit.tenant(), today).into_iter().find(|means| means.factors == [Factor::Passkey]);
    Password {
        frame,
        attempt: id.to_string(),
        key,
        second: second(key),
        user_names: user_names(visit.tenant()),
        passkey: passkey.map(|means| means.id.clone()),
        user_name: user_name.to_owned(),
        wait,
        problems,
    }
}

/// What people log in with here.
pub(super) const fn user_names(tenant: &Tenant) -> UserNames {
    match tenant.user_name {
        UserName::Email => UserNames::Address,
        UserName::RegistrationNumber => UserNames::Number,
    }
}

/// How many whole minutes that is, for a page.
pub(super) fn minutes(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs() / 60).unwrap_or(u32::MAX)
}

/// Proves the password.
pub async fn prove_password(
    visit: Visit,
    Path(attempt): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let key = key_of(fields.text("second"))?;
    let (core, tenant, browser) = (visit.core(), visit.tenant(), visit.browser());
    let user_name = fields.text("user_name");
    let password = fields.get("password").unwrap_or_default();
    let standing = sign_in::standing(core, tenant, id, browser).await?;
    let again = |problems: Vec<PasswordProblem>| {
        let view = password_page(&visit, id, &standing.pending, key, user_name, problems);
        leading(&visit, &standing.pending, page::mend(&view))
    };
    let missing: Vec<PasswordProblem> = [
        (user_name.is_empty(), PasswordProblem::UserNameMissing),
        (password.is_empty(), PasswordProblem::PasswordMissing),
    ]
    .into_iter()
    .filter_map(|(is, problem)| is.then_some(problem))
    .collect();
    if !missing.is_empty() {
        return Ok(again(missing));
    }
    let offered = standing.pending.means(tenant, tenant.today(core.now()));
    let means = offered.into_iter().find(|means| key_kind(&means.factors) == Some(key));
    let means = means.ok_or(Trouble::AttemptGone)?.id.clone();
    sign_in::choose_means(core, tenant, id, browser, &means).await?;
    let answer = Answer {
        factor: Factor::Password,
        login_name: Some(user_name),
        secret: Zeroizing::new(password.to_owned()),
        agent: visit.agent(),
        address: visit.client().address,
        before: visit.session(),
    };
    match sign_in::prove(core, tenant, id, browser, answer).await {
        Ok(step) => next(&visit, id, step).await,
        Err(SignInError::Wrong) => Ok(again(vec![PasswordProblem::NotRecognised])),
        Err(SignInError::NotAfterMailReset) => Ok(again(vec![PasswordProblem::NotAfterMailReset])),
        Err(error) => Err(error.into()),
    }
}

/// Where a step leads: to a page of this host, or with the profile that was in use back to where one was.
pub(super) async fn next(visit: &Visit, id: AttemptId, step: Step) -> Result<Response, Trouble> {
    Ok(match step {
        // Another provider's factor stands alone: nothing leads to it but the choice of keys.
        Step::Next(factor) if factor.is_federated() => page::see_other(&format!("/login/{id}")),
        Step::Next(Factor::Password) => page::see_other(&format!("/login/{id}/password")),
        Step::Next(Factor::Totp) => page::see_other(&format!("/login/{id}/totp")),
        Step::Next(Factor::PhoneCode) => page::see_other(&format!("/login/{id}/phone-code")),
        Step::Next(Factor::Passkey) => page::see_other(&format!("/login/{id}/passkey")),
        Step::Next(Factor::RecoveryCode) => page::see_other(&format!("/login/{id}/recovery-code")),
        Step::Next(_) => page::see_other(&format!("/login/{id}/email-code")),
        Step::Done(done) => {
            tracing::info!(tenant = %visit.tenant().id, session = %done.session, "signed in");
            // The redirects go on from a form: a profile that is chosen silently has to know.
            let choice = format!("/profile?attempt={}&after=form", done.choice);
            page::with_session(page::see_other(&choice), &done.token)
        }
        Step::Back(acted) => {
            tracing::info!(tenant = %visit.tenant().id, session = %acted.session, "signed in more surely");
            return profile::arrive(visit, *acted, profile::Arrival::Form).await;
        }
    })
}

/// Only the page of the factor whose turn it is can be seen.
pub(super) async fn turn_of(visit: &Visit, id: AttemptId, factor: Factor) -> Result<Pending, Trouble> {
    let standing = sign_in::standing(visit.core(), visit.tenant(), id, visit.browser()).await?;
    match standing.turn {
        Some((_, turn)) if turn == factor => Ok(standing.pending),
        _ => Err(Trouble::AttemptGone),
    }
}

/// The page for the code of an authenticator app.
pub async fn totp(visit: Visit, Path(attempt): Path<String>) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let pending = turn_of(&visit, id, Factor::Totp).await?;
    if factors::sets_up_first_app(visit.core(), visit.tenant(), id, visit.browser()).await? {
        return Ok(page::see_other(&format!("/login/{id}/app")));
    }
    Ok(leading(&visit, &pending, page::ok(&totp_page(&visit, id, String::new(), None))))
}

fn totp_page(visit: &Visit, id: AttemptId, code: String, problem: Option<CodeProblem>) -> Totp {
    Totp { frame: frame::plain(visit), attempt: id.to_string(), digits: DIGITS, code, problem }
}

/// Proves the code of an authenticator app.
pub async fn prove_totp(
    visit: Visit,
    Path(attempt): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let pending = turn_of(&visit, id, Factor::Totp).await?;
    match prove_code(&visit, id, Factor::Totp, &fields).await? {
        Ok(step) => next(&visit, id, step).await,
        Err((problem, code)) => Ok(leading(&visit, &pending, page::mend(&totp_page(&visit, id, code, Some(problem))))),
    }
}

/// The page for the code that was sent by e-mail.
pub async fn email_code(visit: Visit, Path(attempt): Path<String>) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let pending = turn_of(&visit, id, Factor::EmailCode).await?;
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let view = EmailCode {
        sent_again: fields.get("sent").is_some(),
        asked_too_soon: fields.get("soon").is_some(),
        ..email_code_page(&visit, id, String::new(), None).await?
    };
    Ok(leading(&visit, &pending, page::ok(&view)))
}

async fn email_code_page(
    visit: &Visit,
    id: AttemptId,
    code: String,
    problem: Option<CodeProblem>,
) -> Result<EmailCode, Trouble> {
    let waiting = sign_in::waiting(visit.core(), visit.tenant(), id, visit.browser()).await?;
    Ok(EmailCode {
        // Without what this page said of a code that was asked for.
        frame: Frame { here: format!("/login/{id}/email-code"), ..frame::plain(visit) },
        attempt: id.to_string(),
        digits: DIGITS,
        valid_minutes: minutes(visit.tenant().terms.email_code),
        resend_after: seconds(waiting.wait),
        sent_again: false,
        asked_too_soon: false,
        code,
        problem,
    })
}

/// Seconds until another code can be asked for.
fn seconds(wait: Option<Duration>) -> Option<u32> {
    wait.map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
}

/// Proves the code that was sent by e-mail.
pub async fn prove_email_code(
    visit: Visit,
    Path(attempt): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let pending = turn_of(&visit, id, Factor::EmailCode).await?;
    match prove_code(&visit, id, Factor::EmailCode, &fields).await? {
        Ok(step) => next(&visit, id, step).await,
        Err((problem, code)) => {
            let view = email_code_page(&visit, id, code, Some(problem)).await?;
            Ok(leading(&visit, &pending, page::mend(&view)))
        }
    }
}

/// Proves a code; what is wrong with it, and the text when it is worth mending.
async fn prove_code(
    visit: &Visit,
    id: AttemptId,
    factor: Factor,
    fields: &Fields,
) -> Result<Result<Step, (CodeProblem, String)>, Trouble> {
    let code = fields.text("code");
    if code.is_empty() {
        return Ok(Err((CodeProblem::Missing, String::new())));
    }
    let secret = Zeroizing::new(code.to_owned());
    let (agent, address, before) = (visit.agent(), visit.client().address, visit.session());
    let answer = Answer { factor, login_name: None, secret, agent, address, before };
    let typed = || code.chars().take(40).collect();
    match sign_in::prove(visit.core(), visit.tenant(), id, visit.browser(), answer).await {
        Ok(step) => Ok(Ok(step)),
        Err(SignInError::Malformed(malformed)) => Ok(Err((no_code(malformed), typed()))),
        Err(SignInError::Wrong) => Ok(Err((CodeProblem::Wrong, String::new()))),
        Err(SignInError::Expired) => Ok(Err((CodeProblem::Expired, String::new()))),
        Err(error) => Err(error.into()),
    }
}

/// Sends another code.
pub async fn send_email_code(visit: Visit, Path(attempt): Path<String>, _: Posted) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    turn_of(&visit, id, Factor::EmailCode).await?;
    match again(&visit, id, Channel::Sms).await {
        Ok(()) => Ok(page::see_other(&format!("/login/{id}/email-code?sent=1"))),
        // The page says how long to wait.
        Err(SignInError::TooSoon { .. }) => Ok(page::see_other(&format!("/login/{id}/email-code?soon=1"))),
        Err(error) => Err(error.into()),
    }
}

/// Sends another code for the factor whose turn it is.
async fn again(visit: &Visit, id: AttemptId, channel: Channel) -> Result<(), SignInError> {
    let address = visit.client().address;
    sign_in::send_again(visit.core(), visit.tenant(), id, visit.browser(), address, channel).await
}

/// The page for the code that was sent by telephone. It is the same for who has no number (yet).
pub async fn phone_code(visit: Visit, Path(attempt): Path<String>) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let pending = turn_of(&visit, id, Factor::PhoneCode).await?;
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let view = PhoneCode {
        sent_again: fields.get("sent").is_some(),
        asked_too_soon: fields.get("soon").is_some(),
        not_by_mail: fields.get("mail").is_some(),
        ..phone_code_page(&visit, id, String::new(), None).await?
    };
    Ok(leading(&visit, &pending, page::ok(&view)))
}

async fn phone_code_page(
    visit: &Visit,
    id: AttemptId,
    code: String,
    problem: Option<CodeProblem>,
) -> Result<PhoneCode, Trouble> {
    let waiting = sign_in::waiting(visit.core(), visit.tenant(), id, visit.browser()).await?;
    Ok(PhoneCode {
        frame: Frame { here: format!("/login/{id}/phone-code"), ..frame::plain(visit) },
        attempt: id.to_string(),
        digits: DIGITS,
        valid_minutes: minutes(visit.tenant().terms.email_code),
        way: match waiting.channel {
            Some(Channel::Sms) => Way::Sms,
            Some(Channel::Voice) => Way::Call,
            None => Way::Either,
        },
        resend_after: seconds(waiting.wait),
        mail_instead: waiting.mail_instead,
        sent_again: false,
        asked_too_soon: false,
        not_by_mail: false,
        code,
        problem,
    })
}

/// Proves the code that was sent by telephone.
pub async fn prove_phone_code(
    visit: Visit,
    Path(attempt): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let pending = turn_of(&visit, id, Factor::PhoneCode).await?;
    match prove_code(&visit, id, Factor::PhoneCode, &fields).await? {
        Ok(step) => next(&visit, id, step).await,
        Err((problem, code)) => {
            let view = phone_code_page(&visit, id, code, Some(problem)).await?;
            Ok(leading(&visit, &pending, page::mend(&view)))
        }
    }
}

/// Sends another code by telephone, or calls; or goes on with one by mail.
pub async fn send_phone_code(
    visit: Visit,
    Path(attempt): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    turn_of(&visit, id, Factor::PhoneCode).await?;
    let to = |what: &str| Ok(page::see_other(&format!("/login/{id}/{what}")));
    if fields.text("way") == "mail" {
        let (core, tenant, address) = (visit.core(), visit.tenant(), visit.client().address);
        return match sign_in::mail_instead(core, tenant, id, visit.browser(), address).await {
            Ok(()) => to("email-code"),
            Err(SignInError::NotAfterMailReset) => to("phone-code?mail=no"),
            Err(error) => Err(error.into()),
        };
    }
    let channel = Channel::from_word(fields.text("way")).ok_or(Trouble::BadRequest)?;
    match again(&visit, id, channel).await {
        Ok(()) => to("phone-code?sent=1"),
        // The page says how long to wait.
        Err(SignInError::TooSoon { .. }) => to("phone-code?soon=1"),
        Err(error) => Err(error.into()),
    }
}

/// The page of the form that asks for another code by telephone.
pub async fn to_phone_code(Path(attempt): Path<String>) -> Result<Response, Trouble> {
    Ok(page::see_other(&format!("/login/{}/phone-code", attempt_id(&attempt)?)))
}

/// The page of the form that asks for another code.
pub async fn to_email_code(Path(attempt): Path<String>) -> Result<Response, Trouble> {
    Ok(page::see_other(&format!("/login/{}/email-code", attempt_id(&attempt)?)))
}

/// The first page of an attempt.
pub async fn to_keys(Path(attempt): Path<String>) -> Result<Response, Trouble> {
    Ok(page::see_other(&format!("/login/{}", attempt_id(&attempt)?)))
}

/// Back to where one came from.
pub async fn cancel(visit: Visit, Path(attempt): Path<String>, _: Posted) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let destination = sign_in::cancel(visit.core(), visit.tenant(), id, visit.browser()).await?;
    cancelled(&visit, &destination).await
}

/// Where one goes on after a login that was cancelled.
pub(super) async fn cancelled(visit: &Visit, destination: &Destination) -> Result<Response, Trouble> {
    let tenant = visit.tenant();
    let (front, again) = match destination {
        Destination::Client(_) => match profile::cancelled_url(visit, destination) {
            Some((application, url)) => return Ok(page::onwards(visit, &application, &url)),
            None => return Err(Trouble::AttemptGone),
        },
        Destination::Account | Destination::Page { .. } => ("/".to_owned(), "/".to_owned()),
        Destination::Register { register, return_path, .. } => {
            let origin = &tenant.register(register).ok_or(Trouble::AttemptGone)?.origin;
            (format!("{origin}/"), format!("{origin}{return_path}"))
        }
    };
    // Who is signed in and did not step up goes on as they are; a register's page would only send the others here again.
    match visit.signed_in().await? {
        Some(_) => Ok(page::see_other(&front)),
        None => Err(Trouble::Cancelled(again)),
    }
}

/// What a page says of a text that cannot be a code.
pub(super) const fn no_code(malformed: Malformed) -> CodeProblem {
    match malformed {
        Malformed::NotDigits => CodeProblem::NotDigits,
        Malformed::TooFew => CodeProblem::TooShort,
        Malformed::TooMany => CodeProblem::TooLong,
    }
}
