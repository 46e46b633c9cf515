"""A crisis signal and the case it belongs to."""

from dataclasses import dataclass
from uuid import UUID

from services.contracts.assessment import FlagSource

HELP_REQUEST = "help-request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A crisis signal: what raised it and where; `case` is the id a new case would get."""

    id: UUID
    case: UUID
    person: UUID | None
    unit: str
    source: FlagSource
    rule: str
    callback: bool = False

    @property
    def signal(self) -> str:
        """What makes two signals of one person the same."""
        return f"{self.source}:{self.rule}"


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The open case a signal joined; `news`: not just the same signal again within a minute."""

    id: UUID
    news: bool
