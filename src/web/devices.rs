//! `/devices`: somebody sees the phones that are paired with their account, pairs one with a QR code, and unpairs one (PAIR-1, PAIR-2).

use axum::response::Response;

use super::{login, own_form::in_profile, profile};
use crate::{
    base::token::Token,
    domain::{assurance::Assurance, client::Client, tenant::Tenant},
    http::{fields::Fields, frame, page, posted::Posted, trouble::Trouble, visit::Visit},
    login::code::Code,
    pages::{
        qr::Qr,
        views::{
            Frame,
            devices::{App, DeviceProblem, Devices, Done, Offer, Phone},
            email_code::CodeProblem,
        },
    },
    policy::Denial,
    service::{
        pairings::{self, LIFE, PairingError},
        pending::{Destination, Pending},
        sessions::SignedIn,
    },
};

/// Where the page is.
pub(super) const PATH: &str = "/devices";

impl From<PairingError> for Trouble {
    fn from(error: PairingError) -> Self {
        match error {
            PairingError::Denied(Denial::Unavailable(why)) => {
                tracing::error!(%why, "policy cannot be asked");
                Trouble::PolicyUnavailable
            }
            PairingError::Denied(Denial::Hidden) => Trouble::NotFound,
            PairingError::NoProfile | PairingError::NotOffered | PairingError::Denied(_) => Trouble::NotAllowed,
            PairingError::NotFresh | PairingError::Over | PairingError::NotTaken | PairingError::WrongNumber => {
                Trouble::BadRequest
            }
            PairingError::Store(error) => error.into(),
        }
    }
}

/// Whether this tenant has an app that is paired.
pub(super) fn has_app(tenant: &Tenant) -> bool {
    tenant.clients.iter().any(|client| client.pairing.is_some())
}

/// The page. Who is not logged in, or has no profile, is led there.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    if !has_app(visit.tenant()) {
        return Err(Trouble::NotFound);
    }
    let pending = Pending::to(Destination::Page { path: PATH.into() });
    let Some(signed_in) = visit.signed_in().await? else { return login::begin(&visit, &pending).await };
    if signed_in.profile.is_none() {
        return profile::open_for(&visit, &signed_in, &pending).await;
    }
    Ok(page::ok(&view(&visit, &signed_in, None, None).await?))
}

async fn view(
    visit: &Visit,
    signed_in: &SignedIn,
    offer: Option<Offer>,
    done: Option<Done>,
) -> Result<Devices, Trouble> {
    let (tenant, language) = (visit.tenant(), visit.language());
    let overview = pairings::overview(visit.core(), tenant, signed_in).await?;
    let named = |client: &Client| client.name.get(language).to_owned();
    let phones = overview.phones.into_iter().map(|phone| Phone {
        handle: phone.id.to_string(),
        name: phone.agent,
        app: tenant.client(&phone.client).map(named).unwrap_or_default(),
        paired: phone.created_at.date_time_in(&tenant.zone),
        used: phone.seen_at.date_time_in(&tenant.zone),
    });
    Ok(Devices {
        frame: Frame { here: PATH.into(), ..frame::signed_in(visit, signed_in).await? },
        phones: phones.collect(),
        apps: overview.apps.iter().map(|app| App { id: app.id.clone(), name: named(app) }).collect(),
        offer,
        done,
    })
}

/// A code on the page. The QR code leads a camera that knows no app to this page; the code behind `#` goes to no server.
fn shown(visit: &Visit, app: &str, code: &Token, number: String, problem: Option<DeviceProblem>) -> Option<Offer> {
    let (tenant, language) = (visit.tenant(), visit.language());
    let app = tenant.client(app)?;
    let code = code.reveal();
    let link = format!("{}{PATH}#{}.{code}", tenant.origin, app.id);
    Some(Offer {
        app: App { id: app.id.clone(), name: app.name.get(language).to_owned() },
        code,
        qr: Qr::of(&link),
        minutes: LIFE.as_secs() / 60,
        number,
        problem,
    })
}

/// Shows a QR code.
pub async fn pair(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = match in_profile(&visit, &fields, "app.offer").await? {
        Ok(signed_in) => signed_in,
        Err(conflict) => return Ok(conflict),
    };
    let app = fields.text("app");
    match pairings::offer(visit.core(), visit.tenant(), &signed_in, app).await {
        Ok(code) => {
            let offer = shown(&visit, app, &code, String::new(), None);
            Ok(page::ok(&view(&visit, &signed_in, offer, None).await?))
        }
        Err(PairingError::Denied(Denial::StepUp { needed })) => again(&visit, needed).await,
        // No less than the session has: a login that is worth less would end it.
        Err(PairingError::NotFresh) => again(&visit, signed_in.session.assurance).await,
        Err(error) => Err(error.into()),
    }
}

/// Logs in once more, as surely as is needed, and comes back.
async fn again(visit: &Visit, needed: Assurance) -> Result<Response, Trouble> {
    let pending = Pending::to(Destination::Page { path: PATH.into() });
    login::begin(visit, &pending.at_least(Some(needed))).await
}

/// Pairs the phone whose number was typed.
pub async fn confirm(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = match in_profile(&visit, &fields, "app.pair").await? {
        Ok(signed_in) => signed_in,
        Err(conflict) => return Ok(conflict),
    };
    let code = code(&fields)?;
    let typed = fields.text("number");
    let outcome = match number(typed) {
        Err(problem) => Err(DeviceProblem::Number(problem)),
        Ok(number) => match pairings::confirm(visit.core(), visit.tenant(), &signed_in, code.digest(), &number).await {
            Ok(device) => Ok(Done::Paired { device }),
            Err(PairingError::Over) => Ok(Done::Over),
            Err(PairingError::NotTaken) => Err(DeviceProblem::NotScanned),
            Err(PairingError::WrongNumber) => Err(DeviceProblem::Number(CodeProblem::Wrong)),
            Err(error) => return Err(error.into()),
        },
    };
    match outcome {
        Ok(done) => Ok(page::ok(&view(&visit, &signed_in, None, Some(done)).await?)),
        Err(problem) => {
            let kept = if problem == DeviceProblem::Number(CodeProblem::Wrong) { "" } else { typed };
            let kept = kept.chars().take(20).collect();
            let offer = shown(&visit, fields.text("app"), &code, kept, Some(problem));
            Ok(page::mend(&view(&visit, &signed_in, offer, None).await?))
        }
    }
}

fn code(fields: &Fields) -> Result<Token, Trouble> {
    Token::parse(fields.text("code")).ok_or(Trouble::BadRequest)
}

fn number(typed: &str) -> Result<Code, CodeProblem> {
    if typed.is_empty() {
        return Err(CodeProblem::Missing);
    }
    Code::parse(typed).map_err(login::no_code)
}

/// Stops: the code that is shown works no longer.
pub async fn stop(visit: Visit, _: Posted) -> Result<Response, Trouble> {
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    pairings::withdraw(visit.core(), visit.tenant(), &signed_in).await?;
    Ok(page::ok(&view(&visit, &signed_in, None, Some(Done::Stopped)).await?))
}

/// Unpairs a phone.
pub async fn unpair(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    let phone = fields.text("phone").parse().map_err(|_| Trouble::BadRequest)?;
    let device = pairings::unpair(visit.core(), visit.tenant(), &signed_in, phone).await?;
    let done = Some(Done::Unpaired { device: device.ok_or(Trouble::NotFound)? });
    Ok(page::ok(&view(&visit, &signed_in, None, done).await?))
}
