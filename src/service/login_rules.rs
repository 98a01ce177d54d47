//! How somebody logs in for a register (LOGIN-4): what the register's table is to know of them.

use jiff::civil::Date;

use crate::{
    base::id::PersonId,
    domain::{login_rule::Known, tenant::Tenant},
    storage::{StoreError, Transaction},
};

/// What the tables of the tenant's registers look at, of this person. Where no register has one, nothing is asked.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn known(
    tenant: &Tenant,
    transaction: &mut Transaction,
    person: PersonId,
    today: Date,
) -> Result<Known, StoreError> {
    if tenant.registers.iter().all(|register| register.logins.is_empty()) {
        return Ok(Known::default());
    }
    let registrations = transaction.registrations(person).await?;
    let roles = transaction.roles(person).await?;
    let has_number = transaction.national_number(person).await?.is_some();
    Ok(Known::of(&registrations, &roles, has_number, today))
}
