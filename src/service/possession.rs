//! That who asks holds the key that they say (RFC 9449): each proof counts once.
//!
//! A proof is taken with what it opens, and only then: whoever makes proofs of a key of their own leaves no row.

use super::Core;
use crate::{
    base::token::TokenDigest,
    domain::tenant::Tenant,
    storage::{StoreError, Transaction},
    token::dpop::{self, Asked, Proof},
};

/// Why a proof does not count.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// It is none for this request, or came before.
    #[error("no proof for this request")]
    Invalid,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the proof of a request. It is not taken yet.
///
/// # Errors
/// `Invalid` for one that was made for another request or a while ago.
pub fn read(core: &Core, tenant: &Tenant, proof: &str, asked: &Asked<'_>) -> Result<Proof, ProofError> {
    dpop::verify(proof, asked, core.now()).map_err(|error| {
        tracing::info!(tenant = %tenant.id, %error, "a proof of possession is refused");
        ProofError::Invalid
    })
}

/// Takes the proof of a request that showed a good access token.
///
/// # Errors
/// `Invalid` for one that came before.
pub async fn take(core: &Core, tenant: &Tenant, proof: &Proof) -> Result<(), ProofError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    take_in(&mut transaction, proof).await?;
    Ok(transaction.commit().await?)
}

/// The same in the transaction of what the proof opens.
pub(super) async fn take_in(transaction: &mut Transaction, proof: &Proof) -> Result<(), ProofError> {
    let jti = TokenDigest::of(proof.jti.as_bytes());
    match transaction.take_proof(proof.key, jti, proof.expires).await? {
        true => Ok(()),
        false => {
            tracing::warn!("a proof of possession was used before");
            Err(ProofError::Invalid)
        }
    }
}
