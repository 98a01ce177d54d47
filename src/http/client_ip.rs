//! Who asks: the client's address and scheme, also behind trusted proxies.
//!
//! Forwarded headers count only when the connection comes from a listed network, and only those of the one kind that the
//! trusted proxies are said to write: a proxy that writes `X-Forwarded-For` lets a client's own `Forwarded` through. The host is
//! never taken from them; a trusted proxy passes `Host` on. Anything malformed makes the client the peer.
//! Sources: RFC 7239; CVE-2024-47070, CVE-2023-36456, CVE-2026-76835 (a default of 0.0.0.0/0).

use std::net::{IpAddr, SocketAddr};

use http::{
    HeaderMap, HeaderName,
    header::{FORWARDED, HeaderValue},
};
use ipnet::IpNet;

/// `X-Forwarded-For`.
pub const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// `X-Forwarded-Proto`.
pub const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// How a page was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Without TLS.
    Http,
    /// With TLS, as far as the client sees.
    Https,
}

impl Scheme {
    /// `http` or `https`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Scheme::Http, Scheme::Https].into_iter().find(|scheme| text.eq_ignore_ascii_case(scheme.as_str()))
    }
}

/// Which headers the trusted proxies write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedBy {
    /// `X-Forwarded-For` and `X-Forwarded-Proto`.
    #[default]
    XForwarded,
    /// `Forwarded` of RFC 7239.
    Forwarded,
}

/// The proxies that are believed. By default none is.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    by: ForwardedBy,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The address of the client, or of the nearest program that is not trusted.
    pub address: IpAddr,
    /// How the client asked.
    pub scheme: Scheme,
    /// Whether the connection comes from a trusted proxy.
    pub through_trusted: bool,
    /// Whether it is the address of many: of a proxy that passes on what it cannot read.
    pub shared: bool,
}

impl TrustedProxies {
    /// Believes the connections from `networks`, and the headers that `by` names.
    #[must_use]
    pub fn new(networks: Vec<IpNet>, by: ForwardedBy) -> Self {
        Self { networks, by }
    }

    /// Whether `address` is one of them.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// Who asks on a connection from `peer` that was read by nobody on the way: what its headers say, the program wrote itself.
    #[must_use]
    pub fn unread(&self, peer: SocketAddr) -> Client {
        let address = peer.ip().to_canonical();
        Client { address, scheme: Scheme::Https, through_trusted: false, shared: self.trusts(address) }
    }

    /// Who asks, on a connection from `peer` that came in by `scheme`.
    #[must_use]
    pub fn client(&self, peer: SocketAddr, scheme: Scheme, headers: &HeaderMap) -> Client {
        let peer = peer.ip().to_canonical();
        let direct = Client { address: peer, scheme, through_trusted: false, shared: false };
        if !self.trusts(peer) {
            return direct;
        }
        let (addresses, said) = match self.by {
            ForwardedBy::XForwarded => (x_forwarded_for(headers), x_forwarded_proto(headers)),
            ForwardedBy::Forwarded => match forwarded(headers) {
                Some((addresses, said)) => (Some(addresses), said),
                None => (None, None),
            },
        };
        // From the nearest to the farthest: the first that is not trusted is the client.
        let address = match addresses {
            Some(addresses) => {
                addresses.iter().rev().find(|a| !self.trusts(**a)).or(addresses.first()).copied().unwrap_or(peer)
            }
            None => peer,
        };
        Client { address, scheme: said.unwrap_or(scheme), through_trusted: true, shared: false }
    }
}

/// The values of all of `name`'s lines, split at commas outside of quotes; `None` when one is not visible ASCII.
fn elements<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Vec<&'a str>> {
    let mut all = Vec::new();
    for value in headers.get_all(name) {
        all.extend(split(value, b',')?);
    }
    Some(all)
}

fn split(value: &HeaderValue, separator: u8) -> Option<Vec<&str>> {
    split_text(value.to_str().ok()?, separator)
}

/// `None` when a quote is not closed.
fn split_text(text: &str, separator: u8) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if byte == separator && !quoted => {
                parts.push(text[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    (!quoted).then_some(parts)
}

/// All addresses, the client's end first; `None` when there is none or one is malformed.
fn x_forwarded_for(headers: &HeaderMap) -> Option<Vec<IpAddr>> {
    let addresses: Option<Vec<IpAddr>> =
        elements(headers, &X_FORWARDED_FOR)?.into_iter().map(|text| node(text, false)).collect();
    addresses.filter(|addresses| !addresses.is_empty())
}

/// The nearest proxy's word.
fn x_forwarded_proto(headers: &HeaderMap) -> Option<Scheme> {
    Scheme::parse(elements(headers, &X_FORWARDED_PROTO)?.last()?)
}

/// The addresses and the nearest proxy's scheme of RFC 7239's `Forwarded`; `None` when any of it is malformed.
fn forwarded(headers: &HeaderMap) -> Option<(Vec<IpAddr>, Option<Scheme>)> {
    let mut addresses = Vec::new();
    let mut scheme = None;
    for element in elements(headers, &FORWARDED)? {
        let mut address = None;
        scheme = None;
        for pair in split_text(element, b';')? {
            let (name, value) = pair.split_once('=')?;
            let value = match value.strip_prefix('"') {
                // No escapes: no address and no scheme needs one.
                Some(quoted) => quoted.strip_suffix('"').filter(|inner| !inner.contains(['"', '\\']))?,
                None => value,
            };
            if name.eq_ignore_ascii_case("for") && address.replace(node(value, true)?).is_some() {
                return None;
            }
            if name.eq_ignore_ascii_case("proto") && scheme.replace(Scheme::parse(value)?).is_some() {
                return None;
            }
        }
        addresses.push(address?);
    }
    if addresses.is_empty() { None } else { Some((addresses, scheme)) }
}

/// An address with or without a port: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]`, `[2001:db8::1]:80`, and without brackets
/// where the header's custom allows it. `unknown` and names are not addresses.
fn node(text: &str, strict: bool) -> Option<IpAddr> {
    if !strict && let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let bracketed =
        text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).and_then(|t| t.parse().ok().map(IpAddr::V6));
    let plain = || text.parse().ok().map(IpAddr::V4);
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    bracketed.or_else(plain).or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: &str = "10.0.0.9:1234";

    fn proxies(by: ForwardedBy) -> TrustedProxies {
        TrustedProxies::new(vec!["10.0.0.0/8".parse().expect("a network"), "fd00::/8".parse().expect("a network")], by)
    }

    fn ask(by: ForwardedBy, peer: &str, fields: &[(HeaderName, &str)]) -> (String, Scheme) {
        let headers = fields
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_bytes(value.as_bytes()).expect("a value")))
            .collect();
        let client = proxies(by).client(peer.parse().expect("an address"), Scheme::Http, &headers);
        (client.address.to_string(), client.scheme)
    }

    fn x(peer: &str, value: &str) -> String {
        ask(ForwardedBy::XForwarded, peer, &[(X_FORWARDED_FOR, value)]).0
    }

    fn rfc7239(value: &str) -> (String, Scheme) {
        ask(ForwardedBy::Forwarded, PEER, &[(FORWARDED, value)])
    }

    #[test]
    fn cve_2025_64101_ghsa_93m4_mfpg_c3xf_nobody_is_believed_but_the_listed() {
        let lies = [
            (X_FORWARDED_FOR, "192.0.2.7"),
            (X_FORWARDED_PROTO, "https"),
            (FORWARDED, "for=192.0.2.7;proto=https;host=evil"),
        ];
        for by in [ForwardedBy::XForwarded, ForwardedBy::Forwarded] {
            assert_eq!(ask(by, "198.51.100.1:9", &lies), ("198.51.100.1".into(), Scheme::Http));
            assert_eq!(ask(by, PEER, &lies), ("192.0.2.7".into(), Scheme::Https));
        }
        let nobody = TrustedProxies::default();
        let peer = PEER.parse().expect("an address");
        assert!(!nobody.client(peer, Scheme::Http, &HeaderMap::new()).through_trusted);
    }

    #[test]
    fn the_nearest_stranger_is_the_client() {
        assert_eq!(x(PEER, "192.0.2.1"), "192.0.2.1");
        assert_eq!(x(PEER, "203.0.113.66, 192.0.2.1"), "192.0.2.1");
        assert_eq!(x(PEER, "203.0.113.66, 192.0.2.1, 10.1.1.1"), "192.0.2.1");
        assert_eq!(x(PEER, "10.3.3.3, 10.1.1.1"), "10.3.3.3");
        assert_eq!(x(PEER, "2001:db8::1"), "2001:db8::1");
        assert_eq!(x("[::ffff:10.0.0.9]:1", "::ffff:192.0.2.1"), "192.0.2.1");
        let lines = [(X_FORWARDED_FOR, "192.0.2.1"), (X_FORWARDED_FOR, "10.1.1.1")];
        assert_eq!(ask(ForwardedBy::XForwarded, PEER, &lines).0, "192.0.2.1");
    }

    #[test]
    fn the_other_kind_of_header_is_a_clients_own() {
        let headers = [(X_FORWARDED_FOR, "192.0.2.1"), (FORWARDED, "for=203.0.113.66")];
        assert_eq!(ask(ForwardedBy::XForwarded, PEER, &headers).0, "192.0.2.1");
        assert_eq!(ask(ForwardedBy::Forwarded, PEER, &headers).0, "203.0.113.66");
    }

    #[test]
    fn cve_2024_47070_cve_2023_36456_junk_makes_the_peer_the_client() {
        for junk in
            ["", " ", ",", "x", "192.0.2.1,", "192.0.2.1, x", "192.0.2.1 192.0.2.2", "192.0.2.999", "\"192.0.2.1", "é"]
        {
            assert_eq!(x(PEER, junk), "10.0.0.9", "{junk}");
        }
        for junk in [
            "",
            "for",
            "for=",
            "for=unknown",
            "for=_hidden",
            "for=192.0.2.1;for=192.0.2.2",
            "for=\"192.0.2.1",
            "for=2001:db8::1",
            "for=192.0.2.1, proto=https",
            "for=192.0.2.1;proto=ftp",
            "for=\"192.0.2\\.1\"",
            "for=192.0.2.1;;",
        ] {
            assert_eq!(rfc7239(junk), ("10.0.0.9".into(), Scheme::Http), "{junk}");
        }
    }

    #[test]
    fn rfc7239_examples() {
        for (value, address, scheme) in [
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60", Scheme::Http),
            ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17", Scheme::Http),
            ("for=192.0.2.43, for=10.2.2.2;proto=https", "192.0.2.43", Scheme::Https),
            ("for=192.0.2.43;host=\"a,b;c\";proto=https", "192.0.2.43", Scheme::Https),
        ] {
            assert_eq!(rfc7239(value), (address.into(), scheme), "{value}");
        }
    }
}
