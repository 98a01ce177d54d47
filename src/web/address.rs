//! `/account/address` and below: another address to log in with, confirmed where it is, objected to where it was (LOGIN-7).

use axum::response::Response;

use super::{
    login,
    passwords::{no_referrer, spent},
};
use crate::{
    base::token::{Token, TokenDigest},
    domain::person::is_address,
    http::{fields::Fields, frame, page, posted::Posted, trouble::Trouble, visit::Visit},
    pages::views::{
        Frame,
        address::{Address, AddressProblem, AddressStep, Step},
    },
    service::{
        new_address::{self, AddressError},
        pending::{Destination, Pending},
        sessions::SignedIn,
    },
};

/// The form.
pub const PATH: &str = "/account/address";

impl From<AddressError> for Trouble {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::NotHere => Trouble::NotFound,
            AddressError::NotFresh(_) => Trouble::BadRequest,
            AddressError::Spent => Trouble::AttemptGone,
            AddressError::NotHeard(why) => why.into(),
            AddressError::Store(error) => error.into(),
        }
    }
}

/// Logs in again, as surely as one can, and comes back to the form.
async fn log_in(visit: &Visit, signed_in: Option<&SignedIn>, why: Option<AddressError>) -> Result<Response, Trouble> {
    let least = match why {
        None => None,
        // No less than the session has: a login that is worth less would end it.
        Some(AddressError::NotFresh(needed)) => {
            Some(signed_in.map_or(needed, |signed_in| needed.max(signed_in.session.assurance)))
        }
        Some(other) => return Err(other.into()),
    };
    let pending = Pending::to(Destination::Page { path: PATH.into() });
    login::begin(visit, &pending.at_least(least)).await
}

/// The form.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    let Some(signed_in) = visit.signed_in().await? else { return log_in(&visit, None, None).await };
    match new_address::may_change(visit.core(), visit.tenant(), &signed_in).await {
        Ok(()) => Ok(page::ok(&form(&visit, &signed_in, "", None).await?)),
        Err(why) => log_in(&visit, Some(&signed_in), Some(why)).await,
    }
}

async fn form(
    visit: &Visit,
    signed_in: &SignedIn,
    email: &str,
    problem: Option<AddressProblem>,
) -> Result<Address, Trouble> {
    let frame = Frame { here: PATH.into(), ..frame::signed_in(visit, signed_in).await? };
    Ok(Address { frame, email: email.chars().take(254).collect(), problem })
}

/// Asks for the change. One answer, whether the address is somebody's or not.
pub async fn ask(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    let email = fields.text("email");
    let problem = match email {
        "" => Some(AddressProblem::Missing),
        email if !is_address(email) => Some(AddressProblem::NotAnAddress),
        _ => None,
    };
    if problem.is_some() {
        return Ok(page::mend(&form(&visit, &signed_in, email, problem).await?));
    }
    let client = visit.client().address;
    match new_address::ask(visit.core(), visit.tenant(), &signed_in, email, client).await {
        Ok(()) => {
            let minutes = login::minutes(visit.tenant().terms.reset_link);
            let frame = Frame { here: PATH.into(), ..frame::signed_in(&visit, &signed_in).await? };
            Ok(page::ok(&AddressStep { frame, step: Step::Sent(minutes) }))
        }
        Err(AddressError::NotFresh(_)) => Ok(page::see_other(PATH)),
        Err(error) => Err(error.into()),
    }
}

/// The token of a link's address.
fn token(visit: &Visit) -> Result<Option<(String, TokenDigest)>, Trouble> {
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let text = fields.text("token");
    Ok(Token::parse(text).map(|token| (text.to_owned(), token.digest())))
}

/// A step's page. The link must not be in the form of the language switch.
fn step(visit: &Visit, step: Step) -> AddressStep {
    AddressStep { frame: Frame { here: "/".into(), ..frame::plain(visit) }, step }
}

/// The page that the link at the new address opens. Opening it takes nothing: mail programs open links too.
pub async fn confirming(visit: Visit) -> Result<Response, Trouble> {
    let Some((token, link)) = token(&visit)? else { return Ok(spent(&visit, PATH)) };
    match new_address::link_address(visit.core(), visit.tenant(), link).await? {
        Some(email) => Ok(no_referrer(page::ok(&step(&visit, Step::Confirm { token, email })))),
        None => Ok(spent(&visit, PATH)),
    }
}

/// Confirms the change. Whoever was logged in is no more.
pub async fn confirm(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let Some(link) = Token::parse(fields.text("token")) else { return Ok(spent(&visit, PATH)) };
    match new_address::confirm(visit.core(), visit.tenant(), link.digest()).await {
        Ok(()) => Ok(page::ok(&step(&visit, Step::Confirmed))),
        Err(AddressError::Spent) => Ok(spent(&visit, PATH)),
        Err(error) => Err(error.into()),
    }
}

/// The page that the link at the old address opens.
pub async fn objecting(visit: Visit) -> Result<Response, Trouble> {
    let Some((token, objection)) = token(&visit)? else { return Ok(spent(&visit, PATH)) };
    match new_address::may_object(visit.core(), visit.tenant(), objection).await? {
        true => Ok(no_referrer(page::ok(&step(&visit, Step::Object { token })))),
        false => Ok(spent(&visit, PATH)),
    }
}

/// Objects to the change.
pub async fn object(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let Some(objection) = Token::parse(fields.text("token")) else { return Ok(spent(&visit, PATH)) };
    match new_address::object(visit.core(), visit.tenant(), objection.digest()).await {
        Ok(()) => Ok(page::ok(&step(&visit, Step::Objected))),
        Err(AddressError::Spent) => Ok(spent(&visit, PATH)),
        Err(error) => Err(error.into()),
    }
}
