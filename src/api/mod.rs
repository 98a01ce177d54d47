//! Floor 8: for programs, below `/api/` on a tenant's login host: the facts that registers push (FACTS-1), below [`PATH`], and the
//! public look-up (LOOKUP-1).
//!
//! | module | |
//! |---|---|
//! | `caller` | which program asks, and what it may write |
//! | `one` | a fact is put, or withdrawn |
//! | `batch`, `lines` | many at once, and all of a kind: row after row, as they come |
//! | `row`, `members`, `json` | what a register says, read and bounded; every mistake with its place |
//! | `lookup` | who is registered, told to anyone |
//! | `problem` | what is wrong, as problem details (RFC 9457) |
//! | `openapi` | the description of all this, `openapi.json` |
//!
//! Architecture invariant: no value that was sent is ever repeated, in an answer or in a log: it could be a national number. A
//! mistake names its place, and the fact by the register's own identifier, which has never the form of a national number. No
//! cookie is read here, and a person's token opens nothing.

mod batch;
mod caller;
mod json;
mod lines;
mod lookup;
mod members;
mod one;
pub mod openapi;
mod problem;
#[doc(hidden)]
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;
mod row;

use std::{net::IpAddr, sync::Arc};

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};

use http::HeaderMap;

use self::problem::Problem;
use crate::{
    domain::{certificate::Thumbprint, fact::Kind, tenant::Tenant},
    http::{body::UploadError, security_headers, trace::RequestId},
    service::{Core, Shared},
};

pub use self::caller::audience;

/// Where it stands.
pub const PATH: &str = "/api/facts/v1";

/// The largest request, in bytes: a batch.
pub const LARGEST: u64 = batch::LARGEST;

/// The path of each kind's facts. What a path names are members of a row of that kind.
const FACTS: [(Kind, &str); 8] = [
    (Kind::Person, "/people/{person}"),
    (Kind::Role, "/people/{person}/roles/{role}"),
    (Kind::Registration, "/people/{person}/registrations/{profession}"),
    (Kind::Tie, "/people/{person}/ties/{tie}/{other}"),
    (Kind::Organization, "/organizations/{organization}"),
    (Kind::Right, "/organizations/{organization}/rights/{right}"),
    (Kind::Member, "/organizations/{organization}/members/{person}"),
    (Kind::Mandate, "/mandates/{mandate}"),
];

/// What is known of a request before it is read; the gateway puts one into every request to [`PATH`].
#[derive(Clone)]
pub struct Call {
    /// The core and all tenants.
    pub shared: Shared,
    /// The tenant whose login host it is.
    pub tenant: Arc<Tenant>,
    /// The request's number.
    pub id: RequestId,
    /// Whether the client asked by TLS.
    pub https: bool,
    /// From which address it asks.
    pub client: IpAddr,
    /// That of the certificate that it showed, where it was asked for one.
    pub certificate: Option<Thumbprint>,
}

impl Call {
    fn core(&self) -> &Core {
        &self.shared.core
    }
}

/// The endpoints. A [`Call`] is in the extensions of every request.
pub fn router() -> Router {
    let mut facts = Router::new();
    for (kind, path) in FACTS {
        let handlers = put(async move |call: Extension<Call>, named: one::Named, request: Request| {
            one::put(kind, call, named, request).await
        })
        .delete(async move |call: Extension<Call>, named: one::Named, headers: HeaderMap| {
            one::withdraw(kind, call, named, headers).await
        });
        facts = facts.route(path, handlers);
    }
    let facts = facts
        .route("/batch", post(batch::batch))
        .route("/snapshots/{kind}", post(batch::snapshot))
        .with_state(Arc::new(batch::Slots::default()))
        .route("/openapi.json", get(openapi::show))
        .method_not_allowed_fallback(async || Problem::Method);
    Router::new()
        .nest(PATH, facts)
        .route(lookup::PATH, post(lookup::look_up))
        .fallback(async || Problem::NotThere)
        .method_not_allowed_fallback(async || Problem::Method)
        // Bodies have bounds of their own.
        .layer(DefaultBodyLimit::disable())
        .layer(axum::middleware::from_fn(finish))
}

/// What every answer bears.
async fn finish(call: Extension<Call>, request: Request, next: Next) -> Response {
    let mut response = problem::with_reference(next.run(request).await, &call.id);
    security_headers::add(response.headers_mut(), call.https);
    response
}

/// The answer to a body that is not even begun to be read.
#[must_use]
pub fn unread(error: &UploadError, call: &Call) -> Response {
    let response = Problem::from(error).into_response();
    let mut response = problem::with_reference(response, &call.id);
    security_headers::add(response.headers_mut(), call.https);
    response
}
