"""LOGIN-1 with the protocol of an eIDAS node, by other people's software: xmlsec1 signs by ECDSA and encrypts assertions as a whole, Python's own
canonical XML and `cryptography` verify the RSA-PSS of the gateway. Ours: the gateway, the texts of the answer, and what carries them."""

import base64
import hashlib
import re
import sqlite3
import tempfile
import unittest
import uuid
import xml.etree.ElementTree as ET
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from gateway import CARE, Browser, Gateway
from provider import pair
from test_eherkenning import XENC, Broker, said

NATURAL = "http://eidas.europa.eu/attributes/naturalperson"
GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
PSS = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"


class Node(Broker):
    """A node, whose key is on a curve."""

    entity = "https://node.example/metadata"
    level = "http://eidas.europa.eu/LoA/substantial"
    method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"

    def keys(self, folder: Path):
        return pair(folder, "node", ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"))


def eleni(identifier="GR/BE/ABC000123") -> str:
    def both(name, own, latin):
        return (f'<saml:Attribute Name="{NATURAL}/{name}"><saml:AttributeValue xmlns:n="{NATURAL}" n:LatinScript="false">{own}</saml:AttributeValue>'
                f"<saml:AttributeValue>{latin}</saml:AttributeValue></saml:Attribute>")
    return (said(f"{NATURAL}/PersonIdentifier", identifier) + said(f"{NATURAL}/DateOfBirth", "1979-02-11")
            + both("CurrentGivenName", "Ελένη", "Eleni") + both("CurrentFamilyName", "Παπαδοπούλου", "Papadopoulou"))


class EidasByXmlsec(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        cls.own, cls.node = pair(cls.folder, "gateway"), Node(cls.folder)
        cls.gateway = Gateway(cls.folder, cls.node, cls.own, host=CARE)
        cls.metadata = Browser().get(f"{cls.gateway.origin}/federated/eidas/metadata").text

    @classmethod
    def tearDownClass(cls):
        cls.gateway.stop()
        cls.scratch.cleanup()

    def leave(self, browser):
        page = browser.get(browser.get(f"{self.gateway.origin}/").link("/with/eidas"))
        _, fields = page.form("localhost:9/sso")
        return base64.b64decode(fields["SAMLRequest"]).decode(), fields

    def verify(self, text: str):
        """An enveloped RSA-PSS signature over a whole document, by nothing of ours."""
        signature = re.search(r"<ds:Signature .*?</ds:Signature>", text, re.S)[0]
        info = re.search(r"<ds:SignedInfo>.*?</ds:SignedInfo>", signature, re.S)[0]
        self.assertIn(f'<ds:SignatureMethod Algorithm="{PSS}"', info)
        info = info.replace("<ds:SignedInfo>", '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">', 1)
        digest = hashlib.sha256(ET.canonicalize(text.replace(signature, "", 1)).encode()).digest()
        self.assertEqual(re.search(r"<ds:DigestValue>(.*?)</ds:DigestValue>", info)[1], base64.b64encode(digest).decode())
        value = base64.b64decode(re.search(r"<ds:SignatureValue>(.*?)</ds:SignatureValue>", signature, re.S)[1])
        certificate = x509.load_pem_x509_certificate(self.own[0].read_bytes())
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        certificate.public_key().verify(value, ET.canonicalize(info).encode(), scheme, hashes.SHA256())

    def log_in(self, attributes=None, content=GCM, whole=True, reader=None, tamper=lambda text: text):
        browser = Browser()
        request, fields = self.leave(browser)
        callback, audience = f"{self.gateway.origin}/federated/eidas/callback", f"{self.gateway.origin}/federated/eidas/metadata"
        seal = (lambda text: self.node.sealed("EncryptedAssertion", reader or self.own[0], text, content)) if whole else (lambda text: text)
        id = re.search(r' ID="([^"]*)"', request)[1]
        answer = tamper(self.node.answer(id, callback, audience, attributes or eleni(), seal))
        form = {"SAMLResponse": base64.b64encode(answer.encode()).decode(), "RelayState": fields["RelayState"]}
        return browser, browser.lax(callback, form)

    def test_login_1_the_request_and_the_metadata_are_signed_by_pss(self):
        request, fields = self.leave(Browser())
        for text in [request, self.metadata]:
            self.verify(text)
        with self.assertRaises(AssertionError):
            self.verify(request.replace("<eidas:SPType>public", "<eidas:SPType>private"))
        for part in ['Comparison="minimum"', "http://eidas.europa.eu/LoA/low", f"{NATURAL}/PersonIdentifier", 'ForceAuthn="true"']:
            self.assertIn(part, request)
        self.assertIn(f'<md:EncryptionMethod Algorithm="{GCM}"/>', self.metadata)
        self.assertLessEqual(len(fields["RelayState"]), 80)

    def test_login_1_what_xmlsec1_signed_on_a_curve_and_encrypted_logs_in(self):
        browser, page = self.log_in()
        self.assertTrue(browser.is_in(CARE), f"{page.status} {page.url}\n{page.text}\n{self.gateway.log()}")
        self.assertIn("Eleni Papadopoulou", browser.get(f"{self.gateway.origin}/").text)
        self.assertNotIn("ABC000123", self.gateway.log())
        database = sqlite3.connect(next(self.folder.rglob("poort.db")))
        self.assertEqual(database.execute("SELECT count(*) FROM person WHERE family_name = 'Papadopoulou'").fetchone()[0], 1)

    def test_login_1_what_is_changed_in_the_clear_or_for_another_does_not(self):
        other = pair(self.folder, "other")
        for name, words in [("in the clear", {"whole": False}), ("for another", {"reader": other[0]}), ("by CBC", {"content": f"{XENC}aes256-cbc"}),
                            ("changed after", {"tamper": lambda text: text.replace('Version="2.0"', 'Version="2.0" Consent="x"', 1)}),
                            ("to another country", {"attributes": eleni("GR/NL/ABC000123")})]:
            with self.subTest(name):
                browser, page = self.log_in(**words)
                self.assertFalse(browser.is_in(CARE), page.text)
                self.assertEqual(page.status, 502)
        browser, _ = self.log_in()
        self.assertTrue(browser.is_in(CARE), "the valid twin")


if __name__ == "__main__":
    unittest.main()
