//! Redis over TLS: the real server, which asks for a certificate too. Foreign: its TLS (OpenSSL). Ours: the certificates.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use poort::storage::ephemeral::{Ephemeral, Health, Rate, RedisSettings, RedisTls};
use rcgen::SanType;
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::{servers::free_port, wire::becomes};
use crate::harness::{
    certificates::{Authority, Certificate, only},
    gateway::NOW,
};

/// A Redis that speaks TLS alone, on 127.0.0.1, and for who shows a certificate of its authority.
struct EncryptedRedis {
    port: u16,
    child: Child,
    _folder: TempDir,
}

impl EncryptedRedis {
    /// `None` when there is none on this machine.
    fn start(authority: &Authority) -> Option<Self> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            assert!(std::env::var_os("CI").is_none(), "CI has no Redis: run the tests with tests/run");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let address = SanType::IpAddress([127, 0, 0, 1].into());
        let own = authority.vouch("redis", &|params| {
            only(address.clone())(params);
            params.extended_key_usages.clear();
        });
        let file = |name: &str, text: &str| write(folder.path(), name, text);
        let (certificate, key) = (file("redis.pem", &own.pem), file("redis.key", &own.key_pem()));
        let (port, authority) = (free_port(), authority.file().display().to_string());
        let port_text = port.to_string();
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", "0", "--tls-port", &port_text, "--tls-cert-file", &certificate])
            .args(["--tls-key-file", &key, "--tls-ca-cert-file", &authority, "--tls-auth-clients", "yes"])
            .args(["--save", "", "--appendonly", "no", "--dir", "/tmp"])
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        Some(Self { port, child, _folder: folder })
    }
}

impl Drop for EncryptedRedis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path.display().to_string()
}

fn settings(url: String, authority: &Authority, own: Option<&Certificate>) -> RedisSettings {
    let authorities = Some(std::fs::read(authority.file()).expect("a file"));
    let own = own.map(|own| (own.pem.clone().into_bytes(), Zeroizing::new(own.key_pem().into_bytes())));
    RedisSettings { url, password: None, tls: RedisTls { authorities, own } }
}

async fn is_found(ephemeral: &Ephemeral, within: Duration) -> bool {
    becomes(within, async || ephemeral.health() == Health::Shared).await
}

#[tokio::test]
async fn limits_redis_over_tls_is_who_its_authority_says_or_nobody() {
    let (authority, other) = (Authority::new("Redis"), Authority::new("Other"));
    let Some(redis) = EncryptedRedis::start(&authority) else { return };
    let own = authority.vouch("poort", &|_| {});
    let at = |scheme: &str, host: &str| format!("{scheme}://{host}:{}/0", redis.port);
    let start = |settings: RedisSettings| Ephemeral::shared(&settings).expect("good settings");
    let replica = || start(settings(at("rediss", "127.0.0.1"), &authority, Some(&own)));
    let (first, second) = (replica(), replica());
    for replica in [&first, &second] {
        assert!(is_found(replica, Duration::from_secs(20)).await, "the twin");
    }
    // They count together there.
    let rate = Rate { burst: 1, window: Duration::from_secs(600) };
    assert!(first.take("a", rate, NOW).await.is_ok());
    assert!(second.take("a", rate, NOW).await.is_err());
    // While that one answers, none of these is believed, or believes.
    let stranger = other.vouch("poort", &|_| {});
    let refused = [
        ("another authority's", settings(at("rediss", "127.0.0.1"), &other, Some(&own))),
        ("another host's", settings(at("rediss", "localhost"), &authority, Some(&own))),
        ("who shows nothing", settings(at("rediss", "127.0.0.1"), &authority, None)),
        ("who shows a stranger's", settings(at("rediss", "127.0.0.1"), &authority, Some(&stranger))),
        ("in clear", settings(at("redis", "127.0.0.1"), &authority, None)),
    ];
    let refused = refused.map(|(what, settings)| (what, start(settings)));
    let third = replica();
    assert!(is_found(&third, Duration::from_secs(20)).await, "the twin, begun after them");
    for (what, ephemeral) in &refused {
        assert!(!is_found(ephemeral, Duration::from_secs(1)).await, "{what}");
    }
}

#[test]
fn limits_a_key_for_redis_does_not_print() {
    let own = Some((b"certificate".to_vec(), Zeroizing::new(b"geheim".to_vec())));
    assert!(!format!("{:?}", RedisTls { authorities: None, own }).contains("geheim"));
}
