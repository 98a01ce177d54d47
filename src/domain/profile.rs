//! Profiles: as what, for whom and within which organization a person acts (PROFILE-1 to PROFILE-6).
//!
//! What somebody may choose is derived here from what the register knows of them, and nowhere else.

use std::str::FromStr;

use jiff::civil::Date;

use super::{
    capacity::Capacity,
    mandate::Holder,
    organization::{Management, Membership},
    person::{HeldRole, Person, Registration, Role},
};
use crate::base::id::{MandateId, OrganizationId, PersonId};

/// A profile that somebody chose: what every decision, token and banner is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// An opaque name, told to pages so that a form says for whom it was made.
    pub handle: String,
    /// Who acts.
    pub actor: PersonId,
    /// As what.
    pub capacity: Capacity,
    /// With which profession, as a professional.
    pub profession: Option<String>,
    /// Within, or for, which organization.
    pub organization: Option<OrganizationId>,
    /// Under which mandate, and for whom.
    pub mandate: Option<Represented>,
}

impl Profile {
    /// The person whose own things this profile reaches: the represented, or else the actor.
    #[must_use]
    pub fn principal(&self) -> PersonId {
        self.mandate.as_ref().map_or(self.actor, |mandate| mandate.person)
    }

    /// Whether an unsafe request must name this profile.
    #[must_use]
    pub const fn must_be_named(&self) -> bool {
        self.mandate.is_some() || self.organization.is_some()
    }
}

/// For whom one acts under a mandate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Represented {
    /// The mandate.
    pub mandate: MandateId,
    /// The mandator.
    pub person: PersonId,
}

/// What the register knows of a person that bears on their profiles.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Who.
    pub person: Person,
    /// Their registrations.
    pub registrations: Vec<Registration>,
    /// Their roles.
    pub roles: Vec<HeldRole>,
    /// Their organizations.
    pub memberships: Vec<Membership>,
    /// Those who hold at least one mandate in force that this person can use: they themselves, and organizations.
    pub holders: Vec<Holder>,
}

/// "I want to log in as": one choice of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Citizen, the default.
    Citizen,
    /// A professional, with the profession's code.
    Professional(String),
    /// One of the roles that are profiles: trainer, trainee, supporter, appraiser, helpdesk.
    Role(Role),
}

/// The form's value: `citizen`, `professional:CODE`, `role:WORD`.
impl FromStr for Choice {
    type Err = NotOffered;

    fn from_str(text: &str) -> Result<Self, NotOffered> {
        match text.split_once(':') {
            None if text == "citizen" => Ok(Choice::Citizen),
            Some(("professional", code)) => Ok(Choice::Professional(code.into())),
            Some(("role", word)) => word.parse().map(Choice::Role).map_err(|_| NotOffered),
            _ => Err(NotOffered),
        }
    }
}

impl std::fmt::Display for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Choice::Citizen => f.write_str("citizen"),
            Choice::Professional(code) => write!(f, "professional:{code}"),
            Choice::Role(role) => write!(f, "role:{role}"),
        }
    }
}

/// What the page offers, and why something is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// "I want to log in as"; the citizen is always first.
    pub choices: Vec<Choice>,
    /// "Within the organization".
    pub organizations: Vec<Membership>,
    /// Professions whose file is not set up yet (PROFILE-4).
    pub incomplete: Vec<String>,
}

/// Where a confirmed choice leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// To this profile; its handle is still to be made.
    Act {
        /// As what.
        capacity: Capacity,
        /// With which profession.
        profession: Option<String>,
        /// Within which organization.
        organization: Option<OrganizationId>,
    },
    /// First to the question: as mandate holder, or as oneself (or within the organization) (PROFILE-2).
    Ask {
        /// Who would hold the mandates.
        holder: Holder,
    },
    /// To the search among the mandators of this holder (PROFILE-3).
    Search {
        /// Who holds the mandates.
        holder: Holder,
    },
}

/// The choice is not offered to this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this profile is not offered")]
pub struct NotOffered;

impl Standing {
    /// What this person may choose on `today`.
    #[must_use]
    pub fn offer(&self, today: Date) -> Offer {
        let mut choices = vec![Choice::Citizen];
        let mut incomplete = Vec::new();
        for registration in self.registrations.iter().filter(|r| r.period.includes(today)) {
            let choice = Choice::Professional(registration.profession.clone());
            if !registration.complete {
                incomplete.push(registration.profession.clone());
            } else if !choices.contains(&choice) {
                choices.push(choice);
            }
        }
        for held in self.roles.iter().filter(|held| held.period.includes(today) && !held.role.is_administrative()) {
            choices.push(Choice::Role(held.role));
        }
        let organizations = self.memberships.iter().filter(|m| m.period.includes(today)).cloned().collect();
        Offer { choices, organizations, incomplete }
    }

    /// Where there is only one possibility: chosen silently (PROFILE-1).
    #[must_use]
    pub fn only(&self, today: Date) -> Option<Next> {
        let offer = self.offer(today);
        let within = match offer.organizations.as_slice() {
            [] => None,
            [one] if self.is_vouched_for() => Some(one.organization.id),
            _ => return None,
        };
        let single = offer.choices.len() == 1 && offer.incomplete.is_empty();
        single.then(|| self.next(&Choice::Citizen, within, today).ok()).flatten()
    }

    /// Whether somebody is known by the word that a provider gave for an organization: as themselves they are nobody here.
    fn is_vouched_for(&self) -> bool {
        self.memberships.iter().any(|membership| membership.vouched)
    }

    /// Where `choice`, within `organization`, leads.
    ///
    /// # Errors
    /// When the choice or the organization is not offered.
    pub fn next(&self, choice: &Choice, organization: Option<OrganizationId>, today: Date) -> Result<Next, NotOffered> {
        let offer = self.offer(today);
        if !offer.choices.contains(choice) {
            return Err(NotOffered);
        }
        let within = match organization {
            None if self.is_vouched_for() => return Err(NotOffered),
            None => None,
            Some(id) => Some(offer.organizations.iter().find(|m| m.organization.id == id).ok_or(NotOffered)?),
        };
        let act = |capacity, profession| Next::Act { capacity, profession, organization };
        Ok(match (choice, within) {
            (Choice::Citizen, None) => {
                let holder = Holder::Person(self.person.id);
                if !self.holders.contains(&holder) {
                    act(Capacity::Citizen, None)
                } else if self.is_also_known(today) {
                    Next::Ask { holder }
                } else {
                    Next::Search { holder }
                }
            }
            (Choice::Citizen, Some(membership)) => {
                let holder = Holder::Organization(membership.organization.id);
                if !membership.representative || !self.holders.contains(&holder) {
                    act(Capacity::OrganizationMember, None)
                } else if membership.management > Management::None {
                    Next::Ask { holder }
                } else {
                    Next::Search { holder }
                }
            }
            (Choice::Professional(code), None) => act(Capacity::Professional, Some(code.clone())),
            (Choice::Professional(code), Some(_)) => act(Capacity::OrganizationMember, Some(code.clone())),
            (Choice::Role(_), Some(_)) => act(Capacity::OrganizationMember, None),
            (Choice::Role(role), None) => act(role_capacity(*role).ok_or(NotOffered)?, None),
        })
    }

    /// Known as a citizen with a file, or in an administrative role of a non-care provider (PROFILE-2, PROFILE-6).
    #[must_use]
    pub fn is_also_known(&self, today: Date) -> bool {
        self.person.citizen_file
            || self.roles.iter().any(|held| held.role.is_administrative() && held.period.includes(today))
    }
}

const fn role_capacity(role: Role) -> Option<Capacity> {
    match role {
        Role::Trainer => Some(Capacity::Trainer),
        Role::Trainee => Some(Capacity::Trainee),
        Role::Supporter => Some(Capacity::Supporter),
        Role::Appraiser => Some(Capacity::Appraiser),
        Role::Helpdesk => Some(Capacity::Helpdesk),
        Role::Director | Role::PersonResponsible | Role::CertificateManager => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::Language,
        domain::{organization::Organization, period::Period},
    };

    const TODAY: &str = "2026-11-22";

    fn today() -> Date {
        TODAY.parse().expect("a date")
    }

    fn standing() -> Standing {
        Standing {
            person: Person {
                id: PersonId::from_u128(1),
                given_name: "Els".into(),
                family_name: "Peeters".into(),
                email: "els@example.org".into(),
                language: Language::Nl,
                citizen_file: false,
            },
            registrations: vec![],
            roles: vec![],
            memberships: vec![],
            holders: vec![],
        }
    }

    fn registration(profession: &str, complete: bool) -> Registration {
        Registration {
            profession: profession.into(),
            number: None,
            complete,
            period: Period::default(),
            certified_until: None,
        }
    }

    fn membership(id: u128, representative: bool, management: Management) -> Membership {
        Membership {
            organization: Organization { id: OrganizationId::from_u128(id), name: "De Brug".into(), number: None },
            representative,
            management,
            period: Period::default(),
            vouched: false,
        }
    }

    #[test]
    fn profile_1_with_one_possibility_it_is_chosen_silently() {
        let citizen = Next::Act { capacity: Capacity::Citizen, profession: None, organization: None };
        assert_eq!(standing().only(today()), Some(citizen));
        let two = Standing { registrations: vec![registration("physician", true)], ..standing() };
        assert_eq!(two.only(today()), None);
        assert_eq!(two.offer(today()).choices, [Choice::Citizen, Choice::Professional("physician".into())]);
    }

    #[test]
    fn profile_2_a_holder_goes_to_the_search_and_is_asked_first_when_also_known_otherwise() {
        let me = Holder::Person(PersonId::from_u128(1));
        let holder = Standing { holders: vec![me], ..standing() };
        assert_eq!(holder.next(&Choice::Citizen, None, today()), Ok(Next::Search { holder: me }));
        let mut known = holder.clone();
        known.person.citizen_file = true;
        assert_eq!(known.next(&Choice::Citizen, None, today()), Ok(Next::Ask { holder: me }));
        let director = HeldRole { role: Role::Director, period: Period::default() };
        let director = Standing { roles: vec![director], ..holder };
        assert_eq!(director.next(&Choice::Citizen, None, today()), Ok(Next::Ask { holder: me }));
    }

    #[test]
    fn profile_3_a_representative_chooses_citizen_and_the_enterprise() {
        let enterprise = Holder::Organization(OrganizationId::from_u128(7));
        let representative = Standing {
            memberships: vec![membership(7, true, Management::None)],
            holders: vec![enterprise],
            ..standing()
        };
        let seven = Some(OrganizationId::from_u128(7));
        assert_eq!(representative.next(&Choice::Citizen, seven, today()), Ok(Next::Search { holder: enterprise }));
        let member = Standing { memberships: vec![membership(7, false, Management::None)], ..representative.clone() };
        assert!(matches!(
            member.next(&Choice::Citizen, seven, today()),
            Ok(Next::Act { capacity: Capacity::OrganizationMember, .. })
        ));
        let other = Some(OrganizationId::from_u128(8));
        assert_eq!(representative.next(&Choice::Citizen, other, today()), Err(NotOffered));
    }

    #[test]
    fn login_13_who_is_vouched_for_acts_within_that_organization_and_as_nobody_else() {
        let vouched = Membership { vouched: true, ..membership(7, false, Management::None) };
        let (hr, seven) = (Standing { memberships: vec![vouched.clone()], ..standing() }, OrganizationId::from_u128(7));
        let silently = hr.only(today()).expect("one possibility");
        assert!(
            matches!(silently, Next::Act { capacity: Capacity::OrganizationMember, organization: Some(id), .. } if id == seven)
        );
        assert_eq!(hr.next(&Choice::Citizen, None, today()), Err(NotOffered));
        // Once nobody vouches any more they are nobody, and not a citizen.
        let ended = Period::new(None, Some(today().yesterday().expect("a date")));
        let former = Standing { memberships: vec![Membership { period: ended, ..vouched }], ..standing() };
        assert_eq!(former.only(today()), None);
        assert_eq!(former.next(&Choice::Citizen, None, today()), Err(NotOffered));
        assert_eq!(former.next(&Choice::Citizen, Some(seven), today()), Err(NotOffered));
    }

    #[test]
    fn profile_4_who_is_not_registered_completely_can_only_be_a_citizen_and_hears_why() {
        let new = Standing { registrations: vec![registration("physician", false)], ..standing() };
        let offer = new.offer(today());
        assert_eq!(offer.choices, [Choice::Citizen]);
        assert_eq!(offer.incomplete, ["physician"]);
        assert_eq!(new.only(today()), None, "the page explains");
        assert_eq!(new.next(&Choice::Professional("physician".into()), None, today()), Err(NotOffered));
    }

    #[test]
    fn profile_4_no_riziv_number_is_needed_to_be_a_care_provider() {
        let provider = Standing { registrations: vec![registration("physician", true)], ..standing() };
        assert!(matches!(
            provider.next(&Choice::Professional("physician".into()), None, today()),
            Ok(Next::Act { capacity: Capacity::Professional, .. })
        ));
    }

    #[test]
    fn profile_6_an_administrative_role_is_used_as_a_citizen() {
        let director = HeldRole { role: Role::Director, period: Period::default() };
        let director = Standing { roles: vec![director], ..standing() };
        assert_eq!(director.offer(today()).choices, [Choice::Citizen]);
    }

    #[test]
    fn what_has_ended_is_not_offered() {
        let ended = Period::new(None, Some(today().yesterday().expect("a date")));
        let person = Standing {
            registrations: vec![Registration { period: ended, ..registration("physician", true) }],
            roles: vec![HeldRole { role: Role::Trainer, period: ended }],
            memberships: vec![Membership { period: ended, ..membership(7, true, Management::None) }],
            ..standing()
        };
        let offer = person.offer(today());
        assert_eq!(offer.choices, [Choice::Citizen]);
        assert!(offer.organizations.is_empty());
    }

    #[test]
    fn a_choice_has_one_text_form() {
        for choice in [Choice::Citizen, Choice::Professional("physician".into()), Choice::Role(Role::Trainer)] {
            assert_eq!(choice.to_string().parse(), Ok(choice));
        }
        assert_eq!("admin".parse::<Choice>(), Err(NotOffered));
    }
}
