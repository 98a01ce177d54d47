//! A refused request in the person's words: what is missing, and how to get it (PROXY-2, PROFILE-5).

use http::{Response, StatusCode};

use super::{
    entry::{as_current_url, begin_url, step_up_url, switch_url},
    pages::Audience,
};
use crate::{
    domain::{
        capacity::Capacity,
        profile::{Choice, Profile},
        register::Register,
        tenant::Tenant,
    },
    http::{Body, frame, labels},
    pages::views::{
        Frame,
        failure::FailureKind,
        profile_conflict::{ProfileConflict, ProfileName},
        refusal::{Lacking, Refusal},
        words::AccessManagerContact,
    },
    policy::{Denial, WouldDo},
    service::{Core, access::Acting, identities::Portrait, profiles, rights},
    storage::StoreError,
};

/// The answer to a request that policy denies.
///
/// # Errors
/// When the database does not answer.
pub async fn denied(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    acting: &Acting,
    denial: &Denial,
    audience: &Audience<'_>,
) -> Result<Response<Body>, StoreError> {
    let lacking = match denial {
        // As for a path that does not exist.
        Denial::Hidden => return Ok(audience.failure(StatusCode::NOT_FOUND, FailureKind::NotFound, Some("/"))),
        Denial::Unavailable(_) => {
            return Ok(audience.unavailable(FailureKind::PolicyUnavailable, Some(&audience.place)));
        }
        Denial::StepUp { needed } => vec![Lacking::Assurance { href: step_up_url(&audience.place, *needed) }],
        Denial::Forbidden(would_do) => {
            if !audience.html {
                return Ok(audience.problem(StatusCode::FORBIDDEN, None));
            }
            lacking(core, tenant, acting, would_do.clone(), audience).await?
        }
    };
    if !audience.html {
        let detail = matches!(denial, Denial::StepUp { .. }).then_some("a login with more assurance is needed");
        return Ok(audience.problem(StatusCode::FORBIDDEN, detail));
    }
    let view = Refusal {
        frame: acting_frame(tenant, &acting.portrait, audience),
        register: register.name.get(audience.language).to_owned(),
        profile: Some(labels::profile(tenant, audience.language, &acting.profile, Some(&acting.portrait))),
        lacking,
        // From a form back to its page, from a page to the front; the front itself has nothing before it.
        back: Some(if audience.navigates { "/".to_owned() } else { audience.place.clone() })
            .filter(|_| !audience.navigates || audience.place != "/"),
        reference: audience.reference(),
    };
    Ok(audience.page(StatusCode::FORBIDDEN, &view))
}

/// The answer to who logged in otherwise than the register asks of them (LOGIN-4): the page behind the button explains.
pub fn other_login(tenant: &Tenant, register: &Register, acting: &Acting, audience: &Audience<'_>) -> Response<Body> {
    if !audience.html {
        return audience.problem(StatusCode::FORBIDDEN, Some("the register asks another way of logging in"));
    }
    let view = Refusal {
        frame: acting_frame(tenant, &acting.portrait, audience),
        register: register.name.get(audience.language).to_owned(),
        profile: Some(labels::profile(tenant, audience.language, &acting.profile, Some(&acting.portrait))),
        lacking: vec![Lacking::OtherKey { href: begin_url(&audience.place) }],
        back: None,
        reference: audience.reference(),
    };
    audience.page(StatusCode::FORBIDDEN, &view)
}

async fn lacking(
    core: &Core,
    tenant: &Tenant,
    acting: &Acting,
    would_do: WouldDo,
    audience: &Audience<'_>,
) -> Result<Vec<Lacking>, StoreError> {
    let language = audience.language;
    let today = tenant.today(core.now());
    let standing = profiles::known(core, tenant, &acting.portrait.actor).await?;
    let mut offered: Vec<Capacity> = standing
        .offer(today)
        .choices
        .iter()
        .filter_map(|choice| match choice {
            Choice::Citizen => Some(Capacity::Citizen),
            Choice::Professional(_) => Some(Capacity::Professional),
            Choice::Role(role) => Capacity::ALL.into_iter().find(|capacity| capacity.word() == role.word()),
        })
        .collect();
    if !standing.holders.is_empty() {
        offered.push(Capacity::MandateHolder);
    }
    if !standing.memberships.is_empty() {
        offered.push(Capacity::OrganizationMember);
    }
    let would_do = would_do.among(&offered, |right| tenant.rights.contains_key(right));
    let mut lacking = Vec::new();
    if !would_do.capacities.is_empty() {
        lacking.push(Lacking::Profile {
            profiles: would_do.capacities.iter().map(|c| labels::capacity(tenant, language, *c)).collect(),
            href: switch_url(&audience.place),
        });
    }
    if !would_do.roles.is_empty() {
        lacking.push(Lacking::Role);
    }
    if let Some(organization) = &acting.portrait.organization {
        for right in &would_do.rights {
            let managers = rights::access_managers(core, tenant, organization.id).await?;
            lacking.push(Lacking::Right {
                right: labels::of(&tenant.rights, right, language).to_owned(),
                organization: organization.name.clone(),
                managers: managers.into_iter().map(|name| AccessManagerContact { name, email: None }).collect(),
            });
        }
    }
    if let Some((_, mandate)) = &acting.portrait.represented
        && !would_do.mandates.is_empty()
    {
        let scope = labels::of(&tenant.mandate_scopes, &mandate.scope, language).to_owned();
        lacking.push(Lacking::MandateScope { scope });
    }
    Ok(lacking)
}

/// The answer to who had a profile that no longer holds: the mandate, membership, registration or role has ended.
pub fn profile_ended(tenant: &Tenant, register: &Register, audience: &Audience<'_>) -> Response<Body> {
    if !audience.html {
        return audience.problem(StatusCode::FORBIDDEN, Some("the profile of this session has ended"));
    }
    let view = Refusal {
        frame: frame::on_register(tenant, audience.language),
        register: register.name.get(audience.language).to_owned(),
        profile: None,
        lacking: vec![Lacking::ProfileEnded { href: switch_url(&audience.place) }],
        back: None,
        reference: audience.reference(),
    };
    audience.page(StatusCode::FORBIDDEN, &view)
}

/// The profile in use.
#[derive(Clone, Copy)]
pub struct InUse<'a> {
    /// Which.
    pub profile: &'a Profile,
    /// What is known of it.
    pub portrait: &'a Portrait,
}

/// The answer to a form that was made for another profile than the one in use. Nothing was forwarded.
///
/// # Errors
/// When the database does not answer.
pub async fn conflict(
    core: &Core,
    tenant: &Tenant,
    in_use: InUse<'_>,
    made_for: Option<&str>,
    audience: &Audience<'_>,
) -> Result<Response<Body>, StoreError> {
    if !audience.html {
        return Ok(audience.problem(StatusCode::CONFLICT, Some("the request was made for another profile")));
    }
    let language = audience.language;
    let named = match made_for {
        None => None,
        Some(handle) => profiles::named(core, tenant, in_use.profile.actor, handle).await?,
    };
    let made_for = named.map(|(profile, portrait)| labels::profile(tenant, language, &profile, portrait.as_ref()));
    let view = ProfileConflict {
        frame: acting_frame(tenant, in_use.portrait, audience),
        made_for: made_for.map(|name| ProfileName { name }),
        in_use: ProfileName { name: labels::profile(tenant, language, in_use.profile, Some(in_use.portrait)) },
        go_on: as_current_url("/"),
        choose: switch_url(&audience.place),
        reference: audience.reference(),
    };
    Ok(audience.page(StatusCode::CONFLICT, &view))
}

/// The answer to nobody: a person logs in and comes back, a program hears 401.
pub fn not_signed_in(audience: &Audience<'_>) -> Response<Body> {
    if audience.navigates {
        audience.see_other(&begin_url(&audience.place))
    } else {
        audience.failure(StatusCode::UNAUTHORIZED, FailureKind::SessionEnded, Some(&begin_url(&audience.place)))
    }
}

pub(super) fn acting_frame(tenant: &Tenant, portrait: &Portrait, audience: &Audience<'_>) -> Frame {
    frame::on_register(tenant, audience.language).acting_as(frame::acting(tenant, audience.language, portrait))
}
