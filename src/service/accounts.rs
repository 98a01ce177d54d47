//! An account of one's own, for who has none (LOGIN-3, LOGIN-12): an address and a password, a link in a mail that works once, and
//! the same password again where it leads. The link proves the address; the password, that it is who asked: whoever asks with an
//! address of somebody else never gets the link, and its owner never had the password.
//!
//! Nothing tells whether an address is known: not the answer, and not the amount of work. Its owner is told by mail.

use std::net::IpAddr;

use zeroize::Zeroizing;

use super::{
    Core,
    addresses::{self, Asked, NotHeard},
    outbox,
};
use crate::{
    base::{
        Language, Timestamp,
        id::PersonId,
        token::{Token, TokenDigest},
    },
    domain::{person::Person, tenant::Tenant},
    login::{
        new_password::{NewPassword, Weak},
        password::{Busy, PasswordHash, Verdict},
    },
    notify::mail::Mail,
    storage::{StoreError, sql::AccountRequest},
};

/// Mails that one address may be sent within the tenant's window.
const MAILS: u32 = 3;

/// Characters that a name has at most.
const LONGEST_NAME: usize = 200;

/// Why nothing comes of it.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// This tenant's people make no accounts of their own.
    #[error("nobody makes an account here")]
    Closed,
    /// The password may not be set.
    #[error(transparent)]
    Weak(#[from] Weak),
    /// The link was used, is too old, or never was; or the address became somebody's meanwhile.
    #[error("the link no longer works")]
    Spent,
    /// It is not the password that was chosen.
    #[error("another password")]
    WrongPassword,
    /// Too many tries with this link.
    #[error("too many tries until {until}")]
    TooManyTries {
        /// Until when.
        until: Timestamp,
    },
    /// Too many passwords wait to be hashed (503).
    #[error(transparent)]
    Busy(#[from] Busy),
    /// This client asked for too many mails, or tried too often.
    #[error(transparent)]
    NotHeard(#[from] NotHeard),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks for an account. Who has this address gets a mail: with a link, or that there is an account already.
///
/// # Errors
/// `Weak` for a password that would be refused to anybody; nothing that depends on whose address it is.
pub async fn ask(
    core: &Core,
    tenant: &Tenant,
    email: &str,
    password: Zeroizing<String>,
    language: Language,
    client: IpAddr,
) -> Result<(), AccountError> {
    if tenant.self_registration.is_none() {
        return Err(AccountError::Closed);
    }
    let names: Vec<&str> = tenant.languages.iter().map(|language| tenant.name.get(*language)).collect();
    let about: Vec<&str> = std::iter::once(email).chain(names).collect();
    let password = NewPassword::check(password, &about)?;
    addresses::take(core, tenant, Asked::Mail, client).await?;
    // Also for who has an account: it costs as much.
    let hash = core.methods.passwords().hash(password).await?;
    let now = core.now();
    let account = TokenDigest::of(format!("account:{}", email.trim().to_lowercase()).as_bytes());
    let token = Token::new(&core.random);
    let mut transaction = core.store.begin(&tenant.id).await?;
    let tries = transaction.take_try(account, now, tenant.terms.tries_window, MAILS).await?;
    let owner = transaction.login_name_owner(email).await?;
    let known = transaction.person_by_login_name(email).await?;
    let event = core.event("account.asked");
    let event = match (owner, known) {
        _ if tries.tries > i64::from(MAILS) => event.with("reason", "too many"),
        (Some(_), Some(person)) => {
            outbox::write(core, tenant, &mut transaction, &person, &Mail::AccountExists).await?;
            event.about(person.id).with("reason", "known")
        }
        (Some(owner), None) => event.about(owner).with("reason", "closed"),
        (None, _) => {
            let request = AccountRequest { email: email.to_owned(), language, password: hash.as_str().to_owned() };
            let until = now.plus(tenant.terms.reset_link);
            transaction.put_account_request(token.digest(), &request, until).await?;
            // From the configured origin, whatever host the request named (CVE-2025-64101).
            let url = Zeroizing::new(format!("{}/account/confirm?token={}", tenant.origin, token.reveal()));
            let mail = Mail::AccountLink { link: &url, life: tenant.terms.reset_link };
            outbox::write(core, tenant, &mut transaction, &nobody_yet(core, &request), &mail).await?;
            event
        }
    };
    transaction.record(&event).await?;
    transaction.commit().await?;
    core.wake_outbox.notify_one();
    Ok(())
}

/// Who gets a mail before there is an account: a name that a stranger typed would be a stranger's text in it.
fn nobody_yet(core: &Core, request: &AccountRequest) -> Person {
    Person {
        id: PersonId::new(&core.random),
        given_name: request.email.clone(),
        family_name: String::new(),
        email: request.email.clone(),
        language: request.language,
        citizen_file: false,
    }
}

/// The address that a link confirms, while it works; it is not taken by looking.
///
/// # Errors
/// When the database does not answer.
pub async fn link_owner(core: &Core, tenant: &Tenant, link: TokenDigest) -> Result<Option<String>, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    Ok(transaction.account_request(link, core.now()).await?.map(|request| request.email))
}

/// Makes the account: by the link and the password that was chosen. Nobody is logged in by it.
///
/// # Errors
/// `Spent` when the link does not work; `WrongPassword` leaves it working.
pub async fn confirm(
    core: &Core,
    tenant: &Tenant,
    link: TokenDigest,
    [given_name, family_name]: [&str; 2],
    password: Zeroizing<String>,
    client: IpAddr,
) -> Result<(), AccountError> {
    let [given_name, family_name] = [given_name, family_name].map(str::to_owned);
    addresses::take(core, tenant, Asked::Login, client).await?;
    let now = core.now();
    let tried = TokenDigest::of(format!("confirm:{}", link.text()).as_bytes());
    let mut transaction = core.store.begin(&tenant.id).await?;
    let request = transaction.account_request(link, now).await?.ok_or(AccountError::Spent)?;
    let tries = transaction.take_try(tried, now, tenant.terms.tries_window, tenant.terms.tries).await?;
    transaction.commit().await?;
    if tries.tries > i64::from(tenant.terms.tries) {
        return Err(AccountError::TooManyTries { until: tries.until });
    }
    let known = PasswordHash::from_text(request.password.clone());
    match core.methods.passwords().verify(Some(known), password).await? {
        Verdict::Right { .. } => {}
        Verdict::Wrong => {
            core.record(tenant, core.event("account.refused").with("reason", "wrong password")).await?;
            return Err(AccountError::WrongPassword);
        }
    }
    addresses::give_back(core, tenant, Asked::Login, client).await;
    let id = PersonId::new(&core.random);
    let AccountRequest { email, language, password } = request;
    let person = Person { id, given_name, family_name, email, language, citizen_file: false };
    let mut transaction = core.store.begin(&tenant.id).await?;
    if !transaction.take_account_request(link, now).await? {
        return Err(AccountError::Spent);
    }
    // Everybody has an address of their own (LOGIN-10): whoever came first has it.
    match transaction.put_person(&person).await {
        Err(StoreError::Conflict) => return Err(AccountError::Spent),
        other => other?,
    }
    // Not by mail: it was chosen before there was a mail, and proved again.
    transaction.put_password(id, &password, false, now).await?;
    transaction.record(&core.event("account.made").by(id).about(id)).await?;
    transaction.commit().await?;
    Ok(())
}

/// Whether a text can be somebody's given or family name.
#[must_use]
pub fn is_a_name(text: &str) -> bool {
    let plain = text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control);
    plain && text.chars().any(char::is_alphabetic)
}
