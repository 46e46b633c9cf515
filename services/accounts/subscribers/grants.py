"""A data-sharing grant: one type that is not public, for one subscriber, for a purpose and a time.

Two people who answer for the data stand behind it; whoever asks the operator alone gets public
events. Persons in what a grant opens are pseudonyms that no other subscriber has.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from services.chassis.errors import Conflict, NotFound, UnprocessableInput
from services.contracts import public

LONGEST = timedelta(days=366)


class GrantNotFound(NotFound):
    """The subscription has no such grant."""

    code = "grant-not-found"


class NotShareable(UnprocessableInput):
    """The type is public already, confidential, or unknown."""

    code = "type-not-shareable"
    field: ClassVar[str] = "type"
    title = "expected a type that only a grant can open"


class BadGrantEnd(UnprocessableInput):
    """A grant ends, within a year."""

    code = "grant-end-out-of-range"
    field: ClassVar[str] = "until"
    title = "expected a time to come, within 366 days"


class SecondPersonNeeded(Conflict):
    """Whoever proposed a grant cannot confirm it."""

    code = "second-person-needed"
    title = "A second person has to confirm this"


class GrantNotOpen(Conflict):
    """It was confirmed already, withdrawn, or is over."""

    code = "grant-not-open"
    title = "The grant is not waiting for a confirmation"


@dataclass(slots=True, kw_only=True)
class Grant:
    """In force from its confirmation until `until`, unless withdrawn."""

    id: UUID
    subscription: UUID
    type: str
    purpose: str
    basis: str
    until: datetime
    proposed_by: UUID
    proposed_at: datetime
    confirmed_by: UUID | None = None
    confirmed_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def in_force(self, now: datetime) -> bool:
        """Whether it opens its type now."""
        return self.confirmed_at is not None and self.withdrawn_at is None and now < self.until

    def confirm(self, by: UUID, now: datetime) -> None:
        """The second person agrees."""
        if self.confirmed_at or self.withdrawn_at or now >= self.until:
            raise GrantNotOpen
        if by == self.proposed_by:
            raise SecondPersonNeeded
        self.confirmed_by, self.confirmed_at = by, now

    def withdraw(self, now: datetime) -> None:
        """From now on, and for the copies that are kept."""
        self.withdrawn_at = self.withdrawn_at or now


def check_terms(kind: str, until: datetime, now: datetime) -> None:
    """Raises NotShareable or BadGrantEnd."""
    if kind not in public.SHAREABLE:
        raise NotShareable(f"expected one of {', '.join(public.SHAREABLE)}")
    if not now < until <= now + LONGEST:
        raise BadGrantEnd
