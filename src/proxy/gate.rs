//! The way of one request to a register, top to bottom: route, session, guard, permit, audit, token, forward.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use http::{HeaderValue, Method, Request, Response, StatusCode, request::Parts};
use hyper::body::Incoming;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{
    entry::{self, BELOW, session_token},
    error::{Blame, Failure},
    forward::{Forward, Quiet, forward},
    guard, kept_form,
    pages::Audience,
    recheck::{Permitted, Recheck},
    refusal,
    site::Site,
    upstream::{UnusableBackend, Upstream},
};
use crate::{
    base::id::{SessionId, TenantId},
    domain::{
        audit::Event,
        possession::Shown,
        profile::Profile,
        register::{Parameters, Register, Route},
        tenant::Tenant,
    },
    http::{
        Body,
        body::{Upload, UploadError},
        client_ip::{Client, Scheme},
        limits::Pace,
        request_head::Target,
        server::Exchange,
        spans::Steps,
        tls::ClientCertificate,
    },
    pages::views::failure::FailureKind,
    policy::Denial,
    service::{
        Core, Shared,
        access::{self, Asked, Credential, Found, Refused},
        possession::{self, ProofError},
    },
    storage::StoreError,
    token::dpop::{self, Proof},
};

/// What passes requests on to registers; one for the process.
pub struct Gate {
    shared: Shared,
    upstreams: HashMap<(TenantId, String), Upstream>,
    sites: HashMap<String, Site>,
    pace: Pace,
    quiet: Quiet,
    recheck: Recheck,
    stopping: CancellationToken,
}

/// A request to a register's host that was found to be one.
pub struct Arrived<'a, 's> {
    /// The tenant.
    pub tenant: &'a Arc<Tenant>,
    /// The register's place in the tenant.
    pub register: usize,
    /// What is known of the request.
    pub exchange: Exchange,
    /// Who asks, from where.
    pub client: Client,
    /// What a trace shows of it.
    pub steps: &'s Steps,
}

/// A tenant's file names a backend or host that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UnusableGate {
    /// A backend's URL.
    #[error("backend {backend} of tenant {tenant}: {source}")]
    Backend {
        /// Which.
        backend: String,
        /// Whose.
        tenant: TenantId,
        /// Why.
        source: Box<UnusableBackend>,
    },
    /// A register's origin.
    #[error("register {register} of tenant {tenant}: its origin cannot be a header")]
    Origin {
        /// Which.
        register: String,
        /// Whose.
        tenant: TenantId,
    },
}

/// Why a form of another tab is refused, in the audit log.
const FOR_ANOTHER_PROFILE: &str = "made for another profile";

/// Why a request is not passed on.
enum Stopped {
    Store(StoreError),
    Failure(Failure),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Stopped::Store(error)
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Stopped::Failure(failure)
    }
}

impl Gate {
    /// For these tenants. Nothing is connected yet.
    ///
    /// # Errors
    /// When a backend or a host cannot be used.
    pub fn new(shared: Shared, pace: Pace, stopping: CancellationToken) -> Result<Self, UnusableGate> {
        let mut upstreams = HashMap::new();
        let mut sites = HashMap::new();
        for tenant in shared.tenants.all() {
            for backend in &tenant.backends {
                let upstream = Upstream::new(backend).map_err(|source| UnusableGate::Backend {
                    backend: backend.id.clone(),
                    tenant: tenant.id.clone(),
                    source: Box::new(source),
                })?;
                upstreams.insert((tenant.id.clone(), backend.id.clone()), upstream);
            }
            for register in &tenant.registers {
                let site = Site::new(&register.host, &register.origin)
                    .map_err(|_| UnusableGate::Origin { register: register.id.clone(), tenant: tenant.id.clone() })?;
                sites.insert(register.host.clone(), site);
            }
        }
        Ok(Self { shared, upstreams, sites, pace, quiet: Quiet::default(), recheck: Recheck::default(), stopping })
    }

    /// Answers a request to a register's host. Says the pattern of its route for the log, which names nobody.
    pub async fn handle<'a>(
        &self,
        request: Request<Incoming>,
        arrived: Arrived<'a, '_>,
    ) -> (Response<Body>, Option<&'a str>) {
        let tenant = arrived.tenant;
        let register = &tenant.registers[arrived.register];
        let https = arrived.client.scheme == Scheme::Https;
        let audience = Audience::of(tenant, register, request.method(), request.headers(), &arrived.exchange, https);
        let Some(site) = self.sites.get(&register.host) else {
            return (audience.failure(StatusCode::INTERNAL_SERVER_ERROR, FailureKind::Internal, None), None);
        };
        let core = &*self.shared.core;
        let (head, incoming) = request.into_parts();
        let here = kept_form::Here { core, tenant, register, site, audience: &audience };
        if arrived.exchange.target.path.as_str() == kept_form::PATH && arrived.exchange.certificate.is_none() {
            let response = Box::pin(self.kept(&arrived, here, head, incoming)).await;
            return (response.unwrap_or_else(|error| store_failed(&error, &audience)), Some(BELOW));
        }
        if arrived.exchange.target.path.as_str().starts_with(BELOW) {
            // Who shows a certificate is a program: no session begins there, and none is used.
            if arrived.exchange.certificate.is_some() {
                return (audience.problem(StatusCode::NOT_FOUND, None), Some(BELOW));
            }
            // On the heap, as in `access`: what is rare makes no request's future larger.
            let answer = entry::answer(core, tenant, register, site, &arrived.exchange.target, &head, &audience);
            let response = Box::pin(answer).await.unwrap_or_else(|error| store_failed(&error, &audience));
            return (response, Some(BELOW));
        }
        let Some((route, parameters)) = register.route(head.method.as_str(), &arrived.exchange.target.path) else {
            return (audience.failure(StatusCode::NOT_FOUND, FailureKind::NotFound, Some("/")), None);
        };
        let target = &arrived.exchange.target;
        let passing = Passing {
            gate: self,
            arrived: &arrived,
            target,
            made_for: None,
            register,
            route,
            site,
            audience: &audience,
        };
        let body = Upload::new(incoming, route.max_body, self.pace);
        (passing.answer(head, body, parameters).await, Some(route.path.as_str()))
    }

    /// What happens with a form that was kept: it is shown, or goes its way once.
    async fn kept(
        &self,
        arrived: &Arrived<'_, '_>,
        here: kept_form::Here<'_>,
        head: Parts,
        incoming: Incoming,
    ) -> Result<Response<Body>, StoreError> {
        let kept_form::Here { register, site, audience, .. } = here;
        let target = &arrived.exchange.target;
        if guard::is_safe(&head.method) {
            return here.show(&head, target).await;
        }
        if head.method != Method::POST {
            return Ok(audience.failure(StatusCode::NOT_FOUND, FailureKind::NotFound, Some("/")));
        }
        let Ok(mut body) = Upload::new(incoming, kept_form::LARGEST_ANSWER as u64, self.pace) else {
            return Ok(audience.failure(StatusCode::PAYLOAD_TOO_LARGE, FailureKind::TooLarge, Some("/")));
        };
        let taken = match here.take(head, target, &mut body).await? {
            Ok(taken) => *taken,
            Err(answer) => return Ok(answer),
        };
        let Some((route, parameters)) = register.route(Method::POST.as_str(), &taken.target.path) else {
            return Ok(audience.failure(StatusCode::NOT_FOUND, FailureKind::NotFound, Some("/")));
        };
        let made_for = Some(taken.made_for.as_str());
        let passing = Passing { gate: self, arrived, target: &taken.target, made_for, register, route, site, audience };
        let body = Upload::held(taken.body.into(), route.max_body);
        Ok(passing.answer(taken.head, body, parameters).await)
    }
}

/// One request on its way.
struct Passing<'a> {
    gate: &'a Gate,
    arrived: &'a Arrived<'a, 'a>,
    /// What is asked.
    target: &'a Target,
    /// The handle of the profile for which a kept form was made: the one in use is the same, under another handle.
    made_for: Option<&'a str>,
    register: &'a Register,
    route: &'a Route,
    site: &'a Site,
    audience: &'a Audience<'a>,
}

impl Passing<'_> {
    async fn answer(&self, head: Parts, body: Result<Upload, UploadError>, parameters: Parameters) -> Response<Body> {
        match self.pass(head, body, parameters).await {
            Ok(response) => response,
            Err(Stopped::Store(error)) => store_failed(&error, self.audience),
            Err(Stopped::Failure(failure)) => failed(&failure, self.register, self.audience),
        }
    }

    async fn pass(
        &self,
        head: Parts,
        body: Result<Upload, UploadError>,
        parameters: Parameters,
    ) -> Result<Response<Body>, Stopped> {
        let Self { gate, arrived, target, made_for, register, route, site, audience } = *self;
        let (core, tenant) = (&*gate.shared.core, arrived.tenant);

        // Who acts?
        let step = arrived.steps.step("session");
        let unproved = || audience.problem(StatusCode::UNAUTHORIZED, None);
        let Ok((credential, proof)) = self.credential(&head) else { return Ok(unproved()) };
        let found = match &credential {
            None => Found::Nobody,
            Some(credential) => self.find(core, credential).await?,
        };
        let (credential, acting) = match (credential, found) {
            (Some(credential), Found::Acting(acting)) => (credential, acting),
            (_, Found::ProfileEnded(profile)) => {
                self.note_refusal(core, &profile, None, "profile ended").await?;
                return Ok(refusal::profile_ended(tenant, register, audience));
            }
            (_, Found::ProfileChanged { before, now, portrait }) if !guard::is_safe(&head.method) => {
                self.note_refusal(core, &now, None, FOR_ANOTHER_PROFILE).await?;
                let in_use = refusal::InUse { profile: &now, portrait: &portrait };
                return Ok(Box::pin(refusal::conflict(core, tenant, in_use, Some(&before), audience)).await?);
            }
            (_, Found::Machine(client)) => {
                let event = self.refusal(core, "a program in its own name").with("client", client);
                core.record(tenant, event).await?;
                return Ok(audience.problem(StatusCode::FORBIDDEN, None));
            }
            (Some(Credential::Bearer { .. }), _) => return Ok(audience.problem(StatusCode::UNAUTHORIZED, None)),
            _ if self.arrived.exchange.certificate.is_some() => {
                return Ok(audience.problem(StatusCode::UNAUTHORIZED, None));
            }
            _ => {
                let here = kept_form::Here { core, tenant, register, site, audience };
                if let Ok(mut body) = body
                    && let Some(kept) = Box::pin(here.keep(&head, target, &mut body)).await?
                {
                    return Ok(kept);
                }
                return Ok(refusal::not_signed_in(audience));
            }
        };

        // What proves a key counts once (RFC 9449 section 11.1).
        if let Some(proof) = &proof {
            match Box::pin(possession::take(core, tenant, proof)).await {
                Ok(()) => {}
                Err(ProofError::Invalid) => return Ok(unproved()),
                Err(ProofError::Store(error)) => return Err(error.into()),
            }
        }
        drop(step);

        // From our own pages, and for the profile that is in use?
        let mut body = body.map_err(Failure::from)?;
        // A bearer token is sent by a program on purpose, and has one profile.
        let by_cookie = matches!(credential, Credential::Session(_));
        if by_cookie {
            guard::from_own_pages(&head, site).map_err(Failure::from)?;
        }
        if by_cookie && acting.profile.must_be_named() && !guard::is_safe(&head.method) {
            let named = guard::named_profile(route.profile_in, &head.headers, &mut body).await?;
            let in_use = [Some(acting.profile.handle.as_str()), made_for];
            if named.is_none() || !in_use.contains(&named.as_deref()) {
                self.note_refusal(core, &acting.profile, Some(acting.session.id), FOR_ANOTHER_PROFILE).await?;
                let in_use = refusal::InUse { profile: &acting.profile, portrait: &acting.portrait };
                return Ok(Box::pin(refusal::conflict(core, tenant, in_use, named.as_deref(), audience)).await?);
            }
        }

        // May they?
        let step = arrived.steps.step("policy");
        let asked = Asked { route, parameters: parameters.clone(), path: target.path.clone() };
        let permit = match access::permit(core, tenant, register, &acting, asked).await {
            Ok(permit) => permit,
            Err(Refused::Store(error)) => return Err(error.into()),
            Err(refused @ Refused::OtherLogin) => {
                let session = Some(acting.session.id);
                self.note_refusal(core, &acting.profile, session, &refused.to_string()).await?;
                return Ok(refusal::other_login(tenant, register, &acting, audience));
            }
            Err(Refused::Denied(denial)) => {
                if let Denial::Unavailable(why) = &denial {
                    metrics::counter!("poort_policy_unavailable_total").increment(1);
                    tracing::error!(%why, "policy cannot be asked");
                }
                self.note_refusal(core, &acting.profile, Some(acting.session.id), &denial.to_string()).await?;
                return Ok(Box::pin(refusal::denied(core, tenant, register, &acting, &denial, audience)).await?);
            }
        };
        drop(step);
        if route.audited {
            let _step = arrived.steps.step("audit");
            let mut event = core
                .event("register.used")
                .by(acting.profile.actor)
                .in_session(acting.session.id)
                .with("register", register.id.clone())
                .with("method", head.method.as_str())
                .with("route", route.path.as_str())
                .with("rule", permit.rule());
            event.subject = permit.subject();
            event.organization = permit.organization();
            event.mandate = permit.mandate();
            event.reference = Some(audience.reference());
            core.record(tenant, event).await?;
        }

        // On it goes, to the path that the permit holds.
        let backend =
            tenant.backend(&route.backend).zip(gate.upstreams.get(&(tenant.id.clone(), route.backend.clone())));
        let Some((backend, upstream)) = backend else {
            return Err(StoreError::Unusable(format!("backend {} is not there", route.backend)).into());
        };
        let step = arrived.steps.step("token");
        let bearer = access::backend_token(core, tenant, &acting, backend).await?;
        drop(step);
        let mut bearer = HeaderValue::from_str(bearer.authorization())
            .map_err(|_| StoreError::Unusable("a token is no header".into()))?;
        bearer.set_sensitive(true);
        let target = Target { host: target.host.clone(), path: permit.target().clone(), query: target.query.clone() };
        let step = arrived.steps.ask("register");
        let standing = gate.recheck.watch(Permitted {
            shared: gate.shared.clone(),
            tenant: tenant.clone(),
            register: arrived.register,
            credential,
            method: head.method.clone(),
            parameters,
            path: target.path.clone(),
            acting: Mutex::new(acting),
        });
        let forwarded = Forward {
            target: &target,
            head,
            body,
            site,
            client: &arrived.client,
            id: arrived.exchange.id,
            trace: step.trace(),
            token: &bearer,
            standing,
            stopping: &gate.stopping,
            quiet: gate.quiet,
        };
        Ok(forward(upstream, forwarded).await?)
    }

    /// Who acts; a route may say that it makes do with what was known a moment ago, while the database does not answer.
    async fn find(&self, core: &Core, credential: &Credential) -> Result<Found, StoreError> {
        let (tenant, register) = (self.arrived.tenant, self.register);
        match (access::find(core, tenant, register, credential).await, self.route.stale) {
            (Err(StoreError::Unavailable(error)), Some(within)) => {
                match access::remembered(core, tenant, register, credential, within) {
                    Some(acting) => {
                        metrics::counter!("poort_stale_answers_total").increment(1);
                        Ok(Found::Acting(acting))
                    }
                    None => Err(StoreError::Unavailable(error)),
                }
            }
            (found, _) => found,
        }
    }

    /// An access token when one is sent, with what is shown beside it; else this host's session.
    fn credential(&self, head: &Parts) -> Result<(Option<Credential>, Option<Proof>), ProofError> {
        let authorization = head.headers.get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = authorization.and_then(|text| text.split_once(' ')).and_then(|(scheme, token)| {
            let proved = scheme.eq_ignore_ascii_case("dpop");
            (proved || scheme.eq_ignore_ascii_case("bearer")).then_some((token.trim(), proved))
        });
        let certificate = self.arrived.exchange.certificate.as_ref().map(ClientCertificate::thumbprint);
        let Some((token, proved)) = token else {
            let session = if certificate.is_some() { None } else { session_token(&head.headers) };
            return Ok((session.map(Credential::Session), None));
        };
        let Some(backend) = self.arrived.tenant.backend(&self.route.backend) else { return Ok((None, None)) };
        let proof = if proved { Some(self.proof(head, token)?) } else { None };
        let shown = Shown { certificate, key: proof.as_ref().map(|proof| proof.key) };
        let (token, audience) = (Zeroizing::new(token.to_owned()), backend.audience.clone());
        Ok((Some(Credential::Bearer { token, audience, shown }), proof))
    }

    /// What a request proves of the key that its token is bound to (RFC 9449 section 7.1).
    fn proof(&self, head: &Parts, token: &str) -> Result<Proof, ProofError> {
        let mut proofs = head.headers.get_all("dpop").iter();
        let (Some(proof), None) = (proofs.next(), proofs.next()) else { return Err(ProofError::Invalid) };
        let proof = proof.to_str().map_err(|_| ProofError::Invalid)?;
        let url = format!("{}{}", self.register.origin, self.arrived.exchange.target.path.as_str());
        let asked = dpop::Asked { method: head.method.as_str(), url: &url, token: Some(token) };
        possession::read(&self.gate.shared.core, self.arrived.tenant, proof, &asked)
    }

    async fn note_refusal(
        &self,
        core: &Core,
        profile: &Profile,
        session: Option<SessionId>,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut event = self.refusal(core, reason).by(profile.actor).about(profile.principal());
        event.session = session;
        event.mandate = profile.mandate.as_ref().map(|represented| represented.mandate);
        event.organization = profile.organization;
        core.record(self.arrived.tenant, event).await
    }

    fn refusal(&self, core: &Core, reason: &str) -> Event {
        let mut event = core
            .event("access.refused")
            .with("register", self.register.id.clone())
            .with("route", self.route.path.as_str())
            .with("reason", reason);
        event.reference = Some(self.audience.reference());
        event
    }
}

/// The database does not answer, or a defect of ours.
fn store_failed(error: &StoreError, audience: &Audience<'_>) -> Response<Body> {
    match error {
        StoreError::Unavailable(_) => {
            tracing::warn!(%error, reference = %audience.reference(), "the database does not answer");
            audience.unavailable(FailureKind::Internal, Some(&audience.place))
        }
        error => {
            tracing::error!(%error, reference = %audience.reference(), "a request failed");
            audience.failure(StatusCode::INTERNAL_SERVER_ERROR, FailureKind::Internal, Some(&audience.place))
        }
    }
}

/// There is no response of the register's.
fn failed(failure: &Failure, register: &Register, audience: &Audience<'_>) -> Response<Body> {
    let name = register.name.get(audience.language).to_owned();
    let status = failure.status();
    let blame = match failure.blame() {
        Blame::Client => "client",
        Blame::Gateway => "gateway",
        Blame::Register => "register",
        Blame::Policy => "policy",
    };
    metrics::counter!("poort_forward_failures_total", "blame" => blame).increment(1);
    match failure.blame() {
        Blame::Client | Blame::Policy => {
            tracing::info!(%failure, reference = %audience.reference(), blame, "not forwarded")
        }
        Blame::Register => {
            let cause = failure.cause();
            tracing::warn!(%failure, cause, reference = %audience.reference(), blame, "not forwarded");
        }
        Blame::Gateway => tracing::error!(%failure, reference = %audience.reference(), blame, "not forwarded"),
    }
    let kind = match (failure.blame(), status) {
        (Blame::Register, StatusCode::GATEWAY_TIMEOUT) => FailureKind::RegisterSlow { register: name },
        (Blame::Register, _) => FailureKind::RegisterDown { register: name },
        (Blame::Policy, _) => FailureKind::SessionEnded,
        (Blame::Gateway, _) => FailureKind::Internal,
        (Blame::Client, StatusCode::PAYLOAD_TOO_LARGE) => FailureKind::TooLarge,
        (Blame::Client, _) => FailureKind::BadRequest,
    };
    let mut response = audience.failure(status, kind, Some(&audience.place));
    if let Some(seconds) = failure.retry_after() {
        response.headers_mut().insert(http::header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
