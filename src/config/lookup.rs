//! `[lookup]`: how much the public look-up gives away. Which registers are open, each of them says.

use super::{kind::number, table::Table};
use crate::domain::lookup::LookupTerms;

pub(super) fn read(table: &mut Table<'_>) -> LookupTerms {
    let default = LookupTerms::default();
    let mut section = table.section("lookup");
    let mut bounded = |key, default: u32, least, most| {
        section.optional(key, &default.to_string(), number(least, most)).unwrap_or(default)
    };
    let terms = LookupTerms {
        least_name: bounded("least_name", default.least_name, 2, 20),
        most_found: bounded("most_found", default.most_found, 1, 50),
        per_address: bounded("per_address", default.per_address, 1, 1000),
        per_tenant: bounded("per_tenant", default.per_tenant, 1, 10_000),
    };
    section.finish();
    terms
}
