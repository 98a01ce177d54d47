//! One replica: a process of `poort serve`.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A process that serves one configuration, and is started again after it was killed.
pub struct Replica {
    config: PathBuf,
    log: PathBuf,
    /// Where people and applications reach it.
    pub port: u16,
    management: u16,
    child: Mutex<Option<Child>>,
}

impl Replica {
    pub fn new(folder: &Path, name: &str, port: u16, management: u16) -> Self {
        let (config, log) = (folder.join(format!("{name}.toml")), folder.join(format!("{name}.log")));
        Self { config, log, port, management, child: Mutex::new(None) }
    }

    pub fn config(&self) -> &Path {
        &self.config
    }

    /// Where its health is asked.
    pub const fn management(&self) -> u16 {
        self.management
    }

    /// Starts it; whether it is ready is another question.
    pub fn start(&self) {
        let log = std::fs::File::options().create(true).append(true).open(&self.log).expect("a log");
        let program = std::env::var_os("POORT_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_poort").into());
        let child = Command::new(program)
            .args(["serve", "--config"])
            .arg(&self.config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("it starts");
        *self.child() = Some(child);
    }

    /// Kills it where it stands (SIGKILL).
    pub fn kill(&self) {
        if let Some(mut child) = self.child().take() {
            child.kill().expect("killed");
            child.wait().expect("it ends");
        }
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let id = self.child().as_ref().expect("it runs").id();
        signal(id, name);
    }

    /// Waits until it has ended by itself; says whether it ended well.
    pub async fn ended(&self) -> bool {
        loop {
            let ended = self.child().as_mut().expect("it was started").try_wait().expect("waits");
            if let Some(status) = ended {
                self.child().take();
                return status.success();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until it is ready.
    pub async fn ready(&self) {
        for _ in 0..3000 {
            if self.readiness().await.is_some_and(|(status, _)| status == 200) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("not ready:\n{}", self.log());
    }

    /// What `/readyz` says: the status and the text; none when nobody answers.
    pub async fn readiness(&self) -> Option<(u16, String)> {
        self.ask("/readyz").await
    }

    /// A metric; none when it is not there.
    pub async fn metric(&self, name: &str) -> Option<f64> {
        let (_, text) = self.ask("/metrics").await?;
        text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
    }

    async fn ask(&self, path: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.management)).await.ok()?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let status = answer.split(' ').nth(1)?.parse().ok()?;
        Some((status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()))
    }

    /// What it logged so far, over all its lives.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn child(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Replica {
    #[expect(clippy::print_stderr, reason = "what it logged is part of why a test failed")]
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let last: Vec<&str> = log.lines().rev().filter(|line| !line.contains("\"access\"")).take(12).collect();
            eprintln!("{}:\n{}", self.log.display(), last.into_iter().rev().collect::<Vec<_>>().join("\n"));
        }
    }
}

/// Sends a signal to a process that this test started.
pub fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status().expect("kill");
    assert!(sent.success(), "kill -{name} {process}");
}
