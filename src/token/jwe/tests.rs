//! The examples of RFC 7516, what must not open, and a round trip through every pair of algorithms.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// The key of RFC 7516 appendix A.1.3, as PKCS#8.
const A1_KEY: &str = "\
    MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQChqFQihbDQrS6wo245HofjCR_igFRcdPFG-BvjwT4FW_GR4M2NsLiF7ytRZw\
    mhmZ2zaHszvSKYRWFFTl2Mg1e2qWVcjgMWpwjUOCNP0t7A0PwxbYqt_dKmyT9mSgWeKVqQbKBPClne56wf48UAE0hRik6I3Xl2xBGSCvS8SHE3\
    3aLZqxs56dJl7JrHOIrvZTDGusqgTG_qRzm3BdOriH5AKEs6WfT-a1RnB-xFoxK0-zqZLpeuDGfFtaGiN_rre24RC54YL4UIx-trfoL2ScMUbM\
    qw1rstkrZ2NiDIPclH8wH_g1Qlb9Oo5C3AdhvF6-gkCub4vlK2jCPMbL79urobAgMBAAECggEBAJC3bSI-hmw5LPwKQkk2ELXpXDbbZSojsj8z\
    K1x3iPspNRe_pKQ8WOPlmOTVleSp7WhHl0tY_NhN--ccYVjB18r42HnD0_X6cEfzPYFfJ_R64dmp06Uw_dw7etsqVt8g7CcwZ0562LtYsFkYAS\
    qxGGOOqgGSKwNsQMJ5tl-7hkdYYIZKg6dFao95G0gs9V8nwrOvy3oQcLcRyMofEYqcuNKduJqDgG4MVcN68U_75bd1FXuFjtyZCTs5aVH_ik1S\
    Nj7YJvnQEcUxLRPonfuDia9IfivlRbN1Up3VUyM50sX8q4_CCy-jBv1L_GALu1SC0gd5TltPOfuKhNw84K044MkCgYEA1r52Xk46c-LsfB5P44\
    2p7atdPUrxQSy4mti_tZI3Mgf2EuFVbUoDBvaRQ-SWxkbkmoEzL7JXroSBjSrK3YIQgYdMgyAEPTPjXv_hI2_1eTSPVZfzL0lffNn03IXqWF5M\
    DFuoUYE0hzb2vhrlN_rKrbfDIwUbTrjjgieRbwC6Cl0CgYEAwLb35x7hmQWZsWJmB_vle87ihgZ19S8lBEROLIsZG4ayZVe9Hi9gDVCOBmUDda\
    DYVTSNx_8Fyw1YYa9XGrGnDew00J28cRUoeBB_jKI1oma0Orv1T9aXIWxKwd4gvxFImOWr3QRL9KEBRzk2RatUBnmDZJTIAfwTs0g68UZHvtcC\
    gYBkr5jATt2JSHSpHW1HvDxYe2iUPHcxn85OjCIW-B95DdKKt6xeOb2BnkouExe-j67P4pQlYPFLmkVD8zR692jV0qJFONXD_Hg3KrJc8zmdQs\
    -RylTzbuuelnMAkql2FYCCqtcYoAQJAfRe3i1rOeOd3_NWkCZlmrrRY8wEx8py4QKBgA6tIH4CdQ3RRl4i70BGZ7ihDdFFJrCQcZI8nXN4-GWH\
    QYjEQMvOsdLxwo8sHDJWGIOMqAuGGWvYTVXLI6gNxXoi9fa5PIOkJ9vU7dHI_Kqshac_bzQwVHwgIiVXhEjoyQ2T2B3R2PL9W_qPmdl-bby8fk\
    wnpH-6Mcnig1Kilo4rAoGAVIMpMYbPf47dT1w_zDUXfPimsSegnMOA1zTaX7aGk_8urY6R8-ZW1FxU7AlWAyLWybqq6t16VFd7hQd0y6flUK4S\
    lOydB61gwanOsXGOAOv82cHq0E3eL4HrtZkUuKvnPrMnsUUFlfUdybVzxyjz9JF_XyaY14ardLSjf4L_FNY";
const A1: &str = "\
    eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JG\
    eipsEdY3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9jwQRb23nfa6c9d-StnImGyFDbSv04uVuxIp5Zms1gNxKKK2Da14B8S4rzVRltdYwam_lDp\
    5XnZAYpQdb76FdIKLaVmqgfwX7XWRxv2322i-vDxRfqNzo_tETKzpVLzfiwQyeyPGLBIO56YJ7eObdv0je81860ppamavo35UgoRdbYaBcoh9Q\
    cfylQr66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi6UklfCpIMfIjf7iGdXKHzg.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALv\
    tu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A.XFBoMYUZodetZdvTiFvSkQ";
/// The content key of appendices A.2 and A.3, which have one plaintext.
const A2_CONTENT_KEY: &str = "BNMfxVSd_P4LZJ36P6pqzmt81C1vawnbyLEA8I-cLM8";
const A2: &str = "\
    eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.UGhIOguC7IuEvf_NPVaXsGMoLOmwvc1GyqlIKOK1nN94nHPoltGRhWhw7Z\
    x0-kFm1NJn8LE9XShH59_i8J0PH5ZZyNfGy2xGdULU7sHNF6Gp2vPLgNZ__deLKxGHZ7PcHALUzoOegEI-8E66jX2E4zyJKx-YxzZIItRzC5hl\
    Rirb6Y5Cl_p-ko3YvkkysZIFNPccxRU7qve1WYPxqbb2Yw8kZqa2rMWI5ng8OtvzlV7elprCbuPhcCdZ6XDP0_F8rkXds2vE4X-ncOIM8hAYHH\
    i29NX0mcKiRaD0-D-ljQTP-cFPgwCp6X-nZZd9OHBv-B3oWh2TbqmScqXMR4gp_A.AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4\
    HffxPSUrfmqCHXaI9wOGY.9hH0vgRfYgPnAHOd8stkvw";
const A3: &str = "\
    eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ.AxY\
    8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFICbCVQ";

fn everything() -> Encryption {
    Encryption { key_management: KeyManagement::ALL.to_vec(), content: ContentEncryption::ALL.to_vec() }
}

fn bytes(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

fn key() -> DecryptingKey {
    DecryptingKey::from_pkcs8(&bytes(A1_KEY)).expect("a key")
}

fn sealed(header: &Value, alg: KeyManagement, enc: ContentEncryption) -> String {
    // The same composition with another header: the header is under the tag.
    let random = Random::system();
    let key = key();
    let token = seal(b"inner", "JWT", key.public(), alg, enc, &random).expect("sealed");
    let content_key = {
        let encrypted = bytes(token.split('.').nth(1).expect("a part"));
        key.content_key(alg, enc, &encrypted)
    };
    let protected = URL_SAFE_NO_PAD.encode(header.to_string());
    let (iv, text, tag) = enc.encrypt(&content_key, protected.as_bytes(), b"inner", &random).expect("encrypted");
    let encrypted = token.split('.').nth(1).expect("a part").to_owned();
    let parts = [iv, text, tag].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{protected}.{encrypted}.{}", parts.join("."))
}

fn outcome(token: &str) -> Result<Vec<u8>, Refused> {
    open(token, &[key()], &everything()).map(|opened| opened.content.to_vec())
}

#[test]
fn rfc_7516_a_1_opens() {
    let said = b"The true sign of intelligence is not knowledge but imagination.";
    assert_eq!(outcome(A1).as_deref(), Ok(&said[..]));
}

#[test]
fn rfc_7516_a_2_and_a_3_have_the_same_content() {
    for token in [A2, A3] {
        let parts: Vec<&str> = token.split('.').collect();
        let content = ContentEncryption::A128CbcHs256.decrypt(
            &bytes(A2_CONTENT_KEY),
            parts[0].as_bytes(),
            &bytes(parts[2]),
            bytes(parts[3]),
            &bytes(parts[4]),
        );
        assert_eq!(content.expect("opens").as_slice(), b"Live long and prosper.");
        assert_eq!(outcome(token), Err(Refused::Algorithm), "RSA1_5 and A128KW are not taken");
    }
}

#[test]
fn every_pair_of_algorithms_goes_and_comes() {
    let key = key();
    for alg in KeyManagement::ALL {
        for enc in ContentEncryption::ALL {
            for content in [&b""[..], b"x", b"sixteen bytes ..", &[7; 5000]] {
                let token = seal(content, "JWT", key.public(), alg, enc, &Random::system()).expect("sealed");
                let opened = open(&token, std::slice::from_ref(&key), &everything()).expect("opens");
                assert_eq!((opened.content.as_slice(), opened.content_type.as_deref()), (content, Some("JWT")));
                let other = Encryption {
                    key_management: vec![alg],
                    content: ContentEncryption::ALL.into_iter().filter(|other| *other != enc).collect(),
                };
                assert_eq!(open(&token, std::slice::from_ref(&key), &other).err(), Some(Refused::Algorithm));
            }
        }
    }
}

#[test]
fn what_was_changed_anywhere_does_not_open() {
    for enc in ContentEncryption::ALL {
        let token = seal(b"inner", "JWT", key().public(), KeyManagement::RsaOaep256, enc, &Random::system());
        let token = token.expect("sealed");
        assert_eq!(outcome(&token).as_deref(), Ok(&b"inner"[..]), "the valid twin");
        for part in 1..5 {
            let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
            let mut changed = bytes(&parts[part]);
            changed[0] ^= 1;
            parts[part] = URL_SAFE_NO_PAD.encode(&changed);
            assert_eq!(outcome(&parts.join(".")), Err(Refused::Tag), "{enc:?} part {part}");
            parts[part] = URL_SAFE_NO_PAD.encode(&bytes(&parts[part])[1..]);
            assert_eq!(outcome(&parts.join(".")), Err(Refused::Tag), "{enc:?} part {part} shorter");
            parts[part] = String::new();
            assert_eq!(outcome(&parts.join(".")), Err(Refused::Tag), "{enc:?} part {part} empty");
        }
    }
}

#[test]
fn a_header_that_brings_something_or_names_another_algorithm_is_refused() {
    let (alg, enc) = (KeyManagement::RsaOaep256, ContentEncryption::A128CbcHs256);
    let plain = json!({"alg": alg.alg(), "enc": enc.enc()});
    assert_eq!(outcome(&sealed(&plain, alg, enc)).as_deref(), Ok(&b"inner"[..]), "the valid twin");
    for (member, value, refused) in [
        ("zip", json!("DEF"), Refused::Header),
        ("crit", json!(["exp"]), Refused::Header),
        ("jku", json!("https://attacker.example/jwks"), Refused::Header),
        ("jwk", json!({"kty": "RSA"}), Refused::Header),
        ("x5u", json!("https://attacker.example/cert"), Refused::Header),
        ("x5c", json!(["MIIB"]), Refused::Header),
        ("alg", json!("RSA1_5"), Refused::Algorithm),
        ("alg", json!("dir"), Refused::Algorithm),
        ("alg", json!("none"), Refused::Algorithm),
        ("alg", json!("PBES2-HS256+A128KW"), Refused::Algorithm),
        ("enc", json!("A128CBC"), Refused::Algorithm),
        ("enc", json!("A256CBC-HS512"), Refused::Algorithm),
        ("enc", json!("A256GCM"), Refused::Tag),
        ("kid", json!("../../../dev/null"), Refused::Key),
        ("kid", json!("x' OR '1'='1"), Refused::Key),
        ("alg", json!(["RSA-OAEP-256"]), Refused::Malformed),
    ] {
        let mut header = plain.clone();
        header[member] = value.clone();
        assert_eq!(outcome(&sealed(&header, alg, enc)), Err(refused), "{member} {value}");
    }
}

#[test]
fn what_is_for_another_key_does_not_open_and_says_no_more() {
    let (other, _) = DecryptingKey::generate().expect("a key");
    let (alg, enc) = (KeyManagement::RsaOaep, ContentEncryption::A256Gcm);
    let mut public = other.public().clone();
    public.common.key_id = None;
    let token = seal(b"inner", "JWT", &public, alg, enc, &Random::system()).expect("sealed");
    assert_eq!(outcome(&token), Err(Refused::Tag));
    assert_eq!(open(&token, &[other], &everything()).expect("opens").content.as_slice(), b"inner", "the valid twin");
    assert_eq!(open(&token, &[], &everything()).err(), Some(Refused::Key));
}

#[test]
fn too_much_or_too_little_is_not_looked_at() {
    assert_eq!(outcome(&format!("{A1}{}", "A".repeat(MAX_LENGTH))), Err(Refused::Malformed));
    for text in ["", "....", "a.b.c", "a.b.c.d.e", &format!("{A1}."), &A1.replace('.', ":")] {
        assert_eq!(outcome(text), Err(Refused::Malformed), "{text}");
    }
    let padded = A1.replacen('.', "=.", 1);
    assert_eq!(outcome(&padded), Err(Refused::Malformed));
}

#[test]
fn a_key_does_not_print() {
    let key = key();
    assert_eq!(format!("{key:?}"), format!("DecryptingKey({}, [hidden])", key.kid()));
    let public = serde_json::to_value(key.public()).expect("JSON");
    for member in ["d", "p", "q", "dp", "dq", "qi"] {
        assert!(public.get(member).is_none(), "{member}");
    }
    assert_eq!(public["use"], "enc");
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(text in ".{0,200}", header in ".{0,60}") {
        prop_assert!(outcome(&text).is_err());
        let header = URL_SAFE_NO_PAD.encode(header);
        let made = format!("{header}.{text}.{text}.{text}.{text}");
        prop_assert!(outcome(&made).is_err());
        let [_, rest @ ..] = &A1.split('.').collect::<Vec<_>>()[..] else { return Ok(()) };
        let swapped = format!("{header}.{}", rest.join("."));
        prop_assert!(outcome(&swapped).is_err());
    }
}
