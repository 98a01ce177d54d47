"""The encrypted listener as OpenSSL and curl see it, and as the guidelines of the Dutch NCSC want it (version 2.1)."""

import subprocess
import time
import unittest
from pathlib import Path

from gateway import Demo


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demo()
        cls.login = f"https://progezondheid.localhost:{cls.demo.port}"

    @classmethod
    def tearDownClass(cls):
        cls.demo.stop()

    def openssl(self, *arguments, said=b""):
        """What OpenSSL's client tells of a handshake."""
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{self.demo.port}", "-servername", "progezondheid.localhost",
                   "-CAfile", self.demo.certificate, "-verify_return_error", *arguments]
        ended = subprocess.run(command, input=said, capture_output=True, timeout=30)
        return (ended.stdout + ended.stderr).decode(errors="replace")

    def curl(self, *arguments):
        command = ["curl", "--silent", "--show-error", "--cacert", self.demo.certificate, "--max-time", "20", *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def test_versions(self):
        self.assertIn("New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384", self.openssl("-tls1_3"))
        self.assertIn("New, TLSv1.2, Cipher is ECDHE-ECDSA-AES256-GCM-SHA384", self.openssl("-tls1_2"))
        for old in ["-tls1", "-tls1_1"]:
            told = self.openssl(old, "-cipher", "ALL:@SECLEVEL=0")
            self.assertRegex(told, "alert (protocol version|handshake failure)", "the gateway's refusal, not our own")
            self.assertIn("Cipher is (NONE)", told)

    def test_suites_are_the_good_ones(self):
        known = subprocess.run(["openssl", "ciphers", "-s", "-tls1_2", "ALL:eNULL:@SECLEVEL=0"], capture_output=True, text=True, check=True).stdout
        known = [cipher for cipher in known.strip().split(":") if not cipher.startswith("TLS_")]
        good = {f"ECDHE-ECDSA-{suite}" for suite in ("AES256-GCM-SHA384", "CHACHA20-POLY1305", "AES128-GCM-SHA256")}
        self.assertGreater(len(known), 40)
        self.assertLessEqual(good, set(known))
        # All the others at once, and each of the good ones alone.
        others = ":".join(cipher for cipher in known if cipher not in good)
        self.assertIn("handshake failure", self.openssl("-tls1_2", "-cipher", f"{others}:@SECLEVEL=0"))
        for cipher in good:
            self.assertIn(f"Cipher is {cipher}", self.openssl("-tls1_2", "-cipher", cipher))

    def test_groups(self):
        for group in ["X25519", "P-256", "P-384"]:
            self.assertIn("Verify return code: 0 (ok)", self.openssl("-groups", group), group)
        for group in ["P-521", "ffdhe2048"]:
            self.assertIn("handshake failure", self.openssl("-groups", group), group)

    def test_no_early_data_no_compression_no_renegotiation(self):
        told = self.openssl("-tls1_3", "-alpn", "http/1.1", said=b"GET / HTTP/1.0\r\n\r\n")
        self.assertNotRegex(told, r"Max Early Data: [1-9]")
        self.assertIn("Early data was not sent", told)
        told = self.openssl("-tls1_2")
        self.assertIn("Compression: NONE", told)
        self.assertIn("Extended master secret: yes", told)
        client = subprocess.Popen(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{self.demo.port}", "-tls1_2"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        time.sleep(1)  # until the handshake is over: `R` is a command only then
        told, _ = client.communicate(b"R\nGET / HTTP/1.1\r\n\r\n", timeout=30)
        self.assertRegex(told.decode(errors="replace"), "RENEGOTIATING(.|\n)*(no renegotiation|alert|closed|error)")

    def test_alpn(self):
        for offered, settled in {"h2": "h2", "http/1.1": "http/1.1", "http/1.1,h2": "h2", "spdy/3,http/1.1": "http/1.1"}.items():
            self.assertIn(f"ALPN protocol: {settled}", self.openssl("-alpn", offered))
        self.assertIn("alert no application protocol", self.openssl("-alpn", "h3"))

    def test_curl_speaks_both_and_is_told_to_come_back_encrypted(self):
        for version, spoken in {"--http2": "2", "--http1.1": "1.1"}.items():
            got = self.curl(version, "--dump-header", "-", "--output", "/dev/null", "--write-out", "%{http_version}", f"{self.login}/")
            self.assertEqual(got.returncode, 0, got.stderr)
            self.assertTrue(got.stdout.endswith(spoken), got.stdout)
            self.assertIn("strict-transport-security: max-age=63072000; includesubdomains", got.stdout.lower())
            for cookie in [line for line in got.stdout.splitlines() if line.lower().startswith("set-cookie:")]:
                self.assertRegex(cookie, r"__Host-poort-\w+=.*; Path=/; Secure; HttpOnly; SameSite=Lax")
        asked = self.curl("--http2", "--head", "--write-out", "%{http_version} %{http_code}", f"{self.login}/nowhere")
        self.assertEqual((asked.returncode, asked.stdout[-5:]), (0, "2 404"), asked.stderr)
        # A form of a page that was reached elsewhere, and HTTP/2 without an agreement.
        posted = self.curl("--http2", "--data", "a=b", "--header", "Origin: https://evil.example", "--output", "/dev/null", "--write-out", "%{http_code}", f"{self.login}/language")
        self.assertIn(posted.stdout, ["403", "404", "405", "409"], posted.stdout)
        guessed = self.curl("--http2-prior-knowledge", "--no-alpn", f"{self.login}/")
        self.assertNotEqual(guessed.returncode, 0)

    def test_who_does_not_verify_the_name_is_not_us(self):
        got = self.curl("--resolve", f"elsewhere.example:{self.demo.port}:127.0.0.1", f"https://elsewhere.example:{self.demo.port}/")
        self.assertNotEqual(got.returncode, 0)
        self.assertIn("no alternative certificate subject name matches", got.stderr)

    def test_plain_http_is_answered_by_nobody(self):
        got = self.curl(f"http://127.0.0.1:{self.demo.port}/")
        self.assertNotEqual(got.returncode, 0)
        self.assertEqual(got.stdout, "")


if __name__ == "__main__":
    unittest.main()
