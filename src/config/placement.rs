//! Where browsers find a tenant: the scheme, the port, and for a demo other hosts and backends than its file names.
//!
//! The same tenant file serves in production and in `poort demo`; what differs is one of these.

use std::{collections::BTreeMap, fmt};

use url::Url;

use crate::{
    base::id::TenantId,
    domain::tenant::{Factor, Tenant},
};

/// The scheme that browsers use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// TLS ends at Poort or at its proxy.
    Https,
    /// For one's own machine.
    Http,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scheme::Https => "https",
            Scheme::Http => "http",
        })
    }
}

/// How a tenant's file is put in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    scheme: Scheme,
    port: u16,
    mutual_tls: Option<u16>,
    cards: Option<u16>,
    domain: Option<String>,
    backends: BTreeMap<(TenantId, String), Url>,
    providers: BTreeMap<Factor, Url>,
}

impl Placement {
    /// On the hosts that the files name.
    #[must_use]
    pub const fn public(scheme: Scheme, port: u16) -> Self {
        Self {
            scheme,
            port,
            mutual_tls: None,
            cards: None,
            domain: None,
            backends: BTreeMap::new(),
            providers: BTreeMap::new(),
        }
    }

    /// On hosts below `domain`, whatever the files name: `TENANT.domain`, and `REGISTER.TENANT.domain`. Hosts stay
    /// different from each other, since ids are.
    #[must_use]
    pub fn below(domain: &str, scheme: Scheme, port: u16) -> Self {
        Self { domain: Some(domain.to_owned()), ..Self::public(scheme, port) }
    }

    /// And with this port for programs that show a certificate, when there is one.
    #[must_use]
    pub const fn mutual_tls(mut self, port: Option<u16>) -> Self {
        self.mutual_tls = port;
        self
    }

    /// And with this port for people who show the certificate of their identity card, when there is one.
    #[must_use]
    pub const fn cards(mut self, port: Option<u16>) -> Self {
        self.cards = port;
        self
    }

    /// And with this backend at `url`. One that the tenant's file does not have is not added.
    #[must_use]
    pub fn backend(mut self, tenant: &TenantId, backend: &str, url: Url) -> Self {
        self.backends.insert((tenant.clone(), backend.to_owned()), url);
        self
    }

    /// And with the provider of this factor at `issuer`, for every tenant that has it.
    #[must_use]
    pub fn provider(mut self, factor: Factor, issuer: Url) -> Self {
        self.providers.insert(factor, issuer);
        self
    }

    /// The origin of a host, as browsers write it: without the port when it is the scheme's own.
    #[must_use]
    pub fn origin(&self, host: &str) -> String {
        written(self.scheme, host, self.port)
    }

    pub(super) fn apply(&self, tenant: &mut Tenant) {
        if let Some(domain) = &self.domain {
            tenant.host = format!("{}.{domain}", tenant.id);
        }
        tenant.origin = self.origin(&tenant.host);
        tenant.mutual_tls_origin = self.mutual_tls.map(|port| written(Scheme::Https, &tenant.host, port));
        let cards = self.cards.filter(|_| tenant.eid.is_some());
        tenant.card_origin = cards.map(|port| written(Scheme::Https, &tenant.host, port));
        for register in &mut tenant.registers {
            if let Some(domain) = &self.domain {
                register.host = format!("{}.{}.{domain}", register.id, tenant.id);
            }
            register.origin = self.origin(&register.host);
        }
        for backend in &mut tenant.backends {
            if let Some(url) = self.backends.get(&(tenant.id.clone(), backend.id.clone())) {
                backend.url = url.clone();
            }
        }
        for provider in &mut tenant.openid_providers {
            if let Some(issuer) = self.providers.get(&provider.factor) {
                provider.issuer = issuer.clone();
                provider.hosts.clear();
            }
        }
    }
}

/// An origin (RFC 6454 section 6.2).
fn written(scheme: Scheme, host: &str, port: u16) -> String {
    match (scheme, port) {
        (Scheme::Https, 443) | (Scheme::Http, 80) => format!("{scheme}://{host}"),
        (scheme, port) => format!("{scheme}://{host}:{port}"),
    }
}
