//! The tables of header names, by themselves; `proxy::tests::identity` sends them through.

use super::*;

#[test]
fn the_tables_are_in_order_and_no_family_begins_another() {
    assert!(CLAIMS.is_sorted() && CLAIM_FAMILIES.is_sorted() && HOP_BY_HOP.is_sorted());
    for pair in CLAIM_FAMILIES.windows(2) {
        assert!(!pair[1].starts_with(pair[0]), "{pair:?}");
    }
}

#[test]
fn what_passes_by_its_number_is_no_claim() {
    for name in CLAIMS.into_iter().chain(CLAIM_FAMILIES).chain(HOP_BY_HOP) {
        let name = HeaderName::try_from(name).expect("a name");
        assert!(!is_harmless(&name) && !passes(&name), "{name}");
    }
    for name in [ACCEPT, ACCEPT_LANGUAGE, COOKIE, USER_AGENT] {
        assert!(is_harmless(&name) && is_no_claim(name.as_str()), "{name}");
    }
}

#[test]
fn a_family_is_found_by_any_of_its_names() {
    for name in CLAIM_FAMILIES {
        for end in ["", "0", "zz", "-x"] {
            assert!(in_family(&format!("{name}{end}")), "{name}{end}");
        }
    }
    for name in ["accept", "x", "x-", "x-requested-with", "x-csrf-token", "zz", "content-type", "sec-fetch-site"] {
        assert!(!in_family(name), "{name}");
    }
}

/// Also if a head came here that nobody had read.
#[test]
fn cve_2025_64484_a_name_with_an_underscore_or_a_dot_passes_nowhere() {
    for name in ["x_forwarded_for", "x.remote.user", "remote_user", "x-user_", "harmless_name", "x~y", "x'y"] {
        assert!(!passes(&HeaderName::from_static(name)), "{name}");
    }
}
