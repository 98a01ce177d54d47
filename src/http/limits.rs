//! What one client may take of the gateway. Every bound has a default that a browser on a slow line stays within.

use std::time::Duration;

use super::client_ip::TrustedProxies;

/// The listener's bounds. All apply to one connection, except [`Limits::connections`] and [`Limits::drain`].
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at one time, tunnels included. Further ones wait in the kernel's queue. Default 10,000.
    pub connections: usize,
    /// Connections at one time from one address, unless it is one of [`Limits::trusted`]. A further one is closed at once.
    /// Default 500.
    pub connections_per_address: usize,
    /// The proxies in front, through which everybody comes.
    pub trusted: TrustedProxies,
    /// Bytes of a request's head (request line and fields). More is 431. Default 32 KiB.
    pub head_bytes: usize,
    /// Fields of a request's head. More is 431. Default 100.
    pub head_fields: usize,
    /// From a head's first byte to its last, and from connecting to the first byte. Longer closes the connection, as
    /// slowloris asks for. Default 10 s.
    pub head_time: Duration,
    /// How long a TLS handshake may take, on a connection that has its place already. Default 10 s.
    pub handshake_time: Duration,
    /// Requests under way at one time on one HTTP/2 connection. RFC 9113 section 6.5.2 asks for at least 100, the default.
    pub streams: u32,
    /// How long a connection may wait for its next request. Default 75 s, longer than the usual load balancer's 60 s so that
    /// the load balancer is the one that closes.
    pub idle_time: Duration,
    /// How fast a request's body must come. See [`Pace`].
    pub pace: Pace,
    /// How long what was sent may lie with nothing of it acknowledged (TCP_USER_TIMEOUT, RFC 5482), be it that the client is
    /// gone or that it reads nothing. The kernel sees that of what it holds itself, too: of an answer that was written whole.
    /// Default 10 s, as a client may take for a head or for the next piece of a body. A slow line acknowledges a segment every
    /// second or two; a phone that is in a tunnel for longer asks again.
    pub unacknowledged: Duration,
    /// How long nothing more may fit into what the kernel holds for a client: who takes a byte now and then. Longer than
    /// [`Limits::unacknowledged`], since the kernel asks for more only when a third of what it holds has gone. Default 30 s.
    pub write_stall: Duration,
    /// How long a closed connection is still read and thrown away, so that a client that is sending gets to read its
    /// refusal before a reset destroys it. Default 2 s.
    pub linger: Duration,
    /// How long a stopping server waits for what is under way. Default 20 s.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            connections_per_address: 500,
            trusted: TrustedProxies::default(),
            head_bytes: 32 * 1024,
            head_fields: 100,
            head_time: Duration::from_secs(10),
            handshake_time: Duration::from_secs(10),
            streams: 100,
            idle_time: Duration::from_secs(75),
            pace: Pace::default(),
            unacknowledged: Duration::from_secs(10),
            write_stall: Duration::from_secs(30),
            linger: Duration::from_secs(2),
            drain: Duration::from_secs(20),
        }
    }
}

/// The slowest that a client may send a body. Only the time spent waiting for the client counts: a backend that takes the
/// body slowly costs the client nothing.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The longest wait for the next piece. Default 10 s.
    pub gap: Duration,
    /// Waiting that is free of charge. Default 10 s: a form is one segment or two, and a phone that loses both sends them again
    /// after 1, 3 and 7 s. What comes at the pace of the slowest mobile line (some 4 KB/s) earns eight seconds in each.
    pub grace: Duration,
    /// Bytes that earn a further second of waiting. Default 500, as Apache's `mod_reqtimeout` has it.
    pub bytes_per_second: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { gap: Duration::from_secs(10), grace: Duration::from_secs(10), bytes_per_second: 500 }
    }
}

impl Pace {
    /// How much longer the client may be waited for, when `received` bytes came after `waited` of waiting.
    #[must_use]
    pub fn patience(&self, received: u64, waited: Duration) -> Duration {
        let earned = Duration::from_secs(received / self.bytes_per_second.max(1));
        self.gap.min(self.grace.saturating_add(earned).saturating_sub(waited))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_earned_by_sending() {
        let pace = Pace { gap: Duration::from_secs(10), grace: Duration::from_secs(20), bytes_per_second: 500 };
        assert_eq!(pace.patience(0, Duration::ZERO), Duration::from_secs(10));
        assert_eq!(pace.patience(0, Duration::from_secs(15)), Duration::from_secs(5));
        assert_eq!(pace.patience(499, Duration::from_secs(20)), Duration::ZERO);
        assert_eq!(pace.patience(1_000, Duration::from_secs(20)), Duration::from_secs(2));
        assert_eq!(pace.patience(u64::MAX, Duration::from_secs(20)), Duration::from_secs(10));
    }
}
