//! S1: what was signed stands somewhere, and something else is where one reads (XSW 1 to 8, as SAML Raider names them, and those of 2025).
//! Every case differs in one thing from an answer that is believed, and that answer is tried between them.

use poort::base::Timestamp;

use crate::harness::saml::{Door, Reader, Recipe, cut, sign_whatever, swap};

const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);
const VICTIM: &str = "s00000000:123456782";
const OWN: &str = "s00000000:999990019";

/// One of the eight ways to wrap a signed element, told apart by where the forged and the original stand.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// The original in the signature of the forged one.
    OriginalInSignature,
    /// The original before the signature of the forged one.
    OriginalBeforeSignature,
    /// The forged one before the original.
    ForgedBefore,
    /// The original within the forged one.
    OriginalWithin,
    /// The forged one has the signature, the original follows without it.
    OriginalAfter,
    /// The forged one has the signature, with the original in it.
    OriginalInItsSignature,
    /// The forged one in extensions, before the original.
    InExtensions,
    /// The original in an object of the forged one's signature.
    InObject,
}

const WAYS: [Way; 8] = [
    Way::OriginalInSignature,
    Way::OriginalBeforeSignature,
    Way::ForgedBefore,
    Way::OriginalWithin,
    Way::OriginalAfter,
    Way::OriginalInItsSignature,
    Way::InExtensions,
    Way::InObject,
];

/// A signed element as its parts.
struct Parts {
    whole: String,
    /// Its own signature.
    signature: String,
    bare: String,
    /// Itself without its signature, about somebody else.
    forged: String,
    end: String,
    id: &'static str,
}

impl Parts {
    fn of(whole: &str, id: &'static str, end: &str) -> Self {
        let signature = cut(whole, "<ds:Signature ", "</ds:Signature>").to_owned();
        let bare = swap(whole, &signature, "");
        let forged = bare.replace(OWN, VICTIM);
        Self { whole: whole.to_owned(), signature, bare, forged, end: end.to_owned(), id }
    }

    /// The forged one with something after its issuer.
    fn forged_with(&self, id: &str, inner: &str) -> String {
        let forged = swap(&self.forged, &format!("ID=\"{}\"", self.id), &format!("ID=\"{id}\""));
        swap(&forged, "</saml:Issuer>", &format!("</saml:Issuer>{inner}"))
    }

    /// What stands in the place of the element.
    fn wrapped(&self, way: Way, id: &str) -> String {
        let in_signature = |inner: &str| swap(&self.signature, "</ds:Signature>", &format!("{inner}</ds:Signature>"));
        match way {
            Way::OriginalInSignature => self.forged_with(id, &in_signature(&self.bare)),
            Way::OriginalBeforeSignature => self.forged_with(id, &format!("{}{}", self.bare, self.signature)),
            Way::ForgedBefore => format!("{}{}", self.forged_with(id, ""), self.whole),
            Way::OriginalWithin => swap(&self.forged_with(id, ""), &self.end, &format!("{}{}", self.whole, self.end)),
            Way::OriginalAfter => format!("{}{}", self.forged_with(id, &self.signature), self.bare),
            Way::OriginalInItsSignature => self.forged_with(id, &in_signature(&self.whole)),
            Way::InExtensions => {
                format!("<samlp:Extensions>{}</samlp:Extensions>{}", self.forged_with(id, ""), self.whole)
            }
            Way::InObject => self.forged_with(id, &in_signature(&format!("<ds:Object>{}</ds:Object>", self.bare))),
        }
    }
}

/// What becomes of the signature of the message around a wrapped assertion.
#[derive(Clone, Copy, Debug)]
enum Around {
    /// It is made over the wrapped one: only the assertion's own signature is left to notice.
    Good,
    /// It stays as it was.
    Stale,
    /// It is gone.
    Gone,
}

/// An answer whose assertion is this, under a signature like that.
fn around(recipe: &Recipe, instead: &str, how: Around) -> String {
    let body = recipe.build();
    let wrapped = swap(&body, recipe.carried(&body), &recipe.carry(instead));
    let signature = cut(&body, "<ds:Signature ", "</ds:Signature>");
    match how {
        Around::Stale => wrapped,
        Around::Gone => swap(&wrapped, signature, ""),
        Around::Good => sign_whatever(&swap(&wrapped, signature, ""), Recipe::pair("provider")),
    }
}

/// Tries each; all must be refused.
fn none_passes(reader: &Reader, cases: &[(String, String)]) -> usize {
    for (place, (name, body)) in cases.iter().enumerate() {
        if let Ok(answer) = reader.read(body) {
            panic!("{name}: {} is believed\n{body}", answer.name);
        }
        if place % 8 == 0 {
            reader.still_works(name);
        }
    }
    cases.len()
}

#[test]
fn s1_cve_2024_8698_cve_2026_2092_wrapped_assertions() {
    Door::ALL.into_iter().for_each(wrapped_assertions);
}

fn wrapped_assertions(door: Door) {
    let (reader, mut cases) = (Reader::at(door, NOW), Vec::new());
    let recipe = reader.recipe();
    let parts = Parts::of(&recipe.signed_assertion(), "_assertion1", "</saml:Assertion>");
    for way in WAYS {
        for id in ["_assertion1", "_forged"] {
            for how in [Around::Good, Around::Stale, Around::Gone] {
                cases.push((format!("{way:?} as {id}, {how:?}"), around(&recipe, &parts.wrapped(way, id), how)));
            }
        }
    }
    assert_eq!(none_passes(&reader, &cases), 48);
}

#[test]
fn s1_cve_2025_25291_cve_2025_25292_wrapped_messages() {
    Door::ALL.into_iter().for_each(wrapped_messages);
}

fn wrapped_messages(door: Door) {
    let (reader, mut cases) = (Reader::at(door, NOW), Vec::new());
    let recipe = reader.recipe();
    let body = recipe.build();
    let message = cut(&body, &door.begins(), &door.ends());
    // The message's signature is the first one in it.
    let mut parts = Parts::of(message, "_answer1", &door.ends());
    if door.seals() {
        let forged = recipe.carry(&recipe.signed_assertion().replace(OWN, VICTIM));
        parts.forged = swap(&parts.bare, recipe.carried(&parts.bare), &forged);
    }
    for way in WAYS {
        for id in ["_answer1", "_forged"] {
            let wrapped = swap(&body, message, &parts.wrapped(way, id));
            cases.push((format!("{way:?} as {id}"), wrapped));
        }
    }
    if door != Door::Artifact {
        // It is the response itself.
        assert_eq!(none_passes(&reader, &cases), 16);
        return;
    }
    let response = cut(&body, "<samlp:Response ", "</samlp:Response>");
    let forged = response.replace(OWN, VICTIM);
    let other_id = swap(&forged, "_response1", "_response2");
    for (name, instead) in [
        ("a forged response", forged.clone()),
        ("a forged response before", format!("{forged}{response}")),
        ("a forged response after", format!("{response}{forged}")),
        ("another response before", format!("{other_id}{response}")),
        ("another response after", format!("{response}{other_id}")),
        ("a response within", swap(&forged, "</samlp:Response>", &format!("{response}</samlp:Response>"))),
        ("in extensions", format!("<samlp:Extensions>{response}</samlp:Extensions>{forged}")),
        ("forged in extensions", format!("<samlp:Extensions>{forged}</samlp:Extensions>{response}")),
    ] {
        let stale = swap(&body, response, &instead);
        let signature = cut(&body, "<ds:Signature ", "</ds:Signature>");
        cases.push((format!("{name}, the signature gone"), swap(&stale, signature, "")));
        cases.push((name.to_owned(), stale));
    }
    assert_eq!(none_passes(&reader, &cases), 32);
}

#[test]
fn s1_cve_2025_66567_cve_2025_54419_cve_2026_89042_the_signed_one_elsewhere() {
    Door::ALL.into_iter().for_each(the_signed_one_elsewhere);
}

fn the_signed_one_elsewhere(door: Door) {
    let (reader, mut cases) = (Reader::at(door, NOW), Vec::new());
    let recipe = reader.recipe();
    let assertion = recipe.signed_assertion();
    let parts = Parts::of(&assertion, "_assertion1", "</saml:Assertion>");
    let unsigned = parts.forged_with("_forged", "");
    let mut add = |name: &str, instead: &str| {
        for how in [Around::Good, Around::Gone] {
            cases.push((format!("{name}, {how:?}"), around(&recipe, instead, how)));
        }
    };
    for holder in ["saml:Advice", "samlp:Extensions", "ds:Object", "saml:AttributeStatement", "x"] {
        let open = match holder {
            "ds:Object" => "ds:Object xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
            other => other,
        };
        let kept = format!("<{open}>{assertion}</{holder}>");
        add(
            &format!("the original in {holder} of the forged"),
            &swap(&unsigned, "<saml:AuthnStatement", &format!("{kept}<saml:AuthnStatement")),
        );
        add(&format!("the original in {holder} before"), &format!("{kept}{unsigned}"));
        add(&format!("the original in {holder} after"), &format!("{unsigned}{kept}"));
    }
    add("two assertions, both signed", &format!("{assertion}{assertion}"));
    add("two, the second not signed", &format!("{assertion}{unsigned}"));
    add("two, the first not signed", &format!("{unsigned}{assertion}"));
    add("an encrypted one beside", &format!("{assertion}<saml:EncryptedAssertion/>"));
    add("none", "");
    add(
        "one of another name space",
        &assertion.replace(
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:1.0:assertion\"",
        ),
    );
    add("not signed", &unsigned);
    add("not signed, under its ID", &parts.forged);
    assert!(none_passes(&reader, &cases) >= 46);
}

#[test]
fn s1_the_fragile_lock_identifiers_and_name_spaces() {
    Door::ALL.into_iter().for_each(identifiers_and_name_spaces);
}

fn identifiers_and_name_spaces(door: Door) {
    let (reader, mut cases) = (Reader::at(door, NOW), Vec::new());
    let recipe = reader.recipe();
    let assertion = recipe.signed_assertion();
    let parts = Parts::of(&assertion, "_assertion1", "</saml:Assertion>");
    let mut add = |name: String, instead: &str| cases.push((name, around(&recipe, instead, Around::Good)));
    // Another element of the same identifier, by each attribute that some parser takes for one, before and after.
    for attribute in ["ID", "Id", "id", "iD", "AssertionID", "xml:id"] {
        let other = format!("<saml:Advice {attribute}=\"_assertion1\"/>");
        add(format!("{attribute} before"), &format!("{other}{assertion}"));
        add(format!("{attribute} after"), &format!("{assertion}{other}"));
        let forged = swap(&parts.forged, "ID=\"_assertion1\"", &format!("{attribute}=\"_assertion1\""));
        add(format!("forged by {attribute} before"), &format!("{forged}{assertion}"));
        // The forged one has the signature, and points to the original by an attribute of another name.
        let pointing = swap(
            &parts.forged_with("_forged", &parts.signature),
            "ID=\"_forged\"",
            &format!("ID=\"_forged\" x:{attribute}=\"_assertion1\" xmlns:x=\"urn:x\"").replace("x:xml:", "x:"),
        );
        add(format!("an attribute x:{attribute}"), &pointing);
    }
    // Names that are the same with another name space, or none.
    for (name, old, new) in [
        (
            "a signature of no name space",
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
            "<ds:Signature xmlns:ds=\"\"",
        ),
        (
            "a signature of another",
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2009/xmldsig11#\"",
        ),
        ("an ID with a prefix", " ID=\"_assertion1\"", " x:ID=\"_assertion1\" xmlns:x=\"urn:x\""),
        ("no ID", " ID=\"_assertion1\"", ""),
        ("an empty ID", " ID=\"_assertion1\"", " ID=\"\""),
        ("an ID with a space", " ID=\"_assertion1\"", " ID=\" _assertion1\""),
        ("an ID in other letters", " ID=\"_assertion1\"", " ID=\"_Assertion1\""),
        ("a relative name space", " Version=\"2.0\"", " xmlns:r=\"../relative\" Version=\"2.0\""),
        ("the empty document is signed", "URI=\"#_assertion1\"", "URI=\"\""),
        ("the whole document by XPointer", "URI=\"#_assertion1\"", "URI=\"#xpointer(/)\""),
        ("by an XPointer of the ID", "URI=\"#_assertion1\"", "URI=\"#xpointer(id('_assertion1'))\""),
        ("the message is referenced", "URI=\"#_assertion1\"", "URI=\"#_answer1\""),
        ("no URI", " URI=\"#_assertion1\"", ""),
        ("nothing is referenced", "URI=\"#_assertion1\"", "URI=\"#_nothing\""),
        ("a file", "URI=\"#_assertion1\"", "URI=\"file:///etc/passwd\""),
        ("an address", "URI=\"#_assertion1\"", "URI=\"http://127.0.0.1/\""),
        ("an attachment", "URI=\"#_assertion1\"", "URI=\"cid:attachment\""),
    ] {
        add(name.to_owned(), &swap(&assertion, old, new));
    }
    assert!(none_passes(&reader, &cases) >= 41);
}
