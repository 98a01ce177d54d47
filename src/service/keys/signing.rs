//! Exchanging the signing keys. The new one is published at once and signs after [`OVERLAP`]: by then every replica and every
//! verifier that keeps the JWK set knows it. The old one is believed until the last token it signed has expired, and then
//! forgotten. All of it happens by itself, on every replica, at moments that stand in the database.

use std::time::Duration;

use super::{Keeper, KeysError, RETIRED, sealed, sealer};
use crate::{
    base::{Timestamp, id::TenantId},
    domain::client::SigningAlgorithm,
    service::{Core, StoreError},
    token::keys::SigningKey,
};

/// How long a key is published before it signs: twice as long as `/jwks` may be kept by who fetched it.
pub const OVERLAP: Duration = Duration::from_secs(600);

/// What came of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchanged {
    /// The `kid` of each new key, with its algorithm.
    pub keys: Vec<(String, String)>,
    /// From when on they sign.
    pub signs_from: Timestamp,
    /// Until when the old ones are believed.
    pub old_until: Timestamp,
    /// Whether this call made them; otherwise they were on their way already.
    pub made: bool,
}

/// Publishes a new key for each algorithm. When one is on its way already, it only says so.
///
/// # Errors
/// When the database does not answer, or the master key is another one.
pub async fn rotate(keeper: &Keeper, tenant: &TenantId) -> Result<Exchanged, KeysError> {
    // RSA keys take a while to make: before the transaction.
    let made = SigningAlgorithm::ALL.map(SigningKey::generate).into_iter().collect::<Result<Vec<_>, _>>()?;
    let now = keeper.clock.now();
    let mut transaction = keeper.store.begin(tenant).await?;
    let coming: Vec<_> = transaction.signing_keys().await?.into_iter().filter(|key| now < key.active_at).collect();
    if let Some(signs_from) = coming.iter().map(|key| key.active_at).max() {
        let keys = coming.into_iter().map(|key| (key.kid, key.algorithm)).collect();
        return Ok(Exchanged { keys, signs_from, old_until: signs_from.plus(RETIRED), made: false });
    }
    let sealer = sealer(&mut transaction, &keeper.master, tenant).await?;
    let signs_from = now.plus(OVERLAP);
    let mut keys = Vec::new();
    for key in &made {
        let algorithm = key.algorithm().alg();
        transaction.retire_signing_keys(algorithm, signs_from, now).await?;
        transaction.put_signing_key(&sealed(&sealer, key, now, signs_from)?).await?;
        let event = keeper.event("key.published").with("purpose", "signing").with("algorithm", algorithm);
        transaction.record(&event.with("kid", key.kid()).with("signs_from", signs_from.to_string())).await?;
        keys.push((key.kid().to_owned(), algorithm.to_owned()));
    }
    transaction.commit().await?;
    Ok(Exchanged { keys, signs_from, old_until: signs_from.plus(RETIRED), made: true })
}

/// Forgets the keys of a tenant whose last token has expired, and those that other providers encrypt for no more.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(core: &Core, tenant: &TenantId) -> Result<(), StoreError> {
    let mut transaction = core.store.begin(tenant).await?;
    let before = core.now().minus(RETIRED);
    let (signing, shown) =
        (transaction.forget_signing_keys(before).await?, transaction.forget_relying_keys(before).await?);
    for (purpose, forgotten) in [("signing", signing), ("relying", shown)].into_iter().filter(|(_, count)| *count > 0) {
        let event = core.event("key.deleted").with("purpose", purpose).with("count", forgotten.to_string());
        transaction.record(&event).await?;
    }
    transaction.commit().await
}
