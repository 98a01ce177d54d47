//! What the people of the registers do, one module for each part of the day: the shipped tenants, the people of the demo, and the
//! real doors. A test's name bears its story's id; each claim has one. Every byte of the tests is ours; `tests/browser` does
//! the main jobs in a real browser, and `tests/peers` with foreign programs.

mod accounts;
mod addresses;
mod audit;
mod cards;
mod consents;
mod digid;
mod eherkenning;
mod eidas;
mod factors;
mod facts;
mod fas_saml;
mod kept_forms;
mod logging_in;
mod login_rules;
pub mod lookup;
mod mandates;
mod open_streams;
mod openid_providers;
mod organizations;
mod other_providers;
mod pairing;
mod passing;
mod passkeys;
pub mod phones;
mod profiles;
mod sessions;
mod traces;
mod user_names;

pub use factors::codes;
pub use passkeys::{asked_for_passkey, with_passkey};
pub use profiles::national_number;
