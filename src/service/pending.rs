//! Where a login leads, kept with the attempt until it is reached.

use serde::{Deserialize, Serialize};

use crate::{
    base::Timestamp,
    domain::{
        assurance::Assurance,
        mandate::Holder,
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

    /// The least assurance that does.
    #[must_use]
    pub fn least_assurance(&self, tenant: &Tenant) -> Assurance {
        let own = match &self.destination {
            Destination::Account | Destination::Page { .. } => Assurance::Low,
            Destination::Register { register, .. } => {
                tenant.register(register).map_or(Assurance::High, |register| register.least_assurance)
            }
            Destination::Client(request) => {
                let own = tenant.client(&request.client).map_or(Assurance::High, |client| client.least_assurance);
                request.least.map_or(own, |asked| asked.max(own))
            }
        };
        self.least.map_or(own, |asked| asked.max(own))
    }

    /// The means that do, in the tenant's order.
    #[must_use]
    pub fn means<'a>(&self, tenant: &'a Tenant) -> Vec<&'a Means> {
        let least = self.least_assurance(tenant);
        let allowed: Option<&[String]> = match &self.destination {
            Destination::Account | Destination::Page { .. } => None,
            Destination::Register { register, .. } => tenant.register(register).map(|r| r.means.as_slice()),
            Destination::Client(request) => tenant.client(&request.client).map(|c| c.means.as_slice()),
        };
        tenant
            .means
            .iter()
            .filter(|means| means.assurance >= least && allowed.is_none_or(|ids| ids.contains(&means.id)))
            .collect()
    }

    /// Whether a login with these means and assurance does.
    #[must_use]
    pub fn is_met_by(&self, tenant: &Tenant, means: &str, assurance: Assurance) -> bool {
        assurance >= self.least_assurance(tenant) && self.means(tenant).iter().any(|m| m.id == means)
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
