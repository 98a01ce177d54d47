//! A demo that runs: its tenants in their place, and everything that stands around the gateway.

use std::{
    fs, io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use axum::Router;
use serde_json::Value;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use super::{
    clients::with_sample_clients,
    digid, eid,
    folder::Folder,
    inbox::{self, Place},
    mailbox::Mailbox,
    openid::{self, face::Face},
    options::Options,
    people::worlds,
    posted::{self, Face as PostedFace},
    registers::{Issuer, Prepared, Sample},
    saml_keys::Keys,
    seed::{self, Acquaintances},
    smtp::Sink,
    telephone::{self, Telephones},
    welcome,
};
use crate::{
    base::{Clock, Language, Random, id::TenantId},
    config::{self, Mistakes, Placement, Scheme, Source},
    domain::tenant::{Factor, Tenant},
    http::tls::UnusableTls,
    notify::telephone::Telephone,
    service::Core,
    storage::{
        Store, StoreError,
        seal::{MasterKey, MasterKeyError, SealError},
        sql::Database,
    },
};

/// The host of the inbox, without its port.
pub const INBOX_HOST: &str = "inbox.localhost";

/// The host of everybody's telephone, without its port.
pub const TELEPHONE_HOST: &str = "telephone.localhost";

/// The host of the stand-in for DigiD, without its port.
const DIGID_HOST: &str = "digid.localhost";

/// The other stand-ins that speak SAML.
const POSTED: [&PostedFace; 3] = [&posted::EHERKENNING, &posted::EIDAS, &posted::FAS];

/// The host of the stand-in for identity cards, without its port.
const EID_HOST: &str = "eid.localhost";

/// The domain under which browsers find the demo: this machine, without any configuration (RFC 6761 section 6.3).
const DOMAIN: &str = "localhost";

/// The tenants' files, as they are deployed.
const TENANTS: [(&str, &str); 6] = [
    ("progezondheid.toml", include_str!("../../deploy/tenants/progezondheid.toml")),
    ("mijnrgs.toml", include_str!("../../deploy/tenants/mijnrgs.toml")),
    ("registerplein.toml", include_str!("../../deploy/tenants/registerplein.toml")),
    ("ifms.toml", include_str!("../../deploy/tenants/ifms.toml")),
    ("lklr.toml", include_str!("../../deploy/tenants/lklr.toml")),
    ("skj.toml", include_str!("../../deploy/tenants/skj.toml")),
];

/// Why a demo cannot run.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A port or a folder.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The tenants' files are wrong: a defect of ours.
    #[error("the demo's tenants: {}", config::render(.0.as_slice()))]
    Tenants(Mistakes),
    /// `--backend` names a register that is not there.
    #[error(
        "--backend: there is no register {0}; there are dossier, opleiding, registratie, portfolio, \
         kwaliteitsregister, kamer and specialisten"
    )]
    NoRegister(String),
    /// The file with the application's keys.
    #[error("--app-jwks: {} has no JWK set: {{\"keys\": [..]}}", .0.display())]
    Keys(PathBuf),
    /// The certificate with which the gateway ends TLS.
    #[error("--tls-certificate: {0}")]
    Certificate(#[from] UnusableTls),
    /// The origin of the application.
    #[error("--app: an origin, for example http://app.localhost:8090")]
    App,
    /// The database is something else's.
    #[error(
        "tenant {0} in this database was used by something other than `poort demo`, and the demo's passwords are known to \
         everybody; name a new folder or database"
    )]
    NotADemos(TenantId),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder's master key.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// Something cannot be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// An invented number passes no check: a defect of ours.
    #[error("the national number of {0} passes no check")]
    Number(String),
    /// An invented identifier of a register is none: a defect of ours.
    #[error("{0} is no identifier of a register")]
    Key(String),
    /// The demo's password cannot be hashed: a defect of ours.
    #[error("the demo's password cannot be hashed")]
    Password,
}

/// A demo around a gateway. What it started ends when it is dropped.
pub struct Demo {
    tenants: Vec<Tenant>,
    /// How browsers find what stands below `localhost`.
    placement: Placement,
    clock: Clock,
    random: Random,
    smtp: SocketAddr,
    inbox: Router,
    telephones: Router,
    /// Where the providers of telephony are.
    telephone: Url,
    /// Of other providers, by their hosts.
    stand_ins: Vec<(&'static str, Router)>,
    acquaintances: Arc<OnceLock<Acquaintances>>,
    _stopping: DropGuard,
    /// Last: what is in it is used by what stands above.
    folder: Folder,
}

impl Demo {
    /// Puts the tenants in their place and starts the mail server and the sample registers, each on a free port of this machine.
    ///
    /// # Errors
    /// When something that was asked is not there, or there is no free port.
    pub async fn prepare(options: &Options, clock: &Clock, random: &Random) -> Result<Self, DemoError> {
        let folder = Folder::open(options.data.as_deref(), random)?;
        let stopping = CancellationToken::new();
        let scheme = if options.certificate.is_some() { Scheme::Https } else { Scheme::Http };
        let mut placement = Placement::below(DOMAIN, scheme, options.listen.port());
        let mut prepared = Vec::new();
        for sample in Sample::ALL {
            let elsewhere = options.backends.iter().rfind(|backend| backend.register == sample.id());
            let url = match elsewhere {
                Some(backend) => backend.url.clone(),
                None => {
                    let (register, address) = Prepared::new(sample).await?;
                    prepared.push((sample, register));
                    origin(address)?
                }
            };
            let tenant = sample.tenant().parse().map_err(|_| DemoError::NoRegister(sample.id().into()))?;
            placement = placement.backend(&tenant, sample.id(), url);
        }
        if let Some(unknown) =
            options.backends.iter().find(|at| Sample::ALL.iter().all(|known| known.id() != at.register))
        {
            return Err(DemoError::NoRegister(unknown.register.clone()));
        }
        for face in Face::ALL {
            let issuer = match options.elsewhere(face.factor()) {
                Some(elsewhere) => elsewhere.clone(),
                None => {
                    let own = placement.origin(face.host()).parse();
                    own.map_err(|_| io::Error::from(io::ErrorKind::AddrNotAvailable))?
                }
            };
            placement = placement.provider(face.factor(), issuer);
        }
        let app = app_origin(&options.app)?;
        let jwks = options.app_jwks.as_ref().map(read_jwks).transpose()?;
        let sources = TENANTS.map(|(name, text)| Source::new(name, text));
        let tenants = config::tenants(&sources, &placement).map_err(DemoError::Tenants)?;
        let tenants: Vec<Tenant> =
            tenants.into_iter().map(|tenant| with_sample_clients(tenant, &app, jwks.as_ref())).collect();

        // The stand-ins speak plain http alone.
        let gone = |face: &Face| options.certificate.is_some() && options.elsewhere(face.factor()).is_none();
        let tenants = Face::ALL.into_iter().filter(gone).fold(tenants, |tenants: Vec<Tenant>, face| {
            tenants.into_iter().map(|tenant| without(tenant, face.factor())).collect()
        });
        // Those that speak SAML as well.
        let stand_in = options.saml && options.certificate.is_none();
        let by_saml = stand_in && options.fas_saml;
        let tenants = match by_saml {
            true => tenants.into_iter().map(posted::instead).collect(),
            false => tenants,
        };
        // FAS is there by OpenID Connect too.
        let spoken = POSTED.map(|face| face.factor).into_iter().filter(|factor| *factor != Factor::Fas);
        let gone: Vec<Factor> = spoken.chain([Factor::Digid]).filter(|_| !stand_in).collect();
        let mut tenants: Vec<Tenant> =
            tenants.into_iter().map(|tenant| gone.iter().fold(tenant, |one, factor| without(one, *factor))).collect();

        let acquaintances = Arc::new(OnceLock::new());
        let mut places = Vec::new();
        let people = worlds(clock.now().date_in(&jiff::tz::TimeZone::UTC));
        openid::share_secret(folder.path(), &mut tenants)?;
        let by_openid = Face::ALL.map(|face| {
            let own = placement.origin(face.host());
            (face.host(), openid::router(face, &own, options.gateway(), &tenants, &people, clock, random))
        });
        let mut stand_ins: Vec<(&'static str, Router)> = by_openid.to_vec();
        stand_ins.retain(|(host, _)| !by_saml || *host != posted::FAS.host);
        if stand_in {
            let made = tokio::task::spawn_blocking(Keys::make).await.map_err(io::Error::other)?;
            let keys = Arc::new(made.ok_or_else(|| io::Error::other("no keys can be made"))?);
            let (own, with) = (placement.origin(DIGID_HOST), (&keys, clock, random));
            let digid = digid::start(&own, folder.path(), &mut tenants, &people, with, stopping.clone()).await?;
            stand_ins.push((DIGID_HOST, digid));
            for face in POSTED.into_iter().filter(|face| by_saml || face.factor != Factor::Fas) {
                let own = placement.origin(face.host);
                let router = posted::start(face, &own, folder.path(), &mut tenants, &people, with)?;
                stand_ins.push((face.host, router));
            }
        }
        match options.certificate {
            Some(_) => tenants = tenants.into_iter().map(|tenant| without(tenant, Factor::Eid)).collect(),
            None => {
                let own = placement.origin(EID_HOST);
                stand_ins.push((EID_HOST, eid::start(&own, folder.path(), &mut tenants, &people, (clock, random))?));
            }
        }
        for tenant in &tenants {
            let worlds = worlds(tenant.today(clock.now()));
            let Some(world) = worlds.into_iter().find(|world| world.tenant == tenant.id.as_str()) else { continue };
            for (_, register) in prepared.extract_if(.., |(sample, _)| sample.tenant() == world.tenant) {
                let issuer = Issuer::new(&tenant.origin, options.gateway(), options.certificate.as_ref())?;
                register.start(tenant, &world, issuer, clock, &acquaintances, stopping.clone());
            }
            let name = tenant.name.get(Language::En).to_owned();
            places.push(Place { name, origin: tenant.origin.clone(), world });
        }
        let mailbox = Mailbox::default();
        let smtp = Sink::new(mailbox.clone(), clock.clone()).start(stopping.clone()).await?;
        let zone = tenants.first().map_or(jiff::tz::TimeZone::UTC, |tenant| tenant.zone.clone());
        let telephones = Telephones::new(clock.clone(), zone.clone());
        let telephone = match &options.telephone {
            Some(elsewhere) => elsewhere.clone(),
            None => origin(telephones.start(stopping.clone()).await?)?,
        };
        Ok(Self {
            inbox: inbox::router(mailbox, clock.clone(), zone, places),
            telephones: telephones.page(),
            telephone,
            stand_ins,
            tenants,
            placement,
            clock: clock.clone(),
            random: random.clone(),
            smtp,
            acquaintances,
            _stopping: stopping.drop_guard(),
            folder,
        })
    }

    /// The tenants, in their place, with the clients of the sample application.
    #[must_use]
    pub fn tenants(&self) -> &[Tenant] {
        &self.tenants
    }

    /// The database in the demo's folder.
    #[must_use]
    pub fn database(&self) -> Database {
        Database::Sqlite { file: self.folder.path().join("poort.db") }
    }

    /// The master key in the demo's folder, made when there is none.
    ///
    /// # Errors
    /// When it can be neither read nor written.
    pub fn master_key(&self) -> Result<MasterKey, DemoError> {
        Ok(self.folder.master_key(&self.random)?)
    }

    /// Where the mail server listens, on this machine, without TLS.
    #[must_use]
    pub const fn smtp(&self) -> SocketAddr {
        self.smtp
    }

    /// What answers requests to [`INBOX_HOST`].
    pub fn inbox(&self) -> Router {
        self.inbox.clone()
    }

    /// What answers requests to [`TELEPHONE_HOST`].
    pub fn telephones(&self) -> Router {
        self.telephones.clone()
    }

    /// What hands messages to the demo's providers of telephony.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn telephone(&self) -> Result<Telephone, DemoError> {
        Ok(Telephone::new(telephone::settings(&self.telephone), self.clock.clone())?)
    }

    /// The hosts of the stand-ins for other providers, and what answers there.
    pub fn stand_ins(&self) -> impl Iterator<Item = (&'static str, Router)> {
        self.stand_ins.iter().cloned()
    }

    /// Refuses a database that was used for something else: to be asked before keys are made in it.
    ///
    /// # Errors
    /// When it was, or does not answer.
    pub async fn admit(&self, store: &Store) -> Result<(), DemoError> {
        seed::admit(store, self.tenants.iter().map(|tenant| &tenant.id)).await
    }

    /// Writes the invented people who are not there yet; nothing that is there changes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn seed(&self, core: &Core) -> Result<(), DemoError> {
        let acquaintances = seed::seed(core, &self.tenants).await?;
        // Seeding a second time tells the registers nothing new.
        let _known = self.acquaintances.set(acquaintances);
        Ok(())
    }

    /// The text to print when the gateway serves.
    #[must_use]
    pub fn welcome(&self) -> String {
        let today = self.tenants.first().map_or(jiff::civil::Date::ZERO, |tenant| tenant.today(self.clock.now()));
        let kept = (!self.folder.is_temporary()).then(|| self.folder.path());
        let hosts = [INBOX_HOST, TELEPHONE_HOST].map(|host| self.placement.origin(host));
        welcome::text(&self.tenants, [&hosts[0], &hosts[1]], today, kept)
    }
}

/// The tenant without a login that nobody stands in for.
fn without(mut tenant: Tenant, factor: Factor) -> Tenant {
    let offered = |means: &mut Vec<String>| means.retain(|id| id != factor.word());
    tenant.openid_providers.retain(|provider| provider.factor != factor);
    tenant.saml_providers.retain(|provider| provider.factor != factor);
    tenant.eid = tenant.eid.filter(|_| !factor.is_card());
    tenant.means.retain(|means| !means.factors.contains(&factor));
    for register in &mut tenant.registers {
        offered(&mut register.means);
        register.logins.iter_mut().for_each(|rule| offered(&mut rule.means));
    }
    tenant.clients.iter_mut().for_each(|client| offered(&mut client.means));
    tenant
}

fn origin(address: SocketAddr) -> Result<Url, DemoError> {
    format!("http://{address}").parse().map_err(|_| DemoError::Io(io::ErrorKind::AddrNotAvailable.into()))
}

fn app_origin(text: &str) -> Result<String, DemoError> {
    let url: Url = text.parse().map_err(|_| DemoError::App)?;
    let is_origin =
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.path() == "/" && url.query().is_none();
    if is_origin { Ok(url.origin().ascii_serialization()) } else { Err(DemoError::App) }
}

fn read_jwks(path: &PathBuf) -> Result<Value, DemoError> {
    let wrong = || DemoError::Keys(path.clone());
    let set: Value = serde_json::from_str(&fs::read_to_string(path)?).map_err(|_| wrong())?;
    if set["keys"].as_array().is_some_and(|keys| !keys.is_empty()) { Ok(set) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests;
