//! What is encrypted: who it is for, how, and that nobody learns from us why something cannot be opened.

use poort::{base::Timestamp, login::method::Refused};

use crate::harness::{
    encrypted::{Content, Sealing, Transport, statement},
    saml::{Door, EVERYBODY, Reader, Recipe, cut, sign, swap},
};

const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);
const LEGAL: &str = "urn:etoegang:core:LegalSubjectID";
const KVK: &str = "urn:etoegang:1.9:EntityConcernedID:KvKnr";
const NAME: &str = "<saml:NameID NameQualifier=\"urn:etoegang:1.9:EntityConcernedID:KvKnr\">90000011</saml:NameID>";
const ATTRIBUTE: &str = "<saml:Attribute Name=\"urn:etoegang:core:LegalSubjectID\"><saml:AttributeValue>";

fn reader() -> Reader {
    Reader::at(Door::Post, NOW)
}

/// An answer in which an organization's number stands like this.
fn with(sealed: &str) -> Recipe {
    let attribute = format!("{ATTRIBUTE}{sealed}</saml:AttributeValue></saml:Attribute>");
    Recipe { attributes: statement(&[attribute]), ..reader().recipe() }
}

fn opened(reader: &Reader, sealed: &str) -> Result<Vec<(String, String)>, Refused> {
    let answer = reader.read(&with(sealed).build())?;
    Ok(answer.identifiers(LEGAL).map(|(kind, value)| (kind.to_owned(), value.to_owned())).collect())
}

fn good() -> Vec<(String, String)> {
    vec![(KVK.to_owned(), "90000011".to_owned())]
}

#[test]
fn login_13_what_is_encrypted_for_us_is_opened_by_each_way_that_is_allowed() {
    let (reader, mut tried) = (reader(), 0);
    for content in [Content::Gcm128, Content::Gcm256, Content::Cbc256] {
        for transport in [Transport::Mgf1p, Transport::Oaep] {
            for beside in [true, false] {
                for recipient in [None, Some(crate::harness::saml::AUDIENCE.to_owned())] {
                    let how = Sealing { content, transport, beside, recipient, ..Sealing::default() };
                    let case = format!("{content:?} {transport:?} beside: {beside}");
                    assert_eq!(opened(&reader, &how.seal("EncryptedID", NAME)), Ok(good()), "{case}");
                    tried += 1;
                }
            }
        }
    }
    assert_eq!(tried, 24);
}

#[test]
fn cve_2011_1096_whatever_cannot_be_opened_is_refused_in_the_same_words() {
    let reader = reader();
    let seal = |how: Sealing| how.seal("EncryptedID", NAME);
    let fine = seal(Sealing::default());
    let text = |plain: &str| Sealing::default().seal("EncryptedID", plain);
    let mut cases = vec![
        ("for somebody else", seal(Sealing { to: &EVERYBODY.stranger, ..Sealing::default() })),
        ("named for somebody else", seal(Sealing { recipient: Some("urn:other".into()), ..Sealing::default() })),
        ("by PKCS#1 v1.5", seal(Sealing { transport: Transport::Pkcs1, ..Sealing::default() })),
        (
            "by PKCS#1 v1.5 in GCM",
            seal(Sealing { transport: Transport::Pkcs1, content: Content::Gcm256, ..Sealing::default() }),
        ),
        ("cut", seal(Sealing { bytes: |bytes| bytes[..bytes.len() - 16].to_vec(), ..Sealing::default() })),
        (
            "cut within a block",
            seal(Sealing { bytes: |bytes| bytes[..bytes.len() - 1].to_vec(), ..Sealing::default() }),
        ),
        ("nothing but the vector", seal(Sealing { bytes: |bytes| bytes[..16].to_vec(), ..Sealing::default() })),
        ("less than the vector", seal(Sealing { bytes: |bytes| bytes[..5].to_vec(), ..Sealing::default() })),
        ("no padding that is one", seal(Sealing { bytes: flip::<17>, ..Sealing::default() })),
        ("a changed tag", seal(Sealing { content: Content::Gcm256, bytes: flip::<1>, ..Sealing::default() })),
        ("a changed text", seal(Sealing { content: Content::Gcm256, bytes: flip::<40>, ..Sealing::default() })),
        (
            "a cut tag",
            seal(Sealing { content: Content::Gcm256, bytes: |b| b[..b.len() - 4].to_vec(), ..Sealing::default() }),
        ),
        ("no XML", text("90000011")),
        ("half of it", text("<saml:NameID NameQualifier=\"x\">9")),
        ("another element", text("<saml:BaseID NameQualifier=\"x\">90000011</saml:BaseID>")),
        ("no qualifier", text("<saml:NameID>90000011</saml:NameID>")),
        ("two", text(&format!("{NAME}{NAME}"))),
        ("a comment within", text(&swap(NAME, "9000", "9000<!-- -->"))),
        ("an entity", text(&swap(NAME, "9000", "&x;"))),
        ("a document type", text(&format!("<!DOCTYPE x>{NAME}"))),
        ("out of the place where it is", text(&format!("</opened>{NAME}<opened>"))),
        ("empty", text("")),
        ("an encrypted key that is changed", swap(&fine, "<xenc:CipherValue>", "<xenc:CipherValue>AAAA")),
        ("two ciphertexts", {
            let data = cut(&fine, "<xenc:EncryptedData ", "</xenc:EncryptedData>").to_owned();
            swap(&fine, &data, &format!("{data}{data}"))
        }),
        ("a key within and one beside", {
            let key = cut(&fine, "<xenc:EncryptedKey ", "</xenc:EncryptedKey>").to_owned();
            swap(&fine, "</ds:KeyInfo>", &format!("{}</ds:KeyInfo>", key.replace("Id=\"_", "Id=\"_within")))
        }),
        ("no key", {
            let key = cut(&fine, "<xenc:EncryptedKey ", "</xenc:EncryptedKey>").to_owned();
            swap(&fine, &key, "")
        }),
        ("many keys", {
            let key = cut(&fine, "<xenc:EncryptedKey ", "</xenc:EncryptedKey>").to_owned();
            swap(&fine, &key, &(0..9).map(|n| key.replace("Id=\"_", &format!("Id=\"_{n}"))).collect::<String>())
        }),
        ("a key elsewhere", swap(&fine, "URI=\"#_", "URI=\"#other_")),
        ("a key at an address", swap(&fine, "URI=\"#_", "URI=\"http://127.0.0.1/_")),
        (
            "a key that is named",
            swap(&fine, "<ds:RetrievalMethod ", "<ds:RetrievalMethod Type=\"x\" URI=\"#x\"/><ds:RetrievalMethod "),
        ),
        ("a ciphertext at an address", {
            let value = cut(&fine, "<xenc:CipherValue>", "</xenc:CipherValue>").to_owned();
            swap(&fine, &value, "<xenc:CipherReference URI=\"http://127.0.0.1/\"/>")
        }),
        ("content of another type", swap(&fine, "xmlenc#Element", "xmlenc#Content")),
        (
            "a label of OAEP",
            swap(&fine, "<ds:DigestMethod ", "<xenc:OAEPparams>AAAA</xenc:OAEPparams><ds:DigestMethod "),
        ),
        ("OAEP by SHA-512", swap(&fine, "xmldsig#sha1", "xmldsig-more#sha512")),
    ];
    for method in ["xmlenc#tripledes-cbc", "xmlenc#aes128-cbc", "xmlenc#aes192-cbc", "xmlenc#kw-aes256", "none", ""] {
        cases.push(("another algorithm", swap(&fine, "xmlenc#aes256-cbc", method)));
    }
    for method in ["xmlenc#rsa-1_5", "xmlenc#kw-aes256", "xmlenc#dh", "none", ""] {
        cases.push(("another transport", swap(&fine, "xmlenc#rsa-oaep-mgf1p", method)));
    }
    // Every bit of the last block's padding, by the byte before it: what an oracle would be asked.
    for wrong in 1..=255_u8 {
        cases.push(("another padding", padded(wrong)));
    }
    for (name, sealed) in &cases {
        let refused = opened(&reader, sealed).expect_err(name);
        assert_eq!(refused, Refused::NotBelieved("what is encrypted cannot be opened".into()), "{name}");
    }
    assert!(cases.len() >= 290, "{}", cases.len());
    assert_eq!(opened(&reader, &fine), Ok(good()), "the valid twin");
}

fn flip<const FROM_END: usize>(mut bytes: Vec<u8>) -> Vec<u8> {
    let at = bytes.len() - FROM_END;
    bytes[at] ^= 1;
    bytes
}

/// The identifier with a last byte of padding that differs from the right one by `wrong`.
fn padded(wrong: u8) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let sealed = Sealing { beside: false, ..Sealing::default() }.seal("EncryptedID", NAME);
    let (before, value) = sealed.rsplit_once("<xenc:CipherValue>").expect("a value");
    let (value, after) = value.split_once('<').expect("an end");
    let mut bytes = STANDARD.decode(value).expect("base64");
    let at = bytes.len() - 17;
    bytes[at] ^= wrong;
    format!("{before}<xenc:CipherValue>{}<{after}", STANDARD.encode(bytes))
}

#[test]
fn a_ciphertext_of_another_assertion_is_not_even_opened() {
    let reader = reader();
    let (own, other) = (with(&Sealing::default().seal("EncryptedID", NAME)), swap(NAME, "90000011", "90000022"));
    let (own, other) = (own.build(), with(&Sealing::default().seal("EncryptedID", &other)).build());
    let id = |body: &str| cut(body, "<saml:EncryptedID>", "</saml:EncryptedID>").to_owned();
    let swapped = swap(&own, &id(&own), &id(&other));
    let refused = reader.read(&swapped).err().expect("refused").to_string();
    assert!(refused.contains("the signature of Response is not good"), "{refused}");
    // The message around it signed anew, the assertion not: only a provider could.
    let bare = swap(&swapped, cut(&swapped, "<ds:Signature ", "</ds:Signature>"), "");
    let signed = crate::harness::saml::sign_whatever(&bare, &EVERYBODY.provider);
    let refused = reader.read(&signed).err().expect("refused").to_string();
    assert!(refused.contains("the signature of Assertion is not good"), "{refused}");
    assert!(reader.read(&own).is_ok() && reader.read(&other).is_ok(), "the valid twins");
}

/// An answer with the assertion encrypted as a whole.
fn whole(how: &Sealing, change: fn(String) -> String) -> String {
    let body = reader().recipe().build();
    let assertion = cut(&body, "<saml:Assertion ", "</saml:Assertion>").to_owned();
    let sealed = how.seal("EncryptedAssertion", &change(assertion.clone()));
    let message = swap(&body, &assertion, &sealed);
    let bare = swap(&message, cut(&message, "<ds:Signature ", "</ds:Signature>"), "");
    crate::harness::saml::sign_whatever(&bare, &EVERYBODY.provider)
}

#[test]
fn s1_cve_2026_89042_what_is_encrypted_is_believed_no_more_than_the_rest() {
    let reader = reader();
    let gcm = Sealing { content: Content::Gcm256, ..Sealing::default() };
    let refused = |body: &str| reader.read(body).err().map(|refused| refused.to_string());
    let contains = |body: &str, why: &str| {
        let refused = refused(body).unwrap_or_else(|| panic!("{why}: believed\n{body}"));
        assert!(refused.contains(why), "{why}: {refused}");
    };
    let same = |text: String| text;
    assert!(refused(&whole(&gcm, same)).is_none(), "the valid twin");
    let unsigned = |text: String| swap(&text, cut(&text, "<ds:Signature ", "</ds:Signature>"), "");
    contains(&whole(&gcm, unsigned), "Assertion is not signed");
    contains(&whole(&gcm, |text| swap(&text, "999990019", "123456782")), "signature of Assertion is not good");
    contains(&whole(&gcm, |text| format!("{text}{text}")), "cannot be opened");
    contains(&whole(&gcm, |text| format!("<x>{text}</x>")), "cannot be opened");
    contains(&whole(&gcm, |_| NAME.to_owned()), "cannot be opened");
    contains(&whole(&Sealing::default(), same), "cannot be opened");
    contains(&whole(&Sealing { to: &EVERYBODY.stranger, ..gcm.clone() }, same), "cannot be opened");
    let whole_answer = whole(&gcm, same);
    let signature = cut(&whole_answer, "<ds:Signature ", "</ds:Signature>");
    contains(&swap(&whole_answer, signature, ""), "Response is not signed");
    // One in the clear beside it, before and after.
    let body = reader.recipe().build();
    let assertion = cut(&body, "<saml:Assertion ", "</saml:Assertion>");
    let sealed = cut(&whole_answer, "<saml:EncryptedAssertion>", "</saml:EncryptedAssertion>");
    let another = whole(&gcm, same);
    let another = cut(&another, "<saml:EncryptedAssertion>", "</saml:EncryptedAssertion>");
    for both in [format!("{assertion}{sealed}"), format!("{sealed}{assertion}"), format!("{sealed}{another}")] {
        let bare = swap(&swap(&whole_answer, sealed, &both), signature, "");
        contains(&crate::harness::saml::sign_whatever(&bare, &EVERYBODY.provider), "not one assertion");
    }
    // A provider that encrypts nothing is not believed when something is encrypted.
    let digid = Reader::new(NOW);
    let body = digid.recipe().build();
    let assertion = cut(&body, "<saml:Assertion ", "</saml:Assertion>");
    let bare = swap(&body, assertion, &gcm.seal("EncryptedAssertion", assertion));
    let bare = swap(&bare, cut(&bare, "<ds:Signature ", "</ds:Signature>"), "");
    assert!(digid.read(&crate::harness::saml::sign_whatever(&bare, &EVERYBODY.provider)).is_err());
}

#[test]
fn s1_where_everything_is_encrypted_nothing_in_the_clear_is_taken() {
    let eidas = Reader::at(Door::Eidas, NOW);
    eidas.still_works("nothing");
    let clear = Recipe { door: Door::Fas, ..eidas.recipe() }.build();
    let refused = eidas.read(&clear).err().expect("refused").to_string();
    assert!(refused.contains("not one assertion"), "{refused}");
    // FAS is taken with and without.
    let fas = Reader::at(Door::Fas, NOW);
    fas.still_works("nothing");
    assert!(fas.read(&Recipe { door: Door::Eidas, ..fas.recipe() }.build()).is_ok());
    // An identifier in CBC mode is below the signature of eHerkenning; a whole assertion in it is taken from nobody.
    let cbc = |text: &str| Sealing::default().seal("EncryptedAssertion", text);
    let body = eidas.recipe().build();
    let changed = swap(&body, eidas.recipe().carried(&body), &cbc(&eidas.recipe().signed_assertion()));
    let bare = swap(&changed, cut(&changed, "<ds:Signature ", "</ds:Signature>"), "");
    let refused = eidas.read(&crate::harness::saml::sign_whatever(&bare, &EVERYBODY.provider)).err();
    assert_eq!(refused, Some(Refused::NotBelieved("what is encrypted cannot be opened".into())));
}

#[test]
fn an_advice_is_carried_along_and_not_read() {
    let (reader, twin) = (reader(), reader().recipe().build());
    let other = {
        let mut recipe = reader.recipe();
        recipe.id = "_advice1".to_owned();
        recipe.name = "s00000000:123456782".to_owned();
        recipe.written()
    };
    let place = "<saml:AuthnStatement ";
    for advised in [sign(&other, &EVERYBODY.provider), sign(&other, &EVERYBODY.stranger)] {
        let advice = format!("<saml:Advice>{advised}</saml:Advice>");
        let assertion = swap(&reader.recipe().written(), place, &format!("{advice}{place}"));
        let body =
            swap(&twin, cut(&twin, "<saml:Assertion ", "</saml:Assertion>"), &sign(&assertion, &EVERYBODY.provider));
        let body = swap(&body, cut(&body, "<ds:Signature ", "</ds:Signature>"), "");
        let answer = reader.read(&crate::harness::saml::sign_whatever(&body, &EVERYBODY.provider));
        assert_eq!(answer.map(|answer| answer.name), Ok("s00000000:999990019".to_owned()));
    }
}
