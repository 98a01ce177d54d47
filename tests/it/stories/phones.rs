//! LOGIN-5, LOGIN-8 and LOGIN-10: codes by SMS and in a call, and the number that they go to.

use std::time::Duration;

use poort::{
    notify::telephone::{Channel, Interface, ProviderSettings, Telephone},
    service::phones,
};
use secrecy::SecretString;

use crate::harness::{
    browser::{Browser, Page},
    demo::{BRAM, FEMKE, JOOST, LANDLINE, PASSWORD, RUBEN, SANNE, SANNES_PHONE},
    gateway::{Gateway, RGS},
    receiver::Receiver,
};

/// The demo, about the tenant that asks for a number.
async fn gateways() -> Vec<Gateway> {
    Gateway::demos().await.into_iter().map(|gateway| gateway.about(RGS)).collect()
}

/// The page for the code by telephone, after the password.
pub async fn code_page(browser: &mut Browser<'_>, email: &str) -> Page {
    let page = browser.get("/").await;
    let page = browser.follow(&page, "second=phone-code").await;
    let page = browser.submit(&page, &[("user_name", email), ("password", PASSWORD)]).await;
    assert!(page.url.path().ends_with("/phone-code"), "{} {}", page.url, page.text);
    page
}

fn is_in(page: &Page) -> bool {
    page.status == 200 && !page.is_at("/login/") && !page.is_at("/factors")
}

#[tokio::test]
async fn login_5_with_password_and_a_code_by_sms() {
    for gateway in gateways().await {
        let mut browser = gateway.browser();
        let page = code_page(&mut browser, SANNE).await;
        assert!(page.text.contains("autocomplete=\"one-time-code\"") && page.text.contains("inputmode=\"numeric\""));
        for part in ["10000001", "0000001", "eindigt op"] {
            assert!(!page.text.contains(part), "no digit of the number is shown: {}", page.text);
        }
        let sms = gateway.rung(RGS, SANNES_PHONE).await;
        assert_eq!((sms.len(), sms[0].channel), (1, Channel::Sms), "{}", gateway.name());
        let code = gateway.phoned_code(RGS, SANNES_PHONE).await;
        assert!(sms[0].text().ends_with(&format!("\n@mijnrgs.localhost #{code}")), "{}", *sms[0].text());
        assert_eq!(gateway.mails(RGS, SANNE).await.len(), 0, "and nothing by mail");
        gateway.later();
        let page = browser.submit(&page, &[("code", &format!("{} {}", &code[..3], &code[3..]))]).await;
        assert!(is_in(&page), "{} {}", page.url, page.text);
        let line = &gateway.lines_in(RGS, "login.succeeded").await[0];
        assert_eq!(
            (&line["details"]["means"], &line["details"]["assurance"]),
            (&"password-phone-code".into(), &"low".into())
        );
    }
}

#[tokio::test]
async fn login_5_a_landline_is_called_and_who_wishes_is_called_instead() {
    for gateway in gateways().await {
        let mut browser = gateway.browser();
        let page = code_page(&mut browser, RUBEN).await;
        assert!(page.text.contains("Wij bellen het telefoonnummer"), "{}", page.text);
        let call = gateway.rung(RGS, LANDLINE).await.pop().expect("a call");
        let code = gateway.phoned_code(RGS, LANDLINE).await;
        let spoken: Vec<String> = code.chars().map(String::from).collect();
        assert_eq!(call.channel, Channel::Voice);
        assert_eq!(call.words.iter().filter(|words| words.contains(&spoken.join(", "))).count(), 2, "said twice");
        gateway.later();
        let page = browser.submit(&page, &[("code", &code)]).await;
        assert!(is_in(&page), "{} {}", page.url, page.text);

        // A mobile gets an SMS, and after a while its owner asks to be called.
        let mut browser = gateway.browser();
        let page = code_page(&mut browser, SANNE).await;
        let first = gateway.phoned_code(RGS, SANNES_PHONE).await;
        let early = browser.press(&page, "/phone-code/send", &[("way", "voice")]).await;
        assert_eq!((early.url.query(), gateway.rung(RGS, SANNES_PHONE).await.len()), (Some("soon=1"), 1));
        gateway.advance(gateway.tenant().terms.email_code_resend);
        let page = browser.press(&early, "/phone-code/send", &[("way", "voice")]).await;
        assert!(page.text.contains("Wij bellen het telefoonnummer"), "{}", page.text);
        let sent = gateway.rung(RGS, SANNES_PHONE).await;
        assert_eq!(sent.iter().map(|message| message.channel).collect::<Vec<_>>(), [Channel::Sms, Channel::Voice]);
        let page = browser.submit(&page, &[("code", &first)]).await;
        assert!(is_in(&page), "the first code works within its time: {} {}", page.url, page.text);
    }
}

#[tokio::test]
async fn login_5_a_code_by_telephone_expires_and_is_limited_in_tries() {
    for gateway in gateways().await {
        let mut browser = gateway.browser();
        let page = code_page(&mut browser, SANNE).await;
        let code = gateway.phoned_code(RGS, SANNES_PHONE).await;
        gateway.advance(gateway.tenant().terms.email_code);
        let mut page = browser.submit(&page, &[("code", &code)]).await;
        assert!(page.status == 422 && page.text.contains("niet meer geldig"), "{}", page.text);
        assert!(gateway.rung(RGS, SANNES_PHONE).await.is_empty(), "what is too old is not sent any more");
        page = browser.press(&page, "/phone-code/send", &[("way", "sms")]).await;
        let right = gateway.phoned_code(RGS, SANNES_PHONE).await;
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for _ in 1..gateway.tenant().terms.tries {
            page = browser.submit(&page, &[("code", wrong)]).await;
            assert_eq!(page.status, 422, "{}", page.text);
        }
        let refused = browser.submit(&page, &[("code", &right)]).await;
        assert_eq!(refused.status, 429, "the right one comes too late: {}", refused.text);
        assert_eq!(gateway.mails(RGS, SANNE).await.last().map(|mail| mail.kind.word()), Some("too_many_tries"));
    }
}

#[tokio::test]
async fn login_5_a_code_by_mail_instead_without_the_password_again() {
    for gateway in gateways().await {
        let mut browser = gateway.browser();
        let page = code_page(&mut browser, SANNE).await;
        let phoned = gateway.phoned_code(RGS, SANNES_PHONE).await;
        let page = browser.press(&page, "/phone-code/send", &[("way", "mail")]).await;
        assert!(page.url.path().ends_with("/email-code"), "{} {}", page.url, page.text);
        let mailed = gateway.mailed_code(RGS, SANNE).await;
        if phoned != mailed {
            let refused = browser.submit(&page, &[("code", &phoned)]).await;
            assert_eq!(refused.status, 422, "a code of another way: {}", refused.text);
        }
        gateway.later();
        let page = browser.submit(&page, &[("code", &mailed)]).await;
        assert!(is_in(&page), "{} {}", page.url, page.text);
    }
}

/// Somebody without a number, after password and app: led to the step with the number.
async fn led(gateway: &Gateway) -> (Browser<'_>, Page) {
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let page = browser.prove(&page, RGS, JOOST).await;
    assert!(page.is_at("/factors/phone"), "{} {}", page.url, page.text);
    (browser, page)
}

#[tokio::test]
async fn login_8_until_it_is_verified_its_owner_corrects_the_number_and_then_only_the_helpdesk_does() {
    for gateway in gateways().await {
        let (mut browser, page) = led(&gateway).await;
        // Nothing opens meanwhile: the choice of a profile is not to be had.
        let attempt = page.parameter("attempt").expect("a choice");
        assert!(browser.get(&format!("/profile?attempt={attempt}")).await.is_at("/factors/phone"));
        let wrong = browser.submit(&page, &[("number", "06 1000 00 98"), ("way", "sms")]).await;
        assert!(wrong.text.contains("eindigt op 98"), "{} {}", wrong.url, wrong.text);
        // They see the mistake, cancel, log in again, and are led there again.
        let again = browser.get(&format!("/factors/phone?attempt={attempt}")).await;
        assert!(again.text.contains("98") && again.text.contains("nog niet gecontroleerd"), "{}", again.text);
        browser.press(&again, "/logout", &[]).await;
        let (mut browser, page) = led(&gateway).await;
        let page = browser.submit(&page, &[("number", "06-10000099"), ("way", "sms")]).await;
        let code = gateway.phoned_code(RGS, "+31610000099").await;
        let malformed = browser.submit(&page, &[("code", "12345")]).await;
        assert!(malformed.status == 422 && malformed.text.contains("te kort"), "{}", malformed.text);
        let page = browser.submit(&malformed, &[("code", &code)]).await;
        assert!(is_in(&page), "and on to where one was going: {} {}", page.url, page.text);
        assert_eq!(gateway.lines_in(RGS, "factor.added").await[0]["details"]["factor"], "phone_code");
        let mail = gateway.mails(RGS, JOOST).await.pop().expect("a mail");
        assert!(mail.body.contains("eindigt op 99") && !mail.body.contains("610000099"), "{}", *mail.body);

        // From now on the helpdesk does, and the page says how to reach it.
        let page = browser.get("/factors/phone").await;
        assert!(page.text.contains("helpdesk") && page.text.contains("088 - 000 00 00"), "{}", page.text);
        assert!(!page.text.contains("name=\"number\""), "nothing to type it in");
        // Whoever sends the form all the same changes nothing.
        let mut forged = page;
        forged.text = forged.text.replace("action=\"/logout\"", "action=\"/factors/phone\"");
        let page = browser.press(&forged, "/factors/phone", &[("number", "06 10000098"), ("way", "sms")]).await;
        assert!(page.text.contains("eindigt op 99") && page.text.contains("helpdesk"), "{} {}", page.url, page.text);
        assert_eq!(gateway.rung(RGS, "+31610000098").await.len(), 1, "the one of before");
        let factors = browser.get("/factors").await;
        assert!(!factors.text.contains("/factors/phone/remove"), "{}", factors.text);
        // And it logs one in.
        gateway.later();
        let mut browser = gateway.browser();
        let page = code_page(&mut browser, JOOST).await;
        let page = browser.submit(&page, &[("code", &gateway.phoned_code(RGS, "+31610000099").await)]).await;
        assert!(is_in(&page), "{} {}", page.url, page.text);
    }
}

#[tokio::test]
async fn login_8_a_number_that_cannot_be_called_is_called_so() {
    let gateway = Gateway::demo().await.about(RGS);
    let (mut browser, mut page) = led(&gateway).await;
    for (typed, said) in [
        ("", "Vul uw telefoonnummer in"),
        ("geen idee", "Dit is geen telefoonnummer"),
        ("0900 1234567", "betaalnummer"),
        ("+44 7400 123456", "dit land"),
    ] {
        page = browser.submit(&page, &[("number", typed), ("way", "sms")]).await;
        assert!(page.status == 422 && page.text.contains(said), "{typed}: {}", page.text);
    }
    let rows = gateway.read_in(RGS).await.due_phone_messages(gateway.core().now(), 10).await.expect("reads");
    assert!(rows.is_empty(), "nothing was sent to any of them");
}

#[tokio::test]
async fn login_10_two_people_share_a_number_and_not_a_code() {
    for gateway in gateways().await {
        let (mut ruben, mut femke) = (gateway.browser(), gateway.browser());
        let rubens = code_page(&mut ruben, RUBEN).await;
        let for_ruben = gateway.phoned_code(RGS, LANDLINE).await;
        gateway.later();
        let femkes = code_page(&mut femke, FEMKE).await;
        let for_femke = gateway.phoned_code(RGS, LANDLINE).await;
        if for_ruben != for_femke {
            let refused = femke.submit(&femkes, &[("code", &for_ruben)]).await;
            assert_eq!(refused.status, 422, "{}", refused.text);
        }
        assert!(is_in(&femke.submit(&femkes, &[("code", &for_femke)]).await));
        assert!(is_in(&ruben.submit(&rubens, &[("code", &for_ruben)]).await));
    }
}

#[tokio::test]
async fn login_5_where_no_number_is_asked_one_is_added_and_removed_like_an_app() {
    for gateway in Gateway::demos_with(|tenant| tenant.phone.iter_mut().for_each(|terms| terms.required = false)).await
    {
        let gateway = gateway.about(RGS);
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.prove(&page, RGS, JOOST).await;
        assert!(is_in(&page), "nobody is led to it: {} {}", page.url, page.text);
        let mut other = gateway.browser();
        let page = other.get("/").await;
        other.prove(&page, RGS, JOOST).await;
        let page = browser.get("/factors/phone").await;
        let page = browser.submit(&page, &[("number", "020 000 00 01"), ("way", "sms")]).await;
        assert!(page.text.contains("Wij bellen"), "a landline is called: {}", page.text);
        let page = browser.submit(&page, &[("code", &gateway.phoned_code(RGS, LANDLINE).await)]).await;
        assert!(page.text.contains("is gecontroleerd"), "{} {}", page.url, page.text);
        let page = browser.press(&page, "/factors/phone/remove", &[]).await;
        assert!(page.text.contains("Uw telefoonnummer is verwijderd"), "{} {}", page.url, page.text);
        let page = other.get("/factors").await;
        assert!(page.is_at("/login/"), "every other login ends with it: {}", page.url);
        let told: Vec<_> = gateway.mails(RGS, JOOST).await.iter().map(|mail| mail.kind.word()).collect();
        assert_eq!(told, ["factor_changed", "factor_changed"]);
        // An old login adds nothing.
        gateway.advance(Duration::from_secs(15 * 60));
        let page = browser.get("/factors/phone").await;
        let page = browser.submit(&page, &[("number", "06 10000099"), ("way", "sms")]).await;
        assert!(page.url.path() == "/factors" && page.text.contains("Opnieuw inloggen"), "{} {}", page.url, page.text);
    }
}

/// What hands messages to a provider that the test plays.
fn telephone(gateway: &Gateway, provider: &Receiver) -> Telephone {
    let settings = ProviderSettings {
        interface: Interface::Twilio { account: "AC1".into() },
        url: provider.url("/").parse().expect("a URL"),
        key: SecretString::from("k3y"),
        sender: "Poort".into(),
        caller: "+31880000000".into(),
        timeout: Duration::from_secs(5),
    };
    Telephone::new(vec![settings], gateway.clock.clone()).expect("TLS")
}

#[tokio::test]
async fn once_a_message_by_telephone_is_handed_over_once_by_two_replicas_or_not_at_all() {
    for gateway in gateways().await {
        let (other, provider) = (gateway.again().await, Receiver::start().await);
        let (here, there) = (telephone(&gateway, &provider), telephone(&other, &provider));
        for email in [SANNE, BRAM, RUBEN] {
            code_page(&mut gateway.browser(), email).await;
        }
        let (one, two) =
            tokio::join!(phones::send_due(&gateway.shared, &here), phones::send_due(&other.shared, &there));
        assert_eq!(one.expect("sends") + two.expect("sends"), 3, "{}", gateway.name());
        let mut paths: Vec<String> = provider.take().into_iter().map(|(path, _)| path).collect();
        paths.sort();
        let sms = "POST /2010-04-01/Accounts/AC1/Messages.json";
        assert_eq!(paths, ["POST /2010-04-01/Accounts/AC1/Calls.json", sms, sms]);

        // A replica took one and was killed: nobody hands it over a second time.
        code_page(&mut gateway.browser(), FEMKE).await;
        let now = gateway.core().now();
        let due = gateway.read_in(RGS).await.due_phone_messages(now, 10).await.expect("reads");
        let mut transaction = gateway.begin_in(RGS).await;
        assert!(transaction.take_phone_message(&due[0].id, now).await.expect("takes"));
        transaction.commit().await.expect("commits");
        gateway.advance(Duration::from_secs(300));
        assert_eq!(phones::send_due(&other.shared, &there).await.expect("looks"), 0);
        assert!(provider.take().is_empty());

        // What the provider refuses is tried again a little later; what it may have taken is not.
        for (status, again) in [(503, 1), (504, 0)] {
            code_page(&mut gateway.browser(), SANNE).await;
            provider.answers(&[status]);
            let mut sent = Vec::new();
            for pause in [0, 9, 1] {
                gateway.advance(Duration::from_secs(pause));
                sent.push(phones::send_due(&gateway.shared, &here).await.expect("sends"));
            }
            assert_eq!(sent, [0, 0, again], "{status} {}", gateway.name());
            assert_eq!(provider.take().len(), 1 + again, "{status}");
        }
    }
}
