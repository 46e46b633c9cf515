"""Reminders: when a person is reminded of an appointment, and when it is too late to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# In the order they are sent: the kind of message, and how long before the start.
REMINDERS: tuple[tuple[str, timedelta], ...] = (
    ("appointment-tomorrow", timedelta(hours=24)),
    ("appointment-soon", timedelta(hours=2)),
)


@dataclass(slots=True, kw_only=True)
class Appointment:
    """What the newest event said of an appointment; `sequence` is that event's number."""

    id: UUID
    person: UUID
    starts_at: datetime
    sequence: int
    active: bool
    unit: str = ""
    correlation_id: str = ""

    def reminders(self, now: datetime) -> Iterator[tuple[str, datetime]]:
        """The reminders still ahead, none for times already past."""
        if not self.active:
            return
        for kind, before in REMINDERS:
            if (due := self.starts_at - before) > now:
                yield kind, due

    def reminds(self, kind: str, now: datetime) -> bool:
        """Whether a reminder that is due now, perhaps late, still helps: not when the next one is
        due as well, nor when the appointment has begun.
        """
        kinds = [each for each, _ in REMINDERS]
        after = [before for _, before in REMINDERS[kinds.index(kind) + 1 :]]
        too_late = self.starts_at - (after[0] if after else timedelta())
        return self.active and now < too_late
