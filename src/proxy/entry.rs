//! `/.poort/…` on a register's host: how a session begins there and ends, and what the register's own pages may ask.

use axum::response::IntoResponse;
use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE},
    request::Parts,
};
use url::form_urlencoded::Serializer;

use super::{guard, pages::Audience, site::Site};
use crate::{
    base::{
        Language,
        token::{Token, TokenDigest},
    },
    domain::{assurance::Assurance, path::ReturnPath, register::Register, tenant::Tenant},
    http::{Body, cookies, fields::Fields, labels, request_head::Target},
    pages::{assets, views::failure::FailureKind},
    service::{
        Core,
        access::{self, Acting, Credential, Found},
        entry, sessions,
    },
    storage::StoreError,
};

/// What stands before Poort's own paths on a register's host; no route of a register may begin like this.
pub const BELOW: &str = "/.poort/";

/// Where a login begins that comes back to `return_path`.
#[must_use]
pub fn begin_url(return_path: &str) -> String {
    let query = Serializer::new(String::new()).append_pair("return", return_path).finish();
    format!("{BELOW}begin?{query}")
}

/// Where another profile is chosen before coming back.
#[must_use]
pub fn switch_url(return_path: &str) -> String {
    format!("{}&choose=1", begin_url(return_path))
}

/// Where one enters with the profile in use, also one that acts for somebody: the page with this link says for whom.
#[must_use]
pub fn as_current_url(return_path: &str) -> String {
    format!("{}&as=current", begin_url(return_path))
}

/// Where a better login begins.
#[must_use]
pub fn step_up_url(return_path: &str, least: Assurance) -> String {
    format!("{}&least={least}", begin_url(return_path))
}

/// Answers a request below [`BELOW`].
///
/// # Errors
/// When the database does not answer.
pub async fn answer(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    site: &Site,
    target: &Target,
    head: &Parts,
    audience: &Audience<'_>,
) -> Result<Response<Body>, StoreError> {
    let path = target.path.as_str().strip_prefix(BELOW).unwrap_or_default();
    let safe = matches!(head.method, Method::GET | Method::HEAD);
    match path {
        "begin" if safe => Ok(begin(core, tenant, register, target, &head.headers, audience)),
        "enter" if safe => enter(core, tenant, register, target, &head.headers, audience).await,
        "session" if safe => session(core, tenant, register, &head.headers, audience).await,
        "leave" if head.method == Method::POST => {
            if guard::from_own_pages(head, site).is_err() {
                return Ok(audience.failure(StatusCode::FORBIDDEN, FailureKind::BadRequest, Some("/")));
            }
            leave(core, tenant, register, &head.headers, audience).await
        }
        _ => Ok(match path.strip_prefix("assets/").and_then(|rest| rest.split_once('/')) {
            Some((hash, file)) if safe => asset(hash, file, audience),
            _ => audience.failure(StatusCode::NOT_FOUND, FailureKind::NotFound, Some("/")),
        }),
    }
}

/// Sends the browser to the login host, and remembers by a cookie that it asked.
fn begin(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    target: &Target,
    headers: &HeaderMap,
    audience: &Audience<'_>,
) -> Response<Body> {
    let bad = || audience.failure(StatusCode::BAD_REQUEST, FailureKind::BadRequest, Some("/"));
    let Ok(fields) = Fields::parse(target.query.as_deref().unwrap_or_default().as_bytes()) else { return bad() };
    let Ok(return_path) = ReturnPath::parse(fields.get("return").unwrap_or("/")) else { return bad() };
    let known = cookies::token(headers, cookies::BROWSER);
    let fresh = known.is_none();
    let browser = known.unwrap_or_else(|| Token::new(&core.random));
    let mut query = Serializer::new(String::new());
    query
        .append_pair("register", &register.id)
        .append_pair("return", return_path.as_str())
        .append_pair("state", &browser.digest().text());
    for (name, allowed) in
        [("choose", &["1"][..]), ("as", &["self", "current"]), ("least", &["low", "substantial", "high"])]
    {
        if let Some(value) = fields.get(name).filter(|value| allowed.contains(value)) {
            query.append_pair(name, value);
        }
    }
    let mut response = audience.see_other(&format!("{}/start?{}", tenant.origin, query.finish()));
    if fresh {
        let cookie = cookies::set(cookies::BROWSER, &browser.reveal(), Some(cookies::BROWSER_LIFE));
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Redeems the code that came back.
async fn enter(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    target: &Target,
    headers: &HeaderMap,
    audience: &Audience<'_>,
) -> Result<Response<Body>, StoreError> {
    let gone = || audience.failure(StatusCode::OK, FailureKind::AttemptGone, Some(&begin_url("/")));
    // Without its cookie the browser would be sent round and round.
    let Some(browser) = cookies::token(headers, cookies::BROWSER) else {
        return Ok(audience.failure(StatusCode::BAD_REQUEST, FailureKind::CookiesRefused, Some(&begin_url("/"))));
    };
    let fields = Fields::parse(target.query.as_deref().unwrap_or_default().as_bytes()).unwrap_or_default();
    let Some(code) = Token::parse(fields.text("code")) else { return Ok(gone()) };
    let before = session_token(headers);
    let entered = entry::redeem(core, tenant, register, code.digest(), browser.digest(), before).await?;
    let Some(entered) = entered else { return Ok(gone()) };
    let mut response = audience.see_other(entered.return_path.as_str());
    let cookie = cookies::set(cookies::SESSION, &entered.token.reveal(), None);
    response.headers_mut().append(SET_COOKIE, cookie);
    let language = fields.get("language").and_then(Language::from_tag).filter(|l| tenant.languages.contains(l));
    if let Some(language) = language {
        let cookie = cookies::set(cookies::LANGUAGE, language.code(), Some(cookies::LANGUAGE_LIFE));
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The digest of this host's session token.
#[must_use]
pub fn session_token(headers: &HeaderMap) -> Option<TokenDigest> {
    cookies::token(headers, cookies::SESSION).map(|token| token.digest())
}

/// Signs out: of this register, of the login that opened it, and of whatever else that opened.
async fn leave(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    headers: &HeaderMap,
    audience: &Audience<'_>,
) -> Result<Response<Body>, StoreError> {
    if let Some(token) = session_token(headers)
        && let Found::Acting(acting) = access::find(core, tenant, register, &Credential::Session(token)).await?
    {
        let login = acting.session.login.unwrap_or(acting.session.id);
        sessions::end(core, tenant, acting.session.person, login).await?;
    }
    let mut response = audience.see_other(&format!("{}/signed-out", tenant.origin));
    response.headers_mut().append(SET_COOKIE, cookies::clear(cookies::SESSION));
    Ok(response)
}

/// Who acts here, for the register's own banner.
async fn session(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    headers: &HeaderMap,
    audience: &Audience<'_>,
) -> Result<Response<Body>, StoreError> {
    let found = match session_token(headers) {
        None => Found::Nobody,
        Some(token) => access::find(core, tenant, register, &Credential::Session(token)).await?,
    };
    let Found::Acting(acting) = found else { return Ok(audience.problem(StatusCode::UNAUTHORIZED, None)) };
    let body = described(tenant, &acting, audience);
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    Ok((headers, body.to_string()).into_response())
}

fn described(tenant: &Tenant, acting: &Acting, audience: &Audience<'_>) -> serde_json::Value {
    let portrait = &acting.portrait;
    let language = audience.language;
    serde_json::json!({
        "name": portrait.actor.name(),
        "profile": acting.profile.handle,
        "capacity": acting.profile.capacity.word(),
        "label": labels::profile(tenant, language, &acting.profile, Some(portrait)),
        "represented": portrait.represented.as_ref().map(|(person, mandate)| serde_json::json!({
            "name": person.name(),
            "registration": portrait.registration,
            "scope": labels::of(&tenant.mandate_scopes, &mandate.scope, language),
            "until": mandate.period.until.map(|day| day.to_string()),
        })),
        "organization": portrait.organization.as_ref().map(|organization| &organization.name),
        "switch_url": switch_url("/"),
        "self_url": format!("{}&as=self", begin_url("/")),
        "leave_url": format!("{BELOW}leave"),
    })
}

fn asset(hash: &str, file: &str, audience: &Audience<'_>) -> Response<Body> {
    match assets::find(hash, file) {
        Some(asset) => {
            let headers = [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, assets::CACHE_CONTROL)];
            let mut response = (headers, asset.bytes.clone()).into_response();
            response.headers_mut().insert("x-content-type-options", HeaderValue::from_static("nosniff"));
            response
        }
        None => audience.failure(StatusCode::NOT_FOUND, FailureKind::NotFound, Some("/")),
    }
}
