"""The Python register's own promises: every refusal, each beside a twin that differs in that one thing and passes.

    python -m unittest discover -s tests/peers/backends/python
"""

import base64
import hashlib
import http.client
import json
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from server import Server
from verifier import KeySet, Refused, Verifier

AUDIENCE = "https://dossier.riziv.example"
ABSENT = object()
KEYS = {kid: ec.generate_private_key(ec.SECP256R1()) for kid in ("one", "two", "never-published")}
KEYS["rsa"] = rsa.generate_private_key(65_537, 2_048)


def public(kid):
    algorithm = jwt.algorithms.RSAAlgorithm if kid == "rsa" else jwt.algorithms.ECAlgorithm
    key = json.loads(algorithm.to_jwk(KEYS[kid].public_key()))
    return {**key, "kid": kid, "use": "sig", "alg": "RS256" if kid == "rsa" else "ES256"}


class Issuer(BaseHTTPRequestHandler):
    published, asked = [], 0

    def do_GET(self):
        Issuer.asked += 1
        body = json.dumps({"keys": Issuer.published}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Issuer.published = [public("one"), public("rsa")]
        cls.jwks = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
        cls.issuer = f"http://progezondheid.localhost:{serve(cls.jwks)}"
        cls.verifier = Verifier(cls.issuer, AUDIENCE, keys=KeySet(f"{cls.issuer}/jwks", cooldown=0))
        cls.register = Server(("127.0.0.1", 0), cls.issuer, cls.verifier)
        cls.port = serve(cls.register)

    @classmethod
    def tearDownClass(cls):
        for server in (cls.jwks, cls.register):
            server.shutdown()
            server.server_close()

    def token(self, claims=None, header=None, kid="one", key=None, alg="ES256"):
        now = int(time.time())
        payload = {
            "iss": self.issuer, "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + 120,
            "sub": "pairwise-els", "name": "Els Peeters", "locale": "nl",
            "profile": {"id": "p-1", "capacity": "mandate_holder", "profession": None},
            "represents": {"sub": "pairwise-jan", "name": "Jan Claes", "registration": "12345678901"},
            "mandate": {"id": "m-1", "scope": "administrative", "until": "2027-06-30"},
            **(claims or {}),
        }
        payload = {name: value for name, value in payload.items() if value is not ABSENT}
        return jwt.encode(payload, KEYS[key or kid], alg, headers={"typ": "poort-backend+jwt", "kid": kid, **(header or {})})

    def ask(self, path="/dossiers/1", authorization=None, method="GET", body=None, headers=()):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.putrequest(method, path, skip_accept_encoding=True)
        connection.putheader("Connection", "close")
        for name, value in headers:
            connection.putheader(name, value)
        if authorization:
            connection.putheader("Authorization", authorization)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return connection.getresponse()

    def refused(self, authorization, reason):
        response = self.ask(authorization=authorization)
        self.assertEqual((response.status, json.load(response)["error"]), (401, reason))
        self.assertTrue(response.headers["WWW-Authenticate"].startswith("Bearer"))

    def accepted(self, authorization):
        response = self.ask(authorization=authorization)
        body = json.load(response)
        self.assertEqual(response.status, 200, body)
        return body


class TheVerifier(Case):
    def twin(self, reason, change, twin=None):
        self.refused(f"Bearer {self.token(**change)}", reason)
        self.accepted(f"Bearer {self.token(**(twin or {}))}")

    def test_accepts_what_the_contract_describes(self):
        claims = self.accepted(f"Bearer {self.token()}")["claims"]
        self.assertEqual(claims["name"], "Els Peeters")
        self.assertEqual(claims["represents"]["name"], "Jan Claes")
        self.assertEqual(claims["profile"]["capacity"], "mandate_holder")
        self.assertEqual(claims["mandate"]["scope"], "administrative")

    def test_refuses_no_token_or_something_that_is_none(self):
        self.refused(None, "no_token")
        self.refused("Basic ZWxzOnB3", "not_a_bearer_token")
        self.refused("Bearer not.a.token", "malformed")
        self.refused(f"Bearer {self.token()} more", "not_a_bearer_token")
        self.accepted(f"bearer {self.token()}")

    def test_refuses_another_audience(self):
        self.twin("wrong_aud", {"claims": {"aud": "https://opleiding.rgs.example"}})
        self.twin("wrong_aud", {"claims": {"aud": [AUDIENCE, "https://opleiding.rgs.example"]}})
        self.twin("missing_aud", {"claims": {"aud": ABSENT}})

    def test_refuses_another_tenants_issuer(self):
        self.twin("wrong_iss", {"claims": {"iss": "http://mijnrgs.localhost:8080"}})
        self.twin("missing_iss", {"claims": {"iss": ABSENT}})

    def test_refuses_expired_and_not_yet_valid(self):
        now = int(time.time())
        self.twin("expired", {"claims": {"exp": now - 10}}, {"claims": {"exp": now - 2}})
        self.twin("missing_exp", {"claims": {"exp": ABSENT}})
        self.twin("not_yet_valid", {"claims": {"nbf": now + 60}}, {"claims": {"nbf": now + 2}})
        self.twin("missing_nbf", {"claims": {"nbf": ABSENT}})
        self.twin("missing_sub", {"claims": {"sub": ABSENT}})

    def test_refuses_an_access_token_and_an_id_token(self):
        self.twin("wrong_typ", {"header": {"typ": "at+jwt"}})
        self.twin("wrong_typ", {"header": {"typ": "JWT"}})
        self.twin("wrong_typ", {"header": {"typ": None}})

    def test_refuses_other_algorithms_and_keys(self):
        self.twin("wrong_alg", {"kid": "rsa", "alg": "RS256"})
        self.twin("unknown_key", {"kid": "never-published"})
        self.twin("bad_signature", {"kid": "one", "key": "never-published"})

    def test_refuses_alg_none_and_an_altered_claim(self):
        good = self.token()
        head, payload, signature = good.split(".")

        def encode(value):
            return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

        self.refused(f"Bearer {encode({'alg': 'none', 'typ': 'poort-backend+jwt'})}.{payload}.", "wrong_alg")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        self.refused(f"Bearer {head}.{encode({**claims, 'sub': 'somebody-else'})}.{signature}", "bad_signature")
        self.accepted(f"Bearer {good}")

    def test_keeps_the_keys_and_asks_again_only_for_an_unknown_one(self):
        self.accepted(f"Bearer {self.token()}")
        before = Issuer.asked
        self.accepted(f"Bearer {self.token()}")
        self.assertEqual(Issuer.asked, before)
        self.refused(f"Bearer {self.token(kid='two')}", "unknown_key")
        self.assertEqual(Issuer.asked, before + 1)
        Issuer.published = [public("one"), public("two"), public("rsa")]
        self.accepted(f"Bearer {self.token(kid='two')}")
        self.assertEqual(Issuer.asked, before + 2)

    def test_an_unknown_key_does_not_make_it_ask_all_the_time(self):
        asked, at = [], [100.0]
        keys = KeySet("-", cooldown=5, fetch=lambda url: asked.append(url) or {"keys": [public("one")]}, clock=lambda: at[0])
        for _ in range(3):
            self.assertRaises(Refused, keys.key, "unknown")
        self.assertEqual(len(asked), 1)
        at[0] += 5
        self.assertRaises(Refused, keys.key, "unknown")
        self.assertEqual(len(asked), 2)

    def test_refuses_when_the_issuers_keys_cannot_be_had(self):
        lonely = Verifier(self.issuer, AUDIENCE, jwks_url="http://127.0.0.1:9/jwks")
        with self.assertRaises(Refused) as refused:
            lonely.verify(f"Bearer {self.token()}")
        self.assertEqual(refused.exception.reason, "keys_unavailable")


class TheRegister(Case):
    def setUp(self):
        self.bearer = f"Bearer {self.token()}"

    def test_reports_method_raw_path_query_headers_and_body(self):
        body = b"a" * 100_000
        response = self.ask("/a%2Fb;c//d?x=%zz&x=+", self.bearer, "PUT", body, [("X-Twice", "one"), ("X-Twice", "two")])
        sent = json.load(response)
        self.assertEqual((sent["method"], sent["path"], sent["query"]), ("PUT", "/a%2Fb;c//d", "x=%zz&x=+"))
        self.assertEqual([pair for pair in sent["headers"] if pair[0] == "X-Twice"], [["X-Twice", "one"], ["X-Twice", "two"]])
        self.assertEqual((sent["body"]["length"], sent["body"]["sha256"]), (len(body), hashlib.sha256(body).hexdigest()))

    def test_refuses_a_second_authorization_header(self):
        response = self.ask("/", self.bearer, headers=[("Authorization", self.bearer)])
        self.assertEqual((response.status, json.load(response)["error"]), (401, "several_tokens"))

    def test_shows_a_page_with_banner_and_form(self):
        bearer = f"Bearer {self.token(claims={'name': '<b>Els</b>', 'locale': 'de'})}"
        html = self.ask("/dossiers/123", bearer, headers=[("Accept", "text/html")]).read().decode()
        self.assertIn('<html lang="de">', html)
        self.assertIn('<dd id="acting-actor">&lt;b&gt;Els&lt;/b&gt;</dd>', html)
        self.assertIn('<dd id="acting-represented">Jan Claes</dd>', html)
        self.assertIn('name="poort_profile" value="p-1"', html)
        self.assertIn(f'href="{self.issuer}/profile"', html)

    def test_the_other_form_of_token_gives_the_same_banner(self):
        bearer = f"Bearer {self.token(claims={'name': 'Jan Claes', 'act': {'sub': 'pairwise-els', 'name': 'Els Peeters'}, 'represents': ABSENT})}"
        html = self.ask("/dossiers/123", bearer, headers=[("Accept", "text/html")]).read().decode()
        self.assertIn('<dd id="acting-actor">Els Peeters</dd>', html)
        self.assertIn('<dd id="acting-represented">Jan Claes</dd>', html)

    def test_streams_one_chunk_at_a_time(self):
        response = self.ask("/stream?ms=60&count=3", self.bearer)
        started = time.monotonic()
        self.assertEqual(response.readline(), b"chunk 0\n")
        self.assertEqual(response.read(), b"chunk 1\nchunk 2\n")
        self.assertGreaterEqual(time.monotonic() - started, 0.06)
        events = self.ask("/events?ms=5", self.bearer)
        self.assertEqual(events.readline(), b"id: 0\n")
        events.close()

    def test_echoes_a_chunked_body(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("POST", "/echo", iter([b"there ", b"and back"]), {"Authorization": self.bearer}, encode_chunked=True)
        self.assertEqual(connection.getresponse().read(), b"there and back")

    def test_misbehaves_as_asked(self):
        self.assertEqual(len(self.ask("/big?bytes=1000001", self.bearer).read()), 1_000_001)
        with self.assertRaises((http.client.IncompleteRead, ConnectionResetError)):
            self.ask("/reset", self.bearer).read()
        self.assertEqual(self.ask("/headers?n=50", self.bearer).headers["X-Register-49"], "xxxxxxxxxx")
        self.assertEqual(self.ask("/status?code=503", self.bearer).status, 503)
        started = time.monotonic()
        self.ask("/slow?ms=80", self.bearer).read()
        self.assertGreaterEqual(time.monotonic() - started, 0.08)


if __name__ == "__main__":
    unittest.main()
