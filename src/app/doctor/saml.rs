//! Providers that speak SAML: their files, whether the resolver lets us in, and what makes it answer 404.

use std::collections::BTreeSet;

use super::{DAYS, Report, files};
use crate::{
    base::Timestamp,
    config::{Config, SecretFile},
    domain::{tenant::Tenant, upstream::SamlProvider},
    login::wire::saml::examine::{Examined, examine as look},
};

/// A clock that is further from the provider's, in seconds, is a failure: it believes nothing older than two minutes.
const APART: i64 = 60;

/// Looks at every provider of every tenant.
pub(super) async fn examine(config: &Config, now: Timestamp, report: &mut Report) {
    for tenant in &config.tenants {
        for provider in &tenant.saml_providers {
            one(tenant, provider, now, report).await;
        }
    }
}

async fn one(tenant: &Tenant, provider: &SamlProvider, now: Timestamp, report: &mut Report) {
    let word = provider.factor.word();
    let name = format!("{word} of {}", tenant.id);
    let own = [&provider.signing, &provider.tls].into_iter().chain(&provider.decryption);
    for key in own.map(|files| &files.key).collect::<BTreeSet<_>>() {
        files::secret(&format!("key of {name}"), &SecretFile::new(key.clone()), report);
    }
    let seen = match look(provider, now).await {
        Ok(seen) => seen,
        Err(error) => {
            let todo = format!(
                "mend what [{}] of the tenant's file names; until then nobody logs in by it",
                provider.section()
            );
            return report.failure(name, error.to_string(), todo);
        }
    };
    days(&name, &seen, report);
    let own = provider.entity.clone().unwrap_or_else(|| tenant.provider_metadata(provider.factor));
    let Some(resolver) = seen.resolver else {
        return report
            .ok(name, format!("{} must know {own:?} and the signatures of {}", provider.provider, seen.signing));
    };
    // It answers 404 when one of these is not what it has of us.
    let told = format!(
        "{} must know {own:?}, the signatures of {} (RSA-SHA256) and the TLS certificate {}",
        provider.provider, seen.signing, seen.tls
    );
    match seen.clock {
        Err(error) => report.failure(name, format!("{resolver}: {error}"), told),
        Ok(Some(ahead)) if ahead.abs() > APART => {
            let what = format!("our clock is {ahead} seconds ahead of the one at {resolver}");
            report.failure(name, what, "set the clock of this machine (NTP)");
        }
        Ok(_) => report.ok(name, format!("{resolver} lets us in; {told}")),
    }
}

fn days(name: &str, seen: &Examined, report: &mut Report) {
    for (purpose, days) in &seen.days {
        let (check, what) = (format!("{purpose} certificate of {name}"), format!("is good for {days} more days"));
        match *days < DAYS {
            true => report.warning(check, what, "renew it in time; a provider's own comes with new metadata"),
            false => report.ok(check, what),
        }
    }
}
