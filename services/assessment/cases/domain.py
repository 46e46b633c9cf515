"""A crisis signal and the case it belongs to."""

from dataclasses import dataclass
from uuid import UUID

from services.chassis.errors import Unavailable
from services.contracts.assessment import FlagSource

HELP_REQUEST = "help-request"


class NotKept(Unavailable):
    """Nothing could be stored, but the duty knows of the crisis; `case` is where."""

    code = "not-kept"
    title = "This could not be kept, but the people on duty were told"


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
