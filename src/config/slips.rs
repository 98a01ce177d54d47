//! Slips of a hand in a tenant's file and a gateway's: what must hold of any text holds of these, which are near to a good one.

use proptest::{collection::vec, prelude::*, sample::Index};

use super::properties::{gateway_file, tenant_file};

/// One slip of a hand, or of somebody's `sed`.
#[derive(Clone, Debug)]
enum Slip {
    DropLine(Index),
    DoubleLine(Index),
    SwapLines(Index, Index),
    ChangeValue(Index, String),
    ChangeKey(Index, String),
    Insert(Index, String),
    Cut(Index, usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    let value = prop_oneof![
        "\"[ -~éß€]{0,20}\"",
        "-?[0-9]{1,25}",
        Just("true".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("[[[\"a\"]]]".to_owned()),
        Just("{ keys = [{ kty = \"RSA\", n = 1 }] }".to_owned()),
        Just("2026-11-22T10:00:00Z".to_owned()),
        Just("nan".to_owned()),
        "\"[{}*/.a-z]{0,12}\"",
    ];
    let key = prop_oneof!["[a-z_.]{1,12}", "\"[^\"\\\\\\n]{0,6}\""];
    prop_oneof![
        any::<Index>().prop_map(Slip::DropLine),
        any::<Index>().prop_map(Slip::DoubleLine),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Slip::SwapLines(a, b)),
        (any::<Index>(), value).prop_map(|(at, value)| Slip::ChangeValue(at, value)),
        (any::<Index>(), key).prop_map(|(at, key)| Slip::ChangeKey(at, key)),
        (any::<Index>(), "\\PC{0,8}").prop_map(|(at, text)| Slip::Insert(at, text)),
        (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Slip::Cut(at, length)),
    ]
}

fn apply(text: &str, slip: &Slip) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return text.to_owned();
    }
    let count = lines.len();
    match slip {
        Slip::DropLine(at) => drop(lines.remove(at.index(count))),
        Slip::DoubleLine(at) => lines.insert(at.index(count), lines[at.index(count)].clone()),
        Slip::SwapLines(a, b) => lines.swap(a.index(count), b.index(count)),
        Slip::ChangeValue(at, value) => {
            if let Some((key, _)) = lines[at.index(count)].clone().split_once('=') {
                lines[at.index(count)] = format!("{key}= {value}");
            }
        }
        Slip::ChangeKey(at, key) => {
            if let Some((_, value)) = lines[at.index(count)].clone().split_once('=') {
                lines[at.index(count)] = format!("{key} ={value}");
            }
        }
        Slip::Insert(at, _) | Slip::Cut(at, _) => {
            let characters: Vec<char> = text.chars().collect();
            let at = at.index(characters.len());
            let (inserted, skipped) = match slip {
                Slip::Insert(_, inserted) => (inserted.as_str(), 0),
                Slip::Cut(_, length) => ("", *length),
                _ => ("", 0),
            };
            let head: String = characters[..at].iter().collect();
            let tail: String = characters.iter().skip(at + skipped).collect();
            return format!("{head}{inserted}{tail}");
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mistyped_tenant_is_read_or_refused(slips in vec(slip(), 1..4)) {
        let base = include_str!("../../tests/config/valid/tenants/base.toml");
        tenant_file(slips.iter().fold(base.to_owned(), |text, slip| apply(&text, slip)).as_bytes());
    }

    #[test]
    fn a_mistyped_gateway_is_read_or_refused(slips in vec(slip(), 1..4)) {
        let base = include_str!("../../deploy/gateway.example.toml");
        gateway_file(slips.iter().fold(base.to_owned(), |text, slip| apply(&text, slip)).as_bytes());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        tenant_file(text.as_bytes());
        gateway_file(text.as_bytes());
    }
}
