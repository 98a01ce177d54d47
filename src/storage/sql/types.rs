//! How our types stand in both databases: moments as integers, identifiers and days as text.

use jiff::civil::Date;
use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

use crate::{
    base::{
        Language, Timestamp,
        id::{
            AttemptId, AuditId, AuthorizationId, ConsentId, GrantId, MandateId, OrganizationId, PersonId, SessionId,
            TenantId,
        },
        token::TokenDigest,
    },
    domain::{assurance::Assurance, capacity::Capacity, person::Role},
};

/// Types that stand as the text of their `Display` and `FromStr`.
macro_rules! as_text {
    ($($name:ty),+ $(,)?) => {$(
        impl<DB: Database> Type<DB> for $name
        where
            String: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <String as Type<DB>>::type_info()
            }

            fn compatible(info: &DB::TypeInfo) -> bool {
                <String as Type<DB>>::compatible(info)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $name
        where
            String: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                self.to_string().encode(buffer)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $name
        where
            &'r str: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let text = <&str as Decode<'r, DB>>::decode(value)?;
                text.parse().map_err(|_| format!("not a {}", stringify!($name)).into())
            }
        }
    )+};
}

as_text!(
    AttemptId,
    AuditId,
    AuthorizationId,
    ConsentId,
    GrantId,
    MandateId,
    OrganizationId,
    PersonId,
    SessionId,
    TenantId,
    Assurance,
    Capacity,
    Role,
    Day,
    Tongue,
);

/// A local date as `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug)]
pub struct Day(pub Date);

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Day {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse().map(Day)
    }
}

/// A language as its code.
#[derive(Clone, Copy, Debug)]
pub struct Tongue(pub Language);

impl std::fmt::Display for Tongue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code())
    }
}

impl std::str::FromStr for Tongue {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Language::from_tag(text).map(Tongue).ok_or(())
    }
}

impl<DB: Database> Type<DB> for Timestamp
where
    i64: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <i64 as Type<DB>>::type_info()
    }

    fn compatible(info: &DB::TypeInfo) -> bool {
        <i64 as Type<DB>>::compatible(info)
    }
}

impl<'q, DB: Database> Encode<'q, DB> for Timestamp
where
    i64: Encode<'q, DB>,
{
    fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.millis().encode(buffer)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Timestamp
where
    i64: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        <i64 as Decode<'r, DB>>::decode(value).map(Timestamp::from_millis)
    }
}

impl<DB: Database> Type<DB> for TokenDigest
where
    Vec<u8>: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <Vec<u8> as Type<DB>>::type_info()
    }

    fn compatible(info: &DB::TypeInfo) -> bool {
        <Vec<u8> as Type<DB>>::compatible(info)
    }
}

impl<'q, DB: Database> Encode<'q, DB> for TokenDigest
where
    Vec<u8>: Encode<'q, DB>,
{
    fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.bytes().to_vec().encode(buffer)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for TokenDigest
where
    &'r [u8]: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let bytes = <&[u8] as Decode<'r, DB>>::decode(value)?;
        Ok(TokenDigest(bytes.try_into()?))
    }
}
