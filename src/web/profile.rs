//! `/profile`: "I want to log in as" (PROFILE-1 to PROFILE-6), and where a chosen profile leads.

use axum::response::Response;

use super::login::{attempt_id, destination_name};
use crate::{
    base::{
        id::AttemptId,
        token::{Token, TokenDigest},
    },
    domain::{
        capacity::Capacity,
        mandate::Holder,
        organization::Management,
        person::Role,
        profile::{Choice, Next},
        register::Register,
    },
    http::{fields::Fields, frame, labels, page, posted::Posted, trouble::Trouble, visit::Visit},
    pages::views::{
        Frame,
        profile::{CapacityGroup, CapacityOption, Missing, OrganizationOption, Profile, ProfileProblem},
        profile_continue::ProfileContinue,
        words::AccessManagerContact,
    },
    policy::Denial,
    service::{
        authorizations, entry,
        pending::{Destination, Pending},
        profiles::{self, Acted, Choosing, Chosen, ProfileError},
        rights,
        sessions::SignedIn,
    },
};

impl From<ProfileError> for Trouble {
    fn from(error: ProfileError) -> Self {
        match error {
            ProfileError::Gone | ProfileError::NoPhone | ProfileError::NotOffered | ProfileError::NoMandate => {
                Trouble::AttemptGone
            }
            ProfileError::Denied(Denial::Unavailable(why)) => {
                tracing::error!(%why, "policy cannot be asked");
                Trouble::PolicyUnavailable
            }
            ProfileError::Denied(_) => Trouble::NotAllowed,
            ProfileError::Store(error) => error.into(),
        }
    }
}

/// How somebody came to a page from which they go on to another origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// By a link or redirect: a redirect takes them on.
    Link,
    /// By a form: a page takes them on.
    Form,
}

/// The open choice that a request names.
pub(super) async fn choosing(visit: &Visit, attempt: &str) -> Result<(SignedIn, Choosing), Trouble> {
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    let id = attempt_id(attempt)?;
    let choosing = profiles::choosing(visit.core(), visit.tenant(), &signed_in, id, visit.browser()).await?;
    Ok((signed_in, choosing))
}

/// The page of the choice. With one possibility it is chosen silently. Without an open choice one is opened.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    if fields.text("attempt").is_empty() {
        return open(&visit).await;
    }
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    let id = attempt_id(fields.text("attempt"))?;
    let choosing = match profiles::choosing(visit.core(), visit.tenant(), &signed_in, id, visit.browser()).await {
        // LOGIN-8: one is led to the step with the telephone number, and from there back to this choice.
        Err(ProfileError::NoPhone) => return Ok(page::see_other(&format!("{}?attempt={id}", super::phone::PATH))),
        choosing => choosing?,
    };
    // Nobody chooses a profile only to hear that the register asks another login of them (LOGIN-4).
    if !signed_in.does_for(visit.tenant(), &choosing.pending, visit.tenant().today(visit.core().now())) {
        return super::login::begin(&visit, &choosing.pending).await;
    }
    if let Some(next) = choosing.standing.only(visit.tenant().today(visit.core().now())) {
        let chosen = profiles::follow(visit.core(), visit.tenant(), &signed_in, &choosing, next).await?;
        let arrival = if fields.text("after") == "form" { Arrival::Form } else { Arrival::Link };
        return go(&visit, &choosing, chosen, arrival).await;
    }
    Ok(leading(&visit, &choosing.pending, page::ok(&view(&visit, &signed_in, &choosing, None).await?)))
}

/// A page whose form leads to a register's host: the policy of its content names that host, since Chromium applies
/// `form-action` to the redirects after a form too.
pub(super) fn leading(visit: &Visit, pending: &Pending, response: Response) -> Response {
    match &pending.destination {
        Destination::Register { register, .. } => match visit.tenant().register(register) {
            Some(register) => page::forms_lead_to(response, &register.origin),
            None => response,
        },
        // A client may redirect on to wherever it likes: a page without a form takes people there.
        Destination::Account | Destination::Page { .. } | Destination::Client(_) => response,
    }
}

/// Opens a choice whose result is for the account page.
pub(super) async fn open(visit: &Visit) -> Result<Response, Trouble> {
    let pending = Pending::to(Destination::Account);
    match visit.signed_in().await? {
        None => super::login::begin(visit, &pending).await,
        Some(signed_in) => open_for(visit, &signed_in, &pending).await,
    }
}

/// Opens a choice, and goes to its page.
pub(super) async fn open_for(visit: &Visit, signed_in: &SignedIn, pending: &Pending) -> Result<Response, Trouble> {
    let attempt = profiles::open(visit.core(), visit.tenant(), signed_in, visit.browser(), pending).await?;
    Ok(page::see_other(&format!("/profile?attempt={attempt}")))
}

async fn view(
    visit: &Visit,
    signed_in: &SignedIn,
    choosing: &Choosing,
    problem: Option<ProfileProblem>,
) -> Result<Profile, Trouble> {
    let (tenant, language) = (visit.tenant(), visit.language());
    // The last choice is proposed, but never somebody to represent.
    let last = signed_in.profile.as_ref().filter(|profile| profile.mandate.is_none());
    let is_last = |choice: &Choice| match (choice, last) {
        (Choice::Citizen, None) => true,
        (_, None) => false,
        (Choice::Citizen, Some(last)) => {
            last.profession.is_none() && matches!(last.capacity, Capacity::Citizen | Capacity::OrganizationMember)
        }
        (Choice::Professional(code), Some(last)) => last.profession.as_deref() == Some(code),
        (Choice::Role(role), Some(last)) => role.word() == last.capacity.word(),
    };
    let option = |choice: &Choice, label: String| CapacityOption {
        value: choice.to_string(),
        label,
        hint: None,
        chosen: is_last(choice),
    };
    let mut groups = Vec::new();
    let mut professions = Vec::new();
    for choice in &choosing.offer.choices {
        match choice {
            Choice::Citizen => groups.push(CapacityGroup {
                heading: None,
                options: vec![option(choice, labels::capacity(tenant, language, Capacity::Citizen))],
            }),
            Choice::Professional(code) => {
                professions.push(option(choice, labels::of(&tenant.professions, code, language).to_owned()));
            }
            Choice::Role(role) => {
                let capacity = Capacity::ALL.into_iter().find(|capacity| capacity.word() == role.word());
                let label = capacity.map_or_else(String::new, |capacity| labels::capacity(tenant, language, capacity));
                groups.push(CapacityGroup { heading: None, options: vec![option(choice, label)] });
            }
        }
    }
    if !professions.is_empty() {
        let heading = Some(labels::capacity(tenant, language, Capacity::Professional));
        groups.insert(1, CapacityGroup { heading, options: professions });
    }
    // Who is on the way to an organization's rights is proposed the first that they manage.
    let manages = match &choosing.pending.destination {
        Destination::Page { path } if path == super::organization::PATH => {
            let mut led = choosing.offer.organizations.iter().filter(|m| m.management > Management::None);
            led.next().map(|m| m.organization.id)
        }
        _ => None,
    };
    let organizations = choosing.offer.organizations.iter().map(|membership| OrganizationOption {
        value: membership.organization.id.to_string(),
        name: membership.organization.name.clone(),
        number: membership.organization.number.as_deref().map(labels::enterprise),
        chosen: match &manages {
            Some(managed) => *managed == membership.organization.id,
            None => last.and_then(|last| last.organization) == Some(membership.organization.id),
        },
    });
    let missing = choosing.offer.incomplete.iter().map(|code| Missing::RegistrationIncomplete {
        profession: labels::of(&tenant.professions, code, language).to_owned(),
    });
    let mut missing: Vec<Missing> = missing.collect();
    // Who grants rights knows who has them; the others see what they lack and whom to ask.
    let led = choosing.offer.organizations.iter().filter(|m| m.management == Management::None).cloned();
    let lacking = rights::missing(visit.core(), tenant, signed_in.person.id, &led.collect::<Vec<_>>()).await?;
    missing.extend(lacking.into_iter().map(|lacking| Missing::Right {
        organization: lacking.organization.name,
        right: labels::of(&tenant.rights, &lacking.right, language).to_owned(),
        managers: lacking.managers.into_iter().map(|name| AccessManagerContact { name, email: None }).collect(),
    }));
    Ok(Profile {
        frame: Frame {
            here: format!("/profile?attempt={}", choosing.attempt),
            ..frame::signed_in(visit, signed_in).await?
        },
        attempt: Some(choosing.attempt.to_string()),
        register: destination_name(visit, &choosing.pending.destination),
        organizations: organizations.collect(),
        groups,
        missing,
        problem,
    })
}

/// Confirms the choice (PROFILE-1).
pub async fn confirm(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let (signed_in, choosing) = choosing(&visit, fields.text("attempt")).await?;
    let again = async |problem| {
        Ok(leading(&visit, &choosing.pending, page::mend(&view(&visit, &signed_in, &choosing, Some(problem)).await?)))
    };
    let Ok(choice) = fields.text("as").parse::<Choice>() else { return again(ProfileProblem::NothingChosen).await };
    let within = match fields.text("organization") {
        "" => None,
        id => match id.parse() {
            Ok(id) => Some(id),
            Err(_) => return again(ProfileProblem::NoLongerPossible).await,
        },
    };
    match profiles::choose(visit.core(), visit.tenant(), &signed_in, &choosing, &choice, within).await {
        Ok(chosen) => go(&visit, &choosing, chosen, Arrival::Form).await,
        Err(ProfileError::NotOffered | ProfileError::NoMandate) => again(ProfileProblem::NoLongerPossible).await,
        Err(error) => Err(error.into()),
    }
}

/// The question: as mandate holder, or not? (PROFILE-2)
pub async fn ask(visit: Visit) -> Result<Response, Trouble> {
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let (signed_in, choosing) = choosing(&visit, fields.text("attempt")).await?;
    let text = visit.text();
    let today = visit.tenant().today(visit.core().now());
    let roles = choosing
        .standing
        .roles
        .iter()
        .filter(|held| held.period.includes(today))
        .filter_map(|held| {
            Some(match held.role {
                Role::Director => text.say("role-director"),
                Role::PersonResponsible => text.say("role-person-responsible"),
                Role::CertificateManager => text.say("role-certificate-manager"),
                Role::Trainer | Role::Trainee | Role::Supporter | Role::Appraiser | Role::Helpdesk => return None,
            })
        })
        .map(std::borrow::Cow::into_owned)
        .collect();
    let organization = match choosing.pending.holder {
        Some(Holder::Organization(id)) => {
            choosing.offer.organizations.iter().find(|m| m.organization.id == id).map(|m| m.organization.name.clone())
        }
        _ => None,
    };
    let view = ProfileContinue {
        frame: frame::signed_in(&visit, &signed_in).await?,
        attempt: Some(choosing.attempt.to_string()),
        roles,
        organization,
    };
    Ok(leading(&visit, &choosing.pending, page::ok(&view)))
}

/// The answer to that question.
pub async fn answer(visit: Visit, Posted(fields): Posted) -> Result<Response, Trouble> {
    let (signed_in, choosing) = choosing(&visit, fields.text("attempt")).await?;
    let as_holder = match fields.text("as") {
        "mandate_holder" => true,
        "citizen" => false,
        _ => return Err(Trouble::BadRequest),
    };
    let chosen = profiles::answer(visit.core(), visit.tenant(), &signed_in, &choosing, as_holder).await?;
    go(&visit, &choosing, chosen, Arrival::Form).await
}

/// Back to oneself, with one click of the banner.
pub async fn back_to_oneself(visit: Visit, _: Posted) -> Result<Response, Trouble> {
    let signed_in = visit.signed_in().await?.ok_or(Trouble::SessionEnded)?;
    let pending = Pending::to(Destination::Account);
    let attempt = profiles::open(visit.core(), visit.tenant(), &signed_in, visit.browser(), &pending).await?;
    as_oneself(&visit, &signed_in, attempt, Arrival::Form).await
}

/// Takes on the profile of oneself; who only holds mandates comes to the search.
pub(super) async fn as_oneself(
    visit: &Visit,
    signed_in: &SignedIn,
    attempt: AttemptId,
    arrival: Arrival,
) -> Result<Response, Trouble> {
    let (core, tenant) = (visit.core(), visit.tenant());
    let choosing = profiles::choosing(core, tenant, signed_in, attempt, visit.browser()).await?;
    let chosen = match choosing.standing.next(&Choice::Citizen, None, tenant.today(core.now())) {
        Ok(Next::Ask { .. }) => {
            let oneself = Next::Act { capacity: Capacity::Citizen, profession: None, organization: None };
            profiles::follow(core, tenant, signed_in, &choosing, oneself).await?
        }
        Ok(next) => profiles::follow(core, tenant, signed_in, &choosing, next).await?,
        // Who is known by what was vouched for an organization is nobody outside it.
        Err(_) => match choosing.standing.only(tenant.today(core.now())) {
            Some(within) => profiles::follow(core, tenant, signed_in, &choosing, within).await?,
            None => return Err(Trouble::AttemptGone),
        },
    };
    let searches = matches!(chosen, Chosen::Search);
    let response = go(visit, &choosing, chosen, arrival).await?;
    if searches {
        // Who only holds mandates acts for nobody until the next mandator is chosen.
        let token = profiles::put_down(core, tenant, signed_in).await?;
        return Ok(page::with_session(response, &token));
    }
    Ok(response)
}

/// Goes where a choice led.
async fn go(visit: &Visit, choosing: &Choosing, chosen: Chosen, arrival: Arrival) -> Result<Response, Trouble> {
    match chosen {
        Chosen::Ask => Ok(page::see_other(&format!("/profile/continue?attempt={}", choosing.attempt))),
        Chosen::Search => Ok(page::see_other(&format!("/mandators?attempt={}", choosing.attempt))),
        Chosen::Act(acted) => arrive(visit, *acted, arrival).await,
    }
}

/// Goes to the destination with the profile that was taken on.
pub(super) async fn arrive(visit: &Visit, acted: Acted, arrival: Arrival) -> Result<Response, Trouble> {
    let (core, tenant, language) = (visit.core(), visit.tenant(), visit.language());
    let Acted { profile, session_token, session, destination } = acted;
    let (application, url) = match &destination {
        Destination::Account => return Ok(page::with_session(page::see_other("/"), &session_token)),
        Destination::Page { path } => return Ok(page::with_session(page::see_other(path), &session_token)),
        Destination::Register { register, return_path, state } => {
            let register = tenant.register(register).ok_or(Trouble::AttemptGone)?;
            let state = TokenDigest::parse(state).ok_or(Trouble::AttemptGone)?;
            let code = entry::code(core, tenant, session, &profile, &register.id, return_path, state).await?;
            (register.name.get(language), entry_url(visit, register, &code))
        }
        Destination::Client(request) => {
            let client = tenant.client(&request.client).ok_or(Trouble::AttemptGone)?;
            let url = authorizations::answer(core, tenant, session, &profile, request).await?;
            (client.name.get(language), url.ok_or(Trouble::AttemptGone)?)
        }
    };
    let response = match (arrival, &destination) {
        (Arrival::Form, Destination::Client(_)) => page::onwards(visit, application, &url),
        _ => page::see_other(&url),
    };
    Ok(page::with_session(response, &session_token))
}

/// The page of a register's host that redeems an entry code.
pub(super) fn entry_url(visit: &Visit, register: &Register, code: &Token) -> String {
    let url = format!("{}/.poort/enter?code={}", register.origin, code.reveal());
    match visit.chosen_language() {
        // What a person chose here counts on that host too.
        Some(language) => format!("{url}&language={}", language.code()),
        None => url,
    }
}

/// Where somebody goes who cancels: an application hears of it; a register's own front page would only ask again.
pub(super) fn cancelled_url(visit: &Visit, destination: &Destination) -> Option<(String, String)> {
    let tenant = visit.tenant();
    match destination {
        Destination::Client(request) => {
            let client = tenant.client(&request.client)?;
            Some((client.name.get(visit.language()).to_owned(), authorizations::decline(tenant, request)?))
        }
        Destination::Account | Destination::Page { .. } | Destination::Register { .. } => None,
    }
}
