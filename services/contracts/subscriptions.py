"""Who reads what: every queue of the system, from which the broker's topology is derived."""

from dataclasses import dataclass
from enum import StrEnum

from services.contracts.catalogue import EVENTS
from services.contracts.public import PUBLIC, SHAREABLE


class Lane(StrEnum):
    """How a queue is read: crisis queues and counting batches never wait behind ordinary work."""

    ORDINARY = "ordinary"
    CRISIS = "crisis"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A queue, named `<reader>.<what>`, and the event types bound to it."""

    queue: str
    types: tuple[str, ...]
    lane: Lane = Lane.ORDINARY

    @property
    def reader(self) -> str:
        """The service that reads the queue."""
        return self.queue.split(".", 1)[0]


def _all_but(*prefixes: str) -> tuple[str, ...]:
    return tuple(sorted(kind for kind in EVENTS if not kind.startswith(prefixes)))


SUBSCRIPTIONS: tuple[Subscription, ...] = (
    Subscription("booking.response-completed", ("assessment.response-completed.v1",)),
    Subscription("booking.risk-flagged", ("assessment.risk-flagged.v1",), Lane.CRISIS),
    Subscription(
        "booking.message-sent",
        ("notification.message-sent.v1", "notification.message-failed.v1"),
        Lane.CRISIS,
    ),
    Subscription("assessment.case-closed", ("booking.case-closed.v1",)),
    Subscription(
        "notification.case-paging",
        (
            "booking.case-opened.v1",
            "booking.case-overdue.v1",
            "booking.case-escalated.v1",
            "booking.case-acknowledged.v1",
            "booking.case-contacted.v1",
            "booking.case-closed.v1",
        ),
        Lane.CRISIS,
    ),
    Subscription(
        "notification.offer-changes", ("booking.offer-made.v1", "booking.offer-expired.v1")
    ),
    Subscription(
        "notification.appointment-changes",
        (
            "booking.appointment-booked.v1",
            "booking.appointment-rescheduled.v1",
            "booking.appointment-cancelled.v1",
        ),
    ),
    Subscription(
        "notification.staff-changes",
        ("accounts.role-changed.v1", "accounts.contact-changed.v1", "booking.roster-gap-found.v1"),
    ),
    Subscription("reporting.ledger", _all_but("reporting."), Lane.BATCH),
    Subscription("accounts.public-events", (*PUBLIC, *SHAREABLE), Lane.BATCH),
)


def subscriptions_of(service: str) -> tuple[Subscription, ...]:
    """The queues one service reads."""
    return tuple(each for each in SUBSCRIPTIONS if each.reader == service)


def readers_of(event_type: str) -> tuple[Subscription, ...]:
    """The queues an event type is bound to."""
    return tuple(each for each in SUBSCRIPTIONS if event_type in each.types)
