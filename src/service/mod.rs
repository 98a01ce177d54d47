//! Floor 5: use cases. One function each: load what is known, decide, change, and one line in the audit log, in one short
//! transaction in which nothing waits.
//!
//! | module | what people do |
//! |---|---|
//! | [`sign_in`] | prove who they are, factor after factor |
//! | [`federated`] | prove it at another provider |
//! | [`accounts`] | make an account, who have none |
//! | [`new_address`] | change the address they log in with |
//! | [`passkeys`] | show a passkey |
//! | [`factors`] | say what they log in with, add to it, take away from it |
//! | [`phones`] | get codes by telephone |
//! | [`passwords`] | get a new password when theirs is forgotten |
//! | [`sessions`] | stay signed in, see where, sign out |
//! | [`profiles`] | choose as what, for whom and within which organization they act |
//! | [`entry`] | go from the login host to a register's host |
//! | [`access`] | pass the gateway to a register, or not |
//! | [`kept_forms`] | find again, after logging in anew, what they had filled in |
//! | [`consents`] | let others see something of them, and take that back |
//! | [`rights`] | grant and take back rights in an organization |
//! | [`lookup`] | look up who is registered, without being known |
//! | [`pairings`] | pair their phone with the register's app, and unpair it |
//! | [`authorizations`] | let an application know who they are |
//! | [`addresses`] | ask no more than one address may |
//! | [`facts`] | nothing: registers push what they know of them |
//! | [`machines`] | nothing: a program acts in its own name |
//! | [`introspection`], [`revocation`] | nothing: what a token is worth, and that it is worth nothing any more |
//! | [`logouts`] | have their applications hear that they signed out |
//! | [`user_names`] | be known by their address, or by their registration number |
//! | [`outbox`], [`ledger`], [`keys`], [`identities`], [`possession`], `login_rules` | what happens behind them |
//! | [`backup`] | a copy of everything, and bringing it back |

pub mod access;
pub mod accounts;
pub mod addresses;
pub mod authorizations;
pub mod backup;
mod ceremonies;
pub mod consents;
pub mod entry;
pub mod factors;
pub mod facts;
pub mod federated;
pub mod identities;
pub mod introspection;
pub mod kept_forms;
pub mod keys;
pub mod ledger;
mod login_rules;
pub mod logouts;
pub mod lookup;
pub mod machines;
pub mod new_address;
pub mod outbox;
pub mod pairings;
pub mod passkeys;
pub mod passwords;
pub mod pending;
pub mod phones;
pub mod possession;
pub mod profiles;
pub mod revocation;
pub mod relying;
pub mod rights;
pub mod sessions;
pub mod sign_in;
pub mod user_names;

use std::{collections::HashMap, sync::Arc};

use crate::{
    base::{
        Clock, Random, Timestamp,
        id::{AuditId, TenantId},
    },
    domain::{audit::Event, tenant::Tenant},
    login::Methods,
    policy::Policies,
    storage::{Store, StoreError, ephemeral::Ephemeral},
};

/// What every use case works with.
pub struct Core {
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub random: Random,
    /// What is kept.
    pub store: Store,
    /// Who may do what.
    pub policies: Policies,
    /// How factors are proved; passwords in a bounded pool.
    pub methods: Methods,
    /// The keys of each tenant.
    pub keys: keys::Keys,
    /// The sessions and decisions kept in memory, as long as nothing changed.
    pub kept: access::Kept,
    /// What may vanish: counts, and news between replicas.
    pub ephemeral: Ephemeral,
    /// How much one client address may ask.
    pub allowances: addresses::Allowances,
    /// Where lines of the audit log are handed in that belong to no change.
    pub ledger: ledger::Ledger,
    /// Wakes the sender of mails.
    pub wake_outbox: tokio::sync::Notify,
    /// Wakes who hands over messages by telephone.
    pub wake_telephone: tokio::sync::Notify,
}

impl Core {
    /// The moment it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new line for the audit log.
    #[must_use]
    pub fn event(&self, kind: &'static str) -> Event {
        let now = self.now();
        Event::new(AuditId::of(now, &self.random), now, kind)
    }

    /// The keys of a tenant.
    ///
    /// # Errors
    /// When the tenant was not there at the start: a defect of ours.
    pub fn keys_of(&self, tenant: &Tenant) -> Result<keys::TenantKeys, StoreError> {
        self.keys
            .of(&tenant.id)
            .ok_or_else(|| StoreError::Unusable(format!("tenant {} has no keys in memory", tenant.id)))
    }

    /// Writes a line to the audit log that belongs to no change.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record(&self, tenant: &Tenant, event: Event) -> Result<(), StoreError> {
        self.ledger.keep(&tenant.id, event).await
    }
}

/// The core and the tenants, shared by everything that serves.
#[derive(Clone)]
pub struct Shared {
    /// What use cases work with.
    pub core: Arc<Core>,
    /// The tenants, by their login host and their registers' hosts.
    pub tenants: Arc<Tenants>,
}

/// The tenants and the hosts that lead to them.
#[derive(Default)]
pub struct Tenants {
    by_host: HashMap<String, (Arc<Tenant>, Option<usize>)>,
    all: Vec<Arc<Tenant>>,
}

/// What a host name stands for.
pub enum Host<'a> {
    /// A tenant's login host.
    Login(&'a Arc<Tenant>),
    /// A register's host: the tenant, and the register's place in it.
    Register(&'a Arc<Tenant>, usize),
}

impl Tenants {
    /// From the tenants of the configuration, whose hosts are all different.
    #[must_use]
    pub fn new(tenants: impl IntoIterator<Item = Tenant>) -> Self {
        let mut this = Self::default();
        for tenant in tenants {
            let tenant = Arc::new(tenant);
            this.by_host.insert(tenant.host.clone(), (tenant.clone(), None));
            for (place, register) in tenant.registers.iter().enumerate() {
                this.by_host.insert(register.host.clone(), (tenant.clone(), Some(place)));
            }
            this.all.push(tenant);
        }
        this
    }

    /// What a canonical host name stands for.
    #[must_use]
    pub fn host(&self, name: &str) -> Option<Host<'_>> {
        self.by_host.get(name).map(|(tenant, register)| match register {
            None => Host::Login(tenant),
            Some(place) => Host::Register(tenant, *place),
        })
    }

    /// Every tenant.
    #[must_use]
    pub fn all(&self) -> &[Arc<Tenant>] {
        &self.all
    }

    /// A tenant by its slug.
    #[must_use]
    pub fn get(&self, id: &TenantId) -> Option<&Arc<Tenant>> {
        self.all.iter().find(|tenant| tenant.id == *id)
    }
}
