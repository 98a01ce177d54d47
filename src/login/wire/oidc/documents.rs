//! What a provider publishes about itself: read when it is first needed, kept, and read anew in the background.

use std::{
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Duration,
};

use openidconnect::{DiscoveryError, IssuerUrl, JsonWebKey, core::CoreJsonWebKeySet};

use super::{Metadata, Upstream, exchange::Opening, not_believed};
use crate::{
    base::Timestamp,
    domain::upstream::UserInfo,
    login::{method::Refused, wire::http::Failed},
};

/// How long a provider's documents are fresh; older ones are used until new ones are there.
const FRESH: Duration = Duration::from_secs(3600);
/// How long they are used when the provider does not answer.
const STALE: Duration = Duration::from_secs(24 * 3600);
/// An unknown key makes us ask for the keys anew, so often at most.
const ROLLOVER: Duration = Duration::from_secs(30);

/// What a provider publishes about itself, with its keys.
pub(super) struct Documents {
    pub metadata: Metadata,
    read_at: Timestamp,
}

impl Documents {
    fn age(&self, now: Timestamp) -> Duration {
        now.since(self.read_at)
    }

    fn has_key(&self, kid: Option<&str>) -> bool {
        let keys = self.metadata.jwks().keys();
        kid.is_none_or(|kid| keys.iter().any(|key| key.key_id().is_some_and(|id| id.as_str() == kid)))
    }
}

impl Upstream {
    /// Reads the documents anew when they are no longer fresh.
    pub async fn refresh(&self) {
        let now = self.clock.now();
        if self.known().is_some_and(|known| known.age(now) < FRESH) || !self.breaker.admits(now) {
            return;
        }
        if let Err(error) = self.read().await {
            tracing::warn!(provider = self.settings.factor.word(), %error, "a provider's documents cannot be read");
        }
    }

    fn known(&self) -> Option<Arc<Documents>> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The documents: those that are known, when they are not too old; else the first who asks reads them, and what comes of
    /// that counts for those who asked meanwhile.
    pub(super) async fn documents(&self) -> Result<Arc<Documents>, Refused> {
        let usable = || self.known().filter(|known| known.age(self.clock.now()) < STALE);
        if let Some(known) = usable() {
            return Ok(known);
        }
        let before = self.readings.load(Ordering::SeqCst);
        let _reading = self.reading.lock().await;
        if let Some(known) = usable() {
            return Ok(known);
        }
        if self.readings.load(Ordering::SeqCst) != before {
            return Err(Refused::OutOfOrder("its documents could not be read".into()));
        }
        self.admitted()?;
        let read = self.read().await;
        self.readings.fetch_add(1, Ordering::SeqCst);
        read
    }

    async fn read(&self) -> Result<Arc<Documents>, Refused> {
        let issuer = IssuerUrl::new(self.issuer().to_owned()).map_err(|_| not_believed("the issuer is no URL"))?;
        let metadata = Metadata::discover_async(issuer, &self.through(Opening::Nothing))
            .await
            .map_err(|error| self.unread(&error))?;
        let mut endpoints = vec![
            Some(metadata.authorization_endpoint().url()),
            metadata.token_endpoint().map(|url| url.url()),
            Some(metadata.jwks_uri().url()),
        ];
        if self.settings.user_info != UserInfo::NotAsked {
            endpoints.push(metadata.userinfo_endpoint().map(|url| url.url()));
        }
        if !endpoints.into_iter().all(|url| url.is_some_and(|url| self.http.allows(url))) {
            self.breaker.failed(self.clock.now());
            return Err(Refused::OutOfOrder("an endpoint is missing, or on a host that is not configured".into()));
        }
        self.breaker.worked();
        Ok(self.keep(metadata))
    }

    fn keep(&self, metadata: Metadata) -> Arc<Documents> {
        let documents = Arc::new(Documents { metadata, read_at: self.clock.now() });
        *self.documents.lock().unwrap_or_else(PoisonError::into_inner) = Some(documents.clone());
        documents
    }

    /// The documents with a key that is not among those that are known, when the provider has it by now.
    pub(super) async fn with_key(
        &self,
        documents: &Arc<Documents>,
        kid: Option<&str>,
    ) -> Result<Arc<Documents>, Refused> {
        if documents.has_key(kid) {
            return Ok(documents.clone());
        }
        let now = self.clock.now();
        {
            let mut last = self.rolled_over.lock().unwrap_or_else(PoisonError::into_inner);
            if last.is_some_and(|last| now.since(last) < ROLLOVER) {
                return Ok(documents.clone());
            }
            *last = Some(now);
        }
        let through = self.through(Opening::Nothing);
        let keys = CoreJsonWebKeySet::fetch_async(documents.metadata.jwks_uri(), &through).await;
        let keys = keys.map_err(|error| self.unread(&error))?;
        Ok(self.keep(documents.metadata.clone().set_jwks(keys)))
    }

    fn unread(&self, error: &DiscoveryError<Failed>) -> Refused {
        match error {
            DiscoveryError::Request(failed @ Failed::Busy) => Refused::OutOfOrder(failed.to_string()),
            // What is in the document is not repeated: it is the provider's text.
            DiscoveryError::Request(failed) => {
                self.breaker.failed(self.clock.now());
                Refused::OutOfOrder(failed.to_string())
            }
            DiscoveryError::Response(status, ..) => {
                self.breaker.failed(self.clock.now());
                Refused::OutOfOrder(format!("its documents: status {status}, or their type"))
            }
            _ => {
                self.breaker.failed(self.clock.now());
                Refused::OutOfOrder("its documents cannot be read, or are another issuer's".into())
            }
        }
    }
}
