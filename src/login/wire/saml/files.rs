//! The files that a tenant's own names: the provider's metadata, and what Poort shows. They are read anew when they change, so that keys
//! follow one another without a restart; what was read last stays in use while a new file is not good, and until it is over.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::SystemTime,
};

use url::Url;

use super::{encryption::Opener, metadata::Peer, signature::Signer};
use crate::{
    base::{
        Timestamp,
        id::TenantId,
        tls::{Certificate, authorities_in, authorities_of_the_web, files::read, towards},
    },
    domain::upstream::{ReturnBinding, SamlProvider},
    login::wire::{http::Client, unusable::Unusable},
};

/// What is in the files.
pub(super) struct Loaded {
    pub(super) peer: Peer,
    pub(super) signer: Signer,
    /// The certificate that will sign after this one's.
    pub(super) next: Option<Certificate>,
    /// What opens that which is encrypted for us.
    pub(super) openers: Vec<Opener>,
    /// What asks the resolver.
    pub(super) resolver: Option<(Url, Client)>,
    /// Who we are, for the provider: signed once for these files.
    pub(super) metadata: OnceLock<Result<String, Unusable>>,
    tls: Certificate,
}

/// When each file was changed last.
type Stamps = Vec<Option<SystemTime>>;

pub(super) struct Files {
    tenant: TenantId,
    settings: SamlProvider,
    state: Mutex<State>,
}

struct State {
    loaded: Result<Arc<Loaded>, Unusable>,
    stamps: Stamps,
}

impl Files {
    pub(super) fn new(tenant: TenantId, settings: SamlProvider, now: Timestamp) -> Self {
        let (stamps, loaded) = (stamps(&settings), load(&settings, now));
        let this = Self { tenant, settings, state: Mutex::new(State { loaded: loaded.clone(), stamps }) };
        this.tell(&loaded);
        this
    }

    /// What is in use, when it is still good.
    pub(super) fn loaded(&self, now: Timestamp) -> Result<Arc<Loaded>, Unusable> {
        let loaded = self.state.lock().unwrap_or_else(PoisonError::into_inner).loaded.clone()?;
        loaded.good(now)?;
        Ok(loaded)
    }

    /// Reads them anew when one changed, or when what is in use is not good.
    pub(super) fn refresh(&self, now: Timestamp) {
        let stamps = stamps(&self.settings);
        let stale = {
            let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.stamps != stamps || state.loaded.is_err()
        };
        if stale {
            let loaded = load(&self.settings, now);
            self.tell(&loaded);
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.stamps = stamps;
            if loaded.is_ok() || state.loaded.is_err() {
                state.loaded = loaded;
            }
        }
        if let Ok(loaded) = self.loaded(now) {
            self.measure(&loaded, now);
        }
    }

    fn measure(&self, loaded: &Loaded, now: Timestamp) {
        for (purpose, days) in loaded.days_left(now) {
            let (tenant, method) = (self.tenant.to_string(), self.settings.factor.word());
            let days = u32::try_from(days).unwrap_or(u32::MAX);
            metrics::gauge!("poort_saml_certificate_days_left", "tenant" => tenant, "method" => method, "certificate" => purpose)
                .set(days);
        }
    }

    fn tell(&self, loaded: &Result<Arc<Loaded>, Unusable>) {
        if let Err(error) = loaded {
            let method = self.settings.factor.word();
            tracing::error!(tenant = %self.tenant, method, %error, "a file of these means cannot be used; what was read before stays in use while it is good");
        }
    }
}

/// Reads every file.
///
/// # Errors
/// When one cannot be used; it names the file.
pub(super) fn load(settings: &SamlProvider, now: Timestamp) -> Result<Arc<Loaded>, Unusable> {
    let signers = settings.metadata_signer.as_deref().map(Certificate::in_file).transpose()?.unwrap_or_default();
    let metadata = &settings.metadata;
    let text = read(metadata)?;
    let text = std::str::from_utf8(&text).map_err(|_| Unusable::new("no UTF-8").of(metadata))?;
    let peer = Peer::read(text, &settings.provider, &signers, now).map_err(|error| error.of(metadata))?;
    let signer = Signer::new(&settings.signing, settings.signature)?;
    let next = settings.next_certificate.as_deref().map(Certificate::in_file).transpose()?;
    let roots = settings.authorities.as_deref().map_or_else(|| Ok(authorities_of_the_web()), authorities_in)?;
    let own = settings.tls.read()?;
    let (tls, pair) = (settings.tls.first(&own)?, settings.tls.pair(&own)?);
    let config = towards(roots, Some(pair)).map_err(|error| Unusable::new(error.to_string()).of(&settings.tls.key))?;
    let tells = |resolver: &Url| (resolver.clone(), Client::new(resolver, &[]).with_tls(Arc::new(config)));
    let resolver = peer.resolver.as_ref().filter(|_| settings.returns == ReturnBinding::Artifact).map(tells);
    if settings.returns == ReturnBinding::Artifact && resolver.is_none() {
        return Err(Unusable::new("no ArtifactResolutionService with the index 0").of(metadata));
    }
    let openers = settings.decryption.iter().map(Opener::new).collect::<Result<Vec<_>, _>>()?;
    let next = next.and_then(|chain| chain.into_iter().next());
    let loaded = Loaded { peer, signer, next, openers, resolver, metadata: OnceLock::new(), tls };
    loaded.good(now)?;
    Ok(Arc::new(loaded))
}

impl Loaded {
    /// Whether nothing of it is over.
    fn good(&self, now: Timestamp) -> Result<(), Unusable> {
        if self.peer.until.is_some_and(|until| until <= now) {
            return Err(Unusable::new("the provider's metadata is over (validUntil)"));
        }
        if !self.peer.certificates.iter().any(|certificate| certificate.is_good(now)) {
            return Err(Unusable::new("every certificate in the provider's metadata is over"));
        }
        let opening = self.openers.iter().map(Opener::certificate);
        match [self.signer.certificate(), &self.tls]
            .into_iter()
            .chain(opening.take(1))
            .all(|certificate| certificate.is_good(now))
        {
            true => Ok(()),
            false => Err(Unusable::new("our own certificate is over, or not good yet")),
        }
    }

    /// Our certificates, as people recognise them: the one that signs, and the one that is shown.
    pub(super) fn fingerprints(&self) -> (String, String) {
        (self.signer.certificate().fingerprint(), self.tls.fingerprint())
    }

    /// The certificates, by what they are for, with the whole days that they are good for.
    pub(super) fn days_left(&self, now: Timestamp) -> Vec<(&'static str, u64)> {
        let provider = self.peer.certificates.iter().filter_map(|certificate| certificate.days_left(now)).max();
        let own = [("signing", self.signer.certificate().days_left(now)), ("tls", self.tls.days_left(now))];
        let opening = self.openers.first().map(|opener| ("encryption", opener.certificate().days_left(now)));
        let all = own.into_iter().chain(opening).chain([("provider", provider)]);
        all.map(|(purpose, days)| (purpose, days.unwrap_or(0))).collect()
    }
}

fn stamps(settings: &SamlProvider) -> Stamps {
    let changed = |file: &Path| fs::metadata(file).and_then(|data| data.modified()).ok();
    settings.files().map(changed).collect()
}
