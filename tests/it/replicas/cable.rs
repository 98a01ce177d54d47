//! A machine of its own for the database, as the kernel sees it: a network namespace, with a cable to each replica that can be
//! pulled. What is sent then is lost, and neither end is told.

use std::{
    net::Ipv4Addr,
    process::{Command, Stdio},
};

/// A network namespace, and its end of every cable. Gone when it is dropped.
pub struct Machine {
    name: String,
    cables: Vec<Ipv4Addr>,
}

impl Machine {
    /// A machine with so many cables to this one; `None` where this process may not make any.
    #[expect(clippy::print_stderr, reason = "whoever reads the tests' output learns what was left out")]
    pub fn with_cables(count: u8) -> Option<Self> {
        let id = std::process::id();
        let mut this = Self { name: format!("poort{id}"), cables: Vec::new() };
        // A container may have root, and no right to these.
        let probe = this.end(u8::MAX);
        let may = ip(&format!("netns add {}", this.name))
            && ip(&format!("netns exec {} ip link set lo up", this.name))
            && ip(&format!("link add {probe} type veth peer name probe netns {}", this.name))
            && ip(&format!("link delete {probe}"));
        if !may {
            eprintln!(
                "left out: network namespaces need root, the right to make them, and the Debian package iproute2"
            );
            return None;
        }
        let [.., high, low] = id.to_be_bytes();
        for cable in 0..count {
            // Of the network for tests between machines (RFC 2544), four addresses a cable.
            let address = |end| Ipv4Addr::new(198, 18 + (high & 1), low, 4 * cable + end);
            let (here, there) = (this.end(cable), format!("cable{cable}"));
            this.outside(&format!("link add {here} type veth peer name {there} netns {}", this.name));
            this.outside(&format!("address add {}/30 dev {here}", address(1)));
            this.outside(&format!("link set {here} up"));
            this.within(&format!("address add {}/30 dev {there}", address(2)));
            this.within(&format!("link set {there} up"));
            this.cables.push(address(2));
        }
        Some(this)
    }

    /// Its address at the end of a cable.
    pub fn address(&self, cable: usize) -> Ipv4Addr {
        self.cables[cable]
    }

    /// Pulls a cable, at its far end: this end notices nothing but that no answer comes.
    pub fn pull(&self, cable: usize) {
        self.within(&format!("link set cable{cable} down"));
    }

    /// Plugs it in again.
    pub fn plug(&self, cable: usize) {
        self.within(&format!("link set cable{cable} up"));
    }

    /// What runs a program there: it goes before the program and its arguments.
    pub fn run(&self) -> [&str; 4] {
        ["ip", "netns", "exec", &self.name]
    }

    fn end(&self, cable: u8) -> String {
        // A name of a link has 15 characters at most.
        format!("p{}c{cable}", std::process::id())
    }

    fn outside(&self, command: &str) {
        assert!(ip(command), "ip {command}");
    }

    fn within(&self, command: &str) {
        self.outside(&format!("-netns {} {command}", self.name));
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        ip(&format!("netns delete {}", self.name));
    }
}

fn ip(command: &str) -> bool {
    let run = Command::new("ip").args(command.split(' ')).stderr(Stdio::null()).status();
    run.is_ok_and(|status| status.success())
}
