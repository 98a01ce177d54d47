//! Mails: written in the transaction of what they tell about, sent after it, retried, and not doubled.

use std::time::Duration;

use super::{Core, Shared};
use crate::{
    domain::{person::Person, tenant::Tenant},
    notify::{
        Message,
        mail::{Mail, Recipient, compose},
        smtp::{Messenger, NotSent},
    },
    storage::{StoreError, Transaction, seal::Kind, sql::OutboxRow},
};

/// How many messages one round takes.
const ROUND: u32 = 50;

/// After the last of these, a message is tried once an hour until it is too old to be of use.
const RETRIES: [u64; 6] = [10, 30, 60, 300, 900, 3600];

/// The least time that a replica has for sending before another may try.
const CLAIM: Duration = Duration::from_secs(60);

/// Writes a mail to be sent after this transaction.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn write(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    person: &Person,
    mail: &Mail<'_>,
) -> Result<(), StoreError> {
    // Who has no address is written to nowhere.
    let Some(email) = person.address() else { return Ok(()) };
    let name = person.name();
    let recipient = Recipient { name: &name, email, language: person.language };
    let message = compose(mail, tenant, &recipient);
    let id = core.random.uuid().to_string();
    let bytes = message.to_bytes().map_err(|error| StoreError::Unusable(error.to_string()))?;
    // Sealed: it has an address in it, and perhaps a code.
    let sealed = core
        .keys_of(tenant)?
        .sealer
        .seal(Kind::Mail, &id, &bytes)
        .map_err(|error| StoreError::Unusable(error.to_string()))?;
    transaction.put_message(&id, message.kind.word(), &sealed, core.now()).await
}

/// Sends what is due, of every tenant; says how many messages were sent.
///
/// # Errors
/// When the database does not answer. What a mail server refuses is tried again later.
pub async fn send_due(shared: &Shared, messenger: &Messenger) -> Result<usize, StoreError> {
    let mut sent = 0;
    for tenant in shared.tenants.all() {
        let core = &shared.core;
        let due = core.store.read(&tenant.id).await?.due_messages(core.now(), ROUND).await?;
        for row in due {
            if claim(core, tenant, messenger, &row).await? && send(core, tenant, messenger, &row).await? {
                sent += 1;
            }
        }
    }
    Ok(sent)
}

/// Takes a message for this replica, until a retry is due.
async fn claim(core: &Core, tenant: &Tenant, messenger: &Messenger, row: &OutboxRow) -> Result<bool, StoreError> {
    let place = usize::try_from(row.tries).unwrap_or(0).min(RETRIES.len() - 1);
    // Whoever sends slowly has not given up.
    let retry = Duration::from_secs(RETRIES[place]).max(CLAIM).max(2 * messenger.longest());
    let mut transaction = core.store.begin(&tenant.id).await?;
    let claimed = transaction.claim_message(&row.id, core.now(), retry).await?;
    transaction.commit().await?;
    Ok(claimed)
}

async fn send(core: &Core, tenant: &Tenant, messenger: &Messenger, row: &OutboxRow) -> Result<bool, StoreError> {
    let opened = core.keys_of(tenant)?.sealer.open(Kind::Mail, &row.id, &row.sealed);
    let message = opened.ok().and_then(|bytes| Message::from_bytes(&bytes).ok());
    let Some(message) = message else {
        tracing::error!(tenant = %tenant.id, message = %row.id, kind = %row.kind, "a message in the outbox cannot be read");
        return Ok(false);
    };
    let sent = messenger.send(&row.id, row.created_at, &message).await;
    if let Err(error) = sent {
        metrics::counter!("poort_mails_failed_total", "kind" => message.kind.word()).increment(1);
        let tries = row.tries + 1;
        if let NotSent::Later(_) = error {
            tracing::warn!(tenant = %tenant.id, message = %row.id, kind = %row.kind, tries, %error, "a mail waits");
            return Ok(false);
        }
        tracing::error!(tenant = %tenant.id, message = %row.id, kind = %row.kind, tries, %error, "a mail is given up");
    }
    let mut transaction = core.store.begin(&tenant.id).await?;
    transaction.message_sent(&row.id, core.now()).await?;
    transaction.commit().await?;
    if sent.is_ok() {
        metrics::counter!("poort_mails_sent_total", "kind" => message.kind.word()).increment(1);
    }
    Ok(sent.is_ok())
}
