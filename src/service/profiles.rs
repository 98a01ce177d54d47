//! Choosing as what, for whom and within which organization one acts (PROFILE-1 to PROFILE-6).

use jiff::civil::Date;

use super::{
    Core,
    pending::{Destination, Pending},
    phones,
    sessions::SignedIn,
};
use crate::{
    base::{
        Timestamp,
        id::{AttemptId, MandateId, OrganizationId, PersonId, SessionId},
        token::{Token, TokenDigest},
    },
    domain::{
        capacity::Capacity,
        identifier::NationalNumber,
        mandate::{FoundMandator, Holder, MandatorSearch},
        organization::Organization,
        period::Period,
        person::Person,
        profile::{Choice, Next, NotOffered, Offer, Profile, Represented, Standing},
        tenant::Tenant,
    },
    policy::{self, Denial, Known, Question, Target, action::SearchMandators},
    storage::{StoreError, Transaction, sql::Session},
};

/// Why a profile cannot be chosen.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The attempt is over, expired, or of another browser or person.
    #[error("the choice is no longer open")]
    Gone,
    /// Somebody who must have a verified telephone number here has none yet.
    #[error("a telephone number is to be verified first")]
    NoPhone,
    /// This choice is not offered to this person.
    #[error("this profile is not offered")]
    NotOffered,
    /// The mandate does not let this person act, now.
    #[error("no mandate in force")]
    NoMandate,
    /// Policy does not allow it.
    #[error("denied: {0}")]
    Denied(Denial),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotOffered> for ProfileError {
    fn from(_: NotOffered) -> Self {
        ProfileError::NotOffered
    }
}

/// An open choice: what it is for, and what the person may choose.
#[derive(Debug)]
pub struct Choosing {
    /// The attempt that remembers it.
    pub attempt: AttemptId,
    /// What it is for.
    pub pending: Pending,
    /// What the register knows of the person.
    pub standing: Standing,
    /// What is offered today.
    pub offer: Offer,
}

impl Choosing {
    /// The organization whose mandators are searched, when the holder is one.
    #[must_use]
    pub fn holder_organization(&self) -> Option<&Organization> {
        match self.pending.holder {
            Some(Holder::Organization(id)) => {
                self.offer.organizations.iter().find(|m| m.organization.id == id).map(|m| &m.organization)
            }
            _ => None,
        }
    }
}

/// Where a choice led.
#[derive(Debug)]
pub enum Chosen {
    /// To the question: as mandate holder, or not.
    Ask,
    /// To the search among mandators.
    Search,
    /// To this profile; the session has it, and this new token.
    Act(Box<Acted>),
}

/// A profile that was taken on.
#[derive(Debug)]
pub struct Acted {
    /// The profile.
    pub profile: Profile,
    /// The session on the login host.
    pub session: SessionId,
    /// Its new token; the old one is dead.
    pub session_token: Token,
    /// Where to go with it.
    pub destination: Destination,
}

/// What the register knows of a person that bears on their profiles.
pub(super) async fn standing(
    transaction: &mut Transaction,
    person: Person,
    today: Date,
) -> Result<Standing, StoreError> {
    let memberships = transaction.memberships(person.id).await?;
    let mut holders = Vec::new();
    let mut candidates = vec![Holder::Person(person.id)];
    candidates.extend(memberships.iter().filter(|m| m.representative).map(|m| Holder::Organization(m.organization.id)));
    for holder in candidates {
        if transaction.holds_any_mandate(holder, today).await? {
            holders.push(holder);
        }
    }
    Ok(Standing {
        registrations: transaction.registrations(person.id).await?,
        roles: transaction.roles(person.id).await?,
        person,
        memberships,
        holders,
    })
}

/// Until when a profile holds, when it holds on `today`: the period in which every fact that it rests on is in force.
pub(super) async fn holds(
    transaction: &mut Transaction,
    profile: &Profile,
    today: Date,
) -> Result<Option<Period>, StoreError> {
    let mut until: Option<Date> = None;
    let mut within = |period: &Period| {
        if let Some(end) = period.until {
            until = Some(until.map_or(end, |known| known.min(end)));
        }
        period.includes(today)
    };
    let membership = match profile.organization {
        None => None,
        Some(organization) => match transaction.membership(organization, profile.actor).await? {
            Some(membership) if within(&membership.period) => Some(membership),
            _ => return Ok(None),
        },
    };
    if let Some(profession) = &profile.profession {
        let registrations = transaction.registrations(profile.actor).await?;
        if !registrations.iter().any(|r| r.profession == *profession && r.complete && within(&r.period)) {
            return Ok(None);
        }
    }
    let good = match profile.capacity {
        Capacity::Citizen => true,
        Capacity::Professional => profile.profession.is_some(),
        Capacity::OrganizationMember => membership.is_some(),
        Capacity::MandateHolder => match &profile.mandate {
            None => false,
            Some(represented) => match transaction.mandate(represented.mandate).await? {
                None => false,
                Some(mandate) => {
                    let holder_is_theirs = match mandate.holder {
                        Holder::Person(person) => person == profile.actor && profile.organization.is_none(),
                        Holder::Organization(id) => {
                            membership.as_ref().is_some_and(|m| m.organization.id == id && m.representative)
                        }
                    };
                    holder_is_theirs
                        && mandate.mandator == represented.person
                        && mandate.in_force(today)
                        && within(&mandate.period)
                        && transaction.person(represented.person).await?.is_some()
                }
            },
        },
        Capacity::Anyone => false,
        Capacity::Trainer | Capacity::Trainee | Capacity::Supporter | Capacity::Appraiser | Capacity::Helpdesk => {
            let roles = transaction.roles(profile.actor).await?;
            roles.iter().any(|held| held.role.word() == profile.capacity.word() && within(&held.period))
        }
    };
    Ok(good.then(|| Period::new(None, until)))
}

/// The profile of the session with this id, while it holds.
pub(super) async fn of_session(
    tenant: &Tenant,
    transaction: &mut Transaction,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<Profile>, StoreError> {
    match transaction.session(id).await? {
        None => Ok(None),
        Some(session) => in_use(tenant, transaction, &session, now).await,
    }
}

/// The profile that a session has, while it holds.
pub(super) async fn in_use(
    tenant: &Tenant,
    transaction: &mut Transaction,
    session: &Session,
    now: Timestamp,
) -> Result<Option<Profile>, StoreError> {
    let Some(handle) = &session.profile else { return Ok(None) };
    let Some(profile) = transaction.profile(handle).await? else { return Ok(None) };
    Ok(holds(transaction, &profile, tenant.today(now)).await?.map(|_| profile))
}

/// Opens a choice of profile for who is signed in.
///
/// # Errors
/// When the database does not answer.
pub async fn open(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    browser: TokenDigest,
    pending: &Pending,
) -> Result<AttemptId, StoreError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    let id = open_in(core, tenant, &mut transaction, signed_in.person.id, browser, pending).await?;
    transaction.commit().await?;
    Ok(id)
}

pub(super) async fn open_in(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    person: PersonId,
    browser: TokenDigest,
    pending: &Pending,
) -> Result<AttemptId, StoreError> {
    let now = core.now();
    let id = AttemptId::new(&core.random);
    transaction.put_attempt(id, browser, &pending.text(), now, now.plus(tenant.terms.login_attempt)).await?;
    transaction.set_attempt_person(id, person).await?;
    Ok(id)
}

/// The open choice of an attempt.
///
/// # Errors
/// `Gone` when it is not open for this browser and person.
pub async fn choosing(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    attempt: AttemptId,
    browser: TokenDigest,
) -> Result<Choosing, ProfileError> {
    let now = core.now();
    let today = tenant.today(now);
    let mut transaction = core.store.read(&tenant.id).await?;
    let open = transaction.attempt(attempt, browser, now).await?.ok_or(ProfileError::Gone)?;
    // An attempt whose means was chosen is a login under way, not a choice of profile.
    if open.person != Some(signed_in.person.id) || open.means.is_some() {
        return Err(ProfileError::Gone);
    }
    let pending = Pending::parse(&open.destination)?;
    if phones::is_missing(tenant, &mut transaction, signed_in.person.id, &signed_in.session.means).await? {
        return Err(ProfileError::NoPhone);
    }
    let standing = standing(&mut transaction, signed_in.person.clone(), today).await?;
    let offer = standing.offer(today);
    Ok(Choosing { attempt, pending, standing, offer })
}

/// Confirms a choice (PROFILE-1).
///
/// # Errors
/// `NotOffered` when this person may not choose it.
pub async fn choose(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    choosing: &Choosing,
    choice: &Choice,
    within: Option<OrganizationId>,
) -> Result<Chosen, ProfileError> {
    let next = choosing.standing.next(choice, within, tenant.today(core.now()))?;
    follow(core, tenant, signed_in, choosing, next).await
}

/// Goes where a choice leads.
///
/// # Errors
/// When the attempt is over, or the database does not answer.
pub async fn follow(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    choosing: &Choosing,
    next: Next,
) -> Result<Chosen, ProfileError> {
    match next {
        Next::Act { capacity, profession, organization } => {
            let profile = Profile {
                handle: Token::new(&core.random).reveal(),
                actor: signed_in.person.id,
                capacity,
                profession,
                organization,
                mandate: None,
            };
            act(core, tenant, signed_in, choosing, profile).await.map(Box::new).map(Chosen::Act)
        }
        Next::Ask { holder } => {
            remember_holder(core, tenant, choosing, holder).await?;
            Ok(Chosen::Ask)
        }
        Next::Search { holder } => {
            remember_holder(core, tenant, choosing, holder).await?;
            Ok(Chosen::Search)
        }
    }
}

/// Puts the profile down that the session has: one acts for nobody any more until a profile is chosen.
///
/// # Errors
/// `Gone` when the session has ended meanwhile.
pub async fn put_down(core: &Core, tenant: &Tenant, signed_in: &SignedIn) -> Result<Token, ProfileError> {
    let now = core.now();
    let session_token = Token::new(&core.random);
    let mut transaction = core.store.begin(&tenant.id).await?;
    if !transaction.renew_session(signed_in.session.id, session_token.digest(), None).await? {
        return Err(ProfileError::Gone);
    }
    transaction.end_entries(signed_in.session.id, now).await?;
    transaction
        .record(&core.event("profile.put_down").by(signed_in.person.id).in_session(signed_in.session.id))
        .await?;
    transaction.commit().await?;
    Ok(session_token)
}

/// The answer to "as mandate holder, or not?" (PROFILE-2): true leads to the search.
///
/// # Errors
/// `NotOffered` when the question was not asked.
pub async fn answer(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    choosing: &Choosing,
    as_holder: bool,
) -> Result<Chosen, ProfileError> {
    let holder = choosing.pending.holder.ok_or(ProfileError::NotOffered)?;
    if as_holder {
        return Ok(Chosen::Search);
    }
    let next = match holder {
        Holder::Person(_) => Next::Act { capacity: Capacity::Citizen, profession: None, organization: None },
        Holder::Organization(id) => {
            let organization = Some(id);
            if !choosing.offer.organizations.iter().any(|m| Some(m.organization.id) == organization) {
                return Err(ProfileError::NotOffered);
            }
            Next::Act { capacity: Capacity::OrganizationMember, profession: None, organization }
        }
    };
    follow(core, tenant, signed_in, choosing, next).await
}

async fn remember_holder(
    core: &Core,
    tenant: &Tenant,
    choosing: &Choosing,
    holder: Holder,
) -> Result<(), ProfileError> {
    let pending = Pending { holder: Some(holder), ..choosing.pending.clone() };
    let mut transaction = core.store.begin(&tenant.id).await?;
    if !transaction.set_attempt_destination(choosing.attempt, &pending.text()).await? {
        return Err(ProfileError::Gone);
    }
    transaction.commit().await?;
    Ok(())
}

/// A page of mandators, with how many there are.
#[derive(Debug)]
pub struct MandatorPage {
    /// How many match.
    pub count: u64,
    /// Those on this page.
    pub found: Vec<FoundMandator>,
    /// The organization whose mandators they are, when it is not the person themselves.
    pub organization: Option<Organization>,
}

/// Searches among the mandators of the holder that was chosen (PROFILE-3).
///
/// # Errors
/// `NotOffered` when no holder was chosen; `Denied` when policy does not let this person search.
pub async fn search(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    choosing: &Choosing,
    search: &MandatorSearch,
    page: u32,
) -> Result<MandatorPage, ProfileError> {
    let holder = choosing.pending.holder.ok_or(ProfileError::NotOffered)?;
    let today = tenant.today(core.now());
    let organization = may_search(core, tenant, signed_in, choosing, holder, today).await?;
    let mut transaction = core.store.begin(&tenant.id).await?;
    let (count, found) = transaction.search_mandators(holder, search, today, page).await?;
    let by = [
        ("nihdi", search.nihdi.is_some()),
        ("national number", search.national_number_index.is_some()),
        ("name", search.family_name.is_some() || search.given_name.is_some()),
    ];
    let by: Vec<&str> = by.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect();
    let mut event = core
        .event("mandators.searched")
        .by(signed_in.person.id)
        .in_session(signed_in.session.id)
        .with("by", by.join(", "))
        .with("found", count.to_string());
    event.organization = organization.as_ref().map(|organization| organization.id);
    transaction.record(&event).await?;
    transaction.commit().await?;
    Ok(MandatorPage { count, found, organization })
}

/// Whether this person may search for a mandator of the holder that was chosen.
///
/// # Errors
/// As [`search`].
pub async fn search_allowed(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    choosing: &Choosing,
) -> Result<(), ProfileError> {
    let holder = choosing.pending.holder.ok_or(ProfileError::NotOffered)?;
    may_search(core, tenant, signed_in, choosing, holder, tenant.today(core.now())).await.map(drop)
}

/// Whether this person may look among the mandators of `holder`; the organization, when it is one.
async fn may_search(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    choosing: &Choosing,
    holder: Holder,
    today: Date,
) -> Result<Option<Organization>, ProfileError> {
    let known = Known::of(tenant.id.clone(), signed_in.person.id, today);
    let membership = match holder {
        Holder::Person(person) if person == signed_in.person.id => None,
        Holder::Person(_) => return Err(ProfileError::NotOffered),
        Holder::Organization(id) => Some(
            choosing.offer.organizations.iter().find(|m| m.organization.id == id).ok_or(ProfileError::NotOffered)?,
        ),
    };
    let profile = Profile {
        handle: String::new(),
        actor: signed_in.person.id,
        capacity: Capacity::MandateHolder,
        profession: None,
        organization: membership.map(|m| m.organization.id),
        mandate: None,
    };
    let (target, facts) = match membership {
        None => (Target::Person(signed_in.person.id), vec![known.oneself()]),
        Some(membership) => (Target::Organization(membership.organization.id), known.membership(membership).collect()),
    };
    let question = Question::new(&tenant.id, &profile, signed_in.session.assurance, SearchMandators, target, facts);
    let asked: Result<policy::Permit<SearchMandators>, Denial> = core.policies.authorize(question);
    if let Err(denial) = asked {
        let mut event = core
            .event("access.refused")
            .by(signed_in.person.id)
            .in_session(signed_in.session.id)
            .with("action", "mandators.search")
            .with("reason", denial.to_string());
        event.organization = profile.organization;
        core.record(tenant, event).await?;
        return Err(ProfileError::Denied(denial));
    }
    Ok(membership.map(|m| m.organization.clone()))
}

/// The index by which a national number is searched, under each key that counts; the number itself goes no further.
///
/// # Errors
/// When the tenant's keys are not there.
pub fn national_number_index(
    core: &Core,
    tenant: &Tenant,
    number: &NationalNumber,
) -> Result<[Vec<u8>; 2], StoreError> {
    let lookup = core.keys_of(tenant)?.sealer.lookup(number.kind(), number.reveal());
    let (old, new) = lookup.either();
    Ok([old.to_vec(), new.to_vec()])
}

/// Chooses a mandator: from now on one acts for them, under this mandate.
///
/// # Errors
/// `NoMandate` when it is not in force, or not this holder's.
pub async fn choose_mandator(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    choosing: &Choosing,
    mandate: MandateId,
) -> Result<Acted, ProfileError> {
    let holder = choosing.pending.holder.ok_or(ProfileError::NotOffered)?;
    let today = tenant.today(core.now());
    may_search(core, tenant, signed_in, choosing, holder, today).await?;
    let mut transaction = core.store.read(&tenant.id).await?;
    let mandate =
        transaction.mandate(mandate).await?.filter(|mandate| mandate.holder == holder && mandate.in_force(today));
    drop(transaction);
    let mandate = mandate.ok_or(ProfileError::NoMandate)?;
    let profile = Profile {
        handle: Token::new(&core.random).reveal(),
        actor: signed_in.person.id,
        capacity: Capacity::MandateHolder,
        profession: None,
        organization: match holder {
            Holder::Person(_) => None,
            Holder::Organization(id) => Some(id),
        },
        mandate: Some(Represented { mandate: mandate.id, person: mandate.mandator }),
    };
    act(core, tenant, signed_in, choosing, profile).await
}

/// Takes on a profile: ends the choice, gives the session a new token, and says so in the log.
async fn act(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    choosing: &Choosing,
    profile: Profile,
) -> Result<Acted, ProfileError> {
    let now = core.now();
    let session_token = Token::new(&core.random);
    let mut transaction = core.store.begin(&tenant.id).await?;
    if !transaction.take_attempt(choosing.attempt, now).await? {
        return Err(ProfileError::Gone);
    }
    // The facts may have changed since the page was shown.
    if holds(&mut transaction, &profile, tenant.today(now)).await?.is_none() {
        return Err(ProfileError::NoMandate);
    }
    transaction.put_profile(&profile, now).await?;
    let renewed =
        transaction.renew_session(signed_in.session.id, session_token.digest(), Some(&profile.handle)).await?;
    if !renewed {
        return Err(ProfileError::Gone);
    }
    // A login has one profile: registers that were entered with another one are entered anew.
    transaction.end_entries(signed_in.session.id, now).await?;
    let mut event = core
        .event("profile.chosen")
        .by(signed_in.person.id)
        .about(profile.principal())
        .in_session(signed_in.session.id)
        .with("capacity", profile.capacity.word());
    event.organization = profile.organization;
    event.mandate = profile.mandate.as_ref().map(|represented| represented.mandate);
    if let Some(profession) = &profile.profession {
        event = event.with("profession", profession.clone());
    }
    transaction.record(&event).await?;
    transaction.commit().await?;
    Ok(Acted {
        profile,
        session: signed_in.session.id,
        session_token,
        destination: choosing.pending.destination.clone(),
    })
}

/// What the register knows of a person that bears on their profiles.
///
/// # Errors
/// When the database does not answer.
pub async fn known(core: &Core, tenant: &Tenant, person: &Person) -> Result<Standing, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    standing(&mut transaction, person.clone(), tenant.today(core.now())).await
}

/// What a page says of a profile in use.
///
/// # Errors
/// When the database does not answer. `None` when the profile holds no longer.
pub async fn describe(
    core: &Core,
    tenant: &Tenant,
    profile: &Profile,
) -> Result<Option<super::identities::Portrait>, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    super::identities::portrait(tenant, &mut transaction, profile, core.now()).await
}

/// A profile of this person by its handle, with its portrait while it holds: what a form of another tab was made for.
///
/// # Errors
/// When the database does not answer.
pub async fn named(
    core: &Core,
    tenant: &Tenant,
    person: PersonId,
    handle: &str,
) -> Result<Option<(Profile, Option<super::identities::Portrait>)>, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    match transaction.profile(handle).await? {
        Some(profile) if profile.actor == person => {
            let portrait = super::identities::portrait(tenant, &mut transaction, &profile, core.now()).await?;
            Ok(Some((profile, portrait)))
        }
        _ => Ok(None),
    }
}
