//! Sending messages by SMTP (RFC 5321), with lettre.
//!
//! A message gets its `Message-ID` from its row in the outbox, and its `Date` from when it was put there: sent again after
//! a lost answer, it is recognisably the same mail. It says that a machine wrote it (RFC 3834), so that no absence
//! notice answers it.
//!
//! Architecture invariant: nothing here logs, and no error has an address or a server's words in it: a server's refusal
//! often quotes the address.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, UNIX_EPOCH},
};

use lettre::{
    Address, Message as Letter,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        extension::ClientId,
    },
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

use super::{Message, mail::is_breaking};
use crate::base::{Timestamp, reach::is_this_machine};

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314; port 465).
    Tls,
    /// STARTTLS, demanded: a server that does not offer it gets nothing (RFC 3207; port 587).
    StartTls,
    /// None, for a server on this machine.
    None,
}

/// Where mails are handed in.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// The server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The PEM of an authority to trust besides the public ones.
    pub authority: Option<Vec<u8>>,
    /// User name and password.
    pub credentials: Option<(String, SecretString)>,
    /// The address that mails come from, also as `Name <address>`. The name in a mail is its tenant's.
    pub sender: String,
    /// How long handing in one mail may take, with connecting.
    pub timeout: Duration,
}

/// Settings that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSettings {
    /// The sender is no address.
    #[error("the sender must be an e-mail address")]
    Sender,
    /// Mails would cross a network in the clear.
    #[error("without TLS only a server on this machine can be used")]
    Unprotected,
    /// The authority is no certificate, or the host no name that TLS can check.
    #[error("the authority must be a PEM certificate, and the host a name that TLS can check")]
    Tls,
}

/// Why a message was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// It may go later: the server is not there, or said so with this code (RFC 5321 section 4.2.1).
    #[error("not now (SMTP code {0:?})")]
    Later(Option<u16>),
    /// It will never go: the server said so with this code.
    #[error("refused for good (SMTP code {0})")]
    Refused(u16),
    /// It will never go: its address is no address, or something in its head breaks a line.
    #[error("the message cannot be written as a mail")]
    Unwritable,
}

impl SmtpSettings {
    /// Checks the settings without connecting.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn check(&self) -> Result<(), InvalidSettings> {
        self.sender()?;
        self.protection().map(drop)
    }

    fn sender(&self) -> Result<Address, InvalidSettings> {
        self.sender.parse().map(|mailbox: Mailbox| mailbox.email).map_err(|_| InvalidSettings::Sender)
    }

    fn protection(&self) -> Result<Protection, InvalidSettings> {
        match self.security {
            Security::Tls => self.tls_parameters().map(Protection::Tls),
            Security::StartTls => self.tls_parameters().map(Protection::StartTls),
            Security::None if is_this_machine(&self.host) => Ok(Protection::None),
            Security::None => Err(InvalidSettings::Unprotected),
        }
    }

    fn tls_parameters(&self) -> Result<TlsParameters, InvalidSettings> {
        let mut builder = TlsParameters::builder(self.host.clone());
        if let Some(authority) = &self.authority {
            // Of a text without a certificate lettre makes an authority that trusts nobody.
            let begins = authority.windows(PEM_BEGIN.len()).any(|window| window == PEM_BEGIN);
            let certificate = Certificate::from_pem(authority).ok().filter(|_| begins);
            builder = builder.add_root_certificate(certificate.ok_or(InvalidSettings::Tls)?);
        }
        builder.build_rustls().map_err(|_| InvalidSettings::Tls)
    }
}

const PEM_BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// How the connection is protected, with what that needs.
enum Protection {
    Tls(TlsParameters),
    StartTls(TlsParameters),
    None,
}

/// Hands messages in at one server, over a connection that is kept for the next.
///
/// lettre's pool is not used: it waits forever for a server that has gone silent, and takes a connection back into
/// use on which an answer is still to come when its sender gave up waiting.
pub struct Messenger {
    host: String,
    port: u16,
    protection: Protection,
    credentials: Option<Credentials>,
    sender: Address,
    timeout: Duration,
    kept: Mutex<Option<AsyncSmtpConnection>>,
}

impl Messenger {
    /// A messenger with these settings; it connects when it first sends.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(settings: &SmtpSettings) -> Result<Self, InvalidSettings> {
        let credentials = settings.credentials.as_ref();
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port,
            sender: settings.sender()?,
            protection: settings.protection()?,
            credentials: credentials
                .map(|(name, password)| Credentials::new(name.clone(), password.expose_secret().to_owned())),
            timeout: settings.timeout,
            kept: Mutex::new(None),
        })
    }

    /// How long sending one message may take.
    #[must_use]
    pub const fn longest(&self) -> Duration {
        self.timeout
    }

    /// Hands in `message`, which has lain in the outbox as `id` since `queued`. A message that was not sent because no
    /// answer came in time may have arrived all the same.
    ///
    /// # Errors
    /// Whether it may be tried again.
    pub async fn send(&self, id: &str, queued: Timestamp, message: &Message) -> Result<(), NotSent> {
        let letter = self.write(id, queued, message).ok_or(NotSent::Unwritable)?;
        match timeout(self.timeout, self.hand_in(&letter)).await {
            Ok(result) => result,
            Err(_) => Err(NotSent::Later(None)),
        }
    }

    /// Connects as for a mail, with TLS and login, and takes its leave without one.
    ///
    /// # Errors
    /// Whether the server is not there, or refuses.
    pub async fn greet(&self) -> Result<(), NotSent> {
        let mut connection = self.connect().await.map_err(|error| NotSent::Later(code(&error)))?;
        connection.quit().await.map(drop).map_err(|error| NotSent::Later(code(&error)))
    }

    /// A connection is kept only after a mail was taken: one that failed, or was given up on, is closed.
    async fn hand_in(&self, letter: &Letter) -> Result<(), NotSent> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        let connection = match kept {
            Some(kept) => self.again(kept).await,
            None => self.connect().await,
        };
        // A server that lets nobody in, for good as it says, says nothing about this message.
        let mut connection = connection.map_err(|error| NotSent::Later(code(&error)))?;
        connection.send(letter.envelope(), &letter.formatted()).await.map_err(|error| match code(&error) {
            Some(code) if error.is_permanent() => NotSent::Refused(code),
            code => NotSent::Later(code),
        })?;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
        Ok(())
    }

    /// The kept connection, or a new one where the server has closed it since.
    async fn again(&self, mut kept: AsyncSmtpConnection) -> Result<AsyncSmtpConnection, Error> {
        if kept.test_connected().await { Ok(kept) } else { self.connect().await }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let (server, name) = ((self.host.as_str(), self.port), ClientId::default());
        let wrapped = match &self.protection {
            Protection::Tls(parameters) => Some(parameters.clone()),
            Protection::StartTls(_) | Protection::None => None,
        };
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, None, &name, wrapped, None).await?;
        if let Protection::StartTls(parameters) = &self.protection {
            connection.starttls(parameters.clone(), &name).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(connection)
    }

    fn write(&self, id: &str, queued: Timestamp, message: &Message) -> Option<Letter> {
        let heads = [id, &message.sender, &message.recipient, &message.subject];
        let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') && !id.is_empty();
        if !is_id || heads.iter().any(|head| head.chars().any(is_breaking)) {
            return None;
        }
        let since = Duration::from_millis(u64::try_from(queued.millis()).ok()?);
        let automatic = |name, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
        Letter::builder()
            .message_id(Some(format!("<{id}@{}>", self.sender.domain())))
            .date(UNIX_EPOCH.checked_add(since)?)
            .from(Mailbox::new(Some(message.sender.clone()), self.sender.clone()))
            .to(Mailbox::new(None, message.recipient.parse().ok()?))
            .subject(message.subject.clone())
            .raw_header(automatic("Auto-Submitted", "auto-generated"))
            .raw_header(automatic("X-Auto-Response-Suppress", "All"))
            .raw_header(automatic("Content-Language", message.language.code()))
            .header(ContentType::TEXT_PLAIN)
            .body(message.body.as_str().to_owned())
            .ok()
    }
}

impl fmt::Debug for Messenger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Messenger(from {})", self.sender)
    }
}

fn code(error: &Error) -> Option<u16> {
    error.status().map(u16::from)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tokio::{
        io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
        net::{TcpListener, TcpStream},
    };
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{
            ServerConfig,
            crypto::aws_lc_rs,
            pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        },
    };
    use zeroize::Zeroizing;

    use super::*;
    use crate::{base::Language, notify::Kind};

    const QUEUED: Timestamp = Timestamp::from_millis(1_795_352_700_000);
    const ID: &str = "00000000-0000-0000-0000-000000000001";

    /// What the sink does otherwise than take everything.
    #[derive(Clone, Copy, PartialEq)]
    enum Sink {
        Plain,
        OfferingStartTls,
        WrappedInTls,
        AnsweringRecipients(&'static str),
        Silent,
        DroppingAfterData,
        SilentAfterData,
        ClosingAfterEachMail,
        RefusingLogin,
    }

    /// An SMTP server that keeps every line it hears.
    struct Server {
        port: u16,
        heard: Arc<Mutex<Vec<String>>>,
    }

    impl Server {
        async fn start(sink: Sink) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let port = listener.local_addr().expect("an address").port();
            let heard = Arc::<Mutex<Vec<String>>>::default();
            let lines = Arc::clone(&heard);
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, sink, Arc::clone(&lines)));
                }
            });
            Self { port, heard }
        }

        fn heard(&self) -> Vec<String> {
            self.heard.lock().expect("no panic").clone()
        }

        fn count(&self, begin: &str) -> usize {
            self.heard().iter().filter(|line| line.starts_with(begin)).count()
        }

        /// The lines of the first mail.
        fn mail(&self) -> String {
            let heard = self.heard();
            let lines = heard.iter().skip_while(|line| *line != "DATA").skip(1).take_while(|line| *line != ".");
            lines.map(|line| format!("{line}\n")).collect()
        }
    }

    async fn serve(stream: TcpStream, sink: Sink, heard: Arc<Mutex<Vec<String>>>) {
        if sink == Sink::WrappedInTls {
            if let Ok(stream) = acceptor().accept(stream).await {
                let _ = talk(stream, sink, heard, true).await;
            }
            return;
        }
        let Some(mut stream) = talk(stream, sink, Arc::clone(&heard), true).await else { return };
        // STARTTLS was asked.
        stream.write_all(b"220 go\r\n").await.expect("written");
        if let Ok(stream) = acceptor().accept(stream).await {
            heard.lock().expect("no panic").push("(TLS)".into());
            let _ = talk(stream, Sink::Plain, heard, false).await;
        }
    }

    /// Speaks SMTP until the end, or gives the stream back at STARTTLS.
    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        stream: S,
        sink: Sink,
        heard: Arc<Mutex<Vec<String>>>,
        greets: bool,
    ) -> Option<S> {
        let mut stream = BufReader::new(stream);
        if sink == Sink::Silent {
            std::future::pending::<()>().await;
        }
        if greets {
            stream.write_all(b"220 sink ESMTP\r\n").await.ok()?;
        }
        let mut data = false;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let line = line.trim_end_matches(['\r', '\n']).to_owned();
            heard.lock().expect("no panic").push(line.clone());
            if data {
                if line == "." {
                    data = false;
                    if sink == Sink::DroppingAfterData {
                        return None;
                    }
                    if sink == Sink::SilentAfterData {
                        continue;
                    }
                    stream.write_all(b"250 taken\r\n").await.ok()?;
                    if sink == Sink::ClosingAfterEachMail {
                        return None;
                    }
                }
                continue;
            }
            let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" if sink == Sink::OfferingStartTls => "250-sink\r\n250-8BITMIME\r\n250 STARTTLS\r\n",
                "EHLO" => "250-sink\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n",
                "STARTTLS" => return Some(stream.into_inner()),
                "RCPT" => match sink {
                    Sink::AnsweringRecipients(answer) => answer,
                    _ => "250 ok\r\n",
                },
                "DATA" => {
                    data = true;
                    "354 go on\r\n"
                }
                "AUTH" if sink == Sink::RefusingLogin => "535 5.7.8 wrong\r\n",
                "AUTH" => "235 welcome\r\n",
                "QUIT" => "221 bye\r\n",
                _ => "250 ok\r\n",
            };
            stream.write_all(answer.as_bytes()).await.ok()?;
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

    fn settings(port: u16, security: Security) -> SmtpSettings {
        SmtpSettings {
            host: "localhost".into(),
            port,
            security,
            authority: Some(include_bytes!("testdata/ca.pem").to_vec()),
            credentials: None,
            sender: "noreply@poort.example".into(),
            timeout: Duration::from_secs(5),
        }
    }

    fn message() -> Message {
        Message {
            kind: Kind::EmailCode,
            language: Language::Fr,
            sender: "ProGezondheid".into(),
            recipient: "els@example.org".into(),
            subject: "Votre code pour ProGezondheid, à vous".into(),
            body: Zeroizing::new("Votre code est : 012345\n\n.\n.. un point\nÀ bientôt\n".into()),
        }
    }

    async fn sent(sink: Sink, security: Security) -> (Server, Result<(), NotSent>) {
        let server = Server::start(sink).await;
        let messenger = Messenger::new(&settings(server.port, security)).expect("a messenger");
        let result = messenger.send(ID, QUEUED, &message()).await;
        (server, result)
    }

    #[tokio::test]
    async fn a_mail_arrives_with_its_heads() {
        let (server, result) = sent(Sink::Plain, Security::None).await;
        assert_eq!(result, Ok(()));
        assert_eq!(server.count("MAIL FROM:<noreply@poort.example>"), 1);
        assert_eq!(server.count("RCPT TO:<els@example.org>"), 1);
        let mail = server.mail();
        for head in [
            "Message-ID: <00000000-0000-0000-0000-000000000001@poort.example>\n",
            "Date: Sun, 22 Nov 2026 13:05:00 +0000\n",
            "From: ProGezondheid <noreply@poort.example>\n",
            "To: els@example.org\n",
            "Auto-Submitted: auto-generated\n",
            "X-Auto-Response-Suppress: All\n",
            "Content-Language: fr\n",
            "Content-Type: text/plain; charset=utf-8\n",
        ] {
            assert!(mail.contains(head), "{head} in {mail}");
        }
        assert!(mail.contains("Subject: Votre code pour ProGezondheid, =?utf-8?b?"), "{mail}");
        assert!(mail.contains("012345") && mail.contains("bient=C3=B4t"), "quoted-printable: {mail}");
        assert!(mail.is_ascii() && mail.lines().all(|line| line.len() <= 78), "{mail}");
        assert!(mail.contains("\n..\n"), "a line with a dot does not end the mail: {mail}");
    }

    #[tokio::test]
    async fn a_mail_that_is_sent_again_is_the_same_mail() {
        let server = Server::start(Sink::Plain).await;
        let messenger = Messenger::new(&settings(server.port, Security::None)).expect("a messenger");
        for _ in 0..2 {
            messenger.send(ID, QUEUED, &message()).await.expect("sent");
        }
        let heard = server.heard();
        let mails: Vec<_> = heard.split(|line| line == "DATA").skip(1).map(|mail| &mail[..12]).collect();
        assert_eq!(mails.len(), 2);
        assert_eq!(mails[0], mails[1]);
        assert_eq!(server.count("EHLO"), 1, "over one connection");
    }

    #[tokio::test]
    async fn starttls_protects_the_mail() {
        let (server, result) = sent(Sink::OfferingStartTls, Security::StartTls).await;
        assert_eq!(result, Ok(()));
        let heard = server.heard();
        let secret = heard.iter().position(|line| line == "(TLS)").expect("TLS");
        assert!(heard[..secret].iter().all(|line| line.starts_with("EHLO") || line == "STARTTLS"), "{heard:?}");
        assert!(heard[secret..].iter().any(|line| line.contains("012345")));
    }

    #[tokio::test]
    async fn a_server_without_starttls_gets_nothing_where_it_is_demanded() {
        let (server, result) = sent(Sink::Plain, Security::StartTls).await;
        assert_eq!(result, Err(NotSent::Later(None)));
        assert_eq!(server.count("MAIL") + server.count("AUTH") + server.count("RCPT"), 0);
    }

    #[tokio::test]
    async fn tls_from_the_first_byte_protects_the_mail_and_checks_the_certificate() {
        let (server, result) = sent(Sink::WrappedInTls, Security::Tls).await;
        assert_eq!(result, Ok(()));
        assert!(server.mail().contains("012345"));
        let strangers = Server::start(Sink::WrappedInTls).await;
        let trusting_nobody = SmtpSettings { authority: None, ..settings(strangers.port, Security::Tls) };
        let messenger = Messenger::new(&trusting_nobody).expect("a messenger");
        assert_eq!(messenger.send(ID, QUEUED, &message()).await, Err(NotSent::Later(None)));
        assert!(strangers.heard().is_empty());
    }

    #[tokio::test]
    async fn it_logs_in_where_it_must() {
        let server = Server::start(Sink::Plain).await;
        let credentials = Some(("poort".into(), SecretString::from("open sesame")));
        let settings = SmtpSettings { credentials, ..settings(server.port, Security::None) };
        assert!(!format!("{settings:?}").contains("sesame"));
        let messenger = Messenger::new(&settings).expect("a messenger");
        messenger.send(ID, QUEUED, &message()).await.expect("sent");
        assert_eq!(server.count("AUTH PLAIN"), 1);
        assert!(!format!("{messenger:?}").contains("sesame"));
        let refusing = Server::start(Sink::RefusingLogin).await;
        let messenger = Messenger::new(&SmtpSettings { port: refusing.port, ..settings }).expect("a messenger");
        let result = messenger.send(ID, QUEUED, &message()).await;
        assert_eq!(result, Err(NotSent::Later(Some(535))), "no mail is lost for a wrong password of ours");
    }

    #[tokio::test]
    async fn refused_for_good_and_for_now_are_told_apart_and_name_nobody() {
        let (_, refused) =
            sent(Sink::AnsweringRecipients("550 5.1.1 <els@example.org> unknown\r\n"), Security::None).await;
        assert_eq!(refused, Err(NotSent::Refused(550)));
        assert!(!format!("{refused:?}").contains("els"));
        let (_, later) =
            sent(Sink::AnsweringRecipients("451 4.7.1 <els@example.org> greylisted\r\n"), Security::None).await;
        assert_eq!(later, Err(NotSent::Later(Some(451))));
        let (_, lost) = sent(Sink::DroppingAfterData, Security::None).await;
        assert_eq!(lost, Err(NotSent::Later(None)));
    }

    #[tokio::test]
    async fn a_server_that_is_away_or_silent_is_later() {
        let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address").port();
        let messenger = Messenger::new(&settings(gone, Security::None)).expect("a messenger");
        assert_eq!(messenger.send(ID, QUEUED, &message()).await, Err(NotSent::Later(None)));
        let silent = Server::start(Sink::Silent).await;
        let impatient = SmtpSettings { timeout: Duration::from_millis(200), ..settings(silent.port, Security::None) };
        let messenger = Messenger::new(&impatient).expect("a messenger");
        assert_eq!(messenger.send(ID, QUEUED, &message()).await, Err(NotSent::Later(None)));
    }

    #[tokio::test]
    async fn a_connection_that_was_given_up_on_is_not_used_again() {
        let server = Server::start(Sink::SilentAfterData).await;
        let impatient = SmtpSettings { timeout: Duration::from_millis(300), ..settings(server.port, Security::None) };
        let messenger = Messenger::new(&impatient).expect("a messenger");
        for _ in 0..2 {
            // A late answer to the first mail must not be taken for one to the second.
            assert_eq!(messenger.send(ID, QUEUED, &message()).await, Err(NotSent::Later(None)));
        }
        assert_eq!(server.count("EHLO"), 2);
    }

    #[tokio::test]
    async fn a_kept_connection_that_the_server_closed_is_replaced() {
        let server = Server::start(Sink::ClosingAfterEachMail).await;
        let messenger = Messenger::new(&settings(server.port, Security::None)).expect("a messenger");
        for _ in 0..3 {
            assert_eq!(messenger.send(ID, QUEUED, &message()).await, Ok(()));
        }
        assert_eq!((server.count("EHLO"), server.count("DATA")), (3, 3));
    }

    #[tokio::test]
    async fn nothing_is_injected_into_the_heads_or_the_commands() {
        let server = Server::start(Sink::Plain).await;
        let messenger = Messenger::new(&settings(server.port, Security::None)).expect("a messenger");
        let injected = "x\r\nBcc: victim@example.org";
        for bad in [
            Message { sender: injected.into(), ..message() },
            Message { subject: injected.into(), ..message() },
            Message { subject: "x\nBcc: victim@example.org".into(), ..message() },
            Message { recipient: "els@example.org\r\nRCPT TO:<victim@example.org>".into(), ..message() },
            Message { recipient: "els@example.org, victim@example.org".into(), ..message() },
            Message { recipient: "els@example.org> NOTIFY=SUCCESS".into(), ..message() },
            Message { recipient: String::new(), ..message() },
        ] {
            assert_eq!(messenger.send(ID, QUEUED, &bad).await, Err(NotSent::Unwritable), "{}", bad.subject);
        }
        for id in ["", "1\r\nX: y", "1>", "é"] {
            assert_eq!(messenger.send(id, QUEUED, &message()).await, Err(NotSent::Unwritable), "{id}");
        }
        assert!(server.heard().is_empty());
        let quoted = Message { sender: "De \"Brug\" <x@y.example>, NV".into(), ..message() };
        messenger.send(ID, QUEUED, &quoted).await.expect("sent");
        let from: Vec<_> = server.heard().into_iter().filter(|line| line.starts_with("From:")).collect();
        assert_eq!(from, ["From: =?utf-8?b?RGUgIkJydWciIDx4QHkuZXhhbXBsZT4sIE5W?= <noreply@poort.example>"]);
    }

    #[test]
    fn settings_that_would_show_mails_to_the_network_are_refused() {
        for (host, ok) in [
            ("localhost", true),
            ("127.0.0.1", true),
            ("::1", true),
            ("inbox.localhost", true),
            ("mail.example.org", false),
            ("10.0.0.1", false),
            ("localhost.example.org", false),
        ] {
            let settings = SmtpSettings { host: host.into(), ..settings(25, Security::None) };
            let expected = if ok { None } else { Some(InvalidSettings::Unprotected) };
            assert_eq!(settings.check().err(), expected, "{host}");
        }
        let sender = SmtpSettings { sender: "noreply".into(), ..settings(25, Security::None) };
        assert_eq!(sender.check().err(), Some(InvalidSettings::Sender));
        let named = SmtpSettings { sender: "Poort <no-reply@localhost>".into(), ..settings(25, Security::None) };
        assert_eq!(named.check().err(), None);
        let authority = SmtpSettings { authority: Some(b"no PEM".to_vec()), ..settings(465, Security::Tls) };
        assert_eq!(authority.check().err(), Some(InvalidSettings::Tls));
    }
}
