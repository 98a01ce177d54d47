//! Certificates of programs (RFC 8705): each is one client's of one tenant, and a token that is bound to one is worth nothing without.

use std::time::Duration;

use http::Method;
use poort::{
    api,
    domain::{
        certificate::{CertificateName, CertificateProof, DistinguishedName},
        client::{Client, ClientAuthentication, Machine},
        tenant::{Tenant, Texts},
    },
    http::tls::Reloaded,
};
use rcgen::{ExtendedKeyUsagePurpose, SanType};

use crate::harness::{
    application::{Application, claims, encoded, text},
    certificates::{Asking, Authority, Certificate, only},
    demo::{JAN, sample_basic, sample_code},
    gateway::{Gateway, NOW, PRO, Reply},
    people::{ANDER, SECRET, ZORG},
};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const FEED: &str = "feed.lab.example";

fn vouched(name: CertificateName, by: &Authority) -> ClientAuthentication {
    ClientAuthentication::Certificate(CertificateProof::Vouched { name, authorities: by.file() })
}

fn dns(name: &str) -> CertificateName {
    CertificateName::Dns(name.to_owned())
}

/// A program that proves itself so.
fn program(id: &str, authentication: ClientAuthentication) -> Client {
    let machine = Machine { scopes: vec!["facts:write".into()], audiences: vec!["https://api.example".into()] };
    Client { machine: Some(machine), ..Client::new(id.into(), Texts::default(), authentication) }
}

/// Asks for a token in its own name.
async fn ask(asking: &Asking<'_>, tenant: &str, shown: &Certificate, id: &str) -> Reply {
    ask_at(asking, tenant, "/token", shown, id).await
}

async fn ask_at(asking: &Asking<'_>, tenant: &str, path: &str, shown: &Certificate, id: &str) -> Reply {
    let url = format!("{}{path}", asking.gateway.tenant_of(tenant).origin);
    let body = encoded(&[("grant_type", "client_credentials"), ("client_id", id), ("token", "unknown")]);
    asking.send(shown, Method::POST, &url, &[FORM], body).await
}

#[tokio::test]
async fn ghsa_3qh5_qqj2_c78f_cve_2023_2422_a_certificate_is_one_client_of_one_tenant() {
    let (lab, other) = (Authority::new("Lab"), Authority::new("Other"));
    let alone = Certificate::self_signed("alone.lab.example", &|_| {});
    let over =
        Certificate::self_signed("over.lab.example", &|params| params.not_after = rcgen::date_time_ymd(2026, 1, 1));
    let subject = DistinguishedName::parse("CN=second,O=Lab,C=BE").expect("a name");
    let gateway = Gateway::sqlite_with(|tenant: &mut Tenant| {
        let (feed, introspects) = (dns(FEED), vec!["https://api.example".to_owned()]);
        if tenant.id.as_str() == ANDER {
            // The same client, as far as its name goes: of another tenant, who believes another authority.
            tenant.clients.push(Client { introspects, ..program("feed", vouched(feed, &other)) });
            return;
        }
        tenant.clients.extend([
            Client { introspects, ..program("feed", vouched(feed, &lab)) },
            program("second", vouched(CertificateName::Subject(subject.clone()), &lab)),
            program("by-uri", vouched(CertificateName::Uri("urn:example:feed".into()), &lab)),
            program("by-ip", vouched(CertificateName::Ip("192.0.2.7".parse().expect("an address")), &lab)),
            program("by-email", vouched(CertificateName::Email("feed@lab.example".into()), &lab)),
            program("alone", ClientAuthentication::Certificate(alone.known())),
            program("over", ClientAuthentication::Certificate(over.known())),
            program("stray", vouched(dns(FEED), &Authority::new("whose file nobody read"))),
        ]);
    })
    .await;
    let asking = Asking::start(&gateway, &[&lab, &other]).await;

    let feed = lab.vouch(FEED, &|_| {});
    let second = lab.vouch("second", &|_| {});
    let others = other.vouch(FEED, &|_| {});
    let uri = |uri: &str| SanType::URI(uri.try_into().expect("a URI"));
    let email = |email: &str| SanType::Rfc822Name(email.try_into().expect("an address"));
    let ip = |ip: &str| SanType::IpAddress(ip.parse().expect("an address"));
    let several = lab.vouch("also.lab.example", &|params| {
        params.subject_alt_names.push(SanType::DnsName(FEED.try_into().expect("a name")));
        params.subject_alt_names.push(uri("urn:example:feed"));
    });
    let twins = [
        ("its own", ZORG, "feed", &feed),
        ("its own, of other names too", ZORG, "feed", &several),
        ("by its subject", ZORG, "second", &second),
        ("by a URI", ZORG, "by-uri", &several),
        ("by an address", ZORG, "by-ip", &lab.vouch("x", &|params| only(ip("192.0.2.7"))(params))),
        ("by a mail address", ZORG, "by-email", &lab.vouch("x", &|params| only(email("feed@lab.example"))(params))),
        ("signed by itself", ZORG, "alone", &alone),
        ("the other tenant's", ANDER, "feed", &others),
    ];
    for (what, tenant, id, shown) in &twins {
        let reply = ask(&asking, tenant, shown, id).await;
        assert_eq!(reply.status, 200, "{what}: {}", reply.text());
        assert_eq!(text(&claims(text(&reply.json(), "access_token")), "sub"), *id);
    }
    let fresh = |dns: &str| lab.vouch(dns, &|_| {});
    let refused = [
        ("another client's", ZORG, "feed", &second),
        ("another client's, the other way round", ZORG, "second", &feed),
        ("another tenant's", ZORG, "feed", &others),
        ("of this tenant, at the other", ANDER, "feed", &feed),
        ("the right names, signed by itself", ZORG, "feed", &Certificate::self_signed(FEED, &|_| {})),
        ("the right names, signed by a client's", ZORG, "feed", &feed.vouch(FEED)),
        ("a longer name", ZORG, "feed", &fresh("feed.lab.example.evil.example")),
        ("a name below", ZORG, "feed", &fresh("x.feed.lab.example")),
        ("a pattern", ZORG, "feed", &fresh("*.lab.example")),
        ("the name as a URI", ZORG, "feed", &lab.vouch("x", &|params| only(uri(FEED))(params))),
        ("the name as a mail address", ZORG, "feed", &lab.vouch("x", &|params| only(email(FEED))(params))),
        (
            "the name in the subject alone",
            ZORG,
            "feed",
            &lab.vouch("x", &|params| {
                params.distinguished_name.push(rcgen::DnType::CommonName, FEED);
            }),
        ),
        ("another URI", ZORG, "by-uri", &lab.vouch("x", &|params| only(uri("urn:example:feed2"))(params))),
        ("another address", ZORG, "by-ip", &lab.vouch("x", &|params| only(ip("192.0.2.70"))(params))),
        (
            "a subject with more in it",
            ZORG,
            "second",
            &lab.vouch("second", &|params| {
                params.distinguished_name.push(rcgen::DnType::OrganizationalUnitName, "More");
            }),
        ),
        (
            "for servers",
            ZORG,
            "feed",
            &lab.vouch(FEED, &|params| {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            }),
        ),
        ("over", ZORG, "feed", &lab.vouch(FEED, &|params| params.not_after = rcgen::date_time_ymd(2026, 11, 1))),
        ("not yet", ZORG, "feed", &lab.vouch(FEED, &|params| params.not_before = rcgen::date_time_ymd(2027, 1, 1))),
        ("known, and over", ZORG, "over", &over),
        ("like a known one, made anew", ZORG, "alone", &Certificate::self_signed("alone.lab.example", &|_| {})),
        ("vouched for, where one is known", ZORG, "alone", &feed),
        ("of a client whose authorities nobody read", ZORG, "stray", &feed),
        ("of a client with a secret", ZORG, "machine", &feed),
        ("of nobody", ZORG, "nobody", &feed),
    ];
    for (what, tenant, id, shown) in &refused {
        for path in ["/token", "/introspect", "/revoke"] {
            let reply = ask_at(&asking, tenant, path, shown, id).await;
            assert_eq!((reply.status.as_u16(), reply.error().as_str()), (401, "invalid_client"), "{what} at {path}");
        }
    }
    for path in ["/introspect", "/revoke"] {
        assert_eq!(ask_at(&asking, ZORG, path, &feed, "feed").await.status, 200, "the twin at {path}");
    }
    // Two proofs are one too many, and a secret is none of this client's.
    let url = format!("{}/token", gateway.tenant().origin);
    let with_secret =
        encoded(&[("grant_type", "client_credentials"), ("client_id", "feed"), ("client_secret", SECRET)]);
    let reply = asking.send(&feed, Method::POST, &url, &[FORM], with_secret).await;
    assert_eq!(reply.error(), "invalid_client");
    // A client with a secret is no worse off here.
    let app = Application::new(&gateway, "machine");
    let basic = app.basic(SECRET);
    let body = encoded(&[("grant_type", "client_credentials")]);
    let reply = asking.send(&feed, Method::POST, &url, &[FORM, ("authorization", &basic)], body).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(claims(text(&reply.json(), "access_token")).get("cnf").is_none(), "and its tokens are bound to nothing");
    // What was good once is judged anew each time.
    let short = lab.vouch(FEED, &|params| params.not_after = rcgen::date_time_ymd(2026, 12, 1));
    assert_eq!(ask(&asking, ZORG, &short, "feed").await.status, 200, "the twin");
    gateway.advance(Duration::from_secs(30 * 24 * 3600));
    assert_eq!(ask(&asking, ZORG, &short, "feed").await.error(), "invalid_client");
}

#[tokio::test]
async fn cve_2024_10039_a_certificate_in_a_header_proves_nothing() {
    let lab = Authority::new("Lab");
    let gateway = Gateway::sqlite_with(|tenant: &mut Tenant| {
        tenant.clients.push(program("feed", vouched(dns(FEED), &lab)));
        tenant.clients.push(program("second", vouched(dns("second"), &lab)));
    })
    .await;
    let asking = Asking::start(&gateway, &[&lab]).await;
    let (feed, second) = (lab.vouch(FEED, &|_| {}), lab.vouch("second", &|_| {}));
    let inner: String = feed.pem.lines().filter(|line| !line.starts_with('-')).collect();
    let escaped: String = url::form_urlencoded::byte_serialize(feed.pem.as_bytes()).collect();
    let headers = [
        ("client-cert", format!(":{inner}:")),
        ("client-cert-chain", format!(":{inner}:")),
        ("x-ssl-client-cert", escaped.clone()),
        ("ssl-client-cert", escaped.clone()),
        ("x-forwarded-tls-client-cert", inner.clone()),
        ("x-forwarded-client-cert", format!("Hash=x;Cert=\"{escaped}\";Subject=\"CN=feed\";DNS={FEED}")),
        ("x-amzn-mtls-clientcert", escaped),
        ("x-client-verify", "SUCCESS".into()),
    ];
    let url = format!("{}/token", gateway.tenant().origin);
    let body = |id: &str| encoded(&[("grant_type", "client_credentials"), ("client_id", id)]);
    let all: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).chain([FORM]).collect();
    let mut sent: Vec<Vec<(&str, &str)>> =
        headers.iter().map(|(name, value)| vec![FORM, (*name, value.as_str())]).collect();
    sent.extend([all, vec![FORM]]);
    for headers in &sent {
        // Where none is asked for; and where another client shows its own.
        let reply = gateway.send(Method::POST, &url, headers, body("feed")).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (401, "invalid_client"), "{headers:?}");
        let reply = asking.send(&second, Method::POST, &url, headers, body("feed")).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (401, "invalid_client"), "{headers:?}");
        let reply = asking.send(&second, Method::POST, &url, headers, body("second")).await;
        assert_eq!(reply.status, 200, "the twin");
        let reply = asking.send(&feed, Method::POST, &url, headers, body("feed")).await;
        assert_eq!(reply.status, 200, "the twin");
    }
    // Without one there is no answer at all.
    let nothing = asking.try_send(None, Method::POST, &url, &[FORM], body("feed")).await;
    assert!(nothing.is_err(), "{:?}", nothing.map(|reply| reply.status));
    // And no pages: a program is no browser.
    for path in ["/", "/authorize", "/login/x", "/profile", "/end_session"] {
        let page = asking.send(&feed, Method::GET, &format!("{}{path}", gateway.tenant().origin), &[], "").await;
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.headers.contains_key("set-cookie"), "{path}");
    }
}

#[tokio::test]
async fn rfc_8705_3_a_bound_token_counts_beside_its_certificate_alone() {
    let lab = Authority::new("Lab");
    for gateway in Gateway::demos_with(|tenant: &mut Tenant| {
        let (audience, pushes) = (tenant.backends[0].audience.clone(), api::audience(tenant));
        for client in tenant.clients.iter_mut().filter(|client| client.id == "sample-app") {
            client.certificate_bound_tokens = true;
            client.audiences = vec![audience.clone()];
        }
        for client in tenant.clients.iter_mut().filter(|client| client.id == "sample-api") {
            client.introspects = vec![audience.clone()];
        }
        let machine = Machine { scopes: vec!["facts:write".into()], audiences: vec![pushes] };
        let feed = program("feed", vouched(dns(FEED), &lab));
        tenant.clients.push(Client { machine: Some(machine), certificate_bound_tokens: true, ..feed });
    })
    .await
    {
        let asking = Asking::start(&gateway, &[&lab]).await;
        let origin = gateway.tenant().origin.clone();
        let (own, again) = (lab.vouch(FEED, &|_| {}), lab.vouch(FEED, &|_| {}));
        let mut browser = gateway.browser();
        let redemption = sample_code(&mut browser, async |browser, page| {
            let page = browser.prove(&page, PRO, JAN).await;
            browser.submit(&page, &[("as", "professional:physician")]).await
        })
        .await;
        let basic = sample_basic();
        let headers = [FORM, ("authorization", basic.as_str())];
        let url = format!("{origin}/token");
        // Where none is shown there is nothing to bind to, and the code is not spent.
        let reply = gateway.send(Method::POST, &url, &headers, redemption.clone()).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (400, "invalid_request"), "{}", gateway.name());
        let tokens = asking.send(&own, Method::POST, &url, &headers, redemption).await;
        assert_eq!(tokens.status, 200, "{}: {}", gateway.name(), tokens.text());
        let tokens = tokens.json();
        let token = text(&tokens, "access_token");
        assert_eq!(claims(token)["cnf"]["x5t#S256"], own.thumbprint().text(), "RFC 8705 section 3.1");
        assert!(claims(text(&tokens, "id_token")).get("cnf").is_none());
        let kept =
            gateway.send(Method::POST, &format!("{origin}/introspect"), &headers, encoded(&[("token", token)])).await;
        assert_eq!(kept.json()["active"], false, "none of the application's business");
        let (api, secret) = (Application::new(&gateway, "sample-api"), poort::demo::marker::SAMPLE_SECRET);
        let known = api.post_to("/introspect", &api.basic(secret), &[("token", token)]).await.json();
        assert_eq!((&known["active"], &known["cnf"]["x5t#S256"]), (&true.into(), &own.thumbprint().text().into()));

        let dossier = format!("{}/dossiers/{}", gateway.register(PRO), gateway.number(PRO, JAN).await);
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        let alone = Certificate::self_signed(FEED, &|_| {});
        gateway.tick().await;
        // What was believed beside its certificate is kept in memory: asked in between, and again after it.
        for round in 0..2 {
            for url in [&dossier, &format!("{origin}/userinfo")] {
                let before = gateway.registers.count();
                for (what, thief) in [("renewed", &again), ("somebody's own", &alone)] {
                    let reply = asking.send(thief, Method::GET, url, &headers, "").await;
                    assert_eq!(reply.status, 401, "{round} {what} {url}");
                }
                assert_eq!(
                    gateway.send(Method::GET, url, &headers, "").await.status,
                    401,
                    "{round} without one: {url}"
                );
                assert_eq!(gateway.registers.count(), before, "nothing was forwarded");
                let reply = asking.send(&own, Method::GET, url, &headers, "").await;
                assert_eq!(reply.status, 200, "the twin, {round} {url}: {}", reply.text());
            }
        }
        // And a program's own.
        let tokens = ask(&asking, PRO, &own, "feed").await.json();
        let token = text(&tokens, "access_token");
        assert_eq!(claims(token)["cnf"]["x5t#S256"], own.thumbprint().text());
        let url = format!("{origin}{}/people/nobody", api::PATH);
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        assert_eq!(gateway.send(Method::DELETE, &url, &headers, "").await.status, 401, "without one");
        assert_eq!(asking.send(&again, Method::DELETE, &url, &headers, "").await.status, 401, "renewed");
        let reply = asking.send(&own, Method::DELETE, &url, &headers, "").await;
        assert_ne!(reply.status, 401, "the twin: {}", reply.text());
    }
}

#[tokio::test]
async fn rfc_8705_authorities_are_exchanged_while_programs_come() {
    let (lab, next) = (Authority::new("Lab"), Authority::new("Lab, next"));
    let gateway = Gateway::sqlite_with(|tenant: &mut Tenant| {
        tenant.clients.push(program("feed", vouched(dns(FEED), &lab)));
    })
    .await;
    let asking = Asking::start(&gateway, &[&lab]).await;
    let (old, new) = (lab.vouch(FEED, &|_| {}), next.vouch(FEED, &|_| {}));
    let statuses = async || {
        (ask(&asking, ZORG, &old, "feed").await.status.as_u16(), ask(&asking, ZORG, &new, "feed").await.status.as_u16())
    };
    assert_eq!(statuses().await, (200, 401));
    std::fs::write(lab.file(), "-----BEGIN CERTIFICATE-----\nhalf").expect("written");
    assert_eq!(asking.tls.reload(NOW), Reloaded::Same);
    assert_eq!(statuses().await, (200, 401), "half a file leaves the old ones in force");
    next.write(&lab.file());
    assert_eq!(asking.tls.reload(NOW), Reloaded::Same, "of the listener's own pair");
    assert_eq!(statuses().await, (401, 200));
}

#[tokio::test]
async fn oidc_1_a_program_finds_where_to_show_its_certificate() {
    let document = async |origin: Option<&str>| {
        let gateway = Gateway::sqlite_with(|tenant: &mut Tenant| {
            tenant.mutual_tls_origin = origin.map(str::to_owned);
        })
        .await;
        let url = format!("{}/.well-known/oauth-authorization-server", gateway.tenant().origin);
        gateway.send(Method::GET, &url, &[], "").await.json()
    };
    let without = document(None).await;
    assert!(without.get("mtls_endpoint_aliases").is_none() && !without.to_string().contains("tls_client"));
    let with = document(Some("https://login.zorg.example:8444")).await;
    let aliases = &with["mtls_endpoint_aliases"];
    for (endpoint, path) in
        [("token", "token"), ("introspection", "introspect"), ("revocation", "revoke"), ("userinfo", "userinfo")]
    {
        assert_eq!(text(aliases, &format!("{endpoint}_endpoint")), format!("https://login.zorg.example:8444/{path}"));
    }
    assert_eq!(with["tls_client_certificate_bound_access_tokens"], true);
    for endpoint in ["token", "introspection", "revocation"] {
        let methods = with[format!("{endpoint}_endpoint_auth_methods_supported")].to_string();
        assert!(
            methods.contains("\"tls_client_auth\"") && methods.contains("\"self_signed_tls_client_auth\""),
            "{methods}"
        );
    }
    assert_eq!(
        with["issuer"].as_str().map(|issuer| issuer.contains("8444")),
        Some(false),
        "the issuer stays what it is"
    );
}

#[tokio::test]
async fn limits_who_guesses_clients_is_not_heard_for_a_while_at_any_of_their_endpoints() {
    for path in ["/introspect", "/revoke", "/token"] {
        let gateway = Gateway::sqlite().await;
        let app = Application::new(&gateway, "api");
        let guess = async || app.post_to(path, &app.basic("a guess"), &[("token", "x")]).await;
        for number in 0..100 {
            assert_eq!(guess().await.status, 401, "{number} at {path}");
        }
        let refused = guess().await;
        assert_eq!((refused.status.as_u16(), refused.error().as_str()), (429, "temporarily_unavailable"), "{path}");
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
        // Whoever it is by now, and wherever they ask.
        for other in ["/introspect", "/revoke", "/token"] {
            let reply = app.post_to(other, &app.basic(SECRET), &[("token", "x")]).await;
            assert_eq!(reply.status, 429, "{other}");
        }
        gateway.advance(Duration::from_secs(600));
        let reply = app.post_to("/introspect", &app.basic(SECRET), &[("token", "x")]).await;
        assert_eq!(reply.status, 200, "the twin");
    }
}
