"""What the use cases need of the stores of passwords, sessions and failures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.accounts.sessions.domain import EndReason, Session
from services.accounts.sessions.throttling import Failures


@dataclass(frozen=True, slots=True)
class Credential:
    """A stored password hash and when it was set."""

    password_hash: str
    set_at: datetime


class Credentials(Protocol):
    """Password hashes by person."""

    def find(self, person: UUID) -> Credential | None:
        """The person's; None before the first password."""
        ...

    def replace(self, person: UUID, password_hash: str, now: datetime) -> None:
        """Replace it."""
        ...

    def replace_many(self, hashes: Mapping[UUID, str], now: datetime) -> None:
        """Replace many."""
        ...

    def remove(self, person: UUID) -> None:
        """Let the account be without a password again."""
        ...

    def missing(self, people: Collection[UUID]) -> set[UUID]:
        """Who of them has none yet."""
        ...


class Sessions(Protocol):
    """Sessions by id and by person."""

    def find(self, session: UUID) -> Session | None:
        """The session, locked until the end of the transaction."""
        ...

    def add(self, session: Session) -> None:
        """Store a new one."""
        ...

    def save(self, session: Session) -> None:
        """Store its present state."""
        ...

    def end_all(self, person: UUID, reason: EndReason, *, but: UUID | None = None) -> None:
        """End every open session of the person."""
        ...

    def forget_old(self, before: datetime) -> None:
        """Drop those that ran out before."""
        ...


class Throttles(Protocol):
    """Failures by keyed digest; it holds no login and no address."""

    def read(self, keys: Sequence[bytes]) -> Mapping[bytes, Failures]:
        """What is counted under these keys."""
        ...

    def count(self, keys: Sequence[bytes], now: datetime, forgotten_before: datetime) -> None:
        """One more failure each; what is older than `forgotten_before` starts again at one."""
        ...

    def forget(self, keys: Sequence[bytes]) -> None:
        """Start again at nothing."""
        ...

    def forget_old(self, before: datetime) -> None:
        """Drop what was last counted before."""
        ...
