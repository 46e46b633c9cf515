"""One transaction of accounts, in the words of its use cases."""

from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self
from uuid import UUID

from services.accounts.codes.ports import Codes
from services.accounts.imports.ports import Imports
from services.accounts.keys.ports import SigningKeys
from services.accounts.people.ports import ContactPoints, People
from services.accounts.sessions.ports import Credentials, Sessions, Throttles
from services.accounts.units.ports import Units
from services.contracts.event import IntegrationEvent


class Publishes(Protocol):
    """Something events can be handed to."""

    def publish(self, event: IntegrationEvent, *, unit: str = "", urgent: bool = False) -> None:
        """Send the event with this change."""
        ...


class Timers(Protocol):
    """Due times, as rows."""

    def set(
        self, kind: str, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None
    ) -> None:
        """Set, or move, the timer of this kind and key."""
        ...

    def cancel(self, kind: str, key: str) -> None:
        """Take it back."""
        ...


class Vault(Protocol):
    """Seals bytes, for a person or, with none, for the service."""

    def seal(self, person: UUID | None, plaintext: bytes, context: str) -> bytes:
        """Sealed bytes that open with the same person and context only."""
        ...

    def open(self, person: UUID | None, sealed: bytes, context: str) -> bytes:
        """The plaintext."""
        ...


class AccountsWork(Publishes, Protocol):
    """What is read and changed together: all of it, or nothing."""

    @property
    def units(self) -> Units: ...
    @property
    def people(self) -> People: ...
    @property
    def contact_points(self) -> ContactPoints: ...
    @property
    def credentials(self) -> Credentials: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def throttles(self) -> Throttles: ...
    @property
    def codes(self) -> Codes: ...
    @property
    def signing_keys(self) -> SigningKeys: ...
    @property
    def imports(self) -> Imports: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def vault(self) -> Vault: ...

    def digest(self, value: str, context: str) -> bytes:
        """32 bytes that only this service's keys can compute from the value."""
        ...

    def now(self) -> datetime:
        """The clock that timers are measured by."""
        ...

    def audit(
        self, action: str, subject: UUID | str, person: UUID | None = None, reason: str = ""
    ) -> None:
        """Note who read or changed what about whom."""
        ...

    def commit(self) -> None:
        """Keep everything."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
