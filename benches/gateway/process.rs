//! A process that is measured, from outside: what the kernel counted of it (proc(5)).

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// The kernel counts processor time in hundredths of a second (`USER_HZ`, the same on every x86_64 and aarch64 Linux).
const TICKS: f64 = 100.0;

/// A process of ours; told to stop when this is dropped.
pub struct Process(Child);

/// What a process holds of the machine's memory, in MiB.
#[derive(Clone, Copy)]
pub struct Memory {
    /// What is its own.
    pub anonymous: f64,
    /// Pages of files, the program's own text among them; the kernel takes them back when it needs them.
    pub files: f64,
}

impl Process {
    /// Starts a command. What it prints goes where `command` says.
    pub fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    /// Around a process that was started already.
    pub fn of(child: Child) -> Self {
        Self(child)
    }

    /// Seconds of processor time, user and system, of it and of its workers so far.
    pub fn processor_time(&self) -> f64 {
        self.family().iter().map(|pid| processor_time(*pid)).sum()
    }

    /// What it and its workers hold now.
    pub fn memory(&self) -> Memory {
        let all = self.family();
        let sum = |field| all.iter().map(|pid| status(*pid, field)).sum::<f64>() / 1024.0;
        Memory { anonymous: sum("RssAnon:"), files: sum("RssFile:") + sum("RssShmem:") }
    }

    fn family(&self) -> Vec<u32> {
        let own = self.0.id();
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        children.split_whitespace().filter_map(|pid| pid.parse().ok()).chain([own]).collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A signal that can be caught: workers and databases are to end too.
        let _told = Command::new("sh").args(["-c", "kill \"$0\"", &self.0.id().to_string()]).status();
        let _ended = self.0.wait();
    }
}

/// User and system time of a process that is there, all its threads, in seconds.
fn processor_time(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Behind the name in brackets, which may have blanks: the state is field 3, utime 14, stime 15.
    let (_, fields) = stat.rsplit_once(") ").unwrap_or_default();
    fields.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS
}

/// Seconds that this thread has run.
pub fn own_processor_time() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds: f64 = text.split(' ').next().and_then(|word| word.parse().ok()).expect("a count of nanoseconds");
    nanoseconds / 1e9
}

fn status(pid: u32, field: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
    line.split_whitespace().next().and_then(|kibibytes| kibibytes.parse().ok()).unwrap_or_default()
}

/// An address on this machine on which nobody listens.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

/// Waits until somebody listens there.
pub fn wait_for(address: SocketAddr) {
    let begun = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(30), "nobody listens on {address}");
        sleep(Duration::from_millis(2));
    }
}
