//! `/mandators`: a holder finds whom they act for (PROFILE-3). A search is a POST: a number never stands in a URL.

use axum::response::Response;

use super::{
    login,
    profile::{Arrival, arrive, choosing, leading, open},
};
use crate::{
    domain::{
        identifier::{Bsn, NationalNumber, NationalRegisterNumber, NihdiNumber},
        mandate::{FoundMandator, MandatorSearch, PAGE_SIZE},
        person::fold_name,
        tenant::NationalNumberKind,
    },
    http::{fields::Fields, frame, labels, page, posted::Posted, trouble::Trouble, visit::Visit},
    pages::views::{
        Frame,
        mandators::{Mandator, Mandators, Results, Search, SearchProblem},
    },
    policy::Denial,
    service::{
        profiles::{self, Choosing, MandatorPage, ProfileError},
        sessions::SignedIn,
    },
};

/// The search form.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    if fields.text("attempt").is_empty() {
        return open(&visit).await;
    }
    let (signed_in, choosing) = choosing(&visit, fields.text("attempt")).await?;
    if choosing.pending.holder.is_none() {
        return Err(Trouble::AttemptGone);
    }
    // Before anything is typed.
    match profiles::search_allowed(visit.core(), visit.tenant(), &signed_in, &choosing).await {
        Err(ProfileError::Denied(Denial::StepUp { needed })) => {
            return login::begin(&visit, &choosing.pending.clone().at_least(Some(needed))).await;
        }
        allowed => allowed?,
    }
    let view = view(&visit, &signed_in, &choosing, Search::default(), None, vec![]).await?;
    Ok(leading(&visit, &choosing.pending, page::ok(&view)))
}

async fn view(
    visit: &Visit,
    signed_in: &SignedIn,
    choosing: &Choosing,
    search: Search,
    results: Option<Results>,
    problems: Vec<SearchProblem>,
) -> Result<Mandators, Trouble> {
    let enterprise = choosing.holder_organization().map(|organization| organization.name.clone());
    Ok(Mandators {
        frame: Frame {
            here: format!("/mandators?attempt={}", choosing.attempt),
            ..frame::signed_in(visit, signed_in).await?
        },
        attempt: Some(choosing.attempt.to_string()),
        // With one possibility the choice would only lead back here.
        choose: choosing.standing.only(visit.tenant().today(visit.core().now())).is_none(),
        enterprise,
        search,
        results,
        problems,
    })
}

/// Searches, and shows a page of what was found.
pub async fn search(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let (signed_in, choosing) = choosing(&visit, fields.text("attempt")).await?;
    let asked = Search {
        nihdi: fields.text("nihdi").to_owned(),
        national: fields.text("national").to_owned(),
        name: fields.text("name").to_owned(),
        first_name: fields.text("first_name").to_owned(),
    };
    let wanted = match read(&visit, &asked)? {
        Ok(wanted) => wanted,
        Err(problems) => {
            return Ok(leading(
                &visit,
                &choosing.pending,
                page::mend(&view(&visit, &signed_in, &choosing, asked, None, problems).await?),
            ));
        }
    };
    let number = match fields.text("page") {
        "" => 1,
        text => text.parse::<u32>().ok().filter(|n| (1..=1_000_000).contains(n)).ok_or(Trouble::BadRequest)?,
    };
    let found = profiles::search(visit.core(), visit.tenant(), &signed_in, &choosing, &wanted, number - 1).await?;
    let results = results(&visit, found, number);
    let view = view(&visit, &signed_in, &choosing, asked, Some(results), vec![]).await?;
    Ok(leading(&visit, &choosing.pending, page::ok(&view)))
}

/// What is searched by, or what is wrong with it.
fn read(visit: &Visit, asked: &Search) -> Result<Result<MandatorSearch, Vec<SearchProblem>>, Trouble> {
    let mut problems = Vec::new();
    let mut wanted = MandatorSearch::default();
    if !asked.nihdi.is_empty() {
        match NihdiNumber::parse(&asked.nihdi) {
            Ok(number) => wanted.nihdi = Some(number.base().to_owned()),
            Err(_) => problems.push(SearchProblem::Nihdi),
        }
    }
    if !asked.national.is_empty() {
        let number = match visit.tenant().national_number {
            NationalNumberKind::Bsn => Bsn::parse(&asked.national).map(NationalNumber::Bsn),
            NationalNumberKind::NationalRegister => {
                NationalRegisterNumber::parse(&asked.national).map(NationalNumber::NationalRegister)
            }
        };
        match number {
            Ok(number) => {
                let index = profiles::national_number_index(visit.core(), visit.tenant(), &number)?;
                wanted.national_number_index = Some(index);
            }
            Err(_) => problems.push(SearchProblem::National),
        }
    }
    let name = |text: &str| (!fold_name(text).is_empty()).then(|| text.chars().take(100).collect::<String>());
    wanted.family_name = name(&asked.name);
    wanted.given_name = name(&asked.first_name);
    Ok(if problems.is_empty() { Ok(wanted) } else { Err(problems) })
}

fn results(visit: &Visit, found: MandatorPage, page: u32) -> Results {
    let count = u32::try_from(found.count).unwrap_or(u32::MAX);
    Results {
        count,
        page,
        pages: count.div_ceil(PAGE_SIZE).max(1),
        per_page: PAGE_SIZE,
        mandators: found.found.into_iter().map(|mandator| row(visit, mandator)).collect(),
    }
}

fn row(visit: &Visit, found: FoundMandator) -> Mandator {
    let nihdi = found.number.as_deref().unwrap_or_default();
    Mandator {
        handle: found.mandate.to_string(),
        name: format!("{}, {}", found.family_name, found.given_name),
        profession: String::new(),
        nihdi: NihdiNumber::parse(nihdi).map_or_else(|_| nihdi.to_owned(), |number| number.to_string()),
        scope: labels::of(&visit.tenant().mandate_scopes, &found.scope, visit.language()).to_owned(),
        until: found.until,
    }
}

/// Chooses a mandator: leads to their file.
pub async fn choose(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let (signed_in, choosing) = choosing(&visit, fields.text("attempt")).await?;
    let mandate = fields.text("mandate").parse().map_err(|_| Trouble::BadRequest)?;
    match profiles::choose_mandator(visit.core(), visit.tenant(), &signed_in, &choosing, mandate).await {
        Ok(acted) => arrive(&visit, acted, Arrival::Form).await,
        Err(ProfileError::NoMandate) => {
            let ended = vec![SearchProblem::MandateEnded];
            Ok(leading(
                &visit,
                &choosing.pending,
                page::mend(&view(&visit, &signed_in, &choosing, Search::default(), None, ended).await?),
            ))
        }
        Err(error) => Err(error.into()),
    }
}
