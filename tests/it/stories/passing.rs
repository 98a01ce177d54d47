//! PROXY: a request passes to a register, or not, and what the register gets.

use http::Method;

use crate::harness::{
    browser::without_nonces,
    demo::{AN, ELS, JAN, MARIE},
    gateway::{Gateway, PRO, RGS},
};

const AUDIENCE: &str = "https://dossier.riziv.example";

#[tokio::test]
async fn proxy_0_anothers_file_is_404_like_one_that_does_not_exist() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let own = format!("/dossiers/{}", gateway.number(PRO, JAN).await);
        browser.open_for(&own, ELS, "Claes").await;
        let before = gateway.registers.count();
        let mut pages = Vec::new();
        let foreign = gateway.number(PRO, MARIE).await;
        for path in [format!("/dossiers/{foreign}"), "/dossiers/19999975004".into(), "/no/such/page".into()] {
            let reply = browser.ask(&path).await;
            assert_eq!(reply.status, 404, "{path}");
            pages.push(without_nonces(&reply.text()));
        }
        pages.dedup();
        assert_eq!(pages.len(), 1, "one answer for all three: {}", gateway.name());
        assert_eq!(gateway.registers.count(), before, "nothing was forwarded");
        assert_eq!(browser.ask(&own).await.status, 200, "the twin");
    }
}

#[tokio::test]
async fn proxy_0_a_number_written_otherwise_is_not_the_same_path() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let number = gateway.number(PRO, JAN).await;
        browser.open_for(&format!("/dossiers/{number}"), ELS, "Claes").await;
        let foreign = gateway.number(PRO, MARIE).await;
        let before = gateway.registers.count();
        for path in [
            format!("/dossiers/{}-{}", &number[..8], &number[8..]),
            format!("/dossiers/{number}%20"),
            format!("/dossiers/%20{number}"),
            format!("/dossiers/{number}/"),
            format!("/dossiers//{number}"),
            format!("/dossiers/{foreign}/../{number}"),
            format!("/dossiers/{number}/..%2f{foreign}"),
            format!("/dossiers/{number};x={foreign}"),
            format!("/dossiers/{foreign}:{number}"),
            format!("/dossiers/{number}%00"),
            format!("/DOSSIERS/{number}"),
        ] {
            let reply = browser.ask(&path).await;
            assert!(matches!(reply.status.as_u16(), 400 | 404), "{path}: {}", reply.status);
        }
        assert_eq!(gateway.registers.count(), before, "{}", gateway.name());
        assert_eq!(browser.ask(&format!("/dossiers/{number}?x={foreign}")).await.status, 200, "the twin");
        assert_eq!(gateway.registers.last().target, format!("/dossiers/{number}?x={foreign}"), "byte for byte");
    }
}

#[tokio::test]
async fn proxy_0_cve_2026_33496_a_registration_has_one_spelling() {
    for gateway in Gateway::demos().await {
        let register = gateway.register(RGS).to_owned();
        let mut browser = gateway.browser();
        let page = browser.get(&format!("{register}/me")).await;
        let page = browser.prove(&page, RGS, crate::harness::demo::BRAM).await;
        browser.submit(&page, &[("as", "role:trainer")]).await;
        let own = gateway.number(RGS, crate::harness::demo::SANNE).await;
        let foreign = gateway.number(RGS, "daan.visser@example.org").await;
        let ask = async |path: String| browser.once(Method::GET, &format!("{register}{path}"), &[], None).await.status;
        assert_eq!(ask(format!("/schemes/{own}")).await, 200, "the twin: their own trainee");
        let before = gateway.registers.count();
        for value in [
            foreign.clone(),
            format!("{foreign}:{own}"),
            format!("x:{own}"),
            format!("number:{own}"),
            format!("{own}:"),
            format!(":{own}"),
        ] {
            assert_eq!(ask(format!("/schemes/{value}")).await, 404, "{value}");
        }
        assert_eq!(gateway.registers.count(), before, "{}", gateway.name());
    }
}

#[tokio::test]
async fn proxy_0_two_tabs_cannot_mix_two_mandators() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let jan = gateway.number(PRO, JAN).await;
        browser.open_for(&format!("/dossiers/{jan}"), ELS, "Claes").await;
        let in_first = browser.banner().await["profile"].as_str().expect("a handle").to_owned();
        let remark = |handle: &str| format!("text=hello&poort_profile={handle}");
        assert_eq!(browser.post(&format!("/dossiers/{jan}/remarks"), &remark(&in_first)).await.status, 200, "the twin");
        // The other tab changes to another mandator.
        let switch = browser.banner().await["switch_url"].as_str().expect("a link").to_owned();
        let page = browser.get(&format!("{}{switch}", gateway.register(PRO))).await;
        browser.choose_mandator(&page, "D'Hondt").await;
        let in_second = browser.banner().await["profile"].as_str().expect("a handle").to_owned();
        let before = gateway.registers.count();
        // The first tab sends what was rendered for Jan.
        let reply = browser.post(&format!("/dossiers/{jan}/remarks"), &remark(&in_first)).await;
        assert_eq!(reply.status, 409, "{}", reply.text());
        assert!(reply.text().contains("Jan Claes") && reply.text().contains("Élodie D&#39;Hondt"), "{}", reply.text());
        // Without a handle, with an invented one, with two, and with the right one for the file of the former.
        for body in
            ["text=hello".to_owned(), remark("invented"), format!("{}&poort_profile={in_first}", remark(&in_second))]
        {
            let status = browser.post(&format!("/dossiers/{jan}/remarks"), &body).await.status.as_u16();
            assert!(matches!(status, 400 | 409), "{body}: {status}");
        }
        assert_eq!(browser.post(&format!("/dossiers/{jan}/remarks"), &remark(&in_second)).await.status, 404);
        assert_eq!(browser.ask(&format!("/dossiers/{jan}")).await.status, 404, "the former file is closed");
        assert_eq!(gateway.registers.count(), before, "nothing of it was forwarded: {}", gateway.name());
    }
}

#[tokio::test]
async fn proxy_0_a_form_of_a_tab_whose_session_was_replaced_names_both() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let jan = gateway.number(PRO, JAN).await;
        browser.open_for(&format!("/dossiers/{jan}"), ELS, "Claes").await;
        let handle = browser.banner().await["profile"].as_str().expect("a handle").to_owned();
        // The profile is changed on the login host, and this register was not entered again: its session is the old one.
        let page = browser.get("/mandators").await;
        let page = match page.is_at("/mandators") {
            true => page,
            false => browser.submit(&page, &[("as", "citizen")]).await,
        };
        browser.choose_mandator(&page, "D'Hondt").await;
        let before = gateway.registers.count();
        let body = format!("text=hello&poort_profile={handle}");
        let reply = browser.post(&format!("/dossiers/{jan}/remarks"), &body).await;
        assert_eq!((reply.status.as_u16(), gateway.registers.count()), (409, before), "{}", reply.text());
        assert!(
            reply.text().contains("Jan Claes") && reply.text().contains("Élodie D&#39;Hondt"),
            "{}",
            gateway.name()
        );
        let refusals = gateway.lines_of("access.refused").await;
        assert_eq!(refusals.len(), 1, "AUDIT-1: a refusal is written down");
    }
}

#[tokio::test]
async fn proxy_0_an_entry_code_of_a_former_profile_opens_nothing() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as_a("/me", JAN, "citizen").await;
        // One tab is on its way to the register with a code for the citizen; meanwhile another chooses the physician.
        let host = gateway.tenant().registers[0].host.clone();
        browser.drop_cookie_of(&host, "__Host-poort-session");
        let begun =
            browser.once(Method::GET, &format!("{}/.poort/begin?return=/me", gateway.register(PRO)), &[], None).await;
        let started = browser.once(Method::GET, begun.header("location"), &[], None).await;
        let enter = started.header("location").to_owned();
        assert!(enter.contains("/.poort/enter?code="), "{enter}");
        let page = browser.get("/profile").await;
        browser.submit(&page, &[("as", "professional:physician")]).await;
        let page = browser.get(&enter).await;
        assert!(browser.cookie_of(&host, "__Host-poort-session").is_none(), "{}: {}", gateway.name(), page.text);
        let page = browser.get(&format!("{}/me", gateway.register(PRO))).await;
        assert_eq!(page.text, "the register at /me", "the twin");
        assert_eq!(browser.banner().await["capacity"], "professional");
    }
}

#[tokio::test]
async fn proxy_1_the_register_gets_one_token_and_nothing_the_client_said_of_itself() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as_a("/me", JAN, "professional:physician").await;
        browser.set_cookie_of(&gateway.tenant().registers[0].host, "own", "1");
        let url = format!("{}/me", gateway.register(PRO));
        let forged = [
            ("x-user", "admin"),
            ("x-remote-user", "admin"),
            ("remote-user", "admin"),
            ("x-forwarded-user", "admin"),
            ("x-forwarded-email", "admin@example.org"),
            ("x-forwarded-preferred-username", "admin"),
            ("x-forwarded-groups", "admin"),
            ("x-forwarded-access-token", "t"),
            ("x-auth-request-user", "admin"),
            ("x-authentik-username", "admin"),
            ("x-poort-person", "1"),
            ("poort-person", "1"),
            ("x-forwarded-for", "10.0.0.1"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-uri", "/administration"),
            ("x-original-url", "/administration"),
            ("x-rewrite-url", "/administration"),
            ("x-forwarded-method", "POST"),
            ("x-http-method-override", "DELETE"),
            ("forwarded", "for=10.0.0.1;host=evil.example"),
            ("client-cert", ":AAAA:"),
            ("x-ssl-client-cert", "x"),
            ("x-real-ip", "10.0.0.1"),
            ("x-request-id", "mine"),
            ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            ("connection", "x-request-id, forwarded, authorization"),
        ];
        let reply = browser.once(Method::GET, &url, &forged, None).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let got = gateway.registers.last();
        let claims = got.claims(&gateway, &gateway.tenant().origin, AUDIENCE).await;
        assert_eq!((&claims["name"], &claims["profile"]["capacity"]), (&"Jan Claes".into(), &"professional".into()));
        assert_eq!(got.target, "/me");
        assert_eq!(got.header("cookie"), "own=1", "Poort's own cookies stay with Poort");
        assert_eq!(got.header("x-forwarded-for"), "127.0.0.1");
        let authority = gateway.register(PRO).trim_start_matches("http://");
        assert_eq!((got.header("x-forwarded-host"), got.header("x-forwarded-proto")), (authority, "http"));
        assert!(got.header("forwarded").starts_with("for=127.0.0.1;"), "{}", got.header("forwarded"));
        assert_ne!(got.header("x-request-id"), "mine");
        assert!(!got.header("traceparent").contains("0af7651916cd43dd8448eb211c80319c"), "nobody trusted sent it");
        let rebuilt = [
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "forwarded",
            "x-request-id",
            "traceparent",
            "connection",
        ];
        for (name, value) in forged.iter().filter(|(name, _)| !rebuilt.contains(name)) {
            assert!(!got.headers.contains_key(*name), "{name}: {value}: {}", gateway.name());
        }
        // Nothing of identity in any other header.
        for (name, value) in &got.headers {
            let value = value.to_str().expect("ASCII");
            assert!(name == "authorization" || !value.contains("admin") && !value.contains("Jan"), "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn proxy_1_a_client_that_brings_its_own_authorization_is_not_believed() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let backends = gateway.registers.last().header("authorization").to_owned();
        let before = gateway.registers.count();
        let url = format!("{}/me", gateway.register(PRO));
        for (authorization, status) in [
            ("Bearer x", 401),
            ("bearer", 200),
            ("Basic YWRtaW46YWRtaW4=", 200),
            // The register's own token, brought back.
            (&backends, 401),
        ] {
            let reply = browser.once(Method::GET, &url, &[("authorization", authorization)], None).await;
            assert_eq!(reply.status, status, "{authorization}");
        }
        assert_eq!(gateway.registers.count(), before + 2);
        for got in &gateway.registers.all()[before..] {
            let claims = got.claims(&gateway, &gateway.tenant().origin, AUDIENCE).await;
            assert_eq!(claims["name"], "An Verbeke", "what passes bears Poort's token: {}", gateway.name());
        }
    }
}

#[tokio::test]
async fn proxy_1_without_a_session_a_person_logs_in_and_a_program_hears_401() {
    for gateway in Gateway::demos().await {
        let browser = gateway.browser();
        let url = format!("{}/me?x=1", gateway.register(PRO));
        let person = browser.once(Method::GET, &url, &[], None).await;
        assert_eq!((person.status.as_u16(), person.header("location")), (303, "/.poort/begin?return=%2Fme%3Fx%3D1"));
        let program = [("accept", "application/json"), ("sec-fetch-mode", "")];
        for (method, changes) in
            [(Method::GET, &program[..]), (Method::GET, &[("accept", "text/html"), ("sec-fetch-mode", "cors")])]
        {
            let reply = browser.once(method, &url, changes, None).await;
            assert_eq!((reply.status.as_u16(), reply.header("set-cookie")), (401, ""));
        }
        let reply = browser.once(Method::GET, &url, &program, None).await;
        assert_eq!(
            (reply.header("www-authenticate"), reply.header("content-type")),
            ("Bearer", "application/problem+json")
        );
        assert_eq!(gateway.registers.count(), 0, "{}", gateway.name());
    }
}

#[tokio::test]
async fn proxy_1_what_a_register_sets_stays_the_registers() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_as("/me", AN).await;
    let reply = browser.ask("/me").await;
    let set: Vec<&str> =
        reply.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("ASCII")).collect();
    assert_eq!(set, ["own=1; Path=/"], "neither our names nor other hosts");
    assert_eq!(reply.header("x-register"), "yes");
}

#[tokio::test]
async fn proxy_1_the_token_is_kept_until_half_its_life_is_gone_and_made_anew_after() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let token = async || {
            gateway.tick().await;
            assert_eq!(browser.ask("/me").await.status, 200);
            gateway.registers.last().header("authorization").to_owned()
        };
        let first = token().await;
        assert_eq!(token().await, first, "{}", gateway.name());
        gateway.advance(std::time::Duration::from_secs(61));
        assert_ne!(token().await, first);
    }
}

#[tokio::test]
async fn proxy_2_a_refusal_says_which_profile_would_do() {
    for gateway in Gateway::demos().await {
        let path = format!("/dossiers/{}", gateway.number(PRO, JAN).await);
        let mut browser = gateway.browser();
        let page = browser.open_as_a(&path, JAN, "citizen").await;
        assert_eq!(page.status, 403, "{}", page.text);
        assert!(page.text.contains("Professioneel zorgverlener"), "{}", page.text);
        let page = browser.follow(&page, "choose=1").await;
        let page = browser.submit(&page, &[("as", "professional:physician")]).await;
        assert_eq!(page.text, format!("the register at {path}"), "and leads back: {}", gateway.name());
    }
}

#[tokio::test]
async fn proxy_2_a_refusal_is_in_the_persons_language_and_has_a_reference() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_as("/me", AN).await;
    let url = format!("{}/administration", gateway.register(PRO));
    let mut titles = Vec::new();
    for language in ["nl", "fr", "de", "en"] {
        gateway.later();
        let reply = browser.once(Method::GET, &url, &[("accept-language", language)], None).await;
        assert_eq!(reply.status, 403);
        let text = reply.text();
        assert!(text.contains(&format!("<html lang=\"{language}\"")), "{text}");
        let title = text.split("<h1").nth(1).and_then(|rest| rest.split("</h1>").next()).expect("a title");
        titles.push(title.to_owned());
        let reference = gateway.lines_of("access.refused").await[0]["reference"].as_str().expect("one").to_owned();
        assert!(text.contains(&reference), "the reference on the page is the one in the log");
    }
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 4);
}

#[tokio::test]
async fn proxy_2_what_must_stay_hidden_asks_for_no_better_login() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.get(&format!("{}/me", gateway.register(PRO))).await;
        let page = browser.prove_by_mail(&page, PRO, JAN).await;
        browser.submit(&page, &[("as", "professional:physician")]).await;
        let own = browser.ask(&format!("/dossiers/{}", gateway.number(PRO, JAN).await)).await;
        assert_eq!(own.status, 403, "the twin: one's own asks for it");
        let foreign = browser.ask(&format!("/dossiers/{}", gateway.number(PRO, MARIE).await)).await;
        assert_eq!(foreign.status, 404, "{}", gateway.name());
    }
}
