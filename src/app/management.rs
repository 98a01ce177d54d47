//! Health, readiness and metrics, on a listener of their own: no public host can be mistaken for them.
//!
//! `/livez` says that the process answers; `/readyz` that it can serve: the database answered within the last second.
//! Without Redis a replica serves all the same, so it is ready, and says that it is degraded.

use std::sync::atomic::{AtomicBool, Ordering};

use axum::response::IntoResponse;
use http::{Request, Response, StatusCode, header::CONTENT_TYPE};
use hyper::body::Incoming;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::{
    http::{
        Body,
        request_head::BadHead,
        server::{Exchange, Handler},
        trace::RequestId,
    },
    service::Shared,
    storage::ephemeral::Health,
};

/// Answers the requests of the management listener.
pub struct Management {
    /// What is asked after.
    pub shared: Shared,
    /// The metrics.
    pub metrics: PrometheusHandle,
    /// Set when a stop was asked: not ready any more, while requests are still answered.
    pub stopping: std::sync::Arc<AtomicBool>,
}

impl Management {
    fn ready(&self) -> Result<&'static str, &'static str> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err("stopping");
        }
        let tenants = self.shared.tenants.all();
        let known = tenants.iter().all(|tenant| self.shared.core.store.versions().current(&tenant.id).is_some());
        if !known {
            return Err("the database did not answer within the last second");
        }
        Ok(match self.shared.core.ephemeral.health() {
            Health::InProcess | Health::Shared => "ready",
            Health::Degraded => "ready, degraded: Redis does not answer",
        })
    }
}

impl Handler for Management {
    async fn handle(&self, _: Request<Incoming>, exchange: Exchange) -> Response<Body> {
        match exchange.target.path.as_str() {
            "/livez" => text(StatusCode::OK, "live"),
            "/readyz" => match self.ready() {
                Ok(how) => text(StatusCode::OK, how),
                Err(why) => text(StatusCode::SERVICE_UNAVAILABLE, why),
            },
            "/metrics" => {
                metrics::gauge!("poort_kept_sessions").set(self.shared.core.kept.len() as f64);
                for (tenant, key, made) in self.shared.core.keys.ages() {
                    let age = self.shared.core.now().since(made).as_secs_f64();
                    metrics::gauge!("poort_key_age_seconds", "tenant" => tenant.to_string(), "key" => key).set(age);
                }
                metrics::gauge!("poort_password_hashes").set(self.shared.core.methods.passwords().hashes() as f64);
                text(StatusCode::OK, &self.metrics.render())
            }
            _ => text(StatusCode::NOT_FOUND, "/livez /readyz /metrics"),
        }
    }

    fn refused(&self, _: &RequestId, _: BadHead) -> Response<Body> {
        text(StatusCode::BAD_REQUEST, "bad request")
    }

    fn panicked(&self, _: &RequestId) -> Response<Body> {
        text(StatusCode::INTERNAL_SERVER_ERROR, "failed")
    }
}

fn text(status: StatusCode, text: &str) -> Response<Body> {
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{text}\n")).into_response()
}
