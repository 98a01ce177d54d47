//! What tokens say of people: one model of who acts for whom ([`Identity`]), and its forms on the wire.
//!
//! Claims about a person stand beside that person's `sub`, so that nobody's name, address or number is ever read as
//! another's. [`TokenForm`] says which person stands at the top:
//!
//! | | at the top | within |
//! |---|---|---|
//! | `nl-gov` | the actor | `represents`: whom they act for |
//! | `rfc8693` | whom is acted for | `act`: the actor (RFC 8693 section 4.1) |
//!
//! Without a represented person both are the actor at the top. A token never has both `represents` and `act`, and
//! whenever somebody is represented it has one of them, whatever the scopes: without it `sub` would be misread.
//!
//! Architecture invariant: no other file gives claims about people their names.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, Serializer, ser::SerializeSeq};

use crate::{
    base::{Language, Timestamp, token::TokenDigest},
    domain::{
        assurance::Assurance, capacity::Capacity, identifier::NationalNumber, possession::Bound, register::TokenForm,
    },
};

/// Who acts, as what and for whom, as one audience knows them.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Who logged in.
    pub actor: Named,
    /// Whom they act for, under a mandate.
    pub represented: Option<Named>,
    /// The opaque name of the chosen profile.
    pub profile: String,
    /// As what they act.
    pub capacity: Capacity,
    /// With which profession, as a professional.
    pub profession: Option<String>,
    /// Within, or for, which organization.
    pub organization: Option<ActingWithin>,
    /// Under which mandate.
    pub mandate: Option<ActingUnder>,
    /// Their rights in the organization.
    pub rights: Vec<String>,
    /// How they logged in.
    pub login: Login,
}

/// A person as one audience knows them.
#[derive(Clone, Debug)]
pub struct Named {
    /// Their pairwise pseudonym for this audience (OpenID Connect Core 1.0 section 8.1).
    pub sub: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The language they are addressed in, where it is known.
    pub language: Option<Language>,
    /// Their e-mail address, once they have shown that it is theirs.
    pub email: Option<String>,
    /// The number of the registration that the profile is about.
    pub registration: Option<String>,
    /// Their national number, loaded only for a backend that may have it.
    pub national_number: Option<NationalNumber>,
}

/// An organization that one acts within.
#[derive(Clone, Debug, Serialize)]
pub struct ActingWithin {
    /// Its opaque name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its enterprise number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// A mandate that one acts under.
#[derive(Clone, Debug, Serialize)]
pub struct ActingUnder {
    /// Its opaque name.
    pub id: String,
    /// Its scope's code.
    pub scope: String,
    /// Its last day, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "date")]
    pub until: Option<jiff::civil::Date>,
}

fn date<S: Serializer>(date: &Option<jiff::civil::Date>, serializer: S) -> Result<S::Ok, S::Error> {
    date.map(|date| date.to_string()).serialize(serializer)
}

/// How and when somebody logged in.
#[derive(Clone, Debug)]
pub struct Login {
    /// How sure one is of who it was.
    pub assurance: Assurance,
    /// What they proved, in order: values of `amr`.
    pub amr: Vec<&'static str>,
    /// When.
    pub at: Timestamp,
}

/// The scopes that decide which claims a client gets.
pub mod scope {
    /// `sub` and how one logged in; every OpenID request has it.
    pub const OPENID: &str = "openid";
    /// Names and language.
    pub const PROFILE: &str = "profile";
    /// The e-mail address.
    pub const EMAIL: &str = "email";
    /// As what and within which organization one acts: capacity, profession, registration, organization, mandate, rights.
    pub const POORT: &str = "poort";
    /// A refresh token; no claim.
    pub const OFFLINE_ACCESS: &str = "offline_access";

    /// Every scope that is known here, for the discovery document; a client may have others for its resource servers.
    pub const ALL: [&str; 5] = [OPENID, PROFILE, EMAIL, POORT, OFFLINE_ACCESS];
}

/// Which claims about people go in.
#[derive(Clone, Copy)]
struct Share {
    name: bool,
    parts_of_name: bool,
    email: bool,
    acting: bool,
    national_number: bool,
}

impl Share {
    fn scopes(scopes: &[String]) -> Self {
        let has = |scope: &str| scopes.iter().any(|granted| granted == scope);
        Self {
            name: has(scope::PROFILE),
            parts_of_name: has(scope::PROFILE),
            email: has(scope::EMAIL),
            acting: has(scope::POORT),
            // A national number is for backends that the tenant's file names; clients have no such setting.
            national_number: false,
        }
    }
}

#[derive(Serialize)]
struct Person<'a> {
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    national_number: Option<&'a str>,
}

impl<'a> Person<'a> {
    fn of(named: &'a Named, share: Share) -> Self {
        let email = named.email.as_deref().filter(|_| share.email);
        // No claim rather than an empty one (OpenID Connect Core 1.0 section 5.3.2).
        let unnamed = named.given_name.is_empty() && named.family_name.is_empty();
        Self {
            sub: &named.sub,
            name: share.name.then(|| format!("{} {}", named.given_name, named.family_name)).filter(|_| !unnamed),
            given_name: share.parts_of_name.then_some(&*named.given_name).filter(|name| !name.is_empty()),
            family_name: share.parts_of_name.then_some(&*named.family_name).filter(|name| !name.is_empty()),
            locale: named.language.map(Language::code).filter(|_| share.name),
            email,
            email_verified: email.map(|_| true),
            registration: named.registration.as_deref().filter(|_| share.acting),
            national_number: named
                .national_number
                .as_ref()
                .filter(|number| share.national_number && number.is_of_a_state())
                .map(NationalNumber::reveal),
        }
    }
}

/// Actor and represented person in one of both forms.
#[derive(Serialize)]
struct People<'a> {
    #[serde(flatten)]
    top: Person<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    represents: Option<Person<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<Person<'a>>,
}

impl<'a> People<'a> {
    fn of(identity: &'a Identity, form: TokenForm, share: Share) -> Self {
        // The number of whom the token is about, and of nobody else.
        let bystander = Share { national_number: false, ..share };
        match (&identity.represented, form) {
            (None, _) => Self { top: Person::of(&identity.actor, share), represents: None, act: None },
            (Some(represented), TokenForm::NlGov) => Self {
                top: Person::of(&identity.actor, bystander),
                represents: Some(Person::of(represented, share)),
                act: None,
            },
            (Some(represented), TokenForm::Rfc8693) => Self {
                top: Person::of(represented, share),
                represents: None,
                act: Some(Person::of(&identity.actor, bystander)),
            },
        }
    }
}

#[derive(Serialize)]
struct Profile<'a> {
    id: &'a str,
    capacity: &'static str,
    profession: Option<&'a str>,
}

impl<'a> Profile<'a> {
    fn of(identity: &'a Identity) -> Self {
        Self { id: &identity.profile, capacity: identity.capacity.word(), profession: identity.profession.as_deref() }
    }
}

/// As what and within which organization one acts.
#[derive(Serialize)]
struct Acting<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<&'a ActingWithin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mandate: Option<&'a ActingUnder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<&'a [String]>,
}

impl<'a> Acting<'a> {
    fn of(identity: &'a Identity) -> Self {
        Self {
            organization: identity.organization.as_ref(),
            mandate: identity.mandate.as_ref(),
            rights: identity.organization.as_ref().map(|_| identity.rights.as_slice()),
        }
    }
}

/// How one logged in: `acr`, `amr`, `auth_time` (OpenID Connect Core 1.0 section 2).
#[derive(Serialize)]
struct Authentication<'a> {
    acr: &'static str,
    #[serde(serialize_with = "amr")]
    amr: &'a [&'static str],
    auth_time: i64,
}

/// Each value once (RFC 8176), in the order in which they were proved.
fn amr<S: Serializer>(methods: &&[&'static str], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(None)?;
    for (position, method) in methods.iter().enumerate() {
        if !methods[..position].contains(method) {
            list.serialize_element(method)?;
        }
    }
    list.end()
}

impl<'a> Authentication<'a> {
    fn of(login: &'a Login) -> Self {
        Self { acr: login.assurance.acr(), amr: &login.amr, auth_time: login.at.seconds() }
    }
}

/// Who makes a token, for whom, and from when until when.
#[derive(Clone, Copy, Debug)]
pub struct Issue<'a> {
    /// The tenant's issuer.
    pub issuer: &'a str,
    /// The `aud`.
    pub audience: &'a str,
    /// The moment it is made.
    pub now: Timestamp,
    /// The moment from which it is no longer valid.
    pub expires: Timestamp,
}

#[derive(Serialize)]
struct Issued<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
}

impl<'a> Issued<'a> {
    const fn of(issue: &Issue<'a>) -> Self {
        Self { iss: issue.issuer, aud: issue.audience, iat: issue.now.seconds(), exp: issue.expires.seconds() }
    }
}

/// How far a backend's clock may be behind ours: many a JWT library allows nothing of itself.
const CLOCK_ALLOWANCE: Duration = Duration::from_secs(5);

/// The claims of the token for a register's backend; `national_number` says whether it may have that of whom the token
/// is about.
#[must_use]
pub fn backend<'a>(
    issue: &Issue<'a>,
    identity: &'a Identity,
    form: TokenForm,
    national_number: bool,
) -> impl Serialize + use<'a> {
    #[derive(Serialize)]
    struct Claims<'a> {
        #[serde(flatten)]
        issued: Issued<'a>,
        nbf: i64,
        #[serde(flatten)]
        people: People<'a>,
        #[serde(flatten)]
        authentication: Authentication<'a>,
        profile: Profile<'a>,
        #[serde(flatten)]
        acting: Acting<'a>,
    }
    let share = Share { name: true, parts_of_name: false, email: false, acting: true, national_number };
    Claims {
        issued: Issued::of(issue),
        nbf: issue.now.minus(CLOCK_ALLOWANCE).seconds(),
        people: People::of(identity, form, share),
        authentication: Authentication::of(&identity.login),
        profile: Profile::of(identity),
        acting: Acting::of(identity),
    }
}

/// What scopes add about the profile, for clients. The claim is `poort_profile` here: OpenID Connect's own `profile`
/// claim is the URL of a page (Core 1.0 section 5.1), and clients' libraries read it as text.
#[derive(Serialize)]
struct Chosen<'a> {
    poort_profile: Profile<'a>,
    #[serde(flatten)]
    acting: Acting<'a>,
}

impl<'a> Chosen<'a> {
    fn of(identity: &'a Identity, share: Share) -> Option<Self> {
        share.acting.then(|| Self { poort_profile: Profile::of(identity), acting: Acting::of(identity) })
    }
}

/// What ties an ID token to its request and its session.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// The `nonce` of the authorization request.
    pub nonce: Option<&'a str>,
    /// The session's name for clients (OpenID Connect Front-Channel Logout 1.0 section 3).
    pub sid: &'a str,
    /// The access token that is given with it; its `at_hash` goes in.
    pub access_token: Option<&'a str>,
}

/// The claims of an ID token (OpenID Connect Core 1.0 sections 2 and 3.1.3.6).
#[must_use]
pub fn id_token<'a>(
    issue: &Issue<'a>,
    binding: &Binding<'a>,
    identity: &'a Identity,
    form: TokenForm,
    scopes: &[String],
) -> impl Serialize + use<'a> {
    #[derive(Serialize)]
    struct Claims<'a> {
        #[serde(flatten)]
        issued: Issued<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        nonce: Option<&'a str>,
        sid: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        at_hash: Option<String>,
        #[serde(flatten)]
        people: People<'a>,
        #[serde(flatten)]
        authentication: Authentication<'a>,
        #[serde(flatten)]
        chosen: Option<Chosen<'a>>,
    }
    let share = Share::scopes(scopes);
    Claims {
        issued: Issued::of(issue),
        nonce: binding.nonce,
        sid: binding.sid,
        at_hash: binding.access_token.map(at_hash),
        people: People::of(identity, form, share),
        authentication: Authentication::of(&identity.login),
        chosen: Chosen::of(identity, share),
    }
}

/// The end of a login, for one client.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// The token's own name, the same whenever this is said.
    pub jti: &'a str,
    /// The `sid` of its ID tokens.
    pub sid: &'a str,
    /// The `sub` of its ID tokens.
    pub sub: Option<&'a str>,
}

/// The claims of a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4). There is never a `nonce`: so it is no ID token.
#[must_use]
pub fn logout_token<'a>(issue: &Issue<'a>, ended: &Ended<'a>) -> impl Serialize + use<'a> {
    #[derive(Serialize)]
    struct Nothing {}
    #[derive(Serialize)]
    struct Events {
        #[serde(rename = "http://schemas.openid.net/event/backchannel-logout")]
        logout: Nothing,
    }
    #[derive(Serialize)]
    struct Claims<'a> {
        #[serde(flatten)]
        issued: Issued<'a>,
        jti: &'a str,
        sid: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        sub: Option<&'a str>,
        events: Events,
    }
    let events = Events { logout: Nothing {} };
    Claims { issued: Issued::of(issue), jti: ended.jti, sid: ended.sid, sub: ended.sub, events }
}

/// The left half of the access token's SHA-256; ES256 and RS256 both hash with it.
fn at_hash(access_token: &str) -> String {
    let digest = TokenDigest::of(access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest.bytes()[..16])
}

/// Who asked for an access token, and what it opens.
#[derive(Clone, Copy, Debug)]
pub struct Granted<'a> {
    /// The client that got it.
    pub client_id: &'a str,
    /// Its own name, to be revoked by.
    pub jti: &'a str,
    /// What was granted.
    pub scopes: &'a [String],
    /// What it counts beside, and beside nothing else (RFC 8705 section 3.1, RFC 9449 section 6).
    pub bound: Option<Bound>,
}

/// What the bearer must prove besides (RFC 7800 section 3).
#[derive(Serialize)]
enum Confirmation {
    #[serde(rename = "x5t#S256")]
    Certificate(String),
    #[serde(rename = "jkt")]
    Key(String),
}

impl Confirmation {
    fn of(granted: &Granted<'_>) -> Option<Self> {
        granted.bound.map(|bound| match bound {
            Bound::Certificate(certificate) => Self::Certificate(certificate.text()),
            Bound::Key(key) => Self::Key(key.text()),
        })
    }
}

/// The claims of an access token (RFC 9068 section 2.2). A resource server gets who acts for whom and, with the scope
/// `poort`, as what; names and addresses are at the userinfo endpoint.
#[must_use]
pub fn access_token<'a>(
    issue: &Issue<'a>,
    granted: &Granted<'a>,
    identity: &'a Identity,
    form: TokenForm,
) -> impl Serialize + use<'a> {
    #[derive(Serialize)]
    struct Claims<'a> {
        #[serde(flatten)]
        issued: Issued<'a>,
        client_id: &'a str,
        jti: &'a str,
        scope: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        cnf: Option<Confirmation>,
        #[serde(flatten)]
        people: People<'a>,
        #[serde(flatten)]
        authentication: Authentication<'a>,
        #[serde(flatten)]
        chosen: Option<Chosen<'a>>,
    }
    let share = Share { name: false, parts_of_name: false, email: false, ..Share::scopes(granted.scopes) };
    Claims {
        issued: Issued::of(issue),
        client_id: granted.client_id,
        jti: granted.jti,
        scope: granted.scopes.join(" "),
        cnf: Confirmation::of(granted),
        people: People::of(identity, form, share),
        authentication: Authentication::of(&identity.login),
        chosen: Chosen::of(identity, share),
    }
}

/// The claims of an access token that a client has in its own name (RFC 9068 section 2.2): `sub` is the client (section 5),
/// and nothing is said of a person or a login.
#[must_use]
pub fn machine<'a>(issue: &Issue<'a>, granted: &Granted<'a>) -> impl Serialize + use<'a> {
    #[derive(Serialize)]
    struct Claims<'a> {
        #[serde(flatten)]
        issued: Issued<'a>,
        sub: &'a str,
        client_id: &'a str,
        jti: &'a str,
        scope: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        cnf: Option<Confirmation>,
    }
    Claims {
        issued: Issued::of(issue),
        sub: granted.client_id,
        client_id: granted.client_id,
        jti: granted.jti,
        scope: granted.scopes.join(" "),
        cnf: Confirmation::of(granted),
    }
}

/// Whether a token that [`access_token`] made names a right that is none of these: it says what is so no longer.
#[must_use]
pub fn names_a_right_besides(claims: &serde_json::Map<String, serde_json::Value>, rights: &[String]) -> bool {
    let named = claims.get("rights").and_then(serde_json::Value::as_array).into_iter().flatten();
    named.into_iter().any(|right| rights.iter().all(|known| right != known))
}

/// The answer of the userinfo endpoint (OpenID Connect Core 1.0 section 5.3.2). The identity is the client's, so that
/// `sub` is that of the ID token.
#[must_use]
pub fn userinfo<'a>(identity: &'a Identity, form: TokenForm, scopes: &[String]) -> impl Serialize + use<'a> {
    #[derive(Serialize)]
    struct Claims<'a> {
        #[serde(flatten)]
        people: People<'a>,
        #[serde(flatten)]
        chosen: Option<Chosen<'a>>,
    }
    let share = Share::scopes(scopes);
    Claims { people: People::of(identity, form, share), chosen: Chosen::of(identity, share) }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{domain::identifier::Bsn, token::keys::tests::NOW};

    fn named(sub: &str, given: &str, family: &str) -> Named {
        Named {
            sub: sub.into(),
            given_name: given.into(),
            family_name: family.into(),
            language: None,
            email: None,
            registration: None,
            national_number: None,
        }
    }

    /// Els Peeters for Jan Claes, both with all that a register could know of them.
    pub fn els_for_jan() -> Identity {
        let number = |digits| Some(NationalNumber::Bsn(Bsn::parse(digits).expect("a BSN")));
        Identity {
            actor: Named {
                language: Some(Language::Nl),
                email: Some("els@example.org".into()),
                national_number: number("123456782"),
                ..named("pw-els", "Els", "Peeters")
            },
            represented: Some(Named {
                email: Some("jan@example.org".into()),
                registration: Some("12345678901".into()),
                national_number: number("111222333"),
                ..named("pw-jan", "Jan", "Claes")
            }),
            profile: "pf1".into(),
            capacity: Capacity::MandateHolder,
            profession: None,
            organization: None,
            mandate: Some(ActingUnder {
                id: "m1".into(),
                scope: "administrative".into(),
                until: Some("2027-06-30".parse().expect("a date")),
            }),
            rights: vec![],
            login: Login {
                assurance: Assurance::Substantial,
                amr: vec!["pwd", "otp"],
                at: NOW.minus(Duration::from_secs(5)),
            },
        }
    }

    pub fn els() -> Identity {
        Identity { represented: None, mandate: None, capacity: Capacity::Citizen, ..els_for_jan() }
    }

    fn tom_within_sint_anna() -> Identity {
        Identity {
            capacity: Capacity::OrganizationMember,
            organization: Some(ActingWithin {
                id: "o1".into(),
                name: "Sint-Anna".into(),
                number: Some("0123456749".into()),
            }),
            rights: vec!["reporting".into()],
            ..els()
        }
    }

    fn issue() -> Issue<'static> {
        Issue {
            issuer: "http://progezondheid.localhost:8080",
            audience: "https://dossier.riziv.example",
            now: NOW,
            expires: NOW.plus(Duration::from_secs(120)),
        }
    }

    fn to_json(claims: impl Serialize) -> Value {
        // Through text, as a token is read: a member given twice would be an error.
        let text = serde_json::to_string(&claims).expect("JSON");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value.as_object().expect("an object").len(), members(&text), "a member twice: {text}");
        value
    }

    /// The members of the outermost object, counted in the text.
    fn members(text: &str) -> usize {
        let (mut depth, mut quoted, mut count) = (0, false, 0);
        for c in text.chars() {
            match c {
                '"' => quoted = !quoted,
                '{' | '[' if !quoted => depth += 1,
                '}' | ']' if !quoted => depth -= 1,
                ':' if !quoted && depth == 1 => count += 1,
                _ => {}
            }
        }
        count
    }

    fn scopes(words: &str) -> Vec<String> {
        words.split_whitespace().map(Into::into).collect()
    }

    fn binding() -> Binding<'static> {
        Binding { nonce: Some("n1"), sid: "s1", access_token: None }
    }

    #[test]
    fn the_backends_token_in_the_form_of_nl_gov() {
        let now = NOW.seconds();
        let mandated = els_for_jan();
        assert_eq!(
            to_json(backend(&issue(), &mandated, TokenForm::NlGov, false)),
            json!({
                "iss": "http://progezondheid.localhost:8080", "aud": "https://dossier.riziv.example",
                "iat": now, "nbf": now - 5, "exp": now + 120,
                "sub": "pw-els", "name": "Els Peeters", "locale": "nl",
                "acr": "http://eidas.europa.eu/LoA/substantial", "amr": ["pwd", "otp"], "auth_time": now - 5,
                "profile": {"id": "pf1", "capacity": "mandate_holder", "profession": null},
                "represents": {"sub": "pw-jan", "name": "Jan Claes", "registration": "12345678901"},
                "mandate": {"id": "m1", "scope": "administrative", "until": "2027-06-30"},
            })
        );
        let tom = tom_within_sint_anna();
        let within = to_json(backend(&issue(), &tom, TokenForm::NlGov, false));
        assert_eq!(within["organization"], json!({"id": "o1", "name": "Sint-Anna", "number": "0123456749"}));
        assert_eq!(within["rights"], json!(["reporting"]));
        assert_eq!(within.get("represents"), None);
    }

    #[test]
    fn the_backends_token_in_the_form_of_rfc_8693() {
        let mandated = els_for_jan();
        let claims = to_json(backend(&issue(), &mandated, TokenForm::Rfc8693, false));
        assert_eq!(claims["sub"], "pw-jan");
        assert_eq!(claims["name"], "Jan Claes");
        assert_eq!(claims["registration"], "12345678901");
        assert_eq!(claims["act"], json!({"sub": "pw-els", "name": "Els Peeters", "locale": "nl"}));
        assert_eq!(claims.get("represents"), None);
    }

    #[test]
    fn without_a_represented_person_both_forms_are_the_same() {
        let els = els();
        let gov = to_json(backend(&issue(), &els, TokenForm::NlGov, false));
        assert_eq!(gov, to_json(backend(&issue(), &els, TokenForm::Rfc8693, false)));
        assert_eq!(gov["sub"], "pw-els");
        assert!(gov.get("act").is_none() && gov.get("represents").is_none() && gov.get("rights").is_none());
    }

    #[test]
    fn a_token_has_never_both_forms_and_always_one_when_somebody_is_represented() {
        let mandated = els_for_jan();
        for words in ["openid", "openid profile email poort offline_access", "other"] {
            let scopes = scopes(words);
            for (form, has, has_not) in
                [(TokenForm::NlGov, "represents", "act"), (TokenForm::Rfc8693, "act", "represents")]
            {
                let granted = Granted { client_id: "c", jti: "j", scopes: &scopes, bound: None };
                for claims in [
                    to_json(backend(&issue(), &mandated, form, true)),
                    to_json(id_token(&issue(), &binding(), &mandated, form, &scopes)),
                    to_json(access_token(&issue(), &granted, &mandated, form)),
                    to_json(userinfo(&mandated, form, &scopes)),
                ] {
                    assert!(claims.get(has).is_some_and(|person| person["sub"].is_string()), "{claims}");
                    assert!(claims.get(has_not).is_none(), "{claims}");
                }
            }
        }
    }

    #[test]
    fn a_national_number_is_only_that_of_whom_the_token_is_about_and_only_where_it_is_allowed() {
        let (mandated, alone) = (els_for_jan(), els());
        let gov = to_json(backend(&issue(), &mandated, TokenForm::NlGov, true));
        assert_eq!((gov.get("national_number"), &gov["represents"]["national_number"]), (None, &json!("111222333")));
        let act = to_json(backend(&issue(), &mandated, TokenForm::Rfc8693, true));
        assert_eq!((&act["national_number"], act["act"].get("national_number")), (&json!("111222333"), None));
        let own = to_json(backend(&issue(), &alone, TokenForm::NlGov, true));
        assert_eq!(own["national_number"], "123456782");
        let every = scopes("openid profile email poort national_number");
        for form in [TokenForm::NlGov, TokenForm::Rfc8693] {
            let granted = Granted { client_id: "c", jti: "j", scopes: &every, bound: None };
            for claims in [
                to_json(backend(&issue(), &mandated, form, false)),
                to_json(id_token(&issue(), &binding(), &mandated, form, &every)),
                to_json(access_token(&issue(), &granted, &mandated, form)),
                to_json(userinfo(&mandated, form, &every)),
            ] {
                let text = claims.to_string();
                assert!(!text.contains("111222333") && !text.contains("123456782"), "{text}");
            }
        }
    }

    #[test]
    fn scopes_decide_what_a_client_learns() {
        let mandated = els_for_jan();
        let asked = |words| to_json(userinfo(&mandated, TokenForm::NlGov, &scopes(words)));
        assert_eq!(asked("openid"), json!({"sub": "pw-els", "represents": {"sub": "pw-jan"}}));
        let names = asked("openid profile");
        assert_eq!(names["given_name"], "Els");
        assert_eq!(names["locale"], "nl");
        assert_eq!(
            names["represents"],
            json!({"sub": "pw-jan", "name": "Jan Claes", "given_name": "Jan", "family_name": "Claes"})
        );
        assert!(names.get("profile").is_none() && names.get("email").is_none());
        let email = asked("openid email");
        assert_eq!((&email["email"], &email["email_verified"]), (&json!("els@example.org"), &json!(true)));
        let acting = asked("openid poort");
        assert_eq!(acting["poort_profile"], json!({"id": "pf1", "capacity": "mandate_holder", "profession": null}));
        assert_eq!(acting["mandate"]["id"], "m1");
        assert_eq!(acting["represents"]["registration"], "12345678901");
        assert!(acting.get("name").is_none());
    }

    #[test]
    fn nobodys_address_is_read_as_anothers() {
        let claims = to_json(userinfo(&els_for_jan(), TokenForm::Rfc8693, &scopes("openid email")));
        assert_eq!((&claims["sub"], &claims["email"]), (&json!("pw-jan"), &json!("jan@example.org")));
        assert_eq!((&claims["act"]["sub"], &claims["act"]["email"]), (&json!("pw-els"), &json!("els@example.org")));
    }

    #[test]
    fn an_id_token_is_bound_to_its_request_and_session() {
        let els = els();
        // The access token and hash of OpenID Connect Core 1.0 appendix A.3.
        let bound = Binding { access_token: Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), ..binding() };
        let claims = to_json(id_token(&issue(), &bound, &els, TokenForm::NlGov, &scopes("openid")));
        let now = NOW.seconds();
        assert_eq!(
            claims,
            json!({
                "iss": issue().issuer, "aud": issue().audience, "iat": now, "exp": now + 120, "nonce": "n1", "sid": "s1",
                "at_hash": "77QmUPtjPfzWtF2AnpK9RQ", "sub": "pw-els",
                "acr": "http://eidas.europa.eu/LoA/substantial", "amr": ["pwd", "otp"], "auth_time": now - 5,
            })
        );
        let bare = Binding { nonce: None, ..binding() };
        let claims = to_json(id_token(&issue(), &bare, &els, TokenForm::NlGov, &scopes("openid")));
        assert!(claims.get("nonce").is_none() && claims.get("at_hash").is_none());
    }

    #[test]
    fn an_access_token_is_that_of_rfc_9068() {
        let tom = tom_within_sint_anna();
        let granted_scopes = scopes("openid profile email poort reports.read");
        let granted = Granted { client_id: "c1", jti: "j1", scopes: &granted_scopes, bound: None };
        let now = NOW.seconds();
        assert_eq!(
            to_json(access_token(&issue(), &granted, &tom, TokenForm::NlGov)),
            json!({
                "iss": issue().issuer, "aud": issue().audience, "iat": now, "exp": now + 120, "sub": "pw-els",
                "client_id": "c1", "jti": "j1", "scope": "openid profile email poort reports.read",
                "acr": "http://eidas.europa.eu/LoA/substantial", "amr": ["pwd", "otp"], "auth_time": now - 5,
                "poort_profile": {"id": "pf1", "capacity": "organization_member", "profession": null},
                "organization": {"id": "o1", "name": "Sint-Anna", "number": "0123456749"}, "rights": ["reporting"],
            })
        );
    }

    #[test]
    fn a_token_that_names_a_right_which_has_ended_says_too_much() {
        let said = |words: &str| {
            let tom = tom_within_sint_anna();
            let scopes = scopes(words);
            let claims = to_json(access_token(
                &issue(),
                &Granted { client_id: "c1", jti: "j1", scopes: &scopes, bound: None },
                &tom,
                TokenForm::NlGov,
            ));
            let claims = claims.as_object().expect("an object").clone();
            move |rights: &[&str]| {
                names_a_right_besides(&claims, &rights.iter().map(|right| (*right).to_owned()).collect::<Vec<_>>())
            }
        };
        let acting = said("openid poort");
        assert!(!acting(&["reporting"]) && !acting(&["invoicing", "reporting"]));
        assert!(acting(&[]) && acting(&["invoicing"]));
        assert!(!said("openid")(&[]), "it names none");
    }

    #[test]
    fn a_logout_token_names_a_session_and_has_no_nonce() {
        let now = NOW.seconds();
        let ended = Ended { jti: "j1", sid: "s1", sub: Some("pw-els") };
        let events = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
        assert_eq!(
            to_json(logout_token(&issue(), &ended)),
            json!({
                "iss": issue().issuer, "aud": issue().audience, "iat": now, "exp": now + 120, "jti": "j1", "sid": "s1",
                "sub": "pw-els", "events": events,
            })
        );
        assert_eq!(to_json(logout_token(&issue(), &Ended { sub: None, ..ended })).get("sub"), None);
    }

    #[test]
    fn a_machines_access_token_is_about_the_machine_and_nobody_else() {
        let granted_scopes = scopes("facts:read facts:write");
        let granted = Granted { client_id: "feed", jti: "j1", scopes: &granted_scopes, bound: None };
        let now = NOW.seconds();
        assert_eq!(
            to_json(machine(&issue(), &granted)),
            json!({
                "iss": issue().issuer, "aud": issue().audience, "iat": now, "exp": now + 120, "sub": "feed",
                "client_id": "feed", "jti": "j1", "scope": "facts:read facts:write",
            })
        );
    }

    #[test]
    fn each_authentication_method_is_named_once() {
        let mut identity = els();
        identity.login.amr = vec!["pwd", "otp", "otp"];
        let claims = to_json(backend(&issue(), &identity, TokenForm::NlGov, false));
        assert_eq!(claims["amr"], json!(["pwd", "otp"]));
    }
}
