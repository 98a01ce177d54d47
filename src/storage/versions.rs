//! Versions: each tenant has a number that is raised by every write that can narrow somebody's access.
//!
//! What a replica keeps in memory (a session, the facts of a decision) carries the version it was read under. It counts
//! while that version is current, and only while the versions were read less than [`LEASE`] ago.

use std::{
    collections::HashMap,
    sync::{
        RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Notify;

use crate::base::id::TenantId;

/// How often a replica reads the versions.
pub const INTERVAL: Duration = Duration::from_millis(250);

/// How long a reading counts.
pub const LEASE: Duration = Duration::from_secs(1);

/// What this replica knows of the versions.
pub struct Versions {
    tenants: RwLock<HashMap<TenantId, AtomicI64>>,
    /// When they were last read, in milliseconds after `start`, plus one; zero when never.
    read_at: AtomicU64,
    start: Instant,
    raised: Notify,
}

impl Default for Versions {
    fn default() -> Self {
        Self { tenants: RwLock::default(), read_at: AtomicU64::new(0), start: Instant::now(), raised: Notify::new() }
    }
}

impl Versions {
    /// The tenant's version, when the last good reading still counts.
    #[must_use]
    pub fn current(&self, tenant: &TenantId) -> Option<i64> {
        let read_at = self.read_at.load(Ordering::Acquire).checked_sub(1)?;
        if self.elapsed().saturating_sub(read_at) >= LEASE.as_millis() as u64 {
            return None;
        }
        let tenants = self.tenants.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        Some(tenants.get(tenant).map_or(0, |version| version.load(Ordering::Acquire)))
    }

    /// Takes over a version that this replica wrote itself: it counts at once here, and the others are to be told.
    pub fn raise(&self, tenant: &TenantId, version: i64) {
        self.take_over(tenant, version);
        self.raised.notify_one();
    }

    /// Waits until this replica has raised a version.
    pub async fn raised(&self) {
        self.raised.notified().await;
    }

    fn take_over(&self, tenant: &TenantId, version: i64) {
        let tenants = self.tenants.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = tenants.get(tenant) {
            known.fetch_max(version, Ordering::AcqRel);
            return;
        }
        drop(tenants);
        let mut tenants = self.tenants.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        tenants.entry(tenant.clone()).or_default().fetch_max(version, Ordering::AcqRel);
    }

    /// Takes over a reading of all versions that was asked for at `asked`.
    pub fn read(&self, asked: Instant, versions: impl IntoIterator<Item = (TenantId, i64)>) {
        for (tenant, version) in versions {
            self.take_over(&tenant, version);
        }
        let at = u64::try_from(asked.saturating_duration_since(self.start).as_millis()).unwrap_or(u64::MAX - 1);
        self.read_at.fetch_max(at + 1, Ordering::AcqRel);
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_counts_before_the_first_reading_and_an_older_reading_does_not_lower() {
        let tenant: TenantId = "a".parse().expect("a slug");
        let versions = Versions::default();
        assert_eq!(versions.current(&tenant), None);
        versions.read(Instant::now(), [(tenant.clone(), 7)]);
        assert_eq!(versions.current(&tenant), Some(7));
        versions.raise(&tenant, 9);
        versions.read(Instant::now(), [(tenant.clone(), 8)]);
        assert_eq!(versions.current(&tenant), Some(9));
    }
}
