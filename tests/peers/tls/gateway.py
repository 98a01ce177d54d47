"""`poort demo` with TLS of its own, for tests in Python: a certificate, a process, and connections to it."""

import os
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("POORT_BIN") or ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "debug/poort")
NAMES = [
    "localhost",
    "progezondheid.localhost",
    "dossier.progezondheid.localhost",
    "mijnrgs.localhost",
    "opleiding.mijnrgs.localhost",
    "inbox.localhost",
]


def certificate(folder: Path, names=NAMES, days=30) -> tuple[Path, Path]:
    """A key and its own certificate for some names, by OpenSSL."""
    pem, key = folder / "certificate.pem", folder / "key.pem"
    names = ",".join(f"DNS:{name}" for name in names) + ",IP:127.0.0.1"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", str(days), "-keyout", key,
         "-out", pem, "-subj", "/CN=Poort's tests", "-addext", "basicConstraints=critical,CA:FALSE", "-addext", f"subjectAltName={names}"],
        check=True, capture_output=True,
    )
    return pem, key


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def connect(port, authority, protocols=("h2",), host="progezondheid.localhost", timeout=20, verify=True) -> ssl.SSLSocket:
    """A connection that offers these protocols, to who proves to be `host`."""
    context = ssl.create_default_context(cafile=authority)
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(list(protocols))
    connection = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    return context.wrap_socket(connection, server_hostname=host)


class Demo:
    """A demo that is ready. `stop` fails when it panicked, or did not stop by itself."""

    def __init__(self, *more):
        if not BINARY.exists():
            raise FileNotFoundError(f"no gateway at {BINARY}: run `cargo build`, or set POORT_BIN")
        self._folder = tempfile.TemporaryDirectory()
        self.certificate, key = certificate(Path(self._folder.name))
        self.port = free_port()
        arguments = ["demo", "--listen", f"127.0.0.1:{self.port}", "--tls-certificate", self.certificate, "--tls-key", key, *more]
        self._log = open(Path(self._folder.name) / "log", "w+b")
        self._process = subprocess.Popen([BINARY, *arguments], cwd=ROOT, stdout=self._log, stderr=subprocess.STDOUT)
        for _ in range(400):
            if self._process.poll() is not None:
                raise AssertionError(f"the demo ended:\n{self.log()}")
            try:
                self.connect().close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the demo was not ready within 20 seconds:\n{self.log()}")

    def connect(self, **how) -> ssl.SSLSocket:
        return connect(self.port, self.certificate, **how)

    def log(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def stop(self):
        running = self._process.poll() is None
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            log = self.log()
            self._log.close()
            self._folder.cleanup()
        assert running, f"the demo ended by itself:\n{log}"
        assert "panicked at" not in log, log
