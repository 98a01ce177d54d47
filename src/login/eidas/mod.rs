//! eIDAS: how people and companies of another European country log in, with a means that their own country recognises (SAML; answers are
//! posted, and encrypted as a whole).
//!
//! | | |
//! |---|---|
//! | [`node`] | the eIDAS node of our country, asked by ourselves |
//! | [`broker`] | a broker of the Dutch scheme (eToegang), which asks it for us |
//!
//! What another country calls somebody is kept as the whole of it ([`crate::domain::identifier::EuropeanName`]): it is no national number, and
//! the same person is told to another receiving country by another one. Where a number of our own country stands beside it, that one says
//! who it is. A name in other letters comes with one in Latin letters, which is kept, since the registers write those.
//!
//! Who acts for a company of another country acts within the organization that the register knows by that number, and as nobody else: as
//! with eHerkenning, the same person at two companies is two people here, and none of them is who logs in for themselves. Whoever logs in
//! for another *person* is refused, with a page that says why: what one may do for another is a mandate that stands here, and a word in a
//! login is none.

pub mod broker;
pub mod node;

use super::saml::Dialect;
use crate::domain::upstream::SamlProvider;

/// By which way a tenant's file asks for it: a broker has a catalogue in which our service stands.
pub(super) fn dialect(settings: &SamlProvider) -> &'static Dialect {
    if settings.service.is_some() { &broker::DIALECT } else { &node::DIALECT }
}
