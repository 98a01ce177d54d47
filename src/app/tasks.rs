//! What goes on behind the requests: the versions are read, mails are sent, clients hear of logouts, what other providers publish is
//! read, what is over is forgotten.

use std::time::Duration;

use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use crate::{
    notify::{call::Caller, smtp::Messenger, telephone::Telephone},
    service::{Core, Shared, keys, logouts, outbox, phones},
    storage::versions,
};

/// How often mails that wait are looked for, when nothing says that there is one.
const OUTBOX: Duration = Duration::from_secs(5);

/// How often messages by telephone that wait are looked for: a person waits for them.
const TELEPHONE: Duration = Duration::from_secs(2);

/// How often it is looked whether a login has ended that clients are to hear of.
const LOGOUTS: Duration = Duration::from_secs(1);

/// How often what is over is forgotten.
const FORGETTING: Duration = Duration::from_secs(600);

/// How often it is looked whether what other providers publish is still fresh.
const PROVIDERS: Duration = Duration::from_secs(60);

/// How long what is over is still kept, to recognise a second use.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// Starts the tasks; they end when `stopping` is cancelled.
#[must_use]
pub fn start(
    shared: &Shared,
    messenger: Option<Messenger>,
    telephone: Option<Telephone>,
    caller: Caller,
    stopping: &CancellationToken,
) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(until(stopping.clone(), read_versions(shared.clone())));
    tasks.spawn(until(stopping.clone(), tell_others(shared.clone())));
    tasks.spawn(until(stopping.clone(), forget(shared.clone())));
    tasks.spawn(until(stopping.clone(), refresh_providers(shared.clone())));
    tasks.spawn(until(stopping.clone(), tell_clients(shared.clone(), caller)));
    if let Some(messenger) = messenger {
        tasks.spawn(until(stopping.clone(), send_mails(shared.clone(), messenger)));
    }
    if let Some(telephone) = telephone {
        tasks.spawn(until(stopping.clone(), send_by_telephone(shared.clone(), telephone)));
    }
    tasks
}

async fn until(stopping: CancellationToken, task: impl Future<Output = ()>) {
    tokio::select! {
        () = stopping.cancelled() => {}
        () = task => {}
    }
}

async fn read_versions(shared: Shared) {
    let mut ticks = interval(versions::INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut failing = false;
    loop {
        let cause = tokio::select! {
            _ = ticks.tick() => "tick",
            () = shared.core.ephemeral.news() => "news",
        };
        metrics::counter!("poort_version_reads_total", "cause" => cause).increment(1);
        match tokio::time::timeout(versions::LEASE, shared.core.store.read_versions()).await {
            Ok(Ok(())) => {
                if std::mem::take(&mut failing) {
                    tracing::info!("the versions are read again");
                }
                read_keys(&shared.core).await;
            }
            failed => {
                metrics::counter!("poort_version_reads_failed_total").increment(1);
                if !std::mem::replace(&mut failing, true) {
                    let error = failed.map_or_else(|_| "no answer in time".to_owned(), |read| format!("{read:?}"));
                    tracing::warn!(error, "the versions cannot be read: nothing that is kept counts until they can");
                }
                shared.core.store.seek_primary().await;
            }
        }
    }
}

/// What this replica changed, the others read at once when they hear of it, and within their next tick when not.
async fn tell_others(shared: Shared) {
    loop {
        shared.core.store.versions().raised().await;
        shared.core.ephemeral.tell().await;
    }
}

/// Reads the keys of tenants whose keys were exchanged. What cannot be read is read again at the next reading of the versions.
async fn read_keys(core: &Core) {
    for (tenant, error) in keys::refresh(core).await.err().unwrap_or_default() {
        metrics::counter!("poort_key_reads_failed_total").increment(1);
        tracing::error!(%tenant, %error, "the keys of this tenant have changed and cannot be read; the ones in memory stay");
    }
}

async fn refresh_providers(shared: Shared) {
    let mut ticks = interval(PROVIDERS);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        futures_util::future::join_all(shared.core.methods.elsewhere().all().map(|method| method.refresh())).await;
    }
}

async fn send_mails(shared: Shared, messenger: Messenger) {
    let mut ticks = interval(OUTBOX);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = shared.core.wake_outbox.notified() => {}
        }
        if let Err(error) = outbox::send_due(&shared, &messenger).await {
            tracing::warn!(%error, "mails wait: the database does not answer");
        }
    }
}

async fn send_by_telephone(shared: Shared, telephone: Telephone) {
    let mut ticks = interval(TELEPHONE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = shared.core.wake_telephone.notified() => {}
        }
        if let Err(error) = phones::send_due(&shared, &telephone).await {
            tracing::warn!(%error, "messages by telephone wait: the database does not answer");
        }
    }
}

async fn tell_clients(shared: Shared, caller: Caller) {
    let mut ticks = interval(LOGOUTS);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        ticks.tick().await;
        let told = async {
            logouts::end_expired(&shared).await?;
            logouts::tell_due(&shared, &caller).await
        };
        match told.await {
            Ok(_) => failing = false,
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    tracing::warn!(%error, "clients that are to hear of a logout wait: the database does not answer");
                }
            }
        }
    }
}

async fn forget(shared: Shared) {
    let mut ticks = interval(FORGETTING);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let core = &shared.core;
        let before = core.now().minus(KEPT);
        for tenant in shared.tenants.all() {
            let forgotten = async {
                let mut transaction = core.store.begin(&tenant.id).await?;
                transaction.forget_attempts(before).await?;
                transaction.forget_account_requests(core.now()).await?;
                transaction.forget_ceremonies(before).await?;
                transaction.forget_client_assertions(core.now()).await?;
                transaction.forget_federated_messages(core.now()).await?;
                transaction.forget_revoked_tokens(core.now()).await?;
                transaction.forget_logouts(before).await?;
                transaction.forget_kept_forms(core.now()).await?;
                transaction.forget_pairings(before).await?;
                transaction.forget_phone_messages(before).await?;
                transaction.forget_address_changes(before).await?;
                transaction.commit().await?;
                keys::signing::forget(core, &tenant.id).await
            };
            if let Err(error) = forgotten.await {
                tracing::warn!(%error, tenant = %tenant.id, "what is over was not forgotten; it is tried again later");
            }
        }
    }
}
