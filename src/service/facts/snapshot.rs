//! A register says all that it has of a kind. What it pushed before and does not name now ends, within a fuse: an empty file
//! is a mistake more often than a register that has lost everybody.

use std::collections::HashSet;

use super::{Outcome, Refused, push};
use crate::{
    domain::{
        fact::{Change, Kind, Which},
        tenant::Tenant,
    },
    service::Core,
    storage::StoreError,
};

/// Names that are read at once.
const PAGE: u32 = 1000;

/// At most so many of a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(u8);

impl Percent {
    /// 0 to 100.
    #[must_use]
    pub const fn new(percent: u8) -> Option<Self> {
        if percent <= 100 { Some(Self(percent)) } else { None }
    }

    /// Whether `part` of `whole` is within it.
    #[must_use]
    pub fn allows(self, part: u64, whole: u64) -> bool {
        u128::from(part) * 100 <= u128::from(whole) * u128::from(self.0)
    }
}

/// What a register pushed before and does not name now.
#[derive(Debug, PartialEq, Eq)]
pub struct Missing {
    /// How many of them there are.
    pub count: u64,
    /// What came of ending each: by its name. Empty when nothing was to end.
    pub ended: Vec<(Which, Result<Outcome, Refused>)>,
    /// Whether they are more than the fuse lets through: then none has ended.
    pub blown: bool,
}

/// How many facts of a kind stand that `client` pushed last.
///
/// # Errors
/// When the database does not answer.
pub async fn standing(core: &Core, tenant: &Tenant, client: &str, kind: Kind) -> Result<u64, StoreError> {
    core.store.read(&tenant.id).await?.count_pushed(client, kind).await
}

/// Ends what `client` pushed of a kind and `named` does not have, when it is within `fuse` of the `before` that stood before;
/// without a fuse it is counted only.
///
/// # Errors
/// When the database does not answer. What has ended stays so.
pub async fn end_missing(
    core: &Core,
    tenant: &Tenant,
    client: &str,
    kind: Kind,
    named: &HashSet<String>,
    before: u64,
    fuse: Option<Percent>,
) -> Result<Missing, StoreError> {
    let mut missing: Vec<Which> = Vec::new();
    let mut count = 0;
    let mut after = String::new();
    loop {
        let page = core.store.read(&tenant.id).await?.pushed_after(client, kind, &after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(last);
        for key in page.iter().filter(|key| !named.contains(*key)) {
            count += 1;
            if fuse.is_some_and(|fuse| fuse.allows(count, before)) {
                let unreadable = || StoreError::Unusable(format!("the name of a {kind} cannot be read"));
                missing.push(Which::parse(kind, key).ok_or_else(unreadable)?);
            }
        }
    }
    if fuse.is_none_or(|fuse| !fuse.allows(count, before)) {
        return Ok(Missing { count, ended: Vec::new(), blown: fuse.is_some() });
    }
    let changes: Vec<Change> = missing.iter().cloned().map(Change::Withdraw).collect();
    let ended = push(core, tenant, client, &changes).await?;
    Ok(Missing { count, ended: missing.into_iter().zip(ended).collect(), blown: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fuse_lets_through_its_share_and_no_more() {
        let fuse = Percent::new(10).expect("a percentage");
        assert!(fuse.allows(0, 0) && fuse.allows(0, 5) && fuse.allows(1, 10) && fuse.allows(10, 109));
        assert!(!fuse.allows(1, 0) && !fuse.allows(1, 9) && !fuse.allows(11, 109));
        let all = Percent::new(100).expect("a percentage");
        assert!(all.allows(7, 7) && !all.allows(8, 7));
        assert_eq!(Percent::new(101), None);
    }
}
