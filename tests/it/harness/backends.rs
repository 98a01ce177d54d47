//! Registers of other people's software: Node, Python and nginx say what they were asked, and as what they read it. Whatever
//! the gateway decided on must be that.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use url::Url;

use super::{gateway::Gateway, registers::Registers, socket};

/// What a register says of a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen {
    pub method: String,
    /// The target as it came.
    pub target: String,
    /// The path as its software reads it: decoded, and with whatever it does to dots and slashes.
    pub path: String,
}

/// What a register's software is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Software {
    /// hyper, in this process.
    Hyper,
    Node,
    Python,
    Nginx,
}

/// All of them. Java is not here: no JVM is needed for anything else, and none is installed for this alone.
pub const ALL: [Software; 4] = [Software::Hyper, Software::Node, Software::Python, Software::Nginx];

/// A register that runs.
pub struct Backend {
    pub software: Software,
    port: Option<u16>,
    log: PathBuf,
    child: Option<Child>,
    _folder: TempDir,
}

impl Backend {
    /// `None` when its software is not on this machine.
    pub async fn start(software: Software) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = folder.path().join("seen");
        let plain = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/backends/plain");
        let (port, child) = match software {
            Software::Hyper => (None, None),
            Software::Node => told(Command::new("node").arg(plain.join("server.mjs")))?,
            Software::Python => told(Command::new("python3").arg(plain.join("server.py")))?,
            Software::Nginx => nginx(folder.path(), &log).await?,
        };
        Some(Self { software, port, log, child, _folder: folder })
    }

    /// A gateway of the demo with this behind each of its registers, and every use in the audit log.
    pub async fn gateway(&self) -> Gateway {
        Gateway::demo_with(|tenant| {
            for backend in &mut tenant.backends {
                if let Some(port) = self.port {
                    backend.url = Url::parse(&format!("http://127.0.0.1:{port}")).expect("a URL");
                }
            }
            tenant
                .registers
                .iter_mut()
                .flat_map(|register| &mut register.routes)
                .for_each(|route| route.audited = true);
        })
        .await
    }

    /// What it says of a request, by the body of its answer.
    pub fn seen(&self, body: &str, registers: &Registers) -> Seen {
        if self.software == Software::Hyper {
            let got = registers.last();
            let path = got.target.split('?').next().unwrap_or_default();
            let path = percent_decoded(path);
            return Seen { method: got.method.to_string(), target: got.target, path };
        }
        let mut lines = body.lines().map(str::to_owned);
        let mut next = || lines.next().unwrap_or_else(|| panic!("{:?} says {body:?}", self.software));
        Seen { method: next(), target: next(), path: next() }
    }

    /// `METHOD TARGET` of every request since it was asked for last.
    pub async fn log(&self, registers: &Registers) -> Vec<String> {
        let (Some(port), text) = (self.port, String::new()) else { return registers.take_log() };
        let text = match self.software {
            Software::Nginx => {
                // Its line is written when the answer is on its way.
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                let text = std::fs::read_to_string(&self.log).unwrap_or(text);
                std::fs::write(&self.log, "").expect("emptied");
                text
            }
            _ => {
                let ask = b"GET /.poort/seen HTTP/1.1\r\nHost: register.test\r\nConnection: close\r\n\r\n";
                socket::one(([127, 0, 0, 1], port).into(), ask).await.body
            }
        };
        let words = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
        text.lines().map(words).collect()
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // nginx takes its workers with it when it is asked to end.
            let _told = Command::new("kill").arg(child.id().to_string()).status();
            let _ended = child.wait();
        }
    }
}

/// A program of ours that says its port.
fn told(command: &mut Command) -> Option<(Option<u16>, Option<Child>)> {
    let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = started else {
        assert!(std::env::var_os("CI").is_none(), "{command:?} does not start: run the tests with tests/run");
        return None;
    };
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("a line");
    Some((Some(line.trim().parse().expect("a port")), Some(child)))
}

async fn nginx(folder: &Path, log: &Path) -> Option<(Option<u16>, Option<Child>)> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {}/{name};\n", folder.display()))
        .concat();
    // `user root`: the workers may write into a folder that is only ours, whoever runs this.
    let configuration = format!(
        "user root; daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log;\n\
         events {{ worker_connections 256; }}\n\
         http {{ {temporary} log_format seen escape=none '$request_method $request_uri'; access_log {1} seen;\n\
         server {{ listen 127.0.0.1:{port};\n\
         location / {{ default_type text/plain; return 200 \"$request_method\\n$request_uri\\n$uri\\n\"; }} }} }}\n",
        folder.display(),
        log.display(),
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, configuration).expect("a configuration");
    let started = Command::new("nginx").arg("-c").arg(&file).args(["-e", "stderr"]).stderr(Stdio::null()).spawn();
    let Ok(child) = started else {
        assert!(std::env::var_os("CI").is_none(), "there is no nginx: run the tests with tests/run");
        return None;
    };
    for _ in 0..500 {
        if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return Some((Some(port), Some(child)));
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("nginx does not listen: {}", std::fs::read_to_string(folder.join("error.log")).unwrap_or_default());
}

/// A path with its percent-encodings decoded, once.
pub fn percent_decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
