//! An identity card in a reader (LOGIN-1, LOGIN-2): the page on which the browser's extension has it sign, and what it made.

use axum::response::Response;
use http::{HeaderValue, header::CONNECTION};
use url::Url;

use super::{
    federated,
    login::{attempt_id, leading, next},
};
use crate::{
    domain::tenant::Factor,
    http::{fields::Fields, frame, page, posted::Posted, trouble::Trouble, visit::Visit},
    login::{
        eid,
        method::{Form, Returned},
    },
    pages::views::card::Card,
    service::{
        federated::{Arrival, FederatedError, deposit, resume},
        sign_in,
    },
};

/// The page that asks for the card; `fields` are what belongs to this question.
pub(super) async fn ask(visit: &Visit, attempt: &str, to: &Url, fields: Form) -> Result<Response, Trouble> {
    let id = attempt_id(attempt)?;
    let standing = sign_in::standing(visit.core(), visit.tenant(), id, visit.browser()).await?;
    let field = |wanted| fields.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone());
    let stand_in = visit.tenant().eid.as_ref().and_then(|eid| eid.stand_in.clone());
    let view = Card {
        frame: frame::plain(visit),
        attempt: id.to_string(),
        to: to.path().to_owned(),
        state: field("state").unwrap_or_default(),
        challenge: field("challenge").unwrap_or_default(),
        stand_in: stand_in.as_ref().map(Url::to_string),
    };
    let response = leading(visit, &standing.pending, page::ok(&view));
    Ok(match stand_in {
        Some(script) => page::played_by(response, &script.origin().ascii_serialization()),
        None => response,
    })
}

/// Takes what the card made, in the browser that was asked.
pub async fn show(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let arrival = Arrival {
        factor: Factor::Eid,
        state: fields.text("state"),
        ticket: "",
        returned: Returned { response: fields.get("token"), ..Returned::default() },
        browser: visit.browser(),
        language: visit.language(),
        agent: visit.agent(),
        before: visit.session(),
    };
    match resume(visit.core(), visit.tenant(), &arrival).await {
        Ok((id, step)) => next(&visit, id, step).await,
        Err(error) => federated::trouble(&visit, error).await,
    }
}

/// Keeps the certificate that the browser showed in its handshake here, and leads it back to the login host, where everything else is said:
/// also that it showed none, or did not leave from there. The connection ends with the answer: the next person at this browser puts a card of
/// theirs into the reader, and proves it in a handshake of their own.
pub async fn show_certificate(visit: Visit) -> Result<Response, Trouble> {
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let state = fields.get("state").ok_or(Trouble::BadRequest)?;
    let factor = Factor::EidCertificate;
    let shown = visit.card().map(|card| eid::as_text(card.chain())).unwrap_or_default();
    let callback = visit.tenant().provider_callback(factor);
    let mut response = match deposit(visit.core(), visit.tenant(), factor, state, &shown).await {
        // What was looked for in the database is a token's text: nothing in it needs an escape.
        Ok(ticket) => page::see_other(&format!("{callback}?state={state}&ticket={}", ticket.reveal())),
        Err(FederatedError::SignIn(error)) => return Err(error.into()),
        Err(_) => page::see_other(&callback),
    };
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    Ok(response)
}
