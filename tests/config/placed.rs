//! The same tenant files in production and in a demo.

use std::path::{Path, PathBuf};

use poort::{
    base::Language,
    config::{Placement, Scheme, Source, load, tenants},
    domain::{
        assurance::Assurance,
        register::Subject,
        tenant::{Factor, Tenant},
        upstream::ClientAuthentication,
    },
};

fn deployed(placement: &Placement) -> Vec<Tenant> {
    let sources: Vec<Source> = ["mijnrgs", "progezondheid"]
        .into_iter()
        .map(|id| {
            let path = PathBuf::from(format!("deploy/tenants/{id}.toml"));
            let text = std::fs::read_to_string(&path).expect("a tenant's file");
            Source::new(path, text)
        })
        .collect();
    tenants(&sources, placement).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn in_production_a_tenant_stands_where_its_file_says() {
    let config = load(Path::new("deploy/gateway.example.toml")).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let tenant = config.tenants.iter().find(|tenant| tenant.id.as_str() == "progezondheid").expect("the tenant");
    assert_eq!(tenant.origin, "https://login.progezondheid.example");
    assert_eq!(tenant.registers[0].origin, "https://dossier.progezondheid.example");
    assert_eq!(tenant.backends[0].url.as_str(), "http://dossier.internal:9001/");
    let behind = Placement::public(Scheme::Https, 8443);
    assert_eq!(behind.origin("login.mijnrgs.example"), "https://login.mijnrgs.example:8443");
}

#[test]
fn in_a_demo_it_stands_below_localhost() {
    let id = "mijnrgs".parse().expect("an id");
    let backend = url::Url::parse("http://127.0.0.1:9999").expect("a URL");
    let all = deployed(&Placement::below("localhost", Scheme::Http, 8080).backend(&id, "opleiding", backend.clone()));
    let origins: Vec<&str> =
        all.iter().flat_map(|tenant| [tenant.origin.as_str(), tenant.registers[0].origin.as_str()]).collect();
    assert_eq!(
        origins,
        [
            "http://mijnrgs.localhost:8080",
            "http://opleiding.mijnrgs.localhost:8080",
            "http://progezondheid.localhost:8080",
            "http://dossier.progezondheid.localhost:8080",
        ]
    );
    assert_eq!(all[0].host, "mijnrgs.localhost");
    assert_eq!(all[0].backend("opleiding").map(|backend| &backend.url), Some(&backend));
}

#[test]
fn a_tenant_is_what_its_file_says() {
    let all = deployed(&Placement::public(Scheme::Https, 443));
    let tenant = all.iter().find(|tenant| tenant.id.as_str() == "progezondheid").expect("the tenant");
    assert_eq!(tenant.languages, [Language::Nl, Language::Fr, Language::De, Language::En]);
    assert_eq!(
        tenant.means.iter().map(|means| means.id.as_str()).collect::<Vec<_>>(),
        ["eid", "itsme", "fas", "eidas", "passkey", "password-email-code", "password-totp", "password-recovery-code"]
    );
    let fas = tenant.provider(Factor::Fas).expect("fas");
    assert_eq!((fas.name.as_str(), fas.claims.family_name.as_str(), &fas.encryption), ("CSAM", "surname", &None));
    assert!(matches!(&fas.authentication, ClientAuthentication::Secret(file) if file.ends_with("/run/secrets/fas")));
    assert_eq!(fas.acr_for(Assurance::High), Some("urn:be:fedict:iam:fas:Level450"), "the least that does");
    let itsme = tenant.provider(Factor::Itsme).expect("itsme");
    assert_eq!(itsme.issuer.as_str(), "https://idp.prd.itsme.services/v2");
    assert_eq!(itsme.acr_for(Assurance::High), Some("http://itsme.services/v2/claim/acr_advanced"));
    let digid = all.iter().find_map(|tenant| tenant.saml_provider(Factor::Digid)).expect("MijnRGS has DigiD");
    assert_eq!(digid.provider, "https://was.digid.nl/saml/idp/metadata");
    assert_eq!(digid.class_for(Assurance::Substantial), Some("urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard"));
    assert_eq!(digid.metadata, Path::new("deploy/tenants/digid/metadata.xml"));
    assert_eq!(digid.tls, digid.signing, "what signs is also shown");
    assert_eq!(tenant.mandate_scopes["administrative"].get(Language::Nl), "Administratief dossier");
    assert_eq!(tenant.terms, poort::domain::tenant::Terms::default(), "the reference file shows the defaults");
    let register = tenant.register("dossier").expect("the register");
    assert_eq!(register.least_assurance, Assurance::Low);
    let remark = register.routes.iter().find(|route| route.fields == "remarks").expect("the route");
    assert!(matches!(&remark.subject, Subject::Parameter { name, .. } if name == "riziv"));
    assert_eq!(remark.max_body, 64 << 10);
    assert!(remark.audited);
    let client = tenant.client("agenda").expect("the client");
    assert!(client.refresh);
    // Whatever else stands in a tenant: printing it shows no digest of a secret in full.
    assert!(!format!("{all:?}").contains("sha256:"));
}

/// `deploy/tenants/progezondheid.toml` is the reference: it sets every key, or a comment in it says what the key is for.
#[test]
fn the_reference_file_has_every_key_of_a_tenant() {
    let text = std::fs::read_to_string("deploy/tenants/progezondheid.toml").expect("the reference");
    // An unknown key in a section makes the reader list the known ones.
    let mut strange = "zzzzzzzzzzzz = 1\n".to_owned();
    for line in text.replace("limits = { ", "limits = { zzzzzzzzzzzz = 1, ").lines() {
        strange.push_str(line);
        strange.push_str(if line.starts_with('[') { "\nzzzzzzzzzzzz = 1\n" } else { "\n" });
    }
    let found = tenants(&[Source::new("progezondheid.toml", strange)], &Placement::public(Scheme::Https, 443));
    let found = found.expect_err("strange keys").into_vec();
    assert!(found.len() > 20, "{}", found.len());
    for mistake in found {
        for key in mistake.right.split('`').skip(1).step_by(2) {
            let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            assert!(
                words.any(|word| word == key),
                "deploy/tenants/progezondheid.toml lacks {}: {key}",
                mistake.place.key
            );
        }
    }
}

#[test]
fn the_palettes_of_the_files_are_those_of_the_pages() {
    let pages = poort::pages::views::Palette::all().map(|palette| palette.name());
    assert_eq!(poort::domain::tenant::PALETTES, pages);
}
