//! `[eid]`: what the tenant believes of Belgian identity cards.

use std::time::Duration;

use toml::de::DeValue;
use url::Url;

use super::{
    address::backend_url,
    kind::{any_text, duration, path, shown, word},
    openid::{UNKNOWN_PEOPLE, values},
    table::Table,
    wrong::Wrong,
};
use crate::domain::{
    eid::{Eid, Outage},
    tenant::NationalNumberKind,
    upstream::UnknownPeople,
};

/// Reads the section, when it is there. `None` also when it has a mistake.
pub(super) fn read(table: &mut Table<'_>, number: Option<NationalNumberKind>) -> Option<Eid> {
    if !table.has("eid") {
        table.section("eid");
        return None;
    }
    let mut section = table.section("eid");
    if number == Some(NationalNumberKind::Bsn) {
        section.wrong_at(
            &section.place(),
            "a Belgian card has no BSN, so nobody of this tenant could be found",
            "remove the section, or national_number = \"national_register\"",
        );
    }
    let directory = section.document().directory().to_owned();
    let authorities = section.required("authorities_file", "\"eid/authorities.pem\"", path(&directory));
    let policies = values(section.list("policies", "[\"2.16.56.12.1.1.2.2\"]", policy));
    if policies.as_ref().is_some_and(Vec::is_empty) {
        section.wrong("policies", "the list is empty, so no card would do", "remove it, for those of Belgian cards");
    }
    let refused = values(section.list("refused_policies", "[\"2.16.56.12.1.1.2.1\"]", policy));
    let responders = values(section.list("responders", &format!("[{:?}]", Eid::RESPONDER), responder));
    if responders.as_ref().is_some_and(Vec::is_empty) {
        section.wrong(
            "responders",
            "the list is empty, so nobody could say that a card was not revoked",
            "remove it, for the responder of Belgian cards",
        );
    }
    let (least, most) = (Duration::from_secs(60), Duration::from_secs(24 * 3600));
    let accept_for = section.optional("accept_for", "\"4h\"", duration(least, most));
    let unknown_people = section.optional("unknown_people", "\"refused\"", word(&UNKNOWN_PEOPLE));
    section.finish();
    let usual = |all: &[&str]| all.iter().map(|&policy| policy.to_owned()).collect();
    Some(Eid {
        authorities: authorities?,
        policies: policies.unwrap_or_else(|| usual(&Eid::POLICIES)),
        refused_policies: refused.unwrap_or_else(|| usual(&Eid::REFUSED_POLICIES)),
        responders: responders.unwrap_or_else(|| Url::parse(Eid::RESPONDER).into_iter().collect()),
        outage: accept_for.map_or(Outage::Refuse, Outage::AcceptFor),
        unknown_people: unknown_people.unwrap_or(UnknownPeople::Refused),
        stand_in: None,
    })
}

/// A policy (RFC 5280 section 4.2.1.4), as a dotted number.
fn policy(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if text.len() > 100 || !text.contains('.') || !text.split('.').all(part) {
        return Err(Wrong::new(format!("{} is no policy: numbers with dots, as 2.16.56.12.1.1.2.2", shown(text))));
    }
    Ok(text.to_owned())
}

/// `http(s)://host[:port]`: what a responder says is signed, so that it may come in clear.
fn responder(value: &DeValue<'_>) -> Result<Url, Wrong> {
    let right = "http://ocsp.eidpki.belgium.be, its scheme and host alone: the path stands in each certificate";
    backend_url(value).map_err(|_| Wrong::but("this is no address of a responder", right))
}
