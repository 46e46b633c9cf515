"""What the use cases of a case need from storage and from their transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.booking.cases.domain import Case
from services.booking.rosters.ports import RosterWork
from services.chassis.vault import Vault


class Cases(Protocol):
    """The cases; every one that is read here is locked until the transaction ends."""

    def lock_opening(self, of: UUID) -> None:
        """Nobody else opens a case of this person (of nobody known: under this id) meanwhile."""
        ...

    def find(self, case: UUID) -> Case | None:
        """The case, if there is one."""
        ...

    def get(self, case: UUID) -> Case:
        """The case; raises NoSuchCase."""
        ...

    def open_of(self, person: UUID) -> Case | None:
        """The person's open case; drills do not count."""
        ...

    def save(self, case: Case) -> None:
        """Add it or replace it, and append its new steps to the timeline."""
        ...

    def late(self, before: datetime, limit: int) -> Sequence[UUID]:
        """Open cases that were due before this moment, the latest first."""
        ...

    def last_signal(self, case: UUID) -> datetime | None:
        """When the last sign of danger was given, by the clock of whoever took it."""
        ...

    def in_care(self, counsellor: UUID, person: UUID, since: datetime) -> bool:
        """Whether they have, or since then had, an appointment with each other."""
        ...


class CaseWork(RosterWork, Protocol):
    """One transaction of the cases."""

    @property
    def cases(self) -> Cases: ...

    @property
    def vault(self) -> Vault: ...
