//! Who sends SMS and makes calls, as the settings say.

use anyhow::Context;

use crate::{
    base::Clock,
    config::gateway::{Telephone as Settings, TelephoneInterface, TelephoneProvider},
    domain::tenant::Tenant,
    notify::telephone::{Interface, ProviderSettings, Telephone},
};

/// What hands messages over; nothing without settings. A tenant that needs it then is told of in the log: codes by telephone do not come,
/// and where a verified number is required nobody without one gets past that step.
///
/// # Errors
/// When a key file cannot be read.
pub(super) fn telephone(
    settings: Option<&Settings>,
    tenants: &[Tenant],
    clock: &Clock,
) -> anyhow::Result<Option<Telephone>> {
    let Some(settings) = settings else {
        for tenant in waiting(tenants) {
            tracing::error!(
                tenant = %tenant.id,
                "nobody sends this tenant's codes by telephone: gateway.toml has no [telephone], for example with interface = \
                 \"messagebird\", url = \"https://rest.messagebird.com\" and key_file = \"/run/secrets/telephone\""
            );
        }
        return Ok(None);
    };
    let named = [("telephone", Some(&settings.first)), ("telephone.fallback", settings.fallback.as_ref())];
    let read = named.into_iter().filter_map(|(name, provider)| Some((name, provider?)));
    let providers = read.map(|(name, one)| provider(one).with_context(|| format!("{name}.key_file")));
    let providers = providers.collect::<anyhow::Result<Vec<_>>>()?;
    Telephone::new(providers, clock.clone()).map(Some).context("telephone")
}

/// Tenants that send codes by telephone.
pub(super) fn waiting(tenants: &[Tenant]) -> impl Iterator<Item = &Tenant> {
    tenants.iter().filter(|tenant| tenant.phone.is_some())
}

fn provider(settings: &TelephoneProvider) -> anyhow::Result<ProviderSettings> {
    Ok(ProviderSettings {
        interface: match &settings.interface {
            TelephoneInterface::MessageBird => Interface::MessageBird,
            TelephoneInterface::Twilio { account } => Interface::Twilio { account: account.clone() },
        },
        url: settings.url.clone(),
        key: settings.key_file.read()?,
        sender: settings.sender.clone(),
        caller: settings.caller.clone(),
        timeout: settings.timeout,
    })
}
