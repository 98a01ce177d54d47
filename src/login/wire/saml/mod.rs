//! SAML 2.0 as a service provider: a signed request by HTTP-Redirect or HTTP-POST, and an answer by HTTP-Artifact, which is asked for behind
//! the browser's back by SOAP, over TLS in which both sides show a certificate, or by HTTP-POST, in which the browser brings it, signed as a
//! whole (saml-profiles-2.0 section 4.1). Each provider answers in one of both ways, as the tenant's file says.
//!
//! | | |
//! |---|---|
//! | [`profile`] | what differs between those who speak SAML |
//! | [`xml`] | a bounded document, and elements that are read strictly |
//! | [`signature`] | what was signed is what is read |
//! | [`encryption`] | what was encrypted for us, below what was signed; both the door of `bergshamra` |
//! | [`metadata`] | what a provider says of itself, from a file |
//! | [`message`], [`bindings`] | what Poort writes, and how it travels by the browser |
//! | [`answer`] | when what a provider says of somebody is believed |
//! | `files` | the tenant's files, read anew when they change |
//! | [`examine`] | what `poort doctor` sees of it |
//!
//! There is no way in for an answer that nobody asked for, and none for one that comes by another way than that of its provider.

pub mod answer;
pub mod bindings;
pub mod encryption;
pub mod examine;
mod files;
pub mod message;
pub mod metadata;
pub mod names;
pub mod profile;
pub mod signature;
pub mod xml;

use std::{sync::Arc, time::Duration};

use http::header::{CONTENT_TYPE, HeaderValue};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use self::{
    answer::{Answer, Expected},
    bindings::Artifact,
    encryption::Opener,
    files::{Files, Loaded},
    message::{AuthnRequest, Ourselves},
    profile::{Asks, Encrypts, Profile},
};
use super::{http::Failed, unusable::Unusable};
use crate::{
    base::{Clock, Random, Timestamp, breaker::Breaker},
    domain::{
        tenant::Tenant,
        upstream::{RequestBinding, ReturnBinding, SamlProvider},
    },
    login::method::{Asked, Redirect, Refused, Returned},
};

/// How long everything may take that a person waits for.
const PATIENCE: Duration = Duration::from_secs(8);

/// Poort as the service provider of one provider.
pub struct ServiceProvider {
    settings: SamlProvider,
    profile: &'static Profile,
    entity: String,
    callback: String,
    clock: Clock,
    random: Random,
    breaker: Breaker,
    files: Files,
}

/// What lasts between going and coming back.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Whom the person was sent to: an answer of another provider is none.
    provider: String,
    request: String,
    callback: String,
    class: String,
    since: Option<Timestamp>,
}

impl ServiceProvider {
    /// As the tenant's file describes it.
    #[must_use]
    pub fn new(
        tenant: &Tenant,
        settings: SamlProvider,
        profile: &'static Profile,
        clock: Clock,
        random: Random,
    ) -> Self {
        let files = Files::new(tenant.id.clone(), settings.clone(), clock.now());
        let entity = settings.entity.clone().unwrap_or_else(|| tenant.provider_metadata(settings.factor));
        let callback = tenant.provider_callback(settings.factor);
        Self { settings, profile, entity, callback, clock, random, breaker: Breaker::default(), files }
    }

    /// How it is described in the tenant's file.
    #[must_use]
    pub const fn settings(&self) -> &SamlProvider {
        &self.settings
    }

    /// Whether nobody is sent there for the moment: it fails, or a file of the tenant's cannot be used.
    #[must_use]
    pub fn is_out_of_order(&self) -> bool {
        let now = self.clock.now();
        self.breaker.is_open(now) || self.files.loaded(now).is_err()
    }

    /// Reads the files anew when they changed.
    pub fn refresh(&self) {
        self.files.refresh(self.clock.now());
    }

    /// Who we are, for the provider: metadata, signed.
    ///
    /// # Errors
    /// When a file of the tenant's cannot be used.
    pub fn metadata(&self) -> Result<String, Unusable> {
        let loaded = self.files.loaded(self.clock.now())?;
        let signed = || {
            let ourselves = Ourselves {
                entity: &self.entity,
                callback: &self.callback,
                returns: self.settings.returns,
                signing: std::iter::once(loaded.signer.certificate()).chain(&loaded.next).collect(),
                encryption: loaded.openers.iter().map(Opener::certificate).collect(),
                gcm: self.profile.encrypts == Encrypts::Assertions,
                signed_assertions: self.profile.signed_assertions,
                service: self.settings.service.as_ref(),
            };
            message::metadata(&ourselves, &loaded.signer)
        };
        loaded.metadata.get_or_init(signed).clone()
    }

    /// Where the person goes, to prove who they are by `class` or something stronger.
    ///
    /// # Errors
    /// `OutOfOrder`.
    pub fn ask(&self, asked: &Asked<'_>, class: &str) -> Result<Redirect, Refused> {
        let now = self.clock.now();
        if self.breaker.is_open(now) {
            return Err(Refused::OutOfOrder("it failed too often".into()));
        }
        let loaded = self.loaded()?;
        let (Loaded { peer, signer, .. }, id, state) = (&*loaded, message::id(&self.random), asked.state.reveal());
        let to = match self.settings.binding {
            RequestBinding::Redirect => peer.redirect.as_ref(),
            RequestBinding::Post => peer.post.as_ref(),
        };
        let to = to.ok_or_else(|| Refused::OutOfOrder("its metadata names no address for this binding".into()))?;
        let request = AuthnRequest {
            id: &id,
            at: now,
            destination: to.as_str(),
            issuer: &self.entity,
            class: Some(class).filter(|_| self.profile.asks == Asks::Request),
            service: self.settings.service.as_ref().map(|service| service.index),
            anew: asked.since.is_some() || self.profile.anew,
            european: self.settings.european.as_ref().map(|own| (own.sector, self.profile.requests)),
        };
        let (to, form) = match self.settings.binding {
            RequestBinding::Redirect => (bindings::redirect(to, &request.write(""), &state, signer)?, None),
            RequestBinding::Post => {
                let request = signer.sign(&request.write(&signer.place(&id)))?;
                (to.clone(), Some(bindings::post(&request, &state)))
            }
        };
        let kept = Kept {
            provider: peer.entity.clone(),
            request: id,
            callback: asked.redirect_uri.to_owned(),
            class: class.to_owned(),
            since: asked.since,
        };
        let kept = serde_json::to_vec(&kept).map(Zeroizing::new);
        let kept = kept.map_err(|_| Refused::NotBelieved("nothing can be kept".into()))?;
        Ok(Redirect { to, form, kept })
    }

    /// What the provider says of who came back.
    ///
    /// # Errors
    /// When nothing is proved.
    pub async fn identify(&self, kept: &[u8], returned: &Returned<'_>) -> Result<Answer, Refused> {
        let unreadable = || Refused::NotBelieved("what was kept cannot be read".into());
        let kept: Kept = serde_json::from_slice(kept).map_err(|_| unreadable())?;
        let loaded = self.loaded()?;
        if kept.provider != loaded.peer.entity {
            return Err(Refused::NotBelieved("an answer of another provider".into()));
        }
        let artifact = match self.settings.returns {
            ReturnBinding::Post => {
                let nothing = || Refused::NotBelieved("no answer came".into());
                let response = returned.response.ok_or_else(nothing)?;
                return self.expected(&loaded, &kept).posted(response);
            }
            ReturnBinding::Artifact => returned.artifact.and_then(|text| Artifact::parse(text, &loaded.peer.entity)),
        };
        let artifact = artifact.ok_or_else(|| Refused::NotBelieved("no artifact of this provider".into()))?;
        if !self.breaker.admits(self.clock.now()) {
            return Err(Refused::OutOfOrder("it failed too often".into()));
        }
        let asking = tokio::time::timeout(PATIENCE, self.resolve(&loaded, &kept, &artifact)).await;
        let answer = asking.unwrap_or_else(|_| Err(self.fault("it takes too long")));
        if !matches!(answer, Err(Refused::OutOfOrder(_))) {
            self.breaker.worked();
        }
        answer
    }

    /// What an answer must be an answer to.
    fn expected<'a>(&'a self, loaded: &'a Loaded, kept: &'a Kept) -> Expected<'a> {
        Expected {
            peer: &loaded.peer,
            profile: self.profile,
            audience: &self.entity,
            callback: &kept.callback,
            openers: &loaded.openers,
            request: &kept.request,
            class: &kept.class,
            since: kept.since,
            now: self.clock.now(),
        }
    }

    async fn resolve(&self, loaded: &Loaded, kept: &Kept, artifact: &Artifact) -> Result<Answer, Refused> {
        let nowhere = || Refused::OutOfOrder("its metadata names no resolver".into());
        let (resolver, client) = loaded.resolver.as_ref().ok_or_else(nowhere)?;
        let resolve = message::id(&self.random);
        let now = self.clock.now();
        let body = message::artifact_resolve(&resolve, now, &self.entity, artifact, &loaded.signer)?;
        let request = http::Request::post(resolver.as_str())
            .header(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"))
            // SOAP 1.1 section 6.1.1, with the action that saml-bindings-2.0 section 3.2.3 recommends.
            .header("SOAPAction", HeaderValue::from_static("http://www.oasis-open.org/committees/security"))
            .body(body.into_bytes())
            .map_err(|_| Refused::OutOfOrder("the resolver's address cannot be asked".into()))?;
        let answer = client.send(request).await.map_err(|failed| match failed {
            // We ask too much at once ourselves: that does not count against it.
            Failed::Busy => Refused::OutOfOrder(failed.to_string()),
            failed => self.fault(&format!("the resolver: {failed}")),
        })?;
        match answer.status().as_u16() {
            200 => {}
            // What DigiD answers when it cannot read a message, or does not know or believe who sent it.
            404 => {
                return Err(self.fault("the resolver answers 404: see `poort doctor` for what it may not know"));
            }
            other => return Err(self.fault(&format!("the resolver answers {other}"))),
        }
        let body = std::str::from_utf8(answer.body());
        let body = body.map_err(|_| self.fault("the resolver's answer is no UTF-8"))?;
        self.expected(loaded, kept).read(body, &resolve).map_err(|refused| match refused {
            Refused::OutOfOrder(why) => self.fault(&why),
            refused => refused,
        })
    }

    /// What counts against the provider.
    fn fault(&self, why: &str) -> Refused {
        self.breaker.failed(self.clock.now());
        Refused::OutOfOrder(why.to_owned())
    }

    fn loaded(&self) -> Result<Arc<Loaded>, Refused> {
        Ok(self.files.loaded(self.clock.now())?)
    }
}

impl From<Unusable> for Refused {
    fn from(error: Unusable) -> Self {
        Refused::OutOfOrder(error.to_string())
    }
}
