"""The gateway's encryption against PyPI `jwcrypto`, both ways. Foreign: every byte that jwcrypto makes or reads."""

import base64
import json
import os
import pathlib
import subprocess
import unittest

from jwcrypto import jwe, jwk

ROOT = pathlib.Path(__file__).parents[3]
BINARY = ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "debug/examples/jwe"
ALGS = ("RSA-OAEP", "RSA-OAEP-256")
ENCS = ("A128CBC-HS256", "A128GCM", "A256GCM")


class Encryption(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.key = jwk.JWK.generate(kty="RSA", size=2048)
        pem = cls.key.export_to_pem(private_key=True, password=None).decode()
        cls.pkcs8 = "".join(line for line in pem.splitlines() if "-----" not in line)
        cls.child = subprocess.Popen([BINARY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    @classmethod
    def tearDownClass(cls):
        cls.child.stdin.close()
        cls.child.wait()
        cls.child.stdout.close()

    def ours(self, **request):
        self.child.stdin.write(json.dumps(request) + "\n")
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())

    def test_what_one_encrypts_the_other_reads(self):
        public = json.loads(self.key.export_public())
        for alg in ALGS:
            for enc in ENCS:
                # Not the empty text: jwcrypto takes it for none.
                for content in ("x", "exactly sixteen!", "é " * 3000):
                    with self.subTest(alg=alg, enc=enc, length=len(content)):
                        header = json.dumps({"alg": alg, "enc": enc, "cty": "JWT"})
                        theirs = jwe.JWE(content.encode(), header, recipient=self.key).serialize(compact=True)
                        self.assertEqual(self.ours(open=theirs, pkcs8=self.pkcs8), {"content": content, "cty": "JWT"})
                        token = self.ours(seal=content, jwk=public, alg=alg, enc=enc)["token"]
                        opened = jwe.JWE()
                        opened.deserialize(token, self.key)
                        self.assertEqual(opened.payload.decode(), content)

    def test_what_was_changed_or_compressed_is_read_by_neither(self):
        for header in ({"zip": "DEF"}, {}):
            header = json.dumps({"alg": "RSA-OAEP-256", "enc": "A128GCM", **header})
            theirs = jwe.JWE(b"content", header, recipient=self.key).serialize(compact=True)
            if "zip" in header:
                self.assertIn("compression", self.ours(open=theirs, pkcs8=self.pkcs8)["error"])
                continue
            *before, tag = theirs.split(".")
            tag = base64.urlsafe_b64encode(bytes(byte ^ 1 for byte in base64.urlsafe_b64decode(tag + "=="))).decode()
            changed = ".".join([*before, tag.rstrip("=")])
            self.assertIn("error", self.ours(open=changed, pkcs8=self.pkcs8))


if __name__ == "__main__":
    unittest.main()
