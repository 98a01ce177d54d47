//! The mail server of the demo: what of SMTP (RFC 5321) a mail client needs to hand in a mail on the same machine.
//!
//! EHLO, HELO, MAIL, RCPT, DATA, RSET, NOOP, VRFY, QUIT; one mail after another on a connection; dots at the beginning of a line
//! undoubled (section 4.5.2). No TLS and no passwords, since it listens on loopback alone. It never relays.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{
    letter,
    mailbox::{Mail, Mailbox},
};
use crate::base::Clock;

/// Connections at the same time.
const CONNECTIONS: usize = 32;
/// Bytes of a command line with its CR LF (section 4.5.3.1.4), with room for parameters.
const COMMAND: usize = 2048;
/// Bytes of a mail; told to clients as SIZE (RFC 1870).
const MAIL: usize = 256 * 1024;
/// Addresses of one mail (section 4.5.3.1.8 asks 100 at least).
const RECIPIENTS: usize = 100;
/// How long a client may say nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// A mail server that delivers into a mailbox.
#[derive(Clone)]
pub(super) struct Sink {
    mailbox: Mailbox,
    clock: Clock,
}

impl Sink {
    pub(super) const fn new(mailbox: Mailbox, clock: Clock) -> Self {
        Self { mailbox, clock }
    }

    /// Listens on a free port of this machine until `stopping`.
    ///
    /// # Errors
    /// When there is no free port.
    pub(super) async fn start(self, stopping: CancellationToken) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        tokio::spawn(async move {
            let accepting = async {
                while let Ok(place) = Arc::clone(&places).acquire_owned().await {
                    let Ok((stream, _)) = listener.accept().await else { continue };
                    let (sink, stopping) = (self.clone(), stopping.clone());
                    tokio::spawn(async move {
                        // A client that breaks off is its own concern.
                        let _ended = stopping.run_until_cancelled(sink.talk(stream)).await;
                        drop(place);
                    });
                }
            };
            stopping.run_until_cancelled(accepting).await;
        });
        Ok(address)
    }

    async fn talk(&self, mut stream: TcpStream) -> io::Result<()> {
        let (reader, writer) = stream.split();
        let mut talk = Talk { sink: self, reader: BufReader::new(reader), writer, envelope: Envelope::default() };
        talk.say("220 demo ESMTP").await?;
        while talk.next().await? {}
        Ok(())
    }
}

/// A mail that is being handed in.
#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
}

struct Talk<'a, R, W> {
    sink: &'a Sink,
    reader: R,
    writer: W,
    envelope: Envelope,
}

impl<R: AsyncBufRead + Unpin, W: AsyncWrite + Unpin> Talk<'_, R, W> {
    async fn say(&mut self, reply: &str) -> io::Result<()> {
        self.writer.write_all(format!("{reply}\r\n").as_bytes()).await
    }

    /// Answers one command. False when the connection is over.
    async fn next(&mut self) -> io::Result<bool> {
        let Some(line) = self.line(COMMAND).await? else { return Ok(false) };
        let Ok(line) = std::str::from_utf8(&line) else {
            self.say("500 not UTF-8").await?;
            return Ok(true);
        };
        let line = line.trim_end_matches(['\r', '\n']);
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                self.envelope = Envelope::default();
                self.say(&format!("250-demo\r\n250-SIZE {MAIL}\r\n250-SMTPUTF8\r\n250 8BITMIME")).await?;
            }
            "HELO" => {
                self.envelope = Envelope::default();
                self.say("250 demo").await?;
            }
            "MAIL" => self.mail(argument).await?,
            "RCPT" => self.rcpt(argument).await?,
            "DATA" if self.envelope.to.is_empty() => self.say("503 first MAIL and RCPT").await?,
            "DATA" => return self.data().await,
            "RSET" => {
                self.envelope = Envelope::default();
                self.say("250 forgotten").await?;
            }
            "NOOP" => self.say("250 here").await?,
            "VRFY" => self.say("252 everybody gets mail here").await?,
            "QUIT" => {
                self.say("221 bye").await?;
                return Ok(false);
            }
            _ => self.say("500 not known here").await?,
        }
        Ok(true)
    }

    async fn mail(&mut self, argument: &str) -> io::Result<()> {
        match path(argument, "FROM:") {
            Some(_) if self.envelope.from.is_some() => self.say("503 one mail after another").await,
            Some((_, parameters)) if announced_size(parameters).is_some_and(|size| size > MAIL) => {
                self.say("552 too large").await
            }
            Some((from, _)) => {
                self.envelope = Envelope { from: Some(from.to_owned()), to: Vec::new() };
                self.say("250 from there").await
            }
            None => self.say("501 MAIL FROM:<address>").await,
        }
    }

    async fn rcpt(&mut self, argument: &str) -> io::Result<()> {
        match path(argument, "TO:") {
            _ if self.envelope.from.is_none() => self.say("503 first MAIL").await,
            Some(_) if self.envelope.to.len() >= RECIPIENTS => self.say("452 too many addresses").await,
            Some((to, _)) if to.contains('@') => {
                self.envelope.to.push(to.to_owned());
                self.say("250 to there").await
            }
            _ => self.say("501 RCPT TO:<address>").await,
        }
    }

    async fn data(&mut self) -> io::Result<bool> {
        self.say("354 end with a dot on a line of its own").await?;
        let mut mail = Vec::new();
        let mut too_large = false;
        loop {
            let Some(line) = self.line(MAIL).await? else { return Ok(false) };
            if line == b".\r\n" {
                break;
            }
            let line = line.strip_prefix(b".").unwrap_or(&line);
            // Read to its end all the same: the client listens only then.
            too_large |= mail.len() + line.len() > MAIL;
            if !too_large {
                mail.extend_from_slice(line);
            }
        }
        let Envelope { from, to } = std::mem::take(&mut self.envelope);
        if too_large {
            self.say("552 too large").await?;
            return Ok(true);
        }
        let letter = letter::read(&mail);
        let at = self.sink.clock.now();
        for to in to {
            self.sink.mailbox.deliver(Mail {
                id: 0,
                to,
                from: from.clone().unwrap_or_default(),
                subject: letter.subject.clone(),
                text: letter.text.clone(),
                at,
            });
        }
        self.say("250 delivered").await?;
        Ok(true)
    }

    /// The next line with its end. Only CR LF ends one: what takes a bare LF for an end can be made to see a mail within a mail
    /// (SMTP smuggling, CVE-2023-51764). `None` when the connection is over, or too slow, or the line too long.
    async fn line(&mut self, most: usize) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        loop {
            let left = (most - line.len()) as u64;
            let mut limited = (&mut self.reader).take(left);
            let read = limited.read_until(b'\n', &mut line);
            let Ok(read) = timeout(PATIENCE, read).await else {
                self.say("421 too slow").await?;
                return Ok(None);
            };
            if read? == 0 {
                return Ok(None);
            }
            if line.ends_with(b"\r\n") {
                return Ok(Some(line));
            }
            // A bare LF goes on; a line without any end was cut by the limit, or by the client's going away.
            if line.len() >= most {
                self.say("500 line too long").await?;
                return Ok(None);
            }
        }
    }
}

/// The address in `FROM:<address> parameters`, and the parameters.
fn path<'a>(argument: &'a str, keyword: &str) -> Option<(&'a str, &'a str)> {
    let (found, rest) = argument.split_at_checked(keyword.len())?;
    let (address, parameters) = rest.trim_start().strip_prefix('<')?.split_once('>')?;
    let plain = !address.contains(|c: char| c.is_control() || c.is_whitespace() || c == '<') && address.len() <= 254;
    (found.eq_ignore_ascii_case(keyword) && plain).then_some((address, parameters))
}

fn announced_size(parameters: &str) -> Option<usize> {
    parameters.split_ascii_whitespace().find_map(|word| word.to_ascii_uppercase().strip_prefix("SIZE=")?.parse().ok())
}

#[cfg(test)]
mod tests;
