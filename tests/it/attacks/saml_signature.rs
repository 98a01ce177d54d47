//! S2: signatures that are missing, of somebody else, or of another kind. Causes are asserted where the value itself would not be good either.

use poort::{
    base::Timestamp,
    login::wire::saml::{
        metadata::Peer,
        names::{ECDSA_SHA256, PSS_SHA256, PSS_SHA512, RSA_SHA256, RSA_SHA512},
    },
};

use crate::harness::saml::{Door, ENTITY, EVERYBODY, Reader, Recipe, cut, metadata, sign_whatever, swap};

const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);

/// What differs, and what the refusal says.
type Case = (&'static str, &'static str, fn(&mut Recipe));

fn none_passes(cases: &[Case]) -> usize {
    Door::ALL.into_iter().for_each(|door| none_passes_by(door, cases));
    cases.len()
}

fn none_passes_by(door: Door, cases: &[Case]) {
    let reader = Reader::at(door, NOW);
    for (place, (name, why, change)) in cases.iter().enumerate() {
        let mut recipe = reader.recipe();
        change(&mut recipe);
        let body = recipe.build();
        match reader.read(&body) {
            Ok(_) => panic!("{name} is believed\n{body}"),
            Err(refused) => {
                let why = why.replace("ArtifactResponse", door.message());
                assert!(refused.to_string().contains(&why), "{name}: {refused}");
            }
        }
        if place % 6 == 0 {
            reader.still_works(name);
        }
    }
}

/// The assertion's own signature, unmade, is exchanged for what this says; the message around it is signed well.
fn with_signature(change: impl Fn(&str) -> String, recipe: &Recipe) -> String {
    let (body, assertion) = (recipe.build(), recipe.signed_assertion());
    let signature = cut(&assertion, "<ds:Signature ", "</ds:Signature>");
    let message = cut(&body, "<ds:Signature ", "</ds:Signature>").to_owned();
    let instead = recipe.carry(&swap(&assertion, signature, &change(signature)));
    let changed = swap(&body, recipe.carried(&body), &instead);
    sign_whatever(&swap(&changed, &message, ""), Recipe::pair("provider"))
}

#[test]
fn s2_cve_2026_33487_cve_2026_1190_who_signed() {
    let cases: &[Case] = &[
        ("the assertion by a stranger", "signature of Assertion is not good", |r| r.assertion_by = "stranger"),
        ("the message by a stranger", "signature of ArtifactResponse is not good", |r| r.message_by = "stranger"),
        ("both by a stranger", "ArtifactResponse is not good", |r| {
            (r.assertion_by, r.message_by) = ("stranger", "stranger")
        }),
        ("by a key that is not published yet", "is not good", |r| {
            (r.assertion_by, r.message_by) = ("second", "second")
        }),
        ("the assertion not signed", "Assertion is not signed", |r| {
            r.assertion = |text| swap(&text, cut(&text, "<ds:Signature ", "</ds:Signature>"), "");
        }),
        ("the message not signed", "ArtifactResponse is not signed", |r| {
            r.message = |text| swap(&text, cut(&text, "<ds:Signature ", "</ds:Signature>"), "");
        }),
        ("nothing signed", "ArtifactResponse is not signed", |r| {
            r.assertion = |text| swap(&text, cut(&text, "<ds:Signature ", "</ds:Signature>"), "");
            r.message = |text| swap(&text, cut(&text, "<ds:Signature ", "</ds:Signature>"), "");
        }),
        ("the status changed after", "is not good", |r| {
            r.body = |text| swap(&text, "Version=\"2.0\" IssueInstant", "Version=\"2.0\" Consent=\"x\" IssueInstant")
        }),
        ("the assertion changed after it was signed", "signature of Assertion is not good", |r| {
            r.signed = |text| swap(&text, "999990019", "123456782")
        }),
    ];
    assert_eq!(none_passes(cases), 9);
    let in_the_clear: &[Case] = &[
        ("the name changed after", "is not good", |r| r.body = |text| swap(&text, "999990019", "123456782")),
        ("the audience changed after", "is not good", |r| {
            r.body = |text| swap(&text, "Audience>https", "Audience>http")
        }),
        ("an attribute added after", "is not good", |r| {
            r.body = |text| swap(&text, "<saml:NameID>", "<saml:NameID Format=\"x\">")
        }),
        ("the class changed after", "is not good", |r| {
            r.body = |text| swap(&text, "MobileTwoFactorContract", "SmartcardPKI")
        }),
    ];
    let sealed: &[Case] = &[("the ciphertext changed after", "is not good", |r| {
        r.body = |text| swap(&text, "<xenc:CipherValue>", "<xenc:CipherValue>AAAA")
    })];
    for door in Door::ALL {
        none_passes_by(door, if door.seals() { sealed } else { in_the_clear });
    }
}

#[test]
fn s2_cve_2026_9093_cve_2026_41577_other_kinds_of_signatures() {
    Door::ALL.into_iter().for_each(other_kinds);
}

fn other_kinds(door: Door) {
    const METHOD: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
    const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let (reader, mut tried) = (Reader::at(door, NOW), 0);
    let mut refused = |name: &str, why: &str, change: &dyn Fn(&str) -> String| {
        let body = with_signature(change, &reader.recipe());
        match reader.read(&body) {
            Ok(_) => panic!("{name} is believed\n{body}"),
            Err(refused) => {
                // What is encrypted tells nobody what was wrong with its text.
                let said = refused.to_string();
                assert!(said.contains(why) || door.seals() && said.contains("cannot be opened"), "{name}: {said}");
            }
        }
        tried += 1;
        if tried % 8 == 0 {
            reader.still_works(name);
        }
    };
    for method in [
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 ",
        "HTTP://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "urn:none",
        "",
    ] {
        refused(method, "another shape", &|signature| swap(signature, METHOD, method));
    }
    for digest in
        ["http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmldsig-more#md5", "urn:none", ""]
    {
        refused(digest, "another shape", &|signature| swap(signature, SHA256, digest));
    }
    for form in [
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/2006/12/xml-c14n11",
        "urn:none",
    ] {
        refused(&format!("canonical as {form}"), "another shape", &|signature| swap(signature, EXCLUSIVE, form));
        // The last one is that of the reference.
        refused(&format!("transformed by {form}"), "another shape", &|signature| {
            let (before, after) = signature.rsplit_once(EXCLUSIVE).expect("twice");
            format!("{before}{form}{after}")
        });
    }
    let transform = |algorithm: &str, inner: &str| {
        format!("<ds:Transform Algorithm=\"{algorithm}\">{inner}</ds:Transform></ds:Transforms>")
    };
    for (algorithm, inner) in [
        ("http://www.w3.org/TR/1999/REC-xpath-19991116", "<ds:XPath>true()</ds:XPath>"),
        (
            "http://www.w3.org/2002/06/xmldsig-filter2",
            "<x:XPath xmlns:x=\"http://www.w3.org/2002/06/xmldsig-filter2\" Filter=\"intersect\">//*</x:XPath>",
        ),
        (
            "http://www.w3.org/TR/1999/REC-xslt-19991116",
            "<xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"/>",
        ),
        ("http://www.w3.org/2000/09/xmldsig#base64", ""),
        ("http://www.w3.org/2001/10/xml-exc-c14n#", ""),
        ("http://www.w3.org/2000/09/xmldsig#enveloped-signature", ""),
        ("http://www.w3.org/2002/07/decrypt#XML", ""),
        ("urn:none", ""),
    ] {
        refused(&format!("also transformed by {algorithm}"), "other transforms", &|signature| {
            swap(signature, "</ds:Transforms>", &transform(algorithm, inner))
        });
    }
    let between = |text: &str, from: &str, to: &str| cut(text, from, to).to_owned();
    refused("no transforms", "another shape", &|s| swap(s, &between(s, "<ds:Transforms>", "</ds:Transforms>"), ""));
    refused("empty transforms", "other transforms", &|s| {
        swap(s, &between(s, "<ds:Transforms>", "</ds:Transforms>"), "<ds:Transforms/>")
    });
    refused("no digest", "another shape", &|s| swap(s, &between(s, "<ds:DigestValue>", "</ds:DigestValue>"), ""));
    refused("an empty digest", "another shape", &|s| {
        swap(s, &between(s, "<ds:DigestValue>", "</ds:DigestValue>"), "<ds:DigestValue/>")
    });
    refused("an empty value", "another shape", &|s| {
        swap(s, &between(s, "<ds:SignatureValue>", "</ds:SignatureValue>"), "<ds:SignatureValue/>")
    });
    refused("no value", "another shape", &|s| swap(s, &between(s, "<ds:SignatureValue>", "</ds:SignatureValue>"), ""));
    refused("a value of zeros", "is not good", &|s| {
        swap(
            s,
            &between(s, "<ds:SignatureValue>", "</ds:SignatureValue>"),
            "<ds:SignatureValue>AAAA</ds:SignatureValue>",
        )
    });
    refused("no signature but its name", "another shape", &|_| {
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>".to_owned()
    });
    refused("two signatures", "more than one Signature", &|s| format!("{s}{s}"));
    refused("two references", "not one reference", &|s| {
        let reference = between(s, "<ds:Reference ", "</ds:Reference>");
        swap(s, &reference, &format!("{reference}{reference}"))
    });
    refused("no reference", "not one reference", &|s| swap(s, &between(s, "<ds:Reference ", "</ds:Reference>"), ""));
    refused("an object", "something beside", &|s| swap(s, "</ds:Signature>", "<ds:Object/></ds:Signature>"));
    refused("a comment in the value", "a comment", &|s| swap(s, "<ds:SignatureValue>", "<ds:SignatureValue><!-- -->"));
    refused("two values", "something beside", &|s| {
        let value = between(s, "<ds:SignatureValue>", "</ds:SignatureValue>");
        swap(s, &value, &format!("{value}{value}"))
    });
    refused("a manifest", "another shape", &|s| {
        swap(s, "URI=\"#_assertion1\"", "URI=\"#_assertion1\" Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\"")
            .replace("_assertion1\" T", "_manifest\" T")
    });
    refused("a truncated HMAC", "another shape", &|s| {
        swap(
            s,
            &format!("<ds:SignatureMethod Algorithm=\"{METHOD}\"/>"),
            &format!(
                "<ds:SignatureMethod Algorithm=\"{METHOD}\"><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>"
            ),
        )
    });
    assert!(tried >= 48, "{tried}");
}

#[test]
fn s2_rsa_pss_and_ecdsa_are_good_by_a_key_of_their_kind_and_by_no_other() {
    type Change = fn(String) -> String;
    let cases: [(&str, &str, Change); 3] = [
        ("PSS with SHA-256", "provider", |t| t.replace(RSA_SHA256, PSS_SHA256)),
        ("PSS with SHA-512", "provider", |t| t.replace(RSA_SHA256, PSS_SHA512)),
        ("ECDSA with SHA-256", "curve", |t| t.replace(RSA_SHA256, ECDSA_SHA256)),
    ];
    for door in [Door::Artifact, Door::Eidas] {
        let reader = Reader::at(door, NOW);
        for (name, by, change) in cases {
            let mut recipe = reader.recipe();
            (recipe.signature, recipe.assertion_by, recipe.message_by) = (change, by, by);
            assert!(reader.read(&recipe.build()).is_ok(), "{door:?}: {name}");
            // The same value as if it were of another kind.
            recipe.body = |t| t.replace(PSS_SHA256, RSA_SHA256).replace(PSS_SHA512, RSA_SHA512);
            let mixed = reader.read(&recipe.build());
            assert_eq!(mixed.is_ok(), by == "curve", "{door:?}: {name}, called PKCS#1 v1.5");
            recipe.body = |t| t.replace(ECDSA_SHA256, RSA_SHA256);
            let mixed = reader.read(&recipe.build());
            assert_eq!(mixed.is_ok(), by == "provider", "{door:?}: {name}, called RSA");
        }
        reader.still_works("another kind");
    }
}

#[test]
fn s2_a_key_that_comes_along_is_no_key() {
    Door::ALL.into_iter().for_each(along);
}

fn along(door: Door) {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let reader = Reader::at(door, NOW);
    let stranger = STANDARD.encode(&EVERYBODY.stranger.der);
    let infos = [
        format!("<ds:X509Data><ds:X509Certificate>{stranger}</ds:X509Certificate></ds:X509Data>"),
        "<ds:KeyName>stranger</ds:KeyName>".to_owned(),
        "<ds:RetrievalMethod URI=\"http://127.0.0.1/key\"/>".to_owned(),
        "<ds:RetrievalMethod URI=\"file:///etc/passwd\"/>".to_owned(),
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>".to_owned(),
    ];
    for info in infos {
        // Signed by the stranger, whose key comes along.
        let mut recipe = reader.recipe();
        (recipe.assertion_by, recipe.message_by) = ("stranger", "stranger");
        let with =
            |body: String| body.replace("</ds:Signature>", &format!("<ds:KeyInfo>{info}</ds:KeyInfo></ds:Signature>"));
        assert!(reader.read(&with(recipe.build())).is_err(), "{info}");
        reader.still_works(&info);
    }
}

#[test]
fn s2_metadata_names_keys_that_may_sign_and_no_others() {
    let read = |text: &str| Peer::read(text, ENTITY, &[], NOW).map(|peer| peer.certificates.len());
    let all = &*EVERYBODY;
    let text = metadata("https://idp.example/resolve", "https://idp.example/sso", &[&all.provider, &all.second]);
    assert_eq!(read(&text), Ok(2), "one key follows another");
    assert_eq!(read(&text.replacen(" use=\"signing\"", "", 1)), Ok(2), "a key without a use is for anything");
    assert_eq!(read(&text.replacen("use=\"signing\"", "use=\"encryption\"", 1)), Ok(1));
    let no_resolver = text.replace("ArtifactResolutionService", "SomethingElse");
    assert_eq!(read(&no_resolver), Ok(2), "whose answers are posted has none; the files of DigiD are not good without");
    for (name, broken) in [
        ("none that signs", text.replace("use=\"signing\"", "use=\"encryption\"")),
        ("another's", text.replace(ENTITY, "https://attacker.example/")),
        (
            "a validUntil that is past",
            text.replace("ID=\"_metadata\"", "ID=\"_metadata\" validUntil=\"2026-01-01T00:00:00Z\""),
        ),
        ("a validUntil that is none", text.replace("ID=\"_metadata\"", "ID=\"_metadata\" validUntil=\"later\"")),
        ("a resolver without TLS", text.replace("https://idp.example/resolve", "http://idp.example/resolve")),
        ("a resolver in a file", text.replace("https://idp.example/resolve", "file:///etc/passwd")),
        ("a resolver with a password", text.replace("https://idp.example/resolve", "https://a:b@idp.example/resolve")),
        ("a login without TLS", text.replace("https://idp.example/sso", "http://idp.example/sso")),
        (
            "no SAML 2.0",
            text.replace(
                "protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"",
                "protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:1.1:protocol\"",
            ),
        ),
        (
            "a DTD",
            text.replace(
                "<md:EntityDescriptor",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><md:EntityDescriptor",
            ),
        ),
        ("no certificate", text.replace("X509Certificate", "X509CRL")),
        ("garbage in it", text.replace("<ds:X509Certificate>MII", "<ds:X509Certificate>AAA")),
        ("no metadata", "<html/>".to_owned()),
        ("nothing", String::new()),
    ] {
        assert!(read(&broken).is_err(), "{name}");
    }
    // Signed: by the key in it, unless the tenant's file names whose signature it must have.
    let place = crate::harness::saml::template("_metadata", "ds");
    let open = cut(&text, "<md:EntityDescriptor ", ">");
    let signed = crate::harness::saml::sign(&swap(&text, open, &format!("{open}{place}")), &all.provider);
    assert_eq!(read(&signed), Ok(2));
    assert!(
        read(&swap(&signed, "https://idp.example/sso", "https://idp.example/ssp")).is_err(),
        "changed after it was signed"
    );
    let signer =
        |pair: &crate::harness::saml::Pair| [poort::base::tls::Certificate::parse(&pair.der).expect("a certificate")];
    assert!(Peer::read(&signed, ENTITY, &signer(&all.provider), NOW).is_ok());
    assert!(Peer::read(&signed, ENTITY, &signer(&all.stranger), NOW).is_err());
    assert!(Peer::read(&text, ENTITY, &signer(&all.provider), NOW).is_err(), "not signed, and it must be");
}
