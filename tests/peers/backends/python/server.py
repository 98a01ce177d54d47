"""A sample register behind the gateway, in Python. It trusts one thing: a backend token that verifier.py accepts. Everything
else it got is reported back as it arrived, so that a test can say what the gateway let through.

    PORT=0 ISSUER=http://progezondheid.localhost:8080 AUDIENCE=https://dossier.riziv.example [JWKS_URL=..] [HOST=127.0.0.1] python server.py

The first line on standard output is {"backend": "python", "port": N}. No WebSocket; the Node register has one.
"""

import hashlib
import html
import json
import os
import re
import socket
import struct
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote

from verifier import Refused, Verifier

BACKEND = "python"

TEXT = {
    "nl": ("Dossier", "U bent", "U handelt voor", "Hoedanigheid", "Organisatie", "Mandaat", "tot en met", "Rechten", "Kies een ander profiel", "Opmerking", "Bewaren"),
    "fr": ("Dossier", "Vous êtes", "Vous agissez pour", "Qualité", "Organisation", "Mandat", "jusqu’au", "Droits", "Choisir un autre profil", "Remarque", "Enregistrer"),
    "de": ("Akte", "Sie sind", "Sie handeln für", "Eigenschaft", "Organisation", "Mandat", "bis einschließlich", "Rechte", "Anderes Profil wählen", "Bemerkung", "Speichern"),
    "en": ("File", "You are", "You act for", "Capacity", "Organization", "Mandate", "until", "Rights", "Choose another profile", "Remark", "Save"),
}

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 45rem; padding: 1rem; color: #1b1b1b; background: #fff }
header { background: #f1f6e8; border-inline-start: .5rem solid #39870c; padding: .5rem 1rem }
dt { font-weight: bold } dd { margin: 0 0 .5rem; overflow-wrap: anywhere }
a { color: #154273 } a, button, input { display: inline-block; font: inherit; min-height: 2rem; padding: .25rem }
input { box-sizing: border-box; max-width: 100%; border: 1px solid #595959 }
:focus-visible { outline: 3px solid #154273; outline-offset: 2px }
"""


def page(claims, subject, issuer):
    """Who acts, for whom, in which capacity, under which mandate; `subject` is the id in the path, None on the front page."""
    language = claims.get("locale") if claims.get("locale") in TEXT else "nl"
    title, acts, represents, capacity, organization, mandate, until, rights, change, remark, save = TEXT[language]
    actor, profile, held = claims.get("act"), claims.get("profile") or {}, claims.get("mandate")
    facts = [
        ("actor", acts, actor.get("name") if actor else claims.get("name")),
        ("represented", represents, claims.get("name") if actor else (claims.get("represents") or {}).get("name")),
        ("capacity", capacity, profile.get("capacity")),
        ("organization", organization, (claims.get("organization") or {}).get("name")),
        ("mandate", mandate, f"{held.get('scope')} {until} {held.get('until')}" if held else None),
        ("rights", rights, ", ".join(claims.get("rights") or [])),
    ]
    e = html.escape
    banner = "".join(f'<dt>{e(term)}</dt><dd id="acting-{name}">{e(str(value))}</dd>' for name, term, value in facts if value)
    heading = title if subject is None else f"{title} {e(subject)}"
    form = "" if subject is None else f"""
    <form method="post" action="/dossiers/{quote(subject, safe='')}/remarks">
      <input type="hidden" name="poort_profile" value="{e(str(profile.get('id', '')))}">
      <p><label for="remark">{remark}</label><br><input id="remark" name="remark" autocomplete="off"></p>
      <p><button type="submit">{save}</button></p>
    </form>"""
    return f"""<!doctype html>
<html lang="{language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{heading}</title>
  <style>{STYLE}</style>
</head>
<body>
  <header id="acting" data-backend="{BACKEND}">
    <dl>{banner}</dl>
    <a id="switch" href="{e(issuer)}/profile">{change}</a>
  </header>
  <main>
    <h1>{heading}</h1>{form}
  </main>
</body>
</html>
"""


class Register(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sample-register"
    sys_version = ""
    timeout = 60

    def log_message(self, *_):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def __getattr__(self, name):
        if name.startswith("do_"):  # every method goes one way; tests send odd ones too
            return self.respond
        raise AttributeError(name)

    def respond(self):
        path, _, query = self.path.partition("?")
        query = query if "?" in self.path else None
        self.unread = "chunked" if "chunked" in self.headers.get("Transfer-Encoding", "").lower() else int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        tokens = self.headers.get_all("Authorization") or []
        try:
            if len(tokens) > 1:
                raise Refused("several_tokens")
            claims = self.server.verifier.verify(tokens[0] if tokens else None)
        except Refused as refused:
            self.drain()
            return self.json(401, {"backend": BACKEND, "error": refused.reason}, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return self.answer(path, query, claims)

    def answer(self, path, query, claims):
        asked = parse_qs(query or "")

        def number(name, otherwise):
            return int(asked.get(name, [otherwise])[0])

        extra = {}
        if path == "/slow":  # nothing at all for a while
            time.sleep(number("ms", 1_000) / 1_000)
        elif path == "/stream":  # one chunk at a time: a gateway that buffers shows nothing until the end
            self.begin_chunked("text/plain")
            for i in range(number("count", 5)):
                self.chunk(f"chunk {i}\n".encode())
                time.sleep(number("ms", 100) / 1_000)
            return self.chunk(b"")
        elif path == "/events":  # an event stream that does not end by itself
            self.begin_chunked("text/event-stream")
            i = 0
            while True:
                self.chunk(f'id: {i}\ndata: {{"n":{i}}}\n\n'.encode())
                time.sleep(number("ms", 100) / 1_000)
                i += 1
        elif path == "/big":
            left = number("bytes", 1_048_576)
            self.start(200, {"Content-Type": "application/octet-stream", "Content-Length": str(left)})
            block = b"x" * 65_536
            while left > 0:
                left -= self.wfile.write(block[: min(len(block), left)])
            return None
        elif path == "/reset":  # promises more than it sends, then is gone with a TCP reset
            self.start(200, {"Content-Type": "text/plain", "Content-Length": "1000"})
            self.wfile.write(b"the first half")
            self.wfile.flush()
            time.sleep(0.05)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.rfile.close()  # it holds the socket open; the reset is sent when the last holder lets go
            return self.connection.close()
        elif path == "/headers":
            extra = {f"X-Register-{i}": "x" * number("size", 10) for i in range(number("n", 10))}
        elif path == "/status":
            self.drain()
            return self.json(number("code", 500), {"backend": BACKEND, "error": "as asked"})
        elif path == "/echo":
            self.begin_chunked(self.headers.get("Content-Type", "application/octet-stream"))
            for part in self.body():
                self.chunk(part)
            return self.chunk(b"")

        subject = re.fullmatch(r"/dossiers/([^/]+)", path)
        if self.command == "GET" and (path == "/" or subject) and "text/html" in self.headers.get("Accept", ""):
            body = page(claims, unquote(subject[1]) if subject else None, self.server.issuer).encode()
            self.start(200, {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))})
            self.wfile.write(body)
            return None

        digest, length, first = hashlib.sha256(), 0, b""
        for part in self.body():
            digest.update(part)
            length += len(part)
            if length <= 4_096:
                first += part
        return self.json(200, {
            "backend": BACKEND,
            "method": self.command,
            "path": path,
            "query": query,
            "headers": [[name, value] for name, value in self.headers.raw_items()],
            "body": {"length": length, "sha256": digest.hexdigest(), "start": first.decode("utf-8", "replace")},
            "claims": claims,
        }, extra)

    def body(self):
        if self.unread == "chunked":
            while True:
                size = int(self.rfile.readline(64).split(b";")[0], 16)
                if size == 0:
                    while self.rfile.readline(1024) not in (b"\r\n", b"\n", b""):
                        pass
                    self.unread = 0
                    return
                left = size
                while left > 0:
                    part = self.rfile.read1(min(left, 65_536))
                    if not part:
                        raise ConnectionResetError
                    left -= len(part)
                    yield part
                self.rfile.readline(8)
        while self.unread:
            part = self.rfile.read1(min(self.unread, 65_536))
            if not part:
                raise ConnectionResetError
            self.unread -= len(part)
            yield part

    def drain(self):
        for _ in self.body():
            pass

    def start(self, status, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def begin_chunked(self, content_type):
        self.start(200, {"Content-Type": content_type, "Transfer-Encoding": "chunked", "Cache-Control": "no-store"})

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def json(self, status, value, headers=None):
        body = json.dumps(value).encode()
        self.start(status, {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})})
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address, issuer, verifier):
        super().__init__(address, Register)
        self.issuer, self.verifier = issuer, verifier

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], (BrokenPipeError, ConnectionResetError, TimeoutError)):
            super().handle_error(request, client_address)


def main():
    issuer, audience = os.environ.get("ISSUER"), os.environ.get("AUDIENCE")
    if not issuer or not audience:
        sys.exit("ISSUER and AUDIENCE must be set")
    verifier = Verifier(issuer, audience, os.environ.get("JWKS_URL") or None)
    server = Server((os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "0"))), issuer, verifier)
    print(json.dumps({"backend": BACKEND, "port": server.server_address[1]}), flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
