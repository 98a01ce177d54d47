//! The description of this interface (OpenAPI 3.1). It is written by hand, for people, and tests keep it true: each path, member,
//! status and bound in it is compared with what is served.

use axum::response::{IntoResponse, Response};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};

/// The document.
pub const DOCUMENT: &str = include_str!("openapi.json");

/// Public: it says nothing of a tenant.
pub(super) async fn show() -> Response {
    let headers = [
        (CONTENT_TYPE, "application/vnd.oai.openapi+json;version=3.1"),
        (CACHE_CONTROL, "public, max-age=300"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, DOCUMENT).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use axum::response::IntoResponse;
    use http::StatusCode;
    use serde_json::{Map, Value, json};

    use super::{
        super::{
            FACTS, PATH, json, lines::LARGEST_ROW, lookup, members::Members, members::Mistake, problem::Problem, row,
        },
        DOCUMENT,
    };
    use crate::{
        config::{Placement, Scheme, Source, tenants},
        domain::{
            fact::Kind,
            person::{Role, Tie},
            tenant::{NationalNumberKind, Tenant},
        },
    };

    fn document() -> Value {
        serde_json::from_str(DOCUMENT).expect("JSON")
    }

    fn tenant() -> Tenant {
        let source = Source::new("progezondheid.toml", include_str!("../../deploy/tenants/progezondheid.toml"));
        tenants(&[source], &Placement::below("localhost", Scheme::Http, 8080)).expect("a tenant").remove(0)
    }

    /// What `$ref` leads to.
    fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
        match value["$ref"].as_str() {
            Some(place) => document.pointer(place.trim_start_matches('#')).unwrap_or_else(|| panic!("no {place}")),
            None => value,
        }
    }

    fn members_of(value: &Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    /// Reads a row of a kind, whose path names what the description says.
    fn read(kind: Kind, body: &Map<String, Value>) -> Result<(), Vec<Mistake>> {
        let names = FACTS.iter().find(|(known, _)| *known == kind).expect("a path").1;
        let named = names.split(['{', '}']).skip(1).step_by(2).map(|name| {
            let value = match name {
                "role" => "trainer",
                "tie" => "trains",
                "profession" => "physician",
                "right" => "reporting",
                _ => "p-1",
            };
            (name.to_owned(), value.to_owned())
        });
        let object = json::object(Value::Object(body.clone()).to_string().as_bytes()).expect("an object");
        row::read(kind, false, Members::new(object, "").with_path(named.collect()), &tenant()).change.map(drop)
    }

    /// The schema and the example of what is put at a kind's path.
    fn put_of(document: &Value, kind: Kind) -> (Value, Map<String, Value>) {
        let path = FACTS.iter().find(|(known, _)| *known == kind).expect("a path").1;
        let body = &document["paths"][path]["put"]["requestBody"]["content"]["application/json"];
        (resolved(document, &body["schema"]).clone(), members_of(&body["example"]))
    }

    #[test]
    fn every_path_is_described_and_no_other() {
        let document = document();
        assert_eq!(document["servers"][0]["url"], PATH);
        let described: BTreeMap<String, BTreeSet<String>> = members_of(&document["paths"])
            .into_iter()
            .map(|(path, item)| {
                (
                    path,
                    members_of(&item)
                        .into_iter()
                        .map(|(name, _)| name)
                        .filter(|name| !["parameters", "servers"].contains(&name.as_str()))
                        .collect(),
                )
            })
            .collect();
        let methods = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let mut served: BTreeMap<String, BTreeSet<String>> =
            FACTS.iter().map(|(_, path)| ((*path).to_owned(), methods(&["put", "delete"]))).collect();
        served.insert("/batch".into(), methods(&["post"]));
        served.insert("/snapshots/{kind}".into(), methods(&["post"]));
        served.insert("/openapi.json".into(), methods(&["get"]));
        assert_eq!(document["paths"][lookup::PATH]["servers"][0]["url"], "/");
        served.insert(lookup::PATH.into(), methods(&["post"]));
        assert_eq!(described, served);
    }

    #[test]
    fn every_member_is_read_as_it_is_described() {
        let document = document();
        let all: BTreeSet<String> = Kind::ALL
            .iter()
            .flat_map(|kind| members_of(&put_of(&document, *kind).0["properties"]).into_iter().map(|(name, _)| name))
            .collect();
        for kind in Kind::ALL {
            let (schema, example) = put_of(&document, kind);
            assert_eq!(read(kind, &example), Ok(()), "{kind}: the example");
            let described = members_of(&schema["properties"]);
            let required: BTreeSet<&str> =
                schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let pointers = |body: &Map<String, Value>| -> Vec<String> {
                read(kind, body).err().into_iter().flatten().filter_map(|mistake| mistake.pointer).collect()
            };
            for name in &all {
                let mut wrong = example.clone();
                wrong.insert(name.clone(), json!([[7]]));
                let told = read(kind, &wrong).expect_err(name);
                let unknown = told.iter().any(|mistake| mistake.detail.contains("not known"));
                assert_eq!(unknown, !described.contains_key(name), "{kind}: {name}: {told:?}");
                let mut without = example.clone();
                without.remove(name);
                let missing = pointers(&without).contains(&format!("/{name}"));
                assert_eq!(missing, required.contains(name.as_str()), "{kind}: without {name}");
            }
        }
    }

    #[test]
    fn a_row_of_a_batch_has_the_same_members_and_those_of_the_path() {
        let document = document();
        for (kind, path) in FACTS {
            let word = kind.word();
            let name = format!("Row{}{}", word[..1].to_uppercase(), &word[1..]);
            let row = &document["components"]["schemas"][&name];
            let mut members: BTreeSet<String> =
                members_of(&put_of(&document, kind).0["properties"]).into_iter().map(|(name, _)| name).collect();
            members.extend(path.split(['{', '}']).skip(1).step_by(2).map(str::to_owned));
            members.insert("kind".into());
            let described: BTreeSet<String> =
                members_of(&row["properties"]).into_iter().map(|(name, _)| name).collect();
            assert_eq!(described, members, "{name}");
            assert_eq!(row["properties"]["kind"]["const"], word);
        }
    }

    #[test]
    fn lookup_1_what_is_looked_up_is_read_as_it_is_described() {
        let document = document();
        let terms = tenant().lookup;
        let read = |body: &Value| {
            let object = json::object(body.to_string().as_bytes()).expect("an object");
            lookup::read(&terms, Members::new(object, ""))
        };
        let example = &document["paths"][lookup::PATH]["post"]["requestBody"]["content"]["application/json"]["example"];
        assert!(read(example).is_ok(), "the example");
        for name in members_of(&document["components"]["schemas"]["LookUp"]["properties"]).keys() {
            let told = read(&json!({ name: 7 })).expect_err("no text");
            assert!(told.iter().any(|mistake| mistake.pointer.as_deref() == Some(&format!("/{name}"))), "{told:?}");
        }
        for wrong in [json!({}), json!({"name": "Be"}), json!({"name": "Bergh", "number": "1"}), json!({"page": "2"})] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn words_and_bounds_are_those_that_count() {
        let document = document();
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Kind"]["enum"], json!(Kind::ALL.map(Kind::word)));
        assert_eq!(schemas["Role"]["enum"], json!(Role::ALL.map(Role::word)));
        assert_eq!(schemas["TieWord"]["enum"], json!(Tie::ALL.map(Tie::word)));
        let said = document["components"]["responses"]["TooLarge"]["description"].as_str().expect("a text");
        let (kib, mib) = (LARGEST_ROW / 1024, super::super::LARGEST / 1024 / 1024);
        for bound in [format!("{kib} KiB"), format!("{mib} MiB"), "250,000 rows".to_owned()] {
            assert!(said.contains(&bound), "{bound}");
        }
        assert_eq!(super::super::batch::ROWS, 250_000);
    }

    #[test]
    fn every_problem_is_described_with_its_status() {
        let document = document();
        let responses = members_of(&document["components"]["responses"]);
        let described: BTreeSet<&str> = responses.keys().map(String::as_str).collect();
        assert_eq!(described, Problem::NAMES.into_iter().collect());
        let status = |name: &str| -> Vec<u16> {
            let mistake = || Mistake::whole("x");
            let all = [
                Problem::NoToken,
                Problem::BadToken,
                Problem::BadQuery(mistake()),
                Problem::InvalidToken,
                Problem::Scope,
                Problem::NotThere,
                Problem::Method,
                Problem::Conflict(mistake()),
                Problem::TooLarge("x".into(), None),
                Problem::BrokenOff(StatusCode::REQUEST_TIMEOUT, None),
                Problem::MediaType("x"),
                Problem::Refused(vec![mistake()]),
                Problem::RowsRefused(Default::default()),
                Problem::FuseBlown(Default::default()),
                Problem::Busy,
                Problem::TooOften(1),
                Problem::Unavailable,
                Problem::Internal,
            ];
            let of_name = all.into_iter().filter(|problem| problem.name() == name);
            of_name.map(|problem| problem.into_response().status().as_u16()).collect()
        };
        for (path, item) in members_of(&document["paths"]) {
            for (method, operation) in members_of(&item).into_iter().filter(|(_, value)| value.is_object()) {
                for (code, response) in members_of(&operation["responses"]) {
                    let Some(place) = response["$ref"].as_str() else { continue };
                    let name = place.rsplit('/').next().expect("a name");
                    let code: u16 = code.parse().expect("a status");
                    assert!(status(name).contains(&code), "{method} {path}: {code} {name}");
                }
            }
        }
    }

    #[test]
    fn a_national_number_is_no_identifier_and_no_mistake_repeats_a_value() {
        let tenant = tenant();
        assert_eq!(tenant.national_number, NationalNumberKind::NationalRegister);
        let number = "85073003328";
        let named = vec![("person".to_owned(), number.to_owned())];
        let read = row::read(Kind::Person, true, Members::new(Vec::new(), "").with_path(named), &tenant);
        assert!(read.which.is_none() && read.change.is_err());
        let body = json!({
            "given_name": format!("{number}\u{7}x"), "family_name": "", "email": number, "language": number,
            "national_number": "85073003329", "citizen_file": number, number: number, "from": number,
        });
        let object = json::object(body.to_string().as_bytes()).expect("an object");
        let named = vec![("person".to_owned(), "p-1".to_owned())];
        let read = row::read(Kind::Person, false, Members::new(object, "").with_path(named), &tenant);
        let told = read.change.expect_err("refused");
        assert_eq!(told.len(), 8, "everything at once: {told:?}");
        assert!(!format!("{told:?}").contains("8507300332"), "{told:?}");
    }
}
