"""The ledger's view of an event: that it happened, when, where, to which pseudonym; no content.

A pseudonym stands in its own column and nowhere else, so that it can be forgotten.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.contracts.accounts import ErasureRequestedV1
from services.contracts.assessment import ResponseCompletedV1
from services.contracts.booking import (
    CaseAcknowledgedV1,
    CaseContactedV1,
    CaseOpenedV1,
    SiteOpenedV1,
)
from services.contracts.envelope import Envelope
from services.reporting.calendar import Month
from services.reporting.counting.crowd import bucket_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger. `facts` are the few words the counting rules need."""

    event_id: UUID
    kind: str
    at: datetime
    unit: str
    correlation_id: str
    subject: str
    sequence: int
    causation_id: str | None
    person: UUID | None
    bucket: int | None
    facts: Mapping[str, str]

    @property
    def month(self) -> Month:
        """The month it counts for."""
        return Month.of(self.at)


def entry_of(event: Envelope, city: str) -> Entry:
    """The entry of an event; one that names no unit happened somewhere in the city."""
    person = getattr(event.data, "person", None)
    about_person = event.data.subject == "person"
    return Entry(
        event_id=event.id,
        kind=event.type,
        at=event.time,
        unit=event.unit or city,
        correlation_id=event.correlation_id,
        subject="" if about_person else event.subject,
        sequence=event.sequence,
        causation_id=event.causation_id,
        person=None if event.type == ErasureRequestedV1.type else person,
        bucket=_bucket(person, event.subject),
        facts=_facts_of(event.data),
    )


def _bucket(person: UUID | None, subject: str) -> int | None:
    """Somebody unknown counts as the one person this subject (a response, a case) is about."""
    if person is not None:
        return bucket_of(person)
    try:
        return bucket_of(UUID(subject))
    except ValueError:
        return None


def _facts_of(data: Any) -> dict[str, str]:
    reader = _READERS.get(data.type)
    return reader(data) if reader else {}


def _of_response(data: ResponseCompletedV1) -> dict[str, str]:
    facts = {"instrument": data.instrument, "risk": str(data.risk)}
    return facts if data.band is None else {**facts, "band": data.band}


def _of_opening(data: CaseOpenedV1) -> dict[str, str]:
    return _flags(crisis=data.crisis, drill=data.drill)


def _of_acknowledgement(data: CaseAcknowledgedV1) -> dict[str, str]:
    return {"seconds": str(data.seconds), **_flags(drill=data.drill)}


def _of_contact(data: CaseContactedV1) -> dict[str, str]:
    return {"seconds": str(data.seconds), **_flags(reached=data.reached, drill=data.drill)}


def _of_site(data: SiteOpenedV1) -> dict[str, str]:
    return {"level": data.level}


def _flags(**flags: bool) -> dict[str, str]:
    return {name: "yes" for name, value in flags.items() if value}


_READERS: Mapping[str, Callable[[Any], dict[str, str]]] = {
    ResponseCompletedV1.type: _of_response,
    CaseOpenedV1.type: _of_opening,
    CaseAcknowledgedV1.type: _of_acknowledgement,
    CaseContactedV1.type: _of_contact,
    SiteOpenedV1.type: _of_site,
}
