//! The fields of a form that comes from one of our own pages, in the same browser and session.
//!
//! Architecture invariant: every handler that changes something takes [`Posted`]; there is no other way to a form's fields.

use axum::{body::to_bytes, extract::FromRequest, http::Request};
use http::header::{CONTENT_TYPE, ORIGIN};
use subtle::ConstantTimeEq;

use super::Body;
use super::{fields::Fields, trouble::Trouble, visit::Visit};

/// The fields of a form of ours.
pub struct Posted(pub Fields);

impl<S: Sync> FromRequest<S> for Posted {
    type Rejection = Trouble;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Trouble> {
        let (parts, body) = request.into_parts();
        let visit = parts.extensions.get::<Visit>().cloned().ok_or(Trouble::Internal)?;
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let own = match (header(ORIGIN), header(http::HeaderName::from_static("sec-fetch-site"))) {
            (Some(origin), _) => origin == visit.tenant().origin,
            (None, Some(site)) => site == "same-origin",
            (None, None) => false,
        };
        if !own {
            return Err(Trouble::ForeignForm);
        }
        let media_type = header(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Trouble::BadRequest);
        }
        // Without its cookie the browser could not have this form: it keeps none, or the page is older than the cookie.
        if visit.browser_is_new() {
            return Err(Trouble::CookiesRefused);
        }
        let bytes = to_bytes(body, Fields::LARGEST).await.map_err(|_| Trouble::TooLarge)?;
        let fields = Fields::parse(&bytes).map_err(|_| Trouble::BadRequest)?;
        let given = fields.get("csrf").unwrap_or_default();
        if bool::from(given.as_bytes().ct_eq(visit.csrf().as_bytes())) {
            Ok(Self(fields))
        } else {
            Err(match fields.text("poort_profile") {
                "" => Trouble::FormExpired,
                handle => Trouble::OtherProfile(handle.to_owned()),
            })
        }
    }
}
