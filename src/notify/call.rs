//! One call to a program elsewhere: something is posted to a URL of a configuration, bounded in every direction.
//!
//! Architecture invariant: a redirect is an answer like any other, and is not followed; of the answer the status alone is read.

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderValue, Request, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST},
};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::AbortHandle,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};
use url::{Url, form_urlencoded};

use crate::base::{
    reach::{dial, leads_to_this_machine},
    tls::{authorities_of_the_web, towards},
};

/// How long all of a call may take, from the first packet to the status of the answer.
const WHOLE: Duration = Duration::from_secs(5);

/// The kind of a form's body.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The largest head of an answer, in bytes.
const HEAD: usize = 16 * 1024;

/// What calls programs elsewhere.
#[derive(Clone)]
pub struct Caller {
    tls: Arc<ClientConfig>,
    whole: Duration,
}

/// What is posted.
pub struct Said {
    /// The kind of its body.
    pub content_type: &'static str,
    /// The value of `Authorization`; a secret.
    pub authorization: Option<HeaderValue>,
    /// The body.
    pub body: Bytes,
}

/// Why a call did not reach its end. For logs.
#[derive(Debug, thiserror::Error)]
pub enum NotCalled {
    /// The address is no http(s) URL that may be called.
    #[error("no address that may be called: https, or http on this machine")]
    Address,
    /// Nobody answers there, or the certificate is not good.
    #[error("cannot be reached: {0}")]
    Unreachable(#[from] io::Error),
    /// What came back is no answer of HTTP.
    #[error("no answer of HTTP: {0}")]
    Broken(#[from] hyper::Error),
    /// It took too long.
    #[error("no answer in time")]
    TooSlow,
    /// The answer is not that it worked.
    #[error("status {0}")]
    Status(u16),
}

impl NotCalled {
    /// Whether the other side may have heard what was said, and done it.
    #[must_use]
    pub const fn was_perhaps_heard(&self) -> bool {
        match self {
            NotCalled::Address | NotCalled::Unreachable(_) => false,
            NotCalled::Broken(_) | NotCalled::TooSlow => true,
            // Whoever stands in front of a program knows no more of it than we do; others say that they did not do it.
            NotCalled::Status(status) => matches!(status, 408 | 502 | 504),
        }
    }
}

impl Caller {
    /// One that believes the certificates of the web.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> io::Result<Self> {
        Self::with(authorities_of_the_web(), WHOLE)
    }

    /// The same with another patience: connecting may take so long, and then the answer.
    #[must_use]
    pub fn waiting(&self, whole: Duration) -> Self {
        Self { whole, ..self.clone() }
    }

    fn with(roots: RootCertStore, whole: Duration) -> io::Result<Self> {
        Ok(Self { tls: Arc::new(towards(roots, None).map_err(io::Error::other)?), whole })
    }

    /// Posts a form of one field.
    ///
    /// # Errors
    /// When the answer is not one of success (2xx), or there is none in time.
    pub async fn post(&self, url: &str, name: &str, value: &str) -> Result<(), NotCalled> {
        let url = Url::parse(url).map_err(|_| NotCalled::Address)?;
        let form = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
        let said = Said { content_type: FORM, authorization: None, body: form.into() };
        timeout(self.whole, self.say(&url, said)).await.map_err(|_| NotCalled::TooSlow)?
    }

    /// Posts something.
    ///
    /// # Errors
    /// When the answer is not one of success (2xx), or there is none in time.
    pub async fn say(&self, url: &Url, said: Said) -> Result<(), NotCalled> {
        let late = |_| NotCalled::Unreachable(io::ErrorKind::TimedOut.into());
        let stream = timeout(self.whole, self.connect(url)).await.map_err(late)??;
        let status = timeout(self.whole, converse(stream, url, said)).await.map_err(|_| NotCalled::TooSlow)??;
        if status.is_success() { Ok(()) } else { Err(NotCalled::Status(status.as_u16())) }
    }

    async fn connect(&self, url: &Url) -> Result<Box<dyn Stream>, NotCalled> {
        let (host, port) = url.host_str().zip(url.port_or_known_default()).ok_or(NotCalled::Address)?;
        let name = host.trim_matches(['[', ']']);
        let stream: Box<dyn Stream> = match url.scheme() {
            "https" => {
                let proves = ServerName::try_from(name.to_owned()).map_err(|_| NotCalled::Address)?;
                Box::new(TlsConnector::from(self.tls.clone()).connect(proves, dial(name, port).await?).await?)
            }
            "http" if leads_to_this_machine(url) => Box::new(dial(name, port).await?),
            _ => return Err(NotCalled::Address),
        };
        Ok(stream)
    }
}

async fn converse(stream: Box<dyn Stream>, url: &Url, said: Said) -> Result<StatusCode, NotCalled> {
    let host = url.host_str().ok_or(NotCalled::Address)?;
    let (mut sender, connection) = http1::Builder::new().max_buf_size(HEAD).handshake(TokioIo::new(stream)).await?;
    // Ends with the call: what the other side still has to say is not waited for.
    let _connection = AbortOnDrop(tokio::spawn(connection).abort_handle());
    let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let mut request = Request::post(target)
        .header(HOST, authority)
        .header(CONTENT_TYPE, said.content_type)
        .header(ACCEPT, "*/*")
        .body(Full::new(said.body))
        .map_err(|_| NotCalled::Address)?;
    if let Some(authorization) = said.authorization {
        request.headers_mut().insert(AUTHORIZATION, authorization);
    }
    Ok(sender.send_request(request).await?.status())
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    };

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{
            ServerConfig,
            crypto::aws_lc_rs,
            pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        },
    };

    use super::*;

    /// A program that says the same to everybody, and keeps what it heard.
    struct Program {
        port: u16,
        heard: Arc<Mutex<Vec<String>>>,
        connections: Arc<AtomicUsize>,
    }

    impl Program {
        async fn start(answer: String, tls: bool) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let port = listener.local_addr().expect("an address").port();
            let (heard, connections) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<AtomicUsize>::default());
            let this = Self { port, heard: heard.clone(), connections: connections.clone() };
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    connections.fetch_add(1, Ordering::Relaxed);
                    let (heard, answer) = (heard.clone(), answer.clone());
                    tokio::spawn(async move {
                        let mut stream: Box<dyn Stream> = match tls {
                            true => Box::new(acceptor().accept(stream).await.ok()?),
                            false => Box::new(stream),
                        };
                        let mut request = vec![0; 4096];
                        let mut length = 0;
                        while !String::from_utf8_lossy(&request[..length]).contains("token=") {
                            length += stream.read(&mut request[length..]).await.ok().filter(|read| *read > 0)?;
                        }
                        heard.lock().ok()?.push(String::from_utf8_lossy(&request[..length]).into_owned());
                        stream.write_all(answer.as_bytes()).await.ok()?;
                        // It never closes.
                        std::future::pending::<Option<()>>().await
                    });
                }
            });
            this
        }

        fn heard(&self) -> Vec<String> {
            self.heard.lock().expect("no panic").clone()
        }
    }

    fn acceptor() -> TlsAcceptor {
        let chain = CertificateDer::from_pem_slice(include_bytes!("testdata/localhost.pem")).expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("testdata/localhost.key")).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![chain], key)
            .expect("a certificate");
        TlsAcceptor::from(Arc::new(config))
    }

    fn caller() -> Caller {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_slice(include_bytes!("testdata/ca.pem")).expect("a certificate");
        roots.add(authority).expect("an authority");
        Caller::with(roots, WHOLE).expect("TLS")
    }

    const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

    #[tokio::test]
    async fn a_form_of_one_field_arrives_by_https_and_by_http_on_this_machine() {
        for tls in [true, false] {
            let program = Program::start(OK.into(), tls).await;
            let scheme = if tls { "https" } else { "http" };
            let url = format!("{scheme}://localhost:{}/logout?a=b", program.port);
            caller().post(&url, "token", "a.b&c=d").await.expect("called");
            let heard = program.heard().pop().expect("a request");
            assert!(heard.starts_with("POST /logout?a=b HTTP/1.1\r\n"), "{heard}");
            assert!(heard.contains(&format!("host: localhost:{}\r\n", program.port)), "{heard}");
            assert!(heard.contains("content-type: application/x-www-form-urlencoded\r\n"), "{heard}");
            assert!(heard.ends_with("\r\n\r\ntoken=a.b%26c%3Dd"), "{heard}");
        }
    }

    #[tokio::test]
    async fn cve_2026_4366_a_redirect_is_not_followed_and_nothing_leaves_this_machine_in_the_clear() {
        let target = Program::start(OK.into(), false).await;
        for status in ["301 x", "302 x", "303 x", "307 x", "308 x"] {
            let answer = format!(
                "HTTP/1.1 {status}\r\nlocation: http://localhost:{}/\r\ncontent-length: 0\r\n\r\n",
                target.port
            );
            let program = Program::start(answer, false).await;
            let called = caller().post(&format!("http://localhost:{}/", program.port), "token", "x").await;
            assert!(matches!(called, Err(NotCalled::Status(301..=308))), "{status}: {called:?}");
        }
        assert_eq!(target.connections.load(Ordering::Relaxed), 0, "nobody went there");
        for url in [
            "http://app.example/logout",
            "http://169.254.169.254/latest/meta-data",
            "http://localhost.evil.example/",
            "http://2130706433.evil.example/",
            "http://[fe80::1]/",
            "ftp://localhost/",
            "file:///etc/passwd",
            "data:text/plain,x",
            "/logout",
            "",
        ] {
            let called = caller().post(url, "token", "x").await;
            assert!(matches!(called, Err(NotCalled::Address)), "{url}: {called:?}");
        }
    }

    #[tokio::test]
    async fn only_a_certificate_that_is_believed_and_for_this_name() {
        let program = Program::start(OK.into(), true).await;
        let url = |host: &str| format!("https://{host}:{}/", program.port);
        let stranger = Caller::new().expect("TLS").post(&url("localhost"), "token", "x").await;
        assert!(matches!(stranger, Err(NotCalled::Unreachable(_))), "{stranger:?}");
        let other_name = caller().post(&url("other.localhost"), "token", "x").await;
        assert!(matches!(other_name, Err(NotCalled::Unreachable(_))), "{other_name:?}");
        assert!(program.heard().is_empty(), "nothing was said to either");
        caller().post(&url("localhost"), "token", "x").await.expect("the twin");
    }

    #[tokio::test]
    async fn an_answer_is_bounded_in_time_and_size() {
        let called = async |answer: String, whole| {
            let program = Program::start(answer, false).await;
            let impatient = Caller { whole, ..caller() };
            impatient.post(&format!("http://localhost:{}/", program.port), "token", "x").await
        };
        let short = Duration::from_millis(50);
        assert!(matches!(called(String::new(), short).await, Err(NotCalled::TooSlow)));
        assert!(matches!(called("HTTP/1.1 200 OK\r\n".into(), short).await, Err(NotCalled::TooSlow)));
        let endless_head = format!("HTTP/1.1 200 OK\r\nx: {}", "x".repeat(HEAD + 1));
        assert!(matches!(called(endless_head, WHOLE).await, Err(NotCalled::Broken(_))));
        assert!(matches!(called("SSH-2.0-x\r\n".into(), WHOLE).await, Err(NotCalled::Broken(_))));
        // Of a body nothing is read: the twin.
        let endless_body = "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx".to_owned();
        called(endless_body, WHOLE).await.expect("called");
        for status in ["400 x", "404 x", "500 x", "503 x"] {
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
            assert!(matches!(called(answer, WHOLE).await, Err(NotCalled::Status(_))), "{status}");
        }
        called("HTTP/1.1 204 No Content\r\n\r\n".into(), WHOLE).await.expect("called");
    }
}
