//! `/factors`: what one logs in with (LOGIN-5). And `/login/{attempt}/app`: the first app of who was registered by others.

use axum::{extract::Path, response::Response};

use super::{login, passkeys::json};
use crate::{
    base::id::AttemptId,
    domain::{person::Person, tenant::Factor},
    http::{fields::Fields, frame, page, posted::Posted, trouble::Trouble, visit::Visit},
    pages::{
        qr::Qr,
        views::{
            Frame,
            email_code::CodeProblem,
            factors::{FactorDone, FactorProblem, Factors, PasskeyRow, PhoneRow},
            new_app::NewApp,
            recovery_codes::RecoveryCodes,
        },
    },
    service::{
        factors::{self, FactorError, FirstCode, SetUp},
        pending::{Destination, Pending},
        phones,
        sessions::SignedIn,
    },
};

/// The page.
pub const PATH: &str = "/factors";

impl From<FactorError> for Trouble {
    fn from(error: FactorError) -> Self {
        match error {
            FactorError::Store(error) => error.into(),
            FactorError::SignIn(error) => error.into(),
            FactorError::NotHere => Trouble::NotFound,
            FactorError::NotFresh
            | FactorError::LastOne
            | FactorError::Wrong
            | FactorError::Expired
            | FactorError::NoPhone(_)
            | FactorError::Malformed(_)
            | FactorError::NotAsked => Trouble::BadRequest,
        }
    }
}

/// Who is signed in.
async fn signed_in(visit: &Visit) -> Result<SignedIn, Trouble> {
    visit.signed_in().await?.ok_or(Trouble::SessionEnded)
}

/// Back to the page: what was done is said there, or that one logs in again first.
pub(super) fn back(done: Option<FactorDone>) -> Response {
    match done {
        Some(done) => page::see_other(&format!("{PATH}?done={}", done.word())),
        None => page::see_other(PATH),
    }
}

/// What one logs in with.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    let Some(signed_in) = visit.signed_in().await? else {
        return login::begin(&visit, &Pending::to(Destination::Page { path: PATH.into() })).await;
    };
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let done = FactorDone::ALL.into_iter().find(|done| done.word() == fields.text("done"));
    Ok(page::ok(&Factors { done, ..view(&visit, &signed_in).await? }))
}

async fn view(visit: &Visit, signed_in: &SignedIn) -> Result<Factors, Trouble> {
    let (core, tenant) = (visit.core(), visit.tenant());
    let held = factors::held(core, tenant, &signed_in.person).await?;
    let phone = phones::known(core, tenant, signed_in.person.id).await?;
    let local = |at: crate::base::Timestamp| at.date_time_in(&tenant.zone);
    Ok(Factors {
        frame: Frame { here: PATH.into(), ..frame::signed_in(visit, signed_in).await? },
        may_change: factors::may_change(core, tenant, signed_in, &held).is_ok(),
        done: None,
        password: held.password,
        email: held.email && tenant.offers(Factor::Password),
        email_codes: held.password && held.email && tenant.offers(Factor::EmailCode),
        email_codes_work: !held.by_mail,
        app: held.app,
        phone: tenant.phone.as_ref().map(|terms| PhoneRow {
            end: phone.as_ref().and_then(|phone| phone.end.clone()).unwrap_or_default(),
            there: phone.is_some(),
            verified: phone.as_ref().is_some_and(|phone| phone.verified),
            helpdesk: terms.required,
        }),
        // An app comes after a password.
        offers_app: held.password && tenant.offers(Factor::Totp),
        recovery_codes: (held.password && tenant.offers(Factor::RecoveryCode)).then_some(held.recovery_codes),
        passkeys: held
            .passkeys
            .into_iter()
            .map(|key| PasskeyRow {
                id: key.id,
                name: key.name,
                added: local(key.created_at),
                used: key.used_at.map(local),
            })
            .collect(),
        offers_passkeys: tenant.offers(Factor::Passkey),
        new_name: String::new(),
        problem: None,
    })
}

/// The page with what is to be mended.
async fn mend(visit: &Visit, signed_in: &SignedIn, problem: FactorProblem, name: &str) -> Result<Response, Trouble> {
    let new_name = name.chars().take(factors::LONGEST_NAME).collect();
    Ok(page::mend(&Factors { new_name, problem: Some(problem), ..view(visit, signed_in).await? }))
}

/// The page, when the telephone number is all that is left.
pub(super) async fn last_phone(visit: &Visit, signed_in: &SignedIn) -> Result<Response, Trouble> {
    mend(visit, signed_in, FactorProblem::LastPhone, "").await
}

/// Logs in again, as surely as one can, and comes back.
pub async fn confirm(visit: Visit) -> Result<Response, Trouble> {
    let signed_in = signed_in(&visit).await?;
    let held = factors::held(visit.core(), visit.tenant(), &signed_in.person).await?;
    match factors::may_change(visit.core(), visit.tenant(), &signed_in, &held) {
        Ok(()) => Ok(back(None)),
        Err(needed) => {
            let pending = Pending::to(Destination::Page { path: PATH.into() });
            // No less than the session has: a login that is worth less would end it.
            let least = needed.max(signed_in.session.assurance);
            login::begin(&visit, &pending.at_least(Some(least))).await
        }
    }
}

/// The page with a new secret for an app.
pub async fn app(visit: Visit) -> Result<Response, Trouble> {
    let Some(signed_in) = visit.signed_in().await? else { return Ok(back(None)) };
    match factors::new_app(visit.core(), visit.tenant(), &signed_in, visit.browser()).await {
        Ok(new) => Ok(page::ok(&of_account(&visit, &signed_in, new, None).await?)),
        Err(FactorError::NotFresh) => Ok(back(None)),
        Err(error) => Err(error.into()),
    }
}

async fn of_account(
    visit: &Visit,
    signed_in: &SignedIn,
    new: factors::NewApp,
    problem: Option<CodeProblem>,
) -> Result<NewApp, Trouble> {
    let held = factors::held(visit.core(), visit.tenant(), &signed_in.person).await?;
    let frame = Frame { here: "/factors/app".into(), ..frame::signed_in(visit, signed_in).await? };
    let page = new_app(visit, &signed_in.person, frame, new, problem);
    Ok(NewApp { replaces: held.app, action: "/factors/app".into(), back: PATH.into(), ..page })
}

fn new_app(visit: &Visit, person: &Person, frame: Frame, new: factors::NewApp, problem: Option<CodeProblem>) -> NewApp {
    let name = visit.tenant().name.get(visit.language());
    let account = person.address().map_or_else(|| person.name(), str::to_owned);
    let url = new.secret.url(name, &account);
    NewApp {
        frame,
        first: false,
        replaces: false,
        action: String::new(),
        back: String::new(),
        token: new.token.reveal(),
        qr: url.and_then(|url| Qr::of(&url)),
        secret: new.secret.base32().to_string(),
        digits: login::DIGITS,
        problem,
    }
}

fn first_code<'a>(fields: &'a Fields) -> FirstCode<'a> {
    FirstCode { token: fields.text("app"), code: fields.text("code") }
}

/// What is wrong with a code.
pub(super) fn problem(code: &str, why: &FactorError) -> CodeProblem {
    match why {
        _ if code.is_empty() => CodeProblem::Missing,
        FactorError::Malformed(malformed) => login::no_code(*malformed),
        FactorError::Expired => CodeProblem::Expired,
        _ => CodeProblem::Wrong,
    }
}

/// Sets up an app with its first code.
pub async fn set_up_app(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = signed_in(&visit).await?;
    let first = first_code(&fields);
    match factors::set_up_app(visit.core(), visit.tenant(), &signed_in, visit.browser(), &first).await {
        Ok(SetUp::Done) => Ok(back(Some(FactorDone::AppAdded))),
        Ok(SetUp::Again(new, why)) => {
            let why = problem(first.code, &why);
            Ok(page::mend(&of_account(&visit, &signed_in, *new, Some(why)).await?))
        }
        Err(FactorError::NotFresh | FactorError::NotAsked) => Ok(back(None)),
        Err(error) => Err(error.into()),
    }
}

/// Removes the app.
pub async fn remove_app(visit: Visit, _: Posted) -> Result<Response, Trouble> {
    let signed_in = signed_in(&visit).await?;
    match factors::remove_app(visit.core(), visit.tenant(), &signed_in).await {
        Ok(()) => Ok(back(Some(FactorDone::AppRemoved))),
        Err(FactorError::NotFresh) => Ok(back(None)),
        Err(FactorError::LastOne) => mend(&visit, &signed_in, FactorProblem::LastApp, "").await,
        Err(error) => Err(error.into()),
    }
}

/// What the script asks the browser: to make a passkey.
pub async fn passkey_options(visit: Visit, _: Posted) -> Result<Response, Trouble> {
    let signed_in = signed_in(&visit).await?;
    match factors::ask_for_passkey(visit.core(), visit.tenant(), &signed_in, visit.browser()).await {
        Ok(asked) => Ok(json(asked)),
        Err(FactorError::NotFresh) => Ok(back(None)),
        Err(error) => Err(error.into()),
    }
}

/// A name that a passkey may have.
fn name_of(fields: &Fields) -> Option<&str> {
    let name = fields.text("name");
    let fits = (1..=factors::LONGEST_NAME).contains(&name.chars().count());
    (fits && !name.chars().any(char::is_control)).then_some(name)
}

/// Adds the passkey that was made.
pub async fn add_passkey(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = signed_in(&visit).await?;
    let answer = fields.text("answer");
    let Some(name) = name_of(&fields) else {
        return mend(&visit, &signed_in, FactorProblem::Name, fields.text("name")).await;
    };
    if answer.is_empty() {
        return mend(&visit, &signed_in, FactorProblem::Missing, name).await;
    }
    match factors::add_passkey(visit.core(), visit.tenant(), &signed_in, visit.browser(), answer, name).await {
        Ok(()) => Ok(back(Some(FactorDone::PasskeyAdded))),
        Err(FactorError::NotFresh) => Ok(back(None)),
        Err(FactorError::Wrong | FactorError::NotAsked | FactorError::NotHere) => {
            mend(&visit, &signed_in, FactorProblem::NotUsable, name).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Calls a passkey otherwise.
pub async fn rename_passkey(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = signed_in(&visit).await?;
    let Some(name) = name_of(&fields) else {
        return mend(&visit, &signed_in, FactorProblem::RenamedName, "").await;
    };
    match factors::rename_passkey(visit.core(), visit.tenant(), &signed_in, fields.text("passkey"), name).await {
        Ok(()) => Ok(back(Some(FactorDone::PasskeyRenamed))),
        Err(FactorError::NotFresh) => Ok(back(None)),
        Err(error) => Err(error.into()),
    }
}

/// Removes a passkey.
pub async fn remove_passkey(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = signed_in(&visit).await?;
    match factors::remove_passkey(visit.core(), visit.tenant(), &signed_in, fields.text("passkey")).await {
        Ok(()) => Ok(back(Some(FactorDone::PasskeyRemoved))),
        Err(FactorError::NotFresh) => Ok(back(None)),
        Err(FactorError::LastOne) => mend(&visit, &signed_in, FactorProblem::LastPasskey, "").await,
        Err(error) => Err(error.into()),
    }
}

/// Makes recovery codes, and shows them this once.
pub async fn make_recovery_codes(visit: Visit, _: Posted) -> Result<Response, Trouble> {
    let signed_in = signed_in(&visit).await?;
    match factors::new_recovery_codes(visit.core(), visit.tenant(), &signed_in).await {
        Ok(codes) => Ok(page::ok(&RecoveryCodes {
            frame: Frame { here: PATH.into(), ..frame::signed_in(&visit, &signed_in).await? },
            codes: codes.iter().map(|code| code.reveal().to_string()).collect(),
        })),
        Err(FactorError::NotFresh) => Ok(back(None)),
        Err(error) => Err(error.into()),
    }
}

/// The page with the first app of who has nothing but a first password that a mail alone vouches for.
pub async fn first_app(visit: Visit, Path(attempt): Path<String>) -> Result<Response, Trouble> {
    let id = login::attempt_id(&attempt)?;
    match factors::first_app(visit.core(), visit.tenant(), id, visit.browser()).await? {
        Some(first) => Ok(page::ok(&of_login(&visit, id, &first.person, first.app, None))),
        None => Err(Trouble::AttemptGone),
    }
}

fn of_login(
    visit: &Visit,
    id: AttemptId,
    person: &Person,
    new: factors::NewApp,
    problem: Option<CodeProblem>,
) -> NewApp {
    let (action, back) = (format!("/login/{id}/app"), format!("/login/{id}"));
    NewApp { first: true, action, back, ..new_app(visit, person, frame::plain(visit), new, problem) }
}

/// Sets it up; the login begins anew, with a code of the app.
pub async fn set_up_first_app(
    visit: Visit,
    Path(attempt): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Trouble> {
    let id = login::attempt_id(&attempt)?;
    let first = first_code(&fields);
    match factors::set_up_first_app(visit.core(), visit.tenant(), id, visit.browser(), &first).await {
        Ok((_, SetUp::Done)) => Ok(page::see_other(&format!("/login/{id}?app"))),
        Ok((person, SetUp::Again(new, why))) => {
            let why = problem(first.code, &why);
            Ok(page::mend(&of_login(&visit, id, &person, *new, Some(why))))
        }
        Err(FactorError::NotAsked) => Ok(page::see_other(&format!("/login/{id}/app"))),
        Err(error) => Err(error.into()),
    }
}
