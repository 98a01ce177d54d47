//! A fact is so no longer: from the next request on nothing rests on it.

use super::{super::pairings, Outcome, Pushing, Refused, Stopped, about_mandate, about_organization, about_person};
use crate::{
    base::id::{MandateId, OrganizationId, PersonId},
    domain::{
        audit::Event,
        consent::{Recipient, Recipients},
        fact::{Kind, RegisterKey, Which},
        person::Tie,
    },
    storage::StoreError,
};

impl Pushing<'_> {
    pub(super) async fn withdraw(&mut self, which: &Which) -> Result<Outcome, Stopped> {
        let stands = self.transaction.pushed(which.kind(), &which.key()).await?;
        if stands.is_none_or(|pushed| pushed.withdrawn_at.is_some()) {
            return Ok(Outcome::NotThere);
        }
        let event = self.event("fact.withdrawn", which);
        let event = self.end(which, event).await?;
        self.transaction.note_withdrawn(which, self.client, self.now).await?;
        self.transaction.record(&event).await?;
        Ok(Outcome::Withdrawn)
    }

    /// Ends it where it is used, and says in the line of the audit log whom it was about.
    async fn end(&mut self, which: &Which, event: Event) -> Result<Event, Stopped> {
        let now = self.now;
        match which {
            Which::Person(key) => {
                let person = self.person_of(key).await?;
                self.transaction.close_person(person, now).await?;
                Ok(about_person(person)(event))
            }
            Which::Role(key, role) => {
                let person = self.person_of(key).await?;
                self.transaction.remove_role(person, *role).await?;
                Ok(about_person(person)(event))
            }
            Which::Registration(key, profession) => {
                let person = self.person_of(key).await?;
                self.transaction.remove_registration(person, profession).await?;
                self.number_has_changed(person).await?;
                pairings::end_with_profession(self.core, &mut self.transaction, person, profession).await?;
                Ok(about_person(person)(event))
            }
            Which::Tie(key, tie, other) => {
                let (person, other) = (self.person_of(key).await?, self.person_of(other).await?);
                self.transaction.remove_tie(person, *tie, other).await?;
                self.end_what_rested_on(person, *tie, other).await?;
                Ok(about_person(person)(event))
            }
            Which::Organization(key) => {
                let organization = self.organization_of(key).await?;
                // Of those the register knows nothing: they keep it from nothing.
                let last = self.today.yesterday().unwrap_or(self.today);
                self.transaction.end_vouched_memberships(organization, last).await?;
                if self.transaction.something_rests_on(organization, self.today).await? {
                    return Err(Refused::InUse.into());
                }
                self.end_what_was_let_see(organization).await?;
                Ok(about_organization(organization)(event))
            }
            Which::Right(key, right) => {
                let organization = self.organization_of(key).await?;
                self.transaction.remove_organization_right(organization, right).await?;
                Ok(about_organization(organization)(event))
            }
            Which::Member(key, person) => {
                let (organization, person) = (self.organization_of(key).await?, self.person_of(person).await?);
                let last = self.today.yesterday().unwrap_or(self.today);
                self.transaction.end_membership(organization, person, last, now).await?;
                Ok(about_organization(organization)(about_person(person)(event)))
            }
            Which::Mandate(key) => {
                let (mandate, _) = self.row::<MandateId>(Kind::Mandate, key).await?.ok_or_else(gone)?;
                let mandator = self.transaction.mandate(mandate).await?.ok_or_else(gone)?.mandator;
                self.transaction.end_mandate(mandate, now).await?;
                Ok(about_mandate(mandate, mandator)(event))
            }
        }
    }

    /// What somebody let another see because of this tie ends with it (INSIGHT-3): a new tie needs a new consent.
    pub(super) async fn end_what_rested_on(
        &mut self,
        person: PersonId,
        tie: Tie,
        other: PersonId,
    ) -> Result<(), Stopped> {
        let tenant = self.tenant;
        for purpose in tenant.purposes.iter().filter(|purpose| purpose.recipients == Recipients::Tied(tie)) {
            let (to, code) = (Recipient::Person(person), &purpose.code);
            if self.transaction.end_consents_between(other, to, code, self.now).await? > 0 {
                let event = self.core.event("consent.ended").about(other).with("recipient", person.to_string());
                let event = event.with("purpose", code.clone()).with("reason", "the tie that it rested on ended");
                self.transaction.record(&event.with("client", self.client.to_owned())).await?;
            }
        }
        Ok(())
    }

    /// What people let an organization see ends with it: another one may come under the same name (CVE-2026-55670).
    async fn end_what_was_let_see(&mut self, organization: OrganizationId) -> Result<(), Stopped> {
        let recipient = Recipient::Organization(organization);
        for (person, purpose) in self.transaction.end_consents_to(recipient, self.now).await? {
            let event = self.core.event("consent.ended").about(person).with("recipient", organization.to_string());
            let event = event.with("purpose", purpose).with("reason", "the organization was taken away");
            self.transaction.record(&event.with("client", self.client.to_owned())).await?;
        }
        Ok(())
    }

    /// The person of a fact that stands, also when they themselves were taken away.
    async fn person_of(&mut self, key: &RegisterKey) -> Result<PersonId, Stopped> {
        Ok(self.row(Kind::Person, key).await?.ok_or_else(gone)?.0)
    }

    async fn organization_of(&mut self, key: &RegisterKey) -> Result<OrganizationId, Stopped> {
        Ok(self.row(Kind::Organization, key).await?.ok_or_else(gone)?.0)
    }
}

fn gone() -> StoreError {
    StoreError::Unusable("a fact that stands is about something that was never pushed".into())
}
