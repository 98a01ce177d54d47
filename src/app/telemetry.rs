//! Logs, on standard error, and metrics. No secret, national number, path or address of a person goes in: what is logged
//! names a route by its pattern and a person by their id.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::gateway::{Log, LogFormat};

/// Begins to log. `RUST_LOG` narrows or widens it for a search.
///
/// # Errors
/// When something logs already.
pub fn log(settings: Log) -> anyhow::Result<()> {
    let filter = EnvFilter::builder()
        .with_default_directive(settings.level.word().parse()?)
        .from_env_lossy()
        // sqlx would log statements with their values.
        .add_directive("sqlx=off".parse()?)
        // rustls would warn of whatever a client sends.
        .add_directive("rustls=error".parse()?);
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let done = match settings.format {
        LogFormat::Json => subscriber.json().flatten_event(true).with_current_span(false).try_init(),
        LogFormat::Text => subscriber.with_target(false).try_init(),
    };
    done.map_err(|error| anyhow::anyhow!("logging: {error}"))
}

/// Begins to measure.
///
/// # Errors
/// When something measures already.
pub fn metrics() -> anyhow::Result<PrometheusHandle> {
    const SECONDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
    Ok(PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)?
        .install_recorder()?)
}
