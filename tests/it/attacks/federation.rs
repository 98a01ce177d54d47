//! Sections 4.3 and 4.4 of the advisories, where Poort is the client: what another provider answers, or somebody in its name. Every
//! case differs in one thing from a login that succeeds, and that login is tried between them.

use std::{collections::BTreeSet, sync::Arc};

use http::{Method, StatusCode};
use poort::{
    domain::{
        tenant::Factor,
        upstream::{ContentEncryption, KeyManagement},
    },
    http::cookies,
    storage::seal::Kind,
};
use serde_json::{Value, json};

use crate::harness::{
    browser::{Browser, Page},
    demo::{JAN, MARIE},
    gateway::{Gateway, PRO},
    provider::{ADVANCED, Answers, By, CLIENT, Left, NUMBER, Provider, Sealed, Shape, number_of},
};

/// What differs from a login that succeeds, with its name.
type Case = (&'static str, fn(&mut Answers));
/// What comes back in the address, from what went away and the issuer.
type Back = (&'static str, fn(&Left, &str) -> Vec<(&'static str, String)>);
/// What a discovery document says otherwise.
type Said = (&'static str, fn(Value) -> Value);

const REFERENCE: &str = "poort-reference__number";

async fn rig() -> (Gateway, Arc<Provider>) {
    rig_as(Shape::Itsme).await
}

async fn rig_as(shape: Shape) -> (Gateway, Arc<Provider>) {
    let provider = Provider::start_as(shape).await;
    let gateway = provider.gateway().await;
    provider.as_person(&number_of(JAN));
    (gateway, provider)
}

fn is_in(browser: &Browser<'_>) -> bool {
    browser.cookie(cookies::SESSION).is_some()
}

/// Jan's login, with one change to what the provider answers.
async fn with(gateway: &Gateway, provider: &Provider, change: fn(&mut Answers)) -> (bool, Page) {
    let (jan, shape) = (number_of(JAN), provider.shape);
    provider.answers(move |answers| {
        shape.put_number(answers, &jan);
        change(answers);
    });
    let mut browser = gateway.browser();
    let page = browser.through(gateway, provider).await;
    (is_in(&browser), page)
}

/// Tries each case, and the login without a change after every fifth: it must go on working. Says how many were tried.
async fn none_passes(cases: &[Case]) -> usize {
    none_passes_at(Shape::Itsme, cases).await
}

async fn none_passes_at(shape: Shape, cases: &[Case]) -> usize {
    let (gateway, provider) = rig_as(shape).await;
    let names: BTreeSet<&str> = cases.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), cases.len(), "each case once");
    let before = gateway.lines_of("login.failed").await.len();
    for (place, (name, change)) in cases.iter().enumerate() {
        let (signed_in, page) = with(&gateway, &provider, *change).await;
        assert!(!signed_in, "{name}: {} {}", page.url, page.status);
        assert!([403, 502, 503].contains(&page.status.as_u16()), "{name}: {} {}\n{}", page.url, page.status, page.text);
        assert!(page.text.contains(REFERENCE), "{name}");
        if place % 4 == 0 {
            let (signed_in, page) = with(&gateway, &provider, |_| {}).await;
            assert!(signed_in, "the valid twin after {name}: {} {}\n{}", page.url, page.status, page.text);
        }
    }
    assert_eq!(gateway.lines_of("login.failed").await.len() - before, cases.len(), "each has a line in the audit log");
    cases.len()
}

fn header(answers: &mut Answers, member: &str, value: Value) {
    answers.id_token.header[member] = value;
}

fn claim(answers: &mut Answers, member: &str, value: Value) {
    answers.id_token.claims[member] = value;
}

fn without(value: &mut Value, member: &str) {
    value.as_object_mut().expect("an object").remove(member);
}

#[tokio::test]
async fn cve_2026_11800_s7_a_signature_that_is_not_the_providers() {
    let cases: &[Case] = &[
        ("alg none, no signature", |a| {
            header(a, "alg", json!("none"));
            a.id_token.by = By::Nobody;
        }),
        ("alg None", |a| {
            header(a, "alg", json!("None"));
            a.id_token.by = By::Nobody;
        }),
        ("alg nOnE, well signed", |a| header(a, "alg", json!("nOnE"))),
        ("no alg", |a| without(&mut a.id_token.header, "alg")),
        ("alg null", |a| header(a, "alg", Value::Null)),
        ("alg in a list", |a| header(a, "alg", json!(["RS256"]))),
        ("HS256 with the modulus", |a| {
            header(a, "alg", json!("HS256"));
            a.id_token.by = By::Modulus;
        }),
        ("HS256 with the JWK", |a| {
            header(a, "alg", json!("HS256"));
            a.id_token.by = By::Jwk;
        }),
        ("HS256 with the client's name", |a| {
            header(a, "alg", json!("HS256"));
            a.id_token.by = By::ClientId;
        }),
        ("RS256 with an HMAC", |a| a.id_token.by = By::Modulus),
        ("HS512", |a| header(a, "alg", json!("HS512"))),
        ("RS384", |a| header(a, "alg", json!("RS384"))),
        ("RS512", |a| header(a, "alg", json!("RS512"))),
        ("PS256", |a| header(a, "alg", json!("PS256"))),
        ("ES256", |a| header(a, "alg", json!("ES256"))),
        ("EdDSA", |a| header(a, "alg", json!("EdDSA"))),
        ("rs256", |a| header(a, "alg", json!("rs256"))),
        ("no signature", |a| a.id_token.by = By::Nobody),
        ("the signature cut off with its dot", |a| {
            a.id_token.after = |token| token.rsplit_once('.').expect("a dot").0.to_owned();
        }),
        ("a shorter signature", |a| a.id_token.after = |token| token[..token.len() - 8].to_owned()),
        ("a changed signature", |a| {
            a.id_token.after = |token| {
                let (message, signature) = token.rsplit_once('.').expect("a dot");
                let first = if signature.starts_with('A') { "B" } else { "A" };
                format!("{message}.{first}{}", &signature[1..])
            };
        }),
        ("changed claims", |a| {
            a.id_token.after = |token| {
                let parts: Vec<&str> = token.split('.').collect();
                format!("{}.{}.{}", parts[0], parts[0], parts[2])
            };
        }),
        ("a fourth part", |a| a.id_token.after = |token| format!("{token}.AAAA")),
        ("padding", |a| a.id_token.after = |token| token.replacen('.', "=.", 1)),
        ("another's key under its name", |a| a.id_token.by = By::Stranger),
        ("another's key under another name", |a| {
            header(a, "kid", json!("other"));
            a.id_token.by = By::Stranger;
        }),
        ("kid as a path", |a| header(a, "kid", json!("../../../dev/null"))),
        ("kid as SQL", |a| header(a, "kid", json!("x' UNION SELECT 'k"))),
        ("kid as an address", |a| header(a, "kid", json!("https://attacker.example/k"))),
        ("kid empty", |a| header(a, "kid", json!(""))),
        ("kid a number", |a| header(a, "kid", json!(1))),
        ("jku", |a| header(a, "jku", json!("https://attacker.example/jwks"))),
        ("jwk", |a| header(a, "jwk", json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}))),
        ("x5u", |a| header(a, "x5u", json!("https://attacker.example/cert"))),
        ("x5c", |a| header(a, "x5c", json!(["MIIB"]))),
        ("crit", |a| header(a, "crit", json!(["exp"]))),
        ("b64", |a| header(a, "b64", json!(false))),
        ("zip within", |a| header(a, "zip", json!("DEF"))),
        ("enc within", |a| header(a, "enc", json!("A128GCM"))),
        ("cty within", |a| header(a, "cty", json!("JWT"))),
        ("an access token", |a| header(a, "typ", json!("at+jwt"))),
        ("a logout token", |a| header(a, "typ", json!("logout+jwt"))),
    ];
    assert!(none_passes(cases).await >= 40);
    // As at a provider that signs and does not encrypt.
    assert!(none_passes_at(Shape::Fas, cases).await >= 40);
}

/// FAS: who somebody is stands in a userinfo answer that is signed.
#[tokio::test]
async fn s7_a_provider_that_signs_alone_is_believed_for_what_it_signed_alone() {
    let cases: &[Case] = &[
        ("an ID token that is encrypted", |a| a.id_token.sealed = Sealed::Well),
        ("userinfo that is encrypted", |a| a.user_info.sealed = Sealed::Well),
        ("userinfo as JSON", |a| a.user_info.sealed = Sealed::Bare),
        ("userinfo of another", |a| a.user_info.claims["sub"] = json!("sub-2")),
        ("userinfo of another issuer", |a| a.user_info.claims["iss"] = json!("https://attacker.example")),
        ("userinfo for another client", |a| a.user_info.claims["aud"] = json!("other-client")),
        ("userinfo by another", |a| a.user_info.by = By::Stranger),
        ("userinfo unsigned", |a| {
            a.user_info.header["alg"] = json!("none");
            a.user_info.by = By::Nobody;
        }),
        ("userinfo by HMAC", |a| {
            a.user_info.header["alg"] = json!("HS256");
            a.user_info.by = By::Modulus;
        }),
        ("userinfo with a key of its own", |a| a.user_info.header["jwk"] = json!({"kty": "RSA"})),
        ("the ID token as userinfo", |a| a.user_info.claims = a.id_token.claims.clone()),
        ("no number", |a| without(&mut a.user_info.claims, "egovNRN")),
        ("a number with wrong check digits", |a| a.user_info.claims["egovNRN"] = json!("85073003329")),
        ("another number in the ID token", |a| a.id_token.claims["egovNRN"] = json!("85073003328")),
        ("itsme's name for the number", |a| {
            a.user_info.claims[NUMBER] = a.user_info.claims["egovNRN"].clone();
            without(&mut a.user_info.claims, "egovNRN");
        }),
        ("a level that nobody named", |a| claim(a, "acr", json!("urn:be:fedict:iam:fas:Level450x"))),
        ("a level of enterprises", |a| claim(a, "acr", json!("urn:be:fedict:iam:fas:enterprise:Level300"))),
        ("two levels", |a| claim(a, "acr", json!("urn:be:fedict:iam:fas:Level400 urn:be:fedict:iam:fas:Level500"))),
        ("another nonce", |a| claim(a, "nonce", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))),
        ("another audience", |a| claim(a, "aud", json!("other-client"))),
    ];
    assert_eq!(none_passes_at(Shape::Fas, cases).await, 20);
}

#[tokio::test]
async fn s7_what_is_not_encrypted_as_agreed() {
    let cases: &[Case] = &[
        ("not encrypted", |a| a.id_token.sealed = Sealed::Not),
        ("for another", |a| a.id_token.sealed = Sealed::ForAnother),
        ("twice", |a| a.id_token.sealed = Sealed::Twice),
        ("RSA-OAEP", |a| {
            a.id_token.sealed = Sealed::By(KeyManagement::RsaOaep, ContentEncryption::A128CbcHs256);
        }),
        ("A256GCM", |a| a.id_token.sealed = Sealed::By(KeyManagement::RsaOaep256, ContentEncryption::A256Gcm)),
        ("as text", |a| a.id_token.sealed = Sealed::As("text/plain")),
        ("claims alone", |a| a.id_token.after = |_| "{\"sub\":\"x\"}".to_owned()),
        ("nothing", |a| a.id_token.after = |_| String::new()),
        ("userinfo not encrypted", |a| a.user_info.sealed = Sealed::Not),
        ("userinfo for another", |a| a.user_info.sealed = Sealed::ForAnother),
        ("userinfo as claims alone", |a| a.user_info.after = |_| "{\"sub\":\"sub-1\"}".to_owned()),
    ];
    assert_eq!(none_passes(cases).await, 11);
}

#[tokio::test]
async fn cve_2026_55669_ghsa_wxg7_w2v3_w38g_s7_each_claim_is_checked() {
    let cases: &[Case] = &[
        ("no iss", |a| without(&mut a.id_token.claims, "iss")),
        ("another iss", |a| claim(a, "iss", json!("https://attacker.example"))),
        ("iss with a slash", |a| {
            let iss = format!("{}/", a.id_token.claims["iss"].as_str().expect("iss"));
            claim(a, "iss", json!(iss));
        }),
        ("iss in a list", |a| {
            let iss = a.id_token.claims["iss"].clone();
            claim(a, "iss", json!([iss]));
        }),
        ("no aud", |a| without(&mut a.id_token.claims, "aud")),
        ("another aud", |a| claim(a, "aud", json!("other-client"))),
        ("aud empty", |a| claim(a, "aud", json!(""))),
        ("aud an empty list", |a| claim(a, "aud", json!([]))),
        ("aud with another", |a| claim(a, "aud", json!([CLIENT, "other-client"]))),
        ("aud with another, and azp", |a| {
            claim(a, "aud", json!([CLIENT, "other-client"]));
            claim(a, "azp", json!(CLIENT));
        }),
        ("aud a number", |a| claim(a, "aud", json!(1))),
        ("another azp", |a| claim(a, "azp", json!("other-client"))),
        ("no nonce", |a| without(&mut a.id_token.claims, "nonce")),
        ("another nonce", |a| claim(a, "nonce", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))),
        ("nonce empty", |a| claim(a, "nonce", json!(""))),
        ("nonce in a list", |a| {
            let nonce = a.id_token.claims["nonce"].clone();
            claim(a, "nonce", json!([nonce]));
        }),
        ("no exp", |a| without(&mut a.id_token.claims, "exp")),
        ("exp past", |a| claim(a, "exp", json!(a.id_token.claims["iat"].as_i64().expect("iat") - 1))),
        ("exp now", |a| claim(a, "exp", a.id_token.claims["iat"].clone())),
        ("exp a text", |a| claim(a, "exp", json!("later"))),
        ("exp negative", |a| claim(a, "exp", json!(-1))),
        ("no iat", |a| without(&mut a.id_token.claims, "iat")),
        ("iat ahead", |a| claim(a, "iat", json!(a.id_token.claims["iat"].as_i64().expect("iat") + 60))),
        ("iat long ago", |a| claim(a, "iat", json!(a.id_token.claims["iat"].as_i64().expect("iat") - 3600))),
        ("iat a text", |a| claim(a, "iat", json!("now"))),
        ("no sub", |a| without(&mut a.id_token.claims, "sub")),
        ("sub a number", |a| claim(a, "sub", json!(1))),
        ("another sub than userinfo's", |a| claim(a, "sub", json!("sub-2"))),
        ("at_hash of another token", |a| claim(a, "at_hash", json!(crate::harness::provider::half_hash("other")))),
        ("at_hash empty", |a| claim(a, "at_hash", json!(""))),
        ("c_hash of another code", |a| claim(a, "c_hash", json!(crate::harness::provider::half_hash("other")))),
        ("no acr", |a| without(&mut a.id_token.claims, "acr")),
        ("an acr that nobody named", |a| claim(a, "acr", json!("http://itsme.services/v2/claim/acr_none"))),
        ("acr of eIDAS", |a| claim(a, "acr", json!("http://eidas.europa.eu/LoA/high"))),
        ("acr in a list", |a| claim(a, "acr", json!([ADVANCED]))),
        ("auth_time ahead", |a| claim(a, "auth_time", json!(a.id_token.claims["iat"].as_i64().expect("iat") + 60))),
        ("auth_time a text", |a| claim(a, "auth_time", json!("now"))),
        ("no number", |a| without(&mut a.id_token.claims, NUMBER)),
        ("a number with wrong check digits", |a| claim(a, NUMBER, json!("85073003329"))),
        ("a number as a number", |a| {
            let number: u64 = a.id_token.claims[NUMBER].as_str().expect("a number").parse().expect("digits");
            claim(a, NUMBER, json!(number));
        }),
        ("a number in a list", |a| {
            let number = a.id_token.claims[NUMBER].clone();
            claim(a, NUMBER, json!([number]));
        }),
        ("a number under a claim's name in capitals", |a| {
            let number = a.id_token.claims[NUMBER].clone();
            without(&mut a.id_token.claims, NUMBER);
            claim(a, &NUMBER.to_uppercase(), number);
        }),
        ("another number in userinfo", |a| a.user_info.claims[NUMBER] = json!("85073003328")),
        ("no claims but a list", |a| a.id_token.claims = json!([1, 2])),
    ];
    assert!(none_passes(cases).await >= 40);
}

#[tokio::test]
async fn s7_what_userinfo_and_the_token_endpoint_say() {
    let cases: &[Case] = &[
        ("userinfo of another", |a| a.user_info.claims["sub"] = json!("sub-2")),
        ("userinfo of nobody", |a| without(&mut a.user_info.claims, "sub")),
        ("userinfo of another issuer", |a| a.user_info.claims["iss"] = json!("https://attacker.example")),
        ("userinfo without issuer", |a| without(&mut a.user_info.claims, "iss")),
        ("userinfo for another client", |a| a.user_info.claims["aud"] = json!("other-client")),
        ("userinfo without audience", |a| without(&mut a.user_info.claims, "aud")),
        ("userinfo by another", |a| a.user_info.by = By::Stranger),
        ("userinfo unsigned", |a| {
            a.user_info.header["alg"] = json!("none");
            a.user_info.by = By::Nobody;
        }),
        ("userinfo by HMAC", |a| {
            a.user_info.header["alg"] = json!("HS256");
            a.user_info.by = By::Modulus;
        }),
        ("userinfo with a key of its own", |a| a.user_info.header["jwk"] = json!({"kty": "RSA"})),
        ("no ID token", |a| {
            a.token = |mut answer| {
                without(&mut answer, "id_token");
                answer
            }
        }),
        ("no access token", |a| {
            a.token = |mut answer| {
                without(&mut answer, "access_token");
                answer
            }
        }),
        ("no type of token", |a| {
            a.token = |mut answer| {
                without(&mut answer, "token_type");
                answer
            }
        }),
        ("an error as an answer", |a| a.token = |_| json!({"error": "invalid_grant"})),
        ("a list", |a| a.token = |_| json!([])),
        ("the ID token in a list", |a| {
            a.token = |mut answer| {
                answer["id_token"] = json!([answer["id_token"].clone()]);
                answer
            }
        }),
        ("the access token in the ID token's place", |a| {
            a.token = |mut answer| {
                answer["id_token"] = json!("access");
                answer
            }
        }),
    ];
    assert_eq!(none_passes(cases).await, 17);
}

/// What comes back in the address: the valid twin is the last.
#[tokio::test]
async fn xc49_mgwh_9pjv_s7_an_answer_counts_in_its_browser_at_its_provider_once() {
    let (gateway, provider) = rig().await;
    let other_issuer = "https://other.example";
    let cases: &[Back] = &[
        ("another issuer", |left, _| {
            vec![("code", "c".into()), ("state", left.state.clone()), ("iss", "https://other.example".into())]
        }),
        ("no issuer, where there must be one", |left, _| vec![("code", "c".into()), ("state", left.state.clone())]),
        ("issuer empty", |left, _| vec![("code", "c".into()), ("state", left.state.clone()), ("iss", String::new())]),
        ("no code", |left, iss| vec![("state", left.state.clone()), ("iss", iss.into())]),
        ("code empty", |left, iss| vec![("code", String::new()), ("state", left.state.clone()), ("iss", iss.into())]),
        ("a code and an error", |left, iss| {
            vec![
                ("code", "c".into()),
                ("error", "access_denied".into()),
                ("state", left.state.clone()),
                ("iss", iss.into()),
            ]
        }),
        ("an error", |left, iss| {
            vec![("error", "server_error".into()), ("state", left.state.clone()), ("iss", iss.into())]
        }),
        ("an error with a script", |left, iss| {
            vec![("error", "<script>alert(1)</script>".into()), ("state", left.state.clone()), ("iss", iss.into())]
        }),
        ("no state", |_, iss| vec![("code", "c".into()), ("iss", iss.into())]),
        ("state empty", |_, iss| vec![("code", "c".into()), ("state", String::new()), ("iss", iss.into())]),
        ("state cut", |left, iss| vec![("code", "c".into()), ("state", left.state[..42].into()), ("iss", iss.into())]),
        ("state padded", |left, iss| {
            vec![("code", "c".into()), ("state", format!("{}=", left.state)), ("iss", iss.into())]
        }),
        ("state made up", |_, iss| vec![("code", "c".into()), ("state", "A".repeat(43)), ("iss", iss.into())]),
        ("the nonce as state", |left, iss| {
            vec![("code", "c".into()), ("state", left.nonce.clone()), ("iss", iss.into())]
        }),
        ("state twice", |left, iss| {
            vec![
                ("code", "c".into()),
                ("state", left.state.clone()),
                ("state", left.state.clone()),
                ("iss", iss.into()),
            ]
        }),
        ("code twice", |left, iss| {
            vec![("code", "c".into()), ("code", "d".into()), ("state", left.state.clone()), ("iss", iss.into())]
        }),
        ("issuer twice", |left, iss| {
            vec![
                ("code", "c".into()),
                ("state", left.state.clone()),
                ("iss", iss.into()),
                ("iss", "https://other.example".into()),
            ]
        }),
    ];
    assert_ne!(provider.issuer, other_issuer);
    for (name, query) in cases {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let left = browser.leave(&page, &gateway, &provider).await;
        let query = query(&left, &provider.issuer);
        let query: Vec<(&str, &str)> = query.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let page = browser.come_back(&query).await;
        assert!(!is_in(&browser), "{name}: {} {}", page.url, page.status);
        assert!(page.text.contains(REFERENCE) && !page.text.contains("<script>alert"), "{name}\n{}", page.text);
    }
    assert!(cases.len() >= 17);
    assert_eq!(provider.asked("/token"), 0, "none of them was worth asking");
    // What went to one provider comes back from another (mix-up, RFC 9700 section 4.4).
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let left = browser.leave(&page, &gateway, &provider).await;
    let answer = [("code", "c"), ("state", left.state.as_str()), ("iss", provider.issuer.as_str())];
    let page = browser.come_back_by(Factor::Fas, &answer).await;
    assert!(!is_in(&browser) && page.text.contains(REFERENCE));
    assert_eq!(provider.asked("/token"), 0);

    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let left = browser.leave(&page, &gateway, &provider).await;
    let answer = [("code", "c"), ("state", left.state.as_str()), ("iss", provider.issuer.as_str())];
    // Another browser, one that never was here, and the other path of a callback.
    let (mut another, mut fresh) = (gateway.browser(), gateway.browser());
    another.get("/").await;
    for stranger in [&mut another, &mut fresh] {
        let page = stranger.come_back(&answer).await;
        assert!(page.status == StatusCode::OK && !is_in(stranger) && page.text.contains(REFERENCE));
    }
    assert_eq!(browser.get(&format!("/federated/password/callback?state={}", left.state)).await.status, 404);
    assert_eq!(browser.get(&format!("/federated/openid/callback?state={}", left.state)).await.status, 404);
    // The valid twin: strangers spent nothing. And then it is spent.
    browser.come_back(&answer).await;
    assert!(is_in(&browser));
    let session = browser.cookie(cookies::SESSION).map(str::to_owned);
    let page = browser.come_back(&answer).await;
    assert!(page.status == StatusCode::OK && page.text.contains(REFERENCE));
    assert_eq!(browser.cookie(cookies::SESSION).map(str::to_owned), session);
    assert_eq!(provider.asked("/token"), 1);
}

#[tokio::test]
async fn cve_2025_46815_of_fifty_answers_at_once_one_logs_in_also_on_another_replica() {
    let provider = Provider::start().await;
    provider.as_person(&number_of(JAN));
    for (before, gateway) in Gateway::demos_with(|tenant| provider.adopt(tenant)).await.into_iter().enumerate() {
        let replica = gateway.again().await;
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let left = browser.leave(&page, &gateway, &provider).await;
        let query = format!("code=c&state={}&iss={}", left.state, provider.issuer);
        let url = format!("{}/federated/itsme/callback?{query}", gateway.tenant().origin);
        let there = browser.at(&replica);
        let replies = futures_util::future::join_all((0..50).map(|number| {
            let browser = if number % 2 == 0 { &browser } else { &there };
            browser.once(Method::GET, &url, &[], None)
        }))
        .await;
        let sessions = replies.iter().flat_map(|reply| reply.headers.get_all("set-cookie"));
        let sessions = sessions.filter(|cookie| cookie.to_str().is_ok_and(|text| text.starts_with(cookies::SESSION)));
        assert_eq!(sessions.count(), 1, "{}", gateway.name());
        assert_eq!(provider.asked("/token"), before + 1, "{}", gateway.name());
    }
}

#[tokio::test]
async fn cve_2025_7365_cve_2026_9087_cve_2026_15611_cve_2026_110864_cve_2026_40574_no_address_links_an_account() {
    let cases: &[Case] = &[
        ("verified", |a| {
            for claims in [&mut a.id_token.claims, &mut a.user_info.claims] {
                (claims["email"], claims["email_verified"]) = (json!(JAN), json!(true));
            }
        }),
        ("not verified", |a| {
            (a.user_info.claims["email"], a.user_info.claims["email_verified"]) = (json!(JAN), json!(false));
        }),
        ("nobody says whether", |a| a.user_info.claims["email"] = json!(JAN)),
        ("in capitals", |a| a.user_info.claims["email"] = json!(JAN.to_uppercase())),
        ("with two @", |a| a.user_info.claims["email"] = json!(format!("{JAN}@attacker.example"))),
        ("as the sub", |a| {
            a.id_token.claims["sub"] = json!(JAN);
            a.user_info.claims["sub"] = json!(JAN);
        }),
        ("as the user name", |a| a.user_info.claims["preferred_username"] = json!(JAN)),
    ];
    let (gateway, provider) = rig().await;
    for (name, change) in cases {
        let change = *change;
        // Somebody whom nobody here knows.
        provider.answers(move |answers| {
            answers.id_token.claims[NUMBER] = json!("85073003328");
            change(answers);
        });
        let mut browser = gateway.browser();
        let page = browser.through(&gateway, &provider).await;
        assert!(!is_in(&browser) && page.status == StatusCode::FORBIDDEN, "{name}: {}", page.status);
        // The valid twin: Marie's number makes it Marie's account, whatever address stands beside it.
        provider.answers(move |answers| {
            answers.id_token.claims[NUMBER] = json!(number_of(MARIE));
            change(answers);
        });
        let mut browser = gateway.browser();
        browser.through(&gateway, &provider).await;
        assert!(is_in(&browser), "{name}");
        let line = gateway.lines_of("login.succeeded").await.remove(0);
        assert_eq!(line["actor"], gateway.id(MARIE).await.to_string(), "{name}");
    }
}

#[tokio::test]
async fn cve_2026_1486_cve_2026_3009_cve_2026_2603_cve_2026_3047_cve_2026_16442_a_provider_that_is_not_offered() {
    let provider = Provider::start().await;
    let gateway = Gateway::demo_with(|tenant| {
        provider.adopt(tenant);
        // The section stays; the register and the client no longer take it.
        tenant.registers.iter_mut().for_each(|register| register.means.retain(|means| means != "itsme"));
    })
    .await;
    provider.as_person(&number_of(JAN));
    let register = gateway.tenant().registers[0].origin.clone();
    let mut browser = gateway.browser();
    let page = browser.get(&format!("{register}/")).await;
    assert!(!page.text.contains("/with/itsme"), "it is not offered for this register");
    let attempt = page.url.path().split('/').nth(2).expect("an attempt").to_owned();
    let page = browser.get(&format!("/login/{attempt}/with/itsme")).await;
    assert!(page.text.contains(REFERENCE) && page.url.host_str() != Some("127.0.0.1"), "{}", page.url);
    // The other tenant has no such provider, no keys for one, and no callback.
    let other = gateway.tenant_of("mijnrgs").origin.clone();
    for path in ["/federated/jwks", "/federated/itsme/callback?state=x&code=y"] {
        assert_eq!(browser.get(&format!("{other}{path}")).await.status, 404, "{path}");
    }
    // What was begun there is nothing at another tenant.
    let page = browser.get("/").await;
    let left = browser.leave(&page, &gateway, &provider).await;
    let page = browser.get(&format!("{other}/federated/itsme/callback?state={}&code=c", left.state)).await;
    assert_eq!(page.status, 404);
    // The valid twin: for the account page it is offered.
    browser.come_back(&[("code", "c"), ("state", &left.state), ("iss", &provider.issuer)]).await;
    assert!(is_in(&browser));
}

#[tokio::test]
async fn cve_2026_27945_nothing_is_fetched_but_what_is_configured() {
    let elsewhere: &[Said] = &[
        ("keys elsewhere", |mut document| {
            document["jwks_uri"] = json!("http://169.254.169.254/latest");
            document
        }),
        ("tokens elsewhere", |mut document| {
            document["token_endpoint"] = json!("http://127.0.0.1:1/token");
            document
        }),
        ("userinfo elsewhere", |mut document| {
            document["userinfo_endpoint"] = json!("https://attacker.example/userinfo");
            document
        }),
        ("people sent elsewhere", |mut document| {
            document["authorization_endpoint"] = json!("https://attacker.example/authorize");
            document
        }),
        ("by another scheme", |mut document| {
            document["jwks_uri"] = json!("file:///etc/passwd");
            document
        }),
        ("a user in the address", |mut document| {
            let plain = document["token_endpoint"].as_str().expect("a URL").replace("http://", "http://user:word@");
            document["token_endpoint"] = json!(plain);
            document
        }),
        ("another issuer", |mut document| {
            document["issuer"] = json!("https://attacker.example");
            document
        }),
        ("no token endpoint", |mut document| {
            without(&mut document, "token_endpoint");
            document
        }),
    ];
    for (name, change) in elsewhere {
        let (gateway, provider) = rig().await;
        provider.publishes(*change);
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "/with/itsme").await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{name}: {}", page.url);
        assert!(page.text.contains(REFERENCE), "{name}");
        provider.publishes(|document| document);
        browser.through(&gateway, &provider).await;
        assert!(is_in(&browser), "the valid twin of {name}");
    }
}

#[tokio::test]
async fn a_closed_account_hears_so_and_nobody_else_does() {
    let (gateway, provider) = rig().await;
    let mut transaction = gateway.begin_in(PRO).await;
    transaction.close_person(gateway.id(JAN).await, gateway.core().now()).await.expect("writes");
    transaction.commit().await.expect("commits");
    let (signed_in, page) = with(&gateway, &provider, |_| {}).await;
    assert!(!signed_in && page.status == StatusCode::FORBIDDEN && page.text.contains("gesloten"), "{}", page.text);
    let line = gateway.lines_of("login.failed").await.remove(0);
    assert_eq!(line["details"]["reason"], "closed");
    let (_, page) = with(&gateway, &provider, |a| claim(a, NUMBER, json!("85073003328"))).await;
    assert!(!page.text.contains("gesloten"));
}

#[tokio::test]
async fn what_is_kept_of_a_login_elsewhere_is_sealed_and_no_number_stands_in_the_log() {
    let (gateway, provider) = rig().await;
    let (signed_in, _) = with(&gateway, &provider, |_| {}).await;
    assert!(signed_in);
    let log: String = gateway.lines(PRO).await.iter().map(Value::to_string).collect();
    assert!(!log.contains(&number_of(JAN)));
    // A seal of another kind does not open what was kept.
    let sealer = &gateway.core().keys_of(gateway.tenant()).expect("keys").sealer;
    let sealed = sealer.seal(Kind::FederatedLogin, &"state", b"nonce").expect("sealed");
    assert!(sealer.open(Kind::Mail, &"state", &sealed).is_err());
    assert!(sealer.open(Kind::FederatedLogin, &"other", &sealed).is_err());
    assert_eq!(sealer.open(Kind::FederatedLogin, &"state", &sealed).expect("opens").as_slice(), b"nonce");
}
