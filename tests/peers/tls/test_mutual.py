"""Programs that show a certificate (RFC 8705), with the certificates and the TLS of OpenSSL and curl. Ours: the gateway."""

import base64
import json
import subprocess
import unittest

from mutual import HOST, Gateway

DNS = "subjectAltName=DNS:feed.lab.example\nextendedKeyUsage=clientAuth"


class Mutual(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway()
        cls.addClassCleanup(cls.gateway.stop)
        cls.feed = cls.gateway.lab.vouch("feed", DNS)

    def curl(self, path, shown=None, port=None, form=None, headers=(), more=()):
        """The status and the JSON of an answer; None when there is none."""
        port = port or self.gateway.asking
        command = ["curl", "--silent", "--cacert", self.gateway.server, "--resolve", f"{HOST}:{port}:127.0.0.1", "--write-out", "\n%{http_code}", *more]
        if shown:
            command += ["--cert", shown[0], "--key", shown[1]]
        for name, value in (form or {}).items():
            command += ["--data-urlencode", f"{name}={value}"]
        for header in headers:
            command += ["--header", header]
        done = subprocess.run([*map(str, command), f"https://{HOST}:{port}{path}"], capture_output=True, text=True, timeout=30)
        if done.returncode:
            return None
        body, status = done.stdout.rsplit("\n", 1)
        return int(status), json.loads(body or "{}")

    def token(self, client, shown, **how):
        return self.curl("/token", shown, form={"grant_type": "client_credentials", "client_id": client}, **how)

    def test_each_kind_of_proof_and_its_twin(self):
        lab, other = self.gateway.lab, self.gateway.other
        rsa = lab.vouch("rsa", DNS, kind=("rsa:2048",))
        subject = lab.vouch("subject", "extendedKeyUsage=clientAuth")
        forged = other.vouch("feed", DNS)
        for client, shown in [("feed", self.feed), ("feed", rsa), ("subject", subject), ("alone", self.gateway.alone)]:
            for more in (("--http1.1",), ("--http2",), ("--tls-max", "1.2")):
                status, answer = self.token(client, shown, more=more)
                self.assertEqual((status, answer.get("token_type")), (200, "Bearer"), (client, more, answer))
        for client, shown in [("feed", subject), ("subject", self.feed), ("feed", forged), ("alone", self.feed), ("feed", self.gateway.alone)]:
            status, answer = self.token(client, shown)
            self.assertEqual((status, answer["error"]), (401, "invalid_client"), (client, shown))
        self.assertIsNone(self.token("feed", None), "without one there is no answer")

    def test_a_header_on_the_plain_listener_is_no_certificate(self):
        pem = "".join(line for line in self.feed[0].read_text().splitlines() if not line.startswith("-"))
        for header in (f"Client-Cert: :{pem}:", f"X-SSL-Client-Cert: {pem}", f"X-Forwarded-Client-Cert: Cert=\"{pem}\""):
            status, answer = self.token("feed", None, port=self.gateway.port, headers=[header])
            self.assertEqual((status, answer["error"]), (401, "invalid_client"), header)
        status, _ = self.token("feed", self.feed, port=self.gateway.port)
        self.assertEqual(status, 401, "it is not even asked for one there")

    def test_a_bound_token_says_to_which_certificate(self):
        der = subprocess.run(["openssl", "x509", "-in", self.feed[0], "-outform", "DER"], check=True, capture_output=True).stdout
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-binary"], input=der, check=True, capture_output=True).stdout
        thumbprint = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        token = self.token("feed", self.feed)[1]["access_token"]
        status, said = self.curl("/introspect", self.feed, form={"client_id": "feed", "token": token})
        self.assertEqual((status, said["active"], said["cnf"]), (200, True, {"x5t#S256": thumbprint}))

    def test_nothing_is_resumed_and_no_authority_is_named(self):
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{self.gateway.asking}", "-servername", HOST, "-CAfile", self.gateway.server,
                   "-cert", self.feed[0], "-key", self.feed[1]]
        for version in ("-tls1_2", "-tls1_3"):
            session = self.gateway.folder / f"session{version}"
            again = "-reconnect" if version == "-tls1_2" else "-ign_eof"
            request = f"GET /jwks HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"
            done = subprocess.run([*map(str, command), version, again, "-sess_out", session], input=request, capture_output=True, text=True, timeout=60)
            self.assertIn("No client certificate CA names sent", done.stdout, done.stderr)
            self.assertNotIn("Reused,", done.stdout)
            if version == "-tls1_3":
                self.assertIn("HTTP/1.1 200", done.stdout)
                self.assertNotIn("Post-Handshake New Session Ticket", done.stdout)

    def test_an_authority_is_exchanged_while_it_runs(self):
        folder = self.gateway.folder / "tenants"
        shown = self.gateway.other.vouch("next", DNS)
        self.assertEqual(self.token("feed", shown)[0], 401)
        before = (folder / "lab.pem").read_text()
        (folder / "lab.pem").write_text(before + self.gateway.other.pem.read_text())
        self.gateway.reload()
        self.gateway.until(lambda: self.token("feed", shown)[0] == 200, "the new authority is believed")
        self.assertEqual(self.token("feed", self.feed)[0], 200, "beside the old one")
        (folder / "lab.pem").write_text(before)
        self.gateway.reload()
        self.gateway.until(lambda: self.token("feed", shown)[0] == 401, "and then no longer")


if __name__ == "__main__":
    unittest.main()
