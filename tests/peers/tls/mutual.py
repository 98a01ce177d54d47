"""`poort serve` with a listener that asks for certificates, and authorities that vouch for programs, by OpenSSL."""

import json
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from gateway import BINARY, ROOT, certificate, free_port

HOST = "login.base.example"
CLIENTS = """
[clients.feed]
certificate = { dns = "feed.lab.example", authorities_file = "lab.pem" }
certificate_bound_tokens = true
introspects = ["https://api.example"]
machine = { scopes = ["api:read"], audiences = ["https://api.example"] }
name = { nl = "Aanlevering", en = "Feed" }

[clients.subject]
certificate = { subject = "CN=subject,O=Lab,C=BE", authorities_file = "lab.pem" }
machine = { scopes = ["api:read"], audiences = ["https://api.example"] }
name = { nl = "Onderwerp", en = "Subject" }

[clients.alone]
certificate = { jwks_file = "alone.jwks.json" }
machine = { scopes = ["api:read"], audiences = ["https://api.example"] }
name = { nl = "Alleen", en = "Alone" }
"""


def openssl(*arguments, text=None) -> str:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, input=text, timeout=60)
    if done.returncode:
        raise AssertionError(f"openssl {arguments}:\n{done.stderr}")
    return done.stdout


class Authority:
    def __init__(self, folder: Path, name: str):
        self.folder, self.name, self.pem, self.key = folder, name, folder / f"{name}.pem", folder / f"{name}.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 30, "-keyout", self.key, "-out",
                self.pem, "-subj", f"/O=Lab/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE")

    def vouch(self, name: str, extensions: str, kind=("ec", "-pkeyopt", "ec_paramgen_curve:P-256")) -> tuple[Path, Path]:
        pem, key, request = (self.folder / f"{self.name}-{name}.{ending}" for ending in ("pem", "key", "csr"))
        openssl("req", "-newkey", *kind, "-nodes", "-keyout", key, "-out", request, "-subj", f"/C=BE/O=Lab/CN={name}")
        config = self.folder / "extensions"
        config.write_text(f"basicConstraints=critical,CA:FALSE\n{extensions}\n")
        openssl("x509", "-req", "-in", request, "-CA", self.pem, "-CAkey", self.key, "-CAcreateserial", "-days", 10, "-extfile", config, "-out", pem)
        return pem, key


class Gateway:
    """It runs until `stop`, in a folder of its own with the authority `lab`."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self.port, self.asking, self.management = free_port(), free_port(), free_port()
        self.server, key = certificate(self.folder, [HOST, "dossier.base.example"])
        self.lab, self.other = Authority(self.folder, "lab"), Authority(self.folder, "other")
        self.alone = self.folder / "alone.pem", self.folder / "alone.key"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 3, "-keyout", self.alone[1], "-out", self.alone[0], "-subj", "/CN=alone")
        encoded = "".join(line for line in self.alone[0].read_text().splitlines() if not line.startswith("-"))
        tenants = self.folder / "tenants"
        tenants.mkdir()
        (tenants / "alone.jwks.json").write_text(json.dumps({"keys": [{"kty": "RSA", "x5c": [encoded]}]}))
        (tenants / "lab.pem").write_text(self.lab.pem.read_text())
        (tenants / "base.toml").write_text((ROOT / "tests/config/valid/tenants/base.toml").read_text() + CLIENTS)
        subprocess.run([BINARY, "new-master-key", self.folder / "master.key"], check=True, capture_output=True)
        files = f"certificate_file = \"{self.server.name}\"\nkey_file = \"{key.name}\"\n"
        (self.folder / "gateway.toml").write_text(
            f"[server]\nlisten = \"127.0.0.1:{self.port}\"\nmanagement_listen = \"127.0.0.1:{self.management}\"\npublic_port = {self.port}\n"
            f"[server.tls]\n{files}[server.mutual_tls]\nlisten = \"127.0.0.1:{self.asking}\"\n{files}")
        self._log = open(self.folder / "log", "w+b")
        self.process = subprocess.Popen([BINARY, "serve", "--config", self.folder / "gateway.toml"], stdout=self._log, stderr=self._log)
        self.until(lambda: "\"ready\"" in self.log() or self.process.poll() is not None, "ready")
        assert self.process.poll() is None, self.log()

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def until(self, done, what):
        for _ in range(400):
            if done():
                return
            time.sleep(0.05)
        raise AssertionError(f"never: {what}\n{self.log()}")

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def stop(self):
        self.process.terminate()
        ended = self.process.wait(30)
        log = self.log()
        self._log.close()
        self._folder.cleanup()
        assert ended == 0 and "panicked" not in log, log
