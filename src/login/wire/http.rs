//! One request to another provider, bounded in every direction.
//!
//! Architecture invariant: it connects to the hosts that the tenant's file names and to no other, whatever a discovery document
//! says; a redirect is an answer like any other, and is not followed (CVE-2026-4366).

use std::{
    io,
    sync::{Arc, LazyLock},
    time::Duration,
};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::Semaphore,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, pki_types::ServerName},
};
use url::Url;

use crate::base::{
    reach::dial,
    tls::{authorities_of_the_web, towards},
};

/// How long connecting may take, with TLS.
const CONNECT: Duration = Duration::from_secs(2);
/// How long all of it may take, from the first packet to the last byte of the body.
const WHOLE: Duration = Duration::from_secs(4);
/// The largest head of an answer, in bytes.
const HEAD: usize = 16 * 1024;
/// The largest body, in bytes.
const BODY: usize = 256 * 1024;
/// How many requests one provider may have at a time. Others wait for none of them.
const AT_ONCE: usize = 64;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The address is on none of the configured hosts.
    #[error("an address on a host that is not configured")]
    NotAllowed,
    /// Nobody answers there, or the certificate is not good.
    #[error("cannot be reached: {0}")]
    Unreachable(io::Error),
    /// It took too long.
    #[error("no whole answer in time")]
    TooSlow,
    /// The answer is too large.
    #[error("an answer of more than {BODY} bytes")]
    TooLarge,
    /// What came back is no answer of HTTP.
    #[error("no answer of HTTP: {0}")]
    Broken(String),
    /// The server says that it failed.
    #[error("status {0}")]
    ServerError(u16),
    /// Too many wait for this provider already.
    #[error("too many requests at once")]
    Busy,
    /// The answer was encrypted for somebody else, by another algorithm, or not at all.
    #[error("{0}")]
    NotForUs(#[from] super::incoming::NotForUs),
}

/// What speaks to the hosts of one provider.
pub struct Client {
    /// `(host, port, with TLS)` of every place that may be spoken to.
    places: Vec<(String, u16, bool)>,
    at_once: Semaphore,
    /// TLS with a certificate of our own, or with other authorities than the web's.
    tls: Option<Arc<ClientConfig>>,
}

static TLS: LazyLock<Option<Arc<ClientConfig>>> =
    LazyLock::new(|| towards(authorities_of_the_web(), None).ok().map(Arc::new));

impl Client {
    /// For the host of `issuer`, and `hosts` besides it, by the issuer's scheme.
    #[must_use]
    pub fn new(issuer: &Url, hosts: &[String]) -> Self {
        let tls = issuer.scheme() == "https";
        let own = issuer.host_str().unwrap_or_default().to_owned();
        let mut places = vec![(own, issuer.port_or_known_default().unwrap_or(443), tls)];
        places.extend(hosts.iter().map(|host| (host.clone(), 443, true)));
        Self { places, at_once: Semaphore::new(AT_ONCE), tls: None }
    }

    /// For these origins, each by its own scheme and port.
    #[must_use]
    pub fn at(origins: &[Url]) -> Self {
        let place = |origin: &Url| {
            let host = origin.host_str().unwrap_or_default().to_owned();
            (host, origin.port_or_known_default().unwrap_or(443), origin.scheme() == "https")
        };
        Self { places: origins.iter().map(place).collect(), at_once: Semaphore::new(AT_ONCE), tls: None }
    }

    /// With TLS of its own.
    #[must_use]
    pub fn with_tls(self, tls: Arc<ClientConfig>) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// Whether an address is on one of the hosts.
    #[must_use]
    pub fn allows(&self, url: &Url) -> bool {
        let tls = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return false,
        };
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
        let plain = url.username().is_empty() && url.password().is_none();
        plain && self.places.iter().any(|place| (place.0.as_str(), place.1, place.2) == (host, port, tls))
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When there is no whole answer in time, or it is one of a server's failure.
    pub async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Failed> {
        let url = Url::parse(&request.uri().to_string()).map_err(|_| Failed::NotAllowed)?;
        if !self.allows(&url) {
            return Err(Failed::NotAllowed);
        }
        let _place = self.at_once.try_acquire().map_err(|_| Failed::Busy)?;
        let answer = timeout(WHOLE, exchange(&url, request, self.tls.clone().or_else(|| TLS.clone())))
            .await
            .unwrap_or(Err(Failed::TooSlow))?;
        match answer.status() {
            status if status.is_server_error() => Err(Failed::ServerError(status.as_u16())),
            _ => Ok(answer),
        }
    }
}

async fn exchange(
    url: &Url,
    request: http::Request<Vec<u8>>,
    tls: Option<Arc<ClientConfig>>,
) -> Result<http::Response<Vec<u8>>, Failed> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let connecting = async {
        let stream = dial(host.trim_matches(['[', ']']), port).await?;
        let boxed: Box<dyn Stream> = match url.scheme() {
            "https" => {
                let config = tls.ok_or_else(|| io::Error::other("TLS cannot be set up"))?;
                let name = ServerName::try_from(host.clone()).map_err(io::Error::other)?;
                Box::new(TlsConnector::from(config).connect(name, stream).await?)
            }
            _ => Box::new(stream),
        };
        Ok::<_, io::Error>(boxed)
    };
    let stream = timeout(CONNECT, connecting).await.map_err(|_| Failed::TooSlow)?.map_err(Failed::Unreachable)?;
    let broken = |error: hyper::Error| Failed::Broken(error.to_string());
    let (mut sender, connection) =
        http1::Builder::new().max_buf_size(HEAD).handshake(TokioIo::new(stream)).await.map_err(broken)?;
    // Ends with the request: what a provider still has to say is not waited for.
    let connection = AbortOnDrop(tokio::spawn(connection));
    let (mut head, body) = request.into_parts();
    let authority = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    };
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    head.uri = target.parse().map_err(|_| Failed::NotAllowed)?;
    head.headers.insert(http::header::HOST, authority.parse().map_err(|_| Failed::NotAllowed)?);
    let answer = sender.send_request(http::Request::from_parts(head, Full::new(bytes::Bytes::from(body))));
    let (head, body) = answer.await.map_err(broken)?.into_parts();
    let body = Limited::new(body, BODY).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() { Failed::TooLarge } else { Failed::Broken(error.to_string()) }
    })?;
    drop(connection);
    Ok(http::Response::from_parts(head, body.to_bytes().to_vec()))
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

struct AbortOnDrop(tokio::task::JoinHandle<hyper::Result<()>>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_origins_each_has_its_own_scheme_and_port() {
        let origins = ["http://ocsp.example", "https://ocsp.example:8443"].map(|url| Url::parse(url).expect("a URL"));
        let client = Client::at(&origins);
        let allows = |url: &str| client.allows(&Url::parse(url).expect("a URL"));
        assert!(allows("http://ocsp.example/eid/1") && allows("https://ocsp.example:8443/"));
        for bad in
            ["https://ocsp.example/", "http://ocsp.example:8443/", "http://ocsp.example:8080/", "http://other.example/"]
        {
            assert!(!allows(bad), "{bad}");
        }
    }

    #[test]
    fn cve_2026_27945_only_the_configured_hosts_are_spoken_to() {
        let issuer = Url::parse("https://idp.example/v2").expect("a URL");
        let client = Client::new(&issuer, &["keys.example".into()]);
        let allows = |url: &str| client.allows(&Url::parse(url).expect("a URL"));
        for good in ["https://idp.example/token", "https://idp.example:443/x?y", "https://keys.example/jwks"] {
            assert!(allows(good), "{good}");
        }
        for bad in [
            "http://idp.example/token",
            "https://idp.example:8443/token",
            "https://idp.example.attacker.example/token",
            "https://attacker.example/token",
            "https://idp.example@attacker.example/",
            "https://user:word@idp.example/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "http://169.254.169.254/latest/meta-data",
            "https://0x7f000001/",
            "file:///etc/passwd",
            "gopher://idp.example/",
            "http://keys.example/jwks",
        ] {
            assert!(!allows(bad), "{bad}");
        }
    }
}
