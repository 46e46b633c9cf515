"""A session: what refresh tokens of one sign-in belong to; each is good once."""

import base64
import binascii
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.chassis.errors import NotAuthenticated

MAC_BYTES = 32
GENERATION_BYTES = 4
GRACE = timedelta(seconds=20)

Digest = Callable[[str, str], bytes]
"""Keyed: of a value, in a context, 32 bytes that only this service can compute."""


class SessionEnded(NotAuthenticated):
    """The session is over, or the refresh token was used before."""

    code = "session-ended"
    title = "The session has ended; sign in again"


class EndReason(StrEnum):
    """Why a session is over."""

    SIGNED_OUT = "signed-out"
    TOKEN_REUSED = "token-reused"  # noqa: S105 - a reason, no secret
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - a reason, no secret
    PERSON_ENDED = "person-ended"
    ROLES_CHANGED = "roles-changed"


@dataclass(slots=True, kw_only=True)
class Session:
    """`generation` is the number of the one refresh token that is still good.

    For `GRACE` after a rotation the token before it gives the same successor again: two tabs
    wake up at once, or an answer is lost on its way.
    """

    id: UUID
    person: UUID
    started_at: datetime
    expires_at: datetime
    generation: int = 0
    rotated_at: datetime | None = None
    ended: EndReason | None = None

    def rotate(self, generation: int, now: datetime) -> bool:
        """Use the token of this generation up.

        False, and the session is over, where it was used before: either its owner or a thief
        holds a stale copy, and nobody can say which.
        """
        if self.ended is not None or now >= self.expires_at:
            return False
        if generation == self.generation:
            self.generation += 1
            self.rotated_at = now
        elif not self._just_used(generation, now):
            self.end(EndReason.TOKEN_REUSED)
            return False
        return True

    def _just_used(self, generation: int, now: datetime) -> bool:
        last = self.generation - 1
        return generation == last and self.rotated_at is not None and now < self.rotated_at + GRACE

    def end(self, reason: EndReason) -> None:
        """Let no token of it be refreshed."""
        self.ended = self.ended or reason


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """Which session, and the how-manieth of its tokens."""

    session: UUID
    generation: int

    def encode(self, digest: Digest) -> str:
        """As the client keeps it: it proves itself, so none is stored."""
        body = self.session.bytes + self.generation.to_bytes(GENERATION_BYTES)
        return base64.urlsafe_b64encode(body + _mac(body, digest)).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, digest: Digest) -> "RefreshToken":
        """Raises SessionEnded unless this service issued it."""
        try:
            raw = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        except (binascii.Error, ValueError) as error:
            raise SessionEnded from error
        body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        if len(body) != 16 + GENERATION_BYTES or not hmac.compare_digest(mac, _mac(body, digest)):
            raise SessionEnded
        return cls(UUID(bytes=body[:16]), int.from_bytes(body[16:]))


def _mac(body: bytes, digest: Digest) -> bytes:
    return digest(body.hex(), "refresh-token")
