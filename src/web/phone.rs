//! `/factors/phone`: one's telephone number, typed, verified, removed (LOGIN-8). Who must have one is led here before they go on.

use axum::response::Response;

use super::{factors, login};
use crate::{
    domain::{phone::NoPhone, tenant::Tenant},
    http::{fields::Fields, frame, page, posted::Posted, trouble::Trouble, visit::Visit},
    notify::telephone::Channel,
    pages::views::{
        Frame,
        email_code::CodeProblem,
        factors::FactorDone,
        phone::{Phone, PhoneProblem, PhoneVerify},
    },
    service::{
        factors::{AskedPhone, FactorError, NewPhone, Verified, ask_for_phone_code, remove_phone, verify_phone},
        phones,
        sessions::SignedIn,
    },
};

/// The page.
pub const PATH: &str = "/factors/phone";

/// The page with the number.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let Some(signed_in) = visit.signed_in().await? else { return Ok(page::see_other("/factors")) };
    if visit.tenant().phone.is_none() {
        return Err(Trouble::NotFound);
    }
    let begin_again = fields.get("again").is_some();
    Ok(page::ok(&Phone { begin_again, ..view(&visit, &signed_in, choice(&fields)?).await? }))
}

/// The choice of profile that one goes on to, when one was on the way there.
fn choice(fields: &Fields) -> Result<Option<String>, Trouble> {
    match fields.text("attempt") {
        "" => Ok(None),
        text => login::attempt_id(text).map(|id| Some(id.to_string())),
    }
}

async fn view(visit: &Visit, signed_in: &SignedIn, attempt: Option<String>) -> Result<Phone, Trouble> {
    let known = phones::known(visit.core(), visit.tenant(), signed_in.person.id).await?;
    let end = |known: &phones::Known| known.end.clone().unwrap_or_default();
    Ok(Phone {
        frame: frame(visit, signed_in, attempt.as_deref()).await?,
        attempt,
        waits: known.as_ref().filter(|known| !known.verified).map(end),
        verified: known.as_ref().filter(|known| known.verified).map(end),
        helpdesk: visit.tenant().phone.as_ref().is_some_and(|terms| terms.required),
        begin_again: false,
        number: String::new(),
        problem: None,
    })
}

async fn frame(visit: &Visit, signed_in: &SignedIn, attempt: Option<&str>) -> Result<Frame, Trouble> {
    Ok(Frame { here: here(attempt), ..frame::signed_in(visit, signed_in).await? })
}

fn here(attempt: Option<&str>) -> String {
    attempt.map_or_else(|| PATH.to_owned(), |attempt| format!("{PATH}?attempt={attempt}"))
}

/// Sends a code to the number that was typed.
pub async fn ask(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    let (attempt, typed) = (choice(&fields)?, fields.text("number"));
    let again = async |problem| {
        let view = view(&visit, &signed_in, attempt.clone()).await?;
        let number = typed.chars().take(40).collect();
        Ok(page::mend(&Phone { number, problem: Some(problem), ..view }))
    };
    if typed.is_empty() {
        return again(PhoneProblem::Missing).await;
    }
    let channel = Channel::from_word(fields.text("way")).ok_or(Trouble::BadRequest)?;
    let new = NewPhone { typed, channel, address: visit.client().address };
    match ask_for_phone_code(visit.core(), visit.tenant(), &signed_in, visit.browser(), &new).await {
        Ok(asked) => Ok(page::ok(&verify_page(&visit, &signed_in, attempt, asked, None).await?)),
        Err(FactorError::NoPhone(why)) => {
            again(match why {
                NoPhone::NotANumber => PhoneProblem::NotANumber,
                NoPhone::Elsewhere => PhoneProblem::Elsewhere,
                NoPhone::OtherLine => PhoneProblem::OtherLine,
            })
            .await
        }
        Err(FactorError::NotFresh) => Ok(page::see_other(factors::PATH)),
        // It was verified already: the page says who changes it.
        Err(FactorError::NotHere) => Ok(page::see_other(&here(attempt.as_deref()))),
        Err(error) => Err(error.into()),
    }
}

async fn verify_page(
    visit: &Visit,
    signed_in: &SignedIn,
    attempt: Option<String>,
    asked: AskedPhone,
    problem: Option<CodeProblem>,
) -> Result<PhoneVerify, Trouble> {
    Ok(PhoneVerify {
        frame: frame(visit, signed_in, attempt.as_deref()).await?,
        attempt,
        token: asked.token.reveal(),
        called: asked.channel == Channel::Voice,
        end: asked.end,
        digits: login::DIGITS,
        valid_minutes: valid_minutes(visit.tenant()),
        problem,
    })
}

fn valid_minutes(tenant: &Tenant) -> u32 {
    u32::try_from(tenant.terms.email_code.as_secs() / 60).unwrap_or(u32::MAX)
}

/// Verifies the number with the code that went there.
pub async fn verify(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    let (attempt, code) = (choice(&fields)?, fields.text("code"));
    let (core, tenant, browser) = (visit.core(), visit.tenant(), visit.browser());
    match verify_phone(core, tenant, &signed_in, browser, fields.text("phone"), code).await {
        Ok(Verified::Done) => Ok(match attempt {
            Some(attempt) => page::see_other(&format!("/profile?attempt={attempt}&after=form")),
            None => factors::back(Some(FactorDone::PhoneVerified)),
        }),
        Ok(Verified::Again(asked, why)) => {
            let problem = factors::problem(code, &why);
            Ok(page::mend(&verify_page(&visit, &signed_in, attempt, *asked, Some(problem)).await?))
        }
        Err(FactorError::NotAsked) => {
            let mark = if attempt.is_some() { '&' } else { '?' };
            Ok(page::see_other(&format!("{}{mark}again", here(attempt.as_deref()))))
        }
        Err(FactorError::NotFresh) => Ok(page::see_other(factors::PATH)),
        Err(error) => Err(error.into()),
    }
}

/// Removes the number.
pub async fn remove(visit: Visit, _: Posted) -> Result<Response, Trouble> {
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    match remove_phone(visit.core(), visit.tenant(), &signed_in).await {
        Ok(()) => Ok(factors::back(Some(FactorDone::PhoneRemoved))),
        Err(FactorError::NotFresh) => Ok(factors::back(None)),
        Err(FactorError::LastOne) => factors::last_phone(&visit, &signed_in).await,
        Err(error) => Err(error.into()),
    }
}
