"""A register that believes everybody and says what it was asked: the method, the target as it came, the path as Python reads it, and
the bytes of the body; a line each. Attacks ask it whether the gateway decided on the same.

    python3 server.py      The first line on standard output is its port. `/.poort/seen` tells what was asked since, and forgets it.
"""

import posixpath
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

seen = []


def read(target):
    """As http.server's own handler of files does it."""
    path = unquote(urlsplit(target).path)
    return posixpath.normpath(path) + ("/" if path.endswith("/") and path != "/" else "")


class Register(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def log_message(self, *_):
        pass

    def __getattr__(self, name):
        if name.startswith("do_"):  # every method goes one way
            return self.respond
        raise AttributeError(name)

    def respond(self):
        length = len(self.body())
        if self.path == "/.poort/seen":
            text = "\n".join(seen)
            seen.clear()
        else:
            seen.append(f"{self.command} {self.path} {length}")
            text = "\n".join([self.command, self.path, read(self.path), str(length)])
        answer = text.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    def body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        whole = b""
        while size := int(self.rfile.readline(64).split(b";")[0], 16):
            whole += self.rfile.read(size)
            self.rfile.readline(8)
        while self.rfile.readline(1024) not in (b"\r\n", b"\n", b""):
            pass
        return whole


server = ThreadingHTTPServer(("127.0.0.1", 0), Register)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
