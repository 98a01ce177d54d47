//! A person's authenticator that is not ours: the software passkey of `webauthn-authenticator-rs` makes the keys, the attestation, the
//! authenticator data and the signatures. What a browser puts around them is from here: the client data, and whose passkey it is.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use webauthn_authenticator_rs::{
    AuthenticatorBackendHashedClientData,
    prelude::{CreationChallengeResponse, RequestChallengeResponse},
    softpasskey::SoftPasskey,
};

use super::browser::{Browser, Page};

/// How long an authenticator may take; this one takes no time.
const TIMEOUT: u32 = 60_000;

/// An authenticator, with the passkeys that it made.
pub struct Authenticator {
    soft: SoftPasskey,
    /// The ids of its credentials, with the user handle that came with each.
    credentials: Vec<(Vec<u8>, Vec<u8>)>,
}

/// What a browser says that an honest one would not.
#[derive(Default)]
pub struct Lie<'a> {
    /// Another origin.
    pub origin: Option<&'a str>,
    /// Another RP ID.
    pub rp_id: Option<&'a str>,
    /// Another type of ceremony.
    pub kind: Option<&'a str>,
    /// Another challenge.
    pub challenge: Option<&'a str>,
    /// A page within a page of another site.
    pub framed: bool,
    /// Without verifying who holds the authenticator.
    pub unverified: bool,
    /// Another user handle.
    pub handle: Option<Vec<u8>>,
}

impl Authenticator {
    /// A new one, that says of everybody that it verified them.
    pub fn new() -> Self {
        Self { soft: SoftPasskey::new(true), credentials: Vec::new() }
    }

    /// Makes a passkey, as the page's script has it done.
    pub fn make(&mut self, options: &Value, origin: &str, lie: &Lie<'_>) -> String {
        let mut options = options.clone();
        // The software authenticator keeps every key, and does not say that it can.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = "discouraged".into();
        options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = false.into();
        if lie.unverified {
            options["publicKey"]["authenticatorSelection"]["userVerification"] = "preferred".into();
        }
        if let Some(rp_id) = lie.rp_id {
            options["publicKey"]["rp"]["id"] = rp_id.into();
        }
        let (data, hash) = client_data("webauthn.create", &options, origin, lie);
        let options: CreationChallengeResponse = serde_json::from_value(options).expect("creation options");
        let user = options.public_key.user.id.clone();
        let made = self.soft.perform_register(hash, options.public_key, TIMEOUT).expect("a passkey");
        self.credentials.push((made.raw_id.clone(), user));
        answer(&serde_json::to_value(&made).expect("JSON"), &data)
    }

    /// Shows its newest passkey, as the page's script has it done.
    pub fn show(&mut self, options: &Value, origin: &str, lie: &Lie<'_>) -> String {
        let mut options = options.clone();
        let (id, user) = self.credentials.last().cloned().expect("a passkey");
        options["publicKey"]["allowCredentials"] = json!([{ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(&id) }]);
        if lie.unverified {
            options["publicKey"]["userVerification"] = "preferred".into();
        }
        if let Some(rp_id) = lie.rp_id {
            options["publicKey"]["rpId"] = rp_id.into();
        }
        let (data, hash) = client_data("webauthn.get", &options, origin, lie);
        let options: RequestChallengeResponse = serde_json::from_value(options).expect("request options");
        let mut shown = self.soft.perform_auth(hash, options.public_key, TIMEOUT).expect("a signature");
        shown.response.user_handle = Some(lie.handle.clone().unwrap_or(user));
        answer(&serde_json::to_value(&shown).expect("JSON"), &data)
    }

    /// The user handle of its newest passkey.
    pub fn handle(&self) -> Vec<u8> {
        self.credentials.last().expect("a passkey").1.clone()
    }
}

/// The client data of a browser (WebAuthn Level 3 section 5.8.1), and its hash.
fn client_data(kind: &str, options: &Value, origin: &str, lie: &Lie<'_>) -> (Vec<u8>, Vec<u8>) {
    let challenge = options["publicKey"]["challenge"].as_str().expect("a challenge");
    let data = json!({
        "type": lie.kind.unwrap_or(kind),
        "challenge": lie.challenge.unwrap_or(challenge),
        "origin": lie.origin.unwrap_or(origin),
        "crossOrigin": lie.framed,
    });
    let data = data.to_string().into_bytes();
    let hash = digest(&SHA256, &data).as_ref().to_vec();
    (data, hash)
}

/// What `PublicKeyCredential.toJSON()` gives.
fn answer(credential: &Value, data: &[u8]) -> String {
    let mut answer = credential.clone();
    answer["response"]["clientDataJSON"] = URL_SAFE_NO_PAD.encode(data).into();
    answer["clientExtensionResults"] = json!({});
    answer["authenticatorAttachment"] = "platform".into();
    if let Some(object) = answer.as_object_mut() {
        object.remove("extensions");
    }
    answer.to_string()
}

impl Browser<'_> {
    /// What the script of a page is told to ask for the form that goes to `action`.
    pub async fn passkey_options(&self, page: &Page, action: &str) -> Value {
        let reply = self.ask_for_options(page, action).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("content-type")),
            (200, "application/json"),
            "{}",
            reply.text()
        );
        reply.json()
    }

    /// The same, whatever is answered.
    pub async fn ask_for_options(&self, page: &Page, action: &str) -> super::gateway::Reply {
        let form = Self::form(page, action);
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let url = page.url.join(&format!("{}/options", Self::action(page, action))).expect("a URL");
        self.once(http::Method::POST, url.as_str(), &[], Some(super::application::encoded(&fields))).await
    }

    /// Adds a passkey on the page of what one logs in with.
    pub async fn add_passkey(&mut self, authenticator: &mut Authenticator, name: &str) -> Page {
        let page = self.get("/factors").await;
        self.add_passkey_with(&page, authenticator, name, &Lie::default()).await
    }

    /// The same, with a lie.
    pub async fn add_passkey_with(
        &mut self,
        page: &Page,
        authenticator: &mut Authenticator,
        name: &str,
        lie: &Lie<'_>,
    ) -> Page {
        let options = self.passkey_options(page, "/factors/passkeys").await;
        let answer = authenticator.make(&options, &page.url.origin().ascii_serialization(), lie);
        self.press(page, "/factors/passkeys", &[("name", name), ("answer", &answer)]).await
    }

    /// Shows a passkey on a page that asks for one.
    pub async fn show_passkey(&mut self, page: &Page, authenticator: &mut Authenticator, lie: &Lie<'_>) -> Page {
        let options = self.passkey_options(page, "/passkey").await;
        let answer = authenticator.show(&options, &page.url.origin().ascii_serialization(), lie);
        self.press(page, "/passkey", &[("answer", &answer)]).await
    }
}
