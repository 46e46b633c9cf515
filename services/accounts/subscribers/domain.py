"""A subscription: which events one outside system gets, and how far its counter has come."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from services.chassis.errors import Conflict, FieldError, NotFound, UnprocessableInput
from services.contracts import public

NAME = re.compile(r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,39}")
GIVEN_UP_AFTER = timedelta(days=3)
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1_800, 3_600))
SOON = timedelta(seconds=5)


class SubscriptionNotFound(NotFound):
    """No subscription has this id or name."""

    code = "subscription-not-found"


class NameTaken(Conflict):
    """Another subscription, perhaps an ended one, has this name; its queue must not be confused."""

    code = "subscription-name-taken"
    title = "Another subscription has, or had, this name"


class SubscriptionHasEnded(Conflict):
    """It was ended for good; make another one."""

    code = "subscription-has-ended"
    title = "This subscription was ended"


class NoSuchPoint(UnprocessableInput):
    """The counter never was there, or the copies after that point are no longer kept."""

    code = "no-such-point"
    title = "expected a number from which every later copy is still kept"
    field: ClassVar[str] = "after"


class UnknownType(UnprocessableInput):
    """No such event leaves the federation, with or without a grant."""

    code = "unknown-event-type"
    title = "expected types that leave the federation"
    field: ClassVar[str] = "types"


class DeliveryKind(StrEnum):
    """How copies reach the subscriber; each can also be asked for over HTTP."""

    QUEUE = "queue"
    WEBHOOK = "webhook"


class SubscriptionState(StrEnum):
    """Copies are recorded in every state but the last, so that whoever resumes misses nothing."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Delivered:
    """Everything up to this number has reached the subscriber's queue or endpoint."""

    through: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Up to `through` it arrived; the next one did not, because of `reason` (a code)."""

    through: int
    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The endpoint says (410) that it wants nothing any more."""

    through: int


Outcome = Delivered | Failed | Gone


@dataclass(slots=True, kw_only=True)
class Subscription:
    """`last` counts the copies recorded, without gaps, from 1; `delivered` and `confirmed` say how
    far delivery and the subscriber itself have come; `oldest` is the first number still kept.
    """

    id: UUID
    name: str
    title: str
    types: tuple[str, ...]
    kind: DeliveryKind
    url: str | None
    created_at: datetime
    due_at: datetime
    state: SubscriptionState = SubscriptionState.ACTIVE
    reason: str = ""
    last: int = 0
    delivered: int = 0
    confirmed: int = 0
    oldest: int = 1
    attempts: int = 0
    failing_since: datetime | None = None
    claim: UUID | None = None

    @property
    def queue(self) -> str:
        """The queue that is its own."""
        return public.queue_of(self.name)

    def number(self, copies: int, now: datetime) -> range:
        """The next numbers of its counter, one a copy."""
        first = self.last + 1
        self.last += copies
        if not self.attempts:
            self.due_at = min(self.due_at, now)
        return range(first, self.last + 1)

    def change(self, title: str | None, types: Iterable[str] | None, url: str | None) -> None:
        """Other words, types from now on, or another endpoint."""
        self.check_not_ended()
        if url is not None and self.kind is not DeliveryKind.WEBHOOK:
            raise UnprocessableInput(
                errors=[FieldError("url", "expected none: copies go to a queue", "not-a-webhook")]
            )
        self.title = title or self.title
        self.types = checked_types(types) if types is not None else self.types
        self.url = url or self.url

    def pause(self) -> None:
        """Deliver nothing until resumed; copies go on being recorded."""
        self.check_not_ended()
        self._rest(SubscriptionState.PAUSED, "paused")

    def resume(self, now: datetime, after: int | None = None) -> None:
        """Deliver again, from where it stood or once more from after a number."""
        self.check_not_ended()
        if after is not None:
            self.check_point(after)
            self.delivered = after
        # Copies that are no longer kept cannot be delivered: the counter shows the gap.
        self.delivered = max(self.delivered, self.oldest - 1)
        self.state, self.reason = SubscriptionState.ACTIVE, ""
        self.attempts, self.failing_since, self.claim = 0, None, None
        self.due_at = now

    def end(self) -> None:
        """No further copy; the credentials are good for nothing."""
        self._rest(SubscriptionState.ENDED, "ended")

    def check_not_ended(self) -> None:
        """Raise SubscriptionHasEnded where it has."""
        if self.state is SubscriptionState.ENDED:
            raise SubscriptionHasEnded

    def check_point(self, after: int) -> None:
        """Raise NoSuchPoint unless every copy after this number can be had."""
        if not self.oldest - 1 <= after <= self.last:
            raise NoSuchPoint(f"expected {self.oldest - 1} to {self.last}")

    def confirm(self, number: int) -> None:
        """The subscriber says that it has everything up to this number."""
        self.check_not_ended()
        if not 0 <= number <= self.last:
            raise NoSuchPoint(
                errors=[FieldError("number", f"expected 0 to {self.last}", NoSuchPoint.code)]
            )
        self.confirmed = number

    def settle(self, outcome: Outcome, now: datetime, heartbeat: timedelta) -> None:
        """Record what came of a delivery, and when to look again."""
        self.claim = None
        if outcome.through > self.delivered:
            self.delivered, self.attempts, self.failing_since = outcome.through, 0, None
        match outcome:
            case Delivered():
                self.attempts, self.failing_since, self.reason = 0, None, ""
                self.due_at = now if self.delivered < self.last else now + heartbeat
            case Failed(reason=reason):
                self._failed(reason, now)
            case Gone():
                self._rest(SubscriptionState.STOPPED, "gone")

    def _failed(self, reason: str, now: datetime) -> None:
        self.failing_since = self.failing_since or now
        self.reason = reason
        if self.kind is DeliveryKind.QUEUE:  # our own broker: nobody's fault, and soon back
            self.attempts += 1
            self.due_at = now + SOON
        elif now - self.failing_since >= GIVEN_UP_AFTER:
            self._rest(SubscriptionState.STOPPED, reason)
        else:
            self.due_at = now + BACKOFF[min(self.attempts, len(BACKOFF) - 1)]
            self.attempts += 1

    def _rest(self, state: SubscriptionState, reason: str) -> None:
        self.state, self.reason, self.claim = state, reason, None


def checked_types(types: Iterable[str]) -> tuple[str, ...]:
    """Sorted, each once; raises UnknownType naming those that never leave."""
    wanted = tuple(sorted(set(types)))
    unknown = [kind for kind in wanted if kind not in (*public.PUBLIC, *public.SHAREABLE)]
    if unknown or not wanted:
        known = ", ".join(public.PUBLIC)
        raise UnknownType(
            f"not {', '.join(unknown) or 'nothing'}; expected some of {known}, or with a grant "
            + ", ".join(public.SHAREABLE)
        )
    return wanted
