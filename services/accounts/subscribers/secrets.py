"""What a subscriber proves itself with, and what its webhook proves us with."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

BOTH_GOOD_FOR = timedelta(hours=24)
SIGNING_PREFIX = "whsec_"


def new_secret() -> str:
    """256 random bits: for the broker, and for HTTP Basic."""
    return f"hxs_{secrets.token_urlsafe(32)}"


def digest_of(secret: str) -> bytes:
    """What is kept of it; plain SHA-256 does for what nobody can guess."""
    return hashlib.sha256(secret.encode()).digest()


def is_secret(secret: str, digest: bytes) -> bool:
    """Whether this is the secret, in constant time."""
    return hmac.compare_digest(digest_of(secret), digest)


class SigningKeys(msgspec.Struct):
    """The key a webhook is signed with and, for a day after a change, the one before."""

    current: str
    previous: str | None = None
    previous_until: datetime | None = None

    def changed(self, now: datetime) -> "SigningKeys":
        """A new key; both sign for a day."""
        return SigningKeys(new_signing_key(), self.current, now + BOTH_GOOD_FOR)

    def good(self, now: datetime) -> list[str]:
        """Those to sign with now."""
        still = self.previous if self.previous_until and now < self.previous_until else None
        return [key for key in (self.current, still) if key]


def new_signing_key() -> str:
    """256 random bits in the form of Standard Webhooks."""
    return SIGNING_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(keys: list[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` of Standard Webhooks: HMAC-SHA256 over id, time and body."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digests = [
        hmac.new(base64.b64decode(key.removeprefix(SIGNING_PREFIX)), signed, hashlib.sha256)
        for key in keys
    ]
    return " ".join(f"v1,{base64.b64encode(each.digest()).decode()}" for each in digests)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is shown once, when it is made."""

    user: str
    secret: str | None = None
    signing_key: str | None = None
