"""DigiD as Lasso: a SAML identity provider of other people's making (C), its pages and its resolver, which asks for the gateway's certificate.

What Lasso writes and reads, it writes and reads by itself; ours is what carries it: two HTTP servers and a choice of person."""

import http.server
import ssl
import subprocess
import threading
import time
import urllib.parse
from pathlib import Path

import lasso

MIDDEN = "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"


def pair(folder: Path, name: str, kind=("rsa:2048",)) -> tuple[Path, Path]:
    """A key and its own certificate, by OpenSSL."""
    pem, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-days", "30", "-keyout", key, "-out", pem, "-subj", f"/CN={name}",
         "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True,
    )
    return pem, key


def moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Provider:
    """Who answers people and the gateway. `decide` changes a lasso.Login before its assertion is sent; `tamper` the text of an answer."""

    def __init__(self, folder: Path):
        self.signing = pair(folder, "lasso-signing")
        self.tls = pair(folder, "lasso-tls")
        self.sso = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler(self._sign_on))
        self.resolver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler(self._resolve))
        self.entity = f"http://localhost:{self.sso.server_port}/metadata"
        self.metadata = self._metadata()
        self.name, self.class_ref, self.status, self.tamper = "s00000000:999990019", MIDDEN, None, lambda text: text
        self.seen, self.kept, self.server = [], {}, None

    def start(self, gateway_certificate: Path, gateway_metadata: str):
        """Begins to serve who shows this certificate and is described by this metadata."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.tls)
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(gateway_certificate)
        self.resolver.socket = context.wrap_socket(self.resolver.socket, server_side=True)
        self.knows(gateway_metadata)
        for server in (self.sso, self.resolver):
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def knows(self, gateway_metadata: str):
        pem, key = self.signing
        self.server = lasso.Server.newFromBuffers(self.metadata, key.read_text(), None, pem.read_text())
        self.server.signatureMethod = lasso.SIGNATURE_METHOD_RSA_SHA256
        self.server.addProviderFromBuffer(lasso.PROVIDER_ROLE_SP, gateway_metadata)

    def stop(self):
        for server in (self.sso, self.resolver):
            server.shutdown()
            server.server_close()

    def _metadata(self) -> str:
        der = "".join(self.signing[0].read_text().strip().splitlines()[1:-1])
        return f"""<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{self.entity}">
  <!-- written by hand, as such files are -->
  <IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>
    <ArtifactResolutionService isDefault="true" index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="https://localhost:{self.resolver.server_port}/resolve"/>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="http://localhost:{self.sso.server_port}/sso"/>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="http://localhost:{self.sso.server_port}/sso"/>
  </IDPSSODescriptor>
</EntityDescriptor>"""

    def sign_on(self, message: str, method=None) -> str:
        """Takes a request, by its query or its form's field; answers where the person goes, with an artifact."""
        login = lasso.Login(self.server)
        login.processAuthnRequestMsg(message)
        self.seen.append(login.request.dump())
        try:
            login.validateRequestMsg(self.status is None, True)
        except lasso.LoginRequestDeniedError:
            if self.status is None:
                raise
        if self.status is None:
            now = time.time()
            login.buildAssertion(self.class_ref, moment(now), moment(now + 3600), moment(now - 120), moment(now + 120))
            name = login.assertion.subject.nameId
            name.content, name.format = self.name, None
            data = login.assertion.subject.subjectConfirmation.subjectConfirmationData
            data.notBefore, data.notOnOrAfter = None, moment(now + 120)
        else:
            login.response.status.statusCode.value = lasso.SAML2_STATUS_CODE_RESPONDER
            login.response.status.statusCode.statusCode = lasso.Samlp2StatusCode()
            login.response.status.statusCode.statusCode.value = self.status
        login.buildArtifactMsg(lasso.HTTP_METHOD_ARTIFACT_GET)
        self.kept[login.artifact] = login.artifactMessage
        return login.msgUrl

    def resolve(self, soap: str) -> str:
        """Answers what an artifact stands for, once. Lasso refuses what the gateway did not sign."""
        self.seen.append(soap)
        login = lasso.Login(self.server)
        login.processRequestMsg(soap)
        message = self.kept.pop(login.artifact, None)
        if message:
            login.artifactMessage = message
        login.buildResponseMsg()
        return self.tamper(login.msgBody)

    def _sign_on(self, handler):
        url = urllib.parse.urlsplit(handler.path)
        if handler.command == "POST":
            form = urllib.parse.parse_qs(handler.rfile.read(int(handler.headers["content-length"])).decode())
            where = self.sign_on(form["SAMLRequest"][0])
            where += "&" + urllib.parse.urlencode({"RelayState": form["RelayState"][0]}) if "RelayState=" not in where else ""
        else:
            where = self.sign_on(url.query)
        return 303, {"location": where}, b""

    def _resolve(self, handler):
        soap = handler.rfile.read(int(handler.headers.get("content-length") or 0)).decode()
        return 200, {"content-type": "text/xml"}, self.resolve(soap).encode()

    def _handler(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                try:
                    status, headers, body = answer(self)
                except lasso.Error as error:
                    status, headers, body = 404, {}, repr(error).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        return Handler
