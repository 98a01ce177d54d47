//! What `poort demo` can be asked.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use url::Url;

use crate::domain::tenant::Factor;

/// Where the sample application of `tests/peers/client` runs when nothing else is said.
pub const SAMPLE_APP: &str = "http://app.localhost:8090";

/// What `poort demo` was asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address that the gateway listens on: bound already, since its port is in every URL.
    pub listen: SocketAddr,
    /// The folder that keeps the data; none: a temporary one that goes at the end.
    pub data: Option<PathBuf>,
    /// Registers that stand in for the demo's own.
    pub backends: Vec<BackendAt>,
    /// The origin of the sample application.
    pub app: String,
    /// A file with the public keys of the sample application (RFC 7517).
    pub app_jwks: Option<PathBuf>,
    /// The issuer that stands in for the demo's own itsme.
    pub itsme: Option<Url>,
    /// The issuer that stands in for the demo's own FAS.
    pub fas: Option<Url>,
    /// Where both providers of telephony are, instead of the demo's own.
    pub telephone: Option<Url>,
    /// Whether the demo stands in for those who speak SAML: their keys take a moment to make. Without it nobody is offered these.
    pub saml: bool,
    /// Whether its FAS is one of them; else it speaks OpenID Connect.
    pub fas_saml: bool,
    /// The certificate in PEM with which the gateway ends TLS; none: it speaks plain http.
    pub certificate: Option<PathBuf>,
}

impl Options {
    /// Nothing but an address.
    #[must_use]
    pub fn new(listen: SocketAddr) -> Self {
        let app = SAMPLE_APP.to_owned();
        Self {
            listen,
            data: None,
            backends: Vec::new(),
            app,
            app_jwks: None,
            itsme: None,
            fas: None,
            telephone: None,
            saml: false,
            fas_saml: false,
            certificate: None,
        }
    }

    /// The issuer that stands in for the demo's own provider of a factor.
    pub(super) const fn elsewhere(&self, factor: Factor) -> Option<&Url> {
        match factor {
            Factor::Itsme => self.itsme.as_ref(),
            Factor::Fas => self.fas.as_ref(),
            _ => None,
        }
    }

    /// Where the gateway is reached from this machine, also when it listens on all addresses.
    pub(super) fn gateway(&self) -> SocketAddr {
        let ip = if self.listen.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { self.listen.ip() };
        SocketAddr::new(ip, self.listen.port())
    }
}

/// `REGISTER=URL`: a register that runs somewhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendAt {
    /// The register's slug.
    pub register: String,
    /// Its origin.
    pub url: Url,
}

/// The text is no `REGISTER=URL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("REGISTER=URL, for example dossier=http://127.0.0.1:9001, without a path")]
pub struct NoBackendAt;

impl FromStr for BackendAt {
    type Err = NoBackendAt;

    fn from_str(text: &str) -> Result<Self, NoBackendAt> {
        let (register, url) = text.split_once('=').ok_or(NoBackendAt)?;
        let url: Url = url.parse().map_err(|_| NoBackendAt)?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if plain && !register.is_empty() { Ok(Self { register: register.to_owned(), url }) } else { Err(NoBackendAt) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backend_is_a_register_and_an_origin() {
        let good: BackendAt = "dossier=http://127.0.0.1:9001".parse().expect("good");
        assert_eq!((good.register.as_str(), good.url.as_str()), ("dossier", "http://127.0.0.1:9001/"));
        for bad in
            ["", "dossier", "=http://x", "dossier=x", "dossier=http://x/path", "dossier=http://u:p@x", "d=ftp://x"]
        {
            assert_eq!(bad.parse::<BackendAt>(), Err(NoBackendAt), "{bad}");
        }
    }

    #[test]
    fn the_gateway_is_reached_on_this_machine() {
        let at = |text: &str| Options::new(text.parse().expect("an address")).gateway().to_string();
        assert_eq!(at("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(at("127.0.0.1:8080"), "127.0.0.1:8080");
    }
}
