//! S3, S4 and S5: what is said, when and to whom it is said, and XML that is meant to break who reads it. Everything here is well signed.

use std::{sync::LazyLock, time::Duration};

use poort::{
    base::Timestamp,
    domain::upstream::DIGID_CLASSES,
    login::{method::Refused, wire::saml::metadata::Peer},
};
use proptest::{prelude::*, sample::Index};

use crate::harness::saml::{Door, ENTITY, EVERYBODY, Reader, Recipe, cut, metadata, sign_whatever, swap};

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(NOW));
static BODY: LazyLock<String> = LazyLock::new(|| READER.recipe().build());
static METADATA: LazyLock<String> =
    LazyLock::new(|| metadata("https://idp.example/resolve", "https://idp.example/sso", &[&EVERYBODY.provider]));

const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);
const NAME: &str = "s00000000:999990019";
const NAME_ID: &str = "<saml:NameID>s00000000:999990019</saml:NameID>";

/// What differs before the assertion is signed, with its name.
type Case = (&'static str, fn(String) -> String);

/// Signs each and reads it: all must be refused. Says how many were tried.
fn all_refused(cases: &[Case]) -> usize {
    let [by_artifact, others @ ..] = Door::ALL.map(|door| all_refused_by(door, cases));
    assert!(others.into_iter().all(|tried| tried == by_artifact));
    by_artifact
}

fn all_refused_by(door: Door, cases: &[Case]) -> usize {
    let (reader, mut refused) = (Reader::at(door, NOW), 0);
    for (place, (name, change)) in cases.iter().enumerate() {
        let mut recipe = reader.recipe();
        recipe.assertion = *change;
        match reader.read(&recipe.build()) {
            Ok(answer) => panic!("{name}: {} is believed", answer.name),
            Err(_) => refused += 1,
        }
        if place % 6 == 0 {
            reader.still_works(name);
        }
    }
    refused
}

/// An expression that exchanges the name's element.
macro_rules! name_id {
    ($new:expr) => {
        |text: String| swap(&text, NAME_ID, $new)
    };
}

#[test]
fn s3_cve_2026_57580_cve_2026_7307_a_name_is_one_run_of_characters() {
    let cases: &[Case] = &[
        ("a comment within", name_id!("<saml:NameID>s00000000:12345<!-- -->6782</saml:NameID>")),
        ("a comment before the rest", name_id!("<saml:NameID>s00000000:999990019<!---->.attacker</saml:NameID>")),
        ("a comment first", name_id!("<saml:NameID><!-- x -->s00000000:999990019</saml:NameID>")),
        ("a comment last", name_id!("<saml:NameID>s00000000:999990019<!-- x --></saml:NameID>")),
        ("a comment in the issuer", |t| {
            swap(&t, &format!("<saml:Issuer>{ENTITY}"), &format!("<saml:Issuer><!---->{ENTITY}"))
        }),
        ("a comment in the audience", |t| swap(&t, "<saml:Audience>", "<saml:Audience><!-- -->")),
        ("a comment in the class", |t| swap(&t, "<saml:AuthnContextClassRef>", "<saml:AuthnContextClassRef><!-- -->")),
        ("a comment between elements", |t| swap(&t, "<saml:Subject>", "<!-- --><saml:Subject>")),
        ("an instruction within", name_id!("<saml:NameID>s00000000:<?x?>999990019</saml:NameID>")),
        ("an instruction after", name_id!("<saml:NameID>s00000000:999990019<?x y?></saml:NameID>")),
        ("a CDATA section", name_id!("<saml:NameID><![CDATA[s00000000:999990019]]></saml:NameID>")),
        ("half a CDATA section", name_id!("<saml:NameID>s00000000:<![CDATA[999990019]]></saml:NameID>")),
        ("an empty CDATA section", name_id!("<saml:NameID>s00000000:999990019<![CDATA[]]></saml:NameID>")),
        ("a child", name_id!("<saml:NameID>s00000000:999990019<x/></saml:NameID>")),
        ("a child within", name_id!("<saml:NameID>s00000000:<x>1</x>999990019</saml:NameID>")),
        ("in a child", name_id!("<saml:NameID><x>s00000000:999990019</x></saml:NameID>")),
        ("empty", name_id!("<saml:NameID></saml:NameID>")),
        ("self-closing", name_id!("<saml:NameID/>")),
        ("none", name_id!("")),
        (
            "two",
            name_id!("<saml:NameID>s00000000:999990019</saml:NameID><saml:NameID>s00000000:123456782</saml:NameID>"),
        ),
        (
            "two, the same",
            name_id!("<saml:NameID>s00000000:999990019</saml:NameID><saml:NameID>s00000000:999990019</saml:NameID>"),
        ),
        ("two subjects", |t| {
            let s = cut(&t, "<saml:Subject>", "</saml:Subject>").to_owned();
            swap(&t, &s, &format!("{s}{s}"))
        }),
        ("a BaseID", name_id!("<saml:BaseID>s00000000:999990019</saml:BaseID>")),
        ("an EncryptedID", name_id!("<saml:EncryptedID>s00000000:999990019</saml:EncryptedID>")),
        ("of no name space", name_id!("<NameID xmlns=\"\">s00000000:999990019</NameID>")),
        (
            "of SAML 1.1",
            name_id!("<x:NameID xmlns:x=\"urn:oasis:names:tc:SAML:1.0:assertion\">s00000000:999990019</x:NameID>"),
        ),
        ("in capitals", name_id!("<saml:NAMEID>s00000000:999990019</saml:NAMEID>")),
    ];
    assert_eq!(all_refused(cases), 27);
}

#[test]
fn s3_a_name_is_a_sector_and_nine_digits_that_pass_the_check() {
    // What the wire hands on, DigiD's folder judges: `login::digid` has the table of odd names. Here it is that they arrive unchanged.
    let reader = Reader::new(NOW);
    for name in [
        "s00000000: 999990019",
        " s00000000:999990019",
        "s00000000:999990019 ",
        "s00000000:99999001９",
        "ѕ00000000:999990019",
        "s00000000:999990019\u{200b}",
        "s00000000:999990019@attacker",
        "a@b@c",
        "S00000001:999990019",
        "s00000000:\u{202e}910099999",
        "x",
        "s00000000",
        ":",
        "s00000000:999990019:1",
    ] {
        let mut recipe = reader.recipe();
        recipe.name = name.to_owned();
        assert_eq!(reader.read(&recipe.build()).map(|answer| answer.name), Ok(name.to_owned()));
    }
    // Characters that XML writes in another way are the same characters.
    let mut recipe = reader.recipe();
    recipe.name = "s00000000:&#57;99990019".to_owned();
    assert!(reader.read(&recipe.build()).is_ok_and(|answer| answer.name == NAME));
}

/// What differs, and what the refusal says.
type Timed = (&'static str, &'static str, fn(&mut Recipe));

fn none_passes(door: Door, cases: &[Timed]) -> usize {
    let reader = Reader::at(door, NOW);
    for (place, (name, why, change)) in cases.iter().enumerate() {
        let mut recipe = reader.recipe();
        change(&mut recipe);
        match reader.read(&recipe.build()) {
            Ok(_) => panic!("{name} is believed"),
            Err(refused) => assert!(refused.to_string().contains(why), "{name}: {refused}"),
        }
        if place % 6 == 0 {
            reader.still_works(name);
        }
    }
    cases.len()
}

/// A change of the assertion before it is signed.
macro_rules! said {
    ($old:expr, $new:expr) => {
        |recipe: &mut Recipe| recipe.assertion = |text| swap(&text, $old, $new)
    };
}

/// A change of the message before it is signed.
macro_rules! around {
    ($old:expr, $new:expr) => {
        |recipe: &mut Recipe| recipe.message = |text| swap(&text, $old, $new)
    };
}

#[test]
fn s4_cve_2026_2575_cve_2026_9096_cve_2026_9098_to_whom_when_and_what() {
    const AUDIENCE: &str = "<saml:AudienceRestriction><saml:Audience>https://login.example/federated/digid/metadata</saml:Audience></saml:AudienceRestriction>";
    let cases: &[Timed] = &[
        ("another audience", "Audience", |r| r.audience = "https://other.example".into()),
        ("our audience with a slash", "Audience", |r| r.audience += "/"),
        ("our audience in capitals", "Audience", |r| r.audience = r.audience.to_uppercase()),
        ("no audience", "Audience", said!(AUDIENCE, "")),
        ("a restriction to nobody", "Audience", said!(AUDIENCE, "<saml:AudienceRestriction/>")),
        (
            "a second restriction to another",
            "Audience",
            said!(
                AUDIENCE,
                &format!(
                    "{AUDIENCE}<saml:AudienceRestriction><saml:Audience>https://other.example</saml:Audience></saml:AudienceRestriction>"
                )
            ),
        ),
        (
            "an audience of another kind",
            "none",
            said!("<saml:Audience>", "<saml:Audience>https://a</saml:Audience><saml:Other/><saml:Audience>"),
        ),
        ("no conditions", "without Conditions", |r| {
            r.assertion = |t| swap(&t, cut(&t, "<saml:Conditions", "</saml:Conditions>"), "")
        }),
        ("two conditions", "more than one Conditions", |r| {
            r.assertion = |t| {
                let c = cut(&t, "<saml:Conditions", "</saml:Conditions>").to_owned();
                swap(&t, &c, &format!("{c}{c}"))
            }
        }),
        (
            "a condition that nobody knows",
            "not known",
            said!("<saml:AudienceRestriction>", "<saml:Condition/><saml:AudienceRestriction>"),
        ),
        (
            "another recipient",
            "Recipient",
            said!(
                "Recipient=\"https://login.example/federated/digid/callback\"",
                "Recipient=\"https://other.example/\""
            ),
        ),
        ("no recipient", "Recipient", said!("Recipient=\"https://login.example/federated/digid/callback\"", "")),
        (
            "a recipient with a query",
            "Recipient",
            said!("digid/callback\" NotOnOrAfter", "digid/callback?x\" NotOnOrAfter"),
        ),
        (
            "a subject for another request",
            "InResponseTo",
            said!("InResponseTo=\"_request1\"", "InResponseTo=\"_request2\""),
        ),
        ("a subject for no request", "InResponseTo", said!("InResponseTo=\"_request1\"", "")),
        ("a subject for an empty request", "InResponseTo", said!("InResponseTo=\"_request1\"", "InResponseTo=\"\"")),
        ("confirmed by a key", "another way", said!("cm:bearer", "cm:holder-of-key")),
        ("confirmed by a voucher", "another way", said!("cm:bearer", "cm:sender-vouches")),
        ("not confirmed", "without SubjectConfirmation", |r| {
            r.assertion = |t| swap(&t, cut(&t, "<saml:SubjectConfirmation ", "</saml:SubjectConfirmation>"), "")
        }),
        ("confirmed twice", "more than one SubjectConfirmation", |r| {
            r.assertion = |t| {
                let c = cut(&t, "<saml:SubjectConfirmation ", "</saml:SubjectConfirmation>").to_owned();
                swap(&t, &c, &format!("{c}{c}"))
            }
        }),
        ("confirmed without data", "without SubjectConfirmationData", |r| {
            r.assertion = |t| swap(&t, cut(&t, "<saml:SubjectConfirmationData", "/>"), "")
        }),
        (
            "a confirmation that begins later",
            "begins later",
            said!(
                "<saml:SubjectConfirmationData ",
                "<saml:SubjectConfirmationData NotBefore=\"2026-01-01T00:00:00Z\" "
            ),
        ),
        ("a confirmation without an end", "without NotOnOrAfter", |r| {
            r.assertion = |t| {
                let d = cut(&t, "<saml:SubjectConfirmationData", "/>").to_owned();
                swap(&t, &d, &swap(&d, " NotOnOrAfter=\"2026-11-22T12:02:00Z\"", ""))
            }
        }),
        (
            "a confirmation that is over",
            "NotOnOrAfter",
            said!(
                "callback\" NotOnOrAfter=\"2026-11-22T12:02:00Z\"",
                "callback\" NotOnOrAfter=\"2026-11-22T11:59:30Z\""
            ),
        ),
        (
            "conditions that are over",
            "NotOnOrAfter",
            said!(
                "NotBefore=\"2026-11-22T11:58:00Z\" NotOnOrAfter=\"2026-11-22T12:02:00Z\"",
                "NotBefore=\"2026-11-22T11:58:00Z\" NotOnOrAfter=\"2026-11-22T11:59:30Z\""
            ),
        ),
        (
            "conditions not yet",
            "NotBefore",
            said!("NotBefore=\"2026-11-22T11:58:00Z\"", "NotBefore=\"2026-11-22T12:00:31Z\""),
        ),
        ("conditions without a beginning", "without NotBefore", said!(" NotBefore=\"2026-11-22T11:58:00Z\"", "")),
        (
            "conditions without an end",
            "without NotOnOrAfter",
            said!(
                " NotBefore=\"2026-11-22T11:58:00Z\" NotOnOrAfter=\"2026-11-22T12:02:00Z\"",
                " NotBefore=\"2026-11-22T11:58:00Z\""
            ),
        ),
        (
            "an end that is no moment",
            "NotOnOrAfter",
            said!("callback\" NotOnOrAfter=\"2026-11-22T12:02:00Z\"", "callback\" NotOnOrAfter=\"tomorrow\""),
        ),
        (
            "an end in local time",
            "NotOnOrAfter",
            said!(
                "callback\" NotOnOrAfter=\"2026-11-22T12:02:00Z\"",
                "callback\" NotOnOrAfter=\"2026-11-22T12:02:00\""
            ),
        ),
        (
            "an end with another zone",
            "NotOnOrAfter",
            said!(
                "callback\" NotOnOrAfter=\"2026-11-22T12:02:00Z\"",
                "callback\" NotOnOrAfter=\"2026-11-22T12:02:00-23:00\""
            ),
        ),
        (
            "an end of seconds since 1970",
            "NotOnOrAfter",
            said!("callback\" NotOnOrAfter=\"2026-11-22T12:02:00Z\"", "callback\" NotOnOrAfter=\"9999999999\""),
        ),
        (
            "an assertion from the future",
            "in the future",
            said!("IssueInstant=\"2026-11-22T12:00:00Z\"", "IssueInstant=\"2026-11-22T12:00:31Z\""),
        ),
        (
            "an old assertion",
            "too long ago",
            said!("IssueInstant=\"2026-11-22T12:00:00Z\"", "IssueInstant=\"2026-11-22T11:54:59Z\""),
        ),
        ("an assertion without a moment", "without IssueInstant", said!("IssueInstant=\"2026-11-22T12:00:00Z\"", "")),
        ("an assertion of SAML 1.1", "another version", said!("Version=\"2.0\"", "Version=\"1.1\"")),
        (
            "an assertion of another issuer",
            "another issuer",
            said!(&format!("<saml:Issuer>{ENTITY}"), "<saml:Issuer>https://attacker.example"),
        ),
        (
            "an assertion of our issuer and more",
            "another issuer",
            said!(&format!("{ENTITY}</saml:Issuer>"), &format!("{ENTITY}.attacker.example</saml:Issuer>")),
        ),
        ("an assertion of nobody", "without Issuer", |r| {
            r.assertion = |t| swap(&t, &format!("<saml:Issuer>{ENTITY}</saml:Issuer>"), "")
        }),
        ("no statement", "without AuthnStatement", |r| {
            r.assertion = |t| swap(&t, cut(&t, "<saml:AuthnStatement", "</saml:AuthnStatement>"), "")
        }),
        ("two statements", "more than one AuthnStatement", |r| {
            r.assertion = |t| {
                let s = cut(&t, "<saml:AuthnStatement", "</saml:AuthnStatement>").to_owned();
                swap(&t, &s, &format!("{s}{s}"))
            }
        }),
        ("a lower class", "worth less", |r| r.class = DIGID_CLASSES[0].into()),
        ("a class that nobody knows", "not known", |r| {
            r.class = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password".into()
        }),
        ("no class", "without AuthnContextClassRef", |r| {
            r.assertion = |t| swap(&t, cut(&t, "<saml:AuthnContextClassRef>", "</saml:AuthnContextClassRef>"), "")
        }),
        ("two classes", "more than one AuthnContextClassRef", |r| {
            r.assertion = |t| {
                let c = cut(&t, "<saml:AuthnContextClassRef>", "</saml:AuthnContextClassRef>").to_owned();
                swap(&t, &c, &format!("{c}{c}"))
            }
        }),
        (
            "proved in the future",
            "in the future",
            said!("AuthnInstant=\"2026-11-22T12:00:00Z\"", "AuthnInstant=\"2026-11-22T12:00:31Z\""),
        ),
        ("proved at no moment", "without AuthnInstant", said!("AuthnInstant=\"2026-11-22T12:00:00Z\"", "")),
        (
            "a session that is over",
            "NotOnOrAfter",
            said!("SessionIndex=\"1\"", "SessionIndex=\"1\" SessionNotOnOrAfter=\"2026-11-22T11:00:00Z\""),
        ),
    ];
    assert!(Door::ALL.into_iter().all(|door| none_passes(door, cases) >= 46));
    let cases: &[Timed] = &[
        ("an answer to another question", "InResponseTo", |r| r.resolve = "_resolve2".into()),
        ("an answer to no question", "InResponseTo", around!(" InResponseTo=\"_resolve1\"", "")),
        ("a response to another request", "InResponseTo", |r| r.request = "_request2".into()),
        (
            "a response to no request",
            "InResponseTo",
            around!(
                "IssueInstant=\"2026-11-22T12:00:00Z\" InResponseTo=\"_request1\"",
                "IssueInstant=\"2026-11-22T12:00:00Z\""
            ),
        ),
        (
            "a response to the resolver's question",
            "InResponseTo",
            around!("InResponseTo=\"_request1\"", "InResponseTo=\"_resolve1\""),
        ),
        (
            "a response for another address",
            "Destination",
            around!("Destination=\"https://login.example", "Destination=\"https://other.example"),
        ),
        (
            "an answer for an address",
            "Destination",
            around!("InResponseTo=\"_resolve1\"", "InResponseTo=\"_resolve1\" Destination=\"https://other.example\""),
        ),
        (
            "an answer of another issuer",
            "another issuer",
            around!(&format!("<saml:Issuer>{ENTITY}"), "<saml:Issuer>https://attacker.example"),
        ),
        ("an answer of nobody", "without Issuer", |r| {
            r.message = |t| swap(&t, &format!("<saml:Issuer>{ENTITY}</saml:Issuer>"), "")
        }),
        (
            "an old answer",
            "too long ago",
            around!(
                "ID=\"_answer1\" Version=\"2.0\" IssueInstant=\"2026-11-22T12:00:00Z\"",
                "ID=\"_answer1\" Version=\"2.0\" IssueInstant=\"2026-11-22T11:54:59Z\""
            ),
        ),
        (
            "a response of SAML 1.1",
            "another version",
            around!("ID=\"_response1\" Version=\"2.0\"", "ID=\"_response1\" Version=\"1.1\""),
        ),
        ("a response without an ID", "without ID", around!("ID=\"_response1\"", "")),
        ("a response of another issuer", "another issuer", |r| {
            r.message = |t| {
                let (a, b) = t.split_once("<samlp:Response").expect("one");
                format!(
                    "{a}<samlp:Response{}",
                    swap(b, &format!("<saml:Issuer>{ENTITY}"), "<saml:Issuer>https://attacker.example")
                )
            }
        }),
        (
            "an artifact that is not known",
            "artifact",
            around!(
                "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>",
                "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Requester\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:RequestDenied\"/></samlp:StatusCode>"
            ),
        ),
        (
            "success within a failure",
            "artifact",
            around!(
                "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>",
                "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:StatusCode>"
            ),
        ),
        ("no response", "without Response", |r| {
            r.message = |t| swap(&t, cut(&t, "<samlp:Response ", "</samlp:Response>"), "")
        }),
    ];
    assert!(none_passes(Door::Artifact, cases) >= 14);
    let cases: &[Timed] = &[
        ("a response to another request", "InResponseTo", |r| r.request = "_request2".into()),
        ("a response that nobody asked for", "InResponseTo", |r| {
            r.message = |t| {
                let (a, b) = t.split_once("<samlp:Status>").expect("one");
                format!("{}<samlp:Status>{b}", swap(a, " InResponseTo=\"_request1\"", ""))
            }
        }),
        (
            "a response for another address",
            "Destination",
            around!("Destination=\"https://login.example", "Destination=\"https://other.example"),
        ),
        (
            "a response for no address",
            "without Destination",
            around!(" Destination=\"https://login.example/federated/digid/callback\"", ""),
        ),
        (
            "a response of another issuer",
            "another issuer",
            around!(&format!("<saml:Issuer>{ENTITY}"), "<saml:Issuer>https://attacker.example"),
        ),
        ("a response of nobody", "without Issuer", |r| {
            r.message = |t| swap(&t, &format!("<saml:Issuer>{ENTITY}</saml:Issuer>"), "")
        }),
        (
            "an old response",
            "too long ago",
            around!(
                "ID=\"_answer1\" Version=\"2.0\" IssueInstant=\"2026-11-22T12:00:00Z\"",
                "ID=\"_answer1\" Version=\"2.0\" IssueInstant=\"2026-11-22T11:54:59Z\""
            ),
        ),
        (
            "a response of SAML 1.1",
            "another version",
            around!("ID=\"_answer1\" Version=\"2.0\"", "ID=\"_answer1\" Version=\"1.1\""),
        ),
        (
            "success within a failure",
            "a failure",
            around!(
                "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>",
                "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:StatusCode>"
            ),
        ),
        ("no assertion", "not one assertion", |r| {
            r.message = |t| {
                let rest = cut(&t, "</samlp:Status>", "</samlp:Response>").to_owned();
                swap(&t, &rest, "</samlp:Status></samlp:Response>")
            }
        }),
    ];
    assert!(Door::POSTED.into_iter().all(|door| none_passes(door, cases) == 10));
}

#[test]
fn s4_the_edges_of_the_clocks_to_the_second() {
    let (reader, second) = (Reader::new(NOW), Duration::from_secs(1));
    let body = reader.recipe().build();
    let (end, allowance) = (NOW.plus(Duration::from_secs(120)), Duration::from_secs(30));
    let last = end.plus(allowance).minus(second);
    assert!(reader.read_at(&body, last).is_ok());
    assert!(reader.read_at(&body, last.plus(second)).is_err());
    let first = NOW.minus(allowance);
    assert!(reader.read_at(&body, first).is_ok());
    assert!(reader.read_at(&body, first.minus(second)).is_err());
}

#[test]
fn s4_a_key_whose_certificate_is_over_signs_nothing_any_more() {
    let reader = Reader::new(NOW);
    let far = Timestamp::from_millis(NOW.millis() + 2_200 * 365 * 24 * 3600 * 1000);
    let mut recipe = reader.recipe();
    recipe.now = far;
    let refused = reader.read_at(&recipe.build(), far).err();
    assert!(refused.is_some_and(|refused| refused.to_string().contains("signature of ArtifactResponse is not good")));
}

#[test]
fn login_1_a_person_who_went_back_and_one_who_cannot_are_told_apart() {
    let reader = Reader::new(NOW);
    let answer = |top: &str, within: &str| {
        let mut recipe = reader.recipe();
        let name = |word: &str| format!("urn:oasis:names:tc:SAML:2.0:status:{word}");
        recipe.status = format!(
            "<samlp:StatusCode Value=\"{}\"><samlp:StatusCode Value=\"{}\"/></samlp:StatusCode>",
            name(top),
            name(within)
        );
        reader.read(&recipe.build()).err()
    };
    assert_eq!(answer("Responder", "AuthnFailed"), Some(Refused::Cancelled));
    assert_eq!(answer("Responder", "NoAuthnContext"), Some(Refused::TooLow));
    for (top, within) in [("Requester", "AuthnFailed"), ("Responder", "RequestDenied"), ("Success", "AuthnFailed")] {
        assert!(matches!(answer(top, within), Some(Refused::NotBelieved(_))), "{top} {within}");
    }
}

#[test]
fn s5_xml_that_is_meant_to_break_who_reads_it() {
    Door::ALL.into_iter().for_each(meant_to_break);
}

fn meant_to_break(door: Door) {
    let reader = Reader::at(door, NOW);
    let recipe = reader.recipe();
    let body = recipe.build();
    let before = |text: &str| format!("{text}{body}");
    let place = if door == Door::Artifact { "<soap:Body>" } else { "<samlp:Status>" };
    let within = |text: &str| swap(&body, place, &format!("{place}{text}"));
    let named = |entity: &str| {
        let instead = swap(&recipe.signed_assertion(), NAME_ID, &format!("<saml:NameID>{entity}</saml:NameID>"));
        let changed = swap(&body, recipe.carried(&body), &recipe.carry(&instead));
        // A ciphertext is opened below a signature alone.
        match door.seals() {
            true => {
                let bare = swap(&changed, cut(&changed, "<ds:Signature ", "</ds:Signature>"), "");
                sign_whatever(&bare, Recipe::pair("provider"))
            }
            false => changed,
        }
    };
    let billion: String =
        (1..10).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let cases = [
        ("a bomb of entities", format!("<!DOCTYPE x [<!ENTITY l0 \"lol\">{billion}]>{}", named("&l9;"))),
        ("a quadratic one", format!("<!DOCTYPE x [<!ENTITY a \"{}\">]>{}", "a".repeat(50_000), named(&"&a;".repeat(1000)))),
        ("an external entity", format!("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>{}", named("&e;"))),
        ("one by http", format!("<!DOCTYPE x [<!ENTITY e SYSTEM \"http://127.0.0.1/\">]>{}", named("&e;"))),
        ("a public one", format!("<!DOCTYPE x [<!ENTITY e PUBLIC \"-//x\" \"http://127.0.0.1/\">]>{}", named("&e;"))),
        ("a parameter entity", before("<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://127.0.0.1/\">%p;]>")),
        ("an entity of itself", format!("<!DOCTYPE x [<!ENTITY a \"&a;\">]>{}", named("&a;"))),
        ("an external DTD", before("<!DOCTYPE x SYSTEM \"http://127.0.0.1/x.dtd\">")),
        ("a DTD of nothing", before("<!DOCTYPE x>")),
        ("an empty DTD", before("<!DOCTYPE soap:Envelope []>")),
        ("a DTD in small letters", before("<!doctype x>")),
        ("an attribute of a DTD", before("<!DOCTYPE x [<!ATTLIST saml:NameID Format CDATA \"x\">]>")),
        ("a DTD within", within("<!DOCTYPE x>")),
        ("a stylesheet", before("<?xml-stylesheet href=\"http://127.0.0.1/\"?>")),
        ("an inclusion", within("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\"/>")),
        ("ten thousand attributes", within(&format!("<x {}/>", (0..10_000).map(|n| format!("a{n}=\"\" ")).collect::<String>()))),
        ("an attribute twice", within("<x a=\"1\" a=\"2\"/>")),
        ("an attribute twice by two prefixes", within("<x xmlns:p=\"urn:x\" xmlns:q=\"urn:x\" p:a=\"1\" q:a=\"2\"/>")),
        ("64 000 elements in each other", within(&format!("{}{}", "<x>".repeat(64_000), "</x>".repeat(64_000)))),
        ("a hundred in each other", within(&format!("{}{}", "<x>".repeat(100), "</x>".repeat(100)))),
        ("ten thousand beside each other", within(&"<x/>".repeat(10_000))),
        ("ten megabytes of a comment", within(&format!("<!--{}-->", "a".repeat(10 << 20)))),
        ("ten megabytes of spaces", within(&" ".repeat(10 << 20))),
        ("ten megabytes of a name", within(&format!("<{}/>", "a".repeat(10 << 20)))),
        ("ten megabytes of a value", within(&format!("<x a=\"{}\"/>", "a".repeat(10 << 20)))),
        ("a thousand name spaces", within(&format!("<x {}/>", (0..5000).map(|n| format!("xmlns:a{n}=\"urn:{n}\" ")).collect::<String>()))),
        ("that it is UTF-16", before("<?xml version=\"1.0\" encoding=\"UTF-16\"?>")),
        ("that it is UTF-7", before("<?xml version=\"1.0\" encoding=\"utf-7\"?>")),
        ("that it is ISO-8859-1", before("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>")),
        ("that it is EBCDIC", before("<?xml version=\"1.0\" encoding=\"IBM037\"?>")),
        ("a NUL", within("\0")),
        ("a NUL by number", named("s00000000:&#0;")),
        ("a control character", within("\u{1}")),
        ("half a surrogate by number", named("&#xD800;")),
        ("a number that is no character", named("&#x110000;")),
        ("half a document", body[..body.len() / 2].to_owned()),
        ("two documents", format!("{body}{body}")),
        ("something behind it", format!("{body}x")),
        ("nothing", String::new()),
        ("a page", "<!doctype html><html><body>Service unavailable</body></html>".to_owned()),
        ("JSON", "{\"error\":\"x\"}".to_owned()),
        ("a fault", "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode></soap:Fault></soap:Body></soap:Envelope>".to_owned()),
        ("SOAP 1.2", READER.recipe().build().replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")),
        ("no body", swap(&swap(&BODY, "<soap:Body>", "<soap:Header>"), "</soap:Body>", "</soap:Header>")),
        ("a prefix that is not declared", within("<y:x/>")),
    ];
    assert!(cases.len() >= 40);
    for (place, (name, case)) in cases.iter().enumerate() {
        assert!(reader.read(case).is_err(), "{name}");
        if place % 8 == 0 {
            reader.still_works(name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn s5_whatever_is_changed_nobody_else_is_believed_and_nothing_panics(
        at in any::<Index>(), length in 0_usize..60, from in any::<Index>(), new in "[<>&;:/\"'=!\\[\\]?a-z0-9 \\-]{0,20}", moved in any::<bool>(),
    ) {
        let body = BODY.clone();
        let place = |index: Index, text: &str| text.char_indices().nth(index.index(text.chars().count())).map_or(0, |(at, _)| at);
        let (at, from) = (place(at, &body), place(from, &body));
        let new = if moved { body[from..(from + length).min(body.len())].to_owned() } else { new };
        let mut changed = body.clone();
        changed.replace_range(at..(at + length).min(body.len()), &new);
        if let Ok(answer) = READER.read(&changed) {
            prop_assert_eq!(answer.name, NAME);
        }
        // The same for what a provider says of itself, and for anything at all.
        let mut file = METADATA.clone();
        let at = at % file.len();
        file.replace_range(at..(at + length).min(file.len()), &new);
        if let Ok(peer) = Peer::read(&file, ENTITY, &[], NOW) {
            prop_assert_eq!(peer.entity, ENTITY);
        }
        prop_assert!(READER.read(&new).is_err());
    }
}
