"""Stores in memory behind the same ports, and builders that say only what a test is about."""

import copy
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

from services.contracts.event import IntegrationEvent
from services.contracts.notification import Channel
from services.notification.contacts.domain import Card
from services.notification.contacts.ports import BookClosed
from services.notification.escalations.domain import Escalation, Rung
from services.notification.escalations.paging import recipient_of
from services.notification.messages.domain import Message
from services.notification.reminders.domain import Appointment

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in the city, a Monday
INSTANT, REPEAT = timedelta(microseconds=1), timedelta(minutes=15)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


class FakeMessages:
    def __init__(self) -> None:
        self.stored: dict[UUID, Message] = {}

    def add(self, message: Message) -> None:
        self.save(message)

    def save(self, message: Message) -> None:
        kept = copy.deepcopy(message)
        kept.events = []
        self.stored[message.id] = kept

    def of_person(self, message_id: UUID, person: UUID) -> Message | None:
        found = self._where(lambda each: each.id == message_id and each.person == person)
        return found[0] if found else None

    def unread(self, person: UUID, until: datetime) -> Sequence[Message]:
        return self._where(
            lambda each: each.person == person and not each.read_at and each.created_at <= until
        )

    def of_mail(self, delivery_id: UUID) -> Sequence[Message]:
        found = self._where(
            lambda each: any(delivery_id in (d.id, d.carried_by) for d in each.deliveries)
        )
        return sorted(found, key=lambda each: delivery_id not in [d.id for d in each.deliveries])

    def attempt_of(self, delivery_id: UUID) -> int | None:
        parts = [d for each in self.stored.values() for d in each.deliveries]
        return next((d.attempts for d in parts if d.id == delivery_id and d.open), None)

    def waiting_pages(self, recipient: str) -> Sequence[Message]:
        def waits(message: Message) -> bool:
            mail = message.by(Channel.EMAIL)
            return (
                message.urgent
                and recipient_of(message) == recipient
                and mail is not None
                and mail.open
                and not mail.attempts
                and mail.carried_by is None
            )

        return sorted(self._where(waits), key=lambda each: each.created_at)

    def pages_of_case(self, case: UUID, officer: UUID) -> Sequence[Message]:
        return self._where(
            lambda each: each.about.case == case and each.person == officer and not each.read_at
        )

    def delete_older(self, than: datetime) -> int:
        old = [each.id for each in self._where(lambda each: each.created_at < than)]
        for message_id in old:
            del self.stored[message_id]
        return len(old)

    def _where(self, wanted: Any) -> list[Message]:
        found = [copy.deepcopy(each) for each in self.stored.values() if wanted(each)]
        return sorted(found, key=lambda each: each.id)


class FakeEscalations:
    def __init__(self) -> None:
        self.stored: dict[UUID, Escalation] = {}

    def of_case(self, case: UUID) -> Escalation | None:
        return copy.deepcopy(self.stored.get(case))

    def open_among(self, cases: Collection[UUID]) -> frozenset[UUID]:
        return frozenset(each for each in cases if each in self.stored and self.stored[each].open)

    def save(self, escalation: Escalation) -> None:
        kept = copy.deepcopy(escalation)
        kept.events = []
        self.stored[escalation.case] = kept


class FakePagers:
    def __init__(self) -> None:
        self.stored: dict[str, datetime] = {}

    def lock(self, recipient: str) -> datetime | None:
        return self.stored.get(recipient)

    def mailed(self, recipient: str, at: datetime) -> None:
        self.stored[recipient] = at


class FakeAppointments:
    def __init__(self) -> None:
        self.stored: dict[UUID, Appointment] = {}

    def get(self, appointment: UUID) -> Appointment | None:
        return copy.deepcopy(self.stored.get(appointment))

    def save(self, appointment: Appointment) -> None:
        self.stored[appointment.id] = copy.deepcopy(appointment)


class FakeContacts:
    def __init__(self) -> None:
        self.stored: dict[UUID, Card] = {}

    def get(self, person: UUID) -> Card | None:
        return self.stored.get(person)

    def save(self, card: Card) -> None:
        known = self.stored.get(card.person)
        staff = card.staff or (known is not None and known.staff)
        self.stored[card.person] = _card(card, staff=staff)

    def replace_staff(self, cards: Sequence[Card], now: datetime) -> None:
        for card in cards:
            self.save(card)
        for card in list(self.stored.values()):
            if card.staff and card.refreshed_at < now:
                self.stored[card.person] = _card(card, staff=False, stale=True)

    def mark_stale(self, person: UUID) -> None:
        if person in self.stored:
            self.stored[person] = _card(self.stored[person], stale=True)

    def forget_people_before(self, moment: datetime) -> int:
        old = [c for c in self.stored.values() if not c.staff and c.refreshed_at < moment]
        for card in old:
            del self.stored[card.person]
        return len(old)


def _card(card: Card, **changes: Any) -> Card:
    fields = {name: getattr(card, name) for name in Card.__slots__}
    return Card(**{**fields, **changes})


class FakeTimers:
    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], tuple[datetime, Mapping[str, Any]]] = {}

    def set(
        self, kind: str, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None
    ) -> None:
        self.stored[kind, key] = (due_at, payload or {})

    def cancel(self, kind: str, key: str) -> None:
        self.stored.pop((kind, key), None)

    def of(self, kind: str) -> dict[str, datetime]:
        return {key: due for (each, key), (due, _) in self.stored.items() if each == kind}


class FakeVault:
    """Reverses what it seals, which is enough to see that nothing lies open."""

    def seal(self, person: UUID | None, plaintext: bytes, context: str) -> bytes:
        return plaintext[::-1]

    def open(self, person: UUID | None, sealed: bytes, context: str) -> bytes:
        return sealed[::-1]


class FakeWork:
    """A unit of work whose clock stands still until the test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.clock = now
        self.messages = FakeMessages()
        self.escalations = FakeEscalations()
        self.pagers = FakePagers()
        self.appointments = FakeAppointments()
        self.contacts = FakeContacts()
        self.timers = FakeTimers()
        self.vault = FakeVault()
        self.published: list[IntegrationEvent] = []
        self.urgent: list[IntegrationEvent] = []
        self.correlation_id = "loop-1"
        self.commits = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def publish(self, event: IntegrationEvent, *, unit: str = "", urgent: bool = False) -> None:
        self.published.append(event)
        if urgent:
            self.urgent.append(event)

    def follow(self, correlation_id: str) -> None:
        self.correlation_id = correlation_id

    def now(self) -> datetime:
        return self.clock

    def commit(self) -> None:
        self.commits += 1

    def pass_time(self, **span: float) -> None:
        self.clock += timedelta(**span)

    def told(self, kind: type[IntegrationEvent]) -> list[Any]:
        return [event for event in self.published if isinstance(event, kind)]

    def only_message(self) -> Message:
        (message,) = self.messages.stored.values()
        return message


class FakeBook:
    """Accounts, open or closed."""

    def __init__(self, *cards: Card) -> None:
        self.cards = {card.person: card for card in cards}
        self.closed = False
        self.asked = 0

    def card(self, person: UUID, now: datetime) -> Card:
        self._ask()
        return _card(self.cards.get(person, a_card(person)), refreshed_at=now)

    def staff(self, now: datetime) -> Sequence[Card]:
        self._ask()
        return [_card(card, refreshed_at=now) for card in self.cards.values() if card.staff]

    def _ask(self) -> None:
        self.asked += 1
        if self.closed:
            raise BookClosed


def a_card(person: UUID | None = None, address: str = "", **fields: Any) -> Card:
    addresses = {Channel.EMAIL: address} if address else {}
    good = {"person": person or uuid4(), "addresses": addresses, "language": "zh"}
    return Card(**{**good, "refreshed_at": NOON, **fields})


def a_rung(minutes: float = 0, officer: UUID | None = None, tier: int = 1) -> Rung:
    return Rung(officer or uuid4(), tier, NOON + timedelta(minutes=minutes))
