//! Which provider is stood in for, and what is different about it.

use crate::domain::tenant::Factor;

/// A provider that the demo stands in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Face {
    /// itsme: signs and encrypts, knows its clients by their keys, is asked for the number by name.
    Itsme,
    /// FAS: signs alone, knows its clients by a secret, says at its userinfo endpoint who somebody is.
    Fas,
}

/// A level of a provider: the word of the form, and its `acr`.
pub(super) struct Level {
    pub key: &'static str,
    pub acr: &'static str,
}

/// The claims in which a provider says who somebody is.
pub(super) struct Names {
    pub number: &'static str,
    pub given: &'static str,
    pub family: &'static str,
}

impl Face {
    /// Every one.
    pub(in crate::demo) const ALL: [Face; 2] = [Face::Itsme, Face::Fas];

    /// The factor that its login proves.
    pub(in crate::demo) const fn factor(self) -> Factor {
        match self {
            Face::Itsme => Factor::Itsme,
            Face::Fas => Factor::Fas,
        }
    }

    /// Its host, without the port.
    pub(in crate::demo) const fn host(self) -> &'static str {
        match self {
            Face::Itsme => "itsme.localhost",
            Face::Fas => "fas.localhost",
        }
    }

    /// What people call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Face::Itsme => "itsme",
            Face::Fas => "CSAM",
        }
    }

    /// Its levels, the least first.
    pub(super) const fn levels(self) -> &'static [Level] {
        match self {
            Face::Itsme => &[
                Level { key: "basic", acr: "http://itsme.services/v2/claim/acr_basic" },
                Level { key: "advanced", acr: "http://itsme.services/v2/claim/acr_advanced" },
            ],
            Face::Fas => &[
                Level { key: "password", acr: "urn:be:fedict:iam:fas:Level200" },
                Level { key: "app", acr: "urn:be:fedict:iam:fas:Level400" },
                Level { key: "itsme", acr: "urn:be:fedict:iam:fas:Level450" },
                Level { key: "eid", acr: "urn:be:fedict:iam:fas:Level500" },
            ],
        }
    }

    pub(super) const fn names(self) -> Names {
        match self {
            Face::Itsme => Names {
                number: "http://itsme.services/v2/claim/BENationalNumber",
                given: "given_name",
                family: "family_name",
            },
            Face::Fas => Names { number: "egovNRN", given: "givenName", family: "surname" },
        }
    }

    /// Whether its tokens are encrypted, and its clients prove who they are by their keys.
    pub(super) const fn is_by_keys(self) -> bool {
        matches!(self, Face::Itsme)
    }

    /// Whether the number stands in the ID token; else in the userinfo answer.
    pub(super) const fn number_in_token(self) -> bool {
        matches!(self, Face::Itsme)
    }
}
