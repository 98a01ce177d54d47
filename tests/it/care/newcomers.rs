//! People who are registered while something else goes on, and found by their national numbers.

use poort::{
    base::{Language, id::PersonId},
    domain::{
        identifier::{NationalNumber, NationalRegisterNumber},
        person::Person,
    },
    storage::{StoreError, Transaction, seal::Kind},
};

use crate::harness::gateway::Gateway;

/// The nth national number of nobody: its month is above 80.
pub fn number(n: u64) -> NationalNumber {
    let base = 508_100_000 + n;
    let text = format!("{base:09}{:02}", 97 - base % 97);
    NationalNumber::NationalRegister(NationalRegisterNumber::parse(&text).expect("check digits"))
}

/// The nth newcomer.
pub fn newcomer(n: u64) -> PersonId {
    PersonId::from_u128(0xca5e_0000_0000_4000_8000_0000_0000_0000 | u128::from(n))
}

impl Gateway {
    /// Registers somebody with a national number, as a register that tells of its people.
    pub async fn register_person(&self, id: PersonId, number: &NationalNumber) -> Result<(), StoreError> {
        let mut transaction = self.begin().await;
        self.write_person(&mut transaction, id, number).await?;
        transaction.commit().await
    }

    /// Registers the newcomers of a range, a thousand at a time.
    pub async fn register_newcomers(&self, range: std::ops::Range<u64>) {
        for start in range.clone().step_by(1000) {
            let mut transaction = self.begin().await;
            for n in start..range.end.min(start + 1000) {
                self.write_person(&mut transaction, newcomer(n), &number(n)).await.expect("registered");
            }
            transaction.commit().await.expect("commits");
        }
    }

    async fn write_person(
        &self,
        transaction: &mut Transaction,
        id: PersonId,
        number: &NationalNumber,
    ) -> Result<(), StoreError> {
        let sealer = self.core().keys_of(self.tenant())?.sealer;
        let person = Person {
            id,
            given_name: "Nieuw".into(),
            family_name: "Gekomen".into(),
            email: format!("{id}@example.org"),
            language: Language::Nl,
            citizen_file: false,
        };
        transaction.put_person(&person).await?;
        let sealed = sealer.seal(Kind::NationalNumber, &id, number.reveal().as_bytes()).expect("sealed");
        transaction.put_national_number(id, &sealed, &sealer.lookup(number.kind(), number.reveal())).await
    }

    /// Who has a national number, as this replica finds it.
    pub async fn find_person(&self, number: &NationalNumber) -> Option<PersonId> {
        let lookup = self.core().keys_of(self.tenant()).expect("keys").sealer.lookup(number.kind(), number.reveal());
        self.begin().await.person_by_national_number(&lookup).await.expect("found at most once")
    }
}
