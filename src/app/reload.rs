//! What is read again while the gateway runs: the policies, when told (`SIGHUP`); the TLS certificate, also by itself when its
//! files change. What is wrong leaves the old in force.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use crate::{base::Clock, config, http::tls::Tls, policy::Policies, service::Shared};

/// How often the files of the certificate are looked at: whoever renews it need tell nobody.
const LOOK: Duration = Duration::from_secs(10);

/// Reads the policies in `folder` again at each `SIGHUP`, until `stopping`.
pub async fn policies(shared: Shared, folder: Option<PathBuf>, stopping: CancellationToken) {
    let Ok(mut hangups) = signal(SignalKind::hangup()) else { return };
    while told(&mut hangups, &stopping).await {
        reload(&shared.core.policies, folder.as_deref());
    }
}

/// Looks at the files of `tls` every ten seconds and at each `SIGHUP`, until `stopping`.
pub async fn certificate(tls: Arc<Tls>, clock: Clock, stopping: CancellationToken) {
    let Ok(mut hangups) = signal(SignalKind::hangup()) else { return };
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let on = tokio::select! {
            on = told(&mut hangups, &stopping) => on,
            _ = ticks.tick() => true,
        };
        if !on {
            return;
        }
        let (tls, clock) = (Arc::clone(&tls), clock.clone());
        if tokio::task::spawn_blocking(move || tls.reload(clock.now())).await.is_err() {
            tracing::error!("looking at the TLS certificate failed; the old one stays in force");
        }
    }
}

/// Whether a `SIGHUP` came before `stopping`.
async fn told(hangups: &mut Signal, stopping: &CancellationToken) -> bool {
    tokio::select! {
        () = stopping.cancelled() => false,
        told = hangups.recv() => told.is_some(),
    }
}

fn reload(policies: &Policies, folder: Option<&std::path::Path>) {
    let sources = match config::policy_sources(folder) {
        Ok(sources) => sources,
        Err(error) => {
            tracing::error!(%error, version = policies.version(), "the policies cannot be read; the old ones stay in force");
            return;
        }
    };
    match policies.reload(&sources) {
        Ok(version) => tracing::info!(version, "the policies were reloaded"),
        Err(error) => {
            metrics::counter!("poort_policy_reloads_refused_total").increment(1);
            tracing::error!(%error, version = policies.version(), "the policies are refused; the old ones stay in force");
        }
    }
}
