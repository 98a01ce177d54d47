//! Servers that a test may stop, hang and kill: a PostgreSQL and a Redis of its own.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::{cable::Machine, process::signal, wire::becomes};

/// A free port of this machine. Whoever takes it between now and its use makes the test fail, not pass.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// A Redis that keeps nothing.
pub struct RedisServer {
    pub port: u16,
    child: Option<Child>,
}

impl RedisServer {
    /// `None` when there is none on this machine.
    pub async fn start() -> Option<Self> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            assert!(std::env::var_os("CI").is_none(), "CI has no Redis: run the tests with tests/run");
            return None;
        }
        let mut this = Self { port: free_port(), child: None };
        this.again().await;
        Some(this)
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// Starts it, empty.
    pub async fn again(&mut self) {
        let port = self.port.to_string();
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no", "--dir", "/tmp"])
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        self.child = Some(child);
        let answers = becomes(Duration::from_secs(20), async || self.say(&["PING"]).trim() == "PONG").await;
        assert!(answers, "Redis does not start");
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("killed");
            child.wait().expect("it ends");
        }
    }

    pub fn signal(&self, name: &str) {
        signal(self.child.as_ref().expect("it runs").id(), name);
    }

    /// What it answers to a command.
    pub fn say(&self, command: &[&str]) -> String {
        let port = self.port.to_string();
        let answer = Command::new("redis-cli").args(["-p", &port]).args(command).output().expect("redis-cli");
        String::from_utf8_lossy(&answer.stdout).into_owned()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A PostgreSQL cluster of its own, or a standby of another.
pub struct PostgresServer {
    bin: PathBuf,
    data: PathBuf,
    pub port: u16,
    /// What runs its programs where it stands: nothing on this machine.
    there: Vec<String>,
    address: Ipv4Addr,
    _folder: TempDir,
}

impl PostgresServer {
    /// A primary with the roles `poort_owner` and `poort_app`; `None` when there is no PostgreSQL on this machine.
    pub fn start() -> Option<Self> {
        Self::begin(&[], Ipv4Addr::LOCALHOST)
    }

    /// The same on another machine, whose cable the test itself comes by.
    pub fn start_on(machine: &Machine, cable: usize) -> Option<Self> {
        Self::begin(&machine.run(), machine.address(cable))
    }

    fn begin(there: &[&str], address: Ipv4Addr) -> Option<Self> {
        let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .filter(|bin| bin.join("initdb").exists())
            .collect();
        versions.sort();
        let mut this = Self::place(versions.pop()?);
        this.there = there.iter().map(|word| (*word).to_owned()).collect();
        this.address = address;
        this.run(
            "initdb",
            &["--username", "postgres", "--auth", "trust", "--no-sync", "--locale", "C.UTF-8", "-E", "UTF8"],
        );
        if !there.is_empty() {
            std::fs::write(this.data.join("pg_hba.conf"), "host all all all trust\n").expect("written");
        }
        this.launch();
        this.sql(
            "CREATE ROLE poort_owner LOGIN CREATEDB NOBYPASSRLS; CREATE ROLE poort_app LOGIN NOBYPASSRLS; \
             CREATE DATABASE poort OWNER poort_owner",
        );
        Some(this)
    }

    /// A standby of this one, which confirms what it got before this one answers (`synchronous_standby_names`).
    pub fn standby(&self) -> Self {
        self.standby_at(free_port())
    }

    /// The same, where another server was.
    pub fn standby_in_place_of(&self, gone: Self) -> Self {
        let port = gone.port;
        drop(gone);
        self.standby_at(port)
    }

    fn standby_at(&self, port: u16) -> Self {
        let mut this = Self::place(self.bin.clone());
        this.port = port;
        let port = self.port.to_string();
        let status = self
            .as_postgres(&self.bin.join("pg_basebackup"))
            .args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-R", "--checkpoint=fast", "--no-sync", "-D"])
            .arg(&this.data)
            .status();
        assert!(status.expect("pg_basebackup").success());
        this.launch();
        self.sql("ALTER SYSTEM SET synchronous_standby_names = '*'; SELECT pg_reload_conf()");
        this
    }

    /// Makes a standby the primary.
    pub fn promote(&self) {
        self.run("pg_ctl", &["promote", "--wait", "--silent"]);
        // It has no standby of its own now: nobody confirms.
        self.sql("ALTER SYSTEM RESET synchronous_standby_names; SELECT pg_reload_conf()");
    }

    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Its database as a role sees it.
    pub fn url(&self, role: &str) -> String {
        format!("postgres://{role}@{}:{}/poort", self.address, self.port)
    }

    /// Sends every one of its processes a signal.
    pub fn signal(&self, name: &str) {
        for process in self.processes() {
            signal(process, name);
        }
    }

    /// Kills it where it stands.
    pub fn kill(&self) {
        for process in self.processes() {
            // One of them may have ended with another.
            let _gone = Command::new("kill").args(["-KILL", &process.to_string()]).stderr(Stdio::null()).status();
        }
    }

    /// The postmaster and its children.
    fn processes(&self) -> Vec<u32> {
        let Ok(file) = std::fs::read_to_string(self.data.join("postmaster.pid")) else { return vec![] };
        let Some(master) = file.lines().next().and_then(|line| line.trim().parse::<u32>().ok()) else { return vec![] };
        let children = Command::new("pgrep").args(["-P", &master.to_string()]).output().expect("pgrep");
        let children = String::from_utf8_lossy(&children.stdout).into_owned();
        std::iter::once(master).chain(children.lines().filter_map(|line| line.trim().parse().ok())).collect()
    }

    pub fn sql(&self, sql: &str) {
        let port = self.port.to_string();
        let mut psql = self.as_postgres(&self.bin.join("psql"));
        psql.args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-X", "-q", "-v", "ON_ERROR_STOP=1"]);
        // Each by itself: CREATE DATABASE and ALTER SYSTEM stand in no transaction.
        for statement in sql.split(';') {
            psql.args(["-c", statement.trim()]);
        }
        let done = psql.arg("postgres").stdout(Stdio::null()).status().expect("psql");
        assert!(done.success(), "{sql}");
    }

    fn place(bin: PathBuf) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("a folder");
        if is_root() {
            // PostgreSQL refuses to run as root.
            for (command, mode) in [("chown", "postgres:"), ("chmod", "700")] {
                let done = Command::new(command).arg(mode).arg(&data).status().expect(command);
                assert!(done.success());
            }
            let open = Command::new("chmod").arg("711").arg(folder.path()).status().expect("chmod");
            assert!(open.success());
        }
        let (there, address) = (Vec::new(), Ipv4Addr::LOCALHOST);
        Self { bin, data, port: free_port(), there, address, _folder: folder }
    }

    fn launch(&self) {
        let listen = if self.there.is_empty() { "127.0.0.1" } else { "*" };
        let options = format!(
            "-p {} -c listen_addresses={listen} -c unix_socket_directories= -c max_connections=100 -c fsync=off \
             -c full_page_writes=off -c wal_level=replica -c max_wal_senders=4 -c hot_standby=on",
            self.port
        );
        let log = self.data.join("server.log");
        self.run("pg_ctl", &["start", "--wait", "--silent", "--log", &log.to_string_lossy(), "--options", &options]);
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let done = self
            .as_postgres(&self.bin.join(program))
            .arg("-D")
            .arg(&self.data)
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(done.expect(program).success(), "{program} {arguments:?}");
    }

    fn as_postgres(&self, program: &Path) -> Command {
        let as_whom: &[&str] = if is_root() { &["runuser", "-u", "postgres", "--"] } else { &[] };
        let mut words = self.there.iter().map(String::as_str).chain(as_whom.iter().copied());
        let mut command = match words.next() {
            Some(first) => Command::new(first),
            None => Command::new(program),
        };
        command.args(words).current_dir("/");
        if !self.there.is_empty() || is_root() {
            command.arg(program);
        }
        command
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}
