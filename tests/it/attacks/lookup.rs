//! LOOKUP-1 under attack: a public look-up that is to be of no use for copying a register.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::{
    harness::gateway::{Gateway, Reply},
    stories::lookup::{LKLR, look_up},
};

/// Asks from an address, through a proxy that is believed.
async fn from(gateway: &Gateway, address: &str, what: &Value) -> Reply {
    let url = format!("{}/api/lookup/v1", gateway.tenant_of(LKLR).origin);
    let headers = [("content-type", "application/json"), ("x-forwarded-for", address)];
    gateway.send(Method::POST, &url, &headers, what.to_string()).await
}

fn found(reply: &Reply) -> usize {
    reply.json()["registrants"].as_array().map_or(0, Vec::len)
}

/// A name that nobody has, another one each time: as who goes through a list.
fn name(count: usize) -> Value {
    json!({"name": format!("Naam{count}")})
}

#[tokio::test]
async fn lookup_1_one_address_goes_through_no_list() {
    for gateway in Gateway::demos().await {
        let gateway = gateway.behind_proxies().await;
        let most = gateway.tenant_of(LKLR).lookup.per_address as usize;
        let mut statuses = Vec::new();
        for count in 0..most + 3 {
            // One of them has 2^64 addresses of one network.
            let address = format!("2001:db8:1:2::{count:x}");
            statuses.push(from(&gateway, &address, &name(count)).await.status.as_u16());
        }
        assert_eq!(statuses[..most], vec![200; most], "{}", gateway.name());
        assert_eq!(statuses[most..], [429, 429, 429]);
        let refused = from(&gateway, "2001:db8:1:2::ffff", &json!({"name": "Berg"})).await;
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=600).contains(&seconds)));
        assert!(!refused.text().contains("Berg"), "{}", refused.text());
        let other = from(&gateway, "192.0.2.7", &json!({"name": "Berg"})).await;
        assert_eq!((other.status.as_u16(), found(&other)), (200, 1), "the twin: another address");
        gateway.advance(Duration::from_secs(600));
        let later = from(&gateway, "2001:db8:1:2::1", &json!({"name": "Berg"})).await;
        assert_eq!((later.status.as_u16(), found(&later)), (200, 1), "the twin: later");
        assert_eq!(gateway.lines_in(LKLR, "address.refused").await.len(), 1, "once a window");
    }
}

#[tokio::test]
async fn lookup_1_many_addresses_on_two_replicas_share_what_a_tenant_gives_away() {
    let few = |tenant: &mut poort::domain::tenant::Tenant| tenant.lookup.per_tenant = 12;
    for gateway in Gateway::demos_with(few).await {
        let replicas = [gateway.behind_proxies().await, gateway.behind_proxies().await];
        let mut statuses = Vec::new();
        for count in 0..15 {
            let address = format!("198.51.100.{count}");
            statuses.push(from(&replicas[count % 2], &address, &name(count)).await.status.as_u16());
        }
        assert_eq!(statuses[..12], [200; 12], "{}", gateway.name());
        assert_eq!(statuses[12..], [429; 3], "every second question came to the other replica");
        // The page says the same, with when to come back.
        let page = look_up(&mut replicas[0].browser(), LKLR, &[("name", "Berg")]).await;
        assert_eq!(page.status, 429, "{}", page.text);
        assert!(!page.text.contains("Fatima"));
        gateway.advance(Duration::from_secs(50));
        let again = from(&replicas[1], "203.0.113.1", &json!({"name": "Berg"})).await;
        assert_eq!((again.status.as_u16(), found(&again)), (200, 1), "a twelfth of ten minutes later one more");
        let next = from(&replicas[0], "203.0.113.2", &json!({"name": "Berg"})).await;
        assert_eq!(next.status.as_u16(), 429);
        let refused = gateway.lines_in(LKLR, "lookup.refused").await;
        assert!((1..=2).contains(&refused.len()), "once a window on each replica: {refused:?}");
        // Who asks for another tenant's mail or logs in is not hindered.
        let login = replicas[0].browser().get(&format!("{}/", gateway.tenant_of(LKLR).origin)).await;
        assert_eq!(login.status, 200);
    }
}

#[tokio::test]
async fn lookup_1_fifty_at_once_take_no_more_than_there_is() {
    let few =
        |tenant: &mut poort::domain::tenant::Tenant| (tenant.lookup.per_tenant, tenant.lookup.per_address) = (5, 100);
    for gateway in Gateway::demos_with(few).await {
        let (count, what) = (50, json!({"name": "Berg"}));
        let asked = (0..count).map(|_| from(&gateway, "192.0.2.7", &what));
        let replies = futures_util::future::join_all(asked).await;
        let answered = replies.iter().filter(|reply| reply.status == 200).count();
        let refused = replies.iter().filter(|reply| reply.status == 429).count();
        assert_eq!((answered, refused), (5, 45), "{}", gateway.name());
    }
}

#[tokio::test]
async fn lookup_1_a_common_name_lists_nobody_and_there_is_no_second_page() {
    let one = |tenant: &mut poort::domain::tenant::Tenant| tenant.lookup.most_found = 1;
    for gateway in Gateway::demos_with(one).await {
        let common = from(&gateway, "192.0.2.7", &json!({"name": "Jansen"})).await;
        assert_eq!(common.json(), json!({"registrants": [], "too_many": true}));
        for more in [json!({"name": "Jansen", "page": "2"}), json!({"name": "Jansen", "offset": "1"})] {
            assert_eq!(from(&gateway, "192.0.2.7", &more).await.status, 422);
        }
        let mut browser = gateway.browser();
        let page = look_up(&mut browser, LKLR, &[("name", "Jansen"), ("page", "2")]).await;
        assert!(page.status == 200 && !page.text.contains("Noor") && !page.text.contains("Joris"), "{}", page.text);
        let closer = from(&gateway, "192.0.2.7", &json!({"name": "Jansen", "given_name": "N"})).await;
        assert_eq!(found(&closer), 1, "the twin");
    }
}

#[tokio::test]
async fn lookup_1_no_sign_stands_for_a_letter() {
    for gateway in Gateway::demos().await {
        let given = "Fatima";
        for pattern in
            ["%", "___", "%%%", "Be%", "B_rg", "%erg", "Be*", "*erg", "B?rg", "Berg%00", "^Berg$", "[Bb]erg", "Be.g"]
        {
            let reply = from(&gateway, "192.0.2.7", &json!({"name": pattern})).await;
            assert!([200, 422].contains(&reply.status.as_u16()), "{pattern}: {}", reply.text());
            // What only surrounds a name is left out, as in any name.
            let is_the_name = pattern.chars().filter(|c| c.is_alphanumeric()).collect::<String>() == "Berg";
            assert_eq!(found(&reply) > 0, is_the_name, "{pattern}: {}", reply.text());
        }
        gateway.advance(Duration::from_secs(600));
        for pattern in ["%", "_", "F%m", "F_tima", "' OR '1'='1"] {
            let reply = from(&gateway, "192.0.2.7", &json!({"name": "Berg", "given_name": pattern})).await;
            let letters: String = pattern.chars().filter(|c| c.is_alphanumeric()).collect();
            assert_eq!(found(&reply) > 0, given.starts_with(&letters), "{pattern}: {}", reply.text());
        }
        for number in ["%", "999%", "999_0031", "' OR '1'='1", "99900031' --", "99900031 OR 1=1"] {
            let reply = from(&gateway, "192.0.2.7", &json!({ "number": number })).await;
            assert_eq!((reply.status.as_u16(), found(&reply)), (200, 0), "{number}: {}", reply.text());
        }
        let whole = from(&gateway, "192.0.2.7", &json!({"number": "99900031"})).await;
        assert_eq!(found(&whole), 1, "the twin");
    }
}

#[tokio::test]
async fn lookup_1_another_tenants_people_are_nobody_here() {
    // Both are open, and a profession has the same code in both.
    let open = |tenant: &mut poort::domain::tenant::Tenant| {
        for register in &mut tenant.registers {
            register.lookup.push("social_worker".into());
        }
    };
    for gateway in Gateway::demos_with(open).await {
        let number = gateway.number("registerplein", "mila.hendriks@example.org").await;
        for what in [json!({"name": "Hendriks"}), json!({ "number": number })] {
            assert_eq!(found(&from(&gateway, "192.0.2.7", &what).await), 0, "{what}");
            let url = format!("{}/api/lookup/v1", gateway.tenant_of("registerplein").origin);
            let headers = [("content-type", "application/json")];
            let own = gateway.send(Method::POST, &url, &headers, what.to_string()).await;
            assert_eq!(found(&own), 1, "the twin: {}", own.text());
        }
    }
}

#[tokio::test]
async fn lookup_1_who_finds_nobody_has_an_answer_of_one_form_whatever_the_reason() {
    for gateway in Gateway::demos().await {
        // A registration that ended, one that is assessed, another tenant's person, and nobody's name: all of one length.
        let names = ["de Wit", "Meijer", "Hendriks", "Nergens"];
        let mut bodies = Vec::new();
        for name in names {
            let reply = from(&gateway, "192.0.2.7", &json!({ "name": name })).await;
            let fields: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
            bodies.push((reply.status.as_u16(), reply.text(), fields));
        }
        assert!(bodies.windows(2).all(|two| two[0] == two[1]), "{bodies:?}");
        let lines = gateway.lines_in(LKLR, "lookup.answered").await;
        let details: Vec<&Value> = lines.iter().map(|line| &line["details"]).collect();
        assert!(details.len() == 4 && details.windows(2).all(|two| two[0] == two[1]), "{details:?}");
        let known = from(&gateway, "192.0.2.7", &json!({"name": "Berg"})).await;
        assert_ne!(known.text(), bodies[0].1, "the twin");
    }
}

#[tokio::test]
async fn lookup_1_no_other_site_asks_in_its_visitors_names() {
    let gateway = Gateway::demo().await;
    let origin = gateway.tenant_of(LKLR).origin.clone();
    let form = [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://evil.example")];
    let posted = gateway.send(Method::POST, &format!("{origin}/lookup"), &form, "name=Berg").await;
    assert_eq!(posted.status, 403, "{}", posted.text());
    // What a page of another site can send without asking first is not read; and it would not be told whether it may.
    for content_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let headers = [("content-type", content_type), ("origin", "https://evil.example")];
        let url = format!("{origin}/api/lookup/v1");
        let reply = gateway.send(Method::POST, &url, &headers, json!({"name": "Berg"}).to_string()).await;
        assert_eq!(reply.status, 415, "{content_type}");
        let asked = gateway.send(Method::OPTIONS, &url, &headers, "").await;
        assert!(asked.status == 405 && asked.header("access-control-allow-origin").is_empty());
    }
    assert!(gateway.lines_in(LKLR, "lookup.answered").await.is_empty());
}
