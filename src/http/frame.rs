//! What surrounds a page of a tenant: its name, languages, help, who is signed in and for whom they act.

use super::{labels, visit::Visit};
use crate::{
    base::{Language, Timestamp},
    domain::tenant::Tenant,
    pages::{
        text::Text,
        views::{Acting, Frame, Help, Palette, SessionEnd},
    },
    service::{
        Core,
        identities::Portrait,
        profiles,
        sessions::{self, SignedIn},
    },
    storage::StoreError,
};

/// The frame of a page for nobody in particular.
#[must_use]
pub fn plain(visit: &Visit) -> Frame {
    of_tenant(visit.tenant(), visit.language(), visit.here(), visit.csrf())
}

/// The frame of a tenant's page in a language.
#[must_use]
pub fn of_tenant(tenant: &Tenant, language: Language, here: String, csrf: String) -> Frame {
    let text = Text::new(language);
    Frame {
        text,
        tenant: tenant.name.get(language).to_owned(),
        palette: Palette::from_name(&tenant.palette).unwrap_or(Palette::Ocean),
        languages: tenant.languages.clone(),
        here,
        csrf,
        profile: None,
        person: None,
        acting: None,
        session: None,
        below: "",
        help: Help {
            name: tenant.name.get(language).to_owned(),
            phone: tenant.help.phone.clone().unwrap_or_default(),
            hours: tenant.help.hours.get(language).to_owned(),
            email: tenant.help.email.clone().unwrap_or_default(),
        },
    }
}

/// The frame of a page of Poort's own on a register's host, where every other path is the register's.
#[must_use]
pub fn on_register(tenant: &Tenant, language: Language) -> Frame {
    Frame { languages: vec![], below: "/.poort", ..of_tenant(tenant, language, "/".into(), String::new()) }
}

/// The frame of a page for who is signed in, with the banner that says for whom they act.
///
/// # Errors
/// When the database does not answer.
pub async fn signed_in(visit: &Visit, signed_in: &SignedIn) -> Result<Frame, StoreError> {
    let (core, tenant) = (visit.core(), visit.tenant());
    let mut frame = Frame {
        person: Some(labels::person(visit.text(), &signed_in.person)),
        session: Some(session_end(core, tenant, sessions::end_of(tenant, &signed_in.session))),
        ..plain(visit)
    };
    if let Some(profile) = &signed_in.profile {
        frame.profile = Some(profile.handle.clone());
        let portrait = profiles::describe(core, tenant, profile).await?;
        frame.acting = portrait.and_then(|portrait| acting(tenant, visit.language(), &portrait));
    }
    Ok(frame)
}

/// When a session ends, as the page says and its script counts.
#[must_use]
pub fn session_end(core: &Core, tenant: &Tenant, end: Timestamp) -> SessionEnd {
    SessionEnd {
        at: end.date_time_in(&tenant.zone),
        seconds: u32::try_from(end.since(core.now()).as_secs()).unwrap_or(u32::MAX),
    }
}

/// The banner of a profile that acts for somebody or within an organization.
#[must_use]
pub fn acting(tenant: &Tenant, language: Language, portrait: &Portrait) -> Option<Acting> {
    let organization = portrait.organization.as_ref();
    if let Some((person, mandate)) = &portrait.represented {
        return Some(Acting::Mandate {
            name: person.name(),
            registration: portrait.registration.as_deref().map(|number| labels::registration(tenant, language, number)),
            scope: labels::of(&tenant.mandate_scopes, &mandate.scope, language).to_owned(),
            until: mandate.period.until,
            holder: organization.map(|organization| organization.name.clone()),
        });
    }
    organization.map(|organization| Acting::Organization {
        name: organization.name.clone(),
        number: organization.number.as_deref().map(labels::enterprise),
        capacity: labels::member(tenant, language, portrait.management),
    })
}
