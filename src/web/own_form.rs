//! A form that was made for one profile and is sent as another is no act: the person is asked which it was.

use axum::response::Response;

use crate::{
    http::{fields::Fields, page, trouble::Trouble, visit::Visit},
    service::sessions::SignedIn,
};

/// Who posts, when the form was made for the profile that is in use; otherwise the page that names both.
pub(super) async fn in_profile(
    visit: &Visit,
    fields: &Fields,
    action: &'static str,
) -> Result<Result<SignedIn, Response>, Trouble> {
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    let made_for = fields.text("poort_profile");
    if signed_in.profile.as_ref().is_some_and(|profile| profile.handle == made_for) {
        return Ok(Ok(signed_in));
    }
    let core = visit.core();
    let event = core.event("access.refused").by(signed_in.person.id).in_session(signed_in.session.id);
    core.record(visit.tenant(), event.with("action", action).with("reason", "made for another profile")).await?;
    Ok(Err(page::conflict(visit, &signed_in, made_for).await?))
}
