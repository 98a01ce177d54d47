//! nginx in three parts: the backend that everybody forwards to, a proxy, and a proxy that asks somebody first.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
};

use super::process::{Process, free_address, wait_for};

/// As many as Tokio has on the machine with two cores where this was first measured.
const WORKERS: usize = 2;

/// One nginx with its folder.
pub struct Nginx {
    pub process: Process,
    pub address: SocketAddr,
    _folder: tempfile::TempDir,
}

/// Answers 1 KiB to everything, and 204 to `/auth`. It logs nothing.
pub fn backend() -> Nginx {
    let body = "0123456789abcdef".repeat(64);
    start(|address, _| {
        format!(
            "access_log off; server {{ listen {address}; default_type text/html;\n\
             location = /auth {{ return 204; }} location / {{ return 200 \"{body}\"; }} }}"
        )
    })
}

/// `proxy_pass` with kept connections and an access log.
pub fn proxy(backend: SocketAddr) -> Nginx {
    start(|address, folder| proxying(address, folder, backend, ""))
}

/// The same, that asks the backend's `/auth` about every request.
pub fn asking_proxy(backend: SocketAddr) -> Nginx {
    start(|address, folder| {
        let asking = "auth_request /auth;\n\
                      location = /auth { internal; proxy_pass http://backend; proxy_http_version 1.1;\n\
                      proxy_set_header Connection \"\"; proxy_pass_request_body off; proxy_set_header Content-Length \"\"; }";
        proxying(address, folder, backend, asking)
    })
}

fn proxying(address: SocketAddr, folder: &Path, backend: SocketAddr, asking: &str) -> String {
    format!(
        "access_log {}/access.log combined; upstream backend {{ server {backend}; keepalive 64; }}\n\
         server {{ listen {address}; {asking}\n\
         location / {{ proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection \"\"; }} }}",
        folder.display()
    )
}

fn start(http: impl Fn(SocketAddr, &Path) -> String) -> Nginx {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (address, path) = (free_address(), folder.path());
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {}/{name};\n", path.display()))
        .concat();
    // `user root`: the workers may read a folder that is only ours, whoever runs this.
    let configuration = format!(
        "daemon off; worker_processes {WORKERS}; pid {0}/pid; error_log {0}/error.log;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ keepalive_requests 1000000000; {temporary}\n{1}\n}}\n",
        path.display(),
        http(address, path),
    );
    let file = path.join("nginx.conf");
    fs::write(&file, configuration).expect("a configuration");
    let process = Process::start(
        Command::new("nginx").arg("-c").arg(&file).args(["-e", "stderr"]).stdout(Stdio::null()).stderr(Stdio::null()),
    );
    wait_for(address);
    Nginx { process, address, _folder: folder }
}
