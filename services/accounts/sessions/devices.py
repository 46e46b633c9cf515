"""Known devices: a token kept from a sign-in; a stranger's guesses do not hold it up."""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.accounts.sessions.domain import MAC_BYTES, Digest

REMEMBERED_FOR = timedelta(days=400)
TIME_BYTES = 8


@dataclass(frozen=True, slots=True)
class Device:
    """A browser or programme from which this person has signed in before."""

    person: UUID
    id: UUID
    since: datetime

    def encode(self, digest: Digest) -> str:
        """As the device keeps it."""
        seconds = int(self.since.timestamp()).to_bytes(TIME_BYTES)
        body = self.person.bytes + self.id.bytes + seconds
        return base64.urlsafe_b64encode(body + _mac(body, digest)).rstrip(b"=").decode()


def read_device(text: str | None, digest: Digest, now: datetime) -> Device | None:
    """The device a cookie speaks of; None where it is not ours or too old."""
    if not text or len(text) > 200:
        return None
    try:
        raw = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    if len(body) != 32 + TIME_BYTES or not hmac.compare_digest(mac, _mac(body, digest)):
        return None
    since = datetime.fromtimestamp(int.from_bytes(body[32:]), UTC)
    if now - since > REMEMBERED_FOR:
        return None
    return Device(UUID(bytes=body[:16]), UUID(bytes=body[16:32]), since)


def _mac(body: bytes, digest: Digest) -> bytes:
    return digest(body.hex(), "device")
