//! A client that says exactly what it is told to, byte by byte: no library puts right what an attack got wrong.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How long nobody says anything before the conversation counts as over.
const QUIET: Duration = Duration::from_millis(250);
/// How long the first answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// One response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// A header's values.
    pub fn values(&self, name: &str) -> Vec<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    }
}

/// Sends `bytes` on one connection, and reads what is answered until the other end closes or has nothing more to say.
pub async fn exchange(address: SocketAddr, bytes: &[u8]) -> Vec<Answer> {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    // Whoever is refused early sees the connection close while they still send.
    let _closed = stream.write_all(bytes).await;
    let (mut all, mut buffer, mut patience) = (Vec::new(), vec![0; 64 * 1024], PATIENCE);
    while let Ok(Ok(count)) = tokio::time::timeout(patience, stream.read(&mut buffer)).await {
        if count == 0 {
            break;
        }
        all.extend_from_slice(&buffer[..count]);
        patience = if is_whole(&all) { QUIET } else { PATIENCE };
    }
    answers(&all)
}

/// The one response to one request that ends its connection.
pub async fn one(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut answers = exchange(address, bytes).await;
    assert_eq!(answers.len(), 1, "{:?}: {answers:?}", String::from_utf8_lossy(bytes));
    answers.remove(0)
}

fn is_whole(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while !rest.is_empty() {
        match first(rest) {
            Some((_, length)) => rest = &rest[length..],
            None => return false,
        }
    }
    true
}

fn answers(bytes: &[u8]) -> Vec<Answer> {
    let (mut rest, mut all) = (bytes, Vec::new());
    while let Some((answer, length)) = first(rest) {
        // What only says "go on" is no answer (RFC 9110 section 15.2).
        if answer.status >= 200 {
            all.push(answer);
        }
        rest = &rest[length..];
    }
    all
}

/// The first response, and how many bytes it has.
fn first(bytes: &[u8]) -> Option<(Answer, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.get(9..12)?.parse().ok()?;
    let answer = Answer { status, head, body: String::new() };
    let chunked = answer.values("transfer-encoding").contains(&"chunked");
    let (body, length) = if status < 200 || status == 204 || status == 304 {
        (Vec::new(), 0)
    } else if chunked {
        chunks(&bytes[end..])?
    } else {
        let length = answer.values("content-length").first().map_or(0, |text| text.parse().expect("a number"));
        (bytes.get(end..end + length)?.to_vec(), length)
    };
    Some((Answer { body: String::from_utf8_lossy(&body).into_owned(), ..answer }, end + length))
}

/// A chunked body without trailers, and how many bytes it has on the wire.
fn chunks(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut at, mut body) = (0, Vec::new());
    loop {
        let line = at + bytes[at..].windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[at..line]).ok()?, 16).ok()?;
        body.extend_from_slice(bytes.get(line + 2..line + 2 + size)?);
        at = line + 2 + size + 2;
        if bytes.len() < at {
            return None;
        }
        if size == 0 {
            return Some((body, at));
        }
    }
}

/// The status of the first response, of which nothing more is read: it may have no end.
pub async fn status(address: SocketAddr, bytes: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(bytes).await.expect("sends");
    let mut start = [0; 12];
    let reading = stream.read_exact(&mut start);
    tokio::time::timeout(PATIENCE, reading).await.expect("in time").expect("an answer");
    String::from_utf8_lossy(&start[9..]).parse().expect("a status")
}
