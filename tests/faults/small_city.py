"""A city of one worker, one counsellor and one officer in five small databases, and all is well.

Rows are made by their tables' own columns, so that a test names only what it is about.
"""

import json
import time
from copy import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from psycopg2.extras import NumericRange
from sqlalchemy import Connection, inspect, text

from services.contracts.subscriptions import readers_of
from tests.faults.harness.diary import Alarm, Diary, Promise
from tests.faults.harness.invariants import Evidence, Mail

BAND = "moderate"
UNIT = "wh/hc"
ANSWERS = {"q1": 2, "q2": 2, "q3": 2, "q4": 2, "q5": 1, "q6": 1, "q7": 1, "q8": 0, "q9": 1}
BEGINS = datetime(2030, 1, 1, 1, tzinfo=UTC)
EXCLUSIONS = """
    SELECT conname FROM pg_constraint WHERE contype = 'x' AND conrelid = CAST(:table AS regclass)
"""
ENUM: dict[str, Any] = {"modes": ["video"], "mode": "video", "channels": [], "due": "contact"}


class SmallCity:
    """Everything happens in one transaction a database, which the test rolls back."""

    def __init__(self, connections: dict[str, Connection], folder: Path) -> None:
        self._connections = connections
        self._columns: dict[tuple[str, str], list[Any]] = {}
        self.now = time.time()
        self.diary = Diary()
        self.mails: list[Mail] = []
        self.dead_letters: list[tuple[str, bytes]] = []
        self.ended: dict[str, int] = {}
        self.unlike: list[str] = []
        self._log = folder / "booking.log"
        self.log('{"event": "service-started"}')
        self.worker, self.officer, self.response = uuid4(), uuid4(), uuid4()
        self.offer, self.case, self.site = uuid4(), uuid4(), uuid4()
        self._people()
        self._answered()
        self._booked()
        self._paged()
        self.diary.counts["repeats"] = 1
        self.diary.subscriber_depths.append((20, 20))

    def again(self) -> "SmallCity":
        """The same databases, and lists of one's own."""
        found = copy(self)
        found.mails, found.dead_letters, found.ended = list(self.mails), [], {}
        found.unlike = []
        found.diary = Diary()
        for name in ("promises", "alarms", "kills", "subscriber_depths"):
            getattr(found.diary, name).extend(getattr(self.diary, name))
        found.diary.counts.update(self.diary.counts)
        found._log = self._log.with_name(f"{uuid4()}.log")
        found.log('{"event": "service-started"}')
        return found

    def evidence(self) -> Evidence:
        """What the invariants look at."""
        return Evidence(
            connections=self._connections,
            diary=self.diary,
            mails=self.mails,
            logs=[self._log],
            dead_letters=self.dead_letters,
            personal=["somebody@mail.example"],
            ended=self.ended,
            crossed={"booking.offer-made.v1": 1},
            unlike=self.unlike,
        )

    def run(self, service: str, statement: str, **values: Any) -> None:
        """One statement."""
        self._connections[service].execute(text(statement), values)

    def add(self, service: str, table: str, **values: Any) -> None:
        """A row; columns that must have something and are not named get it by their type."""
        row = {column["name"]: _filled(column) for column in self._needed(service, table)} | values
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join(f":{name}" for name in row)
        self.run(service, f"INSERT INTO {table} ({names}) VALUES ({marks})", **row)

    def _needed(self, service: str, table: str) -> list[Any]:
        if (service, table) not in self._columns:
            columns = inspect(self._connections[service]).get_columns(table)
            self._columns[service, table] = [
                each
                for each in columns
                if not each["nullable"] and each["default"] is None and "identity" not in each
            ]
        return self._columns[service, table]

    def relax(self, service: str, *tables: str) -> None:
        """Without the constraints that would refuse what a test plants."""
        statement = (
            "SELECT conname FROM pg_constraint WHERE contype = 'x' AND conrelid = :t::regclass"
        )
        for table in tables:
            found = text(statement.replace(":t::regclass", "CAST(:t AS regclass)"))
            for name in self._connections[service].execute(found, {"t": table}).scalars():
                self.run(service, f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        self.run(service, "DROP INDEX IF EXISTS uq_appointments_slot")

    def tell(self, service: str, kind: str, subject: UUID, **data: Any) -> UUID:
        """An event in the sender's outbox, and nowhere else yet."""
        event = uuid4()
        sent = "SELECT count(*) FROM outbox WHERE subject = :subject"
        told = self._connections[service].execute(text(sent), {"subject": str(subject)})
        self.add(
            service,
            "outbox",
            id=event,
            type=kind,
            subject=str(subject),
            sequence=told.scalar_one() + 1,
            data=json.dumps(data),
            sent_at=datetime.now(UTC),
        )
        return event

    def happen(self, service: str, kind: str, subject: UUID, **data: Any) -> None:
        """An event that all its readers have handled."""
        event = self.tell(service, kind, subject, **data)
        for subscription in readers_of(kind):
            self.receive(subscription.reader, subscription.queue, event)
        self.add("reporting", "ledger", event_id=event, kind=kind)

    def receive(self, service: str, queue: str, event: UUID) -> None:
        """A line in an inbox."""
        self.add(service, "inbox", queue=queue, event_id=event)

    def count(self, *codes: str) -> None:
        """One more of each, for the unit and for the city above it."""
        for code in codes:
            for unit, own in ((UNIT, True), ("wh", False)):
                self.add("reporting", "counters", unit=unit, own=own, code=code, value=1)

    def add_counsellor(self) -> UUID:
        """One more."""
        counsellor = uuid4()
        self.add("booking", "counsellors", id=counsellor, daily_limit=6, active=True)
        return counsellor

    def add_slot(self, *, minutes: int, counsellor: UUID | None = None) -> UUID:
        """An hour so long after the first one."""
        slot, begins = uuid4(), BEGINS + timedelta(minutes=minutes)
        self.add(
            "booking",
            "slots",
            id=slot,
            counsellor=counsellor or self.counsellor,
            site=self.site,
            starts_at=begins,
            ends_at=begins + timedelta(minutes=50),
            state="taken",
            counsellor_span=_span(minutes),
        )
        return slot

    def book(self, person: UUID, *, slot: UUID) -> UUID:
        """An appointment in a slot, with no word to anybody."""
        appointment = uuid4()
        found = "SELECT * FROM slots WHERE id = :slot"
        row = self._connections["booking"].execute(text(found), {"slot": slot}).one()
        self.add(
            "booking",
            "appointments",
            id=appointment,
            person=person,
            unit=UNIT,
            slot=slot,
            counsellor=row.counsellor,
            site=row.site,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            state="booked",
            counsellor_span=row.counsellor_span,
            worker_span=_span(person.int % 10**6 * 1000),
        )
        return appointment

    def promise(self, kind: str, about: UUID, **facts: Any) -> None:
        """An answer of success."""
        person = str(self.worker)
        key = str(uuid4())
        self.diary.promises.append(
            Promise(kind=kind, id=str(about), person=person, key=key, facts=facts)
        )

    def page(self, officer: UUID) -> None:
        """A page about the case, which arrives now."""
        message, delivery = uuid4(), uuid4()
        self.add(
            "notification",
            "messages",
            id=message,
            person=officer,
            kind="duty-page",
            urgent=True,
            about_case=self.case,
        )
        self.add(
            "notification",
            "deliveries",
            id=delivery,
            message=message,
            channel="email",
            state="sent",
            attempts=1,
        )
        self.mails.append(Mail(f"<{message}@huixin.localhost>", self.now, "duty1@mail.example"))

    def alarm_without_broker(self, *, at: float) -> None:
        """The one alarm there was, heard at another time."""
        self.diary.alarms[:] = [Alarm(case=str(self.case), person="", heard_at=at, broker="killed")]

    def log(self, line: str) -> None:
        """Something a service wrote."""
        with self._log.open("a") as file:
            print(line, file=file)

    def _people(self) -> None:
        for path, parent in (("wh", None), (UNIT, "wh")):
            self.add("accounts", "units", path=path, parent=parent, status="active")
        self.add("accounts", "people", id=self.worker, unit=UNIT, status="active")
        self.add("booking", "audit", action="case.read", subject=str(self.case))

    def _answered(self) -> None:
        self.add("assessment", "responses", id=self.response, person=self.worker, instrument="phq9")
        self.promise("response", self.response, instrument="phq9", answers=ANSWERS)
        self.happen(
            "assessment",
            "assessment.response-completed.v1",
            self.response,
            person=str(self.worker),
            care_level=4,
        )
        self.count("responses-completed", "responses-phq9", f"responses-phq9-{BAND}", "risk-crisis")

    def _booked(self) -> None:
        self.add("booking", "sites", id=self.site, unit=UNIT, level="station")
        self.happen("booking", "booking.site-opened.v1", self.site)
        self.counsellor = self.add_counsellor()
        self.add(
            "booking", "offers", id=self.offer, person=self.worker, unit=UNIT, state="accepted"
        )
        self.add("booking", "offer_responses", response=self.response, offer=self.offer)
        self.happen("booking", "booking.offer-made.v1", self.offer, response=str(self.response))
        self.slot = self.add_slot(minutes=0)
        self.appointment = self.book(self.worker, slot=self.slot)
        self.promise("appointment", self.appointment)
        self.happen("booking", "booking.offer-accepted.v1", self.offer)
        self.happen("booking", "booking.appointment-booked.v1", self.appointment)
        self.count("sites-opened-station", "offers-made", "offers-accepted", "appointments-booked")

    def _paged(self) -> None:
        soon = datetime.now(UTC) + timedelta(hours=1)
        self.add(
            "booking",
            "cases",
            id=self.case,
            person=self.worker,
            crisis=True,
            state="opened",
            next_due_at=soon,
        )
        self.add("booking", "timers", kind="case-due", key=str(self.case), due_at=soon)
        self.add(
            "booking",
            "shifts",
            id=uuid4(),
            officer=self.officer,
            tier=1,
            unit="wh",
            starts_at=soon - timedelta(hours=8),
            ends_at=soon,
        )
        self.happen("assessment", "assessment.risk-flagged.v1", self.case)
        self.happen("booking", "booking.case-opened.v1", self.case)
        self.add("reporting", "case_figures", root="wh", code="crisis-cases", cases=1)
        self.page(self.officer)
        self.happen("notification", "notification.message-sent.v1", uuid4())
        self.alarm_without_broker(at=self.now - 1)


def _filled(column: Any) -> Any:
    name, kind = column["name"], str(column["type"]).split("(")[0]
    if name in ENUM:
        return ENUM[name]
    match kind:
        case "UUID":
            return uuid4()
        case "TIMESTAMP":
            return datetime.now(UTC)
        case "DATE":
            return BEGINS.date()
        case "BOOLEAN":
            return False
        case "INTEGER" | "BIGINT" | "SMALLINT":
            return 1
        case "JSONB":
            return "{}"
        case "ARRAY":
            return []
        case "BYTEA":
            return b""
        case "INT8RANGE":
            return _span(0)
        case "BIT":
            return "0" * 256
        case _:
            return ""


def _span(start: int) -> NumericRange:
    return NumericRange(start, start + 50)
