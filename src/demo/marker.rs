//! How what belongs to the demo is recognised, so that `poort serve` can refuse it. In every build, also without the
//! feature `demo`: a database that a demo filled can be handed to any binary.
//!
//! Two things mark it, and neither is a setting that somebody could forget:
//!
//! - **People.** The identifiers of invented people and organizations begin with [`PREFIX`] (a UUID of version 8, RFC 9562
//!   section 5.8, that no generator of Poort makes) and are fixed by tenant and key. [`in_data`] asks for those who can log in.
//! - **Secrets.** The sample application's secret is printed in the documentation, so a client that has its digest is
//!   everybody's. [`in_tenants`] looks for it.

use std::fmt;

use uuid::Uuid;

use crate::{
    base::{
        id::{InvalidId, PersonId, TenantId},
        token::TokenDigest,
    },
    domain::{client::ClientAuthentication, tenant::Tenant},
    storage::{Store, StoreError},
};

/// How the text of every invented identifier begins.
pub const PREFIX: &str = "de300000-0000-8000-";

/// The sample application's secret. Everybody knows it.
pub const SAMPLE_SECRET: &str = "demo-only-secret-of-sample-app";

/// Those whose presence gives a demo away: everybody who can log in, by tenant and user name. A test keeps it equal to the
/// people of the demo.
pub(super) const WHO_LOG_IN: [(&str, &[&str]); 6] = [
    (
        "progezondheid",
        &[
            "jan.claes@example.org",
            "marie.dubois@example.org",
            "koen.devos@example.org",
            "greta.schmitz@example.org",
            "anke.willaert@example.org",
            "els.peeters@example.org",
            "hilde.goossens@example.org",
            "karel.janssens@example.org",
            "lotte.maes@example.org",
            "sofie.lambert@example.org",
            "tom.willems@example.org",
            "nora.haddad@example.org",
            "pieter.wouters@example.org",
            "an.verbeke@example.org",
        ],
    ),
    (
        "mijnrgs",
        &[
            "sanne.devries@example.org",
            "daan.visser@example.org",
            "bram.bakker@example.org",
            "fatima.elamrani@example.org",
            "iris.visser@example.org",
            "emma.jansen@example.org",
            "noor.vandam@example.org",
            "ruben.mulder@example.org",
            "femke.dekker@example.org",
            "joost.smit@example.org",
        ],
    ),
    (
        "registerplein",
        &[
            "mila.hendriks@example.org",
            "jonas.brandt@example.org",
            "sem.terpstra@example.org",
            "karin.prins@example.org",
            "paul.evers@example.org",
        ],
    ),
    (
        "ifms",
        &[
            "anouk.verhoeven@example.org",
            "thijs.vandam@example.org",
            "lena.kok@example.org",
            "wouter.blom@example.org",
            "saskia.peters@example.org",
            "erik.mol@example.org",
            "marije.bos@example.org",
            "hugo.sanders@example.org",
        ],
    ),
    (
        "skj",
        &[
            "noor.wiersma@example.org",
            "tarik.aksoy@example.org",
            "eva.lindeman@example.org",
            "luuk.vermeer@example.org",
            "femke.rademaker@example.org",
        ],
    ),
    (
        "lklr",
        &[
            "fatima.vandenberg@example.org",
            "joris.jansen@example.org",
            "noor.jansen@example.org",
            "bas.dewit@example.org",
            "lisa.meijer@example.org",
        ],
    ),
];

/// What gave it away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A person of the demo is in the database.
    Person {
        /// In which tenant.
        tenant: TenantId,
    },
    /// A client has the secret of the sample application.
    Client {
        /// In which tenant.
        tenant: TenantId,
        /// Its `client_id`.
        client: String,
    },
}

/// For the operator: what it is, and what to do.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mark::Person { tenant } => write!(
                f,
                "the database has the invented people of `poort demo` in tenant {tenant}, whose passwords everybody knows; \
                 use a database that no demo has filled"
            ),
            Mark::Client { tenant, client } => write!(
                f,
                "client {client} of tenant {tenant} has the secret of the demo's sample application, which everybody knows; \
                 make a new one"
            ),
        }
    }
}

/// The identifier of something invented: the same at every start, and marked.
#[must_use]
pub(super) fn invented(kind: &str, tenant: &str, key: &str) -> Uuid {
    let digest = TokenDigest::of(format!("poort demo\n{kind}\n{tenant}\n{key}").as_bytes());
    let mut tail = [0; 16];
    tail[8..].copy_from_slice(&digest.bytes()[..8]);
    // The variant of RFC 9562 section 4.1.
    tail[8] = tail[8] & 0x3f | 0x80;
    Uuid::from_u128(0xde30_0000_0000_8000_0000_0000_0000_0000 | u128::from_be_bytes(tail))
}

/// The person of the demo with this key: their user name, or else their full name.
#[must_use]
pub(super) fn person(tenant: &str, key: &str) -> PersonId {
    PersonId::from_u128(invented("person", tenant, key).as_u128())
}

/// The first client of `tenants` whose secret is the demo's.
#[must_use]
pub fn in_tenants(tenants: &[Tenant]) -> Option<Mark> {
    let known = TokenDigest::of(SAMPLE_SECRET.as_bytes());
    tenants.iter().find_map(|tenant| {
        let is_sample = |authentication: &ClientAuthentication| matches!(authentication, ClientAuthentication::Secret(digest) if *digest == known);
        let client = tenant.clients.iter().find(|client| is_sample(&client.authentication))?;
        Some(Mark::Client { tenant: tenant.id.clone(), client: client.id.clone() })
    })
}

/// Whether the database has people of the demo, in whichever tenant of these; also people whose account was closed.
///
/// # Errors
/// When the database does not answer.
pub async fn in_data(store: &Store, tenants: impl IntoIterator<Item = &TenantId>) -> Result<Option<Mark>, StoreError> {
    for tenant in tenants {
        let mut reading = store.read(tenant).await?;
        // Ids are fixed by the demo's tenant, whatever a tenant of that name is called here.
        for (invented_in, people) in WHO_LOG_IN {
            for user in people {
                if reading.password(person(invented_in, user)).await?.is_some() {
                    return Ok(Some(Mark::Person { tenant: tenant.clone() }));
                }
            }
        }
    }
    Ok(None)
}

/// Whether an identifier is one of the demo's. For tools that look at exports and logs.
///
/// # Errors
/// When the text is no identifier.
pub fn is_invented(id: &str) -> Result<bool, InvalidId> {
    id.parse::<PersonId>().map(|id| id.to_string().starts_with(PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Random;

    #[test]
    fn invented_identifiers_are_marked_fixed_and_different() {
        let jan = person("progezondheid", "jan.claes@example.org");
        assert_eq!(jan, person("progezondheid", "jan.claes@example.org"));
        assert_ne!(jan, person("mijnrgs", "jan.claes@example.org"));
        assert_eq!(is_invented(&jan.to_string()), Ok(true));
        assert_eq!(is_invented(&PersonId::new(&Random::system()).to_string()), Ok(false), "the twin");
        assert_eq!(is_invented("jan"), Err(InvalidId));
        let id = invented("mandate", "progezondheid", "x");
        assert_eq!((id.get_version_num(), id.get_variant()), (8, uuid::Variant::RFC4122));
    }
}
