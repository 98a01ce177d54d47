//! An address that is no tenant's. The demo lists its tenants there.

use askama::Template;

use super::{Frame, Page};

/// The page of an unknown address.
#[derive(Template)]
#[template(path = "tenants.html")]
pub struct Tenants {
    pub frame: Frame,
    /// Whether somebody came by an address that is nobody's; else it is the demo's first page.
    pub unknown: bool,
    /// The tenants to go to; empty outside the demo.
    pub tenants: Vec<TenantLink>,
    /// The number by which the help desk finds this in the log.
    pub reference: String,
}

/// A tenant and its registers.
pub struct TenantLink {
    pub name: String,
    pub description: String,
    /// The login host's address.
    pub href: String,
}

impl Page for Tenants {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        let key = if self.unknown { "tenants-unknown-title" } else { "tenants-title" };
        self.frame.text.say(key).into_owned()
    }
}
