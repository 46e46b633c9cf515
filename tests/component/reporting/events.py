"""Events as the other services send them, with what a test is about and nothing more."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from kombu import Connection

from services.chassis.runtime import Runtime
from services.contracts.assessment import FlagSource, ResponseCompletedV1, Risk
from services.contracts.booking import (
    AppointmentCompletedV1,
    CaseAcknowledgedV1,
    CaseContactedV1,
    CaseOpenedV1,
    Mode,
    OfferAcceptedV1,
    OfferMadeV1,
    SiteOpenedV1,
)
from services.contracts.envelope import CONTENT_TYPE, Envelope
from services.contracts.event import IntegrationEvent
from services.reporting.ledger.usecases.count_events import count_events
from services.reporting.wiring import ReportingUnitOfWork

MARCH = datetime(2026, 3, 10, 4, tzinfo=UTC)


def envelope(
    data: IntegrationEvent, *, unit: str = "wh/hc/e1", at: datetime = MARCH, loop: str = ""
) -> Envelope:
    return Envelope(
        id=uuid4(),
        type=data.type,
        subject=data.subject_id(),
        time=at,
        correlation_id=loop or str(uuid4()),
        sequence=1,
        data=data,
        unit=unit,
    )


def response(
    *, person: UUID | None = None, band: str | None = "minimal", risk: Risk = Risk.NONE, **more: Any
) -> Envelope:
    data = ResponseCompletedV1(
        response=uuid4(),
        person=person or uuid4(),
        instrument=more.pop("instrument", "phq9"),
        version="1.0.0",
        band=band,
        risk=risk,
        care_level=0,
        policy="p",
    )
    return envelope(data, **more)


def offer_made(*, person: UUID | None = None, **more: Any) -> Envelope:
    data = OfferMadeV1(offer=uuid4(), person=person or uuid4(), urgency=2, expires_at=MARCH)
    return envelope(data, **more)


def offer_accepted(*, person: UUID | None = None, **more: Any) -> Envelope:
    data = OfferAcceptedV1(offer=uuid4(), person=person or uuid4(), appointment=uuid4())
    return envelope(data, **more)


def session_completed(*, person: UUID | None = None, **more: Any) -> Envelope:
    data = AppointmentCompletedV1(
        appointment=uuid4(),
        person=person or uuid4(),
        counsellor=uuid4(),
        site=uuid4(),
        starts_at=MARCH,
        ends_at=MARCH,
        mode=Mode.VIDEO,
    )
    return envelope(data, **more)


def case_opened(case: UUID, *, crisis: bool = True, drill: bool = False, **more: Any) -> Envelope:
    data = CaseOpenedV1(
        case=case, person=case, crisis=crisis, source=FlagSource.RESPONSE, drill=drill
    )
    return envelope(data, **more)


def case_acknowledged(case: UUID, seconds: int, **more: Any) -> Envelope:
    data = CaseAcknowledgedV1(case=case, person=case, officer=uuid4(), seconds=seconds)
    return envelope(data, **more)


def case_contacted(case: UUID, seconds: int, *, reached: bool = True, **more: Any) -> Envelope:
    data = CaseContactedV1(
        case=case, person=case, officer=uuid4(), reached=reached, seconds=seconds
    )
    return envelope(data, **more)


def site_opened(level: str, **more: Any) -> Envelope:
    return envelope(SiteOpenedV1(site=uuid4(), level=level, name="服务点"), **more)


def count(runtime: Runtime, events: Sequence[Envelope], city: str = "wh") -> None:
    """Count a batch as the reader would."""
    uow = runtime.unit_of_work(ReportingUnitOfWork)
    assert isinstance(uow, ReportingUnitOfWork)
    count_events(events, city=city, uow=uow)


def send(amqp: str, events: Sequence[Envelope]) -> None:
    """Send events over the broker as their services' relays would."""
    with Connection(amqp) as connection:
        producer = connection.Producer()
        for event in events:
            producer.publish(
                event.encode(),
                exchange=f"{event.data.sender()}.events",
                routing_key=event.type,
                content_type=CONTENT_TYPE,
                content_encoding="utf-8",
                delivery_mode=2,
            )
