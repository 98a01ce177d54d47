//! LOOKUP-1: anyone may look up whether somebody is registered or certified, and learns a name, a number and that.

use http::Method;
use poort::{
    base::id::PersonId,
    domain::{lookup::LookupTerms, period::Period, person::Registration},
    policy::source,
};
use serde_json::{Value, json};

use crate::harness::{
    browser::{Browser, Page},
    databases,
    gateway::{Gateway, Reply},
};

pub const LKLR: &str = "lklr";
pub const FATIMA: &str = "fatima.vandenberg@example.org";
const JORIS: &str = "joris.jansen@example.org";
const NOOR: &str = "noor.jansen@example.org";
const BAS: &str = "bas.dewit@example.org";
const LISA: &str = "lisa.meijer@example.org";

/// Looks somebody up by the page, as who was never here before.
pub async fn look_up(browser: &mut Browser<'_>, tenant: &str, fields: &[(&str, &str)]) -> Page {
    let url = format!("{}/lookup", browser.gateway().tenant_of(tenant).origin);
    let page = browser.get(&url).await;
    assert_eq!(page.status, 200, "{}", page.text);
    browser.press(&page, "/lookup", fields).await
}

/// The same as a program.
pub async fn ask(gateway: &Gateway, tenant: &str, what: &Value) -> Reply {
    let url = format!("{}/api/lookup/v1", gateway.tenant_of(tenant).origin);
    gateway.send(Method::POST, &url, &[("content-type", "application/json")], what.to_string()).await
}

/// The names that a page shows, in its order.
fn names(page: &Page) -> Vec<&str> {
    let rows = page.text.split("<th scope=\"row\">").skip(1);
    rows.filter_map(|row| row.split("</th>").next()).collect()
}

/// Those whom a program is told.
fn told(reply: &Reply) -> Vec<String> {
    let names = reply.json()["registrants"].as_array().expect("a list").clone();
    names.iter().map(|registrant| registrant["name"].as_str().expect("a name").to_owned()).collect()
}

async fn of(gateway: &Gateway, email: &str) -> (PersonId, Registration) {
    let id = gateway.person(LKLR, email).await.id;
    let registration = gateway.read_in(LKLR).await.registrations(id).await.expect("reads").pop().expect("registered");
    (id, registration)
}

/// The register says it otherwise.
async fn put(gateway: &Gateway, person: PersonId, registration: &Registration) {
    let mut transaction = gateway.begin_in(LKLR).await;
    let base = registration.number.as_deref();
    transaction.put_registration(person, registration, base).await.expect("writes");
    transaction.commit().await.expect("commits");
}

#[tokio::test]
async fn lookup_1_anyone_sees_a_name_a_number_and_a_status_and_nothing_else() {
    for gateway in Gateway::demos().await {
        let number = gateway.number(LKLR, FATIMA).await;
        let mut browser = gateway.browser();
        for (name, given) in
            [("van den Berg", "Fatima"), ("Berg", ""), ("BERG", "f"), ("Bérg, van den", "Fátima"), ("v.d. berg", "")]
        {
            let page = look_up(&mut browser, LKLR, &[("name", name), ("given_name", given)]).await;
            assert_eq!((page.status.as_u16(), names(&page)), (200, vec!["Fatima van den Berg"]), "{name}");
            assert!(page.text.contains(&number) && page.text.contains("Gecertificeerd"), "{}", page.text);
            assert!(page.text.contains("Leerplichtambtenaar") && page.text.contains("Kwaliteitsregister"));
        }
        let by_number = look_up(&mut browser, LKLR, &[("number", &number)]).await;
        assert_eq!(names(&by_number), ["Fatima van den Berg"]);
        let id = gateway.person(LKLR, FATIMA).await.id.to_string();
        for secret in [FATIMA, id.as_str()] {
            assert!(!by_number.text.contains(secret), "{secret}: {}", by_number.text);
        }
        let reply = ask(&gateway, LKLR, &json!({"name": "Berg"})).await;
        let only = json!({
            "name": "Fatima van den Berg", "number": number, "register": "kwaliteitsregister",
            "profession": "attendance_officer", "status": "certified",
        });
        assert_eq!(reply.json(), json!({"registrants": [only], "too_many": false}), "{}", gateway.name());
    }
}

#[tokio::test]
async fn lookup_1_somebody_is_found_by_either_name_and_by_how_the_given_name_begins() {
    for gateway in Gateway::demos().await {
        let joris = "Joris Jansen-de Vries";
        for name in ["Jansen-de Vries", "de Vries", "vries"] {
            assert_eq!(told(&ask(&gateway, LKLR, &json!({ "name": name })).await), [joris], "{name}");
        }
        assert_eq!(told(&ask(&gateway, LKLR, &json!({"name": "Jansen"})).await), ["Noor Jansen", joris]);
        for (given, found) in [("J", joris), ("N.", "Noor Jansen"), ("Noor", "Noor Jansen")] {
            let reply = ask(&gateway, LKLR, &json!({"name": "Jansen", "given_name": given})).await;
            assert_eq!(told(&reply), [found], "{given}");
        }
        for (name, given) in [("Jans", ""), ("ansen", ""), ("Jansenn", ""), ("Jansen", "oor"), ("Jansen", "Noora")] {
            let reply = ask(&gateway, LKLR, &json!({"name": name, "given_name": given})).await;
            assert_eq!((reply.status.as_u16(), told(&reply)), (200, vec![]), "{name} {given}");
        }
    }
}

#[tokio::test]
async fn lookup_1_who_is_not_registered_any_more_or_not_yet_is_not_found() {
    for gateway in Gateway::demos().await {
        for (email, name) in [(BAS, "de Wit"), (LISA, "Meijer")] {
            let number = gateway.number(LKLR, email).await;
            assert_eq!(told(&ask(&gateway, LKLR, &json!({ "name": name })).await), [""; 0], "{name}");
            assert_eq!(told(&ask(&gateway, LKLR, &json!({ "number": number })).await), [""; 0], "{name}");
        }
        gateway.advance(LookupTerms::WINDOW);
        // The register changes its mind: at once, by name and by number.
        let (noor, registration) = of(&gateway, NOOR).await;
        let number = registration.number.clone().expect("a number");
        let found = async || {
            let by_name = told(&ask(&gateway, LKLR, &json!({"name": "Jansen", "given_name": "Noor"})).await).len();
            (by_name, told(&ask(&gateway, LKLR, &json!({ "number": number })).await).len())
        };
        assert_eq!(found().await, (1, 1), "the twin");
        let today = gateway.tenant_of(LKLR).today(gateway.core().now());
        for ended in [
            Registration { period: Period::new(None, today.yesterday().ok()), ..registration.clone() },
            Registration { period: Period::new(today.tomorrow().ok(), None), ..registration.clone() },
            Registration { complete: false, ..registration.clone() },
            Registration { number: None, ..registration.clone() },
        ] {
            put(&gateway, noor, &ended).await;
            assert_eq!(found().await, (0, 0), "{ended:?}");
        }
        put(&gateway, noor, &Registration { period: Period::new(None, Some(today)), ..registration.clone() }).await;
        assert_eq!(found().await, (1, 1), "on the last day");
        let mut transaction = gateway.begin_in(LKLR).await;
        transaction.remove_registration(noor, &registration.profession).await.expect("writes");
        transaction.commit().await.expect("commits");
        assert_eq!(found().await, (0, 0), "taken away");
        put(&gateway, noor, &registration).await;
        assert_eq!(found().await, (1, 1));
        let mut transaction = gateway.begin_in(LKLR).await;
        transaction.close_person(noor, gateway.core().now()).await.expect("writes");
        transaction.commit().await.expect("commits");
        assert_eq!(found().await, (0, 0), "closed");
    }
}

#[tokio::test]
async fn lookup_1_a_certificate_and_a_name_are_those_of_today() {
    for gateway in Gateway::demos().await {
        let status = async |name: &str| {
            let reply = ask(&gateway, LKLR, &json!({ "name": name })).await.json();
            reply["registrants"][0]["status"].as_str().unwrap_or("none").to_owned()
        };
        assert_eq!((status("Berg").await, status("Vries").await), ("certified".into(), "registered".into()));
        let (joris, registration) = of(&gateway, JORIS).await;
        let today = gateway.tenant_of(LKLR).today(gateway.core().now());
        put(&gateway, joris, &Registration { certified_until: Some(today), ..registration }).await;
        assert_eq!(status("Vries").await, "certified", "on its last day");
        let mut person = gateway.person(LKLR, JORIS).await;
        person.family_name = "van ’t Hoff".into();
        let mut transaction = gateway.begin_in(LKLR).await;
        transaction.put_person(&person).await.expect("writes");
        transaction.commit().await.expect("commits");
        assert_eq!((status("Hoff").await, status("Vries").await), ("certified".into(), "none".into()), "a new name");
    }
}

#[tokio::test]
async fn lookup_1_a_register_is_open_only_where_its_tenants_file_says_so_and_for_its_professions() {
    let rmc_alone = |tenant: &mut poort::domain::tenant::Tenant| {
        for register in tenant.registers.iter_mut().filter(|register| register.id == "kwaliteitsregister") {
            register.lookup = vec!["rmc_officer".into()];
        }
    };
    for gateway in Gateway::demos_with(rmc_alone).await {
        let (fatima, joris) = (gateway.number(LKLR, FATIMA).await, gateway.number(LKLR, JORIS).await);
        for what in [json!({"name": "Berg"}), json!({ "number": fatima })] {
            assert_eq!(told(&ask(&gateway, LKLR, &what).await), [""; 0], "another profession");
        }
        for what in [json!({"name": "Vries"}), json!({ "number": joris })] {
            assert_eq!(told(&ask(&gateway, LKLR, &what).await).len(), 1, "the twin");
        }
        for tenant in ["registerplein", "progezondheid"] {
            let page = gateway.browser().get(&format!("{}/lookup", gateway.tenant_of(tenant).origin)).await;
            assert_eq!(page.status, 404, "{tenant}");
            let reply = ask(&gateway, tenant, &json!({"name": "Hendriks"})).await;
            assert_eq!(reply.status, 404, "{tenant}: {}", reply.text());
            assert!(!reply.text().contains("Hendriks"));
        }
    }
}

#[tokio::test]
async fn lookup_1_policy_decides_for_nobody_too() {
    for gateway in Gateway::demos().await {
        let asked = async || ask(&gateway, LKLR, &json!({"name": "Berg"})).await.status.as_u16();
        assert_eq!(asked().await, 200);
        let mut sources = source::shipped();
        sources.retain(|source| !source.name.starts_with("anyone."));
        gateway.core().policies.reload(&sources).expect("good policies");
        assert_eq!(asked().await, 404, "without the rule it is not there");
        assert_eq!(gateway.lines_in(LKLR, "lookup.refused").await[0]["details"]["reason"], "forbidden");
        gateway.core().policies.reload(&source::shipped()).expect("the shipped policies");
        assert_eq!(asked().await, 200, "the twin");
    }
}

#[tokio::test]
async fn lookup_1_the_log_says_how_it_was_looked_up_and_how_many_were_found_and_no_name() {
    for gateway in Gateway::demos().await {
        let number = gateway.number(LKLR, FATIMA).await;
        for what in
            [json!({"name": "Berg"}), json!({"name": "Jansen"}), json!({"name": "Nergens"}), json!({"number": number})]
        {
            ask(&gateway, LKLR, &what).await;
        }
        let lines = gateway.lines_in(LKLR, "lookup.answered").await;
        let mut said: Vec<(&str, &str, bool)> = lines
            .iter()
            .map(|line| {
                let detail = |name: &str| line["details"][name].as_str().expect("a detail");
                (detail("by"), detail("found"), line["subject"].is_string())
            })
            .collect();
        said.sort_unstable();
        assert_eq!(said, [("name", "0", false), ("name", "1", true), ("name", "2", false), ("number", "1", true)]);
        let fatima = gateway.person(LKLR, FATIMA).await.id.to_string();
        let about = lines.iter().filter(|line| line["subject"] == json!(fatima)).count();
        assert_eq!(about, 2, "AUDIT-1: she can see that she was looked up");
        for line in &lines {
            assert!(
                line["actor"].is_null() && line["details"]["rule"] == "anyone-looks-up-who-is-registered",
                "{line}"
            );
            let text = line.to_string().to_lowercase();
            assert!(!["berg", "jansen", "nergens", &number].iter().any(|word| text.contains(word)), "{line}");
        }
    }
}

#[tokio::test]
async fn lookup_1_a_form_that_describes_nobody_is_mended_and_asks_nothing() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    for (fields, id) in [
        (vec![("name", "")], "name-problem"),
        (vec![("name", "Be")], "name-problem"),
        (vec![("given_name", "Fatima")], "name-problem"),
        (vec![("name", "Berg"), ("number", "99900031")], "number-problem"),
    ] {
        let page = look_up(&mut browser, LKLR, &fields).await;
        assert_eq!(page.status, 422, "{fields:?}");
        assert!(page.text.contains(&format!("id=\"{id}\"")), "{fields:?}: {}", page.text);
    }
    for wrong in [json!({}), json!({"name": "Be"}), json!({"name": "Berg", "page": "2"}), json!({"name": 7}), json!([])]
    {
        let reply = ask(&gateway, LKLR, &wrong).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (422, "application/problem+json"), "{wrong}");
    }
    assert!(gateway.lines_in(LKLR, "lookup.answered").await.is_empty());
    let get = gateway.send(Method::GET, &format!("{}/api/lookup/v1", gateway.tenant_of(LKLR).origin), &[], "").await;
    assert_eq!((get.status.as_u16(), get.header("allow")), (405, "POST"), "{}", get.text());
}

#[tokio::test]
async fn lookup_1_those_who_were_registered_by_a_version_without_names_are_found_after_the_next_start() {
    for gateway in Gateway::demos().await {
        let found = async |gateway: &Gateway| told(&ask(gateway, LKLR, &json!({"name": "Berg"})).await).len();
        databases::execute(&gateway.database.settings, LKLR, "DELETE FROM registrant_name").await;
        assert_eq!(found(&gateway).await, 0, "as an earlier version wrote it");
        let again = gateway.again().await;
        assert_eq!(found(&again).await, 1, "{}", gateway.name());
    }
}
