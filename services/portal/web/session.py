"""What the browser keeps for us: one sealed cookie with the person's tokens, and nothing else."""

import base64
import binascii
import secrets
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import msgspec

from services.chassis.keyring import CannotOpen

CONTEXT = "portal-session"
RENEW_BEFORE_SECONDS = 60


class Sealer(Protocol):
    """The key ring: authenticated encryption under a named key."""

    def seal(self, plaintext: bytes, context: str) -> bytes:
        """Seal."""
        ...

    def open(self, sealed: bytes, context: str) -> bytes:
        """Open; raises CannotOpen."""
        ...


@dataclass(frozen=True)
class SignedIn:
    """A signed-in person; times are seconds since the epoch."""

    access_token: str
    access_until: float
    refresh_token: str
    person: str
    name: str
    roles: tuple[str, ...]
    unit: str

    def needs_renewal(self, now: float) -> bool:
        """Is the access token about to end?"""
        return now > self.access_until - RENEW_BEFORE_SECONDS


@dataclass(frozen=True)
class Visitor:
    """Whoever is in front of the browser: a form secret, a word for the next page, a person."""

    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    flash: str = ""
    signed_in: SignedIn | None = None

    @property
    def roles(self) -> frozenset[str]:
        """The person's roles; none for a stranger."""
        return frozenset(self.signed_in.roles if self.signed_in else ())

    def with_flash(self, key: str) -> "Visitor":
        """With a sentence (a catalogue key) for the next page."""
        return replace(self, flash=key)

    def become(self, person: SignedIn) -> "Visitor":
        """Signed in: the form secret changes, so that one planted before is worth nothing."""
        return Visitor(signed_in=person)

    def renewed(self, person: SignedIn) -> "Visitor":
        """The same visit with fresh tokens."""
        return replace(self, signed_in=person)


def signed_in_from(answer: dict[str, Any], now: float) -> SignedIn:
    """The person of an answer of `POST sessions` or `sessions/refresh`."""
    person = answer["person"]
    return SignedIn(
        access_token=str(answer["access_token"]),
        access_until=now + float(answer["expires_in"]),
        refresh_token=str(answer.get("refresh_token") or ""),
        person=str(person["id"]),
        name=str(person.get("name") or ""),
        roles=tuple(str(role) for role in person.get("roles") or ()),
        unit=str(person.get("unit") or ""),
    )


def seal_visitor(visitor: Visitor, sealer: Sealer) -> str:
    """The cookie's value."""
    sealed = sealer.seal(msgspec.json.encode(visitor), CONTEXT)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_visitor(cookie: str, sealer: Sealer) -> Visitor | None:
    """Who the cookie speaks of; None if it is not ours, was changed, or its key is gone."""
    try:
        sealed = base64.b64decode(cookie + "=" * (-len(cookie) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(sealer.open(sealed, CONTEXT), type=Visitor)
    except (CannotOpen, binascii.Error, ValueError, IndexError, msgspec.MsgspecError):
        return None
