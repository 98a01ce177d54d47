//! S10: nothing that a client or a proxy says of who somebody is, where they come from or what they ask reaches a register.
//!
//! Each header that some program believes, in each spelling, sent by a stranger and by a proxy that is trusted: the register gets
//! the gateway's own value once, or none.

use std::collections::BTreeMap;

use crate::harness::{
    cast::{Opening, openings},
    gateway::Gateway,
    registers::Got,
    socket,
};

/// What programs believe, by what they take it for. What no list of the gateway's names is `HARMLESS`.
const CLAIMS: &[(&str, &[&str])] = &[
    (
        "who somebody is",
        &[
            "Authorization",
            "Remote-User",
            "Remote-Groups",
            "X-Remote-User",
            "X-Forwarded-User",
            "X-Forwarded-Email",
            "X-Forwarded-Groups",
            "X-Forwarded-Access-Token",
            "X-Auth-Request-User",
            "X-Auth-Request-Email",
            "X-Authentik-Username",
            "X-Pomerium-Jwt-Assertion",
            "Cf-Access-Jwt-Assertion",
            "X-Goog-Authenticated-User-Email",
            "X-Goog-Iap-Jwt-Assertion",
            "X-Amzn-Oidc-Identity",
            "X-Ms-Client-Principal-Name",
            "X-Consumer-Username",
            "Tailscale-User-Login",
            "Teleport-Jwt-Assertion",
            "X-Vouch-User",
            "X-Webauth-User",
            "Shib-Session-Id",
            "Oidc-Claim-Sub",
            "Impersonate-User",
            "X-User-Id",
            "X-Roles",
            "X-Tenant-Id",
            "Poort-Profile",
            "X-Poort-Subject",
        ],
    ),
    ("a certificate", &["Client-Cert", "X-Ssl-Client-Cert", "Ssl-Client-Verify", "X-Forwarded-Client-Cert"]),
    (
        "where they come from",
        &[
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-Port",
            "X-Forwarded-Prefix",
            "X-Real-Ip",
            "True-Client-Ip",
            "Cf-Connecting-Ip",
            "X-Client-Ip",
        ],
    ),
    (
        "what is asked",
        &["X-Forwarded-Uri", "X-Forwarded-Method", "X-Original-Url", "X-Rewrite-Url", "X-Http-Method-Override"],
    ),
    ("which request it is", &["X-Request-Id", "Traceparent"]),
];

/// A name that no list knows: it arrives, and shows that the others do not go by accident.
const HARMLESS: &str = "X-Harmless-Field";

/// A way to write a header, with its name.
type Spelling = (&'static str, fn(&str) -> String);

const SPELLINGS: &[Spelling] = &[
    ("as it is", |name| format!("{name}: evil\r\n")),
    ("in capitals", |name| format!("{}: evil\r\n", name.to_ascii_uppercase())),
    ("in small letters", |name| format!("{}: evil\r\n", name.to_ascii_lowercase())),
    ("twice", |name| format!("{name}: evil\r\nX-Between: 1\r\n{}: evil\r\n", name.to_ascii_uppercase())),
    ("a list", |name| format!("{name}: 127.0.0.1, evil, admin\r\n")),
    ("blanks behind it", |name| format!("{name}: evil \t \r\n")),
    ("named by Connection", |name| {
        format!("{name}: evil\r\nConnection: close, {}, x-nothing\r\n", name.to_ascii_lowercase())
    }),
    ("named by Connection, and not there", |name| format!("Connection: {name}, close\r\n")),
    ("with a health check's User-Agent", |name| format!("User-Agent: kube-probe/1.30\r\n{name}: evil\r\n")),
    ("_ for -", |name| format!("{}: evil\r\n", name.replace('-', "_"))),
    (". for -", |name| format!("{}: evil\r\n", name.replace('-', "."))),
    ("a blank before the colon", |name| format!("{name} : evil\r\n")),
    ("folded", |name| format!("X-Fold: 1\r\n {name}: evil\r\n")),
];

/// Those that no program may read in two ways, so that the whole request is refused.
fn is_refused(name: &str, spelling: &str) -> bool {
    match spelling {
        "_ for -" | ". for -" => name.contains('-'),
        "a blank before the colon" | "folded" => true,
        "twice" => name == "Authorization",
        _ => false,
    }
}

fn is_evil(value: &str) -> bool {
    value.contains("evil")
}

/// The request; where `further` has a `Connection` of its own, with that one alone.
fn bytes(opening: &Opening, further: &str) -> Vec<u8> {
    let text = String::from_utf8(opening.bytes(&opening.path, further)).expect("text");
    match further.contains("Connection: ") {
        true => text.replacen("Connection: close\r\n", "", 1).into_bytes(),
        false => text.into_bytes(),
    }
}

/// What the gateway says itself, by its header.
fn ours(gateway: &Gateway, got: &Got) -> BTreeMap<&'static str, String> {
    let address = gateway.register(crate::harness::gateway::PRO).split_once("://").expect("an origin").1.to_owned();
    assert!(got.header("authorization").starts_with("Bearer eyJ"), "the gateway's token");
    BTreeMap::from([
        ("forwarded", format!("for=127.0.0.1;host=\"{address}\";proto=http")),
        ("x-forwarded-for", "127.0.0.1".to_owned()),
        ("x-forwarded-host", address),
        ("x-forwarded-proto", "http".to_owned()),
    ])
}

#[tokio::test]
async fn s10_cve_2025_64484_cve_2026_33495_ghsa_w9mr_28mw_j8hg_a_register_hears_who_somebody_is_from_the_gateway_alone()
{
    let strangers = Gateway::demo().await;
    let openings = openings(&strangers).await;
    let opening = openings.iter().find(|opening| opening.pattern == "/me").expect("a route");
    let proxies = strangers.behind_proxies().await;
    let (mut cases, mut refused) = (0, 0);
    for (gateway, peer) in [(&strangers, "a stranger"), (&proxies, "a trusted proxy")] {
        for (claim, names) in CLAIMS {
            for name in *names {
                for (spelling, write) in SPELLINGS {
                    cases += 1;
                    let (further, before) = (write(name), gateway.registers.count());
                    let place = format!("{claim}: {further:?} ({spelling}) from {peer}");
                    let answers = socket::exchange(gateway.address, &bytes(opening, &further)).await;
                    let [answer] = &answers[..] else { panic!("{place}: {answers:?}") };
                    if is_refused(name, spelling) {
                        refused += 1;
                        assert_eq!(
                            (answer.status, gateway.registers.count()),
                            (400, before),
                            "{place}: {}",
                            answer.head
                        );
                        continue;
                    }
                    assert_eq!(
                        (answer.status, gateway.registers.count()),
                        (200, before + 1),
                        "{place}: {}",
                        answer.head
                    );
                    let got = gateway.registers.last();
                    let own = ours(gateway, &got);
                    let evil: Vec<_> = got.headers.values().filter(|value| value.to_str().is_ok_and(is_evil)).collect();
                    assert!(evil.is_empty(), "{place}: {evil:?}");
                    for (header, value) in &own {
                        assert_eq!(got.header(header), value, "{place}");
                    }
                    let lower = name.to_ascii_lowercase();
                    let kept = got.headers.get_all(&lower).iter().count();
                    let is_ours = own.contains_key(lower.as_str())
                        || ["authorization", "x-request-id", "traceparent"].contains(&&*lower);
                    assert_eq!(kept, usize::from(is_ours), "{place}");
                }
            }
        }
        // The twins: what is nobody's claim arrives, and a proxy is believed about address and scheme, from the nearest on.
        let further =
            format!("{HARMLESS}: 1\r\nX-Forwarded-For: 203.0.113.66, 198.51.100.7\r\nX-Forwarded-Proto: https\r\n");
        assert_eq!(socket::one(gateway.address, &bytes(opening, &further)).await.status, 200, "{peer}");
        let got = gateway.registers.last();
        assert_eq!(got.header(&HARMLESS.to_lowercase()), "1", "{peer}");
        let believed = (got.header("x-forwarded-for"), got.header("x-forwarded-proto"));
        let trusted = peer == "a trusted proxy";
        assert_eq!(believed, if trusted { ("198.51.100.7", "https") } else { ("127.0.0.1", "http") }, "{peer}");
    }
    println!("S10: {cases} cases, {refused} of them refused whole");
    assert!(cases >= 300);
}
