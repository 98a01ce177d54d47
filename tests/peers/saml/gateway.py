"""`poort serve` with a tenant as it is shipped (MijnRGS with DigiD, Registerplein with eHerkenning, ProGezondheid with eIDAS), whose provider is that of these tests;
and a browser without JavaScript."""

import html
import http.client
import os
import re
import socket
import subprocess
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("POORT_BIN") or ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "debug/poort")
HOST = "login.mijnrgs.localhost"
EMPLOYERS = "login.registerplein.localhost"
CARE = "login.progezondheid.localhost"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Gateway:
    """A gateway that is ready, on an empty database."""

    def __init__(self, folder: Path, provider, own, binding="redirect", host=HOST):
        self.port, self.management = free_port(), free_port()
        self.origin = f"http://{host}:{self.port}"
        tenant, method, swaps = {
            HOST: ("mijnrgs", "digid", [
                ("login.mijnrgs.example\"", f"{HOST}\""),
                ("opleiding.mijnrgs.example\"", "opleiding.mijnrgs.localhost\""),
                ("https://was.digid.nl/saml/idp/metadata\"\n# DigiD's metadata", f"{provider.entity}\"\n# DigiD's metadata"),
                ('binding = "redirect"', f'binding = "{binding}"'),
            ]),
            EMPLOYERS: ("registerplein", "eherkenning", [
                ("login.registerplein.example\"", f"{EMPLOYERS}\""),
                ("registratie.registerplein.example\"", "registratie.registerplein.localhost\""),
                ("urn:etoegang:HM:00000003999999990000:entities:9001", provider.entity),
            ]),
            CARE: ("progezondheid", "eidas", [
                ("login.progezondheid.example\"", f"{CARE}\""),
                ("dossier.progezondheid.example\"", "dossier.progezondheid.localhost\""),
                ('client_secret_file = "/run/secrets/fas"', "# no secret"),
                ("https://eidas.example.be/EidasNode/ConnectorMetadata", provider.entity),
            ]),
        }[host]
        self.tenant = tenant
        tenants = folder / "tenants"
        files = tenants / method
        files.mkdir(parents=True, exist_ok=True)
        text = (ROOT / f"deploy/tenants/{tenant}.toml").read_text()
        for old, new in swaps:
            assert old in text, old
            text = text.replace(old, new)
        (tenants / f"{tenant}.toml").write_text(text)
        (files / "metadata.xml").write_text(provider.metadata)
        (files / "poort.pem").write_text(own[0].read_text())
        (files / "poort.key").write_text(own[1].read_text())
        (files / "poort.key").chmod(0o600)
        (files / "authorities.pem").write_text(getattr(provider, "tls", own)[0].read_text())
        if not (folder / "master.key").exists():
            subprocess.run([BINARY, "new-master-key", folder / "master.key"], check=True, capture_output=True)
        configuration = folder / "gateway.toml"
        configuration.write_text(f'[server]\nlisten = "127.0.0.1:{self.port}"\nmanagement_listen = "127.0.0.1:{self.management}"\npublic_scheme = "http"\n')
        self.configuration = configuration
        self._log = open(folder / "log", "a+b")
        self._process = subprocess.Popen([BINARY, "serve", "--config", configuration], stdout=self._log, stderr=self._log)
        for _ in range(600):
            if self._process.poll() is not None:
                raise AssertionError(f"the gateway ended:\n{self.log()}")
            if '"ready"' in self.log():
                return
            time.sleep(0.05)
        raise AssertionError(f"the gateway was not ready:\n{self.log()}")

    def log(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def stop(self):
        self._process.terminate()
        self._process.wait(20)
        log = self.log()
        self._log.close()
        assert "panicked" not in log, log


class Page:
    def __init__(self, url, status, text, headers):
        self.url, self.status, self.text, self.headers = url, status, text, headers

    def link(self, part: str) -> str:
        found = [html.unescape(href) for href in re.findall(r'href="([^"]*)"', self.text)]
        found = [href for href in found if part in href]
        assert found, f"no link with {part} at {self.url} {self.status}\n{self.text}"
        return urllib.parse.urljoin(self.url, found[0])

    def form(self, part: str) -> tuple[str, dict]:
        for form in re.findall(r"<form.*?</form>", self.text, re.S):
            action = html.unescape(re.search(r'action="([^"]*)"', form)[1])
            if part in action:
                fields = re.findall(r'name="([^"]*)" value="([^"]*)"', form)
                return urllib.parse.urljoin(self.url, action), {name: html.unescape(value) for name, value in fields}
        raise AssertionError(f"no form to {part} at {self.url} {self.status}\n{self.text}")


class Browser:
    """Keeps cookies by host and follows redirects, to the gateway and to the provider alike: all of it is on this machine."""

    def __init__(self):
        self.jar, self.trail = {}, []

    def get(self, url: str, form=None) -> Page:
        for _ in range(20):
            self.trail.append(url)
            parts = urllib.parse.urlsplit(url)
            connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=30)
            headers = {"host": parts.netloc, "accept": "text/html", "accept-language": "nl", "sec-fetch-mode": "navigate"}
            cookies = self.jar.setdefault(parts.hostname, {})
            if cookies:
                headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
            target = parts.path or "/"
            target += f"?{parts.query}" if parts.query else ""
            body = None
            if form is not None:
                body = urllib.parse.urlencode(form)
                headers |= {"content-type": "application/x-www-form-urlencoded", "origin": f"{parts.scheme}://{parts.netloc}", "sec-fetch-site": "same-origin"}
            connection.request("POST" if body is not None else "GET", target, body, headers)
            response = connection.getresponse()
            for value in response.headers.get_all("set-cookie") or []:
                name, value = value.split(";")[0].split("=", 1)
                cookies[name] = value
            text, where = response.read().decode(), response.headers.get("location")
            connection.close()
            if where is None:
                return Page(url, response.status, text, response.headers)
            url, form = urllib.parse.urljoin(url, where), None
        raise AssertionError(f"a circle: {self.trail}")

    def is_in(self, host=HOST) -> bool:
        return "__Host-poort-session" in self.jar.get(host, {})

    def lax(self, url: str, form: dict) -> Page:
        """A form of another site: cookies stay behind (`SameSite=Lax`), and come along where it leads."""
        host = urllib.parse.urlsplit(url).hostname
        kept, self.jar[host] = self.jar.get(host, {}), {}
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=30)
        headers = {"host": parts.netloc, "accept": "text/html", "content-type": "application/x-www-form-urlencoded",
                   "origin": "http://localhost", "sec-fetch-site": "cross-site", "accept-language": "nl"}
        connection.request("POST", parts.path, urllib.parse.urlencode(form), headers)
        response = connection.getresponse()
        assert not response.headers.get_all("set-cookie"), "an answer to another site's form sets no cookie"
        text, where = response.read().decode(), response.headers.get("location")
        connection.close()
        self.jar[host] = kept
        return self.get(urllib.parse.urljoin(url, where)) if where else Page(url, response.status, text, response.headers)
