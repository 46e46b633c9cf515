"""How one service knows another on internal routes: a key pair each, and tokens of a minute.

A stolen private key speaks for its own service and no other; the public ones may be read by all.
"""

import base64
import time
from collections.abc import Mapping

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.chassis.auth import LEEWAY_SECONDS, InvalidToken

ALGORITHM = "EdDSA"
LIFE_SECONDS = 60

PublicKeys = Mapping[str, tuple[Ed25519PublicKey, ...]]


def make_service_key() -> str:
    """A new private key as it stands in the settings: 32 bytes in base64."""
    return _text(Ed25519PrivateKey.generate().private_bytes_raw())


def public_part(private: str) -> str:
    """The public key of a private one, both as they stand in the settings."""
    return _text(parse_service_key(private).public_key().public_bytes_raw())


def parse_service_key(text: str) -> Ed25519PrivateKey:
    """The private key; raises ValueError."""
    return Ed25519PrivateKey.from_private_bytes(_bytes(text))


def parse_service_keys(text: str) -> PublicKeys:
    """`accounts=<key>,booking=<key>`; a service named twice is changing its key."""
    found: dict[str, tuple[Ed25519PublicKey, ...]] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, _, key = pair.partition("=")
        public = Ed25519PublicKey.from_public_bytes(_bytes(key))
        found[name] = (*found.get(name, ()), public)
    return found


class ServiceTokens:
    """Issues this service's tokens and checks those of its callers."""

    def __init__(self, service: str, key: Ed25519PrivateKey | None, callers: PublicKeys) -> None:
        self._service, self._key, self._callers = service, key, callers

    def issue(self, reader: str) -> str:
        """A token that says this service is calling `reader`."""
        if self._key is None:
            raise RuntimeError(f"{self._service} has no key to call {reader} with")
        now = int(time.time())
        claims = {
            "iss": self._service,
            "aud": f"internal:{reader}",
            "iat": now,
            "exp": now + LIFE_SECONDS,
        }
        return jwt.encode(claims, self._key, ALGORITHM, headers={"kid": self._service})

    def check(self, token: str) -> str:
        """The calling service's name; raises InvalidToken."""
        try:
            name = str(jwt.get_unverified_header(token).get("kid", ""))
        except jwt.PyJWTError as error:
            raise InvalidToken from error
        if not any(self._signed_by(name, key, token) for key in self._callers.get(name, ())):
            raise InvalidToken
        return name

    def _signed_by(self, name: str, key: Ed25519PublicKey, token: str) -> bool:
        try:
            jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=f"internal:{self._service}",
                issuer=name,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud"]},
            )
        except jwt.PyJWTError:
            return False
        return True


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
