"""What can happen to a case, as its domain records it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Opened:
    """Opened, or re-opened by a new signal; a crisis is paged."""

    reopened: bool


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An officer took it so many seconds after it began to wait for one."""

    officer: UUID
    seconds: int


@dataclass(frozen=True, slots=True)
class Contacted:
    """An attempt, so many seconds after the opening."""

    officer: UUID
    reached: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and a responsible person."""

    responsible: UUID


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """A follow-up took place."""

    officer: UUID


@dataclass(frozen=True, slots=True)
class Escalated:
    """The next tier is responsible too."""

    tier: int
    reason: str


@dataclass(frozen=True, slots=True)
class Referred:
    """Advised or referred to a medical institution."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Over."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """A limit passed; `paged`: paging starts with a new chain."""

    reason: str
    paged: bool


CaseEvent = (
    Opened
    | Acknowledged
    | Contacted
    | Planned
    | FollowedUp
    | Escalated
    | Referred
    | Closed
    | Overdue
)
