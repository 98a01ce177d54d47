//! S6: what is wrong in a request to the OpenID provider gets no code and no token, and changes nothing.
//!
//! The parameters of one good request are replaced, one at a time. Replays, races and what a token is bound to are in `attacks::oidc`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Method;
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Value, json};

use super::{oidc::assertion, redirect_uri::corpus};
use crate::harness::{
    application::{Application, VERIFIER, changed, claims, encoded, text},
    gateway::{Gateway, Reply},
    people::{ANDER, CALLBACK, CLIENT_KEY, JAN, SECRET},
};

/// What a wrong authorization request gets: the error that its client is told. The others are shown to the person.
const SHOWN: &str = "shown";

const NONE_SIGNED: &str = "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwuZXhhbXBsZSJ9.";
const HIGH: &str = "http://eidas.europa.eu/LoA/high";

/// Values of one parameter of the authorization request, and the error of each.
const REQUESTS: &[(&str, &str, &[&str])] = &[
    (
        "response_type",
        "unsupported_response_type",
        &[
            "token",
            "id_token",
            "none",
            "code token",
            "code id_token",
            "code id_token token",
            "id_token token",
            "CODE",
            "code ",
            " code",
            "code code",
            "cod",
            "codes",
            "code,token",
            "device_code",
        ],
    ),
    (
        "response_mode",
        "invalid_request",
        &[
            "fragment",
            "form_post",
            "form_post.jwt",
            "query.jwt",
            "fragment.jwt",
            "jwt",
            "web_message",
            "QUERY",
            "query ",
            "queries",
        ],
    ),
    (
        "code_challenge_method",
        "invalid_request",
        &["", "plain", "PLAIN", "s256", "S256 ", " S256", "S512", "SHA256", "none", "S256,plain", "S256 plain"],
    ),
    (
        "code_challenge",
        "invalid_request",
        &[
            "",
            " ",
            "x",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMM",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw/cM",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c=",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c ",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-\u{e9}",
            "...........................................",
        ],
    ),
    (
        "scope",
        "invalid_scope",
        &[
            "",
            "profile",
            "OPENID",
            "openid,profile",
            "openidx",
            "open id",
            "openid\tprofile",
            "openid\u{a0}profile",
            "\"openid\"",
            "%6fpenid",
            "*",
        ],
    ),
    (
        "prompt",
        "invalid_request",
        &["none login", "login none", "none none", "none consent", "select_account none", "none create", "none  login"],
    ),
    ("max_age", "invalid_request", &["-1", "+1", "1.5", "1e3", "0x10", " 1", "1 ", "abc", "\u{661}", "1;2", "NaN"]),
    (
        "resource",
        "invalid_target",
        &[
            "https://evil.example",
            "https://api.example/",
            "https://API.example",
            "api.example",
            "*",
            "https://api.example https://evil.example",
            "https://api.example#x",
        ],
    ),
    (
        "acr_values",
        "unmet_authentication_requirements",
        &[HIGH, "http://eidas.europa.eu/LoA/high http://eidas.europa.eu/LoA/high"],
    ),
    ("request", "request_not_supported", &[NONE_SIGNED, "a.b.c", "{}", "x"]),
    (
        "request_uri",
        "request_uri_not_supported",
        &["https://evil.example/r", "urn:ietf:params:oauth:request_uri:x", "http://127.0.0.1/", "file:///etc/passwd"],
    ),
    ("registration", "registration_not_supported", &["{}", "{\"redirect_uris\":[\"https://evil.example\"]}"]),
    (
        "client_id",
        SHOWN,
        &[
            "",
            "nobody",
            "APP",
            "App",
            "app ",
            " app",
            "app\0",
            "app%00",
            "app/",
            "../app",
            "app,app-2",
            "app app-2",
            "*",
            "%",
            "machine",
            "api",
            "https://app.example",
            "app\u{200b}",
            "\u{430}pp",
        ],
    ),
];

/// Reads what an authorization request came to: the error, or that it was shown; never a code.
fn came_to(reply: &Reply, what: &str) -> String {
    assert!(reply.status.as_u16() < 500, "{what}: {}", reply.status);
    let to = reply.header("location");
    if reply.status == 400 {
        assert_eq!((to, reply.header("refresh")), ("", ""), "{what}");
        return SHOWN.to_owned();
    }
    let url = url::Url::parse(to).unwrap_or_else(|_| panic!("{what}: {} to {to:?}", reply.status));
    assert!(to.starts_with(CALLBACK), "{what}: to {to}");
    let value = |name: &str| url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    assert_eq!(value("code"), None, "{what}");
    assert!(value("iss").is_some(), "{what}: RFC 9207");
    value("error").unwrap_or_else(|| panic!("{what}: no error in {to}"))
}

#[tokio::test]
async fn s6_no_wrong_authorization_request_gets_a_code() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    app.code(&mut browser, JAN).await;
    let ask = async |url: &str| browser.once(Method::GET, url, &[], None).await;
    let lines = async || gateway.begin().await.newest_events(1000).await.expect("reads").len();
    let (before, mut cases) = (lines().await, 0);
    for (name, error, values) in REQUESTS {
        for value in *values {
            cases += 1;
            let what = format!("{name}={value:?}");
            assert_eq!(came_to(&ask(&app.authorize_url(&[(name, value)])).await, &what), *error, "{what}");
        }
    }
    let (long_state, long_nonce) = ("s".repeat(4097), "n".repeat(513));
    for change in [("state", long_state.as_str()), ("nonce", long_nonce.as_str()), ("response_type", "")] {
        cases += 1;
        assert_eq!(came_to(&ask(&app.authorize_url(&[change])).await, change.0), "invalid_request");
    }
    // A NUL is in no parameter.
    for name in
        ["client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge", "prompt", "x"]
    {
        cases += 1;
        assert_eq!(came_to(&ask(&app.authorize_url(&[(name, "code\0")])).await, name), SHOWN, "{name} with a NUL");
    }
    for uri in corpus() {
        cases += 1;
        let what = format!("redirect_uri={uri:?}");
        assert_eq!(came_to(&ask(&app.authorize_url(&[("redirect_uri", &uri)])).await, &what), SHOWN);
    }
    // Twice: whichever of both somebody reads.
    let good = app.authorize_url(&[("prompt", "consent"), ("resource", "https://api.example"), ("max_age", "100")]);
    let query = good.split_once('?').expect("a query").1;
    for pair in query.split('&') {
        let (name, _) = pair.split_once('=').expect("a pair");
        for again in [
            pair.to_owned(),
            format!("{name}=other"),
            format!("%{:02x}{}=x", name.as_bytes()[0], &name[1..]),
            format!("{name}="),
        ] {
            for url in [format!("{good}&{again}"), good.replacen('?', &format!("?{again}&"), 1)] {
                cases += 1;
                assert_eq!(came_to(&ask(&url).await, &again), SHOWN, "{again}");
            }
        }
    }
    // As a form: led to the same request as a query, and no further.
    let form = ("content-type", "application/x-www-form-urlencoded");
    for body in
        ["client_id=app&client_id=app-2", "client_id=app\r\nSet-Cookie: x=y", "client_id=app&request=\u{e9}", "a=b#c"]
    {
        cases += 1;
        let url = format!("{}/authorize", gateway.tenant().origin);
        let reply = gateway.send(Method::POST, &url, &[form], body.to_owned()).await;
        let led = reply.status == 303 && reply.header("location").starts_with("/authorize?");
        assert!(led || reply.status == 400, "{body:?}: {}", reply.status);
    }
    // prompt=none gives nothing to who is not there.
    for prompt in [vec![], vec![("acr_values", HIGH)], vec![("max_age", "0")], vec![("id_token_hint", NONE_SIGNED)]] {
        cases += 1;
        let url = app.authorize_url(&changed(&[("prompt", "none")], &prompt));
        let reply = gateway.browser().once(Method::GET, &url, &[], None).await;
        let error = came_to(&reply, "prompt=none");
        assert!(
            ["login_required", "unmet_authentication_requirements", "invalid_request"].contains(&error.as_str()),
            "{prompt:?}: {error}"
        );
    }
    assert_eq!(lines().await, before, "nobody was authorized for anything");
    assert!(ask(&app.authorize_url(&[])).await.header("location").contains("code="), "the twin");
    println!("S6: {cases} authorization requests");
    assert!(cases >= 250);
}

/// A client of the token endpoint that says this and not more.
async fn ask_token(app: &Application<'_>, authorization: &str, body: String, media: &str) -> Reply {
    let mut headers = vec![("content-type", media)];
    if !authorization.is_empty() {
        headers.push(("authorization", authorization));
    }
    let url = format!("{}/token", app.gateway.tenant().origin);
    app.gateway.send(Method::POST, &url, &headers, body).await
}

#[tokio::test]
async fn s6_no_wrong_token_request_gets_a_token() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    let tokens = app.tokens(&mut browser, JAN).await;
    let mut cases = 0;
    let refused = |reply: &Reply, what: &str| {
        assert!((400..500).contains(&reply.status.as_u16()), "{what}: {}", reply.status);
        assert!(!reply.error().is_empty() && !reply.text().contains("access_token"), "{what}: {}", reply.text());
        assert!(reply.header("cache-control").contains("no-store"), "{what}");
    };
    // What spends the code: each tries a fresh one, once.
    let verifiers =
        ["x", "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong", &VERIFIER[..42], &VERIFIER.to_lowercase(), "\u{e9}"];
    let spent = corpus().into_iter().step_by(4).map(|uri| ("redirect_uri", uri));
    let spent = spent.chain(verifiers.map(|verifier| ("code_verifier", verifier.to_owned())));
    for (name, value) in spent.filter(|(_, value)| !value.is_empty()) {
        cases += 1;
        let code = app.code(&mut browser, JAN).await;
        refused(&app.redeem(&code, &[(name, &value)]).await, &format!("{name}={value:?}"));
    }
    // What does not: the code is still good at the end.
    let code = app.code(&mut browser, JAN).await;
    let refresh = text(&tokens, "refresh_token");
    let form = "application/x-www-form-urlencoded";
    let good = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let by_refresh = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let basic = app.basic(SECRET);
    for grant in [
        "",
        "password",
        "implicit",
        "client_credentials",
        "AUTHORIZATION_CODE",
        "authorization_code ",
        "authorization_code refresh_token",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:saml2-bearer",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:openid:params:grant-type:ciba",
        "*",
    ] {
        cases += 1;
        let body = encoded(&changed(
            &good,
            &[("grant_type", grant), ("username", "jan"), ("password", "x"), ("subject_token", "x")],
        ));
        refused(&ask_token(&app, &basic, body, form).await, &format!("grant_type={grant:?}"));
    }
    for (name, values) in [
        (
            "code",
            vec![
                "",
                "x",
                "null",
                VERIFIER,
                refresh,
                text(&tokens, "access_token"),
                text(&tokens, "id_token"),
                &code[1..],
                &code[..42],
            ],
        ),
        ("code_verifier", vec![""]),
        ("redirect_uri", vec![""]),
        ("resource", vec!["https://evil.example", "https://api.example/", "*"]),
    ] {
        for value in values {
            cases += 1;
            refused(&app.redeem(&code, &[(name, value)]).await, &format!("{name}={value:?}"));
        }
    }
    for (name, value) in [
        ("refresh_token", ""),
        ("refresh_token", "x"),
        ("refresh_token", &*code),
        ("refresh_token", &refresh[..42]),
        ("scope", "openid admin"),
        ("scope", "*"),
        ("resource", "https://evil.example"),
    ] {
        cases += 1;
        refused(&app.post(&changed(&by_refresh, &[(name, value)])).await, &format!("{name}={value:?}"));
    }
    // Twice, in another form, in the address, by another method.
    let body = encoded(&good);
    for (name, value) in good {
        for again in
            [encoded(&[(name, value)]), format!("{name}=other"), format!("%{:02x}{}=x", name.as_bytes()[0], &name[1..])]
        {
            for body in [format!("{body}&{again}"), format!("{again}&{body}")] {
                cases += 1;
                refused(&ask_token(&app, &basic, body, form).await, &format!("twice: {again}"));
            }
        }
    }
    for media in
        ["", "text/plain", "application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded2"]
    {
        cases += 1;
        refused(&ask_token(&app, &basic, body.clone(), media).await, media);
    }
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
        cases += 1;
        let url = format!("{}/token?{body}", gateway.tenant().origin);
        let reply = gateway.send(method.clone(), &url, &[("authorization", &basic)], "").await;
        assert!(reply.status == 405 && !reply.text().contains("access_token"), "{method}: {}", reply.status);
    }
    let url = format!("{}/token?{body}", gateway.tenant().origin);
    refused(
        &gateway.send(Method::POST, &url, &[("authorization", &basic), ("content-type", form)], "").await,
        "in the address",
    );
    // As another client, and as nobody.
    for id in ["app-2", "key", "public", "machine", "api", "nobody", "APP", ""] {
        for secret in [SECRET, "", "wrong"] {
            for (authorization, more) in [
                (Application::new(&gateway, id).basic(secret), vec![]),
                (String::new(), vec![("client_id", id), ("client_secret", secret)]),
            ] {
                cases += 1;
                let reply = ask_token(&app, &authorization, encoded(&changed(&good, &more)), form).await;
                refused(&reply, &format!("{id:?} {secret:?} {authorization:?}"));
            }
        }
    }
    assert_eq!(app.redeem(&code, &[]).await.status, 200, "the twin: nothing of it spent the code");
    assert_eq!(app.refresh(refresh).await.status, 200, "the twin");
    println!("S6: {cases} token requests");
    assert!(cases >= 130);
}

/// A JWS of the client `key` with another head, signed with its key or not at all.
fn headed(head: &Value, body: &Value, signature: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(head), part(body))
}

#[tokio::test]
async fn s6_cve_2026_11800_no_wrong_assertion_proves_a_client() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "key");
    let code = app.code(&mut gateway.browser(), JAN).await;
    let header = Header { kid: Some("k1".into()), ..Header::new(Algorithm::ES256) };
    let good = assertion(&gateway, &header, &json!({}));
    let (body, signature) = (claims(&good), good.rsplit('.').next().expect("a signature").to_owned());
    let (now, origin) = (gateway.core().now().seconds(), gateway.tenant().origin.clone());
    let mut wrong: Vec<(String, String)> = Vec::new();
    for head in [
        json!({"alg": "none"}),
        json!({"alg": "None"}),
        json!({"alg": "NONE", "kid": "k1"}),
        json!({"alg": "nOnE"}),
        json!({"alg": ""}),
        json!({"alg": null}),
        json!({"alg": ["ES256"]}),
        json!({}),
        json!({"kid": "k1"}),
        json!({"alg": "ES256", "kid": "../../dev/null"}),
        json!({"alg": "ES256", "kid": "' OR '1'='1"}),
        json!({"alg": "ES256", "kid": "k2"}),
        json!({"alg": "ES384", "kid": "k1"}),
        json!({"alg": "RS256", "kid": "k1"}),
        json!({"alg": "PS256", "kid": "k1"}),
        json!({"alg": "HS256", "kid": "k1"}),
        json!({"alg": "EdDSA", "kid": "k1"}),
        json!({"alg": "ES256", "kid": "k1", "crit": ["exp"], "exp": 1}),
        json!({"alg": "ES256", "kid": "k1", "b64": false, "crit": ["b64"]}),
        json!({"alg": "ES256", "jku": "https://evil.example/jwks", "kid": "k1"}),
        json!({"alg": "ES256", "x5u": "https://evil.example/x5u", "kid": "k1"}),
        json!({"alg": "ES256", "jwk": CLIENT_KEY.jwk, "kid": "k1"}),
        json!({"alg": "ES256", "kid": "k1", "zip": "DEF"}),
    ] {
        for signature in ["", "AA", &signature] {
            wrong.push((format!("{head} with {signature:.4}"), headed(&head, &body, signature)));
        }
    }
    for changes in [
        json!({"iss": null}),
        json!({"iss": "app"}),
        json!({"iss": ["key"]}),
        json!({"sub": null}),
        json!({"sub": "app"}),
        json!({"sub": "key\u{0}"}),
        json!({"aud": null}),
        json!({"aud": ""}),
        json!({"aud": []}),
        json!({"aud": "https://evil.example"}),
        json!({"aud": [origin, "https://evil.example"]}),
        json!({"aud": format!("{origin}/")}),
        json!({"aud": origin.to_uppercase()}),
        json!({"aud": gateway.tenant_of(ANDER).origin}),
        json!({"exp": null}),
        json!({"exp": now}),
        json!({"exp": now - 1}),
        json!({"exp": now + 86_400}),
        json!({"exp": "never"}),
        json!({"exp": 1e300}),
        json!({"exp": -1}),
        json!({"nbf": now + 3600}),
        json!({"iat": now + 3600}),
        json!({"jti": null}),
        json!({"jti": ""}),
        json!({"jti": 1}),
        json!({"jti": "x".repeat(5_000)}),
    ] {
        wrong.push((changes.to_string(), assertion(&gateway, &header, &changes)));
    }
    for (what, text) in [
        ("nothing", String::new()),
        ("dots", "..".to_owned()),
        ("two parts", good.rsplit_once('.').expect("parts").0.to_owned()),
        ("four parts", format!("{good}.x")),
        ("five parts, as if encrypted", format!("{good}.x.y")),
        ("a padded part", good.replacen('.', "=.", 1)),
        ("a blank before it", format!(" {good}")),
        ("a cut signature", good[..good.len() - 4].to_owned()),
        ("a longer one", format!("{good}AAAA")),
        ("two", format!("{good} {good}")),
        ("JSON", json!({"payload": "x", "signatures": []}).to_string()),
    ] {
        wrong.push((what.to_owned(), text));
    }
    let post = async |gateway: &Gateway, assertion: &str| {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ];
        Application::new(gateway, "key").post_as("", &form).await
    };
    for wrong in wrong.chunks(40) {
        // A process of its own, which counts anew how often one address did not prove which client it is.
        let gateway = gateway.again().await;
        for (what, assertion) in wrong {
            let reply = post(&gateway, assertion).await;
            assert_eq!(
                (reply.status.as_u16(), reply.error().as_str()),
                (401, "invalid_client"),
                "{what}: {}",
                reply.text()
            );
        }
    }
    assert_eq!(post(&gateway, &good).await.status, 200, "the twin: nothing of it spent the code");
    assert_eq!(post(&gateway, &good).await.error(), "invalid_client", "once");
    println!("S6: {} client assertions", wrong.len());
}
