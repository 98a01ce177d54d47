//! The sample registers behind the gateway: `dossier` of ProGezondheid, `opleiding` of MijnRGS, `registratie` of Registerplein,
//! `kamer` of SKJ and `specialisten` of MijnRGS, which work alike, `portfolio` of IFMS and `kwaliteitsregister` of LKLR.
//!
//! Each listens on a free port of this machine and answers only with a token that its `verifier` believes; whoever comes
//! past the gateway is told 401. What they keep is in memory. They decide nothing: that a mandate holder reads this file
//! and not that one is the gateway's doing, and so a form may stand where the gateway will refuse it.
//!
//! Every page says who acts, for whom, as what and until when, and shows at its end every claim that came.

mod claims;
mod dossier;
mod kwaliteitsregister;
mod opleiding;
mod portfolio;
mod registratie;
mod verifier;
mod words;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, OnceLock},
};

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{
    HeaderValue, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, WWW_AUTHENTICATE,
        X_CONTENT_TYPE_OPTIONS,
    },
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub(super) use self::verifier::Issuer;
use self::{claims::Claims, verifier::Verifier, words::Words};
use super::{people::World, seed::Acquaintances, style};
use crate::{base::Clock, domain::tenant::Tenant};

/// Nothing but its own stylesheet; forms to itself. Poort adds nothing to a register's answers.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A sample register: the slugs of its tenant, of itself and of its backend, which are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sample {
    Dossier,
    Opleiding,
    Registratie,
    Portfolio,
    Kwaliteitsregister,
    Kamer,
    Specialisten,
}

impl Sample {
    pub(super) const ALL: [Self; 7] = [
        Self::Dossier,
        Self::Opleiding,
        Self::Registratie,
        Self::Portfolio,
        Self::Kwaliteitsregister,
        Self::Kamer,
        Self::Specialisten,
    ];

    /// The slug of the tenant.
    pub(super) const fn tenant(self) -> &'static str {
        match self {
            Self::Dossier => "progezondheid",
            Self::Opleiding | Self::Specialisten => "mijnrgs",
            Self::Registratie => "registerplein",
            Self::Portfolio => "ifms",
            Self::Kwaliteitsregister => "lklr",
            Self::Kamer => "skj",
        }
    }

    /// The slug of the register, and of its backend.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Dossier => "dossier",
            Self::Opleiding => "opleiding",
            Self::Registratie => "registratie",
            Self::Portfolio => "portfolio",
            Self::Kwaliteitsregister => "kwaliteitsregister",
            Self::Kamer => "kamer",
            Self::Specialisten => "specialisten",
        }
    }
}

/// Which training plans are whose, by the keys of people; see [`Acquaintances`].
pub(super) fn plans(world: &World) -> Vec<(&str, String)> {
    opleiding::whose_plans(world)
}

/// What every register has.
struct Common {
    tenant: Tenant,
    verifier: Verifier,
    clock: Clock,
    acquaintances: Arc<OnceLock<Acquaintances>>,
}

/// A register that waits for its tenant: its port is needed before the tenants can be put in their place.
pub(super) struct Prepared {
    listener: TcpListener,
    sample: Sample,
}

impl Prepared {
    /// Takes a free port of this machine.
    ///
    /// # Errors
    /// When there is none.
    pub(super) async fn new(sample: Sample) -> io::Result<(Self, SocketAddr)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok((Self { listener, sample }, address))
    }

    /// Serves until `stopping`, believing the tokens of `tenant`'s `issuer`.
    pub(super) fn start(
        self,
        tenant: &Tenant,
        world: &World,
        issuer: Issuer,
        clock: &Clock,
        acquaintances: &Arc<OnceLock<Acquaintances>>,
        stopping: CancellationToken,
    ) {
        let audience = tenant.backend(self.sample.id()).map_or("", |backend| backend.audience.as_str());
        let common = Common {
            verifier: Verifier::new(issuer, audience, clock.clone()),
            tenant: tenant.clone(),
            clock: clock.clone(),
            acquaintances: Arc::clone(acquaintances),
        };
        let router = router(self.sample, common, world);
        tokio::spawn(async move {
            let served = axum::serve(self.listener, router).with_graceful_shutdown(stopping.cancelled_owned()).await;
            if let Err(error) = served {
                tracing::error!(%error, register = self.sample.id(), "a sample register has stopped");
            }
        });
    }
}

fn router(sample: Sample, common: Common, world: &World) -> Router {
    let common = Arc::new(common);
    let pages = match sample {
        Sample::Dossier => dossier::router(Arc::clone(&common), world),
        Sample::Opleiding => opleiding::router(Arc::clone(&common), world),
        Sample::Registratie | Sample::Kamer | Sample::Specialisten => {
            registratie::router(sample, Arc::clone(&common), world)
        }
        Sample::Portfolio => portfolio::router(Arc::clone(&common), world),
        Sample::Kwaliteitsregister => kwaliteitsregister::router(Arc::clone(&common), world),
    };
    pages
        .route("/style.css", get(style::stylesheet))
        .layer(middleware::from_fn_with_state(common, believe))
        .layer(middleware::map_response(finish))
}

/// Lets a request pass whose token is believed, with what it told.
async fn believe(State(common): State<Arc<Common>>, mut request: Request, next: Next) -> Response {
    match common.verifier.verify(request.headers()).await {
        Ok(claims) => {
            request.extensions_mut().insert(Arc::new(Claims::new(claims)));
            next.run(request).await
        }
        Err(why) => {
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            let text = format!("This register answers its gateway and nobody else ({}).\n", why.word());
            (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)], text).into_response()
        }
    }
}

async fn finish(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: with it browsers send `Origin: null` from forms, which the gateway refuses.
        (REFERRER_POLICY, "same-origin"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The claims of the request, put there by [`believe`].
type Believed = Extension<Arc<Claims>>;

/// What surrounds every page of a register.
struct Shell {
    words: Words,
    tenant: Tenant,
    claims: Arc<Claims>,
    /// The register's name in the tenant's file.
    register: String,
}

impl Shell {
    fn new(common: &Common, sample: Sample, claims: Arc<Claims>) -> Self {
        let tenant = common.tenant.clone();
        // The language of who acts, as far as the tenant speaks it.
        let language = tenant.language([claims.language()]);
        let register = tenant.register(sample.id()).map_or("", |register| register.name.get(language)).to_owned();
        Self { words: Words::new(language), tenant, claims, register }
    }

    /// Whether people here let others see something of them.
    fn has_insight(&self) -> bool {
        !self.tenant.purposes.is_empty()
    }

    /// Whether there is an app for people's phones.
    fn has_app(&self) -> bool {
        self.tenant.clients.iter().any(|client| client.pairing.is_some())
    }

    /// Where one's account is: the login host.
    fn login(&self) -> &str {
        &self.tenant.origin
    }

    fn capacity(&self) -> String {
        self.claims.capacity_label(self.words, &self.tenant)
    }

    fn rights(&self) -> Option<String> {
        self.claims.organization()?;
        let rights = self.claims.right_labels(self.words, &self.tenant);
        Some(if rights.is_empty() { self.words.no_rights().to_owned() } else { rights.join(", ") })
    }

    fn mandate_scope(&self) -> Option<&str> {
        self.claims.mandate_scope(self.words, &self.tenant)
    }

    /// Whether one acts as somebody else than oneself alone, so that there is a way back.
    fn away_from_self(&self) -> bool {
        self.claims.represented().is_some() || self.claims.organization().is_some()
    }

    fn told(&self) -> Vec<claims::Told> {
        self.claims.told(self.words, &self.tenant)
    }
}

/// Who acts, as this register knows them: the page `/me` of all.
#[derive(Template)]
#[template(path = "me.html", config = "src/demo/askama.toml")]
struct Me {
    shell: Shell,
    title: String,
}

/// The page of a path that the gateway let through and this register does not have.
#[derive(Template)]
#[template(path = "not_found.html", config = "src/demo/askama.toml")]
struct NotFound {
    shell: Shell,
    title: String,
}

fn me(common: &Common, sample: Sample, claims: Arc<Claims>) -> Response {
    let shell = Shell::new(common, sample, claims);
    let title = match shell.claims.represented() {
        Some(name) => format!("{} {name}", shell.words.details_of()),
        None => shell.words.me().to_owned(),
    };
    html(StatusCode::OK, &Me { title, shell })
}

fn not_found(common: &Common, sample: Sample, claims: Arc<Claims>) -> Response {
    let shell = Shell::new(common, sample, claims);
    html(StatusCode::NOT_FOUND, &NotFound { title: shell.words.not_found().to_owned(), shell })
}

fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a sample register's page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// To another page after a form (RFC 9110 section 15.4.4).
fn see_other(path: &str) -> Response {
    match HeaderValue::try_from(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A text of a form: without blanks around it, of 1 to 500 characters.
fn written(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty() && text.chars().count() <= 500).then_some(text)
}

#[cfg(test)]
mod tests;
