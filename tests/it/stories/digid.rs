//! Logging in with DigiD (LOGIN-1, LOGIN-3, LOGIN-14), and what happens when it is out of order. The provider is the tests' own, and its
//! resolver asks for the gateway's certificate; `tests/peers` does the same with Lasso.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Method, StatusCode};
use poort::{
    base::tls::Certificate,
    domain::{
        assurance::Assurance,
        tenant::Tenant,
        upstream::{DIGID_CLASSES, Level, RequestBinding, UnknownPeople},
    },
    http::cookies,
    login::wire::saml::{
        names::{ARTIFACT, METADATA},
        signature::{Trusted, verify},
        xml::{Comments, Tree},
    },
    service::logouts,
};
use serde_json::{Value, json};

use crate::harness::{
    application::encoded,
    browser::{Browser, Page},
    demo::{BRAM, SANNE, sample_basic, sample_code_for},
    gateway::{Gateway, RGS, Reply},
    provider::number_of,
    resolver::{Digid, Manner},
    saml::EVERYBODY,
};

/// A BSN that nobody of the demo has.
const STRANGER: &str = "999990019";

fn is_in(browser: &Browser<'_>) -> bool {
    browser.cookie(cookies::SESSION).is_some()
}

#[tokio::test]
async fn login_1_with_digid_one_is_the_same_person_as_with_a_password() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person(&number_of(SANNE));
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let left = browser.leave_for(&page, &digid).await;
    assert!(left.to.as_str().starts_with("https://idp.example/sso?SAMLRequest="));
    assert!(left.state.len() <= 80, "RelayState");
    assert!(
        left.request.contains("Comparison=\"minimum\"") && left.request.contains(DIGID_CLASSES[1]),
        "{}",
        left.request
    );
    assert!(left.request.contains("ForceAuthn=\"false\"") && !left.request.contains("Signature"), "{}", left.request);
    let page = browser.come_back_to(&digid, &left.state).await;
    assert!(is_in(&browser), "{} {}\n{}", page.url, page.status, page.text);
    let line = gateway.lines_in(RGS, "login.succeeded").await.remove(0);
    assert_eq!(line["actor"], gateway.person(RGS, SANNE).await.id.to_string());
    assert_eq!((&line["details"]["means"], &line["details"]["assurance"]), (&json!("digid"), &json!("low")));
    assert_eq!(digid.asked().len(), 1, "one question to the resolver");
    // The number stands in no audit line, and in no address.
    let number = number_of(SANNE);
    assert!(!line.to_string().contains(&number) && page.trail.iter().all(|place| !place.contains(&number)));
}

#[tokio::test]
async fn a_login_with_digid_lasts_fifteen_minutes_without_use() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person(&number_of(SANNE));
    let mut browser = gateway.browser();
    browser.by_digid(&digid).await;
    gateway.advance(Duration::from_secs(14 * 60 + 50));
    assert!(!browser.get("/").await.is_at("/login/"), "it goes on");
    gateway.advance(Duration::from_secs(15 * 60));
    assert!(browser.get("/").await.is_at("/login/"), "it ended");
}

#[tokio::test]
async fn login_14_the_least_that_does_is_asked_and_a_stronger_login_is_worth_more() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    let number = number_of(SANNE);
    digid.answers(move |recipe| {
        recipe.name = format!("s00000000:{number}");
        recipe.class = DIGID_CLASSES[3].to_owned();
    });
    let mut browser = gateway.browser();
    browser.by_digid(&digid).await;
    assert!(is_in(&browser));
    assert_eq!(gateway.lines_in(RGS, "login.succeeded").await[0]["details"]["assurance"], "high");
}

#[tokio::test]
async fn login_3_a_first_login_makes_an_account_where_the_tenant_says_so() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person(STRANGER);
    let mut browser = gateway.browser();
    let page = browser.by_digid(&digid).await;
    assert!(is_in(&browser), "{}", page.text);
    let opened = gateway.lines_in(RGS, "account.opened").await;
    assert_eq!(opened.len(), 1);
    gateway.browser().by_digid(&digid).await;
    assert_eq!(gateway.lines_in(RGS, "account.opened").await.len(), 1, "the second time it is theirs");
    assert_eq!(gateway.lines_in(RGS, "login.succeeded").await[0]["actor"], opened[0]["actor"]);
    // Where the tenant's file does not say so, nobody gets one.
    let digid = Digid::start().await;
    let gateway = digid.gateway_with(|provider| provider.unknown_people = UnknownPeople::Refused).await;
    digid.as_person(STRANGER);
    let mut browser = gateway.browser();
    let page = browser.by_digid(&digid).await;
    assert!(!is_in(&browser) && page.status == StatusCode::FORBIDDEN, "{}", page.text);
    // A fiscal number of who has no BSN is nobody's here.
    digid.answers(|recipe| recipe.name = "s00000001:999990019".to_owned());
    let page = browser.by_digid(&digid).await;
    assert!(!is_in(&browser) && page.status == StatusCode::FORBIDDEN, "{}", page.text);
}

#[tokio::test]
async fn login_1_who_goes_back_at_digid_stands_before_the_keys_again() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    let status = |code: &'static str| {
        move |recipe: &mut crate::harness::saml::Recipe| {
            recipe.status = format!(
                "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{code}\"/></samlp:StatusCode>"
            );
        }
    };
    digid.answers(status("AuthnFailed"));
    let mut browser = gateway.browser();
    let page = browser.by_digid(&digid).await;
    assert!(!is_in(&browser) && page.status == StatusCode::OK, "{} {}", page.url, page.status);
    assert_eq!(gateway.lines_in(RGS, "login.failed").await.len(), 0, "going back is no failure");
    digid.answers(status("NoAuthnContext"));
    let page = browser.by_digid(&digid).await;
    assert!(!is_in(&browser) && page.status == StatusCode::FORBIDDEN, "{} {}", page.url, page.status);
    digid.as_person(&number_of(SANNE));
    browser.by_digid(&digid).await;
    assert!(is_in(&browser), "the valid twin");
}

#[tokio::test]
async fn login_1_a_request_by_post_goes_on_by_a_button() {
    let digid = Digid::start().await;
    let gateway = digid.gateway_with(|provider| provider.binding = RequestBinding::Post).await;
    digid.as_person(&number_of(BRAM));
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let page = browser.follow(&page, "/with/digid").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let policy = page.headers["content-security-policy"].to_str().expect("ASCII");
    assert!(policy.contains("form-action 'self' https://idp.example") && !policy.contains("unsafe"), "{policy}");
    let form = Browser::form(&page, "https://idp.example/sso/post");
    let field = |name: &str| form.iter().find(|(known, _)| known == name).expect("a field").1.clone();
    use base64::{Engine, engine::general_purpose::STANDARD};
    let request = String::from_utf8(STANDARD.decode(field("SAMLRequest")).expect("base64")).expect("text");
    let tree = Tree::parse(&request, Comments::Refused).expect("XML");
    let keys = Trusted::new(&[Certificate::parse(&EVERYBODY.gateway.der).expect("a certificate")]).expect("keys");
    assert!(verify(tree.root(), &keys).is_ok(), "signed in itself: {request}");
    browser.learn(&digid, &request);
    browser.come_back_to(&digid, &field("RelayState")).await;
    assert!(is_in(&browser));
}

#[tokio::test]
async fn login_1_our_metadata_is_signed_and_stands_at_one_address() {
    let digid = Digid::start().await;
    let gateway = digid
        .gateway_with(|provider| {
            digid.folder.write("next.pem", &EVERYBODY.second.certificate);
            provider.next_certificate = Some(digid.folder.path("next.pem"));
        })
        .await;
    let address = format!("{}/federated/digid/metadata", gateway.tenant().origin);
    let reply = gateway.send(Method::GET, &address, &[], "").await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "application/samlmetadata+xml"));
    let text = reply.text();
    let tree = Tree::parse(&text, Comments::Refused).expect("XML");
    let keys = Trusted::new(&[Certificate::parse(&EVERYBODY.gateway.der).expect("a certificate")]).expect("keys");
    let signed = verify(tree.root(), &keys).expect("signed by the gateway").element();
    assert_eq!(signed.attribute("entityID"), Some(&*address));
    assert!(signed.attribute("cacheDuration").is_none() && signed.attribute("validUntil").is_none(), "{text}");
    let role = signed.one(METADATA, "SPSSODescriptor").expect("a role");
    assert_eq!(role.attribute("WantAssertionsSigned"), Some("true"));
    assert_eq!(role.all(METADATA, "KeyDescriptor").count(), 2, "the next key is published before it signs");
    let service = role.one(METADATA, "AssertionConsumerService").expect("a service");
    assert_eq!(service.attribute("Binding"), Some(ARTIFACT));
    assert_eq!(service.attribute("Location"), Some(&*address.replace("/metadata", "/callback")));
    assert_eq!(gateway.send(Method::GET, &address, &[], "").await.text(), text, "the same the next time");
    for nothing in ["itsme", "password", "nothing"] {
        let reply = gateway.send(Method::GET, &address.replace("digid", nothing), &[], "").await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test]
async fn login_1_a_new_key_of_digid_is_read_from_its_file_without_a_restart() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    let method =
        gateway.core().methods.elsewhere().all().find(|method| method.name() == "DigiD").expect("DigiD").clone();
    let number = number_of(SANNE);
    let signs_as = |by: &'static str| {
        let name = format!("s00000000:{number}");
        digid.answers(move |recipe| {
            recipe.name.clone_from(&name);
            (recipe.assertion_by, recipe.message_by) = (by, by);
        });
    };
    signs_as("second");
    let mut browser = gateway.browser();
    browser.by_digid(&digid).await;
    assert!(!is_in(&browser), "it is not published");
    // While one follows the other both are good; a file that is not good changes nothing.
    digid.publishes(&[&EVERYBODY.provider, &EVERYBODY.second]);
    method.refresh().await;
    for by in ["provider", "second"] {
        signs_as(by);
        let mut browser = gateway.browser();
        browser.by_digid(&digid).await;
        assert!(is_in(&browser), "{by}");
    }
    digid.folder.write("metadata.xml", "half of a fi");
    method.refresh().await;
    let mut browser = gateway.browser();
    browser.by_digid(&digid).await;
    assert!(is_in(&browser), "what was read last stays in use");
    digid.publishes(&[&EVERYBODY.second]);
    method.refresh().await;
    signs_as("provider");
    let mut browser = gateway.browser();
    browser.by_digid(&digid).await;
    assert!(!is_in(&browser), "the old key is gone");
}

#[tokio::test]
async fn login_1_what_cannot_be_used_is_out_of_order_and_stops_nobody_else() {
    let digid = Digid::start().await;
    digid.folder.write("metadata.xml", "<html/>");
    let gateway = digid.gateway().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    assert!(page.text.contains("poort-key--out") && !page.text.contains("/with/digid"), "{}", page.text);
    assert!(page.text.contains("second=totp"), "other keys work");
    let address = format!("{}/federated/digid/metadata", gateway.tenant().origin);
    assert_eq!(gateway.send(Method::GET, &address, &[], "").await.status, StatusCode::SERVICE_UNAVAILABLE);
    // It is mended, and works.
    digid.publishes(&[&EVERYBODY.provider]);
    let method =
        gateway.core().methods.elsewhere().all().find(|method| method.name() == "DigiD").expect("DigiD").clone();
    method.refresh().await;
    digid.as_person(&number_of(SANNE));
    browser.by_digid(&digid).await;
    assert!(is_in(&browser));
}

#[tokio::test]
async fn reliability_f8_a_resolver_that_fails_ends_in_a_page() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person(&number_of(SANNE));
    let manners = [
        Manner::Status(404),
        Manner::Status(500),
        Manner::Status(503),
        Manner::Status(302),
        Manner::Html,
        Manner::Fault,
        Manner::Endless,
        Manner::Bytes,
    ];
    for manner in manners {
        digid.manner(manner);
        let mut browser = gateway.browser();
        let page = browser.by_digid(&digid).await;
        assert!(!is_in(&browser), "{manner:?}");
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{manner:?}: {}", page.text);
        assert!(page.text.contains("poort-reference__number"), "{manner:?}");
        // The valid twin, in the same attempt.
        digid.manner(Manner::Well);
        let page = browser.follow(&page, "/login/").await;
        let left = browser.leave_for(&page, &digid).await;
        browser.come_back_to(&digid, &left.state).await;
        assert!(is_in(&browser), "{manner:?}");
    }
}

#[tokio::test]
async fn reliability_f8_a_resolver_that_is_silent_ends_in_a_page_and_slows_nobody_else() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person(&number_of(SANNE));
    let mut waiting = gateway.browser();
    let page = waiting.get("/").await;
    let left = waiting.leave_for(&page, &digid).await;
    digid.manner(Manner::Silent);
    let mut others = gateway.browser();
    let (slow, quick) = (waiting.come_back_to(&digid, &left.state), others.get("/"));
    futures_util::pin_mut!(slow, quick);
    let futures_util::future::Either::Right((page, slow)) = futures_util::future::select(slow, quick).await else {
        panic!("others waited for the resolver");
    };
    assert_eq!(page.status, StatusCode::OK);
    let page = slow.await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn reliability_f8_after_five_failures_the_key_is_out_of_order_and_then_works_again() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person(&number_of(SANNE));
    digid.manner(Manner::Status(500));
    let mut browser = gateway.browser();
    for _ in 0..5 {
        assert_eq!(browser.by_digid(&digid).await.status, StatusCode::SERVICE_UNAVAILABLE);
    }
    let page = browser.get("/").await;
    assert!(!page.text.contains("/with/digid") && page.text.contains("poort-key--out"), "{}", page.text);
    digid.manner(Manner::Well);
    gateway.advance(Duration::from_secs(20));
    browser.by_digid(&digid).await;
    assert!(is_in(&browser));
}

#[tokio::test]
async fn reliability_f8_who_does_not_show_the_certificate_is_not_answered() {
    let digid = Digid::start().await;
    // A certificate of another authority, and one that the resolver's is not of.
    for break_it in ["tls", "authorities"] {
        let gateway = digid
            .gateway_with(|provider| {
                let alone = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
                digid.folder.write("other.pem", &alone.cert.pem());
                digid.folder.write("other.key", &alone.signing_key.serialize_pem());
                match break_it {
                    "tls" => {
                        provider.tls.certificate = digid.folder.path("other.pem");
                        provider.tls.key = digid.folder.path("other.key");
                    }
                    _ => provider.authorities = Some(digid.folder.path("other.pem")),
                }
            })
            .await;
        digid.as_person(&number_of(SANNE));
        let mut browser = gateway.browser();
        let page = browser.by_digid(&digid).await;
        assert!(!is_in(&browser) && page.status == StatusCode::SERVICE_UNAVAILABLE, "{break_it}: {}", page.text);
    }
    assert_eq!(digid.asked().len(), 0, "nothing was asked of the resolver");
}

/// Tokens of the sample application, with one to refresh them, for who logs in as `log_in` says.
async fn tokens<'g>(browser: &mut Browser<'g>, log_in: impl AsyncFnOnce(&mut Browser<'g>, Page) -> Page) -> Value {
    let body = sample_code_for(browser, "openid profile offline_access", log_in).await;
    asked(browser.gateway(), "/token", body).await.json()
}

/// What the sample application asks of the provider.
async fn asked(gateway: &Gateway, path: &str, body: String) -> Reply {
    let (authorization, url) = (sample_basic(), format!("{}{path}", gateway.tenant().origin));
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", authorization.as_str())];
    gateway.send(Method::POST, &url, &headers, body).await
}

async fn refreshed(gateway: &Gateway, tokens: &Value) -> Reply {
    let token = tokens["refresh_token"].as_str().expect("a refresh token");
    asked(gateway, "/token", encoded(&[("grant_type", "refresh_token"), ("refresh_token", token)])).await
}

/// The claims of an ID token of ours, unchecked.
fn claims(tokens: &Value) -> Value {
    let token = tokens["id_token"].as_str().expect("an ID token");
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("claims")).expect("base64url");
    serde_json::from_slice(&claims).expect("JSON")
}

fn for_digid(tenant: &mut Tenant) {
    for client in tenant.clients.iter_mut().filter(|client| client.id == "sample-app") {
        client.means.push("digid".to_owned());
    }
}

const MINUTE: Duration = Duration::from_secs(60);

/// DigiD's checklist, criterion D2: what was learnt after a login is used in that session alone.
#[tokio::test]
async fn login_1_what_a_login_with_digid_gave_ends_with_its_session_and_applications_hear_of_it() {
    let digid = Digid::start().await;
    let gateway = digid.gateway_where(for_digid).await;
    let number = number_of(SANNE);
    digid.as_person(&number);
    let mut browser = gateway.browser();
    let given = tokens(&mut browser, async |browser, page| {
        let left = browser.leave_for(&page, &digid).await;
        let page = browser.come_back_to(&digid, &left.state).await;
        browser.submit(&page, &[("as", "role:trainee")]).await
    })
    .await;
    let mut other = gateway.browser();
    let twin = tokens(&mut other, async |browser, page| {
        let page = browser.prove(&page, RGS, BRAM).await;
        browser.submit(&page, &[("as", "role:trainer")]).await
    })
    .await;
    gateway.advance(12 * MINUTE);
    // An application keeps nobody's session alive, and gets nothing that lasts longer than it.
    let reply = refreshed(&gateway, &given).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let given = reply.json();
    assert!(given["expires_in"].as_u64().expect("seconds") < 180, "{given}");
    logouts::end_expired(&gateway.shared).await.expect("ends");
    assert_eq!(gateway.lines_in(RGS, "session.expired").await.len(), 0, "it is not over yet");
    gateway.advance(4 * MINUTE);
    let bearer = format!("Bearer {}", given["access_token"].as_str().expect("a token"));
    let user_info = format!("{}/userinfo", gateway.tenant().origin);
    let told = gateway.send(Method::GET, &user_info, &[("authorization", bearer.as_str())], "").await;
    assert_eq!(told.status, 401);
    let reply = refreshed(&gateway, &given).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["error"]), (400, &json!("invalid_grant")));
    logouts::end_expired(&gateway.shared).await.expect("ends");
    logouts::end_expired(&gateway.shared).await.expect("ends");
    assert_eq!(gateway.lines_in(RGS, "session.expired").await.len(), 1, "once");
    let due = gateway.read_in(RGS).await.due_logouts(gateway.core().now(), 10).await.expect("reads");
    assert_eq!(due.len(), 1, "one client is to hear of one login: {due:?}");
    assert_eq!(refreshed(&gateway, &twin).await.status, 200, "what a password gave lasts");
}

#[tokio::test]
async fn login_1_no_other_login_carries_on_what_digid_gave() {
    let digid = Digid::start().await;
    let gateway = digid.gateway_where(for_digid).await;
    let name = format!("s00000000:{}", number_of(SANNE));
    digid.answers(move |recipe| {
        recipe.name.clone_from(&name);
        recipe.class = DIGID_CLASSES[2].to_owned();
    });
    let mut browser = gateway.browser();
    let given = tokens(&mut browser, async |browser, page| {
        let left = browser.leave_for(&page, &digid).await;
        let page = browser.come_back_to(&digid, &left.state).await;
        browser.submit(&page, &[("as", "role:trainee")]).await
    })
    .await;
    // As surely as before, and for longer than fifteen minutes.
    let page = browser.get(&format!("{}/me", gateway.register(RGS))).await;
    browser.prove(&page, RGS, SANNE).await;
    assert!(is_in(&browser));
    assert_eq!(refreshed(&gateway, &given).await.status, 400);
}

#[tokio::test]
async fn login_1_a_login_with_digid_lasts_three_hours_however_much_it_is_used() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person(&number_of(SANNE));
    let mut browser = gateway.browser();
    browser.by_digid(&digid).await;
    for _ in 0..12 {
        gateway.advance(14 * MINUTE);
        assert!(!browser.get("/sessions").await.is_at("/login/"), "it goes on");
    }
    gateway.advance(13 * MINUTE);
    assert!(browser.get("/sessions").await.is_at("/login/"), "three hours and a minute");
}

#[tokio::test]
async fn login_1_of_a_login_that_can_be_basis_nobody_says_that_it_had_two_factors() {
    let digid = Digid::start().await;
    let gateway = digid
        .gateway_where(|tenant| {
            for_digid(tenant);
            let basis = Level { acr: DIGID_CLASSES[0].to_owned(), assurance: Assurance::Low };
            tenant.saml_providers[0].levels.insert(0, basis);
        })
        .await;
    for (class, amr) in [(0, "pwd"), (1, "pwd"), (2, "mfa"), (3, "mfa")] {
        let name = format!("s00000000:{}", number_of(SANNE));
        digid.answers(move |recipe| {
            recipe.name.clone_from(&name);
            recipe.class = DIGID_CLASSES[class].to_owned();
        });
        let mut browser = gateway.browser();
        let given = tokens(&mut browser, async |browser, page| {
            let left = browser.leave_for(&page, &digid).await;
            let page = browser.come_back_to(&digid, &left.state).await;
            browser.submit(&page, &[("as", "role:trainee")]).await
        })
        .await;
        assert_eq!(claims(&given)["amr"], json!([amr]), "{}", DIGID_CLASSES[class]);
    }
}
