"""What a case remembers, and the few moves that everything else is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.booking.cases.errors import CaseIsClosed
from services.booking.cases.events import CaseEvent, Closed
from services.booking.cases.policy import CrisisPolicy
from services.booking.cases.steps import CloseReason, ContactChannel, Due, Fact, Level, State, Step
from services.contracts.assessment import FlagSource

UNTAKEN = frozenset({State.OPENED, State.ESCALATED})


@dataclass(slots=True, kw_only=True)
class CaseRecord:
    """Everything a case remembers; while it is open, `next_due_at` is never empty.

    `due` is the step that `step_due_at` belongs to. While officers are being paged it is
    `acknowledge`, and `resume` keeps the step to go back to. A crisis pages; a care case reminds.
    """

    id: UUID
    person: UUID | None
    unit: str
    correlation_id: str
    crisis: bool
    source: FlagSource
    first_opened_at: datetime
    opened_at: datetime
    policy: str = ""
    drill: bool = False
    acute: bool = False
    callback: bool = False
    care_level: int | None = None
    level: Level | None = None

    state: State = State.OPENED
    due: Due = Due.ACKNOWLEDGE
    resume: Due | None = None
    step_due_at: datetime | None = None
    late_since: datetime | None = None

    waiting_since: datetime | None = None
    paging_since: datetime | None = None
    page_sent_at: datetime | None = None
    page_reason: str | None = None
    escalations: int = 0
    round: int = 0

    acknowledge_by: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: UUID | None = None
    contact_by: datetime | None = None
    contacted_at: datetime | None = None
    reached_at: datetime | None = None
    signalled_at: datetime | None = None
    attempts: int = 0
    channels: tuple[ContactChannel, ...] = ()
    planned_at: datetime | None = None
    responsible: UUID | None = None
    follow_ups: int = 0
    refer_by: datetime | None = None
    referred_at: datetime | None = None

    close_reason: CloseReason | None = None
    close_requested_by: UUID | None = None
    close_by: datetime | None = None
    closed_at: datetime | None = None
    closed_by: UUID | None = None
    joined_to: UUID | None = None

    new_steps: list[Step] = field(default_factory=list, compare=False)
    happened: list[CaseEvent] = field(default_factory=list, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state is not State.CLOSED

    @property
    def is_paging(self) -> bool:
        """Whether officers are being called and none has answered."""
        return self.is_open and self.paging_since is not None

    @property
    def next_due_at(self) -> datetime | None:
        """When something is due: the step, or the answer to a request to close."""
        if self.close_by is not None and self.step_due_at is not None:
            return min(self.step_due_at, self.close_by)
        return self.step_due_at

    def _mark(
        self,
        kind: str,
        at: datetime,
        by: UUID | None = None,
        facts: Mapping[str, Fact] | None = None,
        note: bytes | None = None,
        level: Level | None = None,
    ) -> None:
        known = {**(facts or {}), **({"level": level} if level else {})}
        self.new_steps.append(Step(kind=kind, at=at, by=by, facts=known, note=note))

    def _seconds_open(self, now: datetime) -> int:
        return int((now - self.opened_at).total_seconds())

    def _expect(self, due: Due, at: datetime) -> None:
        self.due, self.step_due_at, self.late_since = due, at, None

    def _waits(self) -> bool:
        return self.due is Due.ACKNOWLEDGE or self.state in UNTAKEN

    def _attempts_made(self, policy: CrisisPolicy) -> bool:
        least = policy.contact
        return self.attempts >= least.least_attempts and len(self.channels) >= least.least_channels

    def _forget_close_request(self) -> None:
        self.close_reason = self.close_requested_by = self.close_by = None

    def _close(
        self, by: UUID | None, now: datetime, facts: Mapping[str, Fact], note: bytes | None
    ) -> None:
        self.state = State.CLOSED
        self.closed_at, self.closed_by = now, by
        self.step_due_at = self.close_by = self.late_since = self.resume = None
        self.paging_since = self.waiting_since = self.page_sent_at = self.page_reason = None
        self._mark("closed", now, by, facts, note)
        self.happened.append(Closed())

    def _check_open(self) -> None:
        if not self.is_open:
            raise CaseIsClosed
