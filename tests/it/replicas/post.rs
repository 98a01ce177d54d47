//! A mail server that takes every mail and counts it by its `Message-ID`. As much of SMTP (RFC 5321) as a client needs.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};

/// The mails, by their ids, each as often as it came.
type Mails = Arc<Mutex<BTreeMap<String, Vec<String>>>>;

pub struct Post {
    pub address: SocketAddr,
    mails: Mails,
    task: AbortHandle,
}

impl Post {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mails = Mails::default();
        let shared = mails.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, shared.clone()));
            }
        });
        Self { address, mails, task: task.abort_handle() }
    }

    /// How often each mail came.
    pub fn copies(&self) -> Vec<usize> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).values().map(Vec::len).collect()
    }

    /// The mails to an address, undone of their transfer encoding as far as a link needs it.
    pub fn to(&self, address: &str) -> Vec<String> {
        let mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        let readable = |mail: &String| mail.replace("=\r\n", "").replace("=3D", "=");
        mails.values().flatten().filter(|mail| mail.contains(address)).map(readable).collect()
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn talk(stream: TcpStream, mails: Mails) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 post ESMTP\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "QUIT" => return writer.write_all(b"221 bye\r\n").await.ok(),
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                let mut mail = String::new();
                while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                    mail.push_str(&line);
                    mail.push_str("\r\n");
                }
                let id = mail.lines().find_map(|line| line.strip_prefix("Message-ID: ")).expect("an id").to_owned();
                // Taken before it is said: whoever is killed in between sends it again, under the same id.
                mails.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default().push(mail);
                writer.write_all(b"250 taken\r\n").await.ok()?;
            }
            "EHLO" => writer.write_all(b"250-post\r\n250 8BITMIME\r\n").await.ok()?,
            _ => writer.write_all(b"250 fine\r\n").await.ok()?,
        }
    }
    Some(())
}
