//! Floor 1: the rules and words of the registers. Pure: no async, no I/O, no clock; `now` and ids are arguments.
//!
//! # Glossary: the Dutch of the registers and the word in the code
//! | Dutch | in code | |
//! |---|---|---|
//! | mandaat, mandaatgever, mandaathouder/-nemer | [`mandate::Mandate`], mandator, [`mandate::Holder`] | |
//! | hoedanigheid | [`capacity::Capacity`] | what one may act as |
//! | profiel | [`profile::Profile`] | the chosen capacity, for whom, within which organization |
//! | burger, zorgverlener | `Citizen`, `Professional` | a tenant's file gives them their label |
//! | toegangsbeheerder, hoofdtoegangsbeheerder | access manager, chief access manager | [`organization`] |
//! | onderneming | [`organization::Organization`] of kind `Enterprise` | |
//! | opleider, aios, ondersteuner | `Trainer`, `Trainee`, `Supporter` | |
//! | register raadplegen | [`lookup`] | without a login; who asks is `Anyone` |
//! | gespreksleider | `Appraiser` | leads the talk of an appraisal cycle (IFMS) |
//! | toestemming, inzage | [`consent::Consent`], insight | its purpose is one of the tenant's file |
//! | BSN, rijksregisternummer | [`identifier::Bsn`], [`identifier::NationalRegisterNumber`] | |
//! | RIZIV-nummer, ondernemingsnummer (KBO) | [`identifier::NihdiNumber`], [`identifier::EnterpriseNumber`] | |
//! | inlogmethode van een register | [`login_rule::LoginRule`] | the register decides, not the person |
//! | inlogmiddel, digitale sleutel | [`tenant::Means`] | the factors one logs in with, and their assurance |

pub mod assurance;
pub mod audit;
pub mod callback;
pub mod capacity;
pub mod certificate;
pub mod client;
pub mod consent;
pub mod eid;
pub mod fact;
pub mod identifier;
pub mod login_rule;
pub mod lookup;
pub mod mandate;
pub mod organization;
pub mod path;
pub mod period;
pub mod person;
pub mod phone;
pub mod possession;
pub mod profile;
#[doc(hidden)]
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;
pub mod register;
pub mod tenant;
pub mod upstream;
