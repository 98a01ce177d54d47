//! Lines of the audit log that belong to no change: refusals, searches, looks at a file. Written by group commit.
//!
//! Whoever asked is answered after the line is kept. Lines that come while others are being written share the next
//! transaction, so that many at once cost little more than one.

use std::collections::HashMap;

use tokio::sync::{mpsc, oneshot};

use crate::{
    base::id::TenantId,
    domain::audit::Event,
    storage::{Store, StoreError},
};

/// Lines that one transaction takes at most.
const GROUP: usize = 256;

struct Line {
    tenant: TenantId,
    event: Event,
    kept: oneshot::Sender<Result<(), StoreError>>,
}

/// Where lines are handed in.
pub struct Ledger(mpsc::Sender<Line>);

impl Ledger {
    /// Starts the writer. It ends when the ledger is dropped and everything handed in is written.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let (sender, receiver) = mpsc::channel(4 * GROUP);
        tokio::spawn(write(store, receiver));
        Self(sender)
    }

    /// Keeps a line.
    ///
    /// # Errors
    /// When the database does not answer: then what the line is about must not happen.
    pub async fn keep(&self, tenant: &TenantId, event: Event) -> Result<(), StoreError> {
        let stopped = || StoreError::Unusable("the audit log's writer has stopped".into());
        let (kept, answer) = oneshot::channel();
        let line = Line { tenant: tenant.clone(), event, kept };
        self.0.send(line).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

async fn write(store: Store, mut receiver: mpsc::Receiver<Line>) {
    let mut lines = Vec::with_capacity(GROUP);
    while receiver.recv_many(&mut lines, GROUP).await > 0 {
        let mut by_tenant: HashMap<TenantId, Vec<Line>> = HashMap::new();
        for line in lines.drain(..) {
            by_tenant.entry(line.tenant.clone()).or_default().push(line);
        }
        for (tenant, lines) in by_tenant {
            let outcome = write_group(&store, &tenant, &lines).await;
            for line in lines {
                let answer = outcome.as_ref().copied().map_err(StoreError::again);
                // Whoever waited may be gone; the line is kept all the same.
                let _gone = line.kept.send(answer);
            }
        }
    }
}

async fn write_group(store: &Store, tenant: &TenantId, lines: &[Line]) -> Result<(), StoreError> {
    let mut transaction = store.begin(tenant).await?;
    let events: Vec<&Event> = lines.iter().map(|line| &line.event).collect();
    transaction.record_all(&events).await?;
    transaction.commit().await
}
