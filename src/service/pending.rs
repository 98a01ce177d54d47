//! Where a login leads, kept with the attempt until it is reached.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    base::Timestamp,
    domain::{
        assurance::Assurance,
        login_rule::{Demand, Known},
        mandate::Holder,
        register::Register,
        tenant::{Means, Tenant},
    },
    storage::StoreError,
};

/// What an attempt is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Where it leads.
    pub destination: Destination,
    /// Assurance that a step-up asks beyond the destination's own.
    pub least: Option<Assurance>,
    /// Whose mandators are searched, once that was chosen.
    pub holder: Option<Holder>,
}

/// Where a login leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// The account page of the login host.
    Account,
    /// Another page of the login host.
    Page {
        /// Its path, with its query.
        path: String,
    },
    /// A register's host.
    Register {
        /// The register's slug.
        register: String,
        /// Where to go there.
        return_path: String,
        /// The digest of the cookie of the browser that asked there.
        state: String,
    },
    /// A client of the OpenID provider.
    Client(ClientRequest),
}

/// An authorization request that was checked (OpenID Connect Core 1.0 section 3.1.2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRequest {
    /// The client's `client_id`.
    pub client: String,
    /// One of its registered redirect URIs.
    pub redirect_uri: String,
    /// `state`, given back as it came.
    pub state: Option<String>,
    /// `nonce`, for the ID token.
    pub nonce: Option<String>,
    /// The granted scope, space-separated.
    pub scope: String,
    /// The `aud` of the access token.
    pub audience: String,
    /// The PKCE challenge, S256.
    pub challenge: String,
    /// The least assurance that `acr_values` asks.
    pub least: Option<Assurance>,
    /// The login must not be older than this: `prompt=login`, `max_age`.
    pub login_since: Option<Timestamp>,
}

impl Pending {
    /// A login that leads to `destination`.
    #[must_use]
    pub const fn to(destination: Destination) -> Self {
        Self { destination, least: None, holder: None }
    }

    /// The same, with at least this assurance.
    #[must_use]
    pub const fn at_least(mut self, assurance: Option<Assurance>) -> Self {
        self.least = assurance;
        self
    }

    /// Reads it from the attempt.
    ///
    /// # Errors
    /// When it was written by a Poort that knew other destinations.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text).map_err(|error| StoreError::Unusable(format!("an attempt's destination: {error}")))
    }

    /// The text for the attempt.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The least assurance that does of a login with these means, for somebody, on `today`.
    #[must_use]
    pub fn least_with(&self, tenant: &Tenant, means: &str, today: Date) -> Assurance {
        let asks = self.asks(tenant, None, today);
        asks.iter().filter(|asked| asked.accepts(means)).map(|asked| asked.least).min().unwrap_or(Assurance::High)
    }

    /// The least assurance that does of a login of this person.
    #[must_use]
    pub fn least_for(&self, tenant: &Tenant, who: &Known, today: Date) -> Assurance {
        self.asks(tenant, Some(who), today).iter().map(|asked| asked.least).min().unwrap_or(Assurance::High)
    }

    /// The means that do for somebody, whoever logs in, in the tenant's order.
    #[must_use]
    pub fn means<'a>(&self, tenant: &'a Tenant, today: Date) -> Vec<&'a Means> {
        Self::among(tenant, &self.asks(tenant, None, today))
    }

    /// The means that do for this person.
    #[must_use]
    pub fn means_for<'a>(&self, tenant: &'a Tenant, who: &Known, today: Date) -> Vec<&'a Means> {
        Self::among(tenant, &self.asks(tenant, Some(who), today))
    }

    /// Whether a login of this person with these means and assurance does.
    #[must_use]
    pub fn is_met_by(&self, tenant: &Tenant, who: &Known, login: (&str, Assurance), today: Date) -> bool {
        let (means, assurance) = login;
        let asks = self.asks(tenant, Some(who), today);
        tenant.means(means).is_some() && asks.iter().any(|asked| asked.accepts(means) && assurance >= asked.least)
    }

    /// The register for which somebody logs in, there or at an application of it.
    #[must_use]
    pub fn register<'t>(&self, tenant: &'t Tenant) -> Option<&'t Register> {
        match &self.destination {
            Destination::Account | Destination::Page { .. } => None,
            Destination::Register { register, .. } => tenant.register(register),
            Destination::Client(request) => {
                tenant.client(&request.client)?.register.as_deref().and_then(|register| tenant.register(register))
            }
        }
    }

    fn among<'a>(tenant: &'a Tenant, asks: &[Asks<'_>]) -> Vec<&'a Means> {
        let does = |means: &Means| asks.iter().any(|asked| asked.accepts(&means.id) && means.assurance >= asked.least);
        tenant.means.iter().filter(|means| does(means)).collect()
    }

    /// What is asked of a login of `who`, or of each whom a line of the register's table is for.
    fn asks<'t>(&self, tenant: &'t Tenant, who: Option<&Known>, today: Date) -> Vec<Asks<'t>> {
        let mut asks = match self.register(tenant) {
            None => vec![Asks { means: [None, None], least: Assurance::Low }],
            Some(register) => {
                let demands = match who {
                    Some(who) => vec![register.demand_of(who, today)],
                    None => register.demands(today),
                };
                let asked =
                    |demand: Demand<'t>| Asks { means: [Some(demand.means), None], least: demand.least_assurance };
                demands.into_iter().map(asked).collect()
            }
        };
        let (own, further): (Option<&[String]>, _) = match &self.destination {
            Destination::Account | Destination::Page { .. } => (None, Assurance::Low),
            // A register that is gone accepts nobody.
            Destination::Register { register, .. } => match tenant.register(register) {
                Some(_) => (None, Assurance::Low),
                None => (Some(&[]), Assurance::High),
            },
            Destination::Client(request) => match tenant.client(&request.client) {
                Some(client) => (
                    Some(&client.means),
                    request.least.map_or(client.least_assurance, |l| l.max(client.least_assurance)),
                ),
                None => (Some(&[]), Assurance::High),
            },
        };
        for asked in &mut asks {
            asked.means[1] = own;
            asked.least = asked.least.max(further).max(self.least.unwrap_or(Assurance::Low));
        }
        asks
    }

    /// Since when the person must have proved who they are, where that is asked.
    #[must_use]
    pub const fn login_since(&self) -> Option<Timestamp> {
        match &self.destination {
            Destination::Client(request) => request.login_since,
            Destination::Account | Destination::Page { .. } | Destination::Register { .. } => None,
        }
    }

    /// Whether a login of then is recent enough.
    #[must_use]
    pub fn is_fresh(&self, authenticated_at: Timestamp) -> bool {
        self.login_since().is_none_or(|since| authenticated_at >= since)
    }
}

/// What is asked of a login: means that stand in each of the lists that are there, and the least assurance.
struct Asks<'t> {
    means: [Option<&'t [String]>; 2],
    least: Assurance,
}

impl Asks<'_> {
    fn accepts(&self, means: &str) -> bool {
        self.means.iter().flatten().all(|list| list.iter().any(|id| id == means))
    }
}
