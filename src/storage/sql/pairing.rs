//! Phones that people pair with their account: a code that is shown, taken by an app, and confirmed.
//!
//! Each step is one `UPDATE` that hits one row. A row stays: a code that comes again is recognised.

use super::{StoreError, Transaction, execute, fetch_all, fetch_optional, statement::statements};
use crate::{
    base::{
        Timestamp,
        id::{AuthorizationId, PersonId, SessionId},
        token::TokenDigest,
    },
    domain::possession::KeyThumbprint,
    policy::{Permit, action::PairApp},
};

statements! {
    INSERT_OFFER = "INSERT INTO pairing (tenant, code, person, login, profile, client, expires_at, tries) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0)";
    END_OFFERS = "UPDATE pairing SET ended_at = $3 WHERE tenant = $1 AND login = $2 AND confirmed_at IS NULL \
        AND ended_at IS NULL";
    END_OFFER = "UPDATE pairing SET ended_at = $3 WHERE tenant = $1 AND code = $2 AND ended_at IS NULL";
    OFFER = "SELECT client, profile, taken_at, device, scope, number FROM pairing WHERE tenant = $1 AND code = $2 AND login = $3 \
        AND confirmed_at IS NULL AND ended_at IS NULL AND expires_at > $4";
    TAKE_CODE = "UPDATE pairing SET taken_at = $4, device = $5, device_key = $6, scope = $7, waits_with = $8, number = $9 \
        WHERE tenant = $1 AND code = $2 AND client = $3 AND taken_at IS NULL AND ended_at IS NULL AND expires_at > $4";
    TAKEN_CODE = "SELECT taken_at, device_key, session FROM pairing WHERE tenant = $1 AND code = $2 AND client = $3 \
        AND taken_at IS NOT NULL AND expires_at > $4";
    COUNT_TRY = "UPDATE pairing SET tries = tries + 1 WHERE tenant = $1 AND code = $2 AND login = $3 AND taken_at IS NOT NULL \
        AND confirmed_at IS NULL AND ended_at IS NULL AND expires_at > $4 RETURNING tries";
    CONFIRM = "UPDATE pairing SET confirmed_at = $3, session = $4, authorization_grant = $5, expires_at = $6 \
        WHERE tenant = $1 AND code = $2 AND confirmed_at IS NULL AND ended_at IS NULL";
    WAITING = "SELECT device_key, expires_at, confirmed_at, redeemed_at, ended_at, session FROM pairing \
        WHERE tenant = $1 AND waits_with = $2 AND client = $3";
    REDEEM = "UPDATE pairing SET redeemed_at = $4 WHERE tenant = $1 AND waits_with = $2 AND client = $3 AND device_key = $5 \
        AND confirmed_at IS NOT NULL AND redeemed_at IS NULL AND ended_at IS NULL AND expires_at > $4 \
        RETURNING authorization_grant";
    PAIRED_KEY = "SELECT device_key FROM pairing WHERE tenant = $1 AND authorization_grant = $2 AND ended_at IS NULL";
    PAIRED = "SELECT s.id, s.agent, p.client, s.created_at, s.seen_at FROM pairing p \
        JOIN session s ON s.tenant = $1 AND s.id = p.session AND s.ended_at IS NULL AND s.expires_at > $3 \
        JOIN authorization_grant g ON g.tenant = $1 AND g.id = p.authorization_grant AND g.ended_at IS NULL \
        WHERE p.tenant = $1 AND p.person = $2 ORDER BY s.created_at, s.id";
    PAIRED_AS = "SELECT s.id FROM pairing p \
        JOIN session s ON s.tenant = $1 AND s.id = p.session AND s.ended_at IS NULL \
        JOIN profile f ON f.tenant = $1 AND f.handle = p.profile AND f.profession = $3 \
        WHERE p.tenant = $1 AND p.person = $2";
    FORGET = "DELETE FROM pairing WHERE tenant = $1 AND expires_at < $2 AND confirmed_at IS NULL";
}

/// A code that is shown and was not confirmed yet.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct OfferedPairing {
    /// The app.
    pub client: String,
    /// The handle of the profile that it was offered with.
    pub profile: String,
    /// When an app took it.
    pub taken_at: Option<Timestamp>,
    /// What the phone is called.
    pub device: Option<String>,
    /// What the app asks, space-separated.
    pub scope: Option<String>,
    /// What the phone shows.
    pub number: Option<String>,
}

/// A code that an app took.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct TakenPairing {
    /// When.
    pub taken_at: Timestamp,
    /// The thumbprint of its key.
    pub device_key: String,
    /// The session of the phone, once it was confirmed.
    pub session: Option<SessionId>,
}

/// What an app gets that took a code.
#[derive(Clone, Debug)]
pub struct Waiting<'a> {
    /// What the phone is called.
    pub device: &'a str,
    /// Its key.
    pub key: KeyThumbprint,
    /// What it asks, space-separated.
    pub scope: &'a str,
    /// With what it asks for its tokens.
    pub waits_with: TokenDigest,
    /// What it shows.
    pub number: &'a str,
}

/// How far a pairing is whose app waits.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct WaitingRow {
    /// The thumbprint of its key.
    pub device_key: String,
    /// Until when it may ask.
    pub expires_at: Timestamp,
    /// When the person confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When it got its first tokens.
    pub redeemed_at: Option<Timestamp>,
    /// When the offer was withdrawn.
    pub ended_at: Option<Timestamp>,
    /// The session of the phone.
    pub session: Option<SessionId>,
}

/// A phone that is paired.
#[derive(Clone, Debug, PartialEq, Eq, sqlx_macros::FromRow)]
pub struct PairedRow {
    /// The session that it rests on.
    pub id: SessionId,
    /// What it is called.
    pub agent: String,
    /// The app's `client_id`.
    pub client: String,
    /// When it was paired.
    pub created_at: Timestamp,
    /// When its app last asked for tokens.
    pub seen_at: Timestamp,
}

impl Transaction {
    /// Offers an app: its code is shown until `expires`. What this login offered before and nobody confirmed ends.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn offer_pairing(
        &mut self,
        permit: &Permit<PairApp>,
        code: TokenDigest,
        (person, login, profile): (PersonId, SessionId, &str),
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        self.end_offered_pairings(login, now).await?;
        execute!(self, INSERT_OFFER, code, person, login, profile, &permit.act().client, expires)?;
        Ok(())
    }

    /// Ends what a login offered and nobody confirmed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_offered_pairings(&mut self, login: SessionId, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, END_OFFERS, login, now)?;
        Ok(())
    }

    /// Ends a pairing, whatever its step. The session of a confirmed phone ends by [`Transaction::end_session`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_pairing(&mut self, code: TokenDigest, now: Timestamp) -> Result<bool, StoreError> {
        self.narrows();
        Ok(execute!(self, END_OFFER, code, now)? == 1)
    }

    /// What this login offers with this code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn offered_pairing(
        &mut self,
        code: TokenDigest,
        login: SessionId,
        now: Timestamp,
    ) -> Result<Option<OfferedPairing>, StoreError> {
        fetch_optional!(self, OfferedPairing, OFFER, code, login, now)
    }

    /// Takes a code for an app. False when there is none such, or it was taken.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_pairing_code(
        &mut self,
        code: TokenDigest,
        client: &str,
        now: Timestamp,
        waiting: &Waiting<'_>,
    ) -> Result<bool, StoreError> {
        let Waiting { device, key, scope, waits_with, number } = *waiting;
        Ok(execute!(self, TAKE_CODE, code, client, now, device, key.text(), scope, waits_with, number)? == 1)
    }

    /// A code that an app took before, while it works or its app may wait.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn taken_pairing_code(
        &mut self,
        code: TokenDigest,
        client: &str,
        now: Timestamp,
    ) -> Result<Option<TakenPairing>, StoreError> {
        fetch_optional!(self, TakenPairing, TAKEN_CODE, code, client, now)
    }

    /// Counts a number that was typed, before it is compared; `None` when there is nothing to confirm.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_pairing_try(
        &mut self,
        code: TokenDigest,
        login: SessionId,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        Ok(fetch_optional!(self, (i64,), COUNT_TRY, code, login, now)?.map(|(tries,)| tries))
    }

    /// Confirms a pairing, once: the phone has this session and grant, and its app may ask for them until `expires`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn confirm_pairing(
        &mut self,
        _permit: &Permit<PairApp>,
        code: TokenDigest,
        now: Timestamp,
        (session, grant): (SessionId, AuthorizationId),
        expires: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, CONFIRM, code, now, session, grant, expires)? == 1)
    }

    /// How far the pairing is of the app that waits with this.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn waiting_pairing(
        &mut self,
        waits_with: TokenDigest,
        client: &str,
    ) -> Result<Option<WaitingRow>, StoreError> {
        fetch_optional!(self, WaitingRow, WAITING, waits_with, client)
    }

    /// Takes what a confirmed pairing gives, once, for the app with this key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn redeem_pairing(
        &mut self,
        waits_with: TokenDigest,
        client: &str,
        now: Timestamp,
        key: KeyThumbprint,
    ) -> Result<Option<AuthorizationId>, StoreError> {
        let taken = fetch_optional!(self, (AuthorizationId,), REDEEM, waits_with, client, now, key.text())?;
        Ok(taken.map(|(grant,)| grant))
    }

    /// The key to which the tokens of a grant are bound.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn paired_key(&mut self, grant: AuthorizationId) -> Result<Option<KeyThumbprint>, StoreError> {
        let kept = fetch_optional!(self, (String,), PAIRED_KEY, grant)?;
        Ok(kept.and_then(|(key,)| KeyThumbprint::parse(&key)))
    }

    /// The phones of a person that are paired.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn paired_phones(&mut self, person: PersonId, now: Timestamp) -> Result<Vec<PairedRow>, StoreError> {
        fetch_all!(self, PairedRow, PAIRED, person, now)
    }

    /// Forgets codes that nobody confirmed and that were over before `before`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_pairings(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        execute!(self, FORGET, before)
    }

    /// The sessions of the phones that a person paired with this profession.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn phones_paired_as(&mut self, person: PersonId, profession: &str) -> Result<Vec<SessionId>, StoreError> {
        Ok(fetch_all!(self, (SessionId,), PAIRED_AS, person, profession)?.into_iter().map(|(id,)| id).collect())
    }
}
