//! `/password/forgotten` and `/password/reset`: a new password by a single-use link (LOGIN-6).

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header::REFERRER_POLICY};
use zeroize::Zeroizing;

use super::login;
use crate::{
    base::token::Token,
    http::{fields::Fields, frame, page, posted::Posted, trouble::Trouble, visit::Visit},
    login::new_password::{MIN_LENGTH, Weak},
    pages::views::{
        forgotten_password::{ForgottenPassword, ForgottenPasswordProblem},
        forgotten_sent::ForgottenSent,
        link_spent::LinkSpent,
        password::UserNames,
        reset_done::ResetDone,
        reset_password::{ResetPassword, ResetPasswordProblem},
    },
    service::passwords::{self, ResetError},
};

/// Where a new link is asked for.
const FORGOTTEN: &str = "/password/forgotten";

/// The form that asks for the address.
pub async fn forgotten(visit: Visit) -> Response {
    let user_names = login::user_names(visit.tenant());
    page::ok(&ForgottenPassword { frame: frame::plain(&visit), user_names, user_name: String::new(), problem: None })
}

/// Sends the link. One answer, whether the address is known or not.
pub async fn send_link(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let address = fields.text("user_name");
    let user_names = login::user_names(visit.tenant());
    let problem = match address {
        "" => Some(ForgottenPasswordProblem::Missing),
        address if address.len() > 254 || (user_names == UserNames::Address && !address.contains('@')) => {
            Some(ForgottenPasswordProblem::NotAnAddress)
        }
        _ => None,
    };
    if problem.is_some() {
        let user_name = address.chars().take(254).collect();
        return Ok(page::mend(&ForgottenPassword { frame: frame::plain(&visit), user_names, user_name, problem }));
    }
    passwords::forgotten(visit.core(), visit.tenant(), address, visit.client().address).await?;
    let valid_minutes = login::minutes(visit.tenant().terms.reset_link);
    Ok(page::ok(&ForgottenSent { frame: frame::plain(&visit), valid_minutes }))
}

/// The form for the new password. Opening it takes nothing: mail programs open links too.
pub async fn choose(visit: Visit) -> Result<Response, Trouble> {
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let token = fields.text("token");
    let owner = match Token::parse(token) {
        None => None,
        Some(link) => passwords::link_owner(visit.core(), visit.tenant(), link.digest()).await?,
    };
    let Some(owner) = owner else { return Ok(spent(&visit, FORGOTTEN)) };
    Ok(no_referrer(page::ok(&form(&visit, token, owner, None))))
}

fn form(visit: &Visit, token: &str, user_name: String, problem: Option<ResetPasswordProblem>) -> ResetPassword {
    let min_length = u32::try_from(MIN_LENGTH).unwrap_or(u32::MAX);
    let mut frame = frame::plain(visit);
    // The link must not be in the form of the language switch.
    frame.here = "/password/forgotten".into();
    ResetPassword { frame, token: token.to_owned(), user_name, min_length, problem }
}

pub(super) fn spent(visit: &Visit, again: &'static str) -> Response {
    let view = LinkSpent { frame: frame::plain(visit), again, reference: visit.id().reference() };
    page::page(StatusCode::GONE, &view)
}

/// The address of this page is a secret.
pub(super) fn no_referrer(response: Response) -> Response {
    ([(REFERRER_POLICY, "same-origin")], response).into_response()
}

/// Sets the new password.
pub async fn reset(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let token = fields.text("token");
    let Some(link) = Token::parse(token) else { return Ok(spent(&visit, FORGOTTEN)) };
    let password = Zeroizing::new(fields.get("new_password").unwrap_or_default().to_owned());
    let user_name = fields.text("user_name").to_owned();
    let again = |problem| Ok(page::mend(&form(&visit, token, user_name, Some(problem))));
    if password.is_empty() {
        return again(ResetPasswordProblem::Missing);
    }
    match passwords::reset(visit.core(), visit.tenant(), link.digest(), password).await {
        Ok(()) => Ok(page::ok(&ResetDone { frame: frame::plain(&visit), login: "/".into() })),
        Err(ResetError::Spent) => Ok(spent(&visit, FORGOTTEN)),
        Err(ResetError::Weak(Weak::TooShort)) => again(ResetPasswordProblem::TooShort),
        Err(ResetError::Weak(Weak::TooLong)) => again(ResetPasswordProblem::TooLong),
        Err(ResetError::Weak(Weak::TooCommon)) => again(ResetPasswordProblem::TooCommon),
        Err(ResetError::Weak(Weak::AboutOwner)) => again(ResetPasswordProblem::TooLikeUserName),
        Err(ResetError::Busy(_)) => Err(Trouble::Unavailable),
        Err(ResetError::Store(error)) => Err(error.into()),
    }
}
