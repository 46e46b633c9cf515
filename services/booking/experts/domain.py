"""Counsellors of the expert pool: what they offer, where, how much a day, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.errors import Conflict, FieldError, NotFound, UnprocessableInput
from services.contracts.booking import Mode


class CounsellorNotFound(NotFound):
    """No such counsellor, or not within the caller's reach."""

    code = "counsellor-not-found"


class CounsellorAlreadyRegistered(Conflict):
    """The person is in the expert pool already."""

    code = "counsellor-already-registered"


class UnknownSite(UnprocessableInput):
    """A site named in the request does not exist or is closed."""

    code = "unknown-site"


@dataclass(kw_only=True)
class Counsellor:
    """A counsellor by the pseudonym that accounts knows; the name stays there.

    `credential_expires_on` is the last day of the certificate: no session is planned or booked
    after it.
    """

    id: UUID
    unit: str
    specialities: list[str]
    modes: list[Mode]
    sites: list[UUID]
    daily_limit: int
    credential_expires_on: date
    active: bool = True

    def change(self, changes: dict[str, Any]) -> None:
        """Set the attributes that are named."""
        for name, value in changes.items():
            setattr(self, name, value)

    def may_work_on(self, day: date) -> bool:
        """Whether a session may take place on this day of the city."""
        return self.active and day <= self.credential_expires_on


def unknown_sites(named: Sequence[UUID], missing: set[UUID]) -> None:
    """Refuse sites that do not exist, each under its place in the request."""
    errors = [
        FieldError(f"sites.{place}", "is not an open site", "unknown-site")
        for place, site in enumerate(named)
        if site in missing
    ]
    if errors:
        raise UnknownSite("some sites do not exist", errors=errors)
