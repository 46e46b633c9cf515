"""ES256: making keys and signing access tokens."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from services.accounts.keys.domain import SigningKey
from services.chassis.auth import ALGORITHM

COORDINATE_BYTES = 32


def new_signing_key(active_from: datetime) -> SigningKey:
    """A fresh P-256 key; its id is its RFC 7638 thumbprint."""
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    numbers = private.public_key().public_numbers()
    public = {"crv": "P-256", "kty": "EC", "x": _base64(numbers.x), "y": _base64(numbers.y)}
    kid = _thumbprint(public)
    published = {**public, "kid": kid, "use": "sig", "alg": ALGORITHM}
    return SigningKey(kid=kid, active_from=active_from, private=pem, public=published)


def sign(key: SigningKey, claims: Mapping[str, Any]) -> str:
    """A signed token."""
    return sign_many(key, [claims])[0]


def sign_many(key: SigningKey, claims: list[Mapping[str, Any]]) -> list[str]:
    """Tokens for each set of claims; the key is read once."""
    private = load_pem_private_key(key.private, password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise TypeError("a signing key is an EC key")
    headers = {"kid": key.kid}
    return [jwt.encode(dict(each), private, ALGORITHM, headers=headers) for each in claims]


def _thumbprint(public: Mapping[str, str]) -> str:
    document = json.dumps(public, sort_keys=True, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(document).digest()).rstrip(b"=").decode()


def _base64(number: int) -> str:
    raw = number.to_bytes(COORDINATE_BYTES)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
