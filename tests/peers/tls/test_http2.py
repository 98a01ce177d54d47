"""HTTP/2 as PyPI's `h2`, `hpack` and `hyperframe` speak it: requests that could be two, and floods. After each attack the
connection is closed or the request refused, and the gateway answers somebody else. Every refusal has a twin that passes."""

import json
import socket
import ssl
import unittest

import h2.config
import h2.connection
import h2.events
import h2.settings
import hpack
from hyperframe import frame as frames

from gateway import Demo

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DISCOVERY = "/.well-known/openid-configuration"


class Http2(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demo()
        cls.authority = f"progezondheid.localhost:{cls.demo.port}"

    @classmethod
    def tearDownClass(cls):
        cls.demo.stop()

    def head(self, *fields, **pseudo):
        """A GET's head; `pseudo` changes a pseudo-header, or leaves it out when None."""
        named = {"method": "GET", "scheme": "https", "authority": self.authority, "path": DISCOVERY} | pseudo
        return [(f":{name}", value) for name, value in named.items() if value is not None] + list(fields)

    def ask(self, *heads, body=None):
        """What is answered to each head, one after the other on one connection: `(status, body)`, or "reset"."""
        with self.demo.connect() as tls:
            self.assertEqual(tls.selected_alpn_protocol(), "h2")
            # Nothing of what is wrong is put right on the way out.
            config = h2.config.H2Configuration(header_encoding=None, validate_outbound_headers=False, normalize_outbound_headers=False)
            connection = h2.connection.H2Connection(config)
            connection.initiate_connection()
            answers = []
            for head in heads:
                stream = connection.get_next_available_stream_id()
                connection.send_headers(stream, head, end_stream=body is None)
                if body is not None:
                    connection.send_data(stream, body, end_stream=True)
                tls.sendall(connection.data_to_send())
                answers.append(self.answer(tls, connection, stream))
                if answers[-1] == "closed":
                    break
            return answers

    def answer(self, tls, connection, stream):
        status, text = None, b""
        while True:
            received = receive(tls)
            if not received:
                return "closed"
            for event in connection.receive_data(received):
                if isinstance(event, h2.events.ResponseReceived):
                    status = int(dict(event.headers)[b":status"])
                elif isinstance(event, h2.events.DataReceived):
                    text += event.data
                    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamReset) and event.stream_id == stream:
                    # A response that came whole before counts: the rest of the request was not wanted.
                    return (status, text) if status else "reset"
                elif isinstance(event, h2.events.StreamEnded) and event.stream_id == stream:
                    return status, text
                elif isinstance(event, h2.events.ConnectionTerminated):
                    return "closed"
            tls.sendall(connection.data_to_send())

    def refused(self, answer, what):
        status = answer[0] if isinstance(answer, tuple) else answer
        self.assertIn(status, ["reset", "closed", *range(400, 500)], what)

    # ---- requests ----

    def test_one_connection_and_each_request_for_its_own_host(self):
        hosts = [f"{tenant}.localhost:{self.demo.port}" for tenant in ("progezondheid", "mijnrgs", "progezondheid")]
        for host, (status, text) in zip(hosts, self.ask(*(self.head(authority=host) for host in hosts))):
            self.assertEqual((status, json.loads(text)["issuer"]), (200, f"https://{host}"))
        unknown, known = self.ask(self.head(authority=f"nobody.localhost:{self.demo.port}"), self.head())
        self.assertEqual((unknown[0], known[0]), (421, 200))

    def test_a_session_of_one_host_is_none_of_another_on_the_same_connection(self):
        cookie = ("cookie", "__Host-poort-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        register = f"dossier.progezondheid.localhost:{self.demo.port}"
        login, register = self.ask(self.head(cookie, path="/"), self.head(cookie, path="/me", authority=register))
        self.assertEqual((login[0], register[0]), (303, 401))

    def test_authority_and_host(self):
        for what, head in {
            "Host differs": self.head(("host", f"mijnrgs.localhost:{self.demo.port}")),
            "Host without the port": self.head(("host", "progezondheid.localhost")),
            "Host twice": self.head(("host", self.authority), ("host", self.authority)),
            "neither": self.head(authority=None),
            "a user before it": self.head(authority=f"progezondheid.localhost@{self.authority}"),
            "two hosts": self.head(authority=f"{self.authority},{self.authority}"),
            "empty": self.head(authority=""),
            "authority twice": [(":authority", self.authority), *self.head()],
            "a path in it": self.head(authority=f"{self.authority}/x"),
        }.items():
            with self.subTest(what):
                self.refused(self.ask(head)[0], what)
        for twin in [self.head(), self.head(("host", self.authority)), self.head(("host", self.authority), authority=None)]:
            self.assertEqual(self.ask(twin)[0][0], 200, twin)

    def test_cve_2026_42581_what_would_be_two_requests_in_http1(self):
        """H2.TE, H2.CL, and fields that bring their own line ends."""
        for what, head, body in [
            ("H2.TE", self.head(("transfer-encoding", "chunked"), method="POST", path="/token"), b"0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"),
            ("H2.TE upper case", self.head(("Transfer-Encoding", "chunked"), method="POST", path="/token"), b"0\r\n\r\n"),
            ("H2.CL too short", self.head(("content-length", "0"), method="POST", path="/token"), b"GET /x HTTP/1.1\r\n\r\n"),
            ("H2.CL too long", self.head(("content-length", "99"), method="POST", path="/token"), b"abc"),
            ("H2.CL twice", self.head(("content-length", "3"), ("content-length", "4"), method="POST", path="/token"), b"abc"),
            ("H2.CL no number", self.head(("content-length", "+3"), method="POST", path="/token"), b"abc"),
            ("a body to GET", self.head(), b"abc"),
            ("CRLF in a value", self.head(("x", "a\r\nhost: evil")), None),
            ("LF in a value", self.head(("x", "a\nb")), None),
            ("NUL in a value", self.head(("x", "a\0b")), None),
            ("CRLF in a name", self.head(("x: a\r\nhost", "evil")), None),
            ("colon in a name", self.head(("x:y", "a")), None),
            ("upper case", self.head(("X-Name", "a")), None),
            ("underscore", self.head(("x_forwarded_for", "a")), None),
            ("empty name", self.head(("", "a")), None),
            ("CRLF in the path", self.head(path="/x HTTP/1.1\r\nhost: evil\r\n\r\n"), None),
            ("space in the path", self.head(path="/x y"), None),
            ("no path", self.head(path=None), None),
            ("empty path", self.head(path=""), None),
            ("a path that is a URL", self.head(path="https://evil/"), None),
            ("CRLF in the method", self.head(method="GET / HTTP/1.1\r\nhost: evil\r\n\r\n"), None),
            ("no method", self.head(method=None), None),
            ("CRLF in the scheme", self.head(scheme="https://evil/\r\n"), None),
            ("a pseudo-header of nobody", self.head(evil="x"), None),
            ("a pseudo-header behind a field", [("x", "y"), *self.head()], None),
            ("two paths", [(":path", "/x"), *self.head()], None),
            ("a response's", self.head(status="200"), None),
            ("connection", self.head(("connection", "x-user")), None),
            ("keep-alive", self.head(("keep-alive", "1")), None),
            ("proxy-connection", self.head(("proxy-connection", "close")), None),
            ("upgrade", self.head(("upgrade", "websocket")), None),
            ("te", self.head(("te", "chunked")), None),
            ("CONNECT", [(":method", "CONNECT"), (":authority", "127.0.0.1:22")], None),
            ("extended CONNECT", self.head(method="CONNECT", protocol="websocket"), None),
            ("TRACE", self.head(method="TRACE"), None),
        ]:
            with self.subTest(what):
                self.refused(self.ask(head, body=body)[0], what)
        for twin in [("te", "trailers"), ("x", "a b"), ("x-name", "a")]:
            self.assertEqual(self.ask(self.head(twin))[0][0], 200, twin)
        posted = self.ask(self.head(("content-length", "3"), ("content-type", "application/x-www-form-urlencoded"), method="POST", path="/token"), body=b"a=b")
        self.assertEqual((posted[0][0], json.loads(posted[0][1])["error"]), (401, "invalid_client"))

    def test_settings_are_bounded_and_offer_no_websocket(self):
        with self.demo.connect() as tls:
            connection = h2.connection.H2Connection()
            connection.initiate_connection()
            tls.sendall(connection.data_to_send())
            changed = {}
            while not changed:
                for event in connection.receive_data(receive(tls)):
                    if isinstance(event, h2.events.RemoteSettingsChanged):
                        changed = {code: change.new_value for code, change in event.changed_settings.items()}
        codes = h2.settings.SettingCodes
        self.assertEqual(changed[codes.MAX_CONCURRENT_STREAMS], 100)
        self.assertLessEqual(changed[codes.MAX_HEADER_LIST_SIZE], 64 * 1024)
        self.assertNotIn(codes.ENABLE_CONNECT_PROTOCOL, changed)

    # ---- floods ----

    def flood(self, parts, what):
        """Sends everything, as long as it is taken; the gateway closes, and answers others meanwhile and afterwards."""
        tls = self.demo.connect()
        tls.settimeout(0.01)
        sent = PREFACE + frames.SettingsFrame().serialize()
        answered, closed, parts = 0, False, iter(parts)
        for _ in range(200_000):
            try:
                if sent:
                    sent = sent[tls.send(sent[:64 * 1024]):]
                elif (part := next(parts, None)) is not None:
                    sent = part
            except TimeoutError:
                pass
            except OSError:
                closed = True
                break
            try:
                received = tls.recv(64 * 1024)
                answered += len(received)
                if not received:
                    closed = True
                    break
            except TimeoutError:
                pass
            except OSError:
                closed = True
                break
        tls.close()
        self.assertTrue(closed, f"{what}: the connection is still open")
        self.assertEqual(self.ask(self.head())[0][0], 200, f"{what}: the gateway answers others")
        return answered

    def test_f11_cve_2023_44487_rapid_reset(self):
        encoder = hpack.Encoder()
        def pair(number):
            stream = 2 * number + 1
            head = frames.HeadersFrame(stream, data=encoder.encode(self.head()), flags=["END_HEADERS", "END_STREAM"])
            return head.serialize() + frames.RstStreamFrame(stream, error_code=8).serialize()
        pairs = [pair(number) for number in range(10_000)]
        self.flood((b"".join(pairs[at:at + 100]) for at in range(0, len(pairs), 100)), "at once")
        self.flood(pairs, "one by one")

    def test_f11_cve_2024_27316_continuation(self):
        encoded = hpack.Encoder().encode(self.head())
        first = frames.HeadersFrame(1, data=encoded, flags=["END_STREAM"]).serialize()
        empty = frames.ContinuationFrame(1, data=b"").serialize()
        self.flood([first, *[empty * 100] * 1000], "empty")
        field = hpack.Encoder().encode([("x" * 60, "y" * 60)])
        more = frames.ContinuationFrame(1, data=field * 50).serialize()
        self.flood([first, *[more * 10] * 1000], "large")

    def test_f11_cve_2019_9512_ping(self):
        ping = frames.PingFrame(0, opaque_data=b"12345678").serialize()
        self.assertLess(self.flood([ping * 100] * 1000, "ping"), 1000 * len(ping))

    def test_f11_cve_2019_9515_settings(self):
        settings = frames.SettingsFrame(0, settings={4: 65_535}).serialize()
        self.flood([settings * 100] * 1000, "settings")

    def test_f11_cve_2019_9513_priority(self):
        self.flood([frames.PriorityFrame(1, depends_on=0, stream_weight=1).serialize() * 100] * 1000, "priority")

    def test_f11_cve_2019_9518_empty_data(self):
        head = frames.HeadersFrame(1, data=hpack.Encoder().encode(self.head(method="POST", path="/token")), flags=["END_HEADERS"])
        self.flood([head.serialize(), *[frames.DataFrame(1).serialize() * 100] * 1000], "empty data")

    def test_f11_a_thousand_streams_at_once(self):
        encoder = hpack.Encoder()
        heads = [
            frames.HeadersFrame(2 * number + 1, data=encoder.encode(self.head(method="POST", path="/token")), flags=["END_HEADERS"])
            for number in range(1000)
        ]
        with self.demo.connect() as tls:
            tls.sendall(PREFACE + frames.SettingsFrame().serialize() + b"".join(head.serialize() for head in heads))
            refused = 0
            for frame in received_frames(tls):
                if isinstance(frame, frames.RstStreamFrame) and frame.error_code in (7, 11):
                    refused += 1
                if isinstance(frame, frames.GoAwayFrame) or refused >= 900:
                    break
        self.assertEqual(self.ask(self.head())[0][0], 200)

    def test_f10_a_head_that_does_not_end_is_waited_for_ten_seconds(self):
        with self.demo.connect() as tls:
            encoded = hpack.Encoder().encode(self.head())
            begun = frames.HeadersFrame(1, data=encoded, flags=["END_STREAM"]).serialize()
            tls.sendall(PREFACE + frames.SettingsFrame().serialize() + begun)
            while receive(tls):
                pass
        self.assertEqual(self.ask(self.head())[0][0], 200)


def receive(tls):
    """The next bytes; none when the connection is over, however it ended."""
    try:
        return tls.recv(64 * 1024)
    except TimeoutError:
        raise
    except (OSError, ssl.SSLError):
        return b""


def received_frames(tls):
    buffer = b""
    while received := receive(tls):
        buffer += received
        while len(buffer) >= 9:
            frame, length = frames.Frame.parse_frame_header(memoryview(buffer[:9]))
            if len(buffer) < 9 + length:
                break
            frame.parse_body(memoryview(buffer[9:9 + length]))
            buffer = buffer[9 + length:]
            yield frame


if __name__ == "__main__":
    unittest.main()
