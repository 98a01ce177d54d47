//! Which door a request goes to, by its host: a tenant's login host, a register's host, or none.

use std::{borrow::Cow, sync::Arc, time::Instant};

use axum::{
    Router,
    extract::MatchedPath,
    middleware::{Next, from_fn},
    response::IntoResponse,
};
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};
use hyper::body::Incoming;
use tower::ServiceExt;

use crate::{
    http::{
        Body,
        body::{Upload, UploadError},
        client_ip::{Client, Scheme, TrustedProxies},
        fields::Fields,
        frame,
        limits::Pace,
        page,
        request_head::BadHead,
        security_headers,
        server::{Exchange, Handler},
        spans::{Spans, Steps},
        tls::ClientCertificate,
        trace::{RequestId, Trace},
        visit::{Visit, wanted_languages},
    },
    pages::views::{
        Help,
        failure::{Failure, FailureKind},
        tenants::{TenantLink, Tenants as TenantsPage},
    },
    proxy::gate::{Arrived, Gate},
    service::{Host, Shared},
};

/// Answers every request of the public listeners.
pub struct Gateway {
    shared: Shared,
    login: Router,
    programs: Router,
    cards: Router,
    api: Router,
    gate: Gate,
    trusted: TrustedProxies,
    scheme: Scheme,
    pace: Pace,
    unknown: UnknownHost,
    other_hosts: Vec<(String, Router)>,
    spans: Spans,
}

/// What a host that nobody has answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownHost {
    /// 421, and nothing of which hosts there are.
    Refuse,
    /// The list of tenants, for who tries Poort on their own machine.
    ListTenants,
}

impl Gateway {
    /// The gateway of these rooms. `scheme` is the one of the listener itself.
    #[must_use]
    pub fn new(
        shared: Shared,
        gate: Gate,
        trusted: TrustedProxies,
        scheme: Scheme,
        pace: Pace,
        unknown: UnknownHost,
    ) -> Self {
        let login = crate::web::router().merge(crate::provider::router()).layer(from_fn(tell_route));
        let programs = crate::provider::programs().layer(from_fn(tell_route));
        let cards = crate::web::cards().layer(from_fn(tell_route));
        let api = crate::api::router().layer(from_fn(tell_route));
        let (other_hosts, spans) = (Vec::new(), Spans::default());
        Self { shared, login, programs, cards, api, gate, trusted, scheme, pace, unknown, other_hosts, spans }
    }

    /// Adds a host that is no tenant's: the demo's inbox.
    #[must_use]
    pub fn with_host(mut self, host: impl Into<String>, router: Router) -> Self {
        self.other_hosts.push((host.into(), router));
        self
    }

    /// The same, with its requests' spans handed in.
    #[must_use]
    pub fn with_spans(mut self, spans: Spans) -> Self {
        self.spans = spans;
        self
    }

    async fn dispatch<'a>(
        &'a self,
        request: Request<Incoming>,
        exchange: Exchange,
        client: Client,
        steps: &Steps,
    ) -> (Response<Body>, Door<'a>) {
        match self.shared.tenants.host(&exchange.target.host) {
            // Where people show their card there is nothing else.
            Some(Host::Login(tenant)) if exchange.card.is_some() => {
                let response = Box::pin(self.login(request, exchange, client, tenant.clone())).await;
                let route = route_of(&response);
                (response, Door { name: "card", tenant: Some(tenant.id.as_str()), route })
            }
            Some(_) if exchange.card.is_some() => {
                (plain(StatusCode::MISDIRECTED_REQUEST, &exchange.id), Door { name: "card", tenant: None, route: None })
            }
            // A router's futures are large and would make those of the registers' requests as large: they are on the heap.
            Some(Host::Login(tenant)) if exchange.target.path.as_str().starts_with("/api/") => {
                let response = Box::pin(self.api(request, &exchange, client, tenant.clone())).await;
                let route = route_of(&response);
                (response, Door { name: "api", tenant: Some(tenant.id.as_str()), route })
            }
            Some(Host::Login(tenant)) => {
                let response = Box::pin(self.login(request, exchange, client, tenant.clone())).await;
                let route = route_of(&response);
                (response, Door { name: "login", tenant: Some(tenant.id.as_str()), route })
            }
            Some(Host::Register(tenant, register)) => {
                let arrived = Arrived { tenant, register, exchange, client, steps };
                let (response, route) = self.gate.handle(request, arrived).await;
                (response, Door { name: "register", tenant: Some(tenant.id.as_str()), route: route.map(Cow::Borrowed) })
            }
            None => {
                let response = match self.other_hosts.iter().find(|(host, _)| *host == exchange.target.host) {
                    Some((_, router)) => Box::pin(self.call(router.clone(), request)).await,
                    None => self.nobody(request.headers(), &exchange),
                };
                (response, Door { name: "other", tenant: None, route: None })
            }
        }
    }

    async fn login(
        &self,
        mut request: Request<Incoming>,
        exchange: Exchange,
        client: Client,
        tenant: Arc<crate::domain::tenant::Tenant>,
    ) -> Response<Body> {
        // Who shows a certificate is a program: there are no pages for it.
        let router = match (&exchange.certificate, &exchange.card) {
            (Some(_), _) => &self.programs,
            (None, Some(_)) => &self.cards,
            (None, None) => &self.login,
        };
        let visit = Visit::new(self.shared.clone(), tenant, exchange, client, request.headers());
        request.extensions_mut().insert(visit);
        self.call(router.clone(), request).await
    }

    /// What programs push, or look up.
    async fn api(
        &self,
        mut request: Request<Incoming>,
        exchange: &Exchange,
        client: Client,
        tenant: Arc<crate::domain::tenant::Tenant>,
    ) -> Response<Body> {
        let https = client.scheme == Scheme::Https;
        let certificate = exchange.certificate.as_ref().map(ClientCertificate::thumbprint);
        let (shared, id, client) = (self.shared.clone(), exchange.id, client.address);
        let call = crate::api::Call { shared, tenant, id, https, client, certificate };
        request.extensions_mut().insert(call.clone());
        match self.read(self.api.clone(), request, crate::api::LARGEST).await {
            Ok(response) => response,
            Err(error) => crate::api::unread(&error, &call),
        }
    }

    async fn call(&self, router: Router, request: Request<Incoming>) -> Response<Body> {
        // Poort's own pages take small forms only.
        match self.read(router, request, Fields::LARGEST as u64).await {
            Ok(response) => response,
            Err(error) => error.status().into_response(),
        }
    }

    /// Hands a request to a router, with its body of at most `most` bytes, at the pace of any body.
    async fn read(&self, router: Router, request: Request<Incoming>, most: u64) -> Result<Response<Body>, UploadError> {
        let (parts, incoming) = request.into_parts();
        let body = Body::new(Upload::new(incoming, most, self.pace)?);
        Ok(match router.oneshot(Request::from_parts(parts, body)).await {
            Ok(response) => response,
            Err(never) => match never {},
        })
    }

    /// A host that is nobody's.
    fn nobody(&self, headers: &http::HeaderMap, exchange: &Exchange) -> Response<Body> {
        let id = &exchange.id;
        if self.unknown == UnknownHost::ListTenants
            && let Some((hash, file)) =
                exchange.target.path.as_str().strip_prefix("/assets/").and_then(|p| p.split_once('/'))
        {
            return crate::web::asset(hash, file);
        }
        // The machine itself is no mistake; a name that nobody has is.
        let status = match exchange.target.host.as_str() {
            "localhost" | "127.0.0.1" => StatusCode::OK,
            _ => StatusCode::MISDIRECTED_REQUEST,
        };
        let mut response = match (self.unknown, self.shared.tenants.all().first()) {
            (UnknownHost::ListTenants, Some(first)) => {
                let language = wanted_languages(headers).into_iter().next().unwrap_or(crate::base::Language::En);
                let mut frame = frame::of_tenant(first, language, "/".into(), String::new());
                frame.tenant = "Poort".into();
                frame.languages = vec![];
                frame.help = Help::default();
                let tenants = self.shared.tenants.all().iter().map(|tenant| TenantLink {
                    name: tenant.name.get(language).to_owned(),
                    description: tenant
                        .registers
                        .iter()
                        .map(|register| register.name.get(language))
                        .collect::<Vec<_>>()
                        .join(", "),
                    href: tenant.origin.clone(),
                });
                let unknown = status == StatusCode::MISDIRECTED_REQUEST;
                let view = TenantsPage { frame, unknown, tenants: tenants.collect(), reference: id.reference() };
                page::page(status, &view)
            }
            _ => plain(StatusCode::MISDIRECTED_REQUEST, id),
        };
        security_headers::add(response.headers_mut(), self.scheme == Scheme::Https);
        response
    }
}

/// Tells with the response which route answered.
async fn tell_route(request: axum::extract::Request, next: Next) -> Response<Body> {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// The pattern of the path that a router found.
fn route_of(response: &Response<Body>) -> Option<Cow<'static, str>> {
    response.extensions().get::<MatchedPath>().map(|route| Cow::Owned(route.as_str().to_owned()))
}

/// Where a request went, for the log.
struct Door<'a> {
    name: &'static str,
    tenant: Option<&'a str>,
    route: Option<Cow<'a, str>>,
}

/// A short text for a program, or for a page that no tenant can frame.
fn plain(status: StatusCode, id: &RequestId) -> Response<Body> {
    let text = format!("{status}\nReference: {}\n", id.reference());
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

impl Handler for Gateway {
    async fn handle(&self, request: Request<Incoming>, exchange: Exchange) -> Response<Body> {
        let began = Instant::now();
        let client = match exchange.certificate.is_some() || exchange.card.is_some() {
            // TLS ended here: a proxy before us could only pass it on.
            true => self.trusted.unread(exchange.peer),
            false => self.trusted.client(exchange.peer, self.scheme, request.headers()),
        };
        let (method, id, core) = (request.method().clone(), exchange.id, &*self.shared.core);
        let continued = client.through_trusted.then(|| Trace::continued(request.headers(), &core.random)).flatten();
        let trace = continued.unwrap_or_else(|| Trace::begin(&id, &core.random));
        let steps = self.spans.begin(trace, &core.clock);
        let (response, door) = self.dispatch(request, exchange, client, &steps).await;
        let (status, took) = (response.status(), began.elapsed());
        metrics::histogram!("poort_request_seconds", "door" => door.name).record(took.as_secs_f64());
        metrics::counter!("poort_requests_total", "door" => door.name, "status" => class(status)).increment(1);
        // The route's pattern, never the path: a path can name a person.
        tracing::info!(
            target: "access",
            id = %id,
            door = door.name,
            tenant = door.tenant,
            route = door.route.as_deref(),
            method = method.as_str(),
            status = status.as_u16(),
            client = client.address.to_string(),
            microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        );
        steps.answered(&method, door.route.as_deref(), status, door.name);
        response
    }

    fn refused(&self, id: &RequestId, why: BadHead) -> Response<Body> {
        tracing::info!(target: "access", id = %id, reason = %why, "a request's head was refused");
        metrics::counter!("poort_refused_heads_total").increment(1);
        plain(why.status(), id)
    }

    fn panicked(&self, id: &RequestId) -> Response<Body> {
        tracing::error!(id = %id, "a request panicked");
        metrics::counter!("poort_panics_total").increment(1);
        let Some(tenant) = self.shared.tenants.all().first() else {
            return plain(StatusCode::INTERNAL_SERVER_ERROR, id);
        };
        let language = tenant.language([]);
        let mut frame = frame::of_tenant(tenant, language, "/".into(), String::new());
        frame.tenant = String::new();
        let view = Failure { frame, kind: FailureKind::Internal, next: None, reference: id.reference() };
        let mut response = page::page(StatusCode::INTERNAL_SERVER_ERROR, &view);
        security_headers::add(response.headers_mut(), self.scheme == Scheme::Https);
        response.headers_mut().insert("cache-control", HeaderValue::from_static("no-store"));
        response
    }
}

const fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
