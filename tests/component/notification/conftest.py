"""The notification service with a real database, a real mail server, and accounts as a toy."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.chassis.http import INTERNAL, Request, http
from services.chassis.service import Probes
from services.chassis.settings import ServiceSettings
from services.chassis.unit_of_work import UnitOfWork
from services.contracts.envelope import Envelope
from services.contracts.event import IntegrationEvent
from services.notification.delivery.claiming import timer_key
from services.notification.delivery.domain import Claim
from services.notification.service import NotificationService
from services.notification.wiring import NotificationUnitOfWork
from tests.support.apps import App, Client, eventually, running
from tests.support.databases import Databases
from tests.support.servers import TestPostgres
from tests.support.smtp import Mailbox, Rule, mail_server

FALLBACK = "fallback@city.example"


class ToyAccounts(Probes):
    """The two internal routes of accounts; `away` makes it fail."""

    name = "accounts"
    settings = ServiceSettings

    addresses: ClassVar[dict[UUID, str]] = {}
    languages: ClassVar[dict[UUID, str]] = {}
    staff: ClassVar[set[UUID]] = set()
    away: ClassVar[bool] = False
    asked: ClassVar[list[str]] = []

    @http(
        "GET",
        "/internal/v1/people/<uuid:person>/contact-points",
        action=INTERNAL,
        callers=("notification",),
    )
    def contact_points(self, request: Request, person: UUID) -> dict[str, Any]:
        self._ask(request)
        language = self.languages.get(person, "zh")
        return {"person": person, "items": self._items(person), "language": language}

    @http("GET", "/internal/v1/staff-contact-points", action=INTERNAL, callers=("notification",))
    def staff_contact_points(self, request: Request) -> dict[str, Any]:
        self._ask(request)
        items = [
            {**item, "person": person} for person in self.staff for item in self._items(person)
        ]
        return {"items": items}

    def _ask(self, request: Request) -> None:
        self.asked.append(request.path)
        if self.away:
            raise RuntimeError("away")

    def _items(self, person: UUID) -> list[dict[str, Any]]:
        address = self.addresses.get(person)
        return [{"channel": "email", "address": address}] if address else []


@dataclass
class Desk:
    """What a test works with."""

    app: App
    mailbox: Mailbox
    sequences: dict[str, int] = field(default_factory=dict)

    @property
    def runtime(self) -> Any:
        return self.app.runtime("notification")

    def somebody(self, *roles: str, mail: bool = True, staff: bool = False) -> Client:
        """A person; staff are known to the service before they are needed."""
        client = self.app.person(*(roles or ("worker",)))
        assert client.person is not None
        if mail:
            ToyAccounts.addresses[client.person] = address_of(client)
        if staff:
            ToyAccounts.staff.add(client.person)
            self.refresh_staff(client.person)
        return client

    def refresh_staff(self, person: UUID) -> None:
        self.set_timer("staff-refresh", "")
        eventually(
            lambda: self.rows("SELECT 1 FROM contacts WHERE person = :p AND staff", p=person)
        )

    def happens(self, event: IntegrationEvent, **attributes: Any) -> Envelope:
        """Deliver an event as the broker would, and wait until it took effect."""
        subject = event.subject_id()
        self.sequences[subject] = self.sequences.get(subject, 0) + 1
        good: dict[str, Any] = {
            "id": uuid4(),
            "type": event.type,
            "subject": subject,
            "time": datetime.now(UTC),
            "correlation_id": f"loop-{uuid4()}",
            "sequence": self.sequences[subject],
            "unit": "wh/hc",
        }
        envelope = Envelope(**{**good, **attributes}, data=event)
        self.deliver(envelope)
        return envelope

    def deliver(self, envelope: Envelope) -> Any:
        """The same event, perhaps for a second time."""
        answer = self.app.service_call(
            "POST", "notification", "/internal/v1/events", data=envelope.encode()
        )
        assert answer.status_code == 202, answer.text
        assert answer.json()["readers"] == 1
        return answer

    def rows(self, statement: str, **values: Any) -> list[Any]:
        with self.runtime.database.reading() as connection:
            return list(connection.execute(text(statement), values))

    def change(self, statement: str, **values: Any) -> None:
        with self.runtime.database.engine.begin() as connection:
            connection.execute(text(statement), values)

    def set_timer(self, kind: str, key: str) -> None:
        """Make a timer due now."""
        self.change(
            "INSERT INTO timers (kind, key, due_at) VALUES (:kind, :key, now())"
            " ON CONFLICT (kind, key) DO UPDATE SET due_at = now()",
            kind=kind,
            key=key,
        )

    def skip_to(self, kind: str) -> None:
        """Let the waiting timers of a kind be due now."""
        self.change("UPDATE timers SET due_at = now() WHERE kind = :kind", kind=kind)

    def has_swept(self) -> bool:
        """The recurring timers have run once: what a test stores with an old date is safe."""
        rows = self.rows("SELECT due_at > now() AS over FROM timers WHERE kind LIKE 'every:%'")
        return bool(rows) and all(row.over for row in rows)

    def set_timer_of(self, claim: Claim) -> None:
        """End a claim's lease now."""
        key = timer_key(claim.delivery, claim.attempt)
        self.change("UPDATE timers SET due_at = now() WHERE key = :key", key=key)

    def timers(self, kind: str, key: str = "%") -> list[Any]:
        return self.rows(
            "SELECT * FROM timers WHERE kind = :kind AND key LIKE :key ORDER BY due_at",
            kind=kind,
            key=key,
        )

    def attempts_waiting(self, message: str) -> list[Any]:
        """The timers of a message's deliveries."""
        return self.rows(
            "SELECT 1 FROM timers JOIN deliveries ON timers.key LIKE deliveries.id || '/%'"
            " WHERE deliveries.message = CAST(:message AS uuid)",
            message=message,
        )

    def inbox(self, client: Client) -> list[dict[str, Any]]:
        answer = client.get("/api/notification/v1/messages")
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def mails(self, client: Client, count: int = 1, within: float = 5.0) -> list[Any]:
        """The mails of a person, once there are so many."""
        address = address_of(client)
        eventually(
            lambda: len(self.mailbox.mails(address)) >= count, within=within, what="the mail"
        )
        return self.mailbox.mails(address)

    def published(self, kind: str, **data: Any) -> list[Any]:
        """Events in the outbox with these fields."""
        found = self.rows("SELECT * FROM outbox WHERE type = :kind ORDER BY position", kind=kind)
        return [row for row in found if all(row.data[k] == str(v) for k, v in data.items())]

    def work(self) -> UnitOfWork:
        return self.runtime.unit_of_work(NotificationUnitOfWork)


def address_of(client: Client) -> str:
    return f"{str(client.person)[:13]}@people.example"


@pytest.fixture(scope="module")
def run_desk(postgres_server: TestPostgres) -> Iterator[Callable[..., Desk]]:
    """Start the service as a test wants it."""
    opened: list[Any] = []

    def start(**environ: str) -> Desk:
        databases = Databases(postgres_server)
        server = mail_server()
        mailbox = server.__enter__()
        settings = {
            "NOTIFICATION_SMTP_URL": mailbox.url,
            "NOTIFICATION_MAIL_FROM": "惠心 <no-reply@huixin.example>",
            "NOTIFICATION_PUBLIC_URL": "https://huixin.example",
            "NOTIFICATION_FALLBACK_CONTACTS": FALLBACK,
            "NOTIFICATION_PAGE_WINDOW_SECONDS": "20",  # no test outlasts it by accident
        }
        services = (ToyAccounts, NotificationService)
        context = running(databases, services, **{**settings, **environ})
        app = context.__enter__()
        opened.extend([databases.drop_all, _leave(server), _leave(context)])
        desk = Desk(app, mailbox)
        eventually(desk.has_swept, what="the first sweeps")
        return desk

    yield start
    for close in reversed(opened):
        close()


def _leave(context: Any) -> Callable[[], None]:
    return lambda: context.__exit__(None, None, None)


@pytest.fixture(scope="module")
def shared_desk(run_desk: Callable[..., Desk]) -> Desk:
    return run_desk()


@pytest.fixture
def desk(shared_desk: Desk) -> Desk:
    """One service for a module's tests, which use people and cases of their own."""
    ToyAccounts.away = False
    shared_desk.mailbox.rule(Rule.ACCEPT)
    return shared_desk
