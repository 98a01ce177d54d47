//! Passkeys (S20, section 4.3 of the advisories): whatever is not an answer to this question, by this person's device, for this host.
//!
//! Keys and signatures are other people's (`harness/authenticator.rs`); what a browser says around them is from here, and lies.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::future::join_all;
use http::Method;

use crate::{
    harness::{
        application::encoded,
        authenticator::{Authenticator, Lie},
        browser::{Browser, Page},
        demo::{AN, JAN, PASSWORD, SANNE},
        gateway::{Gateway, PRO, RGS},
    },
    stories::{asked_for_passkey, with_passkey},
};

const SESSION: &str = "__Host-poort-session";

/// What a browser may say that is not so, each by its name.
fn lies(gateway: &Gateway) -> Vec<(&'static str, Lie<'static>)> {
    let challenge = URL_SAFE_NO_PAD.encode([7; 32]).leak();
    let origin = &gateway.tenant().origin;
    let host = &gateway.tenant().host;
    let leak = |text: String| -> &'static str { text.leak() };
    vec![
        ("another site", Lie { origin: Some("https://evil.example"), ..Lie::default() }),
        (
            "a host that ends alike (CVE of Kanidm 1.10)",
            Lie { origin: Some(leak(origin.replace(host, &format!("evil{host}")))), ..Lie::default() },
        ),
        (
            "a host below this one",
            Lie { origin: Some(leak(origin.replace(host, &format!("sub.{host}")))), ..Lie::default() },
        ),
        ("another port", Lie { origin: Some(leak(format!("http://{host}:1"))), ..Lie::default() }),
        ("another scheme", Lie { origin: Some(leak(origin.replace("http:", "https:"))), ..Lie::default() }),
        ("another RP ID", Lie { rp_id: Some("evil.example"), ..Lie::default() }),
        ("a wider RP ID", Lie { rp_id: Some("localhost"), ..Lie::default() }),
        ("a question that was never asked", Lie { challenge: Some(challenge), ..Lie::default() }),
        ("a page within another site's", Lie { framed: true, ..Lie::default() }),
        ("nobody was verified", Lie { unverified: true, ..Lie::default() }),
    ]
}

/// Somebody who just logged in with password and app.
async fn signed_in<'g>(gateway: &'g Gateway, email: &str) -> Browser<'g> {
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    browser.prove(&page, PRO, email).await;
    browser
}

async fn passkeys(gateway: &Gateway, email: &str) -> usize {
    let id = gateway.id(email).await;
    gateway.read_in(PRO).await.passkeys_of(id, &gateway.tenant().host).await.expect("reads").len()
}

#[tokio::test]
async fn s20_cve_2026_6856_cve_2026_8830_a_passkey_is_made_here_for_this_question_by_who_was_verified() {
    for gateway in Gateway::demos().await {
        let mut browser = signed_in(&gateway, AN).await;
        let page = browser.get("/factors").await;
        let mut all = lies(&gateway);
        all.push(("the other ceremony", Lie { kind: Some("webauthn.get"), ..Lie::default() }));
        for (what, lie) in all {
            let refused = browser.add_passkey_with(&page, &mut Authenticator::new(), "x", &lie).await;
            assert_eq!((refused.status.as_u16(), passkeys(&gateway, AN).await), (422, 0), "{}: {what}", gateway.name());
        }
        for answer in ["", "x", "{}", "[]", "null", &"[".repeat(10_000)] {
            let refused = browser.press(&page, "/factors/passkeys", &[("name", "x"), ("answer", answer)]).await;
            assert_eq!(refused.status, 422, "{answer:.20}");
        }
        let page = browser.add_passkey(&mut Authenticator::new(), "x").await;
        assert_eq!((page.status.as_u16(), passkeys(&gateway, AN).await), (200, 1), "the twin: {}", page.text);
    }
}

#[tokio::test]
async fn s20_what_an_authenticator_made_is_taken_once_and_where_it_was_asked() {
    for gateway in Gateway::demos().await {
        let mut browser = signed_in(&gateway, AN).await;
        let mut other = signed_in(&gateway, JAN).await;
        let origin = gateway.tenant().origin.clone();
        let (page, others) = (browser.get("/factors").await, other.get("/factors").await);
        let mut authenticator = Authenticator::new();
        let options = browser.passkey_options(&page, "/factors/passkeys").await;
        let answer = authenticator.make(&options, &origin, &Lie::default());
        let fields = [("name", "x"), ("answer", answer.as_str())];
        // In another person's session, which would then own the first one's device.
        assert_eq!(other.press(&others, "/factors/passkeys", &fields).await.status, 422, "{}", gateway.name());
        assert_eq!(browser.press(&page, "/factors/passkeys", &fields).await.status, 200, "the twin");
        assert_eq!(browser.press(&page, "/factors/passkeys", &fields).await.status, 422, "a second time");
        assert_eq!((passkeys(&gateway, AN).await, passkeys(&gateway, JAN).await), (1, 0));
        // A question is not kept for ever.
        let options = browser.passkey_options(&page, "/factors/passkeys").await;
        let answer = authenticator.make(&options, &origin, &Lie::default());
        gateway.advance(std::time::Duration::from_secs(15 * 60));
        browser.press(&page, "/factors/passkeys", &[("name", "y"), ("answer", &answer)]).await;
        assert_eq!(passkeys(&gateway, AN).await, 1, "too late");
    }
}

#[tokio::test]
async fn s20_a_passkey_logs_in_here_for_this_question_who_was_verified() {
    for gateway in Gateway::demos().await {
        let (_, mut authenticator) = with_passkey(&gateway, PRO, AN).await;
        let mut all = lies(&gateway);
        all.push(("the other ceremony", Lie { kind: Some("webauthn.create"), ..Lie::default() }));
        all.push(("a handle that nobody has", Lie { handle: Some(vec![9; 16]), ..Lie::default() }));
        all.push(("a handle that is none", Lie { handle: Some(vec![9; 65]), ..Lie::default() }));
        for (what, lie) in all {
            let mut browser = gateway.browser();
            let page = asked_for_passkey(&mut browser, "/").await;
            let refused = browser.show_passkey(&page, &mut authenticator, &lie).await;
            assert_eq!(refused.status, 422, "{}: {what}: {}", gateway.name(), refused.text);
            assert!(browser.cookie(SESSION).is_none(), "{what}");
            // Not so many that the account has to wait.
            let page = asked_for_passkey(&mut browser, "/").await;
            browser.show_passkey(&page, &mut authenticator, &Lie::default()).await;
            assert!(browser.cookie(SESSION).is_some(), "the twin of {what}");
        }
    }
}

#[tokio::test]
async fn s20_an_answer_counts_once_in_the_attempt_and_browser_that_were_asked() {
    for gateway in Gateway::demos().await {
        let (_, mut authenticator) = with_passkey(&gateway, PRO, AN).await;
        let mut browser = gateway.browser();
        let page = asked_for_passkey(&mut browser, "/").await;
        let options = browser.passkey_options(&page, "/passkey").await;
        let answer = authenticator.show(&options, &gateway.tenant().origin, &Lie::default());
        // A thief who reads the answer brings it in a browser of their own, and in another attempt of the same.
        let mut thief = gateway.browser();
        let own = asked_for_passkey(&mut thief, "/").await;
        thief.press(&own, "/passkey", &[("answer", &answer)]).await;
        assert!(thief.cookie(SESSION).is_none(), "{}", gateway.name());
        let second = asked_for_passkey(&mut browser, "/").await;
        browser.press(&second, "/passkey", &[("answer", &answer)]).await;
        assert!(browser.cookie(SESSION).is_none(), "another attempt");
        // Twenty times at once where it belongs: one login.
        let mut fields = Browser::form(&page, "/passkey");
        fields.retain(|(name, _)| name != "answer");
        fields.push(("answer".into(), answer.clone()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let body = encoded(&fields);
        let sent = (0..20).map(|_| browser.once(Method::POST, page.url.as_str(), &[], Some(body.clone())));
        let replies = join_all(sent).await;
        let let_in = replies.iter().filter(|reply| reply.header("set-cookie").contains(SESSION)).count();
        assert_eq!(let_in, 1, "{}", gateway.name());
        assert_eq!(gateway.lines_of("login.succeeded").await.len(), 2, "with the one by password");
    }
}

#[tokio::test]
async fn s20_a_count_that_does_not_go_on_is_refused_and_noted() {
    for gateway in Gateway::demos().await {
        let (_, mut authenticator) = with_passkey(&gateway, PRO, AN).await;
        let mut asked = Vec::new();
        for _ in 0..2 {
            let mut browser = gateway.browser();
            let page = asked_for_passkey(&mut browser, "/").await;
            let options = browser.passkey_options(&page, "/passkey").await;
            let answer = authenticator.show(&options, &gateway.tenant().origin, &Lie::default());
            asked.push((browser, page, answer));
        }
        let (mut browser, page, answer) = asked.pop().expect("the later count");
        browser.press(&page, "/passkey", &[("answer", &answer)]).await;
        assert!(browser.cookie(SESSION).is_some(), "{}", gateway.name());
        let (mut browser, page, answer) = asked.pop().expect("the earlier count");
        let refused = browser.press(&page, "/passkey", &[("answer", &answer)]).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(browser.cookie(SESSION).is_none());
        assert_eq!(gateway.lines_of("login.failed").await[0]["details"]["reason"], "count did not go on");
    }
}

#[tokio::test]
async fn s20_another_persons_passkey_is_no_second_step() {
    for gateway in Gateway::demos_with(|tenant| {
        // A second step beside the first, with the same devices.
        let second =
            ["password", "passkey"].map(|word| poort::domain::tenant::Factor::from_word(word).expect("a factor"));
        if tenant.means.iter().all(|means| means.factors != second) {
            let assurance = poort::domain::assurance::Assurance::Substantial;
            let means = poort::domain::tenant::Means { id: "second".into(), factors: second.to_vec(), assurance };
            tenant.means.push(means);
        }
    })
    .await
    {
        let (_, mut hers) = with_passkey(&gateway, PRO, AN).await;
        let (_, mut his) = with_passkey(&gateway, PRO, JAN).await;
        let begun = async |browser: &mut Browser<'_>| -> Page {
            let page = browser.get("/").await;
            let page = browser.follow(&page, "second=passkey").await;
            browser.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await
        };
        let mut browser = gateway.browser();
        let page = begun(&mut browser).await;
        // With his handle, and with hers.
        for handle in [None, Some(hers.handle())] {
            let refused = browser.show_passkey(&page, &mut his, &Lie { handle, ..Lie::default() }).await;
            assert_eq!(refused.status, 422, "{}: {}", gateway.name(), refused.text);
            assert!(browser.cookie(SESSION).is_none());
        }
        browser.show_passkey(&page, &mut hers, &Lie::default()).await;
        assert!(browser.cookie(SESSION).is_some(), "the twin");
    }
}

#[tokio::test]
async fn s20_a_passkey_of_one_tenant_is_nothing_in_another() {
    for gateway in Gateway::demos().await {
        let (_, mut authenticator) = with_passkey(&gateway, PRO, AN).await;
        let (origin, host) = (gateway.tenant().origin.clone(), gateway.tenant().host.clone());
        let gateway = gateway.about(RGS);
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=passkey").await;
        let page = browser.submit(&page, &[("user_name", SANNE), ("password", PASSWORD)]).await;
        let own = gateway.tenant().origin.clone();
        for (what, origin, rp_id) in
            [("as it is there", origin.as_str(), Some(host.as_str())), ("as if it were made here", own.as_str(), None)]
        {
            let options = browser.passkey_options(&page, "/passkey").await;
            let answer = authenticator.show(&options, origin, &Lie { rp_id, ..Lie::default() });
            let refused = browser.press(&page, "/passkey", &[("answer", &answer)]).await;
            assert_eq!(refused.status, 422, "{}: {what}", gateway.name());
        }
        assert!(browser.cookie(SESSION).is_none());
    }
}

#[tokio::test]
async fn s20_the_host_and_origin_come_from_the_tenants_file() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    let page = asked_for_passkey(&mut browser, "/").await;
    let form = Browser::form(&page, "/passkey");
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let url = format!("{}/options", page.url);
    let changes = [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-host", "evil.example"),
    ];
    let reply = browser.once(Method::POST, &url, &changes, Some(encoded(&fields))).await;
    let options = reply.json();
    assert_eq!(options["publicKey"]["rpId"], gateway.tenant().host, "{options}");
    assert_eq!(options["publicKey"]["userVerification"], "required");
    assert!(!reply.text().contains("evil.example"));
    // Nothing in it names a person or a passkey, whoever asks (S16).
    assert_eq!(options["publicKey"]["allowCredentials"], serde_json::json!([]), "{options}");
}
