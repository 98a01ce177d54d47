//! Which methods each tenant has. The only place that names them: another one is a file or folder beside `openid`, and a line here.

use std::{collections::HashMap, sync::Arc};

use super::{
    digid, eherkenning,
    eid::{Cards, TlsCard, WebEid},
    eidas, fas,
    method::LoginMethod,
    openid::OpenId,
    saml::SamlMethod,
};
use crate::{
    base::{Clock, Random, id::TenantId},
    domain::tenant::{Factor, Tenant},
    token::relying::RelyingKeys,
};

/// The methods by which other providers prove who somebody is.
#[derive(Default)]
pub struct Registry {
    methods: HashMap<(TenantId, Factor), Arc<dyn LoginMethod>>,
    keys: HashMap<TenantId, Arc<RelyingKeys>>,
}

impl Registry {
    /// Adds the methods of a tenant, which shows its providers these keys.
    pub fn add(&mut self, tenant: &Tenant, keys: &Arc<RelyingKeys>, clock: &Clock, random: &Random) {
        self.keys.insert(tenant.id.clone(), keys.clone());
        for provider in &tenant.openid_providers {
            let (settings, keys, clock, random) = (provider.clone(), keys.clone(), clock.clone(), random.clone());
            let method: Arc<dyn LoginMethod> =
                Arc::new(OpenId::new(settings, tenant.national_number, keys, clock, random));
            self.methods.insert((tenant.id.clone(), method.factor()), method);
        }
    }

    /// Adds the methods of a tenant whose providers speak SAML, and know its keys by the files that the tenant's own names.
    pub fn add_saml(&mut self, tenant: &Tenant, clock: &Clock, random: &Random) {
        for provider in &tenant.saml_providers {
            let dialect = match provider.factor {
                Factor::Digid => &digid::DIALECT,
                Factor::Eherkenning => &eherkenning::DIALECT,
                Factor::Eidas => eidas::dialect(provider),
                Factor::Fas => &fas::DIALECT,
                // No other provider speaks SAML to us.
                _ => continue,
            };
            let method = SamlMethod::new(tenant, provider.clone(), dialect, clock.clone(), random.clone());
            self.methods.insert((tenant.id.clone(), provider.factor), Arc::new(method));
        }
    }

    /// Adds the identity card, where a tenant's file says what is believed of it.
    pub fn add_cards(&mut self, tenant: &Tenant, clock: &Clock, random: &Random) {
        let Some(believed) = &tenant.eid else { return };
        let cards = Arc::new(Cards::new(tenant, believed.clone(), clock.clone(), random.clone()));
        let mut add = |method: Arc<dyn LoginMethod>| self.methods.insert((tenant.id.clone(), method.factor()), method);
        add(Arc::new(WebEid(cards.clone())));
        if let Some(origin) = &tenant.card_origin {
            add(Arc::new(TlsCard(cards, origin.clone())));
        }
    }

    /// The method of a tenant that proves this factor.
    #[must_use]
    pub fn find(&self, tenant: &TenantId, factor: Factor) -> Option<&Arc<dyn LoginMethod>> {
        self.methods.get(&(tenant.clone(), factor))
    }

    /// The keys that a tenant shows to its providers.
    #[must_use]
    pub fn keys(&self, tenant: &TenantId) -> Option<&RelyingKeys> {
        self.keys.get(tenant).map(AsRef::as_ref)
    }

    /// Every method of every tenant.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn LoginMethod>> {
        self.methods.values()
    }
}
