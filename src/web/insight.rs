//! `/insight`: who lets this person, or the organization within which they act, see something of them, and where that is.

use axum::response::Response;

use super::{login, profile};
use crate::{
    domain::consent::Seen,
    http::{frame, labels, page, trouble::Trouble, visit::Visit},
    pages::views::{
        Frame,
        insight::{Consenting, Gets, Insight},
    },
    policy::Denial,
    service::{
        consents::{self, ConsentError},
        pending::{Destination, Pending},
        profiles,
    },
    storage::sql::ConsentingRow,
};

/// Where this page is.
pub(super) const PATH: &str = "/insight";

/// The page. Who is not logged in, not surely enough, or has chosen nothing yet, is led there.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    let (core, tenant) = (visit.core(), visit.tenant());
    if tenant.purposes.is_empty() {
        return Err(Trouble::NotFound);
    }
    let pending = Pending::to(Destination::Page { path: PATH.to_owned() });
    let Some(signed_in) = visit.signed_in().await? else { return login::begin(&visit, &pending).await };
    let rows = match consents::insight(core, tenant, &signed_in).await {
        Ok(rows) => rows,
        Err(ConsentError::Denied(Denial::StepUp { needed })) => {
            return login::begin(&visit, &pending.at_least(Some(needed))).await;
        }
        Err(ConsentError::NoProfile) => return profile::open_for(&visit, &signed_in, &pending).await,
        Err(error) => return Err(error.into()),
    };
    let portrait = match &signed_in.profile {
        Some(profile) => profiles::describe(core, tenant, profile).await?,
        None => None,
    };
    let organization = portrait.and_then(|portrait| portrait.organization);
    Ok(page::ok(&Insight {
        frame: Frame { here: PATH.into(), ..frame::signed_in(&visit, &signed_in).await? },
        whose: organization
            .map_or_else(|| labels::person(visit.text(), &signed_in.person), |organization| organization.name),
        people: rows.into_iter().map(|row| consenting(&visit, row)).collect(),
    }))
}

fn consenting(visit: &Visit, row: ConsentingRow) -> Consenting {
    let purpose = visit.tenant().purpose(&row.purpose);
    Consenting {
        seen: match purpose.map(|purpose| &purpose.seen) {
            Some(Seen::Contact) => Gets::Contact { email: row.email },
            Some(Seen::Page { register, path }) => row
                .number
                .as_deref()
                .zip(visit.tenant().register(register))
                .map_or(Gets::NothingYet, |(number, register)| Gets::Page {
                    href: format!("{}{}", register.origin, with_number(path, number)),
                }),
            None => Gets::NothingYet,
        },
        purpose: purpose.map_or_else(String::new, |purpose| purpose.name.get(visit.language()).to_owned()),
        name: labels::name(visit.text(), row.name),
        until: row.period.until,
    }
}

/// The path with its one parameter filled in.
fn with_number(path: &str, number: &str) -> String {
    let segment = |part: &str| if part.starts_with('{') { number.to_owned() } else { part.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}
