//! Logging in at FAS, and at any other OpenID provider that a tenant's file names (LOGIN-1, LOGIN-14). The provider is the tests' own;
//! `tests/peers` does the same with npm `oidc-provider`.

use std::{fs, sync::Arc};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::{Method, StatusCode};
use poort::{
    domain::{
        assurance::Assurance,
        tenant::{Factor, Means, Tenant},
        upstream::{ClaimNames, ClientAuthentication, Level, OpenIdProvider, SignedBy, UnknownPeople, UserInfo},
    },
    http::cookies,
};
use serde_json::{Value, json};

use crate::harness::{
    browser::Browser,
    demo::JAN,
    gateway::{Gateway, PRO},
    provider::{LEVEL_400, Provider, Shape, number_of},
};

async fn fas() -> (Gateway, Arc<Provider>) {
    let provider = Provider::start_as(Shape::Fas).await;
    let gateway = provider.gateway().await;
    provider.as_person(&number_of(JAN));
    (gateway, provider)
}

fn is_in(browser: &Browser<'_>) -> bool {
    browser.cookie(cookies::SESSION).is_some()
}

#[tokio::test]
async fn login_1_with_fas_one_is_the_same_person_as_with_a_password() {
    let (gateway, provider) = fas().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    assert!(page.text.contains("CSAM"));
    let left = browser.leave(&page, &gateway, &provider).await;
    let asked = |name: &str| left.to.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(asked("scope").as_deref(), Some("openid profile egovnrn"));
    assert_eq!(asked("claims"), None, "FAS is not asked by name");
    browser.come_back_by(Factor::Fas, &[("code", "c"), ("state", &left.state), ("iss", &provider.issuer)]).await;
    assert!(is_in(&browser));
    let line = gateway.lines_of("login.succeeded").await.remove(0);
    assert_eq!(line["actor"], gateway.id(JAN).await.to_string());
    assert_eq!((&line["details"]["means"], &line["details"]["assurance"]), (&json!("fas"), &json!("substantial")));
}

#[tokio::test]
async fn login_1_fas_knows_the_gateway_by_its_secret_and_a_new_one_counts_at_once() {
    let (gateway, provider) = fas().await;
    let known = gateway.tenant().provider(Factor::Fas).expect("FAS");
    let ClientAuthentication::Secret(file) = known.authentication.clone() else { panic!("a secret") };
    for secret in ["first", "a:b c/ü"] {
        fs::write(&file, format!("{secret}\n")).expect("written");
        gateway.browser().through(&gateway, &provider).await;
        let proof = provider.proofs().pop().expect("asked");
        let escaped: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let basic = STANDARD.encode(format!("progezondheid:{escaped}"));
        assert!(proof.starts_with(&format!("Basic {basic} ")), "{proof}");
        assert!(!proof.contains("client_assertion"));
    }
    // Without its file nobody is sent away half: a page says that it does not work, and why stands in the log alone.
    fs::remove_file(&file).expect("removed");
    let page = gateway.browser().through(&gateway, &provider).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text.contains("poort-reference__number") && !page.text.contains("provider.secret"), "{}", page.text);
    fs::write(&file, "first").expect("written");
    let mut browser = gateway.browser();
    browser.through(&gateway, &provider).await;
    assert!(is_in(&browser), "the valid twin");
}

#[tokio::test]
async fn login_14_of_fas_the_least_level_that_does_is_asked() {
    let (gateway, provider) = fas().await;
    let register = gateway.tenant().registers[0].origin.clone();
    for (least, acr) in [("low", 200), ("substantial", 400), ("high", 450)] {
        let mut browser = gateway.browser();
        let page = browser.get(&format!("{register}/.poort/begin?return=/&least={least}")).await;
        let left = browser.leave(&page, &gateway, &provider).await;
        assert_eq!(left.acr, format!("urn:be:fedict:iam:fas:Level{acr}"), "{least}");
        browser.come_back_by(Factor::Fas, &[("code", "c"), ("state", &left.state), ("iss", &provider.issuer)]).await;
        assert_eq!(is_in(&browser), least != "high", "400 is not enough for {least}");
    }
}

/// A provider of which nothing is known but what the file says.
fn other(tenant: &mut Tenant, issuer: &str) {
    let level = Level { acr: LEVEL_400.into(), assurance: Assurance::Substantial };
    tenant.openid_providers.push(OpenIdProvider {
        factor: Factor::OpenId,
        name: "Zorg-ID".into(),
        issuer: issuer.parse().expect("a URL"),
        hosts: Vec::new(),
        client_id: "progezondheid".into(),
        authentication: ClientAuthentication::PrivateKey,
        signed_requests: true,
        scopes: vec!["profile".into()],
        levels: vec![level],
        claims: ClaimNames {
            national_number: "number".into(),
            given_name: "given_name".into(),
            family_name: "family_name".into(),
        },
        claims_parameter: false,
        user_info: UserInfo::Json,
        signing: vec![SignedBy::Rs256],
        encryption: None,
        unknown_people: UnknownPeople::Admitted,
    });
    let id = "openid".to_owned();
    tenant.means.push(Means { id: id.clone(), factors: vec![Factor::OpenId], assurance: Assurance::Substantial });
    tenant.registers.iter_mut().for_each(|register| register.means.push(id.clone()));
}

#[tokio::test]
async fn login_1_any_other_provider_is_asked_in_a_signed_request_and_found_under_its_own_name() {
    let provider = Provider::start_as(Shape::Json).await;
    let gateway = Gateway::demo_with(|tenant| {
        if tenant.id.as_str() == PRO {
            other(tenant, &provider.issuer);
        }
    })
    .await;
    provider.as_person(&number_of(JAN));
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    assert!(page.text.contains("Zorg-ID"), "{}", page.text);
    let left = browser.follow(&page, "/with/openid").await.url;
    let beside: Vec<String> = left.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(beside, ["response_type", "client_id", "scope", "request"], "the rest is signed");
    // It says who somebody is in JSON; the number of somebody new makes them an account, by their own name.
    provider.as_person("85073003328");
    let (state, nonce) = {
        let request = left.query_pairs().find(|(name, _)| name == "request").expect("a request").1.into_owned();
        let claims = signed_by_the_gateway(&gateway, &request).await;
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!("progezondheid"), &json!(provider.issuer)));
        assert_eq!((&claims["client_id"], &claims["acr_values"]), (&json!("progezondheid"), &json!(LEVEL_400)));
        assert!(claims["exp"].as_i64() > claims["iat"].as_i64() && claims["jti"].is_string());
        let text = |name: &str| claims[name].as_str().expect("a text").to_owned();
        (text("state"), text("nonce"))
    };
    provider.learns(&gateway, &nonce).await;
    let page =
        browser.come_back_by(Factor::OpenId, &[("code", "c"), ("state", &state), ("iss", &provider.issuer)]).await;
    assert!(is_in(&browser), "{} {}", page.status, page.text);
    assert!(browser.get("/").await.text.contains("Jan Claes"));
    assert_eq!(gateway.lines_of("account.opened").await.len(), 1);
    assert!(provider.proofs()[0].contains("client_assertion"), "it proves who it is by its key");
}

/// The claims of a request object, verified with AWS-LC by the key that the gateway publishes.
async fn signed_by_the_gateway(gateway: &Gateway, request: &str) -> Value {
    let origin = &gateway.tenant().origin;
    let keys = gateway.send(Method::GET, &format!("{origin}/federated/jwks"), &[], "").await.json();
    let key = keys["keys"].as_array().and_then(|keys| keys.iter().find(|key| key["use"] == "sig")).expect("a key");
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
    let part = |name: &str| bytes(key[name].as_str().expect("a text"));
    let (message, signature) = request.rsplit_once('.').expect("a signature");
    let public = RsaPublicKeyComponents { n: part("n"), e: part("e") };
    let verified = public.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &bytes(signature));
    verified.expect("signed by the key");
    let (header, claims) = message.split_once('.').expect("two parts");
    let header: Value = serde_json::from_slice(&bytes(header)).expect("JSON");
    assert_eq!((&header["typ"], &header["kid"]), (&json!("oauth-authz-req+jwt"), &key["kid"]));
    serde_json::from_slice(&bytes(claims)).expect("JSON")
}

#[tokio::test]
async fn s7_json_of_another_person_is_not_believed() {
    let provider = Provider::start_as(Shape::Json).await;
    let gateway = Gateway::demo_with(|tenant| {
        if tenant.id.as_str() == PRO {
            other(tenant, &provider.issuer);
            tenant.openid_providers.iter_mut().for_each(|known| known.signed_requests = false);
        }
    })
    .await;
    for (sub, believed) in [("sub-2", false), ("", false), ("sub-1", true)] {
        let jan = number_of(JAN);
        provider.answers(move |answers| {
            answers.user_info.claims["number"] = json!(jan);
            answers.user_info.claims["sub"] = json!(sub);
        });
        let mut browser = gateway.browser();
        browser.through(&gateway, &provider).await;
        assert_eq!(is_in(&browser), believed, "{sub:?}");
    }
}
