//! RFC 6749 section 4.4: programs that act in their own name, and what their tokens open (OIDC-1).

use http::Method;
use jsonwebtoken::{Algorithm, Header};
use poort::{base::token::Token, domain::client::Machine, service::machines};
use serde_json::{Value, json};

use crate::harness::{
    application::{Application, claims, encoded, text},
    demo::JAN,
    gateway::{Gateway, PRO, Reply},
    people::{ANDER, CLIENT_KEY, SECRET},
};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// Asks with further parameters.
async fn ask(app: &Application<'_>, more: &[(&str, &str)]) -> Reply {
    app.post(&[&[GRANT], more].concat()).await
}

#[tokio::test]
async fn rfc_6749_4_4_a_program_gets_what_its_tenants_file_names_and_nothing_of_a_person() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "machine");
        let reply = ask(&app, &[]).await;
        assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"), "{}", reply.text());
        assert!(!reply.headers.contains_key("set-cookie"));
        let answer = reply.json();
        assert_eq!((text(&answer, "token_type"), answer["expires_in"].as_u64()), ("Bearer", Some(300)));
        assert_eq!(text(&answer, "scope"), "facts:read facts:write");
        assert!(answer.get("refresh_token").is_none() && answer.get("id_token").is_none(), "{answer}");
        let token = text(&answer, "access_token");
        let header = claims(&format!(".{}", token.split('.').next().expect("a header")));
        assert_eq!((text(&header, "typ"), text(&header, "alg")), ("at+jwt", "ES256"), "RFC 9068 section 2.1");
        let mut said = claims(token);
        let jti = said.as_object_mut().expect("an object").remove("jti").expect("a jti");
        let now = gateway.core().now().seconds();
        let issuer = &gateway.tenant().origin;
        assert_eq!(
            said,
            json!({
                "iss": issuer, "aud": "https://api.example", "iat": now, "exp": now + 300, "sub": "machine",
                "client_id": "machine", "scope": "facts:read facts:write",
            })
        );
        assert_ne!(claims(text(&ask(&app, &[]).await.json(), "access_token"))["jti"], jti);
        // Less, and elsewhere, when it asks for that.
        let less = [("scope", "facts:write"), ("resource", "https://facts.example")];
        let answer = ask(&app, &less).await.json();
        let said = claims(text(&answer, "access_token"));
        assert_eq!((text(&answer, "scope"), text(&said, "scope")), ("facts:write", "facts:write"));
        assert_eq!(text(&said, "aud"), "https://facts.example");
        // Each has a line.
        let lines = gateway.lines("zorg").await;
        let lines: Vec<&Value> = lines.iter().filter(|line| line["kind"] == "machine.authorized").collect();
        assert_eq!(lines.len(), 3, "{}", gateway.name());
        assert!(lines.iter().all(|line| line["details"]["client"] == "machine" && line.get("actor").is_none()));
    }
}

#[tokio::test]
async fn rfc_6749_4_4_by_a_key_of_its_own_whose_assertion_works_once() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "machine-key");
        let now = gateway.core().now().seconds();
        let assertion = |client: &str| {
            let claims = json!({
                "iss": client, "sub": client, "aud": gateway.tenant().origin, "iat": now, "exp": now + 60,
                "jti": Token::new(&gateway.core().random).reveal(),
            });
            let header = Header { kid: Some("k1".into()), ..Header::new(Algorithm::ES256) };
            jsonwebtoken::encode(&header, &claims, &CLIENT_KEY.signing).expect("signed")
        };
        let post = async |assertion: &str| {
            let parameters = [
                GRANT,
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion),
            ];
            app.post_as("", &parameters).await
        };
        let good = assertion("machine-key");
        let answer = post(&good).await;
        assert_eq!(answer.status, 200, "{}: {}", gateway.name(), answer.text());
        assert_eq!(text(&claims(text(&answer.json(), "access_token")), "sub"), "machine-key");
        assert_eq!(post(&good).await.error(), "invalid_client", "{}: its jti", gateway.name());
        // Of fifty at the same time one is believed.
        let good = assertion("machine-key");
        let all = futures_util::future::join_all((0..50).map(|_| post(&good))).await;
        let won = all.iter().filter(|reply| reply.status == 200).count();
        assert_eq!(won, 1, "{}", gateway.name());
        assert!(all.iter().all(|reply| reply.status == 200 || reply.error() == "invalid_client"));
        assert_eq!(post(&assertion("machine")).await.error(), "invalid_client", "a client with a secret");
        assert_eq!(app.post(&[GRANT]).await.error(), "invalid_client", "a secret that it does not have");
    }
}

#[tokio::test]
async fn cve_2026_9795_a_program_asks_for_no_more_than_it_is_registered_for() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "machine");
    for scope in [
        "openid",
        "facts:write openid",
        "facts:admin",
        "*",
        "facts:write  facts:read",
        " facts:write",
        "FACTS:WRITE",
        "facts:write,facts:read",
        "facts:write\u{a0}",
    ] {
        let reply = ask(&app, &[("scope", scope)]).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (400, "invalid_scope"), "{scope:?}");
    }
    for resource in ["https://other-api.example", "https://evil.example", "https://facts.example/", "facts", "*"] {
        let reply = ask(&app, &[("resource", resource)]).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (400, "invalid_target"), "{resource:?}");
    }
    // `audience` means nothing here.
    let answer = ask(&app, &[("audience", "https://evil.example")]).await.json();
    assert_eq!(text(&claims(text(&answer, "access_token")), "aud"), "https://api.example", "the twin");
    // CVE-2026-4634: ten thousand scopes are too large, or are read once.
    let many = |count: usize| vec!["facts:write"; count].join(" ");
    assert_eq!(ask(&app, &[("scope", &many(10_000))]).await.status, 413);
    assert_eq!(text(&ask(&app, &[("scope", &many(2_000))]).await.json(), "scope"), "facts:write");
    let lines = gateway.lines("zorg").await;
    assert_eq!(lines.iter().filter(|line| line["kind"] == "machine.refused").count(), 14);
}

#[tokio::test]
async fn cve_2026_9792_each_client_has_one_kind_of_grant() {
    let gateway = Gateway::sqlite().await;
    for id in ["app", "modest", "strict"] {
        let reply = ask(&Application::new(&gateway, id), &[]).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (400, "unauthorized_client"), "{id}");
    }
    // Everybody could be a public client, whatever is registered for it.
    for id in ["public", "machine-public"] {
        let reply = Application::new(&gateway, id).post_as("", &[GRANT, ("client_id", id)]).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (400, "unauthorized_client"), "{id}");
    }
    let app = Application::new(&gateway, "machine");
    let unknown = Token::new(&gateway.core().random).reveal();
    assert_eq!(app.refresh(&unknown).await.error(), "unauthorized_client");
    assert_eq!(app.redeem(&unknown, &[]).await.error(), "invalid_grant");
    // It logs nobody in: whoever is sent with its name is shown that, and sent nowhere.
    let page = app.ask(&mut gateway.browser(), &[]).await;
    assert!(page.status == 400 && page.is_at("/authorize"), "{}", page.url);
    assert_eq!(ask(&app, &[]).await.status, 200, "the twin");
}

#[tokio::test]
async fn cve_2025_14559_what_is_not_registered_any_more_is_taken_from_the_tokens_that_there_are() {
    let gateway = Gateway::sqlite().await;
    let answer = ask(&Application::new(&gateway, "machine"), &[]).await.json();
    let token = text(&answer, "access_token");
    let (core, tenant) = (gateway.core(), gateway.tenant());
    let found = machines::find(core, tenant, "https://api.example", token, None).await.expect("reads").expect("found");
    assert_eq!(
        (found.client.id.as_str(), found.scopes.as_slice()),
        ("machine", &["facts:read", "facts:write"].map(String::from)[..])
    );
    assert!(found.may("facts:write") && !found.may("facts") && !found.may(""));
    let changed = |change: &dyn Fn(&mut Machine)| {
        let mut tenant = (**tenant).clone();
        let client = tenant.clients.iter_mut().find(|client| client.id == "machine").expect("the client");
        change(client.machine.as_mut().expect("a machine"));
        tenant
    };
    let find =
        async |tenant| machines::find(core, tenant, "https://api.example", token, None).await.expect("reads").is_some();
    let narrower = changed(&|machine| machine.scopes.retain(|scope| scope == "facts:read"));
    let found =
        machines::find(core, &narrower, "https://api.example", token, None).await.expect("reads").expect("found");
    assert_eq!(found.scopes, ["facts:read"]);
    let elsewhere = changed(&|machine| machine.audiences.retain(|audience| audience != "https://api.example"));
    assert!(!find(&elsewhere).await);
    let mut none = (**tenant).clone();
    none.clients.retain(|client| client.id != "machine");
    assert!(!find(&none).await, "the client is gone");
    assert!(
        machines::find(core, tenant, "https://facts.example", token, None).await.expect("reads").is_none(),
        "another audience"
    );
    assert!(
        machines::find(core, gateway.tenant_of(ANDER), "https://api.example", token, None)
            .await
            .expect("reads")
            .is_none()
    );
    assert!(find(tenant).await, "the twin");
    gateway.advance(tenant.terms.access_token);
    assert!(!find(tenant).await, "expired");
}

#[tokio::test]
async fn ghsa_7fpj_9hr8_28vh_a_programs_token_is_nobodys_login() {
    for gateway in Gateway::demos_with(|tenant| {
        // A machine that may ask for tokens for the register's own backend.
        let backend = tenant.backends[0].audience.clone();
        for client in tenant.clients.iter_mut().filter(|client| client.id == "register-feed") {
            client.authentication = poort::domain::client::ClientAuthentication::Secret(
                poort::base::token::TokenDigest::of(SECRET.as_bytes()),
            );
            client.machine.as_mut().expect("a machine").audiences =
                vec![backend.clone(), "https://facts.example".into()];
        }
    })
    .await
    {
        let app = Application::new(&gateway, "register-feed");
        let answer = ask(&app, &[]).await.json();
        let token = text(&answer, "access_token").to_owned();
        // The twin: a person's token of the same issuer acts as that person.
        let mut browser = gateway.browser();
        let path = format!("/dossiers/{}", gateway.number(PRO, JAN).await);
        browser.open_as_a(&path, JAN, "professional:physician").await;
        assert_eq!(browser.ask(&path).await.status, 200, "the twin");
        let register = gateway.register(PRO).to_owned();
        let (before, remarks) = (gateway.registers.count(), format!("{path}/remarks"));
        let send = async |method: Method, path: &str, token: &str| {
            let bearer = format!("Bearer {token}");
            gateway.send(method, &format!("{register}{path}"), &[("authorization", &bearer)], "").await
        };
        for (method, path) in [
            (Method::GET, path.as_str()),
            (Method::GET, "/me"),
            (Method::GET, "/"),
            (Method::GET, "/organization/reports"),
            (Method::GET, "/administration"),
            (Method::POST, remarks.as_str()),
        ] {
            let reply = send(method.clone(), path, &token).await;
            assert_eq!(reply.status, 403, "{method} {path}: {}", reply.text());
            assert_eq!(reply.header("content-type"), "application/problem+json");
            // Its token does not help somebody's session along, nor the other way round.
            let bearer = format!("Bearer {token}");
            let url = format!("{register}{path}");
            let both = browser.once(method, &url, &[("authorization", &bearer)], None).await;
            assert!([400, 403].contains(&both.status.as_u16()), "{path}: {}", both.status);
        }
        // A token for another resource server is none here.
        let elsewhere = ask(&app, &[("resource", "https://facts.example")]).await.json();
        assert_eq!(send(Method::GET, &path, text(&elsewhere, "access_token")).await.status, 401);
        assert_eq!(gateway.registers.count(), before, "nothing was forwarded: {}", gateway.name());
        let refused = gateway.lines_of("access.refused").await;
        assert!(refused.len() >= 6 && refused.iter().all(|line| line["details"]["client"] == "register-feed"));
        // Not at userinfo, nor as a session, nor as a hint of who logs in or out.
        assert_eq!(app.userinfo(&token).await.status, 401);
        let mut thief = gateway.browser();
        thief.set_cookie("__Host-poort-session", &token);
        let page = thief.get("/").await;
        assert!(page.is_at("/login/") || !page.text.contains("/logout"), "{}", page.url);
        let hint = encoded(&[("id_token_hint", &token)]);
        let url = format!("{}/end_session?{hint}", gateway.tenant().origin);
        assert_eq!(gateway.send(Method::GET, &url, &[], "").await.status, 400);
        assert_eq!(app.refresh(&token).await.error(), "unauthorized_client");
        assert_eq!(app.redeem(&token, &[]).await.error(), "invalid_grant");
    }
}

#[tokio::test]
async fn cve_2025_64431_a_program_of_one_tenant_is_nobody_at_another() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "machine");
    let answer = ask(&app, &[]).await.json();
    let bearer = format!("Bearer {}", text(&answer, "access_token"));
    let other = &gateway.tenant_of(ANDER).origin;
    let reply = gateway.send(Method::GET, &format!("{other}/userinfo"), &[("authorization", &bearer)], "").await;
    assert_eq!(reply.status, 401);
    // The client of that name there is another one, and its tokens are of another issuer.
    let basic = app.basic(SECRET);
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", basic.as_str())];
    let reply = gateway.send(Method::POST, &format!("{other}/token"), &headers, encoded(&[GRANT])).await;
    let theirs = reply.json();
    assert_eq!(text(&claims(text(&theirs, "access_token")), "iss"), other.as_str());
    let found =
        machines::find(gateway.core(), gateway.tenant(), "https://api.example", text(&theirs, "access_token"), None);
    assert!(found.await.expect("reads").is_none());
}
