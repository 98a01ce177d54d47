"""LOGIN-1, LOGIN-3 with DigiD's protocol, by other people's software: Lasso reads what the gateway signs and writes what it believes, over
TLS in which both sides show a certificate; xmlsec1 checks the gateway's signatures once more. Ours: the gateway, and what carries it."""

import subprocess
import tempfile
import unittest
import urllib.parse
from pathlib import Path

import lasso

from gateway import BINARY, Browser, Gateway
from provider import Provider, pair


class Digid(unittest.TestCase):
    binding = "redirect"

    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls._folder.cleanup)
        cls.folder = Path(cls._folder.name)
        cls.own = pair(cls.folder, "poort")
        cls.provider = Provider(cls.folder)
        cls.gateway = Gateway(cls.folder, cls.provider, cls.own, cls.binding)
        cls.addClassCleanup(cls.gateway.stop)
        metadata = Browser().get(f"{cls.gateway.origin}/federated/digid/metadata")
        assert metadata.status == 200, metadata.text
        cls.metadata = metadata.text
        cls.provider.start(cls.own[0], cls.metadata)
        cls.addClassCleanup(cls.provider.stop)

    def setUp(self):
        self.provider.name, self.provider.status, self.provider.tamper = "s00000000:999990019", None, lambda text: text
        self.provider.seen.clear()

    def leave(self, browser):
        """To the provider and back."""
        page = browser.get(f"{self.gateway.origin}/")
        page = browser.get(page.link("/with/digid"))
        if self.binding == "post":
            action, fields = page.form("/sso")
            return browser.get(action, fields)
        return page

    def verified(self, text, element):
        """xmlsec1 checks a signature, by the certificate alone."""
        file = self.folder / "message.xml"
        file.write_text(text)
        checked = subprocess.run(
            ["xmlsec1", "--verify", "--id-attr:ID", element, "--pubkey-cert-pem", self.own[0], file], capture_output=True, text=True,
        )
        return checked.returncode == 0 and "OK" in checked.stderr + checked.stdout

    def test_login_3_a_first_login_makes_an_account_and_the_second_finds_it(self):
        browser = Browser()
        page = self.leave(browser)
        self.assertTrue(browser.is_in(), f"{page.status} {page.url}\n{page.text}\n{self.gateway.log()}")
        again = Browser()
        self.leave(again)
        self.assertTrue(again.is_in())
        self.assertNotIn("999990019", self.gateway.log() + " ".join(browser.trail))

    def test_login_1_lasso_reads_what_was_asked(self):
        self.leave(Browser())
        asked = self.provider.seen[0]
        self.assertIn('Comparison="minimum"', asked)
        self.assertIn("MobileTwoFactorContract", asked)
        self.assertIn('AssertionConsumerServiceIndex="0"', asked)

    def test_login_1_xmlsec1_checks_what_the_gateway_signs(self):
        self.leave(Browser())
        resolve = self.provider.seen[1]
        self.assertTrue(self.verified(self.metadata, "urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor"))
        self.assertTrue(self.verified(resolve, "urn:oasis:names:tc:SAML:2.0:protocol:ArtifactResolve"), resolve)
        self.assertFalse(self.verified(resolve.replace("Version=\"2.0\"", "Version=\"2.1\""), "urn:oasis:names:tc:SAML:2.0:protocol:ArtifactResolve"))

    def test_login_1_who_goes_back_is_told_so(self):
        self.provider.status = lasso.SAML2_STATUS_CODE_AUTHN_FAILED
        browser = Browser()
        page = self.leave(browser)
        self.assertFalse(browser.is_in())
        self.assertEqual(page.status, 200, page.text)

    def test_s4_an_artifact_works_once_and_in_one_browser(self):
        browser = Browser()
        self.leave(browser)
        self.assertTrue(browser.is_in())
        back = next(url for url in browser.trail if "SAMLart=" in url)
        for other in (Browser(), browser):
            asked = len(self.provider.seen)
            page = other.get(back)
            self.assertEqual(page.status, 200, "a page that explains")
            self.assertEqual(len(self.provider.seen), asked, "the resolver is not asked again")
        stranger = Browser()
        stranger.get(back)
        self.assertFalse(stranger.is_in())

    def test_s2_what_lasso_signed_and_somebody_changed_is_not_believed(self):
        for change in (
            lambda text: text.replace("999990019", "123456782"),
            lambda text: text.replace("s00000000:999990019", "s00000000:99999<!-- -->0019"),
            lambda text: text.replace("MobileTwoFactorContract", "SmartcardPKI"),
            lambda text: text[: len(text) // 2],
            lambda text: text.replace("<samlp:Status>", "<samlp:Extensions/><samlp:Status>", 1),
        ):
            self.provider.tamper = change
            browser = Browser()
            page = self.leave(browser)
            self.assertFalse(browser.is_in(), page.text)
            self.assertIn(page.status, (502, 503), page.text)
        self.setUp()
        browser = Browser()
        self.leave(browser)
        self.assertTrue(browser.is_in(), "the valid twin")

    def test_s4_a_weaker_login_than_was_asked_is_refused(self):
        self.provider.class_ref = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
        try:
            browser = Browser()
            page = self.leave(browser)
            self.assertFalse(browser.is_in())
            self.assertEqual(page.status, 403, page.text)
        finally:
            self.provider.class_ref = "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"

    def test_the_doctor_says_whether_the_resolver_lets_us_in(self):
        doctor = lambda: subprocess.run([BINARY, "doctor", "--config", self.gateway.configuration], capture_output=True, text=True).stdout
        seen = doctor()
        self.assertRegex(seen, r"ok +digid of mijnrgs: https://localhost:\d+/resolve lets us in; .* must know .*federated/digid/metadata")
        self.assertRegex(seen, r"signing certificate of digid of mijnrgs: is good for \d\d more days")
        metadata = self.folder / "tenants/digid/metadata.xml"
        good = metadata.read_text()
        metadata.write_text(good.replace(self.provider.entity, "http://localhost/other"))
        self.assertRegex(doctor(), r"FAILURE +digid of mijnrgs: .*metadata\.xml: the metadata of")
        metadata.write_text(good)

    def test_lasso_refuses_a_request_that_was_changed(self):
        browser = Browser()
        page = browser.get(f"{self.gateway.origin}/")
        if self.binding == "post":
            page = browser.get(page.link("/with/digid"))
            action, fields = page.form("/sso")
            fields["SAMLRequest"] = fields["SAMLRequest"][:-8] + "AAAAAAA="
            self.assertEqual(browser.get(action, fields).status, 404)
        else:
            browser.get(page.link("/with/digid"))
            asked = next(url for url in browser.trail if "/sso?" in url)
            changed = asked.replace("RelayState=", "RelayState=x")
            self.assertEqual(browser.get(changed).status, 404)
            self.assertEqual(browser.get(asked.split("&Signature=")[0]).status, 404)


class DigidByPost(Digid):
    """The same by HTTP-POST: the request is signed in itself, and goes on by a button."""

    binding = "post"


if __name__ == "__main__":
    unittest.main()
