//! Identity cards: the file with the authorities that give them out.

use super::{DAYS, Report};
use crate::{base::Timestamp, config::Config, login::eid::chain::Authorities};

/// Looks at the file of every tenant that has one.
pub(super) fn examine(config: &Config, now: Timestamp, report: &mut Report) {
    for tenant in &config.tenants {
        let Some(eid) = &tenant.eid else { continue };
        let name = format!("authorities of cards of {}", tenant.id);
        let authorities = match Authorities::load(&eid.authorities) {
            Ok(authorities) => authorities,
            Err(error) => {
                let todo = "mend authorities_file of [eid] in the tenant's file; until then nobody logs in with a card";
                report.failure(name, error.to_string(), todo);
                continue;
            }
        };
        let days = authorities.days_left(now);
        let what = format!("the first of them is good for {days} more days");
        match days < DAYS {
            true => report.warning(name, what, "put those that follow into authorities_file of [eid] in time"),
            false => report.ok(name, what),
        }
    }
}
