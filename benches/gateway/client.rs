//! A client of HTTP/1.1 that costs little: one connection, one request at a time, nothing checked that is not needed.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

/// A kept connection.
pub struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    head: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> &str {
        self.head.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    /// The text behind `before`, up to the next quote.
    pub fn quoted_after(&self, before: &str) -> &str {
        let (_, rest) = self.body.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", self.body));
        rest.split('"').next().unwrap_or_default()
    }
}

impl Connection {
    /// To `address`, for the host of that name.
    pub fn open(address: SocketAddr, host: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap_or_else(|error| panic!("{address}: {error}"));
        stream.set_nodelay(true).expect("a socket");
        Self { stream: BufReader::new(stream), host: host.to_owned() }
    }

    pub fn get(&mut self, path: &str, headers: &str) -> Answer {
        self.exchange(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.host))
    }

    /// Sends a URL-encoded form.
    pub fn post(&mut self, path: &str, headers: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.exchange(&format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n{headers}\r\n{body}",
            self.host,
            body.len(),
        ))
    }

    fn exchange(&mut self, request: &str) -> Answer {
        self.stream.get_mut().write_all(request.as_bytes()).expect("the request is sent");
        let status = self.line();
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        let mut head = Vec::new();
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(':') else { break };
            head.push((name.to_owned(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, head, body: String::new() };
        if answer.header("transfer-encoding").eq_ignore_ascii_case("chunked") {
            loop {
                let size = usize::from_str_radix(self.line().trim(), 16).expect("the size of a chunk");
                answer.body.push_str(&self.text(size));
                self.line();
                if size == 0 {
                    break;
                }
            }
        } else if let Ok(size) = answer.header("content-length").parse() {
            answer.body = self.text(size);
        }
        answer
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("the answer comes");
        line.trim_end().to_owned()
    }

    fn text(&mut self, size: usize) -> String {
        let mut bytes = vec![0; size];
        self.stream.read_exact(&mut bytes).expect("the answer comes whole");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
