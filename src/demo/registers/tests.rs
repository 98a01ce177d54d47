//! The sample registers, asked as the gateway asks them: what each page shows to whom, and what it refuses.

use axum::body::{Body, to_bytes};
use http::{Method, Request as Asked, header::AUTHORIZATION};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{
    verifier::tests::{AUDIENCE, Issuer, NOW},
    *,
};
use crate::{
    base::Language,
    config::{self, Placement, Scheme, Source},
    demo::people::worlds,
};

fn tenant(file: &str, text: &str) -> Tenant {
    let sources = [Source::new(file, text)];
    config::tenants(&sources, &Placement::below("localhost", Scheme::Http, 8080)).expect("a good file").remove(0)
}

fn tenant_of(sample: Sample) -> Tenant {
    match sample {
        Sample::Dossier => tenant("progezondheid.toml", include_str!("../../../deploy/tenants/progezondheid.toml")),
        Sample::Opleiding | Sample::Specialisten => {
            tenant("mijnrgs.toml", include_str!("../../../deploy/tenants/mijnrgs.toml"))
        }
        Sample::Registratie => tenant("registerplein.toml", include_str!("../../../deploy/tenants/registerplein.toml")),
        Sample::Portfolio => tenant("ifms.toml", include_str!("../../../deploy/tenants/ifms.toml")),
        Sample::Kwaliteitsregister => tenant("lklr.toml", include_str!("../../../deploy/tenants/lklr.toml")),
        Sample::Kamer => tenant("skj.toml", include_str!("../../../deploy/tenants/skj.toml")),
    }
}

struct Running {
    issuer: Issuer,
    router: Router,
    world: World,
}

async fn running(sample: Sample) -> Running {
    let issuer = Issuer::new().await;
    let tenant = tenant_of(sample);
    let (verifier, clock) = issuer.verifier();
    let worlds = worlds(tenant.today(NOW));
    let world = worlds.into_iter().find(|world| world.tenant == sample.tenant()).expect("a world");
    let plans = world.people.iter().filter(|person| person.name() == "Sanne de Vries");
    let plans = plans.filter_map(|person| person.number().map(str::to_owned)).collect();
    let acquaintances = Arc::new(OnceLock::from(Acquaintances::from([("pw-bram".to_owned(), plans)])));
    let router = router(sample, Common { tenant, verifier, clock, acquaintances }, &world);
    Running { issuer, router, world }
}

fn number(world: &World, name: &str) -> String {
    world
        .people
        .iter()
        .find(|person| person.name() == name)
        .and_then(|person| person.number())
        .expect("a number")
        .to_owned()
}

impl Running {
    async fn ask(&self, method: Method, path: &str, claims: Option<&Value>, form: &str) -> (Response<()>, String) {
        let mut request = Asked::builder().method(method).uri(path);
        if let Some(claims) = claims {
            request = request.header(AUTHORIZATION, format!("Bearer {}", self.issuer.token(claims)));
        }
        let request = request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .expect("a request");
        let (parts, body) = self.router.clone().oneshot(request).await.expect("an answer").into_parts();
        let body = to_bytes(body, 1 << 20).await.expect("a body");
        (Response::from_parts(parts, ()), String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    async fn get(&self, path: &str, claims: &Value) -> (StatusCode, String) {
        let (response, body) = self.ask(Method::GET, path, Some(claims), "").await;
        (response.status(), body)
    }
}

use http::Response;

#[tokio::test]
async fn proxy_1_who_comes_past_the_gateway_gets_nothing_not_even_the_stylesheet() {
    for sample in Sample::ALL {
        let register = running(sample).await;
        for path in ["/", "/me", "/style.css", "/nowhere", "/dossiers/19900104004", "/schemes/99900000101"] {
            let (response, body) = register.ask(Method::GET, path, None, "").await;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer error=\"invalid_token\"");
            assert!(body.contains("no_token"), "{body}");
        }
    }
    let register = running(Sample::Dossier).await;
    let (status, _) = register.get("/style.css", &register.issuer.claims()).await;
    assert_eq!(status, StatusCode::OK, "the twin");
}

#[tokio::test]
async fn mandate_2_every_page_says_who_acts_for_whom_as_what_and_until_when() {
    let register = running(Sample::Dossier).await;
    let claims = register.issuer.claims();
    let path = format!("/dossiers/{}", number(&register.world, "Jan Claes"));
    for (locale, words) in [
        ("nl", ["Mandaathouder", "U handelt voor", "30 juni 2027", "Administratief dossier", "Terug naar uzelf"]),
        ("fr", ["Mandataire", "Vous agissez pour", "30 juin 2027", "Dossier administratif", "Revenir à vous-même"]),
        ("de", ["Mandatsinhaber", "Sie handeln für", "30. Juni 2027", "Verwaltungsakte", "Zurück zu Ihnen selbst"]),
        ("en", ["Mandate holder", "You act for", "30 June 2027", "Administrative file", "Back to yourself"]),
    ] {
        let mut claims = claims.clone();
        claims["locale"] = locale.into();
        for path in ["/", "/me", path.as_str()] {
            let (status, page) = register.get(path, &claims).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(page.contains(&format!("<html lang=\"{locale}\">")), "{page}");
            for word in words.into_iter().chain(["Els Peeters", "Jan Claes", "datetime=\"2027-06-30\"", "pw-jan"]) {
                assert!(page.contains(word), "{locale} {path} {word}: {page}");
            }
            assert!(
                page.contains("/.poort/begin?return=/&amp;as=self")
                    && page.contains("/.poort/begin?return=/&amp;choose=1")
            );
        }
    }
}

#[tokio::test]
async fn the_form_of_rfc_8693_says_the_same() {
    let register = running(Sample::Dossier).await;
    let mut claims = register.issuer.claims();
    let represents = claims.as_object_mut().and_then(|claims| claims.remove("represents")).expect("whom");
    claims["act"] = json!({"sub": claims["sub"], "name": claims["name"], "locale": "fr"});
    for name in ["sub", "name", "registration"] {
        claims[name] = represents[name].clone();
    }
    let (_, page) = register.get("/", &claims).await;
    assert!(page.contains("<html lang=\"fr\">"));
    assert!(page.contains("id=\"acting-actor\">Els Peeters<") && page.contains("id=\"acting-represented\">Jan Claes<"));
}

#[tokio::test]
async fn what_was_told_is_shown_whole_and_nothing_of_it_is_markup() {
    let register = running(Sample::Dossier).await;
    let mut claims = register.issuer.claims();
    claims["name"] = "<script>alert(1)</script>".into();
    claims["surprise"] = json!({"within": [1, "two"]});
    claims.as_object_mut().expect("claims").remove("represents");
    let (_, page) = register.get("/me", &claims).await;
    assert!(!page.contains("<script>"));
    for name in ["iss", "aud", "exp", "sub", "acr", "amr", "profile.capacity", "mandate.until", "surprise.within"] {
        assert!(page.contains(&format!("<code>{name}</code>")), "{name}");
    }
    assert!(page.contains("pwd, otp") && page.contains("1, two"));
}

#[tokio::test]
async fn remarks_are_kept_with_who_made_them_for_whom() {
    let register = running(Sample::Dossier).await;
    let claims = register.issuer.claims();
    let file = format!("/dossiers/{}", number(&register.world, "Jan Claes"));
    let (_, page) = register.get(&file, &claims).await;
    assert!(page.contains("name=\"poort_profile\" value=\"pf-1\""));
    assert!(page.contains("Er zijn nog geen opmerkingen"));
    let to = format!("{file}/remarks");
    let (response, _) =
        register.ask(Method::POST, &to, Some(&claims), "poort_profile=pf-1&remark=+%3Cb%3Evoor+Jan+").await;
    assert_eq!(
        (response.status(), &response.headers()[LOCATION]),
        (StatusCode::SEE_OTHER, &HeaderValue::try_from(format!("{file}#remarks")).expect("a path"))
    );
    let (_, page) = register.get(&file, &claims).await;
    assert!(page.contains("&#60;b&#62;voor Jan<") && page.contains("Els Peeters namens Jan Claes"), "{page}");

    for (form, shown) in [("remark=+", ""), ("", ""), (&*format!("remark={}", "x".repeat(501)), "xxx")] {
        let (response, page) = register.ask(Method::POST, &to, Some(&claims), form).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("id=\"problems\"") && page.contains("aria-invalid=\"true\"") && page.contains(shown));
    }
    let (response, _) = register.ask(Method::POST, "/dossiers/19999999999/remarks", Some(&claims), "remark=x").await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

fn profile_7(register: &Running, actor: &str, capacity: &str) -> Value {
    let mut claims = register.issuer.claims();
    for name in ["represents", "mandate"] {
        claims.as_object_mut().expect("claims").remove(name);
    }
    claims["sub"] = format!("pw-{actor}").into();
    claims["name"] = actor.into();
    claims["profile"]["capacity"] = capacity.into();
    claims["aud"] = AUDIENCE.into();
    claims
}

#[tokio::test]
async fn profile_7_a_supporter_prepares_and_the_trainer_decides() {
    let register = running(Sample::Opleiding).await;
    let plan = format!("/schemes/{}", number(&register.world, "Sanne de Vries"));
    let (iris, bram) = (profile_7(&register, "iris", "supporter"), profile_7(&register, "bram", "trainer"));
    let (_, page) = register.get(&plan, &bram).await;
    assert!(!page.contains("/approve\"") && page.contains("Er ligt geen wijziging"));
    let change = format!("{plan}/change");
    for form in ["", "months=13&why=x", "months=3&why=+", "months=x&why=x"] {
        let (response, page) = register.ask(Method::POST, &change, Some(&iris), form).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(page.contains("id=\"problems\""));
    }
    let (response, _) = register.ask(Method::POST, &change, Some(&iris), "months=3&why=deeltijd").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let (_, page) = register.get(&plan, &bram).await;
    assert!(page.contains("deeltijd") && page.contains("/approve\"") && page.contains("/reject\""), "{page}");
    assert!(page.contains("datetime=\"2028-11-30\""), "three months after 31 August 2028: {page}");
    let (response, _) = register.ask(Method::POST, &format!("{plan}/approve"), Some(&bram), "").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let (_, page) = register.get(&plan, &bram).await;
    assert!(
        !page.contains("/approve\"")
            && page.contains("iris, wijziging klaargezet")
            && page.contains("bram, goedgekeurd")
    );
    assert!(page.contains("datetime=\"2028-11-30\""), "the plan itself has changed");
    let (response, _) = register.ask(Method::POST, &format!("{plan}/reject"), Some(&bram), "").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let (_, page) = register.get(&plan, &bram).await;
    assert!(!page.contains("bram, afgekeurd"), "there was nothing to reject");

    let (_, page) = register.get("/", &bram).await;
    assert!(page.contains(&plan), "a trainer finds the plan: the register knows their pseudonym");
    let (_, page) = register.get("/", &profile_7(&register, "bram", "citizen")).await;
    assert!(!page.contains(&plan), "as a citizen they do not");
    let (_, page) = register.get("/", &profile_7(&register, "fatima", "trainer")).await;
    assert!(!page.contains(&plan), "another trainer does not");
}

#[tokio::test]
async fn every_route_of_the_tenants_files_has_its_page() {
    for sample in Sample::ALL {
        let register = running(sample).await;
        let tenant = tenant_of(sample);
        let known = register.world.people.iter().find_map(|person| {
            let trained = sample != Sample::Opleiding || person.name() == "Sanne de Vries";
            person.number().filter(|_| trained).map(str::to_owned)
        });
        let known = known.expect("somebody with a number");
        for route in &tenant.register(sample.id()).expect("the register").routes {
            let mut path = route.path.as_str().to_owned();
            for name in route.path.parameters() {
                path = path.replace(&format!("{{{name}}}"), &known);
            }
            for method in &route.methods {
                let method = Method::from_bytes(method.as_bytes()).expect("a method");
                let (response, _) = register.ask(method.clone(), &path, Some(&register.issuer.claims()), "").await;
                assert!(
                    ![404, 405, 500].contains(&response.status().as_u16()),
                    "{method} {path}: {}",
                    response.status()
                );
            }
        }
        let (status, page) = register.get("/nowhere", &register.issuer.claims()).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(page.contains("id=\"acting\""));
    }
}

#[test]
fn a_day_is_written_as_people_write_it() {
    let day = "2027-03-01".parse().expect("a date");
    let written = Language::ALL.map(|language| Words::new(language).date(day));
    assert_eq!(written, ["1 maart 2027", "1er mars 2027", "1. März 2027", "1 March 2027"]);
}
