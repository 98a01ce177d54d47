//! Passkeys (WebAuthn Level 3): the one door of `webauthn-rs`.
//!
//! The relying party is the tenant's login host, as its file names it: its name is the RP ID, its origin the only one that may
//! ask, whatever a request says. User verification is required, so that a passkey is two factors: the device, and what opens
//! it. Every passkey is discoverable: it says itself whose it is, and nobody is asked who they are first.
//!
//! A ceremony (sections 7.1, 7.2) asks a browser something and judges what it answers. What must be remembered between is the
//! [`Ceremony`]'s, found again by its challenge; the caller keeps it, takes it once, and in the browser that was asked.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    Webauthn, WebauthnBuilder, WebauthnError,
};

use super::Refused;
use crate::{base::token::TokenDigest, domain::tenant::Tenant};

/// The longest credential id (section 5.8.3).
const LONGEST_ID: usize = 1023;

/// A tenant as its people's authenticators know it.
#[derive(Debug)]
pub struct RelyingParty(Webauthn);

/// A tenant's login host, or what is kept, cannot be used for passkeys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("passkeys cannot be used: {0}")]
pub struct Unusable(String);

/// What a browser is asked, and what is kept until it answers.
pub struct Ceremony {
    /// For the page's script (section 5.1.9).
    pub options: String,
    /// Of the challenge: the answer names it.
    pub challenge: TokenDigest,
    /// What the answer is judged by.
    pub kept: Vec<u8>,
}

impl RelyingParty {
    /// Of a tenant's login host.
    ///
    /// # Errors
    /// When the login host cannot be an RP ID: a defect of ours, since hosts are names.
    pub fn of(tenant: &Tenant) -> Result<Self, Unusable> {
        let unusable = |why: &dyn std::fmt::Display| Unusable(format!("{}: {why}", tenant.host));
        let origin = Url::parse(&tenant.origin).map_err(|why| unusable(&why))?;
        let name = tenant.languages.first().map_or(tenant.host.as_str(), |language| tenant.name.get(*language));
        let party = WebauthnBuilder::new(&tenant.host, &origin).and_then(|builder| builder.rp_name(name).build());
        party.map(Self).map_err(|why| unusable(&why))
    }

    /// Asks for any passkey of this tenant (section 7.2).
    ///
    /// # Errors
    /// When no challenge can be made.
    pub fn ask(&self) -> Result<Ceremony, Unusable> {
        let (mut options, state) = self.0.start_discoverable_authentication().map_err(|why| unusable(&why))?;
        // Whether the browser offers it in a field or asks at once is the page's question.
        options.mediation = None;
        ceremony(&options.public_key.challenge, &options, &state)
    }

    /// Asks an authenticator to make a passkey for somebody (section 7.1), and not on one that has one of theirs.
    ///
    /// # Errors
    /// When no challenge can be made.
    pub fn enrol(&self, handle: Uuid, name: &str, display_name: &str, known: &[Key]) -> Result<Ceremony, Unusable> {
        let known = known.iter().map(|key| key.0.cred_id().clone()).collect();
        let started = self.0.start_passkey_registration(handle, name, display_name, Some(known));
        let (options, state) = started.map_err(|why| unusable(&why))?;
        let mut asked = serde_json::to_value(&options).map_err(|why| unusable(&why))?;
        let selection = &mut asked["publicKey"]["authenticatorSelection"];
        selection["residentKey"] = "required".into();
        selection["requireResidentKey"] = true.into();
        ceremony(&options.public_key.challenge, &asked, &state)
    }

    /// The passkey that an authenticator made.
    ///
    /// # Errors
    /// When the answer is not one to what was asked, or nobody was verified.
    pub fn enrolled(&self, kept: &[u8], made: &Made) -> Result<Key, Refused> {
        let state: PasskeyRegistration = serde_json::from_slice(kept).map_err(|_| Refused::Wrong)?;
        let key = self.0.finish_passkey_registration(&made.0, &state).map_err(|why| refused(&why))?;
        if key.cred_id().len() > LONGEST_ID {
            return Err(Refused::Wrong);
        }
        Ok(Key(key))
    }
}

fn unusable(why: &dyn std::fmt::Display) -> Unusable {
    Unusable(why.to_string())
}

fn ceremony(
    challenge: &[u8],
    options: &impl serde::Serialize,
    state: &impl serde::Serialize,
) -> Result<Ceremony, Unusable> {
    Ok(Ceremony {
        options: serde_json::to_string(options).map_err(|why| unusable(&why))?,
        challenge: TokenDigest::of(challenge),
        kept: serde_json::to_vec(state).map_err(|why| unusable(&why))?,
    })
}

/// A counter that does not go on means that two devices have one key, or that an old answer comes again (section 6.1.1).
fn refused(why: &WebauthnError) -> Refused {
    tracing::debug!(%why, "a passkey is refused");
    match why {
        WebauthnError::CredentialPossibleCompromise => Refused::Copied,
        _ => Refused::Wrong,
    }
}

/// A person's passkey: its public key, and what the authenticator says of itself. Nothing in it is secret.
#[derive(Clone, Debug)]
pub struct Key(Passkey);

impl Key {
    /// The key as it is kept.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// The text to keep.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// The credential's id, as base64url.
    #[must_use]
    pub fn id(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.cred_id())
    }
}

/// An authenticator's answer to [`RelyingParty::enrol`]. None of it is believed yet.
pub struct Made(RegisterPublicKeyCredential);

impl Made {
    /// Reads what the page's script sent.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// The challenge that it answers, as it says.
    #[must_use]
    pub fn challenge(&self) -> Option<TokenDigest> {
        challenge(&self.0.response.client_data_json)
    }
}

/// A browser's answer to [`RelyingParty::ask`]. None of it is believed yet.
pub struct Answer(PublicKeyCredential);

impl Answer {
    /// Reads what the page's script sent.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// The challenge that it answers, as it says.
    #[must_use]
    pub fn challenge(&self) -> Option<TokenDigest> {
        challenge(&self.0.response.client_data_json)
    }

    /// The id of the passkey, as base64url.
    #[must_use]
    pub fn key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.get_credential_id())
    }

    /// The handle of its owner.
    #[must_use]
    pub fn handle(&self) -> Option<Uuid> {
        self.0.get_user_unique_id().and_then(|bytes| Uuid::from_slice(bytes).ok())
    }
}

/// What the browser signed besides the challenge (section 5.8.1). Its type, origin and challenge are compared by the library.
#[derive(Deserialize)]
struct ClientData {
    challenge: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

/// Nothing when a page of ours was framed by another site.
fn challenge(client_data: &[u8]) -> Option<TokenDigest> {
    let data: ClientData = serde_json::from_slice(client_data).ok().filter(|data: &ClientData| !data.cross_origin)?;
    URL_SAFE_NO_PAD.decode(data.challenge).ok().map(|challenge| TokenDigest::of(&challenge))
}

/// A passkey that somebody shows, with what it is judged by.
pub struct Shown {
    /// The tenant.
    pub party: RelyingParty,
    /// Of the ceremony that it answers, which was taken.
    pub kept: Vec<u8>,
    /// The passkey, as it is kept.
    pub key: Key,
}

/// A passkey that was used: what must be kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// The credential's id.
    pub id: String,
    /// The authenticator's count, or 0 for ever from one that does not count.
    pub counter: u32,
    /// The key as it is now.
    pub text: String,
}

impl Shown {
    /// Judges the answer.
    pub(super) fn judge(self, answer: &str) -> Result<Used, Refused> {
        let Self { party, kept, mut key } = self;
        let answer = Answer::parse(answer).ok_or(Refused::Wrong)?;
        let state: DiscoverableAuthentication = serde_json::from_slice(&kept).map_err(|_| Refused::Wrong)?;
        let result = party.0.finish_discoverable_authentication_v2(&answer.0, state, &key.0);
        let result = result.map_err(|why| refused(&why))?;
        // It was asked for; without it a passkey would be one factor.
        if !result.user_verified() {
            return Err(Refused::Wrong);
        }
        key.0.update_credential(&result).ok_or(Refused::Wrong)?;
        Ok(Used { id: key.id(), counter: result.counter(), text: key.text() })
    }
}
