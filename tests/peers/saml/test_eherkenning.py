"""LOGIN-13 with eHerkenning's protocol, by other people's software: Lasso reads what the gateway signs and its metadata, xmlsec1 encrypts and signs
what the gateway believes. Ours: the gateway, the texts of the answer, and what carries them."""

import base64
import sqlite3
import subprocess
import tempfile
import time
import unittest
import uuid
from pathlib import Path

import lasso

from gateway import EMPLOYERS, Browser, Gateway
from provider import moment, pair

SERVICE = "urn:etoegang:DV:00000003999999990000:services:1"
DSIG, XENC = "http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2001/04/xmlenc#"
SAML, PROTOCOL = "urn:oasis:names:tc:SAML:2.0:assertion", "urn:oasis:names:tc:SAML:2.0:protocol"
KVK, PSEUDONYM = "urn:etoegang:1.9:EntityConcernedID:KvKnr", "urn:etoegang:1.12:EntityConcernedID:PseudoID"


def place(id: str, method="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256") -> str:
    return f"""<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="{method}"/><ds:Reference URI="#{id}"><ds:Transforms><ds:Transform Algorithm="{DSIG}enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms><ds:DigestMethod Algorithm="{XENC}sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>"""


class Broker:
    """Who answers. What it encrypts and signs, xmlsec1 does."""

    entity = "urn:etoegang:HM:00000003999999990000:entities:9009"
    level = "urn:etoegang:core:assurance-class:loa3"
    method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

    def __init__(self, folder: Path):
        self.folder, self.signing = folder, self.keys(folder)
        der = "".join(self.signing[0].read_text().strip().splitlines()[1:-1])
        self.metadata = f"""<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="{DSIG}" entityID="{self.entity}">
  <IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="{PROTOCOL}">
    <KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="http://localhost:9/sso"/>
  </IDPSSODescriptor>
</EntityDescriptor>"""

    def keys(self, folder: Path):
        return pair(folder, "broker")

    def run(self, *words, text: str) -> str:
        file = self.folder / "in.xml"
        file.write_text(text)
        done = subprocess.run(["xmlsec1", *map(str, words), str(file)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.removeprefix('<?xml version="1.0"?>').strip()

    def identifier(self, reader: Path, kind: str, value: str, content: str, beside: bool) -> str:
        return self.sealed("EncryptedID", reader, f'<saml:NameID xmlns:saml="{SAML}" NameQualifier="{kind}">{value}</saml:NameID>', content, beside)

    def sealed(self, name: str, reader: Path, text: str, content: str, beside=False) -> str:
        """An EncryptedID or EncryptedAssertion for who has the key of a certificate."""
        plain = self.folder / "plain.xml"
        plain.write_text(text)
        id = f"_{uuid.uuid4().hex}"
        key = f"""<xenc:EncryptedKey Id="{id}"><xenc:EncryptionMethod Algorithm="{XENC}rsa-oaep-mgf1p"/><ds:KeyInfo><ds:KeyName>reader</ds:KeyName></ds:KeyInfo><xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey>"""
        sealed = self.run(
            "--encrypt", "--pubkey-cert-pem:reader", reader, "--session-key", "aes-256", "--xml-data", plain,
            text=f"""<xenc:EncryptedData xmlns:xenc="{XENC}" xmlns:ds="{DSIG}" Type="{XENC}Element"><xenc:EncryptionMethod Algorithm="{content}"/><ds:KeyInfo>{key}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>""",
        )
        if beside:
            start, end = sealed.index("<xenc:EncryptedKey"), sealed.index("</xenc:EncryptedKey>") + len("</xenc:EncryptedKey>")
            key = sealed[start:end].replace("<xenc:EncryptedKey", f'<xenc:EncryptedKey xmlns:xenc="{XENC}" xmlns:ds="{DSIG}"', 1)
            pointer = f'<ds:RetrievalMethod Type="{XENC}EncryptedKey" URI="#{id}"/>'
            sealed = sealed[:start] + pointer + sealed[end:] + key
        return f"<saml:{name}>{sealed}</saml:{name}>"

    def sign(self, text: str, element: str) -> str:
        return self.run("--sign", "--id-attr:ID", element, "--privkey-pem", self.signing[1], text=text)

    def answer(self, request: str, callback: str, audience: str, attributes: str, seal=lambda assertion: assertion) -> str:
        now, id = time.time(), f"_{uuid.uuid4().hex}"
        assertion = f"""<saml:Assertion xmlns:saml="{SAML}" ID="{id}a" Version="2.0" IssueInstant="{moment(now)}"><saml:Issuer>{self.entity}</saml:Issuer>{place(id + "a", self.method)}<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">{id}t</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="{request}" Recipient="{callback}" NotOnOrAfter="{moment(now + 120)}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{moment(now - 120)}" NotOnOrAfter="{moment(now + 120)}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{moment(now)}"><saml:AuthnContext><saml:AuthnContextClassRef>{self.level}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"""
        signed = seal(self.sign(assertion, f"{SAML}:Assertion"))
        response = f"""<samlp:Response xmlns:samlp="{PROTOCOL}" xmlns:saml="{SAML}" ID="{id}r" Version="2.0" IssueInstant="{moment(now)}" InResponseTo="{request}" Destination="{callback}"><saml:Issuer>{self.entity}</saml:Issuer>{place(id + "r", self.method)}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{signed}</samlp:Response>"""
        return self.sign(response, f"{PROTOCOL}:Response")


def said(name: str, value: str) -> str:
    return f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'


class Eherkenning(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls._folder.cleanup)
        cls.folder = Path(cls._folder.name)
        cls.own = pair(cls.folder, "poort")
        cls.broker = Broker(cls.folder)
        cls.gateway = Gateway(cls.folder, cls.broker, cls.own, host=EMPLOYERS)
        cls.addClassCleanup(cls.gateway.stop)
        metadata = Browser().get(f"{cls.gateway.origin}/federated/eherkenning/metadata")
        assert metadata.status == 200, metadata.text
        cls.metadata = metadata.text
        [database] = cls.folder.rglob("*.db")
        with sqlite3.connect(database, timeout=10) as connection:
            # What a register would push.
            connection.execute("INSERT INTO organization (tenant, id, name, number) VALUES ('registerplein', ?, 'Maatwerk De Linde', '90000011')", (str(uuid.uuid4()),))
        connection.close()

    def leave(self, browser):
        """From the page of keys; what Lasso reads of the request, and the form as it came."""
        page = browser.get(f"{self.gateway.origin}/")
        page = browser.get(page.link("/with/eherkenning"))
        _, fields = page.form("http://localhost:9/sso")
        pem, key = self.broker.signing
        server = lasso.Server.newFromBuffers(self.broker.metadata, key.read_text(), None, pem.read_text())
        server.addProviderFromBuffer(lasso.PROVIDER_ROLE_SP, self.metadata)
        login = lasso.Login(server)
        login.processAuthnRequestMsg(fields["SAMLRequest"])
        return login, fields

    def log_in(self, company="90000011", content=f"{XENC}aes256-cbc", beside=True, reader=None, tamper=lambda text: text):
        browser = Browser()
        login, fields = self.leave(browser)
        callback = f"{self.gateway.origin}/federated/eherkenning/callback"
        seal = lambda kind, value: self.broker.identifier(reader or self.own[0], kind, value, content, beside)
        attributes = said("urn:etoegang:core:ServiceID", SERVICE)
        attributes += said("urn:etoegang:core:LegalSubjectID", seal(KVK, company))
        attributes += said("urn:etoegang:core:ActingSubjectID", seal(PSEUDONYM, "5C1D0E7A93F84B26@eh"))
        answer = tamper(self.broker.answer(login.request.iD, callback, login.request.issuer.content, attributes))
        form = {"SAMLResponse": base64.b64encode(answer.encode()).decode(), "RelayState": fields["RelayState"]}
        return browser, browser.lax(callback, form)

    def test_login_13_lasso_reads_the_request_and_the_metadata(self):
        login, fields = self.leave(Browser())
        self.assertEqual(login.request.attributeConsumingServiceIndex, 1)
        self.assertTrue(login.request.forceAuthn)
        self.assertIsNone(login.request.requestedAuthnContext)
        self.assertLessEqual(len(fields["RelayState"]), 80)
        changed = base64.b64encode(base64.b64decode(fields["SAMLRequest"]).replace(b'Index="1"', b'Index="2"')).decode()
        with self.assertRaises(lasso.Error):
            lasso.Login(login.server).processAuthnRequestMsg(changed)
        for text, element in [(self.metadata, "urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor"),
                              (base64.b64decode(fields["SAMLRequest"]).decode(), f"{PROTOCOL}:AuthnRequest")]:
            self.broker.run("--verify", "--id-attr:ID", element, "--pubkey-cert-pem", self.own[0], text=text)

    def test_login_13_what_xmlsec1_encrypted_and_signed_logs_in_for_the_organization(self):
        for content in [f"{XENC}aes256-cbc", "http://www.w3.org/2009/xmlenc11#aes256-gcm"]:
            for beside in [True, False]:
                with self.subTest(content=content, beside=beside):
                    browser, page = self.log_in(content=content, beside=beside)
                    self.assertTrue(browser.is_in(EMPLOYERS), f"{page.status} {page.url}\n{page.text}\n{self.gateway.log()}")
                    self.assertIn("Maatwerk De Linde", page.text)
        self.assertNotIn("5C1D0E7A93F84B26", self.gateway.log())

    def test_login_13_what_is_changed_or_for_another_does_not(self):
        other = pair(self.folder, "other")
        for name, words in [("another organization", {"company": "90000033"}), ("for another", {"reader": other[0]}),
                            ("changed after", {"tamper": lambda text: text.replace("loa3", "loa4")}),
                            ("by 3DES", {"tamper": lambda text: text.replace("aes256-cbc", "tripledes-cbc")})]:
            with self.subTest(name):
                browser, page = self.log_in(**words)
                self.assertFalse(browser.is_in(EMPLOYERS), page.text)
                self.assertIn(page.status, [403, 502])
        browser, _ = self.log_in()
        self.assertTrue(browser.is_in(EMPLOYERS), "the valid twin")


if __name__ == "__main__":
    unittest.main()
