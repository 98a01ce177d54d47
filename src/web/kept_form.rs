//! `/kept`: a form of our own pages whose session had ended waits there for who logs in again (LOGIN-9).
//!
//! Kept are the forms that change what somebody gave to others. What one proves, or what a page asked for a moment ago, is asked anew.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    Method,
    header::{CONTENT_TYPE, ORIGIN},
};
use tower::ServiceExt;
use url::form_urlencoded::{Serializer, parse};

use super::{login, profile};
use crate::{
    base::token::Token,
    domain::profile::Profile,
    http::{fields::Fields, frame, kept, page, posted::Posted, trouble::Trouble, visit::Visit},
    pages::views::{
        Frame,
        kept_form::{KeptForm, KeptFormSent},
    },
    service::{
        kept_forms::{self, Form, Kept, Place},
        pending::{Destination, Pending},
        sessions::SignedIn,
    },
};

pub(super) const PATH: &str = "/kept";

/// Beginnings of the paths whose forms are kept.
const KEPT: [&str; 2] = ["/organization/", "/consents/"];

/// Keeps such a form when its handler finds that the session has ended: by then it is known to come from our own page.
pub(super) async fn keep(visit: Visit, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let may_be = request.method() == Method::POST && KEPT.iter().any(|beginning| path.starts_with(beginning));
    let content_type = kept::media_type(request.headers()).filter(|_| may_be);
    let (Some(session), Some(content_type)) = (visit.session(), content_type) else { return next.run(request).await };
    let to = visit.here();
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, Fields::LARGEST).await else { return Trouble::TooLarge.into_response() };
    let response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    if !matches!(response.extensions().get::<Trouble>(), Some(Trouble::SessionEnded)) {
        return response;
    }
    let form = Form { to, content_type, body: body.to_vec().into() };
    let waits = async {
        let kept = kept_forms::keep(visit.core(), visit.tenant(), place(&visit), session, &form).await?;
        let Some((token, assurance)) = kept else { return Ok(response) };
        // As surely as before: what was allowed then is not refused now.
        let pending = Pending::to(Destination::Page { path: address(&token) }).at_least(Some(assurance));
        login::begin(&visit, &pending).await
    };
    waits.await.unwrap_or_else(Trouble::into_response)
}

fn place(visit: &Visit) -> Place<'static> {
    Place { register: None, browser: visit.browser() }
}

fn address(token: &Token) -> String {
    format!("{PATH}?{}", Serializer::new(String::new()).append_pair("form", &token.reveal()).finish())
}

/// Who is signed in with a profile; the others are led there.
async fn acting(visit: &Visit, token: &Token) -> Result<Result<(SignedIn, Profile), Response>, Trouble> {
    let pending = Pending::to(Destination::Page { path: address(token) });
    let Some(signed_in) = visit.signed_in().await? else { return login::begin(visit, &pending).await.map(Err) };
    match signed_in.profile.clone() {
        Some(profile) => Ok(Ok((signed_in, profile))),
        None => profile::open_for(visit, &signed_in, &pending).await.map(Err),
    }
}

/// What would be sent, and where.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let token = Token::parse(fields.text("form")).ok_or(Trouble::NotFound)?;
    let (signed_in, profile) = match acting(&visit, &token).await? {
        Ok(acting) => acting,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let kept = kept_forms::look(visit.core(), visit.tenant(), place(&visit), token.digest(), &profile).await?;
    let Kept::Waits { form, .. } = kept else { return other(&visit, &signed_in, &kept).await };
    let view = KeptForm {
        frame: Frame { here: address(&token), ..frame::signed_in(&visit, &signed_in).await? },
        place: visit.tenant().name.get(visit.language()).to_owned(),
        action: PATH.into(),
        token: token.reveal(),
        fields: kept::fields(&form),
        leave: "/".into(),
    };
    Ok(page::ok(&view))
}

/// Sends it on, once, as the page on which it stood would: with the token of this session, and the profile that is the same.
pub async fn send(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let token = Token::parse(fields.text("form")).ok_or(Trouble::NotFound)?;
    let (signed_in, profile) = match acting(&visit, &token).await? {
        Ok(acting) => acting,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let taken = kept_forms::take(visit.core(), visit.tenant(), place(&visit), token.digest(), &profile).await?;
    let Kept::Waits { form, made_for } = taken else { return other(&visit, &signed_in, &taken).await };
    let body = anew(&form, &visit.csrf(), &made_for, &profile.handle);
    let request = Request::post(&form.to)
        .header(CONTENT_TYPE, &form.content_type)
        .header(ORIGIN, &visit.tenant().origin)
        .extension(visit.clone())
        .body(Body::from(body))
        .map_err(|_| Trouble::Internal)?;
    // On the heap: the router of these pages has this one in it.
    let sent: Result<Response, _> = Box::pin(super::router().oneshot(request)).await;
    sent.map_err(|never| match never {})
}

/// The form with the tokens of now.
fn anew(form: &Form, csrf: &str, made_for: &str, handle: &str) -> String {
    let fields = parse(&form.body).map(|(name, value)| {
        let value = match &*name {
            "csrf" => csrf.into(),
            "poort_profile" if value == made_for => handle.into(),
            _ => value,
        };
        (name, value)
    });
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn other(visit: &Visit, signed_in: &SignedIn, kept: &Kept) -> Result<Response, Trouble> {
    match kept {
        Kept::OtherProfile(before) => Ok(page::conflict(visit, signed_in, &before.handle).await?),
        Kept::Sent => {
            let place = visit.tenant().name.get(visit.language()).to_owned();
            let frame = Frame { here: "/".into(), ..frame::signed_in(visit, signed_in).await? };
            Ok(page::ok(&KeptFormSent { frame, place, back: "/".into() }))
        }
        Kept::Gone | Kept::Waits { .. } => Err(Trouble::NotFound),
    }
}
