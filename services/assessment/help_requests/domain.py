"""A call for help and what its caller left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.access import Principal
from services.chassis.errors import NotFound

MOST_PHONE = 40
MOST_WORDS = 2000


class CaseNotFound(NotFound):
    """This service never opened such a case."""

    code = "case-not-found"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRequest:
    """One press of the button; phone and words are empty where nothing was left."""

    id: UUID
    case: UUID
    by: Principal | None
    address: str
    phone: str = ""
    words: str = ""

    @property
    def person(self) -> UUID | None:
        """Who, where somebody is signed in."""
        return self.by.person if self.by else None

    @property
    def dialled(self) -> str:
        """The phone's digits, by which repeats are known however they are written."""
        digits = "".join(each for each in self.phone if each.isdigit())
        return digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The caller's last request whose case is open; `recent` and `same` make a repeat of it."""

    id: UUID
    case: UUID
    recent: bool
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What the duty reads."""

    id: UUID
    person: UUID | None
    phone: str
    words: str
    received_at: datetime
    last_at: datetime
    repeats: int


def read_words(document: object) -> dict[str, str]:
    """Phone and words out of whatever was sent; what cannot be used is left out, never refused."""
    given: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    return {
        "phone": _text(given.get("phone"), MOST_PHONE),
        "words": _text(given.get("words"), MOST_WORDS),
    }


def _text(value: object, most: int) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return str(value).replace("\0", "").strip()[:most]
