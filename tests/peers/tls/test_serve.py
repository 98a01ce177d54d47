"""`poort serve` that ends TLS: what it refuses to begin with, and a certificate that is renewed while it runs."""

import hashlib
import signal
import subprocess
import tempfile
import time
import tomllib
import unittest
import urllib.request
from pathlib import Path

from gateway import BINARY, ROOT, certificate, connect, free_port



def hosts(tenant):
    return [tenant["host"], *(register["host"] for register in tenant["registers"].values())]


TENANTS = [tomllib.loads(file.read_text()) for file in sorted((ROOT / "deploy/tenants").glob("*.toml"))]
HOSTS = [host for tenant in TENANTS for host in hosts(tenant)]


class Serve(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.port, self.management = free_port(), free_port()
        subprocess.run([BINARY, "new-master-key", self.folder / "master.key"], check=True, capture_output=True)

    def configuration(self, server: str, tls: str = "") -> Path:
        file = self.folder / "gateway.toml"
        file.write_text(f"[server]\nmanagement_listen = \"127.0.0.1:{self.management}\"\n{server}\n{tls}\n"
                        f"[folders]\ntenants = \"{ROOT / 'deploy/tenants'}\"\n")
        return file

    def refused(self, *configuration) -> str:
        ended = subprocess.run([BINARY, "serve", "--config", self.configuration(*configuration)], capture_output=True, text=True, timeout=30)
        self.assertEqual(ended.returncode, 1, ended.stderr)
        return ended.stderr

    def start(self, *configuration):
        log = open(self.folder / "log", "w+b")
        process = subprocess.Popen([BINARY, "serve", "--config", self.configuration(*configuration)], stdout=log, stderr=log)
        self.addCleanup(log.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        self.until(lambda: "\"ready\"" in self.log() or process.poll() is not None, "ready")
        self.assertIsNone(process.poll(), self.log())
        return process

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def until(self, done, what):
        for _ in range(400):
            if done():
                return
            time.sleep(0.05)
        self.fail(f"never: {what}\n{self.log()}")

    def shown(self) -> str:
        """The digest of the certificate that a new connection gets."""
        with connect(self.port, self.folder / "certificate.pem", host=HOSTS[0], verify=False) as tls:
            return hashlib.sha256(tls.getpeercert(binary_form=True)).hexdigest()

    def metric(self, name) -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.management}/metrics", timeout=10) as response:
            found = [line for line in response.read().decode().splitlines() if line.startswith(f"{name} ")]
        return float(found[0].split()[1])

    def test_on_an_address_that_others_reach_somebody_ends_tls(self):
        told = self.refused(f"listen = \"0.0.0.0:{self.port}\"")
        self.assertIn("server.listen: anyone who reaches", told)
        self.assertIn("[server.tls] with certificate_file and key_file", told)

    def test_a_pair_that_cannot_be_used_is_told_at_once(self):
        tls = "[server.tls]\ncertificate_file = \"certificate.pem\"\nkey_file = \"key.pem\""
        server = f"listen = \"0.0.0.0:{self.port}\""
        self.assertRegex(self.refused(server, tls), r"server\.tls: .*certificate\.pem: No such file")
        certificate(self.folder, HOSTS)
        (self.folder / "key.pem").write_text("geheim\n")
        told = self.refused(server, tls)
        self.assertRegex(told, r"server\.tls: .*key\.pem: no unencrypted private key in PEM")
        self.assertNotIn("geheim", told)

    def test_a_renewed_certificate_is_taken_on_and_a_broken_one_is_not(self):
        _, key = certificate(self.folder, HOSTS)
        server = f"listen = \"127.0.0.1:{self.port}\"\npublic_port = {self.port}"
        process = self.start(server, "[server.tls]\ncertificate_file = \"certificate.pem\"\nkey_file = \"key.pem\"")
        with connect(self.port, self.folder / "certificate.pem", host=HOSTS[0]) as tls:
            self.assertEqual(tls.selected_alpn_protocol(), "h2")
        first = self.shown()
        self.assertIn(self.metric("poort_tls_certificate_days_left"), [29.0, 30.0])
        self.assertIn("the TLS certificate ends soon", self.log())

        # Half of a renewal: the key of the next certificate beside the old one.
        old = key.read_text()
        key.write_text(old[:120])
        process.send_signal(signal.SIGHUP)
        self.until(lambda: "the old one stays in force" in self.log(), "the broken pair is told")
        self.assertEqual(self.shown(), first)
        self.assertEqual(self.metric("poort_tls_reloads_refused_total"), 1)
        self.assertNotIn(old[30:80], self.log())

        certificate(self.folder, HOSTS[:1], days=400)
        # Nobody tells it this time.
        self.until(lambda: self.shown() != first, "the new one is shown")
        self.until(lambda: self.metric("poort_tls_certificate_days_left") > 300, "and counted")
        line = next(line for line in self.log().splitlines() if "does not name these hosts" in line)
        for host in HOSTS:
            self.assertEqual(host in line, host != HOSTS[0], line)
        process.terminate()
        self.assertEqual(process.wait(30), 0, self.log())


if __name__ == "__main__":
    unittest.main()
