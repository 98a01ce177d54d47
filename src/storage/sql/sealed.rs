//! Every column with sealed values: what a key sealed is found here when the key is exchanged.
//!
//! A new column with sealed values is a new [`Place`]; a test reads the migrations and finds one that was forgotten.

use super::{
    StoreError, Transaction, execute, fetch_all, fetch_optional,
    statement::{Statement, statements},
};
use crate::storage::seal::Kind;

statements! {
    NUMBERS = "SELECT person, sealed FROM national_number \
        WHERE tenant = $1 AND person > $2 AND substr(sealed, 2, 4) = $3 ORDER BY person LIMIT $4";
    PUT_NUMBER = "UPDATE national_number SET sealed = $4 WHERE tenant = $1 AND person = $2 AND sealed = $3";
    COUNT_NUMBERS = "SELECT COUNT(*) FROM national_number WHERE tenant = $1 AND substr(sealed, 2, 4) = $2";
    AUTHENTICATORS = "SELECT person, sealed FROM authenticator \
        WHERE tenant = $1 AND person > $2 AND substr(sealed, 2, 4) = $3 ORDER BY person LIMIT $4";
    PUT_AUTHENTICATOR = "UPDATE authenticator SET sealed = $4 WHERE tenant = $1 AND person = $2 AND sealed = $3";
    COUNT_AUTHENTICATORS = "SELECT COUNT(*) FROM authenticator WHERE tenant = $1 AND substr(sealed, 2, 4) = $2";
    MAILS = "SELECT id, sealed FROM outbox \
        WHERE tenant = $1 AND id > $2 AND substr(sealed, 2, 4) = $3 ORDER BY id LIMIT $4";
    PUT_MAIL = "UPDATE outbox SET sealed = $4 WHERE tenant = $1 AND id = $2 AND sealed = $3";
    COUNT_MAILS = "SELECT COUNT(*) FROM outbox WHERE tenant = $1 AND substr(sealed, 2, 4) = $2";
    PHONES = "SELECT person, sealed FROM phone \
        WHERE tenant = $1 AND person > $2 AND substr(sealed, 2, 4) = $3 ORDER BY person LIMIT $4";
    PUT_PHONE = "UPDATE phone SET sealed = $4 WHERE tenant = $1 AND person = $2 AND sealed = $3";
    COUNT_PHONES = "SELECT COUNT(*) FROM phone WHERE tenant = $1 AND substr(sealed, 2, 4) = $2";
    PHONE_MESSAGES = "SELECT id, sealed FROM phone_message \
        WHERE tenant = $1 AND id > $2 AND substr(sealed, 2, 4) = $3 ORDER BY id LIMIT $4";
    PUT_PHONE_MESSAGE = "UPDATE phone_message SET sealed = $4 WHERE tenant = $1 AND id = $2 AND sealed = $3";
    COUNT_PHONE_MESSAGES = "SELECT COUNT(*) FROM phone_message WHERE tenant = $1 AND substr(sealed, 2, 4) = $2";
    SIGNING = "SELECT kid, sealed FROM signing_key \
        WHERE tenant = $1 AND kid > $2 AND substr(sealed, 2, 4) = $3 ORDER BY kid LIMIT $4";
    PUT_SIGNING = "UPDATE signing_key SET sealed = $4 WHERE tenant = $1 AND kid = $2 AND sealed = $3";
    RELYING = "SELECT name, sealed FROM relying_key \
        WHERE tenant = $1 AND name > $2 AND substr(sealed, 2, 4) = $3 ORDER BY name LIMIT $4";
    PUT_RELYING = "UPDATE relying_key SET sealed = $4 WHERE tenant = $1 AND name = $2 AND sealed = $3";
    COUNT_RELYING = "SELECT COUNT(*) FROM relying_key WHERE tenant = $1 AND substr(sealed, 2, 4) = $2";
    LOGINS = "SELECT state, sealed FROM federated_login \
        WHERE tenant = $1 AND state > $2 AND substr(sealed, 2, 4) = $3 ORDER BY state LIMIT $4";
    PUT_LOGIN = "UPDATE federated_login SET sealed = $4 WHERE tenant = $1 AND state = $2 AND sealed = $3";
    COUNT_LOGINS = "SELECT COUNT(*) FROM federated_login WHERE tenant = $1 AND substr(sealed, 2, 4) = $2";
    ANSWERS = "SELECT state, sealed_answer FROM federated_login \
        WHERE tenant = $1 AND state > $2 AND substr(sealed_answer, 2, 4) = $3 ORDER BY state LIMIT $4";
    PUT_ANSWER = "UPDATE federated_login SET sealed_answer = $4 WHERE tenant = $1 AND state = $2 AND sealed_answer = $3";
    COUNT_ANSWERS = "SELECT COUNT(*) FROM federated_login WHERE tenant = $1 AND substr(sealed_answer, 2, 4) = $2";
    CEREMONIES = "SELECT digest, sealed FROM ceremony \
        WHERE tenant = $1 AND digest > $2 AND substr(sealed, 2, 4) = $3 ORDER BY digest LIMIT $4";
    PUT_CEREMONY = "UPDATE ceremony SET sealed = $4 WHERE tenant = $1 AND digest = $2 AND sealed = $3";
    COUNT_CEREMONIES = "SELECT COUNT(*) FROM ceremony WHERE tenant = $1 AND substr(sealed, 2, 4) = $2";
    FORMS = "SELECT digest, sealed FROM kept_form \
        WHERE tenant = $1 AND digest > $2 AND substr(sealed, 2, 4) = $3 ORDER BY digest LIMIT $4";
    PUT_FORM = "UPDATE kept_form SET sealed = $4 WHERE tenant = $1 AND digest = $2 AND sealed = $3";
    COUNT_FORMS = "SELECT COUNT(*) FROM kept_form WHERE tenant = $1 AND substr(sealed, 2, 4) = $2";
    COUNT_SIGNING = "SELECT COUNT(*) FROM signing_key WHERE tenant = $1 AND substr(sealed, 2, 4) = $2";
}

/// A column with sealed values.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// What is sealed there.
    pub kind: Kind,
    page: Statement,
    put: Statement,
    count: Statement,
}

/// Every one.
pub const PLACES: [Place; 11] = [
    Place {
        table: "national_number",
        kind: Kind::NationalNumber,
        page: NUMBERS,
        put: PUT_NUMBER,
        count: COUNT_NUMBERS,
    },
    Place {
        table: "authenticator",
        kind: Kind::TotpSecret,
        page: AUTHENTICATORS,
        put: PUT_AUTHENTICATOR,
        count: COUNT_AUTHENTICATORS,
    },
    Place { table: "outbox", kind: Kind::Mail, page: MAILS, put: PUT_MAIL, count: COUNT_MAILS },
    Place { table: "phone", kind: Kind::Phone, page: PHONES, put: PUT_PHONE, count: COUNT_PHONES },
    Place {
        table: "phone_message",
        kind: Kind::PhoneMessage,
        page: PHONE_MESSAGES,
        put: PUT_PHONE_MESSAGE,
        count: COUNT_PHONE_MESSAGES,
    },
    Place { table: "signing_key", kind: Kind::SigningKey, page: SIGNING, put: PUT_SIGNING, count: COUNT_SIGNING },
    Place { table: "relying_key", kind: Kind::RelyingKey, page: RELYING, put: PUT_RELYING, count: COUNT_RELYING },
    Place { table: "federated_login", kind: Kind::FederatedLogin, page: LOGINS, put: PUT_LOGIN, count: COUNT_LOGINS },
    Place {
        table: "federated_login",
        kind: Kind::FederatedAnswer,
        page: ANSWERS,
        put: PUT_ANSWER,
        count: COUNT_ANSWERS,
    },
    Place { table: "ceremony", kind: Kind::Ceremony, page: CEREMONIES, put: PUT_CEREMONY, count: COUNT_CEREMONIES },
    Place { table: "kept_form", kind: Kind::KeptForm, page: FORMS, put: PUT_FORM, count: COUNT_FORMS },
];

impl Transaction {
    /// Values that `key` sealed, of owners after `after`; at most `limit`, each with its owner.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sealed_with(
        &mut self,
        place: Place,
        key: u32,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let id = key.to_be_bytes().to_vec();
        fetch_all!(self, (String, Vec<u8>), place.page, after, id, i64::from(limit))
    }

    /// How many values `key` sealed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_sealed_with(&mut self, place: Place, key: u32) -> Result<i64, StoreError> {
        let id = key.to_be_bytes().to_vec();
        Ok(fetch_optional!(self, (i64,), place.count, id)?.map_or(0, |(count,)| count))
    }

    /// Keeps a value sealed anew. False when it was changed since it was read: then it is under a newer key already.
    ///
    /// # Errors
    /// When the database does not answer, or the new envelope's key is retired.
    pub async fn reseal(&mut self, place: Place, owner: &str, before: &[u8], after: &[u8]) -> Result<bool, StoreError> {
        Ok(execute!(self, place.put, owner, before, after)? == 1)
    }
}
