//! `/account/new` and `/account/confirm`: an account of one's own, where the tenant's file allows that (LOGIN-3, LOGIN-12).

use axum::response::Response;
use zeroize::Zeroizing;

use super::{
    login,
    passwords::{no_referrer, spent},
};
use crate::{
    base::token::Token,
    domain::person::is_address,
    http::{fields::Fields, frame, page, posted::Posted, trouble::Trouble, visit::Visit},
    login::new_password::{MIN_LENGTH, Weak},
    pages::views::{
        confirm_account::{AccountMade, ConfirmAccount, ConfirmProblem},
        new_account::{NewAccount, NewAccountProblem, NewAccountSent},
    },
    service::accounts::{self, AccountError},
};

/// The path of the form, which a link that works no longer leads back to.
pub const NEW: &str = "/account/new";

/// The form.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    open(&visit)?;
    Ok(page::ok(&form(&visit, String::new(), None)))
}

/// Where nobody makes an account there is no such page.
fn open(visit: &Visit) -> Result<(), Trouble> {
    visit.tenant().self_registration.as_ref().map(drop).ok_or(Trouble::NotFound)
}

fn form(visit: &Visit, email: String, problem: Option<NewAccountProblem>) -> NewAccount {
    let min_length = u32::try_from(MIN_LENGTH).unwrap_or(u32::MAX);
    NewAccount { frame: frame::plain(visit), email, min_length, problem }
}

/// Asks for an account. One answer, whether the address is known or not.
pub async fn ask(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    open(&visit)?;
    let email = fields.text("email");
    let password = Zeroizing::new(fields.get("new_password").unwrap_or_default().to_owned());
    let again = |problem| Ok(page::mend(&form(&visit, email.chars().take(254).collect(), Some(problem))));
    if email.is_empty() {
        return again(NewAccountProblem::EmailMissing);
    }
    if !is_address(email) {
        return again(NewAccountProblem::NotAnAddress);
    }
    if password.is_empty() {
        return again(NewAccountProblem::PasswordMissing);
    }
    let client = visit.client().address;
    match accounts::ask(visit.core(), visit.tenant(), email, password, visit.language(), client).await {
        Ok(()) => {
            let valid_minutes = login::minutes(visit.tenant().terms.reset_link);
            Ok(page::ok(&NewAccountSent { frame: frame::plain(&visit), valid_minutes }))
        }
        Err(AccountError::Weak(weak)) => again(match weak {
            Weak::TooShort => NewAccountProblem::TooShort,
            Weak::TooLong => NewAccountProblem::TooLong,
            Weak::TooCommon => NewAccountProblem::TooCommon,
            Weak::AboutOwner => NewAccountProblem::TooLikeEmail,
        }),
        Err(error) => Err(error.into()),
    }
}

/// The form that makes the account. Opening it takes nothing: mail programs open links too.
pub async fn confirming(visit: Visit) -> Result<Response, Trouble> {
    open(&visit)?;
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let token = fields.text("token");
    let Some((_, email)) = request(&visit, token).await? else { return Ok(spent(&visit, NEW)) };
    Ok(no_referrer(page::ok(&confirm_form(&visit, token, email, ["", ""], vec![]))))
}

/// The link of a token and the address that it confirms, while it works.
async fn request(visit: &Visit, token: &str) -> Result<Option<(Token, String)>, Trouble> {
    let Some(link) = Token::parse(token) else { return Ok(None) };
    let email = accounts::link_owner(visit.core(), visit.tenant(), link.digest()).await?;
    Ok(email.map(|email| (link, email)))
}

fn confirm_form(
    visit: &Visit,
    token: &str,
    email: String,
    [given_name, family_name]: [&str; 2],
    problems: Vec<ConfirmProblem>,
) -> ConfirmAccount {
    let mut frame = frame::plain(visit);
    // The link must not be in the form of the language switch.
    frame.here = NEW.into();
    let [given_name, family_name] = [given_name, family_name].map(|name| name.chars().take(200).collect());
    ConfirmAccount { frame, token: token.to_owned(), email, given_name, family_name, problems }
}

/// Makes the account, and leads on to the register.
pub async fn confirm(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let Some(on) = visit.tenant().self_registration.clone() else { return Err(Trouble::NotFound) };
    let token = fields.text("token");
    let Some((link, email)) = request(&visit, token).await? else { return Ok(spent(&visit, NEW)) };
    let names = ["given_name", "family_name"].map(|field| fields.text(field).trim());
    let password = Zeroizing::new(fields.get("password").unwrap_or_default().to_owned());
    let missing: Vec<ConfirmProblem> = [
        (!accounts::is_a_name(names[0]), ConfirmProblem::GivenNameMissing),
        (!accounts::is_a_name(names[1]), ConfirmProblem::FamilyNameMissing),
        (password.is_empty(), ConfirmProblem::PasswordMissing),
    ]
    .into_iter()
    .filter_map(|(wrong, problem)| wrong.then_some(problem))
    .collect();
    let again = |problems| page::mend(&confirm_form(&visit, token, email, names, problems));
    if !missing.is_empty() {
        return Ok(again(missing));
    }
    let client = visit.client().address;
    match accounts::confirm(visit.core(), visit.tenant(), link.digest(), names, password, client).await {
        Ok(()) => {
            let register = visit.tenant().register(&on.register).ok_or(Trouble::Internal)?;
            Ok(page::ok(&AccountMade {
                frame: frame::plain(&visit),
                register: register.name.get(visit.language()).to_owned(),
                href: format!("{}{}", register.origin, on.path),
            }))
        }
        Err(AccountError::WrongPassword) => Ok(again(vec![ConfirmProblem::WrongPassword])),
        Err(AccountError::Spent) => Ok(spent(&visit, NEW)),
        Err(error) => Err(error.into()),
    }
}

impl From<AccountError> for Trouble {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Closed => Trouble::NotFound,
            AccountError::Spent => Trouble::AttemptGone,
            AccountError::Weak(_) | AccountError::WrongPassword => Trouble::BadRequest,
            AccountError::TooManyTries { until } => Trouble::TooManyTries(until),
            AccountError::Busy(_) => Trouble::Unavailable,
            AccountError::NotHeard(why) => why.into(),
            AccountError::Store(error) => error.into(),
        }
    }
}
