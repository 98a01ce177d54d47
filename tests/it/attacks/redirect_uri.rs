//! Section 4.1 of the advisories: redirect URIs, open redirects, tricks with parameters.
//!
//! A redirect URI is one of the registered texts or it is none; so everything below must be shown as a page, with no address
//! of the attacker's in any header or link.

use http::Method;

use crate::harness::{
    application::{Application, changed, encoded, text},
    gateway::Gateway,
    people::{CALLBACK, JAN},
};

/// Texts that some parser somewhere takes for `https://app.example/callback`, or that lead elsewhere after being taken for it.
pub(super) fn corpus() -> Vec<String> {
    let mut texts: Vec<String> = [
        // CVE-2023-6291, CVE-2024-1132, CVE-2026-7504: patterns; CVE-2024-52289: a dot that stands for any character
        "https://app.example/*",
        "https://app.example/callback*",
        "https://*.example/callback",
        "*",
        "https://appxexample/callback",
        "https://app.example.evil.example/callback",
        "https://evil.example/https://app.example/callback",
        "https://evilapp.example/callback",
        "https://app.example-evil.example/callback",
        "https://sub.app.example/callback",
        "https://app.exampl/callback",
        "https://app.example./callback",
        "https://app.example/callbac",
        "https://app.example/callbackx",
        // CVE-2024-8883, CVE-2026-28512: user information
        "https://app.example@evil.example/callback",
        "https://app.example:80@evil.example/callback",
        "https://app.example%40evil.example/callback",
        "https://evil.example@app.example/callback",
        "https://:@app.example/callback",
        "https://app.example:pass@evil.example/callback",
        "https://app.example/callback@evil.example",
        "http://a:b@c#@d",
        "https://app.example%2f@evil.example/callback",
        "https://app.example%00@evil.example/",
        "https://evil.example#@app.example/callback",
        "https://evil.example?@app.example/callback",
        "https://evil.example\\@app.example/callback",
        // backslashes and slashes (CVE-2026-83589, CVE-2021-21291)
        "https:\\\\app.example\\callback",
        "https:/app.example/callback",
        "https:app.example/callback",
        "https:///app.example/callback",
        "https://app.example\\callback",
        "https://app.example\\.evil.example/callback",
        "https://good\\@evil.example",
        "//evil.example",
        "//app.example/callback",
        "/\\evil.example",
        "/\\/evil.example",
        "\\\\evil.example",
        "/callback",
        "callback",
        "///evil.example",
        "/%09/evil.example",
        "https://app.example//callback",
        "https://app.example/callback/",
        "https://app.example/callback//",
        "https://app.example/./callback",
        // dots and encodings (CVE-2022-3782, CVE-2026-3872)
        "https://app.example/callback/..",
        "https://app.example/callback/../evil",
        "https://app.example/x/../callback",
        "https://app.example/callback/%2e%2e/evil",
        "https://app.example/callback/%252e%252e%252fevil",
        "https://app.example/callback/..;/evil",
        "https://app.example/callback;evil",
        "https://app.example/callback%2fevil",
        "https://app.example/callback%5cevil",
        "https://app.example/callback%00",
        "https://app.example/callback%0d%0aSet-Cookie:x=y",
        "https://app.example/%63allback",
        "https://app.example/c%61llback",
        "https://app.example%2fcallback",
        "https://app.example/callback%20",
        "https://app.example/callback%09",
        "https://app.example/call%C0%AFback",
        "https%3a%2f%2fapp.example%2fcallback",
        "https://app.example/callback%23",
        "https://app.example/callback%3f",
        // case, ports, schemes
        "HTTPS://app.example/callback",
        "https://APP.example/callback",
        "https://app.example/Callback",
        "https://app.example:443/callback",
        "https://app.example:/callback",
        "https://app.example:8443/callback",
        "https://app.example:0443/callback",
        "http://app.example/callback",
        "ftp://app.example/callback",
        "wss://app.example/callback",
        "app://app.example/callback",
        "ws://app.example/callback",
        // CVE-2026-9086: scripts
        "javascript:alert(1)",
        "jAvAsCrIpT:alert(1)",
        "javascript://app.example/callback%0aalert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox",
        "blob:https://app.example/1",
        "about:blank",
        "file:///etc/passwd",
        "view-source:https://app.example/callback",
        // queries and fragments (oidcc-redirect-uri-query-added, -mismatch, -regfrag; CVE-2026-9689)
        "https://app.example/callback?",
        "https://app.example/callback?x=1",
        "https://app.example/callback?code=evil",
        "https://app.example/callback#",
        "https://app.example/callback#code=evil",
        "https://app.example/callback?tenant=b",
        "https://app.example/callback?tenant=a/b&code=mine",
        "https://app.example/callback?code=mine&tenant=a%2Fb",
        "https://app.example/callback?tenant=a%2Fb",
        "https://app.example/callback?tenant=a%2fb&code=mine",
        "https://app.example/callback?tenant=a%2Fb&code=mine&",
        "https://app.example/callback&x=1",
        // blanks, control characters, letters that look alike
        " https://app.example/callback",
        "https://app.example/callback ",
        "https://app.example/callback\n",
        "https://app.example/callback\r\nX: y",
        "https://app.example/\tcallback",
        "\u{feff}https://app.example/callback",
        "https://app.example/callback\0",
        "https://app\u{3002}example/callback",
        "https://\u{ff41}pp.example/callback",
        "https://\u{430}pp.example/callback",
        "https://xn--pp-7kc.example/callback",
        "https://app.example\u{2044}callback",
        "https://app.example/c\u{430}llback",
        "https://app.ex\u{200b}ample/callback",
        // addresses of ourselves and of the inside
        "http://localhost/callback",
        "http://127.0.0.1/callback",
        "http://[::1]/callback",
        "http://169.254.169.254/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://zorg.localhost:8080/",
        "http://zorg.localhost:8080/authorize",
        "urn:ietf:wg:oauth:2.0:oob",
        "urn:ietf:wg:oauth:2.0:oob:auto",
        "com.example.app:/callback",
        "null",
        "undefined",
        "[]",
        "{\"a\":1}",
        "''",
        "%",
    ]
    .map(String::from)
    .to_vec();
    texts.push(format!("{CALLBACK},https://evil.example"));
    texts.push(format!("{CALLBACK} https://evil.example"));
    texts.push(format!("https://app.example/{}", "a".repeat(4000)));
    texts
}

#[tokio::test]
async fn cve_2023_6291_cve_2024_1132_cve_2024_52289_cve_2024_8883_cve_2022_3782_cve_2026_28512_only_what_is_registered()
{
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let corpus = corpus();
    assert!(corpus.len() >= 130, "{}", corpus.len());
    let mut signed_in = gateway.browser();
    app.code(&mut signed_in, JAN).await;
    for uri in &corpus {
        for prompt in ["", "none"] {
            let page = app.ask(&mut signed_in, &[("redirect_uri", uri), ("prompt", prompt)]).await;
            assert_eq!((page.status.as_u16(), page.url.path()), (400, "/authorize"), "{uri:?}: {:?}", page.trail);
            assert!(!page.headers.contains_key("location") && !page.headers.contains_key("refresh"), "{uri:?}");
            // The page names its own address, escaped, for the switch of languages; nothing on it leads there.
            let leads = ["href=\"", "action=\"", "src=\""]
                .map(|name| page.text.split(name).skip(1).collect::<Vec<_>>())
                .concat();
            let own = |to: &&str| to.starts_with(['/', '#']) && !to.starts_with("//");
            let help = |to: &&str| to.starts_with("tel:") || to.starts_with("mailto:");
            assert!(leads.iter().all(|to| own(to) || help(to)), "{uri:?}: {leads:?}");
            assert!(!page.text.contains("<script>alert"), "{uri:?} is in the page");
        }
    }
    // The twins: each registered text, as it is.
    for uri in gateway.tenant().client("app").expect("a client").redirect_uris.clone() {
        assert!(app.ask(&mut signed_in, &[("redirect_uri", &uri)]).await.parameter("code").is_some(), "{uri}");
    }
}

#[tokio::test]
async fn cve_2026_54072_a_redirect_uri_is_required_and_a_client_without_any_has_none() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    assert_eq!(
        app.ask(&mut browser, &[("redirect_uri", "")]).await.status,
        400,
        "oidcc-ensure-redirect-uri-in-request"
    );
    // CVE-2024-52289: the first one seen is not taken for registered.
    let nowhere = Application::new(&gateway, "nowhere");
    for _ in 0..2 {
        assert_eq!(nowhere.ask(&mut browser, &[]).await.status, 400);
    }
    for id in ["nobody", "APP", "app ", " app", "app\0", "app%00", "../app", "*", ""] {
        assert_eq!(app.ask(&mut browser, &[("client_id", id)]).await.status, 400, "{id:?}");
    }
    assert!(app.ask(&mut browser, &[]).await.is_at("/login/"), "the twin");
}

#[tokio::test]
async fn cve_2026_9689_parameters_of_an_answer_stand_in_it_once() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    app.code(&mut browser, JAN).await;
    let registered = gateway.tenant().client("app").expect("a client").redirect_uris[1].clone();
    assert!(registered.contains("code=mine"), "the registered URI has a code of its own");
    let page = app.ask(&mut browser, &[("redirect_uri", &registered)]).await;
    assert_ne!(page.code(), "mine");
    assert!(page.url.as_str().contains("?tenant=a%2Fb&code="), "its own query stays as it is: {}", page.url);
    // The whole registered text is what the token endpoint compares.
    assert_eq!(app.redeem(&page.code(), &[("redirect_uri", CALLBACK)]).await.error(), "invalid_grant");
    let again = app.ask(&mut browser, &[("redirect_uri", &registered)]).await;
    let tokens = app.redeem(&again.code(), &[("redirect_uri", &registered)]).await.json();
    assert!(!text(&tokens, "access_token").is_empty());
    // In an error too, and whatever the state pretends to be.
    let state = "x&code=evil&iss=https://evil.example#code=evil";
    let page = app.ask(&mut browser, &[("redirect_uri", &registered), ("state", state), ("response_type", "x")]).await;
    assert_eq!((page.parameter("code"), page.parameter("state").as_deref()), (None, Some(state)));
    assert_eq!(page.parameter("iss").as_deref(), Some(gateway.tenant().origin.as_str()));
    assert!(page.url.fragment().is_none());
}

#[tokio::test]
async fn cve_2026_9689_a_parameter_of_a_request_that_comes_twice_is_shown_and_never_sent_back() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    let good = app.authorize_url(&[]);
    for more in [
        "redirect_uri=https://evil.example",
        "redirect_uri=https%3A%2F%2Fapp.example%2Fcallback",
        "client_id=app-2",
        "client_id=app",
        "state=other",
        "%73tate=other",
        "response_type=token",
        "scope=openid",
        "code_challenge=x",
        "code_challenge_method=plain",
        "nonce=x",
        "prompt=none&prompt=none",
        "x=1&x=2",
    ] {
        let page = browser.get(&format!("{good}&{more}")).await;
        assert_eq!((page.status.as_u16(), page.url.path()), (400, "/authorize"), "{more}: {}", page.url);
    }
    assert!(browser.get(&format!("{good}&x=1")).await.is_at("/login/"), "the twin");
}

#[tokio::test]
async fn cve_2023_6134_every_response_mode_goes_through_the_same_check() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    for mode in ["query", "fragment", "form_post", "form_post.jwt", "jwt", "web_message", "query.jwt", "fragment.jwt"] {
        let evil = [("redirect_uri", "https://evil.example"), ("response_mode", mode)];
        let page = app.ask(&mut browser, &evil).await;
        assert_eq!((page.status.as_u16(), page.url.path()), (400, "/authorize"), "{mode}");
        let known = app.ask(&mut browser, &[("response_mode", mode)]).await;
        assert_eq!(known.error() == "invalid_request", mode != "query", "{mode}");
    }
}

#[tokio::test]
async fn cve_2026_7571_what_a_login_is_for_is_not_in_its_address() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    let page = app.ask(&mut browser, &[]).await;
    let attempt = page.url.path().trim_start_matches("/login/").to_owned();
    // Nothing added to the address of the login changes it.
    let evil = encoded(&changed(
        &[],
        &[("redirect_uri", "https://evil.example"), ("response_type", "token"), ("client_id", "app-2")],
    ));
    let page = browser.get(&format!("/login/{attempt}?{evil}")).await;
    let page = browser.log_in(&page, JAN).await;
    assert!(page.url.as_str().starts_with(CALLBACK), "{}", page.url);
    assert_eq!(app.redeem(&page.code(), &[]).await.status, 200);
    // And another browser has nothing of it (session fixation: CVE-2026-7507, CVE-2024-28197).
    let fixed = app.ask(&mut browser, &[("prompt", "login")]).await;
    let victim = gateway.browser().get(fixed.url.as_str()).await;
    assert!(!victim.text.contains("second=totp"), "{}", victim.text);
    let reply = gateway.send(Method::GET, fixed.url.as_str(), &[], "").await;
    assert!(!reply.text().contains("second=totp"));
}
