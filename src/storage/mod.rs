//! Floor 3: what is kept. A [`Store`] gives transactions, each bound to one tenant; no query takes a tenant.
//!
//! - [`sql`]: SQLite and PostgreSQL from one SQL text.
//! - [`seal`]: national numbers and secrets as they stand in the database.
//! - [`ephemeral`]: what may vanish: counts per client address, news for the other replicas; in the process and in Redis.
//! - [`versions`]: how a replica knows that what it keeps in memory still holds.
//!
//! Architecture invariant: between [`Store::begin`] and [`Transaction::commit`] nothing waits on the network, a hash or a
//! person. Mails are rows of the outbox, sent later.

pub mod ephemeral;
pub mod seal;
pub mod sql;
pub mod versions;

pub use sql::{Store, StoreError, Transaction};
