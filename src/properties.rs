//! What must hold of parsers of ours, whatever they read: a function a parser, that panics where it does not hold.
//!
//! `fuzz/` looks for bytes that break one of them. What it was begun with, and what it found, is in `fuzz/seeds/`, a folder a
//! parser, and is tried here on every run of the tests. In a build that serves there is none of this.

use crate::{api, base, config, domain, http, login, policy, provider, proxy, token};

/// What must hold of one parser, for whatever bytes.
pub type Property = fn(&[u8]);

/// All of them, by the names of their fuzz targets.
pub const ALL: [(&str, Property); 34] = [
    ("accept_language", http::properties::languages),
    ("authorization_request", provider::properties::authorization_request),
    ("basic_credentials", provider::properties::basic_credentials),
    ("callback", domain::properties::callback),
    ("card_subject", login::properties::card_subject),
    ("card_token", login::properties::card_token),
    ("client_assertion", token::properties::client_assertion),
    ("cookie", http::properties::cookie),
    ("fact_name", domain::properties::fact_name),
    ("fact_row", api::properties::fact_row),
    ("fields", http::properties::fields),
    ("forwarded", http::properties::forwarded),
    ("frames", http::properties::frames),
    ("framing", http::properties::framing),
    ("gateway_file", config::properties::gateway_file),
    ("head", http::properties::head),
    ("host", domain::properties::host),
    ("jwe", token::properties::jwe),
    ("jwt", token::properties::jwt),
    ("lines", api::properties::lines),
    ("numbers", domain::properties::numbers),
    ("ocsp_answer", login::properties::ocsp_answer),
    ("path", domain::properties::path),
    ("return_path", domain::properties::return_path),
    ("route", domain::properties::route),
    ("rules", policy::properties::rules),
    ("saml_artifact", login::properties::saml_artifact),
    ("saml_document", login::properties::saml_document),
    ("tenant_file", config::properties::tenant_file),
    ("to_a_backend", proxy::properties::to_a_backend),
    ("to_a_client", proxy::properties::to_a_client),
    ("traceparent", http::properties::traceparent),
    ("typed_code", login::properties::typed_code),
    ("words", base::properties::words),
];

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::ALL;

    #[test]
    fn every_seed_keeps_the_properties_of_its_parser() {
        for (name, property) in ALL {
            let mut seeds = 0;
            for seed in fs::read_dir(Path::new("fuzz/seeds").join(name)).expect("a folder of seeds") {
                let seed = seed.expect("an entry").path();
                println!("{}", seed.display());
                property(&fs::read(&seed).expect("a seed"));
                seeds += 1;
            }
            assert!(seeds > 0, "{name} has no seeds");
        }
    }

    #[test]
    fn every_property_is_fuzzed_and_its_seeds_are_small() {
        let names: BTreeSet<String> = ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
        let within = |folder: &str| -> BTreeSet<String> {
            let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
            entries.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names.len(), ALL.len());
        assert_eq!(within("fuzz/targets"), names);
        assert_eq!(within("fuzz/seeds"), names);
        let manifest = fs::read_to_string("fuzz/Cargo.toml").expect("a manifest");
        for name in &names {
            assert!(
                manifest.contains(&format!("path = \"targets/{name}.rs\"")),
                "{name} is no target of fuzz/Cargo.toml"
            );
        }
        let seeds = names.iter().flat_map(|name| fs::read_dir(format!("fuzz/seeds/{name}")).expect("a folder"));
        let bytes: u64 = seeds.map(|seed| seed.and_then(|seed| seed.metadata()).expect("a file").len()).sum();
        assert!(bytes < 1_000_000, "{bytes} bytes of seeds");
    }
}
