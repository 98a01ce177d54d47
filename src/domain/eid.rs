//! The Belgian identity card as a tenant's file describes what is believed of it.

use std::{path::PathBuf, time::Duration};

use url::Url;

use super::upstream::UnknownPeople;

/// What a tenant believes of identity cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eid {
    /// The file, in PEM, with the authorities that give cards their certificates: the roots, or those below them. No other may.
    pub authorities: PathBuf,
    /// The policies (RFC 5280 section 4.2.1.4) of which a certificate must have one, as dotted numbers.
    pub policies: Vec<String>,
    /// The policies with which a certificate is refused, whatever else it has.
    pub refused_policies: Vec<String>,
    /// The origins of the responders that may be asked whether a certificate is revoked (RFC 6960).
    pub responders: Vec<Url>,
    /// What happens while the responder does not answer.
    pub outage: Outage,
    /// What happens to somebody whom this tenant does not know.
    pub unknown_people: UnknownPeople,
    /// Who plays the card reader where there is none: the demo. No tenant's file can name one.
    pub stand_in: Option<Url>,
}

impl Eid {
    /// What people call it, in every language.
    pub const NAME: &'static str = "eID";

    /// The policies of the certificates with which people say who they are, on the cards of citizens and of foreigners: one below each
    /// of the roots that signed cards.
    pub const POLICIES: [&'static str; 8] = [
        "2.16.56.1.1.1.2.2",
        "2.16.56.9.1.1.2.2",
        "2.16.56.10.1.1.2.2",
        "2.16.56.12.1.1.2.2",
        "2.16.56.1.1.1.7.2",
        "2.16.56.9.1.1.7.2",
        "2.16.56.10.1.1.7.2",
        "2.16.56.12.1.1.7.2",
    ];

    /// The policies that are never enough: those with which cards sign documents, and those of mobile identities, which are no card
    /// (the ones that the libraries of Web eID refuse).
    pub const REFUSED_POLICIES: [&'static str; 12] = [
        "2.16.56.1.1.1.2.1",
        "2.16.56.9.1.1.2.1",
        "2.16.56.10.1.1.2.1",
        "2.16.56.12.1.1.2.1",
        "2.16.56.1.1.1.7.1",
        "2.16.56.9.1.1.7.1",
        "2.16.56.10.1.1.7.1",
        "2.16.56.12.1.1.7.1",
        "1.3.6.1.4.1.10015.1.3",
        "1.3.6.1.4.1.10015.1.3.1",
        "1.3.6.1.4.1.10015.1.3.2",
        "1.3.6.1.4.1.10015.1.3.3",
    ];

    /// The responder of the Belgian cards.
    pub const RESPONDER: &'static str = "http://ocsp.eidpki.belgium.be";
}

/// What happens while nobody says whether a certificate is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// Nobody logs in with a card.
    Refuse,
    /// A card of which it was said so long ago, at most, that it is good still does. What is remembered is of this process.
    AcceptFor(Duration),
}
