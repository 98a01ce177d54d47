//! `/`: who am I, as what, where can I go, where am I signed in; signing out; the language.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{
    HeaderMap,
    header::{ACCEPT, SET_COOKIE},
};

use super::{consents, login};
use crate::{
    base::{Language, Timestamp, id::SessionId},
    domain::{
        assurance::Assurance,
        capacity::Capacity,
        organization::Management,
        path::ReturnPath,
        tenant::{Factor, Tenant},
    },
    http::{cookies, fields::Fields, frame, labels, page, posted::Posted, trouble::Trouble, visit::Visit},
    pages::views::{
        Frame,
        account::{Account, AssuranceName, RegisterLink, SessionRow},
        login::KeyKind,
        signed_out::SignedOut,
    },
    service::{
        factors,
        pending::{Destination, Pending},
        profiles, sessions,
        sessions::SignedIn,
        user_names,
    },
};

/// The account page of who is signed in; else the login.
///
/// `return` is the page of this host to which one wants to go on after logging in.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let to = fields.get("return").and_then(|path| ReturnPath::parse(path).ok()).filter(|path| path.as_str() != "/");
    match (visit.signed_in().await?, to) {
        (None, None) => login::begin(&visit, &Pending::to(Destination::Account)).await,
        (None, Some(to)) => {
            login::begin(&visit, &Pending::to(Destination::Page { path: to.as_str().to_owned() })).await
        }
        (Some(_), Some(to)) => Ok(page::see_other(to.as_str())),
        (Some(signed_in), None) => Ok(page::ok(&view(&visit, &signed_in, false).await?)),
    }
}

async fn view(visit: &Visit, signed_in: &SignedIn, session_ended: bool) -> Result<Account, Trouble> {
    let (core, tenant, language) = (visit.core(), visit.tenant(), visit.language());
    let known = profiles::known(core, tenant, &signed_in.person).await?;
    let today = tenant.today(core.now());
    let offer = known.offer(today);
    let portrait = match &signed_in.profile {
        None => None,
        Some(profile) => profiles::describe(core, tenant, profile).await?,
    };
    let here = signed_in.session.id;
    // A login and what it opened on registers' hosts are one to a person, and end together.
    let mut logins: BTreeMap<SessionId, (Timestamp, Timestamp, String)> = BTreeMap::new();
    for session in sessions::list(core, tenant, signed_in.person.id).await? {
        let (began, seen, _) = logins.entry(session.login.unwrap_or(session.id)).or_insert((
            session.created_at,
            session.seen_at,
            session.agent,
        ));
        *began = (*began).min(session.created_at);
        *seen = (*seen).max(session.seen_at);
    }
    let mut rows: Vec<SessionRow> = logins
        .into_iter()
        .map(|(login, (began, seen, agent))| SessionRow {
            handle: login.to_string(),
            device: device(&agent),
            began: began.date_time_in(&tenant.zone),
            last_seen: seen.date_time_in(&tenant.zone),
            this_one: login == here,
        })
        .collect();
    rows.sort_by_key(|row| (!row.this_one, std::cmp::Reverse(row.last_seen)));
    let factors = tenant.means(&signed_in.session.means).map(|means| means.factors.as_slice()).unwrap_or_default();
    let held = factors::held(core, tenant, &signed_in.person).await?;
    Ok(Account {
        frame: Frame { here: "/".into(), ..frame::signed_in(visit, signed_in).await? },
        name: labels::person(visit.text(), &signed_in.person),
        user_name: user_names::of(tenant, &signed_in.person, &known.registrations),
        key: login::key_kind(factors).unwrap_or(KeyKind::Totp),
        assurance: match signed_in.session.assurance {
            Assurance::Low => AssuranceName::Low,
            Assurance::Substantial => AssuranceName::Substantial,
            Assurance::High => AssuranceName::High,
        },
        profile: signed_in
            .profile
            .as_ref()
            .map(|profile| labels::profile(tenant, language, profile, portrait.as_ref())),
        other_profiles: offer.choices.len() > 1 || !offer.organizations.is_empty() || !known.holders.is_empty(),
        registers: tenant
            .registers
            .iter()
            .map(|register| RegisterLink {
                name: register.name.get(language).to_owned(),
                description: None,
                href: format!("{}/.poort/begin?return=/&as=current", register.origin),
            })
            .collect(),
        manages_organization: offer.organizations.iter().any(|m| m.management > Management::None),
        holds_mandates: !known.holders.is_empty(),
        consents: tenant
            .purposes
            .iter()
            .filter(|_| !known.registrations.is_empty())
            .map(|purpose| (consents::path_of(purpose), purpose.name.get(language).to_owned()))
            .collect(),
        insight: !tenant.purposes.is_empty()
            && signed_in
                .profile
                .as_ref()
                .is_some_and(|p| p.organization.is_some() || p.capacity == Capacity::Appraiser),
        devices: known.registrations.iter().any(|registration| offers_app(tenant, &registration.profession)),
        changes_address: held.email && tenant.offers(Factor::Password),
        password: held.password,
        sessions: rows,
        session_ended,
    })
}

/// Whether this tenant has an app for a profession.
fn offers_app(tenant: &Tenant, profession: &str) -> bool {
    let mut apps = tenant.clients.iter().filter_map(|client| client.pairing.as_ref());
    apps.any(|app| app.professions.iter().any(|known| known == profession))
}

/// The browser and system that a `User-Agent` names, as far as people tell them apart.
fn device(agent: &str) -> String {
    let find =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = find(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} – {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

/// Ends one of one's own sessions, or all others.
pub async fn end_session(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    let (core, tenant, person) = (visit.core(), visit.tenant(), signed_in.person.id);
    match fields.text("session") {
        "others" => {
            for session in sessions::list(core, tenant, person).await? {
                if session.id != signed_in.session.id && session.login != Some(signed_in.session.id) {
                    sessions::end(core, tenant, person, session.id).await?;
                }
            }
        }
        handle => {
            let id = handle.parse().map_err(|_| Trouble::BadRequest)?;
            if !sessions::end(core, tenant, person, id).await? {
                return Err(Trouble::NotFound);
            }
            if id == signed_in.session.id {
                return Ok(page::without_session(page::see_other("/signed-out")));
            }
        }
    }
    Ok(page::ok(&view(&visit, &signed_in, true).await?))
}

/// Uses the session, so that it lasts. The page's script asks for JSON and stays where it is.
pub async fn extend(visit: Visit, headers: HeaderMap, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    let left = sessions::extend(visit.core(), visit.tenant(), &signed_in).await?;
    let wants_json = headers.get(ACCEPT).is_some_and(|accept| accept == "application/json");
    if wants_json {
        return Ok(axum::Json(serde_json::json!({ "seconds": left.as_secs() })).into_response());
    }
    Ok(page::see_other(back(&fields).as_str()))
}

/// Where a form says it came from, on this host.
fn back(fields: &Fields) -> ReturnPath {
    ReturnPath::parse(fields.get("return").unwrap_or("/")).unwrap_or_else(|_| ReturnPath::root())
}

/// Signs out here and of every register and application that this login opened.
pub async fn sign_out(visit: Visit, _: Posted) -> Result<Response, Trouble> {
    if let Some(signed_in) = visit.signed_in().await? {
        sessions::end(visit.core(), visit.tenant(), signed_in.person.id, signed_in.session.id).await?;
    }
    Ok(page::without_session(page::see_other("/signed-out")))
}

/// The page after signing out.
pub async fn signed_out(visit: Visit) -> Response {
    page::ok(&SignedOut { frame: frame::plain(&visit), not_reached: vec![] })
}

/// Remembers the language, and goes back.
pub async fn choose_language(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let language = Language::from_tag(fields.text("language")).ok_or(Trouble::BadRequest)?;
    if !visit.tenant().languages.contains(&language) {
        return Err(Trouble::BadRequest);
    }
    let cookie = cookies::set(cookies::LANGUAGE, language.code(), Some(cookies::LANGUAGE_LIFE));
    let mut response = page::see_other(back(&fields).as_str()).into_response();
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}
