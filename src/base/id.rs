//! Typed identifiers. Two kinds never mix, and each has one text form (lower-case hyphenated UUID, or a slug).

use std::{fmt, str::FromStr, sync::Arc};

use uuid::Uuid;

use super::{Random, Timestamp};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// A new random identifier.
            #[must_use]
            pub fn new(random: &Random) -> Self {
                Self(random.uuid())
            }

            /// An identifier known beforehand (seeded people and tests).
            #[must_use]
            pub const fn from_u128(value: u128) -> Self {
                Self(Uuid::from_u128(value))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        /// Accepts the one text form only: braces, upper case and missing hyphens are refused.
        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let id = Uuid::try_parse(text).map_err(|_| InvalidId)?;
                let mut canonical = Uuid::encode_buffer();
                if id.hyphenated().encode_lower(&mut canonical) == text {
                    Ok(Self(id))
                } else {
                    Err(InvalidId)
                }
            }
        }
    )+};
}

ids! {
    /// A human being known to a tenant.
    PersonId
    /// An enterprise, institution or practice known to a tenant.
    OrganizationId
    /// A mandate given by a mandator to a holder.
    MandateId
    /// A right granted to a member of an organization.
    GrantId
    /// A consent of a person to a recipient.
    ConsentId
    /// A session on one host.
    SessionId
    /// One attempt to log in.
    AttemptId
    /// A row of the audit log.
    AuditId
    /// What one login gave one client: the family of its tokens.
    AuthorizationId
}

impl AuditId {
    /// A new identifier of that moment (UUID version 7, RFC 9562 section 5.7). What happens together lies together in the
    /// database's index, so that a group of lines changes few of its pages.
    #[must_use]
    pub fn of(now: Timestamp, random: &Random) -> Self {
        let millis = u64::try_from(now.millis()).unwrap_or_default();
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random.bytes()).into_uuid())
    }
}

/// The text is not an identifier in its one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct InvalidId;

/// A tenant's slug, as in its file's name: lower-case letters and digits, with single hyphens between.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(Arc<str>);

impl TenantId {
    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TenantId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if is_slug(text) { Ok(Self(text.into())) } else { Err(InvalidId) }
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TenantId({})", self.0)
    }
}

/// Whether `text` is a slug: 1 to 40 of `a-z`, `0-9`, and single `-` or `_` not at an end.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    let bytes = text.as_bytes();
    !bytes.is_empty()
        && bytes.len() <= 40
        && bytes[0].is_ascii_lowercase()
        && bytes[bytes.len() - 1].is_ascii_alphanumeric()
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
        && !bytes.windows(2).any(|pair| !pair[0].is_ascii_alphanumeric() && !pair[1].is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_has_one_text_form() {
        let id = PersonId::from_u128(0x1234);
        assert_eq!(id.to_string().parse(), Ok(id));
        for other in [id.to_string().to_uppercase().replace('0', "A"), id.0.simple().to_string(), format!("{{{id}}}")] {
            assert_eq!(other.parse::<PersonId>(), Err(InvalidId), "{other}");
        }
    }

    #[test]
    fn lines_of_the_audit_log_sort_by_their_moment() {
        let random = Random::system();
        let id = |millis| AuditId::of(Timestamp::from_millis(millis), &random).to_string();
        let ids = [id(-1), id(1_795_348_800_000), id(1_795_348_800_001)];
        assert!(ids.is_sorted(), "{ids:?}");
        assert_ne!(id(7), id(7));
        assert!(ids.iter().all(|id| id.parse::<AuditId>().is_ok() && id.as_bytes()[14] == b'7'), "{ids:?}");
    }

    #[test]
    fn slugs() {
        for good in ["a", "mijnrgs", "pro-gezondheid", "x1"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "1a", "a.b", "é"] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
