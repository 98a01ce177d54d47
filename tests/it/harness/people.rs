//! Invented tenants, and the people whom the tests are about.

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::tz::TimeZone;
use jsonwebtoken::EncodingKey;
use poort::{
    base::{
        Language, Timestamp,
        id::{MandateId, PersonId},
        token::TokenDigest,
    },
    domain::{
        assurance::Assurance,
        client::{Client, ClientAuthentication, Machine, SigningAlgorithm},
        lookup::LookupTerms,
        mandate::{Holder, Mandate},
        period::Period,
        person::{Person, Registration},
        register::TokenForm,
        tenant::{Factor, HelpLine, Means, NationalNumberKind, Tenant, Terms, Texts, UserName},
    },
    login::totp::TotpSecret,
    storage::{Transaction, seal::Kind},
};
use serde_json::{Value, json};

use super::gateway::Gateway;

/// Everybody's password.
pub const PASSWORD: &str = "vogels vliegen over zeven daken";

/// The tenant that most tests are about.
pub const ZORG: &str = "zorg";
/// Another tenant of the same gateway.
pub const ANDER: &str = "ander";

/// An invented person.
#[derive(Clone, Copy, Debug)]
pub struct Someone {
    id: u128,
    pub given_name: &'static str,
    pub family_name: &'static str,
    citizen_file: bool,
}

/// Can only be a citizen: no choice of profile is shown.
pub const JAN: Someone = Someone { id: 1, given_name: "Jan", family_name: "Claes", citizen_file: true };
/// A physician, who is asked as what.
pub const MARIE: Someone = Someone { id: 2, given_name: "Marie", family_name: "Dubois", citizen_file: true };
/// Holds a mandate of Jan, and is nothing else.
pub const ELS: Someone = Someone { id: 3, given_name: "Els", family_name: "Peeters", citizen_file: false };

/// Jan's mandate to Els.
pub const MANDATE: MandateId = MandateId::from_u128(31);

impl Someone {
    pub const fn id(&self) -> PersonId {
        PersonId::from_u128(self.id)
    }

    pub fn email(&self) -> String {
        format!("{}.{}@example.org", self.given_name, self.family_name).to_lowercase()
    }

    /// The authenticator app.
    pub fn totp(&self) -> TotpSecret {
        TotpSecret::from_bytes(&[u8::try_from(self.id).expect("a small number"); 20]).expect("20 bytes")
    }

    pub fn person(&self) -> Person {
        Person {
            id: self.id(),
            given_name: self.given_name.into(),
            family_name: self.family_name.into(),
            email: self.email(),
            language: Language::Nl,
            citizen_file: self.citizen_file,
        }
    }
}

/// Writes everybody into a tenant.
pub async fn settle(gateway: &Gateway, tenant: &Tenant, hash: &str) {
    let core = gateway.core();
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await.expect("begins");
    for someone in [JAN, MARIE, ELS] {
        let sealer = &core.keys_of(tenant).expect("keys").sealer;
        let sealed = sealer.seal(Kind::TotpSecret, &someone.id(), someone.totp().bytes()).expect("sealed");
        transaction.put_person(&someone.person()).await.expect("writes");
        transaction.put_password(someone.id(), hash, false, now).await.expect("writes");
        transaction.put_authenticator(someone.id(), &sealed).await.expect("writes");
    }
    let physician = Registration {
        profession: "physician".into(),
        number: Some("12345655001".into()),
        complete: true,
        period: Period::default(),
        certified_until: None,
    };
    transaction.put_registration(MARIE.id(), &physician, Some("12345655")).await.expect("writes");
    put_mandate(&mut transaction, now).await;
    transaction.commit().await.expect("commits");
}

async fn put_mandate(transaction: &mut Transaction, now: Timestamp) {
    let mandate = Mandate {
        id: MANDATE,
        mandator: JAN.id(),
        holder: Holder::Person(ELS.id()),
        scope: "administrative".into(),
        period: Period::new(Some("2026-01-01".parse().expect("a date")), Some("2027-06-30".parse().expect("a date"))),
        accepted: true,
        ended: false,
    };
    transaction.put_mandate(&mandate, &JAN.person(), None, now).await.expect("writes");
}

/// The redirect URI of every client.
pub const CALLBACK: &str = "https://app.example/callback";
/// Where every client lets people go after signing out.
pub const GOODBYE: &str = "https://app.example/goodbye";
/// The secret of those that have one.
pub const SECRET: &str = "a secret & of: 256 bits, nearly / +";

/// The tenants.
pub fn tenants() -> Vec<Tenant> {
    vec![tenant(ZORG), tenant(ANDER)]
}

fn texts(text: &str) -> Texts {
    Texts::new([(Language::Nl, text.to_owned()), (Language::En, text.to_owned())])
}

fn tenant(slug: &str) -> Tenant {
    let means = |id: &str, factors: &[Factor], assurance| Means { id: id.into(), factors: factors.to_vec(), assurance };
    Tenant {
        id: slug.parse().expect("a slug"),
        name: texts(slug),
        host: format!("{slug}.localhost"),
        origin: format!("http://{slug}.localhost:8080"),
        mutual_tls_origin: None,
        languages: vec![Language::Nl, Language::En],
        zone: TimeZone::get("Europe/Brussels").expect("a zone"),
        palette: "ocean".into(),
        help: HelpLine {
            phone: Some("02 123 45 67".into()),
            email: Some(format!("hulp@{slug}.example")),
            hours: texts("9-17"),
        },
        national_number: NationalNumberKind::NationalRegister,
        user_name: UserName::Email,
        means: vec![
            means("app", &[Factor::Password, Factor::Totp], Assurance::Substantial),
            means("mail", &[Factor::Password, Factor::EmailCode], Assurance::Low),
        ],
        terms: Terms::default(),
        lookup: LookupTerms::default(),
        phone: None,
        professions: BTreeMap::from([("physician".to_owned(), texts("Arts"))]),
        rights: BTreeMap::new(),
        mandate_scopes: BTreeMap::from([("administrative".to_owned(), texts("Administratief"))]),
        purposes: vec![],
        self_registration: None,
        capacity_labels: BTreeMap::new(),
        registers: vec![],
        backends: vec![],
        clients: clients(),
        openid_providers: vec![],
        saml_providers: Vec::new(),
        eid: None,
        card_origin: None,
    }
}

/// The key of the client `key`, made anew for each run: no private key is kept in the repository.
pub static CLIENT_KEY: LazyLock<ClientKey> = LazyLock::new(|| {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    let der = pair.to_pkcs8v1().expect("DER");
    let point = pair.public_key().as_ref();
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "kid": "k1", "use": "sig", "alg": "ES256",
        "x": part(&point[1..33]), "y": part(&point[33..65]),
    });
    ClientKey { signing: EncodingKey::from_ec_der(der.as_ref()), jwk }
});

/// Both halves of a key.
pub struct ClientKey {
    pub signing: EncodingKey,
    pub jwk: Value,
}

fn client(id: &str, authentication: ClientAuthentication) -> Client {
    Client {
        redirect_uris: vec![CALLBACK.into(), format!("{CALLBACK}?tenant=a%2Fb&code=mine")],
        post_logout_redirect_uris: vec![GOODBYE.into()],
        scopes: ["openid", "profile", "email", "poort", "offline_access"].map(String::from).to_vec(),
        refresh: true,
        audiences: vec!["https://api.example".into(), "https://other-api.example".into()],
        form: TokenForm::NlGov,
        id_token_algorithm: SigningAlgorithm::Es256,
        means: vec!["app".into(), "mail".into()],
        least_assurance: Assurance::Low,
        ..Client::new(id.into(), texts(&format!("Toepassing {id}")), authentication)
    }
}

/// A program that writes facts in its own name.
fn machine(id: &str, authentication: ClientAuthentication) -> Client {
    let machine = Machine {
        scopes: ["facts:read", "facts:write"].map(String::from).to_vec(),
        audiences: vec!["https://api.example".into(), "https://facts.example".into()],
    };
    Client { machine: Some(machine), ..Client::new(id.into(), texts(id), authentication) }
}

fn clients() -> Vec<Client> {
    let secret = || ClientAuthentication::Secret(TokenDigest::of(SECRET.as_bytes()));
    vec![
        client("app", secret()),
        client("app-2", secret()),
        client("key", ClientAuthentication::PrivateKeyJwt(vec![CLIENT_KEY.jwk.clone()])),
        client("public", ClientAuthentication::None),
        Client {
            refresh: false,
            scopes: ["openid", "profile"].map(String::from).to_vec(),
            audiences: vec![],
            id_token_algorithm: SigningAlgorithm::Rs256,
            ..client("modest", secret())
        },
        Client { form: TokenForm::Rfc8693, ..client("rfc8693", secret()) },
        Client { redirect_uris: vec![], ..client("nowhere", secret()) },
        Client { least_assurance: Assurance::Substantial, means: vec!["app".into()], ..client("strict", secret()) },
        machine("machine", secret()),
        Client { introspects: vec!["https://api.example".into()], ..Client::new("api".into(), texts("api"), secret()) },
        Client {
            introspects: vec!["https://other-api.example".into(), "https://facts.example".into()],
            ..Client::new("other-api".into(), texts("other-api"), secret())
        },
        machine("machine-key", ClientAuthentication::PrivateKeyJwt(vec![CLIENT_KEY.jwk.clone()])),
        // What no tenant's file can say: everybody could be this one.
        machine("machine-public", ClientAuthentication::None),
    ]
}

/// Longer than a code of an authenticator app lasts.
pub const NEXT_CODE: Duration = Duration::from_secs(30);
