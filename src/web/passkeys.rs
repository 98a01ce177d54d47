//! `/login/{attempt}/passkey` and `/login/{attempt}/recovery-code`: a passkey, and what one has when everything else is lost.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::header::CONTENT_TYPE;
use zeroize::Zeroizing;

use super::login::{self, attempt_id, leading, turn_of};
use crate::{
    base::id::AttemptId,
    domain::tenant::Factor,
    http::{frame, page, posted::Posted, trouble::Trouble, visit::Visit},
    pages::views::{
        passkey::{Passkey, PasskeyProblem},
        recovery_code::{RecoveryCode, RecoveryCodeProblem},
    },
    service::{
        passkeys,
        pending::Pending,
        sign_in::{self, Answer, SignInError, Step},
    },
};

/// Goes on with a means: to a page of ours, or to another provider.
pub async fn choose(visit: Visit, Path((attempt, means)): Path<(String, String)>) -> Result<Response, Trouble> {
    let alone = visit.tenant().means(&means).is_some_and(|means| means.factors == [Factor::Passkey]);
    if !alone {
        return super::federated::leave(visit, Path((attempt, means))).await;
    }
    let id = attempt_id(&attempt)?;
    sign_in::choose_means(visit.core(), visit.tenant(), id, visit.browser(), &means).await?;
    Ok(page::see_other(&format!("/login/{id}/passkey")))
}

/// The page that asks for a passkey.
pub async fn show(visit: Visit, Path(attempt): Path<String>) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let (pending, second) = turn(&visit, id).await?;
    Ok(leading(&visit, &pending, page::ok(&view(&visit, id, second, None))))
}

fn view(visit: &Visit, id: AttemptId, second: bool, problem: Option<PasskeyProblem>) -> Passkey {
    Passkey { frame: frame::plain(visit), attempt: id.to_string(), second, problem }
}

/// Where the attempt leads, when a passkey is next in it, and whether something comes before.
async fn turn(visit: &Visit, id: AttemptId) -> Result<(Pending, bool), Trouble> {
    let standing = sign_in::standing(visit.core(), visit.tenant(), id, visit.browser()).await?;
    match standing.turn {
        Some((means, Factor::Passkey)) => Ok((standing.pending, means.factors.len() > 1)),
        _ => Err(Trouble::AttemptGone),
    }
}

/// What the script asks the browser.
pub async fn options(visit: Visit, Path(attempt): Path<String>, _: Posted) -> Result<Response, Trouble> {
    let asked = passkeys::ask(visit.core(), visit.tenant(), attempt_id(&attempt)?, visit.browser()).await?;
    Ok(json(asked))
}

/// JSON for the script of a page.
pub(super) fn json(text: String) -> Response {
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}

/// The page on which the script asks.
pub async fn to_passkey(Path(attempt): Path<String>) -> Result<Response, Trouble> {
    Ok(page::see_other(&format!("/login/{}/passkey", attempt_id(&attempt)?)))
}

/// Proves the passkey. From the page of the password it comes with its means: the browser offered it there.
pub async fn prove(visit: Visit, Path(attempt): Path<String>, Posted(fields): Posted) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let means = fields.text("means");
    if !means.is_empty() {
        let alone = visit.tenant().means(means).is_some_and(|means| means.factors == [Factor::Passkey]);
        if !alone {
            return Err(Trouble::BadRequest);
        }
        sign_in::choose_means(visit.core(), visit.tenant(), id, visit.browser(), means).await?;
    }
    let (pending, second) = turn(&visit, id).await?;
    let again = |problem| Ok(leading(&visit, &pending, page::mend(&view(&visit, id, second, Some(problem)))));
    let answer = fields.text("answer");
    if answer.is_empty() {
        return again(PasskeyProblem::Missing);
    }
    match answered(&visit, id, Factor::Passkey, answer).await {
        Ok(step) => login::next(&visit, id, step).await,
        Err(SignInError::Wrong) => again(PasskeyProblem::NotRecognised),
        Err(error) => Err(error.into()),
    }
}

async fn answered(visit: &Visit, id: AttemptId, factor: Factor, secret: &str) -> Result<Step, SignInError> {
    let secret = Zeroizing::new(secret.to_owned());
    let (agent, address, before) = (visit.agent(), visit.client().address, visit.session());
    let answer = Answer { factor, login_name: None, secret, agent, address, before };
    sign_in::prove(visit.core(), visit.tenant(), id, visit.browser(), answer).await
}

/// The page for a recovery code.
pub async fn recovery_code(visit: Visit, Path(attempt): Path<String>) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let pending = turn_of(&visit, id, Factor::RecoveryCode).await?;
    Ok(leading(&visit, &pending, page::ok(&recovery_page(&visit, id, String::new(), None))))
}

fn recovery_page(visit: &Visit, id: AttemptId, code: String, problem: Option<RecoveryCodeProblem>) -> RecoveryCode {
    RecoveryCode { frame: frame::plain(visit), attempt: id.to_string(), code, problem }
}

/// Proves a recovery code.
pub async fn prove_recovery_code(
    visit: Visit,
    Path(attempt): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Trouble> {
    let id = attempt_id(&attempt)?;
    let pending = turn_of(&visit, id, Factor::RecoveryCode).await?;
    let code = fields.text("code");
    let again = |code: String, problem| {
        Ok(leading(&visit, &pending, page::mend(&recovery_page(&visit, id, code, Some(problem)))))
    };
    if code.is_empty() {
        return again(String::new(), RecoveryCodeProblem::Missing);
    }
    match answered(&visit, id, Factor::RecoveryCode, code).await {
        Ok(step) => login::next(&visit, id, step).await,
        // Worth mending: it says nothing yet.
        Err(SignInError::Malformed(_)) => again(code.chars().take(40).collect(), RecoveryCodeProblem::Malformed),
        Err(SignInError::Wrong) => again(String::new(), RecoveryCodeProblem::Wrong),
        Err(error) => Err(error.into()),
    }
}
