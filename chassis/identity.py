"""Who is calling, proven by a short-lived signed token that every service verifies itself.

Tokens are EdDSA (Ed25519) JSON web tokens. The gateway holds the private key that speaks for
people. A service that calls others has a key of its own, which speaks for that service alone;
everything else is public keys, so no service can speak for a person.

With the same key the gateway states other things, each kind for one purpose. A statement is no
access token, an access token is no statement, and one purpose's is not another's: their audiences
differ.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.kernel import SYSTEM, Identity, Kind, Reason

ISSUER = "crm-gateway"
AUDIENCE = "crm"
PEER = "peer:"
"""Begins the id of a key with which a service speaks for itself, `peer:review`."""
PEER_METADATA = "x-crm-peer"
"""The metadata key under which a calling service proves who it is."""
PEER_TOKEN = timedelta(minutes=1)
UPLOAD_RECEIPT = "upload-receipt"
"""The purpose of statements that somebody uploaded a file; the content is what is kept of it."""
KEPT_TOKENS = 4096

UNAUTHENTICATED = Reason(
    "UNAUTHENTICATED",
    Kind.UNAUTHENTICATED,
    zh="请先登录。",
    en="Sign in first.",
    next_zh="重新登录后再试。",
    next_en="Sign in and try again.",
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What the gateway has stated: of whom, and what."""

    subject: str
    content: Mapping[str, Any]


class BadStatement(Exception):
    """No statement of the gateway for this purpose; or one, but `expired`."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__("expired" if expired else "not stated by the gateway")
        self.expired = expired


def system(service: str) -> Identity:
    """Return the identity a service acts under when no person asked."""
    return Identity(staff_id=service, name=service, roles=frozenset({SYSTEM}))


class Signer:
    """Makes tokens: the gateway for people, a service with a `peer:` key for itself."""

    def __init__(self, private_jwk: str) -> None:
        self._key = jwt.PyJWK.from_json(private_jwk, algorithm="EdDSA")

    def sign(self, identity: Identity, now: datetime, lifetime: timedelta) -> str:
        """Return a token for `identity` that is valid from `now` for `lifetime`."""
        claims = {
            "sub": identity.staff_id,
            "name": identity.name,
            "roles": sorted(identity.roles),
            "department": identity.department,
            "team": identity.team,
        }
        return self._encode(AUDIENCE, claims, now, lifetime)

    def state(
        self,
        purpose: str,
        subject: str,
        content: Mapping[str, Any],
        now: datetime,
        lifetime: timedelta,
    ) -> str:
        """Return a statement of JSON-ready `content` about `subject`, good for one purpose."""
        claims = {"sub": subject, "content": dict(content)}
        return self._encode(_audience(purpose), claims, now, lifetime)

    def _encode(
        self, audience: str, claims: Mapping[str, Any], now: datetime, lifetime: timedelta
    ) -> str:
        times = {"iat": now, "exp": now + lifetime}
        return jwt.encode(
            {"iss": ISSUER, "aud": audience, **claims, **times},
            self._key,
            algorithm="EdDSA",
            headers={"kid": str(self._key.key_id)},
        )


class Verifier:
    """Checks tokens against the public keys it was given; several keys allow rotation."""

    def __init__(self, public_jwks: str) -> None:
        keys = jwt.PyJWKSet.from_json(public_jwks).keys
        self._keys = {key.key_id: key for key in keys}
        # A signature holds whenever it is looked at; only the expiry has to be checked again.
        self._read = functools.lru_cache(maxsize=KEPT_TOKENS)(self._check)

    def verify(self, token: str, now: datetime) -> Identity:
        """Return who the token speaks for. Anything wrong with it is refused alike."""
        identity, expires_at = self._read(token)
        if expires_at <= now.timestamp():
            raise UNAUTHENTICATED.refuse()
        return identity

    def read_statement(self, purpose: str, token: str, now: datetime) -> Statement:
        """Return what the gateway stated for this purpose; raises BadStatement."""
        try:
            key_id, claims = self._decode(token, _audience(purpose))
            statement = Statement(str(claims["sub"]), dict(claims["content"]))
            expires_at = float(claims["exp"])
        except (jwt.PyJWTError, KeyError, TypeError, ValueError):
            raise BadStatement(expired=False) from None
        if key_id.startswith(PEER):
            raise BadStatement(expired=False)
        if expires_at <= now.timestamp():
            raise BadStatement(expired=True)
        return statement

    def _check(self, token: str) -> tuple[Identity, float]:
        """Return the identity and the expiry of a token that is properly signed."""
        try:
            key_id, claims = self._decode(token, AUDIENCE)
            identity = Identity.from_dict({**claims, "staff_id": claims["sub"]})
            _check_speaker(key_id, identity)
            return identity, float(claims["exp"])
        except (jwt.PyJWTError, KeyError, TypeError, ValueError):
            raise UNAUTHENTICATED.refuse() from None

    def _decode(self, token: str, audience: str) -> tuple[str, dict[str, Any]]:
        """Return the key's id and the claims; the times are the caller's to check."""
        key = self._keys[jwt.get_unverified_header(token).get("kid")]
        claims = jwt.decode(
            token,
            key,
            algorithms=["EdDSA"],
            audience=audience,
            issuer=ISSUER,
            options={
                "require": ["exp", "iat", "sub"],
                "verify_exp": False,
                "verify_iat": False,
            },
        )
        return str(key.key_id), claims


def _audience(purpose: str) -> str:
    return f"{AUDIENCE}:{purpose}"


def _check_speaker(key_id: str, identity: Identity) -> None:
    """Refuse a service's key that speaks for anybody but the service."""
    service = key_id.removeprefix(PEER)
    if service != key_id and identity != system(service):
        raise UNAUTHENTICATED.refuse()


def join_keys(*public_jwks: str) -> str:
    """Return one JWKS with the keys of several."""
    return json.dumps({"keys": [key for keys in public_jwks for key in json.loads(keys)["keys"]]})


def new_key_pair(key_id: str) -> tuple[str, str]:
    """Make an Ed25519 key pair and return it as (private JWK, public JWKS)."""
    private = Ed25519PrivateKey.generate()
    private_jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(private))
    public_jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(private.public_key()))
    for key in (private_jwk, public_jwk):
        key |= {"kid": key_id, "alg": "EdDSA", "use": "sig"}
    return json.dumps(private_jwk), json.dumps({"keys": [public_jwk]})
