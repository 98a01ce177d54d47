//! What one client address may do, whoever it says it is: wrong passwords and codes, mails it asks for, clients it is not.
//!
//! These counts bound who tries many accounts from one place, and may vanish ([`crate::storage::ephemeral`]). Those that protect
//! one account are in SQL. A refusal is written to the audit log once a window; the address stands in no line of it.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use super::Core;
use crate::{
    base::{Timestamp, token::TokenDigest},
    domain::tenant::Tenant,
    storage::{
        StoreError,
        ephemeral::{Rate, TooOften},
    },
};

/// After how long everything may be done again.
const WINDOW: Duration = Duration::from_secs(600);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A wrong password or code.
    Login,
    /// A mail with a code or a link.
    Mail,
    /// An SMS or a call.
    Phone,
    /// A client that did not prove which one it is, at the token endpoint.
    Client,
    /// Who is registered, without a login.
    LookUp,
}

impl Asked {
    const fn word(self) -> &'static str {
        match self {
            Asked::Login => "login",
            Asked::Mail => "mail",
            Asked::Phone => "phone",
            Asked::Client => "client",
            Asked::LookUp => "lookup",
        }
    }
}

/// How often one address may do each, within ten minutes and at one tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowances {
    /// Wrong passwords and codes. Default 300: a large office has one address.
    pub logins: u32,
    /// Mails. Default 60.
    pub mails: u32,
    /// SMS and calls. Default 20.
    pub phones: u32,
    /// Failures at the token endpoint. Default 100.
    pub clients: u32,
}

impl Default for Allowances {
    fn default() -> Self {
        Self { logins: 300, mails: 60, phones: 20, clients: 100 }
    }
}

/// How often one address may do something at a tenant. What is open without a login, the tenant's file bounds.
const fn rate(core: &Core, tenant: &Tenant, asked: Asked) -> Rate {
    let burst = match asked {
        Asked::Login => core.allowances.logins,
        Asked::Mail => core.allowances.mails,
        Asked::Phone => core.allowances.phones,
        Asked::Client => core.allowances.clients,
        Asked::LookUp => tenant.lookup.per_address,
    };
    Rate { burst, window: WINDOW }
}

/// Why an address is not heard.
#[derive(Debug, thiserror::Error)]
pub enum NotHeard {
    /// It asked too often.
    #[error("too often from one address, until {until}")]
    TooOften {
        /// Until when it is not heard.
        until: Timestamp,
    },
    /// The refusal could not be written down: the database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Counts what an address asks, before it is done.
///
/// # Errors
/// When it asked too often; then it is not to be done.
pub async fn take(core: &Core, tenant: &Tenant, asked: Asked, address: IpAddr) -> Result<(), NotHeard> {
    let (key, rate) = (key(tenant, asked, address), rate(core, tenant, asked));
    match core.ephemeral.take(&key, rate, core.now()).await {
        Ok(()) => Ok(()),
        Err(too_often) => Err(refuse(core, tenant, asked, &key, too_often).await?),
    }
}

/// Gives back what turned out not to be what is counted.
pub async fn give_back(core: &Core, tenant: &Tenant, asked: Asked, address: IpAddr) {
    core.ephemeral.give_back(&key(tenant, asked, address), rate(core, tenant, asked)).await;
}

/// Whether an address is heard, for what is counted only when it fails. Asks nobody.
///
/// # Errors
/// When it failed too often.
pub async fn look(core: &Core, tenant: &Tenant, asked: Asked, address: IpAddr) -> Result<(), NotHeard> {
    let key = key(tenant, asked, address);
    match core.ephemeral.look(&key, rate(core, tenant, asked), core.now()) {
        Ok(()) => Ok(()),
        Err(too_often) => Err(refuse(core, tenant, asked, &key, too_often).await?),
    }
}

/// Notes a refusal, the first of each window with a line of the audit log.
async fn refuse(
    core: &Core,
    tenant: &Tenant,
    asked: Asked,
    key: &str,
    too_often: TooOften,
) -> Result<NotHeard, StoreError> {
    metrics::counter!("poort_addresses_refused_total", "asked" => asked.word()).increment(1);
    let now = core.now();
    if core.ephemeral.is_first(key, WINDOW, now) {
        core.record(tenant, core.event("address.refused").with("asked", asked.word())).await?;
    }
    Ok(NotHeard::TooOften { until: now.plus(too_often.wait) })
}

/// An address in a form that says nothing to who reads it in Redis.
fn key(tenant: &Tenant, asked: Asked, address: IpAddr) -> String {
    let digest = TokenDigest::of(format!("address {}", network(address)).as_bytes()).text();
    format!("{}:{}:{digest}", asked.word(), tenant.id)
}

/// Who has one IPv6 address has the 2^64 of its network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_counts_as_one() {
        let same =
            |a: &str, b: &str| network(a.parse().expect("an address")) == network(b.parse().expect("an address"));
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::2") && !same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("::ffff:192.0.2.1", "192.0.2.1") && !same("192.0.2.1", "192.0.2.2"));
    }
}
