"""S11 and S10 over HTTP/2, through to registers of other people's software: what is refused reaches none of them, and what passes is to
them one request, the one that was decided on. The bytes of HTTP/2 are PyPI's `h2`; the registers are Node's and Python's servers."""

import json
import re
import subprocess
import sys
import unittest
import urllib.request

import test_http2
from gateway import ROOT, Demo
from person import Person

PLAIN = ROOT / "tests/peers/backends/plain"
HIDDEN = b"GET /administration HTTP/1.1\r\nHost: register.test\r\n\r\n"
# Names that registers believe, for fields that HTTP/1.1 would write in other letters.
CLAIMS = ["remote-user", "x-remote-user", "x-forwarded-user", "x-forwarded-for", "x-forwarded-uri", "forwarded", "x-original-url", "x-webauth-user"]


class Through:
    """The cases; each class below has another register behind the gateway."""

    ask, answer, refused = test_http2.Http2.ask, test_http2.Http2.answer, test_http2.Http2.refused

    @classmethod
    def setUpClass(cls):
        cls.backend = subprocess.Popen(cls.command, stdout=subprocess.PIPE)
        cls.port = int(cls.backend.stdout.readline())
        cls.demo = Demo("--backend", f"dossier=http://127.0.0.1:{cls.port}")
        cls.authority = f"dossier.progezondheid.localhost:{cls.demo.port}"
        els = Person(cls.demo, "els.peeters@example.org")
        at, _, page = els.sign_in(f"https://{cls.authority}/me")
        els.choose_mandator(at, page, "Claes")
        session = json.loads(els.once("GET", f"https://{cls.authority}/.poort/session")[2])
        cls.number = re.sub(r"\D", "", session["represented"]["registration"])
        cls.cookie = "; ".join(f"{name}={value}" for name, value in els.cookies["dossier.progezondheid.localhost"].items())
        cls.body = f"poort_profile={session['profile']}&remark=x".encode()
        cls.seen()

    @classmethod
    def tearDownClass(cls):
        cls.demo.stop()
        cls.backend.terminate()
        cls.backend.wait()
        cls.backend.stdout.close()

    @classmethod
    def seen(cls):
        """What the register was asked since it was asked for it last."""
        with urllib.request.urlopen(f"http://127.0.0.1:{cls.port}/.poort/seen") as answer:
            return answer.read().decode().splitlines()

    def head(self, *fields, **pseudo):
        """A form that passes; `pseudo` changes a pseudo-header, or leaves it out when None."""
        named = {"method": "POST", "scheme": "https", "authority": self.authority, "path": f"/dossiers/{self.number}/remarks"} | pseudo
        own = [("cookie", self.cookie), ("origin", f"https://{self.authority}"), ("content-type", "application/x-www-form-urlencoded")]
        return [(f":{name}", value) for name, value in named.items() if value is not None] + own + list(fields)

    def get(self, *fields, **pseudo):
        return [field for field in self.head(*fields, **({"method": "GET", "path": "/me"} | pseudo)) if field[0] != "content-type"]

    def test_s11_a_request_is_one_request(self):
        form, length = self.body, str(len(self.body))
        cases = {
            "H2.TE": (self.head(("transfer-encoding", "chunked")), b"0\r\n\r\n" + HIDDEN),
            "H2.TE, and a length": (self.head(("transfer-encoding", "chunked"), ("content-length", length)), form),
            "H2.TE in other letters": (self.head(("Transfer-Encoding", "chunked")), b"0\r\n\r\n" + HIDDEN),
            "H2.CL: none told": (self.head(("content-length", "0")), HIDDEN),
            "H2.CL: less": (self.head(("content-length", length)), form + HIDDEN),
            "H2.CL: more": (self.head(("content-length", "999")), form),
            "H2.CL: twice": (self.head(("content-length", length), ("content-length", "0")), form),
            "H2.CL: a list": (self.head(("content-length", f"{length}, {length}")), form),
            "H2.CL: a sign": (self.head(("content-length", f"+{length}")), form),
            "H2.CL: hexadecimal": (self.head(("content-length", hex(len(form)))), form),
            "a body to GET": (self.get(), HIDDEN),
            "a length to GET": (self.get(("content-length", "5")), b"a=b&c"),
            "a line end in a value": (self.head(("x", "a\r\ntransfer-encoding: chunked")), b"0\r\n\r\n" + HIDDEN),
            "a line feed in a value": (self.head(("x", "a\ncontent-length: 0")), form),
            "a line end in a name": (self.head(("x: a\r\ncontent-length", "0")), form),
            "a line end in the path": (self.head(path="/me HTTP/1.1\r\nhost: x\r\n\r\nGET /administration"), form),
            "a blank in the path": (self.head(path="/me HTTP/1.1"), form),
            "no path": (self.get(path=None), None),
            "a path of another form": (self.get(path="administration"), None),
            "an absolute path": (self.get(path=f"https://{self.authority}/me"), None),
            "dots in the path": (self.get(path="/x/../me"), None),
            "encoded dots in the path": (self.get(path="/x/%2e%2e/me"), None),
            "two slashes": (self.get(path="//me"), None),
            "two paths": ([(":path", "/administration"), *self.get()], None),
            "two methods": ([(":method", "GET"), *self.head()], form),
            "a line end in the method": (self.head(method="GET /administration HTTP/1.1\r\nx:"), form),
            "a pseudo-header behind a field": ([*self.get(path=None), (":path", "/me")], None),
            "another host": (self.get(("host", "evil.example")), None),
            "two hosts": (self.get(("host", self.authority), ("host", self.authority)), None),
            "connection": (self.get(("connection", "close")), None),
            "keep-alive": (self.get(("keep-alive", "timeout=5")), None),
            "upgrade": (self.get(("upgrade", "h2c")), None),
            "te": (self.get(("te", "chunked")), None),
            "CONNECT": ([(":method", "CONNECT"), (":authority", self.authority), ("cookie", self.cookie)], None),
            "a WebSocket's CONNECT": (self.get(method="CONNECT", protocol="websocket"), None),
            "an underscore": (self.get(("content_length", "0")), None),
            "capitals": (self.get(("X-Name", "a")), None),
        }
        for what, (head, body) in cases.items():
            with self.subTest(what):
                self.refused(self.ask(head, body=body)[0], what)
                self.assertEqual(self.seen(), [], what)
        for what, head, body, line in [
            ("a form", self.head(), form, f"POST /dossiers/{self.number}/remarks {length}"),
            ("with its length", self.head(("content-length", length)), form, f"POST /dossiers/{self.number}/remarks {length}"),
            ("a page", self.get(), None, "GET /me 0"),
            ("with a query", self.get(path="/me?/administration"), None, "GET /me?/administration 0"),
            # The library under the gateway cuts a fragment off before anybody sees it: nobody decides on it, and no register gets it.
            ("a fragment", self.get(path="/me#/administration"), None, "GET /me 0"),
            ("trailers may come", self.get(("te", "trailers")), None, "GET /me 0"),
        ]:
            with self.subTest(what):
                self.assertEqual(self.ask(head, body=body)[0][0], 200, what)
                self.assertEqual(self.seen(), [line], what)
        print(f"S11: {len(cases)} payloads over HTTP/2 to {self.name}, 0 disagreements", file=sys.stderr)

    def test_s10_capitals_and_claims(self):
        for name in CLAIMS:
            for spelled in {name.upper(), name.title(), name.replace("-", "_"), f"{name} "} - {name}:
                with self.subTest(spelled):
                    self.refused(self.ask(self.get((spelled, "evil")))[0], spelled)
            self.assertEqual(self.ask(self.get((name, "evil")))[0][0], 200, f"{name}: it is removed")
        self.assertEqual(self.seen(), ["GET /me 0"] * len(CLAIMS))


class Node(Through, unittest.TestCase):
    name, command = "Node", ["node", PLAIN / "server.mjs"]


class Python(Through, unittest.TestCase):
    name, command = "Python", [sys.executable, PLAIN / "server.py"]
