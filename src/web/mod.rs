//! Floor 8: the pages of a tenant's login host. Handlers are thin: read, one use case, render.
//!
//! What they share with the other doors stands in `http`: a `Visit` is what is known of a request, `Posted` the fields of a
//! form that really comes from one of our pages, `Trouble` what went wrong.

mod account;
mod accounts;
mod address;
mod card;
mod consents;
mod day;
mod devices;
mod factors;
mod federated;
mod insight;
mod kept_form;
mod login;
mod lookup;
mod mandators;
mod organization;
mod own_form;
mod passkeys;
mod passwords;
mod phone;
mod profile;

use axum::{
    Router,
    extract::Path,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};

use tower_http::compression::CompressionLayer;

use crate::{
    http::{page, trouble::Trouble},
    pages::assets,
};

/// The pages of a login host. Where a form leads, GET leads to the page on which the form stands: for who loads an answer anew,
/// or comes by their browser's history. A [`crate::http::visit::Visit`] is in the extensions of every request.
pub fn router() -> Router {
    Router::new()
        .route("/", get(account::show))
        .route("/start", get(login::start))
        .route("/login/{attempt}", get(login::show))
        .route("/login/{attempt}/password", get(login::password).post(login::prove_password))
        .route("/login/{attempt}/totp", get(login::totp).post(login::prove_totp))
        .route("/login/{attempt}/email-code", get(login::email_code).post(login::prove_email_code))
        .route("/login/{attempt}/email-code/send", get(login::to_email_code).post(login::send_email_code))
        .route("/login/{attempt}/phone-code", get(login::phone_code).post(login::prove_phone_code))
        .route("/login/{attempt}/phone-code/send", get(login::to_phone_code).post(login::send_phone_code))
        .route("/login/{attempt}/passkey", get(passkeys::show).post(passkeys::prove))
        .route("/login/{attempt}/passkey/options", get(passkeys::to_passkey).post(passkeys::options))
        .route("/login/{attempt}/recovery-code", get(passkeys::recovery_code).post(passkeys::prove_recovery_code))
        .route("/login/{attempt}/app", get(factors::first_app).post(factors::set_up_first_app))
        .route("/login/{attempt}/with/{means}", get(passkeys::choose))
        .route("/federated/jwks", get(federated::keys))
        .route("/federated/{factor}/callback", get(federated::come_back).post(federated::take_in))
        .route("/federated/eid/callback", get(async || page::see_other("/")).post(card::show))
        .route("/federated/{factor}/metadata", get(federated::metadata))
        .route("/login/{attempt}/cancel", get(login::to_keys).post(login::cancel))
        .route(accounts::NEW, get(accounts::show).post(accounts::ask))
        .route(address::PATH, get(address::show).post(address::ask))
        .route("/account/address/confirm", get(address::confirming).post(address::confirm))
        .route("/account/address/object", get(address::objecting).post(address::object))
        .route("/account/confirm", get(accounts::confirming).post(accounts::confirm))
        .route("/password/forgotten", get(passwords::forgotten).post(passwords::send_link))
        .route("/password/reset", get(passwords::choose).post(passwords::reset))
        .route("/profile", get(profile::show).post(profile::confirm))
        .route("/profile/continue", get(profile::ask).post(profile::answer))
        .route("/profile/self", get(async || page::see_other("/profile")).post(profile::back_to_oneself))
        .route("/mandators", get(mandators::show).post(mandators::search))
        .route("/mandators/choose", get(async || page::see_other("/mandators")).post(mandators::choose))
        .route(organization::PATH, get(organization::show))
        .route("/organization/grant", get(async || page::see_other(organization::PATH)).post(organization::grant))
        .route("/organization/revoke", get(async || page::see_other(organization::PATH)).post(organization::revoke))
        .route("/consents/{purpose}", get(consents::show).post(consents::give))
        .route("/consents/{purpose}/withdraw", get(consents::back).post(consents::withdraw))
        .route(lookup::PATH, get(lookup::show).post(lookup::answer))
        .route(kept_form::PATH, get(kept_form::show).post(kept_form::send))
        .route(insight::PATH, get(insight::show))
        .route(devices::PATH, get(devices::show))
        .route("/devices/pair", get(async || page::see_other(devices::PATH)).post(devices::pair))
        .route("/devices/confirm", get(async || page::see_other(devices::PATH)).post(devices::confirm))
        .route("/devices/stop", get(async || page::see_other(devices::PATH)).post(devices::stop))
        .route("/devices/unpair", get(async || page::see_other(devices::PATH)).post(devices::unpair))
        .route(factors::PATH, get(factors::show))
        .route("/factors/confirm", get(factors::confirm))
        .route("/factors/app", get(factors::app).post(factors::set_up_app))
        .route("/factors/app/remove", get(async || page::see_other(factors::PATH)).post(factors::remove_app))
        .route(phone::PATH, get(phone::show).post(phone::ask))
        .route("/factors/phone/verify", get(async || page::see_other(phone::PATH)).post(phone::verify))
        .route("/factors/phone/remove", get(async || page::see_other(factors::PATH)).post(phone::remove))
        .route("/factors/passkeys", get(async || page::see_other(factors::PATH)).post(factors::add_passkey))
        .route("/factors/passkeys/options", get(async || page::see_other(factors::PATH)).post(factors::passkey_options))
        .route("/factors/passkeys/rename", get(async || page::see_other(factors::PATH)).post(factors::rename_passkey))
        .route("/factors/passkeys/remove", get(async || page::see_other(factors::PATH)).post(factors::remove_passkey))
        .route("/factors/recovery", get(async || page::see_other(factors::PATH)).post(factors::make_recovery_codes))
        .route("/sessions", get(account::show))
        .route("/sessions/end", get(async || page::see_other("/")).post(account::end_session))
        .route("/sessions/extend", get(async || page::see_other("/")).post(account::extend))
        .route("/logout", get(async || page::see_other("/")).post(account::sign_out))
        .route("/signed-out", get(account::signed_out))
        .route("/language", get(async || page::see_other("/")).post(account::choose_language))
        // Only what is public is compressed: a page with a form's token and what somebody typed must not be (BREACH).
        .route("/assets/{hash}/{file}", get(embedded).layer(CompressionLayer::new()))
        .fallback(|| async { Trouble::NotFound })
        .method_not_allowed_fallback(|| async { Trouble::MethodNotAllowed })
        .layer(axum::middleware::from_fn(kept_form::keep))
        .layer(axum::middleware::from_fn(page::finish))
}

/// What there is where people show the certificate of their card: nothing but the way on.
pub fn cards() -> Router {
    Router::new()
        .route("/federated/eid_certificate/show", get(card::show_certificate))
        .fallback(|| async { Trouble::NotFound })
        .method_not_allowed_fallback(|| async { Trouble::MethodNotAllowed })
        .layer(axum::middleware::from_fn(page::finish))
}

async fn embedded(Path((hash, file)): Path<(String, String)>) -> Response {
    asset(&hash, &file)
}

/// A stylesheet, script or icon.
pub fn asset(hash: &str, file: &str) -> Response {
    match assets::find(hash, file) {
        Some(asset) => {
            let headers = [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, assets::CACHE_CONTROL)];
            (headers, asset.bytes.clone()).into_response()
        }
        None => Trouble::NotFound.into_response(),
    }
}
