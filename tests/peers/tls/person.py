"""Somebody at the demo, without JavaScript: keeps cookies, follows redirects, fills in forms. Over TLS, by Python's own library."""

import html
import re
import ssl
from urllib.parse import urlencode, urljoin, urlsplit

PASSWORD = "zeven paarden op het balkon"


class Person:
    def __init__(self, demo, user):
        self.demo, self.user, self.cookies = demo, user, {}

    def once(self, method, url, form=None):
        """One request: status, head and page."""
        place = urlsplit(url)
        body = urlencode(form or {}).encode()
        lines = [f"{method} {place.path or '/'}{'?' + place.query if place.query else ''} HTTP/1.1", f"Host: {place.netloc}",
                 "Accept: text/html", "Accept-Language: en", "Connection: close"]
        jar = self.cookies.get(place.hostname, {})
        if jar:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in jar.items()))
        if form is not None:
            lines += [f"Origin: https://{place.netloc}", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        with self.demo.connect(protocols=("http/1.1",), host=place.hostname) as tls:
            tls.sendall("\r\n".join([*lines, "", ""]).encode() + body)
            answer = b""
            while part := received(tls):
                answer += part
        head, _, page = answer.partition(b"\r\n\r\n")
        head = head.decode()
        for cookie in re.findall(r"(?im)^set-cookie: ([^=]+)=([^;\r]*)", head):
            self.cookies.setdefault(place.hostname, {})[cookie[0]] = cookie[1]
        return int(head[9:12]), head, page.decode(errors="replace")

    def go(self, method, url, form=None):
        """The page at which one arrives, and its address."""
        for _ in range(20):
            status, head, page = self.once(method, url, form)
            to = re.search(r"(?im)^location: ([^\r]+)", head)
            if not to:
                return url, status, page
            method, url, form = "GET", urljoin(url, to[1]), None
        raise AssertionError(f"a circle at {url}")

    def press(self, at, page, action, **fields):
        """Sends the form that goes to a path."""
        form = next(form for form in re.findall(r"(?s)<form.*?</form>", page) if re.search(f'action="[^"]*{re.escape(action)}"', form))
        hidden = {html.unescape(name): html.unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)}
        return self.go("POST", urljoin(at, re.search(r'action="([^"]+)"', form)[1]), hidden | fields)

    def sign_in(self, url):
        """Comes from a register's page to its login, and proves who one is with password and authenticator app."""
        at, _, page = self.go("GET", url)
        link = html.unescape(re.search(r'href="([^"]*second=totp)"', page)[1])
        at, _, page = self.go("GET", urljoin(at, link))
        at, _, page = self.press(at, page, "/password", user_name=self.user, password=PASSWORD)
        _, _, codes = self.once("GET", f"https://inbox.localhost:{self.demo.port}/authenticator")
        code = re.search(re.escape(self.user) + r'.*?class="code">(\d{6})', codes, re.S)[1]
        return self.press(at, page, "/totp", code=code)

    def choose_mandator(self, at, page, name):
        at, _, page = self.press(at, page, "/mandators", name=name)
        return self.press(at, page, "/mandators/choose", mandate=re.search(r'name="mandate" value="([^"]+)"', page)[1])


def received(tls):
    try:
        return tls.recv(65_536)
    except (ssl.SSLEOFError, ConnectionResetError):
        return b""
