"""Small services that show what the chassis promises, on databases with its tables alone."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import eventlet
from marshmallow import Schema, fields
from sqlalchemy import create_engine, text

from services.chassis.batch import subscribe_batch
from services.chassis.errors import Conflict
from services.chassis.http import Request, http
from services.chassis.service import Service
from services.chassis.statements import postpone
from services.chassis.subscribe import subscribe
from services.chassis.tables import new_metadata
from services.chassis.timers import DueTimer, every, on_due
from services.chassis.unit_of_work import UnitOfWork, UnitOfWorkProvider
from services.contracts.assessment import (
    FlagSource,
    ResponseCompletedV1,
    Risk,
    RiskFlaggedV1,
)
from services.contracts.envelope import Envelope
from tests.support.databases import Databases

THINGS = "/api/assessment/v1/things"


def toy_database(databases: Databases) -> str:
    """A database with the chassis tables and a table `effects` to leave marks in."""
    url = databases.empty()
    engine = create_engine(url)
    with engine.begin() as connection:
        new_metadata().create_all(connection)
        connection.execute(text("CREATE TABLE effects (what text, subject text)"))
    engine.dispose()
    return url


def a_completed_response(response: UUID | None = None, band: str = "minimal") -> Any:
    """An event nothing is special about."""
    return ResponseCompletedV1(
        response=response or uuid4(),
        person=uuid4(),
        instrument="phq9",
        version="1",
        band=band,
        risk=Risk.NONE,
        care_level=0,
        policy="test",
    )


def an_envelope(data: Any = None) -> Envelope:
    """An event as its reader gets it."""
    data = data or a_completed_response()
    return Envelope(
        id=uuid4(),
        type=data.type,
        subject="s",
        time=datetime.now(UTC),
        correlation_id="loop",
        sequence=1,
        data=data,
    )


def a_risk_flag(case: UUID | None = None) -> Any:
    """An urgent event."""
    return RiskFlaggedV1(
        flag=uuid4(),
        case=case or uuid4(),
        person=None,
        source=FlagSource.HELP_REQUEST,
        rule="help-request",
        policy="test",
    )


def leave_mark(uow: UnitOfWork, what: str, subject: object) -> None:
    """An effect that can be counted."""
    uow.connection.execute(
        text("INSERT INTO effects VALUES (:what, :subject)"),
        {"what": what, "subject": str(subject)},
    )


class ThingSchema(Schema):
    """What the toy sender takes."""

    band = fields.String(required=True)
    urgent = fields.Boolean(load_default=False)
    refuse_after_commit = fields.Boolean(load_default=False)
    fail_after_commit = fields.Boolean(load_default=False)
    refuse = fields.Boolean(load_default=False)


class ToySender(Service):
    """Stands in for assessment."""

    name = "assessment"
    uow: UnitOfWork = UnitOfWorkProvider()

    @http("POST", THINGS, action="parked.manage", body=ThingSchema, status=201)
    def make(self, request: Request) -> dict[str, str]:
        """Commit, publish, and go wrong where asked to."""
        wish, made = request.data, uuid4()
        if wish["refuse"]:
            raise Conflict("as you wished")
        with self.uow as uow:
            leave_mark(uow, "made", made)
            uow.publish(a_completed_response(made, wish["band"]), unit="wh/hc")
            if wish["urgent"]:
                uow.publish(a_risk_flag(made), unit="wh/hc", urgent=True)
            uow.commit()
        if wish["refuse_after_commit"]:
            raise Conflict("after the commit")
        if wish["fail_after_commit"]:
            raise RuntimeError("after the commit")
        return {"id": str(made)}

    @http("GET", THINGS + "/slow", action=None, summary="Occupies a web worker")
    def slow(self, _request: Request) -> dict[str, str]:
        """Stay for a while."""
        eventlet.sleep(1.0)
        return {}


class ToyReader(Service):
    """Stands in for booking; what `band` says decides how handling goes."""

    name = "booking"
    uow: UnitOfWork = UnitOfWorkProvider()
    attempts: ClassVar[Counter[UUID]] = Counter()
    fail_timers: ClassVar[set[str]] = set()
    refuse_flags: ClassVar[set[str]] = set()
    ticks: ClassVar[Counter[str]] = Counter()

    @subscribe("booking.response-completed", concerns=lambda event: event.data.band != "passing")
    def on_response(self, event: Envelope) -> None:
        """Leave a mark; fail or refuse where the event asks for it."""
        data = event.data
        assert isinstance(data, ResponseCompletedV1)
        ToyReader.attempts[data.response] += 1
        with self.uow as uow:
            leave_mark(uow, "read", data.response)
            if data.band == "refused":
                raise Conflict("never")
            if data.band == "broken" or (
                data.band == "once" and ToyReader.attempts[data.response] == 1
            ):
                raise RuntimeError("not now")
            uow.commit()

    @subscribe("booking.risk-flagged")
    def on_flag(self, event: Envelope) -> None:
        """Leave a mark."""
        ToyReader.attempts[UUID(event.subject)] += 1
        if event.subject in ToyReader.refuse_flags:
            raise Conflict("never")
        with self.uow as uow:
            leave_mark(uow, "flagged", event.subject)
            uow.commit()

    @on_due("toy")
    def due(self, timer: DueTimer) -> None:
        """Leave a mark; set the same timer again where asked to."""
        ToyReader.attempts[UUID(timer.key)] += 1
        if timer.key in ToyReader.fail_timers:
            ToyReader.fail_timers.discard(timer.key)
            raise RuntimeError("not now")
        with self.uow as uow:
            leave_mark(uow, "due", timer.key)
            if timer.payload.get("spoilt"):
                postpone(uow.connection, "SELECT 1 / 0", {})
            if timer.payload.get("again"):
                uow.timers.set("toy", timer.key, uow.now(), {"again": timer.payload["again"] - 1})
            uow.commit()

    @every(seconds=0.2, name="toy-tick")
    def tick(self) -> None:
        """Count."""
        ToyReader.ticks["tick"] += 1


class ToyLedger(Service):
    """Stands in for reporting: counts in batches, and cannot stomach some events."""

    name = "reporting"
    uow: UnitOfWork = UnitOfWorkProvider()
    sizes: ClassVar[list[int]] = []

    @subscribe_batch("reporting.ledger")
    def on_events(self, events: Sequence[Envelope]) -> None:
        """Leave a mark each; one that is broken fails the whole batch."""
        with self.uow as uow:
            for event in events:
                if getattr(event.data, "band", "") == "broken":
                    raise RuntimeError("not this one")
                flag = isinstance(event.data, RiskFlaggedV1)
                leave_mark(uow, "flag-counted" if flag else "counted", event.subject)
            ToyLedger.sizes.append(len(events))
            uow.commit()
