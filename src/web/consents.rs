//! `/consents/{purpose}`: somebody sees who may see something of them, picks one more, and takes it back (INSIGHT-1, INSIGHT-2).

use axum::{extract::Path, response::Response};
use jiff::civil::Date;

use super::{day, login, own_form::in_profile, profile};
use crate::{
    domain::consent::{ConsentRefused, Purpose, Recipients},
    http::{frame, labels, page, posted::Posted, trouble::Trouble, visit::Visit},
    pages::views::{
        Frame,
        consents::{Candidate, ConsentForm, ConsentProblem, Consents, Done, Given, Whom},
    },
    policy::Denial,
    service::{
        consents::{self, ConsentError, Overview},
        pending::{Destination, Pending},
        sessions::SignedIn,
    },
};

impl From<ConsentError> for Trouble {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::Denied(Denial::Unavailable(why)) => {
                tracing::error!(%why, "policy cannot be asked");
                Trouble::PolicyUnavailable
            }
            ConsentError::Denied(Denial::Hidden) | ConsentError::Gone => Trouble::NotFound,
            ConsentError::NoProfile | ConsentError::Denied(_) => Trouble::NotAllowed,
            ConsentError::Refused(_) | ConsentError::HasIt => Trouble::BadRequest,
            ConsentError::Store(error) => error.into(),
        }
    }
}

/// Where the page of a purpose is.
pub(super) fn path_of(purpose: &Purpose) -> String {
    format!("/consents/{}", purpose.code)
}

/// The page. Who is not logged in, or acts as somebody else than themselves, is led there.
pub async fn show(visit: Visit, Path(code): Path<String>) -> Result<Response, Trouble> {
    let purpose = visit.tenant().purpose(&code).ok_or(Trouble::NotFound)?;
    let pending = Pending::to(Destination::Page { path: path_of(purpose) });
    let Some(signed_in) = visit.signed_in().await? else { return login::begin(&visit, &pending).await };
    match consents::overview(visit.core(), visit.tenant(), &signed_in, purpose).await {
        Ok(overview) => {
            let view = view(&visit, &signed_in, purpose, overview, ConsentForm::default()).await?;
            Ok(page::ok(&view))
        }
        Err(ConsentError::NoProfile | ConsentError::Denied(Denial::Hidden | Denial::Forbidden(_))) => {
            profile::open_for(&visit, &signed_in, &pending).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn view(
    visit: &Visit,
    signed_in: &SignedIn,
    purpose: &Purpose,
    overview: Overview,
    form: ConsentForm,
) -> Result<Consents, Trouble> {
    let language = visit.language();
    let given = overview.given.into_iter().map(|(consent, to)| Given {
        handle: consent.id.to_string(),
        to: labels::name(visit.text(), to),
        from: consent.period.from.unwrap_or(Date::MIN),
        until: consent.period.until,
    });
    let candidates = overview.candidates.into_iter();
    Ok(Consents {
        frame: Frame { here: path_of(purpose), ..frame::signed_in(visit, signed_in).await? },
        action: path_of(purpose),
        name: purpose.name.get(language).to_owned(),
        shows: purpose.shows.get(language).to_owned(),
        whom: match purpose.recipients {
            Recipients::Organizations | Recipients::Entitled(_) => Whom::Organization,
            Recipients::Tied(_) => Whom::Person,
        },
        given: given.collect(),
        candidates: candidates
            .map(|one| Candidate { handle: one.recipient.to_string(), name: labels::name(visit.text(), one.name) })
            .collect(),
        form,
        done: None,
        problems: vec![],
    })
}

/// The page as it is now.
async fn anew(visit: &Visit, signed_in: &SignedIn, purpose: &Purpose, form: ConsentForm) -> Result<Consents, Trouble> {
    let overview = consents::overview(visit.core(), visit.tenant(), signed_in, purpose).await?;
    view(visit, signed_in, purpose, overview, form).await
}

/// Lets the chosen recipient see it.
pub async fn give(visit: Visit, Path(code): Path<String>, Posted(fields): Posted) -> Result<Response, Trouble> {
    let purpose = visit.tenant().purpose(&code).ok_or(Trouble::NotFound)?;
    let signed_in = match in_profile(&visit, &fields, "consent.give").await? {
        Ok(signed_in) => signed_in,
        Err(conflict) => return Ok(conflict),
    };
    let form = ConsentForm {
        recipient: fields.text("recipient").to_owned(),
        day: fields.text("day").to_owned(),
        month: fields.text("month").to_owned(),
        year: fields.text("year").to_owned(),
    };
    let until = last_day(&form);
    let mut problems = Vec::new();
    if form.recipient.is_empty() {
        problems.push(ConsentProblem::RecipientMissing);
    }
    if until.is_err() {
        problems.push(ConsentProblem::EndNotADate);
    }
    if let (Ok(until), true) = (until, problems.is_empty()) {
        let (core, tenant) = (visit.core(), visit.tenant());
        match consents::give(core, tenant, &signed_in, purpose, &form.recipient, until).await {
            Ok(to) => {
                let page = anew(&visit, &signed_in, purpose, ConsentForm::default()).await?;
                return Ok(page::ok(&Consents { done: Some(Done::Given { to }), ..page }));
            }
            Err(ConsentError::HasIt) => problems.push(ConsentProblem::HasIt),
            Err(ConsentError::Refused(ConsentRefused::NoRecipient)) => problems.push(ConsentProblem::RecipientMissing),
            Err(ConsentError::Refused(ConsentRefused::EndInPast)) => problems.push(ConsentProblem::EndInThePast),
            Err(ConsentError::Denied(Denial::StepUp { needed })) => {
                let pending = Pending::to(Destination::Page { path: path_of(purpose) });
                return login::begin(&visit, &pending.at_least(Some(needed))).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    let page = anew(&visit, &signed_in, purpose, form).await?;
    Ok(page::mend(&Consents { problems, ..page }))
}

/// The last day that was filled in; without one the consent lasts until it is taken back.
fn last_day(form: &ConsentForm) -> Result<Option<Date>, ()> {
    if [&form.day, &form.month, &form.year].iter().all(|field| field.is_empty()) {
        return Ok(None);
    }
    day::read(&form.day, &form.month, &form.year).map(Some).ok_or(())
}

/// From where a form led, back to the page.
pub async fn back(visit: Visit, Path(code): Path<String>) -> Result<Response, Trouble> {
    let purpose = visit.tenant().purpose(&code).ok_or(Trouble::NotFound)?;
    Ok(page::see_other(&path_of(purpose)))
}

/// Takes a consent back.
pub async fn withdraw(visit: Visit, Path(code): Path<String>, Posted(fields): Posted) -> Result<Response, Trouble> {
    let purpose = visit.tenant().purpose(&code).ok_or(Trouble::NotFound)?;
    let signed_in = match in_profile(&visit, &fields, "consent.withdraw").await? {
        Ok(signed_in) => signed_in,
        Err(conflict) => return Ok(conflict),
    };
    let id = fields.text("consent").parse().map_err(|_| Trouble::BadRequest)?;
    let to = consents::withdraw(visit.core(), visit.tenant(), &signed_in, id).await?;
    let page = anew(&visit, &signed_in, purpose, ConsentForm::default()).await?;
    Ok(page::ok(&Consents { done: Some(Done::Withdrawn { to }), ..page }))
}
