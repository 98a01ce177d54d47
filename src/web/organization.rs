//! `/organization`: an access manager sees the members and their rights, grants rights and takes them back (ORG-1).

use axum::response::{IntoResponse, Response};
use jiff::civil::Date;

use super::{day, login, own_form::in_profile, profile};
use crate::{
    base::id::GrantId,
    domain::organization::{GrantRefused, Management},
    http::{frame, labels, page, posted::Posted, trouble::Trouble, visit::Visit},
    pages::views::{
        Frame,
        organization::{Done, GrantForm, GrantProblem, GrantedRight, Member, Organization, RightOption},
        words::AccessManagerContact,
    },
    policy::Denial,
    service::{
        pending::{Destination, Pending},
        profiles,
        rights::{self, Overview, RightsError},
        sessions::SignedIn,
    },
};

impl From<RightsError> for Trouble {
    fn from(error: RightsError) -> Self {
        match error {
            RightsError::Denied(Denial::Unavailable(why)) => {
                tracing::error!(%why, "policy cannot be asked");
                Trouble::PolicyUnavailable
            }
            RightsError::NotWithin | RightsError::Denied(_) => Trouble::NotAllowed,
            RightsError::Gone => Trouble::NotFound,
            RightsError::Refused(_) | RightsError::HasIt => Trouble::BadRequest,
            RightsError::Store(error) => error.into(),
        }
    }
}

/// Where this page is.
pub(super) const PATH: &str = "/organization";

/// The page. Who is not logged in, not surely enough, or acts as somebody else than the manager they can be, is led there.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    let pending = Pending::to(Destination::Page { path: PATH.to_owned() });
    let Some(signed_in) = visit.signed_in().await? else { return login::begin(&visit, &pending).await };
    match rights::overview(visit.core(), visit.tenant(), &signed_in).await {
        Ok(_) => Ok(page::ok(&view(&visit, &signed_in, GrantForm::default(), None, vec![]).await?)),
        Err(RightsError::Denied(Denial::StepUp { needed })) => {
            login::begin(&visit, &pending.at_least(Some(needed))).await
        }
        Err(RightsError::NotWithin) if manages_any(&visit, &signed_in).await? => {
            profile::open_for(&visit, &signed_in, &pending).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether there is an organization that this person manages.
async fn manages_any(visit: &Visit, signed_in: &SignedIn) -> Result<bool, Trouble> {
    let today = visit.tenant().today(visit.core().now());
    let known = profiles::known(visit.core(), visit.tenant(), &signed_in.person).await?;
    Ok(known.offer(today).organizations.iter().any(|membership| membership.management > Management::None))
}

async fn view(
    visit: &Visit,
    signed_in: &SignedIn,
    form: GrantForm,
    done: Option<Done>,
    problems: Vec<GrantProblem>,
) -> Result<Organization, Trouble> {
    let (core, tenant, language) = (visit.core(), visit.tenant(), visit.language());
    let overview = rights::overview(core, tenant, signed_in).await?;
    let Overview { organization, members, grantable } = overview;
    let managers = members
        .iter()
        .filter(|(member, _)| member.management > Management::None)
        .map(|(member, _)| AccessManagerContact { name: member.name.clone(), email: None })
        .collect();
    let names: Vec<_> = members.iter().map(|(member, _)| (member.person, member.name.clone())).collect();
    let may_revoke = |right: &str| grantable.iter().any(|(code, _)| code == right);
    let members = members
        .into_iter()
        .map(|(member, grants)| Member {
            handle: member.person.to_string(),
            role: labels::member(tenant, language, member.management),
            yourself: member.person == signed_in.person.id,
            rights: grants
                .into_iter()
                .map(|grant| GrantedRight {
                    handle: grant.id.to_string(),
                    name: labels::of(&tenant.rights, &grant.right, language).to_owned(),
                    until: grant.period.until.unwrap_or(Date::MAX),
                    granted_by: names
                        .iter()
                        .find(|(person, _)| *person == grant.granted_by)
                        .map_or_else(String::new, |(_, name)| name.clone()),
                    revocable: may_revoke(&grant.right),
                })
                .collect(),
            name: member.name,
        })
        .collect();
    let grantable = grantable
        .into_iter()
        .map(|(right, _)| RightOption { name: labels::of(&tenant.rights, &right, language).to_owned(), value: right })
        .collect();
    Ok(Organization {
        frame: Frame { here: PATH.into(), ..frame::signed_in(visit, signed_in).await? },
        name: organization.name,
        number: organization.number.as_deref().map(labels::enterprise),
        managers,
        members,
        grantable,
        form,
        done,
        problems,
    })
}

/// Grants a right.
pub async fn grant(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = match in_profile(&visit, &fields, "organization").await? {
        Ok(signed_in) => signed_in,
        Err(conflict) => return Ok(conflict),
    };
    let form = GrantForm {
        member: fields.text("member").to_owned(),
        right: fields.text("right").to_owned(),
        day: fields.text("day").to_owned(),
        month: fields.text("month").to_owned(),
        year: fields.text("year").to_owned(),
    };
    let member = form.member.parse().ok();
    let until = end(&form);
    let mut problems: Vec<GrantProblem> = Vec::new();
    if member.is_none() {
        problems.push(GrantProblem::MemberMissing);
    }
    if form.right.is_empty() {
        problems.push(GrantProblem::RightMissing);
    }
    if let Err(problem) = &until {
        problems.push(problem.clone());
    }
    let (Some(member), Ok(until), true) = (member, until, problems.is_empty()) else {
        return Ok(page::mend(&view(&visit, &signed_in, form, None, problems).await?));
    };
    let (core, tenant) = (visit.core(), visit.tenant());
    let problem = match rights::grant(core, tenant, &signed_in, member, &form.right, until).await {
        Ok(()) => {
            let mut page = view(&visit, &signed_in, GrantForm::default(), None, vec![]).await?;
            let name = page.members.iter().find(|m| m.handle == form.member).map(|m| m.name.clone());
            let right = labels::of(&tenant.rights, &form.right, visit.language()).to_owned();
            page.done = Some(Done::Granted { right, member: name.unwrap_or_default(), until });
            return Ok(page::ok(&page));
        }
        Err(RightsError::HasIt) => {
            let overview = rights::overview(core, tenant, &signed_in).await?;
            let grants = overview.members.into_iter().find(|(m, _)| m.person == member).map(|(_, grants)| grants);
            let held = grants.into_iter().flatten().find(|grant| grant.right == form.right);
            GrantProblem::AlreadyGranted { until: held.and_then(|g| g.period.until).unwrap_or(until) }
        }
        Err(RightsError::Refused(refused)) => match refused {
            GrantRefused::ToOneself => GrantProblem::Yourself,
            GrantRefused::EndInPast => GrantProblem::EndInThePast,
            GrantRefused::BeyondMembership => GrantProblem::MemberMissing,
            GrantRefused::BeyondOrganization | GrantRefused::BeyondManager => {
                let overview = rights::overview(core, tenant, &signed_in).await?;
                match overview.grantable.iter().find(|(right, _)| *right == form.right) {
                    Some((_, Some(latest))) => GrantProblem::EndTooLate { latest: *latest },
                    _ if refused == GrantRefused::BeyondOrganization => GrantProblem::OrganizationLacksRight,
                    _ => GrantProblem::NotYoursToGive,
                }
            }
        },
        Err(error) => return Err(error.into()),
    };
    Ok(page::mend(&view(&visit, &signed_in, form, None, vec![problem]).await?))
}

/// The last day that was filled in.
fn end(form: &GrantForm) -> Result<Date, GrantProblem> {
    if form.day.is_empty() && form.month.is_empty() && form.year.is_empty() {
        return Err(GrantProblem::EndMissing);
    }
    day::read(&form.day, &form.month, &form.year).ok_or(GrantProblem::EndNotADate)
}

/// Takes a right back.
pub async fn revoke(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let signed_in = match in_profile(&visit, &fields, "organization").await? {
        Ok(signed_in) => signed_in,
        Err(conflict) => return Ok(conflict),
    };
    let id: GrantId = fields.text("right_grant").parse().map_err(|_| Trouble::BadRequest)?;
    let before = view(&visit, &signed_in, GrantForm::default(), None, vec![]).await?;
    rights::revoke(visit.core(), visit.tenant(), &signed_in, id).await?;
    let taken = before.members.iter().find_map(|member| {
        let right = member.rights.iter().find(|right| right.handle == id.to_string())?;
        Some(Done::Revoked { right: right.name.clone(), member: member.name.clone() })
    });
    Ok(page::ok(&view(&visit, &signed_in, GrantForm::default(), taken, vec![]).await?).into_response())
}
