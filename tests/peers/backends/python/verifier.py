"""The whole trust of this register in its gateway: the issuer's published keys and the rules below.

Shares no code with Poort, nor with the Node register beside it; signatures and claims are checked by PyPI `PyJWT`.
"""

import http.client
import json
import threading
import time
from urllib.parse import urlsplit

import jwt

CLOCK_TOLERANCE_SECONDS = 5
TYPE = "poort-backend+jwt"


class Refused(Exception):
    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def connect(url, timeout=3):
    """A connection to `url`; names that end in `.localhost` are this machine (RFC 6761 section 6.3), which Python does not know."""
    parts = urlsplit(url)
    https = parts.scheme == "https"
    connection = (http.client.HTTPSConnection if https else http.client.HTTPConnection)(
        parts.hostname, parts.port, timeout=timeout
    )
    name = parts.hostname.rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        create = connection._create_connection
        connection._create_connection = lambda address, *rest, **named: create(("127.0.0.1", address[1]), *rest, **named)
    return connection


def fetch_keys(url):
    parts = urlsplit(url)
    connection = connect(url)
    try:
        connection.request("GET", parts.path or "/", headers={"Accept": "application/json"})
        response = connection.getresponse()
        if response.status != 200:
            raise OSError(f"{url} answered {response.status}")
        return json.loads(response.read(1_048_576))
    finally:
        connection.close()


class KeySet:
    """Keeps the issuer's keys; asks again when a token names a key it does not know, but not more often than `cooldown` seconds."""

    def __init__(self, url, cooldown=5.0, fetch=fetch_keys, clock=time.monotonic):
        self._url, self._cooldown, self._fetch, self._clock = url, cooldown, fetch, clock
        self._keys, self._asked_at = {}, None
        self._lock = threading.Lock()

    def key(self, kid):
        with self._lock:
            if kid not in self._keys and (self._asked_at is None or self._clock() - self._asked_at >= self._cooldown):
                try:
                    document = self._fetch(self._url)
                    keys = {}
                    for entry in document["keys"]:
                        # Only what could have signed a backend token; an RS256 key of the same issuer is for applications.
                        if entry.get("kty") == "EC" and entry.get("crv") == "P-256" and entry.get("use", "sig") == "sig":
                            keys[entry.get("kid")] = jwt.PyJWK(entry, algorithm="ES256")
                except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException, jwt.PyJWTError):
                    if kid not in self._keys:
                        raise Refused("keys_unavailable") from None
                else:
                    self._keys, self._asked_at = keys, self._clock()
            if kid not in self._keys:
                raise Refused("unknown_key")
            return self._keys[kid]


class Verifier:
    """`issuer`: exact `iss`, the origin of the tenant's login host. `audience`: exact `aud`, this register and no other."""

    def __init__(self, issuer, audience, jwks_url=None, keys=None):
        self._issuer, self._audience = issuer, audience
        self._keys = keys or KeySet(jwks_url or f"{issuer}/jwks")

    def verify(self, authorization):
        """The claims of the token in an `Authorization` header; raises `Refused`."""
        if not authorization:
            raise Refused("no_token")
        parts = authorization.split(" ")
        if len(parts) != 2 or parts[0].lower() != "bearer" or not parts[1]:
            raise Refused("not_a_bearer_token")
        token = parts[1]
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise Refused("malformed") from None
        # An access token (`at+jwt`) and an id token (`JWT`) of the same issuer are signed by the same keys: only `typ` tells
        # them apart.
        if header.get("typ") != TYPE:
            raise Refused("wrong_typ")
        if header.get("alg") != "ES256":
            raise Refused("wrong_alg")
        try:
            claims = jwt.decode(
                token,
                self._keys.key(header.get("kid")),
                algorithms=["ES256"],
                issuer=self._issuer,
                audience=self._audience,
                leeway=CLOCK_TOLERANCE_SECONDS,
                options={"require": ["iat", "nbf", "exp", "iss", "aud", "sub"], "strict_aud": True},
            )
        except jwt.ExpiredSignatureError:
            raise Refused("expired") from None
        except jwt.ImmatureSignatureError:
            raise Refused("not_yet_valid") from None
        except jwt.InvalidAudienceError:
            raise Refused("wrong_aud") from None
        except jwt.InvalidIssuerError:
            raise Refused("wrong_iss") from None
        except jwt.MissingRequiredClaimError as missing:
            raise Refused(f"missing_{missing.claim}") from None
        except jwt.InvalidSignatureError:
            raise Refused("bad_signature") from None
        except jwt.PyJWTError:
            raise Refused("malformed") from None
        return claims
