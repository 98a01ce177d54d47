//! PROFILE: as what, for whom, and within which organization.

use poort::domain::mandate::Holder;

use crate::harness::{
    browser::Browser,
    demo::{AN, ELS, HILDE, JAN, KAREL, KOEN, LOTTE, MARIE, NORA, PIETER, TOM},
    gateway::{Gateway, PRO},
};

#[tokio::test]
async fn profile_1_the_page_offers_citizen_professions_and_organizations() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.open_as("/me", KOEN).await;
        assert!(page.is_at("/profile"), "{}", page.url);
        let offered = Browser::offered(&page, "as");
        assert_eq!(offered, ["citizen", "professional:pharmacist", "professional:pharmacist_biologist"]);
        assert_eq!(Browser::form(&page, "/profile").iter().find(|(name, _)| name == "as").expect("one").1, "citizen");
        let hospital = gateway.organization_of(KOEN).await.to_string();
        assert_eq!(Browser::offered(&page, "organization"), ["", hospital.as_str()]);
        let page = browser.submit(&page, &[("as", "professional:pharmacist_biologist")]).await;
        assert_eq!(page.text, "the register at /me", "{}", gateway.name());
        let banner = browser.banner().await;
        assert_eq!(banner["capacity"], "professional", "{banner}");
    }
}

#[tokio::test]
async fn profile_1_with_one_possibility_it_is_chosen_silently() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.open_as("/me", AN).await;
        assert_eq!(page.text, "the register at /me", "no question in between: {:#?}", page.trail);
        assert_eq!(browser.banner().await["capacity"], "citizen");
    }
}

#[tokio::test]
async fn profile_1_it_is_changed_later_without_logging_in_again() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as_a("/me", JAN, "citizen").await;
        let logins = gateway.lines_of("login.succeeded").await.len();
        let switch = browser.banner().await["switch_url"].as_str().expect("a link").to_owned();
        let page = browser.get(&format!("{}{switch}", gateway.register(PRO))).await;
        assert!(page.is_at("/profile"), "{}", page.url);
        browser.submit(&page, &[("as", "professional:physician")]).await;
        assert_eq!(browser.banner().await["capacity"], "professional");
        assert_eq!(gateway.lines_of("login.succeeded").await.len(), logins);
    }
}

#[tokio::test]
async fn profile_1_what_is_not_offered_cannot_be_chosen() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.open_as("/me", JAN).await;
        let hospital = gateway.organization_of(TOM).await.to_string();
        for fields in [
            [("as", "professional:pharmacist"), ("organization", "")],
            [("as", "role:director"), ("organization", "")],
            [("as", "role:helpdesk"), ("organization", "")],
            [("as", "mandate_holder"), ("organization", "")],
            [("as", ""), ("organization", "")],
            [("as", "citizen"), ("organization", &hospital)],
            [("as", "citizen"), ("organization", "1")],
        ] {
            let form = Browser::form(&page, "/profile");
            let csrf = &form.iter().find(|(name, _)| name == "csrf").expect("a token").1;
            let attempt = &form.iter().find(|(name, _)| name == "attempt").expect("an attempt").1;
            let all = [("csrf", csrf.as_str()), ("attempt", attempt), fields[0], fields[1]];
            let body = crate::harness::application::encoded(&all);
            let url = format!("{}/profile", gateway.tenant().origin);
            let reply = browser.once(http::Method::POST, &url, &[], Some(body)).await;
            assert_eq!(reply.status, 422, "{fields:?}");
        }
        assert_eq!(gateway.lines_of("profile.chosen").await.len(), 0);
        let page = browser.submit(&page, &[("as", "professional:physician")]).await;
        assert_eq!(page.text, "the register at /me", "the twin");
    }
}

#[tokio::test]
async fn profile_1_a_represented_person_is_never_proposed_again() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_for("/me", ELS, "Claes").await;
    assert_eq!(browser.banner().await["capacity"], "mandate_holder");
    // Entering anew asks anew.
    browser.drop_cookie_of(&gateway.tenant().registers[0].host, "__Host-poort-session");
    let page = browser.get(gateway.register(PRO)).await;
    assert!(page.is_at("/mandators"), "{}", page.url);
}

#[tokio::test]
async fn profile_2_who_has_a_file_of_their_own_is_asked_first() {
    for gateway in Gateway::demos().await {
        for (answer, capacity) in [("citizen", "citizen"), ("mandate_holder", "mandate_holder")] {
            let mut browser = gateway.browser();
            let mut page = browser.open_as("/me", HILDE).await;
            if page.is_at("/profile") && !page.is_at("/profile/continue") {
                page = browser.submit(&page, &[("as", "citizen")]).await;
            }
            assert!(page.is_at("/profile/continue"), "{}", page.url);
            let page = browser.submit(&page, &[("as", answer)]).await;
            if answer == "mandate_holder" {
                browser.choose_mandator(&page, "Dubois").await;
            }
            assert_eq!(browser.banner().await["capacity"], capacity, "{}", gateway.name());
        }
    }
}

#[tokio::test]
async fn profile_2_who_only_holds_mandates_comes_to_the_search() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    let page = browser.open_as("/me", ELS).await;
    assert!(page.is_at("/mandators"), "{}", page.url);
}

#[tokio::test]
async fn profile_3_a_holder_searches_by_number_national_number_and_name() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let start = browser.open_as("/me", ELS).await;
        let number = gateway.number(PRO, JAN).await;
        let national = national_number(&gateway, JAN).await;
        for fields in [
            [("nihdi", number.as_str()), ("name", "")],
            [("national", &national), ("name", "")],
            [("name", "claes"), ("first_name", "")],
            [("name", ""), ("first_name", "JAN")],
            [("name", "Cla"), ("first_name", "ja")],
            [("name", "CLÄES"), ("nihdi", &number)],
        ] {
            let page = browser.press(&start, "/mandators", &fields).await;
            assert_eq!(Browser::offered(&page, "mandate").len(), 1, "{fields:?}: {}", page.text);
            assert!(page.text.contains("Claes, Jan"), "{}", gateway.name());
            assert!(page.url.query().is_none(), "what was searched stands in no address");
        }
        // Malformed numbers are called so.
        for fields in [[("nihdi", "123")], [("national", "99999999999")]] {
            assert_eq!(browser.press(&start, "/mandators", &fields).await.status, 422, "{fields:?}");
        }
    }
}

/// A national number, as its owner knows it.
pub async fn national_number(gateway: &Gateway, email: &str) -> String {
    let person = gateway.id(email).await;
    let sealed = gateway.begin().await.national_number(person).await.expect("reads").expect("a number");
    let sealer = &gateway.core().keys_of(gateway.tenant()).expect("keys").sealer;
    let number = sealer.open(poort::storage::seal::Kind::NationalNumber, &person, &sealed).expect("opens");
    String::from_utf8(number.to_vec()).expect("digits")
}

#[tokio::test]
async fn profile_3_only_ones_own_mandators_are_found() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let start = browser.open_as("/me", ELS).await;
        let number = gateway.number(PRO, MARIE).await;
        let national = national_number(&gateway, MARIE).await;
        // Another's mandator by every key; then mandates that ended, were not accepted, or are over.
        for fields in [
            vec![("nihdi", number.as_str())],
            vec![("national", &national)],
            vec![("name", "Dubois")],
            vec![("name", "Mertens")],
            vec![("name", "Aerts")],
            vec![("name", "Smets")],
            vec![("name", "%laes")],
            vec![("name", "C%s")],
            vec![("name", "Claes' OR '1'='1")],
            vec![("name", "Claes"), ("first_name", "Marie")],
        ] {
            let page = browser.press(&start, "/mandators", &fields).await;
            assert_eq!((page.status.as_u16(), Browser::offered(&page, "mandate").len()), (200, 0), "{fields:?}");
        }
        let page = browser.press(&start, "/mandators", &[("name", "")]).await;
        assert_eq!(Browser::offered(&page, "mandate").len(), 4, "the twin: all of one's own, {}", gateway.name());
    }
}

#[tokio::test]
async fn profile_3_another_holders_mandate_cannot_be_chosen() {
    for gateway in Gateway::demos().await {
        let foreign = gateway.mandate(MARIE, Holder::Person(gateway.id(HILDE).await)).await.to_string();
        let insurer = Holder::Organization(gateway.organization_of(KAREL).await);
        let insurers = gateway.mandate(JAN, insurer).await.to_string();
        let mut browser = gateway.browser();
        let page = browser.open_as("/me", ELS).await;
        let page = browser.press(&page, "/mandators", &[("name", "Claes")]).await;
        for mandate in [&foreign, &insurers] {
            let refused = browser.press(&page, "/mandators/choose", &[("mandate", mandate)]).await;
            assert_eq!(refused.status, 422, "{}", refused.text);
            assert!(!refused.text.contains("Dubois"), "nothing is told of it");
        }
        let page = browser.press(&page, "/mandators/choose", &[]).await;
        assert_eq!(page.text, "the register at /me", "the twin: {}", gateway.name());
    }
}

#[tokio::test]
async fn profile_3_a_representative_searches_for_the_enterprise_25_a_page() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.open_as("/me", KAREL).await;
        assert!(page.is_at("/profile"), "{}", page.url);
        let insurer = gateway.organization_of(KAREL).await.to_string();
        let page = browser.submit(&page, &[("as", "citizen"), ("organization", &insurer)]).await;
        let page = match page.is_at("/profile/continue") {
            true => browser.submit(&page, &[("as", "mandate_holder")]).await,
            false => page,
        };
        assert!(page.is_at("/mandators"), "{}", page.url);
        let first = browser.press(&page, "/mandators", &[("name", "")]).await;
        assert_eq!(Browser::offered(&first, "mandate").len(), 25);
        assert!(first.text.contains("34"), "the number of results: {}", first.text);
        let second = browser.submit(&first, &[("page", "2")]).await;
        let rest = Browser::offered(&second, "mandate");
        assert_eq!(rest.len(), 9, "{}", gateway.name());
        assert!(Browser::offered(&first, "mandate").iter().all(|handle| !rest.contains(handle)));
        let page = browser.press(&first, "/mandators", &[("name", "jacobs"), ("first_name", "an")]).await;
        assert_eq!(Browser::offered(&page, "mandate").len(), 1, "Anneleen");
        let page = browser.press(&page, "/mandators/choose", &[]).await;
        assert_eq!(page.text, "the register at /me");
        let banner = browser.banner().await;
        assert_eq!(
            (&banner["capacity"], &banner["represented"]["name"]),
            (&"mandate_holder".into(), &"Anneleen Jacobs".into())
        );
    }
}

#[tokio::test]
async fn profile_3_choosing_a_mandator_leads_to_their_file() {
    for gateway in Gateway::demos().await {
        let path = format!("/dossiers/{}", gateway.number(PRO, JAN).await);
        let mut browser = gateway.browser();
        let page = browser.open_for(&path, ELS, "Claes").await;
        assert_eq!(page.text, format!("the register at {path}"), "{}", gateway.name());
    }
}

#[tokio::test]
async fn profile_4_an_incomplete_registration_can_only_be_a_citizen_and_hears_why() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.open_as("/me", NORA).await;
        assert!(page.is_at("/profile"), "it is not chosen silently, since something must be said: {:#?}", page.trail);
        assert_eq!(Browser::offered(&page, "as"), ["citizen"], "{}", gateway.name());
        assert!(page.text.contains("Arts"), "which: {}", page.text);
        let page = browser.submit(&page, &[("as", "citizen")]).await;
        assert_eq!(page.text, "the register at /me");
    }
}

#[tokio::test]
async fn profile_4_no_number_is_needed_to_be_a_care_provider() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_as_a("/me", "anke.willaert@example.org", "professional:audiologist").await;
    assert_eq!(browser.banner().await["capacity"], "professional");
}

#[tokio::test]
async fn profile_5_who_misses_a_right_sees_which_and_who_can_give_it() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.open_as("/organization/reports", TOM).await;
        assert!(page.is_at("/profile"), "{}", page.url);
        for told in ["Rapporten raadplegen", "Lotte Maes", "Sofie Lambert", "Ziekenhuis Sint-Anna"] {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
        assert!(!page.text.contains("lotte.maes@"), "no more than that person may know");
        let hospital = gateway.organization_of(TOM).await.to_string();
        let page = browser.submit(&page, &[("as", "citizen"), ("organization", &hospital)]).await;
        assert_eq!(page.status, 403);
        for told in ["Rapporten raadplegen", "Lotte Maes", "Sofie Lambert"] {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
        // Who grants rights hears nothing of what they could give themselves.
        let mut browser = gateway.browser();
        let page = browser.open_as("/me", LOTTE).await;
        assert!(!page.text.contains("Rapporten raadplegen"), "{}", page.text);
    }
}

#[tokio::test]
async fn profile_6_a_known_role_goes_on_as_citizen_with_its_rights() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.open_as("/administration", PIETER).await;
        assert_eq!(page.text, "the register at /administration", "{}: {:#?}", gateway.name(), page.trail);
        assert_eq!(browser.banner().await["capacity"], "citizen");
    }
}

#[tokio::test]
async fn profile_6_who_is_not_known_gets_the_reason() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let before = gateway.registers.count();
        let page = browser.open_as("/administration", AN).await;
        assert_eq!((page.status.as_u16(), gateway.registers.count()), (403, before), "{}", gateway.name());
        let reason = ["directeur", "Directeur", "niet bekend", "geen rol"].iter().any(|word| page.text.contains(word));
        assert!(reason, "{}", page.text);
    }
}
