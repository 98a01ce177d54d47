//! `[[means]]`: what one logs in with, in the order of the page.

use std::collections::BTreeMap;

use super::{
    document::Placed,
    kind::{slug, word},
    near::{any_of, listed, nearest},
    table::Table,
};
use crate::domain::{
    assurance::Assurance,
    tenant::{Factor, Means},
};

/// The means that other sections may name, by id.
pub(super) struct KnownMeans(BTreeMap<String, Assurance>);

pub(super) struct ReadMeans {
    pub all: Vec<Means>,
    /// `None` when a means has a mistake: then what names it cannot be judged.
    pub known: Option<KnownMeans>,
}

pub(super) fn assurance_words() -> [(&'static str, Assurance); 3] {
    Assurance::ALL.map(|level| (level.word(), level))
}

/// A provider of the file that has no mistake.
pub(super) struct Elsewhere {
    /// What its login proves.
    pub factor: Factor,
    /// What such a login is worth at most.
    pub most: Option<Assurance>,
}

/// Reads them. `providers` are those of the file that have no mistake.
pub(super) fn read(table: &mut Table<'_>, providers: &[Elsewhere]) -> ReadMeans {
    let Some(sections) = table.sections("means") else {
        return ReadMeans { all: Vec::new(), known: None };
    };
    if sections.is_empty() {
        table.lacks(
            "means",
            "nobody could log in: no means is named",
            "[[means]]\nid = \"password-totp\"\nfactors = [\"password\", \"totp\"]\nassurance = \"substantial\"",
        );
    }
    let there: Vec<Factor> =
        Factor::ALL.into_iter().filter(|factor| factor.is_federated() && table.has(section_of(*factor))).collect();
    // FAS by SAML has a section of its own.
    let by_saml = table.has("fas_saml").then_some(Factor::Fas);
    let there: Vec<Factor> = there.into_iter().chain(by_saml).collect();
    let around = Providers { there: &there, read: providers };
    let count = sections.len();
    let mut all: Vec<Means> = Vec::new();
    for section in sections {
        if let Some(means) = one(section, &all, &around) {
            all.push(means);
        }
    }
    let known = (count > 0 && all.len() == count)
        .then(|| KnownMeans(all.iter().map(|means| (means.id.clone(), means.assurance)).collect()));
    ReadMeans { all, known }
}

/// The section that says where a factor is proved. A card has one, whichever way it is shown.
const fn section_of(factor: Factor) -> &'static str {
    if factor.is_card() { Factor::Eid.word() } else { factor.word() }
}

/// The providers of the file: whose section is there, and what is known of those without a mistake.
struct Providers<'a> {
    there: &'a [Factor],
    read: &'a [Elsewhere],
}

fn one(mut section: Table<'_>, earlier: &[Means], providers: &Providers<'_>) -> Option<Means> {
    let factors = Factor::ALL.map(|factor| (factor.word(), factor));
    let id = section.required("id", "\"password-totp\"", slug);
    let list = section.required_list("factors", "[\"password\", \"totp\"]", word(&factors));
    let assurance = section.required("assurance", "\"substantial\"", word(&assurance_words()));
    let mut right = true;
    if let Some(id) = &id
        && earlier.iter().any(|means| means.id == *id)
    {
        section.wrong("id", "another means has this id", "an id of its own for each");
        right = false;
    }
    let factors: Option<Vec<Factor>> = list.map(|list| list.into_iter().map(|factor| factor.value).collect());
    match factors.as_deref() {
        // Another provider says who somebody is, and how sure it is; nothing here adds to that.
        Some(factors) if factors.iter().any(|factor| factor.is_federated()) => {
            right &= is_elsewhere(&section, factors, assurance, providers);
        }
        // Whoever shows a passkey has said who they are, and proved two factors.
        Some([Factor::Passkey]) => right &= is_worth(&section, &[Factor::Passkey], assurance),
        Some([Factor::Passkey, ..]) => {
            section.wrong(
                "factors",
                "a passkey says who logs in and is two factors: nothing comes after it",
                "factors = [\"passkey\"], or [\"password\", \"passkey\"]",
            );
            right = false;
        }
        // A code that is sent or shown proves little before somebody said who they are.
        Some([first, ..]) if *first != Factor::Password => {
            section.wrong(
                "factors",
                "the first factor says who logs in, and a code does not say that",
                "factors = [\"password\", \"totp\"]",
            );
            right = false;
        }
        Some(factors) if (1..factors.len()).any(|i| factors[..i].contains(&factors[i])) => {
            section.wrong("factors", "proving the same twice proves no more", "each factor once");
            right = false;
        }
        Some(factors) => right &= is_worth(&section, factors, assurance),
        None => {}
    }
    section.finish();
    right.then_some(Means { id: id?, factors: factors?, assurance: assurance? })
}

/// Whether a means of another provider stands alone, has its section, and is worth no more than that section says.
fn is_elsewhere(
    section: &Table<'_>,
    factors: &[Factor],
    assurance: Option<Assurance>,
    providers: &Providers<'_>,
) -> bool {
    let Some(factor) = factors.iter().find(|factor| factor.is_federated()) else { return true };
    let word = factor.word();
    if factors.len() > 1 {
        let right = format!("factors = [\"{word}\"], and a [[means]] of its own for the others");
        section.wrong("factors", format!("`{word}` is a login of its own, and takes no other factor beside it"), right);
        return false;
    }
    if !providers.there.contains(factor) && factor.is_card() {
        let what = format!("nothing says which cards are believed for `{word}`");
        section.wrong("factors", what, "[eid] with authorities_file = \"eid/authorities.pem\"");
        return false;
    }
    if !providers.there.contains(factor) {
        let example = match factor {
            Factor::Digid => "mijnrgs",
            Factor::Eherkenning => "registerplein",
            _ => "progezondheid",
        };
        let right = format!("a section [{word}] in this file, as in deploy/tenants/{example}.toml");
        section.wrong("factors", format!("nothing says where `{word}` is"), right);
        return false;
    }
    let Some(provider) = providers.read.iter().find(|provider| provider.factor == *factor) else { return false };
    match (assurance, provider.most) {
        (Some(claimed), Some(most)) if claimed > most => {
            let what = format!("`{word}` is worth `{most}` at most, as [{word}.levels] says");
            section.wrong("assurance", what, format!("assurance = \"{most}\""));
            false
        }
        _ => true,
    }
}

/// Whether the factors can be worth what the file says: an e-mail code is low, since a mailbox has its own reset; a password alone too;
/// and high needs a key in hardware (eIDAS implementing regulation 2015/1502, annex 2.2.1).
fn is_worth(section: &Table<'_>, factors: &[Factor], assurance: Option<Assurance>) -> bool {
    // A passkey may be one that a cloud copies from device to device: that is not high.
    // A telephone number can be taken over at its provider, and its messages can be read on the way: that is low, as DigiD's SMS is.
    let strong = factors.iter().any(|factor| matches!(factor, Factor::Totp | Factor::Passkey | Factor::RecoveryCode));
    let most = if strong { Assurance::Substantial } else { Assurance::Low };
    match assurance {
        Some(claimed) if claimed > most => {
            section.wrong(
                "assurance",
                format!(
                    "these factors are not worth `{claimed}`: without an authenticator app, a passkey or a recovery code \
                     they are `low`, with one `substantial`"
                ),
                format!("assurance = \"{most}\""),
            );
            false
        }
        _ => true,
    }
}

/// The means that a register or a client offers. Reports unknown ones, and when none reaches `least`. Answers the ids and
/// the most that can be reached, both only when nothing is wrong with them.
pub(super) fn offered(
    section: &mut Table<'_>,
    known: Option<&KnownMeans>,
    least: Option<Assurance>,
) -> (Option<Vec<String>>, Option<Assurance>) {
    let Some(list) = section.required_list("means", "[\"password-totp\"]", slug) else {
        return (None, None);
    };
    let Some(KnownMeans(known)) = known else {
        return (None, None);
    };
    let mut right = true;
    for Placed { value, place } in &list {
        if !known.contains_key(value) {
            let names = || known.keys().map(String::as_str);
            let advice = match nearest(value, names()) {
                Some(meant) => format!("\"{meant}\", if that was meant; the tenant's means are {}", listed(names())),
                None => format!("one of the tenant's means: {}", listed(names())),
            };
            section.wrong_at(place, format!("there is no [[means]] with the id `{value}`"), advice);
            right = false;
        }
    }
    let ids: Vec<String> = list.into_iter().map(|id| id.value).collect();
    let most = ids.iter().filter_map(|id| known.get(id)).max().copied();
    if right
        && let (Some(most), Some(least)) = (most, least)
        && most < least
    {
        let enough: Vec<&str> = known.iter().filter(|(_, level)| **level >= least).map(|(id, _)| id.as_str()).collect();
        let advice = if enough.is_empty() {
            format!("least_assurance = \"{most}\"; no means of this tenant reaches more")
        } else {
            format!("one that reaches it: {}; or least_assurance = \"{most}\"", any_of(enough))
        };
        section.wrong("means", format!("nobody gets in: `{least}` is asked, and these means reach `{most}`"), advice);
        right = false;
    }
    (right.then_some(ids), most.filter(|_| right))
}
