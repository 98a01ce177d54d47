//! A register's host as its visitors see it, written down once for every request.

use http::{HeaderValue, header::InvalidHeaderValue};

use crate::http::client_ip::Scheme;

/// A register's host, from its configured origin; a request's own `Host` takes no part.
#[derive(Clone, Debug)]
pub struct Site {
    /// The canonical host name, without a port.
    pub(super) host: String,
    /// `scheme://host[:port]` as browsers write it in `Origin`.
    pub(super) origin: String,
    /// `host[:port]`.
    pub(super) authority: HeaderValue,
    /// The `;host=…` of `Forwarded`.
    pub(super) forwarded_host: String,
}

impl Site {
    /// From the register's `host` and `origin`.
    ///
    /// # Errors
    /// When the origin is not visible ASCII.
    pub fn new(host: &str, origin: &str) -> Result<Self, InvalidHeaderValue> {
        let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
        Ok(Self {
            host: host.to_owned(),
            origin: origin.to_owned(),
            authority: HeaderValue::from_str(authority)?,
            // A colon makes the quotes necessary (RFC 7239 section 4).
            forwarded_host: format!(";host=\"{authority}\";proto="),
        })
    }

    /// `Forwarded` for a client at `address` that came by `scheme`, and nobody before it.
    pub(super) fn forwarded(&self, address: std::net::IpAddr, scheme: Scheme) -> String {
        let node = match address {
            std::net::IpAddr::V4(v4) => format!("for={v4}"),
            std::net::IpAddr::V6(v6) => format!("for=\"[{v6}]\""),
        };
        [node.as_str(), &self.forwarded_host, scheme.as_str()].concat()
    }
}
